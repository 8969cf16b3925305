//go:build linux

package cli

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// Seat is the program on a terminal of 80x24 of its own, seen cell by cell.
type Seat struct {
	t    *testing.T
	cmd  *exec.Cmd
	file *os.File
	mu   sync.Mutex
	em   *vt.Emulator
	done chan struct{}
	once sync.Once
}

// Sit starts a command there. It is ended with the test at the latest.
func Sit(t *testing.T, cmd *exec.Cmd) *Seat {
	t.Helper()
	s := &Seat{t: t, cmd: cmd, em: vt.NewEmulator(80, 24), done: make(chan struct{})}
	var err error
	if s.file, err = pty.StartWithSize(s.cmd, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	go func() { // what the terminal answers
		b := make([]byte, 256)
		for {
			n, err := s.em.Read(b)
			if err != nil {
				return
			}
			if _, err := s.file.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	go func() {
		defer close(s.done)
		b := make([]byte, 4096)
		for {
			n, err := s.file.Read(b)
			s.mu.Lock()
			_, _ = s.em.Write(b[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(s.Kill)
	return s
}

// Screen is what the terminal shows.
func (s *Seat) Screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.em.String()
}

// Shows tells whether a text is on the screen now.
func (s *Seat) Shows(text string) bool { return strings.Contains(s.Screen(), text) }

// seesWithin is how long a screen may take to come, on a machine on which others work too.
const seesWithin = 3 * time.Minute

// Sees waits until the screen shows all of the texts.
func (s *Seat) Sees(texts ...string) {
	s.t.Helper()
	s.Until(texts, func(screen string) bool {
		return !slices.ContainsFunc(texts, func(x string) bool { return !strings.Contains(screen, x) })
	})
}

// Until waits until something holds of the screen; what is named when it never does.
func (s *Seat) Until(what any, holds func(screen string) bool) {
	s.t.Helper()
	end := time.Now().Add(seesWithin)
	for {
		screen := s.Screen()
		if holds(screen) {
			return
		}
		if time.Now().After(end) {
			s.Kill()
			s.t.Fatalf("the screen does not show %q:\n%s", what, screen)
		}
		s.Turn()
	}
}

// Turn lets a little time pass in a loop that has a deadline.
func (s *Seat) Turn() {
	select {
	case <-time.After(10 * time.Millisecond):
	case <-s.t.Context().Done():
	}
}

// Types types keys.
func (s *Seat) Types(keys string) {
	s.t.Helper()
	if _, err := s.file.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// Kill ends the program as a power cut does.
func (s *Seat) Kill() {
	s.once.Do(func() {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		s.file.Close()
		<-s.done
		if c, ok := s.em.InputPipe().(interface{ Close() error }); ok {
			c.Close()
		}
	})
}
