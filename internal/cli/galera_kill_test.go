//go:build linux

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"stackhand/internal/job"
	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
	"stackhand/internal/site"
)

// TestGaleraKilledEverywhere kills the engine after each event that it writes in a recovery, one
// run for each, and attaches: every run ends well, and no job ran twice. The three database hosts
// of the set are three clusters of one node here, side by side, to be done in time; of facts
// that one look writes in a row only the first and the last count.
func TestGaleraKilledEverywhere(t *testing.T) {
	if os.Getenv("STACKHAND_LONG") == "" {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	l := labtest.Galera(t)
	lanes := set.Databases()
	galeraSingles(t, l, lanes...)
	console := galeraConsole(t, l, lanes[0])
	list := filepath.Join(console.home, "points")
	galeraKillNode(t, l, lanes[0])
	out, status := console.do([]string{"STACKHAND_TEST_DIE=0", "STACKHAND_TEST_POINTS=" + list}, console.galeraArgs(lanes[0])...)
	if status != 0 {
		t.Fatalf("undisturbed: exit status %d\n%s", status, out)
	}
	points := galeraPoints(t, list)
	if len(points) < 60 {
		t.Fatalf("only %d points: %v", len(points), points)
	}
	// For parts of it: only each nth, from one on. Together the parts 0 to n-1 are all.
	every, _ := strconv.Atoi(os.Getenv("STACKHAND_EVERY"))
	part, _ := strconv.Atoi(os.Getenv("STACKHAND_PART"))
	every = max(1, every)
	t.Logf("%d points; part %d of %d", len(points), part%every, every)
	for i, db := range lanes {
		t.Run(db, func(t *testing.T) {
			t.Parallel()
			c := galeraConsole(t, l, db)
			for n := part%every + i*every; n < len(points); n += len(lanes) * every {
				galeraKillNode(t, l, db)
				c.galeraDies(l, db, points[n])
				if t.Failed() {
					t.Fatalf("at point %d: %v", n, points[n])
				}
				t.Logf("point %d of %d: %v", n, len(points), points[n])
			}
			c.onceEach(l)
		})
	}
}

// galeraSingles makes each database host of the set a cluster of its own.
func galeraSingles(t *testing.T, l *lab.Lab, lanes ...string) {
	t.Helper()
	for _, db := range set.Databases() {
		galeraOn(t, l, db, "timeout 60 systemctl stop mariadb; systemctl stop haproxy keepalived rabbitmq-server 2>/dev/null; true")
	}
	for _, db := range lanes {
		galeraOn(t, l, db, `printf '[galera]\nwsrep_cluster_name = "only-%s"\nwsrep_cluster_address = gcomm://%s\n' "$(hostname)" "$(hostname -I | cut -d' ' -f1)" >/etc/mysql/mariadb.conf.d/zz-test.cnf
rm -f /var/lib/mysql/gvwstate.dat; sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' /var/lib/mysql/grastate.dat; timeout 60 galera_new_cluster`)
	}
}

// point is where an engine may die.
type point struct {
	n    int
	name string
}

// galeraPoints are the points after an event, as an undisturbed run listed them.
func galeraPoints(t *testing.T, path string) (all []point) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		number, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !strings.HasPrefix(name, "journal ") {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		p := point{n, name}
		if k := len(all); k > 1 && name == "journal fact" && all[k-1].name == name && all[k-2].name == name {
			all[k-1] = p
			continue
		}
		all = append(all, p)
	}
	return all
}

// galeraConsole is a console whose site is one database host.
func galeraConsole(t *testing.T, l *lab.Lab, db string) *testConsole {
	t.Helper()
	c := newConsole(t, l)
	s, err := site.Load(l.SitePath())
	if err != nil {
		t.Fatal(err)
	}
	s.Hosts = slices.DeleteFunc(s.Hosts, func(h site.Host) bool { return h.Name != db })
	s.Hosts[0].Roles, s.Virtual = []string{"database"}, nil
	text, err := yaml.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	c.site = filepath.Join(c.home, "site.yaml")
	if err := os.WriteFile(c.site, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *testConsole) galeraArgs(db string, more ...string) []string {
	return append([]string{"run", "galera-recovery", "--site", c.site, "--plain", "--decide", "bootstrap=" + db}, more...)
}

// galeraKillNode is the fault: mysqld dies, and nothing starts it again.
func galeraKillNode(t *testing.T, l *lab.Lab, db string) {
	t.Helper()
	galeraOn(t, l, db, `systemctl kill -s KILL mariadb; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb 2>/dev/null; ! pgrep -x mariadbd`)
}

func galeraOn(t *testing.T, l *lab.Lab, host, script string) string {
	t.Helper()
	out, err := l.Run(t.Context(), host, script)
	if err != nil {
		t.Fatalf("%s: %v", host, err)
	}
	return strings.TrimSpace(out)
}

// galeraDead is a recovery whose engine killed itself at a point, and what line mode said of it.
func (c *testConsole) galeraDead(db string, p point) (*run.Dir, string) {
	c.t.Helper()
	before := len(c.runs())
	first, _ := c.do([]string{fmt.Sprintf("STACKHAND_TEST_DIE=%d", p.n)}, c.galeraArgs(db, "--detach")...)
	list := c.runs()
	if len(list) != before+1 {
		c.t.Fatalf("%v: no run was made:\n%s", p, first)
	}
	dir := list[0].Dir
	for end := time.Now().Add(3 * time.Minute); dir.EngineAlive(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("%v: the engine does not die", p)
		}
	}
	return dir, first
}

// galeraDies begins a recovery whose engine kills itself at a point, and attaches.
func (c *testConsole) galeraDies(l *lab.Lab, db string, p point) {
	c.t.Helper()
	dir, first := c.galeraDead(db, p)
	out, status := c.do(nil, "attach", dir.ID(), "--plain", "--decide", "bootstrap="+db)
	st, err := dir.State()
	if err != nil {
		c.t.Fatal(err)
	}
	if status != 0 || st.Ended == nil || st.Ended.Outcome != "done" {
		c.t.Errorf("%v: exit status %d\n%s\n%s", p, status, first, out)
		return
	}
	done := 0
	for _, u := range st.Step("bootstrap").Units {
		for _, j := range u.Jobs {
			if j.Ended != nil && j.Ended.State == job.Done {
				done++
			}
		}
	}
	if done != 1 {
		c.t.Errorf("%v: the cluster was started %d times", p, done)
	}
	if got := galeraOn(c.t, l, db, `mysql -NBe "SHOW STATUS LIKE 'wsrep_cluster_status'"; mysql -NBe 'SELECT COUNT(*) FROM nova.instances'`); !strings.HasPrefix(got, "wsrep_cluster_status\tPrimary\n6") {
		c.t.Errorf("%v: afterwards %q", p, got)
	}
	if left := galeraOn(c.t, l, db, "ls /run/mariadb-wsrep-new-cluster 2>/dev/null || true"); left != "" {
		c.t.Errorf("%v: %s is left", p, left)
	}
}
