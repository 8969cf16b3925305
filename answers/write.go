package answers

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"stackhand/internal/problem"
)

// mostBefore earlier versions of a file are kept; beyond that somebody has to tidy up.
const mostBefore = 1000

// Write puts a file of answers in place: mode 0600, whole or not at all, on the disk when it
// returns. The file that was there is kept beside it as PATH.1, PATH.2 and so on, 0600 too;
// before is its name, empty where there was none or it had these bytes already. A symbolic
// link stays one.
func Write(path string, data []byte) (before string, err error) {
	fail := func(err error) (string, error) { return "", problem.New("answers.write", "", err, "file", path) }
	target := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		target = real
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	old, err := os.ReadFile(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fail(err)
	default:
		if err := os.Chmod(target, 0o600); err != nil {
			return fail(err)
		}
		if bytes.Equal(old, data) {
			return "", nil
		}
		if before, err = keep(target); err != nil {
			return fail(err)
		}
	}
	if err := renameio.WriteFile(target, data, 0o600, renameio.IgnoreUmask(), renameio.WithTempDir(filepath.Dir(target))); err != nil {
		return fail(err)
	}
	if dir, err := os.Open(filepath.Dir(target)); err == nil {
		_ = dir.Sync() // not every file system can; the file's own bytes are on the disk
		_ = dir.Close()
	}
	return before, nil
}

// keep gives the file a second name, the first that is free.
func keep(target string) (string, error) {
	for n := 1; n <= mostBefore; n++ {
		name := fmt.Sprintf("%s.%d", target, n)
		err := os.Link(target, name)
		if err == nil {
			return name, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("there are %d earlier versions beside it already", mostBefore)
}
