package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/lab/fault"
)

// breaks is "lab break": a fault, made for real.
func (c *labCmd) breaks() *cobra.Command {
	w := c.w.Practice
	var host string
	cmd := &cobra.Command{Use: "break FAULT", Short: w.ShortBreak, Args: usage(cobra.ExactArgs(1)), ValidArgsFunction: onlyFirst(completeFaults),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.onLab(func(l *lab.Lab) error {
				ctx, stop := interruptible(cmd)
				defer stop()
				start := time.Now()
				fmt.Fprintln(c.Out, i18n.Fill(w.Breaking, "fault", args[0]))
				if _, err := fault.Break(ctx, l, args[0], host); err != nil {
					return err
				}
				fmt.Fprintln(c.Out, i18n.Fill(w.Broken, "what", w.Faults[args[0]], "took", seconds(time.Since(start))))
				return nil
			})
		}}
	cmd.Flags().StringVar(&host, "host", "", w.FlagFaultHost)
	return cmd
}

// heal is "lab heal": the fault taken away, and the set whole again.
func (c *labCmd) heal() *cobra.Command {
	w := c.w.Practice
	return &cobra.Command{Use: "heal FAULT", Short: w.ShortHeal, Args: usage(cobra.ExactArgs(1)), ValidArgsFunction: onlyFirst(completeFaults),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.onLab(func(l *lab.Lab) error {
				ctx, stop := interruptible(cmd)
				defer stop()
				start := time.Now()
				fmt.Fprintln(c.Out, i18n.Fill(w.Healing, "fault", args[0]))
				if err := fault.Heal(ctx, l, args[0]); err != nil {
					return err
				}
				fmt.Fprintln(c.Out, i18n.Fill(w.Healed, "took", seconds(time.Since(start))))
				return nil
			})
		}}
}

// faults is "lab faults": what can be broken, and what is.
func (c *labCmd) faults() *cobra.Command {
	w := c.w.Practice
	return &cobra.Command{Use: "faults", Short: w.ShortFaults, Args: usage(cobra.NoArgs), RunE: func(*cobra.Command, []string) error {
		set := ""
		for _, f := range fault.Every() {
			if f.Set != set {
				set = f.Set
				fmt.Fprintf(c.Out, "--set %s\n", set)
			}
			fmt.Fprintln(c.Out, "  "+i18n.Fill(w.FaultLine, "name", fmt.Sprintf("%-27s", f.Name), "what", w.Faults[f.Name]))
		}
		l, err := c.open()
		if err != nil {
			return err
		}
		now, err := fault.Now(l)
		if err != nil {
			return err
		}
		if now == nil {
			fmt.Fprintln(c.Out, w.NoFault)
			return nil
		}
		fmt.Fprintln(c.Out, i18n.Fill(w.FaultNow, "fault", now.Fault, "at", now.At.Local().Format(time.TimeOnly)))
		return nil
	}}
}

func completeFaults(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return fault.EveryName(), cobra.ShellCompDirectiveNoFileComp
}
