package runbooks_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"stackhand/steps"
)

// takes tells what a card's box makes of each of these, and that it refuses the others.
func takes(t *testing.T, runbook, step, name string, natural map[string]int, nonsense ...string) {
	t.Helper()
	for said, n := range natural {
		v, ok := box(t, runbook, step, name).Take(said)
		if items, list := v.V.([]any); !ok || list && len(items) != n {
			t.Errorf("%s, %s: the box %s makes %v of %q (%t)", runbook, step, name, v.V, said, ok)
		}
	}
	refuses(t, runbook, step, name, nonsense...)
}

// asked tells of which hosts a card is asked when they are all silent.
func (f *flow) asked(step string) string {
	f.t.Helper()
	var on []string
	for _, h := range f.sc.Site.Hosts {
		f.sc.Host = h.Name
		if yes, err := f.step(step).Hand.When.About(h.Name, f.sc); err == nil && yes {
			on = append(on, h.Name)
		}
	}
	f.sc.Host = ""
	return strings.Join(on, " ")
}

// What somebody reads at the console of a database says whose a balancer is, with the first characters of its ID.
func TestLBaaSCards(t *testing.T) {
	const on = "agent active\n"
	bound := func(said string) []any {
		return typed(t, "lbaas-duplicate-namespace", "bindings", map[string]string{"bindings": said})["bindings"].V.([]any)
	}
	for name, c := range map[string]struct {
		one      string
		bindings []any
		owners   string
	}{
		"whole":             {row(balancerA, "alive"), bound("agent " + balancerA + " net2.example.org"), "net2"},
		"the first 8":       {row(balancerA, "alive"), bound("agent  " + balancerA[:8] + "  net2"), "net2"},
		"the port":          {row(balancerA, "alive"), bound("port " + balancerA[:8] + " net1"), "net1"},
		"agent before port": {row(balancerA, "alive"), bound("port " + balancerA[:8] + " net1, agent " + balancerA[:8] + " net2"), "net2"},
		"another":           {row(balancerA, "alive"), bound("agent " + balancerB[:8] + " net2"), ""},
		"none":              {row(balancerA, "alive"), bound("-"), ""},
		"at odds":           {row(balancerA, "alive"), bound("agent " + balancerA[:8] + " net2, agent " + balancerA[:9] + " net1"), ""},
		"whole before part": {row(balancerA, "alive"), bound("agent " + balancerA + " net2, agent " + balancerA[:8] + " net1"), "net2"},
		"read over SSH":     {"lb " + balancerA[:8] + " alive\n", []any{"agent " + balancerA + " net1"}, "net1"},
	} {
		hosts := map[string]map[string]steps.Value{"net1": read(t, "lbaas-duplicate-namespace", "look", on+c.one), "net2": read(t, "lbaas-duplicate-namespace", "look", on+c.one)}
		if got := list(t, judged(t, "lbaas.duplicate", hosts, map[string]any{"bindings": c.bindings}), "owners"); got != c.owners {
			t.Errorf("%s: the owner is %q, want %q", name, got, c.owners)
		}
	}
	takes(t, "lbaas-duplicate-namespace", "bindings", "bindings", nil, "", "agent", balancerA+" net2", "agent "+balancerA[:7]+" net2", "agent "+balancerA+" net2;reboot", "owner "+balancerA+" net2")
	takes(t, "lbaas-duplicate-namespace", "replies", "replies", map[string]int{
		"203.0.113.160 2 fa:16:3e:5c:91:d7": 1, "203.0.113.160 1 FA:16:3E:5C:91:D7, 203.0.113.161 0 -": 2, "-": 0,
	}, "", "203.0.113.160", "203.0.113.160 2", "two", "203.0.113.160 2 $(reboot)")
}

