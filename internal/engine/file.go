package engine

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// mostFile bounds files that steps write and the ones they replace.
const mostFile = steps.MostFetched

// target is the path that a step writes to.
func target(s *steps.Step) string {
	if s.Action == steps.ActCopy {
		return s.Copy.To
	}
	return s.File.Path
}

// writes tells whether a step puts a file on its host.
func writes(s *steps.Step) bool { return s.Action == steps.ActFile || s.Action == steps.ActCopy }

// wanted is the file of a step as it is to be.
func (e *Engine) wanted(ctx context.Context, s *steps.Step, v run.UnitView) (File, error) {
	if s.Action == steps.ActCopy {
		return e.wantedCopy(ctx, s, v)
	}
	sc := e.scope(s, v.Unit.Host, v.Unit.Item)
	vars, err := s.EvalVars(sc)
	if err == nil {
		sc.Vars = vars
	}
	var data []byte
	if err == nil {
		data, err = s.File.Render(sc)
	}
	if err != nil {
		return File{}, refused(s, v.Unit.Host, err)
	}
	f := File{Data: data, Mode: s.File.Mode, Owner: s.File.Owner, Group: s.File.Group}
	if f.Mode == 0 {
		f.Mode = 0o644
	}
	if f.Owner == "" {
		f.Owner = "root"
	}
	if f.Group == "" {
		f.Group = f.Owner
	}
	return f, nil
}

func (e *Engine) readFile(ctx context.Context, host, path string) (f File, err error) {
	err = e.with(ctx, host, func(ctx context.Context, h Host) (err error) {
		f, err = h.ReadFile(ctx, path, mostFile)
		return err
	})
	return f, err
}

func sameFile(a, b File) bool {
	return !a.Missing && bytes.Equal(a.Data, b.Data) && a.Mode == b.Mode && a.Owner == b.Owner && a.Group == b.Group
}

// fileSame tells whether the file is there as it is to be.
func (e *Engine) fileSame(ctx context.Context, s *steps.Step, v run.UnitView) (bool, error) {
	want, err := e.wanted(ctx, s, v)
	if err != nil {
		return false, err
	}
	have, err := e.readFile(ctx, v.Unit.Host, target(s))
	return err == nil && sameFile(have, want), err
}

// fileCheck names the check event that stands before a write: what the file was compared with,
// and so the write's intent.
const fileCheck = "file"

// wrote tells whether an earlier engine wrote the file in this attempt and could not write
// that down any more.
func (e *Engine) wrote(ctx context.Context, s *steps.Step, v run.UnitView) (bool, error) {
	if !writes(s) || !intended(v) {
		return false, nil
	}
	return e.fileSame(ctx, s, v)
}

// intended tells whether this attempt came as far as the write.
func intended(v run.UnitView) bool {
	return slices.ContainsFunc(v.Checks, func(c run.Check) bool { return c.Phase == "check" && c.ID == fileCheck && !c.OK })
}

// backupSuffix names what is kept beside a changed file.
func (e *Engine) backupSuffix() string { return ".stackhand-" + e.o.Dir.ID() }

// noteWritten journals a write that an earlier engine made and could not write down: the file
// is as wanted, and where there was one before, its copy lies beside it.
func (e *Engine) noteWritten(ctx context.Context, s *steps.Step, v run.UnitView, want File) error {
	var known bool
	e.view(func(st *run.State) {
		for _, f := range st.Files {
			known = known || f.Unit == v.Unit && f.Path == target(s)
		}
	})
	if known || !intended(v) {
		return nil
	}
	old, err := e.readFile(ctx, v.Unit.Host, target(s)+e.backupSuffix())
	if err != nil {
		return err
	}
	return e.emit(e.changedFile(s, v, old, want))
}

func (e *Engine) changedFile(s *steps.Step, v run.UnitView, old, want File) run.FileChanged {
	c := run.FileChanged{Unit: v.Unit, Path: target(s)}
	if s.Action == steps.ActCopy {
		c.Diff = e.copied(s, v, want)
	} else {
		c.Diff = e.diff(target(s), old, want)
	}
	if !old.Missing {
		c.Backup = target(s) + e.backupSuffix()
	}
	return c
}

// doFile writes the file unless it is there as wanted; the old one stays beside it.
func (e *Engine) doFile(ctx context.Context, s *steps.Step, v run.UnitView) (*problem.Problem, error) {
	want, err := e.wanted(ctx, s, v)
	if err != nil {
		return nil, err
	}
	old, err := e.readFile(ctx, v.Unit.Host, target(s))
	if err != nil {
		return nil, err
	}
	if sameFile(old, want) {
		return nil, e.noteWritten(ctx, s, v, want)
	}
	intent := run.Check{Unit: v.Unit, Attempt: v.Attempt, Phase: "check", ID: fileCheck, Expected: "same", Found: "other", Tries: 1}
	if old.Missing {
		intent.Found = "absent"
	}
	if err := e.emit(intent); err != nil {
		return nil, err
	}
	err = e.with(ctx, v.Unit.Host, func(ctx context.Context, h Host) error {
		return h.WriteFile(ctx, target(s), want, e.backupSuffix())
	})
	if problem.Is(err, "remote.claim.lost") { // the host looks at the claim right before it writes
		return nil, e.takenOver()
	}
	if err != nil {
		return nil, err
	}
	return nil, e.emit(e.changedFile(s, v, old, want))
}

// takenOver has the engine leave: nothing new is begun.
func (e *Engine) takenOver() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.parking == "" {
		e.parking = "takeover"
	}
	return errParked
}

// mostDiff bounds a diff in the journal.
const mostDiff = 64 << 10

// diff is the unified diff of a file without the secrets; it is cut after they are out.
func (e *Engine) diff(path string, old, want File) string {
	d := e.redactor().String(diff(path, old, want))
	if len(d) > mostDiff {
		d = strings.ToValidUTF8(d[:mostDiff], "") + "\n…\n"
	}
	return d
}

// diff is the unified diff of a file, with mode and owner where they differ.
func diff(path string, old, want File) string {
	for _, f := range []File{old, want} {
		if bytes.IndexByte(f.Data, 0) >= 0 {
			return fmt.Sprintf("%s: binary, %d -> %d bytes\n", path, len(old.Data), len(want.Data))
		}
	}
	from := path
	if old.Missing {
		from = "/dev/null"
	}
	d := udiff.Unified(from, path, string(old.Data), string(want.Data))
	if !old.Missing && (old.Mode != want.Mode || old.Owner != want.Owner || old.Group != want.Group) {
		d = fmt.Sprintf("# %04o %s:%s -> %04o %s:%s\n", old.Mode, old.Owner, old.Group, want.Mode, want.Owner, want.Group) + d
	}
	return d
}
