package ui_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// withRunbooks has runbooks besides the procedure of the stage, as a folder lists them: by name.
type withRunbooks struct{ *stage.Backend }

func (b withRunbooks) Procedures(ctx context.Context) ([]*steps.Procedure, error) {
	all, err := b.Backend.Procedures(ctx)
	for _, id := range []string{"all-hosts-down", "amqp-unreachable", "baseline", "db-host-blocked", "db-unreachable", "galera-recovery", "instance-data", "instance-error",
		"lbaas-duplicate-namespace", "mariadb-will-not-start", "pool-full", "power-state-sync", "proxy-arp-lost", "rabbitmq-recovery", "vif-creation"} {
		all = append(all, &steps.Procedure{ID: id, Kind: steps.Runbook, Title: i18n.Text{En: "The title of " + id, Ko: id}, About: i18n.Text{En: "About it.", Ko: "설명."}})
	}
	return all, err
}

// TestHomeBySymptom: what an operator sees stands on home, in the order of likelihood; Find is
// the first of them and one key away; each group's heading is there once, and a runbook without a
// symptom is last.
func TestHomeBySymptom(t *testing.T) {
	drive(t, 80, 24, ui.Options{Backend: withRunbooks{&stage.Backend{Root: t.TempDir()}}}, func(d *driver) {
		s := d.screen()
		order := []string{"Install", "Answers", "Recover", "Find what is broken", "Hosts lost power", "database cluster does not answer", "RabbitMQ does not start", "(1129)", "(2003)"}
		if at := positions(s, order); !slices.IsSorted(at) || at[0] < 0 || strings.Count(s, "Recover\n") > 1 {
			t.Errorf("not in this order: %q %v\n%s", order, at, s)
		}
		d.keys("tab", "down", "down")
		if s := d.screen(); !strings.Contains(s, "The title of galera-recovery") {
			t.Errorf("two below Find is not the database:\n%s", s)
		}
		d.keys("end", "up", "up")
		if s := d.screen(); !strings.Contains(s, "› The title of baseline") || strings.Contains(s, "Install") {
			t.Errorf("the last runbook is not the one without a symptom:\n%s", s)
		}
		d.keys("/")
		for _, c := range "1129" {
			d.keys(string(c))
		}
		d.keys("enter")
		d.wait(time.Second)
		if s := d.screen(); !strings.Contains(s, "db-host-blocked") || strings.Contains(s, "galera") {
			t.Errorf("the number of an error finds nothing:\n%s", s)
		}
		d.keys("enter")
		if s := d.screen(); !strings.Contains(s, "The title of db-host-blocked") {
			t.Errorf("the hit does not lead to its runbook:\n%s", s)
		}
	})
}

func positions(s string, texts []string) (at []int) {
	for _, x := range texts {
		at = append(at, strings.Index(s, x))
	}
	return at
}

// TestAQuestionShowsWhatItRestsOn: the evidence stands in the dialog that asks, and behind it.
func TestAQuestionShowsWhatItRestsOn(t *testing.T) {
	on(t, "waive", i18n.English, func(d *driver, _ *recorder, _ string) {
		d.wait(2 * time.Second)
		s := d.screen()
		for _, want := range []string{"leave it open", "✗ cmp2: Its position cannot be read.", "✓ ctl1, cmp1: It was shut down in order"} {
			if !strings.Contains(s, want) {
				t.Errorf("no %q in\n%s", want, s)
			}
		}
		d.keys("esc")
		if s := d.screen(); !strings.Contains(s, "what it alone knows is lost") {
			t.Errorf("with the dialog closed the question is not to be read:\n%s", s)
		}
	})
}

// TestWhyItWasLeftOut: a step that was skipped says why, in its pane and on its page, and with which
// condition; what is read once more later on does not count as its time.
func TestWhyItWasLeftOut(t *testing.T) {
	on(t, "done", i18n.English, func(d *driver, _ *recorder, _ string) {
		d.keys("esc", "end")
		if s := d.screen(); !strings.Contains(s, "Skipped, because: does not apply") {
			t.Errorf("the pane does not say why:\n%s", s)
		}
		d.keys("c")
		if s := d.screen(); !strings.Contains(s, "Skipped, because: does not apply here") {
			t.Errorf("the page does not say why:\n%s", s)
		}
	})
}

// TestAnswersOfTheCommandLine: what a question takes is given without a key, what it does not take is
// told, and the question opens.
func TestAnswersOfTheCommandLine(t *testing.T) {
	for given, want := range map[string]int{"cmp2: it burnt": 1, "cmp2": 0, "cmp1: it burnt": 0} {
		r := &recorder{Backend: &stage.Backend{Root: t.TempDir()}, reply: run.Reply{OK: true}}
		dir, err := stage.Scene(r.Root, "waive", bubble)
		if err != nil {
			t.Fatal(err)
		}
		drive(t, 80, 24, ui.Options{Backend: r, Run: dir, Ahead: run.NewAhead(map[string]string{"packages@cmp2": given})}, func(d *driver) {
			d.wait(3 * time.Second)
			r.mu.Lock()
			sent := slices.Clone(r.sent)
			r.mu.Unlock()
			if len(sent) != want || want == 1 && (sent[0].Value != "cmp2" || sent[0].Reason != "it burnt") {
				t.Errorf("%s: sent %+v", given, sent)
			}
			if open := strings.Contains(d.screen(), "leave it open"); open == (want == 1) {
				t.Errorf("%s: the dialog is open: %v\n%s", given, open, d.screen())
			}
		})
	}
}

// TestWhyAHostCannotBeHad: the head of a run says in a word at which stage the way to a host ends.
func TestWhyAHostCannotBeHad(t *testing.T) {
	for code, want := range map[problem.Code]string{
		"remote.tcp.timeout": "silent", "remote.handshake.timeout": "login hangs", "remote.login.timeout": "login hangs", "remote.login.dropped": "login hangs",
		"remote.login": "not let in", "remote.key.changed": "not let in",
	} {
		on(t, "running", i18n.English, func(d *driver, _ *recorder, dir string) {
			add(t, dir, run.HostState{Host: "cmp1", State: run.HostFailed, Problem: problem.New(code, "cmp1", nil)})
			d.wait(2 * time.Second)
			if s := d.screen(); !strings.Contains(s, want) {
				t.Errorf("%s: no %q in\n%s", code, want, s)
			}
		})
	}
}
