// Package plain shows a run without a screen: line mode and JSON. It follows the run's
// journal as it grows, prints a line for each event that is worth one, asks the operator's
// questions with numbered prompts, and ends with the verification table and what to do next.
// It works in a pipe and on a dumb terminal: no escape sequence, no cursor movement.
//
// It may import internal/run and the rooms below it, internal/diagnose, internal/i18n,
// internal/problem, runbooks/signatures and steps; never internal/remote, internal/engine or Bubble Tea.
package plain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/clipperhouse/displaywidth"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/runbooks/signatures"
)

// Options of Follow.
type Options struct {
	Dir      *run.Dir
	Lang     i18n.Lang
	ASCII    bool             // see Detect
	Location *time.Location   // of the times shown; nil: the console's
	Redactor *redact.Redactor // for the logs; nil: there are no secrets
	In       io.Reader        // answers; nil: nobody answers
	Out      io.Writer
	ErrOut   io.Writer // notes that are not about the run: detaching, a dead engine. nil: Out

	Interactive bool // ask questions; a pipe can answer too
	Observe     bool // only watch: send nothing to the engine
	Resume      bool // the run is joined under way: say where it stands, not all that happened
	JSON        bool // print the journal's events and ask nothing

	Baseline   *run.Baseline     // the last good picture of the site, to compare with; nil: none
	Revived    bool              // the engine was just started again: it may have answers for questions that are still open
	OnAsk      string            // "park": when nobody can answer, end the run's engine; else wait for another viewer
	Decide     map[string]string // answers given ahead, as run.Decisions has them; each is used for one question
	StopOnExit bool              // when ctx ends, stop the run instead of leaving it

	// Draft puts a unit's script into a file for the operator to change, unless it is there
	// already, and says where. nil: scripts cannot be changed in this viewer.
	Draft func(run.Unit) (path string, err error)

	// Matcher finds known trouble in the logs of running jobs, which is told with the runbook that
	// fits. nil: nothing is looked for.
	Matcher *signatures.Matcher

	// Restart starts the run's engine again when it is gone. nil: say so and leave.
	Restart func(context.Context) error

	alive func() bool // for tests in fake time, in which a socket cannot be waited for
}

// Times of the follower.
const (
	look   = 150 * time.Millisecond // between two looks at the journal
	beat   = 10 * time.Second       // of silence, until a heartbeat
	missed = 3 * time.Second        // the engine does not answer for so long: it is gone
	grace  = 10 * time.Second       // for an engine that is just starting
	asked  = time.Second            // a question that is open for so long was not answered ahead
	again  = 2 * time.Second        // before an answer that could not be given is asked for again
	ending = time.Minute            // for a run that is being stopped
)

// ErrUsage says that what was asked for cannot be: --decide names a step that is not there.
type ErrUsage struct{ Text string }

func (e *ErrUsage) Error() string { return e.Text }

// Follow shows the run until it has ended, is parked, or ctx ends, and returns the exit
// status: the run's own (run.State.ExitStatus), run.ExitDetached when ctx ended before,
// run.ExitUsage with an *ErrUsage. Another error says that the journal could not be read or
// nothing could be printed; the run goes on without this viewer.
func Follow(ctx context.Context, o Options) (status int, err error) {
	f := newFollower(o)
	defer f.close()
	status, err = f.follow(ctx)
	if err == nil {
		err = f.p.failed()
	}
	if err != nil && status != run.ExitUsage {
		status = run.ExitDetached
	}
	return status, err
}

// follower is one Follow.
//
//	following ──run.ended, run.parked──> end page
//	   │  └──ctx ends──> detached, or (StopOnExit) stopping ──run.ended──> end page
//	   └──engine gone──> restarted, or left
type follower struct {
	o    Options
	cat  *i18n.Catalogue
	p    *printer // of Out
	note *printer // of ErrOut
	st   *run.State
	tail *run.Tail
	in   *input

	hints  *diagnose.Hints
	hinted time.Time // when the logs were last looked at

	hostWidth  int
	told       map[run.Unit]bool   // its problem was printed
	shown      map[string]int      // evidence tables printed, by step: of which time
	rows       map[string][]string // hosts whose rows are printed, by step and time
	ahead      *run.Ahead
	parkSent   bool
	incomplete bool                // something was left out
	nobody     bool                // the input has ended, or a secret cannot be typed
	later      map[int64]time.Time // questions that are not asked again before

	asking int64 // the question in a dialog, 0: none
	cancel context.CancelFunc
	reply  chan answered

	quiet    time.Time // since when nothing was printed
	lines    int64
	before   *run.RunParked // what an earlier engine wrote, when this viewer came
	seen     time.Time      // when the engine was last known to be there
	wasAlive bool
	opened   map[int64]time.Time // when this viewer first saw a question open
}

// answered is how a dialog ended.
type answered struct {
	question int64
	command  run.Command
	err      error
}

