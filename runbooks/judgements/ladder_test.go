package judgements

import (
	"reflect"
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
		"silent":    {Host{Facts: silent}, "off", Bad, items("h"), items(), items()},
		"dropped":   {Host{Facts: silent, Dropped: true}, "off", Bad, items("h"), items(), items()},
		"just up":   {Host{Facts: valued("up", 90, "failed", items())}, "started", OK, items(), items(), items()},
		"failed":    {Host{Facts: valued("up", 90, "failed", items("a.service"))}, "started", Odd, items(), items(), items()},
		"long":      {Host{Facts: valued("up", 90000)}, "long-up", OK, items(), items(), items()},
		"read-only": {Host{Facts: valued("up", 90, "readonly", items("/"))}, "sick", Bad, items(), items("h"), items()},
		"full":      {Host{Facts: valued("up", 90000, "full", items("/var 99%"))}, "sick", Bad, items(), items("h"), items()},
		"stuck":     {Host{Facts: valued("up", 90, "stuck", items("cp"))}, "sick", Bad, items(), items("h"), items()},
		"fast":      {Host{Facts: valued("up", 90, "offset", 2.5)}, "started", OK, items(), items(), items("h")},
		"slow":      {Host{Facts: valued("up", 90, "offset", -61.0)}, "started", OK, items(), items(), items("h")},
		"in time":   {Host{Facts: valued("up", 90, "offset", 0.0001)}, "started", OK, items(), items(), items()},
	} {
		c.host.Name = "h"
		out := ladderState().Judge(Input{Hosts: []Host{c.host}})
		v := out.Hosts["h"]
		if v.Facts["state"].V != c.state || v.Level != c.level || v.Reason.En == "" || v.Reason.Ko == "" {
			t.Errorf("%s: %+v", name, v)
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
