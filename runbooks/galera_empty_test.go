package runbooks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A node is emptied, gets a copy, and is put back: wherever one of the scripts is cut off, between two of its
// commands, none of the old data is lost, and the way back brings all of it to its place. Once with the data
// on a disk of its own, once with all on one.
func TestGaleraEmptyAndBack(t *testing.T) {
	for _, disks := range []string{"one", "two"} {
		t.Run(disks, func(t *testing.T) {
			cutEmpty, cutBack := 0, 0
			for die := 2; ; die++ { // the first makes the folder to move to
				n := emptied(t, disks)
				cut := n.run("empty", die)
				if cut {
					cutEmpty++
				} else {
					n.whole(n.old, "after emptying")
				}
				n.run("unempty", 0)
				n.whole(n.data, "emptying was cut off")
				if t.Failed() || !cut {
					break
				}
			}
			for die := 1; ; die++ {
				n := emptied(t, disks)
				n.run("empty", 0)
				n.write(filepath.Join(n.data, "ibdata1"), "of another node")
				n.write(filepath.Join(n.data, "fresh", "a.ibd"), "of another node")
				cut := n.run("unempty", die)
				if cut {
					cutBack++
					n.run("unempty", 0)
				}
				n.whole(n.data, "putting back was cut off")
				if got, err := os.ReadFile(filepath.Join(n.old+".copy", "fresh", "a.ibd")); err != nil || string(got) != "of another node" {
					t.Errorf("what came meanwhile: %q %v", got, err)
				}
				if t.Failed() || !cut {
					break
				}
			}
			if cutEmpty < 8 || cutBack < 8 {
				t.Errorf("cut off %d and %d times only", cutEmpty, cutBack)
			}
			n := emptied(t, disks)
			n.run("empty", 0)
			n.write(filepath.Join(n.data, "ibdata1"), "of another node")
			if out, err := n.script("empty", 0); err == nil || !strings.Contains(string(out), "emptied before") {
				t.Errorf("it was emptied a second time: %s", out)
			}
		})
	}
}

type node struct {
	t              *testing.T
	dir, data, old string
	disks          string
}

func emptied(t *testing.T, disks string) *node {
	dir := t.TempDir()
	n := &node{t, dir, filepath.Join(dir, "data"), filepath.Join(dir, "data.stackhand-run"), disks}
	for _, f := range []string{"ibdata1", "nova/a.ibd", "nova/b.ibd", ".a b"} {
		n.write(filepath.Join(n.data, f), "old "+f)
	}
	n.write(filepath.Join(dir, "kept", "run", "datadir.txt"), "")
	return n
}

func (n *node) write(path, text string) {
	n.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		n.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		n.t.Fatal(err)
	}
}

// run runs a script, killed before its command number die that touches files; 0: to its end.
func (n *node) run(name string, die int) (cut bool) {
	n.t.Helper()
	out, err := n.script(name, die)
	if err != nil && die == 0 {
		n.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return err != nil
}

func (n *node) script(name string, die int) ([]byte, error) {
	n.t.Helper()
	text, err := os.ReadFile("library/assets/galera-" + name + ".sh")
	if err != nil {
		n.t.Fatal(err)
	}
	bin := filepath.Join(n.dir, "bin")
	os.Remove(filepath.Join(n.dir, "count"))
	// Each command that touches files is counted, and one of them fails: with set -e the script is cut off there. A
	// copy, or a removal, that is cut off has done half of it.
	count := "n=$(($(cat '" + n.dir + "/count' 2>/dev/null || echo 0) + 1)); echo $n >'" + n.dir + "/count'\n"
	for _, c := range []string{"mv", "rm", "cp", "mkdir", "rmdir"} {
		half := ""
		switch c {
		case "rm":
			half = "for f; do rm=$(find \"$f\" -type f 2>/dev/null | head -n 1); [ -z \"$rm\" ] || /bin/rm -f \"$rm\"; done; "
		case "cp":
			half = "for to; do :; done; /bin/mkdir -p \"$to\"; "
		}
		n.write(filepath.Join(bin, c), "#!/bin/sh\n"+count+"[ $n != "+strconv.Itoa(die)+" ] || { "+half+"exit 1; }\nexec /bin/"+c+" \"$@\"\n")
	}
	n.write(filepath.Join(bin, "pgrep"), "#!/bin/sh\nexit 1\n")
	n.write(filepath.Join(bin, "systemctl"), "#!/bin/sh\n[ \"$*\" = 'stop mariadb.service' ] || exit 99\n")
	n.write(filepath.Join(bin, "chown"), "#!/bin/sh\n")
	if n.disks == "two" { // the script asks for the disk of a folder with stat
		n.write(filepath.Join(bin, "stat"), "#!/bin/sh\n[ \"$1 $2\" = '-c %d' ] || exit 99\necho \"$3\"\n")
	}
	files, err := filepath.Glob(filepath.Join(bin, "*"))
	if err != nil {
		n.t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Chmod(f, 0o700); err != nil {
			n.t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(n.t.Context(), "sh", "-c", strings.ReplaceAll(string(text), "/var/lib/stackhand/galera/", n.dir+"/kept/"))
	cmd.Env = []string{"PATH=" + bin + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "run_id=run", "unit=mariadb", "keep=yes", "datadir=" + n.data}
	return cmd.CombinedOutput()
}

// whole checks that all old files, and no others, are in a folder.
func (n *node) whole(dir, when string) {
	n.t.Helper()
	seen := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		seen++
		if text, err := os.ReadFile(path); err != nil || string(text) != "old "+name {
			n.t.Errorf("%s: %s is %q %v", when, name, text, err)
		}
		return nil
	})
	if err != nil || seen != 4 {
		n.t.Errorf("%s: %d files of 4: %v", when, seen, err)
	}
}
