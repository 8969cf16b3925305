package report

import (
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/steps"
)

// What a run has not let go of stands in its report; what it has does not.
func TestReportSaysWhatIsHeld(t *testing.T) {
	shut, open := run.Unit{Step: "shut", Host: "lb1"}, run.Unit{Step: "open", Host: "lb1"}
	begin := []run.Body{
		run.RunStarted{Run: "r", Hosts: []string{"lb1"}, Plan: []run.PlannedStep{
			{ID: "shut", Action: steps.ActRun, Holds: &run.Holds{Until: "open", Say: i18n.Text{En: "The front end of {host_name} is closed.", Ko: "프런트엔드가 닫혀 있습니다. 호스트: {host_name}"}}},
			{ID: "open", Action: steps.ActRun},
		}},
		run.UnitReady{Step: "shut", Units: []run.Unit{shut}}, run.JobIntent{Job: "1", Unit: shut, Attempt: 1}, run.JobClaimed{Job: "1"},
	}
	ended := []run.Body{run.JobEnded{Job: "1", State: job.Done}, run.UnitEnded{Unit: shut, Attempt: 1, Outcome: run.OutcomeDone}}
	for name, tc := range map[string]struct {
		more []run.Body
		held bool
	}{
		"while it closes":        {nil, true},
		"closed, and ended":      {append(ended[:2:2], run.RunEnded{Outcome: "cancelled"}), true},
		"the way back failed":    {append(ended[:2:2], run.JobIntent{Job: "2", Unit: shut, Attempt: 1, Abort: true, Way: "letgo"}, run.JobEnded{Job: "2", State: job.Done, Code: 1}), true},
		"the way back was lost":  {append(ended[:2:2], run.JobIntent{Job: "2", Unit: shut, Attempt: 1, Abort: true, Way: "letgo"}, run.JobEnded{Job: "2", State: job.Lost}), true},
		"the way back rebooted":  {append(ended[:2:2], run.JobIntent{Job: "2", Unit: shut, Attempt: 1, Abort: true, Way: "letgo"}, run.JobEnded{Job: "2", State: job.Rebooted}), true},
		"let go":                 {append(ended[:2:2], run.JobIntent{Job: "2", Unit: shut, Attempt: 1, Abort: true, Way: "letgo"}, run.JobEnded{Job: "2", State: job.Done}), false},
		"opened":                 {append(ended[:2:2], run.UnitReady{Step: "open", Units: []run.Unit{open}}, run.UnitEnded{Unit: open, Attempt: 1, Outcome: run.OutcomeDone}), false},
		"the opening has failed": {append(ended[:2:2], run.UnitReady{Step: "open", Units: []run.Unit{open}}, run.UnitEnded{Unit: open, Attempt: 1, Outcome: run.OutcomeFailed}), true},
	} {
		var events []run.Event
		for i, b := range append(begin[:len(begin):len(begin)], tc.more...) {
			events = append(events, run.Event{V: run.Version, Seq: int64(i + 1), Body: b})
		}
		st := run.Fold(events)
		for lang, want := range map[i18n.Lang]string{i18n.English: "The front end of lb1 is closed.", i18n.Korean: "닫혀 있습니다. 호스트: lb1"} {
			text := Markdown(Input{State: st, Lang: lang, Redactor: redact.NewRedactor(nil)})
			if strings.Contains(text, want) != tc.held {
				t.Errorf("%s, %s: held is %v\n%s", name, lang, st.Held(), text)
			}
		}
	}
}

// Tables of procedures that are called say which call they belong to.
func TestTablesOfACallSayWhose(t *testing.T) {
	plan := []run.PlannedStep{{ID: "db", Title: text("Database", "데이터베이스"), Action: steps.ActCall}, {ID: "vdi", Title: text("VD-i database", "VD-i 데이터베이스"), Action: steps.ActCall}}
	bodies := []run.Body{nil}
	for _, id := range []string{"db/look", "db/in/look", "vdi/look"} {
		u := run.Unit{Step: id, Host: "h1"}
		plan = append(plan, run.PlannedStep{ID: id, Title: text("Nodes", "노드"), Action: steps.ActProbe, Show: []string{"state"}})
		bodies = append(bodies, run.UnitReady{Step: id, Units: []run.Unit{u}}, run.Fact{Unit: u, Name: "state", Value: steps.Value{V: id}}, run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeDone})
	}
	plan = append(plan, run.PlannedStep{ID: "db/in", Title: text("Inner", "안쪽"), Action: steps.ActCall})
	bodies[0] = run.RunStarted{Run: "r", Kind: steps.Runbook, Hosts: []string{"h1"}, Plan: plan}
	got := Markdown(Input{State: fold(bodies...), Lang: i18n.English, Redactor: secrets})
	for _, want := range []string{"**Database › Nodes**", "**Database › Inner › Nodes**", "**VD-i database › Nodes**"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
