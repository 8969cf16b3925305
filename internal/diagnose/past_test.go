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
	set, found := signatures.Decode(runbooks.Signatures, "signatures.yaml")
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
		"a healthy boot": {[]string{"Waiting for Mnesia tables for 30000 ms, 9 retries left", "Successfully synced tables from a peer"}, true},
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

// TestStormThatIsNotOver: a log that says the same thing thousands of times, and never that it is over,
// costs in proportion to its lines.
func TestStormThatIsNotOver(t *testing.T) {
	set, found := signatures.Decode(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	o := Options{Matcher: signatures.NewMatcher(set), Back: time.Hour, Hide: func(s string) string { return s }}
	took := func(lines int) time.Duration {
		text := []byte(strings.Repeat("WSREP: Received NON-PRIMARY.\nhaproxy[1]: Server galera/ctl1 is DOWN, reason: Layer4 timeout\n", lines/2))
		best := time.Hour
		for range 3 {
			s := &sight{o: o, host: silent("db1"), source: Source{Host: "db1"}}
			begin := time.Now()
			s.match(&logText{name: "journal", text: text}, time.Time{})
			best = min(best, time.Since(begin))
			if len(s.hits) != lines {
				t.Fatalf("%d hits in %d lines", len(s.hits), lines)
			}
		}
		return best
	}
	if few, many := took(500), took(8000); many > 64*few { // 16 times as many lines
		t.Errorf("500 lines take %v, 8000 take %v", few, many)
	}
}
