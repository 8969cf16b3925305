// Package diagnose finds out which runbook fits: from a text that somebody pasted, or from the
// logs and the live state of all hosts of a site at once. It reads only, needs no claim, and is
// bounded in bytes and time.
//
// It may import runbooks, runbooks/signatures, internal/job, internal/problem, internal/i18n,
// internal/run/redact and the standard library; what asks a host is the interface Host.
package diagnose

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/runbooks/signatures"
)

// Report is what was found. It is plain data, for viewers and JSON.
type Report struct {
	Findings []Finding `json:"findings"` // the one to begin with first
	Unread   []Unread  `json:"unread"`   // what could not be looked at
	Read     []Source  `json:"read"`     // what was looked at
}

// Finding is one signature, or one look, with all places where it fits.
type Finding struct {
	ID      string             `json:"id"` // of the signature or the look
	Runbook string             `json:"runbook"`
	Verdict signatures.Verdict `json:"verdict"`
	Layer   int                `json:"layer"`
	Live    bool               `json:"live"` // seen in the state of now, not in a log
	Past    bool               `json:"past"` // a later line of each of the logs says that it is over
	Means   i18n.Text          `json:"means"`
	Do      i18n.Text          `json:"do"`
	Count   int                `json:"count"`
	Places  []Place            `json:"places"` // the newest of each host and source, mostPlaces of them
}

// Place is where a finding was seen last in a source.
type Place struct {
	Host   string            `json:"host,omitempty"`
	Source string            `json:"source"`           // file, "journal", a look's id, or "paste"
	Line   int               `json:"line,omitempty"`   // of a text that was given, from 1
	Offset int64             `json:"offset,omitempty"` // of a file on a host: where the line begins, from 0
	Time   string            `json:"time,omitempty"`   // as the line gives it, in the host's own words
	Text   string            `json:"text"`             // the line, clean and redacted
	Count  int               `json:"count"`            // how often it fits in this source
	Fields map[string]string `json:"fields,omitempty"`
}

