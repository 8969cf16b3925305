package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
)

// world is some hosts as the engine meets them: job folders, claims, boots, files. It fails
// the test on anything that it was not told of. Time is that of the synctest bubble.
type world struct {
	t     *testing.T
	mu    sync.Mutex
	hosts map[string]*machine
	hook  func(call, host string, after bool) error // fault injection, may be nil
}

// machine is one host; it lives on when engines come and go.
type machine struct {
	name   string
	boot   int
	down   time.Time                                    // until when it is down
	cut    bool                                         // the network is gone
	login  time.Duration                                // how long it takes to let somebody in
	hangs  bool                                         // it never does: the dial is given up after login
	asks   func(ctx context.Context, host string) error // what it asks on the way in, may be nil
	broken *problem.Problem                             // why it cannot take a claim
	kv     map[string]string
	files  map[string]File
	claim  *Owner
	jobs   map[string]*fakeJob
	ledger map[string]int // name -> how often it ran
}

type fakeJob struct {
	script   string
	claimed  time.Time
	revoked  bool
	boot     int
	out      string
	code     int
	ends     time.Time
	reboots  bool
	rebooted bool
	stop     bool
	killed   bool // gone without a word
	deaf     bool // TERM does nothing
	undead   bool // nor does KILL
}

func newWorld(t *testing.T, names ...string) *world {
	w := &world{t: t, hosts: map[string]*machine{}}
	for _, n := range names {
		w.hosts[n] = &machine{name: n, boot: 1, kv: map[string]string{}, files: map[string]File{}, jobs: map[string]*fakeJob{}, ledger: map[string]int{}}
	}
	return w
}

// pool is what one engine sees of the world: its connections end with it.
type pool struct {
	w         *world
	mu        sync.Mutex
	connected map[string]int // host -> boot that the connection belongs to
}

func (w *world) pool() *pool { return &pool{w: w, connected: map[string]int{}} }

func (p *pool) Host(name string) (Host, error) {
	m := p.w.hosts[name]
	if m == nil {
		p.w.t.Errorf("the engine asks for host %q, which is not there", name)
		return nil, fmt.Errorf("no host %q", name)
	}
	return &conn{p, m}, nil
}

type conn struct {
	p *pool
	m *machine
}

func bootName(m *machine) string { return fmt.Sprintf("boot-%s-%d", m.name, m.boot) }

// call is the frame of every call: faults, the connection, the host's own time.
func (c *conn) call(ctx context.Context, name string, do func(m *machine) error) error {
	w := c.p.w
	if w.hook != nil {
		if err := w.hook(name, c.m.name, false); err != nil {
			c.drop()
			return err
		}
	}
	err := func() error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		c.m.pass()
		if c.m.cut || time.Now().Before(c.m.down) {
			c.drop()
			return problem.New("remote.tcp.timeout", c.m.name, nil)
		}
		if name != "Connect" && !c.up() {
			return problem.New("remote.lost", c.m.name, nil)
		}
		return do(c.m)
	}()
	if w.hook != nil && err == nil {
		if err := w.hook(name, c.m.name, true); err != nil {
			c.drop()
			return err
		}
	}
	return err
}

func (c *conn) up() bool {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	return c.p.connected[c.m.name] == c.m.boot
}

func (c *conn) drop() {
	c.p.mu.Lock()
	defer c.p.mu.Unlock()
	delete(c.p.connected, c.m.name)
}

// pass lets happen what time brought: a restart takes the host down under its jobs.
func (m *machine) pass() {
	for _, j := range m.jobs {
		if j.reboots && !j.rebooted && j.boot == m.boot && !time.Now().Before(j.ends) {
			j.rebooted = true
			m.restart(20 * time.Second)
		}
	}
}

func (m *machine) restart(takes time.Duration) {
	for _, j := range m.jobs {
		if !j.claimed.IsZero() && time.Now().Before(j.ends) {
			j.rebooted = true
		}
	}
	m.boot++
	m.down = time.Now().Add(takes)
}

func (c *conn) Connect(ctx context.Context) error {
	if c.m.login > 0 && !c.up() {
		if err := rest(ctx, c.m.login); err != nil {
			return err
		}
		if c.m.hangs {
			return problem.New("remote.handshake.timeout", c.m.name, nil)
		}
	}
	if c.m.asks != nil && !c.up() {
		if err := c.m.asks(ctx, c.m.name); err != nil {
			return err
		}
	}
	return c.call(ctx, "Connect", func(m *machine) error {
		c.p.mu.Lock()
		defer c.p.mu.Unlock()
		c.p.connected[m.name] = m.boot
		return nil
	})
}

