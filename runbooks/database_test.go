package runbooks_test

import (
	"strings"
	"testing"

	"stackhand/steps"
)

// What mariadb-look.sh printed on practice hosts with MariaDB 10.11, recorded.
const (
	mariadbRuns = `installed yes
unit mariadb
state active
enabled enabled
bind 10.77.93.12
bind_here yes
data /var/lib/mysql
initialised yes
empty no
openstack keystone
used 22
free_mib 73059
mount /
inodes 4
read_only no
galera yes
last 
`
	// bind-address is not on the host, and MariaDB runs all the same: it binds with IP_FREEBIND.
	mariadbElsewhere = `installed yes
unit mariadb
state active
enabled enabled
bind 10.77.93.200
bind_here no
bind_file /etc/mysql/mariadb.conf.d/99-x.cnf
data /var/lib/mysql
initialised yes
empty no
openstack keystone
used 22
free_mib 73047
mount /
inodes 4
read_only no
galera yes
last 2026-11-21 13:45:33 2 [ERROR] WSREP: Application state transfer failed. This is unrecoverable condition, restart required.
`
	mariadbOption = `installed yes
unit mariadb
state activating
enabled enabled
bind 10.77.93.200
bind_here no
bind_file /etc/mysql/mariadb.conf.d/99-x.cnf
data /var/lib/mysql
initialised yes
empty no
openstack keystone
used 22
free_mib 73058
mount /
inodes 4
read_only no
bad_option wsrep_nonsense=3
bad_file /etc/mysql/mariadb.conf.d/99-x.cnf
galera yes
last 2026-11-21 13:45:33 2 [ERROR] WSREP: Application state transfer failed. This is unrecoverable condition, restart required.
`
)

func TestMariaDBCause(t *testing.T) {
	stopped := strings.ReplaceAll(mariadbRuns, "state active", "state failed")
	for name, c := range map[string]struct{ printed, verdict, let string }{
		"runs":              {mariadbRuns, "fine", ""},
		"not installed":     {"installed no\n", "none", ""},
		"silent":            {"", "unseen", ""},
		"elsewhere":         {mariadbElsewhere, "address", "with_address"},
		"option first":      {mariadbOption, "option", "with_option"},
		"option, runs":      {mariadbRuns + "bad_option x=1\n", "option", "with_option"},
		"full":              {strings.ReplaceAll(stopped, "free_mib 73059", "free_mib 0"), "disk", "with_disk"},
		"full, still up":    {strings.ReplaceAll(mariadbRuns, "free_mib 73059", "free_mib 3"), "disk", "with_disk"},
		"no inodes":         {strings.ReplaceAll(stopped, "inodes 4", "inodes 100"), "disk", "with_disk"},
		"read-only":         {strings.ReplaceAll(stopped, "read_only no", "read_only yes"), "read_only", "stuck"},
		"owner":             {stopped + "wrong_owner /var/lib/mysql/ibdata1\n", "owner", "with_owner"},
		"owner, runs":       {mariadbRuns + "wrong_owner /var/lib/mysql/x\n", "fine", ""},
		"fresh":             {"installed yes\nstate failed\nbind_here yes\ninitialised no\nempty yes\nfree_mib 900\n", "uninitialised", "with_data"},
		"half":              {"installed yes\nstate failed\nbind_here yes\ninitialised no\nempty no\nfree_mib 900\n", "uninitialised", "with_data"},
		"openstack in it":   {"installed yes\nstate failed\nbind_here yes\ninitialised no\nempty no\nopenstack nova\nfree_mib 900\n", "data", "stuck"},
		"not mounted":       {"installed yes\nstate failed\nbind_here yes\nunmounted /var/lib/mysql\ninitialised no\nempty yes\nfree_mib 900\n", "unmounted", "stuck"},
		"port":              {stopped + "port_taken haproxy\n", "port", "with_port"},
		"waits for cluster": {stopped + "cluster_waits yes\n", "cluster", "waiting"},
		"damaged":           {stopped + "damaged yes\ncluster_waits yes\n", "damaged", "stuck"},
		"left its cluster":  {mariadbRuns + "wsrep Inconsistent\n", "inconsistent", "with_copy"},
		"in its cluster":    {mariadbRuns + "wsrep Synced\nunapplied 3\n", "fine", ""},
		"unknown":           {stopped, "unknown", "stuck"},
	} {
		facts := map[string]steps.Value(nil)
		if c.printed != "" {
			facts = read(t, "mariadb-will-not-start", "look", c.printed)
		}
		out := judged(t, "mariadb.cause", map[string]map[string]steps.Value{"db2": facts}, nil)
		if got := verdict(out, "db2"); got != c.verdict {
			t.Errorf("%s: verdict is %s, want %s", name, got, c.verdict)
		}
		for _, let := range []string{"with_option", "with_disk", "with_owner", "with_address", "with_port", "with_data", "with_copy", "waiting", "stuck"} {
			if got := list(t, out, let); (got == "db2") != (let == c.let) {
				t.Errorf("%s: %s is %q", name, let, got)
			}
		}
		if got := list(t, out, "sick"); (got == "db2") != (c.let != "") {
			t.Errorf("%s: sick is %q", name, got)
		}
	}
}

