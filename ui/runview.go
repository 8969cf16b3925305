package ui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/ui/celltext"
)

// phase is a phase as a sign and a word.
func (a *App) phase(p run.Phase) (mark, word string) {
	th, t := a.th, a.t
	switch p {
	case run.PhaseDone:
		return th.Good.Render(th.Done), t.PhaseDone
	case run.PhaseAlready:
		return th.Good.Render(th.Already), t.PhaseAlready
	case run.PhaseFailed:
		return th.Bad.Render(th.Failed), t.PhaseFailed
	case run.PhaseSkipped:
		return th.Muted.Render(th.Skipped), t.PhaseSkipped
	case run.PhaseAsking:
		return th.Warn.Render(th.Asks), t.PhaseAsking
	case run.PhaseRunning:
		return th.Accent.Render(th.Running), t.PhaseRunning
	case run.PhaseChecking:
		return th.Accent.Render(th.Running), t.PhaseChecking
	case run.PhaseVerifying:
		return th.Accent.Render(th.Running), t.PhaseVerifying
	case run.PhaseHeld:
		return th.Muted.Render(th.Held), t.PhaseHeld
	case run.PhaseReady:
		return th.Muted.Render(th.Waiting), t.PhaseReady
	}
	return th.Muted.Render(th.Waiting), t.PhaseWaiting
}

func (s *runScreen) view(w, h int) []string {
	a, t := s.app, s.app.t
	if s.watch == nil {
		if s.err != nil {
			out := []string{""}
			for _, l := range celltext.Paragraphs(a.explain(s.err), w-4) {
				out = append(out, "  "+a.th.Bad.Render(l))
			}
			return out
		}
		return []string{"", "   " + a.th.Muted.Render(t.Opening)}
	}
	lines := []string{s.summary(w)}
	now := append(s.offerLines(w-2), s.now(w-2)...)
	if h < 8 {
		now = s.now(w - 2)
	}
	if h < 6 {
		now = now[:min(len(now), 1)]
	}
	ph := max(h-len(lines)-len(now), 0)
	s.single = w < 70
	switch {
	case s.single && s.onLog:
		lines = append(lines, s.right(w, ph)...)
	case s.single:
		lines = append(lines, fit(s.left(w-1, ph), w, ph)...)
	default:
		lw := runLeft(w)
		lines = append(lines, a.sides(s.left(lw, ph), s.right(w-lw-4, ph), lw, w, ph)...)
	}
	lines = fit(lines, w, h-len(now))
	return append(lines, now...)
}

// runLeft is how wide the steps are.
func runLeft(w int) int { return min(max(w*45/100, 33), 52) }

// summary is the run in one line: state, steps, hosts, time.
func (s *runScreen) summary(w int) string {
	a, t := s.app, s.app.t
	done := 0
	for _, st := range s.st.Steps {
		if st.Phase.Settled() {
			done++
		}
	}
	mark, word := a.th.Accent.Render(a.th.Running), t.PhaseRunning
	end := a.now()
	switch {
	case s.over():
		mark, word = s.app.outcome(s.st.Ended.Outcome)
		end = s.st.EndedAt
	case s.st.Parked != nil:
		mark, word = a.th.Warn.Render(a.th.Held), t.RunParked
		end = s.st.Last
	case s.st.Seq == 0:
		mark, word = a.th.Muted.Render(a.th.More), t.PhaseWaiting
	case s.known && !s.alive:
		mark, word = a.th.Warn.Render(a.th.Lost), t.RunNobody
		end = s.st.Last
	case len(s.st.Questions) > 0:
		mark, word = a.th.Warn.Render(a.th.Asks), t.RunAsks
	}
	left := " " + mark + " " + a.th.Strong.Render(word) + "  " + i18n.Fill(t.StepsOf, "done", itoa(done), "all", itoa(len(s.st.Steps)))
	right := ""
	if !s.st.Started.IsZero() {
		right = elapsed(end.Sub(s.st.Started))
	}
	room := w - celltext.Width(left) - celltext.Width(right) - 4
	hosts := s.hostMarks(room)
	return celltext.Pad(left+"  "+hosts, w-celltext.Width(right)-1, a.th.More) + a.th.Muted.Render(right)
}

