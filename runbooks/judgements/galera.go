package judgements

import (
	"regexp"
	"strconv"
	"strings"

	"stackhand/steps"
)

// galeraNode is what was read about one database node, decoded from facts. A value that was
// not read is the zero value, with its own bool where zero means something.
type galeraNode struct {
	name      string
	reachable bool

	managers []string // who starts mariadb here: systemd, docker, podman, pacemaker
	unit     string   // ActiveState, or missing
	since    int      // seconds in that state
	restarts int      // times that systemd started it again by itself
	process  int      // mysqld processes
	stuck    bool     // one of them waits for a disk (state D)
	sql      string   // over the local socket: ok, denied, busy, silent, none
	answers  bool     // sql is ok
	ready    string   // wsrep_ready
	status   string   // wsrep_cluster_status
	comment  string   // wsrep_local_state_comment
	size     int      // wsrep_cluster_size
	cluster  string   // wsrep_cluster_state_uuid
	live     seqno    // wsrep_last_committed
	sst      string   // none, joiner, donor
	wsrep    bool     // mariadb is set up for Galera, as far as is known
	peers    []string // the members that its settings name, as addresses
	selves   []string // its own addresses and names

	saved     string // grastate.dat: ok, missing, empty, torn
	savedUUID string
	savedSeq  seqno
	safe      bool
	view      string // gvwstate.dat: ok, missing, empty
	pcRecover bool   // pc.recovery is on

	// result of wsrep-recover: recovered, none, empty, heuristic, failed, half (a full copy was cut off),
	// unmounted; "": not asked
	position string
	posUUID  string
	posSeq   seqno
	// the same as somebody read it at the console of a host that does not answer
	handUUID string
	handSeq  seqno

	flush   int // innodb_flush_log_at_trx_commit; -1 where it could not be read
	timeout int // innodb_flush_log_at_timeout, seconds
	vip     bool
	version [2]int // of mariadb: 10, 11
}

// seqno is a transaction number as a node says it: known only where it was read and is no -1.
type seqno struct {
	n     int
	known bool
}

// nullUUID is what Galera writes when it does not know, or does not want to be believed: in
// the middle of a state transfer or of a change of a table's structure.
const nullUUID = "00000000-0000-0000-0000-000000000000"

var uuidShape = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// real tells whether a text is the UUID of a cluster, and not the null one.
func realUUID(s string) bool { return s != nullUUID && uuidShape.MatchString(s) }

// galeraFacts are the facts that decode wants, as the look of the flow reads them.
func galeraFacts() []string {
	return []string{"managers", "unit", "unit_for", "restarts", "process", "process_stuck", "sql", "ready", "cluster_status", "comment",
		"size", "cluster_uuid", "committed", "sst", "wsrep", "saved", "saved_uuid", "saved_seqno", "saved_safe", "view",
		"pc_recovery", "flush", "flush_timeout", "holds_vip", "version", "peers", "selves"}
}

// positionFacts are those of the step that asks a dead node for its position.
// What console_ has is read by a person, at the console of a host that does not answer; mysqld was down then.
func positionFacts() []string {
	return []string{"position_state", "position_uuid", "position_seqno", "console_uuid", "console_seqno"}
}

func decodeGalera(hosts []Host) []galeraNode {
	out := make([]galeraNode, 0, len(hosts))
	for _, h := range hosts {
		f := facts(h.Facts)
		n := galeraNode{
			name: h.Name, reachable: h.Reachable && !h.Dropped,
			managers: f.list("managers"), unit: f.text("unit"), since: f.int("unit_for").n, restarts: f.int("restarts").n, process: f.int("process").n,
			stuck: f.yes("process_stuck"), sql: f.text("sql"), answers: f.text("sql") == "ok", ready: f.text("ready"), status: f.text("cluster_status"),
			comment: f.text("comment"), size: f.int("size").n, cluster: f.text("cluster_uuid"), live: positive(f.int("committed")),
			sst: f.text("sst"), wsrep: f.text("wsrep") != "no", peers: f.list("peers"), selves: f.list("selves"),
			saved: f.text("saved"), savedUUID: f.text("saved_uuid"), savedSeq: positive(f.int("saved_seqno")), safe: f.int("saved_safe").n == 1,
			view: f.text("view"), pcRecover: f.yes("pc_recovery"),
			position: f.text("position_state"), posUUID: f.text("position_uuid"), posSeq: positive(f.int("position_seqno")),
			handUUID: f.text("console_uuid"), handSeq: positive(f.int("console_seqno")),
			flush: -1, timeout: max(1, f.int("flush_timeout").n), vip: f.yes("holds_vip"),
		}
		if v := f.int("flush"); v.known {
			n.flush = v.n
		}
		n.version = majorMinor(f.text("version"))
		out = append(out, n)
	}
	return out
}

// majorMinor are the first two numbers of a version: 10.11.19-MariaDB is 10, 11.
func majorMinor(s string) (v [2]int) {
	for i, part := range strings.SplitN(s, ".", 3) {
		if i < 2 {
			v[i], _ = strconv.Atoi(part)
		}
	}
	return v
}

// facts reads typed values; what is absent or of another kind is the zero value.
type facts map[string]steps.Value

func (f facts) value(name string) any {
	if v := f[name]; v.Absent == "" {
		return v.V
	}
	return nil
}

func (f facts) text(name string) string {
	s, _ := f.value(name).(string)
	return strings.TrimSpace(s)
}

func (f facts) yes(name string) bool {
	switch v := f.value(name).(type) {
	case bool:
		return v
	case string:
		return v == "yes" || v == "true" || v == "1"
	}
	return false
}

func (f facts) int(name string) seqno {
	switch v := f.value(name).(type) {
	case int:
		return seqno{v, true}
	case string:
		n, err := strconv.Atoi(strings.TrimSpace(v))
		return seqno{n, err == nil}
	}
	return seqno{}
}

func (f facts) list(name string) (out []string) {
	v, _ := f.value(name).([]any)
	for _, e := range v {
		if s, ok := e.(string); ok && s != "" && s != "none" {
			out = append(out, s)
		}
	}
	return out
}

func positive(s seqno) seqno {
	if !s.known || s.n < 0 {
		return seqno{}
	}
	return s
}

// primary tells whether the node is part of a component that takes writes.
func (n galeraNode) primary() bool { return n.reachable && n.answers && n.status == "Primary" }

// synced tells whether it is, and serves.
func (n galeraNode) synced() bool { return n.primary() && n.ready == "ON" && n.comment == "Synced" }

// nodeNames are the nodes for which a condition holds, in the site's order.
func nodeNames(nodes []galeraNode, is func(galeraNode) bool) []string {
	out := []string{}
	for _, n := range nodes {
		if is(n) {
			out = append(out, n.name)
		}
	}
	return out
}

// list is names as a let.
func list(names []string) steps.Value {
	out := make([]any, len(names))
	for i, n := range names {
		out[i] = n
	}
	return steps.Value{V: out}
}

func value(v any) steps.Value { return steps.Value{V: v} }

func absent() steps.Value { return steps.Value{Absent: steps.WhyEmpty} }
