package kolla

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackhand/answers"
	"stackhand/internal/site"
)

// File is one of the three files: how it is called in findings, and what is in it.
type File struct {
	Name string
	Data []byte
}

// Files is what a check looks at. What is nil is not there, and what needs it is not checked.
type Files struct {
	Globals, Passwords, Inventory *File
	Site                          *site.Site
	Hosts                         map[string][]Interface // real interfaces, by the site's name for the host
}

// Interface is one that a host really has.
type Interface struct {
	Name      string
	Up        bool
	Addresses []netip.Prefix // in the order of the host
}

// Check tells all that is wrong with the files, each by itself and among each other, offline:
// first those of globals.yml, then of the inventory, then of passwords.yml.
//
// Errors are what Ansible or Kolla-Ansible's prechecks refuse, and what nothing checks there
// but fails in the middle of a deployment; warnings are what is accepted and hardly meant.
func (r *Release) Check(f Files) answers.Findings {
	c := &check{r: r, files: f}
	if f.Globals != nil {
		c.in = &answers.Found{File: f.Globals.Name}
		c.globals = parseInto(c, f.Globals.Data, ParseVars)
		c.globalsFound = c.in
	}
	if f.Inventory != nil {
		c.in = &answers.Found{File: f.Inventory.Name}
		c.inventory = parseInto(c, f.Inventory.Data, ParseInventory)
		c.inventoryFound = c.in
	}
	if f.Passwords != nil {
		c.in = &answers.Found{File: f.Passwords.Name}
		c.passwords = parseInto(c, f.Passwords.Data, ParseVars)
		c.passwordsFound = c.in
	}
	c.e = NewEffective(r, c.globals)
	var all answers.Findings
	if c.globalsFound != nil {
		c.in = c.globalsFound
		if c.globals != nil {
			c.keys()
			c.services()
			c.networks()
			c.contradictions()
			c.interfaces()
		}
		all = append(all, c.in.Sorted()...)
	}
	if c.inventoryFound != nil {
		c.in = c.inventoryFound
		if c.inventory != nil {
			c.groups()
			c.hosts()
		}
		all = append(all, c.in.Sorted()...)
	}
	if c.passwordsFound != nil {
		c.in = c.passwordsFound
		if c.passwords != nil {
			c.secrets()
		}
		all = append(all, c.in.Sorted()...)
	}
	return all
}

type check struct {
	r     *Release
	files Files
	e     *Effective

	globals, passwords                           *Vars
	inventory                                    *Inventory
	globalsFound, inventoryFound, passwordsFound *answers.Found
	in                                           *answers.Found // the file that is looked at
}

// parseInto reads a file; why it cannot be read is a finding.
func parseInto[T any](c *check, data []byte, read func([]byte) (*T, error)) *T {
	v, err := read(data)
	if err == nil {
		return v
	}
	var f *Fault
	if !errors.As(err, &f) {
		f = fault(0, 0, "", "kolla.yaml", "what", err.Error())
	}
	pairs, found := []string{}, ""
	for k, value := range f.Args {
		switch {
		case k != "found":
			pairs = append(pairs, k, value)
		case c.secret(f.Key):
			found = answers.Mask
		default:
			found = brief(value)
		}
	}
	c.in.Add(answers.At{Line: max(1, f.Line), Col: f.Col, Key: f.Key, Found: found}, answers.Error, 0, f.Code, pairs...)
	return nil
}

// brief is the beginning of a value, on one line.
func brief(s string) string {
	s, _, more := strings.Cut(s, "\n")
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	if more {
		return s + "…"
	}
	return s
}

// secret tells whether a key's value is never shown.
func (c *check) secret(key string) bool {
	if e := c.r.Catalogue.Entry(key); e != nil {
		return e.Secret
	}
	key = strings.ToLower(key)
	return c.in == c.passwordsFound && c.in != nil || strings.Contains(key, "password") || strings.Contains(key, "secret") || strings.HasSuffix(key, "_pass") || strings.Contains(key, "token")
}

