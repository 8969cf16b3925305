package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/i18n"
	"stackhand/internal/plain"
	"stackhand/internal/site"
)

// answersCommand is "stackhand answers": the files of answers that installers read.
func answersCommand(env *environment) *cobra.Command {
	c := group("answers", env.Words.Answering.Short)
	c.AddCommand(answersNew(env), answersCheck(env), answersImport(env), answersExport(env), answersDiff(env))
	return c
}

// answersRequest is what the flags of "answers new" ask for.
type answersRequest struct {
	format, mode, site, out, name string
	from, set                     []string
	yes, plain, keep, probe       bool
	probeGiven                    bool
}

// unaskedName ends the names of drafts that nobody was asked for, so that they do not replace
// one that an operator works on.
const unaskedName = "-unasked"

// answering is one session with where it is kept and where its files go. What shows it calls
// save after every change, and export at the end.
type answering struct {
	env    *environment
	drafts *drafts
	draft  *interview.Draft
	out    string // as --out has it; "": see target
	went   bool   // it was there before, and goes on
}

func answersNew(env *environment) *cobra.Command {
	w := env.Words.Answering
	r := &answersRequest{}
	c := &cobra.Command{
		Use: "new", Short: w.New, Long: w.NewLong, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			r.probeGiven = cmd.Flags().Changed("probe")
			return r.run(cmd.Context(), env)
		},
	}
	f := c.Flags()
	f.StringVar(&r.format, "format", "", w.FlagFormat)
	completeWords(c, "format", answers.Names()...)
	f.StringVar(&r.mode, "mode", "", w.FlagMode)
	completeWords(c, "mode", "all-in-one", "multi-node", "second-controller")
	f.StringVar(&r.site, "site", "", w.FlagSite)
	completeYAML(c, "site")
	f.StringArrayVar(&r.from, "from", nil, w.FlagFrom)
	f.StringArrayVar(&r.set, "set", nil, w.FlagSet)
	f.StringVar(&r.out, "out", "", w.FlagOut)
	f.StringVar(&r.name, "name", "", w.FlagName)
	c.RegisterFlagCompletionFunc("name", completeDrafts(env))
	f.BoolVar(&r.yes, "yes", false, w.FlagYes)
	f.BoolVar(&r.yes, "defaults", false, w.FlagYes)
	f.BoolVar(&r.plain, "plain", false, w.FlagPlain)
	f.BoolVar(&r.keep, "keep", false, w.FlagKeep)
	f.BoolVar(&r.probe, "probe", false, w.FlagProbe)
	return c
}

// completeDrafts gives the drafts, the one saved last first.
func completeDrafts(env *environment) completion {
	return onlyFirst(func(*cobra.Command, []string, string) (all []string, _ cobra.ShellCompDirective) {
		for _, d := range openDrafts(env).List() {
			all = append(all, d.Name)
		}
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	})
}

func (r *answersRequest) run(ctx context.Context, env *environment) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	asks := !r.yes && (r.plain || env.interactive())
	a := &answering{env: env, drafts: openDrafts(env), out: r.out}
	s, err := r.foundSite(env)
	if err != nil {
		return err
	}
	if r.plainly() && env.interactive() && env.fullScreen() {
		return answersScreen(ctx, env, r.site, nil, a.drafts)
	}
	name := r.name
	if name == "" {
		name = "answers"
		if s != nil && interview.ValidName(s.Name+unaskedName) {
			name = s.Name
		}
		if !asks {
			name += unaskedName
		}
	}
	if !interview.ValidName(name) {
		return usageError{fmt.Errorf("--name %s", name)}
	}
	release, err := a.drafts.Lock(name)
	if err != nil {
		return err
	}
	if release == nil {
		return errors.New(i18n.Fill(env.Words.Answering.Locked, "name", name))
	}
	defer release()
	if err := r.open(ctx, a, name, s, asks); err != nil {
		return err
	}
	if a.draft.Name() != name {
		other, err := a.drafts.Lock(a.draft.Name())
		if err != nil || other == nil {
			return errors.Join(err, errors.New(i18n.Fill(env.Words.Answering.Locked, "name", a.draft.Name())))
		}
		defer other()
	}
	unasked := !a.went && !a.draft.Installer().Second() // a second controller has no use for what the hosts have
	if asks && unasked && s != nil && (r.probe || !r.probeGiven && env.interactive()) || r.probe && s != nil {
		a.probe(ctx, s)
	}
	if err := r.apply(a); err != nil {
		return err
	}
	switch {
	case !asks:
		return a.unasked(r.keep)
	case !r.plain && env.fullScreen():
		return a.screen(ctx)
	}
	return a.lines(ctx)
}

