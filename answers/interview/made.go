package interview

import (
	"maps"
	"strings"
)

// TakeMade takes the secrets that Files made on a copy of the draft (Restore of its Saved), and
// where it was exported. Making keys takes a while, so a screen has a copy do it elsewhere.
// What was typed here since stays.
func (d *Draft) TakeMade(from *Draft) {
	secrets := maps.Clone(d.secrets)
	for name, v := range from.secrets {
		if strings.HasPrefix(name, "made/") || strings.HasPrefix(name, "file/") && secrets[name] != "" && d.s.Files[strings.TrimPrefix(name, "file/")] == from.s.Files[strings.TrimPrefix(name, "file/")] {
			secrets[name] = v
		}
	}
	d.secrets, d.s.Out, d.seen = secrets, from.s.Out, nil
	d.s.Rev = max(d.s.Rev, from.s.Rev) + 1
}
