package engine

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
	"stackhand/steps"
)

// TestEditForSeveralHosts: a script that was edited for several hosts runs on those that have
// not begun, each is asked anew, and the others keep the procedure's.
func TestEditForSeveralHosts(t *testing.T) {
	const procedure = `
    serial: true
    confirm: {type: yes, en: Sure?, ko: 확실?}
    run: |
      mock ledger work
      mock exit-unless mended
    verify: [{probe: mock has mended}]
`
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one(procedure), "a", "b", "c")
		r.w.hosts["c"].kv["mended"] = "1"
		var asked []string
		r.answer = func(q *run.QuestionView) run.Command {
			switch q.Q.Kind {
			case run.AskConfirm:
				asked = append(asked, strings.Join(q.Q.Hosts, " "))
				return run.Command{Do: "answer", Value: "yes"}
			case run.AskFailed:
				return run.Command{Do: "answer", Value: "edit", Script: "mock ledger edited\nmock set mended 1\n", Hosts: []string{"a", "b"}}
			}
			return run.Command{}
		}
		st := ends(t, r, "done")
		if !slices.Equal(asked, []string{"a b c", "a", "b"}) {
			t.Errorf("asked for %q", asked)
		}
		for host, want := range map[string][2]int{"a": {1, 1}, "b": {0, 1}, "c": {1, 0}} {
			if m := r.w.hosts[host]; m.ledger["work"] != want[0] || m.ledger["edited"] != want[1] {
				t.Errorf("%s: %v", host, m.ledger)
			}
		}
		if len(st.Edits) != 1 || !slices.Equal(st.Edits[0].Hosts, []string{"a", "b"}) {
			t.Errorf("journalled %+v", st.Edits)
		}
	})
}

// TestEditForAStranger: a host that the step does not have.
func TestEditForAStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    run: mock exit-unless mended\n    verify: [{probe: mock has mended}]\n"), "a")
		r.answer = func(q *run.QuestionView) run.Command {
			return run.Command{Do: "answer", Value: "edit", Script: "mock set mended 1\n", Hosts: []string{"a", "stranger"}}
		}
		r.o.Settings.OnAsk = "park"
		st := parked(t, r, "question", run.ExitFailed)
		if len(st.Edits) > 0 {
			t.Errorf("journalled %+v", st.Edits)
		}
	})
}

// TestNoSecretInTheJournal: probes, jobs, files and texts that show a secret in each place that
// ends up in the journal.
func TestNoSecretInTheJournal(t *testing.T) {
	const secret = "hunter22-hunter23"
	const procedure = `
id: leaky
kind: install
title: {en: Leaky, ko: 누설}
steps:
  - id: look
    on: node
    probe: mock get secret
    read: {seen: {match: '(.*)'}, part: {match: 'hunter22(.*)'}, all: {as: lines}, fine: {match: '(user)'}}
    verify:
      - {probe: mock get long, want: {match: nothing-such}, title: {en: Is hunter22-hunter23 there?, ko: hunter22-hunter23 확인}, remedy: {en: Look for hunter22-hunter23, ko: hunter22-hunter23 조치}}
  - id: sum
    title: {en: s, ko: s}
    let: {copy: '"hunter22-" + "hunter23"'}
  - id: conf
    title: {en: c, ko: c}
    on: node
    confirm: {type: yes, en: Is it hunter22-hunter23?, ko: hunter22-hunter23 맞습니까?}
    file: {path: /etc/x.conf, content: "new\n"}
    verify: [{probe: mock has secret}]
  - id: which
    title: {en: w, ko: w}
    choose: {name: way, en: Which?, ko: 선택?, options: [{value: left, title: {en: with hunter22-hunter23, ko: hunter22-hunter23}}, {value: right, title: {en: r, ko: r}}]}
  - id: work
    title: {en: w, ko: w}
    on: node
    run: |
      mock out it is hunter22-hunter23
      mock exit-unless never
    verify: [{probe: mock has secret}]
  - id: stop
    end: {outcome: done, en: It was hunter22-hunter23, ko: hunter22-hunter23 완료}
`
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, procedure, "a")
		r.ledger.v["db_password"] = secret
		m := r.w.hosts["a"]
		m.kv["secret"] = "user=root password=" + secret
		m.kv["long"] = strings.Repeat("x", 150) + secret
		m.files["/etc/x.conf"] = File{Data: []byte("old " + secret + "\n")}
		r.answer = func(q *run.QuestionView) run.Command {
			switch q.Q.Kind {
			case run.AskConfirm:
				return run.Command{Do: "answer", Value: "yes"}
			case run.AskChoose:
				return run.Command{Do: "answer", Value: "left"}
			}
			return run.Command{Do: "answer", Value: "skip", Reason: "because of " + secret}
		}
		st := ends(t, r, "done")
		journal, err := os.ReadFile(r.dir.JournalPath())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(journal), "\n") {
			// The beginning alone is a leak too: what is said of an output is cut.
			if strings.Contains(l, "hunter2") && !strings.Contains(l, `"part"`) {
				t.Errorf("in the journal: %s", l)
			}
		}
		facts := st.Facts["a"]
		if facts["seen"].Absent != steps.WhySecret || facts["all"].Absent != steps.WhySecret || facts["fine"].V != "user" {
			t.Errorf("facts %+v", facts)
		}
		if _, ok := st.Lets["copy"]; ok {
			t.Error("the secret became a let")
		}
		leaks := map[string]bool{}
		for _, l := range st.Leaks {
			leaks[l.Unit.Step+" "+l.Name] = true
		}
		for _, want := range []string{"look seen", "look all", "sum copy", " "} {
			if !leaks[want] {
				t.Errorf("no leak is told of %q: %+v", want, st.Leaks)
			}
		}
	})
}

