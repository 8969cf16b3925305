package plain

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// evidence prints the evidence table of a step once all its units are settled, and what there is
// of it as soon as only hosts are missing that are dialled still: a line for what is the same on
// some hosts, with what it means under it. Each host is printed once.
func (f *follower) evidence(step string) {
	st := f.st.Step(step)
	if st == nil || f.shown[step] == len(st.Earlier)+1 || !st.Phase.Settled() && !f.onlyDialling(st) {
		return
	}
	e, ok := f.st.Evidence(st)
	if !ok {
		return
	}
	if f.shown == nil {
		f.shown, f.rows = map[string]int{}, map[string][]string{}
	}
	rows := step + " " + strconv.Itoa(len(st.Earlier))
	if st.Phase.Settled() {
		f.shown[step] = len(st.Earlier) + 1
	}
	for i := range e.Rows {
		e.Rows[i].Hosts = slices.DeleteFunc(slices.Clone(e.Rows[i].Hosts), func(h string) bool { return slices.Contains(f.rows[rows], h) })
		f.rows[rows] = append(f.rows[rows], e.Rows[i].Hosts...)
	}
	e.Rows = slices.DeleteFunc(e.Rows, func(r run.EvidenceRow) bool { return len(r.Hosts) == 0 })
	if len(e.Rows) == 0 {
		return
	}
	r := f.cat.Runbook
	for _, row := range e.Rows {
		var cells []string
		for i, c := range row.Cells {
			cells = append(cells, e.Columns[i]+" = "+short(c.Text(f.cat)))
		}
		level := ""
		if row.Level != "" && row.Level != "ok" {
			level = "[" + i18n.Word(r.Levels, row.Level) + "] "
		}
		f.p.under(9, strings.TrimSpace(level+strings.Join(row.Hosts, ", ")+": "+strings.Join(cells, "; ")))
		if !row.Means.Empty() {
			f.p.under(11, row.Means.In(f.cat.Lang))
		}
	}
	if !st.Phase.Settled() {
		return
	}
	for _, d := range f.o.Baseline.Differs(st, f.cat) {
		f.p.under(9, i18n.Fill(r.BaselineLine, "host", d.Host, "fact", d.Fact, "was", short(d.Was.Text(f.cat)), "is", short(d.Is.Text(f.cat))))
	}
}

// onlyDialling tells whether a step waits for nothing but hosts that are dialled still.
func (f *follower) onlyDialling(st *run.StepView) bool {
	waits := false
	for _, u := range st.Units {
		if u.Phase.Settled() {
			continue
		}
		waits = true
		if h := f.st.Hosts[u.Unit.Host]; h == nil || h.State != run.HostDialing {
			return false
		}
	}
	return waits
}

// condition prints one proof or guard.
func (f *follower) condition(at time.Time, b run.Check) {
	state := f.cat.Words.OK
	if !b.OK {
		state = f.cat.Words.NotOK
	}
	f.unit(at, b.Unit, i18n.Word(f.cat.Words.Check, b.Phase)+" "+state)
	f.p.under(9, f.checkName(b))
	if !b.OK {
		f.p.under(9, i18n.Fill(f.cat.Plain.Expected, "text", short(b.Expected)))
		f.p.under(9, i18n.Fill(f.cat.Plain.Found, "text", short(b.Found)))
	}
}

// fetched says what of a unit is in the scene, when it has ended.
func (f *follower) fetched(at time.Time, u run.Unit) {
	n, bytes := 0, int64(0)
	var lacking []string
	for _, x := range f.st.Fetched {
		switch {
		case x.Unit != u:
		case x.Absent != "":
			lacking = append(lacking, x.Path+": "+i18n.Word(f.cat.Runbook.NotKept, x.Absent))
		default:
			n, bytes = n+1, bytes+x.Bytes
		}
	}
	if n+len(lacking) == 0 {
		return
	}
	f.unit(at, u, i18n.Fill(f.cat.Runbook.Fetched, "files", strconv.Itoa(n), "bytes", strconv.FormatInt(bytes, 10)))
	for _, l := range lacking {
		f.p.under(9, l)
	}
}

// card prints what to type at a host's own console.
func (f *follower) card(q run.Question) {
	if len(q.Card) == 0 {
		return
	}
	f.p.under(2, i18n.Fill(f.cat.Runbook.Card, "host", strings.Join(q.Hosts, ", ")))
	f.p.raw(6, q.Card)
}

// readBack asks for what the card's commands said, until it has the shape that is wanted.
func (d *dialog) readBack(ctx context.Context, q run.Question) (map[string]string, error) {
	values := map[string]string{}
	for _, b := range q.Boxes {
		for {
			text, failed := d.read(ctx, b.Wants(d.cat)+": ")
			if failed != nil {
				return nil, failed
			}
			if text != "" && b.Takes(text) {
				values[b.Name] = text
				break
			}
			d.p.line(0, b.Wrong(d.cat))
		}
	}
	return values, nil
}

// seen asks for what was seen, for the box of a manual step; or one of the other answers.
func (d *dialog) seen(ctx context.Context, q *run.QuestionView) (*string, error) {
	s, err := d.read(ctx, d.cat.Runbook.Seen+" / "+strings.Join(q.Q.Options, " / ")+": ")
	if err != nil || s == "" || s == "done" {
		return nil, err
	}
	return &s, nil
}
