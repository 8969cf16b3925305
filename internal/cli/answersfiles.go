package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run/logtext"
	"stackhand/internal/site"
)

// mostAnswers is how large a file of answers may be.
const mostAnswers = 8 << 20

// readAnswerFile reads a file of answers. Without O_NONBLOCK it would wait for ever at a named
// pipe that nobody writes to; one that somebody writes to is read to its end.
func readAnswerFile(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, problem.New("answers.read", "", err, "file", path)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostAnswers+1))
	if err == nil && len(data) > mostAnswers {
		err = errors.New("it is larger than 8 MiB")
	}
	if err != nil {
		return nil, problem.New("answers.read", "", err, "file", path)
	}
	return data, nil
}

// guessFormat is the catalogue that a file is for, by what is in it; "" where it is none. Of
// two releases of Packstack it is the one that knows more of the keys, the later one where
// that is the same.
func guessFormat(data []byte) string {
	kind := interview.Kind(data)
	best, most := "", -1
	for _, name := range answers.Names() {
		c, err := answers.Load(name)
		if err != nil || kind == "" || (kind == "answers") != (c.Installer == "packstack") {
			continue
		}
		n := 0
		if kind == "answers" {
			n = len(packstack.Parse(data, "").Values(packstack.Python3, c))
		}
		if n >= most {
			best, most = name, n
		}
	}
	return best
}

// answerSet is the files of one installation.
type answerSet struct {
	format string
	files  map[string]*kolla.File // by kind
	order  []string
}

// readSets reads files and puts those of one installation together.
func readSets(env *environment, paths []string, format string) ([]*answerSet, error) {
	w := env.Words.Answering
	if format != "" && !slices.Contains(answers.Names(), format) {
		return nil, usageError{errors.New(i18n.Fill(w.FormatWrong, "value", format, "known", strings.Join(answers.Names(), ", ")))}
	}
	var sets []*answerSet
	for _, path := range paths {
		data, err := readAnswerFile(path)
		if err != nil {
			return nil, usageError{errors.New(explained(env.Words, err))}
		}
		kind, f := interview.Kind(data), format
		if f == "" {
			f = guessFormat(data)
		}
		if kind == "" || (kind == "answers") != strings.HasPrefix(f, "packstack-") {
			kind = kindByName(path, f)
		}
		if f == "" && kind == "" {
			return nil, usageError{errors.New(i18n.Fill(w.NoKind, "file", path))}
		}
		if f == "" {
			f = map[bool]string{true: "packstack-train", false: "kolla-wallaby"}[kind == "answers"]
		}
		i := slices.IndexFunc(sets, func(s *answerSet) bool {
			return s.format == f && s.files[kind] == nil && strings.HasPrefix(f, "kolla-")
		})
		if i < 0 {
			sets = append(sets, &answerSet{format: f, files: map[string]*kolla.File{}})
			i = len(sets) - 1
		}
		sets[i].files[kind] = &kolla.File{Name: path, Data: data}
		sets[i].order = append(sets[i].order, kind)
	}
	return sets, nil
}

// kindByName is what a file must be that does not look like one: as its name, or the format
// that was asked for, says.
func kindByName(path, format string) string {
	name := strings.ToLower(filepath.Base(path))
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(name, p) })
	}
	switch {
	case strings.HasPrefix(format, "packstack-"):
		return "answers"
	case has("globals"):
		return "globals"
	case has("passwords"):
		return "passwords"
	case has("multinode", "inventory"), name == "hosts":
		return "inventory"
	case format != "", strings.HasSuffix(name, ".yml"), strings.HasSuffix(name, ".yaml"):
		return "globals"
	case has("answer"), strings.HasSuffix(name, ".txt"):
		return "answers"
	}
	return ""
}

func answersCheck(env *environment) *cobra.Command {
	w := env.Words.Answering
	var format, sitePath string
	var asJSON bool
	c := &cobra.Command{
		Use: "check FILE...", Short: w.Check, Long: w.CheckLong, Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			var s *site.Site
			if sitePath != "" {
				var err error
				if s, err = loadSite(env, sitePath); err != nil {
					return err
				}
			}
			sets, err := readSets(env, args, format)
			if err != nil {
				return err
			}
			var all answers.Findings
			for _, set := range sets {
				found, err := set.check(s)
				if err != nil {
					return err
				}
				all = append(all, found...)
			}
			return tellFindings(env, all, args, asJSON)
		},
	}
	c.Flags().StringVar(&format, "format", "", w.FlagFormat)
	completeWords(c, "format", answers.Names()...)
	c.Flags().StringVar(&sitePath, "site", "", w.FlagSite)
	completeYAML(c, "site")
	c.Flags().BoolVar(&asJSON, "json", false, w.FlagJSON)
	return c
}

