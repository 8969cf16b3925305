package steps

import (
	"regexp"
	"slices"
	"strings"
)

// Shapes of names. Step ids become file names, unit names and job ids on hosts, so they are
// as narrow as those; parameters become shell variables.
var (
	nameShape     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
	unitShape     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)
	procShape     = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?$`)
	platformShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[0-9]+(\.[0-9]+)*)?$`)
	assetShape    = regexp.MustCompile(`^assets/([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$`)
)

func isName(s string) bool     { return nameShape.MatchString(s) }
func isUnitID(s string) bool   { return unitShape.MatchString(s) }
func isProcID(s string) bool   { return procShape.MatchString(s) }
func isPlatform(s string) bool { return platformShape.MatchString(s) }
func isAsset(s string) bool    { return assetShape.MatchString(s) }

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// nearest returns the known name that was most likely meant, or "".
func nearest[V any](name string, known map[string]V) string {
	best, found := 1+max(1, (len(name)+1)/3), ""
	if len(name) > 64 || len(known) > 500 { // nobody wrote that by hand
		return ""
	}
	for _, k := range sortedKeys(known) {
		if d := distance(strings.ToLower(name), k); d < best {
			best, found = d, k
		}
	}
	return found
}

// distance is how many letters must be added, dropped or changed (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
