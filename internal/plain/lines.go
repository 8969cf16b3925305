package plain

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
)

// outputLines is how much of a failed step's output is shown.
const outputLines = 20

// event prints the lines of one event; most need none. The event is folded already.
func (f *follower) event(e run.Event) {
	pl, w := f.cat.Plain, f.cat.Words
	switch b := e.Body.(type) {
	case run.RunStarted:
		f.head()
	case run.EngineStarted:
		if f.st.Engines > 1 {
			f.at(e.Time, i18n.Fill(pl.Again, "pid", strconv.Itoa(b.PID)))
		}
	case run.HostState:
		f.hostState(e.Time, b)
	case run.UnitReady:
		if st := f.st.Step(b.Step); st != nil {
			f.at(e.Time, f.number(b.Step)+" "+st.Name(f.cat.Lang)+hostList(b.Units))
		}
		for _, u := range b.Skipped {
			f.unit(e.Time, u, w.Phase["skipped"]+": "+i18n.Word(w.Skip, "when"))
		}
	case run.UnitSkipped:
		s := w.Phase["skipped"] + ": " + i18n.Word(w.Skip, b.Why)
		if b.Reason != "" {
			s += "; " + i18n.Fill(pl.Reason, "reason", b.Reason)
		}
		f.unit(e.Time, b.Unit, s+by(b.By))
	case run.UnitHeld:
		f.unit(e.Time, b.Unit, i18n.Fill(pl.Held, "unit", b.For.String()))
	case run.UnitEnded:
		f.unitEnded(e.Time, b)
	case run.Verdict:
		if !b.Say.Empty() {
			f.at(e.Time, i18n.Fill(pl.Verdict, "say", b.Say.In(f.cat.Lang)))
		}
	case run.Question:
		if !f.asks() {
			if q := f.question(e.Seq); q != nil {
				f.show(q, !f.told[b.Unit])
			}
		}
	case run.Answer:
		f.answer(e.Time, b)
	case run.JobIntent:
		if b.Attempt > 1 {
			f.unit(e.Time, b.Unit, i18n.Fill(pl.BeginNo, "n", strconv.Itoa(b.Attempt)))
		} else {
			f.unit(e.Time, b.Unit, pl.Begin)
		}
	case run.JobClaimed:
		if j := f.st.Job(b.Job); j != nil && b.Found {
			f.unit(e.Time, j.Intent.Unit, pl.Rejoined)
		}
	case run.JobEnded:
		if j := f.st.Job(b.Job); j != nil && b.State != job.Done {
			f.unit(e.Time, j.Intent.Unit, i18n.Word(w.Job, string(b.State)))
		}
	case run.JobStop:
		if j := f.st.Job(b.Job); j != nil {
			s := pl.Asked
			if b.Hard {
				s = pl.Killed
			}
			f.unit(e.Time, j.Intent.Unit, s+by(b.By))
		}
	case run.Check:
		switch {
		case b.Phase == "means":
		case b.Phase == "prove", b.Phase == "guard":
			f.condition(e.Time, b)
		case !b.OK && b.Phase != "check": // red before the step only says that it is to be done
			f.check(e.Time, b)
		}
	case run.Edit:
		f.at(e.Time, f.number(b.Step)+" "+i18n.Fill(pl.Edited, "hosts", strings.Join(b.Hosts, ", "))+by(b.By))
	case run.FileChanged:
		if b.Backup == "" {
			f.unit(e.Time, b.Unit, i18n.Fill(pl.WroteNew, "path", b.Path))
		} else {
			f.unit(e.Time, b.Unit, i18n.Fill(pl.Wrote, "path", b.Path, "backup", b.Backup))
		}
	case run.Leak:
		if b.Log == "" {
			f.unit(e.Time, b.Unit, i18n.Fill(pl.LeakRead, "name", b.Secret, "fact", b.Name))
			return
		}
		f.at(e.Time, i18n.Fill(pl.Leak, "name", b.Secret, "log", b.Log, "offset", strconv.FormatInt(b.Offset, 10)))
	case run.LogTruncated:
		f.at(e.Time, i18n.Fill(pl.Cut, "log", b.Log, "why", i18n.Word(w.Log, b.Why)))
	}
}

// head says what is run, where.
func (f *follower) head() {
	r := f.st.Run
	title := r.Title.In(f.cat.Lang)
	if title == "" {
		title = r.Procedure
	}
	f.p.line(2, i18n.Fill(f.cat.Plain.Start, "run", f.o.Dir.ID(), "title", title, "site", r.Site))
	hosts := strings.Join(r.Hosts, ", ")
	if hosts == "" {
		hosts = f.cat.Words.Console
	}
	f.p.line(2, i18n.Fill(f.cat.Plain.StartAt, "steps", strconv.Itoa(len(f.st.Steps)), "hosts", hosts))
	if f.o.Observe {
		f.p.line(2, f.cat.Plain.Observes)
	}
}

