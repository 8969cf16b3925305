package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stackhand/internal/problem"
)

// lockFile takes a lock on a file and waits for it; closing the file gives it back. The
// file may be removed by who holds it: whoever waited for the removed one tries again.
func lockFile(ctx context.Context, path string, how int) (*os.File, error) {
	var got *os.File
	err := poll(ctx, 50*time.Millisecond, func() (bool, error) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return false, fmt.Errorf("cannot make a directory of the lab: %w", err)
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if errors.Is(err, os.ErrNotExist) {
			return false, nil // the directory went away in between
		}
		if err != nil {
			return false, fmt.Errorf("cannot open a lock of the lab: %w", err)
		}
		if err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); err != nil {
			f.Close()
			if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, unix.EINTR) {
				return false, nil
			}
			return false, fmt.Errorf("cannot lock %s: %w", path, err)
		}
		mine, err1 := f.Stat()
		now, err2 := os.Stat(path)
		if err1 != nil || err2 != nil || !os.SameFile(mine, now) {
			f.Close()
			return false, nil
		}
		got = f
		return true, nil
	})
	return got, err
}

// lock takes the lab's lock, which comes before every change. In the kernel a lab is known
// by its name only: where one of that name runs from another directory, it is not ours to
// touch.
func (l *Lab) lock(ctx context.Context) (*os.File, error) {
	if base := l.foreign(); base != "" {
		return nil, problem.New(NameTaken, "", nil, "name", l.name, "path", base)
	}
	f, err := lockFile(ctx, filepath.Join(l.Dir(), "lock"), unix.LOCK_EX)
	if err != nil {
		return nil, fmt.Errorf("cannot get the lab %s for us: %w", l.name, err)
	}
	return f, nil
}

// foreign is the directory of other labs from which a lab of our name runs now, or "". Its
// processes say so; without them nothing of it is alive.
func (l *Lab) foreign() string {
	procs, err := os.ReadFile(filepath.Join(l.cgroup(own), "cgroup.procs"))
	if err != nil {
		return ""
	}
	for _, pid := range strings.Fields(string(procs)) {
		env, err := os.ReadFile(filepath.Join("/proc", pid, "environ"))
		if err != nil {
			continue // it has just ended
		}
		for _, v := range strings.Split(string(env), "\x00") {
			if base, ok := strings.CutPrefix(v, "STACKHAND_LAB="); ok && base != l.base {
				return base
			}
		}
	}
	return ""
}

// A life is a file that a process holds locked for as long as it lives: a supervisor its
// host's, the relay its own. It is taken by who starts the process and handed over with
// the descriptor, so there is no moment in which two can be started; and it can be looked
// at without being taken (fcntl(2), open file description locks).

// takeLife takes the lock, or returns nil when somebody lives.
func takeLife(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open %s: %w", path, err)
	}
	err = unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK})
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		f.Close()
		return nil, nil
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("cannot lock %s: %w", path, err)
	}
	if err := f.Truncate(0); err != nil { // the number of who lived here before
		f.Close()
		return nil, fmt.Errorf("cannot write %s: %w", path, err)
	}
	return f, nil
}

// liveHere writes our number into the life that we were started with, when we are ready
// for signals.
func liveHere() error {
	unix.CloseOnExec(lifeFD)
	if _, err := unix.Pwrite(lifeFD, []byte(strconv.Itoa(os.Getpid())), 0); err != nil {
		return fmt.Errorf("cannot say that we live: %w", err)
	}
	return nil
}

// lifeFD is the descriptor on which a life is handed over.
const lifeFD = 3

// lives tells whether the lock is held.
func lives(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	look := unix.Flock_t{Type: unix.F_WRLCK}
	return unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, &look) == nil && look.Type != unix.F_UNLCK
}

func (l *Lab) lifePath(host string) string { return filepath.Join(l.hostDir(host), "life") }

// on tells whether the host has power: its supervisor lives.
func (l *Lab) on(host string) bool { return lives(l.lifePath(host)) }
