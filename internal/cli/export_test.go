package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stackhand/internal/run"
)

// TestExport: a run becomes one file, a second time nothing is overwritten.
func TestExport(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("LANG", "C")
	d, err := run.Create(run.Root(os.Getenv), "20261121-100000-aabbccdd", run.Files{Procedure: []byte("id: x\n"), Site: []byte("name: lab\n")})
	if err != nil {
		t.Fatal(err)
	}
	j, _, err := run.OpenJournal(d.JournalPath(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(run.RunStarted{Run: d.ID(), Procedure: "x", Site: "lab"}); err != nil {
		t.Fatal(err)
	}
	j.Close()
	file := filepath.Join(t.TempDir(), "run.tar.gz")
	call := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := Main(args, strings.NewReader(""), &out, &errs)
		return code, out.String() + errs.String()
	}
	if code, text := call("export", d.ID(), "--out", file); code != 0 || !strings.Contains(text, file) {
		t.Fatalf("exit %d: %s", code, text)
	}
	first, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(first, []byte{0x1f, 0x8b}) {
		t.Fatalf("%v, %d bytes", err, len(first))
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	if code, text := call("export", d.ID(), "--out", file); code != 2 || !strings.Contains(text, "is there already") {
		t.Errorf("a second time: exit %d: %s", code, text)
	}
	if code, text := call("export", d.ID(), "--out", "-"); code != 0 || text != string(first) {
		t.Errorf("to standard output: exit %d, %d bytes, want %d", code, len(text), len(first))
	}
}
