package ui_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/steps"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

const wrapped = "2023-03-02 10:00:01.1 7 ERROR nova (1129, \"Host '192.0.2.9' is blo\ncked because of many connection errors; password hunter2\nConnection pool is full, discarding connection: x\n"

// TestFind: symptoms first; a paste is looked up at once; a scan tells each host and what was
// found, and what could not be read.
func TestFind(t *testing.T) {
	files, err := filepath.Abs(filepath.Join("testdata", "golden"))
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		b := &stage.Backend{Root: t.TempDir(), Bad: true}
		drive(t, 80, 24, ui.Options{Backend: b, Lang: lang}, func(d *driver) {
			d.wait(time.Second)
			d.keys("/")
			d.wait(time.Second)
			golden(t, files, "find-"+string(lang), d.screen())
			d.send(tea.PasteMsg{Content: wrapped})
			d.wait(time.Second)
			golden(t, files, "find-paste-"+string(lang), d.screen())
			if s := d.screen(); !strings.Contains(s, "db-host-blocked") || strings.Contains(s, "hunter2") {
				t.Errorf("%s", s)
			}
			d.keys("enter")
			if s := d.screen(); !strings.Contains(s, "db-host-blocked") {
				t.Errorf("what is not there is said:\n%s", s)
			}
			d.keys("c", "enter") // the first line: look at the whole site
			d.wait(time.Second)
			golden(t, files, "find-scan-"+string(lang), d.screen())
			for _, want := range []string{"db-unreachable", "cmp2"} {
				if s := d.screen(); !strings.Contains(s, want) {
					t.Errorf("no %s in\n%s", want, s)
				}
			}
		})
	}
}

// TestFindTakesKeysAsText: on a terminal without bracketed paste an error comes as keys, and none
// of them is a command.
func TestFindTakesKeysAsText(t *testing.T) {
	drive(t, 80, 24, ui.Options{Backend: &stage.Backend{Root: t.TempDir()}}, func(d *driver) {
		d.keys("/")
		for _, c := range "sqlalchemy: Host 'a' is blocked because of many connection errors" {
			d.send(tea.KeyPressMsg{Code: c, Text: string(c)})
		}
		d.wait(time.Second)
		if s := d.screen(); !strings.Contains(s, "sqlalchemy: Host 'a' is blocked") || strings.Contains(s, "hosts 0/") {
			t.Fatalf("the keys were taken for commands:\n%s", s)
		}
		d.keys("enter")
		d.wait(time.Second)
		if s := d.screen(); !strings.Contains(s, "db-host-blocked") {
			t.Errorf("%s", s)
		}
	})
}

// galeraThere is a backend that has the runbook for Galera.
type galeraThere struct{ *stage.Backend }

func (galeraThere) Procedures(context.Context) ([]*steps.Procedure, error) {
	p := *stage.Procedure()
	p.ID = "galera-recovery"
	return []*steps.Procedure{&p}, nil
}

// TestFindByAPartOfAMessage: what somebody remembers of a message leads to its runbook.
func TestFindByAPartOfAMessage(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
		drive(t, 80, 24, ui.Options{Backend: galeraThere{&stage.Backend{Root: t.TempDir()}}, Lang: lang}, func(d *driver) {
			d.keys("/")
			for _, c := range "wsrep has not yet" {
				d.send(tea.KeyPressMsg{Code: c, Text: string(c)})
			}
			d.keys("enter")
			d.wait(time.Second)
			if s := d.screen(); !strings.Contains(s, i18n.For(lang).Diagnose.Like) || !strings.Contains(s, "galera-recovery") {
				t.Errorf("%s", s)
			}
		})
	}
}

// TestFindByWords: a fault told in somebody's own words leads to what its words come near, and says that it is a guess.
func TestFindByWords(t *testing.T) {
	drive(t, 80, 24, ui.Options{Backend: galeraThere{&stage.Backend{Root: t.TempDir()}}}, func(d *driver) {
		d.keys("/")
		for _, c := range "db nodes do not see each other, seqno differs, who is to bootstrap" {
			d.send(tea.KeyPressMsg{Code: c, Text: string(c)})
		}
		d.keys("enter")
		d.wait(time.Second)
		if s := d.screen(); !strings.Contains(s, i18n.For(i18n.English).Diagnose.Near) || !strings.Contains(s, "galera-recovery") {
			t.Errorf("%s", s)
		}
	})
}

