package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the import path that all rooms begin with.
const module = "stackhand"

const (
	bubbleTea = "charm.land" // bubbletea, bubbles, huh and lipgloss
	ssh       = "golang.org/x/crypto/ssh"
)

// rule says what a room may never import, itself or through others.
type rule struct {
	room  string   // path below the module; with /... all rooms below it too
	never []string // import paths, each with all below it; "a room" names are below the module
	only  string   // "std": nothing but the standard library; "own": no other room of the module
	why   string
}

// rules are the layers as ARCHITECTURE.md gives them ("Rooms, and which way imports point").
// The graph is that of the shipped code: what tests import does not count.
func rules() []rule {
	screenless := []string{bubbleTea, ssh}
	return []rule{
		{room: "ui/...", never: []string{"@internal/remote", "@internal/engine", "@internal/cli", ssh}, why: "a screen knows a run directory, not hosts"},
		{room: "internal/plain", never: []string{"@internal/remote", "@internal/engine", "@internal/cli", "@ui", bubbleTea, ssh}, why: "line mode knows a run directory, not hosts or screens"},
		{room: "internal/engine", never: []string{"@internal/remote", "@internal/plain", "@internal/cli", "@internal/lab", "@ui", bubbleTea, ssh}, why: "the engine runs without hosts of a kind and without a screen"},
		{room: "internal/remote/...", never: []string{"@internal/engine", "@internal/plain", "@internal/run", "@internal/cli", "@ui", "@steps", bubbleTea}, why: "SSH knows hosts and jobs, not what they are for"},
		{room: "internal/diagnose", never: append(screenless, "@internal/engine", "@internal/remote", "@internal/plain", "@internal/cli", "@ui"), why: "a diagnosis asks hosts through an interface, and is shown by others"},
		{room: "internal/lab/...", never: []string{"@internal/remote", "@internal/engine", "@internal/run", "@internal/plain", "@internal/cli", "@ui", "@steps", bubbleTea}, why: "practice hosts are hosts like others: nothing may know that they are not"},
		{room: "internal/run/...", never: append(screenless, "@internal/engine", "@internal/remote", "@internal/plain", "@internal/cli", "@ui"), why: "the run directory is between the engine and all viewers"},
		{room: "steps", never: append(screenless, "@internal/run", "@internal/engine", "@internal/remote", "@ui", "@internal/cli"), why: "the language does nothing itself"},
		{room: "answers/...", never: append(screenless, "@internal/run", "@internal/engine", "@internal/remote", "@ui", "@internal/cli"), why: "answers are data"},
		{room: "runbooks/...", never: append(screenless, "@internal/engine", "@internal/remote", "@ui", "@internal/cli"), why: "judgements are pure"},
		{room: "internal/site", never: append(screenless, "@internal/run", "@internal/engine", "@internal/remote", "@steps", "@ui", "@internal/cli"), why: "a site is data"},
		{room: "ui/theme", never: []string{"charm.land/bubbletea", "charm.land/bubbles", "charm.land/huh", ssh, "@ui", "@internal", "@steps"}, why: "styles know no screen"},
		{room: "ui/celltext", only: "own", never: screenless, why: "it serves everything that draws text"},
		{room: "internal/secret", only: "own", never: screenless, why: "the fewer know secrets the better"},
		{room: "internal/run/redact", only: "std", why: "what hides secrets depends on nobody"},
		{room: "internal/i18n", only: "std", why: "words are at the bottom"},
		{room: "internal/problem", only: "std", why: "problems are at the bottom"},
		{room: "internal/job", only: "std", why: "the job's table is at the bottom"},
		{room: "assets", only: "std", why: "files are at the bottom"},
	}
}

// pkg is a package with everything that it imports, itself or through others.
type pkg struct {
	ImportPath string
	Deps       []string
}

func below(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// applies tells whether a rule is about a package.
func (r rule) applies(path string) bool {
	if root, all := strings.CutSuffix(r.room, "/..."); all {
		return below(path, module+"/"+root)
	}
	return path == module+"/"+r.room
}

// breaks are the packages among deps that the rule does not allow to path.
func (r rule) breaks(path string, deps []string, std func(string) bool) (bad []string) {
	for _, d := range deps {
		switch {
		case d == path:
		case r.only == "std" && !std(d), r.only == "own" && below(d, module):
			bad = append(bad, d)
		default:
			for _, n := range r.never {
				room, own := strings.CutPrefix(n, "@")
				if own {
					n = module + "/" + room
				}
				if below(d, n) && !below(path, n) {
					bad = append(bad, d)
					break
				}
			}
		}
	}
	return bad
}

// imports asks the go command for the import graph.
func imports(t *testing.T) (own []pkg, std map[string]bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Deps", "./...")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	std = map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			pkg
			Standard bool
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return own, std
		} else if err != nil {
			t.Fatal(err)
		}
		if p.Standard {
			std[p.ImportPath] = true
		} else if below(p.ImportPath, module) {
			own = append(own, p.pkg)
		}
	}
}

