package runbooks_test

import (
	"maps"
	"strings"
	"testing"

	"stackhand/steps"
)

// Rehearsed: the lab has no nova, cinder and neutron. The probes below are given what their commands print on a cloud
// (messages as nova's, SQLAlchemy's, urllib3's and libvirt's own code writes them), and the flow is judged from there.

func TestPoolFull(t *testing.T) {
	for name, c := range map[string]struct{ printed, verdict, outage, warned, services string }{
		"neither":  {"size /etc/nova/nova.conf:[database]max_pool_size=5\n", "fine", "", "", ""},
		"harmless": {"pool warning /var/log/nova/nova-api.log 812\n", "warning", "", "ctl1", ""},
		"outage":   {"pool outage /var/log/nova/nova-conductor.log 3\n", "outage", "ctl1", "", "nova-conductor"},
		"both":     {"pool warning /var/log/nova/nova-api.log 9\npool outage /var/log/neutron/server.log 1\n", "outage", "ctl1", "ctl1", "neutron-server"},
		"RDO":      {"pool outage /var/log/cinder/api.log 9\npool outage /var/log/glance/api.log 1\n", "outage", "ctl1", "", "cinder-api glance-api"},
		"Kolla":    {"pool outage /var/log/kolla/nova/nova-api.log 9\npool outage /var/log/keystone/keystone.log 1\n", "outage", "ctl1", "", "nova-api keystone"},
	} {
		out := judged(t, "pool.full", map[string]map[string]steps.Value{"ctl1": read(t, "pool-full", "look", c.printed)}, nil)
		if verdict(out, "ctl1") != c.verdict || list(t, out, "outage_on") != c.outage || list(t, out, "services") != c.services {
			t.Errorf("%s: %s, on %q, services %q", name, verdict(out, "ctl1"), list(t, out, "outage_on"), list(t, out, "services"))
		}
		if name != "both" && list(t, out, "warned_on") != c.warned {
			t.Errorf("%s: warned on %q", name, list(t, out, "warned_on"))
		}
	}
}

const (
	guest1 = "a1f0c3d2-5b6e-4f70-8a9b-0c1d2e3f4a51"
	guest2 = "b2a1d4e3-6c7f-4081-9bac-1d2e3f4a5b62"
)

func TestInstanceError(t *testing.T) {
	for message, cause := range map[string]string{
		"Build of instance " + guest1 + " aborted: Volume 6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10 did not finish being created even after we waited 187 seconds or 61 attempts. And its status is downloading.": "volume",
		"Build of instance " + guest1 + " aborted: VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.":                                                                "quota",
		"Quota exceeded for instances: Requested 1, but already used 10 of 10 instances":                                                                                                                     "quota",
		"Timed out waiting for a reply to message ID 5f1d8a0b3c1e4f0a9d7c":                                                                                                                                   "rpc",
		"No valid host was found. There are not enough hosts available.":                                                                                                                                     "host",
		"Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance " + guest1 + ".":                                                                         "host",
		"Binding failed for port 6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10, please check neutron logs for more information.":                                                                                      "vif",
		"No fixed IP addresses available for network: 41b925ea-260c-4244-b160-576246f13c7a":                                                                                                                  "vif",
		"MessagingTimeout":                  "rpc",
		"Virtual Interface creation failed": "vif",
		"Build of instance " + guest1 + " aborted: Failed to allocate the network(s), not rescheduling.":                  "vif",
		"internal error: process exited while connecting to monitor: failed to initialize kvm: No such file or directory": "unknown",
		"Block Device Mapping is Invalid: failed to get volume 6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10.":                     "volume",
	} {
		db := read(t, "instance-error", "faults", "fault "+guest1+"|cmp1|"+message+"\n")
		out := judged(t, "instance.error", map[string]map[string]steps.Value{"db1": db}, nil)
		if got := list(t, out, "causes"); got != cause || list(t, out, "summary_"+cause) != guest1 || list(t, out, "instances") != guest1 {
			t.Errorf("%s: cause is %q, of %q", message, got, list(t, out, "instances"))
		}
	}
	db := read(t, "instance-error", "faults", "fault "+guest1+"|cmp1|Quota exceeded for cores\nfault "+guest2+"|-|No valid host was found. \n")
	cmp := read(t, "instance-error", "limits", "limit block_device_allocate_retries 60 stale\nlimit rpc_response_timeout default stale\n")
	out := judged(t, "instance.error", map[string]map[string]steps.Value{"db1": db, "cmp1": cmp}, nil)
	if list(t, out, "stale_on") != "cmp1" || list(t, out, "instances") != guest1+" "+guest2 || !strings.Contains(out.Hosts["db1"].Reason.En, guest2+": host") {
		t.Errorf("%+v", out)
	}
	none := judged(t, "instance.error", map[string]map[string]steps.Value{"db1": read(t, "instance-error", "faults", "")}, nil)
	if list(t, none, "instances") != "" {
		t.Errorf("%+v", none)
	}
}

