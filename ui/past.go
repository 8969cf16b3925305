package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// past lists the runs of this console.
type past struct {
	app    *App
	loaded bool
	runs   []RunInfo
	list   list
	h      int
}

type pastMsg struct {
	runs []RunInfo
	err  error
}

type reportMsg struct {
	text string
	err  error
}

func newPastScreen(a *App) *past { return &past{app: a} }

func (s *past) title() string { return s.app.t.PastRuns }
func (s *past) typing() bool  { return false }

func (s *past) enter() tea.Cmd {
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		runs, err := s.app.back.Runs(ctx)
		return pastMsg{runs, err}
	})
}

func (s *past) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case pastMsg:
		s.loaded, s.runs = true, msg.runs
		if msg.err != nil {
			s.app.fail(msg.err)
		}
	case reportMsg:
		return s.app.showReport(msg)
	case tea.KeyPressMsg:
		if s.list.key(msg, len(s.runs), s.h) {
			return nil
		}
		switch msg.String() {
		case "esc", "q", "left":
			return s.app.pop()
		case "enter":
			if len(s.runs) > 0 {
				return s.app.push(newRunScreen(s.app, s.runs[s.list.sel].Dir))
			}
		case "r":
			if len(s.runs) > 0 {
				return s.app.report(s, s.runs[s.list.sel].Dir)
			}
		}
	}
	return nil
}

// report fetches a run's report for a screen, which gets a reportMsg.
func (a *App) report(s screen, dir string) tea.Cmd {
	a.say(a.t.MakingReport)
	return a.do(s, func(ctx context.Context) tea.Msg {
		text, err := a.back.Report(ctx, dir)
		return reportMsg{text, err}
	})
}

func (a *App) showReport(m reportMsg) tea.Cmd {
	if m.err != nil {
		a.fail(m.err)
		return nil
	}
	return a.push(newPage(a, a.t.Report, []string{m.text}, false))
}

func (s *past) view(w, h int) []string {
	a, t := s.app, s.app.t
	s.h = h
	if !s.loaded {
		return []string{"", "   " + a.th.Muted.Render(t.Loading)}
	}
	if len(s.runs) == 0 {
		return []string{"", "   " + a.th.Muted.Render(t.NoRuns)}
	}
	var lines []string
	from, to := s.list.window(len(s.runs), h)
	for i := from; i < to; i++ {
		r := s.runs[i]
		name := celltext.Plain(r.Title.In(a.lang))
		if name == "" {
			name = celltext.Plain(r.Procedure)
		}
		took := ""
		if !r.Ended.IsZero() {
			took = elapsed(r.Ended.Sub(r.Started))
		}
		sw := 14
		if w < 60 {
			sw = 2
		}
		left := celltext.Pad(s.state(r), sw, "") + " " + celltext.Pad(r.Started.In(a.zone()).Format("2006-01-02 15:04"), 17, "") + name
		lines = append(lines, " "+a.row(i == s.list.sel, left, celltext.Right(took, 8), w-3))
	}
	return lines
}

// state is how a run stands: a sign and a word.
func (s *past) state(r RunInfo) string {
	a, t := s.app, s.app.t
	switch {
	case r.Outcome == "done":
		return a.th.Good.Render(a.th.Done) + " " + t.OutcomeDone
	case r.Outcome == "refused":
		return a.th.Warn.Render(a.th.Lost) + " " + t.OutcomeRefused
	case r.Outcome == "cancelled":
		return a.th.Warn.Render(a.th.Skipped) + " " + t.OutcomeCancelled
	case r.Outcome == "unreachable":
		return a.th.Bad.Render(a.th.Failed) + " " + t.OutcomeUnreachable
	case r.Outcome != "":
		return a.th.Bad.Render(a.th.Failed) + " " + t.OutcomeFailed
	case r.Parked:
		return a.th.Warn.Render(a.th.Held) + " " + t.RunParked
	case !r.Alive:
		return a.th.Warn.Render(a.th.Lost) + " " + t.RunNobody
	}
	return a.th.Accent.Render(a.th.Running) + " " + t.PhaseRunning
}

func (s *past) keys() []hint {
	t := s.app.t
	return []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", t.KeyOpen}, {"r", t.Report}, {"esc", t.KeyBack}}
}

func (s *past) help() []hint {
	t := s.app.t
	return []hint{{"up down", t.HelpSelect}, {"enter", t.HelpOpenRun}, {"r", i18n.Fill(t.HelpReport)}}
}
