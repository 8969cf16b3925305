package judgements

import (
	"reflect"
	"strings"
	"testing"

	"stackhand/steps"
)

func valued(kv ...any) map[string]steps.Value {
	m := map[string]steps.Value{}
	for i := 0; i < len(kv); i += 2 {
		m[kv[i].(string)] = steps.Value{V: kv[i+1]}
	}
	return m
}

func items(items ...any) []any { return append([]any{}, items...) }

func TestLadderState(t *testing.T) {
	silent := map[string]steps.Value{"up": {Absent: "unreachable"}}
	for name, c := range map[string]struct {
		host  Host
		state string
		level string
		off   []any
		sick  []any
		far   []any
	}{
		"silent":            {Host{Facts: silent}, "off", Bad, items("h"), items(), items()},
		"dropped":           {Host{Facts: silent, Dropped: true}, "off", Bad, items("h"), items(), items()},
		"VD-i":              {Host{Facts: silent, Roles: []string{"vdi-broker", "vdi-metric"}}, "later", Bad, items(), items(), items()},
		"VD-i on a compute": {Host{Facts: silent, Roles: []string{"vdi-broker", "compute"}}, "off", Bad, items("h"), items(), items()},
		"VD-i, dropped":     {Host{Facts: silent, Dropped: true, Roles: []string{"vdi-broker"}}, "off", Bad, items("h"), items(), items()},
		"VD-i hangs":        {Host{Facts: silent, Trouble: "remote.login.timeout", Roles: []string{"vdi-broker"}}, "half-dead", Bad, items(), items(), items()},
		"no power":          {Host{Facts: silent, Trouble: "remote.tcp.timeout"}, "off", Bad, items("h"), items(), items()},
		"boots":             {Host{Facts: silent, Trouble: "remote.tcp.refused"}, "off", Bad, items("h"), items(), items()},
		"hangs":             {Host{Facts: silent, Trouble: "remote.handshake.timeout"}, "half-dead", Bad, items(), items(), items()},
		"hangs, on":         {Host{Facts: silent, Trouble: "remote.login.timeout"}, "half-dead", Bad, items(), items(), items()},
		"just up":           {Host{Facts: valued("up", 90, "failed", items())}, "started", OK, items(), items(), items()},
		"failed":            {Host{Facts: valued("up", 90, "failed", items("a.service"))}, "started", Odd, items(), items(), items()},
		"long":              {Host{Facts: valued("up", 90000)}, "long-up", OK, items(), items(), items()},
		"read-only":         {Host{Facts: valued("up", 90, "readonly", items("/"))}, "sick", Bad, items(), items("h"), items()},
		"full":              {Host{Facts: valued("up", 90000, "full", items("/var 99%"))}, "sick", Bad, items(), items("h"), items()},
		"stuck":             {Host{Facts: valued("up", 90, "stuck", items("cp"))}, "sick", Bad, items(), items("h"), items()},
		"fast":              {Host{Facts: valued("up", 90, "offset", 2.5)}, "started", OK, items(), items(), items("h")},
		"slow":              {Host{Facts: valued("up", 90, "offset", -61.0)}, "started", OK, items(), items(), items("h")},
		"in time":           {Host{Facts: valued("up", 90, "offset", 0.0001)}, "started", OK, items(), items(), items()},
	} {
		c.host.Name = "h"
		out := ladderState().Judge(Input{Hosts: []Host{c.host}})
		v := out.Hosts["h"]
		if v.Facts["state"].V != c.state || v.Level != c.level || v.Reason.En == "" || v.Reason.Ko == "" {
			t.Errorf("%s: %+v", name, v)
		}
		hung, silent := items(), c.off
		if c.state == "half-dead" {
			hung, silent = items("h"), items("h")
		}
		if got, want := out.Lets["later"].V, map[bool][]any{true: items("h"), false: items()}[c.state == "later"]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: later is %v", name, got)
		}
		if got := out.Lets["hung"].V; !reflect.DeepEqual(got, hung) {
			t.Errorf("%s: hung is %v", name, got)
		}
		if got := out.Lets["silent"].V; !reflect.DeepEqual(got, silent) {
			t.Errorf("%s: silent is %v", name, got)
		}
		for let, want := range map[string][]any{"off": c.off, "sick": c.sick, "far": c.far} {
			if got := out.Lets[let].V; !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s is %v, want %v", name, let, got, want)
			}
		}
	}
}

// TestLadderTrouble: only where nothing at all speaks for it is "not this" said.
func TestLadderTrouble(t *testing.T) {
	healthy := func() map[string]any {
		return map[string]any{"up": 90, "failed": items(), "down": items(), "galera": "Primary Synced"}
	}
	for name, c := range map[string]struct {
		change func(map[string]any)
		roles  []string
		want   int
	}{
		"healthy":       {func(map[string]any) {}, []string{"database"}, 0},
		"failed":        {func(m map[string]any) { m["failed"] = items("x") }, nil, 1},
		"down":          {func(m map[string]any) { m["down"] = items("mariadb") }, nil, 1},
		"full":          {func(m map[string]any) { m["full"] = items("/ 99%") }, nil, 1},
		"no cluster":    {func(m map[string]any) { delete(m, "galera") }, []string{"database"}, 1},
		"no database":   {func(m map[string]any) { delete(m, "galera") }, []string{"compute"}, 0},
		"joining":       {func(m map[string]any) { m["galera"] = "Primary Joining" }, []string{"database"}, 1},
		"network, new":  {func(map[string]any) {}, []string{"network"}, 1},
		"network, long": {func(m map[string]any) { m["up"] = 90000 }, []string{"network"}, 0},
		"silent":        {func(m map[string]any) { clear(m) }, nil, 1},
	} {
		m := healthy()
		c.change(m)
		h := Host{Name: "h", Roles: c.roles, Facts: map[string]steps.Value{}}
		for k, v := range m {
			h.Facts[k] = steps.Value{V: v}
		}
		if got := ladderState().Judge(Input{Hosts: []Host{h}}).Lets["trouble"].V; got != c.want {
			t.Errorf("%s: %v, want %d", name, got, c.want)
		}
	}
}

