//go:build linux

package cli

import (
	"context"
	"crypto/rand"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// What makes the database block a host (row R3), each cause made and mended so that the block stays away; and the
// brokers built anew.

// blocked makes the fault and takes it from the lab's notes: what mends it changes the set for good.
func (h *libraryHosts) blocked(t *testing.T) {
	t.Helper()
	h.whole(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if _, err := fault.Break(ctx, h.lab, "db-host-blocked", ""); err != nil {
		t.Fatal(err)
	}
	if err := fault.Forget(h.lab); err != nil {
		t.Fatal(err)
	}
}

// client looks whether a client's login goes through.
const client = `timeout 10 mysql --connect-timeout=3 -NBe 'SELECT 1' 2>&1 || true`

// stays looks that what blocked the hosts before does not do so again.
func (h *libraryHosts) stays(t *testing.T) {
	t.Helper()
	const spoil = `for db in db1 db2 db3; do python3 - "$(getent hosts $db | awk '{ print $1 }')" <<'END'
import socket, sys
for _ in range(130):
    s = socket.create_connection((sys.argv[1], 3306), 5)
    s.recv(256)
    s.sendall(b"\x00garbage\r\n")
    s.close()
END
done`
	for _, proxy := range set.Databases()[:2] {
		h.on(t, proxy, spoil)
	}
	h.until(t, set.Client, client, "1\n")
}

// mended leads the runbook through and looks that clients are served.
func (h *libraryHosts) mended(t *testing.T, decide ...string) {
	t.Helper()
	st, _, out, exit := h.lead(t, "db-host-blocked", decide...)
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" || strings.Contains(out, "Not this") {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	h.settled(t, st)
	h.until(t, set.Client, client, "1\n")
}

// higherLimit: the limit alone, which keeps the same errors from blocking again.
func (h *libraryHosts) higherLimit(t *testing.T) {
	defer h.lowLimit(t)
	h.blocked(t)
	h.mended(t, "unblock=yes", "mend=limit")
	h.stays(t)
	h.notThis(t, "db-host-blocked")
}

// lowLimit is the limit as it was.
func (h *libraryHosts) lowLimit(t *testing.T) {
	t.Helper()
	for _, db := range set.Databases() {
		h.on(t, db, `rm -f /etc/mysql/mariadb.conf.d/zz-stackhand-*.cnf; mysql -e 'SET GLOBAL max_connect_errors = 100; SET GLOBAL connect_timeout = 10' && mariadb-admin flush-hosts`)
	}
}

// carelessChecks: ways of HAProxy to look at a database that count as errors until it is blocked.
func (h *libraryHosts) carelessChecks(t *testing.T) {
	const begin = `python3 - <<'END'
import re
f = "/etc/haproxy/haproxy.cfg"
s = open(f).read().replace("check port 9200", "check")
`
	const end = `open(f, "w").write(s)
END
haproxy -c -q -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy`
	kept := map[string]string{}
	for _, db := range set.Databases()[:2] {
		kept[db] = h.on(t, db, `base64 -w0 /etc/haproxy/haproxy.cfg`)
	}
	for name, change := range map[string]string{
		"tcp-check expect": `s = s.replace("option httpchk GET / HTTP/1.0", "option tcp-check\n    tcp-check connect\n    tcp-check expect binary 0a")
`,
		"a backend of its own": `bind = re.search(r"    bind (\S+:3306)\n", s).group(0)
s = s.replace(bind, "").replace("listen mariadb\n", "frontend db\n" + bind + "    default_backend mariadb\n\nbackend mariadb\n")
s = s.replace("option httpchk GET / HTTP/1.0", "option mysql-check")
`,
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				for db, file := range kept {
					h.on(t, db, `echo '`+file+`' | base64 -d >/etc/haproxy/haproxy.cfg && systemctl reload haproxy`)
				}
				h.lowLimit(t)
				h.until(t, set.Client, client, "1\n")
			}()
			for _, db := range set.Databases() {
				h.on(t, db, `mysql -e 'SET GLOBAL max_connect_errors = 5'`)
			}
			for db := range kept {
				h.on(t, db, begin+change+end)
			}
			const down = `echo "show stat" | socat -T3 - UNIX-CONNECT:/run/haproxy/admin.sock | grep -c '^mariadb,db[123],.*,DOWN,' || true`
			h.until(t, "db1", down, "3\n")
			h.mended(t, "unblock=yes", "mend=check", "proxy=db1", "proxy=db2")
			for db := range kept {
				conf := h.on(t, db, `cat /etc/haproxy/haproxy.cfg`)
				if strings.Contains(conf, "tcp-check") || strings.Contains(conf, "mysql-check") || strings.Count(conf, "check port 9200") != 3 || !strings.Contains(conf, "listen stats") {
					t.Errorf("%s: %s", db, conf)
				}
			}
			h.notThis(t, "db-host-blocked")
		})
	}
}

