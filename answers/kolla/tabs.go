package kolla

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// tabs finds the first tab that stands between words: PyYAML's own scanner, which
// kolla-genpwd uses, takes only blanks there; the one in C that Ansible may use takes both.
func (v *Vars) tabs() *Fault {
	var free map[int][][2]int // on lines with tabs: where scalars in quotes stand, in bytes
	next := 0                 // the first entry that does not end above the line
	looked := -1
	for i, line := range v.lines {
		text, _ := cut(line)
		if strings.IndexByte(text, '\t') < 0 {
			continue
		}
		for next < len(v.entries) && v.entries[next].last < i {
			next++
		}
		if free == nil {
			free = map[int][][2]int{}
			if v.flow { // all of them may be on any line
				for _, e := range v.entries {
					v.scalars(e.keyNode, free, 0)
					v.scalars(e.node, free, 0)
				}
			}
		}
		if next < len(v.entries) && next != looked && v.entries[next].first <= i && !v.flow {
			looked = next
			v.scalars(v.entries[next].keyNode, free, 0)
			v.scalars(v.entries[next].node, free, 0)
		}
		if at := loose(text, free[i]); at >= 0 {
			return fault(i+1, len([]rune(text[:at]))+1, "", "kolla.tab")
		}
	}
	return nil
}

// loose is where the first tab is that is in no span and in no comment, or -1.
func loose(text string, spans [][2]int) int {
	for at := 0; at < len(text); at++ {
		inside := false
		for _, s := range spans {
			if at >= s[0] && at < s[1] {
				at, inside = s[1]-1, true
				break
			}
		}
		switch {
		case inside:
		case text[at] == '\t':
			return at
		case text[at] == '#' && (at == 0 || text[at-1] == ' '):
			return -1
		}
	}
	return -1
}

// scalars notes where the scalars in quotes and the block scalars below a node stand.
func (v *Vars) scalars(n *yaml.Node, spans map[int][][2]int, deep int) {
	if n.Kind != yaml.ScalarNode {
		for _, c := range n.Content {
			if deep < mostDeep {
				v.scalars(c, spans, deep+1)
			}
		}
		return
	}
	line := n.Line - 1
	if line < 0 || line >= len(v.lines) {
		return
	}
	note := func(line, from, to int) {
		for _, s := range spans[line] {
			if s == [2]int{from, to} {
				return
			}
		}
		spans[line] = append(spans[line], [2]int{from, to})
	}
	text, _ := cut(v.lines[line])
	from := offset(text, n.Column)
	const all = 1 << 30
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		for k := line + 1; k <= line+strings.Count(n.Value, "\n")+1+strings.Count(n.Value, " ") && k < len(v.lines); k++ {
			if t, _ := cut(v.lines[k]); t != "" && t[0] != ' ' && t[0] != '\t' {
				return
			}
			note(k, 0, all)
		}
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		for from < len(text) && text[from] != '"' && text[from] != '\'' { // tag and anchor
			from++
		}
		if end, ok := scalarEnd(text, from, n); ok {
			note(line, from, end)
			return
		}
		note(line, from, all)
		for k := line + 1; k < len(v.lines); k++ { // to the line where it closes
			t, _ := cut(v.lines[k])
			mark := byte('"')
			if n.Style&yaml.SingleQuotedStyle != 0 {
				mark = '\''
			}
			if end, ok := closing(t, mark); ok {
				note(k, 0, end)
				return
			}
			note(k, 0, all)
		}
	}
}

// closing is the place behind the quote that ends a scalar which began on a line above.
func closing(t string, mark byte) (int, bool) {
	for i := 0; i < len(t); i++ {
		switch {
		case mark == '"' && t[i] == '\\':
			i++
		case t[i] == mark && mark == '\'' && i+1 < len(t) && t[i+1] == mark:
			i++
		case t[i] == mark:
			return i + 1, true
		}
	}
	return 0, false
}
