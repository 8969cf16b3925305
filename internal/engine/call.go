package engine

import (
	"context"
	"errors"
	"fmt"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// doCall runs the procedure that a step calls, from wherever an earlier engine left it: its
// steps are steps of this run, under the path of the call.
//
//	parameters ─> its steps in order ──end──> what it gives ─> done
//	                   └──refused──> failed: the operator is asked; a retry begins it anew
func (e *Engine) doCall(ctx context.Context, s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	if s.Call.Sub == nil {
		return problem.New("engine.action", "", nil, "action", "call "+s.Call.Procedure), nil
	}
	path := s.ID + "/"
	if p, err := e.callParams(s, path); err != nil || p != nil {
		return p, err
	}
	outcome := "done"
	for {
		err := e.over(path)
		if err == nil {
			if err = e.verifyAgain(ctx); err != nil {
				return nil, err
			}
			step := e.next(path)
			if step == nil {
				break
			}
			err = e.runStep(ctx, step)
		}
		if errors.Is(err, errEnded) {
			break
		}
		if errors.Is(err, errRefused) {
			outcome = "refused"
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if outcome == "refused" {
		p := problem.New("engine.call.refused", "", nil, "procedure", s.Call.Procedure)
		e.view(func(st *run.State) {
			said := st.Verdict(path)
			if said == nil {
				return
			}
			p.Args["why"], p.Args["why"+i18n.InKorean] = said.Say.En, said.Say.Ko
			if last := e.step(said.Step); last != nil && last.Action == steps.ActProve {
				p.Code = "engine.call.unproven"
			}
		})
		return p, nil
	}
	return nil, e.callGives(s, path, outcome)
}

// callParams journals the parameters of a called procedure: lets under its path. They are
// computed once, so that they stay what they were for an engine that starts later.
func (e *Engine) callParams(s *steps.Step, path string) (*problem.Problem, error) {
	sub, given := s.Call.Sub, map[string]string{}
	for _, name := range sortedKeys(s.Call.With) {
		text, err := s.Call.With[name].String(e.scope(s, "", ""))
		if err != nil {
			return refused(s, "", err), nil
		}
		given[name] = text
	}
	values, found := sub.Values(s.SeenByCalled(e.o.Site), given)
	if err := steps.Findings(found).Err(); err != nil {
		return refused(s, "", err), nil
	}
	for _, q := range sub.Params {
		if q.Type == steps.Secret {
			continue
		}
		if secret := e.secretIn(values[q.Name]); secret != "" {
			return problem.New("engine.secret", "", nil, "value", q.Name, "secret", secret, "step", s.ID), nil
		}
		if err := e.let(s.ID, path+q.Name, values[q.Name]); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// callGives hands the lets of a called procedure to its caller. What it did not come to is
// absent there, with the reason.
func (e *Engine) callGives(s *steps.Step, path, outcome string) error {
	for _, name := range sortedKeys(s.Call.Gives) {
		let := run.Let{Step: s.ID, Name: s.Call.Gives[name]}
		e.view(func(st *run.State) {
			value, known := st.Lets[path+name]
			switch why, absent := st.NoLets[path+name]; {
			case name == steps.Outcome:
				let.Value = outcome
			case known:
				let.Value = value
			case absent:
				let.Absent = why
			default:
				let.Absent = steps.WhyNotGiven
			}
		})
		if err := e.emitLet(let); err != nil {
			return err
		}
	}
	return nil
}

// emitLet journals a let unless an earlier engine did.
func (e *Engine) emitLet(let run.Let) error {
	var there bool
	e.view(func(st *run.State) {
		name := run.PathOf(let.Step) + let.Name
		value, known := st.Lets[name]
		why, absent := st.NoLets[name]
		there = known && let.Absent == "" && fmt.Sprint(value) == fmt.Sprint(let.Value) || absent && why == let.Absent && let.Absent != ""
	})
	if there {
		return nil
	}
	return e.emit(let)
}
