// Package judgements is what runbooks judge with: named, pure functions over facts, each with
// its reasons. A judgement reads no host, no file, no clock and no chance; its tests are tables.
//
// A runbook names one in a step (`judge: galera.election`). The engine hands it the facts that
// it declares, in the site's order of hosts, and writes down what it says: a fact a host for
// each of HostOutputs, a let of the run for each of Outputs. After that it is not asked again
// in this run, also not by an engine that starts after a crash.
//
// It may import steps (for its types), internal/i18n and the standard library.
package judgements

import (
	"stackhand/internal/i18n"
	"stackhand/steps"
)

// Judgement is one named function with what it reads and gives. Names are those of facts and
// lets: small letters, digits, `_`. A name that is given and not declared is a mistake that the
// engine refuses; one that is declared and not given is absent.
type Judgement struct {
	Name        string   // room.what, such as galera.election
	Reads       []string // facts that must have been read before; lint looks for who reads them
	Args        []string // what `with` may give; all may be left out
	HostOutputs []string // facts that each judged host gets. `reason` is always one of them
	Outputs     []string // lets of the run
	Judge       func(Input) Output
}

// Input is what a judgement sees.
type Input struct {
	Hosts  []Host            // those of the step's `on`, in the site's order; silent and dropped ones too
	Waived map[string]string // what the operator waived so far: host or item -> the reason given
	Args   map[string]any    // `with`, evaluated: string, bool, int, float64 or a list ([]any)
	Then   *Then             // the site's last good picture; nil: there is none
}

// Then is what a baseline read when all was well.
type Then struct {
	Run   string                            // of the baseline
	At    string                            // when, in the site's time zone
	Facts map[string]map[string]steps.Value // host -> fact -> value
}

// Host is one host as far as it is known.
type Host struct {
	Name      string
	Roles     []string
	Reachable bool // when it was last looked at
	Dropped   bool // out of the run by the operator; what was read before is still in Facts
	// Trouble is the code of the problem on the way to it, such as remote.handshake.timeout: why it
	// does not answer, or, where it does, why it could not be claimed. "" when there is none.
	Trouble string
	// Facts has every name of Reads: a value (string, bool, int, float64, []any), or absent with
	// the reason (steps.WhyUnreachable …).
	Facts map[string]steps.Value
}

// Levels of a host's verdict: what its row looks like in the evidence table.
const (
	OK  = "ok"
	Odd = "odd"
	Bad = "bad"
)

// Verdict is what is said of one host.
type Verdict struct {
	Facts  map[string]steps.Value // by the names of HostOutputs
	Level  string                 // OK | Odd | Bad
	Reason i18n.Text              // why, in both languages: the fact `reason`
}

// Output is what a judgement gives. Hosts that it says nothing about have absent outputs.
type Output struct {
	Hosts map[string]Verdict
	Lets  map[string]steps.Value // by the names of Outputs; absent ones with their reason
}

// All lists the judgements. The list is made anew at each call: nobody can change it.
func All() []Judgement {
	return []Judgement{
		ladderState(), ladderRungs(), ladderAddresses(),
		galeraClassify(), galeraPositions(), galeraElection(), galeraRows(),
		dbBlocked(),
		mariadbCause(),
		rabbitClassify(),
		lbaasDuplicate(),
		lbaasOwners(),
		proxyARPLost(),
		dbUnreachable(),
		amqpUnreachable(),
		poolFull(),
		instanceError(),
		instanceData(),
		vifCause(),
		powerState(),
	}
}

// Find returns the judgement of that name.
func Find(list []Judgement, name string) (Judgement, bool) {
	for _, j := range list {
		if j.Name == name {
			return j, true
		}
	}
	return Judgement{}, false
}

// Declared is the list as lint wants it: without the functions.
func Declared(list []Judgement) []steps.Judgement {
	out := make([]steps.Judgement, 0, len(list))
	for _, j := range list {
		out = append(out, steps.Judgement{Name: j.Name, Reads: j.Reads, Args: j.Args, HostOutputs: j.HostOutputs, Outputs: j.Outputs})
	}
	return out
}
