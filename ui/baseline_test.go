package ui_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/run"
	"stackhand/steps"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// withBaseline is a scene whose site has a last good picture in which ctl1 was at another number.
func withBaseline(t *testing.T, scene string, lang i18n.Lang, test func(d *driver, dir string)) {
	t.Helper()
	r := &recorder{Backend: &stage.Backend{Root: t.TempDir()}, reply: run.Reply{OK: true}}
	dir, err := stage.Scene(r.Root, scene, bubble)
	if err != nil {
		t.Fatal(err)
	}
	b := &run.Baseline{Run: "20261101-030000-0000000a", At: time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC), Facts: map[string]map[string]steps.Value{
		"ctl1": {"seqno": {V: 1204999}, "state": {V: "inactive"}},
	}}
	data, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "baseline.json"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	drive(t, 80, 24, ui.Options{Backend: r, Lang: lang, Run: dir}, func(d *driver) {
		d.wait(2 * time.Second)
		test(d, dir)
	})
}

// TestTheScreenSaysWhatDiffers: what a run found otherwise than the last good picture stands with the
// evidence, in the question that rests on it, and on the end page; what is as it was does not.
func TestTheScreenSaysWhatDiffers(t *testing.T) {
	has := func(d *driver, want ...string) {
		t.Helper()
		s := strings.Join(strings.Fields(d.screen()), " ")
		for _, w := range want {
			if !strings.Contains(s, w) {
				t.Errorf("no %q in\n%s", w, d.screen())
			}
		}
	}
	withBaseline(t, "waive", i18n.English, func(d *driver, _ string) {
		has(d, "differs from the baseline: ctl1 seqno: was 1204999, is 1204551")
		if strings.Contains(d.screen(), "state: was") {
			t.Errorf("what is the same is told as well:\n%s", d.screen())
		}
	})
	withBaseline(t, "evidence", i18n.Korean, func(d *driver, dir string) {
		d.keys("c")
		has(d, "기준 상태와 다름: ctl1 seqno: 기준 1204999, 현재 1204551")
		d.keys("esc")
		add(t, dir, run.RunEnded{Outcome: "done"})
		d.wait(5 * time.Second)
		has(d, "기준 상태와 비교", "기준 1204999, 현재 1204551")
	})
}

// TestTheEndPageSaysWhatIsHeld: a run that ended without letting go of what it holds says what that
// is, and how it is let go.
func TestTheEndPageSaysWhatIsHeld(t *testing.T) {
	r := &recorder{Backend: &stage.Backend{Root: t.TempDir()}, reply: run.Reply{OK: true}}
	u := run.Unit{Step: "shut", Host: "lb1"}
	bodies := []run.Body{
		run.RunStarted{Run: "20261101-030000-0000000b", Procedure: "p", Title: i18n.Text{En: "P", Ko: "가"}, Site: "lab", Hosts: []string{"lb1"}, Plan: []run.PlannedStep{
			{ID: "shut", Title: i18n.Text{En: "Close it", Ko: "닫기"}, Action: steps.ActRun, Hosts: []string{"lb1"},
				Holds: &run.Holds{Until: "open", Say: i18n.Text{En: "The front end of {host_name} is closed.", Ko: "프런트엔드가 닫혀 있습니다. 호스트: {host_name}"}}},
			{ID: "open", Title: i18n.Text{En: "Open it", Ko: "열기"}, Action: steps.ActRun, Hosts: []string{"lb1"}},
		}},
		run.UnitReady{Step: "shut", Units: []run.Unit{u}}, run.JobIntent{Job: "j1", Unit: u, Attempt: 1}, run.JobClaimed{Job: "j1"},
		run.JobEnded{Job: "j1", State: job.Done}, run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeDone}, run.RunEnded{Outcome: "cancelled"},
	}
	d, err := run.Create(r.Root, "20261101-030000-0000000b", run.Files{})
	if err != nil {
		t.Fatal(err)
	}
	add(t, d.Path(), bodies...)
	for lang, want := range map[i18n.Lang]string{i18n.English: "The front end of lb1 is closed.", i18n.Korean: "프런트엔드가 닫혀 있습니다. 호스트: lb1"} {
		drive(t, 80, 24, ui.Options{Backend: r, Lang: lang, Run: d.Path()}, func(d *driver) {
			d.wait(5 * time.Second)
			if s := d.screen(); !strings.Contains(s, want) {
				t.Errorf("no %q in\n%s", want, s)
			}
		})
	}
}
