package packstack

import (
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/internal/site"
)

// Options of a check.
type Options struct {
	Site *site.Site // compares hosts and networks with it; nil: not compared
	Env  Env        // of the machine that will run Packstack, where it is known

	// Interfaces are the network interfaces of hosts that could be asked, by the host as the
	// file names it.
	Interfaces map[string][]string
}

// Check tells everything that is wrong with a file for a release, in the order of the file.
// It asks no host and no name server: what Packstack's validators find out by a connection
// or on its own disk is left to the installation's own steps.
//
// Error: Packstack refuses the file, or fails in the middle of its run. Warning: it goes
// through and is hardly meant. Note: what will happen.
func Check(d *Document, c *answers.Catalogue, o Options) answers.Findings {
	k := &checker{d: d, c: c, site: o.Site, interfaces: o.Interfaces, found: &answers.Found{File: d.File}}
	k.parsing()
	k.keys()
	prefer := Python3
	if c.Release == "stein" { // its packages are for CentOS 7
		prefer = Python2
	}
	k.eff = Evaluate(c, d.Values(prefer, c), o.Env)
	k.values()
	k.groups()
	k.contradictions()
	k.hosts()
	k.network()
	k.passwords()
	return k.found.Sorted()
}

// checker is one check under way.
type checker struct {
	d     *Document
	c     *answers.Catalogue
	eff   *Effective
	site  *site.Site
	found *answers.Found
	known map[string]*answers.Entry // by own and former names

	interfaces map[string][]string
}

// at is where a key's value stands, with the value masked where it is a secret. What is about
// a key that the file does not have is told where the key belongs: at the header of its section.
func (k *checker) at(key string) answers.At {
	name := key
	if k.eff != nil && k.eff.Given[key] != "" {
		name = k.eff.Given[key]
	}
	at := answers.At{Line: k.d.Line(name), Key: key}
	if at.Line > 0 {
		at.Col = valueColumn(k.d.lines[at.Line-1].text)
	} else {
		at.Line = k.home()
	}
	if k.eff != nil {
		at.Found = k.eff.Values[key]
	}
	return k.mask(at)
}

// home is the line of [general], else the first one.
func (k *checker) home() int {
	for _, r := range []*reading{k.d.as(Python2), k.d.as(Python3)} {
		if lines := r.sections[sectionName]; len(lines) > 0 {
			return lines[0] + 1
		}
	}
	return 1
}

func (k *checker) mask(at answers.At) answers.At {
	if e := k.entry(at.Key); (e == nil || e.Secret) && at.Found != "" {
		at.Found = answers.Mask
	}
	return at
}

// entry is the entry of a key as a file may spell it, by a former name too; nil: none.
func (k *checker) entry(key string) *answers.Entry {
	if k.known == nil {
		k.known = map[string]*answers.Entry{}
		for i := range k.c.Entries {
			for _, old := range k.c.Entries[i].Former {
				k.known[old] = &k.c.Entries[i]
			}
		}
		for i := range k.c.Entries {
			k.known[k.c.Entries[i].Key] = &k.c.Entries[i]
		}
	}
	return k.known[strings.ToUpper(key)]
}

func valueColumn(text string) int {
	i := strings.IndexAny(text, ":=") + 1
	for i < len(text) && space2(text[i]) {
		i++
	}
	return i + 1
}

func (k *checker) err(key, code string, correction int, args ...string) {
	k.found.Add(k.at(key), answers.Error, correction, code, args...)
}

func (k *checker) warn(key, code string, correction int, args ...string) {
	k.found.Add(k.at(key), answers.Warning, correction, code, args...)
}

func (k *checker) note(key, code string, correction int, args ...string) {
	k.found.Add(k.at(key), answers.Note, correction, code, args...)
}

// v is the effective value of a key.
func (k *checker) v(key string) string { return k.eff.Values[key] }

// on tells whether a key's group is read.
func (k *checker) on(key string) bool { return k.eff.Read[key] }

// given tells whether the file has the key (or a former name of it).
func (k *checker) given(key string) bool { return k.eff.Given[key] != "" }

