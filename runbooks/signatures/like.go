package signatures

import (
	"slices"
	"strings"
)

// MostLike is how long a text may be to be looked for as words, in characters: an error's number, a name,
// the beginning of a message that somebody remembers.
const MostLike = 60

// leastLike is how long it must be: less stands everywhere.
const leastLike = 3

// Like tells whether all words of a short text that is no known error stand together in what is known of a
// symptom's runbook: its own words, those of a signature, one of their examples, or more; whatever the case.
func (m Symptom) Like(text string, more ...string) bool {
	words := strings.Fields(strings.ToLower(text))
	if n := len([]rune(strings.Join(words, " "))); n < leastLike || n > MostLike {
		return false
	}
	for _, said := range append(append([]string{m.Text.En, m.Text.Ko, m.Runbook}, m.Said...), more...) {
		said = strings.ToLower(said)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(said, w) }) {
			return true
		}
	}
	return false
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
