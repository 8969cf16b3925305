package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/runbooks/signatures"
)

// runScreen watches one run: its steps at the left, what the chosen unit prints at the right,
// its checks below that, and what everything waits for at the foot.
//
//	opening ──Open──> watching ──run.ended──> over (the end page comes up)
//	                     └─ engine gone ──e──> watching
type runScreen struct {
	app    *App
	dir    string
	watch  Watcher
	base   *run.Baseline // the last good picture of the site, as the run compares with it
	st     *run.State
	alive  bool
	known  bool      // alive was looked at
	looked time.Time // when that was
	hints  *diagnose.Hints
	offer  *signatures.Signature // known trouble in the log, whose runbook is offered
	err    error

	sel    runSel
	auto   bool // the cursor goes to where something happens
	open   map[string]bool
	list   list
	onLog  bool // the log has the keys
	pane   logPane
	gen    int
	asked  map[int64]bool // questions whose dialog was shown, or that were answered ahead
	ahead  *run.Ahead
	ended  bool // the end page was shown
	sizeH  int
	single bool
}

// runSel is the cursor: a step, or one of its units.
type runSel struct {
	step string
	unit run.Unit // zero: the step itself
}

// runEvery is how often journal and log are read while they are on screen.
const (
	runEvery = 80 * time.Millisecond
	runSlow  = time.Second // when nobody works on the run
)

type (
	openedMsg struct {
		w    Watcher
		base *run.Baseline
		err  error
	}
	runTick int
	pollMsg struct {
		gen    int
		events []run.Event
		alive  bool
		err    error
	}
	sentMsg struct {
		reply run.Reply
		err   error
	}
	restartedMsg struct{ err error }
)

func newRunScreen(a *App, dir string) *runScreen {
	return &runScreen{app: a, dir: dir, st: run.NewState(), auto: true, open: map[string]bool{}, asked: map[int64]bool{}, pane: logPane{app: a, follow: true}}
}

func (s *runScreen) title() string {
	if t := s.st.Run.Title; !t.Empty() {
		return t.In(s.app.lang)
	}
	return s.app.t.Run
}

func (s *runScreen) typing() bool { return s.pane.typing }

func (s *runScreen) enter() tea.Cmd {
	s.gen++
	if s.watch != nil {
		return s.poll()
	}
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		w, err := s.app.back.Open(ctx, s.dir)
		if err != nil {
			return openedMsg{err: err}
		}
		base, err := w.Baseline(ctx)
		if err != nil {
			w.Close()
			return openedMsg{err: err}
		}
		return openedMsg{w: w, base: base}
	})
}

// leave gives the watcher back.
func (s *runScreen) leave() {
	if w := s.watch; w != nil {
		s.watch = nil
		s.app.flows.wg.Go(func() { w.Close() })
	}
}

// poll reads what is new in the journal.
func (s *runScreen) poll() tea.Cmd {
	w, gen, alive := s.watch, s.gen, s.alive
	look := !s.known || s.app.now().Sub(s.looked) >= runSlow
	if look {
		s.looked = s.app.now()
	}
	return s.app.do(s, func(ctx context.Context) tea.Msg {
		events, err := w.Events(ctx)
		if look {
			alive = w.Alive(ctx)
		}
		return pollMsg{gen, events, alive, err}
	})
}

// over tells whether nothing more comes.
func (s *runScreen) over() bool { return s.st.Ended != nil }

func (s *runScreen) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case openedMsg:
		if s.err = msg.err; msg.err != nil {
			return nil
		}
		s.watch, s.base = msg.w, msg.base
		s.hints = diagnose.NewHints(s.app.opts.Matcher, msg.w.ReadLog)
		return s.poll()
	case runTick:
		if int(msg) != s.gen || s.app.top() != s || s.watch == nil {
			return nil
		}
		return tea.Batch(s.poll(), s.pane.fetch(s), s.lookForHints())
	case pollMsg:
		return s.polled(msg)
	case logMsg:
		s.pane.got(msg)
	case hintMsg:
		s.hint(msg)
	case hintedMsg:
		return s.followed(msg)
	case foundMsg:
		return s.pane.found(msg, s)
	case sentMsg:
		s.app.replied(msg)
	case restartedMsg:
		if msg.err != nil {
			s.app.fail(msg.err)
		} else {
			s.app.say(s.app.t.EngineStarted)
		}
	case scriptMsg:
		return s.editScript(msg)
	case reportMsg:
		return s.app.showReport(msg)
	case tea.PasteMsg:
		if s.pane.typing {
			s.pane.input.insert(msg.Content)
		}
	case tea.KeyPressMsg:
		return s.key(msg)
	}
	return nil
}

