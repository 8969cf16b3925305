package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// netnsPath is the lab's network namespace.
func (l *Lab) netnsPath() string { return filepath.Join("/run/netns", l.name) }

// port is the bridge's end of a host's cable.
func (h *hostRecord) port() string { return fmt.Sprintf("port%d", h.Octet) }

// networkUp makes the lab's namespace and bridge unless they are there. Nothing leads out:
// what is not in the lab's subnet is answered with "unreachable" at once, so that nobody
// waits for a time-out.
func (l *Lab) networkUp(ctx context.Context, r *record) error {
	if out, err := run(ctx, "ip", "-n", l.name, "-o", "addr", "show", "dev", "br0"); err == nil &&
		strings.Contains(out, r.Subnet+".1/24") {
		return nil
	}
	if err := l.networkDown(ctx); err != nil { // half made, or of another lab's time
		return err
	}
	if _, err := run(ctx, "ip", "netns", "add", l.name); err != nil {
		return err
	}
	mac, err := mac(r.Subnet, 1)
	if err != nil {
		return err
	}
	return ipBatch(ctx, l.netnsPath(), strings.Join([]string{
		"link set lo up",
		// Without an address of its own the bridge takes that of one of its ports, and another
		// when that host goes off: the other hosts then lose us for seconds.
		"link add br0 address " + mac + " type bridge",
		"link set br0 up",
		"route add unreachable default",
		"addr add " + r.Subnet + ".1/24 brd + dev br0", // last: it says that all is there
	}, "\n"), "net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=0")
}

// networkDown takes the lab's namespace away.
func (l *Lab) networkDown(ctx context.Context) error {
	if _, err := os.Lstat(l.netnsPath()); os.IsNotExist(err) {
		return nil
	}
	if _, err := run(ctx, "ip", "netns", "del", l.name); err != nil {
		// Left by an "ip netns add" that was killed half way: a plain file.
		if rm := os.Remove(l.netnsPath()); rm != nil && !os.IsNotExist(rm) {
			return err
		}
	}
	return nil
}

// hostNetwork gives the host whose new, empty network namespace the caller is in its cable
// into the lab's bridge. Each boot has a namespace of its own, so that addresses and rules
// set by hand are gone after a power cut, as on iron. A cable that was pulled stays pulled.
func (l *Lab) hostNetwork(ctx context.Context, r *record, host string) error {
	h := r.host(host)
	_, _ = run(ctx, "ip", "-n", l.name, "link", "del", h.port()) // of the last boot, if the kernel is not done with it
	mac, err := mac(r.Subnet, h.Octet)
	if err != nil {
		return err
	}
	if err := ipBatch(ctx, "", strings.Join([]string{
		fmt.Sprintf("link add eth0 address %s type veth peer name %s netns %s", mac, h.port(), l.name),
		"link set lo up",
		"link set eth0 up",
		fmt.Sprintf("addr add %s/24 brd + dev eth0", r.address(host)),
		fmt.Sprintf("route add default via %s.1", r.Subnet),
	}, "\n")); err != nil {
		return err
	}
	state := "up"
	if l.cableCut(host) {
		state = "down"
	}
	_, err = run(ctx, "ip", "-n", l.name, "link", "set", h.port(), "master", "br0", state)
	return err
}

// mac is the hardware address that goes with an address of the lab; locally administered.
func mac(subnet string, octet int) (string, error) {
	var third int
	if _, err := fmt.Sscanf(subnet, "10.77.%d", &third); err != nil {
		return "", fmt.Errorf("cannot read subnet %q: %w", subnet, err)
	}
	return fmt.Sprintf("02:77:00:00:%02x:%02x", third, octet), nil
}

// ipBatch runs ip commands, one a line, in a network namespace (this one when empty), and
// sets kernel variables there that may be missing.
func ipBatch(ctx context.Context, netns, lines string, sysctl ...string) error {
	enter := func(args ...string) *exec.Cmd {
		if netns != "" {
			args = append([]string{"nsenter", "--net=" + netns}, args...)
		}
		return exec.CommandContext(ctx, args[0], args[1:]...)
	}
	for _, s := range sysctl {
		key, value, _ := strings.Cut(s, "=")
		// Through a shell: /proc/sys/net shows the namespace of whoever opens it.
		_ = enter("sh", "-c", `echo "$2" >"$1"`, "sh", "/proc/sys/"+strings.ReplaceAll(key, ".", "/"), value).Run()
	}
	cmd := enter("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(lines + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot set up the network: %s: %w", strings.TrimSpace(string(out)), err)
	}
	return nil
}

func (l *Lab) cableFile(host string) string { return filepath.Join(l.hostDir(host), "cable-pulled") }
func (l *Lab) cableCut(host string) bool {
	_, err := os.Stat(l.cableFile(host))
	return err == nil
}

// NetCut pulls the network cables of hosts: nothing goes in or out, the hosts notice that
// the carrier is gone. It stays so over reboots, until NetHeal.
func (l *Lab) NetCut(ctx context.Context, hosts ...string) error { return l.cable(ctx, hosts, true) }

// NetHeal puts the network cables of hosts back.
func (l *Lab) NetHeal(ctx context.Context, hosts ...string) error { return l.cable(ctx, hosts, false) }

func (l *Lab) cable(ctx context.Context, hosts []string, cut bool) error {
	r, err := l.known(hosts...)
	if err != nil {
		return err
	}
	for _, h := range hosts {
		state := "up"
		if cut {
			state = "down"
			err = os.WriteFile(l.cableFile(h), nil, 0o600)
		} else if err = os.Remove(l.cableFile(h)); os.IsNotExist(err) {
			err = nil
		}
		if err != nil {
			return fmt.Errorf("cannot note the cable of %s: %w", h, err)
		}
		if !l.on(h) {
			continue // its next boot looks at the note
		}
		if _, err := run(ctx, "ip", "-n", l.name, "link", "set", r.host(h).port(), state); err != nil {
			return fmt.Errorf("cannot change the cable of %s: %w", h, err)
		}
	}
	return nil
}
