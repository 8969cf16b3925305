package run

import "testing"

// A typed name cannot be given ahead by anything but itself, a decision against the procedure not
// without a reason, a secret not at all.
func TestDecided(t *testing.T) {
	confirm := Question{Kind: AskConfirm, Typed: "ctl1", Options: []string{"yes", "no"}}
	waive := Question{Kind: AskWaive, Typed: "db3", Options: []string{"no"}}
	failed := Question{Kind: AskFailed, Options: []string{"retry", "edit", "skip", "stop"}}
	choose := Question{Kind: AskChoose, Options: []string{"edit", "keep"}}
	for _, tc := range []struct {
		q             Question
		given         string
		value, reason string
		ok            bool
	}{
		{confirm, "yes", "", "", false},
		{confirm, "no", "no", "", true},
		{confirm, "ctl1", "ctl1", "", true},
		{confirm, "CTL1", "", "", false},
		{confirm, "", "", "", false},
		{waive, "db3", "", "", false},
		{waive, "db3: ", "", "", false},
		{waive, "db2: it burnt", "", "", false},
		{waive, "db3: it burnt: badly", "db3", "it burnt: badly", true},
		{waive, "no", "no", "", true},
		{failed, "skip", "", "", false},
		{failed, "skip: not needed", "skip", "not needed", true},
		{failed, "retry", "retry", "", true},
		{failed, "edit", "", "", false},
		{choose, "edit", "edit", "", true},
		{Question{Kind: AskReach, Options: []string{"hand", "stop"}}, "hand", "", "", false},
		{Question{Kind: AskValue}, "a: b", "a: b", "", true},
		{Question{Kind: AskSecret}, "hunter2", "", "", false},
	} {
		value, reason, ok := tc.q.Decided(tc.given)
		if ok != tc.ok || ok && (value != tc.value || reason != tc.reason) {
			t.Errorf("%s, given %q: %q %q %v", tc.q.Kind, tc.given, value, reason, ok)
		}
	}
}

// Each answer counts once for each unit, the most exact key wins, and what was given to no question
// is told.
func TestAhead(t *testing.T) {
	a := NewAhead(map[string]string{"pick@db1": "one\ntwo", "pick": "three", "never": "x"})
	ask := func(seq int64, host string, options ...string) *QuestionView {
		return &QuestionView{Seq: seq, Q: Question{Kind: AskChoose, Unit: Unit{Step: "pick", Host: host}, Options: options}}
	}
	for _, tc := range []struct {
		q     *QuestionView
		value string
		wrong string
	}{
		{ask(1, "db1", "one", "two"), "one", ""},
		{ask(2, "db1", "one", "two"), "two", ""},
		{ask(3, "db1", "one", "two"), "", ""},
		{ask(4, "db2", "four"), "", "pick=three"},
		{ask(4, "db2", "four"), "", ""}, // told once
		{ask(5, "db2", "three"), "three", ""},
		{ask(6, "db3", "three"), "three", ""},
	} {
		c, wrong, ok := a.Answer(tc.q)
		if ok != (tc.value != "") || c.Value != tc.value || wrong != tc.wrong || ok && (c.Do != "answer" || c.Question != tc.q.Seq) {
			t.Errorf("question %d: %+v %q %v", tc.q.Seq, c, wrong, ok)
		}
	}
	if left := a.Left(); len(left) != 1 || left[0] != "never" {
		t.Errorf("left: %q", left)
	}
	var none *Ahead
	if _, _, ok := none.Answer(ask(7, "db1", "one")); ok || none.Left() != nil {
		t.Error("answers of nobody")
	}
}
