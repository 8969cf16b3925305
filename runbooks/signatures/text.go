package signatures

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// special tells of a byte that plain has work with: an escape sequence, an escape of JSON or
// HTML, a character that is not ASCII.
func special(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf || b == '\\' || b == '&' || b < 0x20 && b != '\t' {
			return true
		}
	}
	return false
}

// plain is a line as patterns see it: no escape sequences, no control characters, runs of
// blanks as one, quotes as ASCII has them, the escapes of JSON (in JSON) and HTML undone.
func plain(line []byte) string {
	var out strings.Builder
	out.Grow(len(line))
	blank := false
	put := func(r rune) {
		switch {
		case r == ' ' || r == utf8.RuneError || unicode.IsSpace(r):
			blank = true
			return
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return
		case r == '‘' || r == '’':
			r = '\''
		case r == '“' || r == '”':
			r = '"'
		}
		if blank && out.Len() > 0 {
			out.WriteByte(' ')
		}
		blank = false
		out.WriteRune(r)
	}
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == 0x1b || c == '\\' || c == '^' || c == '#' || c == '&':
			r, n := spelled(line[i:])
			if n > 0 {
				i += n
				if r != 0 {
					put(r)
				}
				continue
			}
			put(rune(c))
			i++
		case c < utf8.RuneSelf:
			put(rune(c))
			i++
		default:
			r, n := utf8.DecodeRune(line[i:])
			put(r)
			i += n
		}
	}
	return out.String()
}

// spelled reads a character that programs write in other ways (JSON, JSON in JSON, HTML,
// Markdown), and how many bytes that takes; n is 0 where there is none, r where it says nothing.
func spelled(b []byte) (r rune, n int) {
	if n := introducer(b); n > 0 {
		return 0, n + sequence(b[n:])
	}
	if b[0] == '&' {
		for _, e := range [...]struct {
			name string
			is   rune
		}{{"&quot;", '"'}, {"&#34;", '"'}, {"&#39;", '\''}, {"&#x27;", '\''}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&nbsp;", ' '}} {
			if bytes.HasPrefix(b, []byte(e.name)) {
				return e.is, len(e.name)
			}
		}
		return 0, 0
	}
	if b[0] != '\\' {
		return 0, 0
	}
	for n < len(b) && n < 3 && b[n] == '\\' {
		n++
	}
	if n == len(b) {
		return 0, 0
	}
	switch c := b[n]; c {
	case 'n', 't', 'r':
		return ' ', n + 1
	case '"', '\'', '/', '_', '*', '|':
		return rune(c), n + 1
	case 'u':
		if len(b) < n+5 {
			return 0, 0
		}
		switch code, err := strconv.ParseUint(string(b[n+1:n+5]), 16, 32); {
		case err != nil || code < 0x20 || code > 0x7e:
			return 0, 0
		default:
			return rune(code), n + 5
		}
	}
	return 0, 0
}

// introducer is the length of what begins an escape sequence (ECMA-48): ESC, or what tools make
// of it.
func introducer(b []byte) int {
	if b[0] == 0x1b {
		return 1
	}
	for _, p := range [...]string{"^[[", "#033[", `\x1b[`, `\x1B[`, `\u001b[`, `\u001B[`, `\033[`, `\e[`} {
		if bytes.HasPrefix(b, []byte(p)) {
			return len(p) - 1
		}
	}
	return 0
}

// sequence is the length of an escape sequence after what introduces it. One that does not end
// takes nothing but its first characters.
func sequence(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case '[':
		for i := 1; i < len(b) && i < 64; i++ {
			switch {
			case b[i] >= '@' && b[i] <= '~':
				return i + 1
			case b[i] < ' ' || b[i] > '?':
				return i
			}
		}
		return 1
	case ']':
		for i := 1; i < len(b) && i < 1024; i++ {
			if b[i] == 0x07 {
				return i + 1
			}
			if b[i] == 0x1b {
				return i
			}
		}
		return 1
	case '(', ')':
		return min(2, len(b))
	}
	return 0
}

// glue is a text without blanks, so that it does not matter where a line was wrapped.
func glue(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// gluePattern is a pattern for a glued text. Patterns use single plain blanks and \b only,
// which lint keeps, so taking them out is nearly enough: where there are no blanks, a word would never end.
func gluePattern(p string) string {
	return strings.NewReplacer(`\b`, "", ` ?`, "", ` `, "", `\S*`, `\S{0,40}`, `\S+`, `\S{1,40}`).Replace(p)
}

// bare takes off what stands around a line in a table, a quotation, a list or a box.
func bare(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, " |>│┃*"), " |│┃\\")
}

// begins tells a line with which a record of a log begins, however it was written: what
// follows without such a beginning belongs to it.
var begins = regexp.MustCompile(`^\W{0,4}(?:` +
	`\d{4}[-/]\d\d[-/]\d\d[ T]|\d\d/[A-Z][a-z]{2}/\d{4}:|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} |` +
	`[0-9a-f]{12} {2,}|\d{6} +\d{1,2}:\d\d:\d\d|\d\d:\d\d:\d\d|\d{1,2}-[A-Z][a-z]{2}-\d{4}:|\[? *\d+\.\d{6}\]|<\d{1,3}>|` +
	`\{"(?:log|@timestamp|time|Payload|Timestamp|MESSAGE)"|=(?:[A-Z]+) REPORT=|-- (?:Logs|Boot|Journal) )`)

// stamp is the time that a line gives of itself, as it stands there.
var stamp = regexp.MustCompile(`\d{4}-\d\d-\d\d[ T]+\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|` +
	`[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d{6} +\d{1,2}:\d\d:\d\d|\d{1,2}-[A-Z][a-z]{2}-\d{4}::\d\d:\d\d:\d\d|` +
	`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \d{4}`)

// Time is the time that a line gives of itself, as it stands there; "" where it gives none.
func Time(line string) string { return stamp.FindString(line[:min(len(line), 200)]) }

// later are patterns that are compiled when one of them is wanted first: most of hundreds never are, by who
// reads the lines of one run.
type later struct {
	patterns []string // Decode has taken them
	once     sync.Once
	made     []*regexp.Regexp
}

func (l *later) compiled() []*regexp.Regexp {
	if l == nil {
		return nil
	}
	l.once.Do(func() {
		for _, p := range l.patterns {
			l.made = append(l.made, regexp.MustCompile(p))
		}
	})
	return l.made
}

// fitsNothing tells whether a pattern fits the empty text, and so everything.
func fitsNothing(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpStar, syntax.OpQuest, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpNoWordBoundary:
		return true
	case syntax.OpCapture, syntax.OpPlus:
		return fitsNothing(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || fitsNothing(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return !fitsNothing(s) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, fitsNothing)
	case syntax.OpLiteral:
		return len(re.Rune) == 0
	}
	return false
}