// foundSite is the site that is meant; nil where none is named and none is there.
func (r *answersRequest) foundSite(env *environment) (*site.Site, error) {
	if r.site == "" {
		if len(r.from) > 0 { // the hosts are those of the file: a site that happens to be here changes none of its lines
			return nil, nil
		}
		if _, err := sitePath(env, ""); err != nil {
			return nil, nil
		}
	}
	return loadSite(env, r.site)
}

// open goes on with the draft of that name where the operator wants it, else begins one.
func (r *answersRequest) open(ctx context.Context, a *answering, name string, s *site.Site, asks bool) error {
	before, err := a.drafts.Load(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		before = nil
	case err != nil && (asks || r.name != ""):
		return err
	}
	if before != nil && (asks || r.name != "") {
		on, err := a.goOn(ctx, before, r.name != "")
		if err != nil {
			return err
		}
		if on {
			a.draft, a.went = before, true
			if a.out == "" {
				a.out = before.Out()
			}
			if r.site != "" && s != nil {
				a.draft.UseSite(s) // named anew: as it is now
			}
			return r.reinstall(a)
		}
		name = a.drafts.free(name) // the one that is there stays
	}
	i, err := r.installer(a.env, s, asks)
	if err != nil {
		return err
	}
	if a.draft, err = interview.New(name, i); err != nil {
		return err
	}
	if s != nil && !i.Second() {
		a.draft.UseSite(s)
	}
	if before != nil && !asks {
		a.draft.TakeMade(before)
	}
	return nil
}

// goOn asks whether a draft is to be gone on with. Naming it was asking for it.
func (a *answering) goOn(ctx context.Context, d *interview.Draft, named bool) (bool, error) {
	if named {
		return true, nil
	}
	if !a.env.interactive() { // in a pipe nobody reads the question: nothing is ever thrown away
		return true, nil
	}
	info, err := os.Stat(a.drafts.path(d.Name()))
	if err != nil {
		return false, err
	}
	question := i18n.Fill(a.env.Words.Answering.GoOn, "draft", d.Name(), "installer", d.Installer().Title().In(a.env.Words.Lang), "when", info.ModTime().Format("2006-01-02 15:04"))
	fmt.Fprint(a.env.Out, question)
	text, err := readLine(ctx, a.env.In)
	if err != nil {
		return false, err
	}
	return !strings.HasPrefix(strings.ToLower(strings.TrimSpace(text)), "n"), nil
}

// reinstall changes the installer of a draft that goes on, where flags say so.
func (r *answersRequest) reinstall(a *answering) error {
	i := a.draft.Installer()
	if r.format != "" {
		i.Format = r.format
	}
	if r.mode != "" {
		i.Mode = r.mode
	}
	return a.draft.Set("@installer", i.String())
}

