package kolla

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Vars is a file of variables as Ansible reads it after "-e @": one YAML 1.1 mapping. It keeps
// every byte; Set and Remove change the lines of one key.
type Vars struct {
	mark    string // byte order mark, or nothing
	lines   []string
	entries []entry        // in the order of the file
	index   map[string]int // the last of equal keys, which is the one that counts
	flow    bool           // the whole mapping is in braces
	end     int            // the line behind the mapping: where "..." is, or len(lines)
}

// entry is one key at the top of the file.
type entry struct {
	key         string
	first, last int // its lines, from 0, inclusive
	keyNode     *yaml.Node
	node        *yaml.Node
	value       Value
}

// Entry is one key at the top of a file, as it is read.
type Entry struct {
	Key   string
	Line  int // from 1
	Value Value
}

// ParseVars reads a file of variables. What PyYAML would refuse is a *Fault; what it reads and
// nobody means, such as a key given twice, is for the check.
func ParseVars(data []byte) (*Vars, error) {
	if len(data) > most {
		return nil, fault(0, 0, "", "kolla.size", "bytes", strconv.Itoa(len(data)))
	}
	text := string(data)
	v := &Vars{}
	if rest, ok := strings.CutPrefix(text, bom); ok {
		v.mark, text = bom, rest
	}
	v.lines = split(text)
	if f := unreadable(v.lines); f != nil {
		return nil, f
	}
	if strings.HasPrefix(text, "$ANSIBLE_VAULT;") {
		return nil, fault(1, 1, "", "kolla.vault")
	}
	if err := v.load(); err != nil {
		return nil, err
	}
	return v, nil
}

// Bytes is the file.
func (v *Vars) Bytes() []byte { return []byte(v.mark + strings.Join(v.lines, "")) }

// Len is the number of keys, equal ones counted each.
func (v *Vars) Len() int { return len(v.entries) }

// Entries are all keys at the top, in the order of the file; of equal keys each is there.
func (v *Vars) Entries() []Entry {
	out := make([]Entry, len(v.entries))
	for i, e := range v.entries {
		out[i] = Entry{Key: e.key, Line: e.keyNode.Line, Value: e.value}
	}
	return out
}

// Get is the value of a key as Ansible would have it.
func (v *Vars) Get(key string) (Value, bool) {
	i, ok := v.index[key]
	if !ok {
		return Value{Kind: Null}, false
	}
	return v.entries[i].value, true
}

// Line is the line of a key, from 1; 0 where the file does not have it.
func (v *Vars) Line(key string) int {
	if i, ok := v.index[key]; ok {
		return v.entries[i].keyNode.Line
	}
	return 0
}

// parseYAML keeps a panic of the library on hostile input from ending the program.
func parseYAML(text string) (doc *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault(1, 0, "", "kolla.yaml", "what", fmt.Sprint(r))
		}
	}()
	doc = &yaml.Node{}
	err = yaml.Unmarshal([]byte(text), doc)
	if err == nil {
		return doc, nil
	}
	line, col, what := 1, 0, err.Error()
	var le *yaml.LoadError
	if errors.As(err, &le) {
		line, col, what = max(le.Mark.Line, 1), le.Mark.Column, le.Message
	}
	if strings.Contains(what, "anchor") { // its name is a part of the file, and may be of a password
		what = "unknown anchor"
	}
	return nil, fault(line, col, "", "kolla.yaml", "what", what)
}

// blame names the key on whose lines a fault is, where the text shows one, and says what it
// really is where the library only says where it noticed.
func (v *Vars) blame(err error) error {
	var f *Fault
	if !errors.As(err, &f) || f.Key != "" || f.Line == 0 {
		return err
	}
	if f.Code == "kolla.yaml" {
		if better := diagnose(v.lines, f.Line); better != nil {
			return better
		}
	}
	for i := min(f.Line, len(v.lines)) - 1; i >= 0; i-- {
		m := keyOnLine.FindStringSubmatch(v.lines[i])
		if m != nil && (m[1] == "" || i == f.Line-1) {
			f.Key = m[2]
			break
		}
	}
	return err
}

// load reads the lines anew.
func (v *Vars) load() error { return v.read(false) }

