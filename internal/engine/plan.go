package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// PlanLine is what a plan says of one unit. A plan only reads: it runs probes and the probes
// of checks, and compares files.
type PlanLine struct {
	Unit    run.Unit
	Finding PlanFinding
	Checks  []run.Check      // all that tell whether it is done, as evaluated now, once
	Diff    string           // file steps: what would change
	Why     string           // when: the condition as written
	Problem *problem.Problem // unknown: why it could not be looked at
}

// PlanFinding is the outcome of a look at a unit.
type PlanFinding string

// What a plan may find. Opaque is honest: nothing tells whether the step was done, so it would
// run.
const (
	PlanAlready PlanFinding = "already"
	PlanChange  PlanFinding = "change"
	PlanOpaque  PlanFinding = "opaque"
	PlanReads   PlanFinding = "reads"   // a probe, let or wait: changes nothing
	PlanAsks    PlanFinding = "asks"    // a question or work by hand
	PlanCalls   PlanFinding = "calls"   // another procedure, whose steps follow
	PlanHolds   PlanFinding = "holds"   // a proof: all of it holds now
	PlanRefuses PlanFinding = "refuses" // a proof: the run would end here
	PlanSkips   PlanFinding = "skips"   // when is false
	PlanLater   PlanFinding = "later"   // depends on what an earlier step will give
	PlanUnknown PlanFinding = "unknown" // the host could not be looked at
)

