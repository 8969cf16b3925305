package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"stackhand/internal/engine"
	"stackhand/internal/i18n"
	"stackhand/internal/plain"
	"stackhand/internal/problem"
	"stackhand/internal/remote"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/internal/secret"
	"stackhand/internal/site"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
	"stackhand/ui"
)

// screen opens the full screen, at a run when one is named.
func (r *request) screen(ctx context.Context, env *environment, dir string) error {
	return openScreen(ctx, env, &backend{env: env, request: r}, ui.Options{Run: dir, Ahead: run.NewAhead(r.ahead)})
}

// openScreen opens the full screen, wherever it begins: from there every other screen can be reached,
// so what any of them needs is read here.
func openScreen(ctx context.Context, env *environment, b *backend, o ui.Options) error {
	var err error
	if b.matcher, b.looks, err = ownSignatures(env); err != nil {
		return err
	}
	o.Backend, o.Matcher = b, b.matcher
	o.Lang, o.ASCII = plain.Detect(env.getenv)
	err = ui.Run(ctx, o)
	if errors.Is(err, ui.ErrNoScreen) {
		return usageError{err}
	}
	return err
}

// siteOfRun is the site.yaml that a run was begun with, "" when it is another site's by now: what is
// begun after that run is over is for the same hosts.
func siteOfRun(dir *run.Dir) string {
	st, err := dir.State()
	if err != nil {
		return ""
	}
	text, err := dir.Settings()
	var set settings
	if err != nil || json.Unmarshal(text, &set) != nil {
		return ""
	}
	if s, err := site.Load(set.SitePath); err != nil || s.Name != st.Run.Site {
		return ""
	}
	return set.SitePath
}

// backend is what the screens get from the rest of the program.
type backend struct {
	env     *environment
	request *request
	matcher *signatures.Matcher
	looks   *signatures.Scan

	once sync.Once
	kept *drafts // see drafts()
	held string  // a draft that the command itself has locked
}

func (b *backend) Site(context.Context) (*ui.SiteInfo, error) {
	s, err := findSite(b.env, b.request.sitePath)
	if err != nil {
		var u usageError
		if b.request.sitePath == "" && errors.As(err, &u) {
			return nil, nil // there is none yet
		}
		return nil, err
	}
	info := &ui.SiteInfo{Site: s, Practice: s.Dial.Netns != ""}
	self := map[string]bool{}
	for _, a := range remote.Console().Addresses {
		self[a] = true
	}
	for _, h := range s.Hosts {
		for _, a := range h.Addresses {
			if self[a] && s.Dial.Netns == "" {
				info.Console = h.Name
			}
		}
	}
	return info, nil
}

// Procedures are all that can be loaded. One that cannot, such as a copy that the operator is
// changing, takes none of the others away: it is in the error.
func (b *backend) Procedures(context.Context) ([]*steps.Procedure, error) {
	var all []*steps.Procedure
	var failed error
	seen := map[string]bool{}
	for _, folder := range libraries(b.env) {
		names, err := steps.Names(folder)
		failed = errors.Join(failed, err)
		for _, name := range names {
			p, err := steps.Load(folder, name, libraries(b.env)...)
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("cannot load procedure %s: %w", name, err))
				continue
			}
			if !seen[p.ID] {
				seen[p.ID] = true
				all = append(all, p)
			}
		}
	}
	return all, failed
}

// store opens the secrets of the site that is loaded.
func (b *backend) store(s *site.Site) (*secret.Store, error) {
	return secret.Open(run.Home(b.env.getenv), s.Name)
}

func (b *backend) Params(_ context.Context, procedure string) ([]ui.Param, error) {
	s, err := findSite(b.env, b.request.sitePath)
	if err != nil {
		return nil, err
	}
	p, err := findProcedure(b.env, procedure)
	if err != nil {
		return nil, err
	}
	given, err := b.request.given(b.env.Words.CLI)
	if err != nil {
		return nil, err
	}
	values, _ := p.Values(s, given) // what is wrong is shown beside the field
	store, err := b.store(s)
	if err != nil {
		return nil, err
	}
	var params []ui.Param
	for _, param := range p.Params {
		_, saved := store.Get(param.Name)
		params = append(params, ui.Param{Param: param, Value: values[param.Name], Saved: saved && param.Type == steps.Secret})
	}
	return params, nil
}

