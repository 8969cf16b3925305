// Package fault breaks practice sets for real, proves that they are broken, and heals them.
//
// A fault is made with what would make it on iron: power that goes in an order while rows are
// written, processes that stop, addresses that are wrong, a full disk. It acts on hosts
// through internal/lab, without SSH, for SSH may be what is broken. Break fails when the
// symptom does not show. One file a family: galera.go and galeraodd.go, database.go and databaseodd.go,
// broker.go and brokerodd.go, network.go, hosts.go, halfdead.go.
//
//	whole ──Break──▶ broken ──Heal, or a runbook and then Heal──▶ whole
//
// It may import internal/lab and the rooms below it, and internal/problem.
package fault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"stackhand/internal/lab"
	"stackhand/internal/lab/set"
	"stackhand/internal/problem"
)

// Problem codes; texts are in internal/i18n.
const (
	Unknown    problem.Code = "lab.fault.unknown"    // fault, known
	OtherSet   problem.Code = "lab.fault.set"        // fault, set, wanted
	NotWhole   problem.Code = "lab.fault.notwhole"   // fault, what
	Present    problem.Code = "lab.fault.present"    // fault, present
	NoSymptom  problem.Code = "lab.fault.nosymptom"  // fault, what, seconds
	OtherHost  problem.Code = "lab.fault.host"       // fault, hosts
	NotPresent problem.Code = "lab.fault.notpresent" // fault
)

// Fault is one that can be made. What it is, in words, is in internal/i18n by its name.
type Fault struct {
	Name  string
	Set   string   // the practice set that it is for
	Hosts []string // where it can be made; the first unless one is asked for. Empty: it has no choice

	// breaks makes it.
	breaks func(context.Context, *scene) error
	// symptom is "" when the fault is there, else what is not so yet.
	symptom func(context.Context, *scene) string
	within  time.Duration // until the symptom shows
	holds   time.Duration // how long it must then stay, before it is believed
	// mend takes away what would keep the set from coming back by itself or being revived; may be nil.
	mend func(context.Context, *scene) error
}

// scene is where a fault is made.
type scene struct {
	*set.Hosts
	l    *lab.Lab
	host string
	rec  *Record
}

// Record is what is known of a fault that was made: LAB/fault.json.
type Record struct {
	Fault string    `json:"fault"`
	Host  string    `json:"host,omitempty"`
	At    time.Time `json:"at"`
	Shown bool      `json:"shown"` // its symptom was seen
	// Rows is how many rows of nova.instances clients were told are there, before the last
	// host that took writes went down; 0 when none were written.
	Rows int `json:"rows,omitempty"`
}

// All are the faults that everybody should have practised, by family.
func All() []Fault {
	return slices.Concat(hostFaults(), galeraFaults(), oddGaleraFaults(), databaseFaults(), brokerFaults(), networkFaults())
}

// Further are rarer causes of the same symptoms, which runbooks tell apart.
func Further() []Fault {
	return slices.Concat(wayFaults(), startFaults(), oddBrokerFaults(), oddNetworkFaults())
}

// Every is both, set by set.
func Every() []Fault {
	every := append(All(), Further()...)
	slices.SortStableFunc(every, func(a, b Fault) int { return strings.Compare(a.Set, b.Set) })
	return every
}

// Names are the names of All, EveryName those of Every.
func Names() []string { return names(All()) }

// EveryName is what can be broken.
func EveryName() []string { return names(Every()) }

func names(faults []Fault) []string {
	var names []string
	for _, f := range faults {
		names = append(names, f.Name)
	}
	return names
}

// Find returns the fault of that name.
func Find(name string) (Fault, error) {
	for _, f := range Every() {
		if f.Name == name {
			return f, nil
		}
	}
	return Fault{}, problem.New(Unknown, "", nil, "fault", name, "known", strings.Join(EveryName(), ", "))
}

func recordPath(l *lab.Lab) string { return filepath.Join(l.Dir(), "fault.json") }

// Now returns the fault that the lab has, or nil.
func Now(l *lab.Lab) (*Record, error) {
	b, err := os.ReadFile(recordPath(l))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read which fault the lab has: %w", err)
	}
	r := &Record{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", recordPath(l), err)
	}
	return r, nil
}

