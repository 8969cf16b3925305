//go:build linux

package cli_test

import (
	"cmp"
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/cli"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
	"stackhand/steps"
)

// TestAtTheConsole: the cluster is down, and SSH does not reach one of its hosts. What a card says is
// typed at that host's own console, and what it printed goes into the boxes of the full screen.
// Galera: nobody is waived, and the node is joined at its console as well. RabbitMQ: the broker that
// went down last is started there, and nothing is forced.
func TestAtTheConsole(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	t.Run("galera", func(t *testing.T) {
		b := b.of(t)
		broke, r, st := b.consoleOnly("db3", "galera-different-seqno", "galera-recovery", "systemctl stop --no-block mariadb; systemctl kill -s KILL mariadb 2>/dev/null; true",
			"free-or-not=free", "clients=open", "bootstrap=db1", "pick=db1", "without@db3=hand", "join@db3=hand", "same-rows@db3=hand")
		if len(st.Waived("")["without"]) > 0 || !st.ByHand["db3"]["console_seqno"] || !st.ByHand["db3"]["rows_after"] {
			t.Errorf("waived %v, by hand %v", st.Waived(""), st.ByHand["db3"])
		}
		b.databaseWhole()
		b.galeraRows(broke.Rows)
		b.wants(b.says(0, "report", r.dir.ID()), "read at its console (by hand)", "seqno at the console → ")
	})
	t.Run("broker", func(t *testing.T) {
		labtest.Reset(t, b.lab)
		b.must(fault.Forget(b.lab))
		b := b.of(t)
		_, r, _ := b.consoleOnly("db1", "rabbit-waits-for-tables", "rabbitmq-recovery", "true", "look@db1=absent", "missing-last=console", "start-console@db1=hand", "start=yes", "start-others=yes")
		if missing := b.settles(); missing != "" {
			t.Errorf("not whole afterwards: %s", missing)
		}
		if slices.Contains(b.jobs(r.dir), "force") {
			t.Error("a broker was forced")
		}
	})
}

// TestAtTheConsoleOfAFrontEnd: SSH does not reach one of the hosts in front of the database. That the
// database blocks it, or that its HAProxy is off, is seen at its console, mended and proven.
func TestAtTheConsoleOfAFrontEnd(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	t.Run("blocked", func(t *testing.T) {
		b := b.of(t)
		_, r, st := b.consoleOnly("db1", "db-host-blocked", "db-host-blocked", "true",
			"logins@db1=hand", "servers@db1=hand", "knockers@db1=hand", "unblock@db1=hand", "unblock=yes", "mend=limit", "limit@db1=hand", "after@db1=hand")
		if !st.ByHand["db1"]["blocked_at"] || len(list(st.Facts["db1"]["blocked_at"])) == 0 || len(list(st.Facts["db1"]["still_blocked"])) > 0 {
			t.Errorf("by hand %v, %v", st.ByHand["db1"], st.Facts["db1"])
		}
		b.wants(b.says(0, "report", r.dir.ID()), "db1", "by hand")
		b.databaseWhole()
	})
	t.Run("no HAProxy", func(t *testing.T) {
		labtest.Reset(t, b.lab)
		b.must(fault.Forget(b.lab))
		b := b.of(t)
		_, _, st := b.consoleOnly("db1", "db-unreachable", "db-unreachable", "true",
			"servers@db1=hand", "fronts@db1=hand", "logins@db1=hand", "through@db1=hand", "proxy@db1=hand", "address@db1=hand", "holds-now@db1=hand", "after@db1=hand", "proxy=yes", "address=yes")
		if !st.ByHand["db1"]["haproxy"] || !st.ByHand["db1"]["now_open"] {
			t.Errorf("by hand %v, %v", st.ByHand["db1"], st.Facts["db1"])
		}
		b.databaseWhole()
		if said := b.on("db1", "systemctl is-active haproxy keepalived"); said != "active\nactive" {
			t.Errorf("HAProxy and keepalived on db1: %s", said)
		}
	})
}

func list(v steps.Value) []any { l, _ := v.V.([]any); return l }

