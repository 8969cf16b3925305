package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/clipperhouse/displaywidth"
	"github.com/google/go-cmp/cmp"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/steps"
)

var update = flag.Bool("update", false, "write the golden files anew")

// journal is a run directory with a journal that a test writes as an engine would.
type journal struct {
	t   testing.TB
	dir *run.Dir
	j   *run.Journal
	at  time.Time // nil clock: each event is a second after the one before
	now func() time.Time
}

func newJournal(t testing.TB, now func() time.Time) *journal {
	t.Helper()
	dir, err := run.Create(t.TempDir(), "20260301-031200-0badcafe", run.Files{})
	if err != nil {
		t.Fatal(err)
	}
	w := &journal{t: t, dir: dir, at: time.Date(2026, 3, 1, 3, 12, 0, 0, time.UTC)}
	if w.now = now; now == nil {
		w.now = func() time.Time { w.at = w.at.Add(time.Second); return w.at }
	}
	if w.j, _, err = run.OpenJournal(dir.JournalPath(), w.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.j.Close() })
	return w
}

func (w *journal) write(bodies ...run.Body) (last int64) {
	w.t.Helper()
	for _, b := range bodies {
		e, err := w.j.Append(b)
		if err != nil {
			w.t.Fatal(err)
		}
		last = e.Seq
	}
	return last
}

