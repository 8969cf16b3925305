package judgements

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

func TestGaleraLoss(t *testing.T) {
	for _, c := range []struct {
		name    string
		nodes   []nodeFacts
		waived  []string
		seconds int
		says    string
	}{
		{"1 everywhere: nothing", []nodeFacts{at("db1", uuidA, 12, "flush", 1), at("db2", uuidA, 11, "flush", 1)}, nil, 0, "Nothing acknowledged is lost"},
		{"0: the last seconds", []nodeFacts{at("db1", uuidA, 12, "flush", 0), at("db2", uuidA, 11, "flush", 0)}, nil, 5, "Up to 5 s of acknowledged writes"},
		{"2 is no better against a power cut", []nodeFacts{at("db1", uuidA, 12, "flush", 2), at("db2", uuidA, 11, "flush", 1)}, nil, 5, "db1=2)"},
		{"one lax node is enough: it may have acknowledged", []nodeFacts{at("db1", uuidA, 12, "flush", 1), at("db2", uuidA, 11, "flush", 0)}, nil, 5, "db2=0)"},
		{"a longer interval", []nodeFacts{at("db1", uuidA, 12, "flush", 0, "flush_timeout", 30), at("db2", uuidA, 11)}, nil, 34, "Up to 34 s"},
		{"not readable counts as lax", []nodeFacts{node("db1", "position_state", "recovered", "position_uuid", uuidA, "position_seqno", 4, "flush", ""), at("db2", uuidA, 3)}, nil, 5, "db1=?"},
		{"a running node has lost nothing", []nodeFacts{split("db1", uuidA, 20, "flush", 0), at("db2", uuidA, 11, "flush", 1)}, nil, 0, "Nothing acknowledged"},
		{"a waived one knows what it knows", []nodeFacts{at("db1", uuidA, 12), away("db2")}, []string{"db2"}, 0, "Lost: all that only these know: db2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(c.nodes)
			in.Waived = map[string]string{}
			for _, w := range c.waived {
				in.Waived[w] = "burnt"
			}
			out := galeraElection().Judge(in)
			say := said(t, out.Lets["loss"])
			if out.Lets["loss_seconds"].V != c.seconds || !strings.Contains(say.En, c.says) || say.Ko == "" {
				t.Errorf("%v s: %+v", out.Lets["loss_seconds"], say)
			}
		})
	}
}

func said(t *testing.T, v steps.Value) i18n.Text {
	t.Helper()
	m, ok := v.V.(map[string]any)
	if !ok {
		t.Fatalf("no text: %+v", v)
	}
	return i18n.Text{En: m["en"].(string), Ko: m["ko"].(string)}
}

// F18: pc.bootstrap cannot be set at run time from MariaDB 11.2 on.
func TestGaleraMethod(t *testing.T) {
	for version, want := range map[string]string{
		"10.11.19-MariaDB-0+deb12u1": "pc.bootstrap", "10.3.20-MariaDB": "pc.bootstrap", "11.1.2": "pc.bootstrap", "11.2.0": "new-cluster", "11.8.3": "new-cluster", "12.0.1": "new-cluster", "": "new-cluster",
	} {
		out := galeraElection().Judge(input([]nodeFacts{split("db1", uuidA, 20, "version", version), at("db2", uuidA, 11)}))
		if got := out.Lets["method"].V; got != want {
			t.Errorf("%q running: %v", version, got)
		}
		out = galeraElection().Judge(input([]nodeFacts{at("db1", uuidA, 20, "version", version), at("db2", uuidA, 11)}))
		if got := out.Lets["method"].V; got != "new-cluster" {
			t.Errorf("%q dead: %v", version, got)
		}
	}
}

// Whatever the facts are, a winner means that all conditions of 4.3(4) hold. The conditions are
// read from the facts anew here, not from what the election made of them.
func TestAWinnerIsProven(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(list ...any) any { return list[r.IntN(len(list))] }
	elected := 0
	for range 40_000 {
		var nodes []nodeFacts
		waived := map[string]string{}
		for i := range 1 + r.IntN(4) {
			n := node(fmt.Sprint("db", i+1))
			n.away = r.IntN(12) == 0
			for name, some := range map[string][]any{
				"process": {0, 0, 0, 0, 1}, "sql": {"none", "none", "none", "ok", "silent", "denied", 7}, "cluster_status": {"", "non-Primary", "non-Primary", "Disconnected", "Primary"},
				"cluster_uuid": {uuidA, uuidA, uuidB, nullUUID}, "committed": {3, 7, 12, -1}, "saved": {"ok", "ok", "ok", "missing", "empty"},
				"saved_uuid": {uuidA, uuidA, uuidA, uuidA, uuidB, nullUUID, ""}, "saved_seqno": {-1, -1, -1, 7, 12, "x"}, "saved_safe": {0, 0, 0, 1},
				"position_state": {"recovered", "recovered", "recovered", "recovered", "recovered", "empty", "none", "heuristic", "failed", "half", "unmounted", nil},
				"position_uuid":  {uuidA, uuidA, uuidA, uuidA, uuidA, uuidB, nullUUID, "junk"}, "position_seqno": {7, 11, 12, 12, -1, "9", nil},
				"holds_vip": {"no", "yes"}, "flush": {0, 1, 2, ""}, "wsrep": {"yes", "yes", "yes", "yes", "yes", "no"},
				"peers": {nil, nil, nil, nil, nil, nil, nil, []any{}, []any{"198.51.100.9"}}, "selves": {[]any{"192.0.2.1"}},
			} {
				n.facts[name] = pick(some...)
				if n.facts[name] == nil {
					delete(n.facts, name)
				}
			}
			if n.facts["process"] == 0 && n.facts["sql"] != "none" {
				n.facts["sql"] = "none" // nobody answers without a process
			}
			if r.IntN(6) == 0 {
				waived[n.name] = "because"
			}
			if r.IntN(12) == 0 {
				waived["198.51.100.9"] = "because"
			}
			nodes = append(nodes, n)
		}
		in := input(nodes)
		in.Waived, in.Args = waived, map[string]any{"picked": pick("", "db1", "db2"), "last_writer": pick("", "db2")}
		out := galeraElection().Judge(in)
		newest, _ := out.Lets["newest"].V.(string)
		wins := 0
		for _, v := range out.Hosts {
			if v.Facts["verdict"].V == verdictWinner {
				wins++
			}
		}
		if newest == "" {
			if wins > 0 {
				t.Fatalf("a winner without a name: %+v", out)
			}
			continue
		}
		elected++
		if why := unprovenWinner(nodes, waived, newest); why != "" || wins != 1 {
			t.Fatalf("%s is elected (%d winners), and %s\n%+v\nwaived %v", newest, wins, why, nodes, waived)
		}
	}
	if elected < 800 {
		t.Errorf("only %d of 40000 had a winner: the test looks at nothing", elected)
	}
}

