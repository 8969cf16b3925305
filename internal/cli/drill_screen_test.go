//go:build linux

package cli_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/cli"
	"stackhand/internal/lab"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// screenCase is a fault that an operator finds and mends on the full screen alone. What is
// answered, and how it ends, is what line mode's tests have.
type screenCase struct {
	cli.Drill
	exit  int
	back  []string // hosts that get power when the runbook asks for it; nil: it does not ask
	whole bool     // afterwards the set is whole
	rows  bool     // and has every row that a client was told is there
}

func (c screenCase) name() string { return c.Fault + "/" + c.Runbook }

// screenCases are all faults of both sets, each by every runbook that line mode leads it with.
func screenCases() (all []screenCase) {
	for _, c := range galeraCases() {
		all = append(all, screenCase{Drill: cli.Drill{Fault: c.fault, Set: set.Galera, Runbook: "galera-recovery", Decide: c.decide}, exit: c.exit, whole: c.whole, rows: c.rows})
	}
	for _, c := range ladderCases() {
		all = append(all, screenCase{Drill: cli.Drill{Fault: c.fault, Set: set.Galera, Runbook: "all-hosts-down", Decide: c.decide}, back: c.back, whole: c.whole, rows: true})
	}
	for _, d := range cli.Drills() {
		all = append(all, screenCase{Drill: d, whole: true})
	}
	return all
}

// finds is what an operator types or pastes into "Find what is broken", who sees that fault.
func finds(c screenCase) string {
	if line, ok := map[string]string{
		"mariadb-wrong-bind":      "[ERROR] Can't start server: Bind on TCP/IP port. Got error: 99: Cannot assign requested address",
		"disk-full":               "[ERROR] mysqld: Disk full (/var/lib/mysql/nova/instances.MAI); waiting for someone to free some space",
		"rabbit-waits-for-tables": "Waiting for Mnesia tables for 30000 ms, 8 retries left",
		"rabbit-partition":        "mnesia_event got {inconsistent_database, running_partitioned_network, 'rabbit@db3'}",
		"rabbit-disk-alarm":       "disk resource limit alarm set on node rabbit@db1.",
	}[c.Fault]; ok {
		return line
	}
	return map[string]string{
		"galera-recovery":           "(1047, 'WSREP has not yet prepared node for application use')",
		"all-hosts-down":            "lost power",
		"db-host-blocked":           "1129",
		"db-unreachable":            "(2003, \"Can't connect to MySQL server on '192.0.2.10' ([Errno 111] ECONNREFUSED)\")",
		"amqp-unreachable":          "AMQP server on 192.0.2.11:5672 is unreachable: [Errno 111] ECONNREFUSED.",
		"lbaas-duplicate-namespace": "now and then",
		"proxy-arp-lost":            "No traffic between",
	}[c.Runbook]
}

// TestEveryFaultIsOnScreen: none of the faults with which operators practise is left out below. Those
// of single repairs (TestRepairs…) are led in line mode only.
func TestEveryFaultIsOnScreen(t *testing.T) {
	left := strings.Fields(`all-hosts-down galera-different-seqno galera-newest-unreachable galera-empty-node-says-safe galera-non-primary
		galera-one-alive galera-other-uuid galera-hangs-activating galera-slow-sst galera-heals-itself rabbit-waits-for-tables rabbit-partition
		rabbit-disk-alarm amqp-down lbaas-duplicate-namespace db-host-blocked db-unreachable proxy-arp-lost mariadb-wrong-bind disk-full
		half-dead-host one-host-never-returns`)
	for _, c := range screenCases() {
		left = slices.DeleteFunc(left, func(name string) bool { return name == c.Fault })
		if finds(c) == "" {
			t.Errorf("nobody would find the runbook for %s", c.name())
		}
	}
	if len(left) > 0 {
		t.Errorf("these are not led through the screen: %v", left)
	}
}

