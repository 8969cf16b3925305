package set

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"stackhand/internal/lab"
)

// Hosts are the hosts of a lab, with what setting up and faults do to them.
type Hosts struct {
	Lab    *lab.Lab
	notify func(Note)
}

// Of returns the hosts of a lab.
func Of(l *lab.Lab) *Hosts { return &Hosts{Lab: l, notify: func(Note) {}} }

func (h *Hosts) note(step string, since time.Time) {
	h.notify(Note{Step: step, Took: time.Since(since)})
}

// Address is that of a host, or "".
func (h *Hosts) Address(host string) string {
	for _, x := range h.Lab.Hosts() {
		if x.Name == host {
			return x.Address
		}
	}
	return ""
}

// Try runs a script on a host and returns what it printed, without the last line's end; ""
// when it failed or the host is off. For looking.
func (h *Hosts) Try(ctx context.Context, host, script string, args ...string) string {
	return h.TryFor(ctx, 10*time.Second, host, script, args...)
}

// TryFor is Try with a time of its own: asking a broker takes seconds on a machine at work.
func (h *Hosts) TryFor(ctx context.Context, within time.Duration, host, script string, args ...string) string {
	ctx, stop := context.WithTimeout(ctx, within)
	defer stop()
	out, err := h.Lab.Run(ctx, host, script, args...)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(out)
}

// Each runs a script on hosts side by side.
func (h *Hosts) Each(ctx context.Context, hosts []string, script string, args ...string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, host := range hosts {
		g.Go(func() error {
			_, err := h.Lab.Run(ctx, host, script, args...)
			return err
		})
	}
	return g.Wait()
}

// file is one to be written on a host.
type file struct {
	path, mode, owner string
	from              string // in files/
}

// put writes files on a host, the words in braces replaced.
func (h *Hosts) put(ctx context.Context, host string, words map[string]string, list ...file) error {
	const script = `while [ $# -gt 0 ]; do
	mkdir -p "$(dirname "$1")" && printf %s "$4" >"$1.new" && chown "$3" "$1.new" && chmod "$2" "$1.new" && mv "$1.new" "$1" || exit 1
	shift 4
done`
	var pairs, args []string
	for k, v := range words {
		pairs = append(pairs, "{"+k+"}", v)
	}
	fill := strings.NewReplacer(pairs...)
	for _, f := range list {
		b, err := files.ReadFile("files/" + f.from)
		if err != nil {
			return fmt.Errorf("cannot write %s on %s: %w", f.path, host, err)
		}
		owner := f.owner
		if owner == "" {
			owner = "root:root"
		}
		args = append(args, f.path, f.mode, owner, fill.Replace(string(b)))
	}
	_, err := h.Lab.Run(ctx, host, script, args...)
	return err
}

// Until looks again until what is waited for holds.
func (h *Hosts) Until(ctx context.Context, within time.Duration, holds func() bool) error {
	ctx, stop := context.WithTimeout(ctx, within)
	defer stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		if holds() {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
