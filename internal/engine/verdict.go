package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

func (e *Engine) judgement(name string) (judgements.Judgement, bool) {
	return judgements.Find(e.o.Judgements, name)
}

// doJudge asks a judgement, once: an engine that finds its outputs in the journal goes on from
// there. All that it gives is one decision, so a journal that ends in the middle of it is
// completed from the same facts.
func (e *Engine) doJudge(s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	j, ok := e.judgement(s.Judge.Name)
	if !ok {
		return problem.New("engine.judge.unknown", "", nil, "name", s.Judge.Name, "step", s.ID), nil
	}
	in, err := e.judgeInput(s, v, j)
	if err != nil {
		return refused(s, "", err), nil
	}
	out, err := ask(j, in)
	if err != nil {
		return failure("engine.judge", "", fmt.Errorf("judgement %s of step %s: %w", j.Name, s.ID, err)), nil
	}
	for _, h := range in.Hosts {
		said := out.Hosts[h.Name]
		u := run.Unit{Step: s.ID, Host: h.Name}
		facts := map[string]steps.Value{steps.ReasonFact: steps.SaidValue(cleanText(e.redactor(), said.Reason))}
		for _, name := range j.HostOutputs {
			facts[name] = given(said.Facts, name)
		}
		for _, name := range sortedKeys(facts) {
			if err := e.emitFact(run.Fact{Unit: u, Name: name, Value: e.hidden(facts[name])}); err != nil {
				return nil, err
			}
		}
		if len(s.Means) == 0 && said.Level != "" {
			c := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: "means", ID: "means", On: h.Name, OK: said.Level == judgements.OK, Level: said.Level, Title: cleanText(e.redactor(), said.Reason)}
			if err := e.emit(c); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range j.Outputs {
		value := e.hidden(given(out.Lets, name))
		if err := e.emitLet(run.Let{Step: s.ID, Name: name, Value: value.V, Absent: value.Absent}); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// given is a declared output, absent where the judgement did not give it.
func given(from map[string]steps.Value, name string) steps.Value {
	v, ok := from[name]
	if !ok || v.Absent == "" && v.V == nil {
		return steps.Value{Absent: steps.WhyNotGiven}
	}
	return v
}

// emitFact journals a fact unless it is there as it is.
func (e *Engine) emitFact(f run.Fact) error {
	var there bool
	e.view(func(st *run.State) {
		old, known := st.Facts[f.Unit.Host][run.PathOf(f.Unit.Step)+f.Name]
		there = known && fmt.Sprint(old) == fmt.Sprint(f.Value)
	})
	if there {
		return nil
	}
	return e.emit(f)
}

// hidden is a value without a secret in it.
func (e *Engine) hidden(v steps.Value) steps.Value {
	if e.secretIn(v.V) != "" {
		return steps.Value{Absent: steps.WhySecret}
	}
	return v
}

func (e *Engine) judgeInput(s *steps.Step, v run.UnitView, j judgements.Judgement) (judgements.Input, error) {
	sc := e.scope(s, "", "")
	in := judgements.Input{Waived: map[string]string{}, Args: map[string]any{}}
	if e.o.Dir != nil {
		b, err := e.o.Dir.Baseline()
		if err != nil {
			return in, err
		}
		if b != nil {
			in.Then = &judgements.Then{Run: b.Run, At: b.At.In(e.o.Site.Location()).Format("2006-01-02 15:04"), Facts: b.Facts}
		}
	}
	for _, name := range sortedKeys(s.Judge.With) {
		value, err := s.Judge.With[name].Eval(sc)
		if err != nil {
			return in, err
		}
		in.Args[name] = value
	}
	names, err := s.On.Resolve(sc)
	if err != nil {
		return in, err
	}
	e.view(func(st *run.State) {
		for _, items := range st.Waived(s.Path) {
			maps.Copy(in.Waived, items)
		}
		for _, name := range names {
			h := judgements.Host{Name: name, Roles: slices.Clone(sc.Site.Host(name).Roles), Facts: map[string]steps.Value{}}
			if v := st.Hosts[name]; v != nil {
				h.Dropped = v.State == run.HostDropped
				if v.Problem != nil {
					h.Trouble = string(v.Problem.Code)
				}
			}
			in.Hosts = append(in.Hosts, h)
		}
	})
	for i := range in.Hosts {
		h := &in.Hosts[i]
		h.Reachable = sc.Reachable(h.Name)
		for _, name := range j.Reads {
			v := sc.Fact(h.Name, name)
			if v.Absent == "" && v.V == nil {
				v.Absent = steps.WhyNotRead
			}
			if v.Absent == steps.WhyNotRead && !h.Reachable {
				v.Absent = steps.WhyUnreachable
			}
			h.Facts[name] = v
		}
	}
	return in, nil
}

// ask runs a judgement; one that panics, or gives what it did not declare, is an error.
func ask(j judgements.Judgement, in judgements.Input) (out judgements.Output, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it broke: %v", r)
		}
	}()
	out = j.Judge(in)
	for host, v := range out.Hosts {
		if !slices.ContainsFunc(in.Hosts, func(h judgements.Host) bool { return h.Name == host }) {
			return out, fmt.Errorf("it speaks of the host %q, which it was not asked about", host)
		}
		for name := range v.Facts {
			if !slices.Contains(j.HostOutputs, name) {
				return out, fmt.Errorf("it gives %q, which it does not declare", name)
			}
		}
	}
	for name := range out.Lets {
		if !slices.Contains(j.Outputs, name) {
			return out, fmt.Errorf("it gives %q, which it does not declare", name)
		}
	}
	return out, nil
}

// doProve evaluates all conditions and shows them all. One that does not hold ends the
// procedure as refused.
func (e *Engine) doProve(s *steps.Step, v run.UnitView) error {
	var first *run.Check
	for i, p := range s.Prove {
		c := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: "prove", ID: fmt.Sprintf("prove%d", i+1), Expected: p.That.Text, Tries: 1}
		c.Title = e.say(e.scope(s, v.Unit.Host, v.Unit.Item), p.Say)
		c.OK, c.Found = e.condition(s, v.Unit, p.That)
		if err := e.emit(c); err != nil {
			return err
		}
		if !c.OK && first == nil {
			first = &c
		}
	}
	if first == nil || e.looking {
		return nil
	}
	if err := e.emit(run.Verdict{Step: s.ID, Outcome: "refused", Say: first.Title}); err != nil {
		return err
	}
	return e.over(s.Path)
}