// TestDrillsOnScreen leads each fault of the lab wholly through the full screen of the real
// program on a terminal of 80x24: found by an error line, opened with one key, a wrong name typed
// first wherever one is wanted (nothing happens), the screen killed at the first question and
// attached again, each question answered in its dialog, the end page and the report read.
//
// STACKHAND_DRILL has parts of the names of those that are wanted, with commas between;
// STACKHAND_KEEP=DIR keeps every screen with a question, and the end page, to be read by a person.
func TestDrillsOnScreen(t *testing.T) {
	if !long() {
		t.Skip("practice hosts, minutes: STACKHAND_LONG=1")
	}
	t.Parallel()
	for name, start := range map[string]func(testing.TB) *lab.Lab{set.Galera: labtest.Galera, set.Network: labtest.Network} {
		cases := slices.DeleteFunc(screenCases(), func(c screenCase) bool { return c.Set != name || !wanted(c.name()) })
		if len(cases) == 0 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			l := start(t)
			b := &bench{t: t, lab: l, program: filepath.Join(l.Dir(), "stackhand"), site: l.SitePath()}
			for i, c := range cases {
				if i > 0 {
					labtest.Reset(t, l)
					if err := fault.Forget(l); err != nil {
						t.Fatal(err)
					}
				}
				t.Run(c.Fault+" by "+c.Runbook, func(t *testing.T) { b.of(t).leadOnScreen(c) })
			}
		})
	}
}

func wanted(name string) bool {
	only := os.Getenv("STACKHAND_DRILL")
	return only == "" || slices.ContainsFunc(strings.Split(only, ","), func(part string) bool { return strings.Contains(name, part) })
}

// screenRun is one run as an operator leads it on the screen.
type screenRun struct {
	*bench
	*cli.Seat
	c      screenCase
	ctx    context.Context
	dir    *run.Dir
	decide map[string]string
	used   map[string]bool
	hand   func(q run.Question) map[string]string // what a person reads at a host's own console
	kept   int
}

// settles waits until the set is whole, and says what it still lacks when it does not become so. On
// a busy machine a healthy broker may need longer to answer than one look waits for it.
func (b *bench) settles() (missing string) {
	b.t.Helper()
	for end := time.Now().Add(3 * time.Minute); ; {
		var err error
		missing, err = set.Ready(b.t.Context(), b.lab)
		b.must(err)
		if missing == "" || time.Now().After(end) {
			return missing
		}
	}
}

// onScreen is a run that is to be led with the answers of a case.
func (b *bench) onScreen(c screenCase) *screenRun {
	r := &screenRun{bench: b, c: c, ctx: b.t.Context(), decide: map[string]string{}, used: map[string]bool{}}
	for _, d := range c.Decide {
		key, value, _ := strings.Cut(d, "=")
		if old, there := r.decide[key]; there {
			value = old + "\n" + value
		}
		r.decide[key] = value
	}
	return r
}

const keyEnter, keyClear = "\r", "\x15"

func (b *bench) leadOnScreen(c screenCase) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 20*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, c.Fault, "")
	for end := time.Now().Add(3 * time.Minute); problem.Is(err, fault.NotWhole) && time.Now().Before(end); {
		broke, err = fault.Break(ctx, b.lab, c.Fault, "")
	}
	if err != nil {
		b.t.Fatal(err)
	}
	if c.back != nil { // the worst case: nothing is on when somebody comes
		for _, h := range set.Databases() {
			if b.lab.ProcessID(h) != 0 {
				b.must(b.lab.PowerCut(ctx, h))
			}
		}
	}
	r := b.onScreen(c)
	r.ctx = ctx
	began := time.Now()
	r.begins()
	first := time.Since(began)
	st := r.leads()
	took := time.Since(began)
	outcome := map[int]string{run.ExitDone: "done", run.ExitRefused: "refused"}[c.exit]
	if st.Ended.Outcome != outcome {
		b.t.Fatalf("ended %+v, want %s; the screen:\n%s\n%s", st.Ended, outcome, r.Screen(), b.engineLogs())
	}
	r.Sees("› End ", "r report", "took ")
	r.keep("end")
	page := r.page()
	b.wants(page, outcome, "stackhand report "+r.dir.ID())
	if c.exit == run.ExitRefused {
		b.wants(page, set.Databases()...) // node by node
	}
	r.Types("r")
	r.Sees("# Report", "In short")
	r.Kill()
	b.t.Logf("%s on screen: the run began after %.0f s, ended after %.0f s, %d answers", c.name(), first.Seconds(), took.Seconds(), len(st.Answered))
	switch {
	case c.whole && c.Runbook == "galera-recovery": // it mends the database, and nothing else
		b.databaseWhole()
	case c.whole:
		if missing := b.settles(); missing != "" {
			b.t.Errorf("not whole afterwards: %s", missing)
		}
	}
	if c.rows {
		b.galeraRows(broke.Rows)
	}
	b.nothingTwice(r.dir)
}

