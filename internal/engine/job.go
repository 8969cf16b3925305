package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// rebootScript restarts the host unless that has happened already, so that a repeat cannot
// restart it twice. The old boot_id arrives as a variable.
const rebootScript = `[ "$(cat /proc/sys/kernel/random/boot_id)" = "$old_boot" ] || exit 0
sync
systemctl reboot || reboot
`

// running is one job on its way through the life that internal/job draws.
type running struct {
	e      *Engine
	s      *steps.Step
	intent run.JobIntent
	spec   job.Spec
	host   string
	begun  bool // job.claimed is in the journal
	stale  bool // the script would be another one today: this job may go on, but not start
	found  bool // an earlier engine, or attempt, wrote the intent
	gone   bool // it had begun, and its traces on the host are gone

	// again evaluates what the step requires once more, for a job that was found before its
	// start: time has passed since. What is red is kept in red, and the job does not start.
	again func(context.Context) (*problem.Problem, error)
	red   *problem.Problem
}

// runJob runs a unit's script as a job, or re-joins the one that an earlier engine began.
// Settled is false when the unit is to be looked at again: the job never began, or is to run
// once more.
func (e *Engine) runJob(ctx context.Context, s *steps.Step, v run.UnitView, before *run.JobView, script steps.Script) (settled bool, p *problem.Problem, err error) {
	r, err := e.newJob(ctx, s, v, before, script)
	if err != nil {
		return false, nil, err
	}
	var ended run.JobEnded
	if before != nil && before.Ended != nil {
		ended = *before.Ended
	} else if ended, err = r.toItsEnd(ctx); err != nil {
		return false, nil, err
	}
	if s.Action == steps.ActReboot && ended.State != job.Revoked && ended.State != job.Stopped && (ended.State != job.Done || ended.Code == 0) {
		return true, nil, e.back(ctx, r)
	}
	switch ended.State {
	case job.Done:
		if ended.Code != 0 {
			return true, e.stepFailed(r.host, ended.Code, e.tail(r.intent.Log)), nil
		}
		return true, nil, nil
	case job.Stopped:
		return true, problem.New("engine.job.stopped", r.host, nil), nil
	case job.Revoked:
		if r.red != nil {
			return true, r.red, nil
		}
		// it never ran, and now never will
		return false, nil, e.emit(run.UnitEnded{Unit: v.Unit, Attempt: v.Attempt, Outcome: run.OutcomeReopen})
	}
	return e.lost(ctx, s, v, ended)
}

// newJob journals the intent, or takes it from the journal. The error is errEdited when the
// script is no longer the one that was confirmed.
func (e *Engine) newJob(ctx context.Context, s *steps.Step, v run.UnitView, before *run.JobView, script steps.Script) (*running, error) {
	return e.newJobOf(ctx, s, v, before, script, "")
}

// newJobOf is newJob for the step's action (""), or for a way back: abort, letgo.
func (e *Engine) newJobOf(ctx context.Context, s *steps.Step, v run.UnitView, before *run.JobView, script steps.Script, way string) (*running, error) {
	host, abort := v.Unit.Host, way != ""
	r := &running{e: e, s: s, host: host}
	text, values, err := e.jobText(ctx, s, v, before, script, abort)
	if err != nil && (before == nil || stays(err) || ctx.Err() != nil) {
		return nil, err
	}
	sum := sha256.Sum256([]byte(text))
	sha := hex.EncodeToString(sum[:])
	if before != nil {
		r.intent, r.begun, r.found = before.Intent, before.Claimed, true
		r.again = func(ctx context.Context) (*problem.Problem, error) {
			return e.checks(ctx, s, v, "require", s.Require, true)
		}
	} else {
		var boot string
		e.view(func(st *run.State) { boot = st.Hosts[host].Boot })
		e.mu.Lock() // an edit comes before this, and is seen, or after it
		now, edited := Edited(e.o.Dir, e.st, s.ID, host)
		if !abort && edited && now != script.All {
			e.mu.Unlock()
			return nil, errEdited
		}
		ev, err := e.emitLocked(func(seq int64) Body {
			id := fmt.Sprintf("%s-%d", e.o.Dir.ID(), seq)
			return run.JobIntent{Job: id, Unit: v.Unit, Attempt: v.Attempt, SHA: sha, Boot: boot, Log: fmt.Sprintf("%05d-%s-%s.log", seq, inFile(s.ID), host), Abort: abort, Way: way}
		})
		e.mu.Unlock()
		if err != nil {
			return nil, err
		}
		r.intent = ev.Body.(run.JobIntent)
	}
	// A script that cannot be made any more, or an attempt that is over, is no reason to start
	// anything; a job that runs is seen to its end all the same.
	r.stale = err != nil || sha != r.intent.SHA || v.Attempt != r.intent.Attempt
	r.spec = job.Spec{ID: r.intent.Job, Run: e.o.Dir.ID(), Script: text, Sudo: s.Sudo == nil || *s.Sudo, Secrets: map[string][]byte{}}
	for name, value := range values {
		r.spec.Secrets[name] = []byte(value)
	}
	return r, nil
}

