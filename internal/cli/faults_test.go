//go:build linux

package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/goccy/go-yaml"

	"stackhand/internal/job"
	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// long tells whether tests that take minutes are wanted.
func long() bool { return os.Getenv("STACKHAND_LONG") != "" }

// bench is a practice site and the operator's console in front of it: the real program, a state
// directory and a site.yaml of its own.
type bench struct {
	t       *testing.T
	lab     *lab.Lab
	program string
	state   string // XDG_STATE_HOME
	home    string
	site    string
	env     []string
}

func newBench(t *testing.T, o labtest.Options) *bench {
	t.Helper()
	if len(o.Hosts) == 0 {
		o.Hosts = []string{"ctl1"}
	}
	t.Parallel()
	l := labtest.Start(t, o)
	b := &bench{t: t, lab: l, program: filepath.Join(l.Dir(), "stackhand"), site: l.SitePath()}
	return b.console()
}

// console is another console at the same site.
func (b *bench) console() *bench {
	c := *b
	dir := b.t.TempDir()
	c.state, c.home = filepath.Join(dir, "state"), filepath.Join(dir, "home")
	for _, d := range []string{c.state, c.home} {
		if err := os.Mkdir(d, 0o700); err != nil {
			b.t.Fatal(err)
		}
	}
	b.t.Cleanup(c.endEngines)
	return &c
}

// edit gives this console a site.yaml of its own, with a known_hosts of its own.
func (b *bench) edit(change func(*site.Site)) {
	b.t.Helper()
	s, err := site.Load(b.site)
	if err != nil {
		b.t.Fatal(err)
	}
	change(s)
	text, err := yaml.Marshal(s)
	if err != nil {
		b.t.Fatal(err)
	}
	b.site = filepath.Join(b.home, "site.yaml")
	b.write(b.site, string(text))
}

func (b *bench) write(path, text string) {
	b.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) command(args ...string) *exec.Cmd {
	cmd := exec.Command(b.program, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.home, "XDG_STATE_HOME=" + b.state, "STACKHAND_SITE=" + b.site,
		"TERM=xterm", "LANG=C.UTF-8", "STACKHAND_LAB=" + os.Getenv("STACKHAND_LAB")}, b.env...)
	return cmd
}

// procedure is the path of a procedure of these tests.
func procedure(name string) string { return filepath.Join("testdata", "faults", name+".yaml") }

// viewer is a stackhand under way.
type viewer struct {
	b   *bench
	cmd *exec.Cmd
	tty *os.File // nil: stdin is /dev/null

	mu   sync.Mutex
	said bytes.Buffer
	done chan struct{}
	code int
}

func (v *viewer) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.said.Write(p)
}

func (v *viewer) text() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return strings.ReplaceAll(v.said.String(), "\r\n", "\n")
}

// start starts the program with nobody at its input.
func (b *bench) start(args ...string) *viewer {
	b.t.Helper()
	v := &viewer{b: b, cmd: b.command(args...), done: make(chan struct{})}
	v.cmd.Stdout, v.cmd.Stderr = v, v
	if err := v.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	v.join(func() {})
	return v
}

// typing starts the program at a terminal.
func (b *bench) typing(args ...string) *viewer {
	b.t.Helper()
	v := &viewer{b: b, cmd: b.command(args...), done: make(chan struct{})}
	tty, err := pty.StartWithSize(v.cmd, &pty.Winsize{Rows: 50, Cols: 160})
	if err != nil {
		b.t.Fatal(err)
	}
	v.tty = tty
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		_, _ = io.Copy(v, tty) // ends with EIO when the program has ended
	}()
	v.join(func() {
		<-copied
		tty.Close()
	})
	return v
}

func (v *viewer) join(after func()) {
	go func() {
		defer close(v.done)
		err := v.cmd.Wait()
		after()
		var exit *exec.ExitError
		switch {
		case errors.As(err, &exit):
			v.code = exit.ExitCode() // -1: a signal
		case err != nil:
			v.code = -2
		}
	}()
	v.b.t.Cleanup(func() {
		_ = v.cmd.Process.Kill() // an error when it has ended, which is as good
		<-v.done
	})
}

// most is how long anything may take on a busy machine before a test gives up.
const most = 90 * time.Second

