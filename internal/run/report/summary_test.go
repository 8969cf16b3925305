package report

import (
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/steps"
)

// drill is a runbook on three hosts: looked at before and after, judged, decided ahead and by
// somebody, changed on two hosts, and not proven in the end.
func drill() *run.State {
	kim := &run.By{UID: 1000, User: "kim"}
	u := func(step, host string) run.Unit { return run.Unit{Step: step, Host: host} }
	read := func(host, name, value string) run.Body {
		return run.Fact{Unit: u("look", host), Name: name, Value: steps.Value{V: value}}
	}
	means := func(step, host, level, en, ko string) run.Body {
		return run.Check{Unit: u(step, host), Attempt: 1, Phase: "means", ID: "means", Level: level, Title: text(en, ko)}
	}
	judged := func(host, verdict, en, ko string) []run.Body {
		return []run.Body{
			run.Fact{Unit: u("judge", host), Name: "verdict", Value: steps.Value{V: verdict}},
			run.Check{Unit: u("judge", ""), Attempt: 1, Phase: "means", ID: "means", On: host, Level: "bad", Title: text(en, ko)},
		}
	}
	bodies := []run.Body{
		run.RunStarted{
			Run: "r1", Procedure: "db", Kind: steps.Runbook, Title: text("The database", "데이터베이스"), Site: "lab", Hosts: []string{"db1", "db2", "db3"}, Console: "c1", Who: "lee",
			Plan: []run.PlannedStep{
				{ID: "look", Title: text("Look", "상태"), Action: steps.ActProbe, Show: []string{"cluster_status"}},
				{ID: "judge", Title: text("Meaning", "판정"), Action: steps.ActJudge, Show: []string{"verdict"}},
				{ID: "keep", Title: text("Scene", "현장"), Action: steps.ActFetch},
				{ID: "mend", Title: text("Mend", "조치"), Action: steps.ActChoose},
				{ID: "limit", Title: text("Raise it", "상향"), Action: steps.ActRun},
				{ID: "proven", Title: text("Proof", "증명"), Action: steps.ActProve},
			},
		},
		run.UnitReady{Step: "look", Units: []run.Unit{u("look", "db1"), u("look", "db2")}},
		read("db1", "cluster_status", "gone"), means("look", "db1", "bad", "Down.", "중지되어 있습니다."),
		read("db2", "cluster_status", "gone"), means("look", "db2", "bad", "Down.", "중지되어 있습니다."),
		run.UnitEnded{Unit: u("look", "db1"), Attempt: 1, Outcome: run.OutcomeDone, Millis: 2000},
		run.UnitEnded{Unit: u("look", "db2"), Attempt: 1, Outcome: run.OutcomeDone, Millis: 3000},
		run.UnitReady{Step: "judge", Units: []run.Unit{u("judge", "")}},
	}
	bodies = append(bodies, judged("db1", "hangs", "waits for db3", "db3 노드를 기다립니다")...)
	bodies = append(bodies, judged("db2", "down", "waits for db3", "db3 노드를 기다립니다")...)
	bodies = append(bodies,
		run.UnitEnded{Unit: u("judge", ""), Attempt: 1, Outcome: run.OutcomeDone, Millis: 10},
		run.UnitReady{Step: "keep", Units: []run.Unit{u("keep", "db1"), u("keep", "db2")}},
		run.Fetched{Unit: u("keep", "db2"), Path: "/etc/my.cnf", Bytes: 9, SHA: "aa"}, run.Fetched{Unit: u("keep", "db1"), Path: "/etc/a|b", Absent: "nothing"},
		run.Fetched{Unit: u("keep", "db1"), Path: "/etc/my.cnf", Bytes: 9, SHA: "bb"}, run.Fetched{Unit: u("keep", "db1"), Path: "/etc/c", Absent: "nothing"},
		run.UnitReady{Step: "mend", Units: []run.Unit{u("mend", "")}},
		run.Question{Kind: run.AskChoose, Unit: u("mend", ""), Options: []string{"limit", "later"}, Titles: []i18n.Text{text("Raise the limit", "한도 상향"), text("Nothing", "하지 않음")}, Say: text("What now?", "어떻게 할까요?")},
	)
	asked := int64(len(bodies))
	bodies = append(bodies,
		run.Answer{Question: asked, Value: "limit"},
		run.UnitEnded{Unit: u("mend", ""), Attempt: 1, Outcome: run.OutcomeDone},
		run.UnitReady{Step: "limit", Units: []run.Unit{u("limit", "db1"), u("limit", "db2")}},
		run.Question{Kind: run.AskConfirm, Unit: u("limit", "db2"), Typed: "db2"},
	)
	asked = int64(len(bodies))
	bodies = append(bodies,
		run.Answer{Question: asked, Value: "db2", By: kim, Reason: "agreed by phone"},
		run.JobIntent{Job: "j1", Unit: u("limit", "db1"), Attempt: 1, Log: "l1"}, run.JobEnded{Job: "j1", State: job.Done},
		run.JobIntent{Job: "j2", Unit: u("limit", "db2"), Attempt: 1, Log: "l2"}, run.JobEnded{Job: "j2", State: job.Done},
		run.UnitEnded{Unit: u("limit", "db1"), Attempt: 1, Outcome: run.OutcomeDone, Millis: 10},
		run.UnitEnded{Unit: u("limit", "db2"), Attempt: 1, Outcome: run.OutcomeDone, Millis: 10},
		read("db1", "cluster_status", "Primary"), means("look", "db1", "ok", "Up.", "정상입니다."),
		read("db2", "cluster_status", "Primary"), means("look", "db2", "ok", "Up.", "정상입니다."),
		run.HostState{Host: "db3", State: run.HostFailed},
		run.UnitReady{Step: "proven", Units: []run.Unit{u("proven", "")}},
		run.Check{Unit: u("proven", ""), Attempt: 1, Phase: "prove", ID: "prove1", Title: text("Every node answers.", "모든 노드가 응답합니다."), Expected: "all(hosts.database, .up)", Found: "false"},
		run.UnitEnded{Unit: u("proven", ""), Attempt: 1, Outcome: run.OutcomeFailed},
		run.RunEnded{Outcome: "refused", Say: text("Every node answers.", "모든 노드가 응답합니다.")},
	)
	return fold(bodies...)
}

