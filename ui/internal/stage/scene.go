package stage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
)

// Scenes are the names that Scene takes.
func Scenes() []string {
	return append([]string{"empty", "running", "failed", "confirm", "manual", "secret", "hostkey", "stall", "claim", "lost", "silent", "parked", "done", "over"}, RunbookScenes()...)
}

// Scene writes a run directory as an engine left it, or has it, in a certain situation. Its
// events are a second apart, the newest of them at now.
func Scene(root, name string, now time.Time) (string, error) {
	d, err := run.Create(root, "20261121-100000-"+name, run.Files{})
	if err != nil {
		return "", err
	}
	bodies := scene(d.ID(), name)
	t := now.Add(-time.Duration(len(bodies)) * time.Second)
	j, _, err := run.OpenJournal(d.JournalPath(), func() time.Time { t = t.Add(time.Second); return t })
	if err != nil {
		return "", err
	}
	defer j.Close()
	for _, b := range bodies {
		if _, err := j.Append(b); err != nil {
			return "", err
		}
		if b, ok := b.(run.JobIntent); ok {
			var out []byte
			for i := range 60 {
				out = fmt.Appendf(out, "Get:%d http://mirror.example bookworm/main amd64 설정 package-%d\t[%d kB] password=hunter2\n", i, i, i*77)
			}
			if err := os.WriteFile(filepath.Join(d.Path(), "logs", b.Log), out, 0o600); err != nil {
				return "", err
			}
		}
	}
	return d.Path(), nil
}

