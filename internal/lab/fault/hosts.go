package fault

import (
	"context"
	"fmt"
	"net"
	"time"

	"stackhand/internal/lab/set"
)

// hostFaults are those of whole hosts.
func hostFaults() []Fault {
	dbs := set.Databases()
	return []Fault{
		{Name: "all-hosts-down", Set: set.Galera, breaks: allDown, symptom: allOff, within: 5 * time.Second, mend: recoverAgain},
		{Name: "one-host-never-returns", Set: set.Galera, Hosts: []string{"db3", "db2", "db1"}, breaks: neverReturns, symptom: oneGone, within: 2 * time.Minute, holds: lasting, mend: recoverAgain},
		{Name: "half-dead-host", Set: set.Galera, Hosts: []string{dbs[2], dbs[1], dbs[0]}, breaks: halfDead, symptom: loginHangs, within: 20 * time.Second, mend: wake},
	}
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

// halfDead stops sshd, and what would start another, as a host does whose disk no longer
// answers: the kernel still accepts connections, and nobody comes to the door.
func halfDead(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, `pid=$(systemctl show -P MainPID ssh) && [ "$pid" -gt 1 ] && kill -STOP "$pid"`)
}

func loginHangs(ctx context.Context, s *scene) string {
	conn, err := s.l.Dial(ctx, net.JoinHostPort(s.Address(s.host), "22"))
	if err != nil {
		return fmt.Sprintf("%s does not accept connections: %v", s.host, err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(3 * time.Second)); err != nil {
		return err.Error()
	}
	if n, err := conn.Read(make([]byte, 64)); n > 0 || err == nil {
		return s.host + ": sshd answers"
	}
	return ""
}

func wake(ctx context.Context, s *scene) error {
	if s.l.ProcessID(s.host) == 0 {
		return nil // its power was taken meanwhile
	}
	return s.run(ctx, s.host, `pid=$(systemctl show -P MainPID ssh) && [ "$pid" -gt 1 ] && kill -CONT "$pid"`)
}
