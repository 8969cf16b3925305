package plain

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
)

// Known trouble in the log of a running job is told once, with its runbook; what is harmless is
// not.
func TestHint(t *testing.T) {
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		w.write(started(), run.EngineStarted{PID: 1}, run.UnitReady{Step: "ntp", Units: []run.Unit{ntp1, ntp2}},
			run.JobIntent{Job: "j1", Unit: ntp1, Attempt: 1, Log: "l1"})
		const line = "(1129, \"Host '192.0.2.9' is blocked because of many connection errors\n"
		w.log("l1", "Connection pool is full, discarding connection: x\n"+line+line)
		var out lockedBuffer
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan int)
		go func() {
			status, err := Follow(ctx, Options{Dir: w.dir, Lang: i18n.English, Location: time.UTC, Out: &out,
				Matcher: signatures.NewMatcher(set), alive: func() bool { return true }})
			if err != nil {
				t.Error(err)
			}
			done <- status
		}()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		text := strings.Join(strings.Fields(out.String()), " ")
		if n := strings.Count(text, "fits the runbook"); n != 1 || !strings.Contains(text, "fits the runbook db-host-blocked") {
			t.Errorf("%d hints in\n%s", n, out.String())
		}
		cancel()
		<-done
	})
}
