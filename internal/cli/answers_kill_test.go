package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/answers/packstack"
)

// prompting is the real program in line mode, stopped at a prompt.
type prompting struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out io.Reader
	all bytes.Buffer // standard output, as far as it was read
	err bytes.Buffer // standard error; to be read when the program has ended
}

func startWizard(t *testing.T, args ...string) *prompting {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &prompting{cmd: exec.CommandContext(t.Context(), self, append([]string{"--", "answers", "new", "--plain"}, args...)...)}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if p.out, err = p.cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = &p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// prompt reads to the next prompt and returns its line; "" where the program has ended.
func (p *prompting) prompt(t *testing.T) string {
	t.Helper()
	from := p.all.Len()
	buf := make([]byte, 4096)
	for {
		n, err := p.out.Read(buf)
		p.all.Write(buf[:n])
		text := p.all.String()
		if len(text) > from && (strings.HasSuffix(text, "]: ") || strings.HasSuffix(text, "quit: ") || strings.HasSuffix(text, "[y/N] ")) {
			return text[strings.LastIndexByte(text, '\n')+1:]
		}
		if err != nil {
			return ""
		}
	}
}

func (p *prompting) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // it says that it was killed
}

// The wizard is killed with SIGKILL at every prompt of a whole session. Started again, it
// stands at that prompt with everything that was entered before, and the files have all of it
// (rows 7 and 8).
func TestWizardKilledAtEveryPrompt(t *testing.T) {
	dir := answersHome(t)
	state := filepath.Join(dir, "state", "stackhand", "answers")
	typed := map[string]string{ // prompt -> answer
		"Installer and mode":                 "packstack-train/multi-node",
		"Compute hosts":                      "cmp1 cmp2 cmp3 192.0.2.23",
		"Tunnel interface":                   "eth1",
		"Interface of the external bridge":   "eth2",
		"Cloud administrator's password":     planted,
		"Database administrator's password":  "Second" + planted,
		"Time servers":                       "192.0.2.1",
		"VXLAN port":                         "4790",
		"Cloud administrator":                "chief",
		"export, number of a finding, files": "export",
	}
	shown := map[string]string{} // what the brackets had when it was asked again
	deadline := time.Now().Add(4 * time.Minute)
	last, prompts := "", 0
	for {
		if time.Now().After(deadline) || prompts > 80 {
			t.Fatalf("no end in sight at %q", last)
		}
		p := startWizard(t)
		at := p.prompt(t)
		p.kill(t)
		p = startWizard(t)
		again := p.prompt(t)
		if at != again {
			t.Fatalf("killed at %q, started again at %q", at, again)
		}
		prompts++
		label, bracket, _ := strings.Cut(again, " [")
		label, _, _ = strings.Cut(label, " (")
		label, _, _ = strings.Cut(label, ", diff")
		shown[label] = bracket
		if last == again {
			t.Fatalf("stuck at %q: %s", again, p.all.String())
		}
		last = again
		answer := typed[label]
		if _, err := io.WriteString(p.in, answer+"\n"); err != nil {
			t.Fatal(err)
		}
		if answer == "export" {
			_, _ = io.Copy(&p.all, p.out)
			if err := p.cmd.Wait(); err != nil {
				t.Fatalf("%v: %s", err, p.all.String())
			}
			break
		}
		if p.prompt(t) == "" {
			t.Fatalf("ended after %q: %s", again, p.all.String())
		}
		p.kill(t)
		if strings.Contains(p.all.String()+p.err.String(), planted) {
			t.Fatalf("a secret is on the screen after %q", again)
		}
		if data, err := os.ReadFile(filepath.Join(state, "east.json")); err != nil || bytes.Contains(data, []byte(planted)) {
			t.Fatalf("the saved state after %q: %v, or it has a secret in clear", again, err)
		}
	}
	if prompts < 25 {
		t.Errorf("only %d prompts", prompts)
	}
	doc := packstack.Parse([]byte(get(t, "answer.txt")), "answer.txt")
	for k, want := range map[string]string{
		"CONFIG_COMPUTE_HOSTS": "192.0.2.21,192.0.2.22,192.0.2.23", "CONFIG_NEUTRON_OVS_TUNNEL_IF": "eth1", "CONFIG_NTP_SERVERS": "192.0.2.1",
		"CONFIG_KEYSTONE_ADMIN_PW": planted, "CONFIG_MARIADB_PW": "Second" + planted, "CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT": "4790",
		"CONFIG_KEYSTONE_ADMIN_USERNAME": "chief", "CONFIG_NEUTRON_OVS_BRIDGE_IFACES": "br-ex:eth2,br-port:eth1",
	} {
		if got, _ := doc.Get(packstack.Python3, k); got != want {
			t.Errorf("%s=%q, want %q", k, got, want)
		}
	}
	entries, _ := os.ReadDir(state)
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", e.Name(), info.Mode(), err)
		}
	}
	if info, _ := os.Stat(state); info.Mode().Perm() != 0o700 {
		t.Error(info.Mode())
	}
}

// A pipe whose input ends keeps everything, and says so by its status.
func TestWizardInAPipe(t *testing.T) {
	answersHome(t)
	t.Setenv("TERM", "dumb")
	out, errs, status := cmdline(t, "\n\nnobody\n?\nback\n/ntp serv\n1\n192.0.2.7\nquit\n", "answers", "new", "--plain", "--name", "x")
	if status != 0 || !strings.Contains(out, "no address is known for nobody") || !strings.Contains(out, "CONFIG_NTP_SERVERS") {
		t.Fatalf("%d %s %s", status, out, errs)
	}
	out, _, status = cmdline(t, "/ntp serv\n\n", "answers", "new", "--plain", "--name", "x")
	if status != 3 || !strings.Contains(out, "CONFIG_NTP_SERVERS = 192.0.2.7") {
		t.Fatalf("%d %s", status, out)
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("LC_ALL", "ko_KR.UTF-8")
	out, _, _ = cmdline(t, "?\nreview\nquit\n", "answers", "new", "--plain", "--name", "x")
	if !strings.Contains(out, "검토") || !strings.Contains(out, "설치 도구의 기본값과 다른 값") {
		t.Error(out)
	}
}
