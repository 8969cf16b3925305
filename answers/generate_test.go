package answers

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

func TestGenerator(t *testing.T) {
	for _, tc := range []struct {
		g    Generator
		form string
	}{
		{Generator{Kind: KindHex, Length: 16}, `^[0-9a-f]{16}$`},
		{Generator{Kind: KindHex, Length: 15}, `^[0-9a-f]{15}$`},
		{Generator{Kind: KindHex, Length: 32}, `^[0-9a-f]{32}$`},
		{Generator{Kind: KindRandom, Length: 40}, `^[A-Za-z0-9]{40}$`},
		{Generator{Kind: KindUUID}, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		{Generator{Kind: KindHMAC}, `^[0-9a-f]{32}$`},
		{Generator{Kind: KindFernet}, `^[A-Za-z0-9_-]{43}=$`},
	} {
		seen := map[string]bool{}
		for range 50 {
			v, err := tc.g.New(rand.Reader)
			if err != nil || !regexp.MustCompile(tc.form).MatchString(v) || seen[v] {
				t.Fatalf("%+v: %q %v", tc.g, v, err)
			}
			seen[v] = true
			if tc.g.Kind == KindFernet {
				if b, err := base64.URLEncoding.DecodeString(v); err != nil || len(b) != 32 {
					t.Fatalf("%q: %v", v, err)
				}
			}
		}
		if _, err := tc.g.New(bytes.NewReader([]byte{1, 2})); err == nil {
			t.Errorf("%+v: made of two bytes", tc.g)
		}
	}
	for _, g := range []Generator{{Kind: KindHex}, {Kind: KindRandom, Length: -1}, {Kind: KindRandom, Length: 1 << 20}, {Kind: KindSSH}, {Kind: KindSame}, {}} {
		if v, err := g.New(rand.Reader); err == nil {
			t.Errorf("%+v: %q", g, v)
		}
	}
	// No letter is likelier than another: bytes that do not fit are thrown away.
	v, err := Generator{Kind: KindRandom, Length: 2}.New(bytes.NewReader([]byte{255, 248, 0, 61}))
	if err != nil || v != "A9" {
		t.Errorf("%q %v", v, err)
	}
	many, err := Generator{Kind: KindRandom, Length: 1000}.New(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range alphanumeric {
		if n := strings.Count(many, string(c)); n > 60 {
			t.Errorf("%c is there %d times of 1000", c, n)
		}
	}
}

func TestNewKeyPair(t *testing.T) {
	pair, err := NewKeyPair(2048)
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode([]byte(pair.Private))
	if block == nil || len(rest) > 0 || block.Type != "PRIVATE KEY" {
		t.Fatal("no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	public, comment, _, _, err := ssh.ParseAuthorizedKey([]byte(pair.Public))
	if err != nil || comment != "" || public.Type() != "ssh-rsa" {
		t.Fatal(err)
	}
	want, err := ssh.NewPublicKey(&key.(*rsa.PrivateKey).PublicKey)
	if err != nil || !bytes.Equal(want.Marshal(), public.Marshal()) {
		t.Errorf("the halves are of different keys: %v", err)
	}
}

func TestFindings(t *testing.T) {
	fs := &Found{File: "f"}
	for i := range 1200 {
		fs.Add(At{Line: 1200 - i, Key: "K"}, Warning, i%3, "key.unknown", "release", "R")
	}
	all := fs.Sorted()
	if len(all) != mostFindings || all[len(all)-1].Code != "findings.many" || !all.Failed() || all.Err() == nil {
		t.Errorf("%d findings", len(all))
	}
	if all[0].Line > all[1].Line {
		t.Error("not in the order of the file")
	}
	if c := all.Corrections(); len(c) != 2 || c[0] != 1 {
		t.Errorf("corrections %v", c)
	}
	one := Findings{all[0]}
	if one.Failed() || one.Err() != nil || !strings.HasPrefix(one.Error(), "f:202: warning: K: R has no such key") {
		t.Errorf("%s", one.Error())
	}
}
