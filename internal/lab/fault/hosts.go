package fault

import (
	"context"
	"time"

	"stackhand/internal/lab/set"
)

// hostFaults are those of whole hosts.
func hostFaults() []Fault {
	return append([]Fault{
		{Name: "all-hosts-down", Set: set.Galera, breaks: allDown, symptom: allOff, within: 5 * time.Second, mend: recoverAgain},
		{Name: "one-host-never-returns", Set: set.Galera, Hosts: []string{"db3", "db2", "db1"}, breaks: neverReturns, symptom: oneGone, within: 2 * time.Minute, holds: lasting, mend: recoverAgain},
	}, halfDeadFaults()...)
}

// allDown takes the power of all three at different positions, db1 last, and leaves them off.
func allDown(ctx context.Context, s *scene) error { return s.cutApart(ctx) }

func allOff(_ context.Context, s *scene) string {
	for _, db := range set.Databases() {
		if s.l.ProcessID(db) != 0 {
			return db + " is on"
		}
	}
	return ""
}

// neverReturns takes the power of all in the same instant and gives it back to all but one:
// the others wait for it.
func neverReturns(ctx context.Context, s *scene) error {
	if err := s.write(ctx, "db1", 5); err != nil {
		return err
	}
	if err := s.l.PowerCut(ctx, set.Databases()...); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, others(s.host)...)
}

func oneGone(ctx context.Context, s *scene) string {
	if s.l.ProcessID(s.host) != 0 {
		return s.host + " is on"
	}
	for _, db := range others(s.host) {
		if s.started(ctx, db) == "" {
			return db + " has not started mariadbd"
		}
		if s.Node(ctx, db).Cluster == "Primary" {
			return db + " is Primary"
		}
	}
	return ""
}
