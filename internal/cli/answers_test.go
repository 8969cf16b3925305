package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackhand/answers/packstack"
)

// answersHome is a home of its own, with a site of three hosts in the working directory.
func answersHome(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Chdir(dir)
	t.Setenv("XDG_STATE_HOME", filepath.Join(dir, "state"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	t.Setenv("LC_ALL", "C.UTF-8")
	t.Setenv("STACKHAND_SITE", "")
	put(t, "site.yaml", `name: east
networks: {management: 192.0.2.0/24, tunnel: 198.51.100.0/24}
hosts:
  - {name: ctl1, roles: [controller, network], addresses: {management: 192.0.2.11}}
  - {name: cmp1, roles: [compute], addresses: {management: 192.0.2.21}}
  - {name: cmp2, roles: [compute, storage], addresses: {management: 192.0.2.22}}
virtual_addresses:
  - {name: vip, address: 192.0.2.10, network: management, hosts: [ctl1]}
`)
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// cmdline runs one command line with some input, and returns both outputs and the status.
func cmdline(t *testing.T, input string, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = Main(args, strings.NewReader(input), &o, &e)
	return o.String(), e.String(), status
}

func TestAnswersNewUnasked(t *testing.T) {
	answersHome(t)
	_, errs, status := cmdline(t, "", "answers", "new", "--format", "packstack-train", "--out", "a.txt", "--set", "CONFIG_NTP_SERVER=x", "--set", "@if.tunnel=eth1")
	if status != 2 || !strings.Contains(errs, "CONFIG_NTP_SERVERS") {
		t.Errorf("%d %s", status, errs)
	}
	_, errs, status = cmdline(t, "", "answers", "new", "--format", "kolla-wallaby", "--site", "site.yaml", "--out", "k")
	if status != 2 || !strings.Contains(errs, "@if.management") || !strings.Contains(errs, "@if.provider") {
		t.Errorf("not all that is missing: %d %s", status, errs)
	}
	if _, err := os.Stat("k"); err == nil {
		t.Error("something was written")
	}
	out, errs, status := cmdline(t, "", "answers", "new", "--format", "packstack-train", "--out", "a.txt", "--set", "@if.tunnel=eth1", "--set", "@if.provider=eth2")
	if status != 0 || !strings.Contains(out, "a.txt") {
		t.Fatalf("%d %s%s", status, out, errs)
	}
	if info, _ := os.Stat("a.txt"); info.Mode().Perm() != 0o600 {
		t.Error(info.Mode())
	}
	doc := packstack.Parse([]byte(get(t, "a.txt")), "a.txt")
	for k, want := range packstack.Documented("multi-node") {
		if got, there := doc.Get(packstack.Python3, k); got != want && there {
			t.Errorf("%s=%s, want %s", k, got, want)
		}
	}
	if got, _ := doc.Get(packstack.Python3, "CONFIG_NEUTRON_L2_AGENT"); got != "openvswitch" {
		t.Error(got)
	}
	// Again: the same bytes. One value: one line, and the file before is beside it.
	one := get(t, "a.txt")
	cmdline(t, "", "answers", "new", "--format", "packstack-train", "--out", "a.txt", "--set", "@if.tunnel=eth1", "--set", "@if.provider=eth2")
	if get(t, "a.txt") != one {
		t.Error("the second time made other bytes")
	}
	if _, errs, status := cmdline(t, "", "answers", "new", "--from", "a.txt", "--set", "NTP_SERVERS=192.0.2.1"); status != 0 {
		t.Fatal(errs)
	}
	if want := strings.Replace(one, "CONFIG_NTP_SERVERS=\n", "CONFIG_NTP_SERVERS=192.0.2.1\n", 1); get(t, "a.txt") != want || get(t, "a.txt.1") != one {
		t.Error("more than one line changed, or the file before is not beside it")
	}
	out, _, status = cmdline(t, "", "answers", "diff", "a.txt.1", "a.txt")
	if status != 1 || out != "CONFIG_NTP_SERVERS:  -> 192.0.2.1\n" {
		t.Errorf("%d %q", status, out)
	}
	if _, _, status = cmdline(t, "", "answers", "diff", "a.txt", "a.txt"); status != 0 {
		t.Error(status)
	}
	// A second controller.
	if _, errs, status := cmdline(t, "", "answers", "new", "--mode", "second-controller", "--from", "a.txt", "--set", "CONTROLLER=192.0.2.12"); status != 0 {
		t.Fatal(errs)
	}
	if second := get(t, "answer-second.txt"); !strings.Contains(second, "EXCLUDE_SERVERS=192.0.2.11,192.0.2.21,192.0.2.22\n") || !strings.Contains(second, "CONFIG_CONTROLLER_HOST=192.0.2.12\n") {
		t.Error("the second controller's file is not derived")
	}
	// The file's hosts are a site.
	if _, errs, status := cmdline(t, "", "answers", "import", "a.txt", "--out", "s.yaml"); status != 0 || !strings.Contains(get(t, "s.yaml"), "192.0.2.22") {
		t.Error(errs)
	}
	if _, _, status := cmdline(t, "", "answers", "import", "a.txt", "--out", "s.yaml"); status == 0 {
		t.Error("a site was replaced")
	}
}

func TestAnswersNewKolla(t *testing.T) {
	answersHome(t)
	args := []string{"answers", "new", "--format", "kolla-wallaby", "--out", "k", "--set", "@if.management=eth0", "--set", "@if.tunnel=eth1 cmp2=ens5", "--set", "@if.provider=eth2"}
	out, errs, status := cmdline(t, "", args...)
	if status != 0 {
		t.Fatal(out, errs)
	}
	passwords := get(t, "k/passwords.yml")
	if out, errs, status = cmdline(t, "", args...); status != 0 || get(t, "k/passwords.yml") != passwords {
		t.Error("other passwords the second time", out, errs)
	}
	out, errs, status = cmdline(t, "", "answers", "check", "--site", "site.yaml", "k/globals.yml", "k/multinode", "k/passwords.yml")
	if status != 0 {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if !strings.Contains(get(t, "k/multinode"), "tunnel_interface=ens5") || strings.Contains(get(t, "k/globals.yml"), "\ntunnel_interface") {
		t.Error("the plan's difference is not in the inventory")
	}
	put(t, "other.yml", strings.Replace(get(t, "k/globals.yml"), `enable_octavia: "yes"`, `enable_octavia: "no"`, 1))
	out, _, status = cmdline(t, "", "answers", "diff", "k/globals.yml", "other.yml")
	if status != 1 || out != "enable_octavia: yes -> no\n" {
		t.Errorf("%d %q", status, out)
	}
	put(t, "p.yml", strings.Replace(passwords, "database_password: ", "database_password: x", 1))
	out, _, status = cmdline(t, "", "answers", "diff", "k/passwords.yml", "p.yml")
	if status != 1 || out != "database_password: ******** -> ********\n" {
		t.Errorf("%d %q", status, out)
	}
	if _, _, status = cmdline(t, "", "answers", "diff", "k/passwords.yml", "k/globals.yml"); status != 2 {
		t.Error(status)
	}
}

func TestAnswersCheck(t *testing.T) {
	answersHome(t)
	put(t, "a.txt", "[general]\nCONFIG_NOVA_INSTALL=maybe\nCONFIG_NTP_SERVERS=192.0.2.999\nCONFIG_CONTROLLER_HOST=192.0.2.11\n")
	out, _, status := cmdline(t, "", "answers", "check", "a.txt")
	if status != 2 || !strings.Contains(out, "a.txt:2:") || !strings.Contains(out, "a.txt:3:") {
		t.Errorf("%d %s", status, out)
	}
	out, _, status = cmdline(t, "", "answers", "check", "--json", "a.txt")
	if status != 2 {
		t.Error(status)
	}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var f map[string]any
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(line)
		}
		for _, k := range []string{"file", "line", "wanted", "why", "severity"} {
			if _, ok := f[k]; !ok {
				t.Errorf("no %s in %s", k, line)
			}
		}
	}
	for _, c := range []struct{ name, text string }{{"x", ""}, {"y", "\x00\xff\xfe"}, {"z", "hello\n"}} {
		put(t, c.name, c.text)
		if _, errs, status := cmdline(t, "", "answers", "check", c.name); status != 2 || errs == "" {
			t.Errorf("%q: %d %s", c.text, status, errs)
		}
	}
	if _, errs, status := cmdline(t, "", "answers", "check", "nowhere"); status != 2 || !strings.Contains(errs, "nowhere") {
		t.Errorf("%d %s", status, errs)
	}
	put(t, "globals.yml", "---\nenable_heat: [\n")
	if out, _, status := cmdline(t, "", "answers", "check", "globals.yml"); status != 2 || !strings.Contains(out, "globals.yml:") {
		t.Errorf("%d %s", status, out)
	}
	t.Setenv("LC_ALL", "ko_KR.UTF-8")
	if out, _, _ := cmdline(t, "", "answers", "check", "a.txt"); !strings.Contains(out, "오류") {
		t.Error(out)
	}
}

func TestParseInterfaces(t *testing.T) {
	const text = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500\n3: eth1: <BROADCAST,MULTICAST> mtu 1500\n--\n" +
		"1: lo    inet 127.0.0.1/8 scope host lo\n2: eth0    inet 192.0.2.11/24 brd 192.0.2.255 scope global eth0\n2: eth0    inet6 2001:db8::11/64 scope global\n2: eth0    inet6 fe80::1/64 scope link\nend\n"
	got := parseInterfaces(text)
	if len(got) != 3 || got[1].Name != "eth0" || !got[1].Up || len(got[1].Addresses) != 2 || got[2].Up || len(got[2].Addresses) != 0 {
		t.Errorf("%+v", got)
	}
	if got := parseInterfaces(text[:len(text)-6]); got != nil {
		t.Errorf("cut short: %+v", got)
	}
}

func FuzzParseInterfaces(f *testing.F) {
	f.Add("2: eth0: <UP> mtu\n--\n2: eth0 inet 192.0.2.1/24\nend")
	f.Fuzz(func(t *testing.T, text string) { parseInterfaces(text) })
}
