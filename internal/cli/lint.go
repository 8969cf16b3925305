package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/site"
	"stackhand/steps"
)

// lintCommand is "stackhand lint": all that is wrong with procedures, before they run. Without
// arguments it looks at the program's own and the operator's. It ends with 2 when one of them
// has an error.
func lintCommand(env *environment) *cobra.Command {
	w := env.Words.Steps.Lint
	var sitePath string
	var asJSON bool
	c := &cobra.Command{
		Use: "lint [DIR|FILE|PROCEDURE ...]", Short: env.Words.CLI.Lint, ValidArgsFunction: completeProcedures(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			var s *site.Site
			if sitePath != "" {
				var err error
				if s, err = site.Load(sitePath); err != nil {
					return asUsage(err)
				}
			}
			files, err := filesToLint(env, args)
			if err != nil {
				return err
			}
			l := &lintView{env: env, json: asJSON}
			for _, f := range files {
				if err := l.file(f, s); err != nil {
					return asUsage(err)
				}
			}
			if len(args) == 0 { // the signatures and the scan come with the procedures
				for _, f := range lintSignatures(env) {
					if err := l.count(f); err != nil {
						return err
					}
				}
			}
			if !asJSON {
				l.foot(len(files))
			}
			if l.errors > 0 {
				return ended(2)
			}
			return nil
		},
	}
	c.Flags().StringVar(&sitePath, "site", "", w.FlagSite)
	completeYAML(c, "site")
	c.Flags().BoolVar(&asJSON, "json", false, w.FlagJSON)
	return c
}

// procedureFile is a file in a folder, with the name under which its findings are shown.
type procedureFile struct {
	folder fs.FS
	name   string
	shown  string  // the folder as people know it
	from   []fs.FS // where procedures that it calls are
}

// filesToLint are the files that the arguments mean.
func filesToLint(env *environment, args []string) (files []procedureFile, err error) {
	add := func(folder fs.FS, shown string, from ...fs.FS) error {
		names, err := steps.Names(folder)
		for _, n := range names {
			files = append(files, procedureFile{folder, n, shown, append(from[:len(from):len(from)], libraries(env)...)})
		}
		return err
	}
	if len(args) == 0 {
		shown := shownLibraries(env)
		for i, folder := range libraries(env) {
			if err := add(folder, shown[i]); err != nil {
				return nil, err
			}
		}
		return files, nil
	}
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err == nil && info.IsDir():
			before := len(files)
			if err := add(os.DirFS(arg), arg, os.DirFS(arg)); err != nil {
				return nil, err
			}
			if len(files) == before {
				return nil, usageError{errors.New(i18n.Fill(env.Words.Steps.Lint.NoFiles, "dir", arg))}
			}
		case err == nil:
			own := os.DirFS(filepath.Dir(arg))
			files = append(files, procedureFile{own, filepath.Base(arg), filepath.Dir(arg), append([]fs.FS{own}, libraries(env)...)})
		case strings.ContainsAny(arg, "/.") && !inLibraries(env, arg):
			return nil, usageError{err}
		default:
			f, err := fileOf(env, arg)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	return files, nil
}

// shownLibraries are the folders of libraries as people know them.
func shownLibraries(env *environment) []string {
	return []string{filepath.Join(configHome(env), "procedures"), "library", "runbooks/library"}
}

func inLibraries(env *environment, name string) bool {
	_, err := fileOf(env, name)
	return err == nil
}

// fileOf finds a procedure by name, the operator's own before the program's.
func fileOf(env *environment, name string) (procedureFile, error) {
	shown := shownLibraries(env)
	var known []string
	for i, folder := range libraries(env) {
		names, err := steps.Names(folder)
		if err != nil {
			return procedureFile{}, err
		}
		for _, n := range names {
			if n == name {
				return procedureFile{folder, n, shown[i], libraries(env)}, nil
			}
		}
		known = append(known, names...)
	}
	return procedureFile{}, usageError{errors.New(i18n.Fill(env.Words.CLI.NoProcedure, "name", name, "known", strings.Join(known, ", ")))}
}

// lintView prints findings and counts them.
type lintView struct {
	env              *environment
	json             bool
	errors, warnings int
}

func (l *lintView) file(f procedureFile, s *site.Site) error {
	p, found, err := steps.Open(f.folder, f.name, f.from...)
	if err != nil {
		return err
	}
	if p != nil {
		found = append(found, lintOf(p, s)...)
	}
	for _, one := range found {
		one.File = filepath.Join(f.shown, one.File)
		if err := l.count(one); err != nil {
			return err
		}
	}
	return nil
}

// count prints a finding and counts it.
func (l *lintView) count(f steps.Finding) error {
	if f.Severity == steps.Error {
		l.errors++
	} else {
		l.warnings++
	}
	return l.print(f)
}

// print writes file:line:col: severity: message, or the finding as one line of JSON.
func (l *lintView) print(f steps.Finding) error {
	w := l.env.Words
	f.Message = f.In(w.Lang)
	if l.json {
		b, err := json.Marshal(f)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(l.env.Out, "%s\n", b)
		return err
	}
	severity := w.Steps.Lint.Error
	if f.Severity == steps.Warning {
		severity = w.Steps.Lint.Warning
	}
	at := f.File
	if f.Line > 0 {
		at += ":" + strconv.Itoa(f.Line)
		if f.Col > 0 {
			at += ":" + strconv.Itoa(f.Col)
		}
	}
	_, err := fmt.Fprintf(l.env.Out, "%s: %s: %s\n", at, severity, f.Message)
	return err
}

func (l *lintView) foot(files int) {
	w := l.env.Words.Steps.Lint
	text := w.Summary
	if l.errors+l.warnings == 0 {
		text = w.Clean
	}
	fmt.Fprintln(l.env.Out, i18n.Fill(text, "errors", strconv.Itoa(l.errors), "warnings", strconv.Itoa(l.warnings), "files", strconv.Itoa(files)))
}
