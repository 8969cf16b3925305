package ui

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"stackhand/internal/run"
)

// DirWatcher watches a run through its directory: the part of a Watcher that needs nothing
// but files and the control socket. Who has the engine and the secrets adds the rest by the
// fields; a nil one is a thing that cannot be done here.
type DirWatcher struct {
	Dir        *run.Dir
	RedactFunc func([]byte) []byte
	ScriptFunc func(ctx context.Context, u run.Unit) (string, error)
	EditFunc   func(ctx context.Context, question int64, hosts []string, script string) error
	EngineFunc func(ctx context.Context) error // starts the engine again

	mu   sync.Mutex
	tail *run.Tail
	log  string // the log that is open
	file *os.File
}

var errCannot = errors.New("this viewer only watches")

// Events reads what is new in the journal.
func (w *DirWatcher) Events(context.Context) ([]run.Event, error) {
	w.mu.Lock()
	if w.tail == nil {
		w.tail = w.Dir.Tail()
	}
	t := w.tail
	w.mu.Unlock()
	return t.Read()
}

// Baseline is what the run compares with.
func (w *DirWatcher) Baseline(context.Context) (*run.Baseline, error) { return w.Dir.Baseline() }

// Alive tells whether an engine holds the run.
func (w *DirWatcher) Alive(context.Context) bool { return w.Dir.EngineAlive() }

// ReadLog reads raw bytes; a log that is not there yet is empty.
func (w *DirWatcher) ReadLog(_ context.Context, log string, off int64, p []byte) (int, int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.log != log || w.file == nil {
		if w.file != nil {
			w.file.Close()
			w.file = nil
		}
		f, err := os.Open(w.Dir.LogPath(log))
		if errors.Is(err, fs.ErrNotExist) {
			return 0, 0, nil
		}
		if err != nil {
			return 0, 0, err
		}
		w.log, w.file = log, f
	}
	info, err := w.file.Stat()
	if err != nil {
		return 0, 0, err
	}
	n, err := w.file.ReadAt(p, off)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, max(info.Size(), off+int64(n)), err
}

// Redact takes the secrets out.
func (w *DirWatcher) Redact(p []byte) []byte {
	if w.RedactFunc == nil {
		return p
	}
	return w.RedactFunc(p)
}

// Send gives the engine a command over the control socket.
func (w *DirWatcher) Send(ctx context.Context, c run.Command) (run.Reply, error) {
	return w.Dir.Send(ctx, c)
}

// Script is what a unit runs.
func (w *DirWatcher) Script(ctx context.Context, u run.Unit) (string, error) {
	if w.ScriptFunc == nil {
		return "", errCannot
	}
	return w.ScriptFunc(ctx, u)
}

// Edit settles a question with a changed script.
func (w *DirWatcher) Edit(ctx context.Context, question int64, hosts []string, script string) error {
	if w.EditFunc == nil {
		return errCannot
	}
	return w.EditFunc(ctx, question, hosts, script)
}

// Restart starts the engine again.
func (w *DirWatcher) Restart(ctx context.Context) error {
	if w.EngineFunc == nil {
		return errCannot
	}
	return w.EngineFunc(ctx)
}

// Close gives the open log back.
func (w *DirWatcher) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	err := w.file.Close()
	w.file = nil
	return err
}

// RunsOf gives a list of runs as the screens show them.
func RunsOf(all []run.Summary) []RunInfo {
	var out []RunInfo
	for _, s := range all {
		r := RunInfo{Dir: s.Dir.Path(), Run: s.ID, Procedure: s.Procedure, Title: s.Title, Site: s.Site, Started: s.Started, Alive: s.Alive, Questions: s.Questions}
		switch s.Outcome {
		case "running", "dead":
		case "parked":
			r.Parked = true
		default:
			r.Outcome, r.Ended = s.Outcome, s.Last
		}
		out = append(out, r)
	}
	return out
}
