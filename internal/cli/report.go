package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/internal/run/report"
	"stackhand/internal/secret"
	"stackhand/internal/site"
)

func reportCommand(env *environment) *cobra.Command {
	w := env.Words.CLI
	var format, lang string
	c := &cobra.Command{
		Use: "report [RUN]", Short: w.Report, Args: usage(cobra.MaximumNArgs(1)),
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
			switch format {
			case "md":
				l := env.Words.Lang
				if lang != "" {
					l = i18n.Lang(lang)
				}
				if l != i18n.English && l != i18n.Korean {
					return usageError{errors.New(i18n.Fill(env.Words.Steps.Lint.NoLanguage, "value", lang))}
				}
				text, err := reportText(env, dir, l)
				if err == nil {
					fmt.Fprint(env.Out, text)
				}
				return err
			case "json":
				st, err := dir.State()
				if err != nil {
					return err
				}
				enc := json.NewEncoder(env.Out)
				enc.SetIndent("", "  ")
				return enc.Encode(st)
			}
			return usageError{errors.New(i18n.Fill(w.FormatWrong, "value", format))}
		},
	}
	c.Flags().StringVar(&format, "format", "md", w.FlagFormat)
	c.Flags().StringVar(&lang, "lang", "", w.FlagLang)
	completeWords(c, "format", "md", "json")
	completeWords(c, "lang", string(i18n.English), string(i18n.Korean))
	return c
}

// reportText is the report of a run as Markdown.
func reportText(env *environment, dir *run.Dir, lang i18n.Lang) (string, error) {
	st, err := dir.State()
	if err != nil {
		return "", err
	}
	store, err := secret.Open(run.Home(env.getenv), st.Run.Site)
	if err != nil {
		return "", err
	}
	red := redact.NewRedactor(store.All())
	logs, err := report.Excerpts(dir, st, red)
	if err != nil {
		return "", err
	}
	baseline, err := dir.Baseline()
	if err != nil {
		return "", err
	}
	return report.Markdown(report.Input{State: st, Baseline: baseline, Lang: lang, Location: runZone(dir), Redactor: red, Logs: logs}), nil
}

// runZone is the time zone of the run's site.
func runZone(dir *run.Dir) *time.Location {
	if text, err := dir.Site(); err == nil {
		if s, err := site.Parse(text, dir.Path()); err == nil {
			return s.Location()
		}
	}
	return time.Local
}