// end waits for the program and wants an exit status.
func (v *viewer) end(want int) string {
	v.b.t.Helper()
	select {
	case <-v.done:
	case <-time.After(most):
		v.b.t.Fatalf("%v has not ended; it said:\n%s\n%s", v.cmd.Args[1:], v.text(), v.b.engineLogs())
	}
	if v.code != want {
		v.b.t.Fatalf("%v ended with %d, want %d; it said:\n%s\n%s", v.cmd.Args[1:], v.code, want, v.text(), v.b.engineLogs())
	}
	return v.text()
}

// ended tells the exit status, if it has one.
func (v *viewer) ended() bool {
	select {
	case <-v.done:
		return true
	default:
		return false
	}
}

// sees waits until the program has said something, n times in all.
func (v *viewer) sees(text string, n int) {
	v.b.t.Helper()
	v.b.until("seen "+text, func() bool {
		if strings.Count(v.text(), text) >= n {
			return true
		}
		if v.ended() {
			v.b.t.Fatalf("%v ended (%d) without saying %q:\n%s", v.cmd.Args[1:], v.code, text, v.text())
		}
		return false
	}, v.text)
}

// types types a line.
func (v *viewer) types(line string) {
	v.b.t.Helper()
	if _, err := v.tty.WriteString(line + "\n"); err != nil {
		v.b.t.Fatal(err)
	}
}

// says runs the program to its end with nobody at its input.
func (b *bench) says(want int, args ...string) string {
	b.t.Helper()
	return b.start(args...).end(want)
}

// until polls; said is shown when it never comes true.
func (b *bench) until(what string, holds func() bool, said ...func() string) {
	b.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(most); !holds(); <-tick.C {
		if time.Now().After(end) {
			text := ""
			for _, s := range said {
				text += s()
			}
			b.t.Fatalf("waited in vain for: %s\n%s\n%s", what, text, b.engineLogs())
		}
	}
}

// runs are the runs of this console, newest first.
func (b *bench) runs() []*run.Dir {
	dirs, _ := filepath.Glob(filepath.Join(b.state, "stackhand", "runs", "2*"))
	slices.Sort(dirs)
	slices.Reverse(dirs)
	var all []*run.Dir
	for _, d := range dirs {
		if dir, err := run.OpenDir(d); err == nil {
			all = append(all, dir)
		}
	}
	return all
}

// dir is this console's newest run, which a viewer is just making.
func (b *bench) dir() *run.Dir {
	b.t.Helper()
	var all []*run.Dir
	b.until("a run", func() bool { all = b.runs(); return len(all) > 0 })
	return all[0]
}

func (b *bench) events(d *run.Dir) []run.Event {
	b.t.Helper()
	events, err := d.Tail().Read()
	if err != nil {
		b.t.Fatal(err)
	}
	return events
}

// event waits until the run's journal has an event of which something holds.
func (b *bench) event(d *run.Dir, what string, is func(run.Event) bool) run.Event {
	b.t.Helper()
	var found run.Event
	tail := d.Tail()
	b.until(what, func() bool {
		events, err := tail.Read()
		if err != nil {
			b.t.Fatal(err)
		}
		i := slices.IndexFunc(events, is)
		if i >= 0 {
			found = events[i]
		}
		return i >= 0
	}, func() string { return journalText(d) })
	return found
}

// engine is the process of the run's newest engine.
func (b *bench) engine(d *run.Dir) int {
	b.t.Helper()
	pid := 0
	b.until("an engine", func() bool {
		for _, e := range b.events(d) {
			if s, ok := e.Body.(run.EngineStarted); ok {
				pid = s.PID
			}
		}
		return pid > 0
	})
	return pid
}

// isEngine tells whether a process is an engine of a run of this console: a number alone may
// be somebody else's by now.
func (b *bench) isEngine(pid int) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.Contains(string(line), b.state) && strings.Contains(string(line), "__engine")
}

// kill ends the run's engine at once and waits until it is gone.
func (b *bench) kill(d *run.Dir, sig syscall.Signal) {
	b.t.Helper()
	pid := b.engine(d)
	if b.isEngine(pid) {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			b.t.Fatal(err)
		}
	}
	b.until("the end of the engine", func() bool { return !b.isEngine(pid) })
}

