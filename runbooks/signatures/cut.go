package signatures

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// leastBegun is how many bytes of a signature's word must stand at the end of a line that was cut off there
// for it to be taken for that word.
const leastBegun = 12

// cuts are what pagers and journalctl put where they cut a line off.
var cuts = [...]string{">", "…", "..."}

// shortened tells a line that ends with such a mark.
func shortened(line []byte) bool {
	line = bytes.TrimRight(line, " \r")
	for _, c := range cuts {
		if bytes.HasSuffix(line, []byte(c)) {
			return true
		}
	}
	return false
}

// cut gives the signatures that fit a line that was cut off in the middle of one of their words (by a
// terminal, a pager, somebody's mouse), as if the word went on.
func (m *Matcher) cut(line []byte, file string, cost *int) []Hit {
	if !m.mayGoOn(line) {
		return nil
	}
	if len(line) > overlap {
		line = wholeWords(line, len(line)-overlap, len(line))
	}
	return m.goesOn(bare(plain(line)), file, false, cost)
}

// mayGoOn tells at a glance whether a line ends with the beginning of a word: nearly none does.
func (m *Matcher) mayGoOn(line []byte) bool {
	const most = 160 // more than the longest word
	end := line[max(len(line)-most, 0):]
	if special(end) || shortened(end) || bytes.HasSuffix(end, []byte("|")) {
		end = []byte(ending(bare(plain(end))))
	}
	_, begun := m.words.read(bytes.TrimRight(end, " "), nil)
	return begun >= leastBegun
}

// ending is a text without the mark that says where it was cut off.
func ending(text string) string {
	text = strings.TrimRight(text, " ")
	for _, c := range cuts {
		text = strings.TrimSuffix(text, c)
	}
	return text
}

// goesOn is cut for a text as patterns see it.
func (m *Matcher) goesOn(text, file string, glued bool, cost *int) []Hit {
	text = ending(text)
	words := m.words
	if glued {
		words = m.glued()
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	_, begun := words.read([]byte(text), nil)
	if begun < leastBegun || !inWord(last) {
		return nil
	}
	end := strings.ToLower(text[len(text)-begun:])
	var hits []Hit
	for o, g := range m.set.Signatures {
		for _, w := range g.Has {
			w = strings.ToLower(w)
			if glued {
				w = glue(w)
			}
			rest, ok := strings.CutPrefix(w, end)
			next, _ := utf8.DecodeRuneInString(rest)
			if !ok || next == '_' || !inWord(next) {
				continue
			}
			found := m.try(text+rest, file, []int{o}, glued, cost)
			for i := range found {
				found[i].Evidence = strings.TrimSuffix(found[i].Evidence, rest)
			}
			if hits = append(hits, found...); len(found) > 0 {
				break
			}
		}
	}
	return unexplained(hits)
}

// inWord tells a character that words are made of.
func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
