package fault

import (
	"context"
	"fmt"
	"strings"
	"time"

	"stackhand/internal/lab/set"
)

// oddGaleraFaults are those of a single node that is not what it seems.
func oddGaleraFaults() []Fault {
	return []Fault{
		{Name: "galera-empty-node-says-safe", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: emptySaysSafe, symptom: safeWithoutData, within: 2 * time.Minute, holds: lasting, mend: recoverAgain},
		{Name: "galera-other-uuid", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: otherUUID, symptom: twoUUIDs, within: 2 * time.Minute, holds: lasting, mend: forgetOther},
		{Name: "galera-slow-sst", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: slowSST, symptom: copying, within: time.Minute, mend: fastAgain},
	}
}

// others are the database hosts but one.
func others(host string) []string {
	var list []string
	for _, db := range set.Databases() {
		if db != host {
			list = append(list, db)
		}
	}
	return list
}

const grastate = `cat /var/lib/mysql/grastate.dat`

func field(grastate, name string) string {
	for line := range strings.Lines(grastate) {
		if k, v, ok := strings.Cut(line, ":"); ok && k == name {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

const nullUUID = "00000000-0000-0000-0000-000000000000"

// emptySaysSafe makes a node new while the others are down. Galera's default for a node
// without a state is safe_to_bootstrap: 1 beside a null UUID; some releases write that down
// after a copy or a bootstrap that failed. This one (26.4.23) leaves the file empty, so it is
// written here as they do.
func emptySaysSafe(ctx context.Context, s *scene) error {
	rest := others(s.host)
	if err := s.noHealing(ctx); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, s.host); err != nil {
		return err
	}
	if err := s.Until(ctx, 30*time.Second, func() bool { return s.Node(ctx, rest[0]).Whole(2) }); err != nil {
		return fmt.Errorf("cannot wait until the others go on without %s: %w", s.host, err)
	}
	if err := s.write(ctx, rest[0], 5); err != nil {
		return err
	}
	if err := s.run(ctx, rest[1], `timeout 60 systemctl stop mariadb`); err != nil {
		return err
	}
	if err := s.write(ctx, rest[0], 2); err != nil {
		return err
	}
	if err := s.lastCut(ctx, rest[0], rest[1]); err != nil {
		return err
	}
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	const renew = halt + `find /var/lib/mysql -mindepth 1 -delete && mariadb-install-db --user=mysql --skip-test-db >/dev/null 2>&1 &&
printf '# GALERA saved state\nversion: 2.1\nuuid:    00000000-0000-0000-0000-000000000000\nseqno:   -1\nsafe_to_bootstrap: 1\n' >/var/lib/mysql/grastate.dat &&
chown mysql:mysql /var/lib/mysql/grastate.dat && chmod 660 /var/lib/mysql/grastate.dat`
	if err := s.run(ctx, s.host, renew); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, rest...)
}

func safeWithoutData(ctx context.Context, s *scene) string {
	g := s.Try(ctx, s.host, grastate)
	if field(g, "safe_to_bootstrap") != "1" || field(g, "uuid") != nullUUID {
		return s.host + " does not say that it is safe: " + g
	}
	for _, db := range set.Databases() {
		if s.Node(ctx, db).Cluster == "Primary" {
			return db + " is Primary"
		}
	}
	return ""
}

// otherUUID lets a node become a cluster of its own, with rows of its own, and takes all down.
func otherUUID(ctx context.Context, s *scene) error {
	if err := s.noHealing(ctx); err != nil {
		return err
	}
	const alone = `timeout 60 systemctl stop mariadb && rm -f /var/lib/mysql/grastate.dat /var/lib/mysql/gvwstate.dat /var/lib/mysql/galera.cache &&
sed -i 's#^wsrep_cluster_address.*#wsrep_cluster_address = gcomm://#' /etc/mysql/mariadb.conf.d/60-galera.cnf && timeout 60 systemctl start mariadb`
	if err := s.run(ctx, s.host, `cp -p /etc/mysql/mariadb.conf.d/60-galera.cnf /root/60-galera.cnf.kept`); err != nil {
		return err
	}
	if err := s.run(ctx, s.host, alone); err != nil {
		return err
	}
	if err := s.run(ctx, s.host, `mysql -e "UPDATE keystone.project SET description = 'changed alone' WHERE name = 'admin'"`); err != nil {
		return err
	}
	rest := others(s.host)
	if err := s.write(ctx, rest[0], 5); err != nil {
		return err
	}
	if err := s.run(ctx, s.host, `timeout 60 systemctl stop mariadb && mv /root/60-galera.cnf.kept /etc/mysql/mariadb.conf.d/60-galera.cnf`); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, rest[1]); err != nil {
		return err
	}
	if err := s.lastCut(ctx, rest[0], s.host); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, set.Databases()...)
}

