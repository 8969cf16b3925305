package signatures_test

import (
	"strings"
	"testing"
)

// TestEvidenceOfALongLine: what is shown of a line has the message in it and the time, and cuts no
// word, so that no half of a secret is shown.
func TestEvidenceOfALongLine(t *testing.T) {
	m := own(t)
	message := `(2003, "Can't connect to MySQL server on '192.0.2.9' (111)")`
	for _, size := range []int{300, 1000, 100_000} {
		fill := strings.Repeat("password=hunter22secret ", size/20)
		hits := m.Line([]byte("2022-08-11 03:12:44.120 7 ERROR "+fill+message+" "+fill), "")
		if len(hits) != 1 {
			t.Fatalf("%d: %v", size, ids(hits))
		}
		e := hits[0].Evidence
		if !strings.Contains(e, "Can't connect to MySQL server on '192.0.2.9'") || !strings.HasPrefix(e, "2022-08-11 03:12:44.120") && size < 8<<10 || len(e) > 600 {
			t.Errorf("%d: %s", size, e)
		}
		if left := strings.ReplaceAll(e, "hunter22secret", ""); strings.Contains(left, "hunt") || strings.Contains(left, "cret") {
			t.Errorf("%d: half a word: %s", size, e)
		}
	}
}
