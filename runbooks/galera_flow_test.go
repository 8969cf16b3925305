package runbooks_test

import (
	"strings"
	"testing"

	"stackhand/internal/job"
	"stackhand/internal/site"
	"stackhand/runbooks"
	"stackhand/steps"
)

// flow is a runbook over a site whose hosts have facts.
type flow struct {
	t  *testing.T
	p  *steps.Procedure
	sc steps.Scope
}

func newFlow(t *testing.T, runbook, role string, facts map[string]map[string]any) *flow {
	t.Helper()
	p, err := steps.Load(runbooks.Library(), runbook)
	if err != nil {
		t.Fatal(err)
	}
	s := &site.Site{Name: "lab"}
	for _, name := range []string{"db1", "db2", "db3"} {
		s.Hosts = append(s.Hosts, site.Host{Name: name, Roles: []string{role}, Addresses: map[string]string{"management": "192.0.2.1" + name[2:]}})
	}
	return &flow{t, p, steps.Scope{Procedure: p, Site: s, Lets: map[string]any{}, Fact: func(host, name string) steps.Value {
		if v, ok := facts[host][name]; ok {
			return steps.Value{V: v}
		}
		return steps.Value{Absent: steps.WhyUnreachable}
	}}}
}

func (f *flow) step(id string) *steps.Step {
	f.t.Helper()
	for i := range f.p.Steps {
		if f.p.Steps[i].ID == id {
			return &f.p.Steps[i]
		}
	}
	f.t.Fatalf("there is no step %s", id)
	return nil
}

// holds tells whether a check holds of what its probe printed.
func (f *flow) holds(c steps.Check, printed string) bool {
	f.t.Helper()
	values := map[string]steps.Value{}
	for name, r := range c.Read {
		values[name] = r.Take([]byte(printed), nil, 0)
	}
	ok, _, _ := c.Want.Judge(job.Output{Stdout: []byte(printed)}, values, f.sc)
	return ok
}

// A start is taken for done only where the newest node is Primary with what it knew: somebody may have started the cluster
// from another one meanwhile, and this one may have got a copy of that.
func TestGaleraAlreadyPrimary(t *testing.T) {
	const other = "11111111-e582-11f1-ae9e-03049f2df6b7"
	for _, step := range []string{"bootstrap", "continue"} {
		f := newFlow(t, "galera-recovery", "database", nil)
		f.sc.Lets["cluster_id"], f.sc.Lets["newest_seqno"] = clusterA, 41.0 // as read back from a journal
		check := f.step(step).Check[0]
		for printed, want := range map[string]bool{
			"cluster_status: Primary\ncluster_uuid: " + clusterA + "\ncommitted: 41\n":     true,
			"cluster_status: Primary\ncluster_uuid: " + clusterA + "\ncommitted: 57\n":     true,
			"cluster_status: Primary\ncluster_uuid: " + clusterA + "\ncommitted: 40\n":     false,
			"cluster_status: Primary\ncluster_uuid: " + other + "\ncommitted: 57\n":        false,
			"cluster_status: non-Primary\ncluster_uuid: " + clusterA + "\ncommitted: 57\n": false,
			"cluster_status: Primary\n": false,
			"":                          false,
		} {
			if got := f.holds(check, printed); got != want {
				t.Errorf("%s, and %q: already done is %t", step, printed, got)
			}
		}
	}
}

// A setting that makes a second cluster at the next start is told of by name, on a cluster that is well too.
func TestGaleraBootstrapLeft(t *testing.T) {
	for name, c := range map[string]struct {
		left  string
		class string
		ends  bool
	}{
		"none":               {"none", "healthy", false},
		"left":               {"systemd-environment", "healthy", true},
		"left, and not well": {"systemd-environment", "all-down", false},
	} {
		f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{"db1": {"bootstrap_left": "none"}, "db2": {"bootstrap_left": c.left}})
		for _, let := range []string{"left_behind", "left_now"} {
			for _, s := range f.p.Steps {
				if e, ok := s.Let[let]; ok {
					v, err := e.Eval(f.sc)
					if err != nil {
						t.Fatal(err)
					}
					f.sc.Lets[let] = v
				}
			}
			if said, _ := f.sc.Lets[let].(string); strings.Contains(said, "db2: "+c.left) != (c.left != "none") {
				t.Errorf("%s: %s is %q", name, let, said)
			}
		}
		f.sc.Lets["class"] = c.class
		if ends, err := f.step("well-but-left").When.Bool(f.sc); err != nil || ends != c.ends {
			t.Errorf("%s: it ends with that: %t %v", name, ends, err)
		}
	}
}

