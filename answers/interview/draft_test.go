package interview

import (
	"bytes"
	"crypto/rand"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
	"stackhand/internal/i18n"
	"stackhand/internal/site"
)

const planted = "Planted7Zq2Xw9Kd4"

var (
	trainMulti  = Installer{"packstack-train", "multi-node"}
	steinSingle = Installer{"packstack-stein", "all-in-one"}
	wallaby     = Installer{"kolla-wallaby", "multi-node"}
)

func east() *site.Site {
	return &site.Site{
		Name: "east", Networks: map[string]string{"management": "192.0.2.0/24", "tunnel": "198.51.100.0/24"},
		Hosts: []site.Host{
			{Name: "ctl1", Roles: []string{"controller", "network"}, Addresses: map[string]string{"management": "192.0.2.11"}},
			{Name: "cmp1", Roles: []string{"compute"}, Addresses: map[string]string{"management": "192.0.2.21"}},
			{Name: "cmp2", Roles: []string{"compute", "storage"}, Addresses: map[string]string{"management": "192.0.2.22"}},
		},
		Virtual: []site.VirtualAddress{{Name: "vip", Address: "192.0.2.10", Network: "management", Hosts: []string{"ctl1"}}},
	}
}

// cards are interfaces as hosts would have them.
func cards(addresses ...string) (all []kolla.Interface) {
	for i, a := range addresses {
		c := kolla.Interface{Name: "eth" + string(rune('0'+i)), Up: true}
		if a != "" {
			c.Addresses = []netip.Prefix{netip.MustParsePrefix(a)}
		}
		all = append(all, c)
	}
	return append(all, kolla.Interface{Name: "lo", Up: true, Addresses: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8")}})
}

func eastCards() map[string][]kolla.Interface {
	return map[string][]kolla.Interface{
		"ctl1": cards("192.0.2.11/24", "198.51.100.11/24", ""),
		"cmp1": cards("192.0.2.21/24", "198.51.100.21/24", ""),
		"cmp2": cards("192.0.2.22/24", "198.51.100.22/24", ""),
	}
}

func begin(t *testing.T, i Installer) *Draft {
	t.Helper()
	d, err := New("east", i)
	if err != nil {
		t.Fatal(err)
	}
	d.Bits = 1024
	return d
}

func beginEast(t *testing.T, i Installer) *Draft {
	t.Helper()
	d := begin(t, i)
	d.UseSite(east())
	d.UseInterfaces(eastCards())
	return d
}

func set(t *testing.T, d *Draft, key, value string) {
	t.Helper()
	if err := d.Set(key, value); err != nil {
		t.Fatalf("Set(%s, %q): %v", key, value, err)
	}
}

func valueOf(t *testing.T, d *Draft, key string) string {
	t.Helper()
	f, ok := d.Field(key)
	if !ok {
		t.Fatalf("there is no field %s", key)
	}
	return f.Value
}

func exported(t *testing.T, d *Draft, name string) string {
	t.Helper()
	files, err := d.Files(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	t.Fatalf("no file %s among %d", name, len(files))
	return ""
}

// From a site whose hosts could be asked nothing is left to be answered, and the files have
// what the documents say (row 1).
func TestSiteCarriesEverything(t *testing.T) {
	for _, release := range []string{"packstack-stein", "packstack-train"} {
		for _, mode := range []string{"all-in-one", "multi-node"} {
			d := beginEast(t, Installer{release, mode})
			if m := d.Missing(); len(m) > 0 {
				t.Errorf("%s %s: missing: %v", release, mode, m)
			}
			if d.Check().Failed() {
				t.Errorf("%s %s: %v", release, mode, d.Check())
			}
			doc := packstack.Parse([]byte(exported(t, d, "answer.txt")), "answer.txt")
			want := packstack.Documented(mode)
			want["CONFIG_NEUTRON_L2_AGENT"] = "openvswitch"
			want["CONFIG_CONTROLLER_HOST"] = "192.0.2.11"
			if mode == "multi-node" {
				want["CONFIG_COMPUTE_HOSTS"] = "192.0.2.21,192.0.2.22"
				want["CONFIG_NETWORK_HOSTS"] = "192.0.2.11"
				want["CONFIG_NEUTRON_OVS_TUNNEL_IF"] = "eth1"
				want["CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS"] = "198.51.100.0/24"
				want["CONFIG_NEUTRON_OVS_BRIDGE_IFACES"] = "br-ex:eth2,br-port:eth1"
			} else {
				want["CONFIG_COMPUTE_HOSTS"] = "192.0.2.11"
				want["CONFIG_NEUTRON_OVS_BRIDGE_IFACES"] = "br-ex:eth2"
			}
			for k, v := range want {
				if d.Catalogue().Entry(k) == nil {
					continue // of the other release
				}
				if got, _ := doc.Get(packstack.Python2, k); got != v {
					t.Errorf("%s %s: %s=%q, want %q", release, mode, k, got, v)
				}
			}
		}
	}
}

func TestSiteCarriesKolla(t *testing.T) {
	d := beginEast(t, wallaby)
	if m := d.Missing(); len(m) > 0 {
		t.Errorf("missing: %v", m)
	}
	if d.Check().Failed() {
		t.Error(d.Check())
	}
	v, err := kolla.ParseVars([]byte(exported(t, d, "globals.yml")))
	if err != nil {
		t.Fatal(err)
	}
	given := v.Given()
	for k, want := range map[string]string{"kolla_internal_vip_address": "192.0.2.10", "network_interface": "eth0", "tunnel_interface": "eth1", "neutron_external_interface": "eth2", "enable_cinder": "yes"} {
		if given[k] != want {
			t.Errorf("%s: %q, want %q", k, given[k], want)
		}
	}
	inv, err := kolla.ParseInventory([]byte(exported(t, d, "multinode")))
	if err != nil || !slices.Equal(inv.Members("compute"), []string{"cmp1", "cmp2"}) {
		t.Errorf("%v %v", inv.Members("compute"), err)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		i          Installer
		key, text  string
		code, want string // want: in what would be right
		keep       bool
	}{
		{trainMulti, "CONFIG_NOVA_INSTALL", "maybe", "want.choice", "y", false},
		{trainMulti, "CONFIG_NTP_SERVERS", "192.0.2.999", "want.ntp", "", true},
		{trainMulti, "CONFIG_KEYSTONE_ADMIN_PW", "한글암호", "carry.ascii", "", false},
		{trainMulti, "CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS", "extnet", "want.pairs", "", true},
		{trainMulti, "CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", "198.51.100.0/33", "want.subnet", "", true},
		{trainMulti, "SOMETHING_ELSE_ENTIRELY", "x", "key.unknown", "", false},
		{trainMulti, "CONFIG_NTP_SERVER", "x", "key.near", "CONFIG_NTP_SERVERS", false},
		{trainMulti, "@if.tunnel", "eth9", "iface.absent", "", true},
		{trainMulti, "@if.tunnel", "eth1 cmp1=eth2", "plan.one", "", false},
		{trainMulti, "@hosts.compute", "nobody", "hosts.unknown", "", false},
		{trainMulti, "@hosts.compute", "cmp[3-1]", "hosts.backwards", "", false},
		{trainMulti, "@net.tunnel", "198.51.100.1/24", "subnet.bits", "198.51.100.0/24", false},
		{trainMulti, "@installer", "packstack-rocky/all-in-one", "want.choice", "packstack-stein", false},
		{steinSingle, "@hosts.controller", "cmp1 ctl1", "hosts.one", "", false},
		{wallaby, "prometheus_port", "many", "", "", true},
		{wallaby, "kolla_internal_vip_address", "192.0.2.999", "", "", true},
		{wallaby, "database_password", "ab@cd:efghij", "password.url", "", false},
		{wallaby, "@if.tunnel", "eth1 nobody=eth2", "interview.host", "", false},
		{wallaby, "@if.tunnel", "averyveryverylongname", "want.device.name", "", false},
	} {
		d := beginEast(t, c.i)
		before := d.Saved()
		err := d.Set(c.key, c.text)
		var r *Refusal
		if !errors.As(err, &r) {
			t.Errorf("Set(%s, %q): %v, want a refusal", c.key, c.text, err)
			continue
		}
		why, wanted := r.Finding.Texts(i18n.Korean)
		if c.code != "" && r.Finding.Code != c.code && !(c.code == "carry.ascii" && !r.CanKeep) || why == r.Finding.Code || wanted == "" {
			t.Errorf("Set(%s, %q): %s: %s", c.key, c.text, r.Finding.Code, r)
		}
		if !strings.Contains(r.Error(), c.want) {
			t.Errorf("Set(%s, %q): %s, want %s in it", c.key, c.text, r, c.want)
		}
		if r.CanKeep != c.keep {
			t.Errorf("Set(%s, %q): CanKeep %v: %s", c.key, c.text, r.CanKeep, r)
		}
		if after := d.Saved(); !bytes.Equal(before.State, after.State) || len(before.Secrets) != len(after.Secrets) {
			t.Errorf("Set(%s, %q): refused, and the draft changed", c.key, c.text)
		}
		if !c.keep {
			if d.Keep(c.key, c.text) == nil {
				t.Errorf("Keep(%s, %q) took what the installer refuses", c.key, c.text)
			}
			continue
		}
		if err := d.Keep(c.key, c.text); err != nil {
			t.Errorf("Keep(%s, %q): %v", c.key, c.text, err)
		}
		if f, _ := d.Field(c.key); f.Value != c.text {
			t.Errorf("Keep(%s, %q): %+v", c.key, c.text, f)
		}
	}
}

func TestSetResetUndo(t *testing.T) {
	d := beginEast(t, trainMulti)
	f, _ := d.Field("CONFIG_NTP_SERVERS")
	if f.Typed || f.Value != "" || f.Help.En == "" || f.Label.Ko == "" {
		t.Errorf("%+v", f)
	}
	set(t, d, "CONFIG_NTP_SERVERS", " 192.0.2.1 ")
	set(t, d, "CONFIG_NTP_SERVERS", "192.0.2.2")
	if f, _ = d.Field("CONFIG_NTP_SERVERS"); f.Value != "192.0.2.2" || f.Origin != Typed || !f.Differs {
		t.Errorf("%+v", f)
	}
	if key, ok := d.Undo(); !ok || key != "CONFIG_NTP_SERVERS" || valueOf(t, d, key) != "192.0.2.1" {
		t.Errorf("%s %v %s", key, ok, valueOf(t, d, "CONFIG_NTP_SERVERS"))
	}
	if !d.Reset("CONFIG_NTP_SERVERS") || valueOf(t, d, "CONFIG_NTP_SERVERS") != "" || d.Reset("CONFIG_NTP_SERVERS") {
		t.Error("Reset")
	}
	d.Undo()
	d.Undo()
	if _, ok := d.Undo(); ok || d.CanUndo() {
		t.Error("the site itself was taken back")
	}
	set(t, d, "CONFIG_KEYSTONE_ADMIN_PW", planted)
	if valueOf(t, d, "CONFIG_KEYSTONE_ADMIN_PW") != answers.Mask {
		t.Error("a secret is shown")
	}
	d.Undo()
	if len(d.Saved().Secrets) != 0 {
		t.Error("the secret stayed")
	}
	// A switch as people say it.
	set(t, d, "CONFIG_PROVISION_DEMO", "Yes")
	if valueOf(t, d, "CONFIG_PROVISION_DEMO") != "y" {
		t.Error(valueOf(t, d, "CONFIG_PROVISION_DEMO"))
	}
}

// Going to another mode and back loses nothing, and what does not apply is not exported as if
// it did.
func TestModesKeepAnswers(t *testing.T) {
	d := beginEast(t, trainMulti)
	set(t, d, "CONFIG_NTP_SERVERS", "192.0.2.1")
	set(t, d, "CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT", "4790")
	set(t, d, "CONFIG_KEYSTONE_ADMIN_PW", planted)
	set(t, d, "@installer", wallaby.String())
	set(t, d, "enable_heat", "yes")
	set(t, d, "@installer", "packstack-train/second-controller")
	set(t, d, "CONFIG_CONTROLLER_HOST", "192.0.2.12")
	set(t, d, "@installer", trainMulti.String())
	set(t, d, "CONFIG_NEUTRON_L2_AGENT", "ovn")
	if f, _ := d.Field("CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT"); f.Applies || f.Value != "4790" {
		t.Errorf("%+v", f)
	}
	for _, p := range d.Pages() {
		for _, f := range p.Fields {
			if strings.HasPrefix(f.Key, "CONFIG_NEUTRON_OVS") {
				t.Errorf("%s is asked with OVN", f.Key)
			}
		}
	}
	set(t, d, "CONFIG_NEUTRON_L2_AGENT", "openvswitch")
	for key, want := range map[string]string{"CONFIG_NTP_SERVERS": "192.0.2.1", "CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT": "4790", "CONFIG_CONTROLLER_HOST": "192.0.2.11"} {
		if got := valueOf(t, d, key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	if !strings.Contains(exported(t, d, "answer.txt"), "CONFIG_KEYSTONE_ADMIN_PW="+planted+"\n") {
		t.Error("the secret is lost")
	}
	set(t, d, "@installer", wallaby.String())
	if valueOf(t, d, "enable_heat") != "yes" {
		t.Error("Kolla's answer is lost")
	}
}

// What is saved has no secret, and everything else is there again.
func TestSavedAndBack(t *testing.T) {
	for _, i := range Installers() {
		d := beginEast(t, i)
		if i.Second() {
			if err := d.Import("answer.txt", []byte(exported(t, beginEast(t, Installer{i.Format, "multi-node"}), "answer.txt"))); err != nil {
				t.Fatal(err)
			}
			set(t, d, "CONFIG_CONTROLLER_HOST", "192.0.2.12")
		}
		secret := "CONFIG_KEYSTONE_ADMIN_PW"
		if i.Kolla() {
			secret = "keystone_admin_password"
		}
		set(t, d, secret, planted)
		d.Stand(Position{"accounts", secret})
		files, err := d.Files(rand.Reader)
		if err != nil {
			t.Fatal(i, err)
		}
		s := d.Saved()
		if bytes.Contains(s.State, []byte(planted)) {
			t.Errorf("%s: the state has a secret", i)
		}
		for name, v := range s.Secrets {
			if len(v) > 7 && bytes.Contains(s.State, []byte(v)) {
				t.Errorf("%s: the state has %s", i, name)
			}
		}
		back, err := Restore(s)
		if err != nil {
			t.Fatal(i, err)
		}
		back.Bits = 1024
		if back.At() != d.At() || back.Installer() != i || back.Name() != "east" || !back.Answered() {
			t.Errorf("%s: %+v", i, back.s)
		}
		again, err := back.Files(rand.Reader)
		if err != nil || len(again) != len(files) {
			t.Fatal(i, err)
		}
		for k := range files {
			if !bytes.Equal(files[k].Data, again[k].Data) {
				t.Errorf("%s: %s differs after a restart", i, files[k].Name)
			}
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	good := string(beginEast(t, trainMulti).Saved().State)
	for _, c := range []struct{ name, state string }{
		{"nothing", ""}, {"no JSON", "x"}, {"a list", "[]"}, {"another version", strings.Replace(good, `"version": 1`, `"version": 9`, 1)},
		{"no name", strings.Replace(good, `"name": "east"`, `"name": "../x"`, 1)},
		{"another installer", strings.Replace(good, "packstack-train", "packstack-nope", 1)},
		{"a secret in clear", `{"version":1,"name":"a","installer":{"Format":"packstack-train","Mode":"multi-node"},"at":{},"values":{"packstack":{"CONFIG_KEYSTONE_ADMIN_PW":{"text":"x"}}}}`},
		{"a secret of another installer", `{"version":1,"name":"a","installer":{"Format":"packstack-train","Mode":"multi-node"},"at":{},"values":{"kolla":{"database_password":{"text":"x"}}}}`},
		{"an unknown key", `{"version":1,"name":"a","installer":{"Format":"packstack-train","Mode":"multi-node"},"at":{},"values":{"packstack":{"NOPE":{"text":"x"}}}}`},
		{"cut short", good[:len(good)/2]},
	} {
		if d, err := Restore(Saved{State: []byte(c.state)}); err == nil || d != nil {
			t.Errorf("%s: taken", c.name)
		}
	}
}

func FuzzRestore(f *testing.F) {
	d, err := New("east", trainMulti)
	if err != nil {
		f.Fatal(err)
	}
	d.UseSite(east())
	d.UseInterfaces(eastCards())
	f.Add(d.Saved().State, "typed/packstack/CONFIG_KEYSTONE_ADMIN_PW", "x")
	k, _ := New("west", wallaby)
	k.UseSite(east())
	f.Add(k.Saved().State, "file/globals", "---\nenable_heat: yes\n")
	f.Add([]byte(`{"version":1,"name":"a","installer":{"Format":"kolla-wallaby","Mode":"multi-node"},"at":{},"plan":{"*":{"tunnel":"x"}},"values":{"kolla":{"enable_heat":{"text":"maybe: {"}}}}`), "file/inventory", "[control]\na\n")
	f.Fuzz(func(t *testing.T, state []byte, name, secret string) {
		got, err := restore(Saved{State: state, Secrets: map[string]string{name: secret}}, d)
		if err != nil {
			return
		}
		d := got
		d.Pages()
		d.Review()
		d.Undo()
		if again, err := restore(d.Saved(), d); err != nil || again.Name() != d.Name() {
			t.Fatalf("saved, and not read again: %v", err)
		}
	})
}
