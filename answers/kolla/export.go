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

// Export is a whole globals.yml: every key of the release with its effective value. Those
// that the operator gave are set; the others stand as comments, because everything in
// globals.yml beats the inventory and stops defaults from following other keys. What depends
// on a host is shown as Kolla-Ansible has it, as a template.
func (r *Release) Export(values map[string]string) ([]byte, error) {
	given := blank()
	if err := r.Change(given, values); err != nil {
		return nil, err
	}
	effective := NewEffective(r, given)
	var b strings.Builder
	fmt.Fprintf(&b, "---\n# Answers for Kolla-Ansible %s. Lines that begin with # show what holds without them.\n", r.Catalogue.Release)
	group := ""
	for i := range r.Catalogue.Entries {
		e := &r.Catalogue.Entries[i]
		if e.In != Globals {
			continue
		}
		value, set := given.Get(e.Key)
		shown := set || !slices.Contains([]string{"Ports", "Other variables"}, e.Group)
		if !shown {
			continue // not in Kolla's own file either
		}
		if e.Group != group {
			group = e.Group
			fmt.Fprintf(&b, "\n# --- %s\n", r.Catalogue.GroupTitle(group, i18n.English))
		}
		if label := e.Label.En; label != "" {
			fmt.Fprintf(&b, "# %s\n", label)
		}
		lead := "#"
		if set {
			lead = ""
		} else {
			value = shownDefault(effective, e)
		}
		for _, line := range given.render("", e.Key, value, "") {
			b.WriteString(lead + line)
		}
	}
	if given.Len() == 0 { // a file of comments alone is refused
		fmt.Fprintf(&b, "\nopenstack_release: %s\n", quoted(r.Catalogue.Release))
	}
	again, err := ParseVars([]byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("cannot write globals.yml: %w", err)
	}
	for _, e := range given.Entries() {
		if got, ok := again.Get(e.Key); !ok || !got.Equal(e.Value) {
			return nil, fmt.Errorf("cannot write globals.yml: %s would be read otherwise", e.Key)
		}
	}
	return []byte(b.String()), nil
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
