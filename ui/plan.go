package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// planScreen says for each unit what is done already and what would change. From here a run
// is started, after its site's name was typed.
type planScreen struct {
	app     *App
	proc    *steps.Procedure
	values  map[string]string
	secrets map[string]string
	lines   []PlanLine
	flow    *flow
	over    bool
	begun   bool
	list    list
	h       int
}

type startedMsg struct {
	dir string
	err error
}

func newPlanScreen(a *App, p *steps.Procedure, values, secrets map[string]string) *planScreen {
	return &planScreen{app: a, proc: p, values: values, secrets: secrets}
}

func (s *planScreen) title() string { return s.app.t.Plan }
func (s *planScreen) typing() bool  { return false }

func (s *planScreen) enter() tea.Cmd {
	if s.flow != nil {
		return nil
	}
	return s.look()
}

func (s *planScreen) look() tea.Cmd {
	s.leave()
	s.lines, s.over = nil, false
	var cmd tea.Cmd
	s.flow, cmd = s.app.stream(s, func(ctx context.Context, tell func(any)) error {
		return s.app.back.Plan(ctx, s.proc.ID, s.values, func(l PlanLine) { tell(l) })
	})
	return cmd
}

func (s *planScreen) leave() {
	if s.flow != nil {
		s.flow.cancel()
	}
}

func (s *planScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case flowMsg:
		if msg.from != s.flow {
			return nil
		}
		for _, item := range msg.items {
			s.lines = append(s.lines, item.(PlanLine))
		}
		if msg.done {
			s.over = true
			if msg.err != nil {
				s.app.fail(msg.err)
			}
			return nil
		}
		return msg.from.more()
	case startedMsg:
		s.begun = false
		if msg.err != nil {
			s.app.fail(msg.err)
			return nil
		}
		s.leave()
		s.app.screens = s.app.screens[:1] // back leads home from a run
		return s.app.push(newRunScreen(s.app, msg.dir))
	case tea.KeyPressMsg:
		rows := s.rows()
		if s.list.key(msg, len(rows), s.h) {
			return nil
		}
		switch msg.String() {
		case "esc", "q", "left":
			return s.app.pop()
		case "r":
			return s.look()
		case "enter", "d":
			if s.list.sel < len(rows) {
				row := rows[s.list.sel]
				name, text := row[0].Unit.String(), s.detail(row[0])
				if len(row) > 1 {
					name, text = s.folded(row), nil
					for _, l := range row {
						text = append(text, strings.TrimSpace(l.Unit.Host+"  "+s.name(l)))
					}
				}
				return s.app.push(newPage(s.app, name, text, false))
			}
		case "S":
			return s.start()
		}
	}
	return nil
}

// start asks for the site's name, turns acting on, and begins the run.
func (s *planScreen) start() tea.Cmd {
	a, t := s.app, s.app.t
	if s.begun || a.site == nil || a.site.Site == nil {
		return nil
	}
	if a.opts.Observe {
		a.wrong(t.ObserveOnly)
		return nil
	}
	text := t.StartBody
	if s.proc.Kind == steps.Runbook {
		text = t.StartRunbook
	}
	body := []string{i18n.Fill(text, "procedure", s.proc.Title.In(a.lang), "hosts", strings.Join(s.hosts(), ", "))}
	if !s.over {
		body = append(body, "", t.StartEarly)
	}
	a.open(a.typed(t.StartTitle, body, a.site.Site.Name, func(string) tea.Cmd {
		a.acting, s.begun = true, true
		a.say(t.Starting)
		return a.do(s, func(ctx context.Context) tea.Msg {
			dir, err := a.back.Start(ctx, s.proc.ID, s.values, s.secrets)
			return startedMsg{dir, err}
		})
	}))
	return nil
}

// hosts are those that the run would touch, as far as the plan knows.
func (s *planScreen) hosts() []string {
	touched := map[string]bool{}
	for _, l := range s.lines {
		switch l.State {
		case PlanChange, PlanOpaque, PlanUnknown, PlanLater:
			touched[l.Unit.Host] = true
		}
	}
	var out []string
	for _, h := range s.app.site.Site.Hosts {
		if touched[h.Name] {
			out = append(out, celltext.Plain(h.Name))
		}
	}
	if len(out) == 0 {
		out = []string{"–"}
	}
	return out
}

func (s *planScreen) state(p PlanState) (mark, word string) {
	th, t := s.app.th, s.app.t
	switch p {
	case PlanAlready:
		return th.Good.Render(th.Already), t.PlanAlready
	case PlanChange:
		return th.Accent.Render(th.Change), t.PlanChange
	case PlanOpaque:
		return th.Accent.Render(th.Change), t.PlanOpaque
	case PlanReads:
		return th.Muted.Render(th.Dot), t.PlanReads
	case PlanAsks:
		return th.Warn.Render(th.Asks), t.PlanAsks
	case PlanLater:
		return th.Muted.Render(th.More), t.PlanLater
	case PlanRefuses:
		return th.Warn.Render(th.Lost), t.PlanRefuses
	case PlanSkip:
		return th.Muted.Render(th.Skipped), t.PlanSkip
	}
	return th.Bad.Render(th.Failed), t.PlanUnknown
}

