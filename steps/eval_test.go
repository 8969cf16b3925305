package steps

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"stackhand/internal/site"
)

func testSite() *site.Site {
	return &site.Site{
		Name:     "practice",
		Networks: map[string]string{"management": "192.0.2.0/24"},
		Hosts: []site.Host{
			{Name: "ctl1", Roles: []string{"controller", "database"}, Addresses: map[string]string{"management": "192.0.2.11", "tunnel": "198.51.100.11"}},
			{Name: "db2", Roles: []string{"database"}, Addresses: map[string]string{"management": "192.0.2.12"}},
			{Name: "db3", Roles: []string{"database"}, Addresses: map[string]string{"management": "192.0.2.13"}},
			{Name: "cmp1", Roles: []string{"compute"}, Addresses: map[string]string{"management": "192.0.2.21"}},
		},
		Virtual: []site.VirtualAddress{{Name: "api", Address: "192.0.2.100"}},
	}
}

func testScope() Scope {
	facts := map[string]map[string]Value{
		"ctl1": {"seqno": {V: 5}, "uuid": {V: "a"}, "primary": {V: true}},
		"db2":  {"seqno": {V: 7}, "uuid": {V: "a"}, "primary": {V: false}},
		"db3":  {"seqno": {Absent: WhyNoMatch}, "uuid": {Absent: WhyFailed}},
	}
	dflt := "3"
	return Scope{
		Procedure: &Procedure{Params: []Param{{Name: "port", Type: Int, Default: &dflt}, {Name: "tls", Type: Bool}, {Name: "pass", Type: Secret}, {Name: "server", Type: String}}},
		Site:      testSite(),
		Params:    map[string]string{"port": "3306", "tls": "true", "server": "ntp.example", "pass": "must not be seen"},
		Lets:      map[string]any{"newest": "db2", "order": []any{"ctl1", "db2"}},
		Fact: func(host, name string) Value {
			if v, ok := facts[host][name]; ok {
				return v
			}
			return Value{Absent: WhyNotRead}
		},
		Reachable: func(h string) bool { return h != "db3" },
		Platforms: map[string]string{"ctl1": "debian-12"},
		Host:      "ctl1",
		Item:      "disk1",
		Values:    map[string]Value{"rows": {V: 12}, "lag": {Absent: WhyEmpty}},
		Before:    map[string]Value{"rows": {V: 10}},
		Run:       "r1",
	}
}

func TestEval(t *testing.T) {
	for _, tc := range []struct {
		expr string
		want any
	}{
		{`port + 1`, 3307},
		{`tls and port == 3306`, true},
		{`host.name`, "ctl1"},
		{`host.address.management`, "192.0.2.11"},
		{`hosts.database[0].seqno == 5`, true},
		{`hosts.database[1].name`, "db2"},
		{`map(hosts.database, .name)`, []any{"ctl1", "db2", "db3"}},
		{`map(hosts.database, #.name)`, []any{"ctl1", "db2", "db3"}},
		{`filter(hosts.database, .reachable)`, []any{"ctl1", "db2"}},
		{`known(hosts.database[2], "seqno")`, false},
		{`known(host, "seqno")`, true},
		{`known(hosts.database, "uuid")`, []any{"a", "a"}},
		{`count(unique(known(hosts.database, "uuid"))) == 1`, true},
		{`why(hosts.database[2], "seqno")`, "no-match"},
		{`why(host, "seqno")`, ""},
		{`why(hosts.compute[0], "seqno")`, "not-read"},
		{`all(filter(hosts.database, known(#, "seqno")), .seqno >= 5)`, true},
		{`any(hosts.database, .primary)`, true}, // stops at the first
		{`count(hosts.database, .name startsWith "db")`, 2},
		{`count(hosts.database)`, 3},
		{`none(hosts.compute, .reachable == false)`, true},
		{`len(hosts.all)`, 4},
		{`hosts.storage`, []any{}},
		{`newest in map(hosts.database, .name)`, true},
		{`host in hosts.database`, true},
		{`host == "ctl1"`, true},
		{`host != hosts.database[1]`, true},
		{`rows >= before.rows`, true},
		{`known(before, "rows")`, true},
		{`item == "disk1"`, true},
		{`max(map(filter(hosts.database, known(#, "seqno")), .seqno))`, 7},
		{`sortBy(filter(hosts.database, known(#, "seqno")), .seqno, "desc")[0].name`, "db2"},
		{`find(hosts.database, .name == newest).seqno`, 7},
		{`reduce(1..4, #acc + #)`, 10},
		{`let n = len(hosts.database); n == 3 ? "three" : "other"`, "three"},
		{`host.platform startsWith "debian"`, true},
		{`site.networks.management`, "192.0.2.0/24"},
		{`site.virtual.api`, "192.0.2.100"},
		{`len(site.addresses) > 0 and "192.0.2.100" in site.addresses`, true},
		{`join(map(hosts.database, .address.management), ",")`, "192.0.2.11,192.0.2.12,192.0.2.13"},
		{`map(1..3, #)`, []any{1, 2, 3}},
		{`3 in 1..3`, true},
		{`hosts.database | filter(.reachable) | map(.name)`, []any{"ctl1", "db2"}},
		{`server matches "^ntp"`, true},
		{`"a" in host.roles`, false},
		{`order[-1]`, "db2"},
		{`hosts.database[0:2]`, []any{"ctl1", "db2"}},
		{`split("a,b", ",") == ["a", "b"]`, true},
		{`2.0 == 2`, true},
	} {
		got, err := Expr{Text: tc.expr, Line: 7, Col: 3}.Eval(testScope())
		if err != nil {
			t.Errorf("%s: %v", tc.expr, err)
		} else if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s = %#v, want %#v", tc.expr, got, tc.want)
		}
	}
}

