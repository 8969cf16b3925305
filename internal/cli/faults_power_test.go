//go:build linux

package cli_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

func sum(data []byte) [32]byte { return sha256.Sum256(data) }

// TestFaultPowerCutInAJob takes the power of a host away while a job runs there, with and without the
// engine dying too, on disks that keep what was written and on those that lose what was not synced.
func TestFaultPowerCutInAJob(t *testing.T) {
	for _, c := range []struct {
		name, procedure string
		real, kill      bool
	}{
		{"asked", "power", false, false},
		{"safe", "power-safe", true, true},
		{"asked, real loss, engine killed", "power", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, labtest.Options{RealPower: c.real, DiskMiB: 512})
			v := b.start("run", procedure(c.procedure), "--plain")
			d := b.dir()
			b.running(d, "work", "begin")
			b.must(b.lab.PowerCut(t.Context(), "ctl1"))
			if c.kill {
				b.kill(d, syscall.SIGKILL)
				_ = v.cmd.Process.Kill()
			}
			b.must(b.lab.PowerOn(t.Context(), "ctl1"))
			args := []string{"attach", "--plain"}
			if c.procedure == "power" {
				var said string
				if c.kill {
					said = b.says(3, "attach", "--plain")
				} else {
					said = v.end(3)
				}
				b.wants(said, "was cut off by a reboot of the host", "rerun", "The run is parked", "stackhand attach")
				args = append(args, "--decide", "work=rerun")
			} else if !c.kill {
				v.end(0)
			}
			b.says(0, args...)
			if got := b.on("ctl1", "cat /root/done"); got != "2" {
				t.Errorf("the work was done in attempt %q, want 2", got)
			}
			b.nothingTwice(d)
			var rebooted bool
			for _, e := range b.events(d) {
				if s, ok := e.Body.(run.HostState); ok && s.State == run.HostRebooted {
					rebooted = true
				}
			}
			if !rebooted {
				t.Error("nobody noted that the host was rebooted")
			}
		})
	}
}

// TestFaultPowerCutInAFile takes the power away around the writing of a file: what is there is the
// old file or the new one, never half of one, and the run ends well.
func TestFaultPowerCutInAFile(t *testing.T) {
	b := newBench(t, labtest.Options{RealPower: true, DiskMiB: 512})
	b.on("ctl1", "printf 'old\\n' >/etc/thing; sync")
	pauses := []time.Duration{0, 40 * time.Millisecond}
	if long() {
		for ms := 10; ms < 400; ms += 10 {
			pauses = append(pauses, time.Duration(ms)*time.Millisecond)
		}
	}
	for i, pause := range pauses {
		size := fmt.Sprint(i)
		v := b.start("run", procedure("file"), "--plain", "--set", "number="+size)
		var d *run.Dir
		b.until("the run", func() bool {
			if all := b.runs(); len(all) == i+1 {
				d = all[0]
			}
			return d != nil
		})
		b.event(d, "the check before the file", func(e run.Event) bool {
			c, ok := e.Body.(run.Check)
			return ok && c.Unit.Step == "thing" && c.Phase == "require"
		})
		<-time.After(pause) // the moment that is tried
		b.must(b.lab.PowerCut(t.Context(), "ctl1"))
		b.must(b.lab.PowerOn(t.Context(), "ctl1"))
		b.until("the end of the run", v.ended, v.text)
		if v.code == 1 && (strings.Contains(v.text(), "Input/output error") || strings.Contains(v.text(), "is not what was sent")) {
			// The disk died an instant before the rest did, and the host still said so, or what it had got.
			b.says(0, "attach", "--plain", "--decide", "thing=retry")
		} else {
			v.end(0)
		}
		if got := b.on("ctl1", "tail -n 1 /etc/thing"); got != "number "+size {
			t.Errorf("the file ends with %q", got)
		}
		if got := b.on("ctl1", "ls /etc | grep -c 'thing[.]stackhand[.]' || true"); got != "0" {
			t.Errorf("%s half files lie about: %s", got, b.on("ctl1", "ls -la /etc | grep thing"))
		}
		b.nothingTwice(b.runs()...)
	}
}

