package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// evidence draws the evidence table of a step: hosts that are the same in one row, the odd one
// standing out by its sign and colour, what was found, and what it means.
//
//	✗ db3  bad
//	  seqno - (no answer)
//	  It cannot be read.
//	✓ db1, db2
//	  seqno 7
func (s *runScreen) evidence(st *run.StepView, w int) (lines []string) {
	e, ok := s.st.Evidence(st)
	if !ok || w < 4 {
		return nil
	}
	a, r := s.app, s.app.cat.Runbook
	for _, row := range e.Rows {
		mark, style, word := a.th.Good.Render(a.th.Done), a.th.Strong, ""
		switch {
		case row.Level == "bad":
			mark, style, word = a.th.Bad.Render(a.th.Failed), a.th.Bad, r.Levels["bad"]
		case row.Level == "odd" || row.Odd:
			mark, style, word = a.th.Warn.Render(a.th.Asks), a.th.Warn, r.Levels["odd"]
		case row.Level == "":
			mark = a.th.Muted.Render(a.th.Dot)
		}
		head := celltext.Plain(strings.Join(row.Hosts, ", "))
		if word != "" {
			head += "  " + word
		}
		lines = append(lines, mark+" "+style.Render(celltext.Cut(head, w-2, a.th.More)))
		var cells []string
		for i, c := range row.Cells {
			cells = append(cells, e.Columns[i]+" "+celltext.Plain(cmp.Or(c.Text(a.cat), "-")))
		}
		for _, l := range celltext.Paragraphs(strings.Join(cells, "   "), w-2) {
			if len(cells) > 0 {
				lines = append(lines, "  "+l)
			}
		}
		if !row.Means.Empty() {
			for _, l := range celltext.Paragraphs(row.Means.In(a.lang), w-2) {
				lines = append(lines, "  "+a.th.Muted.Render(l))
			}
		}
	}
	for _, d := range s.differences(st) {
		for i, l := range celltext.Paragraphs(d, w-2) {
			mark := " "
			if i == 0 {
				mark = a.th.Warn.Render(a.th.Asks)
			}
			lines = append(lines, mark+" "+l)
		}
	}
	return lines
}

// differences are what a step found otherwise than the site's last good picture.
func (s *runScreen) differences(st *run.StepView) (lines []string) {
	c := s.app.cat
	for _, d := range s.base.Differs(st, c) {
		lines = append(lines, celltext.Plain(i18n.Fill(c.Runbook.BaselineLine, "host", d.Host, "fact", d.Fact, "was", d.Was.Text(c), "is", d.Is.Text(c))))
	}
	return lines
}

// evidenceText is the table on a page.
func (s *runScreen) evidenceText(step string) (lines []string) {
	e, ok := s.st.Evidence(s.st.Step(step))
	if !ok {
		return nil
	}
	c := s.app.cat
	lines = append(lines, c.Runbook.Evidence, "")
	for _, row := range e.Rows {
		head := strings.Join(row.Hosts, ", ")
		if row.Level != "" {
			head += "  " + i18n.Word(c.Runbook.Levels, row.Level)
		}
		lines = append(lines, head)
		for i, cell := range row.Cells {
			lines = append(lines, "    "+e.Columns[i]+": "+cell.Text(c))
		}
		if !row.Means.Empty() {
			lines = append(lines, "    "+row.Means.In(s.app.lang))
		}
	}
	lines = append(lines, s.differences(s.st.Step(step))...)
	return append(lines, "")
}

// rests is the newest evidence up to a step, in a few lines of plain text: what its question
// rests on, so that nobody has to close the question to see it.
func (s *runScreen) rests(step string) []string { return s.restsOn(step, 6) }

// restsOn is rests with that many rows at most.
func (s *runScreen) restsOn(step string, most int) (lines []string) {
	c := s.app.cat
	for i := len(s.st.Steps) - 1; i >= 0; i-- {
		st := s.st.Steps[i]
		if st.ID == step {
			step = ""
		}
		e, ok := s.st.Evidence(st)
		if step != "" || !ok {
			continue
		}
		lines = append(lines, "", celltext.Plain(st.Name(s.app.lang))+":")
		var hosts, said []string // those of whom the same is said are one line
		for _, row := range e.Rows {
			mark := s.app.th.Done
			switch {
			case row.Level == "bad":
				mark = s.app.th.Failed
			case row.Odd:
				mark = s.app.th.Asks
			}
			text := row.Means.In(s.app.lang)
			var cells []string
			for k, cell := range row.Cells {
				if text == "" || cell.Value.Absent == "" {
					cells = append(cells, e.Columns[k]+" "+cmp.Or(cell.Text(c), "-"))
				}
			}
			// A judgement says itself what its outputs mean; what was read is what somebody goes by.
			if text == "" || st.Action != steps.ActJudge {
				text = strings.TrimSpace(text + " " + strings.Join(cells, ", "))
			}
			text = mark + "\x00: " + celltext.Plain(text)
			names := celltext.Plain(strings.Join(row.Hosts, ", "))
			if k := slices.Index(said, text); k >= 0 {
				hosts[k] += ", " + names
				continue
			}
			hosts, said = append(hosts, names), append(said, text)
		}
		for n, text := range said {
			if n == most {
				return append(lines, s.app.th.More+" "+itoa(len(said)-n))
			}
			lines = append(lines, strings.Replace(text, "\x00", " "+hosts[n], 1))
		}
		for n, d := range s.differences(st) {
			if n == most {
				return append(lines, s.app.th.More)
			}
			lines = append(lines, s.app.th.Asks+" "+d)
		}
		return lines
	}
	return nil
}

// cardBody is what to type at a host's own console.
func (s *runScreen) cardBody(q run.Question) (body []string) {
	if len(q.Card) == 0 {
		return nil
	}
	body = append(body, i18n.Fill(s.app.cat.Runbook.Card, "host", strings.Join(q.Hosts, ", ")))
	for _, l := range q.Card {
		body = append(body, "  "+l)
	}
	return append(body, "")
}

// readBack asks for what the card's commands said, one box after the other, and sends it all.
func (s *runScreen) readBack(v *run.QuestionView, typed map[string]string, n int) tea.Cmd {
	if n == len(v.Q.Boxes) {
		return s.send(run.Command{Do: "answer", Question: v.Seq, Value: "hand", Values: typed})
	}
	a, r, b := s.app, s.app.cat.Runbook, v.Q.Boxes[n]
	head := i18n.Fill(r.BoxTitle, "n", itoa(n+1), "all", itoa(len(v.Q.Boxes)))
	d := a.ask(head, append(s.cardBody(v.Q), b.Wants(a.cat)), b.Name, func(x string) string {
		if x == "" || !b.Takes(x) {
			return b.Wrong(a.cat)
		}
		return ""
	}, func(x string) tea.Cmd {
		typed[b.Name] = x
		return s.readBack(v, typed, n+1)
	})
	d.tag = v.Seq
	a.open(d)
	return nil
}

// seen asks for what was seen, for the box of a step done by hand.
func (s *runScreen) seen(v *run.QuestionView) tea.Cmd {
	a := s.app
	d := a.ask(a.t.AskManual, s.questionBody(v.Q), a.cat.Runbook.Seen, func(x string) string {
		if strings.TrimSpace(x) == "" || x == "done" {
			return a.t.BadEmpty
		}
		return ""
	}, func(x string) tea.Cmd { return s.send(run.Command{Do: "answer", Question: v.Seq, Value: x}) })
	d.tag = v.Seq
	a.open(d)
	return nil
}
