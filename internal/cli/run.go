package cli

import (
	"context"
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
	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/secret"
	"stackhand/internal/site"
	"stackhand/runbooks"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// environment is what commands need besides their streams.
type environment struct {
	Streams
	getenv func(string) string
	wrap   wrapper // nil outside tests
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
	revived  bool              // attach started the engine again
	ahead    map[string]string // attach found an engine at work: the viewer gives these answers
	aheadAt  int64             // the newest event then
	ask      []string          // secrets to be typed
}

func (r *request) siteFlag(c *cobra.Command, w i18n.CLI) {
	c.Flags().StringVar(&r.sitePath, "site", "", w.FlagSite)
	completeYAML(c, "site")
}

func (r *request) paramFlags(c *cobra.Command, w i18n.CLI) {
	r.siteFlag(c, w)
	c.Flags().StringVar(&r.answers, "answers", "", w.FlagAnswers)
	completeYAML(c, "answers")
	c.Flags().StringArrayVar(&r.set, "set", nil, w.FlagSet)
	c.Flags().StringArrayVar(&r.ask, "ask-secret", nil, w.FlagAskSecret)
}

func (r *request) viewFlags(c *cobra.Command, w i18n.CLI) {
	c.Flags().BoolVar(&r.plain, "plain", false, w.FlagPlain)
	c.Flags().BoolVar(&r.json, "json", false, w.FlagJSON)
	c.Flags().BoolVar(&r.stopExit, "stop-on-exit", false, w.FlagStop)
}

// findSite is the site that is meant.
func findSite(env *environment, path string) (*site.Site, error) {
	path, err := sitePath(env, path)
	if err != nil {
		return nil, err
	}
	return site.Load(path)
}

// sitePath is the site.yaml that is meant: the one named, else the first that is there.
func sitePath(env *environment, path string) (string, error) {
	if path != "" {
		return path, nil
	}
	if path = env.getenv("STACKHAND_SITE"); path != "" {
		return path, nil
	}
	for _, path := range []string{"site.yaml", filepath.Join(configHome(env), "site.yaml")} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", usageError{errors.New(env.Words.CLI.NoSite)}
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
		own := os.DirFS(filepath.Dir(name))
		return steps.Load(own, filepath.Base(name), append([]fs.FS{own}, libraries(env)...)...)
	}
	var known []string
	for _, folder := range libraries(env) {
		names, err := steps.Names(folder)
		if err != nil {
			return nil, err
		}
		if slices.Contains(names, name) {
			return steps.Load(folder, name, libraries(env)...)
		}
		known = append(known, names...)
	}
	return nil, usageError{errors.New(i18n.Fill(env.Words.CLI.NoProcedure, "name", name, "known", strings.Join(known, ", ")))}
}

// libraries are the folders of procedures: the operator's own before the program's.
func libraries(env *environment) []fs.FS {
	return []fs.FS{os.DirFS(filepath.Join(configHome(env), "procedures")), steps.Library(), runbooks.Library()}
}

// lintOf is everything that is wrong with a procedure.
func lintOf(p *steps.Procedure, s *site.Site) []steps.Finding {
	return p.Lint(s, judgements.Declared(judgements.All())...)
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
	given, err := r.given(env.Words.CLI)
	if err != nil {
		return nil, asUsage(err)
	}
	return r.prepareWith(env, name, given)
}

