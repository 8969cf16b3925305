package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"

	"stackhand/answers/interview"
	"stackhand/internal/run"
)

// drafts are the answering sessions on disk, under $XDG_STATE_HOME/stackhand/answers (0700):
// NAME.json is one without its secrets, NAME.secrets.json its secrets, both 0600. It is an
// interview.Store.
type drafts struct {
	dir string

	mu  sync.Mutex
	rev map[string]int // saved last, by name
}

func openDrafts(env *environment) *drafts {
	return &drafts{dir: filepath.Join(run.Home(env.getenv), "answers"), rev: map[string]int{}}
}

func (s *drafts) path(name string) string        { return filepath.Join(s.dir, name+".json") }
func (s *drafts) secretsPath(name string) string { return filepath.Join(s.dir, name+".secrets.json") }

// Save implements interview.Store. An older state than the last is left out: savings may
// overtake each other.
func (s *drafts) Save(name string, d interview.Saved) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last, ok := s.rev[name]; ok && d.Rev < last {
		return nil
	}
	fail := func(err error) error { return fmt.Errorf("cannot save the draft %s: %w", name, err) }
	if !interview.ValidName(name) {
		return fail(errors.New("it has no valid name"))
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fail(err)
	}
	secrets, err := json.Marshal(d.Secrets)
	if err != nil {
		return fail(err)
	}
	if err := renameio.WriteFile(s.secretsPath(name), append(secrets, '\n'), 0o600, renameio.IgnoreUmask()); err != nil {
		return fail(err)
	}
	if err := renameio.WriteFile(s.path(name), d.State, 0o600, renameio.IgnoreUmask()); err != nil {
		return fail(err)
	}
	if dir, err := os.Open(s.dir); err == nil {
		_ = dir.Sync() // not every file system can
		_ = dir.Close()
	}
	s.rev[name] = d.Rev
	return nil
}

// Load reads a draft.
func (s *drafts) Load(name string) (*interview.Draft, error) {
	if !interview.ValidName(name) {
		return nil, fmt.Errorf("cannot read the draft %q: it has no valid name", name)
	}
	state, err := readPrivate(s.path(name))
	if err != nil {
		return nil, err
	}
	saved := interview.Saved{State: state, Secrets: map[string]string{}}
	secrets, err := readPrivate(s.secretsPath(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case json.Unmarshal(secrets, &saved.Secrets) != nil:
		return nil, fmt.Errorf("cannot read the secrets in %s: it is no JSON object of names and values", s.secretsPath(name)) // the parser's error would quote it
	}
	d, err := interview.Restore(saved)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(name), err)
	}
	return d, nil
}

// readPrivate reads a file that nobody else may read.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others may read %s (%04o); it must be 0600", path, info.Mode().Perm())
	}
	return os.ReadFile(path)
}

// draftInfo is one draft of the list.
type draftInfo struct {
	Name  string
	Saved time.Time
}

// List are the drafts, the one saved last first.
func (s *drafts) List() []draftInfo {
	entries, _ := os.ReadDir(s.dir)
	var all []draftInfo
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || strings.HasSuffix(name, ".secrets") || !interview.ValidName(name) {
			continue
		}
		if info, err := e.Info(); err == nil {
			all = append(all, draftInfo{name, info.ModTime()})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Saved.After(all[j].Saved) })
	return all
}

// Remove deletes a draft with its secrets.
func (s *drafts) Remove(name string) error {
	return errors.Join(os.Remove(s.path(name)), os.Remove(s.secretsPath(name)))
}

// free is a name that no draft has yet.
func (s *drafts) free(name string) string {
	for n := 2; ; n++ {
		other := fmt.Sprintf("%s-%d", name, n)
		if _, err := os.Lstat(s.path(other)); errors.Is(err, fs.ErrNotExist) {
			return other
		}
	}
}

// Lock keeps a second session away from a draft until release is called. It is nil where
// another one has it.
func (s *drafts) Lock(name string) (release func(), err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(s.dir, name+".lock"), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		return nil, err
	}
	return func() { _ = lock.Close() }, nil
}
