package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/lab/set"
)

// labCommand is "stackhand lab": practice hosts.
func labCommand(env *environment) *cobra.Command {
	w := env.Words.Lab
	c := &labCmd{Streams: env.Streams, w: w}
	root := group("lab", w.Short)
	root.Long = w.Long
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&c.name, "name", lab.DefaultName, w.FlagName)
	root.AddCommand(c.up(), c.down(), c.status(), c.ssh(), c.exec(), c.power(), c.net(), c.image(), c.snapshot(), c.breaks(), c.heal(), c.faults(), c.drill(env))
	root.AddCommand(c.hidden()...)
	return root
}

type labCmd struct {
	Streams
	w    i18n.Lab
	name string
}

func (c *labCmd) open() (*lab.Lab, error) {
	return lab.Open(lab.Config{Name: c.name, Notify: c.notify})
}

func (c *labCmd) notify(n lab.Note) {
	text := map[lab.NoteKind]string{
		lab.NoteImageBuild: c.w.NoteImageBuild, lab.NoteImageWait: c.w.NoteImageWait, lab.NoteImageReady: c.w.NoteImageReady,
		lab.NotePowerOn: c.w.NotePowerOn, lab.NoteReady: c.w.NoteReady, lab.NoteCable: c.w.NoteCable,
	}[n.Kind]
	fmt.Fprintln(c.Out, i18n.Fill(text, "host", n.Host, "image", n.Image, "took", seconds(n.Took)))
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) }

// interruptible ends the context at Ctrl-C.
func interruptible(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

func (c *labCmd) up() *cobra.Command {
	var o lab.Options
	var chosen string
	var fresh bool
	cmd := &cobra.Command{Use: "up [N]", Short: c.w.ShortUp, Args: usage(cobra.MaximumNArgs(1))}
	cmd.Flags().StringSliceVar(&o.Hosts, "names", nil, c.w.FlagNames)
	cmd.Flags().StringVar(&o.Image, "image", "", c.w.FlagImage)
	completeWords(cmd, "image", lab.Images()...)
	cmd.Flags().BoolVar(&o.RealPower, "real-power-loss", false, c.w.FlagRealPower)
	cmd.Flags().IntVar(&o.DiskMiB, "disk", 0, c.w.FlagDisk)
	cmd.Flags().StringVar(&chosen, "set", "", c.w.Practice.FlagSet)
	cmd.Flags().BoolVar(&fresh, "fresh", false, c.w.Practice.FlagFresh)
	completeWords(cmd, "set", set.Names()...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if chosen != "" && (len(args) > 0 || len(o.Hosts) > 0 || o.Image != "") {
			return usageError{errors.New(i18n.Fill(c.w.Practice.SetOptions, "set", chosen))}
		}
		if len(args) == 1 {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 || len(o.Hosts) > 0 {
				return usageError{errors.New(i18n.Fill(c.w.BadNumber, "given", args[0]))}
			}
			o.Hosts = lab.DefaultHosts(n)
		}
		l, err := c.open()
		if err != nil {
			return err
		}
		ctx, stop := interruptible(cmd)
		defer stop()
		start := time.Now()
		if chosen != "" {
			err = set.Up(ctx, l, chosen, set.Options{RealPower: o.RealPower, DiskMiB: o.DiskMiB, Fresh: fresh, Notify: c.setNote})
		} else {
			err = l.Up(ctx, o)
		}
		if err != nil {
			return err
		}
		var names []string
		for _, h := range l.Hosts() {
			names = append(names, h.Name+" "+h.Address)
		}
		fmt.Fprintln(c.Out, i18n.Fill(c.w.Up, "hosts", strings.Join(names, ", "), "took", seconds(time.Since(start)),
			"site", l.SitePath()))
		return nil
	}
	return cmd
}

func (c *labCmd) down() *cobra.Command {
	var wipe, images bool
	cmd := &cobra.Command{Use: "down", Short: c.w.ShortDown, Args: usage(cobra.NoArgs)}
	cmd.Flags().BoolVar(&wipe, "wipe", false, c.w.FlagWipe)
	cmd.Flags().BoolVar(&images, "images", false, c.w.FlagImages)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if images && !wipe {
			return usageError{errors.New(c.w.ImagesAlone)}
		}
		l, err := c.open()
		if err != nil {
			return err
		}
		ctx, stop := interruptible(cmd)
		defer stop()
		if err := l.Down(ctx, wipe); err != nil {
			return err
		}
		if images {
			if err := l.WipeImages(); err != nil {
				return err
			}
		}
		text := c.w.Down
		if wipe {
			text = c.w.Wiped
		}
		fmt.Fprintln(c.Out, i18n.Fill(text, "name", l.Name()))
		return nil
	}
	return cmd
}

