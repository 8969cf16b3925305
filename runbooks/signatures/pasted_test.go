package signatures

import (
	"bytes"
	"fmt"
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
	many := bytes.Repeat([]byte(tempting+"\n"), 6*sizeOfPart/len(tempting))
	text := append([]byte(fmt.Sprintf(known, 1)+"\n"), many...)
	text = append(text, []byte(fmt.Sprintf(known, 2)+"\n")...)
	cost := 0
	m.records(many[:sizeOfPart], "", &cost)
	if cost < sizeOfPart {
		t.Fatalf("patterns were tried on %d bytes only: the lines tempt nobody", cost)
	}
	hits, left := m.lastOf(text, "", len(text), 2*cost)
	if left < 2*sizeOfPart || left > 5*sizeOfPart || text[left-1] != '\n' {
		t.Errorf("%d bytes of %d were left", left, len(text))
	}
	if len(hits) != 1 || hits[0].Fields["address"] != "192.0.2.2" || hits[0].Line != bytes.Count(text, []byte("\n"))-1 {
		t.Errorf("%+v", hits)
	}
	if hits, left := m.lastOf(text, "", 2*sizeOfPart, mostCost); left < len(text)-2*sizeOfPart-len(tempting) || left > len(text)-sizeOfPart || len(hits) != 1 {
		t.Errorf("%d bytes of %d were left by the size; %v", left, len(text), hits)
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
