package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/lab/set"
)

// setNote tells how far the setting up of a practice set is.
func (c *labCmd) setNote(n set.Note) {
	step := c.w.Practice.Steps[n.Step]
	if step == "" {
		step = n.Step
	}
	fmt.Fprintln(c.Out, i18n.Fill(c.w.Practice.StepDone, "step", step, "took", seconds(n.Took)))
}

// snapshot is "lab snapshot": the disks of all hosts, kept and put back.
func (c *labCmd) snapshot() *cobra.Command {
	w := c.w.Practice
	root := group("snapshot", w.ShortSnapshot)
	var force bool
	save := &cobra.Command{Use: "save NAME", Short: w.ShortSave, Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.onLab(func(l *lab.Lab) error {
				ctx, stop := interruptible(cmd)
				defer stop()
				if err := l.SaveSnapshot(ctx, args[0], force); err != nil {
					return err
				}
				fmt.Fprintln(c.Out, i18n.Fill(w.Saved, "name", args[0]))
				return nil
			})
		}}
	save.Flags().BoolVar(&force, "force", false, w.FlagSaveForce)
	restore := &cobra.Command{Use: "restore NAME", Short: w.ShortRestore, Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.onLab(func(l *lab.Lab) error {
				ctx, stop := interruptible(cmd)
				defer stop()
				kept, err := l.RestoreSnapshot(ctx, args[0], force)
				if err != nil {
					return err
				}
				fmt.Fprintln(c.Out, i18n.Fill(w.Restored, "name", args[0], "kept", kept))
				return nil
			})
		}}
	restore.Flags().BoolVar(&force, "force", false, w.FlagRestoreForce)
	list := &cobra.Command{Use: "list", Short: w.ShortSnapshots, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.onLab(func(l *lab.Lab) error {
				all, err := l.Snapshots()
				if err != nil {
					return err
				}
				if len(all) == 0 {
					fmt.Fprintln(c.Out, w.NoSnapshots)
				}
				for _, s := range all {
					fmt.Fprintln(c.Out, i18n.Fill(w.SnapshotLine, "name", fmt.Sprintf("%-24s", s.Name), "at", s.At.Local().Format(time.DateTime)))
				}
				return nil
			})
		}}
	root.AddCommand(save, restore, list)
	return root
}

// onLab opens the lab where there can be one.
func (c *labCmd) onLab(do func(*lab.Lab) error) error {
	if err := lab.CanRun(); err != nil {
		return err
	}
	l, err := c.open()
	if err != nil {
		return err
	}
	return do(l)
}
