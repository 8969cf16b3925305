package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostLines is how long a file may be before it has to say why.
const mostLines = 500

// longer are the files that may be longer, with the reason.
var longer = map[string]string{}

// sleeps are the places that may sleep without looking at a context, with the reason.
var sleeps = map[string]string{
	"internal/lab/power_linux.go": "signal has no context at hand: it waits for a process that has just started to say its number, 5 ms at a time and 5 s at most",
}

// sourceFindings are what a file's source may not have. Name is the path below the module.
//
//   - os.Exit anywhere but in main.go (nobody could clean up)
//   - func init, and package variables that are assigned after their declaration (hidden state)
//   - time.Sleep (nobody could stop it)
//   - more than mostLines lines
//
// An assignment is seen in the file that declares the variable or in another one of the
// package; a map or slice that is filled in place is seen too, a pointer handed on is not.
func sourceFindings(name string, files map[string][]byte) (found []string, err error) {
	set := token.NewFileSet()
	parsed := map[string]*ast.File{}
	variables := map[string]bool{} // of the package
	for file, text := range files {
		f, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed[file] = f
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, s := range g.Specs {
					for _, id := range s.(*ast.ValueSpec).Names {
						variables[id.Name] = true
					}
				}
			}
		}
	}
	say := func(pos token.Pos, format string, args ...any) {
		found = append(found, fmt.Sprintf("%s: %s", set.Position(pos), fmt.Sprintf(format, args...)))
	}
	for file, f := range parsed {
		path := filepath.ToSlash(filepath.Join(name, file))
		if n := bytes.Count(files[file], []byte("\n")); n > mostLines && longer[path] == "" {
			found = append(found, fmt.Sprintf("%s: %d lines; more than %d need a reason here", path, n, mostLines))
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn.Recv == nil && fn.Name.Name == "init" {
				say(fn.Pos(), "func init")
			}
			if fn.Body == nil {
				continue
			}
			local := names(fn)
			written := func(e ast.Expr) {
				if id := root(e); id != nil && variables[id.Name] && !local[id.Name] {
					say(id.Pos(), "the package variable %s is changed", id.Name)
				}
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					switch {
					case called(n, "os", "Exit") && path != "main.go":
						say(n.Pos(), "os.Exit outside main.go")
					case called(n, "time", "Sleep") && sleeps[path] == "":
						say(n.Pos(), "time.Sleep")
					}
				case *ast.AssignStmt:
					if n.Tok != token.DEFINE {
						for _, left := range n.Lhs {
							written(left)
						}
					}
				case *ast.IncDecStmt:
					written(n.X)
				}
				return true
			})
		}
	}
	slices.Sort(found)
	return found, nil
}

// names are all names that a function declares, wherever in it: a package variable that is
// hidden somewhere in it counts as hidden in all of it, which misses a little and blames nobody.
func names(fn *ast.FuncDecl) map[string]bool {
	local := map[string]bool{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			for _, id := range n.Names {
				local[id.Name] = true
			}
		case *ast.ValueSpec:
			for _, id := range n.Names {
				local[id.Name] = true
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok && n.Tok == token.DEFINE {
					local[id.Name] = true
				}
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, e := range n.Lhs {
					if id, ok := e.(*ast.Ident); ok {
						local[id.Name] = true
					}
				}
			}
		}
		return true
	})
	return local
}

// root is the variable that an assignment to e changes, nil where it is none.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

func called(c *ast.CallExpr, pkg, name string) bool {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	id, ok := s.X.(*ast.Ident)
	return ok && id.Name == pkg
}

// TestSource looks at all Go files that are shipped; tests and what only they use
// (…test packages, testdata) may exit and sleep.
func TestSource(t *testing.T) {
	packages := map[string]map[string][]byte{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (d.Name() == "testdata" || strings.HasSuffix(d.Name(), "test") || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if strings.HasSuffix(path, "_test.go") {
			if n := bytes.Count(text, []byte("\n")); n > mostLines {
				t.Errorf("%s: %d lines", path, n)
			}
			return err
		}
		dir := filepath.Dir(path)
		if packages[dir] == nil {
			packages[dir] = map[string][]byte{}
		}
		packages[dir][filepath.Base(path)] = text
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 15 {
		t.Fatalf("only %d packages found", len(packages))
	}
	for dir, files := range packages {
		found, err := sourceFindings(dir, files)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s: %s", dir, f)
		}
	}
	for path := range longer {
		if text, err := os.ReadFile(path); err != nil || bytes.Count(text, []byte("\n")) <= mostLines {
			t.Errorf("%s is in the list of long files and is not long (%v)", path, err)
		}
	}
	for path := range sleeps {
		if text, err := os.ReadFile(path); err != nil || !bytes.Contains(text, []byte("time.Sleep(")) {
			t.Errorf("%s is in the list of files that sleep and does not (%v)", path, err)
		}
	}
}

// TestSourceFindings plants what TestSource looks for.
func TestSourceFindings(t *testing.T) {
	for _, tc := range []struct{ name, file, text, want string }{
		{"x", "a.go", "package x\nimport \"errors\"\nvar e = errors.New(\"\")\nfunc f() error { return e }\n", ""},
		{"x", "a.go", "package x\nimport \"os\"\nfunc f() { os.Exit(1) }\n", "a.go:3:12: os.Exit outside main.go"},
		{".", "main.go", "package main\nimport \"os\"\nfunc main() { os.Exit(1) }\n", ""},
		{"x", "a.go", "package x\nfunc init() {}\n", "a.go:2:1: func init"},
		{"x", "a.go", "package x\ntype t int\nfunc (t) init() {}\n", ""},
		{"x", "a.go", "package x\nvar n int\nfunc f() { n++ }\n", "a.go:3:12: the package variable n is changed"},
		{"x", "a.go", "package x\nvar m = map[string]int{}\nfunc f() { m[\"a\"] = 1 }\n", "a.go:3:12: the package variable m is changed"},
		{"x", "a.go", "package x\nvar s struct{ a int }\nfunc f() { s.a = 1 }\n", "a.go:3:12: the package variable s is changed"},
		{"x", "a.go", "package x\nvar n int\nfunc f(n int) { n = 2; _ = n }\n", ""},
		{"x", "a.go", "package x\nvar n = 1\nfunc f() int { n := n; n = 2; return n }\n", ""},
		{"x", "a.go", "package x\nimport \"time\"\nfunc f() { time.Sleep(1) }\n", "a.go:3:12: time.Sleep"},
		{"x", "a.go", "package x\n" + strings.Repeat("\n", mostLines), "x/a.go: 501 lines; more than 500 need a reason here"},
	} {
		found, err := sourceFindings(tc.name, map[string][]byte{tc.file: []byte(tc.text)})
		if err != nil || strings.Join(found, "\n") != tc.want {
			t.Errorf("%q: found %q, want %q, %v", tc.text, found, tc.want, err)
		}
	}
	two := map[string][]byte{"a.go": []byte("package x\nvar n int\n"), "b.go": []byte("package x\nfunc f() { n = 1 }\n")}
	if found, err := sourceFindings("x", two); err != nil || len(found) != 1 {
		t.Errorf("a variable of another file: %q, %v", found, err)
	}
}
