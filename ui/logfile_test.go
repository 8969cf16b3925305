package ui

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
)

// memory is a log in memory, read as from a file.
type memory struct{ data []byte }

func (m *memory) read(_ context.Context, off int64, p []byte) (int, int64, error) {
	if off >= int64(len(m.data)) {
		return 0, int64(len(m.data)), nil
	}
	return copy(p, m.data[off:]), int64(len(m.data)), nil
}

// plainLines is what a log's lines are, the simple way.
func plainLines(data []byte) []string {
	s := strings.TrimSuffix(string(data), "\n")
	if s == "" && len(data) == 0 {
		return nil
	}
	return strings.Split(s, "\n")
}

// shown checks a window against the simple way.
func shown(t *testing.T, m *memory, w logWindow, what string) {
	t.Helper()
	all := plainLines(m.data)
	starts := map[int64]int{}
	off := int64(0)
	for i, l := range all {
		starts[off] = i
		off += int64(len(l)) + 1
	}
	first, ok := starts[w.top]
	if !ok && len(w.rows) > 0 {
		t.Fatalf("%s: the window begins at %d, which is no line start", what, w.top)
	}
	if w.lines > 0 && int(w.lines) != len(all) {
		t.Fatalf("%s: %d lines counted, there are %d", what, w.lines, len(all))
	}
	if len(w.rows) > 0 && w.line > 0 && int(w.line) != first+1 {
		t.Fatalf("%s: the first row is said to be line %d, it is %d", what, w.line, first+1)
	}
	for i, r := range w.rows {
		if first+i >= len(all) {
			t.Fatalf("%s: row %d is beyond the end", what, i)
		}
		want := all[first+i]
		if int(r.size) != len(want) {
			t.Fatalf("%s: row %d has %d bytes, line %d has %d", what, i, r.size, first+i+1, len(want))
		}
		if r.size <= logLong && r.text != want {
			t.Fatalf("%s: row %d is %q, want %q", what, i, r.text, want)
		}
	}
}

// TestLogWindows walks through random logs that grow, with short, empty and very long lines,
// and compares every window with the simple way.
func TestLogWindows(t *testing.T) {
	ctx := t.Context()
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := &memory{}
		grow := func(n int) {
			for range n {
				size := []int{0, 3, 60, 200, logLong + 5, logChunk - 1, logChunk, 3*logChunk + 7}[r.IntN(4+4*int(seed%2))]
				m.data = append(m.data, bytes.Repeat([]byte{byte('a' + r.IntN(26))}, size)...)
				m.data = append(m.data, '\n')
			}
			if r.IntN(3) == 0 {
				m.data = append(m.data, "not ended"...)
			}
		}
		l := &logFile{read: m.read}
		grow(r.IntN(200))
		q := logWant{rows: 1 + r.IntN(30), w: 40, follow: true}
		for step := range 60 {
			what := fmt.Sprintf("seed %d step %d %+v size %d", seed, step, q, len(m.data))
			w, err := l.window(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			shown(t, m, w, what)
			if q.follow {
				if all := plainLines(m.data); len(w.rows) != min(len(all), q.rows) || !w.end {
					t.Fatalf("%s: following shows %d rows (end %v) of %d lines", what, len(w.rows), w.end, len(all))
				}
			}
			q.top, q.move, q.follow = w.top, r.IntN(41)-20, r.IntN(6) == 0
			switch r.IntN(8) {
			case 0:
				q.top, q.move = 0, 0
			case 1:
				grow(r.IntN(20))
			}
		}
	}
}

// TestLogScrollsOverEveryLine goes up line by line from the end: no line is left out.
func TestLogScrollsOverEveryLine(t *testing.T) {
	m := &memory{}
	for i := range 300 {
		size := 10
		if i%37 == 0 {
			size = 2*logChunk + i
		}
		m.data = fmt.Appendf(m.data, "%d%s\n", i, strings.Repeat("x", size))
	}
	l := &logFile{read: m.read}
	q := logWant{rows: 1, w: 10, follow: true}
	for i := 299; i >= 0; i-- {
		w, err := l.window(t.Context(), q)
		if err != nil || len(w.rows) != 1 {
			t.Fatalf("line %d: %v %v", i, w.rows, err)
		}
		if want := fmt.Sprintf("%dx", i); !strings.HasPrefix(w.rows[0].text, want) {
			t.Fatalf("expected line %d, found %.20q", i, w.rows[0].text)
		}
		q = logWant{rows: 1, w: 10, top: w.top, move: -1}
	}
}

// TestSecretAcrossEveryEdge: a secret in a very long line is never shown, wherever the window
// cuts it.
func TestSecretAcrossEveryEdge(t *testing.T) {
	const secret = "hunter2-and-more"
	m := &memory{data: bytes.Repeat([]byte("0123456789"), 40_000)}
	at := 200_000
	copy(m.data[at:], secret)
	l := &logFile{read: m.read, redact: func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(secret), []byte("[hidden]")) }}
	for x := at - 120; x < at+len(secret)+10; x++ {
		w, err := l.window(t.Context(), logWant{rows: 1, w: 80, x: x})
		if err != nil {
			t.Fatal(err)
		}
		for n := 4; n <= len(secret); n++ {
			if strings.Contains(w.rows[0].text, secret[len(secret)-n:]) || strings.Contains(w.rows[0].text, secret[:n]) {
				t.Fatalf("scrolled to %d a part of the secret is shown: %.100q", x, w.rows[0].text)
			}
		}
	}
}

