package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"stackhand/internal/problem"
)

// Down powers all hosts off and takes everything that the lab has in the kernel away:
// processes, namespaces, mounts, loop devices, cgroups. Disks, keys and site.yaml stay, and
// Up brings all back; with wipe they go too. It relies on nothing but the lab's name and
// directory, so it also clears what is left of a lab that was killed at any moment.
func (l *Lab) Down(ctx context.Context, wipe bool) error {
	if err := CanRun(); err != nil {
		return err
	}
	_, err := os.Stat(l.Dir())
	there := err == nil
	lock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	if r, err := l.load(); err == nil && !wipe {
		if err := l.PowerOff(ctx, r.names()...); err != nil && ctx.Err() != nil {
			return err
		} // a host that does not shut down loses its power below
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // half a clean-up helps nobody
	defer stop()
	if err := l.clear(ctx); err != nil {
		return err
	}
	if !wipe && there {
		return nil
	}
	if err := os.RemoveAll(l.Dir()); err != nil {
		return fmt.Errorf("cannot remove the lab's directory: %w", err)
	}
	_ = os.Remove(l.base) // when nothing else is in it
	return nil
}

// clear ends all of the lab's processes, and then takes away what they leave.
func (l *Lab) clear(ctx context.Context) error {
	errs := []error{
		killCgroup(ctx, l.cgroup()),
		removeCgroup(ctx, l.cgroup()),
	}
	if root := deviceRoot(); root != "" {
		errs = append(errs, removeCgroup(ctx, filepath.Join(root, l.name)))
	}
	errs = append(errs, l.networkDown(ctx))
	// Loop devices let go by themselves when the last mount namespace that used them is gone,
	// which the kernel does a moment after its last process.
	disks := filepath.Join(l.Dir(), "hosts") + "/"
	if err := poll(ctx, 20*time.Millisecond, func() (bool, error) { return len(loops(disks)) == 0, nil }); err != nil {
		errs = append(errs, problem.New(LeftBehind, "", err, "what", strings.Join(loops(disks), " ")))
	}
	return errors.Join(errs...)
}