// rows are the lines as they are shown: those that do not apply, where several follow each other,
// are one, so that what would be done is to be seen among them.
func (s *planScreen) rows() (rows [][]PlanLine) {
	for _, l := range s.lines {
		if n := len(rows); n > 0 && l.State == PlanSkip && rows[n-1][0].State == PlanSkip {
			rows[n-1] = append(rows[n-1], l)
			continue
		}
		rows = append(rows, []PlanLine{l})
	}
	return rows
}

// folded is a row of several lines in words.
func (s *planScreen) folded(row []PlanLine) string {
	return i18n.Fill(s.app.t.PlanFolded, "n", itoa(len(row)), "first", s.name(row[0]))
}

func (s *planScreen) name(l PlanLine) string {
	name := celltext.Plain(l.Title.In(s.app.lang))
	if name == "" {
		name = l.Unit.Step
	}
	if l.Unit.Item != "" {
		name += " [" + celltext.Plain(l.Unit.Item) + "]"
	}
	return name
}

func (s *planScreen) view(w, h int) []string {
	a, t := s.app, s.app.t
	n := map[PlanState]int{}
	for _, l := range s.lines {
		n[l.State]++
	}
	sum := i18n.Fill(t.PlanSum, "already", itoa(n[PlanAlready]), "change", itoa(n[PlanChange]+n[PlanOpaque]), "unknown", itoa(n[PlanUnknown]+n[PlanLater]))
	if !s.over {
		sum += " " + a.th.Dot + " " + t.PlanLooking
	}
	lines := []string{" " + a.th.Strong.Render(celltext.Cut(sum, w-2, a.th.More))}
	host := 4
	for _, l := range s.lines {
		host = max(host, min(celltext.Width(l.Unit.Host), 16))
	}
	word := 0
	for _, p := range []PlanState{PlanAlready, PlanChange, PlanOpaque, PlanSkip, PlanReads, PlanUnknown, PlanAsks, PlanLater, PlanRefuses} {
		_, x := s.state(p)
		word = max(word, celltext.Width(x))
	}
	s.h = max(h-2, 1)
	if h >= 6 {
		lines = append(lines, "")
	} else {
		s.h = max(h-1, 1)
	}
	rows := s.rows()
	from, to := s.list.window(len(rows), s.h)
	for i := from; i < to; i++ {
		l, name := rows[i][0], s.name(rows[i][0])
		if len(rows[i]) > 1 {
			name = s.folded(rows[i])
		}
		mark, x := s.state(l.State)
		right := celltext.Pad(x, word, "")
		if w < 60 {
			right = ""
		}
		on := l.Unit.Host
		if len(rows[i]) > 1 {
			on = ""
		}
		left := mark + " " + celltext.Pad(on, host, a.th.More) + "  " + name
		lines = append(lines, " "+a.row(i == s.list.sel, left, right, w-3))
	}
	return lines
}

// detail is all that is known of a unit's plan.
func (s *planScreen) detail(l PlanLine) []string {
	a, t := s.app, s.app.t
	_, word := s.state(l.State)
	out := []string{s.name(l), l.Unit.String() + ": " + word, ""}
	if say := l.Say.In(a.lang); say != "" {
		out = append(out, say, "")
	}
	if l.State == PlanOpaque {
		out = append(out, t.PlanOpaqueSay, "")
	}
	if l.Problem != nil {
		what, next := a.problem(l.Problem)
		out = append(out, what, l.Problem.Output, next, "")
	}
	out = append(out, a.checkLines(l.Checks)...)
	if l.Diff != "" {
		out = append(out, "", l.Diff)
	}
	return out
}

// checkLines are checks with expected and found, as text.
func (a *App) checkLines(cs []run.Check) []string {
	t := a.t
	var out []string
	for _, c := range cs {
		if c.Phase == "means" {
			on := ""
			if c.On != "" {
				on = c.On + ": "
			}
			out = append(out, on+i18n.Word(a.cat.Runbook.Levels, c.Level)+": "+c.Title.In(a.lang))
			continue
		}
		mark, word := a.th.Done, t.CheckOK
		if !c.OK {
			mark, word = a.th.Failed, t.CheckBad
		}
		title := c.Title.In(a.lang)
		if title == "" {
			title = c.ID
		}
		line := mark + " " + title + ": " + word
		if c.On != "" {
			line += " (" + i18n.Fill(t.SeenFrom, "host", c.On) + ")"
		}
		out = append(out, line)
		if c.Expected != "" {
			out = append(out, "    "+t.Expected+": "+c.Expected)
		}
		if c.Found != "" || !c.OK {
			out = append(out, "    "+t.Found+": "+c.Found)
		}
		if c.Problem != nil {
			what, next := a.problem(c.Problem)
			out = append(out, "    "+what+" "+next)
		}
		if !c.OK && !c.Remedy.Empty() {
			out = append(out, "    "+c.Remedy.In(a.lang))
		}
	}
	return out
}

func (s *planScreen) keys() []hint {
	t := s.app.t
	return []hint{{"S", t.KeyStart}, {s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", t.KeyDetail}, {"r", t.KeyAgain}, {"esc", t.KeyBack}}
}

func (s *planScreen) help() []hint {
	t := s.app.t
	return []hint{{"up down", t.HelpSelect}, {"enter", t.HelpDetail}, {"r", t.HelpPlanAgain}, {"S", t.HelpStart}}
}
