package remote

import (
	"context"
	"strings"
	"sync"
	"time"

	"stackhand/internal/problem"
)

// Answer is one field of a Row.
type Answer string

// The answers. A stage after one that failed stays Untold.
const (
	Untold Answer = ""
	Yes    Answer = "yes"
	No     Answer = "no"
)

// Row is what a survey found of one host. It is plain data, for viewers and JSON.
type Row struct {
	Host     string           `json:"host"`
	Reach    Answer           `json:"reach"` // name, TCP and SSH answer
	Trust    Answer           `json:"trust"` // the host key is the known one
	Login    Answer           `json:"login"`
	Sudo     Answer           `json:"sudo"` // becomes root
	Platform string           `json:"platform,omitempty"`
	Offset   time.Duration    `json:"offset_ns,omitempty"` // its clock minus this machine's
	RTT      time.Duration    `json:"rtt_ns,omitempty"`
	Self     bool             `json:"self,omitempty"` // it is this machine
	Problem  *problem.Problem `json:"problem,omitempty"`
	Done     bool             `json:"done"` // false in a row that only tells how far it got
}

// Ready tells whether the host can be worked on.
func (r Row) Ready() bool { return r.Reach == Yes && r.Trust == Yes && r.Login == Yes && r.Sudo == Yes }

// Survey asks all hosts at once how they are reached, and calls row, one call at a time, each
// time more is known of one. It returns the last row of each, in the order of hosts.
func Survey(ctx context.Context, p *Pool, hosts []string, row func(Row)) []Row {
	var mu sync.Mutex
	tell := func(r Row) {
		mu.Lock()
		defer mu.Unlock()
		if row != nil {
			row(r)
		}
	}
	rows := make([]Row, len(hosts))
	self := Console()
	var wg sync.WaitGroup
	for i, name := range hosts {
		wg.Go(func() {
			r := survey(ctx, p, name, self, tell)
			r.Done = true
			rows[i] = r
			tell(r)
		})
	}
	wg.Wait()
	return rows
}

func survey(ctx context.Context, p *Pool, name string, self Facts, tell func(Row)) Row {
	r := Row{Host: name}
	h, err := p.Host(name)
	if err == nil {
		var l *link
		if l, err = h.to(); err == nil {
			_, err = l.connection(ctx)
		}
	}
	if err != nil {
		r.failed(err)
		return r
	}
	r.Reach, r.Trust, r.Login = Yes, Yes, Yes
	tell(r)
	l, err := h.to()
	if err != nil {
		r.failed(err)
		return r
	}
	facts, err := h.Facts(ctx)
	if err != nil {
		r.failed(err)
		return r
	}
	r.Platform, r.Offset, r.RTT, r.Self = facts.Platform, facts.Clock.Offset, facts.Clock.RTT, facts.Same(self)
	tell(r)
	if err := l.trySudo(ctx); err != nil {
		r.failed(err)
		return r
	}
	r.Sudo = Yes
	return r
}

// failed sets the answers by the stage of a problem.
func (r *Row) failed(err error) {
	r.Problem = problem.Of(err)
	if r.Problem == nil {
		r.Problem = problem.New("remote.host", r.Host, err, "what", "hosts check")
	}
	code := string(r.Problem.Code)
	switch {
	case strings.HasPrefix(code, "remote.sudo."), r.Login == Yes && code == "remote.secret.needed":
		r.Sudo = No
	case r.Login == Yes: // lost in the middle
		r.Reach, r.Trust, r.Login = No, Untold, Untold
	case code == "remote.key.unknown", code == "remote.key.refused", code == "remote.key.changed",
		code == "remote.key.revoked", code == "remote.key.file":
		r.Reach, r.Trust = Yes, No
	case strings.HasPrefix(code, "remote.login"), code == "remote.key.locked", code == "remote.secret.needed":
		r.Reach, r.Trust, r.Login = Yes, Yes, No
	default:
		r.Reach = No
	}
}
