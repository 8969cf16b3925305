package answers

import (
	"crypto/hmac"
	"crypto/md5" // a kind of value of Kolla
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
)

// Kind is a way in which an installer's own generator makes a secret.
type Kind string

// The kinds. Packstack makes hex only; the others are Kolla's (kolla-genpwd).
const (
	KindHex    Kind = "hex"      // Length lower-case hex digits of random UUIDs, as Packstack cuts them
	KindRandom Kind = "random"   // Length letters and digits
	KindUUID   Kind = "uuid"     // a random UUID, lower case with dashes
	KindHMAC   Kind = "hmac_md5" // hex digest of HMAC-MD5 over nothing, keyed with a fresh UUID
	KindFernet Kind = "fernet"   // 32 random bytes, URL-safe base64 with its padding
	KindSSH    Kind = "ssh"      // an RSA key pair: NewKeyPair
	KindSame   Kind = "same"     // the value of another key: Of
)

// Generator says how a missing secret is made.
type Generator struct {
	Kind   Kind   `json:"kind"`
	Length int    `json:"length,omitempty"` // characters; of hex and random
	Of     string `json:"of,omitempty"`     // of same
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// New makes a secret of one text from a source of random bytes, crypto/rand.Reader outside
// of tests. Key pairs come from NewKeyPair, and "same" is copied by who knows the values.
func (g Generator) New(random io.Reader) (string, error) {
	switch g.Kind {
	case KindHex:
		if g.Length < 1 || g.Length > 1024 {
			return "", fmt.Errorf("a generated secret cannot have %d digits", g.Length)
		}
		// The installer cuts the hex of a random UUID, in which the 13th digit is always 4
		// and the 17th one of 8, 9, a, b. Plain random digits look the same and hold more.
		b := make([]byte, (g.Length+1)/2)
		if _, err := io.ReadFull(random, b); err != nil {
			return "", fmt.Errorf("cannot get random bytes: %w", err)
		}
		return hex.EncodeToString(b)[:g.Length], nil
	case KindRandom:
		return letters(random, g.Length)
	case KindUUID:
		return uuid(random)
	case KindHMAC:
		key, err := uuid(random)
		if err != nil {
			return "", err
		}
		return hex.EncodeToString(hmac.New(md5.New, []byte(key)).Sum(nil)), nil
	case KindFernet:
		b := make([]byte, 32)
		if _, err := io.ReadFull(random, b); err != nil {
			return "", fmt.Errorf("cannot get random bytes: %w", err)
		}
		return base64.URLEncoding.EncodeToString(b), nil
	}
	return "", fmt.Errorf("a secret of kind %q is not made from one text", g.Kind)
}

// letters picks without bias: bytes beyond the last whole alphabet are thrown away.
func letters(random io.Reader, n int) (string, error) {
	if n < 1 || n > 1024 {
		return "", fmt.Errorf("a generated secret cannot have %d characters", n)
	}
	out := make([]byte, 0, n)
	buffer := make([]byte, n)
	for len(out) < n {
		if _, err := io.ReadFull(random, buffer); err != nil {
			return "", fmt.Errorf("cannot get random bytes: %w", err)
		}
		for _, b := range buffer {
			if int(b) < 256/len(alphanumeric)*len(alphanumeric) && len(out) < n {
				out = append(out, alphanumeric[int(b)%len(alphanumeric)])
			}
		}
	}
	return string(out), nil
}

// uuid is a random one (RFC 9562, version 4).
func uuid(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("cannot get random bytes: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// KeyPair is an RSA key pair as Kolla keeps it: private in PEM (PKCS#8, no passphrase),
// public on one line as OpenSSH writes it, without a comment.
type KeyPair struct{ Private, Public string }

// NewKeyPair makes an RSA key pair; Kolla's own generator takes 4096 bits.
func NewKeyPair(bits int) (KeyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return KeyPair{}, fmt.Errorf("cannot make an RSA key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return KeyPair{}, fmt.Errorf("cannot write an RSA key: %w", err)
	}
	// The line is the algorithm's name and the exponent and modulus, each with its length
	// (RFC 4253, 6.6; RFC 4251, 5 for the numbers).
	var wire []byte
	field := func(b []byte) {
		wire = binary.BigEndian.AppendUint32(wire, uint32(len(b)))
		wire = append(wire, b...)
	}
	number := func(n *big.Int) {
		b := n.Bytes()
		if len(b) > 0 && b[0]&0x80 != 0 {
			b = append([]byte{0}, b...)
		}
		field(b)
	}
	field([]byte("ssh-rsa"))
	number(big.NewInt(int64(key.E)))
	number(key.N)
	return KeyPair{
		Private: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		Public:  "ssh-rsa " + base64.StdEncoding.EncodeToString(wire),
	}, nil
}
