package ui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/ui/celltext"
)

// scriptMsg is a unit's script, to be read or (question set) edited.
type scriptMsg struct {
	unit     run.Unit
	question int64
	text     string
	err      error
}

// answer opens the dialog of the question about the chosen unit, else of the oldest one.
func (s *runScreen) answer() tea.Cmd {
	if s.over() {
		return s.app.push(newEndScreen(s))
	}
	if len(s.st.Questions) == 0 {
		return nil
	}
	q := s.st.Questions[0]
	if u := s.unit(); u != nil && u.Question != 0 {
		for _, x := range s.st.Questions {
			if x.Seq == u.Question {
				q = x
			}
		}
	}
	s.app.open(s.ask(q))
	return nil
}

// ask is the dialog of a question. Its first option leaves everything as it is.
func (s *runScreen) ask(v *run.QuestionView) *dialog {
	a, t, q := s.app, s.app.t, v.Q
	head := s.head(q)
	body := s.questionBody(q)
	if q.Unit.Step != "" {
		body = append([]string{s.about(q.Unit), ""}, body...)
	}
	switch q.Kind {
	case run.AskConfirm, run.AskChoose, run.AskValue, run.AskManual, run.AskWaive, run.AskGuard:
		body = append(body, s.rests(q.Unit.Step)...)
	}
	if q.Kind == run.AskSecret || q.Kind == run.AskValue {
		d := a.ask(head, body, s.valueLabel(q), func(x string) string {
			if q.Kind == run.AskSecret {
				if x == "" {
					return t.BadEmpty
				}
				return ""
			}
			p := Param{}
			p.Type = q.Type
			return a.badValue(p, x, true)
		}, func(x string) tea.Cmd {
			if q.Kind == run.AskSecret {
				return s.send(run.Command{Do: "secret", Question: v.Seq, Secret: x})
			}
			return s.send(run.Command{Do: "answer", Question: v.Seq, Value: x})
		})
		d.tag = v.Seq
		d.input.masked = q.Kind == run.AskSecret
		d.input.set(q.Default)
		return d
	}
	opts := []option{{"", t.LookFirst, nil}}
	values := q.Options
	if len(values) == 0 && q.Kind == run.AskConfirm {
		values = []string{"yes", "no"}
	}
	if q.Typed != "" {
		label := t.OptTyped
		switch q.Kind {
		case run.AskWaive:
			label = t.OptWaive
		case run.AskGuard:
			label = t.OptOverride
		case run.AskClaim:
			label = t.OptTake
		}
		opts = append(opts, option{"typed", i18n.Fill(label, "name", q.Typed), func() tea.Cmd { return s.typeName(v) }})
		values = slices.DeleteFunc(slices.Clone(values), func(x string) bool { return x == "yes" })
		if q.Kind == run.AskConfirm && !slices.Contains(values, "no") {
			values = append(values, "no")
		}
	}
	if q.Kind == run.AskManual && q.Free() {
		opts = append(opts, option{"seen", a.cat.Runbook.Seen, func() tea.Cmd { return s.app.act(func() tea.Cmd { return s.seen(v) }) }})
	}
	for i, value := range values {
		label := s.optionLabel(q, i, value)
		opts = append(opts, option{value, label, func() tea.Cmd { return s.chose(v, value) }})
	}
	d := a.choice(head, body, opts)
	d.bad = q.Kind == run.AskFailed || q.Kind == run.AskLost || q.Kind == run.AskGuard
	d.tag = v.Seq
	return d
}

// hostOf is the host that a question is about, "" when it is about none, or several.
func hostOf(q run.Question) string {
	if q.Unit.Host == "" && len(q.Hosts) == 1 {
		return q.Hosts[0]
	}
	return q.Unit.Host
}

