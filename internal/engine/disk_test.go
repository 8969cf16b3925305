package engine

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/run"
)

// tight is a journal on a disk that is full from a certain event on, until the reserve is freed.
type tight struct {
	j     *run.Journal
	dir   *run.Dir
	after int64
}

func (f tight) AppendWith(body func(int64) Body) (Event, error) {
	_, err := os.Stat(f.dir.ReservePath())
	ev := body(f.after)
	if _, parks := ev.(run.RunParked); f.after > 0 && err == nil || f.after > 0 && !parks {
		return Event{}, &os.PathError{Op: "write", Path: "journal", Err: syscall.ENOSPC}
	}
	return f.j.AppendWith(body)
}

// TestDiskFullParks: the run is parked with what the reserve leaves room for, at whichever
// event the disk is full, and goes on later.
func TestDiskFullParks(t *testing.T) {
	for at := 1; ; at++ {
		over := false
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, one(simple), "a")
			j, events, err := run.OpenJournal(r.dir.JournalPath(), time.Now)
			if err != nil {
				t.Fatal(err)
			}
			o := r.o
			n := 0
			o.Journal, o.Events, o.Hosts = counting(func(body func(int64) Body) (Event, error) {
				n++
				f := tight{j: j, dir: r.dir}
				if n >= at {
					f.after = int64(n)
				}
				return f.AppendWith(body)
			}), events, r.w.pool()
			e := New(o)
			e.serve = (&rig{}).deaf
			err = e.Run(t.Context())
			j.Close()
			if n < at {
				over = true
				return
			}
			if !errors.Is(err, errFull) || !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("full at event %d: %v", at, err)
			}
			st, err := r.dir.State()
			if err != nil || st.Parked == nil || st.Parked.Why != "disk" {
				t.Fatalf("full at event %d: not parked: %+v %v", at, st.Parked, err)
			}
			ends(t, r, "done")
			if got := r.w.hosts["a"].ledger["work"]; got != 1 {
				t.Errorf("full at event %d: ran %d times", at, got)
			}
			if _, err := os.Stat(r.dir.ReservePath()); err != nil {
				t.Error("there is no reserve any more")
			}
		})
		if over || t.Failed() {
			return
		}
	}
}

// counting is a journal made of a function.
type counting func(func(int64) Body) (Event, error)

func (c counting) AppendWith(body func(int64) Body) (Event, error) { return c(body) }
