package steps

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// scriptUse says what a script is for.
type scriptUse struct {
	step  *Step
	phase string // probe, run, undo, abort
}

// shellLinter walks one script.
type shellLinter struct {
	*linter
	text    string
	base    place // of the text's first character in the file
	indent  int   // of the text's lines in the file
	use     scriptUse
	defined map[string]bool // variables that the script sets itself
	funcs   map[string]bool
	tainted map[string]bool // variables that hold a secret
	sourced bool            // another file is read with `.`, and may set anything
	waits   bool
}

var shebang = regexp.MustCompile(`^#!\s*(/usr)?/bin/(env\s+)?(bash|sh|dash)(\s|$)`)

// shell looks at one shell text: its syntax, and what the language forbids.
func (l *linter) shell(text string, at place, use scriptUse) {
	if file, ok := l.assetAt(at); ok {
		defer func(old string) { l.file = old }(l.file)
		l.file, at = file, place{1, 1}
	}
	w := &shellLinter{linter: l, text: text, base: at, use: use, defined: map[string]bool{}, funcs: map[string]bool{}, tainted: map[string]bool{}}
	w.indent = l.indentOf(at, text)
	lang := syntax.LangPOSIX
	if strings.HasPrefix(text, "#!") {
		m := shebang.FindStringSubmatch(text)
		switch {
		case m == nil:
			w.err(at, "script.interpreter", "line", oneLine(strings.SplitN(text, "\n", 2)[0]))
			return
		case use.phase == "probe":
			w.err(at, "probe.interpreter")
		case m[3] == "bash":
			lang = syntax.LangBash
		}
	}
	f, err := w.parse(text, lang)
	if err != nil {
		p := at
		what := err.Error()
		if pe := (syntax.ParseError{}); errors.As(err, &pe) {
			p, what = w.place(pe.Pos), pe.Text
		} else if le := (syntax.LangError{}); errors.As(err, &le) {
			p, what = w.place(le.Pos), le.Feature
			if lang == syntax.LangPOSIX {
				w.err(p, "script.bashism", "what", what)
				return
			}
		}
		w.err(p, "script.syntax", "what", what)
		return
	}
	w.collect(f)
	w.taint(f)
	w.walk(f)
}

// parse parses, and turns a panic of the parser into an error.
func (w *shellLinter) parse(text string, lang syntax.LangVariant) (f *syntax.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("not understood: %v", r)
		}
	}()
	return syntax.NewParser(syntax.Variant(lang)).Parse(strings.NewReader(text), "")
}

// indentOf is how far the text stands to the right in the file (block style).
func (l *linter) indentOf(at place, text string) int {
	if at.line < 1 || at.line > len(l.source) || l.file != l.p.Path {
		return 0
	}
	first, _, _ := strings.Cut(text, "\n")
	if i := strings.Index(l.source[at.line-1], first); i > 0 && first != "" && at.col == 1 {
		return i
	}
	return 0
}

func (w *shellLinter) place(pos syntax.Pos) place {
	if !pos.IsValid() || w.base.line == 0 {
		return w.base
	}
	p := place{w.base.line + int(pos.Line()) - 1, int(pos.Col()) + w.indent}
	if pos.Line() == 1 && w.base.col > 1 {
		p.col += w.base.col - 1
	}
	return p
}

// collect notes what the script defines.
func (w *shellLinter) collect(f *syntax.File) {
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				w.defined[n.Name.Value] = true
			}
		case *syntax.WordIter:
			w.defined[n.Name.Value] = true
		case *syntax.FuncDecl:
			if n.Name != nil {
				w.funcs[n.Name.Value] = true
			}
		case *syntax.CallExpr:
			switch name := literal(n.Args, 0); name {
			case "read", "getopts", "mapfile", "readarray", "local", "unset", "export", "readonly", "declare", "printf":
				for _, a := range n.Args[1:] {
					v, _, _ := strings.Cut(a.Lit(), "=")
					if syntax.ValidName(v) {
						w.defined[v] = true
					} else if name, _, ok := strings.Cut(prefixLit(a), "="); ok && syntax.ValidName(name) {
						w.defined[name] = true
					}
				}
			case ".", "source", "eval":
				w.sourced = true
			case "wait":
				w.waits = true
			}
		case *syntax.LetClause, *syntax.ArithmCmd:
			w.sourced = true // what is assigned there is not followed
		}
		return true
	})
}

