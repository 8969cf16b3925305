package steps

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"stackhand/internal/site"
)

// Limits of one expression.
const (
	mostExprNodes  = 500
	mostExprMemory = 200_000 // values made while it runs
	mostExprBytes  = 8 << 10
	mostExprRounds = 200_000 // of all filter(), map() … together
)

// ExprError is an expression that could not be evaluated. It wraps an AbsentError when an
// absent fact was the reason.
type ExprError struct {
	Expr Expr
	Line int // in the procedure's file
	Col  int
	Why  string
	err  error
}

func (e *ExprError) Error() string {
	return fmt.Sprintf("cannot evaluate %q (line %d): %s", e.Expr.Text, e.Line, e.Why)
}

func (e *ExprError) Unwrap() error { return e.err }

// Eval gives the expression's value: string, bool, int, float64, a list ([]any) or map of
// these; a host comes back as its name. The error is an *ExprError, and an *AbsentError in its
// chain when a fact that is not known was touched outside known() and why().
func (e Expr) Eval(sc Scope) (any, error) {
	v, err := e.raw(sc)
	if err != nil {
		return nil, err
	}
	return plainValue(v), nil
}

// Bool is Eval for a condition; anything but true or false is an error.
func (e Expr) Bool(sc Scope) (bool, error) {
	v, err := e.Eval(sc)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, e.fail(fmt.Errorf("true or false is wanted here, this gives %s", kindName(v)))
	}
	return b, nil
}

// List is Eval for a list, such as each wants.
func (e Expr) List(sc Scope) ([]any, error) {
	v, err := e.Eval(sc)
	if err != nil {
		return nil, err
	}
	l, ok := v.([]any)
	if !ok {
		return nil, e.fail(fmt.Errorf("a list is wanted here, this gives %s", kindName(v)))
	}
	return l, nil
}

// String is Eval for a text; numbers and truth values are written out, lists joined with a
// space.
func (e Expr) String(sc Scope) (string, error) {
	v, err := e.Eval(sc)
	if err != nil {
		return "", err
	}
	s, err := text(v)
	if err != nil {
		return "", e.fail(err)
	}
	return s, nil
}

// PerUnit tells whether the expression is about a unit: it names its host, its item, or what
// was read on its host before.
func (e Expr) PerUnit() bool {
	config := conf.CreateNew()
	config.MaxNodes = mostExprNodes
	tree, err := parser.ParseWithConfig(e.Text, config)
	if err != nil {
		return false // Eval says so
	}
	m := mention{of: []string{"host", "item", "before"}}
	ast.Walk(&tree.Node, &m)
	return m.found
}

// mention looks for names in an expression.
type mention struct {
	of    []string
	found bool
}

func (m *mention) Visit(n *ast.Node) {
	if x, ok := (*n).(*ast.IdentifierNode); ok && slices.Contains(m.of, x.Value) {
		m.found = true
	}
}

func (e Expr) raw(sc Scope) (any, error) { return e.run("", "", sc.env()) }

// about is the truth of a condition that may say `.field` of one thing: where of the host
// looked at, want of the values read.
func (e Expr) about(self any, env map[string]any) (bool, error) {
	env[selfName] = []any{self}
	list, err := e.run("map("+selfName+", ", "\n)", env)
	if err != nil {
		return false, err
	}
	v := list.([]any)[0]
	b, ok := v.(bool)
	if !ok {
		return false, e.fail(fmt.Errorf("true or false is wanted here, this gives %s", kindName(v)))
	}
	return b, nil
}

// run compiles and runs prefix + text + suffix.
func (e Expr) run(prefix, suffix string, env map[string]any) (v any, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, e.fail(fmt.Errorf("%v", r))
		}
	}()
	if len(e.Text) > mostExprBytes {
		return nil, e.fail(errors.New("it is too long"))
	}
	prog, err := expr.Compile(prefix+e.Text+suffix, options(env)...)
	if err != nil {
		return nil, e.failAt(err, len(prefix))
	}
	machine := vm.VM{MemoryBudget: mostExprMemory}
	v, err = machine.Run(prog, env)
	if err != nil {
		return nil, e.failAt(err, len(prefix))
	}
	return v, nil
}

