package steps

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/builtin"

	"stackhand/internal/i18n"
	"stackhand/internal/site"
)

// linter walks a procedure in the order in which it runs, so that it knows at each place
// what has been read, computed and answered before.
type linter struct {
	findings
	p       *Procedure
	site    *site.Site
	source  []string // lines of the file
	secrets map[string]bool
	open    map[string]bool // parameters that are no secrets
	used    map[string]bool // parameters
	lets    map[string]kind
	facts   map[string]kind // read so far
	every   map[string]kind // read anywhere

	judgements []Judgement
}

// Lint looks for everything that would go wrong in a run and can be told without a host. With
// a site it also compares the roles. known are the judgements that steps may name. The findings
// are in the order of the file.
func (p *Procedure) Lint(s *site.Site, known ...Judgement) []Finding {
	if len(p.Steps) == 0 {
		return nil // the loader has said what is wrong
	}
	l := &linter{
		findings: findings{file: p.Path}, p: p, site: s, source: strings.Split(string(p.Source), "\n"),
		secrets: map[string]bool{}, used: map[string]bool{}, lets: map[string]kind{}, facts: map[string]kind{}, every: map[string]kind{},
	}
	l.judgements = known
	l.open = map[string]bool{}
	for _, q := range p.Params {
		if q.Type == Secret {
			l.secrets[q.Name] = true
		} else {
			l.open[q.Name] = true
		}
	}
	for _, s := range p.Steps {
		for name, r := range s.Read {
			l.every[name] = readKind(r)
		}
		l.gives(&s, l.every)
	}
	l.head()
	l.params()
	ids := map[string]int{}
	for i := range p.Steps {
		s := &p.Steps[i]
		if first, twice := ids[s.ID]; twice && s.ID != "" {
			l.err(place{s.Line, s.Col}, "step.twice", "id", s.ID, "first", strconv.Itoa(first))
		}
		ids[s.ID] = s.Line
		l.step(s, i)
	}
	for _, q := range p.Params {
		if q.Name != "" && !l.used[q.Name] {
			l.warn(place{q.Line, q.Col}, "param.unused", "name", q.Name)
		}
	}
	l.called(s)
	return l.sorted()
}

// head looks at what is said of the whole procedure.
func (l *linter) head() {
	l.both(place{1, 1}, "title", l.p.Title, true)
	l.both(place{1, 1}, "about", l.p.About, false)
	if l.site == nil {
		return
	}
	for _, role := range sortedKeys(l.p.Needs) {
		need := l.p.Needs[role]
		have := len(l.site.Role(role))
		n, err := strconv.Atoi(strings.TrimSuffix(need, "+"))
		if err == nil && (have < n || have > n && !strings.HasSuffix(need, "+")) {
			l.err(place{}, "needs.count", "role", role, "need", need, "have", strconv.Itoa(have))
		}
	}
}

// both warns when a text is there in one language only, or must be there and is not.
func (l *linter) both(at place, what string, t i18n.Text, must bool) {
	switch {
	case t.Empty() && !must:
	case t.Empty():
		l.warn(at, "text.missing", "what", what)
	case t.En == "":
		l.warn(at, "text.language", "what", what, "language", "en")
	case t.Ko == "":
		l.warn(at, "text.language", "what", what, "language", "ko")
	}
}

// say looks at a text for people: both languages, and what its {name} mean.
func (l *linter) say(at place, what string, t i18n.Text, must bool, s *Step) {
	l.both(at, what, t, must)
	for _, text := range []string{t.En, t.Ko} {
		placeholders(text, func(name string) (string, bool) {
			l.placeholder(at, name, what, s, true)
			return "", false
		})
	}
}

// placeholder looks at one {name}.
func (l *linter) placeholder(at place, name, what string, s *Step, lets bool) {
	if builtinNames[name] || l.open[name] {
		l.used[name] = true
		return
	}
	if l.full() {
		return
	}
	known := map[string]bool{}
	for n := range builtinNames {
		known[n] = true
	}
	for _, q := range l.p.Params {
		known[q.Name] = q.Type != Secret
	}
	if s != nil {
		for n := range s.Vars {
			known[n] = true
		}
	}
	if lets {
		for n := range l.lets {
			known[n] = true
		}
	}
	l.used[name] = true
	switch {
	case l.secrets[name]:
		l.err(at, "secret.text", "name", name, "what", what)
	case known[name]:
	default:
		if near := nearest(name, known); near != "" {
			l.err(at, "placeholder.near", "name", name, "what", what, "near", near)
		} else {
			l.err(at, "placeholder.unknown", "name", name, "what", what)
		}
	}
}

var builtinNames = map[string]bool{"host_name": true, "host_address": true, "item": true, "run_id": true}

