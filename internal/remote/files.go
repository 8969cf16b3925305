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
// more. Problems: remote.file.absent, remote.file.kind.
func (h *Host) ReadFile(ctx context.Context, name string, most int64) (data []byte, info FileInfo, err error) {
	words, r, err := h.on(ctx, "read", params{"path": name, "most": strconv.FormatInt(most, 10)},
		call{most: int(most) + 4096})
	if err != nil {
		return nil, info, named(err, name)
	}
	if len(words) != 6 || words[0] != "file" {
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
	return r.stdout, info, nil
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
