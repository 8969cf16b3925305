package run

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestControl: a path too long for a socket address, and a socket that a dead engine left.
func TestControl(t *testing.T) {
	for _, depth := range []int{0, 120} {
		d, err := Create(filepath.Join(quickDir(t), strings.Repeat("d", depth)), "r", Files{})
		if err != nil {
			t.Fatal(err)
		}
		if d.EngineAlive() {
			t.Error("an engine answers that is not there")
		}
		for range 2 { // the second one finds the socket of the first
			unlock, err := d.Lock()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Lock(); !errors.Is(err, ErrLocked) {
				t.Errorf("two engines have the run: %v", err)
			}
			ctx, stop := context.WithCancel(t.Context())
			wait, err := d.Serve(ctx, func(_ context.Context, c Command, by By) Reply {
				return Reply{OK: by.UID == os.Geteuid(), Seq: c.Question}
			})
			if err != nil {
				t.Fatal(err)
			}
			if r, err := d.Send(t.Context(), Command{Do: "answer", Question: 7}); err != nil || !r.OK || r.Seq != 7 {
				t.Errorf("%+v %v", r, err)
			}
			if info, err := os.Stat(filepath.Join(d.Path(), socketName)); err != nil || info.Mode().Perm() != 0o600 {
				t.Error(info, err)
			}
			idle, err := d.dial() // a viewer that says nothing does not keep the engine
			if err != nil {
				t.Fatal(err)
			}
			stop()
			wait()
			if _, err := idle.Read(make([]byte, 1)); errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
			idle.Close()
			if d.EngineAlive() {
				t.Error("the engine has left and answers")
			}
			if err := unlock(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
