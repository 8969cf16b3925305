package steps

import (
	"fmt"
	"strings"
)

// runbook is what to do in a step with an action that runbooks need.
func (b *book) runbook(s *Step) {
	switch {
	case s.Action == ActJudge && s.Judge != nil:
		b.line("**%s** `%s`", b.w.Judge, s.Judge.Name)
		b.pairs(b.w.With, s.Judge.With)
	case s.Prove != nil:
		b.line("**%s**", b.w.Prove)
		for i, p := range s.Prove {
			fmt.Fprintf(b, "%d. %s: %s\n", i+1, b.say(p.Say, ""), code(p.That.Text))
		}
		b.WriteString("\n")
	case s.Waive != nil:
		b.line("**%s** %s", b.w.Waive, b.say(s.Waive.Say, ""))
	case s.Fetch != nil:
		b.line("**%s**", b.w.Fetch)
		for _, f := range s.Fetch.Files {
			fmt.Fprintf(b, "- %s\n", code(f))
		}
		b.WriteString("\n")
		for _, name := range sortedKeys(s.Fetch.Output) {
			b.script("`"+name+"`", s.Fetch.Output[name])
		}
	case s.Copy != nil:
		b.line("**%s** %s: %s -> %s", b.w.Copy, code(s.Copy.From.Text), code(s.Copy.Path), code(s.Copy.To))
	case s.Call != nil:
		title := s.Call.Procedure
		if s.Call.Sub != nil {
			title = b.say(s.Call.Sub.Title, title)
		}
		b.line("**%s** %s (`%s`)", b.w.Call, title, s.Call.Procedure)
		b.pairs(b.w.With, s.Call.With)
		var roles []string
		for _, theirs := range sortedKeys(s.Call.Roles) {
			roles = append(roles, "`"+theirs+"` = `"+s.Call.Roles[theirs]+"`")
		}
		if len(roles) > 0 {
			b.line("%s: %s", b.w.Roles, strings.Join(roles, ", "))
		}
		var gives []string
		for _, name := range sortedKeys(s.Call.Gives) {
			gives = append(gives, "`"+s.Call.Gives[name]+"` = `"+name+"`")
		}
		if len(gives) > 0 {
			b.line("%s: %s", b.w.Gives, strings.Join(gives, ", "))
		}
	}
}

func (b *book) pairs(what string, m map[string]Expr) {
	var parts []string
	for _, name := range sortedKeys(m) {
		parts = append(parts, "`"+name+"` = "+code(m[name].Text))
	}
	if len(parts) > 0 {
		b.line("%s: %s", what, strings.Join(parts, ", "))
	}
}

// guards are what must hold right before the step.
func (b *book) guards(s *Step) {
	if len(s.Guard) == 0 {
		return
	}
	b.line("**%s**", b.w.Guard)
	for i, g := range s.Guard {
		again := ""
		if g.Reread != "" {
			again = " (" + b.w.Rereads + ": `" + g.Reread + "`)"
		}
		fmt.Fprintf(b, "%d. %s: %s%s\n", i+1, b.say(g.Say, ""), code(g.That.Text), again)
	}
	b.WriteString("\n")
}

// evidence is what to note down, what it means, and how it is read at the host's own console.
func (b *book) evidence(s *Step) {
	if len(s.Show) > 0 {
		b.line("%s: `%s`", b.w.Show, strings.Join(s.Show, "`, `"))
	}
	if len(s.Means) > 0 {
		b.line("%s", b.w.Means)
		for i, m := range s.Means {
			fmt.Fprintf(b, "%d. %s: %s (%s)\n", i+1, code(m.When.Text), b.say(m.Say, ""), b.w.Levels[m.Level])
		}
		b.WriteString("\n")
	}
	if s.Hand == nil {
		return
	}
	card := "**" + b.w.Card + "**"
	if s.Hand.When.Given() {
		card += " (" + code(s.Hand.When.Text) + ")"
	}
	b.line("%s", card)
	b.block("", strings.Join(s.Hand.Type, "\n"))
	for _, a := range s.Hand.Asks {
		match := ""
		if a.Match != "" {
			match = " (" + code("/"+a.Match+"/") + ")"
		}
		fmt.Fprintf(b, "- %s `%s`: %s%s\n", b.w.ReadBack, a.Name, b.say(a.Say, ""), match)
	}
	if len(s.Hand.Asks) > 0 {
		b.WriteString("\n")
	}
}
