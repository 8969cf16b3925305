package kolla

import (
	"net/netip"
	"slices"
	"sort"
	"strings"
)

// services are prechecks of single services that can be known beforehand, and the files that
// nothing looks for until the deployment fails.
func (c *check) services() {
	e := c.e
	if v := e.Text("openstack_release"); c.set("openstack_release") && v != "" && v != c.r.Catalogue.Release {
		c.err("openstack_release", 0, "globals.release", "release", c.r.Catalogue.Release)
	}
	if e.On("enable_chrony") {
		c.warn("enable_chrony", 41, "globals.chrony")
	}
	if e.On("enable_cinder") {
		backends := []string{"enable_cinder_backend_lvm", "enable_cinder_backend_nfs", "enable_cinder_backend_iscsi", "enable_cinder_backend_hnas_nfs", "enable_cinder_backend_quobyte", "cinder_backend_ceph", "cinder_backend_vmwarevc_vmdk"}
		if !slices.ContainsFunc(backends, func(k string) bool { return !e.Off(k) }) {
			c.err("enable_cinder", 0, "cinder.backend")
		}
		if e.On("enable_cinder_backup") {
			switch e.Text("cinder_backup_driver") {
			case "ceph":
				if e.Off("cinder_backend_ceph") {
					c.warn("cinder_backup_driver", 0, "cinder.backup.ceph")
				}
			case "nfs":
				if e.Text("cinder_backup_share") == "" {
					c.err("cinder_backup_driver", 0, "cinder.backup.nfs")
				}
			case "swift":
				if e.Off("enable_swift") {
					c.err("cinder_backup_driver", 0, "cinder.backup.swift")
				}
			}
		}
	}
	needs := func(key, other string) {
		if e.On(key) && e.Off(other) {
			c.err(key, 0, "service.needs", "other", other)
		}
	}
	needs("enable_ceilometer", "enable_gnocchi")
	needs("enable_zun", "enable_kuryr")
	needs("enable_zun", "enable_etcd")
	needs("enable_nova", "enable_placement")
	for _, key := range []string{"enable_glance", "enable_nova", "enable_neutron", "enable_cinder", "enable_horizon", "enable_heat", "enable_octavia"} {
		needs(key, "enable_keystone")
	}
	if e.Off("enable_rabbitmq") && e.Text("om_rpc_transport") == "rabbit" {
		c.err("enable_rabbitmq", 0, "service.rabbit")
	}
	if e.On("enable_glance") && e.Off("glance_backend_file") && e.Off("glance_backend_ceph") && e.Off("glance_backend_swift") && e.Off("glance_backend_vmware") {
		c.err("enable_glance", 0, "glance.backend")
	}
	c.registry()
	if strings.Contains(e.Text("docker_registry"), "://") || strings.HasSuffix(e.Text("docker_registry"), "/") {
		c.err("docker_registry", 0, "globals.registry")
	}
	for _, tls := range [][2]string{{"kolla_enable_tls_external", "kolla_external_fqdn_cert"}, {"kolla_enable_tls_internal", "kolla_internal_fqdn_cert"}} {
		if e.On(tls[0]) {
			file := e.Text(tls[1])
			if file == "" {
				file = tls[1]
			}
			c.note(tls[0], 0, "files.tls", "file", file)
		}
	}
	c.names()
	if e.On("enable_ironic") && e.Text("ironic_dnsmasq_dhcp_range") == "" {
		c.err("enable_ironic", 0, "ironic.dhcp")
	}
	if e.On("enable_swift") {
		c.note("enable_swift", 0, "files.swift")
	}
	if e.On("enable_octavia") {
		c.note("enable_octavia", 0, "files.octavia")
		if e.Text("octavia_network_type") == "tenant" && e.Text("neutron_plugin_agent") != "openvswitch" {
			c.err("octavia_network_type", 0, "octavia.tenant", "agent", e.Text("neutron_plugin_agent"))
		}
	}
	for _, ceph := range [][2]string{
		{"glance_backend_ceph", "glance/ceph.conf, glance/{ceph_glance_keyring}"},
		{"cinder_backend_ceph", "cinder/ceph.conf, cinder/cinder-volume/{ceph_cinder_keyring}, cinder/cinder-backup/{ceph_cinder_keyring}, cinder/cinder-backup/{ceph_cinder_backup_keyring}, nova/{ceph_cinder_keyring}"},
		{"nova_backend_ceph", "nova/ceph.conf, nova/{ceph_nova_keyring}, nova/{ceph_cinder_keyring}"},
	} {
		if e.On(ceph[0]) {
			files := ceph[1]
			for _, k := range []string{"ceph_glance_keyring", "ceph_cinder_keyring", "ceph_cinder_backup_keyring", "ceph_nova_keyring"} {
				files = strings.ReplaceAll(files, "{"+k+"}", e.Text(k))
			}
			c.note(ceph[0], 51, "files.ceph", "files", files)
		}
	}
	if e.Text("neutron_ipam_driver") == "infoblox" && e.Off("enable_neutron_infoblox_ipam_agent") {
		c.err("neutron_ipam_driver", 0, "service.needs", "other", "enable_neutron_infoblox_ipam_agent")
	}
	drivers, tenants := e.Text("neutron_type_drivers"), e.Text("neutron_tenant_network_types")
	if drivers != "" && tenants != "" {
		known := strings.Split(strings.ReplaceAll(drivers, " ", ""), ",")
		for _, t := range strings.Split(strings.ReplaceAll(tenants, " ", ""), ",") {
			if !slices.Contains(known, t) {
				c.err("neutron_tenant_network_types", 0, "neutron.types", "type", t, "drivers", drivers)
			}
		}
	}
}

