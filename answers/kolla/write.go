package kolla

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// Set gives a key a value. Path is the key, or for something inside of a map the keys that
// lead to it. A scalar on one line stays on its line, with its comment and its kind of quotes;
// a new key comes behind its commented example, where the file has one, else at the end.
// Nothing is changed where the answer is an error.
func (v *Vars) Set(value Value, path ...string) error {
	if len(path) == 0 || slices.ContainsFunc(path, badKey) {
		return fault(0, 0, strings.Join(path, "."), "kolla.key.name")
	}
	before := slices.Clone(v.lines)
	i, ok := v.index[path[0]]
	var err error
	if !ok {
		err = v.add(value, path)
	} else if got, _ := v.at(i, path[1:]); got.Equal(value) && got.Kind != Vault {
		return nil
	} else {
		err = v.replace(i, value, path[1:])
	}
	if err == nil {
		if got, found := v.Lookup(path...); !found || !got.Equal(value) {
			err = fault(v.Line(path[0]), 0, path[0], "kolla.edit.failed")
		}
	}
	if err != nil {
		v.lines = before
		return errors.Join(err, v.load())
	}
	return nil
}

// Lookup is the value at a path of keys.
func (v *Vars) Lookup(path ...string) (Value, bool) {
	if len(path) == 0 {
		return Value{Kind: Null}, false
	}
	i, ok := v.index[path[0]]
	if !ok {
		return Value{Kind: Null}, false
	}
	return v.at(i, path[1:])
}

func (v *Vars) at(i int, path []string) (Value, bool) {
	value := v.entries[i].value
	for _, key := range path {
		var ok bool
		if value, ok = value.At(key); !ok {
			return Value{Kind: Null}, false
		}
	}
	return value, true
}

func badKey(key string) bool {
	if key == "" || len(key) > 200 {
		return true
	}
	if r, ok := resolve(key); !ok || r.Kind != String {
		return true
	}
	return strings.ContainsFunc(key, func(r rune) bool {
		return !(r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	}) || key[0] == '-'
}

// replace changes what is at a path inside of entry i.
func (v *Vars) replace(i int, value Value, path []string) error {
	e := v.entries[i]
	keyNode, node, first, last := e.keyNode, e.node, e.first, e.last
	flow := v.flow
	indent := 0
	for n, key := range path {
		flow = flow || node.Style&yaml.FlowStyle != 0
		if node.Kind != yaml.MappingNode {
			return fault(node.Line, node.Column, key, "kolla.edit.path")
		}
		at := -1
		for k := 0; k+1 < len(node.Content); k += 2 {
			if node.Content[k].Kind == yaml.ScalarNode && node.Content[k].Value == key {
				at = k
			}
		}
		if at < 0 {
			if flow || n != len(path)-1 || len(node.Content) == 0 {
				return fault(node.Line, node.Column, key, "kolla.edit.path")
			}
			column := node.Content[0].Column - 1
			before := len(v.lines)
			if v.put(last+1, v.render(strings.Repeat(" ", column), key, value, "")) {
				return v.load()
			}
			return v.reload(i, before)
		}
		next := last + 1
		if at+2 < len(node.Content) {
			next = node.Content[at+2].Line - 1
		}
		keyNode, node = node.Content[at], node.Content[at+1]
		indent = keyNode.Column - 1
		first = keyNode.Line - 1
		if !flow {
			last = v.region(first, next, indent, node)
		}
	}
	if node.Anchor != "" {
		return fault(node.Line, node.Column, keyNode.Value, "kolla.edit.anchor")
	}
	line, eol := cut(v.lines[first])
	behind, ok := colon(line, keyNode)
	if !ok {
		return fault(first+1, keyNode.Column, keyNode.Value, "kolla.edit.shape")
	}
	if start, end, ok := v.span(line, behind, first, node); ok && (flow || last == first) {
		if single(value) {
			text := scalarText(value, node, flow)
			if start == behind {
				text = " " + text
			}
			v.lines[first] = line[:start] + text + line[end:] + eol
			return v.reload(i, len(v.lines))
		}
		if flow {
			return fault(first+1, keyNode.Column, keyNode.Value, "kolla.edit.flow")
		}
		return v.splice(i, first, first, v.render(line[:indent], keyNode.Value, value, comment(line[end:])))
	}
	if flow {
		return fault(first+1, keyNode.Column, keyNode.Value, "kolla.edit.flow")
	}
	tail := ""
	if node.Line-1 > first { // a block below its key: what stands behind the key is a comment
		tail = comment(line[behind:])
	}
	return v.splice(i, first, last, v.render(line[:indent], keyNode.Value, value, tail))
}

// comment is the comment at the end of a line with the blanks before it, or nothing.
func comment(rest string) string {
	if t := strings.TrimLeft(rest, " \t"); strings.HasPrefix(t, "#") && len(t) < len(rest) {
		return strings.TrimRight(rest, " \t")
	}
	return ""
}

// colon is the place behind the colon of a key on its line.
func colon(line string, key *yaml.Node) (int, bool) {
	at := offset(line, key.Column)
	if key.Kind != yaml.ScalarNode || key.Style&yaml.TaggedStyle != 0 || key.Anchor != "" {
		return 0, false
	}
	end, ok := scalarEnd(line, at, key)
	if !ok {
		return 0, false
	}
	for end < len(line) && (line[end] == ' ' || line[end] == '\t') {
		end++
	}
	if end < len(line) && line[end] == ':' {
		return end + 1, true
	}
	return 0, false
}

// scalarEnd is the end of a scalar that begins at a place of a line and ends on it.
func scalarEnd(line string, at int, n *yaml.Node) (int, bool) {
	if at > len(line) {
		return 0, false
	}
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		for i := at + 1; i < len(line); i++ {
			if line[i] != '\'' {
				continue
			}
			if i+1 < len(line) && line[i+1] == '\'' {
				i++
				continue
			}
			return i + 1, line[at] == '\''
		}
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for i := at + 1; i < len(line); i++ {
			switch line[i] {
			case '\\':
				i++
			case '"':
				return i + 1, line[at] == '"'
			}
		}
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
	default:
		if strings.HasPrefix(line[at:], n.Value) {
			return at + len(n.Value), true
		}
	}
	return 0, false
}

