package run

import (
	"testing"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

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

// A called procedure that is begun anew is looked at again; what was found first stays as it was, the
// value and what was said of it together.
func TestFoundStaysTheFirst(t *testing.T) {
	call, look := Unit{Step: "db"}, Unit{Step: "db/look", Host: "a"}
	round := func(attempt int, value, means string) []Body {
		return []Body{
			UnitReady{Step: "db/look", Units: []Unit{look}},
			Fact{Unit: look, Name: "state", Value: steps.Value{V: value}},
			Check{Unit: look, Attempt: attempt, Phase: "means", Level: "bad", Title: i18n.Text{En: means, Ko: means}},
			UnitEnded{Unit: look, Attempt: attempt, Outcome: OutcomeDone},
		}
	}
	bodies := []Body{
		RunStarted{Run: "r", Hosts: []string{"a"}, Plan: []PlannedStep{{ID: "db", Action: steps.ActCall}, {ID: "db/look", Action: steps.ActProbe, Show: []string{"state"}}}},
		UnitReady{Step: "db", Units: []Unit{call}},
	}
	bodies = append(bodies, round(1, "down", "It is down.")...)
	bodies = append(bodies, UnitEnded{Unit: call, Attempt: 1, Outcome: OutcomeFailed}, Question{Kind: AskFailed, Unit: call, Attempt: 1})
	bodies = append(bodies, Answer{Question: int64(len(bodies)), Value: "retry"}, UnitReady{Step: "db", Units: []Unit{call}})
	bodies = append(bodies, round(2, "odd", "It is odd.")...)
	st := fold(bodies...)
	e, _ := st.Found(st.Step("db/look"))
	if now, _ := st.Evidence(st.Step("db/look")); len(now.Rows) != 1 || now.Rows[0].Means.En != "It is odd." || now.Rows[0].Cells[0].Value.V != "odd" {
		t.Fatalf("it was not looked at again: %+v", now)
	}
	if len(e.Rows) != 1 || e.Rows[0].Means.En != "It is down." || e.Rows[0].Cells[0].Value.V != "down" {
		t.Errorf("%+v", e)
	}
}
