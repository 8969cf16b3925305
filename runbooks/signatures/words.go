package signatures

// automaton finds many words in one pass (Aho and Corasick, 1975), whatever the case of ASCII
// letters. Runs of blanks count as one blank. It is made once and only read then.
type automaton struct {
	class   [256]uint8 // byte -> column of next
	columns int
	next    []int32 // state*columns + class -> state*columns
	first   int32   // states from here on (times columns) have words that end there
	ends    [][]int // state -> owners of the words that end there
	depth   []int32 // state -> how many bytes, at the end of what was read, a word begins with
}

const blankClass = 1 // column of blanks; 0 is every byte that no word has

// newAutomaton takes words with their owners, which it gives back when a word is found.
func newAutomaton(words []string, owner []int) *automaton {
	a := &automaton{columns: 2}
	for _, b := range []byte(" \t\r\n\v\f") {
		a.class[b] = blankClass
	}
	for _, w := range words {
		for i := range len(w) {
			b := lower(w[i])
			if a.class[b] == 0 {
				a.class[b] = uint8(a.columns)
				a.columns++
			}
		}
	}
	for b := byte('A'); b <= 'Z'; b++ {
		a.class[b] = a.class[lower(b)]
	}
	// A trie, a row of children for each node (0: none, for the root is nobody's child); then, breadth
	// first, each row is filled with where it goes on from the longest end that a word begins with.
	rows := make([]int32, a.columns)
	deep, ends := []int32{0}, [][]int{nil}
	for i, w := range words {
		var at int32
		for j := range len(w) {
			to := int(at)*a.columns + int(a.class[w[j]])
			if rows[to] == 0 {
				rows[to] = int32(len(deep))
				rows = append(rows, make([]int32, a.columns)...)
				deep, ends = append(deep, deep[at]+1), append(ends, nil)
			}
			at = rows[to]
		}
		ends[at] = append(ends[at], owner[i])
	}
	fail := make([]int32, len(deep))
	queue := []int32{0}
	for i := 0; i < len(queue); i++ {
		n := int(queue[i])
		row, back := rows[n*a.columns:][:a.columns], rows[int(fail[n])*a.columns:][:a.columns]
		for c, child := range row {
			switch {
			case child == 0 && n != 0:
				row[c] = back[c]
			case child != 0:
				if n != 0 {
					fail[child] = back[c]
				}
				ends[child] = append(ends[child], ends[fail[child]]...)
				queue = append(queue, child)
			}
		}
	}
	// States with words go last, so that one comparison tells them.
	number := make([]int, len(deep))
	at := 0
	for _, words := range []bool{false, true} {
		for n := range ends {
			if (len(ends[n]) > 0) == words {
				number[n] = at
				at++
			}
		}
		if !words {
			a.first = int32(at * a.columns)
		}
	}
	a.next = make([]int32, len(rows))
	a.ends, a.depth = make([][]int, len(deep)), make([]int32, len(deep))
	for n := range number {
		a.ends[number[n]], a.depth[number[n]] = ends[n], deep[n]
		row := a.next[number[n]*a.columns:][:a.columns]
		for c, to := range rows[n*a.columns:][:a.columns] {
			row[c] = int32(number[to] * a.columns)
		}
	}
	return a
}

// find appends the owners of all words in text to owners, each once.
func (a *automaton) find(text []byte, owners []int) []int {
	owners, _ = a.read(text, owners)
	return owners
}

// read is find; begun is how many bytes at the end of text a word begins with.
func (a *automaton) read(text []byte, owners []int) (found []int, begun int) {
	var state int32
	var before uint8
	for _, b := range text {
		c := a.class[b]
		if c == blankClass && before == blankClass {
			continue
		}
		before = c
		state = a.next[state+int32(c)]
		if state >= a.first {
			owners = addNew(owners, a.ends[state/int32(a.columns)])
		}
	}
	return owners, int(a.depth[state/int32(a.columns)])
}

func addNew(owners, more []int) []int {
next:
	for _, m := range more {
		for _, o := range owners {
			if o == m {
				continue next
			}
		}
		owners = append(owners, m)
	}
	return owners
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
