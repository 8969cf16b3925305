package plain

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
)

// A long step says every ten seconds what it does; nothing is said while lines come anyway.
func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		w.write(started(), run.EngineStarted{PID: 1}, run.UnitReady{Step: "ntp", Units: []run.Unit{ntp1, ntp2}},
			run.JobIntent{Job: "j1", Unit: ntp1, Attempt: 1, Log: "l1"}, run.JobIntent{Job: "j2", Unit: ntp2, Attempt: 1, Log: "l2"})
		w.log("l1", "unpacking\n\x1b[1mSetting up\x1b[0m chrony with hunter22 \r\n\n")
		var out lockedBuffer
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan int)
		go func() {
			status, err := Follow(ctx, Options{
				Dir: w.dir, Lang: i18n.English, Location: time.UTC, Out: &out,
				Redactor: redact.NewRedactor(map[string]string{"pw": "hunter22"}), alive: func() bool { return true },
			})
			if err != nil {
				t.Error(err)
			}
			done <- status
		}()
		time.Sleep(9 * time.Second)
		synctest.Wait()
		before := out.String()
		if strings.Contains(before, "for 9") || strings.Contains(before, "last output") {
			t.Errorf("a heartbeat too early:\n%s", before)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		golden(t, "heartbeat.en", strings.TrimPrefix(out.String(), before))

		w.write(run.HostState{Host: "cmp2", State: run.HostLost}, run.Question{Kind: run.AskStall, Unit: ntp1, Options: []string{"wait", "stop"}})
		time.Sleep(time.Second)
		synctest.Wait()
		before = out.String()
		time.Sleep(11 * time.Second)
		synctest.Wait()
		golden(t, "heartbeat-lost.en", strings.TrimPrefix(out.String(), before))
		before = out.String()
		time.Sleep(60 * time.Second)
		synctest.Wait()
		if n := strings.Count(strings.TrimPrefix(out.String(), before), "waits for an answer"); n != 6 {
			t.Errorf("%d heartbeats in a minute", n)
		}
		cancel()
		if status := <-done; status != run.ExitDetached {
			t.Errorf("status %d", status)
		}
	})
}

// An engine that dies is started again, or the viewer says so and leaves.
func TestEngineGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		w.write(started(), run.EngineStarted{PID: 1})
		var out bytes.Buffer
		begin := time.Now()
		status, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, Out: &out, alive: func() bool { return time.Since(begin) < 5*time.Second }})
		if err != nil || status != run.ExitDetached || !strings.Contains(out.String(), "stackhand attach") {
			t.Errorf("status %d, %v:\n%s", status, err, out.String())
		}
		if after := time.Since(begin); after > 10*time.Second {
			t.Errorf("it took %s to notice", after)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		w.write(started(), run.EngineStarted{PID: 1})
		var out bytes.Buffer
		restarts, alive := 0, false
		status, err := Follow(t.Context(), Options{
			Dir: w.dir, Lang: i18n.English, Out: &out, alive: func() bool { return alive },
			Restart: func(context.Context) error {
				if restarts++; restarts == 2 {
					alive = true
					w.write(run.EngineStarted{PID: 2}, run.RunEnded{Outcome: "done"})
				}
				return nil
			},
		})
		if err != nil || status != run.ExitDone || restarts != 2 {
			t.Errorf("status %d, %v, %d restarts:\n%s", status, err, restarts, out.String())
		}
	})
}

// What an earlier engine left parked is not the end for who joins while a new one starts.
func TestParkedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		w.write(started(), run.EngineStarted{PID: 1}, run.RunParked{Why: "stopped"})
		go func() {
			time.Sleep(3 * time.Second)
			w.write(run.EngineStarted{PID: 2}, run.RunEnded{Outcome: "done"})
		}()
		var out bytes.Buffer
		status, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, Out: &out, Resume: true, alive: func() bool { return false }})
		if err != nil || status != run.ExitDone {
			t.Errorf("status %d, %v:\n%s", status, err, out.String())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := newJournal(t, time.Now)
		w.write(started(), run.EngineStarted{PID: 1}, run.RunParked{Why: "stopped"})
		var out bytes.Buffer
		status, err := Follow(t.Context(), Options{Dir: w.dir, Lang: i18n.English, Out: &out, Resume: true, Observe: true, alive: func() bool { return false }})
		if err != nil || status != run.ExitParked {
			t.Errorf("status %d, %v:\n%s", status, err, out.String())
		}
	})
}