// endEngines leaves no engine behind.
func (b *bench) endEngines() {
	for _, d := range b.runs() {
		events, _ := d.Tail().Read()
		for _, e := range events {
			if s, ok := e.Body.(run.EngineStarted); ok && b.isEngine(s.PID) {
				_ = syscall.Kill(s.PID, syscall.SIGKILL) // it may have ended
			}
		}
	}
}

func (b *bench) engineLogs() string {
	var text strings.Builder
	for _, d := range b.runs() {
		log, _ := os.ReadFile(filepath.Join(d.Path(), "engine.log"))
		fmt.Fprintf(&text, "--- engine.log of %s\n%s\n%s\n", d.ID(), log, journalText(d))
	}
	return text.String()
}

func journalText(d *run.Dir) string {
	data, _ := os.ReadFile(d.JournalPath())
	if len(data) > 12000 {
		data = append([]byte("… "), data[len(data)-12000:]...)
	}
	return "--- journal of " + d.ID() + "\n" + string(data)
}

// on runs a script on a host and returns what it printed.
func (b *bench) on(host, script string) string {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), most)
	defer stop()
	out, err := b.lab.Run(ctx, host, script)
	if err != nil {
		b.t.Fatalf("on %s: %v", host, err)
	}
	return strings.TrimSpace(out)
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// running waits until a job of a step runs and has printed something.
func (b *bench) running(d *run.Dir, step, text string) run.JobIntent {
	b.t.Helper()
	e := b.event(d, "a job of "+step, func(e run.Event) bool {
		j, ok := e.Body.(run.JobIntent)
		return ok && j.Unit.Step == step
	})
	j := e.Body.(run.JobIntent)
	b.until("output of "+j.Job, func() bool {
		out, _ := os.ReadFile(d.LogPath(j.Log))
		return bytes.Contains(out, []byte(text))
	}, func() string { return journalText(d) })
	return j
}

// nothingTwice holds a run against the hosts: the ledger shows each job once and no job that the
// journal does not know, and each log of a job that has ended is the host's own to the byte.
func (b *bench) nothingTwice(dirs ...*run.Dir) {
	b.t.Helper()
	jobs := map[string]bool{}
	hosts := map[string]bool{}
	for _, d := range dirs {
		logs := map[string]run.JobIntent{}
		for _, e := range b.events(d) {
			switch j := e.Body.(type) {
			case run.JobIntent:
				jobs[j.Job], logs[j.Job], hosts[j.Unit.Host] = true, j, true
			case run.JobEnded:
				if j.State != job.Done {
					continue
				}
				i := logs[j.Job]
				have, err := os.ReadFile(d.LogPath(i.Log))
				if err != nil {
					b.t.Error(err)
				}
				want := b.on(i.Unit.Host, "sha256sum </var/lib/stackhand/jobs/"+j.Job+"/out; stat -c %s /var/lib/stackhand/jobs/"+j.Job+"/out")
				got := fmt.Sprintf("%x  -\n%d", sum(have), len(have))
				if got != want {
					b.t.Errorf("the log of %s is %s, on the host it is %s", j.Job, got, want)
				}
			}
		}
	}
	for host := range hosts {
		ran := map[string]int{}
		for _, id := range strings.Fields(b.on(host, "cat /var/lib/stackhand/ledger 2>/dev/null || true")) {
			if ran[id]++; ran[id] == 2 {
				b.t.Errorf("%s ran twice on %s", id, host)
			}
			if !jobs[id] {
				b.t.Errorf("%s ran on %s, and no journal knows it", id, host)
			}
		}
	}
}

// wants looks for texts in what was said.
func (b *bench) wants(said string, texts ...string) {
	b.t.Helper()
	flat := strings.Join(strings.Fields(said), " ") // lines are broken at the width of the screen
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			b.t.Errorf("%q is not in what was said:\n%s", text, said)
		}
	}
}

// boots is how often a host was started.
func (b *bench) boots(host string) int {
	b.t.Helper()
	all, err := b.lab.Status(b.t.Context())
	b.must(err)
	for _, s := range all {
		if s.Name == host {
			return s.Boots
		}
	}
	b.t.Fatalf("no host %s", host)
	return 0
}
