package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

var (
	errRefused = errors.New("a guard or a proof said no")
	errEnded   = errors.New("the procedure ends here")
)

// runStep fixes the units of a step and runs them until each is settled.
func (e *Engine) runStep(ctx context.Context, s *steps.Step) error {
	if err := e.mayGoOn(ctx); err != nil && !e.live(func(j *run.JobView) bool { return j.Intent.Unit.Step == s.ID || belongs(s, j.Intent.Unit.Step) }) {
		return err
	}
	if !early(s) {
		if err := e.settled(ctx); err != nil {
			return err
		}
	}
	if err := e.fixUnits(ctx, s); err != nil {
		return err
	}
	var todo []run.Unit
	e.view(func(st *run.State) {
		if v := st.Step(s.ID); v != nil {
			for _, u := range v.Units {
				if !u.Phase.Settled() {
					todo = append(todo, u.Unit)
				}
			}
		}
	})
	if s.Serial {
		for i, u := range todo {
			if err := e.runUnit(ctx, s, u, todo[i+1:]); err != nil {
				return err
			}
		}
		return nil
	}
	return e.parallel(ctx, s, todo)
}

// mostUnits bounds how many units of a step run at the same time.
const mostUnits = 64

func (e *Engine) parallel(ctx context.Context, s *steps.Step, todo []run.Unit) error {
	return e.inParallel(len(todo), func(i int) error { return e.runUnit(ctx, s, todo[i], nil) })
}

