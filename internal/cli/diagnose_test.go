package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackhand/internal/diagnose"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/run"
	"stackhand/internal/secret"
	"stackhand/internal/site"
)

func runDiagnose(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(append([]string{"diagnose"}, args...), strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

func ownHome(t *testing.T) {
	t.Helper()
	for _, v := range []string{"XDG_STATE_HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(v, t.TempDir())
	}
	t.Setenv("STACKHAND_SITE", "")
	t.Setenv("LC_ALL", "C")
}

func TestDiagnoseText(t *testing.T) {
	ownHome(t)
	code, out, errs := runDiagnose(t, "AMQP server on 192.0.2.11:5672 is unre\nachable: x\n\x1b]0;evil\x07(1129, \"Host '192.0.2.9' is blocked because of many connection errors\n")
	if code != 0 || errs != "" || strings.Contains(out, "\x1b") {
		t.Fatalf("%d %q %q", code, out, errs)
	}
	if a, b := strings.Index(out, "db-host-blocked"), strings.Index(out, "amqp-unreachable"); a < 0 || b < a {
		t.Errorf("the database is below the broker's clients:\n%s", out)
	}
	for text, id := range map[string]string{"WSREP has not yet  prepared\n": "galera-recovery", "queuepool": "pool-full", "lost power": "all-hosts-down", "network partition": "rabbitmq-recovery"} {
		code, out, _ = runDiagnose(t, text)
		if code != 0 || !strings.Contains(out, "Nothing in it is known") || !strings.Contains(out, "these runbooks say so") || !strings.Contains(out, "stackhand run "+id) {
			t.Errorf("%q: %d %s", text, code, out)
		}
	}
	for text, id := range map[string]string{"rabbit nodes lost each other last night and the queues differ now": "rabbitmq-recovery", "로드밸런서가 네트워크 노드 양쪽에 있어서 간헐적으로 끊깁니다": "lbaas-duplicate-namespace"} {
		code, out, _ = runDiagnose(t, text)
		if code != 0 || !strings.Contains(out, "by its words (a guess)") || !strings.Contains(out, "stackhand run "+id) {
			t.Errorf("%q: %d %s", text, code, out)
		}
	}
	if code, out, _ = runDiagnose(t, "it\n"); code != 0 || strings.Contains(out, "these runbooks") {
		t.Errorf("two letters stand everywhere: %d %s", code, out)
	}
	if code, out, _ = runDiagnose(t, "all is well\n"); code != 0 || !strings.Contains(out, "Nothing in it is known") {
		t.Errorf("%d %s", code, out)
	}
	if code, _, errs = runDiagnose(t, "", filepath.Join(t.TempDir(), "gone")); code != 2 || errs == "" {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, _ = runDiagnose(t, "", "--scan", "file"); code != 2 {
		t.Errorf("%d", code)
	}
	a, b := filepath.Join(t.TempDir(), "a.log"), filepath.Join(t.TempDir(), "b.log")
	line := "ERROR 1047 (08S01): WSREP has not yet prepared node for application use\n"
	for _, f := range []string{a, b} {
		if err := os.WriteFile(f, []byte("x\n"+line+line), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, _ = runDiagnose(t, "", "--json", a, b)
	var r diagnose.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("%d %v", code, err)
	}
	if len(r.Findings) != 1 || r.Findings[0].Count != 4 || len(r.Findings[0].Places) != 2 || r.Findings[0].Places[1].Line != 3 || r.Findings[0].Runbook != "galera-recovery" {
		t.Errorf("%s", out)
	}
	// The operator's own file, and what lint says of a broken one.
	own := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "stackhand")
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "signatures.yaml"), []byte("signatures:\n- idd: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs = runDiagnose(t, "x"); code != 2 || !strings.Contains(errs, "signatures.yaml:2:3") {
		t.Errorf("%d %s", code, errs)
	}
	var o, e bytes.Buffer
	if code = Main([]string{"lint"}, strings.NewReader(""), &o, &e); code != 2 || !strings.Contains(o.String(), "signatures.yaml:2:3") {
		t.Errorf("lint: %d %s %s", code, o.String(), e.String())
	}
}

// TestScanOnHosts: logs and states planted on two hosts are found, ranked and redacted; a third
// one is off, and said to be; nothing changes on any host.
func TestScanOnHosts(t *testing.T) {
	ownHome(t)
	l := labtest.Start(t, labtest.Options{Hosts: []string{"net1", "net2", "off1"}})
	ctx := t.Context()
	on := func(host, script string) string {
		t.Helper()
		out, err := l.Run(ctx, host, script)
		if err != nil {
			t.Fatal(err, out)
		}
		return out
	}
	s, err := site.Load(l.SitePath())
	if err != nil {
		t.Fatal(err)
	}
	store, err := secret.Open(run.Home(os.Getenv), s.Name)
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := store.Ensure("db_password", func() (string, error) { return "s3cr3t-Value-91", nil })
	if err != nil {
		t.Fatal(err)
	}
	on("net1", `mkdir -p /var/log/nova /var/log/kolla/cinder /var/log/neutron
ts=$(date '+%Y-%m-%d %H:%M:%S')
yes "$ts.120 7 INFO nova.compute.manager [-] nothing to see here" | head -n 20000 > /var/log/nova/nova-compute.log
for i in 1 2 3; do echo "$ts.120 7 ERROR oslo.messaging._drivers.impl_rabbit [-] AMQP server on 192.0.2.11:5672 is unreachable: password=`+hidden+` timed out" >> /var/log/nova/nova-compute.log; done
printf "%s" "2019-01-01 00:00:00.120 7 ERROR nova QueuePool limit of size 5 overflow 50 reached, connection timed out
" > /var/log/neutron/server.log
echo "$ts.1 7 ERROR x (2003, \"Can't connect to MySQL server on '192.0.2.10'\")" > "/var/log/nova/old.log"; touch -d '30 days ago' /var/log/nova/old.log
ip netns add qlbaas-cded1ade-6e88-495a-9e64-d7b807775384`)
	on("net2", `mkdir -p /var/log/kolla/cinder
printf '%s ERROR cinder (1129, "Host 192.0.2.5 is blocked because of many connection errors; \033]0;x\007")\n' "$(date '+%Y-%m-%d %H:%M:%S')" > /var/log/kolla/cinder/cinder-api.log
ip netns add qlbaas-cded1ade-6e88-495a-9e64-d7b807775384
ip netns add qlbaas-00000000-6e88-495a-9e64-d7b807775384`)
	if err := l.PowerCut(ctx, "off1"); err != nil {
		t.Fatal(err)
	}
	const look = `find /var/log/nova /var/log/kolla /var/log/neutron /etc /root -type f ! -path '*/journal/*' -exec sha256sum {} + 2>/dev/null | sort | sha256sum`
	before := on("net1", look)
	code, out, errs := runDiagnose(t, "", "--scan", "--json", "--site", l.SitePath())
	if code != 0 {
		t.Fatalf("%d %s", code, errs)
	}
	if after := on("net1", look); after != before {
		t.Errorf("files changed: %s %s", before, after)
	}
	if strings.Contains(out, hidden) || strings.Contains(out, "\x1b") {
		t.Errorf("a secret, or an escape, in %s", out)
	}
	var r diagnose.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	found := map[string]diagnose.Finding{}
	for _, f := range r.Findings {
		found[f.ID] = f
	}
	if f := found["amqp-unreachable"]; f.Count < 3 || len(f.Places) == 0 || f.Places[0].Host != "net1" || f.Places[0].Source != "/var/log/nova/nova-compute.log" || f.Places[0].Offset < 512<<10 || f.Places[0].Time == "" {
		t.Errorf("%+v", f)
	} else if at := on("net1", "tail -c +"+itoa(f.Places[0].Offset+1)+" /var/log/nova/nova-compute.log"); !strings.HasPrefix(at, "20") || !strings.Contains(at, "AMQP server") {
		t.Errorf("at the offset stands %q", at)
	}
	if f := found["db-host-blocked"]; f.Count < 1 || strings.Join(f.Hosts(), " ") != "net2" {
		t.Errorf("%+v", f)
	}
	if f := found["lbaas-namespaces"]; !f.Live || strings.Join(f.Hosts(), " ") != "net1 net2" || f.Count != 2 {
		t.Errorf("%+v", f)
	}
	if f := found["host-silent"]; f.Layer != 1 || strings.Join(f.Hosts(), " ") != "off1" {
		t.Errorf("%+v", f)
	}
	for _, id := range []string{"pool-exhausted", "db-unreachable"} { // an old line; an old file
		if f, ok := found[id]; ok {
			t.Errorf("too old: %+v", f)
		}
	}
	if len(r.Unread) == 0 || r.Unread[len(r.Unread)-1].Host != "off1" {
		t.Errorf("%+v", r.Unread)
	}
	for _, u := range r.Unread {
		if u.Host != "off1" {
			t.Errorf("%s %s: %s", u.Host, u.What, u.Why)
		}
	}
	if r.Findings[0].ID != "host-silent" {
		t.Errorf("first is %s", r.Findings[0].ID)
	}
	code, out, _ = runDiagnose(t, "", "--scan", "--site", l.SitePath())
	if code != 0 || !strings.Contains(out, "net1  /var/log/nova/nova-compute.log at byte") || !strings.Contains(out, "Could not be read") {
		t.Errorf("%d %s", code, out)
	}
	if err := l.PowerCut(ctx, "net1", "net2"); err != nil {
		t.Fatal(err)
	}
	if code, out, _ = runDiagnose(t, "", "--scan", "--site", l.SitePath()); code != 4 {
		t.Errorf("%d %s", code, out)
	}
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }
