//go:build linux

package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
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
}

// galeraFullCopy: InnoDB on db3 cannot say where it is. It is waived, emptied after its name
// was typed, and copies from the others; its old data is kept beside it.
func (b *bench) galeraFullCopy() {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 8*time.Minute)
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
	ctx, stop := context.WithTimeout(b.t.Context(), 8*time.Minute)
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
