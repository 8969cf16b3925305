package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// forms are the ways in which programs print a value: as it is, quoted for a shell, JSON, Go
// or SQL, escaped for a URL or XML, in base64 and in hex. Two codings on top of each other,
// and base64 broken into lines inside the value, are not among them.
func forms(value string) []string {
	all := []string{value}
	add := func(more ...string) { all = append(all, more...) }

	// Shells: inside '…' as 'it'\''s' (bash, and what sh -x of bash prints) or 'it'"'"'s'
	// (dash); inside "…"; and word by word with backslashes (printf %q).
	add(strings.ReplaceAll(value, `'`, `'\''`), strings.ReplaceAll(value, `'`, `'"'"'`))
	add(escape(value, "\\\"$`"), escape(value, " \\\"$`'!#&()*;<>?[]^{|}~,\t"), escape(value, `\'`))
	// SQL, YAML and INI double the quote.
	add(strings.ReplaceAll(value, `'`, `''`), strings.ReplaceAll(value, `"`, `""`))

	// JSON, with and without Go's \u003c for <, and with \/ as PHP writes it.
	if quoted, err := json.Marshal(value); err == nil {
		inner := string(quoted[1 : len(quoted)-1])
		plain := strings.NewReplacer(`\u003c`, `<`, `\u003e`, `>`, `\u0026`, `&`).Replace(inner)
		add(inner, plain, strings.ReplaceAll(plain, `/`, `\/`))
	}
	for _, quoted := range []string{strconv.Quote(value), strconv.QuoteToASCII(value)} {
		add(quoted[1 : len(quoted)-1])
	}

	for _, escaped := range []string{url.QueryEscape(value), url.PathEscape(value), url.UserPassword("", value).String()[1:],
		strings.ReplaceAll(url.QueryEscape(value), "+", "%20")} {
		add(escaped, lowerPercent(escaped))
	}
	add(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(value),
		strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(value))

	add(hex.EncodeToString([]byte(value)), strings.ToUpper(hex.EncodeToString([]byte(value))))
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		add(e.EncodeToString([]byte(value)))
		for shift := range 3 {
			add(inside(e, value, shift))
		}
	}

	if strings.Contains(value, "\n") {
		add(strings.ReplaceAll(value, "\n", "\r\n"), strings.ReplaceAll(value, "\n", " "))
		// Logs indent or cut a text of several lines; each line of some length is hidden.
		for _, l := range strings.Split(value, "\n") {
			if l = strings.TrimSpace(l); len(l) >= 8 && !strings.HasPrefix(l, "-----") {
				add(l)
			}
		}
	}
	return all
}

// inside is the part of a base64 text that only the value decides, when shift bytes of
// something else stand before it and anything after it.
func inside(e *base64.Encoding, value string, shift int) string {
	text := e.EncodeToString([]byte(strings.Repeat("\x00", shift) + value))
	first := (shift*8 + 5) / 6
	last := (shift + len(value)) * 8 / 6
	return text[min(first, last):last]
}

// escape puts a backslash before each of the characters.
func escape(value, characters string) string {
	var b strings.Builder
	for i := range len(value) {
		if strings.IndexByte(characters, value[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(value[i])
	}
	return b.String()
}

// lowerPercent writes %3A as %3a.
func lowerPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			b[i+1], b[i+2] = lower(b[i+1]), lower(b[i+2])
		}
	}
	return string(b)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'F' {
		return c + 'a' - 'A'
	}
	return c
}
