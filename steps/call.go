package steps

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"stackhand/internal/site"
)

// MostCalls is how deep calls may go: a procedure that calls one that calls one …
const MostCalls = 4

// Unfold lists the steps as a run has them: each step that calls a procedure is followed by
// that procedure's own, whose ids begin with its path (`database/look`). The steps are copies
// that know where they stand (Step.Of, Step.Path).
func (p *Procedure) Unfold() []*Step { return p.unfold("", nil, 0) }

func (p *Procedure) unfold(path string, roles map[string]string, depth int) (all []*Step) {
	for i := range p.Steps {
		s := p.Steps[i]
		s.ID, s.Of, s.Path, s.roles = path+s.ID, p, path, roles
		if s.Holds != nil {
			h := *s.Holds
			h.Until = path + h.Until
			s.Holds = &h
		}
		if s.Wait != nil {
			w := *s.Wait
			w.Reread = path + w.Reread
			s.Wait = &w
		}
		s.Guard = slices.Clone(s.Guard)
		for i := range s.Guard {
			if s.Guard[i].Reread != "" {
				s.Guard[i].Reread = path + s.Guard[i].Reread
			}
		}
		all = append(all, &s)
		if s.Call != nil && s.Call.Sub != nil && depth < MostCalls {
			all = append(all, s.Call.Sub.unfold(s.ID+"/", s.calledRoles(), depth+1)...)
		}
	}
	return all
}

// calledRoles is what the procedure that a step calls calls the site's roles.
func (s *Step) calledRoles() map[string]string {
	if len(s.Call.Roles) == 0 {
		return s.roles
	}
	to := maps.Clone(s.roles)
	if to == nil {
		to = map[string]string{}
	}
	for theirs, ours := range s.Call.Roles {
		if of, renamed := s.roles[ours]; renamed {
			ours = of
		}
		to[theirs] = ours
	}
	return to
}

// Seen is the site as the step's procedure sees it: with roles by the names that it was called with.
func (s *Step) Seen(of *site.Site) *site.Site { return of.WithRoles(s.roles) }

// SeenByCalled is the site as the procedure that the step calls sees it.
func (s *Step) SeenByCalled(of *site.Site) *site.Site { return of.WithRoles(s.calledRoles()) }

// LetNames are the names of everything that the procedure's steps compute, ask for or are
// given: lets, answers, boxes, outputs of judgements (as far as they are declared) and of
// called procedures.
func (p *Procedure) LetNames(known []Judgement) map[string]bool {
	names := map[string]bool{}
	for i := range p.Steps {
		s := &p.Steps[i]
		for name := range s.Let {
			names[name] = true
		}
		if s.Ask != nil && s.Ask.Name != "" {
			names[s.Ask.Name] = true
		}
		if s.Call != nil {
			for _, name := range s.Call.Gives {
				names[name] = true
			}
		}
		if s.Judge != nil {
			for _, j := range known {
				if j.Name == s.Judge.Name {
					for _, name := range j.Outputs {
						names[name] = true
					}
				}
			}
		}
	}
	return names
}

// EverySecret lists the secrets of the procedure and of those that it calls, each once. A name
// means the same secret in all of them.
func (p *Procedure) EverySecret() []Param {
	var all []Param
	seen := map[string]bool{}
	add := func(of *Procedure) {
		for _, q := range of.Params {
			if q.Type == Secret && !seen[q.Name] {
				seen[q.Name] = true
				all = append(all, q)
			}
		}
	}
	add(p)
	for _, id := range sortedKeys(p.Called) {
		add(p.Called[id])
	}
	return all
}