// list is a value split at its commas, items trimmed, empty ones kept; none for an empty value.
func list(v string) []string {
	if v == "" {
		return nil
	}
	items := strings.Split(v, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}

// filled is list without its empty items.
func filled(v string) []string {
	return slices.DeleteFunc(list(v), func(s string) bool { return s == "" })
}

// parsing tells what the parsers refuse, and where the two read otherwise.
func (k *checker) parsing() {
	type once struct {
		kind string
		line int
	}
	told := map[once]bool{}
	r2, r3 := k.d.as(Python2), k.d.as(Python3)
	for _, r := range []*reading{r2, r3} {
		for _, f := range r.refused {
			if told[once{f.kind, f.line}] || f.kind == "parse.delimiter" && told[once{"parse.indent", f.line}] {
				continue
			}
			told[once{f.kind, f.line}] = true
			correction := 0
			key := f.key
			switch f.kind {
			case "parse.twice":
				correction = 33
			case "parse.delimiter", "parse.indent", "parse.nokey":
				key, _, _ = strings.Cut(strings.Replace(key, ":", "=", 1), "=")
				if key = strings.TrimSpace(key); k.entry(firstWord(key)) != nil {
					key = firstWord(key)
				} else if k.entry(key) == nil {
					key = "" // it may be a piece of a secret
				}
			}
			args := []string{}
			if f.kind == "parse.twice" {
				if all := r.options[sectionName+"\x00"+strings.ToLower(f.key)]; len(all) > 0 {
					args = append(args, "first", number(all[0].line+1))
				} else {
					args = append(args, "first", "?")
				}
			}
			k.found.Add(k.mask(answers.At{Line: f.line + 1, Key: key}), answers.Error, correction, f.kind, args...)
		}
	}
	if len(r2.sections[sectionName])+len(r3.sections[sectionName]) == 0 && !told[once{"parse.section", 0}] {
		at := answers.At{Line: 1}
		for name, lines := range r3.sections {
			if strings.EqualFold(strings.TrimSpace(name), sectionName) {
				at = answers.At{Line: lines[0] + 1, Found: "[" + name + "]"}
			}
		}
		k.found.Add(at, answers.Error, 0, "section.none")
	}
	k.continued(r2, r3)
	k.disagree(r2, r3)
	for i, l := range k.d.lines {
		if isASCII(l.text) {
			continue
		}
		o := r2.optionLine[i]
		if o == nil {
			if i > 0 || !strings.HasPrefix(l.text, "\uFEFF") {
				k.found.Add(answers.At{Line: i + 1}, answers.Warning, 38, "ascii.comment")
			}
			continue
		}
		e := k.entry(o.key)
		at := k.mask(answers.At{Line: i + 1, Col: valueColumn(l.text), Key: strings.ToUpper(o.key), Found: strings.ToValidUTF8(o.value, "?")})
		if e != nil && e.Secret {
			k.found.Add(at, answers.Error, 38, "ascii.secret")
		} else {
			k.found.Add(at, answers.Error, 38, "ascii.value")
		}
	}
}

// firstWord is what stands before the first blank.
func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

// continued tells which lines are swallowed by the value before them.
func (k *checker) continued(r2, r3 *reading) {
	told := map[int]bool{}
	for _, r := range []*reading{r2, r3} {
		for _, o := range r.order {
			for _, line := range o.added {
				text := strings.TrimSpace(k.d.lines[line].text)
				if told[line] || text == "" {
					continue
				}
				told[line] = true
				at := answers.At{Line: line + 1, Key: strings.ToUpper(o.key)}
				name := strings.TrimSpace(text[:max(strings.IndexAny(text, ":="), 0)])
				if e := k.entry(name); e != nil {
					at.Key = e.Key
					k.found.Add(at, answers.Error, 38, "line.swallowed", "owner", strings.ToUpper(o.key))
				} else {
					k.found.Add(at, answers.Error, 38, "line.continues")
				}
			}
		}
	}
}

// disagree tells which values the two interpreters read otherwise for another reason.
func (k *checker) disagree(r2, r3 *reading) {
	for _, o := range r2.order {
		other, ok := r3.get(sectionName, o.key)
		mine, _ := r2.get(sectionName, o.key)
		if !ok || mine != o || other.value == o.value || len(o.added)+len(other.added) > 0 || len(r3.options[sectionName+"\x00"+o.key]) > 1 {
			continue
		}
		code := "python.differ"
		switch {
		case strings.HasPrefix(other.value, `""`) && o.value == "":
			code = "python.quotes"
		case strings.Contains(other.value, ";") && strings.HasPrefix(other.value, o.value):
			code = "python.comment"
		}
		at := k.mask(answers.At{Line: o.line + 1, Col: valueColumn(k.d.lines[o.line].text), Key: strings.ToUpper(o.key), Found: strings.ToValidUTF8(other.value, "?")})
		sev := answers.Warning
		if e := k.entry(o.key); e != nil && e.Secret {
			sev = answers.Error // another password on another interpreter
		}
		k.found.Add(at, sev, 38, code)
	}
	for line, o := range r3.optionLine {
		if r2.optionLine[line] == nil && line == o.line && r3.inSection[line] == sectionName && strings.HasPrefix(o.key, "rem") {
			k.found.Add(answers.At{Line: line + 1}, answers.Warning, 0, "python.rem")
		}
	}
}

// keys tells which keys are not the release's, and what stands in other sections.
func (k *checker) keys() {
	r := k.d.as(Python2)
	seen := map[int]bool{}
	for _, r := range []*reading{r, k.d.as(Python3)} {
		for line, section := range r.inSection {
			if seen[line] {
				continue
			}
			seen[line] = true
			key := strings.ToUpper(r.optionLine[line].key)
			at := answers.At{Line: line + 1, Key: key}
			if !isASCII(key) || len(key) > 80 {
				at.Key = ""
			}
			e := k.entry(key)
			switch {
			case section != sectionName && section != defaultSection:
				if e != nil {
					k.found.Add(at, answers.Warning, 0, "section.other", "section", section)
				}
			case e == nil:
				k.unknown(at, key)
			case e.Key != key:
				k.former(at, e, r)
			}
		}
	}
}

// unknown tells that a key is not the release's: another release's, a misspelt one, or none.
func (k *checker) unknown(at answers.At, key string) {
	release := "Packstack " + k.c.Release
	if other, ok := map[string]string{"CONFIG_LBAAS_INSTALL": "Stein", "CONFIG_SKIP_TEMPEST_TESTS": "Train"}[key]; ok {
		k.found.Add(at, answers.Warning, 0, "key.release", "release", release, "other", other)
		return
	}
	if near := k.c.Nearest(key); near != "" {
		k.found.Add(at, answers.Warning, 0, "key.near", "release", release, "near", near)
		return
	}
	k.found.Add(at, answers.Warning, 0, "key.unknown", "release", release)
}

// former tells what becomes of a key's older name.
func (k *checker) former(at answers.At, e *answers.Entry, r *reading) {
	if _, ok := r.get(sectionName, strings.ToLower(e.Key)); ok {
		k.found.Add(at, answers.Warning, 0, "former.beside", "now", e.Key)
		return
	}
	values := map[string]bool{}
	for _, old := range e.Former {
		if o, ok := r.get(sectionName, strings.ToLower(old)); ok && o.value != "" {
			values[o.value] = true
		}
	}
	if len(values) > 1 {
		k.found.Add(at, answers.Error, 0, "former.differ", "now", e.Key, "old", strings.Join(e.Former, ", "))
		return
	}
	k.found.Add(at, answers.Note, 0, "former.used", "now", e.Key)
}

// groups tells which given values are lost because their group is not read.
func (k *checker) groups() {
	agent := k.v("CONFIG_NEUTRON_L2_AGENT")
	for _, e := range k.c.Entries {
		if !k.given(e.Key) || k.on(e.Key) {
			continue
		}
		v, _ := k.d.Get(Python2, k.eff.Given[e.Key])
		if v == e.Default || v == "" || e.Generate != nil && v == Placeholder || e.Computed == "local_ip" && v == k.v("CONFIG_CONTROLLER_HOST") {
			continue // nothing of the operator's is lost
		}
		at := k.at(e.Key)
		at.Found = v
		at = k.mask(at)
		switch {
		case strings.HasPrefix(e.Group, "NEUTRON_OVS") || strings.HasPrefix(e.Group, "NEUTRON_OVN") || strings.HasPrefix(e.Group, "NEUTRON_LB"):
			if of := agentOf(e.Group); k.v("CONFIG_NEUTRON_INSTALL") == "y" && of != agent {
				k.found.Add(at, answers.Warning, 34, "agent.other", "agent", agent, "of", of)
			}
		case e.Generate != nil || e.Secret:
			// A generated file has all passwords filled in, whatever is installed.
		default:
			k.found.Add(at, answers.Note, 37, "group.off", "condition", conditionText(e.When))
		}
	}
}

func agentOf(group string) string {
	switch {
	case strings.HasPrefix(group, "NEUTRON_OVS"):
		return "openvswitch"
	case strings.HasPrefix(group, "NEUTRON_OVN"):
		return "ovn"
	}
	return "linuxbridge"
}

// conditionText is a condition in the terms of the file.
func conditionText(c *answers.Condition) string {
	if c == nil {
		return ""
	}
	var all []string
	for _, t := range append(slices.Clone(c.All), c.Any...) {
		switch t.Op {
		case "eq":
			all = append(all, t.Key+"="+t.Value)
		case "substring":
			all = append(all, t.Key+"=..."+t.Value+"...")
		case "in":
			all = append(all, t.Key+"="+strings.Join(t.OneOf, "|"))
		default:
			all = append(all, t.Key+"=...")
		}
	}
	sep := ", "
	if len(c.Any) > 0 {
		sep = " / "
	}
	return strings.Join(all, sep)
}
