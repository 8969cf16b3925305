// Package secret keeps the generated and saved secrets of a site: one file, 0600, on disk
// before a secret is first used, referenced by name everywhere else. Typed secrets stay in
// memory. It may import nothing of this program.
package secret

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

// Store is the secrets of one site.
type Store struct {
	path  string
	mu    sync.Mutex
	typed map[string]string
	saved map[string]string
}

var siteName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// Open reads the store of a site under Stackhand's home; there may be none yet.
func Open(home, site string) (*Store, error) {
	if !siteName.MatchString(site) {
		return nil, fmt.Errorf("cannot open the secrets of site %q: the name must be letters, digits, dot, dash and underscore", site)
	}
	s := &Store{path: filepath.Join(home, "secrets", site+".json"), typed: map[string]string{}}
	return s, s.read()
}

func (s *Store) read() error {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		s.saved = map[string]string{}
		return nil
	}
	var data []byte
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fmt.Errorf("others may read it (%04o); it must be 0600", info.Mode().Perm())
	}
	if err == nil {
		data, err = os.ReadFile(s.path)
	}
	saved := map[string]string{}
	if err == nil && json.Unmarshal(data, &saved) != nil {
		err = errors.New("it is no JSON object of names and values") // the parser's error would quote it
	}
	if err != nil {
		return fmt.Errorf("cannot read the secrets in %s: %w", s.path, err)
	}
	s.saved = saved
	return nil
}

// Path of the store's file.
func (s *Store) Path() string { return s.path }

// Get returns a secret: the typed one before the saved one.
func (s *Store) Get(name string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.typed[name]; ok {
		return v, true
	}
	v, ok := s.saved[name]
	return v, ok
}

// Put takes a typed secret, for the life of this process.
func (s *Store) Put(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.typed[name] = value
}

// Forget drops a typed secret that turned out to be wrong.
func (s *Store) Forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.typed, name)
}

// All secrets by name, for the redactor.
func (s *Store) All() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := maps.Clone(s.saved)
	maps.Copy(all, s.typed)
	return all
}

// Typed are the secrets that are in memory only.
func (s *Store) Typed() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.typed)
}

// Ensure saves a new value for a name that has none, and returns what is then there. The file
// is replaced as a whole and synced before Ensure returns; two processes get the same value.
func (s *Store) Ensure(name string, make func() (string, error)) (string, error) {
	if v, ok := s.Get(name); ok {
		return v, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("cannot save the secret %s: %w", name, err)
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fail(err)
	}
	lock := flock.New(s.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fail(err)
	}
	defer lock.Close()
	if err := s.read(); err != nil {
		return "", err
	}
	if v, ok := s.saved[name]; ok {
		return v, nil
	}
	v, err := make()
	if err != nil {
		return fail(err)
	}
	next := maps.Clone(s.saved)
	next[name] = v
	data, err := json.MarshalIndent(next, "", "  ")
	if err == nil {
		err = renameio.WriteFile(s.path, append(data, '\n'), 0o600)
	}
	if err != nil {
		return fail(err)
	}
	s.saved = next
	return v, nil
}
