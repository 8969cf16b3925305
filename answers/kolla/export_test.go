package kolla

import (
	"encoding/json"
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
	if v.Len() != len(values) {
		t.Errorf("%d keys are set, %d were given", v.Len(), len(values))
	}
	for key, want := range map[string]Value{"enable_cinder": Str("yes"), "octavia_auto_configure": Boolean(true), "prometheus_port": Str("9091"), "keepalived_virtual_router_id": Str("77")} {
		if got, _ := v.Get(key); !got.Equal(want) {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
	if got, _ := v.Lookup("octavia_amp_flavor", "ram"); !got.Equal(Number(2048)) {
		t.Errorf("ram: %+v", got)
	}
	for _, line := range []string{"\n#enable_kibana: \"no\"\n", "\n#api_interface: \"eth0\"\n", "\n#default_container_healthcheck_interval: 30\n", "\n#ceph_nova_keyring: \"ceph.client.cinder.keyring\"\n"} {
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
	if count < 331 { // all of Kolla's own file; vmware_vcenter_host_password is in passwords.yml
		t.Errorf("%d keys are shown", count)
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
	if empty, err := r.Export(nil); err != nil || parsed(t, string(empty)).Len() != 1 {
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
