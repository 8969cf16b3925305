package plain

import (
	"strconv"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
)

// beatUnits is how many units one heartbeat names.
const beatUnits = 4

// heartbeat says, after some silence, what is going on: nobody should have to wonder whether
// this still lives. While a prompt is open it is silent, because the operator is busy then.
func (f *follower) heartbeat() {
	now := time.Now()
	if n := f.p.written(); n != f.lines {
		f.lines, f.quiet = n, now
	}
	if now.Sub(f.quiet) < beat || f.asking != 0 {
		return
	}
	f.quiet = now
	for _, h := range f.st.Run.Hosts {
		if v := f.st.Hosts[h]; v != nil && v.State == run.HostLost {
			f.at(now, h+"  "+i18n.Fill(f.cat.Plain.BeatHost, "since", v.Since.In(f.o.Location).Format("15:04:05")))
		}
		if v := f.st.Hosts[h]; v != nil && v.State == run.HostDialing {
			f.at(now, h+"  "+i18n.Word(f.cat.Words.Host, v.State))
		}
	}
	named, more := 0, 0
	for _, st := range f.st.Steps {
		for _, u := range st.Units {
			switch u.Shown() {
			case run.PhaseRunning, run.PhaseVerifying, run.PhaseChecking:
				if named++; named <= beatUnits {
					f.beatUnit(now, u)
				} else {
					more++
				}
			}
		}
	}
	if more > 0 {
		f.at(now, i18n.Fill(f.cat.Plain.BeatMore, "n", strconv.Itoa(more)))
	}
	for _, q := range f.st.Questions {
		f.unit(now, q.Q.Unit, i18n.Fill(f.cat.Plain.BeatWaits, "n", strconv.FormatInt(q.Seq, 10), "run", f.o.Dir.ID()))
	}
	f.lines = f.p.written()
}

func (f *follower) beatUnit(now time.Time, u *run.UnitView) {
	since := u.Started
	if len(u.Jobs) > 0 {
		since = u.Jobs[len(u.Jobs)-1].At
	}
	phase := i18n.Word(f.cat.Words.Phase, string(u.Phase))
	f.unit(now, u.Unit, i18n.Fill(f.cat.Plain.Beat, "state", phase, "for", i18n.Short(now.Sub(since))))
	if len(u.Jobs) == 0 || u.Phase != run.PhaseRunning {
		return
	}
	e, err := logtext.Tail(f.o.Dir.LogPath(u.Jobs[len(u.Jobs)-1].Intent.Log), 3, f.o.Redactor)
	if err != nil {
		return // a heartbeat is no place to fail; the end page says what is wrong with a log
	}
	if last := e.LastLine(); last != "" {
		f.p.under(9, cut(i18n.Fill(f.cat.Plain.BeatLine, "line", last), columns-9))
	}
}
