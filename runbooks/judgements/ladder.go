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
		Outputs:     []string{"off", "sick", "far", "trouble"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			var off, sick, far []any
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
					off = append(off, h.Name)
				case "sick":
					sick = append(sick, h.Name)
				}
				if o, known := number(h.Facts["offset"]); known && (o > farOff || o < -farOff) {
					far = append(far, h.Name)
				}
			}
			out.Lets["trouble"] = steps.Value{V: trouble}
			for name, list := range map[string][]any{"off": off, "sick": sick, "far": far} {
				if list == nil {
					list = []any{}
				}
				out.Lets[name] = steps.Value{V: list}
			}
			return out
		},
	}
}

// hostState is the state of one host: off (nothing was read), sick (it answers, and what it
// says forbids to go on there), started (just now), long-up (it never went down), failed units
// aside: they are what the ladder is for.
func hostState(h Host) (state, level string, why i18n.Text) {
	up, known := number(h.Facts["up"])
	if !known {
		if h.Dropped {
			return "off", Bad, i18n.Text{En: "left out of this run", Ko: "이 작업에서 제외됨"}
		}
		return "off", Bad, i18n.Text{En: "does not answer: no power, no network, or a login that hangs", Ko: "응답 없음: 전원, 네트워크 또는 로그인 멈춤"}
	}
	var en, ko []string
	add := func(fact, e, k string) {
		if l := texts(h.Facts[fact].V); len(l) > 0 {
			en, ko = append(en, e+" "+strings.Join(l, ", ")), append(ko, k+" "+strings.Join(l, ", "))
		}
	}
	add("readonly", "read-only:", "읽기 전용:")
	add("full", "full:", "용량 부족:")
	add("stuck", "stuck in the kernel:", "커널에서 멈춘 프로세스:")
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
