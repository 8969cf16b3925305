package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/run"
	"stackhand/steps"
)

// Why something is not in the scene, besides the codes of problems.
const (
	fetchNothing = "nothing" // no such file
	fetchOther   = "other"   // there, and no regular file
	fetchRoom    = "room"    // it would have been more than a scene may be
)

// outputTime is how long a script may take whose output is kept.
const outputTime = 2 * time.Minute

// doFetch copies files and outputs of a host into the run's scene. It only reads. What is there
// already stays: an engine that starts after a crash goes on where the last one stood.
func (e *Engine) doFetch(ctx context.Context, s *steps.Step, v run.UnitView) error {
	err := e.fetchAll(ctx, s, v)
	if p := problem.Of(err); p != nil && tolerant(s) && connection(p) && ctx.Err() == nil { // it fell silent meanwhile
		if err := e.hostIs(v.Unit.Host, run.HostLost, p); err != nil {
			return err
		}
		return e.fetched(s, v.Unit, run.Fetched{Path: "*", Absent: steps.WhyUnreachable})
	}
	return err
}

// look calls a host, which may fall silent where the step takes that as a result.
func (e *Engine) look(ctx context.Context, s *steps.Step, host string, call func(context.Context, Host) error) error {
	if !tolerant(s) {
		return e.with(ctx, host, call)
	}
	h, err := e.o.Hosts.Host(host)
	if err != nil {
		return err
	}
	return call(ctx, h)
}

func (e *Engine) fetchAll(ctx context.Context, s *steps.Step, v run.UnitView) error {
	if there, err := e.mayLook(ctx, s, v.Unit.Host); err != nil || !there {
		if err == nil {
			err = e.fetched(s, v.Unit, run.Fetched{Path: "*", Absent: steps.WhyUnreachable})
		}
		return err
	}
	var list []Listed
	if len(s.Fetch.Files) > 0 {
		err := e.look(ctx, s, v.Unit.Host, func(ctx context.Context, h Host) (err error) {
			list, err = h.ListFiles(ctx, s.Fetch.Files, steps.MostFetchedFiles)
			return err
		})
		if err != nil {
			return err
		}
	}
	room := int64(steps.MostFetchedAll)
	e.view(func(st *run.State) {
		for _, f := range st.Fetched {
			if f.Unit == v.Unit {
				room -= f.Bytes
			}
		}
	})
	for _, l := range list {
		if e.hasFetched(v.Unit, l.Path, false) {
			continue
		}
		f := run.Fetched{Path: l.Path}
		var data []byte
		switch {
		case l.Kind == 'a':
			f.Absent = fetchNothing
		case l.Kind != 'f':
			f.Absent = fetchOther
		case room < min(l.Size, steps.MostFetched):
			f.Absent = fetchRoom
		default:
			var size int64
			err := e.look(ctx, s, v.Unit.Host, func(ctx context.Context, h Host) (err error) {
				data, size, err = h.ReadEnd(ctx, l.Path, steps.MostFetched)
				return err
			})
			if err = e.notFetched(ctx, err, &f); err != nil {
				return err
			}
			f.Cut = size > int64(len(data)) && f.Absent == ""
		}
		if err := e.keep(s, v.Unit, f, data); err != nil {
			return err
		}
		room -= int64(len(data))
	}
	for _, name := range sortedKeys(s.Fetch.Output) {
		if e.hasFetched(v.Unit, name, true) {
			continue
		}
		f := run.Fetched{Path: name, Output: true}
		sc := e.scope(s, v.Unit.Host, v.Unit.Item)
		out, err := e.probeWith(ctx, s, v.Unit, sc, s.Fetch.Output[name], v.Unit.Host, job.Probe{Most: steps.MostFetched, Limit: outputTime})
		if err = e.notFetched(ctx, err, &f); err != nil {
			return err
		}
		f.Cut = out.Cut
		data := out.Stdout
		switch {
		case f.Absent == "" && out.Exit != 0 && len(data) == 0:
			f.Absent = steps.WhyFailed
		case room < int64(len(data)):
			f.Absent, data = fetchRoom, nil
		}
		if err := e.keep(s, v.Unit, f, data); err != nil {
			return err
		}
		room -= int64(len(data))
	}
	return nil
}

