// Package report writes the report of a run as Markdown: what was done where and how long it
// took, who decided what and why, what was checked before and after, which files changed,
// what failed and what it printed. It is a pure function of the folded journal and of the
// excerpts of the logs that it is given (Excerpts reads them); the same input gives the same
// bytes.
//
// It may import internal/run and the rooms below it, internal/i18n and internal/problem.
package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/internal/run/redact"
	"stackhand/steps"
)

// Input is all that a report is made from.
type Input struct {
	State    *run.State
	Lang     i18n.Lang
	Location *time.Location             // of the times; nil: UTC
	Redactor *redact.Redactor           // nil: there are no secrets
	Baseline *run.Baseline              // what the run compares with; nil: nothing
	Logs     map[string]logtext.Excerpt // the ends of logs, by JobIntent.Log
}

// ExcerptLines is how much of the log of a failed unit goes into the report.
const ExcerptLines = 40

// Excerpts reads the ends of the logs that a report shows: those of failed units, and what the
// changing steps of a runbook printed.
func Excerpts(d *run.Dir, s *run.State, r *redact.Redactor) (map[string]logtext.Excerpt, error) {
	logs := map[string]logtext.Excerpt{}
	read := func(j *run.JobView, lines int) error {
		e, err := logtext.Tail(d.LogPath(j.Intent.Log), lines, r)
		if err != nil {
			return fmt.Errorf("cannot write the report of run %s: %w", d.ID(), err)
		}
		logs[j.Intent.Log] = e
		return nil
	}
	for _, j := range printed(s) {
		if err := read(j, PrintedLines); err != nil {
			return nil, err
		}
	}
	for _, f := range failures(s) {
		if f.job != nil {
			if err := read(f.job, ExcerptLines); err != nil {
				return nil, err
			}
		}
	}
	return logs, nil
}

// Markdown is the report.
func Markdown(in Input) string {
	w := &writer{Input: in, cat: i18n.For(in.Lang), s: in.State}
	if w.Location == nil {
		w.Location = time.UTC
	}
	w.head()
	w.summary()
	w.open()
	w.failures()
	w.held()
	w.evidence()
	w.decisions()
	w.beforeAfter()
	w.baseline()
	w.verdicts()
	w.timeLine()
	w.files()
	w.output()
	w.steps()
	w.checks()
	w.about()
	w.hosts()
	w.params()
	w.scene()
	w.edits()
	w.leaks()
	w.cutLogs()
	// it is handed on: what hosts printed may have secrets of their own in it
	return redact.GuessText(in.Redactor.String(strings.TrimRight(w.b.String(), "\n") + "\n"))
}

type writer struct {
	Input
	cat *i18n.Catalogue
	s   *run.State
	b   strings.Builder
}

func (w *writer) head() {
	t, r := w.cat.Report, w.s.Run
	title := r.Title.In(w.Lang)
	if title == "" {
		title = r.Procedure
	}
	w.b.WriteString("# " + i18n.Fill(t.Title, "title", w.text(title)) + "\n\n")
}

// about is the run itself, in a table.
func (w *writer) about() {
	t, words := w.cat.Report, w.cat.Words
	r := w.s.Run
	kind := t.Install
	if r.Kind == steps.Runbook {
		kind = t.Runbook
	}
	ended, end, outcome := i18n.Fill(t.NotOver, "time", w.time(w.s.Last)), w.s.Last, "running"
	switch {
	case w.s.Ended != nil:
		ended, end, outcome = w.time(w.s.EndedAt), w.s.EndedAt, w.s.Ended.Outcome
	case w.s.Parked != nil:
		outcome = "parked"
	}
	status := strconv.Itoa(w.s.ExitStatus())
	rows := [][]string{
		{t.Procedure, w.text(r.Procedure) + " (" + kind + ")"},
		{t.Site, w.text(r.Site)},
		{t.Run, w.code(r.Run)},
		{t.Console, w.text(strings.TrimPrefix(r.Who+"@"+r.Console, "@"))},
		{t.Begun, w.time(w.s.Started)},
		{t.Ended, ended},
		{t.Took, i18n.Short(end.Sub(w.s.Started))},
		{t.Outcome, "**" + i18n.Word(words.Outcome, outcome) + "**"},
		{t.Exit, status + ": " + i18n.Word(words.Exit, status)},
		{t.Engines, strconv.Itoa(w.s.Engines)},
	}
	if w.s.Engine != nil && w.s.Engine.Version != "" {
		rows = append(rows, []string{t.Version, w.text(w.s.Engine.Version)})
	}
	w.title(w.cat.Summary.About)
	w.table([]string{"", ""}, rows)
}

func (w *writer) hosts() {
	t := w.cat.Report
	var rows [][]string
	for _, name := range w.hostNames() {
		h := w.s.Hosts[name]
		state := i18n.Word(w.cat.Words.Host, h.State)
		if h.Problem != nil {
			what, _ := w.cat.Problem(string(h.Problem.Code), h.Problem.Host, h.Problem.Args)
			state += ": " + w.text(what)
		}
		rows = append(rows, []string{w.text(name), state, w.text(h.Platform), w.code(h.Boot)})
	}
	w.section(t.Hosts, []string{t.Host, t.State, t.Platform, t.Boot}, rows)
}

