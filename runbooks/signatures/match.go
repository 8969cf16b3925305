package signatures

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Limits of matching. A line is looked at in pieces that overlap, so that no line, however
// long, costs more than its bytes.
const (
	mostPiece   = 8 << 10
	mostTries   = 64 // pieces of one line in which a signature's patterns are tried
	overlap     = 2 << 10
	mostRecord  = 40        // lines of a record that are joined
	mostJoined  = 16 << 10  // bytes of them
	mostSpan    = 12        // lines that one message may have been wrapped to
	mostText    = 64 << 20  // bytes of a pasted text that are looked at: its end
	mostCost    = 192 << 20 // bytes that patterns are tried on for it: some seconds
	mostEvident = 400       // characters of evidence
)

// Hit is a signature that fits.
type Hit struct {
	Signature *Signature
	Fields    map[string]string // what the pattern captured: host, address, node, instance, service
	Line      int               // of a text: the first line, from 0
	Lines     int               // of a text: how many lines it takes
	Evidence  string            // clean, in one line; not redacted
}

// Matcher finds signatures in lines. It is safe for use by several goroutines.
type Matcher struct {
	set   *Set
	words *automaton        // of lines
	glued func() *automaton // of lines without blanks; made when it is wanted
}

// NewMatcher prepares a set that lint found no error in.
func NewMatcher(set *Set) *Matcher {
	var words []string
	var owner []int
	for i, g := range set.Signatures {
		for _, w := range g.Has {
			words, owner = append(words, strings.ToLower(w)), append(owner, i)
		}
	}
	return &Matcher{set: set, words: newAutomaton(words, owner), glued: sync.OnceValue(func() *automaton {
		glued := make([]string, len(words))
		for i, w := range words {
			glued[i] = glue(w)
		}
		return newAutomaton(glued, owner)
	})}
}

// Set is what the matcher looks for.
func (m *Matcher) Set() *Set { return m.set }

// Line gives the signatures that fit a line, without its end. file is the name of the file
// or unit that it is from; "" when that is not known.
func (m *Matcher) Line(line []byte, file string) []Hit {
	var cost int
	if hits := m.line(line, file, &cost); len(hits) > 0 {
		return hits
	}
	return m.cut(line, file, &cost)
}

// line is Line; cost is added to as try does it.
func (m *Matcher) line(line []byte, file string, cost *int) []Hit {
	if len(line) <= mostPiece {
		return m.piece(line, file, nil, cost)
	}
	var hits []Hit
	tries := make([]int, len(m.set.Signatures))
	for from := 0; ; from += mostPiece - overlap {
		to := min(from+mostPiece, len(line))
		for _, h := range m.piece(wholeWords(line, from, to), file, tries, cost) {
			if !slices.ContainsFunc(hits, func(o Hit) bool { return o.Signature == h.Signature }) {
				hits = append(hits, h)
			}
		}
		if to == len(line) {
			return unexplained(hits)
		}
	}
}

// wholeWords is a piece of a line without the words that its borders cut, where there are blanks near
// them: pieces overlap by more.
func wholeWords(line []byte, from, to int) []byte {
	const near = 256
	if i := bytes.IndexByte(line[from:min(from+near, to)], ' '); from > 0 && i >= 0 {
		from += i + 1
	}
	if i := bytes.LastIndexByte(line[max(to-near, from):to], ' '); to < len(line) && i >= 0 {
		to = max(to-near, from) + i
	}
	return line[from:to]
}

// piece looks at a part of a line; tries counts, by signature, how often one was tried on it.
func (m *Matcher) piece(line []byte, file string, tries []int, cost *int) []Hit {
	var room [8]int
	var p string
	if special(line) {
		p = plain(line)
		line = []byte(p)
	}
	owners := m.words.find(line, room[:0])
	if tries != nil {
		owners = slices.DeleteFunc(owners, func(o int) bool {
			tries[o]++
			return tries[o] > mostTries
		})
	}
	if len(owners) == 0 {
		return nil
	}
	if p == "" {
		p = plain(line)
	}
	return m.try(p, file, owners, false, cost)
}

// try fits the patterns of signatures whose words are there. cost is how many bytes patterns were tried on.
func (m *Matcher) try(text, file string, owners []int, glued bool, cost *int) []Hit {
	if len(owners) == 0 {
		return nil
	}
	var hits []Hit
	for _, o := range owners {
		g := m.set.Signatures[o]
		match, not := g.match.compiled(), g.not.compiled()
		if glued {
			match, not = g.glued.compiled(), g.gluedNot.compiled()
		}
		if len(g.Service) > 0 && !names(g.Service, text, glued) && !names(g.Service, file, false) {
			continue
		}
		h := Hit{Signature: g, Lines: 1, Evidence: text}
		if len(match) > 0 {
			ok := false
			for _, re := range match {
				*cost += len(text)
				if at := re.FindStringSubmatchIndex(text); at != nil {
					ok, h.Fields, h.Evidence = true, fieldsOf(re, text, at), around(text, at[0], at[1])
					break
				}
			}
			if !ok {
				continue
			}
		}
		*cost += len(text) * len(not)
		if fits(not, text) { // last: most lines with the words do not get here
			continue
		}
		hits = append(hits, h)
	}
	never := m.set.never.compiled()
	if glued {
		never = m.set.gluedNever.compiled()
	}
	if len(hits) > 0 {
		*cost += len(text) * len(never)
		if fits(never, text) {
			return nil
		}
	}
	return unexplained(hits)
}

