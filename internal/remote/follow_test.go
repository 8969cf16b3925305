package remote

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/remote/sshdtest"
)

// throughProxy makes the bed reach its sshd through a proxy.
func throughProxy(t *testing.T, s *sshdtest.Server, change func(*Options)) (*bed, *sshdtest.Proxy) {
	t.Helper()
	p := sshdtest.NewProxy(t, s.Address())
	return newBed(t, s, func(o *Options) {
		o.Site.Hosts[0].Login.Port = p.Port
		known := filepath.Join(filepath.Dir(o.Site.Path), "known_hosts")
		if err := os.WriteFile(known, []byte(s.KnownHostsAt(p.Port)), 0o600); err != nil {
			t.Fatal(err)
		}
		if change != nil {
			change(o)
		}
	}), p
}

func (b *bed) begin(t *testing.T, id, script string) {
	t.Helper()
	ctx := within(t, 30*time.Second)
	if _, ok, err := b.host.Claim(ctx, Owner{Run: "r1", Site: "bed"}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	s := job.Spec{ID: id, Run: "r1", Script: script}
	if err := b.host.Prepare(ctx, s); err != nil {
		t.Fatal(err)
	}
	if started, err := b.host.Start(ctx, s); err != nil || !started {
		t.Fatal(started, err)
	}
}

func (b *bed) out(t *testing.T, id string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(b.opts.Base, "jobs", id, "out"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The connection is cut after a random number of bytes, again and again: what arrives is the
// job's output to the byte.
func TestFollowCut(t *testing.T) {
	b, p := throughProxy(t, sshdtest.Start(t), nil)
	b.begin(t, "r1-1", `i=0
while [ $i -lt 40 ]; do
	head -c 100000 /dev/urandom
	printf 'line %d\n\0' $i
	i=$((i + 1))
	sleep 0.05
done
`)
	var got bytes.Buffer
	cuts := 0
	for {
		p.CutAfter(rand.Int64N(600_000))
		k, err := b.host.Follow(within(t, time.Minute), "r1-1", int64(got.Len()), &got)
		if err == nil {
			if job.Judge(k) != job.Done || k.Code != 0 {
				t.Fatalf("%+v", k)
			}
			break
		}
		if cuts++; cuts > 500 {
			t.Fatalf("too many cuts, %d bytes so far: %v", got.Len(), err)
		}
		if c := problem.Of(err); c == nil || c.Code != "remote.lost" && c.Code != "remote.login.dropped" && c.Code != "remote.handshake" {
			t.Fatalf("cut %d: %v", cuts, err)
		}
	}
	if want := b.out(t, "r1-1"); !bytes.Equal(got.Bytes(), want) {
		t.Fatalf("%d bytes arrived, %d were printed", got.Len(), len(want))
	}
	if cuts == 0 {
		t.Error("nothing was cut")
	}
	t.Logf("%d cuts, %d connections", cuts, p.Connections())
}

type hasher struct {
	hash.Hash
	n    int64
	most uint64
}

func (h *hasher) Write(b []byte) (int, error) {
	h.n += int64(len(b))
	if h.n%(8<<20) < int64(len(b)) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		h.most = max(h.most, m.HeapInuse)
	}
	return h.Hash.Write(b)
}

// One line of 50 MB, on memory that stays flat.
func TestFollowLongLine(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	b.begin(t, "r1-2", "head -c 52428800 /dev/zero | tr '\\0' x; echo\n")
	h := &hasher{Hash: sha256.New()}
	k, err := b.host.Follow(within(t, time.Minute), "r1-2", 0, h)
	if err != nil || job.Judge(k) != job.Done {
		t.Fatal(k, err)
	}
	want := sha256.Sum256(append(bytes.Repeat([]byte("x"), 52428800), '\n'))
	if h.n != 52428801 || !bytes.Equal(h.Sum(nil), want[:]) {
		t.Fatalf("%d bytes arrived, and not the right ones", h.n)
	}
	if h.most > 64<<20 {
		t.Errorf("heap of %d MiB", h.most>>20)
	}
}

type broken struct{ after int }

var errBroken = errors.New("disk of the console full")

func (b *broken) Write(p []byte) (int, error) {
	if len(p) > b.after {
		return b.after, errBroken
	}
	b.after -= len(p)
	return len(p), nil
}

func TestFollowWriterFails(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	b.begin(t, "r1-3", "head -c 100000 /dev/zero; sleep 60\n")
	_, err := b.host.Follow(within(t, time.Minute), "r1-3", 0, &broken{after: 10})
	if !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	if err := b.host.Stop(within(t, time.Minute), "r1-3", true); err != nil {
		t.Fatal(err)
	}
}

// A peer that falls silent is noticed by the keepalives, in the middle of a job's output.
func TestFollowFrozen(t *testing.T) {
	b, p := throughProxy(t, sshdtest.Start(t), func(o *Options) { o.Keepalive = 200 * time.Millisecond })
	b.begin(t, "r1-4", "echo one; sleep 3; echo two\n")
	var got bytes.Buffer
	frozen := false
	w := writerFunc(func(b []byte) (int, error) {
		if !frozen {
			frozen = true
			p.Freeze()
		}
		return got.Write(b)
	})
	began := time.Now()
	_, err := b.host.Follow(within(t, time.Minute), "r1-4", 0, w)
	wantCode(t, err, "remote.lost")
	if d := time.Since(began); d > 10*time.Second {
		t.Errorf("noticed after %v", d)
	}
	p.Thaw()
	k, err := b.host.Follow(within(t, time.Minute), "r1-4", int64(got.Len()), w)
	if err != nil || job.Judge(k) != job.Done || got.String() != "one\ntwo\n" {
		t.Fatalf("%+v %v %q", k, err, got.String())
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
