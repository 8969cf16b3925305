package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// answersSearch finds any key of the installer by words in its key, group, label or help, and
// changes it on its line. Changed ones have a sign; one key shows these alone.
type answersSearch struct {
	n       *answering
	text    field
	writing bool // the words are being typed, not a value
	changed bool // only those that differ
	form    form

	found []interview.Field // what the search gave
	of    string            // for which words
	gen   int               // and which state of the draft
	list  []formRow
}

func newAnswersSearch(n *answering, text string) *answersSearch {
	s := &answersSearch{n: n, writing: text == ""}
	s.text.set(text)
	s.form = form{app: n.app, rows: s.rows, set: n.set}
	return s
}

func (s *answersSearch) enter() tea.Cmd { return nil }
func (s *answersSearch) title() string  { return s.n.words().Search }
func (s *answersSearch) typing() bool   { return s.writing || s.form.typing() }

func (s *answersSearch) rows() []formRow {
	of := s.text.value()
	if s.list != nil && s.of == of && s.gen == s.n.gen {
		return s.list
	}
	s.of, s.gen, s.list = of, s.n.gen, []formRow{}
	s.found = s.n.d.Search(of, s.n.app.lang)
	cat := s.n.d.Catalogue()
	for _, f := range s.found {
		if s.changed && !f.Differs && !f.Typed {
			continue
		}
		r := s.n.row(f)
		if r.label != f.Key {
			r.about = append([]string{r.label}, r.about...)
			for i := range r.about { // the key is on the line itself
				r.about[i] = strings.TrimPrefix(r.about[i], f.Key+" "+s.n.app.th.Dot+" ")
			}
			r.about = slices.DeleteFunc(r.about, func(t string) bool { return t == f.Key })
		}
		r.label = f.Key
		if e := cat.Entry(f.Key); e != nil {
			r.group = celltext.Plain(cat.GroupTitle(e.Group, s.n.app.lang))
		}
		s.list = append(s.list, r)
	}
	return s.list
}

func (s *answersSearch) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		if s.writing {
			s.text.insert(strings.Join(strings.Fields(msg.Content), " "))
			s.form.list = list{}
		} else {
			s.form.paste(msg.Content)
		}
	case tea.KeyPressMsg:
		if s.writing {
			return s.write(msg)
		}
		return s.key(msg)
	}
	return nil
}

// write is a key while the words are typed.
func (s *answersSearch) write(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		if s.text.value() != "" && len(s.rows()) > 0 { // first out of the line, then out of the screen
			s.writing = false
			return nil
		}
		return s.n.app.pop()
	case "enter", "down", "tab":
		s.writing = false
	case "up":
	default:
		before := s.text.value()
		s.text.key(k)
		if s.text.value() != before {
			s.form.list = list{}
		}
	}
	return nil
}

func (s *answersSearch) key(k tea.KeyPressMsg) tea.Cmd {
	if !s.form.typing() && k.String() == "up" && s.form.list.sel == 0 {
		s.writing = true
		return nil
	}
	if cmd, ok := s.form.key(k); ok {
		return cmd
	}
	switch k.String() {
	case "esc", "q":
		return s.n.app.pop()
	case "/":
		s.writing = true
	case "m":
		s.changed = !s.changed
		s.list, s.form.list = nil, list{}
	case "d":
		if r, ok := s.form.current(); ok {
			return s.n.reset(r.key)
		}
	case "u":
		key, cmd := s.n.undo()
		s.form.selectKey(key)
		return cmd
	}
	return nil
}

func (s *answersSearch) view(w, h int) []string {
	th, words := s.n.app.th, s.n.words()
	rows := s.rows()
	count := i18n.Fill(words.FoundKeys, "n", itoa(len(rows)))
	if s.changed {
		count += " " + th.Dot + " " + words.OnlyChanged
	}
	if w < 50 {
		count = itoa(len(rows))
	} else {
		count += "  " + s.n.state()
	}
	room := max(w-4-celltext.Width(count)-2, 1)
	text, _ := s.text.view(room)
	head := "/"
	if s.writing {
		head = th.Selected.Render("/")
	}
	lines := []string{" " + head + " " + celltext.Pad(text, room, "") + " " + count}
	if h >= 8 {
		lines = append(lines, "")
	}
	if len(rows) == 0 {
		return append(lines, "   "+th.Muted.Render(celltext.Cut(words.NoKeys, max(w-4, 1), th.More)))
	}
	return append(lines, s.form.view(w, max(h-len(lines), 1))...)
}

func (s *answersSearch) cursor(w, h int) *tea.Cursor {
	if s.writing {
		_, x := s.text.view(max(w-6, 1))
		return tea.NewCursor(min(3+x, w-1), 0)
	}
	top := 1
	if h >= 8 {
		top = 2
	}
	return s.form.cursorAt(top)
}

func (s *answersSearch) keys() []hint {
	a, w := s.n.app, s.n.words()
	if s.writing {
		return []hint{{"enter", w.KeyToList}, {"esc", a.t.KeyBack}}
	}
	if s.form.typing() {
		return s.form.hints()
	}
	return append(s.form.hints(), hint{"/", a.t.KeySearch}, hint{"m", w.KeyChanged}, hint{"d", w.KeyReset}, hint{"u", w.KeyUndo}, hint{"esc", a.t.KeyBack})
}

func (s *answersSearch) help() []hint {
	t, w := s.n.app.t, s.n.words()
	return []hint{{"/", w.HelpSearchKeys}, {"up down", t.HelpSelect}, {"enter", w.HelpEdit}, {"m", w.HelpChanged}, {"d", w.HelpReset}, {"u", w.HelpUndo}}
}
