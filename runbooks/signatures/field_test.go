package signatures_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"stackhand/runbooks/signatures"
)

// fits tells whether exactly the runbooks that may be told of are.
func fits(hits []signatures.Hit, want []string) bool {
	for _, h := range hits {
		if !slices.Contains(want, h.Signature.Runbook) {
			return false
		}
	}
	return len(want) == 0 || len(hits) > 0
}

// TestField reads a second set of lines (field.txt), gathered without a look at the signatures: what services of
// Train to 2023.1, MariaDB 10.3 to 11, RabbitMQ 3.6 to 3.12, HAProxy, keepalived, systemd and the
// kernel print, and the wordings of the documents. A line of field.txt says which runbooks may be
// told of it; one of them must be. A line of field-unrelated.txt is printed by clouds that are
// well, mostly with the same words.
func TestField(t *testing.T) { tellsOwn(t, "field.txt", "field-unrelated.txt", 100, true) }

// TestBlind reads a third set, written in the same way: also by somebody who had not seen the signatures,
// nor the other sets.
func TestBlind(t *testing.T) { tellsOwn(t, "blind.txt", "blind-unrelated.txt", 250, long()) }

// TestConsole reads a fourth set, of the same kind: what clients in PHP, Java, Go and Node print, playbooks and cluster
// agents, lines that a terminal cut off, and how people say it.
func TestConsole(t *testing.T) { tellsOwn(t, "console.txt", "console-unrelated.txt", 240, long()) }

// TestFound reads a fifth set: wordings found in public places.
func TestFound(t *testing.T) { tellsOwn(t, "found.txt", "found-unrelated.txt", 80, long()) }

// TestNight reads a sixth set: lines as somebody writes them down or pastes a part of them.
func TestNight(t *testing.T) { tellsOwn(t, "night.txt", "night-unrelated.txt", 70, long()) }

// TestDay reads a seventh set, in both languages.
func TestDay(t *testing.T) { tellsOwn(t, "day.txt", "day-unrelated.txt", 80, long()) }

// TestLate reads an eighth set, of what the others had least of.
func TestLate(t *testing.T) { tellsOwn(t, "late.txt", "late-unrelated.txt", 50, long()) }

// TestDawn reads a ninth set: what an examiner would ask first, and how operators tell it.
func TestDawn(t *testing.T) { tellsOwn(t, "dawn.txt", "dawn-unrelated.txt", 200, long()) }

// long tells whether everything is tried that can be.
func long() bool { return os.Getenv("STACKHAND_LONG") != "" }

// cutOff are lines that end in the middle of the word by which they are known.
var cutOff = []string{
	"INFO nova.compute.manager [req-77 - - - - -] During _sync_instance_power_state the DB power_state (1) does not match the vm_power_s",
	"VirtualInterfaceCreateExcep",
}

// tellsOwn tries two files, of faults and of none, with at least so many lines each: line by line, wrapped in
// every way (or one of them for each line, in turn), and all in one paste.
func tellsOwn(t *testing.T, faults, none string, least int, every bool) {
	m := own(t)
	hits := 0
	var all, quiet []string
	for _, name := range []string{faults, none} {
		lines, want := corpus(t, name)
		for i, l := range lines {
			all = append(all, l)
			if len(want[i]) > 0 {
				hits++
			} else {
				quiet = append(quiet, l)
			}
			if got := m.Line([]byte(l), ""); !fits(got, want[i]) {
				t.Errorf("%s\n  got  %v\n  want %v", l, ids(got), want[i])
				continue
			}
			ways := wraps(l)
			for n, how := range slices.Sorted(maps.Keys(ways)) {
				text := ways[how]
				if !every && n != i%len(ways) {
					continue
				}
				if strings.HasPrefix(l, "|") && (how == "in a table" || how == "37 columns") || strings.HasPrefix(l, "{") && (how == "docker" || how == "ansible") {
					continue
				}
				if (how == "docker" || how == "ansible") && slices.Contains(cutOff, l) {
					continue // what it is wrapped in was not cut off
				}
				if strings.HasPrefix(strings.TrimSpace(l), "#") && how == "in a table" {
					continue // a comment cut into cells: the words stand alone in theirs
				}
				if got := pasted(m, []byte(text), ""); !fits(got, want[i]) {
					t.Errorf("%s: %s\n  got  %v\n  want %v", how, text, ids(got), want[i])
				}
			}
		}
	}
	if hits < least || len(quiet) < least {
		t.Errorf("%d lines of faults, %d of none", hits, len(quiet))
	}
	if got := pasted(m, []byte(strings.Join(quiet, "\r\n")), ""); len(got) > 0 {
		t.Errorf("in one paste: %v in %q", ids(got), got[0].Evidence)
	}
	// All in one paste: each line's own.
	found := map[int]bool{}
	for _, h := range pasted(m, []byte(strings.Join(all, "\n\n")), "") {
		found[h.Line/2] = true
	}
	for i := range all {
		if found[i] != (i < hits) {
			t.Errorf("in one paste: found %v: %s", found[i], all[i])
		}
	}
}
