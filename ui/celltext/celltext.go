// Package celltext makes text from outside fit for a terminal's cells: what a host printed,
// what a file says, what an operator named a thing. Nothing that comes out of it moves the
// cursor, talks to the terminal, or is wider than asked. It may import text libraries only.
package celltext

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

const tab = 8

// Line shows one raw line of a log: the text after its last carriage return, tabs to columns
// of 8, only SGR (colours) kept and closed, everything else that is not text dropped, NFC.
// It returns the cells from, from+1 … from+w-1; where an edge splits a wide cell, a space
// takes the half that is left.
func Line(raw string, from, w int) string {
	if w <= 0 {
		return ""
	}
	raw = strings.TrimRight(raw, "\r\n")
	if i := strings.LastIndexByte(raw, '\r'); i >= 0 {
		raw = raw[i+1:]
	}
	if !ascii(raw) {
		raw = norm.NFC.String(strings.ToValidUTF8(raw, "\uFFFD"))
	}
	out, cells := cut(raw, from, w, false)
	if !ascii(out) && (ansi.StringWidth(out) != cells || ansi.StringWidthWc(out) != cells) {
		// Screens disagree about the width of some clusters (flags, signs that combine):
		// better a plain sign in the right column than a sheared screen.
		out, _ = cut(raw, from, w, true)
	}
	return out
}

// cut walks over the text once. strict takes only signs whose width nobody disputes.
func cut(s string, from, w int, strict bool) (string, int) {
	var b strings.Builder
	col, cells, styled := 0, 0, false
	put := func(text string, width int) bool {
		switch {
		case width == 0:
			if col > from && cells > 0 {
				b.WriteString(text)
			}
			return true
		case col+width <= from:
		case col < from: // the left edge splits it
			n := min(col+width-from, w)
			b.WriteString(strings.Repeat(" ", n))
			cells += n
		case cells+width > w:
			return false
		default:
			b.WriteString(text)
			cells += width
		}
		col += width
		return true
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= 0x20 && c < 0x7f:
			if !put(s[i:i+1], 1) {
				i = len(s)
				continue
			}
			i++
		case c == '\t':
			for n := tab - col%tab; n > 0; n-- {
				if !put(" ", 1) {
					break
				}
			}
			i++
			if cells >= w {
				i = len(s)
			}
		case c == 0x1b:
			n, sgr := escape(s[i:])
			if sgr {
				b.WriteString(s[i : i+n])
				styled = true
			}
			i += n
		case c < 0x20 || c == 0x7f:
			i++
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			text, width := sign(r, strict)
			if text != "" && !put(text, width) {
				i = len(s)
				continue
			}
			i += n
		}
	}
	if styled {
		b.WriteString("\x1b[m")
	}
	return b.String(), cells
}

// sign returns what is shown for a rune, and how wide it is; "" for what is never shown.
func sign(r rune, strict bool) (string, int) {
	switch {
	case r >= 0x80 && r < 0xa0, // C1 controls
		r == 0x200b, r == 0x200c, r == 0x200d, r == 0x200e, r == 0x200f, r == 0x61c, // invisible, direction
		r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff,
		r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0000 && r <= 0xe0fff, // variation selectors, tags
		r == 0x2028, r == 0x2029:
		return "", 0
	case r >= 0xac00 && r <= 0xd7a3, r >= 0x4e00 && r <= 0x9fff, r >= 0x3041 && r <= 0x3096, r >= 0x30a1 && r <= 0x30fa:
		return string(r), 2
	case strict:
		if ansi.StringWidth(string(r)) == 2 {
			return "??", 2
		}
		return "?", 1
	}
	t := string(r)
	a, b := ansi.StringWidth(t), ansi.StringWidthWc(t)
	if a != b {
		return "?", 1
	}
	return t, a
}

// escape returns the length of the escape sequence at the start of s, and whether it is a
// plain SGR. A sequence that does not end takes the rest.
func escape(s string) (n int, sgr bool) {
	if len(s) < 2 {
		return len(s), false
	}
	switch s[1] {
	case '[':
		plain := true
		for i := 2; i < len(s); i++ {
			switch c := s[i]; {
			case c >= '0' && c <= '9' || c == ';' || c == ':':
			case c >= 0x40 && c <= 0x7e:
				return i + 1, c == 'm' && plain && i < 48
			case c >= 0x20 && c <= 0x3f:
				plain = false
			default: // broken: what is not part of it is looked at again
				return i, false
			}
		}
		return len(s), false
	case ']', 'P', 'X', '^', '_': // up to BEL or ST
		for i := 2; i < len(s); i++ {
			if s[i] == 0x07 {
				return i + 1, false
			}
			if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\' {
				return i + 2, false
			}
		}
		return len(s), false
	}
	i := 1
	for i < len(s) && s[i] >= 0x20 && s[i] <= 0x2f {
		i++
	}
	if i < len(s) && s[i] >= 0x30 && s[i] <= 0x7e {
		i++
	}
	return i, false
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// most is how many cells of one line are ever looked at by Plain.
const most = 8 << 10

// Plain is a text in one line without any style: for names, titles and values.
func Plain(s string) string {
	if len(s) > 4*most {
		s = s[:4*most]
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	return ansi.Strip(Line(s, 0, most))
}

// Paragraphs wraps a text of several lines to the width, at spaces where there are some.
// What is left of a line that is set in (a command to type) stands further in than its beginning, so
// that it is not taken for a line of its own. Every line is plain; there is at least one.
func Paragraphs(s string, w int) []string {
	w = max(w, 1)
	var out []string
	for _, l := range strings.Split(strings.TrimRight(s, "\n"), "\n") {
		l = ansi.Strip(Line(l, 0, most))
		if l == "" {
			out = append(out, "")
			continue
		}
		first, rest, in := l, "", len(l)-len(strings.TrimLeft(l, " "))
		if in > 0 && w-in > 24 && Width(l) > w {
			first, _, _ = strings.Cut(ansi.Wrap(l, w, ""), "\n")
			first, rest = strings.TrimRight(first, " "), strings.TrimLeft(strings.TrimPrefix(l, first), " ")
		}
		for _, p := range strings.Split(ansi.Wrap(first, w, ""), "\n") {
			out = append(out, Cut(strings.TrimRight(p, " "), w, ""))
		}
		if rest != "" {
			deeper := strings.Repeat(" ", in+4)
			for _, p := range strings.Split(ansi.Wrap(rest, w-len(deeper), ""), "\n") {
				out = append(out, deeper+Cut(strings.TrimRight(p, " "), w-len(deeper), ""))
			}
		}
	}
	return out
}

// Cut shortens a styled text of ours to w cells; tail (such as …) marks that it was cut.
func Cut(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	if ansi.StringWidth(s) <= w {
		return s
	}
	if ansi.StringWidth(tail) >= w {
		tail = ""
	}
	return ansi.Truncate(s, w, tail)
}

// Pad brings a text to exactly w cells, cut or filled at the right.
func Pad(s string, w int, tail string) string {
	s = Cut(s, w, tail)
	if n := w - ansi.StringWidth(s); n > 0 {
		s += strings.Repeat(" ", n)
	}
	return s
}

// Right brings a text to exactly w cells, filled at the left.
func Right(s string, w int) string {
	s = Cut(s, w, "")
	if n := w - ansi.StringWidth(s); n > 0 {
		s = strings.Repeat(" ", n) + s
	}
	return s
}

// Width is how many cells a text takes.
func Width(s string) int { return ansi.StringWidth(s) }
