package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// answersPage asks the questions of a draft, a group a page; groups come and go as the
// answers have it. A page that was jumped to from the review or the search leads back there.
type answersPage struct {
	n    *answering
	id   string
	jump bool
	form form
	warn string // page that was said to be unfinished: the same key again goes on
	top  int    // line of the form in the last view

	gen   int // of the draft, when these were taken
	known []interview.Page
	lines map[string][]formRow
}

// fileMsg is a file that an answer named.
type fileMsg struct {
	file AnswersFile
	err  error
}

func newAnswersPage(n *answering, id, key string) *answersPage {
	p := &answersPage{n: n, id: id}
	p.form = form{app: n.app, rows: p.rows, set: p.set}
	if pages := p.pages(); p.at() < 0 && len(pages) > 0 {
		if p.id = pages[0].ID; id == interview.PageReview {
			p.id = pages[len(pages)-1].ID
		}
	}
	p.form.selectKey(key)
	return p
}

// newAnswersJump is a page to change one answer, from the review.
func newAnswersJump(n *answering, id, key string) *answersPage {
	p := newAnswersPage(n, id, key)
	p.jump = true
	return p
}

func (p *answersPage) enter() tea.Cmd {
	if p.at() < 0 { // the page does not apply any more
		p.id = p.pages()[0].ID
	}
	return p.stand()
}

// stand notes where the operator is, so that a later start leads there.
func (p *answersPage) stand() tea.Cmd {
	at := interview.Position{Page: p.id}
	if r, ok := p.form.current(); ok {
		at.Field = r.key
	}
	if p.jump || p.n.d.At() == at {
		return nil
	}
	p.n.d.Stand(at)
	return p.n.save()
}

// pages are those with questions.
func (p *answersPage) pages() []interview.Page {
	if p.known == nil || p.gen != p.n.gen {
		p.known, p.gen, p.lines = nil, p.n.gen, map[string][]formRow{}
		for _, g := range p.n.pages() {
			if g.ID != interview.PageReview {
				p.known = append(p.known, g)
			}
		}
	}
	return p.known
}

// at is the number of the page, -1 where it does not apply.
func (p *answersPage) at() int {
	for i, g := range p.pages() {
		if g.ID == p.id {
			return i
		}
	}
	return -1
}

func (p *answersPage) page() interview.Page {
	if i := p.at(); i >= 0 {
		return p.pages()[i]
	}
	return interview.Page{}
}

func (p *answersPage) rows() []formRow {
	g := p.page()
	rows, ok := p.lines[g.ID]
	if !ok {
		for _, f := range g.Fields {
			rows = append(rows, p.n.row(f))
		}
		p.lines[g.ID] = rows
	}
	return rows
}

func (p *answersPage) title() string {
	title := celltext.Plain(p.page().Title.In(p.n.app.lang))
	if p.jump {
		return title
	}
	return p.n.d.Name() + " " + p.n.app.th.Cursor + " " + title
}

func (p *answersPage) typing() bool { return p.form.typing() }

// set answers a question; one that names a file has it read first.
func (p *answersPage) set(r formRow, v string, keep bool) (refusal, tea.Cmd) {
	p.warn = ""
	if r.key == "@file" && v != "" {
		return refusal{}, p.n.app.do(p, func(ctx context.Context) tea.Msg {
			f, err := p.n.app.back.ReadAnswers(ctx, strings.TrimSpace(v))
			return fileMsg{f, err}
		})
	}
	return p.n.set(r, v, keep)
}

func (p *answersPage) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case fileMsg:
		if msg.err == nil && !p.n.busy {
			msg.err = p.n.d.Import(msg.file.Path, msg.file.Data)
		}
		if msg.err != nil {
			p.n.app.fail(msg.err)
			return nil
		}
		p.n.app.say(i18n.Fill(p.n.words().WasRead, "path", celltext.Plain(msg.file.Path)))
		return p.n.changed()
	case tea.PasteMsg:
		p.form.paste(msg.Content)
	case tea.KeyPressMsg:
		return p.key(msg)
	}
	return nil
}

func (p *answersPage) key(k tea.KeyPressMsg) tea.Cmd {
	if cmd, ok := p.form.key(k); ok {
		return cmd
	}
	a := p.n.app
	switch k.String() {
	case "n", "ctrl+s":
		return p.next()
	case "esc", "p", "q":
		return p.back()
	case "d":
		if r, ok := p.form.current(); ok {
			return p.n.reset(r.key)
		}
	case "u":
		key, cmd := p.n.undo()
		if p.at() < 0 {
			p.id = p.pages()[0].ID
		}
		p.form.selectKey(key)
		return cmd
	case "/":
		return a.push(newAnswersSearch(p.n, ""))
	case "v":
		if p.jump {
			return a.pop()
		}
		return a.push(newAnswersReview(p.n))
	case "r":
		if p.isHosts() {
			return a.push(newAnswersRoles(p.n))
		}
	case "t":
		if p.isHosts() {
			return a.push(newAnswersPaste(p.n))
		}
	case "c":
		if p.isHosts() || p.id == interview.PagePlan {
			return a.push(newAnswersLook(p.n))
		}
	}
	return nil
}

func (p *answersPage) isHosts() bool { return p.id == interview.PageHosts }