// polled takes new events in, and goes on.
func (s *runScreen) polled(m pollMsg) tea.Cmd {
	if m.gen != s.gen {
		// Events are told once only: they must not get lost with an old tick.
		s.take(m.events)
		return nil
	}
	if m.err != nil && !errors.Is(m.err, context.Canceled) {
		s.err = m.err
	} else {
		s.err = nil
	}
	s.alive, s.known = m.alive, true
	s.take(m.events)
	var cmds []tea.Cmd
	before := s.pane.name
	s.aim()
	if s.pane.name != before {
		cmds = append(cmds, s.pane.fetch(s))
	}
	if s.app.top() != s {
		return tea.Batch(cmds...)
	}
	cmds = append(cmds, s.questions())
	switch {
	case s.over():
		if !s.ended {
			s.ended = true
			return tea.Batch(append(cmds, s.pane.fetch(s), s.app.push(newEndScreen(s)))...)
		}
	case !s.alive:
		cmds = append(cmds, s.app.after(s, runSlow, runTick(s.gen)))
	default:
		cmds = append(cmds, s.app.after(s, runEvery, runTick(s.gen)))
	}
	return tea.Batch(cmds...)
}

// take folds events into the state.
func (s *runScreen) take(events []run.Event) {
	for _, e := range events {
		if e.Seq > s.st.Seq {
			s.st.Apply(e)
		}
	}
}

// settled says how a question was settled that nobody has answered here.
func (s *runScreen) settled(seq int64) string {
	for _, q := range s.st.Answered {
		if q.Seq == seq && q.Answer.Void == "reached" {
			return i18n.Fill(s.app.t.AnswersAgain, "host", strings.Join(q.Q.Hosts, ", "))
		}
	}
	return s.app.t.SettledElsewhere
}

// questions shows the dialog of a question that is new, and shuts one that was settled.
func (s *runScreen) questions() tea.Cmd {
	open := func(seq int64) bool {
		return slices.ContainsFunc(s.st.Questions, func(q *run.QuestionView) bool { return q.Seq == seq })
	}
	for _, d := range slices.Clone(s.app.dialogs) {
		if seq, ok := d.tag.(int64); ok && !open(seq) {
			s.app.close(d)
			s.app.say(s.settled(seq))
		}
	}
	if s.app.dialog() != nil || s.pane.typing {
		return nil
	}
	for _, q := range s.st.Questions {
		if !s.asked[q.Seq] {
			s.asked[q.Seq] = true
			if cmd := s.answerAhead(q); cmd != nil {
				return cmd
			}
			return s.app.openByItself(s.ask(q))
		}
	}
	return nil
}

// aim puts cursor and log on what matters now, unless the operator chose something himself.
func (s *runScreen) aim() {
	if s.auto {
		if st, u := s.busiest(); st != nil {
			s.sel = runSel{step: st.ID}
			if u != nil && len(st.Units) > 1 {
				s.sel.unit = u.Unit
			}
		}
	}
	log := ""
	if u := s.unit(); u != nil {
		if n := len(u.Jobs); n > 0 {
			log = u.Jobs[n-1].Intent.Log
		}
	}
	if s.watch != nil {
		s.pane.show(log, s.watch)
	}
}

// busiest is where an operator would look: a failure, a question, what runs, what ended last.
func (s *runScreen) busiest() (*run.StepView, *run.UnitView) {
	rank := []run.Phase{run.PhaseFailed, run.PhaseAsking, run.PhaseRunning, run.PhaseVerifying, run.PhaseChecking, run.PhaseReady}
	var best *run.StepView
	var unit *run.UnitView
	at := len(rank)
	for _, st := range s.st.Steps {
		for _, u := range st.Units {
			r := slices.Index(rank, u.Shown())
			// of those that are about to begin, the newest: the last is the innermost of a called procedure
			if r >= 0 && (r < at || r == at && rank[r] == run.PhaseReady && st.Started.After(best.Started)) {
				best, unit, at = st, u, r
			}
		}
	}
	if best != nil {
		return best, unit
	}
	for _, st := range s.st.Steps {
		if st.Ready && (best == nil || st.Ended.After(best.Ended)) {
			best = st
		}
	}
	if best == nil && len(s.st.Steps) > 0 {
		best = s.st.Steps[0]
	}
	return best, nil
}

// unit is the one whose log and checks are shown.
func (s *runScreen) unit() *run.UnitView {
	st := s.st.Step(s.sel.step)
	if st == nil {
		return nil
	}
	if s.sel.unit != (run.Unit{}) {
		return s.st.Unit(s.sel.unit)
	}
	rank := []run.Phase{run.PhaseFailed, run.PhaseAsking, run.PhaseRunning, run.PhaseVerifying, run.PhaseChecking}
	var best *run.UnitView
	at := len(rank)
	for _, u := range st.Units {
		r := slices.Index(rank, u.Shown())
		if r < 0 {
			r = len(rank)
		}
		if best == nil || r < at || r == at && len(best.Jobs) == 0 && len(u.Jobs) > 0 {
			best, at = u, r
		}
	}
	return best
}