// TestLayers keeps every room to what it may import.
func TestLayers(t *testing.T) {
	own, std := imports(t)
	if len(own) < 15 {
		t.Fatalf("only %d packages found", len(own))
	}
	vacant := []string{} // rooms that are still to be built
	for _, r := range rules() {
		var used bool
		for _, p := range own {
			if !r.applies(p.ImportPath) {
				continue
			}
			used = true
			for _, bad := range r.breaks(p.ImportPath, p.Deps, func(d string) bool { return std[d] }) {
				t.Errorf("%s imports %s, directly or through another: %s", p.ImportPath, bad, r.why)
			}
		}
		if !used && !slices.Contains(vacant, r.room) {
			t.Errorf("no package is what the rule for %s is about: the room was renamed, or the rule is wrong", r.room)
		}
	}
	for _, p := range own {
		base := p.ImportPath[strings.LastIndexByte(p.ImportPath, '/')+1:]
		if slices.Contains(nameless, base) {
			t.Errorf("%s: a package is named after its one job", p.ImportPath)
		}
		if base == "stackhand" || strings.HasSuffix(p.ImportPath, "test") || strings.Contains(p.ImportPath, "/testdata/") {
			continue
		}
		if !slices.ContainsFunc(rules(), func(r rule) bool { return r.applies(p.ImportPath) }) && p.ImportPath != module+"/internal/cli" {
			t.Errorf("%s: a new room needs a rule here and a line in ARCHITECTURE.md", p.ImportPath)
		}
	}
}

// nameless are names that say nothing of a package's job.
var nameless = []string{"util", "utils", "common", "helper", "helpers", "types", "misc", "shared", "base"}

// TestRulesBreak plants violations: a rule that never fails keeps nothing.
func TestRulesBreak(t *testing.T) {
	std := func(d string) bool { return !strings.ContainsAny(d, ".") && !below(d, module) }
	for _, tc := range []struct {
		path string
		deps []string
		bad  string // "": it is as it should be
	}{
		{"stackhand/ui", []string{"fmt", "charm.land/bubbletea/v2", "stackhand/internal/run"}, ""},
		{"stackhand/ui", []string{"stackhand/internal/run", "stackhand/internal/engine"}, "stackhand/internal/engine"},
		{"stackhand/ui/dialog", []string{"stackhand/internal/remote"}, "stackhand/internal/remote"},
		{"stackhand/internal/plain", []string{"stackhand/internal/remote/sshdtest"}, "stackhand/internal/remote/sshdtest"},
		{"stackhand/internal/plain", []string{"charm.land/lipgloss/v2"}, "charm.land/lipgloss/v2"},
		{"stackhand/internal/engine", []string{"stackhand/steps", "stackhand/ui/theme"}, "stackhand/ui/theme"},
		{"stackhand/internal/engine", []string{"stackhand/internal/remote"}, "stackhand/internal/remote"},
		{"stackhand/internal/remote", []string{"golang.org/x/crypto/ssh"}, ""},
		{"stackhand/internal/remote", []string{"stackhand/internal/engine"}, "stackhand/internal/engine"},
		{"stackhand/internal/run/report", []string{"stackhand/internal/run", "stackhand/steps"}, ""},
		{"stackhand/internal/run/report", []string{"golang.org/x/crypto/ssh/agent"}, "golang.org/x/crypto/ssh/agent"},
		{"stackhand/steps", []string{"github.com/expr-lang/expr"}, ""},
		{"stackhand/steps", []string{"charm.land/bubbletea/v2"}, "charm.land/bubbletea/v2"},
		{"stackhand/answers/kolla", []string{"golang.org/x/crypto/ssh"}, "golang.org/x/crypto/ssh"},
		{"stackhand/internal/i18n", []string{"strings", "unicode/utf8"}, ""},
		{"stackhand/internal/i18n", []string{"golang.org/x/text/width"}, "golang.org/x/text/width"},
		{"stackhand/ui/theme", []string{"charm.land/lipgloss/v2"}, ""},
		{"stackhand/ui/theme", []string{"charm.land/lipgloss/v2", "charm.land/bubbletea/v2"}, "charm.land/bubbletea/v2"},
		{"stackhand/internal/secret", []string{"stackhand/internal/problem"}, "stackhand/internal/problem"},
	} {
		var bad []string
		for _, r := range rules() {
			if r.applies(tc.path) {
				bad = append(bad, r.breaks(tc.path, tc.deps, std)...)
			}
		}
		bad = slices.Compact(bad)
		if want := slices.DeleteFunc([]string{tc.bad}, func(s string) bool { return s == "" }); !slices.Equal(bad, want) {
			t.Errorf("%s with %v: found %v, want %v", tc.path, tc.deps, bad, want)
		}
	}
}
