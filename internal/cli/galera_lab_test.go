//go:build linux

package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// galeraBench is the practice set galera with an operator's console in front of it.
func galeraBench(t *testing.T, real bool) *bench {
	t.Helper()
	start := labtest.Galera
	if real {
		start = labtest.GaleraRealPower
	}
	l := start(t)
	return (&bench{t: t, lab: l, program: filepath.Join(l.Dir(), "stackhand"), site: l.SitePath()}).console()
}

// of is the same bench for a subtest, with a console of its own.
func (b *bench) of(t *testing.T) *bench {
	c := *b
	c.t = t
	return c.console()
}

// flow runs the recovery in line mode with answers given ahead and returns what it said.
func (b *bench) flow(want int, decide ...string) string {
	b.t.Helper()
	args := []string{"run", "galera-recovery", "--plain", "--on-ask", "park", "--stop-on-exit"}
	for _, d := range decide {
		args = append(args, "--decide", d)
	}
	v := b.start(args...)
	select {
	case <-v.done:
	case <-time.After(12 * time.Minute): // several labs on few cores
		b.t.Fatalf("the flow has not ended; it said:\n%s\n%s", v.text(), b.engineLogs())
	}
	if v.code != want {
		b.t.Fatalf("the flow ended with %d, want %d; it said:\n%s\n%s", v.code, want, v.text(), b.engineLogs())
	}
	return v.text()
}

// jobs are the steps that began a job, each once.
func (b *bench) jobs(d *run.Dir) (stepsOf []string) {
	b.t.Helper()
	for _, e := range b.events(d) {
		if j, ok := e.Body.(run.JobIntent); ok && !slices.Contains(stepsOf, j.Unit.Step) {
			stepsOf = append(stepsOf, j.Unit.Step)
		}
	}
	return stepsOf
}

// galeraCase is one fault and how the flow must end.
type galeraCase struct {
	fault  string
	decide []string
	exit   int
	says   []string // in what line mode prints
	whole  bool     // afterwards the set is whole
	rows   bool     // and has every row that a client was told is there
	nobody []string // steps that must not have begun a job
	short  bool     // also without STACKHAND_LONG
}

func galeraCases() []galeraCase {
	mend := []string{"free-or-not=free", "clients=open", "bootstrap=db1", "pick=db1"}
	return []galeraCase{
		{fault: "galera-different-seqno", decide: mend, whole: true, rows: true, says: []string{"Proven newest: db1"}, short: true},
		{fault: "galera-newest-unreachable", decide: append(mend, "without@db1=no"), exit: 6, says: []string{"db1: does not answer"}, nobody: []string{"bootstrap", "join-first", "join"}, short: true},
		{fault: "galera-empty-node-says-safe", decide: append(mend, "pick=db2", "bootstrap=db2", "bootstrap=db3"), whole: true, rows: true, says: []string{"is not believed"}},
		{fault: "galera-other-uuid", decide: mend, exit: 6, says: []string{"belong to different clusters"}, nobody: []string{"bootstrap", "join-first", "join"}},
		{fault: "galera-non-primary", decide: append(mend, "continue=db1"), whole: true, rows: true},
		{fault: "galera-one-alive", decide: mend, whole: true, rows: true, nobody: []string{"bootstrap", "continue"}},
		{fault: "galera-hangs-activating", decide: mend, whole: true, rows: true},
		{fault: "galera-heals-itself", decide: mend, whole: true, rows: true, says: []string{"Nothing was changed"}, nobody: []string{"free", "aside", "position", "bootstrap"}},
		{fault: "galera-slow-sst", decide: mend, whole: true, says: []string{"Nothing was changed"}, nobody: []string{"free", "aside", "position", "bootstrap"}},
		{fault: "one-host-never-returns", decide: append(mend, "without@db3=db3: it burnt"), rows: true, says: []string{"it burnt"}},
		{fault: "half-dead-host", decide: mend, says: []string{"do not answer over SSH: db3", "Nothing was changed"}, nobody: []string{"free", "aside", "position", "bootstrap"}},
	}
}

// Each fault of a database cluster is made for real; the flow, in line mode with the answers
// given ahead, mends it and proves it, or refuses and says why.
func TestGaleraFaults(t *testing.T) {
	t.Parallel()
	b := galeraBench(t, false)
	t.Run("healthy", func(t *testing.T) { b.of(t).galeraNotThis() })
	for i, c := range galeraCases() {
		if !c.short && !long() {
			continue
		}
		t.Run(c.fault, func(t *testing.T) {
			if i > 0 {
				labtest.Reset(t, b.lab)
				if err := fault.Forget(b.lab); err != nil {
					t.Fatal(err)
				}
			}
			b.of(t).galeraFault(c)
		})
	}
}