// prefixLit is the literal text with which a word begins.
func prefixLit(word *syntax.Word) string {
	if len(word.Parts) > 0 {
		if l, ok := word.Parts[0].(*syntax.Lit); ok {
			return l.Value
		}
	}
	return ""
}

// literal is the text of an argument without expansions, "" otherwise.
func literal(args []*syntax.Word, i int) string {
	if i >= len(args) {
		return ""
	}
	if s := args[i].Lit(); s != "" {
		return s
	}
	if len(args[i].Parts) == 1 {
		switch p := args[i].Parts[0].(type) {
		case *syntax.SglQuoted:
			return p.Value
		case *syntax.DblQuoted:
			if len(p.Parts) == 1 {
				if l, ok := p.Parts[0].(*syntax.Lit); ok {
					return l.Value
				}
			}
		}
	}
	return ""
}

// wellKnown are variables that the shell or the wrapper sets.
var wellKnown = []string{
	"PATH", "HOME", "LC_ALL", "IFS", "PWD", "OLDPWD", "PPID", "OPTARG", "OPTIND", "PS1", "PS4", "LINENO", "TMPDIR",
	"UID", "EUID", "HOSTNAME", "RANDOM", "SECONDS", "REPLY", "PIPESTATUS", "FUNCNAME", "BASH_SOURCE", "BASH_VERSION", "BASH_REMATCH", "EPOCHSECONDS",
}

// walk looks at everything once.
func (w *shellLinter) walk(f *syntax.File) {
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Stmt:
			if n.Background && !w.waits || n.Coprocess || n.Disown {
				w.err(w.place(n.Pos()), "script.background")
			}
			if w.use.phase == "probe" {
				w.redirects(n)
			}
		case *syntax.CoprocClause:
			w.err(w.place(n.Pos()), "script.background")
		case *syntax.ParamExp:
			w.variable(n)
		case *syntax.BinaryArithm, *syntax.UnaryArithm, *syntax.ArithmExp:
			w.arithmetic(n)
		case *syntax.CallExpr:
			w.command(n)
		}
		return true
	})
	w.secretUse(f)
	for _, q := range w.p.Params {
		if i := strings.Index(w.text, "{"+q.Name+"}"); i == 0 || i > 0 && w.text[i-1] != '$' {
			before := w.text[:i]
			line := strings.Count(before, "\n")
			w.warn(place{w.base.line + line, 0}, "script.placeholder", "name", q.Name)
		}
	}
}

// variable looks at $name.
func (w *shellLinter) variable(n *syntax.ParamExp) {
	if n.Param == nil {
		return
	}
	name := n.Param.Value
	w.used[name] = true
	guarded := false
	if n.Exp != nil {
		switch n.Exp.Op {
		case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AlternateUnset, syntax.AlternateUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
			guarded = true
		}
	}
	if guarded || !syntax.ValidName(name) || w.defined[name] || w.p.Param(name) != nil || builtinNames[name] || slices.Contains(wellKnown, name) {
		return
	}
	if w.use.step != nil {
		if _, ok := w.use.step.Vars[name]; ok {
			return
		}
	}
	if w.sourced && strings.ToLower(name) != name {
		return
	}
	known := map[string]bool{}
	for _, q := range w.p.Params {
		known[q.Name] = true
	}
	for v := range w.defined {
		known[v] = true
	}
	if w.use.step != nil {
		for v := range w.use.step.Vars {
			known[v] = true
		}
	}
	if near := nearest(name, known); near != "" {
		w.warn(w.place(n.Pos()), "script.near", "name", name, "near", near)
	} else {
		w.warn(w.place(n.Pos()), "script.variable", "name", name)
	}
}

