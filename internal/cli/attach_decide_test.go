//go:build linux

package cli_test

import (
	"slices"
	"strings"
	"testing"

	"stackhand/internal/cli"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// asking begins a run whose engine waits at its first question, with nobody watching.
func (b *bench) asking() *run.Dir {
	b.t.Helper()
	b.start("run", procedure("asks"), "--on-ask", "wait", "--detach").end(run.ExitDetached)
	d := b.dir()
	b.open(d, "which")
	return d
}

// open waits until a step's question is open.
func (b *bench) open(d *run.Dir, step string) run.Question {
	b.t.Helper()
	return b.event(d, "the question of "+step, func(e run.Event) bool {
		q, ok := e.Body.(run.Question)
		return ok && q.Unit.Step == step
	}).Body.(run.Question)
}

// answeredBy are the steps that somebody answered over the control socket, in order.
func (b *bench) answeredBy(d *run.Dir) (stepsOf []string) {
	b.t.Helper()
	st, err := d.State()
	b.must(err)
	for _, q := range st.Answered {
		if q.Answer.Void == "" && q.Answer.By != nil {
			stepsOf = append(stepsOf, q.Q.Unit.Step+"="+q.Answer.Value)
		}
	}
	return stepsOf
}

// Answers given to attach reach an engine that is at work: each is checked as one that is typed,
// and journalled with who gave it. What no question takes is told, and nothing happens.
func TestAttachDecidesAtWork(t *testing.T) {
	b := newBench(t, labtest.Options{})
	d := b.asking()
	pid := b.engine(d)
	b.wants(b.says(run.ExitUsage, "attach", "--plain", "--observe", "--decide", "which=b"), "--observe answers nothing")
	b.wants(b.says(run.ExitUsage, "attach", "--plain", "--decide", "nosuch=b"), "nosuch")

	v := b.start("attach", "--plain", "--decide", "which=b", "--decide", "port=eighty", "--decide", "sure=CTL1", "--decide", "sure=yes")
	v.sees("none of the answers", 1) // eighty is no number: the engine says so
	b.must(v.cmd.Process.Kill())
	<-v.done
	if got := b.answeredBy(d); !slices.Equal(got, []string{"which=b"}) {
		t.Fatalf("answered: %q", got)
	}
	v = b.start("attach", "--plain", "--decide", "port=82", "--decide", "sure=CTL1", "--decide", "sure=yes")
	v.sees("--decide sure=CTL1 is no answer", 1)
	if got := b.on("ctl1", "ls /root/sure 2>/dev/null || true"); got != "" {
		t.Fatal("the step ran without its confirmation")
	}
	b.must(v.cmd.Process.Kill())
	<-v.done
	said := b.says(0, "attach", "--plain", "--decide", "sure=ctl1", "--decide", "which@nowhere=a")
	b.wants(said, "not used: --decide which@nowhere=")
	if got := b.answeredBy(d); !slices.Equal(got, []string{"which=b", "port=82", "sure=ctl1"}) {
		t.Errorf("answered: %q", got)
	}
	if got := b.on("ctl1", "cat /root/sure"); got != "b 82" {
		t.Errorf("done with %q", got)
	}
	if b.engine(d) != pid {
		t.Error("another engine did it")
	}
	b.nothingTwice(d)
}

// The same on the full screen: it answers what it was given, and asks the rest. The site of the run
// stands in its head, though nobody named one.
func TestAttachDecidesOnScreen(t *testing.T) {
	b := newBench(t, labtest.Options{})
	d := b.asking()
	st, err := d.State()
	b.must(err)
	cmd := b.command("attach", d.ID(), "--decide", "which=a", "--decide", "sure=nowhere")
	cmd.Dir = b.home
	cmd.Env = slices.DeleteFunc(cmd.Env, func(e string) bool { return strings.HasPrefix(e, "STACKHAND_SITE=") })
	s := cli.Sit(t, cmd)
	s.Sees(st.Run.Site+" ›", "A value is needed", "Which port?")
	if s.Shows("no site") {
		t.Errorf("the run's site is not there:\n%s", s.Screen())
	}
	s.Until("keys", func(screen string) bool { return !strings.Contains(screen, "this came up by itself") })
	s.Types("83" + keyEnter)
	s.Sees("Act on this site?", st.Run.Site)
	s.Types("2" + keyEnter)
	s.Sees("Confirm", "All of it?") // "nowhere" is not its name
	s.Until("keys", func(screen string) bool { return !strings.Contains(screen, "this came up by itself") })
	s.Types("2" + keyEnter)
	s.Sees("Type ctl1")
	s.Types("ctl1" + keyEnter)
	s.Sees("stackhand report")
	if got := b.on("ctl1", "cat /root/sure"); got != "a 83" {
		t.Errorf("done with %q", got)
	}
	if got := b.answeredBy(d); !slices.Equal(got, []string{"which=a", "port=83", "sure=ctl1"}) {
		t.Errorf("answered: %q", got)
	}
}

// TestWaiveAndGuardOnScreen leads a recovery on the full screen in which a dead host is gone on
// without, and a guard is overridden: both by a name typed and a reason, which the report has.
func TestWaiveAndGuardOnScreen(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1", "cmp2"}})
	for host, script := range map[string]string{
		"ctl1": "echo 7 >/root/position; mkdir -p /root/deep; echo old >/root/deep/cookie",
		"cmp1": "echo 9 >/root/position; echo a cookie >/root/cookie; mkdir /root/scene",
	} {
		b.on(host, script)
	}
	b.must(b.lab.PowerCut(t.Context(), "cmp2"))
	at, err := site.Load(b.site)
	b.must(err)
	r := b.onScreen(screenCase{Drill: cli.Drill{Fault: "recovery", Runbook: "recovery", Decide: []string{"without=cmp2: its disk is broken", "down=" + at.Name + ": nobody is served by it"}}})
	r.Seat = cli.Sit(t, b.command("run", procedure("recovery")))
	r.dir = b.dir()
	st := r.leads()
	if st.Ended.Outcome != "done" {
		t.Fatalf("ended %+v:\n%s", st.Ended, r.Screen())
	}
	r.Sees("stackhand report")
	r.keep("end")
	b.wants(b.says(0, "report", r.dir.ID()), "its disk is broken", "nobody is served by it")
	b.nothingTwice(r.dir)
}
