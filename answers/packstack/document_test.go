package packstack

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stackhand/internal/problem"
)

// Without a change the bytes are the same, whatever the file is.
func TestRoundTrip(t *testing.T) {
	files := append(append(hostile(), generated(11, 3000)...), good, strings.ReplaceAll(good, "\n", "\r\n"), strings.TrimSuffix(good, "\n"), "\n\n\n", "\r", "\r\r\n\n\r")
	for _, f := range files {
		if got := Parse([]byte(f), "f").Bytes(); string(got) != f {
			t.Fatalf("%q became %q", f, got)
		}
	}
}

// One value changed is one line changed, and of it the value only.
func TestSet(t *testing.T) {
	for _, tc := range []struct{ name, text, key, value, want string }{
		{"plain", "# c\n[general]\nA=1\nB=2\n", "A", "9", "# c\n[general]\nA=9\nB=2\n"},
		{"blanks around the delimiter stay", "[general]\nA  :  1\nB=2", "A", "9", "[general]\nA  :  9\nB=2"},
		{"the key's spelling stays", "[general]\ncfg_A = 1\r\nB=2\r\n", "CFG_a", "9", "[general]\ncfg_A = 9\r\nB=2\r\n"},
		{"an empty value", "[general]\nA=\nB=2\n", "A", "9", "[general]\nA=9\nB=2\n"},
		{"an empty value with blanks", "[general]\nA=  \nB=2\n", "A", "9", "[general]\nA=9\nB=2\n"},
		{"made empty", "[general]\nA=1\nB=2\n", "A", "", "[general]\nA=\nB=2\n"},
		{"no final newline", "[general]\nB=2\nA=1", "A", "9", "[general]\nB=2\nA=9"},
		{"the same value", "[general]\nA = 1 \n", "A", "1", "[general]\nA = 1 \n"},
		{"the same value behind which one Python sees a comment", "[general]\nA=1 ;c\n", "A", "1", "[general]\nA=1\n"},
		{"quotes", "[general]\nA=\"\"\nB=2\n", "A", "", "[general]\nA=\nB=2\n"},
		{"a comment behind it goes, as only one Python sees it", "[general]\nA=1 ;c\n", "A", "9", "[general]\nA=9\n"},
		{"a new key behind the last", "[general]\nA=1\n\n# end\n", "B", "2", "[general]\nA=1\nB=2\n\n# end\n"},
		{"a new key in its section", "[general]\nA=1\n[other]\nC=3\n", "B", "2", "[general]\nA=1\nB=2\n[other]\nC=3\n"},
		{"a new key without a final newline", "[general]\r\nA=1", "B", "2", "[general]\r\nA=1\r\nB=2"},
		{"a new key in a bare section", "[general]\n", "B", "2", "[general]\nB=2\n"},
		{"a new key in an empty file", "", "B", "2", "[general]\nB=2\n"},
		{"duplicates become one", "[general]\nA=1\nB=2\nA=3\n", "A", "9", "[general]\nB=2\nA=9\n"},
		{"lines that continued it go", "[general]\nA=1\n  more\n\n  yet\nB=2\n", "A", "9", "[general]\nA=9\n\nB=2\n"},
		{"a key that was only a fallback", "[DEFAULT]\nA=1\n[general]\nB=2\n", "A", "9", "[DEFAULT]\nA=1\n[general]\nB=2\nA=9\n"},
		{"a swallowed line is no key", "[general]\nA=1\n  B=2\n", "B", "9", "[general]\nA=1\n  B=2\nB=9\n"},
	} {
		d := Parse([]byte(tc.text), "f")
		if err := d.Set(tc.key, tc.value); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := string(d.Bytes()); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	d := Parse([]byte(good), "f")
	for _, v := range []string{"a\nb", "a\rb", "가", "\xff", " a", "a ", `""`, "a ;b", "a\x00", "a\x0bb"} {
		if err := d.Set("CONFIG_AMQP_HOST", v); !problem.Is(err, "answers.value") {
			t.Errorf("%q: %v", v, err)
		}
	}
	for _, k := range []string{"", "a=b", "a b", "[a]", "#a", "가"} {
		if err := d.Set(k, "1"); err == nil {
			t.Errorf("key %q was set", k)
		}
	}
	if string(d.Bytes()) != good {
		t.Error("a refused change left its trace")
	}
}

// long is a real-looking file of 5,000 lines: comments, blank lines, keys of nobody.
func long() string {
	var b strings.Builder
	b.WriteString("[general]\n")
	for i := 0; i < 1666; i++ {
		fmt.Fprintf(&b, "\n# about key %d, as a generator writes it in lines of this length\nCONFIG_SITE_KEY_%d=value-%d\n", i, i, i)
	}
	return b.String() + strings.TrimPrefix(good, "[general]\n")
}

// Every line of a long file is changed alone.
func TestLongFile(t *testing.T) {
	text := long()
	was := strings.Split(text, "\n")
	for i := 0; i < 1666; i += 101 {
		d := Parse([]byte(text), "f")
		if err := d.Set(fmt.Sprintf("CONFIG_SITE_KEY_%d", i), "other"); err != nil {
			t.Fatal(err)
		}
		is, n := strings.Split(string(d.Bytes()), "\n"), 0
		for j := range was {
			if is[j] != was[j] {
				n++
			}
		}
		if len(is) != len(was) || n != 1 {
			t.Fatalf("key %d: %d lines changed", i, n)
		}
	}
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answer.txt")
	if err := os.WriteFile(path, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Open(path)
	if err != nil || string(d.Bytes()) != good || d.File != path {
		t.Error(err)
	}
	for _, bad := range []string{path + ".none", filepath.Dir(path)} {
		if _, err := Open(bad); !problem.Is(err, "answers.read") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	big := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, most+1); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(big); !problem.Is(err, "answers.read") {
		t.Errorf("a large file: %v", err)
	}
}
