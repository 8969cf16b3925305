package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"stackhand/internal/run"
)

// baselineCommand is "stackhand baseline": a run of the procedure of that name, which only reads,
// in line mode; by hand or from cron.
func baselineCommand(env *environment) *cobra.Command {
	r := &request{plain: true, onAsk: "park"}
	c := &cobra.Command{
		Use: "baseline", Short: env.Words.CLI.Baseline, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := r.prepare(env, run.BaselineProcedure)
			if err != nil {
				return err
			}
			dir, err := launch(cmd.Context(), env, o)
			if err != nil {
				return err
			}
			told := r.watch(cmd.Context(), env, dir, false)
			if err := run.PruneBaselines(run.Root(env.getenv), o.Site.Name, run.KeptBaselines); err != nil {
				return errors.Join(told, err)
			}
			return told
		},
	}
	r.siteFlag(c, env.Words.CLI)
	c.Flags().BoolVar(&r.json, "json", false, env.Words.CLI.FlagJSON)
	return c
}