// TestAtTheConsoleOfANetworkNode: a network node that SSH does not reach holds the balancer that another one
// got meanwhile, and its routers have lost proxy ARP: what only its console shows is found, mended and proven.
func TestAtTheConsoleOfANetworkNode(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	l := labtest.Network(t)
	b := (&bench{t: t, lab: l, program: filepath.Join(l.Dir(), "stackhand"), site: l.SitePath()}).console()
	t.Run("balancer", func(t *testing.T) {
		b := b.of(t)
		_, r, st := b.consoleOnly("net1", "lbaas-agent-does-nothing", "lbaas-duplicate-namespace", "true",
			"look@net1=hand", "owner=net2", "agent@net1=hand", "left@net1=hand", "remove@net1=hand", "after@net1=hand", "settings@net1=hand")
		if !st.ByHand["net1"]["balancers"] || !st.ByHand["net1"]["console_gone"] {
			t.Errorf("by hand %v", st.ByHand["net1"])
		}
		if on := set.Of(l).Balancers(t.Context()); !slices.Equal(on, []string{"net2"}) {
			t.Errorf("the balancer is on %v", on)
		}
		b.wants(b.says(0, "report", r.dir.ID()), "net1", "by hand", "alive")
	})
	t.Run("proxy ARP", func(t *testing.T) {
		labtest.Reset(t, l)
		b.must(fault.Forget(l))
		b := b.of(t)
		b.consoleOnly("net1", "proxy-arp-lost", "proxy-arp-lost", "true",
			"look@net1=hand", "guests@net1=hand", "before-outside@net1=hand", "switch-on@net1=hand", "switch-on=yes", "keep=later", "instance="+set.GuestAddress, "after@net1=hand", "by-hand=done") // by hand where the master is on net1: nobody else knows the outside network then
		for _, n := range set.NetworkNodes() {
			if v := set.Of(l).ProxyARP(t.Context(), n); v != "1" {
				t.Errorf("%s: proxy_arp is %q", n, v)
			}
		}
	})
}

// consoleOnly makes a fault, takes SSH away from one host, and leads the flow through the screen.
func (b *bench) consoleOnly(host, name, runbook, also string, decide ...string) (*fault.Record, *screenRun, *run.State) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 15*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, name, "")
	b.must(err)
	b.on(host, "systemctl stop ssh.socket ssh 2>/dev/null; true")
	b.on(host, also)
	r := b.onScreen(screenCase{Drill: cli.Drill{Fault: name, Set: b.lab.Set(), Runbook: runbook, Decide: decide}})
	r.ctx, r.hand = ctx, b.atTheConsole
	r.begins()
	st := r.leads()
	if st.Ended.Outcome != "done" {
		b.t.Fatalf("%+v\n%s\n%s", st.Ended, r.Screen(), b.engineLogs())
	}
	r.keep("end")
	r.Kill()
	b.on(host, "systemctl start ssh")
	b.nothingTwice(r.dir)
	return broke, r, st
}

