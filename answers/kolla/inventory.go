package kolla

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Inventory is an Ansible inventory in INI form, as Ansible's plugin "ini" reads it
// (ansible/plugins/inventory/ini.py): sections of hosts, of children, of variables. It keeps
// every byte; changes are made line by line. It is for one goroutine at a time.
type Inventory struct {
	lines  []string
	items  []item // one for each line that is neither blank nor a comment
	groups map[string]*Group
	order  []string // of groups, as they are first named

	byHost   map[string][]int    // host -> its lines among items
	groupsOf map[string][]string // host -> groups; made when it is first asked for
	deep     map[string]int      // group -> how far below "all"; likewise
}

// Group is one group. Its own hosts and those of its children are apart; see Members.
type Group struct {
	Name     string
	Line     int      // where it is first named, from 1
	Declared bool     // it has a section of its own, other than of variables
	Hosts    []string // of its own sections, ranges written out, each once
	Children []string
	Vars     []Assignment
}

// Assignment is a variable of a host or group.
type Assignment struct {
	Name, Value string // the value without quotes
	Line        int
}

type section string

const (
	hostLines  section = "hosts"
	childLines section = "children"
	varLines   section = "vars"
)

// item is a line with something on it.
type item struct {
	line  int // from 0
	head  bool
	kind  section
	group string
	hosts []string // of a host line
	name  string   // the word as it stands: host pattern, child, variable
	vars  []Assignment
}

// mostHosts is how many a file may name, ranges written out: nobody has more.
const mostHosts = 20_000

// ParseInventory reads an inventory. What Ansible would refuse is a *Fault.
func ParseInventory(data []byte) (*Inventory, error) {
	if len(data) > most {
		return nil, fault(0, 0, "", "kolla.size", "bytes", strconv.Itoa(len(data)))
	}
	inv := &Inventory{lines: split(string(data))}
	if strings.HasPrefix(string(data), bom) {
		return nil, fault(1, 1, "", "kolla.bom")
	}
	if f := unreadable(inv.lines); f != nil {
		return nil, f
	}
	if err := inv.load(); err != nil {
		return nil, err
	}
	return inv, nil
}

// Bytes is the file.
func (inv *Inventory) Bytes() []byte { return []byte(strings.Join(inv.lines, "")) }

// load reads the lines anew.
func (inv *Inventory) load() error {
	inv.items, inv.groups, inv.order = nil, map[string]*Group{}, nil
	inv.byHost, inv.groupsOf, inv.deep = map[string][]int{}, nil, nil
	within := map[[2]string]bool{} // group, and host or ":" and child
	group, kind := "ungrouped", hostLines
	inv.group("all", 0).Declared = true
	inv.group("ungrouped", 0).Declared = true
	parents := map[string]item{} // of children, the line that names them first
	budget := mostHosts
	for i, raw := range inv.lines {
		text, _ := cut(raw)
		blank := strings.IndexFunc(text, odder)
		text = strings.TrimSpace(text)
		if text == "" || text[0] == '#' || text[0] == ';' {
			continue
		}
		if blank >= 0 {
			return fault(i+1, utf8.RuneCountInString(raw[:blank])+1, group, "inventory.blank")
		}
		if name, k, ok := header(text); ok {
			switch section(k) {
			case "":
				k = string(hostLines)
			case hostLines, childLines, varLines:
			default:
				return fault(i+1, 1, name, "inventory.section.kind", "kind", k)
			}
			group, kind = name, section(k)
			g := inv.group(group, i+1)
			g.Declared = g.Declared || kind != varLines
			inv.items = append(inv.items, item{line: i, head: true, kind: kind, group: group})
			continue
		}
		if text[0] == '[' && text[len(text)-1] == ']' {
			return fault(i+1, 1, text, "inventory.section.name")
		}
		it := item{line: i, kind: kind, group: group}
		g := inv.group(group, i+1)
		switch kind {
		case hostLines:
			if f := inv.hostLine(&it, text, &budget); f != nil {
				f.Line = i + 1
				return f
			}
			for _, h := range it.hosts {
				if !within[[2]string{group, h}] {
					within[[2]string{group, h}] = true
					g.Hosts = append(g.Hosts, h)
				}
				inv.byHost[h] = append(inv.byHost[h], len(inv.items))
			}
		case childLines:
			name, ok := child(text)
			if !ok {
				return fault(i+1, 1, group, "inventory.child")
			}
			it.name = name
			if pair := [2]string{group, ":" + name}; !within[pair] { // no host's name begins like this
				within[pair] = true
				g.Children = append(g.Children, name)
			}
			if _, known := parents[name]; !known {
				parents[name] = it
			}
			inv.group(name, i+1)
		case varLines:
			name, value, ok := strings.Cut(text, "=")
			if !ok {
				return fault(i+1, 1, group, "inventory.variable")
			}
			it.name = strings.TrimSpace(name)
			it.vars = []Assignment{{it.name, literal(strings.TrimSpace(value)), i + 1}}
			g.Vars = append(g.Vars, it.vars...)
		}
		inv.items = append(inv.items, it)
	}
	for _, name := range inv.order {
		g := inv.groups[name]
		if g.Declared {
			continue
		}
		if p, ok := parents[name]; ok {
			return fault(p.line+1, 1, name, "inventory.child.unknown", "parent", p.group)
		}
		return fault(g.Line, 1, name, "inventory.vars.unknown")
	}
	return inv.circles()
}

