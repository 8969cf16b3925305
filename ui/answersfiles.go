package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// shownFile is a file as it will be, secrets masked already, and what changes against the one
// before.
type shownFile struct {
	name   string
	text   []string
	diff   []string // unified; empty where nothing differs
	before string   // path or name of the one before; "" where there is none
}

// filesScreen shows the files that would be written: a tab each, whole or as a difference.
type filesScreen struct {
	app    *App
	files  []shownFile
	tab    int
	diff   bool
	top, x int
	h      int
}

func newFilesScreen(a *App, files []shownFile, diff bool) *filesScreen {
	return &filesScreen{app: a, files: files, diff: diff}
}

func (s *filesScreen) enter() tea.Cmd { return nil }
func (s *filesScreen) title() string  { return s.app.cat.AnswerScreens.Files }
func (s *filesScreen) typing() bool   { return false }

func (s *filesScreen) lines() []string {
	if len(s.files) == 0 {
		return nil
	}
	f := s.files[s.tab]
	if !s.diff {
		return f.text
	}
	if len(f.diff) == 0 {
		text := s.app.cat.AnswerScreens.NoDiff
		if f.before == "" {
			text = s.app.cat.AnswerScreens.NoBefore
		}
		return []string{text}
	}
	return f.diff
}

func (s *filesScreen) update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	n := len(s.lines())
	switch k.String() {
	case "esc", "q":
		return s.app.pop()
	case "tab":
		s.turn(1)
	case "shift+tab":
		s.turn(-1)
	case "f", "c":
		s.diff = !s.diff
		s.top, s.x = 0, 0
	case "up", "k":
		s.top--
	case "down", "j":
		s.top++
	case "pgup", "b":
		s.top -= s.h
	case "pgdown", "space":
		s.top += s.h
	case "home", "g":
		s.top = 0
	case "end", "G":
		s.top = n
	case "left", "h":
		s.x = max(s.x-8, 0)
	case "right", "l":
		s.x += 8
	default:
		if d := int(k.String()[0] - '1'); len(k.String()) == 1 && d >= 0 && d < len(s.files) {
			s.tab, s.top, s.x = d, 0, 0
		}
	}
	s.top = max(min(s.top, n-s.h), 0)
	return nil
}

func (s *filesScreen) turn(by int) {
	if n := len(s.files); n > 0 {
		s.tab, s.top, s.x = (s.tab+by+n)%n, 0, 0
	}
}

func (s *filesScreen) view(w, h int) []string {
	a := s.app
	var lines []string
	if h >= 3 {
		lines = append(lines, s.tabs(w))
	}
	s.h = max(h-len(lines), 1)
	all := s.lines()
	s.top = max(min(s.top, len(all)-s.h), 0)
	for _, l := range all[s.top:min(s.top+s.h, len(all))] {
		out := celltext.Line(l, s.x, max(w-2, 1))
		if s.diff {
			out = a.diffLine(l, out)
		}
		lines = append(lines, " "+out)
	}
	return lines
}

// diffLine styles a line of a difference by its sign, which stays to be read.
func (a *App) diffLine(l, shown string) string {
	switch {
	case strings.HasPrefix(l, "+++"), strings.HasPrefix(l, "---"):
		return a.th.Strong.Render(shown)
	case strings.HasPrefix(l, "+"):
		return a.th.Good.Render(shown)
	case strings.HasPrefix(l, "-"):
		return a.th.Bad.Render(shown)
	case strings.HasPrefix(l, "@@"):
		return a.th.Muted.Render(shown)
	}
	return shown
}

// tabs are the names of the files, the one that is shown in brackets.
func (s *filesScreen) tabs(w int) string {
	a, t := s.app, s.app.cat.AnswerScreens
	var parts []string
	for i, f := range s.files {
		if i == s.tab {
			parts = append(parts, a.th.Selected.Render("["+f.name+"]"))
		} else {
			parts = append(parts, a.th.Muted.Render(" "+f.name+" "))
		}
	}
	kind := t.Whole
	if s.diff {
		kind = t.Diff
	}
	kind = a.th.Heading.Render(kind)
	room := w - 2 - celltext.Width(kind)
	return " " + celltext.Pad(strings.Join(parts, " "), max(room, 0), a.th.More) + " " + kind
}

func (s *filesScreen) keys() []hint {
	t, w := s.app.t, s.app.cat.AnswerScreens
	h := []hint{}
	if len(s.files) > 1 {
		h = append(h, hint{"tab", w.KeyFile})
	}
	if s.diff {
		h = append(h, hint{"f", w.Whole})
	} else {
		h = append(h, hint{"f", w.Diff})
	}
	if n := len(s.lines()); n > s.h {
		h = append(h, hint{"", i18n.Fill(t.LinesOf, "from", itoa(s.top+1), "to", itoa(min(s.top+s.h, n)), "all", itoa(n))})
	}
	return append(h, hint{"esc", t.KeyBack})
}

func (s *filesScreen) help() []hint {
	t, w := s.app.t, s.app.cat.AnswerScreens
	return []hint{{"up down", t.HelpScroll}, {"space b", t.HelpPage}, {"g G", t.HelpEnds}, {"left right", t.HelpSide},
		{"tab 1-9", w.HelpFiles}, {"f", w.HelpDiff}}
}
