package signatures

import "strings"

// MostLike is how long a text may be to be looked for as words, in characters: an error's number, a name,
// the beginning of a message that somebody remembers.
const MostLike = 60

// leastLike is how long it must be: less stands everywhere.
const leastLike = 3

// Like tells whether a short text that is no known error stands in what is known of a symptom's
// runbook: its own words, those of its signatures and their examples, and more, whatever the case.
func (m Symptom) Like(text string, more ...string) bool {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if n := len([]rune(text)); n < leastLike || n > MostLike {
		return false
	}
	for _, said := range append(append([]string{m.Text.En, m.Text.Ko, m.Runbook}, m.Said...), more...) {
		if strings.Contains(strings.ToLower(strings.Join(strings.Fields(said), " ")), text) {
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
