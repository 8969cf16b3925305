package cli

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// drillCase is a fault made on practice hosts, and the runbook that mends it with answers given
// ahead, as somebody gives them who read what was shown.
type drillCase struct {
	fault, runbook string
	decide         []string
	always         bool // also in `make test`
}

func galeraDrills() []drillCase {
	return []drillCase{
		{fault: "db-host-blocked", runbook: "db-host-blocked", decide: []string{"unblock=yes", "mend=limit"}, always: true},
		{fault: "db-unreachable", runbook: "db-unreachable", decide: []string{"proxy=yes", "address=yes"}},
		{fault: "mariadb-wrong-bind", runbook: "mariadb-will-not-start", decide: []string{"address=db3", "start=yes"}},
		{fault: "disk-full", runbook: "mariadb-will-not-start", decide: []string{"halt=db3", "room=file", "which=/var/lib/mysql/backup-of-friday.sql", "remove=db3", "copy=db3", "start=yes"}},
		{fault: "amqp-down", runbook: "amqp-unreachable", decide: []string{"brokers-back/start=yes", "brokers-back/start-others=yes"}},
		{fault: "rabbit-waits-for-tables", runbook: "rabbitmq-recovery", decide: []string{"start=yes", "start-others=yes"}},
		{fault: "rabbit-partition", runbook: "rabbitmq-recovery", decide: []string{"rejoin=db3"}},
		{fault: "rabbit-disk-alarm", runbook: "rabbitmq-recovery", decide: []string{"room=file", "which=/var/lib/rabbitmq/core.4711", "remove=db1"}},
	}
}

func networkDrills() []drillCase {
	return []drillCase{
		{fault: "lbaas-duplicate-namespace", runbook: "lbaas-duplicate-namespace", decide: []string{"agent=yes"}, always: true},
		{fault: "proxy-arp-lost", runbook: "proxy-arp-lost", decide: []string{"switch-on=yes", "keep=timer", "instance=" + set.GuestAddress}, always: true},
	}
}

// TestDrillsGalera: each fault of the database and the brokers is found, mended and proven; and
// before that, on the healthy set, every runbook says that it is not this, and changes nothing.
func TestDrillsGalera(t *testing.T) {
	if testing.Short() {
		t.Skip("practice hosts")
	}
	h := drills(t, labtest.Galera(t), galeraDrills())
	if os.Getenv("STACKHAND_LONG") != "" {
		t.Run("haproxy-greeting", h.greeting)
	}
}

// TestDrillsNetwork is the same for the network nodes.
func TestDrillsNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("practice hosts")
	}
	drills(t, labtest.Network(t), networkDrills())
}

func drills(t *testing.T, l *lab.Lab, cases []drillCase) *libraryHosts {
	h := &libraryHosts{lab: l, exe: filepath.Join(l.Dir(), "stackhand"), home: t.TempDir()}
	t.Run("healthy", h.healthy)
	for _, c := range cases {
		if !c.always && os.Getenv("STACKHAND_LONG") == "" {
			continue
		}
		t.Run(c.fault, func(t *testing.T) { h.drill(t, c) })
	}
	return h
}

// greeting: HAProxy's own check reads the greeting and hangs up, until its host is blocked. The
// operator has the check changed, and the block does not come back.
func (h *libraryHosts) greeting(t *testing.T) {
	const careless = `sed -i 's/option httpchk.*/option mysql-check/; s/check port 9200/check/' /etc/haproxy/haproxy.cfg && systemctl reload haproxy`
	for _, db := range set.Databases() {
		h.on(t, db, `mysql -e 'SET GLOBAL max_connect_errors = 5'`)
	}
	for _, db := range set.Databases()[:2] {
		h.on(t, db, careless)
	}
	// Not asked through the front end: a login that succeeds forgets the errors before it.
	const down = `echo "show stat" | socat -T3 - UNIX-CONNECT:/run/haproxy/admin.sock | grep -c '^mariadb,db[123],.*,DOWN,' || true`
	h.until(t, "db1", down, "3\n")
	st, _, out, exit := h.lead(t, "db-host-blocked", "unblock=yes", "mend=check", "proxy=db1", "proxy=db2")
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" || strings.Contains(out, "Not this") {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	h.until(t, set.Client, `timeout 10 mysql --connect-timeout=3 -NBe 'SELECT 1' 2>&1 || true`, "1\n")
	for _, db := range set.Databases()[:2] {
		if conf := h.on(t, db, `cat /etc/haproxy/haproxy.cfg`); strings.Contains(conf, "mysql-check") || !strings.Contains(conf, "check port 9200") || !strings.Contains(conf, "listen stats") {
			t.Errorf("%s: %s", db, conf)
		}
	}
	h.notThis(t, "db-host-blocked")
}

