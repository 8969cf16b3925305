//go:build linux

package cli

import (
	"context"
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

// repair is a fault, and the way through a runbook that mends it, waits for a person who does, or refuses.
type repair struct {
	fault, runbook string
	decide         []string                            // given ahead
	waits          string                              // the step of hand-work at which the flow stops
	hand           func(h *libraryHosts, t *testing.T) // which is then done
	then           []string                            // answers given afterwards
	refuses        string                              // it ends as refused, has changed nothing, and says this
	away           string                              // a host that stays off: the set is not whole afterwards
	also           func(h *libraryHosts, t *testing.T) // what else must hold in the end
}

func on(host, script string) func(*libraryHosts, *testing.T) {
	return func(h *libraryHosts, t *testing.T) { t.Helper(); h.on(t, host, script) }
}

const noWall = "nft delete table inet practice"

func brokerRepairs() []repair {
	const recovery, amqp = "rabbitmq-recovery", "amqp-unreachable"
	return []repair{
		{fault: "rabbit-wrong-cookie", runbook: recovery, decide: []string{"cookie=yes", "cookie-restart=db3"}},
		{fault: "rabbit-wrong-name", runbook: recovery, decide: []string{"name=db3"}},
		{fault: "rabbit-outside-cluster", runbook: recovery, decide: []string{"outside=db3"}},
		{fault: "rabbit-forgotten", runbook: recovery, decide: []string{"outside=db3"}},
		{fault: "rabbit-memory-alarm", runbook: recovery, decide: []string{"ease=purge", "which-queue=notifications.info", "purge=db1"}},
		{fault: "rabbit-memory-alarm", runbook: recovery, decide: []string{"ease=share", "share=yes"}},
		{fault: "rabbit-last-never-returns", runbook: recovery, decide: []string{"look@db1=absent", "missing-last=force", "start-others=yes", "force=db2"}, away: "db1"},
		{fault: "amqp-no-rights", runbook: amqp, decide: []string{"rights=yes"}},
		{fault: "amqp-account-refused", runbook: amqp, waits: "account", hand: oldPassword},
		{fault: "amqp-proxied", runbook: amqp, waits: "proxied", hand: on(set.Client, `sed -i -E 's#rabbit://([^@]*)@.*#rabbit://\1@db1:5672,\1@db2:5672,\1@db3:5672/#' /etc/nova/nova.conf`)},
		{fault: "amqp-firewall", runbook: amqp, waits: "way", hand: on("db2", noWall)},
	}
}

func databaseRepairs() []repair {
	const way, start = "db-unreachable", "mariadb-will-not-start"
	return []repair{
		{fault: "db-connections-taken", runbook: way, decide: []string{"more=yes"}},
		{fault: "db-address-twice", runbook: way, waits: "twice", hand: on("db2", noWall)},
		{fault: "db-no-server", runbook: way, waits: "backends", hand: func(h *libraryHosts, t *testing.T) {
			for _, db := range set.Databases() {
				h.on(t, db, "systemctl start clustercheck")
			}
		}},
		{fault: "db-firewall", runbook: way, waits: "way", hand: on("db3", noWall)},
		{fault: "mariadb-unknown-option", runbook: start, decide: []string{"option=db3", "start=yes"}},
		{fault: "mariadb-wrong-owner", runbook: start, decide: []string{"owner=db3", "start=yes"}},
		{fault: "mariadb-port-taken", runbook: start, waits: "port", hand: on("db3", "systemctl stop practice-squatter"), then: []string{"start=yes"}},
		{fault: "mariadb-empty-directory", runbook: start, decide: []string{"initialise=db3", "start=yes"}, also: movedAside},
		{fault: "mariadb-system-tables-gone", runbook: start, refuses: "OpenStack databases"},
		{fault: "mariadb-read-only", runbook: start, refuses: "read-only"},
		{fault: "mariadb-not-mounted", runbook: start, refuses: "not mounted"},
		{fault: "mariadb-wrong-provider", runbook: start, refuses: "known causes"},
		{fault: "mariadb-damaged", runbook: start, refuses: "damaged"},
	}
}

// TestRepairsBroker: what can be wrong with a broker beside being down, and on the way to it.
func TestRepairsBroker(t *testing.T) {
	h := repairing(t)
	for _, r := range brokerRepairs() {
		t.Run(r.fault, func(t *testing.T) { h.repair(t, r) })
	}
	t.Run("rebuild", h.rebuild)
}

// TestRepairsDatabase: the same for the database, and the causes for which it blocks a host.
func TestRepairsDatabase(t *testing.T) {
	h := repairing(t)
	for _, r := range databaseRepairs() {
		t.Run(r.fault, func(t *testing.T) { h.repair(t, r) })
	}
	t.Run("checks", h.carelessChecks)
	t.Run("limit", h.higherLimit)
	t.Run("time", h.loginTime)
	t.Run("slow names", h.slowNames)
	t.Run("names", h.noNames) // last: the set cannot be blocked any more
}

// TestRepairsNetwork: an agent that does not remove what is not its own.
func TestRepairsNetwork(t *testing.T) {
	if os.Getenv("STACKHAND_LONG") == "" || testing.Short() {
		t.Skip("practice hosts, minutes: STACKHAND_LONG=1")
	}
	t.Parallel()
	l := labtest.Network(t)
	h := operator(t, l)
	const others = `cat /var/lib/neutron/external/pids/*.pid; for p in $(cat /var/lib/neutron/external/pids/*.pid); do kill -0 "$p" && echo lives; done`
	before := h.on(t, "net1", others)
	h.repair(t, repair{fault: "lbaas-agent-does-nothing", runbook: "lbaas-duplicate-namespace", decide: []string{"owner=net2", "agent=yes", "remove=net1"},
		also: func(h *libraryHosts, t *testing.T) {
			if after := h.on(t, "net1", others); after != before || !strings.Contains(after, "lives") {
				t.Errorf("the metadata proxies were %s and are %s", before, after)
			}
		}})
}

func repairing(t *testing.T) *libraryHosts {
	t.Helper()
	if os.Getenv("STACKHAND_LONG") == "" || testing.Short() {
		t.Skip("practice hosts, minutes: STACKHAND_LONG=1")
	}
	t.Parallel()
	return operator(t, labtest.Galera(t))
}

// operator is an operator with practice hosts and no history.
func operator(t *testing.T, l *lab.Lab) *libraryHosts {
	return &libraryHosts{lab: l, exe: filepath.Join(l.Dir(), "stackhand"), home: t.TempDir()}
}

// repair makes a fault, leads the runbook, and looks that it is gone, or that nothing was touched.
func (h *libraryHosts) repair(t *testing.T, r repair) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	h.broken(ctx, t, r.fault)
	began := time.Now()
	st, events, out, exit := h.lead(t, r.runbook, r.decide...)
	if r.refuses != "" {
		h.refused(t, r, st, events, out, exit)
		return
	}
	if r.waits != "" {
		if exit != run.ExitParked || len(st.Questions) != 1 || st.Questions[0].Q.Unit.Step != r.waits {
			t.Fatalf("it does not wait at %s: exit status %d, ended %+v: %s", r.waits, exit, st.Ended, out)
		}
		r.hand(h, t)
		st, out, exit = h.goOn(t, append([]string{r.waits + "=done"}, r.then...)...)
	}
	t.Logf("%s took %.0f s", r.runbook, time.Since(began).Seconds())
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" || strings.Contains(out, "Not this") {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	h.settled(t, st)
	if gone, err := fault.Check(ctx, h.lab, r.fault); err != nil || gone == "" {
		t.Errorf("the fault is still there: %q %v", gone, err)
	}
	if r.away == "" {
		h.whole(t)
	}
	if r.also != nil {
		r.also(h, t)
	}
	var gone []string
	if r.away != "" {
		gone = []string{"look@" + r.away + "=absent"}
	}
	h.notThis(t, r.runbook, gone...)
}

