package plain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// end prints the end page: what failed with its output again, the verification table, what to
// do next.
func (f *follower) end() {
	if f.o.JSON {
		return
	}
	f.failures()
	f.table()
	f.leftOut()
	f.summary()
}

func (f *follower) failures() {
	headed := false
	for _, st := range f.st.Steps {
		for _, u := range st.Units {
			if u.Phase != run.PhaseFailed {
				continue
			}
			if !headed {
				f.p.blank()
				f.p.line(2, f.cat.Plain.Failures)
				headed = true
			}
			f.p.under(2, f.place(u.Unit)+"  "+f.st.UnitName(u.Unit, f.cat.Lang))
			if u.Problem != nil {
				f.problem(4, u.Problem)
				f.remedies(4, u, u.Attempt)
			}
			f.output(4, u)
		}
	}
}

// table prints every verification: step, host, expected, found, in words.
func (f *follower) table() {
	f.p.blank()
	f.p.line(2, f.cat.Plain.Table)
	none := true
	for _, st := range f.st.Steps {
		headed := false
		for _, u := range st.Units {
			for _, c := range Verified(u) {
				if !headed {
					f.p.under(2, f.number(st.ID)+" "+st.Name(f.cat.Lang))
					headed, none = true, false
				}
				f.row(u, c)
			}
		}
	}
	if none {
		f.p.under(2, f.cat.Plain.NoChecks)
	}
}

// Verified are the checks that say how a unit stands: its verification, or, of one that was
// done already, the checks that said so.
func Verified(u *run.UnitView) []run.Check {
	var verify, before []run.Check
	for _, c := range u.Checks {
		switch c.Phase {
		case "verify":
			verify = append(verify, c)
		case "check":
			before = append(before, c)
		}
	}
	if len(verify) == 0 && u.Phase == run.PhaseAlready {
		return before
	}
	return verify
}

func (f *follower) row(u *run.UnitView, c run.Check) {
	word := "✓ " + f.cat.Words.OK
	if !c.OK {
		word = "✗ " + f.cat.Words.NotOK
	}
	host := u.Unit.Host
	if u.Unit.Item != "" {
		host += "[" + u.Unit.Item + "]"
	}
	width := 2 + max(displaywidth.String(f.cat.Words.NotOK), displaywidth.String(f.cat.Words.OK))
	s := pad(f.p.text(word), width) + " " + pad(host, f.hostWidth) + " " + f.checkName(c)
	if c.Expected != "" {
		s += "; " + i18n.Fill(f.cat.Plain.Expected, "text", short(c.Expected))
	}
	if c.Found != "" {
		s += "; " + i18n.Fill(f.cat.Plain.Found, "text", short(c.Found))
	}
	f.p.under(4, strings.ReplaceAll(s, "\n", " "))
	if c.Problem != nil {
		f.problem(8, c.Problem)
	}
	if !c.OK && !c.Remedy.Empty() {
		f.p.under(8, i18n.Fill(f.cat.Plain.Remedy, "text", c.Remedy.In(f.cat.Lang)))
	}
}

// LeftOut tells whether a unit or step was skipped by somebody's decision, or because its host
// could not be had; what does not apply to a host, or comes after the end of its procedure, is not
// left out.
func LeftOut(s *run.UnitSkipped) bool { return s != nil && s.Why != "when" && s.Why != "end" }

// leftOut lists what was skipped by decision: done is not all that was planned then.
func (f *follower) leftOut() {
	headed := false
	row := func(u run.Unit, s *run.UnitSkipped) {
		if !LeftOut(s) {
			return
		}
		if !headed {
			f.p.blank()
			f.p.line(2, f.cat.Plain.LeftOut)
			headed = true
		}
		text := f.place(u) + "  " + f.st.UnitName(u, f.cat.Lang) + ": " + i18n.Word(f.cat.Words.Skip, s.Why) + by(s.By)
		if s.Reason != "" {
			text += "; " + i18n.Fill(f.cat.Plain.Reason, "reason", s.Reason)
		}
		f.p.under(2, text)
	}
	for _, st := range f.st.Steps {
		row(run.Unit{Step: st.ID}, st.Skipped)
		for _, u := range st.Units {
			row(u.Unit, u.Skipped)
		}
	}
	f.incomplete = headed
}

