package judgements

import (
	"strings"

	"stackhand/steps"
)

// powerState says why guests stopped that the power-state sync then marked (row R11, correction 57). It reads, of
// computes: synced (instances that the sync stopped and that were not started since), ends (lines "INSTANCE REASON" from the
// guests' own logs; INSTANCE is libvirt's name where the log does not say which it is), oom (what the kernel killed),
// booted_after (yes where the host itself restarted just before).
//
// The verdict of a host, the first that fits: memory (the kernel killed guests), host (it restarted), crash, shutdown (from
// inside the guest, or by somebody), unknown, fine. Only then is the sync itself worth a thought: it tells the truth.
//
// to_start are the guests to be started again; shut_down those that somebody shut down, which are not.
func powerState() Judgement {
	return Judgement{
		Name: "power.state", Reads: []string{"synced", "ends", "oom", "booted_after"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"stopped", "to_start", "shut_down", "by_memory", "by_host", "by_crash", "by_shutdown", "by_unknown"},
		Judge:   judgePower,
	}
}

func judgePower(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	l := map[string][]string{}
	for _, h := range in.Hosts {
		s := seen{h}
		ends, off := map[string]string{}, 0
		for _, e := range s.list("ends") {
			id, reason, _ := strings.Cut(e, " ")
			ends[id] = reason
		}
		for _, id := range s.list("synced") {
			l["stopped"] = add(l["stopped"], id)
			if ends[id] == "shutdown" && s.text("booted_after") != "yes" { // a host that reboots shuts its guests down, too
				l["shut_down"] = add(l["shut_down"], id)
				off++
			} else {
				l["to_start"] = add(l["to_start"], id)
			}
		}
		all := strings.Join(s.list("ends"), "\n")
		v, verdict := Verdict{Level: Bad}, "unknown"
		switch {
		case !s.known("synced"):
			v.Level, v.Reason, verdict = Odd, say("Not looked at.", "확인하지 못했습니다."), "unseen"
		case len(s.list("synced")) == 0:
			v.Level, v.Reason, verdict = OK, say("No guest was marked as stopped here.", "정지로 표시된 인스턴스가 없습니다."), "fine"
		case len(s.list("oom")) > 0:
			v.Reason, verdict = say("The kernel killed guests for want of memory. Started again they meet the same: make room first.", "메모리 부족으로 커널이 인스턴스를 종료했습니다. 여유를 확보하지 않고 시작하면 반복됩니다."), "memory"
		case off == len(s.list("synced")):
			v.Level, v.Reason, verdict = Odd, say("Shut down from inside, or by somebody on the host. No fault of the cloud.", "인스턴스 내부 또는 호스트에서 누군가 종료했습니다. 클라우드 장애가 아닙니다."), "shutdown"
		case s.text("booted_after") == "yes":
			v.Reason, verdict = say("The host itself restarted.", "호스트가 재시작됐습니다."), "host"
		case strings.Contains(all, "crashed") || strings.Contains(all, "failed") || strings.Contains(all, "terminating on signal"):
			v.Reason, verdict = say("A guest's process crashed or was ended; its own log says where.", "인스턴스 프로세스가 비정상 종료했습니다. 해당 인스턴스 로그에 위치가 있습니다."), "crash"
		default:
			v.Reason = say("Guests stopped, and their own logs do not say why.", "인스턴스가 멈췄고 로그에 이유가 없습니다.")
		}
		if len(s.list("synced")) > 0 {
			l["by_"+verdict] = append(l["by_"+verdict], h.Name)
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict)}
		out.Hosts[h.Name] = v
	}
	for _, name := range powerState().Outputs {
		out.Lets[name] = names(l[name])
	}
	return out
}
