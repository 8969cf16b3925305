package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers/kolla"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// answersLook asks the hosts for their interfaces. What comes goes into the draft, where it
// becomes defaults and findings; hosts that do not answer are said, and nothing is wrong then.
type answersLook struct {
	n    *answering
	rows []HostInterfaces
	wait map[string]bool
	flow *flow
	over bool
	list list
	h    int
}

type lookTalk struct{ talk }

func (t lookTalk) Found(h HostInterfaces) { t.tell(h) }

func newAnswersLook(n *answering) *answersLook { return &answersLook{n: n} }

func (s *answersLook) title() string { return s.n.words().Look }
func (s *answersLook) typing() bool  { return false }

func (s *answersLook) enter() tea.Cmd {
	if s.flow != nil {
		return nil
	}
	return s.look()
}

// look asks all hosts, again if it did before.
func (s *answersLook) look() tea.Cmd {
	s.leave()
	s.rows, s.wait, s.over = nil, map[string]bool{}, false
	st := s.n.d.Site()
	if st == nil || len(st.Hosts) == 0 {
		s.over = true
		return nil
	}
	for _, h := range st.Hosts {
		s.rows = append(s.rows, HostInterfaces{Host: h.Name})
		s.wait[h.Name] = true
	}
	var cmd tea.Cmd
	s.flow, cmd = s.n.app.stream(s, func(ctx context.Context, tell func(any)) error {
		return s.n.app.back.LookAtHosts(ctx, st, lookTalk{talk{tell}})
	})
	return cmd
}

func (s *answersLook) leave() {
	if s.flow != nil {
		s.flow.cancel()
	}
}

func (s *answersLook) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case flowMsg:
		return s.told(msg)
	case tea.KeyPressMsg:
		if s.list.key(msg, len(s.rows), s.h) {
			return nil
		}
		switch msg.String() {
		case "esc", "q", "left", "n", "enter":
			return s.n.app.pop()
		case "r":
			return s.look()
		}
	}
	return nil
}

func (s *answersLook) told(m flowMsg) tea.Cmd {
	if m.from != s.flow {
		return nil
	}
	var cmds []tea.Cmd
	found := map[string][]kolla.Interface{}
	for _, item := range m.items {
		switch item := item.(type) {
		case HostInterfaces:
			delete(s.wait, item.Host)
			if i := slices.IndexFunc(s.rows, func(r HostInterfaces) bool { return r.Host == item.Host }); i >= 0 {
				s.rows[i] = item
			}
			if item.Problem == nil {
				found[item.Host] = item.Interfaces
			}
		case loginAsk:
			cmds = append(cmds, s.n.app.openByItself(s.n.app.loginQuestion(item)))
		}
	}
	if len(found) > 0 {
		s.n.d.UseInterfaces(found)
		cmds = append(cmds, s.n.changed())
	}
	if m.done {
		s.over, s.wait = true, nil
		if m.err != nil {
			s.n.app.fail(m.err)
		}
		return tea.Batch(cmds...)
	}
	return tea.Batch(append(cmds, m.from.more())...)
}

// interfaces are those of a host in one line.
func interfaces(all []kolla.Interface, down string) string {
	var parts []string
	for _, i := range all {
		if i.Name == "lo" {
			continue
		}
		text := i.Name
		for _, a := range i.Addresses {
			if a.Addr().IsLinkLocalUnicast() {
				continue
			}
			text += " " + a.String()
		}
		if !i.Up {
			text += " (" + down + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func (s *answersLook) view(w, h int) []string {
	th, t, words := s.n.app.th, s.n.app.t, s.n.words()
	if len(s.rows) == 0 {
		return []string{"", "   " + th.Muted.Render(celltext.Cut(words.NoHosts, max(w-4, 0), th.More))}
	}
	asked, silent := 0, 0
	name := celltext.Width(t.ColHost)
	for _, r := range s.rows {
		name = max(name, celltext.Width(r.Host))
		switch {
		case r.Problem != nil:
			silent++
		case !s.wait[r.Host]:
			asked++
		}
	}
	name = min(name, max(w/4, 6))
	sum := i18n.Fill(words.LookSum, "asked", itoa(asked), "silent", itoa(silent), "all", itoa(len(s.rows)))
	lines := []string{" " + th.Strong.Render(celltext.Cut(sum, max(w-2, 0), th.More))}
	detail := s.detail(max(w-6, 1))
	detail = detail[:min(len(detail), max(h/2, 0))]
	if h < 8 {
		detail = nil
	}
	room := max(h-len(lines)-len(detail)-min(len(detail), 1), 1)
	s.h = room
	from, to := s.list.window(len(s.rows), room)
	for i := from; i < to; i++ {
		r := s.rows[i]
		mark, text := th.Good.Render(th.Done), interfaces(r.Interfaces, words.Down)
		switch {
		case r.Problem != nil:
			mark, text = th.Warn.Render(th.Lost), words.Unreached
		case s.wait[r.Host] && !s.over:
			mark, text = th.Muted.Render(th.More), words.Asking
		case s.wait[r.Host]:
			mark, text = th.Muted.Render(th.Skipped), words.NotAsked
		}
		left := mark + " " + celltext.Pad(celltext.Plain(r.Host), name, th.More) + "  " + celltext.Plain(text)
		lines = append(lines, " "+s.n.app.row(i == s.list.sel, left, "", max(w-3, 0)))
	}
	for len(lines) < h-len(detail) && len(detail) > 0 {
		lines = append(lines, "")
	}
	for _, l := range detail {
		lines = append(lines, "   "+l)
	}
	return lines
}

// detail is the host under the cursor, and what of the plan does not fit the hosts.
func (s *answersLook) detail(w int) []string {
	a := s.n.app
	var out []string
	add := func(style func(...string) string, text string) {
		for _, l := range celltext.Paragraphs(text, w) {
			out = append(out, style(l))
		}
	}
	s.list.clamp(len(s.rows))
	if r := s.rows[s.list.sel]; r.Problem != nil {
		what, next := a.problem(r.Problem)
		add(a.th.Warn.Render, what)
		add(a.th.Muted.Render, next)
		add(a.th.Muted.Render, s.n.words().UnreachedFine)
	} else if len(r.Interfaces) > 0 {
		add(a.th.Muted.Render, r.Host+": "+interfaces(r.Interfaces, s.n.words().Down))
	}
	for _, p := range s.n.pages() {
		for _, f := range p.Fields {
			if !strings.HasPrefix(f.Key, "@if.") {
				continue
			}
			for _, x := range f.Findings {
				why, _ := x.Texts(a.lang)
				add(a.th.Bad.Render, a.th.Failed+" "+s.n.label(f)+": "+why+".")
			}
		}
	}
	return out
}

func (s *answersLook) keys() []hint {
	t := s.n.app.t
	return []hint{{"r", t.KeyAgain}, {s.n.app.th.Up + s.n.app.th.Down, t.KeySelect}, {"esc", t.KeyBack}}
}

func (s *answersLook) help() []hint {
	t := s.n.app.t
	return []hint{{"up down", t.HelpSelect}, {"r", s.n.words().HelpLook}}
}
