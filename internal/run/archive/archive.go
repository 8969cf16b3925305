// Package archive writes a run as one file that can be handed to somebody who has neither
// Stackhand nor the site: the reports, the journal, the procedure, the logs, and the scene
// that was fetched, without secrets, with a list of checksums.
//
// It may import internal/run and internal/run/redact.
package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stackhand/internal/run"
	"stackhand/internal/run/redact"
)

// SumsName is the file of checksums in an archive, as `sha256sum -c` reads it.
const SumsName = "SHA256SUMS"

// parts are what an archive takes from a run directory: files, and folders with all inside.
// Sockets, locks and the reserve stay behind.
func parts() []string {
	return []string{"journal.jsonl", "procedure.yaml", "site.yaml", "settings.json", "baseline.json", "engine.log", "logs", "edits", "scene"}
}

// Write writes the run as a gzipped tar whose only folder has the run's name. Extra files,
// such as the reports, come first. Everything passes through the redactor, and what hosts' own files say of
// secrets that nobody named is guessed and taken out (redact.Guess). Only regular
// files are taken, links are not followed. The same run gives the same bytes: times in it are
// those of the run's start.
func Write(out io.Writer, d *run.Dir, extra map[string][]byte, red *redact.Redactor, start time.Time) error {
	z := gzip.NewWriter(out)
	w := &writer{tar: tar.NewWriter(z), top: d.ID(), at: start.UTC().Truncate(time.Second), red: red}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		w.add(name, bytes.NewReader(extra[name]))
	}
	for _, part := range parts() {
		w.walk(d.Path(), part)
	}
	sums := w.sums.Bytes()
	w.put(SumsName, int64(len(sums)), bytes.NewReader(sums))
	if err := errors.Join(w.err, w.tar.Close(), z.Close()); err != nil {
		return fmt.Errorf("cannot write the archive of run %s: %w", d.ID(), err)
	}
	return nil
}

type writer struct {
	tar  *tar.Writer
	top  string
	at   time.Time
	red  *redact.Redactor
	sums bytes.Buffer
	err  error
}

// walk adds a file, or a folder's files, in the order of their names.
func (w *writer) walk(root, part string) {
	err := filepath.WalkDir(filepath.Join(root, part), func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) && file == filepath.Join(root, part) {
				return nil // not every run has everything
			}
			return err
		}
		if !e.Type().IsRegular() {
			return nil
		}
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		name, err := filepath.Rel(root, file)
		if err == nil {
			w.add(filepath.ToSlash(name), f)
		}
		return errors.Join(err, w.err)
	})
	w.err = errors.Join(w.err, err)
}

// add puts a file into the archive, without secrets. It goes through a temporary file: a tar
// wants the size first, and a log may be larger than memory.
func (w *writer) add(name string, r io.Reader) {
	if w.err != nil {
		return
	}
	tmp, err := os.CreateTemp("", "stackhand-export-")
	if err != nil {
		w.err = err
		return
	}
	defer tmp.Close()
	os.Remove(tmp.Name()) // gone with us, whatever happens
	sum := sha256.New()
	guess := redact.Guess(io.MultiWriter(tmp, sum), strings.HasPrefix(name, "scene/") || strings.HasPrefix(name, "logs/"))
	hide := w.red.Writer(guess)
	if _, err = io.Copy(hide, r); err == nil {
		err = errors.Join(hide.Close(), guess.Close())
	}
	size, err2 := tmp.Seek(0, io.SeekEnd)
	_, err3 := tmp.Seek(0, io.SeekStart)
	if w.err = errors.Join(err, err2, err3); w.err == nil {
		w.put(name, size, tmp)
		fmt.Fprintf(&w.sums, "%x  %s\n", sum.Sum(nil), strings.ReplaceAll(name, "\n", "?"))
	}
}

func (w *writer) put(name string, size int64, r io.Reader) {
	if w.err != nil {
		return
	}
	w.err = w.tar.WriteHeader(&tar.Header{Name: path.Join(w.top, name), Mode: 0o600, Size: size, ModTime: w.at, Format: tar.FormatPAX})
	if w.err == nil {
		_, w.err = io.Copy(w.tar, r)
	}
}
