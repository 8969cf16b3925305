package labtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"stackhand/internal/lab"
	"stackhand/internal/lab/set"
)

// Galera makes the practice set of that name for one test: db1 to db3 and cl1, all of it up.
// Its disks come from those prepared on this machine, if there are any: some 17 seconds, else 40.
func Galera(t testing.TB) *lab.Lab {
	t.Helper()
	return startSet(t, set.Galera, set.Options{})
}

// GaleraRealPower is Galera on disks whose power cut loses what was not synced. Such disks
// are not kept prepared: 40 seconds.
func GaleraRealPower(t testing.TB) *lab.Lab {
	t.Helper()
	return startSet(t, set.Galera, set.Options{RealPower: true, DiskMiB: 1024})
}

// Network makes the practice set of that name for one test: net1 to net3 and cl1.
func Network(t testing.TB) *lab.Lab {
	t.Helper()
	return startSet(t, set.Network, set.Options{})
}

func startSet(t testing.TB, name string, o set.Options) *lab.Lab {
	t.Helper()
	if err := lab.CanRun("mmdebstrap"); err != nil {
		t.Skipf("no practice hosts here: %v", err)
	}
	l, stop, err := MakeSet(name, o)
	if err != nil {
		t.Fatalf("cannot make the practice set %s: %v", name, err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(Logs(l))
		}
		if err := stop(); err != nil {
			t.Errorf("cannot take the practice set away: %v", err)
		}
	})
	return l
}

// MakeSet makes a practice set for the tests of a package; stop takes it away. Between tests
// Reset gives it back as it was at first.
func MakeSet(name string, o set.Options) (l *lab.Lab, stop func() error, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // the first one builds the image
	defer cancel()
	if l, err = New(); err != nil {
		return nil, nil, err
	}
	stop = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		return l.Down(ctx, true)
	}
	if err := set.Up(ctx, l, name, o); err != nil {
		return nil, nil, errors.Join(err, stop())
	}
	return l, stop, nil
}

// Reset gives all hosts of a set the disks back with which it started, whatever was done to
// them, and waits until it is whole: about 15 seconds.
func Reset(t testing.TB, l *lab.Lab) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute) // where several sets run on few cores
	defer cancel()
	if err := set.Reset(ctx, l); err != nil {
		t.Fatalf("cannot put the practice set back: %v", err)
	}
}
