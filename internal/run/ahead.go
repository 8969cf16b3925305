package run

import (
	"maps"
	"slices"
	"strings"
)

// Decisions are the answers given ahead for a unit, in the order in which they were given. Keys
// name a step, or STEP@HOST, STEP[ITEM], STEP@HOST[ITEM]; the most exact one counts. An item
// may stand where a host would (waive@db3). Several answers of one key are one a line.
func Decisions(decide map[string]string, u Unit) []string {
	if key, ok := decidedKey(decide, u); ok {
		return strings.Split(decide[key], "\n")
	}
	return nil
}

func decidedKey(decide map[string]string, u Unit) (string, bool) {
	keys := []string{u.String()}
	if u.Item != "" {
		keys = append(keys, u.Step+"["+u.Item+"]", u.Step+"@"+u.Item)
	}
	keys = append(keys, u.Step+"@"+u.Host, u.Step)
	for _, key := range keys {
		if _, ok := decide[key]; ok && u.Step != "" {
			return key, true
		}
	}
	return "", false
}

// DecidedStep is the step that a key of answers given ahead is about.
func DecidedStep(key string) string {
	if i := strings.IndexAny(key, "@["); i >= 0 {
		return key[:i]
	}
	return key
}

// Decided reads an answer that was given ahead: VALUE, or `VALUE: reason`. False when the question
// does not take it, or wants a reason and has none. A secret is never given ahead, nor what needs
// more than a value: a changed script, what was read back at a console.
func (q Question) Decided(given string) (value, reason string, ok bool) {
	value = given
	if q.Refuses(value) != "" || q.Free() && q.NeedsReason(value) {
		value, reason, _ = strings.Cut(given, ": ")
	}
	reason = strings.TrimSpace(reason)
	if q.Kind == AskSecret || q.Kind != AskChoose && q.Kind != AskValue && (value == "edit" || value == "hand") && value != q.Typed {
		return value, reason, false
	}
	return value, reason, q.Refuses(value) == "" && (!q.NeedsReason(value) || reason != "")
}

// Ahead are answers given ahead to a viewer of a run that an engine is working on. The viewer gives
// each once, over the control socket, where the engine checks it as one that was typed. nil: none.
type Ahead struct {
	decide map[string]string
	given  map[decision]bool
	wrong  map[int64]bool // questions that took none of those for them
}

// decision names an answer given ahead, for a unit: each counts once.
type decision struct {
	unit Unit
	n    int
}

// NewAhead takes answers by key, as Decisions has them.
func NewAhead(decide map[string]string) *Ahead {
	return &Ahead{maps.Clone(decide), map[decision]bool{}, map[int64]bool{}}
}

// Answer is the command that answers a question. Where the question takes none of the answers that
// were meant for it, wrong has the first of those, as KEY=VALUE, once for each question.
func (a *Ahead) Answer(q *QuestionView) (c Command, wrong string, ok bool) {
	if a == nil {
		return c, "", false
	}
	key, _ := decidedKey(a.decide, q.Q.Unit)
	for n, given := range Decisions(a.decide, q.Q.Unit) {
		d := decision{q.Q.Unit, n}
		if a.given[d] {
			continue
		}
		value, reason, ok := q.Q.Decided(given)
		if ok {
			a.given[d] = true
			return Command{Do: "answer", Question: q.Seq, Value: value, Reason: reason}, "", true
		}
		if wrong == "" && !a.wrong[q.Seq] {
			wrong = key + "=" + given
		}
	}
	a.wrong[q.Seq] = true
	return c, wrong, false
}

// Used notes that the engine itself had an answer for a unit.
func (a *Ahead) Used(u Unit) {
	if a == nil {
		return
	}
	for n := range Decisions(a.decide, u) {
		a.given[decision{u, n}] = true
	}
}

// Keys are all keys, sorted.
func (a *Ahead) Keys() []string {
	if a == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(a.decide))
}

// Left are the keys of which no answer was given, sorted.
func (a *Ahead) Left() []string {
	if a == nil {
		return nil
	}
	left := a.Keys()
	for d := range a.given {
		key, _ := decidedKey(a.decide, d.unit)
		left = slices.DeleteFunc(left, func(k string) bool { return k == key })
	}
	return left
}
