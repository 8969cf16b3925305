package engine

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// pickUp settles what an earlier engine left half done between a command and its effect:
// questions about a moment that is over fall away (they are asked anew where they still
// count), and answers that were acknowledged, and journalled, are obeyed.
func (e *Engine) pickUp() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	momentary := []string{run.AskReach, run.AskClaim, run.AskHostKey, run.AskStall, run.AskSecret}
	for _, q := range slices.Clone(e.st.Questions) {
		if slices.Contains(momentary, q.Q.Kind) {
			if err := e.voidLocked(q.Seq, "engine-restart"); err != nil {
				return err
			}
		}
	}
	hostly := []string{run.AskReach, run.AskClaim, run.AskFailed, run.AskLost}
	for _, q := range slices.Clone(e.st.Answered) {
		if q.Answer.Void != "" {
			continue
		}
		switch {
		case slices.Contains(hostly, q.Q.Kind) && q.Answer.Value == "drop":
			host := q.Q.Unit.Host
			if host == "" && len(q.Q.Hosts) == 1 {
				host = q.Q.Hosts[0]
			}
			if reply := e.dropLocked(host); !reply.OK {
				return cmp.Or(e.unwritten, errFull)
			}
		case slices.Contains(hostly, q.Q.Kind) && q.Answer.Value == "stop":
			return e.endLocked(q.Answer.By)
		case q.Q.Kind == run.AskStall && q.Answer.Value == "stop":
			if err := e.stopLocked(q.Answer.By, func(j *run.JobView) bool {
				return j.Intent.Unit == q.Q.Unit && j.Intent.Attempt == q.Q.Attempt
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Engine) voidLocked(question int64, why string) error {
	_, err := e.emitLocked(func(int64) Body { return run.Answer{Question: question, Void: why} })
	return err
}

// stopLocked asks the jobs that have not ended, and that are meant, to stop.
func (e *Engine) stopLocked(by *run.By, which func(*run.JobView) bool) error {
	for _, st := range e.st.Steps {
		for _, u := range st.Units {
			for _, j := range u.Jobs {
				if j.Ended != nil || j.Stop != nil || !which(j) {
					continue
				}
				if _, err := e.emitLocked(func(int64) Body { return run.JobStop{Job: j.Intent.Job, By: by} }); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// How long a run that is to end waits for its jobs: to stop, and then to be killed.
const (
	mostEnding  = 30 * time.Second
	mostKilling = 15 * time.Second
)

// endLocked ends the run: jobs that run are stopped, nothing new is begun, and when all is
// quiet the engine leaves. What has not stopped after mostEnding is killed; what lives even
// then is told of when the engine leaves, and its host stays claimed.
func (e *Engine) endLocked(by *run.By) error {
	if e.parking == parkCancel {
		return nil // said twice
	}
	e.parking = parkCancel
	// what takes something back, or lets go of it, is what is wanted now
	if err := e.stopLocked(by, func(j *run.JobView) bool { return !j.Intent.Abort }); err != nil {
		return err
	}
	e.hurry = time.AfterFunc(mostEnding, e.killJobs)
	e.maybePark()
	e.wake()
	return nil
}

// killJobs stops hard what did not stop when it was asked to.
func (e *Engine) killJobs() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.hurry == nil {
		return // the engine has left
	}
	for _, j := range jobsLeft(e.st) {
		if j.Claimed && (j.Stop == nil || !j.Stop.Hard) {
			if _, err := e.emitLocked(func(int64) Body { return run.JobStop{Job: j.Intent.Job, Hard: true, By: e.parkBy} }); err != nil {
				return // which has the engine leave
			}
		}
	}
	e.hurry = time.AfterFunc(mostKilling, func() { e.cancel(errCancelled) })
}

// jobsLeft are the jobs of which no end is known.
func jobsLeft(s *run.State) (left []*run.JobView) {
	for _, st := range s.Steps {
		for _, u := range st.Units {
			for _, j := range u.Jobs {
				if j.Ended == nil {
					left = append(left, j)
				}
			}
		}
	}
	return left
}

// outlived says of each host on which a job may still run that it does. The host stays claimed.
func (e *Engine) outlived() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, j := range jobsLeft(e.st) {
		h := e.st.Hosts[j.Intent.Unit.Host]
		if h == nil || h.Problem != nil && h.Problem.Code == "engine.job.outlives" {
			continue
		}
		p := problem.New("engine.job.outlives", h.Name, nil, "job", j.Intent.Job, "step", j.Intent.Unit.Step)
		if _, err := e.emitLocked(func(int64) Body { return run.HostState{Host: h.Name, State: h.State, Problem: p} }); err != nil {
			return err
		}
	}
	return nil
}

// wake has everybody who awaits something look again.
func (e *Engine) wake() {
	close(e.changed)
	e.changed = make(chan struct{})
}

// over tells whether an end or prove step of the procedure at a path has spoken, and what it
// means for it. Such a step is
// settled here, and not before its verdict is in the journal: what comes after it is not done.
func (e *Engine) over(path string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if v := e.st.Verdict(path); v != nil {
		if s := e.step(v.Step); s != nil && (s.Action == steps.ActEnd || s.Action == steps.ActProve) {
			for _, u := range e.st.Step(v.Step).Units {
				if u.Phase.Settled() || u.Phase == run.PhaseFailed {
					continue
				}
				end := run.UnitEnded{Unit: u.Unit, Attempt: u.Attempt, Outcome: run.OutcomeDone}
				if s.Action == steps.ActProve {
					end.Outcome, end.Problem = run.OutcomeFailed, problem.New("engine.refused", "", nil, "step", s.ID)
				}
				if _, err := e.emitLocked(func(int64) Body { return end }); err != nil {
					return err
				}
			}
			if v.Outcome == "refused" {
				return errRefused
			}
			return errEnded
		}
	}
	return nil
}

// answerOf checks a free answer against the type that its question wants, and brings it to
// the form that scripts get.
func (e *Engine) answerOf(q run.Question, value string) (clean string, ok bool) {
	if q.Kind != run.AskValue || q.Type == "" {
		return value, true
	}
	p := steps.Param{Type: q.Type}
	clean, why := p.Clean(value, e.o.Site)
	if q.Type != steps.String && strings.TrimSpace(value) == "" {
		return value, false
	}
	return clean, why == ""
}

// typed is an answer as expressions see it, like a parameter of that type.
func typed(of steps.ParamType, value string) any {
	switch of {
	case steps.Int:
		if i, err := strconv.Atoi(value); err == nil {
			return i
		}
	case steps.Bool:
		return value == "true"
	}
	return value
}

// isDropped tells whether a host is out of the run.
func (e *Engine) isDropped(host string) (out bool) {
	e.view(func(s *run.State) { out = s.Hosts[host] != nil && s.Hosts[host].State == run.HostDropped })
	return out
}

// patience is how long a silent host is waited for before the operator is asked. A host that
// we told to restart may take its time: iron counts its memory first.
func (e *Engine) patience(host string) time.Duration {
	patience := e.o.LostAfter
	e.view(func(st *run.State) {
		for _, s := range e.steps {
			v := st.Step(s.ID)
			if s.Action != steps.ActReboot || v == nil {
				continue
			}
			for _, u := range v.Units {
				if u.Unit.Host == host && len(u.Jobs) > 0 && !u.Phase.Settled() && u.Phase != run.PhaseFailed {
					patience = max(patience, rebootTime(s))
				}
			}
		}
	})
	return patience
}

// rebootTime is how long a restart may take before somebody is asked.
func rebootTime(s *steps.Step) time.Duration {
	if s.Stall > 0 {
		return s.Stall
	}
	return 15 * time.Minute
}