func (c *labCmd) status() *cobra.Command {
	return &cobra.Command{Use: "status", Short: c.w.ShortStatus, Args: usage(cobra.NoArgs), RunE: func(cmd *cobra.Command, _ []string) error {
		l, err := c.open()
		if err != nil {
			return err
		}
		all, err := l.Status(cmd.Context())
		if err != nil {
			return err
		}
		for _, h := range all {
			fmt.Fprintln(c.Out, c.statusLine(h))
		}
		fmt.Fprintln(c.Out, i18n.Fill(c.w.Site, "site", l.SitePath()))
		return nil
	}}
}

func (c *labCmd) statusLine(h lab.HostStatus) string {
	var says []string
	switch {
	case h.Power == lab.On && h.Answer:
		says = append(says, i18n.Fill(c.w.On, "age", age(h.Since), "boots", strconv.Itoa(h.Boots)))
	case h.Power == lab.On:
		says = append(says, i18n.Fill(c.w.Silent, "age", age(h.Since)))
	case h.Boots == 0:
		says = append(says, c.w.Never)
	default:
		says = append(says, i18n.Fill(c.w.Off, "how", c.ending(h.Last)))
	}
	if !h.Net {
		says = append(says, c.w.NetCut)
	}
	return fmt.Sprintf("%-8s %-12s %s", h.Name, h.Address, strings.Join(says, ", "))
}

func (c *labCmd) ending(e lab.Ending) string {
	switch e {
	case lab.EndPowerOff:
		return c.w.EndPowerOff
	case lab.EndCut:
		return c.w.EndCut
	case lab.EndFailed:
		return c.w.EndFailed
	default:
		return c.w.EndKilled
	}
}

func age(since time.Time) string { return time.Since(since).Round(time.Second).String() }

func (c *labCmd) ssh() *cobra.Command {
	cmd := &cobra.Command{Use: "ssh HOST [COMMAND…]", Short: c.w.ShortSSH, Args: usage(cobra.MinimumNArgs(1)), ValidArgsFunction: onlyFirst(c.completeHosts)}
	cmd.Flags().SetInterspersed(false) // what follows HOST is the command's
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		l, err := c.open()
		if err != nil {
			return err
		}
		command := args[1:]
		if len(command) > 0 && command[0] == "--" {
			command = command[1:] // as people write it; a shell would take it for an option of its own
		}
		line, err := l.SSH(args[0], command...)
		if err != nil {
			return err
		}
		return c.become(line)
	}
	return cmd
}

func (c *labCmd) exec() *cobra.Command {
	cmd := &cobra.Command{Use: "exec COMMAND…", Short: c.w.ShortExec, Args: usage(cobra.MinimumNArgs(1))}
	cmd.Flags().SetInterspersed(false)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		l, err := c.open()
		if err != nil {
			return err
		}
		line, err := l.Inside(args[0], args[1:]...)
		if err != nil {
			return err
		}
		return c.become(line)
	}
	return cmd
}

