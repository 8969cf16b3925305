package signatures

import (
	"bytes"
	"regexp"
	"strings"
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

// spelled are characters that programs write in other ways: JSON in JSON, HTML, word
// processors.
var spelled = strings.NewReplacer(
	`\\n`, " ", `\\"`, `"`, `\\'`, `'`, `\n`, " ", `\t`, " ", `\r`, " ", `\"`, `"`, `\'`, `'`, `\/`, `/`, `\_`, `_`, `\*`, `*`, `\|`, `|`,
	`\u0027`, `'`, `\u0022`, `"`, `\u003c`, `<`, `\u003e`, `>`, `\u0026`, `&`,
	"&quot;", `"`, "&#34;", `"`, "&#39;", `'`, "&#x27;", `'`, "&apos;", `'`, "&lt;", "<", "&gt;", ">", "&amp;", "&",
	"‘", `'`, "’", `'`, "“", `"`, "”", `"`, "\u00a0", " ", "\u200b", "",
)

// plain is a line as patterns see it: no escape sequences, no control characters, runs of
// blanks as one, quotes as ASCII has them.
func plain(line []byte) string {
	s := string(line)
	if special(line) {
		s = spelled.Replace(withoutEscapes(line))
	}
	var out strings.Builder
	out.Grow(len(s))
	blank := false
	for _, r := range s {
		switch {
		case r == ' ' || unicode.IsSpace(r) || r == utf8.RuneError:
			blank = true
			continue
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			continue
		}
		if blank && out.Len() > 0 {
			out.WriteByte(' ')
		}
		blank = false
		out.WriteRune(r)
	}
	return out.String()
}

// escapeSequence is what ECMA-48 lets a program say to a terminal; caret and literal forms
// that other tools make of ESC, too (^[[31m, #033[31m, \x1b[31m, \u001b[31m).
var escapeSequence = regexp.MustCompile(`(?:\x1b|\^\[|#033|\\x1[bB]|\\u001[bB]|\\033|\\e)(?:\[[0-9;:?]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B])`)

func withoutEscapes(line []byte) string {
	if bytes.ContainsAny(line, "\x1b\\") || bytes.Contains(line, []byte("^[")) || bytes.Contains(line, []byte("#033")) {
		return string(escapeSequence.ReplaceAll(line, nil))
	}
	return string(line)
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
// which lint keeps, so taking them out is enough.
func gluePattern(p string) string {
	return strings.NewReplacer(`\b`, "", ` ?`, "", ` `, "").Replace(p)
}

// bare takes off what stands around a line in a table, a quotation, a list or a box.
func bare(s string) string {
	return strings.TrimRight(strings.TrimLeft(s, " |>│┃*"), " |│┃\\")
}

// begins tells a line with which a record of a log begins, however it was written: what
// follows without such a beginning belongs to it.
var begins = regexp.MustCompile(`^\W{0,4}(?:` +
	`\d{4}[-/]\d\d[-/]\d\d[ T]|\d\d/[A-Z][a-z]{2}/\d{4}:|[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} |` +
	`\d{6} +\d{1,2}:\d\d:\d\d|\d\d:\d\d:\d\d|\d{1,2}-[A-Z][a-z]{2}-\d{4}:|\[? *\d+\.\d{6}\]|<\d{1,3}>|` +
	`\{"(?:log|@timestamp|time|Payload|Timestamp|MESSAGE)"|=(?:[A-Z]+) REPORT=|-- (?:Logs|Boot|Journal) )`)

// stamp is the time that a line gives of itself, as it stands there.
var stamp = regexp.MustCompile(`\d{4}-\d\d-\d\d[ T]+\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?|` +
	`[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d{6} +\d{1,2}:\d\d:\d\d|\d{1,2}-[A-Z][a-z]{2}-\d{4}::\d\d:\d\d:\d\d|` +
	`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \d{4}`)

// Time is the time that a line gives of itself, as it stands there; "" where it gives none.
func Time(line string) string { return stamp.FindString(line[:min(len(line), 200)]) }
