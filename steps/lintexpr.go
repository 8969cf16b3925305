package steps

import (
	"errors"
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// kind is what lint knows about a value before a run. Only what is certain is compared.
type kind struct {
	name string
	elem *kind // of a list
}

var (
	anyKind       = kind{name: "any"}
	textKind      = kind{name: "text"}
	numberKind    = kind{name: "number"}
	boolKind      = kind{name: "bool"}
	hostKind      = kind{name: "host"}
	hostsKind     = kind{name: "hosts"}   // hosts, before a role is named
	addressesKind = kind{name: "address"} // host.address
	valuesKind    = kind{name: "values"}  // what a check has just read
	beforeKind    = kind{name: "before"}
	siteKind      = kind{name: "site"}
)

func listOf(k kind) kind { return kind{"list", &k} }

func (k kind) scalar() bool { return k.name == "text" || k.name == "number" || k.name == "bool" }

func (k kind) element() kind {
	if k.name == "list" {
		return *k.elem
	}
	return anyKind
}

func readKind(r Read) kind {
	switch r.As {
	case "int", "float":
		return numberKind
	case "bool":
		return boolKind
	case "lines":
		return listOf(textKind)
	}
	return textKind
}

func paramKind(t ParamType) kind {
	switch t {
	case Int:
		return numberKind
	case Bool:
		return boolKind
	}
	return textKind
}

// afterEval is what a value is once it has left its expression: hosts by name.
func afterEval(k kind) kind {
	switch k.name {
	case "host":
		return textKind
	case "list":
		return listOf(afterEval(*k.elem))
	}
	return k
}

// env is what an expression may name at its place.
type env struct {
	params, lets map[string]kind
	facts        map[string]kind // read before
	values       map[string]kind // a check's
	host, item   bool
	before       bool
	self         kind // what `.field` and # mean outside of any function; "": nothing
}

// expr looks at one expression and tells what it gives.
func (l *linter) expr(e Expr, what string, v env) kind {
	if !e.Given() {
		return anyKind
	}
	at := place{e.Line, e.Col}
	if len(e.Text) > mostExprBytes {
		l.err(at, "expr.syntax", "what", what, "cause", "too long")
		return anyKind
	}
	prefix, suffix := "", ""
	if v.self.name != "" {
		prefix, suffix = "map("+selfName+", ", "\n)"
	}
	config := conf.CreateNew()
	config.MaxNodes = mostExprNodes
	tree, err := parser.ParseWithConfig(prefix+e.Text+suffix, config)
	if err != nil {
		cause := err.Error()
		if fe := (*file.Error)(nil); errors.As(err, &fe) {
			at, cause = e.place(fe.From-len(prefix)), fe.Message
		}
		l.err(at, "expr.syntax", "what", what, "cause", oneLine(cause))
		return anyKind
	}
	w := &exprLinter{linter: l, e: e, shift: len(prefix), env: v, locals: map[string]kind{}}
	node := tree.Node
	if v.self.name != "" {
		m, ok := node.(*ast.BuiltinNode)
		if !ok || len(m.Arguments) != 2 {
			l.err(at, "expr.syntax", "what", what, "cause", "brackets do not match")
			return anyKind
		}
		w.pointers = []kind{v.self}
		node = m.Arguments[1]
	}
	return w.kind(node)
}

// exprOf is expr where one kind is wanted.
func (l *linter) exprOf(e Expr, what string, v env, want kind) {
	if got := l.expr(e, what, v); got.name != "any" && got.name != want.name {
		l.err(place{e.Line, e.Col}, "expr.wants", "what", what, "want", want.name, "got", got.name)
	}
}

// exprLinter walks one expression.
type exprLinter struct {
	*linter
	e        Expr
	shift    int // length of what was put before the text
	env      env
	locals   map[string]kind // let x = …
	pointers []kind          // what # is, innermost last
}

func (w *exprLinter) at(n ast.Node) place { return w.e.place(n.Location().From - w.shift) }

// kind looks at a node and what is under it, and tells what it gives.
func (w *exprLinter) kind(n ast.Node) kind {
	switch n := n.(type) {
	case *ast.StringNode:
		return textKind
	case *ast.IntegerNode, *ast.FloatNode:
		return numberKind
	case *ast.BoolNode:
		return boolKind
	case *ast.IdentifierNode:
		return w.name(n)
	case *ast.PointerNode:
		if len(w.pointers) == 0 || n.Name != "" && n.Name != "index" {
			return anyKind
		}
		if n.Name == "index" {
			return numberKind
		}
		return w.pointers[len(w.pointers)-1]
	case *ast.UnaryNode:
		k := w.kind(n.Node)
		if n.Operator == "not" || n.Operator == "!" {
			return boolKind
		}
		return k
	case *ast.BinaryNode:
		return w.binary(n)
	case *ast.ChainNode:
		return w.kind(n.Node)
	case *ast.MemberNode:
		return w.member(n)
	case *ast.SliceNode:
		k := w.kind(n.Node)
		w.kinds(n.From, n.To)
		return k
	case *ast.CallNode:
		return w.call(n)
	case *ast.BuiltinNode:
		return w.builtin(n)
	case *ast.PredicateNode:
		return w.kind(n.Node)
	case *ast.ConditionalNode:
		w.kind(n.Cond)
		a, b := w.kind(n.Exp1), w.kind(n.Exp2)
		if a.name == b.name {
			return a
		}
		return anyKind
	case *ast.VariableDeclaratorNode:
		w.locals[n.Name] = w.kind(n.Value)
		return w.kind(n.Expr)
	case *ast.SequenceNode:
		last := anyKind
		for _, x := range n.Nodes {
			last = w.kind(x)
		}
		return last
	case *ast.ArrayNode:
		elem := anyKind
		for i, x := range n.Nodes {
			if k := w.kind(x); i == 0 {
				elem = k
			} else if k.name != elem.name {
				elem = anyKind
			}
		}
		return listOf(elem)
	case *ast.MapNode:
		w.kinds(n.Pairs...)
	case *ast.PairNode:
		w.kinds(n.Key, n.Value)
	}
	return anyKind
}

func (w *exprLinter) kinds(nodes ...ast.Node) {
	for _, n := range nodes {
		if n != nil {
			w.kind(n)
		}
	}
}

// name looks up an identifier.
func (w *exprLinter) name(n *ast.IdentifierNode) kind {
	for _, m := range []map[string]kind{w.locals, w.env.values, w.env.lets, w.env.params} {
		if k, ok := m[n.Value]; ok {
			w.used[n.Value] = true
			return k
		}
	}
	switch {
	case n.Value == "hosts":
		return hostsKind
	case n.Value == "site":
		return siteKind
	case n.Value == "host" && (w.env.host || w.env.self.name == "host"):
		return hostKind
	case n.Value == "item" && w.env.item:
		return textKind // a unit's item is its name in the journal
	case n.Value == "before" && w.env.before:
		return beforeKind
	case n.Value == "host" || n.Value == "item" || n.Value == "before":
		w.err(w.at(n), "expr.nothere", "name", n.Value)
		return anyKind
	case w.secrets[n.Value]:
		w.used[n.Value] = true
		w.err(w.at(n), "secret.expr", "name", n.Value)
		return anyKind
	}
	known := map[string]bool{"hosts": true, "site": true}
	for _, m := range []map[string]kind{w.locals, w.env.values, w.env.lets, w.env.params} {
		for k := range m {
			known[k] = true
		}
	}
	if near := nearest(n.Value, known); near != "" {
		w.err(w.at(n), "expr.near", "name", n.Value, "near", near)
	} else {
		w.err(w.at(n), "expr.name", "name", n.Value)
	}
	return anyKind
}

func (w *exprLinter) binary(n *ast.BinaryNode) kind {
	a, b := w.kind(n.Left), w.kind(n.Right)
	switch n.Operator {
	case "==", "!=", "<", ">", "<=", ">=":
		if a.scalar() && b.scalar() && a.name != b.name {
			w.err(w.at(n), "expr.kinds", "left", a.name, "right", b.name)
		}
		return boolKind
	case "in":
		if e := b.element(); b.name == "list" && a.scalar() && e.scalar() && a.name != e.name {
			w.err(w.at(n), "expr.kinds", "left", a.name, "right", e.name)
		}
		return boolKind
	case "and", "or", "&&", "||", "matches", "contains", "startsWith", "endsWith":
		return boolKind
	case "+":
		if a.name == b.name && (a == textKind || a == numberKind) {
			return a
		}
	case "-", "*", "/", "%", "**", "^":
		return numberKind
	case "..":
		return listOf(numberKind)
	}
	return anyKind
}

// member looks at a.b and a[b].
func (w *exprLinter) member(n *ast.MemberNode) kind {
	of := w.kind(n.Node)
	field, literal := n.Property.(*ast.StringNode)
	if !literal {
		w.kind(n.Property)
		return of.element()
	}
	switch of.name {
	case "hosts":
		w.role(w.at(n), field.Value)
		return listOf(hostKind)
	case "host":
		return w.field(n, field.Value)
	case "address":
		return textKind
	case "before":
		return w.fact(n, field.Value)
	case "values":
		if k, ok := w.env.values[field.Value]; ok {
			return k
		}
		w.err(w.at(n), "expr.name", "name", field.Value)
	case "site":
		if field.Value == "name" {
			return textKind
		}
		if field.Value == "addresses" {
			return listOf(textKind)
		}
		if field.Value != "networks" && field.Value != "virtual" {
			w.err(w.at(n), "expr.name", "name", "site."+field.Value)
		}
	case "list":
		w.err(w.at(n), "expr.listfield", "name", field.Value)
	case "text", "number", "bool":
		w.err(w.at(n), "expr.nofield", "name", field.Value, "kind", of.name)
	}
	return anyKind
}

// field looks at a field of a host.
func (w *exprLinter) field(n ast.Node, name string) kind {
	switch name {
	case "name", "platform", "bmc":
		return textKind
	case "roles":
		return listOf(textKind)
	case "address":
		return addressesKind
	case "reachable":
		return boolKind
	}
	return w.fact(n, name)
}

// fact looks at a fact: somebody must have read it before.
func (w *exprLinter) fact(n ast.Node, name string) kind {
	if k, ok := w.env.facts[name]; ok {
		return k
	}
	if _, later := w.every[name]; later {
		w.err(w.at(n), "fact.early", "name", name)
		return w.every[name]
	}
	known := map[string]kind{}
	for k, v := range w.every {
		known[k] = v
	}
	for k := range hostFields {
		known[k] = anyKind
	}
	if near := nearest(name, known); near != "" {
		w.err(w.at(n), "fact.near", "name", name, "near", near)
	} else {
		w.err(w.at(n), "fact.unknown", "name", name)
	}
	return anyKind
}

// call looks at the language's own functions.
func (w *exprLinter) call(n *ast.CallNode) kind {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		w.kind(n.Callee)
		w.err(w.at(n), "expr.function", "name", "")
		return anyKind
	}
	var args []kind
	for _, a := range n.Arguments {
		args = append(args, w.kind(a))
	}
	switch id.Value {
	case "waived":
		if len(n.Arguments) != 1 && len(n.Arguments) != 2 {
			w.err(w.at(n), "expr.args", "name", id.Value, "count", "1")
		}
		return boolKind
	case "known", "why":
		if name, ok := onlyText(n); ok { // of a let
			if _, there := w.env.lets[name]; !there {
				w.err(w.at(n), "expr.name", "name", name)
			}
			if id.Value == "why" {
				return textKind
			}
			return boolKind
		}
		if len(n.Arguments) != 2 {
			w.err(w.at(n), "expr.args", "name", id.Value, "count", "2")
			return anyKind
		}
		k := anyKind
		if name, ok := n.Arguments[1].(*ast.StringNode); ok {
			if args[0].name == "values" {
				k = w.env.values[name.Value]
			} else {
				k = w.field(n, name.Value)
			}
		}
		switch {
		case id.Value == "why":
			return textKind
		case args[0].name == "list":
			return listOf(k)
		case args[0].name == "host" || args[0].name == "before" || args[0].name == "values":
			return boolKind
		}
		return anyKind
	case "unique":
		if len(args) != 1 {
			w.err(w.at(n), "expr.args", "name", id.Value, "count", "1")
			return anyKind
		}
		return args[0]
	}
	w.err(w.at(n), "expr.function", "name", id.Value)
	return anyKind
}

