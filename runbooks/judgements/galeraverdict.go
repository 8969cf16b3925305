package judgements

import (
	"fmt"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// output writes down what an election found of each node, beside lets.
func (e *election) output(lets map[string]steps.Value) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: lets}
	for i, n := range e.nodes {
		s := e.spots[i]
		level := OK
		switch s.verdict {
		case verdictUnknown, verdictAhead, verdictOther:
			level = Bad
		case verdictEmpty, verdictHeuristic:
			level = Odd
		}
		if s.unproven {
			level = Bad
		}
		f := map[string]steps.Value{"verdict": value(s.verdict), "position": absent(), "behind": absent()}
		if s.seq.known {
			f["position"] = value(fmt.Sprintf("%s:%d", short(s.uuid), s.seq.n)) // the whole UUID is in newest_position
		}
		if s.behind.known {
			f["behind"] = value(s.behind.n)
		}
		out.Hosts[n.name] = Verdict{Facts: f, Level: level, Reason: e.reason(i)}
	}
	return out
}

// decision is the lets of the election: the winner and what follows from it, or why there is none.
func (e *election) decision() map[string]steps.Value {
	lets := map[string]steps.Value{}
	for _, name := range []string{"newest", "newest_position", "newest_seqno", "cluster_id", "method", "loss_seconds", "loss"} {
		lets[name] = absent()
	}
	lets["newest_alive"] = value(false)
	lets["serving"] = list(nodeNames(e.nodes, galeraNode.primary))
	joins := func(reachable bool) []string {
		return nodeNames(e.nodes, func(n galeraNode) bool {
			v := e.of(n.name).verdict
			return n.reachable == reachable && (v == verdictJoins || v == verdictEmpty)
		})
	}
	lets["joiners"] = list(append(joins(true), joins(false)...)) // those at whose console somebody joins them come last
	lets["full_copies"] = list(nodeNames(e.nodes, func(n galeraNode) bool {
		s := e.of(n.name)
		asked := n.position != "" && n.position != "unmounted" // else there may be good data that nobody has seen
		return n.reachable && n.process == 0 && asked && !s.unproven && (s.verdict == verdictHeuristic || s.verdict == verdictUnknown)
	}))
	if e.winner != "" {
		s := e.of(e.winner)
		lets["newest"], lets["cluster_id"], lets["newest_seqno"] = value(e.winner), value(s.uuid), value(s.seq.n)
		lets["newest_position"] = value(fmt.Sprintf("%s:%d", s.uuid, s.seq.n))
		for _, n := range e.nodes {
			if n.name == e.winner {
				lets["newest_alive"], lets["method"] = value(n.answers), value(n.method())
			}
		}
		seconds, say := e.loss()
		lets["loss_seconds"], lets["loss"] = value(seconds), steps.SaidValue(say)
	}
	lets["finding"] = steps.SaidValue(e.finding())
	return lets
}

// The ways to start a new component.
const (
	methodNewCluster = "new-cluster"  // a dead node: grastate.dat marked, galera_new_cluster
	methodRunning    = "pc.bootstrap" // a running node: told so, without a restart
)

// method is how a new component starts from this node. A running node is told so at run time,
// except from MariaDB 11.2 on, where it can no longer be (MDEV-32800): that one is stopped first.
func (n galeraNode) method() string {
	if n.answers && n.version != [2]int{} && (n.version[0] < 11 || n.version[0] == 11 && n.version[1] < 2) {
		return methodRunning
	}
	return methodNewCluster
}

func (e *election) of(name string) spot {
	for i, n := range e.nodes {
		if n.name == name {
			return e.spots[i]
		}
	}
	return spot{}
}

// reason says of one node why its verdict is what it is.
func (e *election) reason(i int) i18n.Text {
	s, n := e.spots[i], e.nodes[i]
	t := s.how
	add := func(en, ko string) {
		t.En = en + "; " + t.En
		t.Ko = ko + ", " + t.Ko
	}
	switch s.verdict {
	case verdictWinner:
		add("the newest", "가장 최신")
	case verdictCandidate:
		add("the newest of those read", "읽은 노드 중 최신")
	case verdictJoins:
		if s.behind.n > 0 {
			add(fmt.Sprintf("%d transactions behind; starting from it would lose them", s.behind.n),
				fmt.Sprintf("트랜잭션 %d개 뒤처짐, 여기서 시작하면 유실", s.behind.n))
		} else if s.behind.known {
			add("knows the same", "동일한 위치")
		}
	case verdictAhead:
		add("knows more than the members: joining would reverse history", "현재 멤버보다 앞서 있음: 합류하면 이력이 되돌려짐")
	case verdictOther:
		add("another cluster: "+short(s.uuid), "다른 클러스터: "+short(s.uuid))
	case verdictMember:
		return i18n.Text{En: "in the Primary component", Ko: "Primary 컴포넌트의 멤버"}
	}
	if r, waived := e.waived[n.name]; waived {
		t.En += "; waived: " + r
		t.Ko += ", 제외 승인 사유: " + r
	}
	return t
}

