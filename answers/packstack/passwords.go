package packstack

import (
	"fmt"
	"io"
	"strconv"

	"stackhand/answers"
)

// Fill makes the secrets that a file does not have, as Packstack itself would: one that is
// missing, empty where Packstack refuses that, or its placeholder becomes the default
// password where there is one, else random hex digits. Secrets that never follow the default
// password are made in any case. What is there is not touched: only new values come back.
func Fill(c *answers.Catalogue, given map[string]string, random io.Reader) (map[string]string, error) {
	made := map[string]string{}
	eff := Evaluate(c, given, Env{})
	for i := range c.Entries {
		e := &c.Entries[i]
		if e.Generate == nil {
			continue
		}
		if v := eff.Values[e.Key]; eff.Given[e.Key] != "" && v != "" && v != Placeholder && eff.Read[e.Key] {
			continue
		}
		if v, ok := given[e.Key]; ok && v != "" && v != Placeholder {
			continue // its group is off; it may be switched on again
		}
		if e.Generate.Kind == answers.KindSame && eff.Values["CONFIG_TROVE_NOVA_USER"] == "trove" {
			if v := given[e.Generate.Of]; v != "" && v != Placeholder {
				made[e.Key] = v
				continue
			}
			if v := made[e.Generate.Of]; v != "" {
				made[e.Key] = v
				continue
			}
		}
		if d := given["CONFIG_DEFAULT_PASSWORD"]; d != "" && e.Default == Placeholder {
			made[e.Key] = d
			continue
		}
		v, err := secret(e, random)
		if err != nil {
			return nil, fmt.Errorf("cannot make %s: %w", e.Key, err)
		}
		made[e.Key] = v
	}
	return made, nil
}

// secret makes one. The orchestration key may not look like a number: Packstack would put
// another one in its place.
func secret(e *answers.Entry, random io.Reader) (string, error) {
	g := *e.Generate
	if g.Kind == answers.KindSame {
		g = answers.Generator{Kind: answers.KindHex, Length: 16}
	}
	for range 1000 {
		v, err := g.New(random)
		if err != nil {
			return "", err
		}
		if _, err := strconv.ParseFloat(v, 64); err != nil {
			return v, nil
		}
	}
	return "", fmt.Errorf("the source of random bytes gives numbers only")
}
