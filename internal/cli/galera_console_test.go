//go:build linux

package cli_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"stackhand/internal/cli"
	"stackhand/internal/lab/fault"
	"stackhand/internal/lab/set"
	"stackhand/internal/run"
)

// TestGaleraAtTheConsole: the cluster is down, and SSH does not reach one of its hosts. What its card
// says is typed at its own console, what that printed goes into the boxes, nobody is waived,
// and the node is joined at its console as well.
func TestGaleraAtTheConsole(t *testing.T) {
	if !long() {
		t.Skip("one of the long ones")
	}
	t.Parallel()
	b := galeraBench(t, false)
	ctx, stop := context.WithTimeout(t.Context(), 15*time.Minute)
	defer stop()
	broke, err := fault.Break(ctx, b.lab, "galera-different-seqno", "")
	b.must(err)
	b.on("db3", "systemctl stop ssh.socket ssh 2>/dev/null; systemctl stop --no-block mariadb; systemctl kill -s KILL mariadb 2>/dev/null; true")
	c := screenCase{Drill: cli.Drill{Fault: "galera-different-seqno", Set: set.Galera, Runbook: "galera-recovery", Decide: []string{
		"free-or-not=free", "clients=open", "bootstrap=db1", "pick=db1", "without@db3=hand", "join@db3=hand"}}}
	r := b.onScreen(c)
	r.ctx, r.hand = ctx, b.atTheConsole
	r.begins()
	st := r.leads()
	if st.Ended.Outcome != "done" || len(st.Waived("")["without"]) > 0 || !st.ByHand["db3"]["console_seqno"] {
		t.Fatalf("%+v, waived %v\n%s\n%s", st.Ended, st.Waived(""), r.Screen(), b.engineLogs())
	}
	r.Kill()
	b.on("db3", "systemctl start ssh")
	b.databaseWhole()
	b.galeraRows(broke.Rows)
	b.nothingTwice(r.dir)
	b.wants(b.says(0, "report", r.dir.ID()), "read at its console (by hand)", "seqno at the console → ")
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
