package packstack

import (
	"testing"

	"gopkg.in/ini.v1"
)

// Why our own reader: gopkg.in/ini.v1 reads otherwise than RawConfigParser where an answer
// file is not plain, under the options that come nearest to it.
func TestIniLibraryReadsOtherwise(t *testing.T) {
	options := ini.LoadOptions{Insensitive: false, InsensitiveKeys: true, IgnoreInlineComment: true, AllowPythonMultilineValues: true, PreserveSurroundedQuote: true, SkipUnrecognizableLines: false, KeyValueDelimiters: "=:"}
	library := func(text string) (string, bool) {
		f, err := ini.LoadSources(options, []byte(text))
		if err != nil || !f.HasSection(sectionName) {
			return "", false
		}
		return f.Section(sectionName).Key("a").String(), f.Section(sectionName).HasKey("a")
	}
	for _, tc := range []struct {
		name, text string
		same       bool
	}{
		{"a plain value", "[general]\nA=1\n", true},
		{"a colon", "[general]\nA: 1\n", true},
		{"a comment line", "[general]\n# c\nA=1\n", true},
		{"quotes are part of the value", "[general]\nA=\"x\"\n", true},
		{"a percent sign is plain", "[general]\nA=%(b)s\nB=2\n", false},
		{"a backslash at the end continues nothing", "[general]\nA=1\\\nB=2\n", false},
		{"back quotes are part of the value", "[general]\nA=`x`\n", false},
		{"three quotes are part of the value", "[general]\nA=\"\"\"x\"\"\"\n", false},
		{"a byte order mark refuses the file", "\uFEFF[general]\nA=1\n", false},
		{"a key before any section refuses the file", "B=1\n[general]\nA=1\n", false},
		{"a duplicate refuses the file", "[general]\nA=1\nA=2\n", false},
		{"the default section lends its values", "[DEFAULT]\nA=1\n[general]\nB=1\n", false},
	} {
		got, ok := library(tc.text)
		want, there := "", false
		if d := Parse([]byte(tc.text), "f"); d.Readable(Python3) {
			want, there = d.Get(Python3, "A")
		}
		if same := got == want && ok == there; same != tc.same {
			t.Errorf("%s: the library reads %q (%v), Python 3 %q (%v)", tc.name, got, ok, want, there)
		}
	}
}
