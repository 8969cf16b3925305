package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"stackhand/internal/engine"
	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/run"
	"stackhand/internal/secret"
	"stackhand/internal/site"
)

// demoProcedure is what the demo installs.
const demoProcedure = "environment-2023.1"

// demoCommand makes three practice hosts and opens the screen with their site; without a
// terminal it installs to the end in line mode. Started again, it goes on where it was.
func demoCommand(env *environment) *cobra.Command {
	r := &request{onAsk: "park"}
	var clean bool
	c := &cobra.Command{
		Use: "demo", Short: env.Words.CLI.Demo, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := lab.CanRun(); err != nil {
				return errors.Join(errors.New(env.Words.CLI.DemoRoot), err)
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			labs := &labCmd{Streams: env.Streams, w: env.Words.Lab, name: lab.DefaultName}
			l, err := labs.open()
			if err != nil {
				return err
			}
			if clean {
				return demoClean(ctx, env, l)
			}
			if err := l.Up(ctx, lab.Options{Hosts: lab.DefaultHosts(3)}); err != nil {
				return err
			}
			fmt.Fprintln(env.Out, i18n.Fill(env.Words.CLI.DemoHosts, "site", l.SitePath()))
			r.sitePath = l.SitePath()
			if env.fullScreen() {
				return r.screen(cmd.Context(), env, "")
			}
			err = r.demoRun(cmd.Context(), env)
			fmt.Fprintln(env.Out, env.Words.CLI.DemoAgain+"\n"+env.Words.CLI.DemoLeft)
			return err
		},
	}
	c.Flags().BoolVar(&clean, "clean", false, env.Words.CLI.FlagClean)
	return c
}

// demoRun goes on with the demo's last run if that has not ended, else begins one.
func (r *request) demoRun(ctx context.Context, env *environment) error {
	s, err := site.Load(r.sitePath)
	if err != nil {
		return err
	}
	ours, err := demoRuns(env, s)
	if err != nil {
		return err
	}
	if len(ours) > 0 { // only the newest counts
		d := ours[0]
		if st, err := d.State(); err == nil && st.Ended == nil && st.Run.Procedure == demoProcedure {
			retry := map[string]string{}
			for _, q := range st.Questions {
				if q.Q.Kind == run.AskFailed {
					retry[q.Q.Unit.Step] = "retry" // nobody can be asked, and started again means: try again
				}
			}
			onAsk, err := r.whenAsked(env)
			if err != nil {
				return err
			}
			if _, err := revive(ctx, d, handover{Decide: retry, At: st.Seq, OnAsk: onAsk}); err != nil {
				return err
			}
			return r.watch(ctx, env, d, true)
		}
	}
	o, err := r.prepare(env, demoProcedure)
	if err != nil {
		return err
	}
	dir, err := launch(ctx, env, o)
	if err != nil {
		return err
	}
	return r.watch(ctx, env, dir, false)
}

// launch saves the secrets that are to be generated, makes the run and starts its engine.
func launch(ctx context.Context, env *environment, o *engine.Options) (*run.Dir, error) {
	store := o.Secrets.(*secret.Store)
	if err := makeSecrets(store, o.Procedure); err != nil {
		return nil, err
	}
	dir, err := newRun(env, *o, o.Site.Path)
	if err != nil {
		return nil, err
	}
	return dir, startEngine(ctx, dir, handover{Secrets: store.Typed()})
}

// demoRuns are the runs at the practice hosts, newest first: those whose site is dialled from
// the lab's namespace.
func demoRuns(env *environment, s *site.Site) ([]*run.Dir, error) {
	list, err := run.List(run.Root(env.getenv))
	if err != nil {
		return nil, err
	}
	var ours []*run.Dir
	for _, r := range list {
		text, err := r.Dir.Site()
		if err != nil {
			continue
		}
		if of, err := site.Parse(text, s.Path); err == nil && of.Name == s.Name && of.Dial == s.Dial {
			ours = append(ours, r.Dir)
		}
	}
	return ours, nil
}

// demoClean removes the hosts, and the runs and secrets that only they were for.
func demoClean(ctx context.Context, env *environment, l *lab.Lab) error {
	s, err := site.Load(l.SitePath())
	if err == nil {
		var runs []*run.Dir
		if runs, err = demoRuns(env, s); err == nil {
			for _, d := range runs {
				if err := endEngine(ctx, d); err != nil {
					return err
				}
				if err := os.RemoveAll(d.Path()); err != nil {
					return err
				}
			}
		}
		if store, openErr := secret.Open(run.Home(env.getenv), s.Name); openErr == nil {
			os.Remove(store.Path())
			os.Remove(store.Path() + ".lock")
		}
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := l.Down(ctx, true); err != nil {
		return err
	}
	if err := l.WipeImages(); err != nil {
		return err
	}
	fmt.Fprintln(env.Out, env.Words.CLI.DemoClean)
	return nil
}

// endEngine cancels a run and waits until its engine has left.
func endEngine(ctx context.Context, d *run.Dir) error {
	if !d.EngineAlive() {
		return nil
	}
	if _, err := d.Send(ctx, run.Command{Do: "cancel"}); err != nil {
		return err
	}
	for d.EngineAlive() {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