// jobText is the script of a unit, and the secrets that it uses. For a job that began it is
// the same text as then: parameters, lets and facts come from the journal.
func (e *Engine) jobText(ctx context.Context, s *steps.Step, v run.UnitView, before *run.JobView, script steps.Script, abort bool) (string, map[string]string, error) {
	host := v.Unit.Host
	sc := e.scope(s, host, v.Unit.Item)
	if s.Action == steps.ActReboot {
		old := sc.Platforms[host]
		e.view(func(st *run.State) { old = st.Hosts[host].Boot })
		if before != nil {
			old = before.Intent.Boot
		}
		word, err := job.Quote(old)
		return "old_boot=" + word + "\n" + rebootScript, nil, err
	}
	if _, ok := e.edited(s, host); !abort && !ok && e.wasEdited(s, host) { // the script that the operator replaced must not run instead
		return "", nil, problem.New("engine.step", host, fmt.Errorf("cannot read the edited script of step %s in the run directory", s.ID))
	}
	var names []string
	text, err := e.text(s, sc, script, sc.Platforms[host], func(used []string) string {
		names = used
		return steps.SecretPrologueJob(used)
	})
	if err != nil {
		return "", nil, err
	}
	if before != nil && before.Claimed {
		return text, nil, nil // it has, or had, its secrets
	}
	values, err := e.secretValues(ctx, v.Unit, names)
	return text, values, err
}

// toItsEnd takes the job through its life: what is found on the host decides what comes next.
func (r *running) toItsEnd(ctx context.Context) (run.JobEnded, error) {
	stopWatch := r.watchStop(ctx)
	defer stopWatch()
	for {
		var look job.Look
		err := r.e.with(ctx, r.host, func(ctx context.Context, h Host) (err error) {
			look, err = h.Look(ctx, r.spec.ID)
			return err
		})
		if err != nil {
			return run.JobEnded{}, err
		}
		switch state := job.Judge(look); state {
		case job.Absent, job.Prepared:
			if state == job.Absent && r.begun {
				return r.ended(job.Lost, look) // its folder is gone
			}
			r.gone = r.begun // a power cut took its claim: what it did is not known
			if r.again != nil && !r.begun && !r.stopped() && !r.stale {
				var err error
				if r.red, err = r.again(ctx); err != nil {
					return run.JobEnded{}, err
				}
				r.again = nil
			}
			if r.begun || r.stopped() || r.stale || r.red != nil {
				ended, err := r.revoke(ctx, look)
				if err != nil || ended.Job != "" {
					return ended, err
				}
				continue // it has begun after all
			}
			if err := r.start(ctx); err != nil {
				return run.JobEnded{}, err
			}
		case job.Starting:
			if err := rest(ctx, 300*time.Millisecond); err != nil {
				return run.JobEnded{}, err
			}
		case job.Unbegun:
			ended, err := r.revoke(ctx, look)
			if err != nil || ended.Job != "" {
				return ended, err
			}
		case job.Revoked:
			return r.ended(r.revoked(), look)
		default:
			if err := r.claimed(true); err != nil {
				return run.JobEnded{}, err
			}
			look, err := r.follow(ctx)
			if err != nil {
				return run.JobEnded{}, err
			}
			if state := job.Judge(look); state != job.Running && state != job.Starting {
				return r.ended(state, look)
			}
		}
	}
}

// start puts the job on its host and gives it the permission to start. Both may be repeated:
// what is there is accepted, and only one start can ever win.
func (r *running) start(ctx context.Context) error {
	if err := r.e.mayGoOn(ctx); err != nil {
		return err
	}
	err := r.e.with(ctx, r.host, func(ctx context.Context, h Host) error { return h.Prepare(ctx, r.spec) })
	if err != nil {
		return err
	}
	var started bool
	err = r.e.with(ctx, r.host, func(ctx context.Context, h Host) (err error) {
		started, err = h.Start(ctx, r.spec)
		return err
	})
	if problem.Is(err, "remote.claim.lost") {
		return r.e.takenOver()
	}
	if err != nil {
		return err
	}
	return r.claimed(!started)
}

func (r *running) claimed(found bool) error {
	if r.begun {
		return nil
	}
	r.begun = true
	return r.e.emit(run.JobClaimed{Job: r.spec.ID, Found: found})
}

// revoke makes sure that the job can never start. An empty result says that it has begun.
func (r *running) revoke(ctx context.Context, look job.Look) (run.JobEnded, error) {
	var ok bool
	err := r.e.with(ctx, r.host, func(ctx context.Context, h Host) (err error) {
		ok, err = h.Revoke(ctx, r.spec.ID)
		return err
	})
	if err != nil || !ok {
		return run.JobEnded{}, err
	}
	return r.ended(r.revoked(), look)
}

