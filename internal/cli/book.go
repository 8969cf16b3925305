package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
)

// bookCommand is "stackhand book": a procedure on paper.
func bookCommand(env *environment) *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use: "book PROCEDURE", Short: env.Words.CLI.Book, Args: usage(cobra.ExactArgs(1)), ValidArgsFunction: onlyFirst(completeProcedures(env)),
		RunE: func(cmd *cobra.Command, args []string) error {
			l := i18n.Lang(lang)
			if l == "" {
				l = env.Words.Lang
			}
			if l != i18n.English && l != i18n.Korean {
				return usageError{errors.New(i18n.Fill(env.Words.Steps.Lint.NoLanguage, "value", lang))}
			}
			p, err := findProcedure(env, args[0])
			if err != nil {
				return asUsage(err)
			}
			_, err = env.Out.Write(p.Book(l))
			return err
		},
	}
	c.Flags().StringVar(&lang, "lang", "", env.Words.CLI.FlagLang)
	completeWords(c, "lang", string(i18n.English), string(i18n.Korean))
	return c
}
