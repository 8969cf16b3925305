package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// home is the first screen: runs under way, and what can be done.
type home struct {
	app    *App
	loaded bool
	procs  []*steps.Procedure
	signs  []signatures.Symptom // in the order in which recoveries are shown
	runs   []RunInfo
	list   list
	gen    int // of the refresh tick
	h      int
}

// homeMsg is what can be done. It is read once: that takes a moment, and the runs are shown before.
type homeMsg struct {
	procs []*steps.Procedure
	signs []signatures.Symptom
	err   error
}

// homeRuns is what is under way.
type homeRuns struct {
	runs []RunInfo
	err  error
}

type homeTick int

// homeEvery is how often the list of runs is read again while home is shown.
const homeEvery = 2 * time.Second

func newHome(a *App) *home { return &home{app: a} }

func (s *home) title() string { return s.app.t.Home }
func (s *home) typing() bool  { return false }

func (s *home) enter() tea.Cmd {
	s.gen++
	return tea.Batch(s.look(), s.load(), s.app.after(s, homeEvery, homeTick(s.gen)))
}

func (s *home) load() tea.Cmd {
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		m := homeMsg{}
		m.procs, m.err = s.app.back.Procedures(ctx)
		signs, err := s.app.back.Symptoms(ctx)
		m.signs, m.err = signs, errors.Join(m.err, err)
		return m
	})
}

func (s *home) look() tea.Cmd {
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		runs, err := s.app.back.Runs(ctx)
		return homeRuns{runs, err}
	})
}

// take changes what the list is made of. A run that begins or ends does not move the cursor to
// something else.
func (s *home) take(err error, change func()) {
	at := s.chosen()
	if err != nil {
		s.app.fail(err)
	}
	change()
	if i := slices.IndexFunc(s.items(), func(x homeItem) bool { return x.group+x.name == at }); s.loaded && i >= 0 {
		s.list.sel = i
	}
}

// homeItem is one line that can be chosen.
type homeItem struct {
	group string
	mark  string
	name  string
	note  string
	about []string
	open  func() tea.Cmd
}

func (s *home) items() []homeItem {
	a, t := s.app, s.app.t
	var items []homeItem
	for _, r := range s.runs {
		if !r.UnderWay() {
			continue
		}
		mark, note := a.th.Accent.Render(a.th.Running), i18n.Fill(t.RunSince, "time", s.when(r.Started))
		about := t.AttachAbout
		switch {
		case r.Parked:
			mark, note, about = a.th.Warn.Render(a.th.Held), t.RunParked, t.ParkedAbout
		case !r.Alive:
			mark, note, about = a.th.Warn.Render(a.th.Lost), t.RunNobody, t.NobodyAbout
		case r.Questions > 0:
			mark, note = a.th.Warn.Render(a.th.Asks), t.RunAsks
		}
		dir := r.Dir
		items = append(items, homeItem{t.HomeRuns, mark, s.runName(r), note, []string{about, i18n.Fill(t.RunLine, "run", r.Run, "site", r.Site)},
			func() tea.Cmd { return a.push(newRunScreen(a, dir)) }})
	}
	for _, p := range s.procs {
		if p.Kind == steps.Install {
			items = append(items, homeItem{t.HomeInstall, "", p.Title.In(a.lang), i18n.Fill(t.StepCount, "n", itoa(len(p.Steps))),
				[]string{p.About.In(a.lang)}, func() tea.Cmd { return a.push(newProcedureScreen(a, p)) }})
		}
	}
	w := a.cat.AnswerScreens
	items = append(items, homeItem{t.HomeInstall, "", w.Title, "", []string{w.HomeAbout}, func() tea.Cmd { return a.push(newAnswersScreen(a)) }})
	items = append(items, homeItem{t.HomeRecover, "", a.cat.Diagnose.HomeName, "/", []string{a.cat.Diagnose.HomeAbout}, s.find})
	items = append(items, s.recoveries()...)
	if a.site != nil && a.site.Site != nil {
		items = append(items, homeItem{t.HomeLook, "", t.Hosts, i18n.Fill(t.HostCount, "n", itoa(len(a.site.Site.Hosts))),
			[]string{t.HostsAbout}, func() tea.Cmd { return a.push(newHostsScreen(a, nil)) }})
	}
	past := 0
	for _, r := range s.runs {
		if !r.UnderWay() {
			past++
		}
	}
	if past > 0 {
		items = append(items, homeItem{t.HomeLook, "", t.PastRuns, itoa(past), []string{t.PastAbout},
			func() tea.Cmd { return a.push(newPastScreen(a)) }})
	}
	items = append(items, homeItem{t.HomeLook, "", t.Practice, "", []string{t.PracticeAbout},
		func() tea.Cmd { return a.push(newPage(a, t.Practice, strings.Split(t.PracticeText, "\n"), false)) }})
	return items
}

// recoveries are the runbooks by what the operator sees; those that nobody named a symptom for
// come last, by their titles.
func (s *home) recoveries() (items []homeItem) {
	a := s.app
	named := map[string]bool{}
	add := func(name string, p *steps.Procedure) {
		about := []string{p.About.In(a.lang)}
		if title := p.Title.In(a.lang); title != name {
			about = append([]string{title}, about...)
		}
		items = append(items, homeItem{a.t.HomeRecover, "", celltext.Plain(name), "", about, func() tea.Cmd { return a.push(newProcedureScreen(a, p)) }})
	}
	for _, sign := range s.signs {
		if i := slices.IndexFunc(s.procs, func(p *steps.Procedure) bool { return p.Kind == steps.Runbook && p.ID == sign.Runbook }); i >= 0 {
			named[sign.Runbook] = true
			add(sign.Text.In(a.lang), s.procs[i])
		}
	}
	for _, p := range s.procs {
		if p.Kind == steps.Runbook && !named[p.ID] {
			add(p.Title.In(a.lang), p)
		}
	}
	return items
}