// prepareWith is prepare with the parameters in hand.
func (r *request) prepareWith(env *environment, name string, given map[string]string) (*engine.Options, error) {
	s, err := findSite(env, r.sitePath)
	if err != nil {
		return nil, asUsage(err)
	}
	p, err := findProcedure(env, name)
	if err != nil {
		return nil, asUsage(err)
	}
	if err := steps.Findings(lintOf(p, s)).Err(); err != nil {
		return nil, usageError{err}
	}
	values, findings := p.Values(s, given)
	if err := steps.Findings(findings).Err(); err != nil {
		return nil, usageError{err}
	}
	decide, err := decisions(env.Words.CLI, r.decide)
	if err != nil {
		return nil, err
	}
	plan := p.Unfold()
	for key := range decide {
		step := run.DecidedStep(key)
		if !slices.ContainsFunc(plan, func(s *steps.Step) bool { return s.ID == step }) {
			return nil, usageError{errors.New(i18n.Fill(env.Words.CLI.NoStep, "step", step))}
		}
	}
	onAsk, err := r.whenAsked(env)
	if err != nil {
		return nil, err
	}
	store, err := secret.Open(run.Home(env.getenv), s.Name)
	if err != nil {
		return nil, err
	}
	return &engine.Options{
		Procedure: p, Site: s, Secrets: store, Judgements: judgements.All(), Settings: engine.Settings{Params: values, OnAsk: onAsk, Decide: decide},
		Console: console(), Boot: consoleBoot(), Who: who(), Version: version(),
	}, nil
}

// whenAsked tells what is to happen at a question: wait for an answer, or park.
func (r *request) whenAsked(env *environment) (string, error) {
	switch {
	case r.onAsk == "" && env.interactive():
		return "wait", nil
	case r.onAsk == "":
		return "park", nil
	case r.onAsk != "wait" && r.onAsk != "park":
		return "", usageError{errors.New(i18n.Fill(env.Words.CLI.OnAskWrong, "value", r.onAsk))}
	}
	return r.onAsk, nil
}

// given are the parameters of the answers file and of --set, which wins.
func (r *request) given(w i18n.CLI) (map[string]string, error) {
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
	set, err := pairs(w, r.set, "--set")
	for k, v := range set {
		given[k] = v
	}
	return given, err
}

func pairs(w i18n.CLI, list []string, flag string) (map[string]string, error) {
	m := map[string]string{}
	for _, p := range list {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" {
			return nil, usageError{errors.New(i18n.Fill(w.PairWrong, "flag", flag, "value", p))}
		}
		m[k] = v
	}
	return m, nil
}

// decisions are answers given ahead: STEP=VALUE, STEP@HOST=VALUE, `VALUE: reason`. Several of
// one key are taken one after the other.
func decisions(w i18n.CLI, list []string) (map[string]string, error) {
	m := map[string]string{}
	for _, p := range list {
		one, err := pairs(w, []string{p}, "--decide")
		if err != nil {
			return nil, err
		}
		for k, v := range one {
			if strings.ContainsRune(v, '\n') {
				return nil, usageError{errors.New(i18n.Fill(w.PairWrong, "flag", "--decide", "value", p))}
			}
			if old, there := m[k]; there {
				v = old + "\n" + v
			}
			m[k] = v
		}
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
	for _, param := range p.EverySecret() {
		if param.Generate == nil {
			continue // the engine asks when it is needed
		}
		if _, err := store.Ensure(param.Name, func() (string, error) { return param.Generate.Make(random{}) }); err != nil {
			return err
		}
	}
	return nil
}

func runCommand(env *environment) *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use: "run PROCEDURE", Short: env.Words.CLI.Run, Args: usage(cobra.ExactArgs(1)),
		ValidArgsFunction: onlyFirst(completeProcedures(env)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := r.prepare(env, args[0])
			if err != nil {
				return err
			}
			store := o.Secrets.(*secret.Store)
			if err := r.typeSecrets(env, o.Procedure, store); err != nil {
				return err
			}
			dir, err := launch(cmd.Context(), env, o)
			if err != nil {
				return err
			}
			if !r.detach && !r.plain && !r.json && env.fullScreen() {
				return r.screen(cmd.Context(), env, dir.Path())
			}
			if r.detach {
				fmt.Fprintln(env.Out, dir.ID())
				return ended(run.ExitDetached)
			}
			return r.watch(cmd.Context(), env, dir, false)
		},
	}
	r.paramFlags(c, env.Words.CLI)
	r.viewFlags(c, env.Words.CLI)
	c.Flags().StringArrayVar(&r.decide, "decide", nil, env.Words.CLI.FlagDecide)
	c.Flags().StringVar(&r.onAsk, "on-ask", "", env.Words.CLI.FlagOnAsk)
	completeWords(c, "on-ask", "wait", "park")
	c.Flags().BoolVar(&r.detach, "detach", false, env.Words.CLI.FlagDetach)
	return c
}

