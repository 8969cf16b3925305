package signatures_test

import (
	"slices"
	"strings"
	"testing"

	"stackhand/runbooks/signatures"
)

// fits tells whether exactly the runbooks that may be told of are.
func fits(hits []signatures.Hit, want []string) bool {
	for _, h := range hits {
		if !slices.Contains(want, h.Signature.Runbook) {
			return false
		}
	}
	return len(want) == 0 || len(hits) > 0
}

// TestField reads a second set of lines, gathered without a look at the signatures: what services of
// Train to 2023.1, MariaDB 10.3 to 11, RabbitMQ 3.6 to 3.12, HAProxy, keepalived, systemd and the
// kernel print, and the wordings of the documents. A line of field.txt says which runbooks may be
// told of it; one of them must be. A line of field-unrelated.txt is printed by clouds that are
// well, mostly with the same words.
func TestField(t *testing.T) {
	m := own(t)
	hits := 0
	var all, quiet []string
	for _, name := range []string{"field.txt", "field-unrelated.txt"} {
		lines, want := corpus(t, name)
		for i, l := range lines {
			all = append(all, l)
			if len(want[i]) > 0 {
				hits++
			} else {
				quiet = append(quiet, l)
			}
			if got := m.Line([]byte(l), ""); !fits(got, want[i]) {
				t.Errorf("%s\n  got  %v\n  want %v", l, ids(got), want[i])
				continue
			}
			for how, text := range wraps(l) {
				if strings.HasPrefix(l, "|") && (how == "in a table" || how == "37 columns") || strings.HasPrefix(l, "{") && (how == "docker" || how == "ansible") {
					continue
				}
				if got := pasted(m, []byte(text), ""); !fits(got, want[i]) {
					t.Errorf("%s: %s\n  got  %v\n  want %v", how, text, ids(got), want[i])
				}
			}
		}
	}
	if hits < 100 || len(quiet) < 100 {
		t.Errorf("%d lines of faults, %d of none", hits, len(quiet))
	}
	if got := pasted(m, []byte(strings.Join(quiet, "\r\n")), ""); len(got) > 0 {
		t.Errorf("in one paste: %v in %q", ids(got), got[0].Evidence)
	}
	// All in one paste: each line's own.
	found := map[int]bool{}
	for _, h := range pasted(m, []byte(strings.Join(all, "\n\n")), "") {
		found[h.Line/2] = true
	}
	for i := range all {
		if found[i] != (i < hits) {
			t.Errorf("in one paste: found %v: %s", found[i], all[i])
		}
	}
}
