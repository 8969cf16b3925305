package steps

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

var countShape = regexp.MustCompile(`^[0-9]{1,4}\+?$`)

// procedure reads the whole file.
func (d *decoder) procedure(n *yaml.Node, p *Procedure) {
	if !d.fields(n, "procedure", keys{
		"id":    func(v *yaml.Node) { p.ID = d.shaped(v, "id", isProcID) },
		"kind":  func(v *yaml.Node) { p.Kind = Kind(d.word(v, "kind", "install", "runbook")) },
		"title": func(v *yaml.Node) { p.Title = d.text(v, "title") },
		"about": func(v *yaml.Node) { p.About = d.text(v, "about") },
		"rows":  func(v *yaml.Node) { p.Rows = d.strs(v, "rows") },
		"needs": func(v *yaml.Node) {
			p.Needs = map[string]string{}
			d.entries(v, "needs", isUnitID, func(k, v *yaml.Node) {
				p.Needs[k.Value] = d.shaped(v, "needs", countShape.MatchString)
			})
		},
		"platforms": func(v *yaml.Node) {
			p.Platforms = map[string]string{}
			d.entries(v, "platforms", isPlatform, func(k, v *yaml.Node) {
				p.Platforms[k.Value] = d.word(v, "platforms", "run", "untried")
			})
		},
		"params": func(v *yaml.Node) {
			d.items(v, "params", func(v *yaml.Node) { p.Params = append(p.Params, d.param(v)) })
		},
		"steps": func(v *yaml.Node) {
			d.items(v, "steps", func(v *yaml.Node) { p.Steps = append(p.Steps, d.step(v)) })
		},
		"assets":     func(*yaml.Node) {}, // read first, by Parse
		"procedures": func(*yaml.Node) {},
	}) {
		return
	}
	if len(p.Params) > mostParams || len(p.Steps) > mostSteps {
		d.err(at(n), "file.many", "params", strconv.Itoa(mostParams), "steps", strconv.Itoa(mostSteps))
		p.Params, p.Steps = nil, nil
		return
	}
	d.need(at(n), "procedure", "id", p.ID == "")
	d.need(at(n), "procedure", "kind", p.Kind == "")
	d.need(at(n), "procedure", "title", p.Title.Empty())
	d.need(at(n), "procedure", "steps", len(p.Steps) == 0)
}

// need is a finding when a key is missing.
func (d *decoder) need(p place, what, key string, missing bool) {
	if missing {
		d.err(p, "key.missing", "what", what, "key", key)
	}
}

func (d *decoder) shaped(n *yaml.Node, what string, ok func(string) bool) string {
	s := d.str(n, what)
	if written(n) && !ok(s) {
		d.err(at(n), "value.shape", "what", what, "value", s)
		return ""
	}
	return s
}

func (d *decoder) param(n *yaml.Node) Param {
	p := Param{Line: n.Line, Col: n.Column}
	ok := d.fields(n, "param", keys{
		"name":    func(v *yaml.Node) { p.Name = d.shaped(v, "name", isName) },
		"type":    func(v *yaml.Node) { p.Type = ParamType(d.word(v, "type", paramTypes...)) },
		"title":   func(v *yaml.Node) { p.Title = d.text(v, "title") },
		"about":   func(v *yaml.Node) { p.About = d.text(v, "about") },
		"default": func(v *yaml.Node) { s := d.str(v, "default"); p.Default = &s },
		"from":    func(v *yaml.Node) { p.From = d.expr(v, "from") },
		"choices": func(v *yaml.Node) { p.Choices = d.strs(v, "choices") },
		"match":   func(v *yaml.Node) { p.Match = d.str(v, "match") },
		"generate": func(v *yaml.Node) {
			p.Generate = &Generate{Length: 24, Alphabet: "letters-digits"}
			d.fields(v, "generate", keys{
				"length":   func(v *yaml.Node) { p.Generate.Length = d.integer(v, "length") },
				"alphabet": func(v *yaml.Node) { p.Generate.Alphabet = d.word(v, "alphabet", "letters-digits") },
			})
			if l := p.Generate.Length; l < 12 || l > 128 {
				d.err(at(v), "generate.length", "length", strconv.Itoa(l))
			}
		},
	})
	if !ok {
		return p
	}
	d.need(at(n), "param", "name", p.Name == "")
	if p.Type == "" {
		p.Type = String
	}
	return p
}

