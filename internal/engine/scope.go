package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/internal/run/redact"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// scope is what expressions, scripts and texts of a step can see right now. Everything in it
// comes from the journal or from what the run was made with.
func (e *Engine) scope(step *steps.Step, host string, item string) steps.Scope {
	sc := steps.Scope{
		Procedure: step.Of, Site: step.Seen(e.o.Site), Params: e.o.Settings.Params, NoLets: map[string]string{},
		Lets: map[string]any{}, Platforms: map[string]string{}, Host: host, Run: e.st.Run.Run,
	}
	if item != "" {
		sc.Item = item
	}
	dropped, silent := map[string]bool{}, map[string]bool{}
	facts := map[string]map[string]steps.Value{}
	e.view(func(s *run.State) {
		for k, v := range s.Lets {
			if name, mine := within(step.Path, k); mine {
				sc.Lets[name] = v
			}
		}
		e.noLets(step, s, sc.NoLets)
		waived := s.Waived(step.Path)
		sc.Waived = func(name, in string) bool {
			for id, items := range waived {
				if _, there := items[name]; there && (in == "" || in == id) {
					return true
				}
			}
			return false
		}
		for name, h := range s.Hosts {
			sc.Platforms[name] = h.Platform
			dropped[name] = h.State == run.HostDropped
			silent[name] = dropped[name] || h.State == run.HostFailed || h.State == run.HostLost || h.State == run.HostDialing
		}
		for name, f := range s.Facts {
			facts[name] = map[string]steps.Value{}
			for k, v := range f {
				if fact, mine := within(step.Path, k); mine {
					facts[name][fact] = v
				}
			}
		}
	})
	sc.Fact = func(host, name string) steps.Value {
		v, read := facts[host][name]
		if !read && dropped[host] {
			return steps.Value{Absent: steps.WhyDropped}
		}
		return v
	}
	sc.Reachable = func(host string) bool { return !silent[host] }
	sc.Before = facts[host]
	if step.Path != "" { // its parameters are lets of the path, from the step that calls it
		sc.Params = map[string]string{}
		for _, q := range step.Of.Params {
			if v, there := sc.Lets[q.Name]; there {
				sc.Params[q.Name] = fmt.Sprint(v)
				delete(sc.Lets, q.Name)
			}
		}
	}
	return sc
}

// within is a name as the procedure at a path knows it; false when it is another one's.
func within(path, name string) (string, bool) {
	name, mine := strings.CutPrefix(name, path)
	return name, mine && !strings.Contains(name, "/")
}

// noLets notes which names of a procedure have no value, and why: outputs of judgements are
// known by their declarations.
func (e *Engine) noLets(step *steps.Step, s *run.State, into map[string]string) {
	for name := range step.Of.LetNames(judgements.Declared(e.o.Judgements)) {
		into[name] = steps.WhyNotRead
	}
	for k, why := range s.NoLets {
		if name, mine := within(step.Path, k); mine {
			into[name] = why
		}
	}
}

