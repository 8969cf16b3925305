//go:build linux

package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// screenDrill is a fault that an operator finds and mends on the full screen alone.
type screenDrill struct {
	fault   string
	finds   string // typed into "Find what is broken"
	runbook string
	answers map[string]string // step -> answer: an option's value, or what is typed where a name is wanted
}

func screenDrills() []screenDrill {
	return []screenDrill{
		{"galera-different-seqno", "WSREP has not yet prepared node for application use", "galera-recovery", map[string]string{"free-or-not": "free", "clients": "open", "bootstrap": "db1"}},
		{"db-host-blocked", "1129", "db-host-blocked", map[string]string{"unblock": "yes", "mend": "limit"}},
		{"rabbit-disk-alarm", "is split", "rabbitmq-recovery", map[string]string{"room": "file", "which": "/var/lib/rabbitmq/core.4711", "remove": "db1"}},
	}
}

// TestDrillsOnScreen leads each fault wholly through the full screen of the real program on a
// terminal of 80x24: found by an error line, opened with one key, a wrong name typed first
// wherever one is wanted (nothing happens), the screen killed at the first question and attached
// again, each question answered in its dialog, the report read on the end page.
func TestDrillsOnScreen(t *testing.T) {
	if os.Getenv("STACKHAND_LONG") == "" || testing.Short() {
		t.Skip("practice hosts, minutes: STACKHAND_LONG=1")
	}
	l := labtest.Galera(t)
	only := os.Getenv("STACKHAND_DRILL")
	for _, d := range screenDrills() {
		if only == "" || strings.Contains(only, d.fault) {
			t.Run(d.fault, func(t *testing.T) { leadOnScreen(t, l, d) })
		}
	}
}

func leadOnScreen(t *testing.T, l *lab.Lab, d screenDrill) {
	const enter = "\r"
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	defer func() {
		if err := fault.Heal(context.WithoutCancel(ctx), l, d.fault); err != nil {
			t.Errorf("cannot heal it: %v", err)
		}
	}()
	if _, err := fault.Break(ctx, l, d.fault, ""); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	home := t.TempDir()
	getenv := func(name string) string {
		return map[string]string{"HOME": home, "XDG_STATE_HOME": filepath.Join(home, "state")}[name]
	}
	s := sit(t, home, "--site", l.SitePath())
	s.sees("Recover", "Hosts lost power")
	s.types("/")
	s.sees("By symptom")
	s.types(d.finds)
	s.types(enter)
	s.sees(d.runbook)
	s.types(enter)
	s.sees("next: Hosts")
	s.types(enter)
	s.sees("All answers are in")
	s.types(enter)
	s.sees("Parameters")
	s.types("\x13")
	s.sees("START", "to do")
	for !s.shows("looking…") && s.shows("0 done already, 0 to do") && ctx.Err() == nil {
		s.turn()
	}
	s.types("S")
	s.sees("It looks first", "Type practice")
	s.types("not-it" + enter)
	s.sees("That is not it")
	s.types(strings.Repeat("\x7f", len("not-it")) + "practice" + enter)
	s.sees("ACTING", "steps")
	dir, err := run.Find(run.Root(getenv), "")
	if err != nil {
		t.Fatal(err)
	}
	var last int64
	killed := false
	for {
		st, err := dir.State()
		if err != nil {
			t.Fatal(err)
		}
		if ctx.Err() != nil {
			t.Fatalf("it did not end; the screen:\n%s", s.screen())
		}
		if st.Ended != nil {
			break
		}
		if len(st.Questions) == 0 || st.Questions[0].Seq == last {
			s.turn()
			continue
		}
		q := st.Questions[0]
		if !killed { // and attached again: the question still stands
			killed = true
			s.kill()
			s = sit(t, home, "attach", dir.ID())
			s.sees("leave it open", "› 1 ") // one that opens by itself takes no key at first
			s.types(enter)
			for s.shows("leave it open") && ctx.Err() == nil {
				s.turn()
			}
			s.types("A")
			s.sees("Act on this site?")
			s.types("2" + enter)
			s.sees("ACTING", "enter answer")
			s.types(enter)
		}
		s.sees("leave it open", "› 1 ") // and takes keys
		s.answers(t, d, q)
		last = q.Seq
	}
	st, err := dir.State()
	if err != nil {
		t.Fatal(err)
	}
	if st.Ended.Outcome != "done" {
		t.Fatalf("ended %+v; the screen:\n%s", st.Ended, s.screen())
	}
	s.sees("stackhand report")
	s.types("r")
	s.sees("# Report", d.runbook)
	s.kill()
	t.Logf("%s took %.0f s", d.runbook, time.Since(began).Seconds())
	if gone, err := fault.Check(ctx, l, d.fault); err != nil || gone == "" {
		t.Errorf("the fault is still there: %q %v", gone, err)
	}
	if missing, err := set.Ready(ctx, l); err != nil || missing != "" {
		t.Errorf("not whole afterwards: %q %v", missing, err)
	}
}

// answers gives a question its answer, in the dialog that stands open.
func (s *seat) answers(t *testing.T, d screenDrill, q *run.QuestionView) {
	t.Helper()
	const enter = "\r"
	want, ok := d.answers[q.Q.Unit.Step]
	if !ok {
		t.Fatalf("asked about %s, which has no answer here:\n%s", q.Q.Unit.Step, s.screen())
	}
	options := q.Q.Options
	if len(options) == 0 {
		options = []string{"yes", "no"}
	}
	if q.Q.Typed != "" {
		s.choose("by typing")
		s.sees("Type " + q.Q.Typed)
		s.types("nowhere" + enter)
		s.sees("That is not it")
		s.types(strings.Repeat("\x7f", len("nowhere")) + want + enter)
		return
	}
	for i, o := range options {
		if o == want {
			s.types(string(rune('2' + i)))
			s.types(enter)
			return
		}
	}
	t.Fatalf("%s has no option %q, only %q", q.Q.Unit.Step, want, options)
}

// choose moves to the option whose label has a text, and takes it.
func (s *seat) choose(label string) {
	s.t.Helper()
	s.sees(label)
	for _, line := range strings.Split(s.screen(), "\n") {
		before, _, ok := strings.Cut(line, label)
		if n := strings.LastIndexAny(before, "123456789"); ok && n >= 0 {
			s.types(before[n:n+1] + "\r")
			return
		}
	}
	s.t.Fatalf("no option %q:\n%s", label, s.screen())
}

func (s *seat) shows(text string) bool { return strings.Contains(s.screen(), text) }

// turn lets a little time pass in a loop that has a deadline.
func (s *seat) turn() {
	select {
	case <-time.After(50 * time.Millisecond):
	case <-s.t.Context().Done():
	}
}
