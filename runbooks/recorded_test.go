package runbooks_test

import (
	"slices"
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/runbooks"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// mine are the runbooks whose flows stand on what probes printed below.
var mine = []string{
	"rabbitmq-recovery", "rabbitmq-rebuild", "lbaas-duplicate-namespace", "db-host-blocked", "db-unreachable", "amqp-unreachable", "pool-full", "proxy-arp-lost",
	"instance-error", "instance-data", "vif-creation", "power-state-sync", "mariadb-will-not-start",
}

// TestRunbooksAreClean: lint has nothing to say, not even a warning.
func TestRunbooksAreClean(t *testing.T) {
	for _, id := range mine {
		p, err := steps.Load(runbooks.Library(), id)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		for _, f := range p.Lint(nil, judgements.Declared(judgements.All())...) {
			t.Errorf("%s: %+v", id, f)
		}
	}
}

// TestRunbooksSayNotThis: every flow has its look, its judgement and its "not this" before the first step that
// can change anything, and keeps the scene before it.
func TestRunbooksSayNotThis(t *testing.T) {
	for _, id := range mine {
		p, err := steps.Load(runbooks.Library(), id)
		if err != nil {
			t.Fatal(err)
		}
		ended, fetched := false, false
		for _, s := range p.Steps {
			ended = ended || s.Action == steps.ActEnd && strings.HasPrefix(s.End.Say.En, "Not this")
			fetched = fetched || s.Action == steps.ActFetch
			switch s.Action {
			case steps.ActRun, steps.ActFile, steps.ActCopy, steps.ActReboot, steps.ActCall:
				if !ended || !fetched {
					t.Errorf("%s: %s may change something before \"not this\" (%t) and the scene (%t)", id, s.ID, ended, fetched)
				}
			}
		}
	}
}

// read gives the facts that a step of a runbook takes from what its probe printed.
func read(t *testing.T, runbook, step, printed string) map[string]steps.Value {
	t.Helper()
	p, err := steps.Load(runbooks.Library(), runbook)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Steps, func(s steps.Step) bool { return s.ID == step })
	if i < 0 {
		t.Fatalf("%s has no step %s", runbook, step)
	}
	facts := map[string]steps.Value{}
	for name, r := range p.Steps[i].Read {
		facts[name] = r.Take([]byte(printed), nil, 0)
	}
	return facts
}

// judged runs a judgement over hosts, in the order of their names.
func judged(t *testing.T, name string, hosts map[string]map[string]steps.Value, args map[string]any) judgements.Output {
	t.Helper()
	j, ok := judgements.Find(judgements.All(), name)
	if !ok {
		t.Fatalf("there is no judgement %s", name)
	}
	in := judgements.Input{Args: args}
	order := make([]string, 0, len(hosts))
	for h := range hosts {
		order = append(order, h)
	}
	slices.Sort(order)
	for _, h := range order {
		in.Hosts = append(in.Hosts, judgements.Host{Name: h, Reachable: hosts[h] != nil, Facts: whole(j, hosts[h])})
	}
	out := j.Judge(in)
	for h, v := range out.Hosts {
		if v.Reason.En == "" || v.Reason.Ko == "" || v.Reason.En == v.Reason.Ko {
			t.Errorf("%s says of %s: %+v", name, h, v.Reason)
		}
		if i18n.Text(v.Reason).Empty() || !slices.Contains([]string{judgements.OK, judgements.Odd, judgements.Bad}, v.Level) {
			t.Errorf("%s gives %s the level %q", name, h, v.Level)
		}
	}
	return out
}

// whole has every fact that a judgement reads, absent where nobody read it.
func whole(j judgements.Judgement, facts map[string]steps.Value) map[string]steps.Value {
	out := map[string]steps.Value{}
	for _, name := range j.Reads {
		v, ok := facts[name]
		if !ok {
			v = steps.Value{Absent: steps.WhyUnreachable}
		}
		out[name] = v
	}
	return out
}

func merged(all ...map[string]steps.Value) map[string]steps.Value {
	out := map[string]steps.Value{}
	for _, m := range all {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// list is a let as texts.
func list(t *testing.T, out judgements.Output, let string) string {
	t.Helper()
	v, ok := out.Lets[let]
	if !ok {
		t.Errorf("no let %s", let)
	}
	switch v := v.V.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i], _ = e.(string)
		}
		return strings.Join(parts, " ")
	case string:
		return v
	case bool:
		return map[bool]string{true: "true", false: "false"}[v]
	}
	return ""
}

func verdict(out judgements.Output, host string) string {
	v, _ := out.Hosts[host].Facts["verdict"].V.(string)
	return v
}

// saysWrong: each cause that is mended is said in words, in both languages, and the end of the runbook says it.
func saysWrong(t *testing.T, out judgements.Output, runbook string) {
	t.Helper()
	said, ok := steps.Said(out.Lets["wrong"].V)
	unknown := strings.HasPrefix(said.En, "nothing that is known")
	if cause := list(t, out, "cause"); !ok || said.Ko == "" || said.En == said.Ko || unknown != (cause == "fine") {
		t.Errorf("the cause %s is said as %+v", cause, said)
	}
	p, err := steps.Load(runbooks.Library(), runbook)
	if err != nil {
		t.Fatal(err)
	}
	if end := p.Steps[len(p.Steps)-1]; end.End == nil || !strings.Contains(end.End.Say.En, "{wrong}") || !strings.Contains(end.End.Say.Ko, "{wrong}") {
		t.Errorf("%s does not say at its end what was wrong", runbook)
	}
}
