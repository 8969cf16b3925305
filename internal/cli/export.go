package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/archive"
	"stackhand/internal/run/redact"
	"stackhand/internal/secret"
)

// exportCommand is "stackhand export": a run as one file, for somebody who was asleep.
func exportCommand(env *environment) *cobra.Command {
	w := env.Words.CLI
	var out string
	c := &cobra.Command{
		Use: "export [RUN]", Short: w.Export, Args: usage(cobra.MaximumNArgs(1)), ValidArgsFunction: completeRuns(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			dir, err := run.Find(run.Root(env.getenv), name)
			if err != nil {
				return asUsage(err)
			}
			if out == "" {
				out = dir.ID() + ".tar.gz"
			}
			if out == "-" {
				return exportRun(env, dir, env.Out)
			}
			return exportFile(env, dir, out)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", w.FlagExportOut)
	return c
}

// exportFile puts the archive at a path where nothing is yet; it appears whole or not at all.
func exportFile(env *environment, dir *run.Dir, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return usageError{errors.New(i18n.Fill(env.Words.CLI.ExportThere, "file", path))}
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o600))
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	defer f.Cleanup()
	if err := exportRun(env, dir, f); err != nil {
		return err
	}
	if err := f.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	fmt.Fprintln(env.Out, i18n.Fill(env.Words.CLI.Exported, "file", path))
	return nil
}

func exportRun(env *environment, dir *run.Dir, out io.Writer) error {
	st, err := dir.State()
	if err != nil {
		return err
	}
	reports := map[string][]byte{"README.txt": []byte(i18n.For(i18n.English).Summary.Archive + "\n" + i18n.For(i18n.Korean).Summary.Archive)}
	for _, l := range []i18n.Lang{i18n.English, i18n.Korean} {
		text, err := reportText(env, dir, l)
		if err != nil {
			return err
		}
		reports["report."+string(l)+".md"] = []byte(text)
	}
	store, err := secret.Open(run.Home(env.getenv), st.Run.Site)
	if err != nil {
		return err
	}
	return archive.Write(out, dir, reports, redact.NewRedactor(store.All()), st.Started)
}
