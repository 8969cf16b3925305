// Package run is a run on disk: the journal and the state folded from it, the logs, the
// control socket's protocol, the redactor and the report. The run directory is the interface
// between the engine and all viewers, so this package knows neither.
//
// It may import internal/problem, internal/i18n, internal/job, internal/site and steps; no
// screen, no SSH.
package run

import (
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/steps"
)

// Version of the journal's format.
const Version = 1

// Event is one line of the journal. Order is Seq; Time is for people only.
type Event struct {
	V    int
	Seq  int64 // 1, 2, 3 … without a gap
	Time time.Time
	Body Body
}

// Body is what an event says; its type names it. The list is closed.
type Body interface{ EventType() string }

// Unit is a step on one host, for one item: what is retried, skipped, shown.
type Unit struct {
	Step string `json:"step"`
	Host string `json:"host,omitempty"` // empty: on the console
	Item string `json:"item,omitempty"`
}

// String is step@host[item].
func (u Unit) String() string {
	s := u.Step
	if u.Host != "" {
		s += "@" + u.Host
	}
	if u.Item != "" {
		s += "[" + u.Item + "]"
	}
	return s
}

// By is who did something: from the peer credentials of the control socket.
type By struct {
	UID  int    `json:"uid"`
	User string `json:"user,omitempty"`
	PID  int    `json:"pid,omitempty"`
}

// PlannedStep is a step as the run began with it.
type PlannedStep struct {
	ID     string       `json:"id"`
	Title  i18n.Text    `json:"title"`
	About  i18n.Text    `json:"about,omitzero"`
	Action steps.Action `json:"action"`
	Risk   steps.Risk   `json:"risk,omitempty"`
	Hosts  []string     `json:"hosts,omitempty"` // as far as the site alone tells
	Normal i18n.Text    `json:"normal,omitzero"`
	Show   []string     `json:"show,omitempty"`   // columns of its evidence table
	When   string       `json:"when,omitempty"`   // the condition, as the procedure has it
	Called string       `json:"called,omitempty"` // call: the procedure's id. Its steps follow, as "ID/…"
	Holds  *Holds       `json:"holds,omitempty"`  // what it holds for a while
}

// Holds is what a step holds on its hosts until another one lets go of it.
type Holds struct {
	Until string    `json:"until"` // step
	Say   i18n.Text `json:"say"`   // what is held, and how it is let go by hand; with {host_name}
}

// Box is a value that is read back at a host's own console.
type Box struct {
	Name  string    `json:"name"`
	Say   i18n.Text `json:"say"`
	Match string    `json:"match,omitempty"`
	As    string    `json:"as,omitempty"` // as in a step's read
}

