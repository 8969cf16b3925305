package report

import (
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
)

// failure is one attempt that did not do what it should.
type failure struct {
	unit    run.Unit
	attempt int
	problem *problem.Problem
	job     *run.JobView // nil: it had none
}

// failures are those that the journal tells of, in the order of the steps: the attempts that
// a question was asked about, and the last ones; then steps that could not even begin.
func failures(s *run.State) []failure {
	var all []failure
	asked := append(slices.Clone(s.Answered), s.Questions...)
	for _, st := range s.Steps {
		for _, u := range st.Units {
			seen := map[int]bool{}
			add := func(attempt int, p *problem.Problem) {
				if seen[attempt] {
					return
				}
				seen[attempt] = true
				f := failure{u.Unit, attempt, p, nil}
				for _, j := range u.Tries() { // what took it back says nothing of why
					if j.Intent.Attempt == attempt {
						f.job = j
					}
				}
				all = append(all, f)
			}
			for _, q := range asked {
				if q.Q.Unit == u.Unit && (q.Q.Kind == run.AskFailed || q.Q.Kind == run.AskLost) {
					add(max(q.Q.Attempt, 1), q.Q.Problem)
				}
			}
			if u.Phase == run.PhaseFailed {
				add(u.Attempt, u.Problem)
			}
		}
	}
	for _, q := range asked {
		if q.Q.Kind == run.AskFailed && q.Q.Problem != nil && s.Unit(q.Q.Unit) == nil {
			all = append(all, failure{q.Q.Unit, max(q.Q.Attempt, 1), q.Q.Problem, nil})
		}
	}
	return all
}

func (w *writer) failures() {
	t := w.cat.Report
	for i, f := range failures(w.s) {
		if i == 0 {
			w.title(t.Failures)
		}
		w.b.WriteString("### " + i18n.Fill(t.Failure, "step", w.text(w.name(f.unit)), "n", strconv.Itoa(f.attempt)) + "\n\n")
		output := ""
		if p := f.problem; p != nil {
			what, next := w.cat.Problem(string(p.Code), p.Host, p.Args)
			w.para(w.text(what))
			if p.Cause != "" {
				w.para(t.Cause + ": " + w.text(p.Cause))
			}
			w.para(t.Next + ": " + w.text(next))
			output = p.Output
		}
		for _, help := range w.remedies(f) {
			w.para(i18n.Fill(w.cat.Plain.Remedy, "text", w.text(help)))
		}
		var e logtext.Excerpt
		if f.job != nil {
			e = w.Logs[f.job.Intent.Log]
		}
		switch {
		case len(e.Lines) > 0:
		case output != "": // what the journal kept of it
			w.para(t.Output + ":")
			w.block("", strings.Split(strings.TrimRight(w.clean(output), "\n"), "\n"))
			continue
		case f.job != nil:
			w.para(t.NoLog)
			continue
		default:
			continue
		}
		where := i18n.Fill(t.LogFile, "log", w.text(f.job.Intent.Log), "bytes", strconv.FormatInt(e.Size, 10))
		if e.Cut {
			where += ", " + t.Earlier
		}
		w.para(t.Output + " (" + where + "):")
		w.block("", e.Lines)
	}
}

// remedies are what the checks that failed in that attempt say about what to do, each once.
func (w *writer) remedies(f failure) []string {
	u := w.s.Unit(f.unit)
	if u == nil {
		return nil
	}
	return u.Remedies(f.attempt, w.cat.Lang)
}
