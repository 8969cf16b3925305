package run

import (
	"fmt"
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// Reading is a fact as one step read or judged it.
type Reading struct {
	Value steps.Value
	Hand  bool // at the host's own console
}

// Evidence is the evidence table of a step: what was found on its hosts, and what it means.
type Evidence struct {
	Columns []string
	Rows    []EvidenceRow
}

// EvidenceRow is what is the same on some hosts.
type EvidenceRow struct {
	Hosts []string
	Cells []Reading // by column
	Level string    // ok | odd | bad; "": nothing was said
	Means i18n.Text
	Odd   bool // fewer hosts are so than otherwise, or it is said to be odd or bad
}

// Evidence folds what a step shows: rows that are the same are one. False when there is nothing
// to show, or nothing yet.
func (s *State) Evidence(st *StepView) (e Evidence, ok bool) { return s.evidence(st, false) }

// Found is the evidence as it was when the step looked for the first time: before anything was
// changed, where it was read again later.
func (s *State) Found(st *StepView) (e Evidence, ok bool) { return s.evidence(st, true) }

func (s *State) evidence(st *StepView, first bool) (e Evidence, ok bool) {
	if st == nil || len(st.Show) == 0 && !st.meant() {
		return e, false
	}
	e.Columns = st.Show
	path := PathOf(st.ID)
	var keys []string
	for _, host := range s.evidenceHosts(st) {
		row := EvidenceRow{Hosts: []string{host}}
		for _, name := range st.Show {
			r, there := st.Read[host][name]
			if first && there {
				r = st.First[host][name]
			}
			if !there {
				v, known := s.Facts[host][path+name]
				if r = (Reading{v, s.ByHand[host][path+name]}); !known {
					r.Value = steps.Value{Absent: steps.WhyNotRead}
				}
			}
			row.Cells = append(row.Cells, r)
		}
		c := st.meaning(host)
		if was, there := st.Meant[host]; first && there {
			c = &was
		}
		if c != nil {
			row.Level, row.Means = c.Level, c.Title
		}
		key := fmt.Sprint(row.Cells, row.Level, row.Means)
		if i := slices.Index(keys, key); i >= 0 {
			e.Rows[i].Hosts = append(e.Rows[i].Hosts, host)
			continue
		}
		keys, e.Rows = append(keys, key), append(e.Rows, row)
	}
	most := 0
	for _, r := range e.Rows {
		most = max(most, len(r.Hosts))
	}
	for i := range e.Rows {
		r := &e.Rows[i]
		r.Odd = r.Level == "odd" || r.Level == "bad" || r.Level == "" && len(r.Hosts) < most
	}
	return e, len(e.Rows) > 0
}

// evidenceHosts are the hosts that a step read or judged, in the run's order.
func (s *State) evidenceHosts(st *StepView) (names []string) {
	in := map[string]bool{}
	for host := range st.Read {
		in[host] = true
	}
	for _, u := range st.Units {
		for _, c := range u.Checks {
			if c.Phase == "means" && c.On != "" {
				in[c.On] = true
			} else if c.Phase == "means" {
				in[u.Unit.Host] = true
			}
		}
	}
	for _, h := range s.Run.Hosts {
		if in[h] {
			names = append(names, h)
		}
		delete(in, h)
	}
	rest := make([]string, 0, len(in))
	for h := range in {
		rest = append(rest, h)
	}
	slices.Sort(rest)
	return append(names, rest...)
}

func (v *StepView) meant() bool {
	return slices.ContainsFunc(v.Units, func(u *UnitView) bool {
		return slices.ContainsFunc(u.Checks, func(c Check) bool { return c.Phase == "means" })
	})
}

// meaning is what was said of a host, or nil.
func (v *StepView) meaning(host string) *Check {
	for _, u := range v.Units {
		for i, c := range u.Checks {
			if c.Phase == "means" && (c.On == host || c.On == "" && u.Unit.Host == host) {
				return &u.Checks[i]
			}
		}
	}
	return nil
}

// Remedies are what the checks that failed in an attempt say about what to do, each once.
func (v *UnitView) Remedies(attempt int, lang i18n.Lang) (all []string) {
	for _, c := range v.Checks {
		help := c.Remedy.In(lang)
		if c.Attempt == attempt && !c.OK && (c.Phase == "verify" || c.Phase == "require") && help != "" && !slices.Contains(all, help) {
			all = append(all, help)
		}
	}
	return all
}

// Wants is what a box asks for, with how a list is typed.
func (b Box) Wants(c *i18n.Catalogue) string {
	if b.As != "lines" {
		return b.Say.In(c.Lang)
	}
	return b.Say.In(c.Lang) + " " + c.Runbook.ListBox
}

// Takes tells whether a box takes what was typed.
func (b Box) Takes(typed string) bool {
	_, ok := steps.HandAsk{Name: b.Name, Match: b.Match, As: b.As}.Take(typed)
	return ok
}

// Wrong says what a box takes, to somebody who typed something else.
func (b Box) Wrong(c *i18n.Catalogue) string {
	if b.As == "lines" {
		return i18n.Fill(c.Runbook.WrongList, "match", b.Match)
	}
	if words := strings.Split(b.Match, "|"); b.Match != "" && !strings.ContainsAny(b.Match, `\^$.?*+()[]{}`) {
		return i18n.Fill(c.Runbook.WrongWord, "words", strings.Join(words, ", "))
	}
	return i18n.Fill(c.Runbook.WrongBox, "match", b.Match)
}

// Text is a value as people read it in a table.
func (r Reading) Text(c *i18n.Catalogue) string {
	text := ""
	if r.Value.Absent != "" {
		text = i18n.Fill(c.Runbook.Absent, "why", i18n.Word(c.Runbook.Why, r.Value.Absent))
	} else if said, ok := steps.Said(r.Value.V); ok {
		text = said.In(c.Lang)
	} else if list, ok := r.Value.V.([]any); ok {
		parts := make([]string, len(list))
		for i, v := range list {
			parts[i] = fmt.Sprint(v)
		}
		text = strings.Join(parts, ", ")
	} else {
		text = fmt.Sprint(r.Value.V)
	}
	if text == "" { // an empty cell would look like something that nobody looked at
		text = c.Runbook.None
	}
	if r.Hand && r.Value.Absent == "" {
		text += " " + c.Runbook.ByHand
	}
	return text
}
