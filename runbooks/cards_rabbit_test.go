package runbooks_test

import (
	"slices"
	"testing"

	"stackhand/runbooks"
	"stackhand/steps"
)

// boxes gives the boxes of a step's card, by their names.
func boxes(t *testing.T, runbook, step string) map[string]steps.HandAsk {
	t.Helper()
	p, err := steps.Load(runbooks.Library(), runbook)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Steps, func(s steps.Step) bool { return s.ID == step && s.Hand != nil })
	if i < 0 {
		t.Fatalf("%s has no card in step %s", runbook, step)
	}
	out := map[string]steps.HandAsk{}
	for _, a := range p.Steps[i].Reads() {
		out[a.Name] = a
	}
	return out
}

// refuses: a box does not take what is no answer to it.
func refuses(t *testing.T, runbook, step string, nonsense map[string][]string) {
	t.Helper()
	all := boxes(t, runbook, step)
	for name, list := range nonsense {
		for _, text := range list {
			if ask, there := all[name]; !there || !refused(ask, text) {
				t.Errorf("%s, %s: the box %s (there: %t) takes %q", runbook, step, name, there, text)
			}
		}
	}
}

func refused(ask steps.HandAsk, text string) bool { _, ok := ask.Take(text); return !ok }

// as is the facts of a card as a flow has them; what is absent is left out.
func as(facts map[string]steps.Value) map[string]any {
	out := map[string]any{}
	for name, v := range facts {
		if v.Absent == "" {
			out[name] = v.V
		}
	}
	return out
}

// says evaluates the when or the proofs of a step; an error is a no.
func (f *flow) says(list ...steps.Expr) bool {
	f.t.Helper()
	for _, e := range list {
		if ok, err := e.Bool(f.sc); err != nil || !ok {
			return false
		}
	}
	return true
}

func proofs(s *steps.Step) (list []steps.Expr) {
	for _, p := range s.Prove {
		list = append(list, p.That)
	}
	return list
}

// TestRabbitRebuildCards: a broker that only its console reaches may show that nothing need be built anew. It is not built anew.
func TestRabbitRebuildCards(t *testing.T) {
	well := map[string]any{"installed": "yes", "booted": "yes", "node": "rabbit@db1", "parted_from": []any{}}
	for _, c := range []struct {
		booted, from string
		well         bool
	}{{"yes", "-", true}, {"no", "-", false}, {"yes", "rabbit@db1, rabbit@db2", false}} {
		f := newFlow(t, "rabbitmq-rebuild", "broker", map[string]map[string]any{"db1": well, "db2": well,
			"db3": as(typed(t, "rabbitmq-rebuild", "look", map[string]string{"booted": c.booted, "parted_from": c.from}))})
		if got := f.says(f.step("not-this").When); got != c.well {
			t.Errorf("%+v: the brokers are well is %t", c, got)
		}
		if f.says(proofs(f.step("all-there"))...) {
			t.Errorf("%+v: a broker that SSH does not reach is there to be built anew", c)
		}
	}
	refuses(t, "rabbitmq-rebuild", "look", map[string][]string{"booted": {"", "true", "-"}, "parted_from": {"", "'rabbit@db-1'", "db1", "[rabbit@db1]"}})

	for said, want := range map[string]bool{"-": true, "192.0.2.12": false} {
		f := newFlow(t, "rabbitmq-rebuild", "broker", map[string]map[string]any{"db1": {"now_open": []any{"192.0.2.11"}, "still_shut": []any{}},
			"db2": as(typed(t, "rabbitmq-rebuild", "after", map[string]string{"now_open": "192.0.2.11, 192.0.2.13", "still_shut": said}))})
		if got := f.says(proofs(f.step("proven"))...); got != want {
			t.Errorf("not reached from the console: %s; proven is %t", said, got)
		}
	}
	refuses(t, "rabbitmq-rebuild", "after", map[string][]string{"now_open": {"", "ctl1", "192.0.2.11 open"}, "still_shut": {"none"}})
}
