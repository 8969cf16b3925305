package kolla

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/internal/i18n"
	"stackhand/internal/site"
)

// good are files that are in order: the inventory of the sample site, passwords as generated.
func good(t testing.TB) (globals, passwords, multinode string) {
	t.Helper()
	r := wallaby(t)
	data, err := r.Multinode(sampleSite(), nil)
	if err != nil {
		t.Fatal(err)
	}
	v := parsed(t, string(r.PasswordFile()))
	if _, err := (Filler{Release: r, Random: rand.Reader, Bits: 1024}).Fill(v); err != nil {
		t.Fatal(err)
	}
	return "kolla_base_distro: \"ubuntu\"\nkolla_install_type: \"source\"\nkolla_internal_vip_address: \"198.51.100.200\"\nkeepalived_virtual_router_id: \"77\"\n", string(v.Bytes()), string(data)
}

// TestGood: files that are in order have no findings.
func TestGood(t *testing.T) {
	globals, passwords, multinode := good(t)
	found := wallaby(t).Check(Files{Globals: &File{"globals.yml", []byte(globals)}, Passwords: &File{"passwords.yml", []byte(passwords)}, Inventory: &File{"multinode", []byte(multinode)}, Site: sampleSite()})
	for _, f := range found {
		t.Error(f)
	}
}

// TestDocumented: the globals of the documents, with the inventory's names as they are there.
func TestDocumented(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "documented-globals.yml"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, multinode := good(t)
	r := wallaby(t)
	found := r.Check(Files{Globals: &File{"globals.yml", data}})
	for _, n := range []int{19, 40, 41, 42, 50, 52} {
		if !slices.Contains(found.Corrections(), n) {
			t.Errorf("correction %d is not named: %v", n, found.Corrections())
		}
	}
	if found.Failed() {
		t.Errorf("an error in what the installer accepts:\n%s", found.Error())
	}
	other := regexp.MustCompile(`(?m)^(ctl|cmp|net|sto)(\d)`).ReplaceAllString(multinode, "lab-$1$2")
	found = r.Check(Files{Inventory: &File{"multinode", []byte(other)}, Site: sampleSite()})
	if !slices.Contains(found.Corrections(), 20) {
		t.Errorf("correction 20 is not named:\n%s", found.Error())
	}
	found = r.Check(Files{Globals: &File{"globals.yml", data}, Inventory: &File{"multinode", []byte(strings.Replace(multinode, "\nctl1 ", "\nctl1 api_interface=ens3 ", 1))}})
	if !slices.Contains(found.Corrections(), 43) {
		t.Errorf("correction 43 is not named:\n%s", found.Error())
	}
}

// broken are files that the installer refuses or that mean something else: where the finding
// must be, and about what.
type broken struct {
	file string // globals, multinode, passwords; "+": behind what is in order
	text string
	key  string
	line int // 0: any
	code string
	sev  answers.Severity
}

