package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
)

// hintMsg is known trouble that stands in the log that is shown and was not told before.
type hintMsg []*signatures.Signature

// hintedMsg is what there is to open when a hint is followed.
type hintedMsg struct {
	id    string
	procs []*steps.Procedure
	err   error
}

// lookForHints matches what is new in the log that is shown, outside of Update.
func (s *runScreen) lookForHints() tea.Cmd {
	hints, log := s.hints, s.pane.name
	if hints == nil || log == "" {
		return nil
	}
	return s.app.do(s, func(ctx context.Context) tea.Msg { return hintMsg(hints.Next(ctx, log)) })
}

// hint offers a runbook: the one that explains the others, where several came at once. It stays
// until it is followed, for a log goes by faster than it is read. The runbook that is being led, or
// that it calls, needs no offer.
func (s *runScreen) hint(found hintMsg) {
	for _, g := range found {
		led := g.Runbook == s.st.Run.Procedure || slices.ContainsFunc(s.st.Steps, func(st *run.StepView) bool { return st.Called == g.Runbook })
		if !led && (s.offer == nil || g.Layer < s.offer.Layer) {
			s.offer = g
		}
	}
}

// offered is the hint in words, "" for none. What a log said on the way is over in a run that ended well.
func (s *runScreen) offered() string {
	if s.offer == nil || s.st.Ended != nil && s.st.Ended.Outcome == "done" {
		return ""
	}
	return i18n.Fill(s.app.cat.Diagnose.Hint, "means", s.offer.Means.In(s.app.lang), "id", s.offer.Runbook)
}

// follow opens the runbook that was offered; the run goes on.
func (s *runScreen) follow() tea.Cmd {
	if s.offer == nil {
		return nil
	}
	id := s.offer.Runbook
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		procs, err := s.app.back.Procedures(ctx)
		return hintedMsg{id, procs, err}
	})
}

func (s *runScreen) followed(m hintedMsg) tea.Cmd {
	if s.app.top() != s {
		return nil
	}
	i := slices.IndexFunc(m.procs, func(p *steps.Procedure) bool { return p.ID == m.id })
	switch {
	case i < 0 && m.err != nil: // of others it does not matter here
		s.app.fail(m.err)
		return nil
	case i < 0:
		s.app.wrong(i18n.Fill(s.app.cat.Diagnose.NotThere, "id", m.id))
		return nil
	}
	s.offer = nil
	return s.app.push(newProcedureScreen(s.app, m.procs[i]))
}
