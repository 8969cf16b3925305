package steps

import (
	"slices"
	"strings"
)

// env at a step: everything computed before it.
func (l *linter) env(s *Step) env {
	e := env{params: map[string]kind{}, lets: l.lets, facts: l.facts, host: s.On.Given(), item: s.Each.Given()}
	for _, q := range l.p.Params {
		if q.Type != Secret {
			e.params[q.Name] = paramKind(q.Type)
		}
	}
	return e
}

// step looks at one step; index is its number from 0.
func (l *linter) step(s *Step, index int) {
	at := place{s.Line, s.Col}
	e := l.env(s)
	l.say(at, "title", s.Title, true, s)
	l.say(at, "about", s.About, false, s)
	l.hostSet(s.On, e)
	if s.When.Given() {
		l.exprOf(s.When, "when", e, boolKind)
	}
	if s.Each.Given() {
		each := e
		each.host, each.item = false, false
		l.expr(s.Each, "each", each)
	}
	l.vars(s, e)
	l.rules(s, at)

	use := scriptUse{step: s, phase: "probe"}
	l.checks(s, s.Check, "check", e, use)
	l.checks(s, s.Require, "require", e, use)
	if s.Action == ActProbe {
		l.script(s.Script, use)
	} else {
		l.script(s.Script, scriptUse{step: s, phase: "run"})
	}
	l.script(s.Undo, scriptUse{step: s, phase: "undo"})
	l.script(s.Abort, scriptUse{step: s, phase: "abort"})
	if s.File != nil {
		l.fileText(s)
	}
	l.reads(s.Read, true)
	l.questions(s, at)
	if s.Wait != nil {
		l.wait(s, index, e)
	}
	for _, name := range sortedKeys(s.Let) {
		l.letName(place{s.Let[name].Line, s.Let[name].Col}, name, l.expr(s.Let[name], "let "+name, e))
	}
	l.runbook(s, index, at, e)
	// What the action reads is there for its verification, and for all later steps.
	for name, r := range s.Read {
		l.facts[name] = readKind(r)
	}
	l.gives(s, l.facts)
	l.evidence(s, at)
	l.checks(s, s.Verify, "verify", l.env(s), use)
}

// rules are those of the language about what a step must have.
func (l *linter) rules(s *Step, at place) {
	onHosts := slices.Contains([]Action{ActProbe, ActRun, ActFile, ActReboot, ActJudge, ActFetch, ActCopy}, s.Action)
	onConsole := slices.Contains([]Action{ActAsk, ActChoose, ActLet, ActEnd, ActWait, ActProve, ActWaive, ActCall}, s.Action)
	switch {
	case onHosts && !s.On.Given():
		l.err(at, "step.on", "action", string(s.Action))
	case s.On.Given() && onConsole:
		l.err(at, "step.console", "action", string(s.Action))
	}
	if (s.Action == ActRun || s.Action == ActFile) && len(s.Verify) == 0 {
		l.err(at, "step.verify")
	}
	if s.CheckVerify && len(s.Verify) == 0 {
		l.err(at, "step.checkverify")
	}
	if s.Risk == Destructive && (s.Confirm == nil || s.Confirm.Type == "yes") {
		l.err(at, "step.confirm")
	}
	if s.Confirm != nil && s.Confirm.Type == "host" && !s.On.Given() {
		l.err(at, "confirm.host")
	}
	if len(s.Read) > 0 && s.Action != ActProbe && s.Action != ActRun {
		l.err(at, "step.read")
	}
	if s.RerunSafe && s.Action != ActRun && s.Action != ActFile {
		l.warn(at, "step.rerun")
	}
	if s.Confirm != nil {
		l.say(at, "confirm", s.Confirm.Say, false, s)
	}
	if s.Normal != nil {
		l.say(at, "normal", s.Normal.Say, true, s)
	}
	if s.End != nil {
		l.say(at, "end", s.End.Say, true, s)
	}
}

