package packstack

import (
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
)

// validValue is a random value that Packstack's validators take for an entry; ok is false for
// what is drawn with others, or left alone.
func validValue(e *answers.Entry, r *mrand.Rand) (v string, ok bool) {
	pick := func(values ...string) (string, bool) { return values[r.IntN(len(values))], true }
	has := func(name string) bool { return slices.Contains(e.Validators, name) }
	letters := func() string { return fmt.Sprintf("v%dx%d", r.IntN(1000), r.IntN(1000)) }
	switch {
	case e.Key == "CONFIG_MARIADB_INSTALL", e.Key == "CONFIG_VMWARE_BACKEND", e.Key == "CONFIG_USE_SUBNETS", strings.HasPrefix(e.Key, "CONFIG_NEUTRON_ML2_"), strings.HasPrefix(e.Key, "CONFIG_NEUTRON_O"), strings.HasSuffix(e.Key, "_HOSTS"), has("ssh"), e.Key == "EXCLUDE_SERVERS",
		e.Type == answers.TypePairs, e.Type == answers.TypeRanges:
		return "", false
	case has("neutron"):
		return "y", true
	case has("ip"):
		return pick("192.0.2.50", "2001:db8::50")
	case has("ldap_url"):
		return pick("ldap://192.0.2.9", "ldaps://ldap.example.org:636", "LDAP://x")
	case has("ldap_dn"):
		return pick("dc=example,dc=org", "cn=admin,dc=example,dc=org")
	case has("multi_export"):
		return pick("192.0.2.9:/vol1", "192.0.2.9:/a,[2001:db8::9]:/b")
	case has("multi_regexp"):
		return pick("192.0.2.9:/vol", "gl-1.example:/v,192.0.2.9:/w")
	case has("regexp"):
		return pick("/devmgr/v2", "/x")
	case has("multi_ping"):
		return pick("192.0.2.70", "192.0.2.70,192.0.2.71")
	case has("storage"):
		return pick("/dev/vdb", "/dev/vdb,/dev/vdc")
	case e.Key == "CONFIG_CINDER_VOLUMES_SIZE":
		return pick("20G", "1G", "500G")
	case has("storage_size"):
		return pick("2G", "500m", "90K")
	case len(e.Choices) > 0 && e.Type == answers.TypeChoices:
		var some []string
		for _, c := range e.Choices {
			if r.IntN(2) == 0 {
				some = append(some, c)
			}
		}
		if len(some) == 0 {
			some = e.Choices[:1]
		}
		return strings.Join(some, ","), true
	case len(e.Choices) > 0:
		return pick(e.Choices...)
	case has("float"):
		return pick("1.0", "16", "1e1", ".5")
	case has("port"):
		return pick("1", "8080", "65534")
	case has("integer"):
		return pick("0", "1", "-1", "7", "+9")
	case e.Type == answers.TypeSubnets:
		return pick("172.24.4.0/24", "10.9.0.0/16")
	case e.Key == "CONFIG_PROVISION_DEMO_ALLOCATION_POOLS":
		return "[]", true
	case e.Key == "CONFIG_NTP_SERVERS":
		return pick("", "192.0.2.1", "0.pool.example.org,192.0.2.2")
	case e.Type == answers.TypeURL:
		return pick("https://example.org/x.img", "/root/x.img", "http://192.0.2.3/a")
	case e.Secret:
		return pick("Zt4mQ8vLk2", "a$b&c*d(e)f", "p=q;r^s~t{u}", "a'b\"c\\d e")
	case e.Key == "CONFIG_SERVICE_WORKERS":
		return pick("4", "%{::processorcount}")
	case e.Key == "CONFIG_NOVA_LIBVIRT_VIRT_TYPE", e.Type == answers.TypeInterface:
		return "", false
	}
	return letters(), true
}

// plan draws what belongs together: hosts, agent, bridges and tunnels.
func plan(r *mrand.Rand, v map[string]string) {
	host := func() string { return fmt.Sprintf("192.0.2.%d", 10+r.IntN(20)) }
	v["CONFIG_CONTROLLER_HOST"] = host()
	for _, key := range []string{"CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST", "CONFIG_STORAGE_HOST", "CONFIG_SAHARA_HOST"} {
		v[key] = host()
	}
	v["CONFIG_COMPUTE_HOSTS"], v["CONFIG_NETWORK_HOSTS"] = host()+","+host(), host()
	agent := []string{"openvswitch", "ovn", "linuxbridge"}[r.IntN(3)]
	v["CONFIG_NEUTRON_L2_AGENT"] = agent
	v["CONFIG_NEUTRON_ML2_TYPE_DRIVERS"], v["CONFIG_NEUTRON_ML2_TENANT_NETWORK_TYPES"] = "flat,vlan,vxlan,gre,geneve", []string{"vxlan", "vlan", "gre,vxlan", "geneve"}[r.IntN(4)]
	v["CONFIG_NEUTRON_ML2_MECHANISM_DRIVERS"] = agent
	v["CONFIG_NEUTRON_ML2_VLAN_RANGES"], v["CONFIG_NEUTRON_ML2_VNI_RANGES"], v["CONFIG_NEUTRON_ML2_TUNNEL_ID_RANGES"] = "physnet1:100:200", "10:1000", "1:1000"
	for _, p := range []string{"CONFIG_NEUTRON_OVS", "CONFIG_NEUTRON_OVN"} {
		v[p+"_BRIDGE_MAPPINGS"], v[p+"_BRIDGE_IFACES"], v[p+"_BRIDGES_COMPUTE"] = "extnet:br-ex,physnet1:br-vlan", "br-ex:ens3,br-vlan:ens4", "br-vlan"
		v[p+"_TUNNEL_IF"], v[p+"_TUNNEL_SUBNETS"] = "ens5", "10.5.0.0/24"
	}
	v["CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS"] = "physnet1:ens4"
}