// hostNames are the run's hosts in its order, then any others.
func (w *writer) hostNames() []string {
	names := slices.DeleteFunc(slices.Clone(w.s.Run.Hosts), func(n string) bool { return w.s.Hosts[n] == nil })
	for _, n := range slices.Sorted(maps.Keys(w.s.Hosts)) {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

func (w *writer) params() {
	t := w.cat.Report
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(w.s.Run.Params)) {
		rows = append(rows, []string{w.code(name), w.text(w.s.Run.Params[name])})
	}
	for _, name := range w.s.Run.Secrets {
		rows = append(rows, []string{w.code(name), t.Secrets})
	}
	w.section(t.Params, []string{t.Name, t.Value}, rows)
}

func (w *writer) verdicts() {
	var lines []string
	for _, v := range w.s.Verdicts {
		if e := w.s.Ended; e != nil && v.Outcome == e.Outcome && v.Say == e.Say {
			continue // it is what the report begins with
		}
		line := i18n.Word(w.cat.Words.Outcome, v.Outcome)
		if !v.Say.Empty() {
			line += ": " + w.text(v.Say.In(w.Lang))
		}
		lines = append(lines, w.step(v.Step)+": "+line)
	}
	w.list(w.cat.Report.Verdicts, lines)
}

func (w *writer) skip(s *run.UnitSkipped) string {
	if s == nil {
		return ""
	}
	return ": " + i18n.Word(w.cat.Words.Skip, s.Why)
}

func (w *writer) checks() {
	t := w.cat.Report
	var rows [][]string
	for i, st := range w.s.Steps {
		for _, u := range st.Units {
			for _, c := range u.Checks {
				if c.Phase == "means" { // in the evidence table
					continue
				}
				name := c.Title.In(w.Lang)
				if name == "" {
					name = c.ID
				}
				host := c.Unit.Host
				if c.On != "" {
					host = c.On
				}
				result := w.cat.Words.OK
				switch {
				case !c.OK && c.Phase == "check":
					result = w.cat.Words.NotYet
				case !c.OK:
					result = "**" + w.cat.Words.NotOK + "**"
				}
				expected := w.text(logtext.Clip(strings.TrimSpace(c.Expected), 2000))
				found := w.text(logtext.Clip(strings.TrimSpace(c.Found), 2000))
				if c.Problem != nil {
					what, _ := w.cat.Problem(string(c.Problem.Code), c.Problem.Host, c.Problem.Args)
					found = w.text(what)
				}
				if name != c.ID && (c.Phase == "prove" || c.Phase == "guard") && c.Problem == nil {
					expected, found = "", "" // its title is the condition in words, and holds or does not
				}
				rows = append(rows, []string{
					strconv.Itoa(i + 1), w.text(host), w.text(name), i18n.Word(w.cat.Words.Check, c.Phase), expected, found, result,
				})
			}
		}
	}
	if len(rows) == 0 {
		w.title(t.Checks)
		w.para(t.NoChecks)
		return
	}
	w.section(t.Checks, []string{t.Number, t.Host, t.Check, t.When, t.Expected, t.Found, t.Result}, rows)
}

// decisions lists what people decided, in order: answers, and what they left out unasked.
func (w *writer) decisions() {
	t := w.cat.Report
	type decision struct {
		at  time.Time
		row []string
	}
	var all []decision
	for i, q := range w.s.Answered {
		answer := w.answer(q)
		if w.renewed(i) {
			answer += " (" + t.Renewed + ")"
		}
		who := w.by("", q.Answer.By, "")
		switch {
		case q.Answer.Void != "":
			answer = i18n.Fill(t.Fell, "why", i18n.Word(w.cat.Words.Void, q.Answer.Void))
		case q.Answer.By == nil:
			who = w.who(q.Answer)
		}
		all = append(all, decision{q.Done, []string{w.time(q.Done), w.question(q), answer, w.text(q.Answer.Reason), who}})
	}
	for _, st := range w.s.Steps {
		for _, u := range st.Units {
			if s := u.Skipped; s != nil && s.Why == "operator" && !w.answered(u.Unit, "skip") {
				all = append(all, decision{u.Ended, []string{w.time(u.Ended), w.text(w.name(u.Unit)), t.SkippedUnit, w.text(s.Reason), w.by("", s.By, "")}})
			}
		}
	}
	for _, name := range w.hostNames() {
		if h := w.s.Hosts[name]; h.State == run.HostDropped {
			all = append(all, decision{h.Since, []string{w.time(h.Since), w.text(name), t.Dropped, "", ""}})
		}
	}
	slices.SortStableFunc(all, func(a, b decision) int { return a.at.Compare(b.at) })
	var rows [][]string
	for _, d := range all {
		rows = append(rows, d.row)
	}
	if len(rows) == 0 {
		w.title(t.Decisions)
		w.para(t.NoDecisions)
		return
	}
	w.section(t.Decisions, []string{t.Time, t.Question, t.Answer, t.Reason, t.Who}, rows)
}

// answered tells whether a question about a unit was answered so.
func (w *writer) answered(u run.Unit, value string) bool {
	return slices.ContainsFunc(w.s.Answered, func(q *run.QuestionView) bool {
		return q.Q.Unit == u && q.Answer.Void == "" && q.Answer.Value == value
	})
}

// question is what was asked, in a cell: the procedure's words, then the kind's own.
func (w *writer) question(q *run.QuestionView) string {
	host := q.Q.Unit.Host
	if host == "" {
		host = strings.Join(q.Q.Hosts, ", ")
	}
	ask, more := w.cat.Question(q.Q.Kind, w.s.UnitName(q.Q.Unit, w.Lang), host, q.Q.Args)
	s := strings.Join(append([]string{ask}, more...), " ")
	switch {
	case q.Q.Say.Empty():
	case slices.Contains([]string{run.AskConfirm, run.AskChoose, run.AskValue, run.AskManual, run.AskWaive}, q.Q.Kind):
		s = q.Q.Say.In(w.Lang) // the procedure's own words ask it all
		if host != "" && len(q.Q.Hosts) < 2 && q.Q.Unit.Host != "" {
			s = host + ": " + s
		}
	default:
		s = q.Q.Say.In(w.Lang) + " — " + s
	}
	return w.text(s)
}

func (w *writer) open() {
	var lines []string
	for _, q := range w.s.Questions {
		lines = append(lines, strconv.FormatInt(q.Seq, 10)+": "+w.question(q))
	}
	w.list(w.cat.Report.Open, lines)
}

func (w *writer) files() {
	t := w.cat.Report
	if w.s.Run.Kind == steps.Runbook && len(w.s.Files) == 0 {
		return // what its scripts changed they print, and that follows
	}
	w.title(t.Files)
	if len(w.s.Files) == 0 {
		w.para(t.NoFiles)
	}
	for _, f := range w.s.Files {
		where := t.NoBackup
		if f.Backup != "" {
			where = i18n.Fill(t.Backup, "path", w.code(f.Backup))
		}
		w.para("**" + w.text(f.Unit.Host) + "** " + w.code(f.Path) + " (" + w.text(w.s.UnitName(f.Unit, w.Lang)) + "); " + where)
		if f.Diff == "" {
			w.para(t.NoDiff)
			continue
		}
		w.block("diff", strings.Split(strings.TrimRight(w.clean(f.Diff), "\n"), "\n"))
	}
}

func (w *writer) edits() {
	var lines []string
	for _, e := range w.s.Edits {
		lines = append(lines, i18n.Fill(w.cat.Report.Edit, "step", w.step(e.Step), "hosts", w.text(strings.Join(e.Hosts, ", ")),
			"file", w.code(e.File), "sha", w.text(e.SHA))+w.by(" (", e.By, ")"))
	}
	w.list(w.cat.Report.Edits, lines)
}

func (w *writer) leaks() {
	var lines []string
	for _, l := range w.s.Leaks {
		if l.Log == "" {
			lines = append(lines, i18n.Fill(w.cat.Report.LeakRead, "name", w.code(l.Secret), "fact", w.code(l.Name), "unit", w.code(l.Unit.String())))
			continue
		}
		lines = append(lines, i18n.Fill(w.cat.Report.Leak, "name", w.code(l.Secret), "log", w.code(l.Log), "offset", strconv.FormatInt(l.Offset, 10)))
	}
	w.list(w.cat.Report.Leaks, lines)
	if len(lines) > 0 {
		w.para(w.cat.Report.LeakNext)
	}
}

func (w *writer) cutLogs() {
	var lines []string
	for _, l := range w.s.Truncated {
		lines = append(lines, i18n.Fill(w.cat.Report.CutLog, "log", w.code(l.Log), "why", i18n.Word(w.cat.Words.Log, l.Why)))
	}
	w.list(w.cat.Report.Cut, lines)
}

// name is a unit as people know it: its step's title and its host.
func (w *writer) name(u run.Unit) string {
	s := w.s.UnitName(u, w.Lang)
	said := strings.Contains(s, u.Item)
	if u.Host != "" {
		s += ", " + u.Host
	}
	if !said {
		s += " [" + u.Item + "]"
	}
	return s
}

func (w *writer) step(id string) string { return w.text(w.stepName(id)) }

func (w *writer) stepName(id string) string {
	if st := w.s.Step(id); st != nil {
		return st.Name(w.Lang)
	}
	return id
}

func (w *writer) by(before string, b *run.By, after string) string {
	if b == nil {
		return ""
	}
	if b.User == "" {
		return before + "uid " + strconv.Itoa(b.UID) + after
	}
	return before + w.text(b.User) + after
}

func (w *writer) time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(w.Location).Format("2006-01-02 15:04:05 MST")
}
