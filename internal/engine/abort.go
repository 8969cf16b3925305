package engine

import (
	"context"
	"fmt"

	"stackhand/internal/job"
	"stackhand/internal/run"
	"stackhand/steps"
)

// abort runs the way back of a step that failed on a host, as a job, or re-joins the one that
// an earlier engine began, and ends the run. How it went is a check of the unit.
func (e *Engine) abort(ctx context.Context, s *steps.Step, v run.UnitView, by *run.By) error {
	back := *s
	back.Action, back.Read, back.Verify, back.Require = steps.ActRun, nil, nil, nil
	check := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: "abort", ID: "abort", Expected: "exit 0", Tries: 1}
	for {
		var before *run.JobView
		for _, j := range e.unitNow(v.Unit).Jobs {
			if j.Intent.Abort {
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
			r, err := e.newJobOf(ctx, &back, v, before, s.Abort, true)
			if err != nil {
				return err
			}
			r.again = nil
			if ended, err = r.toItsEnd(ctx); err != nil {
				return err
			}
			if ended.State == job.Revoked {
				continue
			}
		}
		check.OK, check.Found = ended.State == job.Done && ended.Code == 0, fmt.Sprintf("exit %d", ended.Code)
		if ended.State != job.Done {
			check.Found = string(ended.State)
		}
		if err := e.emit(check); err != nil {
			return err
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.aborted = true
		if err := e.endLocked(by); err != nil {
			return err
		}
		return errCancelled
	}
}
