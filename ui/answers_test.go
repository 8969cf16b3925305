package ui_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"stackhand/answers"
	"stackhand/answers/packstack"
	"stackhand/internal/site"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// sited is a console with a site of its own.
type sited struct {
	*stage.Backend
	site *site.Site
}

func (b sited) Site(context.Context) (*ui.SiteInfo, error) { return &ui.SiteInfo{Site: b.site}, nil }

// documentedSite are the hosts of the documents' lists (1.1.5.3).
func documentedSite() *site.Site {
	host := func(name, addr string, roles ...string) site.Host {
		return site.Host{Name: name, Roles: roles, Addresses: map[string]string{"management": addr}}
	}
	return &site.Site{Name: "vdi", Networks: map[string]string{"management": "10.20.30.0/24", "tunnel": "192.168.10.0/24"}, Hosts: []site.Host{
		host("ctl1", "10.20.30.110", "controller"),
		host("net1", "10.20.30.13", "network"), host("net2", "10.20.30.14", "network"), host("net3", "10.20.30.15", "network"),
		host("cmp1", "10.20.30.16", "compute"), host("cmp2", "10.20.30.17", "compute"),
	}}
}

// operator counts the keys that are no part of a typed value.
type operator struct {
	*driver
	pressed int
}

func (o *operator) press(keys ...string) {
	o.keys(keys...)
	o.pressed += len(keys)
}

// value types one: opening the field and taking it are keys, its letters are not.
func (o *operator) value(text string) {
	o.press("enter")
	for _, r := range text {
		o.keys(string(r))
	}
	o.press("enter")
}

// turnTo accepts pages until one shows the text.
func turnTo(d *driver, text string) {
	d.t.Helper()
	for range 20 {
		if strings.Contains(d.screen(), text) {
			return
		}
		d.keys("n")
	}
	d.t.Fatalf("there is no page with %q:\n%s", text, d.screen())
}

// read reads an exported file as Packstack does.
func read(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := answers.Load("packstack-stein")
	if err != nil {
		t.Fatal(err)
	}
	return packstack.Parse(data, path).Values(packstack.Python2, c)
}

// TestAnsweringIsQuick: all-in-one and multi-node from a site, at 80x24, in under 40 keys
// beyond what is typed; the files have the documents' values (1.1.5.3) and the agent that they
// leave out.
func TestAnsweringIsQuick(t *testing.T) {
	common := map[string]string{
		"CONFIG_KEYSTONE_ADMIN_USERNAME": "admin", "CONFIG_KEYSTONE_ADMIN_PW": "hunter2admin", "CONFIG_MARIADB_PW": "hunter2db", "CONFIG_DEFAULT_PASSWORD": "hunter2all",
		"CONFIG_CONTROLLER_HOST": "10.20.30.110", "CONFIG_NOVA_SCHED_CPU_ALLOC_RATIO": "3.0", "CONFIG_NOVA_SCHED_RAM_ALLOC_RATIO": "1.0", "CONFIG_LBAAS_INSTALL": "y",
		"CONFIG_NEUTRON_L2_AGENT": "openvswitch", "CONFIG_NEUTRON_ML2_TYPE_DRIVERS": "flat,vxlan", "CONFIG_NEUTRON_ML2_TENANT_NETWORK_TYPES": "vxlan",
		"CONFIG_NEUTRON_ML2_MECHANISM_DRIVERS": "openvswitch", "CONFIG_NEUTRON_OVS_EXTERNAL_PHYSNET": "extnet", "CONFIG_NEUTRON_OVN_BRIDGE_MAPPINGS": "extnet:br-ex", "CONFIG_PROVISION_DEMO": "n",
	}
	for _, tc := range []struct {
		mode   string
		downs  int // from the first installer
		plan   func(o *operator)
		wanted map[string]string
	}{
		{"all-in-one", 3, func(o *operator) { o.press("end"); o.value("em1") }, map[string]string{
			"CONFIG_COMPUTE_HOSTS": "10.20.30.110", "CONFIG_NETWORK_HOSTS": "10.20.30.110",
			"CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS": "extnet:br-ex", "CONFIG_NEUTRON_OVS_BRIDGE_IFACES": "br-ex:em1"}},
		{"multi-node", 4, func(o *operator) { o.press("home", "down", "down"); o.value("bond1"); o.value("bond10") }, map[string]string{
			"CONFIG_COMPUTE_HOSTS": "10.20.30.16,10.20.30.17", "CONFIG_NETWORK_HOSTS": "10.20.30.13,10.20.30.14,10.20.30.15",
			"CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS": "extnet:br-ex,physnet10:br-port", "CONFIG_NEUTRON_OVS_BRIDGE_IFACES": "br-ex:bond1,br-port:bond10",
			"CONFIG_NEUTRON_OVS_BRIDGES_COMPUTE": "br-port", "CONFIG_NEUTRON_OVS_TUNNEL_IF": "bond10", "CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS": "192.168.10.0/24",
			"CONFIG_NEUTRON_OVS_VXLAN_UDP_PORT": "4789"}},
	} {
		t.Run(tc.mode, func(t *testing.T) {
			b := &stage.Backend{Root: t.TempDir()}
			drive(t, 80, 24, ui.Options{Backend: sited{b, documentedSite()}}, func(d *driver) {
				o := &operator{driver: d}
				o.press("down", "enter") // home: Answers
				for range tc.downs {
					o.press("down")
				}
				o.press("enter", "n") // the installer; the hosts of the site
				tc.plan(o)
				o.press("n", "n", "down")
				o.value("hunter2admin")
				o.value("hunter2db")
				o.value("hunter2all")
				o.press("n", "n", "n", "n") // network, bridges, services
				d.wants("Errors: 0", "To answer: 0")
				o.press("e", "enter")
				d.wants("Written", "vdi-"+tc.mode+"-answer.txt")
				if o.pressed >= 40 {
					t.Errorf("it took %d keys", o.pressed)
				}
				t.Logf("%d keys beyond typed values", o.pressed)
			})
			got := read(t, filepath.Join(b.Root, "vdi-"+tc.mode+"-answer.txt"))
			for _, wanted := range []map[string]string{common, tc.wanted} {
				for k, v := range wanted {
					if got[k] != v {
						t.Errorf("%s is %q, wanted %q", k, got[k], v)
					}
				}
			}
		})
	}
}

