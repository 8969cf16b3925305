package runbooks_test

import (
	"strings"
	"testing"

	"stackhand/steps"
)

// What rabbit-look.sh printed on practice hosts with RabbitMQ 3.10.8, recorded; @ is the host's number.
const (
	rabbitFine = `installed yes
state active
node rabbit@db@
cookie 5b06537e5e08
member rabbit@db1
member rabbit@db2
member rabbit@db3
saw_running rabbit@db1
saw_running rabbit@db2
saw_running rabbit@db3
free_mib 73576
waited 9 retries left
answers yes
booted yes
running rabbit@db1
running rabbit@db2
running rabbit@db3
limit_mib 47
`
	rabbitWaits = `installed yes
state activating
node rabbit@db1
cookie 5b06537e5e08
member rabbit@db1
member rabbit@db2
member rabbit@db3
saw_running rabbit@db1
saw_running rabbit@db2
saw_running rabbit@db3
free_mib 73581
cut_from rabbit@db2
cut_from rabbit@db3
waited 7 retries left
answers yes
booted no
`
	rabbitSecond = `installed yes
state inactive
node rabbit@db2
cookie 5b06537e5e08
member rabbit@db1
member rabbit@db2
member rabbit@db3
saw_running rabbit@db2
saw_running rabbit@db3
free_mib 73581
cut_from rabbit@db3
waited 9 retries left
answers no
`
	rabbitLast = `installed yes
state inactive
node rabbit@db3
cookie 5b06537e5e08
member rabbit@db1
member rabbit@db2
member rabbit@db3
saw_running rabbit@db3
free_mib 73581
cut_from rabbit@db2
waited 9 retries left
answers no
`
)

func broker(n, printed string) string {
	return strings.ReplaceAll(printed, "rabbit@db@", "rabbit@db"+n)
}

func TestRabbitClassify(t *testing.T) {
	fine := func(n string) string { return broker(n, rabbitFine) }
	parted := func(n, running, from string) string {
		out := broker(n, strings.Split(rabbitFine, "\nrunning rabbit@db1\n")[0]) + "\n"
		for _, r := range strings.Fields(running) {
			out += "running rabbit@" + r + "\n"
		}
		for _, r := range strings.Fields(from) {
			out += "parted_from rabbit@" + r + "\n"
		}
		return out
	}
	full := func(n string) string { return fine(n) + "alarm disk@db1\n" }
	for name, c := range map[string]struct {
		db1, db2, db3 string // "" does not answer
		verdicts      string
		lets          map[string]string
	}{
		"all well":     {fine("1"), fine("2"), fine("3"), "fine fine fine", map[string]string{"sick": "", "down": "", "tie": "false"}},
		"one silent":   {fine("1"), "", fine("3"), "fine unseen fine", map[string]string{"sick": ""}},
		"waits":        {rabbitWaits, rabbitSecond, rabbitLast, "waiting down down", map[string]string{"order": "db3 db2 db1", "last_down": "db3", "missing": "", "down": "db1 db2 db3"}},
		"last is away": {rabbitWaits, rabbitSecond, "", "waiting down unseen", map[string]string{"order": "db2 db1", "last_down": "", "missing": "db3"}},
		// as read after a power cut from which db3 did not come back: db1 does not list itself, and is not the last for that
		"forgot itself": {strings.ReplaceAll(rabbitWaits, "saw_running rabbit@db1\nsaw_running rabbit@db2\nsaw_running rabbit@db3", "saw_running rabbit@db2"), strings.ReplaceAll(rabbitWaits, "node rabbit@db1", "node rabbit@db2"), "",
			"waiting waiting unseen", map[string]string{"order": "db1 db2", "last_down": "", "missing": "db3"}},
		"power cut":  {broker("1", strings.ReplaceAll(rabbitWaits, "db1\ncookie", "db@\ncookie")), strings.ReplaceAll(rabbitWaits, "node rabbit@db1", "node rabbit@db2"), strings.ReplaceAll(rabbitWaits, "node rabbit@db1", "node rabbit@db3"), "waiting waiting waiting", map[string]string{"last_down": "", "missing": ""}},
		"partition":  {parted("1", "db1 db2", "db3"), parted("2", "db1 db2", "db3"), parted("3", "db3", "db1 db2"), "parted parted parted", map[string]string{"keep": "db1 db2", "restart": "db3", "tie": "false"}},
		"each alone": {parted("1", "db1", "db2 db3"), parted("2", "db2", "db1 db3"), parted("3", "db3", "db1 db2"), "parted parted parted", map[string]string{"keep": "db1", "restart": "db2 db3", "tie": "true"}},
		"unseen gap": {parted("1", "db1 db2", ""), parted("2", "db1 db2", ""), parted("3", "db3", ""), "parted parted parted", map[string]string{"keep": "db1 db2", "restart": "db3"}},
		"disk alarm": {full("1"), full("2"), full("3"), "disk fine fine", map[string]string{"with_disk": "db1", "sick": "db1"}},
		"cookie": {fine("1"), fine("2"), strings.ReplaceAll(rabbitLast, "5b06537e5e08", "aaaaaaaaaaaa"), "fine fine cookie",
			map[string]string{"with_cookie": "db3", "good_cookie": "db1", "down": ""}},
		"other name": {fine("1"), fine("2"), "installed yes\nstate failed\nnode rabbit@db3\ncookie 5b06537e5e08\nother_name rabbit@old3\nanswers no\n", "fine fine name", map[string]string{"with_name": "db3"}},
		"outside": {fine("1"), fine("2"), "installed yes\nstate active\nnode rabbit@db3\ncookie 5b06537e5e08\nmember rabbit@db3\nbooted yes\nrunning rabbit@db3\n", "fine fine outside",
			map[string]string{"outside": "db3"}},
		"forgotten": {strings.ReplaceAll(parted("1", "db1 db2", ""), "member rabbit@db3\n", ""), strings.ReplaceAll(parted("2", "db1 db2", ""), "member rabbit@db3\n", ""), rabbitLast,
			"fine fine forgotten", map[string]string{"outside": "db3", "down": "", "sick": "db3"}},
		"seen without it": {parted("1", "db1 db2", ""), parted("2", "db1 db2", ""), "installed yes\nstate active\nnode rabbit@db3\ncookie 5b06537e5e08\nmember rabbit@db3\nbooted yes\nrunning rabbit@db3\n",
			"fine fine outside", map[string]string{"outside": "db3", "restart": "", "sick": "db3"}},
		"up under another name": {parted("1", "db1 db2", ""), parted("2", "db1 db2", ""),
			"installed yes\nstate active\nnode rabbit@localhost\ncookie 5b06537e5e08\nmember rabbit@localhost\nother_name rabbit@db3\nbooted yes\nrunning rabbit@localhost\n",
			"fine fine name", map[string]string{"with_name": "db3", "outside": "", "sick": "db3"}},
		"an old name, nobody's": {fine("1"), fine("2"), "installed yes\nstate active\nnode rabbit@db3\ncookie 5b06537e5e08\nmember rabbit@db3\nother_name rabbit@older\nbooted yes\nrunning rabbit@db3\n",
			"fine fine outside", map[string]string{"with_name": "", "outside": "db3"}},
		"all down": {strings.ReplaceAll(rabbitWaits, "activating", "inactive"), rabbitSecond, rabbitLast, "down down down", map[string]string{"last_down": "db3"}},
	} {
		t.Run(name, func(t *testing.T) {
			hosts := map[string]map[string]steps.Value{}
			for host, printed := range map[string]string{"db1": c.db1, "db2": c.db2, "db3": c.db3} {
				if hosts[host] = nil; printed != "" {
					hosts[host] = read(t, "rabbitmq-recovery", "look", printed)
				}
			}
			out := judged(t, "rabbit.classify", hosts, nil)
			if got := verdict(out, "db1") + " " + verdict(out, "db2") + " " + verdict(out, "db3"); got != c.verdicts {
				t.Errorf("verdicts are %s, want %s", got, c.verdicts)
			}
			for let, want := range c.lets {
				if got := list(t, out, let); got != want {
					t.Errorf("%s is %q, want %q", let, got, want)
				}
			}
		})
	}
}

