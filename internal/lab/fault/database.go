package fault

import (
	"context"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/lab/set"
)

// databaseFaults are those between a client and a database that could serve.
func databaseFaults() []Fault {
	return []Fault{
		{Name: "db-host-blocked", Set: set.Galera, breaks: hostBlocked, symptom: clientBlocked, within: 10 * time.Second, mend: unblock},
		{Name: "db-unreachable", Set: set.Galera, breaks: unreachable, symptom: cannotConnect, within: 20 * time.Second, mend: reachable},
		{Name: "mariadb-wrong-bind", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: wrongBind, symptom: cannotBind, within: time.Minute, mend: rightBind},
		{Name: "disk-full", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: diskFull, symptom: noRoom, within: time.Minute, mend: makeRoom},
	}
}

// ask is how a client asks through the virtual address; what it is told goes to stdout.
const ask = `timeout 10 mysql --connect-timeout=3 -NBe 'SELECT 1' 2>&1 || true`

// hostBlocked breaks off more handshakes than max_connect_errors allows, from the host that
// holds the virtual address, for that is where HAProxy's connections come from, with every node.
func hostBlocked(ctx context.Context, s *scene) error {
	holders := s.Holders(ctx)
	const spoil = `for address; do python3 - "$address" <<'END'
import socket, sys
for _ in range(130):
    s = socket.create_connection((sys.argv[1], 3306), 5)
    s.recv(256)
    s.sendall(b"\x00garbage\r\n")
    s.close()
END
done`
	var args []string
	for _, db := range set.Databases() {
		args = append(args, s.Address(db))
	}
	for _, h := range holders {
		if err := s.run(ctx, h, spoil, args...); err != nil {
			return err
		}
	}
	return nil
}

func clientBlocked(ctx context.Context, s *scene) string {
	said := s.Try(ctx, set.Client, ask)
	if !strings.Contains(said, "is blocked because of many connection errors") {
		return "the client is told: " + said
	}
	return ""
}

func unblock(ctx context.Context, s *scene) error {
	for _, db := range set.Databases() {
		s.Try(ctx, db, `timeout 10 mariadb-admin flush-hosts`) // one that is down has forgotten anyway
	}
	return nil
}

// unreachable stops HAProxy on both hosts: keepalived then gives the address up.
func unreachable(ctx context.Context, s *scene) error {
	return s.Each(ctx, []string{"db1", "db2"}, `systemctl stop haproxy`)
}

func cannotConnect(ctx context.Context, s *scene) string {
	said := s.Try(ctx, set.Client, ask)
	if !strings.Contains(said, "ERROR 2002") && !strings.Contains(said, "ERROR 2003") {
		return "the client is told: " + said
	}
	if h := s.Holders(ctx); len(h) > 0 {
		return "the address is held by " + strings.Join(h, ", ")
	}
	return ""
}

func reachable(ctx context.Context, s *scene) error {
	return s.Each(ctx, []string{"db1", "db2"}, `systemctl start haproxy keepalived`)
}

// wrongBind gives a node an address to listen on that has a digit too many. (One that is
// merely another machine's does not keep this MariaDB, 10.11, from starting: it binds with
// IP_FREEBIND, and nobody can connect.)
func wrongBind(ctx context.Context, s *scene) error {
	const wrong = `f=/etc/mysql/mariadb.conf.d/99-openstack.cnf
cp -p "$f" /root/99-openstack.cnf.kept && sed -i "s/^bind-address.*/bind-address = $1/" "$f" && timeout 60 systemctl stop mariadb && systemctl --no-block start mariadb`
	return s.run(ctx, s.host, wrong, s.Address(s.host)+"33")
}

func cannotBind(ctx context.Context, s *scene) string {
	if s.Try(ctx, s.host, `journalctl -b -q -u mariadb --no-pager -g "Can't (start server|create IP socket)" | tail -n 1`) == "" {
		return s.host + " does not say that it cannot bind"
	}
	if s.Node(ctx, s.host).State == "Synced" {
		return s.host + " is Synced"
	}
	return ""
}

func rightBind(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, `f=/etc/mysql/mariadb.conf.d/99-openstack.cnf; ! grep -q "^bind-address = $1\$" "$f" || cp -p /root/99-openstack.cnf.kept "$f"`, s.Address(s.host)+"33")
}

// full is where a host's disk is full: a small one of its own, where the database lives.
const full = "/var/lib/mysql"

// diskFull gives a node's database a small disk and fills it to the last byte. What is removed
// later must hold Galera's overflow cache, 128 MiB a page, or the node fills the disk again.
func diskFull(ctx context.Context, s *scene) error {
	if err := s.dataDisk(ctx); err != nil {
		return err
	}
	const fill = `left=$(df --output=avail -B1 "$1" | tail -n 1) && fallocate -l "$left" "$1/backup-of-friday.sql" || dd if=/dev/zero of="$1/backup-of-friday.sql" bs=64k 2>/dev/null || true
dd if=/dev/zero of="$1/backup-of-friday.sql.part" bs=1k 2>/dev/null || true`
	if err := s.run(ctx, s.host, fill, full); err != nil {
		return err
	}
	// Rows go on coming; the node cannot keep them.
	return s.writeMuch(ctx, others(s.host)[0])
}

// writeMuch writes more than a full disk has room for in files that are there already.
func (s *scene) writeMuch(ctx context.Context, host string) error {
	return s.run(ctx, host, `timeout 60 mysql -e "CREATE TABLE IF NOT EXISTS nova.instance_faults (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, details mediumtext) ENGINE=InnoDB"
i=0; while [ "$i" -lt 40 ]; do timeout 20 mysql -e "INSERT INTO nova.instance_faults (details) VALUES (REPEAT('x', 1000000))" || exit 1; i=$((i + 1)); done`)
}

func noRoom(ctx context.Context, s *scene) string {
	left := s.Try(ctx, s.host, `df --output=avail -B1024 "$1" | tail -n 1`, full)
	if kib, err := strconv.Atoi(left); err != nil || kib > 16<<10 { // a dying server's temporary file is 12 MiB, and it takes them back
		return s.host + ": " + left + " KiB are left"
	}
	if s.Node(ctx, s.host).Whole(3) {
		return s.host + " is whole"
	}
	return ""
}

func makeRoom(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	if err := s.run(ctx, s.host, `rm -f "$1"/backup-of-friday.sql*`, full); err != nil {
		return err
	}
	// What a node has that ran out of room in the middle of a row cannot be believed: it gets a copy.
	if err := s.run(ctx, s.host, halt+`rm -f "$1/grastate.dat" "$1/gvwstate.dat" "$1/galera.cache" "$1"/GRA_*`, full); err != nil {
		return err
	}
	s.Try(ctx, others(s.host)[0], `timeout 10 mysql -e 'DROP TABLE IF EXISTS nova.instance_faults'`)
	return s.noDisk(ctx)
}

// ownDisk gives the host a disk of that many MiB at a directory, over a power-off in order.
func (s *scene) ownDisk(ctx context.Context, path string, mib int) error {
	if err := s.l.PowerOff(ctx, s.host); err != nil {
		return err
	}
	if err := s.l.AddDisk(ctx, s.host, path, mib); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, s.host)
}

// noDisk takes it away again.
func (s *scene) noDisk(ctx context.Context) error {
	if err := s.l.PowerOff(ctx, s.host); err != nil {
		return err
	}
	if err := s.l.RemoveDisk(ctx, s.host); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, s.host)
}