func (e Expr) fail(err error) error {
	return &ExprError{Expr: e, Line: e.Line, Col: e.Col, Why: err.Error(), err: err}
}

// failAt is fail with the place that the expression library gives.
func (e Expr) failAt(err error, prefix int) error {
	out := &ExprError{Expr: e, Line: e.Line, Col: e.Col, Why: err.Error(), err: err}
	if fe := (*file.Error)(nil); errors.As(err, &fe) {
		p := e.place(fe.From - prefix)
		out.Line, out.Col, out.Why = p.line, p.col, fe.Message
	}
	if a := (*AbsentError)(nil); errors.As(err, &a) {
		out.Why = a.Error()
	}
	return out
}

// place is where the character at an offset of the expression stands in the file.
func (e Expr) place(offset int) place {
	p := place{e.Line, e.Col}
	for i, r := range []rune(e.Text) {
		if i >= offset {
			break
		}
		if p.col++; r == '\n' {
			p.line, p.col = p.line+1, 1
		}
	}
	return p
}

// options are how every expression is compiled: no clock, no way around the accessor that
// refuses absent facts, no optimiser that might fold the checks away.
func options(env map[string]any) []expr.Option {
	values, _ := env[valuesName].(factSet)
	lets, _ := env[letsName].(factSet)
	waived, _ := env[waivedName].(func(name, step string) bool)
	opts := []expr.Option{
		expr.Env(env), expr.Optimize(false), expr.MaxNodes(mostExprNodes), expr.Patch(&patcher{values, lets}),
		expr.Function("waived", fnWaived(waived)),
		expr.Function("known", fnKnown), expr.Function("why", fnWhy), expr.Function("unique", fnUnique),
		expr.Function(fnGetName, fnGet), expr.Function(fnEqualName, fnEqual), expr.Function(fnInName, fnIn),
		expr.Function(fnSomeName, fnSome), expr.Function(fnRoundName, fnRound()),
	}
	for _, b := range withheld {
		opts = append(opts, expr.DisableBuiltin(b))
	}
	return opts
}

// withheld are functions of the library that read a clock, parse other languages, or reach
// into values past the accessor.
var withheld = []string{"now", "date", "duration", "timezone", "get", "toJSON", "fromJSON", "toBase64", "fromBase64", "keys", "values", "toPairs", "fromPairs", "uniq", "type", "groupBy"}

// The functions that the patcher puts into expressions. Nobody can write these names.
const (
	fnGetName   = "\u00b7get"
	fnEqualName = "\u00b7equal"
	fnInName    = "\u00b7in"
	fnSomeName  = "\u00b7some"
	fnRoundName = "\u00b7round"
	valuesName  = "\u00b7values" // what a check has just read
	letsName    = "\u00b7lets"   // lets, answers and outputs, absent ones too
	waivedName  = "\u00b7waived"
	selfName    = "__self" // what `.field` means in where and want
)

// patcher rewrites an expression so that every access goes through fnGet, every comparison
// through fnEqual, all() and none() refuse an empty list, and rounds are counted.
type patcher struct{ values, lets factSet }

