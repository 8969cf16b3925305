//go:build linux

package cli_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/cli"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// TestAtTheConsole: the cluster is down, and SSH does not reach one of its hosts. What a card says is
// typed at that host's own console, and what it printed goes into the boxes of the full screen.
// Galera: nobody is waived, and the node is joined at its console as well. RabbitMQ: the broker that
// went down last is started there, and nothing is forced.
func TestAtTheConsole(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	t.Run("galera", func(t *testing.T) {
		b := b.of(t)
		broke, r, st := b.consoleOnly("db3", "galera-different-seqno", "galera-recovery", "systemctl stop --no-block mariadb; systemctl kill -s KILL mariadb 2>/dev/null; true",
			"free-or-not=free", "clients=open", "bootstrap=db1", "pick=db1", "without@db3=hand", "join@db3=hand")
		if len(st.Waived("")["without"]) > 0 || !st.ByHand["db3"]["console_seqno"] {
			t.Errorf("waived %v, by hand %v", st.Waived(""), st.ByHand["db3"])
		}
		b.databaseWhole()
		b.galeraRows(broke.Rows)
		b.wants(b.says(0, "report", r.dir.ID()), "read at its console (by hand)", "seqno at the console → ")
	})
	t.Run("broker", func(t *testing.T) {
		labtest.Reset(t, b.lab)
		b.must(fault.Forget(b.lab))
		b := b.of(t)
		_, r, _ := b.consoleOnly("db1", "rabbit-waits-for-tables", "rabbitmq-recovery", "true", "missing-last=console", "start-console@db1=hand", "start=yes", "start-others=yes")
		if missing := b.settles(); missing != "" {
			t.Errorf("not whole afterwards: %s", missing)
		}
		if slices.Contains(b.jobs(r.dir), "force") {
			t.Error("a broker was forced")
		}
	})
}

// consoleOnly makes a fault, takes SSH away from one host, and leads the flow through the screen.
func (b *bench) consoleOnly(host, name, runbook, also string, decide ...string) (*fault.Record, *screenRun, *run.State) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.t.Context(), 15*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, name, "")
	b.must(err)
	b.on(host, "systemctl stop ssh.socket ssh 2>/dev/null; true")
	b.on(host, also)
	r := b.onScreen(screenCase{Drill: cli.Drill{Fault: name, Set: set.Galera, Runbook: runbook, Decide: decide}})
	r.ctx, r.hand = ctx, b.atTheConsole
	r.begins()
	st := r.leads()
	if st.Ended.Outcome != "done" {
		b.t.Fatalf("%+v\n%s\n%s", st.Ended, r.Screen(), b.engineLogs())
	}
	r.keep("end")
	r.Kill()
	b.on(host, "systemctl start ssh")
	b.nothingTwice(r.dir)
	return broke, r, st
}

// atTheConsole types a card at its host's own console, which needs no network, and reads what it printed.
func (b *bench) atTheConsole(q run.Question) map[string]string {
	b.t.Helper()
	out := b.on(q.Hosts[0], strings.Join(q.Card, "\n")+"\ntrue")
	read := map[string]string{}
	for name, shape := range map[string]string{
		"console_process": `\A(\d+)\n`, "console_uuid": `--wsrep_start_position=([^:]+):`, "console_seqno": `--wsrep_start_position=[^:]+:(-?\d+)`,
		"console_state": `(\w+)\s*\z`,
	} {
		if m := regexp.MustCompile(shape).FindStringSubmatch(out); m != nil {
			read[name] = m[1]
		}
	}
	for _, box := range q.Boxes {
		if read[box.Name] == "" {
			b.t.Fatalf("nothing for the box %s in what the card printed on %s:\n%s", box.Name, q.Hosts[0], out)
		}
	}
	return read
}
