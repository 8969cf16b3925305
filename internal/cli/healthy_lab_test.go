package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/run"
	"stackhand/runbooks"
	"stackhand/steps"
)

// routers are the runbooks that want network nodes; the galera set has none.
func routers() []string { return []string{"lbaas-duplicate-namespace", "proxy-arp-lost"} }

// TestEveryRunbookIsTriedOnAHealthySite: between the two practice sets, whose client stands in for a
// compute host, no runbook of the library is left out.
func TestEveryRunbookIsTriedOnAHealthySite(t *testing.T) {
	galera, network := []string{"controller", "database", "broker", "haproxy", "compute"}, []string{"network", "compute"}
	for _, p := range everyRunbook(t) {
		if !serves(p, galera) && !serves(p, network) {
			t.Errorf("%s: %v", p.ID, p.Needs)
		}
		if slices.Contains(routers(), p.ID) != (serves(p, network) && !serves(p, galera)) {
			t.Errorf("%s is tried where it was not meant to be", p.ID)
		}
	}
}

func everyRunbook(t *testing.T) (all []*steps.Procedure) {
	t.Helper()
	names, err := steps.Names(runbooks.Library())
	if err != nil || len(names) < 16 {
		t.Fatalf("%d runbooks, %v", len(names), err)
	}
	for _, name := range names {
		p, err := steps.Load(runbooks.Library(), name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// serves tells whether hosts with these roles are enough.
func serves(p *steps.Procedure, roles []string) bool {
	for role, need := range p.Needs {
		if !strings.HasPrefix(need, "0") && !slices.Contains(roles, role) {
			return false
		}
	}
	return true
}

// healthy is row 5: on a healthy set every runbook says after its looks that it is not this, no job
// was begun, and nothing that it could have changed differs on any host.
func (h *libraryHosts) healthy(t *testing.T) {
	hosts := h.lab.Hosts()
	client := hosts[len(hosts)-1].Name // the last one: it has no services
	text, err := os.ReadFile(h.lab.SitePath())
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(text), "  - name: "+client+"\n")
	if !ok || !strings.Contains(after, "    roles:\n") {
		t.Fatalf("no roles of %s in %s", client, text)
	}
	site := filepath.Join(t.TempDir(), "site.yaml")
	after = strings.Replace(after, "    roles:\n", "    roles:\n      - compute\n", 1)
	if err := os.WriteFile(site, []byte(before+"  - name: "+client+"\n"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	roles := []string{"compute"}
	for _, role := range []string{"controller", "database", "broker", "haproxy", "network"} {
		if strings.Contains(string(text), "- "+role+"\n") {
			roles = append(roles, role)
		}
	}
	was := h.picture(t)
	for _, p := range everyRunbook(t) {
		if !serves(p, roles) {
			continue
		}
		t.Run(p.ID, func(t *testing.T) {
			st, events, out, exit := h.leadAt(t, site, p.ID)
			if exit != 0 || st.Ended == nil || st.Ended.Outcome != "done" || p.ID != run.BaselineProcedure && !strings.Contains(out, "Not this") {
				t.Fatalf("exit status %d, ended %+v: %s", exit, st.Ended, out)
			}
			for _, e := range events {
				switch e.Body.(type) {
				case run.JobIntent, run.FileChanged, run.Question:
					t.Errorf("something was changed, or asked: %+v", e.Body)
				}
			}
			for host, is := range h.picture(t) {
				if is != was[host] {
					t.Errorf("%s is not as it was:\n%s", host, differs(was[host], is))
					was[host] = is
				}
			}
		})
	}
}

// picture is, host by host, what a runbook could change (the lock of claims is no change): files with their times, processes of
// services, addresses, namespaces, firewall, switches of the kernel, and what the services say.
func (h *libraryHosts) picture(t *testing.T) map[string]string {
	t.Helper()
	const look = `
find /etc /root /usr/local /opt /tmp /var/tmp /var/spool /var/lib/stackhand /var/lib/neutron /run/stackhand -xdev ! -type d ! -type s ! -path /var/lib/stackhand/lock -printf '%p %m %u %s %T@\n' 2>/dev/null | sort
for u in mariadb rabbitmq-server haproxy keepalived memcached apache2 neutron-lbaasv2-agent neutron-l3-agent; do echo "$u $(systemctl show -p MainPID,ActiveState,NRestarts,UnitFileState "$u" | tr '\n' ' ')"; done
systemctl list-units --all --no-legend --plain 'stackhand-*' 'run-*.service' | awk '{print $1, $3}'
cat /var/lib/mysql/grastate.dat 2>/dev/null
ls /var/lib/rabbitmq/mnesia /var/lib/mysql 2>/dev/null
ip -o addr show | awk '{print $2, $4}'; ip route; iptables -S 2>/dev/null
mysql -NBe "SHOW GLOBAL VARIABLES WHERE Variable_name NOT REGEXP 'timestamp|pseudo|gtid|rand_seed|warning_count|error_count|identity|last_insert'" 2>/dev/null
for n in $(ip netns list 2>/dev/null | awk '{print $1}' | sort); do echo "namespace $n"; ip netns exec "$n" sysctl -a 2>/dev/null | grep '\.proxy_arp ='; ip -n "$n" -o addr show | awk '{print $2, $4}'; done
true`
	all := map[string]string{}
	for _, host := range h.lab.Hosts() {
		all[host.Name] = h.on(t, host.Name, look)
	}
	return all
}

// differs are the lines that only one of two texts has.
func differs(a, b string) string {
	var out []string
	for sign, two := range map[string][2]string{"- ": {a, b}, "+ ": {b, a}} {
		have := strings.Split(two[1], "\n")
		for _, line := range strings.Split(two[0], "\n") {
			if !slices.Contains(have, line) {
				out = append(out, sign+line)
			}
		}
	}
	return strings.Join(out, "\n")
}