// loginTime: logins that take longer than the server waits are cut off and counted; with more time they are not.
func (h *libraryHosts) loginTime(t *testing.T) {
	defer h.lowLimit(t)
	for _, db := range set.Databases() {
		h.on(t, db, `mysql -e 'SET GLOBAL max_connect_errors = 5; SET GLOBAL connect_timeout = 2'`)
	}
	const slow = `for db in db1 db2 db3; do python3 - "$(getent hosts $db | awk '{ print $1 }')" <<'END'
import socket, sys, time
many = [socket.create_connection((sys.argv[1], 3306), 5) for _ in range(8)]
for s in many:
    s.recv(256)
time.sleep(3)
cut = 0
for s in many:
    s.setblocking(False)
    try:
        s.recv(256)
        cut += 1
    except ConnectionResetError: # that is how this server hangs up
        cut += 1
    except BlockingIOError:
        pass
print(cut, "cut off")
END
done`
	for _, proxy := range set.Databases()[:2] {
		if said := h.on(t, proxy, slow); strings.Count(said, "8 cut off") != 3 {
			t.Fatalf("%s: %s", proxy, said)
		}
	}
	if said := h.on(t, set.Client, client); !strings.Contains(said, "blocked") {
		t.Fatalf("nobody is blocked: %s", said)
	}
	h.mended(t, "unblock=yes", "mend=time")
	for _, proxy := range set.Databases()[:2] {
		if said := h.on(t, proxy, slow); strings.Count(said, "0 cut off") != 3 {
			t.Errorf("%s: %s", proxy, said)
		}
	}
	h.until(t, set.Client, client, "1\n")
	h.notThis(t, "db-host-blocked")
}

