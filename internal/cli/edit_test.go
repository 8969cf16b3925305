package cli

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// TestEditNamesItsHosts: the hosts that the operator chose on the screen reach the engine.
func TestEditNamesItsHosts(t *testing.T) {
	home := t.TempDir()
	dir, err := run.Create(home, "20260101-000000-abcd", run.Files{Procedure: []byte("id: one\n")})
	if err != nil {
		t.Fatal(err)
	}
	journal, _, err := run.OpenJournal(dir.JournalPath(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	if _, err := journal.Append(run.RunStarted{Run: dir.ID(), Site: "lab"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan run.Command, 1)
	wait, err := dir.Serve(ctx, func(_ context.Context, c run.Command, _ run.By) run.Reply {
		got <- c
		return run.Reply{OK: true}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer wait()
	defer cancel()
	getenv := func(name string) string {
		if name == "XDG_STATE_HOME" {
			return home
		}
		return ""
	}
	b := &backend{env: &environment{Streams: Streams{Words: i18n.For(i18n.English)}, getenv: getenv}, request: &request{}}
	w, err := b.Open(ctx, dir.Path())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Edit(ctx, 7, []string{"ctl1", "cmp1"}, "true\n"); err != nil {
		t.Fatal(err)
	}
	c := <-got
	if c.Do != "answer" || c.Value != "edit" || c.Question != 7 || c.Script != "true\n" || !slices.Equal(c.Hosts, []string{"ctl1", "cmp1"}) {
		t.Errorf("the engine was sent %+v", c)
	}
}

// TestRunsSpeakTheLanguage: how a run ended is said in the language of the screen.
func TestRunsSpeakTheLanguage(t *testing.T) {
	home := t.TempDir()
	getenv := func(name string) string {
		if name == "XDG_STATE_HOME" {
			return home
		}
		return ""
	}
	for id, outcome := range map[string]string{"20260101-000000-aaaaaaaa": "done", "20260102-000000-bbbbbbbb": "unreachable"} {
		dir, err := run.Create(run.Root(getenv), id, run.Files{})
		if err != nil {
			t.Fatal(err)
		}
		journal, _, err := run.OpenJournal(dir.JournalPath(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []run.Body{run.RunStarted{Run: id, Site: "lab"}, run.RunEnded{Outcome: outcome}} {
			if _, err := journal.Append(b); err != nil {
				t.Fatal(err)
			}
		}
		journal.Close()
	}
	for lang, words := range map[i18n.Lang][]string{i18n.English: {"done               lab", "no host reachable"}, i18n.Korean: {"완료                lab", "연결된 호스트 없음"}} {
		var out strings.Builder
		env := &environment{Streams: Streams{Out: &out, Words: i18n.For(lang)}, getenv: getenv}
		cmd := runsCommand(env)
		cmd.SetArgs(nil)
		if err := cmd.RunE(cmd, nil); err != nil {
			t.Fatal(err)
		}
		for _, w := range words {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s: no %q in\n%s", lang, w, out.String())
			}
		}
	}
}

// TestDraftOfACalledStep: two procedures that are called may have steps of the same name; each has its own
// draft, also where both are on the same host.
func TestDraftOfACalledStep(t *testing.T) {
	inner := func(id string) string {
		return "  " + id + ": |\n    id: " + id + "\n    kind: runbook\n    title: {en: I, ko: I}\n    needs: {database: \"1+\"}\n    steps:\n" +
			"      - {id: work, title: {en: W, ko: W}, on: database, run: echo " + id + ", verify: [{probe: 'true'}]}\n"
	}
	dir, err := run.Create(t.TempDir(), "20260101-000000-abcd", run.Files{Procedure: []byte("id: outer\nkind: runbook\ntitle: {en: O, ko: O}\nneeds: {database: \"1+\"}\nsteps:\n" +
		"  - {id: a, title: {en: A, ko: A}, call: {procedure: first}}\n  - {id: b, title: {en: B, ko: B}, call: {procedure: second}}\nprocedures:\n" + inner("first") + inner("second"))})
	if err != nil {
		t.Fatal(err)
	}
	for step, want := range map[string]string{"a/work": "echo first", "b/work": "echo second"} {
		path, err := draftScript(dir, run.Unit{Step: step, Host: "db1"})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || strings.TrimSpace(string(text)) != want {
			t.Errorf("%s: %q %v", step, text, err)
		}
	}
}
