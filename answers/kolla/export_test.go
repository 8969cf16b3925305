package kolla

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"stackhand/answers"
)

// TestExport: what was given is set with Kolla's types, everything else is shown, and PyYAML
// reads the file so.
func TestExport(t *testing.T) {
	r := wallaby(t)
	values := Documented()
	values["kolla_internal_vip_address"] = "198.51.100.200"
	values["keepalived_virtual_router_id"] = "77"
	values["prometheus_port"] = "9091"
	data, err := r.Export(values)
	if err != nil {
		t.Fatal(err)
	}
	v := parsed(t, string(data))
	for key, text := range values {
		want, err := Typed(r.Catalogue.Entry(key), text)
		if got, ok := v.Get(key); err != nil || !ok || !got.Equal(want) {
			t.Errorf("%s is %+v, given was %q (%v)", key, got, text, err)
		}
	}
	for _, e := range r.Catalogue.Entries { // every plain default that a form can ask, and no other
		_, given := values[e.Key]
		_, plain := Default(&e)
		asked := e.In == Globals && !e.Label.Empty() && plain && e.Default != "" && !templated(e.Default) && !e.Deprecated && e.Type != answers.TypeInterface
		if set := v.Line(e.Key) > 0; set != (given || asked) {
			t.Errorf("%s: set %v, given %v, plain %v", e.Key, set, given, asked)
		}
	}
	for key, want := range map[string]Value{"enable_cinder": Str("yes"), "octavia_auto_configure": Boolean(true), "prometheus_port": Str("9091"), "keepalived_virtual_router_id": Str("77")} {
		if got, _ := v.Get(key); !got.Equal(want) {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
	if got, _ := v.Lookup("octavia_amp_flavor", "ram"); !got.Equal(Number(2048)) {
		t.Errorf("ram: %+v", got)
	}
	for _, line := range []string{"\n#enable_kibana: \"no\"  # {{ 'yes' if ", "\n#api_interface: \"eth0\"  # {{ network_interface }}\n", "\ndefault_container_healthcheck_interval: 30\n", "\n#ceph_nova_keyring: \"ceph.client.cinder.keyring\"  # {{ ceph_cinder_keyring }}\n", "\n#network_interface: \"eth0\"\n", "\n#neutron_external_interface: \"eth1\"\n", "\n#enable_panko: \"no\"\n", "\n#keystone_public_port: \"5000\"\n"} {
		if !strings.Contains(string(data), line) {
			t.Errorf("%q is not shown", line)
		}
	}
	count := 0
	for _, e := range r.Catalogue.Entries {
		if strings.Contains(string(data), "\n#"+e.Key+":") || v.Line(e.Key) > 0 {
			count++
		}
	}
	if all := globalsKeys(r); count != len(all) || count < 331 { // more than Kolla's own file has
		t.Errorf("%d keys are shown of %d", count, len(all))
	}
	found := r.Check(Files{Globals: &File{"globals.yml", data}})
	if found.Failed() {
		t.Errorf("%s", found.Error())
	}
	for _, f := range found {
		if f.Severity == answers.Warning {
			t.Errorf("the corrected values still have a warning: %s", f)
		}
	}
	given := v.Given()
	for key, want := range values {
		got := given[key]
		a, errA := Typed(r.Catalogue.Entry(key), want)
		b, errB := Typed(r.Catalogue.Entry(key), got)
		if errA != nil || errB != nil || !a.Equal(b) {
			t.Errorf("%s came back as %q, was %q", key, got, want)
		}
	}
	if empty, err := r.Export(nil); err != nil || parsed(t, string(empty)).Len() < 50 {
		t.Errorf("without values: %v", err)
	}
	var theirs [][]any
	if err := json.Unmarshal(python(t, "yaml", pyYAML, asJSON(t, []string{string(data)})), &theirs); err != nil {
		t.Fatal(err)
	}
	whole := Value{Kind: Map}
	for _, e := range v.Entries() {
		whole.Map = append(whole.Map, Pair{e.Key, e.Value})
	}
	if a, b := asJSON(t, shown(whole)), asJSON(t, theirs[0]); a != b {
		t.Errorf("PyYAML reads %s, we %s", b, a)
	}
}

func globalsKeys(r *Release) (keys []string) {
	for _, e := range r.Catalogue.Entries {
		if e.In == Globals {
			keys = append(keys, e.Key)
		}
	}
	return keys
}

// TestExportChangesNothing: whatever is given, and whatever is set later, a file with written
// defaults means what one with the given values alone means, for every key of the release.
func TestExportChangesNothing(t *testing.T) {
	r := wallaby(t)
	random := rand.New(rand.NewPCG(3, 3))
	some := func() map[string]string {
		values := map[string]string{}
		for range random.IntN(25) {
			e := &r.Catalogue.Entries[random.IntN(len(r.Catalogue.Entries))]
			switch {
			case e.In != Globals:
			case e.Type == answers.TypeBool:
				values[e.Key] = []string{"yes", "no"}[random.IntN(2)]
			case len(e.Choices) > 0:
				values[e.Key] = e.Choices[random.IntN(len(e.Choices))]
			case e.Type == answers.TypeInterface:
				values[e.Key] = []string{"bond0", "bond10"}[random.IntN(2)]
			case e.Type == answers.TypeAddress:
				values[e.Key] = "192.0.2.200"
			case e.Type == answers.TypeText && e.Computed != "":
				values[e.Key] = "text"
			}
		}
		return values
	}
	for range 25 {
		given, later := some(), some()
		data, err := r.Export(given)
		if err != nil {
			t.Fatal(err)
		}
		full, bare := parsed(t, string(data)), blank()
		if err := r.Change(bare, given); err != nil {
			t.Fatal(err)
		}
		for round, change := range []map[string]string{nil, later} {
			if err := r.Change(full, change); err != nil {
				t.Fatal(err)
			}
			if err := r.Change(bare, change); err != nil {
				t.Fatal(err)
			}
			a, b := NewEffective(r, full), NewEffective(r, bare)
			for _, key := range globalsKeys(r) {
				x, known := a.Get(key)
				y, also := b.Get(key)
				if known != also || known && !x.Equal(y) {
					t.Fatalf("round %d: %s is %+v with the written defaults and %+v without; given %v, later %v", round, key, x, y, given, later)
				}
			}
		}
	}
}

// TestExportPerHost: what the inventory sets host by host is never set in globals.yml.
func TestExportPerHost(t *testing.T) {
	r := wallaby(t)
	inv := inventory(t, "[control]\nctl1 api_interface=bond1 ansible_host=192.0.2.11\n[compute]\ncmp1\n[compute:vars]\nnova_compute_virt_type=qemu\n")
	if got := strings.Join(inv.Variables(), " "); got != "api_interface nova_compute_virt_type" {
		t.Fatalf("variables %q", got)
	}
	data, err := r.Export(map[string]string{"api_interface": "bond0", "network_interface": "bond9"}, inv.Variables()...)
	if err != nil {
		t.Fatal(err)
	}
	v := parsed(t, string(data))
	if v.Line("api_interface") > 0 || v.Line("nova_compute_virt_type") > 0 || v.Line("network_interface") == 0 || v.Line("nova_console") == 0 {
		t.Errorf("%s", data)
	}
}

func TestChange(t *testing.T) {
	r := wallaby(t)
	text := "# ours\nenable_heat: \"no\"  # why\nour_own: 1\nnova_console: \"spice\"\n"
	v := parsed(t, text)
	if err := r.Change(v, map[string]string{"enable_heat": "yes", "nova_console": ""}); err != nil {
		t.Fatal(err)
	}
	if want := "# ours\nenable_heat: \"yes\"  # why\nour_own: 1\n"; string(v.Bytes()) != want {
		t.Errorf("%q", v.Bytes())
	}
	for key, value := range map[string]string{"enable_haet": "yes", "database_password": "x", "octavia_amp_flavor": "amphora"} {
		before := string(v.Bytes())
		if err := r.Change(v, map[string]string{key: value}); err == nil || string(v.Bytes()) != before {
			t.Errorf("%s was taken: %v", key, err)
		}
	}
	if e := r.Catalogue.Entry("enable_chrony"); e == nil || !e.Deprecated {
		t.Errorf("%+v", e)
	}
}

// TestDiffMasks: the difference of two password files never tells one.
func TestDiffMasks(t *testing.T) {
	r := wallaby(t)
	a := parsed(t, "database_password: aaaaaaaa\n").Given()
	b := parsed(t, "database_password: bbbbbbbb\n").Given()
	d := answers.Diff(r.Catalogue, a, b)
	if len(d) != 1 || d[0].Key != "database_password" || strings.Contains(d[0].Before+d[0].After, "aaaa") || strings.Contains(d[0].Before+d[0].After, "bbbb") {
		t.Errorf("%+v", d)
	}
}
