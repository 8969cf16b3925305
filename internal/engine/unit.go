package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// attempt takes one attempt of a unit to its end, from wherever an earlier engine left it:
//
//	check ──all hold──> already
//	  └─> confirm ─> require ─> action ─> verify ──> done
//	                     └────────┴─────────┴──red──> failed
func (e *Engine) attempt(ctx context.Context, s *steps.Step, v run.UnitView) error {
	mine := func(j *run.JobView) bool { return j.Intent.Unit == v.Unit }
	if err := e.mayGoOn(ctx); err != nil && (ctx.Err() != nil || !e.live(mine)) {
		return err // a job that runs is seen to its end all the same
	}
	began := time.Now()
	outcome, p, err := e.life(ctx, s, v)
	if ctx.Err() != nil && err != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		if stays(err) {
			return err
		}
		outcome, p = run.OutcomeFailed, failure("engine.step", v.Unit.Host, err)
	}
	if outcome == "" {
		return nil // the fold has opened the next attempt, or settled the unit
	}
	return e.emit(run.UnitEnded{Unit: v.Unit, Attempt: v.Attempt, Outcome: outcome, Problem: e.clean(p), Millis: max(1, time.Since(began).Milliseconds())})
}

// stays tells whether an error is about the run, not about the unit that came upon it.
func stays(err error) bool {
	for _, of := range []error{errParked, errCancelled, errDropped, errFull, errEnded, errRefused} {
		if errors.Is(err, of) {
			return true
		}
	}
	return false
}

// life is an attempt; an outcome of "" says that nothing is to be written.
func (e *Engine) life(ctx context.Context, s *steps.Step, v run.UnitView) (outcome string, p *problem.Problem, err error) {
	failed := func(p *problem.Problem, err error) (string, *problem.Problem, error) {
		return run.OutcomeFailed, p, err
	}
	// A job of this attempt that an earlier engine began; or one of an earlier attempt whose
	// end nobody has seen yet: nothing is run beside it.
	var before *run.JobView
	for _, j := range v.Jobs {
		if j.Intent.Attempt == v.Attempt || j.Ended == nil {
			before = j
		}
	}
	written, err := e.wrote(ctx, s, v)
	if err != nil {
		return failed(nil, err)
	}
	if before == nil && !written {
		if done, err := e.alreadyDone(ctx, s, v); err != nil || done {
			return run.OutcomeAlready, nil, err
		}
		if p, err := e.confirm(ctx, s, v); err != nil || p != nil {
			return failed(p, err)
		}
		if p, err := e.checks(ctx, s, v, "require", s.Require, true); err != nil || p != nil {
			return failed(p, err)
		}
		if err := e.mayGoOn(ctx); err != nil {
			return failed(nil, err)
		}
	}
	switch s.Action {
	case steps.ActRun, steps.ActReboot:
		settled, p, err := e.runJob(ctx, s, v, before)
		if err != nil || p != nil {
			return failed(p, err)
		}
		if !settled {
			return "", nil, nil
		}
	case steps.ActProbe:
		p, err = e.doProbe(ctx, s, v)
	case steps.ActFile:
		p, err = e.doFile(ctx, s, v)
	case steps.ActAsk, steps.ActChoose, steps.ActManual:
		settled, err := e.doAsk(ctx, s, v)
		if err != nil || settled {
			return "", nil, err
		}
	case steps.ActLet:
		err = e.doLet(s, v)
	case steps.ActWait:
		p, err = e.doWait(ctx, s, v)
	case steps.ActEnd:
		err = e.doEnd(s, v)
	default:
		return failed(problem.New("engine.action", v.Unit.Host, nil, "action", string(s.Action)), nil)
	}
	if err != nil || p != nil {
		return failed(p, err)
	}
	if p, err := e.checks(ctx, s, v, "verify", s.Verify, true); err != nil || p != nil {
		return failed(p, err)
	}
	return run.OutcomeDone, nil, nil
}

// alreadyDone evaluates what says that nothing has to be done. A step without such a check is
// never already done.
func (e *Engine) alreadyDone(ctx context.Context, s *steps.Step, v run.UnitView) (bool, error) {
	list := s.Check
	if s.CheckVerify {
		list = append(list[:len(list):len(list)], s.Verify...)
	}
	if s.Action == steps.ActFile {
		same, err := e.fileSame(ctx, s, v)
		if err != nil || !same && !e.looking {
			return false, err
		}
		if len(list) == 0 {
			return same, nil
		}
		p, err := e.checks(ctx, s, v, "check", list, false)
		return same && p == nil && err == nil, err
	}
	if len(list) == 0 {
		return false, nil
	}
	p, err := e.checks(ctx, s, v, "check", list, false)
	return p == nil && err == nil, err
}

