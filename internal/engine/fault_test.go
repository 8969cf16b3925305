package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// one is a procedure of one step; extra goes into it.
func one(extra string) string {
	return `
id: one
kind: install
title: {en: One, ko: 하나}
steps:
  - id: work
    title: {en: w, ko: w}
    on: node
` + extra
}

const simple = `
    run: |
      mock ledger work
      mock set done 1
    verify: [{probe: mock has done}]
`

// flaky fails a call once, before or after it took effect, as a lost connection does.
func flaky(r *rig, at int) *bool {
	hit := false
	n := 0
	r.w.hook = func(call, host string, after bool) error {
		n++
		if n == at {
			hit = true
			return problem.New("remote.lost", host, nil)
		}
		return nil
	}
	return &hit
}

// TestLostConnection loses the connection before and after each call took effect.
func TestLostConnection(t *testing.T) {
	for at := 1; ; at++ {
		hit := false
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, everything, "a")
			r.answer = everythingAnswers
			h := flaky(r, at)
			st, err := r.run(0)
			hit = *h
			if err != nil || st.Ended == nil || st.Ended.Outcome != "done" {
				t.Fatalf("lost at call %d: %+v %v", at, st.Ended, err)
			}
			m := r.w.hosts["a"]
			for _, once := range []string{"build", "reboot", "last", "write /etc/x.conf"} {
				if m.ledger[once] != 1 {
					t.Errorf("lost at call %d: %s ran %d times", at, once, m.ledger[once])
				}
			}
			if len(st.Questions) > 0 || m.claim != nil && st.Hosts["a"].State == run.HostReleased {
				t.Errorf("lost at call %d: left %v, %v", at, st.Questions, m.claim)
			}
		})
		if !hit || t.Failed() {
			break
		}
	}
}

// ends runs a rig to its end and wants an outcome.
func ends(t *testing.T, r *rig, outcome string) *run.State {
	t.Helper()
	st, err := r.run(0)
	if err != nil {
		t.Fatal(err)
	}
	if st.Ended == nil || st.Ended.Outcome != outcome {
		t.Fatalf("ended %+v, parked %+v, wanted %s", st.Ended, st.Parked, outcome)
	}
	return st
}

func parked(t *testing.T, r *rig, why string, status int) *run.State {
	t.Helper()
	st, err := r.run(0)
	if err != nil {
		t.Fatal(err)
	}
	if st.Parked == nil || st.Parked.Why != why || st.ExitStatus() != status {
		t.Fatalf("ended %+v, parked %+v, exit %d; wanted parked %s, exit %d", st.Ended, st.Parked, st.ExitStatus(), why, status)
	}
	return st
}

func TestNoThenRetryAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    confirm: {type: yes, en: Sure?, ko: 확실?}"+simple), "a", "b")
		asked := 0
		r.answer = func(q *run.QuestionView) run.Command {
			switch q.Q.Kind {
			case run.AskConfirm:
				asked++
				if asked == 1 {
					return run.Command{Do: "answer", Value: "no"}
				}
				return run.Command{Do: "answer", Value: "yes"}
			case run.AskFailed:
				return run.Command{Do: "answer", Value: "retry"}
			}
			return run.Command{}
		}
		ends(t, r, "done")
		if asked != 3 { // once for the step, then once for each
			t.Errorf("asked %d times", asked)
		}
		for _, m := range r.w.hosts {
			if m.ledger["work"] != 1 {
				t.Error(m.ledger)
			}
		}
	})
}

