package interview

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
	"stackhand/internal/site"
)

// concerns tells whether a host has an interface for a purpose at all.
func (d *Draft) concerns(purpose string, h *site.Host) bool {
	control, network, compute, storage := h.Has("controller") || h.Has("control"), h.Has("network"), h.Has("compute"), h.Has("storage")
	if d.s.Site != nil && len(d.s.Site.Role("network")) == 0 {
		network = control
	}
	if len(h.Roles) == 1 && h.Has("deploy") {
		return false
	}
	switch purpose {
	case "external":
		return control || network || h.Has("loadbalancer")
	case "provider":
		return network
	case "tunnel":
		return network || compute
	case "octavia":
		return control
	case "storage":
		return storage || compute || control
	}
	return true
}

// plan is the plan as it holds: by host and purpose, what was typed before what follows from
// the hosts' interfaces.
func (d *Draft) plan() kolla.Plan {
	plan, file := kolla.Plan{}, map[string]string(nil)
	if d.release != nil {
		file = d.fileValues()
	}
	for _, p := range kolla.Purposes() {
		def := d.planDefault(p.Network)
		if said := file[p.Key]; said != "" { // somebody has decided it before
			for h := range def {
				def[h] = said
			}
			for i := range d.hosts() {
				def[d.hosts()[i].Name] = said
			}
		}
		for i := range d.hosts() {
			h := &d.hosts()[i]
			name := d.s.Plan[h.Name][p.Network]
			if name == "" {
				name = d.s.Plan[everyHost][p.Network]
			}
			if name == "" {
				name = def[h.Name]
			}
			if name == "" || !d.concerns(p.Network, h) {
				continue
			}
			if plan[h.Name] == nil {
				plan[h.Name] = map[string]string{}
			}
			plan[h.Name][p.Network] = name
		}
	}
	return plan
}

// planned tells a key that the operator answered in the plan.
func (d *Draft) planned(key string) bool {
	for _, by := range d.s.Plan {
		for _, p := range kolla.Purposes() {
			if p.Key == key && by[p.Network] != "" {
				return true
			}
		}
		if by["provider"] != "" && strings.HasSuffix(key, "_BRIDGE_IFACES") || by["tunnel"] != "" && (strings.HasSuffix(key, "_TUNNEL_IF") || strings.HasSuffix(key, "_BRIDGE_IFACES")) {
			return true
		}
	}
	return false
}

// planDefault is what the hosts' interfaces say for a purpose, by host: the interface with an
// address in the network of that name; for the provider network one that is up and has none.
func (d *Draft) planDefault(purpose string) map[string]string {
	found := map[string]string{}
	for i := range d.hosts() {
		h := &d.hosts()[i]
		if !d.concerns(purpose, h) {
			continue
		}
		name := ""
		if purpose == "provider" && d.release == nil { // Packstack's bridge takes the address along
			name = d.interfaceOf(h, "external")
		}
		if name == "" {
			name = d.interfaceOf(h, purpose)
		}
		if name != "" {
			found[h.Name] = name
		}
	}
	return found
}

func (d *Draft) interfaceOf(h *site.Host, purpose string) string {
	ifaces := d.s.Interfaces[h.Name]
	address, _ := netip.ParseAddr(h.Addresses[purpose])
	network, _ := netip.ParsePrefix(d.s.Site.Networks[purpose])
	for _, i := range ifaces {
		for _, a := range i.Addresses {
			if address.IsValid() && a.Addr() == address {
				return i.Name
			}
		}
	}
	for _, i := range ifaces {
		for _, a := range i.Addresses {
			if network.IsValid() && network.Contains(a.Addr()) {
				return i.Name
			}
		}
	}
	if purpose != "provider" {
		return ""
	}
	for _, i := range ifaces {
		if i.Up && len(i.Addresses) == 0 && physical(i.Name) {
			return i.Name
		}
	}
	return ""
}

// physical tells names of network cards from those that programs make.
func physical(name string) bool {
	for _, p := range []string{"lo", "br", "docker", "veth", "virbr", "vnet", "tap", "tun", "qbr", "qvb", "qvo", "ovs", "dummy", "kube", "cali", "flannel", "wg", "sit"} {
		if strings.HasPrefix(name, p) {
			return false
		}
	}
	return true
}

