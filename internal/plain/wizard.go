package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/internal/run/redact"
)

// Wizard is an answering session in line mode: one question a line with what holds in
// brackets. It works in a pipe and on a dumb terminal. Every answer is saved before the next
// question is there.
type Wizard struct {
	Draft *interview.Draft
	Lang  i18n.Lang
	ASCII bool
	In    io.Reader
	Out   io.Writer

	Save   func() error            // puts the draft on the disk
	Import func(path string) error // reads a file to begin with, into the draft
	Diff   func() string           // what an export would change, masked
	Export func() (wrote []string, err error)

	Resumed bool // say where the draft stands
}

// errLeave ends a session that is kept.
var errLeave = errors.New("leave")

// session is a Wizard at work.
type session struct {
	Wizard
	p   *printer
	in  *input
	w   i18n.Answering
	cat *i18n.Catalogue
}

// Run asks until the files are written (true), or the operator leaves or the input ends
// (false; ended tells that it was the input). Everything that was answered is saved then.
func (o Wizard) Run(ctx context.Context) (done, ended bool, err error) {
	s := &session{Wizard: o, p: &printer{w: o.Out, ascii: o.ASCII, redact: redact.NewRedactor(nil)}, in: newInput(o.In), cat: i18n.For(o.Lang)}
	s.w = s.cat.Answering
	defer s.in.close()
	s.p.line(0, i18n.Fill(s.w.Welcome, "draft", o.Draft.Name()))
	s.p.line(0, s.w.Hint)
	if page, ok := o.Draft.Page(o.Draft.At().Page); ok && o.Resumed {
		s.p.line(0, i18n.Fill(s.w.Resumed, "page", page.Title.In(o.Lang)))
	}
	err = s.pages(ctx)
	switch {
	case errors.Is(err, io.EOF):
		ended, err = true, nil
	case errors.Is(err, errLeave):
		err = nil
	case err == nil:
		return true, false, s.p.failed()
	}
	if serr := o.Save(); err == nil {
		err = serr
	}
	s.p.line(0, i18n.Fill(s.w.Quit, "draft", o.Draft.Name()))
	return false, ended, err
}

// where is the place of a question: its page and its number there.
func (s *session) where(at interview.Position) (page, field int) {
	pages := s.Draft.Pages()
	for i, p := range pages {
		if p.ID != at.Page {
			continue
		}
		for k, f := range p.Fields {
			if f.Key == at.Field {
				return i, k
			}
		}
		return i, 0
	}
	return 0, 0
}

// move is where a question leads.
type move int

const (
	forth move = iota
	back
	pageEnd
	toReview
	stay
)

// pages asks page by page and ends with the review. A page that comes or goes with an answer
// does so before the next question.
func (s *session) pages(ctx context.Context) error {
	shown := ""
	at := s.Draft.At()
	for {
		pages := s.Draft.Pages()
		pi, fi := s.where(at)
		page := pages[pi]
		if page.ID == interview.PageReview {
			s.Draft.Stand(interview.Position{Page: page.ID})
			to, done, err := s.review(ctx)
			if err != nil || done {
				return err
			}
			at, shown = to, ""
			continue
		}
		f := page.Fields[fi]
		at = interview.Position{Page: page.ID, Field: f.Key}
		s.Draft.Stand(at)
		if err := s.Save(); err != nil {
			return err
		}
		if shown != page.ID {
			shown = page.ID
			s.p.blank()
			s.p.line(0, i18n.Fill(s.w.PageHead, "title", page.Title.In(s.Lang), "page", strconv.Itoa(pi+1), "of", strconv.Itoa(len(pages))))
		}
		m, err := s.question(ctx, f)
		if err != nil {
			return err
		}
		at = s.step(at, m)
	}
}

