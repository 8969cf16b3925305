package report

import (
	"regexp"
	"strings"

	"stackhand/internal/run/logtext"
)

// The pieces of Markdown (CommonMark, and the tables of GFM). Everything that comes from a
// host, a procedure or a person goes through text, code or block: it can neither make up
// structure nor show a secret.

// clean is a text without secrets and terminal controls. Secrets go first: escaping would
// change how they look.
func (w *writer) clean(s string) string {
	return logtext.Clean(w.Redactor.Bytes([]byte(s)))
}

var special = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `<`, `\<`, `>`, `\>`, `|`, `\|`, `#`, `\#`, `~`, `\~`, `&`, `\&`, `$`, `\$`,
	"\n", " ",
)

// text is a text inside a line or a cell.
func (w *writer) text(s string) string { return special.Replace(w.clean(s)) }

// code is a text in code type inside a line or a cell.
func (w *writer) code(s string) string {
	s = strings.ReplaceAll(w.clean(s), "\n", " ")
	if s == "" {
		return ""
	}
	if strings.ContainsAny(s, "`|") {
		return special.Replace(s) // code type has no escapes
	}
	return "`" + s + "`"
}

// block is a block of code; its fence is longer than any inside.
func (w *writer) block(kind string, lines []string) {
	fence := "```"
	for _, l := range lines {
		for strings.Contains(l, fence) {
			fence += "`"
		}
	}
	w.b.WriteString(fence + kind + "\n")
	for _, l := range lines {
		w.b.WriteString(l + "\n")
	}
	w.b.WriteString(fence + "\n\n")
}

func (w *writer) title(s string) { w.b.WriteString("## " + s + "\n\n") }

func (w *writer) para(s string) {
	if lead.MatchString(s) { // would begin a list, a heading or a rule
		s = "\\" + s
	}
	w.b.WriteString(s + "\n\n")
}

var lead = regexp.MustCompile(`^[-+=]`)

// section is a title and a table; nothing when there are no rows.
func (w *writer) section(title string, head []string, rows [][]string) {
	if len(rows) > 0 {
		w.title(title)
		w.table(head, rows)
	}
}

func (w *writer) table(head []string, rows [][]string) {
	w.row(head)
	w.b.WriteString("|" + strings.Repeat(" --- |", len(head)) + "\n")
	for _, r := range rows {
		w.row(r)
	}
	w.b.WriteString("\n")
}

func (w *writer) row(cells []string) {
	w.b.WriteString("|")
	for _, c := range cells {
		w.b.WriteString(" " + c + " |")
	}
	w.b.WriteString("\n")
}

// list is a title and a list; nothing when there are no lines.
func (w *writer) list(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	w.title(title)
	for _, l := range lines {
		w.b.WriteString("- " + l + "\n")
	}
	w.b.WriteString("\n")
}
