package lab

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"stackhand/internal/problem"
)

func TestOpenRefusesNamesAndPlaces(t *testing.T) {
	for _, tc := range []struct {
		c    Config
		want problem.Code
	}{
		{Config{Name: "Lab", Base: "/tmp"}, BadName},
		{Config{Name: "../lab", Base: "/tmp"}, BadName},
		{Config{Name: "images", Base: "/tmp"}, BadName},
		{Config{Name: "-x", Base: "/tmp"}, BadName},
		{Config{Base: "/tmp/a,b"}, BadPath},
		{Config{Base: "/tmp/a:b"}, BadPath},
		{Config{Base: "/tmp", Subnet: "10.78.0"}, BadName},
		{Config{Base: "/tmp", Subnet: "10.77.255"}, BadName},
	} {
		if _, err := Open(tc.c); !problem.Is(err, tc.want) {
			t.Errorf("Open(%+v): %v, want %s", tc.c, err, tc.want)
		}
	}
	for _, subnet := range []string{"10.77.0", "10.77.9", "10.77.99", "10.77.199", "10.77.254"} {
		if _, err := Open(Config{Base: "/tmp", Subnet: subnet}); err != nil {
			t.Errorf("Open with subnet %s: %v", subnet, err)
		}
	}
}

func TestAddressesAreGivenOnce(t *testing.T) {
	r := &record{Subnet: "10.77.4"}
	if err := r.add([]string{"ctl1", "cmp1"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.add([]string{"cmp2", "ctl1"}, nil); err != nil {
		t.Fatal(err)
	}
	want := []hostRecord{{Name: "ctl1", Octet: 11}, {Name: "cmp1", Octet: 12}, {Name: "cmp2", Octet: 13}}
	if d := cmp.Diff(want, r.Hosts); d != "" {
		t.Error(d)
	}
	if got := r.address("cmp2"); got != "10.77.4.13" {
		t.Errorf("address of cmp2: %s", got)
	}
	for _, bad := range []string{"", "a b", "$(reboot)", "UP", "x.y", "-a", "a-", "localhost", ".stackhand"} {
		if err := r.add([]string{bad}, nil); !problem.Is(err, BadName) {
			t.Errorf("host %q: %v, want %s", bad, err, BadName)
		}
	}
	if err := r.add(DefaultHosts(90), nil); !problem.Is(err, Full) {
		t.Errorf("90 hosts: %v, want %s", err, Full)
	}
}

func TestParseMirrors(t *testing.T) {
	out := "Packages main bookworm http://mirror.example/debian/\n" +
		"DEP-11 main bookworm http://mirror.example/debian/\n" +
		"Packages contrib bookworm http://mirror.example/debian/\n" +
		"Packages main bookworm http://second.example/debian/\n" +
		"Packages main bookworm-security https://secure.example:8443/debian-security\n" +
		"Packages stable bookworm https://tools.example/linux/debian\n" +
		"Packages main bookworm-updates file:/srv/debian\n" +
		"torn line\n"
	got := parseMirrors([]byte(out))
	want := []mirror{{"bookworm", "http://mirror.example/debian"}, {"bookworm-security", "https://secure.example:8443/debian-security"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff("deb http://mirror.example/debian bookworm main\ndeb http://secure.example/debian-security bookworm-security main\n",
		sources(got, mirror.inside)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"mirror.example", "secure.example"}, mirrorHosts(got)); d != "" {
		t.Error(d)
	}
	if got := parseMirrors([]byte("Packages main trixie http://mirror.example/debian\n")); got != nil {
		t.Errorf("without the release: %v, want none", got)
	}
}

func TestNamesAll(t *testing.T) {
	hosts := "127.0.0.1 localhost\n10.77.0.11 ctl1 # ctl9\n#10.77.0.12 cmp1\n10.77.0.1\tgateway  mirror.example\n"
	for names, want := range map[string]bool{"ctl1": true, "cmp1": false, "ctl9": false, "mirror.example": true, "10.77.0.11": false} {
		if got := namesAll(hosts, []string{names}); got != want {
			t.Errorf("namesAll(%s) = %v, want %v", names, got, want)
		}
	}
}

func TestRecipesDiffer(t *testing.T) {
	a, err := recipe(Bare)
	if err != nil {
		t.Fatal(err)
	}
	b, err := recipe(Services)
	if err != nil {
		t.Fatal(err)
	}
	if a.version == b.version {
		t.Error("two images of one version")
	}
	if _, err := recipe("other"); !problem.Is(err, UnknownImage) {
		t.Errorf("an image that is not: %v, want %s", err, UnknownImage)
	}
}
