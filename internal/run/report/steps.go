package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// steps is the table of steps by hosts, with outcome and duration.
func (w *writer) steps() {
	t := w.cat.Report
	columns := w.hostNames()
	for _, st := range w.s.Steps {
		for _, u := range st.Units {
			if u.Unit.Host == "" && !slices.Contains(columns, "") {
				columns = append(columns, "")
			}
		}
	}
	head := []string{t.Number, t.Step}
	for _, c := range columns {
		if c == "" {
			c = t.Console2
		}
		head = append(head, w.text(c))
	}
	var rows [][]string
	for i := 0; i < len(w.s.Steps); i++ {
		st := w.s.Steps[i]
		name := w.text(st.Name(w.Lang))
		if n := w.passed(i); n >= fewest {
			name += " … " + w.text(w.s.Steps[i+n-1].Name(w.Lang)) + " (" + i18n.Word(w.cat.Words.Phase, string(st.Phase)) + w.skip(st.Skipped) + ")"
			row := []string{strconv.Itoa(i+1) + "–" + strconv.Itoa(i+n), name}
			rows = append(rows, append(row, make([]string, len(columns))...))
			i += n - 1
			continue
		}
		if len(st.Units) == 0 {
			name += " (" + i18n.Word(w.cat.Words.Phase, string(st.Phase)) + w.skip(st.Skipped) + ")"
		}
		row := []string{strconv.Itoa(i + 1), name}
		for _, c := range columns {
			var cell []string
			for _, u := range st.Units {
				if u.Unit.Host == c {
					cell = append(cell, w.unit(u))
				}
			}
			row = append(row, strings.Join(cell, "; "))
		}
		rows = append(rows, row)
	}
	w.section(t.Steps, head, rows)
}

// fewest steps in a row that did not apply are told in one line.
const fewest = 3

// passed is how many steps from the one at i on did not come to anything, all for the same
// reason and none by somebody's decision.
func (w *writer) passed(i int) int {
	n := 0
	for ; i+n < len(w.s.Steps); n++ {
		st := w.s.Steps[i+n]
		if len(st.Units) > 0 || st.Skipped == nil || st.Skipped.Why != "when" && st.Skipped.Why != "end" || st.Skipped.Why != w.s.Steps[i].Skipped.Why {
			break
		}
	}
	return n
}

// unit is how a unit ended, in a cell.
func (w *writer) unit(u *run.UnitView) string {
	s := i18n.Word(w.cat.Words.Phase, string(u.Shown())) + w.skip(u.Skipped)
	if u.Unit.Item != "" {
		s = w.text(u.Unit.Item) + ": " + s
	}
	if u.Millis > 0 && u.Skipped == nil {
		s += ", " + i18n.Short(time.Duration(u.Millis)*time.Millisecond)
	}
	if u.Attempt > 1 {
		s += ", " + i18n.Fill(w.cat.Report.Attempts, "n", strconv.Itoa(u.Attempt))
	}
	return s
}
