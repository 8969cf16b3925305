package engine

import (
	"context"
	"path"
	"slices"
	"strings"

	"stackhand/internal/problem"
)

// ListFiles finds the fake's files; `*` is the only pattern that it knows.
func (c *conn) ListFiles(ctx context.Context, patterns []string, most int) (found []Listed, err error) {
	err = c.call(ctx, "ListFiles", func(m *machine) error {
		found = nil
		for _, p := range patterns {
			before := len(found)
			for name, f := range m.files {
				if ok, err := path.Match(p, name); err != nil {
					c.p.w.t.Errorf("a pattern that the fake was not told of: %s", p)
				} else if ok || name == p || strings.HasPrefix(p, "/hostile/") && strings.HasPrefix(name, "/hostile/") {
					found = append(found, Listed{Path: name, Size: int64(len(f.Data)), Kind: 'f'})
				}
			}
			if len(found) == before {
				found = append(found, Listed{Path: p, Kind: 'a'})
			}
		}
		slices.SortFunc(found, func(a, b Listed) int { return strings.Compare(a.Path, b.Path) })
		found = found[:min(most, len(found))]
		return nil
	})
	return found, err
}

func (c *conn) ReadEnd(ctx context.Context, path string, most int64) (data []byte, size int64, err error) {
	err = c.call(ctx, "ReadEnd", func(m *machine) error {
		f, ok := m.files[path]
		if !ok {
			return problem.New("remote.file.absent", m.name, nil)
		}
		m.ledger["fetch "+path]++
		size = int64(len(f.Data))
		data = f.Data[max(0, size-most):]
		return nil
	})
	return data, size, err
}
