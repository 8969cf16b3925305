package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// recovery has each action and key that runbooks need once. Host c does not answer.
const recovery = `
id: recovery
kind: runbook
title: {en: Recovery, ko: 복구}
needs: {node: "1+"}
steps:
  - id: look
    title: {en: l, ko: l}
    on: node
    absent: allow
    probe: mock get seqno
    read: {seqno: {match: '(\d+)', as: int}}
    show: [seqno]
    means:
      - {when: 'why(host, "seqno") != ""', level: bad, en: No answer, ko: 응답 없음}
      - {when: 'true', level: ok, en: It is known, ko: 앎}
  - id: lamp
    title: {en: p, ko: p}
    on: node
    absent: allow
    probe: mock get lamp
    read: {lamp: '(\w+)'}
    show: [lamp]
    hand:
      type: [cat /lamp]
      asks: [{name: lamp, match: 'red|green', en: Its colour, ko: 색}]
  - id: judge
    title: {en: j, ko: j}
    on: node
    judge: test.newest
    with: {least: '1'}
    show: [verdict, reason]
  - id: without
    title: {en: w, ko: w}
    each: 'map(filter(hosts.node, .verdict == "unknown"), .name)'
    waive: {type: item, en: 'Without {item}', ko: '{item} 제외'}
  - id: prove
    title: {en: p, ko: p}
    prove:
      - {that: 'all(hosts.node, .verdict != "unknown" or waived(.name))', en: All are known, ko: 모두 앎}
      - {that: 'known("newest") and not known("tie")', en: One is the newest, ko: 하나}
  - id: freeze
    title: {en: f, ko: f}
    on: node
    absent: allow
    fetch:
      files: [/etc/x.conf, /none/*]
      output: {lamp.txt: mock get lamp}
  - id: spread
    title: {en: s, ko: s}
    on: {from: node, where: '.reachable and .name != newest'}
    copy: {from: newest, path: /etc/x.conf, to: /etc/y.conf, mode: 0600}
  - id: sub
    title: {en: c, ko: c}
    call: {procedure: inner, with: {nodes: 'count(hosts.node)'}, gives: {outcome: ended, double: total, never: nothing}}
  - id: first
    title: {en: f, ko: f}
    on: {expr: newest}
    risk: destructive
    guard: [{rereads: look, that: 'count(known(hosts.node, "seqno")) > 2', en: Three stay, ko: 셋 남음}]
    confirm: {type: host, en: Sure?, ko: 확실합니까?}
    run: |
      mock ledger first
      mock set first 1
    verify: [{probe: mock has first}]
  - id: power
    title: {en: p, ko: p}
    manual: {box: seen, en: Look, ko: 보기}
  - id: stop
    when: 'ended == "done" and total == 6 and not known("nothing") and seen == "blue"'
    end: {outcome: done, en: Good, ko: 완료}
  - id: never
    title: {en: n, ko: n}
    on: {from: node, where: .reachable}
    run: mock ledger never
    verify: [{probe: mock has last}]
procedures:
  inner: |
    id: inner
    kind: runbook
    title: {en: Inner, ko: 안}
    needs: {node: "1+"}
    params: [{name: nodes, type: int, title: {en: n, ko: n}}]
    steps:
      - id: look
        title: {en: l, ko: l}
        on: {from: node, where: .reachable}
        probe: mock get seqno
        read: {seqno: {match: '(\d)', as: int}}
      - id: work
        title: {en: w, ko: w}
        on: {from: node, where: .reachable}
        vars: {many: nodes}
        run: |
          mock ledger inner
          mock set inner 1
        verify: [{probe: mock has inner}]
      - {id: sum, title: {en: s, ko: s}, let: {double: nodes * 2}}
      - {id: out, when: 'true', end: {outcome: done, en: Inside, ko: 안}}
      - {id: later, title: {en: l, ko: l}, let: {never: '1'}}
`

