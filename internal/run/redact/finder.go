package redact

// pattern is one form of the secret with index name.
type pattern struct {
	text string
	name int
}

// finder is an Aho-Corasick automaton with all transitions worked out, so that reading is
// one table look-up a byte however many secrets there are (A. V. Aho, M. J. Corasick,
// "Efficient string matching", CACM 18(6), 1975). Bytes that occur in no form share one
// column, which keeps the table small.
type finder struct {
	patterns []pattern
	longest  int

	// A state is the offset of its row in table. In a row: the longest pattern that ends
	// here (-1: none); how many of the bytes just read may belong to a hit to come; then
	// the next state for each column.
	table  []int32
	column [256]int32
	row    int32 // length of a row
}

// What stands in a row before the next states.
const (
	rowPattern = 0
	rowDepth   = 1
	rowOther   = 2 // the column of all bytes that are in no form
)

func newFinder(patterns []pattern) *finder {
	f := &finder{patterns: patterns, row: rowOther + 1}
	for c := range f.column {
		f.column[c] = rowOther
	}
	for _, p := range patterns {
		f.longest = max(f.longest, len(p.text))
		for i := range len(p.text) {
			if c := p.text[i]; f.column[c] == rowOther {
				f.column[c] = f.row
				f.row++
			}
		}
	}
	f.grow(0)
	for i, p := range patterns {
		state := int32(0)
		for j := range len(p.text) {
			cell := state + f.column[p.text[j]]
			if f.table[cell] == 0 {
				next := f.grow(int32(j + 1)) // first: it moves the table
				f.table[cell] = next
			}
			state = f.table[cell]
		}
		f.table[state+rowPattern] = int32(i)
	}
	f.link()
	return f
}

// grow adds a state.
func (f *finder) grow(depth int32) int32 {
	state := int32(len(f.table))
	f.table = append(f.table, make([]int32, f.row)...)
	f.table[state+rowPattern] = -1
	f.table[state+rowDepth] = depth
	return state
}

// link fills the transitions that are not in the tree: breadth first, each state takes them
// from the state of its longest proper suffix, which is shorter and so ready.
func (f *finder) link() {
	suffixes := map[int32]int32{}
	queue := []int32{0}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		suffix := suffixes[state]
		leaf := true
		for c := int32(rowOther); c < f.row; c++ {
			fall := int32(0)
			if state != 0 {
				fall = f.table[suffix+c]
			}
			to := f.table[state+c]
			if to == 0 {
				f.table[state+c] = fall
				continue
			}
			leaf = false
			suffixes[to] = fall
			if f.table[to+rowPattern] < 0 {
				f.table[to+rowPattern] = f.table[fall+rowPattern]
			}
			queue = append(queue, to)
		}
		if leaf {
			// Nothing grows from here: only what the suffix promises can still come.
			f.table[state+rowDepth] = f.table[suffix+rowDepth]
		}
	}
}

// hit is the pattern that ends at an offset.
func (f *finder) hit(p int32, end int64) hit {
	return hit{end - int64(len(f.patterns[p].text)), end, f.patterns[p].name}
}