// begins goes from home to a run that has begun.
func (r *screenRun) begins() {
	r.t.Helper()
	r.sit("--site", r.site)
	r.Sees("Recover", "Hosts lost power")
	r.Types("/")
	r.Sees("By symptom")
	r.Types(finds(r.c) + keyEnter)
	r.Sees("enter open the runbook", r.c.Runbook)
	r.keep("found")
	r.Types(keyEnter)
	r.Sees("next: Hosts")
	r.Types(keyEnter)
	r.Sees("next: Parameters")
	r.Until("an answer of every host", func(screen string) bool { return !strings.Contains(screen, "Looking…") })
	r.keep("hosts")
	r.Types(keyEnter)
	r.Until("parameters", func(screen string) bool {
		return strings.Contains(screen, "Go on anyway?") || strings.Contains(screen, "next: Plan")
	})
	if r.Shows("Go on anyway?") { // a host is down: that is why we are here
		r.Types("2" + keyEnter)
		r.Sees("next: Plan")
	}
	r.Types("\x13")
	r.Sees("START", "to do")
	r.Until("a whole plan", func(screen string) bool { return !strings.Contains(screen, "looking…") })
	r.keep("plan")
	s, err := site.Load(r.site)
	r.must(err)
	r.Types("S")
	r.Sees("It looks first", "Type "+s.Name)
	r.Types("not-it" + keyEnter)
	r.Sees("That is not it")
	r.Types(keyClear + s.Name + keyEnter)
	r.Sees("ACTING", "steps")
	r.dir = r.bench.dir()
}

// sit starts the program on a terminal of its own.
func (r *screenRun) sit(args ...string) {
	r.t.Helper()
	cmd := r.command(args...)
	cmd.Dir = r.home
	r.Seat = cli.Sit(r.t, cmd)
}

// leads answers every question until the run has ended.
func (r *screenRun) leads() *run.State {
	r.t.Helper()
	var last int64
	killed := false
	for {
		st, err := r.dir.State()
		r.must(err)
		if r.ctx.Err() != nil {
			r.t.Fatalf("it did not end; the screen:\n%s\n%s", r.Screen(), r.engineLogs())
		}
		if st.Ended != nil {
			return st
		}
		if len(st.Questions) == 0 || st.Questions[0].Seq == last {
			r.Turn()
			continue
		}
		q := st.Questions[0]
		last = q.Seq
		if !r.opens(q.Seq) {
			continue // it was settled by itself, as when a host answers again
		}
		r.keep("question-" + strings.ReplaceAll(q.Q.Unit.Step, "/", "."))
		if !killed { // and attached again: the question still stands
			killed = true
			r.again(q.Seq)
		}
		r.answers(q.Q)
	}
}

// opens waits for the dialog of a question, until it takes keys. False when the question was
// settled meanwhile.
func (r *screenRun) opens(seq int64) (open bool) {
	r.t.Helper()
	r.Until("the dialog of a question", func(screen string) bool {
		open = strings.Contains(screen, "esc close") && !strings.Contains(screen, "this came up by itself")
		if open {
			return true
		}
		st, err := r.dir.State()
		return err == nil && !slices.ContainsFunc(st.Questions, func(q *run.QuestionView) bool { return q.Seq == seq })
	})
	return open
}

// again kills the screen, as a power cut does, and comes back to the question.
func (r *screenRun) again(seq int64) {
	r.t.Helper()
	r.Kill()
	r.sit("attach", r.dir.ID())
	if !r.opens(seq) {
		return
	}
	r.keep("attached")
	r.Types("\x1b")
	r.Until("the dialog to shut", func(screen string) bool { return !strings.Contains(screen, "esc close") })
	r.Types("A")
	r.Sees("Act on this site?")
	r.Types("2" + keyEnter)
	r.Sees("ACTING", "enter answer")
	r.Types(keyEnter)
	r.opens(seq)
}

