package judgements

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stackhand/steps"
)

// poolFull tells two messages apart that look alike (row R6, correction 31): "Connection pool is full, discarding
// connection" of urllib3 is a warning without harm; "QueuePool limit of size … reached, connection timed out" of
// SQLAlchemy is an outage: a request waited for a database connection and got none.
//
// It reads pools, lines "outage|warning FILE COUNT" of a host's recent service logs.
func poolFull() Judgement {
	return Judgement{
		Name: "pool.full", Reads: []string{"pools"}, HostOutputs: []string{"verdict"}, Outputs: []string{"outage_on", "warned_on", "services"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			var outage, warned, services []string
			for _, h := range in.Hosts {
				s := seen{h}
				v, verdict := Verdict{Level: OK, Reason: say("Neither message in the recent logs.", "최근 로그에 두 메시지가 모두 없습니다.")}, "fine"
				if !s.known("pools") {
					v.Level, v.Reason, verdict = Odd, say("Not looked at.", "확인하지 못했습니다."), "unseen"
				}
				for _, l := range s.list("pools") {
					f := strings.Fields(l)
					switch {
					case len(f) != 3:
					case f[0] == "outage":
						v.Level, v.Reason, verdict = Bad, say("Requests fail: a service got no database connection from its own pool.", "서비스가 자신의 DB pool에서 연결을 얻지 못해 요청이 실패합니다."), "outage"
						services = add(services, strings.TrimSuffix(f[1][strings.LastIndexByte(f[1], '/')+1:], ".log"))
						outage = add(outage, h.Name)
					case f[0] == "warning" && verdict != "outage":
						v.Level, v.Reason, verdict = OK, say("Only the warning of urllib3: a connection was closed instead of kept. No request failed by it.",
							"urllib3 경고뿐입니다. 연결을 보관하지 않고 닫았을 뿐 실패한 요청은 없습니다."), "warning"
						warned = add(warned, h.Name)
					}
				}
				v.Facts = map[string]steps.Value{"verdict": word(verdict)}
				out.Hosts[h.Name] = v
			}
			out.Lets["outage_on"], out.Lets["warned_on"], out.Lets["services"] = names(outage), names(warned), names(services)
			return out
		},
	}
}

// Fault is why one instance is in Error.
type instanceFault struct{ id, host, cause, detail string }

var (
	waitedFor = regexp.MustCompile(`did not finish being created even after we waited (\d+) seconds or (\d+) attempts`)
	quotaOf   = regexp.MustCompile(`(?i)quota exceeded|over quota|exceeds allowed .*quota|VolumeLimitExceeded|QuotaError|Maximum number of .* exceeded`)
)

// faultCause classifies the message of nova.instance_faults.
func faultCause(message string) (cause, detail string) {
	switch m := waitedFor.FindStringSubmatch(message); {
	case m != nil:
		return "volume", m[1] + " s, " + m[2] + " attempts"
	case quotaOf.MatchString(message):
		return "quota", ""
	case strings.Contains(message, "MessagingTimeout") || strings.Contains(message, "Timed out waiting for a reply"):
		return "rpc", ""
	case strings.Contains(message, "VirtualInterfaceCreateException") || strings.Contains(message, "Virtual Interface creation failed") || strings.Contains(message, "Failed to allocate the network"):
		return "vif", ""
	case strings.Contains(message, "Block Device Mapping is Invalid"):
		return "volume", ""
	case strings.Contains(message, "No valid host was found") || strings.Contains(message, "NoValidHost"):
		return "host", ""
	}
	return "unknown", ""
}

// instanceError says why instances are in Error (row R8, correction 56). It reads, of the database host, faults
// (lines "UUID|HOST|MESSAGE"), and of hosts with nova, limits (lines "OPTION VALUE fresh|stale": stale where the
// service started before its file was changed, so that the value is not in effect).
//
// What gives up on a slow volume is block_device_allocate_retries times its interval; rpc_response_timeout is
// another limit, that of one call. Which one it was stands in the message.
func instanceError() Judgement {
	return Judgement{
		Name: "instance.error", Reads: []string{"faults", "limits"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"instances", "causes", "summary_quota", "summary_volume", "summary_rpc", "summary_vif", "summary_host", "summary_unknown", "stale_on", "compute_on"},
		Judge:   judgeInstances,
	}
}

