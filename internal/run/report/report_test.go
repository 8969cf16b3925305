package report

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/internal/run/redact"
	"stackhand/steps"
)

var update = flag.Bool("update", false, "write the golden files anew")

func text(en, ko string) i18n.Text { return i18n.Text{En: en, Ko: ko} }

// fold makes a journal of the bodies, an event a second.
func fold(bodies ...run.Body) *run.State {
	var events []run.Event
	at := time.Date(2026, 3, 1, 3, 12, 0, 0, time.UTC)
	for i, b := range bodies {
		at = at.Add(time.Second)
		events = append(events, run.Event{V: run.Version, Seq: int64(i + 1), Time: at, Body: b})
	}
	return run.Fold(events)
}

// hostile is what a host may print to break a report: structure, controls, and a secret.
const hostile = "a|b `c` *d* <script>[e](http://f)\n| g |\n```\n## h\x1b[31m\x07 hunter22 _i_"

// story has something of everything.
func story(more ...run.Body) *run.State {
	kim := &run.By{UID: 1000, User: "kim", PID: 4242}
	db, ntp1, ntp2 := run.Unit{Step: "db", Host: "ctl1"}, run.Unit{Step: "ntp", Host: "cmp1"}, run.Unit{Step: "ntp", Host: "cmp2"}
	failed := problem.New("test.unheard.of", "ctl1", errors.New("exit status 1"), "exit", "1").WithOutput(hostile)
	return fold(append([]run.Body{
		run.RunStarted{
			Run: "20260301-031200-0badcafe", Procedure: "environment-2023.1", Kind: steps.Install, Title: text("The environment for OpenStack 2023.1", "OpenStack 2023.1 기반 환경"),
			Site: "lab", Hosts: []string{"ctl1", "cmp1", "cmp2"}, Console: "console1",
			Params: map[string]string{"release": "2023.1", "note": "a|b hunter22"}, Secrets: []string{"db_password"},
			Plan: []run.PlannedStep{
				{ID: "ask", Title: text("Which mirror", "미러 선택"), Action: steps.ActAsk},
				{ID: "ntp", Title: text("Clients follow the controller's clock", "클라이언트 시각을 컨트롤러에 맞춤"), Action: steps.ActRun},
				{ID: "db", Title: text("MariaDB_server *with* options", "MariaDB 서버"), Action: steps.ActRun, Risk: steps.Destructive},
				{ID: "users", Title: text("Accounts", "계정"), Action: steps.ActRun},
				{ID: "old", Title: text("Only before 2023", "2023 이전 전용"), Action: steps.ActRun},
				{ID: "etcd", Action: steps.ActRun},
			},
		},
		run.EngineStarted{PID: 1, Console: "console1", Version: "0.1.0"},
		run.HostState{Host: "ctl1", State: run.HostReached, Boot: "11111111-aaaa", Platform: "debian-12"},
		run.HostState{Host: "cmp1", State: run.HostReached, Boot: "22222222-bbbb", Platform: "debian-12"},
		run.HostState{Host: "cmp2", State: run.HostFailed, Problem: problem.New("test.unheard.of", "cmp2", errors.New("no route"), "address", "192.0.2.13")},
		run.HostState{Host: "cmp2", State: run.HostDropped},
		run.UnitReady{Step: "ask", Units: []run.Unit{{Step: "ask"}}},
		run.Question{Kind: run.AskValue, Unit: run.Unit{Step: "ask"}, Say: text("Which mirror?", "어느 미러를 쓸까요?")},
		run.Answer{Question: 8, Value: "http://192.0.2.1/debian"},
		run.UnitEnded{Unit: run.Unit{Step: "ask"}, Attempt: 1, Outcome: run.OutcomeDone, Millis: 20},
		run.UnitReady{Step: "ntp", Units: []run.Unit{ntp1, ntp2}},
		run.UnitSkipped{Unit: ntp2, Why: "dropped"},
		run.Check{Unit: ntp1, Attempt: 1, Phase: "check", ID: "source", Title: text("Selected source", "선택된 원본"), Expected: "ctl1", Found: "none"},
		run.FileChanged{Unit: ntp1, Path: "/etc/chrony/chrony.conf", Backup: "/etc/chrony/chrony.conf.bak", Diff: "--- a\n+++ b\n@@ -1 +1,2 @@\n-pool x\n+server ctl1 iburst\n+# hunter22 ```\n"},
		run.FileChanged{Unit: ntp1, Path: "/etc/new"},
		run.JobIntent{Job: "j1", Unit: ntp1, Attempt: 1, Log: "ntp@cmp1.1.log"},
		run.JobEnded{Job: "j1", State: job.Done, Bytes: 3},
		run.Check{Unit: ntp1, Attempt: 1, Phase: "verify", ID: "source", Title: text("Selected source", "선택된 원본"), OK: true, Expected: "ctl1", Found: "^* ctl1"},
		run.UnitEnded{Unit: ntp1, Attempt: 1, Outcome: run.OutcomeDone, Millis: 12345},
		run.UnitReady{Step: "db", Units: []run.Unit{db}},
		run.Question{Kind: run.AskConfirm, Unit: db, Attempt: 1, Typed: "ctl1", Say: text("It is wiped.", "지웁니다.")},
		run.Answer{Question: 21, Value: "ctl1", By: kim},
		run.JobIntent{Job: "j2", Unit: db, Attempt: 1, Log: "db@ctl1.1.log"},
		run.Leak{Log: "db@ctl1.1.log", Secret: "db_password", Offset: 35},
		run.JobEnded{Job: "j2", State: job.Done, Code: 1, Bytes: 80},
		run.UnitEnded{Unit: db, Attempt: 1, Outcome: run.OutcomeFailed, Problem: failed, Millis: 65432},
		run.Question{Kind: run.AskFailed, Unit: db, Attempt: 1, Options: []string{"retry", "edit", "skip"}, Problem: failed},
		run.Edit{Step: "db", SHA: "cafe", Hosts: []string{"ctl1"}, File: "db-1.sh", By: kim},
		run.Answer{Question: 27, Value: "edit", By: kim},
		run.JobIntent{Job: "j3", Unit: db, Attempt: 2, Log: "db@ctl1.2.log"},
		run.LogTruncated{Log: "db@ctl1.2.log", Why: "host"},
		run.JobEnded{Job: "j3", State: job.Done, Code: 1, Bytes: 80},
		run.Check{Unit: db, Attempt: 2, Phase: "verify", ID: "bind", On: "cmp1", Expected: "10.0.0.11", Found: hostile, Remedy: text("look", "확인")},
		run.UnitEnded{Unit: db, Attempt: 2, Outcome: run.OutcomeFailed, Problem: failed, Millis: 100},
		run.Question{Kind: run.AskFailed, Unit: db, Attempt: 2, Options: []string{"retry", "skip"}, Problem: failed},
	}, more...)...)
}

