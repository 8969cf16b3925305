package run

import (
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/steps"
)

// State is everything that a journal says, folded: a pure function of it. Viewers, the
// report, resume and the exit status all read this and nothing else.
type State struct {
	Run       RunStarted
	Started   time.Time
	Last      time.Time // of the newest event
	Seq       int64     // of the newest event
	Engine    *EngineStarted
	Engines   int // how often an engine took the run
	Hosts     map[string]*HostView
	Steps     []*StepView
	Questions []*QuestionView                   // open ones, oldest first
	Answered  []*QuestionView                   // settled ones, oldest first
	Facts     map[string]map[string]steps.Value // host ("" the console) -> fact, with its path (PathOf)
	ByHand    map[string]map[string]bool        // of Facts: read at the host's own console
	Lets      map[string]any                    // with their paths
	NoLets    map[string]string                 // lets that are absent: why
	Fetched   []Fetched                         // the scene
	Files     []FileChanged
	Leaks     []Leak
	Truncated []LogTruncated
	Edits     []Edit
	Verdicts  []Verdict
	Parked    *RunParked // set while parked; a new engine clears it
	Ended     *RunEnded
	EndedAt   time.Time

	steps map[string]*StepView
	jobs  map[string]*JobView
}

// HostView is a host as the run sees it.
type HostView struct {
	Name     string
	State    string // HostReached …, "" before the first look
	Since    time.Time
	Boot     string
	Platform string
	Problem  *problem.Problem
	Rebooted int64     // Seq of the last time it was seen to have rebooted, 0: not in this run
	Booted   time.Time // when that was seen
}

// Phase is where a step or unit stands, for people.
//
//	waiting → ready → checking → running → verifying → done | already | failed
//	             └────────────┴─────────┴──→ asking (a question is open)
//	waiting/ready → held (serial) | skipped
type Phase string

// The phases.
const (
	PhaseWaiting   Phase = "waiting"
	PhaseReady     Phase = "ready"
	PhaseChecking  Phase = "checking"
	PhaseAsking    Phase = "asking"
	PhaseRunning   Phase = "running"
	PhaseVerifying Phase = "verifying"
	PhaseHeld      Phase = "held"
	PhaseDone      Phase = "done"
	PhaseAlready   Phase = "already"
	PhaseFailed    Phase = "failed"
	PhaseSkipped   Phase = "skipped"
)

// Settled tells whether nothing more happens by itself in this phase.
func (p Phase) Settled() bool {
	return p == PhaseDone || p == PhaseAlready || p == PhaseSkipped
}

// StepView is a step with its units.
type StepView struct {
	PlannedStep
	Ready   bool // the units are fixed
	Units   []*UnitView
	Skipped *UnitSkipped // the whole step
	Phase   Phase
	Started time.Time
	Ended   time.Time

	Read  map[string]map[string]Reading // what it read, or judged, last: host -> fact
	First map[string]map[string]Reading // and the first time in the run, before anything was changed
	Meant map[string]Check              // what was said of a host then

	titleOf i18n.Text // the title without the units' own items and hosts in it; empty: there are none in it

	Base    int         // attempts made before the procedure that it belongs to was begun anew
	Earlier []*UnitView // the units of those times
}

// UnitView is one unit.
type UnitView struct {
	Unit     Unit
	Phase    Phase
	Attempt  int // 1 is the first; counts UnitEnded failed + retries
	First    int // the first attempt of this unit: 1, or more in a called procedure that was begun anew
	Started  time.Time
	Ended    time.Time
	Millis   int64
	Checks   []Check    // of the current attempt
	Jobs     []*JobView // all attempts
	Problem  *problem.Problem
	Skipped  *UnitSkipped
	Held     *Unit
	Question int64 // open question about it, 0: none
	Proven   int64 // Seq of the event that last said that it is done, 0: not yet
}

// JobView is one job.
type JobView struct {
	Seq     int64 // of its intent
	Intent  JobIntent
	At      time.Time
	Claimed bool
	Ended   *JobEnded
	Stop    *JobStop
}

// QuestionView is a question with what became of it.
type QuestionView struct {
	Seq    int64
	At     time.Time
	Q      Question
	Answer *Answer
	Done   time.Time
	Told   int64 // Seq of the answer
}

// Step returns the view of a step, or nil.
func (s *State) Step(id string) *StepView { return s.steps[id] }

// Unit returns the view of a unit, or nil.
func (s *State) Unit(u Unit) *UnitView {
	if st := s.steps[u.Step]; st != nil {
		for _, v := range st.Units {
			if v.Unit == u {
				return v
			}
		}
	}
	return nil
}

// Job returns the view of a job, or nil.
func (s *State) Job(id string) *JobView { return s.jobs[id] }

// Title of a step in a language, its id when it has none.
func (v *StepView) Name(l i18n.Lang) string {
	if v.Title.Empty() {
		return v.ID
	}
	return unfilled(v.Title.In(l))
}
