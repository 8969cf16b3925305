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
// It reads pools, lines "outage|warning FILE COUNT" of a host's service logs since the service was started. ran_out of a host
// are the services there that ran out, named by the place of their log: nova-conductor, cinder-api, neutron-server.
func poolFull() Judgement {
	return Judgement{
		Name: "pool.full", Reads: []string{"pools"}, HostOutputs: []string{"verdict", "ran_out"}, Outputs: []string{"outage_on", "warned_on", "services"},
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			var outage, warned, services []string
			for _, h := range in.Hosts {
				s := seen{h}
				v, verdict := Verdict{Level: OK, Reason: say("Neither message in the recent logs.", "최근 로그에 두 메시지가 모두 없습니다.")}, "fine"
				var ranOut []string
				if !s.known("pools") {
					v.Level, v.Reason, verdict = Odd, say("Not looked at.", "확인하지 못했습니다."), "unseen"
				}
				for _, l := range s.list("pools") {
					f := strings.Fields(l)
					switch {
					case len(f) != 3:
					case f[0] == "outage":
						v.Level, v.Reason, verdict = Bad, say("Requests fail: a service got no database connection from its own pool.", "서비스가 자신의 DB pool에서 연결을 얻지 못해 요청이 실패합니다."), "outage"
						services, ranOut = add(services, serviceOfLog(f[1])), add(ranOut, serviceOfLog(f[1]))
						outage = add(outage, h.Name)
					case f[0] == "warning" && verdict != "outage":
						v.Level, v.Reason, verdict = OK, say("Only the warning of urllib3: a connection was closed instead of kept. No request failed by it.",
							"urllib3 경고뿐입니다. 연결을 보관하지 않고 닫았을 뿐 실패한 요청은 없습니다."), "warning"
						warned = add(warned, h.Name)
					}
				}
				v.Facts = map[string]steps.Value{"verdict": word(verdict), "ran_out": names(ranOut)}
				out.Hosts[h.Name] = v
			}
			out.Lets["outage_on"], out.Lets["warned_on"], out.Lets["services"] = names(outage), names(warned), names(services)
			return out
		},
	}
}

// serviceOfLog names the service that writes a log by the log's place: RDO has cinder/api.log and neutron/server.log, Debian
// nova/nova-api.log. The folder counts, for api.log alone is glance's as well as cinder's. One log of a service without
// further names (keystone/keystone.log) is that service's.
func serviceOfLog(path string) string {
	dir, base := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, base = path[:i], path[i+1:]
	}
	dir, base = dir[strings.LastIndexByte(dir, '/')+1:], strings.TrimSuffix(base, ".log")
	if dir == "" || base == dir || strings.HasPrefix(base, dir+"-") {
		return base
	}
	return dir + "-" + base
}

// instanceFault is why one instance is in Error.
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
	case strings.Contains(message, "VirtualInterfaceCreateException") || strings.Contains(message, "Virtual Interface creation failed") || strings.Contains(message, "Failed to allocate the network"),
		strings.Contains(message, "No fixed IP addresses available"), strings.Contains(message, "Binding failed for port"):
		return "vif", ""
	case strings.Contains(message, "Block Device Mapping is Invalid"):
		return "volume", ""
	case strings.Contains(message, "No valid host was found") || strings.Contains(message, "NoValidHost"),
		strings.Contains(message, "Exceeded maximum number of retries"), strings.Contains(message, "Exhausted all hosts"):
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
		Outputs: []string{"instances", "causes", "summary_quota", "summary_volume", "summary_rpc", "summary_vif", "summary_host", "summary_unknown", "stale_on", "compute_on", "waited"},
		Judge:   judgeInstances,
	}
}

