package plain

import (
	"io"
	"strings"
	"sync"

	"github.com/clipperhouse/displaywidth"

	"stackhand/internal/i18n"
	"stackhand/internal/run/logtext"
	"stackhand/internal/run/redact"
)

// columns is where lines are broken: every terminal has 80, and some wrap at the last one.
const columns = 79

// Detect says in which language line mode speaks, and whether in ASCII only: on the console
// of the kernel and on dumb terminals, and where the locale's characters are not UTF-8
// (POSIX.1-2017, 8.2: LC_ALL, LC_CTYPE, LANG).
func Detect(getenv func(string) string) (lang i18n.Lang, ascii bool) {
	charset := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if charset = getenv(name); charset != "" {
			break
		}
	}
	charset = strings.ToUpper(charset)
	utf8 := strings.Contains(charset, "UTF-8") || strings.Contains(charset, "UTF8")
	if term := getenv("TERM"); !utf8 || term == "linux" || term == "dumb" {
		return i18n.English, true
	}
	return i18n.Detect(getenv), false
}

// noBreak is a space at which no line is broken; it is printed as a space.
const noBreak = '\u00a0'

var toASCII = strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'", "…", "...", "—", "-", "–", "-", "→", "->", "✓ ", "", "✗ ", "", "·", "-", "•", "*")

// printer writes lines: redacted, clean of controls, broken at 79 columns between words. It
// knows the prompt that is open, so that a line which comes meanwhile does not tear it.
type printer struct {
	mu     sync.Mutex
	w      io.Writer
	ascii  bool
	redact *redact.Redactor
	open   string // the prompt that waits for an answer
	err    error  // of the first write that failed; nothing is written any more
	lines  int64  // written so far
}

// text makes a string fit to be shown.
func (p *printer) text(s string) string {
	s = logtext.Clean(p.redact.Bytes([]byte(s)))
	if !p.ascii {
		return s
	}
	s = toASCII.Replace(s)
	return strings.Map(func(r rune) rune {
		if r >= 0x80 && r != noBreak {
			return '?'
		}
		return r
	}, s)
}

// line prints a text; what does not fit is indented. It is one line, so that a reason with a
// line end in it cannot look like an event of its own.
func (p *printer) line(indent int, s string) {
	p.write(wrap(strings.ReplaceAll(p.text(s), "\n", " "), 0, indent))
}

// under prints a text that is indented as a whole.
func (p *printer) under(indent int, s string) {
	p.write(wrap(p.text(s), indent, indent+2))
}

// raw prints lines of output as they are, only clean: people copy from them.
func (p *printer) raw(indent int, lines []string) {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.Repeat(" ", indent) + strings.ReplaceAll(p.text(l), "\n", " ") + "\n")
	}
	p.write(b.String())
}

func (p *printer) blank() { p.write("\n") }

// prompt prints the text before an answer; it stays open until answered.
func (p *printer) prompt(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = p.text(s)
	p.out(p.open)
}

// answered closes the prompt. Where what is typed is not echoed (a pipe, a secret) the line
// has no end yet.
func (p *printer) answered(echoed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open != "" && !echoed {
		p.out("\n")
	}
	p.open = ""
}

func (p *printer) write(s string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines++
	if p.open != "" {
		s = "\n" + s + p.open
	}
	p.out(s)
}

func (p *printer) out(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, strings.ReplaceAll(s, string(noBreak), " "))
	}
}

func (p *printer) failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

func (p *printer) written() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines
}

// wrap breaks each line of s between words: it begins after first spaces, goes on after rest. A word that is longer than a line stays whole,
// so that paths and commands can be copied.
func wrap(s string, first, rest int) string {
	var b strings.Builder
	for _, l := range strings.Split(s, "\n") {
		at := first
		b.WriteString(strings.Repeat(" ", first))
		fresh := true
		for len(l) > 0 {
			spaces := len(l) - len(strings.TrimLeft(l, " "))
			word, _, _ := strings.Cut(l[spaces:], " ")
			w := displaywidth.String(word)
			switch {
			case !fresh && word != "" && at+spaces+w > columns:
				b.WriteString("\n" + strings.Repeat(" ", rest))
				at = rest
			default:
				b.WriteString(l[:spaces])
				at += spaces
			}
			b.WriteString(word)
			at += w
			fresh = fresh && word == ""
			l = l[spaces+len(word):]
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// pad fills up to a width in columns.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-displaywidth.String(s)))
}

// cut shortens to a width in columns, with an ellipsis.
func cut(s string, width int) string {
	if displaywidth.String(s) <= width {
		return s
	}
	at, end := 0, 0
	for i, r := range s {
		w := displaywidth.Rune(r)
		if at+w > width-1 {
			break
		}
		at += w
		end = i + len(string(r))
	}
	return s[:end] + "…"
}
