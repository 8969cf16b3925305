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
)

// own is the cgroup of the lab's supervisors and relay, beside those of the hosts; no host
// can have a name with a dot.
const own = ".stackhand"

// unifiedRoot is where cgroups of version 2 are mounted, or "".
func unifiedRoot() string {
	for _, m := range mounts("cgroup2") {
		return m[0]
	}
	return ""
}

// deviceRoot is where the devices controller of version 1 is mounted, or "".
func deviceRoot() string {
	for _, m := range mounts("cgroup") {
		if slices.Contains(strings.Split(m[1], ","), "devices") {
			return m[0]
		}
	}
	return ""
}

// cgroup is the directory of the lab's cgroup, or of one below it. Killing the lab's own
// kills everything that the lab ever started.
func (l *Lab) cgroup(below ...string) string {
	return filepath.Join(append([]string{unifiedRoot(), l.name}, below...)...)
}

// fence makes the host's cgroup of the devices controller: the null devices, terminals,
// tun and fuse, and nothing else, so that root in a host that makes a node for the
// machine's disk cannot open it. A guard against accidents; no boundary of security. On a
// machine with version 2 only there is no such file to write to, and no fence.
func (l *Lab) fence(host string) (string, error) {
	root := deviceRoot()
	if root == "" {
		return "", nil
	}
	dir := filepath.Join(root, l.name, host)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cannot make the device fence of %s: %w", host, err)
	}
	write := func(file, text string) error { return os.WriteFile(filepath.Join(dir, file), []byte(text), 0) }
	if err := write("devices.deny", "a"); err != nil {
		return "", fmt.Errorf("cannot close the device fence of %s: %w", host, err)
	}
	for _, rule := range []string{"c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm",
		"c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm", "c 10:200 rwm", "c 10:229 rwm"} {
		if err := write("devices.allow", rule); err != nil {
			return "", fmt.Errorf("cannot open the device fence of %s for %s: %w", host, rule, err)
		}
	}
	return dir, nil
}

// killCgroup kills all in a cgroup and below, at once, and waits until the dead are gone.
func killCgroup(ctx context.Context, dir string) error {
	err := os.WriteFile(filepath.Join(dir, "cgroup.kill"), []byte("1"), 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot kill what runs in %s: %w", dir, err)
	}
	return untilEmpty(ctx, dir)
}

// untilEmpty waits until nothing runs in a cgroup or below; a killed process needs a moment.
func untilEmpty(ctx context.Context, dir string) error {
	return poll(ctx, 20*time.Millisecond, func() (bool, error) {
		b, err := os.ReadFile(filepath.Join(dir, "cgroup.events"))
		if err != nil { // gone
			return true, nil
		}
		return !strings.Contains(string(b), "populated 1"), nil
	})
}

// removeCgroup removes an empty cgroup and all below.
func removeCgroup(ctx context.Context, dir string) error {
	return poll(ctx, 20*time.Millisecond, func() (bool, error) {
		var dirs []string
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				dirs = append(dirs, path)
			}
			return nil
		})
		for _, d := range slices.Backward(dirs) { // the deepest first
			_ = os.Remove(d) // EBUSY while the dead are leaving: the next round
		}
		_, err := os.Stat(dir)
		return errors.Is(err, fs.ErrNotExist), nil
	})
}

// poll calls until it says true, an error, or the context ends.
func poll(ctx context.Context, every time.Duration, done func() (bool, error)) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