func ended() *run.State {
	kim := &run.By{UID: 1000, User: "kim", PID: 4242}
	db, users := run.Unit{Step: "db", Host: "ctl1"}, run.Unit{Step: "users", Host: "ctl1", Item: "nova|api"}
	return story(
		run.Answer{Question: 35, Value: "skip", Reason: "restored by hand\n| so", By: kim},
		run.UnitSkipped{Unit: db, Why: "operator", Reason: "restored by hand", By: kim},
		run.UnitReady{Step: "users", Units: []run.Unit{users}},
		run.Question{Kind: run.AskStall, Unit: users, Args: map[string]string{"for": "10m0s"}},
		run.Answer{Question: 39, Void: "ended"},
		run.UnitSkipped{Unit: users, Why: "operator", Reason: "not needed", By: &run.By{UID: 77}},
		run.UnitSkipped{Unit: run.Unit{Step: "old"}, Why: "when"},
		run.Question{Kind: run.AskFailed, Unit: run.Unit{Step: "etcd"}, Options: []string{"retry", "skip", "stop"}, Problem: problem.New("test.unheard.of", "", errors.New("no host has the role"))},
		run.Answer{Question: 43, Value: "retry", By: kim},
		run.UnitReady{Step: "etcd", Units: []run.Unit{{Step: "etcd", Host: "ctl1"}}},
		run.UnitEnded{Unit: run.Unit{Step: "etcd", Host: "ctl1"}, Attempt: 1, Outcome: run.OutcomeAlready, Millis: 700},
		run.Verdict{Step: "etcd", Outcome: "done", Say: text("Healthy.", "정상입니다.")},
		run.RunEnded{Outcome: "done", Say: text("All *well*.", "모두 *정상*입니다.")},
	)
}

var secrets = redact.NewRedactor(map[string]string{"db_password": "hunter22"})

