package packstack

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Python is one of the interpreters that Packstack runs on, whose RawConfigParsers differ.
type Python int

// Python 2.7 on CentOS 7, Python 3.6 on EL 8.
const (
	Python2 Python = 2
	Python3 Python = 3
)

// sectionName is the only section that Packstack reads; defaultSection lends its values to all.
const (
	sectionName    = "general"
	defaultSection = "DEFAULT"
)

// option is KEY=value as a parser sees it.
type option struct {
	key   string // lower case
	value string
	line  int // index of the line on which it begins
	last  int // index of its last line; larger than line where lines continue it
	added []int
}

// refusal is what makes a parser refuse the whole file.
type refusal struct {
	kind string // code of the finding: parse.…
	line int    // index; -1: none
	key  string // of the option that it is about, as written; may be empty
}

// reading is a file as one parser reads it. With refusals the installer reads nothing at
// all; what could be made out is there nevertheless, so that all findings come at once.
type reading struct {
	refused    []refusal
	options    map[string][]*option // section NUL key -> all occurrences in the order of the file
	order      []*option            // those of [general]
	sections   map[string][]int     // section -> lines of its headers
	optionLine map[int]*option      // line index -> the option to which the line belongs
	inSection  map[int]string       // line index of an option -> its section
}

// line is one line of the file: text without its end, and the end as it was.
type line struct{ text, end string }

// split cuts at every end of line that at least Python 3 sees ("\n", "\r\n" and a lone "\r");
// joined, the lines are the file again.
func split(data string) []line {
	var lines []line
	for start, i := 0, 0; i < len(data); i++ {
		switch {
		case data[i] == '\n':
			lines = append(lines, line{data[start:i], "\n"})
			start = i + 1
		case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
			lines = append(lines, line{data[start:i], "\r\n"})
			i++
			start = i + 1
		case data[i] == '\r':
			lines = append(lines, line{data[start:i], "\r"})
			start = i + 1
		}
		if i == len(data)-1 && start <= i {
			lines = append(lines, line{data[start:], ""})
		}
	}
	return lines
}

func newReading() *reading {
	return &reading{options: map[string][]*option{}, sections: map[string][]int{}, optionLine: map[int]*option{}, inSection: map[int]string{}}
}

func (r *reading) refuse(kind string, at int, key string) {
	r.refused = append(r.refused, refusal{kind, at, key})
}

// homeless notes the first line that stands before any section: there the parser gives up.
func (r *reading) homeless(at int) {
	if len(r.refused) == 0 || r.refused[len(r.refused)-1].kind != "parse.section" {
		r.refuse("parse.section", at, "")
	}
}

// mark cuts a byte order mark off the first line. Both parsers take it for a line before any section.
func (r *reading) mark(at int, text string) string {
	if cut, ok := strings.CutPrefix(text, "\uFEFF"); ok && at == 0 {
		r.refuse("parse.bom", 0, "")
		return cut
	}
	return text
}

func (r *reading) add(section string, o *option) {
	name := section + "\x00" + o.key
	r.options[name] = append(r.options[name], o)
	if section == sectionName {
		r.order = append(r.order, o)
	}
	r.optionLine[o.line] = o
	r.inSection[o.line] = section
}

// get is RawConfigParser.get(section, key): the last occurrence, or the default section's.
func (r *reading) get(section, key string) (*option, bool) {
	for _, s := range []string{section, defaultSection} {
		if found := r.options[s+"\x00"+key]; len(found) > 0 {
			return found[len(found)-1], true
		}
	}
	return nil, false
}

// read2 reads as Python 2.7's RawConfigParser does (ConfigParser.py, _read): bytes, lines that
// end in "\n" only, a line that begins with a blank continues a value, " ;" ends a value,
// `""` is empty, "rem" begins a comment, of duplicates the last wins.
func read2(lines []line) *reading {
	r := newReading()
	section, inside := "", false
	var current *option
	var parts []string
	finish := func() {
		if current != nil {
			current.value = strings.Join(parts, "\n")
		}
		current, parts = nil, nil
	}
	for i := 0; i < len(lines); i++ {
		// A lone "\r" ends no line here.
		first, text := i, lines[i].text
		for lines[i].end == "\r" && i+1 < len(lines) {
			i++
			text += "\r" + lines[i].text
		}
		if lines[i].end == "\r\n" || lines[i].end == "\r" {
			text += "\r"
		}
		text = r.mark(first, text)
		switch word, _, _ := strings.Cut(strings.Map(blank2, text), " "); {
		case strip2(text) == "" || text[0] == '#' || text[0] == ';':
			continue
		case strings.EqualFold(word, "rem") && len(word) == 3:
			continue
		}
		if space2(text[0]) && inside && current != nil {
			if v := strip2(text); v != "" {
				parts = append(parts, v)
				current.added = append(current.added, first)
				current.last = i
				r.optionLine[first] = current
			}
			continue
		}
		if name, ok := header(text); ok {
			finish()
			section, inside = name, true
			r.sections[name] = append(r.sections[name], first)
			continue
		}
		if !inside {
			r.homeless(first)
			continue
		}
		at := strings.IndexAny(text, ":=")
		if at < 1 || space2(text[0]) {
			r.refuse(shape(text, at), first, strip2(text))
			continue
		}
		finish()
		key := strings.TrimRightFunc(text[:at], func(c rune) bool { return c < 0x80 && space2(byte(c)) })
		value := strings.TrimLeftFunc(text[at+1:], func(c rune) bool { return c < 0x80 && space2(byte(c)) })
		// Only the first semicolon counts, and where the value begins with it the parser looks at
		// the value's last character, as Python's index -1 does.
		if pos := strings.IndexByte(value, ';'); pos >= 0 && space2(value[(pos-1+len(value))%len(value)]) {
			value = value[:pos]
		}
		if value = strip2(value); value == `""` {
			value = ""
		}
		current, parts = &option{key: lower2(key), line: first, last: i}, []string{value}
		r.add(section, current)
	}
	finish()
	return r
}

