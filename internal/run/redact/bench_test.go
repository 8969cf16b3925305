package redact

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func text() []byte {
	line := "2026-11-21T03:12:44 ctl1 mariadbd[4242]: [Note] WSREP: Member 1.0 (ctl2) synced with group. user=keystone p=hunter22\n"
	return []byte(strings.Repeat(line, 1<<13))
}

// BenchmarkCopy is what BenchmarkWriter is to be compared with: a copy of the same bytes in
// the same pieces.
func BenchmarkCopy(b *testing.B) {
	t := text()
	buf := make([]byte, 0, 32<<10)
	b.SetBytes(int64(len(t)))
	for b.Loop() {
		for p := range pieces(t) {
			buf = append(buf[:0], p...)
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	secrets := map[string]string{}
	for _, s := range []string{"keystone", "glance", "placement", "nova", "neutron", "cinder", "rabbit", "metadata", "root", "admin"} {
		secrets[s] = strings.Repeat(s[:4]+"Zq7Xw2", 2) + s
	}
	r := NewRedactor(secrets)
	t := text()
	b.SetBytes(int64(len(t)))
	for b.Loop() {
		w := r.Writer(io.Discard)
		for p := range pieces(t) {
			if _, err := w.Write(p); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func pieces(t []byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		r := bytes.NewReader(t)
		buf := make([]byte, 32<<10)
		for {
			n, err := r.Read(buf)
			if err != nil || !yield(buf[:n]) {
				return
			}
		}
	}
}
