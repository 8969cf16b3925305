package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"stackhand/internal/engine"
	"stackhand/internal/run"
	"stackhand/internal/secret"
	"stackhand/internal/site"
	"stackhand/steps"
)

// environment is what commands need besides their streams.
type environment struct {
	Streams
	getenv func(string) string
}

// request is what the flags of run and plan ask for.
type request struct {
	sitePath string
	answers  string
	set      []string
	decide   []string
	onAsk    string
	plain    bool
	json     bool
	detach   bool
	observe  bool
	stopExit bool
	ask      []string // secrets to be typed
}

func (r *request) siteFlag(c *cobra.Command) {
	c.Flags().StringVar(&r.sitePath, "site", "", "the site.yaml (default: $STACKHAND_SITE, ./site.yaml, then the configuration directory)")
}

func (r *request) paramFlags(c *cobra.Command) {
	r.siteFlag(c)
	c.Flags().StringVar(&r.answers, "answers", "", "a YAML file with the procedure's parameters")
	c.Flags().StringArrayVar(&r.set, "set", nil, "KEY=VALUE: one parameter; may be given again")
	c.Flags().StringArrayVar(&r.ask, "ask-secret", nil, "NAME: type this secret instead of generating it")
}

func (r *request) viewFlags(c *cobra.Command) {
	c.Flags().BoolVar(&r.plain, "plain", false, "line mode instead of the full screen")
	c.Flags().BoolVar(&r.json, "json", false, "the journal's events, one a line")
	c.Flags().BoolVar(&r.stopExit, "stop-on-exit", false, "Ctrl-C stops the run instead of only leaving it")
}

// findSite is the site that is meant.
func findSite(env *environment, path string) (*site.Site, error) {
	if path != "" {
		return site.Load(path)
	}
	if path = env.getenv("STACKHAND_SITE"); path != "" {
		return site.Load(path)
	}
	for _, path := range []string{"site.yaml", filepath.Join(configHome(env), "site.yaml")} {
		if _, err := os.Stat(path); err == nil {
			return site.Load(path)
		}
	}
	return nil, usageError{errors.New("there is no site.yaml here: name one with --site FILE")}
}

func configHome(env *environment) string {
	if c := env.getenv("XDG_CONFIG_HOME"); filepath.IsAbs(c) {
		return filepath.Join(c, "stackhand")
	}
	return filepath.Join(env.getenv("HOME"), ".config", "stackhand")
}

// findProcedure loads a procedure of the library, of the operator's own directory, or a file.
func findProcedure(env *environment, name string) (*steps.Procedure, error) {
	if strings.HasSuffix(name, ".yaml") || strings.ContainsRune(name, '/') {
		return steps.Load(os.DirFS(filepath.Dir(name)), filepath.Base(name))
	}
	var known []string
	for _, folder := range libraries(env) {
		names, err := steps.Names(folder)
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, name) {
			return steps.Load(folder, name)
		}
		known = append(known, names...)
	}
	return nil, usageError{fmt.Errorf("there is no procedure %q; known are: %s", name, strings.Join(known, ", "))}
}

// libraries are the folders of procedures: the operator's own before the program's.
func libraries(env *environment) []fs.FS {
	return []fs.FS{os.DirFS(filepath.Join(configHome(env), "procedures")), steps.Library()}
}

// readAnswers reads a YAML map of parameter names and plain values.
func readAnswers(data []byte) (map[string]string, error) {
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	given := map[string]string{}
	for k, v := range raw {
		switch v.(type) {
		case map[string]any, []any, nil:
			return nil, fmt.Errorf("%s: a plain value is wanted", k)
		}
		given[k] = fmt.Sprint(v)
	}
	return given, nil
}

// prepare turns a request into what an engine needs: everything is checked before anything
// is written.
func (r *request) prepare(env *environment, name string) (*engine.Options, error) {
	s, err := findSite(env, r.sitePath)
	if err != nil {
		return nil, asUsage(err)
	}
	p, err := findProcedure(env, name)
	if err != nil {
		return nil, asUsage(err)
	}
	given, err := r.given()
	if err != nil {
		return nil, asUsage(err)
	}
	values, findings := p.Values(s, given)
	if err := steps.Findings(findings).Err(); err != nil {
		return nil, usageError{err}
	}
	decide, err := pairs(r.decide, "--decide")
	if err != nil {
		return nil, err
	}
	for step := range decide {
		if p.Step(step) == nil {
			return nil, usageError{fmt.Errorf("--decide %s: the procedure has no such step", step)}
		}
	}
	onAsk := r.onAsk
	if onAsk == "" {
		onAsk = "wait"
		if !env.interactive() {
			onAsk = "park"
		}
	}
	if onAsk != "wait" && onAsk != "park" {
		return nil, usageError{fmt.Errorf("--on-ask %s: it must be wait or park", onAsk)}
	}
	store, err := secret.Open(run.Home(env.getenv), s.Name)
	if err != nil {
		return nil, err
	}
	return &engine.Options{
		Procedure: p, Site: s, Secrets: store, Settings: engine.Settings{Params: values, OnAsk: onAsk, Decide: decide},
		Console: console(), Boot: consoleBoot(), Who: who(), Version: version(),
	}, nil
}

