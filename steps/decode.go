package steps

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"stackhand/internal/i18n"
)

// Limits of a file. A procedure is written by hand; what is larger is no procedure.
const (
	mostBytes  = 4 << 20
	mostNodes  = 100_000
	mostDepth  = 64
	mostParams = 200
	mostSteps  = 1000
)

// later are actions that the design has and this version has not.
var later = []string{"ini", "deadman"}

// decoder turns YAML nodes into the types of the language, strictly: what it does not know is
// a finding, and it goes on to find all of them.
type decoder struct {
	findings
	assets map[string]string // asset path -> text
	used   map[string]place  // assets named
	calls  map[string]place  // procedures named
	nodes  int
}

// node parses YAML down to its nodes.
func (d *decoder) node(src []byte) (root *yaml.Node) {
	defer func() {
		if r := recover(); r != nil { // the parser is not ours, the input is anybody's
			d.err(place{}, "yaml.syntax", "what", fmt.Sprint(r))
			root = nil
		}
	}()
	if len(src) > mostBytes {
		d.err(place{}, "yaml.large", "most", strconv.Itoa(mostBytes>>20))
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(src, &doc); err != nil {
		at, what := place{}, err.Error()
		if le := (*yaml.LoadError)(nil); errors.As(err, &le) {
			at, what = place{le.Mark.Line, le.Mark.Column}, le.Message
		}
		if at.line == 0 && strings.Contains(what, "document") { // none, or several
			d.err(place{1, 1}, "yaml.empty")
			return nil
		}
		d.err(at, "yaml.syntax", "what", what)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		d.err(place{1, 1}, "yaml.empty")
		return nil
	}
	if !d.plain(doc.Content[0], 0) {
		return nil
	}
	return doc.Content[0]
}

// plain refuses what the language has no use for: aliases (and with them bombs), tags, depth.
func (d *decoder) plain(n *yaml.Node, depth int) bool {
	if d.nodes++; d.nodes > mostNodes || depth > mostDepth {
		d.err(at(n), "yaml.deep")
		return false
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.err(at(n), "yaml.alias")
		return false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		d.err(at(n), "yaml.tag", "tag", n.Tag)
		return false
	}
	for _, c := range n.Content {
		if !d.plain(c, depth+1) {
			return false
		}
	}
	return true
}

func at(n *yaml.Node) place { return place{n.Line, n.Column} }

// inside is where a scalar's text begins: after the quote, or under a block's indicator.
func inside(n *yaml.Node) place {
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return place{n.Line + 1, 1}
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return place{n.Line, n.Column + 1}
	}
	return at(n)
}

// keys are the keys of a mapping and what each does with its value.
type keys map[string]func(v *yaml.Node)

// fields reads a mapping strictly. what names the mapping in messages.
func (d *decoder) fields(n *yaml.Node, what string, known keys) bool {
	if n.Kind != yaml.MappingNode {
		d.err(at(n), "value.mapping", "what", what)
		return false
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			d.err(at(k), "key.scalar", "what", what)
			continue
		}
		if line, dup := seen[k.Value]; dup {
			d.err(at(k), "key.duplicate", "key", k.Value, "first", strconv.Itoa(line))
			continue
		}
		seen[k.Value] = k.Line
		read, ok := known[k.Value]
		switch {
		case ok:
			read(v)
		case slices.Contains(later, k.Value) && what == "step":
			d.err(at(k), "key.later", "key", k.Value)
		default:
			if near := nearest(k.Value, known); near != "" {
				d.err(at(k), "key.near", "key", k.Value, "what", what, "near", near)
			} else {
				d.err(at(k), "key.unknown", "key", k.Value, "what", what, "known", strings.Join(sortedKeys(known), ", "))
			}
		}
	}
	return true
}

// entries reads a mapping whose keys the author chooses; each key once, each a name.
func (d *decoder) entries(n *yaml.Node, what string, name func(string) bool, each func(k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.err(at(n), "value.mapping", "what", what)
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode || !name(k.Value) {
			d.err(at(k), "key.name", "key", k.Value, "what", what)
			continue
		}
		if line, dup := seen[k.Value]; dup {
			d.err(at(k), "key.duplicate", "key", k.Value, "first", strconv.Itoa(line))
			continue
		}
		seen[k.Value] = k.Line
		each(k, v)
	}
}

// items reads a sequence.
func (d *decoder) items(n *yaml.Node, what string, each func(v *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.err(at(n), "value.list", "what", what)
		return
	}
	for _, v := range n.Content {
		each(v)
	}
}

// str reads a scalar as it is written: 5 is "5", yes is "yes"; null is refused.
func (d *decoder) str(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.err(at(n), "value.text", "what", what)
		return ""
	}
	if strings.ContainsRune(n.Value, 0) {
		d.err(at(n), "value.nul", "what", what)
		return ""
	}
	return n.Value
}

// written tells whether a node is a scalar with a text, though perhaps an empty one.
func written(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag != "!!null" }

func (d *decoder) strs(n *yaml.Node, what string) (out []string) {
	d.items(n, what, func(v *yaml.Node) { out = append(out, d.str(v, what)) })
	return out
}

// word reads one of a few words.
func (d *decoder) word(n *yaml.Node, what string, of ...string) string {
	w := d.str(n, what)
	if written(n) && !slices.Contains(of, w) {
		d.err(at(n), "value.word", "what", what, "value", w, "words", strings.Join(of, ", "))
		return ""
	}
	return w
}

