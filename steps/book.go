package steps

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
)

// book writes the paper copy.
type book struct {
	bytes.Buffer
	p    *Procedure
	lang i18n.Lang
	w    i18n.Book
}

// Book is the procedure on paper, in Markdown: what to set, and for each step where it
// happens, what is looked at before, what to type, and how to tell that it worked. Secrets are
// there by name only.
func (p *Procedure) Book(lang i18n.Lang) []byte {
	b := &book{p: p, lang: lang, w: i18n.For(lang).Steps.Book}
	b.line("# %s", b.say(p.Title, p.ID))
	b.paragraph(p.About)
	var facts []string
	facts = append(facts, "`"+p.ID+"`")
	if len(p.Rows) > 0 {
		facts = append(facts, b.w.Rows+": "+strings.Join(p.Rows, ", "))
	}
	b.line("%s", strings.Join(facts, " · "))
	b.needs()
	b.params()
	for i := range p.Steps {
		b.step(i+1, &p.Steps[i])
	}
	return b.Bytes()
}

// line writes a paragraph of one line.
func (b *book) line(format string, args ...any) {
	fmt.Fprintf(b, format, args...)
	b.WriteString("\n\n")
}

// say is a text in the book's language, or a name where there is none.
func (b *book) say(t i18n.Text, otherwise string) string {
	if s := oneParagraph(t.In(b.lang)); s != "" {
		return s
	}
	return otherwise
}

func (b *book) paragraph(t i18n.Text) {
	if s := strings.TrimSpace(t.In(b.lang)); s != "" {
		b.line("%s", s)
	}
}

// oneParagraph puts a text on one line, as headings, list items and tables want it.
func oneParagraph(s string) string { return strings.Join(strings.Fields(s), " ") }

func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(strings.TrimSpace(s))
}