// TestSummary: the first ten lines tell somebody who was asleep what was wrong, what was decided by
// whom and why, what was changed, and what is left; what follows has the evidence as it was found.
func TestSummary(t *testing.T) {
	diff := logtext.Excerpt{Lines: []string{"--- a", "+++ b", "@@ -1 +1 @@", " default_pass = hisOwn33", "-limit 1", "+limit 2 hunter22"}}
	for i := range diff.Lines {
		diff.Lines[i] = secrets.String(diff.Lines[i])
	}
	logs := map[string]logtext.Excerpt{"l1": diff, "l2": diff}
	for lang, want := range map[i18n.Lang][]string{
		i18n.English: {
			"**refused**. This does not hold: Every node answers\n", "**Found**: db1, db2: waits for db3\n", "Mend: **Raise the limit** (lee, given ahead, ", "Raise it, db2: **db2**, Reason: agreed by phone (kim, ",
			"**Changed**: Raise it: db1, db2\n", "mend what does not hold, then begin a new run; not looked at to the end: db3 (not reached)\n",
			"| hosts | cluster status | what it means |", "| **db1, db2** | gone | **bad** Down. |", "| **db1**, **db2** | **bad** waits for db3 |",
			"| db1, db2 | cluster status | gone | Primary |", "Look: done (3s)", "**Raise it**, host: db1, db2 (", "```diff\n--- a", "db1, is not there: /etc/a\\|b, `/etc/c`",
			"| 6 |  | Every node answers. | proof |  |  | **FAILED** |",
		},
		i18n.Korean: {
			"**거부됨**. 충족되지 않은 조건: 모든 노드가 응답합니다\n", "**확인된 이상**: db1, db2: db3 노드를 기다립니다\n", "조치: **한도 상향** (lee, 미리 정한 답, ", "사유: agreed by phone (kim, ",
			"**변경**: 상향: db1, db2\n", "| 호스트 | 클러스터 상태 | 해석 |", "| **db1**, **db2** | **이상** db3 노드를 기다립니다 |",
		},
	} {
		got := Markdown(Input{State: drill(), Lang: lang, Redactor: secrets, Logs: logs})
		structure(t, string(lang), got)
		top, _, _ := strings.Cut(got, "\n## ")
		if top, _, _ = strings.Cut(strings.TrimPrefix(got, top+"\n## "), "\n## "); strings.Count(top, "\n") > 10 {
			t.Errorf("%s: the summary is long:\n%s", lang, top)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, got)
			}
		}
		for _, no := range []string{"hunter22", "hisOwn33", "all(hosts", "| hangs |", "| limit |", "for 1m", "(Every"} {
			if strings.Contains(got, no) {
				t.Errorf("%s: %q in\n%s", lang, no, got)
			}
		}
		if strings.Index(got, "| db1 | `/etc/my.cnf`") > strings.Index(got, "| db2 | `/etc/my.cnf`") {
			t.Errorf("%s: the scene is not in the order of hosts", lang)
		}
	}
}

