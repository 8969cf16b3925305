package run

import "testing"

func fold(bodies ...Body) *State {
	s := NewState()
	for i, b := range bodies {
		s.Apply(Event{V: Version, Seq: int64(i + 1), Body: b})
	}
	return s
}

func TestFold(t *testing.T) {
	u := Unit{Step: "s", Host: "a"}
	other := Unit{Step: "s", Host: "b"}
	begin := []Body{
		RunStarted{Run: "r", Hosts: []string{"a", "b"}, Plan: []PlannedStep{{ID: "s"}}},
		UnitReady{Step: "s", Units: []Unit{u, other, u}},
	}
	asked := func(kind, value, void string) []Body {
		return []Body{UnitEnded{Unit: u, Attempt: 1, Outcome: OutcomeFailed}, Question{Kind: kind, Unit: u, Attempt: 1}, Answer{Question: 4, Value: value, Void: void}}
	}
	intent := JobIntent{Job: "j", Unit: u, Attempt: 1}
	drop := HostState{Host: "a", State: HostDropped}
	for name, c := range map[string]struct {
		then    []Body
		phase   Phase
		attempt int
	}{
		"ready":                     {nil, PhaseReady, 1},
		"running":                   {[]Body{intent}, PhaseRunning, 1},
		"job ended":                 {[]Body{intent, JobEnded{Job: "j"}}, PhaseVerifying, 1},
		"dropped stays":             {[]Body{intent, drop, JobEnded{Job: "j"}}, PhaseSkipped, 1},
		"dropped, then its end":     {[]Body{intent, drop, UnitEnded{Unit: u, Attempt: 1, Outcome: OutcomeDone}}, PhaseSkipped, 1},
		"dropped, then an intent":   {[]Body{drop, intent}, PhaseSkipped, 1},
		"failed":                    {asked(AskFailed, "skip", "")[:2], PhaseFailed, 1},
		"retry":                     {asked(AskFailed, "retry", ""), PhaseReady, 2},
		"edit":                      {asked(AskFailed, "edit", ""), PhaseReady, 2},
		"void answer":               {asked(AskFailed, "retry", "changed"), PhaseFailed, 1},
		"rerun":                     {[]Body{intent, Question{Kind: AskLost, Unit: u, Attempt: 1}, Answer{Question: 4, Value: "rerun"}}, PhaseReady, 2},
		"rerun of a dropped one":    {[]Body{intent, Question{Kind: AskLost, Unit: u, Attempt: 1}, drop, Answer{Question: 4, Value: "rerun"}}, PhaseSkipped, 1},
		"held":                      {[]Body{UnitHeld{Unit: u, For: other}}, PhaseHeld, 1},
		"what runs is not held":     {[]Body{intent, UnitHeld{Unit: u, For: other}}, PhaseRunning, 1},
		"reopened":                  {[]Body{UnitEnded{Unit: u, Attempt: 1, Outcome: OutcomeDone}, UnitEnded{Unit: u, Attempt: 1, Outcome: OutcomeReopen}}, PhaseReady, 2},
		"checked again, still done": {[]Body{UnitEnded{Unit: u, Attempt: 1, Outcome: OutcomeDone}, Check{Unit: u, Phase: "verify"}}, PhaseDone, 1},
	} {
		st := fold(append(begin[:2:2], c.then...)...)
		v := st.Unit(u)
		if len(st.Step("s").Units) != 2 || v.Phase != c.phase || v.Attempt != c.attempt {
			t.Errorf("%s: %d units, %s, attempt %d", name, len(st.Step("s").Units), v.Phase, v.Attempt)
		}
	}
}

func TestExitStatus(t *testing.T) {
	q := func(kind string) Body { return Question{Kind: kind} }
	for name, c := range map[string]struct {
		events []Body
		want   int
	}{
		"running":          {nil, ExitDetached},
		"done":             {[]Body{RunEnded{Outcome: "done"}}, ExitDone},
		"cancelled":        {[]Body{RunEnded{Outcome: "cancelled"}}, ExitFailed},
		"refused":          {[]Body{RunEnded{Outcome: "refused"}}, ExitRefused},
		"unreachable":      {[]Body{RunEnded{Outcome: "unreachable"}}, ExitUnreachable},
		"parked, failed":   {[]Body{q(AskFailed), RunParked{}}, ExitFailed},
		"parked, confirm":  {[]Body{q(AskConfirm), RunParked{}}, ExitParked},
		"parked, taken":    {[]Body{q(AskClaim), RunParked{}}, ExitTaken},
		"parked, silent":   {[]Body{q(AskReach), RunParked{}}, ExitUnreachable},
		"parked, unknown":  {[]Body{q(AskHostKey), RunParked{}}, ExitUnreachable},
		"settled question": {[]Body{q(AskFailed), Answer{Question: 1}, q(AskConfirm), RunParked{}}, ExitParked},
		"taken over":       {[]Body{RunParked{Why: "takeover"}}, ExitTaken},
		"attached again":   {[]Body{RunParked{}, EngineStarted{}}, ExitDetached},
	} {
		if got := fold(c.events...).ExitStatus(); got != c.want {
			t.Errorf("%s: %d, not %d", name, got, c.want)
		}
	}
}
