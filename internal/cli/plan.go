package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"stackhand/internal/engine"
	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/remote"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/internal/secret"
	"stackhand/steps"
)

func planCommand(env *environment) *cobra.Command {
	r := &request{}
	w := env.Words.CLI
	c := &cobra.Command{
		Use: "plan PROCEDURE", Short: w.Plan, Args: usage(cobra.ExactArgs(1)),
		ValidArgsFunction: onlyFirst(completeProcedures(env)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := r.prepare(env, args[0])
			if err != nil {
				return err
			}
			e, done, err := r.planner(env, o, r.askAtTerminal(env))
			if err != nil {
				return err
			}
			defer done()
			v := &planView{env: env, p: o.Procedure, json: r.json, count: map[engine.PlanFinding]int{}}
			v.head(o.Site.Name)
			err = e.Plan(cmd.Context(), v.line)
			v.foot()
			if errors.Is(err, engine.ErrUnreachable) {
				return ended(run.ExitUnreachable)
			}
			return err
		},
	}
	r.paramFlags(c, w)
	c.Flags().BoolVar(&r.json, "json", false, w.FlagJSON)
	return c
}

// planner is an engine that only looks: its journal is in memory, and secrets that nobody
// made yet are of its own, so that nothing is written.
func (r *request) planner(env *environment, o *engine.Options, ask remote.Asker) (*engine.Engine, func(), error) {
	store := o.Secrets.(*secret.Store)
	for _, p := range o.Procedure.EverySecret() {
		if _, ok := store.Get(p.Name); !ok {
			g := steps.Generate{Length: 24}
			if p.Generate != nil {
				g = *p.Generate
			}
			v, err := g.Make(random{})
			if err != nil {
				return nil, nil, err
			}
			store.Put(p.Name, v)
		}
	}
	journal := &engine.Memory{}
	id := "plan"
	begin := engine.Begin(*o, id)
	first, err := journal.AppendWith(func(int64) engine.Body { return begin })
	if err != nil {
		return nil, nil, err
	}
	o.Journal, o.Events = journal, []run.Event{first}
	hosts, closeHosts := newHosts(env, o.Site, ask)
	o.Hosts = hosts
	return engine.New(*o), closeHosts, nil
}

// planView prints a plan.
type planView struct {
	env   *environment
	p     *steps.Procedure
	json  bool
	step  string
	count map[engine.PlanFinding]int
}

func (v *planView) head(site string) {
	if !v.json {
		fmt.Fprintln(v.env.Out, i18n.Fill(v.env.Words.CLI.PlanHead, "title", v.p.Title.In(v.env.Words.Lang), "site", site))
	}
}

// planJSON is a line of plan --json.
type planJSON struct {
	Unit    run.Unit           `json:"unit"`
	Finding engine.PlanFinding `json:"finding"`
	Checks  []run.Check        `json:"checks,omitempty"`
	Diff    string             `json:"diff,omitempty"`
	Why     string             `json:"why,omitempty"`
	Problem *problem.Problem   `json:"problem,omitempty"`
}

func (v *planView) line(l engine.PlanLine) {
	v.count[l.Finding]++
	if v.json {
		data, _ := json.Marshal(planJSON(l)) // plain data, which always marshals
		fmt.Fprintln(v.env.Out, string(data))
		return
	}
	w, out := v.env.Words.CLI, v.env.Out
	if v.step != l.Unit.Step {
		v.step = l.Unit.Step
		title := v.step
		for _, s := range v.p.Unfold() {
			if s.ID == v.step && !s.Title.Empty() {
				title = strings.Repeat("  ", strings.Count(s.ID, "/")) + s.Title.In(v.env.Words.Lang)
			}
		}
		fmt.Fprintf(out, "\n%s\n", title)
	}
	where := ""
	if l.Unit.Host != "" {
		where = l.Unit.Host + ": "
	}
	if l.Unit.Item != "" {
		where += l.Unit.Item + ": "
	}
	fmt.Fprintf(out, "  %s%s\n", where, planWord(v.env.Words, l.Finding))
	for _, c := range l.Checks {
		if c.Phase == "means" && !c.Title.Empty() {
			on := ""
			if c.On != "" {
				on = c.On + ": "
			}
			fmt.Fprintln(out, "    "+on+i18n.Word(v.env.Words.Runbook.Levels, c.Level)+": "+c.Title.In(v.env.Words.Lang))
			continue
		}
		if !c.OK {
			name := c.ID
			if !c.Title.Empty() {
				name = c.Title.In(v.env.Words.Lang)
			}
			fmt.Fprintln(out, "    "+i18n.Fill(w.PlanFound, "check", name, "expected", logtext.Clean([]byte(c.Expected)), "found", logtext.Clean([]byte(c.Found))))
		}
	}
	for _, d := range strings.Split(strings.TrimRight(logtext.Clean([]byte(l.Diff)), "\n"), "\n") {
		if l.Diff != "" {
			fmt.Fprintln(out, "    "+d)
		}
	}
	if l.Problem != nil {
		what, next := v.env.Words.Problem(string(l.Problem.Code), l.Problem.Host, l.Problem.Args)
		for _, text := range []string{what, l.Problem.Cause, next} {
			if text != "" {
				fmt.Fprintln(out, "    "+logtext.Clean([]byte(text)))
			}
		}
	}
}

// planWord is a finding in a catalogue's words.
func planWord(w *i18n.Catalogue, f engine.PlanFinding) string {
	return map[engine.PlanFinding]string{
		engine.PlanAlready: w.CLI.PlanAlready, engine.PlanChange: w.CLI.PlanChange, engine.PlanOpaque: w.CLI.PlanOpaque,
		engine.PlanReads: w.CLI.PlanReads, engine.PlanAsks: w.CLI.PlanAsks, engine.PlanSkips: w.CLI.PlanSkips,
		engine.PlanLater: w.CLI.PlanLater, engine.PlanUnknown: w.CLI.PlanUnknown,
		engine.PlanCalls: w.Runbook.PlanCalls, engine.PlanHolds: w.Runbook.PlanHolds, engine.PlanRefuses: w.Runbook.PlanRefuses,
	}[f]
}

func (v *planView) foot() {
	if v.json {
		return
	}
	w := v.env.Words.CLI
	n := func(f ...engine.PlanFinding) string {
		sum := 0
		for _, one := range f {
			sum += v.count[one]
		}
		return strconv.Itoa(sum)
	}
	fmt.Fprintf(v.env.Out, "\n%s\n%s\n", i18n.Fill(w.PlanSummary,
		"already", n(engine.PlanAlready), "change", n(engine.PlanChange, engine.PlanOpaque), "unknown", n(engine.PlanUnknown, engine.PlanLater)), w.PlanOnlyRead)
}