var paramTypes = []string{
	string(String), string(Int), string(Bool), string(Address), string(CIDR), string(HostRef), string(Choice), string(Secret),
}

func (d *decoder) step(n *yaml.Node) Step {
	s := Step{Line: n.Line, Col: n.Column, Risk: Change}
	var actions []string
	action := func(a Action, read func(v *yaml.Node)) func(v *yaml.Node) {
		return func(v *yaml.Node) {
			s.Action = a
			actions = append(actions, string(a))
			read(v)
		}
	}
	checks := func(to *[]Check, phase string) func(v *yaml.Node) {
		return func(v *yaml.Node) {
			d.items(v, phase, func(v *yaml.Node) { *to = append(*to, d.check(v)) })
			for i := range *to {
				if (*to)[i].ID == "" {
					(*to)[i].ID = phase + strconv.Itoa(i+1)
				}
			}
		}
	}
	ok := d.fields(n, "step", keys{
		"id":    func(v *yaml.Node) { s.ID = d.shaped(v, "id", isUnitID) },
		"title": func(v *yaml.Node) { s.Title = d.text(v, "title") },
		"about": func(v *yaml.Node) { s.About = d.text(v, "about") },
		"corrections": func(v *yaml.Node) {
			d.items(v, "corrections", func(v *yaml.Node) { s.Corrections = append(s.Corrections, d.integer(v, "corrections")) })
		},
		"on":     func(v *yaml.Node) { s.On = d.hosts(v) },
		"when":   func(v *yaml.Node) { s.When = d.expr(v, "when") },
		"each":   func(v *yaml.Node) { s.Each = d.expr(v, "each") },
		"serial": func(v *yaml.Node) { s.Serial = d.boolean(v, "serial") },
		"once":   func(v *yaml.Node) { s.Once = d.boolean(v, "once") },
		"absent": func(v *yaml.Node) { s.Absent = d.word(v, "absent", "allow") == "allow" },
		"sudo":   func(v *yaml.Node) { b := d.boolean(v, "sudo"); s.Sudo = &b },
		"vars":   func(v *yaml.Node) { s.Vars = d.exprs(v, "vars") },
		"check": func(v *yaml.Node) {
			if v.Kind == yaml.ScalarNode {
				s.CheckVerify = d.word(v, "check", "verify") == "verify"
				return
			}
			checks(&s.Check, "check")(v)
		},
		"require": checks(&s.Require, "require"),
		"verify":  checks(&s.Verify, "verify"),
		"confirm": func(v *yaml.Node) { s.Confirm = d.confirm(v) },
		"undo":    func(v *yaml.Node) { s.Undo = d.script(v, "undo") },
		"abort":   func(v *yaml.Node) { s.Abort = d.script(v, "abort") },
		"risk":    func(v *yaml.Node) { s.Risk = Risk(d.word(v, "risk", "change", "disruptive", "destructive")) },
		"rerun":   func(v *yaml.Node) { s.RerunSafe = d.word(v, "rerun", "safe") == "safe" },
		"normal": func(v *yaml.Node) {
			s.Normal = &Normal{}
			d.fields(v, "normal", d.saying(&s.Normal.Say, keys{
				"for": func(v *yaml.Node) { s.Normal.For = d.duration(v, "for") },
			}))
		},
		"stall": func(v *yaml.Node) { s.Stall = d.duration(v, "stall") },
		"read":  func(v *yaml.Node) { s.Read = d.reads(v) },

		"probe":  action(ActProbe, func(v *yaml.Node) { s.Script = d.script(v, "probe") }),
		"run":    action(ActRun, func(v *yaml.Node) { s.Script = d.script(v, "run") }),
		"file":   action(ActFile, func(v *yaml.Node) { s.File = d.file(v) }),
		"reboot": action(ActReboot, func(v *yaml.Node) { d.word(v, "reboot", "true") }),
		"ask":    action(ActAsk, func(v *yaml.Node) { s.Ask = d.ask(v) }),
		"choose": action(ActChoose, func(v *yaml.Node) { s.Ask = d.choose(v) }),
		"manual": action(ActManual, func(v *yaml.Node) { s.Ask = d.manual(v) }),
		"wait":   action(ActWait, func(v *yaml.Node) { s.Wait = d.wait(v) }),
		"let":    action(ActLet, func(v *yaml.Node) { s.Let = d.exprs(v, "let") }),
		"end":    action(ActEnd, func(v *yaml.Node) { s.End = d.end(v) }),
		"judge":  action(ActJudge, func(v *yaml.Node) { s.Judge = d.judge(v, s.Judge) }),
		"prove":  action(ActProve, func(v *yaml.Node) { s.Prove = d.prove(v) }),
		"waive":  action(ActWaive, func(v *yaml.Node) { s.Waive = d.waive(v) }),
		"fetch":  action(ActFetch, func(v *yaml.Node) { s.Fetch = d.fetch(v) }),
		"copy":   action(ActCopy, func(v *yaml.Node) { s.Copy = d.copyFile(v) }),
		"call":   action(ActCall, func(v *yaml.Node) { s.Call = d.call(v) }),

		"with": func(v *yaml.Node) { // of judge; call has its own
			if s.Judge == nil {
				s.Judge = &JudgeBy{}
			}
			s.Judge.With = d.exprs(v, "with")
		},
		"show":  func(v *yaml.Node) { s.Show = d.names(v, "show") },
		"means": func(v *yaml.Node) { s.Means = d.means(v) },
		"guard": func(v *yaml.Node) { s.Guard = d.guard(v) },
		"hand":  func(v *yaml.Node) { s.Hand = d.hand(v) },
		"holds": func(v *yaml.Node) { s.Holds = d.holds(v) },
	})
	if !ok {
		return s
	}
	d.need(at(n), "step", "id", s.ID == "")
	switch {
	case len(actions) > 1:
		d.err(at(n), "step.actions", "actions", strings.Join(actions, ", "))
	case len(actions) == 0 && !d.saidLater(n):
		d.err(at(n), "step.action")
	}
	if s.Judge != nil && s.Action != ActJudge {
		d.err(at(n), "step.with")
	}
	return s
}

