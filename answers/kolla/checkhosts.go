package kolla

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"stackhand/answers"
)

// add tells something about the inventory; what is about no line of it (0) is about the last.
func (c *check) add(line int, key, found string, sev answers.Severity, correction int, code string, args ...string) {
	if line == 0 {
		line = max(1, len(c.inventory.lines))
	}
	c.in.Add(answers.At{Line: line, Key: key, Found: found}, sev, correction, code, args...)
}

// groups looks for groups that are missing, empty where that fails, or too small.
func (c *check) groups() {
	inv := c.inventory
	var missing []string
	for _, g := range c.r.Groups {
		if got := inv.Group(g.Name); got == nil || !got.Declared {
			missing = append(missing, g.Name)
		}
	}
	if len(missing) > 0 {
		c.add(0, missing[0], "", answers.Error, 0, "inventory.missing", "count", strconv.Itoa(len(missing)), "groups", some(missing))
	}
	known := map[string]bool{"all": true, "ungrouped": true}
	for _, g := range c.r.Groups {
		known[g.Name] = true
	}
	for _, name := range inv.Groups() {
		g := inv.Group(name)
		if !known[name] && len(missing) > 0 && len(missing) < 20 { // a misspelt section beside one that is missing
			c.add(g.Line, name, "", answers.Warning, 40, "inventory.group.unknown", "release", c.r.Catalogue.Name())
		}
		if inv.HostLine(name) > 0 {
			c.add(inv.HostLine(name), name, "", answers.Error, 0, "inventory.same")
		}
	}
	empty := func(group string, sev answers.Severity, why string) {
		if g := inv.Group(group); g != nil && len(inv.Members(group)) == 0 {
			c.add(g.Line, group, "", sev, 0, "inventory.empty", "why", why)
		}
	}
	empty("control", answers.Error, "control")
	if c.e.On("enable_neutron") {
		empty("network", answers.Error, "enable_neutron")
	}
	if c.e.On("enable_nova") {
		empty("compute", answers.Error, "enable_nova")
	}
	for _, key := range []string{"enable_cinder", "enable_swift"} {
		if c.e.On(key) {
			empty("storage", answers.Error, key)
			break
		}
	}
	for _, key := range []string{"enable_prometheus", "enable_grafana"} {
		if c.e.On(key) {
			empty("monitoring", answers.Error, key)
			break
		}
	}
	if n := len(inv.Members("mariadb")); n > 0 && n%2 == 0 && inv.Group("mariadb") != nil {
		c.add(inv.Group("mariadb").Line, "mariadb", strings.Join(inv.Members("mariadb"), ", "), answers.Warning, 0, "inventory.quorum", "count", strconv.Itoa(n))
	}
	if g := inv.Group("network"); g != nil && c.e.On("enable_neutron_agent_ha") && len(inv.Members("network")) < 2 {
		c.add(g.Line, "network", strings.Join(inv.Members("network"), ", "), answers.Error, 0, "inventory.agents")
	}
}

// some is the first few of many names.
func some(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:6], ", ") + " …"
	}
	return strings.Join(names, ", ")
}

// hosts compares the hosts with each other and with the site (correction 20).
func (c *check) hosts() {
	inv, s := c.inventory, c.files.Site
	addresses := map[string]string{}
	shorts := map[string]string{}
	operators := map[string]bool{}
	for _, g := range c.r.Groups {
		if g.Kind == "hosts" {
			for _, h := range inv.Members(g.Name) {
				operators[h] = true
			}
		}
	}
	for _, host := range inv.Hosts() {
		line := inv.HostLine(host)
		if host == "localhost" {
			continue
		}
		if !operators[host] && len(inv.Of(host)) < 2 {
			c.add(line, host, "", answers.Warning, 0, "inventory.role")
		}
		for _, name := range []string{"ansible_password", "ansible_ssh_pass", "ansible_become_pass", "ansible_become_password", "ansible_sudo_pass"} {
			if a, ok := inv.Var(host, name); ok && !templated(a.Value) {
				c.add(a.Line, name, answers.Mask, answers.Warning, 3, "inventory.password", "host", host)
			}
		}
		if c.inventory.Group("baremetal") != nil && operators[host] && !slices.Contains(inv.Of(host), "baremetal") && !deploysOnly(inv.Of(host)) {
			c.add(line, host, "", answers.Error, 0, "inventory.baremetal")
		}
		if a, ok := inv.Var(host, "ansible_connection"); ok && a.Value == "local" && len(inv.Hosts()) > 1 {
			c.add(a.Line, host, a.Value, answers.Error, 0, "inventory.local")
		}
		if numeric(host) && !isAddress(host) {
			c.add(line, host, host, answers.Error, 0, "inventory.address.bad")
		}
		if !isAddress(host) && !numeric(host) && !hostName.MatchString(strings.ReplaceAll(host, "_", "-")) {
			c.add(line, host, host, answers.Error, 0, "inventory.host.name")
		}
		c.reached(host)
		if a, ok := inv.Var(host, "ansible_port"); ok {
			if n, err := strconv.Atoi(a.Value); err != nil || n < 1 || n > 65535 {
				c.add(a.Line, host, a.Value, answers.Error, 0, "inventory.port")
			}
		}
		short, _, _ := strings.Cut(host, ".")
		if strings.ToLower(host) != host || strings.Contains(host, "_") {
			c.add(line, host, "", answers.Warning, 0, "inventory.hostname")
		}
		if other, twice := shorts[short]; twice && !isAddress(host) {
			c.add(line, host, "", answers.Error, 0, "inventory.short", "other", other, "short", short)
		}
		shorts[short] = host
		address, given := inv.Var(host, "ansible_host")
		if given {
			port, _ := inv.Var(host, "ansible_port")
			if other, twice := addresses[address.Value+":"+port.Value]; twice {
				c.add(address.Line, host, address.Value, answers.Error, 0, "inventory.address.twice", "other", other)
			}
			addresses[address.Value+":"+port.Value] = host
		}
		if s == nil {
			continue
		}
		h := s.Host(host)
		if h == nil {
			near := ""
			for _, x := range s.Hosts {
				for _, a := range x.Addresses {
					if given && a == address.Value || a == host {
						near = x.Name
					}
				}
				if near == "" && (strings.HasSuffix(host, "-"+x.Name) || strings.HasSuffix(x.Name, "-"+host) || strings.HasPrefix(host, x.Name+".") || strings.HasPrefix(x.Name, host+".")) {
					near = x.Name
				}
			}
			if near != "" {
				c.add(line, host, host, answers.Error, 20, "inventory.name.near", "near", near)
			} else {
				c.add(line, host, host, answers.Error, 20, "inventory.name")
			}
			continue
		}
		if given {
			ok := false
			for _, a := range h.Addresses {
				ok = ok || a == address.Value
			}
			if _, err := netip.ParseAddr(address.Value); err == nil && !ok {
				c.add(address.Line, host, address.Value, answers.Error, 20, "inventory.address", "want", h.Addresses["management"])
			}
		}
	}
	c.variables()
	if s == nil {
		return
	}
	for _, h := range s.Hosts {
		if inv.HostLine(h.Name) == 0 && !h.Has("deploy") {
			c.add(0, h.Name, "", answers.Warning, 20, "inventory.absent")
		}
	}
}

