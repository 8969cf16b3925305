package interview

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
	"stackhand/internal/i18n"
)

// differing are the lines in which two texts of as many lines differ.
func differing(t *testing.T, a, b string) (lines []string) {
	t.Helper()
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	if len(as) != len(bs) {
		t.Fatalf("%d lines, %d lines", len(as), len(bs))
	}
	for i := range as {
		if as[i] != bs[i] {
			lines = append(lines, bs[i])
		}
	}
	return lines
}

// A file that is brought keeps every byte but for what is changed.
func TestImportChangesOneLine(t *testing.T) {
	old := exported(t, beginEast(t, trainMulti), "answer.txt")
	old = strings.ReplaceAll(old, "\n", "\r\n") + "# mine\r\nCONFIG_UNKNOWN=7\r\n; end"
	d := begin(t, trainMulti)
	if err := d.Import("old.txt", []byte(old)); err != nil {
		t.Fatal(err)
	}
	if got := exported(t, d, "answer.txt"); got != old {
		t.Fatalf("unchanged, and not the same: %q", differing(t, old, got))
	}
	if f, _ := d.Field("@hosts.compute"); f.Value == "" || f.Origin != FromFile {
		t.Errorf("%+v", f)
	}
	if f, _ := d.Field("CONFIG_NEUTRON_OVS_TUNNEL_IF"); f.Value != "eth1" || f.Origin != FromFile {
		t.Errorf("%+v", f)
	}
	set(t, d, "CONFIG_NTP_SERVERS", "192.0.2.1")
	if got := differing(t, old, exported(t, d, "answer.txt")); !slices.Equal(got, []string{"CONFIG_NTP_SERVERS=192.0.2.1\r"}) {
		t.Errorf("%q", got)
	}
	// The hosts are changed: the keys that name them follow, and nothing else does.
	d.Undo()
	set(t, d, "@hosts.compute", "compute1 new1 192.0.2.31")
	got := differing(t, old, exported(t, d, "answer.txt"))
	if !slices.Equal(got, []string{"CONFIG_COMPUTE_HOSTS=192.0.2.21,192.0.2.31\r"}) && len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestImportOfKolla(t *testing.T) {
	made := beginEast(t, wallaby)
	old := map[string]string{}
	for _, n := range made.FileNames() {
		old[n] = exported(t, made, n)
	}
	old["globals.yml"] += "\n# mine\nunknown_key: [1, 2]   # kept\n"
	old["multinode"] += "\n[all:vars]\nmine=1\n"
	d := begin(t, wallaby)
	for _, n := range made.FileNames() {
		if err := d.Import(n, []byte(old[n])); err != nil {
			t.Fatal(n, err)
		}
	}
	for _, n := range made.FileNames() {
		if got := exported(t, d, n); got != old[n] {
			t.Errorf("%s: unchanged, and not the same", n)
		}
	}
	set(t, d, "enable_heat", "yes")
	if got := differing(t, old["globals.yml"], exported(t, d, "globals.yml")); len(got) != 1 || !strings.Contains(got[0], "enable_heat") {
		t.Errorf("%q", got)
	}
	set(t, d, "grafana_admin_password", planted)
	if got := differing(t, old["passwords.yml"], exported(t, d, "passwords.yml")); len(got) != 1 || !strings.Contains(got[0], planted) {
		t.Errorf("%d lines", len(got))
	}
	set(t, d, "@if.tunnel", "eth1 cmp2=ens5")
	inv, err := kolla.ParseInventory([]byte(exported(t, d, "multinode")))
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := inv.Var("cmp2", "tunnel_interface"); a.Value != "ens5" {
		t.Errorf("%+v", a)
	}
	if a, _ := inv.Var("cmp1", "tunnel_interface"); a.Value != "eth1" {
		t.Errorf("%+v", a)
	}
	v, _ := kolla.ParseVars([]byte(exported(t, d, "globals.yml")))
	if got, ok := v.Get("tunnel_interface"); ok {
		t.Errorf("globals.yml would beat the inventory: %v", got)
	}
	set(t, d, "@hosts.compute", "cmp1 cmp2 cmp3 192.0.2.23")
	inv, err = kolla.ParseInventory([]byte(exported(t, d, "multinode")))
	if err != nil || !slices.Contains(inv.Members("compute"), "cmp3") || inv.Group("all") == nil {
		t.Errorf("%v %v", inv.Members("compute"), err)
	}
	if a, _ := inv.Var("cmp3", "ansible_host"); a.Value != "192.0.2.23" {
		t.Errorf("%+v", a)
	}
}

func TestImportRefuses(t *testing.T) {
	for _, c := range []struct {
		i    Installer
		data string
	}{
		{trainMulti, "---\nenable_heat: yes\n"}, {wallaby, "[general]\nCONFIG_NOVA_INSTALL=y\n"}, {trainMulti, ""}, {trainMulti, "hello"},
		{wallaby, "enable_heat: yes\n  x: [\n"}, {trainMulti, "CONFIG_A=1\n"},
	} {
		d := begin(t, c.i)
		if err := d.Import("f", []byte(c.data)); err == nil {
			t.Errorf("%s took %q", c.i, c.data)
		}
		if len(d.Saved().Secrets) > 0 {
			t.Errorf("%q stayed", c.data)
		}
	}
}

func TestSecondController(t *testing.T) {
	finished := exported(t, beginEast(t, trainMulti), "answer.txt")
	d := begin(t, Installer{"packstack-train", "second-controller"})
	if m := d.Missing(); len(m) != 2 { // the file and the controller
		t.Errorf("%v", m)
	}
	if err := d.Import("answer.txt", []byte(finished)); err != nil {
		t.Fatal(err)
	}
	if m := d.Missing(); len(m) != 1 || m[0].Key != "CONFIG_CONTROLLER_HOST" {
		t.Errorf("%v", m)
	}
	if err := d.Set("CONFIG_CONTROLLER_HOST", "192.0.2.11"); err == nil {
		t.Error("the first controller is taken for the second")
	}
	set(t, d, "CONFIG_CONTROLLER_HOST", "192.0.2.12")
	if got := valueOf(t, d, "EXCLUDE_SERVERS"); !strings.Contains(got, "192.0.2.11") || !strings.Contains(got, "192.0.2.22") {
		t.Errorf("EXCLUDE_SERVERS=%q", got)
	}
	got := differing(t, finished, exported(t, d, "answer.txt"))
	if len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// secretsIn are all secrets of a file in clear.
func secretsIn(t *testing.T, d *Draft, name, text string) (all []string) {
	t.Helper()
	var values map[string]string
	if d.Installer().Kolla() {
		v, err := kolla.ParseVars([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		values = v.Given()
	} else {
		values = packstack.Parse([]byte(text), name).Values(packstack.Python3, d.Catalogue())
	}
	for k, v := range values {
		if e := d.Catalogue().Entry(k); e != nil && e.Secret && len(v) > 6 && !strings.HasPrefix(v, "{") {
			all = append(all, v)
		}
	}
	return all
}

// Nothing that is shown has a secret (row 8).
func TestNothingShownHasASecret(t *testing.T) {
	for _, i := range []Installer{trainMulti, wallaby} {
		d := beginEast(t, i)
		secret := map[bool]string{true: "keystone_admin_password", false: "CONFIG_KEYSTONE_ADMIN_PW"}[i.Kolla()]
		set(t, d, secret, planted)
		files, err := d.Files(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		before, all := map[string][]byte{}, []string{planted, "OtherPlanted55"}
		for _, f := range files {
			before[f.Name] = bytes.ReplaceAll(f.Data, []byte(planted), []byte("OtherPlanted55"))
			if f.Name != "multinode" && f.Name != "globals.yml" {
				all = append(all, secretsIn(t, d, f.Name, string(f.Data))...)
			}
		}
		if len(all) < 30 {
			t.Errorf("%s: only %d secrets looked for", i, len(all))
		}
		var shown strings.Builder
		r := d.Review()
		for _, f := range r.Files {
			shown.Write(f.Data)
		}
		for _, f := range append(r.Changed, d.Search("", i18n.English)...) {
			shown.WriteString(f.Value + "\n" + f.Default + "\n")
		}
		for _, f := range r.Findings {
			shown.WriteString(f.In(i18n.English) + f.Found)
		}
		for _, v := range d.Values() {
			shown.WriteString(v + "\n")
		}
		diff := d.Diff(before)
		shown.WriteString(diff)
		shown.Write(d.Saved().State)
		for _, s := range all {
			if strings.Contains(shown.String(), s) {
				t.Errorf("%s: a secret is shown", i)
			}
		}
		if !strings.Contains(diff, "+") || !strings.Contains(diff, answers.Mask+" *") {
			t.Errorf("%s: the diff does not tell that a secret changed: %s", i, diff)
		}
	}
}

func TestMaskOddFiles(t *testing.T) {
	p, k := begin(t, trainMulti), begin(t, wallaby)
	for _, c := range []struct {
		d    *Draft
		name string
		text string
	}{
		{p, "answer.txt", "[general]\nCONFIG_KEYSTONE_ADMIN_PW=" + planted + "\n"},
		{p, "answer.txt", "[general]\nconfig_keystone_admin_pw : " + planted + "\n"},
		{p, "answer.txt", "CONFIG_KEYSTONE_ADMIN_PW=a\n  " + planted + "\n"},
		{p, "answer.txt", "CONFIG_KEYSTONE_ADMIN_PW=a\n\n" + planted + "\n"},
		{p, "answer.txt", "#CONFIG_KEYSTONE_ADMIN_PW=" + planted + "\n"},
		{p, "answer.txt", "# CONFIG_KEYSTONE_ADMIN_PW = " + planted + "\n"},
		{p, "answer.txt", "UNKNOWN=" + planted + "\n"},
		{p, "answer.txt", planted},
		{k, "globals.yml", "unknown: " + planted + "\n"},
		{k, "globals.yml", "unknown:\n  - " + planted + "\n"},
		{k, "globals.yml", "unknown: |\n  a\n  " + planted + "\n"},
		{k, "passwords.yml", "database_password: " + planted + "\n"},
		{k, "passwords.yml", "database_password: " + planted},
		{k, "passwords.yml", "kolla_ssh_key:\n  private_key: |\n    " + planted + "\n  public_key: x\n"},
		{k, "passwords.yml", "x_password:\n\n  " + planted + "\n"},
		{k, "passwords.yml", "#database_password: " + planted + "\n"},
		{k, "multinode", "[control]\na ansible_password=" + planted + "\n"},
		{k, "multinode", "a ansible_become_pass='x " + planted + "'\n"},
	} {
		if got := string(c.d.Mask(c.name, []byte(c.text))); strings.Contains(got, planted) {
			t.Errorf("%s: %q is shown as %q", c.name, c.text, got)
		}
	}
	if got := string(p.Mask("answer.txt", []byte("# a word\nCONFIG_NOVA_INSTALL=y\n"))); got != "# a word\nCONFIG_NOVA_INSTALL=y\n" {
		t.Errorf("%q", got)
	}
}

func TestReviewTellsWhatDiffers(t *testing.T) {
	d := beginEast(t, trainMulti)
	set(t, d, "CONFIG_NTP_SERVERS", "192.0.2.1")
	set(t, d, "CONFIG_DEBUG_MODE", "n") // the default
	r := d.Review()
	var keys []string
	for _, f := range r.Changed {
		keys = append(keys, f.Key)
	}
	if !slices.Contains(keys, "CONFIG_NTP_SERVERS") || !slices.Contains(keys, "CONFIG_NEUTRON_L2_AGENT") || slices.Contains(keys, "CONFIG_DEBUG_MODE") {
		t.Error(keys)
	}
	if err := d.Keep("CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS", "extnet"); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range d.Review().Findings {
		at := d.Where(f)
		if f.Key == "CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS" && at == (Position{"bridges", f.Key}) {
			found = true
		}
		if _, ok := d.Field(at.Field); !ok && at.Page != PageReview {
			t.Errorf("%s leads to %+v", f, at)
		}
	}
	if !found {
		t.Error("the finding does not lead to its field")
	}
}

// Making the files twice, and after a restart, makes no second set of secrets; a default
// password holds for those that follow it.
func TestSecretsAreMadeOnce(t *testing.T) {
	for _, i := range []Installer{trainMulti, wallaby} {
		d := beginEast(t, i)
		last := d.FileNames()[len(d.FileNames())-1]
		one := exported(t, d, last)
		set(t, d, map[bool]string{true: "enable_heat", false: "CONFIG_NTP_SERVERS"}[i.Kolla()], map[bool]string{true: "yes", false: "192.0.2.1"}[i.Kolla()])
		if n := len(differing(t, one, exported(t, d, last))); i.Kolla() && n != 0 || n > 1 {
			t.Errorf("%s: %d lines differ", i, n)
		}
	}
	d := beginEast(t, trainMulti)
	exported(t, d, "answer.txt")
	set(t, d, "CONFIG_DEFAULT_PASSWORD", planted)
	if n := strings.Count(exported(t, d, "answer.txt"), "="+planted+"\n"); n < 20 {
		t.Errorf("the default password is at %d keys", n)
	}
}
