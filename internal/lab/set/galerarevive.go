package set

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// reviveGalera brings database, front end and brokers back.
func reviveGalera(ctx context.Context, h *Hosts) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if DatabaseReady(ctx, h) == "" {
			return nil
		}
		if err := h.reviveDatabase(ctx); err != nil {
			return err
		}
		return h.Each(ctx, []string{"db1", "db2"}, `systemctl start clustercheck haproxy keepalived`)
	})
	g.Go(func() error {
		if BrokersReady(ctx, h) == "" {
			return nil
		}
		return h.reviveBrokers(ctx)
	})
	return g.Wait()
}

var recovered = regexp.MustCompile(`WSREP: Recovered position:? ([0-9a-f-]{36}):(-?\d+)`)

// reviveDatabase starts the cluster anew from the node with the newest data, unless a part
// of it is Primary: then the others join that.
func (h *Hosts) reviveDatabase(ctx context.Context) error {
	for _, db := range Databases() {
		if n := h.Node(ctx, db); n.Cluster == "Primary" && n.State == "Synced" {
			return h.join(ctx, db)
		}
	}
	// A node that hangs in activating does not answer to stop.
	const halt = `systemctl kill -s KILL mariadb 2>/dev/null; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb 2>/dev/null
rm -f /run/mariadb-wsrep-new-cluster; ! pgrep -x mariadbd >/dev/null`
	if err := h.Each(ctx, Databases(), halt); err != nil {
		return err
	}
	best, seqno := "", int64(-1)
	for _, db := range Databases() {
		out, err := h.Lab.Run(ctx, db, `log=$(mktemp) && chown mysql "$log" && cd /var/lib/mysql && timeout 60 setpriv --reuid=mysql --regid=mysql --init-groups \
mariadbd --wsrep-recover --log-error="$log" >/dev/null 2>&1; cat "$log"; rm -f "$log"`)
		if err != nil {
			return err
		}
		m := recovered.FindStringSubmatch(out)
		if m == nil || strings.Trim(m[1], "0-") == "" {
			continue
		}
		if n, err := strconv.ParseInt(m[2], 10, 64); err == nil && n > seqno {
			best, seqno = db, n
		}
	}
	if best == "" {
		return fmt.Errorf("cannot bring the database back: no node knows a position")
	}
	const bootstrap = `rm -f /var/lib/mysql/gvwstate.dat; sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' /var/lib/mysql/grastate.dat
timeout 60 galera_new_cluster`
	if _, err := h.Lab.Run(ctx, best, bootstrap); err != nil {
		return err
	}
	return h.join(ctx, best)
}

// join lets all nodes that are not whole join the cluster of which first is a member. One
// that does not get in with its own data gets a copy of the cluster's.
func (h *Hosts) join(ctx context.Context, first string) error {
	for _, db := range Databases() {
		if n := h.Node(ctx, db); db == first || n.Cluster == "Primary" && n.State == "Synced" {
			continue
		}
		const join = `systemctl kill -s KILL mariadb 2>/dev/null; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb 2>/dev/null
rm -f /var/lib/mysql/gvwstate.dat
timeout 30 systemctl start mariadb && exit 0
for try in 1 2; do # on a busy machine a copy may be given up once
  systemctl kill -s KILL mariadb 2>/dev/null; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb 2>/dev/null
  rm -f /var/lib/mysql/grastate.dat /var/lib/mysql/galera.cache
  timeout 90 systemctl start mariadb && exit 0
done
exit 1`
		if _, err := h.Lab.Run(ctx, db, join); err != nil {
			return err
		}
		if err := h.Until(ctx, time.Minute, func() bool { return h.Node(ctx, db).State == "Synced" }); err != nil {
			return fmt.Errorf("cannot bring the database of %s back: %w", db, err)
		}
	}
	return nil
}

// reviveBrokers starts all brokers at once, for each may wait for another; where that does
// not help, the last resort.
func (h *Hosts) reviveBrokers(ctx context.Context) error {
	if err := h.Each(ctx, Databases(), `timeout 60 systemctl start rabbitmq-server`); err == nil &&
		h.Until(ctx, 15*time.Second, func() bool { return BrokersReady(ctx, h) == "" }) == nil {
		return nil
	}
	const again = `systemctl kill -s KILL rabbitmq-server 2>/dev/null; timeout 30 systemctl stop rabbitmq-server; systemctl reset-failed rabbitmq-server 2>/dev/null
timeout 60 systemctl start rabbitmq-server`
	if err := h.Each(ctx, Databases(), again); err == nil {
		return nil
	}
	const force = `timeout 30 systemctl stop rabbitmq-server; rabbitmqctl force_boot && timeout 60 systemctl start rabbitmq-server`
	if _, err := h.Lab.Run(ctx, "db1", force); err != nil {
		return err
	}
	return h.Each(ctx, Databases()[1:], again)
}
