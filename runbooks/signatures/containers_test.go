package signatures_test

import (
	"slices"
	"testing"
)

// TestContainers: in a list of containers each line is about its own; what is wrong with one is not told
// of its neighbours, however the columns stand.
func TestContainers(t *testing.T) {
	m := own(t)
	for text, want := range map[string][]string{
		"NAMES STATUS\nmariadb   Up 3 days\nrabbitmq  Up 3 days (healthy)\nnova_compute  Restarting (1) 5 seconds ago\n":              nil,
		"NAMES STATUS\nmariadb   Up 3 days (healthy)\nrabbitmq  Up About an hour\nnova_compute  Up 3 days (unhealthy)\n":              nil,
		"NAMES STATUS\nnova_api  Restarting (1) 5 seconds ago\nmariadb   Up 3 days (healthy)\nrabbitmq  Up 3 days (healthy)\n":        nil,
		"NAMES STATUS\nmariadb   Restarting (1) 5 seconds ago\nrabbitmq  Up 3 days (healthy)\n":                                       {"mariadb-not-started"},
		"NAMES STATUS\nmariadb   Up 3 days (healthy)\nrabbitmq  Restarting (69) 5 seconds ago\n":                                      {"rabbit-not-running"},
		"NAMES STATUS\nrabbitmq  Up 3 days (unhealthy)\nmariadb   Up 3 days (healthy)\n":                                              {"rabbit-not-running"},
		"1b2c3d4e5f60  kolla/mariadb-server:zed  \"dumb-init -- kolla_…\"  3 weeks ago  Up 3 minutes (unhealthy)  mariadb\n":          {"galera-no-primary"},
		"● mariadb.service - MariaDB 10.1\n   Active: active (running)\n● postfix.service - Postfix\n   Active: failed (Result: x)\n": nil,
		"● mariadb.service - MariaDB 10.1\n   Loaded: loaded (/usr/lib)\n   Active: failed (Result: exit-code) since 월 2019-11-04\n":  {"mariadb-not-started"},
	} {
		if got := ids(pasted(m, []byte(text), "")); !slices.Equal(got, want) {
			t.Errorf("%s\n  got  %v\n  want %v", text, got, want)
		}
	}
}
