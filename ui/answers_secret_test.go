package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// camera keeps every screen that was shown.
type camera struct {
	*driver
	shown []string
}

func (r *camera) press(keys ...string) {
	for _, k := range keys {
		r.keys(k)
		r.shown = append(r.shown, r.screen())
	}
}

func (r *camera) text(s string) {
	for _, c := range s {
		r.press(string(c))
	}
}

// TestNoSecretIsShown: neither passwords that were typed or pasted, nor those that were made,
// nor those of the file before are on any screen: questions, search, review, files, differences.
// The saved state has none either.
func TestNoSecretIsShown(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	var shown []string
	drive(t, 80, 24, ui.Options{Backend: b}, func(d *driver) {
		r := &camera{driver: d}
		r.press("down", "enter", "enter", "n", "n", "n", "down", "enter")
		r.text("hunter2typed")
		r.press("enter", "enter")
		d.send(tea.PasteMsg{Content: "hunter2pasted\r\n"})
		r.press("enter", "/")
		r.text("PW")
		r.press("enter")
		for range 60 {
			r.press("down")
		}
		r.press("esc", "v", "f")
		for range 40 {
			r.press("pgdown")
		}
		r.press("esc", "e", "enter")
		d.wants("Written")
		r.press("enter", "f")
		for range 40 {
			r.press("pgdown")
		}
		r.press("esc", "esc", "home", "down", "enter")
		r.text("hunter2other")
		r.press("enter")
		d.wants("********")
		r.press("v", "c", "pgdown", "pgdown", "esc", "e", "enter", "?", "esc")
		shown = r.shown
	})
	if len(shown) < 200 {
		t.Fatalf("only %d screens were shown", len(shown))
	}
	c, err := answers.Load("packstack-train")
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string]bool{"hunter2": true}
	files, err := filepath.Glob(filepath.Join(b.Root, "*answer.txt*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v %v: there should be a file and the one before", files, err)
	}
	for _, f := range files {
		for k, v := range read(t, f) {
			if e := c.Entry(k); e != nil && e.Secret && len(v) >= 8 {
				secrets[v] = true
			}
		}
	}
	if len(secrets) < 20 {
		t.Errorf("only %d secrets are in the files", len(secrets))
	}
	for s := range secrets {
		for _, screen := range shown {
			if strings.Contains(screen, s) {
				t.Fatalf("a secret is shown:\n%s", screen)
			}
		}
	}
	drafts, err := filepath.Glob(filepath.Join(b.Root, "answers", "*.json"))
	if err != nil || len(drafts) != 1 {
		t.Fatal(drafts, err)
	}
	if state, err := b.State("lab-all-in-one"); err != nil || strings.Contains(string(state), "hunter2") {
		t.Errorf("the state has a secret in clear: %v", err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

// TestAnExistingFile: a file is opened, what is wrong with it is listed, one value is changed, and
// every other byte is as it was.
func TestAnExistingFile(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	before := "[general]\r\n# ours\r\nCONFIG_CONTROLLER_HOST=192.0.2.11\r\nCONFIG_COMPUTE_HOSTS=192.0.2.21\r\nCONFIG_NTP_SERVERS=clock\r\nCONFIG_PROVISION_DEMO=perhaps\r\nOURS=1\r\n"
	path := filepath.Join(b.Root, "old.txt")
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	drive(t, 80, 24, ui.Options{Backend: homeless{b}}, func(d *driver) {
		d.keys("down", "enter", "o")
		d.send(tea.PasteMsg{Content: "old.txt"})
		d.keys("enter")
		d.wants("Which installer")
		d.keys("2", "enter") // several hosts
		d.wants("Found by the check", "Make the demonstration project")
		d.keys("/")
		for _, r := range "PROVISION_DEMO" {
			d.keys(string(r))
		}
		d.keys("enter", "space")
		d.keys("esc", "c")
		d.wants("-CONFIG_PROVISION_DEMO=perhaps", "+CONFIG_PROVISION_DEMO=")
		d.keys("esc", "e", "down", "enter")
		d.wants("old.txt")
		d.keys("enter")
	})
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(after), "\n") {
		was := strings.Split(before, "\n")[i]
		if strings.HasPrefix(was, "CONFIG_PROVISION_DEMO") {
			if line != "CONFIG_PROVISION_DEMO=y\r" && line != "CONFIG_PROVISION_DEMO=n\r" {
				t.Errorf("the changed line is %q", line)
			}
		} else if line != was {
			t.Errorf("line %d was %q and is %q", i+1, was, line)
		}
	}
	if kept, err := os.ReadFile(path + ".before"); err != nil || string(kept) != before {
		t.Errorf("the file before: %q %v", kept, err)
	}
}
