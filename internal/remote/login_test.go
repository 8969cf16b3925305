package remote

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/remote/sshdtest"
	"stackhand/internal/site"
)

// answers is an operator. What it was not told to answer is an error.
type answers struct {
	mu      sync.Mutex
	keys    map[string]bool     // fingerprint, or "any"
	secrets map[string][]string // kind -> one after the other
	asked   []string
	open    int
}

func (a *answers) enter(what string) func() {
	a.mu.Lock()
	a.open++
	if a.open > 1 {
		panic("two questions at a time")
	}
	a.asked = append(a.asked, what)
	a.mu.Unlock()
	return func() { a.mu.Lock(); a.open--; a.mu.Unlock() }
}

func (a *answers) HostKey(_ context.Context, host, keyType, fingerprint string) (bool, error) {
	defer a.enter("key " + host + " " + fingerprint)()
	yes, ok := a.keys[fingerprint]
	if !ok {
		yes, ok = a.keys["any"]
	}
	if !ok {
		return false, errors.New("unforeseen question about " + fingerprint)
	}
	return yes, nil
}

func (a *answers) Secret(_ context.Context, host, kind, prompt string, echo bool) (string, error) {
	defer a.enter(kind + " " + prompt)()
	left := a.secrets[kind]
	if len(left) == 0 {
		return "", errors.New("unforeseen question for a " + kind)
	}
	a.secrets[kind] = left[1:]
	return left[0], nil
}

func (a *answers) count(kind string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, q := range a.asked {
		if strings.HasPrefix(q, kind+" ") {
			n++
		}
	}
	return n
}

func forget(t *testing.T, o *Options) string {
	t.Helper()
	known := filepath.Join(filepath.Dir(o.Site.Path), "known_hosts")
	if err := os.Remove(known); err != nil {
		t.Fatal(err)
	}
	return known
}