// revoked is what it means that a job never began: the operator wanted it so, or it had begun
// as far as the journal knows and its traces are gone, or it is to be made anew.
func (r *running) revoked() job.State {
	switch {
	case r.gone:
		return job.Lost
	case r.stopped():
		return job.Stopped
	}
	return job.Revoked
}

// ended journals the end; the log is on disk before.
func (r *running) ended(state job.State, look job.Look) (run.JobEnded, error) {
	end := run.JobEnded{Job: r.spec.ID, State: state, Code: look.Code, Bytes: look.Size}
	if look.Exit {
		end.Bytes = look.Bytes
	}
	if state == job.Done && len(r.s.Read) > 0 {
		out, err := lastBytes(r.e.o.Dir.LogPath(r.intent.Log), mostRead)
		if err != nil {
			return run.JobEnded{}, err
		}
		if err := r.e.facts(r.intent.Unit, r.s.Read, out, nil, look.Code); err != nil {
			return run.JobEnded{}, err
		}
	}
	if state == job.Done {
		info, err := os.Stat(r.e.o.Dir.LogPath(r.intent.Log))
		if (err != nil || info.Size() != end.Bytes) && !r.said(func(s *run.State) bool {
			return slices.ContainsFunc(s.Truncated, func(t run.LogTruncated) bool { return t.Log == r.intent.Log })
		}) {
			if err := r.e.emit(run.LogTruncated{Log: r.intent.Log, Why: "host"}); err != nil {
				return run.JobEnded{}, err
			}
		}
	}
	if err := r.e.emit(end); err != nil {
		return run.JobEnded{}, err
	}
	// Tidying is no part of the outcome: /run empties itself, and a unit that is left behind
	// is never used again.
	if h, err := r.e.o.Hosts.Host(r.host); err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		h.Tidy(ctx, r.spec.ID)
	}
	return end, nil
}

// mostRead bounds how much of a job's output facts are looked for in: its end.
const mostRead = 8 << 20

// lastBytes reads the end of a file; a file that is not there is empty.
func lastBytes(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-most), most))
}

// follow copies the job's output into the log until the job ends, across lost connections.
func (r *running) follow(ctx context.Context) (job.Look, error) {
	f, err := os.OpenFile(r.e.o.Dir.LogPath(r.intent.Log), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return job.Look{}, r.e.ofConsole(err)
	}
	defer f.Close()
	w := &logWriter{f: f, heard: &atomic.Int64{}}
	w.heard.Store(time.Now().UnixNano())
	if r.found && r.e.otherBoot {
		r.found = false
		// The console went down hard since: what was not synced may be anything. The host has it all.
		if err := f.Truncate(0); err != nil {
			return job.Look{}, r.e.ofConsole(fmt.Errorf("cannot copy the log of %s anew: %w", r.spec.ID, err))
		}
	}
	info, err := f.Stat()
	if err != nil {
		return job.Look{}, err
	}
	scan, flush := r.scanner(info.Size())
	out := io.MultiWriter(w, scan)
	defer flush()
	stallDone := r.watchStall(ctx, w)
	defer stallDone()
	var look job.Look
	err = r.e.with(ctx, r.host, func(ctx context.Context, h Host) error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		w.connected.Store(true)
		defer w.connected.Store(false)
		look, err = h.Follow(ctx, r.spec.ID, info.Size(), out)
		if w.err != nil {
			return r.e.ofConsole(w.err)
		}
		return err
	})
	if err == nil {
		err = r.e.ofConsole(f.Sync())
	}
	if errors.Is(err, errFull) || errors.Is(err, errBroken) {
		r.e.cancel(err)
	}
	return look, err
}

// logWriter appends to the log and notes when something came.
type logWriter struct {
	f         *os.File
	heard     *atomic.Int64
	connected atomic.Bool
	err       error
}

func (w *logWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		w.err = err
		return n, err // what is there stays: the offset is the file's size
	}
	w.heard.Store(time.Now().UnixNano())
	return n, nil
}

// scanner looks for secrets in the output; one that shows is a leak, said once a log.
func (r *running) scanner(from int64) (io.Writer, func()) {
	said := map[string]bool{}
	s := r.e.redactor().Scan(from, func(name string, offset int64) {
		if !said[name] && !r.said(func(s *run.State) bool {
			return slices.ContainsFunc(s.Leaks, func(l run.Leak) bool { return l.Log == r.intent.Log && l.Secret == name })
		}) {
			said[name] = true
			r.e.emit(run.Leak{Log: r.intent.Log, Secret: name, Offset: offset})
		}
	})
	return s, func() { s.Close() }
}

// said looks whether the journal says something already: an earlier engine may have.
func (r *running) said(look func(*run.State) bool) (yes bool) {
	r.e.view(func(s *run.State) { yes = look(s) })
	return yes
}
