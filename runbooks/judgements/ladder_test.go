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
