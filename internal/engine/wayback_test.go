package engine

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
)

// held closes something on both hosts, does more, and opens it again.
const held = `
  - id: shut
    title: {en: s, ko: s}
    on: node
    run: |
      mock ledger shut
      mock set shut 1
    verify: [{probe: mock has shut}]
    holds: {until: open, en: 'It is shut on {host_name}', ko: '닫힘: {host_name}'}
  - id: work
    title: {en: w, ko: w}
    on: {from: node, where: '.name == "a"'}
    run: |
      mock ledger work
      mock exit-unless ok
    verify: [{probe: mock has work}]
  - id: proof
    title: {en: p, ko: p}
    prove: [{that: 'hosts.node[1].seqno > 8', en: It is new, ko: 최신}]
  - id: open
    title: {en: o, ko: o}
    on: node
    run: |
      mock ledger open
      mock set open 1
    verify: [{probe: mock has open}]
`

// Whatever way a run ends before it came to the step that lets go, that step's script runs once
// on each host before the run is over, also when the engine dies at any point of it.
func TestHeldIsLetGo(t *testing.T) {
	for name, tc := range map[string]struct {
		text, outcome string
	}{
		"stopped": {held, "cancelled"},
		"refused": {strings.Replace(held, "mock exit-unless ok", "mock set work 1", 1), "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			for die := 0; die < 600; die++ {
				over := false
				synctest.Test(t, func(t *testing.T) {
					r := newRig(t, casesHead+tc.text, "a", "b")
					r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].kv["seqno"] = "5", "7"
					r.answer = say(map[string]string{run.AskFailed: "stop"})
					st, err := r.run(die)
					over = die > 0 && !r.dead
					if r.dead {
						st, err = r.run(0)
					}
					if err != nil || st.Ended == nil || st.Ended.Outcome != tc.outcome || len(st.Held()) > 0 {
						t.Fatalf("killed %s: %v %+v, held %+v", r.where, err, st.Ended, st.Held())
					}
					for _, h := range []string{"a", "b"} {
						if l := r.w.hosts[h].ledger; l["shut"] != 1 || l["open"] != 1 || r.w.hosts[h].claim != nil {
							t.Errorf("killed %s: %s %v claim %v %+v", r.where, h, l, r.w.hosts[h].claim, st.Hosts[h])
						}
					}
				})
				if over || t.Failed() {
					return
				}
			}
			t.Error("it never ends")
		})
	}
}

// What could not be let go of is said; a step that lets go and was done is nothing to say.
func TestHeldIsSaid(t *testing.T) {
	driveCases(t, strings.Replace(held, "mock ledger open", "mock exit-unless never", 1), func(r *rig) {
		r.answer = say(map[string]string{run.AskFailed: "stop"})
	}, func(r *rig, st *run.State) {
		all := st.Held()
		if st.Ended == nil || len(all) != 2 || all[0].Say.En != "It is shut on a" || all[1].Unit.Host != "b" || all[1].Until != "open" {
			t.Errorf("%+v %+v", st.Ended, all)
		}
	})
	whole := strings.Replace(strings.Replace(held, "mock exit-unless ok", "mock set work 1", 1), "> 8", "> 6", 1)
	driveCases(t, whole, func(*rig) {}, func(r *rig, st *run.State) {
		if st.ExitStatus() != 0 || len(st.Held()) > 0 || r.w.hosts["a"].ledger["open"] != 1 {
			t.Errorf("%d %+v %v", st.ExitStatus(), st.Held(), r.w.hosts["a"].ledger)
		}
	})
	// left out by the operator: not done behind his back, and said
	driveCases(t, strings.Replace(whole, "mock ledger open", "mock exit-unless never", 1), func(r *rig) {
		r.answer = say(map[string]string{run.AskFailed: "skip"})
	}, func(r *rig, st *run.State) {
		jobs := 0
		for _, u := range st.Step("shut").Units {
			jobs += len(u.Jobs)
		}
		if st.Ended == nil || len(st.Held()) != 2 || jobs != 2 {
			t.Errorf("%+v %+v, %d jobs", st.Ended, st.Held(), jobs)
		}
	})
}

const twoWays = `
  - id: first
    title: {en: First, ko: 처음}
    on: node
    serial: true
    run: |
      mock ledger first
      mock set first 1
    verify: [{probe: mock has first}]
    abort: mock ledger back-first
  - id: second
    title: {en: Second, ko: 다음}
    on: {from: node, where: '.name == "b"'}
    run: |
      mock ledger second
      mock exit-unless never
    verify: [{probe: mock has second}]
    abort: mock ledger back-second
`

