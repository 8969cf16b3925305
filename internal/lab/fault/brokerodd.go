package fault

import (
	"context"
	"fmt"
	"strings"
	"time"

	"stackhand/internal/lab/set"
)

// oddBrokerFaults are those of RabbitMQ that come from how a host was set up, or from what its clients do.
func oddBrokerFaults() []Fault {
	return []Fault{
		{Name: "rabbit-wrong-cookie", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: wrongCookie, symptom: turnedAway, within: 3 * time.Minute, mend: rightCookie},
		{Name: "rabbit-wrong-name", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: wrongName, symptom: otherNode, within: 3 * time.Minute, mend: rightName},
		{Name: "rabbit-outside-cluster", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: madeAnew, symptom: aloneAndUp, within: 3 * time.Minute, mend: inside},
		{Name: "rabbit-forgotten", Set: set.Galera, Hosts: []string{"db3", "db2"}, breaks: removed, symptom: cannotReturn, within: 3 * time.Minute, mend: anew},
		{Name: "rabbit-last-never-returns", Set: set.Galera, breaks: lastGone, symptom: waitForGone, within: 3 * time.Minute},
		{Name: "rabbit-memory-alarm", Set: set.Galera, Hosts: []string{"db1", "db2", "db3"}, breaks: memoryAlarm, symptom: alarmed("memory"), within: 3 * time.Minute, mend: noMemoryAlarm},
		{Name: "amqp-account-refused", Set: set.Galera, breaks: otherPassword, symptom: accountRefused, within: time.Minute, mend: noService},
		{Name: "amqp-no-rights", Set: set.Galera, breaks: noRights, symptom: rightsGone, within: time.Minute, mend: noService},
		{Name: "amqp-proxied", Set: set.Galera, breaks: byAddress, symptom: namesNoBroker, within: time.Minute, mend: noService},
		{Name: "amqp-firewall", Set: set.Galera, Hosts: []string{"db2", "db3"}, breaks: amqpWall, symptom: amqpSilent, within: time.Minute, mend: noWall},
	}
}

// stopBroker ends a broker, whatever state it is in.
const stopBroker = `timeout 60 systemctl stop rabbitmq-server || { systemctl kill -s KILL rabbitmq-server; timeout 60 systemctl stop rabbitmq-server; }
systemctl reset-failed rabbitmq-server 2>/dev/null || true
`

// wrongCookie gives a broker another Erlang cookie and starts it again, as a host has it that was set up anew.
func wrongCookie(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, stopBroker+`f=/var/lib/rabbitmq/.erlang.cookie
cp -p "$f" /root/erlang.cookie.kept && printf %s "$(tr -dc A-Z </dev/urandom | head -c 20)" >"$f.new" && chown rabbitmq:rabbitmq "$f.new" && chmod 400 "$f.new" && mv "$f.new" "$f" &&
systemctl --no-block start rabbitmq-server`)
}

func turnedAway(ctx context.Context, s *scene) string {
	if s.Try(ctx, s.host, `cmp -s /root/erlang.cookie.kept /var/lib/rabbitmq/.erlang.cookie || echo other`) == "" {
		return s.host + " has the cookie of the others"
	}
	if n := s.Brokers(ctx, others(s.host)[0]); n != 2 {
		return fmt.Sprintf("the others see %d brokers", n)
	}
	if s.booted(ctx, s.host) {
		return s.host + " is up"
	}
	return ""
}

// booted tells whether a broker is up; one that waits for tables is not.
func (s *scene) booted(ctx context.Context, host string) bool {
	return s.TryFor(ctx, 30*time.Second, host, `timeout 25 rabbitmqctl -q eval 'rabbit:is_booted().'`) == "true"
}

func rightCookie(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, `cmp -s /root/erlang.cookie.kept /var/lib/rabbitmq/.erlang.cookie && exit 0
`+stopBroker+`cp -p /root/erlang.cookie.kept /var/lib/rabbitmq/.erlang.cookie && timeout 90 systemctl start rabbitmq-server`)
}

// wrongName starts a broker under another node name: it comes up, empty, and in no cluster.
func wrongName(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, stopBroker+`sed -i 's/^NODENAME=.*/NODENAME=rabbit@localhost/' /etc/rabbitmq/rabbitmq-env.conf && systemctl --no-block start rabbitmq-server`)
}

func otherNode(ctx context.Context, s *scene) string {
	if out := s.TryFor(ctx, 30*time.Second, s.host, `timeout 25 rabbitmqctl -q eval 'case rabbit:is_booted() of true -> node() end.'`); !strings.Contains(out, "localhost") {
		return s.host + " is not up under another name: " + out
	}
	if n := s.Brokers(ctx, others(s.host)[0]); n != 2 {
		return fmt.Sprintf("the others see %d brokers", n)
	}
	return ""
}

func rightName(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, `if ! grep -q "^NODENAME=rabbit@$(hostname)\$" /etc/rabbitmq/rabbitmq-env.conf; then
`+stopBroker+`sed -i "s/^NODENAME=.*/NODENAME=rabbit@$(hostname)/" /etc/rabbitmq/rabbitmq-env.conf && timeout 90 systemctl start rabbitmq-server || exit 1
fi
rm -rf /var/lib/rabbitmq/mnesia/rabbit@localhost*`)
}

