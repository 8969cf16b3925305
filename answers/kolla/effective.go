package kolla

import (
	"slices"
	"strings"
)

// Effective is the values that Kolla-Ansible would work with: those of the file, the
// defaults of the release for the rest, and what templates among them make of both.
type Effective struct {
	release *Release
	vars    *Vars // nil: defaults only
	memo    map[string]result
}

type result struct {
	value Value
	known bool
}

// NewEffective looks at a file, or at the defaults alone where vars is nil.
func NewEffective(r *Release, vars *Vars) *Effective {
	return &Effective{release: r, vars: vars, memo: map[string]result{}}
}

// Get is the value of a key. It is not known where it depends on a host, or on a template
// that needs all of Jinja.
func (e *Effective) Get(key string) (Value, bool) {
	if r, ok := e.memo[key]; ok {
		return r.value, r.known
	}
	e.memo[key] = result{} // a circle is not known
	v, known := e.get(key)
	e.memo[key] = result{v, known}
	return v, known
}

func (e *Effective) get(key string) (Value, bool) {
	if e.vars != nil {
		if v, ok := e.vars.Get(key); ok {
			if v.Kind == String && templated(v.Text) {
				return e.render(v.Text)
			}
			return v, v.Kind != Vault
		}
	}
	entry := e.release.Catalogue.Entry(key)
	if entry == nil || entry.Generate != nil {
		return Value{Kind: Null}, false
	}
	if entry.Computed != "" {
		return e.render(entry.Computed)
	}
	if v, ok := Default(entry); ok {
		return v, true
	}
	return Value{Kind: Null}, true
}

// On tells whether a switch is on; what is not known is not.
func (e *Effective) On(key string) bool {
	v, ok := e.Get(key)
	return ok && v.Truth()
}

// Off tells whether a switch is known to be off.
func (e *Effective) Off(key string) bool {
	v, ok := e.Get(key)
	return ok && !v.Truth()
}

// Text is a value as text, "" where it is not known.
func (e *Effective) Text(key string) string {
	if v, ok := e.Get(key); ok && v.Kind != List && v.Kind != Map {
		return v.String()
	}
	return ""
}

func templated(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "{%") }

