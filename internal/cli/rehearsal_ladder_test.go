//go:build linux

package cli_test

import (
	"slices"
	"strings"
	"testing"

	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// Guests of the rehearsed cloud.
const (
	calledActive = "a1f0c3d2-5b6e-4f70-8a9b-0c1d2e3f4a51" // ctl1: off, and nova calls it ACTIVE still
	seenOff      = "b2a1d4e3-6c7f-4081-9bac-1d2e3f4a5b62" // ctl1: off, and nova has seen it meanwhile
	runsAlready  = "c3b2e5f4-7d80-4192-8cbd-2e3f4a5b6c73" // ctl1: runs by its hypervisor
	unasked      = "e5d40716-9fa2-43b4-8edf-4a5b6c7d8e95" // cmp1: its hypervisor cannot be asked
	marked       = "f6e51827-a0b3-44c5-9fe0-5b6c7d8e9fa6" // ctl1: nova had marked it before anybody looked
	usersOwn     = "0a6b1c52-7d0e-4f6c-8f0a-3e1d2c4b5a69" // ctl1: stopped by its user
	inError      = "1b7c2d63-8e1f-4a7d-9a1b-4f2e3d5c6b70" // ctl1: ran, and is in Error by now
	newGuest     = "2c8d3e74-9f20-4b8e-8b2c-5a3f4e6d7c81"
	newMAC       = "fa:16:3e:aa:bb:01"
)

// allInOne is a cloud on one host, down, with a second compute host that has the VD-i broker as well. The database is a
// Galera cluster of one node; each service is a unit of the right name; namespaces are real; nova, neutron and Ceph answer as
// they were told.
func allInOne(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}, Image: lab.Services})
	b.edit(func(s *site.Site) {
		for i := range s.Hosts {
			switch s.Hosts[i].Name {
			case "ctl1":
				s.Hosts[i].Roles = []string{"controller", "database", "network", "compute", "storage"}
			case "cmp1":
				s.Hosts[i].Roles = []string{"compute", "vdi-broker"}
			}
		}
	})
	b.put("ctl1", "/etc/mysql/mariadb.conf.d/60-galera.cnf", "644", "[galera]\nwsrep_on = ON\nwsrep_provider = /usr/lib/galera/libgalera_smm.so\nwsrep_cluster_name = one\nwsrep_cluster_address = gcomm://\nbinlog_format = row\ndefault_storage_engine = InnoDB\ninnodb_autoinc_lock_mode = 2\n")
	b.on("ctl1", "timeout 120 galera_new_cluster && systemctl --quiet enable mariadb")
	b.schema("ctl1")
	guest := func(uuid, host, state string) string {
		return "INSERT INTO nova.instances (uuid, host, vm_state, created_at) VALUES ('" + uuid + "', '" + host + "', '" + state + "', NOW());\n"
	}
	stop := func(uuid, user string) string {
		return "INSERT INTO nova.instance_actions (action, instance_uuid, user_id, start_time) VALUES ('stop', '" + uuid + "', " + user + ", UTC_TIMESTAMP() - INTERVAL 5 MINUTE);\n"
	}
	b.sql("ctl1", guest(calledActive, "ctl1", "active")+guest(seenOff, "ctl1", "active")+guest(runsAlready, "ctl1", "active")+guest(unasked, "cmp1.example.org", "active")+
		guest(inError, "ctl1", "active")+guest(marked, "ctl1", "stopped")+stop(marked, "NULL")+guest(usersOwn, "ctl1", "stopped")+stop(usersOwn, "NULL")+stop(usersOwn, "'u1'"))

	b.put("ctl1", "/usr/local/bin/boot-guest", "755", `set -e
# a guest on the network of the second router; the first router has another project's guest with the same address
plug() { # ROUTER NAMESPACE MAC
	ip netns add "$2"; ip link add "p-$2" type veth peer name eth0 netns "$2" address "$3"
	ip link set "p-$2" netns "$1"; ip -n "$1" link set "p-$2" master br up
	ip -n "$2" link set eth0 up; ip -n "$2" addr add 10.20.0.9/24 dev eth0
}
plug qrouter-22222222-0000-4000-8000-000000000000 guest `+newMAC+`
ip netns exec guest sysctl -qw net.ipv4.icmp_echo_ignore_all=1
`)
	for _, r := range []string{"11111111", "22222222"} {
		b.on("ctl1", "ns=qrouter-"+r+`-0000-4000-8000-000000000000
ip netns add $ns; ip -n $ns link set lo up; ip -n $ns link add br type bridge; ip -n $ns link set br up
ip -n $ns link add qr-`+r+`-0a type veth peer name in; ip -n $ns link set in master br up; ip -n $ns link set qr-`+r+`-0a up; ip -n $ns addr add 10.20.0.1/24 dev qr-`+r+`-0a
ip netns exec $ns sysctl -qw net.ipv4.conf.qr-`+r+`-0a.proxy_arp=1`)
	}
	b.on("ctl1", `ip netns add stranger; r=qrouter-11111111-0000-4000-8000-000000000000
ip link add p-stranger type veth peer name eth0 netns stranger address fa:16:3e:aa:bb:99; ip link set p-stranger netns $r; ip -n $r link set p-stranger master br up
ip -n stranger link set eth0 up; ip -n stranger addr add 10.20.0.9/24 dev eth0`)

	b.tellCloud()
	b.units("ctl1", "httpd", "openstack-glance-api", "openstack-nova-api", "openstack-nova-conductor", "openstack-nova-scheduler", "openstack-nova-novncproxy", "openstack-cinder-volume",
		"openstack-aodh-evaluator", "neutron-server", "neutron-l3-agent", "octavia-health-manager", "octavia-api", "ceph-mon@ctl1", "ceph-osd@0", "ceph-osd@1", "target",
		"libvirtd", "openstack-nova-compute")
	b.put("cmp1", "/usr/local/bin/listen", "755", "#!/bin/bash\nfor p in \"$@\"; do socat TCP-LISTEN:$p,fork,reuseaddr /dev/null & done\nwait\n")
	b.units("cmp1", "libvirtd", "openstack-nova-compute", "nginx=/usr/local/bin/listen 80 443 90 7443 7789 9080", "haproxy=/usr/local/bin/listen 3306 9000", "vsmgmt=/usr/local/bin/listen 8000", "mbroker=/usr/local/bin/listen 9789")
	for _, h := range []string{"ctl1", "cmp1"} {
		b.on(h, "systemctl --quiet disable openstack-nova-novncproxy 2>/dev/null; cd /etc/systemd/system; for u in httpd openstack-* neutron-* octavia-* ceph-* target libvirtd nginx haproxy vsmgmt mbroker; do systemctl stop \"${u%.service}.service\" 2>/dev/null; done; true")
	}
	return b
}

