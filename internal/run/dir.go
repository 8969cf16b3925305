package run

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"

	"stackhand/internal/i18n"
)

// Names inside a run directory.
const (
	journalName   = "journal.jsonl"
	procedureName = "procedure.yaml" // as resolved: an upgrade never changes a run under way
	siteName      = "site.yaml"
	baselineName  = "baseline.json" // the last good picture of the site; not every run has one
	settingsName  = "settings.json" // how the engine was asked to run it; no secrets
	socketName    = "control.sock"
	lockName      = "engine.lock"
	reserveName   = "reserve" // freed to say that the disk is full
	logsName      = "logs"
	editsName     = "edits"
	sceneName     = "scene" // what was fetched from hosts, as it was there
)

// reserveSize leaves room for the events that say that the disk is full.
const reserveSize = 256 << 10

// Dir is one run directory, 0700.
type Dir struct{ path string }

// Home is the directory of Stackhand's own state: $XDG_STATE_HOME/stackhand, or the same
// under ~/.local/state (XDG Base Directory Specification).
func Home(getenv func(string) string) string {
	if s := getenv("XDG_STATE_HOME"); filepath.IsAbs(s) {
		return filepath.Join(s, "stackhand")
	}
	return filepath.Join(getenv("HOME"), ".local", "state", "stackhand")
}

// Root is the directory of all runs.
func Root(getenv func(string) string) string { return filepath.Join(Home(getenv), "runs") }

// NewID makes the name of a run: the time, so that
// the newest is the last by name, and two random bytes, only [a-z0-9-].
func NewID(now time.Time) string {
	var b [4]byte
	binary.BigEndian.PutUint16(b[:], uint16(now.Nanosecond()/(int(time.Second)>>16+1)))
	rand.Read(b[2:])
	return now.UTC().Format("20060102-150405-") + hex.EncodeToString(b[:])
}

var runID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// Files is what a new run directory holds besides its journal.
type Files struct {
	Procedure []byte
	Site      []byte
	Settings  []byte
	Baseline  []byte // may be nil
}

// Create makes a run directory with an empty journal. It appears whole or not at all.
func Create(root, id string, files Files) (*Dir, error) {
	if !runID.MatchString(id) {
		return nil, fmt.Errorf("cannot create a run: %q is no name for one", id)
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("cannot create a run: %w", err)
	}
	tmp := filepath.Join(root, "."+id+".new")
	d := &Dir{tmp}
	err := errors.Join(os.Mkdir(tmp, 0o700), os.Mkdir(filepath.Join(tmp, logsName), 0o700), os.Mkdir(filepath.Join(tmp, editsName), 0o700))
	for name, data := range map[string][]byte{
		procedureName: files.Procedure, siteName: files.Site, settingsName: files.Settings,
		journalName: nil, reserveName: make([]byte, reserveSize), baselineName: files.Baseline,
	} {
		if name == baselineName && data == nil {
			continue
		}
		if err == nil {
			err = renameio.WriteFile(filepath.Join(tmp, name), data, 0o600)
		}
	}
	final := filepath.Join(root, id)
	if err == nil {
		err = syncDir(tmp)
	}
	if err == nil {
		err = os.Rename(tmp, final)
	}
	if err == nil {
		err = syncDir(root)
	}
	if err != nil {
		os.RemoveAll(tmp)
		return nil, fmt.Errorf("cannot create a run under %s: %w", root, err)
	}
	d.path = final
	return d, nil
}

func syncDir(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// OpenDir opens a run directory that is there.
func OpenDir(path string) (*Dir, error) {
	abs, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(filepath.Join(abs, journalName))
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the run %s: %w", path, err)
	}
	return &Dir{abs}, nil
}

// Path of the directory.
func (d *Dir) Path() string { return d.path }

// ID is the run's name.
func (d *Dir) ID() string { return filepath.Base(d.path) }

// JournalPath is the journal's file.
func (d *Dir) JournalPath() string { return filepath.Join(d.path, journalName) }

// LogPath is the file of a log that JobIntent.Log names. Only the last element of a name
// counts, so that a journal cannot lead out of the run directory.
func (d *Dir) LogPath(log string) string { return filepath.Join(d.path, logsName, filepath.Base(log)) }

// EditPath is the file of an edited script.
func (d *Dir) EditPath(name string) string {
	return filepath.Join(d.path, editsName, filepath.Base(name))
}

// ScenePath is the directory of what was fetched. Fetched.File names are below it; whoever
// reads them opens it with os.OpenRoot, so that no name leads out, and goes through the redactor.
func (d *Dir) ScenePath() string { return filepath.Join(d.path, sceneName) }

// ReservePath is the file that is removed when the disk is full.
func (d *Dir) ReservePath() string { return filepath.Join(d.path, reserveName) }

