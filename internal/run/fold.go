package run

import (
	"slices"

	"stackhand/steps"
)

// Fold folds a journal into state.
func Fold(events []Event) *State {
	s := NewState()
	for _, e := range events {
		s.Apply(e)
	}
	return s
}

// NewState is the state before the first event.
func NewState() *State {
	return &State{
		Hosts:  map[string]*HostView{},
		Facts:  map[string]map[string]steps.Value{},
		ByHand: map[string]map[string]bool{},
		NoLets: map[string]string{},
		Lets:   map[string]any{},
		steps:  map[string]*StepView{},
		jobs:   map[string]*JobView{},
	}
}

// Apply takes one more event in. Events that speak of what the journal never planned (of a
// hostile or damaged one) are passed over.
func (s *State) Apply(e Event) {
	s.Seq, s.Last = e.Seq, e.Time
	switch b := e.Body.(type) {
	case RunStarted:
		s.begin(b, e)
	case EngineStarted:
		s.Engine, s.Parked = &b, nil
		s.Engines++
	case HostState:
		s.host(b, e)
	case UnitReady:
		if st := s.steps[b.Step]; st != nil && !st.Ready {
			st.Ready, st.Started = true, e.Time
			s.fillTitle(st, b.Units)
			for _, u := range b.Units {
				if u.Step != b.Step || s.Unit(u) != nil {
					continue // a unit belongs to its step, and is there once
				}
				v := &UnitView{Unit: u, Phase: PhaseReady, Attempt: st.Base + 1, First: st.Base + 1, Started: e.Time}
				if slices.Contains(b.Skipped, u) {
					v.Phase, v.Ended, v.Skipped = PhaseSkipped, e.Time, &UnitSkipped{Unit: u, Why: "when"}
				}
				st.Units = append(st.Units, v)
			}
			s.settle(st, e)
		}
	case UnitSkipped:
		s.skipped(b, e)
	case UnitHeld:
		s.withUnit(b.Unit, e, func(v *UnitView) {
			if v.Phase == PhaseReady {
				v.Phase, v.Held = PhaseHeld, &b.For
			}
		})
	case UnitEnded:
		s.withUnit(b.Unit, e, func(v *UnitView) { v.end(b, e) })
	case Fact:
		s.fact(b)
	case Let:
		s.let(b)
	case Verdict:
		s.Verdicts = append(s.Verdicts, b)
	case Question:
		s.Questions = append(s.Questions, &QuestionView{Seq: e.Seq, At: e.Time, Q: b})
		s.withUnit(b.Unit, e, func(v *UnitView) { v.Question = e.Seq })
	case Answer:
		s.answer(b, e)
	case Check:
		s.withUnit(b.Unit, e, func(v *UnitView) { v.check(b) })
		if b.Phase == "means" {
			s.meant(b)
		}
	case JobIntent, JobClaimed, JobEnded, JobStop:
		s.job(b, e)
	case FileChanged:
		s.Files = append(s.Files, b)
	case Fetched:
		s.Fetched = append(s.Fetched, b)
	case Edit:
		s.Edits = append(s.Edits, b)
	case Leak:
		s.Leaks = append(s.Leaks, b)
	case LogTruncated:
		s.Truncated = append(s.Truncated, b)
	case RunParked:
		s.Parked = &b
	case RunEnded:
		s.Ended, s.EndedAt = &b, e.Time
	}
}

func (s *State) begin(b RunStarted, e Event) {
	if len(s.Steps) > 0 {
		return
	}
	s.Run, s.Started = b, e.Time
	for _, p := range b.Plan {
		if s.steps[p.ID] != nil {
			continue
		}
		v := &StepView{PlannedStep: p, Phase: PhaseWaiting}
		s.Steps = append(s.Steps, v)
		s.steps[p.ID] = v
	}
	for _, h := range b.Hosts {
		s.Hosts[h] = &HostView{Name: h}
	}
}

