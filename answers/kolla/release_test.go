package kolla

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/internal/i18n"
)

func wallaby(t testing.TB) *Release {
	t.Helper()
	r, err := Load("kolla-wallaby")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCatalogue: the counts are those of the release; words are there in both languages for
// every key that the form asks.
func TestCatalogue(t *testing.T) {
	r := wallaby(t)
	passwords, kinds := 0, map[answers.Kind]int{}
	for _, e := range r.Catalogue.Entries {
		if e.In == Passwords {
			passwords++
			if !e.Secret {
				t.Errorf("%s is no secret", e.Key)
			}
			if e.Generate != nil {
				kinds[e.Generate.Kind]++
			} else {
				kinds["blank"]++
			}
		} else if e.In != Globals {
			t.Errorf("%s is in %q", e.Key, e.In)
		}
	}
	if passwords != 125 || kinds[answers.KindRandom] != 110 || kinds[answers.KindSSH] != 5 || kinds[answers.KindUUID] != 6 || kinds[answers.KindHMAC] != 2 || kinds[answers.KindFernet] != 1 || kinds["blank"] != 1 {
		t.Errorf("%d passwords, %v", passwords, kinds)
	}
	if len(r.Groups) != 227 {
		t.Errorf("%d groups", len(r.Groups))
	}
	labelled := 0
	for _, e := range r.Catalogue.Entries {
		if e.Label.Empty() {
			continue
		}
		labelled++
		if e.Label.En == "" || e.Label.Ko == "" || e.Help.En == "" || e.Help.Ko == "" {
			t.Errorf("%s lacks words: %+v %+v", e.Key, e.Label, e.Help)
		}
	}
	if labelled < 240 {
		t.Errorf("%d keys have words", labelled)
	}
	form := r.Catalogue.Form("multi-node")
	if form == nil {
		t.Fatal("no form")
	}
	for _, p := range form.Pages {
		if p.Title.En == "" || p.Title.Ko == "" || len(p.Keys) == 0 {
			t.Errorf("%+v", p)
		}
		for _, k := range p.Keys {
			if e := r.Catalogue.Entry(k); e == nil || e.Label.In(i18n.Korean) == "" {
				t.Errorf("%s: asked without words", k)
			}
		}
	}
}

// TestCatalogueFacts compares with the facts where they are at hand.
func TestCatalogueFacts(t *testing.T) {
	dir := os.Getenv("STACKHAND_FACTS")
	if dir == "" {
		t.Skip("STACKHAND_FACTS names no folder with kolla-wallaby-vars.json")
	}
	data, err := os.ReadFile(dir + "/kolla-wallaby-vars.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Globals []struct {
			Key  string
			Real any `json:"real_default"`
		}
		Seed []struct{ Key, Wallaby string }
	}
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	r := wallaby(t)
	for _, g := range facts.Globals {
		e := r.Catalogue.Entry(g.Key)
		if e == nil {
			t.Errorf("%s is missing", g.Key)
			continue
		}
		if s, ok := g.Real.(string); ok && s != e.Default && s != e.Computed && e.In == Globals {
			t.Errorf("%s: default %q%q, really %q", g.Key, e.Default, e.Computed, s)
		}
	}
	for _, s := range facts.Seed {
		if e := r.Catalogue.Entry(s.Key); (e == nil) != (s.Wallaby == "absent") || e != nil && e.Label.Empty() {
			t.Errorf("%s (%s): %+v", s.Key, s.Wallaby, e)
		}
	}
}

func TestEffective(t *testing.T) {
	r := wallaby(t)
	for _, tc := range []struct{ file, key, want string }{
		{"", "enable_kibana", "no"},
		{"enable_central_logging: \"yes\"\n", "enable_kibana", "yes"},
		{"enable_central_logging: \"yes\"\n", "enable_elasticsearch", "yes"},
		{"", "enable_horizon", "True"},
		{"enable_openstack_core: no\n", "enable_horizon", "False"},
		{"network_interface: bond0\n", "api_interface", "bond0"},
		{"network_interface: bond0\napi_interface: bond1\n", "octavia_network_interface", "bond1"},
		{"octavia_network_type: tenant\n", "octavia_network_interface", "o-hm0"},
		{"kolla_internal_vip_address: 192.0.2.1\n", "kolla_external_fqdn", "192.0.2.1"},
		{"", "openstack_tag", "wallaby"},
		{"", "rabbitmq_cacert", "/etc/ssl/certs/ca-bundle.trust.crt"},
		{"kolla_base_distro: ubuntu\n", "rabbitmq_cacert", "/etc/ssl/certs/ca-certificates.crt"},
		{"", "enable_openvswitch", "True"},
		{"neutron_plugin_agent: linuxbridge\n", "enable_openvswitch", "False"},
		{"", "openstack_service_workers", ""}, // depends on the host
		{"network_interface: \"{{ network_interface }}\"\n", "api_interface", ""},
	} {
		if got := NewEffective(r, parsed(t, tc.file)).Text(tc.key); got != tc.want {
			t.Errorf("%q: %s is %q, want %q", tc.file, tc.key, got, tc.want)
		}
	}
}

// TestTyped: what Kolla's own files write is what we write.
func TestTyped(t *testing.T) {
	r := wallaby(t)
	for line, text := range map[string]string{
		"enable_cinder: \"yes\"": "yes", "octavia_auto_configure: true": "yes", "prometheus_port: \"9091\"": "9091", "default_container_healthcheck_interval: 30": "30",
		"keepalived_virtual_router_id: \"52\"": "52", "kolla_base_distro: \"ubuntu\"": "ubuntu", "octavia_certs_country: \"NO\"": "NO", "openstack_release: \"2023.1\"": "2023.1",
	} {
		key, _, _ := strings.Cut(line, ":")
		v := parsed(t, "")
		value, err := Typed(r.Catalogue.Entry(key), text)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Set(value, key); err != nil || strings.TrimSpace(string(v.Bytes())) != line {
			t.Errorf("%s: %q (%v)", line, v.Bytes(), err)
		}
	}
}
