package engine

import (
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/run"
)

// TestBoxSaysVars: what a box asks for has the step's vars in it, and not their names in braces.
func TestBoxSaysVars(t *testing.T) {
	text := strings.Replace(cards, "en: All of them, ko: 모두}]}\n  - id: two", "en: 'Is {which} there?', ko: '{which} 확인'}]}\n    vars: {which: '[\"x1\", \"x2\"]'}\n  - id: two", 1)
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, text, "a", "b")
		r.w.hosts["a"].cut, r.w.hosts["b"].kv["x"] = true, "1"
		said := ""
		r.answer = func(q *run.QuestionView) run.Command {
			if len(q.Q.Boxes) > 0 && said == "" {
				said = q.Q.Boxes[0].Say.En + "|" + q.Q.Boxes[0].Say.Ko
			}
			return run.Command{Do: "answer", Value: "absent"}
		}
		ends(t, r, "done")
		if said != "Is x1 x2 there?|x1 x2 확인" && said != "Is x1, x2 there?|x1, x2 확인" {
			t.Errorf("the box says %q", said)
		}
	})
}

// TestAskSaysVars: what is asked, or is to be done by hand, has the step's vars in it.
func TestAskSaysVars(t *testing.T) {
	for _, ask := range []string{"manual: {en: 'Look at {which}.', ko: '{which} 확인.'}", "choose: {name: c, en: 'Look at {which}.', ko: '{which} 확인.', options: [{value: y, en: y, ko: y}]}"} {
		text := cards[:strings.Index(cards, "  - id: one")] + "  - id: by-hand\n    title: {en: m, ko: m}\n    vars: {which: '[\"x1\", \"x2\"]'}\n    " + ask + "\n"
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, text, "a")
			said := ""
			r.answer = func(q *run.QuestionView) run.Command {
				said = q.Q.Say.En + "|" + q.Q.Say.Ko
				if q.Q.Kind == run.AskChoose {
					return run.Command{Do: "answer", Value: "y"}
				}
				return run.Command{Do: "answer", Value: "done"}
			}
			ends(t, r, "done")
			if !strings.Contains(said, "Look at x1") || strings.Contains(said, "{which}") {
				t.Errorf("it says %q", said)
			}
		})
	}
}