func TestLogSearch(t *testing.T) {
	m := &memory{}
	for i := range 50_000 {
		m.data = fmt.Appendf(m.data, "line %d of a long log with some Words\n", i)
	}
	l := &logFile{read: m.read}
	if _, err := l.window(t.Context(), logWant{rows: 10, w: 80}); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		text string
		from int64
		back bool
		want string
	}{
		{"line 49999 ", 0, false, "line 49999 "},
		{"words", 0, false, "line 0 "}, // small letters find capitals too
		{"Words", 0, false, "line 0 "},
		{"WORDS", 0, false, ""},
		{"line 3 ", 1 << 20, true, "line 3 "},
		{"nowhere", 0, false, ""},
		{"line 31000 ", int64(len(m.data)), true, "line 31000 "},
	} {
		off, _, ok, err := l.find(t.Context(), tc.text, tc.from, tc.back)
		if err != nil {
			t.Fatal(err)
		}
		if ok != (tc.want != "") || ok && !strings.HasPrefix(string(m.data[off:]), tc.want) {
			t.Errorf("find(%q, %d, %v) = %d, %v", tc.text, tc.from, tc.back, off, ok)
		}
	}
}

// bigLog writes a log with a million lines and one line of 50 MB in the middle of them.
func bigLog(tb testing.TB) string {
	path := filepath.Join(tb.TempDir(), "big.log")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var b bytes.Buffer
	for i := range 1_000_000 {
		fmt.Fprintf(&b, "Get:%d http://mirror.example bookworm/main amd64 package-%d\n", i, i)
		if i == 500_000 {
			b.Write(bytes.Repeat([]byte("0123456789가나다 "), 50_000_000/20))
			b.WriteByte('\n')
		}
		if b.Len() > 1<<20 {
			b.WriteTo(f)
		}
	}
	b.WriteTo(f)
	return path
}

// TestBigLog is row 10 of what must hold: from a key to the screen under 30 ms at the end, in
// the middle, in the long line and far to its right; memory well under 100 MB.
func TestBigLog(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a log of 110 MB")
	}
	f, err := os.Open(bigLog(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, _ := f.Stat()
	a := &App{ctx: t.Context(), t: &i18n.For(i18n.English).UI, cat: i18n.For(i18n.English), th: newTheme()}
	p := &logPane{app: a, name: "big", follow: true, w: 80, h: 40}
	p.file = &logFile{read: func(_ context.Context, off int64, b []byte) (int, int64, error) {
		n, _ := f.ReadAt(b, off)
		return n, info.Size(), nil
	}}
	read := func() {
		cmd := p.fetch(nil)
		p.got(cmd().(addressed).msg.(logMsg))
		p.view(80, 40)
	}
	for p.win.lines == 0 { // the index grows from tick to tick
		read()
	}
	if p.win.lines != 1_000_001 {
		t.Errorf("%d lines counted", p.win.lines)
	}
	slowest := map[string]time.Duration{}
	press := func(what string, k tea.KeyPressMsg) {
		best := time.Hour // the machine is shared: what counts is what it can do
		for range 5 {
			before := time.Now()
			cmd, _ := p.key(k, nil)
			if cmd != nil {
				p.got(cmd().(addressed).msg.(logMsg))
			}
			if n := len(p.view(80, 40)); n == 0 {
				t.Fatalf("%s: nothing to be seen", what)
			}
			best = min(best, time.Since(before))
		}
		slowest[what] = best
	}
	key := func(s string) tea.KeyPressMsg { return tea.KeyPressMsg{Code: []rune(s)[0], Text: s} }
	press("end", key("G"))
	press("page up", tea.KeyPressMsg{Code: tea.KeyPgUp})
	press("line up", key("k"))
	press("top", key("g"))
	press("page down", tea.KeyPressMsg{Code: tea.KeyPgDown})
	press("line down", key("j"))
	off, _, ok, err := p.file.find(t.Context(), "package-500001\n", 0, false)
	if err != nil || !ok {
		t.Fatal("the line after the long one is not found")
	}
	p.follow, p.top, p.move = false, off, -1
	read()
	if n := p.win.rows[0].size; n < 40_000_000 {
		t.Fatalf("the line above is %d bytes long", n)
	}
	press("to the right", key("l"))
	press("to its far end", key("$"))
	if p.x < 40_000_000 {
		t.Errorf("the far end of the long line is at %d", p.x)
	}
	press("back over it", key("k"))
	for what, d := range slowest {
		t.Logf("%-20s %v", what, d)
		if d > 30*time.Millisecond && !raceOn {
			t.Errorf("%s took %v from key to screen", what, d)
		}
	}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	if mem.HeapAlloc > 100<<20 {
		t.Errorf("%d MB of memory are held", mem.HeapAlloc>>20)
	}
	if n := len(p.file.marks); n > 2*int(info.Size()/logChunk)+10 {
		t.Errorf("%d line starts are kept", n)
	}
}

// BenchmarkLogKey is the cost of a key in a log of a million lines and in one of a hundred:
// the ratio is what matters, and is near one.
func BenchmarkLogKey(b *testing.B) {
	for _, n := range []int{100, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := &memory{}
			for i := range n {
				m.data = fmt.Appendf(m.data, "Get:%d http://mirror.example bookworm/main amd64 package\n", i)
			}
			a := &App{ctx: b.Context(), t: &i18n.For(i18n.English).UI, cat: i18n.For(i18n.English), th: newTheme()}
			p := &logPane{app: a, name: "big", follow: true, w: 80, h: 40}
			p.file = &logFile{read: m.read}
			for range 20 {
				p.got(p.fetch(nil)().(addressed).msg.(logMsg))
			}
			b.ResetTimer()
			for i := range b.N {
				k := []rune("kj")[i%2]
				cmd, _ := p.key(tea.KeyPressMsg{Code: k, Text: string(k)}, nil)
				p.got(cmd().(addressed).msg.(logMsg))
				p.view(80, 40)
			}
		})
	}
}
