package runbooks_test

import (
	"os"
	"testing"
)

// What was done is proven anew where a host was restarted since. A step whose effect was meant to pass (a datadir that was empty,
// a broker that was stopped) knows by itself that it is over, and asks nobody to do it again.
func TestDoneIsOver(t *testing.T) {
	galera := newFlow(t, "galera-recovery", "database", nil).step("empty").Check[0]
	full := newFlow(t, "mariadb-will-not-start", "database", nil).step("halt").Check[0]
	f := newFlow(t, "galera-recovery", "database", nil)
	for _, c := range []struct {
		name, printed string
		over          bool
	}{
		{"emptied, and joined", "cluster_status: Primary\ncomment: Synced\n", true}, {"emptied, and receives", "comment: Joiner\n", false}, {"to be emptied", "", false},
	} {
		if got := f.holds(galera, c.printed); got != c.over {
			t.Errorf("%s: over is %t", c.name, got)
		}
	}
	for printed, over := range map[string]bool{"free 12\ninodes 40\n": false, "free 4000\ninodes 100\n": false, "free 300\ninodes 0\n": true, "": false} {
		if got := f.holds(full, printed); got != over {
			t.Errorf("%q: over is %t", printed, got)
		}
	}

	moved := newFlow(t, "rabbitmq-rebuild", "broker", nil).step("aside").Check[0].Probe.All
	b := newBroker(t)
	over := func(when string, want bool) {
		t.Helper()
		if out, err := b.runs(moved); (err == nil) != want {
			t.Errorf("%s: %v %s", when, err, out)
		}
	}
	over("before", false)
	if out, err := b.runs(newFlow(t, "rabbitmq-rebuild", "broker", nil).step("aside").Script.All); err != nil {
		t.Fatal(err, out)
	}
	over("moved", true)
	b.put("bin/pgrep", "#!/bin/sh\necho 4711\n")
	over("moved, and the old one still runs", false)
	b.put("mnesia/rabbit@db1/schema.DAT", "new")
	over("the new one runs", true)

	copied := newFlow(t, "mariadb-will-not-start", "database", nil).step("copy")
	d := newDB(t)
	runs := func() string {
		t.Helper()
		cmd := d.script("abort") // for its environment
		cmd.Args, cmd.Env = []string{"sh", "-c", copied.Check[0].Probe.All}, append(cmd.Env, "data="+d.data)
		out, err := cmd.Output()
		if err != nil && len(out) > 0 {
			t.Fatal(err, string(out))
		}
		return string(out)
	}
	d.put("bin/mariadb", "#!/bin/sh\nprintf 'wsrep_local_state_comment\\tSynced\\n'\n")
	if f.holds(copied.Check[0], runs()) {
		t.Error("a copy that was never asked for is over")
	}
	if err := os.Rename(d.data+"/grastate.dat", d.data+".grastate.run"); err != nil {
		t.Fatal(err)
	}
	if !f.holds(copied.Check[0], runs()) {
		t.Error("it is Synced with its copy, and is to get another one")
	}
	d.put("bin/mariadb", "#!/bin/sh\nprintf 'wsrep_local_state_comment\\tInconsistent\\n'\n")
	if f.holds(copied.Check[0], runs()) {
		t.Error("it is Inconsistent again, and its copy is over")
	}
}

// Pacemaker is not told that a host is off which somebody has switched on since that was seen.
func TestOffForPacemaker(t *testing.T) {
	for _, back := range []bool{false, true} {
		f := newFlow(t, "all-hosts-down", "haproxy", nil)
		f.sc.Item = "db3"
		f.sc.Waived = func(name, step string) bool { return name == "db3" && step == "dead" }
		f.sc.Reachable = func(host string) bool { return host != "db3" || back }
		holds, read := true, false
		for _, g := range f.step("off-for-pacemaker").Guard {
			ok, err := g.That.Bool(f.sc)
			if err != nil {
				t.Fatal(err)
			}
			holds, read = holds && ok, read || g.Reread == "survey"
		}
		if holds == back || !read {
			t.Errorf("it answers again: %t, the guards say %t", back, holds)
		}
	}
}