func (s *State) host(b HostState, e Event) {
	v := s.Hosts[b.Host]
	if v == nil {
		v = &HostView{Name: b.Host}
		s.Hosts[b.Host] = v
	}
	if v.State == HostDropped {
		return // dropped is for the rest of the run
	}
	v.State, v.Since, v.Problem = b.State, e.Time, b.Problem
	if b.Boot != "" {
		v.Boot = b.Boot
	}
	if b.Platform != "" {
		v.Platform = b.Platform
	}
	if b.State == HostRebooted {
		v.Rebooted, v.Booted = e.Seq, e.Time
	}
	if b.State != HostDropped {
		return
	}
	for _, st := range s.Steps {
		for _, u := range st.Units {
			if u.Unit.Host == b.Host && !u.Phase.Settled() {
				u.Phase, u.Ended = PhaseSkipped, e.Time
				u.Skipped = &UnitSkipped{Unit: u.Unit, Why: "dropped"}
			}
		}
		s.settle(st, e)
	}
}

func (s *State) skipped(b UnitSkipped, e Event) {
	st := s.steps[b.Unit.Step]
	if st == nil {
		return
	}
	if !st.Ready && b.Unit.Host == "" && b.Unit.Item == "" {
		st.Skipped, st.Phase, st.Started, st.Ended = &b, PhaseSkipped, e.Time, e.Time
		s.leftOut(st, b.Why, e)
		return
	}
	s.withUnit(b.Unit, e, func(v *UnitView) {
		v.Phase, v.Skipped, v.Ended, v.Held = PhaseSkipped, &b, e.Time, nil
	})
}

// withUnit changes a unit and then looks at its step anew.
func (s *State) withUnit(u Unit, e Event, change func(*UnitView)) {
	if v := s.Unit(u); v != nil {
		st, attempt := s.steps[u.Step], v.Attempt
		change(v)
		s.settle(st, e)
		switch {
		case st.Action != steps.ActCall:
		case v.Phase.Settled():
			why := "end"
			if v.Skipped != nil {
				why = v.Skipped.Why
			}
			s.leftOut(st, why, e)
		case v.Attempt > attempt:
			s.anew(st)
		}
	}
}

func (v *UnitView) end(b UnitEnded, e Event) {
	if v.Phase == PhaseSkipped {
		return // given up, or its host dropped, while the attempt was on its way to its end
	}
	v.Attempt, v.Ended, v.Millis, v.Problem, v.Held = b.Attempt, e.Time, b.Millis, b.Problem, nil
	switch b.Outcome {
	case OutcomeDone:
		v.Phase, v.Proven = PhaseDone, e.Seq
	case OutcomeAlready:
		v.Phase, v.Proven = PhaseAlready, e.Seq
	case OutcomeFailed:
		v.Phase = PhaseFailed
	case OutcomeReopen:
		v.again(e)
	}
}

// again opens the unit for its next attempt.
func (v *UnitView) again(e Event) {
	v.Phase, v.Attempt, v.Started = PhaseReady, v.Attempt+1, e.Time
	v.Checks, v.Problem, v.Skipped, v.Held = nil, nil, nil, nil
}

func (v *UnitView) check(b Check) {
	switch {
	case v.Phase.Settled() || v.Phase == PhaseFailed: // proven again, after a reboot; or a remark
	case b.Phase == "means" || b.Phase == "guard":
	case b.Phase == "verify":
		v.Phase = PhaseVerifying
	default:
		v.Phase = PhaseChecking
	}
	v.Held = nil
	i := slices.IndexFunc(v.Checks, func(c Check) bool { return c.Phase == b.Phase && c.ID == b.ID && c.On == b.On })
	if i < 0 {
		v.Checks = append(v.Checks, b)
	} else {
		v.Checks[i] = b
	}
}

