package report

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/steps"
)

// mostTold is how many decisions and changes the summary tells one by one.
const mostTold = 6

// summary is what somebody who was asleep reads first: how it came out, who decided what, what
// was changed, and what is left to do. Everything in it stands below in full.
func (w *writer) summary() {
	if w.s.Started.IsZero() {
		return
	}
	t := w.cat.Summary
	line := func(label, text string) { w.b.WriteString("- **" + label + "**: " + text + "\n") }
	w.title(t.Title)
	line(t.What, w.outcome())
	clock := func(at time.Time) string { return at.In(w.Location).Format("15:04:05") }
	end := w.s.Last
	when := t.Since
	if w.s.Ended != nil {
		end, when = w.s.EndedAt, t.Between
	}
	if found := w.found(); len(found) > 0 {
		line(t.Found, w.told(found, ""))
	}
	until := clock(end)
	if w.s.Started.In(w.Location).YearDay() != end.In(w.Location).YearDay() {
		until = w.time(end)
	}
	line(t.When, i18n.Fill(when, "from", w.time(w.s.Started), "to", until, "took", i18n.Short(end.Sub(w.s.Started))))
	none := t.NoHand
	if w.s.Ended == nil {
		none = t.NotYet
	}
	if rebooted := w.rebooted(clock); len(rebooted) > 0 {
		line(t.Rebooted, w.told(rebooted, ""))
	}
	line(t.Decided, w.told(w.decided(clock), none))
	line(t.Changed, w.told(w.changes(), t.NoChange))
	left := w.left()
	if len(left) == 0 {
		left = []string{t.Nothing}
	}
	line(t.Left, strings.Join(left, "; "))
	w.b.WriteString("\n")
}

// rebooted are the hosts that were seen to have restarted during the run, and when.
func (w *writer) rebooted(clock func(time.Time) string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(w.s.Hosts)) {
		if h := w.s.Hosts[name]; h.Rebooted > 0 {
			out = append(out, w.text(name)+" ("+clock(h.Booted)+")")
		}
	}
	return out
}

// told joins what is told, up to a few.
func (w *writer) told(all []string, none string) string {
	if len(all) == 0 {
		return none
	}
	if more := len(all) - mostTold; more > 0 {
		all = append(all[:mostTold:mostTold], i18n.Fill(w.cat.Summary.More, "n", strconv.Itoa(more)))
	}
	return strings.Join(all, "; ")
}

// outcome is how the run came out, or where it stands, with what it says of it.
func (w *writer) outcome() string {
	words := w.cat.Words
	switch {
	case w.s.Ended != nil:
		s := "**" + i18n.Word(words.Outcome, w.s.Ended.Outcome) + "**"
		if no := w.unproven(); len(no) > 0 {
			return s + ". " + i18n.Fill(w.cat.Summary.Proof, "what", strings.Join(no, "; "))
		}
		if !w.s.Ended.Say.Empty() {
			s += ". " + w.text(w.s.Ended.Say.In(w.Lang))
		}
		return s
	case w.s.Parked != nil:
		return "**" + i18n.Word(words.Outcome, "parked") + "**: " + i18n.Word(words.Park, w.s.Parked.Why) + w.by(" (", w.s.Parked.By, ")")
	}
	return "**" + i18n.Word(words.Outcome, "running") + "**"
}

// found is what was wrong before anything was done, in the words of the evidence.
func (w *writer) found() (all []string) {
	last := map[string]string{} // host -> what was said of it last, which is what most was known for
	for _, st := range w.s.Steps {
		e, _ := w.s.Found(st)
		for _, row := range e.Rows {
			if means := row.Means.In(w.Lang); row.Level == "bad" && means != "" {
				for _, host := range row.Hosts {
					last[host] = strings.TrimRight(means, ".")
				}
			}
		}
	}
	hosts := map[string][]string{}
	var order []string
	for _, host := range append(w.hostNames(), "") {
		means, bad := last[host]
		if !bad {
			continue
		}
		if hosts[means] == nil {
			order = append(order, means)
		}
		hosts[means] = append(hosts[means], host)
	}
	for _, means := range order {
		all = append(all, w.text(strings.TrimPrefix(strings.Join(hosts[means], ", ")+": ", ": ")+means))
	}
	return all
}

