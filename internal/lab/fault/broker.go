package fault

import (
	"context"
	"fmt"
	"strings"
	"time"

	"stackhand/internal/lab/set"
)

// brokerFaults are those of RabbitMQ.
func brokerFaults() []Fault {
	return []Fault{
		{Name: "rabbit-waits-for-tables", Set: set.Galera, breaks: waitsForTables, symptom: waiting, within: time.Minute},
		{Name: "rabbit-partition", Set: set.Galera, Hosts: []string{"db3", "db2", "db1"}, breaks: partition, symptom: partitioned, within: 90 * time.Second, mend: together},
		{Name: "rabbit-disk-alarm", Set: set.Galera, Hosts: []string{"db1", "db2", "db3"}, breaks: diskAlarm, symptom: alarmed("disk"), within: 60 * time.Second, mend: noAlarm},
		{Name: "amqp-down", Set: set.Galera, breaks: amqpDown, symptom: nobodyListens, within: 10 * time.Second},
	}
}

// waitsForTables stops db1 last and then starts the others: they wait for it, for what it
// alone may know.
func waitsForTables(ctx context.Context, s *scene) error {
	for _, db := range []string{"db3", "db2", "db1"} {
		if err := s.run(ctx, db, `timeout 60 systemctl stop rabbitmq-server`); err != nil {
			return err
		}
	}
	return s.Each(ctx, []string{"db2", "db3"}, `date -u +%s >/run/practice.since; systemctl --no-block start rabbitmq-server`)
}

func waiting(ctx context.Context, s *scene) string {
	for _, db := range []string{"db2", "db3"} {
		const said = `[ "$(stat -c %Y /var/log/rabbitmq/rabbit@$(hostname).log)" -ge "$(cat /run/practice.since)" ] &&
tail -n 40 "/var/log/rabbitmq/rabbit@$(hostname).log" | grep 'Waiting for Mnesia tables'`
		if s.Try(ctx, db, said) == "" {
			return db + " does not wait for tables"
		}
	}
	if s.Try(ctx, "db1", `systemctl is-active rabbitmq-server || true`) == "active" {
		return "db1 runs"
	}
	return ""
}

// partition cuts a broker off from the others and lets it back: both sides went on, and
// neither knows who is right.
func partition(ctx context.Context, s *scene) error {
	const cut = `nft add table inet practice && nft add chain inet practice in '{ type filter hook input priority 0; }' &&
nft add rule inet practice in tcp dport '{ 4369, 25672 }' reject with tcp reset && nft add rule inet practice in tcp sport 25672 reject with tcp reset &&
nft add chain inet practice out '{ type filter hook output priority 0; }' &&
nft add rule inet practice out tcp dport '{ 4369, 25672 }' oifname != lo reject with tcp reset && nft add rule inet practice out tcp sport 25672 oifname != lo reject with tcp reset`
	if err := s.run(ctx, s.host, strings.ReplaceAll(cut, "practice in tcp", "practice in iifname != lo tcp")); err != nil {
		return err
	}
	// A broker notices within its tick time, a minute; it is told, to save that.
	s.TryFor(ctx, 30*time.Second, s.host, `timeout 25 rabbitmqctl -q eval '[erlang:disconnect_node(N) || N <- nodes()].'`)
	if err := s.Until(ctx, 80*time.Second, func() bool { return s.Brokers(ctx, others(s.host)[0]) == 2 && s.Brokers(ctx, s.host) == 1 }); err != nil {
		return fmt.Errorf("cannot wait until the brokers have lost %s: %w", s.host, err)
	}
	return s.run(ctx, s.host, `nft delete table inet practice`)
}

func partitioned(ctx context.Context, s *scene) string {
	out := s.TryFor(ctx, 30*time.Second, others(s.host)[0], `timeout 25 rabbitmqctl -q eval 'rabbit_node_monitor:partitions().'`)
	if !strings.Contains(out, "rabbit@"+s.host) {
		return "no partition is seen: " + out
	}
	return ""
}

func together(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, `! nft list table inet practice >/dev/null 2>&1 || nft delete table inet practice
timeout 30 systemctl stop rabbitmq-server || systemctl kill -s KILL rabbitmq-server; timeout 90 systemctl start rabbitmq-server`)
}

func amqpDown(ctx context.Context, s *scene) error {
	return s.Each(ctx, set.Databases(), `timeout 60 systemctl stop rabbitmq-server`)
}

func nobodyListens(ctx context.Context, s *scene) string {
	for _, db := range set.Databases() {
		if s.Try(ctx, set.Client, `nc -z -w 2 "$1" 5672 && echo open`, s.Address(db)) != "" {
			return db + " listens on 5672"
		}
	}
	return ""
}

// brokerData is where a broker keeps its queues.
const brokerData = "/var/lib/rabbitmq"

// diskAlarm gives a broker a small disk and fills it: all publishers of the whole cluster are
// blocked, though every broker answers.
func diskAlarm(ctx context.Context, s *scene) error {
	if err := s.ownDisk(ctx, brokerData, 128); err != nil {
		return err
	}
	if err := s.Until(ctx, 90*time.Second, func() bool { return s.Brokers(ctx, s.host) == 3 }); err != nil {
		return fmt.Errorf("cannot wait until %s is back on its small disk: %w", s.host, err)
	}
	return s.run(ctx, s.host, `left=$(df --output=avail -B1M "$1" | tail -n 1) && fallocate -l "$((left - 20))M" "$1/core.4711"`, brokerData)
}

// alarmed is the symptom of an alarm of one kind, "disk" or "memory", as another broker sees it.
func alarmed(kind string) func(context.Context, *scene) string {
	return func(ctx context.Context, s *scene) string {
		out := s.TryFor(ctx, 30*time.Second, others(s.host)[0], `timeout 25 rabbitmqctl -q eval 'rabbit_alarm:get_alarms().'`)
		if !strings.Contains(out, kind) {
			return "no alarm is seen: " + out
		}
		return ""
	}
}

func noAlarm(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	if err := s.run(ctx, s.host, `rm -f "$1"/core.4711`, brokerData); err != nil {
		return err
	}
	return s.noDisk(ctx)
}
