package remote

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/site"
)

// Jobs as transient services, on a practice host, whose process 1 is systemd: the machine that
// tests run on usually has none.
func TestSystemd(t *testing.T) {
	l := labtest.Start(t, labtest.Options{Hosts: []string{"ctl1"}})
	s, err := site.Load(l.SitePath())
	if err != nil {
		t.Fatal(err)
	}
	p := NewPool(Options{Site: s})
	defer p.Close()
	h, err := p.Host(s.Hosts[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	ctx := within(t, time.Minute)
	f, err := h.Facts(ctx)
	if err != nil || !f.Systemd || f.Same(Console()) {
		t.Fatal(f, err)
	}
	run := fmt.Sprintf("t%d", time.Now().UnixNano())
	if _, ok, err := h.Claim(ctx, Owner{Run: run}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	defer func() {
		if err := h.Release(ctx, run); err != nil {
			t.Error(err)
		}
	}()
	probe := func(script string) string {
		t.Helper()
		out, err := h.Probe(ctx, job.Probe{Script: script})
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out.Stdout))
	}
	begin := func(n int, script string) string {
		t.Helper()
		j := job.Spec{ID: fmt.Sprintf("%s-%d", run, n), Run: run, Script: script, Boot: f.BootID,
			Secrets: map[string][]byte{"pw": []byte("s3cr3t")}}
		if err := h.Prepare(ctx, j); err != nil {
			t.Fatal(err)
		}
		if ok, err := h.Start(ctx, j); err != nil || !ok {
			t.Fatal(ok, err)
		}
		return j.ID
	}
	follow := func(id string, want job.State, output string) {
		t.Helper()
		var out bytes.Buffer
		k, err := h.Follow(ctx, id, 0, &out)
		if err != nil || job.Judge(k) != want || out.String() != output {
			t.Errorf("%s: %+v %v %q", id, k, err, out.String())
		}
		if err := h.Tidy(ctx, id); err != nil {
			t.Fatal(err)
		}
		if left := probe("systemctl list-units --all --plain --no-legend 'stackhand-" + id + "*'; ls -d /run/stackhand/" + id); left != "" {
			t.Errorf("left: %s", left)
		}
	}
	id := begin(1, "grep ^0:: /proc/self/cgroup; stat -f -c %T /run/stackhand/"+run+"-1; exit 4\n")
	if kind := probe("stat -f -c %T /run"); kind != "tmpfs" {
		t.Errorf("secrets are on %s", kind)
	}
	follow(id, job.Done, "0::/system.slice/stackhand-"+id+".service\ntmpfs\n")

	id = begin(2, "echo on; sleep 100 & sleep 101\n")
	eventually(t, "it runs", func() bool {
		k, err := h.Look(ctx, id)
		return err == nil && job.Judge(k) == job.Running && k.Running && k.Size > 0
	})
	if err := h.Stop(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	follow(id, job.Stopped, "on\n")

	id = begin(3, "trap '' TERM; echo on; while :; do sleep 1; done\n")
	eventually(t, "it runs", func() bool { k, err := h.Look(ctx, id); return err == nil && k.Size > 0 })
	if err := h.Stop(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	if k, err := h.Look(ctx, id); err != nil || job.Judge(k) != job.Running {
		t.Errorf("stopping, and %s %v", job.Judge(k), err)
	}
	if err := h.Stop(ctx, id, true); err != nil {
		t.Fatal(err)
	}
	follow(id, job.Stopped, "on\n")

	id = begin(4, "echo on; sleep 100\n")
	eventually(t, "it runs", func() bool { k, err := h.Look(ctx, id); return err == nil && k.Size > 0 })
	probe("systemctl kill -s KILL stackhand-" + id)
	follow(id, job.Lost, "on\n")
	// A unit that is stopping and ends between the look at it and the word to stop is not there any
	// more. Here systemctl sees to it that the killed one lives just as long.
	id = begin(5, "trap '' TERM; echo on; while :; do sleep 1; done\n")
	eventually(t, "it runs", func() bool { k, err := h.Look(ctx, id); return err == nil && k.Size > 0 })
	if err := h.Stop(ctx, id, false); err != nil {
		t.Fatal(err)
	}
	probe(`cat >/usr/local/sbin/systemctl <<'end' && chmod 755 /usr/local/sbin/systemctl
#!/bin/sh
case "$1 $2" in
"kill -s") exit 0 ;;
"--no-block stop")
	/usr/bin/systemctl kill -s KILL "$3"
	while [ "$(/usr/bin/systemctl show -p LoadState "$3")" = LoadState=loaded ]; do sleep 0.1; done
	;;
esac
exec /usr/bin/systemctl "$@"
end`)
	if err := h.Stop(ctx, id, true); err != nil {
		t.Errorf("a unit that has just ended: %v", err)
	}
	probe("rm /usr/local/sbin/systemctl")
	follow(id, job.Stopped, "on\n")

	if n := probe("grep -c ^" + run + " /var/lib/stackhand/ledger"); n != "5" {
		t.Errorf("ledger: %s", n)
	}
}
