package runbooks_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"stackhand/steps"
)

const (
	balancerA = "d1f7a3b9-6c2e-4850-b94d-0e8a7c5f3b26"
	balancerB = "2b9c04d7-51aa-4f0e-8f6e-7d3a90c1e5f4"
)

// row is what lbaas-look.sh printed for a balancer, recorded; the MAC is the same on both nodes.
func row(id, state string) string {
	return "bridge brq41b0d7f2-8e\nlb " + id + " ns-7e3b9d50-c4 fa:16:3e:5c:91:d7 203.0.113.160/25 " + state + "\n"
}

func TestLBaaSDuplicate(t *testing.T) {
	on, off := "agent active\n", "agent inactive\n"
	for name, c := range map[string]struct {
		net1, net2, net3 string
		bindings         []any
		doubles, owners  string
		surplus, unclear string
	}{
		"each once":           {on + row(balancerA, "alive"), on + row(balancerB, "alive"), on, nil, "", "", "", ""},
		"one silent":          {on + row(balancerA, "alive"), "", on, nil, "", "", "", ""},
		"agent's word":        {on + row(balancerA, "alive"), on + row(balancerA, "alive"), on, []any{"agent " + balancerA + " net2.example.org"}, balancerA, "net2", "net1", ""},
		"port's word":         {on + row(balancerA, "alive"), on + row(balancerA, "alive"), on, []any{"port " + balancerA + " net1"}, balancerA, "net1", "net2", ""},
		"agent before port":   {on + row(balancerA, "alive"), on + row(balancerA, "alive"), on, []any{"port " + balancerA + " net1", "agent " + balancerA + " net2"}, balancerA, "net2", "net1", ""},
		"word for a stranger": {on + row(balancerA, "alive"), on + row(balancerA, "alive"), on, []any{"agent " + balancerA + " net3"}, balancerA, "", "", balancerA},
		"only one lives":      {on + row(balancerA, "dead"), on + row(balancerA, "alive"), on, nil, balancerA, "net2", "net1", ""},
		"only one agent":      {off + row(balancerA, "alive"), on + row(balancerA, "alive"), on, nil, balancerA, "net2", "net1", ""},
		"nobody knows":        {on + row(balancerA, "alive"), on + row(balancerA, "alive"), on, nil, balancerA, "", "", balancerA},
		"read at a console":   {on + "lb " + balancerA[:8] + " dead\n", on + row(balancerA, "alive"), on, nil, balancerA, "net2", "net1", ""},
		"console, owner":      {on + "lb " + balancerA[:8] + " alive\n", on + row(balancerA, "alive"), on, []any{"agent " + balancerA + " net1"}, balancerA, "net1", "net2", ""},
		"console, unclear":    {on + "lb " + balancerA[:8] + " alive\n", on + row(balancerA, "alive"), on, nil, balancerA, "", "", balancerA},
		"console, another":    {on + "lb " + balancerB[:8] + " alive\n", on + row(balancerA, "alive"), on, nil, "", "", "", ""},
		"two consoles":        {on + "lb " + balancerA[:8] + " alive\n", on + "lb " + balancerA[:8] + " dead\n", on, nil, balancerA[:8], "net1", "net2", ""},
		"three":               {on + row(balancerA, "alive"), on + row(balancerA, "alive"), on + row(balancerA, "alive"), []any{"agent " + balancerA + " net3"}, balancerA, "net3", "net1 net2", ""},
	} {
		hosts := map[string]map[string]steps.Value{"net1": nil, "net2": nil, "net3": nil}
		for h, printed := range map[string]string{"net1": c.net1, "net2": c.net2, "net3": c.net3} {
			if printed != "" {
				hosts[h] = read(t, "lbaas-duplicate-namespace", "look", printed)
			}
		}
		out := judged(t, "lbaas.duplicate", hosts, map[string]any{"bindings": c.bindings})
		for let, want := range map[string]string{"doubles": c.doubles, "owners": c.owners, "surplus_on": c.surplus, "unclear": c.unclear} {
			if got := list(t, out, let); got != want {
				t.Errorf("%s: %s is %q, want %q", name, let, got, want)
			}
		}
	}
}

