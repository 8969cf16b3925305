package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"stackhand/internal/problem"
)

// FileInfo is what is known of a file on a host.
type FileInfo struct {
	Size     int64
	Mode     fs.FileMode
	Owner    string
	Group    string
	Modified time.Time // by the host's clock
}

// FileOptions say how a file is written. What is empty stays as it was; a new file is 0644 and root's.
type FileOptions struct {
	Mode   fs.FileMode // permission bits; 0: unchanged
	Owner  string
	Group  string
	Run    string // the run that must hold the host's claim; "": whoever holds it
	Backup string // suffix under which the old file is kept beside it, unless there is one already
}

// ReadFile reads at most that many bytes of a file, as root; info.Size tells whether it was
// more. Where all of it is read, its sha256 is compared with the host's. Problems:
// remote.file.absent, remote.file.kind, remote.file.changed.
func (h *Host) ReadFile(ctx context.Context, name string, most int64) (data []byte, info FileInfo, err error) {
	words, r, err := h.on(ctx, "read", params{"path": name, "most": strconv.FormatInt(most, 10)},
		call{most: int(most) + 4096})
	if err != nil {
		return nil, info, named(err, name)
	}
	if len(words) != 7 || words[0] != "file" {
		return nil, info, fmt.Errorf("cannot read %s on %s: answer %q", name, h.name, strings.Join(words, " "))
	}
	size, err1 := strconv.ParseInt(words[1], 10, 64)
	mode, err2 := strconv.ParseUint(words[2], 8, 32)
	at, err3 := strconv.ParseInt(words[5], 10, 64)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return nil, info, fmt.Errorf("cannot read %s on %s: %w", name, h.name, err)
		}
	}
	info = FileInfo{Size: size, Mode: fs.FileMode(mode) & fs.ModePerm, Owner: words[3], Group: words[4], Modified: time.Unix(at, 0)}
	if words[6] != "-" {
		if sum := sha256.Sum256(r.stdout); hex.EncodeToString(sum[:]) != words[6] {
			return nil, info, named(problem.New("remote.file.changed", h.name, nil), name)
		}
	}
	return r.stdout, info, nil
}

// Listed is what a pattern found on a host. The name is the host's own: anything may be in it.
type Listed struct {
	Path string
	Size int64
	Kind byte // f: a file; o: something else; a: there is nothing of that name
}

// ListFiles tells which files patterns name (as the shell's: *, ? and […]), as root; at most so
// many. A pattern that finds nothing is listed itself, as absent.
func (h *Host) ListFiles(ctx context.Context, patterns []string, most int) (found []Listed, err error) {
	for _, p := range patterns {
		if !path.IsAbs(p) || strings.ContainsAny(p, "\n\x00") {
			return nil, fmt.Errorf("cannot look for %q on %s: the path is not absolute", p, h.name)
		}
	}
	words, r, err := h.on(ctx, "list", params{"patterns": strings.Join(patterns, "\n"), "most": strconv.Itoa(most)}, call{most: 1 << 20})
	if err != nil {
		return nil, err
	}
	if len(words) != 1 || words[0] != "files" {
		return nil, fmt.Errorf("cannot list files on %s: answer %q", h.name, strings.Join(words, " "))
	}
	for record := range strings.SplitSeq(strings.TrimSuffix(string(r.stdout), "\x00"), "\x00") {
		kind, rest, _ := strings.Cut(record, " ")
		size, name, ok := strings.Cut(rest, " ")
		n, err := strconv.ParseInt(size, 10, 64)
		if !ok || err != nil || len(kind) != 1 || len(found) >= most {
			return found, fmt.Errorf("cannot list files on %s: record %q", h.name, record)
		}
		found = append(found, Listed{Path: name, Size: n, Kind: kind[0]})
	}
	return found, nil
}

// ReadEnd reads a file, or its end where it is longer than that many bytes, as root. size is
// all of it. Problems: remote.file.absent, remote.file.kind.
func (h *Host) ReadEnd(ctx context.Context, name string, most int64) (data []byte, size int64, err error) {
	words, r, err := h.on(ctx, "readend", params{"path": name, "most": strconv.FormatInt(most, 10)}, call{most: int(most) + 4096})
	if err != nil {
		return nil, 0, named(err, name)
	}
	if len(words) != 2 || words[0] != "file" {
		return nil, 0, fmt.Errorf("cannot read %s on %s: answer %q", name, h.name, strings.Join(words, " "))
	}
	if size, err = strconv.ParseInt(words[1], 10, 64); err != nil {
		return nil, 0, fmt.Errorf("cannot read %s on %s: %w", name, h.name, err)
	}
	return r.stdout, size, nil
}

// WriteFile writes a file as root, whole or not at all: beside it, to the disk, compared by
// sha256, then renamed.
func (h *Host) WriteFile(ctx context.Context, name string, data []byte, o FileOptions) error {
	if !path.IsAbs(name) || strings.ContainsRune(o.Backup, '/') {
		return fmt.Errorf("cannot write %q on %s: the path is not absolute, or the suffix %q holds a slash", name, h.name, o.Backup)
	}
	sum := sha256.Sum256(data)
	p := params{
		"path": name, "size": strconv.Itoa(len(data)), "sha": hex.EncodeToString(sum[:]),
		"mode": "", "owner": o.Owner, "group": o.Group, "backup": o.Backup, "run": o.Run,
	}
	if o.Mode != 0 {
		p["mode"] = strconv.FormatUint(uint64(o.Mode.Perm()), 8)
	}
	if data == nil {
		data = []byte{}
	}
	_, _, err := h.on(ctx, "write", p, call{payload: data})
	return named(err, name)
}

// named puts a file's name into a problem.
func named(err error, name string) error {
	if p := problem.Of(err); p != nil {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args["file"] = name
	}
	return err
}
