package kolla

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/internal/i18n"
)

// TestBrokenSet: every file of the set, looked at alone, has the error that is wanted, with its
// line and key, and a remedy in both languages.
func TestBrokenSet(t *testing.T) {
	data, err := os.ReadFile("testdata/broken/INDEX")
	if err != nil {
		t.Fatal(err)
	}
	r, count := wallaby(t), 0
	for _, l := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		want := strings.Split(l, "\t")
		if strings.HasPrefix(l, "#") || len(want) != 4 {
			continue
		}
		count++
		name, line, key, code := want[0], want[1], want[2], want[3]
		data, err := os.ReadFile(filepath.Join("testdata", "broken", name))
		if err != nil {
			t.Fatal(err)
		}
		file := &File{name, data}
		f := Files{Globals: file}
		switch filepath.Ext(name) {
		case ".multinode":
			f = Files{Inventory: file}
		case ".yml":
			if strings.HasSuffix(name, ".passwords.yml") {
				f = Files{Passwords: file}
			}
		}
		found, all := false, r.Check(f)
		for _, f := range all {
			found = found || f.Severity == answers.Error && f.Code == code && (line == "*" || line == strconv.Itoa(f.Line)) && (key == "*" || f.Key == strings.Trim(key, "-"))
			for _, l := range []i18n.Lang{i18n.English, i18n.Korean} {
				if why, wanted := f.Texts(l); why == "" || wanted == "" || why == f.Code || f.Line < 1 {
					t.Errorf("%s: %+v: %q, %q", name, f, why, wanted)
				}
			}
		}
		if !found {
			t.Errorf("%s: no error %s about %s on line %s:\n%.2000s", name, code, key, line, all.Error())
		}
	}
	if count < 60 {
		t.Errorf("only %d files", count)
	}
}
