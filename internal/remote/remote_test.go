package remote

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/remote/sshdtest"
	"stackhand/internal/site"
)

// bed is a host named h1 on a real sshd, with folders of its own.
type bed struct {
	*sshdtest.Server
	opts Options
	pool *Pool
	host *Host
}

func newBed(t *testing.T, s *sshdtest.Server, change func(*Options)) *bed {
	t.Helper()
	dir := t.TempDir()
	known := filepath.Join(dir, "known_hosts")
	if err := os.WriteFile(known, []byte(s.KnownHosts()), 0o600); err != nil {
		t.Fatal(err)
	}
	o := Options{
		Site: &site.Site{
			Name: "bed",
			Path: filepath.Join(dir, "site.yaml"),
			Hosts: []site.Host{{
				Name:      "h1",
				Addresses: map[string]string{"management": "127.0.0.1"},
				Login:     site.Login{User: s.User, Port: s.Port, Key: s.KeyFile},
			}},
		},
		Home:      filepath.Join(dir, "home"),
		Getenv:    func(string) string { return "" },
		Base:      filepath.Join(dir, "base"),
		RunBase:   filepath.Join(s.Dir, "run"), // another user's jobs must get there
		Keepalive: time.Second,
	}
	if change != nil {
		change(&o)
	}
	b := &bed{Server: s, opts: o, pool: NewPool(o)}
	t.Cleanup(func() { b.pool.Close() })
	h, err := b.pool.Host("h1")
	if err != nil {
		t.Fatal(err)
	}
	b.host = h
	return b
}

func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func wantCode(t *testing.T, err error, code problem.Code) *problem.Problem {
	t.Helper()
	if !problem.Is(err, code) {
		t.Fatalf("error %v, want problem %s", err, code)
	}
	p := problem.Of(err)
	problemCodesHaveTexts(t, string(p.Code), p.Args)
	return p
}

func TestProbe(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	ctx := within(t, time.Minute)
	for _, tc := range []struct {
		name, script, stdout, stderr string
		exit                         int
	}{
		{name: "apart", script: "echo out; echo err >&2; exit 7", stdout: "out\n", stderr: "err\n", exit: 7},
		{name: "cat gets nothing", script: "cat; echo after", stdout: "after\n"},
		{name: "read gets nothing", script: "read x || echo end of file", stdout: "end of file\n"},
		{name: "signal", script: "kill -9 $$", exit: 137},
		{name: "no line feed", script: "printf abc", stdout: "abc"},
		{name: "syntax", script: "if", exit: 2},
		{name: "binary", script: `printf '\000\377'`, stdout: "\x00\xff"},
		{name: "environment", script: `env | grep -c '^stackhand'`, stdout: "0\n", exit: 1},
		{name: "no secrets in argv", script: "x='s3cr3t'; tr '\\0' ' ' </proc/$$/cmdline | grep -c s3cr3t", stdout: "0\n", exit: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := b.host.Probe(ctx, job.Probe{Script: tc.script})
			if err != nil {
				t.Fatal(err)
			}
			if tc.name == "syntax" {
				if out.Exit == 0 {
					t.Errorf("exit 0")
				}
				return
			}
			if string(out.Stdout) != tc.stdout || string(out.Stderr) != tc.stderr || out.Exit != tc.exit {
				t.Errorf("got %q, %q, %d", out.Stdout, out.Stderr, out.Exit)
			}
		})
	}
}

func TestFacts(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	f, err := b.host.Facts(within(t, time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if !f.Same(Console()) {
		t.Errorf("%+v is not this machine, %+v", f, Console())
	}
	if f.User != b.User || f.Platform == "unknown" || f.Hostname == "" || f.Clock.Offset.Abs() > 5*time.Second {
		t.Errorf("%+v", f)
	}
}

func TestJobLife(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	ctx := within(t, time.Minute)
	owner := Owner{Run: "r1", Site: "bed", Who: "op", Console: "c1", Since: time.Unix(1, 0)}
	if _, ok, err := b.host.Claim(ctx, owner); err != nil || !ok {
		t.Fatal(ok, err)
	}
	s := job.Spec{ID: "r1-7", Run: "r1", Script: "echo hello; cat " + b.opts.RunBase + "/r1-7/pw; echo err >&2; exit 3\n",
		Secrets: map[string][]byte{"pw": []byte("s3cr3t\n")}}
	k, err := b.host.Look(ctx, s.ID)
	if err != nil || job.Judge(k) != job.Absent {
		t.Fatal(k, err)
	}
	for range 2 {
		if err := b.host.Prepare(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	other := s
	other.Script += "# other"
	wantCode(t, b.host.Prepare(ctx, other), "remote.job.other")
	if k, err = b.host.Look(ctx, s.ID); err != nil || job.Judge(k) != job.Prepared || k.SHA != Sum(s) {
		t.Fatal(k, err)
	}
	if started, err := b.host.Start(ctx, s); err != nil || !started {
		t.Fatal(started, err)
	}
	if started, err := b.host.Start(ctx, s); err != nil || started {
		t.Fatal("started twice", started, err)
	}
	var out bytes.Buffer
	k, err = b.host.Follow(ctx, s.ID, 0, &out)
	if err != nil {
		t.Fatal(err)
	}
	if job.Judge(k) != job.Done || k.Code != 3 || k.Bytes != int64(out.Len()) || out.String() != "hello\ns3cr3t\nerr\n" {
		t.Fatalf("%+v %q", k, out.String())
	}
	ledger, err := os.ReadFile(filepath.Join(b.opts.Base, "ledger"))
	if err != nil || strings.TrimSpace(string(ledger)) != s.ID {
		t.Fatalf("ledger %q %v", ledger, err)
	}
	if err := b.host.Tidy(ctx, s.ID); err != nil {
		t.Fatal(err)
	}
	if began, err := b.host.Revoke(ctx, s.ID); err != nil || began {
		t.Fatal(began, err)
	}
	if err := b.host.Release(ctx, "r1"); err != nil {
		t.Fatal(err)
	}
}

func problemCode(s string) problem.Code { return problem.Code(s) }

func port(s *sshdtest.Server) string { return strconv.Itoa(s.Port) }

func keygen(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen %v: %v\n%s", args, err, out)
	}
}

// allow lets one more key in.
func allow(t *testing.T, s *sshdtest.Server, pub ssh.PublicKey) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.Dir, "authorized_keys"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(ssh.MarshalAuthorizedKey(pub)); err != nil {
		t.Fatal(err)
	}
}
