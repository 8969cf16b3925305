package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

func errorsAs(err error, target **ErrUsage) bool { return errors.As(err, target) }

// lockedBuffer is written by Follow and read by the test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// wait polls until the text is there.
func (l *lockedBuffer) wait(t *testing.T, text string) {
	t.Helper()
	l.waitFor(t, text, 1)
}

func (l *lockedBuffer) waitFor(t *testing.T, text string, times int) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for strings.Count(l.String(), text) < times {
		select {
		case <-deadline:
			t.Fatalf("%q did not come:\n%s", text, l.String())
		case <-tick.C:
		}
	}
}

// serve answers on the run's control socket as an engine does: it journals the answer and
// acknowledges. After the last question of the list it ends the run. Commands that no open
// question waits for fail the test.
func serve(t *testing.T, w *journal, questions ...run.Question) (commands func() []run.Command) {
	t.Helper()
	var mu sync.Mutex
	var got []run.Command
	ctx, cancel := context.WithCancel(context.Background())
	next, open := 0, int64(0)
	ask := func() {
		if next == len(questions) {
			w.write(run.RunEnded{Outcome: "done"})
			return
		}
		open = w.write(questions[next])
		next++
	}
	ask()
	wait, err := w.dir.Serve(ctx, func(_ context.Context, c run.Command, by run.By) run.Reply {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, c)
		switch c.Do {
		case "answer", "secret":
			if c.Question != open {
				t.Errorf("an answer to question %d, open is %d", c.Question, open)
				return run.Reply{Error: run.ReplyUnknown}
			}
			seq := w.write(run.Answer{Question: c.Question, Value: c.Value, Reason: c.Reason, By: &by})
			ask()
			return run.Reply{OK: true, Seq: seq}
		case "park":
			w.write(run.RunParked{Why: "operator", Questions: []int64{open}, By: &by})
			return run.Reply{OK: true}
		case "stop":
			return run.Reply{OK: true}
		case "cancel":
			w.write(run.RunEnded{Outcome: "cancelled"})
			return run.Reply{OK: true}
		}
		t.Errorf("an unexpected command: %+v", c)
		return run.Reply{Error: run.ReplyInvalid}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); wait() })
	return func() []run.Command {
		mu.Lock()
		defer mu.Unlock()
		return got
	}
}

func manyQuestions() []run.Question {
	return []run.Question{
		{Kind: run.AskConfirm, Unit: run.Unit{Step: "db"}, Hosts: []string{"ctl1", "cmp1"}, Typed: "lab", Options: []string{"no"}, Say: text("The database is wiped.", "데이터베이스를 지웁니다.")},
		{Kind: run.AskChoose, Unit: ctl1, Options: []string{"a1", "2", "c3"}, Titles: []i18n.Text{text("first", "첫째"), text("second", "둘째"), text("third", "셋째")}},
		{Kind: run.AskValue, Unit: ctl1, Type: steps.Int, Default: "7"},
		{Kind: run.AskValue, Unit: ctl1, Type: steps.CIDR},
		{Kind: run.AskManual, Unit: ctl1, Options: []string{"done", "skip"}},
		failed(),
		failed(),
		failed(),
		{Kind: run.AskLost, Unit: ctl1, Options: []string{"rerun", "done", "skip", "drop", "stop"}, Args: map[string]string{"state": "rebooted"}},
		{Kind: run.AskStall, Unit: ctl1, Options: []string{"wait", "stop"}, Args: map[string]string{"for": "10m0s", "host": "ctl1"}},
		{Kind: run.AskHostKey, Hosts: []string{"cmp2"}, Options: []string{"yes", "no"}, Args: map[string]string{"fingerprint": "SHA256:abc", "type": "ssh-ed25519", "host": "cmp2"}},
		{Kind: run.AskClaim, Hosts: []string{"ctl1"}, Typed: "lab", Options: []string{"retry", "drop", "stop"}, Args: map[string]string{"run": "r9", "who": "lee", "console": "console2", "since": "2026-03-01T03:00:00Z", "host": "ctl1"}},
		{Kind: run.AskReach, Hosts: []string{"cmp2"}, Options: []string{"retry", "drop", "stop"}, Args: map[string]string{"host": "cmp2"}, Problem: problem.New("test.unheard.of", "cmp2", nil)},
	}
}

