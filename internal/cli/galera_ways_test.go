//go:build linux

package cli_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/site"
)

// The ways through the recovery that no single fault takes: a node whose own data is broken is
// emptied and copies, and a start that fails is taken back.
func TestGaleraWays(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	t.Run("full copy", func(t *testing.T) { b.of(t).galeraFullCopy() })
	labtest.Reset(t, b.lab)
	if err := fault.Forget(b.lab); err != nil {
		t.Fatal(err)
	}
	t.Run("abort", func(t *testing.T) { b.of(t).galeraAbort() })
	labtest.Reset(t, b.lab)
	if err := fault.Forget(b.lab); err != nil {
		t.Fatal(err)
	}
	t.Run("all of it", func(t *testing.T) { b.of(t).galeraTakenBack() })
	labtest.Reset(t, b.lab)
	if err := fault.Forget(b.lab); err != nil {
		t.Fatal(err)
	}
	t.Run("not at run time", func(t *testing.T) { b.of(t).galeraNotAtRunTime() })
}

// galeraFullCopy: InnoDB on db3 cannot say where it is. It is waived, emptied after its name
// was typed, and copies from the others; its old data is kept beside it.
func (b *bench) galeraFullCopy() {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 20*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, "galera-different-seqno", "")
	if err != nil {
		b.t.Fatal(err)
	}
	b.on("db3", "systemctl kill -s KILL mariadb; timeout 60 systemctl stop mariadb; dd if=/dev/urandom of=/var/lib/mysql/ibdata1 bs=16k count=700 conv=notrunc 2>/dev/null")
	said := b.flow(0, "free-or-not=free", "clients=open", "without@db3=db3: its disk is broken", "bootstrap=db1", "empty=db3")
	b.wants(said, "its disk is broken")
	b.databaseWhole()
	b.galeraRows(broke.Rows)
	if kept := b.on("db3", "ls /var/lib/mysql.stackhand-*/ibdata1"); kept == "" {
		b.t.Error("the old data is not kept")
	}
	b.nothingTwice(b.dir())
}

// galeraAbort: the start fails, for something else has the port of the group. The way back ends
// mysqld there and gives grastate.dat and gvwstate.dat back as they were.
func (b *bench) galeraAbort() {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 20*time.Minute)
	defer stop()
	if _, err := fault.Break(ctx, b.lab, "galera-different-seqno", ""); err != nil {
		b.t.Fatal(err)
	}
	b.on("db1", `systemctl kill -s KILL mariadb; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb 2>/dev/null
sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 0/' /var/lib/mysql/grastate.dat
systemd-run --quiet --unit=squatter python3 -c 'import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", 4567)); s.listen(); time.sleep(600)'`)
	const state = "cat /var/lib/mysql/grastate.dat; sha256sum /var/lib/mysql/gvwstate.dat 2>/dev/null || true"
	before := b.on("db1", state)
	said := b.flow(1, "free-or-not=free", "clients=open", "bootstrap=db1", "bootstrap=abort")
	if after := b.on("db1", state); after != before || !strings.Contains(after, "safe_to_bootstrap: 0") {
		b.t.Errorf("not as it was:\n%s\n%s\n%s", before, after, said)
	}
	if runs := b.on("db1", "pgrep -x mariadbd || true; ls /run/mariadb-wsrep-new-cluster 2>/dev/null || true"); runs != "" {
		b.t.Errorf("left: %s", runs)
	}
	for _, db := range set.Databases() {
		if n := set.Of(b.lab).Node(ctx, db); n.Cluster == "Primary" {
			b.t.Errorf("%s is Primary", db)
		}
	}
	b.on("db1", "systemctl stop squatter")
	b.flow(0, "free-or-not=free", "clients=open", "bootstrap=db1")
}

// haproxySays is what HAProxy on a host answers on its own socket.
func (b *bench) haproxySays(host, command string) string {
	b.t.Helper()
	return b.on(host, `python3 -c 'import socket
s = socket.socket(socket.AF_UNIX); s.connect("/run/haproxy/admin.sock"); s.sendall(b"`+command+`\n"); s.shutdown(1)
print(s.makefile().read(), end="")'`)
}

// fronts are the states of the database's front end in HAProxy, on both hosts that have it.
func (b *bench) fronts() string {
	b.t.Helper()
	var states []string
	for _, host := range []string{"db1", "db2"} {
		for line := range strings.Lines(b.haproxySays(host, "show stat")) {
			if f := strings.Split(line, ","); len(f) > 17 && f[0] == "mariadb" && f[1] == "FRONTEND" {
				states = append(states, f[17])
			}
		}
	}
	return strings.Join(states, " ")
}