func (b *bench) galeraFault(c galeraCase) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 20*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, c.fault, "")
	if err != nil {
		b.t.Fatal(err)
	}
	began := time.Now()
	said := b.flow(c.exit, c.decide...)
	took := time.Since(began)
	d := b.dir()
	b.t.Logf("%s: exit status %d after %s; steps with jobs: %v", c.fault, c.exit, took.Round(time.Second), b.jobs(d))
	b.wants(said, c.says...)
	for _, s := range c.nobody {
		if slices.Contains(b.jobs(d), s) {
			b.t.Errorf("%s has begun a job", s)
		}
	}
	if c.whole {
		b.databaseWhole()
		for _, db := range set.Databases() {
			if left := b.on(db, "ls /run/mariadb-wsrep-new-cluster /run/systemd/system/mariadb.service.d 2>/dev/null || true"); left != "" {
				b.t.Errorf("left behind on %s: %s", db, left)
			}
		}
	}
	if c.rows {
		b.galeraRows(broke.Rows)
	}
	b.nothingTwice(d)
	if dir := os.Getenv("STACKHAND_KEEP"); dir != "" { // to be read by a person
		_ = os.WriteFile(filepath.Join(dir, c.fault+".txt"), []byte(said), 0o600)
	}
}

// databaseWhole waits until all three serve and a client gets its rows. (HAProxy takes some
// seconds to see it.)
func (b *bench) databaseWhole() {
	b.t.Helper()
	missing := ""
	b.until("a whole database", func() bool {
		missing = set.DatabaseReady(b.t.Context(), set.Of(b.lab))
		return missing == ""
	}, func() string { return missing })
}

// galeraRows counts on every node that is in.
func (b *bench) galeraRows(want int) {
	b.t.Helper()
	counted := 0
	for _, db := range set.Databases() {
		if b.lab.ProcessID(db) == 0 {
			continue
		}
		if got := b.on(db, "mysql -NBe 'SELECT COUNT(*) FROM nova.instances'"); got != fmt.Sprint(want) {
			b.t.Errorf("%s has %s rows, want %d", db, got, want)
		}
		counted++
	}
	if counted < 2 {
		b.t.Errorf("rows were counted on %d nodes only", counted)
	}
}

// galeraNotThis: on a healthy site the flow says so after its look, and has changed nothing.
func (b *bench) galeraNotThis() {
	b.t.Helper()
	const picture = `systemctl show -p MainPID mariadb; cat /var/lib/mysql/grastate.dat; find /etc/mysql /etc/haproxy -type f -exec sha256sum {} + | sort; ls -A /var/lib/stackhand/jobs /var/lib/stackhand/galera 2>/dev/null | grep -v : || true`
	before := map[string]string{}
	for _, db := range set.Databases() {
		before[db] = b.on(db, picture)
	}
	said := b.flow(0)
	b.wants(said, "Not this fault", "Nothing was changed")
	if jobs := b.jobs(b.dir()); len(jobs) > 0 {
		b.t.Errorf("jobs of %v", jobs)
	}
	for _, db := range set.Databases() {
		after := b.on(db, picture)
		if after != before[db] {
			b.t.Errorf("%s is not as it was:\n%s\n%s", db, before[db], after)
		}
	}
}

// A wrong host name typed starts nothing.
func TestGaleraWrongNameTyped(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	if _, err := fault.Break(ctx, b.lab, "galera-different-seqno", ""); err != nil {
		t.Fatal(err)
	}
	state := map[string]string{}
	for _, db := range set.Databases() {
		state[db] = b.on(db, "cat /var/lib/mysql/grastate.dat")
	}
	said := b.flow(3, "free-or-not=free", "clients=open", "bootstrap=db2", "bootstrap=DB1", "bootstrap=yes")
	b.wants(said, "Start a NEW cluster from db1")
	for _, e := range b.events(b.dir()) {
		if j, ok := e.Body.(run.JobIntent); ok && j.Unit.Step == "bootstrap" {
			t.Errorf("a job was begun: %+v", j)
		}
	}
	for _, db := range set.Databases() {
		if n := set.Of(b.lab).Node(ctx, db); n.Cluster == "Primary" {
			t.Errorf("%s is Primary", db)
		}
		if now := b.on(db, "cat /var/lib/mysql/grastate.dat"); now != state[db] {
			t.Errorf("%s: grastate.dat is not as it was:\n%s\n%s", db, state[db], now)
		}
	}
	// the right name, typed to the very question that is open, goes on
	said = b.says(0, "attach", "--plain", "--decide", "bootstrap=db1")
	b.wants(said, "Primary")
	b.databaseWhole()
}
