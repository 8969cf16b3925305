package signatures

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// Limits of a file that a person writes.
const (
	mostBytes   = 1 << 20
	mostNodes   = 20_000
	mostDepth   = 16
	mostEntries = 500
	leastWord   = 4 // characters of a word that a signature has
	mostPattern = 1000
)

// Decode reads a signatures.yaml strictly and checks it; name is how findings call it. The set
// is nil where a finding is an error.
func Decode(src []byte, name string) (*Set, steps.Findings) { return decode(src, name, true) }

// DecodeTried is Decode of a set whose examples were tried before, like the program's own, which lint
// looks at: most of the time goes into them, and somebody waits for the first screen.
func DecodeTried(src []byte, name string) (*Set, steps.Findings) { return decode(src, name, false) }

func decode(src []byte, name string, examples bool) (*Set, steps.Findings) {
	d := &decoder{file: name}
	set := &Set{Known: RunbookIDs()}
	if root := d.root(src); root != nil {
		d.mapping(root, "file", map[string]func(*yaml.Node){
			"never": func(n *yaml.Node) {
				set.Never = d.texts(n, "never")
				set.never, set.gluedNever = d.patterns(n, false)
			},
			"symptoms": func(n *yaml.Node) {
				d.list(n, "symptoms", func(v *yaml.Node) { set.Symptoms = append(set.Symptoms, d.symptom(v)) })
			},
			"signatures": func(n *yaml.Node) {
				d.list(n, "signatures", func(v *yaml.Node) {
					if g := d.signature(v); g != nil && len(set.Signatures) < mostEntries {
						set.Signatures = append(set.Signatures, g)
					}
				})
			},
		})
		d.check(set, root)
	}
	if found := d.sorted(); found.Failed() {
		return nil, found
	}
	if examples {
		if d.examples(set); d.found.Failed() {
			return nil, d.sorted()
		}
	}
	set.tell()
	return set, d.sorted()
}

type decoder struct {
	file  string
	found steps.Findings
	nodes int
}

func (d *decoder) say(n *yaml.Node, code string, args ...string) {
	f := steps.Finding{File: d.file, Severity: steps.Error, Code: code, Args: map[string]string{}}
	if n != nil {
		f.Line, f.Col = n.Line, n.Column
	}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	f.Message = f.In(i18n.English)
	d.found = append(d.found, f)
}

func (d *decoder) sorted() steps.Findings {
	sort.SliceStable(d.found, func(i, j int) bool {
		a, b := d.found[i], d.found[j]
		return a.Line < b.Line || a.Line == b.Line && a.Col < b.Col
	})
	return d.found
}

func (d *decoder) root(src []byte) (root *yaml.Node) {
	defer func() {
		if r := recover(); r != nil { // the parser is not ours, the input is anybody's
			d.say(nil, "yaml.syntax", "what", fmt.Sprint(r))
			root = nil
		}
	}()
	if len(src) > mostBytes {
		d.say(nil, "yaml.large", "most", strconv.Itoa(mostBytes>>20))
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(src, &doc); err != nil {
		at, what := &yaml.Node{Line: 1, Column: 1}, err.Error()
		if strings.Contains(what, "no documents") || strings.Contains(what, "multiple documents") {
			d.say(at, "yaml.empty")
			return nil
		}
		if le := (*yaml.LoadError)(nil); errors.As(err, &le) && le.Mark.Line > 0 {
			at, what = &yaml.Node{Line: le.Mark.Line, Column: le.Mark.Column}, le.Message
		}
		d.say(at, "yaml.syntax", "what", what)
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		d.say(&yaml.Node{Line: 1, Column: 1}, "yaml.empty")
		return nil
	}
	if !d.simple(doc.Content[0], 0) {
		return nil
	}
	return doc.Content[0]
}

// simple refuses aliases (and with them bombs), tags and depth.
func (d *decoder) simple(n *yaml.Node, depth int) bool {
	if d.nodes++; d.nodes > mostNodes || depth > mostDepth {
		d.say(n, "yaml.deep")
		return false
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.say(n, "yaml.alias")
		return false
	}
	if n.Style&yaml.TaggedStyle != 0 {
		d.say(n, "yaml.tag", "tag", n.Tag)
		return false
	}
	for _, c := range n.Content {
		if !d.simple(c, depth+1) {
			return false
		}
	}
	return true
}

func (d *decoder) mapping(n *yaml.Node, what string, known map[string]func(*yaml.Node)) bool {
	if n.Kind != yaml.MappingNode {
		d.say(n, "value.mapping", "what", what)
		return false
	}
	names := make([]string, 0, len(known))
	for k := range known {
		names = append(names, k)
	}
	slices.Sort(names)
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			d.say(k, "key.scalar", "what", what)
			continue
		}
		if first, twice := seen[k.Value]; twice {
			d.say(k, "key.duplicate", "key", k.Value, "first", strconv.Itoa(first))
			continue
		}
		seen[k.Value] = k.Line
		if read, ok := known[k.Value]; ok {
			read(v)
		} else {
			d.say(k, "key.unknown", "key", k.Value, "what", what, "known", strings.Join(names, ", "))
		}
	}
	return true
}

