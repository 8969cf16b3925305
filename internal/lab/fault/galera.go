package fault

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/lab/set"
)

// galeraFaults are those of a cluster whose nodes went down, and what is left after it.
func galeraFaults() []Fault {
	return []Fault{
		{Name: "galera-different-seqno", Set: set.Galera, breaks: differentSeqno, symptom: differentPositions, within: 2 * time.Minute, holds: lasting, mend: recoverAgain},
		{Name: "galera-newest-unreachable", Set: set.Galera, breaks: newestUnreachable, symptom: newestAway, within: 2 * time.Minute, holds: lasting, mend: recoverAgain},
		{Name: "galera-non-primary", Set: set.Galera, breaks: nonPrimary, symptom: upNonPrimary, within: 2 * time.Minute, holds: lasting},
		{Name: "galera-one-alive", Set: set.Galera, breaks: oneAlive, symptom: onlyFirstPrimary, within: 30 * time.Second},
		{Name: "galera-hangs-activating", Set: set.Galera, breaks: hangsActivating, symptom: allActivating, within: 2 * time.Minute, holds: lasting},
		{Name: "galera-heals-itself", Set: set.Galera, breaks: healsItself, symptom: notYetWhole, within: 5 * time.Second},
	}
}

// lasting is how long a symptom must hold that Galera itself might end: it restores a view
// within seconds, or not at all.
const lasting = 10 * time.Second

// write inserts rows on a node and notes how many there are now, as a client was told.
func (s *scene) write(ctx context.Context, host string, rows int) error {
	const script = `i=0
while [ "$i" -lt "$1" ]; do
	echo "INSERT INTO nova.instances (uuid, display_name, project_id, host, node, power_state, vm_state, created_at) VALUES
(UUID(), 'desktop-new', '5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'cmp1', 'cmp1', 1, 'active', NOW());"
	i=$((i + 1))
done | timeout 30 mysql && timeout 10 mysql -NBe 'SELECT COUNT(*) FROM nova.instances'`
	out, err := s.l.Run(ctx, host, script, strconv.Itoa(rows))
	if err != nil {
		return err
	}
	if s.rec.Rows, err = strconv.Atoi(strings.TrimSpace(out)); err != nil {
		return fmt.Errorf("cannot count rows on %s: %w", host, err)
	}
	return s.save()
}

// cutApart takes the power of all database hosts at different positions: db3 first, then db2
// leaves in order, and db1 alone takes the last rows. db1 is the newest.
// The view of db1 alone would come back from its disk by itself, so that is prevented.
func (s *scene) cutApart(ctx context.Context) error {
	if err := s.noHealing(ctx); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, "db3"); err != nil {
		return err
	}
	if err := s.Until(ctx, 30*time.Second, func() bool { return s.Node(ctx, "db1").Whole(2) }); err != nil {
		return fmt.Errorf("cannot wait until the others go on without db3: %w", err)
	}
	if err := s.write(ctx, "db1", 5); err != nil {
		return err
	}
	if err := s.run(ctx, "db2", `timeout 60 systemctl stop mariadb`); err != nil {
		return err
	}
	if err := s.write(ctx, "db1", 7); err != nil {
		return err
	}
	return s.lastCut(ctx, "db1", "db2")
}

// lastCut takes the power of the node that was Primary last, and of others that are no members
// any more. What it wrote of its view does not reach the disk (gvwstate.dat is not synced, and
// power cuts really lose it): else it would become Primary again by itself, for it was alone.
func (s *scene) lastCut(ctx context.Context, last string, rest ...string) error {
	if err := s.run(ctx, last, `rm -f /var/lib/mysql/gvwstate.dat`); err != nil {
		return err
	}
	return s.l.PowerCut(ctx, append(rest, last)...)
}

// noRecovery is the setting that keeps a cluster from healing by itself.
const noRecovery = "/etc/mysql/mariadb.conf.d/70-practice.cnf"

// noHealing puts it on all nodes; it holds from their next start on.
func (s *scene) noHealing(ctx context.Context) error {
	return s.Each(ctx, set.Databases(), `printf '[galera]\nwsrep_provider_options = "gcache.size=32M;pc.recovery=no"\n' >`+noRecovery+` && sync`)
}

// recoverAgain takes it away.
func recoverAgain(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, set.Databases()...); err != nil {
		return err
	}
	return s.Each(ctx, set.Databases(), "rm -f "+noRecovery)
}

func differentSeqno(ctx context.Context, s *scene) error {
	if err := s.cutApart(ctx); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, set.Databases()...)
}

// started is the position with which a node's mariadbd began in this boot; "" when none did.
func (s *scene) started(ctx context.Context, host string) string {
	return s.Try(ctx, host, `journalctl -b -q -u mariadb --no-pager -o cat -g 'Assign initial position for certification' | head -n 1 |
sed 's/.*certification: //; s/,.*//'`)
}

func differentPositions(ctx context.Context, s *scene) string {
	seen := map[string]string{}
	for _, db := range set.Databases() {
		if n := s.Node(ctx, db); n.Cluster == "Primary" {
			return db + " is Primary"
		}
		p := s.started(ctx, db)
		if p == "" {
			return db + " has not started mariadbd"
		}
		if other := seen[p]; other != "" {
			return fmt.Sprintf("%s and %s have the same position %s", other, db, p)
		}
		seen[p] = db
	}
	return ""
}

func newestUnreachable(ctx context.Context, s *scene) error {
	if err := s.cutApart(ctx); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, "db2", "db3")
}

