package signatures_test

import (
	"strings"
	"testing"
)

// TestCutOff: a line that a terminal or a pager cut off in the middle of a word is known by what is left of it, and
// its evidence is no longer than the line; one that ends with a whole word is not taken for more than it says.
func TestCutOff(t *testing.T) {
	m := own(t)
	for text, want := range map[string]string{
		"2022-10-10 nova VirtualInterfaceCreateExcep":                                          "vif-creation",
		"nova.exception.VirtualInterfaceCreateExc>":                                            "vif-creation",
		"Nov 01 02:10:11 ctl1 mysqld[1]: [ERROR] WSREP: It may not be safe to bootst…":         "galera-error",
		"INFO nova the DB power_state (1) does not match the vm_power_s":                       "power-state-sync",
		"first\nsecond: host is blocked because of many connection err\n":                      "db-host-blocked",
		"haproxy.service: host 'ctl1' is blocked because of many connection err>\nother lines": "db-host-blocked",
		"INFO nova the DB power_state (1) does not match the":                                  "",
		"waiting for the virtual":                                                              "",
		"the Virtual Interface":                                                                "",
		"a host is blocked because of many\nthings":                                            "",
	} {
		hits := pasted(m, []byte(text), "")
		if got := strings.Join(ids(hits), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		for _, h := range hits {
			if len(h.Evidence) > len(text) {
				t.Errorf("%q: evidence %q", text, h.Evidence)
			}
		}
	}
}
