package engine

import (
	"bytes"
	"maps"
	"strings"

	"stackhand/internal/job"
	"stackhand/steps"
)

// mostFound bounds what was expected and found in a check's event, in bytes; mostSaid what of it
// a problem repeats, in characters.
const (
	mostFound = 4 << 10
	mostSaid  = 300
)

// compare judges what a probe gave. What is said of it is taken from the output without the
// secrets: found is a part of it, and a part of a secret would not be known as one.
func (e *Engine) compare(c *steps.Check, out job.Output, sc steps.Scope) (ok bool, expected, found string) {
	ok, expected, found = c.Want.Judge(out, taken(c.Read, out), sc)
	red := e.redactor()
	clean := out
	clean.Stdout, clean.Stderr = red.Bytes(out.Stdout), red.Bytes(out.Stderr)
	if !bytes.Equal(clean.Stdout, out.Stdout) || !bytes.Equal(clean.Stderr, out.Stderr) {
		_, expected, found = c.Want.Judge(clean, taken(c.Read, clean), sc)
	}
	return ok, cut(red.String(expected), mostFound), cut(red.String(found), mostFound)
}

// cut is the beginning of a text, with an ellipsis when something is left out.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len("…")], "") + "…"
}

func taken(reads map[string]steps.Read, out job.Output) map[string]steps.Value {
	values := map[string]steps.Value{}
	for name := range maps.Keys(reads) {
		values[name] = reads[name].Take(out.Stdout, out.Stderr, out.Exit)
	}
	return values
}
