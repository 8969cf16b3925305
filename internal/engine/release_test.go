package engine

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
)

// lookTwice fails on a host without x.
const lookTwice = `
id: look-twice
kind: install
title: {en: T, ko: T}
steps:
  - id: look
    title: {en: l, ko: l}
    on: node
    probe: mock has x
`

// leftWhileAway is a run over a and b that is cancelled about b while a, whose connection broke, is
// dialled again, at that probe on it; last is what its next dial, that of the engine that leaves, comes to.
func leftWhileAway(t *testing.T, text string, probe int, last func(ctx context.Context) error) (*rig, *run.State, time.Duration) {
	r := newRig(t, text, "a", "b")
	a, away, lost, dials := r.w.hosts["a"], make(chan struct{}), false, 0
	a.kv["x"] = "1"
	pass, probes := r.w.hook, 0
	r.w.hook = func(call, host string, after bool) error {
		if call == "Probe" && host == "a" && !after {
			if probes++; probes == probe {
				lost = true
				return problem.New("remote.lost", "a", nil)
			}
		}
		return pass(call, host, after)
	}
	a.asks = func(ctx context.Context, host string) error {
		if !lost {
			return nil
		}
		if dials++; dials > 1 {
			return last(ctx)
		}
		close(away)
		if err := rest(ctx, time.Second); err != nil {
			return err
		}
		return problem.New("remote.tcp.timeout", "a", nil)
	}
	var said time.Time
	r.answer = func(q *run.QuestionView) run.Command {
		if q.Q.Kind != run.AskFailed || q.Q.Unit.Host != "b" {
			t.Errorf("asked %s of %v", q.Q.Kind, q.Q.Hosts)
		}
		<-away
		said = time.Now()
		return run.Command{Do: "answer", Value: "stop"}
	}
	st := ends(t, r, "cancelled")
	return r, st, time.Since(said)
}

// TestCancelledWhileDialledAgain: no claim stays on a host that is back in the moment in which the run ends.
func TestCancelledWhileDialledAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, st, took := leftWhileAway(t, lookTwice, 1, func(ctx context.Context) error { return rest(ctx, 3*time.Second) })
		if a := r.w.hosts["a"]; a.claim != nil || st.Hosts["a"].State != run.HostReleased {
			t.Errorf("after %v the claim of a is %+v, and it stands as %s", took, a.claim, st.Hosts["a"].State)
		}
		if r.w.hosts["b"].claim != nil {
			t.Error("the claim of b stays")
		}
	})
}

// TestCancelledWhileAway: one that stays away keeps the claim, and keeps nobody for long.
func TestCancelledWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, st, took := leftWhileAway(t, lookTwice, 1, func(ctx context.Context) error { return rest(ctx, time.Hour) })
		if a := r.w.hosts["a"]; a.claim == nil || st.Hosts["a"].State == run.HostReleased {
			t.Errorf("the claim of a is %+v, and it stands as %s", a.claim, st.Hosts["a"].State)
		}
		if took > 2*mostLast {
			t.Errorf("it took %v", took)
		}
	})
}

// TestHeldWhileDialledAgain: what is held on such a host is let go of, and where it stays away that is said.
func TestHeldWhileDialledAgain(t *testing.T) {
	look := lookTwice[strings.Index(lookTwice, "  - id: look"):]
	text := casesHead[:strings.Index(casesHead, "  - id: look")] + strings.Replace(held, "  - id: work\n", look+"  - id: work\n", 1)
	for name, takes := range map[string]time.Duration{"back": 3 * time.Second, "away": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, st, took := leftWhileAway(t, text, 2, func(ctx context.Context) error { return rest(ctx, takes) })
				opened, held := r.w.hosts["a"].ledger["open"], len(st.Held())
				if name == "back" && (opened != 1 || held != 0) || name == "away" && (opened != 0 || held != 1) {
					t.Errorf("after %v opened %d times, held %+v", took, opened, st.Held())
				}
				if r.w.hosts["b"].ledger["open"] != 1 {
					t.Errorf("b: %v", r.w.hosts["b"].ledger)
				}
			})
		})
	}
}

// TestNobodyIsAskedWhileLeaving: what a host wants to know when it is let go is not asked.
func TestNobodyIsAskedWhileLeaving(t *testing.T) {
	e := &Engine{o: Options{Secrets: &secretsInMemory{v: map[string]string{}}}, st: run.Fold(nil), leaving: true}
	if _, err := e.Secret(context.Background(), "a", "password", "Password: ", false); err == nil || len(e.st.Questions) > 0 {
		t.Errorf("%v; %d questions", err, len(e.st.Questions))
	}
}
