package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// logPane shows a window of one log. What is on screen was read by a command; keys only
// change what is wanted, and have it read at once.
type logPane struct {
	app    *App
	name   string
	file   *logFile
	win    logWindow
	have   bool
	err    error
	follow bool
	top    int64
	move   int // lines since top that no window has shown yet
	x      int
	w, h   int
	gen    int // of the newest request
	query  string
	busy   bool // searching
	typing bool
	input  field
}

// logMsg is a window that was read.
type logMsg struct {
	name string
	gen  int
	win  logWindow
	err  error
}

// foundMsg is the end of a search.
type foundMsg struct {
	name string
	off  int64
	col  int64
	ok   bool
	err  error
}

// show changes to another log, following it; the same one goes on as it was.
func (p *logPane) show(name string, w Watcher) {
	if name == p.name && p.file != nil {
		return
	}
	*p = logPane{app: p.app, name: name, follow: true, w: p.w, h: p.h, gen: p.gen + 1, query: p.query}
	if name == "" {
		return
	}
	p.file = &logFile{
		read: func(ctx context.Context, off int64, b []byte) (int, int64, error) {
			return w.ReadLog(ctx, name, off, b)
		},
		redact: w.Redact,
	}
}

// want is what should be on screen now.
func (p *logPane) want() logWant {
	return logWant{top: p.top, move: p.move, follow: p.follow, rows: max(p.h, 1), x: p.x, w: max(p.w, 1)}
}

// fetch reads the window that is wanted, outside of Update.
func (p *logPane) fetch(s screen) tea.Cmd {
	if p.file == nil {
		return nil
	}
	p.gen++
	file, want, name, gen := p.file, p.want(), p.name, p.gen
	return p.app.do(s, func(ctx context.Context) tea.Msg {
		win, err := file.window(ctx, want)
		return logMsg{name, gen, win, err}
	})
}

// got takes a window; an older one than the newest request is dropped.
func (p *logPane) got(m logMsg) {
	if m.name != p.name || m.gen != p.gen {
		return
	}
	p.have, p.err = true, m.err
	if m.err != nil {
		return
	}
	p.win = m.win
	p.top, p.move = m.win.top, 0
}

// key moves in the log; the command reads what is to be seen now.
func (p *logPane) key(k tea.KeyPressMsg, s screen) (tea.Cmd, bool) {
	if p.typing {
		switch k.String() {
		case "esc":
			p.typing = false
		case "enter":
			p.typing, p.query = false, p.input.value()
			return p.search(s, p.top, false), true
		default:
			p.input.key(k)
		}
		return nil, true
	}
	page := max(p.h-1, 1)
	switch k.String() {
	case "up", "k":
		p.scroll(-1)
	case "down", "j":
		p.scroll(1)
	case "pgup", "b":
		p.scroll(-page)
	case "pgdown", "space":
		p.scroll(page)
	case "home", "g":
		p.follow, p.top, p.move = false, 0, 0
	case "end", "G", "f":
		p.follow, p.move = true, 0
	case "left", "h":
		p.x = max(p.x-8, 0)
	case "right", "l":
		p.x = min(p.x+8, p.widest())
	case "0", "^":
		p.x = 0
	case "$":
		p.x = p.widest()
	case "/":
		p.typing, p.input = true, field{}
		return nil, true
	case "n":
		if p.query == "" {
			return nil, true
		}
		return p.search(s, p.below(), false), true
	case "N":
		if p.query == "" {
			return nil, true
		}
		return p.search(s, p.top, true), true
	default:
		return nil, false
	}
	return p.fetch(s), true
}

func (p *logPane) scroll(n int) {
	if p.follow && n > 0 {
		return
	}
	p.follow = false
	p.move += n
}

// below is where a search for the next hit begins: the line after the first one shown.
func (p *logPane) below() int64 {
	if len(p.win.rows) > 1 {
		return p.win.rows[1].off
	}
	return p.win.size
}

// widest is how far one may go to the side.
func (p *logPane) widest() int {
	most := int64(0)
	for _, r := range p.win.rows {
		most = max(most, r.size)
	}
	return max(int(most)-p.w, 0)
}

func (p *logPane) search(s screen, from int64, back bool) tea.Cmd {
	if p.file == nil || p.query == "" || p.busy {
		return nil
	}
	p.busy = true
	file, text, name := p.file, p.query, p.name
	return p.app.do(s, func(ctx context.Context) tea.Msg {
		off, col, ok, err := file.find(ctx, text, from, back)
		return foundMsg{name, off, col, ok, err}
	})
}

// found goes to the hit.
func (p *logPane) found(m foundMsg, s screen) tea.Cmd {
	if m.name != p.name {
		return nil
	}
	p.busy = false
	switch {
	case m.err != nil:
		p.app.fail(m.err)
		return nil
	case !m.ok:
		p.app.wrong(i18n.Fill(p.app.t.NotFound, "text", celltext.Plain(p.query)))
		return nil
	}
	p.follow, p.top, p.move = false, m.off, 0
	if int(m.col) >= p.x+p.w || int(m.col) < p.x {
		p.x = max(int(m.col)-p.w/2, 0)
	}
	return p.fetch(s)
}

// view draws exactly what was read, h lines of w cells.
func (p *logPane) view(w, h int) []string {
	p.w, p.h = w, h
	th := p.app.th
	switch {
	case p.err != nil:
		return []string{th.Bad.Render(celltext.Cut(p.app.explain(p.err), w, th.More))}
	case p.name == "":
		return []string{th.Muted.Render(celltext.Cut(p.app.t.NoLog, w, th.More))}
	case p.have && p.win.size == 0:
		return []string{th.Muted.Render(celltext.Cut(p.app.t.LogEmpty, w, th.More))}
	}
	var out []string
	rows := p.win.rows
	if len(rows) > h && p.follow {
		rows = rows[len(rows)-h:]
	}
	for _, r := range rows {
		if len(out) == h {
			break
		}
		out = append(out, p.mark(celltext.Line(r.text, r.skip, w)))
	}
	return out
}

// mark shows the search's hits in a line.
func (p *logPane) mark(line string) string {
	if p.query == "" {
		return line
	}
	plain := ansi.Strip(line)
	hay, needle := plain, p.query
	if needle == strings.ToLower(needle) {
		hay = strings.ToLower(plain)
	}
	if len(hay) != len(plain) || !strings.Contains(hay, needle) {
		return line
	}
	var b strings.Builder
	for {
		i := strings.Index(hay, needle)
		if i < 0 {
			b.WriteString(plain)
			return b.String()
		}
		b.WriteString(plain[:i])
		b.WriteString(p.app.th.Found.Render(plain[i : i+len(needle)]))
		plain, hay = plain[i+len(needle):], hay[i+len(needle):]
	}
}

// status says where in the log one is.
func (p *logPane) status() string {
	t, th := p.app.t, p.app.th
	switch {
	case p.busy:
		return t.Searching
	case p.name == "" || !p.have:
		return ""
	}
	where := ""
	if p.win.line > 0 && p.win.lines > 0 {
		last := min(p.win.line+int64(max(len(p.win.rows)-1, 0)), p.win.lines)
		where = itoa(int(last)) + "/" + itoa(int(p.win.lines))
	} else if p.win.size > 0 {
		where = itoa(int(p.win.top*100/p.win.size)) + " %"
	}
	if p.x > 0 {
		where += " " + th.Arrow + itoa(p.x)
	}
	if p.follow {
		return where + " " + th.Dot + " " + t.Following
	}
	return where
}