// mayLook tells whether a host answers, for a step that takes its silence as a result.
func (e *Engine) mayLook(ctx context.Context, s *steps.Step, host string) (bool, error) {
	if !tolerant(s) {
		return true, nil
	}
	return e.answersStill(ctx, host)
}

// notFetched makes a reason of a problem with one file; what is about the host or the run
// stays an error.
func (e *Engine) notFetched(ctx context.Context, err error, f *run.Fetched) error {
	p := problem.Of(err)
	if err == nil || ctx.Err() != nil || stays(err) || p == nil || connection(p) {
		return err
	}
	f.Absent = string(p.Code)
	if p.Code == "remote.file.absent" {
		f.Absent = fetchNothing
	}
	return nil
}

func (e *Engine) hasFetched(u run.Unit, path string, output bool) (yes bool) {
	clean := e.redactor().String(path)
	e.view(func(st *run.State) {
		yes = slices.ContainsFunc(st.Fetched, func(f run.Fetched) bool { return f.Unit == u && f.Path == clean && f.Output == output })
	})
	return yes
}

// keep writes a piece of the scene, and then the event that says so.
func (e *Engine) keep(s *steps.Step, u run.Unit, f run.Fetched, data []byte) error {
	if f.Absent == "" {
		kind := "files"
		if f.Output {
			kind = "output"
		}
		f.File = SceneFile(u.Host, s.ID, kind, f.Path)
		sum := sha256.Sum256(data)
		f.Bytes, f.SHA = int64(len(data)), hex.EncodeToString(sum[:])
		if err := writeScene(e.o.Dir.Path(), f.File, data); err != nil {
			return e.ofConsole(fmt.Errorf("cannot keep %s of %s: %w", f.File, u.Host, err))
		}
	}
	return e.fetched(s, u, f)
}

func (e *Engine) fetched(_ *steps.Step, u run.Unit, f run.Fetched) error {
	f.Unit = u
	f.Path = e.redactor().String(strings.ToValidUTF8(f.Path, "\uFFFD"))
	if e.hasFetched(u, f.Path, f.Output) {
		return nil
	}
	return e.emit(f)
}

// mostName bounds one element of a path in the scene, in bytes.
const mostName = 100

// SceneFile is where something of a host lies below the scene: HOST/STEP/files/PATH or
// HOST/STEP/output/NAME. The path is the host's own and hostile: each of its elements becomes
// letters, digits and a few signs, what is none of them %XX; `..` cannot be one, and what is too
// long ends in its sha256.
func SceneFile(host, step, kind, name string) string {
	parts := []string{element(host), element(inFile(step)), kind}
	elements := strings.FieldsFunc(name, func(r rune) bool { return r == '/' })
	if len(elements) > 16 {
		elements = []string{strings.Join(elements, "/")}
	}
	for _, el := range elements {
		parts = append(parts, element(el))
	}
	if len(elements) == 0 {
		parts = append(parts, "%")
	}
	return path.Join(parts...)
}

func element(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_+=@,", c) >= 0 || c == '.' && i > 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() <= mostName {
		return b.String()
	}
	sum := sha256.Sum256([]byte(s))
	return b.String()[:mostName-17] + "%" + hex.EncodeToString(sum[:8])
}

// writeScene writes a file of the scene, 0600, to the disk before it has its name. Nothing that
// it is given leads out of the scene.
func writeScene(dir, name string, data []byte) (err error) {
	whole, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer whole.Close()
	if err := whole.Mkdir("scene", 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	root, err := whole.OpenRoot("scene")
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	tmp := path.Join(path.Dir(name), "%new") // no element of a name is that
	if err := root.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(tmp, name)
	}
	if err != nil {
		return err
	}
	d, err := root.Open(path.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
