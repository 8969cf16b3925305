package lab

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A host's disk is a directory on the machine's (an overlay's upper layer). The machine's
// page cache survives when all processes of the host are killed, so a power cut loses only
// what programs had not yet written. With real power loss it is a file system in a file
// instead, which is told to shut down without flushing before the processes die: what was
// not synced is lost, as on iron.
//
// The file is mounted by the host's supervisor in a mount namespace of its own. When the
// supervisor and the host are gone, so are the mount and the loop device.

const (
	imgFile        = "disk.img"
	imgMount       = "disk"
	defaultDiskMiB = 4096
)

// ext4 shutdown, from the kernel's fs/ext4/ext4.h: _IOR('X', 125, __u32), 2 = do not flush the log.
const (
	ext4IocShutdown = 0x8004587d
	goingNoLogFlush = 2
)

// diskUp mounts the host's disk, made at the first time.
func (l *Lab) diskUp(ctx context.Context, r *record, host string) error {
	img, at := filepath.Join(l.hostDir(host), imgFile), filepath.Join(l.hostDir(host), imgMount)
	if _, err := os.Stat(img); os.IsNotExist(err) {
		f, err := os.OpenFile(img+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("cannot make the disk of %s: %w", host, err)
		}
		defer f.Close()
		if err := f.Truncate(int64(r.DiskMiB) << 20); err != nil {
			return fmt.Errorf("cannot make the disk of %s: %w", host, err)
		}
		if _, err := run(ctx, "mkfs.ext4", "-q", "-F", "-m", "0", img+".new"); err != nil {
			return err
		}
		if err := os.Rename(img+".new", img); err != nil {
			return fmt.Errorf("cannot make the disk of %s: %w", host, err)
		}
	}
	if err := os.MkdirAll(at, 0o700); err != nil {
		return fmt.Errorf("cannot make the disk of %s: %w", host, err)
	}
	// A device that still holds the file would give back the file system that was shut down.
	if err := untilDetached(ctx, img); err != nil {
		return fmt.Errorf("cannot mount the disk of %s, which is still in use: %w", host, err)
	}
	_, err := run(ctx, "mount", "-t", "ext4", "-o", "loop", img, at)
	return err
}

// diskCut makes the mounted file system lose what it has not written.
func diskCut(at string) error {
	fd, err := unix.Open(at, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("cannot open the disk: %w", err)
	}
	defer unix.Close(fd)
	if err := unix.IoctlSetPointerInt(fd, ext4IocShutdown, goingNoLogFlush); err != nil {
		return fmt.Errorf("cannot take the disk's power: %w", err)
	}
	return nil
}

// diskDown unmounts the disk and waits until its loop device is gone.
func (l *Lab) diskDown(ctx context.Context, host string) error {
	if err := unix.Unmount(filepath.Join(l.hostDir(host), imgMount), unix.MNT_DETACH); err != nil {
		return fmt.Errorf("cannot unmount the disk of %s: %w", host, err)
	}
	return untilDetached(ctx, filepath.Join(l.hostDir(host), imgFile))
}

func untilDetached(ctx context.Context, img string) error {
	ctx, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	return poll(ctx, 20*time.Millisecond, func() (bool, error) { return len(loops(img)) == 0, nil })
}

// loops are the loop devices whose file's path starts with prefix.
func loops(prefix string) []string {
	files, _ := filepath.Glob("/sys/block/loop*/loop/backing_file") // the pattern is a good one
	var found []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err == nil && strings.HasPrefix(string(b), prefix) {
			found = append(found, filepath.Join("/dev", filepath.Base(filepath.Dir(filepath.Dir(f)))))
		}
	}
	return found
}
