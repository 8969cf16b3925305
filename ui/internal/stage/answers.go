package stage

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"sort"
	"sync"

	"stackhand/answers/interview"
	"stackhand/answers/kolla"
	"stackhand/internal/problem"
	"stackhand/internal/site"
	"stackhand/ui"
)

// drafts keeps drafts below a directory, one file each, as the real one does with two.
type drafts struct{ mu sync.Mutex }

func (b *Backend) draftPath(name string) string {
	return filepath.Join(b.Root, "answers", name+".json")
}

func (b *Backend) readDraft(name string) (interview.Saved, error) {
	var s interview.Saved
	data, err := os.ReadFile(b.draftPath(name))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	return s, err
}

// Drafts are the files below Root.
func (b *Backend) Drafts(context.Context) ([]ui.DraftInfo, error) {
	b.drafts.mu.Lock()
	defer b.drafts.mu.Unlock()
	files, err := filepath.Glob(b.draftPath("*"))
	if err != nil {
		return nil, err
	}
	var all []ui.DraftInfo
	for _, f := range files {
		name := filepath.Base(f[:len(f)-len(".json")])
		s, err := b.readDraft(name)
		if err != nil {
			return nil, err
		}
		d, err := interview.Restore(s)
		if err != nil {
			all = append(all, ui.DraftInfo{Name: name, Problem: err.Error()})
			continue
		}
		all = append(all, ui.DraftInfo{Name: name, Installer: d.Installer(), Changed: b.Now})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, nil
}

// HoldDraft holds nothing: there is one screen.
func (b *Backend) HoldDraft(_ context.Context, name string) (func(), error) {
	if name == b.Held {
		return nil, problem.New("answers.draft.busy", "", nil, "name", name)
	}
	return func() {}, nil
}

// Draft reads one.
func (b *Backend) Draft(_ context.Context, name string) (*interview.Draft, error) {
	b.drafts.mu.Lock()
	defer b.drafts.mu.Unlock()
	s, err := b.readDraft(name)
	if err != nil {
		return nil, err
	}
	return interview.Restore(s)
}

// SaveDraft keeps the newest.
func (b *Backend) SaveDraft(_ context.Context, name string, saved interview.Saved) error {
	b.drafts.mu.Lock()
	defer b.drafts.mu.Unlock()
	if b.Full {
		return errors.New("no space left on device")
	}
	if old, err := b.readDraft(name); err == nil && old.Rev > saved.Rev {
		return nil
	}
	data, err := json.Marshal(saved)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.draftPath(name)), 0o700); err != nil {
		return err
	}
	return os.WriteFile(b.draftPath(name), data, 0o600)
}

// RemoveDraft takes it away.
func (b *Backend) RemoveDraft(_ context.Context, name string) error {
	return os.Remove(b.draftPath(name))
}

// ReadAnswers reads a file.
func (b *Backend) ReadAnswers(_ context.Context, path string) (ui.AnswersFile, error) {
	data, err := os.ReadFile(filepath.Join(b.Root, path))
	return ui.AnswersFile{Path: path, Data: data}, err
}

// AnswersBefore reads what is there.
func (b *Backend) AnswersBefore(_ context.Context, path string, names []string) (map[string][]byte, error) {
	before := map[string][]byte{}
	for _, name := range names {
		p := filepath.Join(b.Root, path)
		if len(names) > 1 {
			p = filepath.Join(p, name)
		}
		if data, err := os.ReadFile(p); err == nil {
			before[name] = data
		}
	}
	return before, nil
}

// WriteAnswers writes the files.
func (b *Backend) WriteAnswers(_ context.Context, path string, files []interview.File) ([]ui.WrittenFile, error) {
	var out []ui.WrittenFile
	for _, f := range files {
		p := path
		if len(files) > 1 {
			p = filepath.Join(path, f.Name)
		}
		full := filepath.Join(b.Root, p)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			return out, err
		}
		w := ui.WrittenFile{Path: p}
		if _, err := os.Stat(full); err == nil {
			w.Before = p + ".before"
			if err := os.Rename(full, full+".before"); err != nil {
				return out, err
			}
		}
		if err := os.WriteFile(full, f.Data, 0o600); err != nil {
			return out, err
		}
		out = append(out, w)
	}
	return out, nil
}

// LookAtHosts plays hosts with two interfaces each; with Bad one of them is silent.
func (b *Backend) LookAtHosts(ctx context.Context, s *site.Site, t ui.LookTalk) error {
	for _, h := range s.Hosts {
		b.pause(ctx)
		if b.Bad && h.Name == "cmp2" {
			t.Found(ui.HostInterfaces{Host: h.Name, Problem: problem.New("remote.tcp.refused", h.Name, errors.New("dial tcp 192.0.2.22:22: connection refused"), "address", "192.0.2.22:22")})
			continue
		}
		var own []netip.Prefix
		if a, err := netip.ParseAddr(h.Addresses["management"]); err == nil {
			own = append(own, netip.PrefixFrom(a, 24))
		}
		second := "eth1"
		if h.Name == "cmp1" {
			second = "ens5"
		}
		t.Found(ui.HostInterfaces{Host: h.Name, Interfaces: []kolla.Interface{
			{Name: "lo", Up: true}, {Name: "eth0", Up: true, Addresses: own}, {Name: second, Up: true}, {Name: "eth2"}}})
	}
	return ctx.Err()
}

// State is the saved state of a draft, in which there is no secret.
func (b *Backend) State(name string) ([]byte, error) {
	s, err := b.readDraft(name)
	return s.State, err
}