func twoUUIDs(ctx context.Context, s *scene) string {
	seen := map[string][]string{}
	for _, db := range set.Databases() {
		if s.Node(ctx, db).Cluster == "Primary" {
			return db + " is Primary"
		}
		uuid := field(s.Try(ctx, db, grastate), "uuid")
		if uuid == "" || uuid == nullUUID {
			return db + " has no UUID"
		}
		if s.started(ctx, db) == "" {
			return db + " has not started mariadbd"
		}
		seen[uuid] = append(seen[uuid], db)
	}
	if len(seen) != 2 {
		return fmt.Sprintf("UUIDs: %v", seen)
	}
	return ""
}

// forgetOther makes the node that went its own way an empty one, which gets a copy. The rows
// that it alone has are the fault's.
func forgetOther(ctx context.Context, s *scene) error {
	if err := recoverAgain(ctx, s); err != nil {
		return err
	}
	uuid := map[string]int{}
	for _, db := range set.Databases() {
		uuid[field(s.Try(ctx, db, grastate), "uuid")]++
	}
	if uuid[field(s.Try(ctx, s.host, grastate), "uuid")] != 1 {
		return nil // somebody has mended it
	}
	return s.run(ctx, s.host, halt+`rm -f /var/lib/mysql/grastate.dat /var/lib/mysql/gvwstate.dat /var/lib/mysql/galera.cache /var/lib/mysql/ib*
printf '# GALERA saved state\nversion: 2.1\nuuid:    00000000-0000-0000-0000-000000000000\nseqno:   -1\nsafe_to_bootstrap: 0\n' >/var/lib/mysql/grastate.dat
chown mysql:mysql /var/lib/mysql/grastate.dat`)
}

// slowSST makes a node need a full copy over a line that is slow.
func slowSST(ctx context.Context, s *scene) error {
	const slow = `nft add table inet practice && nft add chain inet practice in '{ type filter hook input priority 0; }' &&
nft add rule inet practice in tcp dport 4444 limit rate over 300 kbytes/second burst 64 kbytes drop`
	if err := s.run(ctx, s.host, slow); err != nil {
		return err
	}
	return s.run(ctx, s.host, `timeout 60 systemctl stop mariadb; rm -f /var/lib/mysql/grastate.dat /var/lib/mysql/gvwstate.dat && systemctl --no-block start mariadb`)
}

func copying(ctx context.Context, s *scene) string {
	if st := s.Try(ctx, s.host, `systemctl is-active mariadb || true`); st != "activating" {
		return s.host + ": mariadb is " + st
	}
	if s.Try(ctx, s.host, `pgrep -f wsrep_sst_rsync && ls /var/lib/mysql/sst_in_progress`) == "" {
		return s.host + " gets no copy"
	}
	for _, db := range others(s.host) {
		if s.Node(ctx, db).State == "Donor/Desynced" {
			return ""
		}
	}
	return "nobody is the donor"
}

func fastAgain(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	if err := s.run(ctx, s.host, `! nft list table inet practice >/dev/null 2>&1 || nft delete table inet practice`); err != nil {
		return err
	}
	// The copy may just end now that the line is fast; who gives up on it starts again.
	_ = s.Until(ctx, 40*time.Second, func() bool { return s.Node(ctx, s.host).State == "Synced" })
	return nil
}
