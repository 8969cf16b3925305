package ui

import (
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/ui/celltext"
)

// about names a unit: its step's title and host.
func (s *runScreen) about(u run.Unit) string {
	name := s.st.UnitName(u, s.app.lang)
	said := strings.Contains(name, u.Item)
	if u.Host != "" {
		name = u.Host + ": " + name
	}
	if !said {
		name += " [" + u.Item + "]"
	}
	if name == "" {
		name = s.app.t.Run
	}
	return celltext.Plain(name)
}

// aboutQuestion names what a question is about; one about no step, its host and what is the matter.
func (s *runScreen) aboutQuestion(q run.Question) string {
	if q.Unit.Step == "" && hostOf(q) != "" {
		return celltext.Plain(hostOf(q)) + ": " + s.head(q)
	}
	return s.about(q.Unit)
}

// outcome is a run's end as a sign and a word.
func (a *App) outcome(o string) (mark, word string) {
	th, t := a.th, a.t
	switch o {
	case "done":
		return th.Good.Render(th.Done), t.OutcomeDone
	case "refused":
		return th.Warn.Render(th.Lost), t.OutcomeRefused
	case "cancelled":
		return th.Warn.Render(th.Skipped), t.OutcomeCancelled
	case "unreachable":
		return th.Bad.Render(th.Failed), t.OutcomeUnreachable
	}
	return th.Bad.Render(th.Failed), t.OutcomeFailed
}

// skippedWhy says why a step or a unit was not done; of one that does not apply, the condition too.
func (s *runScreen) skippedWhy(k *run.UnitSkipped, st *run.StepView) []string {
	if k == nil {
		return nil
	}
	a := s.app
	why := i18n.Word(a.cat.Words.Skip, k.Why)
	if k.Reason != "" {
		why += ": " + celltext.Plain(k.Reason)
	}
	if k.By != nil && k.By.User != "" {
		why += " (" + celltext.Plain(k.By.User) + ")"
	}
	out := []string{i18n.Fill(a.t.SkippedBecause, "reason", why)}
	if k.Why == "when" && st != nil && st.When != "" {
		out = append(out, a.t.StepWhen+": "+celltext.Plain(st.When))
	}
	return out
}

// stepText is all about a step that has no unit, to read.
func (s *runScreen) stepText(st *run.StepView) []string {
	a := s.app
	_, word := a.phase(st.Phase)
	out := []string{celltext.Plain(st.Name(a.lang)), word}
	if about := st.About.In(a.lang); about != "" {
		out = append(out, "", about)
	}
	if why := s.skippedWhy(st.Skipped, st); why != nil {
		out = append(append(out, ""), why...)
	}
	if table := s.evidenceText(st.ID); table != nil {
		out = append(append(out, ""), table...)
	}
	return out
}

// unitText is all about a unit, to read.
func (s *runScreen) unitText(u *run.UnitView) []string {
	a, t := s.app, s.app.t
	_, word := a.phase(u.Shown())
	out := []string{s.about(u.Unit), word + " " + a.th.Dot + " " + i18n.Fill(t.Attempt, "n", itoa(u.Attempt)) + " " + a.th.Dot + " " + s.unitTime(u)}
	if st := s.st.Step(u.Unit.Step); st != nil && !st.About.Empty() {
		out = append(out, "", st.About.In(a.lang))
	}
	if why := s.skippedWhy(u.Skipped, s.st.Step(u.Unit.Step)); why != nil {
		out = append(append(out, ""), why...)
	}
	if u.Problem != nil {
		what, next := a.problem(u.Problem)
		out = append(out, "", what)
		if u.Problem.Output != "" {
			out = append(out, "", u.Problem.Output)
		}
		out = append(out, "", next)
	}
	if table := s.evidenceText(u.Unit.Step); table != nil {
		out = append(append(out, ""), table...)
	}
	if len(u.Checks) > 0 {
		out = append(out, "", t.Checks, "")
		out = append(out, a.checkLines(u.Checks)...)
	}
	for _, f := range s.st.Files {
		if f.Unit == u.Unit {
			out = append(out, "", i18n.Fill(t.FileChanged, "path", f.Path))
			if f.Backup != "" {
				out = append(out, i18n.Fill(t.FileBackup, "path", f.Backup))
			}
			if f.Diff != "" {
				out = append(out, f.Diff)
			}
		}
	}
	for _, j := range u.Jobs {
		out = append(out, "", i18n.Fill(t.JobLine, "job", j.Intent.Job, "time", a.clock(j.At)))
	}
	return out
}
