package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// isolate gives a command mounts of its own, and ends its children with it.
func isolate(cmd *exec.Cmd) {
	group(cmd)
	cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS
}

// group makes the end of a command's context the end of its children too.
func group(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// executable is the binary that supervises.
func (l *Lab) executable() (string, error) {
	if l.exe != "" {
		return l.exe, nil
	}
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("cannot find the program that supervises hosts: %w", err)
	}
	return exe, nil
}

// daemon starts one of the lab's own processes: a session of its own, mounts of its own,
// in the lab's cgroup, holding the life file as descriptor 3, printing into a log.
func (l *Lab) daemon(life *os.File, logPath string, args ...string) error {
	defer life.Close()
	exe, err := l.executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(l.cgroup(own), 0o755); err != nil {
		return fmt.Errorf("cannot make the lab's cgroup: %w", err)
	}
	log, err := os.OpenFile(logPath, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", logPath, err)
	}
	defer log.Close()
	cmd := inCgroups(context.Background(), []string{l.cgroup(own)}, append([]string{exe, "lab", "--name", l.name}, args...)...)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), "STACKHAND_LAB="+l.base)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{life}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Unshareflags: syscall.CLONE_NEWNS}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start %s %s: %w", filepath.Base(exe), args[0], err)
	}
	ended := make(chan struct{})
	go func() { // it outlives us; when it does not, it must not stay a zombie
		_ = cmd.Wait()
		close(ended)
	}()
	// Who comes after us must find it in the cgroup.
	return poll(context.Background(), time.Millisecond, func() (bool, error) {
		select {
		case <-ended:
			return true, nil // and its log says why
		default:
			cg, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", cmd.Process.Pid))
			return err == nil && inCgroup(cg, l.name+"/"+own), nil
		}
	})
}

// inCgroups is a command that enters cgroups before it starts. A shell does it: the
// kernel's own way, CLONE_INTO_CGROUP, kills the child at once in a cgroup that was ever
// killed before (seen with 6.18: it compares the kill count of the parent's cgroup).
func inCgroups(ctx context.Context, dirs []string, line ...string) *exec.Cmd {
	const script = `n=$1; shift
while [ "$n" -gt 0 ]; do echo $$ >"$1/cgroup.procs" || exit 125; shift; n=$((n - 1)); done
exec "$@"`
	args := append([]string{"-c", script, "sh", strconv.Itoa(len(dirs))}, dirs...)
	return exec.CommandContext(ctx, "sh", append(args, line...)...)
}

// runIsolated is run with mounts of its own, which die with it.
func runIsolated(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	isolate(cmd)
	return output(cmd)
}
