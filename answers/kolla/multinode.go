package kolla

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"stackhand/internal/site"
)

// Purposes are what an interface of a host is for, with the variable that names it. An
// operator answers them once; the variables are derived (correction 19).
func Purposes() []Purpose {
	return []Purpose{
		{"management", "network_interface"},
		{"api", "api_interface"},
		{"external", "kolla_external_vip_interface"},
		{"tunnel", "tunnel_interface"},
		{"storage", "storage_interface"},
		{"provider", "neutron_external_interface"},
		{"octavia", "octavia_network_interface"},
	}
}

// Purpose is one of them. Network is the site's name for it; provider is the interface that
// becomes a port of the external bridge.
type Purpose struct{ Network, Key string }

// Plan is the one plan of interfaces: by host, then by purpose, the interface's name.
type Plan map[string]map[string]string

// Common are the variables that are the same on all hosts that have the purpose, and Differ
// those that are not: the former belong into globals.yml, the latter into the inventory,
// because globals.yml beats it (correction 43).
func (p Plan) Common() map[string]string {
	common, _ := p.split()
	return common
}

// Differ are the variables, by host, that belong into the inventory.
func (p Plan) Differ() map[string]map[string]string {
	_, differ := p.split()
	return differ
}

func (p Plan) split() (common map[string]string, differ map[string]map[string]string) {
	common, differ = map[string]string{}, map[string]map[string]string{}
	for _, purpose := range Purposes() {
		names := map[string]bool{}
		for _, by := range p {
			if by[purpose.Network] != "" {
				names[by[purpose.Network]] = true
			}
		}
		for host, by := range p {
			name := by[purpose.Network]
			switch {
			case name == "":
			case len(names) == 1:
				common[purpose.Key] = name
			default:
				if differ[host] == nil {
					differ[host] = map[string]string{}
				}
				differ[host][purpose.Key] = name
			}
		}
	}
	return common, differ
}

