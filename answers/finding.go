package answers

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"stackhand/internal/i18n"
)

// Severity of a finding.
type Severity string

// The severities. With an error the installer refuses the file or fails in the middle of its
// run; a warning is accepted and probably not meant; a note only says what will happen.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is one thing that is wrong with a file of answers.
type Finding struct {
	File       string            `json:"file"`
	Line       int               `json:"line"` // from 1; 0: the file as a whole, or a key that is not in it
	Col        int               `json:"col"`  // from 1, in bytes; 0: not known
	Severity   Severity          `json:"severity"`
	Key        string            `json:"key,omitempty"`
	Found      string            `json:"found,omitempty"`      // the value, Mask for a secret
	Wanted     string            `json:"wanted"`               // what would be right, in English
	Why        string            `json:"why"`                  // in English
	Correction int               `json:"correction,omitempty"` // number in docs/corrections.md
	Code       string            `json:"code"`                 // texts in i18n's area Answers under the same name
	Args       map[string]string `json:"args,omitempty"`       // what those texts name; never a secret
}

// Mask stands wherever a secret would.
const Mask = "********"

// String is file:line:col: severity: KEY: why. Instead: wanted., as editors and compilers have it.
func (f Finding) String() string { return f.In(i18n.English) }

// In is String in a language.
func (f Finding) In(l i18n.Lang) string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
		if f.Col > 0 {
			fmt.Fprintf(&b, ":%d", f.Col)
		}
	}
	words := i18n.For(l).Answers
	severity := map[Severity]string{Error: words.Error, Warning: words.Warning, Note: words.Note}[f.Severity]
	why, wanted := f.texts(words)
	fmt.Fprintf(&b, ": %s: ", severity)
	if f.Key != "" {
		fmt.Fprintf(&b, "%s: ", f.Key)
	}
	fmt.Fprintf(&b, "%s. %s: %s.", why, words.Instead, wanted)
	if f.Correction > 0 {
		b.WriteString(" " + i18n.Fill(words.Correction, "number", fmt.Sprint(f.Correction)))
	}
	return b.String()
}

// Texts are why and wanted in a language.
func (f Finding) Texts(l i18n.Lang) (why, wanted string) { return f.texts(i18n.For(l).Answers) }

func (f Finding) texts(words i18n.Answers) (why, wanted string) {
	t, ok := words.Findings[f.Code]
	if !ok {
		return f.Code, f.Code
	}
	pairs := []string{"key", f.Key, "found", f.Found}
	for k, v := range f.Args {
		pairs = append(pairs, k, v)
	}
	return i18n.Fill(t.Why, pairs...), i18n.Fill(t.Wanted, pairs...)
}

// Findings is all that is wrong, in the order of the files. It is an error when it has one.
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
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == Error })
}

// Err is the findings as an error when one of them is an error, else nil.
func (fs Findings) Err() error {
	if fs.Failed() {
		return fs
	}
	return nil
}

// Corrections are the numbers of the corrections that the findings are about, sorted.
func (fs Findings) Corrections() []int {
	var numbers []int
	for _, f := range fs {
		if f.Correction > 0 && !slices.Contains(numbers, f.Correction) {
			numbers = append(numbers, f.Correction)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// mostFindings are told; who has more begins with these.
const mostFindings = 1000

// Found collects findings of one file. The zero value has no name and is ready.
type Found struct {
	File string
	All  Findings

	words *i18n.Answers
}

// At is a place in a file, with what stands there.
type At struct {
	Line, Col int
	Key       string
	Found     string // Mask for a secret
}

// Add notes a finding; args come in pairs, name then value, and may not hold a secret. The
// texts also know {key} and {found}. correction is 0 where none of them is meant.
func (fs *Found) Add(at At, sev Severity, correction int, code string, args ...string) {
	if len(fs.All) >= mostFindings {
		return
	}
	if len(fs.All) == mostFindings-1 {
		at, sev, correction, code, args = At{}, Error, 0, "findings.many", nil
	}
	f := Finding{File: fs.File, Line: at.Line, Col: at.Col, Key: at.Key, Found: at.Found, Severity: sev, Correction: correction, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	if fs.words == nil {
		fs.words = &i18n.For(i18n.English).Answers
	}
	f.Why, f.Wanted = f.texts(*fs.words)
	fs.All = append(fs.All, f)
}

// Sorted returns them in the order of the file, what is about no line last, each once.
func (fs *Found) Sorted() Findings {
	out := slices.Clone(fs.All)
	last := func(n int) int {
		if n == 0 {
			return 1 << 30
		}
		return n
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Line != b.Line {
			return last(a.Line) < last(b.Line)
		}
		return a.Col < b.Col
	})
	return slices.CompactFunc(out, func(a, b Finding) bool {
		return a.Line == b.Line && a.Col == b.Col && a.Code == b.Code && a.Key == b.Key && a.Why == b.Why
	})
}