// at is where a key of the file that is looked at stands, with its value. What is about a key
// that the file does not have is told where it would be added: on the last line.
func (c *check) at(key string) answers.At {
	vars := c.globals
	if c.in == c.passwordsFound {
		vars = c.passwords
	}
	a := answers.At{Key: key, Line: vars.Line(key)}
	if a.Line == 0 {
		a.Line = max(1, len(vars.lines))
	}
	if v, ok := vars.Get(key); ok {
		a.Found = brief(v.String())
		if c.secret(key) && v.Kind != Null {
			a.Found = answers.Mask
		}
	}
	return a
}

func (c *check) err(key string, correction int, code string, args ...string) {
	c.in.Add(c.at(key), answers.Error, correction, code, args...)
}

func (c *check) warn(key string, correction int, code string, args ...string) {
	c.in.Add(c.at(key), answers.Warning, correction, code, args...)
}

func (c *check) note(key string, correction int, code string, args ...string) {
	c.in.Add(c.at(key), answers.Note, correction, code, args...)
}

// set tells whether the file gives the key.
func (c *check) set(key string) bool { return c.globals.Line(key) > 0 }

// keys looks at each key of globals.yml by itself.
func (c *check) keys() {
	release := c.r.Catalogue.Name()
	if c.globals.Len() == 0 {
		c.in.Add(answers.At{Line: max(1, len(c.globals.lines)), Key: "kolla_internal_vip_address"}, answers.Error, 0, "globals.empty")
	}
	c.twice(c.globals)
	for _, e := range c.globals.Entries() {
		if c.globals.Line(e.Key) != e.Line {
			continue
		}
		entry := c.r.Catalogue.Entry(e.Key)
		switch {
		case e.Key == "enable_ceph":
			if e.Value.Truth() {
				c.err(e.Key, 0, "globals.ceph.internal")
			}
		case entry == nil:
			if near := c.r.Catalogue.Nearest(e.Key); near != "" && (!strings.HasPrefix(e.Key, "enable_") || answers.Near(e.Key, []string{near}, 2) != "") {
				c.warn(e.Key, 40, "key.near", "release", release, "near", near)
			} else {
				c.warn(e.Key, 40, "key.unknown", "release", release)
			}
		case entry.In == Passwords && e.Key != "vmware_vcenter_host_password":
			c.warn(e.Key, 3, "globals.password")
		default:
			c.value(entry, e.Value)
		}
	}
}

// twice tells keys that are there several times. Ansible takes the last one with no more than a
// word of warning; where the values differ, nobody knows which was meant.
func (c *check) twice(vars *Vars) {
	seen := map[string]Entry{}
	for _, e := range vars.Entries() {
		if before, there := seen[e.Key]; there && before.Value.Equal(e.Value) {
			c.in.Add(answers.At{Line: e.Line, Key: e.Key}, answers.Warning, 0, "key.twice", "line", strconv.Itoa(before.Line))
		} else if there {
			c.in.Add(answers.At{Line: e.Line, Key: e.Key}, answers.Error, 0, "key.differ", "line", strconv.Itoa(before.Line))
		}
		seen[e.Key] = e
	}
}

