package runbooks_test

import (
	"slices"
	"strings"
	"testing"
)

// TestCardsOfTheLadder: the boxes of the ladder's cards take what those commands print, as the facts that
// the rungs read, and refuse what is no answer.
func TestCardsOfTheLadder(t *testing.T) {
	const guest = "6a1c6f0e-2f2e-4a5b-9a35-0d9a7f0e2b11"
	for _, c := range []struct {
		step, box string
		takes     map[string]any // typed, and what it becomes
		refuses   []string
	}{
		{"console-look", "up", map[string]any{"1234": 1234}, []string{"", "12 min", "-3"}},
		{"console-look", "addresses", map[string]any{"10.77.0.11, fd00::1": []any{"10.77.0.11", "fd00::1"}}, []string{"10.77.0.11/24", ""}},
		{"console-look", "down", map[string]any{"-": []any{}, "mariadb, openstack-nova-api": []any{"mariadb", "openstack-nova-api"}}, []string{"maria db"}},
		{"paths", "far", map[string]any{"-": []any{}, "ctl2: 10.77.0.12": []any{"ctl2: 10.77.0.12"}}, []string{"10.77.0.12", "ctl2"}},
		{"clocks", "offset", map[string]any{"0": 0.0, "-0.5": -0.5, "0.000000123": 0.000000123}, []string{"slow", "1s", "3600", "-1.5"}},
		{"disks", "console_disks", map[string]any{"yes": "yes"}, []string{"no", ""}},
		{"disks", "disk_trouble", map[string]any{"-": []any{}, "full /var 97%, readonly /, stuck kworker": []any{"full /var 97%", "readonly /", "stuck kworker"}}, []string{"/var is full", "97%"}},
		{"guests", "guests", map[string]any{"-": []any{}, guest + " cmp1": []any{guest + " cmp1"}}, []string{guest, "cmp1"}},
		{"pacemaker", "unclean", map[string]any{"-": []any{}, "ctl2": []any{"ctl2"}}, []string{"Node ctl2: UNCLEAN"}},
		{"alive", "running", map[string]any{"-": []any{}, guest: []any{guest}}, []string{"instance-0001"}},
		{"ping", "guest_answers", map[string]any{"none": "none", "answers arp through qrouter-" + guest: "answers arp through qrouter-" + guest}, []string{"yes", "answers", "silent"}},
		{"ceph", "ceph_flags", map[string]any{"sortbitwise,noout,pauserd": "sortbitwise,noout,pauserd"}, []string{"flags noout", ""}},
		{"cache", "console_cache", map[string]any{"active": "active", "managed": "managed"}, []string{"failed", "inactive", ""}},
		{"web", "console_web", map[string]any{"active": "active"}, []string{"activating"}},
	} {
		ask := box(t, "all-hosts-down", c.step, c.box)
		for said, want := range c.takes {
			v, ok := ask.Take(said)
			if list, is := want.([]any); is {
				got, _ := v.V.([]any)
				if !ok || !slices.Equal(got, list) {
					t.Errorf("%s, %s: %q is %v", c.step, c.box, said, v)
				}
			} else if !ok || v.V != want {
				t.Errorf("%s, %s: %q is %v", c.step, c.box, said, v)
			}
		}
		for _, said := range c.refuses {
			if v, ok := ask.Take(said); ok {
				t.Errorf("%s, %s: %q is taken as %v", c.step, c.box, said, v)
			}
		}
	}
}

// TestFollowedHosts: who is followed at its console is asked on the rungs that have something to start there, in the order in
// which services rest on each other, and nothing that was typed reboots a guest.
func TestFollowedHosts(t *testing.T) {
	facts := map[string]map[string]any{
		"db1": {"down": []any{}},
		"db2": {"up": 60, "down": []any{"neutron-openvswitch-agent", "openstack-nova-api", "openstack-nova-compute", "openvswitch", "octavia-api", "octavia-health-manager"}, "off_here": []any{"guest-2"}},
		"db3": {"up": 60}, // it answered for a moment, and was lost while it was looked at
	}
	for _, c := range []struct{ step, role, hosts, todo string }{
		{"cache", "cache", "db1", ""}, {"services", "controller", "db1 db2", "openstack-nova-api"}, {"network", "network", "db1 db2", "openvswitch neutron-openvswitch-agent"},
		{"octavia", "controller", "db1 db2", "octavia-api"}, {"computes", "compute", "db1 db2", "openvswitch neutron-openvswitch-agent openstack-nova-compute"},
	} {
		f := newFlow(t, "all-hosts-down", c.role, facts)
		f.sc.Lets["followed"] = []any{"db2", "db3"}
		if on := f.hosts(c.step, "db2", "db3"); on != c.hosts {
			t.Errorf("%s is for %s, want %s", c.step, on, c.hosts)
		}
		f.sc.Host = "db2"
		todo, err := f.step(c.step).Vars["todo"].Eval(f.sc)
		var names []string
		for _, v := range todo.([]any) {
			names = append(names, v.(string))
		}
		if err != nil || c.todo != "" && strings.Join(names, " ") != c.todo {
			t.Errorf("%s: %v is to be started, want %s (%v)", c.step, todo, c.todo, err)
		}
	}
	f := newFlow(t, "all-hosts-down", "compute", facts)
	f.sc.Lets["followed"] = []any{"db2", "db3"}
	f.hosts("alive-after", "db2", "db3") // they are silent from here on
	if off, err := f.step("start-guests").Vars["off"].Eval(f.sc); err != nil || len(off.([]any)) > 0 {
		t.Errorf("of a host that is not read again %v is taken for off (%v)", off, err)
	}
}
