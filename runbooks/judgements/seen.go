package judgements

import (
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// seen is a host as a judgement reads it: an absent fact is a zero value, and known says which.
type seen struct{ Host }

func (s seen) known(name string) bool { return s.Facts[name].Absent == "" && s.Facts[name].V != nil }

func (s seen) text(name string) string {
	v, _ := s.Facts[name].V.(string)
	return v
}

// number reads an int, also one that went through the journal; 0 where there is none.
func (s seen) number(name string) int {
	switch v := s.Facts[name].V.(type) {
	case int:
		return v
	case float64:
		return int(v)
	}
	return 0
}

// list reads a list of texts.
func (s seen) list(name string) []string { return texts(s.Facts[name].V) }

func texts(v any) []string {
	list, _ := v.([]any)
	out := make([]string, 0, len(list))
	for _, e := range list {
		if t, ok := e.(string); ok {
			out = append(out, t)
		}
	}
	return out
}

// names makes a let, or a fact, of a list of texts.
func names(list []string) steps.Value {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return steps.Value{V: out}
}

func word(s string) steps.Value { return steps.Value{V: s} }

func say(en, ko string) i18n.Text { return i18n.Text{En: en, Ko: ko} }

// add puts a text into a list once.
func add(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// wrong says a cause in words, for the end of a run, with the names in the list that belongs to it; a line of causes is
// the cause, its list, and what it is in English and in Korean.
func wrong(cause string, lists map[string][]string, causes [][4]string) i18n.Text {
	for _, c := range causes {
		if c[0] != cause {
			continue
		}
		whose := ""
		if names := lists[c[1]]; len(names) > 0 {
			whose = ": " + strings.Join(names, ", ")
		}
		return say(c[2]+whose, c[3]+whose)
	}
	return say("nothing that is known here", "확인된 원인 없음")
}
