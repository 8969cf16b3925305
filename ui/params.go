package ui

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/huh/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// paramsScreen asks for a procedure's values: one form, all fields with the value that would
// be used now. Secrets are never shown; left empty they are generated, or kept as they are.
//
// The form is made anew whenever it is entered: a form that was completed takes no key, and
// going back inside one can lose the focus.
type paramsScreen struct {
	app     *App
	proc    *steps.Procedure
	params  []Param
	values  []string // one a parameter, bound to the fields
	form    *huh.Form
	formW   int
	formH   int
	loaded  bool
	wrongAt int // parameter that is wrong, -1
	wrong   string
}

type paramsMsg struct {
	params []Param
	err    error
}

type checkedMsg struct {
	wrong map[string]*problem.Problem
	err   error
}

func newParamsScreen(a *App, p *steps.Procedure) *paramsScreen {
	return &paramsScreen{app: a, proc: p, wrongAt: -1}
}

func (s *paramsScreen) title() string { return s.app.t.Params }
func (s *paramsScreen) typing() bool  { return s.form != nil }

func (s *paramsScreen) enter() tea.Cmd {
	if s.loaded {
		return s.build(max(s.wrongAt, 0))
	}
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		ps, err := s.app.back.Params(ctx, s.proc.ID)
		return paramsMsg{ps, err}
	})
}

// build makes the form with the cursor on a field.
func (s *paramsScreen) build(at int) tea.Cmd {
	if len(s.params) == 0 {
		return nil
	}
	var fields []huh.Field
	lines := 0
	for i, p := range s.params {
		fields = append(fields, s.field(p, &s.values[i]))
		lines += 3
		if !p.About.Empty() {
			lines++
		}
	}
	w, h := s.app.bodySize()
	km := huh.NewDefaultKeyMap()
	km.Quit.SetEnabled(false) // ours
	km.Input.AcceptSuggestion.SetEnabled(false)
	s.form = huh.NewForm(huh.NewGroup(fields...)).WithShowHelp(false).WithShowErrors(false).
		WithKeyMap(km).WithTheme(s.app.formTheme(lines+1 <= h-2))
	s.formW, s.formH = 0, 0
	s.size(w, h-2)
	cmds := []tea.Cmd{s.form.Init()}
	for range at {
		f, cmd := s.form.Update(huh.NextField())
		s.form = f.(*huh.Form)
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...)
}

// field is the form's field for a parameter.
func (s *paramsScreen) field(p Param, v *string) huh.Field {
	a, t := s.app, s.app.t
	title := p.Title.In(a.lang)
	if title == "" {
		title = p.Name
	}
	about := p.About.In(a.lang)
	choose := func(values []string, labels []string) huh.Field {
		var opts []huh.Option[string]
		for i, x := range values {
			opts = append(opts, huh.NewOption(labels[i], x))
		}
		return huh.NewSelect[string]().Title(title).Description(about).Options(opts...).Inline(true).Value(v)
	}
	switch p.Type {
	case steps.Bool:
		return choose([]string{"true", "false"}, []string{t.Yes, t.No})
	case steps.Choice:
		if len(p.Choices) > 0 {
			return choose(p.Choices, p.Choices)
		}
	case steps.HostRef:
		var names []string
		if a.site != nil && a.site.Site != nil {
			for _, h := range a.site.Site.Hosts {
				names = append(names, h.Name)
			}
		}
		if len(names) > 0 {
			return choose(names, names)
		}
	}
	in := huh.NewInput().Title(title).Description(about).Value(v).Prompt(a.th.Cursor + " ").Validate(func(x string) error {
		if text := a.badValue(p, x, false); text != "" {
			return errors.New(text)
		}
		return nil
	})
	if p.Type == steps.Secret {
		hint := t.SecretGenerated
		if p.Saved {
			hint = t.SecretSaved
		} else if p.Generate == nil {
			hint = t.SecretNeeded
		}
		in = in.EchoMode(huh.EchoModePassword).Placeholder(hint)
	}
	return in
}

// badValue says what is wrong with a value; empty ones only when it is the last word.
func (a *App) badValue(p Param, v string, last bool) string {
	t := a.t
	if v == "" {
		if !last || p.Type == steps.Secret && (p.Saved || p.Generate != nil) || p.Type == steps.String && (p.Default != nil || p.Match == "") {
			return ""
		}
		return t.BadEmpty
	}
	switch p.Type {
	case steps.Int:
		if _, err := strconv.ParseInt(v, 10, 64); err != nil {
			return t.BadInt
		}
	case steps.Address:
		if _, err := netip.ParseAddr(v); err != nil {
			return t.BadAddress
		}
	case steps.CIDR:
		if _, err := netip.ParsePrefix(v); err != nil {
			return t.BadCIDR
		}
	case steps.Choice:
		if len(p.Choices) > 0 && !slices.Contains(p.Choices, v) {
			return i18n.Fill(t.BadChoice, "choices", strings.Join(p.Choices, ", "))
		}
	}
	if p.Match != "" {
		if re, err := regexp.Compile(`^(?:` + p.Match + `)$`); err == nil && !re.MatchString(v) {
			return i18n.Fill(t.BadMatch, "match", p.Match)
		}
	}
	return ""
}

