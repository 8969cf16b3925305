package engine

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
)

// TestEditForSeveralHosts: a script that was edited for several hosts runs on those that have
// not begun, each is asked anew, and the others keep the procedure's.
func TestEditForSeveralHosts(t *testing.T) {
	const procedure = `
    serial: true
    confirm: {type: yes, en: Sure?, ko: 확실?}
    run: |
      mock ledger work
      mock exit-unless mended
    verify: [{probe: mock has mended}]
`
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one(procedure), "a", "b", "c")
		r.w.hosts["c"].kv["mended"] = "1"
		var asked []string
		r.answer = func(q *run.QuestionView) run.Command {
			switch q.Q.Kind {
			case run.AskConfirm:
				asked = append(asked, strings.Join(q.Q.Hosts, " "))
				return run.Command{Do: "answer", Value: "yes"}
			case run.AskFailed:
				return run.Command{Do: "answer", Value: "edit", Script: "mock ledger edited\nmock set mended 1\n", Hosts: []string{"a", "b"}}
			}
			return run.Command{}
		}
		st := ends(t, r, "done")
		if !slices.Equal(asked, []string{"a b c", "a", "b"}) {
			t.Errorf("asked for %q", asked)
		}
		for host, want := range map[string][2]int{"a": {1, 1}, "b": {0, 1}, "c": {1, 0}} {
			if m := r.w.hosts[host]; m.ledger["work"] != want[0] || m.ledger["edited"] != want[1] {
				t.Errorf("%s: %v", host, m.ledger)
			}
		}
		if len(st.Edits) != 1 || !slices.Equal(st.Edits[0].Hosts, []string{"a", "b"}) {
			t.Errorf("journalled %+v", st.Edits)
		}
	})
}

// TestEditForAStranger: a host that the step does not have.
func TestEditForAStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    run: mock exit-unless mended\n    verify: [{probe: mock has mended}]\n"), "a")
		r.answer = func(q *run.QuestionView) run.Command {
			return run.Command{Do: "answer", Value: "edit", Script: "mock set mended 1\n", Hosts: []string{"a", "stranger"}}
		}
		r.o.Settings.OnAsk = "park"
		st := parked(t, r, "question", run.ExitFailed)
		if len(st.Edits) > 0 {
			t.Errorf("journalled %+v", st.Edits)
		}
	})
}
