//go:build linux

package cli

import (
	"strings"
	"testing"

	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

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
