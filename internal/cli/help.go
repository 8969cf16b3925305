package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stackhand/internal/i18n"
)

// speak gives the whole tree of commands the operator's words: headings, the help and
// completion commands, and the help flag, which cobra has in English only.
func speak(root *cobra.Command, w i18n.Help) {
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(completionCommand(w))
	root.SetHelpCommand(helpCommand(w))
	root.SetUsageFunc(func(c *cobra.Command) error {
		_, err := fmt.Fprint(c.OutOrStderr(), usageText(c, w))
		return err
	})
	root.InitDefaultHelpCmd()
	speakFlags(root, w)
}

func speakFlags(c *cobra.Command, w i18n.Help) {
	c.InitDefaultHelpFlag()
	c.Flags().Lookup("help").Usage = w.FlagHelp
	c.DisableFlagsInUseLine = true // cobra's "[flags]"
	for _, sub := range c.Commands() {
		speakFlags(sub, w)
	}
}

// usageText is how a command is called, the commands below it, and its flags.
func usageText(c *cobra.Command, w i18n.Help) string {
	var b strings.Builder
	line := c.UseLine()
	if c.HasAvailableFlags() {
		line += " " + w.Flags
	}
	fmt.Fprintf(&b, "%s\n", w.HeadUsage)
	if c.Runnable() {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s %s\n", c.CommandPath(), w.Command)
		fmt.Fprintf(&b, "\n%s\n", w.HeadCommands)
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	for _, part := range []struct {
		head  string
		flags *pflag.FlagSet
	}{{w.HeadFlags, c.LocalFlags()}, {w.HeadGlobal, c.InheritedFlags()}} {
		if part.flags.HasAvailableFlags() {
			fmt.Fprintf(&b, "\n%s\n%s", part.head, flagTexts(part.flags, w))
		}
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", i18n.Fill(w.More, "command", c.CommandPath()+" "+w.Command))
	}
	return b.String()
}

// flagTexts is a table of flags.
func flagTexts(flags *pflag.FlagSet, w i18n.Help) string {
	type row struct{ left, right string }
	var rows []row
	width := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		r := row{left: "      --" + f.Name, right: f.Usage}
		if f.Shorthand != "" {
			r.left = "  -" + f.Shorthand + ", --" + f.Name
		}
		switch f.Value.Type() {
		case "bool":
		case "int":
			r.left += " N"
		default:
			r.left += " VALUE"
		}
		if zero := []string{"", "0", "false", "[]"}; !slices.Contains(zero, f.DefValue) {
			r.right += " " + i18n.Fill(w.Default, "value", f.DefValue)
		}
		width = max(width, len(r.left))
		rows = append(rows, r)
	})
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%-*s   %s\n", width, r.left, r.right)
	}
	return b.String()
}

func helpCommand(w i18n.Help) *cobra.Command {
	return &cobra.Command{
		Use: "help " + w.Command, Short: w.Help,
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			if at, _, err := c.Root().Find(args); err == nil && at != nil {
				for _, sub := range at.Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			at, left, err := c.Root().Find(args)
			if err != nil || at == nil || len(args) > 0 && (at == c.Root() || len(left) > 0) {
				return usageError{errors.New(i18n.Fill(w.NoCommand, "name", strings.Join(args, " ")))}
			}
			return at.Help()
		},
	}
}

// shells are those that cobra writes completion scripts for.
func shells() []string { return []string{"bash", "fish", "powershell", "zsh"} }

func completionCommand(w i18n.Help) *cobra.Command {
	return &cobra.Command{
		Use: "completion " + strings.Join(shells(), "|"), Short: w.Completion, Long: w.CompletionLong,
		Args: usage(cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs)), ValidArgs: shells(),
		RunE: func(c *cobra.Command, args []string) error {
			out := c.OutOrStdout()
			switch args[0] {
			case "bash":
				return c.Root().GenBashCompletionV2(out, true)
			case "fish":
				return c.Root().GenFishCompletion(out, true)
			case "powershell":
				return c.Root().GenPowerShellCompletionWithDesc(out)
			}
			return c.Root().GenZshCompletion(out)
		},
	}
}
