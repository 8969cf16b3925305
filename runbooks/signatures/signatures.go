// Package signatures knows what a line of a log means and which runbook deals with it.
//
// The knowledge is data (signatures.yaml, scan.yaml), decoded strictly and linted. Matching is
// pure and bounded: one pass of an automaton over the bytes finds the words that a signature
// needs; only where they stand its pattern (RE2, linear) is tried, on a piece of at most
// mostPiece bytes.
//
// It may import steps (findings), internal/i18n (texts), a YAML library and the standard
// library.
package signatures

import (
	"stackhand/internal/i18n"
)

// Verdict says how bad it is that a line is there.
type Verdict string

// The verdicts.
const (
	Outage   Verdict = "outage"   // something does not work
	Harmless Verdict = "harmless" // it looks bad and is not
)

// Signature is one entry of signatures.yaml.
type Signature struct {
	ID      string
	Has     []string // one of these must be in the line, whatever the case; runs of blanks count as one
	Match   []string // RE2; one of these must fit too. None: the words are enough
	Not     []string // RE2; none of these may fit
	Service []string // one of these must be in the line or in the name of the file it is from
	Over    []string // other signatures that this one explains when both fit
	Past    []string // RE2; a later line of the same log that fits one says that it is over
	Means   i18n.Text
	Do      i18n.Text
	Runbook string
	Verdict Verdict
	Layer   int      // 1 to 9: what fits in a lower one explains what fits in a higher one
	Example []string // real lines that it fits, which lint tries

	line, col int // in the file
	match     *later
	not       *later
	glued     *later // match for texts without blanks
	gluedNot  *later
	past      *later
}

// Set is all signatures of a file.
type Set struct {
	Signatures []*Signature
	Symptoms   []Symptom
	Never      []string // RE2; a line that fits one of them is about no fault
	Known      []string // ids of runbooks that may be named
	never      *later
	gluedNever *later
}

// Symptom is what an operator sees when a runbook fits, for those who have no line to paste.
type Symptom struct {
	Runbook string
	Text    i18n.Text
	Words   string   // further words by which people look for it
	Said    []string // what the signatures of the runbook say, and their examples
}

// fieldNames are the groups that a pattern may capture.
var fieldNames = []string{"host", "address", "node", "instance", "service"}

// RunbookIDs are the runbooks that a signature may offer: the contract between signatures and
// the library.
func RunbookIDs() []string {
	return []string{
		"all-hosts-down", "galera-recovery", "rabbitmq-recovery", "lbaas-duplicate-namespace", "db-host-blocked",
		"db-unreachable", "amqp-unreachable", "pool-full", "proxy-arp-lost", "instance-error", "instance-data",
		"vif-creation", "power-state-sync", "mariadb-will-not-start",
	}
}

// Ends are the ways in which a line says that what an earlier line of the same log told is over, each
// with what it captured; none where it says nothing of that.
func (g *Signature) Ends(line string) (ends []End) {
	for _, re := range g.past.compiled() {
		if at := re.FindStringSubmatchIndex(line); at != nil {
			ends = append(ends, End{fieldsOf(re, line, at)})
		}
	}
	return ends
}

// End is what a line that says that something is over captured.
type End struct{ fields map[string]string }

// Of tells whether that is what a line with these fields told: what both name, a node for instance,
// must be the same.
func (e End) Of(fields map[string]string) bool {
	for name, value := range e.fields {
		if was := fields[name]; was != "" && was != value {
			return false
		}
	}
	return true
}

// ByID returns a signature, nil where there is none.
func (s *Set) ByID(id string) *Signature {
	for _, g := range s.Signatures {
		if g.ID == id {
			return g
		}
	}
	return nil
}
