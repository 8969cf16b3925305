package judgements

import (
	"fmt"
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// What the election says of one node.
const (
	verdictWinner    = "winner"     // proven newest, and chosen: the new cluster starts here
	verdictCandidate = "candidate"  // at the newest position read, and something is still to decide
	verdictJoins     = "joins"      // joins the winner or the members, and loses nothing
	verdictMember    = "member"     // is in the Primary component already
	verdictUnknown   = "unknown"    // where it is could not be read: it may be the newest
	verdictEmpty     = "empty"      // has no data: it gets a full copy, and is never started from
	verdictHeuristic = "heuristic"  // prepared transactions without a decision: gets a full copy, is never started from
	verdictAhead     = "ahead"      // knows more than what it would join: stop
	verdictOther     = "other-uuid" // belongs to another cluster: stop
)

// galeraElection finds the node that a new cluster may be started from, or says why none may.
// It is the rule of the whole recovery, so it is written as conditions, all of which must hold
// for a winner:
//
//  1. no node is in a Primary component (then there is nothing to elect; the others are compared with it)
//  2. at least one node has a position: a real UUID, a number that is not -1; from the running
//     node itself, or from wsrep-recover on a dead one. What only grastate.dat says is no position
//  3. all positions have one UUID
//  4. every configured node has a position or is proven empty, or the operator waived it; so has every
//     node that the settings of these name as a member, though the site does not
//  5. the winner's number is the highest of all
//  6. no node says safe_to_bootstrap with a lower number, and no grastate.dat has a higher number
//     than its own InnoDB, or the operator waived that
//  7. among equals one is preferred: safe_to_bootstrap, a whole grastate.dat, the last writer or
//     the holder of the virtual address; otherwise the operator picks
//
// It is asked twice in a flow: galera.positions shows what is known and who must be waived or picked, galera.election
// decides with the answers.
func galeraElection() Judgement {
	return Judgement{
		Name: "galera.election", Reads: append(galeraFacts(), positionFacts()...), Args: []string{"last_writer", "picked", "members"},
		HostOutputs: []string{"verdict", "position", "behind"},
		Outputs: []string{"newest", "newest_position", "newest_seqno", "cluster_id", "newest_alive", "method", "serving", "joiners", "full_copies",
			"loss_seconds", "loss", "finding"},
		Judge: func(in Input) Output {
			e := newElection(in)
			return e.output(e.decision())
		},
	}
}

// galeraPositions is the election before anybody was asked anything: where each node is, who
// may be the newest and cannot be read (unproven), and whom nothing prefers (tied).
func galeraPositions() Judgement {
	return Judgement{
		Name: "galera.positions", Reads: append(galeraFacts(), positionFacts()...), Args: []string{"last_writer", "members"},
		HostOutputs: []string{"verdict", "position", "behind"},
		Outputs:     []string{"tied", "unproven"},
		Judge: func(in Input) Output {
			e := newElection(in)
			return e.output(map[string]steps.Value{"tied": list(e.tied), "unproven": list(e.unproven())})
		},
	}
}

func newElection(in Input) *election {
	e := &election{nodes: decodeGalera(in.Hosts), waived: in.Waived}
	e.lastWriter, _ = in.Args["last_writer"].(string)
	e.picked, _ = in.Args["picked"].(string)
	members, _ := in.Args["members"].([]any)
	for _, m := range members {
		s, _ := m.(string)
		e.members = append(e.members, s)
	}
	e.judge()
	return e
}

type election struct {
	nodes      []galeraNode
	waived     map[string]string
	lastWriter string   // host that took the last writes, where somebody knows
	picked     string   // host that the operator picked among equals
	members    []string // the addresses of the nodes, in their order, as the site knows them

	spots   []spot   // one a node, in the same order
	strange []string // members that only the settings name, and that nobody waived
	tied    []string
	winner  string
	refusal i18n.Text
}

// spot is where one node is.
type spot struct {
	verdict  string
	uuid     string
	seq      seqno
	behind   seqno
	how      i18n.Text // where the position comes from, or why there is none
	unproven bool      // it may be the newest, and the operator has not waived it
	claimed  bool      // only its grastate.dat says so: enough to join, not to be held against others
}

func (e *election) judge() {
	for _, n := range e.nodes {
		e.spots = append(e.spots, n.spot())
	}
	switch {
	case len(nodeNames(e.nodes, galeraNode.primary)) > 0:
		e.besideMembers()
	case !e.oneCluster():
	default:
		e.elect()
	}
}

// spot is what the facts say of one node alone.
func (n galeraNode) spot() spot {
	unknown := func(en, ko string) spot {
		return spot{verdict: verdictUnknown, how: i18n.Text{En: en, Ko: ko}, unproven: true}
	}
	at := func(uuid string, seq seqno, en, ko string) spot {
		return spot{verdict: verdictJoins, uuid: uuid, seq: seq, how: i18n.Text{En: en, Ko: ko}}
	}
	switch {
	case !n.reachable && realUUID(n.handUUID) && n.handSeq.known:
		return at(n.handUUID, n.handSeq, "does not answer; read at its console (by hand)", "응답 없음, 콘솔에서 직접 읽음(수작업)")
	case !n.reachable:
		return unknown("does not answer: where it is cannot be read", "응답 없음: 위치를 읽을 수 없음")
	case n.answers && !n.wsrep:
		return unknown("mariadb runs without Galera: what it wrote meanwhile has no position", "Galera 없이 MariaDB 실행 중: 그동안의 쓰기에는 위치가 없음")
	case n.answers && realUUID(n.cluster) && n.live.known:
		return at(n.cluster, n.live, "read from the running mysqld", "실행 중인 mysqld에서 읽음")
	case n.answers:
		return unknown("mysqld answers, and gives no position", "mysqld가 응답하나 위치를 주지 않음")
	case n.process > 0:
		return unknown("mysqld still runs and does not answer: its position can be read when it is gone", "mysqld가 아직 실행 중이고 응답 없음: 종료 후에만 위치를 읽을 수 있음")
	}
	if !n.wsrep && n.position != "empty" {
		return unknown("it is not set up for Galera (wsrep_on): what it wrote alone has no position", "Galera를 쓰지 않는 설정(wsrep_on): 단독으로 쓴 내용에는 위치가 없음")
	}
	switch n.position {
	case "empty":
		if n.saved == "ok" && realUUID(n.savedUUID) {
			return spot{verdict: verdictEmpty, unproven: true, how: i18n.Text{
				En: "grastate.dat names the cluster " + short(n.savedUUID) + ", and there is no data: is its disk mounted, who emptied it?",
				Ko: "grastate.dat에는 클러스터 " + short(n.savedUUID) + " 기록이 있으나 데이터가 없음: 디스크 마운트 여부와 삭제 경위 확인"}}
		}
		return spot{verdict: verdictEmpty, how: i18n.Text{En: n.emptyWords("no data here: it gets a full copy"), Ko: n.emptyWordsKo("데이터 없음: 전체 사본을 받음")}}
	case "unmounted":
		return unknown("the disk for its data is not mounted: what is on it cannot be read", "데이터 디스크가 마운트되지 않음: 내용을 읽을 수 없음")
	case "half":
		return unknown("a full copy (SST) was cut off here: its files are half of another node's", "전체 사본(SST) 수신 도중 중단됨: 다른 노드의 파일이 절반만 있음")
	case "heuristic":
		return spot{verdict: verdictHeuristic, unproven: true, how: i18n.Text{
			En: "prepared transactions without a decision (XA): no position; it needs a full copy and is never started from",
			Ko: "결정되지 않은 prepared 트랜잭션(XA): 위치 없음, 전체 사본 필요, bootstrap 대상 아님"}}
	case "none":
		return unknown("there is data, and InnoDB has no Galera position (a restored backup? never in a cluster?)", "데이터는 있으나 InnoDB에 Galera 위치 없음(백업 복원본이거나 클러스터에 속한 적 없음)")
	case "recovered":
		return n.recovered(unknown, at)
	case "":
		if n.saved == "ok" && realUUID(n.savedUUID) && n.savedSeq.known {
			s := at(n.savedUUID, n.savedSeq, "grastate.dat of a clean stop", "정상 종료 시의 grastate.dat")
			s.claimed = true
			return s
		}
		return unknown("its InnoDB was not asked", "InnoDB 위치를 확인하지 않음")
	}
	return unknown("wsrep-recover gave no position: read its log", "wsrep-recover 결과에 위치 없음: 로그 확인")
}

// recovered is what a dead node's own InnoDB says, held against its grastate.dat.
func (n galeraNode) recovered(unknown func(en, ko string) spot, at func(string, seqno, string, string) spot) spot {
	switch {
	case !realUUID(n.posUUID) || !n.posSeq.known:
		return unknown("wsrep-recover gave no usable position", "wsrep-recover 결과에 쓸 수 있는 위치 없음")
	case n.saved == "ok" && n.savedUUID == nullUUID:
		return unknown(
			fmt.Sprintf("grastate.dat is marked as not to be believed (it died in a state transfer or a DDL); InnoDB says %d", n.posSeq.n),
			fmt.Sprintf("grastate.dat가 신뢰 불가로 표시됨(상태 전송 또는 DDL 도중 종료), InnoDB 값 %d", n.posSeq.n))
	case n.saved == "ok" && realUUID(n.savedUUID) && n.savedUUID != n.posUUID:
		return unknown(
			fmt.Sprintf("grastate.dat and InnoDB name different clusters (%s, %s)", short(n.savedUUID), short(n.posUUID)),
			fmt.Sprintf("grastate.dat와 InnoDB의 클러스터 UUID가 다름(%s, %s)", short(n.savedUUID), short(n.posUUID)))
	case n.saved == "ok" && n.savedSeq.known && n.savedSeq.n > n.posSeq.n:
		// one of the two is wrong; if it is InnoDB, the cluster once knew more than anybody has
		s := at(n.posUUID, n.posSeq,
			fmt.Sprintf("InnoDB; grastate.dat says %d: the file was changed, or data is missing", n.savedSeq.n),
			fmt.Sprintf("InnoDB 값, grastate.dat의 값은 %d: 파일이 바뀌었거나 데이터 일부가 없음", n.savedSeq.n))
		s.unproven = true
		return s
	case n.savedSeq.known && n.savedSeq != n.posSeq:
		return at(n.posUUID, n.posSeq,
			fmt.Sprintf("InnoDB; grastate.dat says %d and is not believed", n.savedSeq.n),
			fmt.Sprintf("InnoDB 값, grastate.dat의 %d 값은 믿지 않음", n.savedSeq.n))
	}
	return at(n.posUUID, n.posSeq, "InnoDB (wsrep-recover)", "InnoDB(wsrep-recover)")
}

func (n galeraNode) emptyWords(s string) string {
	if n.safe {
		s += "; its safe_to_bootstrap: 1 is not believed"
	}
	return s
}

func (n galeraNode) emptyWordsKo(s string) string {
	if n.safe {
		s += ", safe_to_bootstrap: 1은 믿지 않음"
	}
	return s
}

// besideMembers compares everybody with the component that serves already.
func (e *election) besideMembers() {
	var ref spot
	for i, n := range e.nodes {
		if n.primary() && (!ref.seq.known || e.spots[i].seq.n > ref.seq.n) {
			ref = e.spots[i]
		}
	}
	for i, n := range e.nodes {
		s := &e.spots[i]
		s.unproven = false // it is no question who is newest: the members serve
		switch {
		case n.primary():
			s.verdict = verdictMember
		case !s.seq.known:
		case s.uuid != ref.uuid:
			s.verdict = verdictOther
		case s.seq.n > ref.seq.n:
			s.verdict = verdictAhead
		default:
			s.behind = seqno{ref.seq.n - s.seq.n, true}
		}
	}
}

// oneCluster tells whether all positions are of one cluster; otherwise it says so of each.
func (e *election) oneCluster() bool {
	by := map[string][]string{}
	var order []string
	for i, s := range e.spots {
		if s.seq.known {
			if by[s.uuid] == nil {
				order = append(order, s.uuid)
			}
			by[s.uuid] = append(by[s.uuid], fmt.Sprintf("%s:%d", e.nodes[i].name, s.seq.n))
		}
	}
	if len(order) < 2 {
		return true
	}
	var says []string
	for _, u := range order {
		says = append(says, fmt.Sprintf("%s = %s", short(u), strings.Join(by[u], " ")))
	}
	e.refusal = i18n.Text{
		En: "The nodes belong to different clusters: " + strings.Join(says, "; ") + ". Their numbers cannot be compared: a person must say which data counts.",
		Ko: "노드들의 클러스터 UUID가 서로 다릅니다: " + strings.Join(says, "; ") + ". seqno를 서로 비교할 수 없으므로 어느 데이터를 살릴지 사람이 정해야 합니다.",
	}
	for i := range e.spots {
		if e.spots[i].seq.known {
			e.spots[i].verdict = verdictOther
		}
	}
	return false
}

// elect applies conditions 2 and 4 to 7.
func (e *election) elect() {
	newest := -1
	for i, n := range e.nodes {
		s := &e.spots[i]
		if s.claimed {
			s.verdict, s.seq, s.unproven = verdictUnknown, seqno{}, true
			s.how.En += "; its InnoDB was not asked"
			s.how.Ko += ", InnoDB 위치는 확인하지 않음"
		}
		if _, waived := e.waived[n.name]; waived {
			s.unproven = false
		}
	}
	e.strangers()
	for _, s := range e.spots {
		if s.seq.known {
			newest = max(newest, s.seq.n)
		}
	}
	if newest < 0 {
		e.refusal = i18n.Text{En: "No node has a position to start from.", Ko: "기준으로 삼을 위치를 가진 노드가 없습니다."}
		return
	}
	var equals []galeraNode
	for i, n := range e.nodes {
		s := &e.spots[i]
		_, waived := e.waived[n.name]
		switch {
		case !s.seq.known:
		case s.seq.n == newest:
			s.verdict, s.behind = verdictCandidate, seqno{0, true}
			equals = append(equals, n)
		default:
			s.behind = seqno{newest - s.seq.n, true}
			if n.safe && n.saved == "ok" && !waived { // it left last, it says, and others know more
				s.unproven = true
				s.how.En += "; says safe_to_bootstrap: 1, and others are newer"
				s.how.Ko += ", safe_to_bootstrap: 1인데 더 새로운 노드가 있음"
			}
		}
	}
	chosen, tied := e.prefer(equals)
	if e.tied = tied; chosen == "" {
		return
	}
	if slices.ContainsFunc(e.nodes, func(n galeraNode) bool { return n.name == chosen && !n.reachable }) {
		e.refusal = i18n.Text{
			En: chosen + " knows most, and only its console reaches it: bring it back within reach of SSH, then start this again. Starting from another one would lose what it knows.",
			Ko: "가장 최신 노드가 SSH로 연결되지 않습니다(콘솔만 가능): " + chosen + ". SSH 연결을 복구한 뒤 다시 시작하십시오. 다른 노드에서 시작하면 이 노드에만 있는 내용이 유실됩니다.",
		}
		return
	}
	if left := e.unproven(); len(left) > 0 {
		return // e.output says for whom
	}
	e.winner = chosen
	for i, n := range e.nodes {
		s := &e.spots[i]
		switch {
		case n.name == chosen:
			s.verdict = verdictWinner
		case s.verdict == verdictCandidate:
			s.verdict = verdictJoins
		}
	}
}

// prefer chooses among nodes that know the same; nobody is lost by any choice. What is left
// when nothing prefers one is for the operator.
func (e *election) prefer(equals []galeraNode) (chosen string, tied []string) {
	if i := slices.IndexFunc(equals, func(n galeraNode) bool { return n.name == e.picked }); i >= 0 {
		return equals[i].name, nil
	}
	for _, better := range []func(galeraNode) bool{
		func(n galeraNode) bool { return n.reachable }, // it can be started from here
		func(n galeraNode) bool { return n.answers },   // it keeps its memory: nothing to start
		func(n galeraNode) bool { return n.safe && n.saved == "ok" && realUUID(n.savedUUID) },
		func(n galeraNode) bool { return n.saved == "ok" && realUUID(n.savedUUID) },
		func(n galeraNode) bool { return n.name == e.lastWriter },
		func(n galeraNode) bool { return n.vip },
	} {
		var left []galeraNode
		for _, n := range equals {
			if better(n) {
				left = append(left, n)
			}
		}
		if len(left) > 0 {
			equals = left
		}
	}
	if len(equals) == 1 {
		return equals[0].name, nil
	}
	return "", nodeNames(equals, func(galeraNode) bool { return true })
}

// strangers notes the members that the nodes' settings name and the site does not: they may
// know more than all that were looked at. A host that does not answer may be called by an address that
// the site does not know; it has to be answered for anyway.
func (e *election) strangers() {
	var peers, known, unknown []string
	for _, n := range e.nodes {
		peers, known = append(peers, n.peers...), append(append(known, n.name), n.selves...)
	}
	silent := 0
	for i, n := range e.nodes {
		if i < len(e.members) {
			known = append(known, e.members[i])
		}
		called := slices.Contains(peers, n.name) || i < len(e.members) && slices.Contains(peers, e.members[i])
		if len(n.selves) == 0 && !called {
			silent++
		}
	}
	for _, p := range peers {
		if !slices.Contains(known, p) && !slices.Contains(unknown, p) {
			unknown = append(unknown, p)
		}
	}
	if len(unknown) <= silent {
		return
	}
	for _, p := range unknown {
		if _, waived := e.waived[p]; !waived {
			e.strange = append(e.strange, p)
		}
	}
}

// unproven are the nodes that somebody must still answer for.
func (e *election) unproven() (out []string) {
	for i, s := range e.spots {
		if s.unproven {
			out = append(out, e.nodes[i].name)
		}
	}
	return append(out, e.strange...)
}
