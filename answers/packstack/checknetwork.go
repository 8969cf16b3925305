package packstack

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stackhand/answers"
)

const neutron = "CONFIG_NEUTRON_"

// agentPrefix is the beginning of the keys that count for the chosen agent: "" for Linux bridge.
func (k *checker) agentPrefix() string {
	if k.v("CONFIG_NEUTRON_INSTALL") != "y" {
		return ""
	}
	switch k.v(neutron + "L2_AGENT") {
	case "openvswitch":
		return neutron + "OVS"
	case "ovn":
		return neutron + "OVN"
	}
	return ""
}

// tunnelPrefix is agentPrefix where tunnels are made, and so the tunnel settings looked at.
func (k *checker) tunnelPrefix() string {
	types := k.v(neutron + "ML2_TENANT_NETWORK_TYPES")
	switch p := k.agentPrefix(); {
	case p == neutron+"OVN":
		return p // its tenant networks are geneve whatever is asked for
	case p != "" && (strings.Contains(types, "vxlan") || strings.Contains(types, "gre")):
		return p
	}
	return ""
}

func (k *checker) network() {
	if k.site != nil {
		_, hosts := k.installs()
		k.compare(k.site, hosts)
	}
	if k.v("CONFIG_NEUTRON_INSTALL") != "y" {
		return
	}
	k.agent()
	if p := k.agentPrefix(); p != "" {
		k.bridges(p)
		k.tunnel(p)
		k.absent(p)
	} else if v := k.v(neutron + "LB_INTERFACE_MAPPINGS"); k.on(neutron + "LB_INTERFACE_MAPPINGS") {
		k.pairs(neutron+"LB_INTERFACE_MAPPINGS", v)
	}
	k.ranges()
	k.pools()
}

// agent tells what follows from the L2 agent and does not fit it.
func (k *checker) agent() {
	const key = neutron + "L2_AGENT"
	agent := k.v(key)
	if agent == "" && k.given(key) {
		k.err(key, "want.choice", 34, "choices", strings.Join(k.c.Entry(key).Choices, ", "))
	}
	if v := k.v(neutron + "L3_EXT_BRIDGE"); v != "" && !isDevice(v) {
		k.err(neutron+"L3_EXT_BRIDGE", "want.device.name", 0, "item", v)
	}
	mechanisms, drivers, tenants := k.v(neutron+"ML2_MECHANISM_DRIVERS"), filled(k.v(neutron+"ML2_TYPE_DRIVERS")), filled(k.v(neutron+"ML2_TENANT_NETWORK_TYPES"))
	if !k.given(key) {
		for _, e := range k.c.Entries {
			v, ok := k.d.Get(Python2, e.Key)
			if ok && v != e.Default && (agentOf(e.Group) == "openvswitch" || e.Group == "NEUTRON_LB_AGENT") || strings.Contains(mechanisms, "openvswitch") {
				at := k.at(key)
				if ok {
					at.Line = k.at(e.Key).Line
				} else {
					at.Line = k.at(neutron + "ML2_MECHANISM_DRIVERS").Line
				}
				k.found.Add(at, answers.Warning, 34, "agent.missing")
				break
			}
		}
	}
	if k.given(neutron+"ML2_MECHANISM_DRIVERS") && mechanisms != "" && !strings.Contains(mechanisms, agent) {
		code := "mechanism.replaced"
		if agent == "linuxbridge" {
			code = "mechanism.missing"
		}
		k.warn(neutron+"ML2_MECHANISM_DRIVERS", code, 34, "agent", agent)
	}
	switch agent {
	case "ovn":
		if k.given(neutron+"ML2_TENANT_NETWORK_TYPES") && !slices.Equal(tenants, []string{"geneve"}) {
			k.warn(neutron+"ML2_TENANT_NETWORK_TYPES", "tenant.ovn", 34)
		}
		for _, off := range []string{"LBAAS_INSTALL", "NEUTRON_FWAAS", "NEUTRON_VPNAAS"} {
			if k.v("CONFIG_"+off) == "y" && k.c.Entry("CONFIG_"+off) != nil {
				k.warn("CONFIG_"+off, "service.ovn", 34)
			}
		}
	default:
		for _, t := range tenants {
			if !slices.Contains(drivers, t) {
				k.err(neutron+"ML2_TENANT_NETWORK_TYPES", "tenant.driver", 0, "item", t, "drivers", strings.Join(drivers, ","))
			}
		}
		if slices.Contains(tenants, "geneve") {
			k.warn(neutron+"ML2_TENANT_NETWORK_TYPES", "tenant.geneve", 34, "agent", agent)
		}
	}
}