// What is typed, with slips, and what the engine is told.
var (
	typedAnswers = []string{
		"y", "yes", "LAB", "lab", // only the exact text confirms
		"", "4", "2", // "2" is an answer by name before it is a number
		"seven", "", // default
		"192.0.2.0", "192.0.2.0/24",
		"9", "done",
		"1",                                       // retry
		"ㄱㄷ", "3", "", "  waits for a part \x00 ", // skip with a reason
		"drop", "cmp1", "4", "ctl1", // drop with its typed name
		"done", "looked at it",
		"1",
		"yes",
		"yes", "lab",
		"3", "", "3", "yes", // stop the run
	}
	toldAnswers = []run.Command{
		{Value: "lab"}, {Value: "2"}, {Value: "7"}, {Value: "192.0.2.0/24"}, {Value: "done"}, {Value: "retry"},
		{Value: "skip", Reason: "waits for a part"}, {Value: "drop"}, {Value: "done", Reason: "looked at it"}, {Value: "wait"},
		{Value: "yes"}, {Value: "lab"}, {Value: "stop"},
	}
)

func told(t *testing.T, got []run.Command, want []run.Command) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d commands, want %d: %+v", len(got), len(want), got)
	}
	for i := range min(len(got), len(want)) {
		if got[i].Value != want[i].Value || got[i].Reason != want[i].Reason || got[i].Do != "answer" || got[i].Secret != "" {
			t.Errorf("command %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

// A script is changed in its file, at another terminal, and runs with the next attempt.
func TestEdit(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	commands := serve(t, w, failed())
	path := filepath.Join(t.TempDir(), "draft.sh")
	var asked run.Unit
	_, status, err := follow(t, Options{Dir: w.dir, Lang: i18n.English, In: strings.NewReader("edit\n\n"), Interactive: true,
		Draft: func(u run.Unit) (string, error) {
			asked = u
			return path, os.WriteFile(path, []byte("echo changed\n"), 0o600)
		}})
	if err != nil || status != run.ExitDone {
		t.Errorf("status %d, %v", status, err)
	}
	got := commands()
	if len(got) != 1 || got[0].Value != "edit" || got[0].Script != "echo changed\n" || asked != ctl1 {
		t.Errorf("told %+v about %v", got, asked)
	}
}

// All answers arrive in the pipe at once; none is lost between two questions.
func TestPipedAnswers(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		t.Run(string(lang), func(t *testing.T) {
			w := newJournal(t, nil)
			install(w)
			commands := serve(t, w, manyQuestions()...)
			r, in, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, err := io.WriteString(in, strings.Join(typedAnswers, "\n")+"\n"); err != nil {
				t.Fatal(err)
			}
			in.Close()
			out, status, err := follow(t, Options{Dir: w.dir, Lang: lang, In: r, Interactive: true})
			if err != nil || status != run.ExitDone {
				t.Errorf("status %d, %v", status, err)
			}
			told(t, commands(), toldAnswers)
			fits(t, out)
			_, asked, _ := strings.Cut(out, "\n\n")
			me, err := user.Current()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "questions."+string(lang), strings.ReplaceAll(asked, "("+me.Username+")", "(me)"))
		})
	}
}

// The same at a terminal, one answer after the other; and a secret, which is not shown.
func TestTerminal(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	secret := run.Question{Kind: run.AskSecret, Unit: ctl1, Args: map[string]string{"name": "db_password"}}
	code := run.Question{Kind: run.AskSecret, Hosts: []string{"cmp1"}, Args: map[string]string{"name": "login cmp1 otp Code:", "host": "cmp1", "kind": "otp", "prompt": "Code:", "echo": "true"}}
	commands := serve(t, w, secret, code, failed())
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer ptm.Close()
	defer tty.Close()
	var screen lockedBuffer
	var reading sync.WaitGroup
	reading.Go(func() { io.Copy(&screen, ptm) })
	done := make(chan int, 1)
	go func() {
		status, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, In: tty, Out: tty, Interactive: true})
		if err != nil {
			t.Error(err)
		}
		done <- status
	}()
	screen.wait(t, "Type it (not shown): ")
	io.WriteString(ptm, "correct horse\n")
	screen.wait(t, "The host asks: Code:")
	screen.waitFor(t, "Answer (number or word): ", 1)
	io.WriteString(ptm, "123456\n")
	screen.wait(t, "failed. Host: ctl1")
	screen.waitFor(t, "Answer (number or word): ", 2)
	w.write(run.HostState{Host: "cmp1", State: run.HostLost})
	screen.waitFor(t, "Answer (number or word): ", 3) // the prompt comes again after a line
	io.WriteString(ptm, "1\n")
	if status := <-done; status != run.ExitDone {
		t.Errorf("status %d", status)
	}
	got := commands()
	if len(got) != 3 || got[0].Do != "secret" || got[0].Secret != "correct horse" || got[0].Value != "" ||
		got[1].Do != "secret" || got[1].Secret != "123456" || got[2].Value != "retry" {
		t.Errorf("commands: %+v", got)
	}
	if s := screen.String(); strings.Contains(s, "correct") || strings.Contains(s, "\x1b") {
		t.Errorf("a secret or an escape on the screen:\n%q", s)
	}
	tty.Close()
	ptm.Close()
	reading.Wait()
}