func brokenFiles() []broken {
	e, w := answers.Error, answers.Warning
	return []broken{
		{"globals", "# nothing\n", "kolla_internal_vip_address", 1, "globals.empty", e},
		{"globals", "a: 1\nkolla_internal_vip_address: {{ vip }}\n", "kolla_internal_vip_address", 2, "kolla.key.braces", e},
		{"globals", "kolla_base_distro: \"ubuntu\nkolla_install_type: source\n", "kolla_base_distro", 1, "kolla.quote", e},
		{"globals", "a: 1\nkolla_base_distro: 'ubuntu\n", "kolla_base_distro", 2, "kolla.quote", e},
		{"globals", "a: 1\nkolla_base_distro: \"ubuntu\" 20.04\nb: 1\n", "kolla_base_distro", 2, "kolla.behind", e},
		{"globals", "enable_cinder: \"yes\"\n  enable_heat: \"no\"\n", "enable_heat", 2, "kolla.yaml", e},
		{"globals", "network_interface:bond0\nx: 1\n", "network_interface", 1, "kolla.colon", e},
		{"globals", "enable_heat:\t\"no\"\n", "enable_heat", 1, "kolla.tab", e},
		{"globals", "a: 1\n---\nb: 2\n", "a", 2, "kolla.documents", e},
		{"globals", "- enable_cinder\n", "", 1, "kolla.mapping", e},
		{"globals", "node_custom_config: \xc7\xd1\n", "", 1, "kolla.encoding", e},
		{"globals", "$ANSIBLE_VAULT;1.1;AES256\n6162\n", "", 1, "kolla.vault", e},
		{"globals+", "kolla_internal_vip_address: \"198.51.100.300\"\n", "kolla_internal_vip_address", 5, "value.address", e},
		{"globals+", "kolla_internal_vip_address: \"\"\n", "kolla_internal_vip_address", 5, "vip.none", e},
		{"globals+", "kolla_internal_vip_address: \"203.0.113.9\"\n", "kolla_internal_vip_address", 5, "vip.subnet", e},
		{"globals+", "kolla_internal_vip_address: \"198.51.100.11\"\n", "kolla_internal_vip_address", 5, "vip.used", e},
		{"globals+", "kolla_internal_vip_address: \"198.51.100.255\"\n", "kolla_internal_vip_address", 5, "vip.edge", e},
		{"globals+", "kolla_internal_vip_address: \"2001:db8::9\"\n", "kolla_internal_vip_address", 5, "vip.family", e},
		{"globals+", "kolla_enable_tls_external: \"yes\"\n", "kolla_enable_tls_external", 5, "vip.tls", e},
		{"globals+", "enable_cinder: \"yes\"\n", "enable_cinder", 5, "cinder.backend", e},
		{"globals+", "enable_cinder: \"yes\"\nenable_cinder_backend_lvm: \"yes\"\ncinder_backup_driver: \"nfs\"\n", "cinder_backup_driver", 7, "cinder.backup.nfs", e},
		{"globals+", "enable_ceilometer: \"yes\"\n", "enable_ceilometer", 5, "service.needs", e},
		{"globals+", "enable_zun: \"yes\"\n", "enable_zun", 5, "service.needs", e},
		{"globals+", "enable_ironic: \"yes\"\n", "enable_ironic", 5, "ironic.dhcp", e},
		{"globals+", "enable_ceph: \"yes\"\n", "enable_ceph", 5, "globals.ceph.internal", e},
		{"globals+", "enable_octavia: \"yes\"\noctavia_network_type: tenant\nneutron_plugin_agent: ovn\n", "octavia_network_type", 6, "octavia.tenant", e},
		{"globals+", "neutron_tenant_network_types: \"gre\"\n", "neutron_tenant_network_types", 5, "neutron.types", e},
		{"globals+", "fernet_token_expiry: 700000\n", "fernet_token_expiry", 5, "value.range", e},
		{"globals+", "fernet_token_expiry: \"one day\"\n", "fernet_token_expiry", 5, "value.number", e},
		{"globals+", "keepalived_virtual_router_id: \"256\"\n", "keepalived_virtual_router_id", 5, "value.range", e},
		{"globals+", "neutron_plugin_agent: \"openvswich\"\n", "neutron_plugin_agent", 5, "value.choice", e},
		{"globals+", "enable_heat: \"of\"\n", "enable_heat", 5, "value.switch", e},
		{"globals+", "octavia_amp_flavor: \"amphora\"\n", "octavia_amp_flavor", 5, "value.map", e},
		{"globals+", "prometheus_port: 12:30\n", "prometheus_port", 5, "", ""}, // base 60: 750, which is a port
		{"globals+", "prometheus_port: 70000\n", "prometheus_port", 5, "value.range", e},
		{"globals+", "network_interface: bond0\nneutron_external_interface: bond0\n", "neutron_external_interface", 6, "interface.shared", e},
		{"globals+", "network_interface: \"a name with blanks\"\n", "network_interface", 5, "value.interface", e},
		{"globals+", "enable_neutron_agent_ha: \"yes\"\n", "", 0, "", ""},
		{"globals+", "openstack_release: 2023.1\n", "openstack_release", 5, "globals.release", e},
		{"globals+", "kolla_instal_type: \"source\"\n", "kolla_instal_type", 5, "key.near", w},
		{"globals+", "enable_prometheus_libvirt_exporter: \"yes\"\n", "enable_prometheus_libvirt_exporter", 5, "key.unknown", w},
		{"globals+", "kolla_base_distro: \"debian\"\n", "kolla_base_distro", 5, "key.differ", e},
		{"globals+", "database_password: \"aaaaBBBB1234\"\n", "database_password", 5, "globals.password", w},
		{"globals+", "openstack_tag: 12\n", "openstack_tag", 5, "value.kind", w},
		{"globals+", "kolla_install_type:\n", "kolla_install_type", 5, "value.null", w},
		{"globals+", "enable_octavia: \"yes\"\noctavia_amp_network_cidr: \"20.0.0.0/24\"\n", "octavia_amp_network_cidr", 6, "value.public", w},
		{"globals+", "octavia_amp_flavor:\n  ram: 2048\n", "octavia_amp_flavor", 5, "value.map.part", w},
		{"globals+", "nova_console: \u201cnovnc\u201d\n", "nova_console", 5, "value.typographic", e},
		{"globals+", "network_interface: \"bond 0\"\n", "network_interface", 5, "value.interface", e},
		{"globals+", "docker_registry: \"http://192.0.2.5:4000\"\n", "docker_registry", 5, "globals.registry", e},
		{"globals+", "enable_haproxy: \"no\"\n", "kolla_internal_vip_address", 3, "vip.own", e},
		{"globals+", "enable_glance: \"yes\"\nglance_backend_file: \"no\"\n", "enable_glance", 5, "glance.backend", e},
		{"globals+", "enable_horizon: \"yes\"\nenable_keystone: \"no\"\n", "enable_horizon", 5, "service.needs", e},
		{"globals+", "enable_rabbitmq: \"no\"\n", "enable_rabbitmq", 5, "service.rabbit", e},
		{"multinode-", "ctl1 ansible_host=192.0.2.11", "ctl1 ansible_host=192.0.2.311", 0, "inventory.address.bad", e},
		{"multinode-", "ctl1 ansible_host=192.0.2.11", "ctl1 netwrok_interface=eth0 ansible_host=192.0.2.11", 0, "key.near", w},
		{"multinode-", "[baremetal:children]\ncontrol\n", "[baremetal:children]\n", 0, "inventory.baremetal", e},
		{"multinode-", "ctl1 ansible_host=192.0.2.11", "ctl1 ansible_port=ssh ansible_host=192.0.2.11", 0, "inventory.port", e},
		{"multinode", "[control]\nctl[1-3]\n", "ctl[1-3]", 2, "inventory.range", e},
		{"multinode", "[control]\nctl1\n", "network", 0, "inventory.missing", e},
		{"multinode", "all:\n  hosts:\n", "all:", 1, "inventory.port", e},
		{"multinode", "[control]\nctl1 user root\n", "ctl1", 2, "inventory.assignment", e},
		{"multinode", "[control\nctl1\n", "[control", 1, "inventory.range", e},
		{"multinode", "[baremetal:children]\ncontrol\n", "control", 2, "inventory.child.unknown", e},
		{"multinode+", "[kontrol]\nctl9 ansible_host=192.0.2.19\n", "ctl9", 0, "inventory.name", e},
		{"multinode+", "[control]\nctl9 ansible_host=192.0.2.11\n", "ctl9", 0, "inventory.address.twice", e},
		{"multinode+", "[control]\nctl1.example ansible_host=192.0.2.77\n", "ctl1.example", 0, "inventory.short", e},
		{"multinode+", "[all:vars]\nansible_password=hunter22\n", "ansible_password", 0, "inventory.password", w},
		{"multinode", "lonely ansible_host=192.0.2.99\n", "lonely", 1, "inventory.role", w},
		{"passwords", "database_password: \"Abcdefgh1234\"\n", "rbd_secret_uuid", 0, "password.missing", e},
		{"passwords:database_password", "database_password:", "database_password", 0, "password.bare", e},
		{"passwords:database_password", "database_password: null", "database_password", 0, "password.null", e},
		{"passwords:database_password", "database_password: \"\"", "database_password", 0, "password.empty", e},
		{"passwords:database_password", "database_password: 12345678", "database_password", 0, "password.kind", e},
		{"passwords:database_password", "database_password: \"p@ss:word/123\"", "database_password", 0, "password.url", e},
		{"passwords:database_password", "database_password: \"비밀번호입니다\"", "database_password", 0, "password.ascii", e},
		{"passwords:database_password", "database_password: \"a{{ b }}cdefgh\"", "database_password", 0, "password.template", e},
		{"passwords:database_password", "database_password: \"password123\"", "database_password", 0, "password.placeholder", w},
		{"passwords:database_password", "database_password: \"Ab1\"", "database_password", 0, "password.short", w},
		{"passwords:rbd_secret_uuid", "rbd_secret_uuid: \"not-a-uuid-at-all\"", "rbd_secret_uuid", 0, "password.shape", e},
		{"passwords:barbican_crypto_key", "barbican_crypto_key: \"c2hvcnQ=\"", "barbican_crypto_key", 0, "password.shape", e},
		{"passwords+", "databse_password: \"Abcdefgh1234\"\n", "databse_password", 0, "key.near", w},
		{"passwords+", "enable_cinder: \"yes\"\n", "enable_cinder", 0, "password.global", w},
	}
}

