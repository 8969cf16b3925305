package engine

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// console has a host that would have to be waived, and can be read at its own console instead.
const console = casesHead + `
  - id: judge
    title: {en: j, ko: j}
    on: node
    judge: test.newest
    with: {least: '1'}
  - id: without
    title: {en: w, ko: w}
    each: 'map(filter(hosts.node, .verdict == "unknown"), .name)'
    waive: {type: item, reason: required, en: 'Without {item}', ko: '{item} 제외'}
    hand:
      type: [cat /seqno]
      asks: [{name: seqno, as: int, match: '[0-9]+', en: The number, ko: 숫자}]
      judges: [judge]
  - id: work
    title: {en: w, ko: w}
    on: {expr: newest}
    when: known("newest")
    run: mock ledger work
    verify: [{probe: mock has seqno}]
`

func newConsoleRig(t *testing.T) *rig {
	r := newRig(t, console, "a", "b")
	r.o.Judgements = newest()
	if found := steps.Findings(r.o.Procedure.Lint(r.o.Site, judgements.Declared(newest())...)); found.Failed() {
		t.Fatal(found.Error())
	}
	r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].cut = "5", true
	r.answer = func(q *run.QuestionView) run.Command {
		if q.Q.Kind != run.AskWaive || len(q.Q.Card) != 1 || len(q.Q.Boxes) != 1 {
			t.Errorf("%+v", q.Q)
			return run.Command{Do: "answer", Value: "stop"}
		}
		return run.Command{Do: "answer", Value: "hand", Values: map[string]string{"seqno": "3"}}
	}
	return r
}

// TestReadInsteadOfWaived: what is read back at a silent host's console is judged, and nobody is
// waived; also where the engine dies after each event of it.
func TestReadInsteadOfWaived(t *testing.T) {
	for die := 0; ; die++ {
		over := false
		t.Run(fmt.Sprint(die), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newConsoleRig(t)
				st, err := r.run(die)
				if die > 0 && r.dead {
					st, err = r.run(0)
				} else {
					over = die > 0
				}
				if err != nil {
					t.Fatal(err)
				}
				u := st.Unit(run.Unit{Step: "without", Item: "b"})
				if st.Ended == nil || st.Ended.Outcome != "done" || r.w.hosts["a"].ledger["work"] != 1 {
					t.Errorf("%+v %v", st.Ended, r.w.hosts["a"].ledger)
				}
				if u == nil || u.Skipped == nil || u.Skipped.Why != "when" || len(st.Waived("")["without"]) > 0 {
					t.Errorf("%+v, waived %v", u, st.Waived(""))
				}
				if !st.ByHand["b"]["seqno"] || st.Facts["b"]["verdict"].V != "known" {
					t.Errorf("%v", st.Facts["b"])
				}
			})
		})
		if over || t.Failed() {
			if die < 20 {
				t.Errorf("only %d places", die)
			}
			return
		}
	}
}

// TestReadAndWaivedAllTheSame: what was read does not settle it, so the question comes again, and takes a name.
func TestReadAndWaivedAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newConsoleRig(t)
		r.o.Judgements[0].Judge = func(in judgements.Input) judgements.Output {
			out := judgements.Output{Hosts: map[string]judgements.Verdict{}, Lets: map[string]steps.Value{}}
			for _, h := range in.Hosts {
				out.Hosts[h.Name] = judgements.Verdict{Facts: map[string]steps.Value{"verdict": {V: map[bool]string{true: "known", false: "unknown"}[h.Name == "a"]}}}
			}
			return out
		}
		asked := 0
		r.answer = func(q *run.QuestionView) run.Command {
			switch asked++; asked {
			case 1, 2: // the same typed twice does not answer by itself
				return run.Command{Do: "answer", Value: "hand", Values: map[string]string{"seqno": "3"}}
			case 3:
				return run.Command{Do: "answer", Value: "b", Reason: "it burnt"}
			}
			t.Fatalf("asked once more: %+v", q.Q)
			return run.Command{}
		}
		st, err := r.run(0)
		if err != nil || st.Ended.Outcome != "done" || st.Waived("")["without"]["b"] != "it burnt" {
			t.Errorf("%v %+v %v", err, st.Ended, st.Waived(""))
		}
	})
}

