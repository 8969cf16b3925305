// Package stage is a backend for trying the screens: a site, a procedure, and runs in real
// run directories, whose journals and logs an actor writes as an engine would (it holds the
// lock, answers the control socket, waits for answers). Tests and the look program use it;
// nothing that is shipped does.
package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/internal/site"
	"stackhand/steps"
	"stackhand/ui"
)

// Backend plays a site with three hosts.
type Backend struct {
	Root string        // of the runs
	Pace time.Duration // how long things take; 0: no time at all
	Bad  bool          // a host cannot be reached
	Key  bool          // a host shows an unknown key
	Full bool          // drafts cannot be saved
	Held string        // draft that is open on another screen
	Now  time.Time     // when drafts were changed

	wg     sync.WaitGroup
	drafts drafts
}

// Wait joins the actors.
func (b *Backend) Wait() { b.wg.Wait() }

// SiteOf is the site.
func SiteOf() *site.Site {
	host := func(name, addr string, roles ...string) site.Host {
		return site.Host{Name: name, Roles: roles, Addresses: map[string]string{"management": addr}}
	}
	return &site.Site{Name: "lab", TimeZone: "UTC", Hosts: []site.Host{
		host("ctl1", "192.0.2.11", "controller", "database"), host("cmp1", "192.0.2.21", "compute"), host("cmp2", "192.0.2.22", "compute"),
	}}
}

func (b *Backend) Site(context.Context) (*ui.SiteInfo, error) {
	return &ui.SiteInfo{Site: SiteOf(), Practice: true}, nil
}

func (b *Backend) Procedures(context.Context) ([]*steps.Procedure, error) {
	return []*steps.Procedure{Procedure()}, nil
}

func (b *Backend) Params(_ context.Context, id string) ([]ui.Param, error) {
	if id != Procedure().ID {
		return nil, fmt.Errorf("there is no procedure %q", id)
	}
	var out []ui.Param
	for _, p := range Procedure().Params {
		v := ""
		if p.Default != nil {
			v = *p.Default
		}
		out = append(out, ui.Param{Param: p, Value: v, Saved: p.Name == "rabbit_password"})
	}
	return out, nil
}

func (b *Backend) CheckParams(_ context.Context, _ string, values map[string]string) (map[string]*problem.Problem, error) {
	if values["region"] == "forbidden" {
		return map[string]*problem.Problem{"region": problem.New("steps.param.value", "", errors.New("this name is taken"))}, nil
	}
	return nil, nil
}

func (b *Backend) pause(ctx context.Context) {
	if b.Pace == 0 {
		return
	}
	select {
	case <-time.After(b.Pace):
	case <-ctx.Done():
	}
}

func (b *Backend) Survey(ctx context.Context, talk ui.Talk) error {
	ok := func(text string) *ui.Cell { return &ui.Cell{OK: true, Text: text} }
	for i, h := range SiteOf().Hosts {
		r := ui.HostRow{Host: h.Name}
		if b.Bad && h.Name == "cmp2" {
			b.pause(ctx)
			r.Reach = &ui.Cell{Text: "192.0.2.22:22"}
			r.Problem = problem.New("remote.tcp.refused", h.Name, errors.New("dial tcp 192.0.2.22:22: connection refused"), "address", "192.0.2.22:22")
			talk.Row(r)
			continue
		}
		for _, set := range []func(){
			func() { r.Reach = ok(fmt.Sprintf("%d ms", i+1)) }, func() { r.Trust = ok("ed25519") }, func() { r.Login = ok("root") },
			func() { r.Sudo = ok("root") }, func() { r.Platform = ok("debian-12") }, func() { r.Clock = ok(fmt.Sprintf("+0.%d s", i)) },
		} {
			b.pause(ctx)
			if b.Key && h.Name == "cmp1" && r.Reach != nil && r.Trust == nil {
				answer, yes := talk.Ask(ctx, ui.LoginQuestion{Kind: run.AskHostKey, Host: h.Name, Args: map[string]string{
					"type": "ssh-ed25519", "fingerprint": "SHA256:uNiVztksCsDhcc0u9e8BrBJnPzqgxmEWzfPJRXYmWQ4"}})
				if !yes || answer != "yes" {
					r.Trust = &ui.Cell{Text: "ed25519"}
					r.Problem = problem.New("remote.key.unknown", h.Name, nil)
					talk.Row(r)
					break
				}
			}
			set()
			talk.Row(r)
		}
	}
	return ctx.Err()
}