func TestDBBlocked(t *testing.T) {
	server := "limit\t5\nskip_names\t0\nwsrep_local_state_comment\tSynced\n"
	for name, c := range map[string]struct {
		logins, knocks, counted            string
		verdict, cause, blocked, strangers string
		proxies, scripts                   string
	}{
		"nobody":        {"10.77.0.11 ok\n10.77.0.12 denied\n", "haproxy mariadb http\n", "", "fine", "", "", "", "", ""},
		"not reached":   {"10.77.0.11 silent\n", "", "", "fine", "", "", "", "", ""},
		"greeting":      {"10.77.0.11 blocked\n10.77.0.12 denied\n", "haproxy galera greeting\n", "", "blocked", "greeting", "cl1", "", "cl1", ""},
		"bare test":     {"10.77.0.11 blocked\n", "haproxy galera tcp\n", "", "blocked", "tcp", "cl1", "", "cl1", ""},
		"script":        {"10.77.0.11 blocked\n", "haproxy galera tcp\nscript /etc/keepalived/check.sh\n", "", "blocked", "script", "cl1", "", "cl1", "cl1:/etc/keepalived/check.sh"},
		"no cause":      {"10.77.0.11 blocked\n", "", "", "blocked", "unknown", "cl1", "", "", ""},
		"soon":          {"10.77.0.11 ok\n", "haproxy galera greeting\n", "", "knocking", "greeting", "", "", "cl1", ""},
		"somebody else": {"10.77.0.11 ok\n", "", "counted\t198.51.100.7=9\ncounted\t10.77.0.14=9\n", "fine", "", "", "198.51.100.7", "", ""},
	} {
		cl1 := merged(read(t, "db-host-blocked", "logins", c.logins), read(t, "db-host-blocked", "knockers", c.knocks))
		db1 := merged(read(t, "db-host-blocked", "logins", "10.77.0.11 ok\n"), read(t, "db-host-blocked", "knockers", ""), read(t, "db-host-blocked", "servers", server+c.counted))
		out := judged(t, "dbblocked.cause", map[string]map[string]steps.Value{"cl1": cl1, "db1": db1, "net1": nil}, map[string]any{"addresses": []any{"10.77.0.11", "10.77.0.14"}})
		cause, _ := out.Hosts["cl1"].Facts["cause"].V.(string)
		if verdict(out, "cl1") != c.verdict || cause != c.cause || verdict(out, "net1") != "unseen" {
			t.Errorf("%s: %s %q, net1 %s", name, verdict(out, "cl1"), cause, verdict(out, "net1"))
		}
		for let, want := range map[string]string{"blocked": c.blocked, "strangers": c.strangers, "proxies": c.proxies, "scripts": c.scripts} {
			if got := list(t, out, let); got != want {
				t.Errorf("%s: %s is %q, want %q", name, let, got, want)
			}
		}
	}
}

