package steps

import (
	"reflect"
	"testing"
	"testing/fstest"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
)

// seeds are what the fuzzers begin with: files that are right, and each kind of mistake.
var seeds = []string{
	whole, lintHead, "", "a: &a [x]\nb: *a\n", "id: [\n", "steps: [{id: a, run: {debian: 'x &'}}]\n",
	lintHead + runStep("printf '%s' \"$password\" | mysql"),
	lintHead + lintStep("on: {from: all, where: '.seqno > 1 and known(#, \"uuid\")'}\nprobe: 'true'"),
	"id: a\nkind: install\ntitle: A\nsteps:\n  - {id: s, on: all, probe: assets/a.sh}\nassets: {assets/a.sh: \"echo\\n\"}\n",
	"---\n- \xff\x00\n", "? a\n: b\n", "!!binary x", "{{{{{{[[[[[", "\ufeffid: x\r\n",
}

// Whatever the file, loading and linting end without a panic; a procedure without an error is
// the same when read again from its source, and can be printed.
func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		p, found := Parse("f.yaml", src)
		p.Lint(nil)
		p.Lint(testSite())
		if found.Failed() {
			return
		}
		again, _ := Parse("f.yaml", p.Source)
		if !reflect.DeepEqual(p, again) {
			t.Fatal("read twice, it differs")
		}
		p.Values(testSite(), nil)
		p.Book(i18n.English)
		sc := testScope()
		sc.Procedure = p
		for i := range p.Steps {
			s := &p.Steps[i]
			if text, err := s.Prologue(sc, nil, nil); err == nil && text == "" {
				t.Fatal("a prologue without host_name")
			}
			if s.On.Given() {
				_, _ = s.On.Resolve(sc)
			}
			if s.File != nil {
				_, _ = s.File.Render(sc)
			}
			for _, c := range s.Verify {
				c.Want.Judge(job.Output{Stdout: src}, map[string]Value{}, sc)
			}
		}
	})
}

// Assets are anybody's text too; with them the source stands for itself.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(whole), []byte("echo\n"), []byte("a {server}\n"))
	f.Add([]byte(whole), []byte("\xff"), []byte("\x00"))
	f.Add([]byte(whole+"assets:\n  assets/x.conf: y\n"), []byte("\r\n\t\u2028\U0010ffff"), []byte(""))
	f.Fuzz(func(t *testing.T, src, script, conf []byte) {
		fsys := fstest.MapFS{"p.yaml": {Data: src}, "assets/work.sh": {Data: script}, "assets/x.conf": {Data: conf}}
		p, err := Load(fsys, "p")
		if err != nil {
			return
		}
		again, found := Parse("p.yaml", p.Source)
		if found.Failed() || !reflect.DeepEqual(p, again) {
			t.Fatalf("the source does not stand for itself: %v", found)
		}
		for i := range p.Steps {
			if s := p.Steps[i].Script.By["ubuntu-22.04"]; p.Steps[i].ID == "work" && string(src) == whole && s != string(script) {
				t.Fatalf("%q became %q", script, s)
			}
		}
		p.Lint(nil)
	})
}

// Whatever the expression, it ends with a value or an error, and an absent fact gives no value
// of a comparison.
func FuzzExpr(f *testing.F) {
	for _, s := range []string{`hosts.database[2].seqno == 5`, `all(hosts.all, .reachable)`, `known(host, "x")`, `let a = 1; a + port`, `1..9 | map(# * 2) | filter(# > 3)`, `reduce([1,2], #acc + #)`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := Expr{Text: text, Line: 1, Col: 1}
		_, _ = e.Eval(testScope())
		if v, err := (Expr{Text: "(" + text + ") == 1 and hosts.database[2].seqno == 5"}).Eval(testScope()); err == nil && v == true {
			t.Fatalf("%q: true over an absent fact", text)
		}
		l := &linter{findings: findings{file: "f"}, p: &Procedure{}, used: map[string]bool{}, secrets: map[string]bool{}}
		l.expr(e, "x", env{self: hostKind})
	})
}
