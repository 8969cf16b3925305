// Package site is the hosts an operator looks after: names, one address per network, roles,
// virtual addresses, how to log in. It reads and writes site.yaml, and knows nothing of SSH.
// It may import internal/problem and a YAML library.
package site

import (
	"maps"
	"slices"
	"time"
)

// Site is one site.yaml.
type Site struct {
	Name      string            `yaml:"name"`
	Dial      Dial              `yaml:"dial,omitempty"`
	Languages []string          `yaml:"languages,omitempty"` // en, ko: preference of this site's operators
	TimeZone  string            `yaml:"time_zone,omitempty"` // IANA name; empty: the console's
	Login     Login             `yaml:"login,omitempty"`     // for all hosts; a host's own fields win
	Networks  map[string]string `yaml:"networks,omitempty"`  // network name -> CIDR: management, api, tunnel, storage, external
	Hosts     []Host            `yaml:"hosts"`
	Virtual   []VirtualAddress  `yaml:"virtual_addresses,omitempty"`

	// Path is where the site was read from; relative paths inside it start there.
	Path string `yaml:"-"`
}

// Dial says from where the console connects.
type Dial struct {
	// Netns is a network namespace by name (/run/netns/NAME); practice hosts have one.
	Netns string `yaml:"netns,omitempty"`
}

// Host is one machine of the site.
type Host struct {
	Name      string            `yaml:"name"`
	Addresses map[string]string `yaml:"addresses"` // network name -> address; "management" is where SSH goes
	Roles     []string          `yaml:"roles"`
	Login     Login             `yaml:"login,omitempty"`
	BMC       string            `yaml:"bmc,omitempty"` // address of its management controller
}

// Login is how to log in to a host. Empty fields come from the site's login, then from the
// operator's ~/.ssh/config, then from OpenSSH's defaults.
type Login struct {
	User       string `yaml:"user,omitempty"`
	Port       int    `yaml:"port,omitempty"`
	Key        string `yaml:"key,omitempty"`         // private key file
	Password   string `yaml:"password,omitempty"`    // only "ask": a password is never kept in the site
	Bastion    string `yaml:"bastion,omitempty"`     // a host of the site, or an alias in ~/.ssh/config
	Sudo       string `yaml:"sudo,omitempty"`        // "", "nopasswd", "password"; root needs none
	KnownHosts string `yaml:"known_hosts,omitempty"` // the site's own known_hosts file
}

// VirtualAddress is an address that one of several hosts holds.
type VirtualAddress struct {
	Name    string   `yaml:"name"`
	Address string   `yaml:"address"`
	Network string   `yaml:"network"`
	Hosts   []string `yaml:"hosts"` // that may hold it
}

// Host returns the host of that name, or nil.
func (s *Site) Host(name string) *Host {
	for i := range s.Hosts {
		if s.Hosts[i].Name == name {
			return &s.Hosts[i]
		}
	}
	return nil
}

// Role returns the hosts that have the role, in the order of the file. The role "all" is
// every host.
func (s *Site) Role(role string) []*Host {
	var found []*Host
	for i := range s.Hosts {
		if role == "all" || s.Hosts[i].Has(role) {
			found = append(found, &s.Hosts[i])
		}
	}
	return found
}

// Has tells whether the host has the role.
func (h *Host) Has(role string) bool {
	for _, r := range h.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// WithRoles is the site as somebody sees it who calls roles otherwise: as has, for each such name, the
// role of this site that is meant. A role of that name that the site has itself is not seen; all others
// are as they are. The hosts are copies.
func (s *Site) WithRoles(as map[string]string) *Site {
	if s == nil || len(as) == 0 {
		return s
	}
	seen := *s
	seen.Hosts = slices.Clone(s.Hosts)
	for i := range seen.Hosts {
		h := &seen.Hosts[i]
		var roles []string
		for _, r := range h.Roles {
			if _, hidden := as[r]; !hidden {
				roles = append(roles, r)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(as)) {
			if s.Hosts[i].Has(as[name]) {
				roles = append(roles, name)
			}
		}
		h.Roles = roles
	}
	return &seen
}

// Location is the site's time zone, or the console's.
func (s *Site) Location() *time.Location {
	if s.TimeZone != "" {
		if l, err := time.LoadLocation(s.TimeZone); err == nil {
			return l
		}
	}
	return time.Local
}
