package redact

import (
	"bytes"
	"io"
	"regexp"
	"strings"
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

// Where a private key begins and ends.
var (
	keyBegins = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`)
	keyEnds   = regexp.MustCompile(`-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----`)
)

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
	if g.key || g.files && bytes.Contains(b, []byte("PRIVATE KEY")) {
		return g.keys(b)
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

// keys takes private keys out of a line: all of one may stand in it, as in JSON, or a part.
func (g *guesser) keys(b []byte) (out []byte) {
	for {
		marker := keyBegins
		if g.key {
			marker = keyEnds
		}
		at := marker.FindIndex(b)
		if at == nil {
			at = []int{len(b), len(b)}
		}
		if inside := b[:at[0]]; g.key && len(bytes.TrimSpace(inside)) > 0 {
			out = append(out, Guessed...)
			if bytes.HasSuffix(inside, []byte("\n")) {
				out = append(out, '\n')
			}
		} else {
			out = append(out, inside...)
		}
		if at[0] == len(b) {
			return out
		}
		out, b, g.key = append(out, b[at[0]:at[1]]...), b[at[1]:], !g.key
	}
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

// GuessText is Guess for a text that is no file of a host, such as a report.
func GuessText(s string) string {
	var out strings.Builder
	g := Guess(&out, false)
	io.WriteString(g, s) // to memory: it cannot fail
	g.Close()
	return out.String()
}
