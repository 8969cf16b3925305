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
	// A trie, then the links for what does not go on, breadth first.
	type node struct {
		to   map[uint8]int
		fail int
		deep int32
		ends []int
	}
	nodes := []node{{to: map[uint8]int{}}}
	for i, w := range words {
		at := 0
		for j := range len(w) {
			c := a.class[w[j]]
			if _, ok := nodes[at].to[c]; !ok {
				nodes = append(nodes, node{to: map[uint8]int{}, deep: nodes[at].deep + 1})
				nodes[at].to[c] = len(nodes) - 1
			}
			at = nodes[at].to[c]
		}
		nodes[at].ends = append(nodes[at].ends, owner[i])
	}
	full := make([]int, len(nodes)*a.columns)
	queue := []int{0}
	for i := 0; i < len(queue); i++ {
		n := queue[i]
		for c := range a.columns {
			child, ok := nodes[n].to[uint8(c)]
			switch {
			case !ok && n == 0:
			case !ok:
				full[n*a.columns+c] = full[nodes[n].fail*a.columns+c]
			default:
				if n != 0 {
					nodes[child].fail = full[nodes[n].fail*a.columns+c]
				}
				nodes[child].ends = append(nodes[child].ends, nodes[nodes[child].fail].ends...)
				full[n*a.columns+c] = child
				queue = append(queue, child)
			}
		}
	}
	// States with words go last, so that one comparison tells them.
	number := make([]int, len(nodes))
	at := 0
	for _, words := range []bool{false, true} {
		for n := range nodes {
			if (len(nodes[n].ends) > 0) == words {
				number[n] = at
				at++
			}
		}
		if !words {
			a.first = int32(at * a.columns)
		}
	}
	a.next = make([]int32, len(full))
	a.ends, a.depth = make([][]int, len(nodes)), make([]int32, len(nodes))
	for n := range nodes {
		a.ends[number[n]], a.depth[number[n]] = nodes[n].ends, nodes[n].deep
		for c := range a.columns {
			a.next[number[n]*a.columns+c] = int32(number[full[n*a.columns+c]] * a.columns)
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