// code is a short text in back quotes, more of them where it has some itself.
func code(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

func (b *book) needs() {
	if len(b.p.Needs) > 0 {
		b.line("## %s", b.w.Needs)
		for _, role := range sortedKeys(b.p.Needs) {
			fmt.Fprintf(b, "- %s: %s\n", role, b.p.Needs[role])
		}
		b.WriteString("\n")
	}
	if len(b.p.Platforms) > 0 {
		b.line("## %s", b.w.Platforms)
		for _, platform := range sortedKeys(b.p.Platforms) {
			state := b.w.Untried
			if b.p.Platforms[platform] == "run" {
				state = b.w.Run
			}
			fmt.Fprintf(b, "- %s: %s\n", platform, state)
		}
		b.WriteString("\n")
	}
}

func (b *book) params() {
	if len(b.p.Params) == 0 {
		return
	}
	b.line("## %s", b.w.Params)
	fmt.Fprintf(b, "| %s | %s | %s | %s |\n| --- | --- | --- | --- |\n", b.w.Name, b.w.Meaning, b.w.Default, b.w.Value)
	for _, q := range b.p.Params {
		meaning := b.say(q.Title, "")
		if about := b.say(q.About, ""); about != "" {
			meaning = strings.TrimSpace(meaning + ". " + about)
		}
		dflt := ""
		switch {
		case q.Type == Secret && q.Generate != nil:
			dflt = b.w.Generated
		case q.Type == Secret:
			dflt = b.w.Typed
		case q.Default != nil:
			dflt = code(*q.Default)
		case q.From.Given():
			dflt = code(q.From.Text)
		}
		if len(q.Choices) > 0 {
			dflt += " (" + strings.Join(q.Choices, ", ") + ")"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | |\n", q.Name, cell(meaning), cell(dflt))
	}
	b.WriteString("\n")
	b.line("%s", b.w.SetFirst)
	var set strings.Builder
	for _, q := range b.p.Params {
		switch {
		case q.Type == Secret: // typed unseen: not in the history, in no argument
			fmt.Fprintf(&set, "printf '%s: '; stty -echo; IFS= read -r %s; stty echo; echo\n", q.Name, q.Name)
		case q.Default != nil:
			if word, err := job.Quote(*q.Default); err == nil { // no script can get any other
				fmt.Fprintf(&set, "%s=%s\n", q.Name, word)
			}
		default:
			fmt.Fprintf(&set, "%s=''\n", q.Name)
		}
	}
	set.WriteString("host_name=$(hostname)\nhost_address=''\nrun_id=paper-$(date +%Y%m%d)")
	b.block("sh", set.String())
}

// reads is which values are taken out of what was printed.
func (b *book) reads(m map[string]Read) {
	if len(m) == 0 {
		return
	}
	var parts []string
	for _, name := range sortedKeys(m) {
		part := "`" + name + "`"
		if m[name].Match != "" {
			part += " " + code("/"+m[name].Match+"/")
		}
		parts = append(parts, part)
	}
	b.line("%s: %s", b.w.Let, strings.Join(parts, ", "))
}

func (b *book) step(n int, s *Step) {
	b.line("## %d. %s", n, b.say(s.Title, s.ID))
	b.paragraph(s.About)
	item := func(what, text string) {
		if text != "" {
			fmt.Fprintf(b, "- %s: %s\n", what, text)
		}
	}
	item(b.w.Step, "`"+s.ID+"`")
	item(b.w.Hosts, b.hosts(s.On))
	if s.When.Given() {
		item(b.w.When, code(s.When.Text))
	}
	if s.Each.Given() {
		item(b.w.Each, code(s.Each.Text))
	}
	if s.Serial {
		item(b.w.Order, b.w.Serial)
	}
	if s.Once {
		item(b.w.Order, b.w.Once)
	}
	switch s.Risk {
	case Disruptive:
		item(b.w.Risk, b.w.Disruptive)
	case Destructive:
		item(b.w.Risk, b.w.Destructive)
	}
	if len(s.Corrections) > 0 {
		item(b.w.Corrections, strings.Trim(strings.Join(strings.Fields(fmt.Sprint(s.Corrections)), ", "), "[]"))
	}
	for _, name := range sortedKeys(s.Vars) {
		item("`$"+name+"`", code(s.Vars[name].Text))
	}
	b.WriteString("\n")
	if s.CheckVerify {
		b.line("%s", b.w.CheckVerify)
	}
	b.checks(b.w.Check, s.Check)
	b.guards(s)
	if c := s.Confirm; c != nil {
		b.line("**%s** %s", b.w.Confirm, b.say(c.Say, ""))
	}
	b.checks(b.w.Require, s.Require)
	b.action(s)
	b.reads(s.Read)
	b.evidence(s)
	if s.Normal != nil {
		limit := ""
		if s.Normal.For > 0 {
			limit = " (" + s.Normal.For.String() + ")"
		}
		b.line("**%s**%s %s", b.w.Normal, limit, b.say(s.Normal.Say, ""))
	}
	b.checks(b.w.Verify, s.Verify)
	if h := s.Holds; h != nil {
		b.line("**%s** `%s`. %s", b.w.Holds, h.Until, b.say(h.Say, ""))
	}
	b.script(b.w.Undo, s.Undo)
	b.script(b.w.Abort, s.Abort)
}

func (b *book) hosts(h HostSet) string {
	switch {
	case !h.Given():
		return b.w.Console
	case h.Expr.Given():
		return code(h.Expr.Text)
	case h.Where.Given():
		return strings.Join(h.Roles, ", ") + ", " + b.w.Where + " " + code(h.Where.Text)
	}
	return strings.Join(h.Roles, ", ")
}

// action is what to do.
func (b *book) action(s *Step) {
	switch s.Action {
	case ActProbe:
		b.script(b.w.Probe, s.Script)
	case ActRun:
		b.script(b.w.Do, s.Script)
	case ActFile:
		f := s.File
		mode := f.Mode
		if mode == 0 {
			mode = 0o644
		}
		owner := f.Owner
		if owner == "" {
			owner = "root"
		}
		if f.Group != "" {
			owner += ":" + f.Group
		}
		b.line("**%s** `%s` (%04o, %s)", b.w.File, f.Path, mode, owner)
		b.block("", f.Content)
	case ActReboot:
		b.line("**%s**", b.w.Reboot)
	case ActAsk, ActChoose, ActManual:
		b.line("**%s** %s", map[Action]string{ActAsk: b.w.Ask, ActChoose: b.w.Choose, ActManual: b.w.Manual}[s.Action], b.say(s.Ask.Say, ""))
		for _, o := range s.Ask.Options {
			fmt.Fprintf(b, "- `%s` %s\n", o.Value, b.say(o.Title, ""))
		}
		if len(s.Ask.Options) > 0 {
			b.WriteString("\n")
		}
		if look := b.say(s.Ask.Look, ""); look != "" {
			b.line("%s: %s", b.w.Look, look)
		}
		if s.Action == ActManual && s.Ask.Name != "" {
			b.line("%s `%s`", b.w.Box, s.Ask.Name)
		}
	case ActWait:
		b.line("**%s** %s (%s: `%s`, %s)", b.w.Wait, code(s.Wait.Until.Text), b.w.Rereads, s.Wait.Reread, s.Wait.For)
	case ActLet:
		for _, name := range sortedKeys(s.Let) {
			b.line("**%s** `%s` = %s", b.w.Let, name, code(s.Let[name].Text))
		}
	case ActEnd:
		b.line("**%s** %s", b.w.End, b.say(s.End.Say, s.End.Outcome))
	default:
		b.runbook(s)
	}
}

// script is shell text with its variants.
func (b *book) script(what string, s Script) {
	if !s.Given() {
		return
	}
	for _, platform := range sortedKeys(s.By) {
		b.line("**%s** (%s)", what, platform)
		b.block("sh", s.By[platform])
	}
	if s.All != "" {
		b.line("**%s**", what)
		b.block("sh", s.All)
	}
}

// block is a fenced block; the fence is longer than any in the text.
func (b *book) block(lang, text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(b, "%s%s\n%s\n%s\n\n", fence, lang, strings.TrimRight(text, "\n"), fence)
}

// checks is a list of checks: what to type, what to expect, what to do otherwise.
func (b *book) checks(what string, checks []Check) {
	if len(checks) == 0 {
		return
	}
	b.line("**%s**", what)
	for i := range checks {
		c := &checks[i]
		head := b.say(c.Title, c.ID)
		if c.On.Given() {
			head += " (" + b.hosts(c.On) + ")"
		}
		b.line("%d. %s", i+1, head)
		b.script(b.w.Type, c.Probe)
		b.reads(c.Read)
		expect := c.Want.words()
		if c.Within > 0 {
			expect += ", " + b.w.Within + " " + c.Within.String()
		}
		b.line("%s: %s", b.w.Expect, expect)
		if remedy := b.say(c.Remedy, ""); remedy != "" {
			b.line("%s: %s", b.w.Remedy, remedy)
		}
	}
}

// words is the expectation, as Judge says it.
func (w Want) words() string {
	var parts []string
	if w.Exit != nil || w.Match == "" && w.NoMatch == "" && w.Equals == nil && !w.Expr.Given() {
		exit := 0
		if w.Exit != nil {
			exit = *w.Exit
		}
		parts = append(parts, fmt.Sprintf("exit %d", exit))
	}
	if w.Match != "" {
		parts = append(parts, code("/"+w.Match+"/"))
	}
	if w.NoMatch != "" {
		parts = append(parts, "no "+code("/"+w.NoMatch+"/"))
	}
	if w.Equals != nil {
		parts = append(parts, "= "+code(fmt.Sprintf("%q", *w.Equals)))
	}
	if w.Expr.Given() {
		parts = append(parts, code(w.Expr.Text))
	}
	return strings.Join(slices.Compact(parts), ", ")
}