// tellCloud says what the commands of the cloud answer.
func (b *bench) tellCloud() {
	b.t.Helper()
	words := func(line string) []string { return strings.Fields(line) }
	b.put("ctl1", "/etc/ceph/ceph.client.admin.keyring", "600", "")
	b.rehearse("ctl1", "ceph",
		told{args: words("health detail"), says: `grep -q . flags && { echo 'HEALTH_WARN pauserd,pausewr,noout flag(s) set'; echo '[WRN] OSDMAP_FLAGS: pauserd,pausewr,noout flag(s) set'; } || echo HEALTH_OK`},
		told{args: words("health"), says: `grep -q . flags && echo 'HEALTH_WARN pauserd,pausewr,noout flag(s) set' || echo HEALTH_OK`},
		told{args: words("osd dump"), says: `printf 'epoch 345\nfsid 4a1c0d5e-0f6b-11ed-8a0c-fa163e000001\nflags %ssortbitwise,recovery_deletes,purged_snapdirs,pglog_hardlimit\n' "$(cat flags)"`},
		told{args: words("mon stat"), says: `systemctl is-active --quiet ceph-mon@ctl1 && echo 'e1: 1 mons at {ctl1=[v2:192.0.2.11:3300/0,v1:192.0.2.11:6789/0]}, election epoch 5, leader 0 ctl1, quorum 0 ctl1'`},
		told{args: words("osd stat"), says: `echo "2 osds: $(systemctl is-active ceph-osd@0 ceph-osd@1 | grep -c '^active') up (since 3m), 2 in (since 5w); epoch: e345"`},
		told{args: words("osd unset noout"), do: "sed -i s/noout,// /var/lib/rehearsal/state/flags", out: "noout is unset\n"},
		told{args: words("osd unset pause"), do: "sed -i s/pauserd,pausewr,// /var/lib/rehearsal/state/flags", out: "pauserd,pausewr is unset\n"})
	b.remember("ctl1", "flags=pauserd,pausewr,noout,")

	lines := []told{
		{args: words("token issue -f value -c expires"), out: "2026-11-21T18:00:00+0000\n"},
		{args: words("compute service list -f value -c Binary -c Host -c State"), says: `for u in conductor scheduler compute; do systemctl is-active --quiet openstack-nova-$u && s=up || s=down; echo "nova-$u ctl1 $s"; done; echo 'nova-compute cmp1 up'`},
		{args: words("volume service list -f value -c Binary -c Host -c State"), out: "cinder-scheduler ctl1 up\ncinder-volume ctl1@ceph up\n"},
		{args: words("network agent list -f value -c Binary -c Host -c Alive"), when: []string{"heard="}, out: "ctl1 :-) neutron-l3-agent\ncmp1 XXX neutron-openvswitch-agent\n", set: []string{"heard=1"}},
		{args: words("network agent list -f value -c Binary -c Host -c Alive"), when: []string{"heard=1"}, out: "ctl1 True neutron-l3-agent\ncmp1 True neutron-openvswitch-agent\n"},
	}
	for _, g := range []string{calledActive, seenOff, runsAlready, unasked, marked, inError} {
		lines = append(lines, told{args: []string{"server", "show", "-f", "value", "-c", "status", g}, says: "cat nova-" + g + "; echo"})
	}
	for _, g := range []string{seenOff, marked} {
		lines = append(lines, told{args: []string{"server", "start", g}, when: []string{"nova-" + g + "=SHUTOFF"}, set: []string{"nova-" + g + "=ACTIVE", "vm-" + g + "=running"}})
	}
	name := "stackhand-@RUN@"
	listed := []string{"server", "list", "--name", "^" + name + "$", "-f", "value", "-c"}
	lines = append(lines,
		told{args: words("server reboot --hard " + calledActive), when: []string{"vm-" + calledActive + "="}, set: []string{"vm-" + calledActive + "=running"}},
		told{args: append(listed, "ID"), when: []string{"made="}},
		told{args: append(slices.Clone(listed), "ID"), when: []string{"made=1"}, out: newGuest + "\n"},
		told{args: append(slices.Clone(listed), "Status"), when: []string{"made=1"}, out: "ACTIVE\n"},
		told{args: words("server create --image cirros --flavor m1.tiny --network private --wait " + name + " -f value -c id"), when: []string{"made="}, do: "sh /usr/local/bin/boot-guest", set: []string{"made=1"}, out: newGuest + "\n"},
		told{args: words("server show -f value -c addresses " + newGuest), out: "{'private': ['10.20.0.9']}\n"},
		told{args: append(words("port list --server "+newGuest+" -f value -c"), "MAC Address"), out: newMAC + "\n"},
		told{args: words("server delete --wait " + newGuest), when: []string{"made=1"}, do: "ip netns del guest", set: []string{"made="}})
	b.rehearse("ctl1", "openstack", lines...)
	b.remember("ctl1", "nova-"+calledActive+"=ACTIVE", "nova-"+seenOff+"=SHUTOFF", "nova-"+runsAlready+"=ACTIVE", "nova-"+unasked+"=ACTIVE", "nova-"+marked+"=SHUTOFF", "nova-"+inError+"=ERROR", "vm-"+runsAlready+"=running")
	b.rehearse("ctl1", "virsh", told{args: words("list --uuid"), says: `for f in $(grep -lx running * | grep ^vm-); do echo "${f#vm-}"; done; echo`})
	b.put("ctl1", "/root/keystonerc_admin", "600", "export OS_USERNAME=admin OS_PASSWORD='not needed here' OS_AUTH_URL=http://ctl1:5000/v3\n")
}

