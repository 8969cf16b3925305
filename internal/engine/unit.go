package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/steps"
)

// attempt takes one attempt of a unit to its end, from wherever an earlier engine left it:
//
//	check ──all hold──> already
//	  └─> confirm ─> require ─> action ─> verify ──> done
//	                     └────────┴─────────┴──red──> failed
func (e *Engine) attempt(ctx context.Context, s *steps.Step, v run.UnitView) error {
	mine := func(j *run.JobView) bool { return j.Intent.Unit == v.Unit || belongs(s, j.Intent.Unit.Step) }
	if err := e.mayGoOn(ctx); err != nil && (ctx.Err() != nil || !e.live(mine)) {
		return err // a job that runs is seen to its end all the same
	}
	if err := e.arrived(ctx, v.Unit.Host); err != nil {
		return err
	}
	if err := e.ready(ctx, s, v.Unit.Host); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
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
	for _, of := range []error{errParked, errCancelled, errDropped, errFull, errBroken, errEnded, errRefused} {
		if errors.Is(err, of) {
			return true
		}
	}
	return false
}

// errEdited says that the operator changed the script after it was confirmed.
var errEdited = errors.New("the script was changed")

// life is an attempt; an outcome of "" says that nothing is to be written.
func (e *Engine) life(ctx context.Context, s *steps.Step, v run.UnitView) (outcome string, p *problem.Problem, err error) {
	failed := func(p *problem.Problem, err error) (string, *problem.Problem, error) {
		return run.OutcomeFailed, p, err
	}
	switch handled, settled, err := e.byHand(ctx, s, v); {
	case err != nil:
		return failed(nil, err)
	case settled:
		return "", nil, nil
	case handled:
		p, err := e.handVerified(ctx, s, v)
		if err == nil {
			err = e.meaning(s, v)
		}
		if p != nil || err != nil {
			return failed(p, err)
		}
		return run.OutcomeDone, nil, nil
	}
	if tolerant(s) && s.Action == steps.ActProbe {
		look := e.answersStill
		if v.Attempt > v.First {
			look = e.answers
		}
		if there, err := look(ctx, v.Unit.Host); err != nil {
			return failed(nil, err)
		} else if !there {
			if err := e.absent(v.Unit, s.Read, steps.WhyUnreachable); err != nil {
				return failed(nil, err)
			}
			return run.OutcomeDone, nil, e.meaning(s, v)
		}
	}
	// A job of this attempt that an earlier engine began; or one of an earlier attempt whose
	// end nobody has seen yet: nothing is run beside it.
	var before *run.JobView
	for _, j := range v.Jobs {
		if j.Intent.Abort {
			continue
		}
		if j.Intent.Attempt == v.Attempt || j.Ended == nil {
			before = j
		}
	}
	script := e.scriptOf(s, v.Unit.Host)
	written, err := e.wrote(ctx, s, v)
	if err != nil {
		return failed(nil, err)
	}
	if before == nil && !written {
		if done, err := e.alreadyDone(ctx, s, v); err != nil || done {
			return run.OutcomeAlready, nil, err
		}
		if settled, p, err := e.agreed(ctx, s, v, script); err != nil || p != nil {
			return failed(p, err)
		} else if settled {
			return "", nil, nil
		}
		if away, err := e.wentAway(ctx, s, v.Unit.Host); err != nil {
			return failed(nil, err)
		} else if away {
			return "", nil, nil // from the start: its guards are to see what came back
		}
		if p, err := e.checks(ctx, s, v, "require", s.Require, true); err != nil || p != nil {
			return failed(p, err)
		}
		if err := e.mayGoOn(ctx); err != nil && s.Action != steps.ActCall { // its own steps look themselves
			return failed(nil, err)
		}
	}
	switch s.Action {
	case steps.ActRun, steps.ActReboot:
		settled, p, err := e.runJob(ctx, s, v, before, script)
		if errors.Is(err, errEdited) {
			return "", nil, nil // from the start: what was confirmed was another one
		}
		if err != nil || p != nil {
			return failed(p, err)
		}
		if !settled {
			return "", nil, nil
		}
	case steps.ActProbe:
		p, err = e.doProbe(ctx, s, v)
	case steps.ActFile, steps.ActCopy:
		p, err = e.doFile(ctx, s, v)
	case steps.ActJudge:
		p, err = e.doJudge(s, v)
	case steps.ActProve:
		err = e.doProve(s, v)
	case steps.ActWaive:
		settled, err := e.doWaive(ctx, s, v)
		if err != nil || settled {
			return "", nil, err
		}
	case steps.ActFetch:
		err = e.doFetch(ctx, s, v)
	case steps.ActCall:
		p, err = e.doCall(ctx, s, v)
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
	if err := e.meaning(s, v); err != nil {
		return failed(nil, err)
	}
	if tolerant(s) && e.silent(v.Unit.Host) {
		return run.OutcomeDone, nil, nil // there is nobody to verify it on
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
	if writes(s) {
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

// agreed takes a unit past its guards and its confirm. The guards are looked at once more after
// the confirm, which may have waited for hours; where what was shown has changed by then, the
// confirm is void, and all of it begins again.
func (e *Engine) agreed(ctx context.Context, s *steps.Step, v run.UnitView, source steps.Script) (settled bool, p *problem.Problem, err error) {
	for {
		if settled, p, err = e.guard(ctx, s, v); err != nil || p != nil || settled {
			return settled, p, err
		}
		shown := e.factsBound(s, v.Unit, true)
		if p, err = e.confirm(ctx, s, v, source); err != nil || p != nil || len(s.Guard) == 0 || s.Confirm == nil {
			return false, p, err
		}
		if settled, p, err = e.guard(ctx, s, v); err != nil || p != nil || settled || e.factsBound(s, v.Unit, true) == shown {
			return settled, p, err
		}
	}
}

// belongs tells whether a step is one of those of a procedure that a step calls.
func belongs(call *steps.Step, step string) bool {
	return call.Action == steps.ActCall && strings.HasPrefix(step, call.ID+"/")
}

// confirm asks the operator. The answer is bound to the script, the hosts and the facts that
// were there when it was given.
func (e *Engine) confirm(ctx context.Context, s *steps.Step, v run.UnitView, source steps.Script) (*problem.Problem, error) {
	if s.Confirm == nil {
		return nil, nil
	}
	sc := e.scope(s, v.Unit.Host, v.Unit.Item)
	script, _ := source.For(sc.Platforms[v.Unit.Host])
	_, edited := e.edited(s, v.Unit.Host)
	q := run.Question{Kind: run.AskConfirm, Unit: v.Unit, Attempt: v.Attempt, Say: e.worded(s, v.Unit).Fill(s.Confirm.Say), Options: []string{"yes", "no"}}
	if q.Say.Empty() {
		q.Say = sc.Fill(s.Title)
	}
	// One question for the step; later attempts, and a script that is another one, are each unit's own.
	whole := s.Confirm.Type != "host" && v.Attempt == v.First && !edited
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
				if u.Skipped != nil && u.Skipped.Why == "when" {
					continue
				}
				if !slices.Contains(q.Hosts, u.Unit.Host) {
					q.Hosts = append(q.Hosts, u.Unit.Host)
				}
			}
		})
	}
	shown := e.factsBound(s, v.Unit, true)
	read := fmt.Sprint(sc.Before)
	if slices.ContainsFunc(e.steps, func(o *steps.Step) bool { return o.Path == s.Path && len(o.Show) > 0 }) {
		read = "" // what was shown counts, not what a guard reads again and again
	}
	q.Bind = bind(append([]string{s.ID, script, fmt.Sprint(sc.Params), read, shown}, q.Hosts...)...)
	if whole {
		q.Bind = bind(append([]string{s.ID, s.Script.All, fmt.Sprint(s.Script.By), fmt.Sprint(sc.Params), shown}, q.Hosts...)...)
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
	if tolerant(s) && !e.looking {
		if there, err := e.answers(ctx, v.Unit.Host); err != nil {
			return nil, err
		} else if !there {
			return nil, e.absent(v.Unit, s.Read, steps.WhyUnreachable)
		}
	}
	sc := e.scope(s, v.Unit.Host, v.Unit.Item)
	out, err := e.probe(ctx, s, v.Unit, sc, s.Script, v.Unit.Host)
	if err != nil {
		if p := problem.Of(err); s.Absent && p != nil && connection(p) && ctx.Err() == nil {
			if err := e.hostIs(v.Unit.Host, run.HostLost, p); err != nil {
				return nil, err
			}
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
	sc := e.scope(s, v.Unit.Host, v.Unit.Item)
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
		r := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: phase, ID: id, Title: e.say(e.worded(s, v.Unit), c.Title), Remedy: e.say(e.worded(s, v.Unit), c.Remedy)}
		if host != v.Unit.Host {
			r.On = host
		}
		if err := e.judge(ctx, s, v.Unit, c, host, patient, &r); err != nil {
			return nil, err
		}
		if err := e.emit(r); err != nil {
			return nil, err
		}
		switch {
		case r.OK || first != nil:
		case r.Problem != nil:
			first = problem.New("engine.check.unread", host, r.Problem, "check", id, "phase", phase)
		default:
			first = problem.New("engine.check", host, nil, "check", id, "phase", phase, "expected", logtext.Clip(r.Expected, mostSaid), "found", logtext.Clip(r.Found, mostSaid))
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
		sc := e.scope(s, u.Host, u.Item)
		out, err := e.probe(ctx, s, u, sc, c.Probe, host)
		if err != nil {
			if ctx.Err() != nil || problem.Of(err) == nil {
				return err
			}
			r.OK, r.Problem = false, e.clean(problem.Of(err))
		} else {
			r.Problem = nil
			r.OK, r.Expected, r.Found = e.compare(c, out, sc)
		}
		if r.OK || !patient || c.Within == 0 || time.Now().After(end) {
			return nil
		}
		if err := rest(ctx, every); err != nil {
			return err
		}
	}
}