// TestFindPastesOfAnySize stay within the screen.
func TestFindPastesOfAnySize(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {40, 10}, {20, 5}, {1, 1}} {
		w, h := size[0], size[1]
		drive(t, w, h, ui.Options{Backend: &stage.Backend{Root: t.TempDir(), Bad: true}, Lang: i18n.Korean}, func(d *driver) {
			d.keys("/")
			for _, text := range []string{wrapped, "", "\x1b]0;x\x07한글" + strings.Repeat("가나다 ", 3000), strings.Repeat("BOOT FAILED\n", 5000)} {
				d.send(tea.PasteMsg{Content: text})
				d.wait(time.Second)
				fits(d, w, h, false, "paste")
			}
		})
	}
}

// TestHint: known trouble in the log that is shown is offered once.
func TestHint(t *testing.T) {
	m, err := stage.Matcher()
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{Backend: &stage.Backend{Root: t.TempDir()}}
	dir, err := stage.Scene(r.Root, "running", bubble)
	if err != nil {
		t.Fatal(err)
	}
	appendToLogs(t, dir, "2023 ERROR AMQP server on 192.0.2.11:5672 is unreachable: timed out\n")
	drive(t, 80, 24, ui.Options{Backend: r, Run: dir, Matcher: m}, func(d *driver) {
		d.wait(3 * time.Second)
		if s := d.screen(); !strings.Contains(s, "The log fits the runbook amqp-unreachable") {
			t.Fatalf("no hint in\n%s", s)
		}
		d.keys("down") // it stays, for nobody reads a log that goes by
		if s := d.screen(); strings.Count(s, "fits the runbook") != 1 || !strings.Contains(s, "o open the runbook") {
			t.Errorf("it does not stay, with its key:\n%s", s)
		}
		d.keys("o")
		d.wait(time.Second)
		if s := d.screen(); !strings.Contains(s, "amqp-unreachable") && !strings.Contains(s, "AMQP") {
			t.Errorf("the runbook does not open:\n%s", s)
		}
		d.keys("esc")
		appendToLogs(t, dir, "2023 ERROR AMQP server on 192.0.2.11:5672 is unreachable: timed out\n")
		d.wait(3 * time.Second)
		if s := d.screen(); strings.Contains(s, "fits the runbook") {
			t.Errorf("said again:\n%s", s)
		}
	})
}

// appendToLogs writes a line at the end of every log of a run.
func appendToLogs(t *testing.T, dir, line string) {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(dir, "logs", "*"))
	if err != nil || len(logs) == 0 {
		t.Fatal(err, logs)
	}
	for _, name := range logs {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteString(line)
		if cerr := f.Close(); err != nil || cerr != nil {
			t.Fatal(err, cerr)
		}
	}
}

// TestFindNarrows: the list keeps to what is being typed, a row that was walked to is opened by enter, and
// words that stand nowhere leave all of it.
func TestFindNarrows(t *testing.T) {
	drive(t, 80, 24, ui.Options{Backend: galeraThere{&stage.Backend{Root: t.TempDir()}}}, func(d *driver) {
		d.wait(time.Second)
		d.keys("/")
		d.wait(time.Second)
		has := func(row string) bool { return strings.Contains(d.screen(), row) }
		all := d.screen()
		if !has("Look at the whole site") {
			t.Fatalf("not the list of symptoms:\n%s", all)
		}
		for _, c := range "wsrep" {
			d.send(tea.KeyPressMsg{Code: c, Text: string(c)})
		}
		if has("Look at the whole site") || !has("galera-recovery") || !has(i18n.For(i18n.English).Diagnose.Narrowed) {
			t.Errorf("not narrowed:\n%s", d.screen())
		}
		d.keys("x", "q", "z")
		if !has("Look at the whole site") {
			t.Errorf("words that stand nowhere:\n%s", d.screen())
		}
		d.keys("backspace", "backspace", "backspace", "down", "up", "enter")
		d.wait(time.Second)
		if !has("Find it › ") {
			t.Errorf("the chosen one is not opened:\n%s", d.screen())
		}
	})
}
