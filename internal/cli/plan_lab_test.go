package cli

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"stackhand/internal/engine"
	"stackhand/internal/job"
	"stackhand/steps"
)

// snapshot prints all that a plan must not change: /etc, dpkg's own data, what systemd knows,
// and every other file of the host, except where logs and caches are.
const snapshot = `set -e
cd /
echo "== /etc"
find etc -xdev -printf '%y %m %u:%g %s %T@ %p %l\n' | sort
find etc -xdev -type f -exec sha256sum {} + | sort -k 2
echo "== dpkg"
find var/lib/dpkg -xdev -printf '%y %m %u:%g %s %T@ %p %l\n' | sort
sha256sum var/lib/dpkg/status
echo "== units"
systemctl list-unit-files --no-legend --plain | grep -Ev "^session-.* transient"
systemctl list-units --no-legend --plain --type=service,socket,timer,target,path,mount | awk '{ print $1, $2, $3, $4 }' |
  grep -Ev '^(user@|user-runtime-dir@|run-user-|systemd-tmpfiles-clean\.service)' | sort
echo "== files"
find . -xdev \( -path ./etc -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache -o -path ./proc -o -path ./sys -o -path ./dev -o -path ./run \) -prune \
  -o ! -type d -printf '%y %m %u:%g %s %T@ %p %l\n' | sort
echo "== stackhand"
ls -d var/lib/stackhand run/stackhand 2>/dev/null || echo none
`

// planChangesNothing plans the install on fresh hosts: it says what would be done, and the
// hosts are as before.
func (h *libraryHosts) planChangesNothing(t *testing.T) {
	before := map[string]string{}
	for _, host := range h.lab.Hosts() {
		before[host.Name] = h.on(t, host.Name, snapshot)
		if !strings.HasSuffix(before[host.Name], "== stackhand\nnone\n") {
			t.Fatalf("%s is not fresh", host.Name)
		}
	}
	began := time.Now()
	text, exit := h.stackhand(t, "plan", libraryProcedure, "--site", h.lab.SitePath())
	t.Logf("the plan took %.1f s", time.Since(began).Seconds())
	if exit != 0 {
		t.Fatalf("exit status %d: %s", exit, text)
	}
	lines, exit := h.stackhand(t, "plan", libraryProcedure, "--site", h.lab.SitePath(), "--json")
	if exit != 0 {
		t.Fatalf("exit status %d: %s", exit, lines)
	}
	for _, host := range h.lab.Hosts() {
		sameLines(t, host.Name, before[host.Name], h.on(t, host.Name, snapshot))
	}

	planned := map[string]map[string]planJSON{} // step, host
	for line := range strings.Lines(lines) {
		var l planJSON
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if planned[l.Unit.Step] == nil {
			planned[l.Unit.Step] = map[string]planJSON{}
		}
		planned[l.Unit.Step][l.Unit.Host] = l
		if l.Problem != nil || l.Finding == engine.PlanUnknown || l.Finding == engine.PlanLater {
			t.Errorf("%s is %s: %+v", l.Unit, l.Finding, l.Problem)
		}
	}
	ctl := h.lab.Hosts()[0]
	p := h.prepare(t).Procedure
	for _, s := range p.Steps {
		if len(planned[s.ID]) == 0 {
			t.Errorf("the plan does not speak of %s", s.ID)
		}
		for host, l := range planned[s.ID] {
			looks := s.Action == steps.ActProbe
			if looks != (l.Finding == engine.PlanReads) {
				t.Errorf("%s on %s: %s", s.ID, host, l.Finding)
			}
			if got := len(l.Checks); got < len(s.Verify) {
				t.Errorf("%s on %s: %d of its %d checks were evaluated", s.ID, host, got, len(s.Verify))
			}
			// the services are not set up: each step that does so would change something
			if !looks && !strings.HasSuffix(s.ID, "-package") && s.ID != "client" && s.ID != "sources" && l.Finding != engine.PlanChange {
				t.Errorf("%s on %s: %s", s.ID, host, l.Finding)
			}
		}
	}
	for step, wants := range map[string]string{
		"time-server-config": "+allow 10.", "database-config": "+bind-address = " + ctl.Address,
	} {
		if d := planned[step][ctl.Name].Diff; !strings.Contains(d, wants) || !strings.Contains(text, wants) {
			t.Errorf("%s: the plan does not show what would be written: %s", step, d)
		}
	}
	change := 0
	for _, s := range planned {
		for _, l := range s {
			if l.Finding == engine.PlanChange {
				change++
			}
		}
	}
	if n := strings.Count(text, ": would change\n"); n != change || n == 0 {
		t.Errorf("%d units would change, the text says so of %d: %s", change, n, text)
	}
}