// installer is what the flags, the files or the site say.
func (r *answersRequest) installer(env *environment, s *site.Site, asks bool) (interview.Installer, error) {
	i := interview.Installer{Format: r.format, Mode: r.mode}
	for _, path := range r.from {
		data, err := readAnswerFile(path)
		if err != nil {
			return i, err
		}
		if i.Format == "" {
			i.Format = guessFormat(data)
		}
	}
	if i.Format == "" && r.mode == "" && !asks {
		return i, usageError{errors.New("--format: " + strings.Join(answers.Names(), " | "))}
	}
	if i.Format == "" {
		i.Format = "packstack-train"
	}
	if i.Mode == "" {
		i.Mode = "multi-node"
		if s != nil && len(s.Hosts) == 1 && !i.Kolla() {
			i.Mode = "all-in-one"
		}
	}
	if _, ok := interview.ParseInstaller(i.String()); !ok {
		var all []string
		for _, o := range interview.Installers() {
			all = append(all, o.String())
		}
		return i, usageError{errors.New(i18n.Fill(env.Words.Answering.FormatWrong, "value", i.String(), "known", strings.Join(all, ", ")))}
	}
	return i, nil
}

// apply takes --from and --set.
func (r *answersRequest) apply(a *answering) error {
	w := a.env.Words.Answering
	for _, path := range r.from {
		if err := a.bring(path); err != nil {
			return usageError{a.refusal(err)}
		}
	}
	var pairs [][2]string
	for _, text := range r.set {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return usageError{errors.New(w.SetUnknown)}
		}
		if e := a.draft.Catalogue().Entry("CONFIG_" + key); e != nil && a.draft.Catalogue().Entry(key) == nil {
			key = "CONFIG_" + key // CONTROLLER_HOST will do
		}
		if key == "CONTROLLER" && a.draft.Installer().Second() {
			key = "CONFIG_CONTROLLER_HOST"
		}
		pairs = append(pairs, [2]string{key, value})
	}
	refused := a.draft.SetAll(pairs, r.keep)
	if len(refused) == 0 {
		return nil
	}
	lines := []string{w.Refused}
	for _, err := range refused {
		lines = append(lines, "  "+a.refusal(err).Error())
	}
	return usageError{errors.New(strings.Join(lines, "\n"))}
}

// refusal is why an answer was not taken, in the operator's language.
func (a *answering) refusal(err error) error {
	var r *interview.Refusal
	if errors.As(err, &r) {
		return errors.New(r.Finding.Key + ": " + r.In(a.env.Words.Lang))
	}
	return errors.New(explained(a.env.Words, err))
}

// unasked writes without a question, or tells everything that is missing.
func (a *answering) unasked(keep bool) error {
	w := a.env.Words
	var lines []string
	for _, f := range a.draft.Missing() {
		lines = append(lines, "  "+i18n.Fill(w.Answering.MissingLine, "key", f.Key, "label", f.Label.In(w.Lang)))
	}
	for _, f := range a.draft.Check() {
		at := a.draft.Where(f)
		if f.Severity == answers.Error && !keep && !slices.ContainsFunc(a.draft.Missing(), func(m interview.Field) bool { return m.Key == at.Field }) {
			lines = append(lines, "  "+f.In(w.Lang))
		}
	}
	if len(lines) > 0 {
		return usageError{errors.New(w.Answering.Missing + "\n" + strings.Join(lines, "\n"))}
	}
	wrote, err := a.export()
	for _, line := range wrote {
		fmt.Fprintln(a.env.Out, line)
	}
	if err != nil {
		return err
	}
	for _, f := range a.draft.Check() {
		fmt.Fprintln(a.env.Err, f.In(w.Lang))
	}
	return nil
}

// lines is the wizard in line mode.
func (a *answering) lines(ctx context.Context) error {
	lang, ascii := plain.Detect(a.env.getenv)
	done, ended, err := plain.Wizard{
		Draft: a.draft, Lang: lang, ASCII: ascii, In: a.env.In, Out: a.env.Out, Resumed: a.went,
		Save: a.save, Import: a.bring, Diff: a.diff, Export: a.exportTold,
	}.Run(ctx)
	if errors.Is(err, context.Canceled) {
		return ended130
	}
	if err != nil {
		return err
	}
	if !done && ended {
		return endedParked
	}
	return nil
}

