package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// absent is the answer that a silent host is not read, here and wherever its silence is a result.
const absent = "absent"

// whyByHand is why a fact is absent that the card of its step does not ask for.
const whyByHand = "by-hand"

// byHand asks about a step that has a card, and whose host does not answer: done at the host's
// own console, skipped, or left as absent where the step allows that. Settled is true when the
// unit needs nothing more; handled when the answer stands for the action.
//
//	host answers ─────────────────────────────────────────> as always
//	host silent ─> reach question ──retry, or it answers──> look again
//	                   ├──hand────> facts marked by hand ──> done
//	                   ├──absent──> facts absent ──────────> done (absent: allow), not asked again
//	                   └──skip, drop, stop
func (e *Engine) byHand(ctx context.Context, s *steps.Step, v run.UnitView) (handled, settled bool, err error) {
	if s.Hand == nil || v.Unit.Host == "" || len(v.Jobs) > 0 { // a job has begun there: it is seen to its end
		return false, false, nil
	}
	if s.Hand.When.Given() { // a row of no weight is not worth somebody's walk to a console
		if ok, err := s.Hand.When.About(v.Unit.Host, e.scope(s, v.Unit.Host, v.Unit.Item)); err != nil || !ok {
			return false, false, nil
		}
	}
	for look := e.answersStill; ; look = e.answers {
		p, err := e.away(ctx, s, v.Unit.Host, look)
		if err != nil || p == nil {
			if err == nil && !e.holds(v.Unit.Host) && !tolerant(s) {
				err = e.claim(ctx, v.Unit.Host)
			}
			return false, false, err
		}
		if tolerant(s) && e.wentOnWithout(s, v.Unit.Host) {
			return true, false, e.absent(v.Unit, s.Read, steps.WhyUnreachable)
		}
		if settled, _, err := e.guard(ctx, s, v); err != nil || settled { // whoever types it, it takes down the same
			return false, settled, err
		}
		a, back, err := e.askReach(ctx, v.Unit.Host, e.card(s, v), p)
		if err != nil {
			return false, false, err
		}
		switch {
		case back:
		case a.Void != "":
			if e.unitNow(v.Unit).Phase.Settled() {
				return true, true, nil
			}
		case a.Value == "hand":
			return true, false, e.readByHand(s, v.Unit, a.Values)
		case a.Value == absent:
			return true, false, e.absent(v.Unit, s.Read, steps.WhyUnreachable)
		case a.Value == "skip":
			return true, true, e.emit(run.UnitSkipped{Unit: v.Unit, Why: "operator", Reason: a.Reason, By: a.By})
		default:
			if err := e.obey(a, v.Unit.Host); err != nil {
				return false, false, err
			}
		}
	}
}

// wentOnWithout tells whether the operator has said of a silent host that nobody reads it, or has
// waived it, here or in the procedure that was started: each look that has a card would ask again
// otherwise. One that answers again is looked at as any other.
func (e *Engine) wentOnWithout(s *steps.Step, host string) (said bool) {
	e.view(func(st *run.State) {
		for _, path := range slices.Compact([]string{"", s.Path}) {
			for _, items := range st.Waived(path) {
				if _, waived := items[host]; waived {
					said = true
					return
				}
			}
		}
		said = slices.ContainsFunc(st.Answered, func(a *run.QuestionView) bool {
			return a.Q.Kind == run.AskReach && a.Answer.Value == absent && a.Answer.Void == "" && slices.Contains(a.Q.Hosts, host)
		})
	})
	return said
}

// away is what keeps a host away, nil where it answers. One that a step works on, and that
// was there before, is given its time to come back, as in any other step.
func (e *Engine) away(ctx context.Context, s *steps.Step, host string, look func(context.Context, string) (bool, error)) (*problem.Problem, error) {
	var before bool
	var p *problem.Problem
	e.view(func(st *run.State) { before = st.Hosts[host] != nil && st.Hosts[host].Boot != "" })
	if !tolerant(s) && before && e.silent(host) {
		return e.tries(ctx, host, true, time.Now())
	}
	there, err := look(ctx, host)
	if err != nil || there {
		return nil, err
	}
	e.view(func(st *run.State) { p = st.Hosts[host].Problem })
	if p == nil {
		p = problem.New("remote.lost", host, nil)
	}
	return p, nil
}

// card is the question with what to type at the host's own console.
func (e *Engine) card(s *steps.Step, v run.UnitView) run.Question {
	sc := e.worded(s, v.Unit)
	q := run.Question{
		Kind: run.AskReach, Unit: v.Unit, Attempt: v.Attempt, Hosts: []string{v.Unit.Host}, Options: []string{"retry", "hand", "skip", "drop", "stop"},
		Say: sc.Fill(s.Title), Card: s.Hand.Type, Args: map[string]string{"host": v.Unit.Host}, Bind: bind(append([]string{s.ID}, s.Hand.Type...)...),
		Boxes: e.boxes(s, sc),
	}
	if s.Confirm != nil && !s.Confirm.Say.Empty() {
		q.Say = sc.Fill(s.Confirm.Say) // what it does, not only what it is called
	}
	if tolerant(s) {
		q.Options = slices.Insert(q.Options, 2, absent)
	}
	e.view(func(st *run.State) {
		if h := st.Hosts[v.Unit.Host]; h != nil {
			q.Problem = h.Problem
		}
	})
	return q
}