// atTheConsole types a card at its host's own console, which needs no network, and reads what it printed.
func (b *bench) atTheConsole(q run.Question) map[string]string {
	b.t.Helper()
	switch card := strings.Join(q.Card, "\n"); {
	case q.Boxes[0].Name == "up" || strings.Contains(card, "SERVICE") || strings.Contains(card, "getent") || strings.Contains(card, "nodes_running"):
		return b.rungAtTheConsole(q)
	case strings.Contains(q.Card[0], "ADDRESS") || strings.Contains(q.Card[0], "NUMBER"):
		return b.foreachAddress(q)
	}
	// A person types one line after the other, and the first characters of the balancer where it is asked for.
	tables := strings.Join(regexp.MustCompile(`\w+\.\w+`).FindAllString(q.Boxes[0].Say.En, -1), " ")
	out := b.on(q.Hosts[0], "cat >/tmp/card <<'END'\n"+strings.ReplaceAll(strings.Join(q.Card, "\n"), "TABLES", tables)+"\nEND\necho "+set.Balancer[:8]+" | bash /tmp/card 2>&1; true")
	read := map[string]string{}
	for name, shape := range map[string]string{
		"console_process": `\A(\d+)\n`, "console_uuid": `--wsrep_start_position=([^:]+):`, "console_seqno": `--wsrep_start_position=[^:]+:(-?\d+)`,
		"console_state": `(\w+)\s*\z`, "agent": `\A(\w+)\n`, "console_off": `(\d+) \d+\z`, "console_on": `\d+ (\d+)\z`, "console_off_after": `(\d+) \d+\z`,
	} {
		if m := regexp.MustCompile(shape).FindStringSubmatch(out); m != nil {
			read[name] = m[1]
		}
	}
	read["rows_after"] = strings.Join(strings.Fields(out), " ")
	yes := map[bool]string{true: "yes", false: "no"}
	lines := strings.Split(out, "\n")
	read["limit"], read["flushed"], read["answers"], read["haproxy"] = lines[0], lines[len(lines)-1], yes[lines[0] == "1"], lines[0]
	if len(lines) > 1 {
		read["keepalived"] = lines[1]
	}
	read["bind_here"], read["holds"] = "yes", yes[slices.Contains(set.Of(b.lab).Holders(b.t.Context()), q.Hosts[0])]
	read["holds_now"] = read["holds"]
	read["offset"], read["disk_trouble"], read["console_disks"], read["unclean"] = "0", "-", "yes", "-" // no lab host has a clock of its own, or Pacemaker
	read["pacemaker"] = map[bool]string{true: "runs", false: "none"}[lines[0] == "active"]
	if len(q.Boxes) == 1 && q.Boxes[0].Name == "addresses" {
		var all []string
		for _, m := range regexp.MustCompile(`(\S+)/\d+`).FindAllStringSubmatch(out, -1) {
			if m[1] != "127.0.0.1" && m[1] != "::1" {
				all = append(all, m[1])
			}
		}
		read["addresses"] = strings.Join(all, ", ")
	}
	if len(lines) > 1 && strings.Contains(q.Card[0], "is_booted") {
		read["installed"], read["node"], read["alarm"] = "yes", "rabbit@"+q.Hosts[0], "-"
		read["booted"], read["account"] = yes[strings.HasPrefix(lines[0], "{true") || lines[0] == "true"], yes[strings.Contains(out, "openstack")]
		read["running"] = cmp.Or(strings.Join(regexp.MustCompile(`rabbit@\w+`).FindAllString(lines[len(lines)-1], -1), ", "), "-")
	}
	read["console_has"] = yes[strings.Contains(out, "qlbaas-"+set.Balancer)]
	read["console_after"] = read["console_has"]
	read["console_gone"] = yes[!strings.Contains(b.on(q.Hosts[0], "ip netns list"), "qlbaas-")]
	read["console_switched"] = yes[out != "" && !regexp.MustCompile(`(?m)[^1]$`).MatchString(out)]
	if strings.Contains(out, "listen mariadb") && strings.Contains(out, "option httpchk") {
		read["knocks"] = "haproxy mariadb http"
	}
	read["balancers"] = "-"
	if n := strings.Count(out, set.Balancer); n > 0 {
		read["balancers"] = set.Balancer[:8] + map[bool]string{true: " alive", false: " dead"}[n > 1]
	}
	read["outside_before"] = "-" // the namespace that is outside is no interface of the host's own
	for name, shape := range map[string]string{"outers": `(?m)^outer (\S+)$`, "pairs": `(?m)^guest (\d\S*)`, "settings": `(?m)^(\w+=\w+)$`} {
		var said []string
		for _, m := range regexp.MustCompile(shape).FindAllStringSubmatch(out, -1) {
			said = append(said, m[1])
		}
		read[name] = cmp.Or(strings.Join(said, ","), "-")
	}
	for _, box := range q.Boxes {
		if read[box.Name] == "" {
			b.t.Fatalf("nothing for the box %s in what the card printed on %s:\n%s", box.Name, q.Hosts[0], out)
		}
	}
	return read
}

// foreachAddress types a card once for each address (or number) that its boxes name, and sorts what it said.
func (b *bench) foreachAddress(q run.Question) map[string]string {
	b.t.Helper()
	host, said := q.Hosts[0], q.Boxes[0].Say.En
	if strings.Contains(q.Card[0], "NUMBER") {
		number := regexp.MustCompile(`\d{3,}`).FindString(said)
		return map[string]string{q.Boxes[0].Name: b.on(host, strings.ReplaceAll(strings.Join(q.Card, "\n"), "NUMBER", number))}
	}
	at := map[string][]string{}
	for _, address := range regexp.MustCompile(`\d+\.\d+\.\d+\.\d+`).FindAllString(said, -1) {
		out := b.on(host, strings.ReplaceAll(q.Card[0], "ADDRESS", address)+" 2>&1; true")
		word := "error"
		for shape, w := range map[string]string{`^$`: "ok", `1045|1698`: "denied", `1129`: "blocked", `\(111\b|Connection refused`: "refused", `\(11[035]\b`: "silent"} {
			if regexp.MustCompile(shape).MatchString(out) {
				word = w
			}
		}
		at[word] = append(at[word], address)
	}
	read := map[string]string{}
	join := func(words ...string) string {
		var all []string
		for _, w := range words {
			all = append(all, at[w]...)
		}
		return cmp.Or(strings.Join(all, ", "), "-")
	}
	welcome, rest := join("ok", "denied"), join("refused", "silent", "error")
	for name, value := range map[string]string{
		"blocked_at": join("blocked"), "still_blocked": join("blocked"), "welcome_at": welcome, "now_welcome": welcome, "now_open": welcome,
		"refused_at": rest, "still_shut": join("blocked", "refused", "silent", "error"),
	} {
		read[name] = value
	}
	var direct []string
	for word, addresses := range at {
		for _, a := range addresses {
			direct = append(direct, a+" "+strings.Replace(word, "error", "error 1", 1))
		}
		read["front_says"] = word
	}
	read["direct"] = strings.Join(direct, ",")
	return read
}
