package engine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
)

const casesHead = `
id: cases
kind: runbook
title: {en: Cases, ko: 경우}
needs: {node: "1+"}
steps:
  - id: look
    title: {en: l, ko: l}
    on: node
    absent: allow
    probe: mock get seqno
    read: {seqno: {match: '(\d+)', as: int}}
    show: [seqno]
`

// drive runs a procedure on hosts a and b, whose seqno is 5 and 7.
func driveCases(t *testing.T, text string, change func(r *rig), look func(r *rig, st *run.State)) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, casesHead+text, "a", "b")
		r.o.Judgements = newest()
		r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].kv["seqno"] = "5", "7"
		r.answer = say(map[string]string{})
		change(r)
		st, err := r.run(0)
		if err != nil {
			t.Fatal(err)
		}
		look(r, st)
	})
}

// A proof that does not hold, or touches what is absent, is shown with all others and ends the
// run as refused.
func TestProofRefuses(t *testing.T) {
	driveCases(t, `
  - id: proof
    title: {en: p, ko: p}
    prove:
      - {that: 'count(hosts.node) == 2', en: Two, ko: 둘}
      - {that: 'hosts.node[1].seqno > 8', en: It is new, ko: 최신}
      - {that: 'known("gone") and gone > 1', en: It is given, ko: 있음}
  - {id: gone, title: {en: g, ko: g}, let: {gone: '1'}}
`, func(r *rig) {}, func(r *rig, st *run.State) {
		if st.ExitStatus() != run.ExitRefused || st.Ended.Say.Ko != "최신" {
			t.Errorf("%d %+v", st.ExitStatus(), st.Ended)
		}
		u := st.Unit(run.Unit{Step: "proof"})
		if len(u.Checks) != 3 || !u.Checks[0].OK || u.Checks[1].OK || u.Checks[2].OK || u.Phase != run.PhaseFailed || st.Step("gone").Phase != run.PhaseWaiting {
			t.Errorf("%+v", u)
		}
	})
}

const guarded = `
  - id: down
    title: {en: d, ko: d}
    on: {from: node, where: '.name == "a"'}
    risk: destructive
    guard: [{rereads: look, that: 'hosts.node[1].seqno == 7', en: b stays as it is, ko: b 유지}]
    confirm: {type: host, en: Sure?, ko: 확실합니까?}
    run: |
      mock ledger down
      mock set down 1
    verify: [{probe: mock has down}]
    abort: mock ledger way-back
`

// A guard that says no blocks; only the site's name with a reason goes on, and what it is bound
// to is what was found.
func TestGuard(t *testing.T) {
	for name, tc := range map[string]struct {
		value, reason string
		ran           int
	}{
		"overridden":         {"lab", "b is empty", 1},
		"skipped":            {"skip", "not now", 0},
		"stopped":            {"stop", "", 0},
		"wrong name":         {"lap", "a slip", 0},
		"without the reason": {"lab", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			refused := strings.HasPrefix(name, "w")
			driveCases(t, guarded, func(r *rig) {
				r.w.hosts["b"].kv["seqno"] = "8"
				if refused {
					r.o.Settings.OnAsk = "park"
				}
				r.o.Settings.Decide = map[string]string{"down@a": strings.TrimSuffix(tc.value+": "+tc.reason, ": ") + "\na"}
				r.answer = func(q *run.QuestionView) run.Command { return run.Command{} }
			}, func(r *rig, st *run.State) {
				if n := r.w.hosts["a"].ledger["down"]; n != tc.ran {
					t.Errorf("it ran %d times", n)
				}
				if refused && (len(st.Questions) != 1 || st.Questions[0].Q.Kind != run.AskGuard || st.Parked == nil) {
					t.Errorf("%+v", st.Questions)
				}
				if tc.ran == 1 {
					i := slices.IndexFunc(st.Answered, func(q *run.QuestionView) bool { return q.Q.Kind == run.AskGuard })
					if i < 0 || st.Answered[i].Answer.Reason != tc.reason || st.ExitStatus() != 0 {
						t.Errorf("%+v", st.Answered)
					}
				}
			})
		})
	}
}

// What was agreed to is void when a fact that was shown is another one by then.
func TestConfirmVoid(t *testing.T) {
	asked := 0
	driveCases(t, strings.Replace(guarded, "hosts.node[1].seqno == 7", "hosts.node[1].seqno > 6", 1), func(r *rig) {
		r.answer = func(q *run.QuestionView) run.Command {
			asked++
			if asked == 1 { // while the operator thinks, b changes
				r.w.hosts["b"].kv["seqno"] = "9"
			}
			return run.Command{Do: "answer", Value: q.Q.Typed}
		}
	}, func(r *rig, st *run.State) {
		if asked != 2 || r.w.hosts["a"].ledger["down"] != 1 || st.ExitStatus() != 0 {
			t.Errorf("asked %d times, ran %v, exit %d", asked, r.w.hosts["a"].ledger, st.ExitStatus())
		}
	})
}