// TestWrongCommandIsRefused: a command that is meant for another kind of question.
func TestWrongCommandIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    confirm: {type: host, en: Sure?, ko: 확실?}\n    risk: destructive"+simple), "a")
		e := New(r.o)
		e.cancel = func(error) {}
		e.o.Journal, e.hostCtx = &Memory{}, nil
		e.st = run.NewState()
		e.st.Apply(run.Event{Seq: 1, Body: run.Question{Kind: run.AskConfirm, Unit: run.Unit{Step: "work", Host: "a"}, Typed: "a", Options: []string{"no"}}})
		for _, c := range []run.Command{
			{Do: "secret", Question: 1, Secret: "x", Value: "no"}, {Do: "secret", Question: 1, Secret: "x"},
			{Do: "answer", Question: 1, Value: "b"}, {Do: "answer", Question: 1}, {Do: "answer", Question: 2, Value: "a"}, {Do: "nonsense"},
			{Do: "skip", Unit: run.Unit{Step: "x"}, Reason: "r"}, {Do: "drop", Host: "z"},
		} {
			if reply := e.handle(t.Context(), c, run.By{}); reply.OK {
				t.Errorf("%+v is taken", c)
			}
		}
	})
}

func TestTypedAnswers(t *testing.T) {
	for _, c := range []struct {
		of          steps.ParamType
		value, want string
	}{
		{"int", "07", "7"}, {"int", "x", ""}, {"int", "", ""}, {"address", "2001:DB8::1", "2001:db8::1"}, {"address", "10.0.0", ""},
		{"cidr", "10.0.0.1/24", ""}, {"cidr", "10.0.0.0/24", "10.0.0.0/24"}, {"host", "a", "a"}, {"host", "z", ""}, {"bool", "yes", "true"}, {"bool", "2", ""},
		{"string", "a'b\"c$(reboot)", "a'b\"c$(reboot)"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, one(simple), "a")
			e := New(r.o)
			e.o.Journal, e.st = &Memory{}, run.NewState()
			e.st.Apply(run.Event{Seq: 1, Body: run.Question{Kind: run.AskValue, Type: c.of}})
			cmd := run.Command{Do: "answer", Question: 1, Value: c.value}
			reply := e.handle(t.Context(), cmd, run.By{})
			if reply.OK != (c.want != "") {
				t.Fatalf("%s %q: %+v", c.of, c.value, reply)
			}
			if reply.OK {
				if got := e.st.Answered[0].Answer.Value; got != c.want {
					t.Errorf("%s %q is kept as %q", c.of, c.value, got)
				}
				if again := e.handle(t.Context(), cmd, run.By{}); !again.OK {
					t.Errorf("%s %q said twice: %+v", c.of, c.value, again)
				}
			}
		})
	}
}

func TestParkOnFailureAndGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one(`
    serial: true
    run: |
      mock ledger work
      mock exit-unless mended
    verify: [{probe: mock has mended}]
`), "a", "b")
		r.o.Settings.OnAsk = "park"
		st := parked(t, r, "question", run.ExitFailed)
		if p := st.Unit(run.Unit{Step: "work", Host: "b"}).Phase; p != run.PhaseHeld || r.w.hosts["b"].ledger["work"] != 0 {
			t.Errorf("the host behind is %s", p)
		}
		if r.w.hosts["a"].claim != nil {
			t.Error("a parked run keeps its hosts")
		}
		for _, m := range r.w.hosts {
			m.kv["mended"] = "1"
		}
		r.answer = say(map[string]string{run.AskFailed: "retry"})
		r.o.Settings.OnAsk = "wait"
		ends(t, r, "done")
		if a, b := r.w.hosts["a"].ledger["work"], r.w.hosts["b"].ledger["work"]; a != 2 || b != 1 {
			t.Error(a, b)
		}
	})
}

