package packstack

import (
	"slices"

	"stackhand/answers"
)

// Placeholder is what Packstack replaces by the default password, or by a random one.
const Placeholder = "PW_PLACEHOLDER"

// Env is what Packstack finds on the machine that runs it. Empty fields are not known here.
type Env struct {
	LocalIP  string // address of the interface with the default route
	Hostname string
}

// Effective is what Packstack works with after it has read a file.
type Effective struct {
	Values map[string]string // of every entry; "" where it depends on a machine that is not known
	Read   map[string]bool   // the entry's group applies: given values count, else they are lost
	Given  map[string]string // key -> the name under which the file has it, its own or a former one
	Open   map[string]bool   // made by the installer: a secret, or what depends on its machine
}

// Evaluate says what Packstack makes of the values of a file: former names, defaults, groups
// whose condition is false, and the processors that change one value because of another.
// Secrets that the installer would make are left as their placeholder or empty, and Open.
func Evaluate(c *answers.Catalogue, values map[string]string, env Env) *Effective {
	e := &Effective{Values: map[string]string{}, Read: map[string]bool{}, Given: map[string]string{}, Open: map[string]bool{}}
	raw := map[string]string{}
	for i := range c.Entries {
		p := &c.Entries[i]
		raw[p.Key] = e.raw(p, values, env)
	}
	var read func(p *answers.Entry, depth int) bool
	read = func(p *answers.Entry, depth int) bool {
		return p.When.Holds(func(key string) string {
			// A condition that is a key's name makes Packstack read that key whatever its group; one
			// that asks whether something is filled in looks only at what was read before.
			k := c.Entry(key)
			if depth < 8 && slices.ContainsFunc(append(slices.Clone(p.When.All), p.When.Any...), func(t answers.Term) bool { return t.Key == key && t.Op == "nonempty" }) && !read(k, depth+1) {
				return ""
			}
			return raw[key]
		})
	}
	conditions := map[string]bool{} // keys that alone are another group's condition
	for i := range c.Entries {
		if w := c.Entries[i].When; w != nil && len(w.Any) == 0 && len(w.All) == 1 && w.All[0].Op == "eq" {
			conditions[w.All[0].Key] = true
		}
	}
	for i := range c.Entries {
		p := &c.Entries[i]
		e.Read[p.Key] = read(p, 0)
		e.Values[p.Key] = raw[p.Key]
		if !e.Read[p.Key] && conditions[p.Key] {
			e.Read[p.Key] = true // the condition of another group: read and validated all the same
		}
		if !e.Read[p.Key] {
			e.Values[p.Key] = computed(p, env)
			e.Open[p.Key] = p.Generate != nil || p.Computed != "" && e.Values[p.Key] == ""
		}
	}
	for key, v := range e.Values {
		e.Values[key] = processed(c, e, key, v)
	}
	return e
}

// raw is the value of the file, by the entry's own name or, where that is missing, by the
// first former name with a value, or the default.
func (e *Effective) raw(p *answers.Entry, values map[string]string, env Env) string {
	if v, ok := values[p.Key]; ok {
		e.Given[p.Key] = p.Key
		e.Open[p.Key] = p.Generate != nil && v == Placeholder
		return v
	}
	for _, old := range p.Former {
		if v := values[old]; v != "" {
			e.Given[p.Key] = old
			return v
		}
	}
	v := computed(p, env)
	e.Open[p.Key] = p.Generate != nil || p.Computed != "" && v == ""
	return v
}

func computed(p *answers.Entry, env Env) string {
	switch p.Computed {
	case "local_ip":
		return env.LocalIP
	case "hostname":
		return env.Hostname
	case "admin_at_hostname":
		if env.Hostname != "" {
			return "admin@" + env.Hostname
		}
	case "ldap_url_of_local_ip":
		if env.LocalIP != "" {
			return "ldap://" + env.LocalIP
		}
	}
	return p.Default
}

// processed applies what Packstack does to a value because of others.
func processed(c *answers.Catalogue, e *Effective, key, v string) string {
	p := c.Entry(key)
	if !e.Read[key] {
		return v
	}
	for _, name := range p.Processors {
		switch name {
		case "heat":
			if e.Values["CONFIG_SAHARA_INSTALL"] == "y" {
				v = "y"
			}
		case "backend":
			if v == "swift" && e.Values["CONFIG_SWIFT_INSTALL"] != "y" {
				v = "file"
			}
		case "tempest":
			if v == "" {
				v = e.Values["CONFIG_CONTROLLER_HOST"]
			}
		}
	}
	return v
}
