package steps_test

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v4"
	"mvdan.cc/sh/v3/syntax"

	"stackhand/internal/i18n"
	"stackhand/internal/site"
	"stackhand/steps"
)

// practice is a site like the one that the practice hosts have.
func practice() *site.Site {
	host := func(name, address string, roles ...string) site.Host {
		return site.Host{Name: name, Roles: roles, Addresses: map[string]string{"management": address}}
	}
	return &site.Site{
		Name: "practice", Networks: map[string]string{"management": "10.0.0.0/24"},
		Hosts: []site.Host{
			host("ctl1", "10.0.0.11", "controller"), host("cmp1", "10.0.0.21", "compute"), host("cmp2", "10.0.0.22", "compute"),
		},
	}
}

func library(t *testing.T, each func(t *testing.T, p *steps.Procedure)) {
	t.Helper()
	names, err := steps.Names(steps.Library())
	if err != nil || len(names) == 0 {
		t.Fatalf("procedures of the library: %v, %v", names, err)
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			p, found, err := steps.Open(steps.Library(), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Error(f)
			}
			each(t, p)
		})
	}
}

// Linting finds nothing, not even something to warn of, and the site gives every parameter.
func TestLibraryIsClean(t *testing.T) {
	library(t, func(t *testing.T, p *steps.Procedure) {
		for _, f := range p.Lint(practice()) {
			t.Error(f)
		}
		values, found := p.Values(practice(), nil)
		for _, f := range found {
			t.Error(f)
		}
		for i := range p.Steps {
			s := &p.Steps[i]
			if hosts, err := s.On.Resolve(steps.Scope{Procedure: p, Site: practice(), Params: values}); s.On.Given() && (err != nil || len(hosts) == 0) {
				t.Errorf("%s is done on no host: %v, %v", s.ID, hosts, err)
			}
		}
	})
}

// A single host that is everything has clients of nobody, which is no mistake.
func TestLibraryOnOneHost(t *testing.T) {
	library(t, func(t *testing.T, p *steps.Procedure) {
		alone := practice()
		alone.Hosts = alone.Hosts[:1]
		values, _ := p.Values(alone, nil)
		for i := range p.Steps {
			s := &p.Steps[i]
			sc := steps.Scope{Procedure: p, Site: alone, Params: values, Host: "ctl1"}
			if _, err := s.On.Resolve(sc); s.On.Given() && err != nil {
				t.Errorf("%s: %v", s.ID, err)
			}
			for _, c := range s.Verify {
				if _, err := c.On.Resolve(sc); c.On.Given() && err != nil {
					t.Errorf("%s/%s: %v", s.ID, c.ID, err)
				}
			}
		}
	})
}

// Everything an operator reads is there in both languages, and Korean is Korean.
func TestLibrarySpeaksBothLanguages(t *testing.T) {
	library(t, func(t *testing.T, p *steps.Procedure) {
		said := func(where string, text i18n.Text, must bool) {
			if text.Empty() && !must {
				return
			}
			if text.En == "" || text.Ko == "" {
				t.Errorf("%s: %+v", where, text)
			}
			if strings.ContainsFunc(text.En, hangul) {
				t.Errorf("%s: Hangul in English: %s", where, text.En)
			}
			prose := regexp.MustCompile("`[^`]*`").ReplaceAllString(text.Ko, "")
			if text.Ko != text.En && strings.Trim(prose, " ,.") != "" && !strings.ContainsFunc(prose, hangul) {
				t.Errorf("%s: no Hangul in Korean: %s", where, text.Ko)
			}
		}
		said("title", p.Title, true)
		said("about", p.About, true)
		for _, q := range p.Params {
			said(q.Name, q.Title, true)
			said(q.Name+" about", q.About, false)
		}
		for i := range p.Steps {
			s := &p.Steps[i]
			said(s.ID, s.Title, true)
			said(s.ID+" about", s.About, false)
			if s.Normal != nil {
				said(s.ID+" normal", s.Normal.Say, true)
			}
			for _, c := range append(slices.Clone(s.Require), s.Verify...) {
				said(s.ID+"/"+c.ID+" title", c.Title, true)
				said(s.ID+"/"+c.ID+" remedy", c.Remedy, true)
			}
		}
	})
}

func hangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

// Corrections that steps and texts name are in docs/corrections.md, and it names the procedure.
func TestLibraryCorrections(t *testing.T) {
	list, err := os.ReadFile("../docs/corrections.md")
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+) \|.*\| (.*?) ?\|$`).FindAllStringSubmatch(string(list), -1) {
		if _, twice := in[m[1]]; twice {
			t.Errorf("correction %s is there twice", m[1])
		}
		in[m[1]] = m[2]
	}
	library(t, func(t *testing.T, p *steps.Procedure) {
		named := map[string]bool{}
		for _, s := range p.Steps {
			for _, n := range s.Corrections {
				named[fmt.Sprint(n)] = true
			}
		}
		for _, m := range regexp.MustCompile(`\((?:correction|정정) (\d+)\)`).FindAllStringSubmatch(string(p.Source), -1) {
			named[m[1]] = true
		}
		for n := range named {
			if where, ok := in[n]; !ok || !strings.Contains(where, p.ID) {
				t.Errorf("docs/corrections.md does not say that %s follows correction %s", p.ID, n)
			}
			if !strings.Contains(string(list), "\n## "+n+". ") {
				t.Errorf("docs/corrections.md does not explain correction %s", n)
			}
		}
		for n, where := range in {
			if strings.Contains(where, p.ID) && !named[n] {
				t.Errorf("docs/corrections.md says that %s follows correction %s; no step does", p.ID, n)
			}
		}
	})
}

// breaks is testdata/PROCEDURE.breaks.yaml: how each check is made to fail on a real host.
type breaks struct {
	Breaks []struct {
		Step, Check, On, Why, Break, Mend string
		Also, Soon                        []string
		With                              map[string]string
	}
}

// For each check there is a way to break its effect, and each way is for a check.
func TestLibraryChecksCanFail(t *testing.T) {
	library(t, func(t *testing.T, p *steps.Procedure) {
		src, err := os.ReadFile("library/testdata/" + p.ID + ".breaks.yaml")
		if err != nil {
			t.Fatal(err)
		}
		var b breaks
		if err := yaml.Load(src, &b, yaml.WithKnownFields()); err != nil {
			t.Fatal(err)
		}
		checks := map[string]bool{}
		for _, s := range p.Steps {
			for _, c := range s.Verify {
				checks[s.ID+"/"+c.ID] = false
			}
		}
		for _, e := range b.Breaks {
			name := e.Step + "/" + e.Check
			seen, is := checks[name]
			if !is || seen {
				t.Errorf("%s: no such check, or a second break for it", name)
			}
			checks[name] = true
			for _, other := range append(e.Also, e.Soon...) {
				if _, is := checks[other]; !is || other == name {
					t.Errorf("%s: %s is no other check", name, other)
				}
			}
			if e.On != "controller" && e.On != "other" || (len(e.With) > 0) == (e.Break != "") || (e.Break == "") != (e.Mend == "") {
				t.Errorf("%s: %+v", name, e)
			}
			if (len(e.Also)+len(e.Soon)+len(e.With) > 0) != (e.Why != "") {
				t.Errorf("%s: a reason is wanted exactly where other checks fail too or nothing is broken", name)
			}
			for what, script := range map[string]string{"break": e.Break, "mend": e.Mend} {
				if _, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), name+" "+what); err != nil {
					t.Error(err)
				}
			}
		}
		for name, broken := range checks {
			if !broken {
				t.Errorf("nothing breaks %s", name)
			}
		}
	})
}

// What is embedded is what a run needs, and nothing else.
func TestLibraryEmbedsNoTestData(t *testing.T) {
	if _, err := fs.Stat(steps.Library(), "testdata"); err == nil {
		t.Error("testdata is in the binary")
	}
}