// TestNonsenseIsRefused: what the installer would refuse is, on its line, with what would be
// right; what it would take can be kept; nothing of it is lost or shown that is secret.
func TestNonsenseIsRefused(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	drive(t, 80, 24, ui.Options{Backend: b}, func(d *driver) {
		o := &operator{driver: d}
		d.keys("down", "enter", "down", "enter", "n", "home") // multi-node: plan
		o.value("192.0.2.77/24")
		d.wants("✗", "192.0.2.0/24")
		d.keys("esc")
		d.keys("/")
		for _, r := range "NTP_SERVERS" {
			d.keys(string(r))
		}
		d.keys("enter")
		o.value("12")
		d.wants("ctrl+y")
		d.keys("ctrl+y")
		d.lacks("ctrl+y")
		d.wants("12", "kept anyway")
		d.keys("u")
		d.lacks("kept anyway")
		d.keys("esc")
		turnTo(d, "Cloud administrator")
		d.keys("home", "down", "enter")
		d.send(tea.PasteMsg{Content: "hunter2\n"})
		d.lacks("hunter2")
		d.keys("enter")
		d.wants("********")
		d.keys("v", "f")
		for range 30 {
			d.lacks("hunter2")
			d.keys("space")
		}
		d.keys("c")
		d.lacks("hunter2")
	})
	files, err := filepath.Glob(filepath.Join(b.Root, "answers", "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
}

// TestWhatWasEnteredIsThere: leaving anywhere and starting again offers the draft, at its page.
func TestWhatWasEnteredIsThere(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	drive(t, 80, 24, ui.Options{Backend: b}, func(d *driver) {
		d.keys("down", "enter", "down", "enter")
		turnTo(d, "Cloud administrator")
		o := &operator{driver: d}
		d.keys("home")
		d.keys("enter", "ctrl+u")
		for _, r := range "root" {
			d.keys(string(r))
		}
		o.press("enter")
		d.wants("root")
		d.keys("ctrl+c")
	})
	drive(t, 80, 24, ui.Options{Backend: b}, func(d *driver) {
		d.keys("down", "enter")
		d.wants("Go on with", "lab-multi-node")
		d.keys("enter")
		d.wants("Accounts", "root")
		d.keys("esc", "esc", "esc", "esc", "esc") // back through all pages, and out
		d.wants("Go on with")
		d.keys("x")
		for _, r := range "lab-multi-node" {
			d.keys(string(r))
		}
		d.keys("enter")
		d.lacks("Go on with")
	})
}

// TestPastedHosts: lines of /etc/hosts and folded ranges, pasted into the hosts' page.
func TestPastedHosts(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	drive(t, 80, 24, ui.Options{Backend: homeless{b}}, func(d *driver) {
		d.keys("down", "enter", "down", "enter")
		d.wants("needed")
		d.keys("t")
		d.send(tea.PasteMsg{Content: "192.0.2.11 ctl1.example ctl1 # the first\n"})
		d.keys("ctrl+s")
		d.wants("ctl1")
		d.keys("end", "enter")
		d.send(tea.PasteMsg{Content: "cmp[1-3] 192.0.2.[21-23]\ncmp7\t192.0.2.27 # spare\n"})
		d.keys("enter")
		d.wants("cmp[1-3] cmp7")
		d.keys("r")
		d.wants("[x]", "192.0.2.27")
		d.keys("down", "right", "space")
		d.keys("esc")
		s := d.screen()
		if !strings.Contains(s, "Network hosts  cmp1") {
			t.Errorf("the role was not given:\n%s", s)
		}
	})
}

// TestADiskThatIsFull: what could not be saved is said, and stays on the screen.
func TestADiskThatIsFull(t *testing.T) {
	b := &stage.Backend{Root: t.TempDir()}
	drive(t, 80, 24, ui.Options{Backend: b}, func(d *driver) {
		d.keys("down", "enter", "enter")
		b.Full = true
		d.keys("n")
		d.wants("no space left")
		d.keys("n")
		d.wants("could not be saved")
		b.Full = false
		d.keys("n")
		d.keys("up")
		d.lacks("could not be saved")
	})
}
