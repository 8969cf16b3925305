//go:build linux

package lab

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"stackhand/internal/problem"
)

// Images go only when no host of any lab runs on them.
func TestWipeImages(t *testing.T) {
	l, err := Open(Config{Base: filepath.Join(t.TempDir(), "base")})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.WipeImages(); err != nil {
		t.Errorf("nothing there: %v", err)
	}
	tree := filepath.Join(l.imageDir(Services, "0"), "sbin")
	if err := os.MkdirAll(tree, 0o755); err != nil {
		t.Fatal(err)
	}
	host, err := lockFile(t.Context(), l.imageLockPath(Services), unix.LOCK_SH)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.WipeImages(); !problem.Is(err, ImageBusy) {
		t.Errorf("with a host on it: %v, want %s", err, ImageBusy)
	}
	if !fileExists(tree) {
		t.Error("the image of a running host is gone")
	}
	host.Close()
	if err := l.WipeImages(); err != nil {
		t.Errorf("without a host: %v", err)
	}
	if fileExists(l.base) {
		t.Error("the images are still there")
	}
}

// A life is taken once, seen from outside, and over when its holder is.
func TestLife(t *testing.T) {
	path := filepath.Join(t.TempDir(), "life")
	if lives(path) {
		t.Error("nobody lives, and somebody is seen")
	}
	f, err := takeLife(path)
	if err != nil || f == nil {
		t.Fatalf("the first: %v, %v", f, err)
	}
	if g, err := takeLife(path); err != nil || g != nil {
		t.Errorf("the second gets one too: %v, %v", g, err)
	}
	if !lives(path) {
		t.Error("somebody lives, and nobody is seen")
	}
	if lives(path); !lives(path) {
		t.Error("looking at it took it away")
	}
	f.Close()
	if lives(path) {
		t.Error("seen after the end")
	}
}

func TestEnding(t *testing.T) {
	// Where the test was started with the signal ignored (nohup), a child is not: what is caught here is its default there.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, unix.SIGHUP)
	defer signal.Stop(caught)
	for script, want := range map[string]Ending{
		"kill -HUP $$": EndReboot, "kill -INT $$": EndPowerOff, "kill -KILL $$": EndKilled,
		"exit 129": EndReboot, "exit 1": EndFailed, "exit 0": EndFailed,
	} {
		got, err := ending(exec.Command("sh", "-c", script).Run())
		if got != want || (err != nil) != (want == EndFailed) {
			t.Errorf("%s: %s, %v, want %s", script, got, err, want)
		}
	}
	if got, err := ending(errors.New("no such program")); got != EndFailed || err == nil {
		t.Errorf("a program that never started: %s, %v", got, err)
	}
}
