// Package set makes practice sets: labs whose hosts run what a cloud's control plane or
// network nodes run, so that a fault can be made there and a runbook tried on it.
//
//	galera   db1, db2, db3: MariaDB with Galera, HAProxy and keepalived on two of them, RabbitMQ, memcached; cl1: a client
//	network  net1, net2, net3: namespaces as LBaaSv2 and L3 agents leave them; cl1: a client in their external network
//
// It acts on hosts through internal/lab (no SSH), and may import internal/lab and
// internal/problem only. What an operator would find on such hosts is in
// files/, a folder for each set.
package set

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"stackhand/internal/lab"
	"stackhand/internal/problem"
)

//go:embed files
var files embed.FS

// revision changes when what Go does here to hosts changes: prepared disks of before are
// then not used any more. A changed file does so by itself.
const revision = 1

// The sets.
const (
	Galera  = "galera"
	Network = "network"
)

// Problem codes; texts are in internal/i18n.
const (
	Unknown  problem.Code = "lab.set.unknown"  // set, known
	NotReady problem.Code = "lab.set.notready" // set, what
)

// Names are the sets there are.
func Names() []string { return []string{Galera, Network} }

// Options say how a set is made.
type Options struct {
	RealPower bool // a power cut loses what was not synced
	DiskMiB   int
	Notify    func(Note) // may be nil
	// Fresh sets everything up on empty disks, even where prepared ones are kept.
	Fresh bool
}

// Note is something that happened while somebody waited: a step of a set's setting up.
type Note struct {
	Step string // prepared, configure, database, broker, frontend, namespaces, ready
	Took time.Duration
}

// definition is one set.
type definition struct {
	name    string
	options lab.Options
	// alone is how long hosts that were off are left alone, to come back by themselves.
	alone time.Duration
	// build sets everything up on hosts that are on and empty.
	build func(context.Context, *Hosts) error
	// revive brings a whole set back after its hosts were off; it loses nothing.
	revive func(context.Context, *Hosts) error
	// ready says what is not as it should be, or "".
	ready func(context.Context, *Hosts) string
}

func definitions() []definition { return []definition{galeraSet(), networkSet()} }

func find(name string) (definition, error) {
	for _, d := range definitions() {
		if d.name == name {
			return d, nil
		}
	}
	return definition{}, problem.New(Unknown, "", nil, "set", name, "known", strings.Join(Names(), ", "))
}

// Up makes the set in the lab, or finds it: hosts that are off get power, and what does not
// come back by itself is started. Called on a set that is whole, it changes nothing.
func Up(ctx context.Context, l *lab.Lab, name string, o Options) error {
	d, err := find(name)
	if err != nil {
		return err
	}
	if o.Notify == nil {
		o.Notify = func(Note) {}
	}
	h := &Hosts{Lab: l, notify: o.Notify}
	if h.made(name) {
		if err := l.Up(ctx, lab.Options{}); err != nil {
			return err
		}
		return d.bringUp(ctx, h)
	}
	do := d.options
	do.Set, do.Image, do.Subnet, do.RealPower, do.DiskMiB = name, lab.Services, subnet, o.RealPower, o.DiskMiB
	start := time.Now()
	prepared := false
	if !o.Fresh && !o.RealPower {
		if err := l.Prepare(ctx, do); err != nil {
			return err
		}
		if prepared, err = l.RestorePrepared(ctx, key(name)); err != nil {
			return err
		}
	}
	if err := l.Up(ctx, do); err != nil {
		return err
	}
	if prepared {
		h.note("prepared", start)
		if err := h.keep(name); err != nil {
			return err
		}
		return d.bringUp(ctx, h)
	}
	if err := d.build(ctx, h); err != nil {
		return err
	}
	if err := h.untilReady(ctx, d, 5*time.Minute); err != nil {
		return err
	}
	if err := h.keep(name); err != nil {
		return err
	}
	if o.RealPower {
		h.note("ready", start)
		return nil
	}
	// All lose power in the same instant: such a cluster comes back by itself.
	if err := l.PowerCut(ctx, d.options.Hosts...); err != nil {
		return err
	}
	if err := l.SavePrepared(ctx, key(name)); err != nil {
		return err
	}
	if err := l.PowerOn(ctx, d.options.Hosts...); err != nil {
		return err
	}
	defer h.note("ready", start)
	return d.bringUp(ctx, h)
}

