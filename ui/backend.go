package ui

import (
	"context"
	"time"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/site"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
)

// Backend is everything outside the screen. It is called from commands only, never from
// Update or View, so every method may take its time and must end when ctx does. Errors that
// carry a problem.Problem are shown with what to do next.
type Backend interface {
	// Site is the site that is loaded; nil and no error when there is none yet.
	Site(ctx context.Context) (*SiteInfo, error)
	// Procedures are those that can be run at the site.
	Procedures(ctx context.Context) ([]*steps.Procedure, error)
	// Params are a procedure's parameters with the values that would be used now.
	Params(ctx context.Context, procedure string) ([]Param, error)
	// CheckParams says what is wrong with values, by parameter name; the problem's text is
	// shown under the form.
	CheckParams(ctx context.Context, procedure string, values map[string]string) (map[string]*problem.Problem, error)
	// Survey looks at every host and tells each answer as it comes; it only reads. It ends
	// when all hosts have been looked at.
	Survey(ctx context.Context, talk Talk) error
	// Plan says for each unit whether it is done already and what would change; reads only.
	Plan(ctx context.Context, procedure string, values map[string]string, tell func(PlanLine)) error
	// Start begins a run and returns its directory. Secrets typed by the operator are handed
	// over apart from the values; a secret that is not there is generated or taken from the store.
	Start(ctx context.Context, procedure string, values, secrets map[string]string) (dir string, err error)
	// Symptoms are what the find screen offers before anything was looked at.
	Symptoms(ctx context.Context) ([]signatures.Symptom, error)
	// Diagnose says what fits in a text that was pasted.
	Diagnose(ctx context.Context, text string) (diagnose.Report, error)
	// Scan looks at the logs and the state of all hosts, tells how far it is with each, and only
	// reads. ask is as in Talk.
	Scan(ctx context.Context, ask func(context.Context, LoginQuestion) (string, bool), tell func(diagnose.Progress)) (diagnose.Report, error)
	// Runs are the runs on this console, newest first.
	Runs(ctx context.Context) ([]RunInfo, error)
	// Open begins to watch a run.
	Open(ctx context.Context, dir string) (Watcher, error)
	// Report is a run's report as Markdown, redacted.
	Report(ctx context.Context, dir string) (string, error)
	AnswersBackend
}

// SiteInfo is the site and what else the home screen says about it.
type SiteInfo struct {
	Site     *site.Site
	Practice bool   // its hosts are practice hosts on this machine
	Console  string // name of the host that is this console, when it is one of the site
}

// Param is a parameter with its value. A secret's value is never here.
type Param struct {
	steps.Param
	Value string // default, from the site, or from the last run
	Saved bool   // a secret: there is one in the site's store
}

// HostRow is what is known of a host so far. A cell that is nil has no answer yet.
type HostRow struct {
	Host     string
	Reach    *Cell
	Trust    *Cell
	Login    *Cell
	Sudo     *Cell
	Platform *Cell
	Clock    *Cell
	Problem  *problem.Problem // the first thing that is wrong
}

// Cell is one answer of the matrix.
type Cell struct {
	OK   bool
	Text string // short: "debian-12", "+0.2 s", "root"
}

// Talk is how Survey speaks with the screen.
type Talk interface {
	// Row tells all that is known of a host.
	Row(HostRow)
	// Ask asks the operator something that only he can answer; false when he does not want to.
	Ask(ctx context.Context, q LoginQuestion) (answer string, ok bool)
}

// LoginQuestion comes up while logging in.
type LoginQuestion struct {
	Kind string // run.AskHostKey: yes or no; run.AskSecret: a password, passphrase or code
	Host string
	Args map[string]string // hostkey: fingerprint, type; secret: prompt
	Echo bool              // secret: may be shown while it is typed
}

// PlanLine is what would happen to one unit.
type PlanLine struct {
	Unit    run.Unit
	Title   i18n.Text
	State   PlanState
	Checks  []run.Check      // what was looked at
	Say     i18n.Text        // what would be done
	Diff    string           // of a file, redacted
	Problem *problem.Problem // when it could not be looked at
}

// PlanState is the answer of a plan for one unit.
type PlanState string

// The states of a plan.
const (
	PlanAlready PlanState = "already" // done already
	PlanChange  PlanState = "change"  // would be done
	PlanOpaque  PlanState = "opaque"  // would run; what it changes cannot be told before
	PlanSkip    PlanState = "skip"    // does not apply
	PlanReads   PlanState = "reads"   // only looks
	PlanUnknown PlanState = "unknown" // could not be looked at
	PlanAsks    PlanState = "asks"    // a question, or work by hand
	PlanLater   PlanState = "later"   // depends on what an earlier step gives
	PlanRefuses PlanState = "refuses" // a proof that does not hold now
)

// RunInfo is one run of the list.
type RunInfo struct {
	Dir       string
	Run       string // its id, as attach takes it
	Procedure string
	Title     i18n.Text
	Site      string
	Started   time.Time
	Ended     time.Time // zero while it is not over
	Outcome   string    // of run.RunEnded; empty while it is not over
	Parked    bool
	Questions int  // open ones
	Alive     bool // an engine works on it
}

// UnderWay tells whether the run is not over.
func (r RunInfo) UnderWay() bool { return r.Outcome == "" }

// Watcher shows one run. Events and Alive are called by one command at a time; ReadLog,
// Redact and the others may be called at the same time as them.
type Watcher interface {
	// Events are those since the last call; nil when there is nothing new.
	Events(ctx context.Context) ([]run.Event, error)
	// Baseline is the last good picture of the site, as the run compares with it; nil: there is none.
	Baseline(ctx context.Context) (*run.Baseline, error)
	// Alive tells whether an engine works on the run.
	Alive(ctx context.Context) bool
	// ReadLog reads raw bytes of a log at an offset, and says how long the log is now. Fewer
	// bytes than asked for are no error.
	ReadLog(ctx context.Context, log string, off int64, p []byte) (n int, size int64, err error)
	// Redact takes the secrets out of a piece of a log. It is given whole lines with their
	// end, pieces of very long ones that overlap by RedactMargin, or a last line that is still
	// being written, at whose end it hides what may become a secret.
	Redact(p []byte) []byte
	// Send gives the engine a command.
	Send(ctx context.Context, c run.Command) (run.Reply, error)
	// Script is what a unit runs on its host, for reading and editing.
	Script(ctx context.Context, u run.Unit) (string, error)
	// Edit settles a question with a changed script for some hosts of the step.
	Edit(ctx context.Context, question int64, hosts []string, script string) error
	// Restart starts the engine again; no error when another one was faster.
	Restart(ctx context.Context) error
	Close() error
}

// RedactMargin is how many bytes pieces of a very long line overlap: the longest secret that
// is found across their edges.
const RedactMargin = 4 << 10
