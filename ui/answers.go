package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// answersScreen is where answering begins: drafts to go on with, installers to answer for, a
// file to check or change. While a draft is open it stays below the draft's screens and takes
// what is told about saving it.
type answersScreen struct {
	app    *App
	loaded bool
	drafts []DraftInfo
	kinds  []kind
	list   list
	top    int
	busy   bool
	open   *answering       // the draft that was opened last
	typed  string           // path that was typed last
	begun  *interview.Draft // to be shown at once; nil: the operator chooses
}

type draftsMsg struct {
	drafts []DraftInfo
	kinds  []kind
	err    error
}

// kind is an installer and mode with its title, which takes a catalogue to find out.
type kind struct {
	interview.Installer
	title i18n.Text
}

// draftMsg is a draft that was read, or a file that a new draft is to be made of.
type draftMsg struct {
	d       *interview.Draft
	fresh   bool // it is not on the disk yet
	release func()
	file    AnswersFile
	err     error
}

// savedMsg says what became of a change of the draft.
type savedMsg struct {
	of  *answering
	rev int
	err error
}

func newAnswersScreen(a *App) *answersScreen { return &answersScreen{app: a} }

func (s *answersScreen) title() string { return s.words().Title }
func (s *answersScreen) typing() bool  { return false }

func (s *answersScreen) words() *i18n.AnswerScreens { return &s.app.cat.AnswerScreens }

func (s *answersScreen) enter() tea.Cmd {
	s.busy = false
	s.letGo()
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		drafts, err := s.app.back.Drafts(ctx)
		return draftsMsg{drafts, installers(), err}
	})
}

// letGo gives the draft free that was open. Saves that are under way have it written before.
func (s *answersScreen) letGo() {
	if n := s.open; n != nil && n.release != nil {
		release := n.release
		n.release = nil
		s.app.flows.wg.Go(func() { n.saves.Wait(); release() })
	}
}

func (s *answersScreen) leave() { s.letGo() }

// startItem is one line that can be chosen.
type startItem struct {
	group, name, note string
	about             string
	draft             string // its name, where it is one
	open              func() tea.Cmd
}

func (s *answersScreen) items() []startItem {
	w := s.words()
	var items []startItem
	for _, d := range s.drafts {
		note := s.app.when(d.Changed)
		about := i18n.Fill(w.GoOnAbout, "installer", s.titleOf(d.Installer))
		if d.Problem != "" {
			note, about = w.Unreadable, celltext.Plain(d.Problem)
		}
		items = append(items, startItem{w.GoOn, d.Name, note, about, d.Name, func() tea.Cmd { return s.read(d) }})
	}
	for _, k := range s.kinds {
		i := k.Installer
		about := w.NewAbout
		if i.Second() {
			about = w.SecondAbout
		}
		items = append(items, startItem{w.New, s.titleOf(i), "", about, "", func() tea.Cmd { return s.begin(i) }})
	}
	return append(items, startItem{w.Existing, w.OpenFile, "", w.OpenAbout, "", s.askFile})
}

// installers are the choices, the newest Packstack first.
func installers() []kind {
	var all []kind
	for _, i := range interview.Installers() {
		all = append(all, kind{i, i.Title()})
	}
	slices.SortStableFunc(all, func(a, b kind) int {
		if a.Kolla() != b.Kolla() {
			return map[bool]int{true: 1, false: -1}[a.Kolla()]
		}
		return strings.Compare(b.Format, a.Format)
	})
	return all
}

// titleOf is an installer and mode in words.
func (s *answersScreen) titleOf(i interview.Installer) string {
	for _, k := range s.kinds {
		if k.Installer == i {
			return celltext.Plain(k.title.In(s.app.lang))
		}
	}
	return i.String()
}

// read opens a draft where it was left.
func (s *answersScreen) read(d DraftInfo) tea.Cmd {
	if s.busy || d.Problem != "" {
		return nil
	}
	s.busy = true
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		release, err := s.app.back.HoldDraft(ctx, d.Name)
		if err != nil {
			return draftMsg{err: err}
		}
		draft, err := s.app.back.Draft(ctx, d.Name)
		if err != nil {
			release()
		}
		return draftMsg{d: draft, release: release, err: err}
	})
}