// params looks at the declarations of the parameters.
func (l *linter) params() {
	seen := map[string]bool{}
	earlier := env{params: map[string]kind{}}
	for i := range l.p.Params {
		q := &l.p.Params[i]
		at := place{q.Line, q.Col}
		l.newName(at, q.Name, seen)
		l.both(at, "title", q.Title, true)
		l.both(at, "about", q.About, false)
		l.regexp(at, q.Match)
		switch {
		case q.Type == Choice && len(q.Choices) == 0:
			l.err(at, "param.nochoices", "name", q.Name)
		case q.Type != Choice && len(q.Choices) > 0:
			l.err(at, "param.choices", "name", q.Name)
		}
		if q.Type == Secret && (q.Default != nil || q.From.Given()) {
			l.err(at, "param.secretdefault", "name", q.Name)
		}
		if q.Type != Secret && q.Generate != nil {
			l.err(at, "param.generate", "name", q.Name)
		}
		if q.Default != nil && q.From.Given() {
			l.err(at, "param.twodefaults", "name", q.Name)
		}
		if q.Default != nil && q.Type != Secret {
			if v, why := q.Clean(*q.Default, l.site); why != "" {
				l.err(at, why, "name", q.Name, "value", oneLine(v), "choices", strings.Join(q.Choices, ", "), "match", q.Match)
			}
		}
		if q.From.Given() {
			l.expr(q.From, "from", earlier)
		}
		if q.Type != Secret {
			earlier.params[q.Name] = paramKind(q.Type)
		}
	}
}

// newName refuses names that are taken, or that expressions use themselves.
func (l *linter) newName(at place, name string, seen map[string]bool) {
	switch {
	case name == "":
	case seen[name]:
		l.err(at, "name.twice", "name", name)
	case builtinNames[name] || reserved(name):
		l.err(at, "name.reserved", "name", name)
	}
	seen[name] = true
}

// reserved tells whether expressions have the name already.
func reserved(name string) bool {
	_, function := builtin.Index[name]
	return function || slices.Contains([]string{
		"hosts", "host", "site", "before", "known", "why", "unique", "waived",
		"all", "none", "any", "one", "filter", "map", "count", "find", "reduce", "sum", "not", "in", "and", "or", "nil", "true", "false", "let", "if", "else",
		"matches", "contains",
	}, name)
}

func (l *linter) regexp(at place, text string) {
	if text == "" {
		return
	}
	if _, err := regexp.Compile(text); err != nil {
		l.err(at, "regexp.bad", "match", oneLine(text), "cause", err.Error())
	}
}

// reads looks at facts to be read.
func (l *linter) reads(m map[string]Read, fact bool) {
	for _, name := range sortedKeys(m) {
		r := m[name]
		at := place{r.Line, r.Col}
		l.regexp(at, r.Match)
		if fact && hostFields[name] || reserved(name) || builtinNames[name] {
			l.err(at, "name.reserved", "name", name)
		}
	}
}

// roles looks at the hosts that a step or check names.
func (l *linter) hostSet(h HostSet, e env) {
	if !h.Given() {
		return
	}
	at := place{h.Line, h.Col}
	if h.Expr.Given() {
		e.host = false
		l.expr(h.Expr, "on", e)
		return
	}
	for _, role := range h.Roles {
		l.role(at, role)
	}
	if h.Where.Given() {
		e.host, e.self = true, hostKind
		l.expr(h.Where, "where", e)
	}
}

func (l *linter) role(at place, role string) {
	if role == "all" || role == "" {
		return
	}
	need, needed := l.p.Needs[role]
	filled := l.site != nil && len(l.site.Role(role)) > 0
	switch {
	case filled:
	case needed && (l.site == nil || need == "0+"):
	default:
		known := map[string]bool{}
		for r := range l.p.Needs {
			known[r] = true
		}
		if l.site != nil {
			for _, h := range l.site.Hosts {
				for _, r := range h.Roles {
					known[r] = true
				}
			}
		}
		delete(known, role)
		if near := nearest(role, known); near != "" {
			l.err(at, "role.near", "role", role, "near", near)
		} else {
			l.err(at, "role.unfilled", "role", role)
		}
	}
}

// script looks at shell text in all its variants.
func (l *linter) script(s Script, use scriptUse) {
	if !s.Given() {
		return
	}
	texts := map[string]string{}
	for k, v := range s.By {
		texts[k] = v
	}
	if s.All != "" {
		texts[""] = s.All
	}
	for _, variant := range sortedKeys(texts) {
		at, ok := s.at[variant]
		if !ok {
			at = place{s.Line, 0}
		}
		l.shell(texts[variant], at, use)
	}
	if s.All != "" || len(l.p.Platforms) == 0 {
		return
	}
	hit := map[string]bool{}
	for _, platform := range sortedKeys(l.p.Platforms) {
		if _, ok := s.For(platform); !ok {
			l.err(place{s.Line, 0}, "variant.missing", "platform", platform)
		}
		for v := range s.By {
			if platform == v || strings.HasPrefix(platform, v+"-") {
				hit[v] = true
			}
		}
	}
	for _, v := range sortedKeys(s.By) {
		if !hit[v] {
			l.warn(s.at[v], "variant.unused", "platform", v)
		}
	}
}

// assetAt tells whether the text at a place is an asset: then positions are those in the asset.
func (l *linter) assetAt(at place) (file string, ok bool) {
	if at.line < 1 || at.line > len(l.source) || at.col < 1 {
		return "", false
	}
	line := []rune(l.source[at.line-1])
	if at.col > len(line) {
		return "", false
	}
	ref := strings.TrimLeft(string(line[at.col-1:]), `'"`)
	if i := strings.IndexAny(ref, " \t,}]'\"#\r"); i >= 0 {
		ref = ref[:i]
	}
	if !isAsset(ref) {
		return "", false
	}
	return path.Join(path.Dir(l.p.Path), ref), true
}
