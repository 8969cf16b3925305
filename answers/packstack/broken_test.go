package packstack

import (
	"fmt"
	"strings"
	"testing"

	"stackhand/answers"
)

// broken files: one line of the good one (or a key that it does not have) becomes another,
// and the first line of what is put there is the one that the error must name.
var broken = []struct{ key, with, code string }{
	// what Packstack's own validators refuse
	{"CONFIG_CONTROLLER_HOST", "192.0.2.300", "want.host"},
	{"CONFIG_CONTROLLER_HOST", "192.0.2", "want.host"},
	{"CONFIG_CONTROLLER_HOST", "192.0.2.11/eth0", "want.host.slash"},
	{"CONFIG_CONTROLLER_HOST", "http://192.0.2.11", "want.host.slash"},
	{"CONFIG_CONTROLLER_HOST", "ctl 1", "want.host"},
	{"CONFIG_CONTROLLER_HOST", `"192.0.2.11"`, "want.host"},
	{"CONFIG_COMPUTE_HOSTS", "192.0.2.16 192.0.2.17", "want.host"},
	{"CONFIG_COMPUTE_HOSTS", "192.0.2.16;192.0.2.17", "want.host"},
	{"CONFIG_NETWORK_HOSTS", "192.0.2.13,192.0.2.999", "want.host"},
	{"CONFIG_AMQP_HOST", "10.10.20.", "want.host"},
	{"CONFIG_REDIS_HOST", "101020.11", "want.host"},
	{"CONFIG_MARIADB_HOST", "-db", "want.host"},
	{"CONFIG_KEYSTONE_ADMIN_PW", "", "want.something"},
	{"CONFIG_KEYSTONE_ADMIN_USERNAME", "", "want.something"},
	{"CONFIG_MARIADB_PW", `""`, "want.something"},
	{"CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO", "3,0", "want.number"},
	{"CONFIG_NOVA_SCHED_RAM_ALLOC_RATIO", "1.0x", "want.number"},
	{"CONFIG_PROVISION_DEMO", "no", "want.choice"},
	{"CONFIG_PROVISION_DEMO", "N", "want.choice"},
	{"CONFIG_PROVISION_DEMO", "n # none", "want.choice"},
	{"CONFIG_PROVISION_DEMO", "n ; none", "want.choice"},
	{"CONFIG_HORIZON_INSTALL", "yes", "want.choice"},
	{"CONFIG_NEUTRON_INSTALL", "n", "want.neutron"},
	{"CONFIG_NEUTRON_INSTALL", "", "want.neutron"},
	{"CONFIG_NEUTRON_L2_AGENT", "ovs", "want.choice"},
	{"CONFIG_NEUTRON_L2_AGENT", "OpenvSwitch", "want.choice"},
	{"CONFIG_NEUTRON_ML2_TYPE_DRIVERS", "flat,vxlna", "want.choices"},
	{"CONFIG_NEUTRON_ML2_TENANT_NETWORK_TYPES", "flat", "want.choices"},
	{"CONFIG_NEUTRON_ML2_MECHANISM_DRIVERS", "openvswitch l2population", "want.choices"},
	{"CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT", "65535", "want.port"},
	{"CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT", "vxlan", "want.port"},
	{"CONFIG_REDIS_PORT", "-1", "want.port"},
	{"CONFIG_SWIFT_STORAGES", "vdb", "want.device"},
	{"CONFIG_SWIFT_STORAGE_SIZE", "", "want.size"},
	{"CONFIG_SWIFT_STORAGE_SIZE", "big", "want.size"},
	{"CONFIG_SWIFT_STORAGE_REPLICAS", "two", "want.integer"},
	{"CONFIG_GLANCE_BACKEND", "ceph", "want.choice"},
	{"CONFIG_CINDER_BACKEND", "lvm,nfs", "want.choice"},
	{"CONFIG_NOVA_DB_PURGE_ENABLE", "maybe", "want.choice"},
	{"CONFIG_CINDER_VOLUMES_SIZE", "20", "want.gigabytes"},
	// what nothing validates and what fails in the middle of the run
	{"CONFIG_CONTROLLER_HOST", "", "host.empty"},
	{"CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS", "extnet", "want.pairs"},
	{"CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS", "extnet:br-ex,", "want.pairs"},
	{"CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS", "extnet:br-ex,extnet:br-port", "pairs.twice"},
	{"CONFIG_NEUTRON_OVS_BRIDGE_IFACES", "br-ex=bond1", "want.pairs"},
	{"CONFIG_NEUTRON_OVS_BRIDGE_IFACES", "br-ex:bond1:bond2", "want.pairs"},
	{"CONFIG_NEUTRON_OVS_BRIDGE_IFACES", "br-ex:bond1,br-port:a-much-too-long-name", "want.device.name"},
	{"CONFIG_NEUTRON_OVS_BRIDGES_COMPUTE", "br-vlan", "bridge.compute"},
	{"CONFIG_NEUTRON_OVS_BRIDGES_COMPUTE", "br-port,", "bridge.compute"},
	{"CONFIG_NEUTRON_OVS_TUNNEL_IF", "bond10,bond11", "want.device.name"},
	{"CONFIG_NEUTRON_OVS_TUNNEL_IF", "192.168.10.0/24", "want.device.name"},
	{"CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", "192.168.10.0/33", "want.subnet"},
	{"CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", "192.168.10.x", "want.subnet"},
	{"CONFIG_NEUTRON_ML2_TENANT_NETWORK_TYPES", "vxlan,gre", "tenant.driver"},
	{"CONFIG_NEUTRON_ML2_VNI_RANGES", "100:10", "want.range"},
	{"CONFIG_NEUTRON_ML2_VNI_RANGES", "1-1000", "want.range"},
	{"CONFIG_NEUTRON_ML2_VXLAN_GROUP", "192.0.2.1", "want.multicast"},
	{"CONFIG_COMPUTE_HOSTS", "192.0.2.16,2001:db8::17", "host.family"},
	{"CONFIG_COMPUTE_HOSTS", "192.0.2.16,cmp2", "host.family"},
	{"CONFIG_NTP_SERVERS", "ntp one", "want.ntp"},
	{"EXCLUDE_SERVERS", "192.0.2.11,192.0.2.13,192.0.2.14,192.0.2.15,192.0.2.16,192.0.2.17", "exclude.all"},
	{"EXCLUDE_SERVERS", "192.0.2.13 192.0.2.14", "want.host"},
	{"CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", "\nEXCLUDE_SERVERS=192.0.2.16", "exclude.tunnel"},
	// what Packstack cannot carry
	{"CONFIG_KEYSTONE_ADMIN_PW", "비밀번호비밀", "ascii.secret"},
	{"CONFIG_MARIADB_PW", "abc%{x}defgh", "secret.hiera"},
	{"CONFIG_KEYSTONE_REGION", "서울", "ascii.value"},
	{"CONFIG_KEYSTONE_REGION", "Caf\xe9", "parse.utf8"},
	{"CONFIG_MARIADB_PW", "abcdefgh ;old one", "python.comment"},
	{"CONFIG_MARIADB_PW", "abcdefgh\n  more", "line.continues"},
	{"CONFIG_MARIADB_PW", "abcdefgh\n  CONFIG_PROVISION_TEMPEST=n", "line.swallowed"},
	// what the parsers refuse
	{"CONFIG_COMPUTE_HOSTS", "192.0.2.16\nCONFIG_COMPUTE_HOSTS=192.0.2.17", "parse.twice"},
	{"CONFIG_COMPUTE_HOSTS", "192.0.2.16\nconfig_compute_hosts=192.0.2.17", "parse.twice"},
	{"CONFIG_PROVISION_DEMO", "n\nCONFIG_PROVISION_TEMPEST n", "parse.delimiter"},
	{"CONFIG_PROVISION_DEMO", "n\nwhat is this", "parse.delimiter"},
	{"CONFIG_PROVISION_DEMO", "n\n=n", "parse.nokey"},
	{"CONFIG_PROVISION_DEMO", "n\n[general]", "parse.section.twice"},
	{"CONFIG_NOVA_COMPUTE_HOSTS", "", ""}, // stands for the files below, which have no value
}

