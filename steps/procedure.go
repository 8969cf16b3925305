// Package steps is the procedure language: its types, and how a procedure is loaded, linted,
// evaluated and printed. It does nothing itself: it reads no host and writes no file.
//
// It may import internal/site, internal/i18n, internal/job (what a probe gave) and parsers
// (YAML, shell, expressions), never a screen, SSH or the engine. The install procedures are in
// steps/library. The language is described in docs/procedures.md.
package steps

import (
	"time"

	"stackhand/internal/i18n"
)

// Kind of a procedure.
type Kind string

// The kinds.
const (
	Install Kind = "install"
	Runbook Kind = "runbook"
)

// Procedure is one YAML file: an ordered list of steps with its parameters.
type Procedure struct {
	ID        string
	Kind      Kind
	Title     i18n.Text
	About     i18n.Text
	Rows      []string          // which rows of the documents it covers, such as U1
	Needs     map[string]string // role -> how many hosts: "1" exactly, "1+" at least
	Platforms map[string]string // platform id -> "run" (was run for real) or "untried"
	Params    []Param
	Steps     []Step
	Called    map[string]*Procedure // those that its steps call, and that those call, by id
	Source    []byte                // the file as read, with the assets and procedures that it names appended
	Path      string                // for messages
}

// ParamType is what a parameter's value must look like.
type ParamType string

// The types of parameters.
const (
	String  ParamType = "string"
	Int     ParamType = "int"
	Bool    ParamType = "bool"
	Address ParamType = "address" // IPv4 or IPv6
	CIDR    ParamType = "cidr"
	HostRef ParamType = "host"   // a host of the site
	Choice  ParamType = "choice" // one of Choices
	Secret  ParamType = "secret" // kept 0600 in the site's store, referenced by name
)

// Param is a value that the operator may set before a run.
type Param struct {
	Name     string // [a-z][a-z0-9_]*: also the shell variable's name
	Type     ParamType
	Title    i18n.Text
	About    i18n.Text
	Default  *string // literal
	From     Expr    // or computed from the site
	Choices  []string
	Match    string    // regular expression for the whole value
	Generate *Generate // secrets: how one is made
	Line     int
	Col      int
}

// Generate says how a secret is made when the operator types none.
type Generate struct {
	Length   int    // characters
	Alphabet string // "letters-digits" (the only one so far)
}

// Risk of a step.
type Risk string

// The risks. A destructive step always has a confirm by typed name.
const (
	Change      Risk = "change"
	Disruptive  Risk = "disruptive"
	Destructive Risk = "destructive"
)

// Action is what a step does; each step has exactly one.
type Action string

// The actions; those that runbooks need are in runbook.go.
const (
	ActProbe  Action = "probe"
	ActRun    Action = "run"
	ActFile   Action = "file"
	ActReboot Action = "reboot"
	ActAsk    Action = "ask"
	ActChoose Action = "choose"
	ActManual Action = "manual"
	ActWait   Action = "wait"
	ActLet    Action = "let"
	ActEnd    Action = "end"
)

// Step is one thing done on some hosts. Order inside a unit: check (already done?), confirm,
// require, the action, verify.
type Step struct {
	ID          string
	Title       i18n.Text
	About       i18n.Text
	Corrections []int // numbers in docs/corrections.md that this step follows
	Action      Action
	Line        int
	Col         int

	On     HostSet         // empty: the step happens once, on the console
	When   Expr            // false: the step is skipped, and said
	Each   Expr            // one unit an item of this list
	Serial bool            // one host after the other; a failure holds the later ones
	Once   bool            // on the first reachable host of the set only
	Absent bool            // `absent: allow`: an unreachable host is a result, not a failure
	Sudo   *bool           // nil: as root
	Vars   map[string]Expr // extra shell variables, computed

	Check       []Check // if all hold before, the unit is already done
	CheckVerify bool    // `check: verify`: the verification decides whether it is already done
	Require     []Check
	Confirm     *Confirm
	Verify      []Check
	Undo, Abort Script
	Risk        Risk
	RerunSafe   bool // `rerun: safe`: a lost or rebooted job may simply run again
	Normal      *Normal
	Stall       time.Duration // no output for so long, while connected: ask. 0: 10 minutes

	// The action's own part, by Action.
	Script Script // probe, run
	File   *File
	Ask    *Ask // ask, choose, manual
	Wait   *Wait
	Let    map[string]Expr
	End    *End
	Judge  *JudgeBy
	Prove  []Proof
	Waive  *Waive
	Fetch  *Fetch
	Copy   *Copy
	Call   *Call
	Read   map[string]Read // facts from the probe's or job's output

	Show  []string  // columns of the evidence table: facts
	Means []Meaning // what its rows mean; the first that holds
	Guard []Guard   // evaluated right before confirm, and again after it
	Hand  *Hand     // how it is done where SSH does not reach
	Holds *Holds    // what it holds only until another step lets go

	// Where the step stands; set by Unfold.
	Of   *Procedure // the procedure that has it
	Path string     // "", or the path of the call that it belongs to: "database/"

	roles map[string]string // what its procedure calls a role -> what the site does; from calls
}

