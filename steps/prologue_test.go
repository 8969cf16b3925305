package steps

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hostile makes a value of the pieces that shells trip over.
func hostile(r *rand.Rand) string {
	pieces := []string{
		"'", `"`, "`", "$", "$(touch oops)", "`touch oops`", "${HOME}", "\\", "\\n", "\n", "\n\n", "\r", "\t", " ", ";", "&", "|", "<", ">", "*", "?", "[a]", "{a,b}",
		"!", "#", "~", "%", "=", "-n", "'\\''", "\x01", "\x1b[31m", "\x7f", "\u0080", "\u0081\u0088", "\u009b", "한글", "é", "🙂", "\u2028", "\u202e", "a", "EOF", "$'x'", "\\c", "\x04", "\xff", "\x81\x82\x88",
	}
	var b strings.Builder
	for range r.IntN(12) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// Every value arrives in real shells as it is, and nothing of it is run.
func TestPrologueCarriesAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, shell := range []string{"dash", "bash", "sh"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Errorf("no %s here: %v", shell, err)
			continue
		}
		for round := range 60 {
			dir := t.TempDir()
			want := map[string]string{}
			params, vars := map[string]string{}, map[string]string{}
			for i := range 8 {
				v := hostile(r)
				if round == 0 && i == 0 {
					v = `a'b"c$(reboot)`
				}
				name := fmt.Sprintf("v%d", i)
				want[name] = v
				if i%2 == 0 {
					params[name] = v
				} else {
					vars[name] = v
				}
			}
			item := hostile(r)
			want["item"] = item
			secret := map[string]string{"password": hostile(r)}
			want["password"] = secret["password"]
			jobSecret := hostile(r)
			want["job_secret"] = jobSecret
			if err := os.WriteFile(filepath.Join(dir, "job_secret"), []byte(jobSecret), 0o600); err != nil {
				t.Fatal(err)
			}
			text, err := (&Step{}).Prologue(Scope{Item: item, Run: "r1"}, params, vars)
			if err != nil {
				t.Fatal(err)
			}
			names := sortedKeys(want)
			var script strings.Builder
			for _, n := range names {
				fmt.Fprintf(&script, "printf '%%s' \"$%s\" >out-%s\n", n, n)
			}
			script.WriteString("env >out-env\n")
			full := Compose(script.String(), text, SecretPrologueProbe(secret), "_secrets='"+dir+"'\n"+secretReads([]string{"job_secret"}))
			// As a probe gets it, over stdin; with hostile inherited variables of the same names.
			cmd := exec.Command(path)
			cmd.Dir, cmd.Stdin = dir, strings.NewReader(full)
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "v0=inherited", "password=inherited", "job_secret=inherited"}
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Fatalf("%s: %v: %s\n%s", shell, err, out, full)
			}
			for _, n := range names {
				got, err := os.ReadFile(filepath.Join(dir, "out-"+n))
				if err != nil || string(got) != want[n] {
					t.Fatalf("%s: %s is %q, want %q (%v)", shell, n, got, want[n], err)
				}
			}
			env, err := os.ReadFile(filepath.Join(dir, "out-env"))
			if err != nil || bytes.Contains(env, []byte("\nv0=")) || bytes.Contains(env, []byte("password=")) || bytes.Contains(env, []byte("secret=")) {
				t.Fatalf("%s: exported: %s (%v)", shell, env, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "oops")); err == nil {
				t.Fatalf("%s: a value was run:\n%s", shell, full)
			}
		}
	}
}

func TestPrologueRefuses(t *testing.T) {
	if _, err := (&Step{}).Prologue(Scope{}, map[string]string{"a": "x\x00y"}, nil); err == nil {
		t.Error("NUL")
	}
	if _, err := (&Step{}).Prologue(Scope{}, map[string]string{"a;reboot": "x"}, nil); err == nil {
		t.Error("a name that is none")
	}
	for _, text := range []string{SecretPrologueProbe(map[string]string{"a": "\x00"}), SecretPrologueJob([]string{"a b"})} {
		if err := exec.Command("sh", "-c", text+"exit 0").Run(); err == nil {
			t.Errorf("goes on without its secret:\n%s", text)
		}
	}
	// A job whose secret is gone does not go on with an empty one.
	if err := exec.Command("sh", "-c", SecretPrologueJob([]string{"a"})+"exit 0").Run(); err == nil {
		t.Error("goes on without its secret file")
	}
}

func TestPrologueIsWhole(t *testing.T) {
	sc := testScope()
	s := &Step{Vars: map[string]Expr{"members": {Text: "hosts.database"}, "next": {Text: "port + 1"}}}
	got, err := s.Prologue(sc, nil, nil)
	want := `unset host_address host_name item members next port run_id server tls
host_address='192.0.2.11'
host_name='ctl1'
item='disk1'
members='ctl1 db2 db3'
next='3307'
port='3306'
run_id='r1'
server='ntp.example'
tls='true'
`
	if err != nil || got != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	if strings.Contains(got, "must not be seen") {
		t.Error("a secret in the prologue")
	}
	if got := Compose("#!/bin/bash -e\necho\n", "a='1'\n"); got != "#!/bin/bash -e\na='1'\necho\n" {
		t.Errorf("%q", got)
	}
}
