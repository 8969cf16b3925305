// Package labtest gives tests real practice hosts. Each test process has labs of its own,
// which share the images; what a killed test left is cleared by the next one.
//
// It may import internal/lab and the rooms below it only.
package labtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stackhand/internal/lab"
)

// Options say what a test wants.
type Options struct {
	Hosts     []string // empty: ctl1, cmp1, cmp2
	Image     string   // lab.Bare (default) or lab.Services
	RealPower bool     // a power cut loses what was not synced
	DiskMiB   int      // size of a host's disk, with RealPower; 0: 4096
}

// Start makes a lab for one test and takes it away when the test ends. Where there can be
// no lab, the test is skipped and says why.
func Start(t testing.TB, o Options) *lab.Lab {
	t.Helper()
	if err := lab.CanRun("mmdebstrap"); err != nil {
		t.Skipf("no practice hosts here: %v", err)
	}
	l, stop, err := Make(o)
	if err != nil {
		t.Fatalf("cannot make practice hosts: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(Logs(l))
		}
		if err := stop(); err != nil {
			t.Errorf("cannot take the practice hosts away: %v", err)
		}
	})
	return l
}

// Make makes a lab for the tests of a package, to be called from TestMain or by a
// sync.OnceValues; stop takes it away. Ask lab.CanRun before.
func Make(o Options) (l *lab.Lab, stop func() error, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // the first one builds the image
	defer cancel()
	l, err = New()
	if err != nil {
		return nil, nil, err
	}
	stop = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		return l.Down(ctx, true)
	}
	if err := l.Up(ctx, lab.Options{Hosts: o.Hosts, Image: o.Image, RealPower: o.RealPower, DiskMiB: o.DiskMiB}); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return l, stop, nil
}

var counter atomic.Int32

// New names a lab that nobody else has, and starts nothing. Whoever calls it calls Down.
func New() (*lab.Lab, error) {
	base, err := lab.Base()
	if err != nil {
		return nil, err
	}
	if err := sweep(base); err != nil {
		return nil, err
	}
	started, err := startTime(os.Getpid())
	if err != nil {
		return nil, err
	}
	c := lab.Config{Base: base, Name: fmt.Sprintf("%s%d-%s-%d", prefix, os.Getpid(), started, counter.Add(1))}
	l, err := lab.Open(c)
	if err != nil {
		return nil, err
	}
	if c.Executable, err = binary(l); err != nil {
		return nil, errors.Join(err, os.RemoveAll(l.Dir()))
	}
	return lab.Open(c)
}

// prefix of the names of test labs; pid, its start time and a number follow.
const prefix = "shtest-"

// sweep clears labs of test processes that are no more.
func sweep(base string) error {
	dirs, err := filepath.Glob(filepath.Join(base, prefix+"*"))
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		f := strings.Split(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		pid, err := strconv.Atoi(f[0])
		if err != nil || len(f) != 3 {
			continue
		}
		if now, err := startTime(pid); err == nil && now == f[1] {
			continue
		}
		l, err := lab.Open(lab.Config{Base: base, Name: filepath.Base(dir)})
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		err = l.Down(ctx, true)
		cancel()
		if err != nil {
			return fmt.Errorf("cannot clear what an earlier test left: %w", err)
		}
	}
	return nil
}

// startTime is when a process started, in the kernel's ticks: with the pid it names a
// process for good (proc(5), /proc/pid/stat, field 22).
func startTime(pid int) (string, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // the name may have spaces
	if len(f) < 20 {
		return "", fmt.Errorf("cannot read the start time of process %d", pid)
	}
	return f[19], nil
}

// binary builds the stackhand that supervises a lab's hosts and links it into the lab's
// directory, so that a build of another tree, or a later one, does not change it.
func binary(l *lab.Lab) (string, error) {
	module, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "stackhand").Output()
	if err != nil {
		return "", fmt.Errorf("cannot find the program's source: %w", err)
	}
	dir := filepath.Join(filepath.Dir(l.Dir()), "bin", fmt.Sprintf("%x", sha256.Sum256(module))[:12])
	if err := errors.Join(os.MkdirAll(dir, 0o700), os.MkdirAll(l.Dir(), 0o700)); err != nil {
		return "", err
	}
	lock, err := os.Create(filepath.Join(dir, "lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("cannot wait for another build: %w", err)
	}
	built, exe := filepath.Join(dir, "stackhand"), filepath.Join(l.Dir(), "stackhand")
	cmd := exec.Command("go", "build", "-o", built, "stackhand")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build stackhand for the lab: %w: %s", err, out)
	}
	return exe, os.Link(built, exe)
}

// Logs is what the hosts' supervisors and consoles said last, for a test that failed.
func Logs(l *lab.Lab) string {
	var b strings.Builder
	for _, h := range l.Hosts() {
		for _, name := range []string{"supervisor.log", "console.log"} {
			text, err := os.ReadFile(filepath.Join(l.Dir(), "hosts", h.Name, name))
			if err != nil {
				continue
			}
			if len(text) > 1500 {
				text = text[len(text)-1500:]
			}
			fmt.Fprintf(&b, "--- %s %s\n%s\n", h.Name, name, text)
		}
	}
	return b.String()
}