// Where no host can be looked at, no runbook says that what it is for is well.
func TestNobodyAnswers(t *testing.T) {
	for runbook, c := range map[string]struct{ role, fact string }{
		"rabbitmq-recovery": {"broker", "installed"}, "mariadb-will-not-start": {"database", "installed"},
		"lbaas-duplicate-namespace": {"network", "agent"}, "proxy-arp-lost": {"network", "script"},
	} {
		for name, facts := range map[string]map[string]map[string]any{"nobody": nil, "one": {"db2": {c.fact: "yes"}}} {
			f := newFlow(t, runbook, c.role, facts)
			if ok, err := f.step("seen").Prove[0].That.Bool(f.sc); err != nil || ok != (name == "one") {
				t.Errorf("%s, %s answers: %t %v", runbook, name, ok, err)
			}
			seen := false
			for _, s := range f.p.Steps {
				if seen = seen || s.ID == "seen"; s.ID == "not-this" && !seen {
					t.Errorf("%s says \"not this\" before anybody was seen", runbook)
				}
			}
		}
	}
}

// A node with a full disk may have to be killed: then half of the nodes are no majority.
func TestFullDiskMajority(t *testing.T) {
	for name, c := range map[string]struct {
		active []string
		want   bool
	}{"two of three": {[]string{"db2", "db3"}, true}, "one of three": {[]string{"db2"}, false}} {
		facts := map[string]map[string]any{}
		for _, db := range c.active {
			facts[db] = map[string]any{"state": "active"}
		}
		f := newFlow(t, "mariadb-will-not-start", "database", facts)
		f.sc.Host, f.sc.Lets["sick"] = "db1", []any{"db1"}
		if ok, err := f.step("halt").Guard[0].That.Bool(f.sc); err != nil || ok != c.want {
			t.Errorf("%s: %t %v", name, ok, err)
		}
		f.sc.Site.Hosts = f.sc.Site.Hosts[:2]
		if ok, err := f.step("halt").Guard[0].That.Bool(f.sc); err != nil || ok {
			t.Errorf("one of two: %t %v", ok, err)
		}
	}
}

// There is room for a full copy only where somebody knows how large it is: how much a Synced node has.
func TestGaleraRoomForACopy(t *testing.T) {
	for name, c := range map[string]struct {
		donor map[string]any
		want  bool
	}{
		"room":              {map[string]any{"comment": "Synced", "data_mib": 500}, true},
		"no room":           {map[string]any{"comment": "Synced", "data_mib": 900}, false},
		"nobody knows":      {map[string]any{"comment": "Synced"}, false},
		"only a dead one's": {map[string]any{"data_mib": 500}, false},
	} {
		f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{"db1": {"free_mib": 1000, "data_mib": 10}, "db2": c.donor})
		f.sc.Host = "db1"
		if ok, err := f.step("empty").Guard[1].That.Bool(f.sc); err != nil || ok != c.want {
			t.Errorf("%s: %t %v", name, ok, err)
		}
	}
}

// Who was not asked may block a host still, and the end says so.
func TestBlockedUnasked(t *testing.T) {
	f := newFlow(t, "db-host-blocked", "database", map[string]map[string]any{"db1": {"limit": 100}, "db3": {"limit": 100}})
	v, err := f.step("unasked").Let["unasked"].Eval(f.sc)
	if end := f.step("mended").End; err != nil || v != "db2" || !strings.Contains(end.Say.En, "{unasked}") || !strings.Contains(end.Say.Ko, "{unasked}") {
		t.Errorf("not asked: %v %v", v, err)
	}
}

// The scene is kept before the first change, whichever it is.
func TestGaleraSceneFirst(t *testing.T) {
	p := newFlow(t, "galera-recovery", "database", nil).p
	kept := map[string]bool{}
	for _, s := range p.Steps {
		switch s.Action {
		case steps.ActFetch:
			kept[s.When.Text] = true
		case steps.ActRun, steps.ActFile, steps.ActCopy:
			if !kept[s.When.Text] && !kept[""] {
				t.Errorf("%s changes something before anything is kept", s.ID)
			}
		}
	}
}

// No mysqld is killed that serves, or receives a copy, also not one that somebody has started meanwhile.
func TestGaleraFreesOnlyWhatHangs(t *testing.T) {
	for name, c := range map[string]struct {
		facts map[string]any
		want  bool
	}{
		"hangs":           {map[string]any{"sst": "none", "cluster_status": "non-Primary"}, true},
		"says nothing":    {map[string]any{"sst": "none"}, true},
		"is Primary":      {map[string]any{"sst": "none", "cluster_status": "Primary"}, false},
		"receives a copy": {map[string]any{"sst": "joiner"}, false},
	} {
		f := newFlow(t, "galera-recovery", "database", map[string]map[string]any{"db1": c.facts})
		f.sc.Host = "db1"
		for _, step := range []string{"free", "free-rest"} {
			s, holds := f.step(step), true
			for _, g := range s.Guard {
				ok, err := g.That.Bool(f.sc)
				if err != nil {
					t.Fatal(err)
				}
				holds = holds && ok
			}
			if holds != c.want || len(s.Guard) == 0 || s.Guard[0].Reread != "look" {
				t.Errorf("%s: the guards of %s say %t", name, step, holds)
			}
		}
	}
}