// read3 reads as Python 3's RawConfigParser does (configparser.py, _read, 3.6 to 3.12) where
// the locale is UTF-8: characters, any end of line, deeper indented lines continue a value
// and empty ones are part of it, nothing behind a value is a comment, duplicates are refused.
func read3(lines []line) *reading {
	r := newReading()
	section, inside := "", false
	var current *option
	var parts []string
	level := 0
	finish := func() {
		if current != nil {
			current.value = strings.TrimRightFunc(strings.Join(parts, "\n"), space3)
		}
		current, parts = nil, nil
	}
	for i, l := range lines {
		l.text = r.mark(i, l.text)
		if !utf8.ValidString(l.text) {
			r.refuse("parse.utf8", i, keyOf(l.text))
			continue
		}
		value := strings.TrimFunc(l.text, space3)
		if value == "" {
			if inside && current != nil && current.key != "" {
				parts = append(parts, "")
			}
			continue
		}
		if value[0] == '#' || value[0] == ';' {
			continue
		}
		indent := utf8.RuneCountInString(l.text[:strings.IndexFunc(l.text, func(c rune) bool { return !space3(c) })])
		if inside && current != nil && current.key != "" && indent > level {
			parts = append(parts, value)
			current.added = append(current.added, i)
			current.last = i
			r.optionLine[i] = current
			continue
		}
		level = indent
		if name, ok := header(value); ok {
			finish()
			if len(r.sections[name]) > 0 && name != defaultSection {
				r.refuse("parse.section.twice", i, "")
			}
			section, inside = name, true
			r.sections[name] = append(r.sections[name], i)
			continue
		}
		if !inside {
			r.homeless(i)
			continue
		}
		at := strings.IndexAny(value, ":=")
		if at < 0 {
			r.refuse(shape(value, at), i, value)
			continue
		}
		if at == 0 {
			r.refuse("parse.nokey", i, "")
		}
		finish()
		key := lower3(strings.TrimRightFunc(value[:at], space3))
		if before := r.options[section+"\x00"+key]; len(before) > 0 {
			r.refuse("parse.twice", i, strings.TrimRightFunc(value[:at], space3))
		}
		current, parts = &option{key: key, line: i, last: i}, []string{strings.TrimFunc(value[at+1:], space3)}
		r.add(section, current)
	}
	finish()
	return r
}

func shape(text string, at int) string {
	if at == 0 {
		return "parse.nokey"
	}
	if at > 0 {
		return "parse.indent"
	}
	return "parse.delimiter"
}

// header is a section's header: "[" at the beginning, a name, "]", whatever follows.
func header(text string) (string, bool) {
	if !strings.HasPrefix(text, "[") {
		return "", false
	}
	end := strings.IndexByte(text, ']')
	if end < 2 {
		return "", false
	}
	return text[1:end], true
}

// keyOf is what stands before the delimiter, for a finding about a line that was not read.
func keyOf(text string) string {
	key, _, ok := strings.Cut(strings.Replace(text, ":", "=", 1), "=")
	if !ok || !utf8.ValidString(key) {
		return ""
	}
	return strings.TrimSpace(key)
}

// space2 is what bytes.strip() takes away and \s matches in Python 2.
func space2(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func blank2(c rune) rune {
	if c < 0x80 && space2(byte(c)) {
		return ' '
	}
	return c
}

func strip2(s string) string {
	for len(s) > 0 && space2(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && space2(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// space3 is str.isspace() in Python 3: Unicode's blanks and the four separators of ASCII.
func space3(c rune) bool { return unicode.IsSpace(c) || c >= 0x1c && c <= 0x1f }

// lower2 is bytes.lower(): ASCII only.
func lower2(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// lower3 is str.lower(), which makes two characters of U+0130. (Its rule for a Greek sigma at
// the end of a word is left out: no key of a catalogue has one.)
func lower3(s string) string {
	return strings.ToLower(strings.ReplaceAll(s, "\u0130", "i\u0307"))
}
