package packstack

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stackhand/answers"
)

// number writes one.
func number(n int) string { return strconv.Itoa(n) }

// values runs Packstack's own validators over every value that is read: what they refuse ends
// the installation before its first step. Where the interpreters read a value otherwise, both
// readings are looked at.
func (k *checker) values() {
	for i := range k.c.Entries {
		e := &k.c.Entries[i]
		if !k.on(e.Key) || k.eff.Open[e.Key] && k.v(e.Key) != "" {
			continue
		}
		values := []string{k.v(e.Key)}
		if name := k.eff.Given[e.Key]; name != "" {
			for _, p := range []Python{Python2, Python3} {
				if v, ok := k.d.Get(p, name); ok && !slices.Contains(values, v) {
					values = append(values, v)
				}
			}
		} else if k.eff.Open[e.Key] {
			continue // the installer makes it
		}
		k.value(e, values)
	}
}

func (k *checker) value(e *answers.Entry, values []string) {
	for _, v := range values {
		if !isASCII(v) || strings.Contains(v, "\n") {
			continue // told already
		}
		code, args := "", []string(nil)
		for _, name := range e.Validators {
			if code, args = validate(name, v, e.Choices); code != "" {
				break
			}
		}
		if code == "" && slices.Contains(e.Processors, "bool") {
			if !slices.Contains([]string{"y", "yes", "true", "n", "no", "false"}, strings.ToLower(v)) {
				code, args = "want.choice", []string{"choices", "y, n"}
			}
		}
		if code == "" && e.Key == "CONFIG_CINDER_VOLUMES_SIZE" && !regexp.MustCompile(`^\d+G$`).MatchString(v) {
			code = "want.gigabytes"
		}
		if code != "" {
			at := k.at(e.Key)
			at.Found = v
			k.found.Add(k.mask(at), answers.Error, 0, code, args...)
			return
		}
		k.odd(e, v)
	}
}

// odd tells values that the validators let through, and that fail later or are hardly meant.
func (k *checker) odd(e *answers.Entry, v string) {
	switch {
	case strings.ContainsFunc(v, func(c rune) bool { return c < 0x20 && c != '\t' || c == 0x7f }):
		k.err(e.Key, "value.control", 38)
		return
	case !e.Secret && strings.Contains(v, "%{") && v != e.Default && !regexp.MustCompile(`^%\{(::)?[a-z_:]+\}$`).MatchString(v): // a fact of the host is meant
		k.err(e.Key, "value.hiera", 38)
	case strings.Contains(v, " #") || strings.Contains(v, "\t#"):
		k.warn(e.Key, "value.hash", 38)
	}
	if n := len(v); n > 1 && (v[0] == '"' || v[0] == '\'') && v[0] == v[n-1] && !slices.Contains(e.Processors, "add_quotes_around_values") {
		k.warn(e.Key, "value.quoted", 0)
	}
	switch {
	case v == "" && k.given(e.Key) && e.Default != "" && e.Type == answers.TypeFloat:
		k.err(e.Key, "odd.ratio", 0) // it is written empty, and Nova does not start
	case v == "" && k.given(e.Key) && e.Default != "" && e.Type == answers.TypePort:
		k.err(e.Key, "odd.port", 0)
	case v == "":
	case e.Key == "CONFIG_SERVICE_WORKERS":
		if n, err := strconv.Atoi(v); !strings.HasPrefix(v, "%{") && (err != nil || n < 1) {
			k.err(e.Key, "want.integer", 0)
		}
	case e.Type == answers.TypeFloat:
		if f, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil && !(f >= 0) {
			k.err(e.Key, "odd.ratio", 0) // Nova does not start
		} else if err == nil && !(f > 0 && f <= 1000) {
			k.warn(e.Key, "odd.ratio", 0)
		}
	case e.Type == answers.TypePort:
		if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n == 0 {
			k.warn(e.Key, "odd.port", 0)
		}
	case e.Type == answers.TypeChoice && e.Key == "CONFIG_NOVA_LIBVIRT_VIRT_TYPE":
		if !slices.Contains(e.Choices, v) && v != e.Default {
			k.err(e.Key, "odd.choice", 0, "choices", strings.Join(e.Choices, ", "))
		}
	case e.Type == answers.TypeURL:
		if !regexp.MustCompile(`^(https?|ftp|file)://[^/\s]*|^/`).MatchString(v) {
			k.warn(e.Key, "odd.url", 0)
		}
	}
}

