package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/site"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// Body and Event are the journal's.
type (
	Body  = run.Body
	Event = run.Event
)

// Options of one engine.
type Options struct {
	Dir        *run.Dir
	Journal    Journal
	Events     []run.Event // what the journal held when it was opened
	Procedure  *steps.Procedure
	Site       *site.Site
	Hosts      Hosts
	Secrets    Secrets
	Judgements []judgements.Judgement // that judge steps may name
	Settings   Settings
	DecidedAt  int64  // the newest event when Settings.Decide was given, to attach; 0: it was given with the run
	Console    string // host name of the console
	Boot       string // its boot_id
	Who        string // who started the run, for the claim
	Version    string

	// Times that tests shorten. Zero: the default in the comment.
	LostAfter time.Duration // how long a silent host is waited for before the operator is asked: 60 s
	RetryAt   time.Duration // between two tries to reach a host: 1 s, doubling up to 5 s
	FirstLook time.Duration // how long all hosts are waited for before the others are read: 4 s
}

// Settings is how a run was asked for; kept in its directory, without secrets.
type Settings struct {
	Params map[string]string `json:"params,omitempty"`
	OnAsk  string            `json:"on_ask"` // wait | park
	Decide map[string]string `json:"decide,omitempty"`
}

// Engine runs one run. Its state is that of the journal, nothing else, so that an engine that
// starts after a crash stands where the last one stood:
//
//	open journal → engine.started → reach and claim hosts (late ones while steps read) → for each step in order:
//	  fix units → units (parallel, or serial) → all settled → next
//	→ release hosts → run.ended
//
// It leaves early, with run.parked, when nobody can be asked, when asked to, or when the
// console's disk is full.
type Engine struct {
	o Options

	steps     []*steps.Step // all, those of called procedures too
	mu        sync.Mutex
	st        *run.State
	changed   chan struct{} // closed and replaced at each event
	looking   bool          // a plan: nobody is asked, nothing is begun
	busy      int           // goroutines that do something other than wait for an answer
	waiting   map[int64]int // goroutines that wait for an answer, by question
	dialing   int           // of the busy ones, those that are reaching a host
	logins    int           // questions open that came up on the way to a host
	parking   string        // why the engine is to leave once jobs have drained: "" it is not
	parkBy    *run.By
	aborted   bool                 // it is to end because the way back of a step was taken
	leaving   bool                 // hosts are being let go: nobody is asked any more
	hurry     *time.Timer          // ends the wait for jobs that were told to stop
	unwritten error                // why the journal could not be written, errFull or errBroken
	missed    map[string]time.Time // when a host did not answer last
	held      map[string]bool      // hosts that this engine has the claim of
	decided   map[decision]bool    // which answers given ahead were used up

	serve     func(context.Context, func(context.Context, run.Command, run.By) run.Reply) (wait func(), err error)
	otherBoot bool // the console was restarted since the last engine

	dropped map[string]context.CancelCauseFunc
	hostCtx map[string]context.Context

	cancel    context.CancelCauseFunc
	arriving  *arrivals  // hosts that are dialled while others are read already; nil before
	asking    sync.Mutex // guards reachLock
	reachLock map[string]chan struct{}
}

// parkCancel is the parking reason of a run that is to end for good.
const parkCancel = "cancel"

// Why a run goroutine gives up.
var (
	errParked    = errors.New("the run is parked")
	errCancelled = errors.New("the run is cancelled")
	errDropped   = errors.New("the host was dropped from the run")
	errFull      = errors.New("the console's disk is full")
	errBroken    = errors.New("the console cannot write the run down")
	errLeaving   = errors.New("the engine leaves, and nobody is asked any more")
)

// New makes an engine from a journal that was just opened.
func New(o Options) *Engine {
	if o.LostAfter == 0 {
		o.LostAfter = time.Minute
	}
	if o.RetryAt == 0 {
		o.RetryAt = time.Second
	}
	if o.FirstLook == 0 {
		o.FirstLook = 4 * time.Second
	}
	e := &Engine{
		steps: o.Procedure.Unfold(),
		o:     o, st: run.Fold(o.Events), changed: make(chan struct{}),
		decided: map[decision]bool{}, held: map[string]bool{}, missed: map[string]time.Time{}, waiting: map[int64]int{},
		dropped: map[string]context.CancelCauseFunc{}, hostCtx: map[string]context.Context{},
	}
	if o.Dir != nil {
		e.serve = o.Dir.Serve
	}
	e.usedUp()
	return e
}

