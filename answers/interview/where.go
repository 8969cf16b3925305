package interview

import (
	"strings"

	"stackhand/answers"
)

// hostKeys are Packstack's keys whose value is the hosts of a role.
func hostKeys() map[string]string {
	return map[string]string{"CONFIG_CONTROLLER_HOST": "controller", "CONFIG_COMPUTE_HOSTS": "compute", "CONFIG_NETWORK_HOSTS": "network"}
}

// groupRoles are the roles whose hosts an inventory's group has.
func groupRoles() map[string]string {
	return map[string]string{"control": "controller", "network": "network", "compute": "compute", "storage": "storage", "monitoring": "monitoring", "deployment": "deploy"}
}

// Where is the page and the field that a finding is about; a field without a page is one that
// only the search finds.
func (d *Draft) Where(f answers.Finding) Position {
	key := d.alias(f.Key)
	if d.release != nil {
		if role := groupRoles()[key]; role != "" {
			key = "@hosts." + role
		} else if d.host(key) != nil {
			key = "@hosts.controller"
			for _, r := range d.roles() {
				if d.host(f.Key).Has(r) {
					key = "@hosts." + r
					break
				}
			}
		}
	}
	if d.askedAsHosts(key) {
		key = "@hosts." + hostKeys()[key]
		if d.s.Installer.Mode == "all-in-one" {
			key = "@hosts.controller"
		}
	}
	kind, _, _ := strings.Cut(key, ".")
	switch kind {
	case "@installer", "@file":
		return Position{PageInstaller, key}
	case "@hosts":
		return Position{PageHosts, key}
	case "@net", "@if":
		return Position{PagePlan, key}
	}
	if d.cat.Entry(key) == nil {
		return Position{Page: PageReview}
	}
	return Position{d.pageOf(key), key}
}
