package run

import (
	"maps"
	"strings"

	"stackhand/steps"
)

// PathOf is the path of the procedure that a step belongs to: "" for the run's own, "database/"
// for the one that the step `database` calls. Facts and lets of a called procedure are kept
// under their names with the path before them.
func PathOf(step string) string { return step[:strings.LastIndexByte(step, '/')+1] }

func (s *State) fact(b Fact) {
	host, name := b.Unit.Host, PathOf(b.Unit.Step)+b.Name
	if s.Facts[host] == nil {
		s.Facts[host], s.ByHand[host] = map[string]steps.Value{}, map[string]bool{}
	}
	s.Facts[host][name] = b.Value
	s.ByHand[host][name] = b.By == "hand"
	if st := s.steps[b.Unit.Step]; st != nil {
		if st.Read == nil {
			st.Read = map[string]map[string]Reading{}
		}
		if st.Read[host] == nil {
			st.Read[host] = map[string]Reading{}
		}
		if _, again := st.First[host][b.Name]; !again {
			if st.First == nil {
				st.First = map[string]map[string]Reading{}
			}
			if st.First[host] == nil {
				st.First[host] = map[string]Reading{}
			}
			st.First[host][b.Name] = Reading{b.Value, b.By == "hand"}
		}
		st.Read[host][b.Name] = Reading{b.Value, b.By == "hand"}
	}
}

// meant keeps what is said of a host for the first time.
func (s *State) meant(b Check) {
	st, host := s.steps[b.Unit.Step], b.On
	if host == "" {
		host = b.Unit.Host
	}
	if st == nil {
		return
	}
	if _, again := st.Meant[host]; again {
		return
	}
	if st.Meant == nil {
		st.Meant = map[string]Check{}
	}
	st.Meant[host] = b
}

func (s *State) let(b Let) {
	name := PathOf(b.Step) + b.Name
	delete(s.Lets, name)
	delete(s.NoLets, name)
	if b.Absent != "" {
		s.NoLets[name] = b.Absent
	} else {
		s.Lets[name] = b.Value
	}
}

// inside lists the steps of the procedure that a step calls, and of those that it calls.
func (s *State) inside(call *StepView) (all []*StepView) {
	for _, st := range s.Steps {
		if strings.HasPrefix(st.ID, call.ID+"/") {
			all = append(all, st)
		}
	}
	return all
}

// leftOut settles what a called procedure did not come to.
func (s *State) leftOut(call *StepView, why string, e Event) {
	if call.Action != steps.ActCall {
		return
	}
	for _, st := range s.inside(call) {
		if st.Phase.Settled() {
			continue
		}
		if st.Skipped == nil && !st.Ready {
			st.Skipped = &UnitSkipped{Unit: Unit{Step: st.ID}, Why: why}
		}
		for _, u := range st.Units {
			if !u.Phase.Settled() {
				u.Phase, u.Ended, u.Skipped = PhaseSkipped, e.Time, &UnitSkipped{Unit: u.Unit, Why: why}
			}
		}
		st.Phase, st.Ended = PhaseSkipped, e.Time
	}
}

// anew opens a called procedure again, from its beginning: what it read, computed and was told
// is over. The numbers of attempts go on, so that no answer given before counts again.
func (s *State) anew(call *StepView) {
	path := call.ID + "/"
	for _, st := range s.inside(call) {
		for _, u := range st.Units {
			st.Base = max(st.Base, u.Attempt)
			st.Earlier = append(st.Earlier, u)
		}
		st.Ready, st.Units, st.Skipped, st.Phase, st.Read = false, nil, nil, PhaseWaiting, nil
	}
	mine := func(name string) bool { return strings.HasPrefix(name, path) }
	for host := range s.Facts {
		maps.DeleteFunc(s.Facts[host], func(name string, _ steps.Value) bool { return mine(name) })
	}
	maps.DeleteFunc(s.Lets, func(name string, _ any) bool { return mine(name) })
	maps.DeleteFunc(s.NoLets, func(name, _ string) bool { return mine(name) })
	kept := s.Verdicts[:0:0]
	for _, v := range s.Verdicts {
		if !mine(v.Step) {
			kept = append(kept, v)
		}
	}
	s.Verdicts = kept
}

// Waived gives what the operator waived in the procedure of a path: step -> item, or the
// site's name -> reason.
func (s *State) Waived(path string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, a := range s.Answered {
		u := s.Unit(a.Q.Unit)
		if a.Q.Kind != AskWaive || a.Answer.Void != "" || PathOf(a.Q.Unit.Step) != path || u == nil || u.Attempt != a.Q.Attempt {
			continue
		}
		id := strings.TrimPrefix(u.Unit.Step, path)
		if out[id] == nil {
			out[id] = map[string]string{}
		}
		delete(out[id], a.Q.Typed)
		if a.Answer.Value == a.Q.Typed {
			out[id][a.Q.Typed] = a.Answer.Reason
		}
	}
	return out
}

// Verdict is what the procedure of a path came to by itself, or nil.
func (s *State) Verdict(path string) *Verdict {
	for i := range s.Verdicts {
		if PathOf(s.Verdicts[i].Step) == path {
			return &s.Verdicts[i]
		}
	}
	return nil
}
