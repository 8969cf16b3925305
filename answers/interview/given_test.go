package interview

import "testing"

// TestHostsBackToTheSite: roles and networks that were changed by hand go back, each by itself,
// to what the site said; what was not touched is still the site's.
func TestHostsBackToTheSite(t *testing.T) {
	d := begin(t, wallaby)
	d.UseSite(east())
	field := func(key string) Field {
		f, ok := d.ownField(key)
		if !ok {
			t.Fatal(key)
		}
		return f
	}
	for _, s := range [][2]string{{"@hosts.deploy", "cmp1"}, {"@hosts.storage", "cmp1"}, {"@net.tunnel", "198.51.100.0/25"}} {
		before := field(s[0])
		if before.Typed || d.Reset(s[0]) {
			t.Errorf("%s: the site's own is said to be typed", s[0])
		}
		if err := d.Set(s[0], s[1]); err != nil {
			t.Fatal(err)
		}
		if f := field(s[0]); !f.Typed || f.Value != s[1] || f.Default != before.Value {
			t.Errorf("%s: %+v", s[0], f)
		}
		if f := field("@hosts.compute"); f.Typed || f.Origin != FromHosts {
			t.Errorf("compute is not the site's any more: %+v", f)
		}
	}
	if err := d.decode(d.encode()); err != nil { // started again
		t.Fatal(err)
	}
	for key, want := range map[string]string{"@hosts.deploy": "", "@hosts.storage": "cmp2", "@net.tunnel": "198.51.100.0/24"} {
		if !d.Reset(key) {
			t.Errorf("%s does not go back", key)
		}
		if f := field(key); f.Value != want || f.Typed {
			t.Errorf("%s: %+v", key, f)
		}
	}
}
