package ui

import (
	"context"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// editScreen changes the script of a failed unit for this run. What is stored, linted and
// confirmed anew is the engine's business; here it is only typed.
type editScreen struct {
	app  *App
	from *runScreen
	unit run.Unit
	seq  int64
	old  string
	area textarea.Model
	busy bool
}

type editedMsg struct{ err error }

func newEditScreen(from *runScreen, m scriptMsg) *editScreen {
	area := textarea.New()
	area.Prompt = ""
	area.ShowLineNumbers = true
	area.CharLimit = 0
	area.MaxHeight = 0
	area.SetVirtualCursor(false)
	area.SetValue(m.text)
	area.MoveToBegin()
	return &editScreen{app: from.app, from: from, unit: m.unit, seq: m.question, old: m.text, area: area}
}

func (s *editScreen) enter() tea.Cmd { return s.area.Focus() }
func (s *editScreen) title() string  { return i18n.Fill(s.app.t.EditTitle, "unit", s.unit.String()) }
func (s *editScreen) typing() bool   { return true }

func (s *editScreen) update(msg tea.Msg) tea.Cmd {
	a, t := s.app, s.app.t
	switch msg := msg.(type) {
	case editedMsg:
		s.busy = false
		if msg.err != nil {
			a.fail(msg.err)
			return nil
		}
		cmd := a.pop()
		a.say(t.ReplyTaken)
		return cmd
	case tea.KeyPressMsg:
		switch msg.String() {
		case "esc":
			if s.area.Value() == s.old {
				return a.pop()
			}
			a.open(a.choice(t.EditDrop, []string{t.EditDropBody}, []option{{"", t.StayHere, nil}, {"", t.EditDropGo, a.pop}}))
			return nil
		case "ctrl+s":
			return s.save()
		}
	}
	var cmd tea.Cmd
	s.area, cmd = s.area.Update(msg)
	return cmd
}

// save asks for which hosts the change is, and hands it over.
func (s *editScreen) save() tea.Cmd {
	a, t := s.app, s.app.t
	if s.busy {
		return nil
	}
	if s.area.Value() == s.old {
		a.wrong(t.EditSame)
		return nil
	}
	hand := func(hosts []string) func() tea.Cmd {
		return func() tea.Cmd {
			return a.act(func() tea.Cmd {
				s.busy = true
				text, w := s.area.Value(), s.from.watch
				if w == nil {
					return nil
				}
				return a.do(s, func(ctx context.Context) tea.Msg { return editedMsg{w.Edit(ctx, s.seq, hosts, text)} })
			})
		}
	}
	opts := []option{{"", t.StayHere, nil}, {"", i18n.Fill(t.EditOne, "host", s.unit.Host), hand([]string{s.unit.Host})}}
	var open []string
	if st := s.from.st.Step(s.unit.Step); st != nil {
		for _, u := range st.Units {
			if !u.Phase.Settled() && !slices.Contains(open, u.Unit.Host) {
				open = append(open, u.Unit.Host)
			}
		}
	}
	if len(open) > 1 {
		opts = append(opts, option{"", i18n.Fill(t.EditAll, "hosts", strings.Join(open, ", ")), hand(open)})
	}
	a.open(a.choice(t.EditFor, []string{t.EditForBody}, opts))
	return nil
}

func (s *editScreen) view(w, h int) []string {
	s.area.SetWidth(max(w, 6))
	s.area.SetHeight(max(h, 1))
	return strings.Split(s.area.View(), "\n")
}

func (s *editScreen) cursor(w, h int) *tea.Cursor { return s.area.Cursor() }

func (s *editScreen) keys() []hint {
	t := s.app.t
	return []hint{{"ctrl+s", t.EditSave}, {"esc", t.KeyBack}}
}

func (s *editScreen) help() []hint { return nil }
