package runbooks_test

import (
	"slices"
	"testing"

	"stackhand/internal/site"
	"stackhand/runbooks"
	"stackhand/steps"
)

// TestUrlsAtTheConsole: where the services of a silent host look for the broker is judged as if it had been read there.
func TestUrlsAtTheConsole(t *testing.T) {
	args := map[string]any{"brokers": []any{"ctl1"}, "names": []any{"ctl1", "10.77.0.11"}}
	for said, want := range map[string]string{
		"10.77.0.11": "fine", "ctl1": "fine", "rabbit.example=10.77.0.11": "fine", "-": "fine",
		"10.77.0.100": "proxied", "vip": "proxied", "10.77.0.11, vip": "proxied",
	} {
		out := judged(t, "amqp.unreachable", map[string]map[string]steps.Value{
			"ctl1": typed(t, "amqp-unreachable", "brokers", map[string]string{"installed": "yes", "state": "active", "booted": "yes"}),
			"ctl2": merged(typed(t, "amqp-unreachable", "logins", map[string]string{"talks": "10.77.0.11 open"}),
				typed(t, "amqp-unreachable", "urls", map[string]string{"urls": said}))}, args)
		if verdict(out, "ctl2") != want || list(t, out, "cause") != want {
			t.Errorf("%q is %s, cause %s", said, verdict(out, "ctl2"), list(t, out, "cause"))
		}
	}
	refuses(t, "amqp-unreachable", "urls", "urls", "", "rabbit://user:word@10.77.0.11:5672/", "user@ctl1", "ctl1=ctl2", "10.77.0.11 10.77.0.12")
}

func TestTablesAtTheConsole(t *testing.T) {
	if v := typed(t, "amqp-unreachable", "rules", map[string]string{"rules": "-A_INPUT_-p_tcp_-m_tcp_--dport_5672_-j_DROP, _tcp_dport_{_5671_5672_}_drop"})["rules"]; len(v.V.([]any)) != 2 {
		t.Errorf("rules: %+v", v)
	}
	if v := typed(t, "amqp-unreachable", "rules", map[string]string{"rules": "-"})["rules"]; len(v.V.([]any)) != 0 {
		t.Errorf("no rules: %+v", v)
	}
	refuses(t, "amqp-unreachable", "rules", "rules", "", "-A INPUT -j DROP", "차단됨")
	said := "12\tnova@10.77.0.11\t3\tasleep, 2 unauthenticated user@connecting host 0 asleep, 1 root@localhost 0 asleep, 1 system user@ 0 asleep"
	if v := typed(t, "db-unreachable", "who", map[string]string{"connected": said})["connected"].V.([]any); len(v) != 4 || v[0] != "12 nova@10.77.0.11 3 asleep" {
		t.Errorf("connected: %v", v)
	}
	refuses(t, "db-unreachable", "who", "connected", "", "nova 12", "ERROR 1040 (HY000)", "12 nova 3 asleep")
}

// TestRoomAtTheConsole: the numbers of a silent database node count in the proof that there is room.
func TestRoomAtTheConsole(t *testing.T) {
	facts := typed(t, "pool-full", "room", map[string]string{"most": "151", "used": "140", "old_work": "0"})
	if facts["most"].V != 151 || facts["used"].V != 140 || facts["old_work"].V != 0 {
		t.Errorf("%+v", facts)
	}
	refuses(t, "pool-full", "room", "most", "", "-", "0", "max_connections", "151.0")
	refuses(t, "pool-full", "room", "used", "", "-", "Threads_connected 140")
	refuses(t, "pool-full", "room", "old_work", "", "none")
}

// TestKnockersAtTheConsole: what knocks at the database from a silent host is its cause, as if it had been read there.
func TestKnockersAtTheConsole(t *testing.T) {
	for _, c := range []struct{ knocks, cause, proxies, scripts string }{
		{"haproxy galera greeting", "greeting", "cl1", ""}, {"haproxy galera tcp", "tcp", "cl1", ""},
		{"haproxy galera login, haproxy other http, haproxy third none", "unknown", "", ""}, {"-", "unknown", "", ""},
		{"haproxy galera tcp, script /etc/keepalived/check.sh", "script", "cl1", "cl1:/etc/keepalived/check.sh"},
	} {
		out := judged(t, "dbblocked.cause", map[string]map[string]steps.Value{
			"cl1": merged(typed(t, "db-host-blocked", "logins", map[string]string{"blocked_at": "10.77.0.11", "welcome_at": "-", "refused_at": "-"}),
				typed(t, "db-host-blocked", "knockers", map[string]string{"knocks": c.knocks})),
			"db1": typed(t, "db-host-blocked", "servers", map[string]string{"limit": "100"})}, map[string]any{"addresses": []any{"10.77.0.11", "10.77.0.14"}})
		if cause := out.Hosts["cl1"].Facts["cause"].V; cause != c.cause || verdict(out, "cl1") != "blocked" {
			t.Errorf("%q: %s, cause %v", c.knocks, verdict(out, "cl1"), cause)
		}
		if list(t, out, "proxies") != c.proxies || list(t, out, "scripts") != c.scripts {
			t.Errorf("%q: proxies %q, scripts %q", c.knocks, list(t, out, "proxies"), list(t, out, "scripts"))
		}
	}
	refuses(t, "db-host-blocked", "knockers", "knocks", "", "galera greeting", "haproxy galera", "haproxy galera slow", "script check.sh", "script /usr/local/bin/a file")
	if v := typed(t, "db-host-blocked", "proxy", map[string]string{"console_state": "active"})["console_state"]; v.V != "active" {
		t.Errorf("%+v", v)
	}
	refuses(t, "db-host-blocked", "proxy", "console_state", "", "failed", "inactive")
}