// doWaive asks whether to go on without something. Either answer settles it: what was not
// waived is for a later proof to refuse.
func (e *Engine) doWaive(ctx context.Context, s *steps.Step, v run.UnitView) (settled bool, err error) {
	q := run.Question{Kind: run.AskWaive, Unit: v.Unit, Attempt: v.Attempt, Typed: v.Unit.Item, Options: []string{"no"}}
	if s.Waive.Type == "site" {
		q.Typed = e.o.Site.Name
	}
	for {
		if s.Hand != nil {
			settled, err := e.readAtConsole(ctx, s, v, &q)
			if err != nil || settled {
				return settled, err
			}
		}
		q.Say = e.scope(s, v.Unit.Host, v.Unit.Item).Fill(s.Waive.Say)
		q.Bind = bind(s.ID, q.Typed, e.factsBound(s, v.Unit, false))
		a, err := e.ask(ctx, q)
		if err != nil {
			return false, err
		}
		if a.Void == "" && a.Value != "hand" {
			return false, nil
		}
		if e.unitNow(v.Unit).Phase.Settled() {
			return true, nil
		}
	}
}

// means says what the row of a host means in the evidence table of a step, after its facts are
// there. It is display only: a line that cannot be told is passed over.
func (e *Engine) means(s *steps.Step, v run.UnitView, host string) error {
	sc := e.scope(s, host, v.Unit.Item)
	for _, m := range s.Means {
		if ok, err := m.When.About(host, sc); err != nil || !ok {
			continue
		}
		c := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: "means", ID: "means", OK: m.Level == judgements.OK, Level: m.Level, Title: e.say(sc, m.Say)}
		if host != v.Unit.Host {
			c.On = host
		}
		if slices.ContainsFunc(e.unitNow(v.Unit).Checks, func(o run.Check) bool {
			return o.Phase == c.Phase && o.On == c.On && o.Level == c.Level && o.Title == c.Title
		}) {
			return nil // nothing new
		}
		return e.emit(c)
	}
	return nil
}

// meaning is means for all hosts that a unit is about.
func (e *Engine) meaning(s *steps.Step, v run.UnitView) error {
	if len(s.Means) == 0 {
		return nil
	}
	hosts := []string{v.Unit.Host}
	if s.Action == steps.ActJudge {
		var err error
		if hosts, err = s.On.Resolve(e.scope(s, "", "")); err != nil {
			return err
		}
	}
	for _, h := range hosts {
		if err := e.means(s, v, h); err != nil {
			return err
		}
	}
	return nil
}
