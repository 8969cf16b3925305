package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// wantedCopy is the file of a copy step as it is to be: as it is at its source, compared there
// by sha256 while it is read.
func (e *Engine) wantedCopy(ctx context.Context, s *steps.Step, v run.UnitView) (File, error) {
	from, err := e.copyFrom(s, v)
	if err != nil {
		return File{}, refused(s, v.Unit.Host, err)
	}
	var f File
	err = e.with(ctx, from, func(ctx context.Context, h Host) (err error) {
		f, err = h.ReadFile(ctx, s.Copy.Path, steps.MostFetched)
		return err
	})
	if err != nil {
		return File{}, err
	}
	if f.Missing {
		return File{}, problem.New("remote.file.absent", from, nil, "file", s.Copy.Path)
	}
	if s.Copy.Mode != 0 {
		f.Mode = s.Copy.Mode
	}
	if s.Copy.Owner != "" {
		f.Owner = s.Copy.Owner
		if s.Copy.Group == "" {
			f.Group = f.Owner
		}
	}
	if s.Copy.Group != "" {
		f.Group = s.Copy.Group
	}
	return f, nil
}

// copyFrom is the host that a copy step copies from.
func (e *Engine) copyFrom(s *steps.Step, v run.UnitView) (string, error) {
	hosts, err := steps.HostSet{Expr: s.Copy.From}.Resolve(e.scope(s, v.Unit.Host, v.Unit.Item))
	if err != nil {
		return "", err
	}
	if len(hosts) != 1 {
		return "", fmt.Errorf("copy wants one host to copy from, %s gives %d", s.Copy.From.Text, len(hosts))
	}
	if hosts[0] == v.Unit.Host && s.Copy.Path == s.Copy.To {
		return "", fmt.Errorf("copy would put %s of %s in its own place", s.Copy.Path, hosts[0])
	}
	return hosts[0], nil
}

// copied says what came from where, in the place of a diff: such a file may hold anything.
func (e *Engine) copied(s *steps.Step, v run.UnitView, f File) string {
	from, err := e.copyFrom(s, v)
	if err != nil {
		from = s.Copy.From.Text
	}
	sum := sha256.Sum256(f.Data)
	return fmt.Sprintf("%s:%s -> %s (%d bytes, sha256 %s)\n", from, s.Copy.Path, s.Copy.To, len(f.Data), hex.EncodeToString(sum[:]))
}
