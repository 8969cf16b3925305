package site

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
	"github.com/google/renameio/v2"

	"stackhand/internal/problem"
)

// most is the size of a site.yaml beyond which it is none: a thousand hosts take a tenth.
const most = 4 << 20

// Load reads a site.yaml. See Parse.
func Load(path string) (*Site, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, problem.New("site.read", "", err, "file", path)
	}
	st, err := os.Stat(abs)
	if err != nil {
		return nil, problem.New("site.read", "", err, "file", path)
	}
	if st.Size() > most {
		return nil, problem.New("site.read", "", fmt.Errorf("%d bytes are no site", st.Size()), "file", path)
	}
	data, err := os.ReadFile(abs)
	if err != nil {
		return nil, problem.New("site.read", "", err, "file", path)
	}
	return Parse(data, abs)
}

// Parse reads a site; path is where it came from. All that is wrong with it comes in one
// error, a join of *problem.Problem (see Problems), each with the arguments file, line and column.
func Parse(data []byte, path string) (*Site, error) {
	d := &document{path: path}
	file, err := parse(data)
	if err != nil {
		return nil, d.broken(err)
	}
	d.file = file
	s := &Site{}
	if err := decode(data, s); err != nil {
		return nil, d.broken(err)
	}
	s.Path = path
	d.check(s)
	if len(d.found) > 0 {
		return nil, errors.Join(d.found...)
	}
	return s, nil
}

// parse and decode keep a panic of the YAML library on hostile input from ending the program.
func parse(data []byte) (f *ast.File, err error) {
	defer rescued(&err)
	return parser.ParseBytes(data, 0)
}

func decode(data []byte, s *Site) (err error) {
	defer rescued(&err)
	return yaml.UnmarshalWithOptions(data, s, yaml.Strict())
}

func rescued(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("not readable as YAML: %v", r)
	}
}

// Problems returns the problems in an error of Load or Parse.
func Problems(err error) []*problem.Problem {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []*problem.Problem
		for _, e := range joined.Unwrap() {
			all = append(all, Problems(e)...)
		}
		return all
	}
	if p := problem.Of(err); p != nil {
		return []*problem.Problem{p}
	}
	return nil
}

// Save writes a site to its path, whole or not at all. Comments of an older file are not kept.
func Save(s *Site) error {
	data, err := yaml.Marshal(s)
	if err != nil {
		return fmt.Errorf("cannot write site %s: %w", s.Name, err)
	}
	if _, err := Parse(data, s.Path); err != nil {
		return fmt.Errorf("cannot write site %s: %w", s.Name, err)
	}
	if err := renameio.WriteFile(s.Path, data, 0o644); err != nil {
		return problem.New("site.write", "", err, "file", s.Path)
	}
	return nil
}

// Abs makes a path of the site absolute: "~/" is the operator's home, others start at the
// folder of site.yaml.
func (s *Site) Abs(path, home string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(home, rest)
	}
	if !filepath.IsAbs(path) && s.Path != "" {
		return filepath.Join(filepath.Dir(s.Path), path)
	}
	return path
}

// document is a site.yaml while it is checked.
type document struct {
	path  string
	file  *ast.File
	found []error
}

// at is a place in the file: field names and indexes.
type at []any

func (a at) then(more ...any) at { return append(a[:len(a):len(a)], more...) }

// String is the place as an operator would say it: hosts[1].addresses.api.
func (a at) String() string {
	var b strings.Builder
	for _, x := range a {
		switch x := x.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", x)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, x)
		}
	}
	return b.String()
}

// report adds a problem at a place.
func (d *document) report(code problem.Code, a at, args ...string) {
	line, column := d.position(a)
	args = append(args, "file", d.path, "line", strconv.Itoa(line), "column", strconv.Itoa(column), "key", a.String())
	d.found = append(d.found, problem.New(code, "", nil, args...))
}

// position finds a place, or the nearest one around it.
func (d *document) position(a at) (line, column int) {
	line, column = 1, 1
	if d.file == nil || len(d.file.Docs) == 0 {
		return line, column
	}
	node := d.file.Docs[0].Body
	for _, x := range a {
		var next ast.Node
		switch x := x.(type) {
		case int:
			if n, ok := bare(node).(*ast.SequenceNode); ok && x < len(n.Values) {
				next = n.Values[x]
			}
		case string:
			if n, ok := bare(node).(ast.MapNode); ok {
				for it := n.MapRange(); it.Next(); {
					if k := it.Key(); k != nil && k.GetToken() != nil && k.GetToken().Value == x {
						line, column = where(k.GetToken(), line, column)
						next = it.Value()
						break
					}
				}
			}
		}
		if next == nil {
			return line, column
		}
		node = next
		if _, scalar := bare(node).(ast.ScalarNode); scalar {
			line, column = where(node.GetToken(), line, column)
		} else if n, ok := bare(node).(*ast.MappingNode); ok && len(n.Values) > 0 {
			line, column = where(n.Values[0].Key.GetToken(), line, column)
		}
	}
	return line, column
}

// bare is a node without its anchor or tag.
func bare(n ast.Node) ast.Node {
	for {
		switch x := n.(type) {
		case *ast.AnchorNode:
			n = x.Value
		case *ast.TagNode:
			n = x.Value
		default:
			return n
		}
	}
}

func where(t *token.Token, line, column int) (int, int) {
	if t == nil || t.Position == nil {
		return line, column
	}
	return t.Position.Line, t.Position.Column
}

// broken is a file that YAML, or the shape of a site, does not allow.
func (d *document) broken(err error) error {
	line, column, what := 1, 1, err.Error()
	var y yaml.Error
	if errors.As(err, &y) {
		line, column = where(y.GetToken(), line, column)
		what = y.GetMessage()
	}
	args := []string{"file", d.path, "line", strconv.Itoa(line), "column", strconv.Itoa(column), "what", what}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		key := strings.TrimSuffix(strings.TrimPrefix(what, `unknown field "`), `"`)
		return problem.New("site.key.unknown", "", nil, append(args, "key", key)...)
	}
	return problem.New("site.yaml", "", nil, args...)
}
