//go:build linux

package cli_test

import (
	"slices"
	"testing"

	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/site"
)

// TestRehearsalVIFCreation: row R10, cause by cause: neutron-server off, an agent that hangs, ports used up; and what is
// always so somewhere in a cloud is no cause.
func TestRehearsalVIFCreation(t *testing.T) {
	if !long() {
		t.Skip("a minute; STACKHAND_LONG=1")
	}
	b := cloud(t)
	const failed = "2026-11-21 08:00:00.123 4711 ERROR nova.compute.manager [req-1] [instance: " + errorVM + "] nova.exception.VirtualInterfaceCreateException: Virtual Interface creation failed\n"
	b.put("cmp1", "/var/log/nova/nova-compute.log", "644", failed+
		"2026-11-21 08:10:00.123 4711 INFO nova.compute.manager [req-2] [instance: "+freshVM+"] Took 9.31 seconds to build instance.\n")
	log := func(line string) { b.on("cmp1", "printf '%s' '"+line+"' >>/var/log/nova/nova-compute.log") }
	built := func() {
		log("2026-11-21 09:10:00.123 4711 INFO nova.compute.manager [req-3] [instance: " + freshVM + "] Took 8.02 seconds to build instance.\n")
	}
	b.put("ctl1", "/usr/local/bin/agent", "755", "#!/bin/sh\nwhile :; do mysql -e \"UPDATE neutron.agents SET heartbeat_timestamp = UTC_TIMESTAMP() WHERE host = 'ctl1.example.org'\"; sleep 1; done\n")
	b.sql("ctl1", `
INSERT INTO neutron.agents (id, agent_type, `+"`binary`"+`, topic, host, created_at, started_at, heartbeat_timestamp, configurations) VALUES
  ('a1', 'Linux bridge agent', 'neutron-linuxbridge-agent', 'N/A', 'ctl1.example.org', NOW(), NOW(), UTC_TIMESTAMP(), '{}'),
  ('a2', 'Linux bridge agent', 'neutron-linuxbridge-agent', 'N/A', 'cmp9.example.org', NOW(), NOW(), '2020-01-05 00:00:00', '{}');
INSERT INTO neutron.subnets (id, ip_version, cidr) VALUES ('s1', 4, '203.0.113.0/29');
INSERT INTO neutron.ipallocationpools (id, subnet_id, first_ip, last_ip) VALUES ('p1', 's1', '203.0.113.2', '203.0.113.3');
INSERT INTO neutron.ipallocations (ip_address, subnet_id, network_id) VALUES ('203.0.113.1', 's1', 'n1'), ('203.0.113.2', 's1', 'n1'), ('203.0.113.3', 's1', 'n1');
INSERT INTO neutron.ports (project_id, id, network_id, mac_address, admin_state_up, status, device_id, device_owner) VALUES ('`+project1+`', 'p1', 'n1', 'm1', 1, 'ACTIVE', '', ''), ('`+project1+`', 'p2', 'n1', 'm2', 1, 'ACTIVE', '', '');`)
	b.put("ctl1", "/etc/neutron/neutron.conf", "640", "[quotas]\nquota_port = 2\n")
	b.units("ctl1", "neutron-server", "neutron-linuxbridge-agent=/usr/local/bin/agent")
	b.notThis("vif-creation") // a full subnet, a full project, an agent of a host that is no more, an old exception

	log(failed)
	b.on("ctl1", "systemctl stop neutron-server")
	said := b.leads(3, "vif-creation", decide("server=yes")...)
	b.wants(said, "neutron-server is inactive")
	if s := b.starts("ctl1"); !slices.Equal(s, []string{"neutron-server"}) {
		t.Errorf("started: %v", s)
	}
	built() // while the runbook waits for an instance by way of trial
	b.wants(b.goesOn(0, "try=done"), "What was wrong: neutron-server did not run: ctl1.")
	b.notThis("vif-creation")

	log(failed)
	b.on("ctl1", "systemctl kill -s STOP neutron-linuxbridge-agent") // it hangs: the unit is active, nobody hears it
	b.sql("ctl1", "UPDATE neutron.agents SET heartbeat_timestamp = UTC_TIMESTAMP() - INTERVAL 200 SECOND WHERE id = 'a1'")
	b.leads(3, "vif-creation", decide("agent=cmp1")...)
	b.untouched("agent")
	b.goesOn(3, "agent=ctl1")
	if s := b.starts("ctl1"); !slices.Equal(s, []string{"neutron-server", "neutron-linuxbridge-agent"}) {
		t.Errorf("started: %v", s)
	}
	// Nobody has built an instance: the proof refuses.
	b.wants(b.goesOn(6, "try=done"), "and none failed")
	b.wants(b.leads(3, "vif-creation"), "Port quota used up: "+project1) // the next cause in the order
	built()
	b.notThis("vif-creation")
}

