package packstack

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"stackhand/answers"
	"stackhand/internal/i18n"
	"stackhand/internal/problem"
)

// Export is a whole answer file: every effective value in Packstack's own order, in plain
// ASCII, so that both interpreters read exactly the values that come back with it. Secrets
// that are missing are made (Fill), and hosts that would be the machine that runs Packstack
// are the controller (correction 35). Keys of which only that machine knows the value (its
// name in certificates) are left to Packstack where env does not say it: a comment names them.
func Export(c *answers.Catalogue, given map[string]string, env Env, random io.Reader) (data []byte, values map[string]string, err error) {
	all := map[string]string{}
	for k, v := range given {
		all[k] = v
	}
	for key, v := range FollowController(c, given) {
		all[key] = v
	}
	made, err := Fill(c, all, random)
	if err != nil {
		return nil, nil, err
	}
	for k, v := range made {
		all[k] = v
	}
	eff := Evaluate(c, all, env)
	values = map[string]string{}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Answers for Packstack %s. Packstack rewrites the file that it is given: give it a copy.\n[%s]\n", c.Release, sectionName)
	group := ""
	for i := range c.Entries {
		e := &c.Entries[i]
		if e.Group != group {
			group = e.Group
			fmt.Fprintf(&b, "\n# --- %s\n", ascii(c.GroupTitle(group, i18n.English)))
		}
		v := eff.Values[e.Key]
		if given, ok := all[e.Key]; ok && !eff.Read[e.Key] {
			v = given // it is not read now, and what the operator wrote is not lost
		}
		if e.Computed != "" && v == "" && e.Type != answers.TypePath {
			if _, ok := all[e.Key]; !ok {
				fmt.Fprintf(&b, "# %s: found by Packstack on its own machine\n", e.Key)
				continue
			}
		}
		if code := Carries(v); code != "" {
			return nil, nil, problem.New("answers.value", "", nil, "key", e.Key, "code", code)
		}
		if label := ascii(e.Label.En); label != "" {
			fmt.Fprintf(&b, "# %s\n", label)
		}
		fmt.Fprintf(&b, "%s=%s\n", e.Key, v)
		values[e.Key] = v
	}
	return b.Bytes(), values, nil
}

// ascii drops what is not ASCII, for comments.
func ascii(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 0x20 && c < 0x7f {
			return c
		}
		return -1
	}, s)
}

// FollowController are the hosts that Packstack would take to be the machine it runs on, with
// the controller instead, where the file does not say them.
func FollowController(c *answers.Catalogue, given map[string]string) map[string]string {
	controller, follow := given["CONFIG_CONTROLLER_HOST"], map[string]string{}
	if controller == "" {
		return follow
	}
	eff := Evaluate(c, given, Env{})
	for _, key := range []string{"CONFIG_COMPUTE_HOSTS", "CONFIG_NETWORK_HOSTS", "CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST", "CONFIG_STORAGE_HOST", "CONFIG_SAHARA_HOST"} {
		if c.Entry(key) != nil && eff.Given[key] == "" {
			follow[key] = controller
		}
	}
	return follow
}
