package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// A dialog that appears by itself takes no key until the keyboard has been quiet for
// graceQuiet, at most graceMost: a key meant for what was there before must not answer it.
const (
	graceQuiet = 450 * time.Millisecond
	graceMost  = 1500 * time.Millisecond
)

// graceMsg draws again when the grace period ends.
type graceMsg struct{}

// option is one thing to choose. A nil do only closes the dialog.
type option struct {
	value string
	label string
	do    func() tea.Cmd
}

// dialog is a box above the screen: some text and options to choose from, or a field to type
// into. The first option is the one that changes nothing.
type dialog struct {
	app   *App
	head  string
	bad   bool // the head says that something is wrong
	body  []string
	tag   any // what it is about, so that its owner finds it again
	opts  []option
	sel   int
	label string // of the field
	input *field
	check func(string) string  // what is wrong with what was typed; "" is right
	done  func(string) tea.Cmd // takes what was typed
	error string
	shut  func() tea.Cmd // esc

	scroll int
	more   bool // the body did not fit when it was drawn
	self   bool // appeared by itself
	opened time.Time
	quiet  time.Time // no key is taken before
}

func (a *App) dialog() *dialog {
	if len(a.dialogs) == 0 {
		return nil
	}
	return a.dialogs[len(a.dialogs)-1]
}

func (a *App) open(d *dialog) { a.dialogs = append(a.dialogs, d) }

// openByItself opens a dialog that nobody asked for at this moment.
func (a *App) openByItself(d *dialog) tea.Cmd {
	d.self, d.opened = true, a.now()
	d.quiet = d.opened.Add(graceQuiet)
	a.open(d)
	return graceTick(graceQuiet)
}

func graceTick(d time.Duration) tea.Cmd {
	return tea.Tick(d+10*time.Millisecond, func(time.Time) tea.Msg { return graceMsg{} })
}

func (a *App) close(d *dialog) {
	for i, x := range a.dialogs {
		if x == d {
			a.dialogs = append(a.dialogs[:i], a.dialogs[i+1:]...)
			return
		}
	}
}

func (a *App) choice(head string, body []string, opts []option) *dialog {
	return &dialog{app: a, head: head, body: body, opts: opts}
}

// ask is a dialog with a field.
func (a *App) ask(head string, body []string, label string, check func(string) string, done func(string) tea.Cmd) *dialog {
	return &dialog{app: a, head: head, body: body, label: label, input: &field{}, check: check, done: done}
}

// typed is a dialog that goes on only when a name is typed exactly.
func (a *App) typed(head string, body []string, name string, done func(string) tea.Cmd) *dialog {
	return a.ask(head, body, i18n.Fill(a.t.TypeName, "name", name), func(v string) string {
		switch {
		case v == name:
			return ""
		case hangul(v):
			return a.t.HangulIsOn
		}
		return i18n.Fill(a.t.TypeExactly, "name", name)
	}, done)
}

func (d *dialog) typing() bool { return d.input != nil }

// waiting tells whether keys are still swallowed.
func (d *dialog) waiting() bool { return d.self && d.app.now().Before(d.quiet) }

func (d *dialog) paste(s string) tea.Cmd {
	if d.input != nil && !d.waiting() {
		d.input.insert(s)
	}
	return nil
}

