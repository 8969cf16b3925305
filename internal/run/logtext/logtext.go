// Package logtext makes pieces of a run's raw logs fit for people: secrets hidden, terminal
// controls taken out. What it returns can be printed to any terminal or put into a report.
//
// It may import internal/run/redact and the standard library.
package logtext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"stackhand/internal/run/redact"
)

// Clean returns text that moves no cursor, sets no colour, changes no title and hides
// nothing: escape sequences (ECMA-48) and other control characters are left out, a tab is
// spaces, a line overwritten with \r shows as it stood last, bytes that are no UTF-8 and
// characters that turn the writing direction become U+FFFD. Line ends stay.
func Clean(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	var text []byte // of the line so far
	flush := func() {
		out.Write(text)
		text = text[:0]
	}
	for i := 0; i < len(b); {
		c := b[i]
		switch {
		case c == '\n':
			flush()
			out.WriteByte('\n')
			i++
		case c == '\r':
			if i+1 < len(b) && b[i+1] != '\n' && b[i+1] != '\r' {
				text = text[:0] // overwritten by what follows
			}
			i++
		case c == '\b':
			if len(text) > 0 {
				_, n := utf8.DecodeLastRune(text)
				text = text[:len(text)-n]
			}
			i++
		case c == '\t':
			text = append(text, "        "[:8-utf8.RuneCount(text)%8]...)
			i++
		case c == 0x1b:
			i += escape(b[i:])
		case c < 0x20 || c == 0x7f:
			i++
		case c < utf8.RuneSelf:
			text = append(text, c)
			i++
		default:
			r, n := utf8.DecodeRune(b[i:])
			switch {
			case r == utf8.RuneError, unicode.Is(unicode.Bidi_Control, r):
				text = utf8.AppendRune(text, utf8.RuneError)
			case r >= 0x80 && r < 0xa0, unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
				// C1 controls and invisible format characters
			default:
				text = append(text, b[i:i+n]...)
			}
			i += n
		}
	}
	flush()
	return out.String()
}

// escape is the length of the escape sequence at the start of b.
func escape(b []byte) int {
	if len(b) < 2 {
		return len(b)
	}
	switch b[1] {
	case '[': // CSI: parameters and intermediates, then a final byte
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				return i + 1
			}
			if b[i] < 0x20 || b[i] > 0x7e {
				return i // broken off: what follows is text
			}
		}
		return len(b)
	case ']', 'P', 'X', '^', '_': // OSC, DCS, SOS, PM, APC: up to BEL or ST
		for i := 2; i < len(b); i++ {
			switch {
			case b[i] == 0x07:
				return i + 1
			case b[i] == 0x1b && i+1 < len(b) && b[i+1] == '\\':
				return i + 2
			case b[i] == '\n':
				return i // never closed: it must not swallow the rest of the log
			}
		}
		return len(b)
	}
	i := 1
	for i < len(b) && b[i] >= 0x20 && b[i] <= 0x2f {
		i++
	}
	if i < len(b) && b[i] >= 0x30 && b[i] <= 0x7e {
		i++
	}
	return i
}

// Excerpt is the end of a log.
type Excerpt struct {
	Lines []string // clean, without line ends
	Cut   bool     // there is more before them
	Size  int64    // of the whole log, bytes
}

// mostLine is how much of one line is kept: its end is what a progress bar or a dump of 50 MB
// in one line has to say.
const mostLine = 4 << 10

// Tail reads the last lines of a log file. It reads about 256 bytes for each line asked for,
// whatever the size of the log. A log that is not there is empty.
func Tail(path string, lines int, r *redact.Redactor) (Excerpt, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Excerpt{}, nil
	}
	if err != nil {
		return Excerpt{}, fmt.Errorf("cannot read a log: %w", err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return Excerpt{}, fmt.Errorf("cannot read a log: %w", err)
	}
	return tail(f, size, lines, r)
}

func tail(f io.ReaderAt, size int64, lines int, r *redact.Redactor) (Excerpt, error) {
	want := int64(lines)*256 + mostLine
	from := max(size-want, 0)
	before := min(from, int64(r.Longest())) // so that a secret cut in two is found
	buf := make([]byte, size-from+before)
	n, err := f.ReadAt(buf, from-before)
	if err != nil && !errors.Is(err, io.EOF) {
		return Excerpt{}, fmt.Errorf("cannot read a log: %w", err)
	}
	buf = buf[:n]
	open := r.Open(buf)
	shown := r.Window(buf, int(before), len(buf)-open)
	if open > 0 { // half a secret: the rest may still come
		shown = append(bytes.Clone(shown), "…"...)
	}
	e := Excerpt{Size: size, Cut: from > 0}
	if from > 0 {
		if i := bytes.IndexByte(shown, '\n'); i >= 0 && i+1 < len(shown) {
			shown = shown[i+1:] // the first line is not whole
		}
	}
	for _, l := range bytes.Split(bytes.TrimRight(shown, "\r\n"), []byte{'\n'}) {
		if len(l) > mostLine {
			l = append([]byte("… "), bytes.ToValidUTF8(l[len(l)-mostLine:], nil)...)
		}
		e.Lines = append(e.Lines, strings.TrimRight(Clean(l), " "))
	}
	if len(e.Lines) == 1 && e.Lines[0] == "" {
		e.Lines = nil
	}
	if len(e.Lines) > lines {
		e.Lines, e.Cut = e.Lines[len(e.Lines)-lines:], true
	}
	return e, nil
}

// LastLine is the last line of an excerpt that says something, "" when there is none.
func (e Excerpt) LastLine() string {
	for i := len(e.Lines) - 1; i >= 0; i-- {
		if strings.TrimSpace(e.Lines[i]) != "" {
			return strings.TrimSpace(e.Lines[i])
		}
	}
	return ""
}

// Clip is the beginning of a text, at most so many characters of it, with an ellipsis when
// something is left out.
func Clip(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + " …"
		}
	}
	return s
}