// begin makes a new draft with the hosts of the site that is loaded.
func (s *answersScreen) begin(i interview.Installer) tea.Cmd {
	d, err := interview.New(s.freeName(i), i)
	if err != nil {
		s.app.fail(err)
		return nil
	}
	if s.app.site != nil && s.app.site.Site != nil {
		d.UseSite(s.app.site.Site)
	}
	first := interview.PageHosts
	if i.Second() { // the finished file comes before everything
		first = interview.PageInstaller
	}
	d.Stand(interview.Position{Page: first})
	return s.hold(d)
}

// hold takes a new draft for this screen alone, and shows it.
func (s *answersScreen) hold(d *interview.Draft) tea.Cmd {
	if s.busy {
		return nil
	}
	s.busy = true
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		release, err := s.app.back.HoldDraft(ctx, d.Name())
		return draftMsg{d: d, fresh: true, release: release, err: err}
	})
}

// freeName is a name for a new draft: the site's and the mode's (of Kolla-Ansible there is one),
// with a number where it is taken.
func (s *answersScreen) freeName(i interview.Installer) string {
	mode := i.Mode
	if i.Kolla() {
		mode = "kolla"
	}
	base := mode
	if s.app.site != nil && s.app.site.Site != nil {
		base = s.app.site.Site.Name + "-" + mode
	}
	base = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, base)
	base = base[:min(len(base), 56)]
	if !interview.ValidName(base) {
		base = mode
	}
	name := base
	for n := 2; slices.ContainsFunc(s.drafts, func(d DraftInfo) bool { return d.Name == name }); n++ {
		name = base + "-" + itoa(n)
	}
	return name
}

func (s *answersScreen) askFile() tea.Cmd {
	w := s.words()
	d := s.app.ask(w.OpenFile, []string{w.OpenAbout}, w.Path, func(v string) string {
		if strings.TrimSpace(v) == "" {
			return w.PathNeeded
		}
		return ""
	}, func(v string) tea.Cmd {
		s.busy, s.typed = true, v
		s.app.say(s.app.t.Loading)
		return s.app.do(s, func(ctx context.Context) tea.Msg {
			f, err := s.app.back.ReadAnswers(ctx, strings.TrimSpace(v))
			return draftMsg{file: f, err: err}
		})
	})
	d.input.set(s.typed)
	s.app.open(d)
	return nil
}

// show puts the draft's screens on: the page where it was left, and the review above it.
func (s *answersScreen) show(n *answering) tea.Cmd {
	s.open = n
	at := n.d.At()
	p := newAnswersPage(n, at.Page, at.Field)
	cmds := []tea.Cmd{s.app.push(p)}
	if at.Page == interview.PageReview {
		cmds = append(cmds, s.app.push(newAnswersReview(n)))
	}
	return tea.Batch(cmds...)
}

func (s *answersScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case draftsMsg:
		s.loaded = true
		if msg.err != nil {
			s.app.fail(msg.err)
		}
		s.drafts, s.kinds = msg.drafts, msg.kinds
		if d := s.begun; d != nil {
			s.begun = nil
			return s.hold(d)
		}
	case draftMsg:
		return s.opened(msg)
	case wroteMsg:
		return msg.review.wrote(msg)
	case savedMsg:
		msg.of.told(msg)
	case tea.KeyPressMsg:
		return s.key(msg)
	}
	return nil
}

func (s *answersScreen) opened(m draftMsg) tea.Cmd {
	s.busy = false
	if s.app.top() != s {
		if m.release != nil {
			m.release()
		}
		return nil
	}
	if m.err != nil {
		s.app.fail(m.err)
		return nil
	}
	if m.d != nil {
		n := &answering{app: s.app, root: s, d: m.d, release: m.release, rev: m.d.Saved().Rev}
		if m.fresh {
			n.rev = -1
			return tea.Batch(n.save(), s.show(n))
		}
		return s.show(n)
	}
	return s.imported(m.file)
}

