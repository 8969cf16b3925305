package kolla

import (
	"encoding/pem"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stackhand/answers"
)

var (
	uuidShape   = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)
	hexShape    = regexp.MustCompile(`^[0-9a-f]{32}$`)
	fernetShape = regexp.MustCompile(`^[A-Za-z0-9_-]{43}=$`)
)

// placeholders are what stands in examples, and what everybody tries first.
var placeholders = []string{"password", "passw0rd", "pass", "admin", "changeme", "change_me", "secret", "openstack", "kolla", "root", "qwerty", "test", "pw", "todo", "xxx", "letmein", "default"}

// secrets looks at passwords.yml. No value of it is ever shown.
func (c *check) secrets() {
	release := c.r.Catalogue.Name()
	var missing []string
	for _, e := range c.r.Catalogue.Entries {
		if e.In == Passwords && c.passwords.Line(e.Key) == 0 && e.Generate != nil {
			missing = append(missing, e.Key)
		}
	}
	if len(missing) > 0 {
		c.in.Add(answers.At{Line: max(1, len(c.passwords.lines)), Key: missing[0]}, answers.Error, 0, "password.missing", "count", strconv.Itoa(len(missing)), "keys", some(missing))
	}
	same := map[string]string{}
	c.twice(c.passwords)
	for _, e := range c.passwords.Entries() {
		if c.passwords.Line(e.Key) != e.Line {
			continue
		}
		entry := c.r.Catalogue.Entry(e.Key)
		if entry == nil || entry.In != Passwords {
			code := "key.unknown"
			args := []string{"release", release}
			if entry != nil {
				code = "password.global"
			} else if near := c.r.Catalogue.Nearest(e.Key); near != "" {
				code, args = "key.near", append(args, "near", near)
			}
			c.warn(e.Key, 40, code, args...)
			if entry != nil {
				continue
			}
		}
		c.secretValue(entry, e, same)
	}
}

// secretValue looks at one of them; entry is nil for a key that the release does not know.
func (c *check) secretValue(entry *answers.Entry, e Entry, same map[string]string) {
	if e.Value.Kind == Vault {
		return
	}
	if entry != nil && entry.Type == answers.TypeKeyPair {
		c.keyPair(e)
		return
	}
	blank := entry != nil && entry.Generate == nil
	switch e.Value.Kind {
	case Null:
		line, _ := cut(c.passwords.lines[e.Line-1])
		if bare, _, _ := strings.Cut(line, " #"); strings.HasSuffix(strings.TrimSpace(bare), ":") {
			c.err(e.Key, 0, "password.bare")
		} else if !blank {
			c.err(e.Key, 0, "password.null")
		}
		return
	case String:
	case Int, Float, Bool, Date:
		c.err(e.Key, 0, "password.kind", "kind", string(e.Value.Kind))
		return
	default:
		c.err(e.Key, 0, "value.scalar")
		return
	}
	value := e.Value.Text
	if blank && value == "" {
		return
	}
	if code := unusable(e.Key, value); code != "" {
		c.err(e.Key, 38, code)
		return
	}
	kind := answers.KindRandom
	if entry != nil && entry.Generate != nil {
		kind = entry.Generate.Kind
	}
	shape := map[answers.Kind]*regexp.Regexp{answers.KindUUID: uuidShape, answers.KindHMAC: hexShape, answers.KindFernet: fernetShape}[kind]
	if shape != nil && !shape.MatchString(value) {
		c.err(e.Key, 0, "password.shape", "kind", string(kind))
		return
	}
	low := strings.ToLower(value)
	switch {
	case kind != answers.KindRandom:
	case slices.Contains(placeholders, strings.TrimRight(low, "0123456789!")) || low == e.Key || strings.HasPrefix(low, "<") || strings.Trim(low, low[:1]) == "":
		c.warn(e.Key, 3, "password.placeholder")
	case len(value) < 8:
		c.warn(e.Key, 3, "password.short")
	}
	if other, twice := same[value]; twice && kind != answers.KindUUID {
		c.warn(e.Key, 3, "password.same", "other", other)
	}
	same[value] = e.Key
}

// keyPair looks at a pair of SSH keys.
func (c *check) keyPair(e Entry) {
	if e.Value.Kind == Null {
		c.err(e.Key, 0, "password.null")
		return
	}
	private, _ := e.Value.At("private_key")
	public, _ := e.Value.At("public_key")
	switch {
	case e.Value.Kind != Map:
		c.err(e.Key, 0, "password.pair")
	case private.Kind == Null && public.Kind == Null:
		c.err(e.Key, 0, "password.null")
	case private.Kind == Vault || public.Kind == Vault:
	case private.Kind != String || public.Kind != String:
		c.err(e.Key, 0, "password.pair")
	default:
		if block, _ := pem.Decode([]byte(private.Text)); block == nil || !strings.Contains(block.Type, "PRIVATE KEY") {
			c.err(e.Key, 0, "password.private")
		} else if f := strings.Fields(public.Text); len(f) < 2 || !strings.HasPrefix(f[0], "ssh-") && !strings.HasPrefix(f[0], "ecdsa-") {
			c.err(e.Key, 0, "password.public")
		}
	}
}