// contradictions are switches of which one makes another pointless.
func (c *check) contradictions() {
	e := c.e
	if e.Off("enable_prometheus") {
		for _, entry := range c.globals.Entries() {
			if strings.HasPrefix(entry.Key, "enable_prometheus_") && entry.Value.Truth() && c.r.Catalogue.Entry(entry.Key) != nil && c.globals.Line(entry.Key) == entry.Line {
				c.warn(entry.Key, 42, "prometheus.off")
			}
		}
		if c.set("enable_grafana") && e.On("enable_grafana") && e.Off("enable_monasca") && e.Off("enable_influxdb") {
			c.warn("enable_grafana", 42, "grafana.source")
		}
	} else if e.On("enable_prometheus") && e.Off("enable_grafana") && !c.set("enable_grafana") {
		c.note("enable_prometheus", 42, "grafana.off")
	}
	if e.On("enable_prometheus") && e.On("enable_prometheus_ceph_mgr_exporter") {
		if v, _ := e.Get("prometheus_ceph_mgr_exporter_endpoints"); len(v.List) == 0 {
			c.warn("enable_prometheus_ceph_mgr_exporter", 42, "prometheus.ceph")
		}
	}
	if e.On("enable_central_logging") {
		for _, key := range []string{"enable_fluentd", "enable_elasticsearch", "enable_kibana"} {
			if e.Off(key) {
				c.warn(key, 52, "logging.off")
			}
		}
	}
	if e.On("enable_kibana") && e.Off("enable_elasticsearch") {
		c.err("enable_kibana", 52, "service.needs", "other", "enable_elasticsearch")
	}
	if e.On("enable_horizon_octavia") && e.Off("enable_octavia") {
		c.warn("enable_horizon_octavia", 0, "service.needs", "other", "enable_octavia")
	}
	ports := map[string]string{}
	for _, entry := range c.globals.Entries() {
		if !strings.HasSuffix(entry.Key, "_port") || entry.Value.Text == "" || c.globals.Line(entry.Key) != entry.Line {
			continue
		}
		if other, twice := ports[entry.Value.Text]; twice {
			c.err(entry.Key, 0, "port.twice", "other", other)
		}
		ports[entry.Value.Text] = entry.Key
	}
}

