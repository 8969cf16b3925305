package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// send gives the engine a command; only while acting.
func (s *runScreen) send(c run.Command) tea.Cmd {
	return s.app.act(func() tea.Cmd {
		w := s.watch
		if w == nil {
			return nil
		}
		return s.app.do(s, func(ctx context.Context) tea.Msg {
			r, err := w.Send(ctx, c)
			return sentMsg{r, err}
		})
	})
}

// answerAhead gives a question the answer that the command line had for it. Whoever wrote that there
// wants it given: acting is not asked for.
func (s *runScreen) answerAhead(q *run.QuestionView) tea.Cmd {
	c, wrong, ok := s.ahead.Answer(q)
	if wrong != "" {
		s.app.wrong(i18n.Fill(s.app.cat.Plain.DecideBad, "given", wrong, "step", s.about(q.Q.Unit)))
	}
	if !ok {
		return nil
	}
	w := s.watch
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		r, err := w.Send(ctx, c)
		return sentMsg{r, err}
	})
}

// replied says how the engine took a command.
func (a *App) replied(m sentMsg) {
	switch {
	case m.err != nil:
		a.fail(m.err)
	case !m.reply.OK:
		text, ok := map[string]string{
			run.ReplyStale: a.t.ReplyStale, run.ReplyUnknown: a.t.ReplyUnknown, run.ReplyInvalid: a.t.ReplyInvalid,
			run.ReplyReason: a.t.ReplyReason, run.ReplyBusy: a.t.ReplyBusy, run.ReplyDisk: a.t.ReplyDisk,
		}[m.reply.Error]
		if !ok {
			text = i18n.Word(a.cat.Words.Reply, m.reply.Error)
		}
		a.wrong(text)
	default:
		a.say(a.t.ReplyTaken)
	}
}

// restart starts the engine of a run on which nobody works.
func (s *runScreen) restart() tea.Cmd {
	if !s.known || s.alive || s.over() {
		return nil
	}
	return s.app.act(func() tea.Cmd {
		w := s.watch
		return s.app.do(s, func(ctx context.Context) tea.Msg { return restartedMsg{w.Restart(ctx)} })
	})
}

// askLeave says that the run goes on and how to come back.
func (s *runScreen) askLeave() tea.Cmd {
	a, t := s.app, s.app.t
	if s.over() {
		return a.pop()
	}
	a.open(a.choice(t.LeaveTitle, []string{t.LeaveBody, "", "    stackhand attach " + s.id()}, []option{
		{"", t.StayHere, nil},
		{"", t.LeaveHome, func() tea.Cmd { return a.popTo(1) }},
		{"", t.LeaveQuit, a.quit},
	}))
	return nil
}

func (s *runScreen) id() string {
	if s.st.Run.Run != "" {
		return s.st.Run.Run
	}
	return s.dir
}

// goodbye is what the terminal says after the screen is gone.
func (s *runScreen) goodbye() string {
	if s.over() || s.st.Seq == 0 {
		return ""
	}
	return i18n.Fill(s.app.t.Goodbye, "command", "stackhand attach "+s.id())
}
