package remote

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/remote/sshdtest"
	"stackhand/internal/site"
)

// MaxSessions 1: thirty probes and a job that is followed, stopped and looked at.
func TestMaxSessions(t *testing.T) {
	b := newBed(t, sshdtest.Start(t, "MaxSessions 1"), nil)
	var wg sync.WaitGroup
	for i := range 30 {
		wg.Go(func() {
			out, err := b.host.Probe(within(t, time.Minute), job.Probe{Script: fmt.Sprintf("echo %d", i)})
			if err != nil || string(out.Stdout) != fmt.Sprintf("%d\n", i) {
				t.Errorf("%q %v", out.Stdout, err)
			}
		})
	}
	wg.Wait()
	b.begin(t, "r1-1", "echo on; sleep 60\n")
	on := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		var once sync.Once
		k, err := b.host.Follow(within(t, time.Minute), "r1-1", 0, writerFunc(func(p []byte) (int, error) {
			once.Do(func() { close(on) })
			return len(p), nil
		}))
		if err == nil && job.Judge(k) != job.Stopped {
			err = fmt.Errorf("%+v", k)
		}
		ended <- err
	}()
	<-on
	for range 3 {
		if k, err := b.host.Look(within(t, time.Minute), "r1-1"); err != nil || job.Judge(k) != job.Running {
			t.Fatal(k, err)
		}
	}
	if err := b.host.Stop(within(t, time.Minute), "r1-1", false); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestSessionsOnOneConnection(t *testing.T) {
	b, p := throughProxy(t, sshdtest.Start(t), nil)
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if _, err := b.host.Probe(within(t, time.Minute), job.Probe{Script: "sleep 0.1"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := p.Connections(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// many is a site of n hosts on one sshd.
func many(o *Options, n int) {
	h := o.Site.Hosts[0]
	for i := range n {
		h.Name = fmt.Sprintf("m%d", i)
		o.Site.Hosts = append(o.Site.Hosts, h)
	}
}

// MaxStartups 2 and twenty hosts behind one sshd: hand-shakes are dropped, and made again.
func TestMaxStartups(t *testing.T) {
	var mu sync.Mutex
	dropped := 0
	b := newBed(t, sshdtest.Start(t, "MaxStartups 2"), func(o *Options) {
		many(o, 20)
		o.Log = func(host, event string) {
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(event, "hand-shake dropped") {
				dropped++
			}
		}
	})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			h, err := b.pool.Host(fmt.Sprintf("m%d", i))
			if err != nil {
				t.Error(err)
				return
			}
			if err := h.Connect(within(t, time.Minute)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if dropped == 0 {
		t.Error("no hand-shake was dropped: nothing was tried")
	}
}

// behind puts the bed's host behind a jump host, which is reached through a proxy.
func behind(t *testing.T, change func(*Options)) (*bed, *sshdtest.Server, *sshdtest.Proxy) {
	t.Helper()
	s, jump := sshdtest.Start(t), sshdtest.Start(t)
	p := sshdtest.NewProxy(t, jump.Address())
	b := newBed(t, s, func(o *Options) {
		o.Site.Hosts[0].Login.Bastion = "gate"
		o.Site.Hosts = append(o.Site.Hosts, site.Host{
			Name: "gate", Addresses: map[string]string{"management": "127.0.0.1"},
			Login: site.Login{User: jump.User, Port: p.Port, Key: jump.KeyFile},
		})
		known := filepath.Join(filepath.Dir(o.Site.Path), "known_hosts")
		if err := os.WriteFile(known, []byte(s.KnownHosts()+jump.KnownHostsAt(p.Port)), 0o600); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(o)
		}
	})
	return b, jump, p
}

func TestJumpHost(t *testing.T) {
	b, _, p := behind(t, func(o *Options) { many(o, 8) })
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			h, err := b.pool.Host(fmt.Sprintf("m%d", i))
			if err != nil {
				t.Error(err)
				return
			}
			if out, err := h.Probe(within(t, time.Minute), job.Probe{Script: "echo $SSH_CONNECTION"}); err != nil || len(out.Stdout) == 0 {
				t.Error(out, err)
			}
		})
	}
	wg.Wait()
	if n := p.Connections(); n != 1 {
		t.Errorf("%d connections to the jump host", n)
	}
}

func TestJumpHostFails(t *testing.T) {
	b, jump, _ := behind(t, nil)
	jump.Down()
	p := wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.jump")
	if p.Args["bastion"] != "gate" {
		t.Error(p)
	}
	jump.Up()
	if err := b.host.Connect(within(t, time.Minute)); err != nil {
		t.Fatal(err)
	}
	b, _, _ = behind(t, func(o *Options) { o.Site.Hosts[0].Login.Port = 1 })
	wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.tcp.refused")
}

// A dead peer behind a jump host, where connections have no deadlines, is noticed in seconds.
func TestSilentBehindJumpHost(t *testing.T) {
	b, _, p := behind(t, func(o *Options) { o.Keepalive, o.Handshake = 200*time.Millisecond, time.Second })
	if err := b.host.Connect(within(t, time.Minute)); err != nil {
		t.Fatal(err)
	}
	p.Freeze()
	began := time.Now()
	_, err := b.host.Probe(within(t, time.Minute), job.Probe{Script: "echo never"})
	if c := problem.Of(err); c == nil || c.Code != "remote.lost" && c.Code != "remote.jump" {
		t.Fatal(err)
	}
	if d := time.Since(began); d > 20*time.Second {
		t.Errorf("noticed after %v", d)
	}
	p.Thaw()
	if _, err := b.host.Probe(within(t, time.Minute), job.Probe{Script: "echo back"}); err != nil {
		t.Fatal(err)
	}
}

func TestStages(t *testing.T) {
	s := sshdtest.Start(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closed := freeTCP(t)
	for _, tc := range []struct {
		name, code string
		change     func(*Options)
	}{
		{"refused", "remote.tcp.refused", func(o *Options) { o.Site.Hosts[0].Login.Port = closed }},
		{"silent", "remote.handshake.timeout", func(o *Options) {
			o.Site.Hosts[0].Login.Port = silent.Addr().(*net.TCPAddr).Port
			o.Handshake = 300 * time.Millisecond
		}},
		{"name", "remote.name", func(o *Options) {
			o.Site.Hosts[0].Addresses = nil
			o.Site.Hosts[0].Name = "h1"
			o.Config = write(t, "Host h1\n HostName no-such-name.invalid\n")
		}},
		{"netns", "remote.netns", func(o *Options) { o.Site.Dial.Netns = "no-such-namespace" }},
		{"config", "remote.config", func(o *Options) { o.Config = write(t, "Host h1\n Match\n\x00=\n  Port\n") }},
		{"loop", "remote.jump.loop", func(o *Options) {
			o.Config = write(t, "Host a\n ProxyJump b\nHost b\n ProxyJump a\nHost h1\n ProxyJump a\n")
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBed(t, s, tc.change)
			wantCode(t, b.host.Connect(within(t, time.Minute)), problemCode(tc.code))
		})
	}
	b := newBed(t, s, nil)
	if _, err := b.pool.Host("h9"); !problem.Is(err, "remote.host.unknown") {
		t.Error(err)
	}
	// A context that ends is no waiting for the peer.
	ctx := within(t, 200*time.Millisecond)
	b = newBed(t, s, func(o *Options) { o.Site.Hosts[0].Login.Port = silent.Addr().(*net.TCPAddr).Port })
	began := time.Now()
	wantCode(t, b.host.Connect(ctx), "remote.cancelled")
	if time.Since(began) > 5*time.Second {
		t.Error("the context was not honoured")
	}
}

// TestLoginHangs: the host says who it is, and hangs when it should look up the key. That ends
// too; the time in which the operator is asked does not count.
func TestLoginHangs(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("sshd runs such a command as root only")
	}
	s := sshdtest.Start(t, "AuthorizedKeysCommand /bin/sleep 60", "AuthorizedKeysCommandUser root")
	b := newBed(t, s, func(o *Options) { o.Handshake, o.Login = time.Second, time.Second })
	began := time.Now()
	wantCode(t, b.host.Connect(within(t, time.Minute)), "remote.login.timeout")
	if d := time.Since(began); d > 30*time.Second {
		t.Errorf("noticed after %v", d)
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func freeTCP(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// A probe beyond its limit is ended on the host with its children; one that prints too much is cut.
func TestProbeLimits(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	mark := filepath.Join(t.TempDir(), "pid")
	_, err := b.host.Probe(within(t, time.Minute), job.Probe{
		Script: "sleep 300 & echo $! >" + mark + "; sleep 301", Limit: time.Second,
	})
	wantCode(t, err, "remote.limit")
	pid, err := os.ReadFile(mark)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the child is gone", func() bool {
		stat, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/stat")
		return err != nil || bytes.Contains(stat, []byte(") Z"))
	})
	out, err := b.host.Probe(within(t, time.Minute), job.Probe{Script: "head -c 100000 /dev/zero; exit 3", Most: 1000})
	if err != nil || len(out.Stdout) != 1000 || !out.Cut || out.Exit != 3 {
		t.Errorf("%d bytes, %+v %v", len(out.Stdout), out.Cut, err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(15 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within 15 s: %s", what)
		}
	}
}

func TestSurvey(t *testing.T) {
	s := sshdtest.Start(t)
	closed := freeTCP(t)
	b := newBed(t, s, func(o *Options) {
		many(o, 1)
		o.Site.Hosts[1].Login.Port = closed
	})
	seen := 0
	rows := Survey(within(t, time.Minute), b.pool, []string{"h1", "m0"}, func(Row) { seen++ })
	if !rows[0].Ready() || !rows[0].Self || rows[0].Platform == "" || rows[0].Problem != nil {
		t.Errorf("%+v", rows[0])
	}
	if rows[1].Ready() || rows[1].Reach != No || rows[1].Trust != Untold || rows[1].Problem.Code != "remote.tcp.refused" {
		t.Errorf("%+v", rows[1])
	}
	if seen < 3 {
		t.Errorf("%d rows told", seen)
	}
}
