//go:build linux

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"stackhand/answers/interview"
)

// seat is the program on a terminal of its own, seen cell by cell.
type seat struct {
	t    *testing.T
	cmd  *exec.Cmd
	file *os.File
	mu   sync.Mutex
	em   *vt.Emulator
	done chan struct{}
}

// sit starts the program with its folders below home.
func sit(t *testing.T, home string, args ...string) *seat {
	t.Helper()
	s := &seat{t: t, em: vt.NewEmulator(80, 24), done: make(chan struct{})}
	s.cmd = exec.Command(os.Args[0], append([]string{"--"}, args...)...)
	s.cmd.Dir = home
	s.cmd.Env = []string{"TERM=xterm-256color", "LANG=en_US.UTF-8", "HOME=" + home, "PATH=" + os.Getenv("PATH"),
		"XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CONFIG_HOME=" + filepath.Join(home, "config")}
	var err error
	if s.file, err = pty.StartWithSize(s.cmd, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	go func() { // what the terminal answers
		b := make([]byte, 256)
		for {
			n, err := s.em.Read(b)
			if err != nil {
				return
			}
			if _, err := s.file.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	go func() {
		defer close(s.done)
		b := make([]byte, 4096)
		for {
			n, err := s.file.Read(b)
			s.mu.Lock()
			_, _ = s.em.Write(b[:n])
			s.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *seat) screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.em.String()
}

// sees waits until the screen shows all of the texts.
func (s *seat) sees(texts ...string) {
	s.t.Helper()
	end := time.Now().Add(30 * time.Second)
	for {
		screen := s.screen()
		if !slices.ContainsFunc(texts, func(x string) bool { return !strings.Contains(screen, x) }) {
			return
		}
		if time.Now().After(end) {
			s.kill()
			s.t.Fatalf("the screen does not show %q:\n%s", texts, screen)
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-s.t.Context().Done():
		}
	}
}

func (s *seat) types(keys string) {
	s.t.Helper()
	if _, err := s.file.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// kill ends the program as a power cut does.
func (s *seat) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.file.Close()
	<-s.done
	if c, ok := s.em.InputPipe().(interface{ Close() error }); ok {
		c.Close()
	}
}

const wizardSite = `name: east
networks: {management: 192.0.2.0/24, tunnel: 198.51.100.0/24}
hosts:
  - {name: ctl1, addresses: {management: 192.0.2.11, tunnel: 198.51.100.11}, roles: [controller, network]}
  - {name: cmp1, addresses: {management: 192.0.2.21, tunnel: 198.51.100.21}, roles: [compute]}
`

// TestTheWizardKilledAtEveryScreen kills the real program on a real terminal with SIGKILL at
// every screen of the wizard. Started again it offers the draft, at the page where it was, with
// everything that was entered.
func TestTheWizardKilledAtEveryScreen(t *testing.T) {
	const enter, down, esc, paste, pasted = "\r", "\x1b[B", "\x1b", "\x1b[200~", "\x1b[201~"
	type step struct {
		name  string
		keys  []string
		sees  []string          // then
		again []string          // when it was started anew and the draft opened
		has   map[string]string // entered with this step
	}
	steps := []step{
		{"begun", []string{down, enter}, []string{"2/8", "Controllers", "saved"}, []string{"Hosts and roles"}, map[string]string{"@hosts.controller": "ctl1"}},
		{"help", []string{"?"}, []string{"Keys: "}, []string{"Hosts and roles"}, nil},
		{"roles", []string{esc, "r"}, []string{"[x]"}, []string{"Hosts and roles"}, nil},
		{"role given", []string{"\x1b[C\x1b[C", " "}, []string{">[x]"}, []string{"ctl1 cmp1"}, map[string]string{"@hosts.compute": "ctl1 cmp1"}},
		{"list of hosts", []string{esc, "t"}, []string{"One host a line"}, []string{"Hosts and roles"}, nil},
		{"pasted hosts", []string{"\t\t", paste + "\ncmp2 192.0.2.22" + pasted}, []string{"[compute]", "cmp2 192.0.2.22"}, []string{"cmp2"}, map[string]string{"@hosts.compute": "ctl1 cmp1 cmp2"}},
		{"plan", []string{"\x13", "n"}, []string{"3/8", "Tunnel interface", "saved"}, []string{"Tunnel interface"}, nil},
		{"network entered", []string{"\x1b[F", enter, "bond1", enter}, []string{"bond1", "saved"}, []string{"bond1"}, map[string]string{"@if.tunnel": "bond1"}},
		{"half a value", []string{"k", enter, "bond"}, []string{"take it"}, []string{"3/8"}, nil},
		{"value entered", []string{"2", enter}, []string{"bond2", "saved"}, []string{"bond2"}, map[string]string{"@if.provider": "bond2"}},
		{"look", []string{"c"}, []string{"could not be reached"}, []string{"3/8"}, nil},
		{"search", []string{esc, "/", "NTP_SERVERS"}, []string{"CONFIG_NTP_SERVERS"}, []string{"3/8"}, nil},
		{"found", []string{enter, enter, "192.0.2.1", enter}, []string{"192.0.2.1"}, []string{"3/8"}, map[string]string{"CONFIG_NTP_SERVERS": "192.0.2.1"}},
		{"accounts", []string{esc, "n", "n"}, []string{"5/8", "Cloud administrator", "saved"}, []string{"Cloud administrator"}, nil},
		{"secret", []string{down, enter, "hunter2hunter2", enter}, []string{"********", "saved"}, []string{"********"}, map[string]string{"CONFIG_KEYSTONE_ADMIN_PW": "hunter2hunter2"}},
		{"network", []string{"n"}, []string{"6/8", "Layer 2 agent", "saved"}, []string{"Layer 2 agent"}, nil},
		{"choices", []string{enter}, []string{"linuxbridge"}, []string{"Layer 2 agent"}, nil},
		{"bridges", []string{esc, "n"}, []string{"7/8", "saved"}, []string{"7/8"}, nil},
		{"services", []string{"n"}, []string{"8/8", "CPU overcommit", "saved"}, []string{"CPU overcommit"}, nil},
		{"overcommit", []string{down, enter, "\x15", "8.0", enter}, []string{"8.0", "saved"}, []string{"8.0"}, map[string]string{"CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO": "8.0"}},
		{"review", []string{"n"}, []string{"Differs from the installer"}, []string{"Differs from the installer"}, nil},
		{"jump", []string{"\x1b[F", enter}, []string{"to the default", "esc"}, []string{"Differs from the installer"}, nil},
		{"files", []string{esc, "f"}, []string{"[answer.txt]"}, []string{"Differs from the installer"}, nil},
		{"diff", []string{"c"}, []string{"all of it is new"}, []string{"Differs from the installer"}, nil},
		{"export asked", []string{esc, "e"}, []string{"File:"}, []string{"Differs from the installer"}, nil},
		{"exported", []string{enter}, []string{"Written"}, []string{"Differs from the installer"}, nil},
	}
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "site.yaml"), []byte(wizardSite), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = steps
	for n := range steps {
		if testing.Short() && n%5 != 0 {
			continue
		}
		t.Run(steps[n].name, func(t *testing.T) {
			state := filepath.Join(home, "state")
			if err := os.RemoveAll(state); err != nil {
				t.Fatal(err)
			}
			s := sit(t, home, "answers", "new")
			s.sees("Packstack Train")
			for _, st := range steps[:n+1] {
				for _, k := range st.keys {
					s.types(k)
					if k == esc { // alone, or it is the beginning of another key
						select {
						case <-time.After(100 * time.Millisecond):
						case <-t.Context().Done():
						}
					}
				}
				s.sees(st.sees...)
			}
			s.kill()

			d, err := openDrafts(&environment{getenv: func(k string) string {
				return map[string]string{"XDG_STATE_HOME": state}[k]
			}}).Load("east-multi-node")
			if err != nil {
				t.Fatal(err)
			}
			for i, st := range steps[:n+1] {
				for key, v := range st.has {
					overwritten := slices.ContainsFunc(steps[i+1:n+1], func(o step) bool { return o.has[key] != "" })
					if f, ok := d.Field(key); !overwritten && (!ok || f.Value != v && !(f.Secret && f.Value == "********" && slices.Contains(secretsOf(d), v))) {
						t.Errorf("%s is %q, %q was entered", key, f.Value, v)
					}
				}
			}
			if data, err := os.ReadFile(filepath.Join(state, "stackhand", "answers", "east-multi-node.json")); err != nil || strings.Contains(string(data), "hunter2") {
				t.Errorf("the saved state has a secret in clear, or cannot be read: %v", err)
			}

			s = sit(t, home, "answers", "new")
			s.sees("Go on with", "east-multi-node")
			s.types(enter)
			s.sees(steps[n].again...)
			if strings.Contains(s.screen(), "hunter2") {
				t.Errorf("a secret is shown:\n%s", s.screen())
			}
			s.kill()
		})
	}
}

func secretsOf(d *interview.Draft) (all []string) {
	for _, v := range d.Saved().Secrets {
		all = append(all, v)
	}
	return all
}