// Source is something that was looked at.
type Source struct {
	Host  string `json:"host,omitempty"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
	Lines int    `json:"lines"`
}

// Unread is something that could not be looked at.
type Unread struct {
	Host    string           `json:"host,omitempty"`
	What    string           `json:"what"`              // a file, a look's id, or "host"
	Why     string           `json:"why,omitempty"`     // permission, limit, size, incomplete, or as the host said it, clean and redacted
	Count   int              `json:"count,omitempty"`   // how many files, with limit; bytes at its beginning, with size
	Problem *problem.Problem `json:"problem,omitempty"` // of a host
}

// Left says how much was left out for its size, "" where it is something else.
func (u Unread) Left(c *i18n.Catalogue) string {
	switch u.Why {
	case "limit":
		return i18n.Fill(c.Diagnose.FewLeft, "n", strconv.Itoa(u.Count))
	case "size":
		return i18n.Fill(c.Diagnose.SizeLeft, "n", fmt.Sprintf("%.1f", float64(u.Count)/(1<<20)))
	}
	return ""
}

const (
	mostPlaces = 20
	mostText   = 300 // characters of a line that is shown
)

// collector folds hits to findings.
type collector struct {
	hide  func(string) string
	by    map[string]*Finding
	order []string
	where map[string]int // id, host and source -> place
}

func newCollector(hide func(string) string) *collector {
	return &collector{hide: hide, by: map[string]*Finding{}, where: map[string]int{}}
}

// add takes one hit, or several of a place. Later ones of the same source replace earlier ones as evidence.
func (c *collector) add(f Finding, p Place) {
	id := f.ID + "\x00" + f.Runbook
	have := c.by[id]
	if have == nil {
		have = &f
		c.by[id] = have
		c.order = append(c.order, id)
	}
	n := max(p.Count, 1)
	have.Count += n
	have.Past, have.Live = have.Past && f.Past, have.Live || f.Live
	key := id + "\x00" + p.Host + "\x00" + p.Source
	if i, ok := c.where[key]; ok {
		p.Count = have.Places[i].Count + n
		have.Places[i] = p
		return
	}
	p.Count = n
	if len(have.Places) < mostPlaces {
		c.where[key] = len(have.Places)
		have.Places = append(have.Places, p)
	}
}

// findings are ranked: outages first, lower layers first, what is seen now before what was
// logged, more hosts before fewer.
func (c *collector) findings() []Finding {
	out := []Finding{}
	for _, id := range c.order {
		f := *c.by[id]
		for i := range f.Places { // only of what is shown: there may be a hit in every line
			p := &f.Places[i]
			p.Text = clip(c.hide(p.Text))
			for k, v := range p.Fields {
				p.Fields[k] = c.hide(v)
			}
		}
		slices.SortStableFunc(f.Places, func(a, b Place) int { return cmp.Compare(a.Host, b.Host) })
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(
			no(a.Verdict == signatures.Outage)-no(b.Verdict == signatures.Outage), no(b.Past)-no(a.Past), cmp.Compare(a.Layer, b.Layer), no(a.Live)-no(b.Live),
			cmp.Compare(len(b.Hosts()), len(a.Hosts())), cmp.Compare(b.Count, a.Count))
	})
	return out
}

// no is 1 for what is not so: in an ascending order it comes after what is.
func no(is bool) int {
	if is {
		return 0
	}
	return 1
}

// Hosts are the hosts on which it was seen.
func (f Finding) Hosts() []string {
	var out []string
	for _, p := range f.Places {
		if p.Host != "" && !slices.Contains(out, p.Host) {
			out = append(out, p.Host)
		}
	}
	return out
}

// Runbooks are the ids of the runbooks that are offered, the one to begin with first. What is
// harmless, or over, offers none.
func (r Report) Runbooks() []string {
	var out []string
	for _, f := range r.Findings {
		if f.Verdict == signatures.Outage && !f.Past && !slices.Contains(out, f.Runbook) {
			out = append(out, f.Runbook)
		}
	}
	return out
}

func clip(s string) string {
	if utf8.RuneCountInString(s) <= mostText {
		return s
	}
	return string([]rune(s)[:mostText-1]) + "…"
}

func of(g *signatures.Signature) Finding {
	return Finding{ID: g.ID, Runbook: g.Runbook, Verdict: g.Verdict, Layer: g.Layer, Means: g.Means, Do: g.Do}
}

// Text says what fits in a text; name is how its source is called. hide takes secrets out of
// what is shown.
func Text(m *signatures.Matcher, text []byte, name string, hide func(string) string) Report {
	hits, left := m.Text(text, name)
	return ofText(text, name, hide, hits, left)
}

// ofText is what was found in a text, but for the bytes at its beginning that were left out.
func ofText(text []byte, name string, hide func(string) string, hits []signatures.Hit, left int) Report {
	c := newCollector(hide)
	for _, h := range hits {
		c.add(of(h.Signature), Place{Source: name, Line: h.Line + 1, Time: signatures.Time(h.Evidence), Text: h.Evidence, Fields: h.Fields})
	}
	r := Report{Findings: c.findings(), Read: []Source{{Files: 1, Bytes: int64(len(text) - left), Lines: bytes.Count(text[left:], []byte("\n")) + 1}}}
	if left > 0 {
		r.Unread = []Unread{{What: name, Why: "size", Count: left}}
	}
	return r
}

// Merge puts the reports of several texts into one.
func Merge(reports ...Report) Report {
	c := newCollector(func(s string) string { return s })
	all := Report{Unread: []Unread{}, Read: []Source{}}
	for _, r := range reports {
		for _, f := range r.Findings {
			for _, p := range f.Places {
				c.add(Finding{ID: f.ID, Runbook: f.Runbook, Verdict: f.Verdict, Layer: f.Layer, Live: f.Live, Past: f.Past, Means: f.Means, Do: f.Do}, p)
			}
		}
		all.Unread, all.Read = append(all.Unread, r.Unread...), append(all.Read, r.Read...)
	}
	all.Findings = c.findings()
	return all
}

// stampLayouts are the times that log lines give of themselves.
var stampLayouts = []string{
	"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02  15:04:05", "2006-01-02 3:04:05", "2006-01-02  3:04:05", "060102 15:04:05", "060102  3:04:05", "2006/01/02 15:04:05",
}

// stale tells whether a line says that it is older than the time to look back, by its host's
// own clock. Zones are not known: it must be older by more than any zone can explain.
func stale(line string, now time.Time, back time.Duration) bool {
	s := signatures.Time(line)
	if s == "" || now.IsZero() || back <= 0 {
		return false
	}
	if i := strings.IndexAny(s, ".,Z+"); i > 0 {
		s = s[:i]
	}
	s = strings.Join(strings.Fields(s), " ")
	for _, l := range stampLayouts {
		if t, err := time.Parse(strings.ReplaceAll(l, "  ", " "), s); err == nil {
			return now.Sub(t) > back+14*time.Hour
		}
	}
	if t, err := time.Parse("2006 Jan 2 15:04:05", now.Format("2006 ")+s); err == nil {
		if t.After(now.Add(48 * time.Hour)) {
			t = t.AddDate(-1, 0, 0)
		}
		return now.Sub(t) > back+14*time.Hour
	}
	return false
}