const carded = casesHead + `
  - id: work
    title: {en: w, ko: w}
    on: {from: node, where: '.name == "a"'}
    run: mock ledger work
    verify: [{probe: mock has seqno}]
    hand: {type: [work], asks: [{name: worked, match: 'yes', en: Did it?, ko: 완료?}]}
`

// TestACardDoesNotHurryAHost: a host that was there and loses its power before a step with a card is
// waited for as in any other step; the question goes away when it answers again.
func TestACardDoesNotHurryAHost(t *testing.T) {
	for name, tc := range map[string]struct {
		down  time.Duration
		asked int
	}{"back soon": {20 * time.Second, 0}, "back while it is asked": {20 * time.Minute, 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, carded, "a", "b")
				r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].kv["seqno"] = "5", "7"
				asked, cut := 0, false
				r.answer = func(q *run.QuestionView) run.Command {
					asked++
					if q.Q.Kind != run.AskReach || len(q.Q.Card) != 1 {
						t.Errorf("%+v", q.Q)
					}
					return run.Command{} // nobody answers
				}
				r.w.hook = func(call, host string, after bool) error {
					if call != "Probe" || host != "a" || cut || after {
						return nil
					}
					cut = true
					r.w.mu.Lock()
					defer r.w.mu.Unlock()
					r.w.hosts["a"].restart(tc.down)
					return problem.New("remote.lost", host, nil)
				}
				st, err := r.run(0)
				if err != nil || st.Ended.Outcome != "done" || r.w.hosts["a"].ledger["work"] != 1 || len(st.Questions) > 0 || asked != tc.asked {
					t.Errorf("%v %+v, asked %d, %v", err, st.Ended, asked, r.w.hosts["a"].ledger)
				}
			})
		})
	}
}

// TestReadAnewWhenCalledAnew: what was read at a console for one attempt of a called procedure is not taken for
// what its next attempt would read.
func TestReadAnewWhenCalledAnew(t *testing.T) {
	inner := strings.Replace(console, "id: cases", "id: inner", 1)
	inner = inner[:strings.Index(inner, "  - id: work")] + "  - {id: out, title: {en: o, ko: o}, when: 'true', end: {outcome: refused, en: No, ko: 아니요}}\n"
	procedure := "\nid: outer\nkind: runbook\ntitle: {en: O, ko: O}\nneeds: {node: \"1+\"}\nsteps:\n  - id: sub\n    title: {en: s, ko: s}\n    call: {procedure: inner}\nprocedures:\n  inner: |\n    " +
		strings.TrimSpace(strings.ReplaceAll(inner, "\n", "\n    ")) + "\n"
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, procedure, "a", "b")
		r.o.Judgements = newest()
		r.w.hosts["a"].kv["seqno"], r.w.hosts["b"].cut = "5", true
		waived, retried := 0, 0
		r.answer = func(q *run.QuestionView) run.Command {
			switch q.Q.Kind {
			case run.AskWaive:
				waived++
				return run.Command{Do: "answer", Value: "hand", Values: map[string]string{"seqno": "3"}}
			case run.AskFailed:
				if p := q.Q.Problem; p == nil || p.Code != "engine.call.refused" || p.Args["why"] != "No" || p.Args["why.ko"] != "아니요" {
					t.Errorf("%+v", p)
				}
				if retried++; retried == 1 {
					return run.Command{Do: "answer", Value: "retry"}
				}
			}
			return run.Command{Do: "answer", Value: "stop"}
		}
		if _, err := r.run(0); err != nil || waived != 2 || retried != 2 {
			t.Errorf("%v: read %d times, %d retries", err, waived, retried)
		}
	})
}