func newestAway(ctx context.Context, s *scene) string {
	if s.l.ProcessID("db1") != 0 {
		return "db1 is on"
	}
	for _, db := range []string{"db2", "db3"} {
		if s.started(ctx, db) == "" {
			return db + " has not started mariadbd"
		}
		if s.Node(ctx, db).Cluster == "Primary" {
			return db + " is Primary"
		}
	}
	return ""
}

// nonPrimary leaves all three nodes up and together, none of them Primary: two lose power, the
// one that stays has no majority, and the two come back without knowing whose members they were.
func nonPrimary(ctx context.Context, s *scene) error {
	if err := s.write(ctx, "db1", 3); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, "db2", "db3"); err != nil {
		return err
	}
	if err := s.Until(ctx, 30*time.Second, func() bool { return s.Node(ctx, "db1").Cluster == "non-Primary" }); err != nil {
		return fmt.Errorf("cannot wait until db1 has no majority: %w", err)
	}
	for _, db := range []string{"db2", "db3"} { // one by one: with all three it would heal by itself
		if err := s.l.PowerOn(ctx, db); err != nil {
			return err
		}
		if err := s.run(ctx, db, halt+`rm -f /var/lib/mysql/gvwstate.dat; systemctl --no-block start mariadb`); err != nil {
			return err
		}
	}
	return nil
}

// halt stops a node's database, also one that hangs and does not answer to stop.
const halt = `systemctl kill -s KILL mariadb 2>/dev/null; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb 2>/dev/null
! pgrep -x mariadbd >/dev/null || exit 1
`

func upNonPrimary(ctx context.Context, s *scene) string {
	if n := s.Node(ctx, "db1"); n.Cluster != "non-Primary" || n.Size != 3 {
		return fmt.Sprintf("db1: %q of %d", n.Cluster, n.Size)
	}
	for _, db := range []string{"db2", "db3"} {
		if s.started(ctx, db) == "" || s.Node(ctx, db).Cluster == "Primary" {
			return db + " is Primary or not started"
		}
	}
	return ""
}

func oneAlive(ctx context.Context, s *scene) error {
	for _, db := range []string{"db3", "db2"} {
		if err := s.run(ctx, db, `timeout 60 systemctl stop mariadb`); err != nil {
			return err
		}
		if err := s.write(ctx, "db1", 4); err != nil {
			return err
		}
	}
	return nil
}

func onlyFirstPrimary(ctx context.Context, s *scene) string {
	if n := s.Node(ctx, "db1"); !n.Whole(1) {
		return fmt.Sprintf("db1: %q of %d", n.Cluster, n.Size)
	}
	for _, db := range []string{"db2", "db3"} {
		if s.Try(ctx, db, `pgrep -x mariadbd`) != "" {
			return db + " runs mariadbd"
		}
	}
	return ""
}

// hangsActivating takes the power one after the other, with writes between, and gives it back
// to all: each waits for a majority that never comes, for the 15 minutes of its unit.
func hangsActivating(ctx context.Context, s *scene) error {
	if err := s.run(ctx, "db2", `cp -p /var/lib/mysql/gvwstate.dat /var/lib/mysql/gvwstate.dat.kept`); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, "db3"); err != nil {
		return err
	}
	if err := s.Until(ctx, 30*time.Second, func() bool { return s.Node(ctx, "db1").Whole(2) }); err != nil {
		return fmt.Errorf("cannot wait until the others go on without db3: %w", err)
	}
	if err := s.write(ctx, "db1", 5); err != nil {
		return err
	}
	// db2 writes its own view down a moment after db1 has seen it, and would write over what is put back.
	const written = `! cmp -s /var/lib/mysql/gvwstate.dat /var/lib/mysql/gvwstate.dat.kept && echo yes || true`
	if err := s.Until(ctx, 30*time.Second, func() bool { return s.Node(ctx, "db2").Whole(2) && s.Try(ctx, "db2", written) == "yes" }); err != nil {
		return fmt.Errorf("cannot wait until db2 has written down that db3 is gone: %w", err)
	}
	// Its newer view does not reach the disk. With one view on both, db1 and db2 would restore it.
	if err := s.run(ctx, "db2", `mv /var/lib/mysql/gvwstate.dat.kept /var/lib/mysql/gvwstate.dat; sync; cat /var/lib/mysql/gvwstate.dat`); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, "db2"); err != nil {
		return err
	}
	if err := s.Until(ctx, 30*time.Second, func() bool { return s.Node(ctx, "db1").Cluster == "non-Primary" }); err != nil {
		return fmt.Errorf("cannot wait until db1 has no majority: %w", err)
	}
	if err := s.l.PowerCut(ctx, "db1"); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, set.Databases()...)
}

func allActivating(ctx context.Context, s *scene) string {
	for _, db := range set.Databases() {
		if st := s.Try(ctx, db, `systemctl is-active mariadb || true`); st != "activating" {
			return db + ": mariadb is " + st
		}
		if s.started(ctx, db) == "" {
			return db + " has not started mariadbd"
		}
		// Until it has seen the others it may still heal by itself.
		const looked = `journalctl -b -q -u mariadb --no-pager -g 'status: non-primary|NON_PRIM' | head -n 1`
		if s.Try(ctx, db, looked) == "" {
			return db + " has not seen the others"
		}
	}
	return ""
}

func healsItself(ctx context.Context, s *scene) error {
	if err := s.write(ctx, "db1", 3); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, set.Databases()...); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, set.Databases()...)
}

// notYetWhole: right after the power is back nobody is Primary. It lasts some seconds only.
func notYetWhole(ctx context.Context, s *scene) string {
	for _, db := range set.Databases() {
		if s.Node(ctx, db).Whole(3) {
			return db + " is whole already"
		}
	}
	return ""
}