// TestAMQPUnreachable: the brokers come first, and a service's own account before the network.
func TestAMQPUnreachable(t *testing.T) {
	ok := "10.77.0.11 ok\n10.77.0.12 ok\n"
	for name, c := range map[string]struct{ talks, urls, broker, cause string }{
		"well":        {ok, "url db1\nknown_account yes\n", broker("1", rabbitFine), "fine"},
		"no account":  {strings.ReplaceAll(ok, "ok", "denied"), "known_account no\n", broker("1", rabbitFine), "fine"},
		"refused":     {strings.ReplaceAll(ok, "ok", "denied"), "url db1\nknown_account yes\n", broker("1", rabbitFine), "account"},
		"no rights":   {strings.ReplaceAll(ok, "ok", "barred"), "url db1\nknown_account yes\n", broker("1", rabbitFine), "rights"},
		"hangs up":    {"10.77.0.11 error closed\n", "known_account no\n", broker("1", rabbitFine), "way"},
		"other name":  {ok, "url controller1=10.77.0.11\nknown_account yes\n", broker("1", rabbitFine), "fine"},
		"broker down": {strings.ReplaceAll(ok, "ok", "refused"), "known_account no\n", rabbitLast, "broker"},
		"alarm":       {ok, "known_account no\n", broker("1", rabbitFine) + "alarm disk@db1\n", "broker"},
		"firewall":    {"10.77.0.11 silent\n", "known_account no\n", broker("1", rabbitFine), "way"},
		"proxied":     {ok, "url 192.0.2.7\nknown_account yes\n", broker("1", rabbitFine), "proxied"},
	} {
		client := merged(read(t, "amqp-unreachable", "logins", c.talks), read(t, "amqp-unreachable", "urls", c.urls))
		db1 := merged(read(t, "amqp-unreachable", "brokers", c.broker), read(t, "amqp-unreachable", "logins", "10.77.0.11 ok\n"), read(t, "amqp-unreachable", "urls", "known_account no\n"))
		out := judged(t, "amqp.unreachable", map[string]map[string]steps.Value{"cl1": client, "db1": db1}, map[string]any{"brokers": []any{"db1"}, "names": []any{"db1", "10.77.0.11"}})
		if got := list(t, out, "cause"); got != c.cause {
			t.Errorf("%s: cause is %s, want %s", name, got, c.cause)
		}
		saysWrong(t, out, "amqp-unreachable")
	}
}
