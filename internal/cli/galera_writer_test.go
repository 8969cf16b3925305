//go:build linux

package cli_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"stackhand/internal/lab"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// writer is a client outside of the cluster that inserts rows through the virtual address and
// notes each that it was told is there.
type writer struct {
	t    *testing.T
	l    *lab.Lab
	pass string

	mu    sync.Mutex
	acked map[int64]time.Time // row -> when it was told so
	next  int64
	stop  context.CancelFunc
	done  sync.WaitGroup
}

// open gives a connection pool to the database at an address of the lab.
func (w *writer) open(address string) *sql.DB {
	w.t.Helper()
	c := mysql.NewConfig()
	c.User, c.Passwd, c.DBName = "nova", w.pass, "nova"
	c.Net, c.Addr = "tcp", net.JoinHostPort(address, "3306")
	c.Timeout, c.ReadTimeout, c.WriteTimeout = 2*time.Second, 3*time.Second, 3*time.Second
	c.DialFunc = func(ctx context.Context, _, addr string) (net.Conn, error) { return w.l.Dial(ctx, addr) }
	c.Logger = &mysql.NopLogger{}
	conn, err := mysql.NewConnector(c)
	if err != nil {
		w.t.Fatal(err)
	}
	db := sql.OpenDB(conn)
	w.t.Cleanup(func() { db.Close() })
	return db
}

// startWriter begins to write with some connections at once.
func (b *bench) startWriter(lanes int) *writer {
	b.t.Helper()
	w := &writer{t: b.t, l: b.lab, acked: map[int64]time.Time{}}
	w.pass = b.on(set.Client, `sed -n 's/^password = //p' /root/.my.cnf`)
	db := w.open(b.lab.VirtualAddress(set.VirtualDatabase))
	if _, err := db.ExecContext(b.t.Context(), "CREATE TABLE IF NOT EXISTS acked (id BIGINT NOT NULL PRIMARY KEY, said VARCHAR(64)) ENGINE=InnoDB"); err != nil {
		b.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.t.Context())
	w.stop = stop
	b.t.Cleanup(w.end)
	for range lanes {
		w.done.Add(1)
		go func() {
			defer w.done.Done()
			for ctx.Err() == nil {
				w.mu.Lock()
				w.next++
				id := w.next
				w.mu.Unlock()
				if _, err := db.ExecContext(ctx, "INSERT INTO acked VALUES (?, 'a row that a client relies on')", id); err == nil {
					w.mu.Lock()
					w.acked[id] = time.Now()
					w.mu.Unlock()
				}
			}
		}()
	}
	return w
}

// wrote waits until so many rows were acknowledged.
func (w *writer) wrote(b *bench, n int) {
	b.t.Helper()
	b.until(fmt.Sprintf("%d rows", n), func() bool { return w.count() >= n })
}

func (w *writer) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

func (w *writer) end() {
	w.stop()
	w.done.Wait()
}

// missing are the acknowledged rows that a node has not, and when the first of them was acknowledged.
func (w *writer) missing(host string) (n int, first time.Time) {
	w.t.Helper()
	address := ""
	for _, h := range w.l.Hosts() {
		if h.Name == host {
			address = h.Address
		}
	}
	rows, err := w.open(address).QueryContext(w.t.Context(), "SELECT id FROM acked")
	if err != nil {
		w.t.Fatalf("%s: %v", host, err)
	}
	defer rows.Close()
	there := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			w.t.Fatal(err)
		}
		there[id] = true
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	for id, at := range w.acked {
		if !there[id] {
			if n++; first.IsZero() || at.Before(first) {
				first = at
			}
		}
	}
	return n, first
}

// let is a value that the run's journal has for a name.
func (b *bench) let(d *run.Dir, name string) any {
	b.t.Helper()
	st, err := d.State()
	if err != nil {
		b.t.Fatal(err)
	}
	return st.Lets[name]
}

// Power is cut in the middle of writes on disks that lose what was not synced, and nothing heals
// by itself. With innodb_flush_log_at_trx_commit=1 every row that a client was told is there is
// there afterwards; with 0 what is missing is not older than what the flow said may be missing.
func TestGaleraAcknowledgedRows(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	for _, flush := range []int{1, 0} {
		t.Run(fmt.Sprint("flush=", flush), func(t *testing.T) {
			b := galeraBench(t, true)
			for _, db := range set.Databases() {
				b.on(db, fmt.Sprintf(`printf '[mysqld]\ninnodb_flush_log_at_trx_commit = %d\nwsrep_provider_options = "gcache.size=32M;pc.recovery=no"\n' >/etc/mysql/mariadb.conf.d/zz-test.cnf
sync; timeout 80 systemctl restart mariadb`, flush))
			}
			b.databaseWhole()
			w := b.startWriter(4)
			w.wrote(b, 400)
			cut := time.Now()
			if err := b.lab.PowerCut(t.Context(), set.Databases()...); err != nil {
				t.Fatal(err)
			}
			w.end()
			b.must(b.lab.PowerOn(t.Context(), set.Databases()...))
			said := b.flow(0, "free-or-not=free", "clients=open", "pick=db1", "bootstrap=db1", "bootstrap=db2", "bootstrap=db3")
			d := b.dir()
			seconds, _ := b.let(d, "loss_seconds").(int)
			t.Logf("%d rows acknowledged; the flow says: up to %d s may be missing", w.count(), seconds)
			for _, db := range set.Databases() {
				n, first := w.missing(db)
				if n > 0 {
					t.Logf("%s: %d of %d rows are missing, the first acknowledged %s before the cut", db, n, w.count(), cut.Sub(first).Round(time.Millisecond))
				}
				if flush == 1 && n > 0 {
					t.Errorf("%s: %d acknowledged rows are missing", db, n)
				}
				if n > 0 && cut.Sub(first) > time.Duration(seconds)*time.Second {
					t.Errorf("%s: the first missing row was acknowledged %s before the cut, the flow said %d s", db, cut.Sub(first), seconds)
				}
			}
			if flush == 0 && (seconds == 0 || !strings.Contains(said, "may be missing")) {
				t.Errorf("the flow says nothing about a loss (%d s)", seconds)
			}
		})
	}
}

// Rows acknowledged while node after node loses its power are all there afterwards: the last
// one that took writes is the newest, and it is the one that the flow proves.
func TestGaleraAcknowledgedRowsOneByOne(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	for _, db := range set.Databases() { // in force from the next start on: nothing heals by itself
		b.on(db, `printf '[mysqld]\nwsrep_provider_options = "gcache.size=32M;pc.recovery=no"\n' >/etc/mysql/mariadb.conf.d/zz-test.cnf; sync`)
	}
	w := b.startWriter(3)
	w.wrote(b, 100)
	if err := b.lab.PowerCut(t.Context(), "db3"); err != nil {
		t.Fatal(err)
	}
	w.wrote(b, w.count()+100)
	b.on("db2", "timeout 60 systemctl stop mariadb")
	w.wrote(b, w.count()+100)
	b.must(b.lab.PowerCut(t.Context(), "db1", "db2"))
	w.end()
	b.must(b.lab.PowerOn(t.Context(), set.Databases()...))
	b.wants(b.flow(0, "free-or-not=free", "clients=open", "bootstrap=db1"), "Proven newest: db1")
	for _, db := range set.Databases() {
		if n, _ := w.missing(db); n > 0 {
			t.Errorf("%s: %d of %d acknowledged rows are missing", db, n, w.count())
		}
	}
	if err := fault.Forget(b.lab); err != nil {
		t.Error(err)
	}
}