// reached looks at how Ansible would reach a host.
func (c *check) reached(host string) {
	get := func(name string) (Assignment, bool) { return c.inventory.Var(host, name) }
	if a, ok := get("ansible_host"); ok && !templated(a.Value) {
		address, err := netip.ParseAddr(a.Value)
		switch {
		case err != nil && numeric(a.Value):
			c.add(a.Line, host, a.Value, answers.Error, 0, "inventory.address.bad")
		case err != nil && !hostName.MatchString(strings.ReplaceAll(a.Value, "_", "-")):
			c.add(a.Line, host, a.Value, answers.Error, 0, "inventory.host.bad")
		case err == nil && (address.IsLoopback() || address.IsUnspecified()) && len(c.inventory.Hosts()) > 1:
			c.add(a.Line, host, a.Value, answers.Error, 0, "inventory.loopback")
		}
	}
	for _, name := range reach {
		if a, ok := get(name); ok && a.Value == "" && name != "ansible_host" && !strings.HasSuffix(name, "_args") {
			c.add(a.Line, host, "", answers.Error, 0, "inventory.variable.empty", "name", name)
		}
	}
	connections := []string{"ssh", "smart", "local", "paramiko", "paramiko_ssh", "docker", "podman"}
	if a, ok := get("ansible_connection"); ok && a.Value != "" && !templated(a.Value) && !strings.Contains(a.Value, ".") && !slices.Contains(connections, a.Value) {
		c.add(a.Line, host, a.Value, answers.Error, 0, "value.choice", "choices", strings.Join(connections, ", "))
	}
	for _, p := range Purposes() {
		if a, ok := get(p.Key); ok && !templated(a.Value) && !interfaces(a.Value) {
			c.add(a.Line, p.Key, a.Value, answers.Error, 43, "value.interface")
		}
	}
}

// numeric tells whether a text can only be meant as an IPv4 address.
func numeric(s string) bool {
	return strings.Count(s, ".") >= 2 && strings.Trim(s, "0123456789.") == ""
}

// deploysOnly tells whether a host is only there to deploy from.
func deploysOnly(groups []string) bool {
	return !slices.ContainsFunc(groups, func(g string) bool { return g != "deployment" && g != "bifrost" })
}

// reach are the variables by which Ansible reaches a host.
var reach = []string{"ansible_host", "ansible_port", "ansible_user", "ansible_password", "ansible_connection", "ansible_ssh_private_key_file", "ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_python_interpreter",
	"ansible_become", "ansible_become_user", "ansible_become_password", "ansible_become_method", "ansible_ssh_host", "ansible_ssh_port", "ansible_ssh_user", "ansible_ssh_pass", "ansible_become_pass", "ansible_sudo_pass"}

// variables looks for misspelt ones.
func (c *check) variables() {
	seen := map[string]bool{}
	look := func(a Assignment) {
		if near := answers.Near(a.Name, reach, 2); !seen[a.Name] && strings.HasPrefix(a.Name, "ansib") && near != "" && near != a.Name {
			seen[a.Name] = true
			c.add(a.Line, a.Name, "", answers.Error, 0, "inventory.variable.near", "near", near)
			return
		}
		if seen[a.Name] || strings.HasPrefix(a.Name, "ansible_") || c.r.Catalogue.Entry(a.Name) != nil {
			return
		}
		seen[a.Name] = true
		if near := c.r.Catalogue.Nearest(a.Name); near != "" {
			c.add(a.Line, a.Name, "", answers.Warning, 40, "key.near", "release", c.r.Catalogue.Name(), "near", near)
		}
	}
	for _, it := range c.inventory.items {
		for _, a := range it.vars {
			look(a)
		}
	}
}