// pairs splits NAME:NAME items and tells those that are none; Packstack stops at the first.
func (k *checker) pairs(key, v string) (all [][2]string, ok bool) {
	ok = true
	for _, item := range list(v) {
		left, right, two := strings.Cut(item, ":")
		left, right = strings.TrimSpace(left), strings.TrimSpace(right)
		if !two || left == "" || right == "" || strings.Contains(right, ":") && !strings.Contains(right, "/") {
			k.err(key, "want.pairs", 0, "item", item)
			ok = false
			continue
		}
		all = append(all, [2]string{left, right})
	}
	return all, ok
}

// deviceName is what Linux takes for a network device: at most 15 bytes, no slash, no blank.
var deviceName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$`)

// isDevice tells whether a text can be the name of a network device, and is no address.
func isDevice(name string) bool {
	_, err := netip.ParseAddr(name)
	return err != nil && deviceName.MatchString(name)
}

func (k *checker) bridges(prefix string) {
	mappings, mapped := k.pairs(prefix+"_BRIDGE_MAPPINGS", k.v(prefix+"_BRIDGE_MAPPINGS"))
	ifaces, paired := k.pairs(prefix+"_BRIDGE_IFACES", k.v(prefix+"_BRIDGE_IFACES"))
	k.twice(prefix+"_BRIDGE_MAPPINGS", mappings, true)
	k.twice(prefix+"_BRIDGE_IFACES", ifaces, false)
	subnets := k.v("CONFIG_USE_SUBNETS") == "y"
	bridgesOf := func(pairs [][2]string, side int) (names []string) {
		for _, p := range pairs {
			names = append(names, p[side])
		}
		return names
	}
	bridges, withNIC := bridgesOf(mappings, 1), bridgesOf(ifaces, 0)
	for _, b := range append(slices.Clone(bridges), withNIC...) {
		if !isDevice(b) {
			k.err(prefix+"_BRIDGE_MAPPINGS", "want.device.name", 0, "item", b)
		}
	}
	for _, p := range ifaces {
		_, err := netip.ParsePrefix(p[1])
		switch {
		case subnets && err != nil:
			k.err(prefix+"_BRIDGE_IFACES", "want.subnet.name", 0, "item", p[1])
		case !subnets && (!isDevice(p[1]) || p[0] == p[1]):
			k.err(prefix+"_BRIDGE_IFACES", "want.device.name", 0, "item", p[1])
		case !slices.Contains(bridges, p[0]) && mapped && p[0] != k.v(neutron+"L3_EXT_BRIDGE"):
			k.warn(prefix+"_BRIDGE_IFACES", "bridge.unmapped", 0, "item", p[0], "mappings", prefix+"_BRIDGE_MAPPINGS")
		}
	}
	for _, b := range bridges {
		if mapped && paired && len(withNIC) > 0 && !slices.Contains(withNIC, b) {
			k.warn(prefix+"_BRIDGE_MAPPINGS", "bridge.noport", 0, "item", b, "ifaces", prefix+"_BRIDGE_IFACES")
		}
	}
	for _, b := range list(k.v(prefix + "_BRIDGES_COMPUTE")) {
		switch {
		case b == "" || paired && !slices.Contains(withNIC, b):
			k.err(prefix+"_BRIDGES_COMPUTE", "bridge.compute", 0, "item", b, "where", prefix+"_BRIDGE_IFACES")
		case mapped && !slices.Contains(bridges, b):
			k.err(prefix+"_BRIDGES_COMPUTE", "bridge.compute", 0, "item", b, "where", prefix+"_BRIDGE_MAPPINGS")
		}
	}
	names := bridgesOf(mappings, 0)
	if ext := k.v(prefix + "_EXTERNAL_PHYSNET"); mapped && len(names) > 0 && ext != "" && !slices.Contains(names, ext) {
		k.warn(prefix+"_EXTERNAL_PHYSNET", "physnet.unmapped", 0, "item", ext, "mappings", prefix+"_BRIDGE_MAPPINGS")
	}
	for _, f := range filled(k.v(neutron + "ML2_FLAT_NETWORKS")) {
		if f != "*" && mapped && len(names) > 0 && !slices.Contains(names, f) {
			k.warn(neutron+"ML2_FLAT_NETWORKS", "physnet.unmapped", 0, "item", f, "mappings", prefix+"_BRIDGE_MAPPINGS")
		}
	}
	if t := k.v(prefix + "_TUNNEL_IF"); t != "" && k.v(prefix+"_TUNNEL_SUBNETS") == "" {
		for _, p := range ifaces {
			if p[1] == t {
				k.note(prefix+"_TUNNEL_IF", "tunnel.port", 0, "item", p[0])
			}
		}
	}
}

// absent tells interfaces that a host does not have, for the hosts whose interfaces are known.
// Bridges are made on network hosts, and on compute hosts those that are named for them; the
// tunnel interface is looked up on both.
func (k *checker) absent(prefix string) {
	if len(k.interfaces) == 0 || k.v("CONFIG_USE_SUBNETS") == "y" {
		return
	}
	compute := filled(k.v(prefix + "_BRIDGES_COMPUTE"))
	_, hosts := k.installs()
	for _, role := range []string{"CONFIG_NETWORK_HOSTS", "CONFIG_COMPUTE_HOSTS"} {
		for _, h := range hosts[role] {
			has, known := k.interfaces[h]
			if !known {
				continue
			}
			for _, item := range filled(k.v(prefix + "_BRIDGE_IFACES")) {
				bridge, nic, _ := strings.Cut(item, ":")
				bridge, nic = strings.TrimSpace(bridge), strings.TrimSpace(nic)
				if nic != "" && !slices.Contains(has, nic) && (role == "CONFIG_NETWORK_HOSTS" || slices.Contains(compute, bridge)) {
					k.err(prefix+"_BRIDGE_IFACES", "iface.absent", 0, "item", nic, "host", h, "has", strings.Join(has, ", "))
				}
			}
			if t := k.v(prefix + "_TUNNEL_IF"); t != "" && !slices.Contains(has, t) {
				k.err(prefix+"_TUNNEL_IF", "iface.absent", 0, "item", t, "host", h, "has", strings.Join(has, ", "))
			}
		}
	}
}

// twice tells names that are there twice where Neutron wants each once.
func (k *checker) twice(key string, pairs [][2]string, both bool) {
	for i, p := range pairs {
		for side := range 2 {
			if side == 0 && !both {
				continue // a bridge may have several interfaces
			}
			for _, q := range pairs[:i] {
				if q[side] == p[side] {
					k.err(key, "pairs.twice", 0, "item", p[side])
				}
			}
		}
	}
}

func (k *checker) tunnel(prefix string) {
	key := prefix + "_TUNNEL_IF"
	if v := k.v(key); v != "" {
		_, err := netip.ParsePrefix(v)
		switch subnets := k.v("CONFIG_USE_SUBNETS") == "y"; {
		case subnets && err != nil:
			k.err(key, "want.subnet.name", 0, "item", v)
		case !subnets && !isDevice(v):
			k.err(key, "want.device.name", 0, "item", v)
		}
	}
	key = prefix + "_TUNNEL_SUBNETS"
	for _, item := range list(k.v(key)) {
		net, err := netip.ParsePrefix(item)
		if err != nil {
			if a, aerr := netip.ParseAddr(item); aerr == nil && !strings.HasSuffix(item, ".0") && !strings.HasSuffix(item, "::") {
				net, err = netip.PrefixFrom(a, a.BitLen()), nil
			}
		}
		switch {
		case err != nil:
			k.err(key, "want.subnet", 0, "item", item)
		case net.Masked() != net:
			k.warn(key, "subnet.bits", 0, "item", item, "meant", net.Masked().String())
		case family(k.v("CONFIG_CONTROLLER_HOST")) != "" && family(net.Addr().String()) != family(k.v("CONFIG_CONTROLLER_HOST")):
			k.warn(key, "subnet.family", 0, "item", item)
		}
	}
}

// ranges tells VLAN, tunnel and VNI ranges that Neutron will not start with.
func (k *checker) ranges() {
	type kind struct {
		key, driver string
		most        int
		physnet     bool
	}
	drivers := filled(k.v(neutron + "ML2_TYPE_DRIVERS"))
	for _, r := range []kind{{"ML2_VLAN_RANGES", "vlan", 4094, true}, {"ML2_TUNNEL_ID_RANGES", "gre", 1<<32 - 1, false}, {"ML2_VNI_RANGES", "vxlan", 1<<24 - 1, false}} {
		if !slices.Contains(drivers, r.driver) && !k.given(neutron+r.key) {
			continue
		}
		say := k.err // nobody means it, even where the driver is not loaded yet
		for _, item := range list(k.v(neutron + r.key)) {
			parts := strings.Split(item, ":")
			if r.physnet {
				if parts[0] == "" || len(parts) == 2 || len(parts) > 3 {
					say(neutron+r.key, "want.vlan", 0, "item", item)
					continue
				}
				if parts = parts[1:]; len(parts) == 0 {
					continue // all VLANs of a physical network, for administrators only
				}
			}
			if !span(parts, r.most) {
				code := "want.range"
				if r.physnet {
					code = "want.vlan"
				}
				say(neutron+r.key, code, 0, "item", item, "most", number(r.most))
			}
		}
	}
	tenants := filled(k.v(neutron + "ML2_TENANT_NETWORK_TYPES"))
	if slices.Contains(tenants, "vlan") && !strings.Contains(k.v(neutron+"ML2_VLAN_RANGES"), ":") && k.agentPrefix() != neutron+"OVN" {
		k.warn(neutron+"ML2_VLAN_RANGES", "range.none", 0, "item", "vlan")
	}
	if slices.Contains(tenants, "gre") && k.v(neutron+"ML2_TUNNEL_ID_RANGES") == "" {
		k.warn(neutron+"ML2_TUNNEL_ID_RANGES", "range.none", 0, "item", "gre")
	}
	if g := k.v(neutron + "ML2_VXLAN_GROUP"); g != "" {
		if a, err := netip.ParseAddr(g); err != nil || !a.IsMulticast() {
			k.err(neutron+"ML2_VXLAN_GROUP", "want.multicast", 0)
		}
	}
}

func span(parts []string, most int) bool {
	if len(parts) != 2 {
		return false
	}
	low, err1 := strconv.Atoi(strings.TrimSpace(parts[0]))
	high, err2 := strconv.Atoi(strings.TrimSpace(parts[1]))
	return err1 == nil && err2 == nil && low >= 1 && low <= high && high <= most
}

// pools tells what is wrong with the addresses of the demonstration network.
func (k *checker) pools() {
	for _, key := range []string{"CONFIG_PROVISION_DEMO_FLOATRANGE", "CONFIG_PROVISION_TEMPEST_FLOATRANGE"} {
		if v := k.v(key); k.on(key) && v != "" {
			if net, err := netip.ParsePrefix(v); err != nil {
				k.err(key, "want.subnet", 0, "item", v)
			} else if net.Masked() != net {
				k.warn(key, "subnet.bits", 0, "item", v, "meant", net.Masked().String())
			}
		}
	}
	const key = "CONFIG_PROVISION_DEMO_ALLOCATION_POOLS"
	if !k.on(key) || k.v(key) == "" || k.v(key) == "[]" {
		return
	}
	net, err := netip.ParsePrefix(k.v("CONFIG_PROVISION_DEMO_FLOATRANGE"))
	found := regexp.MustCompile(`start=([0-9A-Fa-f.:]+),\s*end=([0-9A-Fa-f.:]+)`).FindAllStringSubmatch(k.v(key), -1)
	if len(found) == 0 || !strings.HasPrefix(k.v(key), "[") || !strings.HasSuffix(k.v(key), "]") {
		k.err(key, "want.pools", 0)
		return
	}
	for _, m := range found {
		for _, text := range m[1:] {
			if a, perr := netip.ParseAddr(text); perr != nil || err == nil && !net.Contains(a) {
				k.warn(key, "pool.outside", 0, "item", text, "network", k.v("CONFIG_PROVISION_DEMO_FLOATRANGE"))
			}
		}
	}
}

// contradictions tells keys that do not go together.
func (k *checker) contradictions() {
	given := func(key string) (string, bool) {
		v, ok := k.d.Get(Python2, key)
		return v, ok
	}
	for _, c := range []struct{ key, is, other, not, code string }{
		{"CONFIG_GLANCE_BACKEND", "swift", "CONFIG_SWIFT_INSTALL", "y", "contra.replaced"},
		{"CONFIG_AODH_INSTALL", "y", "CONFIG_CEILOMETER_INSTALL", "y", "contra.ignored"},
		{"CONFIG_PANKO_INSTALL", "y", "CONFIG_CEILOMETER_INSTALL", "y", "contra.ignored"},
		{"CONFIG_VMWARE_BACKEND", "y", "CONFIG_NOVA_INSTALL", "y", "contra.ignored"},
		{"CONFIG_HEAT_INSTALL", "n", "CONFIG_SAHARA_INSTALL", "n", "contra.forced"},
		{"CONFIG_PROVISION_DEMO", "y", "CONFIG_GLANCE_INSTALL", "y", "contra.needs"},
		{"CONFIG_RUN_TEMPEST", "y", "CONFIG_PROVISION_TEMPEST", "y", "contra.ignored"},
		{"CONFIG_NOVA_INSTALL", "y", "CONFIG_GLANCE_INSTALL", "y", "contra.needs"},
	} {
		if v, ok := given(c.key); ok && v == c.is && k.v(c.other) != c.not {
			k.warn(c.key, c.code, 0, "other", c.other, "otherfound", k.v(c.other), "want", c.not)
		}
	}
	if k.v("CONFIG_VMWARE_BACKEND") == "y" {
		for _, key := range []string{"CONFIG_VCENTER_HOST", "CONFIG_VCENTER_USER", "CONFIG_VCENTER_PASSWORD", "CONFIG_VCENTER_CLUSTER_NAMES"} {
			if k.on(key) && k.v(key) == "" {
				k.warn(key, "contra.empty", 0, "other", "CONFIG_VMWARE_BACKEND=y")
			}
		}
	}
	cert, private := k.v("CONFIG_HORIZON_SSL_CERT"), k.v("CONFIG_HORIZON_SSL_KEY")
	if k.on("CONFIG_HORIZON_SSL_CERT") && (cert == "") != (private == "") {
		key, other := "CONFIG_HORIZON_SSL_KEY", "CONFIG_HORIZON_SSL_CERT"
		if cert == "" {
			key, other = other, key
		}
		k.warn(key, "contra.empty", 0, "other", other)
	}
}