// slowNames: the database waits for a name server that is silent before it says a word, and clients give up until
// their host is blocked. A person mends the name service while the flow waits, and the flow measures it.
func (h *libraryHosts) slowNames(t *testing.T) {
	h.whole(t)
	server := strings.Fields(h.on(t, "db1", `getent ahostsv4 `+set.Client))[0]
	h.on(t, set.Client, `nft add table inet practice && nft add chain inet practice in '{ type filter hook input priority 0; }' && nft add rule inet practice in udp dport 53 drop`)
	const mend = `for f in nsswitch.conf resolv.conf; do [ ! -e /root/$f.kept ] || { cat /root/$f.kept >/etc/$f && rm /root/$f.kept; }; done`
	defer func() {
		h.on(t, set.Client, noWall)
		for _, db := range set.Databases() {
			h.on(t, db, mend)
		}
		h.lowLimit(t)
	}()
	for _, db := range set.Databases() {
		h.on(t, db, `for f in nsswitch.conf resolv.conf; do cp -p /etc/$f /root/$f.kept; done
sed -i 's/^hosts:.*/hosts: dns files/' /etc/nsswitch.conf; printf 'nameserver %s\noptions timeout:2 attempts:1\n' `+server+` >/etc/resolv.conf
mysql -e 'SET GLOBAL max_connect_errors = 5'; mariadb-admin flush-hosts`)
	}
	const impatient = `python3 - "$(awk '$2 == "db1" { print $1 }' /etc/hosts)" "$(awk '$2 == "db2" { print $1 }' /etc/hosts)" "$(awk '$2 == "db3" { print $1 }' /etc/hosts)" <<'END'
import select, socket, sys, time
many = [socket.create_connection((db, 3306), 5) for db in sys.argv[1:] for _ in range(8)]
end, mute = time.time() + 1.5, set(many)
while mute and time.time() < end:
    mute -= set(select.select(list(mute), [], [], max(0, end - time.time()))[0])
print(len(many) - len(mute), "of", len(many), "were greeted")
END`
	for _, proxy := range set.Databases()[:2] {
		if said := h.on(t, proxy, impatient); said != "0 of 24 were greeted\n" {
			t.Fatalf("%s: %s", proxy, said)
		}
	}
	h.until(t, set.Client, client, "blocked")
	st, _, out, exit := h.lead(t, "db-host-blocked", "unblock=yes", "mend=time")
	if exit != run.ExitParked || len(st.Questions) != 1 || st.Questions[0].Q.Unit.Step != "slow-names" {
		t.Fatalf("it does not wait for the name service: exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	for _, db := range set.Databases() {
		h.on(t, db, mend)
	}
	st, out, exit = h.goOn(t, "slow-names=done")
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	h.settled(t, st)
	for _, proxy := range set.Databases()[:2] {
		if said := h.on(t, proxy, impatient); said != "24 of 24 were greeted\n" {
			t.Errorf("%s: %s", proxy, said)
		}
	}
	h.until(t, set.Client, client, "1\n")
	h.notThis(t, "db-host-blocked")
}

// noNames: without name lookups nobody is blocked; an account that is bound to a name stands in the way, and is
// found before the first node is restarted.
func (h *libraryHosts) noNames(t *testing.T) {
	defer labtest.Reset(t, h.lab)
	h.on(t, "db1", `mysql -e "CREATE USER glance@db1 IDENTIFIED BY 'x'"`)
	h.blocked(t)
	up := h.on(t, "db1", `pgrep -x mariadbd`)
	st, _, out, exit := h.lead(t, "db-host-blocked", "unblock=yes", "mend=names", "names@db1=db1")
	if exit != run.ExitFailed || len(st.Questions) != 1 || st.Questions[0].Q.Unit.Step != "names" || !strings.Contains(out, "glance@db1") {
		t.Fatalf("it does not stop at the account: exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	if now := h.on(t, "db1", `pgrep -x mariadbd`); now != up {
		t.Errorf("MariaDB was restarted: %s, %s", up, now)
	}
	h.on(t, "db1", `mysql -e "RENAME USER glance@db1 TO glance@'%'"`)
	st, out, exit = h.goOn(t, "names@db1=retry", "names@db1=db1", "names@db2=db2", "names@db3=db3")
	if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" {
		t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
	}
	h.settled(t, st)
	h.until(t, set.Client, client, "1\n")
	h.stays(t)
	for _, db := range set.Databases() {
		if said := h.on(t, db, `mysql -NBe 'SELECT @@skip_name_resolve, @@max_connect_errors'`); said != "1\t100\n" {
			t.Errorf("%s: %q", db, said)
		}
	}
	h.notThis(t, "db-host-blocked")
}

// rebuild: brokers whose data is ruined on every host are made anew; the password is typed, works, and is nowhere else.
func (h *libraryHosts) rebuild(t *testing.T) {
	for _, db := range set.Databases() {
		h.on(t, db, `timeout 60 systemctl stop rabbitmq-server; head -c 4096 /dev/urandom >/var/lib/rabbitmq/mnesia/rabbit@$(hostname)/schema.DAT`)
	}
	for _, db := range set.Databases() {
		h.on(t, db, `systemctl --no-block start rabbitmq-server`)
	}
	word := rand.Text()
	began := time.Now()
	cmd := exec.Command(h.exe, "run", "rabbitmq-rebuild", "--plain", "--site", h.lab.SitePath(), "--decide", "aside=practice")
	for _, key := range []string{"HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "PATH", "LANG"} {
		cmd.Env = append(cmd.Env, key+"="+h.getenv(key))
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color")
	s := Sit(t, cmd)
	end := time.Now().Add(8 * time.Minute)
	for !s.Shows("Type it (not shown)") {
		if time.Now().After(end) {
			t.Fatalf("the password is not asked for:\n%s", s.Screen())
		}
		s.Turn()
	}
	s.Types(word + "\r")
	select {
	case <-s.done:
	case <-time.After(8 * time.Minute):
		t.Fatalf("it does not end:\n%s", s.Screen())
	}
	dir, err := run.Find(run.Root(h.getenv), "")
	if err != nil {
		t.Fatal(err)
	}
	st, err := dir.State()
	if err != nil || st.Ended == nil || st.Ended.Outcome != "done" {
		t.Fatalf("ended %+v: %v\n%s", st.Ended, err, s.Screen())
	}
	h.settled(t, st)
	t.Logf("rabbitmq-rebuild took %.0f s", time.Since(began).Seconds())
	if missing := set.BrokersReady(t.Context(), set.Of(h.lab)); missing != "" {
		t.Error(missing)
	}
	if said := h.on(t, "db3", `printf '%s\n' '`+word+`' | rabbitmqctl -q authenticate_user openstack 2>&1 || true`); !strings.Contains(said, "Success") {
		t.Errorf("the password does not work: %s", said)
	}
	for _, db := range set.Databases() {
		if aside := h.on(t, db, `ls -d /var/lib/rabbitmq/mnesia.stackhand-*/rabbit@$(hostname)/schema.DAT /var/lib/rabbitmq/mnesia.*/rabbit@$(hostname)/schema.DAT 2>/dev/null || true`); aside == "" {
			t.Errorf("%s: the old data is not aside", db)
		}
	}
	h.nowhere(t, word)
	h.notThis(t, "rabbitmq-rebuild")
	h.notThis(t, "rabbitmq-recovery")
}

// nowhere looks for a secret in all that the console and the hosts keep.
func (h *libraryHosts) nowhere(t *testing.T, word string) {
	t.Helper()
	found, looked := filesWith(t, h.home, word)
	if looked < 5 {
		t.Errorf("only %d files at the console", looked)
	}
	for _, path := range found {
		t.Errorf("the password is in %s", path)
	}
	for _, db := range set.Databases() {
		const search = `grep -rlF -- "$word" /var/lib/stackhand /run/stackhand /var/log /tmp /root /etc 2>/dev/null; journalctl -b -q --no-pager | grep -cF -- "$word" | grep -v '^0$'; ls /var/lib/stackhand | head -n 3`
		said := h.on(t, db, `word='`+word+`'
`+search+`; true`)
		if strings.Contains(said, "/") || !strings.Contains(said, "jobs") {
			t.Errorf("%s: the password is in %s", db, said)
		}
	}
}

// filesWith are the files below a folder that have a text in them, and how many there are.
func filesWith(t *testing.T, folder, text string) (found []string, looked int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		looked++
		b, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(b), text) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, looked
}
