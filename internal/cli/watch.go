package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/term"

	"stackhand/internal/run"
	"stackhand/internal/secret"
	"stackhand/steps"
)

// interactive tells whether somebody at a terminal can be asked.
func (env *environment) interactive() bool {
	in, ok := env.In.(*os.File)
	return ok && term.IsTerminal(int(in.Fd()))
}

// watch shows a run until it ends, is parked, or is left.
func (r *request) watch(ctx context.Context, env *environment, dir *run.Dir) error {
	tail := dir.Tail()
	st := run.NewState()
	for {
		events, err := tail.Read()
		if err != nil {
			return err
		}
		for _, e := range events {
			st.Apply(e)
			data, _ := json.Marshal(e)
			fmt.Fprintln(env.Out, string(data))
		}
		if st.Ended != nil || st.Parked != nil || !dir.EngineAlive() {
			return ended(st.ExitStatus())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// typeSecrets asks for the secrets that the operator wants to type.
func (r *request) typeSecrets(env *environment, p *steps.Procedure, store *secret.Store) error {
	for _, name := range r.ask {
		in, ok := env.In.(*os.File)
		if !ok || !env.interactive() {
			return usageError{fmt.Errorf("--ask-secret %s: there is no terminal to type it at", name)}
		}
		fmt.Fprintf(env.Err, "%s: ", name)
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