// With the site's name everything that was done before is taken back too, once each; without it
// only what was done on the host that failed.
func TestAbortAll(t *testing.T) {
	for answer, want := range map[string][3]int{"lab": {1, 1, 1}, "no": {0, 0, 1}} {
		for die := 0; die < 400; die++ {
			over := false
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, casesHead+twoWays, "a", "b")
				r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].kv["seqno"] = "5", "7"
				r.answer = say(map[string]string{run.AskConfirm: answer, run.AskFailed: "abort"})
				st, err := r.run(die)
				over = die > 0 && !r.dead
				if r.dead {
					st, err = r.run(0)
				}
				if err != nil || st.Ended == nil || st.Ended.Outcome != "failed" || st.ExitStatus() != 1 {
					t.Fatalf("%s, killed %s: %v %+v", answer, r.where, err, st.Ended)
				}
				a, b := r.w.hosts["a"].ledger, r.w.hosts["b"].ledger
				if got := [3]int{a["back-first"], b["back-first"], b["back-second"]}; got != want || a["first"] != 1 || b["first"] != 1 || b["second"] != 1 {
					t.Errorf("%s, killed %s: %v %v", answer, r.where, a, b)
				}
				i := slices.IndexFunc(st.Answered, func(q *run.QuestionView) bool { return q.Q.Kind == run.AskConfirm })
				if i < 0 || st.Answered[i].Q.Typed != "lab" || !strings.Contains(st.Answered[i].Q.Say.En, "a: First") || !strings.Contains(st.Answered[i].Q.Say.Ko, "b: 처음") {
					t.Errorf("%+v", st.Answered)
				}
			})
			if over || t.Failed() {
				break
			}
		}
	}
}

// A called procedure means the hosts of the role that it was called with, in all it does; so does
// what it calls itself.
func TestCallRoles(t *testing.T) {
	driveCases(t, `
  - id: theirs
    title: {en: c, ko: c}
    call: {procedure: inner, roles: {node: other}, gives: {names: names, deep: deep}}
  - id: ours
    title: {en: c, ko: c}
    call: {procedure: inner, gives: {names: all}}
  - {id: stop, when: 'join(names, " ") == "b c" and deep == 2 and len(all) == 3', end: {outcome: done, en: Good, ko: 완료}}
  - {id: bad, title: {en: n, ko: n}, let: {bad: '1'}}
procedures:
  inner: |
    id: inner
    kind: runbook
    title: {en: Inner, ko: 안}
    needs: {node: "1+"}
    steps:
      - id: work
        title: {en: w, ko: w}
        on: {from: node, where: '"node" in .roles'}
        run: |
          mock ledger inner
          mock set inner 1
        verify: [{probe: mock has inner, on: node}]
      - {id: names, title: {en: n, ko: n}, let: {names: 'map(hosts.node, .name)'}}
      - {id: down, title: {en: d, ko: d}, call: {procedure: innermost, roles: {thing: node}, gives: {count: deep}}}
  innermost: |
    id: innermost
    kind: runbook
    title: {en: Innermost, ko: 더 안}
    needs: {thing: "1+"}
    steps:
      - {id: count, title: {en: n, ko: n}, let: {count: 'count(hosts.thing)'}}
`, func(r *rig) {
		*r = *newRig(r.t, string(r.o.Procedure.Source), "a", "b", "c")
		r.answer = say(map[string]string{})
		for i := range r.o.Site.Hosts {
			r.w.hosts[r.o.Site.Hosts[i].Name].kv["seqno"] = "5"
			if i > 0 {
				r.o.Site.Hosts[i].Roles = []string{"node", "other"}
			}
		}
	}, func(r *rig, st *run.State) {
		if st.Ended == nil || st.Ended.Say.En != "Good" {
			t.Fatalf("%+v, open %+v, lets %v", st.Ended, st.Questions, st.Lets)
		}
		if a, b := r.w.hosts["a"].ledger["inner"], r.w.hosts["b"].ledger["inner"]; a != 1 || b != 2 {
			t.Errorf("a did it %d times, b %d", a, b)
		}
		if len(st.Step("theirs/work").Units) != 2 || len(st.Step("ours/work").Units) != 3 {
			t.Errorf("%+v", st.Step("theirs/work").Units)
		}
	})
}