// read reads the lines; wholly is with the YAML library alone, for tests.
func (v *Vars) read(wholly bool) error {
	v.entries, v.index, v.flow, v.end = nil, map[string]int{}, false, len(v.lines)
	if err := v.documents(); err != nil {
		if _, broken := parseYAML(strings.Join(v.lines, "")); broken != nil {
			err = broken // what comes first in the file
		}
		return v.blame(err)
	}
	root, ok := quick(v.lines[:v.end])
	if !ok || wholly {
		doc, err := parseYAML(strings.Join(v.lines, ""))
		if err != nil {
			return v.blame(err)
		}
		if len(doc.Content) == 0 {
			return nil
		}
		root = doc.Content[0]
	}
	if root.Kind == yaml.ScalarNode && root.Style == 0 && root.Value == "" {
		return nil // "---" alone
	}
	if root.Kind != yaml.MappingNode {
		for i, line := range v.lines {
			if m := equals.FindStringSubmatch(line); m != nil {
				return fault(i+1, 1, m[1], "kolla.equals")
			}
		}
		return fault(root.Line, root.Column, "", "kolla.mapping")
	}
	v.flow = root.Style&yaml.FlowStyle != 0
	budget := mostNodes
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, node := root.Content[i], root.Content[i+1]
		e := entry{keyNode: key, node: node, first: key.Line - 1, last: key.Line - 1}
		if key.Kind == yaml.ScalarNode {
			e.key = key.Value
		}
		value, f := convert(node, 0, &budget)
		if f == nil && (!v.flow || key.Kind != yaml.ScalarNode) {
			f = textKey(key)
		}
		if f != nil {
			if f.Key == "" {
				f.Key = e.key
			}
			return f
		}
		e.value = value
		v.entries = append(v.entries, e)
		v.index[e.key] = len(v.entries) - 1
	}
	for i := range v.entries {
		next := v.end
		if i+1 < len(v.entries) {
			next = v.entries[i+1].first
		}
		if !v.flow {
			v.entries[i].last = v.region(v.entries[i].first, next, 0, v.entries[i].node)
		}
	}
	if f := v.tabs(); f != nil {
		return v.blame(f)
	}
	return nil
}

// documents refuses a second document, which PyYAML does not expect, and finds the end mark.
func (v *Vars) documents() error {
	started := false
	for i, line := range v.lines {
		text, _ := cut(line)
		switch {
		case text == "", text[0] == '#', text[0] == '%' && !started:
		case marks(text, "---"):
			if started {
				return fault(i+1, 1, "", "kolla.documents")
			}
			started = true
		case marks(text, "..."):
			if v.end == len(v.lines) {
				v.end = i
			}
		default:
			if v.end < i {
				return fault(i+1, 1, "", "kolla.documents")
			}
			started = started || strings.TrimLeft(text, " \t") != ""
		}
	}
	return nil
}