// span is where a scalar stands on the line of its key: [start, end). Without a value it is
// empty and lies behind the colon.
func (v *Vars) span(line string, behind, first int, n *yaml.Node) (start, end int, ok bool) {
	if n.Kind == yaml.ScalarNode && n.Value == "" && n.Style == 0 {
		return behind, behind, true
	}
	if n.Line-1 != first || n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode {
		return 0, 0, false
	}
	start = offset(line, n.Column)
	if start < behind {
		return 0, 0, false
	}
	at := start
	for at < len(line) && (line[at] == '!' || line[at] == '&') { // tag and anchor, in any order
		for at < len(line) && line[at] != ' ' && line[at] != '\t' {
			at++
		}
		for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
			at++
		}
	}
	if n.Kind == yaml.AliasNode {
		for end = at; end < len(line) && !strings.ContainsRune(" \t,]}", rune(line[end])); end++ {
		}
		return start, end, end > at
	}
	end, ok = scalarEnd(line, at, n)
	return start, end, ok
}

// single tells whether a value is written on its key's line.
func single(v Value) bool {
	return v.Kind != List && v.Kind != Map || len(v.List)+len(v.Map) == 0
}

// splice puts new lines in place of the lines first to last.
func (v *Vars) splice(i, first, last int, lines []string) error {
	before := len(v.lines)
	if _, eol := cut(v.lines[last]); eol == "" && len(lines) > 0 { // the file's last line has no ending: keep it so
		lines[len(lines)-1], _ = cut(lines[len(lines)-1])
	}
	v.lines = slices.Replace(v.lines, first, last+1, lines...)
	return v.reload(i, before)
}

// add puts in a key that the file does not have.
func (v *Vars) add(value Value, path []string) error {
	if v.flow {
		return fault(1, 1, path[0], "kolla.edit.flow")
	}
	for i := len(path) - 1; i > 0; i-- {
		value = Value{Kind: Map, Map: []Pair{{Key: path[i], Value: value}}}
	}
	at, lines := v.place(path[0]), v.render("", path[0], value, "")
	before := len(v.lines)
	if v.put(at, lines) || len(v.entries) == 0 || v.entries[0].keyNode.Column != 1 {
		return v.load()
	}
	fresh, ok := v.alone(path[0], at, at+len(lines)-1)
	if !ok {
		return v.load()
	}
	i := slices.IndexFunc(v.entries, func(e entry) bool { return e.first >= at })
	if i < 0 {
		i = len(v.entries)
	}
	v.shift(i, len(v.lines)-before)
	v.entries = slices.Insert(v.entries, i, fresh)
	for k := i; k < len(v.entries); k++ {
		if e := v.entries[k]; k == i || v.index[e.key] == k-1 {
			v.index[e.key] = k
		}
	}
	return nil
}

