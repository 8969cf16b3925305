package judgements

import (
	"fmt"
	"strings"
	"testing"

	"stackhand/steps"
)

const (
	uuidA = "0657c57a-e582-11f1-ae9e-03049f2df6b7"
	uuidB = "23c055eb-e5b0-11f1-bb93-e28979a90632"
)

// nodeFacts is a node as the look of the flow reads it: facts by name.
type nodeFacts struct {
	name  string
	away  bool
	facts map[string]any
}

func node(name string, kv ...any) nodeFacts {
	s := nodeFacts{name: name, facts: map[string]any{
		"managers": []any{"systemd"}, "unit": "failed", "unit_for": 100, "process": 0, "process_stuck": "no", "sql": "none", "sst": "none",
		"wsrep": "yes", "saved": "ok", "saved_uuid": uuidA, "saved_seqno": -1, "saved_safe": 0, "view": "missing",
		"pc_recovery": "yes", "flush": 1, "flush_timeout": 1, "holds_vip": "no",
	}}
	return s.with(kv...)
}

// with sets facts: name, value, name, value.
func (s nodeFacts) with(kv ...any) nodeFacts {
	for i := 0; i < len(kv); i += 2 {
		s.facts[kv[i].(string)] = kv[i+1]
	}
	return s
}

// at is a dead node whose position was recovered.
func at(name, uuid string, n int, kv ...any) nodeFacts {
	return node(name, "saved_uuid", uuid, "position_state", "recovered", "position_uuid", uuid, "position_seqno", n).with(kv...)
}

func away(name string) nodeFacts { return nodeFacts{name: name, away: true} }

// console is a node that does not answer, and that somebody read at its console.
func console(name, uuid string, n int) nodeFacts {
	s := nodeFacts{name: name, away: true, facts: map[string]any{}}
	return s.with("console_uuid", uuid, "console_seqno", n)
}

// primary is a member of a component that serves.
func primary(name, uuid string, n, size int, kv ...any) nodeFacts {
	return node(name, "unit", "active", "process", 1, "sql", "ok", "ready", "ON", "cluster_status", "Primary", "comment", "Synced",
		"size", size, "cluster_uuid", uuid, "committed", n).with(kv...)
}

// split is a running node that is not Primary.
func split(name, uuid string, n int, kv ...any) nodeFacts {
	return primary(name, uuid, n, 1, "ready", "OFF", "cluster_status", "non-Primary", "comment", "Initialized").with(kv...)
}

func input(nodes []nodeFacts) (in Input) {
	for _, n := range nodes {
		h := Host{Name: n.name, Reachable: !n.away, Facts: map[string]steps.Value{}}
		for _, name := range append(galeraFacts(), positionFacts()...) {
			h.Facts[name] = steps.Value{Absent: steps.WhyNotRead}
			if v, ok := n.facts[name]; ok {
				h.Facts[name] = steps.Value{V: v}
			}
		}
		in.Hosts = append(in.Hosts, h)
	}
	return in
}