func (set *answerSet) check(s *site.Site) (answers.Findings, error) {
	if f := set.files["answers"]; f != nil {
		c, err := answers.Load(set.format)
		if err != nil {
			return nil, err
		}
		return packstack.Check(packstack.Parse(f.Data, f.Name), c, packstack.Options{Site: s}), nil
	}
	r, err := kolla.Load(set.format)
	if err != nil {
		return nil, err
	}
	return r.Check(kolla.Files{Globals: set.files["globals"], Passwords: set.files["passwords"], Inventory: set.files["inventory"], Site: s}), nil
}

// tellFindings prints them in the order of the files, and ends with 2 where one is an error.
func tellFindings(env *environment, all answers.Findings, files []string, asJSON bool) error {
	w := env.Words
	slices.SortStableFunc(all, func(a, b answers.Finding) int {
		return slices.Index(files, a.File) - slices.Index(files, b.File)
	})
	count := map[answers.Severity]int{}
	for _, f := range all {
		count[f.Severity]++
		if asJSON {
			f.Why, f.Wanted = f.Texts(w.Lang)
			line, err := json.Marshal(f)
			if err != nil {
				return err
			}
			fmt.Fprintf(env.Out, "%s\n", line)
			continue
		}
		fmt.Fprintln(env.Out, logtext.Clean([]byte(f.In(w.Lang))))
	}
	if !asJSON {
		text := w.Answering.Summary
		if len(all) == 0 {
			text = w.Answering.Clean
		}
		fmt.Fprintln(env.Out, i18n.Fill(text, "files", strings.Join(files, ", "), "errors", strconv.Itoa(count[answers.Error]), "warnings", strconv.Itoa(count[answers.Warning]), "notes", strconv.Itoa(count[answers.Note])))
	}
	if all.Failed() {
		return ended(2)
	}
	return nil
}

