package engine

import "stackhand/internal/run"

// decision names an answer given ahead, for a unit: each counts once.
type decision struct {
	unit run.Unit
	n    int
}

// decideLocked gives an answer that was given ahead: the first for the unit that was not used
// and that the question takes. A reason stands after the value (`VALUE: reason`); an answer
// that needs one and has none is not given.
func (e *Engine) decideLocked(q run.Question, seq int64) error {
	for n, given := range run.Decisions(e.o.Settings.Decide, q.Unit) {
		used := decision{q.Unit, n}
		if e.decided[used] {
			continue
		}
		value, reason, ok := q.Decided(given)
		if !ok || q.Free() && e.secretIn(value) != "" {
			continue
		}
		if value, ok = e.answerOf(q, value); !ok {
			continue
		}
		e.decided[used] = true
		_, err := e.emitLocked(func(int64) Body {
			return run.Answer{Question: seq, Value: value, Reason: e.redactor().String(reason)}
		})
		return err
	}
	return nil
}

// usedUp notes which answers given ahead an earlier engine has given: each counts once for the run,
// so that what was agreed to before the engine died is not agreed to again when it has changed. What somebody gives
// with an attach is new.
func (e *Engine) usedUp() {
	at := e.o.DecidedAt
	for _, q := range e.st.Answered {
		own := q.Answer.By != nil && at == 0 // who attaches has their viewer give them, in their name
		if q.Answer.Void != "" || own || q.Told <= at {
			continue // nobody's word, somebody's own, or of before these were given
		}
		for n, given := range run.Decisions(e.o.Settings.Decide, q.Q.Unit) {
			used := decision{q.Q.Unit, n}
			value, _, ok := q.Q.Decided(given)
			if value, ok2 := e.answerOf(q.Q, value); ok && ok2 && !e.decided[used] && value == q.Answer.Value {
				e.decided[used] = true
				break
			}
		}
	}
}