// Reserve makes the reserve anew after a full disk took it. No error when it is there.
func (d *Dir) Reserve() error {
	if info, err := os.Stat(d.ReservePath()); err == nil && info.Size() == reserveSize {
		return nil
	}
	if err := renameio.WriteFile(d.ReservePath(), make([]byte, reserveSize), 0o600); err != nil {
		return fmt.Errorf("cannot keep room for run %s to say that the disk is full: %w", d.ID(), err)
	}
	return nil
}

// Procedure, Site and Settings read what the run was made with.
func (d *Dir) Procedure() ([]byte, error) { return d.read(procedureName) }

// Site is the site.yaml of the run.
func (d *Dir) Site() ([]byte, error) { return d.read(siteName) }

// Settings is how the engine was asked to run it, JSON.
func (d *Dir) Settings() ([]byte, error) { return d.read(settingsName) }

func (d *Dir) read(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(d.path, name))
	if err != nil {
		return nil, fmt.Errorf("cannot read the run %s: %w", d.ID(), err)
	}
	return data, nil
}

// Tail reads the journal while it grows.
func (d *Dir) Tail() *Tail { return &Tail{path: d.JournalPath()} }

// State folds the journal as it is now.
func (d *Dir) State() (*State, error) {
	events, err := d.Tail().Read()
	if err != nil {
		return nil, err
	}
	return Fold(events), nil
}

// ErrLocked says that another engine has the run.
var ErrLocked = errors.New("another engine has this run")

// Lock takes the run for one engine. The lock ends with the process.
func (d *Dir) Lock() (unlock func() error, err error) {
	l := flock.New(filepath.Join(d.path, lockName), flock.SetPermissions(0o600))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("cannot lock the run %s: %w", d.ID(), err)
	}
	if !ok {
		return nil, ErrLocked
	}
	return l.Close, nil
}

// EngineAlive tells whether an engine answers on the control socket.
func (d *Dir) EngineAlive() bool {
	c, err := d.dial()
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// socket returns a path for the control socket that fits into a socket address (108 bytes on
// Linux, unix(7)): through /proc where the real one is too long.
func (d *Dir) socket() (path string, done func(), err error) {
	path = filepath.Join(d.path, socketName)
	if len(path) < 100 {
		return path, func() {}, nil
	}
	f, err := os.Open(d.path)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", f.Fd(), socketName), func() { f.Close() }, nil
}

func (d *Dir) dial() (*net.UnixConn, error) {
	path, done, err := d.socket()
	if err != nil {
		return nil, err
	}
	defer done()
	return net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
}

// Summary is a run in a list.
type Summary struct {
	Dir       *Dir
	ID        string
	Procedure string
	Title     i18n.Text
	Site      string
	Started   time.Time
	Last      time.Time
	Outcome   string // done, failed, refused, unreachable, cancelled, parked, running, dead, unreadable
	Status    int
	Alive     bool
	Questions int // open ones
}

// List returns the runs under a root, newest first. A run that cannot be read is listed as
// unreadable.
func List(root string) ([]Summary, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot list the runs: %w", err)
	}
	var found []Summary
	for _, entry := range entries {
		if !entry.IsDir() || !runID.MatchString(entry.Name()) {
			continue
		}
		d, err := OpenDir(filepath.Join(root, entry.Name()))
		if err != nil {
			continue
		}
		found = append(found, d.Summary())
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].ID > found[j].ID })
	return found, nil
}

// Summary folds the run's journal for a list.
func (d *Dir) Summary() Summary {
	s := Summary{Dir: d, ID: d.ID(), Alive: d.EngineAlive()}
	st, err := d.State()
	if err != nil {
		s.Outcome = "unreadable"
		return s
	}
	s.Procedure, s.Title, s.Site = st.Run.Procedure, st.Run.Title, st.Run.Site
	s.Started, s.Last, s.Status, s.Questions = st.Started, st.Last, st.ExitStatus(), len(st.Questions)
	switch {
	case st.Ended != nil:
		s.Outcome = st.Ended.Outcome
	case s.Alive:
		s.Outcome = "running"
	case st.Parked != nil:
		s.Outcome = "parked"
	default:
		s.Outcome = "dead" // its engine is gone; attach starts it again
	}
	return s
}

// Find returns the run that is meant by a name: a path, an id, the unique end of an id, or
// "" for the newest one.
func Find(root, name string) (*Dir, error) {
	if name != "" {
		if d, err := OpenDir(name); err == nil {
			return d, nil
		}
	}
	all, err := List(root)
	if err != nil {
		return nil, err
	}
	var hits []*Dir
	for _, s := range all {
		if name == "" || s.ID == name {
			return s.Dir, nil
		}
		if len(name) >= 4 && len(s.ID) > len(name) && s.ID[len(s.ID)-len(name):] == name {
			hits = append(hits, s.Dir)
		}
	}
	switch {
	case len(hits) == 1:
		return hits[0], nil
	case name == "":
		return nil, fmt.Errorf("cannot find a run: there is none under %s", root)
	case len(hits) > 1:
		return nil, fmt.Errorf("cannot tell which run %q is: %d end with it", name, len(hits))
	}
	return nil, fmt.Errorf("cannot find the run %q under %s", name, root)
}