// Two balancers are doubled on the same two nodes, and each node owns one of them: each loses what is the other's, and
// nothing of its own, whatever its agent left there. What the operator says of one does not count for another.
func TestLBaaSCrossed(t *testing.T) {
	both := "agent active\n" + row(balancerA, "alive") + row(balancerB, "alive")
	third := row("0c9b1d52-4b7a-4f4e-9d4e-6a7f1e2d3c4b", "alive")
	for name, c := range map[string]struct {
		bindings                        []any
		owner                           string
		lost1, lost2, ownerless, loses3 string
	}{
		"by the database": {[]any{"agent " + balancerA + " db1", "agent " + balancerB + " db2"}, "", balancerB, balancerA, "", ""},
		"one is asked":    {[]any{"agent " + balancerA + " db1"}, "db2", balancerB, balancerA, "", ""},
		"a stranger":      {[]any{"agent " + balancerA + " db1"}, "db3", "", balancerA, balancerB, ""},
		"nobody is asked": {nil, "", "", "", balancerA + " " + balancerB, ""},
		"at a console":    {[]any{"agent " + balancerA + " db1", "agent " + balancerB + " db2"}, "", balancerB, balancerA, "", ""},
	} {
		facts := map[string]map[string]any{}
		hosts := map[string]map[string]steps.Value{}
		one := both
		if name == "at a console" {
			one = "agent active\nlb " + balancerA[:8] + " alive\nlb " + balancerB[:8] + " alive\n"
		}
		for h, printed := range map[string]string{"db1": one, "db2": both, "db3": "agent active\n" + third} {
			hosts[h], facts[h] = read(t, "lbaas-duplicate-namespace", "look", printed), map[string]any{}
			for fact, v := range hosts[h] {
				facts[h][fact] = v.V
			}
			facts[h]["left"] = []any{balancerA, balancerB} // an agent that does nothing
		}
		if name == "at a console" {
			delete(facts["db1"], "left")
			facts["db1"]["console_has"] = "yes"
		}
		out := judged(t, "lbaas.owners", hosts, map[string]any{"bindings": c.bindings, "owner": c.owner})
		if got := list(t, out, "ownerless"); got != c.ownerless {
			t.Errorf("%s: without an owner %q, want %q", name, got, c.ownerless)
		}
		for h, v := range out.Hosts {
			for fact, value := range v.Facts {
				facts[h][fact] = value.V
			}
		}
		f := newFlow(t, "lbaas-duplicate-namespace", "network", facts)
		for let, v := range out.Lets {
			f.sc.Lets[let] = v.V
		}
		for h, want := range map[string]string{"db1": c.lost1, "db2": c.lost2, "db3": c.loses3} {
			f.sc.Host = h
			ids, err := f.step("remove").Vars["ids"].Eval(f.sc)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Trim(fmt.Sprint(ids), "[]"); got != want {
				t.Errorf("%s: %s loses %q, want %q", name, h, got, want)
			}
			for _, step := range []string{"agent", "remove"} {
				if holds, err := f.step(step).Guard[0].That.Bool(f.sc); want != "" && (err != nil || !holds) {
					t.Errorf("%s: the guard of %s on %s: %t %v", name, step, h, holds, err)
				}
			}
		}
		if name != "by the database" {
			continue
		}
		f.sc.Host = "db1" // its copy of B goes, and the one of its owner is dead: nobody would serve it
		facts["db2"]["balancers"] = []any{balancerA + " ns-1 fa:16:3e:5c:91:d7 203.0.113.160/25 alive", balancerB + " ns-1 fa:16:3e:5c:91:d7 203.0.113.160/25 dead"}
		if holds, err := f.step("remove").Guard[0].That.Bool(f.sc); err != nil || holds {
			t.Errorf("the owner's is dead, and the guard says %t %v", holds, err)
		}
	}
}

func number(s string) steps.Value {
	n, _ := strconv.Atoi(s)
	return steps.Value{V: n}
}

func TestProxyARPLost(t *testing.T) {
	port := func(dev, v string) string {
		return "port qrouter-3f6a0c9d-7b1e-4d52-9a8c-2e5f4b7d6c10 " + dev + " " + v + "\n"
	}
	for name, c := range map[string]struct{ net1, net2, lost, used, verdict string }{
		"on":           {port("qg-5b0e9d3a-71", "1") + "script yes\n", port("qg-5b0e9d3a-71", "1") + "script no\n", "", "true", "fine"},
		"rebooted":     {port("qg-5b0e9d3a-71", "0") + port("qr-a84c2f16-0d", "0") + "script yes\n", port("qg-5b0e9d3a-71", "1") + "script no\n", "net1", "true", "lost"},
		"one port":     {port("qg-5b0e9d3a-71", "0") + port("qr-a84c2f16-0d", "1") + "script no\n", "script no\n", "net1", "true", "partly"},
		"uses NAT":     {port("qg-5b0e9d3a-71", "0") + "script no\n", port("qg-5b0e9d3a-71", "0") + "script no\n", "net1 net2", "false", "lost"},
		"no routers":   {"script no\n", "script no\n", "", "false", "none"},
		"console off":  {port("qg-5b0e9d3a-71", "1") + "script no\n", "2+1", "net2", "true", "fine"},
		"console on":   {port("qg-5b0e9d3a-71", "0") + "script no\n", "0+2", "net1", "true", "lost"},
		"nonsense":     {port("qg-5b0e9d3a-71", "1") + "script no\n", "-5+0", "", "true", "fine"},
		"other silent": {port("qg-5b0e9d3a-71", "1") + "script no\n", "", "", "true", "fine"},
	} {
		hosts := map[string]map[string]steps.Value{"net1": read(t, "proxy-arp-lost", "look", c.net1), "net2": nil}
		if off, on, by := strings.Cut(c.net2, "+"); by {
			hosts["net2"] = map[string]steps.Value{"console_off": number(off), "console_on": number(on)}
		} else if c.net2 != "" {
			hosts["net2"] = read(t, "proxy-arp-lost", "look", c.net2)
		}
		out := judged(t, "proxyarp.lost", hosts, nil)
		if got := verdict(out, "net1"); got != c.verdict || list(t, out, "lost_on") != c.lost || list(t, out, "used") != c.used {
			t.Errorf("%s: %s, lost on %q, used %s", name, got, list(t, out, "lost_on"), list(t, out, "used"))
		}
	}
}