func (p *patcher) Visit(n *ast.Node) {
	call := func(name string, args ...ast.Node) {
		ast.Patch(n, &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: args})
	}
	switch x := (*n).(type) {
	case *ast.IdentifierNode:
		if _, ok := p.values[x.Value]; ok {
			call(fnGetName, &ast.IdentifierNode{Value: valuesName}, &ast.StringNode{Value: x.Value})
		} else if v, ok := p.lets[x.Value]; ok && v.Absent != "" {
			call(fnGetName, &ast.IdentifierNode{Value: letsName}, &ast.StringNode{Value: x.Value})
		}
	case *ast.CallNode:
		if id, ok := x.Callee.(*ast.IdentifierNode); ok && (id.Value == "known" || id.Value == "why") {
			if _, text := onlyText(x); text {
				x.Arguments = []ast.Node{&ast.IdentifierNode{Value: letsName}, x.Arguments[0]}
			}
		}
	case *ast.MemberNode:
		call(fnGetName, x.Node, x.Property)
	case *ast.ChainNode:
		*n = x.Node
	case *ast.BinaryNode:
		switch x.Operator {
		case "==":
			call(fnEqualName, x.Left, x.Right)
		case "!=":
			call(fnEqualName, x.Left, x.Right)
			ast.Patch(n, &ast.UnaryNode{Operator: "not", Node: *n})
		case "in":
			call(fnInName, x.Left, x.Right)
		}
	case *ast.PredicateNode: // what filter(), map() … do for each
		x.Node = &ast.CallNode{Callee: &ast.IdentifierNode{Value: fnRoundName}, Arguments: []ast.Node{x.Node}}
	case *ast.BuiltinNode:
		switch {
		case (x.Name == "all" || x.Name == "none") && !wrapped(x.Arguments[0]):
			x.Arguments[0] = &ast.CallNode{
				Callee:    &ast.IdentifierNode{Value: fnSomeName},
				Arguments: []ast.Node{x.Arguments[0], &ast.StringNode{Value: x.Name}},
			}
		case x.Name == "count" && len(x.Arguments) == 1:
			x.Name = "len"
		}
	}
}

func wrapped(n ast.Node) bool {
	c, ok := n.(*ast.CallNode)
	if !ok {
		return false
	}
	id, ok := c.Callee.(*ast.IdentifierNode)
	return ok && id.Value == fnSomeName
}

// env is the names that an expression sees.
func (sc *Scope) env() map[string]any {
	env := map[string]any{}
	if sc.Values != nil {
		env[valuesName] = factSet(sc.Values)
	}
	lets := factSet{}
	for k, why := range sc.absentLets() {
		lets[k] = Value{Absent: why}
	}
	for k, v := range sc.Lets {
		env[k] = normal(v)
		lets[k] = Value{V: v}
	}
	env[letsName] = lets
	if sc.Waived != nil {
		env[waivedName] = sc.Waived
	}
	for k, v := range sc.params() {
		env[k] = v
	}
	if sc.Item != nil {
		env["item"] = normal(sc.Item)
	}
	if sc.Before != nil {
		env["before"] = factSet(sc.Before)
	}
	if sc.Site == nil {
		return env
	}
	all := &hostList{site: sc.Site, by: map[string]*hostObject{}}
	for i := range sc.Site.Hosts {
		h := &sc.Site.Hosts[i]
		all.by[h.Name] = &hostObject{name: h.Name, host: h, scope: sc}
	}
	env["hosts"] = all
	if h := all.by[sc.Host]; h != nil {
		env["host"] = h
	}
	env["site"] = siteObject(sc.Site)
	return env
}

func siteObject(s *site.Site) map[string]any {
	networks, virtual := map[string]any{}, map[string]any{}
	for name, cidr := range s.Networks {
		networks[name] = cidr
	}
	addresses := []any{}
	for _, v := range s.Virtual {
		virtual[v.Name] = v.Address
		addresses = append(addresses, v.Address)
	}
	return map[string]any{"name": s.Name, "networks": networks, "virtual": virtual, "addresses": addresses}
}

// kindName says what kind a value is, for messages.
func kindName(v any) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int, float64:
		return "a number"
	case []any:
		return "a list"
	case *hostObject:
		return "a host"
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", v), "steps.")
}

// About is Bool for a condition about one host, which may be said as `.field` too.
func (e Expr) About(host string, sc Scope) (bool, error) {
	sc.Host = host
	env := sc.env()
	return e.about(env["host"], env)
}