// An answer given ahead counts once for the run: an engine that starts after the death of the one
// that used it does not use it again for facts that have changed since. Somebody who gives it anew has seen them.
func TestDecidedOnce(t *testing.T) {
	voided := 0
	for die := 1; die < 400; die++ {
		over := false
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, casesHead+strings.Replace(guarded, "hosts.node[1].seqno == 7", "hosts.node[1].seqno > 6", 1), "a", "b")
			r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].kv["seqno"] = "5", "7"
			r.o.Settings = Settings{OnAsk: "park", Decide: map[string]string{"down": "a"}}
			r.answer = func(*run.QuestionView) run.Command { return run.Command{} }
			st, err := r.run(die)
			if over = !r.dead; over {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			given := slices.ContainsFunc(st.Answered, func(q *run.QuestionView) bool { return q.Q.Kind == run.AskConfirm && q.Answer.Void == "" })
			began := r.w.hosts["a"].ledger["down"] > 0 || len(st.Step("down").Units) > 0 && len(st.Step("down").Units[0].Jobs) > 0
			r.w.hosts["b"].kv["seqno"] = "9"
			st, err = r.run(0)
			if err != nil {
				t.Fatal(err)
			}
			if given && !began {
				voided++
				if r.w.hosts["a"].ledger["down"] != 0 || st.Parked == nil || len(st.Questions) != 1 {
					t.Errorf("killed %s: it ran %d times, open %+v", r.where, r.w.hosts["a"].ledger["down"], st.Questions)
				}
				r.o.DecidedAt = st.Seq
				if st, err = r.run(0); err != nil || st.Ended == nil || r.w.hosts["a"].ledger["down"] != 1 {
					t.Errorf("killed %s, given anew: it ran %d times, ended %+v: %v", r.where, r.w.hosts["a"].ledger["down"], st.Ended, err)
				}
			}
		})
		if over || t.Failed() {
			break
		}
	}
	if voided == 0 {
		t.Error("it never died between the answer and the deed")
	}
}

// Answers given to attach are new ones, whatever was answered before; they count once too, also where
// the viewer gave them to an engine that then died.
func TestDecidedAtAttach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, casesHead+held, "a", "b")
		r.answer = func(*run.QuestionView) run.Command { return run.Command{} }
		r.o.Settings = Settings{OnAsk: "park", Decide: map[string]string{"work": "retry"}}
		for i, want := range []int{2, 2, 3, 3} {
			st, err := r.run(0)
			if err != nil || st.Parked == nil {
				t.Fatalf("engine %d: %v %+v", i+1, err, st.Ended)
			}
			if did := r.w.hosts["a"].ledger["work"]; did != want {
				t.Errorf("engine %d: it ran %d times, want %d", i+1, did, want)
			}
			if i == 1 {
				r.o.DecidedAt = st.Seq
			}
		}
		// The viewer of an attach gives it in its user's name; then that engine leaves.
		st, err := r.dir.State()
		if err != nil {
			t.Fatal(err)
		}
		decide := r.o.Settings.Decide
		r.o.DecidedAt, r.o.Settings = st.Seq, Settings{OnAsk: "wait"}
		r.answer = func(q *run.QuestionView) run.Command {
			if r.w.hosts["a"].ledger["work"] == 3 {
				return run.Command{Do: "answer", Question: q.Seq, Value: "retry"}
			}
			return run.Command{Do: "park"}
		}
		if _, err := r.run(0); err != nil {
			t.Fatal(err)
		}
		r.o.Settings = Settings{OnAsk: "park", Decide: decide}
		r.answer = func(*run.QuestionView) run.Command { return run.Command{} }
		if _, err := r.run(0); err != nil {
			t.Fatal(err)
		}
		if did := r.w.hosts["a"].ledger["work"]; did != 4 {
			t.Errorf("what the viewer gave was given again: it ran %d times, want 4", did)
		}
	})
}

// A guard's question says in words what must hold; only where something was not known it says what.
func TestGuardSaysWhatWasNotKnown(t *testing.T) {
	for name, tc := range map[string]struct{ seqno, found string }{
		"false": {"8", ""}, "not known": {"", "seqno of b is not known: "},
	} {
		t.Run(name, func(t *testing.T) {
			driveCases(t, guarded, func(r *rig) {
				r.w.hosts["b"].kv["seqno"] = tc.seqno
				r.o.Settings.OnAsk = "park"
				r.answer = func(*run.QuestionView) run.Command { return run.Command{} }
			}, func(r *rig, st *run.State) {
				if len(st.Questions) != 1 || st.Questions[0].Q.Kind != run.AskGuard {
					t.Fatalf("%+v", st.Questions)
				}
				q := st.Questions[0].Q
				if found := q.Args["found"]; q.Say.En != "b stays as it is" || !strings.HasPrefix(found, tc.found) || (found == "") != (tc.found == "") {
					t.Errorf("%+v", q)
				}
			})
		})
	}
}