// step is the question that a move leads to, on the pages as they are now.
func (s *session) step(at interview.Position, m move) interview.Position {
	pages := s.Draft.Pages()
	pi, fi := s.where(at)
	pos := func(pi, fi int) interview.Position {
		if pages[pi].ID == interview.PageReview {
			return interview.Position{Page: interview.PageReview}
		}
		return interview.Position{Page: pages[pi].ID, Field: pages[pi].Fields[fi].Key}
	}
	switch {
	case m == toReview:
		return interview.Position{Page: interview.PageReview}
	case m == forth && fi+1 < len(pages[pi].Fields):
		return pos(pi, fi+1)
	case (m == forth || m == pageEnd) && pi+1 < len(pages):
		return pos(pi+1, 0)
	case m == back && fi > 0:
		return pos(pi, fi-1)
	case m == back && pi > 0:
		return pos(pi-1, len(pages[pi-1].Fields)-1)
	case m == back:
		s.p.line(0, s.w.BackAtTop)
	}
	return at
}

// shownValue is what stands in the brackets.
func (s *session) shownValue(f *interview.Field) string {
	switch {
	case f.Secret && f.Value != "":
		return s.w.Secret
	case f.Value == "" && f.Origin == interview.Made:
		return s.w.WillMake
	}
	return f.Value
}

// question asks one until it has an answer or a command that leads elsewhere.
func (s *session) question(ctx context.Context, f interview.Field) (move, error) {
	for {
		label := f.Label.In(s.Lang)
		if len(f.Choices) > 0 && len(f.Choices) <= 6 && len(strings.Join(f.Choices, ", ")) < 50 {
			label += " (" + strings.Join(f.Choices, ", ") + ")"
		}
		text, err := s.ask(ctx, fmt.Sprintf("%s [%s]: ", label, s.shownValue(&f)), f.Secret)
		if err != nil {
			return stay, err
		}
		literal := false
		if !f.Secret || strings.HasPrefix(text, "=") {
			if rest, ok := strings.CutPrefix(text, "="); ok {
				text, literal = rest, true
			}
		}
		command := strings.ToLower(strings.TrimSpace(text))
		if literal {
			command = "="
		}
		switch {
		case command == "":
			return forth, nil
		case command == "?":
			s.explain(&f)
		case command == "help":
			s.p.under(0, s.w.Help)
		case command == "-", command == "back":
			return back, nil
		case command == "next":
			return pageEnd, nil
		case command == "review":
			return toReview, nil
		case command == "quit":
			return stay, errLeave
		case command == "undo":
			if key, ok := s.Draft.Undo(); ok {
				s.p.line(0, i18n.Fill(s.w.Undone, "key", key))
			} else {
				s.p.line(0, s.w.NoUndo)
			}
			if err := s.Save(); err != nil {
				return stay, err
			}
		case command == "reset":
			s.Draft.Reset(f.Key)
			if err := s.Save(); err != nil {
				return stay, err
			}
		case strings.HasPrefix(command, "/") && (f.Type != answers.TypePath || !strings.Contains(command[1:], "/")):
			if err := s.search(ctx, strings.TrimSpace(text)[1:]); err != nil {
				return stay, err
			}
		default:
			taken, err := s.answer(ctx, &f, text)
			if err != nil {
				return stay, err
			}
			if taken {
				return forth, nil
			}
		}
		again, ok := s.Draft.Field(f.Key)
		if !ok { // the installer is another one
			return forth, nil
		}
		f = again
	}
}

