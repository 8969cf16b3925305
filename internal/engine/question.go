package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"stackhand/internal/run"
)

// ask puts a question to the operator and waits for the answer. What an earlier engine asked,
// or was told, counts: a question is the same while its kind, unit, attempt and binding are.
func (e *Engine) ask(ctx context.Context, q run.Question) (run.Answer, error) {
	same := func(o run.Question) bool {
		return o.Kind == q.Kind && o.Unit == q.Unit && o.Attempt == q.Attempt && o.Bind == q.Bind && slices.Equal(o.Hosts, q.Hosts) && o.Args["name"] == q.Args["name"]
	}
	if e.looking {
		return run.Answer{}, ErrAsked
	}
	q = e.cleanQuestion(q)
	seq, known, err := e.openQuestion(ctx, q, same)
	if err != nil || known != nil {
		if known != nil {
			return *known, nil
		}
		return run.Answer{}, err
	}
	e.wait(seq, 1)
	defer e.wait(seq, -1)
	var got *run.Answer
	err = e.await(ctx, func(s *run.State) bool {
		for _, a := range s.Answered {
			if a.Seq == seq {
				got = a.Answer
				return true
			}
		}
		return false
	})
	if err != nil {
		return run.Answer{}, err
	}
	return *got, nil
}

// lasts tells whether an answer counts as long as what it is about stays the same: also for
// an engine that starts after it was given. Those that opened another attempt have had their
// effect; what is asked about a moment (reach, claim, stall), and secrets, are asked anew.
func lasts(q run.Question, value string) bool {
	switch q.Kind {
	case run.AskConfirm, run.AskChoose, run.AskValue, run.AskManual:
		return true
	case run.AskWaive:
		return value != "hand" // what was read counts, by the facts that it became
	case run.AskGuard:
		return value != "retry"
	case run.AskReach:
		return q.Unit.Step != "" && value != "retry"
	case run.AskFailed, run.AskLost:
		return value != "retry" && value != "edit" && value != "rerun"
	}
	return false
}

// openQuestion finds the question open, or answered, or opens it. What is asked about a unit
// that was settled meanwhile, or a host that was dropped, is not asked at all.
func (e *Engine) openQuestion(ctx context.Context, q run.Question, same func(run.Question) bool) (int64, *run.Answer, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ctx.Err() != nil {
		return 0, nil, context.Cause(ctx)
	}
	if e.leaving { // a host that is let go may want a password again: it keeps its claim
		return 0, nil, errLeaving
	}
	if v := e.st.Unit(q.Unit); v != nil && v.Phase == run.PhaseSkipped {
		return 0, &run.Answer{Void: "skipped"}, nil
	}
	for _, a := range e.st.Answered {
		if a.Answer.Void == "" && same(a.Q) && lasts(q, a.Answer.Value) {
			return a.Seq, a.Answer, nil
		}
	}
	for _, o := range slices.Clone(e.st.Questions) {
		if o.Q.Kind != q.Kind || o.Q.Unit != q.Unit || !slices.Equal(o.Q.Hosts, q.Hosts) || o.Q.Args["name"] != q.Args["name"] {
			continue
		}
		if same(o.Q) {
			return o.Seq, nil, e.decideLocked(q, o.Seq)
		}
		if err := e.voidLocked(o.Seq, "changed"); err != nil {
			return 0, nil, err
		}
	}
	ev, err := e.emitLocked(func(int64) Body { return q })
	if err != nil {
		return 0, nil, err
	}
	return ev.Seq, nil, e.decideLocked(q, ev.Seq)
}

// withdraw voids open questions that no longer need an answer.
func (e *Engine) withdraw(why string, which func(run.Question) bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, o := range slices.Clone(e.st.Questions) {
		if which(o.Q) {
			if err := e.voidLocked(o.Seq, why); err != nil {
				return err
			}
		}
	}
	return nil
}