func attachCommand(env *environment) *cobra.Command {
	r := &request{}
	c := &cobra.Command{
		Use: "attach [RUN]", Short: env.Words.CLI.Attach, Args: usage(cobra.MaximumNArgs(1)),
		ValidArgsFunction: completeRuns(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			dir, err := run.Find(run.Root(env.getenv), name)
			if err != nil {
				return asUsage(err)
			}
			decide, err := decisions(env.Words.CLI, r.decide)
			if err != nil {
				return err
			}
			at, err := knownSteps(env, dir, decide)
			if err != nil {
				return err
			}
			if r.observe && len(decide) > 0 {
				return usageError{errors.New(env.Words.CLI.DecideObserve)}
			}
			if !r.observe {
				onAsk, err := r.whenAsked(env)
				if err != nil {
					return err
				}
				if r.revived, err = revive(cmd.Context(), dir, handover{Decide: decide, At: at, OnAsk: onAsk}); err != nil {
					return err
				}
				if !r.revived { // that engine knows nothing of them
					r.ahead, r.aheadAt = decide, at
				}
			}
			if !r.plain && !r.json && !r.observe && env.fullScreen() {
				r.sitePath = siteOfRun(dir)
				return r.screen(cmd.Context(), env, dir.Path())
			}
			return r.watch(cmd.Context(), env, dir, true)
		},
	}
	r.viewFlags(c, env.Words.CLI)
	c.Flags().StringArrayVar(&r.decide, "decide", nil, env.Words.CLI.FlagDecide)
	c.Flags().StringVar(&r.onAsk, "on-ask", "", env.Words.CLI.FlagOnAsk)
	c.Flags().BoolVar(&r.observe, "observe", false, env.Words.CLI.FlagObserve)
	return c
}

// knownSteps tells when an answer given ahead is for a step that the run does not have; at is the newest
// event of the run now.
func knownSteps(env *environment, dir *run.Dir, decide map[string]string) (at int64, err error) {
	st, err := dir.State()
	if err != nil {
		return 0, err
	}
	for key := range decide {
		if step := run.DecidedStep(key); st.Step(step) == nil {
			return 0, usageError{errors.New(i18n.Fill(env.Words.CLI.NoStep, "step", step))}
		}
	}
	return st.Seq, nil
}

// revive starts the engine of a run that has none and has not ended; started tells whether it did.
func revive(ctx context.Context, dir *run.Dir, h handover) (started bool, err error) {
	st, err := dir.State()
	if err != nil || st.Ended != nil || dir.EngineAlive() {
		return false, err
	}
	return true, startEngine(ctx, dir, h)
}

func runsCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use: "runs", Short: env.Words.CLI.Runs, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := run.List(run.Root(env.getenv))
			if err != nil {
				return err
			}
			if len(list) == 0 {
				fmt.Fprintln(env.Out, env.Words.CLI.NoRuns)
			}
			wide := 0
			for _, s := range list {
				wide = max(wide, celltext.Width(i18n.Word(env.Words.Words.Outcome, s.Outcome)))
			}
			for _, s := range list {
				outcome := celltext.Pad(i18n.Word(env.Words.Words.Outcome, s.Outcome), wide, "")
				started := s.Started.Local().Format("2006-01-02 15:04:05")
				fmt.Fprintf(env.Out, "%s  %s  %s  %s  %s\n", s.ID, started, outcome, s.Site, s.Title.In(env.Words.Lang))
			}
			return nil
		},
	}
}
