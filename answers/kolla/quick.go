package kolla

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// quick reads a file as most are: a key and a scalar a line, read here; what is longer or
// looks unusual goes through the YAML library, all such keys together and without the others.
// It gives up (ok is false) where keys cannot be read apart: braces around everything, aliases
// to other keys, what is wrong. Then the library reads the file as a whole. Both ways give the
// same, which is fuzzed.
func quick(lines []string) (root *yaml.Node, ok bool) {
	root = &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	var text strings.Builder // of the keys for the library
	var from []int           // the line, from 0, of each of its lines
	var heads []int          // the index in from of each of its keys
	var holes []int          // where those keys belong in root.Content
	started := false
	for i := 0; i < len(lines); {
		line, _ := cut(lines[i])
		switch {
		case line == "" || line[0] == '#':
			i++
			continue
		case line == "---" && !started:
			started = true
			i++
			continue
		}
		started = true
		if !letterOrLine(line[0]) {
			return nil, false
		}
		end, more := i+1, false // behind the last line of the key, comments and blank lines left out
		for j := i + 1; j < len(lines); j++ {
			next, _ := cut(lines[j])
			if next == "" || next[0] == '#' {
				continue
			}
			if next[0] != ' ' && next[0] != '-' || next == "---" {
				break
			}
			end, more = j+1, true
		}
		if !more {
			if key, value, ok := simple(line); ok {
				key.Line, value.Line = i+1, i+1
				root.Content = append(root.Content, key, value)
				i++
				continue
			}
		}
		heads, holes = append(heads, len(from)), append(holes, len(root.Content))
		root.Content = append(root.Content, nil, nil)
		for ; i < end; i++ {
			text.WriteString(lines[i])
			from = append(from, i)
		}
	}
	if len(heads) == 0 {
		return root, len(root.Content) > 0
	}
	doc, err := parseYAML(text.String())
	if err != nil || len(doc.Content) != 1 {
		return nil, false
	}
	rest := doc.Content[0]
	if rest.Kind != yaml.MappingNode || rest.Style&yaml.FlowStyle != 0 || len(rest.Content) != 2*len(heads) {
		return nil, false
	}
	for k, head := range heads {
		key, value := rest.Content[2*k], rest.Content[2*k+1]
		if key.Line-1 != head || !place(key, from, 0) || !place(value, from, 0) {
			return nil, false
		}
		root.Content[holes[k]], root.Content[holes[k]+1] = key, value
	}
	return root, true
}

// place gives a node and all below it the lines that they have in the file. It is false where
// one of them may be meant elsewhere (anchors, aliases).
func place(n *yaml.Node, from []int, deep int) bool {
	if n.Anchor != "" || n.Kind == yaml.AliasNode || deep > mostDeep {
		return false
	}
	if n.Line < 1 || n.Line > len(from) {
		return false
	}
	n.Line = from[n.Line-1] + 1
	for _, c := range n.Content {
		if !place(c, from, deep+1) {
			return false
		}
	}
	return true
}

func letterOrLine(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// simple reads KEY: VALUE where neither holds anything that YAML looks at twice.
func simple(text string) (key, value *yaml.Node, ok bool) {
	at := 0
	for at < len(text) && (letterOrLine(text[at]) || text[at] >= '0' && text[at] <= '9') {
		at++
	}
	if at == 0 || at+1 >= len(text) || text[at] != ':' || text[at+1] != ' ' {
		return nil, nil, false
	}
	key = &yaml.Node{Kind: yaml.ScalarNode, Value: text[:at], Column: 1}
	for at++; at < len(text) && text[at] == ' '; at++ {
	}
	if at == len(text) {
		return nil, nil, false
	}
	value = &yaml.Node{Kind: yaml.ScalarNode, Column: at + 1}
	end := at
	switch c := text[at]; {
	case c == '"' || c == '\'':
		value.Style = yaml.DoubleQuotedStyle
		if c == '\'' {
			value.Style = yaml.SingleQuotedStyle
		}
		for end++; end < len(text) && text[end] != c; end++ {
			if text[end] < ' ' || text[end] >= 0x7f || text[end] == '\\' {
				return nil, nil, false
			}
		}
		if end == len(text) {
			return nil, nil, false
		}
		value.Value = text[at+1 : end]
		end++
	case letterOrLine(c) || c >= '0' && c <= '9' || c == '/':
		for end < len(text) && (letterOrLine(text[end]) || text[end] >= '0' && text[end] <= '9' || text[end] == '/' || text[end] == '.' || text[end] == '-') {
			end++
		}
		value.Value = text[at:end]
	default:
		return nil, nil, false
	}
	rest := strings.TrimLeft(text[end:], " ")
	if rest == "" || rest[0] == '#' && len(rest) < len(text)-end {
		return key, value, true
	}
	return nil, nil, false
}
