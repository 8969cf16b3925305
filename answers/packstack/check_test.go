package packstack

import (
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

func catalogue(t testing.TB, release string) *answers.Catalogue {
	t.Helper()
	c, err := answers.Load("packstack-" + release)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// good is the documented multi-node plan with what the corrections add.
const good = `[general]
CONFIG_KEYSTONE_ADMIN_USERNAME=admin
CONFIG_KEYSTONE_ADMIN_PW=Zt4mQ8vLk2
CONFIG_MARIADB_PW=Yd7nR3wPs9
CONFIG_CONTROLLER_HOST=192.0.2.11
CONFIG_COMPUTE_HOSTS=192.0.2.16,192.0.2.17
CONFIG_NETWORK_HOSTS=192.0.2.13,192.0.2.14,192.0.2.15
CONFIG_AMQP_HOST=192.0.2.11
CONFIG_MARIADB_HOST=192.0.2.11
CONFIG_REDIS_HOST=192.0.2.11
CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO=3.0
CONFIG_NOVA_SCHED_RAM_ALLOC_RATIO=1.0
CONFIG_NEUTRON_L2_AGENT=openvswitch
CONFIG_NEUTRON_ML2_TYPE_DRIVERS=flat,vxlan
CONFIG_NEUTRON_ML2_TENANT_NETWORK_TYPES=vxlan
CONFIG_NEUTRON_ML2_MECHANISM_DRIVERS=openvswitch
CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS=extnet:br-ex,physnet10:br-port
CONFIG_NEUTRON_OVS_BRIDGE_IFACES=br-ex:bond1,br-port:bond10
CONFIG_NEUTRON_OVS_BRIDGES_COMPUTE=br-port
CONFIG_NEUTRON_OVS_EXTERNAL_PHYSNET=extnet
CONFIG_NEUTRON_OVS_TUNNEL_IF=bond11
CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS=192.168.10.0/24
CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT=4789
CONFIG_NEUTRON_OVN_BRIDGE_MAPPINGS=extnet:br-ex
CONFIG_PROVISION_DEMO=n
`

func TestGoodFile(t *testing.T) {
	for _, release := range []string{"stein", "train"} {
		if fs := Check(Parse([]byte(good), "good"), catalogue(t, release), Options{}); len(fs) > 0 {
			t.Errorf("%s: %v", release, fs)
		}
		if fs := Check(Parse([]byte("[general]\nCONFIG_CONTROLLER_HOST=192.0.2.1\nCONFIG_AMQP_HOST=192.0.2.1\nCONFIG_MARIADB_HOST=192.0.2.1\nCONFIG_REDIS_HOST=192.0.2.1\n"), "small"), catalogue(t, release), Options{}); len(fs) > 0 {
			t.Errorf("%s, nearly empty: %v", release, fs)
		}
	}
}

// documented are the lists of the documents, as they stand there (addresses made neutral).
var documented = map[string]string{
	"all-in-one": `[general]
CONFIG_KEYSTONE_ADMIN_USERNAME=admin
CONFIG_KEYSTONE_ADMIN_PW=Zt4mQ8vLk2
CONFIG_DEFAULT_PASSWORD=Zt4mQ8vLk3
CONFIG_CONTROLLER_HOST=192.0.2.110
CONFIG_COMPUTE_HOSTS=192.0.2.110
CONFIG_NETWORK_HOSTS=192.0.2.110
CONFIG_MARIADB_PW=Zt4mQ8vLk3
CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO=3.0
CONFIG_NOVA_SCHED_RAM_ALLOC_RATIO=1.0
CONFIG_LBAAS_INSTALL=y
CONFIG_NEUTRON_ML2_TYPE_DRIVERS=flat,vxlan
CONFIG_NEUTRON_ML2_TENANT_NETWORK_TYPES=vxlan
CONFIG_NEUTRON_ML2_MECHANISM_DRIVERS=openvswitch
CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS=extnet:br-ex
CONFIG_NEUTRON_OVS_BRIDGE_IFACES=br-ex:em1
CONFIG_NEUTRON_OVS_EXTERNAL_PHYSNET=extnet
CONFIG_NEUTRON_OVN_BRIDGE_MAPPINGS=extnet:br-ex
CONFIG_PROVISION_DEMO=n
`,
}

func TestDocumentedLists(t *testing.T) {
	multi := documented["all-in-one"] + `CONFIG_COMPUTE_HOSTS=192.0.2.16,192.0.2.17
CONFIG_NETWORK_HOSTS=192.0.2.13,192.0.2.14,192.0.2.15
CONFIG_NEUTRON_OVS_BRIDGES_COMPUTE=br-port
CONFIG_NEUTRON_OVS_TUNNEL_IF=bond10
CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS=192.168.10.0/24
CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT=4789
`
	second := strings.Replace(good, "CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS=192.168.10.0/24\n", "EXCLUDE_SERVERS=192.0.2.13,192.0.2.16\n", 1)
	for _, tc := range []struct {
		name, text string
		want       []int
	}{
		{"all-in-one", documented["all-in-one"], []int{34, 35, 39}},
		{"both lists in one file", multi, []int{33, 34, 35, 39}},
		{"second controller", second, []int{36}},
		{"second controller, no agent", strings.Replace(second, "CONFIG_NEUTRON_L2_AGENT=openvswitch\n", "", 1), []int{34, 36}},
	} {
		for _, release := range []string{"stein", "train"} {
			fs := Check(Parse([]byte(tc.text), "answer.txt"), catalogue(t, release), Options{})
			if got := fs.Corrections(); !slices.Equal(got, tc.want) {
				t.Errorf("%s, %s: corrections %v, want %v\n%v", tc.name, release, got, tc.want, fs)
			}
		}
	}
}

// Every code that the check and the reader use has texts, and every text is used.
func TestCodes(t *testing.T) {
	used := map[string]bool{"findings.many": true}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"([a-z]+(?:\.[a-z0-9]+)+)"`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			used[m[1]] = true
		}
	}
	texts := i18n.For(i18n.English).Answers.Findings
	problems := i18n.For(i18n.English).Problems
	for code := range used {
		_, finding := texts[code]
		_, known := problems[code]
		if !finding && !known {
			t.Errorf("%s has no text", code)
		}
	}
	for code := range texts {
		// Texts that belong to another format are not told here.
		if !used[code] && slices.ContainsFunc([]string{"parse.", "want.", "agent.", "host.", "secret."}, func(p string) bool { return strings.HasPrefix(code, p) }) {
			t.Errorf("the text %s is not used", code)
		}
	}
}

// No secret of a file is in its findings, in any form.
func TestNoSecretInFindings(t *testing.T) {
	c := catalogue(t, "train")
	const secret = "S3cr%{x}tValue"
	for _, form := range []string{"%s=" + secret + "\n", "%s=\xff" + secret + "\n", "%s=" + secret + "가\n", "%s=x ;" + secret + "\n", "  %s=" + secret + "\n", "%s " + secret + "\n", "%s=a\n  " + secret + "\n", "%s='" + secret + "'\n", "%s=1\n%[1]s=" + secret + "\n"} {
		for _, e := range c.Entries {
			if !e.Secret {
				continue
			}
			text := "[general]\n" + strings.ReplaceAll(strings.ReplaceAll(form, "%[1]s", e.Key), "%s", e.Key)
			for _, f := range Check(Parse([]byte(text), "f"), c, Options{}) {
				all := f.String() + f.Found + f.In(i18n.Korean)
				for _, v := range f.Args {
					all += v
				}
				if strings.Contains(all, "S3cr") || strings.Contains(all, "tValue") {
					t.Fatalf("%q: %+v", text, f)
				}
			}
		}
	}
}

func TestCheckWithSite(t *testing.T) {
	s := &site.Site{Name: "s", Networks: map[string]string{"management": "192.0.2.0/28", "tunnel": "192.168.99.0/24"}, Hosts: []site.Host{
		{Name: "ctl1", Addresses: map[string]string{"management": "192.0.2.11"}, Roles: []string{"controller"}},
		{Name: "net1", Addresses: map[string]string{"management": "192.0.2.13"}, Roles: []string{"network"}},
		{Name: "cmp9", Addresses: map[string]string{"management": "192.0.2.9"}, Roles: []string{"compute"}},
	}}
	fs := Check(Parse([]byte(good), "good"), catalogue(t, "train"), Options{Site: s})
	got := map[string]int{}
	for _, f := range fs {
		got[f.Code]++
		if f.Severity != answers.Warning {
			t.Errorf("%v", f)
		}
	}
	for code, n := range map[string]int{"site.stranger": 4, "site.missing": 1, "site.outside": 2, "site.tunnel": 1} {
		if code == "site.outside" && got[code] == 0 || code != "site.outside" && got[code] != n {
			t.Errorf("%s: %d, want %d in\n%v", code, got[code], n, fs)
		}
	}
}

func TestCheckWithInterfaces(t *testing.T) {
	all := []string{"lo", "bond1", "bond10", "bond11"}
	has := map[string][]string{"192.0.2.13": all, "192.0.2.14": {"lo", "bond10", "bond11"}, "192.0.2.16": {"lo", "bond10", "bond11"}, "192.0.2.17": {"lo", "bond10"}}
	fs := Check(Parse([]byte(good), "good"), catalogue(t, "train"), Options{Interfaces: has})
	var got []string
	for _, f := range fs {
		got = append(got, f.Code+" "+f.Key+" "+f.Args["item"]+" "+f.Args["host"])
	}
	want := []string{"iface.absent CONFIG_NEUTRON_OVS_BRIDGE_IFACES bond1 192.0.2.14", "iface.absent CONFIG_NEUTRON_OVS_TUNNEL_IF bond11 192.0.2.17"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