// TestFaultPowerCutInAVerification takes the power away while the verification looks; the work it
// looks at is gone then, so its step is opened again.
func TestFaultPowerCutInAVerification(t *testing.T) {
	b := newBench(t, labtest.Options{})
	v := b.start("run", procedure("verify"), "--plain")
	d := b.dir()
	b.event(d, "the end of the job", func(e run.Event) bool { _, ok := e.Body.(run.JobEnded); return ok })
	b.must(b.lab.PowerCut(t.Context(), "ctl1"))
	b.must(b.lab.PowerOn(t.Context(), "ctl1"))
	said := v.end(1) // red: what the job made lay in memory
	b.wants(said, "retry")
	b.says(0, "attach", "--plain", "--decide", "volatile=retry")
	b.nothingTwice(d)
}

// TestFaultRebootStepKilled kills the engine after each event of a reboot step. However often: one
// reboot, and what was proven before is proven again.
func TestFaultRebootStepKilled(t *testing.T) {
	b := newBench(t, labtest.Options{})
	inStep := func(e run.Event) bool {
		switch body := e.Body.(type) {
		case run.UnitReady:
			return body.Step == "boot"
		case run.JobIntent:
			return body.Unit.Step == "boot"
		case run.JobClaimed, run.JobEnded, run.HostState, run.Check, run.UnitEnded:
			return true
		}
		return false
	}
	// moments are the events from the beginning of the reboot step on.
	moments := func(d *run.Dir) (all []run.Event) {
		begun := false
		for _, e := range b.events(d) {
			if r, ok := e.Body.(run.UnitReady); ok {
				begun = r.Step == "boot"
			}
			if begun && inStep(e) {
				all = append(all, e)
			}
		}
		return all
	}
	check := func(d *run.Dir, before int) {
		t.Helper()
		if got := b.boots("ctl1") - before; got != 1 {
			t.Errorf("the host was started %d times, want once", got)
		}
		var booted int64
		again, opened := map[string]bool{}, false
		for _, e := range b.events(d) {
			switch body := e.Body.(type) {
			case run.HostState:
				if body.State == run.HostRebooted {
					booted = e.Seq
				}
			case run.Check:
				if booted > 0 && body.Phase == "verify" {
					again[body.Unit.Step] = true
				}
			case run.UnitEnded:
				opened = opened || body.Unit.Step == "volatile" && body.Outcome == run.OutcomeReopen
			}
		}
		if booted == 0 || !again["lasting"] || !again["volatile"] || !opened {
			t.Errorf("rebooted at %d, proven again: %v, volatile opened again: %v\n%s", booted, again, opened, journalText(d))
		}
		b.nothingTwice(b.runs()...)
	}
	before := b.boots("ctl1")
	b.says(0, "run", procedure("reboot"), "--plain")
	d := b.dir()
	check(d, before)
	n := len(moments(d))
	t.Logf("%d moments", n)
	if n < 6 {
		t.Fatalf("too few moments to kill at: %s", journalText(d))
	}
	for k := range n {
		if !long() && k != 1 && k != 2 && k != 3 {
			continue
		}
		before := b.boots("ctl1")
		had := len(b.runs())
		v := b.start("run", procedure("reboot"), "--json")
		b.until("the run", func() bool { return len(b.runs()) > had })
		d := b.runs()[0]
		b.until(fmt.Sprintf("moment %d", k), func() bool { return len(moments(d)) > k }, func() string { return journalText(d) })
		events := moments(d)
		b.kill(d, syscall.SIGKILL)
		t.Logf("killed after %s", events[k].Body.EventType())
		_ = v.cmd.Process.Kill()
		b.says(0, "attach", "--plain")
		check(d, before)
	}
}