// unproven are the conditions that do not hold, for which the run ended.
func (w *writer) unproven() (all []string) {
	for _, st := range w.s.Steps {
		for _, u := range st.Units {
			for _, c := range u.Checks {
				if c.Phase == "prove" && !c.OK {
					all = append(all, w.text(strings.TrimRight(c.Title.In(w.Lang), ".")))
				}
			}
		}
	}
	return all
}

// decided are the decisions of people: step, host, answer, who and when.
func (w *writer) decided(clock func(time.Time) string) (all []string) {
	for i, q := range w.s.Answered {
		if q.Answer.Void != "" || w.renewed(i) {
			continue
		}
		answer := "**" + w.answer(q) + "**"
		if q.Answer.Reason != "" {
			answer += ", " + w.cat.Report.Reason + ": " + w.text(q.Answer.Reason)
		}
		all = append(all, w.stepLabel(q.Q.Unit)+i18n.Fill(w.cat.Summary.By, "answer", answer, "who", w.who(q.Answer), "time", clock(q.Done)))
	}
	return all
}

// renewed tells whether the n-th agreement did not hold: it was asked for once more, for a host that had
// gone meanwhile, say.
func (w *writer) renewed(n int) bool {
	q := w.s.Answered[n]
	return q.Q.Kind == run.AskConfirm && slices.ContainsFunc(w.s.Answered[n+1:], func(later *run.QuestionView) bool {
		return later.Q.Kind == q.Q.Kind && later.Q.Unit == q.Q.Unit && later.Q.Attempt == q.Q.Attempt
	})
}

// who decided.
func (w *writer) who(a *run.Answer) string {
	if a.By != nil {
		return w.by("", a.By, "")
	}
	if w.s.Run.Who == "" {
		return w.cat.Report.Ahead
	}
	return i18n.Fill(w.cat.Summary.Ahead, "who", w.text(w.s.Run.Who))
}

// changing are the actions that change something on a host.
func changing(a steps.Action) bool {
	return slices.Contains([]steps.Action{steps.ActRun, steps.ActFile, steps.ActCopy, steps.ActReboot, steps.ActManual}, a)
}

// changed tells whether a unit did, or began to do, something to its host.
func changed(st *run.StepView, u *run.UnitView) bool {
	if !changing(st.Action) || u.Phase == run.PhaseAlready || u.Phase == run.PhaseSkipped && len(u.Jobs) == 0 {
		return false
	}
	return len(u.Jobs) > 0 || u.Phase == run.PhaseDone
}