// bind is what an answer is bound to: if any part changes, it is void.
func bind(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s,", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// handle takes one command from a viewer. It is journalled before it is acknowledged.
func (e *Engine) handle(ctx context.Context, c run.Command, by run.By) run.Reply {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.st.Ended != nil { // the last event is written
		if c.Do == "cancel" {
			return run.Reply{OK: true}
		}
		return run.Reply{Error: run.ReplyUnknown}
	}
	switch c.Do {
	case "answer", "secret":
		return e.handleAnswer(c, by)
	case "stop":
		return e.handleStop(c, by)
	case "drop":
		return e.handleDrop(c, by)
	case "skip":
		return e.handleSkip(c, by)
	case "park":
		if e.parking == "" {
			e.parking, e.parkBy = "operator", &by
		}
		e.maybePark()
		e.wake()
		return run.Reply{OK: true}
	case "cancel":
		if e.endLocked(&by) != nil {
			return e.refuse()
		}
		return run.Reply{OK: true}
	}
	return run.Reply{Error: run.ReplyInvalid}
}

func (e *Engine) handleAnswer(c run.Command, by run.By) run.Reply {
	for _, a := range e.st.Answered {
		if a.Seq != c.Question {
			continue
		}
		clean, _ := e.answerOf(a.Q, c.Value)
		if a.Answer.Void == "" && (a.Answer.Value == clean || a.Q.Kind == run.AskSecret && c.Do == "secret") {
			return run.Reply{OK: true, Seq: a.Seq} // told twice
		}
		return run.Reply{Error: run.ReplyStale}
	}
	i := slices.IndexFunc(e.st.Questions, func(q *run.QuestionView) bool { return q.Seq == c.Question })
	if i < 0 {
		return run.Reply{Error: run.ReplyUnknown}
	}
	q := e.st.Questions[i].Q
	if (q.Kind == run.AskSecret) != (c.Do == "secret") || c.Do == "secret" && c.Secret == "" {
		return run.Reply{Error: run.ReplyInvalid}
	}
	value, ok := e.answerOf(q, c.Value)
	if !ok {
		return run.Reply{Error: run.ReplyInvalid}
	}
	answer := run.Answer{Question: c.Question, Value: value, Reason: e.reason(c), By: &by}
	if q.Free() && e.secretIn(value) != "" {
		return run.Reply{Error: run.ReplySecret} // answers are journalled
	}
	switch {
	case c.Do == "secret":
		answer.Value = ""
		e.o.Secrets.Put(q.Args["name"], c.Secret)
	case q.Refuses(c.Value) != "":
		return run.Reply{Error: q.Refuses(c.Value)}
	case q.NeedsReason(c.Value) && answer.Reason == "":
		return run.Reply{Error: run.ReplyReason}
	case c.Value == "hand":
		values, reply := e.handValues(q, c.Values)
		if !reply.OK {
			return reply
		}
		answer.Values = values
	case c.Value == "edit":
		if reply := e.handleEdit(q, c, by); !reply.OK {
			return reply
		}
	}
	ev, err := e.emitLocked(func(int64) Body { return answer })
	if err != nil {
		return e.refuse()
	}
	if q.Kind == run.AskSecret { // whoever else waits for the same one has it now
		for _, o := range slices.Clone(e.st.Questions) {
			if o.Q.Kind == run.AskSecret && o.Q.Args["name"] == q.Args["name"] {
				if e.voidLocked(o.Seq, "answered") != nil {
					break // the engine is on its way out already
				}
			}
		}
	}
	return run.Reply{OK: true, Seq: ev.Seq}
}

// reason is why the operator does something, as the journal may hold it.
func (e *Engine) reason(c run.Command) string {
	return e.redactor().String(strings.TrimSpace(c.Reason))
}

func (e *Engine) handleStop(c run.Command, by run.By) run.Reply {
	v := e.st.Unit(c.Unit)
	if v == nil {
		return run.Reply{Error: run.ReplyUnknown}
	}
	for _, j := range v.Jobs {
		if j.Ended != nil || j.Stop != nil && (j.Stop.Hard || !c.Hard) {
			continue
		}
		ev, err := e.emitLocked(func(int64) Body { return run.JobStop{Job: j.Intent.Job, Hard: c.Hard, By: &by} })
		if err != nil {
			return e.refuse()
		}
		return run.Reply{OK: true, Seq: ev.Seq} // the unit's goroutine sees the event and stops the job
	}
	return run.Reply{OK: true}
}

func (e *Engine) handleDrop(c run.Command, by run.By) run.Reply {
	h := e.st.Hosts[c.Host]
	if h == nil {
		return run.Reply{Error: run.ReplyUnknown}
	}
	return e.dropLocked(c.Host)
}

func (e *Engine) dropLocked(host string) run.Reply {
	if h := e.st.Hosts[host]; h != nil && h.State == run.HostDropped {
		return run.Reply{OK: true}
	}
	ev, err := e.emitLocked(func(int64) Body { return run.HostState{Host: host, State: run.HostDropped} })
	if err != nil {
		return e.refuse()
	}
	for _, q := range slices.Clone(e.st.Questions) {
		if q.Q.Unit.Host == host || slices.Equal(q.Q.Hosts, []string{host}) {
			if e.voidLocked(q.Seq, "dropped") != nil {
				return e.refuse()
			}
		}
	}
	if drop := e.dropped[host]; drop != nil {
		drop(errDropped)
	}
	return run.Reply{OK: true, Seq: ev.Seq}
}

func (e *Engine) handleSkip(c run.Command, by run.By) run.Reply {
	v := e.st.Unit(c.Unit)
	switch {
	case v == nil:
		return run.Reply{Error: run.ReplyUnknown}
	case strings.TrimSpace(c.Reason) == "":
		return run.Reply{Error: run.ReplyReason}
	case v.Phase == run.PhaseSkipped:
		return run.Reply{OK: true}
	case v.Phase != run.PhaseFailed && v.Phase != run.PhaseHeld:
		return run.Reply{Error: run.ReplyBusy}
	}
	ev, err := e.emitLocked(func(int64) Body {
		return run.UnitSkipped{Unit: c.Unit, Why: "operator", Reason: e.reason(c), By: &by}
	})
	if err != nil {
		return e.refuse()
	}
	if v.Question != 0 && e.voidLocked(v.Question, "skipped") != nil {
		return e.refuse()
	}
	return run.Reply{OK: true, Seq: ev.Seq}
}
