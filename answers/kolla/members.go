package kolla

import (
	"errors"
	"slices"
	"sort"
	"strings"
)

// Groups are the names of all groups, as they are first named; "all" and "ungrouped" come first.
func (inv *Inventory) Groups() []string { return slices.Clone(inv.order) }

// Group returns a group, or nil. It is not to be changed.
func (inv *Inventory) Group(name string) *Group { return inv.groups[name] }

// Members are the hosts of a group and of its children, each once, in the order of the file.
// Those of "all" are every host.
func (inv *Inventory) Members(group string) []string {
	var out []string
	seen := map[string]bool{}
	visited := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		g := inv.groups[name]
		if g == nil || visited[name] {
			return
		}
		visited[name] = true
		for _, h := range g.Hosts {
			if !seen[h] {
				seen[h] = true
				out = append(out, h)
			}
		}
		for _, c := range g.Children {
			walk(c)
		}
	}
	if group == "all" {
		for _, name := range inv.order {
			walk(name)
		}
		return out
	}
	walk(group)
	return out
}

// Hosts are all hosts, as they are first named.
func (inv *Inventory) Hosts() []string { return inv.Members("all") }

// HostLine is the line on which a host is first named, from 1; 0 where it is not there.
func (inv *Inventory) HostLine(host string) int {
	if at := inv.byHost[host]; len(at) > 0 {
		return inv.items[at[0]].line + 1
	}
	return 0
}

// Of returns the groups that a host is in, itself or through their children, in the order of
// the file; "all" is left out.
func (inv *Inventory) Of(host string) []string {
	if inv.groupsOf == nil {
		inv.groupsOf = map[string][]string{}
		for _, name := range inv.order {
			if name == "all" {
				continue
			}
			for _, h := range inv.Members(name) {
				inv.groupsOf[h] = append(inv.groupsOf[h], name)
			}
		}
	}
	return slices.Clone(inv.groupsOf[host])
}

// Var is the variable that a host would get from the inventory: its own, else that of the
// deepest of its groups, of equally deep ones the last by name (Ansible's precedence).
func (inv *Inventory) Var(host, name string) (Assignment, bool) {
	var found Assignment
	ok := false
	for _, at := range inv.byHost[host] {
		for _, a := range inv.items[at].vars {
			if a.Name == name {
				found, ok = a, true
			}
		}
	}
	if ok {
		return found, true
	}
	deep := inv.depths()
	groups := slices.DeleteFunc(append([]string{"all"}, inv.Of(host)...), func(g string) bool { return len(inv.groups[g].Vars) == 0 })
	sort.SliceStable(groups, func(i, j int) bool {
		if deep[groups[i]] != deep[groups[j]] {
			return deep[groups[i]] < deep[groups[j]]
		}
		return groups[i] < groups[j]
	})
	for _, g := range groups {
		for _, a := range inv.groups[g].Vars {
			if a.Name == name {
				found, ok = a, true
			}
		}
	}
	return found, ok
}

// Variables are the names of the variables that the inventory sets for hosts and groups, sorted;
// Ansible's own are left out.
func (inv *Inventory) Variables() []string {
	var out []string
	for _, it := range inv.items {
		for _, a := range it.vars {
			if !strings.HasPrefix(a.Name, "ansible_") && !slices.Contains(out, a.Name) {
				out = append(out, a.Name)
			}
		}
	}
	sort.Strings(out)
	return out
}

// depths are how far below "all" each group is, by its longest way down.
func (inv *Inventory) depths() map[string]int {
	if inv.deep != nil {
		return inv.deep
	}
	parents := map[string][]string{}
	for _, name := range inv.order {
		for _, c := range inv.groups[name].Children {
			parents[c] = append(parents[c], name)
		}
	}
	deep := map[string]int{"all": 0}
	var depth func(name string) int
	depth = func(name string) int {
		if d, ok := deep[name]; ok {
			return d
		}
		d := 1
		for _, p := range parents[name] {
			d = max(d, depth(p)+1)
		}
		deep[name] = d
		return d
	}
	for _, name := range inv.order {
		depth(name)
	}
	inv.deep = deep
	return deep
}

// AddHost puts a host on a line of its own at the end of a group's section. A group without a
// section of hosts, or that has the host, is an error.
func (inv *Inventory) AddHost(group, host string, vars ...Assignment) error {
	line, err := hostText(host, vars)
	if err != nil {
		return err
	}
	at := -1
	for _, it := range inv.items {
		if it.group == group && it.kind == hostLines {
			at = it.line + 1
			if slices.Contains(it.hosts, host) {
				return fault(it.line+1, 1, host, "inventory.host.there", "group", group)
			}
		}
	}
	if at < 0 {
		return fault(0, 0, group, "inventory.group.none")
	}
	return inv.edit(func() {
		if text, eol := cut(inv.lines[at-1]); eol == "" {
			inv.lines[at-1] = text + ending(inv.lines)
			inv.lines = slices.Insert(inv.lines, at, line)
			return
		}
		inv.lines = slices.Insert(inv.lines, at, line+ending(inv.lines))
	})
}

