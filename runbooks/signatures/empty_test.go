package signatures

import (
	"regexp"
	"regexp/syntax"
	"testing"
)

func TestFitsNothing(t *testing.T) {
	for _, p := range []string{"", "a", "a*", "a?b*", "a+", "(a*)+", "^", "$", "^a", `\b`, `\B`, "a|", "(?:|b)", "[ab]", ".", "a{0,3}", "a{2}", "(a|b*)c", "(?P<host>x?)", `^\s*$`, "(?-i:A)", "()", "(?s:.)*"} {
		re, err := syntax.Parse("(?i)"+p, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fitsNothing(re), regexp.MustCompile("(?i)"+p).MatchString(""); got != want {
			t.Errorf("%q: %v, want %v", p, got, want)
		}
	}
}
