package interview

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/site"
)

// hostName is what a site takes for a host's name, too.
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`)

// mostHosts of one list. A slip such as cmp[1-20000000] is told, not written out.
const mostHosts = 4096

// NamedHost is a host as somebody lists it. Either may be empty: a name that a site knows
// needs no address, an address alone is its own name until the site has one.
type NamedHost struct {
	Name    string
	Address string
}

// HostError is the piece of a list that is no host: Code is a finding's text in
// internal/i18n, Item the piece as it was given.
type HostError struct {
	Line int // from 1, of a pasted list
	Item string
	Code string
	Args map[string]string
}

func (e *HostError) Error() string { return "cannot read " + strconv.Quote(e.Item) + ": " + e.Code }

// ParseHosts reads a list of hosts as operators have them: separated by commas, blanks or
// lines; folded ranges, cmp[1-20], cmp[01-03,07], 192.0.2.[11-20]; a name with its address, in
// either order, on a line of its own, or with = between; lines of /etc/hosts. Comments (#)
// are left out. What is twice is once. An empty text is no host.
func ParseHosts(text string) ([]NamedHost, error) {
	var all []NamedHost
	for n, line := range strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, piece := range commas(line) {
			found, err := hostsOf(piece)
			if err != nil {
				err.Line = n + 1
				return nil, err
			}
			for _, h := range found {
				if err := merge(&all, h); err != nil {
					err.Line = n + 1
					return nil, err
				}
			}
			if len(all) > mostHosts {
				return nil, &HostError{Line: n + 1, Item: short(piece), Code: "hosts.many", Args: map[string]string{"most": strconv.Itoa(mostHosts)}}
			}
		}
	}
	return all, nil
}

// merge adds a host, or what is new about one that is there.
func merge(all *[]NamedHost, h NamedHost) *HostError {
	for i := range *all {
		o := &(*all)[i]
		switch {
		case h.Name != "" && h.Name == o.Name:
			if h.Address != "" && o.Address != "" && h.Address != o.Address {
				return &HostError{Item: h.Name, Code: "hosts.two", Args: map[string]string{"one": o.Address, "other": h.Address}}
			}
			if o.Address == "" {
				o.Address = h.Address
			}
			return nil
		case h.Address != "" && h.Address == o.Address:
			if h.Name != "" && o.Name != "" {
				return &HostError{Item: h.Address, Code: "hosts.two", Args: map[string]string{"one": o.Name, "other": h.Name}}
			}
			if o.Name == "" {
				o.Name = h.Name
			}
			return nil
		}
	}
	*all = append(*all, h)
	return nil
}

// commas splits a line at its commas and semicolons, but not inside of brackets.
func commas(line string) (pieces []string) {
	deep, from := 0, 0
	for i, c := range line {
		switch c {
		case '[':
			deep++
		case ']':
			deep--
		case ',', ';':
			if deep <= 0 {
				pieces, from = append(pieces, line[from:i]), i+1
			}
		}
	}
	pieces = append(pieces, line[from:])
	return slices.DeleteFunc(pieces, func(p string) bool { return strings.TrimSpace(p) == "" })
}

// hostsOf are the hosts of one piece: an address belongs to the name before it, and one at the
// beginning to the name behind it.
func hostsOf(piece string) ([]NamedHost, *HostError) {
	words := strings.FieldsFunc(strings.ReplaceAll(piece, ", ", ","), func(r rune) bool { return r == ' ' || r == '\t' || r == '=' || r == '\u00a0' || r == '\u3000' })
	var lists [][]string
	addresses := 0
	for _, w := range words {
		items, err := Unfold(w)
		if err != nil {
			return nil, err
		}
		for i := range items {
			items[i] = strings.TrimPrefix(items[i], "ansible_host:")
		}
		lists = append(lists, items)
		if len(items) > 0 && isAddress(items[0]) {
			addresses++
		}
	}
	var all []NamedHost
	add := func(name, address string) *HostError {
		for _, item := range []string{name, address} {
			if item != "" && !isAddress(item) {
				if looksNumeric(item) {
					return &HostError{Item: short(item), Code: "hosts.address"}
				}
				if !hostName.MatchString(item) {
					return &HostError{Item: short(item), Code: "hosts.name"}
				}
			}
		}
		all = append(all, NamedHost{name, address})
		return nil
	}
	pair := func(names, values []string) *HostError {
		if len(names) != len(values) {
			return &HostError{Item: short(strings.TrimSpace(piece)), Code: "hosts.count", Args: map[string]string{"names": strconv.Itoa(len(names)), "addresses": strconv.Itoa(len(values))}}
		}
		for i := range names {
			if err := add(names[i], canonical(values[i])); err != nil {
				return err
			}
		}
		return nil
	}
	if len(lists) >= 2 && isAddress(lists[0][0]) && addresses < len(lists) { // as in /etc/hosts: more names are aliases
		if addresses > 1 {
			return nil, &HostError{Item: short(strings.TrimSpace(piece)), Code: "hosts.pair"}
		}
		if err := pair(lists[1], lists[0]); err != nil {
			return nil, err
		}
		return all, nil
	}
	for i := 0; i < len(lists); i++ {
		var err *HostError
		if i+1 < len(lists) && !isAddress(lists[i][0]) && isAddress(lists[i+1][0]) {
			err = pair(lists[i], lists[i+1])
			i++
		} else {
			for _, item := range lists[i] {
				if isAddress(item) {
					err = add("", canonical(item))
				} else {
					err = add(item, "")
				}
				if err != nil {
					break
				}
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func isAddress(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == ""
}

func canonical(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String()
	}
	return s
}

// looksNumeric tells what can only be meant as an address.
func looksNumeric(s string) bool {
	return strings.Trim(s, "0123456789./") == "" || strings.Contains(s, ":")
}

// short keeps what is quoted back to one line.
func short(s string) string {
	r := []rune(s)
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Unfold writes a folded name out: cmp[1-3] is cmp1 cmp2 cmp3, cmp[08-10] keeps its noughts,
// cmp[01-03,07] and rack[1-2]node[1-4] are what they look like. Ansible's [01:03] is read too.
func Unfold(text string) ([]string, *HostError) {
	open := strings.IndexByte(text, '[')
	if open < 0 {
		if strings.ContainsRune(text, ']') {
			return nil, &HostError{Item: short(text), Code: "hosts.bracket"}
		}
		return []string{text}, nil
	}
	if strings.HasSuffix(text, "]") && open == 0 && isAddress(strings.Trim(text, "[]")) {
		return []string{strings.Trim(text, "[]")}, nil // IPv6 in brackets
	}
	length := strings.IndexByte(text[open:], ']')
	if length < 0 || strings.Contains(text[open+1:open+length], "[") || strings.Contains(text[:open], "]") {
		return nil, &HostError{Item: short(text), Code: "hosts.bracket"}
	}
	inside, rest := text[open+1:open+length], text[open+length+1:]
	tails, err := Unfold(rest)
	if err != nil {
		err.Item = short(text)
		return nil, err
	}
	var all []string
	for _, part := range strings.Split(inside, ",") {
		part = strings.TrimSpace(part)
		low, high, two := strings.Cut(strings.ReplaceAll(part, ":", "-"), "-")
		low, high = strings.TrimSpace(low), strings.TrimSpace(high)
		if !two {
			high = low
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		switch {
		case err1 != nil || err2 != nil || strings.ContainsAny(low+high, "+-") || len(low) > 9 || len(high) > 9:
			return nil, &HostError{Item: short(text), Code: "hosts.range"}
		case from > to:
			return nil, &HostError{Item: short(text), Code: "hosts.backwards", Args: map[string]string{"low": low, "high": high}}
		case len(low) > 1 && low[0] == '0' && len(low) != len(high):
			return nil, &HostError{Item: short(text), Code: "hosts.width", Args: map[string]string{"low": low, "high": high}}
		case (to-from+1)*len(tails)+len(all) > mostHosts:
			return nil, &HostError{Item: short(text), Code: "hosts.many", Args: map[string]string{"most": strconv.Itoa(mostHosts)}}
		}
		width := 0
		if low[0] == '0' {
			width = len(low)
		}
		for n := from; n <= to; n++ {
			number := strconv.Itoa(n)
			number = strings.Repeat("0", max(0, width-len(number))) + number
			for _, t := range tails {
				all = append(all, text[:open]+number+t)
			}
		}
	}
	return all, nil
}

var trailing = regexp.MustCompile(`^(.*?)([0-9]+)$`)

// Fold writes names short: three or more that follow each other become a range.
func Fold(names []string) string {
	var parts []string
	for i := 0; i < len(names); {
		j := i + 1
		m := trailing.FindStringSubmatch(names[i])
		if m != nil && len(m[2]) < 9 {
			first, _ := strconv.Atoi(m[2])
			for ; j < len(names); j++ {
				o := trailing.FindStringSubmatch(names[j])
				want := strconv.Itoa(first + j - i)
				if m[2][0] == '0' {
					want = strings.Repeat("0", max(0, len(m[2])-len(want))) + want
				}
				if o == nil || o[1] != m[1] || o[2] != want || m[2][0] == '0' && len(o[2]) != len(m[2]) {
					break
				}
			}
		}
		if j-i >= 3 {
			last := trailing.FindStringSubmatch(names[j-1])
			parts = append(parts, m[1]+"["+m[2]+"-"+last[2]+"]")
		} else {
			parts = append(parts, names[i:j]...)
		}
		i = j
	}
	return strings.Join(parts, " ")
}

// setRole gives a role to these hosts and to no other. Hosts that the draft does not know are
// added; one without any role and without an address is taken out again.
func setRole(s *site.Site, role string, hosts []NamedHost) (unknown []string) {
	var chosen []string
	for _, h := range hosts {
		i := slices.IndexFunc(s.Hosts, func(o site.Host) bool {
			return h.Name != "" && o.Name == h.Name || h.Address != "" && slices.Contains(addressesOf(&o), h.Address)
		})
		if i < 0 {
			name := h.Name
			if name == "" {
				name = freeName(s, role)
			}
			s.Hosts = append(s.Hosts, site.Host{Name: name, Addresses: map[string]string{}})
			i = len(s.Hosts) - 1
		}
		o := &s.Hosts[i]
		if h.Address != "" && o.Addresses["management"] == "" {
			o.Addresses["management"] = h.Address
		} else if h.Address != "" && h.Name != "" && !slices.Contains(addressesOf(o), h.Address) {
			o.Addresses["management"] = h.Address
		}
		if h.Name != "" && h.Name != o.Name && hostName.MatchString(h.Name) {
			o.Name = h.Name
		}
		if o.Addresses["management"] == "" {
			unknown = append(unknown, o.Name)
		}
		chosen = append(chosen, o.Name)
	}
	for i := range s.Hosts {
		h := &s.Hosts[i]
		h.Roles = slices.DeleteFunc(slices.Clone(h.Roles), func(r string) bool { return r == role })
		if slices.Contains(chosen, h.Name) {
			h.Roles = append(h.Roles, role)
		}
	}
	s.Hosts = slices.DeleteFunc(s.Hosts, func(h site.Host) bool {
		return len(h.Roles) == 0 && !slices.Contains(chosen, h.Name)
	})
	return unknown
}

func addressesOf(h *site.Host) (all []string) {
	for _, a := range h.Addresses {
		all = append(all, a)
	}
	return all
}

// freeName is a name for a host of which only the address is known.
func freeName(s *site.Site, role string) string {
	for n := 1; ; n++ {
		name := role + strconv.Itoa(n)
		if s.Host(name) == nil {
			return name
		}
	}
}