// TestBroken: each has a finding with its line, its key and a remedy, in both languages.
func TestBroken(t *testing.T) {
	globals, passwords, multinode := good(t)
	r := wallaby(t)
	if n := len(brokenFiles()); n < 30 {
		t.Fatalf("only %d files", n)
	}
	for _, b := range brokenFiles() {
		f := Files{Site: sampleSite()}
		file, text := b.file, b.text
		switch kind, key, line := strings.Cut(file, ":"); {
		case line:
			whole := regexp.MustCompile(`(?m)^`+key+`:.*$`).ReplaceAllLiteralString(passwords, text)
			f.Passwords = &File{"passwords.yml", []byte(whole)}
		case kind == "globals+":
			f.Globals = &File{"globals.yml", []byte(globals + text)}
		case kind == "globals":
			f.Globals = &File{"globals.yml", []byte(text)}
		case kind == "multinode+":
			f.Inventory = &File{"multinode", []byte(multinode + text)}
		case kind == "multinode-": // in its place: key is what stands there then
			if !strings.Contains(multinode, text) {
				t.Fatalf("%q is not in the inventory", text)
			}
			f.Inventory = &File{"multinode", []byte(strings.Replace(multinode, text, b.key, 1))}
			b.key = map[bool]string{true: "netwrok_interface", false: "ctl1"}[b.code == "key.near"]
		case kind == "multinode":
			f.Inventory = &File{"multinode", []byte(text)}
		case kind == "passwords+":
			f.Passwords = &File{"passwords.yml", []byte(passwords + text)}
		default:
			f.Passwords = &File{"passwords.yml", []byte(text)}
		}
		found := r.Check(f)
		if b.code == "" {
			if found.Failed() {
				t.Errorf("%q is accepted; we say\n%s", b.text, found.Error())
			}
			continue
		}
		i := slices.IndexFunc(found, func(f answers.Finding) bool { return f.Code == b.code && f.Key == b.key })
		if i < 0 {
			t.Errorf("%s %q: no %s about %q in\n%s", b.file, b.text, b.code, b.key, found.Error())
			continue
		}
		got := found[i]
		if got.Severity != b.sev || b.line != 0 && got.Line != b.line {
			t.Errorf("%q: %s", b.text, got)
		}
		if got.Line == 0 {
			t.Errorf("%q: no line: %s", b.text, got)
		}
		for _, f := range found {
			for _, l := range []i18n.Lang{i18n.English, i18n.Korean} {
				if why, wanted := f.Texts(l); why == "" || wanted == "" || why == f.Code || regexp.MustCompile(`\{[a-z]+\}`).MatchString(why+wanted) {
					t.Errorf("%s in %s: %q, %q", f.Code, l, why, wanted)
				}
			}
		}
	}
}