// newest is a judgement for tests: who has the highest seqno.
func newest() []judgements.Judgement {
	return []judgements.Judgement{{
		Name: "test.newest", Reads: []string{"seqno"}, Args: []string{"least"}, HostOutputs: []string{"verdict"}, Outputs: []string{"newest", "tie"},
		Judge: func(in judgements.Input) judgements.Output {
			out := judgements.Output{Hosts: map[string]judgements.Verdict{}, Lets: map[string]steps.Value{}}
			best, name := in.Args["least"].(int)-1, ""
			for _, h := range in.Hosts {
				v := judgements.Verdict{Facts: map[string]steps.Value{"verdict": {V: "known"}}, Level: judgements.OK, Reason: i18n.Text{En: "read", Ko: "읽음"}}
				n, ok := h.Facts["seqno"].V.(int)
				if !ok {
					v.Facts["verdict"], v.Level, v.Reason = steps.Value{V: "unknown"}, judgements.Bad, i18n.Text{En: "not read", Ko: "못 읽음"}
				} else if n > best {
					best, name = n, h.Name
				}
				out.Hosts[h.Name] = v
			}
			if name != "" {
				out.Lets["newest"] = steps.Value{V: name}
			}
			return out
		},
	}}
}

func newRecovery(t *testing.T) *rig {
	r := newRig(t, recovery, "a", "b", "c")
	r.o.Judgements = newest()
	if found := steps.Findings(r.o.Procedure.Lint(r.o.Site, judgements.Declared(newest())...)); found.Failed() {
		t.Fatal(found.Error())
	}
	for i, h := range []string{"a", "b", "c"} {
		m := r.w.hosts[h]
		m.kv["seqno"], m.kv["lamp"] = fmt.Sprint(5+2*i), "green"
		m.files["/etc/x.conf"] = File{Data: []byte("of " + h + "\n"), Mode: 0o644, Owner: "root", Group: "mail"}
	}
	r.w.hosts["c"].cut = true
	r.answer = func(q *run.QuestionView) run.Command {
		c := run.Command{Do: "answer", Reason: "as the test says", Value: q.Q.Typed}
		switch q.Q.Kind {
		case run.AskReach:
			if len(q.Q.Card) == 0 {
				t.Errorf("a question without a card: %+v", q.Q)
				return run.Command{Do: "answer", Value: "stop"}
			}
			c.Value, c.Values = "hand", map[string]string{"lamp": "red"}
		case run.AskManual:
			c.Value = "blue"
		}
		return c
	}
	return r
}

// TestRecoveryKilledEverywhere is TestKilledEverywhere for what runbooks have.
func TestRecoveryKilledEverywhere(t *testing.T) {
	var want string
	for die := 0; ; die++ {
		var over bool
		var where string
		t.Run(fmt.Sprint(die), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRecovery(t)
				st, err := r.run(die)
				if die > 0 && err == nil && !r.dead {
					over = true
				}
				if die > 0 && !over {
					if !r.dead {
						t.Fatalf("the engine left without being killed: %v", err)
					}
					where = r.where
					if st, err = r.run(0); err != nil {
						t.Fatalf("killed %s; the next engine: %v", where, err)
					}
				}
				if err != nil {
					t.Fatal(err)
				}
				if st.Ended == nil || st.Ended.Outcome != "done" || st.ExitStatus() != 0 || len(st.Questions) > 0 {
					t.Fatalf("killed %s: the run ended %+v, open %+v", where, st.Ended, st.Questions)
				}
				for name, m := range r.w.hosts {
					for what, hosts := range map[string]string{"inner": "ab", "first": "b", "write /etc/y.conf": "a"} {
						if n := strings.Count(hosts, name); m.ledger[what] != n {
							t.Errorf("killed %s: %s ran %d times on %s", where, what, m.ledger[what], name)
						}
					}
					if m.claim != nil && name != "c" || m.ledger["never"] > 0 {
						t.Errorf("killed %s: at the end of %s: ledger %v, claim %v", where, name, m.ledger, m.claim)
					}
				}
				if y := r.w.hosts["a"].files["/etc/y.conf"]; string(y.Data) != "of b\n" || y.Mode != 0o600 || y.Group != "mail" {
					t.Errorf("killed %s: copied %+v", where, y)
				}
				checkScene(t, where, r, st)
				if n := len(st.Step("judge").Units); n != 1 {
					t.Errorf("killed %s: a judgement over all hosts was asked %d times", where, n)
				}
				got := recovered(st)
				if want == "" {
					want = got
				} else if got != want {
					t.Errorf("killed %s: the end is another one:\n%s\nwithout:\n%s", where, got, want)
				}
				checkOnce(t, where, r.events())
			})
		})
		if over {
			t.Logf("%d points", die-1)
			break
		}
		if t.Failed() {
			t.Fatalf("failed at point %d, %s", die, where)
		}
		if die > 3000 {
			t.Fatal("it never ends")
		}
	}
	for _, part := range []string{"a.verdict={known }", "c.verdict={unknown }", "c.lamp={red } hand", "newest=b", "ended=done", "total=6", "nothing: not-given", "tie: not-given", "inner/", "seen=blue", "without [c]"} {
		if part != "inner/" && !strings.Contains(want, part) {
			t.Errorf("%s is not in\n%s", part, want)
		}
	}
}

