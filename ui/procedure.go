package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// procedureScreen shows a procedure as a document: its steps, and what each one does, before
// anything is done.
type procedureScreen struct {
	app  *App
	p    *steps.Procedure
	list list
	h    int
}

func newProcedureScreen(a *App, p *steps.Procedure) *procedureScreen {
	return &procedureScreen{app: a, p: p}
}

func (s *procedureScreen) enter() tea.Cmd { return nil }
func (s *procedureScreen) title() string  { return celltext.Plain(s.p.Title.In(s.app.lang)) }
func (s *procedureScreen) typing() bool   { return false }

func (s *procedureScreen) update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if s.list.key(k, len(s.p.Steps), s.h) {
		return nil
	}
	switch k.String() {
	case "esc", "q", "left":
		return s.app.pop()
	case "s":
		if len(s.p.Steps) > 0 {
			st := s.p.Steps[s.list.sel]
			return s.app.push(newPage(s.app, st.ID, s.scripts(st), true))
		}
	case "d":
		if len(s.p.Steps) > 0 {
			st := s.p.Steps[s.list.sel]
			return s.app.push(newPage(s.app, st.ID, s.detail(st), false))
		}
	case "enter", "n":
		if s.app.site == nil || s.app.site.Site == nil {
			s.app.wrong(s.app.t.NoSiteHint)
			return nil
		}
		return s.app.push(newHostsScreen(s.app, s.p))
	}
	return nil
}

func (s *procedureScreen) view(w, h int) []string {
	a := s.app
	lw := min(w*45/100, 46)
	two := w >= 72
	if !two {
		lw = w - 2
	}
	s.h = h
	var left []string
	from, to := s.list.window(len(s.p.Steps), h)
	for i := from; i < to; i++ {
		st := &s.p.Steps[i]
		name := st.Title.In(a.lang)
		if name == "" {
			name = st.ID
		}
		note := strings.Join(s.roles(st), ",")
		if two && celltext.Width(note) > 12 {
			note = celltext.Cut(note, 12, a.th.More)
		}
		text := fmt.Sprintf("%2d ", i+1) + celltext.Plain(name)
		if st.Risk == steps.Disruptive || st.Risk == steps.Destructive {
			text = fmt.Sprintf("%2d ", i+1) + a.th.Warn.Render(a.th.Lost) + " " + celltext.Plain(name)
		}
		left = append(left, a.row(i == s.list.sel, text, note, lw))
	}
	if !two || len(s.p.Steps) == 0 {
		return left
	}
	var right []string
	rw := w - lw - 4
	for _, l := range s.detail(s.p.Steps[s.list.sel]) {
		right = append(right, celltext.Paragraphs(l, rw)...)
	}
	if len(right) > 0 {
		right[0] = a.th.Strong.Render(right[0])
	}
	if len(right) > h {
		right = append(right[:h-1], a.th.Muted.Render(a.th.More+" d"))
	}
	return a.sides(left, right, lw, w, h)
}

// roles are where a step runs, as the file says it.
func (s *procedureScreen) roles(st *steps.Step) []string {
	if len(st.On.Roles) > 0 {
		return st.On.Roles
	}
	if st.On.Given() {
		return []string{"…"}
	}
	return []string{s.app.t.OnConsole}
}