// resume says where a run stands that is joined under way.
func (f *follower) resume() {
	settled := 0
	for _, st := range f.st.Steps {
		if st.Phase.Settled() {
			settled++
		}
	}
	f.p.line(2, i18n.Fill(f.cat.Plain.Resume, "done", strconv.Itoa(settled), "steps", strconv.Itoa(len(f.st.Steps))))
	for _, st := range f.st.Steps {
		if st.Phase == run.PhaseWaiting {
			continue
		}
		f.p.under(2, f.number(st.ID)+" "+i18n.Word(f.cat.Words.Phase, string(st.Phase))+"  "+st.Name(f.cat.Lang))
	}
}

func (f *follower) hostState(at time.Time, b run.HostState) {
	if b.Problem == nil && (b.State == run.HostClaimed || b.State == run.HostReleased) {
		return
	}
	s := b.Host + "  " + i18n.Word(f.cat.Words.Host, b.State)
	if b.State == run.HostReached && b.Platform != "" {
		s += " (" + b.Platform + ")"
	}
	f.at(at, s)
	if b.Problem != nil {
		f.problem(9, b.Problem)
	}
}

func (f *follower) unitEnded(at time.Time, b run.UnitEnded) {
	s := i18n.Word(f.cat.Words.Phase, b.Outcome)
	if b.Outcome == run.OutcomeReopen {
		s = i18n.Word(f.cat.Words.Host, run.HostRebooted) + ", " + f.cat.Words.Phase["verifying"]
	}
	if b.Attempt > 1 {
		s += ", " + i18n.Fill(f.cat.Plain.Attempt, "n", strconv.Itoa(b.Attempt))
	}
	if b.Millis > 0 {
		s += " (" + i18n.Short(time.Duration(b.Millis)*time.Millisecond) + ")"
	}
	f.unit(at, b.Unit, s)
	f.fetched(at, b.Unit)
	f.evidence(b.Unit.Step)
	delete(f.told, b.Unit)
	if b.Outcome != run.OutcomeFailed {
		return
	}
	if b.Problem != nil {
		f.problem(9, b.Problem)
		f.told[b.Unit] = true
	}
	if b.Problem == nil || b.Problem.Output == "" {
		f.output(9, f.st.Unit(b.Unit))
	}
}

func (f *follower) answer(at time.Time, b run.Answer) {
	var q *run.QuestionView
	for _, a := range f.st.Answered {
		if a.Seq == b.Question {
			q = a
		}
	}
	if q == nil {
		return
	}
	pl := f.cat.Plain
	if b.Void != "" {
		f.at(at, i18n.Fill(pl.Fell, "n", strconv.FormatInt(b.Question, 10), "why", i18n.Word(f.cat.Words.Void, b.Void)))
		return
	}
	word := f.cat.Answer(q.Q.Kind, b.Value).Label
	if q.Q.Kind == run.AskSecret && b.Value == "" {
		word = cmp.Or(q.Q.Args["prompt"], q.Q.Args["name"]) // a login's name is for the engine only
	}
	if q.Q.Kind == run.AskGuard && b.Value == q.Q.Typed {
		word = f.cat.Runbook.Overridden
	}
	s := i18n.Fill(pl.Answered, "answer", word)
	if b.By == nil {
		s = i18n.Fill(pl.Decided, "answer", word)
	}
	if b.Reason != "" {
		s += "; " + i18n.Fill(pl.Reason, "reason", b.Reason)
	}
	if q.Q.Unit.Step == "" && len(q.Q.Hosts) > 0 {
		s = strings.Join(q.Q.Hosts, ", ") + "  " + s
	}
	f.unit(at, q.Q.Unit, s+by(b.By))
}

// check prints a red one.
func (f *follower) check(at time.Time, b run.Check) {
	s := i18n.Word(f.cat.Words.Check, b.Phase) + " " + f.cat.Words.NotOK
	if b.Tries > 1 {
		s += ", " + i18n.Fill(f.cat.Plain.Tries, "n", strconv.Itoa(b.Tries))
	}
	f.unit(at, b.Unit, s)
	f.p.under(9, f.checkName(b))
	if b.Problem != nil {
		f.problem(9, b.Problem)
	} else {
		f.p.under(9, i18n.Fill(f.cat.Plain.Expected, "text", short(b.Expected)))
		f.p.under(9, i18n.Fill(f.cat.Plain.Found, "text", short(b.Found)))
	}
	if !b.Remedy.Empty() {
		f.p.under(9, i18n.Fill(f.cat.Plain.Remedy, "text", b.Remedy.In(f.cat.Lang)))
	}
}

