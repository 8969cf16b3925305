//go:build linux

package lab_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/problem"
)

// on runs a script on a host and returns what it printed.
func on(t *testing.T, l *lab.Lab, host, script string) string {
	t.Helper()
	out, err := l.Run(t.Context(), host, script)
	if err != nil {
		t.Fatalf("on %s: %v", host, err)
	}
	return strings.TrimSpace(out)
}

func overSSH(t *testing.T, l *lab.Lab, host string, command ...string) (string, error) {
	t.Helper()
	line, err := l.SSH(host, command...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	out, err := exec.CommandContext(ctx, line[0], line[1:]...).Output()
	return strings.TrimSpace(string(out)), err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// until polls for a state of the hosts.
func until(t *testing.T, what string, done func() (bool, string)) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, seen := done()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s\n%s", what, seen)
		}
		<-tick.C
	}
}

func status(t *testing.T, l *lab.Lab, host string) lab.HostStatus {
	t.Helper()
	all, err := l.Status(t.Context())
	must(t, err)
	for _, s := range all {
		if s.Name == host {
			return s
		}
	}
	t.Fatalf("no status of %s", host)
	return lab.HostStatus{}
}

// gateway is the lab's own address.
func gateway(l *lab.Lab) string {
	address := l.Hosts()[0].Address
	return address[:strings.LastIndexByte(address, '.')] + ".1"
}

const bootID = "cat /proc/sys/kernel/random/boot_id"