func (w *journal) log(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(w.dir.LogPath(name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func text(en, ko string) i18n.Text { return i18n.Text{En: en, Ko: ko} }

var (
	ctl1 = run.Unit{Step: "db", Host: "ctl1"}
	ntp1 = run.Unit{Step: "ntp", Host: "cmp1"}
	ntp2 = run.Unit{Step: "ntp", Host: "cmp2"}
	kim  = &run.By{UID: 1000, User: "kim", PID: 4242}
)

func started() run.RunStarted {
	return run.RunStarted{
		Run: "20260301-031200-0badcafe", Procedure: "environment-2023.1", Kind: steps.Install,
		Title: text("The environment for OpenStack 2023.1", "OpenStack 2023.1 기반 환경"), Site: "lab", Hosts: []string{"ctl1", "cmp1", "cmp2"},
		Plan: []run.PlannedStep{
			{ID: "ntp", Title: text("Clients follow the controller's clock", "클라이언트 시각을 컨트롤러에 맞춤"), Action: steps.ActRun, Hosts: []string{"cmp1", "cmp2"}},
			{ID: "db", Title: text("MariaDB is bound to the management address with the documented options", "MariaDB를 관리 주소에 바인딩하고 문서의 옵션을 적용"), Action: steps.ActRun, Risk: steps.Destructive, Hosts: []string{"ctl1"}},
			{ID: "etcd", Title: text("etcd", ""), Action: steps.ActRun, Hosts: []string{"ctl1"}},
		},
		Console: "console1",
	}
}

// install is a run with something of everything: it parks on the failed database.
func install(w *journal) {
	w.write(
		started(),
		run.EngineStarted{PID: 4711, Console: "console1", Boot: "b0", Version: "0.1.0"},
		run.HostState{Host: "ctl1", State: run.HostReached, Boot: "b1", Platform: "debian-12"},
		run.HostState{Host: "cmp1", State: run.HostReached, Boot: "b2", Platform: "debian-12"},
		run.HostState{Host: "cmp2", State: run.HostFailed, Problem: problem.New("test.unheard.of", "cmp2", fmt.Errorf("dial tcp 192.0.2.13:22: connect: no route to host"), "address", "192.0.2.13")},
		run.HostState{Host: "cmp2", State: run.HostDropped},
		run.HostState{Host: "ctl1", State: run.HostClaimed},
		run.UnitReady{Step: "ntp", Units: []run.Unit{ntp1, ntp2}},
		run.UnitSkipped{Unit: ntp2, Why: "dropped"},
		run.Check{Unit: ntp1, Attempt: 1, Phase: "check", ID: "source", OK: false, Expected: "ctl1", Found: "none"},
		run.FileChanged{Unit: ntp1, Path: "/etc/chrony/chrony.conf", Backup: "/etc/chrony/chrony.conf.20260301-031200-0badcafe", Diff: "--- a\n+++ b\n@@ -1 +1 @@\n-pool x\n+server ctl1 iburst\n"},
		run.JobIntent{Job: "j1", Unit: ntp1, Attempt: 1, SHA: "aa", Boot: "b2", Log: "ntp@cmp1.1.log"},
		run.JobClaimed{Job: "j1"},
		run.JobEnded{Job: "j1", State: job.Done, Code: 0, Bytes: 3},
		run.Check{Unit: ntp1, Attempt: 1, Phase: "verify", ID: "source", Title: text("The controller is the selected source", "선택된 시각 원본이 컨트롤러"), OK: true, Expected: `matches "^\^\* ctl1"`, Found: "^* ctl1 3 6 377 21 +12us[ +15us] +/- 20ms"},
		run.Check{Unit: ntp1, Attempt: 1, Phase: "verify", ID: "failed-units", On: "ctl1", OK: true, Expected: "exit 0", Found: "exit 0"},
		run.UnitEnded{Unit: ntp1, Attempt: 1, Outcome: run.OutcomeDone, Millis: 12345},
		run.UnitReady{Step: "db", Units: []run.Unit{ctl1}},
	)
	q := w.write(run.Question{Kind: run.AskConfirm, Unit: ctl1, Attempt: 1, Typed: "ctl1", Options: []string{"no"}, Hosts: []string{"ctl1"}, Say: text("The database is restarted.", "데이터베이스가 다시 시작됩니다.")})
	w.log("db@ctl1.1.log", "installing\n\x1b[31mERROR\x1b[0m access denied for hunter22\nline with a tab\tand \x07 bell\n")
	w.write(
		run.Answer{Question: q, Value: "ctl1", By: kim},
		run.JobIntent{Job: "j2", Unit: ctl1, Attempt: 1, SHA: "bb", Boot: "b1", Log: "db@ctl1.1.log"},
		run.JobClaimed{Job: "j2"},
		run.Leak{Log: "db@ctl1.1.log", Secret: "db_password", Offset: 35},
		run.JobStop{Job: "j2", By: kim},
		run.JobEnded{Job: "j2", State: job.Done, Code: 1, Bytes: 80},
		run.Check{Unit: ctl1, Attempt: 1, Phase: "verify", ID: "bind", Title: text("MariaDB listens on the management address", "MariaDB가 관리 주소에서 대기"), OK: false, Expected: "10.0.0.11", Found: "127.0.0.1\n", Tries: 3, Remedy: text("Look at bind-address in /etc/mysql/mariadb.conf.d/99-openstack.cnf", "/etc/mysql/mariadb.conf.d/99-openstack.cnf 파일의 bind-address 값을 확인하십시오")},
		run.UnitEnded{Unit: ctl1, Attempt: 1, Outcome: run.OutcomeFailed, Problem: problem.New("test.unheard.of", "ctl1", nil, "exit", "1"), Millis: 65432},
	)
}

// failed is the question about the failed database.
func failed() run.Question {
	return run.Question{Kind: run.AskFailed, Unit: ctl1, Attempt: 1, Options: []string{"retry", "edit", "skip", "drop", "stop"}, Problem: problem.New("test.unheard.of", "ctl1", nil, "exit", "1")}
}

// follow runs Follow to its end and returns what it printed.
func follow(t *testing.T, o Options) (string, int, error) {
	t.Helper()
	var out bytes.Buffer
	o.Out = &out
	if o.Location == nil {
		o.Location = time.UTC
	}
	if o.Redactor == nil {
		o.Redactor = redact.NewRedactor(map[string]string{"db_password": "hunter22"})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	status, err := Follow(ctx, o)
	return strings.ReplaceAll(out.String(), o.Dir.Path(), "RUNDIR"), status, err
}

func golden(t *testing.T, name, got string) {
	t.Helper()
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

// fits: every line of line mode can be read at 80 columns, has no control character, and
// shows no secret. Lines of output, and single long words, may be longer.
func fits(t *testing.T, out string) {
	t.Helper()
	for _, l := range strings.Split(out, "\n") {
		if w := displaywidth.String(l); w > 79 && len(strings.Fields(l)) > 1 && !strings.Contains(l, "RUNDIR") {
			t.Errorf("%d columns: %q", w, l)
		}
		if strings.ContainsFunc(l, unicode.IsControl) {
			t.Errorf("a control character: %q", l)
		}
		if strings.Contains(l, "hunter22") {
			t.Errorf("a secret: %q", l)
		}
	}
}

func TestGolden(t *testing.T) {
	for _, tc := range []struct {
		name   string
		o      Options
		more   func(w *journal)
		status int
	}{
		{"parked.en", Options{Lang: i18n.English}, func(w *journal) {
			q := w.write(failed())
			w.write(run.RunParked{Why: "question", Questions: []int64{q}})
		}, run.ExitFailed},
		{"parked.ko", Options{Lang: i18n.Korean}, func(w *journal) {
			q := w.write(failed())
			w.write(run.RunParked{Why: "question", Questions: []int64{q}})
		}, run.ExitFailed},
		{"skipped.ascii", Options{Lang: i18n.Korean, ASCII: true}, func(w *journal) {
			q := w.write(failed())
			etcd := run.Unit{Step: "etcd", Host: "ctl1"}
			w.write(
				run.Answer{Question: q, Value: "skip", Reason: "한글 사유: repaired by hand", By: kim},
				run.UnitSkipped{Unit: ctl1, Why: "operator", Reason: "한글 사유: repaired by hand", By: kim},
				run.EngineStarted{PID: 4712, Console: "console1"},
				run.UnitReady{Step: "etcd", Units: []run.Unit{etcd}},
				run.Check{Unit: etcd, Attempt: 1, Phase: "check", ID: "put-get", OK: true, Expected: "exit 0", Found: "exit 0"},
				run.UnitEnded{Unit: etcd, Attempt: 1, Outcome: run.OutcomeAlready, Millis: 700},
				run.RunEnded{Outcome: "done"},
			)
		}, run.ExitDone},
		{"cancelled.ko", Options{Lang: i18n.Korean}, func(w *journal) {
			q := w.write(failed())
			w.write(
				run.Answer{Question: q, Value: "retry", By: kim},
				run.Edit{Step: "db", SHA: "cc", Hosts: []string{"ctl1"}, File: "db.sh", By: kim},
				run.JobIntent{Job: "j3", Unit: ctl1, Attempt: 2, SHA: "cc", Boot: "b1", Log: "db@ctl1.2.log"},
				run.JobClaimed{Job: "j3", Found: true},
				run.HostState{Host: "ctl1", State: run.HostLost},
				run.HostState{Host: "ctl1", State: run.HostRebooted},
				run.JobEnded{Job: "j3", State: job.Rebooted},
				run.LogTruncated{Log: "db@ctl1.2.log", Why: "host"},
				run.UnitHeld{Unit: ctl1, For: ntp1},
				run.RunEnded{Outcome: "cancelled"},
			)
		}, run.ExitFailed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newJournal(t, nil)
			install(w)
			tc.more(w)
			tc.o.Dir = w.dir
			got, status, err := follow(t, tc.o)
			if err != nil || status != tc.status {
				t.Errorf("status %d, %v, want %d", status, err, tc.status)
			}
			fits(t, got)
			if tc.o.ASCII && strings.ContainsFunc(got, func(r rune) bool { return r > unicode.MaxASCII }) {
				t.Error("there is more than ASCII")
			}
			golden(t, tc.name, got)
		})
	}
}

// Who joins a run under way is told where it stands, and the questions that are open.
func TestResume(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	w.write(failed())
	ctx, cancel := context.WithCancel(t.Context())
	var out lockedBuffer
	o := Options{Dir: w.dir, Lang: i18n.English, Resume: true, Observe: true, Out: &out, Location: time.UTC, Redactor: redact.NewRedactor(nil)}
	done := make(chan int)
	go func() {
		status, err := Follow(ctx, o)
		if err != nil {
			t.Error(err)
		}
		done <- status
	}()
	out.wait(t, "QUESTION")
	w.write(run.HostState{Host: "ctl1", State: run.HostLost})
	out.wait(t, "does not answer")
	cancel()
	if status := <-done; status != run.ExitDetached {
		t.Errorf("status %d after detaching", status)
	}
	if !strings.Contains(out.String(), "stackhand attach "+w.dir.ID()) {
		t.Errorf("it does not say how to attach again:\n%s", out.String())
	}
	golden(t, "resume.en", out.String())
}

func TestJSON(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	w.write(run.Let{Step: "db", Name: "n", Value: 3.5}, run.RunEnded{Outcome: "failed"})
	got, status, err := follow(t, Options{Dir: w.dir, JSON: true, Redactor: redact.NewRedactor(nil)})
	if err != nil || status != run.ExitFailed {
		t.Errorf("status %d, %v", status, err)
	}
	want, err := os.ReadFile(w.dir.JournalPath())
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("not the journal:\n%s", cmp.Diff(string(want), got))
	}
	got, _, err = follow(t, Options{Dir: w.dir, JSON: true, Redactor: redact.NewRedactor(map[string]string{"x": "127.0.0.1"})})
	if err != nil || strings.Contains(got, "127.0.0.1") {
		t.Errorf("a secret in JSON: %v", err)
	}
	for _, l := range strings.Split(strings.TrimSpace(got), "\n") {
		if !json.Valid([]byte(l)) {
			t.Errorf("no JSON: %s", l)
		}
	}
}

func TestDecideOfAnUnknownStep(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	_, status, err := follow(t, Options{Dir: w.dir, Decide: map[string]string{"dbb": "yes"}})
	var usage *ErrUsage
	if status != run.ExitUsage || err == nil || !errorsAs(err, &usage) {
		t.Errorf("status %d, %v", status, err)
	}
}

func TestDetect(t *testing.T) {
	for _, tc := range []struct {
		env   map[string]string
		lang  i18n.Lang
		ascii bool
	}{
		{map[string]string{}, i18n.English, true},
		{map[string]string{"LANG": "ko_KR.UTF-8", "TERM": "xterm"}, i18n.Korean, false},
		{map[string]string{"LANG": "ko_KR.utf8"}, i18n.Korean, false},
		{map[string]string{"LANG": "ko_KR.eucKR"}, i18n.English, true},
		{map[string]string{"LANG": "ko_KR.UTF-8", "TERM": "linux"}, i18n.English, true},
		{map[string]string{"LANG": "en_US.UTF-8", "TERM": "dumb"}, i18n.English, true},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_ALL": "C"}, i18n.English, true},
		{map[string]string{"LANG": "C.UTF-8", "TERM": "screen"}, i18n.English, false},
	} {
		lang, ascii := Detect(func(k string) string { return tc.env[k] })
		if lang != tc.lang || ascii != tc.ascii {
			t.Errorf("Detect(%v) = %s, %v", tc.env, lang, ascii)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"short", "short\n"},
		{"", "\n"},
		{strings.Repeat("word ", 20), strings.TrimSuffix(strings.Repeat("word ", 15), " ") + " word\n    " + strings.TrimSuffix(strings.Repeat("word ", 4), "") + "\n"},
		{strings.Repeat("한글 ", 20), strings.TrimSuffix(strings.Repeat("한글 ", 15), " ") + " 한글\n    " + strings.Repeat("한글 ", 4) + "\n"},
		{"see " + strings.Repeat("/long", 30) + " there", "see\n    " + strings.Repeat("/long", 30) + "\n    there\n"},
		{"two\nlines", "two\nlines\n"},
		{"a   b", "a   b\n"},
	} {
		if got := wrap(tc.in, 0, 4); got != tc.want {
			t.Errorf("wrap(%q) = %q, want %q", tc.in, got, tc.want)
		}
	}
}

// Whatever a host, a procedure or a person wrote into the journal, no control reaches the
// terminal, no secret is shown, and nothing of a megabyte fills the screen.
func TestHostileJournal(t *testing.T) {
	const bad = "x\x1b[2J\x1b]0;t\x07\r\n\u202e\u009bhunter22\xff"
	both := text(bad, bad)
	u := run.Unit{Step: bad, Host: bad, Item: bad}
	who := &run.By{UID: 1, User: bad}
	p := problem.New(problem.Code(bad), bad, fmt.Errorf("%s", bad), bad, bad).WithOutput(bad)
	w := newJournal(t, nil)
	w.write(
		run.RunStarted{Run: bad, Procedure: bad, Title: both, Site: bad, Hosts: []string{bad}, Plan: []run.PlannedStep{{ID: bad, Title: both}}},
		run.HostState{Host: bad, State: bad, Platform: bad, Problem: p},
		run.UnitReady{Step: bad, Units: []run.Unit{u}},
		run.JobIntent{Job: bad, Unit: u, Attempt: 1, Log: bad},
		run.JobStop{Job: bad, By: who}, run.JobEnded{Job: bad, State: bad},
		run.FileChanged{Unit: u, Path: bad, Backup: bad}, run.Leak{Log: bad, Secret: bad}, run.LogTruncated{Log: bad, Why: bad},
		run.Edit{Step: bad, Hosts: []string{bad}, By: who}, run.Verdict{Step: bad, Say: both},
		run.Check{Unit: u, Phase: "verify", ID: bad, Title: both, On: bad, Expected: bad, Found: strings.Repeat(bad+" ", 1<<16), Remedy: both},
		run.UnitEnded{Unit: u, Attempt: 1, Outcome: "failed", Problem: p},
		run.Question{Kind: bad, Unit: u, Say: both, Args: map[string]string{bad: bad}, Options: []string{bad}, Titles: []i18n.Text{both}, Problem: p, Hosts: []string{bad}},
		run.RunParked{Why: bad, By: who},
	)
	out, _, err := follow(t, Options{Dir: w.dir, Lang: i18n.English})
	if err != nil {
		t.Fatal(err)
	}
	fits(t, out)
	if len(out) > 16<<10 {
		t.Errorf("%d bytes were printed", len(out))
	}
}
