package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// BaselineProcedure is the procedure whose runs are baselines: a picture of the site when it was
// well.
const BaselineProcedure = "baseline"

// Baseline is the facts of the last good picture, as a run keeps them: what it compares with
// does not change while it is under way.
type Baseline struct {
	Run   string                            `json:"run"`
	At    time.Time                         `json:"at"`
	Facts map[string]map[string]steps.Value `json:"facts"` // host -> name -> value
}

// KeptBaselines is how many baselines of a site are kept.
const KeptBaselines = 50

// PruneBaselines removes the oldest baselines of a site, so that cron does not fill the disk: all
// but the newest ones, and the one that runs compare with. A run that is not over stays.
func PruneBaselines(root, site string, keep int) error {
	all, err := List(root)
	if err != nil {
		return err
	}
	last, err := LastBaseline(root, site)
	if err != nil {
		return err
	}
	seen := 0
	for _, s := range all {
		if s.Procedure != BaselineProcedure || s.Site != site {
			continue
		}
		if seen++; seen <= keep || s.Alive || !slices.Contains([]string{"done", "failed", "refused", "unreachable", "cancelled"}, s.Outcome) || last != nil && last.Run == s.ID {
			continue
		}
		if err := os.RemoveAll(s.Dir.Path()); err != nil {
			return fmt.Errorf("cannot remove the old baseline %s: %w", s.ID, err)
		}
	}
	return nil
}

// LastBaseline is the newest baseline of a site that ended well, or nil. One for which a host did
// not answer is taken only where there is no other.
func LastBaseline(root, site string) (*Baseline, error) {
	all, err := List(root)
	if err != nil {
		return nil, err
	}
	var partial *Baseline
	for _, s := range all {
		if s.Procedure != BaselineProcedure || s.Site != site || s.Outcome != "done" {
			continue
		}
		st, err := s.Dir.State()
		if err != nil {
			return nil, err
		}
		b := &Baseline{Run: s.ID, At: s.Started, Facts: st.Facts}
		if st.whole() {
			return b, nil
		}
		if partial == nil {
			partial = b
		}
	}
	return partial, nil
}

// whole tells whether every host of the run answered to its end.
func (s *State) whole() bool {
	for _, h := range s.Hosts {
		if h.State == HostFailed || h.State == HostLost || h.State == HostDropped {
			return false
		}
	}
	return true
}

// Encode is the baseline as a run directory has it.
func (b *Baseline) Encode() ([]byte, error) {
	if b == nil {
		return nil, nil
	}
	return json.MarshalIndent(b, "", " ")
}

// Baseline is what the run compares with, or nil.
func (d *Dir) Baseline() (*Baseline, error) {
	data, err := d.read(baselineName)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(data) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b := &Baseline{}
	if err := json.Unmarshal(data, b); err != nil {
		return nil, fmt.Errorf("cannot read the baseline of run %s: %w", d.ID(), err)
	}
	return b, nil
}

// Difference is a fact that a run found otherwise than its baseline.
type Difference struct {
	Host, Fact string
	Was, Is    Reading
}

// Knows tells whether a step found a fact that the baseline has too.
func (b *Baseline) Knows(st *StepView) bool {
	if b == nil || st == nil {
		return false
	}
	for host, facts := range st.First {
		for name, r := range facts {
			if _, known := b.Facts[host][name]; known && r.Value.Absent == "" {
				return true
			}
		}
	}
	return false
}

// Differs lists what a step found otherwise than the baseline, when it looked first; facts that
// the baseline does not have are passed over.
func (b *Baseline) Differs(st *StepView, c *i18n.Catalogue) []Difference {
	if b == nil || st == nil {
		return nil
	}
	var out []Difference
	for _, host := range slices.Sorted(maps.Keys(st.First)) {
		for _, name := range slices.Sorted(maps.Keys(st.First[host])) {
			was, known := b.Facts[host][name]
			if !known {
				continue
			}
			d := Difference{host, name, Reading{Value: was}, st.First[host][name]}
			if d.Was.Text(c) != (Reading{Value: d.Is.Value}).Text(c) {
				out = append(out, d)
			}
		}
	}
	return out
}
