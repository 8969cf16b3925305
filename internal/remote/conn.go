package remote

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// conn is one SSH connection: logged in, asked in intervals whether it lives.
type conn struct {
	link   *link
	client *ssh.Client
	gone   chan struct{} // closed when the transport has ended
	joined chan struct{} // closed when the keepalive has ended too

	once  sync.Once
	cause error // why it was closed from this side

	// guarded by link.mu
	open int // sessions
	long int // of these, the ones that last: Follow, Shell
}

func newConn(l *link, client *ssh.Client) *conn {
	c := &conn{link: l, client: client, gone: make(chan struct{}), joined: make(chan struct{})}
	go func() {
		client.Wait()
		close(c.gone)
	}()
	go c.keepalive(l.pool.o.Keepalive)
	return c
}

// errSilent is why a connection was given up whose peer did not answer.
var errSilent = errors.New("no answer to three keepalives")

// keepalive asks the peer in intervals. The question waits in a goroutine of its own: on a
// sick connection it may block for ever, and behind a jump host there are no deadlines.
func (c *conn) keepalive(every time.Duration) {
	defer close(c.joined)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	answer := make(chan error, 1)
	asked, missed := false, 0
	for {
		select {
		case <-c.gone:
			return
		case err := <-answer:
			asked, missed = false, 0
			if err != nil {
				c.close(err)
			}
		case <-ticker.C:
			if !asked {
				asked = true
				go func() {
					_, _, err := c.client.SendRequest("keepalive@openssh.com", true, nil)
					answer <- err
				}()
				continue
			}
			if missed++; missed >= 3 {
				c.close(errSilent)
			}
		}
	}
}

func (c *conn) close(cause error) {
	c.once.Do(func() {
		c.link.mu.Lock()
		c.cause = cause
		c.link.mu.Unlock()
		c.link.pool.o.Log(c.link.target.name, "connection closed: "+cause.Error())
		// Close says good-bye first, which blocks on a peer that reads nothing: the transport
		// is closed under it.
		go c.client.Close()
	})
}

func (c *conn) dead() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// wait returns when the connection and its goroutines have ended.
func (c *conn) wait() {
	<-c.gone
	<-c.joined
}

// lost is the problem of a connection that ended under a command.
func (c *conn) lost(err error) error {
	c.link.mu.Lock()
	if c.cause != nil {
		err = c.cause
	}
	c.link.mu.Unlock()
	return c.link.problem("remote.lost", err)
}

// dialTCP opens a connection from the peer on, through this one.
func (c *conn) dialTCP(ctx context.Context, address string) (net.Conn, error) {
	dial, cancel := context.WithCancel(ctx)
	defer cancel()
	over := make(chan struct{})
	defer close(over)
	go func() { // as in newSession
		select {
		case <-c.gone:
			cancel()
		case <-over:
		}
	}()
	n, err := c.client.DialContext(dial, "tcp", address)
	if err != nil {
		select {
		case <-c.gone:
			return nil, net.ErrClosed
		default:
		}
	}
	return n, err
}

const (
	// sessionsMost is how many sessions a connection carries: sshd allows 10 (MaxSessions).
	sessionsMost = 8
	// connsMost is how many connections a host gets when its MaxSessions leaves no other way.
	connsMost = 6
)

// session is an SSH session and its place on the connection.
type session struct {
	*ssh.Session
	conn *conn
	long bool
	once sync.Once
}

// release closes the session and gives its place back.
func (s *session) release() {
	s.once.Do(func() {
		s.Session.Close()
		s.conn.leave(s.long)
	})
}

func (c *conn) leave(long bool) {
	l := c.link
	l.mu.Lock()
	defer l.mu.Unlock()
	c.open--
	if long {
		c.long--
	}
	l.wake()
}

// session opens a session; long ones (Follow, Shell) never take the last place of the first
// connection, so that a host can always be looked at while it is followed.
func (l *link) session(ctx context.Context, long bool) (*session, error) {
	pause, refused := 20*time.Millisecond, 0
	for {
		c, err := l.place(ctx, long)
		if err != nil {
			return nil, err
		}
		s, err := c.newSession(ctx)
		if err == nil {
			return &session{Session: s, conn: c, long: long}, nil
		}
		c.leave(long)
		if ctx.Err() != nil {
			return nil, l.problem("remote.cancelled", ctx.Err())
		}
		var open *ssh.OpenChannelError
		if !errors.As(err, &open) {
			// The connection is dead and nothing was asked of it yet: the next turn makes a new one.
			c.close(err)
			c.wait()
			if refused++; refused > 2 {
				return nil, c.lost(err)
			}
			continue
		}
		// MaxSessions. Others of ours on this connection tell what it bears; with none, sshd has
		// not yet cleared away the last one.
		l.mu.Lock()
		if c.open > 0 {
			if l.limit == 0 || c.open < l.limit {
				l.limit = c.open
			}
		} else if refused++; refused > 40 {
			l.mu.Unlock()
			return nil, l.problem("remote.sessions", err)
		}
		l.mu.Unlock()
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return nil, l.problem("remote.cancelled", ctx.Err())
		}
		pause = min(2*pause, 250*time.Millisecond)
	}
}

// newSession is ssh.Client.NewSession with a context: on a sick peer it may block for ever, and
// it does where the connection ends in the moment between (x/crypto's mux forgets a channel
// that is opened while it closes all others).
func (c *conn) newSession(ctx context.Context) (*ssh.Session, error) {
	type result struct {
		s   *ssh.Session
		err error
	}
	opened := make(chan result, 1)
	go func() {
		s, err := c.client.NewSession()
		opened <- result{s, err}
	}()
	select {
	case r := <-opened:
		return r.s, r.err
	case <-c.gone:
		return nil, net.ErrClosed
	case <-ctx.Done():
		go func() {
			if r := <-opened; r.err == nil {
				r.s.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// place finds a connection with room for one more session and takes it.
func (l *link) place(ctx context.Context, long bool) (*conn, error) {
	for {
		l.mu.Lock()
		limit := l.limit
		if limit == 0 {
			limit = sessionsMost
		}
		ending := false // some short session will make room soon
		n := 0
		for i, c := range l.conns {
			if c.dead() {
				continue
			}
			n++
			if c.open > c.long {
				ending = true
			}
			free := c.open < limit
			if long && i == 0 {
				free = free && c.long < limit-1
			}
			if free {
				c.open++
				if long {
					c.long++
				}
				l.mu.Unlock()
				return c, nil
			}
		}
		changed := l.changed
		l.mu.Unlock()
		switch {
		case n == 0:
			if _, err := l.connection(ctx); err != nil {
				return nil, err
			}
		case n < connsMost && (long || !ending):
			if err := l.another(ctx, n); err != nil {
				return nil, err
			}
		default:
			select {
			case <-changed:
			case <-ctx.Done():
				return nil, l.problem("remote.cancelled", ctx.Err())
			}
		}
	}
}

// another makes one more connection than the n there were.
func (l *link) another(ctx context.Context, n int) error {
	select {
	case l.dialing <- struct{}{}:
		defer func() { <-l.dialing }()
	case <-ctx.Done():
		return l.problem("remote.cancelled", ctx.Err())
	}
	l.mu.Lock()
	enough := l.alive() != n
	l.mu.Unlock()
	if enough {
		return nil
	}
	_, err := l.dial(ctx)
	return err
}
