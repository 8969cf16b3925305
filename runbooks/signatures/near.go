package signatures

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// MostTold is how long a text may be with which somebody tells a fault, in characters.
const MostTold = 300

// Limits of Near: how many symptoms are named; what share of the best one's weight another must have; and what the
// best must have.
const (
	mostNear   = 3
	nearShare  = 0.6
	leastNear  = 3.2
	leastWords = 2
)

// logged is what a program writes at the head of a line and a person does not; or somebody says that all is
// well, or asks for work to be done.
var logged = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b\d{2}:\d{2}:\d{2}\b|\b(?:INFO|DEBUG|NOTICE|TRACE|WARN(?:ING)?|ERROR) \w+(?:\.\w+)+|\[(?:info|debug|notice|note|warning|error|-)\]|^[\w.-]+\[\d+\]: |^[{<|]|^\w+(?:\.\w+)+: |완료(?:했|됐|됨|함|하였|되었|입니다|[ .,]|$)|(?:^|[^비])정상(?:입니다|임|화|[.,]|$)|(?:추가|등록|점검|변경|삭제|전달|생성|공유|설명|안내)(?:을|를)? ?(?:해 ?)?(?:주세요|주시|줘|부탁)|\b(?:(?:looks|are|is) healthy|finished without|(?:upgrade|migration|backup|deployment) .{0,30}finished|closing this|resolved)\b`)
})

// Near ranks symptoms by the words in which somebody tells a fault that no signature knows: each word of a
// symptom that stands in the text counts the more, the fewer symptoms have it. It is a guess, and empty where the
// text is a log's line, says that all is well, or has too few of the words.
func Near(symptoms []Symptom, text string) []Symptom {
	text = strings.Join(strings.Fields(text), " ")
	if n := len([]rune(text)); n == 0 || n > MostTold || logged().MatchString(text) {
		return nil
	}
	said := newTold(text)
	type ranked struct {
		at     int
		weight float64
	}
	var all []ranked
	vocabulary, shared := vocabularies(symptoms)
	for i, words := range vocabulary {
		n, weight := 0, 0.0
		for _, w := range words {
			if said.has(w) {
				n++
				weight += math.Log(1 + float64(len(vocabulary))/float64(shared[w]))
			}
		}
		if n >= leastWords && weight >= leastNear {
			all = append(all, ranked{i, weight})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.weight, a.weight) })
	var near []Symptom
	for _, r := range all {
		if len(near) == mostNear || r.weight < nearShare*all[0].weight {
			break
		}
		near = append(near, symptoms[r.at])
	}
	return near
}

// vocabularies are the words of each symptom, and how many symptoms have each.
func vocabularies(symptoms []Symptom) (words [][]string, shared map[string]int) {
	shared = map[string]int{}
	for _, m := range symptoms {
		own := strings.FieldsFunc(strings.ToLower(m.Text.En+" "+m.Text.Ko+" "+m.Words), func(r rune) bool {
			return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})
		slices.Sort(own)
		own = slices.DeleteFunc(slices.Compact(own), func(w string) bool {
			return ascii(w) && len(w) < 3 || !ascii(w) && len([]rune(w)) < 2 || slices.Contains(idle[:], w)
		})
		for _, w := range own {
			shared[w]++
		}
		words = append(words, own)
	}
	return words, shared
}

// idle are words that tell nothing of a fault.
var idle = [...]string{"the", "and", "does", "not", "all", "now", "then", "too", "many", "out", "because", "is", "in", "be", "or", "of", "to", "server", "상태", "또는", "되다", "하나"}

// told is a text to find words in: as it stands, and for Korean, whose blanks are anybody's, without them.
type told struct {
	words []string
	glued string
}

func newTold(text string) told {
	text = strings.ToLower(text)
	return told{
		words: strings.FieldsFunc(text, func(r rune) bool {
			return r != '_' && r != '-' && !(r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)))
		}),
		glued: strings.ReplaceAll(text, " ", ""),
	}
}

func (t told) has(word string) bool {
	if !ascii(word) {
		return strings.Contains(t.glued, word)
	}
	return slices.ContainsFunc(t.words, func(w string) bool {
		return w == word || len(word) >= 5 && strings.HasPrefix(w, word) || len(word) >= 4 && w == word+"s"
	})
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
