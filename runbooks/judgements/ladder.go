package judgements

import (
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// The judgements of the runbook all-hosts-down: what a host's first look means, and who holds
// the virtual addresses.

// young is an uptime in seconds below which a host has just been started.
const young = 3600

// farOff is how many seconds a clock may be away from its source before tokens, Galera's
// certificates and Ceph's monitors suffer: Ceph warns at 0.05 s, Fernet tokens and TLS at seconds.
const farOff = 1.0

func ladderState() Judgement {
	return Judgement{
		Name:        "ladder.state",
		Reads:       []string{"up", "failed", "readonly", "full", "stuck", "offset", "down", "galera"},
		HostOutputs: []string{"state"},
		Outputs:     []string{"off", "hung", "silent", "later", "sick", "far", "trouble"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			var off, hung, silent, later, sick, far []any
			trouble := 0 // hosts that speak against "nothing is down"
			for _, h := range in.Hosts {
				state, level, why := hostState(h)
				out.Hosts[h.Name] = Verdict{Facts: map[string]steps.Value{"state": {V: state}}, Level: level, Reason: why}
				if level != OK || state == "started" && slices.Contains(h.Roles, "network") || len(texts(h.Facts["down"].V)) > 0 ||
					slices.Contains(h.Roles, "database") && h.Facts["galera"].V != "Primary Synced" {
					trouble++
				}
				switch state {
				case "off":
					off, silent = append(off, h.Name), append(silent, h.Name)
				case "later":
					later = append(later, h.Name)
				case "half-dead":
					hung, silent = append(hung, h.Name), append(silent, h.Name)
				case "sick":
					sick = append(sick, h.Name)
				}
				if o, known := number(h.Facts["offset"]); known && (o > farOff || o < -farOff) {
					far = append(far, h.Name)
				}
			}
			out.Lets["trouble"] = steps.Value{V: trouble}
			for name, list := range map[string][]any{"off": off, "hung": hung, "silent": silent, "later": later, "sick": sick, "far": far} {
				if list == nil {
					list = []any{}
				}
				out.Lets[name] = steps.Value{V: list}
			}
			return out
		},
	}
}

// hostState is the state of one host: off (nothing was read), half-dead (its kernel accepts
// connections, and no login ends), sick (it answers, and what it says forbids to go on there:
// the other two forms of half-dead are among them), started (just now), long-up (it never went
// down), later (nothing was read, and only the last rung needs it), failed units aside: they are what the ladder is for.
func hostState(h Host) (state, level string, why i18n.Text) {
	up, known := number(h.Facts["up"])
	if !known {
		state, level, why = silentState(h)
		if state == "off" && comesLast(h) {
			state = "later"
			why.En += "; a VD-i host comes last: it may be a guest of this cloud"
			why.Ko += ", VD-i 호스트는 마지막에 확인(이 클라우드의 인스턴스일 수 있음)"
		}
		return state, level, why
	}
	var en, ko []string
	add := func(fact, e, k string) {
		if l := texts(h.Facts[fact].V); len(l) > 0 {
			en, ko = append(en, e+" "+strings.Join(l, ", ")), append(ko, k+" "+strings.Join(l, ", "))
		}
	}
	add("readonly", "half-dead, read-only:", "반쯤 죽은 상태, 읽기 전용:")
	add("stuck", "half-dead, stuck in the kernel (D):", "반쯤 죽은 상태, 커널에서 멈춘 프로세스(D):")
	add("full", "full:", "용량 부족:")
	if len(en) > 0 {
		return "sick", Bad, i18n.Text{En: strings.Join(en, "; "), Ko: strings.Join(ko, "; ")}
	}
	n := len(texts(h.Facts["failed"].V))
	if n > 0 {
		en, ko = []string{strconv.Itoa(n) + " services failed"}, []string{"실패한 서비스 " + strconv.Itoa(n) + "개"}
		level = Odd
	} else {
		en, ko = []string{"no failed service"}, []string{"실패한 서비스 없음"}
		level = OK
	}
	if down := texts(h.Facts["down"].V); len(down) > 0 {
		level = Odd
		en, ko = append(en, "down: "+strings.Join(down, ", ")), append(ko, "내려감: "+strings.Join(down, ", "))
	}
	if up < young {
		m := strconv.Itoa(int(up) / 60)
		return "started", level, i18n.Text{En: "up for " + m + " min, " + strings.Join(en, "; "), Ko: "가동 " + m + "분, " + strings.Join(ko, "; ")}
	}
	return "long-up", level, i18n.Text{En: "never went down, " + strings.Join(en, "; "), Ko: "꺼진 적 없음, " + strings.Join(ko, "; ")}
}

// comesLast tells of a host that only the VD-i management needs, and nothing below it.
func comesLast(h Host) bool {
	return !h.Dropped && len(h.Roles) > 0 && !slices.ContainsFunc(h.Roles, func(role string) bool { return !strings.HasPrefix(role, "vdi-") })
}

// silentState is the state of a host that nothing was read on, by where the way to it ended.
func silentState(h Host) (state, level string, why i18n.Text) {
	if h.Dropped {
		return "off", Bad, i18n.Text{En: "left out of this run", Ko: "이 작업에서 제외됨"}
	}
	switch h.Trouble {
	case "remote.handshake.timeout":
		return "half-dead", Bad, i18n.Text{En: "half-dead: TCP opens, the login hangs", Ko: "반쯤 죽은 상태: TCP는 열리지만 로그인이 멈춤"}
	case "remote.login.timeout", "remote.login.dropped", "remote.limit", "remote.shell":
		return "half-dead", Bad, i18n.Text{En: "half-dead: sshd answers, the login hangs", Ko: "반쯤 죽은 상태: sshd는 응답하지만 로그인이 멈춤"}
	}
	switch {
	case h.Trouble == "remote.tcp.refused":
		return "off", Bad, i18n.Text{En: "on, and no sshd runs: it boots, or its sshd did not start", Ko: "전원은 켜져 있으나 sshd가 없음: 부팅 중이거나 sshd가 시작되지 않음"}
	case strings.HasPrefix(h.Trouble, "remote.key"), h.Trouble == "remote.login", strings.HasPrefix(h.Trouble, "remote.sudo"), strings.HasPrefix(h.Trouble, "remote.secret"):
		return "off", Bad, i18n.Text{En: "on, and does not let us in", Ko: "전원은 켜져 있으나 로그인이 거부됨"}
	}
	return "off", Bad, i18n.Text{En: "does not answer: no power, or no network", Ko: "응답 없음: 전원 또는 네트워크"}
}

func ladderAddresses() Judgement {
	return Judgement{
		Name:        "ladder.addresses",
		Reads:       []string{"addresses"},
		Args:        []string{"virtual"},
		HostOutputs: []string{"holds"},
		Outputs:     []string{"held_twice", "held_nowhere"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			virtual := texts(in.Args["virtual"])
			holders := map[string][]string{}
			for _, h := range in.Hosts {
				for _, a := range texts(h.Facts["addresses"].V) {
					if slices.Contains(virtual, a) && !slices.Contains(holders[a], h.Name) {
						holders[a] = append(holders[a], h.Name)
					}
				}
			}
			twice, nowhere := []any{}, []any{}
			for _, a := range virtual {
				switch len(holders[a]) {
				case 0:
					nowhere = append(nowhere, a)
				case 1:
				default:
					twice = append(twice, a)
				}
			}
			for _, h := range in.Hosts {
				held := []any{}
				shared := false
				for _, a := range virtual {
					if slices.Contains(holders[a], h.Name) {
						held = append(held, a)
						shared = shared || len(holders[a]) > 1
					}
				}
				v := Verdict{Facts: map[string]steps.Value{"holds": {V: held}}, Level: OK, Reason: i18n.Text{En: "holds none", Ko: "가진 주소 없음"}}
				switch {
				case shared:
					v.Level, v.Reason = Bad, i18n.Text{En: "another host holds the same address", Ko: "다른 호스트도 같은 주소를 가지고 있음"}
				case len(held) > 0:
					v.Reason = i18n.Text{En: "the only holder", Ko: "유일한 보유 호스트"}
				}
				out.Hosts[h.Name] = v
			}
			out.Lets["held_twice"], out.Lets["held_nowhere"] = steps.Value{V: twice}, steps.Value{V: nowhere}
			return out
		},
	}
}

// number is a fact as a number; false when it is absent or none.
func number(v steps.Value) (float64, bool) {
	switch n := v.V.(type) {
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}
