// Package ui is the full-screen viewer: one Bubble Tea program with one root model (App), a
// stack of screens (one file each), a stack of dialogs above them, and the log pane.
//
// Rules that keep it quick and honest: Update and View do no I/O; everything outside goes
// through Backend, called from commands; a screen is a plain struct that the root drives
// with method calls; the run is shown from its journal and log files, read on a tick while
// they are on screen, so that no amount of output can slow it down or be lost.
//
// It imports internal/run, internal/site, internal/problem, internal/i18n, steps and answers,
// never internal/remote or internal/engine.
package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/ui/celltext"
	"stackhand/ui/theme"
)

// screen is one page. Its methods are called by the root only.
type screen interface {
	enter() tea.Cmd             // shown for the first time, or again after the one above it left
	update(msg tea.Msg) tea.Cmd // a key (already mapped), a paste, or a message of its own
	view(w, h int) []string     // at most h lines, none wider than w; longer ones are cut
	title() string              // for the path in the header
	keys() []hint               // for the foot
	help() []hint               // for `?`
	typing() bool               // a text field has the focus: keys are text
}

// hint is a key and what it does.
type hint struct{ key, does string }

// App is the root model.
type App struct {
	ctx     context.Context
	opts    Options
	back    Backend
	lang    i18n.Lang
	cat     *i18n.Catalogue
	t       *i18n.UI
	th      *theme.Theme
	w, h    int
	dark    bool
	acting  bool // keys may change hosts; look-only until the operator says so
	screens []screen
	dialogs []*dialog
	notice  string // one line above the foot, until the next key
	isBad   bool
	now     func() time.Time
	site    *SiteInfo
	looked  bool // for a site
	flows   *flows
	goodbye string // said on the terminal after the screen is gone
}

// addressed is a message for one screen, from a command that the screen started.
type addressed struct {
	to  screen
	msg tea.Msg
}

type siteMsg struct {
	info *SiteInfo
	err  error
}

// newApp makes the root with its first screen.
func newApp(ctx context.Context, o Options) *App {
	a := &App{
		ctx: ctx, opts: o, back: o.Backend, lang: o.Lang, cat: i18n.For(o.Lang), now: time.Now,
		dark: true, flows: newFlows(ctx), th: theme.New(true, o.ASCII),
	}
	a.t = &a.cat.UI
	home := newHome(a)
	a.screens = []screen{home}
	if o.Answers {
		first := newAnswersScreen(a)
		first.begun = o.Draft
		a.screens = append(a.screens, first)
	}
	if o.Run != "" {
		r := newRunScreen(a, o.Run)
		r.ahead = o.Ahead
		a.screens = append(a.screens, r)
	}
	return a
}

// Init asks for what the first screen needs.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{tea.RequestBackgroundColor, a.loadSite()}
	for _, s := range a.screens {
		cmds = append(cmds, s.enter())
	}
	return tea.Batch(cmds...)
}

func (a *App) loadSite() tea.Cmd {
	return func() tea.Msg {
		info, err := a.back.Site(a.ctx)
		return siteMsg{info, err}
	}
}

// do runs f as a command and brings what it returns back to the screen. A mistake of the
// program in there is told, and does not take the screen away.
func (a *App) do(s screen, f func(ctx context.Context) tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if p := recover(); p != nil {
				msg = crashMsg{fmt.Errorf("the program made a mistake: %v", p)}
			}
		}()
		return addressed{s, f(a.ctx)}
	}
}

type crashMsg struct{ err error }

// after brings msg to the screen after a while.
func (a *App) after(s screen, d time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return addressed{s, msg} })
}

func (a *App) top() screen { return a.screens[len(a.screens)-1] }

func (a *App) push(s screen) tea.Cmd {
	a.notice = ""
	a.screens = append(a.screens, s)
	return s.enter()
}

// pop goes one screen back; the first one stays.
func (a *App) pop() tea.Cmd {
	if len(a.screens) == 1 {
		return nil
	}
	if l, ok := a.top().(interface{ leave() }); ok {
		l.leave()
	}
	a.screens = a.screens[:len(a.screens)-1]
	a.notice = ""
	return a.top().enter()
}

// popTo goes back until only n screens are left.
func (a *App) popTo(n int) tea.Cmd {
	for len(a.screens) > max(n, 1) {
		if l, ok := a.top().(interface{ leave() }); ok {
			l.leave()
		}
		a.screens = a.screens[:len(a.screens)-1]
	}
	return a.top().enter()
}

func (a *App) say(text string)   { a.notice, a.isBad = text, false }
func (a *App) fail(err error)    { a.notice, a.isBad = a.explain(err), true }
func (a *App) wrong(text string) { a.notice, a.isBad = text, true }

