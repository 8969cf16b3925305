package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// answering is one draft on the screen. Its screens share it: what one of them takes is in
// the draft at once, and on its way to the disk before the next key.
type answering struct {
	app  *App
	root *answersScreen
	d    *interview.Draft
	gen  int // goes up with every change
	seen []interview.Page
	of   int // gen of seen
	sent int // rev on its way to the disk
	rev  int // that is there
	err  error

	busy    bool // the files are being made: the draft stays as it is until they are
	began   time.Time
	saves   sync.WaitGroup
	release func() // gives the draft free for other screens
}

// pages are those of the draft as it stands, with the review.
func (n *answering) pages() []interview.Page {
	if n.seen == nil || n.of != n.gen {
		n.seen, n.of = n.d.Pages(), n.gen
	}
	return n.seen
}

// changed tells the screens that the draft is another one, and saves it.
func (n *answering) changed() tea.Cmd {
	n.gen++
	return n.save()
}

func (n *answering) words() *i18n.AnswerScreens { return &n.app.cat.AnswerScreens }

// save puts the draft as it stands on its way to the disk. The goroutine is joined before the
// program ends, whatever ends it. Saves may pass one another: the store keeps the newest.
func (n *answering) save() tea.Cmd {
	saved, name := n.d.Saved(), n.d.Name()
	n.sent = max(n.sent, saved.Rev)
	done := make(chan error, 1)
	ctx := context.WithoutCancel(n.app.ctx)
	n.saves.Add(1)
	n.app.flows.wg.Go(func() {
		defer n.saves.Done()
		done <- n.app.back.SaveDraft(ctx, name, saved)
	})
	return n.app.do(n.root, func(ctx context.Context) tea.Msg {
		select {
		case err := <-done:
			return savedMsg{n, saved.Rev, err}
		case <-ctx.Done():
			return nil
		}
	})
}

// state says whether everything is on the disk.
func (n *answering) state() string {
	w, th := n.words(), n.app.th
	switch {
	case n.err != nil:
		return th.Bad.Render(th.Failed + " " + w.Unsaved)
	case n.sent > n.rev:
		return th.Muted.Render(w.Saving)
	}
	return th.Muted.Render(th.Done + " " + w.Saved)
}

// told takes what became of a save. A failure stays on the screen until a later save is done.
func (n *answering) told(m savedMsg) {
	if m.err != nil {
		n.err = m.err
		n.app.fail(m.err)
		return
	}
	if m.rev >= n.rev {
		n.rev, n.err = m.rev, nil
	}
}

// set answers a question. A refusal says what would be right.
func (n *answering) set(r formRow, v string, keep bool) (refusal, tea.Cmd) {
	if n.busy {
		return refusal{text: []string{n.words().Making}}, nil
	}
	take := n.d.Set
	if keep {
		take = n.d.Keep
	}
	if err := take(r.key, v); err != nil {
		return n.refusal(err), nil
	}
	return refusal{}, n.changed()
}

func (n *answering) refusal(err error) refusal {
	var no *interview.Refusal
	if !errors.As(err, &no) {
		return refusal{text: []string{n.app.explain(err)}}
	}
	why, wanted := no.Finding.Texts(n.app.lang)
	return refusal{text: []string{why + ".", n.app.cat.Answers.Instead + ": " + wanted + "."}, canKeep: no.CanKeep}
}

// reset brings a question back to its default.
func (n *answering) reset(key string) tea.Cmd {
	if n.busy {
		n.app.say(n.words().Making)
		return nil
	}
	if !n.d.Reset(key) {
		n.app.say(n.words().IsDefault)
		return nil
	}
	n.app.say(n.words().WasReset)
	return n.changed()
}

