package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"

	"stackhand/internal/problem"
)

// link is the way to one sshd: whom to log in as, through which jump host, and the
// connections there. A jump host is a link too, shared by all that go through it.
type link struct {
	pool   *Pool
	target *target
	via    *link // nil: dialled from here

	dialing chan struct{} // holds a token while somebody dials

	mu      sync.Mutex
	conns   []*conn
	changed chan struct{} // closed and replaced when a session or connection came or went
	limit   int           // sessions a connection, as learnt; 0: sessionsMost
	dials   int           // attempts so far, to share a failure among those who waited for it
	failure error         // of the last attempt
	secrets map[string]string
	sudoOK  bool
}

// linkTo returns the link to a name; via overrides the jump hosts that its configuration names.
func (p *Pool) linkTo(name string, behind []string) (*link, error) {
	if len(behind) > 8 {
		return nil, problem.New("remote.jump.loop", behind[0], nil, "chain", strings.Join(behind, " "))
	}
	t, err := p.resolve(name)
	if err != nil {
		return nil, err
	}
	return p.linkFor(t, append(behind, name))
}

func (p *Pool) linkFor(t *target, behind []string) (*link, error) {
	var via *link
	if t.via != "" {
		hops := strings.Split(t.via, ",")
		last := strings.TrimSpace(hops[len(hops)-1])
		v, err := p.resolve(last)
		if err != nil {
			return nil, problem.New("remote.jump", t.name, err, "bastion", last)
		}
		if len(hops) > 1 {
			v.via = strings.Join(hops[:len(hops)-1], ",")
		}
		if len(behind) > 8 {
			return nil, problem.New("remote.jump.loop", behind[0], nil, "chain", strings.Join(behind, " "))
		}
		if via, err = p.linkFor(v, append(behind, last)); err != nil {
			return nil, err
		}
	}
	key := t.user + "@" + t.address
	if via != nil {
		key += " via " + via.key()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.links[key]; l != nil && l.target.name == t.name {
		return l, nil
	}
	l := &link{pool: p, target: t, via: via, dialing: make(chan struct{}, 1), changed: make(chan struct{}), secrets: map[string]string{}}
	p.links[key+" "+t.name] = l
	if p.links[key] == nil {
		p.links[key] = l
	}
	return l, nil
}

func (l *link) key() string {
	key := l.target.user + "@" + l.target.address
	if l.via != nil {
		key += " via " + l.via.key()
	}
	return key
}

func (l *link) problem(code problem.Code, cause error, args ...string) *problem.Problem {
	return problem.New(code, l.target.name, cause, append(args, "address", l.target.address, "user", l.target.user)...)
}

// wake tells everybody who waits on this link that something changed. Called with mu held.
func (l *link) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// connection returns a live connection, made when there is none.
func (l *link) connection(ctx context.Context) (*conn, error) {
	l.mu.Lock()
	seen := l.dials
	l.mu.Unlock()
	select {
	case l.dialing <- struct{}{}:
		defer func() { <-l.dialing }()
	case <-ctx.Done():
		return nil, l.problem("remote.cancelled", ctx.Err())
	}
	l.mu.Lock()
	for _, c := range l.conns {
		if !c.dead() {
			l.mu.Unlock()
			return c, nil
		}
	}
	if l.dials != seen && l.failure != nil { // whoever we waited for has just failed
		err := l.failure
		l.mu.Unlock()
		return nil, err
	}
	l.mu.Unlock()
	return l.dial(ctx)
}

// dial makes one more connection. The caller holds the dialing token.
func (l *link) dial(ctx context.Context) (*conn, error) {
	c, err := l.connect(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dials++
	l.failure = err
	if ctx.Err() != nil {
		l.failure = nil // given up by one, not failed for all
	}
	if err != nil {
		return nil, err
	}
	if l.pool.ctx.Err() != nil {
		c.close(net.ErrClosed)
		return nil, l.problem("remote.cancelled", net.ErrClosed)
	}
	l.conns = append(l.conns, c)
	l.wake()
	go func() {
		c.wait()
		l.mu.Lock()
		defer l.mu.Unlock()
		for i := range l.conns {
			if l.conns[i] == c {
				l.conns = append(l.conns[:i:i], l.conns[i+1:]...)
				break
			}
		}
		l.wake()
	}()
	return c, nil
}

// alive counts the connections. Called with mu held.
func (l *link) alive() int {
	n := 0
	for _, c := range l.conns {
		if !c.dead() {
			n++
		}
	}
	return n
}

// close closes the connections and returns them, to be waited for: those behind a jump host
// may end only with its own.
func (l *link) close() []*conn {
	l.mu.Lock()
	conns := append([]*conn(nil), l.conns...)
	l.mu.Unlock()
	for _, c := range conns {
		c.close(net.ErrClosed)
	}
	return conns
}

// Attempts at a hand-shake that was dropped before anybody logged in (MaxStartups, a jump
// host that is overrun): about 10 s in all.
const handshakeAttempts = 8

// connect dials and logs in; it asks what only the operator knows between two attempts, never
// within one: sshd waits for nobody longer than LoginGraceTime.
func (l *link) connect(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(l.pool.ctx, cancel)
	defer stop()

	began := l.pool.o.Now()
	login := newLogin(l)
	pause := 50 * time.Millisecond
	for attempt := 1; ; {
		c, err := l.handshake(ctx, login)
		if err == nil {
			return c, nil
		}
		if ctx.Err() != nil {
			return nil, l.problem("remote.cancelled", context.Cause(ctx))
		}
		var unknown *unknownKey
		var need *needSecret
		switch {
		case errors.As(err, &unknown):
			if err := l.pool.trust.ask(ctx, l, unknown, began); err != nil {
				return nil, err
			}
			continue
		case errors.As(err, &need):
			if err := login.ask(ctx, need); err != nil {
				return nil, err
			}
			continue
		case (problem.Of(err) == nil && dropped(err) && !login.began || problem.Is(err, "remote.jump.lost")) && attempt < handshakeAttempts:
			attempt++
			l.pool.o.Log(l.target.name, fmt.Sprintf("hand-shake dropped, attempt %d follows: %v", attempt, err))
			select {
			case <-time.After(pause/2 + rand.N(pause)):
			case <-ctx.Done():
			}
			pause = min(2*pause, 3*time.Second)
			continue
		}
		if p := problem.Of(err); p != nil {
			return nil, p
		}
		return nil, l.classify(err, login)
	}
}

// dropped tells whether the peer hung up in the middle.
func dropped(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed)
}

func (l *link) classify(err error, login *login) error {
	s := err.Error()
	switch {
	case dropped(err) && login.began:
		return l.problem("remote.login.dropped", err)
	case strings.Contains(s, "unable to authenticate"), strings.Contains(s, "too many authentication"),
		strings.Contains(s, "Too many authentication"):
		return login.problem(err)
	}
	return l.problem("remote.handshake", err)
}

// handshake makes one connection or says what is missing.
func (l *link) handshake(ctx context.Context, login *login) (*conn, error) {
	var via *conn
	if l.via != nil {
		var err error
		if via, err = l.via.connection(ctx); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			why := "remote.lost"
			if p := problem.Of(err); p != nil {
				why = string(p.Code)
			}
			return nil, l.problem("remote.jump", err, "bastion", l.via.target.name, "why", why)
		}
	}
	var raw net.Conn
	var err error
	if via != nil { // a dead host behind a jump host keeps no other one waiting at the gate
		if raw, err = l.open(ctx, via); err != nil {
			return nil, err
		}
	}
	for _, sshd := range l.gateways() {
		leave, err := l.pool.hands.enter(ctx, sshd)
		if err != nil {
			if raw != nil {
				raw.Close()
			}
			return nil, err
		}
		defer leave()
	}
	if raw == nil {
		if raw, err = l.open(ctx, nil); err != nil {
			return nil, err
		}
	}
	trust, err := l.pool.trust.of(l.target)
	if err != nil {
		raw.Close()
		return nil, l.problem("remote.key.file", err)
	}
	config := &ssh.ClientConfig{
		User:              l.target.user,
		HostKeyAlgorithms: trust.algorithms(),
		HostKeyCallback:   trust.check,
		AuthCallback:      login.next,
		ClientVersion:     "SSH-2.0-Stackhand",
	}
	config.Ciphers = []string{ // AES in hardware is twice as fast as what is offered first by default
		ssh.CipherAES128GCM, ssh.CipherAES256GCM, ssh.CipherChaCha20Poly1305,
		ssh.CipherAES128CTR, ssh.CipherAES192CTR, ssh.CipherAES256CTR,
	}

	// A connection through a jump host has no deadlines, so the limit closes it.
	login.restart()
	shake, done := context.WithCancel(ctx)
	limited := make(chan problem.Code, 1)
	go func() { limited <- login.limit(shake, done, l.pool.o.Handshake, l.pool.o.Login) }()
	stop := context.AfterFunc(shake, func() { raw.Close() })
	sshConn, chans, reqs, err := ssh.NewClientConn(raw, l.target.alias, config)
	if !stop() && err == nil { // closed under our hands
		err = net.ErrClosed
	}
	done()
	timedOut := <-limited
	if err != nil {
		raw.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p := trust.problem(l, err); p != nil {
			return nil, p
		}
		if timedOut != "" {
			return nil, l.problem(timedOut, err)
		}
		return nil, err
	}
	return newConn(l, ssh.NewClient(sshConn, chans, reqs)), nil
}