// confirm asks the operator. The answer is bound to the script, the hosts and the facts that
// were there when it was given.
func (e *Engine) confirm(ctx context.Context, s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	if s.Confirm == nil {
		return nil, nil
	}
	sc := e.scope(v.Unit.Host, v.Unit.Item)
	platform := sc.Platforms[v.Unit.Host]
	script, _ := s.Script.For(platform)
	if edited, ok := e.edited(s, v.Unit.Host); ok {
		script = edited
	}
	q := run.Question{Kind: run.AskConfirm, Unit: v.Unit, Attempt: v.Attempt, Say: sc.Fill(s.Confirm.Say), Options: []string{"yes", "no"}}
	if q.Say.Empty() {
		q.Say = sc.Fill(s.Title)
	}
	whole := s.Confirm.Type != "host" && v.Attempt == 1 // one question for the step; later attempts are each unit's own
	if v.Unit.Host != "" {
		q.Hosts = []string{v.Unit.Host}
	}
	switch s.Confirm.Type {
	case "host":
		q.Typed, q.Options = v.Unit.Host, []string{"no"}
	case "site":
		q.Typed, q.Options = e.o.Site.Name, []string{"no"}
	}
	if whole {
		q.Hosts = nil
		q.Unit = run.Unit{Step: s.ID}
		e.view(func(st *run.State) {
			for _, u := range st.Step(s.ID).Units {
				if !slices.Contains(q.Hosts, u.Unit.Host) {
					q.Hosts = append(q.Hosts, u.Unit.Host)
				}
			}
		})
	}
	q.Bind = bind(append([]string{s.ID, script, fmt.Sprint(e.o.Settings.Params), fmt.Sprint(sc.Before)}, q.Hosts...)...)
	if whole {
		q.Bind = bind(append([]string{s.ID, s.Script.All, fmt.Sprint(s.Script.By), fmt.Sprint(e.o.Settings.Params)}, q.Hosts...)...)
	}
	for {
		a, err := e.ask(ctx, q)
		if err != nil {
			return nil, err
		}
		if a.Void != "" {
			continue
		}
		if q.Typed != "" && a.Value != q.Typed || q.Typed == "" && a.Value != "yes" {
			return problem.New("engine.confirm.no", v.Unit.Host, nil, "step", s.ID), nil
		}
		return nil, nil
	}
}

func (e *Engine) doProbe(ctx context.Context, s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	sc := e.scope(v.Unit.Host, v.Unit.Item)
	out, err := e.probe(ctx, s, v.Unit, sc, s.Script, v.Unit.Host)
	if err != nil {
		if p := problem.Of(err); s.Absent && p != nil && connection(p) && ctx.Err() == nil {
			return nil, e.absent(v.Unit, s.Read, steps.WhyUnreachable)
		}
		return nil, err
	}
	if err := e.facts(v.Unit, s.Read, out.Stdout, out.Stderr, out.Exit); err != nil {
		return nil, err
	}
	if out.Exit != 0 && !s.Absent && !readsExit(s.Read) {
		return e.stepFailed(v.Unit.Host, out.Exit, string(out.Stdout)+string(out.Stderr)), nil
	}
	return nil, nil
}

func readsExit(reads map[string]steps.Read) bool {
	for _, r := range reads {
		if r.From == "exit" {
			return true
		}
	}
	return false
}

