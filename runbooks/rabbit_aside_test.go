package runbooks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const runID = "20260101-000000-abcd"

// brokerDir is a broker's folder, and programs that do only what is said here.
type brokerDir struct {
	t   *testing.T
	dir string
}

func newBroker(t *testing.T) *brokerDir {
	b := &brokerDir{t, t.TempDir()}
	for path, text := range map[string]string{
		"mnesia/rabbit@db1/schema.DAT": "schema", "mnesia/rabbit@db1/msg_stores/0.rdq": "messages", "mnesia/rabbit@db1-plugins-expand/x": "x",
		"mnesia/rabbit@db1/cluster_nodes.config": "{[rabbit@db1],[rabbit@db1]}.\n",
		"bin/systemctl":                          "#!/bin/sh\n", "bin/pgrep": "#!/bin/sh\nexit 1\n", "bin/timeout": "#!/bin/sh\nshift\nexec \"$@\"\n", "bin/sync": "#!/bin/sh\n",
		"bin/rabbitmqctl": "#!/bin/sh\ncase $* in *is_booted*) echo true ;; *reset) rm -rf '" + b.dir + "/mnesia/rabbit@db1' ;; esac\n",
	} {
		b.put(path, text)
	}
	return b
}

func (b *brokerDir) put(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		b.t.Fatal(err)
	}
}

// runs runs the script of a step, or an asset.
func (b *brokerDir) runs(text string) (string, error) {
	b.t.Helper()
	cmd := exec.CommandContext(b.t.Context(), "bash", "-c", strings.ReplaceAll(text, "/var/lib/rabbitmq", b.dir))
	cmd.Env = []string{"PATH=" + b.dir + "/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "run_id=" + runID, "node=rabbit@db1", "first=rabbit@db2"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// whole: the old data is in a folder, all of it.
func (b *brokerDir) whole(dir, when string) {
	b.t.Helper()
	for name, want := range map[string]string{"schema.DAT": "schema", "msg_stores/0.rdq": "messages"} {
		if got, err := os.ReadFile(filepath.Join(b.dir, dir, name)); err != nil || string(got) != want {
			b.t.Errorf("%s: %s is %q %v", when, name, got, err)
		}
	}
}

// The data of a broker that is built anew, or joins again, is copied or moved aside as a whole before it is given up, also where
// the first attempt was cut off in the middle.
func TestRabbitAsideCutOff(t *testing.T) {
	rebuild := newFlow(t, "rabbitmq-rebuild", "broker", nil).step("aside").Script.All
	b := newBroker(t)
	b.put("bin/mv", "#!/bin/sh\n[ \"$1\" = -t ] || exec /bin/mv \"$@\"\n/bin/mv -t \"$2\" mnesia/rabbit@db1-plugins-expand\nexit 1\n")
	if out, err := b.runs(rebuild); err == nil {
		t.Errorf("it was not cut off: %s", out)
	}
	b.put("bin/mv", "#!/bin/sh\nexec /bin/mv \"$@\"\n")
	if out, err := b.runs(rebuild); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	b.whole("mnesia."+runID+"/rabbit@db1", "moved aside by the second attempt")
	if left, err := os.ReadDir(filepath.Join(b.dir, "mnesia")); err != nil || len(left) > 0 {
		t.Errorf("left in place: %v %v", left, err)
	}
	b.put("mnesia/rabbit@db1/schema.DAT", "of the new cluster")
	if out, err := b.runs(rebuild); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	b.whole("mnesia."+runID+"/rabbit@db1", "a third time")
	if _, err := os.Stat(filepath.Join(b.dir, "mnesia/rabbit@db1/schema.DAT")); err != nil {
		t.Errorf("the new data was moved away: %v", err)
	}

	join := newFlow(t, "rabbitmq-recovery", "broker", nil).step("outside").Script.All
	b = newBroker(t)
	b.put("bin/cp", "#!/bin/sh\nmkdir -p \"$3\"; echo half >\"$3/schema.DAT\"\nexit 1\n")
	if out, err := b.runs(join); err == nil {
		t.Errorf("it was not cut off: %s", out)
	}
	b.whole("mnesia/rabbit@db1", "the copy was cut off")
	b.put("bin/cp", "#!/bin/sh\nexec /bin/cp \"$@\"\n")
	if out, err := b.runs(join); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	b.whole("mnesia/rabbit@db1."+runID, "copied by the second attempt")
}

// What a recovery copied aside is no other name of the node.
func TestRabbitAsideIsNoName(t *testing.T) {
	look, err := os.ReadFile("library/assets/rabbit-look.sh")
	if err != nil {
		t.Fatal(err)
	}
	b := newBroker(t)
	for _, name := range []string{"rabbit@db1." + runID, "rabbit@db1." + runID + ".part", "rabbit@old.example.org"} {
		b.put("mnesia/"+name+"/cluster_nodes.config", "{[rabbit@db1,rabbit@db2],[rabbit@db1]}.\n")
	}
	b.put("bin/hostname", "#!/bin/sh\necho db1\n")
	out, err := b.runs(string(look))
	if err != nil {
		t.Fatal(err, out)
	}
	if got := read(t, "rabbitmq-recovery", "look", out)["other_name"]; list1(got.V) != "rabbit@old.example.org" {
		t.Errorf("other names: %v\n%s", got.V, out)
	}
}

func list1(v any) string {
	all, _ := v.([]any)
	var names []string
	for _, n := range all {
		s, _ := n.(string)
		names = append(names, s)
	}
	return strings.Join(names, " ")
}

// A broker that is up and answers late is not killed for one that waits.
func TestRabbitForceNotSlow(t *testing.T) {
	for state, want := range map[string]bool{"activating": true, "failed": true, "active": false} {
		f := newFlow(t, "rabbitmq-recovery", "broker", map[string]map[string]any{"db1": {"state": state, "booted": "no"}})
		f.sc.Host = "db1"
		holds := true
		for _, g := range f.step("force").Guard {
			ok, err := g.That.Bool(f.sc)
			if err != nil {
				t.Fatal(err)
			}
			holds = holds && ok
		}
		if holds != want {
			t.Errorf("%s: the guards say %t", state, holds)
		}
	}
}
