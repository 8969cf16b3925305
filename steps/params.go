package steps

import (
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"stackhand/internal/site"
)

// Param returns the parameter of that name, or nil.
func (p *Procedure) Param(name string) *Param {
	for i := range p.Params {
		if p.Params[i].Name == name {
			return &p.Params[i]
		}
	}
	return nil
}

// Step returns the step of that id, or nil.
func (p *Procedure) Step(id string) *Step {
	for i := range p.Steps {
		if p.Steps[i].ID == id {
			return &p.Steps[i]
		}
	}
	return nil
}

// SecretNames lists the parameters of type secret, in the order of the file.
func (p *Procedure) SecretNames() []string {
	var names []string
	for _, q := range p.Params {
		if q.Type == Secret {
			names = append(names, q.Name)
		}
	}
	return names
}

// Values gives every parameter but the secrets: what was given, else the default, else what
// is computed from the site (an earlier parameter may be used there). Findings name what is
// unknown, missing or of the wrong shape, all at once; with an error among them the values
// are not to be used.
func (p *Procedure) Values(s *site.Site, given map[string]string) (map[string]string, []Finding) {
	d := &findings{file: p.Path}
	known := map[string]bool{}
	for _, q := range p.Params {
		known[q.Name] = true
	}
	for _, name := range sortedKeys(given) {
		if known[name] {
			continue
		}
		if near := nearest(name, known); near != "" {
			d.err(place{}, "param.near", "name", name, "near", near)
		} else {
			d.err(place{}, "param.unknown", "name", name)
		}
	}
	out := map[string]string{}
	for _, q := range p.Params {
		at := place{q.Line, q.Col}
		v, ok := given[q.Name]
		switch {
		case q.Type == Secret:
			if ok {
				d.err(at, "param.secret", "name", q.Name)
			}
			continue
		case ok:
		case q.Default != nil:
			v = *q.Default
		case q.From.Given():
			var err error
			v, err = q.From.String(Scope{Procedure: p, Site: s, Params: out})
			if err != nil {
				d.err(at, "param.from", "name", q.Name, "cause", err.Error())
				continue
			}
		default:
			d.err(at, "param.missing", "name", q.Name)
			continue
		}
		v, why := q.Clean(v, s)
		if why != "" {
			d.err(at, why, "name", q.Name, "value", oneLine(v), "choices", strings.Join(q.Choices, ", "), "match", q.Match)
			continue
		}
		out[q.Name] = v
	}
	return out, d.sorted()
}

// Clean checks a value against the parameter's type, choices and pattern, and returns it as
// scripts get it (an address in its usual form). why is "" or a finding's code; s may be nil.
func (q *Param) Clean(v string, s *site.Site) (clean, why string) {
	if strings.ContainsRune(v, 0) || !utf8.ValidString(v) {
		return v, "param.bytes"
	}
	if q.Type != String && q.Type != Secret {
		v = strings.TrimSpace(v)
	}
	switch q.Type {
	case Int:
		i, err := strconv.Atoi(v)
		if err != nil {
			return v, "param.int"
		}
		v = strconv.Itoa(i)
	case Bool:
		switch strings.ToLower(v) {
		case "true", "yes", "on":
			v = "true"
		case "false", "no", "off":
			v = "false"
		default:
			return v, "param.bool"
		}
	case Address:
		a, err := netip.ParseAddr(v)
		if err != nil || a.Zone() != "" {
			return v, "param.address"
		}
		v = a.String()
	case CIDR:
		n, err := netip.ParsePrefix(v)
		if err != nil {
			return v, "param.cidr"
		}
		if n != n.Masked() {
			return v, "param.cidr"
		}
		v = n.String()
	case HostRef:
		if v == "" || s != nil && s.Host(v) == nil {
			return v, "param.host"
		}
	case Choice:
		if !slices.Contains(q.Choices, v) {
			return v, "param.choice"
		}
	}
	if q.Match != "" {
		re, err := regexp.Compile(`\A(?:` + q.Match + `)\z`)
		if err != nil || !re.MatchString(v) {
			return v, "param.match"
		}
	}
	return v, ""
}

const lettersDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// Make makes a secret from a source of randomness (crypto/rand.Reader): letters and digits,
// each as likely as the other, so that it survives every configuration file unquoted.
func (g Generate) Make(rand io.Reader) (string, error) {
	n := g.Length
	if n == 0 {
		n = 24
	}
	out := make([]byte, 0, n)
	buf := make([]byte, 64)
	for len(out) < n {
		if _, err := io.ReadFull(rand, buf); err != nil {
			return "", fmt.Errorf("cannot make a secret: %w", err)
		}
		for _, b := range buf {
			// 248 is the largest multiple of 62 in a byte; above it some letters would come more often.
			if b < 248 && len(out) < n {
				out = append(out, lettersDigits[int(b)%len(lettersDigits)])
			}
		}
	}
	return string(out), nil
}
