package redact

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// simple does what the Redactor does, without any cleverness: it looks for each form at each
// place, drops the hits inside others, and hides the bytes of the rest.
func simple(secrets map[string]string, text string) string {
	r := NewRedactor(secrets) // for the order of the names only
	type at struct{ start, end, name int }
	var hits []at
	taken := map[string]bool{}
	for i, name := range r.names {
		for _, form := range forms(secrets[name]) {
			if len(form) < Shortest || taken[form] {
				continue
			}
			taken[form] = true
			for s := 0; s+len(form) <= len(text); s++ {
				if text[s:s+len(form)] == form {
					hits = append(hits, at{s, s + len(form), i})
				}
			}
		}
	}
	begins := map[int]at{}
	hidden := make([]bool, len(text))
	for i, h := range hits {
		inside := false
		for j, o := range hits {
			if i != j && o.start <= h.start && o.end >= h.end {
				inside = true
			}
		}
		if inside {
			continue
		}
		begins[h.start] = h
		for k := h.start; k < h.end; k++ {
			hidden[k] = true
		}
	}
	var b strings.Builder
	for i := range len(text) {
		if h, ok := begins[i]; ok {
			b.WriteString(Marker(r.names[h.name]))
		}
		if !hidden[i] {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// FuzzWriter: for any secrets, any text made of them and of pieces of them, and any way of
// cutting it, the stream gives what the simple way gives, and no secret is in it.
func FuzzWriter(f *testing.F) {
	f.Add("hunter22", "abcab", "ab\ncd", "some text", uint64(1))
	f.Add("aaaa", "aaaaaab", "abaa", "aaaaaaaaaaaaaaaaaaaaab", uint64(2))
	f.Add(awkward, "p'a\"", "비밀번호", "x", uint64(3))
	f.Fuzz(func(t *testing.T, a, b, c, text string, seed uint64) {
		if len(a)+len(b)+len(c) > 200 || len(text) > 400 {
			return
		}
		secrets := map[string]string{"a": a, "b": b, "c": c}
		rnd := rand.New(rand.NewPCG(seed, 1))
		var pool []string
		for _, s := range []string{a, b, c} {
			pool = append(pool, forms(s)...)
		}
		var mix strings.Builder
		for i := range 12 {
			s := pool[rnd.IntN(len(pool))]
			switch {
			case i%4 == 3 && text != "":
				k := rnd.IntN(len(text))
				s = text[k:]
				text = text[:k]
			case i%4 == 2 && s != "": // a part of a secret
				s = s[rnd.IntN(len(s)):]
			case i%4 == 1 && s != "":
				s = s[:rnd.IntN(len(s))]
			}
			mix.WriteString(s)
		}
		whole := mix.String()
		r := NewRedactor(secrets)
		want := simple(secrets, whole)
		if got := r.String(whole); got != want {
			t.Fatalf("String(%q) = %q, want %q (secrets %q)", whole, got, want, secrets)
		}
		var out strings.Builder
		w := r.Writer(&out)
		for rest := whole; rest != ""; {
			k := 1 + rnd.IntN(len(rest))
			if rnd.IntN(3) > 0 {
				k = min(k, 1+rnd.IntN(8))
			}
			if n, err := w.Write([]byte(rest[:k])); n != k || err != nil {
				t.Fatal(n, err)
			}
			rest = rest[k:]
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Fatalf("in pieces: %q, want %q (text %q, secrets %q)", out.String(), want, whole, secrets)
		}
		for name, s := range secrets {
			// Whoever chooses "secret" or "]x[s" as a password meets it in the markers.
			if len(s) < Shortest || strings.ContainsAny(s, "[]") || strings.Contains(fmt.Sprint(r.markers), s) {
				continue
			}
			if strings.Contains(out.String(), s) {
				t.Fatalf("secret %s (%q) is in %q", name, s, out.String())
			}
		}
	})
}
