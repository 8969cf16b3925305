package steps

import (
	"fmt"
	"sort"
	"strings"

	"stackhand/internal/i18n"
)

// Severity of a finding.
type Severity string

// The severities. A procedure with an error does not run.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing that is wrong with a procedure or with the values given to it.
type Finding struct {
	File     string            `json:"file"`
	Line     int               `json:"line"` // from 1; 0: the file as a whole
	Col      int               `json:"col"`  // from 1, in characters; 0: not known
	Severity Severity          `json:"severity"`
	Code     string            `json:"code"`           // text in i18n's area Steps under the same name
	Args     map[string]string `json:"args,omitempty"` // what that text names
	Message  string            `json:"message"`        // the text in English
}

// String is file:line:col: severity: message, as editors and compilers have it.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
		if f.Col > 0 {
			fmt.Fprintf(&b, ":%d", f.Col)
		}
	}
	return fmt.Sprintf("%s: %s: %s", b.String(), f.Severity, f.Message)
}

// In returns the message in a language.
func (f Finding) In(l i18n.Lang) string { return f.with(i18n.For(l).Steps.Findings) }

func (f Finding) with(texts map[string]string) string {
	text, ok := texts[f.Code]
	if !ok {
		return f.Code
	}
	pairs := make([]string, 0, 2*len(f.Args))
	for k, v := range f.Args {
		pairs = append(pairs, k, v)
	}
	return i18n.Fill(text, pairs...)
}

// Findings is all that is wrong, in the order of the file. It is an error when it has one.
type Findings []Finding

// Error is one finding a line.
func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Failed tells whether one of them is an error.
func (fs Findings) Failed() bool {
	for _, f := range fs {
		if f.Severity == Error {
			return true
		}
	}
	return false
}

// Err is the findings as an error when one of them is an error, else nil.
func (fs Findings) Err() error {
	if fs.Failed() {
		return fs
	}
	return nil
}

// place is a position in a procedure's file.
type place struct{ line, col int }

// mostFindings are told; who has more begins with these.
const mostFindings = 1000

func (fs *findings) full() bool { return len(fs.all) >= mostFindings }

// findings collects.
type findings struct {
	file  string
	all   Findings
	texts map[string]string
}

// add notes a finding; args come in pairs, name then value.
func (fs *findings) add(at place, sev Severity, code string, args ...string) {
	if fs.full() {
		return
	}
	if len(fs.all) == mostFindings-1 {
		sev, code, args = Error, "findings.many", nil
	}
	f := Finding{File: fs.file, Line: at.line, Col: at.col, Severity: sev, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	if fs.texts == nil {
		fs.texts = i18n.For(i18n.English).Steps.Findings
	}
	f.Message = f.with(fs.texts)
	fs.all = append(fs.all, f)
}

func (fs *findings) err(at place, code string, args ...string) { fs.add(at, Error, code, args...) }

func (fs *findings) warn(at place, code string, args ...string) { fs.add(at, Warning, code, args...) }

// sorted returns them in the order of the file, each once.
func (fs *findings) sorted() Findings {
	sort.SliceStable(fs.all, func(i, j int) bool {
		a, b := fs.all[i], fs.all[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Col < b.Col
	})
	var out Findings
	for _, f := range fs.all {
		if n := len(out); n > 0 && out[n-1].Line == f.Line && out[n-1].Col == f.Col && out[n-1].Message == f.Message {
			continue
		}
		out = append(out, f)
	}
	return out
}