// Expr is an expression (expr-lang) as written, with its place; empty means not given.
type Expr struct {
	Text string
	Line int
	Col  int
}

// Given tells whether there is an expression.
func (e Expr) Given() bool { return e.Text != "" }

// Script is shell text: one for all, or one a platform.
type Script struct {
	All  string            // used where no variant fits
	By   map[string]string // platform id or a prefix of it (debian-12, debian, el7) -> text
	Line int               // of the text's first line; of the first variant's

	at map[string]place // where each variant's text begins ("" for All)
}

// For returns the text for a platform; false when the script has no variant for it.
func (s Script) For(platform string) (string, bool) {
	if t, ok := s.By[platform]; ok {
		return t, true
	}
	for i := len(platform) - 1; i > 0; i-- {
		if platform[i] == '-' {
			if t, ok := s.By[platform[:i]]; ok {
				return t, true
			}
		}
	}
	return s.All, s.All != ""
}

// Given tells whether there is a script at all.
func (s Script) Given() bool { return s.All != "" || len(s.By) > 0 }

// HostSet says which hosts: a role or several (`[controller, compute]`), `all`, or
// {from: ROLE, where: EXPR} or {expr: EXPR} (a list of host names).
type HostSet struct {
	Roles []string
	Where Expr // evaluated for each host
	Expr  Expr // gives the list itself
	Line  int
	Col   int
}

// Given tells whether a set was written.
func (h HostSet) Given() bool { return len(h.Roles) > 0 || h.Expr.Given() }

// Check is a probe with an expectation, a retry rule and a remedy.
type Check struct {
	ID     string // unique inside its step; "" gets phase+number
	Title  i18n.Text
	Probe  Script
	On     HostSet // empty: the unit's own host; else every host of the set must pass
	Want   Want
	Read   map[string]Read // values for Want.Expr
	Within time.Duration   // retry until it holds or this has passed; 0: once
	Every  time.Duration   // 0: 1 s
	Remedy i18n.Text
	Line   int
	Col    int
}

// Want is what a check expects; all that is given must hold. With nothing given: exit 0.
type Want struct {
	Exit    *int
	Match   string // regular expression on stdout, (?m) as needed
	NoMatch string
	Equals  *string // stdout without surrounding white space
	Expr    Expr    // over the values read: `rows >= 3`
}

// Read takes a value out of output.
type Read struct {
	Match string // regular expression; its first group, or the whole match
	As    string // "", "int", "float", "bool", "lines" (list of all matches)
	From  string // "" stdout, "stderr", "exit"
	Line  int
	Col   int
}

// Confirm stops before a step until the operator agrees.
type Confirm struct {
	Type string // "yes": y/n; "host": the host's name typed; "site": the site's name typed
	Say  i18n.Text
}

// Normal says what looks alarming but is not, and for how long.
type Normal struct {
	For time.Duration
	Say i18n.Text
}

// File puts text on a host.
type File struct {
	Path    string
	Content string // {name} is replaced by parameters and vars
	Mode    uint32 // 0: 0644
	Owner   string // "": root
	Group   string
	Line    int // of the content's first line

	at place
}

// Ask is a question that the operator answers, or work done by hand.
type Ask struct {
	Say     i18n.Text
	Name    string // the let that the answer becomes
	Type    ParamType
	Default string
	Options []Option  // choose
	Look    i18n.Text // manual: what to look for. With a Name, what was seen is typed and becomes that let
}

// Option is one answer of a choose.
type Option struct {
	Value string
	Title i18n.Text
}

// Wait waits until an expression holds over facts that an earlier step reads again.
type Wait struct {
	Until  Expr
	Reread string // step id whose probe is run again
	For    time.Duration
	Every  time.Duration // 0: 2 s
}

// End ends the run with a verdict.
type End struct {
	Outcome string // done | refused
	Say     i18n.Text
}

// Value is a fact's value, or absent with the reason.
type Value struct {
	V      any    `json:"v,omitempty"`
	Absent string `json:"absent,omitempty"` // unreachable, dropped, empty, no-match, bad-type, failed
}
