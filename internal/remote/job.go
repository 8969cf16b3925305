package remote

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"stackhand/assets"
	"stackhand/internal/job"
	"stackhand/internal/problem"
)

// Owner is who holds a host: the one run that may change it.
type Owner struct {
	Run     string    `json:"run"` // id of the run
	Site    string    `json:"site"`
	Who     string    `json:"who"`
	Console string    `json:"console"`
	Since   time.Time `json:"since"`
}

var (
	idForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,127}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
)

// params are the variables that stand in front of a text.
type params map[string]string

// on runs one of the texts in assets/job as root and returns the words of its answer.
func (h *Host) on(ctx context.Context, name string, p params, c call) (words []string, r reply, err error) {
	l, err := h.to()
	if err != nil {
		return nil, r, err
	}
	if c.text, err = h.text(name, p); err != nil {
		return nil, r, err
	}
	c.root = true
	if c.limit == 0 {
		c.limit = 2 * time.Minute // a disk that writes everything back takes its time
	}
	r, err = l.run(ctx, c)
	if err != nil {
		return nil, r, err
	}
	if r.exit != 0 {
		return nil, r, l.hostProblem(name, r)
	}
	line, rest, _ := bytes.Cut(r.stdout, []byte("\n"))
	words = strings.Fields(string(line))
	r.stdout = rest
	if len(words) == 0 {
		return nil, r, l.hostProblem(name, r)
	}
	if words[0] == "fail" {
		return nil, r, l.answerProblem(name, words[1:])
	}
	return words, r, nil
}

// text is a text of assets/job with its parameters in front.
func (h *Host) text(name string, p params) (string, error) {
	words, err := assets.Job("host")
	if err != nil {
		return "", err
	}
	body, err := assets.Job(name)
	if err != nil {
		return "", err
	}
	all := params{"base": h.pool.o.Base, "runbase": h.pool.o.RunBase}
	maps.Copy(all, p)
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(all)) {
		q, err := job.Quote(all[k])
		if err != nil {
			return "", fmt.Errorf("parameter %s: %w", k, err)
		}
		b.WriteString(k + "=" + q + "\n")
	}
	return b.String() + words + body, nil
}

// hostProblem is a text of ours that failed on the host.
func (l *link) hostProblem(name string, r reply) error {
	said := string(r.stderr)
	code := "remote.host"
	switch {
	case strings.Contains(said, "No space left"), strings.Contains(said, "quota exceeded"):
		code = "remote.disk.full"
	case strings.Contains(said, "Read-only file system"):
		code = "remote.disk.readonly"
	case r.exit == 124 || r.exit == 137:
		code = "remote.limit"
	}
	args := []string{"what", name}
	if code == "remote.limit" {
		args = append(args, "limit", r.took.Round(time.Second).String())
	}
	return l.problem(problem.Code(code), fmt.Errorf("exit status %d", r.exit), args...).WithOutput(printable(said))
}

// answerProblem is a "fail" in the words of assets/job.
func (l *link) answerProblem(name string, words []string) error {
	reason, rest := "", ""
	if len(words) > 0 {
		reason, rest = words[0], strings.Join(words[1:], " ")
	}
	switch reason {
	case "claim":
		return l.problem("remote.claim.lost", nil, "holder", rest)
	case "boot":
		return l.problem("remote.rebooted", nil, "boot", rest)
	case "busy":
		return l.problem("remote.busy", nil)
	case "other":
		return l.problem("remote.job.other", nil, "sha", rest)
	case "absent":
		if name == "read" || name == "write" || name == "readend" {
			return l.problem("remote.file.absent", nil)
		}
		return l.problem("remote.job.absent", nil)
	case "kind":
		return l.problem("remote.file.kind", nil)
	case "short":
		return l.problem("remote.file.short", nil)
	}
	return l.problem("remote.host", errors.New(strings.Join(words, " ")), "what", name)
}

// Claim takes the host for a run. When another run holds it, ok is false and holder says who;
// the same run again is ok.
func (h *Host) Claim(ctx context.Context, o Owner) (holder Owner, ok bool, err error) {
	return h.claim(ctx, o, "")
}

// TakeOver takes the host from the run that was shown as holding it. When meanwhile another
// one holds it: remote.claim.lost.
func (h *Host) TakeOver(ctx context.Context, o, from Owner) error {
	holder, ok, err := h.claim(ctx, o, from.Run)
	if err != nil || ok {
		return err
	}
	l, err := h.to()
	if err != nil {
		return err
	}
	return l.problem("remote.claim.lost", nil, "holder", holder.Run)
}

func (h *Host) claim(ctx context.Context, o Owner, from string) (holder Owner, ok bool, err error) {
	if !idForm.MatchString(o.Run) {
		return holder, false, fmt.Errorf("cannot claim %s: run id %q is not of the form %s", h.name, o.Run, idForm)
	}
	line, err := json.Marshal(o) // one line: JSON escapes line feeds
	if err != nil {
		return holder, false, err
	}
	words, r, err := h.on(ctx, "claim", params{"run": o.Run, "owner": string(line), "from": from}, call{})
	if err != nil {
		return holder, false, err
	}
	run, text, _ := strings.Cut(string(r.stdout), "\n")
	if err := json.Unmarshal([]byte(text), &holder); err != nil {
		holder = Owner{} // somebody's hand was in it: the first line still binds
	}
	holder.Run = run
	return holder, words[0] == "ok", nil
}

