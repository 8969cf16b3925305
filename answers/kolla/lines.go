package kolla

import (
	"strings"
	"unicode/utf8"
)

// split cuts a text into lines, each with its own ending ("\n" or "\r\n"), so that joining
// them gives the text again. The last one may have none.
func split(text string) []string {
	lines := make([]string, 0, strings.Count(text, "\n")+1)
	for text != "" {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			return append(lines, text)
		}
		lines = append(lines, text[:i+1])
		text = text[i+1:]
	}
	return lines
}

// cut parts a line from its ending.
func cut(line string) (text, ending string) {
	text = strings.TrimSuffix(line, "\n")
	if len(text) < len(line) {
		text = strings.TrimSuffix(text, "\r")
	}
	return text, line[len(text):]
}

// ending is what new lines of a text end with: what its first line ends with.
func ending(lines []string) string {
	if len(lines) > 0 {
		if _, e := cut(lines[0]); e != "" {
			return e
		}
	}
	return "\n"
}

// offset is where the column (from 1, in characters) is in a line, in bytes.
func offset(line string, column int) int {
	at := 0
	for ; column > 1 && at < len(line); column-- {
		_, n := utf8.DecodeRuneInString(line[at:])
		at += n
	}
	return at
}

const bom = "\uFEFF"

// unreadable finds the first character that makes a text none: bytes that are not UTF-8, and
// characters that readers disagree about or refuse (YAML 1.1, 5.1; str.splitlines of Python
// ends a line at more of them than a terminal shows).
func unreadable(lines []string) *Fault {
	for i, line := range lines {
		text, _ := cut(line)
		if plain(text) {
			continue
		}
		col := 0
		for at := 0; at < len(text); {
			r, n := utf8.DecodeRuneInString(text[at:])
			col++
			if r == utf8.RuneError && n == 1 {
				return fault(i+1, col, "", "kolla.encoding")
			}
			at += n
			switch {
			case r == '\r', r == '\v', r == '\f', r >= 0x1c && r <= 0x1e, r == 0x85, r == 0x2028, r == 0x2029:
				return fault(i+1, col, "", "kolla.linebreak", "character", codePoint(r))
			case r < ' ' && r != '\t', r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff, r == 0xfeff:
				return fault(i+1, col, "", "kolla.character", "character", codePoint(r))
			}
		}
	}
	return nil
}

// plain tells whether a text is printable ASCII and tabs, which nearly all lines are.
func plain(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; (c < ' ' && c != '\t') || c >= 0x7f {
			return false
		}
	}
	return true
}

func codePoint(r rune) string {
	const digits = "0123456789ABCDEF"
	out := []byte("U+")
	width := 4
	if r > 0xffff {
		width = 6
	}
	for i := width - 1; i >= 0; i-- {
		out = append(out, digits[(r>>(4*i))&15])
	}
	return string(out)
}
