package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"stackhand/internal/engine"
	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/steps"
)

// The first procedure of the library on real hosts: planned, installed while somebody looks for
// its passwords, installed again, looked at where nothing can be written, and broken, one check
// after the other. The tests share the hosts, and go from one state of them to the next.
func TestLibraryOnHosts(t *testing.T) {
	t.Parallel()
	h := newLibraryHosts(t, lab.Services)
	t.Run("plan", func(t *testing.T) { h.planChangesNothing(t) })
	h.installs(t)
	if t.Failed() {
		return // nothing below means anything on half an install
	}
	t.Run("again", func(t *testing.T) { h.againIsAlready(t) })
	t.Run("read-only", func(t *testing.T) { h.probesOnlyRead(t) })
	t.Run("breaks", func(t *testing.T) { h.breaks(t) })
	t.Run("secrets", func(t *testing.T) { h.secretsStayInTheStore(t) })
}

// A plan on hosts that have nothing but a base system.
func TestPlanOnBareHosts(t *testing.T) {
	h := newLibraryHosts(t, lab.Bare)
	h.planChangesNothing(t)
}

const libraryProcedure = "environment-2023.1"

// libraryHosts are practice hosts with an operator's own state directory.
type libraryHosts struct {
	lab   *lab.Lab
	exe   string          // the program, as an operator starts it
	home  string          // of the operator
	hosts engine.Hosts    // connections that looks share
	asked *engine.Options // what looks are made with; see connect
	spied *processWatch   // what ran during the install
	shown bytes.Buffer    // all that the program printed
}

func newLibraryHosts(t *testing.T, image string) *libraryHosts {
	t.Helper()
	l := labtest.Start(t, labtest.Options{Image: image})
	h := &libraryHosts{lab: l, exe: filepath.Join(l.Dir(), "stackhand"), home: t.TempDir()}
	for _, host := range l.Hosts() {
		h.on(t, host.Name, "systemctl is-system-running --wait >/dev/null || systemctl list-units --failed --no-legend --plain >&2")
	}
	return h
}

// connect gives looks that are made in this process connections to share, and the site's
// secrets as they are now.
func (h *libraryHosts) connect(t *testing.T) {
	t.Helper()
	h.asked = h.prepare(t)
	var done func()
	h.hosts, done = newHosts(h.env(nil), h.asked.Site, &lateAsker{})
	t.Cleanup(done)
}

func (h *libraryHosts) getenv(key string) string {
	return map[string]string{
		"HOME": h.home, "XDG_STATE_HOME": filepath.Join(h.home, "state"), "XDG_CONFIG_HOME": filepath.Join(h.home, "config"),
		"PATH": os.Getenv("PATH"), "LANG": "C.UTF-8",
	}[key]
}

func (h *libraryHosts) env(out io.Writer) *environment {
	return &environment{Streams: Streams{In: strings.NewReader(""), Out: out, Err: out, Words: i18n.For(i18n.English)}, getenv: h.getenv}
}

