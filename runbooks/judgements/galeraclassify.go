package judgements

import (
	"fmt"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// The states of the database cluster as a whole, in the order in which they are tried.
const (
	classRefused  = "refused"               // a manager that is not understood, or none: nothing is done here
	classSplit    = "split-brain"           // two components take writes
	classHealthy  = "healthy"               // every configured node is Synced in one Primary component
	classHealing  = "healing"               // something moves by itself: wait
	classRejoin   = "only-rejoin"           // a Primary component exists, others are out of it
	classNonPrim  = "non-primary-partition" // mysqld answers somewhere, nobody is Primary, nothing hangs
	classHangs    = "hangs"                 // nobody is Primary, and a node hangs: free it first
	classAllDown  = "all-down"              // no mysqld anywhere
	classNobody   = "unreachable"           // no node can be looked at
	healingWithin = 30                      // seconds that a start without a peer may take before it hangs
)

// The states of one node.
const (
	nodeSynced      = "synced"
	nodeDonor       = "donor"
	nodeJoining     = "joining"
	nodeStarting    = "starting"
	nodeNonPrimary  = "non-primary"
	nodeHangs       = "hangs"
	nodeDown        = "down"
	nodeUnreachable = "unreachable"
	nodeAlone       = "no-galera"
	nodeLocked      = "locked"
)

// galeraClassify says in which of its states a Galera cluster is, from one look at every
// configured node:
//
//	         look
//	           │
//	Primary somewhere? ──yes──► all Synced: healthy │ one moves: healing │ else: only-rejoin
//	           │no                                     two components: split-brain
//	one moves by itself? ──yes──► healing
//	           │no
//	one hangs? ──yes──► hangs
//	           │no
//	mysqld answers? ──yes──► non-primary-partition
//	           │no
//	        all-down
//
// The order matters: a node that receives its copy looks dead to everything else, and a
// Primary component anywhere forbids to start a second one.
func galeraClassify() Judgement {
	return Judgement{
		Name: "galera.classify", Reads: galeraFacts(),
		HostOutputs: []string{"node_state"},
		Outputs:     []string{"class", "members", "hanging", "alive", "down", "silent", "meaning"},
		Judge: func(in Input) Output {
			return classify(decodeGalera(in.Hosts))
		},
	}
}

func classify(nodes []galeraNode) Output {
	states := map[string]string{}
	verdicts := map[string]Verdict{}
	inside := seenByMembers(nodes) > len(nodeNames(nodes, galeraNode.primary))
	for _, n := range nodes {
		state, level, why := n.state()
		if inside && state == nodeHangs && n.unit == "activating" && !n.stuck {
			// the members count more than answer: this one is among them and applies what it missed
			state, level = nodeJoining, Odd
			why = i18n.Text{En: "a member for the others, catches up (IST): normal, leave it alone", Ko: "다른 노드에는 이미 멤버, 밀린 내용 적용 중(IST): 정상, 건드리지 않음"}
		}
		states[n.name] = state
		verdicts[n.name] = Verdict{Facts: map[string]steps.Value{"node_state": value(state)}, Level: level, Reason: why}
	}
	in := func(state ...string) []string {
		return nodeNames(nodes, func(n galeraNode) bool {
			for _, s := range state {
				if states[n.name] == s {
					return true
				}
			}
			return false
		})
	}
	class, meaning := clusterClass(nodes, states)
	if meaning.Empty() {
		meaning = classWords(class)
	}
	lets := map[string]steps.Value{
		"class": value(class), "members": list(nodeNames(nodes, galeraNode.primary)), "hanging": list(in(nodeHangs)),
		"alive": list(in(nodeNonPrimary)), "down": list(in(nodeDown)), "silent": list(in(nodeUnreachable)), "meaning": steps.SaidValue(meaning),
	}
	return Output{Hosts: verdicts, Lets: lets}
}

// seenByMembers is the smallest number of members that a member counts.
func seenByMembers(nodes []galeraNode) int {
	least := 0
	for _, n := range nodes {
		if n.primary() && (least == 0 || n.size < least) {
			least = n.size
		}
	}
	return least
}

// classWords says what a class means, where nothing more exact is known.
func classWords(class string) i18n.Text {
	switch class {
	case classHealthy:
		return i18n.Text{En: "Every node is in one Primary component.", Ko: "모든 노드가 하나의 Primary 컴포넌트에 있습니다."}
	case classHealing:
		return i18n.Text{En: "A node still starts or receives its copy: wait.", Ko: "시작 중이거나 사본을 받는 노드가 있습니다. 기다리십시오."}
	case classRejoin:
		return i18n.Text{En: "A part of the cluster serves: the others only have to join it.", Ko: "클러스터 일부가 서비스 중입니다. 나머지는 합류만 하면 됩니다."}
	case classNonPrim:
		return i18n.Text{En: "mysqld runs, and nobody is Primary: nobody has a majority.", Ko: "mysqld는 실행 중이나 과반을 가진 쪽이 없어 Primary가 없습니다."}
	case classHangs:
		return i18n.Text{En: "Nobody serves, and nodes hang.", Ko: "서비스하는 노드가 없고 멈춘 노드가 있습니다."}
	case classNobody:
		return i18n.Text{En: "No database node answers over SSH: power and network come first.", Ko: "SSH로 응답하는 데이터베이스 노드가 없습니다. 전원과 네트워크부터 복구하십시오."}
	}
	return i18n.Text{En: "All nodes are down.", Ko: "모든 노드가 중지되어 있습니다."}
}

func clusterClass(nodes []galeraNode, states map[string]string) (string, i18n.Text) {
	count := map[string]int{}
	for _, n := range nodes {
		count[states[n.name]]++
	}
	if count[nodeUnreachable] == len(nodes) {
		return classNobody, i18n.Text{}
	}
	if why := managersRefused(nodes); !why.Empty() {
		return classRefused, why
	}
	in := func(state string) string {
		return strings.Join(nodeNames(nodes, func(n galeraNode) bool { return states[n.name] == state }), ", ")
	}
	if who := in(nodeAlone); who != "" {
		return classRefused, i18n.Text{
			En: "mariadb runs without Galera, so it may have taken writes that the others never saw: " + who,
			Ko: "Galera 없이 실행 중인 MariaDB가 있습니다. 다른 노드가 모르는 쓰기를 받았을 수 있습니다: " + who,
		}
	}
	if who := in(nodeLocked); who != "" {
		return classRefused, i18n.Text{
			En: "mysqld runs and does not let root in over its socket, so nothing can be said of it, and it is not killed: " + who,
			Ko: "mysqld는 실행 중이나 소켓을 통한 root 로그인이 거부됩니다. 상태를 알 수 없으므로 종료하지 않습니다: " + who,
		}
	}
	moving := count[nodeJoining]+count[nodeStarting] > 0
	if members := count[nodeSynced] + count[nodeDonor]; members > 0 || len(nodeNames(nodes, galeraNode.primary)) > 0 {
		if why := splitBrain(nodes); !why.Empty() {
			return classSplit, why
		}
		switch {
		case count[nodeSynced] == len(nodes):
			return classHealthy, i18n.Text{}
		case count[nodeSynced] > 0 && count[nodeSynced]+count[nodeUnreachable] == len(nodes) && seenByMembers(nodes) == len(nodes):
			// the members count the silent ones among them: SSH is dead there, not the database
			who := in(nodeUnreachable)
			return classHealthy, i18n.Text{
				En: "The database is well; these are its members, and do not answer over SSH: " + who + ".",
				Ko: "데이터베이스는 정상입니다. 멤버이지만 SSH로 응답하지 않는 노드: " + who + ".",
			}
		case moving || count[nodeDonor] > 0:
			return classHealing, i18n.Text{}
		}
		return classRejoin, i18n.Text{}
	}
	switch {
	case moving:
		return classHealing, i18n.Text{}
	case count[nodeHangs] > 0:
		return classHangs, i18n.Text{}
	case count[nodeNonPrimary] > 0:
		return classNonPrim, i18n.Text{}
	}
	return classAllDown, i18n.Text{}
}

// managersRefused says why nobody but the operator may start mariadb here: two managers would
// start it twice over the same files.
func managersRefused(nodes []galeraNode) i18n.Text {
	for _, n := range nodes {
		switch {
		case !n.reachable:
		case len(n.managers) > 1:
			who := strings.Join(n.managers, ", ")
			return i18n.Text{
				En: fmt.Sprintf("%s: more than one manager starts mariadb (%s). Two of them on the same files destroy data. Leave one in charge, then start again.", n.name, who),
				Ko: fmt.Sprintf("%s: MariaDB를 시작하는 관리 주체가 둘 이상입니다(%s). 같은 데이터를 두 곳에서 시작하면 손상됩니다. 하나만 남기고 다시 시작하십시오.", n.name, who),
			}
		case len(n.managers) == 0:
			return i18n.Text{
				En: n.name + ": nothing here starts mariadb (no systemd unit, no container, no Pacemaker resource).",
				Ko: n.name + ": MariaDB를 시작하는 관리 주체가 없습니다(systemd 유닛, 컨테이너, Pacemaker 리소스 없음).",
			}
		case n.managers[0] != "systemd":
			return i18n.Text{
				En: fmt.Sprintf("%s: mariadb is run by %s. This runbook works with systemd units only; use the recovery of that manager.", n.name, n.managers[0]),
				Ko: fmt.Sprintf("%s: MariaDB 관리 주체: %s. 이 런북은 systemd 유닛만 다룹니다. 해당 관리 도구의 복구 절차를 사용하십시오.", n.name, n.managers[0]),
			}
		}
	}
	return i18n.Text{}
}

// splitBrain says which nodes take writes apart from each other: their UUIDs differ, or each
// counts fewer members than there are.
func splitBrain(nodes []galeraNode) i18n.Text {
	var members []galeraNode
	var says []string
	for _, n := range nodes {
		if n.primary() {
			members = append(members, n)
			says = append(says, fmt.Sprintf("%s (%s, size %d)", n.name, short(n.cluster), n.size))
		}
	}
	split := false
	for _, n := range members {
		split = split || n.cluster != members[0].cluster || n.size < len(members) && n.comment == "Synced" && members[0].comment == "Synced"
	}
	if !split {
		return i18n.Text{}
	}
	return i18n.Text{
		En: "Two components take writes: " + strings.Join(says, ", ") + ". Stop the clients now; which data counts is for a person to decide.",
		Ko: "두 컴포넌트가 각각 쓰기를 받고 있습니다: " + strings.Join(says, ", ") + ". 먼저 클라이언트를 차단하십시오. 어느 데이터를 살릴지는 사람이 정해야 합니다.",
	}
}

// state is one node's state, how it looks in the table, and why.
func (n galeraNode) state() (state, level string, why i18n.Text) {
	say := func(state, level, en, ko string) (string, string, i18n.Text) {
		return state, level, i18n.Text{En: en, Ko: ko}
	}
	switch {
	case !n.reachable:
		return say(nodeUnreachable, Bad, "does not answer", "응답 없음")
	case n.answers && !n.wsrep && n.status != "Primary":
		return say(nodeAlone, Bad, "mariadb runs without Galera", "Galera 없이 MariaDB 실행 중")
	case n.sst == "joiner" || n.primary() && (n.comment == "Joined" || n.comment == "Joining" || n.comment == "Joiner"):
		return say(nodeJoining, Odd, "receives its copy (SST/IST): normal, leave it alone", "사본 수신 중(SST/IST): 정상, 건드리지 않음")
	case n.synced():
		return say(nodeSynced, OK, fmt.Sprintf("Synced, sees %d nodes", n.size), fmt.Sprintf("Synced, 보이는 노드 %d", n.size))
	case n.primary() && (n.sst == "donor" || strings.HasPrefix(n.comment, "Donor")):
		return say(nodeDonor, Odd, "gives a copy to another node (donor): normal", "다른 노드에 사본 전송 중(donor): 정상")
	case n.primary():
		return say(nodeJoining, Odd, "in the Primary component, not Synced yet: "+n.comment, "Primary 컴포넌트에 있으나 아직 Synced 아님: "+n.comment)
	case n.sql == "denied":
		return say(nodeLocked, Bad, "mysqld runs and refuses root's login over the socket", "mysqld 실행 중, 소켓을 통한 root 로그인 거부")
	case n.sql == "busy":
		return say(nodeLocked, Bad, "mysqld runs and has no connection left (1040)", "mysqld 실행 중, 남은 연결 없음(1040)")
	case n.stuck:
		return say(nodeHangs, Bad, "mysqld waits for its disk (state D): look at the disk first", "mysqld가 디스크 대기 상태(D): 디스크부터 확인")
	case n.unit == "activating" && n.restarts >= 3:
		return say(nodeHangs, Bad, fmt.Sprintf("mysqld dies at each start, systemd has tried %d times: read its log", n.restarts), fmt.Sprintf("시작할 때마다 mysqld 종료, systemd 재시도 %d회: 로그 확인", n.restarts))
	case n.answers && n.unit == "activating" && n.since < healingWithin:
		return say(nodeStarting, Odd, fmt.Sprintf("starting for %d s, not Primary yet: may heal by itself", n.since), fmt.Sprintf("시작 중 %d초, 아직 Primary 아님: 저절로 복구될 수 있음", n.since))
	case n.unit == "activating" && n.since < healingWithin:
		return say(nodeStarting, Odd, fmt.Sprintf("starting for %d s: may heal by itself", n.since), fmt.Sprintf("시작 중 %d초: 저절로 복구될 수 있음", n.since))
	case n.unit == "activating":
		return say(nodeHangs, Bad, fmt.Sprintf("hangs in activating for %d s: waits for nodes that do not come; a stop hangs too", n.since), fmt.Sprintf("activating 상태로 %d초째 멈춤: 오지 않는 노드를 대기 중, stop도 멈춤", n.since))
	case n.unit == "deactivating":
		return say(nodeHangs, Bad, fmt.Sprintf("hangs while stopping, for %d s", n.since), fmt.Sprintf("중지 도중 %d초째 멈춤", n.since))
	case n.answers:
		return say(nodeNonPrimary, Bad, "mysqld runs, refuses everything: "+n.status, "mysqld 실행 중, 모든 요청 거부: "+n.status)
	case n.process > 0:
		return say(nodeHangs, Bad, "mysqld is there and does not answer", "mysqld 프로세스가 있으나 응답 없음")
	}
	return say(nodeDown, Bad, "down ("+n.unit+"); saved: "+n.savedWords(), "중지("+n.unit+"), 저장값: "+n.savedWords())
}

// savedWords is what grastate.dat says, in short.
func (n galeraNode) savedWords() string {
	if n.saved != "ok" {
		return "grastate " + orDash(n.saved)
	}
	s := short(n.savedUUID) + ":"
	if n.savedSeq.known {
		s += fmt.Sprint(n.savedSeq.n)
	} else {
		s += "-1"
	}
	if n.safe {
		s += " safe=1"
	}
	return s
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// short is a UUID as a table has room for it.
func short(uuid string) string {
	if len(uuid) > 8 {
		return uuid[:8]
	}
	return orDash(uuid)
}
