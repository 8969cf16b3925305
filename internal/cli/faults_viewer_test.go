//go:build linux

package cli_test

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

// TestFaultViewerGone takes viewers away in all the ways there are; the run does not notice.
func TestFaultViewerGone(t *testing.T) {
	b := newBench(t, labtest.Options{})
	v := b.typing("run", procedure("hold"), "--plain")
	d := b.dir()
	b.running(d, "hold", "held")
	pid := b.engine(d)

	b.must(v.cmd.Process.Kill())
	<-v.done
	v = b.typing("attach", "--plain")
	v.sees("The work", 1)
	b.must(v.cmd.Process.Signal(syscall.SIGHUP))
	b.wants(v.end(7), "Detached", "stackhand attach "+d.ID())
	v = b.typing("attach", "--plain")
	v.sees("The work", 1)
	if _, err := v.tty.Write([]byte{3}); err != nil { // Ctrl-C
		t.Fatal(err)
	}
	b.wants(v.end(7), "Detached", "stackhand attach "+d.ID())
	v = b.typing("attach", "--plain")
	v.sees("The work", 1)
	v.tty.Close() // the terminal goes away
	<-v.done
	if b.engine(d) != pid || !b.isEngine(pid) {
		t.Error("the engine is another one")
	}

	// Two at once, one of them with JSON and one that only watches.
	one, two := b.start("attach", "--plain"), b.start("attach", "--json")
	watch := b.start("attach", "--plain", "--observe")
	one.sees("The work", 1)
	watch.sees("The work", 1)
	two.sees(`"engine.started"`, 1)
	b.on("ctl1", "touch /root/go")
	one.end(0)
	watch.end(0)
	lines := strings.Split(strings.TrimSpace(two.end(0)), "\n")
	events := b.events(d)
	if len(lines) != len(events) {
		t.Errorf("%d lines of JSON for %d events", len(lines), len(events))
	}
	for i, line := range lines {
		var e run.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Seq != int64(i+1) {
			t.Errorf("line %d: %v %s", i+1, err, line)
		}
	}
	b.nothingTwice(d)
	b.wants(b.says(0, "attach", "--plain", "--observe"), "All is done and verified")
}

// TestFaultEngineAsked: SIGTERM parks, a job goes on by itself; --on-ask park lets jobs end first;
// --decide answers; two attaches bring one engine.
func TestFaultEngineAsked(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}})
	v := b.start("run", procedure("drain"), "--plain", "--detach")
	if said := v.end(7); strings.TrimSpace(said) != b.dir().ID() {
		t.Errorf("--detach says %q", said)
	}
	d := b.dir()
	b.running(d, "fails", "held")
	b.kill(d, syscall.SIGTERM)
	st, err := d.State()
	b.must(err)
	if st.Parked == nil || st.Parked.Why != "stopped" {
		t.Errorf("parked: %+v", st.Parked)
	}
	status := 3
	if len(st.Questions) > 0 {
		status = 1 // the failure was asked about before the signal came
	}
	b.wants(b.says(status, "attach", "--plain", "--observe"), "the engine was stopped", "Jobs that run on the hosts go on by themselves", "stackhand attach")

	// Two at the same time: one engine.
	one, two := b.start("attach", "--plain"), b.start("attach", "--plain")
	b.event(d, "another engine", func(e run.Event) bool {
		s, ok := e.Body.(run.EngineStarted)
		return ok && e.Seq > 5 && b.isEngine(s.PID)
	})
	// On cmp1 it fails at once; the job on ctl1 is let go on to its end before the run parks.
	b.event(d, "the failure", func(e run.Event) bool { q, ok := e.Body.(run.Question); return ok && q.Unit.Host == "cmp1" })
	if one.ended() || two.ended() {
		t.Error("a viewer left while a job ran")
	}
	b.on("ctl1", "touch /root/go")
	b.wants(one.end(1), "The run is parked", "What failed", "cmp1")
	two.end(1)
	engines := 0
	for _, e := range b.events(d) {
		switch body := e.Body.(type) {
		case run.EngineStarted:
			engines++
		case run.UnitEnded:
			if body.Unit.Host == "ctl1" && body.Outcome != run.OutcomeDone {
				t.Errorf("ctl1 ended as %s", body.Outcome)
			}
		}
	}
	if engines != 2 {
		t.Errorf("%d engines, want 2", engines)
	}
	// Nonsense ahead is an error and touches nothing.
	b.wants(b.says(2, "attach", "--plain", "--decide", "nosuch=retry"), "nosuch")
	b.on("cmp1", "touch /root/go")
	b.says(0, "attach", "--plain", "--decide", "fails=retry", "--decide", "which=b")
	if got := b.on("ctl1", "cat /root/which"); got != "b" {
		t.Errorf("chosen: %q", got)
	}
	b.nothingTwice(d)
}

// TestFaultNonsenseTyped types what nobody asked for.
func TestFaultNonsenseTyped(t *testing.T) {
	b := newBench(t, labtest.Options{})
	v := b.typing("run", procedure("asks"), "--plain")
	const prompt = "Answer"
	v.sees(prompt, 1)
	v.types("perhaps")
	v.sees("That is none of the answers.", 1)
	v.types("99")
	v.sees("That is none of the answers.", 2)
	v.types(strings.Repeat("x", 3000))
	v.sees("That is none of the answers.", 3)
	v.types("\x1b[31m\x00\x7f\xff")
	v.sees("That is none of the answers.", 4)
	v.types("1")
	v.sees("A whole number is needed.", 0)
	v.sees("Which port", 1)
	v.types("eighty")
	v.sees("A whole number is needed.", 1)
	v.types("80")
	v.sees("Type ctl1 to go on", 1)
	v.types("yes")
	v.sees("That is not what was to be typed", 1)
	v.types("CTL1")
	v.sees("That is not what was to be typed", 2)
	if got := b.on("ctl1", "ls /root/sure 2>/dev/null || true"); got != "" {
		t.Fatal("the step ran without its confirmation")
	}
	v.types("ctl1")
	v.end(0)
	if got := b.on("ctl1", "cat /root/sure"); got != "a 80" {
		t.Errorf("done with %q", got)
	}
	b.nothingTwice(b.dir())
}

// TestFaultEngineKilledAtAQuestion kills the engine while its question is open at a terminal: the
// viewer starts it again, and the answer counts once.
func TestFaultEngineKilledAtAQuestion(t *testing.T) {
	b := newBench(t, labtest.Options{})
	v := b.typing("run", procedure("asks"), "--plain")
	v.sees("Answer", 1)
	d := b.dir()
	pid := b.engine(d)
	b.kill(d, syscall.SIGKILL)
	v.sees("The engine is gone; starting it again.", 1)
	b.until("a new engine", func() bool { return b.engine(d) != pid })
	v.types("2")
	v.sees("Which port", 1)
	v.types("81")
	v.sees("Type ctl1 to go on", 1)
	v.types("ctl1")
	v.end(0)
	if got := b.on("ctl1", "cat /root/sure"); got != "b 81" {
		t.Errorf("done with %q", got)
	}
	b.nothingTwice(d)
}
