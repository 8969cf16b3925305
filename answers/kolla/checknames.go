package kolla

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// hostName is a name that a certificate and a resolver take (RFC 1123).
var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)

// names looks at names and addresses that nothing checks before they end up in endpoints, in
// bridges and in Octavia's network.
func (c *check) names() {
	for _, key := range []string{"kolla_internal_fqdn", "kolla_external_fqdn"} {
		if v := c.e.Text(key); c.set(key) && v != "" && !isAddress(v) && (!hostName.MatchString(v) || numeric(v)) {
			c.err(key, 0, "value.fqdn")
		}
	}
	if interfaces, bridges := c.e.Text("neutron_external_interface"), c.e.Text("neutron_bridge_name"); c.set("neutron_external_interface") && bridges != "" {
		if n, m := strings.Count(interfaces, ",")+1, strings.Count(bridges, ",")+1; n != m {
			c.err("neutron_external_interface", 0, "bridge.count", "count", strconv.Itoa(n), "bridges", strconv.Itoa(m))
		}
	}
	for _, name := range strings.Split(c.e.Text("neutron_bridge_name"), ",") {
		if c.set("neutron_bridge_name") && !interfaces(name) {
			c.err("neutron_bridge_name", 0, "value.interface")
			break
		}
	}
	if v := c.e.Text("octavia_certs_country"); c.set("octavia_certs_country") && !countryCode.MatchString(v) {
		c.err("octavia_certs_country", 0, "value.country")
	}
	if v := c.e.Text("om_rpc_transport"); c.set("om_rpc_transport") && v != "rabbit" && v != "amqp" {
		c.err("om_rpc_transport", 0, "value.choice", "choices", "rabbit, amqp")
	}
	if host, path, ok := strings.Cut(c.e.Text("cinder_backup_share"), ":/"); c.set("cinder_backup_share") && c.e.Text("cinder_backup_share") != "" && (!ok || host == "" || path == "") {
		c.err("cinder_backup_share", 0, "cinder.backup.share")
	}
	if text := c.e.Text("ironic_dnsmasq_dhcp_range"); text != "" && c.set("ironic_dnsmasq_dhcp_range") {
		parts := append(strings.Split(text, ","), "")
		first, err1 := netip.ParseAddr(strings.TrimSpace(parts[0]))
		last, err2 := netip.ParseAddr(strings.TrimSpace(parts[1]))
		if err1 != nil || err2 != nil || last.Less(first) {
			c.err("ironic_dnsmasq_dhcp_range", 0, "ironic.range")
		}
	}
	c.pool()
}

var (
	countryCode   = regexp.MustCompile(`^[A-Z]{2}$`)
	interfaceName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$`) // of Linux: at most 15 bytes, no slash, no blank
	registryName  = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9._/-]+)?$`)
	imageName     = regexp.MustCompile(`^[a-z0-9]+([._/-]+[a-z0-9]+)*$`)
)

// interfaces tells whether a text is a list of names of network interfaces.
func interfaces(text string) bool {
	for _, name := range strings.Split(text, ",") {
		if !interfaceName.MatchString(strings.TrimSpace(name)) || isAddress(name) {
			return false
		}
	}
	return true
}

// registry looks at the parts of image names.
func (c *check) registry() {
	v := c.e.Text("docker_registry")
	host, _, _ := strings.Cut(v, ":")
	if c.set("docker_registry") && v != "" && !strings.Contains(v, "://") && (!registryName.MatchString(v) || numeric(host) && !isAddress(host)) {
		c.err("docker_registry", 0, "value.registry")
	}
	if v := c.e.Text("docker_namespace"); c.set("docker_namespace") && v != "" && !imageName.MatchString(v) {
		c.err("docker_namespace", 0, "value.namespace")
	}
}

// pool compares the addresses of Octavia's network with its range.
func (c *check) pool() {
	const key = "octavia_amp_network"
	v, ok := c.globals.Get(key)
	subnet, there := v.At("subnet")
	if !ok || !there || c.e.Off("enable_octavia") {
		return
	}
	cidr, _ := subnet.At("cidr")
	if templated(cidr.Text) {
		cidr, _ = c.e.render(cidr.Text)
	}
	p, err := netip.ParsePrefix(cidr.Text)
	if err != nil {
		return // told at octavia_amp_network_cidr, or a template that is not followed here
	}
	var first netip.Addr
	for _, name := range []string{"gateway_ip", "allocation_pool_start", "allocation_pool_end"} {
		text, given := subnet.At(name)
		if !given || text.Kind != String || templated(text.Text) {
			continue
		}
		a, err := netip.ParseAddr(text.Text)
		if err != nil || !p.Contains(a) || name == "allocation_pool_end" && first.IsValid() && a.Less(first) {
			c.err(key, 0, "value.pool", "item", name+": "+brief(text.Text), "cidr", p.String())
			return
		}
		if name == "allocation_pool_start" {
			first = a
		}
	}
}
