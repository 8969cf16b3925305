package steps

import (
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/site"
)

// judgement is a declared judgement, or nil.
func (l *linter) judgement(name string) *Judgement {
	for i := range l.judgements {
		if l.judgements[i].Name == name {
			return &l.judgements[i]
		}
	}
	return nil
}

// outputs are the facts that a judge step gives its hosts.
func (j *Judgement) outputs() []string {
	return append(slices.Clone(j.HostOutputs), ReasonFact)
}

// gives notes the facts of a step that no `read` names.
func (l *linter) gives(s *Step, into map[string]kind) {
	if s.Hand != nil {
		for _, a := range s.Hand.Asks {
			if _, read := s.Read[a.Name]; !read {
				into[a.Name] = readKind(Read{As: a.As})
			}
		}
	}
	if s.Judge != nil {
		if j := l.judgement(s.Judge.Name); j != nil {
			for _, name := range j.outputs() {
				into[name] = anyKind
			}
		}
	}
}

// called looks at the procedures that this one calls: their errors are its own.
func (l *linter) called(s *site.Site) {
	for _, id := range sortedKeys(l.p.Called) {
		sub := *l.p.Called[id]
		sub.Called = nil
		for _, f := range sub.Lint(nil, l.judgements...) {
			if f.Severity == Error {
				l.all = append(l.all, f)
			}
		}
	}
}

// runbook looks at the actions and keys that runbooks have.
func (l *linter) runbook(s *Step, index int, at place, e env) {
	console := e
	console.host = false
	switch {
	case s.Judge != nil && s.Action == ActJudge:
		l.judge(s, e)
	case s.Waive != nil:
		l.say(at, "waive", s.Waive.Say, true, s)
		if s.Waive.Type == "item" && !s.Each.Given() {
			l.err(at, "waive.each")
		}
	case s.Fetch != nil:
		l.fetch(s)
	case s.Copy != nil:
		l.expr(s.Copy.From, "from", e)
	case s.Call != nil:
		l.call(s.Call, console)
	}
	for _, p := range s.Prove {
		at := place{p.Line, p.Col}
		l.say(at, "proof", p.Say, true, s)
		l.exprOf(p.That, "that", console, boolKind)
	}
	l.plainOnly(s, at)
	l.guards(s, index, at, e)
	if s.Hand != nil {
		l.hand(s, index, at)
	}
	if s.Holds != nil {
		l.holds(s, index)
	}
}

// plainOnly refuses what an action has no use for.
func (l *linter) plainOnly(s *Step, at place) {
	switch s.Action {
	case ActJudge, ActProve, ActWaive, ActFetch, ActCall:
	default:
		return
	}
	has := map[string]bool{
		"check": len(s.Check) > 0 || s.CheckVerify, "require": len(s.Require) > 0, "verify": len(s.Verify) > 0, "confirm": s.Confirm != nil,
		"guard": len(s.Guard) > 0, "serial": s.Serial, "once": s.Once && s.Action != ActFetch, "undo": s.Undo.Given(), "abort": s.Abort.Given(),
		"hand": s.Hand != nil && s.Action != ActWaive,
		"each": s.Each.Given() && s.Action != ActWaive,
	}
	for _, key := range sortedKeys(has) {
		if has[key] {
			l.err(at, "step.nouse", "action", string(s.Action), "key", key)
		}
	}
}

func (l *linter) judge(s *Step, e env) {
	at := place{s.Judge.Line, s.Judge.Col}
	j := l.judgement(s.Judge.Name)
	if j == nil {
		known := map[string]bool{}
		for _, k := range l.judgements {
			known[k.Name] = true
		}
		if s.Judge.Name != "" {
			l.err(at, "judge.unknown", "name", s.Judge.Name, "near", nearest(s.Judge.Name, known), "known", strings.Join(sortedKeys(known), ", "))
		}
		for _, name := range sortedKeys(s.Judge.With) {
			l.expr(s.Judge.With[name], "with "+name, e)
		}
		return
	}
	for _, name := range j.Reads {
		if _, read := l.facts[name]; !read && !l.readBack(s.ID, name) {
			l.err(at, "judge.reads", "name", j.Name, "fact", name)
		}
	}
	e.host = false
	for _, name := range sortedKeys(s.Judge.With) {
		x := s.Judge.With[name]
		if !slices.Contains(j.Args, name) {
			l.err(place{x.Line, x.Col}, "judge.with", "name", j.Name, "arg", name, "known", strings.Join(j.Args, ", "))
		}
		l.expr(x, "with "+name, e)
	}
	for _, name := range j.Outputs {
		l.letName(at, name, anyKind)
	}
}

func (l *linter) fetch(s *Step) {
	at := place{s.Fetch.Line, s.Fetch.Col}
	if len(s.Fetch.Files)+len(s.Fetch.Output) > MostFetchedFiles {
		l.err(at, "fetch.many", "most", strconv.Itoa(MostFetchedFiles))
	}
	for _, name := range sortedKeys(s.Fetch.Output) {
		l.script(s.Fetch.Output[name], scriptUse{step: s, phase: "probe"})
	}
}