func (b *Backend) Plan(ctx context.Context, _ string, _ map[string]string, tell func(ui.PlanLine)) error {
	for i, st := range Procedure().Steps {
		for _, h := range hostsOf(st) {
			b.pause(ctx)
			l := ui.PlanLine{Unit: run.Unit{Step: st.ID, Host: h}, Title: st.Title, State: ui.PlanChange}
			switch {
			case i == 0:
				l.State = ui.PlanAlready
			case st.ID == "options":
				l.Diff = "--- /etc/mysql/mariadb.conf.d/99-openstack.cnf\n+++ /etc/mysql/mariadb.conf.d/99-openstack.cnf\n@@ -0,0 +1,2 @@\n+[mysqld]\n+bind-address = 192.0.2.11\n"
			case st.Action == steps.ActRun:
				l.State = ui.PlanOpaque
			}
			l.Checks = []run.Check{{Unit: l.Unit, Phase: "check", ID: "c1", Title: i18n.Text{En: "the service answers", Ko: "서비스 응답"}, OK: i == 0, Expected: "active", Found: map[bool]string{true: "active", false: "inactive"}[i == 0]}}
			tell(l)
		}
	}
	return ctx.Err()
}

// hostsOf are the hosts of a step.
func hostsOf(st steps.Step) []string {
	var out []string
	s := SiteOf()
	for _, r := range st.On.Roles {
		for _, h := range s.Role(r) {
			out = append(out, h.Name)
		}
	}
	return out
}

// Start makes a run directory and an actor that plays the run.
func (b *Backend) Start(ctx context.Context, _ string, values, _ map[string]string) (string, error) {
	id := run.NewID(time.Now())
	d, err := run.Create(b.Root, id, run.Files{Procedure: []byte("id: play\n"), Site: []byte("name: lab\n"), Settings: []byte("{}\n")})
	if err != nil {
		return "", err
	}
	return d.Path(), b.play(ctx, d)
}

// play has the actor take the run.
func (b *Backend) play(ctx context.Context, d *run.Dir) error {
	a, err := newActor(d, b.Pace)
	if err != nil {
		return err
	}
	b.wg.Go(func() { a.perform(ctx) })
	return nil
}

func (b *Backend) Runs(context.Context) ([]ui.RunInfo, error) {
	all, err := run.List(b.Root)
	return ui.RunsOf(all), err
}

func (b *Backend) Open(ctx context.Context, dir string) (ui.Watcher, error) {
	d, err := run.OpenDir(dir)
	if err != nil {
		return nil, err
	}
	return &ui.DirWatcher{
		Dir:        d,
		RedactFunc: func(p []byte) []byte { return []byte(strings.ReplaceAll(string(p), "hunter2", "*****")) },
		ScriptFunc: func(_ context.Context, u run.Unit) (string, error) {
			if p, err := os.ReadFile(filepath.Join(dir, "edits", u.Step)); err == nil {
				return string(p), nil
			}
			for _, st := range Procedure().Steps {
				if st.ID == u.Step && st.Script.All != "" {
					return st.Script.All, nil
				}
			}
			return "", fmt.Errorf("step %s runs no script", u.Step)
		},
		EditFunc: func(ctx context.Context, q int64, hosts []string, text string) error {
			st, err := d.State()
			if err != nil {
				return err
			}
			for _, v := range st.Questions {
				if v.Seq != q {
					continue
				}
				if err := os.WriteFile(d.EditPath(v.Q.Unit.Step), []byte(text), 0o600); err != nil {
					return err
				}
				r, err := d.Send(ctx, run.Command{Do: "answer", Question: q, Value: "edit", Hosts: hosts})
				if err == nil && !r.OK {
					err = errors.New(r.Error)
				}
				return err
			}
			return errors.New(run.ReplyStale)
		},
		EngineFunc: func(context.Context) error { return b.play(ctx, d) },
	}, nil
}

func (b *Backend) Report(_ context.Context, dir string) (string, error) {
	d, err := run.OpenDir(dir)
	if err != nil {
		return "", err
	}
	st, err := d.State()
	if err != nil {
		return "", err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\nsite %s, run %s\n\n", st.Run.Title.En, st.Run.Site, st.Run.Run)
	for _, s := range st.Steps {
		fmt.Fprintf(&out, "- %s: %s\n", s.ID, s.Phase)
	}
	return out.String(), nil
}
