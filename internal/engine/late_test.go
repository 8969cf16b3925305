package engine

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// nine hosts, of which some do not answer, over the procedure tolerance.
func nine(t *testing.T) *rig {
	r := newRig(t, tolerance, "a", "b", "c", "d", "e", "f", "g", "h", "i")
	for _, m := range r.w.hosts {
		m.kv["x"], m.login = "1", time.Second
	}
	for _, dead := range []string{"b", "e", "i"} { // TCP runs into its limit
		r.w.hosts[dead].login, r.w.hosts[dead].cut = 10*time.Second, true
	}
	return r
}

// TestHalfDeadKeepsNobodyWaiting: first evidence is there within 15 s, whoever is silent; what
// changes something begins when every host is claimed or noted.
func TestHalfDeadKeepsNobodyWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := nine(t)
		r.w.hosts["d"].login, r.w.hosts["d"].hangs = 30*time.Second, true
		r.answer = nobody(t)
		st := ends(t, r, "done")
		began := r.events()[0].Time
		var first, noted, work time.Duration
		dialing := false
		for _, ev := range r.events() {
			at := ev.Time.Sub(began)
			switch b := ev.Body.(type) {
			case run.Fact:
				if first == 0 && b.Value.V != nil {
					first = at
				}
			case run.HostState:
				dialing = dialing || b.Host == "d" && b.State == run.HostDialing && noted == 0
				if b.Host == "d" && b.State == run.HostFailed {
					noted = at
				}
				if b.State == run.HostClaimed && (b.Host == "d" || strings.Contains("bei", b.Host)) {
					t.Errorf("%s is claimed", b.Host)
				}
			case run.JobIntent:
				if work == 0 {
					work = at
				}
			}
		}
		if first == 0 || first > 5*time.Second || noted < 30*time.Second || work < noted || !dialing {
			t.Errorf("first evidence %v, half-dead host noted %v, work begins %v, shown as dialled: %v", first, noted, work, dialing)
		}
		if f := st.Facts["d"]["x"]; f.Absent != steps.WhyUnreachable {
			t.Errorf("the fact of the half-dead host: %+v", f)
		}
		if h := st.Hosts["d"]; h.Problem == nil || h.Problem.Code != "remote.handshake.timeout" {
			t.Errorf("it stands as %+v", h)
		}
		if r.w.hosts["a"].ledger["work"] != 1 || r.w.hosts["d"].ledger["work"] != 0 {
			t.Error("the work was not done where it should be")
		}
	})
}

// TestLateHostComes: one that takes long is claimed before anything begins, and is worked on
// as the others are.
func TestLateHostComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := nine(t)
		r.w.hosts["d"].login = 25 * time.Second
		r.answer = nobody(t)
		st := ends(t, r, "done")
		claimed, read := false, time.Time{}
		for _, ev := range r.events() {
			switch b := ev.Body.(type) {
			case run.HostState:
				claimed = claimed || b.Host == "d" && b.State == run.HostClaimed
			case run.Fact:
				if read.IsZero() {
					read = ev.Time
				}
			case run.JobIntent:
				if !claimed {
					t.Errorf("work on %s begins before d is claimed", b.Unit.Host)
				}
			}
		}
		if d := read.Sub(r.events()[0].Time); d > 5*time.Second {
			t.Errorf("first evidence after %v", d)
		}
		if st.Facts["d"]["x"].V != "1" || r.w.hosts["d"].ledger["work"] != 1 || r.w.hosts["d"].claim != nil {
			t.Errorf("%+v %+v", st.Facts["d"], r.w.hosts["d"])
		}
	})
}

// TestLateHostOfAnother: it is another run's. The operator is asked while the others are read,
// and nothing begins before the answer.
func TestLateHostOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := nine(t)
		d := r.w.hosts["d"]
		d.login, d.claim = 25*time.Second, &Owner{Run: "20250101-000000-aaaa"}
		asked := 0
		r.answer = func(q *run.QuestionView) run.Command {
			asked++
			for name, m := range r.w.hosts {
				if len(m.jobs) > 0 {
					t.Errorf("%s is worked on before the answer", name)
				}
			}
			if q.Q.Kind != run.AskClaim {
				t.Errorf("asked %s", q.Q.Kind)
			}
			return run.Command{Do: "answer", Value: "drop"}
		}
		ends(t, r, "done")
		if asked != 1 || len(d.jobs) > 0 || r.w.hosts["a"].ledger["work"] != 1 {
			t.Errorf("asked %d times; %v", asked, d.jobs)
		}
	})
}

