package runbooks_test

import (
	"testing"

	"stackhand/runbooks"
	"stackhand/steps"
)

// The rungs of the ladder stand in the order in which they rest on each other.
func TestLadderOrder(t *testing.T) {
	p, err := steps.Load(runbooks.Library(), "all-hosts-down")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, s := range p.Steps {
		at[s.ID] = i + 1
	}
	last, before := 0, "the beginning"
	for _, id := range []string{
		"survey", "power", "half-dead", "dead", "back", "paths", "clocks", "disks", "monitors", "osds", "ceph-up", "ceph-flags", "target", "database", "guests", "listed", "kept", "broker",
		"cache", "balancer", "pacemaker", "off-for-pacemaker", "addresses", "web", "services", "network", "lbaas", "proxy-arp", "amphora", "octavia", "computes", "alive", "start-guests",
		"alive-after", "boot", "ping", "answers", "tidy", "vdi-back", "vdi-database", "vdi-metric", "vdi-broker", "all-green",
	} {
		if at[id] <= last {
			t.Errorf("%s is step %d, and %s is step %d", id, at[id], before, last)
		}
		last, before = at[id], id
	}
}
