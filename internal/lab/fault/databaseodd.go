package fault

import (
	"context"
	"fmt"
	"strings"
	"time"

	"stackhand/internal/lab/set"
)

// wayFaults are those on the way from a client to a database that runs.
func wayFaults() []Fault {
	return []Fault{
		{Name: "db-connections-taken", Set: set.Galera, breaks: takeAll, symptom: allTaken, within: 2 * time.Minute, mend: giveBack},
		{Name: "db-address-twice", Set: set.Galera, breaks: addressTwice, symptom: twoHolders, within: 90 * time.Second, mend: noWallOnDB2},
		{Name: "db-no-server", Set: set.Galera, breaks: noServer, symptom: nobodyBehind, within: 90 * time.Second, mend: checksAnswer},
		{Name: "db-firewall", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: dbWall, symptom: dbSilent, within: 2 * time.Minute, mend: noWall},
	}
}

// leak takes every connection that the servers give, up to 40 each, as the account of a service, keeps them, and
// takes those that others leave: argument after argument is an address.
const leak = `import hashlib, re, socket, struct, sys, time
word = re.search(r"(?m)^password\s*=\s*(\S+)", open("/root/.my.cnf").read()).group(1)

def read(s):
    def exactly(n):
        b = b""
        while len(b) < n:
            more = s.recv(n - len(b))
            if not more:
                raise EOFError
            b += more
        return b
    head = exactly(4)
    return exactly(head[0] | head[1] << 8 | head[2] << 16)

def scramble(nonce):
    one = hashlib.sha1(word.encode()).digest()
    two = hashlib.sha1(nonce + hashlib.sha1(one).digest()).digest()
    return bytes(a ^ b for a, b in zip(one, two))

def take(address):
    s = socket.create_connection((address, 3306), 5)
    p = read(s)
    if p[0] == 255:
        return None
    at = p.index(0, 1) + 5
    nonce = p[at:at + 8] + p[at + 27:at + 39]
    body = struct.pack("<IIB23x", 0x88201, 1 << 24, 33) + b"nova\0\x14" + scramble(nonce) + b"mysql_native_password\0"
    s.sendall(struct.pack("<I", len(body))[:3] + b"\x01" + body)
    p = read(s)
    if p[0] == 254:
        s.sendall(b"\x14\0\0\x03" + scramble(p[p.index(0, 1) + 1:][:20]))
        p = read(s)
    return None if p[0] else s

held = {address: [] for address in sys.argv[1:]}
while True:
    for address, have in held.items():
        while len(have) < 40:
            try:
                s = take(address)
            except (OSError, EOFError):
                break
            if not s:
                break
            have.append(s)
    time.sleep(0.2)
`

func takeAll(ctx context.Context, s *scene) error {
	if err := s.Each(ctx, set.Databases(), `mysql -e 'SET GLOBAL max_connections = 40'`); err != nil {
		return err
	}
	args := []string{leak}
	for _, db := range set.Databases() {
		args = append(args, s.Address(db))
	}
	return s.run(ctx, set.Client, `printf %s "$1" >/root/leak.py; shift; systemctl reset-failed practice-leak 2>/dev/null; systemd-run --quiet --unit=practice-leak python3 /root/leak.py "$@"`, args...)
}

func allTaken(ctx context.Context, s *scene) string {
	for _, db := range set.Databases() {
		out := s.Try(ctx, set.Client, `timeout 10 mysql --connect-timeout=3 -h "$1" -NBe 'SELECT 1' 2>&1 || true`, s.Address(db))
		if !strings.Contains(out, "Too many connections") {
			return db + " tells the client: " + out
		}
	}
	return ""
}

func giveBack(ctx context.Context, s *scene) error {
	s.Try(ctx, set.Client, `systemctl stop practice-leak; rm -f /root/leak.py`)
	return s.Each(ctx, set.Databases(), `rm -f /etc/mysql/mariadb.conf.d/zz-stackhand-connections.cnf; mysql -e 'SET GLOBAL max_connections = 512'`)
}

// addressTwice keeps VRRP from one of the two HAProxy hosts: each believes the other gone.
func addressTwice(ctx context.Context, s *scene) error {
	return s.wall(ctx, "db2", `meta l4proto 112 drop`)
}

func twoHolders(ctx context.Context, s *scene) string {
	if h := s.Holders(ctx); len(h) != 2 {
		return fmt.Sprintf("the address is held by %v", h)
	}
	return ""
}

func noWallOnDB2(ctx context.Context, s *scene) error {
	s.host = "db2"
	return noWall(ctx, s)
}

// noServer stops what tells HAProxy on each node that it can serve: no server is left behind the address.
func noServer(ctx context.Context, s *scene) error {
	return s.Each(ctx, set.Databases(), `systemctl stop clustercheck`)
}