func (b *backend) CheckParams(_ context.Context, procedure string, values map[string]string) (map[string]*problem.Problem, error) {
	s, err := findSite(b.env, b.request.sitePath)
	if err != nil {
		return nil, err
	}
	p, err := findProcedure(b.env, procedure)
	if err != nil {
		return nil, err
	}
	_, findings := p.Values(s, values)
	wrong := map[string]*problem.Problem{}
	for _, f := range findings {
		if f.Severity == steps.Error {
			wrong[f.Args["name"]] = problem.New("cli.param", "", errors.New(f.In(b.env.Words.Lang)), "name", f.Args["name"])
		}
	}
	return wrong, nil
}

// surveyAsker asks through the hosts screen.
type surveyAsker struct {
	talk interface {
		Ask(ctx context.Context, q ui.LoginQuestion) (answer string, ok bool)
	}
}

var errNoAnswer = errors.New("the operator gave no answer")

func (a surveyAsker) HostKey(ctx context.Context, host, keyType, fingerprint string) (bool, error) {
	answer, ok := a.talk.Ask(ctx, ui.LoginQuestion{Kind: run.AskHostKey, Host: host, Args: map[string]string{"host": host, "type": keyType, "fingerprint": fingerprint}})
	return ok && answer == "yes", ctx.Err()
}

func (a surveyAsker) Secret(ctx context.Context, host, kind, prompt string, echo bool) (string, error) {
	answer, ok := a.talk.Ask(ctx, ui.LoginQuestion{Kind: run.AskSecret, Host: host, Echo: echo, Args: map[string]string{"host": host, "kind": kind, "prompt": prompt}})
	if !ok {
		return "", errNoAnswer
	}
	return answer, nil
}

func (b *backend) Survey(ctx context.Context, talk ui.Talk) error {
	s, err := findSite(b.env, b.request.sitePath)
	if err != nil {
		return err
	}
	pool := remote.NewPool(remote.Options{Site: s, Ask: surveyAsker{talk}, Getenv: b.env.getenv})
	defer pool.Close()
	var names []string
	for _, h := range s.Hosts {
		names = append(names, h.Name)
	}
	remote.Survey(ctx, pool, names, func(r remote.Row) { talk.Row(hostRow(r)) })
	return ctx.Err()
}

// hostRow is a survey's row as the screen shows it.
func hostRow(r remote.Row) ui.HostRow {
	cell := func(a remote.Answer) *ui.Cell {
		if a == remote.Untold {
			return nil
		}
		return &ui.Cell{OK: a == remote.Yes}
	}
	row := ui.HostRow{Host: r.Host, Reach: cell(r.Reach), Trust: cell(r.Trust), Login: cell(r.Login), Sudo: cell(r.Sudo), Problem: r.Problem}
	if r.Platform != "" {
		row.Platform = &ui.Cell{OK: true, Text: r.Platform}
		row.Clock = &ui.Cell{OK: r.Offset.Abs() < time.Second+r.RTT, Text: fmt.Sprintf("%+.1f s", r.Offset.Seconds())}
	}
	return row
}

func (b *backend) Plan(ctx context.Context, procedure string, values map[string]string, tell func(ui.PlanLine)) error {
	r := *b.request
	r.set, r.answers = nil, ""
	o, err := r.prepareWith(b.env, procedure, values)
	if err != nil {
		return err
	}
	e, done, err := r.planner(b.env, o, nil)
	if err != nil {
		return err
	}
	defer done()
	plan := o.Procedure.Unfold()
	err = e.Plan(ctx, func(l engine.PlanLine) {
		var s steps.Step
		for _, one := range plan {
			if one.ID == l.Unit.Step {
				s = *one
			}
		}
		tell(ui.PlanLine{Unit: l.Unit, Title: s.Title, State: planState(l.Finding), Checks: l.Checks, Say: planSay(l.Finding), Diff: l.Diff, Problem: l.Problem})
	})
	if errors.Is(err, engine.ErrUnreachable) {
		return nil // each line says so
	}
	return err
}