// Ten hosts with one new key each are asked about once each, one question at a time, and
// never again.
func TestUnknownKey(t *testing.T) {
	s := sshdtest.Start(t)
	op := &answers{keys: map[string]bool{ssh.FingerprintSHA256(s.HostKey): true}}
	var known string
	b := newBed(t, s, func(o *Options) { known = forget(t, o); o.Ask = op })
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if err := b.host.Connect(within(t, time.Minute)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if op.count("key") != 1 {
		t.Errorf("asked %d times", op.count("key"))
	}
	text, err := os.ReadFile(known)
	if err != nil || string(text) != s.KnownHosts() {
		t.Errorf("known_hosts %q %v, want %q", text, err, s.KnownHosts())
	}
	again := NewPool(b.opts)
	defer again.Close()
	h, err := again.Host("h1")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Connect(within(t, time.Minute)); err != nil || op.count("key") != 1 {
		t.Error("asked again", err)
	}
}

func TestUnknownKeyRefused(t *testing.T) {
	s := sshdtest.Start(t)
	op := &answers{keys: map[string]bool{"any": false}}
	b := newBed(t, s, func(o *Options) { forget(t, o); o.Ask = op })
	wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.key.refused")
	nobody := newBed(t, s, func(o *Options) { forget(t, o) })
	p := wantCode(t, nobody.host.Connect(within(t, time.Minute)), "remote.key.unknown")
	if p.Args["shown"] != ssh.FingerprintSHA256(s.HostKey) {
		t.Error(p)
	}
}

func TestChangedAndRevokedKey(t *testing.T) {
	s := sshdtest.Start(t)
	other := sshdtest.WriteKey(t, filepath.Join(t.TempDir(), "other"))
	set := func(line string) func(*Options) {
		return func(o *Options) {
			o.Ask = &answers{} // nothing is asked
			path := filepath.Join(filepath.Dir(o.Site.Path), "known_hosts")
			if err := os.WriteFile(path, []byte("# first line\n"+line), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	addr, _, _ := strings.Cut(s.KnownHosts(), " ")
	b := newBed(t, s, set(addr+" "+string(ssh.MarshalAuthorizedKey(other))))
	p := wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.key.changed")
	if p.Args["known"] != ssh.FingerprintSHA256(other) || p.Args["shown"] != ssh.FingerprintSHA256(s.HostKey) || !strings.HasSuffix(p.Args["where"], "known_hosts:2") {
		t.Errorf("%+v", p.Args)
	}
	b = newBed(t, s, set("@revoked * "+string(ssh.MarshalAuthorizedKey(s.HostKey))+s.KnownHosts()))
	wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.key.revoked")
}

// The known key is an old RSA one and sshd has more types: the known type is asked for, and a
// good host does not look changed. Names are hashed, as Debian's ssh writes them.
func TestKnownTypeIsAskedFor(t *testing.T) {
	dir := t.TempDir()
	rsa := filepath.Join(dir, "rsa")
	keygen(t, "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", rsa)
	s := sshdtest.Start(t, "HostKey "+rsa)
	pub, err := os.ReadFile(rsa + ".pub")
	if err != nil {
		t.Fatal(err)
	}
	b := newBed(t, s, func(o *Options) {
		addr, _, _ := strings.Cut(s.KnownHosts(), " ")
		path := filepath.Join(filepath.Dir(o.Site.Path), "known_hosts")
		if err := os.WriteFile(path, []byte(addr+" "+string(pub)), 0o600); err != nil {
			t.Fatal(err)
		}
		keygen(t, "-q", "-H", "-f", path)
	})
	if err := b.host.Connect(within(t, time.Minute)); err != nil {
		t.Fatal(err)
	}
}

func TestLockedKey(t *testing.T) {
	s := sshdtest.Start(t)
	locked := filepath.Join(s.Dir, "locked")
	pub := sshdtest.WriteLockedKey(t, locked, "open sesame")
	allow(t, s, pub)
	use := func(secrets ...string) (*bed, *answers) {
		op := &answers{secrets: map[string][]string{"passphrase": secrets}}
		return newBed(t, s, func(o *Options) { o.Site.Hosts[0].Login.Key = locked; o.Ask = op }), op
	}
	b, op := use("wrong", "open sesame")
	if err := b.host.Connect(within(t, time.Minute)); err != nil || op.count("passphrase") != 2 {
		t.Fatal(err, op.asked)
	}
	b, _ = use("a", "b", "c", "d", "e")
	wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.key.locked")
}

func TestWrongKey(t *testing.T) {
	s := sshdtest.Start(t)
	b := newBed(t, s, func(o *Options) {
		o.Site.Hosts[0].Login.Key = filepath.Join(s.Dir, "wrong")
		sshdtest.WriteKey(t, filepath.Join(s.Dir, "wrong"))
	})
	p := wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.login")
	if p.Args["allowed"] != "publickey" || !strings.HasPrefix(p.Args["keys"], "SHA256:") {
		t.Errorf("%+v", p.Args)
	}
}

// An agent with ten keys: the right one, named by its file, comes first; without a name the
// agent's first few are tried, never so many that sshd hangs up.
func TestAgent(t *testing.T) {
	s := sshdtest.Start(t)
	ring := agent.NewKeyring()
	for range 10 {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
			t.Fatal(err)
		}
	}
	locked := filepath.Join(s.Dir, "locked")
	pub := sshdtest.WriteLockedKey(t, locked, "nobody knows")
	allow(t, s, pub)
	text, err := os.ReadFile(locked)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ssh.ParseRawPrivateKeyWithPassphrase(text, []byte("nobody knows"))
	if err != nil {
		t.Fatal(err)
	}
	if err := ring.Add(agent.AddedKey{PrivateKey: raw}); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "agent")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go agent.ServeAgent(ring, c)
		}
	}()
	b := newBed(t, s, func(o *Options) { o.Site.Hosts[0].Login.Key = locked; o.Agent = socket })
	if err := b.host.Connect(within(t, time.Minute)); err != nil {
		t.Fatal(err)
	}
	b = newBed(t, s, func(o *Options) { o.Site.Hosts[0].Login.Key = ""; o.Agent = socket })
	p := wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.login")
	if n := strings.Count(p.Args["keys"], "SHA256:"); n != keysMost {
		t.Errorf("%d keys offered", n)
	}
}