// odder tells whether a character looks like a blank and is another one.
func odder(r rune) bool { return r > 0x7f && (unicode.IsSpace(r) || r == 0x200b || r == 0x2060) }

// group returns the group of a name, made where it is new.
func (inv *Inventory) group(name string, line int) *Group {
	if g, ok := inv.groups[name]; ok {
		return g
	}
	g := &Group{Name: name, Line: line}
	inv.groups[name] = g
	inv.order = append(inv.order, name)
	return g
}

// circles refuses groups that are their own children, however far down.
func (inv *Inventory) circles() error {
	const open, done = 1, 2
	state := map[string]int{}
	var walk func(name string) *Fault
	walk = func(name string) *Fault {
		state[name] = open
		for _, c := range inv.groups[name].Children {
			switch state[c] {
			case open:
				for _, it := range inv.items {
					if it.kind == childLines && it.group == name && it.name == c {
						return fault(it.line+1, 1, c, "inventory.circle", "parent", name)
					}
				}
			case done:
			default:
				if f := walk(c); f != nil {
					return f
				}
			}
		}
		state[name] = done
		return nil
	}
	for _, name := range inv.order {
		if state[name] == 0 {
			if f := walk(name); f != nil {
				return f
			}
		}
	}
	return nil
}

// header reads "[name]" or "[name:kind]", with a comment behind it or not.
func header(text string) (name, kind string, ok bool) {
	if text[0] != '[' {
		return "", "", false
	}
	end := strings.IndexByte(text, ']')
	if end < 0 {
		return "", "", false
	}
	if rest := strings.TrimSpace(text[end+1:]); rest != "" && rest[0] != '#' {
		return "", "", false
	}
	name, kind, two := strings.Cut(text[1:end], ":")
	if name == "" || strings.ContainsAny(name, " \t") || two && (kind == "" || strings.ContainsFunc(kind, func(r rune) bool { return !word(r) })) {
		return "", "", false
	}
	return name, kind, true
}

func word(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r > 0x7f
}

// child reads the name of a group on a line of its own, with a comment behind it or not.
func child(text string) (string, bool) {
	end := strings.IndexAny(text, " \t:]")
	if end < 0 {
		return text, true
	}
	rest := strings.TrimSpace(text[end:])
	if end == 0 || rest != "" && rest[0] != '#' {
		return "", false
	}
	return text[:end], true
}