// How a session ends that was not finished.
const (
	ended130    = ended(130) // Ctrl-C; everything is kept
	endedParked = ended(3)   // the input ended; everything is kept
)

// bring imports a file to begin with. Its full path is kept: that is where it goes back to.
func (a *answering) bring(path string) error {
	data, err := readAnswerFile(path)
	if err != nil {
		return errors.New(explained(a.env.Words, err))
	}
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return a.draft.Import(path, data)
}

// save puts the draft on the disk.
func (a *answering) save() error { return a.drafts.Save(a.draft.Name(), a.draft.Saved()) }

// target is where the files go, by their name.
func (a *answering) target() map[string]string {
	names, out := a.draft.FileNames(), a.out
	where := map[string]string{}
	if len(names) > 1 {
		for _, n := range names {
			where[n] = filepath.Join(out, n)
		}
		if out == "" { // files that were brought are changed in place
			for kind, name := range map[string]string{"globals": "globals.yml", "passwords": "passwords.yml", "inventory": "multinode"} {
				if path := a.draft.Imported()[kind]; path != "" {
					where[name] = path
				}
			}
		}
		return where
	}
	name := names[0]
	second := a.draft.Installer().Second()
	if second {
		name = "answer-second.txt"
	}
	info, err := os.Stat(out)
	switch {
	case out == "" && a.draft.Imported()["answers"] != "" && !second:
		out = a.draft.Imported()["answers"]
	case out == "":
		out = name
	case err == nil && info.IsDir(), strings.HasSuffix(out, "/"):
		out = filepath.Join(out, name)
	}
	where[names[0]] = out
	return where
}

// existing are the files that an export would replace.
func (a *answering) existing() map[string][]byte {
	found := map[string][]byte{}
	for name, path := range a.target() {
		if data, err := os.ReadFile(path); err == nil {
			found[name] = data
		}
	}
	return found
}

func (a *answering) diff() string { return a.draft.Diff(a.existing()) }

// export writes the files and tells what it wrote. Secrets that it made are on the disk with
// the draft before the first file is.
func (a *answering) export() (wrote []string, err error) {
	w := a.env.Words.Answering
	files, err := a.draft.Files(rand.Reader)
	if err != nil {
		return nil, err
	}
	where := a.target()
	if a.out != "" {
		if full, err := filepath.Abs(a.out); err == nil {
			a.draft.Exported(full)
		}
	}
	if err := a.save(); err != nil {
		return nil, err
	}
	for _, f := range files {
		if len(f.Data) == 0 {
			continue
		}
		path := where[f.Name]
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return wrote, err
		}
		before, err := answers.Write(path, f.Data)
		if err != nil {
			return wrote, err
		}
		line := i18n.Fill(w.Wrote, "file", path)
		if before != "" {
			line += "; " + i18n.Fill(w.Before, "file", before)
		}
		wrote = append(wrote, line)
	}
	return wrote, nil
}

// exportTold is export with its error as the operator reads it.
func (a *answering) exportTold() ([]string, error) {
	wrote, err := a.export()
	if err != nil {
		err = errors.New(explained(a.env.Words, err))
	}
	return wrote, err
}

// probe asks the hosts for their interfaces and tells which could not be asked.
func (a *answering) probe(ctx context.Context, s *site.Site) {
	w := a.env.Words.Answering
	fmt.Fprintln(a.env.Err, i18n.Fill(w.Asking, "hosts", strconv.Itoa(len(s.Hosts))))
	found, silent := askInterfaces(ctx, s, newAsker(a.env.Streams))
	for _, h := range silent {
		fmt.Fprintln(a.env.Err, i18n.Fill(w.NotReached, "host", h))
	}
	a.draft.UseInterfaces(found)
}
