package ui

import (
	"bytes"
	"context"
	"sort"
	"strings"
	"sync"
)

// Sizes of the log reader, in bytes.
const (
	logChunk  = 64 << 10 // read and indexed at once
	logBudget = 16 << 20 // indexed in one go, so that a tick stays short
	logLong   = 8 << 10  // a line longer than this is never read as a whole
	logMarks  = 1 << 20  // line starts kept: enough for logs of 32 GiB
)

// logFile reads windows of a log that may be of any size and still grow. It keeps only line
// starts, at most two for each chunk, so that memory does not grow with what is shown:
// a line that crosses a chunk's edge always has a mark at its start and one at its end.
//
// All of it is called from commands; the lock is for those that overlap.
type logFile struct {
	read   func(ctx context.Context, off int64, p []byte) (n int, size int64, err error)
	redact func([]byte) []byte

	mu      sync.Mutex
	size    int64
	marks   []logMark
	scanned int64 // indexed up to here
	lines   int64 // line ends seen in what is indexed
	start   int64 // of the line that scanned is in
	buf     []byte
}

// logMark is the start of a line and its number, from 0.
type logMark struct{ off, line int64 }

// logWant is the part of a log that is to be shown.
type logWant struct {
	top    int64 // a line start
	move   int   // lines down (up when negative) from there
	follow bool  // the end, whatever top is
	rows   int
	x, w   int // cells from the side, and how many
}

// logWindow is what was read.
type logWindow struct {
	rows  []logRow
	top   int64
	end   bool  // the last line is among the rows
	size  int64 // of the log
	line  int64 // number of the first row, from 1; 0 when not known yet
	lines int64 // in the whole log; 0 when not known yet
}

// logRow is one line, redacted, as far as it is needed.
type logRow struct {
	off  int64 // of its start
	size int64 // without its end
	text string
	skip int // cells of text to the left of the window
}

// fill reads as much of p as there is at off.
func (l *logFile) fill(ctx context.Context, off int64, p []byte) ([]byte, error) {
	got := 0
	for got < len(p) {
		n, size, err := l.read(ctx, off+int64(got), p[got:])
		l.size = max(l.size, size)
		if err != nil {
			return p[:got], err
		}
		if n == 0 {
			break
		}
		got += n
	}
	return p[:got], nil
}

// index goes on looking for line starts, for at most budget bytes.
func (l *logFile) index(ctx context.Context, budget int64) error {
	if l.buf == nil {
		l.buf = make([]byte, logChunk)
		l.marks = append(l.marks, logMark{0, 0})
	}
	for budget > 0 && len(l.marks) < logMarks {
		b, err := l.fill(ctx, l.scanned, l.buf)
		if err != nil || len(b) == 0 {
			return err
		}
		if n := bytes.Count(b, []byte{'\n'}); n > 0 {
			first, last := int64(bytes.IndexByte(b, '\n')), int64(bytes.LastIndexByte(b, '\n'))
			l.mark(logMark{l.scanned + first + 1, l.lines + 1})
			if last > first {
				l.mark(logMark{l.scanned + last + 1, l.lines + int64(n)})
			}
			l.lines += int64(n)
			l.start = l.scanned + last + 1
		}
		l.scanned += int64(len(b))
		budget -= int64(len(b))
		if len(b) < len(l.buf) {
			return nil // the end for now
		}
	}
	return nil
}

// mark keeps a line start. One between two that are nearer than a chunk is not needed; the
// ends of a line that crosses a chunk's edge always are farther apart.
func (l *logFile) mark(m logMark) {
	for n := len(l.marks); n >= 2 && m.off-l.marks[n-2].off < logChunk; n = len(l.marks) {
		l.marks = l.marks[:n-1]
	}
	l.marks = append(l.marks, m)
}

// before is the last mark at or before off.
func (l *logFile) before(off int64) logMark {
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].off > off })
	if i == 0 {
		return logMark{}
	}
	return l.marks[i-1]
}

// next is the start of the line after the one that starts at off and is longer than a chunk.
func (l *logFile) next(off int64) (int64, bool) {
	i := sort.Search(len(l.marks), func(i int) bool { return l.marks[i].off > off })
	if i == len(l.marks) {
		return 0, false
	}
	return l.marks[i].off, true
}