// answer takes a value, or says why not.
func (s *session) answer(ctx context.Context, f *interview.Field, text string) (bool, error) {
	err := s.give(f.Key, text, false)
	var r *interview.Refusal
	switch {
	case errors.As(err, &r):
		s.p.line(2, "! "+r.In(s.Lang))
		if !r.CanKeep {
			return false, nil
		}
		yes, err := s.ask(ctx, s.w.KeepIt, false)
		if err != nil {
			return false, err
		}
		if !strings.EqualFold(strings.TrimSpace(yes), "y") {
			return false, nil
		}
		if err := s.give(f.Key, text, true); err != nil {
			s.p.line(2, "! "+err.Error())
			return false, nil
		}
		s.p.line(0, s.w.Kept)
	case err != nil:
		s.p.under(2, "! "+err.Error())
		return false, nil
	}
	if err := s.Save(); err != nil {
		return false, err
	}
	if now, ok := s.Draft.Field(f.Key); ok {
		for _, x := range now.Findings {
			if !now.Kept || x.Severity != answers.Error {
				why, wanted := x.Texts(s.Lang)
				s.p.line(2, fmt.Sprintf("* %s. %s: %s", why, s.cat.Answers.Instead, wanted))
			}
		}
	}
	return true, nil
}

// give sets a value; a file is read.
func (s *session) give(key, text string, keep bool) error {
	if key == "@file" {
		return s.Import(strings.TrimSpace(text))
	}
	if keep {
		return s.Draft.Keep(key, text)
	}
	return s.Draft.Set(key, text)
}

// explain tells what is known about a question.
func (s *session) explain(f *interview.Field) {
	s.p.line(2, "  "+f.Key)
	if help := f.Help.In(s.Lang); help != "" {
		s.p.line(2, "  "+help)
	}
	if len(f.Choices) > 0 {
		s.p.line(2, "  "+i18n.Fill(s.w.Choices, "choices", strings.Join(f.Choices, ", ")))
	}
	s.p.line(2, "  "+i18n.Fill(s.w.Now, "value", s.shownValue(f), "origin", s.w.Origins[string(f.Origin)]))
	if f.Typed && f.Default != "" {
		s.p.line(2, "  "+i18n.Fill(s.w.Default, "value", f.Default))
	}
	for _, x := range f.Findings {
		s.p.line(2, "  * "+x.In(s.Lang))
	}
}

// mostFound keys are listed at once.
const mostFound = 15

// search lists keys, and asks for one of them if the operator wants.
func (s *session) search(ctx context.Context, text string) error {
	found := s.Draft.Search(text, s.Lang)
	if len(found) == 0 {
		s.p.line(0, i18n.Fill(s.w.NotFound, "text", text))
		return nil
	}
	s.p.line(0, i18n.Fill(s.w.Found, "count", strconv.Itoa(len(found))))
	for i, f := range found {
		if i == mostFound {
			s.p.line(2, "  "+i18n.Fill(s.w.More, "count", strconv.Itoa(len(found)-mostFound)))
			break
		}
		mark := " "
		if f.Differs || f.Typed {
			mark = "*"
		}
		s.p.line(6, fmt.Sprintf("%3d %s %s = %s", i+1, mark, f.Key, s.shownValue(&f)))
		if l := f.Label.In(s.Lang); l != f.Key {
			s.p.line(6, "      "+l)
		}
	}
	pick, err := s.ask(ctx, s.w.PickFound, false)
	if err != nil {
		return err
	}
	pick = strings.TrimSpace(pick)
	if pick == "" {
		return nil
	}
	key := pick
	if n, err := strconv.Atoi(pick); err == nil && n >= 1 && n <= len(found) {
		key = found[n-1].Key
	}
	f, ok := s.Draft.Field(key)
	if !ok {
		s.p.line(0, i18n.Fill(s.w.NotFound, "text", pick))
		return nil
	}
	s.explain(&f)
	_, err = s.question(ctx, f)
	return err
}

// ask prints a prompt and reads a line, without echo for a secret at a terminal.
func (s *session) ask(ctx context.Context, prompt string, secret bool) (string, error) {
	restore := func() {}
	if secret && s.in.tty {
		r, err := s.in.silent()
		if err != nil {
			return "", err
		}
		restore = r
	}
	s.p.prompt(prompt)
	text, err := s.in.line(ctx)
	restore()
	s.p.answered(err == nil && s.in.tty && !secret)
	return text, err
}