// gateways are the sshds that a hand-shake here keeps busy.
func (l *link) gateways() []string {
	if l.via == nil {
		return []string{l.key()[strings.IndexByte(l.key(), '@')+1:]}
	}
	return []string{"through " + l.via.key()}
}

// open is dialTCP with its limit, and with the problem that a failure is.
func (l *link) open(ctx context.Context, via *conn) (net.Conn, error) {
	dial, cancel := context.WithTimeout(ctx, l.pool.o.Dial)
	defer cancel()
	raw, err := l.dialTCP(dial, via)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, l.dialProblem(err)
	}
	return raw, nil
}

func (l *link) dialTCP(ctx context.Context, via *conn) (net.Conn, error) {
	switch {
	case via != nil:
		return via.dialTCP(ctx, l.target.address)
	case l.pool.o.Site.Dial.Netns != "":
		return dialNetns(ctx, l.pool.o.Site.Dial.Netns, l.target.address)
	}
	d := net.Dialer{KeepAlive: 15 * time.Second}
	return d.DialContext(ctx, "tcp", l.target.address)
}

// dialProblem tells the stage at which dialling failed.
func (l *link) dialProblem(err error) error {
	var dns *net.DNSError
	var open *ssh.OpenChannelError
	var args []string
	if l.via != nil {
		args = []string{"bastion", l.via.target.name}
	}
	s := err.Error()
	switch {
	case errors.As(err, &open) && open.Reason == ssh.Prohibited:
		return l.problem("remote.jump.forbidden", err, args...)
	case errors.As(err, &dns), strings.Contains(s, "Name or service not known"), strings.Contains(s, "name resolution"):
		return l.problem("remote.name", err, args...)
	case errors.Is(err, syscall.ECONNREFUSED), strings.Contains(s, "Connection refused"):
		return l.problem("remote.tcp.refused", err, args...)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH),
		strings.Contains(s, "No route to host"), strings.Contains(s, "Network is unreachable"):
		return l.problem("remote.tcp.unreachable", err, args...)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT), strings.Contains(s, "timed out"):
		return l.problem("remote.tcp.timeout", err, args...)
	case errors.Is(err, errNetns):
		return l.problem("remote.netns", err, "netns", l.pool.o.Site.Dial.Netns)
	case dropped(err), l.via != nil:
		return l.problem("remote.jump.lost", err, args...)
	}
	return l.problem("remote.tcp", err, args...)
}
