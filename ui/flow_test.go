package ui_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// recorder is a stage whose runs have an engine that only notes what it is told.
type recorder struct {
	*stage.Backend
	mu        sync.Mutex
	sent      []run.Command
	started   []map[string]string // secrets of each start
	edited    []string
	editedFor []string
	reply     run.Reply
}

func (r *recorder) Open(ctx context.Context, dir string) (ui.Watcher, error) {
	w, err := r.Backend.Open(ctx, dir)
	return recording{w, r}, err
}

func (r *recorder) Start(_ context.Context, _ string, _, secrets map[string]string) (string, error) {
	r.started = append(r.started, secrets)
	return stage.Scene(r.Root, "running", time.Now())
}

type recording struct {
	ui.Watcher
	r *recorder
}

func (w recording) Alive(context.Context) bool { return true }

func (w recording) Send(_ context.Context, c run.Command) (run.Reply, error) {
	w.r.mu.Lock()
	defer w.r.mu.Unlock()
	w.r.sent = append(w.r.sent, c)
	return w.r.reply, nil
}

func (w recording) Edit(_ context.Context, q int64, hosts []string, script string) error {
	w.r.edited, w.r.editedFor = append(w.r.edited, script), hosts
	return nil
}

// on drives an App that shows a scene.
func on(t *testing.T, scene string, lang i18n.Lang, test func(d *driver, r *recorder, dir string)) {
	t.Helper()
	r := &recorder{Backend: &stage.Backend{Root: t.TempDir()}, reply: run.Reply{OK: true}}
	dir, err := stage.Scene(r.Root, scene, bubble)
	if err != nil {
		t.Fatal(err)
	}
	drive(t, 80, 24, ui.Options{Backend: r, Lang: lang, Run: dir}, func(d *driver) {
		d.wait(2 * time.Second)
		test(d, r, dir)
	})
}

