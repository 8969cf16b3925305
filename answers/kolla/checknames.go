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
	c.pool()
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
