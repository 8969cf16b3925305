package signatures_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
)

// TestLongLine: 50 MB without a line end are looked at in a time that grows with their length and not with its square, and
// what is in the middle is found.
func TestLongLine(t *testing.T) {
	m := own(t)
	for name, filler := range map[string]string{"letters": "x", "nearly": "QueuePool limit of ", "escapes": "\x1b[3", "quotes": `\"`} {
		size := 50 << 20
		if name != "letters" {
			size = 8 << 20
			if !long() {
				size = 2 << 20 // with the race detector
			}
		}
		look := func(size int) ([]signatures.Hit, time.Duration) {
			line := []byte(strings.Repeat(filler, size/len(filler)))
			copy(line[size/2:], " (1129, \"Host '192.0.2.9' is blocked because of many connection errors; ")
			began := time.Now()
			return m.Line(line, ""), time.Since(began)
		}
		_, eighth := look(size / 8)
		hits, took := look(size)
		t.Logf("%s: %s, an eighth of it %s", name, took.Round(time.Millisecond), eighth.Round(time.Millisecond))
		if took > 32*eighth+20*time.Second { // eight times as much takes eight times as long, the square would take 64 times
			t.Errorf("%s: %s, an eighth of it %s", name, took, eighth)
		}
		if len(hits) != 1 || hits[0].Signature.ID != "db-host-blocked" || hits[0].Fields["host"] != "192.0.2.9" {
			t.Errorf("%s: %v", name, ids(hits))
		}
		if len(hits) > 0 && len(hits[0].Evidence) > 16<<10 {
			t.Errorf("%s: evidence of %d bytes", name, len(hits[0].Evidence))
		}
	}
}

// TestEvidence says where in a text a hit is and shows nothing that a terminal would obey.
func TestEvidence(t *testing.T) {
	m := own(t)
	text := "first\n2023-03-02 10:00:01.1 7 ERROR x \x1b]0;title\x07\x1b[31m(2003, \"Can't connect to MySQL server on '192.0.2.10'\nthird\n\n" +
		"During _sync_inst\nance_power_state the DB\npower_state (1) does not match the vm_power\n_state from the hypervisor (4).\n"
	hits := pasted(m, []byte(text), "")
	if len(hits) != 2 || hits[0].Line != 1 || hits[0].Fields["address"] != "192.0.2.10" || strings.ContainsAny(hits[0].Evidence, "\x1b\x07\n") {
		t.Fatalf("%+v", hits)
	}
	if w := hits[1]; w.Signature.ID != "power-state-sync" || w.Line < 4 || w.Line > 5 || w.Line+w.Lines != 8 {
		t.Errorf("%+v", w)
	}
	if got := signatures.Time(hits[0].Evidence); got != "2023-03-02 10:00:01.1" {
		t.Errorf("time %q", got)
	}
}

func TestDecodeSays(t *testing.T) {
	const head = "signatures:\n- id: one\n  has: [something long]\n  means: {en: a, ko: b}\n  do: {en: a, ko: b}\n  runbook: pool-full\n  verdict: outage\n  layer: 5\n  example: [something long]\n"
	for text, want := range map[string]string{
		"":                                "1:1 yaml.empty",
		"a: [":                            "yaml.syntax",
		"signatures: []":                  "1:1 signature.none",
		head + "  patern: x\n":            "10:3 key.unknown",
		head + "  match: ['(']\n":         "10:11 signature.pattern",
		head + "  match: ['a\\s+b']\n":    "10:11 signature.blanks",
		head + "  match: ['a +b']\n":      "10:11 signature.blanks",
		head + "  match: ['a*']\n":        "10:11 signature.everything",
		head + "  match: ['(?P<x>a)b']\n": "10:11 signature.field",
		head + "  match: ['nothing']\n":   "2:3 signature.example",
		head + "  over: [two]\n":          "2:3 signature.over",
		head + "  not: ['something']\n":   "2:3 signature.example",
		strings.Replace(head, "pool-full", "no-such", 1):       "2:3 signature.runbook",
		strings.Replace(head, "outage", "bad", 1):              "2:3 signature.verdict",
		strings.Replace(head, "something long", "x", 1):        "3:9 signature.word",
		strings.Replace(head, "ko: b", "en: b", 1):             "key.duplicate",
		strings.Replace(head, "  do: {en: a, ko: b}\n", "", 1): "2:3 signature.missing",
		head + "- &a {id: x}\n":                                "10:3 yaml.alias",
	} {
		set, found := signatures.Decode([]byte(text), "f.yaml")
		if set != nil || !strings.Contains(told(found), want) {
			t.Errorf("%s\n  got %s, want %s", text, told(found), want)
		}
	}
	if set, found := signatures.Decode([]byte(head), "f.yaml"); set == nil || len(found) > 0 {
		t.Errorf("%v", found)
	}
}

func told(found steps.Findings) string {
	var b strings.Builder
	for _, f := range found {
		b.WriteString(strings.TrimPrefix(f.String(), "f.yaml:"))
		b.WriteString(" " + strings.ReplaceAll(strings.SplitN(f.String(), ": ", 2)[0], "f.yaml:", "") + " " + f.Code + "; ")
	}
	return b.String()
}

