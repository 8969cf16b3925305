package engine

import (
	"strings"

	"stackhand/internal/run"
)

// decision names an answer given ahead, for a unit: each counts once.
type decision struct {
	unit run.Unit
	n    int
}

// Decisions are the answers given ahead for a unit, in the order in which they were given. Keys
// name a step, or STEP@HOST, STEP[ITEM], STEP@HOST[ITEM]; the most exact one counts. An item
// may stand where a host would (waive@db3). Several answers of one key are one a line.
func Decisions(decide map[string]string, u run.Unit) []string {
	keys := []string{u.String()}
	if u.Item != "" {
		keys = append(keys, u.Step+"["+u.Item+"]", u.Step+"@"+u.Item)
	}
	keys = append(keys, u.Step+"@"+u.Host, u.Step)
	for _, key := range keys {
		if values, ok := decide[key]; ok && u.Step != "" {
			return strings.Split(values, "\n")
		}
	}
	return nil
}

// DecidedStep is the step that a key of answers given ahead is about.
func DecidedStep(key string) string {
	if i := strings.IndexAny(key, "@["); i >= 0 {
		return key[:i]
	}
	return key
}

// decideLocked gives an answer that was given ahead: the first for the unit that was not used
// and that the question takes. A reason stands after the value (`VALUE: reason`); an answer
// that needs one and has none is not given.
func (e *Engine) decideLocked(q run.Question, seq int64) error {
	for n, given := range Decisions(e.o.Settings.Decide, q.Unit) {
		used := decision{q.Unit, n}
		if e.decided[used] {
			continue
		}
		value, reason := given, ""
		if accepts(q, value) != "" || q.Free() && q.NeedsReason(value) {
			value, reason, _ = strings.Cut(given, ": ")
		}
		reason = e.redactor().String(strings.TrimSpace(reason))
		if accepts(q, value) != "" || q.NeedsReason(value) && reason == "" || q.Free() && e.secretIn(value) != "" {
			continue
		}
		value, ok := e.answerOf(q, value)
		if !ok {
			continue
		}
		e.decided[used] = true
		_, err := e.emitLocked(func(int64) Body { return run.Answer{Question: seq, Value: value, Reason: reason} })
		return err
	}
	return nil
}
