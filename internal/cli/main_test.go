package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"stackhand/internal/engine"
	"stackhand/internal/job"
)

// The test binary is the program too: what it starts as an engine, or as a command, is itself.
//
//	TEST-BINARY __engine DIR     the engine; with STACKHAND_TEST_DIE=N it kills itself at point N
//	TEST-BINARY -- ARGS          any command line
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "__engine" {
		status := mainWith(os.Args[1:], nil, os.Stdout, os.Stderr, dying(os.Getenv("STACKHAND_TEST_DIE")))
		noteSize("engine")
		os.Exit(status)
	}
	if len(os.Args) > 1 && os.Args[1] == "--" {
		status := Main(os.Args[2:], os.Stdin, os.Stdout, os.Stderr)
		noteSize("viewer")
		os.Exit(status)
	}
	os.Exit(m.Run())
}

// noteSize writes down how much memory this process ever had, in KiB (proc(5), VmHWM).
func noteSize(what string) {
	path := os.Getenv("STACKHAND_TEST_SIZES")
	if path == "" {
		return
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "%s=%s\n", what, strings.Fields(rest)[0])
}

// dying counts the points at which an engine may die and kills the process at the one asked
// for. Without a number nothing is wrapped.
func dying(at string) wrapper {
	n, err := strconv.Atoi(at)
	if err != nil {
		return nil
	}
	d := &death{at: n, list: os.Getenv("STACKHAND_TEST_POINTS")}
	return func(j engine.Journal, h engine.Hosts) (engine.Journal, engine.Hosts) {
		return mortalJournal{j, d}, mortalHosts{h, d}
	}
}

type death struct {
	at   int
	list string // file that each point's name is written to

	mu sync.Mutex
	n  int
}

func (d *death) point(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if d.list != "" {
		f, err := os.OpenFile(d.list, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			fmt.Fprintf(f, "%d %s\n", d.n, name)
			f.Close()
		}
	}
	if d.n == d.at {
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
}

type mortalJournal struct {
	engine.Journal
	d *death
}

func (m mortalJournal) AppendWith(body func(int64) engine.Body) (engine.Event, error) {
	e, err := m.Journal.AppendWith(body)
	if err == nil {
		m.d.point("journal " + e.Body.EventType())
	}
	return e, err
}

type mortalHosts struct {
	engine.Hosts
	d *death
}

func (m mortalHosts) Host(name string) (engine.Host, error) {
	h, err := m.Hosts.Host(name)
	return mortalHost{h, m.d}, err
}

type mortalHost struct {
	h engine.Host
	d *death
}

func around[T any](d *death, name string, call func() (T, error)) (T, error) {
	d.point("before " + name)
	v, err := call()
	d.point("after " + name)
	return v, err
}

func around0(d *death, name string, call func() error) error {
	_, err := around(d, name, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

func (m mortalHost) Connect(ctx context.Context) error {
	return around0(m.d, "Connect", func() error { return m.h.Connect(ctx) })
}

func (m mortalHost) Facts(ctx context.Context) (engine.Facts, error) {
	return around(m.d, "Facts", func() (engine.Facts, error) { return m.h.Facts(ctx) })
}

func (m mortalHost) Probe(ctx context.Context, p job.Probe) (job.Output, error) {
	return around(m.d, "Probe", func() (job.Output, error) { return m.h.Probe(ctx, p) })
}

func (m mortalHost) Claim(ctx context.Context, o engine.Owner) (holder engine.Owner, ok bool, err error) {
	holder, err = around(m.d, "Claim", func() (engine.Owner, error) {
		holder, yes, err := m.h.Claim(ctx, o)
		ok = yes
		return holder, err
	})
	return holder, ok, err
}

func (m mortalHost) Release(ctx context.Context, run string) error {
	return around0(m.d, "Release", func() error { return m.h.Release(ctx, run) })
}

func (m mortalHost) TakeOver(ctx context.Context, o, from engine.Owner) error {
	return around0(m.d, "TakeOver", func() error { return m.h.TakeOver(ctx, o, from) })
}

func (m mortalHost) Prepare(ctx context.Context, s job.Spec) error {
	return around0(m.d, "Prepare", func() error { return m.h.Prepare(ctx, s) })
}

func (m mortalHost) Start(ctx context.Context, s job.Spec) (bool, error) {
	return around(m.d, "Start", func() (bool, error) { return m.h.Start(ctx, s) })
}

func (m mortalHost) Look(ctx context.Context, id string) (job.Look, error) {
	return around(m.d, "Look", func() (job.Look, error) { return m.h.Look(ctx, id) })
}

func (m mortalHost) Revoke(ctx context.Context, id string) (bool, error) {
	return around(m.d, "Revoke", func() (bool, error) { return m.h.Revoke(ctx, id) })
}

func (m mortalHost) Follow(ctx context.Context, id string, offset int64, w io.Writer) (job.Look, error) {
	return around(m.d, "Follow", func() (job.Look, error) { return m.h.Follow(ctx, id, offset, w) })
}

func (m mortalHost) Stop(ctx context.Context, id string, hard bool) error {
	return around0(m.d, "Stop", func() error { return m.h.Stop(ctx, id, hard) })
}

func (m mortalHost) Tidy(ctx context.Context, id string) error {
	return around0(m.d, "Tidy", func() error { return m.h.Tidy(ctx, id) })
}

func (m mortalHost) ReadFile(ctx context.Context, path string, most int64) (engine.File, error) {
	return around(m.d, "ReadFile", func() (engine.File, error) { return m.h.ReadFile(ctx, path, most) })
}

func (m mortalHost) ListFiles(ctx context.Context, patterns []string, most int) ([]engine.Listed, error) {
	return around(m.d, "ListFiles", func() ([]engine.Listed, error) { return m.h.ListFiles(ctx, patterns, most) })
}

func (m mortalHost) ReadEnd(ctx context.Context, path string, most int64) (data []byte, size int64, err error) {
	data, err = around(m.d, "ReadEnd", func() ([]byte, error) {
		data, all, err := m.h.ReadEnd(ctx, path, most)
		size = all
		return data, err
	})
	return data, size, err
}

func (m mortalHost) WriteFile(ctx context.Context, path string, f engine.File, backup string) error {
	return around0(m.d, "WriteFile", func() error { return m.h.WriteFile(ctx, path, f, backup) })
}
