package lab

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Supervise is the process of one host: it boots it, again at each reboot, and ends when
// the host is off. SIGTERM is the power cut. When it dies itself, the host dies with it.
func (l *Lab) Supervise(ctx context.Context, host string) error {
	runtime.LockOSThread() // the host dies when this thread does
	cut := make(chan os.Signal, 1)
	signal.Notify(cut, syscall.SIGTERM)
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT)
	if err := liveHere(); err != nil {
		return err
	}
	r, err := l.known(host)
	if err != nil {
		return err
	}

	img, err := lockFile(ctx, l.imageLockPath(r.Image), unix.LOCK_SH)
	if err != nil {
		return err
	}
	defer img.Close()
	st := l.readState(host)
	disk := ""
	if r.RealPower {
		if err := l.diskUp(ctx, r, host); err != nil {
			return err
		}
		disk = filepath.Join(l.hostDir(host), imgMount)
	}
	if err := l.extraUp(ctx, host); err != nil {
		return err
	}
	for {
		st.Boots++
		st.Since = time.Now()
		if err := writeJSON(l.statePath(host), st); err != nil {
			return err
		}
		st.Last, err = l.boot(ctx, host, disk, cut)
		log.Printf("%s: boot %d ended: %s %v", host, st.Boots, st.Last, errOrNothing(err))
		if cerr := killCgroup(ctx, l.cgroup(host)); cerr != nil {
			return cerr
		}
		if st.Last != EndReboot {
			break
		}
	}
	_ = os.Remove(l.initPath(host))
	var derr error
	if disk != "" {
		derr = l.diskDown(ctx, host)
	}
	derr = errors.Join(derr, l.extraDown(ctx, host))
	st.Since = time.Now()
	return errors.Join(err, derr, writeJSON(l.statePath(host), st))
}

func errOrNothing(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// boot runs the host once, until it ends.
func (l *Lab) boot(ctx context.Context, host, disk string, cut <-chan os.Signal) (Ending, error) {
	if err := os.MkdirAll(l.cgroup(host), 0o755); err != nil {
		return EndFailed, fmt.Errorf("cannot make the cgroup of %s: %w", host, err)
	}
	fence, err := l.fence(host)
	if err != nil {
		return EndFailed, err
	}
	cgroups := []string{l.cgroup(host)}
	if fence != "" {
		cgroups = append(cgroups, fence)
	}
	boottime, monotonic, err := clocks()
	if err != nil {
		return EndFailed, err
	}
	// unshare makes the namespaces (time and pid need its fork), and we come back as PID 1 in
	// them to lay out the root, see Init.
	cmd := inCgroups(ctx, cgroups, "unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--time",
		"--boottime", boottime, "--monotonic", monotonic, "--propagation", "private", "--fork", "--kill-child=KILL",
		fmt.Sprintf("/proc/%d/exe", os.Getpid()), "lab", "--name", l.name, "__init", host)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return EndFailed, fmt.Errorf("cannot start %s: %w", host, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	wasCut := false
	var derr error
	select {
	case err = <-ended:
	case <-cut:
		wasCut = true
		if disk != "" {
			derr = diskCut(disk)
		}
		derr = errors.Join(derr, os.WriteFile(filepath.Join(l.cgroup(host), "cgroup.kill"), []byte("1"), 0))
		_ = cmd.Process.Kill() // when it was not in the cgroup yet
		<-ended
	}
	if wasCut {
		return EndCut, derr
	}
	return ending(err)
}

// ending reads how unshare ended, which is how its child did.
func ending(err error) (Ending, error) {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		if err == nil {
			err = errors.New("no error")
		}
		return EndFailed, fmt.Errorf("cannot tell how the host ended: %w", err)
	}
	code := exit.ExitCode()
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		code = 128 + int(ws.Signal())
	}
	switch code {
	case 128 + int(syscall.SIGHUP):
		return EndReboot, nil
	case 128 + int(syscall.SIGINT):
		return EndPowerOff, nil
	case 128 + int(syscall.SIGKILL):
		return EndKilled, nil
	}
	return EndFailed, fmt.Errorf("cannot boot: status %d", code)
}

// clocks are the offsets that make a host's uptime start at zero: seconds, negative.
func clocks() (boottime, monotonic string, err error) {
	var b, m unix.Timespec
	if err := errors.Join(unix.ClockGettime(unix.CLOCK_BOOTTIME, &b), unix.ClockGettime(unix.CLOCK_MONOTONIC, &m)); err != nil {
		return "", "", fmt.Errorf("cannot read the clock: %w", err)
	}
	return strconv.FormatInt(-b.Sec, 10), strconv.FormatInt(-m.Sec, 10), nil
}

func (l *Lab) readState(host string) state {
	var st state
	_ = readJSON(l.statePath(host), &st) // none, or torn by hand: it starts from zero
	return st
}

// initPid is the host's PID 1 as the machine numbers it, or 0 when it is off or has no root
// of its own yet.
func (l *Lab) initPid(host string) int {
	b, err := os.ReadFile(l.initPath(host))
	if err != nil || !l.on(host) {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	cg, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil || !strings.Contains(string(cg), "/"+l.name+"/"+host) {
		return 0 // of the last boot, and the number is somebody else's now
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/root/%s", pid, marker))
	if err != nil || strings.TrimSpace(string(name)) != host {
		return 0
	}
	return pid
}
