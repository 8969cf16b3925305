package packstack

import (
	"strings"
	"testing"
	"time"

	"gopkg.in/ini.v1"
)

// edit reads a file, changes a value and writes it.
func edit(t testing.TB, text []byte) {
	d := Parse(text, "f")
	if err := d.Set("CONFIG_AMQP_HOST", "192.0.2.12"); err != nil {
		t.Fatal(err)
	}
	d.Bytes()
}

// beside is the reading alone of the same file with a library.
func beside(t testing.TB, text []byte) {
	if _, err := ini.LoadSources(ini.LoadOptions{IgnoreInlineComment: true}, text); err != nil {
		t.Fatal(err)
	}
}

// best is the shortest of several tries: what the code takes where the machine does nothing else.
func best(tries int, do func()) time.Duration {
	least := time.Hour
	for range tries {
		start := time.Now()
		do()
		least = min(least, time.Since(start))
	}
	return least
}

// shorter is the beginning of a long file with the documented values behind it.
func shorter(lines int) []byte {
	return []byte("[general]\n" + strings.Join(strings.Split(long(), "\n")[1:lines], "\n") + "\n" + strings.TrimPrefix(good, "[general]\n"))
}

// TestSpeed: to change a line of a long file takes no more than a few readings of it, and ten
// times the lines take about ten times as long. (On an idle machine it is 4 ms for 5,000 lines.)
func TestSpeed(t *testing.T) {
	text, tenth := []byte(long()), shorter(500)
	lib, whole, part := best(5, func() { beside(t, text) }), best(5, func() { edit(t, text) }), best(5, func() { edit(t, tenth) })
	t.Logf("5,000 lines: %v, 500 lines: %v, a library's reading of 5,000: %v", whole, part, lib)
	if whole > 25*lib {
		t.Errorf("%v to change a line, %v to read the file with a library", whole, lib)
	}
	if whole > 60*part {
		t.Errorf("%v for 5,000 lines, %v for 500", whole, part)
	}
}

// BenchmarkLongFile has, beside it, a library that reads the same file.
func BenchmarkLongFile(b *testing.B) {
	text := []byte(long())
	for b.Loop() {
		edit(b, text)
	}
	b.ReportMetric(float64(best(5, func() { edit(b, text) }))/float64(best(5, func() { beside(b, text) })), "x-ini.v1")
}

// BenchmarkCheckLongFile has, beside it, a library that reads the same file.
func BenchmarkCheckLongFile(b *testing.B) {
	text, c := []byte(long()), catalogue(b, "train")
	for b.Loop() {
		Check(Parse(text, "f"), c, Options{})
	}
	b.ReportMetric(float64(best(5, func() { Check(Parse(text, "f"), c, Options{}) }))/float64(best(5, func() { beside(b, text) })), "x-ini.v1")
}