// The bodies.
type (
	// RunStarted is the first event: the whole plan.
	RunStarted struct {
		Run       string            `json:"run"`
		Procedure string            `json:"procedure"`
		Kind      steps.Kind        `json:"kind"`
		Title     i18n.Text         `json:"title"`
		Site      string            `json:"site"`
		Hosts     []string          `json:"hosts"`
		Plan      []PlannedStep     `json:"plan"`
		Params    map[string]string `json:"params,omitempty"`  // without secrets
		Secrets   []string          `json:"secrets,omitempty"` // names only
		Console   string            `json:"console,omitempty"` // host name of the console
		OnAsk     string            `json:"on_ask,omitempty"`  // wait | park
		Who       string            `json:"who,omitempty"`     // who began it, and gave the answers that were given ahead
	}
	// EngineStarted says that an engine process took the run.
	EngineStarted struct {
		PID     int    `json:"pid"`
		Console string `json:"console,omitempty"`
		Boot    string `json:"boot,omitempty"` // boot_id of the console
		Version string `json:"version,omitempty"`
	}
	// HostState says how the engine and a host stand.
	HostState struct {
		Host     string           `json:"host"`
		State    string           `json:"state"` // HostReached …
		Boot     string           `json:"boot,omitempty"`
		Platform string           `json:"platform,omitempty"`
		Problem  *problem.Problem `json:"problem,omitempty"`
	}
	// UnitReady fixes which units a step has, and for which of them its condition does not hold:
	// those are skipped, because of "when". It is written once a step.
	UnitReady struct {
		Step    string `json:"step"`
		Units   []Unit `json:"units"`
		Skipped []Unit `json:"skipped,omitempty"` // of Units
	}
	// UnitSkipped says that a unit (or, without host and item, a whole step) is not done.
	UnitSkipped struct {
		Unit   Unit   `json:"unit"`
		Why    string `json:"why"` // when | operator | dropped | unreachable
		Reason string `json:"reason,omitempty"`
		By     *By    `json:"by,omitempty"`
	}
	// UnitHeld says that a unit waits for another one to be settled.
	UnitHeld struct {
		Unit Unit `json:"unit"`
		For  Unit `json:"for"`
	}
	// UnitEnded is the end of one attempt of a unit.
	UnitEnded struct {
		Unit    Unit             `json:"unit"`
		Attempt int              `json:"attempt"`
		Outcome string           `json:"outcome"` // OutcomeDone …
		Problem *problem.Problem `json:"problem,omitempty"`
		Millis  int64            `json:"ms"` // of this attempt, monotonic; 0 when an engine restart lies in it
	}
	// Fact is a value read on a host, or given by a judgement. It belongs to the procedure that
	// its step belongs to: that of a called one is not seen outside it.
	Fact struct {
		Unit  Unit        `json:"unit"`
		Name  string      `json:"name"`
		Value steps.Value `json:"value"`
		By    string      `json:"by,omitempty"` // hand: read by somebody at the host's own console
	}
	// Let is a value computed, answered or given once, for the rest of the run; or absent.
	Let struct {
		Step   string `json:"step"`
		Name   string `json:"name"`
		Value  any    `json:"value"`
		Absent string `json:"absent,omitempty"` // why there is none
	}
	// Verdict is what a judgement or an end step says.
	Verdict struct {
		Step    string    `json:"step"`
		Outcome string    `json:"outcome"`
		Say     i18n.Text `json:"say,omitzero"`
	}
	// Question is something only the operator answers. Its Seq names it.
	Question struct {
		Kind    string            `json:"kind"` // AskConfirm …
		Unit    Unit              `json:"unit,omitzero"`
		Attempt int               `json:"attempt,omitempty"`
		Say     i18n.Text         `json:"say,omitzero"`      // from the procedure
		Args    map[string]string `json:"args,omitempty"`    // for the kind's own text
		Options []string          `json:"options,omitempty"` // the answers it takes; empty: free text
		Titles  []i18n.Text       `json:"titles,omitempty"`  // of the options, for choose
		Type    steps.ParamType   `json:"type,omitempty"`    // of a free answer
		Default string            `json:"default,omitempty"`
		Typed   string            `json:"typed,omitempty"` // the text that must be typed exactly
		Bind    string            `json:"bind,omitempty"`  // sha256 over script, hosts and facts shown; void if one changes
		Hosts   []string          `json:"hosts,omitempty"`
		Problem *problem.Problem  `json:"problem,omitempty"`
		Card    []string          `json:"card,omitempty"`  // reach: what to type at the host's own console
		Boxes   []Box             `json:"boxes,omitempty"` // and what is read back, for the answer hand
	}
	// Answer settles a question.
	Answer struct {
		Question int64  `json:"question"`
		Value    string `json:"value,omitempty"` // never a secret
		Reason   string `json:"reason,omitempty"`
		By       *By    `json:"by,omitempty"`   // nil: from --decide, or the engine itself
		Void     string `json:"void,omitempty"` // set when the question fell away: changed, engine-restart

		Values map[string]string `json:"values,omitempty"` // hand: what was read back, by box
	}
	// JobIntent is written, and on disk, before a job touches its host.
	JobIntent struct {
		Job     string `json:"job"`
		Unit    Unit   `json:"unit"`
		Attempt int    `json:"attempt"`
		SHA     string `json:"sha"`
		Boot    string `json:"boot"`
		Log     string `json:"log"`             // file under logs/
		Abort   bool   `json:"abort,omitempty"` // no attempt of the unit: a way back
		Way     string `json:"way,omitempty"`   // which: abort, or letgo of what the step holds
	}
	// JobClaimed says that the start was given, or found given.
	JobClaimed struct {
		Job   string `json:"job"`
		Found bool   `json:"found,omitempty"` // by an earlier engine
	}
	// JobEnded says what became of a job. With State done the log is complete.
	JobEnded struct {
		Job   string    `json:"job"`
		State job.State `json:"state"`
		Code  int       `json:"code"`
		Bytes int64     `json:"bytes"`
	}
	// JobStop is written before a job is asked to stop.
	JobStop struct {
		Job  string `json:"job"`
		Hard bool   `json:"hard,omitempty"`
		By   *By    `json:"by,omitempty"`
	}
	// Check is one judgement of a check: expected and found.
	Check struct {
		Unit     Unit             `json:"unit"`
		Attempt  int              `json:"attempt"`
		Phase    string           `json:"phase"` // check | require | verify | guard | prove | means
		ID       string           `json:"id"`
		Title    i18n.Text        `json:"title,omitzero"`
		On       string           `json:"on,omitempty"` // host it ran on, when not the unit's
		OK       bool             `json:"ok"`
		Level    string           `json:"level,omitempty"` // means: ok | odd | bad
		Expected string           `json:"expected,omitempty"`
		Found    string           `json:"found,omitempty"`
		Remedy   i18n.Text        `json:"remedy,omitzero"`
		Tries    int              `json:"tries,omitempty"`
		Problem  *problem.Problem `json:"problem,omitempty"` // when it could not be looked
	}
	// Edit says that the operator changed a script for some hosts of this run.
	Edit struct {
		Step  string   `json:"step"`
		SHA   string   `json:"sha"`
		Hosts []string `json:"hosts"`
		File  string   `json:"file"` // under edits/
		By    *By      `json:"by,omitempty"`
	}
	// FileChanged says which file was written, and where the old one is.
	FileChanged struct {
		Unit   Unit   `json:"unit"`
		Path   string `json:"path"`
		Backup string `json:"backup,omitempty"` // empty: there was none
		Diff   string `json:"diff,omitempty"`   // unified, redacted, cut at 64 KiB
	}
	// Fetched says that a file or output of a host is in the scene of the run, or why it is not.
	Fetched struct {
		Unit   Unit   `json:"unit"`
		Path   string `json:"path"`             // on the host; of an output, its name
		Output bool   `json:"output,omitempty"` // what a script printed
		File   string `json:"file,omitempty"`   // under scene/
		Bytes  int64  `json:"bytes"`            // kept
		SHA    string `json:"sha,omitempty"`    // sha256 of what is kept
		Cut    bool   `json:"cut,omitempty"`    // only its end is kept
		Absent string `json:"absent,omitempty"` // why it is not there
	}
	// Leak says that a secret was seen in a log; or, without a log, in a fact or let, whose
	// value was kept nowhere then.
	Leak struct {
		Log    string `json:"log,omitempty"`
		Secret string `json:"secret"` // its name
		Offset int64  `json:"offset"`
		Unit   Unit   `json:"unit,omitzero"`
		Name   string `json:"name,omitempty"` // of the fact or let
	}
	// LogTruncated says that a log is not complete, and why.
	LogTruncated struct {
		Log string `json:"log"`
		Why string `json:"why"`
	}
	// RunParked says that the engine leaves and the run waits.
	RunParked struct {
		Why       string  `json:"why"` // question | stopped | disk | takeover
		Questions []int64 `json:"questions,omitempty"`
		By        *By     `json:"by,omitempty"`
	}
	// RunEnded is the last event.
	RunEnded struct {
		Outcome string    `json:"outcome"` // done | failed | refused | unreachable | cancelled
		Say     i18n.Text `json:"say,omitzero"`
	}
)

