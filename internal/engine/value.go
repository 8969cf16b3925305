package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// doAsk asks, and journals the answer as a let. Settled is true when the unit was skipped.
func (e *Engine) doAsk(ctx context.Context, s *steps.Step, v run.UnitView) (settled bool, err error) {
	sc := e.worded(s, v.Unit)
	q := run.Question{Unit: v.Unit, Attempt: v.Attempt, Say: sc.Fill(s.Ask.Say), Type: s.Ask.Type, Default: s.Ask.Default, Bind: bind(s.ID)}
	switch s.Action {
	case steps.ActChoose:
		q.Kind = run.AskChoose
		for _, o := range s.Ask.Options {
			q.Options = append(q.Options, o.Value)
			q.Titles = append(q.Titles, sc.Fill(o.Title))
		}
	case steps.ActManual:
		q.Kind, q.Options = run.AskManual, []string{"done", "skip"}
		if s.Ask.Name != "" {
			q.Options = []string{"skip"}
		}
		if look := sc.Fill(s.Ask.Look); !look.Empty() {
			q.Say.En, q.Say.Ko = q.Say.En+"\n"+look.En, q.Say.Ko+"\n"+look.Ko
		}
	default:
		q.Kind = run.AskValue
	}
	for {
		a, err := e.ask(ctx, q)
		switch {
		case err != nil:
			return false, err
		case a.Void != "":
			if e.unitNow(v.Unit).Phase.Settled() {
				return true, nil
			}
			continue
		case s.Action == steps.ActManual && a.Value == "skip":
			return true, e.emit(run.UnitSkipped{Unit: v.Unit, Why: "operator", Reason: a.Reason, By: a.By})
		case s.Action == steps.ActManual:
			e.mu.Lock()
			clear(e.missed) // somebody has done something: who was silent a moment ago may answer now
			e.mu.Unlock()
			if s.Ask.Name == "" {
				return false, nil
			}
		}
		value := typed(q.Type, a.Value)
		var known bool // from an earlier engine; another attempt may bring another value
		e.view(func(st *run.State) {
			old, there := st.Lets[s.Path+s.Ask.Name]
			known = there && fmt.Sprint(old) == fmt.Sprint(value)
		})
		if known || s.Ask.Name == "" {
			return false, nil
		}
		return false, e.emit(run.Let{Step: s.ID, Name: s.Ask.Name, Value: value})
	}
}

// let journals a value unless an earlier engine did.
func (e *Engine) let(step, name string, value any) error {
	var there bool
	e.view(func(s *run.State) { _, there = s.Lets[run.PathOf(step)+name] })
	if there || name == "" {
		return nil
	}
	return e.emit(run.Let{Step: step, Name: name, Value: value})
}

func (e *Engine) doLet(s *steps.Step, v run.UnitView) error {
	for _, name := range sortedKeys(s.Let) {
		value, err := s.Let[name].Eval(e.scope(s, v.Unit.Host, v.Unit.Item))
		if err != nil {
			return refused(s, v.Unit.Host, err)
		}
		if secret := e.secretIn(value); secret != "" {
			if err := e.leaked(v.Unit, name, secret); err != nil {
				return err
			}
			return problem.New("engine.secret", v.Unit.Host, nil, "value", name, "secret", secret, "step", s.ID)
		}
		if err := e.let(s.ID, name, value); err != nil {
			return err
		}
	}
	return nil
}

// doWait waits until an expression holds, reading again what an earlier step read.
func (e *Engine) doWait(ctx context.Context, s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	every := s.Wait.Every
	if every == 0 {
		every = 2 * time.Second
	}
	for end := time.Now().Add(s.Wait.For); ; {
		ok, err := s.Wait.Until.Bool(e.scope(s, v.Unit.Host, v.Unit.Item))
		if absent := (*steps.AbsentError)(nil); err != nil && (!errors.As(err, &absent) || time.Now().After(end)) {
			return refused(s, v.Unit.Host, err), nil
		}
		if ok {
			return nil, nil
		}
		if time.Now().After(end) {
			return problem.New("engine.wait", v.Unit.Host, nil, "until", s.Wait.Until.Text, "for", s.Wait.For.String()), nil
		}
		if err := rest(ctx, every); err != nil {
			return nil, err
		}
		if err := e.mayGoOn(ctx); err != nil {
			return nil, err // another engine waits anew
		}
		if err := e.reread(ctx, s.Wait.Reread); err != nil {
			return nil, err
		}
	}
}

// reread runs an earlier probe step again, on all its hosts at once: one that hangs in the login
// keeps only itself waiting. A silent host that the operator goes on without is left alone.
func (e *Engine) reread(ctx context.Context, step string) error {
	for _, s := range e.steps {
		if s.ID != step || s.Action != steps.ActProbe {
			continue
		}
		var units []run.UnitView
		e.view(func(st *run.State) {
			without := map[string]bool{}
			for _, items := range st.Waived(s.Path) {
				for item := range items {
					without[item] = true
				}
			}
			for _, u := range st.Step(step).Units {
				h := st.Hosts[u.Unit.Host]
				gone := h != nil && (h.State == run.HostDropped || without[u.Unit.Host] && (h.State == run.HostFailed || h.State == run.HostLost))
				if u.Phase != run.PhaseSkipped && !gone {
					units = append(units, *u)
				}
			}
		})
		units = slices.DeleteFunc(units, func(u run.UnitView) bool {
			return !e.mayRead(u.Unit.Host) && e.typedOf(s, u.Unit.Host) // what was read by hand is read by hand again only when it is asked for
		})
		err := e.inParallel(len(units), func(i int) error {
			if _, err := e.doProbe(ctx, s, units[i]); err != nil {
				return err
			}
			return e.meaning(s, units[i])
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) doEnd(s *steps.Step, v run.UnitView) error {
	say := e.say(e.scope(s, v.Unit.Host, v.Unit.Item), s.End.Say)
	if err := e.emit(run.Verdict{Step: s.ID, Outcome: s.End.Outcome, Say: say}); err != nil {
		return err
	}
	return e.over(s.Path)
}

// mayRead tells whether a host answered when it was last looked at.
func (e *Engine) mayRead(host string) bool { return !e.silent(host) }
