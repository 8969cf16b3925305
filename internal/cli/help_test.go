package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
)

func hangul(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
}

// Every command and flag that is shown has a text of ours, in the language of the screen.
func TestHelpSpeaks(t *testing.T) {
	values := regexp.MustCompile(`^[a-z]+( \| [a-z]+)+$`) // "md | json" is the same in both
	ofCobra := regexp.MustCompile(`Available Commands|Global Flags|help for |for more information|\[flags\]`)
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		w := i18n.For(lang)
		right := func(text string) bool {
			return text != "" && (hangul(text) == (lang == i18n.Korean) || values.MatchString(text))
		}
		seen := 0
		var look func(*cobra.Command)
		look = func(c *cobra.Command) {
			if c.Hidden {
				return
			}
			seen++
			if !right(c.Short) {
				t.Errorf("%s: %s: %q", lang, c.CommandPath(), c.Short)
			}
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				if !right(f.Usage) {
					t.Errorf("%s: %s --%s: %q", lang, c.CommandPath(), f.Name, f.Usage)
				}
			})
			text := usageText(c, w.Help)
			if found := ofCobra.FindString(text); found != "" && lang == i18n.Korean {
				t.Errorf("%s: %s: %q in\n%s", lang, c.CommandPath(), found, text)
			}
			if !strings.Contains(text, w.Help.HeadUsage) || !strings.Contains(text, "--help") {
				t.Errorf("%s: %s:\n%s", lang, c.CommandPath(), text)
			}
			for _, sub := range c.Commands() {
				look(sub)
			}
		}
		look(newRoot(Streams{strings.NewReader(""), io.Discard, io.Discard, w}, nil))
		if seen < 20 {
			t.Errorf("only %d commands seen", seen)
		}
	}
}

func TestHelpCommand(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	for _, tc := range []struct {
		args string
		code int
		want string
	}{
		{"help", 0, "Commands:"},
		{"help lab up", 0, "--real-power-loss"},
		{"help nonsense", 2, "no such command: nonsense"},
		{"help lab nonsense", 2, "no such command: lab nonsense"},
		{"lab up --help", 0, "--disk N"},
		{"hosts", 0, "check"},
		{"hosts nonsense", 2, "nonsense"},
		{"hosts check more", 2, "more"},
		{"completion", 2, "completion"},
		{"completion tcsh", 2, "tcsh"},
		{"completion bash", 0, "__start_stackhand"},
		{"completion fish", 0, "stackhand"},
		{"completion zsh", 0, "compdef"},
		{"completion powershell", 0, "Register-ArgumentCompleter"},
	} {
		var out strings.Builder
		code := Main(strings.Fields(tc.args), strings.NewReader(""), &out, &out)
		if code != tc.code || !strings.Contains(out.String(), tc.want) {
			t.Errorf("%s: exit status %d, want %d with %q:\n%.500s", tc.args, code, tc.code, tc.want, out.String())
		}
	}
}

// What the shell is told: procedures, runs, hosts, files and the words that a flag takes.
func TestComplete(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("LC_ALL", "C")
	t.Setenv("HOME", dir)
	t.Setenv("XDG_STATE_HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("STACKHAND_SITE", "")
	root := filepath.Join(dir, "stackhand", "runs")
	for _, id := range []string{"20260101-000000-aaaaaaaa", "20260102-000000-bbbbbbbb"} {
		d, err := run.Create(root, id, run.Files{})
		if err != nil {
			t.Fatal(err)
		}
		j, _, err := run.OpenJournal(d.JournalPath(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		_, err = j.Append(run.RunStarted{Run: id, Procedure: "environment", Site: "lab"})
		if err != nil || j.Close() != nil {
			t.Fatal(err)
		}
	}
	site := filepath.Join(dir, "other.yaml")
	text := []byte("name: t\nhosts:\n  - {name: ctl1, addresses: {management: 192.0.2.1}, roles: [controller]}\n  - {name: cmp1, addresses: {management: 192.0.2.2}, roles: [compute]}\n")
	if err := os.WriteFile(site, text, 0o600); err != nil {
		t.Fatal(err)
	}
	const (
		noFiles = ":4"
		keep    = ":36" // no files, in this order
		files   = ":0"
		yaml    = ":8" // only such files
	)
	newest := "20260102-000000-bbbbbbbb\tenvironment, lab: dead"
	older := "20260101-000000-aaaaaaaa\tenvironment, lab: dead"
	for _, tc := range []struct {
		args []string
		want []string
	}{
		{[]string{"attach", ""}, []string{newest, older, keep}},
		{[]string{"report", ""}, []string{newest, older, keep}},
		{[]string{"report", "x", ""}, []string{noFiles}},
		{[]string{"run", ""}, append(library(t), files)},
		{[]string{"plan", "x", ""}, []string{noFiles}},
		{[]string{"hosts", "shell", "--site", site, ""}, []string{"ctl1", "cmp1", noFiles}},
		{[]string{"hosts", "shell", ""}, []string{noFiles}}, // there is no site
		{[]string{"hosts", "check", "--site", ""}, []string{"yaml", "yml", yaml}},
		{[]string{"run", "--site", ""}, []string{"yaml", "yml", yaml}},
		{[]string{"--site", ""}, []string{"yaml", "yml", yaml}},
		{[]string{"run", "--on-ask", ""}, []string{"wait", "park", noFiles}},
		{[]string{"report", "--format", ""}, []string{"md", "json", noFiles}},
		{[]string{"lab", "ssh", "--name", "none-such", ""}, []string{noFiles}},
		{[]string{"completion", ""}, append(shells(), noFiles)},
	} {
		var out, errs strings.Builder
		code := Main(append([]string{"__complete"}, tc.args...), strings.NewReader(""), &out, &errs)
		if got := strings.TrimSpace(out.String()); code != 0 || got != strings.Join(tc.want, "\n") {
			t.Errorf("%q: exit status %d, got\n%s\nwant\n%s", tc.args, code, got, strings.Join(tc.want, "\n"))
		}
	}
}

// library are the names of the program's own procedures, as their files are called.
func library(t *testing.T) (names []string) {
	t.Helper()
	for _, folder := range []string{"steps", "runbooks"} {
		found, err := filepath.Glob(filepath.Join("..", "..", folder, "library", "*.yaml"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no procedures in %s: %v", folder, err)
		}
		for _, f := range found {
			names = append(names, strings.TrimSuffix(filepath.Base(f), ".yaml"))
		}
	}
	return names
}

// A host's words in an error cannot move the cursor or set the title of the terminal.
func TestExplainIsHarmless(t *testing.T) {
	p := problem.New("remote.tcp.refused", "ctl1", errors.New("a\x1b]0;title\x07b\x1b[2Jc")).WithOutput("first\n\x1b[31mred\x1b[0m\r\x9b1A")
	for _, err := range []error{p, errors.New("plain \x1b[2Jtext")} {
		text := explain(i18n.For(i18n.English), err)
		if strings.ContainsAny(text, "\x1b\x07\r\u009b") || !strings.Contains(text, "text") && !strings.Contains(text, "first\n") {
			t.Errorf("%q", text)
		}
	}
}
