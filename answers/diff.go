package answers

// Change is a key whose value differs between two sets of values.
type Change struct {
	Key           string `json:"key"`
	Before, After string // Mask for a secret; empty where the set does not have the key
	Added         bool   `json:",omitempty"` // only the second set has the key
	Removed       bool   `json:",omitempty"` // only the first one has it
}

// Diff are the keys whose values differ, in the catalogue's order. Secrets are masked: that
// one changed is told, never from what to what.
func Diff(c *Catalogue, before, after map[string]string) []Change {
	var all []Change
	for _, e := range c.Entries {
		a, inA := before[e.Key]
		b, inB := after[e.Key]
		if a == b && inA == inB {
			continue
		}
		ch := Change{Key: e.Key, Before: a, After: b, Added: !inA, Removed: !inB}
		if e.Secret {
			ch.Before, ch.After = mask(a), mask(b)
		}
		all = append(all, ch)
	}
	return all
}

func mask(v string) string {
	if v == "" {
		return ""
	}
	return Mask
}

// Masked is a copy of the values with a mask in place of every secret, and of every value
// whose key the catalogue does not know.
func Masked(c *Catalogue, values map[string]string) map[string]string {
	out := make(map[string]string, len(values))
	for k, v := range values {
		if e := c.Entry(k); e == nil || e.Secret {
			v = mask(v)
		}
		out[k] = v
	}
	return out
}