func nobodyBehind(ctx context.Context, s *scene) string {
	if h := s.Holders(ctx); len(h) != 1 {
		return fmt.Sprintf("the address is held by %v", h)
	}
	if said := s.Try(ctx, set.Client, ask); !strings.Contains(said, "ERROR") {
		return "the client is told: " + said
	}
	return ""
}

func checksAnswer(ctx context.Context, s *scene) error {
	return s.Each(ctx, set.Databases(), `systemctl start clustercheck`)
}

func dbWall(ctx context.Context, s *scene) error { return s.wall(ctx, s.host, `tcp dport 3306 drop`) }

func dbSilent(ctx context.Context, s *scene) string { return silentAt(ctx, s, "3306") }

// startFaults keep MariaDB on one node from starting, as it is after somebody worked there.
func startFaults() []Fault {
	where := []string{"db3", "db2"}
	return []Fault{
		{Name: "mariadb-unknown-option", Set: set.Galera, Hosts: where, breaks: unknownOption, symptom: failsWith("unknown variable"), within: 2 * time.Minute, mend: knownOptions},
		{Name: "mariadb-wrong-owner", Set: set.Galera, Hosts: where, breaks: wrongOwner, symptom: failsWith("Permission denied|Errcode: 13"), within: 2 * time.Minute, mend: rightOwner},
		{Name: "mariadb-port-taken", Set: set.Galera, Hosts: []string{"db3"}, breaks: portTaken, symptom: failsWith("Address already in use|another server running on port"), within: 2 * time.Minute, mend: portFree},
		{Name: "mariadb-empty-directory", Set: set.Galera, Hosts: where, breaks: emptyDirectory, symptom: failsWith("ib_logfile0 was not found"), within: 2 * time.Minute, mend: dataBack},
		{Name: "mariadb-system-tables-gone", Set: set.Galera, Hosts: where, breaks: tablesGone, symptom: failsWith("mysql.plugin|doesn't exist|gtid_slave_pos|Can't open and lock"), within: 2 * time.Minute, mend: tablesBack},
		{Name: "mariadb-read-only", Set: set.Galera, Hosts: where, breaks: dataReadOnly, symptom: failsWith("Read-only file system|Errcode: 30|cannot|Can't"), within: 2 * time.Minute, mend: dataWritable},
		{Name: "mariadb-not-mounted", Set: set.Galera, Hosts: where, breaks: notMounted, symptom: failsWith("Permission denied|Errcode: 13"), within: 2 * time.Minute, mend: mounted},
		{Name: "mariadb-wrong-provider", Set: set.Galera, Hosts: where, breaks: otherProvider, symptom: failsWith("wsrep_load"), within: 2 * time.Minute, mend: rightProvider},
		{Name: "mariadb-damaged", Set: set.Galera, Hosts: where, breaks: damaged, symptom: failsWith("(?i)corrupt|checksum|checkpoint"), within: 2 * time.Minute, mend: noData},
	}
}

// startAgain starts MariaDB without waiting for it, after its log was marked.
const startAgain = `
date -u '+%Y-%m-%d %H:%M:%S' >/run/practice.since; systemctl reset-failed mariadb 2>/dev/null; systemctl --no-block start mariadb`

// failsWith is a symptom: the server ended, and said so since it was started last.
func failsWith(said string) func(context.Context, *scene) string {
	return func(ctx context.Context, s *scene) string {
		if state := s.Try(ctx, s.host, `systemctl is-active mariadb || true`); state == "active" {
			return s.host + ": MariaDB is " + state
		}
		if s.Try(ctx, s.host, `journalctl -q -u mariadb --utc --since "$(cat /run/practice.since)" --no-pager -g "$1" | tail -n 1`, said) == "" {
			return s.host + " does not say so"
		}
		return ""
	}
}

func unknownOption(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`printf '[mysqld]\nmax_conections = 2048\ninnodb-bufer-pool-size=128M\n' >/etc/mysql/mariadb.conf.d/70-tuning.cnf`+startAgain)
}

func knownOptions(ctx context.Context, s *scene) error {
	return s.onHost(ctx, `rm -f /etc/mysql/mariadb.conf.d/70-tuning.cnf*`)
}

func wrongOwner(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`chown -R root:root "$1"`+startAgain, full)
}

func rightOwner(ctx context.Context, s *scene) error {
	return s.onHost(ctx, `chown -R mysql:mysql "$1"`, full)
}

func portTaken(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`systemd-run --quiet --unit=practice-squatter python3 -c 'import socket, signal
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", 3306)); s.listen(); signal.pause()'
n=0; until ss -Hltn 'sport = :3306' | grep -q . || [ "$n" -gt 50 ]; do n=$((n + 1)); sleep 0.1; done`+startAgain)
}

func portFree(ctx context.Context, s *scene) error {
	return s.onHost(ctx, `systemctl stop practice-squatter 2>/dev/null || true`)
}