// Apply writes the plan into globals.yml: what is common is set, what differs is taken out.
func (p Plan) Apply(globals *Vars) error {
	common, differ := p.split()
	for _, purpose := range Purposes() {
		if name := common[purpose.Key]; name != "" {
			if err := globals.Set(Str(name), purpose.Key); err != nil {
				return err
			}
			continue
		}
		for _, by := range differ {
			if by[purpose.Key] != "" && globals.Line(purpose.Key) > 0 {
				if err := globals.Remove(purpose.Key); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// roles are the roles of a site whose hosts an operator's group has, the first that fills it.
var roles = map[string][]string{
	"control":    {"control", "controller"},
	"network":    {"network", "control", "controller"},
	"compute":    {"compute"},
	"monitoring": {"monitoring", "monitor", "control", "controller"},
	"storage":    {"storage"},
	"deployment": {"deploy", "deployment"},
}

// instead are roles whose hosts take a service away from the group that ships for it.
var instead = map[string]string{"mariadb": "database", "rabbitmq": "broker", "haproxy": "loadbalancer"}

// Multinode is the inventory of a site: the hosts by their roles in the groups that an
// operator fills, and all other groups of the release below. Where no host has the role, the
// controllers carry networks and monitoring, and the console itself deploys. A host's
// variables stand where it is first named: its address, its login, and those of its
// interfaces that differ between hosts.
func (r *Release) Multinode(s *site.Site, plan Plan) ([]byte, error) {
	var b strings.Builder
	b.WriteString("# Hosts of site " + s.Name + ". Put hosts into the first groups; the others say where each service runs.\n")
	described := map[string]bool{}
	differ := plan.Differ()
	write := func(hosts []*site.Host) error {
		for _, h := range hosts {
			var vars []Assignment
			if !described[h.Name] {
				described[h.Name] = true
				vars = describe(s, h, differ[h.Name])
			}
			line, err := hostText(h.Name, vars)
			if err != nil {
				return fmt.Errorf("cannot write host %s into the inventory: %w", h.Name, err)
			}
			b.WriteString(line + "\n")
		}
		return nil
	}
	for _, g := range r.Groups {
		role := instead[g.Name]
		special := s.Role(role)
		if role == "" || slices.Equal(special, s.Role("controller")) {
			special = nil
		}
		switch {
		case g.Kind == "hosts":
			b.WriteString("\n[" + g.Name + "]\n")
			hosts := filled(s, g.Name)
			if len(hosts) == 0 && g.Name == "deployment" {
				b.WriteString("localhost ansible_connection=local\n")
			}
			if err := write(hosts); err != nil {
				return nil, err
			}
		case len(special) > 0:
			b.WriteString("\n[" + g.Name + "]\n")
			if err := write(special); err != nil {
				return nil, err
			}
		default:
			b.WriteString("\n[" + g.Name + ":children]\n")
			for _, c := range g.Children {
				b.WriteString(c + "\n")
			}
			if g.Name == "baremetal" { // what bootstrap-servers prepares: hosts of single services too
				for _, name := range []string{"haproxy", "mariadb", "rabbitmq"} {
					if len(s.Role(instead[name])) > 0 && !slices.Contains(g.Children, name) {
						b.WriteString(name + "\n")
					}
				}
			}
		}
	}
	if _, err := ParseInventory([]byte(b.String())); err != nil {
		return nil, fmt.Errorf("cannot write the inventory: %w", err)
	}
	return []byte(b.String()), nil
}

// filled are the hosts of a group that an operator fills.
func filled(s *site.Site, group string) []*site.Host {
	for _, role := range roles[group] {
		if hosts := s.Role(role); len(hosts) > 0 {
			return hosts
		}
	}
	return nil
}

// describe is how Ansible reaches a host.
func describe(s *site.Site, h *site.Host, interfaces map[string]string) []Assignment {
	var vars []Assignment
	add := func(name, value string) {
		if value != "" {
			vars = append(vars, Assignment{Name: name, Value: value})
		}
	}
	first := func(values ...string) string {
		for _, v := range values {
			if v != "" {
				return v
			}
		}
		return ""
	}
	if address := h.Addresses["management"]; address != h.Name {
		add("ansible_host", address)
	}
	add("ansible_user", first(h.Login.User, s.Login.User))
	if port := max(h.Login.Port, 0); port != 0 || s.Login.Port != 0 {
		if port == 0 {
			port = s.Login.Port
		}
		add("ansible_port", strconv.Itoa(port))
	}
	add("ansible_ssh_private_key_file", first(h.Login.Key, s.Login.Key))
	keys := make([]string, 0, len(interfaces))
	for k := range interfaces {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		add(k, interfaces[k])
	}
	return vars
}

// Site makes a site of an inventory: the hosts of the groups that an operator fills with
// their roles, addresses and logins. A host whose address is only a name has none.
func (inv *Inventory) Site(name string) *site.Site {
	s := &site.Site{Name: name}
	back := []struct{ group, role string }{{"deployment", "deploy"}, {"control", "controller"}, {"network", "network"}, {"compute", "compute"}, {"storage", "storage"}, {"monitoring", "monitoring"}}
	for _, host := range inv.Hosts() {
		if host == "localhost" {
			continue
		}
		h := site.Host{Name: host, Addresses: map[string]string{}}
		for _, b := range back {
			if slices.Contains(inv.Members(b.group), host) {
				h.Roles = append(h.Roles, b.role)
			}
		}
		for _, b := range []struct{ group, role string }{{"mariadb", "database"}, {"rabbitmq", "broker"}, {"haproxy", "loadbalancer"}} {
			if g := inv.Group(b.group); g != nil && slices.Contains(g.Hosts, host) {
				h.Roles = append(h.Roles, b.role)
			}
		}
		address := host
		if a, ok := inv.Var(host, "ansible_host"); ok {
			address = a.Value
		}
		if isAddress(address) {
			h.Addresses["management"] = address
		}
		if a, ok := inv.Var(host, "ansible_user"); ok {
			h.Login.User = a.Value
		}
		if a, ok := inv.Var(host, "ansible_port"); ok {
			h.Login.Port, _ = strconv.Atoi(a.Value)
		}
		if a, ok := inv.Var(host, "ansible_ssh_private_key_file"); ok {
			h.Login.Key = a.Value
		}
		s.Hosts = append(s.Hosts, h)
	}
	return s
}