// TestOnlyHostsThatCountAreAskedAbout: a card that not every silent host gets is for those whose value can change something.
func TestOnlyHostsThatCountAreAskedAbout(t *testing.T) {
	talks := func(said ...any) map[string]any { return map[string]any{"talks": said} }
	at := func(said ...any) map[string]any { return map[string]any{"blocked_at": said} }
	up := map[string]any{"booted": "yes"}
	for _, c := range []struct {
		runbook, step, host string
		facts               map[string]map[string]any
		want                bool
	}{
		{"amqp-unreachable", "urls", "ctl1", map[string]map[string]any{"ctl1": talks("10.0.0.1 open")}, true},
		{"amqp-unreachable", "urls", "ctl1", nil, false},                                              // gone without, or passed over
		{"amqp-unreachable", "urls", "cmp1", map[string]map[string]any{"cmp1": talks("x ok")}, false}, // a flood
		{"amqp-unreachable", "rules", "ctl1", map[string]map[string]any{"ctl1": talks("10.0.0.1 open")}, false},
		{"amqp-unreachable", "rules", "ctl1", map[string]map[string]any{"ctl1": talks("10.0.0.1 open", "10.0.0.2 silent")}, true},
		{"amqp-unreachable", "rules", "db1", map[string]map[string]any{"db1": up, "cmp1": talks("10.0.0.1 refused")}, true},
		{"amqp-unreachable", "rules", "db1", map[string]map[string]any{"db1": up, "cmp1": talks("10.0.0.1 ok")}, false},
		{"amqp-unreachable", "rules", "db1", map[string]map[string]any{"cmp1": talks("10.0.0.1 silent")}, false},
		{"amqp-unreachable", "rules", "cmp1", map[string]map[string]any{"cmp1": talks("10.0.0.1 silent")}, false},
		{"db-host-blocked", "knockers", "ctl1", map[string]map[string]any{"ctl1": at("10.0.0.1")}, true},
		{"db-host-blocked", "knockers", "ctl1", map[string]map[string]any{"ctl1": at(), "cmp1": at("10.0.0.1")}, true},
		{"db-host-blocked", "knockers", "ctl1", map[string]map[string]any{"ctl1": at()}, false},
		{"db-host-blocked", "knockers", "ctl1", map[string]map[string]any{"cmp1": at("10.0.0.1")}, false},
		{"db-host-blocked", "knockers", "cmp1", map[string]map[string]any{"cmp1": at("10.0.0.1")}, false},
	} {
		p, err := steps.Load(runbooks.Library(), c.runbook)
		if err != nil {
			t.Fatal(err)
		}
		sc := steps.Scope{Procedure: p, Site: consoleSite(), Lets: map[string]any{}, Fact: func(host, name string) steps.Value {
			if v, ok := c.facts[host][name]; ok {
				return steps.Value{V: v}
			}
			return steps.Value{Absent: steps.WhyUnreachable}
		}}
		s := p.Steps[slices.IndexFunc(p.Steps, func(s steps.Step) bool { return s.ID == c.step })]
		if got, err := s.Hand.When.About(c.host, sc); err != nil || got != c.want {
			t.Errorf("%s, %s of %s with %v: %v, %v", c.runbook, c.step, c.host, c.facts, got, err)
		}
	}
}

// TestWhoAsksForTheAnswer: a proxy that only its console reaches does not keep the others from being asked for.
func TestWhoAsksForTheAnswer(t *testing.T) {
	p, err := steps.Load(runbooks.Library(), "db-host-blocked")
	if err != nil {
		t.Fatal(err)
	}
	s := p.Steps[slices.IndexFunc(p.Steps, func(s steps.Step) bool { return s.ID == "answer" })]
	for silent, want := range map[string]string{"": "ctl1", "ctl1": "cmp1"} {
		sc := steps.Scope{Procedure: p, Site: consoleSite(), Lets: map[string]any{"proxies": []any{"ctl1"}, "lookers": []any{"cmp1"}},
			Reachable: func(host string) bool { return host != silent }}
		if on, err := s.Verify[0].On.Resolve(sc); err != nil || !slices.Equal(on, []string{want}) {
			t.Errorf("without %q: %v, %v", silent, on, err)
		}
	}
}

func consoleSite() *site.Site {
	host := func(name string, roles ...string) site.Host { return site.Host{Name: name, Roles: roles} }
	return &site.Site{Name: "test", Hosts: []site.Host{host("ctl1", "controller", "haproxy"), host("db1", "database", "broker"), host("cmp1", "compute")}}
}
