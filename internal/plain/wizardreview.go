package plain

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/i18n"
)

// review shows what there is to see before the files are written, and asks what to do: the
// place to go to, or done.
func (s *session) review(ctx context.Context) (to interview.Position, done bool, err error) {
	s.p.blank()
	s.p.line(0, "== "+s.w.Review)
	found := s.showReview()
	if err := s.Save(); err != nil {
		return to, false, err
	}
	for {
		text, err := s.ask(ctx, s.w.ReviewAsk, false)
		if err != nil {
			return to, false, err
		}
		command := strings.TrimSpace(text)
		switch word := strings.ToLower(command); {
		case word == "quit":
			return to, false, errLeave
		case word == "back", word == "-":
			pages := s.Draft.Pages()
			last := pages[len(pages)-2]
			return interview.Position{Page: last.ID, Field: last.Fields[len(last.Fields)-1].Key}, false, nil
		case word == "review":
			found = s.showReview()
		case word == "files":
			for _, f := range s.Draft.Review().Files {
				s.p.line(0, i18n.Fill(s.w.FilesHead, "file", f.Name))
				s.p.raw(0, strings.Split(strings.TrimRight(string(f.Data), "\n"), "\n"))
			}
		case word == "diff":
			s.p.raw(0, strings.Split(strings.TrimRight(s.Diff(), "\n"), "\n"))
		case word == "undo":
			if key, ok := s.Draft.Undo(); ok {
				s.p.line(0, i18n.Fill(s.w.Undone, "key", key))
				found = s.showReview()
			} else {
				s.p.line(0, s.w.NoUndo)
			}
			if err := s.Save(); err != nil {
				return to, false, err
			}
		case word == "export":
			if missing := s.Draft.Missing(); len(missing) > 0 {
				s.p.line(0, i18n.Fill(s.w.ExportNot, "count", strconv.Itoa(len(missing))))
				for _, f := range missing {
					s.p.line(4, "  "+f.Key+": "+f.Label.In(s.Lang))
				}
				continue
			}
			if found.Failed() {
				yes, err := s.ask(ctx, s.w.WriteFailing, false)
				if err != nil {
					return to, false, err
				}
				if !strings.EqualFold(strings.TrimSpace(yes), "y") {
					continue
				}
			}
			wrote, err := s.Export()
			for _, line := range wrote {
				s.p.line(2, line)
			}
			if err != nil {
				s.p.line(2, "! "+err.Error())
				continue
			}
			s.p.line(0, s.w.Exported)
			return to, true, nil
		case strings.HasPrefix(word, "/"):
			if err := s.search(ctx, command[1:]); err != nil {
				return to, false, err
			}
			found = s.showReview()
		default:
			n, err := strconv.Atoi(command)
			if err == nil && n >= 1 && n <= len(found) {
				return s.jump(ctx, found[n-1])
			}
			if p, ok := s.Draft.Page(command); ok && p.ID != interview.PageReview {
				return interview.Position{Page: p.ID, Field: p.Fields[0].Key}, false, nil
			}
			if f, ok := s.Draft.Field(command); ok {
				return s.jump(ctx, answers.Finding{Key: f.Key})
			}
			s.p.line(0, s.w.ReviewHow)
		}
	}
}

// jump asks the question of a finding, and comes back to the review.
func (s *session) jump(ctx context.Context, f answers.Finding) (interview.Position, bool, error) {
	review := interview.Position{Page: interview.PageReview}
	at := s.Draft.Where(f)
	field, ok := s.Draft.Field(at.Field)
	if !ok {
		s.p.line(0, s.w.ReviewHow)
		return review, false, nil
	}
	s.explain(&field)
	m, err := s.question(ctx, field)
	if err == nil && m == back && at.Page != "" {
		return at, false, nil
	}
	return review, false, err
}

// showReview prints what differs, and the findings with the numbers under which they can be
// gone to.
func (s *session) showReview() answers.Findings {
	r := s.Draft.Review()
	if len(r.Changed) == 0 {
		s.p.line(0, s.w.NoChange)
	} else {
		s.p.line(0, s.w.Changed)
	}
	for _, f := range r.Changed {
		s.p.line(6, fmt.Sprintf("  %s = %s (%s)", f.Key, s.shownValue(&f), s.w.Origins[string(f.Origin)]))
	}
	count := map[answers.Severity]int{}
	for _, f := range r.Findings {
		count[f.Severity]++
	}
	s.p.line(0, i18n.Fill(s.w.Findings, "errors", strconv.Itoa(count[answers.Error]), "warnings", strconv.Itoa(count[answers.Warning]), "notes", strconv.Itoa(count[answers.Note])))
	for i, f := range r.Findings {
		s.p.line(6, fmt.Sprintf("%3d %s", i+1, f.In(s.Lang)))
	}
	for _, f := range r.Missing {
		s.p.line(4, "  ! "+f.Key+": "+f.Label.In(s.Lang))
	}
	if err := s.Draft.Err(); err != nil && !errors.As(err, new(answers.Findings)) {
		s.p.line(2, "! "+err.Error())
	}
	return r.Findings
}
