package runbooks_test

import (
	"slices"
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
		{"clocks", "offset", map[string]any{"0": 0.0, "-12.5": -12.5, "0.000000123": 0.000000123}, []string{"slow", "1s"}},
		{"disks", "disk_trouble", map[string]any{"-": []any{}, "full /var 97%, readonly /, stuck kworker": []any{"full /var 97%", "readonly /", "stuck kworker"}}, []string{"/var is full", "97%"}},
		{"guests", "guests", map[string]any{"-": []any{}, guest + " cmp1": []any{guest + " cmp1"}}, []string{guest, "cmp1"}},
		{"pacemaker", "unclean", map[string]any{"-": []any{}, "ctl2": []any{"ctl2"}}, []string{"Node ctl2: UNCLEAN"}},
		{"alive", "running", map[string]any{"-": []any{}, guest: []any{guest}}, []string{"instance-0001"}},
		{"ping", "guest_answers", map[string]any{"silent": "silent", "answers arp through qrouter-" + guest: "answers arp through qrouter-" + guest}, []string{"yes", "answers"}},
		{"cache", "console_cache", map[string]any{"active": "active"}, []string{"failed", "inactive", ""}},
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