// unprovenWinner says which condition does not hold for a winner.
func unprovenWinner(nodes []nodeFacts, waived map[string]string, newest string) string {
	type place struct {
		uuid string
		n    int
		ok   bool
	}
	number := func(v any) (int, bool) {
		switch v := v.(type) {
		case int:
			return v, v >= 0
		case string:
			var n int
			_, err := fmt.Sscanf(v, "%d", &n)
			return n, err == nil && n >= 0
		}
		return 0, false
	}
	where := map[string]place{}
	for _, n := range nodes {
		f := n.facts
		if !n.away && f["sql"] == "ok" && f["cluster_status"] == "Primary" {
			return n.name + " is Primary"
		}
		var p place
		switch {
		case n.away:
		case f["sql"] == "ok":
			p.uuid, _ = f["cluster_uuid"].(string)
			p.n, p.ok = number(f["committed"])
			p.ok = p.ok && f["wsrep"] == "yes"
		case f["process"] != 0:
		case f["position_state"] == "recovered":
			p.uuid, _ = f["position_uuid"].(string)
			p.n, p.ok = number(f["position_seqno"])
			if f["saved"] == "ok" && f["saved_uuid"] != "" && f["saved_uuid"] != p.uuid {
				p.ok = false
			}
		}
		p.ok = p.ok && f["wsrep"] == "yes"
		p.ok = p.ok && (p.uuid == uuidA || p.uuid == uuidB)
		where[n.name] = p
	}
	win := where[newest]
	if !win.ok {
		return "it has no position itself"
	}
	for _, n := range nodes {
		p := where[n.name]
		_, excused := waived[n.name]
		remembers := n.facts["saved"] == "ok" && (n.facts["saved_uuid"] == uuidA || n.facts["saved_uuid"] == uuidB)
		empty := !n.away && n.facts["sql"] != "ok" && n.facts["process"] == 0 && n.facts["position_state"] == "empty" && !remembers
		says, told := number(n.facts["saved_seqno"])
		dead := !n.away && n.facts["sql"] != "ok"
		for _, other := range named(n.facts["peers"]) {
			silent := slices.ContainsFunc(nodes, func(n nodeFacts) bool { return n.away }) // it may be that one
			if _, excused := waived[other]; !excused && !silent {
				return other + " is a member for " + n.name + ", and nobody has looked at it"
			}
		}
		switch {
		case dead && told && p.ok && n.facts["saved"] == "ok" && says > p.n && !excused:
			return n.name + " has written down that it knew more than it has"
		case !p.ok && !excused && !empty:
			return n.name + " has no position, and is neither empty nor waived"
		case p.ok && p.uuid != win.uuid:
			return n.name + " is of another cluster"
		case p.ok && p.n > win.n:
			return n.name + " knows more"
		case p.ok && p.n < win.n && n.facts["saved"] == "ok" && n.facts["saved_safe"] == 1 && !excused:
			return n.name + " says that it is safe, and is older"
		}
	}
	return ""
}

func named(v any) (out []string) {
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(string))
	}
	return out
}

// Every judgement gives each host what it declares, and nothing else.
func TestGaleraGivesWhatItDeclares(t *testing.T) {
	in := input([]nodeFacts{at("db1", uuidA, 12), away("db2"), split("db3", uuidA, 12)})
	for _, j := range All() {
		out := j.Judge(in)
		for name := range out.Lets {
			if !slices.Contains(j.Outputs, name) {
				t.Errorf("%s gives %s", j.Name, name)
			}
		}
		for _, name := range j.Outputs {
			if _, ok := out.Lets[name]; !ok {
				t.Errorf("%s does not give %s", j.Name, name)
			}
		}
		for host, v := range out.Hosts {
			for name := range v.Facts {
				if !slices.Contains(j.HostOutputs, name) {
					t.Errorf("%s gives %s of %s", j.Name, name, host)
				}
			}
		}
	}
}