// saidLater tells whether the step's action is one of a later version, which has been said.
func (d *decoder) saidLater(n *yaml.Node) bool {
	for i := 0; i < len(n.Content); i += 2 {
		for _, l := range later {
			if n.Content[i].Value == l {
				return true
			}
		}
	}
	return false
}

func (d *decoder) check(n *yaml.Node) Check {
	c := Check{Line: n.Line, Col: n.Column}
	if d.fields(n, "check", keys{
		"id":     func(v *yaml.Node) { c.ID = d.shaped(v, "id", isUnitID) },
		"title":  func(v *yaml.Node) { c.Title = d.text(v, "title") },
		"probe":  func(v *yaml.Node) { c.Probe = d.script(v, "probe") },
		"on":     func(v *yaml.Node) { c.On = d.hosts(v) },
		"want":   func(v *yaml.Node) { c.Want = d.want(v) },
		"read":   func(v *yaml.Node) { c.Read = d.reads(v) },
		"within": func(v *yaml.Node) { c.Within = d.duration(v, "within") },
		"every":  func(v *yaml.Node) { c.Every = d.duration(v, "every") },
		"remedy": func(v *yaml.Node) { c.Remedy = d.text(v, "remedy") },
	}) {
		d.need(at(n), "check", "probe", !c.Probe.Given())
	}
	return c
}

func (d *decoder) want(n *yaml.Node) (w Want) {
	d.fields(n, "want", keys{
		"exit":     func(v *yaml.Node) { i := d.integer(v, "exit"); w.Exit = &i },
		"match":    func(v *yaml.Node) { w.Match = d.str(v, "match") },
		"no_match": func(v *yaml.Node) { w.NoMatch = d.str(v, "no_match") },
		"equals":   func(v *yaml.Node) { s := strings.TrimSpace(d.str(v, "equals")); w.Equals = &s },
		"expr":     func(v *yaml.Node) { w.Expr = d.expr(v, "expr") },
	})
	return w
}

func (d *decoder) confirm(n *yaml.Node) *Confirm {
	c := &Confirm{}
	if d.fields(n, "confirm", d.saying(&c.Say, keys{
		"type": func(v *yaml.Node) { c.Type = d.word(v, "type", "yes", "host", "site") },
	})) {
		d.need(at(n), "confirm", "type", c.Type == "")
	}
	return c
}

