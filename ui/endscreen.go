package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/ui/celltext"
)

// endScreen is the page after a run: what was done, how long it took, what failed, how to go on.
type endScreen struct {
	app  *App
	from *runScreen
	top  int
	h, n int
}

func newEndScreen(from *runScreen) *endScreen { return &endScreen{app: from.app, from: from} }

func (s *endScreen) enter() tea.Cmd { return nil }
func (s *endScreen) title() string  { return s.app.t.EndTitle }
func (s *endScreen) typing() bool   { return false }

func (s *endScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case reportMsg:
		return s.app.showReport(msg)
	case tea.KeyPressMsg:
		switch msg.String() {
		case "up", "k":
			s.top--
		case "down", "j":
			s.top++
		case "pgup", "b":
			s.top -= s.h
		case "pgdown", "space":
			s.top += s.h
		case "l", "esc":
			return s.app.pop()
		case "r":
			return s.app.report(s, s.from.dir)
		case "enter", "q":
			return s.app.popTo(1)
		}
		s.top = max(min(s.top, s.n-s.h), 0)
	}
	return nil
}

func (s *endScreen) view(w, h int) []string {
	a, t, st := s.app, s.app.t, s.from.st
	if st.Ended == nil {
		return nil
	}
	var out []string
	mark, word := a.outcome(st.Ended.Outcome)
	out = append(out, " "+mark+" "+a.th.Strong.Render(word)+"  "+a.th.Muted.Render(i18n.Fill(t.EndTook, "time", elapsed(st.EndedAt.Sub(st.Started)), "from", a.clock(st.Started), "to", a.clock(st.EndedAt))))
	refusal := s.refusal(w)
	if say := st.Ended.Say.In(a.lang); say != "" && len(refusal) == 0 { // else it is one of what was not proven
		for _, l := range celltext.Paragraphs(say, w-4) {
			out = append(out, "   "+l)
		}
	}
	out = append(out, refusal...)
	n := map[run.Phase]int{}
	for _, x := range st.Steps {
		if len(x.Units) == 0 {
			n[x.Phase]++
		}
		for _, u := range x.Units {
			n[u.Phase]++
		}
	}
	out = append(out, "   "+i18n.Fill(t.EndSum, "done", itoa(n[run.PhaseDone]), "already", itoa(n[run.PhaseAlready]), "skipped", itoa(n[run.PhaseSkipped]), "failed", itoa(n[run.PhaseFailed])))
	out = append(out, "")
	out = append(out, s.failures(w)...)
	out = append(out, s.held(w)...)
	out = append(out, s.differences(w)...)
	if st.Ended.Outcome != "done" {
		out = append(out, s.from.offerLines(w-1)...)
	}
	if logs := slices.DeleteFunc(slices.Clone(st.Leaks), func(l run.Leak) bool { return l.Log == "" }); len(logs) > 0 {
		out = append(out, " "+a.th.Bad.Render(celltext.Cut(i18n.Fill(t.EndLeaks, "n", itoa(len(logs))), w-2, a.th.More)))
	}
	for _, x := range st.Truncated {
		out = append(out, " "+a.th.Warn.Render(celltext.Cut(i18n.Fill(t.EndCut, "log", celltext.Plain(x.Log), "why", celltext.Plain(x.Why)), w-2, a.th.More)))
	}
	add := func(label, value string) {
		if celltext.Width(label)+celltext.Width(value)+4 > w {
			out = append(out, " "+a.th.Muted.Render(label))
			for _, l := range celltext.Paragraphs(value, w-4) {
				out = append(out, "   "+l)
			}
			return
		}
		out = append(out, " "+a.th.Muted.Render(celltext.Pad(label, max(celltext.Width(t.EndReport), celltext.Width(t.EndEvidence), celltext.Width(t.EndGoOn)), ""))+"  "+value)
	}
	if st.Ended.Outcome != "done" {
		add(t.EndGoOn, t.EndGoOnHow)
	}
	add(t.EndReport, "stackhand report "+s.from.id())
	add(t.EndEvidence, s.from.dir)
	out = append(out, "")
	beyond := 0 // its end came before them
	for _, x := range st.Steps {
		if x.Phase == run.PhaseSkipped && x.Skipped != nil && x.Skipped.Why == "when" {
			continue // nothing for this case: the report names it
		}
		if x.Phase == run.PhaseWaiting && (st.Ended.Outcome == "done" || st.Ended.Outcome == "refused") {
			beyond++
			continue
		}
		mark, word := a.phase(x.Phase)
		left := " " + mark + " " + celltext.Plain(x.Name(a.lang))
		right := celltext.Right(s.from.stepTime(x), 8)
		if w >= 60 {
			right = a.th.Muted.Render(celltext.Pad(word, 14, "")) + right
		}
		out = append(out, celltext.Pad(left, w-celltext.Width(right)-2, a.th.More)+" "+right)
	}
	if beyond > 0 {
		out = append(out, " "+a.th.Muted.Render(a.th.Waiting+" "+celltext.Cut(i18n.Fill(t.EndBeyond, "n", itoa(beyond)), max(w-4, 1), a.th.More)))
	}
	s.h, s.n = h, len(out)
	s.top = max(min(s.top, len(out)-h), 0)
	return out[s.top:]
}