// doAsk asks, and journals the answer as a let. Settled is true when the unit was skipped.
func (e *Engine) doAsk(ctx context.Context, s *steps.Step, v run.UnitView) (settled bool, err error) {
	sc := e.scope(v.Unit.Host, v.Unit.Item)
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
		case s.Action == steps.ActManual && s.Ask.Name == "":
			return false, nil
		}
		value := typed(q.Type, a.Value)
		var known bool // from an earlier engine; another attempt may bring another value
		e.view(func(st *run.State) {
			old, there := st.Lets[s.Ask.Name]
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
	e.view(func(s *run.State) { _, there = s.Lets[name] })
	if there || name == "" {
		return nil
	}
	return e.emit(run.Let{Step: step, Name: name, Value: value})
}

func (e *Engine) doLet(s *steps.Step, v run.UnitView) error {
	for _, name := range sortedKeys(s.Let) {
		value, err := s.Let[name].Eval(e.scope(v.Unit.Host, v.Unit.Item))
		if err != nil {
			return refused(s, v.Unit.Host, err)
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
		ok, err := s.Wait.Until.Bool(e.scope(v.Unit.Host, v.Unit.Item))
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

func (e *Engine) reread(ctx context.Context, step string) error {
	for i := range e.o.Procedure.Steps {
		s := &e.o.Procedure.Steps[i]
		if s.ID != step || s.Action != steps.ActProbe {
			continue
		}
		var units []run.UnitView
		e.view(func(st *run.State) {
			for _, u := range st.Step(step).Units {
				h := st.Hosts[u.Unit.Host]
				if u.Phase != run.PhaseSkipped && (h == nil || h.State != run.HostDropped) {
					units = append(units, *u)
				}
			}
		})
		for _, u := range units {
			if _, err := e.doProbe(ctx, s, u); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) doEnd(s *steps.Step, v run.UnitView) error {
	say := e.scope(v.Unit.Host, v.Unit.Item).Fill(s.End.Say)
	if err := e.emit(run.Verdict{Step: s.ID, Outcome: s.End.Outcome, Say: say}); err != nil {
		return err
	}
	return e.over()
}

// checks evaluates checks one after the other and returns the problem of the first red one.
// Patient checks are tried again within their time. All are evaluated, so that the operator
// sees everything that is red.
func (e *Engine) checks(ctx context.Context, s *steps.Step, v run.UnitView, phase string, list []steps.Check, patient bool) (*problem.Problem, error) {
	var first *problem.Problem
	for i := range list {
		p, err := e.check(ctx, s, v, phase, checkID(phase, list, i), &list[i], patient)
		if err != nil {
			return nil, err
		}
		if p != nil && phase == "check" && !e.looking {
			return p, nil // one is enough to know that there is work to do; a plan shows them all
		}
		if p != nil && first == nil {
			first = p
		}
	}
	return first, nil
}

func checkID(phase string, list []steps.Check, i int) string {
	if list[i].ID != "" {
		return list[i].ID
	}
	return fmt.Sprintf("%s%d", phase, i+1)
}

// check evaluates one check on each of its hosts.
func (e *Engine) check(ctx context.Context, s *steps.Step, v run.UnitView, phase, id string, c *steps.Check, patient bool) (*problem.Problem, error) {
	sc := e.scope(v.Unit.Host, v.Unit.Item)
	hosts := []string{v.Unit.Host}
	if c.On.Given() {
		var err error
		if hosts, err = c.On.Resolve(sc); err != nil {
			return refused(s, v.Unit.Host, err), nil
		}
		hosts = slices.DeleteFunc(slices.Clone(hosts), e.isDropped)
		if len(hosts) == 0 { // a check over nobody says nothing
			return problem.New("engine.check.nobody", v.Unit.Host, nil, "check", id, "phase", phase), nil
		}
	}
	var first *problem.Problem
	for _, host := range hosts {
		r := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: phase, ID: id, Title: sc.Fill(c.Title), Remedy: sc.Fill(c.Remedy)}
		if host != v.Unit.Host {
			r.On = host
		}
		if err := e.judge(ctx, s, v.Unit, c, host, patient, &r); err != nil {
			return nil, err
		}
		if err := e.emit(r); err != nil {
			return nil, err
		}
		if !r.OK && first == nil {
			first = problem.New("engine.check", host, nil, "check", id, "phase", phase, "expected", r.Expected, "found", r.Found)
		}
	}
	return first, nil
}

// judge runs a check's probe until it holds or its time has passed.
func (e *Engine) judge(ctx context.Context, s *steps.Step, u run.Unit, c *steps.Check, host string, patient bool, r *run.Check) error {
	every := c.Every
	if every == 0 {
		every = time.Second
	}
	for end := time.Now().Add(c.Within); ; {
		r.Tries++
		sc := e.scope(u.Host, u.Item)
		out, err := e.probe(ctx, s, u, sc, c.Probe, host)
		if err != nil {
			if ctx.Err() != nil || problem.Of(err) == nil {
				return err
			}
			r.OK, r.Problem = false, e.clean(problem.Of(err))
		} else {
			r.Problem = nil
			r.OK, r.Expected, r.Found = c.Want.Judge(out, taken(c.Read, out), sc)
			red := e.redactor()
			r.Expected, r.Found = red.String(r.Expected), red.String(r.Found)
		}
		if r.OK || !patient || c.Within == 0 || time.Now().After(end) {
			return nil
		}
		if err := rest(ctx, every); err != nil {
			return err
		}
	}
}

func taken(reads map[string]steps.Read, out job.Output) map[string]steps.Value {
	values := map[string]steps.Value{}
	for name := range maps.Keys(reads) {
		values[name] = reads[name].Take(out.Stdout, out.Stderr, out.Exit)
	}
	return values
}
