package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/job"
)

// followLimit is how long one session of Follow lasts; then it is opened again, so that none
// outlives its console for long on a host that has not noticed.
const followLimit = 10 * time.Minute

// Follow copies a job's output from offset on to w, as it grows, until the job is over: see
// job.Judge. Then all bytes are in w. When the connection is lost the error says so
// (remote.lost); what was written to w until then is right, and the caller follows again from
// there. An error of w is returned as it came.
func (h *Host) Follow(ctx context.Context, id string, offset int64, w io.Writer) (job.Look, error) {
	l, err := h.to()
	if err != nil {
		return job.Look{}, err
	}
	for {
		text, err := h.text("follow", params{"id": id, "off": strconv.FormatInt(offset, 10)})
		if err != nil {
			return job.Look{}, err
		}
		f := &follower{w: w, offset: offset}
		ctx, cancel := context.WithCancelCause(ctx)
		watch := newWatch(l.pool.o.Silence, func() { cancel(errSilentHost) })
		f.alive = watch
		r, err := l.run(ctx, call{text: text, root: true, limit: followLimit, long: true, out: f.read})
		watch.stop()
		cause := context.Cause(ctx)
		cancel(nil)
		f.mu.Lock() // a reader that lags behind writes no more
		f.closed = true
		offset = f.offset
		f.mu.Unlock()
		switch {
		case f.failed != nil:
			return f.look, f.failed
		case f.over():
			return f.look, nil
		case errors.Is(cause, errSilentHost):
			return f.look, l.problem("remote.lost", cause)
		case err != nil:
			return f.look, err
		case r.exit == 124 || r.exit == 137: // the session's own limit
			continue
		case r.exit != 0:
			return f.look, l.hostProblem("follow", r)
		}
		return f.look, l.problem("remote.host", errors.New("the output ended before the job did"), "what", "follow")
	}
}

var errSilentHost = errors.New("the host answers keepalives, but the session is silent")

// watch calls back when nothing was seen for a while.
type watch struct {
	timer *time.Timer
	limit time.Duration
}

func newWatch(limit time.Duration, quiet func()) *watch {
	return &watch{timer: time.AfterFunc(limit, quiet), limit: limit}
}

func (w *watch) seen()  { w.timer.Reset(w.limit) }
func (w *watch) pause() { w.timer.Stop() }
func (w *watch) stop()  { w.timer.Stop() }

// frame is a frame of assets/job/follow.sh: data of a length, or a look.
type frame struct {
	data int64
	look *job.Look
}

// parseFrame reads the head of a frame.
func parseFrame(line string) (frame, error) {
	words := strings.Fields(line)
	if len(words) == 2 && words[0] == "data" {
		n, err := strconv.ParseInt(words[1], 10, 64)
		if err != nil || n <= 0 {
			return frame{}, fmt.Errorf("cannot read a frame: %q", line)
		}
		return frame{data: n}, nil
	}
	k, err := parseLook(words)
	return frame{look: &k}, err
}
