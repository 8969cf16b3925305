package kolla

import (
	"fmt"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/internal/i18n"
)

// Given are the values of a file as texts, by key, for a form, a diff, or a file of another
// kind: a switch as it is written, lists and maps on one line as YAML reads them. Keys that
// have no value are left out.
func (v *Vars) Given() map[string]string {
	out := map[string]string{}
	for key, i := range v.index {
		if value := v.entries[i].value; value.Kind != Null && value.Kind != Vault {
			out[key] = inline(value)
		}
	}
	return out
}

// inline is a value as Typed takes it.
func inline(v Value) string {
	switch v.Kind {
	case Bool:
		if v.Bool {
			return "yes"
		}
		return "no"
	case List, Map:
		return flow(v)
	}
	return v.Text
}

func flow(v Value) string {
	var parts []string
	switch v.Kind {
	case List:
		for _, x := range v.List {
			parts = append(parts, flow(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		for _, p := range v.Map {
			key := p.Key
			if badKey(key) {
				key = quoted(key)
			}
			parts = append(parts, key+": "+flow(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return scalarText(v, nil, false)
}

// Change gives globals.yml the values of an operator, texts by key as a form has them. An
// empty text takes the key out, so that its default counts again. A value that the catalogue's
// type does not allow, or a key that it does not have, is an error, and nothing is changed.
func (r *Release) Change(globals *Vars, values map[string]string) error {
	typed := map[string]Value{}
	for key, text := range values {
		e := r.Catalogue.Entry(key)
		if e == nil || e.In != Globals {
			return fault(0, 0, key, "kolla.key.name")
		}
		if text == "" {
			continue
		}
		v, err := Typed(e, text)
		if err != nil {
			return err
		}
		typed[key] = v
	}
	for i := range r.Catalogue.Entries { // in the catalogue's order, so that two runs write the same
		key := r.Catalogue.Entries[i].Key
		text, given := values[key]
		switch v, ok := typed[key]; {
		case ok:
			if err := globals.Set(v, key); err != nil {
				return err
			}
		case given && text == "" && globals.Line(key) > 0:
			if err := globals.Remove(key); err != nil {
				return err
			}
		}
	}
	return nil
}

// Export is a whole globals.yml with the effective value of every key of the release. Those
// that the operator gave are set, and so are the plain defaults of the keys that a form can ask
// (those with words). The rest stands as comments: what everything in globals.yml would take
// away from the hosts or from other keys, because it beats the inventory (correction 43) and
// does not follow. Those are interfaces that were not given, and defaults that are templates;
// perHost names more keys that the inventory sets host by host, which are never set here.
// Setting a plain default changes nothing, whatever is set beside it later.
func (r *Release) Export(values map[string]string, perHost ...string) ([]byte, error) {
	given := blank()
	if err := r.Change(given, values); err != nil {
		return nil, err
	}
	for _, key := range perHost {
		if given.Line(key) > 0 {
			if err := given.Remove(key); err != nil {
				return nil, err
			}
		}
	}
	effective := NewEffective(r, given)
	set := map[string]Value{}
	var b strings.Builder
	fmt.Fprintf(&b, "---\n# Answers for Kolla-Ansible %s. Lines that begin with # show what holds without them.\n", r.Catalogue.Release)
	group := ""
	for i := range r.Catalogue.Entries {
		e := &r.Catalogue.Entries[i]
		if e.In != Globals {
			continue
		}
		if e.Group != group {
			group = e.Group
			fmt.Fprintf(&b, "\n# --- %s\n", r.Catalogue.GroupTitle(group, i18n.English))
		}
		if label := e.Label.En; label != "" {
			fmt.Fprintf(&b, "# %s\n", label)
		}
		value, active := given.Get(e.Key)
		if !active && !slices.Contains(perHost, e.Key) {
			value, active = steady(e)
		}
		lead, tail := "", ""
		if active {
			set[e.Key] = value
		} else {
			lead, value = "#", shownDefault(effective, e)
			if e.Computed != "" && value.Text != e.Computed && single(value) && !strings.Contains(e.Computed, "\n") {
				tail = "  # " + e.Computed
			}
		}
		for _, line := range given.render("", e.Key, value, tail) {
			b.WriteString(lead + line)
		}
	}
	again, err := ParseVars([]byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("cannot write globals.yml: %w", err)
	}
	for key, value := range set {
		if got, ok := again.Get(key); !ok || !got.Equal(value) {
			return nil, fmt.Errorf("cannot write globals.yml: %s would be read otherwise", key)
		}
	}
	if again.Len() != len(set) {
		return nil, fmt.Errorf("cannot write globals.yml: %d keys would be read, not %d", again.Len(), len(set))
	}
	return []byte(b.String()), nil
}

// steady is the default of an entry that may stand in globals.yml without being given: it has
// words, and a value that depends on no host and on no other key.
func steady(e *answers.Entry) (Value, bool) {
	if e.Label.Empty() || e.Computed != "" || e.Default == "" || e.Deprecated || e.Type == answers.TypeInterface || templated(e.Default) {
		return Value{Kind: Null}, false
	}
	return Default(e)
}

// shownDefault is what a key has without being set.
func shownDefault(effective *Effective, e *answers.Entry) Value {
	if v, ok := effective.Get(e.Key); ok && v.Kind != Null {
		return v
	}
	if e.Computed != "" {
		return Str(e.Computed)
	}
	return Str("")
}

// blank is an empty file.
func blank() *Vars { return &Vars{index: map[string]int{}} }

// Documented are the values of the documents' globals (2.4.5) that depend on no host and no
// address, with what the corrections say about them (40, 41, 42, 50, 52).
func Documented() map[string]string {
	return map[string]string{
		"kolla_base_distro": "ubuntu", "kolla_install_type": "source", "openstack_release": "wallaby", "neutron_plugin_agent": "openvswitch", "neutron_ipam_driver": "internal",
		"enable_neutron_provider_networks": "no", "enable_container_healthchecks": "yes", "enable_openstack_core": "yes", "enable_haproxy": "yes",
		"enable_cinder": "yes", "enable_cinder_backup": "yes", "cinder_backup_driver": "ceph", "enable_heat": "no", "enable_horizon": "yes", "enable_octavia": "yes", "enable_swift": "no",
		"enable_central_logging": "no", "enable_prometheus": "yes", "enable_grafana": "yes", "enable_prometheus_ceph_mgr_exporter": "no",
		"nova_compute_virt_type": "kvm", "nova_console": "novnc", "keystone_admin_user": "admin", "keystone_admin_project": "admin",
		"octavia_auto_configure": "yes", "octavia_loadbalancer_topology": "ACTIVE_STANDBY", "octavia_amp_image_tag": "amphora",
		"octavia_amp_flavor":         `{name: "amphora", flavorid: 100, is_public: false, vcpus: 2, ram: 2048, disk: 5}`,
		"octavia_certs_country":      "KR",
		"octavia_certs_state":        "Seoul",
		"glance_backend_ceph":        "yes",
		"cinder_backend_ceph":        "yes",
		"nova_backend_ceph":          "no",
		"ceph_glance_keyring":        "ceph.client.glance.keyring",
		"ceph_cinder_keyring":        "ceph.client.cinder.keyring",
		"ceph_cinder_backup_keyring": "ceph.client.cinder-backup.keyring",
	}
}
