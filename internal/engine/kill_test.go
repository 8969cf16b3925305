package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
)

// everything has each action once; what its scripts do is in fake_test.go.
const everything = `
id: everything
kind: install
title: {en: Everything, ko: 전부}
steps:
  - id: look
    on: node
    probe: mock get nothing
    read: {seen: {match: '^(.*)$'}}
  - id: which
    title: {en: w, ko: w}
    ask: {name: count, type: int, en: How many?, ko: 몇 개?}
  - id: twice
    let: {double: count * 2}
  - id: build
    title: {en: b, ko: b}
    on: node
    check: verify
    require: [{probe: mock count before-build}]
    vars: {many: double}
    run: |
      mock ledger build
      mock set built 1
      mock out built it
    read: {said: {match: '(built) it'}}
    verify: [{probe: mock has built}]
  - id: conf
    title: {en: c, ko: c}
    on: node
    vars: {many: double}
    file: {path: /etc/x.conf, content: "many {many}\n"}
    verify: [{probe: mock has built}]
  - id: again
    title: {en: a, ko: a}
    on: node
    serial: true
    risk: disruptive
    reboot: true
    verify: [{probe: mock has built}]
  - id: last
    title: {en: l, ko: l}
    on: node
    serial: true
    risk: destructive
    confirm: {type: host, en: Sure?, ko: 확실합니까?}
    run: |
      mock ledger last
      mock set last 1
    verify: [{probe: mock has last}]
  - id: stop
    end: {outcome: done, en: Good, ko: 완료}
  - id: never
    title: {en: n, ko: n}
    on: node
    run: mock ledger never
    verify: [{probe: mock has last}]
`

var everythingAnswers = say(map[string]string{run.AskValue: "3", run.AskConfirm: "TYPED"})

// TestKilledEverywhere kills the engine after each journal append and before and after each
// call of a host, one after the other, and starts it again.
func TestKilledEverywhere(t *testing.T) {
	var want string
	for die := 0; ; die++ {
		var over bool
		var where string
		t.Run(fmt.Sprint(die), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, everything, "a", "b")
				r.answer = everythingAnswers
				st, err := r.run(die)
				if die > 0 && err == nil && !r.dead {
					over = true // it ended before that point
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
				if st.Ended == nil || st.Ended.Outcome != "done" || st.ExitStatus() != 0 {
					t.Fatalf("killed %s: the run ended %+v, parked %+v", where, st.Ended, st.Parked)
				}
				if len(st.Questions) > 0 {
					t.Errorf("killed %s: question %+v is still open", where, st.Questions[0].Q)
				}
				for name, m := range r.w.hosts {
					for _, once := range []string{"build", "reboot", "last", "write /etc/x.conf"} {
						if m.ledger[once] != 1 {
							t.Errorf("killed %s: %s ran %d times on %s", where, once, m.ledger[once], name)
						}
					}
					if m.ledger["never"] != 0 || m.claim != nil {
						t.Errorf("killed %s: at the end of %s: ledger %v, claim %v", where, name, m.ledger, m.claim)
					}
				}
				if got := final(st); want == "" {
					want = got
				} else if got != want {
					t.Errorf("killed %s: the end is another one:\n%s\nwithout:\n%s", where, got, want)
				}
				if whole := run.Fold(r.events()); final(whole) != final(st) {
					t.Error("the journal folds into something else than the engine ended with")
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
		if die > 2000 {
			t.Fatal("it never ends")
		}
	}
}

// final is the end state of a run without attempts, times and how often an engine began.
func final(st *run.State) string {
	s := fmt.Sprintf("%+v\n", *st.Ended)
	for _, v := range st.Steps {
		s += fmt.Sprintf("%s %s\n", v.ID, v.Phase)
		for _, u := range v.Units {
			s += fmt.Sprintf("  %s %s %v\n", u.Unit, u.Phase, u.Problem)
			for _, j := range u.Jobs {
				if j.Ended == nil {
					s += "    a job that has not ended\n"
				} else if j.Ended.State != "revoked" {
					s += fmt.Sprintf("    %s %d %d\n", j.Ended.State, j.Ended.Code, j.Ended.Bytes)
				}
			}
		}
	}
	var files []string
	for _, f := range st.Files {
		files = append(files, fmt.Sprintf("%+v\n", f))
	}
	slices.Sort(files) // hosts are worked on at the same time
	s += strings.Join(files, "")
	s += fmt.Sprintf("%v %v %d verdicts", st.Facts, st.Lets, len(st.Verdicts))
	return s
}

// checkOnce looks for what must be in a journal once.
func checkOnce(t *testing.T, where string, events []run.Event) {
	t.Helper()
	seen := map[string]int{}
	for _, e := range events {
		switch b := e.Body.(type) {
		case run.Let:
			seen["let "+b.Name]++
		case run.Verdict:
			seen["verdict "+b.Step]++
		case run.FileChanged:
			seen["file "+b.Unit.String()]++
		case run.JobEnded:
			seen["end of "+b.Job]++
		case run.JobClaimed:
			seen["claim of "+b.Job]++
		case run.UnitReady:
			seen["units of "+b.Step]++
		case run.RunEnded:
			seen["end"]++
		}
	}
	for what, n := range seen {
		if n != 1 {
			t.Errorf("killed %s: %s is in the journal %d times", where, what, n)
			for _, e := range events {
				t.Logf("%d %s %+v", e.Seq, e.Body.EventType(), e.Body)
			}
		}
	}
}
