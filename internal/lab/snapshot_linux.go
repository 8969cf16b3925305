package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"stackhand/internal/problem"
)

func (l *Lab) snapshotDir(name string) string { return filepath.Join(l.Dir(), "snapshots", name) }

// disk is the file or directory below a host's directory that holds its disk.
func (r *record) disk() string {
	if r.RealPower {
		return imgFile
	}
	return "upper"
}

// Snapshots returns the lab's snapshots, oldest first.
func (l *Lab) Snapshots() ([]Snapshot, error) {
	files, err := filepath.Glob(filepath.Join(l.Dir(), "snapshots", "*", "snapshot.json"))
	if err != nil {
		return nil, err
	}
	var all []Snapshot
	for _, f := range files {
		var s Snapshot
		if err := readJSON(f, &s); err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", f, err)
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Snapshot) int { return a.At.Compare(b.At) })
	return all, nil
}

// SaveSnapshot copies the disks of all hosts, which must be off. With force a snapshot of
// that name is replaced.
func (l *Lab) SaveSnapshot(ctx context.Context, name string, force bool) error {
	if !labName.MatchString(name) {
		return problem.New(BadName, "", nil, "name", name)
	}
	lock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	r, err := l.off()
	if err != nil {
		return err
	}
	to := l.snapshotDir(name)
	var old Snapshot
	if err := readJSON(filepath.Join(to, "snapshot.json"), &old); err == nil && !force {
		return problem.New(SnapshotThere, "", nil, "name", name, "at", old.At.Local().Format(time.DateTime))
	}
	return l.saveDisks(ctx, r, name, to)
}

// saveDisks copies all disks to a directory, which appears when it is whole.
func (l *Lab) saveDisks(ctx context.Context, r *record, name, to string) error {
	fresh := to + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("cannot clear an unfinished snapshot: %w", err)
	}
	for _, h := range r.Hosts {
		from := filepath.Join(l.hostDir(h.Name), r.disk())
		if err := copyExtra(ctx, l.hostDir(h.Name), filepath.Join(fresh, h.Name)); err != nil {
			return err
		}
		if !fileExists(from) {
			continue // it was never on
		}
		if err := copyDisk(ctx, from, filepath.Join(fresh, h.Name, r.disk())); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return fmt.Errorf("cannot make a snapshot: %w", err)
	}
	s := Snapshot{Name: name, At: time.Now(), Hosts: r.names(), Version: r.Version, Real: r.RealPower}
	if err := writeJSON(filepath.Join(fresh, "snapshot.json"), s); err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("cannot replace a snapshot: %w", err)
	}
	if err := os.Rename(fresh, to); err != nil {
		return fmt.Errorf("cannot make a snapshot: %w", err)
	}
	return nil
}

// copyDisk copies a disk with all that a file system knows of it, holes and overlay marks too.
func copyDisk(ctx context.Context, from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("cannot copy a disk: %w", err)
	}
	_, err := run(ctx, "cp", "-a", "--reflink=auto", "--sparse=always", "--", from, to)
	return err
}

// RestoreSnapshot puts the disks of all hosts back as they were, with the hosts off. Without
// force it changes nothing and says as a problem what it would do. The disks that were there
// become the snapshot before-NAME (after-NAME when that is the one restored), whose name is
// returned.
func (l *Lab) RestoreSnapshot(ctx context.Context, name string, force bool) (string, error) {
	lock, err := l.lock(ctx)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	r, err := l.off()
	if err != nil {
		return "", err
	}
	from, before := l.snapshotDir(name), "before-"+strings.TrimPrefix(name, "before-")
	var s Snapshot
	if err := readJSON(filepath.Join(from, "snapshot.json"), &s); err != nil || !labName.MatchString(name) {
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			var known []string
			all, _ := l.Snapshots()
			for _, s := range all {
				known = append(known, s.Name)
			}
			return "", problem.New(NoSnapshot, "", nil, "name", name, "known", strings.Join(known, ", "))
		}
		return "", fmt.Errorf("cannot read the snapshot %s: %w", name, err)
	}
	if s.Version != r.Version || s.Real != r.RealPower {
		return "", problem.New(SnapshotOther, "", nil, "name", name)
	}
	if !force {
		return "", problem.New(SnapshotConfirm, "", nil, "name", name, "hosts", strings.Join(r.names(), ", "),
			"at", s.At.Local().Format(time.DateTime), "kept", before)
	}
	if before == name { // it is what we copy from
		before = "after-" + strings.TrimPrefix(name, "before-")
	}
	if err := l.moveDisks(r, before); err != nil {
		return "", err
	}
	return before, l.restoreDisks(ctx, r, from)
}