// TestNoSecretTold: whatever is wrong with it, no value of passwords.yml is in a finding.
func TestNoSecretTold(t *testing.T) {
	r := wallaby(t)
	secrets := []string{"hunter2", "s3cr@t/{{x}}", "geheimé", "Zx81$Zx81", "short=1", "1234567890123"}
	for _, e := range r.Catalogue.Entries {
		if e.In != Passwords {
			continue
		}
		for _, s := range secrets {
			for _, text := range []string{e.Key + ": " + quoted(s) + "\n", e.Key + ": '" + s + "'\n", e.Key + ": !x " + s + "\n", e.Key + ": !" + s + "\n", e.Key + ": *" + s + "\n", e.Key + ": &" + s + " *" + s + "\n", e.Key + ": %" + s + "\n", e.Key + ": " + s + "\n", e.Key + ":\n  " + s + ": [\n", "- " + s + "\n", e.Key + ": " + s + ": b\n", e.Key + ": 2026-02-30" + s + "\n"} {
				if _, err := ParseVars([]byte(text)); err != nil && strings.Contains(err.Error(), s) {
					t.Fatalf("%s: an error tells the password: %v", e.Key, err)
				}
				data, err := json.Marshal(r.Check(Files{Passwords: &File{"passwords.yml", []byte(text)}}))
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(data), s) || strings.Contains(string(data), "hunter") {
					t.Fatalf("%s: a finding tells the password: %s", e.Key, data)
				}
			}
		}
	}
}

