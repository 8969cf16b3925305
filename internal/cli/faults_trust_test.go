//go:build linux

package cli_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// fingerprint is what the host itself says about its key.
func (b *bench) fingerprint(host string) string {
	b.t.Helper()
	return strings.Fields(b.on(host, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"))[1]
}

// TestFaultUnknownHostKey: asked once with the fingerprint, a yes is kept, a no is one.
func TestFaultUnknownHostKey(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}})
	known := filepath.Join(b.home, "known_hosts")
	b.edit(func(s *site.Site) { s.Login.KnownHosts = known })
	one, two := b.fingerprint("ctl1"), b.fingerprint("cmp1")

	said := b.says(4, "run", procedure("two"), "--plain")
	if !strings.Contains(said, one) && !strings.Contains(said, two) {
		t.Errorf("no fingerprint is shown:\n%s", said)
	}
	b.wants(said, "This host is not known yet", "The run is parked")
	if _, err := os.Stat(known); err == nil {
		t.Error("a key was written down that nobody accepted")
	}
	// A no: the operator is told, and the run ends only when told so.
	v := b.typing("attach", "--plain")
	v.sees("Answer (number or word):", 1)
	v.types("perhaps")
	v.sees("That is none of the answers.", 1)
	v.types("no")
	v.sees("was not accepted", 1)
	// The other host's question is still to come. Then all is given up.
	v.cmd.Process.Kill()
	<-v.done
	b.kill(b.dir(), 15)
	if text, _ := os.ReadFile(known); strings.Contains(string(text), "ssh-ed25519") {
		t.Errorf("a key was written down that nobody accepted: %s", text)
	}

	other := b.console()
	other.site, other.env = b.site, b.env
	v = other.typing("run", procedure("two"), "--plain")
	v.sees("Answer (number or word):", 1)
	v.types("yes")
	v.sees("Answer (number or word):", 2)
	v.types("yes")
	said = v.end(0)
	b.wants(said, one, two)
	if n := strings.Count(said, "Answer (number or word):"); n != 2 {
		t.Errorf("asked %d times, want once a host", n)
	}
	text, err := os.ReadFile(known)
	b.must(err)
	for _, host := range []string{"ctl1", "cmp1"} {
		key := strings.Fields(b.on(host, "cat /etc/ssh/ssh_host_ed25519_key.pub"))[1]
		if strings.Count(string(text), key) != 1 {
			t.Errorf("the key of %s is not there once: %s", host, text)
		}
	}
}

// TestFaultChangedHostKey: refused, both fingerprints shown, and nothing done.
func TestFaultChangedHostKey(t *testing.T) {
	b := newBench(t, labtest.Options{})
	old := b.fingerprint("ctl1")
	known := filepath.Join(b.home, "known_hosts")
	text, err := os.ReadFile(b.lab.KnownHostsPath())
	b.must(err)
	b.write(known, string(text))
	b.edit(func(s *site.Site) { s.Login.KnownHosts = known })
	b.on("ctl1", "cp -a /etc/ssh/ssh_host_ed25519_key /root/old && cp -a /etc/ssh/ssh_host_ed25519_key.pub /root/old.pub && "+
		"rm /etc/ssh/ssh_host_ed25519_key* && ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key && systemctl restart ssh")
	now := b.fingerprint("ctl1")
	if old == now {
		t.Fatal("the key has not changed")
	}
	said := b.says(4, "run", procedure("one"), "--plain")
	b.wants(said, "has changed", old, now, "Exit status 4")
	if got := b.on("ctl1", "ls /var/lib/stackhand 2>/dev/null | wc -l"); got != "0" {
		t.Errorf("something was written to the host: %s", got)
	}
	if after, _ := os.ReadFile(known); string(after) != string(text) {
		t.Error("known_hosts was changed")
	}
	// The operator mends it: here, the old key comes back. The same run goes on.
	b.on("ctl1", "mv /root/old /etc/ssh/ssh_host_ed25519_key && mv /root/old.pub /etc/ssh/ssh_host_ed25519_key.pub && systemctl restart ssh")
	b.says(0, "attach", "--plain")
	b.nothingTwice(b.dir())
}

