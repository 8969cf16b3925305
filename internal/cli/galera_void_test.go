//go:build linux

package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// TestGaleraConfirmVoid kills the engine right after the name of the host was typed that a new
// cluster is to be started from, and before anything was done with it. Then things change on the
// host. The agreement is not used for what it was not given for.
func TestGaleraConfirmVoid(t *testing.T) {
	if os.Getenv("STACKHAND_LONG") == "" {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	l := labtest.Galera(t)
	db := set.Databases()[0]
	galeraSingles(t, l, db)
	c := galeraConsole(t, l, db)
	list := filepath.Join(c.home, "points")
	galeraKillNode(t, l, db)
	if out, status := c.do([]string{"STACKHAND_TEST_DIE=0", "STACKHAND_TEST_POINTS=" + list}, c.galeraArgs(db)...); status != 0 {
		t.Fatalf("undisturbed: exit status %d\n%s", status, out)
	}
	points := galeraPoints(t, list)
	i := slices.IndexFunc(points, func(p point) bool { return p.name == "journal answer" })
	if i < 0 {
		t.Fatalf("nobody is asked: %v", points)
	}
	const started = `sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' /var/lib/mysql/grastate.dat; timeout 60 galera_new_cluster && mysql -e "CREATE TABLE IF NOT EXISTS nova.later (id INT PRIMARY KEY); REPLACE INTO nova.later VALUES (1)"`
	for _, x := range []struct {
		name, change string
		decide       bool // the name is typed again, to the question that is asked anew
		status       int
		asked        string // the kind of the question that is open at the end
		said         string
	}{
		{"grastate says otherwise", `sed -i 's/^seqno:.*/seqno:   4/' /var/lib/mysql/grastate.dat`, false, 3, run.AskConfirm, "Start a NEW cluster"},
		{"somebody has started the cluster", started, false, 0, "", "run ended"},
		{"somebody has started it, written, and it died", started + `; systemctl kill -s KILL mariadb; timeout 60 systemctl stop mariadb; systemctl reset-failed mariadb`, true, 1, run.AskFailed, "its position may be another one"},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := *c
			c.t = t
			galeraOn(t, l, db, `sed -i 's/^seqno:.*/seqno:   -1/' /var/lib/mysql/grastate.dat`) // what the case before wrote there is not true
			galeraKillNode(t, l, db)
			dir, _ := c.galeraDead(db, points[i])
			before := c.galeraState(dir)
			k := slices.IndexFunc(before.Answered, func(q *run.QuestionView) bool {
				return q.Q.Unit.Step == "bootstrap" && q.Q.Kind == run.AskConfirm && q.Answer.Void == ""
			})
			if k < 0 {
				t.Fatalf("the name was not typed: %+v", before.Answered)
			}
			galeraOn(t, l, db, x.change)
			args := []string{"attach", dir.ID(), "--plain"}
			if x.decide {
				args = append(args, "--decide", "bootstrap="+db)
			}
			out, status := c.do(nil, args...)
			after := c.galeraState(dir)
			if status != x.status || !strings.Contains(strings.Join(strings.Fields(out), " "), x.said) {
				t.Errorf("exit status %d\n%s", status, out)
			}
			for _, u := range after.Step("bootstrap").Units {
				if len(u.Jobs) > 0 {
					t.Errorf("a job was begun: %+v", u.Jobs[0].Intent)
				}
				if (u.Phase == run.PhaseAlready) != (x.status == 0) {
					t.Errorf("the start is %s", u.Phase)
				}
			}
			open := ""
			for _, q := range after.Questions {
				open = q.Q.Kind
				if q.Q.Kind == run.AskConfirm && (q.Q.Bind == before.Answered[k].Q.Bind || q.Q.Typed != db) {
					t.Errorf("the same question: %+v", q.Q)
				}
			}
			if open != x.asked {
				t.Errorf("open is %q: %+v", open, after.Questions)
			}
		})
	}
}

func (c *testConsole) galeraState(dir *run.Dir) *run.State {
	c.t.Helper()
	st, err := dir.State()
	if err != nil {
		c.t.Fatal(err)
	}
	return st
}
