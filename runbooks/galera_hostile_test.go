package runbooks_test

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackhand/runbooks"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// galeraReads are how the flow reads what its look and its position script print.
func galeraReads(t testing.TB) (look, position map[string]steps.Read) {
	t.Helper()
	p, err := steps.Load(runbooks.Library(), "galera-recovery")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Steps {
		switch s.ID {
		case "look":
			look = s.Read
		case "position":
			position = s.Read
		}
	}
	if len(look) == 0 || len(position) == 0 {
		t.Fatal("the flow has no step look or position")
	}
	return look, position
}

// elect has the election judge nodes by what was printed on them: the look, then the position.
func elect(look, position map[string]steps.Read, said ...[2]string) judgements.Output {
	j, _ := judgements.Find(judgements.All(), "galera.election")
	in := judgements.Input{Args: map[string]any{}, Waived: map[string]string{}}
	for i, s := range said {
		h := judgements.Host{Name: fmt.Sprint("db", i+1), Reachable: true, Facts: map[string]steps.Value{}}
		for _, name := range j.Reads {
			h.Facts[name] = steps.Value{Absent: steps.WhyNotRead}
		}
		for name, r := range look {
			h.Facts[name] = r.Take([]byte(s[0]), nil, 0)
		}
		for name, r := range position {
			h.Facts[name] = r.Take([]byte(s[1]), nil, 0)
		}
		in.Hosts = append(in.Hosts, h)
	}
	return j.Judge(in)
}

const (
	clusterA = "0657c57a-e582-11f1-ae9e-03049f2df6b7"
	deadLook = "manager: systemd\nunit_name: mariadb\nunit: failed\nunit_for: 100\nrestarts: 0\nprocess: 0\nprocess_stuck: no\nsst: none\nsql: none\n" +
		"datadir: /var/lib/mysql\nsaved: ok\nsaved_uuid: " + clusterA + "\nsaved_seqno: -1\nsaved_safe: 0\nview: missing\npc_recovery: yes\nwsrep: yes\nflush: 1\nflush_timeout: 1\n" +
		"bootstrap_left: none\nholds_vip: no\nself: 192.0.2.1\nmoving: no\n"
	readAt = "position_state: recovered\nposition_uuid: " + clusterA + "\nposition_seqno: "
)

var wholeUUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// FuzzGaleraOutputs: whatever is printed on db1, db2 is elected only where db1 is proven not to
// know more, and db1 only with a position of its own, read line by line here and not by the flow.
func FuzzGaleraOutputs(f *testing.F) {
	look, position := galeraReads(f)
	for _, s := range [][2]string{
		{deadLook, readAt + "12\n"}, {deadLook, readAt + "9\n"}, {deadLook, "position_state: empty\n"}, {deadLook, "position_state: heuristic\n"},
		{deadLook, "  | position_state: recovered\nexit status 1\nposition_state: failed\n"}, {"", ""}, {deadLook, readAt + "99999999999999999999\n"},
		{strings.Replace(deadLook, "saved_seqno: -1", "saved_seqno: 31", 1), ""}, {strings.Replace(deadLook, "process: 0", "process: 1", 1), readAt + "12\n"},
		{strings.Replace(deadLook, clusterA, "00000000-0000-0000-0000-000000000000", 1), "position_state: empty\n"},
		{strings.NewReplacer("process: 0", "process: 1", "sql: none", "sql: ok\ncluster_status: non-Primary\ncluster_uuid: "+clusterA+"\ncommitted: 40").Replace(deadLook), ""},
		{deadLook + "peer: 198.51.100.9\npeer: 192.0.2.1\n", readAt + "12\n"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, looked, positioned string) {
		out := elect(look, position, [2]string{looked, positioned}, [2]string{strings.Replace(deadLook, "192.0.2.1", "192.0.2.2", 1), readAt + "10\n"})
		newest, _ := out.Lets["newest"].V.(string)
		line := func(text, name string) string { // the first that says it
			for l := range strings.Lines(text) {
				if v, ok := strings.CutPrefix(strings.TrimSuffix(l, "\n"), name+": "); ok {
					return v
				}
			}
			return ""
		}
		number := func(s string) (n int, ok bool) {
			_, err := fmt.Sscanf(s, "%d", &n)
			return n, err == nil && fmt.Sprint(n) == strings.TrimLeft(s, "0+") || err == nil && n == 0
		}
		alive := line(looked, "sql") == "ok"
		uuid, seq := line(positioned, "position_uuid"), line(positioned, "position_seqno")
		if alive {
			uuid, seq = line(looked, "cluster_uuid"), line(looked, "committed")
		}
		n, there := number(seq)
		proven := (alive || line(positioned, "position_state") == "recovered") && wholeUUID.MatchString(uuid) && there && n >= 0
		switch newest {
		case "db1":
			if !proven || n < 10 || uuid != clusterA {
				t.Errorf("db1 is elected at %q %q\n%q\n%q", uuid, seq, looked, positioned)
			}
		case "db2":
			if !(proven && n <= 10) && line(positioned, "position_state") != "empty" {
				t.Errorf("db2 is elected, and db1 is not known\n%q\n%q", looked, positioned)
			}
		}
	})
}

