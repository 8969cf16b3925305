package remote

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/job"
)

// Facts is what every host is asked first.
type Facts struct {
	BootID    string
	MachineID string
	Platform  string // ID and VERSION_ID of os-release: "debian-12", "ubuntu-22.04", "el7"
	Hostname  string
	User      string // who logs in
	Systemd   bool   // is process 1
	Addresses []string
	Clock     Clock
}

// Clock is a host's clock against this one's.
type Clock struct {
	Host   time.Time     // when asked
	Offset time.Duration // host minus console, give or take half of RTT
	RTT    time.Duration
}

const factsText = `echo now=$(date +%s.%N)
. /etc/os-release 2>/dev/null
printf 'id=%s\nversion=%s\nlike=%s\n' "${ID:-}" "${VERSION_ID:-}" "${ID_LIKE:-}"
IFS= read -r boot </proc/sys/kernel/random/boot_id && echo "boot=$boot"
[ -r /etc/machine-id ] && IFS= read -r machine </etc/machine-id && echo "machine=$machine"
echo "hostname=$(uname -n)"
echo "user=$(id -un)"
[ -d /run/systemd/system ] && echo systemd=1
ip -o addr show 2>/dev/null | while read -r n dev family address rest; do echo "address=${address%/*}"; done
echo end=1
`

// Facts asks the host who and what it is. It takes no root.
func (h *Host) Facts(ctx context.Context) (Facts, error) {
	l, err := h.to()
	if err != nil {
		return Facts{}, err
	}
	// The clock is asked on a warm connection; what the shell takes to start is in the round trip.
	if _, err := l.connection(ctx); err != nil {
		return Facts{}, err
	}
	now := h.pool.o.Now
	before := now()
	out, err := h.Probe(ctx, job.Probe{Script: factsText})
	rtt := now().Sub(before)
	if err != nil {
		return Facts{}, err
	}
	f, err := parseFacts(out.Stdout)
	if err != nil {
		return f, fmt.Errorf("cannot read what %s says of itself: %w", h.name, err)
	}
	f.Clock.RTT = rtt
	f.Clock.Offset = f.Clock.Host.Sub(before.Add(rtt / 2))
	return f, nil
}

func parseFacts(text []byte) (Facts, error) {
	var f Facts
	var id, version, like string
	ended := false
	for _, line := range strings.Split(string(text), "\n") {
		key, v, _ := strings.Cut(line, "=")
		switch key {
		case "now":
			sec, frac, _ := strings.Cut(v, ".")
			s, err := strconv.ParseInt(sec, 10, 64)
			if err != nil {
				return f, fmt.Errorf("clock %q", v)
			}
			n, _ := strconv.ParseInt((frac + "000000000")[:9], 10, 64) // without nanoseconds: 0
			f.Clock.Host = time.Unix(s, n)
		case "id":
			id = v
		case "version":
			version = v
		case "like":
			like = v
		case "boot":
			f.BootID = v
		case "machine":
			f.MachineID = v
		case "hostname":
			f.Hostname = v
		case "user":
			f.User = v
		case "systemd":
			f.Systemd = v == "1"
		case "address":
			f.Addresses = append(f.Addresses, v)
		case "end":
			ended = true
		}
	}
	if !ended || f.BootID == "" {
		return f, fmt.Errorf("answer cut short: %q", text)
	}
	f.Platform = platform(id, version, like)
	return f, nil
}

// platform names a platform as procedures do: the family that builds from one source is "el"
// with its major version, others are ID-VERSION_ID (os-release(5)).
func platform(id, version, like string) string {
	for _, f := range append([]string{id}, strings.Fields(like)...) {
		if f == "rhel" || f == "centos" {
			major, _, _ := strings.Cut(version, ".")
			return "el" + major
		}
	}
	if id == "" {
		return "unknown"
	}
	if version == "" {
		return id
	}
	return id + "-" + version
}

// Console is this machine in the same terms, to notice that it is a host of the site.
func Console() Facts {
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(b))
	}
	return Facts{BootID: read("/proc/sys/kernel/random/boot_id"), MachineID: read("/etc/machine-id")}
}

// Same tells whether two machines are one. A clone shares its machine-id, a container the
// kernel's boot_id; both together are the same machine.
func (f Facts) Same(other Facts) bool {
	return f.BootID != "" && f.BootID == other.BootID && f.MachineID == other.MachineID
}

// trySudo runs nothing as root, once, to see whether sudo lets us.
func (l *link) trySudo(ctx context.Context) error {
	l.mu.Lock()
	ok := l.sudoOK || l.target.user == "root"
	l.mu.Unlock()
	if ok {
		return nil
	}
	r, err := l.run(ctx, call{text: "exit 0", root: true})
	if err != nil {
		return err
	}
	if r.exit != 0 {
		return l.hostProblem("sudo", r)
	}
	l.mu.Lock()
	l.sudoOK = true
	l.mu.Unlock()
	return nil
}
