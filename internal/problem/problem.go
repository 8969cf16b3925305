// Package problem is an error as an operator needs it: what failed on which host at which
// stage, what it printed, and (by its code, through internal/i18n) what to do next.
//
// A Problem is plain data: it goes into the journal as it is. It may import nothing but the
// standard library.
package problem

import (
	"errors"
	"sort"
	"strings"
)

// Code names a kind of problem, such as "remote.key.changed": room.subject.trouble. Its
// texts are in internal/i18n under the same name, which a test compares.
type Code string

// Problem is an error with a code. The zero value is no problem.
type Problem struct {
	Code   Code              `json:"code"`
	Host   string            `json:"host,omitempty"`
	Args   map[string]string `json:"args,omitempty"`   // what the texts of the code may name; never a secret
	Output string            `json:"output,omitempty"` // what the failed command printed, its last few KiB, redacted
	Cause  string            `json:"cause,omitempty"`  // the underlying error, in English as it came
	err    error
	whole  string // the output before it was cut, for Redacted
}

// New makes a problem; args come in pairs, name then value.
func New(code Code, host string, cause error, args ...string) *Problem {
	p := &Problem{Code: code, Host: host, err: cause}
	if cause != nil {
		p.Cause = cause.Error()
	}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
	}
	return p
}

// WithOutput returns the problem with what the failed command printed: its end.
func (p *Problem) WithOutput(out string) *Problem {
	p.whole = strings.ToValidUTF8(end(out, mostWhole), "\uFFFD")
	p.Output = end(p.whole, mostOutput)
	return p
}

// Bytes of output: what is kept of it, and what Redacted looks at.
const (
	mostOutput = 4 << 10
	mostWhole  = 64 << 10
)

// end is the end of a text, beginning with a whole line where there is one.
func end(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[len(s)-most:]
	if i := strings.IndexByte(s, '\n'); i >= 0 && i+1 < len(s) {
		return s[i+1:]
	}
	return strings.ToValidUTF8(s, "")
}

// Redacted is a copy with hide applied to all that it says. The output is cut after that: half
// a secret at its beginning would not be found.
func (p *Problem) Redacted(hide func(string) string) *Problem {
	c := &Problem{Code: p.Code, Host: p.Host, Cause: hide(p.Cause)}
	out := p.whole
	if out == "" {
		out = p.Output
	}
	c.Output = end(hide(out), mostOutput)
	for k, v := range p.Args {
		if c.Args == nil {
			c.Args = map[string]string{}
		}
		c.Args[k] = hide(v)
	}
	return c
}

// Error is the problem in one English line, for logs and wrapped errors; screens use i18n:
// code, host, arguments, cause.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(string(p.Code))
	if p.Host != "" {
		b.WriteString(" on " + p.Host)
	}
	names := make([]string, 0, len(p.Args))
	for n := range p.Args {
		names = append(names, n)
	}
	sort.Strings(names)
	for i, n := range names {
		sep := ", "
		if i == 0 {
			sep = " ("
		}
		b.WriteString(sep + n + " " + p.Args[n])
	}
	if len(names) > 0 {
		b.WriteString(")")
	}
	if p.Cause != "" {
		b.WriteString(": " + p.Cause)
	}
	return b.String()
}

func (p *Problem) Unwrap() error { return p.err }

// Of returns the problem in an error's chain, or nil.
func Of(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return nil
}

// Is tells whether an error is a problem of this code.
func Is(err error, code Code) bool {
	p := Of(err)
	return p != nil && p.Code == code
}