// A secret is never read from a pipe; the run is parked then, as asked for.
func TestSecretInAPipe(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	commands := serve(t, w, run.Question{Kind: run.AskSecret, Unit: ctl1, Args: map[string]string{"name": "db_password"}})
	out, status, err := follow(t, Options{Dir: w.dir, Lang: i18n.English, In: strings.NewReader("hunter22\n"), Interactive: true, OnAsk: "park"})
	if err != nil || status != run.ExitParked {
		t.Errorf("status %d, %v", status, err)
	}
	if got := commands(); len(got) != 1 || got[0].Do != "park" {
		t.Errorf("commands: %+v", got)
	}
	if !strings.Contains(out, "can only be typed at a terminal") {
		t.Errorf("it does not say why:\n%s", out)
	}
}

// When the input ends with a question open, the run is parked.
func TestInputEnds(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	commands := serve(t, w, failed(), failed())
	out, status, err := follow(t, Options{Dir: w.dir, Lang: i18n.English, In: strings.NewReader("1"), Interactive: true, OnAsk: "park"})
	if err != nil || status != run.ExitFailed {
		t.Errorf("status %d, %v", status, err)
	}
	got := commands()
	if len(got) != 2 || got[0].Value != "retry" || got[1].Do != "park" {
		t.Errorf("commands: %+v", got)
	}
	if !strings.Contains(out, "The input has ended") {
		t.Errorf("it does not say why:\n%s", out)
	}
}

func TestDecide(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	confirm := run.Question{Kind: run.AskConfirm, Unit: ctl1, Typed: "ctl1", Options: []string{"yes", "no"}}
	commands := serve(t, w, confirm, confirm)
	out, status, err := follow(t, Options{Dir: w.dir, Lang: i18n.English, Decide: map[string]string{"db": "ctl1", "etcd": "x"}, OnAsk: "park"})
	if err != nil || status != run.ExitParked {
		t.Errorf("status %d, %v", status, err)
	}
	got := commands()
	if len(got) != 2 || got[0].Value != "ctl1" || got[1].Do != "park" {
		t.Errorf("an answer given ahead is for one question: %+v", got)
	}
	if !strings.Contains(out, "not used: --decide etcd=") {
		t.Errorf("it does not say what was left over:\n%s", out)
	}
}

