package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"stackhand/internal/problem"
)

// tools are what a lab needs, and the Debian package that brings each.
var tools = map[string]string{
	"ip": "iproute2", "unshare": "util-linux", "nsenter": "util-linux", "setpriv": "util-linux", "mount": "mount", "ssh": "openssh-client",
	"mkfs.ext4": "e2fsprogs", "mmdebstrap": "mmdebstrap", "apt-get": "apt",
}

// CanRun tells whether this machine can have practice hosts now: Linux, root with
// its rights, cgroups of version 2, and the tools, besides those that every lab needs the ones named.
func CanRun(also ...string) error {
	if runtime.GOOS != "linux" {
		return problem.New(NotLinux, "", nil, "system", runtime.GOOS)
	}
	if os.Geteuid() != 0 {
		return problem.New(NotRoot, "", nil)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return fmt.Errorf("cannot read what this process may do: %w", err)
	}
	if missing := lacking(string(status)); len(missing) > 0 {
		return problem.New(NoRights, "", nil, "missing", strings.Join(missing, ", "))
	}
	for _, tool := range append([]string{"ip", "unshare", "nsenter", "setpriv", "mount", "ssh"}, also...) {
		if _, err := exec.LookPath(tool); err != nil {
			return problem.New(NoTool, "", nil, "tool", tool, "package", tools[tool])
		}
	}
	if unifiedRoot() == "" {
		return problem.New(NoCgroup, "", nil)
	}
	return nil
}

// lacking names the capabilities (capabilities(7)) that a lab needs and that the process of a
// /proc/PID/status has not, as root in a container may not.
func lacking(status string) (missing []string) {
	_, rest, _ := strings.Cut(status, "\nCapEff:")
	line, _, _ := strings.Cut(rest, "\n")
	have, err := strconv.ParseUint(strings.TrimSpace(line), 16, 64)
	if err != nil {
		return nil // a kernel that does not say: the first command will
	}
	for _, need := range []struct {
		bit  int
		name string
	}{{12, "CAP_NET_ADMIN"}, {21, "CAP_SYS_ADMIN"}} {
		if have&(1<<need.bit) == 0 {
			missing = append(missing, need.name)
		}
	}
	return missing
}

// run starts a program of the machine and returns what it printed. Its complaint becomes
// the error.
func run(ctx context.Context, name string, args ...string) (string, error) {
	return output(exec.CommandContext(ctx, name, args...))
}

// output runs a command and returns what it printed; what it complained of is in the error.
func output(cmd *exec.Cmd) (string, error) {
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(complaint.String()); text != "" {
			err = errors.New(text)
		}
		return out.String(), problem.New(CommandFailed, "", err, "command", strings.Join(cmd.Args, " "))
	}
	return out.String(), nil
}

// mounts returns what /proc/self/mounts says of a file system type: place and options.
func mounts(fstype string) [][2]string {
	b, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil
	}
	var found [][2]string
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) >= 4 && f[2] == fstype {
			found = append(found, [2]string{f[1], f[3]})
		}
	}
	return found
}