func (s *paramsScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case paramsMsg:
		s.loaded = true
		if msg.err != nil {
			s.app.fail(msg.err)
			return nil
		}
		s.params = msg.params
		s.values = make([]string, len(s.params))
		for i, p := range s.params {
			s.values[i] = p.Value
		}
		return s.build(0)
	case checkedMsg:
		return s.checked(msg)
	case tea.KeyPressMsg:
		switch msg.String() {
		case "esc":
			return s.app.pop()
		case "ctrl+s":
			return s.submit()
		}
		if s.form == nil {
			switch msg.String() {
			case "enter", "n":
				return s.submit()
			case "q":
				return s.app.pop()
			}
			return nil
		}
	}
	if s.form == nil {
		return nil
	}
	f, cmd := s.form.Update(msg)
	s.form = f.(*huh.Form)
	if s.form.State == huh.StateCompleted {
		return tea.Batch(cmd, s.submit())
	}
	return cmd
}

// submit looks at all values and asks the backend, which knows more.
func (s *paramsScreen) submit() tea.Cmd {
	for i, p := range s.params {
		if text := s.app.badValue(p, s.values[i], true); text != "" {
			return s.refuse(i, text)
		}
	}
	values, _ := s.result()
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		wrong, err := s.app.back.CheckParams(ctx, s.proc.ID, values)
		return checkedMsg{wrong, err}
	})
}

func (s *paramsScreen) refuse(i int, text string) tea.Cmd {
	title := s.params[i].Title.In(s.app.lang)
	if title == "" {
		title = s.params[i].Name
	}
	s.wrongAt, s.wrong = i, title+": "+text
	return s.build(i)
}

func (s *paramsScreen) checked(m checkedMsg) tea.Cmd {
	if m.err != nil {
		s.app.fail(m.err)
		return s.build(0)
	}
	for i, p := range s.params {
		if w := m.wrong[p.Name]; w != nil {
			what, next := s.app.problem(w)
			return s.refuse(i, what+" "+next)
		}
	}
	s.wrongAt, s.wrong = -1, ""
	values, secrets := s.result()
	return s.app.push(newPlanScreen(s.app, s.proc, values, secrets))
}

// result parts the values from the secrets that were typed.
func (s *paramsScreen) result() (values, secrets map[string]string) {
	values, secrets = map[string]string{}, map[string]string{}
	for i, p := range s.params {
		switch {
		case p.Type != steps.Secret:
			values[p.Name] = s.values[i]
		case s.values[i] != "":
			secrets[p.Name] = s.values[i]
		}
	}
	return values, secrets
}

func (s *paramsScreen) view(w, h int) []string {
	a, t := s.app, s.app.t
	if !s.loaded {
		return []string{"", "   " + a.th.Muted.Render(t.Loading)}
	}
	if len(s.params) == 0 {
		return []string{"", "   " + t.NoParams}
	}
	var lines []string
	if s.wrong != "" {
		for _, l := range celltext.Paragraphs(s.wrong, w-4) {
			lines = append(lines, " "+a.th.Bad.Render(a.th.Failed+" "+l))
		}
	} else if e := s.fieldError(); e != "" {
		for _, l := range celltext.Paragraphs(e, w-4) {
			lines = append(lines, " "+a.th.Bad.Render(a.th.Failed+" "+l))
		}
	}
	fh := max(h-len(lines)-1, 1)
	s.size(w, fh)
	for i, l := range strings.Split(s.form.View(), "\n") {
		if i >= fh {
			break
		}
		lines = append(lines, " "+l)
	}
	return lines
}

// size gives the form its area. It takes one line more than it is told.
func (s *paramsScreen) size(w, h int) {
	if w, h = max(w-4, 10), max(h, 1); s.formW != w || s.formH != h {
		s.formW, s.formH = w, h
		s.form = s.form.WithWidth(w).WithHeight(max(h-1, 1))
	}
}

// fieldError is what the form holds against the field under the cursor.
func (s *paramsScreen) fieldError() string {
	if s.form == nil {
		return ""
	}
	for _, err := range s.form.Errors() {
		return celltext.Plain(fmt.Sprint(err))
	}
	return ""
}

func (s *paramsScreen) keys() []hint {
	t := s.app.t
	return []hint{{"ctrl+s", t.KeyNext + ": " + t.Plan}, {"tab", t.KeyField}, {"esc", t.KeyBack}}
}

func (s *paramsScreen) help() []hint { return nil }