// moveDisks makes a snapshot of the disks by moving them: what comes into their place is new.
func (l *Lab) moveDisks(r *record, name string) error {
	to := l.snapshotDir(name)
	if err := os.RemoveAll(to); err != nil {
		return fmt.Errorf("cannot replace the snapshot %s: %w", name, err)
	}
	for _, h := range r.Hosts {
		if err := os.MkdirAll(filepath.Join(to, h.Name), 0o700); err != nil {
			return fmt.Errorf("cannot keep the disks: %w", err)
		}
		err := os.Rename(filepath.Join(l.hostDir(h.Name), r.disk()), filepath.Join(to, h.Name, r.disk()))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot keep the disk of %s: %w", h.Name, err)
		}
		err = os.Rename(l.extraDir(h.Name), filepath.Join(to, h.Name, "extra"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot keep the disk of %s: %w", h.Name, err)
		}
	}
	return writeJSON(filepath.Join(to, "snapshot.json"),
		Snapshot{Name: name, At: time.Now(), Hosts: r.names(), Version: r.Version, Real: r.RealPower})
}

// restoreDisks replaces the disks of all hosts by those in a directory; a host that has none
// there gets an empty one.
func (l *Lab) restoreDisks(ctx context.Context, r *record, from string) error {
	for _, h := range r.Hosts {
		source, disk := filepath.Join(from, h.Name, r.disk()), filepath.Join(l.hostDir(h.Name), r.disk())
		if err := os.RemoveAll(disk); err != nil {
			return fmt.Errorf("cannot put the disk of %s back: %w", h.Name, err)
		}
		if err := copyExtra(ctx, filepath.Join(from, h.Name), l.hostDir(h.Name)); err != nil {
			return err
		}
		if !fileExists(source) {
			continue
		}
		if err := copyDisk(ctx, source, disk); err != nil {
			return err
		}
	}
	return nil
}

// off returns the record when no host is on.
func (l *Lab) off() (*record, error) {
	r, err := l.load()
	if err != nil {
		return nil, err
	}
	var on []string
	for _, h := range r.names() {
		if l.on(h) {
			on = append(on, h)
		}
	}
	if len(on) > 0 {
		return nil, problem.New(HostsOn, "", nil, "hosts", strings.Join(on, ", "))
	}
	return r, nil
}

// A prepared state is a snapshot that labs of the same set share: what a set's hosts look
// like when all is set up. It has no keys and names no lab.
//
//	BASE/images/sets/KEY/

func (l *Lab) preparedDir(key string) string { return filepath.Join(l.imagesDir(), "sets", key) }

// SavePrepared keeps the disks of all hosts, which must be off, for other labs.
func (l *Lab) SavePrepared(ctx context.Context, key string) error {
	lock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	r, err := l.off()
	if err != nil {
		return err
	}
	if r.RealPower || !labName.MatchString(key) {
		return nil // disks in files are not shared
	}
	build, err := lockFile(ctx, l.preparedDir(key)+".lock", unix.LOCK_EX)
	if err != nil {
		return err
	}
	defer build.Close()
	to := l.preparedDir(key + "-" + r.Version)
	if fileExists(to) {
		return nil
	}
	if err := l.saveDisks(ctx, r, key, to+".made"); err != nil {
		return err
	}
	for _, h := range r.names() {
		own, err := filepath.Glob(filepath.Join(to+".made", h, "upper/etc/ssh/ssh_host_*"))
		if err != nil {
			return err
		}
		for _, p := range append(own, filepath.Join(to+".made", h, "upper", marker), filepath.Join(to+".made", h, "upper/etc/machine-id")) {
			if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("cannot prepare disks for other labs: %w", err)
			}
		}
	}
	if err := os.Rename(to+".made", to); err != nil {
		return fmt.Errorf("cannot prepare disks for other labs: %w", err)
	}
	return nil
}

// RestorePrepared gives all hosts, which must be off, the disks kept under key; false when
// there are none.
func (l *Lab) RestorePrepared(ctx context.Context, key string) (bool, error) {
	lock, err := l.lock(ctx)
	if err != nil {
		return false, err
	}
	defer lock.Close()
	r, err := l.off()
	if err != nil {
		return false, err
	}
	from := l.preparedDir(key + "-" + r.Version)
	if r.RealPower || !fileExists(filepath.Join(from, "snapshot.json")) {
		return false, nil
	}
	return true, l.restoreDisks(ctx, r, from)
}