// inParallel does something for each of n units, mostUnits at a time, and joins them.
func (e *Engine) inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(mostUnits, n) {
		e.work(1)
		wg.Go(func() {
			defer e.work(-1)
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	e.work(-1)
	wg.Wait()
	e.work(1)
	return errors.Join(errs...)
}

// fixUnits evaluates when, on and each, once for the run: afterwards the journal says which
// units there are, whatever the facts become.
func (e *Engine) fixUnits(ctx context.Context, s *steps.Step) error {
	for {
		var ready bool
		e.view(func(st *run.State) {
			v := st.Step(s.ID)
			ready = v == nil || v.Ready || v.Phase.Settled()
		})
		if ready {
			return nil
		}
		units, left, skip, err := e.units(s)
		if err == nil {
			if skip != "" {
				return e.emit(run.UnitSkipped{Unit: run.Unit{Step: s.ID}, Why: skip})
			}
			return e.emit(run.UnitReady{Step: s.ID, Units: units, Skipped: left})
		}
		whole := run.Unit{Step: s.ID}
		a, err := e.ask(ctx, run.Question{Kind: run.AskFailed, Unit: whole, Options: []string{"retry", "skip", "stop"}, Problem: e.clean(refused(s, "", err))})
		switch {
		case err != nil:
			return err
		case a.Value == "skip":
			return e.emit(run.UnitSkipped{Unit: whole, Why: "operator", Reason: a.Reason, By: a.By})
		}
		if err := e.obey(a, ""); err != nil {
			return err
		}
	}
}

// units evaluates a step's when, on and each; left are the units for which when does not hold,
// skip says why there are none at all.
func (e *Engine) units(s *steps.Step) (units, left []run.Unit, skip string, err error) {
	sc := e.scope(s, "", "")
	perUnit := s.When.Given() && s.When.PerUnit()
	if s.When.Given() && !perUnit {
		ok, err := s.When.Bool(sc)
		if err != nil || !ok {
			return nil, nil, "when", err
		}
	}
	items := []string{""}
	if s.Each.Given() {
		list, err := s.Each.List(sc)
		if err != nil {
			return nil, nil, "", err
		}
		items = nil
		for _, item := range list {
			items = append(items, fmt.Sprint(item))
		}
	}
	hosts := []string{""}
	if s.On.Given() {
		if hosts, err = s.On.Resolve(sc); err != nil {
			return nil, nil, "", err
		}
		whole := len(hosts)
		e.view(func(st *run.State) {
			hosts = slices.DeleteFunc(slices.Clone(hosts), func(h string) bool {
				return st.Hosts[h] != nil && st.Hosts[h].State == run.HostDropped
			})
		})
		if whole > 0 && len(hosts) == 0 {
			return nil, nil, "dropped", nil
		}
		if s.Once && len(hosts) > 1 {
			first := max(0, slices.IndexFunc(hosts, func(h string) bool { return !e.silent(h) }))
			hosts = hosts[first : first+1] // the first of all where none answers: that is asked about
		}
	}
	if s.Action == steps.ActJudge { // one look at all of them
		hosts = []string{""}
	}
	for _, h := range hosts {
		for _, item := range items {
			u := run.Unit{Step: s.ID, Host: h, Item: item}
			if !slices.Contains(units, u) { // an item that is listed twice is done once
				units = append(units, u)
			}
		}
	}
	for _, u := range units {
		if !perUnit {
			break
		}
		ok, err := s.When.Bool(e.scope(s, u.Host, u.Item))
		if err != nil {
			return nil, nil, "", fmt.Errorf("unit %s: %w", u, err)
		}
		if !ok {
			left = append(left, u)
		}
	}
	if len(units) == len(left) {
		skip = "when"
	}
	return units, left, skip, nil
}

// silent tells whether a host did not answer when it was last looked at.
func (e *Engine) silent(host string) (yes bool) {
	e.view(func(s *run.State) {
		h := s.Hosts[host]
		yes = h != nil && (h.State == run.HostFailed || h.State == run.HostLost)
	})
	return yes
}

// runUnit runs one unit until it is settled. Later is what waits behind it in a serial step.
func (e *Engine) runUnit(ctx context.Context, s *steps.Step, u run.Unit, later []run.Unit) error {
	ctx = e.of(ctx, u.Host)
	for {
		v := e.unitNow(u)
		var err error
		switch {
		case v.Phase.Settled():
			return nil
		case v.Phase == run.PhaseFailed && e.ending():
			return errCancelled // nobody is asked any more
		case v.Phase == run.PhaseFailed:
			err = e.afterFailure(ctx, s, v, later)
		default:
			err = e.attempt(ctx, s, v)
		}
		if errors.Is(err, errDropped) {
			return nil // the fold has settled the unit
		}
		if err != nil {
			return err
		}
	}
}

// of is the context of what is done for a host: it ends when the host is dropped.
func (e *Engine) of(ctx context.Context, host string) context.Context {
	if h := e.hostCtx[host]; h != nil {
		return h
	}
	return ctx
}

// live tells whether a job that is meant may still be running.
func (e *Engine) live(which func(*run.JobView) bool) (found bool) {
	e.view(func(s *run.State) {
		for _, st := range s.Steps {
			for _, u := range st.Units {
				for _, j := range u.Jobs {
					found = found || j.Ended == nil && !u.Phase.Settled() && which(j)
				}
			}
		}
	})
	return found
}

// unitNow is a copy of a unit's view.
func (e *Engine) unitNow(u run.Unit) (v run.UnitView) {
	e.view(func(s *run.State) {
		if p := s.Unit(u); p != nil {
			v = *p
			v.Jobs, v.Checks = nil, slices.Clone(p.Checks)
			for _, j := range p.Jobs {
				c := *j
				v.Jobs = append(v.Jobs, &c)
			}
		} else {
			v = run.UnitView{Unit: u, Phase: run.PhaseSkipped}
		}
	})
	return v
}

// afterFailure asks what to do about a failed unit, holding those behind it.
func (e *Engine) afterFailure(ctx context.Context, s *steps.Step, v run.UnitView, later []run.Unit) error {
	for _, l := range later {
		if e.unitNow(l).Phase == run.PhaseReady {
			if err := e.emit(run.UnitHeld{Unit: l, For: v.Unit}); err != nil {
				return err
			}
		}
	}
	options := []string{"retry", "skip", "stop"}
	if v.Unit.Host != "" {
		options = []string{"retry", "skip", "drop", "stop"}
	}
	if s.Action == steps.ActRun {
		options = slices.Insert(options, 1, "edit")
	}
	if s.Abort.Given() && v.Unit.Host != "" {
		options = slices.Insert(options, len(options)-1, "abort")
	}
	a, err := e.ask(ctx, run.Question{
		Kind: run.AskFailed, Unit: v.Unit, Attempt: v.Attempt, Options: options, Problem: v.Problem,
		Args: map[string]string{"step": s.ID, "host": v.Unit.Host},
	})
	if err != nil {
		return err
	}
	if a.Void != "" {
		return nil
	}
	switch a.Value {
	case "skip":
		return e.emit(run.UnitSkipped{Unit: v.Unit, Why: "operator", Reason: a.Reason, By: a.By})
	case "abort":
		return e.abort(ctx, s, v, a.By)
	}
	return e.obey(a, v.Unit.Host) // after retry and edit, the fold has opened the next attempt
}

// verifyAgain proves anew what ended on a host before it was rebooted; what no longer holds
// is opened again.
func (e *Engine) verifyAgain(ctx context.Context) error {
	type doubt struct {
		s *steps.Step
		v run.UnitView
	}
	var doubts []doubt
	e.view(func(st *run.State) {
		for _, s := range e.steps {
			view := st.Step(s.ID)
			if view == nil {
				continue
			}
			for _, u := range view.Units {
				h := st.Hosts[u.Unit.Host]
				if h != nil && h.State != run.HostDropped && u.Proven > 0 && u.Proven < h.Rebooted &&
					(u.Phase == run.PhaseDone || u.Phase == run.PhaseAlready) {
					doubts = append(doubts, doubt{s, *u})
				}
			}
		}
	})
	for _, d := range doubts {
		outcome := run.OutcomeDone
		if d.v.Phase == run.PhaseAlready {
			outcome = run.OutcomeAlready
		}
		if d.s.Action != steps.ActReboot && d.s.Action != steps.ActProbe && d.s.Action != steps.ActFetch {
			p, err := e.checks(e.of(ctx, d.v.Unit.Host), d.s, d.v, "verify", d.s.Verify, true)
			if errors.Is(err, errDropped) {
				continue
			}
			if err != nil && (stays(err) || ctx.Err() != nil) {
				return err
			}
			if err != nil || p != nil { // what cannot be looked at is not proven
				outcome = run.OutcomeReopen
			}
		}
		if err := e.emit(run.UnitEnded{Unit: d.v.Unit, Attempt: d.v.Attempt, Outcome: outcome, Millis: d.v.Millis}); err != nil {
			return err
		}
	}
	return nil
}

// lastVerdict is what the last end step said.
func (e *Engine) lastVerdict() (say i18n.Text) {
	e.view(func(s *run.State) {
		if n := len(s.Verdicts); n > 0 {
			say = s.Verdicts[n-1].Say
		}
	})
	return say
}

// stepFailed is the problem of a script that ended with a non-zero exit status.
func (e *Engine) stepFailed(host string, code int, output string) *problem.Problem {
	return e.clean(problem.New("engine.step.failed", host, nil, "exit", fmt.Sprint(code)).WithOutput(output))
}
