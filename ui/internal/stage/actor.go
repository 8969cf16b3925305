package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// actor writes a run as an engine would.
type actor struct {
	dir    *run.Dir
	j      *run.Journal
	pace   time.Duration
	unlock func() error

	mu   sync.Mutex
	st   *run.State
	wake chan struct{}
	end  context.CancelFunc
}

var errOver = errors.New("the run is over")

func newActor(d *run.Dir, pace time.Duration) (*actor, error) {
	unlock, err := d.Lock()
	if err != nil {
		return nil, err
	}
	j, events, err := run.OpenJournal(d.JournalPath(), time.Now)
	if err != nil {
		unlock()
		return nil, err
	}
	return &actor{dir: d, j: j, pace: pace, unlock: unlock, st: run.Fold(events), wake: make(chan struct{}, 1)}, nil
}

// perform plays the run from where its journal is.
func (a *actor) perform(ctx context.Context) {
	defer a.unlock()
	defer a.j.Close()
	ctx, a.end = context.WithCancel(ctx)
	defer a.end()
	wait, err := a.dir.Serve(ctx, a.command)
	if err != nil {
		return
	}
	defer wait()
	defer a.end()
	if err := a.steps(ctx); err != nil && !errors.Is(err, errOver) {
		a.append(run.RunParked{Why: "stopped"})
	}
}

func (a *actor) append(b run.Body) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, err := a.j.Append(b)
	if err != nil {
		return 0
	}
	a.st.Apply(e)
	return e.Seq
}

// command takes what a viewer sends.
func (a *actor) command(_ context.Context, c run.Command, by run.By) run.Reply {
	defer func() {
		select {
		case a.wake <- struct{}{}:
		default:
		}
	}()
	switch c.Do {
	case "answer", "secret":
		a.mu.Lock()
		open := false
		for _, q := range a.st.Questions {
			open = open || q.Seq == c.Question
		}
		a.mu.Unlock()
		if !open {
			return run.Reply{Error: run.ReplyStale}
		}
		return run.Reply{OK: true, Seq: a.append(run.Answer{Question: c.Question, Value: c.Value, Reason: c.Reason, By: &by})}
	case "cancel":
		a.append(run.RunEnded{Outcome: "cancelled"})
		a.end()
		return run.Reply{OK: true}
	case "park":
		a.append(run.RunParked{Why: "stopped", By: &by})
		a.end()
		return run.Reply{OK: true}
	case "drop":
		return run.Reply{OK: true, Seq: a.append(run.HostState{Host: c.Host, State: run.HostDropped})}
	}
	return run.Reply{Error: run.ReplyInvalid}
}

// Started is the first event of the play.
func Started(id string) run.RunStarted {
	p := Procedure()
	b := run.RunStarted{Run: id, Procedure: p.ID, Kind: p.Kind, Title: p.Title, Site: "lab", Hosts: []string{"ctl1", "cmp1", "cmp2"}, Console: "console"}
	for _, st := range p.Steps {
		ps := run.PlannedStep{ID: st.ID, Title: st.Title, About: st.About, Action: st.Action, Risk: st.Risk, Hosts: hostsOf(st), When: st.When.Text}
		if st.Normal != nil {
			ps.Normal = st.Normal.Say
		}
		b.Plan = append(b.Plan, ps)
	}
	return b
}

func (a *actor) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return errOver
	case <-time.After(a.pace):
		return nil
	}
}

func (a *actor) steps(ctx context.Context) error {
	if a.st.Seq == 0 {
		a.append(Started(a.dir.ID()))
	}
	a.append(run.EngineStarted{PID: os.Getpid()})
	for _, h := range a.st.Run.Hosts {
		if v := a.st.Hosts[h]; v.State == "" {
			a.append(run.HostState{Host: h, State: run.HostReached, Platform: "debian-12"})
		}
	}
	for i, st := range Procedure().Steps {
		v := a.st.Step(st.ID)
		if v.Phase.Settled() {
			continue
		}
		var units []run.Unit
		for _, h := range hostsOf(st) {
			units = append(units, run.Unit{Step: st.ID, Host: h})
		}
		if !v.Ready {
			a.append(run.UnitReady{Step: st.ID, Units: units})
		}
		for _, u := range units {
			if a.st.Unit(u).Phase.Settled() {
				continue
			}
			if err := a.unit(ctx, i, st, u); err != nil {
				return err
			}
		}
	}
	a.append(run.RunEnded{Outcome: "done", Say: i18n.Text{En: "Every check holds.", Ko: "모든 검증을 통과했습니다."}})
	return errOver
}