// madeAnew resets a broker while the others do not look: they count it among their members, and it knows none.
func madeAnew(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, `exec >/dev/null; timeout 60 rabbitmqctl -q stop_app && timeout 60 rabbitmqctl -q force_reset && timeout 60 rabbitmqctl -q start_app`)
}

func aloneAndUp(ctx context.Context, s *scene) string {
	if n := s.Brokers(ctx, s.host); n != 1 {
		return fmt.Sprintf("%s sees %d brokers", s.host, n)
	}
	if n := s.Brokers(ctx, others(s.host)[0]); n != 2 {
		return fmt.Sprintf("the others see %d brokers", n)
	}
	return ""
}

func inside(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	if s.Brokers(ctx, s.host) == len(set.Databases()) {
		return nil
	}
	return s.run(ctx, s.host, `exec >/dev/null; timeout 60 rabbitmqctl -q stop_app; timeout 60 rabbitmqctl -q --node "rabbit@$1" forget_cluster_node "rabbit@$(hostname)"
timeout 60 rabbitmqctl -q reset && timeout 60 rabbitmqctl -q join_cluster "rabbit@$1" && timeout 60 rabbitmqctl -q start_app`, others(s.host)[0])
}

// removed takes a broker that is down out of the cluster and starts it again.
func removed(ctx context.Context, s *scene) error {
	if err := s.run(ctx, s.host, stopBroker); err != nil {
		return err
	}
	if err := s.run(ctx, others(s.host)[0], `timeout 60 rabbitmqctl -q forget_cluster_node "rabbit@$1" >/dev/null`, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, `date -u +%s >/run/practice.since; systemctl --no-block start rabbitmq-server`)
}

func cannotReturn(ctx context.Context, s *scene) string {
	const said = `[ "$(stat -c %Y /var/log/rabbitmq/rabbit@$(hostname).log)" -ge "$(cat /run/practice.since)" ] && tail -n 60 "/var/log/rabbitmq/rabbit@$(hostname).log" | grep -c 'inconsistent_cluster'`
	if s.Try(ctx, s.host, said) == "" {
		return s.host + " does not say that the others disagree"
	}
	if s.booted(ctx, s.host) {
		return s.host + " is up"
	}
	return ""
}

// anew lets a broker join with nothing of its own.
func anew(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	if s.Brokers(ctx, s.host) == len(set.Databases()) {
		return nil
	}
	return s.run(ctx, s.host, stopBroker+`rm -rf "/var/lib/rabbitmq/mnesia/rabbit@$(hostname)"; exec >/dev/null; timeout 90 systemctl start rabbitmq-server && timeout 60 rabbitmqctl -q stop_app &&
timeout 60 rabbitmqctl -q join_cluster "rabbit@$1" && timeout 60 rabbitmqctl -q start_app`, others(s.host)[0])
}

// lastGone stops the brokers one after the other and takes the power of the last one's host: the others wait
// for what only that one knows.
func lastGone(ctx context.Context, s *scene) error {
	for _, db := range []string{"db3", "db2", "db1"} {
		if err := s.run(ctx, db, `timeout 60 systemctl stop rabbitmq-server`); err != nil {
			return err
		}
	}
	if err := s.l.PowerOff(ctx, "db1"); err != nil {
		return err
	}
	return s.Each(ctx, []string{"db2", "db3"}, `date -u +%s >/run/practice.since; systemctl --no-block start rabbitmq-server`)
}

func waitForGone(ctx context.Context, s *scene) string {
	if s.l.ProcessID("db1") != 0 {
		return "db1 is on"
	}
	for _, db := range []string{"db2", "db3"} {
		if s.booted(ctx, db) {
			return db + " is up"
		}
	}
	return waiting(ctx, s)
}

// memoryAlarm fills the memory of a broker up to its limit, with messages that nobody reads.
func memoryAlarm(ctx context.Context, s *scene) error {
	const pile = `exec 2>&1; set -e
timeout 20 rabbitmqctl -q eval 'rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"notifications.info">>), true, false, [], none, <<"practice">>).' >/dev/null
limit=$(timeout 20 rabbitmqctl -q eval '{U, _} = vm_memory_monitor:get_memory_use(bytes), U div 1048576 + 40.')
timeout 20 rabbitmqctl -q eval 'application:set_env(rabbit, vm_memory_high_watermark_paging_ratio, 1.0).' >/dev/null
timeout 20 rabbitmqctl -q set_vm_memory_high_watermark absolute "${limit}MB"
timeout 120 rabbitmqctl -q eval 'X = rabbit_misc:r(<<"/">>, exchange, <<"">>), [rabbit_basic:publish(X, <<"notifications.info">>, [], binary:copy(<<N:32>>, 25000)) || N <- lists:seq(1, 2000)], ok.' >/dev/null`
	return s.run(ctx, s.host, pile)
}