func (d *decoder) list(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.say(n, "value.list", "what", what)
		return
	}
	for _, v := range n.Content {
		each(v)
	}
}

func (d *decoder) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.ContainsRune(n.Value, 0) || strings.TrimSpace(n.Value) == "" {
		d.say(n, "value.text", "what", what)
		return ""
	}
	return n.Value
}

func (d *decoder) number(n *yaml.Node, what string, least, most int) int {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || i < least || i > most {
		d.say(n, "scan.value", "what", what, "value", n.Value, "why", fmt.Sprintf("%d..%d", least, most))
		return least
	}
	return i
}

func (d *decoder) texts(n *yaml.Node, what string) (out []string) {
	d.list(n, what, func(v *yaml.Node) {
		if t := d.text(v, what); t != "" {
			out = append(out, t)
		}
	})
	return out
}

// both is a text in both languages.
func (d *decoder) both(n *yaml.Node, what string) (t i18n.Text) {
	ok := d.mapping(n, what, map[string]func(*yaml.Node){
		"en": func(v *yaml.Node) { t.En = d.text(v, what) },
		"ko": func(v *yaml.Node) { t.Ko = d.text(v, what) },
	})
	if ok && (t.En == "" || t.Ko == "") {
		d.say(n, "signature.language", "what", what)
	}
	return t
}

// patterns reads a list of patterns, for lines and for lines without blanks.
func (d *decoder) patterns(n *yaml.Node, fields bool) (plain, glued *later) {
	plain, glued = &later{}, &later{}
	if n.Kind != yaml.SequenceNode {
		return plain, glued // said already
	}
	for _, v := range n.Content {
		switch p := v.Value; {
		case v.Kind != yaml.ScalarNode || p == "":
		case len(p) > mostPattern:
			d.say(v, "signature.pattern", "pattern", p[:40]+"…", "what", fmt.Sprintf("more than %d characters", mostPattern))
		case strings.Contains(p, "  ") || strings.Contains(p, `\s`), blankRepeated.MatchString(p):
			d.say(v, "signature.blanks", "pattern", p)
		default:
			re, err := syntax.Parse("(?i)"+p, syntax.Perl)
			if err != nil {
				d.say(v, "signature.pattern", "pattern", p, "what", err.Error())
				continue
			}
			if fitsNothing(re) {
				d.say(v, "signature.everything", "pattern", p)
				continue
			}
			close := "(?i)" + gluePattern(p)
			if _, err := syntax.Parse(close, syntax.Perl); err != nil {
				d.say(v, "signature.blanks", "pattern", p)
				continue
			}
			for _, name := range re.CapNames() {
				if name != "" && (!fields || !slices.Contains(fieldNames, name)) {
					d.say(v, "signature.field", "field", name, "known", strings.Join(fieldNames, ", "))
				}
			}
			plain.patterns, glued.patterns = append(plain.patterns, "(?i)"+p), append(glued.patterns, close)
		}
	}
	return plain, glued
}

// blankRepeated is a blank with a quantifier, which would move to what stands before it when
// blanks are taken out.
var blankRepeated = regexp.MustCompile(` [+*{]`)

func (d *decoder) signature(n *yaml.Node) *Signature {
	g := &Signature{line: n.Line, col: n.Column}
	ok := d.mapping(n, "signature", map[string]func(*yaml.Node){
		"id":  func(v *yaml.Node) { g.ID = d.text(v, "id") },
		"has": func(v *yaml.Node) { g.Has = d.words(v) },
		"match": func(v *yaml.Node) {
			g.Match = d.texts(v, "match")
			g.match, g.glued = d.patterns(v, true)
		},
		"not": func(v *yaml.Node) {
			g.Not = d.texts(v, "not")
			g.not, g.gluedNot = d.patterns(v, false)
		},
		"service": func(v *yaml.Node) { g.Service = d.texts(v, "service") },
		"over":    func(v *yaml.Node) { g.Over = d.texts(v, "over") },
		"past": func(v *yaml.Node) {
			g.Past = d.texts(v, "past")
			g.past, _ = d.patterns(v, true)
		},
		"means":   func(v *yaml.Node) { g.Means = d.both(v, "means") },
		"do":      func(v *yaml.Node) { g.Do = d.both(v, "do") },
		"runbook": func(v *yaml.Node) { g.Runbook = d.text(v, "runbook") },
		"verdict": func(v *yaml.Node) { g.Verdict = Verdict(d.text(v, "verdict")) },
		"layer":   func(v *yaml.Node) { g.Layer = d.number(v, "layer", 1, 9) },
		"example": func(v *yaml.Node) { g.Example = d.texts(v, "example") },
	})
	if !ok {
		return nil
	}
	return g
}

