package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/run"
	"stackhand/steps"
)

// abort takes the way back of a step that failed on a host, and of everything that steps of the
// same procedure did before it and know a way back for, the last one first; then it ends the run.
// For more than the failed unit's own the site's name is typed; else only that is taken back. How
// each went is a check of its unit.
//
//	abort ─> others began something? ──site's name──> all of it, newest first
//	              └──no──────────────────no─────────> this unit's own ─> run ends as failed
func (e *Engine) abort(ctx context.Context, s *steps.Step, v run.UnitView, by *run.By) error {
	back := []undoing{{s, v.Unit}}
	others := e.begunBefore(s, v.Unit)
	if len(others) > 0 {
		a, err := e.ask(ctx, e.askAbort(s, v, others))
		if err != nil {
			return err
		}
		if a.Void == "" && a.Value == e.o.Site.Name {
			back = append(back, others...)
		}
	}
	for _, b := range back {
		_, err := e.wayBack(ctx, b.s, b.u, b.s, b.s.Abort, "abort")
		if err != nil && (stays(err) || ctx.Err() != nil) {
			return err
		}
		if err != nil { // said, and the others are taken back all the same
			p := e.clean(failure("engine.step", b.u.Host, err))
			c := run.Check{Unit: b.u, Attempt: e.unitNow(b.u).Attempt, Phase: "abort", ID: "abort", Expected: "exit 0", Found: string(p.Code), Problem: p, Tries: 1}
			if err := e.emit(c); err != nil {
				return err
			}
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.aborted = true
	if err := e.endLocked(by); err != nil {
		return err
	}
	return errCancelled
}

// undoing is a unit whose step knows a way back.
type undoing struct {
	s *steps.Step
	u run.Unit
}

func (e *Engine) askAbort(s *steps.Step, v run.UnitView, others []undoing) run.Question {
	q := run.Question{Kind: run.AskConfirm, Unit: v.Unit, Attempt: v.Attempt, Typed: e.o.Site.Name, Options: []string{"no"}, Args: map[string]string{"name": "abort"}}
	var en, ko []string
	parts := []string{"abort", s.ID}
	for _, o := range others {
		title := e.worded(o.s, o.u).Fill(o.s.Title)
		en, ko = append(en, o.u.Host+": "+title.In(i18n.English)), append(ko, o.u.Host+": "+title.In(i18n.Korean))
		parts = append(parts, o.u.String())
		if !slices.Contains(q.Hosts, o.u.Host) {
			q.Hosts = append(q.Hosts, o.u.Host)
		}
	}
	words := func(l i18n.Lang, list []string) string {
		return i18n.Fill(i18n.For(l).Runbook.AbortAll, "host", v.Unit.Host) + "\n" + strings.Join(list, "\n")
	}
	q.Say = i18n.Text{En: words(i18n.English, en), Ko: words(i18n.Korean, ko)}
	q.Bind = bind(parts...)
	return q
}

// begunBefore are the units of the same procedure, other than u, that began a job and have a way
// back, the newest first.
func (e *Engine) begunBefore(s *steps.Step, u run.Unit) (list []undoing) {
	at := map[run.Unit]time.Time{}
	e.view(func(st *run.State) {
		for _, o := range e.steps {
			view := st.Step(o.ID)
			if view == nil || o.Path != s.Path || !o.Abort.Given() {
				continue
			}
			for _, x := range view.Units {
				for _, j := range x.Jobs {
					if x.Unit != u && x.Unit.Host != "" && j.Claimed && !j.Intent.Abort {
						at[x.Unit] = j.At
					}
				}
				if !at[x.Unit].IsZero() {
					list = append(list, undoing{o, x.Unit})
				}
			}
		}
	})
	slices.SortStableFunc(list, func(a, b undoing) int { return at[b.u].Compare(at[a.u]) })
	return list
}

// wayBack runs a script for a unit as a job that is no attempt of it, or re-joins the one that an
// earlier engine began; with is the step whose variables the script has. It happens once: how it
// went is a check of the unit.
func (e *Engine) wayBack(ctx context.Context, s *steps.Step, u run.Unit, with *steps.Step, script steps.Script, phase string) (ok bool, err error) {
	back := *with
	back.ID, back.Action, back.Read, back.Verify, back.Require = s.ID, steps.ActRun, nil, nil, nil
	for {
		v := e.unitNow(u)
		if i := slices.IndexFunc(v.Checks, func(c run.Check) bool { return c.Phase == phase }); i >= 0 {
			return v.Checks[i].OK, nil
		}
		var before *run.JobView
		for _, j := range v.Jobs {
			if j.Intent.Way == phase && j.Intent.Attempt == v.Attempt {
				before = j
			}
		}
		if before != nil && before.Ended != nil && before.Ended.State == job.Revoked {
			before = nil // it never began
		}
		var ended run.JobEnded
		if before != nil && before.Ended != nil {
			ended = *before.Ended
		} else {
			r, err := e.newJobOf(ctx, &back, v, before, script, phase)
			if err != nil {
				return false, err
			}
			r.again = nil
			if ended, err = r.toItsEnd(ctx); err != nil {
				return false, err
			}
			if ended.State == job.Revoked {
				continue
			}
		}
		check := run.Check{Unit: u, Attempt: v.Attempt, Phase: phase, ID: phase, Expected: "exit 0", Tries: 1}
		check.OK, check.Found = ended.State == job.Done && ended.Code == 0, fmt.Sprintf("exit %d", ended.Code)
		if ended.State != job.Done {
			check.Found = string(ended.State)
		}
		return check.OK, e.emit(check)
	}
}

// mostLetting bounds how long a run that ends tries to let go of what it holds.
const mostLetting = 45 * time.Second

// letGo lets go of what steps hold that the run will not come back to: it ends. What cannot be let
// go of stays in the state, and whoever shows the run says so.
func (e *Engine) letGo(parent context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), mostLetting)
	defer cancel()
	e.mu.Lock()
	held := e.st.Held()
	if len(held) > 0 {
		e.parking = "" // nothing else is under way, and what follows may begin
		if e.hurry != nil {
			e.hurry.Stop()
			e.hurry = nil
		}
	}
	e.mu.Unlock()
	for _, h := range held {
		s, until := e.step(h.Unit.Step), (*steps.Step)(nil)
		if s != nil && s.Holds != nil {
			until = e.step(s.Holds.Until)
		}
		if until == nil || e.leftHeld(until, h.Unit.Host) || e.silent(h.Unit.Host) && !e.backAgain(ctx, h.Unit.Host) {
			continue
		}
		if _, err := e.wayBack(ctx, s, h.Unit, until, until.Script, "letgo"); err != nil && (errors.Is(err, errFull) || errors.Is(err, errBroken)) {
			return err
		}
	}
	return nil
}

// backAgain dials a silent host once more, shortly: it may be back in this moment.
func (e *Engine) backAgain(ctx context.Context, host string) bool {
	ctx, cancel := context.WithTimeout(ctx, mostLast)
	defer cancel()
	return e.connect(ctx, host) == nil
}

// leftHeld tells whether the operator left out the step that lets go of something on a host.
func (e *Engine) leftHeld(until *steps.Step, host string) (left bool) {
	e.view(func(st *run.State) {
		if view := st.Step(until.ID); view != nil {
			for _, u := range view.Units {
				left = left || u.Unit.Host == host && u.Skipped != nil && u.Skipped.Why == "operator"
			}
		}
	})
	return left
}