// The script that asks InnoDB, on a datadir, with a server that prints what is given: none of it can
// be taken for a position that InnoDB did not say.
func TestGaleraPositionScript(t *testing.T) {
	_, position := galeraReads(t)
	script, err := os.ReadFile("library/assets/galera-position.sh")
	if err != nil {
		t.Fatal(err)
	}
	real := "2026-11-21 13:45:33 0 [Note] WSREP: Recovered position: " + clusterA + ":12\n"
	for _, c := range []struct {
		name, log   string
		exit        int
		files       []string // in the datadir besides ibdata1; a name that ends in / is a folder
		state, at   string
		withoutData bool
		owner       string // of the datadir; mysql when not given
	}{
		{name: "a position", log: real, state: "recovered", at: "12"},
		{name: "with the GTID of MariaDB behind it", log: strings.Replace(real, ":12\n", ":12,0-1-12\n", 1), state: "recovered", at: "12"},
		{name: "it printed one and failed", log: real, exit: 1, state: "failed"},
		{name: "nothing", log: "", state: "failed"},
		{name: "binary garbage around it", log: "\x00\xff\xfe[0m\n" + real + "\x00\x01", state: "recovered", at: "12"},
		{name: "a log that speaks like our script", log: "position_state: recovered\nposition_uuid: " + clusterA + "\nposition_seqno: 99\n", state: "failed"},
		{name: "the same, with a real one", log: "position_state: empty\nposition_seqno: 99\r\n" + real, state: "recovered", at: "12"},
		{name: "two positions", log: real + strings.Replace(real, ":12", ":13", 1), state: "failed"},
		{name: "one position twice", log: real + real, state: "recovered", at: "12"},
		{name: "words behind the number", log: strings.Replace(real, ":12\n", ":12 or more\n", 1), state: "failed"},
		{name: "a number that is none", log: strings.Replace(real, ":12\n", ":12e9\n", 1), state: "failed"},
		{name: "a number that is too long", log: strings.Replace(real, ":12\n", ":12345678901234567890\n", 1), state: "failed"},
		{name: "a UUID that is none", log: strings.Replace(real, clusterA, "0657c57a", 1), state: "failed"},
		{name: "null and -1, no database of its own", log: strings.Replace(real, clusterA+":12", "00000000-0000-0000-0000-000000000000:-1", 1), state: "empty"},
		{name: "null and -1, with databases", log: strings.Replace(real, clusterA+":12", "00000000-0000-0000-0000-000000000000:-1", 1), files: []string{"nova/"}, state: "none"},
		{name: "-1, with databases", log: strings.Replace(real, ":12", ":-1", 1), files: []string{"nova/"}, state: "none"},
		{name: "prepared transactions", log: "[ERROR] Found 1 prepared transactions! It means that server was not shut down properly\n", exit: 1, state: "heuristic"},
		{name: "a copy that was cut off", log: real, files: []string{"sst_in_progress"}, state: "half"},
		{name: "no data", log: real, state: "empty", withoutData: true},
		{name: "a folder that somebody else has: what a disk is mounted on", state: "unmounted", withoutData: true, owner: "root"},
		{name: "databases and no ibdata1", log: real, files: []string{"nova/"}, state: "failed", withoutData: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			at := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
			write := func(path, text string, mode os.FileMode) {
				t.Helper()
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), mode); err != nil {
					t.Fatal(err)
				}
			}
			write(at("kept", "run", "datadir.txt"), "", 0o600)
			write(at("log"), c.log, 0o600)
			write(at("data", "mysql", "x"), "", 0o600)
			if !c.withoutData {
				write(at("data", "ibdata1"), "", 0o600)
			}
			for _, f := range c.files {
				if strings.HasSuffix(f, "/") {
					f += "x"
				}
				write(at("data", f), "", 0o600)
			}
			// In place of the server, and of a look at this machine's own processes and mounts. They take what the script gives, and no more.
			write(at("bin", "mariadbd"), "#!/bin/sh\n[ \"$*\" = '--user=mysql --wsrep-recover --disable-log-error' ] || exit 99\ncat '"+at("log")+"'\nexit "+fmt.Sprint(c.exit)+"\n", 0o700)
			write(at("bin", "pgrep"), "#!/bin/sh\n[ \"$*\" = '-x mysqld|mariadbd' ] || exit 99\nexit 1\n", 0o700)
			write(at("bin", "findmnt"), "#!/bin/sh\nexit 1\n", 0o700)
			write(at("bin", "systemctl"), "#!/bin/sh\n[ \"$1 $2 $3\" = 'show -p LoadState,ActiveState' ] || exit 99\necho LoadState=not-found\necho ActiveState=inactive\n", 0o700)
			owner := cmp.Or(c.owner, "mysql")
			write(at("bin", "stat"), "#!/bin/sh\nif [ \"$1 $2\" = '-c %U' ]; then echo "+owner+"; else exec /usr/bin/stat \"$@\"; fi\n", 0o700)
			text := strings.ReplaceAll(string(script), "/var/lib/stackhand/galera/", at("kept")+"/")
			cmd := exec.CommandContext(t.Context(), "sh", "-c", text)
			cmd.Env = []string{"PATH=" + at("bin") + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "run_id=run", "datadir=" + at("data")}
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			state, seq := position["position_state"].Take(out, nil, 0), position["position_seqno"].Take(out, nil, 0)
			got := ""
			if seq.Absent == "" {
				got = fmt.Sprint(seq.V)
			}
			if state.V != c.state || got != c.at {
				t.Errorf("%v %q, want %s %q\n%s", state.V, got, c.state, c.at, out)
			}
			mark, err := os.ReadFile(at("kept", "run", "mark"))
			if c.state == "recovered" && (err != nil || !strings.Contains(string(mark), "ibdata1")) {
				t.Errorf("no mark: %v %s", err, mark)
			}
		})
	}
}
