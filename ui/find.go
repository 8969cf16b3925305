package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// findScreen finds the runbook that fits: by what the operator sees, by an error message that is
// pasted or typed, or by a look at the whole site. It only reads.
type findScreen struct {
	app      *App
	symptoms []signatures.Symptom
	procs    []*steps.Procedure // nil: not read yet
	wanted   string             // a runbook to open when they are
	input    field
	writing  bool
	narrowed []findRow // runbooks in whose words what is being typed stands; nil: it does not narrow the list
	chosen   bool      // one of them was walked to
	pasted   string    // what is looked up
	gen      int       // of the newest question
	report   *diagnose.Report
	flow     *flow // of a scan
	scanning bool
	hosts    []diagnose.Progress
	list     list
	h        int
}

type findMsg struct {
	symptoms []signatures.Symptom
	procs    []*steps.Procedure
	err      error
}

type fitsMsg struct {
	gen    int
	report diagnose.Report
	err    error
}

// mostPasted is how much of a paste is looked at: its end.
const mostPasted = 4 << 20

func newFindScreen(a *App) *findScreen {
	// The field takes keys from the start: a terminal without bracketed paste (the Linux console)
	// sends a pasted error as keys, and none of them may be a command.
	return &findScreen{app: a, input: field{most: 16 << 10}, writing: true}
}

func (s *findScreen) title() string { return s.app.cat.Diagnose.Title }
func (s *findScreen) typing() bool  { return s.writing }

func (s *findScreen) enter() tea.Cmd {
	if s.symptoms != nil {
		return nil
	}
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		var m findMsg
		m.symptoms, m.err = s.app.back.Symptoms(ctx)
		procs, err := s.app.back.Procedures(ctx)
		m.procs, m.err = procs, errors.Join(m.err, err)
		return m
	})
}

func (s *findScreen) leave() {
	if s.flow != nil {
		s.flow.cancel()
	}
}

func (s *findScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case findMsg:
		s.symptoms, s.procs = msg.symptoms, msg.procs
		if s.writing && s.pasted == "" {
			s.narrow() // what was typed meanwhile
		}
		if msg.err != nil { // of some of them; the others are there
			s.app.fail(msg.err)
		}
		if id := s.wanted; id != "" && s.app.top() == s {
			s.wanted = ""
			return s.openRunbook(id)
		}
	case fitsMsg:
		if msg.gen != s.gen {
			return nil // an older one
		}
		if msg.err != nil {
			s.app.fail(msg.err)
			return nil
		}
		s.report, s.list = &msg.report, list{}
	case flowMsg:
		return s.told(msg)
	case tea.PasteMsg:
		text := msg.Content[max(len(msg.Content)-mostPasted, 0):]
		s.input = field{most: s.input.most}
		s.input.insert(celltext.Plain(text[:min(len(text), s.input.most)]))
		s.writing = false
		return s.look(text)
	case tea.KeyPressMsg:
		return s.key(msg)
	}
	return nil
}

func (s *findScreen) key(k tea.KeyPressMsg) tea.Cmd {
	if s.writing {
		switch k.String() {
		case "esc":
			s.writing = false
			if len(s.input.runes) == 0 {
				return s.app.pop()
			}
		case "up", "down", "pgup", "pgdown":
			s.list.key(k, len(s.rows()), s.h)
			s.chosen = s.narrowed != nil
		case "enter":
			if s.chosen || strings.TrimSpace(s.input.value()) == "" {
				return s.open()
			}
			s.writing = false
			return s.look(s.input.value())
		default:
			before := s.input.value()
			if s.input.key(k); s.input.value() != before {
				s.narrow()
			}
		}
		return nil
	}
	if s.list.key(k, len(s.rows()), s.h) {
		return nil
	}
	switch k.String() {
	case "esc", "q", "left":
		return s.app.pop()
	case "p", "/", "i":
		s.writing = true
		if s.pasted != "" { // it was looked up
			s.input = field{most: s.input.most}
		}
		s.narrow()
	case "c":
		s.gen++
		s.leave()
		s.report, s.pasted, s.input, s.hosts, s.scanning = nil, "", field{most: s.input.most}, nil, false
		s.narrow()
		s.writing = true
	case "s":
		return s.scan()
	case "enter", "right":
		return s.open()
	}
	return nil
}

