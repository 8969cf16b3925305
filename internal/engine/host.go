// Package engine plans a procedure for a site and runs it: it drives units through their
// life, talks to hosts through the interfaces below, and writes everything that happens into
// the run's journal before the next thing happens. It knows no screen.
//
// It may import steps, internal/run, internal/site, internal/job, internal/problem; never
// internal/remote, which implements Hosts and Host, and never a viewer.
package engine

import (
	"context"
	"io"
	"time"

	"stackhand/internal/job"
)

// Hosts gives the hosts of a site. Host is cheap; a connection is made when it is needed and
// made anew when it is gone.
type Hosts interface {
	Host(name string) (Host, error)
}

// Host is one machine as the engine uses it. Errors carry a *problem.Problem.
type Host interface {
	Connect(ctx context.Context) error
	Facts(ctx context.Context) (Facts, error)
	Probe(ctx context.Context, p job.Probe) (job.Output, error)

	// Claim takes the host for a run: ok when nobody else, or this run, has it.
	Claim(ctx context.Context, o Owner) (holder Owner, ok bool, err error)
	Release(ctx context.Context, run string) error
	TakeOver(ctx context.Context, o, from Owner) error

	// The life of a job; see "A job on a host" in ARCHITECTURE.md.
	Prepare(ctx context.Context, s job.Spec) error
	Start(ctx context.Context, s job.Spec) (started bool, err error)
	Look(ctx context.Context, id string) (job.Look, error)
	Revoke(ctx context.Context, id string) (bool, error)
	Follow(ctx context.Context, id string, offset int64, w io.Writer) (job.Look, error)
	Stop(ctx context.Context, id string, hard bool) error
	Tidy(ctx context.Context, id string) error

	// A file, whole and compared by sha256; larger ones are an error.
	ReadFile(ctx context.Context, path string, most int64) (File, error)
	// Which files patterns name; names are the host's own, and hostile.
	ListFiles(ctx context.Context, patterns []string, most int) ([]Listed, error)
	// A file, or its end where it is longer; size is all of it.
	ReadEnd(ctx context.Context, path string, most int64) (data []byte, size int64, err error)
	// It is written only while this run holds the claim: else remote.claim.lost.
	WriteFile(ctx context.Context, path string, f File, backup string) error
}

// Facts is what the engine wants to know of a host as such.
type Facts struct {
	Boot     string // boot_id, never empty
	Platform string // os-release ID and VERSION_ID: debian-12, ubuntu-22.04, el7
	Clock    time.Time
}

// Owner is who holds a host.
type Owner struct {
	Run, Site, Who, Console string
	Since                   time.Time
}

// File is a file on a host.
type File struct {
	Missing      bool
	Data         []byte
	Mode         uint32 // permission bits
	Owner, Group string // names
}

// Listed is what a pattern found: a file (f), something else (o), or nothing (a), listed as the
// pattern itself.
type Listed struct {
	Path string
	Size int64
	Kind byte
}

// Secrets gives the values of secrets by name: of the site's store, or typed for this run.
type Secrets interface {
	Get(name string) (value string, ok bool)
	Put(name, value string) // typed after the start; kept in memory
	Forget(name string)     // of a typed one, so that it is asked for again
	All() map[string]string
}

// Journal is what the engine writes events to; *run.Journal is one.
type Journal interface {
	AppendWith(make func(seq int64) Body) (Event, error)
}
