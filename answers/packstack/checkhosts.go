package packstack

import (
	"net/netip"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/internal/site"
)

// roleKeys are the keys that give hosts their role, and the role of a site that it is.
var roleKeys = []struct{ key, role string }{
	{"CONFIG_CONTROLLER_HOST", "controller"}, {"CONFIG_COMPUTE_HOSTS", "compute"}, {"CONFIG_NETWORK_HOSTS", "network"},
}

// installs are the hosts of a file by key: every key that is read and ends in _HOST or
// _HOSTS, as Packstack collects them.
func (k *checker) installs() (keys []string, hosts map[string][]string) {
	hosts = map[string][]string{}
	for _, e := range k.c.Entries {
		switch {
		case !k.on(e.Key) || !strings.HasSuffix(e.Key, "_HOST") && !strings.HasSuffix(e.Key, "_HOSTS"):
			continue
		case e.Key == "CONFIG_MARIADB_HOST" && k.v("CONFIG_MARIADB_INSTALL") != "y":
			continue
		case e.Key == "CONFIG_VCENTER_HOST" && k.v("CONFIG_VMWARE_BACKEND") == "y":
			continue
		}
		for _, h := range filled(k.v(e.Key)) {
			if h, _, _ = strings.Cut(h, "/"); h != "" {
				hosts[e.Key] = append(hosts[e.Key], h)
			}
		}
		if len(hosts[e.Key]) > 0 {
			keys = append(keys, e.Key)
		}
	}
	return keys, hosts
}

// family of a host: "IPv4", "IPv6", or "" for a name.
func family(h string) string {
	a, err := netip.ParseAddr(strings.Trim(h, "[]"))
	switch {
	case err != nil:
		return ""
	case a.Is4():
		return "IPv4"
	}
	return "IPv6"
}

func (k *checker) hosts() {
	keys, hosts := k.installs()
	excluded := filled(k.v("EXCLUDE_SERVERS"))
	k.emptyHosts()
	k.families(keys, hosts, excluded)
	k.excluded(keys, hosts, excluded)
	for _, key := range []string{"CONFIG_COMPUTE_HOSTS", "CONFIG_NETWORK_HOSTS"} {
		for i, h := range hosts[key] {
			if slices.Contains(hosts[key][:i], h) {
				k.warn(key, "host.twice", 0, "item", h)
			}
		}
	}
	for _, h := range hosts["CONFIG_CONTROLLER_HOST"] {
		if !loopback(h) {
			continue
		}
		say := k.warn
		for _, key := range keys { // they will look for the services on themselves
			if slices.ContainsFunc(hosts[key], func(h string) bool { return !loopback(h) }) {
				say = k.err
			}
		}
		say("CONFIG_CONTROLLER_HOST", "host.loopback", 0)
	}
	for _, key := range keys {
		if key != "CONFIG_CONTROLLER_HOST" && slices.ContainsFunc(hosts[key], loopback) && !loopback(k.v("CONFIG_CONTROLLER_HOST")) && k.given(key) {
			k.err(key, "host.loopback", 0)
		}
	}
	for _, h := range list(k.v("CONFIG_NTP_SERVERS")) {
		if code, _ := host(h); h == "" || code != "" {
			k.err("CONFIG_NTP_SERVERS", "want.ntp", 0, "item", h)
		}
	}
	if k.given("CONFIG_CONTROLLER_HOST") {
		k.lonely(hosts, excluded)
		for _, key := range []string{"CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST", "CONFIG_STORAGE_HOST", "CONFIG_SAHARA_HOST"} {
			if k.on(key) && !k.given(key) {
				at := k.at(key)
				at.Line, at.Col = k.at("CONFIG_CONTROLLER_HOST").Line, 0
				k.found.Add(at, answers.Warning, 35, "host.local", "controller", k.v("CONFIG_CONTROLLER_HOST"))
			}
		}
		return
	}
	k.warn("CONFIG_CONTROLLER_HOST", "host.local", 35, "controller", "-")
}