func (d *dialog) key(k tea.KeyPressMsg) tea.Cmd {
	if d.waiting() {
		next := d.app.now().Add(graceQuiet)
		if most := d.opened.Add(graceMost); next.After(most) {
			next = most
		}
		wait := next.Sub(d.app.now())
		d.quiet = next
		return graceTick(wait)
	}
	switch k.String() {
	case "esc":
		d.app.close(d)
		if d.shut != nil {
			return d.shut()
		}
		return nil
	case "pgdown":
		if d.more {
			d.scroll += 5
		}
		return nil
	case "pgup":
		d.scroll = max(d.scroll-5, 0)
		return nil
	}
	if d.input != nil {
		if k.String() == "enter" {
			return d.submit()
		}
		d.error = ""
		d.input.key(k)
		return nil
	}
	if len(d.opts) == 0 {
		switch k.String() {
		case "up", "k":
			d.scroll = max(d.scroll-1, 0)
		case "down", "j":
			if d.more {
				d.scroll++
			}
		case "enter", "q", "?", "space":
			d.app.close(d)
		}
		return nil
	}
	switch s := k.String(); s {
	case "up", "left", "shift+tab", "k":
		d.sel = (d.sel + len(d.opts) - 1) % len(d.opts)
	case "down", "right", "tab", "j":
		d.sel = (d.sel + 1) % len(d.opts)
	case "enter":
		o := d.opts[d.sel]
		d.app.close(d)
		if o.do == nil {
			if d.shut != nil {
				return d.shut()
			}
			return nil
		}
		return o.do()
	default: // a digit moves to its option; enter takes it
		if n := int(s[0] - '0'); len(s) == 1 && n >= 1 && n <= len(d.opts) {
			d.sel = n - 1
		}
	}
	return nil
}

func (d *dialog) submit() tea.Cmd {
	v := d.input.value()
	if d.check != nil {
		if d.error = d.check(v); d.error != "" {
			return nil
		}
	}
	d.app.close(d)
	return d.done(v)
}

func (d *dialog) hints() []hint {
	t := d.app.t
	if d.waiting() {
		return []hint{{d.app.th.More, t.KeyGrace}}
	}
	var h []hint
	if d.more || d.scroll > 0 {
		h = append(h, hint{"pgdn", t.KeyScroll})
	}
	switch {
	case d.input != nil:
		h = append(h, hint{"enter", t.KeyOK})
	case len(d.opts) > 0:
		h = append(h, hint{d.app.th.Up + d.app.th.Down, t.KeySelect}, hint{"enter", t.KeyChoose})
	}
	return append(h, hint{"esc", t.KeyClose})
}

// over draws the dialog above the lines of the screen.
func (d *dialog) over(lines []string, w, h int) ([]string, *tea.Cursor) {
	foot := 0
	if h > 8 {
		foot = 1 // its keys stay to be seen
	}
	bw := min(max(w-4, 1), 72)
	if w < 44 {
		bw = w
	}
	box, cur := d.box(bw, max(h-foot, 1))
	x, y := (w-bw)/2, max((h-foot-len(box))/2, 0)
	bg := lipgloss.NewLayer(strings.Join(fit(lines, w, h), "\n"))
	fg := lipgloss.NewLayer(strings.Join(box, "\n")).X(x).Y(y).Z(1)
	out := strings.Split(lipgloss.NewCompositor(bg, fg).Render(), "\n")
	if cur != nil {
		cur.X, cur.Y = cur.X+x, cur.Y+y
	}
	return out, cur
}