// TestSummaryNamesWhoRestarted: that the power of a host was gone for a while is not told by what was done.
func TestSummaryNamesWhoRestarted(t *testing.T) {
	bodies := []run.Body{
		run.RunStarted{Run: "r1", Procedure: "db", Kind: steps.Runbook, Title: text("The database", "데이터베이스"), Site: "lab", Hosts: []string{"db1", "db2"}},
		run.HostState{Host: "db1", State: run.HostReached, Boot: "one"}, run.HostState{Host: "db2", State: run.HostReached, Boot: "one"},
		run.HostState{Host: "db2", State: run.HostLost}, run.HostState{Host: "db2", State: run.HostRebooted, Boot: "two"}, run.HostState{Host: "db2", State: run.HostClaimed, Boot: "two"},
		run.RunEnded{Outcome: "done"},
	}
	for lang, want := range map[i18n.Lang]string{i18n.English: "- **Restarted meanwhile**: db2 (", i18n.Korean: "- **작업 중 재부팅된 호스트**: db2 ("} {
		if got := Markdown(Input{State: fold(bodies...), Lang: lang, Redactor: secrets}); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
		if got := Markdown(Input{State: fold(bodies[:3]...), Lang: lang, Redactor: secrets}); strings.Contains(got, want[:12]) {
			t.Errorf("%q in\n%s", want[:12], got)
		}
	}
}

// TestAgreedTwice: an agreement that was asked for once more did not hold, and is told so; the summary
// has the one that held.
func TestAgreedTwice(t *testing.T) {
	u := run.Unit{Step: "limit", Host: "db1"}
	ask := run.Question{Kind: run.AskConfirm, Unit: u, Attempt: 1, Typed: "db1"}
	bodies := []run.Body{
		run.RunStarted{Run: "r1", Procedure: "db", Kind: steps.Runbook, Title: text("The database", "데이터베이스"), Site: "lab", Hosts: []string{"db1"},
			Plan: []run.PlannedStep{{ID: "limit", Title: text("Raise it", "상향"), Action: steps.ActRun}}},
		run.UnitReady{Step: "limit", Units: []run.Unit{u}},
		ask, run.Answer{Question: 3, Value: "db1"}, ask, run.Answer{Question: 5, Value: "db1"},
		run.RunEnded{Outcome: "done"},
	}
	for lang, again := range map[i18n.Lang]string{i18n.English: "(asked again, things had changed)", i18n.Korean: "(상황이 바뀌어 다시 확인함)"} {
		got := Markdown(Input{State: fold(bodies...), Lang: lang, Redactor: secrets})
		if strings.Count(got, again) != 1 {
			t.Errorf("%s: not once %q in\n%s", lang, again, got)
		}
		if top, _, _ := strings.Cut(strings.SplitN(got, "\n## ", 3)[1], "\n## "); strings.Count(top, "**db1**") != 1 {
			t.Errorf("%s: the summary:\n%s", lang, top)
		}
	}
}
