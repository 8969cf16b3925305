package problem

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestError(t *testing.T) {
	inner := New("remote.tcp.timeout", "gw", io.ErrUnexpectedEOF, "address", "192.0.2.1:22")
	p := New("remote.jump", "ctl1", inner, "bastion", "gw", "a", "b")
	const want = "remote.jump on ctl1 (a b, bastion gw): remote.tcp.timeout on gw (address 192.0.2.1:22): unexpected EOF"
	if p.Error() != want {
		t.Errorf("got  %s\nwant %s", p, want)
	}
	wrapped := fmt.Errorf("cannot begin: %w", p)
	if Of(wrapped) != p || !Is(wrapped, "remote.jump") || Is(wrapped, "remote.tcp.timeout") || !errors.Is(wrapped, io.ErrUnexpectedEOF) {
		t.Error("the chain is broken")
	}
	if Of(io.EOF) != nil {
		t.Error("any error is a problem")
	}
}

func TestWithOutputKeepsTheEnd(t *testing.T) {
	long := make([]byte, 10<<10)
	for i := range long {
		long[i] = 'x'
	}
	p := New("a.b", "", nil).WithOutput(string(long) + "end\xff")
	if len(p.Output) > 4<<10+2 || p.Output[len(p.Output)-6:] != "end\uFFFD" {
		t.Errorf("%d bytes, ending %q", len(p.Output), p.Output[len(p.Output)-6:])
	}
}
