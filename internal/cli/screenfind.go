package cli

import (
	"context"

	"stackhand/internal/diagnose"
	"stackhand/runbooks/signatures"
	"stackhand/ui"
)

func (b *backend) Symptoms(context.Context) ([]signatures.Symptom, error) {
	return b.matcher.Set().Symptoms, nil
}

func (b *backend) Diagnose(_ context.Context, text string) (diagnose.Report, error) {
	s, err := findSite(b.env, b.request.sitePath)
	if err != nil {
		s = nil // it is only for its secrets
	}
	hide, err := hider(b.env, s)
	if err != nil {
		return diagnose.Report{}, err
	}
	return diagnose.Text(b.matcher, []byte(text), "-", hide), nil
}

// asking makes a function that asks out of a Talk's half.
type asking func(context.Context, ui.LoginQuestion) (string, bool)

func (asking) Row(ui.HostRow) {}

func (a asking) Ask(ctx context.Context, q ui.LoginQuestion) (string, bool) { return a(ctx, q) }

func (b *backend) Scan(ctx context.Context, ask func(context.Context, ui.LoginQuestion) (string, bool), tell func(diagnose.Progress)) (diagnose.Report, error) {
	s, err := findSite(b.env, b.request.sitePath)
	if err != nil {
		return diagnose.Report{}, err
	}
	return b.env.scan(ctx, s, surveyAsker{asking(ask)}, diagnose.Options{Matcher: b.matcher, Looks: b.looks, Tell: tell})
}
