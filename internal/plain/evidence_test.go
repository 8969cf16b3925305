package plain

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
)

// TestEvidenceDoesNotWait: the rows of the hosts that answered are printed while another is
// dialled still; its own comes later, and no row comes twice.
func TestEvidenceDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		begun := started()
		begun.Plan = []run.PlannedStep{{ID: "look", Title: text("Look", "확인"), Action: steps.ActProbe, Hosts: []string{"ctl1", "cmp1", "cmp2"}, Show: []string{"up"}}}
		begun.Hosts = []string{"ctl1", "cmp1", "cmp2"}
		unit := func(h string) run.Unit { return run.Unit{Step: "look", Host: h} }
		reads := func(h string, v any, why string) {
			w.write(run.Fact{Unit: unit(h), Name: "up", Value: steps.Value{V: v, Absent: why}}, run.UnitEnded{Unit: unit(h), Attempt: 1, Outcome: run.OutcomeDone, Millis: 1})
		}
		w.write(begun, run.EngineStarted{PID: 1}, run.HostState{Host: "cmp2", State: run.HostDialing},
			run.UnitReady{Step: "look", Units: []run.Unit{unit("ctl1"), unit("cmp1"), unit("cmp2")}})
		reads("ctl1", 7, "")
		var out lockedBuffer
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, Location: time.UTC, Out: &out, alive: func() bool { return true }}); err != nil {
				t.Error(err)
			}
		}()
		said := func(wants string, not ...string) {
			t.Helper()
			time.Sleep(2 * time.Second) // of the bubble
			synctest.Wait()
			flat := strings.Join(strings.Fields(out.String()), " ")
			if n := strings.Count(flat, wants); n != 1 {
				t.Errorf("%q is there %d times:\n%s", wants, n, out.String())
			}
			for _, s := range not {
				if strings.Contains(flat, s) {
					t.Errorf("%q is there already:\n%s", s, out.String())
				}
			}
		}
		said("ctl1 done", "up = 7") // cmp1 does not hang: its row is waited for
		reads("cmp1", 7, "")
		said("ctl1, cmp1: up = 7", "cmp2: up")
		w.write(run.HostState{Host: "cmp2", State: run.HostFailed})
		reads("cmp2", nil, steps.WhyUnreachable)
		said("cmp2: up = - (no answer)")
		said("ctl1, cmp1: up = 7")
		w.write(run.RunEnded{Outcome: "done"})
		<-done
	})
}
