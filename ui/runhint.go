package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/runbooks/signatures"
)

// hintMsg is known trouble that stands in the log that is shown and was not told before.
type hintMsg []*signatures.Signature

// lookForHints matches what is new in the log that is shown, outside of Update.
func (s *runScreen) lookForHints() tea.Cmd {
	hints, log := s.hints, s.pane.name
	if hints == nil || log == "" {
		return nil
	}
	return s.app.do(s, func(ctx context.Context) tea.Msg { return hintMsg(hints.Next(ctx, log)) })
}

// hint offers the runbook in one line; the one that explains the others, where several came at
// once. What is said already stays.
func (s *runScreen) hint(found hintMsg) {
	if len(found) == 0 || s.app.notice != "" && s.app.isBad {
		return
	}
	first := found[0]
	for _, g := range found[1:] {
		if g.Layer < first.Layer {
			first = g
		}
	}
	s.app.say(i18n.Fill(s.app.cat.Diagnose.Hint, "means", first.Means.In(s.app.lang), "id", first.Runbook))
}