func (s *scene) save() error {
	b, err := json.Marshal(s.rec)
	if err != nil {
		return fmt.Errorf("cannot note the fault: %w", err)
	}
	if err := renameio.WriteFile(recordPath(s.l), append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("cannot note the fault: %w", err)
	}
	return nil
}

// Break makes a fault in a lab whose set is whole, on the host named, and waits until its
// symptom shows. What it did is noted before it begins, so that Heal finds it.
func Break(ctx context.Context, l *lab.Lab, name, host string) (*Record, error) {
	f, err := Find(name)
	if err != nil {
		return nil, err
	}
	if have := l.Set(); have != f.Set {
		return nil, problem.New(OtherSet, "", nil, "fault", name, "set", have, "wanted", f.Set)
	}
	if host == "" && len(f.Hosts) > 0 {
		host = f.Hosts[0]
	} else if host != "" && !slices.Contains(f.Hosts, host) {
		return nil, problem.New(OtherHost, host, nil, "fault", name, "hosts", strings.Join(f.Hosts, ", "))
	}
	if now, err := Now(l); err != nil {
		return nil, err
	} else if now != nil {
		return nil, problem.New(Present, "", nil, "fault", name, "present", now.Fault)
	}
	if missing, err := set.Ready(ctx, l); err != nil {
		return nil, err
	} else if missing != "" {
		return nil, problem.New(NotWhole, "", nil, "fault", name, "what", missing)
	}
	s := &scene{Hosts: set.Of(l), l: l, host: host, rec: &Record{Fault: name, Host: host, At: time.Now()}}
	if err := s.save(); err != nil {
		return nil, err
	}
	if err := f.breaks(ctx, s); err != nil {
		return nil, fmt.Errorf("cannot make the fault %s: %w", name, err)
	}
	missing, since := "", time.Time{}
	err = s.Until(ctx, f.within, func() bool {
		if missing = f.symptom(ctx, s); missing != "" {
			since = time.Time{}
			return false
		}
		if since.IsZero() {
			since = time.Now()
		}
		return time.Since(since) >= f.holds
	})
	if err != nil {
		return nil, problem.New(NoSymptom, host, err, "fault", name, "what", missing, "seconds", fmt.Sprint(int(f.within.Seconds())))
	}
	s.rec.Shown = true
	return s.rec, s.save()
}

// Check says what of a fault's symptom is not there (any more), or "" when it is there.
func Check(ctx context.Context, l *lab.Lab, name string) (string, error) {
	f, err := Find(name)
	if err != nil {
		return "", err
	}
	rec, err := Now(l)
	if err != nil {
		return "", err
	}
	if rec == nil || rec.Fault != name {
		return "", problem.New(NotPresent, "", nil, "fault", name)
	}
	return f.symptom(ctx, &scene{Hosts: set.Of(l), l: l, host: rec.Host, rec: rec}), nil
}

// Heal takes a fault away and waits until the set is whole, whatever was done to the hosts
// meanwhile. Where data can be kept it is; a node that cannot be believed gets a copy.
func Heal(ctx context.Context, l *lab.Lab, name string) error {
	f, err := Find(name)
	if err != nil {
		return err
	}
	rec, err := Now(l)
	if err != nil {
		return err
	}
	if rec == nil || rec.Fault != name {
		return problem.New(NotPresent, "", nil, "fault", name)
	}
	s := &scene{Hosts: set.Of(l), l: l, host: rec.Host, rec: rec}
	if f.mend != nil {
		if err := f.mend(ctx, s); err != nil {
			return fmt.Errorf("cannot heal the fault %s: %w", name, err)
		}
	}
	if err := set.Revive(ctx, l); err != nil {
		return err
	}
	return Forget(l)
}

// Forget drops what is known of a fault: the set was put back by other means.
func Forget(l *lab.Lab) error {
	if err := os.Remove(recordPath(l)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot forget the fault: %w", err)
	}
	return nil
}

// run runs a script on a host.
func (s *scene) run(ctx context.Context, host, script string, args ...string) error {
	_, err := s.l.Run(ctx, host, script, args...)
	return err
}
