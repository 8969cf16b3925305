package signatures_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackhand/runbooks/signatures"
)

// TestNear: what somebody tells in their own words leads to the runbook, by a signature or by the words;
// other talk of the day seldom leads anywhere.
func TestNear(t *testing.T) {
	m := own(t)
	find := func(line string) (ids []string, known bool) {
		hits, _ := m.Text([]byte(line), "")
		for _, h := range hits {
			ids = append(ids, h.Signature.Runbook)
		}
		if len(hits) > 0 {
			return ids, true
		}
		for _, s := range signatures.Near(m.Set().Symptoms, line) {
			ids = append(ids, s.Runbook)
		}
		return ids, false
	}
	all, missed := tellings(t, "told.txt"), 0
	for _, l := range all {
		want, line, _ := strings.Cut(l, "\t")
		got, _ := find(line)
		if !slices.ContainsFunc(got, func(id string) bool { return slices.Contains(strings.Fields(want), id) }) {
			missed++
			t.Logf("%s: %s leads to %v", want, line, got)
		}
	}
	if missed > len(all)/25 || len(all) < 100 {
		t.Errorf("%d of %d lead somewhere else, or nowhere", missed, len(all))
	}
	quiet, guessed := tellings(t, "told-unrelated.txt"), 0
	for _, line := range quiet {
		switch got, known := find(line); {
		case known:
			t.Errorf("%q is taken for %v", line, got)
		case len(got) > 0:
			guessed++
			t.Logf("%s leads to %v", line, got)
		}
	}
	if guessed > len(quiet)/10 || len(quiet) < 100 {
		t.Errorf("%d of %d lead somewhere", guessed, len(quiet))
	}
	for _, text := range []string{"", "galera", strings.Repeat("galera wsrep seqno ", 40), "2023-06-19 09:31:02.331 25 INFO oslo.messaging rabbitmq cluster partition alarm"} {
		if got := signatures.Near(m.Set().Symptoms, text); len(got) > 0 {
			t.Errorf("%.60q leads to %d runbooks", text, len(got))
		}
	}
}

// tellings are the lines of a file of testdata.
func tellings(t *testing.T, name string) []string {
	t.Helper()
	return strings.Split(strings.TrimSpace(readFile(t, name)), "\n")
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
