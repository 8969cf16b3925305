package ui

import (
	"slices"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// now says what everything waits for: what, on which host, since when, what usually ends it.
func (s *runScreen) now(w int) []string {
	a, t := s.app, s.app.t
	line := func(mark, text string) []string { return a.twoLines(mark, text, w) }
	warn := a.th.Warn.Render(a.th.Lost)
	switch {
	case s.err != nil:
		return line(a.th.Bad.Render(a.th.Failed), a.explain(s.err))
	case s.over():
		mark, _ := a.outcome(s.st.Ended.Outcome)
		return line(mark, t.NowOver)
	case s.st.Seq == 0:
		return line(a.th.Muted.Render(a.th.More), t.NowEmpty)
	case s.st.Parked != nil && !s.alive:
		return line(a.th.Warn.Render(a.th.Held), i18n.Fill(t.NowParked, "why", s.parkedWhy(), "time", a.clock(s.st.Last)))
	case s.known && !s.alive:
		return line(warn, i18n.Fill(t.NowNobody, "time", a.clock(s.st.Last)))
	case len(s.st.Questions) > 0:
		q := s.st.Questions[0]
		return line(a.th.Warn.Render(a.th.Asks), i18n.Fill(t.NowAsks, "what", s.aboutQuestion(q.Q), "time", a.clock(q.At), "for", elapsed(a.now().Sub(q.At))))
	}
	for _, n := range s.st.Run.Hosts {
		// while it is dialled again a host that went away is failed, not lost: with a unit open on it, the run waits for it all the same
		if v := s.st.Hosts[n]; v != nil && (v.State == run.HostLost || v.State == run.HostFailed && s.busyOn(n)) {
			word := t.NowSilent
			if s.jobOn(n) {
				word = t.NowLost
			}
			return line(warn, i18n.Fill(word, "host", n, "time", a.clock(v.Since), "for", elapsed(a.now().Sub(v.Since))))
		}
	}
	if st, u := s.busiest(); st != nil && u != nil {
		word := map[run.Phase]string{run.PhaseRunning: t.NowRuns, run.PhaseVerifying: t.NowVerifies, run.PhaseChecking: t.NowChecks}[u.Phase]
		since := u.Started
		if u.Phase == run.PhaseReady && st.Action == steps.ActWait && !st.Started.IsZero() {
			word, since = t.NowWaits, st.Started
		}
		if word != "" {
			text := i18n.Fill(word, "what", s.about(u.Unit), "time", a.clock(since), "for", elapsed(a.now().Sub(since)))
			if n := st.Normal.In(a.lang); n != "" {
				text += " " + i18n.Fill(t.NowNormal, "what", celltext.Plain(n))
			}
			return line(a.th.Accent.Render(a.th.Running), text)
		}
	}
	for _, n := range s.st.Run.Hosts {
		if v := s.st.Hosts[n]; v != nil && v.State == run.HostDialing {
			return line(warn, i18n.Fill(t.NowDialing, "host", n, "for", elapsed(a.now().Sub(v.Since))))
		}
	}
	if st, u := s.busiest(); st != nil && u != nil && u.Phase == run.PhaseReady {
		if v := s.st.Hosts[u.Unit.Host]; v != nil && (v.State == run.HostLost || v.State == run.HostFailed) {
			return line(warn, i18n.Fill(t.NowAway, "what", s.about(u.Unit), "host", u.Unit.Host, "time", a.clock(v.Since), "for", elapsed(a.now().Sub(v.Since))))
		}
		// its guards are read again, which takes as long as a silent host is dialled
		return line(a.th.Accent.Render(a.th.Running), i18n.Fill(t.NowBefore, "what", s.about(u.Unit), "time", a.clock(s.st.Last), "for", elapsed(a.now().Sub(s.st.Last))))
	}
	return line(a.th.Muted.Render(a.th.More), i18n.Fill(t.NowEngine, "time", a.clock(s.st.Last)))
}

// offerLines is the runbook that known trouble in the log speaks for.
func (s *runScreen) offerLines(w int) []string {
	if s.offer == nil {
		return nil
	}
	return s.app.twoLines(s.app.th.Warn.Render(s.app.th.Lost), s.offered(), w)
}

// twoLines is a text behind a mark, in two lines at most.
func (a *App) twoLines(mark, text string, w int) []string {
	l := celltext.Paragraphs(text, max(w-3, 1))
	if len(l) > 2 {
		l = append(l[:1], celltext.Cut(l[1], w-4, "")+a.th.More)
	}
	out := []string{" " + mark + " " + l[0]}
	for _, x := range l[1:] {
		out = append(out, "   "+x)
	}
	return out
}

// busyOn tells whether a unit has begun on a host and has not ended.
func (s *runScreen) busyOn(host string) bool {
	for _, st := range s.st.Steps {
		for _, u := range st.Units {
			if u.Unit.Host == host && (u.Phase == run.PhaseRunning || u.Phase == run.PhaseVerifying || u.Phase == run.PhaseChecking) {
				return true
			}
		}
	}
	return false
}

// jobOn tells whether a job was given to a host, and its end is not known.
func (s *runScreen) jobOn(host string) bool {
	for _, st := range s.st.Steps {
		for _, u := range st.Units {
			if u.Unit.Host == host && slices.ContainsFunc(u.Jobs, func(j *run.JobView) bool { return j.Ended == nil }) {
				return true
			}
		}
	}
	return false
}

func (s *runScreen) parkedWhy() string {
	t := s.app.t
	switch s.st.Parked.Why {
	case "question":
		return t.ParkedQuestion
	case "disk":
		return t.ParkedDisk
	case "takeover":
		return t.ParkedTakeover
	}
	return t.ParkedStopped
}
