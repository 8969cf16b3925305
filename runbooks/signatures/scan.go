package signatures

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"mvdan.cc/sh/v3/syntax"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// Scan is scan.yaml: what is read on the hosts of a site.
type Scan struct {
	Logs    []string // globs of log files, absolute
	Journal []string // units
	Looks   []Look
}

// Look is a question about the live state of a host.
type Look struct {
	ID    string
	Probe string // POSIX shell; it only reads
	Bad   []Bad
}

// Bad is a line of a look's output that means trouble.
type Bad struct {
	Match   string
	Unique  string // a group of Match: trouble only where several hosts have the same there
	Means   i18n.Text
	Do      i18n.Text
	Runbook string
	Verdict Verdict
	Layer   int
	re      *regexp.Regexp
}

// DecodeScan reads a scan.yaml strictly and checks it; nil where a finding is an error.
func DecodeScan(src []byte, name string) (*Scan, steps.Findings) {
	d := &decoder{file: name}
	s := &Scan{}
	if root := d.root(src); root != nil {
		d.mapping(root, "file", map[string]func(*yaml.Node){
			"logs": func(n *yaml.Node) {
				d.list(n, "logs", func(v *yaml.Node) {
					if p := d.text(v, "logs"); p != "" {
						if !glob.MatchString(p) || path.Clean(p) != p {
							d.say(v, "scan.value", "what", "logs", "value", p, "why", "/…/*.log")
						}
						s.Logs = append(s.Logs, p)
					}
				})
			},
			"journal": func(n *yaml.Node) {
				d.list(n, "journal", func(v *yaml.Node) {
					if u := d.text(v, "journal"); u != "" {
						if !unit.MatchString(u) {
							d.say(v, "scan.value", "what", "journal", "value", u, "why", unit.String())
						}
						s.Journal = append(s.Journal, u)
					}
				})
			},
			"looks": func(n *yaml.Node) {
				d.list(n, "looks", func(v *yaml.Node) { s.Looks = append(s.Looks, d.look(v)) })
			},
		})
		if len(s.Logs) == 0 && len(s.Looks) == 0 {
			d.say(root, "signature.none")
		}
	}
	if found := d.sorted(); found.Failed() {
		return nil, found
	}
	return s, d.sorted()
}

// What goes into a shell text unquoted (globs) or quoted (units) has only these characters.
var (
	glob = regexp.MustCompile(`^/[\w./*?@:+-]+$`)
	unit = regexp.MustCompile(`^[\w.@:-]+$`)
)

func (d *decoder) look(n *yaml.Node) (l Look) {
	d.mapping(n, "look", map[string]func(*yaml.Node){
		"id":    func(v *yaml.Node) { l.ID = d.text(v, "id") },
		"probe": func(v *yaml.Node) { l.Probe = d.probe(v) },
		"bad":   func(v *yaml.Node) { d.list(v, "bad", func(b *yaml.Node) { l.Bad = append(l.Bad, d.bad(b)) }) },
	})
	if !idForm.MatchString(l.ID) {
		d.say(n, "signature.id", "id", l.ID)
	}
	if l.Probe == "" {
		d.say(n, "signature.missing", "id", l.ID, "what", "probe")
	}
	return l
}

// probe reads a shell text and refuses one that does not parse or writes to a file.
func (d *decoder) probe(n *yaml.Node) string {
	text := d.text(n, "probe")
	f, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "")
	if err != nil {
		d.say(n, "scan.value", "what", "probe", "value", "…", "why", err.Error())
		return text
	}
	syntax.Walk(f, func(node syntax.Node) bool {
		r, ok := node.(*syntax.Redirect)
		if !ok || r.Word == nil {
			return true
		}
		to := r.Word.Lit()
		writes := slices.Contains([]syntax.RedirOperator{syntax.RdrOut, syntax.AppOut, syntax.RdrInOut, syntax.RdrClob}, r.Op)
		if writes && to != "/dev/null" {
			d.say(n, "scan.value", "what", "probe", "value", "> "+to, "why", "a probe only reads")
		}
		return true
	})
	return text
}

func (d *decoder) bad(n *yaml.Node) (b Bad) {
	d.mapping(n, "bad", map[string]func(*yaml.Node){
		"match": func(v *yaml.Node) {
			b.Match = d.text(v, "match")
			list := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{v}}
			if res, _ := d.patterns(list, true); len(res.compiled()) == 1 {
				b.re = res.compiled()[0]
			}
		},
		"unique":  func(v *yaml.Node) { b.Unique = d.text(v, "unique") },
		"means":   func(v *yaml.Node) { b.Means = d.both(v, "means") },
		"do":      func(v *yaml.Node) { b.Do = d.both(v, "do") },
		"runbook": func(v *yaml.Node) { b.Runbook = d.text(v, "runbook") },
		"verdict": func(v *yaml.Node) { b.Verdict = Verdict(d.text(v, "verdict")) },
		"layer":   func(v *yaml.Node) { b.Layer = d.number(v, "layer", 1, 9) },
	})
	if b.Match == "" || b.Means.Empty() || b.Do.Empty() || b.Layer == 0 {
		d.say(n, "signature.missing", "id", "bad", "what", "match, means, do, layer")
	}
	if !slices.Contains(RunbookIDs(), b.Runbook) {
		d.say(n, "signature.runbook", "id", "bad", "runbook", b.Runbook)
	}
	if b.Verdict != Outage && b.Verdict != Harmless {
		d.say(n, "signature.verdict", "id", "bad", "value", string(b.Verdict))
	}
	if b.Unique != "" && (b.re == nil || b.re.SubexpIndex(b.Unique) < 0) {
		d.say(n, "signature.field", "field", b.Unique, "known", strings.Join(fieldNames, ", "))
	}
	return b
}

// Find tells whether a line of the look's output fits, with what it captured.
func (b *Bad) Find(line string) (captured map[string]string, ok bool) {
	if b.re == nil {
		return nil, false
	}
	at := b.re.FindStringSubmatchIndex(line)
	if at == nil {
		return nil, false
	}
	return fieldsOf(b.re, line, at), true
}

// Clean is a line of output as signatures and people see it.
func Clean(line []byte) string { return plain(line[:min(len(line), mostPiece)]) }
