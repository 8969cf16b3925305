package diagnose

import (
	"bytes"
	"context"
	"sync"

	"stackhand/runbooks/signatures"
)

// mostHint is how much of a log is looked at for hints in one go. What comes faster than that
// is jumped over: a hint is no promise.
const mostHint = 256 << 10

// Hints watches logs that grow and tells each signature of an outage once. It is safe for use by
// several goroutines; a nil one tells nothing.
type Hints struct {
	m    *signatures.Matcher
	read func(ctx context.Context, log string, off int64, p []byte) (n int, size int64, err error)

	mu   sync.Mutex
	at   map[string]int64 // how far a log was looked at: always the begin of a line
	told map[string]bool  // signatures
}

// NewHints makes a watch over logs that read gives pieces of; nil without a matcher.
func NewHints(m *signatures.Matcher, read func(ctx context.Context, log string, off int64, p []byte) (n int, size int64, err error)) *Hints {
	if m == nil {
		return nil
	}
	return &Hints{m: m, read: read, at: map[string]int64{}, told: map[string]bool{}}
}

// Next looks at what a log has more than the last time, and gives what fits and was not told
// yet. A log that cannot be read gives nothing.
func (h *Hints) Next(ctx context.Context, log string) []*signatures.Signature {
	if h == nil || log == "" {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.at[log]
	piece := make([]byte, mostHint)
	n, size, err := h.read(ctx, log, at, piece)
	if err != nil || size < at {
		return nil
	}
	if size-at > mostHint {
		at = size - mostHint
		if n, _, err = h.read(ctx, log, at, piece); err != nil {
			return nil
		}
	}
	end := bytes.LastIndexByte(piece[:n], '\n') + 1
	if end == 0 && n == mostHint {
		end = n // one endless line
	}
	h.at[log] = at + int64(end)
	var out []*signatures.Signature
	for _, line := range bytes.Split(piece[:end], []byte("\n")) {
		for _, hit := range h.m.Line(line, log) {
			g := hit.Signature
			if g.Verdict == signatures.Outage && !h.told[g.ID] {
				h.told[g.ID] = true
				out = append(out, g)
			}
		}
	}
	return out
}
