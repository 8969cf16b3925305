//go:build linux

package cli_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"stackhand/internal/lab/set"
	"stackhand/internal/site"
)

// farAway listens on the loopback and leads to the SSH of a practice host, every byte later by
// half of the round trip in each direction, as a long line does it: later, not slower.
func (b *bench) farAway(host string, roundTrip time.Duration) (port int) {
	b.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	address := ""
	for _, h := range b.lab.Hosts() {
		if h.Name == host {
			address = h.Address + ":22"
		}
	}
	var wg sync.WaitGroup
	conns := make(chan net.Conn, 1000)
	wg.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := b.lab.Dial(b.t.Context(), address)
			if err != nil {
				near.Close()
				continue
			}
			conns <- near
			conns <- far
			wg.Go(func() { late(far, near, roundTrip/2) })
			wg.Go(func() { late(near, far, roundTrip/2) })
		}
	})
	b.t.Cleanup(func() {
		l.Close()
		for len(conns) > 0 {
			(<-conns).Close()
		}
		wg.Wait()
	})
	return l.Addr().(*net.TCPAddr).Port
}

// late copies from one to the other; each piece arrives that much later than it was sent.
func late(to, from net.Conn, by time.Duration) {
	type piece struct {
		data []byte
		due  time.Time
	}
	pieces := make(chan piece, 1<<14)
	go func() {
		defer close(pieces)
		for {
			buf := make([]byte, 32<<10)
			n, err := from.Read(buf)
			if n > 0 {
				pieces <- piece{buf[:n], time.Now().Add(by)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		<-time.After(time.Until(p.due))
		if _, err := to.Write(p.data); err != nil {
			break
		}
	}
	to.Close()
	from.Close()
	for range pieces { // until its reader has seen the end
	}
}

// TestFarAway: the line is as long as it is said to be; else the next test proves nothing.
func TestFarAway(t *testing.T) {
	near, end := net.Pipe()
	far, other := net.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() { late(far, end, 50*time.Millisecond) })
	began := time.Now()
	wg.Go(func() {
		_, err := io.WriteString(near, "hello")
		if err := errors.Join(err, near.Close()); err != nil {
			t.Error(err)
		}
	})
	got, err := io.ReadAll(other)
	if took := time.Since(began); err != nil || string(got) != "hello" || took < 50*time.Millisecond {
		t.Errorf("%q after %s, %v", got, took, err)
	}
	wg.Wait()
}

// TestLadderOverASlowJumpHost leads the whole ladder over a jump host that is 200 ms away.
func TestLadderOverASlowJumpHost(t *testing.T) {
	if !long() {
		t.Skip("minutes; STACKHAND_LONG=1")
	}
	t.Parallel()
	b := galeraBench(t, false)
	port := b.farAway(set.Client, 200*time.Millisecond)
	b.edit(func(s *site.Site) {
		known, err := os.ReadFile(filepath.Join(filepath.Dir(b.lab.SitePath()), "known_hosts"))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(known)) {
			if names, key, ok := strings.Cut(line, " "); ok && strings.HasPrefix(names, set.Client) {
				line = "[127.0.0.1]:" + strconv.Itoa(port) + " " + key
			}
			lines = append(lines, line)
		}
		path := filepath.Join(b.home, "known_hosts")
		b.write(path, strings.Join(lines, ""))
		s.Dial.Netns, s.Networks, s.Login.KnownHosts = "", nil, path
		for i := range s.Hosts {
			h := &s.Hosts[i]
			if h.Name != set.Client {
				h.Login.Bastion = set.Client
				continue
			}
			h.Addresses["management"], h.Login.Port = "127.0.0.1", port
		}
	})
	b.ladder(ladderCases()[0])
}
