//go:build linux

package cli_test

import (
	"strings"
	"testing"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

// TestFaultSecondConsole lets a second console want the site: it is told who holds it, and takes
// it over only when the site's name is typed. The first run notices and parks.
func TestFaultSecondConsole(t *testing.T) {
	one := newBench(t, labtest.Options{})
	two := one.console()
	first := one.start("run", procedure("hold"), "--plain", "--on-ask", "wait")
	d1 := one.dir()
	one.running(d1, "hold", "held")

	said := two.says(5, "run", procedure("other"), "--plain")
	two.wants(said, "Another run holds the host ctl1", d1.ID(), "root", "Exit status 5", "The run is parked")
	if got := two.on("ctl1", "ls /root/other 2>/dev/null || true"); got != "" {
		t.Fatalf("the second run has changed something: %s", got)
	}
	d2 := two.dir()
	v := two.typing("attach", "--plain")
	v.sees("to take over", 1)
	v.types("yes")
	v.sees("That is not what was to be typed", 1)
	v.types("practice")
	v.end(0)
	taken := two.event(d2, "the answer", func(e run.Event) bool { a, ok := e.Body.(run.Answer); return ok && a.Value == "practice" })
	if a := taken.Body.(run.Answer); a.By == nil || a.By.User == "" {
		t.Error("the journal does not say who took over")
	}

	// The first run's job ends; what comes after it must not begin: the host is not ours any more.
	one.on("ctl1", "touch /root/go")
	said = first.end(5)
	one.wants(said, "another console took over", "The run is parked")
	st, err := d1.State()
	one.must(err)
	if st.Parked == nil || st.Parked.Why != "takeover" {
		t.Errorf("parked: %+v", st.Parked)
	}
	if got := one.on("ctl1", "ls /root/note /root/after 2>/dev/null || true"); got != "" {
		t.Errorf("the first run went on on a host that it does not hold: %s", got)
	}
	// The second run has ended and given the host back. The first one goes on from where it was.
	one.says(0, "attach", "--plain")
	one.nothingTwice(d1, d2)
	if got := one.on("ctl1", "cat /root/held | wc -l; cat /root/after | wc -l; cat /root/other | wc -l"); strings.Join(strings.Fields(got), " ") != "1 1 1" {
		t.Errorf("not done once each: %s", got)
	}
}

// TestFaultTwoConsolesAtOnce: both begin in the same moment; one gets the site.
func TestFaultTwoConsolesAtOnce(t *testing.T) {
	one := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}})
	two := one.console()
	one.on("ctl1", "touch /root/go")
	a, b := one.start("run", procedure("hold"), "--plain"), two.start("run", procedure("hold"), "--plain")
	<-a.done
	<-b.done
	switch {
	case a.code == 0 && b.code == 0: // one was through before the other began
	case a.code == 0 && b.code == 5, a.code == 5 && b.code == 0:
	default:
		t.Errorf("ended with %d and %d:\n%s\n%s", a.code, b.code, a.text(), b.text())
	}
	for _, c := range []*bench{one, two} {
		c.says(0, "attach", "--plain")
	}
	one.nothingTwice(append(one.runs(), two.runs()...)...)
}
