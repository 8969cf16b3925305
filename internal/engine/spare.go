package engine

import (
	"context"
	"slices"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// tolerant tells whether a step takes a host's silence as a result.
func tolerant(s *steps.Step) bool {
	return s.Absent && (s.Action == steps.ActProbe || s.Action == steps.ActFetch)
}

// spare tells whether a run may begin without a host: a tolerant step looks at it, and every
// other step either leaves it out or chooses its hosts by what is found out about them.
func (e *Engine) spare(host string) bool {
	looked := false
	for _, s := range e.steps {
		if s.Action == steps.ActJudge {
			continue // it looks at nobody
		}
		sc := e.scope(s, "", "")
		sc.Reachable = func(h string) bool { return h != host }
		sc.Fact = nil // what an earlier engine found may be over
		for _, set := range sets(s) {
			hosts, err := set.Resolve(sc)
			switch {
			case err != nil || !slices.Contains(hosts, host):
			case !tolerant(s) && s.Hand == nil:
				return false
			default:
				looked = true
			}
		}
	}
	return looked
}

// answers tells whether a host is there, trying once where it was not. What keeps it away is
// journalled, and nobody is asked about it.
func (e *Engine) answers(ctx context.Context, host string) (bool, error) {
	var there bool
	e.view(func(s *run.State) {
		h := s.Hosts[host]
		there = h != nil && (h.State == run.HostReached || h.State == run.HostClaimed || h.State == run.HostRebooted)
	})
	if there && e.holds(host) {
		return true, nil
	}
	e.dial(1)
	err := e.connect(ctx, host)
	e.dial(-1)
	if err == nil || ctx.Err() != nil || stays(err) {
		return err == nil, err
	}
	e.mu.Lock()
	e.missed[host] = time.Now()
	e.mu.Unlock()
	return false, e.hostIs(host, run.HostFailed, failure("engine.reach", host, err))
}

// stillSilent is how long a host that did not answer is not tried again by the steps that take
// its silence as a result: each try costs the time of a login, and a runbook has many such
// steps. Who asks for another look (rereads, retry) gets one.
const stillSilent = time.Minute

// answersStill is answers for a step that is content with a look of a moment ago.
func (e *Engine) answersStill(ctx context.Context, host string) (bool, error) {
	e.mu.Lock()
	missed, ever := e.missed[host]
	e.mu.Unlock()
	if ever && time.Since(missed) < stillSilent && e.silent(host) {
		return false, nil
	}
	return e.answers(ctx, host)
}

// mayClaim tells whether a host still answers when it is asked for its claim, which is then
// taken as with any other, and whether it can be claimed. One that cannot write it down, as
// when its disk is read-only, can still be looked at: the operator is asked when a step comes
// that needs more.
func (e *Engine) mayClaim(ctx context.Context, host string) (answers, claimable bool, err error) {
	h, err := e.o.Hosts.Host(host)
	if err == nil {
		_, _, err = h.Claim(ctx, e.owner())
	}
	p := problem.Of(err)
	switch {
	case p == nil || ctx.Err() != nil:
		return true, true, nil // whatever else it is, claim tells the operator
	case connection(p):
		return false, false, e.hostIs(host, run.HostLost, p)
	}
	return true, false, e.hostIs(host, run.HostReached, p)
}

// holds tells whether this engine has the claim of a host.
func (e *Engine) holds(host string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.held[host]
}

// ready makes sure of a host that the run began without, before a step that needs it.
func (e *Engine) ready(ctx context.Context, s *steps.Step, host string) error {
	if host == "" || tolerant(s) || s.Hand != nil || s.Action == steps.ActJudge || e.holds(host) {
		return nil
	}
	var before bool
	e.view(func(st *run.State) { before = st.Hosts[host] != nil && st.Hosts[host].Boot != "" })
	if err := e.reach(ctx, host, before); err != nil {
		return err
	}
	return e.claim(ctx, host)
}

// wentAway waits for the host of a step that was found silent by what was read for the step's
// guards, and asks about it in the end, as if the connection had been lost in the step itself:
// nothing of the step has begun. A host that hands do the work on is not waited for.
func (e *Engine) wentAway(ctx context.Context, s *steps.Step, host string) (bool, error) {
	if host == "" || tolerant(s) || s.Action == steps.ActJudge || !e.silent(host) {
		return false, nil
	}
	if s.Hand != nil {
		return true, nil
	}
	return true, e.reach(ctx, host, true)
}
