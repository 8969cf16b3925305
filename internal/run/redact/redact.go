// Package redact hides secrets in everything that a person may read: logs, the journal's
// texts, the report. Logs on disk are raw; every reader goes through the one Redactor here.
// It finds a secret as it is and in the forms in which programs print it (forms.go), in one
// pass, whatever the pieces in which the text arrives.
//
// It may import nothing but the standard library.
package redact

import (
	"bytes"
	"io"
	"sort"
)

// Shortest is the fewest bytes of a secret, and of a form of it, that are looked for. A
// shorter one (a PIN, "abc") is found in every second line of any log: hiding it would
// destroy the log, and the holes would spell it out. Stackhand generates longer ones.
const Shortest = 4

// Redactor knows a set of secrets. It is never changed after NewRedactor, so that any number
// of goroutines may use it. A nil Redactor knows no secret.
type Redactor struct {
	find    *finder  // nil: no secrets
	markers []string // by index of the name
	names   []string
}

// NewRedactor makes a Redactor for secrets, name -> value. Values shorter than Shortest are
// left out. Where two names have one value, the alphabetically first is shown.
func NewRedactor(secrets map[string]string) *Redactor {
	r := &Redactor{}
	for name, value := range secrets {
		if len(value) >= Shortest {
			r.names = append(r.names, name)
		}
	}
	sort.Strings(r.names)
	seen := map[string]bool{}
	var patterns []pattern
	for i, name := range r.names {
		r.markers = append(r.markers, Marker(name))
		for _, form := range forms(secrets[name]) {
			if len(form) >= Shortest && !seen[form] {
				seen[form] = true
				patterns = append(patterns, pattern{form, i})
			}
		}
	}
	if len(patterns) > 0 {
		r.find = newFinder(patterns)
	}
	return r
}

// Marker is what stands where the secret stood. A secret that is itself part of its marker
// (such as the word "secret") is not told from it, and nobody learns anything from that.
func Marker(name string) string { return "[secret " + name + "]" }

// Longest is the length of the longest form of any secret, in bytes. Who reads a window of
// a file reads so much more on both sides and uses Window.
func (r *Redactor) Longest() int {
	if r == nil || r.find == nil {
		return 0
	}
	return r.find.longest
}

// Writer returns a writer that passes on to w what is written to it, without the secrets.
// The start of what may become a secret (at most Longest bytes) is kept until more comes or
// until Close, which does not close w.
func (r *Redactor) Writer(w io.Writer) io.WriteCloser {
	return &writer{r: r, w: w}
}

// Scan returns a writer that calls found for each secret in what is written to it: its name
// and where it begins. The first byte written is at offset at. Hits come in order; one is
// reported once it is sure that it is not part of a longer one, at the latest by Close.
func (r *Redactor) Scan(at int64, found func(name string, offset int64)) io.WriteCloser {
	return &writer{r: r, at: at, done: at, found: found}
}

// Bytes returns b without the secrets; b itself when there are none.
func (r *Redactor) Bytes(b []byte) []byte { return r.Window(b, 0, len(b)) }

// Growing returns b without the secrets, where b may be the end of a text that is still being
// written: what may become a secret once more of it comes is an ellipsis.
func (r *Redactor) Growing(b []byte) []byte {
	if n := r.Open(b); n > 0 {
		return append(bytes.Clone(r.Window(b, 0, len(b)-n)), "…"...)
	}
	return r.Bytes(b)
}

// Open is how many bytes at the end of b may be the beginning of a secret; 0 when they are too
// few to say anything about it, or belong to one that is there as a whole.
func (r *Redactor) Open(b []byte) int {
	if r == nil || r.find == nil {
		return 0
	}
	state := int32(0)
	for _, c := range b[max(0, len(b)-r.find.longest):] {
		state = r.find.table[state+r.find.column[c]]
	}
	n := int(r.find.table[state+rowDepth])
	if p := r.find.table[state+rowPattern]; n < Shortest || p >= 0 && len(r.find.patterns[p].text) >= n {
		return 0
	}
	return n
}

// String returns s without the secrets.
func (r *Redactor) String(s string) string { return string(r.Bytes([]byte(s))) }

// Window returns b[from:to] without the secrets, also those that begin before or end after
// it: one that reaches into the window shows as its marker.
func (r *Redactor) Window(b []byte, from, to int) []byte {
	from, to = max(from, 0), min(to, len(b))
	if from >= to {
		return nil
	}
	if r == nil || r.find == nil {
		return b[from:to]
	}
	var hits []hit
	state := int32(0)
	for i, c := range b {
		state = r.find.table[state+r.find.column[c]]
		if p := r.find.table[state+rowPattern]; p >= 0 {
			hits = push(hits, r.find.hit(p, int64(i+1)))
		}
	}
	if len(hits) == 0 {
		return b[from:to]
	}
	out := make([]byte, 0, to-from)
	at := int64(from)
	for _, h := range hits {
		if h.end <= int64(from) || h.start >= int64(to) {
			continue
		}
		if h.start > at {
			out = append(out, b[at:h.start]...)
		}
		out = append(out, r.markers[h.name]...)
		at = max(at, h.end)
	}
	if at < int64(to) {
		out = append(out, b[at:to]...)
	}
	return out
}

// hit is a form found: the bytes from start up to end belong to it.
type hit struct {
	start, end int64
	name       int
}

// push adds a hit, which ends after all others, and drops those that lie inside it: of a
// secret inside a longer one only the longer is told. Hits that merely overlap all stay, and
// every byte of each is hidden: hiding only the first would print the rest of the second.
func push(hits []hit, h hit) []hit {
	for len(hits) > 0 && hits[len(hits)-1].start >= h.start {
		hits = hits[:len(hits)-1]
	}
	return append(hits, h)
}
