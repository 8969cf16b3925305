package redact

import (
	"bytes"
	"io"
	"regexp"
)

// Guessed stands for a secret whose name is not known.
const Guessed = "[secret]"

// guesses are how configuration files, URLs and dumps of them say a secret that is not the site's
// own: the first group stays, the second one goes.
var guesses = []*regexp.Regexp{
	regexp.MustCompile(`(?i)((?:password|passwd|passphrase|secret|secret_key|_pass|sst_auth|auth_token)["']? *= *\\?["']?)([^\s"'\\|]+)`),
	regexp.MustCompile(`((?://|,)[^\s:/@,"'\\]+:)([^\s@/,"'\\]+)@`),
	regexp.MustCompile(`(?i)((?:\b(?:auth_pass|requirepass|insecure-password)\s+|\bstats auth [^\s:]+:|identified by )["']?)([^\s"'\\|]+)`),
}

// named is the same for YAML, where prose looks alike.
var named = regexp.MustCompile(`(?i)(^[\s-]*["']?[\w.-]*(?:password|passwd|passphrase|secret|secret_key|_pass|auth_token)["']? *: *["']?)([^\s"'\\|]+)`)

const mostHeld = 1 << 20 // bytes of a line that are looked at together

// Guess hides what looks like a secret in files of hosts: their own, which nobody told. What it does
// not know it leaves, so it is for what is handed on, beside the redactor and not in its place.
func Guess(w io.Writer, files bool) io.WriteCloser { return &guesser{to: w, files: files} }

type guesser struct {
	to    io.Writer
	files bool // YAML and keys too
	held  []byte
	key   bool // inside of a private key
}

// Write is io.Writer.
func (g *guesser) Write(p []byte) (int, error) {
	g.held = append(g.held, p...)
	for {
		i := bytes.IndexByte(g.held, '\n')
		if i < 0 && len(g.held) < mostHeld {
			return len(p), nil
		}
		end := i + 1
		if i < 0 {
			end = len(g.held)
		}
		if _, err := g.to.Write(g.line(g.held[:end])); err != nil {
			return 0, err
		}
		g.held = append(g.held[:0], g.held[end:]...)
	}
}

// Close writes what is left.
func (g *guesser) Close() error {
	_, err := g.to.Write(g.line(g.held))
	g.held = nil
	return err
}

func (g *guesser) line(b []byte) []byte {
	if g.files && bytes.Contains(b, []byte("PRIVATE KEY-----")) {
		g.key = bytes.Contains(b, []byte("-----BEGIN")) && !bytes.Contains(b, []byte("-----END"))
		return b
	}
	if g.key {
		return []byte(Guessed + "\n")
	}
	all := guesses
	if g.files {
		all = append(all[:len(all):len(all)], named)
	}
	for _, re := range all {
		b = hide(re, b)
	}
	return b
}

// hide takes the second group of each match out.
func hide(re *regexp.Regexp, b []byte) []byte {
	var out []byte
	at := 0
	for _, m := range re.FindAllSubmatchIndex(b, -1) {
		if bytes.HasPrefix(b[m[4]:], []byte("[secret")) {
			continue // the redactor's
		}
		out = append(append(out, b[at:m[4]]...), Guessed...)
		at = m[5]
	}
	if at == 0 {
		return b
	}
	return append(out, b[at:]...)
}
