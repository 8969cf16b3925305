package site

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	nameForm  = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$`)
	roleForm  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	userForm  = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._@\\-]{0,62}\$?$`)
	netnsForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,62}$`)
)

// check reports everything that is wrong with a site, not only the first thing.
func (d *document) check(s *Site) {
	if !nameForm.MatchString(s.Name) {
		d.report("site.name", at{"name"}, "value", s.Name)
	}
	if s.Dial.Netns != "" && !netnsForm.MatchString(s.Dial.Netns) {
		d.report("site.value", at{"dial", "netns"}, "value", s.Dial.Netns, "want", netnsForm.String())
	}
	for i, l := range s.Languages {
		if l != "en" && l != "ko" {
			d.report("site.value", at{"languages", i}, "value", l, "want", "en, ko")
		}
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil {
		d.report("site.value", at{"time_zone"}, "value", s.TimeZone, "want", "Asia/Seoul, UTC, …")
	}
	d.login(s, at{"login"}, s.Login)
	networks := d.networks(s)
	if len(s.Hosts) == 0 {
		d.report("site.empty", at{"hosts"})
	}
	seen := &addresses{}
	names := map[string]bool{}
	for i := range s.Hosts {
		d.host(s, i, names, networks, seen)
	}
	d.bastions(s)
	d.virtual(s, names, networks, seen)
}

func (d *document) networks(s *Site) map[string]netip.Prefix {
	found := map[string]netip.Prefix{}
	for _, name := range sortedKeys(s.Networks) {
		p, err := netip.ParsePrefix(s.Networks[name])
		if err != nil {
			d.report("site.network.bad", at{"networks", name}, "value", s.Networks[name])
			continue
		}
		if p != p.Masked() {
			d.report("site.network.host", at{"networks", name}, "value", s.Networks[name], "want", p.Masked().String())
		}
		found[name] = p.Masked()
	}
	return found
}

func (d *document) host(s *Site, i int, names map[string]bool, networks map[string]netip.Prefix, seen *addresses) {
	h, here := &s.Hosts[i], at{"hosts", i}
	switch {
	case !nameForm.MatchString(h.Name):
		d.report("site.name", here.then("name"), "value", h.Name)
	case h.Name == "all":
		d.report("site.name", here.then("name"), "value", h.Name)
	case names[h.Name]:
		d.report("site.host.duplicate", here.then("name"), "value", h.Name)
	}
	names[h.Name] = true
	if len(h.Addresses) == 0 {
		d.report("site.address.none", here.then("addresses"), "host", h.Name)
	}
	for _, network := range sortedKeys(h.Addresses) {
		d.address(s, here.then("addresses", network), network, h.Addresses[network], h.Name, s.port(h), networks, seen)
	}
	for j, r := range h.Roles {
		if !roleForm.MatchString(r) || r == "all" {
			d.report("site.role", here.then("roles", j), "value", r)
		} else if slices.Contains(h.Roles[:j], r) {
			d.report("site.role.duplicate", here.then("roles", j), "value", r)
		}
	}
	if h.BMC != "" {
		if a, err := netip.ParseAddr(h.BMC); err != nil {
			d.report("site.address.bad", here.then("bmc"), "value", h.BMC)
		} else if other := seen.take(a, 0, "the BMC of "+h.Name); other != "" {
			d.report("site.address.duplicate", here.then("bmc"), "value", h.BMC, "other", other)
		}
	}
	d.login(s, here.then("login"), h.Login)
}

func (s *Site) port(h *Host) int {
	switch {
	case h.Login.Port != 0:
		return h.Login.Port
	case s.Login.Port != 0:
		return s.Login.Port
	}
	return 22
}

func (d *document) address(s *Site, here at, network, value, owner string, port int, networks map[string]netip.Prefix, seen *addresses) {
	a, err := netip.ParseAddr(value)
	if err != nil {
		d.report("site.address.bad", here, "value", value)
		return
	}
	if _, declared := s.Networks[network]; !declared && len(s.Networks) > 0 {
		d.report("site.network.unknown", here, "value", network, "want", strings.Join(sortedKeys(s.Networks), ", "))
	} else if p, ok := networks[network]; ok && !p.Contains(a) {
		d.report("site.address.outside", here, "value", value, "network", network, "cidr", p.String())
	}
	if network != "management" {
		port = 0
	}
	if other := seen.take(a, port, owner); other != "" {
		d.report("site.address.duplicate", here, "value", value, "other", other)
	}
}

// addresses tells who has which. One machine may have one address on several networks; two
// may share the one that SSH goes to when their ports differ (a gateway that forwards).
type addresses struct {
	owner map[netip.Addr]map[int]string
}

// take notes an owner and returns who else has the address; port is 0 where it does not matter.
func (s *addresses) take(a netip.Addr, port int, owner string) (other string) {
	if s.owner == nil {
		s.owner = map[netip.Addr]map[int]string{}
	}
	if s.owner[a] == nil {
		s.owner[a] = map[int]string{}
	}
	for p, o := range s.owner[a] {
		if o != owner && (p == port || p == 0 || port == 0) {
			other = max(other, o)
		}
	}
	if s.owner[a][port] == "" {
		s.owner[a][port] = owner
	}
	return other
}

func (d *document) login(s *Site, here at, l Login) {
	if l.User != "" && !userForm.MatchString(l.User) {
		d.report("site.value", here.then("user"), "value", l.User, "want", userForm.String())
	}
	if l.Port < 0 || l.Port > 65535 {
		d.report("site.value", here.then("port"), "value", fmt.Sprint(l.Port), "want", "1-65535")
	}
	if l.Password != "" && l.Password != "ask" {
		// The value may be a password: it is not repeated.
		d.report("site.password", here.then("password"))
	}
	switch l.Sudo {
	case "", "nopasswd", "password":
	default:
		d.report("site.value", here.then("sudo"), "value", l.Sudo, "want", "nopasswd, password")
	}
	if strings.HasPrefix(l.Bastion, "-") || strings.ContainsAny(l.Bastion, " \t\n") {
		d.report("site.value", here.then("bastion"), "value", l.Bastion, "want", "host")
	}
}

// bastions reports hosts that are reached through each other. A bastion that is no host of the
// site may be an alias in the operator's ssh_config: that is told when it is dialled.
func (d *document) bastions(s *Site) {
	through := func(name string) string {
		h := s.Host(name)
		if h == nil {
			return ""
		}
		if h.Login.Bastion != "" {
			return h.Login.Bastion
		}
		if s.Login.Bastion == name {
			return ""
		}
		return s.Login.Bastion
	}
	for i := range s.Hosts {
		name, chain := s.Hosts[i].Name, []string{s.Hosts[i].Name}
		for next := through(name); next != ""; next = through(next) {
			chain = append(chain, next)
			if next == name || len(chain) > 8 {
				d.report("site.bastion.loop", at{"hosts", i, "login", "bastion"}, "chain", strings.Join(chain, " → "))
				break
			}
		}
	}
}

func (d *document) virtual(s *Site, names map[string]bool, networks map[string]netip.Prefix, seen *addresses) {
	taken := map[string]bool{}
	for i, v := range s.Virtual {
		here := at{"virtual_addresses", i}
		if !nameForm.MatchString(v.Name) {
			d.report("site.name", here.then("name"), "value", v.Name)
		} else if taken[v.Name] {
			d.report("site.virtual.duplicate", here.then("name"), "value", v.Name)
		}
		taken[v.Name] = true
		d.address(s, here.then("address"), first(v.Network, "management"), v.Address, "virtual address "+v.Name, 0, networks, seen)
		if len(v.Hosts) == 0 {
			d.report("site.virtual.hosts", here.then("hosts"), "value", v.Name)
		}
		for j, h := range v.Hosts {
			if !names[h] {
				d.report("site.virtual.host", here.then("hosts", j), "value", h)
			}
		}
	}
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