// One lab goes through what can happen to hosts.
func TestHosts(t *testing.T) {
	t.Parallel()
	l := labtest.Start(t, labtest.Options{})

	t.Run("are hosts", func(t *testing.T) {
		machine, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
		must(t, err)
		boots := map[string]string{string(machine): "this machine"}
		for _, h := range l.Hosts() {
			if got, err := overSSH(t, l, h.Name, "hostname; systemctl is-system-running --wait"); err != nil || got != h.Name+"\nrunning" {
				t.Errorf("%s: %q, %v", h.Name, got, err)
			}
			id := on(t, l, h.Name, bootID)
			if other := boots[id]; other != "" || len(id) != 36 {
				t.Errorf("boot_id %q of %s: also of %s", id, h.Name, other)
			}
			boots[id] = h.Name
			if up, err := strconv.ParseFloat(strings.Fields(on(t, l, h.Name, "cat /proc/uptime"))[0], 64); err != nil || up > 60 {
				t.Errorf("uptime of %s: %v, %v", h.Name, up, err)
			}
		}
	})
	t.Run("reach each other and nothing else", func(t *testing.T) {
		on(t, l, "ctl1", "ping -c1 -W2 cmp1 && ping -c1 -W2 cmp2")
		// At once, not after a time-out.
		on(t, l, "ctl1", "! timeout 5 ping -c1 -W10 192.0.2.1 && [ $? != 124 ]")
		if _, err := exec.CommandContext(t.Context(), "ping", "-c1", "-W1", l.Hosts()[0].Address).Output(); err == nil {
			t.Error("the machine itself reaches a host")
		}
	})
	t.Run("do not own the machine", func(t *testing.T) {
		// All are harmless if they should succeed: what is set is what is there.
		const tries = `date -s "$(date)" 2>&1 && echo clock
			sysctl -w vm.swappiness="$(sysctl -n vm.swappiness)" 2>/dev/null && echo kernel
			rm -f /root/disk; mknod /root/disk b "$MAJOR" 0 && head -c1 /root/disk >/dev/null 2>&1 && echo disk
			grep -q "^CapBnd:.*1ff$" /proc/self/status && echo capabilities
			true`
		var root syscall.Stat_t
		must(t, syscall.Stat("/", &root))
		script := fmt.Sprintf("MAJOR=%d\n%s", unix.Major(uint64(root.Dev)), tries)
		ssh, err := overSSH(t, l, "cmp1", script)
		must(t, err)
		for way, out := range map[string]string{"ssh": ssh, "Run": on(t, l, "cmp1", script)} {
			for _, what := range []string{"clock", "kernel", "disk", "capabilities"} {
				if slices.Contains(strings.Split(out, "\n"), what) {
					t.Errorf("by %s a host can change the machine's %s:\n%s", way, what, out)
				}
			}
		}
	})
	t.Run("install packages", func(t *testing.T) {
		if got, err := overSSH(t, l, "ctl1", "apt-get -q update && apt-get -qy install tree >/dev/null && tree --version"); err != nil ||
			!strings.Contains(got, "tree v") {
			t.Errorf("%q, %v", got, err)
		}
	})
	t.Run("keep their disk in a power cut", func(t *testing.T) {
		before := on(t, l, "cmp1", "echo kept >/root/file; "+bootID)
		must(t, l.PowerCut(t.Context(), "cmp1"))
		if s := status(t, l, "cmp1"); s.Power != lab.Off || s.Last != lab.EndCut {
			t.Errorf("after the cut: %+v", s)
		}
		if _, err := l.Run(t.Context(), "cmp1", "true"); !problem.Is(err, lab.HostOff) {
			t.Errorf("a script on a host without power: %v", err)
		}
		must(t, l.PowerOn(t.Context(), "cmp1"))
		if got := on(t, l, "cmp1", "cat /root/file"); got != "kept" {
			t.Errorf("file after the cut: %q", got)
		}
		if after := on(t, l, "cmp1", bootID); after == before {
			t.Errorf("boot_id is still %s", after)
		}
	})
	t.Run("come back from a reboot", func(t *testing.T) {
		before := on(t, l, "ctl1", "ip addr add 192.0.2.9/32 dev eth0; ip netns add left; "+bootID)
		_, _ = overSSH(t, l, "ctl1", "reboot") // the connection ends as it likes
		until(t, "ctl1 in another boot", func() (bool, string) {
			id, err := l.Run(t.Context(), "ctl1", bootID)
			return err == nil && strings.TrimSpace(id) != before, id
		})
		must(t, l.WaitSSH(t.Context(), "ctl1"))
		if got := on(t, l, "ctl1", "ip -o addr show dev eth0 | grep -c 192.0.2.9; ip netns list"); got != "0" {
			t.Errorf("the network of the boot before is still there: %s", got)
		}
		if s := status(t, l, "ctl1"); s.Boots != 2 || s.Last != lab.EndReboot {
			t.Errorf("after the reboot: %+v", s)
		}
	})
	t.Run("stay off after a shutdown", func(t *testing.T) {
		_, _ = overSSH(t, l, "cmp2", "poweroff")
		until(t, "cmp2 off", func() (bool, string) { return status(t, l, "cmp2").Power == lab.Off, "" })
		if s := status(t, l, "cmp2"); s.Last != lab.EndPowerOff {
			t.Errorf("after the shutdown: %+v", s)
		}
		must(t, l.PowerOn(t.Context(), "cmp2"))
		must(t, l.PowerOff(t.Context(), "cmp2"))
		if s := status(t, l, "cmp2"); s.Last != lab.EndPowerOff {
			t.Errorf("after the second shutdown: %+v", s)
		}
		must(t, l.Up(t.Context(), lab.Options{})) // up again starts what is off
		if s := status(t, l, "cmp2"); s.Power != lab.On || !s.Answer {
			t.Errorf("after up: %+v", s)
		}
	})
	t.Run("lose the network and get it back", func(t *testing.T) {
		must(t, l.NetCut(t.Context(), "cmp1"))
		on(t, l, "ctl1", "! ping -c1 -W1 cmp1")
		on(t, l, "cmp1", `[ "$(cat /sys/class/net/eth0/carrier)" = 0 ]`)
		if s := status(t, l, "cmp1"); s.Net || s.Answer {
			t.Errorf("after the cut: %+v", s)
		}
		on(t, l, "cmp1", "systemctl --no-block reboot") // a pulled cable stays pulled
		until(t, "cmp1 in another boot", func() (bool, string) { return status(t, l, "cmp1").Boots == 3, "" })
		until(t, "cmp1 has its system", func() (bool, string) {
			out, err := l.Run(t.Context(), "cmp1", "systemctl is-system-running --wait")
			return err == nil, out
		})
		on(t, l, "cmp1", `[ "$(cat /sys/class/net/eth0/carrier)" = 0 ]`)
		must(t, l.NetHeal(t.Context(), "cmp1"))
		must(t, l.WaitSSH(t.Context(), "cmp1"))
	})
	t.Run("do not notice when another one goes off", func(t *testing.T) {
		// The console's hardware address as the others know it must not change with the ports.
		seen := func(h string) string {
			return on(t, l, h, "ping -c1 -W2 gateway >/dev/null; ip neigh show "+gateway(l)+" | grep -o 'lladdr [0-9a-f:]*'")
		}
		before := seen("cmp2")
		for _, h := range []string{"ctl1", "cmp1"} {
			must(t, l.PowerCut(t.Context(), h))
			if now := seen("cmp2"); now != before {
				t.Errorf("without %s the gateway is at %s, before at %s", h, now, before)
			}
			if s := status(t, l, "cmp2"); !s.Answer {
				t.Errorf("without %s cmp2 does not let us in", h)
			}
			must(t, l.PowerOn(t.Context(), h))
		}
	})
	t.Run("can be more", func(t *testing.T) {
		must(t, l.Up(t.Context(), lab.Options{Hosts: []string{"cmp3"}}))
		on(t, l, "ctl1", "ping -c1 -W2 cmp3")
		on(t, l, "cmp3", "ping -c1 -W2 ctl1")
	})
	t.Run("are safe from a lab of the same name elsewhere", func(t *testing.T) {
		other, err := lab.Open(lab.Config{Name: l.Name(), Base: t.TempDir()})
		must(t, err)
		for what, err := range map[string]error{"up": other.Up(t.Context(), lab.Options{}), "down": other.Down(t.Context(), true)} {
			if !problem.Is(err, lab.NameTaken) {
				t.Errorf("%s: %v, want %s", what, err, lab.NameTaken)
			}
		}
		if s := status(t, l, "ctl1"); !s.Answer {
			t.Errorf("after it: %+v", s)
		}
	})
	t.Run("take no foreign names", func(t *testing.T) {
		if err := l.PowerCut(t.Context(), "nobody"); !problem.Is(err, lab.NoHost) {
			t.Errorf("power cut of a host that is not: %v", err)
		}
		if err := l.Up(t.Context(), lab.Options{Image: lab.Services}); !problem.Is(err, lab.OtherImage) {
			t.Errorf("another image under the same disks: %v", err)
		}
	})
}