// validate is one of Packstack's validators (installer/validators.py of both releases): the
// code of the finding with its arguments, or "". An empty value passes most of them.
func validate(name, v string, choices []string) (code string, args []string) {
	possible := []string{"choices", strings.Join(choices, ", ")}
	if v == "" {
		switch name {
		case "not_empty":
			return "want.something", nil
		case "neutron":
			return "want.neutron", nil
		case "storage_size":
			return "want.size", nil
		case "multi_export":
			return "want.export", nil
		}
		return "", nil
	}
	switch name {
	case "options":
		if !slices.Contains(choices, v) {
			return "want.choice", possible
		}
	case "multi_options":
		for _, item := range filled(v) {
			if !slices.Contains(choices, item) {
				return "want.choices", append(possible, "item", item)
			}
		}
	case "neutron":
		if v != "y" {
			return "want.neutron", nil
		}
	case "integer":
		if !integer(v) {
			return "want.integer", nil
		}
	case "port":
		n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(v), "+"))
		if !integer(v) || err != nil || n < 0 || n >= 65535 {
			return "want.port", nil
		}
	case "float":
		if !regexp.MustCompile(`(?i)^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf|infinity|nan)\s*$`).MatchString(v) {
			return "want.number", nil
		}
	case "ip":
		if a, err := netip.ParseAddr(v); err != nil || a.Zone() != "" {
			return "want.address", nil
		}
	case "ssh":
		return host(v)
	case "multi_ssh", "multi_ping":
		for _, item := range filled(v) {
			if code, args := host(item); code != "" {
				return code, args
			}
		}
	case "storage":
		if !strings.HasPrefix(v, "/") {
			return "want.device", nil
		}
	case "storage_size":
		if !regexp.MustCompile(`^(?i)\d+[GMK]`).MatchString(v) {
			return "want.size", nil
		}
	case "regexp", "multi_regexp":
		items := []string{v}
		if name == "multi_regexp" {
			items = filled(v)
		}
		for _, item := range items {
			if !slices.ContainsFunc(choices, func(re string) bool { return regexp.MustCompile(re).MatchString(item) }) {
				return "want.pattern", append(possible, "item", item)
			}
		}
	case "multi_export":
		for _, item := range list(v) {
			if !export(item) {
				return "want.export", nil
			}
		}
	case "ldap_url":
		if !regexp.MustCompile(`^(?i)ldap[si]?://`).MatchString(v) {
			return "want.ldapurl", nil
		}
	case "ldap_dn":
		for _, part := range regexp.MustCompile(`[^\\],`).Split(v, -1) {
			if !strings.Contains(part, "=") {
				return "want.dn", nil
			}
		}
	}
	return "", nil
}

// integer is what int() takes in both Pythons: blanks around, a sign, digits.
func integer(v string) bool { return regexp.MustCompile(`^\s*[+-]?\d+\s*$`).MatchString(v) }

// hostName is what can be a host's name (RFC 1123, with the underscore that resolvers take).
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?$`)

// host is what Packstack connects to: an address, or a name. Numbers with dots that are no
// complete address are refused here too: resolvers take some of them for another address.
func host(v string) (code string, args []string) {
	item := []string{"item", v}
	if strings.Contains(v, "/") {
		return "want.host.slash", item
	}
	if a, err := netip.ParseAddr(strings.Trim(v, "[]")); err == nil {
		if a.IsUnspecified() || a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			return "want.host", item
		}
		return "", nil
	}
	if regexp.MustCompile(`^[0-9.-]+$|^\d+\.\d+\.\d+\.[^.]*$`).MatchString(v) || !hostName.MatchString(v) || len(v) > 253 {
		return "want.host", item
	}
	return "", nil
}

// export is IP:/PATH, IPv6 in brackets.
func export(v string) bool {
	address, path, ok := strings.Cut(v, ":/")
	if !ok || path == "" || strings.Contains(path, ":/") {
		return false
	}
	address = strings.TrimSpace(address)
	if inner, six := strings.CutPrefix(address, "["); six {
		a, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return err == nil && a.Is6()
	}
	a, err := netip.ParseAddr(address)
	return err == nil && a.Is4()
}
