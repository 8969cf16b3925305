package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"stackhand/answers"
	"stackhand/answers/interview"
	"stackhand/internal/problem"
	"stackhand/internal/remote"
	"stackhand/internal/site"
	"stackhand/ui"
)

// answersScreen opens the full screen at the answers: with a draft that the caller holds, or
// with the choice of one.
func answersScreen(ctx context.Context, env *environment, sitePath string, held *interview.Draft, store *drafts) error {
	b := &backend{env: env, request: &request{sitePath: sitePath}}
	if held != nil {
		b.held = held.Name()
	}
	b.once.Do(func() { b.kept = store })
	return openScreen(ctx, env, b, ui.Options{Answers: true, Draft: held})
}

// drafts are those of this console. One store for the whole screen: it knows what was saved last.
func (b *backend) drafts() *drafts {
	b.once.Do(func() { b.kept = openDrafts(b.env) })
	return b.kept
}

func (b *backend) Drafts(context.Context) ([]ui.DraftInfo, error) {
	var all []ui.DraftInfo
	for _, d := range b.drafts().List() {
		info := ui.DraftInfo{Name: d.Name, Changed: d.Saved}
		draft, err := b.drafts().Load(d.Name)
		if err != nil {
			info.Problem = err.Error()
		} else {
			info.Installer = draft.Installer()
		}
		all = append(all, info)
	}
	return all, nil
}

func (b *backend) HoldDraft(_ context.Context, name string) (func(), error) {
	if name == b.held { // by the command that opened the screen
		return func() {}, nil
	}
	release, err := b.drafts().Lock(name)
	if err != nil {
		return nil, err
	}
	if release == nil {
		return nil, problem.New("answers.draft.busy", "", nil, "name", name)
	}
	return release, nil
}

func (b *backend) Draft(_ context.Context, name string) (*interview.Draft, error) {
	return b.drafts().Load(name)
}

func (b *backend) SaveDraft(_ context.Context, name string, saved interview.Saved) error {
	if err := b.drafts().Save(name, saved); err != nil {
		return problem.New("answers.draft.save", "", err, "name", name)
	}
	return nil
}

func (b *backend) RemoveDraft(ctx context.Context, name string) error {
	release, err := b.HoldDraft(ctx, name)
	if err != nil {
		return err
	}
	defer release()
	if err := b.drafts().Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// expand is a path as a person types it.
func (b *backend) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(b.env.getenv("HOME"), rest)
	}
	return path
}

func (b *backend) ReadAnswers(_ context.Context, path string) (ui.AnswersFile, error) {
	full := b.expand(path)
	data, err := readRegular(full)
	if err != nil {
		return ui.AnswersFile{}, err
	}
	if interview.Kind(data) == "" {
		return ui.AnswersFile{}, problem.New("answers.kind", "", nil, "file", full)
	}
	if abs, err := filepath.Abs(full); err == nil {
		full = abs
	}
	return ui.AnswersFile{Path: full, Data: data, Format: guessFormat(data)}, nil
}

// readRegular reads a file of answers. Anything but a regular file might never end.
func readRegular(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, problem.New("answers.read", "", errors.New("it is no regular file"), "file", path)
	}
	return readAnswerFile(path)
}

// answersPaths are where files go: one to the path itself, or into it where that is a
// directory; several into the directory.
func (b *backend) answersPaths(path string, names []string) []string {
	full := b.expand(path)
	if abs, err := filepath.Abs(full); err == nil {
		full = abs
	}
	info, err := os.Stat(full)
	into := len(names) > 1 || strings.HasSuffix(path, "/") || err == nil && info.IsDir()
	var paths []string
	for _, name := range names {
		if into {
			paths = append(paths, filepath.Join(full, name))
		} else {
			paths = append(paths, full)
		}
	}
	return paths
}

func (b *backend) AnswersBefore(_ context.Context, path string, names []string) (map[string][]byte, error) {
	before := map[string][]byte{}
	for i, p := range b.answersPaths(path, names) {
		data, err := readRegular(p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return before, err
		default:
			before[names[i]] = data
		}
	}
	return before, nil
}

func (b *backend) WriteAnswers(_ context.Context, path string, files []interview.File) ([]ui.WrittenFile, error) {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	var written []ui.WrittenFile
	for i, p := range b.answersPaths(path, names) {
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			return written, problem.New("answers.write", "", err, "file", p)
		}
		before, err := answers.Write(p, files[i].Data)
		if err != nil {
			return written, err
		}
		written = append(written, ui.WrittenFile{Path: p, Before: before})
	}
	return written, nil
}

func (b *backend) LookAtHosts(ctx context.Context, s *site.Site, talk ui.LookTalk) error {
	hostInterfaces(ctx, remote.Options{Site: s, Ask: surveyAsker{talk}, Getenv: b.env.getenv}, talk.Found)
	return ctx.Err()
}