func TestPassword(t *testing.T) {
	account := sshdtest.Account(t, "shtester", "right horse", "")
	for _, tc := range []struct {
		name  string
		lines []string
		kind  string
	}{
		{"password", []string{"PasswordAuthentication yes", "PubkeyAuthentication no"}, "password"},
		{"keyboard-interactive", []string{"UsePAM yes", "KbdInteractiveAuthentication yes", "PubkeyAuthentication no"}, "password"},
		{"key, then password", []string{"PasswordAuthentication yes", "AuthenticationMethods publickey,password"}, "password"},
		{"key, then questions", []string{"UsePAM yes", "KbdInteractiveAuthentication yes", "AuthenticationMethods publickey,keyboard-interactive"}, "password"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := sshdtest.StartWith(t, account, tc.lines...)
			use := func(secrets ...string) (*bed, *answers) {
				op := &answers{secrets: map[string][]string{tc.kind: secrets}}
				return newBed(t, s, func(o *Options) { o.Site.Hosts[0].Login.User = "shtester"; o.Ask = op }), op
			}
			b, op := use("wrong pony", "right horse")
			if _, err := b.host.Facts(within(t, time.Minute)); err != nil {
				t.Fatal(err, op.asked, s.Log())
			}
			if op.count(tc.kind) != 2 {
				t.Errorf("asked %q", op.asked)
			}
			// Lost and made again: the password is known.
			l, err := b.host.to()
			if err != nil {
				t.Fatal(err)
			}
			c, err := l.connection(within(t, time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			c.close(errors.New("cut by the test"))
			c.wait()
			if err := b.host.Connect(within(t, time.Minute)); err != nil || op.count(tc.kind) != 2 {
				t.Error(err, op.asked)
			}
			b, op = use("a", "b", "c", "d", "e")
			p := wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.login")
			if op.count(tc.kind) > askMost {
				t.Errorf("asked %d times", op.count(tc.kind))
			}
			for _, secret := range []string{"right horse", "wrong pony"} {
				if strings.Contains(p.Error(), secret) {
					t.Error("the problem tells a password")
				}
			}
		})
	}
}

// sudo with a password, without one, and refused; the password reaches neither script nor argv.
func TestSudo(t *testing.T) {
	for _, tc := range []struct {
		name, sudoers, mode string
		secrets             []string
		code                string
		asked               int
	}{
		{name: "nopasswd", sudoers: "shtester ALL=(ALL) NOPASSWD: ALL", mode: "nopasswd"},
		{name: "not said, none wanted", sudoers: "shtester ALL=(ALL) NOPASSWD: ALL"},
		{name: "not said, but wanted", sudoers: "shtester ALL=(ALL) ALL", secrets: []string{"right horse"}, asked: 1},
		{name: "known but not wanted", sudoers: "shtester ALL=(ALL) NOPASSWD: ALL", mode: "password", secrets: []string{"right horse"}},
		{name: "password", sudoers: "shtester ALL=(ALL) ALL", mode: "password", secrets: []string{"right horse"}, asked: 1},
		{name: "wrong first", sudoers: "shtester ALL=(ALL) ALL", mode: "password", secrets: []string{"wrong pony", "right horse"}, asked: 2},
		{name: "always wrong", sudoers: "shtester ALL=(ALL) ALL", mode: "password", secrets: []string{"a", "b", "c", "d"}, asked: 3, code: "remote.sudo.password"},
		{name: "wanted after all", sudoers: "shtester ALL=(ALL) ALL", mode: "nopasswd", code: "remote.sudo.password"},
		{name: "denied", sudoers: "root ALL=(ALL) ALL", mode: "password", secrets: []string{"right horse"}, asked: 1, code: "remote.sudo.denied"},
		{name: "tty", sudoers: "Defaults requiretty\nshtester ALL=(ALL) NOPASSWD: ALL", mode: "nopasswd", code: "remote.sudo.tty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := sshdtest.StartWith(t, sshdtest.Account(t, "shtester", "right horse", tc.sudoers))
			op := &answers{secrets: map[string][]string{"sudo": tc.secrets}}
			b := newBed(t, s, func(o *Options) {
				o.Site.Hosts[0].Login.User, o.Site.Hosts[0].Login.Sudo = "shtester", tc.mode
				o.Ask = op
			})
			err := b.host.Connect(within(t, time.Minute))
			if tc.code != "" {
				wantCode(t, err, problemCode(tc.code))
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			out, err := b.host.Probe(within(t, time.Minute), job.Probe{Sudo: true, Script: "id -u; cat; tr '\\0' ' ' </proc/*/cmdline 2>/dev/null | grep -c 'right [h]orse'"})
			if err != nil || string(out.Stdout) != "0\n0\n" || op.count("sudo") != tc.asked {
				t.Errorf("%+v %q %v %q", out, out.Stdout, err, op.asked)
			}
			if out, err = b.host.Probe(within(t, time.Minute), job.Probe{Script: "id -un"}); err != nil || string(out.Stdout) != "shtester\n" {
				t.Errorf("%+v %v", out, err)
			}
			if tc.name != "nopasswd" {
				return
			}
			// A job without sudo runs as whoever logs in.
			if _, ok, err := b.host.Claim(within(t, time.Minute), Owner{Run: "r1"}); err != nil || !ok {
				t.Fatal(ok, err)
			}
			for _, sudo := range []bool{false, true} {
				j := job.Spec{ID: map[bool]string{false: "r1-1", true: "r1-2"}[sudo], Run: "r1", Sudo: sudo, Script: "id -un\n"}
				if err := b.host.Prepare(within(t, time.Minute), j); err != nil {
					t.Fatal(err)
				}
				if _, err := b.host.Start(within(t, time.Minute), j); err != nil {
					t.Fatal(err)
				}
				var out strings.Builder
				if _, err := b.host.Follow(within(t, time.Minute), j.ID, 0, &out); err != nil {
					t.Fatal(err)
				}
				if want := map[bool]string{false: "shtester\n", true: "root\n"}[sudo]; out.String() != want {
					t.Errorf("sudo %v: ran as %q", sudo, out.String())
				}
			}
		})
	}
}

// The operator's ssh_config: an alias, its keys, a jump host, HostKeyAlias.
func TestSSHConfig(t *testing.T) {
	s := sshdtest.Start(t)
	jump := sshdtest.Start(t)
	b := newBed(t, s, func(o *Options) {
		o.Site.Hosts = []site.Host{{Name: "h1"}}
		conf := "Host h1\n HostName 127.0.0.1\n Port " + port(s) + "\n User " + s.User + "\n IdentityFile " + s.KeyFile +
			"\n IdentitiesOnly yes\n ProxyJump jump\n HostKeyAlias known-as\n UserKnownHostsFile " + s.Dir + "/known\n" +
			"Host jump\n HostName 127.0.0.1\n Port " + port(jump) + "\n User " + jump.User + "\n IdentityFile " + jump.KeyFile +
			"\n UserKnownHostsFile " + jump.Dir + "/known\n"
		o.Config = filepath.Join(s.Dir, "config")
		forget(t, o)
		for path, text := range map[string]string{
			o.Config:            conf,
			s.Dir + "/known":    "known-as " + string(ssh.MarshalAuthorizedKey(s.HostKey)),
			jump.Dir + "/known": jump.KnownHosts(),
		} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	})
	if err := b.host.Connect(within(t, time.Minute)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(jump.Log(), "direct-tcpip") {
		t.Error("not through the jump host")
	}
}

func problemCodesHaveTexts(t *testing.T, code string, args map[string]string) {
	t.Helper()
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		text, ok := i18n.For(lang).Problems[code]
		if !ok {
			t.Errorf("%s has no text in %s", code, lang)
			continue
		}
		var pairs []string
		for k, v := range args {
			pairs = append(pairs, k, v)
		}
		all := i18n.Fill(text.What+text.Next, append(pairs, "host", "h1")...)
		if strings.Contains(all, "{") {
			t.Errorf("%s: not filled: %s", code, all)
		}
	}
}