// TestValidAnswers: whatever the validators take, our export of it has no error.
func TestValidAnswers(t *testing.T) {
	r := mrand.New(mrand.NewPCG(21, 22))
	drawn := map[string]bool{}
	for i := range 150 {
		c := catalogue(t, []string{"stein", "train"}[i%2])
		given := map[string]string{}
		for k := range c.Entries {
			if e := &c.Entries[k]; r.IntN(2) == 0 || e.Default == "" && len(e.Validators) > 0 { // some must be given
				if v, ok := validValue(e, r); ok {
					given[e.Key], drawn[e.Key] = v, true
				}
			}
		}
		plan(r, given)
		for key := range given {
			drawn[key] = true
		}
		data, _, err := Export(c, given, Env{LocalIP: "192.0.2.9", Hostname: "ctl1.example.org"}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if fs := Check(Parse(data, "f"), c, Options{}); fs.Failed() {
			fs = slices.DeleteFunc(fs, func(f answers.Finding) bool { return f.Severity != answers.Error })
			t.Fatalf("set %d: %v", i, fs)
		}
	}
	if len(drawn) < 300 {
		t.Errorf("only %d keys were drawn", len(drawn))
	}
}

// apply makes the group of an entry apply: what its condition asks for, and what that asks for.
func apply(c *answers.Catalogue, e *answers.Entry, v map[string]string, deep int) {
	if e.When == nil || deep > 6 {
		return
	}
	terms := slices.Clone(e.When.All)
	if len(e.When.Any) > 0 {
		terms = append(terms, e.When.Any[0])
	}
	for _, t := range terms {
		switch t.Op {
		case "eq":
			v[t.Key] = t.Value
		case "in":
			v[t.Key] = t.OneOf[0]
		case "substring":
			if !strings.Contains(v[t.Key], t.Value) {
				v[t.Key] = strings.Trim(v[t.Key]+","+t.Value, ",")
			}
		case "nonempty":
			if v[t.Key] == "" {
				v[t.Key] = "something"
			}
		}
		if o := c.Entry(t.Key); o != nil {
			apply(c, o, v, deep+1)
		}
	}
}

// TestEveryValidator: for each key and each of its validators (but those that ask a host or the
// disk) a value that it refuses is an error at that key.
func TestEveryValidator(t *testing.T) {
	refused := map[string]string{"not_empty": "", "options": "maybe", "multi_options": "maybe,x", "integer": "ten", "ssh": "a b", "multi_ssh": "192.0.2.1,a b", "ldap_dn": "nobody", "port": "65535", "float": "x",
		"neutron": "n", "ip": "192.0.2", "ldap_url": "http://x", "multi_regexp": "vol", "multi_export": "vol", "multi_ping": "a b", "regexp": "x", "storage": "vdb", "storage_size": "big"}
	tried := map[string]int{}
	for _, release := range []string{"stein", "train"} {
		c := catalogue(t, release)
		for i := range c.Entries {
			e := &c.Entries[i]
			for _, name := range e.Validators {
				bad, known := refused[name]
				if !known {
					if !slices.Contains([]string{"file", "sshkey", "writeable_directory"}, name) {
						t.Errorf("%s: validator %s is not tried", e.Key, name)
					}
					continue
				}
				v := map[string]string{"CONFIG_CONTROLLER_HOST": "192.0.2.1"}
				apply(c, e, v, 0)
				v[e.Key] = bad
				var text strings.Builder
				text.WriteString("[general]\n")
				for key, value := range v {
					fmt.Fprintf(&text, "%s=%s\n", key, value)
				}
				d := Parse([]byte(text.String()), "f")
				if !slices.ContainsFunc(Check(d, c, Options{}), func(f answers.Finding) bool {
					return f.Severity == answers.Error && f.Key == e.Key && f.Line == d.Line(e.Key)
				}) {
					t.Errorf("%s: %s lets %q through:\n%s", e.Key, name, bad, text.String())
				}
				tried[name]++
			}
		}
	}
	if len(tried) != len(refused) {
		t.Errorf("tried: %v", tried)
	}
}
