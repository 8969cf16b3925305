package set

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"stackhand/internal/lab"
)

// VirtualDatabase is the name of the virtual address in front of the database.
const VirtualDatabase = "database"

// Databases are the hosts of the set galera with a database, and Client the one without.
const Client = "cl1"

// Databases are the hosts of the set galera that run MariaDB and RabbitMQ.
func Databases() []string { return []string{"db1", "db2", "db3"} }

func galeraSet() definition {
	return definition{
		name: Galera,
		options: lab.Options{
			Hosts: append(Databases(), Client),
			Roles: map[string][]string{
				"db1": {"controller", "database", "broker", "haproxy"},
				"db2": {"controller", "database", "broker", "haproxy"},
				"db3": {"controller", "database", "broker"},
				"cl1": {"client"},
			},
			Virtual: []lab.Virtual{{Name: VirtualDatabase, Octet: 100, Hosts: []string{"db1", "db2"}}},
		},
		alone:  40 * time.Second,
		build:  buildGalera,
		revive: reviveGalera,
		ready:  galeraReady,
	}
}

// buildGalera sets the hosts up; the broker beside the database, for both take their time.
func buildGalera(ctx context.Context, h *Hosts) error {
	start := time.Now()
	secrets := secrets("keystone", "nova", "openstack", "cookie", "stats", "vrrp")
	if err := configureGalera(ctx, h, secrets); err != nil {
		return err
	}
	h.note("configure", start)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return buildBrokers(ctx, h, secrets) })
	g.Go(func() error { return buildDatabase(ctx, h, secrets) })
	return g.Wait()
}

func configureGalera(ctx context.Context, h *Hosts, secrets map[string]string) error {
	var members []string
	words := map[string]string{"vip": h.Lab.VirtualAddress(VirtualDatabase), "stats": secrets["stats"],
		"vrrp": secrets["vrrp"][:8], "nova": secrets["nova"]}
	for _, db := range Databases() {
		members = append(members, h.Address(db))
		words[db] = h.Address(db)
	}
	words["members"] = strings.Join(members, ",")
	g, ctx := errgroup.WithContext(ctx)
	for i, db := range Databases() {
		own := map[string]string{"host": db, "address": h.Address(db), "priority": strconv.Itoa(101 - i)}
		for k, v := range words {
			own[k] = v
		}
		list := []file{
			{path: "/etc/mysql/mariadb.conf.d/99-openstack.cnf", mode: "644", from: "galera/99-openstack.cnf"},
			{path: "/etc/mysql/mariadb.conf.d/60-galera.cnf", mode: "644", from: "galera/60-galera.cnf"},
			{path: "/usr/local/bin/clustercheck", mode: "755", from: "galera/clustercheck"},
			{path: "/etc/systemd/system/clustercheck.service", mode: "644", from: "galera/clustercheck.service"},
			{path: "/etc/rabbitmq/rabbitmq-env.conf", mode: "644", from: "galera/rabbitmq-env.conf"},
			{path: "/etc/rabbitmq/rabbitmq.conf", mode: "644", from: "galera/rabbitmq.conf"},
			{path: "/etc/memcached.conf", mode: "644", from: "galera/memcached.conf"},
		}
		if slices.Contains([]string{"db1", "db2"}, db) {
			list = append(list,
				file{path: "/etc/sysctl.d/60-openstack.conf", mode: "644", from: "galera/60-openstack.conf"},
				file{path: "/etc/haproxy/haproxy.cfg", mode: "640", owner: "root:haproxy", from: "galera/haproxy.cfg"},
				file{path: "/etc/keepalived/keepalived.conf", mode: "600", from: "galera/keepalived.conf"},
				file{path: "/usr/local/bin/check-haproxy", mode: "755", from: "galera/check-haproxy"})
		}
		g.Go(func() error { return h.put(ctx, db, own, list...) })
	}
	g.Go(func() error {
		return h.put(ctx, Client, words, file{path: "/root/.my.cnf", mode: "600", from: "galera/my.cnf"})
	})
	return g.Wait()
}

// buildDatabase starts the cluster from db1, lets the others join one by one, and puts the
// front end before it.
func buildDatabase(ctx context.Context, h *Hosts, secrets map[string]string) error {
	start := time.Now()
	seed, err := files.ReadFile("files/galera/seed.sql")
	if err != nil {
		return fmt.Errorf("cannot seed the database: %w", err)
	}
	sql := strings.NewReplacer("{keystone}", secrets["keystone"], "{nova}", secrets["nova"]).Replace(string(seed))
	if _, err := h.Lab.Run(ctx, "db1", `timeout 60 galera_new_cluster && printf %s "$1" | mysql && systemctl --quiet enable mariadb`, sql); err != nil {
		return err
	}
	for _, db := range Databases()[1:] {
		if _, err := h.Lab.Run(ctx, db, `timeout 90 systemctl start mariadb && systemctl --quiet enable mariadb`); err != nil {
			return err
		}
	}
	h.note("database", start)
	start = time.Now()
	if err := h.Each(ctx, Databases(), `systemctl daemon-reload && systemctl --quiet enable --now clustercheck memcached`); err != nil {
		return err
	}
	const frontend = `/lib/systemd/systemd-sysctl && systemctl --quiet enable haproxy keepalived && systemctl restart haproxy && systemctl start keepalived`
	if err := h.Each(ctx, []string{"db1", "db2"}, frontend); err != nil {
		return err
	}
	h.note("frontend", start)
	return nil
}

// buildBrokers makes the RabbitMQ cluster as the documents do: one cookie, and the others
// join the first.
func buildBrokers(ctx context.Context, h *Hosts, secrets map[string]string) error {
	start := time.Now()
	const begin = `printf %s "$1" >/var/lib/rabbitmq/.erlang.cookie.new && chown rabbitmq:rabbitmq /var/lib/rabbitmq/.erlang.cookie.new &&
chmod 400 /var/lib/rabbitmq/.erlang.cookie.new && mv /var/lib/rabbitmq/.erlang.cookie.new /var/lib/rabbitmq/.erlang.cookie &&
timeout 120 systemctl start rabbitmq-server && systemctl --quiet enable rabbitmq-server`
	if err := h.Each(ctx, Databases(), begin, secrets["cookie"]); err != nil {
		return err
	}
	for _, db := range Databases()[1:] {
		const join = `exec >/dev/null; rabbitmqctl -q stop_app && rabbitmqctl -q join_cluster rabbit@db1 && rabbitmqctl -q start_app`
		if _, err := h.Lab.Run(ctx, db, join); err != nil {
			return err
		}
	}
	// The account as in correction 6: mirrored, but for the queues that live as long as their client.
	const account = `exec >/dev/null
printf '%s\n' "$1" | rabbitmqctl -q add_user openstack && rabbitmqctl -q set_permissions openstack '.*' '.*' '.*' &&
rabbitmqctl -q set_policy ha-all '^(?!(amq\.|reply_|.*_fanout_)).*' '{"ha-mode":"all"}'`
	if _, err := h.Lab.Run(ctx, "db1", account, secrets["openstack"]); err != nil {
		return err
	}
	h.note("broker", start)
	return nil
}
