package runbooks_test

import (
	"fmt"
	"testing"

	"stackhand/steps"
)

// A node whose full disk is seen at its console is led through to its proof there: stopped, looked at,
// found with room again, started, and seen to run on its own address.
func TestCardsOfMariaDB(t *testing.T) {
	const runbook = "mariadb-will-not-start"
	look := typed(t, runbook, "look", map[string]string{"installed": "yes", "state": "failed", "bind": "*", "bind_here": "yes", "free_mib": "3", "initialised": "yes"})
	out := judged(t, "mariadb.cause", map[string]map[string]steps.Value{"db2": look}, nil)
	if verdict(out, "db2") != "disk" || list(t, out, "with_disk") != "db2" || list(t, out, "stuck") != "" {
		t.Fatalf("%s, full on %q", verdict(out, "db2"), list(t, out, "with_disk"))
	}
	for after, proven := range map[[2]string]bool{{"active", "yes"}: true, {"failed", "yes"}: false, {"active", "no"}: false} {
		facts := plain(look,
			typed(t, runbook, "halt", map[string]string{"console_halted": "0"}),
			typed(t, runbook, "biggest", map[string]string{"loose": "512M /var/tmp/old.img, 40M /srv/a-b.tar", "journal_size": "120.0M"}),
			typed(t, runbook, "free", map[string]string{"free_now": "256"}),
			typed(t, runbook, "start", map[string]string{"console_state": "active"}),
			typed(t, runbook, "after", map[string]string{"state_after": after[0], "here_after": after[1]}),
			typed(t, runbook, "reached", map[string]string{"open_at": "192.0.2.12", "shut_at": "-"}))
		f := newFlow(t, runbook, "database", map[string]map[string]any{"db1": {}, "db2": facts, "db3": {}})
		for name, v := range out.Lets {
			f.sc.Lets[name] = v.V
		}
		for step, want := range map[string]string{"halt": "db2", "biggest": "db2", "free": "db2", "start": "db2", "copy-room": "", "after": "db1 db2 db3"} {
			if got := f.hosts(step, "db2", "db3"); got != want {
				t.Errorf("%s is led on %q", step, got)
			}
		}
		for i, p := range f.step("proven").Prove {
			ok, err := p.That.Bool(f.sc)
			if err != nil || ok != (proven || i == 1) {
				t.Errorf("%v: %s is %t %v", after, p.That.Text, ok, err)
			}
		}
		if said := fmt.Sprint(facts["loose"]); said != "[512M /var/tmp/old.img 40M /srv/a-b.tar]" {
			t.Errorf("the large files are %s", said)
		}
		// nobody is sent to hosts whose answer changes nothing
		for host, want := range map[string]bool{"db2": true, "db3": false} {
			if f.asks("after", host) != want || f.asks("reached", host) != want {
				t.Errorf("%s: asked about after %t, reached %t", host, f.asks("after", host), f.asks("reached", host))
			}
		}
	}
	front := newFlow(t, runbook, "controller", nil)
	if !front.asks("reached", "db1") {
		t.Error("a host in front of the database is not asked about")
	}
}

// A way that is shut from one host is no proof, read there or typed.
func TestCardsOfReached(t *testing.T) {
	for shut, want := range map[string]bool{"-": true, "192.0.2.12": false} {
		f := newFlow(t, "mariadb-will-not-start", "controller", map[string]map[string]any{
			"db1": plain(read(t, "mariadb-will-not-start", "reached", "192.0.2.11 ok\n192.0.2.12 denied\n")),
			"db2": plain(typed(t, "mariadb-will-not-start", "reached", map[string]string{"open_at": "192.0.2.11", "shut_at": shut})),
		})
		if ok, err := f.step("proven").Prove[1].That.Bool(f.sc); err != nil || ok != want {
			t.Errorf("shut at %s: proven %t %v", shut, ok, err)
		}
	}
}

// Room that was measured at the console decides whether what is there is kept, as room that was read.
func TestCardsOfRoom(t *testing.T) {
	for room, keep := range map[string]string{"1300": "yes", "1200": "no"} {
		facts := plain(typed(t, "mariadb-will-not-start", "copy-room", map[string]string{"whole_mib": "1000", "room_mib": room}))
		f := newFlow(t, "mariadb-will-not-start", "database", map[string]map[string]any{"db1": facts})
		f.sc.Host = "db1"
		s := f.step("copy")
		v := s.Vars["keep"]
		got, err := v.String(f.sc)
		guard, err2 := s.Guard[1].That.Bool(f.sc)
		if err != nil || err2 != nil || got != keep || guard != (keep == "yes") {
			t.Errorf("room for %s: keep %s, guard %t, %v %v", room, got, guard, err, err2)
		}
	}
}

func TestCardsOfMariaDBRefuse(t *testing.T) {
	for at, texts := range map[[2]string][]string{
		{"halt", "console_halted"}:  {"", "1", "no"},
		{"biggest", "loose"}:        {"", "512 /var/tmp/old.img", "512M", "512M var/tmp/old.img", "512M /var/tmp/a b"},
		{"biggest", "journal_size"}: {"", "-", "large", "M"},
		{"free", "free_now"}:        {"", "0", "255", "99", "300M", "-1", "1.5"},
		{"copy-room", "whole_mib"}:  {"", "1G", "-"},
		{"copy-room", "room_mib"}:   {"", "1G", "-"},
		{"after", "state_after"}:    {"", "active (running)", "1"},
		{"after", "here_after"}:     {"", "maybe", "*"},
		{"reached", "open_at"}:      {"", "db1", "192.0.2.11 ok"},
		{"reached", "shut_at"}:      {"", "none!", "192.0.2.11 1129"},
	} {
		refuses(t, "mariadb-will-not-start", at[0], at[1], texts...)
	}
	for _, enough := range []string{"256", "260", "300", "999", "1000", "73059"} {
		typed(t, "mariadb-will-not-start", "free", map[string]string{"free_now": enough})
	}
}
