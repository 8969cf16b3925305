package interview

import (
	"maps"
	"strings"
)

// Adopt takes the secrets that Files made on a copy of the draft (Restore of its Saved). Making
// keys takes a while, so a screen has a copy do it elsewhere. They are no change that Undo would
// take back, and what was typed here since stays.
func (d *Draft) Adopt(from *Draft) {
	made := map[string]string{}
	for name, v := range from.secrets {
		kind, file := strings.CutPrefix(name, "file/") // an imported passwords.yml is filled in place
		if strings.HasPrefix(name, "made/") || file && d.s.Files[kind] != "" && d.s.Files[kind] == from.s.Files[kind] {
			made[name] = v
		}
	}
	d.secrets = maps.Clone(d.secrets)
	maps.Copy(d.secrets, made)
	for i := range d.past {
		d.past[i].secrets = maps.Clone(d.past[i].secrets)
		for name, v := range made {
			if strings.HasPrefix(name, "made/") {
				d.past[i].secrets[name] = v
			}
		}
	}
	d.s.Rev, d.seen = max(d.s.Rev, from.s.Rev)+1, nil
}
