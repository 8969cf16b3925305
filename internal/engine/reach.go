package engine

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
)

// reachAll connects to every host of the run and takes its claim. Nothing is changed on any
// host before all of them are reached and claimed, or dropped by the operator. Only a host of
// which a step says that its silence is a result, and that no other is sure to need, holds
// nothing up: it is noted, and asked about when a step comes that does need it. One that has
// said neither after a few seconds is late (late.go): what only reads begins without it.
func (e *Engine) reachAll(ctx context.Context) error {
	var again bool
	var names []string
	e.view(func(s *run.State) {
		again = s.Engines > 1
		for _, h := range s.Run.Hosts {
			if v := s.Hosts[h]; v == nil || v.State != run.HostDropped {
				names = append(names, h)
			}
		}
	})
	var needed, others []string
	for _, host := range names {
		if e.spare(host) {
			others = append(others, host)
		} else {
			needed = append(needed, host)
		}
	}
	e.dialAll(ctx, others)
	err := e.each(ctx, needed, func(host string) error {
		return e.dropIsFine(e.reach(e.hostCtx[host], host, again))
	})
	if err != nil {
		return err
	}
	there, err := e.firstLook(ctx, len(needed) > 0)
	if err != nil {
		return err
	}
	names = append(needed, there...) // the arbiter is one that all consoles need
	// The first host is the arbiter between two consoles that begin at the same moment.
	for i, host := range names {
		if i > 0 {
			break
		}
		if err := e.dropIsFine(e.claim(e.hostCtx[host], host)); err != nil {
			return err
		}
	}
	if len(names) < 2 {
		return nil
	}
	return e.each(ctx, names[1:], func(host string) error {
		return e.dropIsFine(e.claim(e.hostCtx[host], host))
	})
}

func (e *Engine) dropIsFine(err error) error {
	if errors.Is(err, errDropped) {
		return nil
	}
	return err
}

// each does something for several hosts at the same time and joins them; the first error
// that is not about one host wins.
func (e *Engine) each(ctx context.Context, names []string, do func(string) error) error {
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		e.work(1)
		wg.Go(func() {
			defer e.work(-1)
			errs[i] = do(name)
		})
	}
	e.work(-1)
	wg.Wait()
	e.work(1)
	return errors.Join(errs...)
}

// reach connects to a host and journals how it is found. A patient caller waits for a host
// that was there before; in any case the operator is asked in the end, and the host is tried
// on while the question is open.
func (e *Engine) reach(ctx context.Context, host string, patient bool) error {
	lock := e.reaching(host)
	e.work(-1) // whoever waits here does nothing: the one inside may be asking
	select {
	case lock <- struct{}{}:
	case <-ctx.Done():
		e.work(1)
		return context.Cause(ctx)
	}
	e.work(1)
	defer func() { <-lock }()
	for began := time.Now(); ; {
		p, err := e.tries(ctx, host, patient, began)
		if err != nil || p == nil {
			return err
		}
		q := run.Question{Kind: run.AskReach, Hosts: []string{host}, Options: []string{"retry", "drop", "stop"}, Problem: e.clean(p), Args: map[string]string{"host": host}}
		a, back, err := e.askReach(ctx, host, q, p)
		if err == nil && !back {
			err = e.obey(a, host)
		}
		if errors.Is(err, errDropped) && ctx.Err() == nil {
			return out(host)
		}
		if err != nil || back {
			return err
		}
	}
}

