package ui

import (
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// jamo gives the Latin letter on the key of a 2-beolsik jamo (KS X 5002): what the operator
// pressed while the Korean input method was on.
func jamo(r rune) (rune, bool) {
	const keys = "ㅂqㅈwㄷeㄱrㅅtㅛyㅕuㅑiㅐoㅔpㅁaㄴsㅇdㄹfㅎgㅗhㅓjㅏkㅣlㅋzㅌxㅊcㅍvㅠbㅜnㅡmㅃQㅉWㄸEㄲRㅆTㅒOㅖP"
	for i := 0; i < len(keys); {
		j, n := utf8.DecodeRuneInString(keys[i:])
		if j == r {
			return rune(keys[i+n]), true
		}
		i += n + 1
	}
	return 0, false
}

// latin maps a key pressed under a Korean input method to its Latin key: with Ctrl or Alt
// always, otherwise unless a text field has the focus. Terminals that send the key of the
// standard layout besides are believed first.
func latin(k tea.KeyPressMsg, typing bool) tea.KeyPressMsg {
	chord := k.Mod&(tea.ModCtrl|tea.ModAlt) != 0
	if typing && !chord {
		return k
	}
	r := k.Code
	if !chord && k.Text != "" {
		t, n := utf8.DecodeRuneInString(k.Text)
		if n != len(k.Text) {
			return k
		}
		r = t
	}
	l, ok := jamo(r)
	if !ok {
		return k
	}
	if chord && k.BaseCode != 0 {
		l = k.BaseCode
	}
	k.Code, k.BaseCode = l, 0
	if k.Text != "" {
		k.Text = string(l)
	}
	if l >= 'A' && l <= 'Z' {
		k.Code, k.ShiftedCode = l+'a'-'A', l
	}
	return k
}

// hangul tells whether a text has a Hangul sign, which no name of a host or site has.
func hangul(s string) bool {
	for _, r := range s {
		if r >= 0x1100 && r <= 0x11ff || r >= 0x3130 && r <= 0x318f || r >= 0xac00 && r <= 0xd7a3 {
			return true
		}
	}
	return false
}
