package ui_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"stackhand/internal/i18n"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// terminal is a terminal of cells that a program draws on.
type terminal struct {
	mu sync.Mutex
	em *vt.Emulator
}

func newTerminal(w, h int) *terminal {
	t := &terminal{em: vt.NewEmulator(w, h)}
	return t
}

// close ends what reads the terminal's answers. The emulator's own Close races with them.
func (t *terminal) close() {
	if c, ok := t.em.InputPipe().(io.Closer); ok {
		c.Close()
	}
}

// Write takes what the program writes; without a terminal as its input it ends lines with a
// bare line feed.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := t.em.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(string(p), "\r\n", "\n"), "\n", "\r\n")))
	return len(p), err
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(t.em.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// TestWholeProgram runs the real program on an emulated terminal, cell by cell what an
// operator sees, with the bubble's clock.
func TestWholeProgram(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		synctest.Test(t, func(t *testing.T) {
			root := t.TempDir()
			dir, err := stage.Scene(root, "failed", time.Now())
			if err != nil {
				t.Fatal(err)
			}
			term := newTerminal(80, 24)
			go func() { // what the terminal answers
				b := make([]byte, 256)
				for {
					if _, err := term.em.Read(b); err != nil {
						return
					}
				}
			}()
			var p *tea.Program
			hangup := make(chan os.Signal, 1)
			o := ui.Options{Backend: alive{&stage.Backend{Root: root}}, Lang: lang, Run: dir, Out: term, Env: []string{"TERM=xterm-256color"}}.WithProgram(hangup,
				func(x *tea.Program) { p = x }, tea.WithInput(nil), tea.WithoutSignalHandler(), tea.WithWindowSize(80, 24))
			done := make(chan error, 1)
			go func() { done <- ui.Run(t.Context(), o) }()
			time.Sleep(3 * time.Second)
			want := map[i18n.Lang][]string{
				i18n.English: {"Failed", "E: Unable to locate package", "› 1 leave it open", "2 retry on ctl1"},
				i18n.Korean:  {"실패", "E: 패키지를 찾을 수 없습니다", "› 1 그대로 두고 먼저 확인", "2 재시도: ctl1"},
			}[lang]
			for _, x := range want {
				if s := term.String(); !strings.Contains(s, x) {
					t.Errorf("the terminal does not show %q:\n%s", x, s)
				}
			}
			p.Send(press("esc"))
			time.Sleep(time.Minute) // nothing happens, and the clock goes on
			if s := term.String(); !strings.Contains(s, "(1:0") {
				t.Errorf("the waiting line does not say since when:\n%s", s)
			}
			hangup <- syscall.SIGHUP
			if err := <-done; err != nil {
				t.Errorf("after a hangup: %v", err)
			}
			term.close()
			time.Sleep(10 * time.Second) // ticks that are left end
		})
	}
}

func TestTerminalsDecide(t *testing.T) {
	for _, tc := range []struct {
		env   []string
		lang  i18n.Lang
		ascii bool
		err   error
	}{
		{[]string{"TERM=xterm-256color"}, i18n.Korean, false, nil},
		{[]string{"TERM=linux"}, i18n.English, true, nil},
		{[]string{"TERM=dumb"}, "", false, ui.ErrNoScreen},
		{[]string{"TERM="}, "", false, ui.ErrNoScreen},
		{[]string{}, "", false, ui.ErrNoScreen},
	} {
		o, err := ui.Options{Lang: i18n.Korean, Env: tc.env}.Settle()
		if !errors.Is(err, tc.err) || err == nil && (o.Lang != tc.lang || o.ASCII != tc.ascii) {
			t.Errorf("%v: %v %v %v", tc.env, o.Lang, o.ASCII, err)
		}
	}
	o, err := ui.Options{Env: []string{"A=b", "NO_COLOR=yes", "TERM=xterm"}}.Settle()
	if err != nil || strings.Join(o.Env, " ") != "A=b NO_COLOR=1 TERM=xterm" {
		t.Errorf("NO_COLOR=yes: %v %v", o.Env, err)
	}
}