// TestLadderRungs: a red rung explains the red ones above it, on whatever host they are.
func TestLadderRungs(t *testing.T) {
	host := func(name, state string, down ...any) Host {
		return Host{Name: name, Facts: valued("state", state, "down", items(down...))}
	}
	db := func(name, galera string, down ...any) Host {
		h := host(name, "started", down...)
		h.Roles, h.Facts["galera"] = []string{"database"}, steps.Value{V: galera}
		return h
	}
	for name, c := range map[string]struct {
		hosts  []Host
		lowest any
		reason map[string]string // a part of what is said of a host
	}{
		"nothing": {[]Host{host("c", "started"), db("d", "Primary Synced")}, nil, map[string]string{"c": "nothing is red", "d": "nothing is red"}},
		"database below services": {[]Host{host("c", "started", "nova-api", "httpd"), db("d", "", "mariadb")}, "database", map[string]string{
			"c": "web server (httpd): may be explained by database on d; services (nova-api): may be explained by database on d", "d": "database (mariadb): mend this first"}},
		"not in the cluster": {[]Host{db("d", "non-Primary Initialized")}, "database", map[string]string{"d": "database (non-Primary Initialized): mend this first"}},
		"power below all":    {[]Host{host("o", "off"), host("c", "started", "neutron-server")}, "power", map[string]string{"o": "power and reach: mend this first", "c": "explained by power and reach on o"}},
		"half-dead":          {[]Host{host("o", "half-dead"), host("s", "sick", "mariadb")}, "power", map[string]string{"o": "mend this first", "s": "disks: may be explained"}},
		"agents":             {[]Host{host("n", "started", "neutron-l3-agent.service"), host("p", "started", "openstack-nova-compute")}, "network", map[string]string{"n": "network nodes (neutron-l3-agent.service): mend", "p": "computes (openstack-nova-compute): may be explained by network nodes on n"}},
		"a clock and a disk": {[]Host{host("c", "started", "chronyd"), host("s", "sick")}, "clocks", map[string]string{"c": "clocks (chronyd): mend this first", "s": "disks: may be explained by clocks on c"}},
		"unknown unit":       {[]Host{host("c", "started", "something-api")}, "services", map[string]string{"c": "services (something-api): mend"}},
	} {
		out := ladderRungs().Judge(Input{Hosts: c.hosts})
		if got := out.Lets["lowest"].V; got != c.lowest {
			t.Errorf("%s: lowest %v, want %v", name, got, c.lowest)
		}
		for h, want := range c.reason {
			if v := out.Hosts[h]; !strings.Contains(v.Reason.En, want) || v.Reason.Ko == "" {
				t.Errorf("%s: %s: %+v, want %q", name, h, v, want)
			}
		}
	}
	for _, r := range rungs() {
		if climbed(r.name) < 0 {
			t.Errorf("%s has no place in the ladder", r.name)
		}
	}
}

func TestLadderAddresses(t *testing.T) {
	on := func(name string, addresses ...any) Host {
		return Host{Name: name, Facts: valued("addresses", addresses)}
	}
	virtual := map[string]any{"virtual": items("192.0.2.10", "192.0.2.20")}
	out := ladderAddresses().Judge(Input{Args: virtual, Hosts: []Host{
		on("a", "192.0.2.1", "192.0.2.10"), on("b", "192.0.2.2", "192.0.2.10"), on("c", "192.0.2.3"),
		{Name: "d", Facts: map[string]steps.Value{"addresses": {Absent: "unreachable"}}},
	}})
	if got := out.Lets["held_twice"].V; !reflect.DeepEqual(got, items("192.0.2.10")) {
		t.Errorf("held twice: %v", got)
	}
	if got := out.Lets["held_nowhere"].V; !reflect.DeepEqual(got, items("192.0.2.20")) {
		t.Errorf("held nowhere: %v", got)
	}
	for host, level := range map[string]string{"a": Bad, "b": Bad, "c": OK, "d": OK} {
		if out.Hosts[host].Level != level {
			t.Errorf("%s: %+v", host, out.Hosts[host])
		}
	}
	out = ladderAddresses().Judge(Input{Args: virtual, Hosts: []Host{on("a", "192.0.2.10", "192.0.2.20"), on("b", "192.0.2.2")}})
	if !reflect.DeepEqual(out.Lets["held_twice"].V, items()) || !reflect.DeepEqual(out.Lets["held_nowhere"].V, items()) || out.Hosts["a"].Level != OK {
		t.Errorf("healthy: %+v", out)
	}
}
