package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// answersReview is the last look before the files: what must still be answered, what the
// check finds, what differs from the installer's defaults. Enter jumps to the field, and back
// comes back here. From here the files are shown, compared and written.
type answersReview struct {
	n     *answering
	list  list
	top   int
	gen   int
	items []reviewItem
	sum   string
}

// reviewItem is one line of the review.
type reviewItem struct {
	group, key string
	text, note string
	mark       string
	about      []string
	finding    *answers.Finding
}

func newAnswersReview(n *answering) *answersReview { return &answersReview{n: n, gen: -1} }

func (s *answersReview) title() string { return s.n.words().Review }
func (s *answersReview) typing() bool  { return false }

func (s *answersReview) enter() tea.Cmd {
	s.read()
	at := interview.Position{Page: interview.PageReview}
	if s.n.d.At() == at {
		return nil
	}
	s.n.d.Stand(at)
	return s.n.save()
}

// read takes the review of the draft as it stands.
func (s *answersReview) read() {
	if s.gen == s.n.gen {
		return
	}
	s.gen, s.items = s.n.gen, nil
	a, w := s.n.app, s.n.words()
	r := s.n.d.Review()
	count := map[answers.Severity]int{}
	for _, f := range r.Missing {
		s.items = append(s.items, reviewItem{group: w.MustAnswer, key: f.Key, text: s.n.label(f), mark: a.th.Bad.Render(a.th.Failed), about: []string{celltext.Plain(f.Help.In(a.lang)), w.MissingWhy}})
	}
	for _, severity := range []answers.Severity{answers.Error, answers.Warning, answers.Note} {
		for _, f := range r.Findings {
			if f.Severity != severity {
				continue
			}
			count[severity]++
			s.items = append(s.items, s.finding(f))
		}
	}
	for _, f := range r.Changed {
		value := f.Value
		if f.Secret && value == "" {
			value = w.WillBeMade
		}
		about := []string{celltext.Plain(f.Help.In(a.lang))}
		if !f.Secret {
			about = append(about, i18n.Fill(w.DefaultIs, "value", s.installerDefault(f.Key)))
		}
		name := f.Key
		if strings.HasPrefix(name, "@") {
			name = s.n.label(f)
		}
		s.items = append(s.items, reviewItem{group: w.Differs, key: f.Key, text: name, note: celltext.Plain(value), mark: a.th.Accent.Render(a.th.Change), about: about})
	}
	s.sum = i18n.Fill(w.Sum, "missing", itoa(len(r.Missing)), "errors", itoa(count[answers.Error]), "warnings", itoa(count[answers.Warning]),
		"notes", itoa(count[answers.Note]), "changed", itoa(len(r.Changed)))
}

// installerDefault is the installer's own default of a key.
func (s *answersReview) installerDefault(key string) string {
	e := s.n.d.Catalogue().Entry(key)
	if e == nil || e.Default == "" {
		return s.n.words().Empty
	}
	return celltext.Plain(e.Default)
}

func (s *answersReview) finding(f answers.Finding) reviewItem {
	a, w := s.n.app, s.n.words()
	why, wanted := f.Texts(a.lang)
	item := reviewItem{group: w.Findings, key: f.Key, text: why, finding: &f}
	words := a.cat.Answers
	name := words.Note
	switch f.Severity {
	case answers.Error:
		item.mark, name = a.th.Bad.Render(a.th.Failed), words.Error
	case answers.Warning:
		item.mark, name = a.th.Warn.Render(a.th.Lost), words.Warning
	default:
		item.mark = a.th.Muted.Render(a.th.Dot)
	}
	where := celltext.Plain(f.File)
	if f.Line > 0 && where != "" {
		where += ":" + itoa(f.Line)
	}
	head := []string{name}
	for _, x := range []string{f.Key, where} {
		if x != "" {
			head = append(head, x)
		}
	}
	item.about = []string{strings.Join(head, " "+a.th.Dot+" "), why + ".", words.Instead + ": " + wanted + "."}
	if f.Correction > 0 {
		item.about = append(item.about, i18n.Fill(words.Correction, "number", itoa(f.Correction)))
	}
	if fd, ok := s.n.d.Field(f.Key); ok {
		item.text = s.n.label(fd) + ": " + item.text
	}
	item.text = celltext.Plain(item.text)
	return item
}

func (s *answersReview) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case beforeMsg:
		return s.compared(msg)
	case tea.KeyPressMsg:
		return s.key(msg)
	}
	return nil
}

