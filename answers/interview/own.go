package interview

import (
	"encoding/json"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/internal/i18n"
	"stackhand/internal/site"
)

// deviceName is what Linux takes for a network device.
var deviceName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$`)

// everyHost stands in the plan for all hosts that say nothing of their own.
const everyHost = "*"

// alias is the key under which something is asked: Kolla's interface variables are the plan.
func (d *Draft) alias(key string) string {
	if d.release != nil {
		for _, p := range kolla.Purposes() {
			if p.Key == key {
				return "@if." + p.Network
			}
		}
	}
	return key
}

func (d *Draft) installerKeys() []string { return []string{"@installer", "@file"} }

// roleKeys are the roles that this installer and mode give to hosts.
func (d *Draft) roleKeys() (keys []string) {
	for _, r := range d.roles() {
		keys = append(keys, "@hosts."+r)
	}
	return keys
}

func (d *Draft) roles() []string {
	switch {
	case d.release != nil:
		return []string{"controller", "network", "compute", "storage", "monitoring", "deploy"}
	case d.s.Installer.Second():
		return nil
	case d.s.Installer.Mode == "all-in-one":
		return []string{"controller"}
	}
	return []string{"controller", "network", "compute"}
}

// networks are those of the site that the installer's values come from.
func (d *Draft) networks() []string {
	switch {
	case d.release != nil:
		return []string{"management", "api", "external", "tunnel", "storage"}
	case d.s.Installer.Second():
		return nil
	case d.s.Installer.Mode == "all-in-one":
		return []string{"management"}
	}
	return []string{"management", "tunnel"}
}

// purposes are what an interface is for.
func (d *Draft) purposes() (names []string) {
	switch {
	case d.release != nil:
		for _, p := range kolla.Purposes() {
			if p.Network != "octavia" || d.look().values["octavia_network_type"] == "provider" {
				names = append(names, p.Network)
			}
		}
		return names
	case d.s.Installer.Second():
		return nil
	case d.s.Installer.Mode == "all-in-one":
		return []string{"provider"}
	}
	return []string{"provider", "tunnel"}
}

func (d *Draft) planKeys() (keys []string) {
	for _, n := range d.networks() {
		keys = append(keys, "@net."+n)
	}
	for _, n := range d.purposes() {
		keys = append(keys, "@if."+n)
	}
	return keys
}

// ownField is a question of the session itself.
func (d *Draft) ownField(key string) (Field, bool) {
	text, ok := i18n.InterviewFields()[key]
	if !ok {
		return Field{}, false
	}
	given, _ := d.given()
	f := Field{Key: key, Label: text[0], Help: text[1], Applies: true, Type: answers.TypeText, Origin: Nothing}
	kind, name, _ := strings.Cut(strings.TrimPrefix(key, "@"), ".")
	switch kind {
	case "installer":
		f.Page, f.Type, f.Value, f.Origin, f.Typed = PageInstaller, answers.TypeChoice, d.s.Installer.String(), Typed, true
		for _, i := range d.all {
			f.Choices = append(f.Choices, i.String())
		}
	case "file":
		f.Page, f.Type, f.Required = PageInstaller, answers.TypePath, d.s.Installer.Second()
		var names []string
		imported := d.Imported()
		for _, k := range slices.Sorted(maps.Keys(imported)) {
			names = append(names, imported[k])
		}
		if f.Value = strings.Join(names, ", "); f.Value != "" {
			f.Origin, f.Typed = Typed, true
		}
	case "hosts":
		f.Page, f.Type = PageHosts, answers.TypeHosts
		f.Value, f.Default = d.ownText(d.s.Site, kind, name), d.ownText(given, kind, name)
		f.Required = name == "controller" || name == "compute" && d.s.Installer.Mode == "multi-node"
		for k, role := range hostKeys() {
			if d.release == nil && role == name && d.look().values[k] != "" {
				f.Required = false // somebody said it by the key itself
			}
		}
		f.Origin, f.Typed = d.hostsOrigin(f)
	case "net":
		f.Page, f.Type = PagePlan, answers.TypeSubnets
		f.Value, f.Default = d.ownText(d.s.Site, kind, name), d.ownText(given, kind, name)
		f.Origin, f.Typed = d.hostsOrigin(f)
	case "if":
		f.Page, f.Type = PagePlan, answers.TypeInterface
		f.Choices = d.interfaceNames()
		f.Default = planText(d.planDefault(name))
		f.Value = d.planFor(name)
		f.Required = d.release != nil && (name == "management" || name == "provider") || name == "tunnel" && d.bridgeless()
		if f.Value != "" {
			f.Origin = FromHosts
		}
		for _, by := range d.s.Plan {
			if by[name] != "" {
				f.Origin, f.Typed = Typed, true
			}
		}
		if !f.Typed && f.Value != "" && f.Default == "" {
			f.Origin = FromFile
		}
	}
	f.Differs = f.Typed
	for _, x := range d.look().findings {
		if d.Where(x).Field == key {
			f.Findings = append(f.Findings, x)
		}
	}
	return f, true
}

// hostsOrigin tells where hosts or a network come from. What is as the site or the file said
// was not typed, whatever was changed beside it.
func (d *Draft) hostsOrigin(f Field) (Origin, bool) {
	switch _, from := d.given(); {
	case f.Value != f.Default:
		return Typed, true
	case f.Value == "":
		return Nothing, false
	case from == fromFile:
		return FromFile, false
	}
	return FromHosts, false
}

// given is what the site or the file said before somebody changed hosts or networks, and which
// of the two; nil where neither did.
func (d *Draft) given() (*site.Site, string) {
	switch {
	case d.s.GivenFrom != "":
		return d.s.Given, d.s.GivenFrom
	case d.s.HostsFrom != fromTyped:
		return d.s.Site, d.s.HostsFrom
	}
	return nil, ""
}

// setOwn answers a question of the session itself.
func (d *Draft) setOwn(key, text string, keep bool) error {
	kind, name, _ := strings.Cut(strings.TrimPrefix(key, "@"), ".")
	if _, ok := i18n.InterviewFields()[key]; !ok {
		return refuse(key, "", false, "key.unknown", "release", d.cat.Name())
	}
	switch kind {
	case "installer":
		return d.setInstaller(text)
	case "hosts":
		return d.setHosts(name, text)
	case "net":
		return d.setNetwork(name, text)
	case "if":
		return d.setInterface(name, text, keep)
	}
	return refuse(key, text, false, "interview.read") // its caller reads the file
}

func (d *Draft) setInstaller(text string) error {
	var all []string
	for _, i := range d.all {
		all = append(all, i.String())
	}
	n := slices.Index(all, text)
	if n < 0 {
		return refuse("@installer", text, false, "want.choice", "choices", strings.Join(all, ", "))
	}
	i := d.all[n]
	if i == d.s.Installer {
		return nil
	}
	var err error
	d.change("@installer", func() { err = d.install(i) })
	return err
}

func (d *Draft) setHosts(role, text string) error {
	key := "@hosts." + role
	hosts, err := ParseHosts(text)
	if err != nil {
		he := err.(*HostError)
		args := []string{"item", he.Item}
		for k, v := range he.Args {
			args = append(args, k, v)
		}
		return refuse(key, he.Item, false, he.Code, args...)
	}
	if d.s.Installer.Mode == "all-in-one" && len(hosts) > 1 {
		return refuse(key, short(text), false, "hosts.one", "count", strconv.Itoa(len(hosts)))
	}
	s := cloneSite(d.s.Site)
	if s == nil {
		s = &site.Site{Name: d.s.Name}
	}
	unknown := setRole(s, role, hosts)
	if len(unknown) > 0 && d.release == nil {
		return refuse(key, short(text), false, "hosts.unknown", "item", Fold(unknown))
	}
	taken := map[string]string{}
	for i := range s.Hosts {
		for _, a := range s.Hosts[i].Addresses {
			if other, twice := taken[a]; twice && other != s.Hosts[i].Name {
				return refuse(key, a, false, "hosts.two", "item", a, "one", other, "other", s.Hosts[i].Name)
			}
			taken[a] = s.Hosts[i].Name
		}
	}
	if net, err := netip.ParsePrefix(s.Networks["management"]); err == nil {
		for _, h := range hosts {
			if a, err := netip.ParseAddr(h.Address); err == nil && !net.Contains(a) && a.Is4() != net.Addr().Is4() {
				return refuse(key, h.Address, false, "hosts.family", "item", h.Address, "network", net.String())
			}
		}
	}
	d.change(key, func() {
		d.s.Given, d.s.GivenFrom = d.given()
		d.s.Site, d.s.HostsFrom = s, fromTyped
	})
	return nil
}

func (d *Draft) setNetwork(name, text string) error {
	key := "@net." + name
	if text != "" {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return refuse(key, text, false, "want.subnet", "item", text)
		}
		if p.Masked() != p {
			return refuse(key, text, false, "subnet.bits", "item", text, "meant", p.Masked().String())
		}
		text = p.String()
	}
	s := cloneSite(d.s.Site)
	if s == nil {
		s = &site.Site{Name: d.s.Name}
	}
	if s.Networks == nil {
		s.Networks = map[string]string{}
	}
	if s.Networks[name] == text {
		return nil
	}
	s.Networks[name] = text
	if text == "" {
		delete(s.Networks, name)
	}
	d.change(key, func() {
		d.s.Given, d.s.GivenFrom = d.given()
		d.s.Site = s
		if d.s.HostsFrom == "" {
			d.s.HostsFrom = fromTyped
		}
	})
	return nil
}

// setInterface reads "eth1", or "eth1 cmp[03-04]=ens5 ctl1=eno2".
func (d *Draft) setInterface(purpose, text string, keep bool) error {
	key := "@if." + purpose
	chosen := map[string]string{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }) {
		host, name, one := strings.Cut(w, "=")
		if !one {
			host, name = everyHost, w
			name = strings.TrimSuffix(name, ",")
		}
		name = strings.TrimSuffix(name, ",")
		if !deviceName.MatchString(name) {
			return refuse(key, short(name), false, "want.device.name", "item", short(name))
		}
		hosts := []string{host}
		if host != everyHost {
			var err *HostError
			if hosts, err = Unfold(host); err != nil {
				return refuse(key, err.Item, false, err.Code, "item", err.Item)
			}
		}
		for _, h := range hosts {
			if h != everyHost && d.host(h) == nil {
				return refuse(key, h, false, "interview.host", "item", h)
			}
			if chosen[h] != "" && chosen[h] != name {
				return refuse(key, w, false, "interview.twice", "item", h)
			}
			chosen[h] = name
		}
	}
	if d.release == nil && len(chosen) > 1 {
		return refuse(key, text, false, "plan.one", "item", text)
	}
	if !keep {
		if r := d.absent(key, purpose, chosen); r != nil {
			return r
		}
	}
	d.change(key, func() {
		plan := kolla.Plan{}
		for host, by := range d.s.Plan {
			rest := maps.Clone(by)
			delete(rest, purpose)
			if len(rest) > 0 {
				plan[host] = rest
			}
		}
		for host, name := range chosen {
			if plan[host] == nil {
				plan[host] = map[string]string{}
			}
			plan[host][purpose] = name
		}
		d.s.Plan = plan
	})
	return nil
}

// absent refuses an interface that a host of the purpose, as far as hosts could be asked,
// does not have.
func (d *Draft) absent(key, purpose string, chosen map[string]string) *Refusal {
	for _, h := range d.hosts() {
		name := chosen[h.Name]
		if name == "" {
			name = chosen[everyHost]
		}
		has, asked := d.s.Interfaces[h.Name]
		if name == "" || !asked || !d.concerns(purpose, &h) {
			continue
		}
		if !slices.ContainsFunc(has, func(i kolla.Interface) bool { return i.Name == name }) {
			var names []string
			for _, i := range has {
				names = append(names, i.Name)
			}
			return refuse(key, name, true, "iface.absent", "item", name, "host", h.Name, "has", strings.Join(names, ", "))
		}
	}
	return nil
}

// resetOwn takes an answer of the session's own back.
func (d *Draft) resetOwn(key string) bool {
	kind, name, _ := strings.Cut(strings.TrimPrefix(key, "@"), ".")
	switch kind {
	case "if":
		there := false
		for _, by := range d.s.Plan {
			there = there || by[name] != ""
		}
		return there && d.setInterface(name, "", true) == nil
	case "file":
		if len(d.s.Files) == 0 {
			return false
		}
		d.change(key, func() {
			d.s.Files = nil
			maps.DeleteFunc(d.secrets, func(k, _ string) bool { return strings.HasPrefix(k, "file/") })
			if d.s.HostsFrom == fromFile {
				d.s.Site, d.s.HostsFrom = nil, ""
			}
			if d.s.GivenFrom == fromFile {
				d.s.Given, d.s.GivenFrom = nil, ""
			}
		})
		return true
	case "hosts", "net":
		s, _ := d.given()
		given := d.ownText(s, kind, name)
		return given != d.ownText(d.s.Site, kind, name) && d.setOwn(key, given, true) == nil
	}
	return false
}

// UseSite takes the hosts, networks and virtual addresses of a site.
func (d *Draft) UseSite(s *site.Site) {
	what := "@hosts"
	if d.s.Site == nil {
		what = "" // the beginning
	}
	d.change(what, func() {
		d.s.Site, d.s.HostsFrom = cloneSite(s), fromSite
		d.s.Given, d.s.GivenFrom = nil, ""
	})
}

// UseInterfaces takes what hosts really have, by the site's name for the host; hosts that
// could not be asked are not in it.
func (d *Draft) UseInterfaces(found map[string][]kolla.Interface) {
	if len(found) == 0 {
		return
	}
	d.change("", func() {
		all := maps.Clone(d.s.Interfaces)
		if all == nil {
			all = map[string][]kolla.Interface{}
		}
		maps.Copy(all, found)
		d.s.Interfaces = all
	})
}

func cloneSite(s *site.Site) *site.Site {
	if s == nil {
		return nil
	}
	data, err := json.Marshal(s)
	var c site.Site
	if err != nil || json.Unmarshal(data, &c) != nil {
		return nil
	}
	for i := range c.Hosts {
		if c.Hosts[i].Addresses == nil {
			c.Hosts[i].Addresses = map[string]string{}
		}
	}
	return &c
}

func (d *Draft) hosts() []site.Host {
	if d.s.Site == nil {
		return nil
	}
	return d.s.Site.Hosts
}

func (d *Draft) host(name string) *site.Host {
	if d.s.Site == nil {
		return nil
	}
	return d.s.Site.Host(name)
}

// ownText is the hosts of a role (kind hosts) or a network (kind net) in a site.
func (d *Draft) ownText(s *site.Site, kind, name string) string {
	switch {
	case s == nil:
		return ""
	case kind == "net":
		return s.Networks[name]
	}
	var names []string
	for _, h := range s.Role(name) {
		names = append(names, h.Name)
	}
	if d.s.Installer.Mode == "all-in-one" && len(names) > 1 {
		names = names[:1]
	}
	return Fold(names)
}