// recovered is final with what runbooks add to the state.
func recovered(st *run.State) string {
	s := final(st) + "\n"
	for _, host := range slices.Sorted(mapKeys(st.Facts)) {
		for _, name := range slices.Sorted(mapKeys(st.Facts[host])) {
			s += fmt.Sprintf("%s.%s=%v", host, name, st.Facts[host][name])
			if st.ByHand[host][name] {
				s += " hand"
			}
			s += "\n"
		}
	}
	for _, name := range slices.Sorted(mapKeys(st.Lets)) {
		s += fmt.Sprintf("%s=%v\n", name, st.Lets[name])
	}
	for _, name := range slices.Sorted(mapKeys(st.NoLets)) {
		s += fmt.Sprintf("%s: %v\n", name, st.NoLets[name])
	}
	for step, items := range st.Waived("") {
		s += fmt.Sprintf("%s %v\n", step, slices.Sorted(mapKeys(items)))
	}
	var rows []string
	for _, v := range st.Steps {
		for _, u := range v.Units {
			for _, c := range u.Checks {
				rows = append(rows, fmt.Sprintf("%s %s %s %s %s", u.Unit, c.Phase, c.ID, c.On, c.Level))
			}
		}
	}
	slices.Sort(rows)
	return s + strings.Join(rows, "\n")
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// checkScene compares what was fetched with the hosts, and looks at who may read it.
func checkScene(t *testing.T, where string, r *rig, st *run.State) {
	t.Helper()
	seen := map[string]int{}
	for _, f := range st.Fetched {
		seen[fmt.Sprintf("%s %s %s", f.Unit.Host, f.Path, f.Absent)]++
		if f.File == "" {
			continue
		}
		name := filepath.Join(r.dir.ScenePath(), filepath.FromSlash(f.File))
		data, err := os.ReadFile(name)
		info, err2 := os.Stat(name)
		if err != nil || err2 != nil || int64(len(data)) != f.Bytes || info.Mode().Perm() != 0o600 {
			t.Errorf("killed %s: the scene lacks %+v: %v", where, f, err)
		}
		if f.Path == "/etc/x.conf" && string(data) != "of "+f.Unit.Host+"\n" {
			t.Errorf("killed %s: %s is %q", where, f.File, data)
		}
	}
	for _, want := range []string{"a /etc/x.conf ", "b /etc/x.conf ", "a /none/* nothing", "a lamp.txt ", "c * unreachable"} {
		if seen[want] != 1 {
			t.Errorf("killed %s: %q is listed %d times: %v", where, want, seen[want], seen)
		}
	}
}