// Release gives the host back if that run holds it.
func (h *Host) Release(ctx context.Context, run string) error {
	_, _, err := h.on(ctx, "release", params{"run": run}, call{})
	return err
}

// runAs is the user whom a job runs as: "" is root.
func (h *Host) runAs(s job.Spec) (string, error) {
	l, err := h.to()
	if err != nil {
		return "", err
	}
	if s.Sudo || l.target.user == "root" {
		return "", nil
	}
	return l.target.user, nil
}

// Sum is the sha256 of a job's script, in hex, as Look reports it.
func Sum(s job.Spec) string {
	sum := sha256.Sum256([]byte(s.Script))
	return hex.EncodeToString(sum[:])
}

// Prepare puts a job on the host, whole or not at all; nothing runs yet. A job of that id with
// the same script is accepted, with another one it is remote.job.other.
func (h *Host) Prepare(ctx context.Context, s job.Spec) error {
	if !idForm.MatchString(s.ID) {
		return fmt.Errorf("cannot prepare a job on %s: id %q is not of the form %s", h.name, s.ID, idForm)
	}
	wrapper, err := assets.Job("wrapper")
	if err != nil {
		return err
	}
	user, err := h.runAs(s)
	if err != nil {
		return err
	}
	payload := []byte(s.Script + wrapper)
	var secrets strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.Secrets)) {
		if !secretForm.MatchString(name) {
			return fmt.Errorf("cannot prepare job %s on %s: secret name %q is not of the form %s", s.ID, h.name, name, secretForm)
		}
		fmt.Fprintf(&secrets, "%d %s\n", len(s.Secrets[name]), name)
		payload = append(payload, s.Secrets[name]...)
	}
	_, _, err = h.on(ctx, "prepare", params{
		"id": s.ID, "sha": Sum(s), "user": user,
		"script_size": strconv.Itoa(len(s.Script)), "wrapper_size": strconv.Itoa(len(wrapper)),
		"secrets": strings.TrimSuffix(secrets.String(), "\n"),
	}, call{payload: payload})
	return err
}

// Start starts a prepared job, at most once ever: started is false when somebody was let to
// start it before. Problems: remote.claim.lost, remote.rebooted, remote.job.absent, remote.job.other.
func (h *Host) Start(ctx context.Context, s job.Spec) (started bool, err error) {
	user, err := h.runAs(s)
	if err != nil {
		return false, err
	}
	words, _, err := h.on(ctx, "start", params{"id": s.ID, "run": s.Run, "sha": Sum(s), "want_boot": s.Boot, "user": user}, call{})
	if err != nil {
		return false, err
	}
	return words[0] == "started", nil
}

// Look reports what is there of a job.
func (h *Host) Look(ctx context.Context, id string) (job.Look, error) {
	words, _, err := h.on(ctx, "look", params{"id": id}, call{limit: callLimit})
	if err != nil {
		return job.Look{}, err
	}
	return parseLook(words)
}

// Revoke makes sure that a job that has not begun never will. It is false when it has begun.
func (h *Host) Revoke(ctx context.Context, id string) (bool, error) {
	words, _, err := h.on(ctx, "revoke", params{"id": id}, call{})
	if err != nil {
		return false, err
	}
	return words[0] == "revoked", nil
}

// Stop asks a job to end, with all it started; hard leaves it no choice. It returns before the end.
func (h *Host) Stop(ctx context.Context, id string, hard bool) error {
	p := params{"id": id, "hard": ""}
	if hard {
		p["hard"] = "1"
	}
	_, _, err := h.on(ctx, "stop", p, call{})
	return err
}

// Tidy removes what an ended job left outside its folder, which stays.
func (h *Host) Tidy(ctx context.Context, id string) error {
	_, _, err := h.on(ctx, "tidy", params{"id": id}, call{})
	return err
}

// parseLook reads the line that look prints: "look", key=value …, "end".
func parseLook(words []string) (job.Look, error) {
	var k job.Look
	if len(words) < 2 || words[0] != "look" || words[len(words)-1] != "end" {
		return k, fmt.Errorf("cannot read what was found of a job: %q", strings.Join(words, " "))
	}
	for _, w := range words[1 : len(words)-1] {
		key, value, ok := strings.Cut(w, "=")
		number := func() int64 {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				ok = false
			}
			return n
		}
		yes := value == "1"
		switch key {
		case "boot":
			k.Boot = value
		case "prepared":
			k.Prepared = yes
		case "sha":
			k.SHA = value
		case "claim":
			k.Claim = yes
		case "claimboot":
			k.ClaimBoot = value
		case "age":
			k.ClaimAge = max(0, time.Duration(min(number(), int64(1<<31)))*time.Second)
		case "revoked":
			k.Revoked = yes
		case "running":
			k.Running = yes
		case "runboot":
			k.RunBoot = value
		case "alive":
			k.Alive = yes
		case "unit":
			k.Unit = yes
		case "stop":
			k.Stop = yes
		case "exit":
			k.Exit = yes
		case "code":
			k.Code = int(number())
		case "bytes":
			k.Bytes = number()
		case "size":
			k.Size = number()
		default:
			ok = false
		}
		if !ok {
			return job.Look{}, fmt.Errorf("cannot read what was found of a job: %q", w)
		}
	}
	return k, nil
}
