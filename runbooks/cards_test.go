package runbooks_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"stackhand/runbooks"
	"stackhand/steps"
)

// TestCardsAreShell: what a card has typed at a host's console is a script that bash can read.
func TestCardsAreShell(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	n := 0
	for _, id := range append([]string{"galera-recovery"}, mine...) {
		p, err := steps.Load(runbooks.Library(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Steps {
			if s.Hand == nil {
				continue
			}
			n++
			cmd := exec.Command(bash, "-n")
			cmd.Stdin = strings.NewReader(strings.Join(s.Hand.Type, "\n"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s, step %s: %v: %s", p.ID, s.ID, err, out)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d cards", n)
	}
}

// typed is what a card makes of values that were typed, as facts of the host: the rest is absent.
func typed(t *testing.T, runbook, step string, values map[string]string) map[string]steps.Value {
	t.Helper()
	p, err := steps.Load(runbooks.Library(), runbook)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Steps, func(s steps.Step) bool { return s.ID == step && s.Hand != nil })
	if i < 0 {
		t.Fatalf("%s has no card in step %s", runbook, step)
	}
	facts := map[string]steps.Value{}
	for name := range p.Steps[i].Read {
		facts[name] = steps.Value{Absent: "by-hand"}
	}
	for _, ask := range p.Steps[i].Reads() {
		v, ok := ask.Take(values[ask.Name])
		if !ok {
			t.Fatalf("%s, %s: the box %s does not take %q", runbook, step, ask.Name, values[ask.Name])
		}
		facts[ask.Name] = v
	}
	return facts
}

// box is one of the boxes of a card.
func box(t *testing.T, runbook, step, name string) steps.HandAsk {
	t.Helper()
	p, err := steps.Load(runbooks.Library(), runbook)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Steps {
		if s.ID != step || s.Hand == nil {
			continue
		}
		asks := s.Reads()
		if i := slices.IndexFunc(asks, func(a steps.HandAsk) bool { return a.Name == name }); i >= 0 {
			return asks[i]
		}
	}
	t.Fatalf("%s has no box %s in step %s", runbook, name, step)
	return steps.HandAsk{}
}

// refuses: a box of a card does not take what is no answer to it.
func refuses(t *testing.T, runbook, step, name string, nonsense ...string) {
	t.Helper()
	ask := box(t, runbook, step, name)
	for _, said := range nonsense {
		if v, ok := ask.Take(said); ok {
			t.Errorf("%s, %s: the box %s takes %q as %v", runbook, step, name, said, v)
		}
	}
}

// plain is what was typed, as a flow has its facts; what is absent is left out.
func plain(facts ...map[string]steps.Value) map[string]any {
	out := map[string]any{}
	for _, each := range facts {
		for name, v := range each {
			if v.Absent == "" {
				out[name] = v.V
			}
		}
	}
	return out
}

// TestCardsAreJudged: what is typed at a console means the same as what was read over SSH.
func TestCardsAreJudged(t *testing.T) {
	const id = "6a1c6f0e-2f2e-4a5b-9a35-0d9a7f0e2b11"
	pools := func(said string) map[string]map[string]steps.Value {
		return map[string]map[string]steps.Value{"ctl1": typed(t, "pool-full", "look", map[string]string{"pools": said})}
	}
	out := judged(t, "pool.full", pools("outage /var/log/nova/nova-api.log 12, warning /var/log/heat/heat-engine.log 3"), nil)
	if list(t, out, "outage_on") != "ctl1" || list(t, out, "services") != "nova-api" {
		t.Errorf("outage on %s, services %s", list(t, out, "outage_on"), list(t, out, "services"))
	}
	if out := judged(t, "pool.full", pools("-"), nil); verdict(out, "ctl1") != "fine" {
		t.Errorf("nothing typed is %s", verdict(out, "ctl1"))
	}
	for _, c := range []struct{ synced, booted, oom, ends, verdict, start string }{
		{id, "yes", "-", "-", "host", id}, {id, "no", "4711, 4712", "-", "memory", id}, {id, "no", "-", "-", "unknown", id},
		{id, "no", "-", id + " shutdown", "shutdown", ""}, {"-", "no", "-", "-", "fine", ""},
	} {
		out := judged(t, "power.state", map[string]map[string]steps.Value{
			"cmp1": typed(t, "power-state-sync", "look", map[string]string{"synced": c.synced, "booted_after": c.booted, "oom": c.oom, "ends": c.ends})}, nil)
		if verdict(out, "cmp1") != c.verdict || list(t, out, "to_start") != c.start {
			t.Errorf("%+v: %s, to start %q", c, verdict(out, "cmp1"), list(t, out, "to_start"))
		}
	}
	brokers := map[string]any{"brokers": []any{"ctl1"}, "names": []any{"ctl1", "10.77.0.11"}}
	for said, want := range map[string]string{"10.77.0.11 open": "fine", "10.77.0.11 refused": "way", "10.77.0.11 silent": "way"} {
		out := judged(t, "amqp.unreachable", map[string]map[string]steps.Value{
			"ctl1": typed(t, "amqp-unreachable", "brokers", map[string]string{"installed": "yes", "state": "active", "booted": "yes"}),
			"ctl2": typed(t, "amqp-unreachable", "logins", map[string]string{"talks": said})}, brokers)
		if verdict(out, "ctl2") != want {
			t.Errorf("%s is %s", said, verdict(out, "ctl2"))
		}
	}
	addresses := map[string]any{"addresses": []any{"10.77.0.11", "10.77.0.14"}}
	out = judged(t, "dbblocked.cause", map[string]map[string]steps.Value{
		"cl1": typed(t, "db-host-blocked", "logins", map[string]string{"blocked_at": "10.77.0.11", "welcome_at": "-", "refused_at": "-"}),
		"db1": typed(t, "db-host-blocked", "servers", map[string]string{"limit": "100"})}, addresses)
	if list(t, out, "blocked") != "cl1" {
		t.Errorf("blocked is %q", list(t, out, "blocked"))
	}
}