// TestFaultPassword: a wrong one is said to be one, the right one lets in, nobody there parks.
func TestFaultPassword(t *testing.T) {
	b := newBench(t, labtest.Options{})
	const right = "correct-horse-17"
	b.on("ctl1", "useradd -m -s /bin/bash -G sudo oper 2>/dev/null || useradd -m -s /bin/bash oper; printf 'oper:"+right+"\\n' | chpasswd; "+
		"mkdir -p /etc/sudoers.d; printf 'oper ALL=(ALL) NOPASSWD: ALL\\n' >/etc/sudoers.d/oper; chmod 440 /etc/sudoers.d/oper; "+
		"printf 'PasswordAuthentication yes\\n' >/etc/ssh/sshd_config.d/00-faults.conf; systemctl restart ssh; command -v sudo >/dev/null || echo none")
	sudo := b.on("ctl1", "command -v sudo || true")
	b.edit(func(s *site.Site) { s.Login.User, s.Login.Key, s.Login.Password = "oper", "", "ask" })
	said := b.says(3, "run", procedure("one"), "--plain")
	b.wants(said, "The run is parked")
	v := b.typing("attach", "--plain")
	v.sees("Type it (not shown)", 1)
	v.types("wrong-1")
	v.sees("Type it (not shown)", 2)
	v.types("wrong-2")
	v.sees("Type it (not shown)", 3)
	v.types("wrong-3")
	v.sees("does not let oper in", 1)
	v.sees("Answer (number or word):", 1)
	v.types("retry")
	v.sees("Type it (not shown)", 4)
	v.types(right)
	if sudo == "" {
		v.sees("There is no sudo on ctl1", 1)
	} else {
		v.end(0)
		b.nothingTwice(b.dir())
	}
	if strings.Contains(v.text(), right) {
		t.Error("the password is shown")
	}
	journal, _ := os.ReadFile(b.dir().JournalPath())
	log, _ := os.ReadFile(filepath.Join(b.dir().Path(), "engine.log"))
	for _, secret := range []string{right, "wrong-1"} {
		if strings.Contains(string(journal)+string(log), secret) {
			t.Error("a password is in the journal or the engine's log")
		}
	}
}

// TestFaultLockedKey: the passphrase is asked for; without a terminal the run waits, parked.
func TestFaultLockedKey(t *testing.T) {
	b := newBench(t, labtest.Options{})
	public, private, err := ed25519.GenerateKey(rand.Reader)
	b.must(err)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, "faults", []byte("open sesame"))
	b.must(err)
	key := filepath.Join(b.home, "locked")
	b.write(key, string(pem.EncodeToMemory(block)))
	pub, err := ssh.NewPublicKey(public)
	b.must(err)
	b.on("ctl1", "cat >>/root/.ssh/authorized_keys <<'END'\n"+string(ssh.MarshalAuthorizedKey(pub))+"END")
	b.edit(func(s *site.Site) { s.Login.Key = key })

	said := b.says(3, "run", procedure("one"), "--plain")
	b.wants(said, "The run is parked", "locked")
	v := b.typing("attach", "--plain")
	v.sees("Type it (not shown)", 1)
	v.types("not this")
	v.sees("Type it (not shown)", 2)
	v.types("open sesame")
	said = v.end(0)
	if strings.Contains(said, "sesame") {
		t.Error("the passphrase is shown")
	}
	b.nothingTwice(b.dir())
}

// TestFaultBastion: a jump host that is off is told as one, and the run goes on when it is back.
func TestFaultBastion(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}})
	b.edit(func(s *site.Site) { s.Host("ctl1").Login.Bastion = "cmp1" })
	b.must(b.lab.NetCut(t.Context(), "cmp1"))
	v := b.start("run", procedure("one"), "--plain")
	said := v.end(4)
	b.wants(said, "cmp1", "is reached through cmp1", "Exit status 4", "The run is parked")
	b.must(b.lab.NetHeal(t.Context(), "cmp1"))
	b.says(0, "attach", "--plain")
	b.nothingTwice(b.dir())

	if !long() {
		return // a silent jump host is noticed after half a minute
	}
	// In the middle of a job, too: it goes on by itself meanwhile.
	v = b.start("run", procedure("hold"), "--plain", "--on-ask", "wait")
	b.until("the second run", func() bool { return len(b.runs()) == 2 })
	d := b.dir()
	b.running(d, "hold", "held")
	b.must(b.lab.NetCut(t.Context(), "cmp1"))
	b.event(d, "that the host is lost", func(e run.Event) bool {
		s, ok := e.Body.(run.HostState)
		return ok && s.State == run.HostLost
	})
	b.on("ctl1", "touch /root/go")
	b.must(b.lab.NetHeal(t.Context(), "cmp1"))
	v.end(0)
	b.nothingTwice(b.runs()...)
}

// TestFaultTightSSHD runs against an sshd that grants one session a connection and two hand-shakes.
func TestFaultTightSSHD(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1"}})
	for _, host := range []string{"ctl1", "cmp1"} {
		b.on(host, "printf 'MaxSessions 1\\nMaxStartups 2\\n' >/etc/ssh/sshd_config.d/00-faults.conf; systemctl restart ssh; sshd -T | grep -ix 'maxsessions 1'")
	}
	v := b.start("run", procedure("many"), "--plain")
	d := b.dir()
	// Meanwhile somebody looks at the hosts too, from connections of their own.
	for range 3 {
		b.start("hosts", "check").end(0)
	}
	v.end(0)
	b.nothingTwice(d)
}