func answersImport(env *environment) *cobra.Command {
	w := env.Words.Answering
	var format, out, name string
	c := &cobra.Command{
		Use: "import FILE...", Short: w.Import, Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			sets, err := readSets(env, args, format)
			if err != nil {
				return err
			}
			if len(sets) != 1 {
				return usageError{errors.New(w.TwoFormats)}
			}
			s, unresolved, err := sets[0].site(name)
			if err != nil {
				return usageError{errors.New(explained(env.Words, err))}
			}
			if _, err := os.Stat(out); err == nil {
				return problem.New("answers.there", "", nil, "file", out)
			}
			s.Path = out
			if err := site.Save(s); err != nil {
				return err
			}
			fmt.Fprintln(env.Out, i18n.Fill(w.Imported, "file", out, "hosts", strconv.Itoa(len(s.Hosts))))
			if len(unresolved) > 0 {
				fmt.Fprintln(env.Out, i18n.Fill(w.Unresolved, "hosts", strings.Join(unresolved, ", ")))
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "", w.FlagFormat)
	completeWords(c, "format", answers.Names()...)
	c.Flags().StringVar(&out, "out", "site.yaml", w.FlagOut)
	completeYAML(c, "out")
	c.Flags().StringVar(&name, "name", "imported", w.FlagName)
	return c
}

// site makes a site of the hosts in the files.
func (set *answerSet) site(name string) (*site.Site, []string, error) {
	if f := set.files["answers"]; f != nil {
		c, err := answers.Load(set.format)
		if err != nil {
			return nil, nil, err
		}
		s, unresolved := packstack.Site(packstack.Parse(f.Data, f.Name), c, name)
		if len(s.Hosts) == 0 {
			return nil, nil, problem.New("answers.nohosts", "", nil, "file", f.Name)
		}
		return s, unresolved, nil
	}
	f := set.files["inventory"]
	if f == nil {
		return nil, nil, problem.New("answers.nohosts", "", nil, "file", set.files[set.order[0]].Name)
	}
	inv, err := kolla.ParseInventory(f.Data)
	if err != nil {
		return nil, nil, problem.New("answers.read", "", err, "file", f.Name)
	}
	s := inv.Site(name)
	if len(s.Hosts) == 0 {
		return nil, nil, problem.New("answers.nohosts", "", nil, "file", f.Name)
	}
	var unresolved []string
	for _, h := range s.Hosts {
		if len(h.Addresses) == 0 {
			unresolved = append(unresolved, h.Name)
		}
	}
	return s, unresolved, nil
}

func answersExport(env *environment) *cobra.Command {
	w := env.Words.Answering
	var out string
	var keep bool
	c := &cobra.Command{
		Use: "export [DRAFT]", Short: w.Export, Args: usage(cobra.MaximumNArgs(1)), ValidArgsFunction: completeDrafts(env),
		RunE: func(_ *cobra.Command, args []string) error {
			store := openDrafts(env)
			var names []string
			for _, d := range store.List() {
				names = append(names, d.Name)
			}
			if len(args) == 1 {
				if !slices.Contains(names, args[0]) {
					return usageError{errors.New(i18n.Fill(w.NoDraft, "name", args[0]))}
				}
				names = args
			}
			switch len(names) {
			case 0:
				return usageError{errors.New(w.NoDrafts)}
			case 1:
			default:
				return usageError{errors.New(i18n.Fill(w.Which, "names", strings.Join(names, ", ")))}
			}
			release, err := store.Lock(names[0])
			if err != nil {
				return err
			}
			if release == nil {
				return errors.New(i18n.Fill(w.Locked, "name", names[0]))
			}
			defer release()
			d, err := store.Load(names[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = d.Out()
			}
			if out == "" {
				return usageError{errors.New(w.NeedOut)}
			}
			return (&answering{env: env, drafts: store, draft: d, out: out}).unasked(keep)
		},
	}
	c.Flags().StringVar(&out, "out", "", w.FlagOut)
	c.Flags().BoolVar(&keep, "keep", false, w.FlagKeep)
	return c
}

func answersDiff(env *environment) *cobra.Command {
	w := env.Words.Answering
	var format string
	c := &cobra.Command{
		Use: "diff FILE FILE", Short: w.Diff, Long: w.DiffLong, Args: usage(cobra.ExactArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error {
			var sets []*answerSet
			for _, path := range args {
				set, err := readSets(env, []string{path}, format)
				if err != nil {
					return err
				}
				sets = append(sets, set...)
			}
			a, b := sets[0], sets[1]
			kind := a.order[0]
			if kind != b.order[0] {
				return usageError{errors.New(w.TwoFormats)}
			}
			out := bufio.NewWriter(env.Out)
			defer out.Flush()
			if kind == "inventory" {
				d, err := interview.New("diff", interview.Installer{Format: b.format, Mode: "multi-node"})
				if err != nil {
					return err
				}
				text := udiff.Unified(args[0], args[1], string(d.Mask("multinode", a.files[kind].Data)), string(d.Mask("multinode", b.files[kind].Data)))
				fmt.Fprint(out, logtext.Clean([]byte(text)))
				if text != "" {
					return ended(1)
				}
				fmt.Fprintln(out, w.Same)
				return nil
			}
			changes, err := changesOf(a, b, kind)
			if err != nil {
				return usageError{errors.New(explained(env.Words, err))}
			}
			for _, ch := range changes {
				before, after := ch.Before, ch.After
				if ch.Added {
					before = w.Empty
				}
				if ch.Removed {
					after = w.Empty
				}
				fmt.Fprintf(out, "%s: %s -> %s\n", ch.Key, logtext.Clean([]byte(before)), logtext.Clean([]byte(after)))
			}
			if len(changes) > 0 {
				return ended(1)
			}
			fmt.Fprintln(out, w.Same)
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "", w.FlagFormat)
	completeWords(c, "format", answers.Names()...)
	return c
}

// changesOf are the values that differ; keys that the release does not know are at the end,
// masked, because nobody knows whether they are secrets.
func changesOf(a, b *answerSet, kind string) ([]answers.Change, error) {
	c, err := answers.Load(b.format)
	if err != nil {
		return nil, err
	}
	var values [2]map[string]string
	for i, set := range []*answerSet{a, b} {
		f := set.files[kind]
		if kind == "answers" {
			doc := packstack.Parse(f.Data, f.Name)
			if !doc.Readable(packstack.Python2) && !doc.Readable(packstack.Python3) {
				return nil, problem.New("answers.read", "", errors.New("no parser reads it; see stackhand answers check"), "file", f.Name)
			}
			values[i] = doc.Values(packstack.Python2, c)
			continue
		}
		v, err := kolla.ParseVars(f.Data)
		if err != nil {
			return nil, problem.New("answers.read", "", err, "file", f.Name)
		}
		values[i] = v.Given()
	}
	changes := answers.Diff(c, values[0], values[1])
	var unknown []string
	for i := range values {
		for k := range values[i] {
			if c.Entry(k) == nil && values[0][k] != values[1][k] && !slices.Contains(unknown, k) {
				unknown = append(unknown, k)
			}
		}
	}
	slices.Sort(unknown)
	for _, k := range unknown {
		_, inA := values[0][k]
		_, inB := values[1][k]
		changes = append(changes, answers.Change{Key: k, Before: answers.Mask, After: answers.Mask, Added: !inA, Removed: !inB})
	}
	return changes, nil
}