func TestDBUnreachable(t *testing.T) {
	up := "answers yes\nmost 512\naddress 10.77.0.11\nThreads_connected 4\nbind_here yes\n"
	front := "haproxy active\nkeepalived active\nholds yes\nserver db1=UP/L7OK\n"
	for name, c := range map[string]struct {
		server, front, second, direct, through string
		cause                                  string
	}{
		"well":             {up, front, "holds no\n", "10.77.0.11 ok\n10.77.0.100 ok\n", "10.77.0.100 ok\n", "fine"},
		"HAProxy off":      {up, "haproxy inactive\nkeepalived active\nholds no\n", "holds no\n", "10.77.0.11 ok\n10.77.0.100 silent\n", "10.77.0.100 silent\n", "proxy"},
		"none at console":  {up, front, "haproxy none\nkeepalived none\nholds no\n", "10.77.0.11 ok\n", "10.77.0.100 ok\n", "fine"},
		"one of two off":   {up, front, "haproxy inactive\nkeepalived none\nholds no\n", "10.77.0.11 ok\n", "10.77.0.100 ok\n", "proxy"},
		"address nowhere":  {up, "haproxy active\nkeepalived inactive\nholds no\n", "holds no\n", "10.77.0.11 ok\n", "10.77.0.100 silent\n", "address"},
		"address twice":    {up, front, "holds yes\n", "10.77.0.11 ok\n", "10.77.0.100 ok\n", "twice"},
		"no server":        {up, strings.ReplaceAll(front, "UP/L7OK", "DOWN/L7STS"), "holds no\n", "10.77.0.11 ok\n", "10.77.0.100 error\n", "backends"},
		"firewall":         {up, front, "holds no\n", "10.77.0.11 silent\n", "10.77.0.100 ok\n", "way"},
		"node down":        {"answers no\nbind_here yes\n", front, "holds no\n", "10.77.0.11 refused\n", "10.77.0.100 ok\n", "server"},
		"wrong address":    {strings.ReplaceAll(up, "bind_here yes", "bind_here no"), front, "holds no\n", "10.77.0.11 refused\n", "10.77.0.100 ok\n", "server"},
		"all taken":        {strings.ReplaceAll(up, "connected 4", "connected 513"), front, "holds no\n", "10.77.0.11 error 1040\n", "10.77.0.100 error\n", "full"},
		"root turned away": {"answers no\ntoo_many yes\nbind_here yes\n", front, "holds no\n", "10.77.0.11 error 1040\n", "10.77.0.100 error\n", "full"},
		"one at times":     {strings.ReplaceAll(up, "connected 4", "connected 512"), front, "holds no\n", "10.77.0.11 error 1040\n", "10.77.0.100 ok\n", "full"},
		"one is left":      {strings.ReplaceAll(up, "connected 4", "connected 512"), front, "holds no\n", "10.77.0.11 ok\n", "10.77.0.100 ok\n", "fine"},
		"blocked":          {up, front, "holds no\n", "10.77.0.11 blocked\n", "10.77.0.100 blocked\n", "blocked"},
		"hangs up":         {up, front, "holds no\n", "10.77.0.11 error closed\n", "10.77.0.100 ok\n", "way"},
	} {
		db1 := merged(read(t, "db-unreachable", "servers", c.server), read(t, "db-unreachable", "fronts", c.front), read(t, "db-unreachable", "logins", "10.77.0.11 ok\n"))
		cl1 := merged(read(t, "db-unreachable", "fronts", c.second), read(t, "db-unreachable", "logins", c.direct), read(t, "db-unreachable", "through", c.through))
		out := judged(t, "db.unreachable", map[string]map[string]steps.Value{"db1": db1, "cl1": cl1}, map[string]any{"databases": []any{"db1"}, "addresses": []any{"10.77.0.11"}, "fronted": true})
		if got := list(t, out, "cause"); got != c.cause {
			t.Errorf("%s: cause is %s, want %s", name, got, c.cause)
		}
		saysWrong(t, out, "db-unreachable")
	}
}
