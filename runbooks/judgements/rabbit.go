package judgements

import (
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// rabbitClassify says what each broker is in, and in which order they are started (rows R1 and R5).
// It reads what rabbit-look.sh prints.
//
// verdict, the first that fits: unseen, none (not installed), cookie (another one than most have), name (its
// data is there under another node name, under which the others know it if it runs by now), parted, disk, memory (its own alarm: every publisher waits),
// outside (up, and member of no cluster while the others are one), fine, forgotten (not up, and removed from the
// cluster meanwhile), waiting (for another node's tables),
// down.
//
// The order: nodes_running_at_shutdown of a node lists who was still up when it went; the last one down saw
// nobody but itself, and only it knows what the others wait for. So: fewest seen first. Where the last one
// cannot be told (a power cut leaves full lists on all), they are started together and find each other.
func rabbitClassify() Judgement {
	return Judgement{
		Name: "rabbit.classify",
		Reads: []string{"installed", "state", "node", "cookie", "member", "other_name", "saw_running", "cut_from", "nameless", "waited",
			"booted", "running", "parted_from", "alarm", "free_mib", "limit_mib"},
		HostOutputs: []string{"verdict", "place"},
		Outputs: []string{"sick", "down", "order", "last_down", "missing", "with_cookie", "good_cookie", "with_name", "parted", "keep", "restart", "tie",
			"with_disk", "with_memory", "outside", "cut"},
		Judge: judgeRabbit,
	}
}

func judgeRabbit(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	b := brokersOf(in.Hosts)
	lists := map[string][]string{}
	for _, s := range b.all {
		verdict, level, reason := b.verdict(s)
		lists[verdict] = append(lists[verdict], s.Name)
		v := Verdict{Facts: map[string]steps.Value{"verdict": word(verdict), "place": {Absent: steps.WhyEmpty}}, Level: level, Reason: reason}
		out.Hosts[s.Name] = v
		if !slices.Contains([]string{"unseen", "none", "fine"}, verdict) {
			lists["sick"] = append(lists["sick"], s.Name)
		}
		if len(s.list("cut_from")) > 0 && s.text("booted") == "yes" {
			lists["cut"] = append(lists["cut"], s.Name)
		}
	}
	down := append(append([]string{}, lists["waiting"]...), lists["down"]...)
	order, last, missing := b.order(down)
	for i, name := range order {
		out.Hosts[name].Facts["place"] = steps.Value{V: i + 1}
	}
	keep, restart, tie := b.sides()
	for name, list := range map[string][]string{
		"sick": lists["sick"], "down": down, "order": order, "last_down": last, "missing": missing, "with_cookie": lists["cookie"], "with_name": lists["name"],
		"parted": lists["parted"], "keep": keep, "restart": restart, "with_disk": lists["disk"], "with_memory": lists["memory"], "outside": append(lists["outside"], lists["forgotten"]...), "cut": lists["cut"],
	} {
		out.Lets[name] = names(list)
	}
	out.Lets["tie"] = steps.Value{V: tie}
	out.Lets["good_cookie"] = steps.Value{Absent: steps.WhyEmpty}
	if b.goodHolder != "" {
		out.Lets["good_cookie"] = word(b.goodHolder)
	}
	return out
}

// brokers are all brokers of a site, seen together.
type brokers struct {
	all        []seen
	byNode     map[string]seen // rabbit@db1 -> its host
	cookie     string          // that most have; "" where there is no majority
	goodHolder string          // a host that has it
	clustered  bool            // any of them knows another one
}

func brokersOf(hosts []Host) *brokers {
	b := &brokers{byNode: map[string]seen{}}
	count := map[string]int{}
	for _, h := range hosts {
		s := seen{h}
		b.all = append(b.all, s)
		if s.known("node") {
			b.byNode[s.text("node")] = s
		}
		if c := s.text("cookie"); c != "" {
			count[c]++
		}
		b.clustered = b.clustered || len(s.list("member")) > 1
	}
	for _, s := range b.all { // in the site's order: the same answer each time
		if c := s.text("cookie"); c != "" && (count[c]*2 > len(hosts) || count[c] > 1 && count[c] == slices.Max(values(count)) && onlyMax(count)) {
			b.cookie, b.goodHolder = c, s.Name
			break
		}
	}
	// It is copied over SSH: not from one that was read at its console, where another one has it too.
	if i := slices.IndexFunc(b.all, func(s seen) bool { return s.Reachable && b.cookie != "" && s.text("cookie") == b.cookie }); i >= 0 {
		b.goodHolder = b.all[i].Name
	}
	return b
}

func values(m map[string]int) []int {
	out := []int{0}
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func onlyMax(m map[string]int) bool {
	most, n := slices.Max(values(m)), 0
	for _, v := range m {
		if v == most {
			n++
		}
	}
	return n == 1
}

func (b *brokers) verdict(s seen) (verdict, level string, reason i18n.Text) {
	booted := s.text("booted") == "yes"
	switch {
	case !s.known("installed"):
		return "unseen", Odd, say("Not looked at: the host does not answer.", "호스트가 응답하지 않아 확인하지 못했습니다.")
	case s.text("installed") == "no":
		return "none", OK, say("RabbitMQ is not installed here.", "RabbitMQ가 설치되지 않은 호스트입니다.")
	case b.cookie != "" && s.text("cookie") != b.cookie && b.clustered:
		return "cookie", Bad, say("Its Erlang cookie is another one than the others have; they turn it away.", "Erlang cookie가 다른 노드와 달라 서로 거부합니다.")
	case booted && b.formerly(s):
		other := strings.Join(s.list("other_name"), ", ")
		return "name", Bad, say("It runs alone as "+s.text("node")+"; the others know it as "+other+", and its data lies under that name.",
			"다른 노드 이름으로 혼자 실행 중입니다: "+s.text("node")+". 클러스터에 등록된 이름과 데이터: "+other)
	case len(s.list("member")) == 0 && len(s.list("other_name")) > 0 || b.formerly(s):
		other := strings.Join(s.list("other_name"), ", ")
		return "name", Bad, say("Its data lies under another node name: "+other+". It would start empty as "+s.text("node")+".",
			"데이터가 다른 노드 이름으로 있습니다: "+other+". 이대로 시작하면 빈 노드가 됩니다: "+s.text("node"))
	case booted && b.partedFrom(s) != "":
		return "parted", Bad, say("Partition: it goes on without "+b.partedFrom(s)+".", "partition 상태입니다. 이 노드와 갈라진 노드: "+b.partedFrom(s))
	case booted && b.ownAlarm(s, "disk"):
		return "disk", Bad, say("Disk alarm: "+amount(s, "free_mib")+" free, the limit is "+amount(s, "limit_mib")+". Every publisher of the cluster waits; logins still work.",
			"disk alarm: 여유 "+amount(s, "free_mib")+", 한도 "+amount(s, "limit_mib")+". 로그인은 되지만 클러스터 전체에서 메시지 발행이 멈춥니다.")
	case booted && b.ownAlarm(s, "memory"):
		return "memory", Bad, say("Memory alarm: every publisher of the cluster waits; logins still work.", "memory alarm: 로그인은 되지만 클러스터 전체에서 메시지 발행이 멈춥니다.")
	case booted && b.outside(s):
		return "outside", Bad, say("It runs alone; the others are a cluster without it.", "혼자 실행 중이며 다른 노드들의 클러스터에 없습니다.")
	case booted && len(s.list("alarm")) > 0:
		return "fine", OK, say("Up. Its publishers wait for the node with the alarm.", "실행 중입니다. alarm이 있는 노드 때문에 발행이 대기합니다.")
	case booted:
		return "fine", OK, say("Up, with all that run.", "실행 중이며 동작하는 노드를 모두 알고 있습니다.")
	case b.forgotten(s):
		return "forgotten", Bad, say("It counts itself to the cluster, and no broker that is up does: it was removed from there, and cannot start with the data that it has.",
			"스스로는 클러스터 멤버라고 알고 있지만 실행 중인 broker 목록에는 없습니다. 클러스터에서 제외된 노드이며 현재 데이터로는 시작되지 않습니다.")
	case s.known("waited") && s.text("state") != "inactive":
		return "waiting", Bad, say("It waits for the tables of a node that went down later ("+s.text("waited")+"). It gives up after about five minutes.",
			"나중에 내려간 노드의 테이블을 기다립니다("+s.text("waited")+"). 약 5분 뒤 포기합니다.")
	}
	return "down", Bad, say("RabbitMQ is "+s.text("state")+".", "RabbitMQ 상태: "+s.text("state"))
}

func amount(s seen, fact string) string {
	if !s.known(fact) {
		return "?"
	}
	return strconv.Itoa(s.number(fact)) + " MiB"
}

func (b *brokers) ownAlarm(s seen, kind string) bool {
	_, host, _ := strings.Cut(s.text("node"), "@")
	return slices.Contains(s.list("alarm"), kind+"@"+host)
}

// formerly tells whether a node runs by itself while the others list it under a name that its data has.
func (b *brokers) formerly(s seen) bool {
	return len(s.list("member")) < 2 && slices.ContainsFunc(s.list("other_name"), func(name string) bool {
		return slices.ContainsFunc(b.all, func(o seen) bool { return o.Name != s.Name && slices.Contains(o.list("member"), name) })
	})
}

// outside tells whether a node is in no cluster while others are in one.
func (b *brokers) outside(s seen) bool { return len(s.list("member")) < 2 && b.clustered }

// forgotten tells whether a node that is not up was removed from the cluster while it was away.
func (b *brokers) forgotten(s seen) bool {
	if len(s.list("member")) < 2 {
		return false
	}
	up, listed := false, false
	for _, o := range b.all {
		if o.Name != s.Name && o.text("booted") == "yes" && slices.Contains(s.list("member"), o.text("node")) {
			up, listed = true, listed || slices.Contains(o.list("member"), s.text("node"))
		}
	}
	return up && !listed
}

// partedFrom names members that this node does not see and that run all the same. One that was taken out of
// the cluster, or was made anew, is no side of a partition: it does not know this node.
func (b *brokers) partedFrom(s seen) string {
	var list []string
	for _, n := range s.list("parted_from") {
		list = add(list, n)
	}
	for _, n := range s.list("member") {
		other, ok := b.byNode[n]
		knows := ok && n != s.text("node") && slices.Contains(other.list("member"), s.text("node"))
		if knows && other.text("booted") == "yes" && !slices.Contains(s.list("running"), n) {
			list = add(list, n)
		}
	}
	return strings.Join(list, ", ")
}

// order is in which order the nodes that are down are started, which went last (nobody else of the cluster
// may know more), and which hosts were seen running at the end by all of them and are not among them.
func (b *brokers) order(down []string) (order, last, missing []string) {
	order = slices.Clone(down)
	byName := map[string]seen{}
	for _, s := range b.all {
		byName[s.Name] = s
	}
	others := func(name string) int {
		saw := byName[name].list("saw_running")
		if len(saw) == 0 {
			return len(b.all) + 1 // it says nothing: last
		}
		// A node that waits writes its list anew, perhaps without itself: only the others tell.
		return len(slices.DeleteFunc(slices.Clone(saw), func(n string) bool { return n == byName[name].text("node") }))
	}
	slices.SortStableFunc(order, func(x, y string) int { return others(x) - others(y) })
	for _, name := range order {
		if others(name) == 0 {
			last = append(last, name)
		}
	}
	for _, name := range order {
		for _, n := range byName[name].list("saw_running") {
			other, known := b.byNode[n]
			if !known || !other.known("installed") {
				_, host, _ := strings.Cut(n, "@")
				missing = add(missing, host)
			}
		}
	}
	if len(last) > 0 {
		missing = nil // whoever is away went before it
	}
	return order, last, missing
}

// sides tells the parts of a partition: those that are kept (the largest, the first of the site where two are
// as large) and those that are restarted.
func (b *brokers) sides() (keep, restart []string, tie bool) {
	var groups [][]string
	placed := map[string]bool{}
	for _, s := range b.all {
		if s.text("booted") != "yes" || placed[s.Name] || b.outside(s) {
			continue
		}
		group := []string{s.Name}
		placed[s.Name] = true
		for _, n := range s.list("running") {
			other, ok := b.byNode[n]
			apart := slices.Contains(s.list("parted_from"), n) || ok && slices.Contains(other.list("parted_from"), s.text("node")) ||
				ok && !slices.Contains(other.list("running"), s.text("node"))
			if ok && !placed[other.Name] && other.text("booted") == "yes" && !apart {
				group = append(group, other.Name)
				placed[other.Name] = true
			}
		}
		groups = append(groups, group)
	}
	if len(groups) < 2 {
		return nil, nil, false
	}
	best := 0
	for i, g := range groups {
		if len(g) > len(groups[best]) {
			best = i
		}
	}
	for i, g := range groups {
		if i == best {
			continue
		}
		tie = tie || len(g) == len(groups[best])
		restart = append(restart, g...)
	}
	return groups[best], restart, tie
}