// TestLateHostAsks: a question on the way in is open for an hour, and is not cut off; the
// others are read meanwhile.
func TestLateHostAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := nine(t)
		r.w.hosts["d"].asks = func(ctx context.Context, host string) error {
			timer := time.NewTimer(time.Hour)
			defer timer.Stop()
			select {
			case <-timer.C: // the operator has found the password
				return nil
			case <-ctx.Done():
				t.Errorf("the question of %s is cut off: %v", host, context.Cause(ctx))
				return context.Cause(ctx)
			}
		}
		r.answer = nobody(t)
		st := ends(t, r, "done")
		events := r.events()
		for _, ev := range events {
			if _, ok := ev.Body.(run.Fact); ok {
				if d := ev.Time.Sub(events[0].Time); d > 5*time.Second {
					t.Errorf("first evidence after %v", d)
				}
				break
			}
		}
		if st.Facts["d"]["x"].V != "1" || r.w.hosts["d"].ledger["work"] != 1 {
			t.Errorf("%+v", st.Facts["d"])
		}
	})
}

// TestEndedWhileDialling: a run that is cancelled does not wait for a late host.
func TestEndedWhileDialling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := nine(t)
		r.w.hosts["d"].login, r.w.hosts["d"].hangs = time.Hour, true
		r.o.Settings.OnAsk = "park"
		r.w.hosts["a"].claim = &Owner{Run: "20250101-000000-aaaa"}
		r.answer = func(q *run.QuestionView) run.Command { return run.Command{Do: "answer", Value: "stop"} }
		st, err := r.run(0)
		if err != nil || st.Ended == nil || st.Ended.Outcome != "cancelled" {
			t.Fatalf("%+v, %v", st.Ended, err)
		}
		events := r.events()
		if d := events[len(events)-1].Time.Sub(events[0].Time); d > time.Minute {
			t.Errorf("it took %v", d)
		}
	})
}

// TestCannotBeClaimed: a host whose disk is read-only takes no claim. It is read all the same,
// and the operator is asked when a step comes that would change something there.
func TestCannotBeClaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := nine(t)
		r.w.hosts["d"].broken = problem.New("remote.disk.readonly", "d", nil)
		var asked []string
		r.answer = func(q *run.QuestionView) run.Command {
			asked = append(asked, q.Q.Kind+" "+strings.Join(q.Q.Hosts, " "))
			if q.Q.Problem == nil || q.Q.Problem.Code != "remote.disk.readonly" {
				t.Errorf("asked about %v", q.Q.Problem)
			}
			return run.Command{Do: "answer", Value: "drop"}
		}
		st := ends(t, r, "done")
		if st.Facts["d"]["x"].V != "1" || strings.Join(asked, ", ") != "reach d" || len(r.w.hosts["d"].jobs) > 0 {
			t.Errorf("asked %v; %+v", asked, st.Facts["d"])
		}
	})
}

// TestOnlyReadingBeginsEarly: which steps may begin while a host is dialled.
func TestOnlyReadingBeginsEarly(t *testing.T) {
	text := strings.Replace(tolerance, "on: {from: node, where: '.reachable'}", "on: node", 1)
	for name, c := range map[string]struct {
		step string
		want bool
	}{
		"as it is":  {"", true},
		"when":      {"when: 'true'", false},
		"each":      {`each: '["a"]'`, false},
		"once":      {"once: true", false},
		"serial":    {"serial: true", false},
		"vars":      {"vars: {n: 'len(hosts.node)'}", false},
		"require":   {"require: [{probe: mock has x}]", false},
		"tolerates": {"absent: allow", false},
	} {
		changed := strings.Replace(text, "    absent: allow\n", "    absent: allow\n    "+c.step+"\n", 1)
		if c.step == "absent: allow" { // the other way round: a step to which silence is no result
			changed = strings.Replace(text, "    absent: allow\n", "", 1)
		}
		p, found := steps.Parse("test.yaml", []byte(changed))
		if err := found.Err(); err != nil {
			t.Fatal(name, err)
		}
		if got := early(p.Unfold()[0]); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if early(p.Unfold()[1]) {
			t.Errorf("%s: a step that works begins early", name)
		}
	}
}
