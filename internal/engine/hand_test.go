package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
	"stackhand/steps"
)

// cards has two looks at hosts that may be silent, each with a card that asks for a list.
const cards = `
id: cards
kind: install
title: {en: T, ko: T}
steps:
  - id: one
    on: node
    absent: allow
    probe: mock get x
    read: {ones: {match: '(\d+)', as: lines}, other: '(y)'}
    hand: {type: [list them], asks: [{name: ones, match: '\d+', en: All of them, ko: 모두}]}
  - id: two
    on: node
    absent: allow
    probe: mock get x
    read: {twos: {match: '(\d+)', as: lines}}
    hand: {type: [list them], asks: [{name: twos, match: '\d+', en: All of them, ko: 모두}]}
  - id: work
    title: {en: w, ko: w}
    on: {from: node, where: '.reachable'}
    run: mock ledger work
    verify: [{probe: mock has x}]
`

// TestNotAskedAgain: a silent host that the operator goes on without is not asked about at the
// next look that has a card.
func TestNotAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, cards, "a", "b")
		r.w.hosts["a"].cut, r.w.hosts["b"].kv["x"] = true, "1"
		asked := 0
		r.answer = func(q *run.QuestionView) run.Command {
			asked++
			return run.Command{Do: "answer", Value: "absent"}
		}
		st := ends(t, r, "done")
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		for _, fact := range []string{"ones", "twos", "other"} {
			if f := st.Facts["a"][fact]; f.Absent != steps.WhyUnreachable {
				t.Errorf("%s: %+v", fact, f)
			}
		}
		if fmt.Sprint(st.Facts["b"]["twos"].V) != "[1]" {
			t.Errorf("%+v", st.Facts["b"])
		}
	})
}

// TestListReadByHand: a list is typed with commas between, a dash for none; anything else is not
// taken.
func TestListReadByHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, cards, "a", "b")
		r.w.hosts["a"].cut, r.w.hosts["b"].kv["x"] = true, "1"
		typed := map[string]string{"one": " 7,8 ,9", "two": "-"}
		r.answer = func(q *run.QuestionView) run.Command {
			name := map[string]string{"one": "ones", "two": "twos"}[q.Q.Unit.Step]
			if len(q.Q.Boxes) != 1 {
				t.Fatalf("%+v", q.Q)
			}
			for _, wrong := range []string{"", "7,,8", "7, x", "7 8", "-,7"} {
				if q.Q.Boxes[0].Takes(wrong) {
					t.Errorf("the box takes %q", wrong)
				}
			}
			if !q.Q.Boxes[0].Takes(typed[q.Q.Unit.Step]) {
				t.Errorf("the box does not take %q", typed[q.Q.Unit.Step])
			}
			return run.Command{Do: "answer", Value: "hand", Values: map[string]string{name: typed[q.Q.Unit.Step]}}
		}
		st := ends(t, r, "done")
		if got := fmt.Sprint(st.Facts["a"]["ones"].V, st.Facts["a"]["twos"].V); got != "[7 8 9] []" {
			t.Errorf("read %s", got)
		}
		if !st.ByHand["a"]["ones"] || st.Facts["a"]["other"].Absent != whyByHand {
			t.Errorf("%+v, by hand %v", st.Facts["a"], st.ByHand["a"])
		}
	})
}

// TestWaivedIsNotAskedAbout: who was gone on without by name and reason is not asked about again
// where a look has a card.
func TestWaivedIsNotAskedAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const waives = "steps:\n" + `  - {id: first, title: {en: f, ko: f}, on: node, absent: allow, probe: mock get x, read: {z: '(\d)'}}
  - id: without
    title: {en: w, ko: w}
    each: 'map(filter(hosts.node, not .reachable), .name)'
    waive: {type: item, reason: required, en: 'Without {item}', ko: '{item} 제외'}
`
		r := newRig(t, strings.Replace(cards, "steps:\n", waives, 1), "a", "b")
		r.w.hosts["a"].cut, r.w.hosts["b"].kv["x"] = true, "1"
		var kinds []string
		r.answer = func(q *run.QuestionView) run.Command {
			kinds = append(kinds, q.Q.Kind)
			return run.Command{Do: "answer", Value: q.Q.Typed, Reason: "burnt"}
		}
		st := ends(t, r, "done")
		if !slices.Equal(kinds, []string{run.AskWaive}) {
			t.Errorf("asked %v", kinds)
		}
		if f := st.Facts["a"]["twos"]; f.Absent != steps.WhyUnreachable {
			t.Errorf("%+v", f)
		}
	})
}

