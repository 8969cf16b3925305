package cli

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/internal/remote"
	"stackhand/internal/remote/sshdtest"
)

func runHosts(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(append([]string{"hosts"}, args...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestHostsCheck(t *testing.T) {
	s := sshdtest.Start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().(*net.TCPAddr).Port
	l.Close()
	dir := t.TempDir()
	path := filepath.Join(dir, "site.yaml")
	text := "name: t\nlogin: {user: " + s.User + ", key: " + s.KeyFile + "}\nhosts:\n" +
		"  - {name: gone, addresses: {management: 127.0.0.1}, roles: [], login: {port: " + strconv.Itoa(closed) + "}}\n"
	set := func(more string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text+more), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set("")
	code, out, errs := runHosts(t, "check", "--site", path)
	if code != 4 || !strings.Contains(out, "no sshd listens there") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	set("  - {name: here, addresses: {management: 127.0.0.1}, roles: [], login: {port: " + strconv.Itoa(s.Port) + "}}\n")
	// An unknown key that nobody can accept is not trusted.
	if code, out, _ = runHosts(t, "check", "--site", path); code != 4 || !strings.Contains(out, "SHA256:") {
		t.Errorf("%d %s", code, out)
	}
	if err := os.WriteFile(filepath.Join(dir, "known_hosts"), []byte(s.KnownHosts()), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs = runHosts(t, "check", "--site", path)
	if code != 0 || !strings.Contains(out, "this console is itself a host of the site: here") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	code, out, _ = runHosts(t, "check", "--json", "--site", path)
	rows := map[string]remote.Row{}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var r remote.Row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows[r.Host] = r
	}
	if code != 0 || !rows["here"].Ready() || rows["gone"].Problem.Code != "remote.tcp.refused" {
		t.Errorf("%d %+v", code, rows)
	}
	set("nonsense: 1\n")
	if code, _, errs = runHosts(t, "check", "--site", path); code != 2 || !strings.Contains(errs, path+":") {
		t.Errorf("%d %s", code, errs)
	}
	set("")
	if code, _, errs = runHosts(t, "shell", "gone", "--site", path); code != 2 || errs == "" {
		t.Errorf("%d %s", code, errs)
	}
}

func TestColumns(t *testing.T) {
	w := i18n.For(i18n.Korean).Hosts
	got := columns([][]string{{w.Host, w.Reach, "x"}, {"c1", "예", "y"}})
	want := "호스트  접속  x\nc1      예    y\n"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
