//go:build linux

package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/site"
)

const (
	errorVM  = "a1f0c3d2-5b6e-4f70-8a9b-0c1d2e3f4a51" // in Error, with volumes
	freshVM  = "b2a1d4e3-6c7f-4081-9bac-1d2e3f4a5b62" // the same user's new one
	otherVM  = "c3b2e5f4-7d80-4192-8cbd-2e3f4a5b6c73" // somebody else's
	cellVM   = "d4c3f605-8e91-42a3-9dce-3f4a5b6c7d84" // failed before a host was chosen
	project1 = "5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98"
	project2 = "2c4e6a8b0d1f4e3c9a7b5d3f1e0c8a64"
	volume1  = "6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10" // goes with its instance
	volume2  = "7e4b22e1-82b3-4e1c-b3b5-701e2a3c6b21" // nova does not say whether
	copied   = "9a6d44f3-a4d5-4a3e-95d7-923a4c5e8d43"
	snap     = "8f5c33f2-93c4-4f2d-84c6-812f3b4d7c32"
)

// cloud is a controller with a real database that has the tables of a cloud, which computes too, and a second compute host.
func cloud(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}, Image: lab.Services})
	b.edit(func(s *site.Site) {
		for i := range s.Hosts {
			if s.Hosts[i].Name == "ctl1" {
				s.Hosts[i].Roles = []string{"controller", "database", "compute"}
			}
		}
	})
	b.on("ctl1", "systemctl start mariadb")
	b.schema("ctl1")
	b.put("ctl1", "/root/keystonerc_admin", "600", "unset OS_SERVICE_TOKEN\nexport OS_USERNAME=admin OS_PASSWORD='not needed here' OS_AUTH_URL=http://ctl1:5000/v3\n")
	return b
}

// schema makes the tables of a cloud in a host's database.
func (b *bench) schema(host string) {
	b.t.Helper()
	text, err := os.ReadFile("testdata/rehearsal/schema.sql")
	b.must(err)
	b.sql(host, string(text))
}