func noMemoryAlarm(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	s.TryFor(ctx, 30*time.Second, s.host, `timeout 25 rabbitmqctl -q set_vm_memory_high_watermark 0.4; timeout 30 rabbitmqctl -q delete_queue notifications.info
timeout 20 rabbitmqctl -q eval 'application:set_env(rabbit, vm_memory_high_watermark_paging_ratio, 0.5).'`)
	return s.run(ctx, s.host, `sed -i 's/^vm_memory_high_watermark\..*/vm_memory_high_watermark.relative = 0.4/' /etc/rabbitmq/rabbitmq.conf`)
}

// service gives the client the configuration of a service that uses the brokers, with the account's password,
// which the brokers are told as well.
func (s *scene) service(ctx context.Context) error {
	const word = `tr -dc A-Za-z0-9 </dev/urandom | head -c 24`
	secret, err := s.l.Run(ctx, set.Client, word)
	if err != nil {
		return err
	}
	if err := s.run(ctx, "db1", `exec >/dev/null; printf '%s\n' "$1" | timeout 30 rabbitmqctl -q change_password openstack`, secret); err != nil {
		return err
	}
	return s.run(ctx, set.Client, `mkdir -p /etc/nova && umask 077 && printf '[DEFAULT]\ntransport_url = rabbit://openstack:%s@db1:5672,openstack:%s@db2:5672,openstack:%s@db3:5672/\n' "$1" "$1" "$1" >/etc/nova/nova.conf`, secret)
}

// serviceWord is the password that the service has.
const serviceWord = `sed -n 's/^transport_url = rabbit:..openstack:\([^@]*\)@.*/\1/p' /etc/nova/nova.conf`

// otherPassword changes the account at the brokers, and nobody tells the service.
func otherPassword(ctx context.Context, s *scene) error {
	if err := s.service(ctx); err != nil {
		return err
	}
	return s.run(ctx, "db1", `exec >/dev/null; tr -dc A-Z </dev/urandom | head -c 24 | timeout 30 rabbitmqctl -q change_password openstack`)
}

func accountRefused(ctx context.Context, s *scene) string {
	word := s.Try(ctx, set.Client, serviceWord)
	if word == "" {
		return "no service is configured"
	}
	if s.TryFor(ctx, 30*time.Second, "db1", `printf '%s\n' "$1" | timeout 25 rabbitmqctl -q authenticate_user openstack`, word) != "" {
		return "the password is accepted"
	}
	return ""
}

// noRights takes the account's rights in the virtual host.
func noRights(ctx context.Context, s *scene) error {
	if err := s.service(ctx); err != nil {
		return err
	}
	return s.run(ctx, "db1", `timeout 30 rabbitmqctl -q clear_permissions openstack >/dev/null`)
}

func rightsGone(ctx context.Context, s *scene) string {
	if out := s.TryFor(ctx, 30*time.Second, "db1", `timeout 25 rabbitmqctl -q list_permissions; echo asked`); out == "" || strings.Contains(out, "openstack") {
		return "the account has rights: " + out
	}
	return ""
}

// byAddress lets the service ask for its broker at the virtual address, where the database is asked for as well.
func byAddress(ctx context.Context, s *scene) error {
	if err := s.service(ctx); err != nil {
		return err
	}
	return s.run(ctx, set.Client, `sed -i "s#@db1:5672.*#@$1:5672/#" /etc/nova/nova.conf`, s.l.VirtualAddress(set.VirtualDatabase))
}

func namesNoBroker(ctx context.Context, s *scene) string {
	if out := s.Try(ctx, set.Client, `grep -c "@$1:5672/\$" /etc/nova/nova.conf`, s.l.VirtualAddress(set.VirtualDatabase)); out != "1" {
		return "the service names its brokers: " + out
	}
	return ""
}

// noService takes the service away, and gives the account its rights.
func noService(ctx context.Context, s *scene) error {
	if err := s.run(ctx, set.Client, `rm -f /etc/nova/nova.conf`); err != nil {
		return err
	}
	return s.run(ctx, "db1", `timeout 30 rabbitmqctl -q set_permissions openstack '.*' '.*' '.*' >/dev/null`)
}

// wall drops what comes to a host from outside, as a rule of nft says.
func (s *scene) wall(ctx context.Context, host, rule string) error {
	return s.run(ctx, host, `nft add table inet practice && nft add chain inet practice in '{ type filter hook input priority 0; }' && nft add rule inet practice in iifname != lo `+rule)
}

func noWall(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, s.host); err != nil {
		return err
	}
	return s.run(ctx, s.host, `! nft list table inet practice >/dev/null 2>&1 || nft delete table inet practice`)
}

func amqpWall(ctx context.Context, s *scene) error { return s.wall(ctx, s.host, `tcp dport 5672 drop`) }

func amqpSilent(ctx context.Context, s *scene) string { return silentAt(ctx, s, "5672") }

func silentAt(ctx context.Context, s *scene, port string) string {
	if s.Try(ctx, set.Client, `nc -z -w 2 "$1" "$2" && echo open; true`, s.Address(s.host), port) == "open" {
		return s.host + " is reached on port " + port
	}
	return ""
}