// prepare reads all anew, as each command does.
func (h *libraryHosts) prepare(t *testing.T) *engine.Options {
	t.Helper()
	r := &request{sitePath: h.lab.SitePath(), onAsk: "park"}
	o, err := r.prepare(h.env(nil), libraryProcedure)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// on runs a script on a host and returns what it printed.
func (h *libraryHosts) on(t *testing.T, host, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := h.lab.Run(ctx, host, script)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// stackhand runs the program with nothing on its standard input.
func (h *libraryHosts) stackhand(t *testing.T, args ...string) (out string, exit int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.exe, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) } // run stops its engine then: --stop-on-exit
	cmd.WaitDelay = 30 * time.Second
	for _, key := range []string{"HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PATH", "LANG"} {
		cmd.Env = append(cmd.Env, key+"="+h.getenv(key))
	}
	text, err := cmd.CombinedOutput()
	h.shown.Write(text)
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// install runs the procedure to its end and returns the state that its journal tells.
func (h *libraryHosts) install(t *testing.T) (out string, st *run.State, events []run.Event) {
	t.Helper()
	out, exit := h.stackhand(t, "run", libraryProcedure, "--site", h.lab.SitePath(), "--plain", "--stop-on-exit")
	dir, err := run.Find(run.Root(h.getenv), "")
	if err != nil {
		t.Fatalf("%v, after %s", err, out)
	}
	if exit != 0 {
		said, _ := os.ReadFile(filepath.Join(dir.Path(), "engine.log"))
		t.Fatalf("exit status %d: %s\n%s", exit, out, said)
	}
	f, err := os.Open(dir.JournalPath())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if events, _, err = run.ReadJournal(f); err != nil {
		t.Fatal(err)
	}
	return out, run.Fold(events), events
}

// installs is the first install: all checks of the library hold in the end, on every host.
func (h *libraryHosts) installs(t *testing.T) {
	t.Helper()
	h.spied = watchProcesses(t)
	h.plantProcesses(t)
	began := time.Now()
	out, st, _ := h.install(t)
	took := time.Since(began)
	h.spied.stop()
	t.Logf("installed in %.1f s; %d looks at all processes meanwhile", took.Seconds(), h.spied.looks.Load())

	if st.Ended == nil || st.Ended.Outcome != "done" {
		t.Errorf("the run ended as %+v", st.Ended)
	}
	evaluated := map[string]bool{}
	rows := 0
	for _, step := range st.Steps {
		for _, u := range step.Units {
			if !u.Phase.Settled() {
				t.Errorf("%s is %s", u.Unit, u.Phase)
			}
			// a unit that was already done was checked before and not again; else what was red before is history
			phase := "verify"
			if u.Phase == run.PhaseAlready {
				phase = "check"
			}
			for _, c := range u.Checks {
				if c.Phase != phase {
					continue
				}
				rows++
				evaluated[u.Unit.Step+"/"+c.ID] = true
				if !c.OK {
					t.Errorf("%s: %s on %q: expected %s, found %s", u.Unit, c.ID, c.On, c.Expected, c.Found)
				}
			}
		}
	}
	for _, s := range h.prepare(t).Procedure.Steps {
		for _, c := range s.Verify {
			if !evaluated[s.ID+"/"+c.ID] {
				t.Errorf("%s/%s was never evaluated", s.ID, c.ID)
			}
		}
	}
	// the table that ends the run says the same
	if n := strings.Count(out, "\n    ✓ ok "); n != rows || strings.Contains(out, "✗") {
		t.Errorf("%d checks were evaluated last, the table shows %d as ok: %s", rows, n, out)
	}
}

// againIsAlready is the same install a second time.
func (h *libraryHosts) againIsAlready(t *testing.T) {
	began := time.Now()
	_, st, events := h.install(t)
	t.Logf("the second install took %.1f s", time.Since(began).Seconds())
	units := 0
	for _, step := range st.Steps {
		for _, u := range step.Units {
			units++
			if u.Phase != run.PhaseAlready {
				t.Errorf("%s is %s the second time", u.Unit, u.Phase)
			}
		}
	}
	if units == 0 {
		t.Error("the second run has no units")
	}
	for _, e := range events {
		if _, is := e.Body.(run.JobIntent); is {
			t.Errorf("a job was begun: %+v", e.Body)
		}
	}
}

// look evaluates checks as a plan does. What of the procedure is looked at is up to change;
// its steps are the caller's own.
func (h *libraryHosts) look(t *testing.T, change func(*engine.Options)) []run.Check {
	t.Helper()
	o := new(engine.Options)
	*o = *h.asked
	if change != nil {
		change(o)
	}
	journal := &engine.Memory{}
	begin := engine.Begin(*o, "look")
	first, err := journal.AppendWith(func(int64) engine.Body { return begin })
	if err != nil {
		t.Fatal(err)
	}
	o.Journal, o.Events, o.Hosts = journal, []run.Event{first}, h.hosts
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var all []run.Check
	err = engine.New(*o).Plan(ctx, func(l engine.PlanLine) {
		if l.Problem != nil {
			t.Errorf("%s: %s: %v", l.Unit, l.Finding, l.Problem)
		}
		all = append(all, l.Checks...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// where is the host on which a check was evaluated.
func where(c run.Check) string {
	if c.On != "" {
		return c.On
	}
	return c.Unit.Host
}

// red are the checks that do not hold, step/check, and on which hosts.
func red(checks []run.Check) map[string][]string {
	found := map[string][]string{}
	for _, c := range checks {
		if !c.OK {
			name := c.Unit.Step + "/" + c.ID
			found[name] = append(found[name], where(c))
		}
	}
	return found
}

// only leaves one check of a procedure.
func only(name string) func(*engine.Options) {
	step, check, _ := strings.Cut(name, "/")
	return func(o *engine.Options) {
		p := *o.Procedure
		p.Steps = []steps.Step{*o.Procedure.Step(step)}
		s := &p.Steps[0]
		s.Check = slices.DeleteFunc(slices.Clone(s.Verify), func(c steps.Check) bool { return c.ID != check })
		s.Verify, s.CheckVerify = nil, false
		o.Procedure = &p
	}
}

// without leaves checks of a step out.
func without(name string) func(*engine.Options) {
	step, check, _ := strings.Cut(name, "/")
	return func(o *engine.Options) {
		p := *o.Procedure
		p.Steps = slices.Clone(p.Steps)
		s := p.Step(step)
		s.Verify = slices.DeleteFunc(slices.Clone(s.Verify), func(c steps.Check) bool { return c.ID == check })
		o.Procedure = &p
	}
}

// costly is the one check that takes as long as all others together: starting the client is
// seconds of work on every host. It is left out of most looks, unless there is time.
const costly = "client/works"

// libraryBreak is an entry of testdata/environment-2023.1.breaks.yaml, which explains it.
type libraryBreak struct {
	Step, Check, On, Why, Break, Mend string
	Also, Soon                        []string
	With                              map[string]string
}

func (b libraryBreak) name() string { return b.Step + "/" + b.Check }

func libraryBreaks(t *testing.T) []libraryBreak {
	t.Helper()
	src, err := os.ReadFile("../../steps/library/testdata/" + libraryProcedure + ".breaks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Breaks []libraryBreak }
	if err := yaml.Load(src, &file, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	return file.Breaks
}

// breaks breaks the effect of each check on a host and sees that this check goes red and no
// other, mends it and sees it green again.
func (h *libraryHosts) breaks(t *testing.T) {
	h.connect(t)
	list := libraryBreaks(t)
	missing := map[string]bool{}
	for _, s := range h.asked.Procedure.Steps {
		for _, c := range s.Verify {
			missing[s.ID+"/"+c.ID] = true
		}
	}
	for _, b := range list {
		delete(missing, b.name())
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		t.Errorf("nothing breaks %s", name)
	}
	began := time.Now()
	if found := red(h.look(t, nil)); len(found) > 0 {
		t.Fatalf("red before anything was broken: %v", found)
	}
	t.Logf("a look at all checks takes %.1f s", time.Since(began).Seconds())
	if os.Getenv("STACKHAND_LONG") == "" {
		all := len(list)
		step := ""
		list = slices.DeleteFunc(slices.Clone(list), func(b libraryBreak) bool {
			again := b.Step == step
			step = b.Step
			return again
		})
		t.Logf("%d of %d breaks, the first of each step; all of them: make test-long", len(list), all)
	}
	for _, b := range list {
		t.Run(b.name(), func(t *testing.T) { h.breakOne(t, b) })
	}
	h.green(t, time.Minute, nil)
	t.Logf("%d breaks took %.0f s", len(list), time.Since(began).Seconds())
}

func (h *libraryHosts) breakOne(t *testing.T, b libraryBreak) {
	host := h.lab.Hosts()[0].Name
	if b.On == "other" {
		host = h.lab.Hosts()[1].Name
	}
	if len(b.With) > 0 {
		checks := h.look(t, func(o *engine.Options) {
			only(b.name())(o)
			o.Settings.Params = maps.Clone(o.Settings.Params)
			maps.Copy(o.Settings.Params, b.With)
		})
		if found := red(checks); len(checks) != 1 || !slices.Equal(found[b.name()], []string{host}) {
			t.Errorf("with %v: %+v", b.With, checks)
		}
		return
	}
	h.on(t, host, "set -e\n"+h.script(t, b, host, b.Break))
	mended := false
	mend := func() {
		if !mended {
			mended = true
			h.on(t, host, "set -e\n"+h.script(t, b, host, b.Mend))
		}
	}
	defer mend() // also when the look did not come to its end
	change := without(costly)
	if b.Step == "client" || os.Getenv("STACKHAND_LONG") != "" {
		change = nil
	}
	checks := h.look(t, change)
	mend()
	found := red(checks)
	if !slices.Equal(found[b.name()], []string{host}) {
		t.Errorf("broken on %s, red on %v", host, found[b.name()])
	}
	for _, name := range b.Also {
		if len(found[name]) == 0 {
			t.Errorf("%s is not red too", name)
		}
	}
	for name := range found {
		if name != b.name() && !slices.Contains(b.Also, name) && !slices.Contains(b.Soon, name) {
			t.Errorf("%s is red too, on %v", name, found[name])
		}
	}
	if t.Failed() {
		for _, c := range checks {
			if !c.OK {
				t.Logf("%s/%s on %s: expected %s, found %s", c.Unit.Step, c.ID, where(c), c.Expected, c.Found)
			}
		}
	}
	for _, name := range append(slices.Sorted(maps.Keys(found)), b.Soon...) {
		h.green(t, h.within(t, name), only(name))
	}
}

// script is one of a break's, with the variables that the step's own scripts have.
func (h *libraryHosts) script(t *testing.T, b libraryBreak, host, script string) string {
	t.Helper()
	o := h.asked
	sc := steps.Scope{Procedure: o.Procedure, Site: o.Site, Params: o.Settings.Params, Host: host, Run: "break"}
	head, err := o.Procedure.Step(b.Step).Prologue(sc, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return steps.Compose(script, head)
}

// within is how long a check may take to hold: its own time, and some for a busy machine.
func (h *libraryHosts) within(t *testing.T, name string) time.Duration {
	step, check, _ := strings.Cut(name, "/")
	for _, c := range h.asked.Procedure.Step(step).Verify {
		if c.ID == check {
			return c.Within + 30*time.Second
		}
	}
	t.Fatalf("no check %s", name)
	return 0
}

// green looks until all that is looked at holds.
func (h *libraryHosts) green(t *testing.T, within time.Duration, change func(*engine.Options)) {
	t.Helper()
	var found map[string][]string
	for end := time.Now().Add(within); ; {
		if found = red(h.look(t, change)); len(found) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Errorf("still red after %s: %v", within, found)
			return
		}
	}
}

// sameLines tells what two texts do not share, line by line.
func sameLines(t *testing.T, what, before, after string) {
	t.Helper()
	if before == after {
		return
	}
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var diff []string
	for _, l := range was {
		if !slices.Contains(is, l) {
			diff = append(diff, "- "+l)
		}
	}
	for _, l := range is {
		if !slices.Contains(was, l) {
			diff = append(diff, "+ "+l)
		}
	}
	t.Errorf("%s changed:\n%s", what, strings.Join(diff[:min(len(diff), 40)], "\n"))
	fmt.Fprintln(t.Output(), len(diff), "lines differ")
}
