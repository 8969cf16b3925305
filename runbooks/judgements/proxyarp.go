package judgements

import (
	"slices"
	"strconv"
	"strings"

	"stackhand/steps"
)

// proxyARPLost says on which routers proxy ARP is off (row R7). It reads ports, lines "NAMESPACE INTERFACE 0|1"
// of the interfaces qr- and qg- in every router's namespace, and script: whether the node has the documented
// set_proxy_arp.sh or the program's own unit, which says that the site wants it. Of a node that does not answer:
// how many interfaces somebody found off and on at its console.
//
// A site where every interface everywhere is 0 and no node has the script may simply use NAT: used is then
// false, and the operator says. verdict of a host: lost, partly, fine, none (no router here), unseen.
func proxyARPLost() Judgement {
	return Judgement{
		Name: "proxyarp.lost", Reads: []string{"ports", "script", "console_off", "console_on"},
		HostOutputs: []string{"verdict", "off"},
		Outputs:     []string{"lost_on", "lost_count", "used"},
		Judge:       judgeProxyARP,
	}
}

func judgeProxyARP(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	var lostOn []string
	total, used := 0, false
	for _, h := range in.Hosts {
		s := seen{h}
		var off []string
		on := 0
		for _, p := range s.list("ports") {
			f := strings.Fields(p)
			switch {
			case len(f) != 3:
			case f[2] == "0":
				off = append(off, f[0]+"/"+f[1])
			default:
				on++
			}
		}
		if s.known("console_off") {
			off = slices.Repeat([]string{"?"}, min(max(0, s.number("console_off")), 9999))
			on = s.number("console_on")
		}
		used = used || on > 0 || s.text("script") == "yes"
		v := Verdict{Level: OK, Reason: say("On for every router here.", "모든 라우터에서 켜져 있습니다."), Facts: map[string]steps.Value{"off": names(off)}}
		verdict := "fine"
		switch {
		case !s.known("ports") && !s.known("console_off"):
			verdict, v.Level, v.Reason = "unseen", Odd, say("Not looked at.", "확인하지 못했습니다.")
		case len(off) > 0:
			verdict = "lost"
			if on > 0 {
				verdict = "partly"
			}
			n := strconv.Itoa(len(off))
			v.Level, v.Reason = Bad, say("Off on "+n+" interfaces of routers. After a reboot, or where a router is new, the kernel has 0.",
				"라우터 인터페이스 "+n+"개에서 꺼져 있습니다. 재부팅 후나 새 라우터에서는 커널 기본값이 0입니다.")
			lostOn = append(lostOn, h.Name)
			total += len(off)
		case on == 0:
			verdict, v.Reason = "none", say("No router here.", "이 노드에는 라우터가 없습니다.")
		}
		v.Facts["verdict"] = word(verdict)
		out.Hosts[h.Name] = v
	}
	out.Lets["lost_on"], out.Lets["lost_count"], out.Lets["used"] = names(lostOn), steps.Value{V: total}, steps.Value{V: used}
	return out
}
