//go:build linux

package cli_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/internal/site"
	"stackhand/steps"
)

// TestRecoveryOnHosts runs a runbook on real hosts of which one is dead: evidence, waiver,
// proof, the scene, a file copied through the console, a called procedure, a guard overridden.
func TestRecoveryOnHosts(t *testing.T) {
	b := newBench(t, labtest.Options{Hosts: []string{"ctl1", "cmp1", "cmp2"}})
	for host, script := range map[string]string{
		"ctl1": "echo 7 >/root/position; mkdir -p /root/deep; echo old >/root/deep/cookie; chmod 600 /root/deep/cookie",
		"cmp1": `echo 9 >/root/position; printf 'a cookie\000\377' >/root/cookie; mkdir /root/scene; echo one >"/root/scene/plain"; echo two >"/root/scene/a
..b"; mkdir /root/scene/folder; dd if=/dev/zero of=/root/big.log bs=1M count=9 2>/dev/null; echo the end >>/root/big.log`,
	} {
		b.on(host, script)
	}
	b.must(b.lab.PowerCut(t.Context(), "cmp2"))
	s, err := site.Load(b.site)
	b.must(err)
	decide := []string{"--decide", "without@cmp2=cmp2: its disk is broken", "--decide", "down@ctl1=" + s.Name + ": nobody is served by it"}
	args := append([]string{"run", "--plain", "--on-ask", "park", procedure("recovery")}, decide...)
	said := b.says(run.ExitDone, args...)
	for _, want := range []string{"ctl1: position = 7", "It is behind.", "[bad] cmp2", "overridden", "/none/at-all"} {
		if !strings.Contains(said, want) {
			t.Errorf("line mode does not say %q:\n%s", want, said)
		}
	}
	d := b.dir()
	st, err := d.State()
	if err != nil {
		t.Fatal(err)
	}
	if got := b.on("ctl1", "stat -c '%a %U %G' /root/deep/cookie; sha256sum </root/deep/cookie; cat /root/deep/cookie.stackhand-*"); got != "640 root daemon\n"+shaOf("a cookie\x00\xff")+"  -\nold" {
		t.Errorf("copied: %s", got)
	}
	kept := map[string]run.Fetched{}
	for _, f := range st.Fetched {
		kept[f.Unit.Host+" "+f.Path] = f
		if f.File == "" {
			continue
		}
		name := filepath.Join(d.ScenePath(), f.File)
		data, err := os.ReadFile(name)
		info, err2 := os.Stat(name)
		if err != nil || err2 != nil || info.Mode().Perm() != 0o600 || shaOf(string(data)) != f.SHA || f.Bytes != int64(len(data)) {
			t.Errorf("%+v: %v %v", f, err, err2)
		}
		if f.Path == "/root/big.log" && (!f.Cut || len(data) != steps.MostFetched || !bytes.HasSuffix(data, []byte("the end\n"))) {
			t.Errorf("%+v", f)
		}
	}
	for path, absent := range map[string]string{
		"cmp1 /root/scene/plain": "", "cmp1 /root/scene/a\n..b": "", "cmp1 /root/scene/folder": "other", "cmp1 /root/big.log": "", "cmp1 units.txt": "",
		"ctl1 /root/scene/*": "nothing", "ctl1 /none/at-all": "nothing", "cmp2 *": "unreachable",
	} {
		if f, ok := kept[path]; !ok || f.Absent != absent {
			t.Errorf("%q: %+v", path, f)
		}
	}
	report := b.says(0, "report", d.ID())
	for _, want := range []string{"its disk is broken", "nobody is served by it", "## Evidence", "## Time line", "## Scene kept", "It cannot be read.", "Everybody has what cmp1 has."} {
		if !strings.Contains(report, want) {
			t.Errorf("the report does not say %q:\n%s", want, report)
		}
	}
	// Again: what is there is there already. Without the waiver nothing is done.
	b.on("ctl1", "rm /root/down")
	again := b.says(run.ExitDone, args...)
	if !strings.Contains(again, "already done") {
		t.Errorf("the copy was made again:\n%s", again)
	}
	refused := b.says(run.ExitRefused, "run", "--plain", "--on-ask", "park", procedure("recovery"), "--decide", "without=no")
	if !strings.Contains(refused, "Every host is read or waived.") {
		t.Errorf("%s", refused)
	}
}

func shaOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