func (f *follower) summary() {
	pl, id := f.cat.Plain, f.o.Dir.ID()
	f.p.blank()
	count := map[run.Phase]int{}
	for _, st := range f.st.Steps {
		if len(st.Units) == 0 {
			count[st.Phase]++
		}
		for _, u := range st.Units {
			count[u.Phase]++
		}
	}
	n := func(phases ...run.Phase) string {
		sum := 0
		for _, p := range phases {
			sum += count[p]
		}
		return strconv.Itoa(sum)
	}
	sum := []string{"done", n(run.PhaseDone), "already", n(run.PhaseAlready), "skipped", n(run.PhaseSkipped), "failed", n(run.PhaseFailed)}
	if f.st.Ended != nil && f.st.Ended.Outcome == "done" && !f.st.Ended.Say.Empty() {
		clear(count) // the run ended where it should: what stands behind that end was not needed
	}
	sum = append(sum, "left", n(run.PhaseWaiting, run.PhaseReady, run.PhaseChecking, run.PhaseAsking, run.PhaseRunning, run.PhaseVerifying, run.PhaseHeld))
	f.p.line(2, i18n.Fill(pl.Sum, sum...))
	for _, key := range f.ahead.Left() {
		f.p.line(2, i18n.Fill(pl.DecideLeft, "step", key))
	}
	status := f.st.ExitStatus()
	if f.st.Ended != nil {
		f.p.line(2, i18n.Fill(pl.End, "for", i18n.Short(f.st.EndedAt.Sub(f.st.Started)), "outcome", i18n.Word(f.cat.Words.Outcome, f.st.Ended.Outcome)))
		if !f.st.Ended.Say.Empty() {
			f.p.under(2, f.st.Ended.Say.In(f.cat.Lang))
		}
		switch {
		case status == run.ExitDone && f.incomplete:
			f.p.line(2, pl.NextLeft)
		case status == run.ExitDone && !f.st.Ended.Say.Empty(): // its verdict says what there is to say
		case status == run.ExitDone:
			f.p.line(2, pl.NextDone)
		default:
			f.p.line(2, pl.NextFail)
		}
	} else if f.st.Parked != nil {
		f.p.line(2, i18n.Fill(pl.Parked, "why", i18n.Word(f.cat.Words.Park, f.st.Parked.Why)))
		if count[run.PhaseRunning] > 0 {
			f.p.line(2, pl.Going)
		}
		if len(f.st.Questions) > 0 {
			f.p.line(2, pl.Open)
			for _, q := range f.st.Questions {
				host := q.Q.Unit.Host
				if host == "" {
					host = strings.Join(q.Q.Hosts, ", ")
				}
				ask, _ := f.cat.Question(q.Q.Kind, f.st.UnitName(q.Q.Unit, f.cat.Lang), host, q.Q.Args)
				f.p.under(2, fmt.Sprintf("%d  %s", q.Seq, ask))
			}
		}
		f.p.line(2, i18n.Fill(pl.Attach, "run", id))
	}
	for _, h := range f.st.Held() {
		f.p.line(2, f.cat.Runbook.Held+": "+h.Unit.Host)
		f.p.under(2, h.Say.In(f.cat.Lang))
	}
	f.p.line(2, i18n.Fill(pl.Report, "run", id))
	if status != run.ExitDone {
		f.p.line(2, i18n.Fill(pl.Exit, "n", strconv.Itoa(status), "meaning", i18n.Word(f.cat.Words.Exit, strconv.Itoa(status))))
	}
}