// withCalled appends the procedures that a file calls, and those that they call, to it:
//
//	procedures:
//	  galera-recovery: "text, its assets inside"
//
// They are looked for in the folders in order.
func withCalled(name string, src []byte, calls map[string]place, from []fs.FS) ([]byte, Findings) {
	d := &decoder{findings: findings{file: name}}
	texts := map[string][]byte{}
	for todo := sortedKeys(calls); len(todo) > 0; todo = todo[1:] {
		id := todo[0]
		if _, done := texts[id]; done || len(texts) > mostSteps {
			continue
		}
		texts[id] = nil
		text, theirs, err := called(id, from)
		if found, ok := err.(Findings); ok {
			d.all = append(d.all, found...)
			continue
		} else if err != nil {
			d.err(calls[id], "call.unread", "procedure", id, "cause", err.Error())
			continue
		}
		texts[id] = text
		todo = append(todo, sortedKeys(theirs)...)
	}
	var b bytes.Buffer
	for _, id := range sortedKeys(texts) {
		var quoted bytes.Buffer
		if texts[id] == nil {
			continue
		}
		if !quoteYAML(&quoted, string(texts[id])) {
			d.err(calls[id], "asset.text", "asset", id)
			continue
		}
		fmt.Fprintf(&b, "  %s: %s\n", id, quoted.String())
	}
	if d.all.Failed() || b.Len() == 0 {
		return src, d.sorted()
	}
	out := append(bytes.TrimRight(bytes.Clone(src), "\n"), "\nprocedures:\n"...)
	return append(out, b.Bytes()...), nil
}

// called reads a procedure that another one calls.
func called(id string, from []fs.FS) (text []byte, calls map[string]place, err error) {
	for _, folder := range from {
		names, err := Names(folder)
		if err != nil {
			return nil, nil, err
		}
		if !slices.Contains(names, id) {
			continue
		}
		src, err := read(folder, id+".yaml")
		if err != nil {
			return nil, nil, err
		}
		src, calls, found := withAssets(folder, id+".yaml", src)
		return src, calls, found.Err()
	}
	return nil, nil, fmt.Errorf("there is no %s.yaml beside it or among the program's procedures", id)
}

// carried reads the procedures that a file carries itself and links the calls to them.
func (d *decoder) carried(root *yaml.Node, p *Procedure) {
	p.Called = map[string]*Procedure{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "procedures" {
			continue
		}
		d.entries(root.Content[i+1], "procedures", isProcID, func(k, v *yaml.Node) {
			text := d.str(v, k.Value)
			sub := &Procedure{Path: k.Value + ".yaml", Source: []byte(text)}
			inner := newDecoder(sub.Path)
			if root := inner.node(sub.Source); root != nil && root.Kind == yaml.MappingNode {
				inner.embedded(root)
				inner.procedure(root, sub)
			}
			d.all = append(d.all, inner.all...)
			p.Called[k.Value] = sub
		})
	}
	d.link(p, p)
	for _, id := range sortedKeys(p.Called) {
		d.link(p.Called[id], p)
	}
	d.depth(p, p, nil)
	if n := count(p, 0); n > 4*mostSteps {
		d.err(place{1, 1}, "file.many", "params", strconv.Itoa(mostParams), "steps", strconv.Itoa(4*mostSteps))
		p.Steps = nil
	}
}

// link tells each call of a procedure what it calls.
func (d *decoder) link(p, root *Procedure) {
	for i := range p.Steps {
		c := p.Steps[i].Call
		if c == nil || c.Procedure == "" {
			continue
		}
		if c.Sub = root.Called[c.Procedure]; c.Sub == nil {
			d.err(place{c.Line, c.Col}, "call.unknown", "procedure", c.Procedure)
		}
	}
}

// depth refuses calls that go round or too deep; such a call is cut off.
func (d *decoder) depth(p, root *Procedure, above []string) {
	for i := range p.Steps {
		c := p.Steps[i].Call
		if c == nil || c.Sub == nil {
			continue
		}
		way := append(slices.Clone(above), c.Procedure)
		switch {
		case slices.Contains(above, c.Procedure) || c.Procedure == root.ID:
			d.err(place{c.Line, c.Col}, "call.cycle", "procedure", c.Procedure, "way", strings.Join(way, " > "))
			c.Sub = nil
		case len(way) > MostCalls:
			d.err(place{c.Line, c.Col}, "call.deep", "most", strconv.Itoa(MostCalls), "way", strings.Join(way, " > "))
			c.Sub = nil
		default:
			d.depth(c.Sub, root, way)
		}
	}
}

// count is how many steps a run would have, as far as it matters.
func count(p *Procedure, so int) int {
	for i := range p.Steps {
		if so++; so > 5*mostSteps {
			return so
		}
		if c := p.Steps[i].Call; c != nil && c.Sub != nil {
			so = count(c.Sub, so)
		}
	}
	return so
}