func (d *decoder) boolean(n *yaml.Node, what string) bool {
	return d.word(n, what, "true", "false") == "true"
}

func (d *decoder) integer(n *yaml.Node, what string) int {
	i, err := strconv.Atoi(d.str(n, what))
	if err != nil && written(n) {
		d.err(at(n), "value.int", "what", what, "value", n.Value)
	}
	return i
}

// duration reads 30s, 2m, 1h30m.
func (d *decoder) duration(n *yaml.Node, what string) time.Duration {
	t, err := time.ParseDuration(d.str(n, what))
	if (err != nil || t <= 0) && written(n) {
		d.err(at(n), "value.duration", "what", what, "value", n.Value)
		return 0
	}
	return t
}

// text reads {en: …, ko: …}, or a plain sentence in English.
func (d *decoder) text(n *yaml.Node, what string) (t i18n.Text) {
	if n.Kind == yaml.ScalarNode {
		t.En = strings.TrimSpace(d.str(n, what))
		return t
	}
	d.fields(n, what, d.languages(&t, keys{}))
	return t
}

// languages adds the keys en and ko, for what is said directly: normal: {for: 2m, en: …}.
func (d *decoder) languages(t *i18n.Text, k keys) keys {
	k["en"] = func(v *yaml.Node) { t.En = strings.TrimSpace(d.str(v, "en")) }
	k["ko"] = func(v *yaml.Node) { t.Ko = strings.TrimSpace(d.str(v, "ko")) }
	return k
}

// saying is languages, and the same under say:.
func (d *decoder) saying(t *i18n.Text, k keys) keys {
	k["say"] = func(v *yaml.Node) { *t = d.text(v, "say") }
	return d.languages(t, k)
}

func (d *decoder) expr(n *yaml.Node, what string) Expr {
	p := inside(n)
	e := Expr{Text: strings.TrimSpace(d.str(n, what)), Line: p.line, Col: p.col}
	if e.Text == "" && written(n) {
		d.err(at(n), "value.empty", "what", what)
	}
	return e
}

func (d *decoder) exprs(n *yaml.Node, what string) map[string]Expr {
	out := map[string]Expr{}
	d.entries(n, what, isName, func(k, v *yaml.Node) { out[k.Value] = d.expr(v, k.Value) })
	return out
}

// source reads a text that may be the name of an asset, and resolves it.
func (d *decoder) source(n *yaml.Node, what string) (string, place) {
	s := d.str(n, what)
	if !isAsset(s) {
		if strings.TrimSpace(s) == "" && written(n) {
			d.err(at(n), "value.empty", "what", what)
		}
		return s, inside(n)
	}
	d.used[s] = at(n)
	body, ok := d.assets[s]
	if !ok {
		d.err(at(n), "asset.missing", "asset", s)
	}
	return body, at(n)
}

// script reads shell text, or one a platform.
func (d *decoder) script(n *yaml.Node, what string) (s Script) {
	s.at = map[string]place{}
	if n.Kind == yaml.ScalarNode {
		s.All, s.at[""] = d.source(n, what)
		s.Line = s.at[""].line
		return s
	}
	s.By = map[string]string{}
	d.entries(n, what, isPlatform, func(k, v *yaml.Node) {
		s.By[k.Value], s.at[k.Value] = d.source(v, what)
		if s.Line == 0 {
			s.Line = s.at[k.Value].line
		}
	})
	return s
}

// hosts reads on:.
func (d *decoder) hosts(n *yaml.Node) (h HostSet) {
	h.Line, h.Col = n.Line, n.Column
	roles := func(v *yaml.Node) {
		if v.Kind == yaml.ScalarNode {
			h.Roles = []string{d.str(v, "on")}
		} else {
			h.Roles = d.strs(v, "on")
		}
		for _, r := range h.Roles {
			if !isUnitID(r) {
				d.err(at(v), "role.name", "role", r)
			}
		}
	}
	if n.Kind != yaml.MappingNode {
		roles(n)
	} else {
		d.fields(n, "on", keys{
			"from":  roles,
			"where": func(v *yaml.Node) { h.Where = d.expr(v, "where") },
			"expr":  func(v *yaml.Node) { h.Expr = d.expr(v, "expr") },
		})
	}
	if h.Expr.Given() && len(h.Roles) > 0 || h.Where.Given() && len(h.Roles) == 0 || !h.Given() {
		d.err(at(n), "on.shape")
	}
	return h
}

func (d *decoder) reads(n *yaml.Node) map[string]Read {
	out := map[string]Read{}
	d.entries(n, "read", isName, func(k, v *yaml.Node) {
		r := Read{Line: k.Line, Col: k.Column}
		if v.Kind == yaml.ScalarNode && v.Tag != "!!null" {
			r.Match = d.str(v, "match")
		} else if v.Kind == yaml.MappingNode {
			d.fields(v, "read", keys{
				"match": func(v *yaml.Node) { r.Match = d.str(v, "match") },
				"as":    func(v *yaml.Node) { r.As = d.word(v, "as", "string", "int", "float", "bool", "lines") },
				"from":  func(v *yaml.Node) { r.From = d.word(v, "from", "stdout", "stderr", "exit") },
			})
			r.As, r.From = strings.TrimPrefix(r.As, "string"), strings.TrimPrefix(r.From, "stdout")
		} else {
			d.err(at(v), "value.mapping", "what", "read")
		}
		out[k.Value] = r
	})
	return out
}
