package runbooks_test

import (
	"slices"
	"strings"
	"testing"

	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// says evaluates the when or the proofs of a step; an error is a no.
func (f *flow) says(list ...steps.Expr) bool {
	f.t.Helper()
	for _, e := range list {
		if ok, err := e.Bool(f.sc); err != nil || !ok {
			return false
		}
	}
	return true
}

// refusesAll: none of the boxes of a card takes what is no answer to it.
func refusesAll(t *testing.T, runbook, step string, nonsense map[string][]string) {
	t.Helper()
	for name, list := range nonsense {
		refuses(t, runbook, step, name, list...)
	}
}

func proofs(s *steps.Step) (list []steps.Expr) {
	for _, p := range s.Prove {
		list = append(list, p.That)
	}
	return list
}

// TestRabbitRebuildCards: a broker that only its console reaches may show that nothing need be built anew. It is not built anew.
func TestRabbitRebuildCards(t *testing.T) {
	well := map[string]any{"installed": "yes", "booted": "yes", "node": "rabbit@db1", "parted_from": []any{}}
	for _, c := range []struct {
		booted, from string
		well         bool
	}{{"yes", "-", true}, {"no", "-", false}, {"yes", "rabbit@db1, rabbit@db2", false}} {
		f := newFlow(t, "rabbitmq-rebuild", "broker", map[string]map[string]any{"db1": well, "db2": well,
			"db3": plain(typed(t, "rabbitmq-rebuild", "look", map[string]string{"booted": c.booted, "parted_from": c.from}))})
		if got := f.says(f.step("not-this").When); got != c.well {
			t.Errorf("%+v: the brokers are well is %t", c, got)
		}
		if f.says(proofs(f.step("all-there"))...) {
			t.Errorf("%+v: a broker that SSH does not reach is there to be built anew", c)
		}
	}
	refusesAll(t, "rabbitmq-rebuild", "look", map[string][]string{"booted": {"", "true", "-"}, "parted_from": {"", "'rabbit@db-1'", "db1", "[rabbit@db1]"}})

	for said, want := range map[string]bool{"-": true, "192.0.2.12": false} {
		f := newFlow(t, "rabbitmq-rebuild", "broker", map[string]map[string]any{"db1": {"now_open": []any{"192.0.2.11"}, "still_shut": []any{}},
			"db2": plain(typed(t, "rabbitmq-rebuild", "after", map[string]string{"now_open": "192.0.2.11, 192.0.2.13", "still_shut": said}))})
		if got := f.says(proofs(f.step("proven"))...); got != want {
			t.Errorf("not reached from the console: %s; proven is %t", said, got)
		}
	}
	refusesAll(t, "rabbitmq-rebuild", "after", map[string][]string{"now_open": {"", "ctl1", "192.0.2.11 open"}, "still_shut": {"none"}})
}

// atConsole is what a broker's card gives where the operator types what rabbit-look.sh reads: each box takes its words.
func atConsole(t *testing.T, printed string, other map[string]string) map[string]steps.Value {
	t.Helper()
	over, values := read(t, "rabbitmq-recovery", "look", printed), map[string]string{}
	for _, name := range []string{"installed", "node", "state", "booted", "alarm", "running", "cookie", "member", "saw_running", "other_name"} {
		values[name] = "-"
		switch v := over[name].V.(type) {
		case string:
			values[name] = v
		case []any:
			if len(v) > 0 {
				values[name] = strings.ReplaceAll(list1(v), " ", ", ")
			}
		}
	}
	for name, text := range other {
		values[name] = text
	}
	return typed(t, "rabbitmq-recovery", "look", values)
}

// TestRabbitCardIsJudged: of a broker that only its console reaches the same is said as of one that is read over SSH.
func TestRabbitCardIsJudged(t *testing.T) {
	fine := func(n string) map[string]steps.Value {
		return read(t, "rabbitmq-recovery", "look", broker(n, rabbitFine))
	}
	over := func(printed string) map[string]steps.Value {
		return read(t, "rabbitmq-recovery", "look", printed)
	}
	last, well := rabbitLast+"booted no\n", broker("3", rabbitFine)
	alone := strings.NewReplacer("running rabbit@db1\n", "", "running rabbit@db2\n", "").Replace(well)
	cut := over(strings.ReplaceAll(broker("1", rabbitFine), "\nrunning rabbit@db3", ""))
	cut2 := over(strings.ReplaceAll(broker("2", rabbitFine), "\nrunning rabbit@db3", ""))
	forgot := func(n string) map[string]steps.Value {
		return over(strings.NewReplacer("member rabbit@db3\n", "", "running rabbit@db3\n", "").Replace(broker(n, rabbitFine)))
	}
	for name, c := range map[string]struct {
		db1, db2, db3 map[string]steps.Value
		verdicts      string
		lets          map[string]string
	}{
		"went down last": {over(rabbitWaits), over(rabbitSecond), atConsole(t, last, nil), "waiting down down",
			map[string]string{"last_down": "db3", "order": "db3 db2 db1", "missing": ""}},
		"nothing saw it": {over(rabbitWaits), over(rabbitSecond), atConsole(t, last, map[string]string{"saw_running": "-"}), "waiting down down", map[string]string{"last_down": ""}},
		"well":           {fine("1"), fine("2"), atConsole(t, well, nil), "fine fine fine", map[string]string{"sick": ""}},
		"disk alarm":     {fine("1"), fine("2"), atConsole(t, well+"alarm disk@db3\n", nil), "fine fine disk", map[string]string{"with_disk": "db3"}},
		"memory alarm":   {fine("1"), fine("2"), atConsole(t, well+"alarm memory@db3\n", nil), "fine fine memory", map[string]string{"with_memory": "db3"}},
		"another's":      {fine("1"), fine("2"), atConsole(t, well+"alarm disk@db1\n", nil), "fine fine fine", map[string]string{"with_disk": ""}},
		"partition":      {cut, cut2, atConsole(t, alone, nil), "parted parted parted", map[string]string{"keep": "db1 db2", "restart": "db3"}},
		"forgotten":      {forgot("1"), forgot("2"), atConsole(t, last, nil), "fine fine forgotten", map[string]string{"outside": "db3", "down": ""}},
		"cookie":         {fine("1"), fine("2"), atConsole(t, last, map[string]string{"cookie": "aaaaaaaaaaaa"}), "fine fine cookie", map[string]string{"with_cookie": "db3", "good_cookie": "db1"}},
		"other name": {fine("1"), fine("2"), atConsole(t, last, map[string]string{"node": "rabbit@localhost", "member": "-", "saw_running": "-", "other_name": "rabbit@db3"}),
			"fine fine name", map[string]string{"with_name": "db3", "down": ""}},
	} {
		out := judged(t, "rabbit.classify", map[string]map[string]steps.Value{"db1": c.db1, "db2": c.db2, "db3": c.db3}, nil)
		if got := verdict(out, "db1") + " " + verdict(out, "db2") + " " + verdict(out, "db3"); got != c.verdicts {
			t.Errorf("%s: verdicts are %s, want %s", name, got, c.verdicts)
		}
		for let, want := range c.lets {
			if got := list(t, out, let); got != want {
				t.Errorf("%s: %s is %q, want %q", name, let, got, want)
			}
		}
	}
	refusesAll(t, "rabbitmq-recovery", "look", map[string][]string{
		"installed": {"no", ""}, "node": {"db1", "'rabbit@db-1'"}, "state": {"unknown", "Active"}, "booted": {"true", "-"}, "alarm": {"disk", "resource_limit"},
		"running": {"db1", "[rabbit@db1]", ""}, "cookie": {"-", "5b06537e5e0", "ABCDEFGHIJKL"}, "member": {"{[rabbit@db1]"}, "saw_running": {""}, "other_name": {"none"},
	})
}

// TestRabbitCookieIsCopiedOverSSH: the good cookie comes from a host that SSH reaches, where there is one.
func TestRabbitCookieIsCopiedOverSSH(t *testing.T) {
	j, ok := judgements.Find(judgements.All(), "rabbit.classify")
	if !ok {
		t.Fatal("there is no judgement rabbit.classify")
	}
	for reached, want := range map[bool]string{true: "db1", false: "db2"} {
		in := judgements.Input{}
		for name, facts := range map[string]map[string]steps.Value{
			"db1": atConsole(t, broker("1", rabbitFine), nil), "db2": read(t, "rabbitmq-recovery", "look", broker("2", rabbitFine)),
			"db3": read(t, "rabbitmq-recovery", "look", strings.ReplaceAll(rabbitLast, "5b06537e5e08", "aaaaaaaaaaaa")),
		} {
			in.Hosts = append(in.Hosts, judgements.Host{Name: name, Reachable: name != "db1" || reached, Facts: facts})
		}
		slices.SortFunc(in.Hosts, func(x, y judgements.Host) int { return strings.Compare(x.Name, y.Name) })
		if got := list(t, j.Judge(in), "good_cookie"); got != want {
			t.Errorf("db1 is reached: %t; the good cookie is that of %s", reached, got)
		}
	}
}

// TestRabbitConsoleIsProven: a broker that was read at its console is not waited for over SSH, and is proven by what was typed
// there last. Of one that nobody read nothing is asked.
func TestRabbitConsoleIsProven(t *testing.T) {
	all, none := []any{"rabbit@db1", "rabbit@db2", "rabbit@db3"}, []any{}
	up := func(n string) map[string]any {
		return map[string]any{"installed": "yes", "booted": "yes", "node": "rabbit@db" + n, "running": all, "member": all, "parted_from": none, "alarm": none, "account": "yes",
			"silent_at": none, "talks_to": []any{"192.0.2.11"}}
	}
	const every = "rabbit@db1, rabbit@db2, rabbit@db3"
	for _, c := range []struct {
		booted, running, alarm, account, shut string
		proven                                bool
	}{
		{"yes", every, "-", "yes", "-", true},
		{"yes", every, "-", "yes", "192.0.2.11", false},
		{"yes", every, "-", "no", "-", false},
		{"yes", every, "disk@db3", "yes", "-", false},
		{"yes", "rabbit@db3", "-", "yes", "-", false},
		{"no", "-", "-", "yes", "-", false},
	} {
		open := "-"
		if c.shut == "-" {
			open = "192.0.2.11, 192.0.2.12"
		}
		db3 := merged(typed(t, "rabbitmq-recovery", "account", map[string]string{"account": c.account}),
			typed(t, "rabbitmq-recovery", "after", map[string]string{"talks_to": open, "silent_at": c.shut}),
			typed(t, "rabbitmq-recovery", "look-again", map[string]string{"installed": "yes", "node": "rabbit@db3", "booted": c.booted, "running": c.running, "alarm": c.alarm}))
		f := newFlow(t, "rabbitmq-recovery", "broker", map[string]map[string]any{"db1": up("1"), "db2": up("2"), "db3": plain(db3)})
		f.sc.Reachable = func(host string) bool { return host != "db3" }
		if got := f.says(proofs(f.step("proven"))...); got != c.proven {
			t.Errorf("%+v: proven is %t", c, got)
		}
		if !f.says(f.step("again").Wait.Until) {
			t.Errorf("%+v: it is waited for over SSH", c)
		}
	}

	for name, c := range map[string]struct {
		db3           map[string]any
		waits, asked  bool
		reached, name bool
	}{
		"typed, down":             {db3: plain(atConsole(t, rabbitLast+"booted no\n", nil)), asked: true},
		"silent, nobody read it":  {},
		"read over SSH, down":     {db3: map[string]any{"installed": "yes", "booted": "no"}, waits: true, asked: true, reached: true},
		"typed, the wrong name":   {db3: map[string]any{"installed": "yes", "booted": "yes", "other_name": []any{"rabbit@old"}}, asked: true, name: true},
		"silent since, the name":  {waits: true, name: true},
		"over SSH, the old name":  {db3: map[string]any{"installed": "yes", "booted": "yes", "other_name": []any{"rabbit@old"}}, waits: true, asked: true, reached: true, name: true},
		"over SSH, the name back": {db3: map[string]any{"installed": "yes", "booted": "yes", "other_name": none}, asked: true, reached: true, name: true},
	} {
		f := newFlow(t, "rabbitmq-recovery", "broker", map[string]map[string]any{"db1": up("1"), "db2": up("2"), "db3": c.db3})
		f.sc.Reachable = func(host string) bool { return host != "db3" || c.reached }
		f.sc.Lets["with_name"] = []any{}
		if c.name {
			f.sc.Lets["with_name"] = []any{"db3"}
		}
		if got := !f.says(f.step("all-up").Wait.Until); got != c.waits {
			t.Errorf("%s: it is waited for is %t", name, got)
		}
		for _, step := range []string{"account", "look-again"} {
			if got, err := f.step(step).Hand.When.About("db3", f.sc); err != nil && c.asked || got != c.asked {
				t.Errorf("%s: %s asks at its console: %t %v", name, step, got, err)
			}
		}
	}
	if !newFlow(t, "rabbitmq-recovery", "broker", nil).step("look").Absent {
		t.Error("the look cannot go on without a silent broker")
	}
	refusesAll(t, "rabbitmq-recovery", "account", map[string][]string{"account": {"openstack", "-", ""}})
	refusesAll(t, "rabbitmq-recovery", "after", map[string][]string{"talks_to": {"192.0.2.11 open", ""}, "silent_at": {"none"}})
	refusesAll(t, "rabbitmq-recovery", "look-again", map[string][]string{"installed": {"no"}, "node": {"db3"}, "booted": {"true"}, "alarm": {"disk"}, "running": {"none"}})
}

// TestRabbitAlarmCards: what fills a disk or a memory is typed as it is printed.
func TestRabbitAlarmCards(t *testing.T) {
	if v := typed(t, "rabbitmq-recovery", "biggest", map[string]string{"left_mib": "212"}); v["left_mib"].V != 212 || v["loose"].Absent == "" {
		t.Errorf("%+v", v)
	}
	refusesAll(t, "rabbitmq-recovery", "biggest", map[string][]string{"left_mib": {"212M", "-", "", "1.5"}})
	f := newFlow(t, "rabbitmq-recovery", "broker", map[string]map[string]any{"db1": plain(typed(t, "rabbitmq-recovery", "memory-look",
		map[string]string{"full": "notifications.info 48211\t0, notifications.error  1204 2"}))})
	f.sc.Host = "db1"
	if m := f.step("memory-look").Means[0]; m.Level != "bad" {
		t.Errorf("%+v", m)
	} else if ok, err := m.When.About("db1", f.sc); err != nil || !ok {
		t.Errorf("a queue that nobody reads: %t %v", ok, err)
	}
	refusesAll(t, "rabbitmq-recovery", "memory-look", map[string][]string{"full": {"notifications.info", "notifications.info 48211", "q 999 0", ""}})
}
