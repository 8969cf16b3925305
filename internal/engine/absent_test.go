package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// tolerance looks at hosts that may be silent, and works on those that answer.
const tolerance = `
id: tolerance
kind: install
title: {en: T, ko: T}
steps:
  - id: look
    on: node
    absent: allow
    probe: mock get x
    read: {x: {match: '(.+)'}}
    verify: [{probe: mock has x}]
  - id: work
    title: {en: w, ko: w}
    on: {from: node, where: '.reachable'}
    run: |
      mock ledger work
      mock set done 1
    verify: [{probe: mock has done}]
`

// nobody fails the test when anything is asked.
func nobody(t *testing.T) func(*run.QuestionView) run.Command {
	return func(q *run.QuestionView) run.Command {
		t.Errorf("asked %s of %v %v: %v", q.Q.Kind, q.Q.Hosts, q.Q.Unit, q.Q.Problem)
		return run.Command{Do: "answer", Value: "stop"}
	}
}

func TestSilentHostIsAResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, tolerance, "a", "b")
		r.w.hosts["a"].cut = true
		r.w.hosts["b"].kv["x"] = "1"
		r.answer = nobody(t)
		st := ends(t, r, "done")
		if f := st.Facts["a"]["x"]; f.Absent != steps.WhyUnreachable {
			t.Errorf("the fact of the silent host: %+v", f)
		}
		if st.Facts["b"]["x"].V != "1" || r.w.hosts["b"].ledger["work"] != 1 || r.w.hosts["a"].ledger["work"] != 0 {
			t.Errorf("%+v %v", st.Facts, r.w.hosts["b"].ledger)
		}
		if h := st.Hosts["a"]; h.State != run.HostFailed || h.Problem == nil {
			t.Errorf("the silent host stands as %+v", h)
		}
		if r.w.hosts["b"].claim != nil {
			t.Error("a claim is left")
		}
	})
}

// TestSilentLaterOn: the connection is lost in the probe itself.
func TestSilentLaterOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, tolerance, "a", "b")
		r.w.hosts["b"].kv["x"] = "1"
		r.w.hook = func(call, host string, after bool) error {
			if call == "Probe" && host == "a" {
				r.w.mu.Lock()
				defer r.w.mu.Unlock()
				r.w.hosts["a"].cut = true
				return problem.New("remote.lost", host, nil)
			}
			return nil
		}
		r.answer = nobody(t)
		st := ends(t, r, "done")
		if f := st.Facts["a"]["x"]; f.Absent != steps.WhyUnreachable {
			t.Errorf("the fact of the silent host: %+v", f)
		}
		if h := st.Hosts["a"]; h.State != run.HostLost || h.Problem == nil {
			t.Errorf("the silent host stands as %+v", h)
		}
	})
}

// TestSilentHostIsNeededAfterAll: a later step turns out to need it, so the operator is asked
// then, and it is claimed before anything is done there.
func TestSilentHostIsNeededAfterAll(t *testing.T) {
	procedure := strings.Replace(tolerance, "  - id: work\n", `  - id: which
    title: {en: w, ko: w}
    choose: {name: chosen, en: Which?, ko: 선택?, options: [{value: a, title: {en: a, ko: a}}, {value: b, title: {en: b, ko: b}}]}
  - id: work
`, 1)
	procedure = strings.Replace(procedure, "on: {from: node, where: '.reachable'}", "on: {expr: chosen}", 1)
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, procedure, "a", "b")
		a := r.w.hosts["a"]
		a.cut = true
		r.w.hosts["b"].kv["x"] = "1"
		var asked []string
		r.answer = func(q *run.QuestionView) run.Command {
			asked = append(asked, q.Q.Kind)
			if q.Q.Kind == run.AskReach {
				r.w.mu.Lock()
				defer r.w.mu.Unlock()
				a.cut = false
				if a.claim != nil {
					t.Error("claimed while it was silent")
				}
				return run.Command{Do: "answer", Value: "retry"}
			}
			return run.Command{Do: "answer", Value: "a"}
		}
		ends(t, r, "done")
		if strings.Join(asked, " ") != "choose reach" || a.ledger["work"] != 1 || r.w.hosts["b"].ledger["work"] != 0 || a.claim != nil {
			t.Errorf("asked %v, %v", asked, a.ledger)
		}
	})
}

// TestSilentHostThatIsNeeded is one that another step has in any case: it is asked about before
// anything is done.
func TestSilentHostThatIsNeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, strings.Replace(tolerance, "on: {from: node, where: '.reachable'}", "on: node", 1), "a", "b")
		r.w.hosts["a"].cut = true
		r.o.Settings.OnAsk = "park"
		st := parked(t, r, "question", run.ExitUnreachable)
		if len(st.Facts) > 0 {
			t.Errorf("read already: %+v", st.Facts)
		}
	})
}

func TestOnceIsTheFirstThatAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		procedure := strings.Replace(tolerance, "  - id: work\n", "  - {id: all, title: {en: a, ko: a}, let: {chosen: 'map(hosts.node, .name)'}}\n  - id: work\n", 1)
		procedure = strings.Replace(procedure, "on: {from: node, where: '.reachable'}", "on: {expr: chosen}\n    once: true", 1)
		r := newRig(t, procedure, "a", "b", "c")
		r.w.hosts["a"].cut = true
		r.w.hosts["b"].kv["x"], r.w.hosts["c"].kv["x"] = "1", "1"
		r.answer = nobody(t)
		ends(t, r, "done")
		if r.w.hosts["b"].ledger["work"] != 1 {
			t.Error(r.w.hosts["b"].ledger)
		}
	})
}

// TestHandWorkBringsAHostBack: once a person says that something was done, a host that was silent
// a moment ago is looked at anew, however short that moment was.
func TestHandWorkBringsAHostBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, strings.Replace(tolerance, "  - id: work\n", `  - id: power
    title: {en: p, ko: p}
    manual: {en: Switch it on., ko: "켜십시오.", look: {en: It is on., ko: 켜졌습니다.}}
  - id: again
    on: node
    absent: allow
    probe: mock get x
    read: {y: {match: '(.+)'}}
  - id: work
`, 1), "a", "b")
		r.w.hosts["a"].cut = true
		r.w.hosts["a"].kv["x"], r.w.hosts["b"].kv["x"] = "1", "1"
		r.answer = func(q *run.QuestionView) run.Command {
			if q.Q.Kind != run.AskManual {
				t.Errorf("asked %s", q.Q.Kind)
			}
			r.w.mu.Lock()
			r.w.hosts["a"].cut = false
			r.w.mu.Unlock()
			return run.Command{Do: "answer", Value: "done"}
		}
		st := ends(t, r, "done")
		if st.Facts["a"]["y"].V != "1" || r.w.hosts["a"].ledger["work"] != 1 {
			t.Errorf("%+v %v", st.Facts["a"], r.w.hosts["a"].ledger)
		}
	})
}

// TestGoneBetweenGuardAndRequire: the power of a host fails while the guards are looked at. The
// step waits for it and looks anew, as with a host that is lost anywhere else; its failure would
// say that a fact is missing, not that the host is gone.
func TestGoneBetweenGuardAndRequire(t *testing.T) {
	procedure := strings.Replace(guarded, "    confirm: {type: host, en: Sure?, ko: 확실합니까?}\n",
		"    vars: {n: 'hosts.node[0].seqno'}\n    require: [{probe: mock has seqno}]\n", 1)
	looks := 0
	driveCases(t, procedure, func(r *rig) {
		r.answer = nobody(t)
		r.w.hook = func(call, host string, after bool) error {
			if call != "Probe" || host != "a" || after {
				return nil
			}
			if looks++; looks == 2 {
				r.w.mu.Lock()
				defer r.w.mu.Unlock()
				r.w.hosts["a"].restart(20 * time.Second)
				return problem.New("remote.lost", host, nil)
			}
			return nil
		}
	}, func(r *rig, st *run.State) {
		u := st.Unit(run.Unit{Step: "down", Host: "a"})
		if st.Ended == nil || st.Ended.Outcome != "done" || u.Attempt != u.First || r.w.hosts["a"].ledger["down"] != 1 {
			t.Errorf("%+v, attempt %d, %v", st.Ended, u.Attempt, r.w.hosts["a"].ledger)
		}
		if st.Facts["a"]["seqno"].V != 5 {
			t.Errorf("what was read after it came back: %+v", st.Facts["a"])
		}
	})
}

// TestCheckThatCouldNotBeLookedAt names the cause: nothing was expected of what was never seen.
func TestCheckThatCouldNotBeLookedAt(t *testing.T) {
	driveCases(t, `
  - id: work
    title: {en: w, ko: w}
    on: {from: node, where: '.name == "a"'}
    vars: {n: 'hosts.node[0].never'}
    require: [{probe: 'echo "$n"'}]
    run: mock ledger work
    verify: [{probe: mock has x}]
`, func(r *rig) { r.o.Settings.OnAsk = "park" }, func(r *rig, st *run.State) {
		u := st.Unit(run.Unit{Step: "work", Host: "a"})
		if u.Problem == nil || u.Problem.Code != "engine.check.unread" || !strings.Contains(u.Problem.Error(), "never") {
			t.Errorf("%+v", u.Problem)
		}
	})
}