// finding says in a sentence what the election found: the winner, or node by node why there is none.
func (e *election) finding() i18n.Text {
	var en, ko []string
	for i, s := range e.spots {
		if s.unproven {
			en = append(en, e.nodes[i].name+": "+s.how.En)
			ko = append(ko, e.nodes[i].name+": "+s.how.Ko)
		}
	}
	for _, who := range e.strange {
		en = append(en, who+": named as a member (wsrep_cluster_address), and no host of this site")
		ko = append(ko, who+": wsrep_cluster_address에 멤버로 지정되어 있으나 이 사이트의 호스트가 아님")
	}
	switch members := nodeNames(e.nodes, galeraNode.primary); {
	case !e.refusal.Empty() && len(en) > 0:
		return i18n.Text{En: e.refusal.En + " " + strings.Join(en, ". ") + ".", Ko: e.refusal.Ko + " " + strings.Join(ko, ". ") + "."}
	case !e.refusal.Empty():
		return e.refusal
	case len(members) > 0:
		who := strings.Join(members, ", ")
		t := i18n.Text{En: "Members already: " + who + ".", Ko: "현재 멤버: " + who + "."}
		for i, s := range e.spots { // those who do not simply join
			if s.verdict == verdictAhead || s.verdict == verdictOther || s.verdict == verdictUnknown || s.verdict == verdictHeuristic {
				why := e.reason(i)
				t.En += " " + e.nodes[i].name + ": " + why.En + "."
				t.Ko += " " + e.nodes[i].name + ": " + why.Ko + "."
			}
		}
		return t
	case e.winner != "":
		s := e.of(e.winner)
		at := fmt.Sprintf("%s (%s:%d)", e.winner, short(s.uuid), s.seq.n)
		_, loss := e.loss()
		return i18n.Text{En: "Proven newest: " + at + ". " + loss.En, Ko: "증명된 최신 노드: " + at + ". " + loss.Ko}
	case len(en) > 0:
		return i18n.Text{
			En: "The newest node cannot be proven. " + strings.Join(en, ". ") + ".",
			Ko: "가장 최신인 노드를 증명할 수 없습니다. " + strings.Join(ko, ". ") + ".",
		}
	}
	who := strings.Join(e.tied, ", ")
	return i18n.Text{En: "These know the same, and nobody picked one: " + who + ".", Ko: "위치가 같은 노드 중 하나를 고르지 않았습니다: " + who + "."}
}

// slack is what is added to innodb_flush_log_at_timeout: the thread that writes the log out
// every so often is late on a busy machine, and the disk takes its time.
const slack = 4

// loss says how many seconds of acknowledged writes before the power was cut may be missing.
//
// With innodb_flush_log_at_trx_commit=1 a node writes its log to disk before it acknowledges, so
// whoever acknowledged has it, and the highest number of all nodes has everything. With 0 and 2 the
// log goes to disk about once in innodb_flush_log_at_timeout seconds. A mysqld that still runs has lost nothing.
func (e *election) loss() (seconds int, say i18n.Text) {
	var lax, missing []string
	for i, n := range e.nodes {
		_, waived := e.waived[n.name]
		switch {
		case !e.spots[i].seq.known && waived:
			missing = append(missing, n.name)
		case n.answers || n.flush == 1 || e.spots[i].verdict == verdictEmpty:
		default:
			lax = append(lax, fmt.Sprintf("%s=%s", n.name, flushWord(n.flush)))
			seconds = max(seconds, n.timeout+slack)
		}
	}
	if len(lax) == 0 {
		say = i18n.Text{En: "Nothing acknowledged is lost: every node flushes at commit.", Ko: "클라이언트에 완료로 응답된 쓰기는 유실되지 않습니다(모든 노드가 commit마다 디스크에 기록)."}
	} else {
		say = i18n.Text{
			En: fmt.Sprintf("Up to %d s of acknowledged writes before the power was cut may be missing (innodb_flush_log_at_trx_commit: %s).", seconds, strings.Join(lax, ", ")),
			Ko: fmt.Sprintf("전원이 끊기기 직전 최대 %d초 동안 완료로 응답된 쓰기가 없을 수 있습니다(innodb_flush_log_at_trx_commit: %s).", seconds, strings.Join(lax, ", ")),
		}
	}
	if len(missing) > 0 {
		say.En += " Besides, all that only these know: " + strings.Join(missing, ", ") + "."
		say.Ko += " 그 밖에 다음 노드만 가진 내용은 모두 유실됩니다: " + strings.Join(missing, ", ") + "."
		if len(lax) == 0 {
			say.En = "Lost: all that only these know: " + strings.Join(missing, ", ") + "."
			say.Ko = "다음 노드만 가진 내용은 모두 유실됩니다: " + strings.Join(missing, ", ") + "."
		}
	}
	return seconds, say
}

func flushWord(n int) string {
	if n < 0 {
		return "?"
	}
	return fmt.Sprint(n)
}