// TestCodesHaveTexts: every code that this package uses has its texts, and no text is left over.
func TestCodesHaveTexts(t *testing.T) {
	texts := i18n.For(i18n.English).Answers.Findings
	used := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(`"((?:kolla|globals|inventory|password|value|key|bridge|cinder|service|ironic|files|octavia|neutron|prometheus|grafana|glance|logging|port|vip|interface)\.[a-z.]+)"`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = true
			if _, ok := texts[m[1]]; !ok {
				t.Errorf("%s: %s has no text", file, m[1])
			}
		}
	}
	for c := range texts {
		if !used[c] && (strings.HasPrefix(c, "kolla.") || strings.HasPrefix(c, "inventory.") || strings.HasPrefix(c, "password.") || strings.HasPrefix(c, "vip.") || strings.HasPrefix(c, "interface.")) {
			t.Errorf("%s has a text and is not used", c)
		}
	}
}

// TestRealInterfaces: the plan against what hosts have (correction 19).
func TestRealInterfaces(t *testing.T) {
	_, _, multinode := good(t)
	prefix := netip.MustParsePrefix
	hosts := map[string][]Interface{}
	for i, h := range sampleSite().Hosts {
		hosts[h.Name] = []Interface{{"bond0", true, []netip.Prefix{prefix(h.Addresses["management"] + "/24")}}, {"bond10", true, []netip.Prefix{prefix(h.Addresses["api"] + "/24")}}, {"bond20", true, []netip.Prefix{prefix(fmt.Sprintf("10.0.0.%d/24", i+1))}}, {"bondex", true, nil}}
	}
	right := "kolla_internal_vip_address: \"198.51.100.200\"\nkeepalived_virtual_router_id: \"77\"\nnetwork_interface: bond0\napi_interface: bond10\ntunnel_interface: bond20\nneutron_external_interface: bondex\n"
	check := func(globals string) answers.Findings {
		return wallaby(t).Check(Files{Globals: &File{"globals.yml", []byte(globals)}, Inventory: &File{"multinode", []byte(multinode)}, Site: sampleSite(), Hosts: hosts})
	}
	for _, f := range check(right) {
		t.Error(f)
	}
	for _, tc := range []struct{ old, new, code, key string }{
		{"api_interface: bond10", "api_interface: bond20", "interface.other", "api_interface"},
		{"api_interface: bond10", "api_interface: bond20", "vip.host", "kolla_internal_vip_address"},
		{"tunnel_interface: bond20", "tunnel_interface: bond30", "interface.missing", "tunnel_interface"},
		{"tunnel_interface: bond20", "tunnel_interface: bondex", "interface.bare", "tunnel_interface"},
		{"neutron_external_interface: bondex", "neutron_external_interface: bond20", "interface.address", "neutron_external_interface"},
	} {
		found := check(strings.Replace(right, tc.old, tc.new, 1))
		if !slices.ContainsFunc(found, func(f answers.Finding) bool { return f.Code == tc.code && f.Key == tc.key && f.Line > 0 }) {
			t.Errorf("%s: no %s in\n%s", tc.new, tc.code, found.Error())
		}
	}
	hosts["net1"][3].Up = false
	if found := check(right); !slices.ContainsFunc(found, func(f answers.Finding) bool { return f.Code == "interface.down" }) {
		t.Errorf("a down interface is not told:\n%s", found.Error())
	}
}