func (c *conn) Facts(ctx context.Context) (f Facts, err error) {
	err = c.call(ctx, "Facts", func(m *machine) error {
		f = Facts{Boot: bootName(m), Platform: "debian-12"}
		return nil
	})
	return f, err
}

// mocks are the lines of a script that say what the fake does.
func mocks(script string) (lines [][]string) {
	for _, l := range strings.Split(script, "\n") {
		if f := strings.Fields(l); len(f) > 1 && f[0] == "mock" {
			lines = append(lines, f[1:])
		}
	}
	return lines
}

func (c *conn) Probe(ctx context.Context, p job.Probe) (out job.Output, err error) {
	err = c.call(ctx, "Probe", func(m *machine) error {
		lines := mocks(p.Script)
		if len(lines) == 0 {
			c.p.w.t.Errorf("a probe that the fake was not told of:\n%s", p.Script)
		}
		for _, l := range lines {
			switch l[0] {
			case "has":
				if _, ok := m.kv[l[1]]; !ok {
					out.Exit = 1
				}
			case "get":
				out.Stdout = append(out.Stdout, m.kv[l[1]]+"\n"...)
			case "count":
				m.ledger["probe "+l[1]]++
			default:
				c.p.w.t.Errorf("a probe does %q, which the fake was not told of", l)
			}
		}
		return nil
	})
	return out, err
}

func (c *conn) Claim(ctx context.Context, o Owner) (holder Owner, ok bool, err error) {
	err = c.call(ctx, "Claim", func(m *machine) error {
		if m.broken != nil {
			return m.broken
		}
		if m.claim == nil {
			m.claim = &o
		}
		holder, ok = *m.claim, m.claim.Run == o.Run
		return nil
	})
	return holder, ok, err
}

func (c *conn) Release(ctx context.Context, run string) error {
	return c.call(ctx, "Release", func(m *machine) error {
		if m.claim != nil && m.claim.Run == run {
			m.claim = nil
		}
		return nil
	})
}

func (c *conn) TakeOver(ctx context.Context, o, from Owner) error {
	return c.call(ctx, "TakeOver", func(m *machine) error {
		if m.claim != nil && m.claim.Run != from.Run {
			return problem.New("remote.claim.lost", m.name, nil)
		}
		m.claim = &o
		return nil
	})
}

func (c *conn) Prepare(ctx context.Context, s job.Spec) error {
	return c.call(ctx, "Prepare", func(m *machine) error {
		if j := m.jobs[s.ID]; j != nil && j.script != s.Script {
			c.p.w.t.Errorf("job %s is prepared with another script", s.ID)
			return problem.New("remote.job.other", m.name, nil)
		} else if j == nil {
			m.jobs[s.ID] = &fakeJob{script: s.Script}
		}
		return nil
	})
}

func (c *conn) Start(ctx context.Context, s job.Spec) (started bool, err error) {
	err = c.call(ctx, "Start", func(m *machine) error {
		j := m.jobs[s.ID]
		switch {
		case m.claim == nil || m.claim.Run != s.Run:
			return problem.New("remote.claim.lost", m.name, nil)
		case j == nil:
			return problem.New("remote.job.absent", m.name, nil)
		case j.revoked || !j.claimed.IsZero():
			return nil
		}
		started = true
		j.claimed, j.boot = time.Now(), m.boot
		c.run(m, j)
		return nil
	})
	return started, err
}

// run does at once what a script does, and says when it will have ended.
func (c *conn) run(m *machine, j *fakeJob) {
	t := c.p.w.t
	j.ends = time.Now().Add(time.Second)
	if strings.HasSuffix(j.script, rebootScript) {
		if strings.HasPrefix(j.script, "old_boot='"+bootName(m)+"'") || strings.HasPrefix(j.script, "old_boot="+bootName(m)+"\n") {
			m.ledger["reboot"]++
			j.reboots = true
		}
		return
	}
	lines := mocks(j.script)
	if len(lines) == 0 {
		t.Errorf("a job that the fake was not told of:\n%s", j.script)
	}
	for _, l := range lines {
		switch l[0] {
		case "ledger":
			m.ledger[l[1]]++
			for id, other := range m.jobs {
				if other != j && m.state(other) == job.Running {
					t.Errorf("%s starts on %s while job %s runs", l[1], m.name, id)
				}
			}
		case "set":
			m.kv[l[1]] = l[2]
		case "out":
			j.out += strings.Join(l[1:], " ") + "\n"
		case "exit-unless":
			if _, ok := m.kv[l[1]]; !ok {
				j.code = 7
			}
		case "ignores":
			j.deaf, j.undead = true, l[1] == "KILL"
		case "takes":
			d, err := time.ParseDuration(l[1])
			if err != nil {
				t.Error(err)
			}
			j.ends = time.Now().Add(d)
		default:
			t.Errorf("a job does %q, which the fake was not told of", l)
		}
	}
}