// subnet is the same for all labs of a set, for prepared disks have addresses in their files.
const subnet = "10.77.0"

// bringUp waits for what comes back by itself, and starts the rest.
func (d definition) bringUp(ctx context.Context, h *Hosts) error {
	if h.untilReady(ctx, d, d.alone) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := d.revive(ctx, h); err != nil {
		return err
	}
	return h.untilReady(ctx, d, 5*time.Minute)
}

// Reset gives all hosts the disks back that are kept for the lab's set, and brings it up.
// Only a set that started from prepared disks, or made them, can be reset.
func Reset(ctx context.Context, l *lab.Lab) error {
	d, err := find(l.Set())
	if err != nil {
		return err
	}
	if err := l.PowerCut(ctx, d.options.Hosts...); err != nil {
		return err
	}
	if err := l.NetHeal(ctx, d.options.Hosts...); err != nil {
		return err
	}
	found, err := l.RestorePrepared(ctx, key(d.name))
	if err != nil {
		return err
	}
	if !found {
		return problem.New(NotReady, "", nil, "set", d.name, "what", "no prepared disks")
	}
	if err := l.PowerOn(ctx, d.options.Hosts...); err != nil {
		return err
	}
	return d.bringUp(ctx, &Hosts{Lab: l, notify: func(Note) {}})
}

// Ready says what of the lab's set is not as it should be, or "".
func Ready(ctx context.Context, l *lab.Lab) (string, error) {
	d, err := find(l.Set())
	if err != nil {
		return "", err
	}
	return d.ready(ctx, &Hosts{Lab: l}), nil
}

// Revive brings the lab's set back, whatever state its hosts are in, and waits until it is
// whole. It takes the newest data that any host has.
func Revive(ctx context.Context, l *lab.Lab) error {
	d, err := find(l.Set())
	if err != nil {
		return err
	}
	h := &Hosts{Lab: l, notify: func(Note) {}}
	if err := l.PowerOn(ctx, d.options.Hosts...); err != nil {
		return err
	}
	if d.ready(ctx, h) == "" {
		return nil
	}
	if err := d.revive(ctx, h); err != nil {
		return err
	}
	return h.untilReady(ctx, d, 5*time.Minute)
}

func (h *Hosts) untilReady(ctx context.Context, d definition, within time.Duration) error {
	missing := ""
	err := h.Until(ctx, within, func() bool {
		missing = d.ready(ctx, h)
		return missing == ""
	})
	if err != nil {
		return problem.New(NotReady, "", err, "set", d.name, "what", missing)
	}
	return nil
}

// key names prepared disks of a set: a sum over all that goes into it.
func key(name string) string {
	sum := sha256.New()
	fmt.Fprintln(sum, revision, name)
	_ = fs.WalkDir(files, "files/"+name, func(path string, e fs.DirEntry, err error) error { // embedded: cannot fail
		if err == nil && !e.IsDir() {
			b, _ := files.ReadFile(path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(b), b)
		}
		return err
	})
	return fmt.Sprintf("%s-%x", name, sum.Sum(nil)[:6])
}

// secrets are fresh passwords that the services of a set share, by name. Afterwards they are
// where an operator would find them: in the hosts' files.
func secrets(names ...string) map[string]string {
	fresh := map[string]string{}
	for _, n := range names {
		fresh[n] = rand.Text()
	}
	return fresh
}

// made tells whether the set was set up in this lab before.
func (h *Hosts) made(name string) bool {
	b, err := os.ReadFile(filepath.Join(h.Lab.Dir(), "set"))
	return err == nil && strings.TrimSpace(string(b)) == name && h.Lab.Set() == name
}

// keep notes that the set is set up.
func (h *Hosts) keep(name string) error {
	if err := renameio.WriteFile(filepath.Join(h.Lab.Dir(), "set"), []byte(name+"\n"), 0o600); err != nil {
		return fmt.Errorf("cannot note that the set is there: %w", err)
	}
	return nil
}
