package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/run"
	"stackhand/internal/run/redact"
)

func read(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if h.Mode != 0o600 {
			t.Errorf("%s has mode %o", h.Name, h.Mode)
		}
		files[h.Name] = string(b)
	}
}

// TestArchive: everything that a reader wants is in it, no secret, nothing from outside the
// run, and every sum is right.
func TestArchive(t *testing.T) {
	const secret = "hunter2-and-more"
	d, err := run.Create(t.TempDir(), "20261121-100000-aabbccdd", run.Files{Procedure: []byte("id: x\n"), Site: []byte("name: lab\n"), Settings: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside")
	long := strings.Repeat("x", 70000) + secret + strings.Repeat("y", 70000)
	for name, text := range map[string]string{"logs/a.log": long, "scene/db1/etc/my.cnf": "password=" + secret + "\n"} {
		file := filepath.Join(d.Path(), name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.WriteFile(outside, []byte("not ours"), 0o600), os.Symlink(outside, filepath.Join(d.Path(), "logs", "link"))); err != nil {
		t.Fatal(err)
	}
	red := redact.NewRedactor(map[string]string{"db_password": secret})
	pack := func() []byte {
		var out bytes.Buffer
		if err := Write(&out, d, map[string][]byte{"report.en.md": []byte("# Report\n")}, red, time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	data := pack()
	if !bytes.Equal(data, pack()) {
		t.Error("the same run gives different archives")
	}
	files := read(t, data)
	sums := files[d.ID()+"/"+SumsName]
	delete(files, d.ID()+"/"+SumsName)
	for _, name := range []string{"report.en.md", "journal.jsonl", "procedure.yaml", "site.yaml", "settings.json", "logs/a.log", "scene/db1/etc/my.cnf"} {
		if _, ok := files[d.ID()+"/"+name]; !ok {
			t.Errorf("no %s in it", name)
		}
	}
	if len(files) != 7 {
		t.Errorf("%d files", len(files))
	}
	if strings.Count(sums, "\n") != len(files) {
		t.Errorf("sums of other files:\n%s", sums)
	}
	for name, text := range files {
		if strings.Contains(text, secret) || strings.Contains(text, "not ours") {
			t.Errorf("%s has what must not leave the console", name)
		}
		if line := fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(text)), strings.TrimPrefix(name, d.ID()+"/")); !strings.Contains(sums, line) {
			t.Errorf("no sum %q in\n%s", line, sums)
		}
	}
	if !strings.Contains(files[d.ID()+"/scene/db1/etc/my.cnf"], "[secret db_password]") {
		t.Error("the secret's place is not told")
	}
}