// given are the parameters of the answers file and of --set, which wins.
func (r *request) given() (map[string]string, error) {
	given := map[string]string{}
	if r.answers != "" {
		data, err := os.ReadFile(r.answers)
		if err == nil {
			given, err = readAnswers(data)
		}
		if err != nil {
			return nil, fmt.Errorf("cannot read the answers: %w", err)
		}
	}
	set, err := pairs(r.set, "--set")
	for k, v := range set {
		given[k] = v
	}
	return given, err
}

func pairs(list []string, flag string) (map[string]string, error) {
	m := map[string]string{}
	for _, p := range list {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return nil, usageError{fmt.Errorf("%s %s: it must be NAME=VALUE", flag, p)}
		}
		m[k] = v
	}
	return m, nil
}

func asUsage(err error) error {
	var u usageError
	if errors.As(err, &u) {
		return err
	}
	return usageError{err}
}

// makeSecrets generates and saves what has no value yet and is not typed. They are on disk
// before the run begins.
func makeSecrets(store *secret.Store, p *steps.Procedure) error {
	for _, param := range p.Params {
		if param.Type != steps.Secret {
			continue
		}
		if param.Generate == nil {
			continue // the engine asks when it is needed
		}
		if _, err := store.Ensure(param.Name, func() (string, error) { return param.Generate.Make(rand.Reader) }); err != nil {
			return err
		}
	}
	return nil
}

func runCommand(env *environment) *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use: "run PROCEDURE", Short: "run a procedure at the site", Args: cobra.ExactArgs(1),
		ValidArgsFunction: completeProcedures(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := r.prepare(env, args[0])
			if err != nil {
				return err
			}
			store := o.Secrets.(*secret.Store)
			if err := r.typeSecrets(env, o.Procedure, store); err != nil {
				return err
			}
			if err := makeSecrets(store, o.Procedure); err != nil {
				return err
			}
			dir, err := newRun(env, *o, o.Site.Path)
			if err != nil {
				return err
			}
			if err := startEngine(cmd.Context(), dir, store.Typed()); err != nil {
				return err
			}
			if r.detach {
				fmt.Fprintln(env.Out, dir.ID())
				return ended(run.ExitDetached)
			}
			return r.watch(cmd.Context(), env, dir)
		},
	}
	r.paramFlags(c)
	r.viewFlags(c)
	c.Flags().StringArrayVar(&r.decide, "decide", nil, "STEP=VALUE: the answer to that step's question, given ahead")
	c.Flags().StringVar(&r.onAsk, "on-ask", "", "wait | park: what to do when a decision is needed (without a terminal: park)")
	c.Flags().BoolVar(&r.detach, "detach", false, "start it, print the run's name, and leave")
	return c
}

func attachCommand(env *environment) *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use: "attach [RUN]", Short: "watch or take over a run; starts a dead engine again", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			dir, err := run.Find(run.Root(env.getenv), name)
			if err != nil {
				return asUsage(err)
			}
			if !r.observe {
				if err := revive(cmd.Context(), dir); err != nil {
					return err
				}
			}
			return r.watch(cmd.Context(), env, dir)
		},
	}
	r.viewFlags(c)
	c.Flags().BoolVar(&r.observe, "observe", false, "only watch: start nothing, answer nothing")
	return c
}

// revive starts the engine of a run that has none and has not ended.
func revive(ctx context.Context, dir *run.Dir) error {
	st, err := dir.State()
	if err != nil || st.Ended != nil || dir.EngineAlive() {
		return err
	}
	return startEngine(ctx, dir, nil)
}

func runsCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use: "runs", Short: "list the runs, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := run.List(run.Root(env.getenv))
			if err != nil {
				return err
			}
			for _, s := range list {
				started := s.Started.Local().Format("2006-01-02 15:04:05")
				fmt.Fprintf(env.Out, "%s  %s  %-11s  %s  %s\n", s.ID, started, s.Outcome, s.Site, s.Title.In(env.Words.Lang))
			}
			return nil
		},
	}
}

func completeProcedures(env *environment) func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return func(*cobra.Command, []string, string) (all []string, _ cobra.ShellCompDirective) {
		for _, folder := range libraries(env) {
			names, _ := steps.Names(folder) // completion has nowhere to complain
			all = append(all, names...)
		}
		return all, cobra.ShellCompDirectiveDefault
	}
}