// call looks at what goes into a called procedure and what comes out.
func (l *linter) call(c *Call, e env) {
	at := place{c.Line, c.Col}
	for _, name := range sortedKeys(c.With) {
		l.expr(c.With[name], "with "+name, e)
	}
	for _, name := range sortedKeys(c.Gives) {
		l.letName(at, c.Gives[name], anyKind)
	}
	if c.Sub == nil {
		return // the loader has said so
	}
	for _, name := range sortedKeys(c.With) {
		x := c.With[name]
		switch q := c.Sub.Param(name); {
		case q == nil:
			var known []string
			for _, p := range c.Sub.Params {
				known = append(known, p.Name)
			}
			l.err(place{x.Line, x.Col}, "call.with", "procedure", c.Procedure, "name", name, "known", strings.Join(known, ", "))
		case q.Type == Secret:
			l.err(place{x.Line, x.Col}, "call.secret", "name", name)
		}
	}
	for _, theirs := range sortedKeys(c.Roles) {
		l.role(at, c.Roles[theirs])
		if _, needed := c.Sub.Needs[theirs]; !needed {
			l.err(at, "call.roles", "procedure", c.Procedure, "role", theirs, "known", strings.Join(sortedKeys(c.Sub.Needs), ", "))
		}
	}
	for _, q := range c.Sub.Params {
		if _, given := c.With[q.Name]; !given && q.Type != Secret && q.Default == nil && !q.From.Given() {
			l.err(at, "call.missing", "procedure", c.Procedure, "name", q.Name)
		}
	}
	lets := c.Sub.LetNames(l.judgements)
	lets[Outcome] = true
	for _, name := range sortedKeys(c.Gives) {
		if !lets[name] {
			l.err(at, "call.gives", "procedure", c.Procedure, "name", name, "known", strings.Join(sortedKeys(lets), ", "))
		}
	}
}

func (l *linter) guards(s *Step, index int, at place, e env) {
	if len(s.Guard) > 0 && s.Risk == Change {
		l.err(at, "guard.risk")
	}
	for _, g := range s.Guard {
		at := place{g.Line, g.Col}
		l.say(at, "guard", g.Say, true, s)
		if g.Reread != "" && !l.probed(g.Reread, index) {
			l.err(at, "wait.rereads", "id", g.Reread)
		}
		l.exprOf(g.That, "that", e, boolKind)
	}
}

// holds looks at what a step holds for a while: something must let go of it later.
func (l *linter) holds(s *Step, index int) {
	h := s.Holds
	at := place{h.Line, h.Col}
	l.say(at, "holds", h.Say, true, nil)
	after := l.p.Steps[index+1:]
	if !slices.ContainsFunc(after, func(o Step) bool { return o.ID == h.Until && o.Action == ActRun }) || s.Action != ActRun {
		l.err(at, "holds.until", "id", h.Until)
	}
}

// probed tells whether a step before this one is a probe of that id.
func (l *linter) probed(id string, index int) bool {
	return slices.ContainsFunc(l.p.Steps[:index], func(s Step) bool { return s.ID == id && s.Action == ActProbe })
}

// readBack tells whether a later waiver can have a fact read by hand, and has the judgement made again then.
func (l *linter) readBack(judge, fact string) bool {
	return slices.ContainsFunc(l.p.Steps, func(s Step) bool {
		return s.Action == ActWaive && s.Hand != nil && slices.Contains(s.Hand.Judges, judge) &&
			slices.ContainsFunc(s.Hand.Asks, func(a HandAsk) bool { return a.Name == fact })
	})
}

func (l *linter) hand(s *Step, index int, at place) {
	h := s.Hand
	switch {
	case s.Action == ActWaive:
		if s.Waive.Type != "item" || len(h.Asks) == 0 || len(h.Judges) == 0 || h.When.Given() {
			l.err(at, "hand.waive")
		}
	case s.Action != ActProbe && s.Action != ActRun || !s.On.Given():
		l.err(at, "hand.where")
	}
	for _, id := range h.Judges {
		if s.Action != ActWaive || !slices.ContainsFunc(l.p.Steps[:index], func(s Step) bool { return s.ID == id && s.Action == ActJudge }) {
			l.err(place{h.Line, h.Col}, "hand.judges", "id", id)
		}
	}
	if len(h.Type) > MostCardLines {
		l.err(place{h.Line, h.Col}, "hand.lines", "most", strconv.Itoa(MostCardLines))
	}
	for i, line := range h.Type {
		if len(line) > MostCardChars || strings.TrimSpace(line) == "" || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			l.err(place{h.Line, h.Col}, "hand.line", "line", strconv.Itoa(i+1), "most", strconv.Itoa(MostCardChars))
		}
	}
	if h.When.Given() {
		if !s.Absent { // a silent host without a card must be something that the step can go on without
			l.err(place{h.Line, h.Col}, "hand.when")
		}
		e := l.env(s)
		e.host, e.self = true, hostKind
		l.exprOf(h.When, "when", e, boolKind)
	}
	seen := map[string]bool{}
	for _, a := range h.Asks {
		at := place{a.Line, a.Col}
		l.say(at, "box", a.Say, true, s)
		l.regexp(at, a.Match)
		l.newName(at, a.Name, seen)
	}
	if s.Action == ActProbe && len(h.Asks) == 0 && len(s.Read) > 0 {
		l.err(place{h.Line, h.Col}, "hand.asks")
	}
}

// evidence looks at what the operator is shown of a step; it comes after what the step reads.
func (l *linter) evidence(s *Step, at place) {
	if len(s.Show)+len(s.Means) > 0 && !s.On.Given() {
		l.err(at, "show.on")
	}
	for _, name := range s.Show {
		if _, ok := l.facts[name]; ok {
			continue
		}
		if near := nearest(name, l.facts); near != "" {
			l.err(at, "fact.near", "name", name, "near", near)
		} else {
			l.err(at, "fact.unknown", "name", name)
		}
	}
	e := l.env(s)
	e.host, e.self = true, hostKind
	for _, m := range s.Means {
		at := place{m.Line, m.Col}
		l.say(at, "means", m.Say, true, s)
		l.exprOf(m.When, "when", e, boolKind)
	}
}