// readOnly makes the file system of whoever logs in over SSH read-only, all of it but /proc,
// /sys, /dev and /run (chronyc opens a socket of its own there while it asks), while the
// services of the host go on: sshd gets a mount namespace of its own. A remount of the host's
// root is refused by the kernel while a database has its files open.
const readOnly = `set -e
mkdir -p /run/systemd/system/ssh.service.d
printf '[Service]\nProtectSystem=strict\nProtectHome=read-only\nReadWritePaths=/run\n' >/run/systemd/system/ssh.service.d/read-only.conf
systemctl daemon-reload
systemctl restart ssh
`

const writable = `set -e
rm -r /run/systemd/system/ssh.service.d
systemctl daemon-reload
systemctl restart ssh
`

// cannotWrite tells how many of the places where something could be written are writable.
const cannotWrite = `n=0
for dir in / /etc /root /tmp /var/tmp /var/lib /var/log /var/cache/apt; do
  if ( : >"$dir/stackhand-was-here" ) 2>/dev/null; then rm -f "$dir/stackhand-was-here"; echo "$dir"; n=$((n + 1)); fi
done
echo "writable: $n"`

// probesOnlyRead runs every probe of the library where nothing can be written, and sees the
// same results as where everything can.
func (h *libraryHosts) probesOnlyRead(t *testing.T) {
	all := func(o *engine.Options) { // every probe becomes a check of its step
		p := *o.Procedure
		p.Steps = slices.Clone(p.Steps)
		for i := range p.Steps {
			s := &p.Steps[i]
			for _, c := range s.Require {
				c.ID = "require " + c.ID
				s.Check = append(slices.Clone(s.Check), c)
			}
			if s.Action == steps.ActProbe {
				s.Check = append(slices.Clone(s.Check), steps.Check{ID: "the step's own", Probe: s.Script})
			}
		}
		o.Procedure = &p
	}
	results := func(t *testing.T) map[string]string {
		h.connect(t)
		found := map[string]string{}
		for _, c := range h.look(t, all) {
			said := "red, found " + c.Found
			if c.OK {
				said = "holds, found " + c.Found
			}
			found[c.Unit.String()+" "+c.ID+" on "+where(c)] = said
		}
		return found
	}
	before := results(t)
	counted := 0
	for _, s := range h.asked.Procedure.Steps {
		counted += len(s.Check) + len(s.Require) + len(s.Verify)
		if s.Action == steps.ActProbe {
			counted++
		}
	}
	if len(before) < counted {
		t.Errorf("%d probes ran, the library has %d", len(before), counted)
	}
	for name, said := range before {
		if !strings.HasPrefix(said, "holds") {
			t.Errorf("%s: %s", name, said)
		}
	}

	for _, host := range h.lab.Hosts() {
		h.on(t, host.Name, readOnly)
	}
	t.Cleanup(func() {
		for _, host := range h.lab.Hosts() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
			if _, err := h.lab.Run(ctx, host.Name, writable); err != nil {
				t.Error(err)
			}
			cancel()
		}
	})
	h.connect(t)
	for _, host := range h.lab.Hosts() {
		if got := h.probe(t, host.Name, cannotWrite); got != "writable: 0\n" {
			t.Fatalf("%s can be written to: %s", host.Name, got)
		}
	}
	after := results(t)
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if after[name] != before[name] {
			t.Errorf("%s: %s; where nothing can be written: %s", name, before[name], after[name])
		}
	}
	t.Logf("%d results of %d probes", len(before), counted)
}

// probe runs a script as the engine runs probes.
func (h *libraryHosts) probe(t *testing.T, host, script string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	to, err := h.hosts.Host(host)
	if err != nil {
		t.Fatal(err)
	}
	out, err := to.Probe(ctx, job.Probe{Script: script, Sudo: true})
	if err != nil || out.Exit != 0 {
		t.Fatalf("exit %d, %v: %s", out.Exit, err, out.Stderr)
	}
	return string(out.Stdout)
}
