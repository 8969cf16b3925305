package engine

import (
	"context"
	"slices"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// whyByHand is why a fact is absent that the card of its step does not ask for.
const whyByHand = "by-hand"

// byHand asks about a step that has a card, and whose host does not answer: done at the host's
// own console, skipped, or left as absent where the step allows that. Settled is true when the
// unit needs nothing more; handled when the answer stands for the action.
//
//	host answers ─────────────────────────────────────────> as always
//	host silent ─> reach question ──retry──> look again
//	                   ├──hand────> facts marked by hand ──> done
//	                   ├──absent──> facts absent ──────────> done (absent: allow)
//	                   └──skip, drop, stop
func (e *Engine) byHand(ctx context.Context, s *steps.Step, v run.UnitView) (handled, settled bool, err error) {
	if s.Hand == nil || v.Unit.Host == "" || len(v.Jobs) > 0 { // a job has begun there: it is seen to its end
		return false, false, nil
	}
	for look := e.answersStill; ; look = e.answers {
		there, err := look(ctx, v.Unit.Host)
		if err != nil || there {
			if err == nil && !e.holds(v.Unit.Host) && !tolerant(s) {
				err = e.claim(ctx, v.Unit.Host)
			}
			return false, false, err
		}
		a, err := e.ask(ctx, e.card(s, v))
		if err != nil {
			return false, false, err
		}
		switch {
		case a.Void != "":
			if e.unitNow(v.Unit).Phase.Settled() {
				return true, true, nil
			}
		case a.Value == "hand":
			return true, false, e.readByHand(s, v.Unit, a.Values)
		case a.Value == "absent":
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

// card is the question with what to type at the host's own console.
func (e *Engine) card(s *steps.Step, v run.UnitView) run.Question {
	sc := e.scope(s, v.Unit.Host, v.Unit.Item)
	q := run.Question{
		Kind: run.AskReach, Unit: v.Unit, Attempt: v.Attempt, Hosts: []string{v.Unit.Host}, Options: []string{"retry", "hand", "skip", "drop", "stop"},
		Say: sc.Fill(s.Title), Card: s.Hand.Type, Args: map[string]string{"host": v.Unit.Host}, Bind: bind(append([]string{s.ID}, s.Hand.Type...)...),
	}
	if tolerant(s) {
		q.Options = slices.Insert(q.Options, 2, "absent")
	}
	for _, a := range s.Hand.Asks {
		q.Boxes = append(q.Boxes, run.Box{Name: a.Name, Say: e.say(sc, a.Say), Match: a.Match})
	}
	e.view(func(st *run.State) {
		if h := st.Hosts[v.Unit.Host]; h != nil {
			q.Problem = h.Problem
		}
	})
	return q
}

// handValues checks what was read back, before it is written down.
func (e *Engine) handValues(q run.Question, typed map[string]string) (map[string]string, run.Reply) {
	s := e.step(q.Unit.Step)
	if s == nil || s.Hand == nil {
		return nil, run.Reply{Error: run.ReplyInvalid}
	}
	out := map[string]string{}
	for _, a := range s.Hand.Asks {
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
	for _, a := range s.Hand.Asks {
		if r, read := s.Read[a.Name]; read && a.As == "" {
			a.As = r.As
		}
		value, ok := a.Take(typed[a.Name])
		if !ok {
			value = steps.Value{Absent: steps.WhyBadType}
		}
		asked[a.Name] = true
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