func TestInstanceData(t *testing.T) {
	const v = "6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10"
	for name, c := range map[string]struct{ printed, let string }{
		"goes with it":    {"volume " + v + " 1 in-use 0 " + guest1 + " -\n", "endangered"},
		"stays":           {"volume " + v + " 0 in-use 0 " + guest1 + " -\n", "kept"},
		"has a copy":      {"volume " + v + " 1 in-use 2 " + guest1 + " -\n", "saved"},
		"is elsewhere":    {"volume " + v + " 1 in-use 1 " + guest1 + " " + guest2 + "\n", "rescued"},
		"is being made":   {"volume " + v + " 1 attaching 0 " + guest1 + " -\n", "busy"},
		"broken":          {"volume " + v + " 1 error 0 " + guest1 + " -\n", "broken"},
		"gone":            {"volume " + v + " 0 gone 0 " + guest1 + " -\n", "broken"},
		"gone, no hope":   {"volume " + v + " 0 gone 3 " + guest1 + " -\n", "broken"},
		"told three time": {strings.Repeat("volume "+v+" 1 in-use 0 "+guest1+" -\n", 3), "endangered"},
	} {
		out := judged(t, "instance.data", map[string]map[string]steps.Value{"db1": read(t, "instance-data", "volumes", c.printed)}, nil)
		for _, let := range []string{"endangered", "kept", "saved", "broken", "busy", "rescued"} {
			if got := list(t, out, let); (got == v) != (let == c.let) {
				t.Errorf("%s: %s is %q", name, let, got)
			}
		}
		if got := list(t, out, "victims"); (got == guest1) == (c.let == "broken" || c.let == "rescued") {
			t.Errorf("%s: of %q", name, got)
		}
	}
}

// What stands in a database may be anybody's text, and goes into the next question to a database.
func TestNoForeignTextInQuestions(t *testing.T) {
	const v = "6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10"
	for _, c := range [][4]string{
		{"instance-data", "volumes", "volumes", "volume x';DROP+TABLE+t;' 1 in-use 0 " + guest1 + " -\n"},
		{"instance-data", "volumes", "volumes", "volume " + v + " 1 in-use 0 x'+OR+1;-- -\n"},
		{"vif-creation", "records", "agents", "agent x';DROP+TABLE+t;' neutron-l3-agent 900\n"},
		{"all-hosts-down", "survey", "addresses", "address ;reboot\n"},
	} {
		if got := read(t, c[0], c[1], c[3])[c[2]]; got.Absent == "" && len(got.V.([]any)) > 0 {
			t.Errorf("%s takes %q: %v", c[0], c[3], got.V)
		}
	}
}

// records is what the two looks at neutron's database read of what it says.
func records(t *testing.T, printed string) map[string]steps.Value {
	t.Helper()
	facts := read(t, "vif-creation", "records", printed)
	maps.Copy(facts, read(t, "vif-creation", "rooms", printed))
	return facts
}