// hostMarks are the run's hosts with how they stand; where room is short, only those in trouble.
func (s *runScreen) hostMarks(w int) string {
	a, t := s.app, s.app.t
	names := slices.Clone(s.st.Run.Hosts)
	for n := range s.st.Hosts {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	one := func(n string) (string, bool) {
		v := s.st.Hosts[n]
		n = celltext.Plain(n)
		if v == nil {
			return n, false
		}
		switch v.State {
		case run.HostLost:
			return a.th.Bad.Render(n + " " + a.th.Lost + t.HostLost), true
		case run.HostFailed:
			return a.th.Bad.Render(n + " " + a.th.Failed + a.notReached(v)), true
		case run.HostDropped:
			return a.th.Muted.Render(n + " " + a.th.Skipped + t.HostDropped), true
		case run.HostRebooted:
			return a.th.Warn.Render(n + " " + a.th.Running + t.HostRebooted), true
		case run.HostDialing:
			return a.th.Warn.Render(n + " " + a.th.More + t.HostDialing), true
		case "":
			return a.th.Muted.Render(n + " " + a.th.More), false
		}
		return a.th.Muted.Render(n) + " " + a.th.Good.Render(a.th.Done), false
	}
	var all, bad []string
	for _, n := range names {
		text, trouble := one(n)
		all = append(all, text)
		if trouble {
			bad = append(bad, text)
		}
	}
	line := strings.Join(all, "  ")
	if celltext.Width(line) > w {
		line = strings.Join(bad, "  ")
	}
	return celltext.Cut(line, max(w, 0), a.th.More)
}

// notReached is in a word why a host cannot be had.
func (a *App) notReached(v *run.HostView) string {
	t, code := a.t, ""
	if v.Problem != nil {
		code = string(v.Problem.Code)
	}
	is := func(prefixes ...string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(code, p) })
	}
	switch {
	case is("remote.tcp.timeout", "remote.tcp.unreachable", "remote.lost"):
		return t.HostSilent
	case is("remote.handshake", "remote.login.dropped", "remote.login.timeout"):
		return t.HostHangs
	case is("remote.key", "remote.login", "remote.sudo", "remote.secret"):
		return t.HostRefuses
	}
	return t.HostFailed
}

// left draws steps and units with state and time.
func (s *runScreen) left(w, h int) []string {
	a := s.app
	s.sizeH = h
	rows := s.rows()
	if i := slices.Index(rows, s.sel); i >= 0 {
		s.list.sel = i
	} else if i := slices.Index(rows, runSel{step: s.sel.step}); i >= 0 {
		s.list.sel = i
	}
	from, to := s.list.window(len(rows), h)
	var marks, texts, times []string
	wide := 4
	for i := from; i < to; i++ {
		r := rows[i]
		st := s.st.Step(r.step)
		var left, right string
		if r.unit == (run.Unit{}) {
			mark, _ := a.phase(st.Phase)
			deep := strings.Repeat(" ", min(strings.Count(st.ID, "/"), 4)) // of a called procedure
			left = deep + mark + " " + celltext.Plain(st.Name(a.lang))
			right = s.stepTime(st)
			if i == s.list.sel {
				left = deep + mark + " " + a.th.Selected.Render(celltext.Plain(st.Name(a.lang)))
			} else if st.Phase == run.PhaseWaiting || st.Phase == run.PhaseSkipped {
				left = deep + mark + " " + a.th.Muted.Render(celltext.Plain(st.Name(a.lang)))
			}
		} else {
			u := s.st.Unit(r.unit)
			mark, word := a.phase(u.Shown())
			name := r.unit.Host
			if r.unit.Item != "" {
				name = strings.TrimSpace(name + " " + r.unit.Item)
			}
			if name == "" {
				name = a.t.OnConsole
			}
			name = celltext.Plain(name)
			if i == s.list.sel {
				name = a.th.Selected.Render(name)
			}
			left = "  " + mark + " " + name + " " + a.th.Muted.Render(word)
			right = s.unitTime(u)
		}
		cur := " "
		if i == s.list.sel {
			cur = a.th.Muted.Render(a.th.Cursor)
			if !s.onLog {
				cur = a.th.Selected.Render(a.th.Cursor)
			}
		}
		marks = append(marks, cur)
		texts = append(texts, left)
		times = append(times, right)
		wide = max(wide, celltext.Width(right))
	}
	var out []string
	for i := range texts {
		out = append(out, marks[i]+" "+celltext.Pad(texts[i], max(w-3-wide, 4), a.th.More)+" "+a.th.Muted.Render(celltext.Right(times[i], wide)))
	}
	return out
}

