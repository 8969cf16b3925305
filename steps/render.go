package steps

import (
	"fmt"
	"slices"
	"strings"
)

// Render gives the file's text: {name} is a parameter (never a secret), a var of the step
// (Scope.Vars) or a built-in; a name that is not known is an error. ${name} is left alone, it
// is the file's own.
func (f *File) Render(sc Scope) ([]byte, error) {
	s, err := sc.render(f.Content)
	if err != nil {
		return nil, fmt.Errorf("cannot fill in %s: %w", f.Path, err)
	}
	return []byte(s), nil
}

// Target is the path, {name} filled in.
func (f *File) Target(sc Scope) (string, error) {
	s, err := sc.render(f.Path)
	if err != nil {
		return "", fmt.Errorf("cannot fill in the path %s: %w", f.Path, err)
	}
	if strings.ContainsAny(s, "\x00\n") || !strings.HasPrefix(s, "/") || slices.Contains(strings.Split(s, "/"), "..") {
		return "", fmt.Errorf("cannot write to %q: a whole path is wanted", s)
	}
	return s, nil
}

func (sc Scope) render(text string) (string, error) {
	w := sc.words()
	for name := range sc.Lets { // only through vars: a let may be a list
		if _, own := sc.Vars[name]; !own {
			delete(w, name)
		}
	}
	var missing []string
	out := placeholders(text, func(name string) (string, bool) {
		v, ok := w[name]
		if !ok && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return v, ok
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("nothing is known as {%s}", strings.Join(missing, "}, {"))
	}
	return out, nil
}
