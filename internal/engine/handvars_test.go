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
