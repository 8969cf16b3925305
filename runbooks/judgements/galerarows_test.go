package judgements

import (
	"strings"
	"testing"

	"stackhand/steps"
)

func TestGaleraRows(t *testing.T) {
	const all = "keystone.project=5 nova.instances=100"
	for _, c := range []struct {
		name          string
		then          string // of the baseline, on db1
		before, after []string
		less          bool
		says          string
	}{
		{"nothing to compare with", "", []string{"", ""}, []string{all, all}, false, "no earlier count"},
		{"as then", all, []string{"", ""}, []string{all, all}, false, "No table has fewer rows than in the baseline of 2026-11-20 03:00."},
		{"more than then", all, []string{"", ""}, []string{"keystone.project=5 nova.instances=140", ""}, false, "No table has fewer"},
		{"fewer than then", all, []string{"", ""}, []string{"keystone.project=5 nova.instances=88", ""}, true, "nova.instances=100->88"},
		{"fewer than before the start", "", []string{all, "keystone.project=5 nova.instances=97"}, []string{"keystone.project=5 nova.instances=97", ""}, true, "before the start: nova.instances=100->97"},
		{"a table that could not be counted says nothing", all, []string{"", ""}, []string{"keystone.project=? nova.instances=100", ""}, false, "No table has fewer"},
		{"another node has fewer", "", []string{"", ""}, []string{all, "keystone.project=5 nova.instances=60"}, true, "on another node: db2: nova.instances=100->60"},
		{"garbage counts for nothing", "nova.instances=-4 x nova.instances=1e9 =", []string{"", ""}, []string{all, ""}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{}
			for i, name := range []string{"db1", "db2"} {
				f := map[string]steps.Value{"rows_before": {Absent: steps.WhyNotRead}, "rows_after": {Absent: steps.WhyNotRead}}
				if c.before[i] != "" {
					f["rows_before"] = steps.Value{V: c.before[i]}
				}
				if c.after[i] != "" {
					f["rows_after"] = steps.Value{V: c.after[i]}
				}
				in.Hosts = append(in.Hosts, Host{Name: name, Reachable: true, Facts: f})
			}
			if c.then != "" {
				in.Then = &Then{At: "2026-11-20 03:00", Facts: map[string]map[string]steps.Value{"db1": {"rows": {V: c.then}}}}
			}
			out := galeraRows().Judge(in)
			say := said(t, out.Lets["rows_said"])
			if out.Lets["rows_less"].V != c.less || !strings.Contains(say.En, c.says) || say.Ko == "" {
				t.Errorf("less %v: %+v", out.Lets["rows_less"].V, say)
			}
		})
	}
}