// change puts a value into the good file and says on which line it stands.
func change(key, value string) (text string, line int) {
	lines := strings.Split(strings.TrimSuffix(good, "\n"), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, key+"=") {
			lines[i] = key + "=" + value
			return strings.Join(lines, "\n") + "\n", i + 1
		}
	}
	return good + key + "=" + value + "\n", len(lines) + 1
}

func TestBrokenFiles(t *testing.T) {
	count := 0
	releases := []*answers.Catalogue{catalogue(t, "stein"), catalogue(t, "train")}
	try := func(name, text, code string, first, last int, key string) {
		t.Helper()
		count++
		for _, c := range releases {
			fs := Check(Parse([]byte(text), "answer.txt"), c, Options{})
			found := false
			for _, f := range fs {
				if f.Severity == answers.Error && f.Code == code && f.Line >= first && f.Line <= last && (key == "" || f.Key == key) {
					found = true
					if f.Why == "" || f.Wanted == "" || strings.ContainsAny(f.Why+f.Wanted, "{}") && code != "secret.hiera" {
						t.Errorf("%s: the text has a gap: %s", name, f)
					}
				}
			}
			if !found {
				t.Errorf("%s, %s: no error %s on line %d:\n%v", name, c.Release, code, first, fs)
			}
		}
	}
	for _, b := range broken {
		if b.code == "" {
			continue
		}
		text, line := change(b.key, b.with)
		key := b.key
		if i := strings.LastIndex(b.with, "\n"); i >= 0 { // the trouble is on the line that was added
			line += strings.Count(b.with, "\n")
			key, _, _ = strings.Cut(strings.TrimSpace(b.with[i:]), "=")
			if !strings.Contains(b.with[i:], "_") || !strings.Contains(b.with[i:], "=") {
				key = ""
			}
			key = strings.ToUpper(key)
			if b.code == "parse.twice" {
				key = "" // as it is written
			}
		}
		try(fmt.Sprintf("%s=%q", b.key, b.with), text, b.code, line, line, key)
	}
	try("interfaces by name where subnets are said", good+"CONFIG_USE_SUBNETS=y\n", "want.subnet.name", 21, 21, "CONFIG_NEUTRON_OVS_TUNNEL_IF")
	try("a byte order mark", "\uFEFF"+good, "parse.bom", 1, 1, "")
	try("no section", strings.TrimPrefix(good, "[general]\n"), "parse.section", 1, 1, "")
	try("a misspelt section", strings.Replace(good, "[general]", "[General]", 1), "section.none", 1, 1, "")
	try("an empty file", "", "section.none", 1, 1, "")
	try("an indented first key", strings.Replace(good, "\nCONFIG_KEYSTONE_ADMIN_U", "\n CONFIG_KEYSTONE_ADMIN_U", 1), "parse.indent", 2, 2, "CONFIG_KEYSTONE_ADMIN_USERNAME")
	try("former names that differ", strings.Replace(good, "CONFIG_CONTROLLER_HOST=192.0.2.11\n", "CONFIG_KEYSTONE_HOST=192.0.2.11\nCONFIG_GLANCE_HOST=192.0.2.12\n", 1), "former.differ", 5, 6, "")
	if count < 60 {
		t.Errorf("only %d broken files", count)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(good))
	for _, b := range broken {
		text, _ := change(b.key, b.with)
		f.Add([]byte(text))
	}
	for _, h := range hostile() {
		f.Add([]byte(h))
	}
	c := catalogue(f, "train")
	f.Fuzz(func(t *testing.T, data []byte) {
		d := Parse(data, "f")
		if string(d.Bytes()) != string(data) {
			t.Fatal("the bytes are others")
		}
		fs := Check(d, c, Options{})
		for _, x := range fs {
			if x.Line < 1 || x.Line > max(1, len(d.lines)) || x.Why == "" || x.Code == x.Why {
				t.Fatalf("%+v", x)
			}
		}
		if !fs.Failed() && (!d.Readable(Python2) || !d.Readable(Python3)) {
			t.Fatal("no error in a file that is refused")
		}
	})
}