// The card for the database is asked only where a balancer is on two nodes, and names it; the one for ARP only where
// no other node without the balancer can ask.
func TestLBaaSCardsAreAsked(t *testing.T) {
	whole := func(id string) string { return id + " ns-1 fa:16:3e:5c:91:d7 203.0.113.160/25 alive" }
	for name, c := range map[string]struct{ db1, db2 []any }{
		"":                   {[]any{whole(balancerA)}, []any{whole(balancerB)}},
		balancerA[:8]:        {[]any{whole(balancerA), whole(balancerB)}, []any{whole(balancerA)}},
		balancerA[:8] + " ":  {[]any{balancerA[:8] + " dead"}, []any{whole(balancerB), whole(balancerA)}},
		balancerA[:8] + "  ": {[]any{balancerA[:8] + " dead"}, []any{balancerA + " alive"}},
		"\t":                 {nil, nil},
	} {
		facts := map[string]map[string]any{}
		for h, list := range map[string][]any{"db1": c.db1, "db2": c.db2} {
			if list != nil {
				facts[h] = map[string]any{"balancers": list}
			}
		}
		f := newFlow(t, "lbaas-duplicate-namespace", "network", facts)
		twice, err := f.step("bindings").Vars["twice"].Eval(f.sc)
		if err != nil || strings.Trim(fmt.Sprint(twice), "[]") != strings.TrimSpace(name) {
			t.Errorf("%q: there twice %v %v", name, twice, err)
		}
		if got := f.asked("bindings"); (got != "") != (strings.TrimSpace(name) != "") {
			t.Errorf("%q: asked of %q", name, got)
		}
	}
	for name, c := range map[string]struct {
		reachable string
		verdict   string
		asked     string
	}{"the only one": {"", "fine", "db3"}, "has it": {"", "surplus", ""}, "not looked at": {"", "unseen", ""}, "one with it answers": {"db2", "fine", "db3"}, "itself": {"db3", "fine", ""}} {
		f := newFlow(t, "lbaas-duplicate-namespace", "network", map[string]map[string]any{
			"db1": {"verdict": "owner"}, "db2": {"verdict": "surplus"}, "db3": {"verdict": c.verdict, "replies": []any{"203.0.113.160 2 -"}}})
		f.sc.Reachable = func(h string) bool { return h == c.reachable }
		f.sc.Lets["addresses"], f.sc.Lets["keeping"], f.sc.Lets["losing"] = []any{"203.0.113.160"}, []any{"db1"}, []any{"db2"}
		if got := f.asked("replies"); got != c.asked {
			t.Errorf("%s: asked of %q, want %q", name, got, c.asked)
		}
		// what was typed is no proof that this node can be asked over SSH afterwards
		askers, err := f.step("askers").Let["askers"].Eval(f.sc)
		want := map[bool]string{true: "[db3]", false: "[db2]"}[c.reachable == "db3"]
		if err != nil || fmt.Sprint(askers) != want {
			t.Errorf("%s: asks afterwards %v %v, want %s", name, askers, err, want)
		}
	}
}

// What is typed of a router whom to look for makes the same list as what is read, and only the consoles of the nodes that
// are mended are asked; afterwards only one that could ask before.
func TestProxyARPCards(t *testing.T) {
	const pair, other = "203.0.113.10/25=203.0.113.140", "203.0.113.10/25=203.0.113.141"
	there := typed(t, "proxy-arp-lost", "guests", map[string]string{"outers": "203.0.113.10/25", "pairs": pair + ", " + other})
	over := read(t, "proxy-arp-lost", "guests", "outer 203.0.113.10/25\nguest "+pair+"\nguest "+other+"\n")
	if fmt.Sprint(there) != fmt.Sprint(over) {
		t.Errorf("typed %v, read %v", there, over)
	}
	f := newFlow(t, "proxy-arp-lost", "network", map[string]map[string]any{"db1": {"outers": there["outers"].V, "pairs": there["pairs"].V, "outside_before": []any{}},
		"db2": {"outside_before": []any{"203.0.113.140 silent"}}})
	f.sc.Lets["lost_on"] = []any{"db1"}
	guests, err := f.step("targets").Let["guests"].Eval(f.sc)
	if err != nil || guests != pair+","+other {
		t.Errorf("looked for is %v %v", guests, err)
	}
	for said, want := range map[string]string{"": "", pair: "db1"} {
		if f.sc.Lets["guests"] = said; f.asked("before-outside") != want {
			t.Errorf("looked for %q: before is asked of %q", said, f.asked("before-outside"))
		}
	}
	if f.asked("guests") != "db1" || f.asked("outside") != "db2" {
		t.Errorf("guests is asked of %q, outside of %q", f.asked("guests"), f.asked("outside"))
	}
	for said, holds := range map[string]bool{"203.0.113.140 answered": true, "203.0.113.140 answered, 203.0.113.141 silent": false, "-": true} {
		out := typed(t, "proxy-arp-lost", "outside", map[string]string{"outside_after": said})["outside_after"].V
		f := newFlow(t, "proxy-arp-lost", "network", map[string]map[string]any{"db1": {"outside_after": out}})
		if ok, err := f.step("proven").Prove[1].That.Bool(f.sc); err != nil || ok != holds {
			t.Errorf("%s: proven is %t %v", said, ok, err)
		}
		if by, err := f.step("by-hand").When.Bool(f.sc); err != nil || by != (said == "-") {
			t.Errorf("%s: looked at by hand is %t %v", said, by, err)
		}
	}
	for _, step := range []string{"outside_before", "outside_after"} {
		takes(t, "proxy-arp-lost", map[string]string{"outside_before": "before-outside", "outside_after": "outside"}[step], step,
			map[string]int{"203.0.113.140 answered": 1, "-": 0}, "", "203.0.113.140", "203.0.113.140 yes", "203.0.113.140 silent silent")
	}
	takes(t, "proxy-arp-lost", "guests", "outers", map[string]int{"203.0.113.10/25": 1, "-": 0}, "203.0.113.10", "outer 203.0.113.10/25", "")
	takes(t, "proxy-arp-lost", "guests", "pairs", map[string]int{pair: 1, "-": 0}, "203.0.113.140", "=203.0.113.140", pair+";reboot")
}