func newFollower(o Options) *follower {
	if o.Location == nil {
		o.Location = time.Local
	}
	if o.ErrOut == nil {
		o.ErrOut = o.Out
	}
	if o.ASCII {
		o.Lang = i18n.English
	}
	if o.alive == nil {
		o.alive = o.Dir.EngineAlive
	}
	f := &follower{
		o: o, cat: i18n.For(o.Lang), st: run.NewState(), tail: o.Dir.Tail(),
		p:    &printer{w: o.Out, ascii: o.ASCII, redact: o.Redactor},
		told: map[run.Unit]bool{}, ahead: run.NewAhead(o.Decide), later: map[int64]time.Time{},
		opened: map[int64]time.Time{}, reply: make(chan answered, 1), cancel: func() {},
		hints: newHints(o.Dir, o.Matcher),
	}
	f.note = f.p
	if o.ErrOut != o.Out {
		f.note = &printer{w: o.ErrOut, ascii: o.ASCII, redact: o.Redactor}
	}
	if o.Interactive && o.In != nil && !o.JSON && !o.Observe {
		f.in = newInput(o.In)
	}
	return f
}

// close ends the dialog and the reader.
func (f *follower) close() {
	f.endDialog()
	if f.in != nil {
		f.in.close()
	}
}

// asks tells whether this viewer asks questions itself.
func (f *follower) asks() bool { return f.in != nil && !f.nobody }

func (f *follower) follow(ctx context.Context) (int, error) {
	now := time.Now()
	f.seen, f.quiet = now, now
	first, stopping := true, false
	done := ctx.Done()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		events, err := f.tail.Read()
		if err := f.take(events, first); err != nil {
			return run.ExitUsage, err
		}
		if err != nil {
			return run.ExitDetached, err
		}
		if p := f.p.failed(); p != nil {
			return run.ExitDetached, fmt.Errorf("cannot print: %w", p)
		}
		if len(events) > 0 || first {
			f.seen = time.Now()
		}
		if f.over(first && len(events) > 0) {
			f.endDialog()
			f.hinted = time.Time{}
			f.hint(ctx)
			f.end()
			return f.st.ExitStatus(), nil
		}
		first = first && len(events) == 0
		if gone, err := f.engine(ctx); gone || err != nil {
			return f.st.ExitStatus(), err
		}
		if !f.o.JSON {
			f.heartbeat()
		}
		f.hint(ctx)
		if err := f.questions(ctx); err != nil {
			return run.ExitDetached, err
		}
		select {
		case <-done:
			f.endDialog()
			if !f.o.StopOnExit || f.o.Observe {
				f.note.line(0, i18n.Fill(f.cat.Plain.Detached, "run", f.o.Dir.ID()))
				return run.ExitDetached, nil
			}
			if stopping {
				return f.st.ExitStatus(), nil
			}
			// Stopping takes a moment, in which ctx is over already.
			stopping, f.nobody = true, true
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), ending)
			defer cancel()
			f.note.line(0, f.cat.Plain.Stopping)
			f.stop(end)
			ctx, done = end, end.Done()
		case a := <-f.reply:
			f.given(ctx, a)
		case <-tick.C:
		}
	}
}

// take folds new events and shows them.
func (f *follower) take(events []run.Event, first bool) error {
	for _, e := range events {
		if b, ok := e.Body.(run.Answer); ok && b.By == nil && b.Void == "" && !(first && f.o.Resume) { // what was before used none of ours
			if q := f.question(b.Question); q != nil {
				f.ahead.Used(q.Q.Unit)
			}
		}
		f.st.Apply(e)
		if b, ok := e.Body.(run.RunStarted); ok {
			for _, key := range f.ahead.Keys() {
				if step := run.DecidedStep(key); f.st.Step(step) == nil {
					return &ErrUsage{i18n.Fill(f.cat.Plain.DecideStep, "step", step)}
				}
			}
			for _, h := range b.Hosts {
				f.hostWidth = min(16, max(f.hostWidth, displaywidth.String(h)))
			}
		}
		switch {
		case f.o.JSON:
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			f.p.out(string(f.o.Redactor.Bytes(text)) + "\n")
		case !f.o.Resume || !first:
			f.event(e)
		}
	}
	if f.o.Resume && first && len(events) > 0 && !f.o.JSON {
		f.head()
		f.resume()
		if !f.asks() {
			for _, q := range f.st.Questions {
				f.show(q, true)
			}
		}
	}
	return nil
}

// over tells whether nothing more is to come. What an earlier engine left parked is not over
// while a new one may be starting.
func (f *follower) over(first bool) bool {
	switch {
	case f.st.Ended != nil:
		return true
	case f.st.Parked == nil:
		return false
	case first:
		f.before = f.st.Parked
		return f.o.Observe && !f.o.alive()
	case f.o.Resume && !f.o.Observe && f.st.Parked == f.before:
		return time.Since(f.seen) > grace && !f.o.alive()
	}
	return true
}

