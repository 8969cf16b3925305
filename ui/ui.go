package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/runbooks/signatures"
)

// Options of the viewer.
type Options struct {
	Backend Backend
	Lang    i18n.Lang
	ASCII   bool   // only ASCII signs
	Run     string // directory of a run to show at once; empty: the home screen
	Answers bool   // begin with the answers; Draft may be one to begin with
	Draft   *interview.Draft
	Observe bool                // acting is not possible: only watch
	Matcher *signatures.Matcher // finds known trouble in the log of a run; nil: no hints
	Ahead   *run.Ahead          // answers given ahead to the run that is shown at once; nil: none
	Env     []string            // the environment, as os.Environ gives it; nil: the process's own
	In      io.Reader           // nil: the terminal
	Out     io.Writer           // nil: the terminal

	program []tea.ProgramOption // of tests
	hangup  chan os.Signal      // of tests: instead of SIGHUP
}

// ErrNoScreen says that there is no terminal that can show a full screen: use line mode.
var ErrNoScreen = errors.New("this terminal cannot show a full screen")

// settle makes the choices that a terminal forces: the Linux console has no Hangul and few
// signs; a dumb terminal has no screen at all.
func (o Options) settle() (Options, error) {
	if o.Env == nil {
		o.Env = os.Environ()
	}
	if o.Lang == "" {
		o.Lang = i18n.English
	}
	term := ""
	for _, e := range o.Env {
		if v, ok := strings.CutPrefix(e, "TERM="); ok {
			term = v
		}
	}
	switch term {
	case "", "dumb":
		return o, ErrNoScreen
	case "linux":
		o.Lang, o.ASCII = i18n.English, true
	}
	for i, e := range o.Env { // only what parses as true counts for the library
		if v, ok := strings.CutPrefix(e, "NO_COLOR="); ok && v != "" {
			o.Env = append(append([]string(nil), o.Env[:i]...), append([]string{"NO_COLOR=1"}, o.Env[i+1:]...)...)
		}
	}
	return o, nil
}

// Run shows the screen until the operator leaves, ctx ends, or the terminal goes away
// (SIGHUP). None of these touches a run: the engine is a process of its own. The caller has
// made sure that there is a terminal.
func Run(ctx context.Context, o Options) error {
	o, err := o.settle()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	app := newApp(ctx, o)
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithEnvironment(o.Env), tea.WithFPS(30)}
	if o.In != nil {
		opts = append(opts, tea.WithInput(o.In))
	}
	if o.Out != nil {
		opts = append(opts, tea.WithOutput(o.Out))
	}
	p := tea.NewProgram(app, append(opts, o.program...)...)

	// With the terminal gone the program would wait for ever on it.
	hup := o.hangup
	if hup == nil {
		hup = make(chan os.Signal, 1)
		signal.Notify(hup, syscall.SIGHUP)
		defer signal.Stop(hup)
	}
	gone := make(chan struct{})
	app.flows.wg.Go(func() {
		select {
		case <-hup:
			close(gone)
			p.Kill()
		case <-ctx.Done():
		}
	})

	_, err = p.Run()
	cancel()
	app.flows.wg.Wait()
	select {
	case <-gone:
		return nil
	default:
	}
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("cannot show the screen: %w", err)
	}
	if app.goodbye != "" {
		out := o.Out
		if out == nil {
			out = os.Stdout
		}
		fmt.Fprintln(out, app.goodbye)
	}
	return nil
}