// TestOnlyWhoCounts: a card with a condition asks about the silent hosts for which it holds, and goes
// on without the others.
func TestOnlyWhoCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := strings.Replace(cards, "hand: {type: [list them], asks: [{name: ones", `hand: {when: 'host.name == "b"', type: [list them], asks: [{name: ones`, 1)
		text = strings.Replace(text, "hand: {type: [list them], asks: [{name: twos", `hand: {when: 'host.other == "y"', type: [list them], asks: [{name: twos`, 1)
		r := newRig(t, text, "a", "b", "c")
		r.w.hosts["a"].cut, r.w.hosts["b"].cut, r.w.hosts["c"].kv["x"] = true, true, "1"
		var about []string
		r.answer = func(q *run.QuestionView) run.Command {
			about = append(about, q.Q.Unit.Step+" "+q.Q.Hosts[0])
			return run.Command{Do: "answer", Value: "hand", Values: map[string]string{"ones": "7"}}
		}
		st := ends(t, r, "done")
		if !slices.Equal(about, []string{"one b"}) {
			t.Errorf("asked about %v", about)
		}
		for host, want := range map[string]string{"a": "unreachable", "b": "[7]", "c": "[1]"} {
			if f := st.Facts[host]["ones"]; f.Absent != want && fmt.Sprint(f.V) != want {
				t.Errorf("%s: %+v", host, f)
			}
		}
	})
}

// TestReadAgain: a look with a card is made again for a host that has gone since, and what it said is
// not known any more; what was typed stands.
func TestReadAgain(t *testing.T) {
	const more = `
  - id: go
    title: {en: g, ko: g}
    on: {from: node, where: '.name == "b"'}
    confirm: {type: "yes", en: Go?, ko: 진행}
    run: mock ledger go
    verify: [{probe: mock has x}]
  - {id: other, title: {en: o, ko: o}, on: node, absent: allow, probe: mock get x, read: {z: '(\d)'}}
  - id: again
    title: {en: a, ko: a}
    wait: {until: 'count(hosts.node, known(#, "ones")) == 2', rereads: one, for: 1m}
`
	synctest.Test(t, func(t *testing.T) {
		at := strings.Index(cards, "  - id: two")
		r := newRig(t, cards[:at]+strings.TrimPrefix(more, "\n"), "a", "b", "c")
		r.w.hosts["a"].kv["x"], r.w.hosts["b"].kv["x"], r.w.hosts["c"].cut = "1", "1", true
		r.answer = func(q *run.QuestionView) run.Command {
			if q.Q.Unit.Step == "one" {
				return run.Command{Do: "answer", Value: "hand", Values: map[string]string{"ones": "7"}}
			}
			r.w.hosts["a"].cut = true
			return run.Command{Do: "answer", Value: "yes"}
		}
		st := ends(t, r, "done")
		if f := st.Facts["a"]["ones"]; f.Absent != steps.WhyUnreachable {
			t.Errorf("a: %+v", f)
		}
		if f := st.Facts["c"]["ones"]; fmt.Sprint(f.V) != "[7]" {
			t.Errorf("c: %+v", f)
		}
	})
}

// TestTypedStands: what was read at a silent host's console stands when a step that has no card of
// its own reads the same again.
func TestTypedStands(t *testing.T) {
	const plain = `
  - {id: plain, title: {en: p, ko: p}, on: node, absent: allow, probe: mock get x, read: {ones: {match: '(\d+)', as: lines}}}
`
	const again = `
  - {id: go, title: {en: g, ko: g}, on: {from: node, where: '.name == "c"'}, confirm: {type: "yes", en: Go?, ko: 진행}, run: mock ledger go, verify: [{probe: mock has x}]}
  - id: again
    title: {en: a, ko: a}
    wait: {until: 'len(flatten(known(hosts.node, "ones"))) == 2', rereads: plain, for: 1m}
`
	synctest.Test(t, func(t *testing.T) {
		first, two := strings.Index(cards, "  - id: one"), strings.Index(cards, "  - id: two")
		text := cards[:first] + strings.TrimPrefix(plain, "\n") + cards[first:two] + strings.TrimPrefix(again, "\n")
		r := newRig(t, text, "a", "c")
		r.w.hosts["a"].cut = true
		r.answer = func(q *run.QuestionView) run.Command {
			if q.Q.Unit.Step == "go" {
				r.w.hosts["c"].kv["x"] = "1" // it has to be read again
				return run.Command{Do: "answer", Value: "yes"}
			}
			return run.Command{Do: "answer", Value: "hand", Values: map[string]string{"ones": "7"}}
		}
		st := ends(t, r, "done")
		if f := st.Facts["a"]["ones"]; fmt.Sprint(f.V) != "[7]" {
			t.Errorf("a: %+v", f)
		}
		if f := st.Facts["c"]["ones"]; fmt.Sprint(f.V) != "[1]" {
			t.Errorf("c: %+v", f)
		}
	})
}