// detail says in words what a step is.
func (s *procedureScreen) detail(st steps.Step) []string {
	a, t := s.app, s.app.t
	name := st.Title.In(a.lang)
	if name == "" {
		name = st.ID
	}
	out := []string{name, ""}
	if about := st.About.In(a.lang); about != "" {
		out = append(out, about, "")
	}
	add := func(label, value string) {
		if value != "" {
			out = append(out, label+": "+value)
		}
	}
	add(t.StepID, st.ID)
	add(t.StepAction, a.action(st.Action))
	hosts := strings.Join(s.roles(&st), ", ")
	if a.site != nil && a.site.Site != nil && len(st.On.Roles) > 0 && !st.On.Where.Given() {
		var names []string
		for _, r := range st.On.Roles {
			for _, h := range a.site.Site.Role(r) {
				if !slices.Contains(names, h.Name) {
					names = append(names, h.Name)
				}
			}
		}
		if len(names) > 0 {
			hosts += " (" + strings.Join(names, ", ") + ")"
		}
	}
	add(t.StepHosts, hosts)
	switch st.Risk {
	case steps.Disruptive:
		add(t.StepRisk, t.RiskDisruptive)
	case steps.Destructive:
		add(t.StepRisk, t.RiskDestructive)
	}
	if len(st.Corrections) > 0 {
		var n []string
		for _, c := range st.Corrections {
			n = append(n, itoa(c))
		}
		add(t.StepCorrections, strings.Join(n, ", "))
	}
	if st.When.Given() {
		add(t.StepWhen, st.When.Text)
	}
	if st.Normal != nil {
		add(t.StepNormal, st.Normal.Say.In(a.lang)+" ("+short(st.Normal.For)+")")
	}
	checks := func(label string, cs []steps.Check) {
		if len(cs) == 0 {
			return
		}
		out = append(out, "", label)
		for _, c := range cs {
			title := c.Title.In(a.lang)
			if title == "" {
				title = c.ID
			}
			out = append(out, "  "+a.th.Dot+" "+title)
		}
	}
	checks(t.StepRequires, st.Require)
	if st.CheckVerify {
		out = append(out, "", t.StepCheckVerify)
	}
	checks(t.StepChecks, st.Check)
	checks(t.StepVerifies, st.Verify)
	return out
}

// short is a duration without its zeros: 2m, 1h, 30s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// action is an action in words.
func (a *App) action(x steps.Action) string {
	t := a.t
	switch x {
	case steps.ActProbe:
		return t.ActProbe
	case steps.ActRun:
		return t.ActRun
	case steps.ActFile:
		return t.ActFile
	case steps.ActReboot:
		return t.ActReboot
	case steps.ActAsk, steps.ActChoose:
		return t.ActAsk
	case steps.ActManual:
		return t.ActManual
	case steps.ActWait:
		return t.ActWait
	}
	return i18n.Word(a.cat.Runbook.Actions, string(x))
}

// scripts are all shell texts of a step, for reading.
func (s *procedureScreen) scripts(st steps.Step) []string {
	t := s.app.t
	var out []string
	add := func(head string, sc steps.Script) {
		if !sc.Given() {
			return
		}
		var names []string
		for p := range sc.By {
			names = append(names, p)
		}
		slices.Sort(names)
		if sc.All != "" {
			out = append(out, "# "+head, "")
			out = append(out, strings.Split(strings.TrimRight(sc.All, "\n"), "\n")...)
			out = append(out, "")
		}
		for _, p := range names {
			out = append(out, "# "+head+" ("+p+")", "")
			out = append(out, strings.Split(strings.TrimRight(sc.By[p], "\n"), "\n")...)
			out = append(out, "")
		}
	}
	for _, c := range st.Check {
		add(t.StepChecks+" "+c.Title.In(s.app.lang), c.Probe)
	}
	for _, c := range st.Require {
		add(t.StepRequires+" "+c.Title.In(s.app.lang), c.Probe)
	}
	add(s.app.action(st.Action), st.Script)
	if st.File != nil {
		out = append(out, "# "+st.File.Path+fmt.Sprintf(" (%04o)", st.File.Mode), "")
		out = append(out, strings.Split(strings.TrimRight(st.File.Content, "\n"), "\n")...)
		out = append(out, "")
	}
	for _, c := range st.Verify {
		add(t.StepVerifies+" "+c.Title.In(s.app.lang), c.Probe)
	}
	add(t.StepUndo, st.Undo)
	if len(out) == 0 {
		out = []string{t.NoScript}
	}
	return out
}

func (s *procedureScreen) keys() []hint {
	t := s.app.t
	return []hint{{"enter", t.KeyNext + ": " + t.Hosts}, {s.app.th.Up + s.app.th.Down, t.KeySelect}, {"s", t.KeyScripts}, {"d", t.KeyDetail}, {"esc", t.KeyBack}}
}

func (s *procedureScreen) help() []hint {
	t := s.app.t
	return []hint{{"up down", t.HelpSelect}, {"enter n", i18n.Fill(t.HelpNext, "screen", t.Hosts)}, {"s", t.HelpScripts}, {"d", t.HelpDetail}}
}
