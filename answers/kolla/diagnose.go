package kolla

import (
	"regexp"
	"strings"
)

var (
	keyOnLine   = regexp.MustCompile(`^([ ]*)([A-Za-z_][A-Za-z0-9_]*)[ \t]*:(?:[ \t\r\n]|$)`)
	noBlank     = regexp.MustCompile(`^([ ]*)([A-Za-z_][A-Za-z0-9_]*):([^ \t\r\n/].*)`)
	equals      = regexp.MustCompile(`^[ ]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*[^= \t]`)
	quotedValue = regexp.MustCompile(`^[ ]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*:[ \t]+(["'])(.*)`)
)

// diagnose looks for the usual slips above the line where a YAML library gave up: a quote that
// nobody closed, which is noticed lines or pages later; a colon without a blank or an equals
// sign in its place, which are noticed at the next key; a template without quotes.
func diagnose(lines []string, noticed int) *Fault {
	for i, line := range lines {
		text, _ := cut(line)
		if m := quotedValue.FindStringSubmatch(text); m != nil {
			end, closed := closing(m[3], m[2][0])
			switch {
			case closed:
				if rest := strings.TrimLeft(m[3][end:], " "); rest != "" && rest[0] != '#' && i+1 >= noticed-1 {
					return fault(i+1, 1, m[1], "kolla.behind")
				}
			case i+1 < len(lines) && keyOnLine.MatchString(lines[i+1]), i+1 == len(lines):
				return fault(i+1, 1, m[1], "kolla.quote")
			}
		}
		if i+1 > noticed {
			break
		}
		if i+1 >= noticed-1 {
			if m := equals.FindStringSubmatch(text); m != nil {
				return fault(i+1, 1, m[1], "kolla.equals")
			}
			if m := noBlank.FindStringSubmatch(text); m != nil {
				return fault(i+1, len(m[1])+len(m[2])+2, m[2], "kolla.colon")
			}
			if m := keyOnLine.FindStringSubmatch(text); m != nil && i+1 == noticed && strings.HasPrefix(strings.TrimLeft(text[len(m[0]):], " "), "{{") {
				return fault(i+1, 1, m[2], "kolla.key.braces")
			}
		}
	}
	return nil
}
