package kolla

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/site"
)

// TestAnsibleReachesTheHosts: with the inventory that we write of a site, ansible reaches every
// host of it: real hosts, their keys checked, from inside of their network.
func TestAnsibleReachesTheHosts(t *testing.T) {
	if testing.Short() {
		t.Skip("boots practice hosts")
	}
	program := ansibleProgram(t, "ansible")
	l := labtest.Start(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}, Image: lab.Bare})
	if err := l.WaitSSH(t.Context(), "ctl1", "cmp1"); err != nil {
		t.Fatal(err)
	}
	s, err := site.Load(l.SitePath())
	if err != nil {
		t.Fatal(err)
	}
	r := wallaby(t)
	data, err := r.Multinode(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	sameGroups(t, data)
	ping := func(knownHosts string) (map[string]string, string) {
		dir := t.TempDir()
		path, config := filepath.Join(dir, "multinode"), filepath.Join(dir, "ansible.cfg")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		text := "[defaults]\nhost_key_checking = True\nremote_tmp = /tmp/.ansible\n[ssh_connection]\nretries = 0\ncontrol_path_dir = " + dir +
			"\nssh_args = -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o ControlMaster=no -o GlobalKnownHostsFile=/dev/null -o ConnectTimeout=20 -o UserKnownHostsFile=" + knownHosts + "\n"
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "ip", "netns", "exec", l.Name(), program, "-i", path, "-m", "ping", "all")
		cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + dir, "LC_ALL=C.UTF-8", "ANSIBLE_LOCAL_TEMP=" + dir, "ANSIBLE_CONFIG=" + config}
		out, _ := cmd.CombinedOutput() // it fails when a host is not reached: that is in the output
		got := map[string]string{}
		for _, m := range regexp.MustCompile(`(?m)^(\S+) \| (SUCCESS|UNREACHABLE|FAILED)!? => `).FindAllStringSubmatch(string(out), -1) {
			got[m[1]] = m[2]
		}
		return got, string(out)
	}
	got, all := ping(l.KnownHostsPath())
	for _, h := range []string{"ctl1", "cmp1", "localhost"} {
		if got[h] != "SUCCESS" {
			t.Errorf("%s: %q:\n%s", h, got[h], all)
		}
	}
	if len(got) != 3 || strings.Count(all, `"ping": "pong"`) != 3 {
		t.Errorf("hosts: %v\n%s", got, all)
	}
	// The keys of hosts are looked at: a file that knows none of them lets nothing through.
	empty := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, all = ping(empty); got["ctl1"] != "UNREACHABLE" || !strings.Contains(all, "Host key verification failed") {
		t.Errorf("unknown keys: %v\n%s", got, all)
	}
}
