package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// view is: the field; hosts while they are looked at; what was found, or the symptoms; and what
// the chosen line means, with its evidence.
func (s *findScreen) view(w, h int) []string {
	a, t, words := s.app, s.app.th, s.app.cat.Diagnose
	lines := []string{" " + s.prompt(w-2)}
	if h >= 12 {
		lines = append(lines, "")
	}
	lines = append(lines, s.progress(w, max(h/3, 1))...)
	rows := s.rows()
	s.list.clamp(len(rows))
	detail := s.detail(rows, w, h)
	room := max(h-len(lines)-len(detail), 1)
	switch {
	case s.report != nil && len(rows) == 0:
		for _, p := range []string{words.Nothing, words.NothingHere} {
			for _, l := range celltext.Paragraphs(p, max(w-4, 1)) {
				lines = append(lines, "  "+t.Muted.Render(l))
			}
		}
	case len(rows) > 0:
		if room > 4 {
			head := words.Symptoms
			switch {
			case s.report == nil && s.narrowed != nil:
				head = words.Narrowed
			case s.report == nil:
			case len(s.report.Findings) > 0:
				head = i18n.Fill(words.Found, "n", itoa(len(rows)))
			default:
				head = words.Like
				if _, guessed := s.byWords(s.pasted); guessed {
					head = words.Near
				}
			}
			lines = append(lines, " "+t.Heading.Render(head))
			room--
		}
		s.h = room
		from, to := s.list.window(len(rows), room)
		for i := from; i < to; i++ {
			lines = append(lines, " "+a.row(i == s.list.sel, celltext.Plain(rows[i].text), rows[i].note, max(w-3, 1)))
		}
	}
	for len(lines) < h-len(detail) {
		lines = append(lines, "")
	}
	if len(lines) > h-len(detail) {
		lines = lines[:max(h-len(detail), 1)]
	}
	return append(lines, detail...)
}

// prompt is the field with what was pasted or is being typed.
func (s *findScreen) prompt(w int) string {
	a, words := s.app, s.app.cat.Diagnose
	mark := a.th.Accent.Render(a.th.Cursor) + " "
	switch {
	case s.writing && len(s.input.runes) > 0:
		text := s.input.value()
		room := max(w-3, 1)
		for celltext.Width(text) > room {
			text = string([]rune(text)[1:])
		}
		return mark + text
	case len(s.input.runes) > 0:
		note := ""
		if n := strings.Count(strings.TrimSpace(s.pasted), "\n") + 1; n > 1 {
			note = fmt.Sprintf(" (+%d)", n-1)
		}
		return mark + celltext.Cut(s.input.value(), max(w-3-len(note), 1), a.th.More) + a.th.Muted.Render(note)
	}
	return mark + a.th.Muted.Render(celltext.Cut(words.Placeholder, max(w-2, 1), a.th.More))
}

// cursor is where the terminal's own stands, for input methods.
func (s *findScreen) cursor(w, _ int) *tea.Cursor {
	if !s.writing {
		return nil
	}
	x := 3 + min(celltext.Width(s.input.value()), max(w-5, 0))
	return tea.NewCursor(min(x, max(w-1, 0)), 0)
}

// progress is one line a host, while the site is looked at; one line for all where there is no
// room.
func (s *findScreen) progress(w, most int) (lines []string) {
	if len(s.hosts) == 0 || !s.scanning && s.report != nil {
		return nil
	}
	a, words := s.app, s.app.cat.Diagnose
	over := 0
	for _, p := range s.hosts {
		if p.State == diagnose.Done || p.State == diagnose.Failed {
			over++
		}
	}
	lines = append(lines, " "+a.th.Heading.Render(i18n.Fill(words.Scanning, "done", itoa(over), "all", itoa(len(s.hosts)))))
	for i, p := range s.hosts {
		if len(s.hosts) > most && i == most-1 {
			return append(lines, "   "+a.th.Muted.Render(i18n.Fill(words.MorePlaces, "n", itoa(len(s.hosts)-i))))
		}
		mark, note := a.th.Accent.Render(a.th.Running), i18n.Word(words.States, string(p.State))
		switch p.State {
		case diagnose.Done:
			mark = a.th.Good.Render(a.th.Done)
			note = fmt.Sprintf("%d / %.1f MiB", p.Findings, float64(p.Bytes)/(1<<20))
		case diagnose.Failed:
			mark = a.th.Bad.Render(a.th.Failed)
		}
		lines = append(lines, "   "+mark+" "+celltext.Pad(celltext.Plain(p.Host), max(w-6-celltext.Width(note), 1), a.th.More)+a.th.Muted.Render(note))
	}
	return lines
}

// detail is what the chosen line means and where it was seen.
func (s *findScreen) detail(rows []findRow, w, h int) (lines []string) {
	if h < 12 {
		return nil
	}
	a, words := s.app, s.app.cat.Diagnose
	put := func(text string) {
		for _, l := range celltext.Paragraphs(text, max(w-6, 1)) {
			lines = append(lines, "   "+a.th.Muted.Render(l))
		}
	}
	if len(rows) == 0 {
		if s.report != nil || s.scanning {
			return s.unread(w, h)
		}
		put(words.ScanAbout)
		return append([]string{""}, lines...)
	}
	r := rows[s.list.sel]
	if p := s.procedure(r.runbook); r.finding == nil && p != nil {
		put(p.Title.In(a.lang) + ": " + p.About.In(a.lang))
		if len(lines) > 4 {
			lines = lines[:4]
		}
		return append([]string{""}, lines...)
	}
	if r.finding == nil {
		put(words.PasteAbout + " " + words.Scan + ": " + words.ScanAbout)
		return append([]string{""}, lines...)
	}
	f := r.finding
	put(f.Do.In(a.lang))
	if hosts := f.Hosts(); len(hosts) > 0 {
		put(i18n.Fill(words.OnHosts, "hosts", strings.Join(hosts, ", ")) + "; " + i18n.Fill(words.Again, "n", itoa(f.Count)))
	}
	for i, p := range f.Places {
		if i == 2 {
			break
		}
		where := strings.TrimSpace(p.Host + " " + p.Source)
		if p.Source == "-" {
			where = ""
		}
		if p.Offset > 0 {
			where = p.Host + " " + i18n.Fill(words.At, "source", p.Source, "offset", fmt.Sprint(p.Offset))
		}
		if where != "" {
			lines = append(lines, "   "+a.th.Accent.Render(celltext.Cut(celltext.Plain(where), max(w-6, 1), a.th.More)))
		}
		for j, l := range celltext.Paragraphs(p.Text, max(w-8, 1)) {
			if j == 2 {
				break
			}
			lines = append(lines, "     "+l)
		}
	}
	lines = append(lines, s.unread(w, h)...)
	return append([]string{""}, lines[:min(len(lines), max(h/2, 1))]...)
}

// unread says how much could not be looked at.
func (s *findScreen) unread(w, _ int) (lines []string) {
	if s.report == nil || len(s.report.Unread) == 0 {
		return nil
	}
	a, words := s.app, s.app.cat.Diagnose
	var what []string
	for _, u := range s.report.Unread {
		one := strings.TrimSpace(u.Host + " " + i18n.Word(words.What, u.What))
		if left := u.Left(s.app.cat); left != "" {
			one += ": " + left
		}
		what = append(what, one)
	}
	for i, l := range celltext.Paragraphs(words.Unread+": "+strings.Join(what, ", "), max(w-6, 1)) {
		if i == 2 {
			break
		}
		lines = append(lines, "   "+a.th.Warn.Render(l))
	}
	return lines
}
