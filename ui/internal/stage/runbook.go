package stage

import (
	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
)

// RunbookScenes are those of what a runbook shows and asks.
func RunbookScenes() []string {
	return []string{"evidence", "waive", "guard", "hand", "box", "proof"}
}

// runbookScene is a run with an evidence table, and what a runbook asks. The plan in started is
// given the table's columns.
func runbookScene(name string, units func(string, ...string) run.UnitReady, started run.RunStarted) (out []run.Body) {
	const step = "packages"
	for i := range started.Plan {
		if started.Plan[i].ID == step {
			started.Plan[i].Show = []string{"uuid", "seqno", "state"}
		}
	}
	out = append(out, units(step, "ctl1", "cmp1", "cmp2"))
	for _, host := range []string{"ctl1", "cmp1", "cmp2"} {
		u := run.Unit{Step: step, Host: host}
		fact := func(name string, v any) { out = append(out, run.Fact{Unit: u, Name: name, Value: steps.Value{V: v}}) }
		means := run.Check{Unit: u, Attempt: 1, Phase: "means", ID: "means", OK: true, Level: "ok", Title: i18n.Text{En: "It was shut down in order, and has all that the others have.", Ko: "정상 종료되었으며 다른 노드와 내용이 같습니다."}}
		fact("state", "inactive")
		if host == "cmp2" {
			out = append(out, run.Fact{Unit: u, Name: "seqno", Value: steps.Value{Absent: steps.WhyNoMatch}}, run.Fact{Unit: u, Name: "uuid", Value: steps.Value{V: "red"}, By: "hand"})
			means.OK, means.Level, means.Title = false, "bad", i18n.Text{En: "Its position cannot be read.", Ko: "위치를 읽을 수 없습니다."}
		} else {
			fact("uuid", "5f0c1a52-9f4a-11ef-8c3b-6f2d3c1f7e11")
			fact("seqno", 1204551)
		}
		out = append(out, means, run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeDone, Millis: 1200})
	}
	u := run.Unit{Step: step, Host: "cmp2"}
	q := run.Question{Unit: u, Attempt: 1}
	say := i18n.Text{En: "cmp2 cannot be read. If it is the newest, what it alone knows is lost.", Ko: "읽을 수 없는 호스트: cmp2. 이 호스트가 가장 앞서 있다면 그 내용은 잃습니다."}
	switch name {
	case "evidence":
		return out
	case "proof":
		for i, ok := range []bool{true, false} {
			out = append(out, run.Check{Unit: u, Attempt: 1, Phase: "prove", ID: []string{"prove1", "prove2"}[i], OK: ok, Title: say, Expected: `all(hosts.database, .verdict != "unknown" or waived(.name))`, Found: "false"})
		}
		return append(out, run.Verdict{Step: step, Outcome: "refused", Say: say}, run.RunEnded{Outcome: "refused", Say: say})
	case "waive":
		q.Kind, q.Say, q.Typed, q.Options = run.AskWaive, say, "cmp2", []string{"no"}
	case "guard":
		q.Kind, q.Say, q.Typed, q.Options = run.AskGuard, say, "lab", []string{"retry", "skip", "stop"}
	case "hand":
		q.Kind, q.Hosts, q.Options = run.AskReach, []string{"cmp2"}, []string{"retry", "hand", "absent", "skip", "drop", "stop"}
		q.Card = []string{"cd /var/lib/mysql", "grep -E 'uuid|seqno' grastate.dat", "systemctl is-active mariadb"}
		q.Boxes = []run.Box{{Name: "seqno", Say: i18n.Text{En: "What stands after seqno", Ko: "seqno 뒤의 값"}, Match: "-?[0-9]+"}}
	case "box":
		q.Kind, q.Say, q.Type, q.Options = run.AskManual, say, steps.String, []string{"skip"}
	}
	return append(out, q)
}