func planState(f engine.PlanFinding) ui.PlanState {
	switch f {
	case engine.PlanAlready:
		return ui.PlanAlready
	case engine.PlanChange:
		return ui.PlanChange
	case engine.PlanSkips:
		return ui.PlanSkip
	case engine.PlanReads, engine.PlanCalls, engine.PlanHolds:
		return ui.PlanReads
	case engine.PlanRefuses:
		return ui.PlanRefuses
	case engine.PlanAsks:
		return ui.PlanAsks
	case engine.PlanLater:
		return ui.PlanLater
	case engine.PlanUnknown:
		return ui.PlanUnknown
	}
	return ui.PlanOpaque
}

// planSay is the finding in words.
func planSay(f engine.PlanFinding) i18n.Text {
	return i18n.Text{En: planWord(i18n.For(i18n.English), f), Ko: planWord(i18n.For(i18n.Korean), f)}
}

func (b *backend) Start(ctx context.Context, procedure string, values, secrets map[string]string) (string, error) {
	r := *b.request
	r.set, r.answers, r.onAsk = nil, "", "wait"
	o, err := r.prepareWith(b.env, procedure, values)
	if err != nil {
		return "", err
	}
	for name, value := range secrets {
		o.Secrets.Put(name, value)
	}
	dir, err := launch(ctx, b.env, o)
	if dir == nil {
		return "", err
	}
	return dir.Path(), err
}

func (b *backend) Runs(context.Context) ([]ui.RunInfo, error) {
	list, err := run.List(run.Root(b.env.getenv))
	return ui.RunsOf(list), err
}

func (b *backend) Open(_ context.Context, path string) (ui.Watcher, error) {
	dir, err := run.OpenDir(path)
	if err != nil {
		return nil, err
	}
	st, err := dir.State()
	if err != nil {
		return nil, err
	}
	store, err := secret.Open(run.Home(b.env.getenv), st.Run.Site)
	if err != nil {
		return nil, err
	}
	return &ui.DirWatcher{
		Dir:        dir,
		RedactFunc: func(p []byte) []byte { return redact.NewRedactor(store.All()).Growing(p) },
		ScriptFunc: func(_ context.Context, u run.Unit) (string, error) { return unitScript(dir, u) },
		EditFunc: func(ctx context.Context, question int64, hosts []string, script string) error {
			reply, err := dir.Send(ctx, run.Command{Do: "answer", Question: question, Value: "edit", Script: script, Hosts: hosts})
			if err == nil && !reply.OK {
				err = problem.New(problem.Code("cli.reply."+reply.Error), strings.Join(hosts, ", "), errors.New(reply.Detail))
			}
			return err
		},
		EngineFunc: func(ctx context.Context) error { return startEngine(ctx, dir, handover{OnAsk: "wait"}) },
	}, nil
}

// unitScript is what a unit runs: the operator's own version, or the procedure's.
func unitScript(dir *run.Dir, u run.Unit) (string, error) {
	source, err := dir.Procedure()
	if err != nil {
		return "", err
	}
	p, found := steps.Parse("procedure.yaml", source)
	if err := found.Err(); err != nil {
		return "", err
	}
	st, err := dir.State()
	if err != nil {
		return "", err
	}
	if text, ok := engine.Edited(dir, st, u.Step, u.Host); ok {
		return text, nil
	}
	i := slices.IndexFunc(p.Unfold(), func(s *steps.Step) bool { return s.ID == u.Step })
	if i < 0 {
		return "", fmt.Errorf("cannot find step %s in the run's procedure", u.Step)
	}
	platform := ""
	if h := st.Hosts[u.Host]; h != nil {
		platform = h.Platform
	}
	text, _ := p.Unfold()[i].Script.For(platform)
	return text, nil
}

func (b *backend) Report(_ context.Context, path string) (string, error) {
	dir, err := run.OpenDir(path)
	if err != nil {
		return "", err
	}
	return reportText(b.env, dir, b.env.Words.Lang)
}
