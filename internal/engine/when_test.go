package engine

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
)

// choosy has conditions on the unit's host, on a fact of it and on its item.
const choosy = `
id: choosy
kind: install
title: {en: C, ko: C}
steps:
  - id: look
    on: node
    probe: mock get x
    read: {x: {match: '(.+)'}}
  - id: fact
    title: {en: f, ko: f}
    on: node
    when: host.x == "1"
    run: |
      mock ledger fact
      mock set fact 1
      mock set x 3
    verify: [{probe: mock has fact}]
  - id: again
    title: {en: a, ko: a}
    wait: {until: 'any(hosts.node, .x == "3")', rereads: look, for: 1m}
  - id: item
    title: {en: i, ko: i}
    on: node
    each: '["p", "q"]'
    when: item == "q" and host.name != "c"
    run: |
      mock ledger item
      mock set item 1
    verify: [{probe: mock has item}]
  - id: none
    title: {en: n, ko: n}
    on: node
    when: host.name == "nobody"
    run: mock ledger none
    verify: [{probe: mock has fact}]
`

func choosyRig(t *testing.T) *rig {
	r := newRig(t, choosy, "a", "b", "c")
	for name, x := range map[string]string{"a": "1", "b": "2", "c": "2"} {
		r.w.hosts[name].kv["x"] = x
	}
	return r
}

// TestWhenOfAUnit kills the engine everywhere: what a condition said holds, although the fact
// that it was about is another one later.
func TestWhenOfAUnit(t *testing.T) {
	for die := 0; ; die++ {
		over := false
		synctest.Test(t, func(t *testing.T) {
			r := choosyRig(t)
			st, err := r.run(die)
			if die > 0 && !r.dead {
				over = true
				return
			}
			if die > 0 {
				st, err = r.run(0)
			}
			if err != nil || st.Ended == nil || st.Ended.Outcome != "done" {
				t.Fatalf("killed %s: %+v %v", r.where, st.Ended, err)
			}
			got := ""
			for _, v := range st.Steps {
				got += v.ID + ":" + string(v.Phase)
				for _, u := range v.Units {
					got += " " + u.Unit.String() + ":" + string(u.Phase)
					if u.Phase == run.PhaseSkipped && (u.Skipped == nil || u.Skipped.Why != "when") {
						t.Errorf("killed %s: skipped why %+v", r.where, u.Skipped)
					}
				}
				got += "\n"
			}
			want := `look:done look@a:done look@b:done look@c:done
fact:done fact@a:done fact@b:skipped fact@c:skipped
again:done again:done
item:done item@a[p]:skipped item@a[q]:done item@b[p]:skipped item@b[q]:done item@c[p]:skipped item@c[q]:skipped
none:skipped
`
			if got != want {
				t.Errorf("killed %s:\n%s", r.where, got)
			}
			for name, l := range map[string]string{"a": "1 1 0", "b": "0 1 0", "c": "0 0 0"} {
				m := r.w.hosts[name].ledger
				if ran := fmt.Sprint(m["fact"], m["item"], m["none"]); ran != l {
					t.Errorf("killed %s: %s ran %s", r.where, name, ran)
				}
			}
		})
		if over || t.Failed() {
			break
		}
	}
}

// TestPlanOfAUnit says which units a condition leaves out.
func TestPlanOfAUnit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := choosyRig(t)
		o := r.o
		o.Events = []run.Event{{V: run.Version, Seq: 1, Body: Begin(o, "plan")}}
		o.Journal, o.Hosts = &Memory{seq: 1}, r.w.pool()
		found := map[string]PlanFinding{}
		if err := New(o).Plan(context.Background(), func(l PlanLine) { found[l.Unit.String()] = l.Finding }); err != nil {
			t.Fatal(err)
		}
		for unit, want := range map[string]PlanFinding{"fact@a": PlanOpaque, "fact@b": PlanSkips, "item@a[p]": PlanSkips, "item@a[q]": PlanOpaque, "none": PlanSkips} {
			if found[unit] != want {
				t.Errorf("%s: %q, wanted %q", unit, found[unit], want)
			}
		}
	})
}