func (a *actor) unit(ctx context.Context, i int, st steps.Step, u run.Unit) error {
	check := func(phase string, ok bool, attempt int) {
		found := "active"
		if !ok {
			found = "failed (Result: exit-code)"
		}
		a.append(run.Check{Unit: u, Attempt: attempt, Phase: phase, ID: "active", Title: i18n.Text{En: "the service answers", Ko: "서비스 응답"}, OK: ok, Expected: "active", Found: found,
			Remedy: i18n.Text{En: "look into its journal: journalctl -u chrony", Ko: "저널을 확인하십시오: journalctl -u chrony"}})
	}
	check("check", i == 0, 1)
	if i == 0 {
		a.append(run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeAlready, Millis: 420})
		return nil
	}
	if st.Confirm != nil {
		v, err := a.ask(ctx, run.Question{Kind: run.AskConfirm, Unit: u, Attempt: 1, Say: st.Confirm.Say, Typed: u.Host, Hosts: []string{u.Host}})
		if err != nil {
			return err
		}
		if v.Value != u.Host && v.Value != "yes" {
			a.append(run.UnitSkipped{Unit: u, Why: "operator"})
			return nil
		}
	}
	for attempt := 1; ; attempt++ {
		code, err := a.job(ctx, st, u, attempt)
		if err != nil {
			return err
		}
		bad := st.ID == "queue" && attempt == 1
		check("verify", !bad && code == 0, attempt)
		if !bad {
			a.append(run.UnitEnded{Unit: u, Attempt: attempt, Outcome: run.OutcomeDone, Millis: int64(8 * a.pace / time.Millisecond)})
			return nil
		}
		p := problem.New("engine.job.exit", u.Host, errors.New("exit status 100"), "code", "100", "step", st.ID).WithOutput("E: Unable to locate package rabbitmq-server\nE: Sub-process returned an error code (100)")
		a.append(run.UnitEnded{Unit: u, Attempt: attempt, Outcome: run.OutcomeFailed, Problem: p, Millis: 2100})
		v, err := a.ask(ctx, run.Question{Kind: run.AskFailed, Unit: u, Attempt: attempt, Options: []string{"retry", "edit", "skip", "drop", "stop"}, Problem: p})
		if err != nil {
			return err
		}
		switch v.Value {
		case "skip":
			a.append(run.UnitSkipped{Unit: u, Why: "operator", Reason: v.Reason, By: v.By})
			return nil
		case "drop":
			a.append(run.HostState{Host: u.Host, State: run.HostDropped})
			return nil
		case "stop":
			a.append(run.RunEnded{Outcome: "failed"})
			return errOver
		}
	}
}

// job prints some lines into a log.
func (a *actor) job(ctx context.Context, st steps.Step, u run.Unit, attempt int) (int, error) {
	log := fmt.Sprintf("%s-%s-%d.log", st.ID, u.Host, attempt)
	id := a.dir.ID() + "-" + st.ID + "-" + u.Host
	a.append(run.JobIntent{Job: id, Unit: u, Attempt: attempt, Log: log})
	a.append(run.JobClaimed{Job: id})
	f, err := os.OpenFile(a.dir.LogPath(log), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 1, err
	}
	defer f.Close()
	n := 0
	for i := range 8 {
		m, _ := fmt.Fprintf(f, "Reading package lists... %d%%\rReading package lists... done\nGet:%d http://mirror.example bookworm/main amd64 package-%d [%d kB]\n\x1b[32mSetting up\x1b[m package-%d (1.0-%d) 설정하는 중 password=hunter2\n", i*12, i, i, i*77, i, i)
		n += m
		if err := a.pause(ctx); err != nil {
			return 1, err
		}
	}
	a.append(run.JobEnded{Job: id, State: job.Done, Bytes: int64(n)})
	return 0, nil
}

// ask waits for the operator.
func (a *actor) ask(ctx context.Context, q run.Question) (run.Answer, error) {
	a.mu.Lock()
	var seq int64
	for _, v := range a.st.Questions {
		if v.Q.Unit == q.Unit && v.Q.Kind == q.Kind {
			seq = v.Seq
		}
	}
	a.mu.Unlock()
	if seq == 0 {
		seq = a.append(q)
	}
	for {
		a.mu.Lock()
		for _, v := range a.st.Answered {
			if v.Seq == seq {
				a.mu.Unlock()
				return *v.Answer, nil
			}
		}
		a.mu.Unlock()
		select {
		case <-a.wake:
		case <-ctx.Done():
			return run.Answer{}, errOver
		}
	}
}