// RemoveHost takes a host's line out of a group's section. A host that is there as part of a
// range cannot be taken out.
func (inv *Inventory) RemoveHost(group, host string) error {
	for _, it := range inv.items {
		if it.head || it.group != group || it.kind != hostLines || !slices.Contains(it.hosts, host) {
			continue
		}
		if len(it.hosts) > 1 {
			return fault(it.line+1, 1, host, "inventory.host.range", "range", it.name)
		}
		return inv.edit(func() { inv.lines = slices.Delete(inv.lines, it.line, it.line+1) })
	}
	return fault(0, 0, host, "inventory.host.none", "group", group)
}

// SetHostVar gives a host a variable, on the line that has it already or on the first that
// names the host alone.
func (inv *Inventory) SetHostVar(host, name, value string) error {
	if badVariable(name) {
		return fault(0, 0, name, "inventory.variable.name")
	}
	text, ok := hostValue(value)
	if !ok {
		return fault(0, 0, name, "inventory.value")
	}
	var first, has *item
	for i := range inv.items {
		it := &inv.items[i]
		if it.head || it.kind != hostLines || !slices.Contains(it.hosts, host) {
			continue
		}
		if len(it.hosts) > 1 {
			if slices.ContainsFunc(it.vars, func(a Assignment) bool { return a.Name == name }) {
				return fault(it.line+1, 1, host, "inventory.host.range", "range", it.name)
			}
			continue
		}
		if first == nil {
			first = it
		}
		if slices.ContainsFunc(it.vars, func(a Assignment) bool { return a.Name == name }) {
			has = it
		}
	}
	if first == nil {
		return fault(0, 0, host, "inventory.host.none", "group", "all")
	}
	if has == nil {
		has = first
	}
	raw, eol := cut(inv.lines[has.line])
	lead := len(raw) - len(strings.TrimLeft(raw, " \t"))
	tokens, spans, _ := words(raw[lead:])
	at := -1
	for i, t := range tokens[1:] {
		if strings.HasPrefix(t, name+"=") {
			at = i + 1
		}
	}
	return inv.edit(func() {
		if at < 0 {
			end := lead + spans[len(spans)-1][1]
			inv.lines[has.line] = raw[:end] + " " + name + "=" + text + raw[end:] + eol
			return
		}
		inv.lines[has.line] = raw[:lead+spans[at][0]] + name + "=" + text + raw[lead+spans[at][1]:] + eol
	})
}

// SetGroupVar gives a group a variable, in its section of variables; that is made at the end
// of the file where there is none.
func (inv *Inventory) SetGroupVar(group, name, value string) error {
	if badVariable(name) {
		return fault(0, 0, name, "inventory.variable.name")
	}
	if g := inv.groups[group]; g == nil || !g.Declared {
		return fault(0, 0, group, "inventory.group.none")
	}
	text, ok := hostValue(value)
	if !ok {
		return fault(0, 0, name, "inventory.value")
	}
	eol := ending(inv.lines)
	end, has := -1, -1
	for _, it := range inv.items {
		if it.group == group && it.kind == varLines {
			end = it.line + 1
			if it.name == name {
				has = it.line
			}
		}
	}
	return inv.edit(func() {
		switch {
		case has >= 0:
			raw, e := cut(inv.lines[has])
			before, _, _ := strings.Cut(raw, "=")
			space := raw[len(before)+1:]
			space = space[:len(space)-len(strings.TrimLeft(space, " \t"))]
			inv.lines[has] = before + "=" + space + text + e
		case end >= 0:
			inv.closed(end)
			inv.lines = slices.Insert(inv.lines, end, name+"="+text+eol)
		default:
			inv.closed(len(inv.lines))
			inv.lines = append(inv.lines, eol, "["+group+":vars]"+eol, name+"="+text+eol)
		}
	})
}

// closed gives the line before another one its ending.
func (inv *Inventory) closed(at int) {
	if at > 0 {
		if text, eol := cut(inv.lines[at-1]); eol == "" {
			inv.lines[at-1] = text + ending(inv.lines)
		}
	}
}

// edit changes lines and reads them anew; what cannot be read then is undone.
func (inv *Inventory) edit(change func()) error {
	before := slices.Clone(inv.lines)
	change()
	if err := inv.load(); err != nil {
		inv.lines = before
		return errors.Join(err, inv.load())
	}
	return nil
}

func badVariable(name string) bool {
	return name == "" || name[0] >= '0' && name[0] <= '9' || strings.ContainsFunc(name, func(r rune) bool { return !word(r) || r > 0x7f })
}

// hostText is the line of a host.
func hostText(host string, vars []Assignment) (string, error) {
	budget := 1
	if hosts, code := expand(host, &budget); code != "" || len(hosts) != 1 || hosts[0] != host || strings.ContainsAny(host, " \t#'\"\\=:;") || strings.ContainsFunc(host, func(r rune) bool { return r < ' ' }) {
		return "", fault(0, 0, host, "inventory.host.name")
	}
	line := host
	for _, a := range vars {
		text, ok := hostValue(a.Value)
		if !ok || badVariable(a.Name) {
			return "", fault(0, 0, a.Name, "inventory.value")
		}
		line += " " + a.Name + "=" + text
	}
	return line, nil
}

// hostValue writes a value so that it is read as that text: nothing that Python would take
// for a list, nothing that a shell would take apart. Other texts belong into host_vars.
func hostValue(s string) (string, bool) {
	if s == "" || len(s) > 1000 {
		return "", false
	}
	for _, r := range s {
		if !(word(r) && r < 0x80 || strings.ContainsRune("-./:@~+%,", r)) {
			return "", false
		}
	}
	return s, true
}