func TestClassify(t *testing.T) {
	starting := []any{"unit", "activating", "process", 1, "sql", "silent", "unit_for", 10}
	hanging := []any{"unit", "activating", "process", 1, "sql", "silent", "unit_for", 300}
	three := func(n int) []nodeFacts {
		return []nodeFacts{primary("db1", uuidA, 9, n), primary("db2", uuidA, 9, n), primary("db3", uuidA, 9, n)}
	}
	for _, c := range []struct {
		name   string
		nodes  []nodeFacts
		class  string
		states string // of each node
		says   string // in the refusal
	}{
		{"healthy", three(3), classHealthy, "synced synced synced", ""},
		{"F1 nobody is elected while a Primary exists", []nodeFacts{primary("db1", uuidA, 9, 1), node("db2"), node("db3")}, classRejoin, "synced down down", ""},
		{"healthy needs every configured node", []nodeFacts{primary("db1", uuidA, 9, 2), primary("db2", uuidA, 9, 2), away("db3")}, classRejoin, "synced synced unreachable", ""},
		{"a host that only SSH does not reach", []nodeFacts{primary("db1", uuidA, 9, 3), primary("db2", uuidA, 9, 3), away("db3")}, classHealthy, "synced synced unreachable", "do not answer over SSH: db3"},
		{"F3 all lost power, none can say", []nodeFacts{node("db1"), node("db2"), node("db3")}, classAllDown, "down down down", ""},
		{"same instant: it heals by itself", []nodeFacts{node("db1", starting...), node("db2", starting...), node("db3", starting...)}, classHealing, "starting starting starting", ""},
		{"one after the other: activating until 15 minutes", []nodeFacts{node("db1", hanging...), node("db2", hanging...), node("db3", hanging...)}, classHangs, "hangs hangs hangs", ""},
		{"it dies at each start", []nodeFacts{node("db1", starting...).with("restarts", 7), node("db2"), node("db3")}, classHangs, "hangs down down", ""},
		{"it does not stop either", []nodeFacts{node("db1", "unit", "deactivating", "process", 1, "sql", "silent"), node("db2"), node("db3")}, classHangs, "hangs down down", ""},
		{"F5 some up, none Primary", []nodeFacts{split("db1", uuidA, 9), node("db2"), node("db3")}, classNonPrim, "non-primary down down", ""},
		{"mixed: a hang is freed first", []nodeFacts{split("db1", uuidA, 9), node("db2", hanging...), away("db3")}, classHangs, "non-primary hangs unreachable", ""},
		{"F10 a copy under way is left alone", []nodeFacts{primary("db1", uuidA, 9, 2, "comment", "Donor/Desynced", "sst", "donor"),
			node("db2", hanging...).with("sst", "joiner"), node("db3")}, classHealing, "donor joining down", ""},
		{"F10 also when only the joiner shows it", []nodeFacts{away("db1"), node("db2", hanging...).with("sst", "joiner"), node("db3")}, classHealing, "unreachable joining down", ""},
		{"a joiner that hangs beside a Primary", []nodeFacts{primary("db1", uuidA, 9, 1), node("db2", hanging...), node("db3")}, classRejoin, "synced hangs down", ""},
		{"F9 a joiner that only its members see is not killed", []nodeFacts{primary("db1", uuidA, 9, 3), primary("db2", uuidA, 9, 3), node("db3", hanging...)}, classHealing, "synced synced joining", ""},
		{"F12 two clusters", []nodeFacts{primary("db1", uuidA, 9, 1), primary("db2", uuidB, 3, 1), node("db3")}, classSplit, "synced synced down", "db2"},
		{"F12 one UUID, two components", []nodeFacts{primary("db1", uuidA, 9, 1), primary("db2", uuidA, 8, 1), node("db3")}, classSplit, "synced synced down", "size 1"},
		{"F14 no unit, no container", []nodeFacts{node("db1", "managers", []any{}), node("db2"), node("db3")}, classRefused, "down down down", "nothing here starts mariadb"},
		{"F14 a container", []nodeFacts{node("db1", "managers", []any{"docker"}), node("db2"), node("db3")}, classRefused, "down down down", "docker"},
		{"F16 Pacemaker and systemd", []nodeFacts{node("db1"), node("db2", "managers", []any{"systemd", "pacemaker"}), node("db3")}, classRefused, "down down down", "db2: more than one manager"},
		{"root is not let in: alive, and not killed", []nodeFacts{node("db1", "process", 1, "unit", "active", "sql", "denied"), node("db2"), node("db3")}, classRefused, "locked down down", "db1"},
		{"no connection left", []nodeFacts{node("db1", "process", 1, "unit", "active", "sql", "busy"), node("db2"), node("db3")}, classRefused, "locked down down", "db1"},
		{"without Galera it may have taken writes", []nodeFacts{node("db1", "process", 1, "unit", "active", "sql", "ok", "wsrep", "no"), node("db2"), node("db3")}, classRefused, "no-galera down down", "db1"},
		{"half dead: mysqld in state D", []nodeFacts{node("db1", "process", 1, "unit", "active", "sql", "silent", "process_stuck", "yes"), node("db2"), node("db3")}, classHangs, "hangs down down", ""},
		{"nobody answers", []nodeFacts{away("db1"), away("db2")}, classNobody, "unreachable unreachable", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := galeraClassify().Judge(input(c.nodes))
			var states []string
			for _, n := range c.nodes {
				v := out.Hosts[n.name]
				states = append(states, v.Facts["node_state"].V.(string))
				if v.Reason.En == "" || v.Reason.Ko == "" {
					t.Errorf("%s has no reason in both languages: %+v", n.name, v.Reason)
				}
			}
			if got := out.Lets["class"].V; got != c.class || strings.Join(states, " ") != c.states {
				t.Errorf("class %v, states %v", got, states)
			}
			if meaning := fmt.Sprint(out.Lets["meaning"].V); !strings.Contains(meaning, c.says) {
				t.Errorf("meaning %q", meaning)
			}
		})
	}
}

