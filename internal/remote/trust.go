package remote

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/skeema/knownhosts"
	"golang.org/x/crypto/ssh"
	xknownhosts "golang.org/x/crypto/ssh/knownhosts"
)

// trust is what the operator said about host keys, for all hosts of a pool.
type trust struct {
	pool *Pool

	mu      sync.Mutex
	refused map[string]time.Time // host and fingerprint -> when the operator said no
}

func newTrust(p *Pool) *trust { return &trust{pool: p, refused: map[string]time.Time{}} }

// trusted is what the known_hosts files say about one target.
//
// The site's own file wins: where it knows the host, the operator's other files are not asked
// (private addresses mean other machines at other sites), except for revoked keys.
type trusted struct {
	target *target
	db     *knownhosts.HostKeyDB // that decides
	all    *knownhosts.HostKeyDB // all files, for revoked keys
}

func (t *trust) of(target *target) (*trusted, error) {
	var there []string
	for _, f := range target.known {
		if f == "" {
			continue
		}
		if _, err := os.Stat(f); err == nil {
			there = append(there, f)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	all, err := knownhosts.NewDB(there...)
	if err != nil {
		return nil, err
	}
	w := &trusted{target: target, db: all, all: all}
	if len(there) > 0 && there[0] == target.known[0] {
		own, err := knownhosts.NewDB(there[0])
		if err != nil {
			return nil, err
		}
		if len(own.HostKeys(target.alias)) > 0 {
			w.db = own
		}
	}
	return w, nil
}

// preferred is the order in which host keys are asked for where none is known.
var preferred = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
	ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
}

// algorithms puts what is known first: a host that shows another type of key than the known
// one looks as if its key had changed (golang/go#29286).
func (w *trusted) algorithms() []string {
	known := w.db.HostKeyAlgorithms(w.target.alias)
	for _, a := range preferred {
		if !slices.Contains(known, a) {
			known = append(known, a)
		}
	}
	return known
}

// unknownKey is a host key that no file knows.
type unknownKey struct {
	key ssh.PublicKey
}

func (u *unknownKey) Error() string {
	return "unknown host key " + ssh.FingerprintSHA256(u.key)
}

// check is the ssh.HostKeyCallback.
func (w *trusted) check(hostname string, remote net.Addr, key ssh.PublicKey) error {
	// The address as dialled is in hostname; where the host is known by an alias or through a
	// jump host, the remote address is no name of its own.
	placeholder := &net.TCPAddr{IP: net.IPv4zero}
	var revoked *xknownhosts.RevokedError
	if err := w.all.HostKeyCallback()(hostname, placeholder, key); errors.As(err, &revoked) {
		return err
	}
	err := w.db.HostKeyCallback()(hostname, placeholder, key)
	if err != nil && knownhosts.IsHostUnknown(err) {
		return &unknownKey{key: key}
	}
	if err != nil && knownhosts.IsHostKeyChanged(err) {
		return &changedKey{key: key, err: err}
	}
	return err
}

type changedKey struct {
	key ssh.PublicKey
	err error
}

func (c *changedKey) Error() string { return c.err.Error() }
func (c *changedKey) Unwrap() error { return c.err }

// problem tells a host key that is refused from other errors of a hand-shake.
func (w *trusted) problem(l *link, err error) error {
	var revoked *xknownhosts.RevokedError
	if errors.As(err, &revoked) {
		return l.problem("remote.key.revoked", err,
			"shown", ssh.FingerprintSHA256(revoked.Revoked.Key), "type", revoked.Revoked.Key.Type(),
			"where", where(revoked.Revoked))
	}
	var changed *changedKey
	var key *xknownhosts.KeyError
	if errors.As(err, &changed) && errors.As(err, &key) && len(key.Want) > 0 {
		want := key.Want[0]
		for _, k := range key.Want {
			if k.Key.Type() == changed.key.Type() {
				want = k
			}
		}
		return l.problem("remote.key.changed", err,
			"known", ssh.FingerprintSHA256(want.Key), "knowntype", want.Key.Type(),
			"shown", ssh.FingerprintSHA256(changed.key), "type", changed.key.Type(), "where", where(want))
	}
	return nil
}

func where(k xknownhosts.KnownKey) string { return k.Filename + ":" + strconv.Itoa(k.Line) }

// ask asks the operator about an unknown key, once: whoever waited for the same question
// takes its answer. A yes goes into the site's known_hosts.
func (t *trust) ask(ctx context.Context, l *link, unknown *unknownKey, began time.Time) error {
	fingerprint := ssh.FingerprintSHA256(unknown.key)
	args := []string{"shown", fingerprint, "type", unknown.key.Type()}
	if t.pool.o.Ask == nil {
		return l.problem("remote.key.unknown", unknown, args...)
	}
	id := l.target.alias + " " + fingerprint
	yes := false
	err := t.pool.question(ctx, func() error {
		w, err := t.of(l.target)
		if err != nil {
			return l.problem("remote.key.file", err)
		}
		switch err := w.check(l.target.alias, nil, unknown.key); {
		case err == nil: // answered meanwhile
			yes = true
			return nil
		case !errors.As(err, new(*unknownKey)):
			return nil // changed meanwhile: the next hand-shake tells
		}
		t.mu.Lock()
		refused := t.refused[id]
		t.mu.Unlock()
		if refused.After(began) {
			return nil
		}
		yes, err = t.pool.o.Ask.HostKey(ctx, l.target.name, unknown.key.Type(), fingerprint)
		if err != nil {
			return l.problem("remote.key.unknown", err, args...)
		}
		if !yes {
			t.mu.Lock()
			t.refused[id] = t.pool.o.Now()
			t.mu.Unlock()
			return nil
		}
		return t.accept(l, unknown.key)
	})
	if err != nil {
		return err
	}
	if !yes {
		return l.problem("remote.key.refused", unknown, args...)
	}
	return nil
}

// accept appends a key to the site's known_hosts, under a lock that other consoles' runs take too.
func (t *trust) accept(l *link, key ssh.PublicKey) error {
	path := l.target.known[0]
	if path == "" {
		return l.problem("remote.key.file", errors.New("the site has no known_hosts file"))
	}
	if err := appendLine(path, knownhosts.Line([]string{l.target.alias}, key)); err != nil {
		return l.problem("remote.key.file", err, "file", path)
	}
	return nil
}

func appendLine(path, line string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	lock := flock.New(path + ".lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("cannot lock %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	// A last line without its end would swallow ours.
	if st, err := f.Stat(); err == nil && st.Size() > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, st.Size()-1); err == nil && last[0] != '\n' {
			line = "\n" + line
		}
	}
	if _, err := f.WriteString(line + "\n"); err != nil {
		return err
	}
	return f.Sync()
}
