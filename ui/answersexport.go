package ui

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// wroteMsg says what became of an export.
type wroteMsg struct {
	review  *answersReview
	draft   *interview.Draft // a copy that has the secrets that were made
	path    string
	written []WrittenFile
	err     error
}

// beforeMsg are the files that are there now.
type beforeMsg struct {
	path   string
	before map[string][]byte
	diff   bool
	err    error
}

// outPath is where an export goes: where it went before, to the file that the draft was made
// of, or to a new one beside where the program was started.
func (s *answersReview) outPath() string {
	d := s.n.d
	if d.Out() != "" {
		return d.Out()
	}
	kolla := d.Installer().Kolla()
	if f, ok := d.Field("@file"); ok && f.Value != "" && !d.Installer().Second() {
		first, _, _ := strings.Cut(f.Value, ", ")
		if kolla {
			return filepath.Dir(first)
		}
		return first
	}
	if kolla {
		return d.Name()
	}
	return d.Name() + "-answer.txt"
}

// files shows them, whole or as a difference to what is at the place of the export.
func (s *answersReview) files(diff bool) tea.Cmd {
	if s.n.busy {
		return nil
	}
	path, names := s.outPath(), s.n.d.FileNames()
	return s.n.app.do(s, func(ctx context.Context) tea.Msg {
		before, err := s.n.app.back.AnswersBefore(ctx, path, names)
		return beforeMsg{path, before, diff, err}
	})
}

// compared puts the files on the screen, with what differs.
func (s *answersReview) compared(m beforeMsg) tea.Cmd {
	a := s.n.app
	if m.err != nil {
		a.fail(m.err)
	}
	if err := s.n.d.Err(); err != nil {
		a.fail(err)
		return nil
	}
	diffs := splitDiff(s.n.d.Diff(m.before))
	var files []shownFile
	for _, f := range s.n.d.Review().Files {
		shown := shownFile{name: f.Name, text: strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n")}
		if _, there := m.before[f.Name]; there {
			shown.before = m.path
			shown.diff = diffs[f.Name]
		}
		files = append(files, shown)
	}
	for _, name := range s.n.d.FileNames() { // one that is made when it is written
		if !hasFile(files, name) {
			files = append(files, shownFile{name: name, text: []string{s.n.words().MadeLater}})
		}
	}
	return a.push(newFilesScreen(a, files, m.diff))
}

func hasFile(files []shownFile, name string) bool {
	for _, f := range files {
		if f.name == name {
			return true
		}
	}
	return false
}

// splitDiff parts a unified difference of several files by the name that each has now.
func splitDiff(diff string) map[string][]string {
	parts := map[string][]string{}
	name := ""
	lines := strings.Split(strings.TrimRight(diff, "\n"), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "--- ") && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "+++ ") {
			name = strings.TrimPrefix(lines[i+1], "+++ ")
		}
		if name != "" {
			parts[name] = append(parts[name], l)
		}
	}
	return parts
}

// export asks where to, after what is wrong was said.
func (s *answersReview) export() tea.Cmd {
	if s.n.busy {
		return nil
	}
	a, w := s.n.app, s.n.words()
	if err := s.n.d.Err(); err != nil {
		a.fail(err)
		return nil
	}
	wrong := len(s.n.d.Missing())
	for _, f := range s.n.d.Check() {
		if f.Severity == answers.Error {
			wrong++
		}
	}
	if wrong == 0 {
		s.askPath()
		return nil
	}
	a.open(a.choice(w.ExportWrong, []string{i18n.Fill(w.ExportWrongBody, "n", itoa(wrong))},
		[]option{{"", a.t.StayHere, nil}, {"", w.ExportAnyway, func() tea.Cmd { s.askPath(); return nil }}}))
	return nil
}