// lonely tells hosts that carry the broker, the database or the like and have no role besides: a
// generated file has the address of the machine that made it there.
func (k *checker) lonely(hosts map[string][]string, excluded []string) {
	known := slices.Concat(hosts["CONFIG_CONTROLLER_HOST"], hosts["CONFIG_COMPUTE_HOSTS"], hosts["CONFIG_NETWORK_HOSTS"], excluded)
	for _, key := range []string{"CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST", "CONFIG_STORAGE_HOST", "CONFIG_SAHARA_HOST"} {
		for _, h := range hosts[key] {
			if k.given(key) && !slices.Contains(known, h) && k.v("CONFIG_CONTROLLER_HOST") != "" {
				k.warn(key, "host.lonely", 35, "item", h, "controller", k.v("CONFIG_CONTROLLER_HOST"))
			}
		}
	}
}

func loopback(h string) bool {
	a, err := netip.ParseAddr(h)
	return err == nil && a.IsLoopback() || h == "localhost"
}

// emptyHosts tells hosts that are given and empty: nothing validates them.
func (k *checker) emptyHosts() {
	for _, key := range []string{"CONFIG_CONTROLLER_HOST", "CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST"} {
		if k.on(key) && k.given(key) && k.v(key) == "" {
			k.err(key, "host.empty", 0)
		}
	}
	if k.given("CONFIG_NETWORK_HOSTS") && len(filled(k.v("CONFIG_NETWORK_HOSTS"))) == 0 {
		k.err("CONFIG_NETWORK_HOSTS", "role.empty", 0, "role", "network")
	}
	if k.given("CONFIG_COMPUTE_HOSTS") && len(filled(k.v("CONFIG_COMPUTE_HOSTS"))) == 0 && k.v("CONFIG_NOVA_INSTALL") == "y" {
		k.err("CONFIG_COMPUTE_HOSTS", "role.empty", 0, "role", "compute")
	}
}

// families tells hosts that are of another address family than the controller: Packstack
// takes whichever it sees first as the rule, and stops at "Discovering ip protocol version".
func (k *checker) families(keys []string, hosts map[string][]string, excluded []string) {
	rule, told := "", map[string]bool{}
	for _, key := range append([]string{"CONFIG_CONTROLLER_HOST"}, keys...) {
		for _, h := range hosts[key] {
			if code, _ := host(h); slices.Contains(excluded, h) || code != "" {
				continue
			}
			f := family(h)
			if f == "" {
				f = "name"
			}
			switch {
			case rule == "":
				rule = f
			case f != rule && !told[key]:
				told[key] = true
				k.err(key, "host.family", 0, "item", h, "is", f, "others", rule)
			}
		}
	}
}

// excluded tells what is wrong with the hosts that are left out of a run.
func (k *checker) excluded(keys []string, hosts map[string][]string, excluded []string) {
	const key = "EXCLUDE_SERVERS"
	if len(excluded) == 0 {
		return
	}
	all := map[string]bool{}
	for _, kk := range keys {
		for _, h := range hosts[kk] {
			all[h] = true
		}
	}
	left := 0
	for h := range all {
		if !slices.Contains(excluded, h) {
			left++
		}
	}
	if left == 0 && len(all) > 0 {
		k.err(key, "exclude.all", 0)
	}
	stranger := k.err // most likely a slip, and the host that is meant is installed again
	if left <= 1 {
		stranger = k.warn // a further controller: hosts of runs before have no role here any more
	}
	for _, h := range excluded {
		if code, args := host(h); code != "" {
			k.err(key, code, 0, args...)
		} else if !all[h] {
			stranger(key, "exclude.stranger", 0, "item", h)
		}
	}
	if h := k.v("CONFIG_CONTROLLER_HOST"); slices.Contains(excluded, h) {
		k.warn(key, "exclude.controller", 0, "item", h)
	}
	prefix, say := k.tunnelPrefix(), k.err
	value := k.v
	if ovs := neutron + "OVS"; !k.given(neutron+"L2_AGENT") && k.given(ovs+"_TUNNEL_IF") {
		// The agent was forgotten; as soon as it is named the run fails.
		prefix, say = ovs, k.warn
		value = func(key string) string { v, _ := k.d.Get(Python2, key); return v }
	}
	if prefix == "" || value(prefix+"_TUNNEL_IF") == "" || value(prefix+"_TUNNEL_SUBNETS") != "" {
		return
	}
	for _, role := range []string{"CONFIG_NETWORK_HOSTS", "CONFIG_COMPUTE_HOSTS"} {
		for _, h := range hosts[role] {
			if slices.Contains(excluded, h) {
				say(key, "exclude.tunnel", 36, "item", h, "subnets", prefix+"_TUNNEL_SUBNETS", "iface", prefix+"_TUNNEL_IF")
				return
			}
		}
	}
}

