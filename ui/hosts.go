package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// hostsScreen is the matrix of the site's hosts: reach, trust, log in, sudo, platform, clock.
// It fills as answers come, and only looks. On the way to a run it leads on to the values.
type hostsScreen struct {
	app  *App
	proc *steps.Procedure // nil: only looking
	rows []HostRow
	flow *flow
	over bool
	list list
	h    int
}

// loginAsk is a question of the survey that waits for the operator.
type loginAsk struct {
	q     LoginQuestion
	reply chan loginReply
}

type loginReply struct {
	value string
	ok    bool
}

// talk brings what the survey says to the screen.
type talk struct{ tell func(any) }

func (t talk) Row(r HostRow) { t.tell(r) }

func (t talk) Ask(ctx context.Context, q LoginQuestion) (string, bool) {
	ask := loginAsk{q, make(chan loginReply, 1)}
	t.tell(ask)
	select {
	case r := <-ask.reply:
		return r.value, r.ok
	case <-ctx.Done():
		return "", false
	}
}

func newHostsScreen(a *App, p *steps.Procedure) *hostsScreen { return &hostsScreen{app: a, proc: p} }

func (s *hostsScreen) title() string { return s.app.t.Hosts }
func (s *hostsScreen) typing() bool  { return false }

func (s *hostsScreen) enter() tea.Cmd {
	if s.flow != nil {
		return nil
	}
	return s.survey()
}

// survey looks at all hosts, again if it did before.
func (s *hostsScreen) survey() tea.Cmd {
	s.leave()
	s.rows, s.over = nil, false
	if info := s.app.site; info != nil && info.Site != nil {
		for _, h := range info.Site.Hosts {
			s.rows = append(s.rows, HostRow{Host: h.Name})
		}
	}
	var cmd tea.Cmd
	s.flow, cmd = s.app.stream(s, func(ctx context.Context, tell func(any)) error {
		return s.app.back.Survey(ctx, talk{tell})
	})
	return cmd
}

func (s *hostsScreen) leave() {
	if s.flow != nil {
		s.flow.cancel()
	}
}

func (s *hostsScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case flowMsg:
		return s.told(msg)
	case tea.KeyPressMsg:
		if s.list.key(msg, len(s.rows), s.h) {
			return nil
		}
		switch msg.String() {
		case "esc", "q", "left":
			return s.app.pop()
		case "r":
			return s.survey()
		case "enter", "n":
			return s.next()
		}
	}
	return nil
}

func (s *hostsScreen) told(m flowMsg) tea.Cmd {
	if m.from != s.flow {
		return nil // of a survey that was begun anew
	}
	var cmds []tea.Cmd
	for _, item := range m.items {
		switch item := item.(type) {
		case HostRow:
			if i := slices.IndexFunc(s.rows, func(r HostRow) bool { return r.Host == item.Host }); i >= 0 {
				s.rows[i] = item
			} else {
				s.rows = append(s.rows, item)
			}
		case loginAsk:
			cmds = append(cmds, s.app.openByItself(s.app.loginQuestion(item)))
		}
	}
	if m.done {
		s.over = true
		if m.err != nil {
			s.app.fail(m.err)
		}
		return tea.Batch(cmds...)
	}
	return tea.Batch(append(cmds, m.from.more())...)
}

// loginQuestion is the dialog for what only the operator can answer while logging in.
func (a *App) loginQuestion(ask loginAsk) *dialog {
	t := a.t
	reply := func(v string, ok bool) tea.Cmd {
		ask.reply <- loginReply{v, ok}
		return nil
	}
	no := func() tea.Cmd { return reply("", false) }
	if ask.q.Kind == run.AskHostKey {
		d := a.choice(i18n.Fill(t.KeyTitle, "host", ask.q.Host),
			[]string{i18n.Fill(t.KeyBody, "host", ask.q.Host, "type", ask.q.Args["type"], "fingerprint", ask.q.Args["fingerprint"])},
			[]option{{"no", t.KeyNo, no}, {"yes", t.KeyYes, func() tea.Cmd { return reply("yes", true) }}})
		d.shut = no
		return d
	}
	d := a.ask(i18n.Fill(t.LoginTitle, "host", ask.q.Host), nil, celltext.Plain(ask.q.Args["prompt"]), nil,
		func(v string) tea.Cmd { return reply(v, true) })
	d.input.masked = !ask.q.Echo
	d.shut = no
	return d
}

// next goes on to the values; hosts that are not fine are told, but may be left for later.
func (s *hostsScreen) next() tea.Cmd {
	if s.proc == nil {
		return nil
	}
	goOn := func() tea.Cmd { return s.app.push(newParamsScreen(s.app, s.proc)) }
	bad := 0
	for _, r := range s.rows {
		if r.Problem != nil {
			bad++
		}
	}
	t := s.app.t
	if bad == 0 && s.over {
		return goOn()
	}
	body := i18n.Fill(t.HostsBad, "n", itoa(bad))
	if bad == 0 {
		body = t.HostsNotYet
	}
	s.app.open(s.app.choice(t.HostsGoOn, []string{body}, []option{{"", t.StayHere, nil}, {"", t.GoOn, goOn}}))
	return nil
}