func (d *decoder) file(n *yaml.Node) *File {
	f := &File{}
	given := false
	if d.fields(n, "file", keys{
		"path": func(v *yaml.Node) {
			f.Path = d.shaped(v, "path", func(s string) bool { return strings.HasPrefix(s, "/") && !strings.Contains(s+"/", "/../") })
		},
		"content": func(v *yaml.Node) {
			f.Content, f.at = d.source(v, "content")
			f.Line, given = f.at.line, true
		},
		"mode":  func(v *yaml.Node) { f.Mode = d.mode(v) },
		"owner": func(v *yaml.Node) { f.Owner = d.shaped(v, "owner", isAccount) },
		"group": func(v *yaml.Node) { f.Group = d.shaped(v, "group", isAccount) },
	}) {
		d.need(at(n), "file", "path", f.Path == "")
		d.need(at(n), "file", "content", !given)
	}
	return f
}

var accountShape = regexp.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)

func isAccount(s string) bool { return accountShape.MatchString(s) }

func (d *decoder) ask(n *yaml.Node) *Ask {
	a := &Ask{Type: String}
	if d.fields(n, "ask", d.saying(&a.Say, keys{
		"name": func(v *yaml.Node) { a.Name = d.shaped(v, "name", isName) },
		"type": func(v *yaml.Node) {
			a.Type = ParamType(d.word(v, "type", "string", "int", "bool", "address", "cidr", "host"))
		},
		"default": func(v *yaml.Node) { a.Default = d.str(v, "default") },
	})) {
		d.need(at(n), "ask", "name", a.Name == "")
		d.need(at(n), "ask", "say", a.Say.Empty())
	}
	return a
}

func (d *decoder) choose(n *yaml.Node) *Ask {
	a := &Ask{Type: Choice}
	if !d.fields(n, "choose", d.saying(&a.Say, keys{
		"name":    func(v *yaml.Node) { a.Name = d.shaped(v, "name", isName) },
		"default": func(v *yaml.Node) { a.Default = d.str(v, "default") },
		"options": func(v *yaml.Node) {
			d.items(v, "options", func(v *yaml.Node) {
				var o Option
				if v.Kind == yaml.ScalarNode {
					o.Value = d.str(v, "options")
				} else if d.fields(v, "option", d.languages(&o.Title, keys{
					"value": func(v *yaml.Node) { o.Value = d.str(v, "value") },
					"title": func(v *yaml.Node) { o.Title = d.text(v, "title") },
				})) {
					d.need(at(v), "option", "value", o.Value == "")
				}
				a.Options = append(a.Options, o)
			})
		},
	})) {
		return a
	}
	d.need(at(n), "choose", "name", a.Name == "")
	d.need(at(n), "choose", "say", a.Say.Empty())
	d.need(at(n), "choose", "options", len(a.Options) == 0)
	seen := map[string]bool{}
	for _, o := range a.Options {
		if seen[o.Value] {
			d.err(at(n), "choose.twice", "value", o.Value)
		}
		seen[o.Value] = true
	}
	if a.Default != "" && !seen[a.Default] {
		d.err(at(n), "choose.default", "value", a.Default)
	}
	return a
}

func (d *decoder) manual(n *yaml.Node) *Ask {
	a := &Ask{}
	if d.fields(n, "manual", d.saying(&a.Say, keys{
		"look": func(v *yaml.Node) { a.Look = d.text(v, "look") },
		"box":  func(v *yaml.Node) { a.Name, a.Type = d.shaped(v, "box", isName), String },
	})) {
		d.need(at(n), "manual", "say", a.Say.Empty())
	}
	return a
}

func (d *decoder) wait(n *yaml.Node) *Wait {
	w := &Wait{}
	if d.fields(n, "wait", keys{
		"until":   func(v *yaml.Node) { w.Until = d.expr(v, "until") },
		"rereads": func(v *yaml.Node) { w.Reread = d.shaped(v, "rereads", isUnitID) },
		"for":     func(v *yaml.Node) { w.For = d.duration(v, "for") },
		"every":   func(v *yaml.Node) { w.Every = d.duration(v, "every") },
	}) {
		d.need(at(n), "wait", "until", !w.Until.Given())
		d.need(at(n), "wait", "rereads", w.Reread == "")
		d.need(at(n), "wait", "for", w.For == 0)
	}
	return w
}

func (d *decoder) end(n *yaml.Node) *End {
	e := &End{}
	if d.fields(n, "end", d.saying(&e.Say, keys{
		"outcome": func(v *yaml.Node) { e.Outcome = d.word(v, "outcome", "done", "refused") },
	})) {
		d.need(at(n), "end", "outcome", e.Outcome == "")
	}
	return e
}
