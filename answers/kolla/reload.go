package kolla

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// reload reads entry i anew after its lines have changed, and moves the ones below. What
// cannot be read alone (an alias to another key, braces around everything) is read with all.
func (v *Vars) reload(i, before int) error {
	shift := len(v.lines) - before
	e := v.entries[i]
	if v.flow || e.last+shift < e.first {
		return v.load()
	}
	fresh, ok := v.alone(e.key, e.first, e.last+shift)
	if !ok {
		return v.load()
	}
	v.entries[i] = fresh
	v.shift(i+1, shift)
	return nil
}

// alone reads the lines of one key by themselves; it is false where that cannot be.
func (v *Vars) alone(key string, first, last int) (entry, bool) {
	doc, err := parseYAML(strings.Join(v.lines[first:last+1], ""))
	if err != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode || len(doc.Content[0].Content) != 2 {
		return entry{}, false
	}
	root := doc.Content[0]
	budget := mostNodes
	value, f := convert(root.Content[1], 0, &budget)
	if f != nil || root.Content[0].Value != key {
		return entry{}, false
	}
	seen := map[*yaml.Node]bool{}
	move(root.Content[0], first, seen)
	move(root.Content[1], first, seen)
	return entry{key: key, first: first, last: last, keyNode: root.Content[0], node: root.Content[1], value: value}, true
}

// shift moves the entries from one on, and the end, by so many lines.
func (v *Vars) shift(from, by int) {
	if by == 0 {
		return
	}
	seen := map[*yaml.Node]bool{}
	for k := from; k < len(v.entries); k++ {
		v.entries[k].first += by
		v.entries[k].last += by
		move(v.entries[k].keyNode, by, seen)
		move(v.entries[k].node, by, seen)
	}
	v.end += by
}

// move adds lines to the place of a node and all below it, each once.
func move(n *yaml.Node, by int, seen map[*yaml.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	n.Line += by
	for _, c := range n.Content {
		move(c, by, seen)
	}
}
