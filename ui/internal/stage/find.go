package stage

import (
	"context"
	"errors"
	"strings"

	"stackhand/internal/diagnose"
	"stackhand/internal/problem"
	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
	"stackhand/ui"
)

// Matcher is the program's own signatures.
func Matcher() (*signatures.Matcher, error) {
	set, err := set()
	if err != nil {
		return nil, err
	}
	return signatures.NewMatcher(set), nil
}

func set() (*signatures.Set, error) {
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		return nil, found
	}
	return set, nil
}

// Symptoms are the program's own.
func (b *Backend) Symptoms(context.Context) ([]signatures.Symptom, error) {
	set, err := set()
	if err != nil {
		return nil, err
	}
	return set.Symptoms, nil
}

// Diagnose looks the text up in the program's own signatures.
func (b *Backend) Diagnose(_ context.Context, text string) (diagnose.Report, error) {
	m, err := Matcher()
	if err != nil {
		return diagnose.Report{}, err
	}
	return diagnose.Text(m, []byte(text), "-", func(s string) string { return strings.ReplaceAll(s, "hunter2", "*****") }), nil
}

// Scan plays a scan: the last host cannot be reached when Bad.
func (b *Backend) Scan(ctx context.Context, _ func(context.Context, ui.LoginQuestion) (string, bool), tell func(diagnose.Progress)) (diagnose.Report, error) {
	r, err := b.Diagnose(ctx, "2023-03-02 10:00:01.1 7 ERROR nova (2003, \"Can't connect to MySQL server on '192.0.2.10' ([Errno 111] ECONNREFUSED)\")\n"+
		"2023-03-02 10:00:02.1 7 ERROR oslo.messaging._drivers.impl_rabbit [-] AMQP server on 192.0.2.11:5672 is unreachable: timed out. password hunter2")
	if err != nil {
		return r, err
	}
	hosts := SiteOf().Hosts
	for i, h := range hosts {
		tell(diagnose.Progress{Host: h.Name, State: diagnose.Reading})
		b.pause(ctx)
		if b.Bad && i == len(hosts)-1 {
			p := problem.New("remote.tcp.refused", h.Name, errors.New("connection refused"), "address", "192.0.2.22:22")
			r.Unread = append(r.Unread, diagnose.Unread{Host: h.Name, What: "host", Problem: p})
			tell(diagnose.Progress{Host: h.Name, State: diagnose.Failed, Problem: p})
			continue
		}
		r.Read = append(r.Read, diagnose.Source{Host: h.Name, Files: 12, Bytes: 3 << 20, Lines: 20000})
		tell(diagnose.Progress{Host: h.Name, State: diagnose.Done, Files: 12, Bytes: 3 << 20, Findings: 2})
	}
	for i := range r.Findings {
		for j := range r.Findings[i].Places {
			p := &r.Findings[i].Places[j]
			p.Host, p.Source, p.Line, p.Offset = hosts[0].Name, "/var/log/nova/nova-compute.log", 0, 73216
		}
	}
	return r, ctx.Err()
}