// An absent fact is never false, however it is touched.
func TestAbsentIsNeverFalse(t *testing.T) {
	for _, text := range []string{
		`hosts.database[2].seqno == 5`,
		`hosts.database[2].seqno != 5`,
		`not (hosts.database[2].seqno == 5)`,
		`hosts.database[2].seqno > 5`,
		`hosts.database[2]["seqno"] == 5`,
		`hosts.database[2]?.seqno == 5`,
		`hosts.database[2].seqno ?? 0`,
		`hosts.database[2].seqno in [1, 2]`,
		`hosts.database[2].seqno == nil`,
		`hosts.database[2].neverread`,
		`all(hosts.database, .seqno == 5 or .seqno == 7)`,
		`any(hosts.database, .seqno == 99)`,
		`filter(hosts.database, .seqno == 5)`,
		`map(hosts.database, .seqno)`,
		`count(hosts.database, .seqno == 5)`,
		`let h = hosts.database[2]; h.seqno == 5`,
		`(true ? hosts.database[2] : host).seqno == 5`,
		`host.address.storage == ""`,
		`hosts.compute[0].platform == "debian-12"`,
		`lag == 1`,
		`before.lag == 1`,
		`hosts.database | any(.uuid == "b")`,
	} {
		v, err := Expr{Text: text}.Eval(testScope())
		var absent *AbsentError
		if !errors.As(err, &absent) {
			t.Errorf("%s = %v, %v; want an AbsentError", text, v, err)
		}
	}
	_, err := Expr{Text: `hosts.database[2].seqno`}.Eval(testScope())
	var absent *AbsentError
	if errors.As(err, &absent); *absent != (AbsentError{"db3", "seqno", WhyNoMatch}) {
		t.Errorf("got %+v", absent)
	}
}