// add appends to a scene's journal, as its engine would.
func add(t *testing.T, dir string, bodies ...run.Body) {
	t.Helper()
	j, _, err := run.OpenJournal(filepath.Join(dir, "journal.jsonl"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for _, b := range bodies {
		if _, err := j.Append(b); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFromHomeToARun(t *testing.T) {
	r := &recorder{Backend: &stage.Backend{Root: t.TempDir(), Pace: 50 * time.Millisecond}}
	drive(t, 80, 24, ui.Options{Backend: r, Lang: i18n.English}, func(d *driver) {
		d.wants("Install", "Environment for OpenStack 2023.1", "10 steps", "looking")
		d.keys("enter")
		d.wants("Time server on the controller", "corrections followed: 3", "the service answers")
		d.keys("enter")
		d.wants("reach", "trust", "log in")
		d.wait(5 * time.Second)
		d.wants("✓ debian-12", "✓ +0.2 s", "All answers are in")
		d.keys("enter")
		d.wants("Region", "RegionOne", "empty: one is generated", "empty: the saved one is kept")
		// A value that cannot be is said at once, and nothing goes on with it.
		d.keys("!", "ctrl+s")
		d.wants("Region: It must match", "Parameters")
		d.keys("backspace", "tab", "tab", "tab", "tab", "s", "3", "c")
		d.lacks("s3c")
		d.wants("***")
		d.keys("ctrl+s")
		d.wait(5 * time.Second)
		d.wants("1 done already, 13 to do, 0 unknown", "would change")
		// No single key starts it, and a wrong name does not.
		d.keys("S", "enter")
		d.wants("Type exactly: lab")
		d.keys("ㅣ", "enter")
		d.wants("input method is on")
		d.keys("backspace", "l", "a", "b")
		if len(r.started) != 0 || d.app.Acting() {
			t.Fatal("it began before the name was confirmed")
		}
		d.keys("enter")
		d.wait(time.Second)
		if len(r.started) != 1 || r.started[0]["db_password"] != "s3c" {
			t.Fatalf("started with %v", r.started)
		}
		d.wants("ACTING", "Packages and the client", "runs since")
		d.keys("esc")
		d.wants("Runs under way")
	})
}

// TestLookingChangesNothing: in look mode an answer reaches the engine only after the
// operator has said that he wants to act.
func TestLookingChangesNothing(t *testing.T) {
	on(t, "failed", i18n.English, func(d *driver, r *recorder, dir string) {
		d.wants("Failed", "Unable to locate package", "retry on ctl1", "leave it open", "stackhand hosts shell ctl1")
		d.keys("2", "enter")
		d.wants("Act on this site?")
		d.keys("esc")
		if len(r.sent) != 0 {
			t.Fatalf("sent %v while looking", r.sent)
		}
		d.keys("enter", "2", "enter", "down", "enter")
		if len(r.sent) != 1 || r.sent[0].Value != "retry" || r.sent[0].Question == 0 || !d.app.Acting() {
			t.Fatalf("sent %v", r.sent)
		}
		d.wants("ACTING", "taken")
	})
}

// TestADialogByItselfTakesNoKeyAtFirst: what was meant for the screen before never answers it.
func TestADialogByItselfTakesNoKeyAtFirst(t *testing.T) {
	on(t, "running", i18n.English, func(d *driver, r *recorder, dir string) {
		add(t, dir, run.Question{Kind: run.AskConfirm, Unit: run.Unit{Step: "packages", Host: "ctl1"}, Options: []string{"yes", "no"}})
		for !d.app.InDialog() {
			d.wait(10 * time.Millisecond)
		}
		for range 8 { // somebody goes on typing
			d.send(press("down"))
			d.send(press("enter"))
			d.wait(100 * time.Millisecond)
			if !d.app.InDialog() {
				t.Fatal("a key answered the dialog that had just come up")
			}
		}
		d.wants("keys work in a moment")
		d.wait(2 * time.Second)
		d.wants("leave it open")
		d.keys("enter")
		if d.app.InDialog() || len(r.sent) != 0 {
			t.Fatalf("dialog open %v, sent %v", d.app.InDialog(), r.sent)
		}
		d.wants("waits for your answer since")
	})
}

// A host that answers again settles the question about it.
func TestAQuestionThatAHostSettled(t *testing.T) {
	on(t, "hand", i18n.English, func(d *driver, r *recorder, dir string) {
		w, _ := r.Backend.Open(t.Context(), dir)
		events, err := w.Events(t.Context())
		if err != nil || !d.app.InDialog() {
			t.Fatal("no dialog", err)
		}
		add(t, dir, run.Answer{Question: events[len(events)-1].Seq, Void: "reached"})
		d.wait(time.Second)
		if d.app.InDialog() {
			t.Fatal("the dialog of a settled question is still open")
		}
		d.wants("cmp2 answers again")
	})
}

func TestAQuestionSettledElsewhere(t *testing.T) {
	on(t, "confirm", i18n.English, func(d *driver, r *recorder, dir string) {
		if !d.app.InDialog() {
			t.Fatal("no dialog")
		}
		w, _ := r.Backend.Open(t.Context(), dir)
		events, err := w.Events(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		add(t, dir, run.Answer{Question: events[len(events)-1].Seq, Value: "ctl1"})
		d.wait(time.Second)
		if d.app.InDialog() {
			t.Fatal("the dialog of a settled question is still open")
		}
		d.wants("settled from elsewhere")
	})
}

func TestDestructiveThingsNeedAName(t *testing.T) {
	on(t, "confirm", i18n.English, func(d *driver, r *recorder, dir string) {
		d.keys("2", "enter", "down", "enter", "c", "m", "p", "1", "enter")
		d.wants("Type exactly: ctl1")
		d.keys("ctrl+u", "c", "t", "l", "1", "enter")
		if len(r.sent) != 1 || r.sent[0].Value != "ctl1" {
			t.Fatalf("sent %v", r.sent)
		}
	})
	on(t, "running", i18n.English, func(d *driver, r *recorder, dir string) {
		d.keys("m")
		d.wants("stop: ctl1: Packages and the client", "drop ctl1", "end the whole run")
		d.keys("5", "enter", "down", "enter") // end the run: act first
		d.wants("Type lab to go on")
		d.keys("l", "a", "enter", "esc")
		if len(r.sent) != 0 {
			t.Fatalf("sent %v", r.sent)
		}
		d.keys("m", "3", "enter", "c", "t", "l", "1", "enter")
		if len(r.sent) != 1 || r.sent[0].Do != "drop" || r.sent[0].Host != "ctl1" {
			t.Fatalf("sent %v", r.sent)
		}
	})
}

func TestSkippingNeedsAReason(t *testing.T) {
	on(t, "failed", i18n.Korean, func(d *driver, r *recorder, dir string) {
		d.wants("실패", "사유 남기고 건너뛰기", "재시도: ctl1")
		d.keys("4", "enter", "down", "enter", "enter")
		d.wants("사유를 입력해야 합니다")
		d.keys("나", "중", "에", "enter")
		if len(r.sent) != 1 || r.sent[0].Value != "skip" || r.sent[0].Reason != "나중에" {
			t.Fatalf("sent %v", r.sent)
		}
	})
}

func TestASecretIsNeverShown(t *testing.T) {
	on(t, "secret", i18n.English, func(d *driver, r *recorder, dir string) {
		d.keys("t", "0", "p", "!")
		d.lacks("t0p!")
		d.keys("enter", "down", "enter")
		if len(r.sent) != 1 || r.sent[0].Do != "secret" || r.sent[0].Secret != "t0p!" || r.sent[0].Value != "" {
			t.Fatalf("sent %v", r.sent)
		}
		d.lacks("t0p!", "hunter2") // the second one is in the log
	})
}

func TestEditAndRetry(t *testing.T) {
	on(t, "failed", i18n.English, func(d *driver, r *recorder, dir string) {
		d.keys("3", "enter", "down", "enter")
		d.wants("Edit: packages@ctl1", "apt-get install -y python3-openstackclient")
		d.keys("ctrl+s")
		d.wants("Nothing was changed")
		d.keys("#", "ctrl+s")
		d.wants("For which hosts?", "only ctl1", "all that are not done: ctl1, cmp1, cmp2")
		d.keys("3", "enter")
		if len(r.edited) != 1 || !strings.HasPrefix(r.edited[0], "#apt-get") {
			t.Fatalf("edited %q", r.edited)
		}
		if strings.Join(r.editedFor, " ") != "ctl1 cmp1 cmp2" {
			t.Errorf("edited for %v", r.editedFor)
		}
		d.wants("taken", "ctl1 · failed")
	})
}

func TestEditForOneHost(t *testing.T) {
	on(t, "failed", i18n.English, func(d *driver, r *recorder, dir string) {
		d.keys("3", "enter", "down", "enter", "#", "ctrl+s", "2", "enter")
		if strings.Join(r.editedFor, " ") != "ctl1" {
			t.Errorf("edited for %v", r.editedFor)
		}
	})
}

// TestTheLogFollows: new lines and events come to the screen by themselves; scrolled up, the
// log stays where it is.
func TestTheLogFollows(t *testing.T) {
	on(t, "running", i18n.English, func(d *driver, r *recorder, dir string) {
		d.wants("Get:59", "following", "60/60")
		write := func(s string) {
			f, err := os.OpenFile(filepath.Join(dir, "logs", "packages-ctl1.log"), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			f.WriteString(s)
		}
		write("a new line\n")
		d.wait(200 * time.Millisecond)
		d.wants("a new line", "61/61")
		d.keys("tab", "up", "up")
		d.lacks("a new line", "following")
		write(strings.Repeat("more\n", 100))
		d.wait(time.Second)
		d.lacks("more")
		d.wants("Get:58", "/161")
		d.keys("/", "G", "e", "t", ":", "7", "enter")
		d.keys("g", "/", "G", "e", "t", ":", "7", "enter")
		d.wants("Get:7 ")
		d.keys("f")
		d.wait(200 * time.Millisecond)
		d.wants("more", "following")
		u := run.Unit{Step: "packages", Host: "ctl1"}
		add(t, dir, run.JobEnded{Job: "pkg1"}, run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeDone, Millis: 61_000})
		d.wait(300 * time.Millisecond)
		d.wants("ctl1 done", "1:01", "cmp1 running")
	})
}

// TestTheEndPageTellsOfAJobThatLives: a cancelled run whose job could not be killed.
func TestTheEndPageTellsOfAJobThatLives(t *testing.T) {
	on(t, "running", i18n.English, func(d *driver, r *recorder, dir string) {
		p := problem.New("engine.job.outlives", "cmp1", nil, "job", "j-7", "step", "packages")
		add(t, dir, run.HostState{Host: "cmp1", State: run.HostClaimed, Problem: p}, run.RunEnded{Outcome: "cancelled"})
		d.wait(time.Second)
		d.wants("j-7", "has not ended on", "stays claimed")
	})
}

func TestTheEndPage(t *testing.T) {
	on(t, "running", i18n.English, func(d *driver, r *recorder, dir string) {
		add(t, dir, run.RunEnded{Outcome: "done"})
		d.wait(time.Second)
		d.wants("done", "took", "report", "stackhand report 20261121-100000-running", dir)
		d.keys("l")
		d.wants("The run is over")
		d.keys("enter", "enter")
		d.wants("Install", "Past runs")
	})
	on(t, "over", i18n.English, func(d *driver, r *recorder, dir string) {
		d.wants("1 failed", "Packages and the client", "Unable to locate package", "to go on")
		d.keys("pgdown", "pgdown")
		d.wants("Secrets were seen in logs: 1", "packages-cmp1.log is not complete")
	})
}

func TestLeavingSaysThatTheRunGoesOn(t *testing.T) {
	on(t, "running", i18n.English, func(d *driver, r *recorder, dir string) {
		d.keys("q")
		d.wants("The run goes on without this screen", "stackhand attach 20261121-100000-running")
		d.keys("enter") // stays
		d.wants("runs since")
		d.keys("q", "3", "enter")
		if !d.quit || len(r.sent) != 0 {
			t.Fatalf("quit %v, sent %v", d.quit, r.sent)
		}
	})
}

func TestWaitingLines(t *testing.T) {
	for scene, want := range map[string]string{
		"running": "ctl1: Packages and the client: runs since", "lost": "Its job goes on there", "silent": "Its job goes on there", "unbegun": "No job runs there",
		"empty": "Waiting for the engine's first word", "away": "cmp1: Packages and the client: waits for cmp1, which does not", "ready": "Before ctl1: Packages and the client: what it needs is being", "failed": "waits for your answer since",
	} {
		on(t, scene, i18n.English, func(d *driver, r *recorder, dir string) {
			if d.app.InDialog() {
				d.keys("esc")
			}
			d.wants(want)
		})
	}
	b := &stage.Backend{Root: t.TempDir()}
	dir, err := stage.Scene(b.Root, "parked", bubble)
	if err != nil {
		t.Fatal(err)
	}
	drive(t, 80, 24, ui.Options{Backend: b, Lang: i18n.English, Run: dir}, func(d *driver) {
		d.wait(2 * time.Second)
		d.keys("esc")
		d.wants("Parked since", "a decision is needed", "e goes on")
	})
}

// TestKeysUnderAKoreanInputMethod: every key works as jamo, Ctrl combinations always.
func TestKeysUnderAKoreanInputMethod(t *testing.T) {
	keys := map[string]string{"ㅂ": "q", "ㅈ": "w", "ㄷ": "e", "ㄱ": "r", "ㅅ": "t", "ㅛ": "y", "ㅕ": "u", "ㅑ": "i", "ㅐ": "o", "ㅔ": "p", "ㅁ": "a", "ㄴ": "s", "ㅇ": "d", "ㄹ": "f",
		"ㅎ": "g", "ㅗ": "h", "ㅓ": "j", "ㅏ": "k", "ㅣ": "l", "ㅋ": "z", "ㅌ": "x", "ㅊ": "c", "ㅍ": "v", "ㅠ": "b", "ㅜ": "n", "ㅡ": "m", "ㅃ": "Q", "ㅉ": "W", "ㄸ": "E", "ㄲ": "R", "ㅆ": "T", "ㅒ": "O", "ㅖ": "P"}
	if len(keys) != 33 {
		t.Fatalf("%d keys", len(keys))
	}
	for j, l := range keys {
		if got := ui.Latin(press(j), false).String(); got != l {
			t.Errorf("%s is %q, want %q", j, got, l)
		}
		if got := ui.Latin(press(j), true).String(); got != j {
			t.Errorf("%s in a text field became %q", j, got)
		}
	}
	if got := ui.Latin(tea.KeyPressMsg{Code: 'ㅊ', Mod: tea.ModCtrl}, true).String(); got != "ctrl+c" {
		t.Errorf("ctrl+ㅊ is %q", got)
	}
	on(t, "running", i18n.Korean, func(d *driver, r *recorder, dir string) {
		d.keys("ㅡ")
		d.wants("작업 메뉴")
		d.keys("esc", "ㅂ")
		d.wants("stackhand attach")
		d.keys("esc")
		d.send(tea.KeyPressMsg{Code: 'ㅊ', Mod: tea.ModCtrl})
		d.wait(100 * time.Millisecond)
		if !d.quit {
			t.Error("ctrl+ㅊ does not leave")
		}
	})
}

func TestAnUnknownKeyIsAskedOnce(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir(), Key: true, Bad: true, Pace: 20 * time.Millisecond}
	drive(t, 80, 24, ui.Options{Backend: b, Lang: i18n.English}, func(d *driver) {
		d.keys("down", "down", "down", "enter")
		d.wait(2 * time.Second)
		d.wants("SHA256:uNiVztksCsDhcc0u9e8BrBJnPzqgxmEWzfPJRXYmWQ4", "do not trust it")
		d.keys("2", "enter")
		d.wait(2 * time.Second)
		d.wants("✗ 192.0.2.22:22")
		d.keys("down", "down")
		d.wants("no sshd listens there", "systemctl")
	})
}

func TestReportAndPastRuns(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	for _, s := range []string{"done", "over"} {
		if _, err := stage.Scene(b.Root, s, bubble); err != nil {
			t.Fatal(err)
		}
	}
	drive(t, 80, 24, ui.Options{Backend: b, Lang: i18n.English}, func(d *driver) {
		d.keys("down", "down", "down", "down", "enter")
		d.wants("✗ failed", "✓ done", "1999-12-31 23:59")
		d.keys("r")
		d.wants("# Environment for OpenStack", "- packages: failed")
		d.keys("esc", "down", "enter")
		d.wait(time.Second)
		d.wants("Every check holds", "6 done, 1 done before, 1 skipped, 0 failed")
	})
}

// TestAnObserverCannotAct: with Observe nothing reaches the engine, whatever is pressed.
func TestAnObserverCannotAct(t *testing.T) {
	r := &recorder{Backend: &stage.Backend{Root: t.TempDir()}, reply: run.Reply{OK: true}}
	dir, err := stage.Scene(r.Root, "failed", bubble)
	if err != nil {
		t.Fatal(err)
	}
	drive(t, 80, 24, ui.Options{Backend: r, Lang: i18n.English, Run: dir, Observe: true}, func(d *driver) {
		d.wait(2 * time.Second)
		d.keys("2", "enter")
		d.wants("started to observe")
		d.keys("A", "enter", "6", "enter", "l", "a", "b", "enter")
		if len(r.sent) != 0 || d.app.Acting() {
			t.Fatalf("sent %v", r.sent)
		}
	})
}