func (s *State) job(body Body, e Event) {
	switch b := body.(type) {
	case JobIntent:
		s.withUnit(b.Unit, e, func(v *UnitView) {
			j := &JobView{Seq: e.Seq, Intent: b, At: e.Time}
			v.Jobs = append(v.Jobs, j)
			s.jobs[b.Job] = j
			if !v.Phase.Settled() && !b.Abort {
				v.Phase, v.Held = PhaseRunning, nil
			}
		})
	case JobClaimed:
		if j := s.jobs[b.Job]; j != nil {
			j.Claimed = true
		}
	case JobStop:
		if j := s.jobs[b.Job]; j != nil {
			j.Stop = &b
		}
	case JobEnded:
		if j := s.jobs[b.Job]; j != nil {
			j.Ended = &b
			s.withUnit(j.Intent.Unit, e, func(v *UnitView) {
				if !v.Phase.Settled() && !j.Intent.Abort { // what is skipped or dropped stays so
					v.Phase = PhaseVerifying
				}
			})
		}
	}
}

func (s *State) answer(b Answer, e Event) {
	i := slices.IndexFunc(s.Questions, func(q *QuestionView) bool { return q.Seq == b.Question })
	if i < 0 {
		return
	}
	q := s.Questions[i]
	s.Questions = slices.Delete(s.Questions, i, i+1)
	q.Answer, q.Done, q.Told = &b, e.Time, e.Seq
	s.Answered = append(s.Answered, q)
	s.withUnit(q.Q.Unit, e, func(v *UnitView) {
		v.Question = 0
		for _, other := range s.Questions {
			if other.Q.Unit == v.Unit {
				v.Question = other.Seq
			}
		}
		if b.Void == "" && q.Q.Kind == AskFailed && (b.Value == "retry" || b.Value == "edit") && v.Phase == PhaseFailed {
			v.again(e)
		}
		if b.Void == "" && q.Q.Kind == AskLost && b.Value == "rerun" && !v.Phase.Settled() {
			v.again(e)
		}
	})
}

// settle computes the phase of a step from its units.
func (s *State) settle(st *StepView, e Event) {
	if st == nil || !st.Ready {
		return
	}
	rank := []Phase{PhaseAsking, PhaseFailed, PhaseRunning, PhaseVerifying, PhaseChecking, PhaseReady, PhaseHeld, PhaseDone, PhaseAlready, PhaseSkipped}
	best := len(rank) - 1
	for _, u := range st.Units {
		p := u.Phase
		if u.Question != 0 && p != PhaseFailed {
			p = PhaseAsking
		}
		if r := slices.Index(rank, p); r >= 0 && r < best {
			best = r
		}
	}
	settled := st.Phase.Settled()
	st.Phase = rank[best]
	if st.Phase.Settled() && !settled { // what is read once more later on does not make it longer
		st.Ended = e.Time
	}
}

// Shown is the phase of a unit as people should see it: asking while a question about it is open.
func (v *UnitView) Shown() Phase {
	if v.Question != 0 && v.Phase != PhaseFailed {
		return PhaseAsking
	}
	return v.Phase
}

// Exit statuses, as the manual gives them.
const (
	ExitDone        = 0
	ExitFailed      = 1
	ExitUsage       = 2
	ExitParked      = 3
	ExitUnreachable = 4
	ExitTaken       = 5
	ExitRefused     = 6
	ExitDetached    = 7
)

// ExitStatus is what the process of a viewer exits with.
func (s *State) ExitStatus() int {
	switch {
	case s.Ended != nil:
		switch s.Ended.Outcome {
		case "done":
			return ExitDone
		case "refused":
			return ExitRefused
		case "unreachable":
			return ExitUnreachable
		}
		return ExitFailed
	case s.Parked != nil && s.Parked.Why == "takeover":
		return ExitTaken
	case s.Parked != nil:
		for _, q := range s.Questions { // the oldest that says more than "a decision is needed"
			switch q.Q.Kind {
			case AskClaim:
				return ExitTaken
			case AskReach, AskHostKey:
				return ExitUnreachable
			case AskFailed:
				return ExitFailed
			}
		}
		return ExitParked
	}
	return ExitDetached
}