// onPty runs the look program on a real pseudo terminal.
type onPty struct {
	cmd  *exec.Cmd
	file *os.File
	term *terminal
	mu   sync.Mutex
	raw  strings.Builder
	done chan error
}

func startOnPty(t *testing.T, w, h int, env []string, args ...string) *onPty {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "look")
	if out, err := exec.Command("go", "build", "-o", bin, "./testdata/look").CombinedOutput(); err != nil {
		t.Fatalf("cannot build it: %v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p := &onPty{cmd: exec.CommandContext(ctx, bin, args...), term: newTerminal(w, h), done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), env...)
	f, err := pty.StartWithSize(p.cmd, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)})
	if err != nil {
		t.Fatal(err)
	}
	p.file = f
	t.Cleanup(func() { f.Close(); p.term.close() })
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := f.Read(b)
			if n > 0 {
				p.mu.Lock()
				p.raw.Write(b[:n])
				p.mu.Unlock()
				p.term.mu.Lock()
				p.term.em.Write(b[:n])
				p.term.mu.Unlock()
			}
			if err != nil {
				return
			}
		}
	}()
	go func() { // answers of the terminal go to the program, as a real one's do
		b := make([]byte, 256)
		for {
			n, err := p.term.em.Read(b)
			if err != nil {
				return
			}
			f.Write(b[:n])
		}
	}()
	go func() { p.done <- p.cmd.Wait() }()
	return p
}

// until polls the screen for a text.
func (p *onPty) until(t *testing.T, text string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for {
		select {
		case <-tick.C:
			if strings.Contains(p.term.String(), text) {
				return
			}
		case <-end:
			t.Fatalf("the screen never showed %q:\n%s", text, p.term.String())
		}
	}
}

func (p *onPty) ends(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.done:
		return err
	case <-time.After(20 * time.Second):
		t.Fatalf("it does not end:\n%s", p.term.String())
		return nil
	}
}

func TestOnARealTerminal(t *testing.T) {
	p := startOnPty(t, 80, 24, []string{"TERM=xterm-256color"}, "-pace", "5ms")
	p.until(t, "Environment for OpenStack 2023.1")
	p.file.WriteString("\r")
	p.until(t, "corrections followed: 3")
	p.file.WriteString("ㅂ") // q, with the Korean input method on
	p.until(t, "Practice hosts")
	if err := pty.Setsize(p.file, &pty.Winsize{Cols: 40, Rows: 10}); err != nil {
		t.Fatal(err)
	}
	p.file.WriteString("\x03")
	if err := p.ends(t); err != nil {
		t.Errorf("it ended with %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !strings.Contains(p.raw.String(), "\x1b[?1049l") {
		t.Error("the terminal was not given back")
	}
}

func TestTheLinuxConsole(t *testing.T) {
	p := startOnPty(t, 80, 24, []string{"TERM=linux"}, "-lang", "ko", "-pace", "5ms")
	p.until(t, "Environment for OpenStack 2023.1")
	p.mu.Lock()
	raw := p.raw.String()
	p.mu.Unlock()
	for _, r := range raw {
		if r >= 0x80 {
			t.Fatalf("the sign %q was written to a console that has only ASCII for sure", r)
		}
	}
	if strings.Contains(raw, "38;2;") || strings.Contains(raw, "38;5;") {
		t.Error("more than 16 colours were used")
	}
	p.file.WriteString("q")
	if err := p.ends(t); err != nil {
		t.Errorf("it ended with %v", err)
	}
}

// TestAHangupEndsTheViewerOnly: the terminal goes away, the viewer ends.
func TestAHangupEndsTheViewerOnly(t *testing.T) {
	p := startOnPty(t, 80, 24, []string{"TERM=xterm"}, "-pace", "5ms")
	p.until(t, "Environment for OpenStack 2023.1")
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := p.ends(t); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