// emptyDirectory leaves a node without its data: somebody removed it, began to initialise the directory and was
// cut off between the first file of InnoDB and its log, and left a note. An empty directory alone would heal by
// itself: the member takes a whole copy before it opens anything (seen).
func emptyDirectory(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`mkdir -p /var/lib/kept.practice && find "$1" -mindepth 1 -maxdepth 1 -exec mv -t /var/lib/kept.practice {} + && echo 'to be moved' >"$1/notes.txt" &&
setpriv --reuid=mysql --regid=mysql --init-groups sh -c 'truncate -s 12M "$1/ibdata1" && truncate -s 96M "$1/ib_logfile101"' - "$1"`+startAgain, full)
}

// dataBack puts the data back that was kept, unless the node has a copy by now.
func dataBack(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	const clear = `
rm -rf /var/lib/kept.practice "$1/notes.txt" "$1".[0-9]*`
	if s.Node(ctx, s.host).Whole(3) {
		return s.run(ctx, s.host, clear, full)
	}
	return s.run(ctx, s.host, halt+`[ ! -d /var/lib/kept.practice ] ||
{ find "$1" -mindepth 1 -maxdepth 1 -exec rm -rf {} + && find /var/lib/kept.practice -mindepth 1 -maxdepth 1 -exec mv -t "$1" {} + && chown mysql:mysql "$1"; } || exit 1`+clear, full)
}

// tablesGone takes the server's own tables away and leaves the databases of the cloud.
func tablesGone(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`mv "$1/mysql" /var/lib/kept.practice`+startAgain, full)
}

func tablesBack(ctx context.Context, s *scene) error {
	return s.onHost(ctx, `[ ! -d /var/lib/kept.practice ] || mv /var/lib/kept.practice "$1/mysql"`, full)
}

// notMounted is a host whose disk for the data is there and not mounted: below it is a directory of root's.
func notMounted(ctx context.Context, s *scene) error {
	if err := s.dataDisk(ctx); err != nil {
		return err
	}
	return s.run(ctx, s.host, halt+`umount "$1" && mv "$1" "$1.below" && mkdir "$1" && echo "LABEL=database $1 ext4 noauto,nofail 0 2" >>/etc/fstab`+startAgain, full)
}

func mounted(ctx context.Context, s *scene) error {
	if err := s.onHost(ctx, halt+`sed -i '/^LABEL=database /d' /etc/fstab; [ ! -d "$1.below" ] || { rmdir "$1" && mv "$1.below" "$1"; }`, full); err != nil {
		return err
	}
	return s.noDisk(ctx)
}

// otherProvider is a configuration that comes from a host of another distribution.
func otherProvider(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`printf '[mysqld]\nwsrep_provider = /usr/lib64/galera-4/libgalera_smm.so\n' >/etc/mysql/mariadb.conf.d/70-provider.cnf`+startAgain)
}

func rightProvider(ctx context.Context, s *scene) error {
	return s.onHost(ctx, `rm -f /etc/mysql/mariadb.conf.d/70-provider.cnf`)
}

// dataDisk gives the host's database a disk of its own and waits until the node is whole on it.
func (s *scene) dataDisk(ctx context.Context) error {
	if err := s.ownDisk(ctx, full, 512); err != nil {
		return err
	}
	if err := s.Until(ctx, time.Minute, func() bool { return s.Node(ctx, s.host).Whole(3) }); err != nil {
		return fmt.Errorf("cannot wait until %s is back on its own disk: %w", s.host, err)
	}
	return nil
}

// dataReadOnly is a disk that the kernel has stopped writing to.
func dataReadOnly(ctx context.Context, s *scene) error {
	if err := s.dataDisk(ctx); err != nil {
		return err
	}
	return s.run(ctx, s.host, halt+`mount -o remount,ro "$1"`+startAgain, full)
}

func dataWritable(ctx context.Context, s *scene) error {
	if err := s.onHost(ctx, halt+`mount -o remount,rw "$1" 2>/dev/null || true`, full); err != nil {
		return err
	}
	return s.noDisk(ctx)
}

// damaged writes over the pages and the log of InnoDB.
func damaged(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, halt+`dd if=/dev/urandom of="$1/ibdata1" bs=16k count=300 conv=notrunc 2>/dev/null && dd if=/dev/urandom of="$1/ib_logfile0" bs=4k count=64 conv=notrunc 2>/dev/null`+startAgain, full)
}

// noData takes away what cannot be believed: without any the member takes a whole copy.
func noData(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	if s.Node(ctx, s.host).Whole(3) {
		return nil
	}
	return s.run(ctx, s.host, halt+`find "$1" -mindepth 1 -delete`, full)
}

// onHost runs a script on the fault's host, which gets power where it has none.
func (s *scene) onHost(ctx context.Context, script string, args ...string) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, script, args...)
}
