package runbooks_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// cloud answers what ladder-guests-start.sh asks, and nothing else: a guest is what its file says, and goes from one
// state to the next with each command that it is told.
type cloud struct {
	t   *testing.T
	dir string
}

func newCloud(t *testing.T, guests map[string]string) *cloud {
	c := &cloud{t, t.TempDir()}
	for _, d := range []string{"bin", "told"} {
		if err := os.Mkdir(filepath.Join(c.dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	c.put("rc", "OS_USERNAME=admin\n")
	c.put("calls", "")
	c.put("bin/openstack", `#!/bin/sh
cd '`+c.dir+`'
case $* in
"server show -f value -c status "*) cat "is-$7"; exit ;;
"server start "* | "server reboot --hard "*)
	echo "$*" >>calls
	for g; do :; done
	[ -e "told/$g" ] || echo "$g: told before it was written down" >>calls
	[ ! -e refuse ] || exit "$(cat refuse)"
	echo ACTIVE >"is-$g" ;;
*) echo "UNTOLD $*" >>calls; exit 97 ;;
esac
`)
	if err := os.Chmod(filepath.Join(c.dir, "bin/openstack"), 0o700); err != nil {
		t.Fatal(err)
	}
	for g, is := range guests {
		c.put("is-"+g, is+"\n")
	}
	return c
}

func (c *cloud) put(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// starts runs the script with what the hypervisors said, and gives the commands since and what it printed.
func (c *cloud) starts(running, off string, code int) (calls, said string) {
	c.t.Helper()
	text, err := os.ReadFile("library/assets/ladder-guests-start.sh")
	if err != nil {
		c.t.Fatal(err)
	}
	c.put("calls", "")
	cmd := exec.CommandContext(c.t.Context(), "sh", "-c", strings.ReplaceAll(string(text), "/var/lib/stackhand/guests", c.dir+"/told"))
	cmd.Env = []string{"PATH=" + c.dir + "/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "credentials=" + c.dir + "/rc", "item=cmp1", "batch=g1 g2 g3", "running=" + running, "off=" + off}
	out, err := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		c.t.Errorf("exit %d, want %d: %v\n%s", got, code, err, out)
	}
	list, err := os.ReadFile(filepath.Join(c.dir, "calls"))
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.ReplaceAll(strings.TrimSpace(string(list)), "\n", "; "), string(out)
}

// A guest that was told to start, and that the hypervisors' lists still call off, is not told again while it comes up: the
// step may run once more within seconds, after its host was lost, or because the operator says so.
func TestGuestsAreToldOnce(t *testing.T) {
	c := newCloud(t, map[string]string{"g1": "ACTIVE", "g2": "SHUTOFF", "g3": "ERROR"})
	if calls, said := c.starts("", "g1 g2", 0); calls != "server reboot --hard g1; server start g2" || !strings.Contains(said, "g3 is ERROR: left alone") {
		t.Errorf("told: %s\n%s", calls, said)
	}
	if calls, said := c.starts("", "g1 g2", 0); calls != "" || strings.Count(said, "left to come up") != 2 {
		t.Errorf("told once more: %s\n%s", calls, said)
	}
	c.put("is-g2", "SHUTOFF\n") // as Nova calls it while it is being started
	if calls, said := c.starts("", "g1 g2", 0); calls != "" {
		t.Errorf("told once more: %s\n%s", calls, said)
	}
	if calls, _ := c.starts("g1 g2", "", 0); calls != "" {
		t.Errorf("told although they run: %s", calls)
	}

	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		t.Fatal(err)
	}
	up, err := os.ReadFile("/proc/uptime")
	if err != nil {
		t.Fatal(err)
	}
	var seconds int
	if _, err := fmt.Sscanf(string(up), "%d.", &seconds); err != nil {
		t.Fatal(err)
	}
	mark := func(on string, ago int) string { return fmt.Sprintf("%s %d\n", strings.TrimSpace(on), seconds-ago) }
	for name, s := range map[string]struct {
		mark  string
		again bool
	}{
		"a minute ago":    {mark(string(boot), 60), false},
		"long ago":        {mark(string(boot), 400), true},
		"torn":            {"", true},
		"nonsense":        {"a b c\n", true},
		"in another boot": {mark("another", 0), seconds >= 300},
	} {
		c.put("told/g1", s.mark)
		calls, said := c.starts("", "g1", 0)
		if again := calls == "server reboot --hard g1"; again != s.again || !again && calls != "" {
			t.Errorf("told %s: %q\n%s", name, calls, said)
		}
	}
}

// One that Nova refused to start may be told again at once; one of which no answer came may have been heard.
func TestGuestsRefused(t *testing.T) {
	for status, again := range map[string]bool{"1": true, "124": false} {
		c := newCloud(t, map[string]string{"g1": "SHUTOFF", "g2": "ERROR", "g3": "ERROR"})
		c.put("refuse", status)
		if calls, said := c.starts("", "g1", 1); calls != "server start g1" {
			t.Errorf("told: %s\n%s", calls, said)
		}
		if err := os.Remove(filepath.Join(c.dir, "refuse")); err != nil {
			t.Fatal(err)
		}
		if calls, said := c.starts("", "g1", 0); (calls == "server start g1") != again {
			t.Errorf("after %s told: %q\n%s", status, calls, said)
		}
	}
	// What cannot be written down is not done.
	c := newCloud(t, map[string]string{"g1": "SHUTOFF", "g2": "ERROR", "g3": "ERROR"})
	if err := os.Mkdir(filepath.Join(c.dir, "told", "g1.new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if calls, said := c.starts("", "g1", 1); calls != "" || !strings.Contains(said, "cannot be written down") {
		t.Errorf("told: %q\n%s", calls, said)
	}
}

// The list of the guests that ran is either there or is said to be missing: an empty one would have them forgotten.
func TestGuestsListed(t *testing.T) {
	for name, c := range map[string]struct {
		mysql, listed, guests string
	}{
		"a database":       {"case $* in *information_schema*) echo 1 ;; *marked*) exit 1 ;; *'guest '*) echo 'guest g1 cmp1' ;; esac", "yes", "g1 cmp1"},
		"no nova":          {"case $* in *information_schema*) echo 0 ;; *) exit 99 ;; esac", "none", ""},
		"does not answer":  {"echo 'ERROR 2002 (HY000)' >&2; exit 1", "", ""},
		"not Primary":      {"case $* in *information_schema*) echo 1 ;; *) echo 'ERROR 1047 (08S01)' >&2; exit 1 ;; esac", "", ""},
		"says nothing":     {"exit 0", "", ""},
		"there is no such": {"exit 127", "", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "mariadb"), []byte("#!/bin/sh\n"+c.mysql+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "sh", "library/assets/ladder-guests.sh")
		cmd.Env = []string{"PATH=" + dir + ":/usr/bin:/bin", "LC_ALL=C.UTF-8"}
		out, err := cmd.Output()
		facts := read(t, "all-hosts-down", "guests", string(out))
		if got, _ := facts["listed"].V.(string); got != c.listed || (err != nil) != (c.listed == "") {
			t.Errorf("%s: listed is %q, %v", name, got, err)
		}
		if got := list1(facts["guests"].V); got != c.guests {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Where no hypervisor could be asked, the end does not say that all guests run.
func TestGuestsLeftOff(t *testing.T) {
	for name, c := range map[string]struct {
		ran   []any
		facts map[string]any
		want  string
	}{
		"all run":       {[]any{"g1 cmp1"}, map[string]any{"asked_after": "yes", "running_after": []any{"g1"}}, "-"},
		"one does not":  {[]any{"g1 cmp1", "g2 cmp1"}, map[string]any{"asked_after": "yes", "running_after": []any{"g1"}}, "g2"},
		"nobody asked":  {[]any{"g1 cmp1"}, nil, "?"},
		"there is none": {[]any{}, nil, "-"},
	} {
		f := newFlow(t, "all-hosts-down", "compute", map[string]map[string]any{"db1": c.facts})
		f.sc.Lets["ran"] = c.ran
		for _, step := range []string{"left-off", "left-names"} {
			for let, e := range f.step(step).Let {
				v, err := e.Eval(f.sc)
				if err != nil {
					t.Fatal(err)
				}
				f.sc.Lets[let] = v
			}
		}
		if got := f.sc.Lets["left_names"]; got != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}