// undo takes the last change back, and gives the key that it was about.
func (n *answering) undo() (string, tea.Cmd) {
	if n.busy {
		n.app.say(n.words().Making)
		return "", nil
	}
	key, ok := n.d.Undo()
	if !ok {
		n.app.say(n.words().NothingToUndo)
		return "", nil
	}
	what := key
	if f, ok := n.d.Field(key); ok {
		what = n.label(f)
	}
	n.app.say(i18n.Fill(n.words().Undone, "what", what))
	return key, n.changed()
}

func (n *answering) label(f interview.Field) string {
	if l := celltext.Plain(f.Label.In(n.app.lang)); l != "" {
		return l
	}
	return f.Key
}

// row is a field as a form shows it.
func (n *answering) row(f interview.Field) formRow {
	w, lang := n.words(), n.app.lang
	r := formRow{key: f.Key, label: n.label(f), value: f.Value, raw: f.Value, changed: f.Typed || f.Differs, secret: f.Secret, choices: f.Choices}
	switch f.Origin {
	case interview.Typed:
		if f.Kept {
			r.note = w.NoteKept
		}
	case interview.FromFile:
		r.note = w.NoteFile
	case interview.FromHosts:
		r.note = w.NoteHosts
	case interview.FromDocs:
		r.note = w.NoteDocs
	case interview.FromRelease:
		r.note = w.NoteDefault
	case interview.Made:
		r.note = w.NoteMade
	}
	if f.Missing() {
		r.note = w.NoteMissing
	}
	if f.Secret {
		r.raw = ""
		if f.Value != "" {
			r.value = answers.Mask
		} else if f.Origin == interview.Made {
			r.value = w.WillBeMade
			r.note = ""
		}
	}
	switch f.Type {
	case answers.TypeYesNo:
		r.flips = true
		if len(r.choices) == 0 {
			r.choices = []string{"y", "n"}
		}
	case answers.TypeBool:
		r.flips = true
		if len(r.choices) == 0 {
			r.choices = []string{"yes", "no"}
		}
	case answers.TypeHosts, answers.TypeChoices, answers.TypeSubnets, answers.TypePairs, answers.TypeRanges, answers.TypeList:
		r.lists = true
	}
	switch {
	case f.Type == answers.TypeChoices: // several of them: typed
		r.choices = nil
	case f.Type == answers.TypeInterface:
		r.free = true
	case f.Key == "@installer":
		for _, c := range f.Choices {
			name := c
			for _, k := range n.root.kinds {
				if k.String() == c {
					name = n.root.titleOf(k.Installer)
				}
			}
			r.names = append(r.names, name)
		}
		r.value = n.root.titleOf(n.d.Installer())
	}
	if h := celltext.Plain(f.Help.In(lang)); h != "" {
		r.about = append(r.about, h)
	}
	var facts []string
	if !strings.HasPrefix(f.Key, "@") {
		facts = append(facts, f.Key)
	}
	if len(f.Choices) > 0 && r.choices == nil {
		facts = append(facts, i18n.Fill(w.OneOf, "choices", strings.Join(f.Choices, ", ")))
	}
	switch {
	case f.Secret && f.Value != "":
		facts = append(facts, w.SecretThere)
	case f.Secret:
		facts = append(facts, w.SecretNone)
	case f.Default != "" && f.Default != f.Value:
		facts = append(facts, i18n.Fill(w.DefaultIs, "value", celltext.Plain(f.Default)))
	}
	if !f.Applies {
		facts = append(facts, w.NotRead)
	}
	if len(facts) > 0 {
		r.about = append(r.about, strings.Join(facts, " "+n.app.th.Dot+" "))
	}
	for _, x := range f.Findings {
		why, wanted := x.Texts(lang)
		r.faults = append(r.faults, why+". "+n.app.cat.Answers.Instead+": "+wanted+".")
		switch x.Severity {
		case answers.Error:
			r.wrong = true
		case answers.Warning:
			r.warned = true
		}
	}
	if f.Missing() {
		r.wrong = true
		r.faults = append(r.faults, w.MissingWhy)
	}
	return r
}
