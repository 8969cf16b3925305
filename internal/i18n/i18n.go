// Package i18n holds every word that Stackhand shows, in English and Korean.
//
// One file an area (ui.go, plain.go, hosts.go, lab.go, problems.go …). Each area is a
// struct of strings, so that a missing name does not compile, with one function a language
// that fills it; a test looks for empty fields and for placeholders that differ. Texts carry
// their arguments as {name}, filled by Fill. It may import nothing but the standard library.
package i18n

import (
	"slices"
	"strings"
)

// Lang is a language of the screen.
type Lang string

// The languages that Stackhand speaks.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// Detect returns the language for a locale as the environment gives it: the first that is
// set of LC_ALL, LC_MESSAGES and LANG (POSIX.1-2017, 8.2). Anything but Korean is English.
func Detect(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(v, "ko") {
				return Korean
			}
			return English
		}
	}
	return English
}

// Text is a sentence in both languages, as procedures carry them.
type Text struct {
	En string `yaml:"en" json:"en,omitempty"`
	Ko string `yaml:"ko" json:"ko,omitempty"`
}

// In returns the sentence in the language asked for, or in the other one when it is missing.
func (t Text) In(l Lang) string {
	if l == Korean && t.Ko != "" || t.En == "" {
		return t.Ko
	}
	return t.En
}

// Empty tells whether there is nothing to say.
func (t Text) Empty() bool { return t.En == "" && t.Ko == "" }

// Fill puts values in place of {name}. Arguments come in pairs, name then value; what is
// not named stays as it is, so that a forgotten argument is seen.
func Fill(s string, pairs ...string) string {
	pairs = slices.Clone(pairs) // the caller may use its own again
	for i := range pairs {
		if i%2 == 0 {
			pairs[i] = "{" + pairs[i] + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
