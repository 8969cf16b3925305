package kolla

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const realInventory = `# These groups are the ones to edit
[control]
ctl1 ansible_host=192.0.2.11   # first rack
ctl2 ansible_host=192.0.2.12 ansible_user='stack' note="a b"
; another kind of comment
  ctl3:2222

[network]
net[01:02]
[compute]   # compute hosts
cmp[1:3]
cmp-[a:c:2].example

[monitoring]
ctl1
[storage]
[deployment]
localhost       ansible_connection=local

[baremetal:children]
control # all of them
network
compute

[compute:vars]
network_interface=bond0
neutron_external_interface = "bond1"

[all:vars]
ansible_python_interpreter=/usr/bin/python3
`

func inventory(t testing.TB, text string) *Inventory {
	t.Helper()
	inv, err := ParseInventory([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func TestInventoryRead(t *testing.T) {
	for _, text := range []string{realInventory, strings.ReplaceAll(realInventory, "\n", "\r\n"), strings.TrimSuffix(realInventory, "\n"), "", "\n", "a\nb c=d"} {
		if got := string(inventory(t, text).Bytes()); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	inv := inventory(t, realInventory)
	for group, want := range map[string]string{
		"control": "ctl1 ctl2 ctl3", "network": "net01 net02", "compute": "cmp1 cmp2 cmp3 cmp-a.example cmp-c.example", "storage": "",
		"baremetal": "ctl1 ctl2 ctl3 net01 net02 cmp1 cmp2 cmp3 cmp-a.example cmp-c.example", "deployment": "localhost",
	} {
		if got := strings.Join(inv.Members(group), " "); got != want {
			t.Errorf("%s: %s; want %s", group, got, want)
		}
	}
	for key, want := range map[string]string{
		"ctl1 ansible_host": "192.0.2.11", "ctl2 ansible_user": "stack", "ctl2 note": "a b", "ctl3 ansible_port": "2222", "localhost ansible_connection": "local",
		"cmp1 network_interface": "bond0", "cmp1 neutron_external_interface": "bond1", "ctl1 ansible_python_interpreter": "/usr/bin/python3",
	} {
		host, name, _ := strings.Cut(key, " ")
		if got, ok := inv.Var(host, name); !ok || got.Value != want {
			t.Errorf("%s: %+v; want %s", key, got, want)
		}
	}
	if _, ok := inv.Var("ctl1", "network_interface"); ok {
		t.Error("ctl1 has a variable of the compute hosts")
	}
	if got := strings.Join(inv.Of("ctl1"), " "); got != "control monitoring baremetal" {
		t.Errorf("ctl1 is in %s", got)
	}
}

// TestInventoryIPv6: addresses in brackets with a port, as Ansible takes them.
func TestInventoryIPv6(t *testing.T) {
	inv := inventory(t, "[g]\n[2001:db8::1]:2222 x=1\n2001:db8::2\n")
	if a, _ := inv.Var("2001:db8::1", "ansible_port"); a.Value != "2222" || strings.Join(inv.Hosts(), " ") != "2001:db8::1 2001:db8::2" {
		t.Errorf("%v %+v", inv.Hosts(), a)
	}
	if _, err := ParseInventory([]byte("[g]\n[2001:db8::1]:70000\n")); err == nil {
		t.Error("a port beyond all ports")
	}
}

func TestInventoryEdit(t *testing.T) {
	for _, tc := range []struct {
		name      string
		edit      func(*Inventory) error
		old, want string
	}{
		{"host added", func(i *Inventory) error {
			return i.AddHost("storage", "sto1", Assignment{Name: "ansible_host", Value: "192.0.2.31"})
		}, "[storage]\n", "[storage]\nsto1 ansible_host=192.0.2.31\n"},
		{"host behind others", func(i *Inventory) error { return i.AddHost("control", "ctl4") }, "  ctl3:2222\n", "  ctl3:2222\nctl4\n"},
		{"host removed", func(i *Inventory) error { return i.RemoveHost("monitoring", "ctl1") }, "[monitoring]\nctl1\n", "[monitoring]\n"},
		{"variable changed", func(i *Inventory) error { return i.SetHostVar("ctl1", "ansible_host", "192.0.2.99") }, "192.0.2.11   # first", "192.0.2.99   # first"},
		{"quoted variable changed", func(i *Inventory) error { return i.SetHostVar("ctl2", "ansible_user", "root") }, "ansible_user='stack' note", "ansible_user=root note"},
		{"variable added", func(i *Inventory) error { return i.SetHostVar("ctl1", "ansible_user", "stack") }, "192.0.2.11   #", "192.0.2.11 ansible_user=stack   #"},
		{"group variable changed", func(i *Inventory) error { return i.SetGroupVar("compute", "network_interface", "eth0") }, "=bond0", "=eth0"},
		{"with blanks", func(i *Inventory) error { return i.SetGroupVar("compute", "neutron_external_interface", "eth9") }, `"bond1"`, "eth9"},
		{"group variable added", func(i *Inventory) error { return i.SetGroupVar("compute", "tunnel_interface", "eth2") }, "\"bond1\"\n", "\"bond1\"\ntunnel_interface=eth2\n"},
		{"section added", func(i *Inventory) error { return i.SetGroupVar("network", "tunnel_interface", "eth2") }, "/usr/bin/python3\n", "/usr/bin/python3\n\n[network:vars]\ntunnel_interface=eth2\n"},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			with := func(s string) string { return strings.ReplaceAll(s, "\n", eol) }
			inv := inventory(t, with(realInventory))
			if err := tc.edit(inv); err != nil {
				t.Errorf("%s: %v", tc.name, err)
				continue
			}
			if strings.Count(realInventory, tc.old) != 1 {
				t.Fatalf("%s: %q is not once in the file", tc.name, tc.old)
			}
			if got, want := string(inv.Bytes()), with(strings.Replace(realInventory, tc.old, tc.want, 1)); got != want {
				t.Errorf("%s: lines %v:\n%s", tc.name, change([]byte(want), []byte(got)), got)
			}
		}
	}
	inv := inventory(t, realInventory)
	for _, tc := range []struct {
		err  error
		code string
	}{
		{inv.AddHost("control", "ctl1"), "inventory.host.there"},
		{inv.AddHost("nowhere", "x"), "inventory.group.none"},
		{inv.AddHost("control", "a b"), "inventory.host.name"},
		{inv.AddHost("control", "a[1:2]"), "inventory.host.name"},
		{inv.AddHost("control", "x", Assignment{Name: "n", Value: "a\nb"}), "inventory.value"},
		{inv.RemoveHost("compute", "cmp2"), "inventory.host.range"},
		{inv.SetHostVar("ctl1", "a b", "c"), "inventory.variable.name"},
		{inv.SetHostVar("ctl1", "ab", "c d"), "inventory.value"},
	} {
		var f *Fault
		if !errors.As(tc.err, &f) || f.Code != tc.code {
			t.Errorf("%v, want %s", tc.err, tc.code)
		}
	}
	if string(inv.Bytes()) != realInventory {
		t.Error("what was refused changed the file")
	}
}

func TestInventoryFaults(t *testing.T) {
	for _, tc := range []struct {
		text string
		line int
		key  string
		code string
	}{
		{"[control]\nctl[1-3]\n", 2, "ctl[1-3]", "inventory.range"},
		{"[control]\nctl[1:]\n", 2, "ctl[1:]", "inventory.range"},
		{"[control]\nctl[3:1]\n", 2, "ctl[3:1]", "inventory.range.order"},
		{"[control]\nctl[01:100]\n", 2, "ctl[01:100]", "inventory.range.width"},
		{"[control]\nctl[1:99999999]\n", 2, "ctl[1:99999999]", "inventory.many"},
		{"[control]\na[1:900]b[1:900]c[1:900]\n", 2, "a[1:900]b[1:900]c[1:900]", "inventory.many"},
		{"[control]\nctl1 root\n", 2, "ctl1", "inventory.assignment"},
		{"[control]\nctl1 a='b\n", 2, "control", "inventory.quote"},
		{"[control]\nctl1:99999\n", 2, "ctl1:99999", "inventory.port"},
		{"[con trol]\nctl1\n", 1, "[con trol]", "inventory.section.name"},
		{"[control:hsots]\nctl1\n", 1, "control", "inventory.section.kind"},
		{"[a:children]\nb\n", 2, "b", "inventory.child.unknown"},
		{"[a:vars]\nx=1\n", 1, "a", "inventory.vars.unknown"},
		{"[a:children]\nb c\n[b]\n", 2, "a", "inventory.child"},
		{"[a]\n[a:vars]\njust words\n", 3, "a", "inventory.variable"},
		{"[a:children]\nb\n[b:children]\na\n", 4, "a", "inventory.circle"},
		{"[a:children]\na\n", 2, "a", "inventory.circle"},
		{"---\nall:\n  hosts:\n", 1, "---", "inventory.yaml"},
		{"[a]\n\xff\n", 2, "", "kolla.encoding"},
		{"[a]\nctl1\u00a0ansible_host=192.0.2.1\n", 2, "a", "inventory.blank"},
		{bom + "[a]\n", 1, "", "kolla.bom"},
	} {
		_, err := ParseInventory([]byte(tc.text))
		var f *Fault
		if !errors.As(err, &f) {
			t.Errorf("%q was read: %v", tc.text, err)
			continue
		}
		if f.Code != tc.code || f.Line != tc.line || f.Key != tc.key {
			t.Errorf("%q: line %d key %q code %s; want %d %q %s", tc.text, f.Line, f.Key, f.Code, tc.line, tc.key, tc.code)
		}
	}
}

// madeInventory is a random one that is in order.
func madeInventory(r *rand.Rand, lines int) string {
	var b strings.Builder
	eol := []string{"\n", "\r\n"}[r.IntN(2)]
	names := []string{"control", "network", "compute", "storage", "monitoring"}
	for _, g := range names {
		fmt.Fprintf(&b, "[%s]%s", g, eol)
		for i := range lines / len(names) {
			switch r.IntN(6) {
			case 0:
				b.WriteString("# comment" + eol)
			case 1:
				b.WriteString(eol)
			case 2:
				fmt.Fprintf(&b, "%s-r%d-[%d:%d]%s", g, i, i, i+2, eol)
			default:
				fmt.Fprintf(&b, "%s%d ansible_host=192.0.2.%d%s%s", g, i, r.IntN(250), []string{"", " # c", "  ansible_user=\"x\""}[r.IntN(3)], eol)
			}
		}
	}
	b.WriteString("[baremetal:children]" + eol + "control" + eol + "compute")
	return b.String()
}

func TestInventoryOneLine(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		text := madeInventory(r, 5+r.IntN(60))
		inv := inventory(t, text)
		if string(inv.Bytes()) != text {
			t.Fatalf("%q became %q", text, inv.Bytes())
		}
		for _, h := range inv.Hosts() {
			if strings.Contains(h, "-r") {
				continue
			}
			again := inventory(t, text)
			if err := again.SetHostVar(h, "ansible_host", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			if c := change([]byte(text), again.Bytes()); len(c) != 1 || c[0] != inv.HostLine(h) {
				t.Fatalf("%s: lines %v changed", h, c)
			}
			if a, _ := inventory(t, string(again.Bytes())).Var(h, "ansible_host"); a.Value != "198.51.100.7" {
				t.Fatalf("%s: %+v", h, a)
			}
		}
	}
}

func FuzzInventory(f *testing.F) {
	f.Add([]byte(realInventory))
	f.Add([]byte("[a]\nb[1:3]c[a:c] d='e f' # g\n[g:children]\na\n[g:vars]\nx = 'y'\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		inv, err := ParseInventory(data)
		if err != nil {
			var f *Fault
			if !errors.As(err, &f) || f.Code == "" {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		if !bytes.Equal(inv.Bytes(), data) {
			t.Fatalf("%q became %q", data, inv.Bytes())
		}
		hosts := inv.Hosts()
		for n, h := range hosts {
			if n > 5 {
				break
			}
			if err := inv.SetHostVar(h, "new_variable", "192.0.2.1"); err != nil {
				continue
			}
			if a, ok := inv.Var(h, "new_variable"); !ok || a.Value != "192.0.2.1" {
				t.Fatalf("%q: %s has %+v", inv.Bytes(), h, a)
			}
			if !slices.Equal(inv.Hosts(), hosts) {
				t.Fatalf("%q: the hosts became %v", data, inv.Hosts())
			}
		}
	})
}