// step is the step of that id, also of a called procedure; nil when there is none.
func (e *Engine) step(id string) *steps.Step {
	for _, s := range e.steps {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// inFile is a step's id as a part of a file's name.
func inFile(id string) string { return strings.ReplaceAll(id, "/", ".") }

// text makes a script ready to be sent: its #! line, parameters and vars as quoted variables,
// secrets as the caller says, then the script itself.
func (e *Engine) text(s *steps.Step, sc steps.Scope, script steps.Script, platform string, secretLines func([]string) string) (string, error) {
	body, ok := script.For(platform)
	if !ok {
		return "", problem.New("engine.platform", sc.Host, nil, "platform", platform, "step", s.ID)
	}
	vars, err := s.EvalVars(sc)
	if err != nil {
		return "", problem.New("engine.expression", sc.Host, err, "step", s.ID)
	}
	head, err := s.Prologue(sc, nil, vars)
	if err != nil {
		return "", problem.New("engine.expression", sc.Host, err, "step", s.ID)
	}
	return steps.Compose(body, head, secretLines(secretsIn(s.Of, body))), nil
}

// secretsIn names the secrets that a script uses.
func secretsIn(p *steps.Procedure, script string) []string {
	var used []string
	for _, name := range p.SecretNames() {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(script) {
			used = append(used, name)
		}
	}
	return used
}

// secretValues gets the values of secrets; the operator is asked for those that were typed
// for an earlier engine and are gone with it.
func (e *Engine) secretValues(ctx context.Context, u run.Unit, names []string) (map[string]string, error) {
	values := map[string]string{}
	for _, name := range names {
		for {
			v, ok := e.o.Secrets.Get(name)
			if ok {
				values[name] = v
				break
			}
			if _, err := e.ask(ctx, run.Question{Kind: run.AskSecret, Unit: u, Type: steps.Secret, Args: map[string]string{"name": name}}); err != nil {
				return nil, err
			}
		}
	}
	return values, nil
}

// probe runs a script that only reads.
func (e *Engine) probe(ctx context.Context, s *steps.Step, u run.Unit, sc steps.Scope, script steps.Script, host string) (job.Output, error) {
	return e.probeWith(ctx, s, u, sc, script, host, job.Probe{})
}

// probeWith is probe with limits of its own.
func (e *Engine) probeWith(ctx context.Context, s *steps.Step, u run.Unit, sc steps.Scope, script steps.Script, host string, with job.Probe) (job.Output, error) {
	sc.Host = host
	var needed []string
	collect := func(names []string) string { needed = names; return "" }
	if _, err := e.text(s, sc, script, sc.Platforms[host], collect); err != nil {
		return job.Output{}, err
	}
	values, err := e.secretValues(ctx, u, needed)
	if err != nil {
		return job.Output{}, err
	}
	text, err := e.text(s, sc, script, sc.Platforms[host], func([]string) string { return steps.SecretPrologueProbe(values) })
	if err != nil {
		return job.Output{}, err
	}
	var out job.Output
	call := func(ctx context.Context, h Host) (err error) {
		with.Script, with.Sudo = text, s.Sudo == nil || *s.Sudo
		out, err = h.Probe(ctx, with)
		return err
	}
	if s.Absent { // an unreachable host is a result
		h, err := e.o.Hosts.Host(host)
		if err == nil {
			err = call(ctx, h)
		}
		return out, err
	}
	return out, e.with(ctx, host, call)
}

// redactor covers every secret that the engine knows now.
func (e *Engine) redactor() *redact.Redactor { return redact.NewRedactor(e.o.Secrets.All()) }

// say is a text of the procedure with its names filled in, as the journal may hold it.
// worded is the scope of a unit for its texts: with the step's vars. Where they cannot be computed
// their braces stay, and the action says why.
func (e *Engine) worded(s *steps.Step, u run.Unit) steps.Scope {
	sc := e.scope(s, u.Host, u.Item)
	if vars, err := s.EvalVars(sc); err == nil {
		sc.Vars = vars
	}
	return sc
}

func (e *Engine) say(sc steps.Scope, t i18n.Text) i18n.Text {
	return cleanText(e.redactor(), sc.Fill(t))
}

func cleanText(r *redact.Redactor, t i18n.Text) i18n.Text {
	return i18n.Text{En: r.String(t.En), Ko: r.String(t.Ko)}
}

// cleanQuestion takes secrets out of what a question says. What it is bound to, and the names
// by which it is told from others, stay.
func (e *Engine) cleanQuestion(q run.Question) run.Question {
	r := e.redactor()
	q.Say, q.Titles, q.Default = cleanText(r, q.Say), slices.Clone(q.Titles), r.String(q.Default)
	for i, t := range q.Titles {
		q.Titles[i] = cleanText(r, t)
	}
	q.Args = maps.Clone(q.Args)
	for k, v := range q.Args {
		if k != "name" {
			q.Args[k] = r.String(v)
		}
	}
	q.Problem = e.clean(q.Problem)
	return q
}

// clean takes secrets out of a problem before it is written down.
func (e *Engine) clean(p *problem.Problem) *problem.Problem { return e.cleanLocked(p) }

func (e *Engine) cleanLocked(p *problem.Problem) *problem.Problem {
	if p == nil {
		return nil
	}
	return p.Redacted(e.redactor().String)
}

// tail is the end of a log, for a problem's output.
func (e *Engine) tail(log string) string {
	x, err := logtext.Tail(e.o.Dir.LogPath(log), 25, e.redactor())
	if err != nil {
		return ""
	}
	return strings.Join(x.Lines, "\n")
}

// facts journals the values that a probe or job gave, where they are not there already.
func (e *Engine) facts(u run.Unit, reads map[string]steps.Read, stdout, stderr []byte, exit int) error {
	for _, name := range sortedKeys(reads) {
		value := reads[name].Take(stdout, stderr, exit)
		if secret := e.secretIn(value.V); secret != "" {
			if err := e.leaked(u, name, secret); err != nil {
				return err
			}
			value = steps.Value{Absent: steps.WhySecret}
		}
		err := e.emit(run.Fact{Unit: u, Name: name, Value: value})
		if errors.Is(err, run.ErrTooLong) { // a pattern that took in half the log
			err = e.emit(run.Fact{Unit: u, Name: name, Value: steps.Value{Absent: steps.WhyBadType}})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// secretIn names a secret that a value holds, "" when it holds none.
func (e *Engine) secretIn(value any) (name string) {
	if value == nil {
		return ""
	}
	found := e.redactor().Scan(0, func(n string, _ int64) { name = n })
	if list, ok := value.([]any); ok {
		for _, item := range list {
			fmt.Fprintln(found, item)
		}
	} else {
		fmt.Fprint(found, value)
	}
	found.Close()
	return name
}

// leaked says that a secret was in what a step read or computed. The value itself is kept
// nowhere. It is said once a secret and name, however often it is read.
func (e *Engine) leaked(u run.Unit, name, secret string) error {
	leak := run.Leak{Secret: secret, Unit: u, Name: name}
	var said bool
	e.view(func(s *run.State) { said = slices.Contains(s.Leaks, leak) })
	if said {
		return nil
	}
	return e.emit(leak)
}

// absent journals why nothing could be read.
func (e *Engine) absent(u run.Unit, reads map[string]steps.Read, why string) error {
	for _, name := range sortedKeys(reads) {
		if err := e.emit(run.Fact{Unit: u, Name: name, Value: steps.Value{Absent: why}}); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// refused says why an expression could not be used.
func refused(s *steps.Step, host string, err error) *problem.Problem {
	return failure("engine.expression", host, fmt.Errorf("step %s: %w", s.ID, err))
}
