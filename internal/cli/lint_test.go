package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// try runs one command with a configuration directory of its own.
func try(t *testing.T, lang i18n.Lang, config string, command func(*environment) *cobra.Command, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	env := &environment{Streams: Streams{Out: &out, Err: &out, Words: i18n.For(lang)}, getenv: func(k string) string {
		if k == "XDG_CONFIG_HOME" {
			return config
		}
		return ""
	}}
	c := command(env)
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&out)
	c.SilenceErrors, c.SilenceUsage = true, true
	err := c.ExecuteContext(context.Background())
	return out.String(), err
}

func TestLintCommand(t *testing.T) {
	config := t.TempDir()
	own := filepath.Join(config, "stackhand", "procedures")
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(own, "mine.yaml")
	if err := os.WriteFile(bad, []byte("id: mine\nkind: install\ntitle: {en: M, ko: 내}\nsteps:\n  - {id: a, title: {en: A, ko: 가}, on: all, probe: 'rm x', titel: y}\n  - {id: a, title: {en: A, ko: 가}, probe: 'true'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := try(t, i18n.English, config, lintCommand)
	var code ended
	if !errors.As(err, &code) || code != 2 {
		t.Errorf("exit %v", err)
	}
	for _, want := range []string{bad + ":5:60: error: step has no key titel; title may be meant", bad + ":5:53: error: a probe runs rm", bad + ":6:5: error: the step id a is there twice", "errors: 4, warnings: 0, files: " + strconv.Itoa(len(library(t))+1)} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if out, err := try(t, i18n.Korean, config, lintCommand, own); !errors.As(err, &code) || !strings.Contains(out, "혹시 title?") {
		t.Errorf("%v\n%s", err, out)
	}
	out, _ = try(t, i18n.English, config, lintCommand, "--json", "mine")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var f steps.Finding
	if err := json.Unmarshal([]byte(lines[0]), &f); err != nil || len(lines) != 4 || f.File != bad || f.Line != 5 || f.Severity != steps.Error || f.Code != "key.near" {
		t.Errorf("%v %+v\n%s", err, f, out)
	}
	// The program's own procedures have nothing wrong.
	names, err := steps.Names(steps.Library())
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	if out, err := try(t, i18n.English, config, lintCommand, names...); err != nil || !strings.Contains(out, "no findings") {
		t.Errorf("%v\n%s", err, out)
	}
	var usage usageError
	for _, arg := range []string{"nosuch", "./nosuch.yaml", t.TempDir()} {
		if out, err := try(t, i18n.English, config, lintCommand, arg); !errors.As(err, &usage) {
			t.Errorf("%s: %v\n%s", arg, err, out)
		}
	}
}

func TestBookCommand(t *testing.T) {
	names, err := steps.Names(steps.Library())
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		for lang, word := range map[string]string{"en": "## Values to set", "ko": "## 정할 값"} {
			out, err := try(t, i18n.English, t.TempDir(), bookCommand, name, "--lang", lang)
			if err != nil || !strings.Contains(out, word) {
				t.Errorf("%s %s: %v\n%.200s", name, lang, err, out)
			}
		}
	}
	if _, err := try(t, i18n.English, t.TempDir(), bookCommand, names[0], "--lang", "fr"); err == nil {
		t.Error("a language that is not there")
	}
}