// literal takes the quotes off a value that is one Python string.
func literal(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] && !strings.ContainsAny(s[1:len(s)-1], `\`+s[:1]) {
		return s[1 : len(s)-1]
	}
	return s
}

// hostLine reads a host, or a range of them, with its variables.
func (inv *Inventory) hostLine(it *item, text string, budget *int) *Fault {
	tokens, _, ok := words(text)
	if !ok {
		return fault(0, 1, it.group, "inventory.quote")
	}
	if len(tokens) == 0 {
		return fault(0, 1, it.group, "inventory.host.empty")
	}
	it.name = tokens[0]
	pattern, port := tokens[0], ""
	if strings.Contains(pattern, "=") {
		return fault(0, 1, strings.SplitN(pattern, "=", 2)[0], "inventory.host.assign", "group", it.group)
	}
	if pattern == "---" {
		return fault(0, 1, pattern, "inventory.yaml")
	}
	if inside, rest, ok := strings.Cut(strings.TrimPrefix(pattern, "["), "]:"); ok && pattern[0] == '[' && isAddress(inside) { // IPv6 with a port
		pattern, port = inside, rest
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fault(0, 1, it.name, "inventory.port", "found", port)
		}
	} else if at := strings.LastIndexByte(pattern, ':'); at >= 0 && at > strings.LastIndexByte(pattern, ']') && strings.Count(pattern[strings.LastIndexByte(pattern, ']')+1:], ":") == 1 {
		pattern, port = pattern[:at], pattern[at+1:]
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fault(0, 1, it.name, "inventory.port", "found", port)
		}
	}
	hosts, code := expand(pattern, budget)
	if code != "" {
		return fault(0, 1, it.name, code)
	}
	it.hosts = hosts
	if port != "" {
		it.vars = append(it.vars, Assignment{"ansible_port", port, it.line + 1})
	}
	for _, t := range tokens[1:] {
		name, value, ok := strings.Cut(t, "=")
		if !ok || name == "" {
			return fault(0, 1, it.name, "inventory.assignment")
		}
		it.vars = append(it.vars, Assignment{name, literal(value), it.line + 1})
	}
	return nil
}

// words cuts a line as a shell would: quotes, backslashes, and a comment from "#" on, which
// begins in the middle of a word too (shlex of Python, posix, comments on). Spans are where
// the words stand: [start, end).
func words(text string) (out []string, spans [][2]int, ok bool) {
	if !strings.ContainsAny(text, `'"\#`) { // as nearly all lines are
		out, spans = make([]string, 0, 4), make([][2]int, 0, 4)
		for at := 0; at < len(text); {
			end := strings.IndexAny(text[at:], " \t")
			if end < 0 {
				end = len(text) - at
			}
			if end > 0 {
				out, spans = append(out, text[at:at+end]), append(spans, [2]int{at, at + end})
			}
			at += end + 1
		}
		return out, spans, true
	}
	var b strings.Builder
	begun := -1
	begin := func(i int) {
		if begun < 0 {
			begun = i
		}
	}
	done := func(i int) {
		if begun >= 0 {
			out, spans = append(out, b.String()), append(spans, [2]int{begun, i})
			b.Reset()
			begun = -1
		}
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case ' ', '\t':
			done(i)
		case '#':
			done(i)
			return out, spans, true
		case '\'':
			begin(i)
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return nil, nil, false
			}
			b.WriteString(text[i+1 : i+1+end])
			i += end + 1
		case '"':
			begin(i)
			for i++; ; i++ {
				if i >= len(text) {
					return nil, nil, false
				}
				if text[i] == '"' {
					break
				}
				if text[i] == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\') {
					i++
				}
				b.WriteByte(text[i])
			}
		case '\\':
			if i+1 >= len(text) {
				return nil, nil, false
			}
			begin(i)
			i++
			b.WriteByte(text[i])
		default:
			begin(i)
			b.WriteByte(c)
		}
	}
	done(len(text))
	return out, spans, true
}

// expand writes a pattern such as web[01:20] or db-[a:c] out. The code says what is wrong.
func expand(pattern string, budget *int) (hosts []string, code string) {
	open := strings.IndexByte(pattern, '[')
	if open < 0 {
		*budget--
		if *budget < 0 {
			return nil, "inventory.many"
		}
		if strings.ContainsAny(pattern, "]|,") || pattern == "" {
			return nil, "inventory.host.name"
		}
		return []string{pattern}, ""
	}
	end := strings.IndexByte(pattern[open:], ']')
	if end < 0 {
		return nil, "inventory.range"
	}
	head, inside, tail := pattern[:open], pattern[open+1:open+end], pattern[open+end+1:]
	bounds := strings.Split(inside, ":")
	if len(bounds) != 2 && len(bounds) != 3 || bounds[1] == "" {
		return nil, "inventory.range"
	}
	step := 1
	if len(bounds) == 3 {
		var err error
		if step, err = strconv.Atoi(bounds[2]); err != nil || step < 1 {
			return nil, "inventory.range"
		}
	}
	first, last := bounds[0], bounds[1]
	if first == "" {
		first = "0"
	}
	var middle []string
	if letter(first) && letter(last) {
		const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		a, b := strings.Index(letters, first), strings.Index(letters, last)
		if a > b {
			return nil, "inventory.range.order"
		}
		for ; a <= b; a += step {
			middle = append(middle, letters[a:a+1])
		}
	} else {
		a, errA := strconv.Atoi(first)
		b, errB := strconv.Atoi(last)
		if errA != nil || errB != nil || a < 0 || b < 0 || first[0] == '+' || last[0] == '+' {
			return nil, "inventory.range"
		}
		width := 0
		if first[0] == '0' && len(first) > 1 {
			if width = len(first); width != len(last) {
				return nil, "inventory.range.width"
			}
		}
		if a > b {
			return nil, "inventory.range.order"
		}
		if (b-a)/step > mostHosts {
			return nil, "inventory.many"
		}
		for ; a <= b; a += step {
			n := strconv.Itoa(a)
			middle = append(middle, strings.Repeat("0", max(0, width-len(n)))+n)
		}
	}
	for _, m := range middle {
		more, code := expand(head+m+tail, budget)
		if code != "" {
			return nil, code
		}
		hosts = append(hosts, more...)
	}
	return hosts, ""
}

func letter(s string) bool {
	return len(s) == 1 && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}
