package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"mvdan.cc/sh/v3/syntax"

	"stackhand/internal/run"
	"stackhand/steps"
)

// handleEdit keeps a script that the operator changed, after a look at its syntax. It counts
// for this run, and for the unit's host and the others of the step that were named with it:
// whatever is begun there from now on runs it. A confirm given for the old script is void
// because it is bound to it.
func (e *Engine) handleEdit(q run.Question, c run.Command, by run.By) run.Reply {
	if q.Kind != run.AskFailed || strings.TrimSpace(c.Script) == "" {
		return run.Reply{Error: run.ReplyInvalid}
	}
	if _, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(c.Script), ""); err != nil {
		return run.Reply{Error: run.ReplyScript, Detail: err.Error()}
	}
	hosts := []string{q.Unit.Host}
	for _, h := range c.Hosts {
		if !slices.ContainsFunc(e.st.Step(q.Unit.Step).Units, func(v *run.UnitView) bool { return v.Unit.Host == h }) {
			return run.Reply{Error: run.ReplyUnknown}
		}
		if !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	sum := sha256.Sum256([]byte(c.Script))
	sha := hex.EncodeToString(sum[:])
	file := fmt.Sprintf("%s-%s-%s.sh", inFile(q.Unit.Step), q.Unit.Host, sha[:12])
	if err := renameio.WriteFile(e.o.Dir.EditPath(file), []byte(c.Script), 0o600); err != nil {
		return run.Reply{Error: run.ReplyDisk}
	}
	if _, err := e.emitLocked(func(int64) Body {
		return run.Edit{Step: q.Unit.Step, SHA: sha, Hosts: hosts, File: file, By: &by}
	}); err != nil {
		return e.refuse()
	}
	return run.Reply{OK: true}
}

// edited is the operator's own script for a step on a host, when there is one.
func (e *Engine) edited(s *steps.Step, host string) (script string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return Edited(e.o.Dir, e.st, s.ID, host)
}

// wasEdited tells whether there is, or was, such a script.
func (e *Engine) wasEdited(s *steps.Step, host string) (yes bool) {
	e.view(func(st *run.State) {
		yes = slices.ContainsFunc(st.Edits, func(d run.Edit) bool { return d.Step == s.ID && slices.Contains(d.Hosts, host) })
	})
	return yes
}

// Edited is the operator's own script for a step on a host, as the run keeps it.
func Edited(dir *run.Dir, st *run.State, step, host string) (script string, ok bool) {
	for _, d := range slices.Backward(st.Edits) {
		if d.Step != step || !slices.Contains(d.Hosts, host) {
			continue
		}
		data, err := os.ReadFile(dir.EditPath(d.File))
		sum := sha256.Sum256(data)
		return string(data), err == nil && hex.EncodeToString(sum[:]) == d.SHA
	}
	return "", false
}

// scriptOf is what a step runs on a host: the operator's own script, or the procedure's.
func (e *Engine) scriptOf(s *steps.Step, host string) steps.Script {
	if text, ok := e.edited(s, host); ok {
		return steps.Script{All: text}
	}
	return s.Script
}
