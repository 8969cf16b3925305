package engine

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stackhand/internal/run"
	"stackhand/internal/site"
	"stackhand/steps"
)

// rig is one run over a world, whose engine may be killed and started again.
type rig struct {
	t      *testing.T
	w      *world
	dir    *run.Dir
	o      Options
	ledger *secretsInMemory

	mu    sync.Mutex
	point int // how many points were passed since the engine started
	die   int // at which point it is killed, 0 never
	dead  bool
	kill  context.CancelCauseFunc
	where string // what the last point was

	broken func() error // what an append fails with; nil: nothing

	answer func(q *run.QuestionView) run.Command // what the operator says; nil: nothing
}

type secretsInMemory struct {
	mu sync.Mutex
	v  map[string]string
}

func (s *secretsInMemory) Get(n string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.v[n]
	return v, ok
}
func (s *secretsInMemory) Put(n, v string) { s.mu.Lock(); defer s.mu.Unlock(); s.v[n] = v }
func (s *secretsInMemory) Forget(n string) { s.mu.Lock(); defer s.mu.Unlock(); delete(s.v, n) }
func (s *secretsInMemory) All() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.v)
}

func newRig(t *testing.T, procedure string, hosts ...string) *rig {
	t.Helper()
	p, found := steps.Parse("test.yaml", []byte(procedure))
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	s := &site.Site{Name: "lab"}
	for _, h := range hosts {
		s.Hosts = append(s.Hosts, site.Host{Name: h, Roles: []string{"node"}, Addresses: map[string]string{"management": "192.0.2.1"}})
	}
	dir, err := run.Create(quickDir(t), "20260101-000000-abcd", run.Files{Procedure: p.Source})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, w: newWorld(t, hosts...), dir: dir, ledger: &secretsInMemory{v: map[string]string{}}}
	r.w.hook = func(call, host string, after bool) error {
		when := "before "
		if after {
			when = "after "
		}
		return r.pass(when + call + " on " + host)
	}
	r.o = Options{Dir: dir, Procedure: p, Site: s, Secrets: r.ledger, Settings: Settings{OnAsk: "wait"}, Console: "console", Boot: "console-boot", Who: "operator"}
	j, _, err := run.OpenJournal(dir.JournalPath(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(Begin(r.o, dir.ID())); err != nil {
		t.Fatal(err)
	}
	j.Close()
	return r
}

// quickDir is in memory where there is room for it: thousands of syncs are made.
func quickDir(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "stackhand-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

var errKilled = errors.New("the engine is dead")

// pass is a point at which the engine may be killed: from then on nothing that it does has
// any effect, on the journal or on a host.
func (r *rig) pass(where string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.dead {
		return errKilled
	}
	r.point++
	if r.point == r.die {
		r.dead, r.where = true, where
		r.kill(errKilled)
		return errKilled
	}
	return nil
}

// mortal is a journal that a killed engine cannot write to.
type mortal struct {
	r *rig
	j *run.Journal
}

func (m mortal) AppendWith(body func(int64) Body) (Event, error) {
	m.r.mu.Lock()
	dead := m.r.dead
	m.r.mu.Unlock()
	if dead {
		return Event{}, errKilled
	}
	if m.r.broken != nil {
		if err := m.r.broken(); err != nil {
			return Event{}, err
		}
	}
	ev, err := m.j.AppendWith(body)
	if err == nil {
		// It is in the journal, whether the engine comes to know or not.
		err = m.r.pass("after " + ev.Body.EventType())
	}
	return ev, err
}

// run starts an engine and returns when it has left, with the state that the journal holds.
// It must be called in a synctest bubble.
func (r *rig) run(die int) (*run.State, error) {
	r.t.Helper()
	ctx, kill := context.WithCancelCause(context.Background())
	defer kill(nil)
	r.mu.Lock()
	r.point, r.die, r.dead, r.kill = 0, die, false, kill
	r.mu.Unlock()
	j, events, err := run.OpenJournal(r.dir.JournalPath(), time.Now)
	if err != nil {
		r.t.Fatal(err)
	}
	defer j.Close()
	o := r.o
	o.Journal, o.Events, o.Hosts = mortal{r, j}, events, r.w.pool()
	e := New(o)
	// The socket is tried elsewhere: a bubble has no network. Answers go in where it leads to.
	e.serve = func(ctx context.Context, handle func(context.Context, run.Command, run.By) run.Reply) (func(), error) {
		var wg sync.WaitGroup
		wg.Go(func() { r.operator(ctx, e, handle) })
		return wg.Wait, nil
	}
	err = e.Run(ctx)
	synctest.Wait()
	st, bad := r.dir.State()
	if bad != nil {
		r.t.Fatal(bad)
	}
	return st, err
}

// operator answers each question as the test says.
func (r *rig) operator(ctx context.Context, e *Engine, handle func(context.Context, run.Command, run.By) run.Reply) {
	if r.answer == nil {
		return
	}
	told := map[int64]bool{}
	for {
		var open []*run.QuestionView
		if e.await(ctx, func(s *run.State) bool {
			open = slices.DeleteFunc(slices.Clone(s.Questions), func(q *run.QuestionView) bool { return told[q.Seq] })
			return len(open) > 0
		}) != nil {
			return
		}
		for _, q := range open {
			told[q.Seq] = true
			c := r.answer(q)
			if c.Do == "" {
				r.t.Logf("nobody answers %s %s: %v", q.Q.Kind, q.Q.Unit, q.Q.Problem)
				continue
			}
			if c.Question == 0 {
				c.Question = q.Seq
			}
			if reply := handle(ctx, c, run.By{UID: 1}); !reply.OK && reply.Error != run.ReplyStale && reply.Error != run.ReplyUnknown && reply.Error != run.ReplyDisk && reply.Error != run.ReplyJournal {
				r.t.Errorf("the engine refuses %+v to %s: %s", c, q.Q.Kind, reply.Error)
			}
		}
	}
}

// events reads the journal.
func (r *rig) events() []run.Event {
	r.t.Helper()
	f, err := os.Open(r.dir.JournalPath())
	if err != nil {
		r.t.Fatal(err)
	}
	defer f.Close()
	events, _, err := run.ReadJournal(f)
	if err != nil {
		r.t.Fatal(err)
	}
	return events
}

// say answers by kind.
func say(values map[string]string) func(q *run.QuestionView) run.Command {
	return func(q *run.QuestionView) run.Command {
		v, ok := values[q.Q.Kind]
		if !ok {
			return run.Command{}
		}
		if v == "TYPED" {
			v = q.Q.Typed
		}
		return run.Command{Do: "answer", Value: v, Reason: "as the test says"}
	}
}

// deaf serves nobody.
func (r *rig) deaf(context.Context, func(context.Context, run.Command, run.By) run.Reply) (func(), error) {
	return func() {}, nil
}