// tries connects to a host, for a patient caller again and again for as long as may be waited
// since it began. What keeps it away is for the operator.
func (e *Engine) tries(ctx context.Context, host string, patient bool, began time.Time) (*problem.Problem, error) {
	for pause := e.o.RetryAt; ; pause = min(2*pause, 5*time.Second) {
		e.dial(1)
		err := e.connect(ctx, host)
		e.dial(-1)
		if err == nil {
			return nil, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if e.isDropped(host) { // by somebody else's hand: this caller's own host is another one
			return nil, out(host)
		}
		if err := e.mayGoOn(ctx); err != nil {
			return nil, err // what runs there goes on by itself
		}
		p := failure("engine.reach", host, err)
		if err := e.hostIs(host, run.HostFailed, p); err != nil {
			return nil, err
		}
		if !patient || !passing(p) || time.Since(began) > e.patience(host) {
			return p, nil
		}
		if err := rest(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// dial counts who is on the way to a host.
func (e *Engine) dial(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dialing += n
	e.maybePark()
}

// out says that a host was dropped, to those who wanted to look at it from another one.
func out(host string) error { return problem.New("engine.dropped", host, nil) }

// reaching is the place for the one that reaches a host; the others wait for what it finds.
func (e *Engine) reaching(host string) chan struct{} {
	e.asking.Lock()
	defer e.asking.Unlock()
	if e.reachLock == nil {
		e.reachLock = map[string]chan struct{}{}
	}
	if e.reachLock[host] == nil {
		e.reachLock[host] = make(chan struct{}, 1)
	}
	return e.reachLock[host]
}

// rest waits, or returns why it need not.
func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// connect tries once. A host that comes back with another boot_id was rebooted.
func (e *Engine) connect(ctx context.Context, host string) error {
	h, err := e.o.Hosts.Host(host)
	if err == nil {
		err = h.Connect(ctx)
	}
	var facts Facts
	if err == nil {
		facts, err = h.Facts(ctx)
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.st.Hosts[host]
	state := run.HostReached
	switch {
	case v != nil && v.State == run.HostDropped:
		return errDropped
	case v != nil && v.Boot != "" && v.Boot != facts.Boot:
		state = run.HostRebooted
	case v != nil && v.Boot == facts.Boot && v.Platform == facts.Platform && (v.State == run.HostReached || v.State == run.HostClaimed || v.State == run.HostRebooted):
		return nil // nothing new
	}
	_, err = e.emitLocked(func(int64) Body {
		return run.HostState{Host: host, State: state, Boot: facts.Boot, Platform: facts.Platform}
	})
	return err
}

// hostIs journals a state of a host when it is news.
func (e *Engine) hostIs(host, state string, p *problem.Problem) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	v := e.st.Hosts[host]
	if v != nil && (v.State == run.HostDropped || v.State == state && (v.Problem == nil) == (p == nil) && (p == nil || v.Problem.Code == p.Code)) {
		return nil
	}
	if p != nil {
		p = e.cleanLocked(p)
	}
	_, err := e.emitLocked(func(int64) Body { return run.HostState{Host: host, State: state, Problem: p} })
	return err
}

// askReach asks about a host that cannot be reached, and goes on trying while the trouble may
// pass by itself: back says that it is reached again, before anybody has answered.
func (e *Engine) askReach(ctx context.Context, host string, q run.Question, p *problem.Problem) (a run.Answer, back bool, err error) {
	asked, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	type reply struct {
		a   run.Answer
		err error
	}
	got := make(chan reply, 1)
	go func() {
		a, err := e.ask(asked, q)
		got <- reply{a, err}
	}()
	tick := time.NewTicker(max(e.o.RetryAt, time.Millisecond) * 5)
	defer tick.Stop()
	for {
		select {
		case r := <-got:
			return r.a, false, r.err
		case <-tick.C:
			if !passing(p) {
				continue
			}
			e.work(1) // while it tries; what it asks then takes this off again
			err := e.connect(ctx, host)
			e.work(-1)
			if err != nil {
				continue
			}
			err = e.withdraw("reached", func(o run.Question) bool {
				return o.Kind == run.AskReach && len(o.Hosts) == 1 && o.Hosts[0] == host
			})
			if err != nil {
				stop(err)
			}
			if r := <-got; r.err == nil && r.a.Void == "" { // answered in the same moment: that counts
				return r.a, false, nil
			}
			return run.Answer{}, err == nil, err
		}
	}
}

// obey does what an answer about a host says.
func (e *Engine) obey(a run.Answer, host string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case a.Void != "":
	case a.Value == "drop":
		if reply := e.dropLocked(host); !reply.OK {
			return cmp.Or(e.unwritten, errFull)
		}
		return errDropped
	case a.Value == "stop":
		if err := e.endLocked(a.By); err != nil {
			return err
		}
		return errCancelled
	}
	return nil
}

// owner is this run as it stands in a claim.
func (e *Engine) owner() Owner {
	return Owner{Run: e.o.Dir.ID(), Site: e.o.Site.Name, Who: e.o.Who, Console: e.o.Console, Since: time.Now().UTC().Truncate(time.Second)}
}

// claim takes a host for this run.
func (e *Engine) claim(ctx context.Context, host string) error {
	me := e.owner()
	for {
		var holder Owner
		var ok bool
		err := e.with(ctx, host, func(ctx context.Context, h Host) (err error) {
			holder, ok, err = h.Claim(ctx, me)
			return err
		})
		if err == nil && ok {
			e.mu.Lock()
			e.held[host] = true
			e.mu.Unlock()
			return e.hostIs(host, run.HostClaimed, nil)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil && e.hasEnded(holder.Run, host) {
			err = e.with(ctx, host, func(ctx context.Context, h Host) error { return h.TakeOver(ctx, me, holder) })
			if err == nil || problem.Is(err, "remote.claim.lost") {
				continue
			}
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		q := run.Question{Kind: run.AskClaim, Hosts: []string{host}, Options: []string{"retry", "drop", "stop"}}
		if err != nil {
			q.Kind, q.Problem = run.AskReach, e.clean(failure("engine.claim", host, err))
			q.Args = map[string]string{"host": host}
		} else {
			q.Typed = e.o.Site.Name
			q.Args = map[string]string{"host": host, "run": holder.Run, "who": holder.Who, "console": holder.Console, "since": holder.Since.Format(time.RFC3339)}
			q.Bind = bind(holder.Run, holder.Console, holder.Since.String())
		}
		a, err := e.ask(ctx, q)
		if err != nil {
			return err
		}
		if q.Typed != "" && a.Value == q.Typed && a.Void == "" {
			if err := e.with(ctx, host, func(ctx context.Context, h Host) error { return h.TakeOver(ctx, me, holder) }); err != nil && ctx.Err() != nil {
				return context.Cause(ctx)
			}
			continue // the claim says whether it worked; somebody else may have been quicker
		}
		if err := e.obey(a, host); err != nil {
			return err
		}
	}
}

// hasEnded tells whether a run of this console has ended. Its claim is one that it could not give
// back, because the host did not answer just then: it holds nothing any more, unless a job of
// it was never seen to end there.
func (e *Engine) hasEnded(id, host string) bool {
	if id != filepath.Base(id) || id == e.o.Dir.ID() {
		return false
	}
	d, err := run.OpenDir(filepath.Join(filepath.Dir(e.o.Dir.Path()), id))
	if err != nil {
		return false
	}
	s, err := d.State()
	return err == nil && s.Ended != nil && s.Run.Run == id && !runningOn(s, host)
}

// mostLast bounds how long a host that went away is dialled once more when the engine leaves.
const mostLast = 5 * time.Second

// release lets all hosts go that this run holds, as far as they answer. One that was there and
// went away may have the claim still, and may be back in this moment: it gets one short try.
func (e *Engine) release(ctx context.Context) {
	e.mu.Lock()
	e.leaving = true
	e.mu.Unlock()
	var names []string
	var away []bool
	e.view(func(s *run.State) {
		for _, name := range s.Run.Hosts {
			v := s.Hosts[name]
			if v == nil || v.State == "" || runningOn(s, name) {
				continue
			}
			gone := v.State == run.HostFailed || v.State == run.HostLost || v.State == run.HostDialing
			if gone && v.Boot == "" {
				continue // it never answered, so nothing was claimed
			}
			names, away = append(names, name), append(away, gone)
		}
	})
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() {
			ctx := ctx
			if away[i] {
				short, cancel := context.WithTimeout(ctx, mostLast)
				defer cancel()
				ctx = short
			}
			free := func() error {
				h, err := e.o.Hosts.Host(name)
				if err == nil {
					err = h.Release(ctx, e.o.Dir.ID())
				}
				return err
			}
			err := free()
			if err != nil && e.connect(ctx, name) == nil { // an earlier engine claimed it, this one had nothing to do there
				err = free()
			}
			if err == nil {
				e.hostIs(name, run.HostReleased, nil)
			}
		})
	}
	wg.Wait()
}

// runningOn tells whether a job of the run may still be running on a host.
func runningOn(s *run.State, host string) bool {
	for _, st := range s.Steps {
		for _, u := range st.Units {
			for _, j := range u.Jobs {
				if u.Unit.Host == host && j.Ended == nil {
					return true
				}
			}
		}
	}
	return false
}

// with calls a host, and where the connection is lost reaches it again and calls anew. So
// every call must be one that may be repeated.
func (e *Engine) with(ctx context.Context, host string, call func(context.Context, Host) error) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if e.isDropped(host) {
			return out(host)
		}
		h, err := e.o.Hosts.Host(host)
		if err == nil {
			err = call(ctx, h)
		}
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p := problem.Of(err)
		if p == nil || !connection(p) {
			return err
		}
		if err := e.hostIs(host, run.HostLost, p); err != nil {
			return err
		}
		if err := e.reach(ctx, host, true); err != nil {
			return err
		}
	}
}

// connection tells whether a problem is one of reaching the host, not of what was to be done there.
func connection(p *problem.Problem) bool {
	for _, prefix := range []string{"remote.lost", "remote.name", "remote.tcp", "remote.handshake", "remote.key", "remote.login", "remote.jump", "remote.sessions", "remote.sudo", "remote.netns", "remote.secret", "remote.config"} {
		if strings.HasPrefix(string(p.Code), prefix) {
			return true
		}
	}
	return false
}

// passing tells whether a problem of reaching a host may pass by itself.
func passing(p *problem.Problem) bool {
	if p.Code == "remote.jump.loop" || p.Code == "remote.jump.forbidden" {
		return false
	}
	for _, prefix := range []string{"remote.lost", "remote.tcp", "remote.handshake", "remote.jump", "remote.sessions", "remote.login.dropped", "remote.login.timeout"} {
		if strings.HasPrefix(string(p.Code), prefix) {
			return true
		}
	}
	return false
}