func (m *machine) look(id string) job.Look {
	j := m.jobs[id]
	if j == nil {
		return job.Look{Boot: bootName(m)}
	}
	sum := sha256.Sum256([]byte(j.script))
	l := job.Look{Prepared: true, SHA: hex.EncodeToString(sum[:]), Boot: bootName(m), Revoked: j.revoked, Stop: j.stop}
	if j.revoked {
		l.Claim = true
	}
	if j.claimed.IsZero() {
		return l
	}
	l.Claim, l.ClaimAge, l.Running, l.Size = true, time.Since(j.claimed), true, int64(len(j.out))
	l.RunBoot = fmt.Sprintf("boot-%s-%d", m.name, j.boot)
	l.ClaimBoot = l.RunBoot
	if j.rebooted || j.killed {
		return l
	}
	if time.Now().Before(j.ends) {
		l.Unit, l.Alive = true, true
		return l
	}
	if j.stop {
		return l // stopped before its end
	}
	l.Exit, l.Code, l.Bytes = true, j.code, int64(len(j.out))
	return l
}

func (m *machine) state(j *fakeJob) job.State {
	for id, other := range m.jobs {
		if other == j {
			return job.Judge(m.look(id))
		}
	}
	return job.Absent
}

func (c *conn) Look(ctx context.Context, id string) (l job.Look, err error) {
	err = c.call(ctx, "Look", func(m *machine) error { l = m.look(id); return nil })
	return l, err
}

func (c *conn) Revoke(ctx context.Context, id string) (ok bool, err error) {
	err = c.call(ctx, "Revoke", func(m *machine) error {
		if m.jobs[id] == nil {
			m.jobs[id] = &fakeJob{}
		}
		if m.jobs[id].claimed.IsZero() {
			m.jobs[id].revoked = true
		}
		ok = m.jobs[id].revoked
		return nil
	})
	return ok, err
}

func (c *conn) Follow(ctx context.Context, id string, offset int64, w io.Writer) (l job.Look, err error) {
	for {
		err := c.call(ctx, "Follow", func(m *machine) error {
			l = m.look(id)
			if out := m.jobs[id].out; int64(len(out)) > offset {
				// A byte at a time: a fault may fall between any two.
				if _, err := io.WriteString(w, out[offset:]); err != nil {
					return err
				}
				offset = int64(len(out))
			}
			return nil
		})
		if s := job.Judge(l); err != nil || s != job.Running && s != job.Starting {
			return l, err
		}
		if err := rest(ctx, 500*time.Millisecond); err != nil {
			return l, err
		}
	}
}

func (c *conn) Stop(ctx context.Context, id string, hard bool) error {
	return c.call(ctx, "Stop", func(m *machine) error {
		j := m.jobs[id]
		if j == nil {
			return problem.New("remote.job.absent", m.name, nil)
		}
		switch {
		case j.undead || j.deaf && !hard:
			m.ledger["deaf"]++
		case time.Now().Before(j.ends):
			j.stop, j.ends = true, time.Now()
		}
		return nil
	})
}

func (c *conn) Tidy(ctx context.Context, id string) error {
	return c.call(ctx, "Tidy", func(m *machine) error { return nil })
}

func (c *conn) ReadFile(ctx context.Context, path string, most int64) (f File, err error) {
	err = c.call(ctx, "ReadFile", func(m *machine) error {
		var ok bool
		if f, ok = m.files[path]; !ok {
			f = File{Missing: true}
		}
		return nil
	})
	return f, err
}

func (c *conn) WriteFile(ctx context.Context, path string, f File, backup string) error {
	return c.call(ctx, "WriteFile", func(m *machine) error {
		if m.claim == nil || ".stackhand-"+m.claim.Run != backup {
			return problem.New("remote.claim.lost", m.name, nil)
		}
		if old, ok := m.files[path]; ok && !sameFile(old, f) {
			m.files[path+backup] = old
			m.ledger["write "+path]++
		} else if !ok {
			m.ledger["write "+path]++
		}
		m.files[path] = f
		return nil
	})
}
