package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/set"
	"stackhand/internal/site"
)

// drill is "lab drill": a fault that the operator is not told, the screen, and how it went.
func (c *labCmd) drill(env *environment) *cobra.Command {
	w := c.w.Practice
	chosen := set.Galera
	cmd := &cobra.Command{Use: "drill [FAULT]", Short: w.ShortDrill, Long: w.LongDrill, Args: usage(cobra.MaximumNArgs(1)), ValidArgsFunction: onlyFirst(completeFaults)}
	cmd.Flags().StringVar(&chosen, "set", set.Galera, w.FlagSet)
	completeWords(cmd, "set", set.Names()...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if !env.fullScreen() {
			return usageError{errors.New(w.DrillScreen)}
		}
		return c.onLab(func(l *lab.Lab) error {
			ctx, stop := interruptible(cmd)
			defer stop()
			name, err := drillFault(chosen, args)
			if err != nil {
				return err
			}
			f, err := fault.Find(name)
			if err != nil {
				return err
			}
			if err := c.drillReady(ctx, l, f.Set); err != nil {
				return err
			}
			fmt.Fprintln(c.Out, w.DrillBreaking)
			quiet, err := lab.Open(lab.Config{Name: c.name}) // its notes would tell what is being broken
			if err != nil {
				return err
			}
			rec, err := fault.Break(ctx, quiet, name, "")
			if err != nil {
				return err
			}
			start := time.Now()
			r := &request{onAsk: "park", sitePath: l.SitePath()}
			shown := r.screen(cmd.Context(), env, "")
			return errors.Join(shown, c.drillEnd(ctx, env, l, rec, time.Since(start)))
		})
	}
	return cmd
}

// drillFault is the fault named, or one of the set at random.
func drillFault(chosen string, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	var names []string
	for _, f := range fault.Every() {
		if f.Set == chosen {
			names = append(names, f.Name)
		}
	}
	if len(names) == 0 {
		return "", usageError{fmt.Errorf("--set: %s", chosen)}
	}
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(names))))
	if err != nil {
		return "", fmt.Errorf("cannot choose a fault: %w", err)
	}
	return names[n.Int64()], nil
}

// drillReady brings the set up, without what an earlier drill left.
func (c *labCmd) drillReady(ctx context.Context, l *lab.Lab, name string) error {
	if now, err := fault.Now(l); err != nil {
		return err
	} else if now != nil {
		fmt.Fprintln(c.Out, i18n.Fill(c.w.Practice.Healing, "fault", now.Fault))
		if err := fault.Heal(ctx, l, now.Fault); err != nil {
			return err
		}
	}
	return set.Up(ctx, l, name, set.Options{Notify: c.setNote})
}

// drillEnd tells what was broken, what was run against it, and whether all is whole again.
func (c *labCmd) drillEnd(ctx context.Context, env *environment, l *lab.Lab, rec *fault.Record, took time.Duration) error {
	w := c.w.Practice
	fmt.Fprintln(c.Out, i18n.Fill(w.DrillWas, "fault", rec.Fault, "what", w.Faults[rec.Fault]))
	if err := c.drillRuns(env, l, rec.At); err != nil {
		return err
	}
	missing, err := set.Ready(ctx, l)
	if err != nil {
		return err
	}
	if missing == "" { // a host that is cut off from its clients is whole by itself
		gone, err := fault.Check(ctx, l, rec.Fault)
		if err != nil {
			return err
		}
		if gone == "" {
			missing = w.Faults[rec.Fault]
		}
	}
	if missing != "" {
		fmt.Fprintln(c.Out, i18n.Fill(w.DrillBroken, "took", took.Round(time.Second).String(), "what", missing, "fault", rec.Fault, "name", l.Name()))
		return nil
	}
	fmt.Fprintln(c.Out, i18n.Fill(w.DrillMended, "took", took.Round(time.Second).String()))
	return fault.Forget(l)
}

// drillRuns lists the runs at the lab's site since the fault was made, oldest first.
func (c *labCmd) drillRuns(env *environment, l *lab.Lab, since time.Time) error {
	s, err := site.Load(l.SitePath())
	if err != nil {
		return err
	}
	ours, err := demoRuns(env, s)
	if err != nil {
		return err
	}
	slices.Reverse(ours)
	for _, d := range ours {
		st, err := d.State()
		if err != nil || st.Started.Before(since) {
			continue
		}
		fmt.Fprintln(c.Out, i18n.Fill(c.w.Practice.DrillRun, "procedure", st.Run.Procedure, "status", strconv.Itoa(st.ExitStatus())))
	}
	return nil
}