func scene(id, name string) []run.Body {
	if name == "empty" {
		return nil
	}
	units := func(step string, hosts ...string) run.UnitReady {
		r := run.UnitReady{Step: step}
		for _, h := range hosts {
			r.Units = append(r.Units, run.Unit{Step: step, Host: h})
		}
		return r
	}
	check := func(u run.Unit, phase string, ok bool, attempt int) run.Check {
		return run.Check{Unit: u, Attempt: attempt, Phase: phase, ID: "active", Title: i18n.Text{En: "the service answers", Ko: "서비스 응답"}, OK: ok, Expected: "active", Found: map[bool]string{true: "active", false: "failed (Result: exit-code)"}[ok]}
	}
	out := []run.Body{Started(id), run.EngineStarted{PID: 42}}
	for _, h := range []string{"ctl1", "cmp1", "cmp2"} {
		out = append(out, run.HostState{Host: h, State: run.HostReached, Platform: "debian-12"})
	}
	done := func(step string, hosts ...string) {
		out = append(out, units(step, hosts...))
		for _, h := range hosts {
			u := run.Unit{Step: step, Host: h}
			out = append(out, run.JobIntent{Job: step + h, Unit: u, Attempt: 1, Log: step + "-" + h + ".log"}, run.JobEnded{Job: step + h, State: job.Done},
				check(u, "verify", true, 1), run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeDone, Millis: 12300})
		}
	}
	ctl := run.Unit{Step: "time-server", Host: "ctl1"}
	out = append(out, units("time-server", "ctl1"), check(ctl, "check", true, 1), run.UnitEnded{Unit: ctl, Attempt: 1, Outcome: run.OutcomeAlready, Millis: 400})
	done("time-clients", "cmp1", "cmp2")
	u := run.Unit{Step: "packages", Host: "ctl1"}
	p := problem.New("engine.job.exit", "ctl1", errors.New("exit status 100"), "code", "100").WithOutput("E: Unable to locate package python3-openstackclient\nE: 패키지를 찾을 수 없습니다")
	begin := func() {
		out = append(out, units("packages", "ctl1", "cmp1", "cmp2"), check(u, "check", false, 1),
			run.JobIntent{Job: "pkg1", Unit: u, Attempt: 1, Log: "packages-ctl1.log"}, run.JobClaimed{Job: "pkg1"},
			run.JobIntent{Job: "pkg2", Unit: run.Unit{Step: "packages", Host: "cmp1"}, Attempt: 1, Log: "packages-cmp1.log"},
			run.UnitHeld{Unit: run.Unit{Step: "packages", Host: "cmp2"}, For: u})
	}
	ask := func(q run.Question) { q.Unit, q.Attempt = u, 1; out = append(out, q) }
	switch name {
	case "running":
		begin()
	case "ready": // opened, and what it needs is being looked at
		out = append(out, units("packages", "ctl1"))
	case "away": // and the host is gone by then
		out = append(out, units("packages", "cmp1"), run.HostState{Host: "cmp1", State: run.HostFailed, Problem: problem.New("remote.tcp", "cmp1", errors.New("no route to host"))})
	case "unbegun": // gone while it was looked at, before a job was given to it
		out = append(out, units("packages", "cmp1"), check(run.Unit{Step: "packages", Host: "cmp1"}, "check", false, 1), run.HostState{Host: "cmp1", State: run.HostLost})
	case "failed", "over":
		begin()
		out = append(out, run.JobEnded{Job: "pkg1", State: job.Done, Code: 100}, check(u, "verify", false, 1),
			run.UnitEnded{Unit: u, Attempt: 1, Outcome: run.OutcomeFailed, Problem: p, Millis: 3100})
		if name == "over" {
			out = append(out, run.Leak{Log: "packages-ctl1.log", Secret: "db_password"}, run.LogTruncated{Log: "packages-cmp1.log", Why: "disk"}, run.RunEnded{Outcome: "failed"})
			break
		}
		ask(run.Question{Kind: run.AskFailed, Options: []string{"retry", "edit", "skip", "drop", "stop"}, Problem: p})
	case "confirm":
		begin()
		ask(run.Question{Kind: run.AskConfirm, Say: i18n.Text{En: "Removes users and a database.", Ko: "사용자와 데이터베이스를 제거합니다."}, Typed: "ctl1", Hosts: []string{"ctl1"}})
	case "manual":
		begin()
		ask(run.Question{Kind: run.AskManual, Say: i18n.Text{En: "Plug the cable into port 3.", Ko: "케이블을 3번 포트에 연결하십시오."}, Options: []string{"done", "skip"}})
	case "secret":
		begin()
		ask(run.Question{Kind: run.AskSecret, Args: map[string]string{"name": "db_password"}})
	case "hostkey":
		begin()
		ask(run.Question{Kind: run.AskHostKey, Options: []string{"yes", "no"}, Args: map[string]string{"type": "ssh-ed25519", "fingerprint": "SHA256:uNiVztksCsDhcc0u9e8BrBJnPzqgxmEWzfPJRXYmWQ4"}})
	case "stall":
		begin()
		ask(run.Question{Kind: run.AskStall, Options: []string{"wait", "stop"}, Args: map[string]string{"silent": "10m"}})
	case "claim":
		begin()
		ask(run.Question{Kind: run.AskClaim, Options: []string{"retry", "drop", "stop"}, Typed: "lab", Args: map[string]string{"run": "20261120-090000-aa", "console": "console2"}})
	case "evidence", "waive", "guard", "hand", "box", "proof":
		out = append(out, runbookScene(name, units, out[0].(run.RunStarted))...)
	case "lost":
		begin()
		out = append(out, run.HostState{Host: "cmp1", State: run.HostLost})
	case "silent": // lost, and the dialling anew failed so far
		begin()
		out = append(out, run.HostState{Host: "cmp1", State: run.HostLost}, run.HostState{Host: "cmp1", State: run.HostFailed, Problem: problem.New("remote.tcp", "cmp1", errors.New("no route to host"))})
	case "parked":
		begin()
		ask(run.Question{Kind: run.AskFailed, Options: []string{"retry", "stop"}, Problem: p})
		out = append(out, run.RunParked{Why: "question", Questions: []int64{1}})
	case "done":
		done("packages", "ctl1", "cmp1", "cmp2")
		done("database", "ctl1")
		out = append(out, run.UnitSkipped{Unit: run.Unit{Step: "reboot"}, Why: "when"}, run.RunEnded{Outcome: "done", Say: i18n.Text{En: "Every check holds.", Ko: "모든 검증을 통과했습니다."}})
	}
	return out
}
