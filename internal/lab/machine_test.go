package lab

import (
	"slices"
	"testing"
)

func TestLacking(t *testing.T) {
	for name, c := range map[string]struct {
		status string
		want   []string
	}{
		"root":          {"Name:\tx\nCapPrm:\t0000000000000000\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n", nil},
		"a container":   {"Name:\tx\nCapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\n", []string{"CAP_NET_ADMIN", "CAP_SYS_ADMIN"}},
		"nobody":        {"Name:\tx\nCapEff:\t0000000000000000\n", []string{"CAP_NET_ADMIN", "CAP_SYS_ADMIN"}},
		"does not say":  {"Name:\tx\n", nil},
		"says nonsense": {"Name:\tx\nCapEff:\tall\n", nil},
	} {
		if got := lacking(c.status); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