// builtin looks at the functions of the expression library.
func (w *exprLinter) builtin(n *ast.BuiltinNode) kind {
	if slices.Contains(withheld, n.Name) {
		w.err(w.at(n), "expr.function", "name", n.Name)
	}
	var list, body kind
	for i, a := range n.Arguments {
		if p, ok := a.(*ast.PredicateNode); ok {
			w.pointers = append(w.pointers, list.element())
			body = w.kind(p)
			w.pointers = w.pointers[:len(w.pointers)-1]
		} else if k := w.kind(a); i == 0 {
			list = k
		}
	}
	if list.name == "hosts" {
		w.err(w.at(n), "expr.hosts")
	}
	switch n.Name {
	case "all", "any", "none", "one", "hasPrefix", "hasSuffix":
		return boolKind
	case "count", "len", "sum", "findIndex", "findLastIndex", "int", "float", "abs", "ceil", "floor", "round", "mean", "median", "indexOf", "lastIndexOf":
		return numberKind
	case "filter", "sort", "sortBy", "reverse", "take":
		return list
	case "map":
		return listOf(body)
	case "find", "findLast", "first", "last":
		return list.element()
	case "trim", "trimPrefix", "trimSuffix", "upper", "lower", "replace", "repeat", "join", "string":
		return textKind
	case "split", "splitAfter":
		return listOf(textKind)
	}
	return anyKind
}

// onlyText is the argument of a call that has one, written out as a text.
func onlyText(n *ast.CallNode) (string, bool) {
	if len(n.Arguments) != 1 {
		return "", false
	}
	s, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}