// explain is an error in one line, with what to do next where that is known.
func (a *App) explain(err error) string {
	if p := problem.Of(err); p != nil {
		what, next := a.problem(p)
		return strings.TrimSpace(what + " " + next)
	}
	return celltext.Plain(err.Error())
}

// problem gives what failed and what to do next. A code without text shows itself and its
// cause, so that nothing is hidden.
func (a *App) problem(p *problem.Problem) (what, next string) {
	text, ok := a.cat.Problems[string(p.Code)]
	if !ok {
		what = string(p.Code)
		if p.Host != "" {
			what = p.Host + ": " + what
		}
		if p.Cause != "" {
			what += ": " + p.Cause
		}
		return celltext.Plain(what), a.t.ProblemNext
	}
	pairs := []string{"host", p.Host, "cause", p.Cause}
	for k, v := range a.lang.Args(p.Args) {
		pairs = append(pairs, k, v)
	}
	return celltext.Plain(i18n.Fill(text.What, pairs...)), celltext.Plain(i18n.Fill(text.Next, pairs...))
}

// Update is the one place where messages arrive.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = msg.Width, msg.Height
		return a, nil
	case tea.BackgroundColorMsg:
		if dark := msg.IsDark(); dark != a.dark {
			a.dark = dark
			*a.th = *theme.New(dark, a.opts.ASCII)
		}
		return a, nil
	case siteMsg:
		a.site, a.looked = msg.info, true
		if msg.err != nil {
			a.fail(msg.err)
		}
		return a, nil
	case addressed:
		return a, a.deliver(msg)
	case crashMsg:
		a.fail(msg.err)
		return a, nil
	case graceMsg:
		return a, nil // only to draw again
	case tea.KeyPressMsg:
		return a, a.key(msg)
	case tea.PasteMsg:
		if d := a.dialog(); d != nil {
			return a, d.paste(msg.Content)
		}
		return a, a.top().update(msg)
	}
	return a, a.top().update(msg) // forms have messages of their own
}

func (a *App) deliver(m addressed) tea.Cmd {
	for _, s := range a.screens {
		if s == m.to {
			return s.update(m.msg)
		}
	}
	return nil // its screen is gone
}

func (a *App) key(k tea.KeyPressMsg) tea.Cmd {
	d := a.dialog()
	typing := d != nil && d.typing() || d == nil && a.top().typing()
	k = latin(k, typing)
	if k.String() == "ctrl+c" {
		return a.quit()
	}
	if k.String() == "ctrl+l" {
		return tea.ClearScreen
	}
	if d != nil {
		return d.key(k)
	}
	if !typing {
		switch k.String() {
		case "?":
			a.open(a.helpDialog())
			return nil
		case "A":
			return a.toggleActing()
		}
	}
	a.notice = ""
	return a.top().update(k)
}

// quit leaves the viewer. A run that is under way goes on; a screen that shows one says so first.
func (a *App) quit() tea.Cmd {
	for i := len(a.screens) - 1; i >= 0; i-- {
		if r, ok := a.screens[i].(*runScreen); ok {
			a.goodbye = r.goodbye()
		}
	}
	return tea.Quit
}

// toggleActing leaves or enters the mode in which keys may change something.
func (a *App) toggleActing() tea.Cmd {
	if a.acting {
		a.acting = false
		a.say(a.t.LookAgain)
		return nil
	}
	return a.act(nil)
}

// act makes sure that acting is on, asks first when it is not, and goes on with then.
func (a *App) act(then func() tea.Cmd) tea.Cmd {
	if a.opts.Observe {
		a.wrong(a.t.ObserveOnly)
		return nil
	}
	if a.acting {
		if then == nil {
			return nil
		}
		return then()
	}
	d := a.choice(a.t.ActTitle, []string{i18n.Fill(a.t.ActBody, "site", a.siteName())}, []option{
		{"", a.t.ActStay, nil},
		{"", a.t.ActGo, func() tea.Cmd {
			a.acting = true
			if then == nil {
				return nil
			}
			return then()
		}},
	})
	a.open(d)
	return nil
}

// siteName is the site that what is shown is about: a run's own, else the one that is loaded.
func (a *App) siteName() string {
	for i := len(a.screens) - 1; i >= 0; i-- {
		if r, ok := a.screens[i].(*runScreen); ok && r.st.Run.Site != "" {
			return celltext.Plain(r.st.Run.Site)
		}
	}
	if a.site == nil || a.site.Site == nil {
		return a.t.NoSite
	}
	return celltext.Plain(a.site.Site.Name)
}

