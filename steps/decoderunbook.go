package steps

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

var (
	judgementShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]{0,31}){1,3}$`)
	sceneShape     = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)
)

// isPath tells whether a text is a whole path to a file, without `..` and control characters.
func isPath(s string) bool {
	return len(s) > 1 && len(s) < 1024 && path.Clean(s) == s && strings.HasPrefix(s, "/") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func (d *decoder) names(n *yaml.Node, what string) (out []string) {
	d.items(n, what, func(v *yaml.Node) { out = append(out, d.shaped(v, what, isName)) })
	return out
}

// judge reads judge:, the name of a judgement; with: stands beside it and may have been read.
func (d *decoder) judge(n *yaml.Node, had *JudgeBy) *JudgeBy {
	if had == nil {
		had = &JudgeBy{}
	}
	had.Name, had.Line, had.Col = d.shaped(n, "judge", judgementShape.MatchString), n.Line, n.Column
	return had
}

func (d *decoder) prove(n *yaml.Node) (out []Proof) {
	d.items(n, "prove", func(v *yaml.Node) {
		p := Proof{Line: v.Line, Col: v.Column}
		if d.fields(v, "proof", d.saying(&p.Say, keys{
			"that": func(v *yaml.Node) { p.That = d.expr(v, "that") },
		})) {
			d.need(at(v), "proof", "that", !p.That.Given())
			d.need(at(v), "proof", "say", p.Say.Empty())
		}
		out = append(out, p)
	})
	d.need(at(n), "prove", "that", len(out) == 0)
	return out
}

func (d *decoder) waive(n *yaml.Node) *Waive {
	w := &Waive{Type: "item"}
	if d.fields(n, "waive", d.saying(&w.Say, keys{
		"type":   func(v *yaml.Node) { w.Type = d.word(v, "type", "item", "site") },
		"reason": func(v *yaml.Node) { d.word(v, "reason", "required") }, // it always is
	})) {
		d.need(at(n), "waive", "say", w.Say.Empty())
	}
	return w
}

func (d *decoder) fetch(n *yaml.Node) *Fetch {
	f := &Fetch{Line: n.Line, Col: n.Column}
	d.fields(n, "fetch", keys{
		"files": func(v *yaml.Node) {
			d.items(v, "files", func(v *yaml.Node) { f.Files = append(f.Files, d.shaped(v, "files", isPath)) })
		},
		"output": func(v *yaml.Node) {
			f.Output = map[string]Script{}
			d.entries(v, "output", sceneShape.MatchString, func(k, v *yaml.Node) { f.Output[k.Value] = d.script(v, "output") })
		},
	})
	d.need(at(n), "fetch", "files", len(f.Files)+len(f.Output) == 0)
	return f
}

func (d *decoder) copyFile(n *yaml.Node) *Copy {
	c := &Copy{}
	if d.fields(n, "copy", keys{
		"from":  func(v *yaml.Node) { c.From = d.expr(v, "from") },
		"path":  func(v *yaml.Node) { c.Path = d.shaped(v, "path", isPath) },
		"to":    func(v *yaml.Node) { c.To = d.shaped(v, "to", isPath) },
		"mode":  func(v *yaml.Node) { c.Mode = d.mode(v) },
		"owner": func(v *yaml.Node) { c.Owner = d.shaped(v, "owner", isAccount) },
		"group": func(v *yaml.Node) { c.Group = d.shaped(v, "group", isAccount) },
	}) {
		d.need(at(n), "copy", "from", !c.From.Given())
		d.need(at(n), "copy", "path", c.Path == "")
	}
	if c.To == "" {
		c.To = c.Path
	}
	return c
}

// mode reads permission bits.
func (d *decoder) mode(v *yaml.Node) uint32 {
	m, err := strconv.ParseUint(d.str(v, "mode"), 8, 32)
	if (err != nil || m == 0 || m > 0o7777) && written(v) {
		d.err(at(v), "value.mode", "value", v.Value)
		return 0
	}
	return uint32(m)
}

func (d *decoder) call(n *yaml.Node) *Call {
	c := &Call{Line: n.Line, Col: n.Column}
	if d.fields(n, "call", keys{
		"procedure": func(v *yaml.Node) { c.Procedure = d.shaped(v, "procedure", isProcID) },
		"with":      func(v *yaml.Node) { c.With = d.exprs(v, "with") },
		"gives": func(v *yaml.Node) {
			c.Gives = map[string]string{}
			d.entries(v, "gives", isName, func(k, v *yaml.Node) { c.Gives[k.Value] = d.shaped(v, "gives", isName) })
		},
		"roles": func(v *yaml.Node) {
			c.Roles = map[string]string{}
			d.entries(v, "roles", isUnitID, func(k, v *yaml.Node) { c.Roles[k.Value] = d.shaped(v, "roles", isUnitID) })
		},
	}) {
		d.need(at(n), "call", "procedure", c.Procedure == "")
	}
	if c.Procedure != "" {
		if _, known := d.calls[c.Procedure]; !known {
			d.calls[c.Procedure] = at(n)
		}
	}
	return c
}

func (d *decoder) holds(n *yaml.Node) *Holds {
	h := &Holds{Line: n.Line, Col: n.Column}
	if d.fields(n, "holds", d.saying(&h.Say, keys{
		"until": func(v *yaml.Node) { h.Until = d.shaped(v, "until", isUnitID) },
	})) {
		d.need(at(n), "holds", "until", h.Until == "")
		d.need(at(n), "holds", "say", h.Say.Empty())
	}
	return h
}

func (d *decoder) means(n *yaml.Node) (out []Meaning) {
	d.items(n, "means", func(v *yaml.Node) {
		m := Meaning{Line: v.Line, Col: v.Column}
		if d.fields(v, "meaning", d.saying(&m.Say, keys{
			"when":  func(v *yaml.Node) { m.When = d.expr(v, "when") },
			"level": func(v *yaml.Node) { m.Level = d.word(v, "level", "ok", "odd", "bad") },
		})) {
			d.need(at(v), "meaning", "level", m.Level == "")
			d.need(at(v), "meaning", "say", m.Say.Empty())
		}
		out = append(out, m)
	})
	return out
}

func (d *decoder) guard(n *yaml.Node) (out []Guard) {
	d.items(n, "guard", func(v *yaml.Node) {
		g := Guard{Line: v.Line, Col: v.Column}
		if d.fields(v, "guard", d.saying(&g.Say, keys{
			"rereads": func(v *yaml.Node) { g.Reread = d.shaped(v, "rereads", isUnitID) },
			"that":    func(v *yaml.Node) { g.That = d.expr(v, "that") },
		})) {
			d.need(at(v), "guard", "that", !g.That.Given())
			d.need(at(v), "guard", "say", g.Say.Empty())
		}
		out = append(out, g)
	})
	return out
}

func (d *decoder) hand(n *yaml.Node) *Hand {
	h := &Hand{Line: n.Line, Col: n.Column}
	d.fields(n, "hand", keys{
		"type":   func(v *yaml.Node) { h.Type = d.strs(v, "type") },
		"judges": func(v *yaml.Node) { h.Judges = d.strs(v, "judges") },
		"when":   func(v *yaml.Node) { h.When = d.expr(v, "when") },
		"asks": func(v *yaml.Node) {
			d.items(v, "asks", func(v *yaml.Node) {
				a := HandAsk{Line: v.Line, Col: v.Column}
				if d.fields(v, "box", d.saying(&a.Say, keys{
					"name":  func(v *yaml.Node) { a.Name = d.shaped(v, "name", isName) },
					"match": func(v *yaml.Node) { a.Match = d.str(v, "match") },
					"as": func(v *yaml.Node) {
						a.As = strings.TrimPrefix(d.word(v, "as", "string", "int", "float", "bool", "lines"), "string")
					},
				})) {
					d.need(at(v), "box", "name", a.Name == "")
					d.need(at(v), "box", "say", a.Say.Empty())
				}
				h.Asks = append(h.Asks, a)
			})
		},
	})
	d.need(at(n), "hand", "type", len(h.Type) == 0)
	return h
}