// Run runs until the run has ended or is parked; both are nil. An error is one of the
// console: the journal cannot be written, the procedure cannot be run at all.
func (e *Engine) Run(parent context.Context) error {
	if e.st.Ended != nil {
		return nil
	}
	if e.st.Run.Run == "" {
		return fmt.Errorf("cannot go on with run %s: its journal does not begin with a plan", e.o.Dir.ID())
	}
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	e.cancel = cancel
	for _, h := range e.st.Run.Hosts {
		e.hostCtx[h], e.dropped[h] = context.WithCancelCause(ctx)
	}
	defer func() {
		for _, drop := range e.dropped {
			drop(nil)
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.hurry != nil {
			e.hurry.Stop()
			e.hurry = nil
		}
	}()
	e.otherBoot = e.st.Engine != nil && e.st.Engine.Boot != e.o.Boot
	if err := e.emit(run.EngineStarted{PID: os.Getpid(), Console: e.o.Console, Boot: e.o.Boot, Version: e.o.Version}); err != nil {
		return e.leave(parent, err)
	}
	// What was asked about reaching a host was about that moment. It is asked again if it holds.
	if err := e.withdraw("engine-restart", aboutReaching); err != nil {
		return e.leave(parent, err)
	}
	if err := e.o.Dir.Reserve(); err != nil {
		return e.leave(parent, e.ofConsole(err))
	}
	e.work(1)
	if err := e.pickUp(); err != nil {
		return e.leave(parent, err)
	}
	wait, err := e.serve(ctx, e.handle)
	if err != nil {
		return err
	}
	defer wait()
	defer cancel(nil)
	err = e.all(ctx)
	e.work(-1)
	return e.leave(parent, err)
}

// all is the run from end to end.
func (e *Engine) all(ctx context.Context) error {
	defer e.hangUp()
	if err := e.reachAll(ctx); err != nil {
		return err
	}
	for {
		if err := e.over(""); err != nil {
			return ended(err)
		}
		if err := e.verifyAgain(ctx); err != nil {
			return err
		}
		step := e.next("")
		if step == nil {
			return e.settled(ctx)
		}
		if err := e.runStep(ctx, step); err != nil {
			return ended(err)
		}
	}
}

// ended is nil for the error that stands for a good end.
func ended(err error) error {
	if errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// next is the first step of the procedure at a path that is not settled, nil when all are.
func (e *Engine) next(path string) *steps.Step {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.steps {
		if v := e.st.Step(s.ID); s.Path == path && v != nil && !v.Phase.Settled() {
			return s
		}
	}
	return nil
}

// leave writes down how the run stands and lets the hosts go.
func (e *Engine) leave(parent context.Context, err error) error {
	// What is written and released here must happen although the run's context is over; it
	// is bounded, because a silent host must not keep the engine.
	if err == nil || errors.Is(err, errCancelled) || errors.Is(err, errRefused) {
		if err := e.letGo(parent); err != nil {
			return e.leave(parent, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), 20*time.Second)
	defer cancel()
	if parent.Err() != nil && !errors.Is(err, errBroken) && errors.Is(err, context.Cause(parent)) {
		err = errParked
		e.mu.Lock()
		e.parking = "stopped"
		e.mu.Unlock()
	}
	switch {
	case errors.Is(err, errBroken):
		return err // nothing can be written down, so nothing more is done; the next engine goes on
	case errors.Is(err, errFull):
		return fmt.Errorf("cannot go on with run %s: %w", e.o.Dir.ID(), errors.Join(err, e.park(ctx, "disk")))
	case errors.Is(err, errCancelled):
		e.release(ctx)
		if err := e.outlived(); err != nil {
			return err
		}
		outcome := "cancelled"
		e.mu.Lock()
		if e.aborted {
			outcome = "failed"
		}
		e.mu.Unlock()
		return e.finish(ctx, run.RunEnded{Outcome: outcome})
	case errors.Is(err, errParked):
		e.mu.Lock()
		why := e.parking
		e.mu.Unlock()
		return e.park(ctx, why)
	case errors.Is(err, errRefused):
		e.release(ctx)
		return e.finish(ctx, run.RunEnded{Outcome: "refused", Say: e.lastVerdict()})
	case err != nil:
		return err
	}
	e.release(ctx)
	return e.finish(ctx, run.RunEnded{Outcome: e.outcome(), Say: e.lastVerdict()})
}

// finish writes the last event; where the disk has no room even for it, the run is parked and
// the next engine writes it.
func (e *Engine) finish(ctx context.Context, b run.RunEnded) error {
	err := e.emit(b)
	if errors.Is(err, errFull) {
		return errors.Join(err, e.park(ctx, "disk"))
	}
	return err
}

// park writes run.parked. The hosts are let go only when no job of ours runs on them.
func (e *Engine) park(ctx context.Context, why string) error {
	if why != "disk" && why != "stopped" {
		e.release(ctx)
	}
	e.mu.Lock()
	p := run.RunParked{Why: why, By: e.parkBy}
	for _, q := range e.st.Questions {
		p.Questions = append(p.Questions, q.Seq)
	}
	e.mu.Unlock()
	if why == "disk" {
		os.Remove(e.o.Dir.ReservePath()) // makes the room that this one event needs
	}
	return e.emit(p)
}

// outcome is done when something could be done at all.
func (e *Engine) outcome() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	left := len(e.st.Run.Hosts)
	for _, h := range e.st.Hosts {
		if h.State == run.HostDropped {
			left--
		}
	}
	if left <= 0 && len(e.st.Run.Hosts) > 0 {
		return "unreachable"
	}
	return "done"
}

// emit writes one event and folds it. It is the only way state changes.
func (e *Engine) emit(b Body) error {
	_, err := e.emitWith(func(int64) Body { return b })
	return err
}

func (e *Engine) emitWith(make func(seq int64) Body) (Event, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.emitLocked(make)
}

func (e *Engine) emitLocked(make_ func(seq int64) Body) (Event, error) {
	ev, err := e.o.Journal.AppendWith(make_)
	if errors.Is(err, run.ErrTooLong) {
		return ev, err
	}
	if err != nil {
		err = e.ofConsole(err)
		e.unwritten = err
		if e.cancel != nil {
			e.cancel(err)
		}
		return ev, err
	}
	e.st.Apply(ev)
	e.wake()
	return ev, nil
}

// ofConsole tells apart why the console cannot write a file of the run: a full disk parks the
// run; anything else (an I/O error, a file system that is read-only now) ends this engine.
func (e *Engine) ofConsole(err error) error {
	switch {
	case err == nil || errors.Is(err, errFull) || errors.Is(err, errBroken):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w: %w", errFull, err)
	}
	return fmt.Errorf("%w: %w", errBroken, problem.New("engine.journal", "", err, "run", e.o.Dir.ID(), "dir", e.o.Dir.Path()))
}

// refuse is the reply to a command that could not be written down. The state is locked.
func (e *Engine) refuse() run.Reply {
	if errors.Is(e.unwritten, errBroken) {
		return run.Reply{Error: run.ReplyJournal}
	}
	return run.Reply{Error: run.ReplyDisk}
}

// view looks at the state.
func (e *Engine) view(look func(*run.State)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	look(e.st)
}

// await waits until something holds of the state; it is looked at after each event.
func (e *Engine) await(ctx context.Context, holds func(*run.State) bool) error {
	for {
		e.mu.Lock()
		ok, changed := holds(e.st), e.changed
		e.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// work counts goroutines that do something. When none is left, all wait for answers, and
// nobody can be asked, the engine leaves.
func (e *Engine) work(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy += n
	e.maybePark()
}

// wait moves a goroutine from doing something to waiting for an answer (n 1), or back (-1).
func (e *Engine) wait(question int64, n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy -= n
	if e.waiting[question] += n; e.waiting[question] == 0 {
		delete(e.waiting, question)
	}
	e.maybePark()
}

func (e *Engine) maybePark() {
	busy := e.busy
	if e.logins > 0 {
		// Hosts share what is asked on the way to them, one question at a time. So who is on the
		// way to another host may be waiting in line, and loses nothing when it is not.
		busy -= max(0, e.dialing-e.logins)
	}
	if busy > 0 || e.cancel == nil {
		return
	}
	if e.parking == "" && e.o.Settings.OnAsk == "park" && e.stuck() {
		e.parking = "question"
	}
	switch e.parking {
	case "":
	case parkCancel:
		e.cancel(errCancelled)
	default:
		e.cancel(errParked)
	}
}

// stuck tells whether all that is waited for is still open: an answer that is there already
// wakes somebody up in a moment.
func (e *Engine) stuck() bool {
	for seq := range e.waiting {
		if !slices.ContainsFunc(e.st.Questions, func(q *run.QuestionView) bool { return q.Seq == seq }) {
			return false
		}
	}
	return len(e.waiting) > 0
}

// mayGoOn is asked before anything new is begun on a host.
func (e *Engine) mayGoOn(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch e.parking {
	case "":
		return nil
	case parkCancel:
		return errCancelled
	}
	return errParked
}

// ending tells whether the run is to end for good.
func (e *Engine) ending() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.parking == parkCancel
}

// failure makes a problem of any error.
func failure(code problem.Code, host string, err error) *problem.Problem {
	if p := problem.Of(err); p != nil {
		return p
	}
	return problem.New(code, host, err)
}
