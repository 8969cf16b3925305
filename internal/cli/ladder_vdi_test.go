//go:build linux

package cli_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// TestLadderOtherDatabase: the database hosts are those of the VD-i management, whose front end is the
// HAProxy of the brokers. The ladder leads their recovery by the same flow, with roles of its
// own, and nothing of the cloud's own database is touched, for there is none. The practice set has no
// broker's services: that rung is left out with a reason.
func TestLadderOtherDatabase(t *testing.T) {
	if !long() {
		t.Skip("minutes; STACKHAND_LONG=1")
	}
	t.Parallel()
	b := galeraBench(t, false)
	b.edit(func(s *site.Site) {
		other := map[string]string{"database": "vdi-database", "haproxy": "vdi-broker"}
		for i := range s.Hosts {
			var roles []string
			for _, r := range s.Hosts[i].Roles {
				if r != "broker" { // its recovery has tests of its own
					roles = append(roles, cmp.Or(other[r], r))
				}
			}
			s.Hosts[i].Roles = roles
		}
	})
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, "galera-different-seqno", "")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "all-hosts-down", "--plain", "--on-ask", "park", "--stop-on-exit"}
	for _, d := range []string{"vdi-database/free-or-not=free", "vdi-database/clients=hold", "vdi-database/bootstrap=db1", "vdi-broker=skip: practice hosts have no broker's services"} {
		args = append(args, "--decide", d)
	}
	v := b.start(args...)
	select {
	case <-v.done:
	case <-ctx.Done():
		t.Fatalf("the ladder has not ended; it said:\n%s\n%s", v.text(), b.engineLogs())
	}
	if v.code != 0 {
		t.Fatalf("the ladder ended with %d; it said:\n%s\n%s", v.code, v.text(), b.engineLogs())
	}
	d := b.dir()
	jobs := b.jobs(d)
	for _, step := range []string{"vdi-database/bootstrap", "vdi-database/hold", "vdi-database/open", "vdi-database/join"} {
		if !slices.Contains(jobs, step) {
			t.Errorf("%s has begun no job: %v", step, jobs)
		}
	}
	if i := slices.IndexFunc(jobs, func(s string) bool { return strings.HasPrefix(s, "database/") }); i >= 0 {
		t.Errorf("there is no other database, and %s has begun a job", jobs[i])
	}
	if f := b.fronts(); f != "OPEN OPEN" {
		t.Errorf("the front ends are %s", f)
	}
	for _, db := range set.Databases() {
		if n := set.Of(b.lab).Node(ctx, db); !n.Whole(3) {
			t.Errorf("%s: %+v", db, n)
		}
	}
	b.databaseWhole()
	b.galeraRows(broke.Rows)
	b.nothingTwice(d)
}

// TestLadderGuestsComeLast: a VD-i host that does not answer, as one that is a guest of this cloud, holds up
// nothing: power is asked for without it, and it is asked for when all below it holds.
func TestLadderGuestsComeLast(t *testing.T) {
	if !long() {
		t.Skip("minutes; STACKHAND_LONG=1")
	}
	t.Parallel()
	b := galeraBench(t, false)
	b.edit(func(s *site.Site) { s.Host(set.Client).Roles = []string{"vdi-metric"} })
	ctx, stop := context.WithTimeout(t.Context(), 15*time.Minute)
	defer stop()
	b.must(b.lab.PowerCut(ctx, "db2"))
	b.must(b.lab.PowerCut(ctx, set.Client))
	args := []string{"--plain", "--on-ask", "park", "--stop-on-exit", "--decide", "broker/start=yes", "--decide", "broker/start-others=yes", "--decide", "database/clients=open", "--decide", "database/free-or-not=free"}
	v := b.start(append([]string{"run", "all-hosts-down"}, args...)...)
	d := b.dir()
	asked := func(step string) string {
		<-v.done
		e := b.event(d, "the question of "+step, func(e run.Event) bool {
			q, ok := e.Body.(run.Question)
			return ok && q.Unit.Step == step
		})
		return e.Body.(run.Question).Say.En
	}
	if say := asked("power"); !strings.Contains(say, "db2") || strings.Contains(say, set.Client) {
		t.Errorf("power is asked for with %q", say)
	}
	b.must(b.lab.PowerOn(ctx, "db2"))
	b.awaitLogin(ctx, "db2")
	v = b.start(append([]string{"attach", d.ID(), "--decide", "power=done"}, args...)...)
	if say := asked("vdi-power"); !strings.Contains(say, set.Client) || strings.Contains(say, "db2") {
		t.Errorf("the VD-i hosts are asked for with %q", say)
	}
	b.must(b.lab.PowerOn(ctx, set.Client))
	b.awaitLogin(ctx, set.Client)
	v = b.start(append([]string{"attach", d.ID(), "--decide", "vdi-power=done"}, args...)...)
	<-v.done
	if v.code != 0 {
		t.Fatalf("the ladder ended with %d; it said:\n%s\n%s", v.code, v.text(), b.engineLogs())
	}
	b.setWhole(ctx)
	b.nothingTwice(d)
}
