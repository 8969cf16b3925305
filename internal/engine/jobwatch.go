package engine

import (
	"context"
	"sync"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// stopped tells whether the operator asked for the job to be stopped.
func (r *running) stopped() (asked bool) {
	r.e.view(func(s *run.State) {
		if j := s.Job(r.spec.ID); j != nil {
			asked = j.Stop != nil
		}
	})
	return asked
}

// watchStop waits for job.stop events and asks the host to stop the job.
func (r *running) watchStop(ctx context.Context) (join func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		done, hard := false, false
		for {
			err := r.e.await(ctx, func(s *run.State) bool {
				j := s.Job(r.spec.ID)
				return j != nil && j.Claimed && j.Stop != nil && (!done || j.Stop.Hard && !hard)
			})
			if err != nil {
				return
			}
			r.e.view(func(s *run.State) { hard = s.Job(r.spec.ID).Stop.Hard })
			r.e.work(1) // to reach the host may take a question
			err = r.e.with(ctx, r.host, func(ctx context.Context, h Host) error { return h.Stop(ctx, r.spec.ID, hard) })
			r.e.work(-1)
			if err != nil && (stays(err) || rest(ctx, r.e.o.RetryAt) != nil) {
				return
			}
			done = err == nil // what the host could not do now is asked of it again
			hard = hard && done
		}
	})
	return func() { cancel(); wg.Wait() }
}

// watchStall asks about a job that has printed nothing for long, counted only while the host
// is connected. The job goes on meanwhile; its end withdraws the question.
func (r *running) watchStall(ctx context.Context, w *logWriter) (join func()) {
	limit := r.s.Stall
	if limit == 0 {
		limit = 10 * time.Minute
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	about := func(q run.Question) bool { return q.Kind == run.AskStall && q.Unit == r.intent.Unit }
	wg.Go(func() {
		tick := time.NewTicker(max(limit/20, 10*time.Millisecond))
		defer tick.Stop()
		var quiet time.Duration
		last, seen := time.Now(), w.heard.Load()
		for {
			select {
			case <-ctx.Done():
				return
			case now := <-tick.C:
				if heard := w.heard.Load(); heard != seen {
					seen, quiet = heard, 0
				} else if w.connected.Load() {
					quiet += now.Sub(last)
				}
				last = now
			}
			if quiet < limit {
				continue
			}
			q := run.Question{Kind: run.AskStall, Unit: r.intent.Unit, Attempt: r.intent.Attempt, Options: []string{"wait", "stop"}, Args: map[string]string{"for": limit.String(), "host": r.host}}
			r.e.work(1) // ask takes it off again: a job that runs keeps the engine here
			a, err := r.e.ask(ctx, q)
			r.e.work(-1)
			if err != nil {
				return
			}
			if a.Value == "stop" {
				r.e.emit(run.JobStop{Job: r.spec.ID, By: a.By})
				return
			}
			quiet, last = 0, time.Now()
		}
	})
	return func() { cancel(); wg.Wait(); r.e.withdraw("ended", about) }
}

// lost decides about a job of which nobody knows how it ended.
func (e *Engine) lost(ctx context.Context, s *steps.Step, v run.UnitView, ended run.JobEnded) (settled bool, p *problem.Problem, err error) {
	const most = 3
	if s.RerunSafe && v.Attempt < most {
		return false, nil, e.emit(run.UnitEnded{Unit: v.Unit, Attempt: v.Attempt, Outcome: run.OutcomeReopen})
	}
	q := run.Question{
		Kind: run.AskLost, Unit: v.Unit, Attempt: v.Attempt, Options: []string{"rerun", "done", "skip", "drop", "stop"},
		Args:    map[string]string{"state": string(ended.State), "host": v.Unit.Host, "step": s.ID},
		Problem: problem.New(problem.Code("engine.job."+string(ended.State)), v.Unit.Host, nil),
	}
	if j := e.unitNow(v.Unit).Jobs; len(j) > 0 {
		q.Problem = e.clean(q.Problem.WithOutput(e.tail(j[len(j)-1].Intent.Log)))
	}
	a, err := e.ask(ctx, q)
	switch {
	case err != nil:
		return false, nil, err
	case a.Void != "":
		return false, nil, nil
	case a.Value == "rerun":
		return false, nil, nil // the fold has opened the next attempt
	case a.Value == "done":
		return true, nil, nil
	case a.Value == "skip":
		return false, nil, e.emit(run.UnitSkipped{Unit: v.Unit, Why: "operator", Reason: a.Reason, By: a.By})
	}
	return false, nil, e.obey(a, v.Unit.Host)
}

// back waits until a host that was told to restart is there with a new boot_id.
func (e *Engine) back(ctx context.Context, r *running) error {
	for end := time.Now().Add(rebootTime(r.s)); ; {
		err := e.with(ctx, r.host, func(ctx context.Context, _ Host) error { return e.connect(ctx, r.host) })
		if err != nil {
			return err
		}
		var boot string
		e.view(func(s *run.State) { boot = s.Hosts[r.host].Boot })
		if boot != "" && boot != r.intent.Boot {
			return nil
		}
		if time.Now().After(end) {
			return problem.New("engine.reboot", r.host, nil, "for", rebootTime(r.s).String())
		}
		if err := e.mayGoOn(ctx); err != nil {
			return err
		}
		if err := rest(ctx, e.o.RetryAt); err != nil {
			return err
		}
	}
}