func judgeInstances(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	var ids, causes, stale, computes []string
	by := map[string][]string{}
	waited := 0 // seconds after which nova gave up a volume, the longest
	for _, h := range in.Hosts {
		s := seen{h}
		var staleHere, reasons []string
		for _, l := range s.list("faults") {
			f := strings.SplitN(l, "|", 3)
			if len(f) != 3 {
				continue
			}
			i := instanceFault{id: f[0], host: f[1]}
			if slices.Contains(ids, i.id) {
				continue // every node of a database cluster tells the same
			}
			i.cause, i.detail = faultCause(f[2])
			ids, causes, by[i.cause] = append(ids, i.id), add(causes, i.cause), append(by[i.cause], i.id)
			if i.cause == "volume" {
				computes = add(computes, i.host)
				if m := waitedFor.FindStringSubmatch(f[2]); m != nil {
					n, _ := strconv.Atoi(m[1]) // too long for a number: no limit is known
					waited = max(waited, n)
				}
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
	out.Lets["waited"] = steps.Value{V: waited}
	for name, list := range map[string][]string{"instances": ids, "causes": causes, "stale_on": stale, "compute_on": computes, "summary_quota": by["quota"], "summary_volume": by["volume"],
		"summary_rpc": by["rpc"], "summary_vif": by["vif"], "summary_host": by["host"], "summary_unknown": by["unknown"]} {
		out.Lets[name] = names(list)
	}
	return out
}

// instanceData says which volumes of an instance in Error would go with it (row R9). It reads volumes, lines
// "VOLUME DELETE_ON_TERMINATION STATUS SNAPSHOTS INSTANCE RESCUED-TO": what cinder and nova have written down; SNAPSHOTS are
// those made for a rescue, RESCUED-TO the instance that has a volume made from one, or -.
//
//	rescued   its data hangs on another instance already: nothing to do
//	broken    the volume is in error, or gone
//	saved     a snapshot for the rescue is there, and not yet on another instance
//	busy      between two states: cinder makes snapshots only of what is available or in-use
//	endangered, kept   deleted with the instance, or not
func instanceData() Judgement {
	lists := []string{"endangered", "kept", "broken", "saved", "busy", "rescued", "victims"}
	return Judgement{
		Name: "instance.data", Reads: []string{"volumes"}, HostOutputs: []string{"verdict"}, Outputs: lists,
		Judge: func(in Input) Output {
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
			l := map[string][]string{}
			for _, h := range in.Hosts {
				for _, line := range (seen{h}).list("volumes") {
					if f := strings.Fields(line); len(f) == 6 {
						kind := volumeKind(f)
						l[kind] = add(l[kind], f[0])
						if kind != "rescued" && kind != "broken" {
							l["victims"] = add(l["victims"], f[4])
						}
					}
				}
				v := Verdict{Level: OK, Facts: map[string]steps.Value{"verdict": word("kept")}, Reason: say("Its volumes stay when the instance is deleted, or have a snapshot.", "인스턴스를 지워도 볼륨이 남거나 스냅샷이 있습니다.")}
				switch {
				case len(l["broken"]) > 0:
					text := strings.Join(l["broken"], ", ")
					v.Level, v.Facts["verdict"], v.Reason = Bad, word("broken"), say("A volume is broken or gone: "+text+". Its data cannot be had from here.", "볼륨이 깨졌거나 없습니다: "+text+". 여기서는 데이터를 복구할 수 없습니다.")
				case len(l["endangered"]) > 0:
					text := strings.Join(l["endangered"], ", ")
					v.Level, v.Facts["verdict"], v.Reason = Bad, word("endangered"), say("These volumes are deleted together with the instance: "+text, "인스턴스와 함께 삭제되는 볼륨입니다: "+text)
				case len(l["busy"]) > 0:
					text := strings.Join(l["busy"], ", ")
					v.Level, v.Facts["verdict"], v.Reason = Odd, word("busy"), say("Something is under way with these volumes: "+text, "작업이 진행 중인 볼륨입니다: "+text)
				}
				out.Hosts[h.Name] = v
			}
			for _, name := range lists {
				out.Lets[name] = names(l[name])
			}
			return out
		},
	}
}

func volumeKind(f []string) string {
	n, _ := strconv.Atoi(f[3]) // no number: none
	switch {
	case f[5] != "-":
		return "rescued"
	case slices.Contains([]string{"error", "error_deleting", "error_restoring", "error_managing", "deleting", "deleted", "gone"}, f[2]):
		return "broken"
	case n > 0:
		return "saved"
	case f[2] != "available" && f[2] != "in-use":
		return "busy"
	case f[1] == "1":
		return "endangered"
	}
	return "kept"
}

// vifCause says why virtual interfaces are not made (row R10). It reads server (of controllers: the state of neutron-server, or
// "disabled" where it is neither enabled nor running, "none" where a console said that there is none), port_quota (quota_port of its file), agents (of the database host: lines
// "HOST BINARY SECONDS" since the last heartbeat), ports (lines "PROJECT USED LIMIT"; the limit is "default" where the
// project has none of its own), addresses (lines "SUBNET USED ROOM") and errors (of computes: how often the exception is in
// the log since an instance was last built there).
//
// cause, the first that fits: server, agent (of a host of the site), quota, addresses, fine, unknown; wrong says it in words. A project or a subnet
// that is full is a cause only where the exception is: somewhere in a cloud one always is.
func vifCause() Judgement {
	return Judgement{
		Name: "vif.cause", Reads: []string{"server", "port_quota", "agents", "ports", "addresses", "errors"}, Args: []string{"down_after"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"cause", "wrong", "servers_off", "silent_agents", "agent_hosts", "full_projects", "full_subnets", "failed_on"},
		Judge:   judgeVIF,
	}
}

// portQuota is neutron's own default of quota_port.
const portQuota = 500

func judgeVIF(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	limit, _ := in.Args["down_after"].(int)
	if limit == 0 {
		limit = 75 // neutron's agent_down_time
	}
	l := map[string][]string{}
	servers, quota := 0, portQuota
	for _, h := range in.Hosts {
		s := seen{h}
		if s.text("server") == "active" {
			servers++
		}
		if s.known("port_quota") {
			quota = s.number("port_quota")
		}
	}
	full := func(lines []string, into string) {
		for _, line := range lines {
			f := strings.Fields(line)
			if len(f) != 3 {
				continue
			}
			used, err1 := strconv.Atoi(f[1])
			room, err2 := strconv.Atoi(f[2])
			if f[2] == "default" {
				room, err2 = quota, nil
			}
			if err1 == nil && err2 == nil && room >= 0 && used >= room {
				l[into] = add(l[into], f[0])
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
				if name := hostNamed(in.Hosts, f[0]); name != "" { // else a host that was taken away, and left its record
					l["silent_agents"], l["agent_hosts"] = add(l["silent_agents"], f[0]+":"+f[1]), add(l["agent_hosts"], name)
				}
			}
		}
		full(s.list("ports"), "full_projects")
		full(s.list("addresses"), "full_subnets")
		switch state := s.text("server"); {
		case s.known("server") && state != "active" && state != "none" && (state != "disabled" || servers == 0):
			l["servers_off"] = append(l["servers_off"], h.Name)
			v.Level, v.Reason, verdict = Bad, say("neutron-server is "+state+".", "neutron-server 상태: "+state), "server"
		case s.number("errors") > 0:
			l["failed_on"] = append(l["failed_on"], h.Name)
			v.Level, v.Reason, verdict = Bad, say(fmt.Sprintf("%d times since an instance was last built here.", s.number("errors")), fmt.Sprintf("마지막으로 인스턴스를 만든 뒤 %d회 있습니다.", s.number("errors"))), "failed"
		case state == "disabled":
			v.Reason = say("neutron-server is switched off here; another controller has it.", "이 호스트에서는 neutron-server가 비활성화되어 있고 다른 컨트롤러에서 실행됩니다.")
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict)}
		out.Hosts[h.Name] = v
	}
	cause := "fine"
	for _, c := range [][2]string{{"unknown", "failed_on"}, {"addresses", "full_subnets"}, {"quota", "full_projects"}, {"agent", "agent_hosts"}, {"server", "servers_off"}} {
		if len(l[c[1]]) > 0 && (len(l["failed_on"]) > 0 || c[0] == "agent" || c[0] == "server") {
			cause = c[0]
		}
	}
	out.Lets["cause"] = word(cause)
	said := wrong(cause, l, [][4]string{
		{"server", "servers_off", "neutron-server did not run", "neutron-server 중지"}, {"agent", "silent_agents", "agents were silent", "agent 응답 없음"},
		{"quota", "full_projects", "port quota used up", "포트 쿼터 소진"}, {"addresses", "full_subnets", "no addresses left", "주소 소진"},
	})
	out.Lets["wrong"] = steps.SaidValue(said)
	for _, name := range vifCause().Outputs[2:] {
		out.Lets[name] = names(l[name])
	}
	return out
}

// hostNamed is the site's name of a host that services name by its host name, with or without a domain; "" if there is none.
func hostNamed(hosts []Host, name string) string {
	for _, h := range hosts {
		if sameHost(h.Name, name) {
			return h.Name
		}
	}
	return ""
}
