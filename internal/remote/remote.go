// Package remote reaches the hosts of a site over SSH: dialling (also out of a network
// namespace and through jump hosts), trust in host keys, logging in, sudo, probes, jobs and
// files. It implements what internal/engine asks of a host.
//
// One connection a host, opened when it is first needed and again after it was lost; many
// sessions on it. Every error that an operator may see is a *problem.Problem with a code
// "remote.*" that tells the stage. A lost connection (remote.lost) says nothing about the
// command that ran: whoever asked goes and looks.
//
// It may import internal/site, internal/job, internal/problem, assets and SSH libraries;
// nothing with a screen.
package remote

import (
	"context"
	"os"
	"sync"
	"time"

	"stackhand/internal/problem"
	"stackhand/internal/site"
)

// Options say how to reach the hosts of a site. Only Site is required.
type Options struct {
	Site *site.Site
	Ask  Asker // nil: nobody can be asked; what needs an answer fails

	Home   string                   // of the operator; "": os.UserHomeDir
	Getenv func(string) string      // nil: os.Getenv
	Agent  string                   // socket of the SSH agent; "": SSH_AUTH_SOCK, "none": no agent
	Config string                   // the operator's ssh_config; "": Home/.ssh/config
	Now    func() time.Time         // nil: time.Now
	Log    func(host, event string) // tells what goes on, for debugging; nil: nobody listens

	Base    string // on hosts: jobs, claim, ledger; "": /var/lib/stackhand
	RunBase string // on hosts: secrets of jobs, on a tmpfs; "": /run/stackhand

	Keepalive time.Duration // between two questions whether the peer lives; 0: 5 s. Three without an answer close
	Dial      time.Duration // limit for name and TCP; 0: 10 s
	Handshake time.Duration // limit for the hand-shake without logging in; 0: 30 s
	Login     time.Duration // limit for logging in after that, while nothing is asked; 0: 90 s (with the 30, LoginGraceTime)
	Silence   time.Duration // Follow: this long without a frame is a lost connection; 0: 60 s
}

// Asker asks the operator. Its methods block until there is an answer or ctx ends; an error
// means that there will be none. They are called one at a time for the whole pool.
type Asker interface {
	// HostKey asks whether an unknown key is the host's. fingerprint is "SHA256:…".
	HostKey(ctx context.Context, host, keyType, fingerprint string) (bool, error)
	// Secret asks for a "password", "passphrase", "sudo" (the password for sudo), or
	// "interactive" (a question of the host, in prompt). echo: it may be shown while typed.
	Secret(ctx context.Context, host, kind, prompt string, echo bool) (string, error)
}

// Pool is the hosts of one site. It is safe for use by many goroutines.
type Pool struct {
	o     Options
	trust *trust
	conf  *sshConfig

	asking chan struct{} // holds one token: one question at a time
	hands  *gates        // hand-shakes in flight, by sshd

	mu     sync.Mutex
	hosts  map[string]*Host
	links  map[string]*link // by target, so that a jump host is one connection too
	ctx    context.Context  // ends with Close
	cancel context.CancelFunc
}

// NewPool returns a pool over the site's hosts. Nothing is read or dialled yet.
func NewPool(o Options) *Pool {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Home == "" {
		o.Home, _ = os.UserHomeDir() // without a home there are no files of the operator's to read
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = func(string, string) {}
	}
	for _, d := range []struct {
		field    *string
		fallback string
	}{{&o.Base, "/var/lib/stackhand"}, {&o.RunBase, "/run/stackhand"}} {
		if *d.field == "" {
			*d.field = d.fallback
		}
	}
	for _, d := range []struct {
		field    *time.Duration
		fallback time.Duration
	}{{&o.Keepalive, 5 * time.Second}, {&o.Dial, 10 * time.Second}, {&o.Handshake, 30 * time.Second}, {&o.Login, 90 * time.Second}, {&o.Silence, time.Minute}} {
		if *d.field == 0 {
			*d.field = d.fallback
		}
	}
	p := &Pool{
		o:      o,
		asking: make(chan struct{}, 1),
		hands:  newGates(),
		hosts:  map[string]*Host{},
		links:  map[string]*link{},
	}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.trust = newTrust(p)
	p.conf = &sshConfig{path: o.Config, home: o.Home}
	return p
}

// Host returns a host of the site by name. It does not connect.
func (p *Pool) Host(name string) (*Host, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h := p.hosts[name]; h != nil {
		return h, nil
	}
	if p.o.Site == nil || p.o.Site.Host(name) == nil {
		return nil, problem.New("remote.host.unknown", name, nil)
	}
	h := &Host{name: name, pool: p}
	p.hosts[name] = h
	return h, nil
}

// Close closes all connections. Jobs on the hosts go on.
func (p *Pool) Close() error {
	p.cancel()
	p.mu.Lock()
	var all []*link
	for _, l := range p.links {
		all = append(all, l)
	}
	p.mu.Unlock()
	var conns []*conn
	for _, l := range all {
		conns = append(conns, l.close()...)
	}
	for _, c := range conns {
		c.wait()
	}
	return nil
}

// question runs ask when no other question is open.
func (p *Pool) question(ctx context.Context, ask func() error) error {
	select {
	case p.asking <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.asking }()
	return ask()
}

// Host is one host of the pool.
type Host struct {
	name string
	pool *Pool

	mu   sync.Mutex
	link *link
}

// Name is the host's name in the site.
func (h *Host) Name() string { return h.name }

// Connect dials, shakes hands, logs in and, where the site says how, tries sudo, unless that
// was done already. Problems: remote.name, remote.tcp.*, remote.jump*, remote.handshake,
// remote.key.*, remote.login*, remote.sudo.*.
func (h *Host) Connect(ctx context.Context) error {
	l, err := h.to()
	if err != nil {
		return err
	}
	if _, err := l.connection(ctx); err != nil {
		return err
	}
	if l.target.sudo == "" { // nothing is said: asked when something needs root
		return nil
	}
	return l.trySudo(ctx)
}

// to returns where the host is reached.
func (h *Host) to() (*link, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.link != nil {
		return h.link, nil
	}
	l, err := h.pool.linkTo(h.name, nil)
	if err != nil {
		return nil, err
	}
	h.link = l
	return l, nil
}

// gates let a few hand-shakes at a time at one sshd: beyond MaxStartups (10 by default) sshd
// drops them at random (sshd_config(5)).
type gates struct {
	mu  sync.Mutex
	all chan struct{}
	one map[string]chan struct{}
}

const (
	handshakesEach = 4
	handshakesAll  = 16
)

func newGates() *gates {
	return &gates{all: make(chan struct{}, handshakesAll), one: map[string]chan struct{}{}}
}

// enter waits for a place at the sshd; leave gives it back.
func (g *gates) enter(ctx context.Context, sshd string) (leave func(), err error) {
	g.mu.Lock()
	gate := g.one[sshd]
	if gate == nil {
		gate = make(chan struct{}, handshakesEach)
		g.one[sshd] = gate
	}
	g.mu.Unlock()
	for _, c := range []chan struct{}{gate, g.all} {
		select {
		case c <- struct{}{}:
		case <-ctx.Done():
			if c == g.all {
				<-gate
			}
			return nil, ctx.Err()
		}
	}
	return func() { <-g.all; <-gate }, nil
}
