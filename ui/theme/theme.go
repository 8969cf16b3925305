// Package theme turns a few tokens (one accent, three signals, two greys) into the styles and
// signs that all screens use. It knows no screen and no Bubble Tea.
//
// Nothing is said by colour alone: every state has a sign and a word. Signs are all one cell
// wide; the ASCII set is for consoles that have no others.
package theme

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
)

// Signs are the marks and lines of a screen, each one cell wide.
type Signs struct {
	Done, Already, Change, Running, Waiting, Failed, Skipped, Asks, Held, Lost string
	Cursor, Dot, More, Arrow, Left, Up, Down, Bar                              string
	Line, Heavy, Side                                                          string // rules
	TopLeft, TopRight, BottomLeft, BottomRight                                 string // of a dialog
	Full, Empty                                                                string // of a progress bar
}

func unicodeSigns() Signs {
	return Signs{
		Done: "✓", Already: "✓", Change: "→", Running: "●", Waiting: "○", Failed: "✗", Skipped: "–", Asks: "?", Held: "‖", Lost: "!",
		Cursor: "›", Dot: "·", More: "…", Arrow: "→", Left: "←", Up: "↑", Down: "↓", Bar: "│",
		Line: "─", Heavy: "━", Side: "│", TopLeft: "╭", TopRight: "╮", BottomLeft: "╰", BottomRight: "╯",
		Full: "━", Empty: "─",
	}
}

func asciiSigns() Signs {
	return Signs{
		Done: "+", Already: "=", Change: "#", Running: "*", Waiting: ".", Failed: "x", Skipped: "-", Asks: "?", Held: "|", Lost: "!",
		Cursor: ">", Dot: "-", More: "~", Arrow: ">", Left: "<", Up: "^", Down: "v", Bar: "|",
		Line: "-", Heavy: "=", Side: "|", TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
		Full: "#", Empty: "-",
	}
}

// Theme is all styles and signs.
type Theme struct {
	Signs
	ASCII bool

	Text, Muted, Strong lipgloss.Style
	Accent, Heading     lipgloss.Style
	Good, Bad, Warn     lipgloss.Style
	Selected            lipgloss.Style // the line under the cursor
	Found               lipgloss.Style // a search hit
	Acting, Looking     lipgloss.Style // the mode's word
	Frame, ActingFrame  lipgloss.Style // rules above and below the body
	Button, ButtonOn    lipgloss.Style

	// Tokens, for parts that have their own styles (forms).
	AccentColor, MutedColor, BadColor, GoodColor, WarnColor color.Color
}

// New makes the theme for a light or dark terminal.
func New(dark, ascii bool) *Theme {
	pick := lipgloss.LightDark(dark)
	accent := pick(lipgloss.Color("#00687a"), lipgloss.Color("#5fc4d6"))
	muted := pick(lipgloss.Color("#6b7280"), lipgloss.Color("#8a93a0"))
	good := pick(lipgloss.Color("#1d7a3a"), lipgloss.Color("#7bc98a"))
	bad := pick(lipgloss.Color("#b3261e"), lipgloss.Color("#f0837a"))
	warn := pick(lipgloss.Color("#8a5a00"), lipgloss.Color("#e5b765"))
	s := lipgloss.NewStyle()
	t := &Theme{
		Signs: unicodeSigns(), ASCII: ascii,
		Text: s, Muted: s.Foreground(muted), Strong: s.Bold(true),
		Accent: s.Foreground(accent), Heading: s.Foreground(accent).Bold(true),
		Good: s.Foreground(good), Bad: s.Foreground(bad).Bold(true), Warn: s.Foreground(warn).Bold(true),
		Selected: s.Foreground(accent).Bold(true), Found: s.Reverse(true),
		Acting: s.Foreground(warn).Bold(true).Reverse(true), Looking: s.Foreground(muted),
		Frame: s.Foreground(muted).Faint(true), ActingFrame: s.Foreground(warn).Bold(true),
		Button: s.Foreground(muted), ButtonOn: s.Foreground(accent).Bold(true),
		AccentColor: accent, MutedColor: muted, BadColor: bad, GoodColor: good, WarnColor: warn,
	}
	if ascii {
		t.Signs = asciiSigns()
	}
	return t
}

// Plain replaces the signs that texts carry by ASCII of the same width, cell by cell. With
// all it also replaces every other sign, for consoles whose font has none of them.
func (t *Theme) Plain(s string, all bool) string {
	if !t.ASCII {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case r == '…':
			return '~'
		case r == '·' || r == '–' || r == '—' || r == '─':
			return '-'
		case r == '→' || r == '›':
			return '>'
		case r == '←' || r == '‹':
			return '<'
		case r == '↑':
			return '^'
		case r == '↓':
			return 'v'
		case r == '’' || r == '‘':
			return '\''
		case r == '“' || r == '”':
			return '"'
		case r == '•' || r == '●':
			return '*'
		case r == '✓':
			return '+'
		case r == '✗':
			return 'x'
		}
		if all {
			return '?'
		}
		return r
	}, s)
}