func (s *runScreen) stepTime(st *run.StepView) string {
	if st.Started.IsZero() || st.Skipped != nil {
		return ""
	}
	if st.Phase.Settled() && !st.Ended.IsZero() {
		return elapsed(st.Ended.Sub(st.Started))
	}
	return elapsed(s.until().Sub(st.Started))
}

func (s *runScreen) unitTime(u *run.UnitView) string {
	switch u.Phase {
	case run.PhaseSkipped, run.PhaseWaiting, run.PhaseReady, run.PhaseHeld:
		return ""
	case run.PhaseDone, run.PhaseAlready, run.PhaseFailed:
		if u.Millis > 0 {
			return elapsed(time.Duration(u.Millis) * time.Millisecond)
		}
		return elapsed(u.Ended.Sub(u.Started))
	}
	return elapsed(s.until().Sub(u.Started))
}

// until is now, or when the run stopped being worked on.
func (s *runScreen) until() time.Time {
	if s.over() || s.st.Parked != nil || s.known && !s.alive {
		return s.st.Last
	}
	return s.app.now()
}

// right draws the chosen unit: what it is, its log, its checks.
func (s *runScreen) right(w, h int) []string {
	a := s.app
	u := s.unit()
	if h <= 0 {
		return nil
	}
	head := a.t.NotBegun
	if st := s.st.Step(s.sel.step); st != nil {
		head = celltext.Plain(st.Name(a.lang))
		if u != nil {
			_, word := a.phase(u.Shown())
			if u.Unit.Host != "" {
				head = celltext.Plain(u.Unit.Host) + " " + a.th.Dot + " " + word
			} else {
				head = celltext.Plain(s.st.UnitName(u.Unit, a.lang)) + " " + a.th.Dot + " " + word
			}
			if u.Attempt > 1 {
				head += " " + a.th.Dot + " " + i18n.Fill(a.t.Attempt, "n", itoa(u.Attempt))
			}
		} else {
			_, word := a.phase(st.Phase)
			head += " " + a.th.Dot + " " + word
		}
	}
	style := a.th.Muted
	if s.onLog {
		style = a.th.Heading
	}
	stat := s.pane.status()
	if s.pane.typing {
		text, _ := s.pane.input.view(max(w-3, 1))
		head, stat = "/"+text, ""
		style = a.th.Accent
	}
	if celltext.Width(head)+celltext.Width(stat)+2 > w {
		stat = celltext.Cut(stat, max(w-celltext.Width(head)-2, 0), "")
	}
	lines := []string{style.Render(celltext.Pad(head, max(w-celltext.Width(stat), 0), a.th.More)) + a.th.Muted.Render(stat)}

	checks := append(s.skippedLines(u, w), s.openQuestion(u, w)...)
	checks = append(checks, s.evidence(s.st.Step(s.sel.step), w)...)
	checks = append(checks, s.checks(u, w)...)
	most := (h - 1) / 3
	if s.pane.name == "" {
		most = h - 1
		if st := s.st.Step(s.sel.step); st != nil && (len(checks) == 0 || st.Phase == run.PhaseSkipped) {
			for i, p := range celltext.Paragraphs(st.About.In(a.lang), w) {
				if i == 0 && len(checks) > 0 {
					checks = append(checks, "")
				}
				checks = append(checks, a.th.Muted.Render(p))
			}
		}
	}
	if len(checks) > most {
		checks = append(checks[:max(most-1, 0)], a.th.Muted.Render(a.th.More+" c"))
		checks = checks[:min(len(checks), most)]
	}
	lh := h - 1 - len(checks)
	if s.pane.name != "" {
		if len(checks) > 0 && lh > 3 {
			lh--
		}
		lines = append(lines, fit(s.pane.view(w, lh), w, lh)...)
		if len(checks) > 0 && lh >= 3 && len(lines)+len(checks) < h {
			label := " " + a.t.Checks + " "
			lines = append(lines, a.th.Frame.Render(a.th.Line)+a.th.Muted.Render(label)+a.th.Frame.Render(strings.Repeat(a.th.Line, max(w-1-celltext.Width(label), 0))))
		}
	}
	return append(lines, checks...)
}