// engine looks whether the run's engine is there; gone tells to leave.
func (f *follower) engine(ctx context.Context) (gone bool, err error) {
	since := time.Since(f.seen)
	limit := missed
	if !f.wasAlive {
		limit = grace
	}
	if since < time.Second {
		return false, nil
	}
	if f.o.alive() {
		f.seen, f.wasAlive = time.Now(), true
		return false, nil
	}
	if since < limit {
		return false, nil
	}
	if f.o.Restart != nil && !f.o.Observe {
		f.note.line(0, f.cat.Plain.Restart)
		if err := f.o.Restart(ctx); err != nil {
			return false, fmt.Errorf("cannot start the engine of run %s again: %w", f.o.Dir.ID(), err)
		}
		f.seen, f.wasAlive = time.Now(), false
		return false, nil
	}
	if f.o.Observe {
		return false, nil // it may come back; whoever watches can leave
	}
	f.endDialog()
	f.note.line(0, i18n.Fill(f.cat.Plain.Gone, "run", f.o.Dir.ID()))
	return true, nil
}

// question returns an open question, or nil.
func (f *follower) question(seq int64) *run.QuestionView {
	for _, q := range f.st.Questions {
		if q.Seq == seq {
			return q
		}
	}
	return nil
}

// questions answers what is open: ahead, by a dialog, or by parking the run.
func (f *follower) questions(ctx context.Context) error {
	if f.asking != 0 && f.question(f.asking) == nil {
		seq := f.asking
		f.endDialog()
		f.p.line(0, i18n.Fill(f.cat.Plain.Late, "n", strconv.FormatInt(seq, 10)))
	}
	if f.o.Observe || f.asking != 0 || len(f.st.Questions) == 0 || ctx.Err() != nil {
		return nil
	}
	now := time.Now()
	for _, q := range f.st.Questions {
		if _, ok := f.opened[q.Seq]; !ok {
			f.opened[q.Seq] = now
		}
		if now.Before(f.later[q.Seq]) {
			continue
		}
		c, wrong, ok := f.ahead.Answer(q)
		if wrong != "" {
			f.note.line(0, i18n.Fill(f.cat.Plain.DecideBad, "given", wrong, "step", f.st.UnitName(q.Q.Unit, f.cat.Lang)))
		}
		if ok {
			f.given(ctx, answered{q.Seq, c, nil})
			return nil
		}
		if f.asks() {
			f.open(ctx, q)
			return nil
		}
		patience := asked
		if f.o.Revived {
			patience = grace
		}
		if f.o.OnAsk == "park" && !f.parkSent && now.Sub(f.opened[q.Seq]) >= patience {
			if _, err := f.o.Dir.Send(ctx, run.Command{Do: "park"}); err == nil {
				f.parkSent = true
			}
			return nil
		}
	}
	return nil
}

// open begins the dialog for a question.
func (f *follower) open(ctx context.Context, q *run.QuestionView) {
	f.show(q, !f.told[q.Q.Unit])
	ctx, f.cancel = context.WithCancel(ctx)
	f.asking = q.Seq
	d := &dialog{p: f.p, in: f.in, cat: f.cat, run: f.o.Dir.ID(), draft: f.o.Draft}
	view := *q // the fold goes on meanwhile
	go func() {
		c, err := d.ask(ctx, &view)
		f.reply <- answered{view.Seq, c, err}
	}()
}

// endDialog ends the dialog that is open and waits for it.
func (f *follower) endDialog() {
	if f.asking == 0 {
		return
	}
	f.cancel()
	<-f.reply
	f.asking = 0
	f.p.answered(false)
}

// given sends an answer, and looks what became of it.
func (f *follower) given(ctx context.Context, a answered) {
	if f.asking == a.question {
		f.cancel()
		f.asking = 0
	}
	switch {
	case errors.Is(a.err, errNobody):
		if !errors.Is(a.err, errNoTerminal) { // that was said already
			f.p.line(0, f.cat.Plain.NoInput)
		}
		f.nobody = true
		return
	case a.err != nil:
		return
	}
	reply, err := f.o.Dir.Send(ctx, a.command)
	switch {
	case err != nil:
		f.note.line(0, f.cat.Plain.NoEngine)
		f.later[a.question] = time.Now().Add(again)
	case !reply.OK:
		f.p.line(0, i18n.Fill(f.cat.Plain.Refused, "why", i18n.Word(f.cat.Words.Reply, reply.Error)))
		if reply.Detail != "" {
			f.p.line(0, reply.Detail)
		}
		f.later[a.question] = time.Now().Add(again)
	default:
		f.later[a.question] = time.Now().Add(again) // its event is on the way
	}
}

// stop stops what runs and ends the run.
func (f *follower) stop(ctx context.Context) {
	for _, st := range f.st.Steps {
		for _, u := range st.Units {
			if u.Phase == run.PhaseRunning {
				f.o.Dir.Send(ctx, run.Command{Do: "stop", Unit: u.Unit})
			}
		}
	}
	if _, err := f.o.Dir.Send(ctx, run.Command{Do: "cancel"}); err != nil {
		f.note.line(0, f.cat.Plain.NoEngine)
	}
}
