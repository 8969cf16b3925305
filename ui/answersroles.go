package ui

import (
	"strings"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// rolePrefix begins the keys of the questions which hosts have a role.
const rolePrefix = "@hosts."

// roleFields are those questions.
func (n *answering) roleFields() []interview.Field {
	var all []interview.Field
	for _, p := range n.pages() {
		for _, f := range p.Fields {
			if strings.HasPrefix(f.Key, rolePrefix) {
				all = append(all, f)
			}
		}
	}
	return all
}

// answersRoles is a table of hosts and roles. A host that lost its last role stays in it, so
// that it can be given another one.
type answersRoles struct {
	n     *answering
	list  list
	col   int
	page  int
	hosts []interview.NamedHost
}

func newAnswersRoles(n *answering) *answersRoles { return &answersRoles{n: n} }

func (s *answersRoles) enter() tea.Cmd { return nil }
func (s *answersRoles) title() string  { return s.n.words().Roles }
func (s *answersRoles) typing() bool   { return false }

// known are the draft's hosts, and those that were in the table before.
func (s *answersRoles) known() []interview.NamedHost {
	if st := s.n.d.Site(); st != nil {
		for _, h := range st.Hosts {
			at := -1
			for i, k := range s.hosts {
				if k.Name == h.Name {
					at = i
				}
			}
			if at < 0 {
				s.hosts = append(s.hosts, interview.NamedHost{Name: h.Name})
				at = len(s.hosts) - 1
			}
			if m := h.Addresses["management"]; m != "" {
				s.hosts[at].Address = m
			}
		}
	}
	return s.hosts
}

func (s *answersRoles) has(host, role string) bool {
	st := s.n.d.Site()
	if st == nil {
		return false
	}
	h := st.Host(host)
	return h != nil && h.Has(role)
}

// turn gives or takes a role.
func (s *answersRoles) turn() tea.Cmd {
	hosts, roles := s.known(), s.n.roleFields()
	if s.list.sel >= len(hosts) || s.col >= len(roles) {
		return nil
	}
	key := roles[s.col].Key
	role := strings.TrimPrefix(key, rolePrefix)
	var with []string
	for i, h := range hosts {
		if s.has(h.Name, role) != (i == s.list.sel) {
			with = append(with, strings.TrimSpace(h.Name+" "+h.Address))
		}
	}
	no, cmd := s.n.set(formRow{key: key}, strings.Join(with, ", "), false)
	if len(no.text) > 0 {
		s.n.app.wrong(strings.Join(no.text, " "))
	}
	return cmd
}

func (s *answersRoles) update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if s.list.key(k, len(s.known()), s.page) {
		return nil
	}
	cols := len(s.n.roleFields())
	switch k.String() {
	case "esc", "q", "n":
		return s.n.app.pop()
	case "left", "h", "shift+tab":
		s.col = max(s.col-1, 0)
	case "right", "l", "tab":
		s.col = max(min(s.col+1, cols-1), 0)
	case "space", "enter", "x":
		return s.turn()
	case "u":
		_, cmd := s.n.undo()
		return cmd
	case "t":
		return s.n.app.push(newAnswersPaste(s.n))
	}
	return nil
}

func (s *answersRoles) view(w, h int) []string {
	th, words := s.n.app.th, s.n.words()
	hosts, roles := s.known(), s.n.roleFields()
	if len(hosts) == 0 {
		return []string{"", "   " + th.Muted.Render(celltext.Cut(words.NoHosts, max(w-4, 0), th.More))}
	}
	name := celltext.Width(s.n.app.t.ColHost)
	for _, x := range hosts {
		name = max(name, celltext.Width(x.Name))
	}
	name = min(name, max(w/4, 6))
	address := 16
	if w < 70 {
		address = 0
	}
	wide := max((w-name-address-6)/max(len(roles), 1), 4)
	wide = min(wide, 14)
	from := max(min(s.col-(w-name-address-6)/wide+1, len(roles)-1), 0)
	head := "    " + celltext.Pad(s.n.app.t.ColHost, name, "") + " " + celltext.Pad("", address, "")
	for c := from; c < len(roles); c++ {
		text := celltext.Pad(strings.TrimPrefix(roles[c].Key, rolePrefix), wide-1, th.More) + " "
		if c == s.col {
			head += th.Selected.Render(text)
		} else {
			head += th.Muted.Render(text)
		}
	}
	lines := []string{celltext.Cut(head, w, "")}
	room := max(h-1, 1)
	about := ""
	if s.col < len(roles) && h >= 8 {
		about = celltext.Plain(roles[s.col].Help.In(s.n.app.lang))
		room = max(room-4, 1)
	}
	s.page = room
	a, b := s.list.window(len(hosts), room)
	for i := a; i < b; i++ {
		cursor, label := " ", celltext.Pad(celltext.Plain(hosts[i].Name), name, th.More)
		if i == s.list.sel {
			cursor, label = th.Selected.Render(th.Cursor), th.Selected.Render(label)
		}
		line := " " + cursor + "  " + label + " " + th.Muted.Render(celltext.Pad(hosts[i].Address, address, th.More))
		for c := from; c < len(roles); c++ {
			box := "[ ]"
			style := th.Muted
			if s.has(hosts[i].Name, strings.TrimPrefix(roles[c].Key, rolePrefix)) {
				box, style = "[x]", th.Text
			}
			if i == s.list.sel && c == s.col {
				style = th.Selected
				box = strings.NewReplacer("[", th.Cursor+"[").Replace(box)
			} else {
				box = " " + box
			}
			line += celltext.Pad(style.Render(box), wide, "")
		}
		lines = append(lines, celltext.Cut(line, w, ""))
	}
	if about != "" {
		for len(lines) < h-3 {
			lines = append(lines, "")
		}
		lines = append(lines, "   "+s.n.state())
		for _, l := range celltext.Paragraphs(about, max(w-6, 1)) {
			lines = append(lines, "   "+th.Muted.Render(l))
		}
	}
	return lines
}

