package site

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const good = `name: north
dial: {netns: lab}
languages: [ko, en]
time_zone: Asia/Seoul
login:
  user: deploy
  key: ~/.ssh/north
  sudo: password
  password: ask
networks:
  management: 10.0.0.0/24
  tunnel: 10.0.1.0/24
hosts:
  - name: ctl1
    addresses: {management: 10.0.0.11, tunnel: 10.0.1.11}
    roles: [controller, database]
    bmc: 192.0.2.11
  - name: cmp1
    addresses: {management: 10.0.0.21}
    roles: [compute]
    login: {bastion: ctl1, port: 2222}
virtual_addresses:
  - {name: api, address: 10.0.0.10, network: management, hosts: [ctl1]}
`

func TestParse(t *testing.T) {
	s, err := Parse([]byte(good), "/etc/north/site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "north" || len(s.Hosts) != 2 || s.Hosts[1].Login.Port != 2222 || s.Virtual[0].Hosts[0] != "ctl1" {
		t.Errorf("%+v", s)
	}
	for in, want := range map[string]string{
		"~/.ssh/k": "/home/op/.ssh/k", "keys/k": "/etc/north/keys/k", "/k": "/k",
	} {
		if got := s.Abs(in, "/home/op"); got != want {
			t.Errorf("Abs(%s) = %s, want %s", in, got, want)
		}
	}
}

// Every mistake is told with its place, and all mistakes at once.
func TestMistakes(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"unknown key", "name: a\nhosts:\n  - name: h\n    adresses: {management: 10.0.0.1}\n", []string{"site.key.unknown 4:5"}},
		{"no YAML", "name: [a\n", []string{"site.yaml"}},
		{"duplicate key", "name: a\nname: b\n", []string{"site.yaml 2:1"}},
		{"wrong type", "name: a\nhosts: 7\n", []string{"site.yaml 2:8"}},
		{"empty", "", []string{"site.name 1:1", "site.empty 1:1"}},
		{"no hosts", "name: a\nhosts: []\n", []string{"site.empty"}},
		{"hosts", `name: a
networks: {management: 10.0.0.0/24, api: 10.1.0.1/24}
hosts:
  - name: h1
    addresses: {management: 10.0.0.1, storage: 10.2.0.1}
    roles: [controller, all]
  - name: h1
    addresses: {management: 10.0.0.1}
    roles: []
  - name: h3
    addresses: {management: 10.9.0.1}
    roles: [x, x]
  - name: "-h"
    addresses: {management: ten}
    roles: []
    login: {password: hunter2, sudo: maybe, port: 70000}
virtual_addresses:
  - {name: v, address: 10.0.0.1, network: management, hosts: [h9]}
`, []string{
			"site.network.host 2:42", "site.network.unknown 5:48", "site.role 6:25", "site.host.duplicate 7:11", "site.address.outside 11:29",
			"site.role.duplicate 12:16", "site.name 13:11", "site.address.bad 14:29",
			"site.value 16:51", "site.password 16:23", "site.value 16:38", "site.address.duplicate 18:24", "site.virtual.host 18:63",
		}},
		{"loop", `name: a
hosts:
  - {name: h1, addresses: {management: 10.0.0.1}, roles: [], login: {bastion: h2}}
  - {name: h2, addresses: {management: 10.0.0.2}, roles: [], login: {bastion: h1}}
`, []string{"site.bastion.loop", "site.bastion.loop"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse([]byte(tc.text), "site.yaml")
			var got []string
			for _, p := range Problems(err) {
				s := string(p.Code) + " " + p.Args["line"] + ":" + p.Args["column"]
				if slices.Contains(tc.want, string(p.Code)) {
					s = string(p.Code)
				}
				got = append(got, s)
				if p.Args["value"] == "hunter2" || p.Args["what"] == "hunter2" {
					t.Error("a password is repeated")
				}
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(tc.want))
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.yaml")
	if err := os.WriteFile(path, []byte(good), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Save(s); err != nil {
		t.Fatal(err)
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, again); d != "" {
		t.Error(d)
	}
	again.Hosts[0].Name = again.Hosts[1].Name
	if err := Save(again); err == nil {
		t.Error("a broken site was written")
	}
	if third, err := Load(path); err != nil || third.Hosts[0].Name != "ctl1" {
		t.Error("the old file is gone", err)
	}
}

func TestLoadMissing(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"))
	if p := Problems(err); len(p) != 1 || p[0].Code != "site.read" {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("name: &a x\nhosts: [*a]\n"))
	f.Add([]byte("hosts:\n- name: h\n  addresses: {? [a] : b}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data, "site.yaml")
		if err != nil {
			if len(Problems(err)) == 0 {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		if len(s.Hosts) == 0 || s.Name == "" {
			t.Fatalf("accepted %+v", s)
		}
	})
}
