package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os/exec"
	"strings"
	"testing"
)

// pass sends text through a Writer in pieces of n bytes.
func pass(t testing.TB, r *Redactor, text string, n int) string {
	t.Helper()
	var out bytes.Buffer
	w := r.Writer(&out)
	for len(text) > 0 {
		k := min(n, len(text))
		if got, err := w.Write([]byte(text[:k])); got != k || err != nil {
			t.Fatalf("Write of %d bytes: %d, %v", k, got, err)
		}
		text = text[k:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestString(t *testing.T) {
	for _, tc := range []struct {
		name    string
		secrets map[string]string
		in, out string
	}{
		{"nothing to hide", nil, "plain", "plain"},
		{"one", map[string]string{"db": "hunter22"}, "a hunter22 b hunter22", "a [secret db] b [secret db]"},
		{"alone", map[string]string{"db": "hunter22"}, "hunter22", "[secret db]"},
		{"side by side", map[string]string{"db": "hunter22"}, "hunter22hunter22", "[secret db][secret db]"},
		{"too short to look for", map[string]string{"pin": "123"}, "123", "123"},
		{"shortest", map[string]string{"pin": "1234"}, "012345", "0[secret pin]5"},
		{"longest first", map[string]string{"a": "pass", "b": "password"}, "password pass", "[secret b] [secret a]"},
		{"inside a longer one", map[string]string{"a": "sword", "b": "passwords"}, "passwords sword", "[secret b] [secret a]"},
		{"a longer one that does not come", map[string]string{"a": "sword", "b": "passwords"}, "password!", "pas[secret a]!"},
		{"overlapping: both are hidden whole", map[string]string{"a": "abcdef", "b": "defghi"}, "_abcdefghi_", "_[secret a][secret b]_"},
		{"overlapping itself", map[string]string{"a": "abcab"}, "abcabcab.", "[secret a][secret a]."},
		{"two names, one value", map[string]string{"b": "hunter22", "a": "hunter22"}, "hunter22", "[secret a]"},
		{"its start only", map[string]string{"db": "hunter22"}, "hunter2 hunter", "hunter2 hunter"},
		{"Korean", map[string]string{"db": "비밀번호"}, "x비밀번호y", "x[secret db]y"},
		{"lines of a long one", map[string]string{"key": "-----BEGIN KEY-----\nAAAABBBBCCCC\n-----END KEY-----\n"},
			"-----BEGIN KEY-----\n  AAAABBBBCCCC\n", "-----BEGIN KEY-----\n  [secret key]\n"},
		{"with the terminal's line ends", map[string]string{"key": "ab\ncd"}, "ab\r\ncd", "[secret key]"},
	} {
		r := NewRedactor(tc.secrets)
		if got := r.String(tc.in); got != tc.out {
			t.Errorf("%s: String(%q) = %q, want %q", tc.name, tc.in, got, tc.out)
		}
		for n := 1; n <= len(tc.in); n++ {
			if got := pass(t, r, tc.in, n); got != tc.out {
				t.Errorf("%s: in pieces of %d: %q, want %q", tc.name, n, got, tc.out)
			}
		}
	}
	var none *Redactor
	if got := none.String("hunter22") + pass(t, none, "hunter22", 3); got != "hunter22hunter22" || none.Longest() != 0 {
		t.Errorf("a nil Redactor changed the text: %q", got)
	}
}

// awkward has every character that some coding treats in its own way.
const awkward = `p'a"s s$w\o&r<d>/=+%@비`

func TestForms(t *testing.T) {
	r := NewRedactor(map[string]string{"pw": awkward})
	quoted, err := json.Marshal(map[string]string{"x": awkward})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"json":         string(quoted),
		"query":        "https://h/?p=" + url.QueryEscape(awkward) + "&q=1",
		"query, lower": "p=" + strings.ToLower(url.QueryEscape(awkward)),
		"path":         "/x/" + url.PathEscape(awkward) + "/y",
		"userinfo":     (&url.URL{Scheme: "rabbit", User: url.UserPassword("openstack", awkward), Host: "h"}).String(),
		"go":           fmt.Sprintf("%q", awkward),
		"hex":          fmt.Sprintf("%x %X", awkward, awkward),
		"sql":          "IDENTIFIED BY '" + strings.ReplaceAll(awkward, "'", "''") + "'",
		"double":       `"` + escape(awkward, "\\\"$`") + `"`,
	}
	for name, e := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64 url": base64.URLEncoding} {
		for before := range 4 {
			for after := range 4 {
				texts[fmt.Sprintf("%s %d %d", name, before, after)] = e.EncodeToString(
					[]byte("user:pw"[:before] + awkward + "\n\x00\xff"[:after]))
			}
		}
	}
	for name, text := range texts {
		got := r.String(text)
		if !strings.Contains(got, "[secret pw]") {
			t.Errorf("%s: %q is not found, gave %q", name, text, got)
		}
	}
}

// What shells themselves print of a value under set -x, and what printf %q makes of it.
func TestFormsOfRealShells(t *testing.T) {
	r := NewRedactor(map[string]string{"pw": awkward})
	for _, tc := range [][]string{
		{"sh", "-c", `set -x; : "$1"`, "sh", awkward},
		{"bash", "-c", `set -x; : "$1"`, "bash", awkward},
		{"bash", "-c", `printf '%q\n' "$1"`, "bash", strings.TrimSuffix(awkward, "비")},
	} {
		if _, err := exec.LookPath(tc[0]); err != nil {
			t.Skipf("%s is not here", tc[0])
		}
		cmd := exec.Command(tc[0], tc[1:]...)
		cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
		secrets := r
		if strings.Contains(tc[2], "%q") {
			secrets = NewRedactor(map[string]string{"pw": tc[4]})
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		if got := secrets.String(string(out)); !strings.Contains(got, "[secret pw]") {
			t.Errorf("%s: %q is not found, gave %q", tc[2], out, got)
		}
	}
}

func TestScan(t *testing.T) {
	r := NewRedactor(map[string]string{"a": "pass", "b": "password", "c": "wordless"})
	text := "pass..password..passwordless..pas"
	want := "[{a 100} {b 106} {b 116} {c 120}]"
	for n := 1; n <= len(text); n++ {
		type leak struct {
			name string
			at   int64
		}
		var got []leak
		w := r.Scan(100, func(name string, at int64) { got = append(got, leak{name, at}) })
		for i := 0; i < len(text); i += n {
			if _, err := io.WriteString(w, text[i:min(i+n, len(text))]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("in pieces of %d: %v, want %s", n, got, want)
		}
	}
}

// Every window of a text shows a piece of what the whole shows, and markers at its edges.
func TestWindow(t *testing.T) {
	r := NewRedactor(map[string]string{"a": "hunter22"})
	text := []byte("xx hunter22 yy")
	for from := range text {
		for to := from + 1; to <= len(text); to++ {
			got := string(r.Window(text, from, to))
			whole := ""
			if from < 3 {
				whole = string(text[from:min(to, 3)])
			}
			if from < 11 && to > 3 {
				whole += "[secret a]"
			}
			if to > 11 {
				whole += string(text[max(from, 11):to])
			}
			if got != whole {
				t.Fatalf("Window(%d, %d) = %q, want %q", from, to, got, whole)
			}
		}
	}
}

// A complete secret that nothing can lengthen is not kept back, nor is ordinary text.
func TestKeptBack(t *testing.T) {
	r := NewRedactor(map[string]string{"a": "hunter22"})
	var out bytes.Buffer
	w := r.Writer(&out)
	for _, step := range []struct{ in, out string }{
		{"hello ", "hello "}, {"hunt", "hello "}, {"er22", "hello [secret a]"}, {"hunt", "hello [secret a]"}, {"!", "hello [secret a]hunt!"},
	} {
		if _, err := io.WriteString(w, step.in); err != nil {
			t.Fatal(err)
		}
		if out.String() != step.out {
			t.Errorf("after %q: %q, want %q", step.in, out.String(), step.out)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestWriterErrors(t *testing.T) {
	w := NewRedactor(map[string]string{"a": "hunter22"}).Writer(full{})
	if _, err := io.WriteString(w, "text"); err == nil {
		t.Error("the error of the writer below was lost")
	}
	if err := w.Close(); err == nil {
		t.Error("Close forgot the error")
	}
	w = NewRedactor(map[string]string{"a": "hunter22"}).Writer(io.Discard)
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := io.WriteString(w, "text"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a write after Close gave %v", err)
	}
}

// Memory does not grow with the text, whatever it is made of.
func TestBounded(t *testing.T) {
	r := NewRedactor(map[string]string{"a": "aaaaaaaaab", "b": "aaaa"})
	w := r.Writer(io.Discard).(*writer)
	piece := bytes.Repeat([]byte("a"), 1<<16)
	for range 64 {
		if _, err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
		if len(w.kept) > r.Longest() || len(w.hits) > r.Longest() {
			t.Fatalf("%d bytes and %d hits kept, longest form %d", len(w.kept), len(w.hits), r.Longest())
		}
	}
}

// TestGrowing: whatever of a secret has arrived at the end of a text, none of it is shown, and
// what is no secret is.
func TestGrowing(t *testing.T) {
	secret := "correct-horse-battery"
	r := NewRedactor(map[string]string{"pw": secret})
	for n := Shortest; n < len(secret); n++ {
		if got := string(r.Growing([]byte("it is " + secret[:n]))); got != "it is …" {
			t.Errorf("%d bytes of it: %q", n, got)
		}
	}
	for text, want := range map[string]string{
		"it is " + secret:           "it is [secret pw]",
		"it is " + secret[:8] + "?": "it is " + secret[:8] + "?",
		"cor":                       "cor",
		"":                          "",
		secret + secret[:5]:         "[secret pw]…",
	} {
		if got := string(r.Growing([]byte(text))); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := string((*Redactor)(nil).Growing([]byte("x"))); got != "x" {
		t.Errorf("no secrets: %q", got)
	}
}