// The way back runs once on the host of the failed unit, and the run ends as failed, also when
// the engine dies at any point of it.
func TestAbort(t *testing.T) {
	for die := 0; die < 400; die++ {
		over := false
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, casesHead+strings.Replace(guarded, "mock set down 1", "mock exit-unless never", 1), "a", "b")
			r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].kv["seqno"] = "5", "7"
			r.answer = say(map[string]string{run.AskConfirm: "TYPED", run.AskFailed: "abort"})
			st, err := r.run(die)
			over = die > 0 && !r.dead
			if r.dead {
				st, err = r.run(0)
			}
			if err != nil || st.Ended == nil || st.Ended.Outcome != "failed" || st.ExitStatus() != 1 {
				t.Fatalf("killed %s: %v %+v", r.where, err, st.Ended)
			}
			a, b := r.w.hosts["a"], r.w.hosts["b"]
			if a.ledger["down"] != 1 || a.ledger["way-back"] != 1 || b.ledger["way-back"] != 0 || a.claim != nil {
				t.Errorf("killed %s: %v %v", r.where, a.ledger, b.ledger)
			}
		})
		if over || t.Failed() {
			return
		}
	}
	t.Error("it never ends")
}

// A called procedure that refuses fails its call; a retry begins it anew, and what was said
// before counts no more.
func TestCallRefused(t *testing.T) {
	confirms, retries := 0, 0
	driveCases(t, `
  - id: twice
    title: {en: c, ko: c}
    call: {procedure: inner, with: {least: '6'}, gives: {outcome: first, best: best}}
  - id: again
    title: {en: c, ko: c}
    call: {procedure: inner, with: {least: '1'}, gives: {outcome: second}}
  - {id: not, title: {en: n, ko: n}, when: 'best != 7', call: {procedure: inner, with: {least: '1'}, gives: {best: never}}}
  - {id: stop, when: 'first == "done" and second == "done" and not known("never")', end: {outcome: done, en: Good, ko: 완료}}
  - {id: bad, title: {en: n, ko: n}, let: {bad: '1'}}
procedures:
  inner: |
    id: inner
    kind: runbook
    title: {en: Inner, ko: 안}
    needs: {node: "1+"}
    params: [{name: least, type: int, title: {en: n, ko: n}}]
    steps:
      - id: look
        title: {en: l, ko: l}
        on: node
        probe: mock get seqno
        read: {seqno: {match: '(\d+)', as: int}}
      - {id: sure, title: {en: s, ko: s}, choose: {name: sure, options: [{value: y, en: y, ko: y}], en: Sure?, ko: 확실?}}
      - {id: proof, title: {en: p, ko: p}, prove: [{that: 'all(hosts.node, .seqno >= least)', en: All are new, ko: 모두 최신}]}
      - {id: best, title: {en: b, ko: b}, let: {best: 'max(map(hosts.node, .seqno))'}}
`, func(r *rig) {
		r.answer = func(q *run.QuestionView) run.Command {
			switch q.Q.Kind {
			case run.AskChoose:
				confirms++
				return run.Command{Do: "answer", Value: "y"}
			case run.AskFailed:
				retries++
				if p := q.Q.Problem; p == nil || p.Code != "engine.call.unproven" || p.Args["why"] != "All are new" || p.Args["why.ko"] != "모두 최신" {
					t.Errorf("%+v", p)
				}
				r.w.hosts["a"].kv["seqno"] = "6"
				return run.Command{Do: "answer", Value: "retry"}
			}
			return run.Command{}
		}
	}, func(r *rig, st *run.State) {
		if confirms != 3 || retries != 1 || st.Ended == nil || st.Ended.Outcome != "done" || st.Ended.Say.En != "Good" {
			t.Fatalf("asked %d, failed %d, ended %+v, open %+v", confirms, retries, st.Ended, st.Questions)
		}
		if st.Step("not/look").Phase != run.PhaseSkipped || st.Lets["twice/least"] != "6" || st.Lets["best"] != 7 || st.Facts["a"]["seqno"].V != 5 || st.Facts["a"]["again/seqno"].V != 6 {
			t.Errorf("%v %v %s", st.Lets, st.Facts, st.Step("not/look").Phase)
		}
		if u := st.Unit(run.Unit{Step: "twice/sure"}); u == nil || u.Attempt != 2 {
			t.Errorf("%+v", u)
		}
	})
}

// Nothing that a host says leads out of the scene, and everything is there under some name.
func TestSceneHostile(t *testing.T) {
	names := []string{"/hostile/../../../etc/passwd", "/hostile/a\nb", "/hostile/\x1b[2J", "/hostile/...", "/hostile/.", "/hostile/" + strings.Repeat("x", 300), "/hostile/a%0Ab", "/hostile/\xff\xfe", "/hostile/" + strings.Repeat("d/", 400) + "f"}
	driveCases(t, `
  - {id: freeze, title: {en: f, ko: f}, on: {from: node, where: '.name == "a"'}, fetch: {files: [/hostile/*]}}
`, func(r *rig) {
		for _, n := range names {
			r.w.hosts["a"].files[n] = File{Data: []byte(n)}
		}
	}, func(r *rig, st *run.State) {
		found := map[string]bool{}
		filepath.WalkDir(r.dir.ScenePath(), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				data, _ := os.ReadFile(path)
				found[string(data)] = true
			}
			return err
		})
		outside, _ := filepath.Glob(filepath.Join(r.dir.Path(), "*"))
		for _, n := range names {
			if !found[n] {
				t.Errorf("%q is not in the scene", n)
			}
		}
		if len(outside) != 8 || st.ExitStatus() != 0 {
			t.Errorf("%v %d %v", outside, st.ExitStatus(), st.Questions)
		}
	})
}