// TestRehearsalPowerState: row R11. Guests that died are started once; those that somebody shut down stay off.
func TestRehearsalPowerState(t *testing.T) {
	if !long() {
		t.Skip("half a minute; STACKHAND_LONG=1")
	}
	b := cloud(t)
	const sync = " INFO nova.compute.manager [-] [instance: "
	const stopped = "] During _sync_instance_power_state the DB power_state (1) does not match the vm_power_state from the hypervisor (4). Updating power_state in the DB to match the hypervisor.\n"
	b.put("ctl1", "/var/log/nova/nova-compute.log", "644", "2026-01-05 08:00:00.123 4711"+sync+errorVM+stopped+
		"2026-01-05 08:00:00.200 4711 WARNING nova.compute.manager [-] [instance: "+errorVM+"] Instance shutdown by itself. Calling the stop API. Current vm_state: active, current task_state: None, original DB power_state: 1, current VM power_state: 4\n"+
		"2026-01-05 08:00:01.123 4711"+sync+freshVM+stopped+
		"2026-01-05 08:00:02.123 4711"+sync+otherVM+stopped+
		"2026-01-05 08:20:02.123 4711 INFO nova.compute.manager [None req-1] [instance: "+otherVM+"] VM Started (Lifecycle Event)\n"+
		"2026-01-05 08:30:02.123 4711"+sync+cellVM+"] During _sync_instance_power_state the DB power_state (4) does not match the vm_power_state from the hypervisor (1). Updating power_state in the DB to match the hypervisor.\n")
	qemu := func(domain, uuid, end string) {
		b.put("ctl1", "/var/log/libvirt/qemu/"+domain+".log", "644", "2026-01-04 01:00:00.000+0000: starting up libvirt version: 7.0.0, qemu version: 5.2.0, kernel: 5.4.0, hostname: ctl1\nLC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest="+domain+",debug-threads=on \\\n-uuid "+uuid+" \\\n-display none\n"+end)
	}
	qemu("instance-0000002a", errorVM, "2026-01-05 07:59:58.000+0000: shutting down, reason=crashed\n")
	qemu("instance-0000002b", freshVM, "2026-01-05 07:59:50.000+0000: shutting down, reason=shutdown\n")
	show := []string{"server", "show", errorVM, "-f", "value", "-c", "status"}
	off := func(status string) []string {
		return []string{"server", "list", "--all-projects", "--status", status, "--limit", "-1", "-f", "value", "-c", "ID"}
	}
	b.rehearse("ctl1", "openstack",
		told{args: off("SHUTOFF"), when: []string{"on="}, out: errorVM + "\n" + freshVM + "\n"},
		told{args: off("SHUTOFF"), when: []string{"on=1"}, out: freshVM + "\n"},
		told{args: off("ERROR")},
		told{args: show, when: []string{"on="}, out: "SHUTOFF\n"},
		told{args: show, when: []string{"on=1"}, out: "ACTIVE\n"},
		told{args: []string{"server", "start", errorVM}, when: []string{"on="}, set: []string{"on=1"},
			do: "echo '2026-01-05 09:00:00.123 4711 INFO nova.compute.manager [None req-2] [instance: " + errorVM + "] VM Started (Lifecycle Event)' >>/var/log/nova/nova-compute.log"})

	said := b.leads(3, "power-state-sync", decide("sync=keep", "theirs=leave")...)
	b.wants(said, "A guest's process crashed", "Start these again, five at a time: "+errorVM)
	if calls := b.calls("ctl1"); len(calls) != 0 {
		t.Errorf("before the yes: %v", calls)
	}
	b.wants(b.goesOn(0, "start=yes"), "The guests run again: "+errorVM)
	if n := b.called("ctl1", "openstack server|start"); n != 1 {
		t.Errorf("started %d times: %v", n, b.calls("ctl1"))
	}
	// What is left was shut down on purpose.
	b.wants(b.leads(0, "power-state-sync", decide("sync=keep", "theirs=leave")...), "Nothing was started", freshVM)
	b.untouched("start")
	b.on("ctl1", "echo '2026-01-05 10:00:00.123 4711 INFO nova.compute.manager [None req-3] [instance: "+freshVM+"] VM Started (Lifecycle Event)' >>/var/log/nova/nova-compute.log")
	b.notThis("power-state-sync")
}