// render makes of a template what Jinja would, for the small part of Jinja that Kolla's
// defaults are written in: expressions with names, strings, and, or, not, ==, !=, in, a if b
// else c, and the filters bool and default.
func (e *Effective) render(template string) (Value, bool) {
	if strings.Contains(template, "{%") {
		return e.branches(template)
	}
	if inner, ok := strings.CutPrefix(template, "{{"); ok {
		if inner, ok = strings.CutSuffix(inner, "}}"); ok && !strings.Contains(inner, "{{") {
			return e.expression(inner)
		}
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{{")
		b.WriteString(before)
		if !ok {
			return Str(b.String()), true
		}
		inner, after, ok := strings.Cut(rest, "}}")
		if !ok {
			return Value{Kind: Null}, false
		}
		v, known := e.expression(inner)
		if !known {
			return Value{Kind: Null}, false
		}
		b.WriteString(v.String())
		template = after
	}
}

// branches are texts with {% if C %}A{% else %}B{% endif %} in them, none inside of another.
func (e *Effective) branches(template string) (Value, bool) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{%")
		b.WriteString(before)
		if !ok {
			return e.render(b.String())
		}
		head, rest, _ := strings.Cut(rest, "%}")
		cond, isIf := strings.CutPrefix(strings.TrimSpace(head), "if ")
		body, after, ended := cutTag(rest, "endif")
		if !isIf || !ended {
			return Value{Kind: Null}, false
		}
		then, other, _ := cutTag(body, "else")
		v, known := e.expression(cond)
		if !known || strings.Contains(then+other, "{%") {
			return Value{Kind: Null}, false
		}
		if truthy(v) {
			b.WriteString(then)
		} else {
			b.WriteString(other)
		}
		template = after
	}
}

// cutTag parts a text at {% NAME %}.
func cutTag(s, name string) (before, after string, ok bool) {
	for at := 0; ; {
		i := strings.Index(s[at:], "{%")
		if i < 0 {
			return s, "", false
		}
		i += at
		tag, rest, closed := strings.Cut(s[i+2:], "%}")
		if closed && strings.TrimSpace(tag) == name {
			return s[:i], rest, true
		}
		at = i + 2
	}
}

// expression reads one, by descent: ternary, or, and, not, comparison, filter, primary.
func (e *Effective) expression(text string) (Value, bool) {
	tokens, ok := lex(text)
	if !ok {
		return Value{Kind: Null}, false
	}
	p := &jinja{e: e, tokens: tokens}
	v, ok := p.ternary(0)
	if !ok || p.at != len(p.tokens) {
		return Value{Kind: Null}, false
	}
	return v, true
}

// lex cuts an expression into names, strings (with their quote in front) and signs.
func lex(s string) (tokens []string, ok bool) {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			i++
		case c == '\'' || c == '"':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 || strings.Contains(s[i+1:i+1+end], `\`) {
				return nil, false
			}
			tokens = append(tokens, "'"+s[i+1:i+1+end])
			i += end + 2
		case word(rune(c)):
			end := i
			for end < len(s) && word(rune(s[end])) {
				end++
			}
			tokens = append(tokens, s[i:end])
			i = end
		case strings.HasPrefix(s[i:], "==") || strings.HasPrefix(s[i:], "!="):
			tokens = append(tokens, s[i:i+2])
			i += 2
		case strings.IndexByte("()[],|~", c) >= 0:
			tokens = append(tokens, string(c))
			i++
		default:
			return nil, false
		}
	}
	return tokens, true
}

type jinja struct {
	e      *Effective
	tokens []string
	at     int
}

func (p *jinja) peek() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return ""
}

func (p *jinja) take(t string) bool {
	if p.peek() == t {
		p.at++
		return true
	}
	return false
}

// true as Jinja has it: an empty string, list or map and zero are not.
func truthy(v Value) bool {
	switch v.Kind {
	case Bool:
		return v.Bool
	case String:
		return v.Text != ""
	case Int:
		return v.Text != "0"
	case List:
		return len(v.List) > 0
	case Map:
		return len(v.Map) > 0
	case Null:
		return false
	}
	return true
}

func (p *jinja) ternary(deep int) (Value, bool) {
	if deep > 30 {
		return Value{}, false
	}
	then, known := p.or(deep + 1)
	if !p.take("if") {
		return then, known
	}
	cond, sure := p.or(deep + 1)
	if !p.take("else") {
		return Value{}, false
	}
	other, knownOther := p.ternary(deep + 1)
	switch {
	case !sure:
		return Value{Kind: Null}, false
	case truthy(cond):
		return then, known
	}
	return other, knownOther
}

func (p *jinja) or(deep int) (Value, bool) {
	v, known := p.and(deep + 1)
	for p.take("or") {
		w, also := p.and(deep + 1)
		switch {
		case known && truthy(v):
		case also && truthy(w):
			v, known = w, true
		default:
			v, known = w, known && also
		}
	}
	return v, known
}

func (p *jinja) and(deep int) (Value, bool) {
	v, known := p.not(deep + 1)
	for p.take("and") {
		w, also := p.not(deep + 1)
		switch {
		case known && !truthy(v):
		case also && !truthy(w):
			v, known = w, true
		default:
			v, known = w, known && also
		}
	}
	return v, known
}

func (p *jinja) not(deep int) (Value, bool) {
	if deep > 60 {
		return Value{}, false
	}
	if p.take("not") {
		v, known := p.not(deep + 1)
		return Boolean(!truthy(v)), known
	}
	v, known := p.filtered(deep + 1)
	switch op := p.peek(); op {
	case "==", "!=":
		p.at++
		w, also := p.filtered(deep + 1)
		return Boolean(v.Equal(w) == (op == "==")), known && also
	case "in":
		p.at++
		w, also := p.filtered(deep + 1)
		return Boolean(slices.ContainsFunc(w.List, v.Equal)), known && also && w.Kind == List
	}
	return v, known
}

func (p *jinja) filtered(deep int) (Value, bool) {
	v, known := p.primary(deep + 1)
	for {
		switch {
		case p.take("|"):
			name := p.peek()
			p.at++
			switch name {
			case "bool":
				v = Boolean(v.Truth())
			case "default":
				if !p.take("(") {
					return v, false
				}
				w, also := p.ternary(deep + 1)
				if !p.take(")") {
					return v, false
				}
				if !known {
					v, known = w, also
				}
			default:
				return v, false
			}
		case p.take("~"):
			w, also := p.primary(deep + 1)
			v, known = Str(v.String()+w.String()), known && also
		default:
			return v, known
		}
	}
}

func (p *jinja) primary(deep int) (Value, bool) {
	if deep > 60 {
		return Value{}, false
	}
	t := p.peek()
	p.at++
	switch {
	case t == "(":
		v, known := p.ternary(0)
		return v, p.take(")") && known
	case t == "[":
		list := Value{Kind: List}
		for !p.take("]") {
			v, known := p.ternary(0)
			if !known {
				return list, false
			}
			list.List = append(list.List, v)
			if !p.take(",") && p.peek() != "]" {
				return list, false
			}
		}
		return list, true
	case strings.HasPrefix(t, "'"):
		return Str(t[1:]), true
	case t == "true", t == "True":
		return Boolean(true), true
	case t == "false", t == "False":
		return Boolean(false), true
	case t != "" && t[0] >= '0' && t[0] <= '9':
		v, ok := resolve(t)
		return v, ok && v.Kind == Int
	case t != "" && word(rune(t[0])):
		if p.peek() == "(" {
			return Value{Kind: Null}, false
		}
		return p.e.Get(t)
	}
	return Value{Kind: Null}, false
}
