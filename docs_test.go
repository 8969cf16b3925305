package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/internal/site"
	"stackhand/steps"
)

var (
	inBackticks  = regexp.MustCompile("`([^`\n]+)`")
	aFile        = regexp.MustCompile(`^[\w./-]+\.(go|sh|md|yaml)$`)
	aFolder      = regexp.MustCompile(`^(internal|ui|steps|assets|docs)(/[\w-]+)*/?$`)
	aPlaceholder = regexp.MustCompile(`NAME|ROOM`)
	aName        = regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)*$`)
	anEvent      = regexp.MustCompile(`EventType\(\) string\s*\{ return "([a-z.]+)" \}`)
	aCommand     = regexp.MustCompile(`(?m)^\tcase ("[a-z", ]+):\n\t\treturn e\.handle|^\tcase ("(?:park|cancel)"):`)
)

// tree is the text of all files, by path.
func tree(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || !regexp.MustCompile(`\.(go|sh|md|yaml)$|^Makefile$`).MatchString(path):
			return nil
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// missing are the files, folders and names of the code that a document speaks of and that are
// not there. A word in backticks is one of the code when it looks like one: a file, a folder,
// a name with a capital inside, or one with a dot that begins with a package of ours.
func missing(text string, files map[string]string, code string) (gone []string) {
	for _, m := range inBackticks.FindAllStringSubmatch(text, -1) {
		word := m[1]
		switch {
		case aFile.MatchString(word):
			var found bool
			for path := range files {
				found = found || path == word || strings.HasSuffix(path, "/"+word)
			}
			if !found && !aPlaceholder.MatchString(word) && filepath.Base(word) != "site.yaml" && word != "procedure.yaml" {
				gone = append(gone, word)
			}
		case aFolder.MatchString(word):
			if info, err := os.Stat(word); err != nil || !info.IsDir() {
				gone = append(gone, word)
			}
		case aName.MatchString(word) && regexp.MustCompile(`[a-z][A-Z]|^[a-z]+\.[A-Z]|^[A-Z][a-z]`).MatchString(word):
			for _, part := range strings.Split(word, ".") {
				if !regexp.MustCompile(`\b` + part + `\b`).MatchString(code) {
					gone = append(gone, word)
					break
				}
			}
		}
	}
	return gone
}

// TestDocumentsNameWhatIsThere: ARCHITECTURE.md and README.md speak of files, folders and names
// that exist, of every room, every event and every command of the control socket.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	files := tree(t)
	var code strings.Builder
	for path, text := range files {
		if !strings.HasSuffix(path, ".md") && path != "docs_test.go" {
			code.WriteString(text)
		}
	}
	architecture := files["ARCHITECTURE.md"]
	for _, name := range []string{"ARCHITECTURE.md", "README.md"} {
		if gone := missing(files[name], files, code.String()); len(gone) > 0 {
			t.Errorf("%s speaks of what is not there: %q", name, gone)
		}
	}
	own, _ := imports(t)
	for _, p := range own {
		room := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if !strings.Contains(room, "testdata") && !strings.Contains(architecture, room) {
			t.Errorf("ARCHITECTURE.md does not name the room %s", room)
		}
	}
	events := anEvent.FindAllStringSubmatch(files["internal/run/eventjson.go"], -1)
	if len(events) < 20 {
		t.Errorf("only %d events found", len(events))
	}
	for _, e := range events {
		if !strings.Contains(architecture, "`"+e[1]+"`") {
			t.Errorf("ARCHITECTURE.md does not name the event %s", e[1])
		}
	}
	n := 0
	for _, m := range aCommand.FindAllStringSubmatch(files["internal/engine/question.go"], -1) {
		for _, c := range regexp.MustCompile(`[a-z]+`).FindAllString(m[1]+m[2], -1) {
			if n++; !strings.Contains(architecture, "| `"+c+"` |") {
				t.Errorf("ARCHITECTURE.md does not name the command %s", c)
			}
		}
	}
	if n != 7 {
		t.Errorf("%d commands of the control socket found, want 7", n)
	}
	for _, c := range regexp.MustCompile(`(?m)^\s+Use: "([a-z]+)`).FindAllStringSubmatch(files["internal/cli/run.go"]+files["internal/cli/plan.go"]+files["internal/cli/report.go"]+files["internal/cli/book.go"]+files["internal/cli/lint.go"]+files["internal/cli/demo.go"], -1) {
		if !strings.Contains(files["README.md"], "`stackhand "+c[1]) {
			t.Errorf("README.md does not name the command %s", c[1])
		}
	}
}

// TestReadmeSite: the site of the README is one.
func TestReadmeSite(t *testing.T) {
	m := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(tree(t)["README.md"], -1)
	if len(m) != 1 {
		t.Fatalf("%d YAML examples, want 1", len(m))
	}
	s, err := site.Parse([]byte(m[0][1]), "site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := steps.Load(steps.Library(), "environment-2023.1")
	if err != nil {
		t.Fatal(err)
	}
	found := p.Lint(s)
	_, more := p.Values(s, nil)
	for _, f := range append(found, more...) {
		t.Errorf("the library's procedure at the README's site: %s", f.In(i18n.English))
	}
}

// TestMissing plants what is not there.
func TestMissing(t *testing.T) {
	files := map[string]string{"internal/run/fold.go": ""}
	text := "`fold.go` `internal/run/fold.go` `gone.go` `Fold` `run.Fold` `unfold` `unFold` `internal/gone` `$XDG_STATE_HOME` `NAME.yaml` `docs`"
	got := strings.Join(missing(text, files, "package run\nfunc Fold() {}"), " ")
	if got != "gone.go unFold internal/gone" {
		t.Errorf("%q", got)
	}
}
