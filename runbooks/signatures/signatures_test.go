package signatures_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
)

// own is a matcher for the signatures that are shipped.
func own(t testing.TB) *signatures.Matcher {
	t.Helper()
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	return signatures.NewMatcher(set)
}

// The signatures that are shipped have no fault, and each fits its own examples.
func TestShipped(t *testing.T) {
	if set, found := signatures.Decode(runbooks.Signatures, "signatures.yaml"); set == nil || len(found) > 0 {
		t.Error(found)
	}
}

// corpus is the lines of a file of testdata with what is expected of each: what stands before the
// tab, and nothing in a file of unrelated lines.
func corpus(t testing.TB, name string) (lines []string, want [][]string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	for in.Scan() {
		line := in.Text()
		if strings.HasPrefix(line, "# ") || line == "" {
			continue
		}
		var ids []string
		if !strings.HasSuffix(name, "unrelated.txt") {
			id, rest, ok := strings.Cut(line, "\t")
			if !ok {
				t.Fatalf("no tab: %s", line)
			}
			line, ids = rest, strings.Fields(id)
		}
		lines, want = append(lines, line), append(want, ids)
	}
	return lines, want
}

func ids(hits []signatures.Hit) []string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Signature.ID)
	}
	slices.Sort(out)
	return out
}

// TestCorpus is row 6 of what must hold: more than 200 lines, half of them about no fault.
func TestCorpus(t *testing.T) {
	m := own(t)
	hit := map[string]bool{}
	total := 0
	for _, name := range []string{"lines.txt", "unrelated.txt"} {
		lines, want := corpus(t, name)
		total += len(lines)
		for i, l := range lines {
			slices.Sort(want[i])
			if got := ids(m.Line([]byte(l), "")); !slices.Equal(got, want[i]) {
				t.Errorf("%s\n  got  %v\n  want %v", l, got, want[i])
			}
			if got := ids(pasted(m, []byte(l), "")); !slices.Equal(got, want[i]) {
				t.Errorf("as text: %s\n  got  %v\n  want %v", l, got, want[i])
			}
			for _, id := range want[i] {
				hit[id] = true
			}
		}
	}
	if total < 300 {
		t.Errorf("only %d lines", total)
	}
	for _, g := range m.Set().Signatures {
		if !hit[g.ID] {
			t.Errorf("no line for %s", g.ID)
		}
	}
}

// wraps are the ways in which a line reaches a paste.
func wraps(l string) map[string]string {
	hard := func(w int, indent string) string {
		var b strings.Builder
		for r := []rune(l); len(r) > 0; {
			n := min(w, len(r))
			b.WriteString(string(r[:n]) + "\n" + indent)
			r = r[n:]
		}
		return b.String()
	}
	words := func(w int, before string) string {
		var b strings.Builder
		at := 0
		for i, f := range strings.Fields(l) {
			if i > 0 && at+len(f)+1 > w {
				b.WriteString("\n" + before)
				at = 0
			} else if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(f)
			at += len(f) + 1
		}
		return b.String()
	}
	return map[string]string{
		"80 columns": hard(80, ""), "37 columns": hard(37, ""), "80 columns, indented": hard(80, "    "), "at words": words(72, ""), "in a mail": "> " + words(60, "> "),
		"in a table": "| " + strings.ReplaceAll(words(30, "| "), "\n", " |\n") + " |", "windows": strings.ReplaceAll(hard(80, ""), "\n", "\r\n"),
		"coloured": "\x1b[01;31m" + l + "\x1b[00m", "coloured inside": strings.ReplaceAll(l, " ", " \x1b[00m"), "journald": "Nov 01 02:10:11 ctl1 nova-api[2331]: " + l,
		"syslog": "<131>1 2022-11-01T02:10:11.123456+09:00 ctl1 nova 2331 - - " + l, "kolla": "2022-11-01 02:10:11.123 7 ERROR x [-] " + l,
		"docker": fmt.Sprintf(`{"log":%q,"stream":"stderr","time":"2022-11-01T02:10:11Z"}`, l+"\n"), "ansible": fmt.Sprintf(`fatal: [ctl1]: FAILED! => {"msg": %q}`, l),
	}
}

// TestWrapped: whatever a terminal, a mail, a table or another program made of a line, the same
// is found.
func TestWrapped(t *testing.T) {
	m := own(t)
	lines, want := corpus(t, "lines.txt")
	for i, l := range lines {
		for how, text := range wraps(l) {
			if strings.HasPrefix(l, "|") && (how == "in a table" || how == "37 columns") {
				continue // a table wrapped in a table: its bars are taken off with the outer ones
			}
			if strings.HasPrefix(l, "{") && (how == "docker" || how == "ansible") {
				continue
			}
			got := slices.Compact(ids(pasted(m, []byte(text), "")))
			if !slices.Equal(got, want[i]) {
				t.Errorf("%s: %s\n  got  %v\n  want %v", how, text, got, want[i])
			}
		}
	}
	lines, _ = corpus(t, "unrelated.txt")
	for _, l := range lines {
		for how, text := range wraps(l) {
			if got := ids(pasted(m, []byte(text), "")); len(got) > 0 && how != "coloured" {
				t.Errorf("%s: %s\n  got %v, want nothing", how, text, got)
			}
		}
	}
	// All of them in one paste: nothing is found across records.
	if got := ids(pasted(m, []byte(strings.Join(lines, "\n")), "")); len(got) > 0 {
		for _, h := range pasted(m, []byte(strings.Join(lines, "\n")), "") {
			t.Errorf("together: %s in %q", h.Signature.ID, h.Evidence)
		}
	}
}

func TestShippedScan(t *testing.T) {
	s, found := signatures.DecodeScan(runbooks.Scan, "scan.yaml")
	for _, f := range found {
		t.Error(f)
	}
	if s == nil || len(s.Logs) < 10 || len(s.Looks) < 5 {
		t.Fatalf("%+v", s)
	}
	for text, want := range map[string]string{
		"logs: ['/var/log/$(x)']":                     "scan.value",
		"logs: [var/log]":                             "scan.value",
		"logs: ['/a/../b']":                           "scan.value",
		"journal: ['a; b']":                           "scan.value",
		"looks: [{id: aa, probe: 'echo x > /etc/y'}]": "scan.value",
		"looks: [{id: aa, probe: 'echo ('}]":          "scan.value",
		"looks: [{id: aa}]":                           "signature.missing",
		"lookz: []":                                   "key.unknown",
	} {
		if s, found := signatures.DecodeScan([]byte(text), "f.yaml"); s != nil || !strings.Contains(told(found), want) {
			t.Errorf("%s: %v, want %s", text, found, want)
		}
	}
}