// answers gives a question its answer, in the dialog that stands open.
func (r *screenRun) answers(q run.Question) {
	r.t.Helper()
	value, reason := r.decided(q)
	if r.c.back != nil && q.Kind == run.AskManual && q.Unit.Step == "power" {
		for _, h := range r.c.back {
			r.must(r.lab.PowerOn(r.ctx, h))
		}
	}
	if q.Kind == run.AskValue {
		r.Types(keyClear + value + keyEnter)
		r.shut()
		return
	}
	n := 2 // the first leaves it open
	if q.Typed != "" {
		if value == q.Typed {
			r.choose(n)
			r.Sees("Type " + q.Typed)
			r.Types("nowhere" + keyEnter)
			r.Sees("That is not it")
			r.Types(keyClear + value + keyEnter)
			if q.NeedsReason(value) {
				r.Sees("reason:")
				r.keep("reason")
				r.Types(keyEnter)
				r.Sees("A reason is needed")
				r.Types(reason + keyEnter)
			}
			r.shut()
			return
		}
		n++
	}
	options := slices.DeleteFunc(slices.Clone(q.Options), func(o string) bool { return q.Typed != "" && o == "yes" })
	if q.Kind == run.AskConfirm && len(options) == 0 {
		options = []string{"yes", "no"}
		if q.Typed != "" {
			options = options[1:]
		}
	}
	i := slices.Index(options, value)
	if i < 0 {
		r.t.Fatalf("%s has no option %q, only %q", q.Unit, value, options)
	}
	r.choose(n + i)
	if value == "hand" {
		read := r.hand(q)
		for i, box := range q.Boxes {
			r.Sees(fmt.Sprintf("Read back %d of %d", i+1, len(q.Boxes)))
			r.keep("box")
			r.Types(keyClear + read[box.Name] + keyEnter)
		}
	}
	r.shut()
}

// choose takes an option by its digit.
func (r *screenRun) choose(n int) {
	r.t.Helper()
	r.Types(fmt.Sprint(n))
	r.Sees(fmt.Sprintf("› %d ", n))
	r.Types(keyEnter)
}

// shut waits until an answer was taken: its dialog is gone.
func (r *screenRun) shut() {
	r.t.Helper()
	r.Until("the dialog to shut", func(screen string) bool {
		return !strings.Contains(screen, "esc close") || strings.Contains(screen, "this came up by itself")
	})
}

// decided is the answer that line mode would give to a question, with its reason.
func (r *screenRun) decided(q run.Question) (value, reason string) {
	r.t.Helper()
	for n, given := range run.Decisions(r.decide, q.Unit) {
		value, reason, _ = strings.Cut(given, ": ")
		switch used := fmt.Sprint(q.Unit, n); {
		case r.used[used], q.Typed != "" && value != q.Typed && !slices.Contains(q.Options, value):
		default:
			r.used[used] = true
			return value, reason
		}
	}
	if q.Kind == run.AskFailed && q.Problem != nil && q.Problem.Code == "remote.limit" && len(r.used) < 1<<7 {
		r.used[fmt.Sprint("slow ", q.Unit, q.Attempt)] = true
		return "retry", "" // a look that took too long, on a machine on which others work
	}
	r.t.Fatalf("asked about %s, %q, which has no answer among %q:\n%s", q.Unit, q.Say.En, slices.Sorted(maps.Keys(r.decide)), r.Screen())
	return "", ""
}

// keep writes the screen down for a person.
func (r *screenRun) keep(what string) {
	dir := os.Getenv("STACKHAND_KEEP")
	if dir == "" {
		return
	}
	r.kept++
	name := fmt.Sprintf("%s-%02d-%s.txt", strings.ReplaceAll(r.c.name(), "/", "-"), r.kept, what)
	if err := os.WriteFile(filepath.Join(dir, name), []byte(r.Screen()), 0o600); err != nil {
		r.t.Error(err)
	}
}

// page is all of the end page: it is scrolled down until it does not move.
func (r *screenRun) page() string {
	r.t.Helper()
	all := r.Screen()
	for range 20 {
		r.Types("\x1b[6~")
		before := all[max(0, len(all)-len(r.Screen())):]
		end := time.Now().Add(time.Second)
		for r.Screen() == before && time.Now().Before(end) {
			r.Turn()
		}
		now := r.Screen()
		if now == before {
			break
		}
		all += "\n" + now
	}
	r.keep("end-scrolled")
	return all
}
