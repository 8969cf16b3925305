package logtext

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stackhand/internal/run/redact"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain\nline\n":                       "plain\nline\n",
		"\x1b[1;31mred\x1b[0m":                "red",
		"\x1b]0;title\x07x\x1b]8;;u\x1b\\y":   "xy",
		"10%\r50%\r100%\r\nok":                "100%\nok",
		"ab\b\bcd":                            "cd",
		"a\tb":                                "a       b",
		"\x1b[2J\x1b[Hgone":                   "gone",
		"bell\x07 nul\x00":                    "bell nul",
		"bad \xff utf":                        "bad \uFFFD utf",
		"right\u202eleft":                     "right\uFFFDleft",
		"\u0085c1 \u009b31m":                  "c1 31m",
		"한글 로그":                               "한글 로그",
		"\x1b(Bset\x1b=x\x1b":                 "setx",
		"\x1b]never closed\nnext":             "\nnext",
		"\x1bP1;2|ab\x1b\\after":              "after",
		"zero\u200bwidth":                     "zerowidth",
		"\x1b[12\nbroken":                     "\nbroken",
		"last line kept when the end is cr\r": "last line kept when the end is cr",
		"dos\r\n":                             "dos\n",
		"twice\r\r\n":                         "twice\n",
	} {
		if got := Clean([]byte(in)); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzClean: whatever a host prints, what is shown has printable characters and line ends only.
func FuzzClean(f *testing.F) {
	f.Add([]byte("\x1b[31m\x1b]0;x\x07\r\n\xff\u202e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got := Clean(b)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) is no UTF-8: %q", b, got)
		}
		for _, r := range got {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Fatalf("Clean(%q) has %U: %q", b, r, got)
			}
		}
		if again := Clean([]byte(got)); again != got {
			t.Fatalf("cleaning again changed it: %q, %q", got, again)
		}
		if strings.Count(got, "\n") != strings.Count(string(b), "\n") && !strings.ContainsRune(string(b), 0x1b) {
			t.Fatalf("lines were lost: %q, %q", b, got)
		}
	})
}

func TestTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if e, err := Tail(path, 3, nil); err != nil || len(e.Lines) != 0 || e.LastLine() != "" {
		t.Errorf("a log that is not there: %v, %v", e, err)
	}
	r := redact.NewRedactor(map[string]string{"pw": strings.Repeat("hunter22", 4)})
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "line %d %s\n", i, strings.Repeat("hunter22", 4))
	}
	text.WriteString("\n\n")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < 40; n++ {
		e, err := Tail(path, n, r)
		if err != nil || len(e.Lines) != n || !e.Cut || e.Size != int64(text.Len()) {
			t.Fatalf("%d lines: %v, %v", n, e, err)
		}
		for i, l := range e.Lines {
			if want := fmt.Sprintf("line %d [secret pw]", 5000-n+i); l != want {
				t.Fatalf("line %d of %d is %q, want %q", i, n, l, want)
			}
		}
	}
}

// A single line of any length shows its end, without the half of a secret.
func TestTailOfOneLine(t *testing.T) {
	secret := "correct-horse-battery"
	r := redact.NewRedactor(map[string]string{"pw": secret})
	path := filepath.Join(t.TempDir(), "log")
	for extra := range 40 {
		text := strings.Repeat(secret+" ", 4000) + strings.Repeat("x", extra)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Tail(path, 2, r)
		if err != nil || len(e.Lines) != 1 || len(e.Lines[0]) > mostLine+8 {
			t.Fatalf("%v, %v", e, err)
		}
		for _, part := range []string{"horse", "battery", "correct"} {
			if strings.Contains(e.LastLine(), part) {
				t.Fatalf("a part of the secret is shown: %q", e.LastLine())
			}
		}
	}
}

func TestClip(t *testing.T) {
	for in, want := range map[string]string{"": "", "abc": "abc", "한글한": "한글한", "한글한글": "한글한 …", "abcd": "abc …"} {
		if got := Clip(in, 3); got != want {
			t.Errorf("Clip(%q, 3) = %q", in, got)
		}
	}
}