func TestVIFCause(t *testing.T) {
	agents := "agent cmp1 neutron-linuxbridge-agent 7\nagent net1 neutron-l3-agent 900\n"
	for name, c := range map[string]struct{ server, errors, records, cause string }{
		"well":             {"server active\n", "errors 0\n", agents + "ports p1 3 -1\nroom s1 4 250\n", "fine"},
		"server off":       {"server failed\n", "errors 4\n", agents, "server"},
		"agent silent":     {"server active\n", "errors 4\n", "agent cmp1 neutron-linuxbridge-agent 700\n", "agent"},
		"ports used up":    {"server active\n", "errors 4\n", agents + "ports p1 500 500\n", "quota"},
		"no addresses":     {"server active\n", "errors 1\n", agents + "room s1 251 250\n", "addresses"},
		"something else":   {"server active\n", "errors 1\n", agents, "unknown"},
		"no neutron there": {"", "errors 0\n", "", "fine"},
		"full, and well":   {"server active\n", "errors 0\n", agents + "ports p1 500 500\nroom s1 251 250\n", "fine"},
		"default quota":    {"server active\nport_quota 50\n", "errors 1\n", agents + "ports p1 50 default\n", "quota"},
		"neutron's own":    {"server active\n", "errors 1\n", agents + "ports p1 499 default\n", "unknown"},
		"FQDN, silent":     {"server active\n", "errors 1\n", "agent cmp1.example.org neutron-openvswitch-agent 700\n", "agent"},
		"gone long ago":    {"server active\n", "errors 0\n", "agent cmp9 neutron-openvswitch-agent 70000\n", "fine"},
		"switched off":     {"server disabled\n", "errors 0\n", agents, "server"},
	} {
		hosts := map[string]map[string]steps.Value{
			"cmp1": read(t, "vif-creation", "errors", c.errors), "db1": records(t, c.records), "ctl1": read(t, "vif-creation", "servers", c.server),
		}
		if got := list(t, judged(t, "vif.cause", hosts, map[string]any{"down_after": 75}), "cause"); got != c.cause {
			t.Errorf("%s: cause is %s, want %s", name, got, c.cause)
		}
	}
}

func TestPowerState(t *testing.T) {
	sync := "synced " + guest1 + "\n"
	for name, c := range map[string]struct{ printed, verdict string }{
		"nobody":                  {"booted_after no\nfree_mib 9000\ninterval default\n", "fine"},
		"memory":                  {sync + "end instance-0000002a 2026-11-21 terminating on signal 9\noom Out of memory: Killed process 4711 (qemu-system-x86)\n", "memory"},
		"rebooted":                {sync + "booted_after yes\n", "host"},
		"crashed":                 {sync + "end instance-0000002a crashed\nbooted_after no\n", "crash"},
		"shutdown":                {sync + "end " + guest1 + " shutdown\nbooted_after no\n", "shutdown"},
		"went down with its host": {sync + "end " + guest1 + " shutdown\nbooted_after yes\n", "host"},
		"nothing":                 {sync + "booted_after no\n", "unknown"},
	} {
		out := judged(t, "power.state", map[string]map[string]steps.Value{"cmp1": read(t, "power-state-sync", "look", c.printed), "cmp2": nil}, nil)
		if got := verdict(out, "cmp1"); got != c.verdict || (list(t, out, "stopped") == guest1) == (c.verdict == "fine") {
			t.Errorf("%s: %s, stopped %q", name, got, list(t, out, "stopped"))
		}
		if shut := list(t, out, "shut_down"); (shut == guest1) != (c.verdict == "shutdown") || c.verdict != "fine" && shut == list(t, out, "to_start") {
			t.Errorf("%s: shut down %q, to start %q", name, shut, list(t, out, "to_start"))
		}
	}
}