// skippedLines say why the chosen step, or unit, was not done.
func (s *runScreen) skippedLines(u *run.UnitView, w int) (lines []string) {
	st := s.st.Step(s.sel.step)
	if st == nil {
		return nil
	}
	why := st.Skipped
	if u != nil {
		why = u.Skipped
	}
	for _, p := range s.skippedWhy(why, st) {
		lines = append(lines, celltext.Paragraphs(p, w)...)
	}
	return lines
}

// openQuestion is what an open question about a unit says, where no log stands in its place.
func (s *runScreen) openQuestion(u *run.UnitView, w int) (lines []string) {
	if u == nil || u.Question == 0 || s.pane.name != "" {
		return nil
	}
	for _, v := range s.st.Questions {
		if v.Seq != u.Question {
			continue
		}
		body := s.questionBody(v.Q)
		if _, own := s.st.Evidence(s.st.Step(v.Q.Unit.Step)); !own { // its own table follows
			body = append(body, s.rests(v.Q.Unit.Step)...)
		}
		for _, p := range body {
			lines = append(lines, celltext.Paragraphs(p, w)...)
		}
		return append(lines, "")
	}
	return nil
}

// checks are the unit's checks, those that do not hold with expected and found.
func (s *runScreen) checks(u *run.UnitView, w int) []string {
	if u == nil {
		return nil
	}
	a, t := s.app, s.app.t
	var bad, good []string
	say := func(mark, title string) (lines []string) {
		if s.pane.name != "" { // the log wants the room
			return []string{mark + " " + celltext.Cut(title, w-2, a.th.More)}
		}
		for i, l := range celltext.Paragraphs(title, max(w-2, 1)) {
			if i > 0 {
				mark = " "
			}
			lines = append(lines, mark+" "+l)
		}
		return lines
	}
	for _, c := range u.Checks {
		if c.Phase == "means" { // it stands in the evidence table
			continue
		}
		title := c.Title.In(a.lang)
		if title == "" {
			title = c.ID
		}
		title = celltext.Plain(title)
		if c.OK {
			good = append(good, say(a.th.Good.Render(a.th.Done), title)...)
			continue
		}
		mark := a.th.Bad.Render(a.th.Failed)
		if c.Phase == "check" { // not done before is what one expects
			if len(u.Jobs) > 0 {
				continue
			}
			mark = a.th.Muted.Render(a.th.Waiting)
			good = append(good, say(mark, title)...)
			continue
		}
		bad = append(bad, say(mark, title)...)
		if c.Expected != "" {
			bad = append(bad, "  "+a.th.Muted.Render(t.Expected)+" "+celltext.Cut(celltext.Plain(c.Expected), w-3-celltext.Width(t.Expected), a.th.More))
		}
		bad = append(bad, "  "+a.th.Muted.Render(t.Found)+" "+celltext.Cut(celltext.Plain(c.Found), w-3-celltext.Width(t.Found), a.th.More))
	}
	return append(bad, good...)
}

// cursor stands in the search field.
func (s *runScreen) cursor(w, h int) *tea.Cursor {
	if !s.pane.typing {
		return nil
	}
	left := 0
	if !s.single {
		left = runLeft(w) + 3
	} else if !s.onLog {
		return nil
	}
	_, x := s.pane.input.view(max(w-left-4, 1))
	return tea.NewCursor(left+1+x, 1)
}
