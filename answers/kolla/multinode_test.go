package kolla

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/site"
)

func sampleSite() *site.Site {
	host := func(name, last string, roles ...string) site.Host {
		return site.Host{Name: name, Roles: roles, Addresses: map[string]string{"management": "192.0.2." + last, "api": "198.51.100." + last}}
	}
	return &site.Site{Name: "sample", Login: site.Login{User: "stack", Key: "~/.ssh/id_ed25519"},
		Networks: map[string]string{"management": "192.0.2.0/24", "api": "198.51.100.0/24"},
		Hosts: []site.Host{host("deploy1", "10", "deploy", "monitoring"), host("ctl1", "11", "controller"), host("ctl2", "12", "controller"), host("ctl3", "13", "controller"),
			host("net1", "21", "network"), host("net2", "22", "network"), host("cmp1", "31", "compute"), host("cmp2", "32", "compute"), host("sto1", "41", "storage")}}
}

func TestMultinode(t *testing.T) {
	r := wallaby(t)
	plan := Plan{}
	for _, h := range sampleSite().Hosts {
		plan[h.Name] = map[string]string{"management": "bond0", "api": "bond10", "tunnel": "bond20"}
	}
	plan["cmp2"]["tunnel"] = "ens3f1"
	data, err := r.Multinode(sampleSite(), plan)
	if err != nil {
		t.Fatal(err)
	}
	inv := inventory(t, string(data))
	for group, want := range map[string]string{
		"control": "ctl1 ctl2 ctl3", "network": "net1 net2", "compute": "cmp1 cmp2", "storage": "sto1", "monitoring": "deploy1", "deployment": "deploy1",
		"mariadb": "ctl1 ctl2 ctl3", "haproxy": "net1 net2", "nova-compute-ironic": "ctl1 ctl2 ctl3", "neutron-l3-agent": "net1 net2", "prometheus": "deploy1", "cinder-volume": "sto1",
		"openvswitch": "net1 net2 cmp1 cmp2", "bifrost": "deploy1",
	} {
		if got := strings.Join(inv.Members(group), " "); got != want {
			t.Errorf("%s: %s; want %s", group, got, want)
		}
	}
	for _, g := range r.Groups {
		if inv.Group(g.Name) == nil || !inv.Group(g.Name).Declared {
			t.Errorf("no group %s", g.Name)
		}
	}
	if a, _ := inv.Var("cmp2", "tunnel_interface"); a.Value != "ens3f1" {
		t.Errorf("%+v", a)
	}
	if _, there := inv.Var("cmp1", "api_interface"); there {
		t.Error("a common interface is in the inventory")
	}
	globals := parsed(t, "tunnel_interface: bond30\napi_interface: \"bond20\" # why\n")
	if err := plan.Apply(globals); err != nil || string(globals.Bytes()) != "api_interface: \"bond10\" # why\nnetwork_interface: \"bond0\"\n" {
		t.Errorf("%q, %v", globals.Bytes(), err)
	}
	// Ansible's own reading, last: it may skip. All 227 groups have the hosts that the release's
	// sections give them.
	sameGroups(t, data)
	groups, _, err := ansible(t, data)
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]Section{}
	for _, g := range r.Groups {
		sections[g.Name] = g
	}
	own := map[string]string{"control": "ctl1 ctl2 ctl3", "network": "net1 net2", "compute": "cmp1 cmp2", "storage": "sto1", "monitoring": "deploy1", "deployment": "deploy1"}
	var members func(name string, into map[string]bool)
	members = func(name string, into map[string]bool) {
		for _, h := range strings.Fields(own[name]) {
			into[h] = true
		}
		for _, c := range sections[name].Children {
			members(c, into)
		}
	}
	filled := 0
	for name := range sections {
		want := map[string]bool{}
		members(name, want)
		if got := groups[name]; !slices.Equal(got, sorted(want)) {
			t.Errorf("Ansible reads %v in %s, want %v", got, name, sorted(want))
		}
		if len(want) > 0 {
			filled++
		}
	}
	if len(sections) != 227 || filled < 220 {
		t.Errorf("%d groups, %d with hosts", len(sections), filled)
	}
}

