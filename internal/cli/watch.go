package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/google/renameio/v2"
	"golang.org/x/term"

	"stackhand/internal/i18n"
	"stackhand/internal/plain"
	"stackhand/internal/remote"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/internal/secret"
	"stackhand/steps"
)

// interactive tells whether somebody at a terminal can be asked.
func (env *environment) interactive() bool {
	in, ok := env.In.(*os.File)
	return ok && term.IsTerminal(int(in.Fd()))
}

// fullScreen tells whether there is a terminal that the full screen can be drawn on.
func (env *environment) fullScreen() bool {
	out, ok := env.Out.(*os.File)
	t := env.getenv("TERM")
	return ok && env.interactive() && term.IsTerminal(int(out.Fd())) && t != "" && t != "dumb"
}

// watch shows a run until it ends, is parked, or is left.
func (r *request) watch(ctx context.Context, env *environment, dir *run.Dir, joined bool) error {
	st, err := dir.State()
	if err != nil {
		return err
	}
	store, err := secret.Open(run.Home(env.getenv), st.Run.Site)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	onAsk, err := r.whenAsked(env)
	if err != nil {
		return err
	}
	lang, ascii := plain.Detect(env.getenv)
	matcher, _, err := ownSignatures(env)
	if err != nil {
		return err
	}
	baseline, err := dir.Baseline()
	if err != nil {
		return err
	}
	status, err := plain.Follow(ctx, plain.Options{
		Baseline: baseline,
		Matcher:  matcher,
		Dir:      dir, Lang: lang, ASCII: ascii, Location: runZone(dir), Redactor: redact.NewRedactor(store.All()),
		In: env.In, Out: env.Out, ErrOut: env.Err, Interactive: !r.json && !r.observe && (env.interactive() || r.onAsk == "wait"),
		Observe: r.observe, Resume: joined, JSON: r.json, OnAsk: st.Run.OnAsk, Decide: r.ahead, Revived: r.revived, StopOnExit: r.stopExit,
		Draft: func(u run.Unit) (string, error) { return draftScript(dir, u) },
		Restart: func(ctx context.Context) error {
			return startEngine(ctx, dir, handover{Decide: r.ahead, At: r.aheadAt, OnAsk: onAsk})
		},
	})
	if err != nil {
		return err
	}
	if status != 0 {
		return ended(status)
	}
	return nil
}

// draftScript puts a unit's script into the run's folder for the operator to change. A draft
// that is there is the operator's already. Its name says of which call a step is: two procedures that
// are called may have steps of the same name on one host.
func draftScript(dir *run.Dir, u run.Unit) (string, error) {
	path := dir.EditPath(fmt.Sprintf("draft-%s@%s.sh", strings.ReplaceAll(u.Step, "/", "."), u.Host))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	text, err := unitScript(dir, u)
	if err == nil {
		err = renameio.WriteFile(path, []byte(text), 0o600)
	}
	return path, err
}

// random reads the system's random numbers.
type random struct{}

func (random) Read(b []byte) (int, error) { return rand.Read(b) }

// askAtTerminal asks about keys and passwords while no run is there to ask through.
func (r *request) askAtTerminal(env *environment) remote.Asker {
	if !env.interactive() {
		return nil
	}
	return &terminalAsker{env}
}

// terminalAsker asks at the terminal, in line mode.
type terminalAsker struct{ env *environment }

func (t *terminalAsker) HostKey(ctx context.Context, host, keyType, fingerprint string) (bool, error) {
	text, more := t.env.Words.Question(run.AskHostKey, "", host, map[string]string{"host": host, "type": keyType, "fingerprint": fingerprint})
	for _, line := range more {
		fmt.Fprintln(t.env.Err, line)
	}
	fmt.Fprintf(t.env.Err, "%s [yes/no] ", text)
	answer, err := readLine(ctx, t.env.In)
	return err == nil && answer == "yes", err
}

func (t *terminalAsker) Secret(ctx context.Context, host, kind, prompt string, echo bool) (string, error) {
	fmt.Fprintf(t.env.Err, "%s: %s ", host, prompt)
	if echo {
		return readLine(ctx, t.env.In)
	}
	in := t.env.In.(*os.File) // interactive, or there would be no asker
	value, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(t.env.Err)
	return string(value), err
}

// readLine reads one line, byte by byte, so that nothing behind it is lost.
func readLine(ctx context.Context, in io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); ctx.Err() == nil; {
		n, err := in.Read(b)
		if n == 1 && b[0] != '\n' {
			line = append(line, b[0])
			continue
		}
		if n == 1 || len(line) > 0 {
			return strings.TrimRight(string(line), "\r"), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", ctx.Err()
}

// typeSecrets asks for the secrets that the operator wants to type.
func (r *request) typeSecrets(env *environment, p *steps.Procedure, store *secret.Store) error {
	for _, name := range r.ask {
		in, ok := env.In.(*os.File)
		if !ok || !env.interactive() {
			return usageError{errors.New(i18n.Fill(env.Words.CLI.NoTerminal, "name", name))}
		}
		fmt.Fprint(env.Err, i18n.Fill(env.Words.CLI.SecretTyped, "name", name))
		value, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(env.Err)
		if err != nil {
			return fmt.Errorf("cannot read the secret %s: %w", name, err)
		}
		store.Put(name, string(value))
	}
	return nil
}

// version is how this binary was built.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}
