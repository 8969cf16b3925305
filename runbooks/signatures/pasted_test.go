package signatures

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"stackhand/runbooks"
)

func ofOurs(t testing.TB) *Matcher {
	t.Helper()
	set, found := Decode(runbooks.Signatures, "signatures.yaml")
	if set == nil {
		t.Fatal(found)
	}
	return NewMatcher(set)
}

const (
	known    = `2022-08-11 03:12:44.120 7 ERROR nova (2003, "Can't connect to MySQL server on '192.0.2.%d' (111)")`
	tempting = `2022-08-11 03:12:44.120 7 INFO nova mysql rabbitmq haproxy wsrep Galera connection refused, libvirt QueuePool AMQP server`
)

// TestTextInParts: a text that is looked at in parts gives each hit once, in its order, with its line; a record
// that goes over the border of two parts is one.
func TestTextInParts(t *testing.T) {
	m := ofOurs(t)
	var b bytes.Buffer
	var want []int
	for line := 0; b.Len() < 3*sizeOfPart; line++ {
		switch {
		case line%5000 == 17:
			want = append(want, line)
			fmt.Fprintf(&b, known+"\n", line%200)
		case line%3 == 0:
			b.WriteString("2022-08-11 03:12:44.120 7 INFO nova.api all is well\n")
		default:
			b.WriteString("    a further line of the record\n")
		}
	}
	hits, left := m.Text(b.Bytes(), "")
	if left != 0 || len(hits) != len(want) || len(want) < 5 {
		t.Fatalf("%d hits, want %d; %d bytes left", len(hits), len(want), left)
	}
	for i, h := range hits {
		if h.Line != want[i] || h.Fields["address"] != fmt.Sprintf("192.0.2.%d", want[i]%200) {
			t.Errorf("hit %d: line %d %v, want %d", i, h.Line, h.Fields, want[i])
		}
	}
	for _, text := range []string{"", "\n", "\n\n", fmt.Sprintf(known, 1), fmt.Sprintf(known, 1) + "\n"} {
		if hits, left := m.Text([]byte(text), ""); left != 0 || len(hits) != strings.Count(text, "2003") {
			t.Errorf("%q: %v, %d left", text, hits, left)
		}
	}
	if hits, left := m.Text(append(bytes.Repeat([]byte("x "), sizeOfPart), []byte("\n"+fmt.Sprintf(known, 9)+"\n"+strings.Repeat("y ", sizeOfPart))...), ""); left != 0 || len(hits) != 1 || hits[0].Line != 1 {
		t.Errorf("between two endless lines: %v, %d left", hits, left)
	}
}

// TestTextIsBounded: of a text in which every line has the words of many signatures only the end is looked
// at, and how much was not is said; what is newest is found.
func TestTextIsBounded(t *testing.T) {
	m := ofOurs(t)
	cost := 0
	m.records(bytes.Repeat([]byte(tempting+"\n"), 500), "", &cost)
	if cost < 500*len(tempting) {
		t.Fatalf("patterns were tried on %d bytes only: the lines tempt nobody", cost)
	}
	// The limits are looked at after each part.
	of := func(line string) []byte {
		text := append([]byte(fmt.Sprintf(known, 1)+"\n"), bytes.Repeat([]byte(line+"\n"), 3*sizeOfPart/len(line))...)
		return append(text, []byte(fmt.Sprintf(known, 2)+"\n")...)
	}
	for name, c := range map[string]struct {
		text       []byte
		size, cost int
		parts      int // that are looked at
	}{
		"work":    {of(tempting), 9 * sizeOfPart, cost, 1},
		"size":    {of("all is well, and the line is as long as others are"), sizeOfPart, mostCost, 1},
		"no more": {of("all is well, and the line is as long as others are"), 9 * sizeOfPart, mostCost, 4},
	} {
		if name == "work" && os.Getenv("STACKHAND_LONG") == "" {
			continue // two minutes with the race detector
		}
		hits, left := m.lastOf(c.text, "", c.size, c.cost)
		if c.parts == 4 {
			if left != 0 || len(hits) != 2 {
				t.Errorf("%s: %d bytes of %d were left; %v", name, left, len(c.text), hits)
			}
			continue
		}
		if read := len(c.text) - left; read > (c.parts+1)*sizeOfPart || read < c.parts*sizeOfPart/2 || c.text[left-1] != '\n' {
			t.Errorf("%s: %d bytes of %d were looked at", name, read, len(c.text))
		}
		if len(hits) != 1 || hits[0].Fields["address"] != "192.0.2.2" || hits[0].Line != bytes.Count(c.text, []byte("\n"))-1 {
			t.Errorf("%s: %+v", name, hits)
		}
	}
}

// BenchmarkText is a ratio: 100 MB in which every line has the words of many signatures beside a tenth of that.
// Its limit makes the two cost about the same.
func BenchmarkText(b *testing.B) {
	m := ofOurs(b)
	for _, size := range []int{10 << 20, 100 << 20} {
		text := bytes.Repeat([]byte(tempting+"\n"), size/len(tempting))
		b.Run(fmt.Sprintf("%dMiB", size>>20), func(b *testing.B) {
			left := 0
			for b.Loop() {
				_, left = m.Text(text, "")
			}
			b.ReportMetric(float64(left)/(1<<20), "MiB-left")
		})
	}
}
