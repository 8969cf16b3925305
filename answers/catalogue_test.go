package answers

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/i18n"
)

func packstack(t *testing.T, release string) *Catalogue {
	t.Helper()
	c, err := Load("packstack-" + release)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Both releases have the 315 parameters that were counted in their source, and differ in one each.
func TestPackstackCatalogues(t *testing.T) {
	stein, train := packstack(t, "stein"), packstack(t, "train")
	for _, c := range []*Catalogue{stein, train} {
		if len(c.Entries) != 315 || len(c.Groups) != 66 {
			t.Errorf("%s: %d entries in %d groups", c.Name(), len(c.Entries), len(c.Groups))
		}
		if e := c.Entry("CONFIG_NEUTRON_L2_AGENT"); e == nil || e.Default != "ovn" || e.When == nil || !slices.Contains(e.Choices, "openvswitch") {
			t.Errorf("%s: the L2 agent is %+v", c.Name(), e)
		}
		secrets := 0
		for _, e := range c.Entries {
			if e.Secret {
				secrets++
			}
			if (e.Type == TypeChoice || e.Type == TypeChoices || e.Type == TypeYesNo) != (len(e.Choices) > 0) && !slices.Contains(e.Validators, "regexp") && !slices.Contains(e.Validators, "multi_regexp") && !slices.Contains(e.Validators, "neutron") {
				t.Errorf("%s: type %s with choices %v", e.Key, e.Type, e.Choices)
			}
			if e.Generate != nil && !e.Secret {
				t.Errorf("%s is generated and no secret", e.Key)
			}
		}
		if secrets < 55 {
			t.Errorf("%s: only %d secrets", c.Name(), secrets)
		}
	}
	var only []string
	for _, pair := range [][2]*Catalogue{{stein, train}, {train, stein}} {
		for _, e := range pair[0].Entries {
			if pair[1].Entry(e.Key) == nil {
				only = append(only, pair[0].Release+" "+e.Key)
			}
		}
	}
	if want := []string{"stein CONFIG_LBAAS_INSTALL", "train CONFIG_SKIP_TEMPEST_TESTS"}; !slices.Equal(only, want) {
		t.Errorf("only in one: %v, want %v", only, want)
	}
}

func TestCondition(t *testing.T) {
	values := map[string]string{"A": "y", "B": "lvm,nfs", "C": "", "D": "Yes"}
	get := func(k string) string { return values[k] }
	for _, tc := range []struct {
		c    *Condition
		want bool
	}{
		{nil, true},
		{&Condition{}, true},
		{&Condition{All: []Term{{Key: "A", Op: "eq", Value: "y"}, {Key: "B", Op: "substring", Value: "nfs"}}}, true},
		{&Condition{All: []Term{{Key: "A", Op: "eq", Value: "y"}, {Key: "C", Op: "nonempty"}}}, false},
		{&Condition{Any: []Term{{Key: "C", Op: "nonempty"}, {Key: "A", Op: "in", OneOf: []string{"n", "y"}}}}, true},
		{&Condition{Any: []Term{{Key: "C", Op: "nonempty"}}}, false},
		{&Condition{All: []Term{{Key: "D", Op: "true"}, {Key: "A", Op: "ne", Value: "n"}}}, true},
		{&Condition{All: []Term{{Key: "A", Op: "eq", Value: "Y"}}}, false},
	} {
		if got := tc.c.Holds(get); got != tc.want {
			t.Errorf("%+v: %v", tc.c, got)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tc := range []struct{ data, want string }{
		{`{"entries":[{"key":"A","group":"G","type":"text","nonsense":1}]}`, "nonsense"},
		{`{"entries":[{"key":"A","group":"G","type":"text"},{"key":"A","group":"G","type":"text"}]}`, "twice"},
		{`{"entries":[{"key":"A","group":"G"}]}`, "lacks"},
		{`{"entries":[{"key":"A","group":"G","type":"text","when":{"all":[{"key":"B","op":"eq"}]}}]}`, "depends on B"},
		{`{"entries":[{"key":"A","group":"G","type":"text","when":{"all":[{"key":"A","op":"is"}]}}]}`, `cannot be "is"`},
		{`{"entries":[]} x`, "behind the end"},
	} {
		if _, err := Parse([]byte(tc.data), []byte("{}")); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v", tc.data, err)
		}
	}
	if _, err := Load("packstack-nova"); err == nil || !strings.Contains(err.Error(), "packstack-train") {
		t.Errorf("an unknown catalogue: %v", err)
	}
}

func TestSearchAndNearest(t *testing.T) {
	c := packstack(t, "train")
	if found := c.Search("tunnel if", i18n.English); len(found) == 0 || found[0].Key != "CONFIG_NEUTRON_OVS_TUNNEL_IF" {
		t.Errorf("tunnel if: %v", found)
	}
	for key, want := range map[string]string{"CONFIG_NEUTRON_L2_AGNT": "CONFIG_NEUTRON_L2_AGENT", "CONFIG_COMPUTE_HOST": "CONFIG_COMPUTE_HOSTS", "SOMETHING_ELSE": ""} {
		if got := c.Nearest(key); got != want {
			t.Errorf("nearest to %s is %q, want %q", key, got, want)
		}
	}
}

// Every labelled key says in both languages what it changes, and every question has words.
func TestPackstackWords(t *testing.T) {
	for _, release := range []string{"stein", "train"} {
		c := packstack(t, release)
		labelled := 0
		for _, e := range c.Entries {
			if e.Label.Empty() {
				continue
			}
			labelled++
			for _, text := range []string{e.Label.En, e.Label.Ko, e.Help.En, e.Help.Ko} {
				if text == "" || strings.TrimSpace(text) != text || strings.Contains(text, "|") {
					t.Errorf("%s: %q", e.Key, text)
				}
			}
			if strings.IndexFunc(e.Label.En+e.Help.En, func(r rune) bool { return r >= 0x80 }) >= 0 {
				t.Errorf("%s: the English text is not ASCII", e.Key)
			}
			if !strings.HasSuffix(e.Help.En, ".") || !strings.HasSuffix(e.Help.Ko, ".") || strings.HasSuffix(e.Label.En, ".") {
				t.Errorf("%s: a help is a sentence, a label is none", e.Key)
			}
		}
		if labelled != len(c.Entries) {
			t.Errorf("%s: only %d of %d keys have words", release, labelled, len(c.Entries))
		}
		for group := range c.Groups {
			if c.GroupTitle(group, i18n.English) == group && group != strings.ToUpper(group) || c.GroupTitle(group, i18n.Korean) == "" {
				t.Errorf("%s: the group %s has no title", release, group)
			}
		}
		for _, mode := range []string{"all-in-one", "multi-node", "second-controller"} {
			f := c.Form(mode)
			if f == nil {
				t.Fatalf("%s: no form for %s", release, mode)
			}
			for _, p := range f.Pages {
				if len(p.Keys) == 0 || p.Title.En == "" || p.Title.Ko == "" {
					t.Errorf("%s, %s: page %s", release, mode, p.ID)
				}
				for _, k := range p.Keys {
					if c.Entry(k).Label.Empty() {
						t.Errorf("%s, %s: %s is asked and has no words", release, mode, k)
					}
				}
			}
		}
		if (c.Form("all-in-one").Pages[4].Keys[3] == "CONFIG_LBAAS_INSTALL") != (release == "stein") {
			t.Errorf("%s: load balancing is Stein's", release)
		}
	}
}

// The band gives what the whole table gives.
func TestDistance(t *testing.T) {
	plain := func(a, b string) int {
		row := make([]int, len(b)+1)
		for j := range row {
			row[j] = j
		}
		for i := range len(a) {
			corner := row[0]
			row[0] = i + 1
			for j := range len(b) {
				change := corner
				if a[i] != b[j] {
					change++
				}
				corner = row[j+1]
				row[j+1] = min(change, corner+1, row[j]+1)
			}
		}
		return row[len(b)]
	}
	r := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]byte, r.IntN(9))
		for i := range b {
			b[i] = "ABC"[r.IntN(3)]
		}
		return string(b)
	}
	for range 20000 {
		a, b, most := word(), word(), 1+r.IntN(4)
		if got, want := distance(a, b, most), min(plain(a, b), most); got != want {
			t.Fatalf("%q, %q below %d: %d, want %d", a, b, most, got, want)
		}
	}
}