// whole waits until the set is, which a machine at work takes its time to say.
func (h *libraryHosts) whole(t *testing.T) {
	t.Helper()
	missing := ""
	err := set.Of(h.lab).Until(t.Context(), time.Minute, func() bool {
		var err error
		missing, err = set.Ready(t.Context(), h.lab)
		return err == nil && missing == ""
	})
	if err != nil {
		t.Errorf("not whole afterwards: %q %v", missing, err)
	}
}

// until asks a host until the answer has a text in it.
func (h *libraryHosts) until(t *testing.T, host, ask, text string) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	said := ""
	for time.Now().Before(deadline) {
		if said = h.on(t, host, ask); strings.Contains(said, text) {
			return
		}
	}
	t.Fatalf("%s says: %s", host, said)
}

// notThis runs a runbook where nothing is wrong.
func (h *libraryHosts) notThis(t *testing.T, id string, decide ...string) {
	t.Helper()
	st, events, out, exit := h.lead(t, id, decide...)
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" || !strings.Contains(out, "Not this") {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	for _, e := range events {
		switch e.Body.(type) {
		case run.JobIntent, run.FileChanged:
			t.Errorf("something was changed: %+v", e.Body)
		}
	}
}

// drill makes the fault, lets the runbook mend it, and looks whether it is gone.
func (h *libraryHosts) drill(t *testing.T, c drillCase) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	h.broken(ctx, t, c.fault)
	began := time.Now()
	st, _, out, exit := h.lead(t, c.runbook, c.decide...)
	t.Logf("%s took %.0f s and %d decisions", c.runbook, time.Since(began).Seconds(), len(c.decide))
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" || strings.Contains(out, "Not this") {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	for _, step := range st.Steps {
		for _, u := range step.Units {
			if !u.Phase.Settled() {
				t.Errorf("%s is %s", u.Unit, u.Phase)
			}
		}
	}
	if gone, err := fault.Check(ctx, h.lab, c.fault); err != nil || gone == "" {
		t.Errorf("the fault is still there: %q %v", gone, err)
	}
	h.whole(t)
	if n := len(scenes(t, h.home)); n == 0 {
		t.Error("no scene was kept before the first change")
	}
	h.notThis(t, c.runbook) // a second time there is nothing to do
}

// broken makes a fault, and takes it away when the test is over, also when it was made by half
// only: the next one wants a set that is whole.
func (h *libraryHosts) broken(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	t.Cleanup(func() {
		if now, err := fault.Now(h.lab); err != nil || now == nil {
			return
		}
		if err := fault.Heal(context.WithoutCancel(ctx), h.lab, name); err != nil {
			t.Errorf("cannot heal it: %v", err)
			labtest.Reset(t, h.lab)
			_ = fault.Forget(h.lab) // the next one begins afresh
		}
	})
	h.whole(t)
	if _, err := fault.Break(ctx, h.lab, name, ""); err != nil {
		t.Fatal(err)
	}
}

// lead runs a runbook in line mode with answers given ahead.
func (h *libraryHosts) lead(t *testing.T, id string, decide ...string) (st *run.State, events []run.Event, out string, exit int) {
	t.Helper()
	return h.leadAt(t, h.lab.SitePath(), id, decide...)
}

// leadAt does it at a site that somebody else wrote.
func (h *libraryHosts) leadAt(t *testing.T, site, id string, decide ...string) (st *run.State, events []run.Event, out string, exit int) {
	t.Helper()
	args := []string{"run", id, "--site", site, "--plain", "--stop-on-exit"}
	for _, d := range decide {
		args = append(args, "--decide", d)
	}
	out, exit = h.stackhand(t, args...)
	dir, err := run.Find(run.Root(h.getenv), "")
	if err != nil {
		t.Fatalf("%v, after %s", err, out)
	}
	f, err := os.Open(dir.JournalPath())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if events, _, err = run.ReadJournal(f); err != nil {
		t.Fatal(err)
	}
	return run.Fold(events), events, out, exit
}

// scenes are the files of all scenes that runs have kept.
func scenes(t *testing.T, home string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(path, "/scene/") {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