// up is the start of the line n lines above the line start pos (or the log's end).
func (l *logFile) up(ctx context.Context, pos int64, n int) (int64, error) {
	buf := make([]byte, logChunk)
	for n > 0 && pos > 0 {
		lo := max(pos-logChunk, 0)
		b, err := l.fill(ctx, lo, buf[:pos-lo])
		if err != nil || int64(len(b)) < pos-lo {
			return pos, err
		}
		moved := false
		for n > 0 { // the last byte ends the line above: the one before it is looked for
			i := bytes.LastIndexByte(b[:len(b)-1], '\n')
			if i < 0 {
				break
			}
			b, pos, moved = b[:i+1], lo+int64(i)+1, true
			n--
		}
		switch {
		case n == 0 || moved:
		case lo == 0:
			return 0, nil
		default: // longer than a chunk: its start has a mark, if that was looked at already
			if pos = lo; l.scanned >= lo {
				pos = l.before(lo).off
			}
			n--
		}
		if moved && n > 0 && lo == 0 { // what is left is the first line
			return 0, nil
		}
	}
	return pos, nil
}

// window reads what is wanted.
func (l *logFile) window(ctx context.Context, q logWant) (logWindow, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var one [1]byte
	if _, size, err := l.read(ctx, l.size, one[:]); err != nil {
		return logWindow{}, err
	} else if size < l.scanned { // not the file that it was: begin anew
		l.size, l.marks, l.scanned, l.lines, l.start, l.buf = size, nil, 0, 0, 0, nil
	} else {
		l.size = size
	}
	if err := l.index(ctx, logBudget); err != nil {
		return logWindow{}, err
	}
	q.rows = max(q.rows, 1)
	top, err := min(q.top, l.size), error(nil)
	switch {
	case q.follow:
		top, err = l.last(ctx, q.rows)
	case q.move < 0:
		top, err = l.up(ctx, top, -q.move)
	}
	if err != nil {
		return logWindow{}, err
	}
	if !q.follow && q.move > 0 {
		if top, err = l.down(ctx, top, q.move, q.rows); err != nil {
			return logWindow{}, err
		}
	}
	w := logWindow{top: top, size: l.size}
	if w.rows, w.end, err = l.rows(ctx, top, q); err != nil {
		return w, err
	}
	if l.scanned >= l.size {
		w.lines = l.lines
		if l.start < l.size {
			w.lines++
		}
	}
	if l.scanned >= top {
		w.line, err = l.number(ctx, top)
	}
	return w, err
}

// last is the start of the first line of the log's last n.
func (l *logFile) last(ctx context.Context, n int) (int64, error) {
	if l.size == 0 {
		return 0, nil
	}
	b, err := l.fill(ctx, l.size-1, make([]byte, 1))
	if err != nil {
		return 0, err
	}
	if len(b) == 1 && b[0] != '\n' { // the last line is not ended: it counts from its end
		pos := l.start
		if l.scanned < l.size {
			if pos, err = l.up(ctx, l.size, 1); err != nil {
				return 0, err
			}
		}
		return l.up(ctx, pos, n-1)
	}
	return l.up(ctx, l.size, n)
}

// down is the start of the line n below, but not below the last screen.
func (l *logFile) down(ctx context.Context, top int64, n, rows int) (int64, error) {
	end, err := l.last(ctx, rows)
	if err != nil || top >= end {
		return end, err
	}
	r, _, err := l.rows(ctx, top, logWant{rows: n + 1, w: 1})
	if err != nil || len(r) == 0 {
		return top, err
	}
	return min(r[len(r)-1].off, end), nil
}

// number is the number of the line that starts at off, from 1.
func (l *logFile) number(ctx context.Context, off int64) (int64, error) {
	m := l.before(off)
	if off-m.off > 4*logChunk {
		return m.line + 1, nil // inside a very long line
	}
	b, err := l.fill(ctx, m.off, make([]byte, off-m.off))
	return m.line + 1 + int64(bytes.Count(b, []byte{'\n'})), err
}