func (s *hostsScreen) view(w, h int) []string {
	a, t := s.app, s.app.t
	heads := []string{t.ColReach, t.ColTrust, t.ColLogin, t.ColSudo, t.ColPlatform, t.ColClock}
	wide := []int{0, 0, 0, 0, 0, 0}
	name := celltext.Width(t.ColHost)
	cells := func(r HostRow) []*Cell {
		return []*Cell{r.Reach, r.Trust, r.Login, r.Sudo, r.Platform, r.Clock}
	}
	for i := range heads {
		wide[i] = celltext.Width(heads[i])
	}
	for _, r := range s.rows {
		name = max(name, celltext.Width(r.Host))
		for i, c := range cells(r) {
			if c != nil {
				wide[i] = max(wide[i], min(2+celltext.Width(celltext.Plain(c.Text)), 16))
			}
		}
	}
	name = min(name, 20)
	// A narrow window shows signs only.
	total := name + 3
	for _, n := range wide {
		total += n + 2
	}
	signs := total > w
	if signs {
		for i := range wide {
			wide[i] = min(max((w-name-3)/len(wide)-1, 1), celltext.Width(heads[i]))
		}
	}
	gap := "  "
	if signs {
		gap = " "
	}
	head := "   " + celltext.Pad(t.ColHost, name, "")
	for i, n := range wide {
		head += gap + celltext.Pad(heads[i], n, "")
	}
	lines := []string{a.th.Muted.Render(celltext.Cut(head, w, ""))}

	detail := s.detail(w - 4)
	room := max(h-1-len(detail)-1, 1)
	if h < 8 {
		detail, room = nil, max(h-1, 1)
	}
	s.h = room
	from, to := s.list.window(len(s.rows), room)
	for i := from; i < to; i++ {
		r := s.rows[i]
		mark, host := "   ", celltext.Pad(celltext.Plain(r.Host), name, a.th.More)
		if i == s.list.sel {
			mark, host = " "+a.th.Selected.Render(a.th.Cursor)+" ", a.th.Selected.Render(host)
		}
		line := mark + host
		for j, c := range cells(r) {
			line += gap + s.cell(c, wide[j], signs, r.Problem != nil)
		}
		lines = append(lines, line)
	}
	if len(detail) > 0 {
		for len(lines) < h-len(detail) {
			lines = append(lines, "")
		}
		for _, l := range detail {
			lines = append(lines, "   "+l)
		}
	}
	return lines
}

// cell is one answer: a sign and a word, or a dot while there is none.
func (s *hostsScreen) cell(c *Cell, w int, signs, stopped bool) string {
	th := s.app.th
	switch {
	case c == nil && (s.over || stopped):
		return th.Muted.Render(celltext.Pad(th.Skipped, w, ""))
	case c == nil:
		return th.Muted.Render(celltext.Pad(th.More, w, ""))
	case signs && c.OK:
		return celltext.Pad(th.Good.Render(th.Done), w, "")
	case signs:
		return celltext.Pad(th.Bad.Render(th.Failed), w, "")
	case c.OK:
		return celltext.Pad(th.Good.Render(th.Done)+" "+celltext.Plain(c.Text), w, th.More)
	}
	return celltext.Pad(th.Bad.Render(th.Failed)+" "+celltext.Plain(c.Text), w, th.More)
}

// detail is what is known of the host under the cursor.
func (s *hostsScreen) detail(w int) []string {
	a, t := s.app, s.app.t
	if len(s.rows) == 0 {
		return []string{a.th.Muted.Render(t.NoHosts)}
	}
	s.list.clamp(len(s.rows))
	r := s.rows[s.list.sel]
	var out []string
	if info := a.site; info != nil && info.Site != nil {
		if h := info.Site.Host(r.Host); h != nil {
			line := h.Name + " " + a.th.Dot + " " + h.Addresses["management"]
			for i, role := range h.Roles {
				if i == 0 {
					line += " " + a.th.Dot + " "
				} else {
					line += ", "
				}
				line += role
			}
			out = append(out, a.th.Strong.Render(celltext.Cut(celltext.Plain(line), w, a.th.More)))
		}
	}
	if r.Problem != nil {
		what, next := a.problem(r.Problem)
		for _, l := range celltext.Paragraphs(what, w) {
			out = append(out, a.th.Bad.Render(l))
		}
		if r.Problem.Output != "" {
			for _, l := range lastLines(celltext.Paragraphs(r.Problem.Output, w-2), 4) {
				out = append(out, "  "+l)
			}
		}
		out = append(out, celltext.Paragraphs(next, w)...)
	} else if !s.over {
		out = append(out, a.th.Muted.Render(celltext.Cut(t.Looking2, w, a.th.More)))
	} else {
		out = append(out, a.th.Muted.Render(celltext.Cut(t.HostFine, w, a.th.More)))
	}
	return out
}

// lastLines keeps the end of a text.
func lastLines(l []string, n int) []string { return l[max(len(l)-n, 0):] }

func (s *hostsScreen) keys() []hint {
	t := s.app.t
	h := []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"r", t.KeyAgain}, {"esc", t.KeyBack}}
	if s.proc != nil {
		h = append([]hint{{"enter", t.KeyNext + ": " + t.Params}}, h...)
	}
	return h
}

func (s *hostsScreen) help() []hint {
	t := s.app.t
	h := []hint{{"up down", t.HelpSelect}, {"r", t.HelpSurvey}}
	if s.proc != nil {
		h = append(h, hint{"enter n", i18n.Fill(t.HelpNext, "screen", t.Params)})
	}
	return h
}
