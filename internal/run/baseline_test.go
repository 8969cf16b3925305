package run

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

func baselineRun(t *testing.T, root, id, procedure, site, outcome, holder string) {
	t.Helper()
	d, err := Create(root, id, Files{})
	if err != nil {
		t.Fatal(err)
	}
	j, _, err := OpenJournal(d.JournalPath(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	bodies := []Body{
		RunStarted{Run: id, Procedure: procedure, Site: site, Plan: []PlannedStep{{ID: "hosts"}}},
		Fact{Unit: Unit{Step: "hosts", Host: "a"}, Name: "holder", Value: steps.Value{V: holder}},
		Fact{Unit: Unit{Step: "hosts", Host: "a"}, Name: "list", Value: steps.Value{V: []any{"x", "y"}}},
	}
	if outcome != "" {
		bodies = append(bodies, RunEnded{Outcome: outcome})
	}
	for _, b := range bodies {
		if _, err := j.Append(b); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBaseline: the newest good picture of the same site is what a run compares with; it goes
// through the run directory unchanged, and only what was found otherwise is told.
func TestBaseline(t *testing.T) {
	root := t.TempDir()
	if b, err := LastBaseline(root, "s"); b != nil || err != nil {
		t.Fatalf("%v %v where there is no run", b, err)
	}
	baselineRun(t, root, "20261101-000000-00000001", BaselineProcedure, "s", "done", "old")
	baselineRun(t, root, "20261102-000000-00000002", BaselineProcedure, "s", "done", "db1")
	baselineRun(t, root, "20261103-000000-00000003", BaselineProcedure, "s", "failed", "wrong")
	baselineRun(t, root, "20261104-000000-00000004", BaselineProcedure, "other", "done", "wrong")
	baselineRun(t, root, "20261105-000000-00000005", "galera-recovery", "s", "done", "wrong")
	baselineRun(t, root, "20261106-000000-00000006", BaselineProcedure, "s", "", "wrong")
	found, err := LastBaseline(root, "s")
	if err != nil || found == nil || found.Run != "20261102-000000-00000002" {
		t.Fatalf("%+v %v", found, err)
	}
	data, err := found.Encode()
	if err != nil {
		t.Fatal(err)
	}
	d, err := Create(root, "20261107-000000-00000007", Files{Baseline: data})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Baseline()
	if err != nil {
		t.Fatal(err)
	}
	fact := func(name string, v any) Event {
		return Event{Body: Fact{Unit: Unit{Step: "look", Host: "a"}, Name: name, Value: steps.Value{V: v}}}
	}
	st := Fold([]Event{{Body: RunStarted{Plan: []PlannedStep{{ID: "look"}}}}, fact("holder", "db2"), fact("list", []any{"x", "y"}), fact("new", 1), fact("holder", "db1")})
	got := kept.Differs(st.Step("look"), i18n.For(i18n.English))
	if len(got) != 1 || got[0].Host != "a" || got[0].Fact != "holder" || got[0].Was.Value.V != "db1" || got[0].Is.Value.V != "db2" {
		t.Errorf("differs: %+v", got)
	}
	none, err := Create(root, "20261108-000000-00000008", Files{})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := none.Baseline(); b != nil || err != nil {
		t.Errorf("%v %v where there is none", b, err)
	}
}

// TestPruneBaselines: cron does not fill the disk; the newest stay, what is not over stays, the one
// that runs compare with stays, and nothing else is touched.
func TestPruneBaselines(t *testing.T) {
	root := t.TempDir()
	add := func(day int, procedure, site, outcome, host string) {
		id := fmt.Sprintf("202611%02d-000000-%08d", day, day)
		baselineRun(t, root, id, procedure, site, outcome, "x")
		if host != "" {
			d, err := Find(root, id)
			if err != nil {
				t.Fatal(err)
			}
			j, _, err := OpenJournal(d.JournalPath(), time.Now)
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			if _, err := j.Append(HostState{Host: "a", State: host}); err != nil {
				t.Fatal(err)
			}
		}
	}
	add(1, BaselineProcedure, "s", "done", "")
	add(2, BaselineProcedure, "s", "done", "") // the last whole one
	add(3, BaselineProcedure, "s", "done", HostFailed)
	add(4, BaselineProcedure, "s", "", "") // not over
	add(5, "galera-recovery", "s", "done", "")
	add(6, BaselineProcedure, "other", "done", "")
	add(7, BaselineProcedure, "s", "failed", "")
	add(8, BaselineProcedure, "s", "done", HostFailed)
	if last, err := LastBaseline(root, "s"); err != nil || last == nil || last.Run != "20261102-000000-00000002" {
		t.Fatalf("%+v %v", last, err)
	}
	if err := PruneBaselines(root, "s", 2); err != nil {
		t.Fatal(err)
	}
	all, err := List(root)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, s := range all {
		left = append(left, s.ID[6:8])
	}
	if got := strings.Join(left, " "); got != "08 07 06 05 04 02" {
		t.Errorf("left are %s", got)
	}
}
