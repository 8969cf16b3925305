package diagnose

import (
	"strings"
	"testing"

	"stackhand/internal/i18n"
	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
)

// TestTextSaysWhatItLeft: a text that was not looked at from its beginning says so, in the operator's
// language, and reports as read what was; how often something is there survives the merge.
func TestTextSaysWhatItLeft(t *testing.T) {
	set, found := signatures.DecodeTried(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	m := signatures.NewMatcher(set)
	line := "7 ERROR nova (2003, \"Can't connect to MySQL server on '192.0.2.9' (111)\")\n"
	hide := func(s string) string { return strings.ReplaceAll(s, "192.0.2.9", "[hidden]") }
	// What is left of a large text is tested beside the matcher; here it is told that some was.
	text := []byte(strings.Repeat("all is well\n", 100) + line + line)
	hits, none := m.Text(text, "big.log")
	if none != 0 {
		t.Fatal(none)
	}
	r := Merge(ofText(text, "big.log", hide, hits, 600), Text(m, []byte(line), "-", hide))
	if len(r.Unread) != 1 || r.Unread[0].What != "big.log" || r.Unread[0].Count != 600 || r.Read[0].Bytes != int64(len(text)-600) || r.Read[0].Lines != 53 {
		t.Errorf("%+v %+v", r.Unread, r.Read)
	}
	r.Unread[0].Count = 29<<20 + 1<<19
	for lang, want := range map[i18n.Lang]string{i18n.English: "not the first 29.5 MiB", i18n.Korean: "보지 않은 앞부분: 29.5 MiB"} {
		if got := r.Unread[0].Left(i18n.For(lang)); !strings.Contains(got, want) {
			t.Errorf("%q", got)
		}
	}
	if len(r.Findings) != 1 || r.Findings[0].Count != 3 || len(r.Findings[0].Places) != 2 || r.Findings[0].Places[0].Count != 2 {
		t.Fatalf("%+v", r.Findings)
	}
	for _, p := range r.Findings[0].Places {
		if strings.Contains(p.Text, "192.0.2.9") || strings.Contains(p.Fields["address"], "192.0.2.9") {
			t.Errorf("not hidden: %+v", p)
		}
	}
}