func (b *bench) sql(host, statements string) string {
	b.t.Helper()
	out, err := b.lab.Run(b.t.Context(), host, `printf '%s\n' "$1" | mysql -N`, statements)
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// leads runs a runbook in line mode with answers given ahead, and returns what it said.
func (b *bench) leads(want int, runbook string, args ...string) string {
	b.t.Helper()
	return b.goes(want, append([]string{"run", runbook}, args...)...)
}

// goesOn attaches to the last run with more answers.
func (b *bench) goesOn(want int, pairs ...string) string {
	b.t.Helper()
	return b.goes(want, append([]string{"attach"}, decide(pairs...)...)...)
}

func (b *bench) goes(want int, args ...string) string {
	b.t.Helper()
	v := b.start(append(args, "--plain", "--on-ask", "park", "--stop-on-exit")...)
	select {
	case <-v.done:
	case <-time.After(8 * time.Minute):
		b.t.Fatalf("%v has not ended; it said:\n%s\n%s", args, v.text(), b.engineLogs())
	}
	if v.code != want {
		b.t.Fatalf("%v ended with %d, want %d; it said:\n%s\n%s", args, v.code, want, v.text(), b.engineLogs())
	}
	return v.text()
}

// notThis: the runbook says so, and has begun no job.
func (b *bench) notThis(runbook string) {
	b.t.Helper()
	b.wants(b.leads(0, runbook), "Not this", "Nothing was changed")
	if jobs := b.jobs(b.dir()); len(jobs) > 0 {
		b.t.Errorf("%s: jobs of %v", runbook, jobs)
	}
}

// untouched: the runbook's last run has begun no job of these steps.
func (b *bench) untouched(stepsOf ...string) {
	b.t.Helper()
	for _, s := range b.jobs(b.dir()) {
		if slices.Contains(stepsOf, s) {
			b.t.Errorf("%s has begun a job", s)
		}
	}
}

func decide(pairs ...string) (args []string) {
	for _, p := range pairs {
		args = append(args, "--decide", p)
	}
	return args
}

// TestRehearsalPoolFull: row R6 with a service that reads its pool's size from its file, and holds that many connections
// to a real database, or says what SQLAlchemy says.
func TestRehearsalPoolFull(t *testing.T) {
	if !long() {
		t.Skip("a minute; STACKHAND_LONG=1")
	}
	b := cloud(t)
	b.put("ctl1", "/usr/local/bin/conductor", "755", `#!/bin/bash
# needs 25 connections at once
get() { awk -v o="$1" '/^\[/ { s = $1 } s == "[database]" && $1 == o { print $3 }' /etc/nova/nova.conf; }
size=$(get max_pool_size) over=$(get max_overflow)
most=$((${size:-5} + ${over:-50}))
for i in $(seq $((most < 25 ? most : 25))); do
	mysql -e 'DO SLEEP(3600)' &
done
[ $most -ge 25 ] || while :; do
	echo "$(date '+%F %T').123 4711 ERROR oslo_messaging.rpc.server sqlalchemy.exc.TimeoutError: QueuePool limit of size $size overflow $over reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/14/3o7r)" >>/var/log/nova/nova-conductor.log
	sleep 1
done
wait
`)
	const conf = "[DEFAULT]\ntransport_url = rabbit://openstack:one-secret@192.0.2.11\n[api_database]\nconnection = mysql+pymysql://nova:one-secret@192.0.2.11/nova_api\n[database]\nmax_overflow = 2\nconnection = mysql+pymysql://nova:one-secret@192.0.2.11/nova\nmax_pool_size = 3\n[glance]\nmax_pool_size = 9\n"
	b.put("ctl1", "/etc/nova/nova.conf", "640", conf)
	b.on("ctl1", "mkdir -p /var/log/nova /var/log/cinder /var/log/glance /var/log/neutron && chgrp daemon /etc/nova/nova.conf")
	for _, f := range []string{"/var/log/cinder/api.log", "/var/log/glance/api.log"} {
		b.put("ctl1", f, "644", "2026-01-05 01:00:00.123 99 WARNING urllib3.connectionpool Connection pool is full, discarding connection: 192.0.2.11\n")
	}
	b.units("ctl1", "nova-conductor=/usr/local/bin/conductor", "nova-scheduler", "cinder-api")
	connections := func() string {
		return b.sql("ctl1", "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DO SLEEP%'")
	}
	// what stands there of the second in which the service was started is taken for older
	b.until("the service at its limit for a second", func() bool {
		return connections() == "5" && b.on("ctl1", "[ $(grep -c QueuePool /var/log/nova/nova-conductor.log) -ge 3 ] && echo yes || echo no") == "yes"
	})

	said := b.leads(3, "pool-full", decide("raise=cmp1", "raise=yes")...)
	b.wants(said, "nova-conductor")
	b.untouched("raise")
	if got := b.on("ctl1", "cat /etc/nova/nova.conf"); got != strings.TrimSpace(conf) {
		t.Errorf("a wrong name changed the file:\n%s", got)
	}
	b.wants(b.goesOn(0, "raise=ctl1"), "Larger pools on ctl1 for nova-conductor")
	if got := connections(); got != "25" {
		t.Errorf("the service holds %s connections", got)
	}
	got := b.on("ctl1", "cat /etc/nova/nova.conf; stat -c '%a %G' /etc/nova/nova.conf; ls /etc/nova")
	want := "[DEFAULT]\ntransport_url = rabbit://openstack:one-secret@192.0.2.11\n[api_database]\nmax_pool_size = 20\nmax_overflow = 50\nconnection = mysql+pymysql://nova:one-secret@192.0.2.11/nova_api\n[database]\nmax_pool_size = 20\nmax_overflow = 50\nconnection = mysql+pymysql://nova:one-secret@192.0.2.11/nova\n[glance]\nmax_pool_size = 9\n640 daemon\nnova.conf\nnova.conf." + b.dir().ID()
	if got != want {
		t.Errorf("the file is\n%s\nwant\n%s", got, want)
	}
	if s := b.starts("ctl1"); !slices.Equal(s, []string{"nova-conductor"}) {
		t.Errorf("started: %v", s)
	}
	b.noSecret("one-secret")
	b.wants(b.leads(0, "pool-full"), "Harmless", "Nothing was changed") // glance's warning is still there
	b.untouched("raise")
	b.on("ctl1", "rm /var/log/glance/api.log")
	b.notThis("pool-full")
}

// noSecret: what the last run wrote does not have a text in it. (The scene has files as they were.)
func (b *bench) noSecret(secret string) {
	b.t.Helper()
	d := b.dir()
	written := []string{b.says(0, "report", d.ID())}
	files, err := filepath.Glob(filepath.Join(d.Path(), "logs", "*"))
	b.must(err)
	for _, f := range append(files, d.JournalPath()) {
		text, err := os.ReadFile(f)
		b.must(err)
		written = append(written, string(text))
	}
	for _, w := range written {
		if strings.Contains(w, secret) {
			b.t.Errorf("a secret is in what the run wrote:\n%s", w)
		}
	}
}

// TestRehearsalInstanceError: row R8 on the tables of a cloud: one instance gave up on its volume, one never got a host.
func TestRehearsalInstanceError(t *testing.T) {
	if !long() {
		t.Skip("half a minute; STACKHAND_LONG=1")
	}
	b := cloud(t)
	const conf = "# the compute host\n[DEFAULT]\nblock_device_allocate_retries = 60\ntransport_url = rabbit://openstack:one-secret@192.0.2.11\n\n[libvirt]\nvirt_type = kvm\n"
	b.units("cmp1", "nova-compute")
	b.units("ctl1", "nova-compute", "nova-conductor")
	for _, h := range []string{"cmp1", "ctl1"} {
		b.put(h, "/etc/nova/nova.conf", "640", conf)
		b.on(h, "touch -d '2 seconds' /etc/nova/nova.conf") // after the service has started, and not within the same second: not in effect
	}
	b.notThis("instance-error")
	b.sql("ctl1", `
INSERT INTO nova.instances (uuid, project_id, host, vm_state, vcpus, created_at) VALUES ('`+errorVM+`', '`+project1+`', 'cmp1', 'error', 2, NOW()), ('`+freshVM+`', '`+project1+`', 'cmp1', 'active', 2, NOW());
INSERT INTO nova.instance_faults (instance_uuid, message) VALUES ('`+errorVM+`', 'older'),
  ('`+errorVM+`', 'Build of instance `+errorVM+` aborted: Volume `+volume1+` did not finish being created even after we waited 187 seconds or 61 attempts. And its status is downloading.');
INSERT INTO nova_cell0.instances (uuid, project_id, host, vm_state) VALUES ('`+cellVM+`', '`+project2+`', NULL, 'error');
INSERT INTO nova_cell0.instance_faults (instance_uuid, message) VALUES ('`+cellVM+`', 'No valid host was found. There are not enough hosts available.');
INSERT INTO nova_api.quotas (project_id, resource, hard_limit) VALUES ('`+project1+`', 'instances', 10);
INSERT INTO cinder.quota_usages (project_id, resource, in_use, reserved, deleted) VALUES ('`+project1+`', 'gigabytes', 90, 10, 0), ('`+project1+`', 'gigabytes', 999, 0, 1);
INSERT INTO cinder.quotas (project_id, resource, hard_limit, deleted) VALUES ('`+project1+`', 'gigabytes', 100, 0), ('`+project1+`', 'gigabytes', 5000, 1);`)

	// Shorter than what nova has waited already: the guard says so, and nobody overrides it.
	b.leads(3, "instance-error", append(decide("longer=raise", "set-longer=cmp1", "set-longer=ctl1"), "--set", "retries=10", "--set", "interval=3")...)
	b.untouched("set-longer")
	// A wrong name, and a no to the second host's question: nothing happens.
	said := b.leads(3, "instance-error", decide("longer=raise", "set-longer@cmp1=ctl1", "set-longer@ctl1=cmp1")...)
	b.untouched("set-longer")
	b.wants(said, errorVM+": volume (187 s, 61 attempts)", cellVM+": host", "block_device_allocate_retries 60 stale", "instances=2/10", "gigabytes=100/100")
	if got := b.on("cmp1", "cat /etc/nova/nova.conf"); got != strings.TrimSpace(conf) {
		t.Errorf("changed:\n%s", got)
	}
	b.goesOn(3, "set-longer@cmp1=cmp1", "set-longer@ctl1=ctl1", "others=done")
	for _, h := range []string{"cmp1", "ctl1"} {
		want := "# the compute host\n[DEFAULT]\ntransport_url = rabbit://openstack:one-secret@192.0.2.11\n\nblock_device_allocate_retries = 100\nblock_device_allocate_retries_interval = 10\n[libvirt]\nvirt_type = kvm\n640"
		if got := b.on(h, "cat /etc/nova/nova.conf; stat -c %a /etc/nova/nova.conf"); got != want {
			t.Errorf("%s: the file is\n%s", h, got)
		}
		if s := b.starts(h); !slices.Equal(s, []string{"nova-compute"}) {
			t.Errorf("%s started: %v", h, s)
		}
	}
	// The operator makes them anew while the runbook waits.
	b.sql("ctl1", "UPDATE nova.instances SET vm_state = 'active' WHERE vm_state = 'error'; UPDATE nova_cell0.instances SET deleted = id, vm_state = 'deleted'")
	b.wants(b.goesOn(0, "again=done"), "The causes were: volume, host")
	b.noSecret("one-secret")
	b.notThis("instance-error")
}

// rescue tells the controller's commands what a cloud answers while the data of errorVM are saved; what they do is done in
// the database for real.
func (b *bench) rescue() {
	b.t.Helper()
	var lines []told
	openstack := func(out, do string, when, set []string, args ...string) {
		lines = append(lines, told{args: args, out: out, do: do, when: when, set: set})
	}
	for i, v := range []string{volume1, volume2} {
		n := []string{"1", "2"}[i]
		s, c, name := snap[:35]+n, copied[:35]+n, "rescue-"+v
		openstack("", "", []string{"snap" + n + "="}, nil, "volume", "snapshot", "list", "--all-projects", "--volume", v, "--name", name, "-f", "value", "-c", "ID")
		openstack(s+"\n", "", []string{"snap" + n + "=made"}, nil, "volume", "snapshot", "list", "--all-projects", "--volume", v, "--name", name, "-f", "value", "-c", "ID")
		openstack(s+"\n", "", []string{"snap" + n + "=made"}, nil, "volume", "snapshot", "list", "--all-projects", "--volume", v, "--name", name, "--status", "available", "-f", "value", "-c", "ID")
		openstack(s+"\n", `mysql -e "INSERT INTO cinder.snapshots (id, volume_id, status, display_name, deleted) VALUES ('`+s+`', '`+v+`', 'creating', '`+name+`', 0)"`, []string{"snap" + n + "="}, []string{"snap" + n + "=made", "wait" + n + "=1"},
			"volume", "snapshot", "create", "--force", "--volume", v, name, "-f", "value", "-c", "id")
		openstack("creating\n", `mysql -e "UPDATE cinder.snapshots SET status = 'available' WHERE id = '`+s+`'"`, []string{"wait" + n + "=1"}, []string{"wait" + n + "=0"}, "volume", "snapshot", "show", s, "-f", "value", "-c", "status")
		openstack("available\n", "", []string{"wait" + n + "=0"}, nil, "volume", "snapshot", "show", s, "-f", "value", "-c", "status")
		openstack("", "", []string{"copy" + n + "="}, nil, "volume", "list", "--all-projects", "--name", name, "-f", "value", "-c", "ID")
		openstack(c+"\n", "", []string{"copy" + n + "=made"}, nil, "volume", "list", "--all-projects", "--name", name, "-f", "value", "-c", "ID")
		openstack(c+"\n", `mysql -e "INSERT INTO cinder.volumes (id, project_id, status, display_name, deleted) VALUES ('`+c+`', 'of the administrator', 'available', '`+name+`', 0)"`, []string{"copy" + n + "="}, []string{"copy" + n + "=made"},
			"volume", "create", "--snapshot", s, name, "-f", "value", "-c", "id")
		openstack("available\n", "", []string{"at" + n + "="}, nil, "volume", "show", c, "-f", "value", "-c", "status")
		openstack("in-use\n", "", []string{"at" + n + "=" + freshVM}, nil, "volume", "show", c, "-f", "value", "-c", "status")
		openstack("+-----------------------+--------------------------------------+\n", `mysql -e "UPDATE cinder.volumes SET status = 'in-use' WHERE id = '`+c+`'; INSERT INTO nova.block_device_mapping (instance_uuid, volume_id, delete_on_termination) VALUES ('`+freshVM+`', '`+c+`', 0)"`,
			[]string{"at" + n + "="}, []string{"at" + n + "=" + freshVM}, "server", "add", "volume", freshVM, c)
	}
	b.rehearse("ctl1", "openstack", lines...)
}

// TestRehearsalInstanceData: row R9. A copy comes before everything, an old snapshot is no copy, and the data go to nobody
// but their owner.
func TestRehearsalInstanceData(t *testing.T) {
	if !long() {
		t.Skip("half a minute; STACKHAND_LONG=1")
	}
	b := cloud(t)
	b.notThis("instance-data")
	b.rescue()
	b.sql("ctl1", `
INSERT INTO nova.instances (uuid, project_id, user_id, host, vm_state, display_name) VALUES ('`+errorVM+`', '`+project1+`', 'u1', 'cmp1', 'error', 'desktop-001'), ('`+freshVM+`', '`+project1+`', 'u1', 'cmp1', 'active', 'desktop-001a'),
  ('`+otherVM+`', '`+project2+`', 'u2', 'cmp1', 'active', 'desktop-002');
INSERT INTO nova_cell0.instances (uuid, project_id, vm_state) VALUES ('`+cellVM+`', '`+project2+`', 'error');
INSERT INTO nova.block_device_mapping (instance_uuid, volume_id, delete_on_termination) VALUES ('`+errorVM+`', '`+volume1+`', 1), ('`+errorVM+`', '`+volume2+`', NULL), ('`+freshVM+`', '11111111-2222-4333-8444-555555555555', 1);
INSERT INTO nova_cell0.block_device_mapping (instance_uuid, volume_id, delete_on_termination) VALUES ('`+cellVM+`', '22222222-2222-4333-8444-555555555555', 1);
INSERT INTO cinder.volumes (id, project_id, status, deleted) VALUES ('`+volume1+`', '`+project1+`', 'in-use', 0), ('`+volume2+`', '`+project1+`', 'in-use', 0), ('22222222-2222-4333-8444-555555555555', '`+project2+`', 'reserved', 0);
INSERT INTO cinder.snapshots (id, volume_id, status, display_name, deleted) VALUES ('an old one', '`+volume1+`', 'available', 'monday', 0);`)

	said := b.leads(6, "instance-data", decide("snapshot=yes", "rebuild=done", "which="+freshVM, "attach=yes", "seen=done")...)
	b.wants(said, "Several instances in Error", errorVM, cellVM)
	one := []string{"--set", "instance=" + errorVM}
	said = b.leads(6, "instance-data", append(one, decide("snapshot=yes", "rebuild=done", "which="+otherVM, "attach=yes", "seen=done")...)...)
	b.wants(said, "in the same project", "desktop-002")
	b.untouched("attach")
	if n := b.called("ctl1", "openstack server"); n != 0 || b.called("ctl1", "openstack volume|create") != 0 {
		t.Errorf("somebody else's instance was touched: %v", b.calls("ctl1"))
	}
	said = b.leads(6, "instance-data", append(one, decide("snapshot=yes", "rebuild=done", "which="+freshVM[:35]+"x", "attach=yes", "seen=done")...)...)
	b.wants(said, "known to nova and ACTIVE")
	b.untouched("snapshot", "attach") // the snapshots are there already
	b.leads(0, "instance-data", append(one, decide("rebuild=done", "which="+freshVM, "attach=yes", "seen=done")...)...)
	for call, want := range map[string]int{"openstack volume|snapshot|create": 2, "openstack volume|create": 2, "openstack server|add|volume|" + freshVM: 2, "openstack server": 2, "openstack volume|delete": 0} {
		if n := b.called("ctl1", call); n != want {
			t.Errorf("%s: %d times, want %d", call, n, want)
		}
	}
	b.wants(b.leads(0, "instance-data", one...), "Not this", "Already saved: "+volume1+", "+volume2)
	b.untouched("snapshot", "attach")
}
