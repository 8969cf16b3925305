//go:build linux

package cli_test

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// TestSoakLadder kills the engine at a random moment of the ladder from dead hosts, 20 times
// (STACKHAND_SOAK=N: N times). Whoever attaches goes on, it ends well, no job ran twice, and
// every acknowledged row is there.
func TestSoakLadder(t *testing.T) {
	if os.Getenv("STACKHAND_SOAK") == "" {
		t.Skip("takes an hour: make soak")
	}
	moments := 20
	if n, err := strconv.Atoi(os.Getenv("STACKHAND_SOAK")); err == nil && n > 1 {
		moments = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	b := galeraBench(t, false)
	for i := range moments {
		if i > 0 {
			labtest.Reset(t, b.lab)
			if err := fault.Forget(b.lab); err != nil {
				t.Fatal(err)
			}
		}
		after := time.Duration(500+r.IntN(80_000)) * time.Millisecond
		t.Run(after.String(), func(t *testing.T) { b.of(t).ladderKilled(after) })
		if t.Failed() {
			return
		}
	}
}

func (b *bench) ladderKilled(after time.Duration) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 12*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, "all-hosts-down", "")
	if err != nil {
		b.t.Fatal(err)
	}
	b.must(b.lab.PowerOn(ctx, set.Databases()...))
	var decide []string
	for _, d := range ladderCases()[0].decide {
		decide = append(decide, "--decide", d)
	}
	v := b.start(append([]string{"run", "all-hosts-down", "--plain", "--on-ask", "park"}, decide...)...)
	d := b.dir()
	moment := time.Now().Add(after)
	b.until("the moment to kill", func() bool { return time.Now().After(moment) || v.ended() })
	if !v.ended() {
		b.kill(d, syscall.SIGKILL)
		_ = v.cmd.Process.Kill()
	}
	var st *run.State
	for range 6 {
		v = b.start(append([]string{"attach", d.ID(), "--plain"}, decide...)...)
		select {
		case <-v.done:
		case <-ctx.Done():
			b.t.Fatalf("it never ends; it said:\n%s", v.text())
		}
		if st, err = d.State(); err != nil {
			b.t.Fatal(err)
		}
		if st.Ended != nil {
			break
		}
	}
	if st.Ended == nil || st.Ended.Outcome != "done" {
		b.t.Fatalf("killed after %s it did not end well: %+v; it said:\n%s\n%s", after, st.Ended, v.text(), b.engineLogs())
	}
	b.setWhole(ctx)
	b.galeraRows(broke.Rows)
	b.nothingTwice(d)
}