// networks looks at the virtual addresses.
func (c *check) networks() {
	e := c.e
	internal, external := e.Text("kolla_internal_vip_address"), e.Text("kolla_external_vip_address")
	if internal == "" {
		if v, known := e.Get("kolla_internal_vip_address"); known && !truthy(v) {
			c.err("kolla_internal_vip_address", 0, "vip.none")
		}
		return
	}
	separate := external != "" && external != internal
	if !separate {
		inside, outside := e.On("kolla_enable_tls_internal"), e.On("kolla_enable_tls_external")
		if inside != outside {
			key := "kolla_enable_tls_external"
			if inside {
				key = "kolla_enable_tls_internal"
			}
			c.err(key, 0, "vip.tls")
		}
	}
	if id := e.Text("keepalived_virtual_router_id"); id == "51" && e.On("enable_keepalived") {
		c.note("keepalived_virtual_router_id", 8, "vip.router")
	}
	family := e.Text("api_address_family")
	for key, text := range map[string]string{"kolla_internal_vip_address": internal, "kolla_external_vip_address": external} {
		a, err := netip.ParseAddr(text)
		if err != nil || key == "kolla_external_vip_address" && !separate {
			continue
		}
		if family == "ipv4" && !a.Is4() || family == "ipv6" && a.Is4() {
			c.err(key, 0, "vip.family", "family", family)
		}
		switch owner := c.owner(text); {
		case owner != "" && e.On("enable_haproxy"):
			c.err(key, 0, "vip.used", "host", owner)
		case owner == "" && e.Off("enable_haproxy") && (c.files.Site != nil || c.inventory != nil):
			c.err(key, 0, "vip.own")
		}
		networks := []string{"api", "management"}
		if key == "kolla_external_vip_address" {
			networks = []string{"external", "public", "api", "management"}
		}
		c.subnet(key, a, networks)
	}
}

// owner is the host that has an address, by the site, the inventory or the hosts themselves.
func (c *check) owner(address string) string {
	if c.files.Site != nil {
		for _, h := range c.files.Site.Hosts {
			for _, a := range h.Addresses {
				if a == address {
					return h.Name
				}
			}
		}
	}
	if c.inventory != nil {
		for _, h := range c.inventory.Hosts() {
			if a, ok := c.inventory.Var(h, "ansible_host"); ok && a.Value == address || h == address {
				return h
			}
		}
	}
	return ""
}

// subnet compares a virtual address with the first of the site's networks that is there.
func (c *check) subnet(key string, a netip.Addr, networks []string) {
	if c.files.Site == nil {
		return
	}
	for _, name := range networks {
		p, err := netip.ParsePrefix(c.files.Site.Networks[name])
		if err != nil {
			continue
		}
		switch {
		case !p.Contains(a) && key == "kolla_internal_vip_address":
			c.err(key, 0, "vip.subnet", "network", name, "cidr", p.String())
		case !p.Contains(a):
			c.warn(key, 0, "vip.subnet", "network", name, "cidr", p.String())
		case a.Is4() && p.Bits() < 31 && (a == p.Masked().Addr() || a == broadcast(p)):
			c.err(key, 0, "vip.edge", "cidr", p.String())
		}
		return
	}
}

// broadcast is the last address of an IPv4 network.
func broadcast(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().As4()
	for i := p.Bits(); i < 32; i++ {
		b[i/8] |= 1 << (7 - i%8)
	}
	return netip.AddrFrom4(b)
}

// interfaces compares the plan of interfaces with itself, with the inventory and with the
// hosts (corrections 19 and 43).
func (c *check) interfaces() {
	named := map[string][]string{} // interface -> keys that the file gives it
	for _, p := range Purposes() {
		if c.set(p.Key) {
			if name := c.e.Text(p.Key); name != "" {
				named[name] = append(named[name], p.Key)
			}
		}
	}
	outside := c.e.Text("neutron_external_interface")
	if outside != "" && c.e.On("enable_neutron") {
		for _, p := range Purposes() {
			if p.Key != "neutron_external_interface" && c.e.Text(p.Key) == outside {
				c.err("neutron_external_interface", 19, "interface.shared", "other", p.Key)
				break
			}
		}
	}
	if a := c.e.Text("octavia_network_interface"); a != "" && c.set("octavia_network_interface") && c.e.On("enable_octavia") && c.set("kolla_external_vip_interface") && a == c.e.Text("kolla_external_vip_interface") {
		c.warn("octavia_network_interface", 19, "interface.octavia")
	}
	for _, p := range Purposes() {
		if !c.set(p.Key) || c.inventory == nil {
			continue
		}
		for _, host := range c.inventory.Hosts() {
			if a, ok := c.inventory.Var(host, p.Key); ok {
				c.warn(p.Key, 43, "interface.host", "host", host, "other", a.Value)
				break
			}
		}
	}
	if len(c.files.Hosts) > 0 {
		c.real()
	} else if len(named) > 0 {
		names := make([]string, 0, len(named))
		for n := range named {
			names = append(names, n)
		}
		sort.Strings(names)
		key := named[names[0]][0]
		c.note(key, 19, "interface.plan", "interfaces", strings.Join(names, ", "))
	}
}

