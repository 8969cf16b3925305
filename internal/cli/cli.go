// Package cli is the commands of stackhand. It is the only room that wires the others
// together, and may import all of them.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"stackhand/internal/engine"
	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run/logtext"
)

// Streams are what a command reads and writes, and its words.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Words    *i18n.Catalogue
}

// ended is the exit status of a program that a command ran in its own place; that program
// has said what there is to say.
type ended int

func (e ended) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// Main runs one command line and returns the exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return mainWith(args, stdin, stdout, stderr, nil)
}

// wrapper stands between the engine and what it writes to and works on; tests put faults there.
type wrapper func(engine.Journal, engine.Hosts) (engine.Journal, engine.Hosts)

func mainWith(args []string, stdin io.Reader, stdout, stderr io.Writer, wrap wrapper) int {
	s := Streams{stdin, stdout, stderr, i18n.For(i18n.Detect(os.Getenv))}
	root := newRoot(s, wrap)
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if err == nil {
		return 0
	}
	var code ended
	if errors.As(err, &code) {
		return int(code)
	}
	fmt.Fprintln(stderr, explain(s.Words, err))
	var usage usageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}

func newRoot(s Streams, wrap wrapper) *cobra.Command {
	root := &cobra.Command{Use: "stackhand", Short: s.Words.CLI.Root, SilenceUsage: true, SilenceErrors: true}
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	env := &environment{Streams: s, getenv: os.Getenv, wrap: wrap}
	root.AddCommand(
		labCommand(env),
		hostsCommand(env),
		runCommand(env),
		planCommand(env),
		attachCommand(env),
		runsCommand(env),
		reportCommand(env),
		exportCommand(env),
		baselineCommand(env),
		lintCommand(env),
		bookCommand(env),
		demoCommand(env),
		answersCommand(env),
		diagnoseCommand(env),
		engineCommand(env),
	)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	r := &request{}
	r.siteFlag(root, s.Words.CLI)
	root.Args = usage(cobra.NoArgs)
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if !env.fullScreen() {
			return cmd.Help()
		}
		return r.screen(cmd.Context(), env, "")
	}
	speak(root, s.Words.Help)
	return root
}

// usageError is a command line that cannot be meant.
type usageError struct{ error }

// explain is an error as the operator reads it: what failed, what was printed, what to do.
// What a host said in it cannot speak to the terminal.
func explain(words *i18n.Catalogue, err error) string {
	return logtext.Clean([]byte(explained(words, err)))
}

func explained(words *i18n.Catalogue, err error) string {
	p := problem.Of(err)
	if p == nil {
		return "stackhand: " + err.Error()
	}
	t, ok := words.Problems[string(p.Code)]
	if !ok {
		return "stackhand: " + err.Error()
	}
	args := []string{"host", p.Host}
	for k, v := range p.Args {
		args = append(args, k, v)
	}
	text := i18n.Fill(t.What, args...)
	if p.Cause != "" {
		text += "\n  " + p.Cause
	}
	if p.Output != "" {
		text += "\n" + p.Output
	}
	return text + "\n" + i18n.Fill(t.Next, args...)
}
