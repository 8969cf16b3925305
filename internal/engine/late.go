package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"stackhand/internal/run"
	"stackhand/steps"
)

// arrivals are the hosts that the run may begin without, while they are dialled. One that
// accepts the connection and hangs in the login takes half a minute or more to give up; the
// evidence of the others must not wait for it. No dial is cut short for that: there may be a
// question to the operator in it.
//
//	dialled ──answers──> claimed with the others ────────────────────> settled
//	   │  └──silent────> noted ──────────────────────────────────────> settled
//	   └──neither, while another has answered──> late ──answers──────> claimed ──> settled
//	                                              └────silent──> noted ──────────> settled
//
// While hosts are late, steps that only read their own hosts begin (early); the unit of a late
// host waits for it (arrived). Whatever else comes, all that could change anything among it,
// begins when every host is settled.
type arrivals struct {
	host map[string]chan struct{} // closed when the host is settled
	came chan struct{}            // one for each that has come as far as it does by itself
	ends []context.CancelFunc
	wg   sync.WaitGroup

	mu    sync.Mutex
	late  bool     // the run has begun: who comes now claims its host itself
	read  bool     // one has answered
	there []string // those that answered before the run began, and can be claimed
	errs  []error
}

// dialAll begins to dial the hosts that the run may begin without.
func (e *Engine) dialAll(ctx context.Context, names []string) {
	a := &arrivals{host: map[string]chan struct{}{}, came: make(chan struct{}, len(names))}
	for _, host := range names {
		a.host[host] = make(chan struct{})
	}
	e.arriving = a
	for _, host := range names {
		of, end := context.WithCancel(e.of(ctx, host))
		a.ends = append(a.ends, end)
		e.work(1)
		a.wg.Go(func() {
			defer e.work(-1)
			err := e.dropIsFine(e.arrive(of, a, host))
			a.mu.Lock()
			a.errs = append(a.errs, err)
			a.mu.Unlock()
			close(a.host[host])
			a.came <- struct{}{}
		})
	}
}

// arrive takes one host to where it is settled, or can be claimed with the others.
func (e *Engine) arrive(ctx context.Context, a *arrivals, host string) error {
	there, err := e.answers(ctx, host)
	claimable := false
	if err == nil && there {
		there, claimable, err = e.mayClaim(ctx, host)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil || !there {
		return err
	}
	a.mu.Lock()
	a.read = true
	if !a.late && claimable {
		a.there = append(a.there, host)
		claimable = false
	}
	a.mu.Unlock()
	if !claimable {
		return nil
	}
	return e.claim(ctx, host)
}

// firstLook waits until every host is settled or can be claimed; not longer than FirstLook
// when there is one to read from. It returns those to be claimed, in the site's order.
func (e *Engine) firstLook(ctx context.Context, some bool) ([]string, error) {
	a := e.arriving
	enough := time.NewTimer(e.o.FirstLook)
	defer enough.Stop()
	e.work(-1)
	defer e.work(1)
	for waited, came := false, 0; came < len(a.host) && (!waited || !some && !a.readable()); {
		select {
		case <-a.came:
			came++
		case <-enough.C:
			waited = true
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.late = true
	var there []string
	for _, h := range e.o.Site.Hosts {
		settled := a.host[h.Name]
		switch {
		case slices.Contains(a.there, h.Name):
			there = append(there, h.Name)
		case settled != nil && !isClosed(settled):
			if err := e.stillDialing(h.Name); err != nil {
				return nil, err
			}
		}
	}
	return there, errors.Join(a.errs...)
}

func (a *arrivals) readable() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.read
}

// stillDialing notes that the run begins while a host is dialled. Where the dial has said
// something in this very moment, that stands.
func (e *Engine) stillDialing(host string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if v := e.st.Hosts[host]; v != nil && v.State != "" && v.State != run.HostClaimed && v.State != run.HostReleased {
		return nil
	}
	_, err := e.emitLocked(func(int64) Body { return run.HostState{Host: host, State: run.HostDialing} })
	return err
}

// early tells whether a step may begin while hosts are late: it reads, a host's silence is a
// result, and nothing that is asked before its units depends on a host that has not answered.
func early(s *steps.Step) bool {
	plain := s.On.Given() && !s.On.Where.Given() && !s.On.Expr.Given()
	alone := !s.When.Given() && !s.Each.Given() && !s.Once && !s.Serial && len(s.Vars) == 0
	free := s.Confirm == nil && len(s.Guard)+len(s.Check)+len(s.Require) == 0
	return tolerant(s) && plain && alone && free && !slices.ContainsFunc(s.Verify, func(c steps.Check) bool { return c.On.Given() })
}

// arrived waits until a host is settled.
func (e *Engine) arrived(ctx context.Context, host string) error {
	settled := e.arriving.host[host]
	if settled == nil || isClosed(settled) {
		return nil
	}
	e.work(-1)
	defer e.work(1)
	select {
	case <-settled:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// settled waits until all hosts are.
func (e *Engine) settled(ctx context.Context) error {
	for host := range e.arriving.host {
		if err := e.arrived(ctx, host); err != nil {
			return err
		}
	}
	e.arriving.mu.Lock()
	defer e.arriving.mu.Unlock()
	return errors.Join(e.arriving.errs...)
}

// hangUp ends the dials that are still under way, and joins them.
func (e *Engine) hangUp() {
	if e.arriving == nil {
		return
	}
	for _, end := range e.arriving.ends {
		end()
	}
	e.arriving.wg.Wait()
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