// value looks at one value by the catalogue's type.
func (c *check) value(e *answers.Entry, v Value) {
	if v.Kind == String && strings.ContainsAny(v.Text, "\u201c\u201d\u2018\u2019\u00a0\u3000") {
		c.err(e.Key, 2, "value.typographic")
		return
	}
	if v.Kind == String && (strings.Count(v.Text, "{{") != strings.Count(v.Text, "}}") || strings.Count(v.Text, "{% if") != strings.Count(v.Text, "{% endif")) {
		c.err(e.Key, 0, "value.template")
		return
	}
	if v.Kind == String && templated(v.Text) || v.Kind == Vault {
		if e.Type != answers.TypeMap && refers(v.Text, e.Key) {
			c.err(e.Key, 0, "value.self")
		}
		return
	}
	if v.Kind == Null {
		if e.Default != "" || e.Computed != "" {
			c.warn(e.Key, 0, "value.null", "default", e.Default+e.Computed)
		}
		return
	}
	switch e.Type {
	case answers.TypeBool:
		if !v.Switch() {
			c.err(e.Key, 0, "value.switch")
		}
		return
	case answers.TypeList:
		if v.Kind != List {
			c.err(e.Key, 0, "value.list")
		}
		return
	case answers.TypeMap:
		if v.Kind != Map {
			c.err(e.Key, 0, "value.map")
			return
		}
		c.whole(e, v)
		return
	}
	if v.Kind == List || v.Kind == Map {
		if e.Default != "" || e.Computed != "" {
			c.err(e.Key, 0, "value.scalar")
		}
		return
	}
	switch e.Type {
	case answers.TypeInt, answers.TypePort:
		n, err := strconv.Atoi(v.Text)
		if v.Kind != Int && v.Kind != String || err != nil {
			c.err(e.Key, 0, "value.number")
			return
		}
		low, high, ok := bounds(e)
		if ok && (n < low || n > high) {
			c.err(e.Key, 0, "value.range", "low", strconv.Itoa(low), "high", strconv.Itoa(high))
		} else if v.Kind == String && e.Key == "fernet_token_expiry" {
			c.err(e.Key, 0, "value.number")
		}
	case answers.TypeChoice:
		if !slices.Contains(e.Choices, v.String()) {
			c.err(e.Key, 0, "value.choice", "choices", strings.Join(e.Choices, ", "))
		}
	case answers.TypeAddress:
		if a, err := netip.ParseAddr(v.Text); v.Text != "" && (err != nil || a.IsUnspecified() || a.IsLoopback() || a.IsMulticast()) {
			c.err(e.Key, 0, "value.address")
		}
	case answers.TypeSubnets:
		if p, err := netip.ParsePrefix(v.Text); err != nil || p.Masked() != p {
			c.err(e.Key, 0, "value.cidr")
		} else if !private(p.Addr()) {
			c.warn(e.Key, 50, "value.public")
		}
	case answers.TypeInterface:
		if v.Kind != String || !interfaces(v.Text) {
			c.err(e.Key, 0, "value.interface")
		}
	default:
		if v.Kind == String && v.Text == "" && e.Type == answers.TypeText && e.Default != "" && !e.Label.Empty() {
			c.err(e.Key, 0, "value.empty", "default", e.Default)
			return
		}
		if v.Kind != String && e.Type == answers.TypeText && (e.Default != "" || e.Computed != "") {
			c.warn(e.Key, 0, "value.kind", "kind", string(v.Kind))
		}
	}
}

// refers tells whether a template is made of the key itself.
func refers(text, key string) bool {
	for {
		_, rest, ok := strings.Cut(text, "{{")
		inner, after, closed := strings.Cut(rest, "}}")
		if !ok || !closed {
			return false
		}
		if tokens, ok := lex(inner); ok && slices.Contains(tokens, key) {
			return true
		}
		text = after
	}
}

// bounds is the range of a number.
func bounds(e *answers.Entry) (low, high int, ok bool) {
	for _, v := range e.Validators {
		if v == "port" {
			return 1, 65535, true
		}
		if r, is := strings.CutPrefix(v, "range:"); is {
			a, b, _ := strings.Cut(r, "-")
			low, _ = strconv.Atoi(a)
			high, _ = strconv.Atoi(b)
			return low, high, true
		}
	}
	return 0, 0, false
}

// whole looks for keys that a map lacks: it replaces the default map, all of it.
func (c *check) whole(e *answers.Entry, v Value) {
	d, ok := Default(e)
	if !ok || e.Key == "default_container_dimensions" {
		return
	}
	var missing []string
	var compare func(path string, d, v Value)
	compare = func(path string, d, v Value) {
		for _, p := range d.Map {
			got, there := v.At(p.Key)
			if !there {
				missing = append(missing, path+p.Key)
			} else if p.Value.Kind == Map && got.Kind == Map {
				compare(path+p.Key+".", p.Value, got)
			}
		}
	}
	compare("", d, v)
	if len(missing) > 0 {
		c.warn(e.Key, 0, "value.map.part", "missing", strings.Join(missing, ", "))
	}
}

// private tells whether an address is nobody else's: RFC 1918, 6598, 4193, documentation.
func private(a netip.Addr) bool {
	for _, p := range []string{"100.64.0.0/10", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"} {
		if netip.MustParsePrefix(p).Contains(a) {
			return true
		}
	}
	return a.IsPrivate() || a.IsLinkLocalUnicast()
}