func judgeInstances(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	var ids, causes, stale, computes []string
	by := map[string][]string{}
	for _, h := range in.Hosts {
		s := seen{h}
		var staleHere, reasons []string
		for _, l := range s.list("faults") {
			f := strings.SplitN(l, "|", 3)
			if len(f) != 3 {
				continue
			}
			i := instanceFault{id: f[0], host: f[1]}
			i.cause, i.detail = faultCause(f[2])
			ids, causes, by[i.cause] = append(ids, i.id), add(causes, i.cause), append(by[i.cause], i.id)
			if i.cause == "volume" {
				computes = add(computes, i.host)
			}
			why := i.id + ": " + i.cause
			if i.detail != "" {
				why += " (" + i.detail + ")"
			}
			reasons = append(reasons, why)
		}
		for _, l := range s.list("limits") {
			if f := strings.Fields(l); len(f) == 3 && f[2] == "stale" {
				staleHere = append(staleHere, f[0])
			}
		}
		v, verdict := Verdict{Level: OK, Reason: say("Nothing to say of this host.", "이 호스트에는 해당 사항이 없습니다.")}, "fine"
		switch {
		case len(reasons) > 0:
			text := strings.Join(reasons, "; ")
			v.Level, v.Reason, verdict = Bad, say(fmt.Sprintf("%d instances in Error. %s", len(reasons), text), fmt.Sprintf("Error 상태 인스턴스 %d개. %s", len(reasons), text)), "faults"
		case len(staleHere) > 0:
			stale = append(stale, h.Name)
			v.Level, v.Reason, verdict = Odd, say("The file says another value than the running service has: "+strings.Join(staleHere, ", "), "파일과 실행 중인 서비스의 값이 다릅니다: "+strings.Join(staleHere, ", ")), "stale"
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict)}
		out.Hosts[h.Name] = v
	}
	for name, list := range map[string][]string{"instances": ids, "causes": causes, "stale_on": stale, "compute_on": computes, "summary_quota": by["quota"], "summary_volume": by["volume"],
		"summary_rpc": by["rpc"], "summary_vif": by["vif"], "summary_host": by["host"], "summary_unknown": by["unknown"]} {
		out.Lets[name] = names(list)
	}
	return out
}

// instanceData says which volumes of an instance in Error would go with it (row R9). It reads volumes, lines
// "VOLUME DELETE_ON_TERMINATION STATUS SNAPSHOTS": what cinder and nova have written down.
func instanceData() Judgement {
	return Judgement{
		Name: "instance.data", Reads: []string{"volumes"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"endangered", "kept", "broken", "saved"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			var endangered, kept, broken, saved []string
			for _, h := range in.Hosts {
				for _, l := range (seen{h}).list("volumes") {
					f := strings.Fields(l)
					if len(f) != 4 {
						continue
					}
					n, _ := strconv.Atoi(f[3]) // no number: none
					switch {
					case slices.Contains([]string{"error", "error_deleting", "deleting", "deleted", "gone"}, f[2]):
						broken = append(broken, f[0])
					case n > 0:
						saved = append(saved, f[0])
					case f[1] == "1":
						endangered = append(endangered, f[0])
					default:
						kept = append(kept, f[0])
					}
				}
				v := Verdict{Level: OK, Facts: map[string]steps.Value{"verdict": word("kept")}, Reason: say("Its volumes stay when the instance is deleted, or have a snapshot.", "인스턴스를 지워도 볼륨이 남거나 스냅샷이 있습니다.")}
				switch {
				case len(broken) > 0:
					v.Level, v.Facts["verdict"], v.Reason = Bad, word("broken"), say("A volume is broken or gone: "+strings.Join(broken, ", ")+". Its data cannot be had from here.",
						"볼륨이 깨졌거나 없습니다: "+strings.Join(broken, ", ")+". 여기서는 데이터를 복구할 수 없습니다.")
				case len(endangered) > 0:
					v.Level, v.Facts["verdict"], v.Reason = Bad, word("endangered"), say("These volumes are deleted together with the instance: "+strings.Join(endangered, ", "),
						"인스턴스와 함께 삭제되는 볼륨입니다: "+strings.Join(endangered, ", "))
				}
				out.Hosts[h.Name] = v
			}
			for name, list := range map[string][]string{"endangered": endangered, "kept": kept, "broken": broken, "saved": saved} {
				out.Lets[name] = names(list)
			}
			return out
		},
	}
}

// vifCause says why virtual interfaces are not made (row R10). It reads server (state of neutron-server, of
// controllers), agents (of the database host: lines "HOST BINARY SECONDS" since the last heartbeat), ports
// (lines "PROJECT USED LIMIT"), addresses (lines "SUBNET USED ROOM"), errors (of computes: how often the exception is in the
// recent log) and plugging ("FATAL TIMEOUT").
//
// cause, the first that fits: server, agent (on a host that has the exception), quota, addresses, fine (no
// exception and nothing of these), unknown.
func vifCause() Judgement {
	return Judgement{
		Name: "vif.cause", Reads: []string{"server", "agents", "ports", "addresses", "errors"}, Args: []string{"down_after"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"cause", "servers_off", "silent_agents", "agent_hosts", "full_projects", "full_subnets", "failed_on"},
		Judge:   judgeVIF,
	}
}

