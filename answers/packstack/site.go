package packstack

import (
	"fmt"
	"net/netip"
	"slices"

	"stackhand/answers"
	"stackhand/internal/site"
)

// Site makes a site of the hosts in a file: their roles from the keys that name them, names
// from the role and a number, "management" as their address. Hosts that the file names by
// name and not by address come back in unresolved: a site works without DNS, so somebody
// has to say their address. Networks are left to the operator: the file has no masks.
func Site(d *Document, c *answers.Catalogue, name string) (s *site.Site, unresolved []string) {
	k := &checker{d: d, c: c, found: &answers.Found{}}
	k.eff = Evaluate(c, d.Values(Python2, c), Env{})
	s = &site.Site{Name: name}
	_, hosts := k.installs()
	index := map[string]int{} // host of the file -> in s.Hosts
	number := map[string]int{}
	for _, r := range append(slices.Clone(roleKeys), []struct{ key, role string }{
		{"CONFIG_MARIADB_HOST", "database"}, {"CONFIG_AMQP_HOST", "broker"}, {"CONFIG_STORAGE_HOST", "storage"},
	}...) {
		for _, h := range hosts[r.key] {
			i, known := index[h]
			if !known {
				i = len(s.Hosts)
				index[h] = i
				number[r.role]++
				made := site.Host{Name: fmt.Sprintf("%s%d", r.role, number[r.role]), Addresses: map[string]string{}}
				if a, err := netip.ParseAddr(h); err == nil {
					made.Addresses["management"] = a.String()
				} else {
					made.Name = h
					unresolved = append(unresolved, h)
				}
				s.Hosts = append(s.Hosts, made)
			}
			if !s.Hosts[i].Has(r.role) {
				s.Hosts[i].Roles = append(s.Hosts[i].Roles, r.role)
			}
		}
	}
	return s, unresolved
}

// Given are values that follow from a site's hosts: the host keys, and the tunnel subnets
// where the site has a network of that name. agent is the chosen L2 agent.
func Given(s *site.Site, agent string) map[string]string {
	values := map[string]string{}
	for _, r := range roleKeys {
		v := ""
		for _, h := range s.Role(r.role) {
			a := h.Addresses["management"]
			switch {
			case a == "":
			case v == "":
				v = a
			case r.role != "controller": // the second one is a run of its own
				v += "," + a
			}
		}
		if v != "" {
			values[r.key] = v
		}
	}
	for key, role := range map[string]string{"CONFIG_MARIADB_HOST": "database", "CONFIG_AMQP_HOST": "broker"} {
		if v := values["CONFIG_CONTROLLER_HOST"]; v != "" {
			values[key] = v
		}
		// Packstack makes one server, not a cluster: with several hosts the controller's is the first.
		if hosts := s.Role(role); len(hosts) == 1 && hosts[0].Addresses["management"] != "" {
			values[key] = hosts[0].Addresses["management"]
		}
	}
	if v := values["CONFIG_CONTROLLER_HOST"]; v != "" {
		values["CONFIG_REDIS_HOST"] = v
	}
	if net := s.Networks["tunnel"]; net != "" {
		switch agent {
		case "openvswitch":
			values[neutron+"OVS_TUNNEL_SUBNETS"] = net
		case "ovn":
			values[neutron+"OVN_TUNNEL_SUBNETS"] = net
		}
	}
	return values
}

// Documented are the values of the documents' lists (1.1.5.3) that do not depend on hosts or
// interfaces, by mode (all-in-one, multi-node), with the agent that they leave out.
func Documented(mode string) map[string]string {
	values := map[string]string{
		"CONFIG_KEYSTONE_ADMIN_USERNAME":     "admin",
		"CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO":  "3.0",
		"CONFIG_NOVA_SCHED_RAM_ALLOC_RATIO":  "1.0",
		"CONFIG_LBAAS_INSTALL":               "y",
		neutron + "L2_AGENT":                 "openvswitch",
		neutron + "ML2_TYPE_DRIVERS":         "flat,vxlan",
		neutron + "ML2_TENANT_NETWORK_TYPES": "vxlan",
		neutron + "ML2_MECHANISM_DRIVERS":    "openvswitch",
		neutron + "OVS_BRIDGE_MAPPINGS":      "extnet:br-ex",
		neutron + "OVS_EXTERNAL_PHYSNET":     "extnet",
		neutron + "OVN_BRIDGE_MAPPINGS":      "extnet:br-ex",
		"CONFIG_PROVISION_DEMO":              "n",
	}
	if mode == "multi-node" {
		values[neutron+"OVS_BRIDGE_MAPPINGS"] = "extnet:br-ex,physnet10:br-port"
		values[neutron+"OVS_BRIDGES_COMPUTE"] = "br-port"
		values[neutron+"OVS_VXLAN_UDP_PORT"] = "4789"
	}
	return values
}
