package runbooks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// db is a database node as the scripts of the Galera flow meet it: its folders, and programs that do only what is said here.
type db struct {
	t                *testing.T
	dir, data, aside string
}

const grastate = "# GALERA saved state\nversion: 2.1\nuuid:    " + clusterA + "\nseqno:   41\nsafe_to_bootstrap: 0\n"

func newDB(t *testing.T) *db {
	dir := t.TempDir()
	d := &db{t, dir, filepath.Join(dir, "data"), filepath.Join(dir, "kept", "run")}
	for path, text := range map[string]string{
		"data/grastate.dat": grastate, "data/ibdata1": "rows", "data/ib_logfile0": "log", "etc/mysql/conf.d/a.cnf": "[mysqld]\n", "etc/my.cnf": "[mysqld]\n",
		"bin/pgrep":     "#!/bin/sh\nexit 1\n",
		"bin/chown":     "#!/bin/sh\n[ \"$1\" = mysql:mysql ] || exit 99\n",
		"bin/systemctl": "#!/bin/sh\necho \"$*\" >>'" + dir + "/calls'\n",
	} {
		d.put(path, text)
	}
	return d
}

func (d *db) put(name, text string) {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		d.t.Fatal(err)
	}
}

func (d *db) read(name string) string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil && !os.IsNotExist(err) {
		d.t.Fatal(err)
	}
	return string(text)
}

// script is one of the flow, made to work in the folders of the test.
func (d *db) script(name string) *exec.Cmd {
	d.t.Helper()
	text, err := os.ReadFile("library/assets/galera-" + name + ".sh")
	if err != nil {
		d.t.Fatal(err)
	}
	here := strings.NewReplacer("/var/lib/stackhand/galera/", d.dir+"/kept/", "/run/", d.dir+"/run/", "/etc/my", d.dir+"/etc/my").Replace(string(text))
	cmd := exec.CommandContext(d.t.Context(), "sh", "-c", here)
	cmd.Env = []string{"PATH=" + d.dir + "/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "run_id=run", "unit=mariadb", "cluster=" + clusterA, "datadir=" + d.data, "host_name=db1"}
	return cmd
}

func (d *db) runs(name string) {
	d.t.Helper()
	if out, err := d.script(name).CombinedOutput(); err != nil {
		d.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// mark is what galera-position.sh leaves beside the position that it read.
func (d *db) mark() {
	d.t.Helper()
	out, err := exec.CommandContext(d.t.Context(), "stat", "-c", "%n %s %y", d.data+"/ibdata1", d.data+"/ib_logfile0").Output()
	if err != nil {
		d.t.Fatal(err)
	}
	d.put("kept/run/mark", string(out))
}

// The way back gives grastate.dat as it was; where mysqld has written since, without its number: it would be believed
// before InnoDB's own, and what came after it would be applied a second time.
func TestGaleraAbortNumber(t *testing.T) {
	for name, c := range map[string]struct {
		before, since func(d *db)
		want          string
	}{
		"untouched":       {func(d *db) { d.mark() }, func(*db) {}, grastate},
		"a member since":  {func(d *db) { d.mark() }, func(d *db) { d.put("data/ib_logfile0", "log, and more") }, strings.Replace(grastate, "41", "-1", 1)},
		"started from it": {func(d *db) { d.mark() }, func(d *db) { d.runs("bootstrap") }, strings.Replace(grastate, "41", "-1", 1)},
		"never asked":     {func(*db) {}, func(*db) {}, strings.Replace(grastate, "41", "-1", 1)},
		"crashed": {func(d *db) { d.put("data/grastate.dat", strings.Replace(grastate, "41", "-1", 1)) },
			func(d *db) { d.put("data/ib_logfile0", "log, and more") }, strings.Replace(grastate, "41", "-1", 1)},
	} {
		d := newDB(t)
		d.put("bin/galera_new_cluster", "#!/bin/sh\n")
		c.before(d)
		d.runs("aside")
		c.since(d)
		d.put("data/grastate.dat", strings.Replace(grastate, "41", "77", 1))
		d.runs("abort")
		if got := d.read("data/grastate.dat"); got != c.want {
			t.Errorf("%s: grastate.dat is\n%s\nwant\n%s", name, got, c.want)
		}
		if calls := d.read("calls"); !strings.Contains(calls, "unset-environment _WSREP_NEW_CLUSTER\n") {
			t.Errorf("%s: the setting that makes a new cluster may be left:\n%s", name, calls)
		}
	}
}

// A start of a new cluster that is cut off, or fails, leaves no setting behind that makes another one at the next start.
func TestGaleraBootstrapCutOff(t *testing.T) {
	for name, does := range map[string]string{"fails": "exit 1", "is stopped": "kill -TERM $PPID; exit 1", "works": "exit 0"} {
		d := newDB(t)
		d.put("bin/galera_new_cluster", "#!/bin/sh\nsystemctl set-environment _WSREP_NEW_CLUSTER=--wsrep-new-cluster\n"+does+"\n")
		d.put("bin/journalctl", "#!/bin/sh\n")
		d.runs("aside")
		out, err := d.script("bootstrap").CombinedOutput()
		if (err == nil) != (name == "works") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		calls := strings.Split(strings.TrimSpace(d.read("calls")), "\n")
		if last := calls[len(calls)-1]; last != "unset-environment _WSREP_NEW_CLUSTER" {
			t.Errorf("%s: told systemd %q", name, calls)
		}
	}
}

// What is copied aside is whole, also after an attempt that was cut off in the middle of a folder.
func TestGaleraAsideTwice(t *testing.T) {
	d := newDB(t)
	d.put("kept/run/mysql.new/conf.d/half.cnf", "of an earlier attempt")
	d.put("kept/run/grastate.dat.new", "of an ear")
	d.runs("aside")
	d.put("data/grastate.dat", "later")
	d.runs("aside")
	if d.read("kept/run/grastate.dat") != grastate || d.read("kept/run/mysql/conf.d/a.cnf") != "[mysqld]\n" {
		t.Error("not all is kept")
	}
	if left := d.read("kept/run/mysql/conf.d/half.cnf"); left != "" {
		t.Errorf("what an earlier attempt left is taken for a copy: %q", left)
	}
}