func (s *answersRoles) keys() []hint {
	t, w := s.n.app.t, s.n.words()
	th := s.n.app.th
	return []hint{{"space", w.KeyRole}, {th.Up + th.Down + " " + th.Left + th.Arrow, t.KeySelect}, {"t", w.KeyPaste}, {"u", w.KeyUndo}, {"esc", t.KeyBack}}
}

func (s *answersRoles) help() []hint {
	t, w := s.n.app.t, s.n.words()
	return []hint{{"up down left right", t.HelpSelect}, {"space", w.HelpRole}, {"t", w.HelpPaste}, {"u", w.HelpUndo}}
}

// answersPaste takes the hosts of a role as text of several lines: typed, or pasted.
type answersPaste struct {
	n     *answering
	role  int
	area  textarea.Model
	fault []string
}

func newAnswersPaste(n *answering) *answersPaste {
	area := textarea.New()
	area.Prompt = ""
	area.ShowLineNumbers = false
	area.CharLimit = 0
	area.MaxHeight = 0
	area.SetVirtualCursor(false)
	s := &answersPaste{n: n, area: area}
	s.load()
	return s
}

// load shows the hosts that the role has.
func (s *answersPaste) load() {
	var lines []string
	roles := s.n.roleFields()
	if st := s.n.d.Site(); st != nil && s.role < len(roles) {
		for _, h := range st.Role(strings.TrimPrefix(roles[s.role].Key, rolePrefix)) {
			lines = append(lines, strings.TrimSpace(h.Name+" "+h.Addresses["management"]))
		}
	}
	s.area.SetValue(strings.Join(lines, "\n"))
	s.fault = nil
}

func (s *answersPaste) enter() tea.Cmd { return s.area.Focus() }
func (s *answersPaste) title() string  { return s.n.words().Paste }
func (s *answersPaste) typing() bool   { return true }

func (s *answersPaste) update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc": // what was typed is taken, or it is said why not; a second time leaves it
			if s.fault != nil {
				return s.n.app.pop()
			}
			if cmd, ok := s.take(); ok {
				return tea.Batch(cmd, s.n.app.pop())
			}
			return nil
		case "ctrl+s":
			if cmd, ok := s.take(); ok {
				return tea.Batch(cmd, s.n.app.pop())
			}
			return nil
		case "tab", "shift+tab":
			cmd, ok := s.take()
			if ok {
				n := max(len(s.n.roleFields()), 1)
				s.role = (s.role + map[bool]int{true: 1, false: n - 1}[k.String() == "tab"]) % n
				s.load()
			}
			return cmd
		}
		s.fault = nil
	}
	var cmd tea.Cmd
	s.area, cmd = s.area.Update(msg)
	if _, pasted := msg.(tea.PasteMsg); pasted { // kept at once where it can be read; what is wrong is said later
		taken, _ := s.take()
		s.fault = nil
		return tea.Batch(cmd, taken)
	}
	return cmd
}

// take hands the text over; false when it is refused.
func (s *answersPaste) take() (tea.Cmd, bool) {
	roles := s.n.roleFields()
	if s.role >= len(roles) {
		return nil, true
	}
	before := s.area.Value()
	no, cmd := s.n.set(formRow{key: roles[s.role].Key}, before, false)
	s.fault = no.text
	return cmd, len(no.text) == 0
}

func (s *answersPaste) head(w, h int) []string {
	th, words := s.n.app.th, s.n.words()
	var parts []string
	for i, f := range s.n.roleFields() {
		name := strings.TrimPrefix(f.Key, rolePrefix)
		if i == s.role {
			parts = append(parts, th.Selected.Render("["+name+"]"))
		} else {
			parts = append(parts, th.Muted.Render(" "+name+" "))
		}
	}
	lines := []string{" " + celltext.Cut(strings.Join(parts, " "), max(w-2, 0), th.More)}
	text, style := words.PasteAbout, th.Muted
	if s.fault != nil {
		text, style = th.Failed+" "+strings.Join(s.fault, " "), th.Bad
	}
	if h >= 6 {
		for _, l := range celltext.Paragraphs(text, max(w-2, 1)) {
			lines = append(lines, " "+style.Render(l))
		}
		lines = append(lines[:min(len(lines), 5)], " "+s.n.state())
	} else if s.fault != nil {
		lines = []string{" " + style.Render(celltext.Cut(text, max(w-2, 0), th.More))}
	}
	return lines
}

func (s *answersPaste) view(w, h int) []string {
	lines := s.head(w, h)
	s.area.SetWidth(max(w-2, 6))
	s.area.SetHeight(max(h-len(lines), 1))
	for _, l := range strings.Split(s.area.View(), "\n") {
		lines = append(lines, " "+l)
	}
	return lines
}

func (s *answersPaste) cursor(w, h int) *tea.Cursor {
	c := s.area.Cursor()
	if c != nil {
		c.X, c.Y = c.X+1, c.Y+len(s.head(w, h))
	}
	return c
}

func (s *answersPaste) keys() []hint {
	w := s.n.words()
	return []hint{{"ctrl+s", w.KeyTake}, {"tab", w.KeyNextRole}, {"esc", i18n.Fill(s.n.app.t.KeyBack)}}
}

func (s *answersPaste) help() []hint { return nil }
