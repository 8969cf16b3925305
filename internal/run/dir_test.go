package run

import (
	"testing"
	"time"
)

// TestNewIDOrder: of two runs of the same second the newer is the last by name.
func TestNewIDOrder(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	old := ""
	for _, ns := range []int{0, 20_000, 1_000_000, 500_000_000, 999_000_000, 999_999_999, 1_000_000_000} {
		id := NewID(at.Add(time.Duration(ns)))
		if id <= old || !runID.MatchString(id) {
			t.Errorf("%q after %q", id, old)
		}
		old = id
	}
}
