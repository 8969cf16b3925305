package engine

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"

	"stackhand/internal/problem"
	"stackhand/internal/run"
)

// TestJournalBreaks fails every append from the n-th on, for each n. A full disk parks the run,
// as soon as there is room for that; anything else is a problem of its own, after which nothing
// more is done. The next engine goes on, and nothing was done twice.
func TestJournalBreaks(t *testing.T) {
	for _, c := range []struct {
		errno  syscall.Errno
		parked bool
	}{{syscall.ENOSPC, true}, {syscall.EDQUOT, true}, {syscall.EIO, false}, {syscall.EROFS, false}} {
		t.Run(c.errno.Error(), func(t *testing.T) {
			for n := int64(1); ; n++ {
				over := false
				synctest.Test(t, func(t *testing.T) {
					r := newRig(t, everything, "a")
					r.answer = everythingAnswers
					var appended atomic.Int64
					reserve := r.dir.ReservePath()
					r.broken = func() error {
						if appended.Add(1) <= n {
							return nil
						}
						if _, err := os.Stat(reserve); c.parked && n > 2 && os.IsNotExist(err) {
							return nil // the room that the reserve gave back
						}
						return fmt.Errorf("cannot write the journal: %w", &os.PathError{Op: "write", Path: "journal.jsonl", Err: c.errno})
					}
					st, err := r.run(0)
					if st.Ended != nil {
						over = true
						return
					}
					switch p := problem.Of(err); {
					case err == nil:
						t.Fatalf("at %d: no error", n)
					case c.parked && (st.Parked == nil && n > 2 || p != nil):
						t.Fatalf("at %d: %v, parked %+v", n, err, st.Parked)
					case !c.parked && (st.Parked != nil || p == nil || p.Code != "engine.journal" || !errors.Is(err, c.errno)):
						t.Fatalf("at %d: %v, parked %+v", n, err, st.Parked)
					}
					r.broken = nil
					if st, err = r.run(0); err != nil || st.Ended == nil || st.Ended.Outcome != "done" {
						t.Fatalf("at %d, the next engine: %+v %v", n, st.Ended, err)
					}
					for _, once := range []string{"build", "reboot", "last", "write /etc/x.conf"} {
						if m := r.w.hosts["a"]; m.ledger[once] != 1 {
							t.Errorf("at %d: %s ran %d times", n, once, m.ledger[once])
						}
					}
				})
				if over || t.Failed() {
					break
				}
			}
		})
	}
}

// TestCommandThatCannotBeWritten is refused with the right reason.
func TestCommandThatCannotBeWritten(t *testing.T) {
	for errno, want := range map[syscall.Errno]string{syscall.ENOSPC: run.ReplyDisk, syscall.EIO: run.ReplyJournal} {
		r := newRig(t, one(simple), "a")
		o := r.o
		o.Events = r.events()
		o.Journal = failing{errno}
		e := New(o)
		if reply := e.handle(t.Context(), run.Command{Do: "drop", Host: "a"}, run.By{}); reply.Error != want {
			t.Errorf("%v: %+v", errno, reply)
		}
	}
}

// failing is a journal on a broken disk.
type failing struct{ err error }

func (f failing) AppendWith(func(int64) Body) (Event, error) { return Event{}, f.err }
