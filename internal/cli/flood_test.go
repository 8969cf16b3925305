package cli

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"stackhand/internal/lab/labtest"
)

// TestFlood runs steps that print a million lines, and one line of 50 MB: the logs are
// complete to the byte, and viewer and engine stay small.
func TestFlood(t *testing.T) {
	t.Parallel()
	l := labtest.Start(t, labtest.Options{Hosts: []string{"ctl1"}})
	c := newConsole(t, l)
	sizes := c.home + "/sizes"
	out, status := c.do([]string{"STACKHAND_TEST_SIZES=" + sizes}, "run", "testdata/flood.yaml", "--site", c.site, "--plain")
	if status != 0 {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	list := c.runs()
	c.sameLogs(l, list[0].Dir)
	st, err := list[0].Dir.State()
	if err != nil {
		t.Fatal(err)
	}
	if v := st.Facts["ctl1"]["final"]; v.V != 1000000 {
		t.Errorf("the fact at the end of the million lines: %+v", v)
	}
	data, err := os.ReadFile(sizes)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Fields(string(data)) {
		what, kib, _ := strings.Cut(line, "=")
		n, err := strconv.Atoi(kib)
		if err != nil || n == 0 {
			t.Fatalf("a size that is none: %q", line)
		}
		t.Logf("%s: %d MiB at most", what, n>>10)
		most := 160 << 10     // half of it without the race detector: 44 MiB, of which the signatures for hints are 20
		if what == "engine" { // it looks for facts in the last megabytes
			most = 200 << 10
		}
		if n > most {
			t.Errorf("%s took %d MiB", what, n>>10)
		}
	}
	if len(strings.Fields(string(data))) < 2 {
		t.Errorf("sizes of viewer and engine are wanted: %s", data)
	}
}