// around is a line that is not too long to be shown, or its beginning, which says when, and what
// stands around the match. It cuts at blanks only: half a secret would not be known for one.
func around(text string, from, to int) string {
	if len(text) <= mostEvident {
		return text
	}
	const side = mostEvident / 4
	begin, end := max(from-side, 0), min(to+side, len(text), from+mostEvident)
	if i := strings.IndexByte(text[begin:from], ' '); begin > 0 && i >= 0 {
		begin += i + 1
	} else if begin > 0 {
		begin = from
	}
	if i := strings.LastIndexByte(text[min(to, end):end], ' '); end < len(text) && i >= 0 {
		end = min(to, end) + i
	} else if end < len(text) {
		end = min(to, end)
	}
	out := text[begin:end]
	if i := strings.LastIndexByte(text[:min(begin, side)], ' '); begin > 0 && i > 0 {
		out = text[:i] + " … " + out
	} else if begin > 0 {
		out = "… " + out
	}
	if end < len(text) {
		out += " …"
	}
	return strings.ToValidUTF8(out, "")
}

func fits(res []*regexp.Regexp, text string) bool {
	return slices.ContainsFunc(res, func(re *regexp.Regexp) bool { return re.MatchString(text) })
}

// names tells whether one of a service's names is in a text.
func names(services []string, text string, glued bool) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(services, func(s string) bool {
		if glued {
			s = glue(s)
		}
		return strings.Contains(text, strings.ToLower(s))
	})
}

func fieldsOf(re *regexp.Regexp, text string, at []int) map[string]string {
	var out map[string]string
	for i, name := range re.SubexpNames() {
		if name == "" || at[2*i] < 0 || at[2*i] == at[2*i+1] || at[2*i+1]-at[2*i] > 253 {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		if out[name] == "" {
			out[name] = text[at[2*i]:at[2*i+1]]
		}
	}
	return out
}

// unexplained leaves out what another hit explains.
func unexplained(hits []Hit) []Hit {
	if len(hits) < 2 {
		return hits
	}
	return slices.DeleteFunc(slices.Clone(hits), func(h Hit) bool {
		return slices.ContainsFunc(hits, func(o Hit) bool {
			return o.Signature != h.Signature && slices.Contains(o.Signature.Over, h.Signature.ID)
		})
	})
}

// record looks at the lines that belong together.
func (m *Matcher) record(lines [][]byte, first int, file string, cost *int) []Hit {
	var hits []Hit
	for i, l := range lines {
		found := m.line(l, file, cost)
		if len(found) == 0 && (i == len(lines)-1 || shortened(l)) {
			found = m.cut(l, file, cost)
		}
		for _, h := range found {
			h.Line = first + i
			hits = append(hits, h)
		}
	}
	if len(lines) > 1 {
		hits = append(hits, m.wrapped(lines, first, file, hits, cost)...)
	}
	hits = unexplained(hits)
	slices.SortStableFunc(hits, func(a, b Hit) int { return a.Line - b.Line })
	return hits
}

// wrapped looks for messages that go over several lines: without any blank it does not matter
// where they were broken. Signatures that a single line fits are left out.
func (m *Matcher) wrapped(lines [][]byte, first int, file string, have []Hit, cost *int) []Hit {
	var joined strings.Builder
	shown := make([]string, len(lines))
	starts := make([]int, len(lines)+1)
	for i, l := range lines {
		if len(l) > mostPiece {
			l = l[:mostPiece]
		}
		shown[i] = bare(plain(l))
		joined.WriteString(glue(shown[i]))
		starts[i+1] = joined.Len()
	}
	all := joined.String()
	var hits []Hit
	for _, o := range m.glued().find([]byte(all), nil) {
		g := m.set.Signatures[o]
		if slices.ContainsFunc(have, func(h Hit) bool { return h.Signature == g }) {
			continue
		}
		// Where its words stand, with a few lines around: not the whole record.
		low := strings.ToLower(all)
		word := -1
		for _, w := range g.Has {
			if word = strings.Index(low, strings.ToLower(glue(w))); word >= 0 {
				break
			}
		}
		at := lineAt(starts, max(word, 0))
		from, to := max(at-mostSpan/2, 0), min(at+mostSpan, len(lines))
		for _, h := range m.try(all[starts[from]:starts[to]], file, []int{o}, true, cost) {
			from, to := m.span(h.Signature, all, starts, from, to)
			h.Line, h.Lines = first+from, to-from
			h.Evidence = strings.Join(shown[from:to], " ")
			hits = append(hits, h)
		}
	}
	if len(hits)+len(have) > 0 {
		return hits
	}
	from := max(len(lines)-mostSpan, 0)
	for _, h := range m.goesOn(all[starts[from]:], file, true, cost) {
		h.Line, h.Lines = first+from, len(lines)-from
		h.Evidence = strings.Join(shown[from:], " ")
		hits = append(hits, h)
	}
	return hits
}

// span narrows the lines of a wrapped hit down to those that its pattern, or its word, takes.
func (m *Matcher) span(g *Signature, all string, starts []int, from, to int) (int, int) {
	text := all[starts[from]:starts[to]]
	begin, end := len(text), 0
	for _, re := range g.glued.compiled() {
		if at := re.FindStringIndex(text); at != nil {
			begin, end = at[0], at[1]
			break
		}
	}
	low := strings.ToLower(text)
	for _, w := range g.Has {
		if i := strings.Index(low, strings.ToLower(glue(w))); i >= 0 {
			begin, end = min(begin, i), max(end, i+len(glue(w)))
			break
		}
	}
	if begin >= end {
		return from, to
	}
	return lineAt(starts, starts[from]+begin), lineAt(starts, starts[from]+end-1) + 1
}

// lineAt is the line in which an offset of the joined text lies.
func lineAt(starts []int, off int) int {
	i, _ := slices.BinarySearchFunc(starts[1:], off, func(s, o int) int {
		if s <= o {
			return -1
		}
		return 1
	})
	return min(i, len(starts)-2)
}
