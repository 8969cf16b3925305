package diagnose

import (
	"context"
	"strings"
	"testing"
	"time"

	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
)

func matcher(t *testing.T) *signatures.Matcher {
	t.Helper()
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	return signatures.NewMatcher(set)
}

func TestHints(t *testing.T) {
	var log string
	h := NewHints(matcher(t), func(_ context.Context, _ string, off int64, p []byte) (int, int64, error) {
		return copy(p, log[min(off, int64(len(log))):]), int64(len(log)), nil
	})
	next := func(more string) string {
		log += more
		var ids []string
		for _, g := range h.Next(t.Context(), "job.log") {
			ids = append(ids, g.ID)
		}
		return strings.Join(ids, " ")
	}
	const pool, closed = "Connection pool is full, discarding connection: x\n", "QueuePool limit of size 5 overflow 50 reached\n"
	for i, c := range []struct{ more, want string }{
		{"fine\n" + pool, ""}, {closed[:20], ""}, {closed[20:], "pool-exhausted"}, {closed, ""},
		{strings.Repeat("x\n", mostHint), ""}, {strings.Repeat("y", 2*mostHint) + "\nBOOT FAILED\n", "rabbit-not-started"}, {"", ""},
	} {
		if got := next(c.more); got != c.want {
			t.Errorf("%d: %q, want %q", i, got, c.want)
		}
	}
	if got := (*Hints)(nil).Next(t.Context(), "x"); got != nil {
		t.Error(got)
	}
}

func TestStale(t *testing.T) {
	now := time.Date(2023, 3, 2, 10, 0, 0, 0, time.UTC)
	for line, want := range map[string]bool{
		"2023-03-02 09:00:00.123 7 ERROR":     false,
		"2023-03-01 10:00:00.123 7 ERROR":     false,
		"2023-02-20 10:00:00.123 7 ERROR":     true,
		"2023-02-20T10:00:00+09:00 ctl1 nova": true,
		"Mar  2 09:00:00 ctl1 nova":           false,
		"Feb 20 09:00:00 ctl1 nova":           true,
		"Dec 20 09:00:00 ctl1 nova":           true,
		"230220  9:00:00 [ERROR]":             true,
		"2023-02-20  9:00:00 0 [ERROR]":       true,
		"no time":                             false,
	} {
		if got := stale(line, now, 48*time.Hour); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}