// real compares the plan with the interfaces that hosts have.
func (c *check) real() {
	hosts := make([]string, 0, len(c.files.Hosts))
	for h := range c.files.Hosts {
		hosts = append(hosts, h)
	}
	sort.Strings(hosts)
	for _, p := range Purposes() {
		for _, host := range hosts {
			name := c.e.Text(p.Key)
			if !c.set(p.Key) && c.inventory != nil {
				if a, ok := c.inventory.Var(host, p.Key); ok {
					name = a.Value
				}
			}
			if name == "" || !c.wants(p.Key, host) {
				continue
			}
			i := slices.IndexFunc(c.files.Hosts[host], func(i Interface) bool { return i.Name == name })
			if i < 0 {
				var there []string
				for _, f := range c.files.Hosts[host] {
					there = append(there, f.Name)
				}
				c.err(p.Key, 19, "interface.missing", "interface", name, "host", host, "there", strings.Join(there, ", "))
				continue
			}
			f := c.files.Hosts[host][i]
			if !f.Up {
				c.err(p.Key, 19, "interface.down", "interface", name, "host", host)
			}
			if p.Key == "neutron_external_interface" {
				if len(f.Addresses) > 0 {
					c.warn(p.Key, 19, "interface.address", "interface", name, "host", host, "address", f.Addresses[0].Addr().String())
				}
				continue
			}
			if (p.Key == "api_interface" || p.Key == "tunnel_interface") && len(f.Addresses) == 0 {
				c.err(p.Key, 19, "interface.bare", "interface", name, "host", host)
				continue
			}
			c.planned(p, host, f)
			if vip, err := netip.ParseAddr(c.e.Text("kolla_internal_vip_address")); err == nil && p.Key == "api_interface" && c.member("haproxy", host) && !f.Addresses[0].Contains(vip) {
				c.err("kolla_internal_vip_address", 0, "vip.host", "host", host, "address", f.Addresses[0].String())
			}
		}
	}
}

// wants tells whether a host needs the interface of a variable.
func (c *check) wants(key, host string) bool {
	switch key {
	case "neutron_external_interface":
		return c.member("network", host) || c.e.On("enable_neutron_provider_networks") && c.member("compute", host)
	case "kolla_external_vip_interface":
		return c.member("haproxy", host) && c.e.Text("kolla_external_vip_address") != c.e.Text("kolla_internal_vip_address")
	case "tunnel_interface":
		return c.member("network", host) || c.member("compute", host)
	case "storage_interface":
		return c.member("storage", host)
	case "octavia_network_interface":
		return c.e.On("enable_octavia") && c.member("octavia", host) && c.e.Text("octavia_network_type") != "tenant"
	}
	return c.inventory == nil || slices.Contains(c.inventory.Of(host), "baremetal")
}

// member tells whether a host is in a group of the inventory, or may be where there is none.
func (c *check) member(group, host string) bool {
	return c.inventory == nil || slices.Contains(c.inventory.Of(host), group)
}

// planned compares an interface's addresses with the address that the site gives the host in
// that network.
func (c *check) planned(p Purpose, host string, f Interface) {
	if c.files.Site == nil {
		return
	}
	h := c.files.Site.Host(host)
	if h == nil {
		return
	}
	want, err := netip.ParseAddr(h.Addresses[p.Network])
	if err != nil || slices.ContainsFunc(f.Addresses, func(a netip.Prefix) bool { return a.Addr() == want }) {
		return
	}
	at := ""
	for _, other := range c.files.Hosts[host] {
		if slices.ContainsFunc(other.Addresses, func(a netip.Prefix) bool { return a.Addr() == want }) {
			at = other.Name
		}
	}
	if at == "" {
		at = "?"
	}
	c.err(p.Key, 19, "interface.other", "interface", f.Name, "host", host, "address", want.String(), "network", p.Network, "other", at)
}