// TestParkWithManyWaiting: more units ask than may run at the same time, or several wait for
// one host to come back.
func TestParkWithManyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var items []string
		for range 70 {
			items = append(items, "'i"+strings.Repeat("x", len(items))+"'")
		}
		r := newRig(t, one("    each: '["+strings.ReplaceAll(strings.Join(items, ","), "'", "\"")+"]'\n    run: mock exit-unless never\n    verify: [{probe: mock has never}]\n"), "a")
		r.o.Settings.OnAsk = "park"
		parked(t, r, "question", run.ExitFailed)
	})
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    each: '[\"x\",\"y\",\"x\"]'\n    run: mock takes 1h\n    verify: [{probe: mock has never}]\n"), "a")
		r.o.Settings.OnAsk = "park"
		r.w.hook = func(call, host string, after bool) error {
			if call == "Follow" {
				r.w.mu.Lock()
				defer r.w.mu.Unlock()
				r.w.hosts[host].cut = true
				return problem.New("remote.lost", host, nil)
			}
			return nil
		}
		st := parked(t, r, "question", run.ExitUnreachable)
		if n := len(st.Step("work").Units); n != 2 {
			t.Errorf("an item listed twice makes %d units", n)
		}
	})
}

func TestDropWhileItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    stall: 10s\n    run: |\n      mock ledger work\n      mock takes 1h\n      mock set done 1\n    verify: [{probe: mock has done}]\n"), "a", "b")
		r.answer = func(q *run.QuestionView) run.Command {
			if q.Q.Unit.Host == "a" {
				return run.Command{Do: "drop", Host: "a"}
			}
			return run.Command{Do: "answer", Value: "wait"}
		}
		st := ends(t, r, "done")
		if p := st.Unit(run.Unit{Step: "work", Host: "a"}); p.Phase != run.PhaseSkipped || p.Skipped.Why != "dropped" {
			t.Errorf("the dropped unit is %s", p.Phase)
		}
		if len(st.Questions) > 0 {
			t.Error("a question about a dropped host is left open")
		}
	})
}

// TestCheckOnDroppedHost: a check that looks from a host that was dropped asks nobody about it.
func TestCheckOnDroppedHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    run: |\n      mock set done 1\n    verify: [{on: node, probe: mock has done}]\n"), "a", "b")
		r.w.hosts["b"].cut = true
		r.answer = say(map[string]string{run.AskReach: "drop"})
		st := ends(t, r, "done")
		if st.Unit(run.Unit{Step: "work", Host: "a"}).Phase != run.PhaseDone {
			t.Error(st.Unit(run.Unit{Step: "work", Host: "a"}).Problem)
		}
	})
}

func TestAcknowledgedDropOutlivesTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one(simple), "a", "b")
		r.w.hosts["b"].cut = true
		r.answer = say(map[string]string{run.AskReach: "drop"})
		for die := 1; ; die++ { // the kill that falls right after the answer
			r.run(die)
			ev := r.events()
			if _, ok := ev[len(ev)-1].Body.(run.Answer); ok && r.dead {
				break
			}
			if die > 100 {
				t.Fatal("no kill falls after the answer")
			}
			if !r.dead {
				t.Skip("ended before")
			}
		}
		r.answer = nil
		st := ends(t, r, "done")
		if st.Hosts["b"].State != run.HostDropped {
			t.Error("what was acknowledged was forgotten")
		}
	})
}

func TestTakenOverInTheMiddle(t *testing.T) {
	for _, extra := range []string{simple, "    file: {path: /x, content: \"y\\n\"}\n    verify: [{probe: mock count v}]\n"} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, one("    require: [{probe: mock count thief}]\n"+extra), "a")
			r.w.hook = func(call, host string, after bool) error {
				if call == "Probe" && after {
					r.w.mu.Lock()
					defer r.w.mu.Unlock()
					r.w.hosts[host].claim = &Owner{Run: "other", Console: "elsewhere"}
				}
				return nil
			}
			parked(t, r, "takeover", run.ExitTaken)
			m := r.w.hosts["a"]
			if m.ledger["work"] != 0 || len(m.files) != 0 || m.claim == nil || m.claim.Run != "other" {
				t.Errorf("changed a host that another run holds: %v %v %v", m.ledger, m.files, m.claim)
			}
			r.w.hook = nil
			r.answer = say(map[string]string{run.AskClaim: "TYPED"})
			ends(t, r, "done")
		})
	}
}

func TestStopAJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    stall: 10s\n    run: |\n      mock ledger work\n      mock takes 10h\n    verify: [{probe: mock has done}]\n"), "a")
		began := time.Now()
		r.answer = say(map[string]string{run.AskStall: "stop", run.AskFailed: "stop"})
		st := ends(t, r, "cancelled")
		j := st.Unit(run.Unit{Step: "work", Host: "a"}).Jobs[0]
		if j.Ended == nil || j.Ended.State != job.Stopped || time.Since(began) > time.Minute {
			t.Errorf("%+v after %v", j.Ended, time.Since(began))
		}
	})
}

// TestCancelLeavesNothingRunning: the end of a run stops its jobs and frees its hosts.
func TestCancelLeavesNothingRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    stall: 10s\n    run: |\n      mock ledger work\n      mock takes 10h\n    verify: [{probe: mock has done}]\n"), "a", "b")
		r.answer = func(*run.QuestionView) run.Command { return run.Command{Do: "cancel"} }
		ends(t, r, "cancelled")
		for name, m := range r.w.hosts {
			for id, j := range m.jobs {
				if m.state(j) == job.Running {
					t.Errorf("job %s still runs on %s", id, name)
				}
			}
			if m.claim != nil {
				t.Errorf("%s is still claimed", name)
			}
		}
	})
}

// TestLostJobIsAsked: a job that vanished is not simply run again.
func TestLostJobIsAsked(t *testing.T) {
	for value, want := range map[string]int{"rerun": 2, "skip": 1, "done": 1} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, one(simple), "a")
			r.w.hook = func(call, host string, after bool) error {
				if call == "Start" && after {
					r.w.mu.Lock()
					defer r.w.mu.Unlock()
					m := r.w.hosts[host]
					if m.ledger["work"] == 1 {
						for _, j := range m.jobs {
							j.killed = true
						}
					}
				}
				return nil
			}
			r.answer = say(map[string]string{run.AskLost: value})
			ends(t, r, "done")
			if got := r.w.hosts["a"].ledger["work"]; got != want {
				t.Errorf("%s: ran %d times", value, got)
			}
		})
	}
}

// TestVerifiedAgainAfterReboot: what a power cut took is seen, and done again.
func TestVerifiedAgainAfterReboot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one(simple)+`
  - id: second
    title: {en: s, ko: s}
    on: node
    run: |
      mock takes 5m
      mock set second 1
    verify: [{probe: mock has second}]
    rerun: safe
`, "a")
		cut := false
		r.w.hook = func(call, host string, after bool) error {
			m := r.w.hosts[host]
			if r.w.mu.Lock(); call == "Follow" && !after && !cut && m.kv["second"] != "" {
				cut = true
				delete(m.kv, "done")
				m.restart(20 * time.Second)
			}
			r.w.mu.Unlock()
			return nil
		}
		st := ends(t, r, "done")
		if got := r.w.hosts["a"].ledger["work"]; got != 2 {
			t.Errorf("the step that the power cut undid ran %d times", got)
		}
		if st.Unit(run.Unit{Step: "work", Host: "a"}).Phase != run.PhaseDone {
			t.Error("not done in the end")
		}
	})
}

func TestRebootThatDoesNotHappen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, one("    reboot: true\n    risk: disruptive\n    verify: [{probe: mock has done}]\n"), "a")
		r.w.hook = func(call, host string, after bool) error {
			r.w.mu.Lock()
			defer r.w.mu.Unlock()
			for _, j := range r.w.hosts[host].jobs {
				j.reboots = false // something holds it up
			}
			return nil
		}
		r.o.Settings.OnAsk = "park"
		st := parked(t, r, "question", run.ExitFailed)
		if p := st.Unit(run.Unit{Step: "work", Host: "a"}).Problem; p == nil || p.Code != "engine.reboot" {
			t.Error(p)
		}
	})
}