// next takes the page as it is and goes on. What must be answered is said once.
func (p *answersPage) next() tea.Cmd {
	g := p.page()
	if (g.Missing > 0 || g.Errors > 0) && p.warn != p.id {
		p.warn = p.id
		for i, r := range p.rows() {
			if r.wrong {
				p.form.list.sel = i
				break
			}
		}
		p.n.app.wrong(i18n.Fill(p.n.words().Unfinished, "n", itoa(max(g.Missing, g.Errors))))
		return nil
	}
	p.warn = ""
	if p.jump {
		return p.n.app.pop()
	}
	pages, i := p.pages(), p.at()
	if i+1 >= len(pages) {
		return p.n.app.push(newAnswersReview(p.n))
	}
	return p.show(pages[i+1].ID)
}

// back goes to the page before; from the first one it leaves the draft, which is kept.
func (p *answersPage) back() tea.Cmd {
	i := p.at()
	if p.jump || i <= 0 {
		cmd := p.n.app.pop()
		if !p.jump {
			p.n.app.say(p.n.words().KeptForLater)
		}
		return cmd
	}
	return p.show(p.pages()[i-1].ID)
}

func (p *answersPage) show(id string) tea.Cmd {
	p.id, p.warn = id, ""
	p.form.list, p.form.refused = list{}, refusal{}
	for i, r := range p.rows() { // what must be answered comes first
		if r.wrong {
			p.form.list.sel = i
			break
		}
	}
	return p.stand()
}

func (p *answersPage) view(w, h int) []string {
	var lines []string
	if h >= 7 {
		state := p.n.state()
		room := max(w-3-celltext.Width(state), 0)
		lines = append(lines, " "+celltext.Pad(p.way(room), room, p.n.app.th.More)+" "+state)
	}
	if h >= 14 {
		lines = append(lines, "")
	}
	if h >= 7 && p.n.err != nil {
		lines = append(lines, " "+p.n.app.th.Bad.Render(celltext.Cut(p.n.app.th.Failed+" "+p.n.words().NotSaved, w-2, p.n.app.th.More)))
	}
	p.top = len(lines)
	return append(lines, p.form.view(w, max(h-len(lines), 1))...)
}

// way shows all pages, where one is, and which are not finished.
func (p *answersPage) way(w int) string {
	th := p.n.app.th
	pages, at := p.pages(), p.at()
	name := func(i int) string {
		if i == len(pages) {
			return p.n.words().Review
		}
		g := pages[i]
		text := celltext.Plain(g.Title.In(p.n.app.lang))
		switch {
		case i == at:
			return th.Cursor + " " + text
		case g.Missing > 0 || g.Errors > 0:
			return th.Failed + " " + text
		case i < at:
			return th.Done + " " + text
		}
		return text
	}
	style := func(i int, s string) string {
		switch {
		case i == at:
			return th.Selected.Render(s)
		case i < len(pages) && (pages[i].Missing > 0 || pages[i].Errors > 0):
			return th.Bad.Render(s)
		}
		return th.Muted.Render(s)
	}
	// As many as there is room for around the present one.
	const gap = "  "
	from, to := max(at, 0), max(at, 0)+1
	wide := celltext.Width(name(from))
	number := itoa(at+1) + "/" + itoa(len(pages)) + " "
	room := w - celltext.Width(number) - 4
	for grown := true; grown; {
		grown = false
		if to <= len(pages) {
			if x := celltext.Width(name(to)) + len(gap); wide+x <= room {
				wide, to, grown = wide+x, to+1, true
			}
		}
		if from > 0 {
			if x := celltext.Width(name(from-1)) + len(gap); wide+x <= room {
				wide, from, grown = wide+x, from-1, true
			}
		}
	}
	var parts []string
	for i := from; i < to; i++ {
		parts = append(parts, style(i, name(i)))
	}
	line := strings.Join(parts, gap)
	if from > 0 {
		line = th.Muted.Render(th.More) + " " + line
	}
	if to <= len(pages) {
		line += " " + th.Muted.Render(th.More)
	}
	return th.Muted.Render(number) + line
}

func (p *answersPage) cursor(w, h int) *tea.Cursor { return p.form.cursorAt(p.top) }

func (p *answersPage) keys() []hint {
	a, w := p.n.app, p.n.words()
	if p.form.typing() {
		return p.form.hints()
	}
	h := []hint{{"n", w.KeyAccept}}
	if p.jump {
		h = nil
	}
	h = append(h, p.form.hints()...)
	switch {
	case p.isHosts():
		h = append(h, hint{"r", w.KeyRoles}, hint{"t", w.KeyPaste}, hint{"c", w.KeyLook})
	case p.id == interview.PagePlan:
		h = append(h, hint{"c", w.KeyLook})
	}
	return append(h, hint{"/", a.t.KeySearch}, hint{"d", w.KeyReset}, hint{"u", w.KeyUndo}, hint{"v", w.Review}, hint{"esc", a.t.KeyBack})
}

func (p *answersPage) help() []hint {
	t, w := p.n.app.t, p.n.words()
	h := []hint{{"n", w.HelpAccept}, {"up down", t.HelpSelect}, {"enter", w.HelpEdit}, {"space", w.HelpTurn}, {"d", w.HelpReset}, {"u", w.HelpUndo},
		{"ctrl+y", w.HelpKeep}, {"/", w.HelpSearchKeys}, {"v", w.HelpReview}, {"esc p", w.HelpPageBack}}
	if p.isHosts() {
		h = append(h, hint{"r", w.HelpRoles}, hint{"t", w.HelpPaste})
	}
	if p.isHosts() || p.id == interview.PagePlan {
		h = append(h, hint{"c", w.HelpLook})
	}
	return h
}