// Host states.
const (
	HostDialing  = "dialing" // has not answered yet; what only reads begins without it
	HostReached  = "reached"
	HostClaimed  = "claimed"
	HostLost     = "lost"   // was there, does not answer now
	HostFailed   = "failed" // could not be reached or trusted
	HostRebooted = "rebooted"
	HostDropped  = "dropped" // out of this run, by the operator
	HostReleased = "released"
)

// Outcomes of a unit.
const (
	OutcomeDone    = "done"
	OutcomeAlready = "already"
	OutcomeFailed  = "failed"
	OutcomeReopen  = "reopened" // the host rebooted since, and the verification no longer holds
)

// Kinds of questions, with the answers they take.
const (
	AskConfirm = "confirm" // yes | no, or the text in Typed
	AskChoose  = "choose"  // one of Options
	AskValue   = "value"   // free, of Type
	AskManual  = "manual"  // done | skip; with a box (Type is set), what was seen, or skip
	AskFailed  = "failed"  // retry | edit | skip | drop | abort | stop
	AskLost    = "lost"    // what became of a job is not known: rerun | done | skip | drop | stop
	AskStall   = "stall"   // wait | stop
	AskSecret  = "secret"  // a secret, typed, never journalled
	AskHostKey = "hostkey" // yes | no
	AskClaim   = "claim"   // the site's name typed, to take over; or retry | drop | stop
	AskReach   = "reach"   // host does not answer: retry | drop | stop; of a step with a card: hand | absent | skip too
	AskWaive   = "waive"   // the text in Typed, with a reason; or no
	AskGuard   = "guard"   // a guard says no: the site's name typed, with a reason; or retry | skip | stop
)