// planText writes interfaces by host as setInterface reads them: the commonest alone, the
// hosts that differ behind it.
func planText(by map[string]string) string {
	count := map[string]int{}
	for _, name := range by {
		count[name]++
	}
	common := ""
	for _, name := range slices.Sorted(maps.Keys(count)) {
		if common == "" || count[name] > count[common] {
			common = name
		}
	}
	parts := []string{}
	if common != "" {
		parts = append(parts, common)
	}
	hosts := map[string][]string{}
	for _, h := range slices.Sorted(maps.Keys(by)) {
		if by[h] != common {
			hosts[by[h]] = append(hosts[by[h]], h)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		for _, folded := range strings.Fields(Fold(hosts[name])) {
			parts = append(parts, folded+"="+name)
		}
	}
	return strings.Join(parts, " ")
}

// planFor is the plan of one purpose as text.
func (d *Draft) planFor(purpose string) string {
	by := map[string]string{}
	for host, p := range d.plan() {
		if p[purpose] != "" {
			by[host] = p[purpose]
		}
	}
	if len(by) > 0 {
		return planText(by)
	}
	if name := d.s.Plan[everyHost][purpose]; name != "" {
		return name
	}
	if d.release != nil {
		for _, p := range kolla.Purposes() {
			if p.Network == purpose {
				return d.fileValues()[p.Key]
			}
		}
	}
	return ""
}

// one is the interface of a purpose where it is the same on all hosts.
func (d *Draft) one(purpose string) string {
	names := map[string]bool{}
	for _, by := range d.plan() {
		if by[purpose] != "" {
			names[by[purpose]] = true
		}
	}
	if len(names) == 0 {
		return d.s.Plan[everyHost][purpose]
	}
	if len(names) > 1 {
		return ""
	}
	return slices.Collect(maps.Keys(names))[0]
}

// hostValues are the values that follow from the hosts, their networks and interfaces. before
// are the values that already hold.
func (d *Draft) hostValues(before map[string]value, agent string) map[string]string {
	if d.release != nil {
		return d.kollaHostValues()
	}
	values := map[string]string{}
	if d.s.Site != nil {
		values = packstack.Given(d.s.Site, agent)
	}
	if c := values["CONFIG_CONTROLLER_HOST"]; c != "" && d.s.Installer.Mode == "all-in-one" {
		for _, k := range []string{"CONFIG_COMPUTE_HOSTS", "CONFIG_NETWORK_HOSTS", "CONFIG_MARIADB_HOST", "CONFIG_AMQP_HOST", "CONFIG_REDIS_HOST"} {
			values[k] = c
		}
		delete(values, "CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS")
		delete(values, "CONFIG_NEUTRON_OVN_TUNNEL_SUBNETS")
	}
	prefix := map[string]string{"openvswitch": "CONFIG_NEUTRON_OVS", "ovn": "CONFIG_NEUTRON_OVN"}[agent]
	if prefix == "" {
		return values
	}
	multi := d.s.Installer.Mode == "multi-node"
	tunnel := ""
	if multi {
		if tunnel = d.one("tunnel"); tunnel != "" {
			values[prefix+"_TUNNEL_IF"] = tunnel
		}
	}
	if text := d.bridges(before, prefix, d.one("provider"), tunnel); text != "" {
		values[prefix+"_BRIDGE_IFACES"] = text
	}
	return values
}

// bridges gives each bridge of the mappings its interface: that of the external network the
// provider's, the others the tunnel's, as the documents have it.
func (d *Draft) bridges(before map[string]value, prefix, provider, tunnel string) string {
	now := func(key string) string { return d.typedOr(before, key) }
	var parts []string
	for _, item := range strings.Split(now(prefix+"_BRIDGE_MAPPINGS"), ",") {
		physnet, bridge, ok := strings.Cut(strings.TrimSpace(item), ":")
		name := tunnel
		if physnet == now(prefix+"_EXTERNAL_PHYSNET") {
			name = provider
		}
		if ok && name != "" {
			parts = append(parts, bridge+":"+name)
		}
	}
	return strings.Join(parts, ",")
}

func (d *Draft) kollaHostValues() map[string]string {
	values := d.plan().Common()
	for _, p := range kolla.Purposes() {
		if name := d.s.Plan[everyHost][p.Network]; name != "" && len(d.hosts()) == 0 {
			values[p.Key] = name
		}
	}
	if d.s.Site == nil {
		return values
	}
	for _, v := range d.s.Site.Virtual {
		switch v.Network {
		case "external":
			values["kolla_external_vip_address"] = v.Address
		case "management", "api":
			if values["kolla_internal_vip_address"] == "" || v.Network == "api" {
				values["kolla_internal_vip_address"] = v.Address
			}
		}
	}
	return values
}

// interfaceNames are the names that hosts have, for choosing.
func (d *Draft) interfaceNames() []string {
	names := map[string]bool{}
	for _, ifaces := range d.s.Interfaces {
		for _, i := range ifaces {
			if i.Name != "lo" {
				names[i.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// planFindings tells interfaces of the plan that differ where the installer has one value.
func (d *Draft) planFindings() answers.Findings {
	fs := &answers.Found{}
	if d.release != nil {
		return nil
	}
	for _, purpose := range d.purposes() {
		if text := d.planFor(purpose); strings.Contains(text, "=") {
			fs.Add(answers.At{Key: "@if." + purpose, Found: text}, answers.Warning, 0, "plan.one", "item", text)
		}
	}
	return fs.All
}

// bridgeless tells that Packstack's compute hosts are to have a bridge, as the documents want
// it, and no bridge has an interface: the tunnel interface would be it.
func (d *Draft) bridgeless() bool {
	if d.release != nil || d.s.Installer.Mode != "multi-node" {
		return false
	}
	values := d.look().values
	for _, prefix := range []string{"CONFIG_NEUTRON_OVS", "CONFIG_NEUTRON_OVN"} {
		if d.look().applies[prefix+"_BRIDGES_COMPUTE"] && values[prefix+"_BRIDGES_COMPUTE"] != "" && values[prefix+"_BRIDGE_IFACES"] == "" {
			return true
		}
	}
	return false
}