// place is the line where a new key goes: behind its commented example and what belongs to
// that, where there is one outside of other keys' lines, else behind everything.
func (v *Vars) place(key string) int {
	e := 0
	for i := len(v.lines) - 1; i >= 0; i-- {
		if i >= v.end {
			continue
		}
		text, _ := cut(v.lines[i])
		rest, ok := strings.CutPrefix(text, "#")
		if !ok || !strings.HasPrefix(strings.TrimPrefix(rest, " "), key) {
			continue
		}
		rest = strings.TrimPrefix(rest, " ")[len(key):]
		if !strings.HasPrefix(strings.TrimLeft(rest, " \t"), ":") {
			continue
		}
		e = i + 1
		for e < v.end && (strings.HasPrefix(v.lines[e], "#  ") || strings.HasPrefix(v.lines[e], "# -")) {
			e++
		}
		if !slices.ContainsFunc(v.entries, func(x entry) bool { return e > x.first && e <= x.last }) {
			return e
		}
	}
	return v.end
}

// put inserts lines before line at. It tells whether the line above got an ending that it did
// not have, which is a part of the value where that is a block of text.
func (v *Vars) put(at int, lines []string) (closed bool) {
	if at == len(v.lines) && at > 0 {
		if text, eol := cut(v.lines[at-1]); eol == "" { // the file ends without an ending: so will the new one
			v.lines[at-1] = text + ending(v.lines)
			lines[len(lines)-1], _ = cut(lines[len(lines)-1])
			closed = true
		}
	}
	v.lines = slices.Insert(v.lines, at, lines...)
	return closed
}

// render is the lines of a key and its value. Tail is a comment to stay behind the key.
func (v *Vars) render(indent, key string, value Value, tail string) []string {
	eol := ending(v.lines)
	var out []string
	if single(value) {
		return []string{indent + key + ": " + scalarText(value, nil, false) + tail + eol}
	}
	out = append(out, indent+key+":"+tail+eol)
	for _, line := range block(value, indent+"  ") {
		out = append(out, line+eol)
	}
	return out
}

// block is a list or map that is not empty, one item a line.
func block(value Value, indent string) []string {
	var out []string
	item := func(head string, v Value) {
		if single(v) {
			out = append(out, head+" "+scalarText(v, nil, false))
			return
		}
		out = append(out, head)
		out = append(out, block(v, indent+"  ")...)
	}
	for _, v := range value.List {
		item(indent+"-", v)
	}
	for _, p := range value.Map {
		key := p.Key
		if badKey(key) {
			key = quoted(key)
		}
		item(indent+key+":", p.Value)
	}
	return out
}

// scalarText writes a value on one line so that YAML 1.1 reads it with its type. Old is what
// stood there: the kind of quotes, and of words for a boolean, stay.
func scalarText(v Value, old *yaml.Node, flow bool) string {
	switch v.Kind {
	case Null, Vault:
		return "null"
	case List:
		return "[]"
	case Map:
		return "{}"
	case Bool:
		if old != nil && old.Style == 0 {
			if yes, no, ok := family(old.Value); ok {
				if v.Bool {
					return yes
				}
				return no
			}
		}
		if v.Bool {
			return "true"
		}
		return "false"
	case Int, Float, Date:
		return v.Text
	}
	if old != nil {
		printable := !strings.ContainsFunc(v.Text, func(r rune) bool { return !keeps(r) })
		if old.Style&yaml.SingleQuotedStyle != 0 && printable {
			return "'" + strings.ReplaceAll(v.Text, "'", "''") + "'"
		}
		if r, ok := resolve(v.Text); old.Style == 0 && old.Kind == yaml.ScalarNode && old.Value != "" && ok && r.Kind == String && bare(v.Text) {
			if o, ok := resolve(old.Value); ok && o.Kind == String {
				return v.Text
			}
		}
	}
	return quoted(v.Text)
}

// family is the pair of words of which one is written, in the same case.
func family(word string) (yes, no string, ok bool) {
	for _, pair := range [][2]string{{"yes", "no"}, {"true", "false"}, {"on", "off"}} {
		for _, shape := range []func(string) string{strings.ToLower, strings.ToUpper, func(s string) string { return strings.ToUpper(s[:1]) + s[1:] }} {
			if word == shape(pair[0]) || word == shape(pair[1]) {
				return shape(pair[0]), shape(pair[1]), true
			}
		}
	}
	return "", "", false
}

// bare tells whether a text needs no quotes anywhere: letters, digits and a few signs that
// mean nothing in YAML.
func bare(s string) bool {
	if s == "" || s[0] == '-' || s[0] == '.' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c == '_' || c == '-' || c == '.' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
			return false
		}
	}
	return true
}

// keeps tells whether a character stands for itself in quotes.
func keeps(r rune) bool {
	return r >= ' ' && r < 0x7f || r > 0xa0 && r <= 0xffff && r != 0xfeff && r != unicode.ReplacementChar && unicode.IsPrint(r)
}

// quoted writes a string in double quotes.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"', r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case keeps(r) || r == unicode.ReplacementChar:
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