// become runs a program on our terminal as if it were us.
func (c *labCmd) become(line []string) error {
	signal.Ignore(os.Interrupt, syscall.SIGQUIT) // they are the program's
	defer signal.Reset(os.Interrupt, syscall.SIGQUIT)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.In, c.Out, c.Err
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return ended(exit.ExitCode())
	}
	return err
}

func (c *labCmd) power() *cobra.Command {
	return c.switches("power", c.w.ShortPower, map[string]turn{
		"on":  {c.w.ShortPowerOn, (*lab.Lab).PowerOn, c.w.PoweredOn},
		"off": {c.w.ShortPowerOff, (*lab.Lab).PowerOff, c.w.PoweredOff},
		"cut": {c.w.ShortPowerCut, (*lab.Lab).PowerCut, c.w.PowerWasCut},
	})
}

func (c *labCmd) net() *cobra.Command {
	return c.switches("net", c.w.ShortNet, map[string]turn{
		"cut":  {c.w.ShortNetCut, (*lab.Lab).NetCut, c.w.NetWasCut},
		"heal": {c.w.ShortNetHeal, (*lab.Lab).NetHeal, c.w.NetHealed},
	})
}

// turn is one thing done to hosts.
type turn struct {
	short string
	do    func(*lab.Lab, context.Context, ...string) error
	done  string
}

func (c *labCmd) switches(use, short string, turns map[string]turn) *cobra.Command {
	root := group(use, short)
	var words []string
	for word := range turns {
		words = append(words, word)
	}
	slices.Sort(words)
	for _, word := range words {
		t := turns[word]
		root.AddCommand(&cobra.Command{Use: word + " HOST…", Short: t.short, Args: usage(cobra.MinimumNArgs(1)), ValidArgsFunction: c.completeHosts,
			RunE: func(cmd *cobra.Command, hosts []string) error {
				l, err := c.open()
				if err != nil {
					return err
				}
				if err := lab.CanRun(); err != nil {
					return err
				}
				ctx, stop := interruptible(cmd)
				defer stop()
				if err := t.do(l, ctx, hosts...); err != nil {
					return err
				}
				fmt.Fprintln(c.Out, i18n.Fill(t.done, "hosts", strings.Join(hosts, ", ")))
				return nil
			}})
	}
	return root
}

func (c *labCmd) image() *cobra.Command {
	root := group("image", c.w.ShortImage)
	root.AddCommand(&cobra.Command{Use: "build [" + strings.Join(lab.Images(), "|") + "]…", Short: c.w.ShortImageBuild,
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) == 0 {
				names = lab.Images()
			}
			l, err := c.open()
			if err != nil {
				return err
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			for _, name := range names {
				if err := l.Image(ctx, name); err != nil {
					return err
				}
			}
			return nil
		}})
	return root
}

// hidden are the lab's own processes.
func (c *labCmd) hidden() []*cobra.Command {
	process := func(use string, args cobra.PositionalArgs, do func(*lab.Lab, context.Context, []string) error) *cobra.Command {
		return &cobra.Command{Use: use, Hidden: true, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
			l, err := c.open()
			if err != nil {
				return err
			}
			return do(l, cmd.Context(), args)
		}}
	}
	return []*cobra.Command{
		process("__supervise HOST", cobra.ExactArgs(1), func(l *lab.Lab, ctx context.Context, args []string) error {
			return l.Supervise(ctx, args[0])
		}),
		process("__init HOST", cobra.ExactArgs(1), func(l *lab.Lab, ctx context.Context, args []string) error {
			return l.Init(ctx, args[0])
		}),
		process("__relay", cobra.NoArgs, func(l *lab.Lab, ctx context.Context, _ []string) error {
			return l.Relay(ctx)
		}),
	}
}

// group is a command that only has others below it: alone it shows its help, and a word
// that it does not know is an error.
func group(use, short string) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
}

// usage makes a complaint about arguments one about usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w\n%s", err, cmd.UseLine())}
		}
		return nil
	}
}