// TestGroups: roles that nobody has, and even numbers of databases.
func TestGroups(t *testing.T) {
	for _, tc := range []struct {
		change  func(*site.Site)
		globals string
		code    string
		key     string
	}{
		{func(s *site.Site) { s.Hosts = s.Hosts[:6] }, "", "inventory.empty", "compute"},
		{func(s *site.Site) { s.Hosts = s.Hosts[:8] }, "enable_cinder: \"yes\"\ncinder_backend_ceph: \"yes\"\n", "inventory.empty", "storage"},
		{func(s *site.Site) { s.Hosts = slices.Delete(s.Hosts, 1, 2) }, "", "inventory.quorum", "mariadb"},
		{func(s *site.Site) { s.Hosts = slices.Delete(s.Hosts, 4, 5) }, "enable_neutron_agent_ha: \"yes\"\n", "inventory.agents", "network"},
	} {
		s := sampleSite()
		tc.change(s)
		r := wallaby(t)
		data, err := r.Multinode(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		found := r.Check(Files{Globals: &File{"globals.yml", []byte("kolla_internal_vip_address: \"198.51.100.200\"\n" + tc.globals)}, Inventory: &File{"multinode", data}})
		if !slices.ContainsFunc(found, func(f answers.Finding) bool { return f.Code == tc.code && f.Key == tc.key && f.Line > 0 }) {
			t.Errorf("no %s about %s in\n%s", tc.code, tc.key, found.Error())
		}
	}
}

// FuzzCheck: no files end the program, and every finding has its words.
func FuzzCheck(f *testing.F) {
	r, err := Load("kolla-wallaby")
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range brokenFiles() {
		f.Add([]byte(b.text), []byte(b.text), []byte(b.text))
	}
	f.Fuzz(func(t *testing.T, globals, inventory, passwords []byte) {
		for _, found := range r.Check(Files{Globals: &File{"g", globals}, Inventory: &File{"i", inventory}, Passwords: &File{"p", passwords}, Site: sampleSite()}) {
			if found.Why == "" || found.Wanted == "" || found.Why == found.Code {
				t.Fatalf("%+v", found)
			}
		}
	})
}

// BenchmarkCheck is a large site: globals with all keys, an inventory of 5,000 lines.
func BenchmarkCheck(b *testing.B) {
	r := wallaby(b)
	globals, err := r.Export(Documented())
	if err != nil {
		b.Fatal(err)
	}
	var lines strings.Builder
	_, passwords, multinode := good(b)
	lines.WriteString(multinode + "[compute]\n")
	for i := range 4300 {
		fmt.Fprintf(&lines, "far%d ansible_host=10.%d.%d.%d\n", i, 1+i/65536, i/256%256, i%256)
	}
	for b.Loop() {
		r.Check(Files{Globals: &File{"g", globals}, Inventory: &File{"i", []byte(lines.String())}, Passwords: &File{"p", []byte(passwords)}, Site: sampleSite()})
	}
}
