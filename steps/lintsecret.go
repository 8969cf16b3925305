package steps

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// inShell are commands that the shell runs itself, so that their arguments are in no
// process list.
var inShell = []string{"printf", "echo", "[", "test", ":", "true", "false", "read", "set", "shift", "return", "exit", "local", "unset", "wait"}

// filters only pass text on; a variable filled from one of them still holds the secret.
var filters = []string{"printf", "echo", "cat", "sed", "tr", "awk", "cut", "head", "tail", "base64", "od", "xxd", "rev", "paste", "fold", "jq"}

// taint finds the variables that hold a secret: those that are filled from one, and so on.
func (w *shellLinter) taint(f *syntax.File) {
	for name := range w.secrets {
		w.tainted[name] = true
	}
	for range 8 { // each round follows one more hand
		before := len(w.tainted)
		syntax.Walk(f, func(n syntax.Node) bool {
			if a, ok := n.(*syntax.Assign); ok && a.Name != nil && a.Value != nil && w.holds(a.Value) {
				w.tainted[a.Name.Value] = true
			}
			return true
		})
		if len(w.tainted) == before {
			return
		}
	}
}

// holds tells whether a word's text has a secret in it.
func (w *shellLinter) holds(word syntax.Node) bool {
	if word == nil {
		return false
	}
	found := false
	syntax.Walk(word, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.ParamExp:
			if n.Param != nil && w.tainted[n.Param.Value] && !n.Length && !onlyWhether(n) {
				found = true
			}
		case *syntax.CmdSubst:
			if !onlyFilters(n) {
				return false // what comes out is the command's, not the secret
			}
		}
		return !found
	})
	return found
}

// onlyWhether tells whether the expansion asks only if the variable is there: ${x:+yes}.
func onlyWhether(n *syntax.ParamExp) bool {
	return n.Exp != nil && (n.Exp.Op == syntax.AlternateUnset || n.Exp.Op == syntax.AlternateUnsetOrNull)
}

func onlyFilters(c *syntax.CmdSubst) bool {
	only := true
	syntax.Walk(c, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && len(call.Args) > 0 && !slices.Contains(filters, literal(call.Args, 0)) {
			only = false
		}
		return only
	})
	return only
}

// secretUse refuses that a secret gets where it can be seen: an argument of a process, an
// environment, the log.
func (w *shellLinter) secretUse(f *syntax.File) {
	if len(w.secrets) == 0 {
		return
	}
	seesSecret := false
	quiet := map[*syntax.Stmt]bool{} // whose stdout does not reach the log
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.ParamExp:
			if n.Param != nil && w.tainted[n.Param.Value] {
				seesSecret = true
			}
		case *syntax.BinaryCmd:
			if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
				hush(n.X, quiet)
			}
		case *syntax.CmdSubst:
			for _, s := range n.Stmts {
				hush(s, quiet)
			}
		case *syntax.Stmt:
			if writesElsewhere(n) {
				hush(n, quiet)
			}
		}
		return true
	})
	syntax.Walk(f, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Stmt:
			if call, ok := n.Cmd.(*syntax.CallExpr); ok {
				w.secretCall(call, quiet[n], seesSecret)
			}
		case *syntax.DeclClause:
			for _, a := range n.Args {
				if n.Variant.Value == "export" && a.Name != nil && (w.tainted[a.Name.Value] || a.Value != nil && w.holds(a.Value)) {
					w.err(w.place(a.Pos()), "secret.env", "name", a.Name.Value)
				}
			}
		}
		return true
	})
}

// hush notes a statement and all statements in it whose output goes the same way.
func hush(s *syntax.Stmt, quiet map[*syntax.Stmt]bool) {
	syntax.Walk(s, func(n syntax.Node) bool {
		if inner, ok := n.(*syntax.Stmt); ok {
			quiet[inner] = true
		}
		return true
	})
}

// writesElsewhere tells whether stdout is redirected to something but another descriptor.
func writesElsewhere(s *syntax.Stmt) bool {
	for _, r := range s.Redirs {
		fd := "1"
		if r.N != nil {
			fd = r.N.Value
		}
		switch r.Op {
		case syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll:
			if fd == "1" && !slices.Contains([]string{"/dev/stdout", "/dev/stderr", "/dev/tty"}, literal([]*syntax.Word{r.Word}, 0)) {
				return true
			}
		}
	}
	return false
}

// secretCall looks at one command and its arguments.
func (w *shellLinter) secretCall(c *syntax.CallExpr, quiet, seesSecret bool) {
	for _, a := range c.Assigns {
		if len(c.Args) > 0 && a.Name != nil && a.Value != nil && w.holds(a.Value) {
			w.err(w.place(a.Pos()), "secret.env", "name", a.Name.Value)
		}
	}
	if len(c.Args) == 0 {
		return
	}
	name := literal(c.Args, 0)
	if name == "set" && seesSecret {
		for i := range c.Args[1:] {
			a := literal(c.Args, i+1)
			if strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.Contains(a, "x") || a == "xtrace" {
				w.err(w.place(c.Pos()), "secret.trace")
			}
		}
	}
	if name == "export" {
		for i, a := range c.Args[1:] {
			if v := literal(c.Args, i+1); w.tainted[v] || w.holds(a) {
				w.err(w.place(a.Pos()), "secret.env", "name", v)
			}
		}
		return
	}
	for _, a := range c.Args {
		if !w.holds(a) {
			continue
		}
		switch {
		case (name == "echo" || name == "printf") && !quiet:
			w.err(w.place(a.Pos()), "secret.printed", "command", name)
		case slices.Contains(inShell, name) || w.funcs[name]:
		default:
			w.err(w.place(a.Pos()), "secret.argv", "command", name)
		}
	}
}
