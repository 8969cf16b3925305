package signatures

import (
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// MostLike is how long a text may be to be looked for as words, in characters: an error's number, a name,
// the beginning of a message that somebody remembers.
const MostLike = 60

// leastLike is how much of it there must be, in columns of a terminal: less stands everywhere.
const leastLike = 3

// particles may stand at the end of a Korean word; a word is looked for without them too.
var particles = [...]string{"에서", "으로", "은", "는", "이", "가", "을", "를", "에", "의", "로", "와", "과", "도"}

// Like tells whether all words of a short text that is no known error stand together in what is known of a
// symptom's runbook: its own words with more, those of a signature, one of their examples; whatever the case,
// and wherever there are blanks.
func (m Symptom) Like(text string, more ...string) bool {
	words := strings.Fields(strings.ToLower(text))
	typed := strings.Join(words, " ")
	if displaywidth.String(typed) < leastLike || len([]rune(typed)) > MostLike {
		return false
	}
	own := strings.Join(append([]string{m.Text.En, m.Text.Ko, m.Runbook, m.Words}, more...), " ")
	return slices.ContainsFunc(append([]string{own}, m.Said...), func(said string) bool {
		said = strings.ToLower(said)
		glued := strings.ReplaceAll(said, " ", "")
		return !slices.ContainsFunc(words, func(w string) bool {
			return !strings.Contains(said, w) && !strings.Contains(glued, w) && !strings.Contains(glued, stem(w))
		})
	})
}

// stem is a Korean word without the particle at its end, where enough of it is left.
func stem(word string) string {
	for _, p := range particles {
		if s, ok := strings.CutSuffix(word, p); ok && displaywidth.String(s) > leastLike {
			return s
		}
	}
	return word
}

// tell gives each symptom what the signatures of its runbook say; the first of a runbook has it.
func (s *Set) tell() {
	told := map[string]bool{}
	for i := range s.Symptoms {
		m := &s.Symptoms[i]
		if told[m.Runbook] {
			continue
		}
		told[m.Runbook] = true
		for _, g := range s.Signatures {
			if g.Runbook == m.Runbook {
				m.Said = append(append(m.Said, g.Means.En, g.Means.Ko), g.Example...)
			}
		}
	}
}