// imported asks which installer a file is for, where that is not certain, and makes a draft.
func (s *answersScreen) imported(f AnswersFile) tea.Cmd {
	w := s.words()
	var opts []option
	sel := -1
	for _, k := range s.kinds {
		i := k.Installer
		if i.Second() || i.Kolla() != f.Kolla() {
			continue
		}
		if i.Format == f.Format && sel < 0 {
			sel = len(opts)
		}
		opts = append(opts, option{"", s.titleOf(i), func() tea.Cmd { return s.importAs(f, i) }})
	}
	if len(opts) == 1 {
		return opts[0].do()
	}
	d := s.app.choice(w.WhichInstaller, []string{celltext.Plain(f.Path)}, opts)
	d.sel = max(sel, 0)
	s.app.open(d)
	return nil
}

func (s *answersScreen) importAs(f AnswersFile, i interview.Installer) tea.Cmd {
	d, err := interview.New(s.freeName(i), i)
	if err == nil {
		err = d.Import(f.Path, f.Data)
	}
	if err != nil {
		s.app.fail(err)
		return nil
	}
	d.Stand(interview.Position{Page: interview.PageReview})
	return s.hold(d)
}

func (s *answersScreen) key(k tea.KeyPressMsg) tea.Cmd {
	items := s.items()
	if s.list.key(k, len(items), 10) {
		return nil
	}
	switch k.String() {
	case "esc", "q", "left":
		return s.app.pop()
	case "enter", "right", "l":
		if !s.loaded || s.list.sel >= len(items) {
			return nil
		}
		return items[s.list.sel].open()
	case "o":
		return s.askFile()
	case "x":
		if s.list.sel < len(items) && items[s.list.sel].draft != "" {
			return s.remove(items[s.list.sel].draft)
		}
	}
	return nil
}

// remove takes a draft away, after its name was typed.
func (s *answersScreen) remove(name string) tea.Cmd {
	w := s.words()
	s.app.open(s.app.typed(w.Remove, []string{w.RemoveBody}, name, func(string) tea.Cmd {
		return s.app.do(s, func(ctx context.Context) tea.Msg {
			err := s.app.back.RemoveDraft(ctx, name)
			drafts, listErr := s.app.back.Drafts(ctx)
			if err == nil {
				err = listErr
			}
			return draftsMsg{drafts, installers(), err}
		})
	}))
	return nil
}

func (s *answersScreen) view(w, h int) []string {
	a := s.app
	if !s.loaded {
		return []string{"", "   " + a.th.Muted.Render(a.t.Loading)}
	}
	items := s.items()
	s.list.clamp(len(items))
	var lines []string
	at, group := 0, ""
	for i, it := range items {
		if it.group != group && h >= 8 {
			if group != "" && h >= 20 {
				lines = append(lines, "")
			}
			lines = append(lines, " "+a.th.Heading.Render(it.group))
		}
		group = it.group
		if i == s.list.sel {
			at = len(lines)
		}
		lines = append(lines, " "+a.row(i == s.list.sel, it.name, it.note, w-3))
	}
	var about []string
	if h >= 8 {
		for _, l := range celltext.Paragraphs(items[s.list.sel].about, max(w-6, 1)) {
			about = append(about, "   "+a.th.Muted.Render(l))
		}
		about = append([]string{""}, about[:min(len(about), 4)]...)
	}
	room := max(h-len(about), 1)
	s.top = scrolled(s.top, at, len(lines), room)
	lines = lines[s.top:min(s.top+room, len(lines))]
	for len(lines) < room {
		lines = append(lines, "")
	}
	return append(lines, about...)
}

// scrolled is the first line of n to be shown in room lines, with line at among them and the
// heading above the first one.
func scrolled(top, at, n, room int) int {
	switch {
	case at <= 1:
		top = 0
	case at < top:
		top = at
	case at >= top+room:
		top = at - room + 1
	}
	return max(min(top, n-room), 0)
}

func (s *answersScreen) keys() []hint {
	t, w := s.app.t, s.words()
	h := []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", t.KeyOpen}, {"o", w.KeyFileOpen}}
	if items := s.items(); s.list.sel < len(items) && items[s.list.sel].draft != "" {
		h = append(h, hint{"x", w.KeyRemove})
	}
	return append(h, hint{"esc", t.KeyBack})
}

func (s *answersScreen) help() []hint {
	t, w := s.app.t, s.words()
	return []hint{{"up down", t.HelpSelect}, {"enter", t.HelpOpen}, {"o", w.OpenFile}, {"x", w.HelpRemove}}
}