func logs() map[string]logtext.Excerpt {
	return map[string]logtext.Excerpt{"db@ctl1.1.log": {Lines: strings.Split(logtext.Clean([]byte(secrets.String(hostile))), "\n"), Cut: true, Size: 123456}}
}

func TestGolden(t *testing.T) {
	parked := story(run.RunParked{Why: "operator", Questions: []int64{35}, By: &run.By{UID: 1000, User: "kim"}})
	for name, in := range map[string]Input{
		"ended.en.md":  {State: ended(), Lang: i18n.English, Redactor: secrets, Logs: logs()},
		"ended.ko.md":  {State: ended(), Lang: i18n.Korean, Redactor: secrets, Logs: logs(), Location: time.FixedZone("KST", 9*3600)},
		"parked.en.md": {State: parked, Lang: i18n.English, Redactor: secrets},
		"empty.en.md":  {State: run.Fold(nil), Lang: i18n.English},
	} {
		got := Markdown(in)
		if again := Markdown(in); again != got {
			t.Errorf("%s: two reports of one run differ:\n%s", name, cmp.Diff(got, again))
		}
		if strings.Contains(got, "hunter22") || strings.ContainsAny(got, "\x1b\x07\r") {
			t.Errorf("%s: a secret or a control character is in it", name)
		}
		structure(t, name, got)
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (run with -update after reading):\n%s", name, d)
		}
	}
}

// structure: every row of a table has as many cells as its head, every fence is closed, and
// no heading comes from outside.
func structure(t *testing.T, name, md string) {
	t.Helper()
	fence, columns := "", 0
	for _, l := range strings.Split(md, "\n") {
		if ticks := l[:len(l)-len(strings.TrimLeft(l, "`"))]; len(ticks) >= 3 {
			switch {
			case fence == "":
				fence = ticks
			case l == fence:
				fence = ""
			}
			continue
		}
		if fence != "" {
			continue
		}
		if !strings.HasPrefix(l, "|") {
			columns = 0
		} else {
			n := strings.Count(strings.ReplaceAll(strings.ReplaceAll(l, `\\`, ""), `\|`, ""), "|")
			if columns != 0 && n != columns {
				t.Errorf("%s: %d cells where %d were: %s", name, n-1, columns-1, l)
			}
			columns = n
		}
		if strings.HasPrefix(l, "## h") {
			t.Errorf("%s: a heading from outside: %s", name, l)
		}
	}
	if fence != "" {
		t.Errorf("%s: a fence is not closed", name)
	}
}

// Excerpts reads the logs of failed attempts, through the redactor, and no others.
func TestExcerpts(t *testing.T) {
	d, err := run.Create(t.TempDir(), "r1", run.Files{})
	if err != nil {
		t.Fatal(err)
	}
	for _, log := range []string{"db@ctl1.1.log", "db@ctl1.2.log", "ntp@cmp1.1.log"} {
		if err := os.WriteFile(d.LogPath(log), []byte(strings.Repeat("x hunter22\n", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Excerpts(d, ended(), secrets)
	if err != nil || len(got) != 2 {
		t.Fatalf("%v, %v", got, err)
	}
	for _, log := range []string{"db@ctl1.1.log", "db@ctl1.2.log"} {
		if e := got[log]; len(e.Lines) != ExcerptLines || !e.Cut || e.LastLine() != "x [secret db_password]" {
			t.Errorf("%s: %v", log, e)
		}
	}
}

// TestStepsThatDidNotApply: many of them are one line; one that somebody skipped stands alone.
func TestStepsThatDidNotApply(t *testing.T) {
	var plan []run.PlannedStep
	events := []run.Event{{Seq: 1}}
	for i := range 9 {
		id := string(rune('a' + i))
		plan = append(plan, run.PlannedStep{ID: id, Title: i18n.Text{En: "Step " + id, Ko: "단계 " + id}})
		why := "when"
		if i == 5 {
			why = "operator"
		}
		events = append(events, run.Event{Seq: int64(i + 2), Body: run.UnitSkipped{Unit: run.Unit{Step: id}, Why: why}})
	}
	events[0].Body = run.RunStarted{Run: "r", Plan: plan}
	text := Markdown(Input{State: run.Fold(events), Lang: i18n.English})
	for _, want := range []string{"| 1–5 | Step a … Step e (skipped", "| 6 | Step f (skipped", "| 7–9 | Step g … Step i (skipped"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Step b") {
		t.Errorf("a step that did not apply is told alone:\n%s", text)
	}
}