// arithmetic notes parameters named without $ in $((…)).
func (w *shellLinter) arithmetic(n syntax.Node) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if word, ok := n.(*syntax.Word); ok {
			if name := word.Lit(); w.p.Param(name) != nil {
				w.used[name] = true
			}
		}
		return true
	})
}

// redirects refuses that a probe writes files.
func (w *shellLinter) redirects(n *syntax.Stmt) {
	for _, r := range n.Redirs {
		switch r.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrInOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll, syntax.AppClob, syntax.RdrAllClob, syntax.AppAllClob:
			if target := literal([]*syntax.Word{r.Word}, 0); !slices.Contains([]string{"/dev/null", "/dev/stdout", "/dev/stderr"}, target) {
				w.err(w.place(r.Pos()), "probe.redirect")
			}
		}
	}
}

// command looks at one simple command.
func (w *shellLinter) command(n *syntax.CallExpr) {
	args := unwrap(n.Args)
	name := literal(args, 0)
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	switch name {
	case "nohup", "setsid", "disown", "daemonize":
		w.err(w.place(n.Pos()), "script.daemon", "command", name)
		return
	}
	if w.use.phase == "probe" && changes(name, args) && !w.funcs[name] {
		w.err(w.place(n.Pos()), "probe.changes", "command", name)
	}
	if word := pastedInto(n.Args); word != nil {
		w.err(w.place(word.Pos()), "script.pasted")
	}
}

var shellWithText = regexp.MustCompile(`^-[a-z]*c$`)

// pastedInto is the text of a further shell (`sh -c`, `eval`) into which this one puts values, nil
// when there is none: what a value holds would be run. However the shell comes to be run there.
func pastedInto(args []*syntax.Word) *syntax.Word {
	for i := range args {
		name := literal(args, i)
		name = name[strings.LastIndexByte(name, '/')+1:]
		switch {
		case i == 0 && name == "eval":
			for _, a := range args[1:] {
				if expands(a) {
					return a
				}
			}
		case slices.Contains([]string{"sh", "bash", "dash", "ksh", "su"}, name):
			for j := i + 1; j+1 < len(args); j++ {
				if shellWithText.MatchString(literal(args, j)) {
					if expands(args[j+1]) {
						return args[j+1]
					}
					break
				}
			}
		}
	}
	return nil
}

// expands tells whether a word holds the value of something.
func expands(word *syntax.Word) (does bool) {
	syntax.Walk(word, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.ParamExp, *syntax.CmdSubst:
			does = true
		}
		return !does
	})
	return does
}

// unwrap takes off what only runs another command.
func unwrap(args []*syntax.Word) []*syntax.Word {
	for len(args) > 1 {
		switch literal(args, 0) {
		case "command", "exec", "env", "sudo", "nice", "ionice", "time", "xargs", "busybox":
			args = args[1:]
		case "timeout":
			args = args[1:]
			for len(args) > 1 && strings.HasPrefix(literal(args, 0), "-") {
				takes := slices.Contains([]string{"-k", "-s"}, literal(args, 0))
				if args = args[1:]; takes && len(args) > 1 {
					args = args[1:]
				}
			}
			args = args[min(1, len(args)-1):]
			continue
		default:
			return args
		}
		for len(args) > 1 && (strings.HasPrefix(literal(args, 0), "-") || strings.Contains(prefixLit(args[0]), "=")) {
			takes := slices.Contains([]string{"-u", "-n", "-c", "-I", "-L", "-P", "-g"}, literal(args, 0))
			args = args[1:]
			if takes && len(args) > 1 {
				args = args[1:]
			}
		}
	}
	return args
}
