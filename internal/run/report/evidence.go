package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
)

// evidence is the evidence tables, step by step.
func (w *writer) evidence() {
	r := w.cat.Runbook
	head := false
	for _, st := range w.s.Steps {
		e, ok := w.s.Found(st) // before anything was changed; what is there now stands under before and after
		if !ok {
			continue
		}
		if !head {
			w.title(r.Evidence)
			head = true
		}
		w.para("**" + w.text(w.within(st.ID)) + "**")
		columns := []string{r.Hosts}
		coded := codes(st, e)
		for i, c := range e.Columns {
			if !coded[i] {
				columns = append(columns, w.fact(c))
			}
		}
		var rows [][]string
		for _, row := range e.Rows {
			hosts := w.text(strings.Join(row.Hosts, ", "))
			if row.Odd {
				hosts = "**" + hosts + "**"
			}
			cells := []string{hosts}
			for i, c := range row.Cells {
				if coded[i] {
					continue
				}
				cells = append(cells, w.text(c.Text(w.cat)))
			}
			means := w.text(row.Means.In(w.Lang))
			if row.Level != "" && row.Level != "ok" {
				means = strings.TrimSpace("**" + i18n.Word(r.Levels, row.Level) + "** " + means)
			}
			cells = append(cells, means)
			if i := slices.IndexFunc(rows, func(o []string) bool { return slices.Equal(o[1:], cells[1:]) }); i >= 0 {
				rows[i][0] += ", " + cells[0] // they differed in what is not shown
				continue
			}
			rows = append(rows, cells)
		}
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[len(row)-1] != "" }) { // nothing is said of any
			for i := range rows {
				rows[i] = rows[i][:len(columns)]
			}
			w.table(columns, rows)
			continue
		}
		w.table(append(columns, r.Means), rows)
	}
}

// held is what the run has not let go of.
func (w *writer) held() {
	var rows [][]string
	for _, h := range w.s.Held() {
		rows = append(rows, []string{w.text(h.Unit.Host), w.text(h.Say.In(w.Lang))})
	}
	w.section(w.cat.Runbook.Held, []string{w.cat.Runbook.Hosts, w.cat.Runbook.What}, rows)
}

// codes are the columns of a judgement that only the procedure needs: its words for what it found,
// where it says that in a sentence of every host.
func codes(st *run.StepView, e run.Evidence) map[int]bool {
	out := map[int]bool{}
	if st.Action != steps.ActJudge || slices.ContainsFunc(e.Rows, func(r run.EvidenceRow) bool { return r.Means.Empty() }) {
		return out
	}
	for i, c := range e.Columns {
		out[i] = c == "verdict" || c == "node_state" || c == "cause"
	}
	return out
}

// baseline is what was found otherwise than in the last good picture of the site.
func (w *writer) baseline() {
	r := w.cat.Runbook
	if w.Baseline == nil {
		return
	}
	var rows [][]string
	seen := map[string]bool{}
	compared := false
	for _, st := range w.s.Steps {
		compared = compared || w.Baseline.Knows(st)
		for _, d := range w.Baseline.Differs(st, w.cat) {
			if key := d.Host + "\x00" + d.Fact; !seen[key] {
				seen[key] = true
				rows = append(rows, []string{w.text(d.Host), w.fact(d.Fact), w.text(d.Was.Text(w.cat)), w.text(d.Is.Text(w.cat))})
			}
		}
	}
	if !compared {
		return
	}
	w.title(i18n.Fill(r.BaselineOf, "time", w.time(w.Baseline.At), "run", w.Baseline.Run))
	if len(rows) == 0 {
		w.para(r.BaselineSame)
		return
	}
	w.table([]string{r.Hosts, r.Fact, r.BaselineWas, r.BaselineIs}, rows)
}

// beforeAfter is what a step read for the first time and at the end, where these differ.
func (w *writer) beforeAfter() {
	r := w.cat.Runbook
	var rows [][]string
	for _, st := range w.s.Steps {
		for _, host := range slices.Sorted(maps.Keys(st.First)) {
			for _, name := range st.Show {
				first, there := st.First[host][name]
				last := st.Read[host][name]
				if there && fmt.Sprint(first) != fmt.Sprint(last) && st.Read[host] != nil {
					row := []string{w.text(host), w.fact(name), w.text(first.Text(w.cat)), w.text(last.Text(w.cat))}
					if i := slices.IndexFunc(rows, func(o []string) bool { return slices.Equal(o[1:], row[1:]) }); i >= 0 {
						rows[i][0] += ", " + row[0] // the same on several hosts
					} else {
						rows = append(rows, row)
					}
				}
			}
		}
	}
	w.section(r.BeforeAfter, []string{r.Hosts, r.Fact, r.First, r.Last}, rows)
}