// TestMultinodeRoles: databases and brokers of their own, and a site whose controllers do all.
func TestMultinodeRoles(t *testing.T) {
	r := wallaby(t)
	s := sampleSite()
	s.Hosts = append(s.Hosts, site.Host{Name: "db1", Roles: []string{"database"}, Addresses: map[string]string{"management": "192.0.2.51"}})
	data, err := r.Multinode(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	inv := inventory(t, string(data))
	if got := inv.Members("mariadb"); len(got) != 1 || got[0] != "db1" {
		t.Errorf("mariadb: %v", got)
	}
	if got := strings.Join(inv.Members("baremetal"), " "); !strings.Contains(got, "db1") {
		t.Errorf("baremetal: %s", got)
	}
	back := inv.Site("sample")
	for i := range s.Hosts {
		h := back.Host(s.Hosts[i].Name)
		if h == nil || h.Addresses["management"] != s.Hosts[i].Addresses["management"] || h.Login.User != "stack" || !h.Has(s.Hosts[i].Roles[0]) {
			t.Errorf("%s came back as %+v", s.Hosts[i].Name, h)
		}
	}
	small := &site.Site{Name: "small", Hosts: []site.Host{{Name: "one", Roles: []string{"controller", "compute"}, Addresses: map[string]string{"management": "192.0.2.1"}}}}
	if data, err = r.Multinode(small, nil); err != nil {
		t.Fatal(err)
	}
	inv = inventory(t, string(data))
	if strings.Join(inv.Members("network"), "") != "one" || strings.Join(inv.Members("deployment"), "") != "localhost" {
		t.Errorf("%s", data)
	}
}

func TestFill(t *testing.T) {
	r := wallaby(t)
	text := "# ours\n" + string(r.PasswordFile()) + "# own\nour_own_key:\nset_already: 'x' # keep\nempty_string: \"\"\n"
	text = strings.Replace(text, "keystone_database_password:\n", "keystone_database_password: kept # by hand\n", 1)
	v := parsed(t, text)
	typed := map[string]string{"keystone_admin_password": "Typed-by-hand-1"}
	filled, err := Filler{Release: r, Random: rand.Reader, Typed: typed, Bits: 1024}.Fill(v)
	if err != nil {
		t.Fatal(err)
	}
	shape := map[string]string{"random": `^[A-Za-z0-9]{40}$`, "uuid": `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, "hmac_md5": `^[0-9a-f]{32}$`, "fernet": `^[A-Za-z0-9_-]{43}=$`}
	seen := map[string]string{}
	for _, e := range r.Catalogue.Entries {
		if e.In != Passwords || e.Key == "keystone_database_password" || e.Key == "keystone_admin_password" {
			continue
		}
		got, ok := v.Get(e.Key)
		switch {
		case !ok:
			t.Errorf("%s is missing", e.Key)
		case e.Generate == nil:
			if got.Kind != Null {
				t.Errorf("%s is not empty", e.Key)
			}
		case e.Generate.Kind == "ssh":
			private, _ := got.At("private_key")
			public, _ := got.At("public_key")
			block, _ := pem.Decode([]byte(private.Text))
			if block == nil {
				t.Fatalf("%s: no PEM", e.Key)
			}
			if _, err := x509.ParsePKCS8PrivateKey(block.Bytes); err != nil {
				t.Errorf("%s: %v", e.Key, err)
			}
			if f := strings.Fields(public.Text); len(f) != 2 || f[0] != "ssh-rsa" {
				t.Errorf("%s: public key of another shape", e.Key)
			} else if _, err := base64.StdEncoding.DecodeString(f[1]); err != nil {
				t.Error(err)
			}
		default:
			if !regexp.MustCompile(shape[string(e.Generate.Kind)]).MatchString(got.Text) {
				t.Errorf("%s of kind %s has another shape", e.Key, e.Generate.Kind)
			}
			if other, twice := seen[got.Text]; twice {
				t.Errorf("%s and %s are the same", e.Key, other)
			}
			seen[got.Text] = e.Key
		}
	}
	for key, want := range map[string]string{"keystone_admin_password": "Typed-by-hand-1", "keystone_database_password": "kept", "set_already": "x", "empty_string": ""} {
		if got, _ := v.Get(key); got.Text != want {
			t.Errorf("%s is not what it was meant to be", key)
		}
	}
	if got, _ := v.Get("our_own_key"); len(got.Text) != 40 {
		t.Errorf("a key that nobody knows got %d characters", len(got.Text))
	}
	after := string(v.Bytes())
	for _, keep := range []string{"# ours\n", "# own\n", "kept # by hand\n", "'x' # keep\n", "docker_registry_password: null\n"} {
		if !strings.Contains(after, keep) {
			t.Errorf("%q is gone", keep)
		}
	}
	if a, b := keysOf(parsed(t, text)), keysOf(v); a != b {
		t.Errorf("the order changed:\n%s\n%s", a, b)
	}
	if bad := regexp.MustCompile(`(?m)^[^#].*:\s*$`).FindAllString(after, -1); len(bad) != 5 { // the five key pairs, which prechecks leave out
		t.Errorf("prechecks would refuse %q", bad)
	}
	if len(filled) != 125-2+1 {
		t.Errorf("%d filled", len(filled))
	}
	before := string(v.Bytes())
	if filled, err = (Filler{Release: r, Random: rand.Reader, Bits: 1024}).Fill(v); err != nil || len(filled) != 0 || string(v.Bytes()) != before {
		t.Errorf("filled again: %v, %v", filled, err)
	}
}

func keysOf(v *Vars) string {
	var b strings.Builder
	for _, e := range v.Entries() {
		b.WriteString(e.Key + " ")
	}
	return b.String()
}

func TestFillRefuses(t *testing.T) {
	r := wallaby(t)
	for value, code := range map[string]string{"": "password.empty", "a{{b}}": "password.template", "pä": "password.ascii", "p@ss": "password.url", " x": "password.blank", "a$b": "password.quote"} {
		v := parsed(t, "database_password:\n")
		_, err := Filler{Release: r, Random: rand.Reader, Typed: map[string]string{"database_password": value}}.Fill(v)
		var f *Fault
		if !errors.As(err, &f) || f.Code != code || f.Key != "database_password" {
			t.Errorf("%q: %v, want %s", value, err, code)
		}
		if value != "" && strings.Contains(err.Error(), value) {
			t.Error("the error tells the password")
		}
		if string(v.Bytes()) != "database_password:\n" {
			t.Errorf("%q", v.Bytes())
		}
	}
}