// What is typed at the consoles of the controller and of the database leads to the same cause as what is read over SSH.
func TestVIFCards(t *testing.T) {
	const none = "-"
	for name, c := range map[string]struct{ server, quota, errors, agents, ports, rooms, cause, off string }{
		"well":             {"active", "500", "0", none, none, none, "fine", ""},
		"server off":       {"failed", "500", "0", none, none, none, "server", "ctl1"},
		"switched off":     {"disabled", "500", "0", none, none, none, "server", "ctl1"},
		"none there":       {"none", "500", "0", none, none, none, "fine", ""},
		"agent silent":     {"active", "500", "0", "cmp1.example.org neutron-openvswitch-agent 700", none, none, "agent", ""},
		"ports used up":    {"active", "500", "3", none, "6a1c6f0e 10 10", none, "quota", ""},
		"default":          {"active", "50", "3", none, "6a1c6f0e2f2e4a5b9a350d9a7f0e2b11 50 default", none, "quota", ""},
		"without a limit":  {"active", "-1", "3", none, "6a1c6f0e 50 default, 2b9c04d7 70 -1", none, "unknown", ""},
		"no addresses":     {"active", "500", "3", none, none, "2b9c04d7 250 250", "addresses", ""},
		"full, and well":   {"active", "500", "0", none, "6a1c6f0e 10 10", "2b9c04d7 250 250", "fine", ""},
		"of another agent": {"active", "500", "0", "net1 neutron-l3-agent 900", none, none, "fine", ""},
	} {
		db := typed(t, "vif-creation", "records", map[string]string{"agents": c.agents, "ports": c.ports})
		maps.Copy(db, typed(t, "vif-creation", "rooms", map[string]string{"addresses": c.rooms}))
		out := judged(t, "vif.cause", map[string]map[string]steps.Value{
			"cmp1": typed(t, "vif-creation", "errors", map[string]string{"errors": c.errors, "plugging": none}), "db1": db,
			"ctl1": typed(t, "vif-creation", "servers", map[string]string{"server": c.server, "port_quota": c.quota}),
		}, map[string]any{"down_after": 75})
		if cause, off := list(t, out, "cause"), list(t, out, "servers_off"); cause != c.cause || off != c.off {
			t.Errorf("%s: cause is %s, off on %q", name, cause, off)
		}
	}
	takes(t, "vif-creation", "servers", "server", nil, "", "running", "active failed")
	takes(t, "vif-creation", "records", "agents", map[string]int{"cmp1 neutron-linuxbridge-agent 80, cmp2  neutron-openvswitch-agent 90": 2}, "", "cmp1", "cmp1 neutron-linuxbridge-agent", "x'; 1 2")
	takes(t, "vif-creation", "records", "ports", nil, "", "10 10", "6a1c6f0e 10", "6a1c6f0e 10 NULL")
	takes(t, "vif-creation", "rooms", "addresses", nil, "", "2b9c04d7 250", "2b9c04d7 250 NULL")
	takes(t, "vif-creation", "heard", "console_heard", map[string]int{"yes": 0}, "", "no")
	takes(t, "vif-creation", "server", "console_state", map[string]int{"active": 0}, "", "failed")

	for errors, want := range map[int]bool{0: false, 2: true} {
		f := newFlow(t, "vif-creation", "compute", map[string]map[string]any{"db1": {"errors": errors}})
		if got := f.asked("rooms") != ""; got != want {
			t.Errorf("%d errors: the subnets are asked about: %t", errors, got)
		}
	}
}
