package runbooks_test

import (
	"testing"

	"stackhand/runbooks"
	"stackhand/steps"
)

// A question is shown with the newest evidence table before it, so that has to be the one that it speaks of.
func TestQuestionsShowTheirTable(t *testing.T) {
	for runbook, tables := range map[string]map[string]string{
		"galera-recovery": {"reopen": "fronts", "free-or-not": "stuck", "without": "compare", "pick": "compare"},
		"all-hosts-down":  {"marked-too": "guests"},
	} {
		p, err := steps.Load(runbooks.Library(), runbook)
		if err != nil {
			t.Fatal(err)
		}
		newest, seen := "", 0
		for _, s := range p.Steps {
			if want, ok := tables[s.ID]; ok {
				seen++
				if newest != want {
					t.Errorf("%s: %s is asked over the table of %s, want that of %s", runbook, s.ID, newest, want)
				}
			}
			if len(s.Show) > 0 || len(s.Means) > 0 {
				newest = s.ID
			}
		}
		if seen != len(tables) {
			t.Errorf("%s: %d of %d questions", runbook, seen, len(tables))
		}
	}
}