func marks(text, mark string) bool {
	rest, ok := strings.CutPrefix(text, mark)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// region is the last line of a value that begins on line first, when the next key of its
// mapping is on line next: without the blank lines and comments before that.
func (v *Vars) region(first, next, indent int, node *yaml.Node) int {
	last := next - 1
	deep := indent + 1 // from here on "#" in a block scalar is text
	block := node.Kind == yaml.ScalarNode && node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if block {
		for i := first + 1; i <= last; i++ {
			if text, _ := cut(v.lines[i]); strings.TrimLeft(text, " ") != "" {
				deep = max(deep, len(text)-len(strings.TrimLeft(text, " ")))
				break
			}
		}
	}
	for ; last > first; last-- {
		text, _ := cut(v.lines[last])
		bare := strings.TrimLeft(text, " \t")
		if bare == "" || bare[0] == '#' && !(block && len(text)-len(bare) >= deep) {
			continue
		}
		break
	}
	return max(last, first)
}

const (
	mostNodes = 200_000 // aliases may multiply: a few lines can stand for a terabyte
	mostDeep  = 100
)

// textKey refuses keys that no variable can have.
func textKey(key *yaml.Node) *Fault {
	if key.Kind == yaml.AliasNode && key.Alias != nil {
		key = key.Alias
	}
	if key.Kind != yaml.ScalarNode {
		return fault(key.Line, key.Column, "", "kolla.key.braces")
	}
	if key.Value == "<<" && key.Style == 0 {
		return fault(key.Line, key.Column, "<<", "kolla.key.merge")
	}
	if key.Style == 0 {
		if v, ok := resolve(key.Value); !ok || v.Kind != String {
			return fault(key.Line, key.Column, key.Value, "kolla.key.text", "kind", string(v.Kind))
		}
	}
	return nil
}

// convert is what PyYAML would make of a node.
func convert(n *yaml.Node, deep int, budget *int) (Value, *Fault) {
	*budget--
	if *budget < 0 || deep > mostDeep {
		return Value{}, fault(n.Line, n.Column, "", "kolla.deep")
	}
	tag := ""
	if n.Style&yaml.TaggedStyle != 0 {
		tag = n.Tag
	}
	switch n.Kind {
	case yaml.AliasNode:
		if n.Alias == nil {
			return Value{}, fault(n.Line, n.Column, "", "kolla.yaml", "what", "unknown anchor")
		}
		return convert(n.Alias, deep+1, budget)
	case yaml.SequenceNode:
		if tag != "" && tag != "!!seq" && tag != "!unsafe" {
			return Value{}, fault(n.Line, n.Column, "", "kolla.tag")
		}
		v := Value{Kind: List}
		for _, c := range n.Content {
			if n.Style&yaml.FlowStyle != 0 && odd(c) {
				return Value{}, fault(c.Line, c.Column, "", "kolla.scalar")
			}
			item, f := convert(c, deep+1, budget)
			if f != nil {
				return Value{}, f
			}
			v.List = append(v.List, item)
		}
		return v, nil
	case yaml.MappingNode:
		if tag != "" && tag != "!!map" && tag != "!unsafe" {
			return Value{}, fault(n.Line, n.Column, "", "kolla.tag")
		}
		v := Value{Kind: Map}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			if key == nil || key.Kind != yaml.ScalarNode {
				return Value{}, fault(n.Line, n.Column, "", "kolla.key.braces")
			}
			if key.Value == "<<" && key.Style == 0 {
				return Value{}, fault(key.Line, key.Column, "", "kolla.key.merge")
			}
			if n.Style&yaml.FlowStyle != 0 && (odd(key) || odd(n.Content[i+1]) || key.Value == "" && key.Style == 0) {
				return Value{}, fault(key.Line, key.Column, "", "kolla.scalar")
			}
			item, f := convert(n.Content[i+1], deep+1, budget)
			if f != nil {
				return Value{}, f
			}
			v.Map = append(v.Map, Pair{Key: key.Value, Value: item})
		}
		return v, nil
	case yaml.ScalarNode:
		return scalar(n, tag)
	}
	return Value{}, fault(n.Line, n.Column, "", "kolla.yaml", "what", "unexpected")
}

// odd tells whether a scalar in brackets begins with a sign that PyYAML takes for punctuation
// there and other readers for a letter.
func odd(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style == 0 && n.Value != "" && (n.Value[0] == ':' || n.Value[0] == '?')
}

// scalar is what PyYAML would make of one.
func scalar(n *yaml.Node, tag string) (Value, *Fault) {
	v, ok := resolve(n.Value)
	switch tag {
	case "":
		if n.Style&^yaml.TaggedStyle != 0 {
			return Str(n.Value), nil
		}
		if !ok {
			return Value{}, fault(n.Line, n.Column, "", "kolla.scalar")
		}
		return v, nil
	case "!!str", "!", "!unsafe":
		return Str(n.Value), nil
	case "!vault", "!vault-encrypted":
		return Value{Kind: Vault}, nil
	case "!!int", "!!bool", "!!float", "!!null":
		want := map[string]Kind{"!!int": Int, "!!bool": Bool, "!!float": Float, "!!null": Null}[tag]
		if want == Null {
			return Value{Kind: Null}, nil
		}
		if want == Float && ok && v.Kind == Int {
			v.Kind = Float
		}
		if !ok || v.Kind != want {
			return Value{}, fault(n.Line, n.Column, "", "kolla.scalar")
		}
		return v, nil
	}
	return Value{}, fault(n.Line, n.Column, "", "kolla.tag")
}

// Remove takes all lines of a key out of the file.
func (v *Vars) Remove(key string) error {
	if v.flow {
		return fault(1, 1, key, "kolla.edit.flow")
	}
	before := slices.Clone(v.lines)
	for i := len(v.entries) - 1; i >= 0; i-- {
		if e := v.entries[i]; e.key == key {
			v.lines = slices.Delete(v.lines, e.first, e.last+1)
		}
	}
	if err := v.load(); err != nil {
		v.lines = before
		return errors.Join(err, v.load())
	}
	return nil
}
