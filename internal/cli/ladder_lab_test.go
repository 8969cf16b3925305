//go:build linux

package cli_test

import (
	"cmp"
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// ladderCase is how hosts are lost, and what an operator answers who reads what is shown.
type ladderCase struct {
	fault  string
	back   []string // hosts that get power when the runbook asks for it
	decide []string
	whole  bool
}

func ladderCases() []ladderCase {
	mend := []string{"power=done", "database/free-or-not=free", "database/clients=open", "database/pick=db1", "database/bootstrap=db1", "broker/start=yes", "broker/start-others=yes"}
	return []ladderCase{
		{fault: "all-hosts-down", back: set.Databases(), decide: append(mend, "missing=none"), whole: true},
		{fault: "one-host-never-returns", back: []string{"db1", "db2"}, decide: append(mend, "missing=some", "without@db1=no", "without@db2=no", "without@db3=db3: it burnt", "dead@db3=db3: the lamp is dark",
			"database/without@db3=db3: it burnt", "broker/missing-last=force", "broker/force=db1", "broker/force=db2")},
	}
}

// TestLadder leads from dead hosts to all checks green, over the rungs that the practice set has.
// What it took is in the log: the machine, not the test, says whether that was fast.
func TestLadder(t *testing.T) {
	if !long() {
		t.Skip("minutes; STACKHAND_LONG=1")
	}
	t.Parallel()
	b := galeraBench(t, false)
	t.Run("healthy", func(t *testing.T) {
		b := b.of(t)
		b.wants(b.says(0, "run", "all-hosts-down", "--plain"), "Not this", "Nothing was changed")
		if jobs := b.jobs(b.dir()); len(jobs) > 0 {
			t.Errorf("jobs on a healthy site: %v", jobs)
		}
	})
	for i, c := range ladderCases() {
		t.Run(c.fault, func(t *testing.T) {
			if i > 0 {
				labtest.Reset(t, b.lab)
				if err := fault.Forget(b.lab); err != nil {
					t.Fatal(err)
				}
			}
			b.of(t).ladder(c)
		})
	}
}

func (b *bench) ladder(c ladderCase) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 12*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, c.fault, "")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, h := range set.Databases() { // the worst case: nothing is on when somebody comes
		if b.lab.ProcessID(h) != 0 {
			b.must(b.lab.PowerCut(ctx, h))
		}
	}
	began := time.Now()
	args := []string{"--plain", "--on-ask", "park", "--stop-on-exit"}
	for _, d := range c.decide {
		if d != "power=done" {
			args = append(args, "--decide", d)
		}
	}
	v := b.start(append([]string{"run", "all-hosts-down"}, args...)...)
	d := b.dir()
	seen := b.event(d, "the first evidence", func(e run.Event) bool { f, ok := e.Body.(run.Fact); return ok && f.Name == "up" })
	b.event(d, "the question for power", func(e run.Event) bool {
		q, ok := e.Body.(run.Question)
		return ok && q.Unit.Step == "power"
	})
	<-v.done
	for _, h := range c.back {
		b.must(b.lab.PowerOn(ctx, h))
	}
	powered := time.Now()
	for _, h := range c.back { // whoever switches them on sees the login prompt before saying so
		b.awaitLogin(ctx, h)
	}
	v = b.start(append([]string{"attach", d.ID(), "--decide", "power=done"}, args...)...)
	select {
	case <-v.done:
	case <-ctx.Done():
		b.t.Fatalf("the ladder has not ended; it said:\n%s\n%s", v.text(), b.engineLogs())
	}
	if v.code != 0 {
		b.t.Fatalf("the ladder ended with %d; it said:\n%s\n%s", v.code, v.text(), b.engineLogs())
	}
	left := slices.DeleteFunc(set.Databases(), func(h string) bool { return slices.Contains(c.back, h) })
	b.wants(v.text(), "Hosts left out: "+cmp.Or(strings.Join(left, ", "), "-")+".")
	decisions := 0
	for _, e := range b.events(d) {
		if a, ok := e.Body.(run.Answer); ok && a.Void == "" {
			decisions++
		}
	}
	b.t.Logf("%s: first evidence after %s, all green %s after power was back, %d decisions; jobs of %v", c.fault,
		seen.Time.Sub(began).Round(100*time.Millisecond), time.Since(powered).Round(time.Second), decisions, b.jobs(d))
	if decisions > 12 {
		b.t.Errorf("%d decisions, at most 12 were promised", decisions)
	}
	if c.whole {
		b.setWhole(ctx)
	}
	b.galeraRows(broke.Rows)
	b.nothingTwice(d)
	guests := 0
	for _, e := range b.events(d) {
		if f, ok := e.Body.(run.Fact); ok && strings.HasSuffix(f.Name, "guests") {
			list, _ := f.Value.V.([]any)
			guests = max(guests, len(list))
		}
	}
	if guests == 0 || !slices.Contains(b.jobs(d), "database/bootstrap") {
		b.t.Errorf("%d guests in the list that is kept; jobs of %v", guests, b.jobs(d))
	}
}

// awaitLogin waits until a host's sshd takes connections.
func (b *bench) awaitLogin(ctx context.Context, host string) {
	b.t.Helper()
	b.until("sshd of "+host, func() bool {
		conn, err := b.lab.Dial(ctx, net.JoinHostPort(set.Of(b.lab).Address(host), "22"))
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
}

// setWhole waits until the practice set is whole: a look at the brokers alone takes longer than
// its limit where the machine is busy.
func (b *bench) setWhole(ctx context.Context) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(ctx, 3*time.Minute)
	defer stop()
	missing := "not looked at"
	err := set.Of(b.lab).Until(ctx, 3*time.Minute, func() bool {
		var err error
		missing, err = set.Ready(ctx, b.lab)
		return err == nil && missing == ""
	})
	if err != nil {
		b.t.Errorf("not whole afterwards: %s: %v", missing, err)
	}
}
