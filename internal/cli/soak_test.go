package cli

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

// TestSoak disturbs the real install at 25 random moments: the engine killed, the viewer
// killed, or a host's network cut for 20 s. Whoever watches attaches again, and the install
// ends well, with each job begun once and each log as the host has it.
func TestSoak(t *testing.T) {
	if os.Getenv("STACKHAND_SOAK") == "" {
		t.Skip("takes some ten minutes: make soak")
	}
	const moments = 25
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for done := 0; done < moments; {
		l := labtest.Start(t, labtest.Options{})
		c := newConsole(t, l)
		done += c.soak(l, r, moments-done)
		for _, s := range c.runs() {
			c.sameLogs(l, s.Dir)
		}
		c.onceEach(l)
		if t.Failed() {
			return
		}
	}
}

// soak installs once, disturbed up to most times, and returns how often it was.
func (c *testConsole) soak(l *lab.Lab, r *rand.Rand, most int) (count int) {
	c.t.Helper()
	viewer := c.stackhand(c.t.Context(), "run", "environment-2023.1", "--site", c.site, "--plain")
	c.begin(viewer)
	var dir *run.Dir
	c.until(time.Minute, "the run has an engine", func() bool {
		if list := c.runs(); len(list) > 0 {
			dir = list[0].Dir
		}
		return dir != nil && dir.EngineAlive()
	})
	deadline := time.Now().Add(20 * time.Minute)
	for {
		st, err := dir.State()
		if err != nil {
			c.t.Fatal(err)
		}
		if st.Ended != nil || time.Now().After(deadline) {
			break
		}
		moment := time.Now().Add(time.Duration(500+r.IntN(7000)) * time.Millisecond)
		c.until(10*time.Second, "the moment comes", func() bool { return time.Now().After(moment) })
		if count < most {
			count++
			what := c.disturb(l, r, dir, viewer)
			c.t.Logf("%2d: %s", count, what)
		}
		if viewer.ProcessState == nil && dir.EngineAlive() && syscall.Kill(viewer.Process.Pid, 0) == nil {
			continue
		}
		viewer.Wait()
		args := []string{"attach", dir.ID(), "--plain"}
		if st, err = dir.State(); err != nil {
			c.t.Fatal(err)
		}
		for _, q := range st.Questions {
			if q.Q.Kind == run.AskFailed { // a step that needed the network while it was away
				args = append(args, "--decide", q.Q.Unit.Step+"=retry")
			}
		}
		viewer = c.stackhand(c.t.Context(), args...)
		c.begin(viewer)
	}
	viewer.Wait()
	st, err := dir.State()
	if err != nil {
		c.t.Fatal(err)
	}
	if st.Ended == nil || st.Ended.Outcome != "done" {
		c.t.Errorf("the install did not end well: status %d, open questions %d", st.ExitStatus(), len(st.Questions))
		for _, q := range st.Questions {
			c.t.Logf("open: %s %s %v", q.Q.Kind, q.Q.Unit, q.Q.Problem)
		}
	}
	return count
}

func (c *testConsole) begin(cmd *exec.Cmd) {
	c.t.Helper()
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
}

// disturb does one of the three things.
func (c *testConsole) disturb(l *lab.Lab, r *rand.Rand, dir *run.Dir, viewer *exec.Cmd) string {
	c.t.Helper()
	switch r.IntN(3) {
	case 0:
		st, err := dir.State()
		if err != nil {
			c.t.Fatal(err)
		}
		if st.Engine == nil || !dir.EngineAlive() {
			return "engine: none to kill"
		}
		syscall.Kill(st.Engine.PID, syscall.SIGKILL)
		return "engine killed"
	case 1:
		viewer.Process.Kill()
		viewer.Wait()
		return "viewer killed"
	}
	hosts := l.Hosts()
	h := hosts[r.IntN(len(hosts))].Name
	if err := l.NetCut(c.t.Context(), h); err != nil {
		c.t.Fatal(err)
	}
	heal := time.Now().Add(20 * time.Second)
	c.until(30*time.Second, "20 s without network", func() bool { return time.Now().After(heal) })
	if err := l.NetHeal(c.t.Context(), h); err != nil {
		c.t.Fatal(err)
	}
	return "network of " + h + " cut for 20 s"
}

// until polls until something holds.
func (c *testConsole) until(limit time.Duration, what string, holds func() bool) {
	c.t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("waited %s for: %s", limit, what)
		}
	}
}