func FuzzMatcher(f *testing.F) {
	m := own(f)
	for _, name := range []string{"lines.txt", "unrelated.txt"} {
		lines, _ := corpus(f, name)
		for _, l := range lines {
			f.Add([]byte(l))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n := bytes.Count(text, []byte("\n")) + 1
		for _, h := range pasted(m, text, "") {
			if h.Signature == nil || h.Line < 0 || h.Lines < 1 || h.Line+h.Lines > n {
				t.Fatalf("%+v in %d lines", h, n)
			}
			if strings.ContainsAny(h.Evidence, "\x1b\n\r\x00") {
				t.Fatalf("evidence %q", h.Evidence)
			}
		}
		m.Line(text, "x")
		signatures.Time(string(text))
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("signatures: []"))
	f.Add(runbooks.Signatures[:4000])
	f.Add([]byte("never: ['x(']\nsignatures:\n- {id: a, has: [abcd], match: ['a b'], means: {en: a, ko: b}}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		set, found := signatures.Decode(src, "f.yaml")
		if (set == nil) != found.Failed() {
			t.Fatalf("set %v, findings %v", set != nil, found)
		}
		if set != nil {
			pasted(signatures.NewMatcher(set), src, "")
		}
	})
}

// ordinary is what services print all day; one line of 1000 fits something.
func ordinary(b *testing.B, n int) [][]byte {
	good, _ := corpus(b, "lines.txt")
	usual := []string{
		`2022-08-11 03:12:44.120 2331 INFO nova.osapi_compute.wsgi.server [req-5f1a2b3c-0d4e-4f5a-8b6c-7d8e9f0a1b2c a1 b1 - default default] 192.0.2.11 "GET /v2.1/servers/detail HTTP/1.1" status: 200 len: 2003 time: 0.1129421`,
		`2022-08-11 03:12:44.120 2331 INFO nova.compute.resource_tracker [req-5f1a2b3c - - - - -] Final resource view: name=cmp1 phys_ram=131072MB used_ram=2003MB phys_disk=893GB used_disk=40GB total_vcpus=64 used_vcpus=12 pci_stats=[]`,
		`2022-08-11 03:12:44.120 2331 DEBUG oslo_concurrency.lockutils [req-5f1a2b3c] Lock "compute_resources" released by "nova.compute.resource_tracker.update_usage" :: held 0.021s inner`,
		`2022-08-11 03:12:44.120 2331 INFO neutron.wsgi [req-5f1a2b3c] 192.0.2.11,127.0.0.1 "GET /v2.0/ports?device_id=6a1c6f0e HTTP/1.1" status: 200  len: 1129 time: 0.0412`,
		`Nov  1 02:10:11 net1 haproxy[1428]: 192.0.2.11:41230 [01/Nov/2022:02:10:11.123] keystone keystone/ctl1 0/0/1/12/13 200 2003 - - ---- 12/4/3/2/0 0/0 "GET /v3 HTTP/1.1"`,
		`2022-08-11 03:12:44.120 [info] <0.473.0> accepting AMQP connection <0.473.0> (192.0.2.11:41230 -> 192.0.2.11:5672)`,
	}
	var lines [][]byte
	for i := range n {
		l := usual[i%len(usual)]
		if i%1000 == 0 {
			l = good[i/1000%len(good)]
		}
		lines = append(lines, []byte(l))
	}
	return lines
}

// tempting is lines that name what signatures are about, and of which nothing is told.
func tempting(b *testing.B) (lines [][]byte) {
	other, _ := corpus(b, "unrelated.txt")
	for range 100 {
		for _, l := range other {
			lines = append(lines, []byte(l))
		}
	}
	return lines
}

func run(b *testing.B, lines [][]byte, each func(line []byte)) {
	for b.Loop() {
		for _, l := range lines {
			each(l)
		}
	}
	b.ReportMetric(float64(len(lines)*b.N)/b.Elapsed().Seconds(), "lines/s")
}

// BenchmarkMatcher is to be compared with BenchmarkPlainScan on the same lines.
func BenchmarkMatcher(b *testing.B) {
	m := own(b)
	each := func(l []byte) { m.Line(l, "") }
	b.Run("ordinary", func(b *testing.B) { run(b, ordinary(b, 200_000), each) })
	b.Run("tempting", func(b *testing.B) { run(b, tempting(b), each) })
}

// BenchmarkPlainScan tries every pattern on every line, as a program without the words would.
func BenchmarkPlainScan(b *testing.B) {
	var res []*regexp.Regexp
	for _, g := range own(b).Set().Signatures {
		for _, p := range g.Match {
			res = append(res, regexp.MustCompile("(?i)"+p))
		}
	}
	run(b, ordinary(b, 1_000), func(l []byte) {
		for _, re := range res {
			re.Match(l)
		}
	})
}

// pasted is what fits in a text that is looked at as a whole.
func pasted(m *signatures.Matcher, text []byte, file string) []signatures.Hit {
	hits, _ := m.Text(text, file)
	return hits
}