func (s *home) find() tea.Cmd { return s.app.push(newFindScreen(s.app)) }

func (s *home) runName(r RunInfo) string {
	if !r.Title.Empty() {
		return celltext.Plain(r.Title.In(s.app.lang))
	}
	return celltext.Plain(r.Procedure)
}

// when is a time: of day if it was in the last 20 hours, with the date else.
func (s *home) when(t time.Time) string { return s.app.when(t) }

func (a *App) when(t time.Time) string {
	if a.now().Sub(t) < 20*time.Hour {
		return t.In(a.zone()).Format("15:04")
	}
	return t.In(a.zone()).Format("2006-01-02 15:04")
}

func (s *home) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case homeMsg:
		s.take(msg.err, func() { s.procs, s.signs = msg.procs, msg.signs })
		s.loaded = true
	case homeRuns:
		s.take(msg.err, func() { s.runs = msg.runs })
	case homeTick:
		if int(msg) != s.gen || s.app.top() != s {
			return nil
		}
		return tea.Batch(s.look(), s.app.after(s, homeEvery, msg))
	case tea.KeyPressMsg:
		items := s.items()
		if s.list.key(msg, len(items), s.h) {
			return nil
		}
		switch msg.String() {
		case "enter", "right", "l":
			if s.list.sel < len(items) {
				return items[s.list.sel].open()
			}
		case "/":
			return s.find()
		case "tab":
			s.nextGroup(items)
		case "q":
			return s.app.quit()
		}
	}
	return nil
}

// chosen is what the cursor stands on, by name.
func (s *home) chosen() string {
	if items := s.items(); s.list.sel < len(items) {
		return items[s.list.sel].group + items[s.list.sel].name
	}
	return ""
}

// nextGroup moves the cursor to the first line of the next group, and from the last to the first.
func (s *home) nextGroup(items []homeItem) {
	for i := s.list.sel + 1; i < len(items); i++ {
		if items[i].group != items[i-1].group {
			s.list.sel = i
			return
		}
	}
	s.list.sel = 0
}

func (s *home) view(w, h int) []string {
	a, t := s.app, s.app.t
	s.h = h
	items := s.items()
	s.list.clamp(len(items))
	var lines []string
	at, group := 0, ""
	for i, it := range items {
		if it.group != group {
			if group != "" && h >= 12 {
				lines = append(lines, "")
			}
			if h >= 8 {
				lines = append(lines, " "+a.th.Heading.Render(it.group))
			}
			group = it.group
		}
		name := it.name
		if it.mark != "" {
			name = it.mark + " " + name
		}
		if i == s.list.sel {
			at = len(lines)
		}
		lines = append(lines, " "+a.row(i == s.list.sel, name, it.note, w-3))
	}
	if !s.loaded {
		lines = append(lines, "", "   "+a.th.Muted.Render(t.Loading))
	}

	var about []string
	if len(items) > 0 && h >= 10 {
		for _, p := range items[s.list.sel].about {
			for _, l := range celltext.Paragraphs(p, w-6) {
				about = append(about, "   "+a.th.Muted.Render(l))
			}
		}
		most := 4
		if len(lines)+most+1 > h {
			most = 3 // the list needs the room
		}
		if len(about) > most {
			about = about[:most]
			about[most-1] = celltext.Pad(about[most-1], w-4, "") + a.th.Muted.Render(a.th.More)
		}
	}
	about = append(about, s.warnings(w)...)
	about = about[:min(len(about), max(h-4, 0))]
	room := h - len(about)
	if len(about) > 0 {
		room--
	}
	if len(lines) > room { // keep the cursor to be seen
		top := max(min(at-room/2, len(lines)-room), 0)
		above, below := top, len(lines)-top-room
		lines = slices.Clone(lines[top : top+max(room, 0)])
		if room > 6 {
			s.mark(lines, 0, above, a.th.Up)
			s.mark(lines, len(lines)-1, below, a.th.Down)
		}
	}
	for len(lines) < room {
		lines = append(lines, "")
	}
	if len(about) > 0 {
		lines = append(lines, "")
	}
	return append(lines, about...)
}

// mark says in a line of its own that there is more above or below.
func (s *home) mark(lines []string, i, n int, sign string) {
	if n > 0 {
		lines[i] = "   " + s.app.th.Muted.Render(sign+" "+s.app.th.More)
	}
}

// warnings are things about the site that the operator should know before anything else.
func (s *home) warnings(w int) []string {
	a, t := s.app, s.app.t
	var out []string
	add := func(text string) {
		for i, l := range celltext.Paragraphs(text, w-6) {
			mark := "  "
			if i == 0 {
				mark = a.th.Warn.Render(a.th.Lost) + " "
			}
			out = append(out, " "+mark+l)
		}
	}
	if a.looked && (a.site == nil || a.site.Site == nil) {
		add(t.NoSiteHint)
	}
	if a.site != nil && a.site.Console != "" {
		add(i18n.Fill(t.ConsoleIsHost, "host", a.site.Console))
	}
	return out
}

func (s *home) keys() []hint {
	t := s.app.t
	return []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", t.KeyOpen}, {"/", s.app.cat.Diagnose.Title}, {"q", t.KeyQuit}}
}

func (s *home) help() []hint {
	t := s.app.t
	return []hint{{"up down", t.HelpSelect}, {"tab", s.app.cat.Diagnose.HelpGroup}, {"enter", t.HelpOpen}, {"/", s.app.cat.Diagnose.HomeAbout}, {"q", t.HelpQuit}}
}

func itoa(n int) string { return fmt.Sprint(n) }