// box is the dialog itself, w wide and at most h high.
func (d *dialog) box(w, h int) ([]string, *tea.Cursor) {
	th := d.app.th
	border, pad := 1, 1
	if h < 8 || w < 30 {
		border, pad = 0, 0
	}
	iw := max(w-2*border-2*pad, 1)

	var body []string
	for _, p := range d.body {
		body = append(body, celltext.Paragraphs(p, iw)...)
	}
	var tail []string // options or field: always to be seen
	curX, curY := -1, 0
	if d.input != nil {
		tail = append(tail, "", th.Muted.Render(celltext.Cut(d.label, iw, th.More)))
		text, x := d.input.view(iw - 2)
		curX, curY = 2+x, len(tail)
		tail = append(tail, th.Accent.Render(th.Cursor)+" "+text)
		if d.error != "" {
			for _, l := range celltext.Paragraphs(d.error, iw) {
				tail = append(tail, th.Bad.Render(l))
			}
		}
	}
	if len(d.opts) > 0 {
		tail = append(tail, d.options(iw, h-2*border-1, len(body))...)
	}

	if d.input == nil && len(body)+2+len(tail)+2*border < h {
		tail = append([]string{""}, tail...)
	}
	room := max(h-2*border-1-len(tail), 0)
	d.scroll = min(d.scroll, max(len(body)-room, 0))
	d.more = len(body) > d.scroll+room
	shown := body[d.scroll:min(d.scroll+room, len(body))]
	if d.more && room > 0 {
		shown = append(append([]string(nil), shown[:room-1]...), th.Muted.Render(th.Down+" "+th.More))
	}

	head := th.Heading
	if d.bad {
		head = th.Bad
	}
	inner := []string{head.Render(celltext.Cut(d.head, iw, th.More))}
	if len(inner)+1+len(shown)+len(tail)+2*border <= h && len(shown) > 0 && !d.more && d.scroll == 0 {
		inner = append(inner, "")
	}
	inner = append(inner, shown...)
	if curX >= 0 {
		curY += len(inner)
	}
	inner = append(inner, tail...)
	if len(inner) > h-2*border {
		inner = inner[:max(h-2*border, 0)]
	}
	frame := th.Accent
	if d.bad {
		frame = th.Bad
	}
	var out []string
	if border == 1 {
		out = append(out, frame.Render(th.TopLeft+strings.Repeat(th.Line, w-2)+th.TopRight))
	}
	side := ""
	if border == 1 {
		side = frame.Render(th.Side)
	}
	space := strings.Repeat(" ", pad)
	for _, l := range inner {
		out = append(out, side+space+celltext.Pad(l, iw, th.More)+space+side)
	}
	if border == 1 {
		out = append(out, frame.Render(th.BottomLeft+strings.Repeat(th.Line, w-2)+th.BottomRight))
	}
	if curX < 0 {
		return out, nil
	}
	return out, tea.NewCursor(curX+border+pad, curY+border)
}

// options are the lines of what can be chosen, iw wide, in h lines that the text's body lines want
// too. They never push all of the text away. What an option does is told to its end where there is
// room for it.
func (d *dialog) options(iw, h, body int) (out []string) {
	th := d.app.th
	style := func(i int, l string) string {
		if i == d.sel && !d.waiting() {
			return th.ButtonOn.Render(l)
		}
		return l
	}
	cursor := func(i int) string {
		if i == d.sel && !d.waiting() {
			return th.Cursor
		}
		return " "
	}
	for i, o := range d.opts {
		for n, l := range celltext.Paragraphs(o.label, max(iw-4, 1)) {
			head := "    "
			if n == 0 {
				head = fmt.Sprintf("%s %d ", cursor(i), i+1)
			}
			out = append(out, style(i, celltext.Cut(head+l, iw, th.More)))
		}
	}
	if len(out) <= max(h-min(body, 8), 3) {
		return out
	}
	out = nil
	room := max(h-min(body, 3), 3)
	first := 0
	if len(d.opts) > room {
		first = min(max(d.sel-room/2, 0), len(d.opts)-room)
	}
	for i := first; i < len(d.opts) && i < first+room; i++ {
		label := fmt.Sprintf("%d %s", i+1, d.opts[i].label)
		if i == first+room-1 && i < len(d.opts)-1 {
			label = celltext.Cut(label, iw-4, th.More) + " " + th.Down
		}
		out = append(out, style(i, celltext.Cut(cursor(i)+" "+label, iw, th.More)))
	}
	return out
}

// helpDialog lists the keys of the screen, and those that are there everywhere.
func (a *App) helpDialog() *dialog {
	d := a.choice(i18n.Fill(a.t.HelpTitle, "screen", a.top().title()), nil, nil)
	list := append(a.top().help(),
		hint{"A", a.t.HelpAct}, hint{"esc", a.t.HelpBack}, hint{"ctrl+l", a.t.HelpRedraw}, hint{"ctrl+c", a.t.HelpQuit})
	wide := 0
	for _, h := range list {
		wide = max(wide, celltext.Width(h.key)+2)
	}
	for _, h := range list {
		d.body = append(d.body, celltext.Pad(h.key, wide, "")+h.does)
	}
	d.body = append(d.body, "", a.t.HelpIME)
	return d
}
