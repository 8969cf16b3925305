package packstack

import (
	"bytes"
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"stackhand/answers"
)

// randomAnswers is a set of values that a file can carry, for some keys of a catalogue.
func randomAnswers(c *answers.Catalogue, r *mrand.Rand) map[string]string {
	const any = "abcXYZ0189!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t"
	given := map[string]string{}
	for _, e := range c.Entries {
		switch {
		case r.IntN(3) > 0:
		case len(e.Choices) > 0 && r.IntN(4) > 0:
			given[e.Key] = e.Choices[r.IntN(len(e.Choices))]
		default:
			var b strings.Builder
			for range r.IntN(20) {
				b.WriteByte(any[r.IntN(len(any))])
			}
			if v := b.String(); Carries(v) == "" {
				given[e.Key] = v
			}
		}
	}
	return given
}

// Python reads from an export exactly the values that we say are in it.
func TestExportIsReadExactly(t *testing.T) {
	r := mrand.New(mrand.NewPCG(7, 7))
	var files []string
	var values []map[string]string
	releases := []*answers.Catalogue{catalogue(t, "stein"), catalogue(t, "train")}
	for i := range 1000 {
		c := releases[i%2]
		env := Env{}
		if i%3 == 0 {
			env = Env{LocalIP: "192.0.2.11", Hostname: "ctl1.example.org"}
		}
		data, v, err := Export(c, randomAnswers(c, r), env, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if !isASCII(string(data)) {
			t.Fatal("an export that is not ASCII")
		}
		if want := len(c.Entries); i%3 == 0 && len(v) != want {
			t.Fatalf("%d values of %d", len(v), want)
		}
		files, values = append(files, string(data)), append(values, v)
	}
	for i, v := range values {
		for _, p := range []Python{Python2, Python3} {
			compareExport(t, fmt.Sprintf("set %d, our Python %d", i, p), v, ours(p, files[i]))
		}
	}
	for _, p := range []Python{Python3, Python2} {
		t.Run(fmt.Sprintf("python%d", p), func(t *testing.T) {
			for i, read := range python(t, p, files) {
				compareExport(t, fmt.Sprintf("set %d", i), values[i], read)
			}
		})
	}
}

func compareExport(t *testing.T, name string, want map[string]string, got asRead) {
	t.Helper()
	if got.Error != "" || len(got.Values) != len(want) {
		t.Fatalf("%s: %d values, want %d: %s", name, len(got.Values), len(want), got.Error)
	}
	for k, v := range want {
		if got.Values[fmt.Sprintf("%x", strings.ToLower(k))] != fmt.Sprintf("%x", v) {
			t.Fatalf("%s: %s is read otherwise than %q", name, k, v)
		}
	}
}

// An export of the documented plan passes the check, keeps its values and follows the controller.
func TestExportOfThePlan(t *testing.T) {
	c := catalogue(t, "train")
	given := Parse([]byte(good), "good").Values(Python2, c)
	for _, k := range []string{"CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST"} {
		delete(given, k)
	}
	data, values, err := Export(c, given, Env{}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if fs := Check(Parse(data, "answer.txt"), c, Options{}); len(fs) > 0 {
		t.Errorf("%v", fs)
	}
	for k, v := range given {
		if values[k] != v {
			t.Errorf("%s=%q, want %q", k, values[k], v)
		}
	}
	if values["CONFIG_AMQP_HOST"] != "192.0.2.11" || values["CONFIG_REDIS_HOST"] != "192.0.2.11" {
		t.Error("broker and cache do not follow the controller")
	}
	for _, e := range c.Entries {
		if e.Generate != nil && (values[e.Key] == "" || values[e.Key] == Placeholder) {
			t.Errorf("%s is not made", e.Key)
		}
	}
	// Nothing new is made of what is there.
	again, _, err := Export(c, values, Env{}, rand.Reader)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("a second export differs: %v", err)
	}
	if _, _, err := Export(c, map[string]string{"CONFIG_KEYSTONE_ADMIN_PW": "비밀"}, Env{}, rand.Reader); err == nil || strings.Contains(err.Error(), "비밀") {
		t.Errorf("a value beyond ASCII: %v", err)
	}
}

func TestFill(t *testing.T) {
	c := catalogue(t, "train")
	made, err := Fill(c, map[string]string{"CONFIG_MARIADB_PW": "kept", "CONFIG_NOVA_KS_PW": Placeholder}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, there := made["CONFIG_MARIADB_PW"]; there {
		t.Error("a given password was replaced")
	}
	for key, n := range map[string]int{"CONFIG_NOVA_KS_PW": 16, "CONFIG_KEYSTONE_ADMIN_TOKEN": 32, "CONFIG_HORIZON_SECRET_KEY": 32, "CONFIG_SWIFT_HASH": 16, "CONFIG_HEAT_AUTH_ENC_KEY": 16} {
		if v := made[key]; len(v) != n || strings.Trim(v, "0123456789abcdef") != "" {
			t.Errorf("%s: %d characters", key, len(v))
		}
	}
	if made["CONFIG_TROVE_NOVA_PW"] != made["CONFIG_TROVE_KS_PW"] {
		t.Error("the password of Trove's Nova user is another than Trove's")
	}
	if made, err = Fill(c, map[string]string{"CONFIG_DEFAULT_PASSWORD": "common12"}, rand.Reader); err != nil || made["CONFIG_NOVA_DB_PW"] != "common12" || made["CONFIG_KEYSTONE_ADMIN_TOKEN"] == "common12" {
		t.Errorf("the default password: %v", err)
	}
	// The orchestration key never looks like a number, whatever the dice say.
	digits := bytes.NewReader(append(bytes.Repeat([]byte{0x12}, 8), bytes.Repeat([]byte{0xab}, 8)...))
	v, err := secret(c.Entry("CONFIG_HEAT_AUTH_ENC_KEY"), digits)
	if _, number := strconv.ParseFloat(v, 64); err != nil || number == nil || len(v) != 16 {
		t.Errorf("%q %v", v, err)
	}
}

func TestSecond(t *testing.T) {
	c := catalogue(t, "train")
	data, _, err := Export(c, Parse([]byte(good), "").Values(Python2, c), Env{LocalIP: "192.0.2.1", Hostname: "h"}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	finished := Parse(data, "answer.txt")
	second, fs := Second(finished, c, SecondOptions{Controller: "192.0.2.12"})
	if second == nil || fs.Failed() {
		t.Fatal(fs)
	}
	for key, want := range map[string]string{
		"CONFIG_CONTROLLER_HOST": "192.0.2.12", "CONFIG_AMQP_HOST": "192.0.2.11", "CONFIG_MARIADB_HOST": "192.0.2.11", "CONFIG_REDIS_HOST": "192.0.2.11",
		"EXCLUDE_SERVERS": "192.0.2.11,192.0.2.16,192.0.2.17,192.0.2.13,192.0.2.14,192.0.2.15",
	} {
		if got, _ := second.Get(Python3, key); got != want {
			t.Errorf("%s=%s, want %s", key, got, want)
		}
	}
	// Two lines change and nothing else.
	was, is := strings.Split(string(data), "\n"), strings.Split(string(second.Bytes()), "\n")
	changed := 0
	for i := range was {
		if was[i] != is[i] {
			changed++
		}
	}
	if len(was) != len(is) || changed != 2 || !bytes.Equal(finished.Bytes(), data) {
		t.Errorf("%d lines changed of %d to %d", changed, len(was), len(is))
	}
	if got := fs.Corrections(); len(got) != 1 || got[0] != 44 {
		t.Errorf("corrections %v", got)
	}
	edit := func(key, value string) *Document {
		d := Parse(data, "answer.txt")
		if err := d.Set(key, value); err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, tc := range []struct {
		name, code string
		d          *Document
		o          SecondOptions
	}{
		{"a host of the first run", "second.controller", finished, SecondOptions{Controller: "192.0.2.16"}},
		{"no controller", "want.host", finished, SecondOptions{}},
		{"no tunnel subnets", "second.tunnel", edit("CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", ""), SecondOptions{Controller: "192.0.2.12"}},
		{"bad tunnel subnets", "want.subnet", edit("CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", ""), SecondOptions{Controller: "192.0.2.12", TunnelSubnets: "192.168.10"}},
		{"another family", "host.family", edit("CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", "192.168.10.0/24"), SecondOptions{Controller: "ctl2"}},
		{"a secret is missing", "second.secret", edit("CONFIG_NOVA_KS_PW", Placeholder), SecondOptions{Controller: "192.0.2.12"}},
		{"a broken file", "want.choice", edit("CONFIG_NEUTRON_L2_AGENT", "ovs"), SecondOptions{Controller: "192.0.2.12"}},
	} {
		d, fs := Second(tc.d, c, tc.o)
		found := false
		for _, f := range fs {
			found = found || f.Code == tc.code && f.Severity == answers.Error
		}
		if tc.name == "another family" { // with the others excluded nothing is mixed any more
			if d == nil {
				t.Errorf("%s: %v", tc.name, fs)
			}
			continue
		}
		if d != nil || !found {
			t.Errorf("%s: %v", tc.name, fs)
		}
	}
	if d, fs := Second(edit("CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS", ""), c, SecondOptions{Controller: "192.0.2.12", TunnelSubnets: "192.168.10.0/24"}); d == nil {
		t.Errorf("with tunnel subnets: %v", fs)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answer.txt")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	before, err := answers.Write(path, []byte("new"))
	if err != nil || before != path+".1" {
		t.Fatal(before, err)
	}
	for name, want := range map[string]string{path: "new", before: "old"} {
		data, err := os.ReadFile(name)
		st, _ := os.Stat(name)
		if err != nil || string(data) != want || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %q %v %v", name, data, st.Mode(), err)
		}
	}
	if before, err = answers.Write(path, []byte("new")); err != nil || before != "" {
		t.Errorf("the same bytes: %q %v", before, err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if before, err = answers.Write(link, []byte("third")); err != nil || before != path+".2" {
		t.Errorf("through a link: %q %v", before, err)
	}
	if st, err := os.Lstat(link); err != nil || st.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if _, err := answers.Write(filepath.Join(t.TempDir(), "none", "a"), []byte("x")); err == nil {
		t.Error("written into a folder that is not there")
	}
}

func FuzzExport(f *testing.F) {
	f.Add("CONFIG_KEYSTONE_ADMIN_PW", "a;b", "CONFIG_NEUTRON_L2_AGENT", "ovn")
	f.Add("CONFIG_SAHARA_INSTALL", "y", "EXCLUDE_SERVERS", "192.0.2.1,")
	c := catalogue(f, "stein")
	f.Fuzz(func(t *testing.T, key1, value1, key2, value2 string) {
		given := map[string]string{key1: value1, key2: value2}
		data, values, err := Export(c, given, Env{}, rand.Reader)
		if err != nil {
			return
		}
		d := Parse(data, "f")
		for _, p := range []Python{Python2, Python3} {
			if !d.Readable(p) {
				t.Fatalf("Python %d refuses it", p)
			}
			for k, v := range values {
				if got, ok := d.Get(p, k); !ok || got != v {
					t.Fatalf("Python %d reads %s as %q, want %q", p, k, got, v)
				}
			}
		}
	})
}
