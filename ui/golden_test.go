package ui_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stackhand/internal/i18n"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// TestGolden compares screens with testdata/golden, which people read in review; write them
// anew with UPDATE_GOLDEN=1.
func TestGolden(t *testing.T) {
	files, err := filepath.Abs(filepath.Join("testdata", "golden"))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		ways := map[string][]string{
			"home": {}, "procedure": {"enter", "down"}, "hosts": {"enter", "enter"}, "params": {"enter", "enter", "enter"},
			"plan": {"enter", "enter", "enter", "ctrl+s"}, "start": {"enter", "enter", "enter", "ctrl+s", "S"}, "act": {"A"}, "help": {"?"},
		}
		for name, keys := range answerWays() {
			ways["answers-"+name] = append([]string{"down", "enter"}, keys...)
		}
		for name, keys := range ways {
			b := &stage.Backend{Root: t.TempDir()}
			drive(t, 80, 24, ui.Options{Backend: b, Lang: lang}, func(d *driver) {
				for _, k := range keys {
					d.keys(k)
					d.wait(time.Second)
				}
				golden(t, files, name+"-"+string(lang), d.screen())
			})
		}
		for _, scene := range []string{"running", "failed", "lost", "over", "done", "waive", "guard", "proof", "silent"} {
			t.Chdir(t.TempDir())
			const root = "RUNS" // the end page shows it
			dir, err := stage.Scene(root, scene, bubble)
			if err != nil {
				t.Fatal(err)
			}
			drive(t, 80, 24, ui.Options{Backend: alive{&stage.Backend{Root: root}}, Lang: lang, Run: dir}, func(d *driver) {
				d.wait(time.Second)
				golden(t, files, "run-"+scene+"-"+string(lang), d.screen())
			})
		}
	}
}

// answerWays are ways through the wizard, from where answering begins.
func answerWays() map[string][]string {
	multi := func(keys ...string) []string { return append([]string{"down", "enter"}, keys...) }
	kolla := func(keys ...string) []string { return append([]string{"end", "up", "enter"}, keys...) }
	return map[string][]string{
		"start": {}, "hosts": multi(), "hosts-help": multi("?"), "roles": multi("r", "down", "right", "space"), "paste": multi("t", "[", "ctrl+s"),
		"look": multi("c"), "plan": multi("c", "esc", "n"), "refused": multi("n", "enter", "9", "enter"), "keep": multi("/", "n", "t", "p", "_", "enter", "enter", "1", "2", "enter"),
		"choices": multi("n", "n", "n", "n", "n", "enter"), "secret": multi("n", "n", "n", "n", "down", "enter", "h", "u", "enter"),
		"search": multi("/", "t", "u", "n", "n", "e", "l", "enter"), "review": multi("v"), "jump": multi("v", "enter"),
		"files": multi("v", "f", "pgdown", "pgdown"), "diff": multi("v", "c"), "wrong": multi("t", "ctrl+u", "ctrl+s", "v", "e"),
		"export": multi("c", "esc", "v", "e", "down", "enter", "enter"), "second": {"down", "down", "enter"},
		"kolla-plan": kolla("c", "esc", "n"), "kolla-page": kolla("n", "n", "n"), "kolla-review": kolla("c", "esc", "v"), "kolla-files": kolla("v", "f", "tab"),
	}
}

func golden(t *testing.T, files, name, got string) {
	t.Helper()
	path := filepath.Join(files, name+".txt")
	got += "\n"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}
