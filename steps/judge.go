package steps

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stackhand/internal/job"
)

// Take reads a value out of what a probe or job printed. Its kind is As's: string, int,
// float64, bool, or for lines a list of strings ([]any), which may be empty.
//
// A command that failed and printed nothing usable gives absent(failed); white space only is
// absent(empty); a pattern that is not there is absent(no-match); a number that is none is
// absent(bad-type).
func (r Read) Take(stdout, stderr []byte, exit int) Value {
	out := string(stdout)
	switch r.From {
	case "stderr":
		out = string(stderr)
	case "exit":
		out, exit = strconv.Itoa(exit), 0
	}
	out = strings.ToValidUTF8(out, "\uFFFD")
	missing := func(why string) Value {
		if exit != 0 {
			why = WhyFailed
		}
		return Value{Absent: why}
	}
	var re *regexp.Regexp
	if r.Match != "" {
		var err error
		if re, err = regexp.Compile(r.Match); err != nil {
			return Value{Absent: WhyNoMatch} // lint refuses such a procedure
		}
	}
	if r.As == "lines" {
		list := []any{}
		if re == nil {
			for line := range strings.Lines(out) {
				if line = strings.TrimSpace(line); line != "" {
					list = append(list, line)
				}
			}
		} else {
			for _, m := range re.FindAllStringSubmatch(out, -1) {
				list = append(list, m[min(1, len(m)-1)])
			}
		}
		if len(list) == 0 && exit != 0 {
			return Value{Absent: WhyFailed}
		}
		return Value{V: list}
	}
	if re == nil {
		if exit != 0 {
			return Value{Absent: WhyFailed}
		}
	} else {
		m := re.FindStringSubmatch(out)
		if m == nil {
			return missing(WhyNoMatch)
		}
		out = m[min(1, len(m)-1)]
	}
	out = strings.TrimSpace(out)
	if out == "" {
		return missing(WhyEmpty)
	}
	return convert(out, r.As)
}

// convert reads a text as a kind.
func convert(s, as string) Value {
	switch as {
	case "int":
		if i, err := strconv.Atoi(s); err == nil {
			return Value{V: i}
		}
	case "float":
		if f, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return Value{V: f}
		}
	case "bool":
		switch strings.ToLower(s) {
		case "true", "yes", "on", "1", "enabled":
			return Value{V: true}
		case "false", "no", "off", "0", "disabled":
			return Value{V: false}
		}
	default:
		return Value{V: s}
	}
	return Value{Absent: WhyBadType}
}

// Judge compares what a check's probe gave with what is wanted. values are the check's own
// reads (Read.Take). expected and found are short, on one line, the same in every language:
// commands, numbers and signs. found tells what was there also when all is well.
func (w Want) Judge(out job.Output, values map[string]Value, sc Scope) (ok bool, expected, found string) {
	var wants, finds []string
	ok = true
	add := func(holds bool, want, found string) {
		if !holds {
			ok = false
		}
		wants = append(wants, want)
		if len(finds) == 0 || finds[len(finds)-1] != found {
			finds = append(finds, found)
		}
	}
	stdout := strings.ToValidUTF8(string(out.Stdout), "\uFFFD")
	exit := w.Exit
	if exit == nil && w.Match == "" && w.NoMatch == "" && w.Equals == nil && !w.Expr.Given() {
		exit = new(int)
	}
	if exit != nil {
		f := "exit " + strconv.Itoa(out.Exit)
		if l := lastLine(out); l != "" {
			f += ": " + l
		}
		add(out.Exit == *exit, "exit "+strconv.Itoa(*exit), f)
	}
	if w.Match != "" {
		re, err := regexp.Compile(w.Match)
		switch {
		case err != nil:
			add(false, "/"+oneLine(w.Match)+"/", err.Error())
		case re.MatchString(stdout):
			add(true, "/"+oneLine(w.Match)+"/", quoteLine(re.FindString(stdout)))
		default:
			add(false, "/"+oneLine(w.Match)+"/", shown(out))
		}
	}
	if w.NoMatch != "" {
		re, err := regexp.Compile(w.NoMatch)
		want := "no /" + oneLine(w.NoMatch) + "/"
		switch {
		case err != nil:
			add(false, want, err.Error())
		case re.MatchString(stdout):
			add(false, want, quoteLine(re.FindString(stdout)))
		case out.Cut: // what was not kept may have it
			add(false, want, "output cut, "+strconv.Itoa(len(out.Stdout))+" bytes seen")
		default:
			add(true, want, shown(out))
		}
	}
	if w.Equals != nil {
		add(!out.Cut && strings.TrimSpace(stdout) == *w.Equals, "= "+quoteLine(*w.Equals), shown(out))
	}
	if w.Expr.Given() {
		holds, f := w.expr(values, sc)
		add(holds, oneLine(w.Expr.Text), f)
	}
	return ok, strings.Join(wants, ", "), strings.Join(finds, ", ")
}

// expr judges the expression and says the values that it was about.
func (w Want) expr(values map[string]Value, sc Scope) (bool, string) {
	if values == nil {
		values = map[string]Value{}
	}
	sc.Values = values
	holds, err := w.Expr.about(factSet(values), sc.env())
	var parts []string
	for _, name := range sortedKeys(values) {
		v := factSet(values).lookup(name)
		if v.Absent != "" {
			parts = append(parts, name+" absent ("+v.Absent+")")
		} else if s, err := sentence(v.V); err == nil {
			parts = append(parts, name+" = "+oneLine(s))
		}
	}
	if err != nil {
		why := err.Error()
		if ee := (*ExprError)(nil); errors.As(err, &ee) {
			why = ee.Why
		}
		parts = append(parts, oneLine(why))
	}
	if len(parts) == 0 {
		parts = append(parts, fmt.Sprint(holds))
	}
	return holds && err == nil, strings.Join(parts, ", ")
}

// shown is what a probe printed, for the operator: its only or last line, or how it ended.
func shown(out job.Output) string {
	l := lastLine(out)
	switch {
	case out.Exit != 0 && l != "":
		return "exit " + strconv.Itoa(out.Exit) + ": " + l
	case out.Exit != 0:
		return "exit " + strconv.Itoa(out.Exit)
	case len(bytes.TrimSpace(out.Stdout)) == 0:
		return `""`
	}
	return quoteLine(strings.ToValidUTF8(string(out.Stdout), "\uFFFD"))
}

// lastLine is the last line with something on it: of stderr when the probe failed, else of
// stdout.
func lastLine(out job.Output) string {
	first, second := out.Stdout, out.Stderr
	if out.Exit != 0 {
		first, second = second, first
	}
	for _, b := range [][]byte{first, second} {
		if b = bytes.TrimSpace(b); len(b) > 0 {
			if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
				b = b[i+1:]
			}
			return oneLine(string(b))
		}
	}
	return ""
}

const mostShown = 160 // characters of expected and found

// oneLine is a text on one line without control characters, not too long.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s))
	if utf8.RuneCountInString(s) > mostShown {
		s = string([]rune(s)[:mostShown-1]) + "…"
	}
	return s
}

func quoteLine(s string) string { return `"` + oneLine(s) + `"` }
