package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"stackhand/internal/run"
	"stackhand/steps"
)

// Completion has nowhere to complain: what cannot be read completes to nothing.

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// onlyFirst completes the first argument and none after it.
func onlyFirst(c completion) completion {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return c(cmd, args, begun)
	}
}

// completeProcedures gives the procedures by name; a file will do too.
func completeProcedures(env *environment) completion {
	return func(*cobra.Command, []string, string) (all []string, _ cobra.ShellCompDirective) {
		for _, folder := range libraries(env) {
			names, _ := steps.Names(folder)
			all = append(all, names...)
		}
		return all, cobra.ShellCompDirectiveDefault
	}
}

// completeRuns gives the runs, newest first.
func completeRuns(env *environment) completion {
	return onlyFirst(func(*cobra.Command, []string, string) (all []string, _ cobra.ShellCompDirective) {
		list, _ := run.List(run.Root(env.getenv))
		for _, s := range list {
			all = append(all, cobra.CompletionWithDesc(s.ID, s.Procedure+", "+s.Site+": "+s.Outcome))
		}
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	})
}

// completeHosts gives the hosts of the site that --site, or nothing, means.
func completeHosts(env *environment, path *string) completion {
	return func(*cobra.Command, []string, string) (all []string, _ cobra.ShellCompDirective) {
		if s, err := findSite(env, *path); err == nil {
			for _, h := range s.Hosts {
				all = append(all, h.Name)
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeHosts gives the practice hosts that are not named yet.
func (c *labCmd) completeHosts(_ *cobra.Command, args []string, _ string) (all []string, _ cobra.ShellCompDirective) {
	if l, err := c.open(); err == nil {
		for _, h := range l.Hosts() {
			if !slices.Contains(args, h.Name) {
				all = append(all, h.Name)
			}
		}
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// completeYAML says that a flag is a YAML file. It is called right after the flag was made,
// so that the flag is there.
func completeYAML(c *cobra.Command, flag string) {
	flags := c.Flags()
	if flags.Lookup(flag) == nil {
		flags = c.PersistentFlags()
	}
	cobra.MarkFlagFilename(flags, flag, "yaml", "yml")
}

// completeWords says which values a flag takes.
func completeWords(c *cobra.Command, flag string, words ...string) {
	c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}