func (d *decoder) symptom(n *yaml.Node) (s Symptom) {
	d.mapping(n, "symptom", map[string]func(*yaml.Node){
		"runbook": func(v *yaml.Node) { s.Runbook = d.text(v, "runbook") },
		"en":      func(v *yaml.Node) { s.Text.En = d.text(v, "en") },
		"ko":      func(v *yaml.Node) { s.Text.Ko = d.text(v, "ko") },
		"words":   func(v *yaml.Node) { s.Words = d.text(v, "words") },
	})
	if s.Text.En == "" || s.Text.Ko == "" {
		d.say(n, "signature.language", "what", "symptom")
	}
	if !slices.Contains(RunbookIDs(), s.Runbook) {
		d.say(n, "signature.runbook", "id", "symptom", "runbook", s.Runbook)
	}
	return s
}

// words reads what a signature has: long enough, and ASCII or whole characters, with single
// blanks.
func (d *decoder) words(n *yaml.Node) (out []string) {
	d.list(n, "has", func(v *yaml.Node) {
		w := d.text(v, "has")
		switch {
		case w == "":
		case len([]rune(strings.TrimSpace(w))) < leastWord && !hangul(w), strings.Contains(w, "  "), len(w) > 200:
			d.say(v, "signature.word", "word", w, "least", strconv.Itoa(leastWord))
		default:
			out = append(out, w)
		}
	})
	return out
}

func hangul(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 })
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,62}$`)

// check is what one signature alone does not show.
func (d *decoder) check(set *Set, root *yaml.Node) {
	if len(set.Signatures) == 0 {
		d.say(root, "signature.none")
	}
	first := map[string]int{}
	for _, g := range set.Signatures {
		at := &yaml.Node{Line: g.line, Column: g.col}
		if !idForm.MatchString(g.ID) {
			d.say(at, "signature.id", "id", g.ID)
		} else if line, twice := first[g.ID]; twice {
			d.say(at, "signature.twice", "id", g.ID, "first", strconv.Itoa(line))
		} else {
			first[g.ID] = g.line
		}
		for what, missing := range map[string]bool{
			"has": len(g.Has) == 0, "means": g.Means.Empty(), "do": g.Do.Empty(), "runbook": g.Runbook == "", "layer": g.Layer == 0,
			"example": len(g.Example) == 0,
		} {
			if missing {
				d.say(at, "signature.missing", "id", g.ID, "what", what)
			}
		}
		if g.Runbook != "" && !slices.Contains(set.Known, g.Runbook) {
			d.say(at, "signature.runbook", "id", g.ID, "runbook", g.Runbook)
		}
		if g.Verdict != Outage && g.Verdict != Harmless {
			d.say(at, "signature.verdict", "id", g.ID, "value", string(g.Verdict))
		}
	}
	for _, g := range set.Signatures {
		for _, o := range g.Over {
			if _, ok := first[o]; !ok || o == g.ID {
				d.say(&yaml.Node{Line: g.line, Column: g.col}, "signature.over", "id", g.ID, "over", o)
			}
		}
	}
}

// examples tries every example: its signature must fit, and nothing of another runbook.
func (d *decoder) examples(set *Set) {
	m := NewMatcher(set)
	for _, g := range set.Signatures {
		at := &yaml.Node{Line: g.line, Column: g.col}
		for _, e := range g.Example {
			hits := m.Line([]byte(e), "")
			if !slices.ContainsFunc(hits, func(h Hit) bool { return h.Signature == g }) {
				d.say(at, "signature.example", "id", g.ID, "line", e)
			}
			for _, h := range hits {
				if h.Signature.Runbook != g.Runbook {
					d.say(at, "signature.both", "id", g.ID, "other", h.Signature.ID, "line", e)
				}
			}
		}
	}
}