// What is a mistake is an error and no value, with its place in the file.
func TestEvalRefuses(t *testing.T) {
	for _, tc := range []struct{ expr, why string }{
		{`all(hosts.storage, .reachable)`, "empty list"},
		{`none(hosts.storage, .reachable)`, "empty list"},
		{`all([], true)`, "empty list"},
		{`nosuch == 1`, "nosuch"},
		{`"5" == port`, "compared"},
		{`host.seqno == "5"`, "compared"},
		{`host.seqno in ["5"]`, "compared"},
		{`pass == "x"`, "pass"},
		{`get(host, "seqno")`, "get"},
		{`now()`, "now"},
		{`toJSON(host)`, "toJSON"},
		{`"seqno" in host`, "in wants a list"},
		{`hosts.database.seqno`, "a list has no field"},
		{`hosts.database[9].seqno`, "not among them"},
		{`host.seqno.deeper`, "no field"},
		{`len(1..100000000)`, "memory"},
		{`groupBy(hosts.all, .name)["ctl1"]`, ""},
		{`let r = 1..1000; all(r, all(r, all(r, all(r, true))))`, "too often"},
		{`reduce(1..9, #acc + `, "unexpected"},
		{strings.Repeat("1+", 600) + "1", "nodes"},
		{strings.Repeat("(", 4000), ""},
		{strings.Repeat(" ", 9000) + "1", "too long"},
		{`site.networks.nosuch`, "nosuch"},
	} {
		v, err := Expr{Text: tc.expr, Line: 7, Col: 3}.Eval(testScope())
		if err == nil || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%.60s = %v, %.200v; want an error with %q", tc.expr, v, err, tc.why)
		}
	}
	_, err := Expr{Text: "tls and\n  nosuch", Line: 7, Col: 3}.Bool(testScope())
	var ee *ExprError
	if !errors.As(err, &ee) || ee.Line != 8 || ee.Col != 3 {
		t.Errorf("place of nosuch: %+v", ee)
	}
	if _, err := (Expr{Text: "port"}).Bool(testScope()); err == nil {
		t.Error("a number as a condition")
	}
	if _, err := (Expr{Text: "port"}).List(testScope()); err == nil {
		t.Error("a number as a list")
	}
	if _, err := (Expr{Text: `[1, "a b"]`}).String(testScope()); err == nil {
		t.Error("a list whose items cannot be told apart")
	}
	if s, err := (Expr{Text: `hosts.database`}).String(testScope()); err != nil || s != "ctl1 db2 db3" {
		t.Errorf("%q, %v", s, err)
	}
}

func TestHostSet(t *testing.T) {
	sc := testScope()
	for _, tc := range []struct {
		set  HostSet
		want string
	}{
		{HostSet{Roles: []string{"database"}}, "ctl1 db2 db3"},
		{HostSet{Roles: []string{"compute", "database"}}, "ctl1 db2 db3 cmp1"},
		{HostSet{Roles: []string{"all"}}, "ctl1 db2 db3 cmp1"},
		{HostSet{Roles: []string{"database"}, Where: Expr{Text: ".reachable and not .primary"}}, "db2"},
		{HostSet{Roles: []string{"database"}, Where: Expr{Text: "host.reachable"}}, "ctl1 db2"},
		{HostSet{Roles: []string{"database"}, Where: Expr{Text: "known(#, 'seqno') // those that know"}}, "ctl1 db2"},
		{HostSet{Roles: []string{"database"}, Where: Expr{Text: "false"}}, ""},
		{HostSet{Expr: Expr{Text: "newest"}}, "db2"},
		{HostSet{Expr: Expr{Text: "[newest, 'ctl1', 'db2']"}}, "ctl1 db2"},
		{HostSet{Expr: Expr{Text: "filter(hosts.database, .reachable)"}}, "ctl1 db2"},
	} {
		got, err := tc.set.Resolve(sc)
		if err != nil || strings.Join(got, " ") != tc.want {
			t.Errorf("%+v: %v, %v; want %s", tc.set, got, err, tc.want)
		}
	}
	for _, set := range []HostSet{
		{Roles: []string{"storage"}},
		{Expr: Expr{Text: "[]"}},
	} {
		if got, err := set.Resolve(sc); !errors.Is(err, ErrNoHosts) {
			t.Errorf("%+v: %v, %v", set, got, err)
		}
	}
	var absent *AbsentError
	if got, err := (HostSet{Roles: []string{"database"}, Where: Expr{Text: ".primary"}}).Resolve(sc); !errors.As(err, &absent) {
		t.Errorf("an absent fact in where: %v, %v", got, err)
	}
	if got, err := (HostSet{Expr: Expr{Text: "'nobody'"}}).Resolve(sc); err == nil {
		t.Errorf("a host that is none: %v", got)
	}
	sc.Procedure = &Procedure{Needs: map[string]string{"storage": "0+"}}
	if got, err := (HostSet{Roles: []string{"storage"}}).Resolve(sc); err != nil || len(got) != 0 {
		t.Errorf("0+: %v, %v", got, err)
	}
}
