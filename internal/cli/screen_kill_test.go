//go:build linux

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackhand/answers/interview"
)

const wizardSite = `name: east
networks: {management: 192.0.2.0/24, tunnel: 198.51.100.0/24}
hosts:
  - {name: ctl1, addresses: {management: 192.0.2.11, tunnel: 198.51.100.11}, roles: [controller, network]}
  - {name: cmp1, addresses: {management: 192.0.2.21, tunnel: 198.51.100.21}, roles: [compute]}
`

// atHome is this program with its folders below home.
func atHome(home string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append([]string{"--"}, args...)...)
	cmd.Dir = home
	cmd.Env = []string{"TERM=xterm-256color", "LANG=en_US.UTF-8", "HOME=" + home, "PATH=" + os.Getenv("PATH"),
		"XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config")}
	return cmd
}

// TestTheWizardKilledAtEveryScreen kills the real program on a real terminal with SIGKILL at
// every screen of the wizard. Started again it offers the draft, and opens it at the page where
// it was, with everything that was entered; from there it goes on to the next screen.
func TestTheWizardKilledAtEveryScreen(t *testing.T) {
	t.Parallel()
	const enter, down, right, end, start, paste, pasted = "\r", "\x1b[B", "\x1b[C", "\x1b[F", "\x1b[H", "\x1b[200~", "\x1b[201~"
	steps := []struct {
		keys  []string
		sees  []string // all at once; then it is killed
		again []string // seen when it was started anew and the draft opened
		has   [2]string
	}{
		{[]string{down, enter}, []string{"2/8", "Controllers", "✓ saved"}, []string{"2/8", "Controllers"}, [2]string{"@hosts.controller", "ctl1"}},
		{[]string{"?"}, []string{"Keys: "}, []string{"2/8"}, [2]string{}},
		{[]string{"r"}, []string{"[x]"}, []string{"2/8"}, [2]string{}},
		{[]string{"r", right, right, " "}, []string{"[x]           [x]          ›[x]", "✓ saved"}, []string{"ctl1 cmp1"}, [2]string{"@hosts.compute", "ctl1 cmp1"}},
		{[]string{"t"}, []string{"One host a line"}, []string{"2/8"}, [2]string{}},
		{[]string{"t", "\t\t", paste + "\ncmp2 192.0.2.22" + pasted}, []string{"[compute]", "cmp2 192.0.2.22", "✓ saved"}, []string{"cmp2"}, [2]string{"@hosts.compute", "ctl1 cmp1 cmp2"}},
		{[]string{"n"}, []string{"3/8", "Tunnel interface", "✓ saved"}, []string{"Tunnel interface"}, [2]string{}},
		{[]string{end, enter, "bond1", enter}, []string{"bond1", "enter change", "✓ saved"}, []string{"bond1"}, [2]string{"@if.tunnel", "bond1"}},
		{[]string{end, "k", enter, "bo"}, []string{"take it"}, []string{"3/8"}, [2]string{}}, // half a value
		{[]string{end, "k", enter, "bond2", enter}, []string{"bond2", "enter change", "✓ saved"}, []string{"bond2"}, [2]string{"@if.provider", "bond2"}},
		{[]string{"c"}, []string{"hosts answered"}, []string{"3/8"}, [2]string{}},
		{[]string{"/", "NTP_SERVERS"}, []string{"CONFIG_NTP_SERVERS"}, []string{"3/8"}, [2]string{}},
		{[]string{"/", "NTP_SERVERS", enter, enter, "192.0.2.251", enter}, []string{"192.0.2.251", "enter change", "✓ saved"}, []string{"3/8"}, [2]string{"CONFIG_NTP_SERVERS", "192.0.2.251"}},
		{[]string{"n", "n"}, []string{"5/8", "Cloud administrator", "✓ saved"}, []string{"Cloud administrator"}, [2]string{}},
		{[]string{start, down, enter, "hunter2hunter2", enter}, []string{"********", "enter change", "✓ saved"}, []string{"********"}, [2]string{"CONFIG_KEYSTONE_ADMIN_PW", "hunter2hunter2"}},
		{[]string{"n"}, []string{"6/8", "Layer 2 agent", "✓ saved"}, []string{"Layer 2 agent"}, [2]string{}},
		{[]string{start, enter}, []string{"linuxbridge"}, []string{"Layer 2 agent"}, [2]string{}},
		{[]string{"n"}, []string{"7/8", "✓ saved"}, []string{"7/8"}, [2]string{}},
		{[]string{"n"}, []string{"8/8", "CPU overcommit", "✓ saved"}, []string{"CPU overcommit"}, [2]string{}},
		{[]string{start, down, enter, "\x15", "8.0", enter}, []string{"8.0", "enter change", "✓ saved"}, []string{"8.0"}, [2]string{"CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO", "8.0"}},
		{[]string{"n"}, []string{"Differs from the installer", "✓ saved"}, []string{"Differs from the installer"}, [2]string{}},
		{[]string{end, enter}, []string{"default", "esc back"}, []string{"Differs from the installer"}, [2]string{}},
		{[]string{"f"}, []string{"[answer.txt]"}, []string{"Differs from the installer"}, [2]string{}},
		{[]string{"c"}, []string{"all of it is new"}, []string{"Differs from the installer"}, [2]string{}},
		{[]string{"e"}, []string{"File:"}, []string{"Differs from the installer"}, [2]string{}},
		{[]string{"e", enter}, []string{"Written"}, []string{"Differs from the installer"}, [2]string{}},
	}
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "site.yaml"), []byte(wizardSite), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(home, "state", "stackhand", "answers")
	entered := map[string]string{}
	s := Sit(t, atHome(home, "answers", "new"))
	s.Sees("Packstack Train")
	for n, st := range steps {
		for _, k := range st.keys {
			s.Types(k)
		}
		s.Sees(st.sees...)
		if strings.Contains(s.Screen(), "hunter2") {
			t.Errorf("a secret is shown:\n%s", s.Screen())
		}
		s.Kill()
		if key := st.has[0]; key != "" {
			entered[key] = st.has[1]
		}
		d, err := (&drafts{dir: folder}).Load("east-multi-node")
		if err != nil {
			t.Fatal(err)
		}
		for key, v := range entered {
			f, ok := d.Field(key)
			if !ok || f.Value != v && (!f.Secret || !slices.Contains(secretsOf(d), v)) {
				t.Errorf("after step %d %s is %q, and %q was entered", n+1, key, f.Value, v)
			}
		}
		if data, err := os.ReadFile(filepath.Join(folder, "east-multi-node.json")); err != nil || strings.Contains(string(data), "hunter2") {
			t.Errorf("after step %d the saved state has a secret in clear, or cannot be read: %v", n+1, err)
		}
		s = Sit(t, atHome(home, "answers", "new"))
		s.Sees("Go on with", "east-multi-node")
		s.Types(enter)
		s.Sees(st.again...)
	}
	s.Types("c") // against the file that the last step wrote
	s.Sees("what changes")
	if strings.Contains(s.Screen(), "hunter2") {
		t.Errorf("a secret is shown:\n%s", s.Screen())
	}
	s.Kill()
}

func secretsOf(d *interview.Draft) (all []string) {
	for _, v := range d.Saved().Secrets {
		all = append(all, v)
	}
	return all
}

// TestTheWizardLeadsHome leaves the wizard for the home screen, which shows what it shows
// when the program began there: symptoms and runbooks, and no complaint.
func TestTheWizardLeadsHome(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "site.yaml"), []byte(wizardSite), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Sit(t, atHome(home, "answers", "new"))
	defer s.Kill()
	s.Sees("Packstack Train")
	s.Types("\x1b")
	s.Sees("Recover", "Hosts lost power")
	if strings.Contains(s.Screen(), "mistake") {
		t.Errorf("the home screen complains:\n%s", s.Screen())
	}
}

// TestABrokenCopyHidesNothing has a copy of a runbook that somebody is changing, and that is not
// YAML yet: home says so, and shows every other one.
func TestABrokenCopyHidesNothing(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	own := filepath.Join(home, "config", "stackhand", "procedures")
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{filepath.Join(home, "site.yaml"): wizardSite, filepath.Join(own, "mine.yaml"): "id: mine\n  kind: [\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := Sit(t, atHome(home))
	defer s.Kill()
	s.Sees("Recover", "Hosts lost power", "cannot load procedure mine")
}
