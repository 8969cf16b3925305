package ui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/text/unicode/norm"

	"stackhand/ui/celltext"
)

// field is a line of text being typed. It knows where its cursor is in cells, so that the
// terminal's own cursor can stand there, which is where an input method composes.
type field struct {
	runes  []rune
	pos    int
	masked bool
	most   int // signs; 0: 4096
}

func (f *field) value() string { return string(f.runes) }

func (f *field) set(s string) {
	f.runes = []rune(norm.NFC.String(s))
	f.pos = len(f.runes)
}

func (f *field) insert(s string) {
	s = strings.ToValidUTF8(s, "")
	for _, r := range norm.NFC.String(s) {
		most := f.most
		if most == 0 {
			most = 4096
		}
		if !unicode.IsPrint(r) || len(f.runes) >= most {
			continue
		}
		f.runes = append(f.runes[:f.pos], append([]rune{r}, f.runes[f.pos:]...)...)
		f.pos++
	}
	// Jamo that arrived one by one may have become a syllable.
	before := norm.NFC.String(string(f.runes[:f.pos]))
	after := f.runes[f.pos:]
	f.runes = append([]rune(before), after...)
	f.pos = len([]rune(before))
}

// key edits; false when the key is not for a text field.
func (f *field) key(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "ctrl+b":
		f.pos = max(f.pos-1, 0)
	case "right", "ctrl+f":
		f.pos = min(f.pos+1, len(f.runes))
	case "home", "ctrl+a":
		f.pos = 0
	case "end", "ctrl+e":
		f.pos = len(f.runes)
	case "backspace", "ctrl+h":
		if f.pos > 0 {
			f.runes = append(f.runes[:f.pos-1], f.runes[f.pos:]...)
			f.pos--
		}
	case "delete", "ctrl+d":
		if f.pos < len(f.runes) {
			f.runes = append(f.runes[:f.pos], f.runes[f.pos+1:]...)
		}
	case "ctrl+u":
		f.runes, f.pos = append([]rune(nil), f.runes[f.pos:]...), 0
	case "ctrl+k":
		f.runes = f.runes[:f.pos]
	default:
		if k.Text == "" || k.Mod&(tea.ModCtrl|tea.ModAlt) != 0 {
			return false
		}
		f.insert(k.Text)
	}
	return true
}

// view shows w cells around the cursor; x is the cursor's column in them.
func (f *field) view(w int) (text string, x int) {
	shown := f.runes
	if f.masked {
		shown = []rune(strings.Repeat("*", len(f.runes)))
	}
	left := 0
	for left < f.pos && celltext.Width(string(shown[left:f.pos])) >= w {
		left++
	}
	x = celltext.Width(string(shown[left:f.pos]))
	return celltext.Cut(string(shown[left:]), w, ""), min(x, max(w-1, 0))
}
