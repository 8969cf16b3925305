//go:build linux

package cli_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

// TestFirstEvidence: with dead hosts and a half-dead one among nine, what the others say is
// there within 15 s, and nothing is begun on any.
func TestFirstEvidence(t *testing.T) {
	hosts, dead, hung := []string{"ctl1", "net1", "cmp1", "cmp2"}, []string{"cmp1"}, "cmp2"
	if long() {
		hosts = []string{"ctl1", "ctl2", "ctl3", "net1", "net2", "cmp1", "cmp2", "cmp3", "cmp4"}
		dead, hung = []string{"ctl2", "net1", "cmp4"}, "ctl1"
	}
	b := newBench(t, labtest.Options{Hosts: hosts})
	b.must(b.lab.PowerCut(t.Context(), dead...))
	b.on(hung, `kill -STOP "$(systemctl show -P MainPID ssh)"`)
	began := time.Now()
	v := b.start("run", "all-hosts-down", "--plain", "--on-ask", "park", "--stop-on-exit")
	d := b.dir()
	first := b.event(d, "the first evidence", func(e run.Event) bool {
		f, ok := e.Body.(run.Fact)
		return ok && f.Name == "up" && f.Value.V != nil
	})
	took := first.Time.Sub(began)
	select {
	case <-v.done:
	case <-time.After(4 * time.Minute):
		t.Fatalf("it has not ended; it said:\n%s\n%s", v.text(), b.engineLogs())
	}
	shown := map[string]time.Duration{}
	for _, e := range b.events(d) {
		if f, ok := e.Body.(run.Fact); ok && f.Name == "up" {
			shown[f.Unit.Host] = e.Time.Sub(began).Round(100 * time.Millisecond)
		}
	}
	t.Logf("%d hosts, %d dead, %s half-dead: first evidence after %s; rows %v", len(hosts), len(dead), hung, took.Round(100*time.Millisecond), shown)
	if took > 15*time.Second {
		t.Errorf("the first evidence came after %s", took)
	}
	if v.code != run.ExitParked || len(b.jobs(d)) > 0 {
		t.Errorf("exit status %d, jobs of %v", v.code, b.jobs(d))
	}
	b.wants(v.text(), "half-dead: TCP opens, the login hangs", "does not answer: no power, or no network")
}

// TestLadderHalfDead makes each form of half-dead for real: the ladder says which it is, stops at
// its rung with what to do and has begun no job; where the host is mended, it goes on to the top.
func TestLadderHalfDead(t *testing.T) {
	if !long() {
		t.Skip("minutes; STACKHAND_LONG=1")
	}
	t.Parallel()
	b := galeraBench(t, false)
	for i, c := range []struct {
		fault, step string
		exit        int
		says        []string
		decide      []string // after it was healed
	}{
		{"half-dead-host", "half-dead", run.ExitParked, []string{"half-dead: TCP opens, the login hangs", "Then power off hard"}, []string{"half-dead=done", "missing=none"}},
		{"half-dead-read-only", "disks", run.ExitFailed, []string{"half-dead, read-only: /", "Read-only: dmesg says which disk"}, []string{"disks@db3=retry"}},
		{"half-dead-stuck", "disks", run.ExitFailed, []string{"half-dead, stuck in the kernel (D): cp", "Stuck: the disk or share behind it is away"}, []string{"disks@db3=retry"}},
	} {
		t.Run(c.fault, func(t *testing.T) {
			if i > 0 {
				labtest.Reset(t, b.lab)
				if err := fault.Forget(b.lab); err != nil {
					t.Fatal(err)
				}
			}
			b := b.of(t)
			ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
			defer stop()
			if _, err := fault.Break(ctx, b.lab, c.fault, "db3"); err != nil {
				t.Fatal(err)
			}
			b.saysLate(c.exit, "run", "all-hosts-down", "--plain", "--on-ask", "park", "--stop-on-exit")
			d := b.dir()
			st, err := d.State()
			if err != nil {
				t.Fatal(err)
			}
			if len(st.Questions) != 1 || st.Questions[0].Q.Unit.Step != c.step {
				t.Errorf("it asks %+v, and not at %s", st.Questions, c.step)
			}
			if jobs := b.jobs(d); len(jobs) > 0 {
				t.Errorf("jobs of %v", jobs)
			}
			report := strings.Join(strings.Fields(b.says(0, "report", d.ID())), " ")
			b.wants(report, c.says...)
			if err := fault.Heal(ctx, b.lab, c.fault); err != nil {
				t.Fatal(err)
			}
			args := []string{"attach", d.ID(), "--plain"}
			for _, a := range c.decide {
				args = append(args, "--decide", a)
			}
			b.wants(b.saysLate(0, args...), "Every rung holds")
			b.setWhole(ctx)
			if jobs := b.jobs(d); slices.ContainsFunc(jobs, func(s string) bool { return strings.HasPrefix(s, "database/") }) {
				t.Errorf("the database was whole, and jobs of %v", jobs)
			}
		})
	}
}

// saysLate is says for what takes minutes.
func (b *bench) saysLate(want int, args ...string) string {
	b.t.Helper()
	v := b.start(args...)
	select {
	case <-v.done:
	case <-time.After(8 * time.Minute):
	}
	return v.end(want)
}