// TestRehearsalLadder: row R1's rungs of OpenStack, Ceph, Octavia, computes, guests, the new instance, and the VD-i broker.
func TestRehearsalLadder(t *testing.T) {
	if !long() {
		t.Skip("two minutes; STACKHAND_LONG=1")
	}
	b := allInOne(t)
	answers := decide("ceph-flags=yes", "marked-too=start", "start-guests=yes")
	proof := []string{"--set", "test_image=cirros", "--set", "test_network=private", "--set", "amphora_network=198.51.100.0/24"}

	// The route to the Amphorae cannot be set: the health manager must not be started without it.
	b.amphoraRoute("/bin/false")
	b.leads(1, "all-hosts-down", append(proof, answers...)...)
	if s := b.starts("ctl1"); slices.Contains(s, "octavia-health-manager") || slices.Contains(s, "openstack-nova-compute") || !slices.Contains(s, "neutron-server") {
		t.Errorf("without the route, started: %v", s)
	}
	b.before("guests", "services")
	b.amphoraRoute("/sbin/ip route replace 198.51.100.0/24 dev lo")

	said := b.leads(0, "all-hosts-down", append(proof, answers...)...)
	b.wants(said, "a new instance booted and answered", "Guests that ran and do not: "+unasked+", "+inError)
	starts := b.starts("ctl1")
	for i, pair := range [][2]string{{"ceph-mon@ctl1", "ceph-osd@0"}, {"ceph-osd@1", "httpd"}, {"httpd", "openstack-nova-api"}, {"openstack-nova-conductor", "neutron-l3-agent"},
		{"octavia-interface", "octavia-health-manager"}, {"octavia-health-manager", "openstack-nova-compute"}, {"libvirtd", "openstack-nova-compute"}} {
		if a, z := slices.Index(starts, pair[0]), slices.Index(starts, pair[1]); a < 0 || z < a {
			t.Errorf("order %d: %s and %s in %v", i, pair[0], pair[1], starts)
		}
	}
	if slices.Contains(starts, "openstack-nova-novncproxy") || !slices.Contains(starts, "openstack-aodh-evaluator") {
		t.Errorf("disabled and left out, or enabled and in no list: %v", starts)
	}
	for call, want := range map[string]int{
		"openstack server|start|" + seenOff: 1, "openstack server|start|" + marked: 1, "openstack server|reboot|--hard|" + calledActive: 1, "openstack server|start": 2, "openstack server|reboot": 1,
		"openstack server|create": 1, "openstack server|delete": 1, "ceph osd|unset": 2,
	} {
		if n := b.called("ctl1", call); n != want {
			t.Errorf("%s: %d times, want %d", call, n, want)
		}
	}
	var unset []string
	for _, c := range b.calls("ctl1") {
		if strings.HasPrefix(c, "ceph osd|unset|") {
			unset = append(unset, c)
		}
	}
	if len(unset) == 2 && !strings.Contains(unset[1], "pause") {
		t.Errorf("pause is not last: %v", unset)
	}
	answered := ""
	for _, e := range b.events(b.dir()) {
		if f, ok := e.Body.(run.Fact); ok && f.Name == "guest_answers" {
			answered, _ = f.Value.V.(string)
		}
	}
	if answered != "answers arp through qrouter-22222222-0000-4000-8000-000000000000" {
		t.Errorf("the new instance: %q", answered)
	}
	b.nothingTwice(b.dir())

	// Once more: everything is there, and nothing is begun.
	said = b.leads(0, "all-hosts-down", answers...)
	b.wants(said, "Not proven by a new instance")
	if jobs := b.jobs(b.dir()); len(jobs) > 0 {
		t.Errorf("a second run began jobs of %v", jobs)
	}
	if n := b.called("ctl1", "openstack server|start") + b.called("ctl1", "openstack server|reboot"); n != 3 {
		t.Errorf("guests were started twice: %v", b.calls("ctl1"))
	}

	// Another program has a broker's port.
	b.on("cmp1", "systemctl stop mbroker; systemd-run --quiet --unit=stranger /usr/local/bin/listen 9789")
	said = b.leads(1, "all-hosts-down", answers...)
	b.wants(said, "foreign 9789 mbroker socat")
}

// before: a fact of one step stands in the journal before any job of the other step.
func (b *bench) before(fact, step string) {
	b.t.Helper()
	seen := false
	for _, e := range b.events(b.dir()) {
		switch body := e.Body.(type) {
		case run.Fact:
			seen = seen || body.Name == fact
		case run.JobIntent:
			if body.Unit.Step == step && !seen {
				b.t.Errorf("%s began before %s was known", step, fact)
			}
		}
	}
}

// amphoraRoute makes the unit that sets the route to the Amphorae, enabled and off.
func (b *bench) amphoraRoute(command string) {
	b.t.Helper()
	b.put("ctl1", "/etc/systemd/system/octavia-interface.service", "644", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStartPre=/bin/sh -c 'echo %N >>/var/lib/rehearsal-starts'\nExecStart="+command+"\n[Install]\nWantedBy=multi-user.target\n")
	b.on("ctl1", "systemctl daemon-reload; systemctl --quiet enable octavia-interface; systemctl reset-failed")
}