// changes are the steps that changed something, with their hosts.
func (w *writer) changes() (all []string) {
	for _, st := range w.s.Steps {
		var hosts []string
		for _, u := range st.Units {
			if !changed(st, u) {
				continue
			}
			host := u.Unit.Host
			if host == "" {
				host = w.cat.Words.Console
			}
			if u.Phase != run.PhaseDone {
				host += " (" + i18n.Word(w.cat.Words.Phase, string(u.Phase)) + ")"
			}
			if !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
		if len(hosts) > 0 {
			all = append(all, w.text(st.Name(w.Lang)+": "+strings.Join(hosts, ", ")))
		}
	}
	return all
}

// left is what somebody still has to do, or to know before going on.
func (w *writer) left() (all []string) {
	t := w.cat.Summary
	for _, q := range w.s.Questions {
		all = append(all, i18n.Fill(t.Question, "question", w.question(q)))
	}
	for _, st := range w.s.Steps {
		for _, u := range st.Units {
			switch {
			case u.Phase == run.PhaseFailed && st.Action == steps.ActProve:
				all = append(all, t.Refused)
			case u.Phase == run.PhaseFailed:
				all = append(all, i18n.Fill(t.Failed, "step", w.text(w.name(u.Unit))))
			case u.Skipped != nil && u.Skipped.Why == "operator":
				all = append(all, i18n.Fill(t.Left1, "step", w.text(w.name(u.Unit)), "reason", w.text(u.Skipped.Reason)))
			}
		}
	}
	for _, q := range w.s.Answered {
		if q.Answer.Void != "" || q.Answer.Value != q.Q.Typed || q.Q.Typed == "" {
			continue
		}
		switch q.Q.Kind {
		case run.AskWaive:
			all = append(all, i18n.Fill(t.Without, "item", w.text(q.Answer.Value), "reason", w.text(q.Answer.Reason)))
		case run.AskGuard:
			all = append(all, i18n.Fill(t.Override, "step", w.text(w.name(q.Q.Unit)), "reason", w.text(q.Answer.Reason)))
		}
	}
	for _, name := range w.hostNames() {
		if h := w.s.Hosts[name]; h.State == run.HostLost || h.State == run.HostFailed || h.State == run.HostDropped {
			all = append(all, i18n.Fill(t.Silent, "host", w.text(name), "state", i18n.Word(w.cat.Words.Host, h.State)))
		}
	}
	var seen []string
	for _, l := range w.s.Leaks {
		if !slices.Contains(seen, l.Secret) {
			seen = append(seen, l.Secret)
			all = append(all, i18n.Fill(t.Secret, "name", w.code(l.Secret)))
		}
	}
	if w.s.Ended == nil {
		all = append(all, i18n.Fill(t.Attach, "run", w.text(w.s.Run.Run)))
	}
	return all
}

// PrintedLines is how much of what a changing step printed goes into the report of a runbook: all
// of it where it is the difference of a file, else its last few lines.
const (
	PrintedLines = 60
	fewLines     = 10
)

// printed are the jobs of a runbook that changed something and came to a good end: what they
// printed, differences of files for the most part, is the record of it.
func printed(s *run.State) (all []*run.JobView) {
	if s.Run.Kind != steps.Runbook {
		return nil
	}
	for _, st := range s.Steps {
		for _, u := range st.Units {
			if u.Phase != run.PhaseDone || !changed(st, u) {
				continue
			}
			for _, j := range u.Jobs {
				if j.Intent.Attempt == u.Attempt && !j.Intent.Abort && j.Ended != nil {
					all = append(all, j)
				}
			}
		}
	}
	return all
}

// output is what the changing steps printed.
func (w *writer) output() {
	head := false
	all := printed(w.s)
	same := func(a, b *run.JobView) bool { // the same step printed the same on several hosts
		return a.Intent.Unit.Step == b.Intent.Unit.Step && slices.Equal(w.Logs[a.Intent.Log].Lines, w.Logs[b.Intent.Log].Lines)
	}
	for i, j := range all {
		e := w.Logs[j.Intent.Log]
		if len(e.Lines) == 0 || slices.ContainsFunc(all[:i], func(o *run.JobView) bool { return same(o, j) }) {
			continue
		}
		var hosts []string
		for _, o := range all[i:] {
			if same(o, j) && !slices.Contains(hosts, o.Intent.Unit.Host) {
				hosts = append(hosts, o.Intent.Unit.Host)
			}
		}
		if !head {
			w.title(w.cat.Summary.Changes)
			head = true
		}
		w.para(i18n.Fill(w.cat.Summary.Printed, "step", "**"+w.text(w.within(j.Intent.Unit.Step))+"**", "host", w.text(strings.Join(hosts, ", ")), "time", j.At.In(w.Location).Format("15:04:05")))
		kind := kindOf(e)
		if n := len(e.Lines); kind == "" && n > fewLines {
			e.Lines, e.Cut = e.Lines[n-fewLines:], true
		}
		w.block(kind, e.Lines)
		if e.Cut {
			w.para(i18n.Fill(w.cat.Report.LogFile, "log", w.code(j.Intent.Log), "bytes", strconv.FormatInt(e.Size, 10)) + ", " + w.cat.Report.Earlier)
		}
	}
}

// kindOf is diff where a unified difference is in it, which is shown in colour then.
func kindOf(e logtext.Excerpt) string {
	if slices.ContainsFunc(e.Lines, func(l string) bool { return strings.HasPrefix(l, "@@ -") }) {
		return "diff"
	}
	return ""
}
