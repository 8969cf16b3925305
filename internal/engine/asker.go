package engine

import (
	"context"
	"fmt"
	"strconv"

	"stackhand/internal/run"
	"stackhand/steps"
)

// HostKey asks whether an unknown host key is the host's.
func (e *Engine) HostKey(ctx context.Context, host, keyType, fingerprint string) (bool, error) {
	defer e.loginAsked()()
	a, err := e.ask(ctx, run.Question{
		Kind: run.AskHostKey, Hosts: []string{host}, Options: []string{"yes", "no"}, Bind: bind(host, keyType, fingerprint),
		Args: map[string]string{"host": host, "type": keyType, "fingerprint": fingerprint},
	})
	return err == nil && a.Value == "yes" && a.Void == "", err
}

// Secret asks for something that lets us in: it is kept in memory, under a name that no
// procedure can have.
func (e *Engine) Secret(ctx context.Context, host, kind, prompt string, echo bool) (string, error) {
	prompt = e.redactor().String(prompt)
	name := "login " + host + " " + kind + " " + prompt
	e.o.Secrets.Forget(name)
	defer e.loginAsked()()
	_, err := e.ask(ctx, run.Question{
		Kind: run.AskSecret, Hosts: []string{host}, Type: steps.Secret,
		Args: map[string]string{"name": name, "host": host, "kind": kind, "prompt": prompt, "echo": strconv.FormatBool(echo)},
	})
	if err != nil {
		return "", err
	}
	value, ok := e.o.Secrets.Get(name)
	if !ok { // the question fell away: an empty answer would be a failed login
		return "", fmt.Errorf("cannot answer what %s asks to log in: the question fell away", host)
	}
	return value, nil
}

// loginAsked counts a question that came up on the way to a host, until it is called back.
func (e *Engine) loginAsked() (settled func()) {
	count := func(n int) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.logins += n
	}
	count(1)
	return func() { count(-1) }
}

// aboutReaching tells which questions are about the way to a host and not about a step.
func aboutReaching(q run.Question) bool {
	switch q.Kind {
	case run.AskReach, run.AskClaim, run.AskHostKey:
		return true
	}
	return q.Kind == run.AskSecret && q.Unit.Step == ""
}