// head is what kind of question it is.
func (s *runScreen) head(q run.Question) string {
	a, t := s.app, s.app.t
	head := map[string]string{
		run.AskConfirm: t.AskConfirm, run.AskChoose: t.AskChoose, run.AskValue: t.AskValue, run.AskManual: t.AskManual,
		run.AskFailed: t.AskFailed, run.AskLost: t.AskLost, run.AskStall: t.AskStall, run.AskSecret: t.AskSecret,
		run.AskHostKey: t.AskHostKey, run.AskClaim: t.AskClaim, run.AskReach: t.AskReach,
		run.AskWaive: a.cat.Runbook.AskWaive, run.AskGuard: a.cat.Runbook.AskGuard,
	}[q.Kind]
	if head == "" {
		head = q.Kind
	}
	return head
}

func (s *runScreen) valueLabel(q run.Question) string {
	t := s.app.t
	if q.Kind == run.AskSecret {
		return i18n.Fill(t.SecretLabel, "name", q.Args["name"])
	}
	return t.ValueLabel
}

// questionBody is what is known about a question: what failed, what it printed, what to do next.
func (s *runScreen) questionBody(q run.Question) []string {
	a, t := s.app, s.app.t
	var body []string
	if q.Kind == run.AskGuard { // it says what must hold
		body = append(body, t.GuardBody)
		for _, say := range strings.Split(q.Say.In(a.lang), "\n") {
			body = append(body, a.th.Failed+" "+say)
		}
	} else if say := q.Say.In(a.lang); say != "" && !strings.HasSuffix(s.about(q.Unit), say) { // a title stands above already
		body = append(body, say)
	}
	if q.Kind != run.AskWaive { // there it is one of several ways, and shown with its boxes
		body = append(body, s.cardBody(q)...)
	}
	if q.Problem != nil {
		what, next := a.problem(q.Problem)
		body = append(body, what, a.th.Arrow+" "+next)
		if out := strings.TrimSpace(q.Problem.Output); out != "" {
			body = append(body, "", t.ItPrinted)
			for _, l := range lastLines(strings.Split(out, "\n"), 5) {
				body = append(body, "  "+l)
			}
		}
		if u := s.st.Unit(q.Unit); u != nil {
			for _, c := range u.Checks {
				if !c.OK && c.Phase != "check" {
					body = append(body, a.checkLines([]run.Check{c})...)
				}
			}
		}
	}
	kind := map[string]string{
		run.AskLost: t.BodyLost, run.AskStall: t.BodyStall, run.AskHostKey: t.BodyHostKey,
		run.AskClaim: t.BodyClaim, run.AskReach: t.BodyReach, run.AskSecret: t.BodySecret,
	}[q.Kind]
	if kind != "" {
		body = append(body, i18n.Fill(kind, "host", hostOf(q)))
	}
	var names []string
	for n := range q.Args {
		if n != "host" && n != "step" { // they stand above
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		body = append(body, "  "+i18n.Word(a.cat.Words.Args, n)+": "+celltext.Plain(q.Args[n]))
	}
	if len(q.Hosts) > 0 && kind == "" && !slices.Equal(q.Hosts, []string{q.Unit.Host}) {
		body = append(body, i18n.Fill(t.OnHosts, "hosts", strings.Join(q.Hosts, ", ")))
	}
	if q.Unit.Host != "" && (q.Kind == run.AskFailed || q.Kind == run.AskManual || q.Kind == run.AskStall || q.Kind == run.AskLost) {
		body = append(body, i18n.Fill(t.ShellHint, "command", "stackhand hosts shell "+q.Unit.Host))
	}
	return body
}

// optionLabel says what an answer does.
func (s *runScreen) optionLabel(q run.Question, i int, value string) string {
	if i < len(q.Titles) && !q.Titles[i].Empty() {
		return celltext.Plain(q.Titles[i].In(s.app.lang))
	}
	t, host := s.app.t, hostOf(q)
	label, ok := map[string]string{
		"yes": t.OptYes, "no": t.OptNo, "retry": t.OptRetry, "edit": t.OptEdit, "skip": t.OptSkip,
		"drop": t.OptDrop, "stop": t.OptStop, "done": t.OptDone, "rerun": t.OptRerun, "wait": t.OptWait,
	}[value]
	switch {
	case value == "hand" && len(q.Card) > 0 && q.Kind != run.AskWaive:
		return i18n.Fill(s.app.cat.Runbook.OptHand, "host", host)
	case value == "absent" && len(q.Card) > 0:
		return s.app.cat.Runbook.OptAbsent
	case q.Kind == run.AskGuard && value == "retry", q.Kind == run.AskWaive && (value == "no" || value == "hand"):
		return s.app.cat.Answer(q.Kind, value).About
	case value == "abort" && q.Kind == run.AskFailed:
		return i18n.Fill(s.app.cat.Runbook.OptAbort, "host", host)
	case !ok:
		return celltext.Plain(value)
	case value == "stop" && q.Kind == run.AskStall:
		label = t.OptStopJob
	case value == "retry" && host == "": // what the console itself does
		label = t.OptAgain
	}
	return i18n.Fill(label, "host", host)
}

// chose takes an option of a question; those that need more ask for it first.
func (s *runScreen) chose(v *run.QuestionView, value string) tea.Cmd {
	a, t, q := s.app, s.app.t, v.Q
	answer := run.Command{Do: "answer", Question: v.Seq, Value: value}
	known := len(q.Titles) == 0 // choices of a procedure carry their own meaning
	tagged := func(d *dialog) tea.Cmd {
		d.tag = v.Seq
		a.open(d)
		return nil
	}
	return a.act(func() tea.Cmd {
		switch {
		case known && value == "skip":
			return tagged(s.reason(t.SkipTitle, []string{i18n.Fill(t.SkipBody, "what", s.about(q.Unit))}, func(why string) tea.Cmd {
				answer.Reason = why
				return s.send(answer)
			}))
		case known && value == "drop" && hostOf(q) != "":
			return tagged(a.typed(t.DropTitle, []string{i18n.Fill(t.DropBody, "host", hostOf(q))}, hostOf(q), func(string) tea.Cmd { return s.send(answer) }))
		case value == "hand" && len(q.Card) > 0:
			return s.readBack(v, map[string]string{}, 0)
		case known && value == "abort" && q.Unit.Host != "":
			r := a.cat.Runbook
			return tagged(a.typed(r.AbortTitle, []string{i18n.Fill(r.AbortBody, "host", q.Unit.Host)}, q.Unit.Host, func(string) tea.Cmd { return s.send(answer) }))
		case known && value == "edit":
			return s.fetchScript(q.Unit, v.Seq)
		case known && value == "stop" && q.Kind != run.AskStall:
			return tagged(a.typed(t.StopTitle, []string{t.StopBody}, s.siteName(), func(string) tea.Cmd { return s.send(answer) }))
		}
		return s.send(answer)
	})
}

// typeName asks for the text that a question wants typed exactly.
func (s *runScreen) typeName(v *run.QuestionView) tea.Cmd {
	return s.app.act(func() tea.Cmd {
		d := s.app.typed(s.app.t.TypedTitle, s.questionBody(v.Q), v.Q.Typed, func(x string) tea.Cmd {
			answer := run.Command{Do: "answer", Question: v.Seq, Value: x}
			if !v.Q.NeedsReason(x) {
				return s.send(answer)
			}
			why := s.reason(s.head(v.Q), []string{s.about(v.Q.Unit), "", s.app.t.ReasonBody}, func(why string) tea.Cmd {
				answer.Reason = why
				return s.send(answer)
			})
			why.tag = v.Seq
			s.app.open(why)
			return nil
		})
		d.tag = v.Seq
		s.app.open(d)
		return nil
	})
}

// reason asks why; an empty one is none.
func (s *runScreen) reason(head string, body []string, done func(string) tea.Cmd) *dialog {
	t := s.app.t
	return s.app.ask(head, body, t.ReasonLabel, func(x string) string {
		if strings.TrimSpace(x) == "" {
			return t.ReasonNeeded
		}
		return ""
	}, done)
}

func (s *runScreen) siteName() string {
	if n := s.st.Run.Site; n != "" {
		return n
	}
	return s.app.siteName()
}

// menu are the things that can be done to a run besides answering.
func (s *runScreen) menu() *dialog {
	a, t := s.app, s.app.t
	opts := []option{{"", t.MenuNothing, nil}}
	add := func(label string, do func() tea.Cmd) { opts = append(opts, option{"", label, do}) }
	acting := func(do func() tea.Cmd) func() tea.Cmd { return func() tea.Cmd { return a.act(do) } }
	ask := func(d *dialog) tea.Cmd { a.open(d); return nil }
	u := s.unit()
	if !s.over() && s.alive {
		if u != nil && (u.Phase == run.PhaseRunning) {
			add(i18n.Fill(t.MenuStop, "what", s.about(u.Unit)), acting(func() tea.Cmd {
				return ask(a.choice(t.StopJobTitle, []string{i18n.Fill(t.StopJobBody, "what", s.about(u.Unit))}, []option{
					{"", t.LookFirst, nil},
					{"", t.StopSoft, func() tea.Cmd { return s.send(run.Command{Do: "stop", Unit: u.Unit}) }},
					{"", t.StopHard, func() tea.Cmd {
						return ask(a.typed(t.StopHard, []string{t.StopHardBody}, u.Unit.Host, func(string) tea.Cmd {
							return s.send(run.Command{Do: "stop", Unit: u.Unit, Hard: true})
						}))
					}},
				}))
			}))
		}
		if u != nil && !u.Phase.Settled() && u.Phase != run.PhaseRunning {
			add(i18n.Fill(t.MenuSkip, "what", s.about(u.Unit)), acting(func() tea.Cmd {
				return ask(s.reason(t.SkipTitle, []string{i18n.Fill(t.SkipBody, "what", s.about(u.Unit))}, func(why string) tea.Cmd {
					return s.send(run.Command{Do: "skip", Unit: u.Unit, Reason: why})
				}))
			}))
		}
		if u != nil && u.Unit.Host != "" {
			host := u.Unit.Host
			add(i18n.Fill(t.MenuDrop, "host", host), acting(func() tea.Cmd {
				return ask(a.typed(t.DropTitle, []string{i18n.Fill(t.DropBody, "host", host)}, host, func(string) tea.Cmd {
					return s.send(run.Command{Do: "drop", Host: host})
				}))
			}))
		}
		add(t.MenuPark, acting(func() tea.Cmd {
			return ask(a.choice(t.ParkTitle, []string{t.ParkBody}, []option{
				{"", t.LookFirst, nil}, {"", t.ParkGo, func() tea.Cmd { return s.send(run.Command{Do: "park"}) }},
			}))
		}))
		add(t.MenuCancel, acting(func() tea.Cmd {
			return ask(a.typed(t.StopTitle, []string{t.StopBody}, s.siteName(), func(string) tea.Cmd {
				return s.send(run.Command{Do: "cancel"})
			}))
		}))
	}
	if s.known && !s.alive && !s.over() {
		add(t.MenuEngine, s.restart)
	}
	add(t.MenuReport, func() tea.Cmd { return a.report(s, s.dir) })
	return a.choice(t.KeyActions, nil, opts)
}

// fetchScript asks for what a unit runs; with a question, to edit it.
func (s *runScreen) fetchScript(u run.Unit, question int64) tea.Cmd {
	w := s.watch
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		text, err := w.Script(ctx, u)
		return scriptMsg{u, question, text, err}
	})
}

func (s *runScreen) editScript(m scriptMsg) tea.Cmd {
	switch {
	case m.err != nil:
		s.app.fail(m.err)
		return nil
	case m.question == 0:
		return s.app.push(newPage(s.app, m.unit.String(), strings.Split(strings.TrimRight(m.text, "\n"), "\n"), true))
	}
	return s.app.push(newEditScreen(s, m))
}