// galeraTakenBack: the first node that joins cannot start. With the site's name typed the whole flow is
// taken back: both nodes as they were, and the front end, which was closed for the copies, open
// again. So it is where the run is stopped instead. A front end that somebody left closed is
// found by the next run, and opened.
func (b *bench) galeraTakenBack() {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 40*time.Minute)
	defer stop()
	b.says(0, "baseline")
	b.on("db1", "mysql -e 'DELETE FROM nova.instances LIMIT 30'") // more than the fault writes
	broke, err := fault.Break(ctx, b.lab, "galera-different-seqno", "")
	if err != nil {
		b.t.Fatal(err)
	}
	const dropin = "/etc/systemd/system/mariadb.service.d/zz-test.conf"
	b.on("db2", "mkdir -p "+filepath.Dir(dropin)+"; printf '[Service]\\nExecStartPre=/bin/false\\n' >"+dropin+"; systemctl daemon-reload")
	const state = "cat /var/lib/mysql/grastate.dat"
	before := map[string]string{}
	for _, db := range set.Databases() {
		before[db] = b.on(db, state)
	}
	s, err := site.Load(b.site)
	if err != nil {
		b.t.Fatal(err)
	}
	said := b.flow(1, "free-or-not=free", "clients=hold", "bootstrap=db1", "join-first=abort", "join-first="+s.Name)
	for _, db := range set.Databases() {
		if after := b.on(db, state); after != before[db] {
			b.t.Errorf("%s is not as it was:\n%s\n%s", db, before[db], after)
		}
		if runs := b.on(db, "pgrep -x mariadbd || true; ls /run/mariadb-wsrep-new-cluster 2>/dev/null || true"); runs != "" {
			b.t.Errorf("left on %s: %s", db, runs)
		}
	}
	if f := b.fronts(); f != "OPEN OPEN" {
		b.t.Errorf("the front ends are %s\n%s", f, said)
	}
	if began := b.jobs(b.dir()); !slices.Contains(began, "hold") || slices.Contains(began, "open") {
		b.t.Errorf("jobs of %v", began)
	}

	said = b.flow(1, "free-or-not=free", "clients=hold", "bootstrap=db1", "join-first=stop")
	if f := b.fronts(); f != "OPEN OPEN" {
		b.t.Errorf("the run was stopped, the front ends are %s\n%s", f, said)
	}
	b.on("db2", "rm "+dropin+"; systemctl daemon-reload")
	b.wants(b.flow(0, "free-or-not=free", "clients=hold", "bootstrap=db1"), "Fewer rows than in the baseline of", "nova.instances=")
	b.databaseWhole()
	b.galeraRows(broke.Rows)
	if f := b.fronts(); f != "OPEN OPEN" {
		b.t.Errorf("afterwards the front ends are %s", f)
	}

	b.haproxySays("db2", "disable frontend mariadb")
	if f := b.fronts(); f == "OPEN OPEN" {
		b.t.Fatal("the front end could not be closed")
	}
	b.wants(b.flow(0, "reopen=open"), "is open again")
	if f := b.fronts(); f != "OPEN OPEN" {
		b.t.Errorf("a second run left the front ends %s", f)
	}
	b.wants(b.flow(0), "Not this fault", "Nothing was changed")
}

// galeraNotAtRunTime: all run and none is Primary, and the server says that it is a release that
// cannot be told so at run time: what runs is stopped first, then a cluster is started from the newest.
func (b *bench) galeraNotAtRunTime() {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 20*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, "galera-non-primary", "")
	if err != nil {
		b.t.Fatal(err)
	}
	const newer = `printf '#!/bin/sh\nif [ "$1" = --version ]; then echo "mariadbd  Ver 11.4.2-MariaDB for debian-linux-gnu"; exit; fi\nexec /usr/sbin/mariadbd "$@"\n' >/usr/local/sbin/mariadbd; chmod 755 /usr/local/sbin/mariadbd`
	for _, db := range set.Databases() {
		b.on(db, newer)
	}
	b.flow(0, "free-or-not=free", "clients=open", "pick=db1", "bootstrap=db1")
	began := b.jobs(b.dir())
	for _, step := range []string{"aside-quiet", "quiet", "bootstrap"} {
		if !slices.Contains(began, step) {
			b.t.Errorf("%s has begun no job: %v", step, began)
		}
	}
	if slices.Contains(began, "continue") {
		b.t.Errorf("it was told at run time: %v", began)
	}
	b.databaseWhole()
	b.galeraRows(broke.Rows)
	b.nothingTwice(b.dir())
}