// refused looks that nothing was touched, and that the reason was said.
func (h *libraryHosts) refused(t *testing.T, r repair, st *run.State, events []run.Event, out string, exit int) {
	t.Helper()
	if exit != run.ExitRefused || st.Ended == nil || st.Ended.Outcome != "refused" || !strings.Contains(out, r.refuses) {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	for _, e := range events {
		switch e.Body.(type) {
		case run.JobIntent, run.FileChanged:
			t.Errorf("something was changed: %+v", e.Body)
		}
	}
	if gone, err := fault.Check(t.Context(), h.lab, r.fault); err != nil || gone != "" {
		t.Errorf("it is not as it was: %q %v", gone, err)
	}
}

// goOn attaches to the run that waits, with answers.
func (h *libraryHosts) goOn(t *testing.T, decide ...string) (*run.State, string, int) {
	t.Helper()
	args := []string{"attach", "--plain", "--stop-on-exit"}
	for _, d := range decide {
		args = append(args, "--decide", d)
	}
	out, exit := h.stackhand(t, args...)
	dir, err := run.Find(run.Root(h.getenv), "")
	if err != nil {
		t.Fatal(err)
	}
	st, err := dir.State()
	if err != nil {
		t.Fatal(err)
	}
	return st, out, exit
}

func (h *libraryHosts) settled(t *testing.T, st *run.State) {
	t.Helper()
	for _, step := range st.Steps {
		for _, u := range step.Units {
			if !u.Phase.Settled() {
				t.Errorf("%s is %s", u.Unit, u.Phase)
			}
		}
	}
}

// oldPassword gives the account the password that the service has.
func oldPassword(h *libraryHosts, t *testing.T) {
	t.Helper()
	word := strings.TrimSpace(h.on(t, set.Client, `sed -n 's/^transport_url = rabbit:..openstack:\([^@]*\)@.*/\1/p' /etc/nova/nova.conf`))
	if word == "" {
		t.Fatal("the service has no password")
	}
	h.on(t, "db1", `exec >/dev/null; printf '%s\n' '`+word+`' | rabbitmqctl -q change_password openstack`)
}

// movedAside looks for what lay in the directory before it was initialised.
func movedAside(h *libraryHosts, t *testing.T) {
	t.Helper()
	if said := h.on(t, "db3", `cat /var/lib/mysql.*/notes.txt`); !strings.Contains(said, "to be moved") {
		t.Errorf("what was there is not aside: %s", said)
	}
	if n := strings.TrimSpace(h.on(t, "db3", `mysql -NBe 'SELECT COUNT(*) FROM nova.instances'`)); n == "0" || n == "" {
		t.Errorf("%q rows after the copy", n)
	}
}
