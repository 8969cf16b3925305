package job

import (
	"errors"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// Any string arrives in a real shell as it is: dash and bash, with what shells care about.
func TestQuote(t *testing.T) {
	pieces := []string{
		"'", `"`, "$(reboot)", "`id`", "\\", "\n", "\n\n", " ", "\t", "$", "!", "*", "~", "{a,b}", "#", ";", "&", "|", "<", ">",
		"%s", "-n", "\r", "\x01", "\x7f", "\xff\xfe", "한글", "€", "a", "b", "EOF", "\\\n", "'\\''", "=", "[", "]", "?",
	}
	for _, shell := range []string{"dash", "bash"} {
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Errorf("no %s here", shell)
			continue
		}
		values := []string{"", `a'b"c$(reboot)`, "one\ntwo\nthree", "three\nlines\n\n"}
		for range 400 {
			var b strings.Builder
			for range rand.IntN(12) {
				b.WriteString(pieces[rand.IntN(len(pieces))])
			}
			values = append(values, b.String())
		}
		var script strings.Builder
		for _, v := range values {
			q, err := Quote(v)
			if err != nil {
				t.Fatal(err)
			}
			script.WriteString("x=" + q + "\nprintf '%s\\000' \"$x\"\n")
		}
		cmd := exec.Command(path)
		cmd.Stdin = strings.NewReader(script.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if len(got) != len(values) {
			t.Fatalf("%s: %d values arrived, %d were sent", shell, len(got), len(values))
		}
		for i := range values {
			if got[i] != values[i] {
				t.Errorf("%s: %q arrived as %q", shell, values[i], got[i])
			}
		}
	}
	if _, err := Quote("a\x00b"); !errors.Is(err, ErrNUL) {
		t.Error(err)
	}
}