// look asks what fits in a text.
func (s *findScreen) look(text string) tea.Cmd {
	s.gen++
	s.pasted, s.narrowed, s.chosen = text, nil, false
	s.leave()
	s.hosts, s.scanning = nil, false
	if text == "" {
		s.report = nil
		return nil
	}
	gen := s.gen
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		r, err := s.app.back.Diagnose(ctx, text)
		return fitsMsg{gen, r, err}
	})
}

// scan looks at the whole site.
func (s *findScreen) scan() tea.Cmd {
	if s.app.site == nil || s.app.site.Site == nil {
		s.app.wrong(s.app.t.NoSiteHint)
		return nil
	}
	s.leave()
	s.gen++
	s.report, s.list, s.scanning, s.pasted, s.input, s.writing = nil, list{}, true, "", field{most: s.input.most}, false
	s.narrowed, s.chosen = nil, false
	s.hosts = nil
	for _, h := range s.app.site.Site.Hosts {
		s.hosts = append(s.hosts, diagnose.Progress{Host: h.Name, State: diagnose.Connecting})
	}
	var cmd tea.Cmd
	s.flow, cmd = s.app.stream(s, func(ctx context.Context, tell func(any)) error {
		r, err := s.app.back.Scan(ctx, talk{tell}.Ask, func(p diagnose.Progress) { tell(p) })
		if err == nil {
			tell(r)
		}
		return err
	})
	return cmd
}

func (s *findScreen) told(m flowMsg) tea.Cmd {
	if m.from != s.flow {
		return nil // of a scan that was begun anew
	}
	var cmds []tea.Cmd
	for _, item := range m.items {
		switch item := item.(type) {
		case diagnose.Progress:
			if i := slices.IndexFunc(s.hosts, func(p diagnose.Progress) bool { return p.Host == item.Host }); i >= 0 {
				s.hosts[i] = item
			}
		case diagnose.Report:
			s.report = &item
		case loginAsk:
			cmds = append(cmds, s.app.openByItself(s.app.loginQuestion(item)))
		}
	}
	if m.done {
		s.scanning = false
		if m.err != nil && s.report == nil {
			s.app.fail(m.err)
		}
		return tea.Batch(cmds...)
	}
	return tea.Batch(append(cmds, m.from.more())...)
}

// findRow is one line that can be chosen.
type findRow struct {
	runbook string
	text    string
	note    string
	finding *diagnose.Finding
	scan    bool // looks at the site
}

// rows are what was found, or the symptoms while nothing was looked at.
func (s *findScreen) rows() (rows []findRow) {
	lang, w := s.app.lang, s.app.cat.Diagnose
	if s.report != nil {
		for i := range s.report.Findings {
			f := &s.report.Findings[i]
			note := f.Runbook
			if f.Verdict == signatures.Harmless {
				note = w.Harmless
			}
			rows = append(rows, findRow{runbook: f.Runbook, text: f.Means.In(lang), note: note, finding: f})
		}
		if len(rows) == 0 {
			rows, _ = s.byWords(s.pasted)
		}
		return rows
	}
	if s.scanning || s.pasted != "" {
		return nil
	}
	if s.narrowed != nil {
		return s.narrowed
	}
	rows = append(rows, findRow{text: w.WholeSite, scan: true})
	for _, m := range s.symptoms {
		note := ""
		if s.procedure(m.Runbook) == nil {
			note = "-"
		}
		rows = append(rows, findRow{runbook: m.Runbook, text: m.Text.In(lang), note: note})
	}
	return rows
}

