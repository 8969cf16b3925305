package remote

import (
	"context"
	"time"

	"stackhand/internal/job"
)

// Probe runs a text that only reads. Its children have an empty stdin; at its limit the host
// ends it with all its children. Problems besides those of Connect: remote.lost (nothing is
// known), remote.limit, remote.flood.
func (h *Host) Probe(ctx context.Context, p job.Probe) (job.Output, error) {
	l, err := h.to()
	if err != nil {
		return job.Output{}, err
	}
	limit := p.Limit
	if limit == 0 {
		limit = callLimit
	}
	limit = max(limit.Round(time.Second), time.Second)
	r, err := l.run(ctx, call{text: p.Script, root: p.Sudo, limit: limit, most: p.Most})
	out := job.Output{Stdout: r.stdout, Stderr: r.stderr, Exit: r.exit, Cut: r.cut}
	if err != nil {
		return out, err
	}
	// timeout(1) gives 124, and 137 when it had to kill; both may be the text's own.
	if (r.exit == 124 || r.exit == 137) && r.took > limit-100*time.Millisecond {
		return out, l.problem("remote.limit", nil, "limit", limit.String()).WithOutput(printable(string(r.stderr)))
	}
	return out, nil
}
