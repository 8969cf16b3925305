//go:build linux

package cli_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
)

// TestFaultFullDiskOnTheHost fills the file system that jobs live on: before the run, and in the
// middle of it. It is told with the host and what to do; after room is made the run goes on.
func TestFaultFullDiskOnTheHost(t *testing.T) {
	const fill = "dd if=/dev/zero of=/var/lib/stackhand/fill bs=4k 2>/dev/null; sync; echo full"
	for _, when := range []string{"before", "between", "during"} {
		t.Run(when, func(t *testing.T) {
			b := newBench(t, labtest.Options{})
			b.on("ctl1", "mkdir -p /var/lib/stackhand && mount -t tmpfs -o size=1m tmpfs /var/lib/stackhand")
			switch when {
			case "before":
				b.on("ctl1", fill)
				said := b.says(4, "run", procedure("hold"), "--plain")
				b.wants(said, "The disk of ctl1 is full", "Make room on the file system", "The run is parked")
				b.on("ctl1", "rm /var/lib/stackhand/fill; touch /root/go")
				b.says(0, "attach", "--plain")
			case "between": // the claim is there, the next job finds no room
				v := b.start("run", procedure("hold"), "--plain")
				d := b.dir()
				b.running(d, "hold", "held")
				b.on("ctl1", fill+"; touch /root/go")
				said := v.end(1)
				b.wants(said, "The disk of ctl1 is full", "Make room on the file system", "What comes after")
				b.on("ctl1", "rm /var/lib/stackhand/fill")
				b.says(0, "attach", "--plain", "--decide", "after=retry")
			case "during": // what the job prints finds no room; that is for the script to notice
				v := b.start("run", procedure("loud"), "--plain")
				d := b.dir()
				b.running(d, "loud", "line 1")
				b.on("ctl1", fill+"; touch /root/go")
				said := v.end(1)
				b.wants(said, "No space left on device", "ctl1")
				b.on("ctl1", "rm /var/lib/stackhand/fill")
				b.says(0, "attach", "--plain", "--decide", "loud=retry")
			}
			b.nothingTwice(b.runs()...)
			if got := b.on("ctl1", "sort /root/after | uniq -d"); got != "" {
				t.Errorf("done twice: %s", got)
			}
		})
	}
}

// TestFaultFullDiskOnTheConsole lets the run's own disk run full: the run parks and says why; with
// room made it goes on, and no byte of the log is missing.
func TestFaultFullDiskOnTheConsole(t *testing.T) {
	for _, c := range []struct{ name, size string }{
		{"the log", "3m"},
		{"the reserve is all there is", "900k"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, labtest.Options{})
			if err := syscall.Mount("tmpfs", b.state, "tmpfs", 0, "size="+c.size+",mode=0700"); err != nil {
				t.Skipf("cannot make a small file system: %v", err)
			}
			t.Cleanup(func() {
				b.endEngines()
				if err := syscall.Unmount(b.state, syscall.MNT_DETACH); err != nil {
					t.Error(err)
				}
			})
			v := b.start("run", procedure("loud"), "--plain", "--set", "lines=100000")
			b.on("ctl1", "touch /root/go")
			said := v.end(3)
			b.wants(said, "The run is parked", "the console's disk is full", "stackhand attach")
			d := b.dir()
			st, err := d.State()
			b.must(err)
			if st.Parked == nil || st.Parked.Why != "disk" {
				t.Errorf("parked: %+v", st.Parked)
			}
			// Too early: it is told again, nothing is lost.
			b.wants(b.says(3, "attach", "--plain"), "the console's disk is full")
			b.must(syscall.Mount("tmpfs", b.state, "tmpfs", syscall.MS_REMOUNT, "size=64m,mode=0700"))
			b.says(0, "attach", "--plain")
			b.nothingTwice(d)
			for _, e := range b.events(d) {
				if cut, ok := e.Body.(run.LogTruncated); ok {
					t.Errorf("a log is not complete: %+v", cut)
				}
			}
			if _, err := os.Stat(filepath.Join(d.Path(), "reserve")); err != nil {
				t.Errorf("the reserve for the next time is not there: %v", err)
			}
		})
	}
}
