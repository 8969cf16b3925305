package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"stackhand/internal/problem"
)

// An extra disk is a small file system in a file, mounted at a directory of a host, which
// can be filled without harm to anybody else.
//
//	hosts/HOST/extra/disk.img, path (where it is mounted in the host), mount/
//
// The supervisor mounts it before it boots the host, and Init binds it to its place.

func (l *Lab) extraDir(host string) string { return filepath.Join(l.hostDir(host), "extra") }

// extraPath is where the host has its extra disk, or "".
func (l *Lab) extraPath(host string) string {
	b, err := os.ReadFile(filepath.Join(l.extraDir(host), "path"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// merge mounts the host's root at $1/root as the host would see it and runs $2 there; it has
// mounts of its own. $3 the upper directory (relative to the disk), $4 the image, $5 the
// disk file or "", $6 the extra disk.
const merge = `set -eu
mkdir -p "$1/root" "$1/extra"
upper=$3
if [ -n "$5" ]; then mkdir -p "$1/disk"; mount -o loop "$5" "$1/disk"; upper=$1/disk/upper; fi
rm -rf "${upper%/*}/merge"; mkdir "${upper%/*}/merge"
mount -t overlay overlay -o "lowerdir=$4,upperdir=$upper,workdir=${upper%/*}/merge" "$1/root"
mount -o loop "$6" "$1/extra"
rm -rf "$1/extra/lost+found"
`

// cleanMerge takes apart what merge made.
const cleanMerge = `
umount "$1/extra" "$1/root"
rm -rf "${upper%/*}/merge"
if [ -n "$5" ]; then umount "$1/disk"; fi
rm -rf "$1"
`

// AddDisk gives a host that is off a small disk of its own, of that many MiB, at a directory
// that it has, with what is in it. A host has one at most.
func (l *Lab) AddDisk(ctx context.Context, host, path string, mib int) error {
	lock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	r, err := l.known(host)
	if err != nil {
		return err
	}
	if l.on(host) {
		return problem.New(HostsOn, "", nil, "hosts", host)
	}
	if l.extraPath(host) != "" {
		return nil
	}
	dir := l.extraDir(host)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("cannot make a disk for %s: %w", host, err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "mount"), 0o700); err != nil {
		return fmt.Errorf("cannot make a disk for %s: %w", host, err)
	}
	img := filepath.Join(dir, imgFile)
	if err := os.WriteFile(img, nil, 0o600); err != nil {
		return fmt.Errorf("cannot make a disk for %s: %w", host, err)
	}
	if err := os.Truncate(img, int64(mib)<<20); err != nil {
		return fmt.Errorf("cannot make a disk for %s: %w", host, err)
	}
	if _, err := run(ctx, "mkfs.ext4", "-q", "-F", "-m", "0", img); err != nil {
		return err
	}
	if err := l.merged(ctx, r, host, `cp -a "$1/root$2/." "$1/extra/"`, path); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "path"), []byte(path+"\n"), 0o600); err != nil {
		return fmt.Errorf("cannot make a disk for %s: %w", host, err)
	}
	return nil
}

// RemoveDisk takes the extra disk of a host that is off away; what is on it goes to where it
// was mounted.
func (l *Lab) RemoveDisk(ctx context.Context, host string) error {
	lock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	r, err := l.known(host)
	if err != nil {
		return err
	}
	path := l.extraPath(host)
	if path == "" {
		return nil
	}
	if l.on(host) {
		return problem.New(HostsOn, "", nil, "hosts", host)
	}
	const back = `find "$1/root$2" -mindepth 1 -delete; cp -a "$1/extra/." "$1/root$2/"`
	if err := l.merged(ctx, r, host, back, path); err != nil {
		return err
	}
	if err := os.RemoveAll(l.extraDir(host)); err != nil {
		return fmt.Errorf("cannot take the disk of %s away: %w", host, err)
	}
	return nil
}

// merged runs a shell line over the host's root and its extra disk.
func (l *Lab) merged(ctx context.Context, r *record, host, line, path string) error {
	img := filepath.Join(l.extraDir(host), imgFile)
	if err := untilDetached(ctx, img); err != nil {
		return fmt.Errorf("cannot mount the disk of %s, which is still in use: %w", host, err)
	}
	disk := ""
	if r.RealPower {
		disk = filepath.Join(l.hostDir(host), imgFile)
		if err := untilDetached(ctx, disk); err != nil {
			return fmt.Errorf("cannot mount the disk of %s, which is still in use: %w", host, err)
		}
	}
	_, err := runIsolated(ctx, "sh", "-c", merge+line+cleanMerge, "sh", filepath.Join(l.hostDir(host), "merged"), path,
		filepath.Join(l.hostDir(host), "upper"), l.imageDir(r.Image, r.Version), disk, img)
	return err
}

// extraUp mounts the host's extra disk, if it has one, in the supervisor's own mounts.
func (l *Lab) extraUp(ctx context.Context, host string) error {
	if l.extraPath(host) == "" {
		return nil
	}
	img := filepath.Join(l.extraDir(host), imgFile)
	if err := untilDetached(ctx, img); err != nil {
		return fmt.Errorf("cannot mount the disk of %s, which is still in use: %w", host, err)
	}
	_, err := run(ctx, "mount", "-t", "ext4", "-o", "loop", img, filepath.Join(l.extraDir(host), "mount"))
	return err
}

// extraDown unmounts it.
func (l *Lab) extraDown(ctx context.Context, host string) error {
	if l.extraPath(host) == "" {
		return nil
	}
	if err := unix.Unmount(filepath.Join(l.extraDir(host), "mount"), unix.MNT_DETACH); err != nil {
		return fmt.Errorf("cannot unmount the disk of %s: %w", host, err)
	}
	return untilDetached(ctx, filepath.Join(l.extraDir(host), imgFile))
}

// copyExtra copies extra disks beside a snapshot's disk, or back.
func copyExtra(ctx context.Context, from, to string) error {
	if err := os.RemoveAll(filepath.Join(to, "extra")); err != nil {
		return fmt.Errorf("cannot copy a disk: %w", err)
	}
	if _, err := os.Stat(filepath.Join(from, "extra")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return copyDisk(ctx, filepath.Join(from, "extra"), filepath.Join(to, "extra"))
}
