package cli

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestAnswersCheckStrays: a file that does not look like what its name says is checked as
// that, and told line by line; a named pipe that nobody writes to ends the command, too.
func TestAnswersCheckStrays(t *testing.T) {
	answersHome(t)
	for name, text := range map[string]string{
		"my.globals.yml":  "kolla_internal_vip_address=192.0.2.30\n",
		"Globals.yml":     "- a\n- b\n",
		"my-globals.yml":  "\xff\xfek\x00o\x00:\x00 \x00a\x00\n\x00",
		"b.passwords.yml": "database_password = x\n",
		"site-multinode":  "control\n",
		"settings.yaml":   "a: [}\n",
	} {
		put(t, name, text)
		if out, errs, status := cmdline(t, "", "answers", "check", name); status != 2 || !strings.Contains(out, name+":1:") {
			t.Errorf("%s: %d %s%s", name, status, out, errs)
		}
		if out, errs, status := cmdline(t, "", "answers", "check", "--json", name); status != 2 || !strings.Contains(out, `"severity":"error"`) {
			t.Errorf("%s: %d %s%s", name, status, out, errs)
		}
	}
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := cmdline(t, "", "answers", "check", "pipe"); status != 2 || !strings.Contains(errs, "--format") {
		t.Errorf("%d %s", status, errs)
	}
}

// TestFileBesideASite: a file that is begun with keeps its hosts where a site.yaml lies beside
// it that nobody named; one value is changed, and one line.
func TestFileBesideASite(t *testing.T) {
	answersHome(t)
	const text = "[general]\nCONFIG_CONTROLLER_HOST=192.0.2.11\nCONFIG_COMPUTE_HOSTS=192.0.2.21\nCONFIG_NETWORK_HOSTS=192.0.2.11\nCONFIG_NOVA_SCHED_CPU_ALLOC_RATIO=3.0\nCONFIG_NEUTRON_L2_AGENT=openvswitch\n"
	put(t, "a.txt", text)
	put(t, "site.yaml", "name: other\nnetworks: {management: 198.51.100.0/24}\nhosts:\n  - {name: c1, addresses: {management: 198.51.100.1}, roles: [controller, network]}\n  - {name: c2, addresses: {management: 198.51.100.2}, roles: [compute]}\n")
	if _, errs, status := cmdline(t, "", "answers", "new", "--from", "a.txt", "--format", "packstack-train", "--mode", "multi-node", "--set", "CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO=2.5", "--yes", "--out", "b.txt"); status != 0 {
		t.Fatalf("%d %s", status, errs)
	}
	got, err := os.ReadFile("b.txt")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(text, "=3.0", "=2.5", 1); string(got) != want {
		t.Errorf("%s", got)
	}
}
