package packstack

import (
	"crypto/rand"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/internal/site"
)

// A site made of a file can be saved and read, and gives the file's hosts again.
func TestSite(t *testing.T) {
	c := catalogue(t, "train")
	s, unresolved := Site(Parse([]byte(good), "good"), c, "lab")
	if len(unresolved) > 0 || len(s.Hosts) != 6 {
		t.Fatalf("%+v %v", s, unresolved)
	}
	path := filepath.Join(t.TempDir(), "site.yaml")
	s.Path = path
	if err := site.Save(s); err != nil {
		t.Fatal(err)
	}
	again, err := site.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if h := again.Host("controller1"); h == nil || !slices.Equal(h.Roles, []string{"controller", "database", "broker"}) {
		t.Errorf("the controller is %+v", h)
	}
	again.Networks = map[string]string{"tunnel": "192.168.10.0/24"}
	values := Given(again, "openvswitch")
	was := Parse([]byte(good), "good").Values(Python3, c)
	for k, v := range values {
		if was[k] != v {
			t.Errorf("%s=%s, want %s", k, v, was[k])
		}
	}
	if len(values) != 7 {
		t.Errorf("%d values: %v", len(values), values)
	}
	if _, unresolved = Site(Parse([]byte(strings.Replace(good, "192.0.2.16", "cmp1", 1)), "f"), c, "lab"); !slices.Equal(unresolved, []string{"cmp1"}) {
		t.Errorf("unresolved: %v", unresolved)
	}
}

// A site and the documented values make a file that passes, in both modes and releases but
// for the key that Train does not have.
func TestDocumentedValuesExport(t *testing.T) {
	s, _ := Site(Parse([]byte(good), "good"), catalogue(t, "train"), "lab")
	for _, release := range []string{"stein", "train"} {
		for _, mode := range []string{"all-in-one", "multi-node"} {
			c := catalogue(t, release)
			values := Documented(mode)
			for k, v := range Given(s, "openvswitch") {
				values[k] = v
			}
			values["CONFIG_NEUTRON_OVS_BRIDGE_IFACES"] = "br-ex:em1"
			if mode == "multi-node" {
				values["CONFIG_NEUTRON_OVS_BRIDGE_IFACES"] = "br-ex:bond1,br-port:bond10"
				values["CONFIG_NEUTRON_OVS_TUNNEL_IF"] = "bond11"
			}
			data, exported, err := Export(c, values, Env{}, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			if fs := Check(Parse(data, "answer.txt"), c, Options{}); len(fs) > 0 {
				t.Errorf("%s, %s: %v", release, mode, fs)
			}
			if exported["CONFIG_NEUTRON_L2_AGENT"] != "openvswitch" || exported["CONFIG_LBAAS_INSTALL"] != map[string]string{"stein": "y"}[release] {
				t.Errorf("%s, %s: %q %q", release, mode, exported["CONFIG_NEUTRON_L2_AGENT"], exported["CONFIG_LBAAS_INSTALL"])
			}
		}
	}
}

func TestDiff(t *testing.T) {
	c := catalogue(t, "train")
	a := map[string]string{"CONFIG_MARIADB_PW": "one", "CONFIG_AMQP_HOST": "192.0.2.1", "CONFIG_NTP_SERVERS": ""}
	b := map[string]string{"CONFIG_MARIADB_PW": "two", "CONFIG_AMQP_HOST": "192.0.2.1", "CONFIG_REDIS_HOST": "192.0.2.1"}
	got := answers.Diff(c, a, b)
	want := []answers.Change{
		{Key: "CONFIG_NTP_SERVERS", Removed: true},
		{Key: "CONFIG_MARIADB_PW", Before: answers.Mask, After: answers.Mask},
		{Key: "CONFIG_REDIS_HOST", After: "192.0.2.1", Added: true},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if m := answers.Masked(c, a); m["CONFIG_MARIADB_PW"] != answers.Mask || m["CONFIG_AMQP_HOST"] != "192.0.2.1" || a["CONFIG_MARIADB_PW"] != "one" {
		t.Errorf("%v", m)
	}
}