func (s *answersReview) askPath() {
	a, w := s.n.app, s.n.words()
	label := w.ExportFile
	if s.n.d.Installer().Kolla() {
		label = w.ExportFolder
	}
	d := a.ask(w.KeyExport, []string{i18n.Fill(w.ExportBody, "files", strings.Join(s.n.d.FileNames(), ", "))}, label, func(v string) string {
		if strings.TrimSpace(v) == "" {
			return w.PathNeeded
		}
		return ""
	}, func(v string) tea.Cmd { return s.write(strings.TrimSpace(v)) })
	d.input.set(s.outPath())
	a.open(d)
}

// write makes the files from a copy of the draft, because making keys takes a while, saves
// the draft with the secrets that were made, and only then writes the files. Meanwhile the
// draft is not changed; whoever leaves it leaves this under way, and nobody else gets it before
// it is over. The end is told to the screen below, which is there as long as the draft is.
func (s *answersReview) write(path string) tea.Cmd {
	n := s.n
	n.busy, n.began = true, n.app.now()
	saved, back, bits := n.d.Saved(), n.app.back, n.d.Bits
	ctx := context.WithoutCancel(n.app.ctx)
	done := make(chan wroteMsg, 1)
	n.saves.Add(1)
	n.app.flows.wg.Go(func() {
		defer n.saves.Done()
		m := wroteMsg{review: s, path: path}
		defer func() {
			if p := recover(); p != nil {
				m.err = fmt.Errorf("the program made a mistake: %v", p)
			}
			done <- m
		}()
		m.make(ctx, back, saved, bits)
	})
	return n.app.do(n.root, func(ctx context.Context) tea.Msg {
		select {
		case m := <-done:
			return m
		case <-ctx.Done():
			return nil
		}
	})
}

func (m *wroteMsg) make(ctx context.Context, back Backend, saved interview.Saved, bits int) {
	d, err := interview.Restore(saved) // a copy: the screen keeps its own
	if err != nil {
		m.err = err
		return
	}
	d.Bits = bits
	files, err := d.Files(rand.Reader)
	if err != nil {
		m.err = err
		return
	}
	d.Exported(m.path)
	if m.err = back.SaveDraft(ctx, d.Name(), d.Saved()); m.err != nil {
		return
	}
	m.draft = d
	m.written, m.err = back.WriteAnswers(ctx, m.path, files)
}

func (s *answersReview) wrote(m wroteMsg) tea.Cmd {
	a, w := s.n.app, s.n.words()
	s.n.busy = false
	if s.n.release == nil { // the draft was left: it has everything on the disk
		if m.err != nil {
			a.fail(m.err)
		} else {
			a.say(w.Exported + ": " + celltext.Plain(m.path))
		}
		return nil
	}
	var cmd tea.Cmd
	if m.draft != nil {
		s.n.d.Adopt(m.draft)
		cmd = s.n.changed()
	}
	if m.err != nil {
		a.fail(m.err)
		return cmd
	}
	s.n.d.Exported(m.path)
	var body []string
	for _, f := range m.written {
		body = append(body, a.th.Done+" "+celltext.Plain(f.Path))
		if f.Before != "" {
			body = append(body, "  "+i18n.Fill(w.BeforeIs, "path", celltext.Plain(f.Before)))
		}
	}
	body = append(body, "", w.Exported600)
	next := w.NextPackstack
	if s.n.d.Installer().Kolla() {
		next = w.NextKolla
	}
	first := m.path
	if len(m.written) > 0 {
		first = m.written[0].Path
	}
	text := strings.Split(i18n.Fill(next, "path", first, "folder", filepath.Dir(first)), "\n")
	d := a.choice(w.Exported, body, []option{{"", a.t.StayHere, nil},
		{"", w.WhatNext, func() tea.Cmd { return a.push(newPage(a, w.WhatNext, text, false)) }},
		{"", w.ToInstall, func() tea.Cmd { return a.popTo(1) }}})
	cmds := []tea.Cmd{cmd, s.n.changed()}
	if a.now().Sub(s.n.began) > time.Second { // nobody waits for it any more
		return tea.Batch(append(cmds, a.openByItself(d))...)
	}
	a.open(d)
	return tea.Batch(cmds...)
}
