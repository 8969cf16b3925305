package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

// console is a console of its own: its state is in a folder of the test.
type testConsole struct {
	t    *testing.T
	home string
	site string
	env  []string
}

func newConsole(t *testing.T, l *lab.Lab) *testConsole {
	t.Helper()
	home := t.TempDir()
	return &testConsole{t: t, home: home, site: l.SitePath(), env: append(os.Environ(),
		"XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_CONFIG_HOME="+filepath.Join(home, "config"),
		"HOME="+home, "LANG=en_US.UTF-8", "TERM=dumb", "STACKHAND_SITE=", "SSH_AUTH_SOCK=")}
}

// stackhand is a command of the program, which is this test binary.
func (c *testConsole) stackhand(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"--"}, args...)...)
	cmd.Env = c.env
	return cmd
}

// do runs a command to its end and returns what it printed and its exit status.
func (c *testConsole) do(env []string, args ...string) (string, int) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 6*time.Minute) // two cores for several labs
	defer cancel()
	cmd := c.stackhand(ctx, args...)
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		c.t.Fatalf("%v: %v", args, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// runs are the console's runs, newest first.
func (c *testConsole) runs() []run.Summary {
	c.t.Helper()
	list, err := run.List(filepath.Join(c.home, "state", "stackhand", "runs"))
	if err != nil {
		c.t.Fatal(err)
	}
	return list
}

// TestKilledEverywhere kills the engine after each event that it writes and before and after
// each call to the host, one run for each point, and attaches: every run ends well, each job
// ran exactly once, and each log is what the host has, to the byte.
func TestKilledEverywhere(t *testing.T) {
	t.Parallel()
	l := labtest.Start(t, labtest.Options{Hosts: []string{"ctl1"}})
	c := newConsole(t, l)
	points := filepath.Join(c.home, "points")
	out, status := c.do([]string{"STACKHAND_TEST_DIE=0", "STACKHAND_TEST_POINTS=" + points}, "run", "testdata/kill.yaml", "--site", c.site, "--plain")
	if status != 0 {
		t.Fatalf("undisturbed: exit status %d\n%s", status, out)
	}
	listed, err := os.ReadFile(points)
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Split(strings.TrimSpace(string(listed)), "\n")
	if len(names) < 40 {
		t.Fatalf("only %d points: %q", len(names), names)
	}
	t.Logf("%d points", len(names))
	const lanes = 3 // mostly waiting: each lane has a host and a console of its own
	for lane := range lanes {
		t.Run(fmt.Sprint(lane), func(t *testing.T) {
			t.Parallel()
			l := labtest.Start(t, labtest.Options{Hosts: []string{"ctl1"}})
			c := newConsole(t, l)
			for i := lane; i < len(names); i += lanes {
				c.dieAndAttach(i+1, names[i])
				if t.Failed() {
					t.Fatalf("at point %s", names[i])
				}
			}
			for _, s := range c.runs() {
				c.sameLogs(l, s.Dir)
			}
			c.onceEach(l)
		})
	}
}

// dieAndAttach begins a run whose engine kills itself at a point, and attaches.
func (c *testConsole) dieAndAttach(n int, point string) {
	c.t.Helper()
	before := len(c.runs())
	first, _ := c.do([]string{fmt.Sprintf("STACKHAND_TEST_DIE=%d", n)}, "run", "testdata/kill.yaml", "--site", c.site, "--detach")
	list := c.runs()
	if len(list) != before+1 {
		c.t.Fatalf("%s: no run was made:\n%s", point, first)
	}
	dir := list[0].Dir
	for end := time.Now().Add(30 * time.Second); dir.EngineAlive(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("%s: the engine does not die", point)
		}
	}
	out, status := c.do(nil, "attach", dir.ID(), "--plain")
	st, err := dir.State()
	if err != nil {
		c.t.Fatal(err)
	}
	if status != 0 || st.Ended == nil || st.Ended.Outcome != "done" {
		c.t.Errorf("%s: exit status %d\n%s\n%s", point, status, first, out)
	}
	if n := len(st.Step("count").Units[0].Jobs); n != 1 {
		c.t.Errorf("%s: %d jobs for one step", point, n)
	}
	if len(st.Leaks)+len(st.Truncated) > 0 {
		c.t.Errorf("%s: leaks %v, truncated %v", point, st.Leaks, st.Truncated)
	}
	if len(st.Files) != 1 {
		c.t.Errorf("%s: %d files changed, want 1", point, len(st.Files))
	}
}

// sameLogs compares each log of a run with the host's own copy.
func (c *testConsole) sameLogs(l *lab.Lab, dir *run.Dir) {
	c.t.Helper()
	st, err := dir.State()
	if err != nil {
		c.t.Fatal(err)
	}
	for _, step := range st.Steps {
		for _, u := range step.Units {
			for _, j := range u.Jobs {
				if j.Ended == nil || j.Ended.State != job.Done {
					continue
				}
				data, err := os.ReadFile(dir.LogPath(j.Intent.Log))
				if err != nil {
					c.t.Error(err)
				}
				sum := sha256.Sum256(data)
				theirs, err := l.Run(c.t.Context(), u.Unit.Host, "sha256sum </var/lib/stackhand/jobs/"+j.Intent.Job+"/out")
				if err != nil || !strings.HasPrefix(theirs, hex.EncodeToString(sum[:])) {
					c.t.Errorf("the log of %s (%d bytes) is not the host's: %s %v", j.Intent.Job, len(data), theirs, err)
				}
			}
		}
	}
}

// onceEach looks into the hosts' ledgers: each job that the journals know began exactly once.
func (c *testConsole) onceEach(l *lab.Lab) {
	c.t.Helper()
	began := map[string]int{}
	for _, h := range l.Hosts() {
		text, err := l.Run(c.t.Context(), h.Name, "cat /var/lib/stackhand/ledger 2>/dev/null || true") // a host that no job ran on has none
		if err != nil {
			c.t.Fatal(err)
		}
		for _, id := range strings.Fields(text) {
			began[id]++
		}
	}
	for _, s := range c.runs() {
		st, err := s.Dir.State()
		if err != nil {
			c.t.Fatal(err)
		}
		for _, step := range st.Steps {
			for _, u := range step.Units {
				for _, j := range u.Jobs {
					if j.Ended != nil && j.Ended.State == job.Done && began[j.Intent.Job] != 1 {
						c.t.Errorf("job %s began %d times", j.Intent.Job, began[j.Intent.Job])
					}
					if began[j.Intent.Job] > 1 {
						c.t.Errorf("job %s began %d times", j.Intent.Job, began[j.Intent.Job])
					}
				}
			}
		}
	}
}