// rows reads lines from a line start on.
func (l *logFile) rows(ctx context.Context, off int64, q logWant) (rows []logRow, end bool, err error) {
	buf := make([]byte, logChunk)
	var b []byte
	at := off // where b starts
	for len(rows) < q.rows && off < l.size {
		i := -1
		if b != nil && off-at < int64(len(b)) {
			i = bytes.IndexByte(b[off-at:], '\n')
		}
		if i < 0 {
			if b, err = l.fill(ctx, off, buf); err != nil {
				return rows, false, err
			}
			if at = off; len(b) == 0 {
				return rows, true, nil
			}
			i = bytes.IndexByte(b, '\n')
		}
		line := b[off-at:]
		row := logRow{off: off}
		next, known := off+int64(i)+1, true
		switch {
		case i >= 0:
			row.size = int64(i)
		case len(line) < logChunk: // the last line, not ended
			row.size, next = int64(len(line)), l.size
		default: // longer than a chunk
			if next, known = l.next(off); known {
				row.size = next - 1 - off
			} else {
				row.size, next = l.size-off, l.size
			}
		}
		if row.size <= logLong {
			if i >= 0 { // it has ended: nothing more of a secret comes
				line = line[:i+1]
			}
			row.text, row.skip = strings.TrimSuffix(string(l.clean(line)), "\n"), q.x
		} else if err = l.piece(ctx, &row, q); err != nil {
			return rows, false, err
		}
		rows = append(rows, row)
		off = next
	}
	return rows, off >= l.size, nil
}

// piece reads the part of a very long line that is to be seen. Far to the right a cell is
// taken for a byte, which is right for ASCII and near enough for the rest.
func (l *logFile) piece(ctx context.Context, row *logRow, q logWant) error {
	const exact = 4 << 10
	if q.x <= exact {
		n := min(row.size, int64(logLong+4*q.w+RedactMargin))
		b, err := l.fill(ctx, row.off, make([]byte, n))
		row.text, row.skip = string(l.clean(b)), q.x
		return err
	}
	x := min(int64(q.x), row.size)
	n := min(row.size-x+RedactMargin, int64(2*RedactMargin+4*q.w))
	b, err := l.fill(ctx, row.off+x-RedactMargin, make([]byte, n))
	if err != nil {
		return err
	}
	left := min(RedactMargin, len(b))
	whole := l.clean(b)
	if l.redact != nil { // what is left of the window may have become shorter or longer
		left = min(len(l.clean(b[:left])), len(whole))
	}
	text := whole[left:]
	for len(text) > 0 && text[0]&0xc0 == 0x80 { // the middle of a sign
		text = text[1:]
	}
	row.text, row.skip = string(text), 0
	return nil
}

func (l *logFile) clean(b []byte) []byte {
	if l.redact == nil || len(b) == 0 {
		return b
	}
	return l.redact(b)
}

// find looks for a text from a line start on (or backwards) and returns the start of the line
// that holds it, and where in it. It stops at the log's end.
func (l *logFile) find(ctx context.Context, text string, from int64, back bool) (off, col int64, ok bool, err error) {
	l.mu.Lock()
	size := l.size
	l.mu.Unlock()
	needle := []byte(text)
	lower(needle)
	fold := string(needle) == text
	needle = []byte(text)
	const chunk = 1 << 20
	buf := make([]byte, chunk+len(needle))
	look := func(lo, hi int64) (int64, bool, error) {
		b, err := l.fillUnlocked(ctx, lo, buf[:hi-lo])
		if err != nil {
			return 0, false, err
		}
		if fold {
			lower(b)
		}
		i := bytes.Index(b, needle)
		if back {
			i = bytes.LastIndex(b, needle)
		}
		return lo + int64(i), i >= 0, nil
	}
	hit, found := int64(0), false
	if back {
		for hi := from; hi > 0 && !found && err == nil; hi -= chunk {
			hit, found, err = look(max(hi-chunk, 0), min(hi+int64(len(needle))-1, from))
		}
	} else {
		for lo := from; lo < size && !found && err == nil; lo += chunk {
			hit, found, err = look(lo, min(lo+int64(len(buf))-1, size))
		}
	}
	if err != nil || !found {
		return 0, 0, false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	start, err := l.lineOf(ctx, hit)
	return start, hit - start, true, err
}

// lineOf is the start of the line that holds pos.
func (l *logFile) lineOf(ctx context.Context, pos int64) (int64, error) {
	lo := max(pos-logChunk, 0)
	b, err := l.fill(ctx, lo, make([]byte, pos-lo))
	if err != nil {
		return pos, err
	}
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		return lo + int64(i) + 1, nil
	}
	if lo == 0 {
		return 0, nil
	}
	return l.before(lo).off, nil
}

// fillUnlocked is fill for a search, which takes long and must not hold up the window.
func (l *logFile) fillUnlocked(ctx context.Context, off int64, p []byte) ([]byte, error) {
	got := 0
	for got < len(p) {
		n, _, err := l.read(ctx, off+int64(got), p[got:])
		if err != nil || n == 0 {
			return p[:got], err
		}
		got += n
	}
	return p[:got], nil
}

// lower makes ASCII letters small, in place: offsets stay what they are.
func lower(b []byte) {
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
}
