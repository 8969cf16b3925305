//go:build linux

package cli_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/run"
)

// TestAtTheConsoleOfTheLadder: the cloud is climbed from its dead database up, and SSH does not reach one
// of its hosts, which is led from rung to rung at its console and is a full member in the end.
func TestAtTheConsoleOfTheLadder(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	broke, r, st := b.consoleOnly("db3", "galera-different-seqno", "all-hosts-down", "systemctl stop --no-block mariadb; systemctl kill -s KILL mariadb 2>/dev/null; systemctl stop memcached",
		"power=done", "missing=console", "console-look@db3=hand", "paths@db3=hand", "clocks@db3=hand", "disks@db3=hand", "cache@db3=hand", "pacemaker@db3=hand", "console-addresses@db3=hand",
		"database/free-or-not=free", "database/clients=open", "database/bootstrap=db1", "database/pick=db1", "database/without@db3=hand", "database/join@db3=hand", "database/same-rows@db3=hand",
		"broker/look@db3=hand", "broker/start@db3=hand", "broker/account@db3=hand", "broker/look-again@db3=hand", "broker/start=yes", "broker/start-others=yes")
	for _, fact := range []string{"up", "down", "far", "offset", "disk_trouble", "console_cache", "broker/saw_running"} {
		if !st.ByHand["db3"][fact] {
			t.Errorf("%s was not read at the console", fact)
		}
	}
	if len(st.Waived("")["without"]) > 0 {
		t.Errorf("waived: %v", st.Waived(""))
	}
	b.databaseWhole()
	b.galeraRows(broke.Rows)
	if said := b.on("db3", "systemctl is-active memcached"); said != "active" {
		t.Errorf("memcached on db3: %s", said)
	}
	b.wants(b.says(0, "report", r.dir.ID()), "db3", "by hand")
}

// rungAtTheConsole types a card of the ladder: what stands in capitals is replaced, as its boxes say.
func (b *bench) rungAtTheConsole(q run.Question) map[string]string {
	b.t.Helper()
	host, card := q.Hosts[0], q.Card
	typed := func(line string) string { return b.on(host, line+" 2>&1; true") }
	listed := func(items []string) string { return cmp.Or(strings.Join(items, ", "), "-") }
	switch q.Boxes[0].Name {
	case "up":
		var addresses, down []string
		for _, m := range regexp.MustCompile(`(\S+)/\d+`).FindAllStringSubmatch(typed(card[2]), -1) {
			if m[1] != "127.0.0.1" && m[1] != "::1" {
				addresses = append(addresses, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`(?m)^(mariadb|rabbitmq-server|memcached|haproxy|keepalived)$`).FindAllStringSubmatch(typed(strings.Join(card[3:], "\n")), -1) {
			down = append(down, m[1])
		}
		return map[string]string{"up": typed(card[0]), "named": typed(card[1]), "addresses": listed(addresses), "down": listed(down)}
	case "far":
		read := map[string][]string{}
		for _, m := range regexp.MustCompile(`([\w.-]+)=([0-9.,]+)`).FindAllStringSubmatch(q.Boxes[0].Say.En, -1) {
			for _, a := range strings.Split(m[2], ",") {
				if out := typed(strings.Replace(card[0], "ADDRESS", a, 1)); !strings.Contains(out, " 0% packet loss") {
					read["far"] = append(read["far"], m[1]+": "+a)
				}
			}
			switch out := typed(strings.Replace(card[1], "NAME", m[1], 1)); {
			case out == "":
				read["nameless"] = append(read["nameless"], m[1])
			case !slices.Contains(strings.Split(m[2], ","), strings.Fields(out)[0]):
				read["misnamed"] = append(read["misnamed"], m[1]+": "+strings.Fields(out)[0])
			}
		}
		return map[string]string{"far": listed(read["far"]), "misnamed": listed(read["misnamed"]), "nameless": listed(read["nameless"]), "console_whole": map[bool]string{true: "yes"}[read["far"] == nil && read["misnamed"] == nil]}
	}
	if len(card) > 1 && strings.Contains(card[len(card)-1], "nodes_running_at_shutdown") {
		return b.brokerAtTheConsole(q, typed)
	}
	last := ""
	for _, m := range regexp.MustCompile(`then the second: ([\w@., -]+)\. active`).FindAllStringSubmatch(q.Boxes[0].Say.En, -1) {
		for _, service := range regexp.MustCompile(`[\w@.-]+`).FindAllString(m[1], -1) {
			for _, line := range card {
				last = typed(strings.Replace(line, "SERVICE", service, 1))
			}
		}
	}
	return map[string]string{q.Boxes[0].Name: last}
}

// brokerAtTheConsole reads what a broker's card printed, as its boxes say.
func (b *bench) brokerAtTheConsole(q run.Question, typed func(line string) string) map[string]string {
	card := q.Card
	nodes := func(text string) string {
		return cmp.Or(strings.Join(regexp.MustCompile(`rabbit@[\w-]+`).FindAllString(text, -1), ", "), "-")
	}
	kept := typed(card[4] + "\n" + card[5])
	first, _, _ := strings.Cut(kept, "\n")
	after := func(name string) string {
		for line := range strings.Lines(kept) {
			if _, rest, there := strings.Cut(line, name+":"); there {
				if i := strings.Index(rest, "],["); i >= 0 { // the second brackets are of those with a disk
					rest = rest[:i]
				}
				return nodes(rest)
			}
		}
		return "-"
	}
	booted := map[bool]string{true: "yes", false: "no"}[strings.HasPrefix(typed(card[2]), "{true")]
	running := "-"
	if booted == "yes" {
		running = nodes(typed(card[3]))
	}
	return map[string]string{"installed": "yes", "node": "rabbit@" + q.Hosts[0], "state": typed(card[1]), "booted": booted, "alarm": "-", "running": running, "cookie": first,
		"member": after("cluster_nodes.config"), "saw_running": after("nodes_running_at_shutdown"), "other_name": "-"}
}