// compare compares the file's hosts with the site's.
func (k *checker) compare(s *site.Site, hosts map[string][]string) {
	known := func(h string) *site.Host {
		for i := range s.Hosts {
			if s.Hosts[i].Name == h {
				return &s.Hosts[i]
			}
			for _, a := range s.Hosts[i].Addresses {
				if a == h {
					return &s.Hosts[i]
				}
			}
		}
		return nil
	}
	for _, r := range roleKeys {
		if !k.on(r.key) {
			continue
		}
		var here []*site.Host
		for _, h := range hosts[r.key] {
			if f := known(h); f != nil {
				here = append(here, f)
			} else {
				k.warn(r.key, "site.stranger", 0, "item", h)
			}
		}
		for _, h := range s.Role(r.role) {
			if !slices.Contains(here, h) && (r.role != "controller" || len(here) == 0) {
				k.warn(r.key, "site.missing", 0, "item", h.Name, "role", r.role)
			}
		}
	}
	k.outside(s, hosts)
}

// outside tells addresses outside the site's management network, and tunnel subnets that
// are not the site's.
func (k *checker) outside(s *site.Site, hosts map[string][]string) {
	if net, err := netip.ParsePrefix(s.Networks["management"]); err == nil {
		for _, r := range roleKeys {
			for _, h := range hosts[r.key] {
				if a, err := netip.ParseAddr(h); err == nil && !net.Contains(a) {
					k.warn(r.key, "site.outside", 0, "item", h, "network", net.String())
				}
			}
		}
	}
	prefix := k.tunnelPrefix()
	if net, err := netip.ParsePrefix(s.Networks["tunnel"]); err == nil && prefix != "" {
		key := prefix + "_TUNNEL_SUBNETS"
		if subnets := filled(k.v(key)); len(subnets) > 0 && !slices.ContainsFunc(subnets, func(v string) bool {
			p, err := netip.ParsePrefix(v)
			return err == nil && p.Overlaps(net)
		}) {
			k.warn(key, "site.tunnel", 0, "network", net.String())
		}
	}
}

// weak are passwords that are tried first.
var weak = []string{"password", "passw0rd", "admin", "secret", "openstack", "changeme", "root", "redhat", "centos", "packstack", "default", "test", "1234", "12345", "123456", "12345678", "123456789", "qwerty", "letmein"}

// passwords tells those that Packstack cannot carry, or that protect little.
func (k *checker) passwords() {
	filledIn := 0
	for i := range k.c.Entries {
		e := &k.c.Entries[i]
		if !e.Secret || !k.given(e.Key) {
			continue
		}
		v := k.v(e.Key)
		if v == "" || v == Placeholder || !isASCII(v) {
			continue
		}
		if e.Generate != nil && e.Default == Placeholder {
			filledIn++
		}
		if !k.on(e.Key) {
			continue
		}
		user := map[string]string{"CONFIG_KEYSTONE_ADMIN_PW": "CONFIG_KEYSTONE_ADMIN_USERNAME", "CONFIG_AMQP_AUTH_PASSWORD": "CONFIG_AMQP_AUTH_USER", "CONFIG_MARIADB_PW": "CONFIG_MARIADB_USER"}[e.Key]
		switch {
		case strings.Contains(v, "%{"):
			k.err(e.Key, "secret.hiera", 38)
		case e.Type != answers.TypePassword:
		case (strings.HasSuffix(e.Key, "_DB_PW") || e.Key == "CONFIG_AMQP_AUTH_PASSWORD") && strings.ContainsAny(v, "@/:#?%[]"):
			k.warn(e.Key, "secret.url", 38)
		case len(v) < 8 || slices.Contains(weak, strings.ToLower(v)) || strings.Trim(v, v[:1]) == "":
			k.warn(e.Key, "secret.weak", 0)
		case user != "" && strings.EqualFold(v, k.v(user)):
			k.warn(e.Key, "secret.user", 0, "user", user)
		}
	}
	if v := k.v("CONFIG_DEFAULT_PASSWORD"); v != "" && k.given("CONFIG_DEFAULT_PASSWORD") && filledIn > 0 {
		k.note("CONFIG_DEFAULT_PASSWORD", "secret.default", 39, "count", number(filledIn))
	}
}