func judgeVIF(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	limit, _ := in.Args["down_after"].(int)
	if limit == 0 {
		limit = 75 // neutron's agent_down_time
	}
	l := map[string][]string{}
	full := func(lines []string, into string) {
		for _, line := range lines {
			f := strings.Fields(line)
			if len(f) != 3 {
				continue
			}
			used, err1 := strconv.Atoi(f[1])
			room, err2 := strconv.Atoi(f[2])
			if err1 == nil && err2 == nil && room >= 0 && used >= room {
				l[into] = append(l[into], f[0])
			}
		}
	}
	for _, h := range in.Hosts {
		s := seen{h}
		v, verdict := Verdict{Level: OK, Reason: say("Nothing wrong here.", "이상이 없습니다.")}, "fine"
		for _, line := range s.list("agents") {
			f := strings.Fields(line)
			if len(f) != 3 {
				continue
			}
			if age, err := strconv.Atoi(f[2]); err == nil && age > limit && (strings.Contains(f[1], "linuxbridge") || strings.Contains(f[1], "openvswitch")) {
				l["silent_agents"], l["agent_hosts"] = append(l["silent_agents"], f[0]+":"+f[1]), add(l["agent_hosts"], f[0])
			}
		}
		full(s.list("ports"), "full_projects")
		full(s.list("addresses"), "full_subnets")
		switch {
		case s.known("server") && s.text("server") != "active":
			l["servers_off"] = append(l["servers_off"], h.Name)
			v.Level, v.Reason, verdict = Bad, say("neutron-server is "+s.text("server")+".", "neutron-server 상태: "+s.text("server")), "server"
		case s.number("errors") > 0:
			l["failed_on"] = append(l["failed_on"], h.Name)
			v.Level, v.Reason, verdict = Bad, say(fmt.Sprintf("%d times in its recent log.", s.number("errors")), fmt.Sprintf("최근 로그에 %d회 있습니다.", s.number("errors"))), "failed"
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict)}
		out.Hosts[h.Name] = v
	}
	cause := "fine"
	for _, c := range [][2]string{{"unknown", "failed_on"}, {"addresses", "full_subnets"}, {"quota", "full_projects"}, {"agent", "silent_agents"}, {"server", "servers_off"}} {
		if len(l[c[1]]) > 0 {
			cause = c[0]
		}
	}
	out.Lets["cause"] = word(cause)
	for _, name := range vifCause().Outputs[1:] {
		out.Lets[name] = names(l[name])
	}
	return out
}

// powerState says why guests stopped that the power-state sync then marked (row R11, correction 57). It reads, of
// computes: synced (instances named in the sync's message), ends (lines "DOMAIN REASON" from the guests' own logs),
// oom (domains or pids that the kernel killed), booted_after (yes where the host itself restarted after them).
//
// cause of a host, the first that fits: memory (the kernel killed guests), host (it restarted), crash, shutdown (from
// inside the guest, or by somebody), unknown, fine. Only then is the sync itself worth a thought: it tells the truth.
func powerState() Judgement {
	return Judgement{
		Name: "power.state", Reads: []string{"synced", "ends", "oom", "booted_after"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"stopped", "by_memory", "by_host", "by_crash", "by_shutdown", "by_unknown"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			l := map[string][]string{}
			for _, h := range in.Hosts {
				s := seen{h}
				ends := strings.Join(s.list("ends"), "\n")
				v, verdict := Verdict{Level: Bad}, "unknown"
				switch {
				case !s.known("synced"):
					v.Level, v.Reason, verdict = Odd, say("Not looked at.", "확인하지 못했습니다."), "unseen"
				case len(s.list("synced")) == 0:
					v.Level, v.Reason, verdict = OK, say("No guest was marked as stopped here.", "정지로 표시된 인스턴스가 없습니다."), "fine"
				case len(s.list("oom")) > 0:
					v.Reason, verdict = say("The kernel killed guests for want of memory. Started again they meet the same: make room first.", "메모리 부족으로 커널이 인스턴스를 종료했습니다. 여유를 확보하지 않고 시작하면 반복됩니다."), "memory"
				case s.text("booted_after") == "yes":
					v.Reason, verdict = say("The host itself restarted.", "호스트가 재시작됐습니다."), "host"
				case strings.Contains(ends, "crashed") || strings.Contains(ends, "failed"):
					v.Reason, verdict = say("A guest's process crashed; its own log says where.", "인스턴스 프로세스가 비정상 종료했습니다. 해당 인스턴스 로그에 위치가 있습니다."), "crash"
				case strings.Contains(ends, "shutdown") || strings.Contains(ends, "destroyed"):
					v.Reason, verdict = say("Shut down from inside, or by somebody on the host. No fault of the cloud.", "인스턴스 내부 또는 호스트에서 누군가 종료했습니다. 클라우드 장애가 아닙니다."), "shutdown"
				default:
					v.Reason = say("Guests stopped, and their own logs do not say why.", "인스턴스가 멈췄고 로그에 이유가 없습니다.")
				}
				if len(s.list("synced")) > 0 {
					l["by_"+verdict] = append(l["by_"+verdict], h.Name)
					for _, id := range s.list("synced") {
						l["stopped"] = add(l["stopped"], id)
					}
				}
				v.Facts = map[string]steps.Value{"verdict": word(verdict)}
				out.Hosts[h.Name] = v
			}
			for _, name := range []string{"stopped", "by_memory", "by_host", "by_crash", "by_shutdown", "by_unknown"} {
				out.Lets[name] = names(l[name])
			}
			return out
		},
	}
}