// View draws header, body and foot, exactly as many lines as the window has.
func (a *App) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.KeyboardEnhancements.ReportAlternateKeys = true
	v.WindowTitle = "stackhand " + a.siteName()
	if a.w <= 0 || a.h <= 0 {
		return v // not sized yet
	}
	lines := a.draw()
	if d := a.dialog(); d != nil {
		lines, v.Cursor = d.over(lines, a.w, a.h)
	} else if c, ok := a.top().(interface{ cursor(w, h int) *tea.Cursor }); ok {
		if v.Cursor = c.cursor(a.bodySize()); v.Cursor != nil {
			v.Cursor.Y += a.bodyTop()
		}
	}
	v.SetContent(a.th.Plain(strings.Join(fit(lines, a.w, a.h), "\n"), a.lang == i18n.English))
	return v
}

// Rows around the body: header and its rule, rule and foot. Small windows give them up.
func (a *App) bodyTop() int {
	switch {
	case a.h >= 14:
		return 2
	case a.h >= 6:
		return 1
	}
	return 0
}

func (a *App) bodySize() (w, h int) {
	foot := min(a.bodyTop(), 2)
	if a.h >= 3 && foot == 0 {
		foot = 1
	}
	return a.w, max(a.h-a.bodyTop()-foot, 1)
}

func (a *App) draw() []string {
	w, bh := a.bodySize()
	rule, frame := a.th.Line, a.th.Frame
	if a.acting {
		rule, frame = a.th.Heavy, a.th.ActingFrame
	}
	rule = frame.Render(strings.Repeat(rule, w))
	var lines []string
	if a.bodyTop() >= 1 {
		lines = append(lines, a.header())
	}
	if a.bodyTop() == 2 {
		lines = append(lines, rule)
	}
	lines = append(lines, fit(a.top().view(w, bh), w, bh)...)
	if a.bodyTop() == 2 {
		lines = append(lines, rule)
	}
	if len(lines) < a.h {
		lines = append(lines, a.foot())
	}
	return lines
}

func (a *App) header() string {
	mode := a.th.Looking.Render(a.t.Looking)
	if a.acting {
		mode = a.th.Acting.Render(" " + a.t.Acting + " ")
	}
	path := []string{"Stackhand", a.siteName()}
	for _, s := range a.screens[1:] {
		path = append(path, s.title())
	}
	// Where room is short, the site and the last part, which says where one is, stay.
	room := a.w - celltext.Width(mode) - 3
	if celltext.Width(strings.Join(path, "   ")) > room {
		path = path[1:]
	}
	for len(path) > 2 && celltext.Width(strings.Join(path, "   ")) > room {
		path = append(path[:1], path[2:]...)
	}
	var b strings.Builder
	for i, p := range path {
		switch {
		case i == len(path)-1:
			b.WriteString(a.th.Strong.Render(p))
		default:
			b.WriteString(a.th.Muted.Render(p + " " + a.th.Cursor + " "))
		}
	}
	return " " + celltext.Pad(b.String(), room, a.th.More) + " " + mode
}

func (a *App) foot() string {
	if a.notice != "" && a.dialog() == nil {
		st := a.th.Accent
		if a.isBad {
			st = a.th.Bad
		}
		return st.Render(" " + celltext.Cut(a.notice, a.w-2, a.th.More))
	}
	hints := a.top().keys()
	if d := a.dialog(); d != nil {
		hints = d.hints()
	} else if !a.top().typing() {
		hints = append(hints, hint{"?", a.t.KeyHelp})
	}
	return " " + a.hintLine(hints, a.w-2)
}

// hintLine shows as many hints as there is room for; the last one (help) always.
func (a *App) hintLine(hints []hint, w int) string {
	render := func(h hint) string { return a.th.Accent.Render(h.key) + " " + a.th.Muted.Render(h.does) }
	width := func(h hint) int { return celltext.Width(h.key) + 1 + celltext.Width(h.does) }
	if len(hints) == 0 {
		return ""
	}
	last := hints[len(hints)-1]
	used := width(last)
	var parts []string
	for _, h := range hints[:len(hints)-1] {
		if used+width(h)+3 > w {
			continue
		}
		used += width(h) + 3
		parts = append(parts, render(h))
	}
	return celltext.Cut(strings.Join(append(parts, render(last)), "   "), w, "")
}

// fit brings lines to exactly h, none wider than w.
func fit(lines []string, w, h int) []string {
	out := make([]string, h)
	for i := range out {
		if i < len(lines) {
			out[i] = celltext.Cut(lines[i], w, "")
		}
	}
	return out
}

// elapsed is a duration as a clock: 0:07, 12:03, 1:02:03.
func elapsed(d time.Duration) string {
	s := int(max(d, 0).Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// clock is the time of day at the site.
func (a *App) clock(t time.Time) string { return t.In(a.zone()).Format("15:04:05") }

func (a *App) zone() *time.Location {
	if a.site != nil && a.site.Site != nil {
		return a.site.Site.Location()
	}
	return time.Local
}
