package judgements

import (
	"fmt"
	"strings"
	"testing"
)

// What a node, its files or its log may say to be believed too much. In each of these nobody is
// elected, or the right one; who waives is named.
func TestElectionOfHostileNodes(t *testing.T) {
	newest := func() nodeFacts { return at("db2", uuidA, 40, "selves", []any{"192.0.2.2", "db2"}) }
	for _, c := range []struct {
		name     string
		nodes    []nodeFacts
		waived   []string
		newest   string
		unproven string
		says     string
	}{
		{"grastate alone: a number that nobody read in InnoDB", []nodeFacts{node("db1", "saved_seqno", 9999, "saved_safe", 1), newest()}, nil, "", "db1", "its InnoDB was not asked"},
		{"grastate alone, waived: it is left out, it does not win", []nodeFacts{node("db1", "saved_seqno", 9999, "saved_safe", 1), newest()}, []string{"db1"}, "db2", "", ""},
		{"grastate alone on all", []nodeFacts{node("db1", "saved_seqno", 31, "saved_safe", 1), node("db2", "saved_seqno", 30)}, nil, "", "db1 db2", "No node has a position"},
		{"grastate says more than InnoDB: a file was changed, or data is gone", []nodeFacts{at("db1", uuidA, 5, "saved_seqno", 99, "saved_safe", 1), newest()}, nil, "", "db1", "grastate.dat says 99"},
		{"the same without safe_to_bootstrap", []nodeFacts{at("db1", uuidA, 5, "saved_seqno", 99), newest()}, nil, "", "db1", "data is missing"},
		{"the same on the newest itself", []nodeFacts{at("db1", uuidA, 5), at("db2", uuidA, 40, "saved_seqno", 41)}, nil, "", "db2", "grastate.dat says 41"},
		{"the same, waived: InnoDB's number counts", []nodeFacts{at("db1", uuidA, 5, "saved_seqno", 99), newest()}, []string{"db1"}, "db2", "", ""},
		{"no data, and grastate names a cluster: a disk that is not mounted", []nodeFacts{node("db1", "position_state", "empty", "saved_seqno", 50), newest()}, nil, "", "db1", "is its disk mounted"},
		{"its disk is not mounted", []nodeFacts{node("db1", "saved", "missing", "saved_uuid", "", "position_state", "unmounted"), newest()}, nil, "", "db1", "not mounted"},
		{"a copy was cut off: InnoDB gives the donor's number", []nodeFacts{node("db1", "position_state", "half", "position_uuid", uuidA, "position_seqno", 90), newest()}, nil, "", "db1", "half of another"},
		{"a copy was cut off: grastate is null, InnoDB gives the donor's number", []nodeFacts{at("db1", uuidA, 90, "saved_uuid", nullUUID, "saved_safe", 1), newest()}, nil, "", "db1", "not to be believed"},
		{"null UUID with a high number", []nodeFacts{at("db1", nullUUID, 1<<62), newest()}, nil, "", "db1", "no usable position"},
		{"-1 from wsrep-recover", []nodeFacts{at("db1", uuidA, -1, "saved_safe", 1), newest()}, nil, "", "db1", "no usable position"},
		{"a number as text", []nodeFacts{at("db1", uuidA, 0, "position_seqno", "12; rm"), newest()}, nil, "", "db1", "no usable position"},
		{"a UUID with something behind it", []nodeFacts{at("db1", uuidA+"0", 90, "saved_uuid", uuidA), newest()}, nil, "", "db1", "no usable position"},
		{"a UUID in capitals is not this UUID", []nodeFacts{at("db1", strings.ToUpper(uuidA), 90, "saved_uuid", uuidA), newest()}, nil, "", "db1", "no usable position"},
		{"prepared transactions, and a number beside", []nodeFacts{node("db1", "position_state", "heuristic", "position_uuid", uuidA, "position_seqno", 90), newest()}, nil, "", "db1", "prepared transactions"},
		{"a state that nobody knows, with a number", []nodeFacts{node("db1", "position_state", "perfect", "position_uuid", uuidA, "position_seqno", 90), newest()}, nil, "", "db1", "gave no position"},
		{"two clusters, one null", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidB, 400), node("db3", "saved_uuid", nullUUID, "position_state", "empty")}, nil, "", "", "different clusters"},
		{"two clusters, one only in grastate", []nodeFacts{at("db1", uuidA, 12), node("db2", "saved_uuid", uuidB, "saved_seqno", 3)}, nil, "", "", "different clusters"},
		{"two clusters, all waived", []nodeFacts{at("db1", uuidA, 12), at("db2", uuidB, 400)}, []string{"db1", "db2"}, "", "", "different clusters"},
		{"it runs without Galera, and says a high number", []nodeFacts{split("db1", uuidA, 90, "wsrep", "no"), newest()}, nil, "", "db1", "without Galera"},
		{"it is dead, and was not set up for Galera", []nodeFacts{at("db1", uuidA, 12, "wsrep", "no"), newest()}, nil, "", "db1", "not set up for Galera"},
		{"it runs, and its number is null", []nodeFacts{split("db1", nullUUID, 90), newest()}, nil, "", "db1", "gives no position"},
		{"it runs again since its position was read", []nodeFacts{at("db1", uuidA, 90, "process", 1, "sql", "silent"), newest()}, nil, "", "db1", "still runs"},
		{"the look failed: no process is no proof that none is there", []nodeFacts{{name: "db1", facts: map[string]any{}}, newest()}, nil, "", "db1", "not asked"},
		{"a member that the site does not know", []nodeFacts{at("db1", uuidA, 12, "peers", []any{"192.0.2.1", "192.0.2.2", "198.51.100.9"}, "selves", []any{"192.0.2.1"}), newest()}, nil, "", "198.51.100.9", "no host of this site"},
		{"a member that the site does not know, waived", []nodeFacts{at("db1", uuidA, 12, "peers", []any{"192.0.2.1", "192.0.2.2", "198.51.100.9"}, "selves", []any{"192.0.2.1"}), newest()}, []string{"198.51.100.9"}, "db2", "", ""},
		{"a silent host by an address that the site does not know is no stranger, and unproven itself",
			[]nodeFacts{at("db1", uuidA, 12, "peers", []any{"192.0.2.1", "192.0.2.2", "203.0.113.3"}, "selves", []any{"192.0.2.1"}), newest(), away("db3")}, nil, "", "db3", "db3: does not answer"},
		{"a silent host that is known by its address, and a stranger",
			[]nodeFacts{at("db1", uuidA, 12, "peers", []any{"192.0.2.1", "192.0.2.2", "192.0.2.3", "203.0.113.3"}, "selves", []any{"192.0.2.1"}), newest(), away("db3")}, []string{"db3"}, "", "203.0.113.3", "no host of this site"},
		{"all waived but nobody has a position", []nodeFacts{away("db1"), node("db2", "position_state", "failed")}, []string{"db1", "db2"}, "", "", "No node has a position"},
		{"no node at all", nil, nil, "", "", "No node has a position"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(c.nodes)
			in.Waived, in.Args = map[string]string{}, map[string]any{"members": []any{"192.0.2.1", "192.0.2.2", "192.0.2.3"}}
			for _, w := range c.waived {
				in.Waived[w] = "it burnt"
			}
			out, before := galeraElection().Judge(in), galeraPositions().Judge(in)
			said := fmt.Sprint(out.Lets["finding"].V)
			for _, v := range out.Hosts {
				said += v.Reason.En
			}
			newest, _ := out.Lets["newest"].V.(string)
			if newest != c.newest || words(before, "unproven") != c.unproven || !strings.Contains(said, c.says) {
				t.Errorf("newest %q, unproven %q; it says %s", newest, words(before, "unproven"), said)
			}
			if newest == "" && len(out.Hosts) > 0 {
				for _, name := range []string{"newest_position", "method", "loss"} {
					if out.Lets[name].Absent == "" {
						t.Errorf("%s is %v without a winner", name, out.Lets[name].V)
					}
				}
			}
		})
	}
}

// Beside members nobody starts a cluster, whatever the others say, and what was not looked at is
// not emptied.
func TestNobodyIsElectedBesideMembers(t *testing.T) {
	for _, odd := range []nodeFacts{
		at("db2", uuidA, 1<<40, "saved_safe", 1), at("db2", uuidB, 1<<40, "saved_safe", 1), node("db2", "saved_seqno", 1<<40, "saved_safe", 1),
		node("db2", "position_state", "unmounted"), {name: "db2", facts: map[string]any{}},
	} {
		out := galeraElection().Judge(input([]nodeFacts{primary("db1", uuidA, 9, 1), odd}))
		if out.Lets["newest"].Absent == "" || words(out, "full_copies") != "" {
			t.Errorf("%+v: newest %v, full copies %q", odd, out.Lets["newest"], words(out, "full_copies"))
		}
	}
}
