package packstack

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/internal/i18n"
)

// expected is one line of a folder of broken files: the error that the check of a file must have.
type expected struct {
	file, line, key, code string
}

func brokenSet(t testing.TB) []expected {
	t.Helper()
	data, err := os.ReadFile("testdata/broken/INDEX")
	if err != nil {
		t.Fatal(err)
	}
	var all []expected
	for _, l := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if f := strings.Split(l, "\t"); !strings.HasPrefix(l, "#") && len(f) == 4 {
			all = append(all, expected{f[0], f[1], f[2], f[3]})
		}
	}
	return all
}

// TestBrokenSet: every file of the set has the error that is wanted, with its line and key, and a
// remedy in both languages; in both releases.
func TestBrokenSet(t *testing.T) {
	set := brokenSet(t)
	if len(set) < 60 {
		t.Fatalf("only %d files", len(set))
	}
	for _, e := range set {
		data, err := os.ReadFile(filepath.Join("testdata", "broken", e.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, release := range []string{"stein", "train"} {
			fs := Check(Parse(data, e.file), catalogue(t, release), Options{})
			found := false
			for _, f := range fs {
				found = found || f.Severity == answers.Error && f.Code == e.code && (e.line == "*" || e.line == strconv.Itoa(f.Line)) && (e.key == "*" || f.Key == strings.Trim(e.key, "-"))
				for _, l := range []i18n.Lang{i18n.English, i18n.Korean} {
					if why, wanted := f.Texts(l); why == "" || wanted == "" || why == f.Code || f.Line < 1 {
						t.Errorf("%s: %+v: %q, %q", e.file, f, why, wanted)
					}
				}
			}
			if !found {
				t.Errorf("%s, %s: no error %s about %s on line %s:\n%.2000s", e.file, release, e.code, e.key, e.line, fs.Error())
			}
		}
	}
}
