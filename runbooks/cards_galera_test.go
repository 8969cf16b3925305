package runbooks_test

import (
	"slices"
	"strings"
	"testing"

	"stackhand/steps"
)

// hosts are those that a step is led for, while the silent ones do not answer.
func (f *flow) hosts(step string, silent ...string) string {
	f.t.Helper()
	f.sc.Reachable = func(host string) bool { return !slices.Contains(silent, host) }
	names, err := f.step(step).On.Resolve(f.sc)
	if err != nil {
		f.t.Fatalf("%s: %v", step, err)
	}
	return strings.Join(names, " ")
}

// asks tells whether a silent host is asked about in a step.
func (f *flow) asks(step, host string) bool {
	f.t.Helper()
	s, sc := f.step(step), f.sc
	if !s.Hand.When.Given() {
		return true
	}
	sc.Host = host
	ok, err := s.Hand.When.Bool(sc)
	if err != nil {
		f.t.Fatalf("%s, %s: %v", step, host, err)
	}
	return ok
}

// Rows that were counted at a console are judged as those that were counted over SSH.
func TestCardsOfRows(t *testing.T) {
	rows := func(step, box, said string) map[string]steps.Value {
		return typed(t, "galera-recovery", step, map[string]string{box: said})
	}
	ssh := read(t, "galera-recovery", "same-rows", "rows: keystone.project=5 nova.instances=7\n")
	for said, want := range map[string]string{
		"keystone.project=5 nova.instances=7": "none",
		"keystone.project=6 nova.instances=7": "keystone.project=6->5",
		"keystone.project=? nova.instances=9": "nova.instances=9->7",
	} {
		out := judged(t, "galera.rows", map[string]map[string]steps.Value{"db1": ssh, "db2": rows("before", "rows_before", said)}, nil)
		if got, _ := out.Hosts["db1"].Facts["fewer"].V.(string); got != want {
			t.Errorf("before the start %s: fewer is %q", said, got)
		}
	}
	agree := func(said string) bool {
		t.Helper()
		f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{"db1": plain(ssh), "db2": plain(rows("same-rows", "rows_after", said))})
		ok, err := f.step("agree").Wait.Until.Bool(f.sc)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !agree("keystone.project=5 nova.instances=7") || agree("keystone.project=5 nova.instances=6") {
		t.Error("the nodes agree with another count, or not with the same one")
	}
	f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{"db1": merge(plain(rows("rows", "rows", "keystone.project=5 nova.instances=6")), map[string]any{"rows_before": "keystone.project=5 nova.instances=7"})})
	f.sc.Host = "db1"
	if bad, err := f.step("rows").Means[0].When.Bool(f.sc); err != nil || !bad {
		t.Errorf("other counts than before the start: %t %v", bad, err)
	}
	for step, name := range map[string]string{"before": "rows_before", "rows": "rows", "same-rows": "rows_after"} {
		refuses(t, "galera-recovery", step, name, "", "-", "5 7", "keystone.project", "keystone.project=", "keystone.project=5,nova.instances=7",
			"keystone.project=5  nova.instances=7", "keystone.project=-1", "project=5", "keystone.project=5 nova.instances")
	}
}

func merge(a, b map[string]any) map[string]any {
	for k, v := range b {
		a[k] = v
	}
	return a
}

// A node that joined at its console is counted there; one that was left out is not asked about again.
func TestCardsFollowTheConsole(t *testing.T) {
	f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{
		"db1": {"comment": "Synced", "sql": "ok"}, "db2": plain(typed(t, "galera-recovery", "join", map[string]string{"console_state": "Synced"})), "db3": {},
	})
	if got := f.hosts("same-rows", "db2", "db3"); got != "db1 db2" {
		t.Errorf("the rows are counted on %s", got)
	}
	if got := f.hosts("same-rows", "db3"); got != "db1" { // db2 is back, and what it says itself counts
		t.Errorf("the rows are counted on %s", got)
	}
	if got := f.hosts("before", "db1", "db2", "db3"); got != "db1" { // it ran, and is silent since
		t.Errorf("the rows before are counted on %s", got)
	}
}

// A front end that is seen closed at a console is opened there; only on a cluster that is well is anybody sent to look.
func TestCardsOfFronts(t *testing.T) {
	fronts := func(closed, open string) map[string]any {
		return plain(typed(t, "galera-recovery", "fronts", map[string]string{"closed": closed, "open": open}))
	}
	for name, c := range map[string]struct {
		facts map[string]any
		class string
		opens string
	}{
		"closed":   {fronts("mysql, galera_ro", "-"), "healthy", "db2"},
		"open":     {fronts("-", "mysql"), "healthy", ""},
		"unknown":  {map[string]any{}, "healthy", ""},
		"not well": {map[string]any{}, "all-down", ""},
	} {
		f := newFlow(t, "galera-recovery", "haproxy", map[string]map[string]any{"db1": {"closed": []any{}}, "db2": c.facts, "db3": {"closed": []any{}}})
		f.sc.Lets["class"] = c.class
		if got := f.hosts("fronts", "db2"); got != "db1 db2 db3" {
			t.Errorf("%s: the front ends of %s are looked at", name, got)
		}
		if got := f.asks("fronts", "db2"); got != (c.class == "healthy") {
			t.Errorf("%s: somebody is sent to look: %t", name, got)
		}
		reopen, err := f.step("reopen").When.Bool(f.sc)
		if err != nil || reopen != (c.opens != "") || f.hosts("reopen-front", "db2") != c.opens {
			t.Errorf("%s: asked to open %t, on %q: %v", name, reopen, f.hosts("reopen-front", "db2"), err)
		}
	}
	refuses(t, "galera-recovery", "fronts", "closed", "", "mysql STOP", "mysql,", "mysql galera")
	refuses(t, "galera-recovery", "reopen-front", "console_reopened", "", "failed", "inactive")
	typed(t, "galera-recovery", "reopen-front", map[string]string{"console_reopened": "active"})
}

// What is typed of a node that hangs means the same in the table as what was read of it.
func TestCardsOfStuck(t *testing.T) {
	hangs := map[string]string{"stuck_unit": "activating", "stuck_process": "1", "stuck_disk": "no", "stuck_copy": "none", "stuck_now": "none"}
	for name, c := range map[string]struct{ box, said, means string }{
		"hangs":   {"stuck_now", "non-Primary", "It hangs"},
		"Primary": {"stuck_now", "Primary", "It is Primary"},
		"copies":  {"stuck_copy", "joiner", "It receives a copy"},
		"disk":    {"stuck_disk", "yes", "mysqld waits for its disk"},
	} {
		said := map[string]string{}
		for k, v := range hangs {
			said[k] = v
		}
		said[c.box] = c.said
		f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{"db1": plain(typed(t, "galera-recovery", "stuck", said))})
		f.sc.Host = "db1"
		means := ""
		for _, m := range f.step("stuck").Means {
			if ok, err := m.When.Bool(f.sc); err == nil && ok {
				means = m.Say.En
				break
			}
		}
		if !strings.HasPrefix(means, c.means) {
			t.Errorf("%s means %q", name, means)
		}
	}
	refuses(t, "galera-recovery", "stuck", "stuck_unit", "", "activating (start)", "running")
	refuses(t, "galera-recovery", "stuck", "stuck_process", "", "-1", "one")
	refuses(t, "galera-recovery", "stuck", "stuck_disk", "D", "")
	refuses(t, "galera-recovery", "stuck", "stuck_copy", "", "-", "yes")
	refuses(t, "galera-recovery", "stuck", "stuck_now", "", "wsrep_cluster_status Primary", "primary")
}