// A host with a disk of its own loses in a power cut what was not synced, and only that.
func TestRealPowerLoss(t *testing.T) {
	t.Parallel()
	l := labtest.Start(t, labtest.Options{Hosts: []string{"db1"}, RealPower: true, DiskMiB: 1024})
	on(t, l, "db1", "echo synced >/root/synced; sync /root/synced; sync -f /root; echo lost >/root/unsynced")
	must(t, l.PowerCut(t.Context(), "db1"))
	must(t, l.PowerOn(t.Context(), "db1"))
	if got := on(t, l, "db1", "cat /root/synced; cat /root/unsynced 2>/dev/null; true"); got != "synced" {
		t.Errorf("after the cut: %q, want the synced file only", got)
	}
	on(t, l, "db1", "echo kept >/root/unsynced")
	must(t, l.PowerOff(t.Context(), "db1"))
	must(t, l.PowerOn(t.Context(), "db1"))
	if got := on(t, l, "db1", "cat /root/unsynced"); got != "kept" {
		t.Errorf("after a shutdown: %q", got)
	}
	out := on(t, l, "db1", "! fallocate -l 2G /root/big 2>/dev/null && df -m --output=size / | tail -1")
	if size, err := strconv.Atoi(out); err != nil || size < 800 || size > 1024 {
		t.Errorf("size of the disk: %q MiB", out)
	}
}