func (s *runScreen) key(k tea.KeyPressMsg) tea.Cmd {
	if s.watch == nil {
		if k.String() == "esc" || k.String() == "q" {
			return s.app.pop()
		}
		return nil
	}
	if s.pane.typing {
		cmd, _ := s.pane.key(k, s)
		return cmd
	}
	t := s.app.t
	switch k.String() {
	case "tab":
		s.onLog = !s.onLog
		return nil
	case "esc":
		if s.onLog {
			s.onLog = false
			return nil
		}
		n := t.RunGoesOn
		over := s.over()
		cmd := s.app.pop()
		if !over {
			s.app.say(n)
		}
		return cmd
	case "q":
		return s.askLeave()
	case "/", "n", "N", "f":
		if k.String() == "f" {
			s.auto = true
			s.aim()
		}
		cmd, _ := s.pane.key(k, s)
		return cmd
	case "c":
		if u := s.unit(); u != nil {
			return s.app.push(newPage(s.app, u.Unit.String(), s.unitText(u), false))
		}
		if st := s.st.Step(s.sel.step); st != nil {
			return s.app.push(newPage(s.app, st.ID, s.stepText(st), false))
		}
		return nil
	case "s":
		if u := s.unit(); u != nil {
			return s.fetchScript(u.Unit, 0)
		}
		return nil
	case "m":
		s.app.open(s.menu())
		return nil
	case "e":
		return s.restart()
	case "o":
		return s.follow()
	case "r":
		return s.app.report(s, s.dir)
	case "enter":
		return s.answer()
	}
	if s.onLog {
		cmd, _ := s.pane.key(k, s)
		return cmd
	}
	return s.move(k)
}

// move takes the cursor through steps and units.
func (s *runScreen) move(k tea.KeyPressMsg) tea.Cmd {
	rows := s.rows()
	if len(rows) == 0 {
		return nil
	}
	s.list.sel = max(slices.Index(rows, s.sel), 0)
	switch {
	case s.list.key(k, len(rows), s.sizeH):
		s.sel = rows[s.list.sel]
	case k.String() == "right", k.String() == "l":
		s.open[s.sel.step] = true
	case k.String() == "left", k.String() == "h":
		s.open[s.sel.step] = false
		s.sel.unit = run.Unit{}
	default:
		// In the log's own keys when the steps have none of that name.
		cmd, _ := s.pane.key(k, s)
		return cmd
	}
	s.auto = false
	s.aim()
	return s.pane.fetch(s)
}

// rows are the lines of the left side, in order.
func (s *runScreen) rows() []runSel {
	var rows []runSel
	for _, st := range s.st.Steps {
		rows = append(rows, runSel{step: st.ID})
		if s.expanded(st) {
			for _, u := range st.Units {
				rows = append(rows, runSel{st.ID, u.Unit})
			}
		}
	}
	return rows
}

// expanded tells whether a step's units are shown: those under way or failed by themselves,
// others when the operator opened them.
func (s *runScreen) expanded(st *run.StepView) bool {
	if len(st.Units) == 0 {
		return false
	}
	if open, ok := s.open[st.ID]; ok {
		return open
	}
	return len(st.Units) > 1 && st.Ready && !st.Phase.Settled()
}

func (s *runScreen) keys() []hint {
	t := s.app.t
	if s.pane.typing {
		return []hint{{"enter", t.KeySearch}, {"esc", t.KeyClose}}
	}
	var h []hint
	if len(s.st.Questions) > 0 {
		h = append(h, hint{"enter", t.KeyAnswer})
	}
	if s.known && !s.alive && !s.over() && s.st.Seq > 0 {
		h = append(h, hint{"e", t.KeyEngine})
	}
	if s.offer != nil {
		h = append(h, hint{"o", s.app.cat.Diagnose.KeyRunbook})
	}
	h = append(h, hint{s.app.th.Up + s.app.th.Down, t.KeySelect})
	if s.onLog {
		h = append(h, hint{"tab", t.KeySteps})
	} else {
		h = append(h, hint{"tab", t.KeyLog})
	}
	h = append(h, hint{"/", t.KeySearch}, hint{"c", t.KeyDetail}, hint{"m", t.KeyActions})
	if !s.pane.follow || !s.auto {
		h = append(h, hint{"f", t.KeyFollow})
	}
	return append(h, hint{"q", t.KeyLeave})
}

func (s *runScreen) help() []hint {
	t := s.app.t
	return []hint{{"tab", t.HelpTab}, {"up down", t.HelpSelect}, {"right left", t.HelpUnits}, {"enter", t.HelpAnswer}, {"/ n N", t.HelpSearch},
		{"f G", t.HelpFollow}, {"g", t.HelpTop}, {"left right 0 $", t.HelpSide}, {"c", t.HelpChecks}, {"s", t.HelpScript},
		{"m", t.HelpMenu}, {"o", t.HelpOffer}, {"e", t.HelpEngine}, {"r", t.HelpReport}, {"q", t.HelpLeave}}
}
