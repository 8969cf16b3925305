package remote

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stackhand/internal/i18n"
)

// Every code that this room and internal/site make has its texts, and no text is for a code
// that nobody makes.
func TestCodesHaveTexts(t *testing.T) {
	texts := i18n.For(i18n.Korean).Problems
	made := map[string]bool{}
	for _, room := range []string{"remote", "site"} {
		files, err := filepath.Glob("../" + room + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		code := regexp.MustCompile(`"(` + room + `\.[a-z.]*[a-z])"`)
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllSubmatch(text, -1) {
				made[string(m[1])] = true
				if _, ok := texts[string(m[1])]; !ok && string(m[1]) != "site.yaml" {
					t.Errorf("%s: %s has no text", f, m[1])
				}
			}
		}
	}
	for code := range texts {
		if (strings.HasPrefix(code, "remote.") || strings.HasPrefix(code, "site.")) && !made[code] {
			t.Errorf("%s is made nowhere", code)
		}
	}
}

// What a host says of a job is hostile until it is read.
func FuzzParseFrame(f *testing.F) {
	f.Add("data 10\n")
	f.Add("look boot=x prepared=1 sha=ab claim=1 age=3 exit=1 code=0 bytes=5 size=5 end\n")
	f.Add("look age=99999999999999999999 end")
	f.Fuzz(func(t *testing.T, line string) {
		head, err := parseFrame(line)
		if err == nil && head.look == nil && head.data <= 0 {
			t.Fatalf("%q is %+v", line, head)
		}
		if err == nil && head.look != nil && head.look.ClaimAge < 0 {
			t.Fatalf("%q is %+v", line, head.look)
		}
	})
}
