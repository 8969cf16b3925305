package cli

import (
	"context"
	"errors"
	"io/fs"
	"sync"

	"stackhand/internal/engine"
	"stackhand/internal/problem"
	"stackhand/internal/remote"
	"stackhand/internal/site"
)

// hosts gives the engine the hosts of internal/remote.
type hosts struct {
	pool *remote.Pool
	run  string // "": none, nothing is written
}

// host is a *remote.Host as the engine wants one: what both call the same is taken over, the
// rest is translated here.
type host struct {
	*remote.Host
	run string
}

// newHosts are hosts to look at.
func newHosts(env *environment, s *site.Site, ask remote.Asker) (engine.Hosts, func()) {
	return newRunHosts(env, s, "", ask)
}

// newRunHosts are hosts that a run works on: files are written on those only that it holds.
func newRunHosts(env *environment, s *site.Site, run string, ask remote.Asker) (engine.Hosts, func()) {
	pool := remote.NewPool(remote.Options{Site: s, Ask: ask, Getenv: env.getenv})
	return hosts{pool, run}, func() { pool.Close() }
}

func (h hosts) Host(name string) (engine.Host, error) {
	r, err := h.pool.Host(name)
	if err != nil {
		return nil, err
	}
	return host{r, h.run}, nil
}

func (h host) Facts(ctx context.Context) (engine.Facts, error) {
	f, err := h.Host.Facts(ctx)
	if err == nil && f.BootID == "" {
		err = problem.New("remote.host", h.Name(), errors.New("it tells no boot_id"), "what", "facts")
	}
	return engine.Facts{Boot: f.BootID, Platform: f.Platform, Clock: f.Clock.Host}, err
}

func (h host) Claim(ctx context.Context, o engine.Owner) (engine.Owner, bool, error) {
	holder, ok, err := h.Host.Claim(ctx, remote.Owner(o))
	return engine.Owner(holder), ok, err
}

func (h host) TakeOver(ctx context.Context, o, from engine.Owner) error {
	return h.Host.TakeOver(ctx, remote.Owner(o), remote.Owner(from))
}

func (h host) ReadFile(ctx context.Context, path string, most int64) (engine.File, error) {
	data, info, err := h.Host.ReadFile(ctx, path, most)
	if problem.Is(err, "remote.file.absent") {
		return engine.File{Missing: true}, nil
	}
	if err == nil && info.Size > most {
		err = problem.New("remote.limit", h.Name(), nil, "what", path)
	}
	return engine.File{Data: data, Mode: uint32(info.Mode.Perm()), Owner: info.Owner, Group: info.Group}, err
}

func (h host) ListFiles(ctx context.Context, patterns []string, most int) (found []engine.Listed, err error) {
	list, err := h.Host.ListFiles(ctx, patterns, most)
	for _, l := range list {
		found = append(found, engine.Listed(l))
	}
	return found, err
}

func (h host) WriteFile(ctx context.Context, path string, f engine.File, backup string) error {
	return h.Host.WriteFile(ctx, path, f.Data, remote.FileOptions{Mode: fs.FileMode(f.Mode), Owner: f.Owner, Group: f.Group, Backup: backup, Run: h.run})
}

// lateAsker asks through an engine that is made after the hosts.
type lateAsker struct {
	mu sync.Mutex
	to remote.Asker
}

func (l *lateAsker) set(a remote.Asker) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = a
}

func (l *lateAsker) asker() (remote.Asker, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.to == nil {
		return nil, errors.New("nobody can be asked yet")
	}
	return l.to, nil
}

func (l *lateAsker) HostKey(ctx context.Context, host, keyType, fingerprint string) (bool, error) {
	a, err := l.asker()
	if err != nil {
		return false, err
	}
	return a.HostKey(ctx, host, keyType, fingerprint)
}

func (l *lateAsker) Secret(ctx context.Context, host, kind, prompt string, echo bool) (string, error) {
	a, err := l.asker()
	if err != nil {
		return "", err
	}
	return a.Secret(ctx, host, kind, prompt, echo)
}