// Plan looks at the site and tells, step by step, what is done already and what would change.
// The engine needs neither a run directory on disk nor a journal file for it; see Memory.
func (e *Engine) Plan(ctx context.Context, tell func(PlanLine)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	e.cancel, e.looking = cancel, true
	unreached := map[string]*problem.Problem{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, host := range e.st.Run.Hosts {
		e.hostCtx[host] = ctx
		wg.Go(func() {
			if err := e.connect(ctx, host); err != nil {
				mu.Lock()
				defer mu.Unlock()
				unreached[host] = failure("engine.reach", host, err)
			}
		})
	}
	wg.Wait()
	if err := e.planAll(ctx, "", unreached, tell); err != nil {
		return err
	}
	if len(unreached) == len(e.st.Run.Hosts) && len(unreached) > 0 {
		return ErrUnreachable
	}
	return nil
}

// planAll looks at the steps of the procedure at a path.
func (e *Engine) planAll(ctx context.Context, path string, unreached map[string]*problem.Problem, tell func(PlanLine)) error {
	for _, s := range e.steps {
		if s.Path != path {
			continue
		}
		var line PlanLine
		err := e.planStep(ctx, s, unreached, func(l PlanLine) { line = l; tell(l) })
		if err == nil && s.Action == steps.ActCall && line.Finding == PlanCalls {
			err = e.planAll(ctx, s.ID+"/", unreached, tell)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ErrUnreachable says that no host could be looked at.
var ErrUnreachable = errors.New("no host could be reached")

// ErrAsked says that a plan would need an answer, and asks nobody.
var ErrAsked = errors.New("this needs an answer of the operator, which a plan does not ask for")

func (e *Engine) planStep(ctx context.Context, s *steps.Step, unreached map[string]*problem.Problem, tell func(PlanLine)) error {
	units, left, skip, err := e.units(s)
	switch {
	case err != nil:
		l := PlanLine{Unit: run.Unit{Step: s.ID}, Finding: PlanUnknown, Problem: e.clean(refused(s, "", err))}
		if absent := (*steps.AbsentError)(nil); errors.As(err, &absent) {
			l.Finding = PlanLater
		}
		tell(l)
		return nil
	case skip != "":
		tell(PlanLine{Unit: run.Unit{Step: s.ID}, Finding: PlanSkips, Why: s.When.Text})
		return nil
	}
	if err := e.emit(run.UnitReady{Step: s.ID, Units: units, Skipped: left}); err != nil {
		return err
	}
	lines := make([]PlanLine, len(units))
	errs := make([]error, len(units))
	var wg sync.WaitGroup
	for i, u := range units {
		if slices.Contains(left, u) {
			lines[i] = PlanLine{Unit: u, Finding: PlanSkips, Why: s.When.Text}
			continue
		}
		if p := unreached[u.Host]; p != nil {
			lines[i] = PlanLine{Unit: u, Finding: PlanUnknown, Problem: p}
			continue
		}
		wg.Go(func() { lines[i], errs[i] = e.planUnit(ctx, s, u) })
	}
	wg.Wait()
	for _, l := range lines {
		tell(l)
	}
	return errors.Join(errs...)
}

func (e *Engine) planUnit(ctx context.Context, s *steps.Step, u run.Unit) (PlanLine, error) {
	l := PlanLine{Unit: u}
	v := e.unitNow(u)
	unknown := func(err error) (PlanLine, error) {
		if ctx.Err() != nil {
			return l, context.Cause(ctx)
		}
		l.Finding, l.Problem = PlanUnknown, e.clean(failure("engine.step", u.Host, err))
		if absent := (*steps.AbsentError)(nil); errors.As(err, &absent) {
			l.Finding = PlanLater
		}
		return l, nil
	}
	switch s.Action {
	case steps.ActProbe:
		l.Finding = PlanReads
		if _, err := e.doProbe(ctx, s, v); err != nil {
			return unknown(err)
		}
		if _, err := e.alreadyDone(ctx, s, v); err != nil {
			return unknown(err)
		}
		if err := e.meaning(s, v); err != nil {
			return unknown(err)
		}
		l.Checks = e.unitNow(u).Checks
		return l, nil
	case steps.ActLet:
		l.Finding = PlanReads
		if err := e.doLet(s, v); err != nil {
			return unknown(err)
		}
		return l, nil
	case steps.ActJudge:
		l.Finding = PlanReads
		p, err := e.doJudge(s, v)
		if err != nil {
			return unknown(err)
		}
		if l.Problem = e.clean(p); p != nil {
			l.Finding = PlanUnknown
		}
		if err := e.meaning(s, v); err != nil {
			return unknown(err)
		}
		l.Checks = e.unitNow(u).Checks
		return l, nil
	case steps.ActProve: // with what is known now: nobody has waived anything yet
		l.Finding = PlanHolds
		if err := e.doProve(s, v); err != nil {
			return unknown(err)
		}
		l.Checks = e.unitNow(u).Checks
		if slices.ContainsFunc(l.Checks, func(c run.Check) bool { return !c.OK }) {
			l.Finding = PlanRefuses
		}
		return l, nil
	case steps.ActCall:
		l.Finding = PlanCalls
		if s.Call.Sub == nil {
			return unknown(problem.New("engine.action", "", nil, "action", "call "+s.Call.Procedure))
		}
		p, err := e.callParams(s, s.ID+"/")
		if err == nil && p != nil {
			err = p
		}
		if err != nil {
			return unknown(err)
		}
		return l, nil
	case steps.ActFetch: // it only reads, and a plan keeps nothing
		l.Finding = PlanReads
		return l, nil
	case steps.ActWait, steps.ActEnd:
		l.Finding = PlanReads
		return l, nil
	case steps.ActAsk, steps.ActChoose, steps.ActManual, steps.ActWaive:
		l.Finding = PlanAsks
		return l, nil
	}
	done, err := e.alreadyDone(ctx, s, v)
	if err != nil {
		return unknown(err)
	}
	if _, err := e.lookGuards(ctx, s, v, false); err != nil {
		return unknown(err)
	}
	l.Checks = e.unitNow(u).Checks
	switch {
	case done:
		l.Finding = PlanAlready
	case !writes(s) && len(s.Check) == 0 && !s.CheckVerify:
		l.Finding = PlanOpaque
	default:
		l.Finding = PlanChange
	}
	if writes(s) && !done {
		want, err := e.wanted(ctx, s, v)
		if err != nil {
			return unknown(err)
		}
		have, err := e.readFile(ctx, u.Host, target(s))
		if err != nil {
			return unknown(err)
		}
		if l.Diff = e.diff(target(s), have, want); s.Action == steps.ActCopy {
			l.Diff = e.copied(s, v, want)
		}
	}
	return l, nil
}

// Begin is the first event of a run: the whole plan.
func Begin(o Options, id string) run.RunStarted {
	b := run.RunStarted{
		Run: id, Procedure: o.Procedure.ID, Kind: o.Procedure.Kind, Title: o.Procedure.Title, Site: o.Site.Name,
		Params: o.Settings.Params, Console: o.Console, OnAsk: o.Settings.OnAsk, Who: o.Who,
	}
	for _, q := range o.Procedure.EverySecret() {
		b.Secrets = append(b.Secrets, q.Name)
	}
	used := map[string]bool{}
	for _, s := range o.Procedure.Unfold() {
		sc := steps.Scope{Procedure: s.Of, Site: s.Seen(o.Site), Params: o.Settings.Params, Run: id}
		if s.Path != "" { // what it is called with is known when it is called
			sc.Params = nil
		}
		p := run.PlannedStep{ID: s.ID, Title: sc.Fill(s.Title), About: sc.Fill(s.About), Action: s.Action, Risk: s.Risk, Show: s.Show, When: s.When.Text}
		if s.Call != nil {
			p.Called = s.Call.Procedure
		}
		if s.Holds != nil {
			p.Holds = &run.Holds{Until: s.Holds.Until, Say: sc.Fill(s.Holds.Say)}
		}
		if s.Normal != nil {
			p.Normal = sc.Fill(s.Normal.Say)
		}
		for _, set := range sets(s) {
			hosts, err := set.Resolve(sc)
			if errors.Is(err, steps.ErrNoHosts) && !set.Expr.Given() && s.Path != "" {
				continue // what is called may be for roles that this site has not
			}
			if err != nil { // known only while it runs: then any host may be in it
				hosts = nil
				for _, h := range o.Site.Hosts {
					hosts = append(hosts, h.Name)
				}
			} else if set.Line == s.On.Line {
				p.Hosts = hosts
			}
			for _, h := range hosts {
				used[h] = true
			}
		}
		b.Plan = append(b.Plan, p)
	}
	for _, h := range o.Site.Hosts {
		if used[h.Name] {
			b.Hosts = append(b.Hosts, h.Name)
		}
	}
	return b
}

// sets are all host sets of a step: its own and those of its checks.
func sets(s *steps.Step) (all []steps.HostSet) {
	if s.On.Given() {
		all = append(all, s.On)
	}
	for _, list := range [][]steps.Check{s.Check, s.Require, s.Verify} {
		for _, c := range list {
			if c.On.Given() {
				all = append(all, c.On)
			}
		}
	}
	return all
}

// Memory is a journal that is on no disk, for plans.
type Memory struct {
	mu  sync.Mutex
	seq int64
}

// AppendWith gives the event back, numbered.
func (m *Memory) AppendWith(body func(int64) Body) (Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seq++
	return Event{V: run.Version, Seq: m.seq, Body: body(m.seq)}, nil
}

// String is the finding with its unit.
func (l PlanLine) String() string { return fmt.Sprintf("%s: %s", l.Unit, l.Finding) }