func FuzzSet(f *testing.F) {
	for _, h := range append(hostile(), good) {
		f.Add([]byte(h), "CONFIG_AMQP_HOST", "192.0.2.1")
		f.Add([]byte(h), "a", "x;y")
	}
	f.Fuzz(func(t *testing.T, data []byte, key, value string) {
		d := Parse(data, "f")
		if d.Set(key, value) != nil {
			return
		}
		again := Parse(d.Bytes(), "f")
		for _, p := range []Python{Python2, Python3} {
			if got, ok := again.Get(p, key); !ok || got != value {
				t.Fatalf("Python %d reads %q", p, got)
			}
		}
		before := Parse(data, "f")
		if !before.Readable(Python2) || !before.Readable(Python3) || len(before.as2.order) != len(before.as3.order) {
			return
		}
		for i, o := range before.as2.order {
			if before.as3.order[i].key != o.key || before.as3.order[i].line != o.line {
				return // what is another key to the other interpreter cannot stay for both
			}
		}
		for _, p := range []Python{Python2, Python3} {
			for _, o := range before.as(p).order {
				if strings.EqualFold(o.key, key) {
					continue
				}
				was, _ := before.Get(p, o.key)
				if now, _ := again.Get(p, o.key); now != was {
					t.Fatalf("Python %d: %s was %q and is %q", p, o.key, was, now)
				}
			}
		}
	})
}
