package packstack

import (
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/internal/problem"
)

// SecondOptions are what the file for a second controller needs beyond the finished one.
type SecondOptions struct {
	Controller    string // address of the new controller
	TunnelSubnets string // needed where a tunnel interface is set and the finished file has none
}

// Second derives the answer file for a second controller from the file of a finished
// installation (row P6): all its hosts are excluded, the controller is the new one, and the
// broker, database and cache stay where they are. The finished document is not changed.
// With an error among the findings there is no file (nil): Packstack would fail, or would
// make another cloud out of it.
func Second(finished *Document, c *answers.Catalogue, o SecondOptions) (*Document, answers.Findings) {
	k := &checker{d: finished, c: c, found: &answers.Found{File: finished.File}}
	if fs := Check(finished, c, Options{}); fs.Failed() {
		return nil, fs
	}
	given := finished.Values(Python2, c)
	k.eff = Evaluate(c, given, Env{})
	keys, hosts := k.installs()
	var all []string
	for _, key := range keys {
		for _, h := range hosts[key] {
			if !slices.Contains(all, h) {
				all = append(all, h)
			}
		}
	}
	for _, h := range filled(k.v("EXCLUDE_SERVERS")) {
		if !slices.Contains(all, h) {
			all = append(all, h)
		}
	}
	const controllerKey = "CONFIG_CONTROLLER_HOST"
	if code, args := host(o.Controller); o.Controller == "" || code != "" {
		k.err(controllerKey, "want.host", 0, append([]string{"item", o.Controller}, args...)...)
	} else if slices.Contains(all, o.Controller) {
		k.err(controllerKey, "second.controller", 0, "item", o.Controller)
	}
	if !k.given(controllerKey) {
		k.err(controllerKey, "second.local", 35)
	}
	changes := [][2]string{{"EXCLUDE_SERVERS", strings.Join(all, ",")}, {controllerKey, o.Controller}}
	for _, key := range []string{"CONFIG_COMPUTE_HOSTS", "CONFIG_NETWORK_HOSTS", "CONFIG_AMQP_HOST", "CONFIG_MARIADB_HOST", "CONFIG_REDIS_HOST", "CONFIG_STORAGE_HOST", "CONFIG_SAHARA_HOST"} {
		if !k.given(key) && k.on(key) {
			k.err(key, "second.local", 35)
		}
	}
	if p := k.tunnelPrefix(); p != "" && k.v(p+"_TUNNEL_IF") != "" && k.v(p+"_TUNNEL_SUBNETS") == "" {
		if o.TunnelSubnets == "" {
			k.err(p+"_TUNNEL_SUBNETS", "second.tunnel", 36)
		}
		changes = append(changes, [2]string{p + "_TUNNEL_SUBNETS", o.TunnelSubnets})
	}
	k.secretsThere(given)
	if k.v("CONFIG_PROVISION_DEMO") == "y" {
		k.note("CONFIG_PROVISION_DEMO", "second.provision", 0)
		changes = append(changes, [2]string{"CONFIG_PROVISION_DEMO", "n"})
	}
	k.note("CONFIG_KEYSTONE_TOKEN_FORMAT", "second.keys", 44)
	if k.found.All.Failed() {
		return nil, k.found.Sorted()
	}
	second := Parse(finished.Bytes(), finished.File)
	for _, ch := range changes {
		if err := second.Set(ch[0], ch[1]); err != nil {
			code := "value.place"
			if p := problem.Of(err); p != nil {
				code = p.Args["code"]
			}
			k.err(ch[0], code, 0)
			return nil, k.found.Sorted()
		}
	}
	if fs := Check(second, c, Options{}); fs.Failed() {
		return nil, fs
	}
	return second, k.found.Sorted()
}

// secretsThere tells secrets that a second run would make anew.
func (k *checker) secretsThere(given map[string]string) {
	for _, e := range k.c.Entries {
		if e.Generate == nil || !k.on(e.Key) {
			continue
		}
		v, ok := given[e.Key]
		switch {
		case ok && v != "" && v != Placeholder:
		case e.Default == Placeholder && given["CONFIG_DEFAULT_PASSWORD"] != "":
		default:
			k.err(e.Key, "second.secret", 0)
		}
	}
}