// A question that is settled elsewhere while it is asked here: what was typed for it goes
// nowhere, and the next question is asked.
func TestSettledElsewhere(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	ptm, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer ptm.Close()
	defer tty.Close()
	var screen lockedBuffer
	var reading sync.WaitGroup
	reading.Go(func() { io.Copy(&screen, ptm) })
	commands := serve(t, w, failed(), failed())
	done := make(chan int, 1)
	go func() {
		status, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, In: tty, Out: tty, Interactive: true})
		if err != nil {
			t.Error(err)
		}
		done <- status
	}()
	screen.wait(t, "Answer (number or word): ")
	io.WriteString(ptm, "dro") // half typed
	screen.wait(t, "dro")
	st, err := w.dir.State()
	if err != nil {
		t.Fatal(err)
	}
	// Another viewer is faster.
	if r, err := w.dir.Send(t.Context(), run.Command{Do: "answer", Question: st.Questions[0].Seq, Value: "retry"}); err != nil || !r.OK {
		t.Fatal(r, err)
	}
	screen.wait(t, "was settled meanwhile")
	screen.waitFor(t, "Answer (number or word): ", 2)
	io.WriteString(ptm, "1\n")
	if status := <-done; status != run.ExitDone {
		t.Errorf("status %d", status)
	}
	if got := commands(); len(got) != 2 || got[1].Value != "retry" {
		t.Errorf("commands: %+v", got)
	}
	tty.Close()
	ptm.Close()
	reading.Wait()
}

// Ctrl-C with StopOnExit stops what runs, ends the run, and waits for its end.
func TestStopOnExit(t *testing.T) {
	w := newJournal(t, nil)
	w.write(started(), run.EngineStarted{PID: 1}, run.UnitReady{Step: "db", Units: []run.Unit{ctl1}},
		run.JobIntent{Job: "j1", Unit: ctl1, Attempt: 1, Log: "l"})
	commands := serve(t, w, run.Question{Kind: run.AskStall, Unit: ntp1, Options: []string{"wait", "stop"}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out bytes.Buffer
	status, err := Follow(ctx, Options{Dir: w.dir, Lang: i18n.English, Out: &out, StopOnExit: true})
	if err != nil || status != run.ExitFailed {
		t.Errorf("status %d, %v\n%s", status, err, out.String())
	}
	got := commands()
	if len(got) != 2 || got[0].Do != "stop" || got[0].Unit != ctl1 || got[1].Do != "cancel" {
		t.Errorf("commands: %+v", got)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestOutputBreaks(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	if status, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, Out: broken{}}); status != run.ExitDetached || err == nil {
		t.Errorf("status %d, %v", status, err)
	}
}

// What the run's own engine answered ahead before somebody attached uses up none of what they give.
func TestDecideAtAttach(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	w.write(run.Answer{Question: w.write(failed()), Value: "retry"})
	commands := serve(t, w, failed())
	out, _, err := follow(t, Options{Dir: w.dir, Lang: i18n.English, Resume: true, Decide: map[string]string{"db": "retry"}, OnAsk: "park"})
	if err != nil {
		t.Fatal(err)
	}
	if got := commands(); len(got) != 1 || got[0].Value != "retry" {
		t.Errorf("commands: %+v\n%s", got, out)
	}
}

// A guard says what must hold, in words and as what does not.
func TestAskGuard(t *testing.T) {
	w := newJournal(t, nil)
	install(w)
	w.write(run.Question{Kind: run.AskGuard, Unit: ctl1, Attempt: 1, Typed: "lab", Options: []string{"retry", "skip", "stop"}, Say: text("Two stay.\nThe address stays.", "둘은 남습니다.\n주소는 남습니다.")}, run.RunParked{Why: "question"})
	out, _, err := follow(t, Options{Dir: w.dir, Lang: i18n.English, Resume: true, OnAsk: "park"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"FAILED  Two stay.\n", "FAILED  The address stays.\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "It found") {
		t.Errorf("it found nothing to say:\n%s", out)
	}
}