// TestLongFindings: a problem repeats the beginning of what was found, the check has more.
func TestLongFindings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := "{probe: mock get w, want: {expr: '.w1 == \"x\"'}, read: {"
		for i := range 60 {
			reads += "w" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + ": {match: '(.+)'}, "
		}
		r := newRig(t, one("    run: mock ledger work\n    verify: ["+reads+"w1: {match: '(.+)'}}}]\n"), "a")
		r.w.hosts["a"].kv["w"] = strings.Repeat("v", 150)
		r.answer = say(map[string]string{run.AskFailed: "skip"})
		st := ends(t, r, "done")
		for _, ev := range r.events() {
			if b, ok := ev.Body.(run.Check); ok && (len(b.Found) < 2000 || len(b.Found) > mostFound) {
				t.Errorf("the check has %d bytes", len(b.Found))
			}
		}
		p := st.Step("work").Units[0].Problem
		if n := len([]rune(p.Args["found"])); n > mostSaid+2 || !strings.HasSuffix(p.Args["found"], "…") {
			t.Errorf("the problem repeats %d characters", n)
		}
	})
}

// TestTailHidesHalfASecret: the end of a log that begins in the middle of one.
func TestTailHidesHalfASecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one(simple), "a")
		r.ledger.v["pw"] = "correct-horse-battery"
		e := New(r.o)
		for n := range 60 {
			text := strings.Repeat("pw is correct-horse-battery ", 4000) + strings.Repeat("y", n) + "\nlast\n"
			if err := os.WriteFile(r.dir.LogPath("x.log"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := e.stepFailed("a", 1, e.tail("x.log")).Output
			direct := e.stepFailed("a", 1, text).Output
			for _, part := range []string{"correct", "horse", "battery"} {
				if strings.Contains(got, part) || strings.Contains(direct, part) {
					t.Fatalf("%d: %q is shown", n, part)
				}
			}
			if !strings.HasSuffix(got, "last") || !strings.Contains(direct, "last") {
				t.Fatalf("%q", got)
			}
		}
	})
}

// TestCancelKillsInTheEnd: a job that does not stop when asked is killed; one that lives even
// then is told of, and its host stays claimed, also for the next run.
func TestCancelKillsInTheEnd(t *testing.T) {
	for ignores, lives := range map[string]bool{"TERM": false, "KILL": true} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, one("    stall: 1m\n    run: |\n      mock ignores "+ignores+"\n      mock takes 2h\n    verify: [{probe: mock has x}]\n"), "a")
			r.answer = func(q *run.QuestionView) run.Command {
				if q.Q.Kind == run.AskStall {
					return run.Command{Do: "cancel"}
				}
				return run.Command{}
			}
			st := ends(t, r, "cancelled")
			m := r.w.hosts["a"]
			j := st.Step("work").Units[0].Jobs[0]
			if m.ledger["deaf"] == 0 || j.Stop == nil || !j.Stop.Hard {
				t.Errorf("%s: %v, %+v", ignores, m.ledger, j.Stop)
			}
			p := st.Hosts["a"].Problem
			if lives != (p != nil && p.Code == "engine.job.outlives") || lives != (m.claim != nil) || lives != (j.Ended == nil) {
				t.Errorf("%s: problem %v, claim %v, end %+v", ignores, p, m.claim, j.Ended)
			}
			e := New(r.o)
			e.o.Dir = sibling(t, r)
			if e.hasEnded(r.dir.ID(), "a") == lives {
				t.Errorf("%s: the claim holds nothing: %v", ignores, !lives)
			}
		})
	}
}

// sibling is the directory of another run of the same console.
func sibling(t *testing.T, r *rig) *run.Dir {
	d, err := run.Create(strings.TrimSuffix(r.dir.Path(), "/"+r.dir.ID()), "20260102-000000-abcd", run.Files{Procedure: r.o.Procedure.Source})
	if err != nil {
		t.Fatal(err)
	}
	return d
}
