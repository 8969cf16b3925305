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

// WithOutput returns the problem with what the failed command printed.
func (p *Problem) WithOutput(out string) *Problem {
	const most = 4 << 10
	if len(out) > most {
		out = out[len(out)-most:]
	}
	p.Output = strings.ToValidUTF8(out, "\uFFFD")
	return p
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