// held is what the run could not let go of, and how that is done now.
func (s *endScreen) held(w int) (out []string) {
	a := s.app
	for _, h := range s.from.st.Held() {
		out = append(out, " "+a.th.Warn.Render(a.th.Held)+" "+a.th.Strong.Render(celltext.Cut(a.cat.Runbook.Held+": "+s.from.about(h.Unit), w-4, a.th.More)))
		for _, l := range celltext.Paragraphs(h.Say.In(a.lang), w-4) {
			out = append(out, "   "+l)
		}
		out = append(out, "")
	}
	return out
}

// refusedAt is the step whose proof did not hold, which ended the run; "" when it ended otherwise.
func (s *endScreen) refusedAt() string {
	st := s.from.st
	n := len(st.Verdicts)
	if st.Ended.Outcome != "refused" || n == 0 {
		return ""
	}
	if x := st.Step(st.Verdicts[n-1].Step); x != nil && slices.ContainsFunc(x.Units, func(u *run.UnitView) bool {
		return slices.ContainsFunc(u.Checks, func(c run.Check) bool { return c.Phase == "prove" })
	}) {
		return x.ID
	}
	return ""
}

// refusal says what was proven and what was not, and, node by node, what that rests on.
func (s *endScreen) refusal(w int) (out []string) {
	a, st, step := s.app, s.from.st, s.refusedAt()
	if step == "" {
		return nil
	}
	put := func(mark, text string) {
		for i, l := range celltext.Paragraphs(text, max(w-6, 1)) {
			if i > 0 {
				mark = " "
			}
			out = append(out, "   "+mark+" "+l)
		}
	}
	for _, u := range st.Step(step).Units {
		for _, c := range u.Checks {
			if c.Phase != "prove" {
				continue
			}
			mark := a.th.Good.Render(a.th.Done)
			if !c.OK {
				mark = a.th.Bad.Render(a.th.Failed)
			}
			put(mark, c.Title.In(a.lang))
		}
	}
	for _, line := range s.from.restsOn(step, 1<<10) {
		for i, l := range celltext.Paragraphs(line, max(w-6, 1)) {
			if i > 0 {
				l = "  " + l
			}
			out = append(out, "   "+l)
		}
	}
	if len(out) > 0 {
		out = append(out, "")
	}
	return out
}

// differences are what the run found otherwise than the site's last good picture.
func (s *endScreen) differences(w int) (out []string) {
	a, c := s.app, s.app.cat
	if s.from.base == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, st := range s.from.st.Steps {
		for _, d := range s.from.differences(st) {
			if seen[d] {
				continue
			}
			seen[d] = true
			for _, l := range celltext.Paragraphs(d, w-4) {
				out = append(out, "   "+l)
			}
		}
	}
	head := i18n.Fill(c.Runbook.BaselineOf, "time", s.from.base.At.In(a.zone()).Format("2006-01-02 15:04"), "run", s.from.base.Run)
	if len(out) == 0 {
		out = append(out, "   "+c.Runbook.BaselineSame)
	}
	return append(append([]string{" " + a.th.Muted.Render(celltext.Cut(head, w-2, a.th.More))}, out...), "")
}

// failures says for each unit that failed what failed, what it printed, what to do next.
func (s *endScreen) failures(w int) []string {
	a := s.app
	st := s.from.st
	var out []string
	for _, x := range st.Steps {
		for _, u := range x.Units {
			if u.Phase != run.PhaseFailed || x.ID == s.refusedAt() {
				continue // what was not proven stands above
			}
			out = append(out, " "+a.th.Bad.Render(a.th.Failed)+" "+a.th.Strong.Render(celltext.Cut(s.from.about(u.Unit), w-4, a.th.More)))
			if u.Problem != nil {
				what, next := a.problem(u.Problem)
				for _, l := range celltext.Paragraphs(what, w-5) {
					out = append(out, "   "+l)
				}
				if p := strings.TrimSpace(u.Problem.Output); p != "" {
					for _, l := range lastLines(celltext.Paragraphs(p, w-7), 3) {
						out = append(out, "     "+a.th.Muted.Render(l))
					}
				}
				for _, l := range celltext.Paragraphs(a.th.Arrow+" "+next, w-5) {
					out = append(out, "   "+l)
				}
			}
			out = append(out, "")
		}
	}
	for _, name := range st.Run.Hosts { // a job that outlived the run
		h := st.Hosts[name]
		if h == nil || h.Problem == nil || h.Problem.Code != "engine.job.outlives" {
			continue
		}
		what, next := a.problem(h.Problem)
		for _, l := range celltext.Paragraphs(what, w-3) {
			out = append(out, " "+l)
		}
		for _, l := range celltext.Paragraphs(a.th.Arrow+" "+next, w-5) {
			out = append(out, "   "+l)
		}
		out = append(out, "")
	}
	return out
}

func (s *endScreen) keys() []hint {
	t := s.app.t
	h := []hint{{"enter", t.Home}, {"r", t.Report}}
	if s.n > s.h {
		h = append(h, hint{s.app.th.Up + s.app.th.Down, t.KeyScroll})
	}
	return append(h, hint{"l", t.KeyLogs})
}

func (s *endScreen) help() []hint {
	t := s.app.t
	return []hint{{"up down", t.HelpScroll}, {"r", t.HelpReport}, {"l", t.HelpLogs}, {"enter", t.HelpHome}}
}