// short is what was expected or found, as much of it as is read on a screen.
func short(s string) string { return logtext.Clip(strings.TrimSpace(s), 400) }

// checkName is a check's title, with the host it ran on when that is another one.
func (f *follower) checkName(b run.Check) string {
	name := b.Title.In(f.cat.Lang)
	if name == "" {
		name = b.ID
	}
	if b.On != "" && b.On != b.Unit.Host {
		name += " (" + b.On + ")"
	}
	return name
}

// problem prints what failed, what it printed, what to do next.
func (f *follower) problem(indent int, p *problem.Problem) {
	what, next := f.cat.Problem(string(p.Code), p.Host, p.Args)
	f.p.under(indent, short(what))
	if p.Output != "" {
		f.p.under(indent, f.cat.Plain.Output)
		lines := strings.Split(strings.TrimRight(p.Output, "\r\n"), "\n")
		f.p.raw(indent+2, lines[max(0, len(lines)-outputLines):])
	}
	if p.Cause != "" {
		f.p.under(indent, i18n.Fill(f.cat.Plain.Cause, "text", short(p.Cause)))
	}
	f.p.under(indent, i18n.Fill(f.cat.Plain.Next, "text", next))
}

// remedies prints what the checks that failed say about what to do; whoever attaches later has not read it yet.
func (f *follower) remedies(indent int, u *run.UnitView, attempt int) {
	if u == nil {
		return
	}
	for _, help := range u.Remedies(attempt, f.cat.Lang) {
		f.p.under(indent, i18n.Fill(f.cat.Plain.Remedy, "text", help))
	}
}

// output prints the end of what the unit's last job printed.
func (f *follower) output(indent int, v *run.UnitView) {
	log := ""
	for _, j := range v.Tries() {
		log = j.Intent.Log
	}
	if log == "" {
		return
	}
	path := f.o.Dir.LogPath(log)
	e, err := logtext.Tail(path, outputLines, f.o.Redactor)
	switch {
	case err != nil:
		f.p.under(indent, i18n.Fill(f.cat.Plain.Cause, "text", err.Error()))
	case len(e.Lines) == 0:
		f.p.under(indent, f.cat.Plain.NoOutput)
	default:
		f.p.under(indent, i18n.Fill(f.cat.Plain.LastOut, "n", strconv.Itoa(len(e.Lines)), "path", path))
		f.p.raw(indent+2, e.Lines)
	}
}

// at prints a line with its time.
func (f *follower) at(t time.Time, s string) {
	f.p.line(9, t.In(f.o.Location).Format("15:04:05")+" "+s)
}

// unit prints a line about a unit: time, number, host, state, and as much of the title as
// the line has room for: all of it was printed when the step began.
func (f *follower) unit(t time.Time, u run.Unit, state string) {
	s := strings.TrimLeft(f.place(u)+"  "+state, " ")
	room := columns - len("15:04:05 ") - displaywidth.String(s) - 2
	if name := f.st.UnitName(u, f.cat.Lang); name != "" && room >= 14 {
		s += "  " + cut(name, room-2) // an ellipsis in ASCII is two columns wider
	}
	f.at(t, s)
}

// place is [3/14] host[item].
func (f *follower) place(u run.Unit) string {
	host := u.Host
	if u.Item != "" {
		host += "[" + u.Item + "]"
	}
	return strings.TrimSpace(f.number(u.Step) + " " + pad(host, f.hostWidth))
}

// number is where the step stands in the plan: [ 3/14].
func (f *follower) number(step string) string {
	for i, st := range f.st.Steps {
		if st.ID == step {
			n := strconv.Itoa(len(f.st.Steps))
			return fmt.Sprintf("[%*d/%s]", len(n), i+1, n)
		}
	}
	return ""
}

// hostList is where a step happens.
func hostList(units []run.Unit) string {
	var names []string
	for _, u := range units {
		n := u.Host
		if u.Item != "" {
			n += "[" + u.Item + "]"
		}
		if n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// by is who did it, for the end of a line.
func by(b *run.By) string {
	switch {
	case b == nil:
		return ""
	case b.User != "":
		return " (" + b.User + ")"
	}
	return " (uid " + strconv.Itoa(b.UID) + ")"
}
