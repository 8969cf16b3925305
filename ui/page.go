package ui

import (
	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// page is a text to read: a report, a script, all checks of a unit. The lines are wrapped,
// or (code) cut and scrolled to the side.
type page struct {
	app    *App
	name   string
	text   []string
	code   bool
	top, x int
	w, h   int
	cache  []string
	cacheW int
	extra  func(k string) tea.Cmd // further keys
	more   []hint
}

func newPage(a *App, name string, text []string, code bool) *page {
	return &page{app: a, name: name, text: text, code: code}
}

func (p *page) enter() tea.Cmd { return nil }
func (p *page) title() string  { return p.name }
func (p *page) typing() bool   { return false }

func (p *page) lines(w int) []string {
	if p.code {
		return p.text
	}
	if p.cacheW != w || p.cache == nil {
		p.cache, p.cacheW = nil, w
		for _, t := range p.text {
			p.cache = append(p.cache, celltext.Paragraphs(t, w)...)
		}
	}
	return p.cache
}

func (p *page) update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	n := len(p.lines(max(p.w-2, 1)))
	switch k.String() {
	case "esc", "q":
		return p.app.pop()
	case "up", "k":
		p.top--
	case "down", "j":
		p.top++
	case "pgup", "b":
		p.top -= p.h
	case "pgdown", "space":
		p.top += p.h
	case "home", "g":
		p.top = 0
	case "end", "G":
		p.top = n
	case "left", "h":
		p.x = max(p.x-8, 0)
	case "right", "l":
		if p.code {
			p.x += 8
		}
	default:
		if p.extra != nil {
			return p.extra(k.String())
		}
	}
	p.top = max(min(p.top, n-p.h), 0)
	return nil
}

func (p *page) view(w, h int) []string {
	p.w, p.h = w, h
	all := p.lines(max(w-2, 1))
	p.top = max(min(p.top, len(all)-h), 0)
	var out []string
	for _, l := range all[p.top:min(p.top+h, len(all))] {
		if p.code {
			l = celltext.Line(l, p.x, w-2)
		}
		out = append(out, " "+l)
	}
	return out
}

func (p *page) keys() []hint {
	t := p.app.t
	h := []hint{{p.app.th.Up + p.app.th.Down, t.KeyScroll}}
	if n := len(p.lines(max(p.w-2, 1))); n > p.h {
		h = append(h, hint{"", i18n.Fill(t.LinesOf, "from", itoa(p.top+1), "to", itoa(min(p.top+p.h, n)), "all", itoa(n))})
	}
	return append(append(h, p.more...), hint{"esc", t.KeyBack})
}

func (p *page) help() []hint {
	t := p.app.t
	h := []hint{{"up down", t.HelpScroll}, {"space b", t.HelpPage}, {"g G", t.HelpEnds}}
	if p.code {
		h = append(h, hint{"left right", t.HelpSide})
	}
	return append(h, p.more...)
}