func (s *answersReview) key(k tea.KeyPressMsg) tea.Cmd {
	a := s.n.app
	s.read()
	if s.list.key(k, len(s.items), 10) {
		return nil
	}
	switch k.String() {
	case "esc", "q", "p", "left":
		return a.pop()
	case "enter", "right", "l":
		if s.list.sel < len(s.items) {
			return s.jump(s.items[s.list.sel])
		}
	case "d":
		if s.list.sel < len(s.items) && s.items[s.list.sel].key != "" {
			return s.n.reset(s.items[s.list.sel].key)
		}
	case "u":
		_, cmd := s.n.undo()
		return cmd
	case "/":
		return a.push(newAnswersSearch(s.n, ""))
	case "f":
		return s.files(false)
	case "c":
		return s.files(true)
	case "e":
		return s.export()
	}
	return nil
}

// jump shows the field of a line: on the page that asks for it or that has the finding, else in
// the search.
func (s *answersReview) jump(it reviewItem) tea.Cmd {
	a := s.n.app
	has := func(f interview.Field) bool {
		return it.finding != nil && slices.ContainsFunc(f.Findings, func(x answers.Finding) bool {
			return x.Code == it.finding.Code && x.Line == it.finding.Line && x.File == it.finding.File
		})
	}
	for _, asked := range []func(interview.Field) bool{func(f interview.Field) bool { return f.Key == it.key }, has} {
		for _, p := range s.n.pages() {
			for _, f := range p.Fields {
				if asked(f) {
					return a.push(newAnswersJump(s.n, p.ID, f.Key))
				}
			}
		}
	}
	if _, ok := s.n.d.Field(it.key); ok {
		found := newAnswersSearch(s.n, it.key)
		found.form.selectKey(it.key)
		return a.push(found)
	}
	a.say(s.n.words().NoField)
	return nil
}

func (s *answersReview) view(w, h int) []string {
	a, t := s.n.app, s.n.words()
	s.read()
	s.list.clamp(len(s.items))
	lines := []string{" " + a.th.Strong.Render(celltext.Cut(s.sum, max(w-2, 0), a.th.More))}
	if state := s.n.state(); w > 60 {
		lines[0] = celltext.Pad(lines[0], max(w-2-celltext.Width(state), 0), a.th.More) + " " + state
	}
	if s.n.busy {
		lines = []string{" " + a.th.Accent.Render(celltext.Cut(t.Making, max(w-2, 0), a.th.More))}
	}
	if h >= 10 {
		lines = append(lines, "")
	}
	if len(s.items) == 0 {
		return append(lines, "   "+a.th.Good.Render(a.th.Done)+" "+celltext.Cut(t.NothingFound, max(w-6, 0), a.th.More))
	}
	var detail []string
	if h >= 8 {
		for _, p := range s.items[s.list.sel].about {
			if p == "" {
				continue
			}
			for _, l := range celltext.Paragraphs(p, max(w-6, 1)) {
				detail = append(detail, "   "+a.th.Muted.Render(l))
			}
		}
		detail = append([]string{""}, detail[:min(len(detail), max(h/3, 3))]...)
	}
	room := max(h-len(lines)-len(detail), 1)
	var body []string
	at := 0
	for i, it := range s.items {
		if h >= 8 && (i == 0 || s.items[i-1].group != it.group) {
			body = append(body, " "+a.th.Heading.Render(celltext.Cut(it.group, max(w-2, 0), a.th.More)))
		}
		if i == s.list.sel {
			at = len(body)
		}
		left := it.mark + " " + it.text
		if it.note != "" {
			kw := min(max(w*6/10, 8), 48)
			left = it.mark + " " + celltext.Pad(it.text, kw, a.th.More) + "  " + it.note
		}
		body = append(body, " "+a.row(i == s.list.sel, left, "", max(w-3, 0)))
	}
	s.top = scrolled(s.top, at, len(body), room)
	body = body[s.top:min(s.top+room, len(body))]
	for len(body) < room {
		body = append(body, "")
	}
	return append(append(lines, body...), detail...)
}

func (s *answersReview) keys() []hint {
	t, w := s.n.app.t, s.n.words()
	return []hint{{"e", w.KeyExport}, {"f", w.Files}, {"c", w.Diff}, {"enter", w.KeyJump}, {"d", w.KeyReset}, {"/", t.KeySearch}, {"u", w.KeyUndo}, {"esc", t.KeyBack}}
}

func (s *answersReview) help() []hint {
	t, w := s.n.app.t, s.n.words()
	return []hint{{"up down", t.HelpSelect}, {"enter", w.HelpJump}, {"d", w.HelpReset}, {"u", w.HelpUndo}, {"/", w.HelpSearchKeys},
		{"f", w.HelpFiles}, {"c", w.HelpDiff}, {"e", w.HelpExport}}
}
