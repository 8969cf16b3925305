package packstack

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
)

// generatedFile is what Packstack itself would generate on a machine: every key with its default,
// hosts that are that machine, passwords filled in.
func generatedFile(t *testing.T, c *answers.Catalogue) *Document {
	t.Helper()
	env := Env{LocalIP: "192.0.2.5", Hostname: "install.example.org"}
	made, err := Fill(c, nil, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	eff := Evaluate(c, made, env)
	var b strings.Builder
	b.WriteString("[general]\n")
	for _, e := range c.Entries {
		v := eff.Values[e.Key]
		if strings.HasSuffix(e.Key, "_HOST") && e.Computed == "local_ip" {
			v = env.LocalIP
		}
		b.WriteString("\n# help\n" + e.Key + "=" + v + "\n")
	}
	d := Parse([]byte(b.String()), "answer.txt")
	if fs := Check(d, c, Options{}); fs.Failed() {
		t.Fatalf("a generated file has errors: %v", fs)
	}
	return d
}

// TestDocumentedIntoGenerated: the documented lists typed into a generated file, which has the
// other keys already: the corrections are named as they are for the lists alone.
func TestDocumentedIntoGenerated(t *testing.T) {
	multi := map[string]string{
		"CONFIG_COMPUTE_HOSTS": "192.0.2.16,192.0.2.17", "CONFIG_NETWORK_HOSTS": "192.0.2.13,192.0.2.14,192.0.2.15",
		"CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS": "extnet:br-ex,physnet10:br-port", "CONFIG_NEUTRON_OVS_BRIDGE_IFACES": "br-ex:bond1,br-port:bond10", "CONFIG_NEUTRON_OVS_BRIDGES_COMPUTE": "br-port",
		"CONFIG_NEUTRON_OVS_EXTERNAL_PHYSNET": "extnet", "CONFIG_NEUTRON_OVS_TUNNEL_IF": "bond10", "CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS": "192.168.10.0/24", "CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT": "4789",
	}
	for _, release := range []string{"stein", "train"} {
		c := catalogue(t, release)
		d := generatedFile(t, c)
		set := func(key, value string) {
			if err := d.Set(key, value); err != nil {
				t.Fatal(err)
			}
		}
		check := func(name string, want ...int) {
			t.Helper()
			fs := Check(d, c, Options{})
			for _, n := range want {
				if !slices.Contains(fs.Corrections(), n) {
					t.Errorf("%s, %s: correction %d is not named: %v", release, name, n, fs)
				}
			}
		}
		for key, value := range Parse([]byte(documented["all-in-one"]), "list").Values(Python3, c) {
			set(key, value)
		}
		check("all-in-one", 34, 35, 39)
		for key, value := range multi {
			set(key, value)
		}
		check("multi-node", 34, 35, 39)
		set("EXCLUDE_SERVERS", "192.0.2.110,192.0.2.13,192.0.2.14,192.0.2.15,192.0.2.16,192.0.2.17,192.0.2.5")
		set("CONFIG_CONTROLLER_HOST", "192.0.2.12")
		set("CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", "")
		set("CONFIG_NEUTRON_L2_AGENT", "openvswitch")
		check("second controller", 36, 39)
	}
}
