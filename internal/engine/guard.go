package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// condition evaluates a condition that is shown: what it says, and whether it holds. An absent
// fact is a no, with the reason.
func (e *Engine) condition(s *steps.Step, u run.Unit, that steps.Expr) (ok bool, found string) {
	ok, err := that.Bool(e.scope(s, u.Host, u.Item))
	var absent *steps.AbsentError
	switch {
	case errors.As(err, &absent):
		found = absent.Error()
	case err != nil:
		found = err.Error()
	default:
		found = fmt.Sprint(ok)
	}
	return ok && err == nil, cut(e.redactor().String(found), mostFound)
}

// lookGuards evaluates the guards of a step, after reading again what they are about; again false:
// as it was read last. Those that do not hold are returned.
func (e *Engine) lookGuards(ctx context.Context, s *steps.Step, v run.UnitView, again bool) (red []run.Check, err error) {
	read := map[string]bool{}
	for i, g := range s.Guard {
		if again && g.Reread != "" && !read[g.Reread] {
			read[g.Reread] = true
			if err := e.reread(ctx, g.Reread); err != nil {
				return nil, err
			}
		}
		c := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: "guard", ID: fmt.Sprintf("guard%d", i+1), Expected: g.That.Text, Tries: 1}
		c.Title = e.say(e.worded(s, v.Unit), g.Say)
		c.OK, c.Found = e.condition(s, v.Unit, g.That)
		if err := e.emit(c); err != nil {
			return nil, err
		}
		if !c.OK {
			red = append(red, c)
		}
	}
	return red, nil
}

// guard stands before a step that could take down what must stay up. Where a guard says no
// the operator decides: look again, leave the step out, stop, or override by the site's name
// and a reason. An override is bound to what was found: it does not count for anything else.
func (e *Engine) guard(ctx context.Context, s *steps.Step, v run.UnitView) (settled bool, p *problem.Problem, err error) {
	for len(s.Guard) > 0 {
		red, err := e.lookGuards(ctx, s, v, true)
		if err != nil || len(red) == 0 {
			return false, nil, err
		}
		q := run.Question{
			Kind: run.AskGuard, Unit: v.Unit, Attempt: v.Attempt, Typed: e.o.Site.Name, Options: []string{"retry", "skip", "stop"},
		}
		parts := []string{s.ID}
		var en, ko []string
		for _, c := range red {
			en, ko = append(en, c.Title.In(i18n.English)), append(ko, c.Title.In(i18n.Korean))
			parts = append(parts, c.ID, c.Expected, c.Found)
		}
		q.Say = i18n.Text{En: strings.Join(en, "\n"), Ko: strings.Join(ko, "\n")}
		// That a condition is false the guard's own words say; what was not known they cannot.
		if i := slices.IndexFunc(red, func(c run.Check) bool { return c.Found != fmt.Sprint(false) }); i >= 0 {
			q.Args = map[string]string{"found": red[i].Found}
		}
		q.Bind = bind(append(parts, e.factsBound(s, v.Unit, true))...)
		if v.Unit.Host != "" {
			q.Hosts = []string{v.Unit.Host}
		}
		a, err := e.ask(ctx, q)
		switch {
		case err != nil:
			return false, nil, err
		case a.Void != "":
			if e.unitNow(v.Unit).Phase.Settled() {
				return true, nil, nil
			}
		case a.Value == q.Typed:
			return false, nil, nil
		case a.Value == "skip":
			return true, nil, e.emit(run.UnitSkipped{Unit: v.Unit, Why: "operator", Reason: a.Reason, By: a.By})
		default:
			if err := e.obey(a, ""); err != nil {
				return false, nil, err
			}
		}
	}
	return false, nil, nil
}

// factsBound is what an agreement rests on: every fact that was shown, every let, and what was
// waived. Where one of them changes, what was agreed to is void.
func (e *Engine) factsBound(s *steps.Step, u run.Unit, waived bool) string {
	var b strings.Builder
	sc := e.scope(s, u.Host, u.Item)
	e.view(func(st *run.State) {
		for _, host := range sortedKeys(st.Facts) {
			for _, name := range sortedKeys(st.Facts[host]) {
				if fact, mine := within(s.Path, name); mine && e.shown(s, fact) {
					fmt.Fprintf(&b, "%s.%s=%v,", host, fact, st.Facts[host][name])
				}
			}
		}
		if waived {
			fmt.Fprintf(&b, "%v", st.Waived(s.Path))
		}
	})
	for _, name := range sortedKeys(sc.Lets) {
		fmt.Fprintf(&b, "%s=%v,", name, sc.Lets[name])
	}
	return b.String()
}

// shown tells whether the operator was shown a fact: it is a column of an evidence table of
// the procedure before this step, or given by a judgement.
func (e *Engine) shown(s *steps.Step, fact string) bool {
	for _, o := range e.steps {
		if o == s {
			return false
		}
		if o.Path != s.Path {
			continue
		}
		for _, name := range o.Show {
			if name == fact {
				return true
			}
		}
		if o.Judge != nil && o.Action == steps.ActJudge {
			if j, ok := e.judgement(o.Judge.Name); ok {
				for _, name := range j.HostOutputs {
					if name == fact {
						return true
					}
				}
			}
		}
	}
	return false
}
