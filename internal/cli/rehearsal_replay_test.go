//go:build linux

package cli_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stackhand/internal/lab/labtest"
)

// A rehearsal leads a runbook end to end where the cloud's own commands are not to be had: services with the
// right names are real systemd units, databases are real MariaDB with the columns of the releases, namespaces are real; only
// `openstack`, `ceph` and `virsh` answer from recorded output (testdata/rehearsal/replay.sh), strictly. What their lines look
// like was recorded from python-openstackclient 6.0 on a Zed cloud and read from the sources of 3.18 (Stein) and 6.2 (2023.1).

// told is one command line and its answer.
type told struct {
	args []string // of the command, each as it is given; @RUN@ stands for the id of the run
	when []string // KEY=VALUE that must hold, all of them
	out  string
	set  []string // KEY=VALUE that hold afterwards
	do   string   // done for real on the host
	says string   // or: what this prints on the host, in the folder of what is remembered
	exit int
}

// rehearse puts a command on a host that answers what it is told.
func (b *bench) rehearse(host, command string, lines ...told) {
	b.t.Helper()
	script, err := os.ReadFile("testdata/rehearsal/replay.sh")
	b.must(err)
	var rules strings.Builder
	for _, l := range lines {
		rules.WriteString("> " + strings.Join(l.args, "\t") + "\n")
		for _, w := range l.when {
			rules.WriteString("? " + w + "\n")
		}
		rules.WriteString(".\n")
		if l.do != "" {
			rules.WriteString("$ " + l.do + "\n")
		}
		if l.says != "" {
			rules.WriteString("| " + l.says + "\n")
		}
		for line := range strings.Lines(l.out) {
			rules.WriteString("< " + strings.TrimSuffix(line, "\n") + "\n")
		}
		for _, s := range l.set {
			rules.WriteString("! " + s + "\n")
		}
		rules.WriteString("x " + strconv.Itoa(l.exit) + "\n")
	}
	b.put(host, "/usr/local/bin/"+command, "755", string(script))
	b.put(host, "/var/lib/rehearsal/rules/"+command, "644", rules.String())
	b.on(host, "mkdir -p /var/lib/rehearsal/state && touch /var/lib/rehearsal/log")
}

// remember sets what the commands of a host remember.
func (b *bench) remember(host string, pairs ...string) {
	b.t.Helper()
	for _, p := range pairs {
		key, value, _ := strings.Cut(p, "=")
		b.put(host, "/var/lib/rehearsal/state/"+key, "644", value)
	}
}

// recalls is what the commands of a host remember under a key.
func (b *bench) recalls(host, key string) string {
	b.t.Helper()
	return b.on(host, "cat /var/lib/rehearsal/state/"+key+" 2>/dev/null || true")
}

// calls are the calls so far, "COMMAND ARGUMENT|ARGUMENT -> STATUS"; one that it was not told fails the test.
func (b *bench) calls(host string) []string {
	b.t.Helper()
	var list []string
	for line := range strings.Lines(b.on(host, "cat /var/lib/rehearsal/log")) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "UNTOLD") {
			b.t.Errorf("%s: %s", host, line)
		}
		list = append(list, line)
	}
	return list
}

// called counts the calls that begin so.
func (b *bench) called(host, begin string) int {
	b.t.Helper()
	n := 0
	for _, c := range b.calls(host) {
		if strings.HasPrefix(c, begin) {
			n++
		}
	}
	return n
}

// put writes a file on a host.
func (b *bench) put(host, path, mode, text string) {
	b.t.Helper()
	if _, err := b.lab.Run(b.t.Context(), host, `mkdir -p "$(dirname "$1")" && printf %s "$3" >"$1" && chmod "$2" "$1"`, path, mode, text); err != nil {
		b.t.Fatal(err)
	}
}

// units makes services of these names on a host, enabled and running; each start is written down in their order. What they
// run may be given as NAME=COMMAND; else they only stay.
func (b *bench) units(host string, names ...string) {
	b.t.Helper()
	var list []string
	for _, n := range names {
		name, command, given := strings.Cut(n, "=")
		if !given {
			command = "/bin/sleep infinity"
		}
		list = append(list, name)
		b.put(host, "/etc/systemd/system/"+name+".service", "644", "[Unit]\nDescription=rehearsal of "+name+"\n[Service]\nExecStartPre=/bin/sh -c 'echo %N >>/var/lib/rehearsal-starts'\nExecStart="+command+
			"\n[Install]\nWantedBy=multi-user.target\n")
	}
	all := strings.Join(list, " ")
	b.on(host, "systemctl daemon-reload && systemctl --quiet enable "+all+" && systemctl restart "+all+" && rm -f /var/lib/rehearsal-starts")
}

// starts are the units that were started on a host since units made them, in their order.
func (b *bench) starts(host string) []string {
	b.t.Helper()
	return strings.Fields(b.on(host, "cat /var/lib/rehearsal-starts 2>/dev/null || true"))
}

// The rehearsal's commands are strict: what they were not told fails, and is remembered.
func TestRehearsalIsStrict(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1"}})
	b.rehearse("ctl1", "openstack",
		told{args: []string{"server", "start", "a"}, when: []string{"a=off"}, set: []string{"a=on"}},
		told{args: []string{"server", "show", "a b"}, out: "one\n\n two\n", exit: 3},
		told{args: []string{"list", "^x-@RUN@$"}, out: "x-@RUN@\n"},
		told{args: []string{"cat", "a"}, says: "cat a; echo"})
	b.remember("ctl1", "a=off")
	for _, c := range []struct{ call, want string }{
		{"openstack server start a", "0"},
		{"openstack server start a", "97"}, // no longer off
		{"openstack cat a", "on\n0"},
		{"openstack server show 'a b'", "one\n\n two\n3"},
		{"openstack server show a b", "97"},
		{"openstack server", "97"},
		{"openstack list '^x-2026-1$'", "x-2026-1\n0"},
		{"openstack list '^x-2026-2$'", "97"},
		{"openstack list '^x-a b$'", "97"},
	} {
		if got := b.on("ctl1", c.call+` 2>/dev/null; printf %s $?`); got != c.want {
			t.Errorf("%s: %q, want %q", c.call, got, c.want)
		}
	}
	log := b.on("ctl1", "cat /var/lib/rehearsal/log")
	if strings.Count(log, "UNTOLD") != 5 || !slices.Contains(strings.Split(log, "\n"), "openstack server|show|a b -> 3") || b.recalls("ctl1", "a") != "on" {
		t.Errorf("%s", log)
	}
}