// traces are what a lab has in the kernel, and its directory.
func traces(t *testing.T, l *lab.Lab) []string {
	t.Helper()
	var found []string
	add := func(what, list string) {
		for line := range strings.Lines(list) {
			if strings.Contains(line, l.Name()) {
				found = append(found, what+": "+strings.TrimSpace(line))
			}
		}
	}
	tool := func(name string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), name, args...).Output()
		must(t, err)
		return string(out)
	}
	add("loop device", tool("losetup", "--list", "--noheadings", "--output", "BACK-FILE"))
	add("network namespace", tool("ip", "netns", "list"))
	for _, pattern := range []string{"/proc/[0-9]*/mountinfo", "/proc/[0-9]*/cgroup", "/proc/[0-9]*/cmdline"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, f := range files {
			if b, err := os.ReadFile(f); err == nil {
				add(f, string(b))
			}
		}
	}
	for _, pattern := range []string{"/sys/fs/cgroup/" + l.Name(), "/sys/fs/cgroup/*/" + l.Name(), l.Dir()} {
		dirs, err := filepath.Glob(pattern)
		must(t, err)
		for _, d := range dirs {
			add("directory", d)
		}
	}
	return found
}

// Whatever was killed, at whatever moment, a wipe leaves nothing; and the lab beside it
// does not notice.
func TestWipeAfterKill(t *testing.T) {
	t.Parallel()
	beside := labtest.Start(t, labtest.Options{Hosts: []string{"ctl1"}})
	boot := on(t, beside, "ctl1", bootID)
	for _, after := range []time.Duration{0, 5 * time.Millisecond, 40 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond, time.Minute} {
		l, err := labtest.New()
		if err != nil {
			t.Skipf("no practice hosts here: %v", err)
		}
		// The command itself, so that it can be killed.
		exe := filepath.Join(l.Dir(), "stackhand")
		cmd := exec.Command(exe, "lab", "--name", l.Name(), "up", "--names", "a1,a2", "--real-power-loss", "--disk", "512")
		cmd.Env = append(os.Environ(), "STACKHAND_LAB="+filepath.Dir(l.Dir()))
		must(t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-time.After(after):
			_ = cmd.Process.Kill()
			<-ended
		case err := <-ended:
			must(t, err)
		}
		// And all supervisors and the relay, wherever they are.
		for _, pid := range members(t, l.Name()+"/.stackhand") {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		must(t, l.Down(t.Context(), true))
		until(t, fmt.Sprintf("nothing left of the lab killed after %v", after), func() (bool, string) {
			left := traces(t, l) // the dead whose parent was killed wait for the machine's init to bury them
			return len(left) == 0, strings.Join(left, "\n")
		})
	}
	if now := on(t, beside, "ctl1", bootID); now != boot {
		t.Errorf("the lab beside has booted again: %s, before %s", now, boot)
	}
	if len(traces(t, beside)) == 0 {
		t.Error("a running lab leaves no trace: the test looks in the wrong places")
	}
	if _, err := overSSH(t, beside, "ctl1", "true"); err != nil {
		t.Errorf("the lab beside: %v", err)
	}
}

// members are the processes of a lab's cgroup.
func members(t *testing.T, cgroup string) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cgroup")
	must(t, err)
	var pids []int
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err == nil && strings.Contains(string(b), "0::/"+cgroup+"\n") {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(f)))
			must(t, err)
			pids = append(pids, pid)
		}
	}
	return pids
}
