package signatures_test

import (
	"regexp/syntax"
	"strings"
	"testing"
)

// TestPatternsAreReached: every way in which a pattern can fit has one of the signature's words in
// it, or the pattern is never tried there. The ways are made from the pattern itself.
func TestPatternsAreReached(t *testing.T) {
	for _, g := range own(t).Set().Signatures {
		if len(g.Service) > 0 {
			continue
		}
		for _, p := range g.Match {
			re, err := syntax.Parse(strings.ReplaceAll(p, ` ?`, ` `), syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range ways(re) {
				reached := false
				for _, w := range g.Has {
					reached = reached || strings.Contains(strings.ToLower(text), strings.ToLower(w))
				}
				if !reached {
					t.Errorf("%s: %s fits %q, which has none of its words", g.ID, p, text)
					break
				}
			}
		}
	}
}

// ways are texts that a pattern fits: each alternative, and what may be left out both ways.
func ways(re *syntax.Regexp) []string {
	const most = 200
	join := func(a, b []string) (out []string) {
		for _, x := range a {
			for _, y := range b {
				if out = append(out, x+y); len(out) == most {
					return out
				}
			}
		}
		return out
	}
	out := []string{""}
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return []string{string(re.Rune[:1])}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return []string{"?"}
	case syntax.OpCapture, syntax.OpPlus:
		return ways(re.Sub[0])
	case syntax.OpQuest:
		return append(out, ways(re.Sub[0])...)
	case syntax.OpRepeat:
		for range re.Min {
			out = join(out, ways(re.Sub[0]))
		}
	case syntax.OpConcat:
		for _, s := range re.Sub {
			out = join(out, ways(s))
		}
	case syntax.OpAlternate:
		out = nil
		for _, s := range re.Sub {
			out = append(out, ways(s)...)
		}
	}
	return out
}

// TestWays: the texts are ones that the pattern fits.
func TestWays(t *testing.T) {
	re, err := syntax.Parse(`a(?:b|c{2}) ?(?P<x>[d-f]+)?`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ways(re), "|"); got != "ab|abd|ab |ab d|acc|accd|acc |acc d" {
		t.Error(got)
	}
}