// scene is the manifest of what was fetched.
func (w *writer) scene() {
	r := w.cat.Runbook
	hosts := w.hostNames()
	all := slices.Clone(w.s.Fetched)
	slices.SortStableFunc(all, func(a, b run.Fetched) int {
		return cmp.Compare(slices.Index(hosts, a.Unit.Host), slices.Index(hosts, b.Unit.Host))
	})
	var rows [][]string
	not := map[string][]string{} // host and why -> what is not there
	var order []string
	for _, f := range all {
		if f.Absent != "" {
			key := w.text(f.Unit.Host) + ", " + i18n.Word(r.NotKept, f.Absent) + ": "
			if not[key] == nil {
				order = append(order, key)
			}
			not[key] = append(not[key], w.code(f.Path))
			continue
		}
		state := r.Kept
		if f.Cut {
			state = r.KeptEnd
		}
		rows = append(rows, []string{w.text(f.Unit.Host), w.code(f.Path), strconv.FormatInt(f.Bytes, 10), w.text(f.SHA), w.text(state)})
	}
	if len(all) == 0 {
		return
	}
	w.title(r.Scene)
	if len(rows) > 0 {
		w.table([]string{r.Hosts, r.File, r.Bytes, r.SHA, r.State}, rows)
	}
	for _, key := range order {
		w.para(key + strings.Join(not[key], ", "))
	}
	w.para(i18n.Fill(r.SceneAt, "path", w.code("scene/")))
}

// took is how long a step took. One that only looks is looked at again later: then it is the
// longest of its looks.
func took(st *run.StepView) (d time.Duration) {
	if st.Action != steps.ActProbe {
		if st.Ended.IsZero() {
			return 0
		}
		return st.Ended.Sub(st.Started)
	}
	for _, u := range st.Units {
		d = max(d, time.Duration(u.Millis)*time.Millisecond)
	}
	return d
}

// timeLine is what happened when, for who was asleep: steps, decisions, the end. Install runs
// have their table of steps.
func (w *writer) timeLine() {
	if w.s.Run.Kind != steps.Runbook {
		return
	}
	r := w.cat.Runbook
	type moment struct {
		at   time.Time
		text string
	}
	var all []moment
	add := func(at time.Time, text string) {
		if !at.IsZero() && text != "" {
			all = append(all, moment{at, text})
		}
	}
	for _, st := range w.s.Steps {
		if st.Phase == run.PhaseSkipped {
			continue
		}
		text := w.text(st.Name(w.Lang)) + ": " + w.cat.Words.Phase[string(st.Phase)]
		if d := took(st); d > 0 {
			text += " (" + i18n.Short(d) + ")"
		}
		add(st.Started, text)
	}
	for _, q := range w.s.Answered {
		if q.Answer.Void == "" {
			add(q.Done, "**"+w.cat.Report.Answer+"** "+w.stepLabel(q.Q.Unit)+w.answer(q)+w.by(" (", q.Answer.By, ")"))
		}
	}
	for _, name := range w.hostNames() {
		if h := w.s.Hosts[name]; h.State == run.HostLost || h.State == run.HostFailed || h.State == run.HostDropped {
			add(h.Since, w.text(name)+": "+i18n.Word(w.cat.Words.Host, h.State))
		}
	}
	if w.s.Ended != nil {
		add(w.s.EndedAt, "**"+i18n.Word(w.cat.Words.Outcome, w.s.Ended.Outcome)+"**")
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
	var rows [][]string
	for _, m := range all {
		rows = append(rows, []string{m.at.In(w.Location).Format("15:04:05"), m.text})
	}
	w.section(r.TimeLine, []string{r.Time, r.What}, rows)
}

// within is a step's title with those of the calls that it belongs to before it: two called procedures, or
// one that is called twice, have steps of the same title.
func (w *writer) within(step string) string {
	name := w.stepName(step)
	for path := run.PathOf(step); path != ""; path = run.PathOf(path) {
		path = strings.TrimSuffix(path, "/")
		name = w.stepName(path) + " › " + name
	}
	return name
}

func (w *writer) fact(name string) string { return w.text(i18n.FactName(w.Lang, name)) }

func (w *writer) stepLabel(u run.Unit) string {
	if u.Step == "" {
		return ""
	}
	return w.text(w.name(u)) + ": "
}

// answer is what was answered, in a cell.
func (w *writer) answer(q *run.QuestionView) string {
	label := w.cat.Answer(q.Q.Kind, q.Answer.Value).Label
	if i := slices.Index(q.Q.Options, q.Answer.Value); q.Q.Kind == run.AskChoose && i >= 0 && i < len(q.Q.Titles) && !q.Q.Titles[i].Empty() {
		label = q.Q.Titles[i].In(w.Lang) // a value of the procedure's own says nothing to who was asleep
	}
	if q.Q.Kind == run.AskGuard && q.Answer.Value == q.Q.Typed {
		label = w.cat.Runbook.Overridden
	}
	var values []string
	for _, b := range q.Q.Boxes { // in the order in which they were asked
		if value, typed := q.Answer.Values[b.Name]; typed {
			what := i18n.FactName(w.Lang, b.Name)
			if !b.Say.Empty() && !i18n.NamedFact(b.Name) {
				what = b.Say.In(w.Lang)
			}
			values = append(values, what+" → "+value)
		}
	}
	if len(values) > 0 {
		label += ": " + strings.Join(values, ", ")
	}
	return w.text(label)
}
