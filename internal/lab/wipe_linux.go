package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"stackhand/internal/problem"
)

// buildLock is held by who builds an image.
func (l *Lab) buildLock(ctx context.Context, name string) (*os.File, error) {
	path := filepath.Join(l.imagesDir(), name+".build")
	if f, err := tryLock(path, unix.LOCK_EX); err != nil || f != nil {
		return f, err
	}
	l.notify(Note{Kind: NoteImageWait, Image: name})
	f, err := lockFile(ctx, path, unix.LOCK_EX)
	if err != nil {
		return nil, fmt.Errorf("cannot wait for image %s: %w", name, err)
	}
	return f, nil
}

// tryLock is lockFile without patience: nil when somebody else has it.
func tryLock(path string, how int) (*os.File, error) {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer stop()
	f, err := lockFile(ctx, path, how)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, nil
	}
	return f, err
}

// WipeImages removes all images. One on which a host runs, of whatever lab, is busy.
func (l *Lab) WipeImages() error {
	if _, err := os.Stat(l.imagesDir()); os.IsNotExist(err) {
		return nil
	}
	for _, name := range Images() {
		for _, path := range []string{l.imageLockPath(name), filepath.Join(l.imagesDir(), name+".build")} {
			f, err := tryLock(path, unix.LOCK_EX)
			if err != nil {
				return err
			}
			if f == nil {
				return problem.New(ImageBusy, "", nil, "image", name)
			}
			defer f.Close()
		}
	}
	if err := os.RemoveAll(l.imagesDir()); err != nil {
		return fmt.Errorf("cannot remove the images: %w", err)
	}
	_ = os.Remove(l.base) // when nothing else is in it
	return nil
}
