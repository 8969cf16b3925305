package run

import (
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
)

// Held is what a step holds on a host and nobody has let go of.
type Held struct {
	Unit  Unit
	Until string // the step that lets go of it
	Say   i18n.Text
}

// Held lists what is held: a job of a step that holds something began on a host, and since then the
// step that lets go was not done there, and no way back let go of it.
func (s *State) Held() (all []Held) {
	for _, st := range s.Steps {
		if st.Holds == nil {
			continue
		}
		until := s.Step(st.Holds.Until)
		last := map[string]Unit{}
		taken, freed := map[string]int64{}, map[string]int64{}
		for _, u := range slices.Concat(st.Earlier, st.Units) {
			host := u.Unit.Host
			for _, j := range u.Jobs {
				switch {
				case j.Intent.Way == "letgo" && j.Ended != nil && j.Ended.State == job.Done && j.Ended.Code == 0: // lost, or stopped, has no code
					freed[host] = max(freed[host], j.Seq)
				case !j.Intent.Abort && j.Claimed:
					taken[host], last[host] = max(taken[host], j.Seq), u.Unit
				}
			}
		}
		if until != nil {
			for _, u := range slices.Concat(until.Earlier, until.Units) {
				if u.Phase == PhaseDone || u.Phase == PhaseAlready {
					freed[u.Unit.Host] = max(freed[u.Unit.Host], u.Proven)
				}
			}
		}
		for _, host := range s.Run.Hosts {
			if taken[host] > freed[host] {
				name := func(t string) string { return strings.ReplaceAll(t, "{host_name}", host) }
				all = append(all, Held{last[host], st.Holds.Until, i18n.Text{En: name(st.Holds.Say.En), Ko: name(st.Holds.Say.Ko)}})
			}
		}
	}
	return all
}

// Tries are the unit's jobs without those that took back what it did.
func (v *UnitView) Tries() (jobs []*JobView) {
	if v == nil {
		return nil
	}
	for _, j := range v.Jobs {
		if !j.Intent.Abort {
			jobs = append(jobs, j)
		}
	}
	return jobs
}