// TestRehearsalBalancerOwner: row R2's question to neutron's database, on the real fault: both nodes have a living haproxy
// and no agent runs, so that only the database knows. The agent's binding counts before the port's.
func TestRehearsalBalancerOwner(t *testing.T) {
	if !long() {
		t.Skip("two minutes; STACKHAND_LONG=1")
	}
	t.Parallel()
	l := labtest.Network(t)
	b := (&bench{t: t, lab: l, program: l.Dir() + "/stackhand", site: l.SitePath()}).console()
	b.edit(func(s *site.Site) {
		for i := range s.Hosts {
			if s.Hosts[i].Name == set.Client {
				s.Hosts[i].Roles = append(s.Hosts[i].Roles, "database")
			}
		}
	})
	b.on(set.Client, "systemctl start mariadb")
	b.schema(set.Client)
	b.notThis("lbaas-duplicate-namespace")
	if _, err := fault.Break(t.Context(), l, "lbaas-duplicate-namespace", "net2"); err != nil {
		t.Fatal(err)
	}
	b.on("net2", "systemctl stop neutron-lbaasv2-agent")
	b.sql(set.Client, `
INSERT INTO neutron.agents (id, agent_type, `+"`binary`"+`, topic, host, created_at, started_at, heartbeat_timestamp, configurations) VALUES
  ('a1', 'Loadbalancerv2 agent', 'neutron-lbaasv2-agent', 'n-lbaasv2_agent', 'net1.example.org', NOW(), NOW(), UTC_TIMESTAMP(), '{}'), ('a2', 'Loadbalancerv2 agent', 'neutron-lbaasv2-agent', 'n-lbaasv2_agent', 'net2.example.org', NOW(), NOW(), UTC_TIMESTAMP(), '{}');
INSERT INTO neutron.lbaas_loadbalancers (id, vip_subnet_id, vip_port_id, admin_state_up, provisioning_status, operating_status) VALUES ('`+set.Balancer+`', 's1', 'p1', 1, 'ACTIVE', 'ONLINE');
INSERT INTO neutron.lbaas_loadbalanceragentbindings VALUES ('`+set.Balancer+`', 'a2');
INSERT INTO neutron.ml2_port_bindings (port_id, host, vif_type) VALUES ('p1', 'net1.example.org', 'bridge');`)
	said := b.leads(0, "lbaas-duplicate-namespace", decide("agent=yes")...)
	b.wants(said, "The balancer runs on net2 alone", "agent "+set.Balancer+" net2.example.org")
	if on := set.Of(l).Balancers(t.Context()); !slices.Equal(on, []string{"net2"}) {
		t.Errorf("the balancer is on %v", on)
	}
	b.notThis("lbaas-duplicate-namespace")
}