func TestElection(t *testing.T) {
	for _, c := range []struct {
		name     string
		nodes    []nodeFacts
		waived   []string
		args     map[string]any
		newest   string // "": nobody
		verdicts string
		tied     string
		unproven string
		says     string // in the refusal, or one node's reason
	}{
		{"F3 all -1: the recovered positions decide", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 11), at("db3", uuidA, 6)}, nil, nil,
			"db1", "winner joins joins", "", "", "6 transactions behind"},
		{"F1 the oldest says nothing about the others", []nodeFacts{at("db1", uuidA, 7, "saved_safe", 1), away("db2"), away("db3")}, nil, nil,
			"", "candidate unknown unknown", "", "db2 db3", "db2: does not answer"},
		{"F2 an empty node says it is safe", []nodeFacts{node("db1", "saved_uuid", nullUUID, "saved_safe", 1, "position_state", "empty"), at("db2", uuidA, 8), at("db3", uuidA, 9)}, nil, nil,
			"db3", "empty joins winner", "", "", "not believed"},
		{"F2 null position and -1 are never elected", []nodeFacts{node("db1", "saved_uuid", nullUUID, "saved_safe", 1, "position_state", "recovered", "position_uuid", nullUUID, "position_seqno", -1)}, nil, nil,
			"", "unknown", "", "db1", "no usable position"},
		{"F2 all are empty", []nodeFacts{node("db1", "saved_uuid", nullUUID, "saved_safe", 1, "position_state", "empty"), node("db2", "saved", "missing", "saved_uuid", "", "position_state", "empty")}, nil, nil,
			"", "empty empty", "", "", "No node has a position"},
		{"F4 one is gone", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 11), away("db3")}, nil, nil,
			"", "candidate joins unknown", "", "db3", "db3: does not answer"},
		{"F4 one is gone, and waived", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 11), away("db3")}, []string{"db3"}, nil,
			"db1", "winner joins unknown", "", "", ""},
		{"F4 one is read at its console", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 11), console("db3", uuidA, 7)}, nil, nil,
			"db1", "winner joins joins", "", "", "read at its console"},
		{"F4 the newest is at its console only", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 11), console("db3", uuidA, 13)}, nil, nil,
			"", "joins joins candidate", "", "", "db3 knows most"},
		{"F4 of equals not the one at its console", []nodeFacts{at("db1", uuidA, 12, "saved", "missing", "saved_uuid", ""), console("db3", uuidA, 12)}, nil, nil,
			"db1", "winner joins", "", "", ""},
		{"F4 at its console another cluster", []nodeFacts{at("db1", uuidA, 12), console("db3", uuidB, 12)}, nil, nil,
			"", "other-uuid other-uuid", "", "", "different clusters"},
		{"F4 at its console no position", []nodeFacts{at("db1", uuidA, 12), console("db3", nullUUID, -1)}, nil, nil,
			"", "candidate unknown", "", "db3", "does not answer"},
		{"F5 the most advanced one still runs", []nodeFacts{split("db1", uuidA, 20), at("db2", uuidA, 18), at("db3", uuidA, 20)}, nil, nil,
			"db1", "winner joins joins", "", "", ""},
		{"F5 a dead one knows more than the one that runs", []nodeFacts{split("db1", uuidA, 20), at("db2", uuidA, 22), at("db3", uuidA, 20)}, nil, nil,
			"db2", "joins winner joins", "", "", "2 transactions behind"},
		{"F6 prepared transactions", []nodeFacts{node("db1", "position_state", "heuristic"), at("db2", uuidA, 9), at("db3", uuidA, 9)}, nil, nil,
			"", "heuristic candidate candidate", "db2 db3", "db1", "db1: prepared transactions"},
		{"F6 waived: it never wins", []nodeFacts{node("db1", "position_state", "heuristic", "saved_safe", 1), at("db2", uuidA, 9), at("db3", uuidA, 8)}, []string{"db1"}, nil,
			"db2", "heuristic winner joins", "", "", ""},
		{"F7 a position that is no position", []nodeFacts{node("db1", "position_state", "recovered", "position_uuid", "12", "position_seqno", 12), at("db2", uuidA, 9)}, nil, nil,
			"", "unknown candidate", "", "db1", "no usable position"},
		{"F7 wsrep-recover failed", []nodeFacts{node("db1", "position_state", "failed"), at("db2", uuidA, 9)}, nil, nil,
			"", "unknown candidate", "", "db1", "gave no position"},
		{"F8 a bad gvwstate says nothing about positions", []nodeFacts{at("db1", uuidA, 12, "view", "empty"), at("db2", uuidA, 11)}, nil, nil,
			"db1", "winner joins", "", "", ""},
		{"F12 different UUIDs", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12), at("db3", uuidB, 400)}, nil, nil,
			"", "other-uuid other-uuid other-uuid", "", "", "23c055eb = db3:400"},
		{"F12 a waiver does not help there", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidB, 12)}, []string{"db2"}, nil,
			"", "other-uuid other-uuid", "", "", "different clusters"},
		{"F13 one is ahead of the members", []nodeFacts{primary("db1", uuidA, 934, 1), at("db2", uuidA, 935), at("db3", uuidA, 900)}, nil, nil,
			"", "member ahead joins", "", "", "reverse history"},
		{"beside members another cluster", []nodeFacts{primary("db1", uuidA, 934, 1), at("db2", uuidB, 3), node("db3", "position_state", "empty")}, nil, nil,
			"", "member other-uuid empty", "", "", "another cluster"},
		{"F15 data without a position", []nodeFacts{node("db1", "saved", "missing", "saved_uuid", "", "position_state", "none"), at("db2", uuidA, 5)}, nil, nil,
			"", "unknown candidate", "", "db1", "restored backup"},
		{"it still runs and says nothing", []nodeFacts{node("db1", "process", 1, "sql", "silent"), at("db2", uuidA, 5)}, nil, nil,
			"", "unknown candidate", "", "db1", "still runs"},
		{"grastate marked as not to be believed", []nodeFacts{at("db1", uuidA, 50, "saved_uuid", nullUUID), at("db2", uuidA, 40)}, nil, nil,
			"", "unknown candidate", "", "db1", "InnoDB says 50"},
		{"grastate and InnoDB disagree about the cluster", []nodeFacts{at("db1", uuidA, 50, "saved_uuid", uuidB), at("db2", uuidA, 40)}, nil, nil,
			"", "unknown candidate", "", "db1", "different clusters"},
		{"an old grastate is not believed", []nodeFacts{at("db1", uuidA, 50, "saved_seqno", 9), at("db2", uuidA, 40)}, nil, nil,
			"db1", "winner joins", "", "", "9 and is not believed"},
		{"4.3(iv) a tie: safe first", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12, "saved_safe", 1), at("db3", uuidA, 12)}, nil, nil,
			"db2", "joins winner joins", "", "", "knows the same"},
		{"4.3(iv) a tie: then a whole grastate.dat", []nodeFacts{at("db1", uuidA, 12, "saved", "missing", "saved_uuid", ""), at("db2", uuidA, 12)}, nil, nil,
			"db2", "joins winner", "", "", ""},
		{"4.3(iv) a tie: then the last writer", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12), at("db3", uuidA, 12, "holds_vip", "yes")}, nil, map[string]any{"last_writer": "db2"},
			"db2", "joins winner joins", "", "", ""},
		{"4.3(iv) a tie: then who holds the address", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12), at("db3", uuidA, 12, "holds_vip", "yes")}, nil, nil,
			"db3", "joins joins winner", "", "", ""},
		{"4.3(iv) a tie: then the operator is asked", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12), at("db3", uuidA, 11)}, nil, nil,
			"", "candidate candidate joins", "db1 db2", "", ""},
		{"4.3(iv) and picks one", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12), at("db3", uuidA, 11)}, nil, map[string]any{"picked": "db2"},
			"db2", "joins winner joins", "", "", ""},
		{"a pick that is behind is no pick", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidA, 12), at("db3", uuidA, 11)}, nil, map[string]any{"picked": "db3"},
			"", "candidate candidate joins", "db1 db2", "", ""},
		{"4.3(v) safe and not the newest", []nodeFacts{at("db1", uuidA, 9, "saved_safe", 1), at("db2", uuidA, 12)}, nil, nil,
			"", "joins candidate", "", "db1", "others are newer"},
		{"4.3(v) and waived", []nodeFacts{at("db1", uuidA, 9, "saved_safe", 1), at("db2", uuidA, 12)}, []string{"db1"}, nil,
			"db2", "joins winner", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(c.nodes)
			in.Args, in.Waived = c.args, map[string]string{}
			for _, w := range c.waived {
				in.Waived[w] = "it burnt"
			}
			out, before := galeraElection().Judge(in), galeraPositions().Judge(in)
			newest, _ := out.Lets["newest"].V.(string)
			said := fmt.Sprint(out.Lets["finding"].V)
			var verdicts []string
			for _, n := range c.nodes {
				v := out.Hosts[n.name]
				verdicts = append(verdicts, v.Facts["verdict"].V.(string))
				said += "\n" + n.name + ": " + v.Reason.En
				if v.Reason.En == "" || v.Reason.Ko == "" || v.Level == "" {
					t.Errorf("%s has no reason in both languages: %+v", n.name, v)
				}
			}
			if newest != c.newest || strings.Join(verdicts, " ") != c.verdicts || words(before, "tied") != c.tied || words(before, "unproven") != c.unproven {
				t.Errorf("newest %q, verdicts %v, tied %q, unproven %q", newest, verdicts, words(before, "tied"), words(before, "unproven"))
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("nobody says %q in %s", c.says, said)
			}
			if f := out.Lets["finding"]; f.Absent != "" {
				t.Error("there is no word why")
			}
		})
	}
}

func words(out Output, let string) string {
	var w []string
	list, _ := out.Lets[let].V.([]any)
	for _, v := range list {
		w = append(w, v.(string))
	}
	return strings.Join(w, " ")
}
