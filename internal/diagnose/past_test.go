package diagnose

import (
	"context"
	"strings"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
)

// silent is a host that is not asked anything.
type silent string

func (s silent) Name() string                                         { return string(s) }
func (s silent) Connect(context.Context) error                        { panic("asked to connect") }
func (s silent) Probe(context.Context, job.Probe) (job.Output, error) { panic("asked") }

// TestPast: what a later line of the same log says is over comes last and offers no runbook; what
// began again afterwards, or on another node, is not over.
func TestPast(t *testing.T) {
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	down := "haproxy[1]: Server galera/ctl1 is DOWN, reason: Layer4 timeout"
	for name, c := range map[string]struct {
		lines []string
		over  bool
	}{
		"over":           {[]string{"WSREP: Received NON-PRIMARY.", "WSREP: Shifting JOINED -> SYNCED (TO: 7)"}, true},
		"not over":       {[]string{"WSREP: Shifting JOINED -> SYNCED (TO: 7)", "WSREP: Received NON-PRIMARY."}, false},
		"again":          {[]string{"WSREP: Received NON-PRIMARY.", "WSREP: Shifting JOINED -> SYNCED (TO: 7)", "WSREP: Received NON-PRIMARY."}, false},
		"a healthy boot": {[]string{"Waiting for Mnesia tables for 30000 ms, 8 retries left", "Successfully synced tables from a peer"}, true},
		"that node":      {[]string{down, "haproxy[1]: Server galera/ctl1 is UP, reason: Layer7 check passed"}, true},
		"another one":    {[]string{down, "haproxy[1]: Server galera/ctl2 is UP, reason: Layer7 check passed"}, false},
	} {
		o := Options{Matcher: signatures.NewMatcher(set), Back: time.Hour, Hide: func(s string) string { return s }}
		s := &sight{o: o, host: silent("db1"), source: Source{Host: "db1"}}
		s.match(&logText{name: "journal", text: []byte(strings.Join(c.lines, "\n") + "\n")}, time.Time{})
		r := gather([]*sight{s}, o)
		if len(r.Findings) != 1 || r.Findings[0].Past != c.over || len(r.Runbooks()) == 0 != c.over {
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}

// TestStormThatIsNotOver: a log that says the same thing thousands of times is kept as one thing that is not
// over yet, so that each further line is compared once, and is over as one.
func TestStormThatIsNotOver(t *testing.T) {
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	m := signatures.NewMatcher(set)
	s := &sight{o: Options{Matcher: m}}
	told := map[*signatures.Signature]map[string]*same{}
	const lines = 3000
	for i := range lines {
		node := []string{"ctl1", "ctl2"}[i%2]
		for _, h := range m.Line([]byte("haproxy[1]: Server galera/"+node+" is DOWN, reason: Layer4 timeout"), "") {
			tell(told, h, len(s.hits))
			s.hits = append(s.hits, hit{p: Place{Fields: h.Fields}})
		}
	}
	if len(s.hits) != lines || len(told) != 1 {
		t.Fatalf("%d hits, of %d signatures", len(s.hits), len(told))
	}
	for _, all := range told {
		if len(all) != 2 {
			t.Errorf("two nodes are compared with each line %d times", len(all))
		}
	}
	s.pass([]byte("haproxy[1]: Server galera/ctl1 is UP, reason: Layer7 check passed"), told)
	for i, h := range s.hits {
		if h.f.Past != (i%2 == 0) {
			t.Fatalf("hit %d, of %v: over is %v", i, h.p.Fields, h.f.Past)
		}
	}
}
