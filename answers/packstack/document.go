package packstack

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/internal/problem"
)

// most is the size beyond which a file is no answer file: a generated one has 60 KiB.
const most = 8 << 20

// Document is an answer file with every byte of it. It is read as both interpreters read it;
// Get has what the one that is asked for reads. The zero value is an empty file.
type Document struct {
	File string // as named in findings

	lines []line
	as2   *reading
	as3   *reading
}

// Open reads a file. Whatever is in it can be a Document; what is wrong with it, Check says.
func Open(path string) (*Document, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, problem.New("answers.read", "", err, "file", path)
	}
	if !st.Mode().IsRegular() || st.Size() > most {
		return nil, problem.New("answers.read", "", fmt.Errorf("%s with %d bytes is no answer file", st.Mode().Type(), st.Size()), "file", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, problem.New("answers.read", "", err, "file", path)
	}
	return Parse(data, path), nil
}

// Parse reads a file's bytes.
func Parse(data []byte, file string) *Document {
	d := &Document{File: file, lines: split(string(data))}
	d.read()
	return d
}

func (d *Document) read() { d.as2, d.as3 = read2(d.lines), read3(d.lines) }

// Bytes are the file: those it was read from, but for the lines that Set has changed.
func (d *Document) Bytes() []byte {
	var b bytes.Buffer
	for _, l := range d.lines {
		b.WriteString(l.text)
		b.WriteString(l.end)
	}
	return b.Bytes()
}

func (d *Document) as(p Python) *reading {
	if d.as2 == nil {
		d.read()
	}
	if p == Python2 {
		return d.as2
	}
	return d.as3
}

// Readable tells whether that Python's parser reads the file at all.
func (d *Document) Readable(p Python) bool {
	r := d.as(p)
	return len(r.refused) == 0 && len(r.sections[sectionName]) > 0
}

// Get returns the value of a key as that Python reads it. Keys are compared without case, as
// the installer does. Where the file is not Readable, it is what could be made out.
func (d *Document) Get(p Python, key string) (string, bool) {
	o, ok := d.as(p).get(sectionName, strings.ToLower(key))
	if !ok {
		return "", false
	}
	return o.value, true
}

// Values are all values of [general] that an entry of the catalogue has, as that Python reads
// them, by the catalogue's spelling; former names are those of the file.
func (d *Document) Values(p Python, c *answers.Catalogue) map[string]string {
	values := map[string]string{}
	for _, e := range c.Entries {
		for _, key := range append([]string{e.Key}, e.Former...) {
			if v, ok := d.Get(p, key); ok {
				values[key] = v
			}
		}
	}
	return values
}

// Line is the line, from 1, on which the value that counts for a key stands; 0: not there.
func (d *Document) Line(key string) int {
	for _, p := range []Python{Python2, Python3} {
		if o, ok := d.as(p).get(sectionName, strings.ToLower(key)); ok {
			return o.line + 1
		}
	}
	return 0
}

// Carries tells why a value cannot stand in an answer file so that both interpreters read
// exactly it: the code of the finding, or "". An answer file has one line a value, cuts blanks
// at its ends, and is safe in ASCII only.
func Carries(value string) string {
	switch {
	case strings.ContainsAny(value, "\n\r"):
		return "value.newline"
	case strings.IndexFunc(value, func(c rune) bool { return c >= 0x80 }) >= 0 || !isASCII(value):
		return "value.ascii"
	case strings.IndexFunc(value, func(c rune) bool { return c < 0x20 && c != '\t' || c == 0x7f }) >= 0:
		return "value.control"
	case strings.TrimSpace(value) != value:
		return "value.blanks"
	case value == `""`:
		return "value.quotes"
	case strings.Contains(value, " ;") || strings.Contains(value, "\t;"):
		return "value.comment"
	}
	return ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Set gives a key a value. Where the key is there, its line alone changes, and of that line
// the value alone (with lines that continued the old value, and other lines of the same
// key, gone: both interpreters must read one value); else a line is added at the end of
// [general]. It refuses what an answer file cannot carry, and a file that no parser reads.
func (d *Document) Set(key, value string) error {
	if code := Carries(value); code != "" {
		return problem.New("answers.value", "", nil, "key", key, "code", code)
	}
	if key == "" || Carries(key) != "" || strings.ContainsAny(key, "=:;#[] \t") {
		return problem.New("answers.value", "", nil, "key", key, "code", "value.key")
	}
	before := slices.Clone(d.lines)
	if v2, ok2 := d.Get(Python2, key); ok2 && v2 == value && d.as(Python3).once(key) {
		if v3, ok3 := d.Get(Python3, key); ok3 && v3 == value {
			return nil
		}
	}
	d.set(key, value)
	d.read()
	for _, p := range []Python{Python2, Python3} {
		if got, ok := d.Get(p, key); !ok || got != value {
			d.lines = before
			d.read()
			return problem.New("answers.value", "", nil, "key", key, "code", "value.place")
		}
	}
	return nil
}

// once tells whether a key has one line of its own in [general].
func (r *reading) once(key string) bool {
	return len(r.options[sectionName+"\x00"+strings.ToLower(key)]) == 1
}

func (d *Document) set(key, value string) {
	lower := strings.ToLower(key)
	name := sectionName + "\x00" + lower
	// All lines that either parser takes for this key; the last one that both take for its
	// beginning stays.
	gone := map[int]bool{}
	stays := -1
	for _, r := range []*reading{d.as(Python2), d.as(Python3)} {
		for _, o := range r.options[name] {
			gone[o.line] = true
			for _, l := range o.added {
				if r == d.as2 || d.as2.optionLine[l] == nil || d.as2.optionLine[l].key == lower {
					gone[l] = gone[l] || strings.TrimSpace(d.lines[l].text) != ""
				}
			}
			if r == d.as3 && d.as2.optionLine[o.line] != nil && d.as2.optionLine[o.line].line == o.line && d.as2.optionLine[o.line].key == lower {
				stays = o.line
			}
		}
	}
	if stays < 0 {
		d.remove(gone)
		d.insert(key, value)
		return
	}
	text := d.lines[stays].text
	at := strings.IndexAny(text, ":=") + 1
	for at < len(text) && space2(text[at]) {
		at++
	}
	if strings.TrimSpace(text[at:]) == "" {
		at = strings.IndexAny(text, ":=") + 1
	}
	d.lines[stays].text = text[:at] + value
	delete(gone, stays)
	d.remove(gone)
}

func (d *Document) remove(gone map[int]bool) {
	kept := d.lines[:0:0]
	for i, l := range d.lines {
		if !gone[i] {
			kept = append(kept, l)
		}
	}
	d.lines = kept
}

// insert adds a line behind the last one of [general].
func (d *Document) insert(key, value string) {
	d.read()
	end := "\n"
	if len(d.lines) > 0 && d.lines[0].end == "\r\n" {
		end = "\r\n"
	}
	at := -1
	for _, r := range []*reading{d.as2, d.as3} {
		for _, o := range r.order {
			at = max(at, o.last)
		}
		for _, l := range r.sections[sectionName] {
			at = max(at, l)
		}
	}
	if at < 0 {
		if n := len(d.lines); n > 0 && d.lines[n-1].end == "" {
			d.lines[n-1].end = end
		}
		d.lines = append(d.lines, line{"[" + sectionName + "]", end})
		at = len(d.lines) - 1
	}
	if d.lines[at].end == "" {
		d.lines[at].end = end
		end = ""
	}
	d.lines = slices.Insert(d.lines, at+1, line{key + "=" + value, end})
}
