package plain

import (
	"context"
	"io"
	"os"
	"time"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/runbooks/signatures"
)

// hintEvery is how often the logs of running jobs are looked at for known trouble.
const hintEvery = time.Second

// newHints watches the logs of a run.
func newHints(dir *run.Dir, m *signatures.Matcher) *diagnose.Hints {
	return diagnose.NewHints(m, func(_ context.Context, log string, off int64, p []byte) (int, int64, error) {
		f, err := os.Open(dir.LogPath(log))
		if err != nil {
			return 0, 0, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return 0, 0, err
		}
		n, err := f.ReadAt(p, off)
		if err == io.EOF {
			err = nil
		}
		return n, info.Size(), err
	})
}

// hint says, once for each signature, what the logs of the jobs that run, or just ended, show.
func (f *follower) hint(ctx context.Context) {
	now := time.Now()
	if f.hints == nil || f.o.JSON || now.Sub(f.hinted) < hintEvery {
		return
	}
	f.hinted = now
	for _, st := range f.st.Steps {
		for _, u := range st.Units {
			if len(u.Jobs) == 0 || !u.Ended.IsZero() && now.Sub(u.Ended) > 2*hintEvery {
				continue
			}
			for _, g := range f.hints.Next(ctx, u.Jobs[len(u.Jobs)-1].Intent.Log) {
				f.unit(now, u.Unit, i18n.Fill(f.cat.Diagnose.Hint, "means", g.Means.In(f.o.Lang), "id", g.Runbook))
			}
		}
	}
}