// vars looks at a step's own variables.
func (l *linter) vars(s *Step, e env) {
	for _, name := range sortedKeys(s.Vars) {
		x := s.Vars[name]
		if l.p.Param(name) != nil || builtinNames[name] {
			l.err(place{x.Line, x.Col}, "name.twice", "name", name)
		}
		l.expr(x, "vars "+name, e)
	}
}

// checks looks at the checks of one phase.
func (l *linter) checks(s *Step, checks []Check, phase string, e env, use scriptUse) {
	ids := map[string]bool{}
	for i := range checks {
		c := &checks[i]
		at := place{c.Line, c.Col}
		if c.ID != "" && ids[c.ID] {
			l.err(at, "check.twice", "id", c.ID)
		}
		ids[c.ID] = true
		if !s.On.Given() && !c.On.Given() {
			l.err(at, "check.on")
		}
		l.say(at, "title", c.Title, false, s)
		l.say(at, "remedy", c.Remedy, false, s)
		l.hostSet(c.On, e)
		if phase == "check" && c.Within > 0 {
			l.warn(at, "check.within")
		}
		l.reads(c.Read, false)
		l.script(c.Probe, use)
		l.regexp(at, c.Want.Match)
		l.regexp(at, c.Want.NoMatch)
		if c.Want.Expr.Given() {
			w := e
			w.host = e.host || c.On.Given()
			w.values = map[string]kind{}
			for name, r := range c.Read {
				w.values[name] = readKind(r)
			}
			w.self, w.before = valuesKind, true
			l.exprOf(c.Want.Expr, "want", w, boolKind)
		} else if len(c.Read) > 0 {
			l.warn(at, "check.read")
		}
	}
}

// fileText looks at the placeholders of a file, and that no secret goes into it.
func (l *linter) fileText(s *Step) {
	at, asset := s.File.at, false
	if file, ok := l.assetAt(at); ok {
		asset = true
		defer func(old string) { l.file = old }(l.file)
		l.file = file
	}
	for i, line := range strings.Split(s.File.Content, "\n") {
		p := place{at.line + i, 0}
		if asset {
			p.line = i + 1
		}
		placeholders(line, func(name string) (string, bool) {
			l.placeholder(p, name, "content", s, false)
			return "", false
		})
	}
	placeholders(s.File.Path, func(name string) (string, bool) {
		l.placeholder(place{s.Line, s.Col}, name, "path", s, false)
		return "", false
	})
}

// letName notes a name that a let, ask or choose defines: once, and no parameter's.
func (l *linter) letName(at place, name string, k kind) {
	switch {
	case name == "":
		return
	case l.p.Param(name) != nil:
		l.err(at, "name.twice", "name", name)
	case builtinNames[name] || reserved(name):
		l.err(at, "name.reserved", "name", name)
	}
	if _, again := l.lets[name]; again {
		l.err(at, "let.twice", "name", name)
	}
	l.lets[name] = afterEval(k)
}

// questions looks at what the operator is asked.
func (l *linter) questions(s *Step, at place) {
	a := s.Ask
	if a == nil {
		return
	}
	l.say(at, string(s.Action), a.Say, true, s)
	l.say(at, "look", a.Look, false, s)
	for _, o := range a.Options {
		l.say(at, "option "+o.Value, o.Title, false, s)
	}
	if s.Action == ActAsk && a.Default != "" {
		q := Param{Name: a.Name, Type: a.Type}
		if v, why := q.Clean(a.Default, l.site); why != "" {
			l.err(at, why, "name", a.Name, "value", oneLine(v), "choices", "", "match", "")
		}
	}
	l.letName(at, a.Name, paramKind(a.Type))
}

// wait looks at what is waited for: a step before must be there to be read again.
func (l *linter) wait(s *Step, index int, e env) {
	at := place{s.Line, s.Col}
	if !l.probed(s.Wait.Reread, index) && s.Wait.Reread != "" {
		l.err(at, "wait.rereads", "id", s.Wait.Reread)
	}
	l.exprOf(s.Wait.Until, "until", e, boolKind)
}
