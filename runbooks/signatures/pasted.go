package signatures

import "bytes"

// Text gives what fits in a pasted text, in its order: line by line, and then over lines that a
// terminal, a mail or a table wrapped. A record of a log is looked at as a whole: what one of
// its lines explains is not told of another.
//
// A text can be large, and have the words of a signature in each of its lines. So it is looked at from its
// end, where the newest lines are, as far as mostCost allows; left is how many bytes at its beginning
// were not looked at.
func (m *Matcher) Text(text []byte, file string) (hits []Hit, left int) {
	return m.lastOf(text, file, mostText, mostCost)
}

// lastOf is Text with its limits.
func (m *Matcher) lastOf(text []byte, file string, mostText, mostCost int) (hits []Hit, left int) {
	least := max(len(text)-mostText, 0)
	before := bytes.Count(text, []byte("\n")) // lines before the part that is looked at
	var parts [][]Hit
	end, cost := len(text), 0
	for end > least && cost < mostCost || end == len(text) {
		begin := partOf(text, least, end)
		part := m.records(text[begin:end], file, &cost)
		before -= bytes.Count(text[begin:end], []byte("\n"))
		for i := range part {
			part[i].Line += before
		}
		parts = append(parts, part)
		if end = begin; end == 0 {
			break
		}
	}
	for i := len(parts) - 1; i >= 0; i-- {
		hits = append(hits, parts[i]...)
	}
	return hits, end
}

// sizeOfPart is about how many bytes of a text are looked at in one go.
const sizeOfPart = 1 << 20

// partOf is where the part that ends at end begins: where a record does, where there is one near; not before
// least, unless a line goes over it.
func partOf(text []byte, least, end int) int {
	from := max(end-sizeOfPart, least)
	if from == 0 {
		return 0
	}
	line := 0 // where the first line after from begins
	for at, n := from, 0; n < 2*mostRecord; n++ {
		i := bytes.IndexByte(text[at:end], '\n')
		if i < 0 || at+i+1 == end {
			break
		}
		if at += i + 1; line == 0 {
			line = at
		}
		if begins.Match(text[at:min(at+64, end)]) {
			return at
		}
	}
	if line == 0 { // one endless line
		line = bytes.LastIndexByte(text[:from], '\n') + 1
	}
	return line
}

// records looks at some lines, record by record.
func (m *Matcher) records(text []byte, file string, cost *int) []Hit {
	var hits []Hit
	var record [][]byte
	first, at, size := 0, 0, 0
	flush := func() {
		hits = append(hits, m.record(record, first, file, cost)...)
		record, first, size = record[:0], at, 0
	}
	for len(text) > 0 || at == 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		if len(record) > 0 && (size > mostJoined || len(record) >= mostRecord || begins.Match(line[:min(len(line), 64)]) || len(bytes.TrimSpace(line)) == 0) {
			flush()
		}
		record = append(record, line)
		size += len(line)
		at++
	}
	flush()
	return hits
}