func (e *Engine) boxes(s *steps.Step, sc steps.Scope) (out []run.Box) {
	for _, a := range s.Reads() {
		out = append(out, run.Box{Name: a.Name, Say: e.say(sc, a.Say), Match: a.Match, As: a.As})
	}
	return out
}

// readAtConsole has a silent host that would have to be waived read at its own console instead: the
// question offers the card, and what is typed is judged. Settled says that nobody has to be
// waived any more. A look that was typed and not written down by an earlier engine is written now.
func (e *Engine) readAtConsole(ctx context.Context, s *steps.Step, v run.UnitView, q *run.Question) (settled bool, err error) {
	u := run.Unit{Step: s.ID, Host: v.Unit.Item}
	if e.o.Site.Host(u.Host) == nil {
		return false, nil // a member that the site does not know
	}
	var typed map[string]string
	e.view(func(st *run.State) {
		for _, a := range st.Answered {
			if a.Q.Unit == v.Unit && a.Q.Attempt == v.Attempt && a.Answer.Value == "hand" && a.Answer.Void == "" {
				typed = a.Answer.Values
			}
		}
	})
	if typed != nil {
		if err := e.readByHand(s, u, typed); err != nil {
			return false, err
		}
		for _, id := range s.Hand.Judges {
			j := e.step(s.Path + id)
			if p, err := e.doJudge(j, e.unitNow(run.Unit{Step: j.ID})); err != nil || p != nil {
				return false, cmp.Or[error](err, p)
			}
		}
		list, err := s.Each.List(e.scope(s, "", ""))
		if err != nil {
			return false, err
		}
		if !slices.ContainsFunc(list, func(item any) bool { return fmt.Sprint(item) == u.Host }) {
			return true, e.emit(run.UnitSkipped{Unit: v.Unit, Why: "when"})
		}
	}
	q.Options = []string{"no"}
	if e.silent(u.Host) {
		q.Options = append(q.Options, "hand")
		q.Card, q.Boxes, q.Hosts = s.Hand.Type, e.boxes(s, e.scope(s, u.Host, u.Host)), []string{u.Host}
	}
	return false, nil
}

// handValues checks what was read back, before it is written down.
func (e *Engine) handValues(q run.Question, typed map[string]string) (map[string]string, run.Reply) {
	s := e.step(q.Unit.Step)
	if s == nil || s.Hand == nil {
		return nil, run.Reply{Error: run.ReplyInvalid}
	}
	out := map[string]string{}
	for _, a := range s.Reads() {
		text, there := typed[a.Name]
		if _, ok := a.Take(text); !there || !ok {
			return nil, run.Reply{Error: run.ReplyInvalid, Detail: a.Name}
		}
		if e.secretIn(text) != "" {
			return nil, run.Reply{Error: run.ReplySecret}
		}
		out[a.Name] = text
	}
	return out, run.Reply{OK: true}
}

// readByHand journals what was read back, marked. What the card does not ask for is absent.
func (e *Engine) readByHand(s *steps.Step, u run.Unit, typed map[string]string) error {
	asked := map[string]bool{}
	for _, a := range s.Reads() {
		value, ok := a.Take(typed[a.Name])
		if !ok {
			value = steps.Value{Absent: steps.WhyBadType}
		}
		asked[a.Name] = true
		if e.saidByHand(u, a.Name, value) {
			continue
		}
		if err := e.emit(run.Fact{Unit: u, Name: a.Name, Value: value, By: "hand"}); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(s.Read) {
		if asked[name] {
			continue
		}
		if err := e.emit(run.Fact{Unit: u, Name: name, Value: steps.Value{Absent: whyByHand}, By: "hand"}); err != nil {
			return err
		}
	}
	return nil
}

// typedOf tells whether what is known of a host by a step was read at its console, there or in
// another step that has the card for it.
func (e *Engine) typedOf(s *steps.Step, host string) (typed bool) {
	e.view(func(st *run.State) {
		for name := range s.Read {
			typed = typed || st.ByHand[host][s.Path+name]
		}
	})
	return typed
}

// saidByHand tells whether the journal has a fact already, as one read by hand.
func (e *Engine) saidByHand(u run.Unit, name string, value steps.Value) (there bool) {
	e.view(func(st *run.State) {
		name := run.PathOf(u.Step) + name
		there = st.ByHand[u.Host][name] && fmt.Sprint(st.Facts[u.Host][name]) == fmt.Sprint(value)
	})
	return there
}

// handVerified runs the checks of a step that was done by hand, as far as they look from
// other hosts: its own does not answer.
func (e *Engine) handVerified(ctx context.Context, s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	var first *problem.Problem
	for i := range s.Verify {
		if !s.Verify[i].On.Given() {
			continue
		}
		p, err := e.check(ctx, s, v, "verify", checkID("verify", s.Verify, i), &s.Verify[i], true)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = p
		}
	}
	return first, nil
}