// narrow keeps the list to what the typed words stand in, before they are looked up as a message. Words that
// stand nowhere leave it as it is: they may be the beginning of one.
func (s *findScreen) narrow() {
	s.narrowed, s.chosen, s.list = nil, false, list{}
	if text := s.input.value(); s.report == nil && strings.TrimSpace(text) != "" {
		s.narrowed = s.like(text)
	}
}

// byWords are the runbooks in whose words a short text stands that is no known error, else those that its
// words come near, which is a guess.
func (s *findScreen) byWords(text string) (rows []findRow, guessed bool) {
	if len(text) <= 4*signatures.MostLike {
		if rows := s.like(text); len(rows) > 0 {
			return rows, false
		}
	}
	if len(text) > 4*signatures.MostTold { // asked for with every frame
		return nil, true
	}
	for _, m := range signatures.Near(s.symptoms, text) {
		if s.procedure(m.Runbook) != nil {
			rows = append(rows, findRow{runbook: m.Runbook, text: m.Text.In(s.app.lang), note: m.Runbook})
		}
	}
	return rows, true
}

// like are the runbooks in whose words a short text stands, for an error's number or a name.
func (s *findScreen) like(text string) (rows []findRow) {
	lang, told := s.app.lang, map[string]bool{}
	for _, m := range s.symptoms {
		p := s.procedure(m.Runbook)
		if p == nil || told[p.ID] {
			continue
		}
		if m.Like(text, p.Title.In(lang), p.About.In(lang)) {
			told[p.ID] = true
			rows = append(rows, findRow{runbook: m.Runbook, text: m.Text.In(lang), note: m.Runbook})
		}
	}
	return rows
}

func (s *findScreen) procedure(id string) *steps.Procedure {
	if i := slices.IndexFunc(s.procs, func(p *steps.Procedure) bool { return p.ID == id }); i >= 0 {
		return s.procs[i]
	}
	return nil
}

// open goes to the runbook of the row that is chosen.
func (s *findScreen) open() tea.Cmd {
	rows := s.rows()
	if s.list.sel >= len(rows) {
		return nil
	}
	r := rows[s.list.sel]
	if r.scan {
		return s.scan()
	}
	if r.finding != nil && r.finding.Verdict == signatures.Harmless {
		s.app.say(r.finding.Do.In(s.app.lang))
		return nil
	}
	return s.openRunbook(r.runbook)
}

// openRunbook goes to a runbook; while they are still being read, as soon as they are there.
func (s *findScreen) openRunbook(id string) tea.Cmd {
	if s.procs == nil {
		s.wanted = id
		s.app.say(s.app.t.Loading)
		return nil
	}
	p := s.procedure(id)
	if p == nil {
		s.app.wrong(i18n.Fill(s.app.cat.Diagnose.NotThere, "id", id))
		return nil
	}
	return s.app.push(newProcedureScreen(s.app, p))
}

func (s *findScreen) keys() []hint {
	t, w := s.app.t, s.app.cat.Diagnose
	if s.writing {
		if s.narrowed != nil {
			return []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", map[bool]string{false: w.KeyFind, true: w.KeyRunbook}[s.chosen]}, {"esc", t.KeyBack}}
		}
		if strings.TrimSpace(s.input.value()) != "" {
			return []hint{{"enter", w.KeyFind}, {"esc", t.KeyBack}}
		}
		return []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", t.KeyOpen}, {"esc", t.KeyBack}}
	}
	return []hint{{s.app.th.Up + s.app.th.Down, t.KeySelect}, {"enter", w.KeyRunbook}, {"p", w.KeyPaste}, {"s", w.KeyScan}, {"c", w.KeyClear}, {"esc", t.KeyBack}}
}

func (s *findScreen) help() []hint {
	t, w := s.app.t, s.app.cat.Diagnose
	return []hint{{"up down", t.HelpSelect}, {"enter", w.HelpRunbook}, {"p", w.HelpPaste}, {"s", w.HelpScan}, {"c", w.HelpClear}}
}
