package judgements

import (
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// rung is one of the ladder, from power up, with the services that stand for it.
type rung struct {
	name     string
	en, ko   string
	services []string // names of units, or their beginnings where they end in "*"
}

// rungs is the order in which a cloud comes back. Of two that fit a unit the first counts.
func rungs() []rung {
	return []rung{
		{"power", "power and reach", "전원·연결", nil},
		{"clocks", "clocks", "시간", []string{"chronyd", "chrony", "ntp*"}},
		{"disks", "disks", "디스크", nil},
		{"storage", "storage", "스토리지", []string{"ceph-*", "tgtd", "target"}},
		{"database", "database", "데이터베이스", []string{"mariadb", "mysqld"}},
		{"broker", "message broker", "메시지 브로커", []string{"rabbitmq-server"}},
		{"cache", "cache", "캐시", []string{"memcached", "etcd"}},
		{"addresses", "virtual addresses", "가상 주소", []string{"haproxy", "keepalived", "corosync", "pacemaker", "pcsd"}},
		{"web", "web server", "웹 서버", []string{"httpd", "apache2", "keystone*", "placement*"}},
		{"computes", "computes", "컴퓨트", []string{"libvirtd", "virtlogd", "openstack-nova-compute", "nova-compute"}},
		{"network", "network nodes", "네트워크 노드", []string{"openvswitch*", "neutron-openvswitch*", "neutron-linuxbridge*", "neutron-l3*", "neutron-dhcp*", "neutron-metadata*", "neutron-metering*", "neutron-lbaas*"}},
		{"octavia", "Octavia", "Octavia", []string{"octavia*"}},
		{"services", "services", "서비스", []string{"openstack-*", "nova-*", "neutron-*", "glance-*", "cinder-*", "heat-*"}},
		{"vdi", "VD-i hosts", "VD-i 호스트", nil},
	}
}

// climbed is how high a rung of rungs stands: services start before the network nodes.
func climbed(name string) int {
	order := []string{"power", "clocks", "disks", "storage", "database", "broker", "cache", "addresses", "web", "services", "network", "octavia", "computes", "vdi"}
	return slices.Index(order, name)
}

func (r rung) has(unit string) bool {
	unit = strings.TrimSuffix(unit, ".service")
	return slices.ContainsFunc(r.services, func(s string) bool {
		head, open := strings.CutSuffix(s, "*")
		return unit == s || open && strings.HasPrefix(unit, head)
	})
}

// ladderRungs says which rungs are red, and which red one explains those above it: a service
// that lost its database is no fault of its own.
func ladderRungs() Judgement {
	return Judgement{
		Name:        "ladder.rungs",
		Reads:       []string{"state", "down", "galera", "offset"},
		HostOutputs: []string{"red"},
		Outputs:     []string{"lowest"},
		Judge: func(in Input) Output {
			red := map[string]map[string][]string{} // host -> rung -> what
			at := map[string][]string{}             // rung -> hosts
			for _, h := range in.Hosts {
				red[h.Name] = redOn(h)
				for name := range red[h.Name] {
					at[name] = append(at[name], h.Name)
				}
			}
			all := rungs()
			slices.SortStableFunc(all, func(a, b rung) int { return climbed(a.name) - climbed(b.name) })
			lowest := slices.IndexFunc(all, func(r rung) bool { return len(at[r.name]) > 0 })
			out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{"lowest": {Absent: steps.WhyNotGiven}}}
			if lowest >= 0 {
				out.Lets["lowest"] = steps.Value{V: all[lowest].name}
			}
			for _, h := range in.Hosts {
				names := []any{}
				var en, ko []string
				for i, r := range all {
					what, is := red[h.Name][r.name]
					if !is {
						continue
					}
					names = append(names, r.name)
					e, k := r.en, r.ko
					if len(what) > 0 {
						e, k = e+" ("+strings.Join(what, ", ")+")", k+"("+strings.Join(what, ", ")+")"
					}
					switch under := all[lowest]; {
					case i == lowest:
						e, k = e+": mend this first", k+": 먼저 복구할 단계"
					default:
						who := strings.Join(at[under.name], ", ")
						e, k = e+": may be explained by "+under.en+" on "+who, k+": 원인일 수 있는 아래 단계는 "+under.ko+", 호스트 "+who
					}
					en, ko = append(en, e), append(ko, k)
				}
				v := Verdict{Facts: map[string]steps.Value{"red": {V: names}}, Level: OK, Reason: i18n.Text{En: "nothing is red here", Ko: "이상 없음"}}
				if len(en) > 0 {
					v.Level, v.Reason = Bad, i18n.Text{En: strings.Join(en, "; "), Ko: strings.Join(ko, "; ")}
				}
				out.Hosts[h.Name] = v
			}
			return out
		},
	}
}

// redOn are the rungs that are red on one host, with what is red about them.
func redOn(h Host) map[string][]string {
	red := map[string][]string{}
	switch h.Facts["state"].V {
	case "off", "half-dead":
		red["power"] = nil
		return red // what runs there nobody knows
	case "later":
		red["vdi"] = nil
		return red
	case "sick":
		red["disks"] = nil
	}
	if o, known := number(h.Facts["offset"]); known && (o > farOff || o < -farOff) {
		red["clocks"] = nil
	}
	for _, unit := range texts(h.Facts["down"].V) {
		i := slices.IndexFunc(rungs(), func(r rung) bool { return r.has(unit) })
		name := "services"
		if i >= 0 {
			name = rungs()[i].name
		}
		red[name] = append(red[name], unit)
	}
	if slices.Contains(h.Roles, "database") && h.Facts["galera"].V != "Primary Synced" && red["database"] == nil {
		said := texts(h.Facts["galera"].V)
		if s, ok := h.Facts["galera"].V.(string); ok {
			said = []string{s}
		}
		red["database"] = said
	}
	return red
}
