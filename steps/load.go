package steps

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"
)

//go:embed library/*.yaml library/assets
var library embed.FS

// Library is the procedures that come with the program: *.yaml, and assets/ beside them.
func Library() fs.FS {
	sub, err := fs.Sub(library, "library")
	if err != nil {
		return library // cannot be: the folder is embedded above
	}
	return sub
}

// Names lists the procedures of a folder, without .yaml, in order. A folder that is not there
// has none.
func Names(fsys fs.FS) ([]string, error) {
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("cannot list procedures: %w", err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], ".yaml")
	}
	return files, nil
}

// Load reads the procedure NAME (with or without .yaml) of a folder, and the assets that it
// names (assets/FILE, beside the procedure), which become part of its Source. The error is a
// Findings when the file was read and is wrong. It is not linted: that is Lint's. Procedures
// that it calls are looked for in the folders of from, in order; in its own when there are none.
func Load(fsys fs.FS, name string, from ...fs.FS) (*Procedure, error) {
	p, found, err := Open(fsys, name, from...)
	if err != nil {
		return nil, err
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Open is Load that gives all findings, warnings too, and what could be understood.
func Open(fsys fs.FS, name string, from ...fs.FS) (*Procedure, Findings, error) {
	if !strings.HasSuffix(name, ".yaml") {
		name += ".yaml"
	}
	src, err := read(fsys, name)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read procedure %s: %w", name, err)
	}
	src, calls, found := withAssets(fsys, name, src)
	if len(calls) > 0 && !found.Failed() {
		if len(from) == 0 {
			from = []fs.FS{fsys}
		}
		src, found = withCalled(name, src, calls, from)
	}
	if found.Failed() {
		return nil, found, nil
	}
	p, found := Parse(name, src)
	return p, found, nil
}

// read reads a file, but not one that is too large to be a procedure.
func read(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > mostBytes {
		return nil, fmt.Errorf("larger than %d MiB", mostBytes>>20)
	}
	return fs.ReadFile(fsys, name)
}

// withAssets appends the assets that a file names to it, so that it stands for itself:
//
//	assets:
//	  assets/NAME.sh: "text"
//
// Appending keeps every line number. calls are the procedures that it calls and does not carry.
func withAssets(fsys fs.FS, name string, src []byte) (out []byte, calls map[string]place, found Findings) {
	d := newDecoder(name)
	root := d.node(src)
	if root == nil || root.Kind != yaml.MappingNode {
		return src, nil, nil // Parse says what is wrong
	}
	d.embedded(root)
	had := len(d.assets) > 0
	known := map[string]bool{}
	for k := range d.assets {
		known[k] = true
	}
	quiet := &decoder{findings: findings{file: name}, assets: d.assets, used: d.used, calls: d.calls}
	quiet.procedure(root, &Procedure{})
	for i := 0; i < len(root.Content); i += 2 {
		if root.Content[i].Value == "procedures" {
			d.calls = nil
		}
	}
	var b bytes.Buffer
	for _, ref := range sortedKeys(d.used) {
		if known[ref] {
			continue
		}
		body, err := read(fsys, path.Join(path.Dir(name), ref))
		if err != nil {
			d.err(d.used[ref], "asset.unread", "asset", ref, "cause", err.Error())
			continue
		}
		var quoted bytes.Buffer
		if !quoteYAML(&quoted, string(body)) {
			d.err(d.used[ref], "asset.text", "asset", ref)
			continue
		}
		fmt.Fprintf(&b, "  %s: %s\n", ref, quoted.String())
	}
	if d.all.Failed() || b.Len()+len(d.calls) == 0 {
		return src, nil, d.sorted()
	}
	if had && b.Len() > 0 || root.Column != 1 || root.Style&yaml.FlowStyle != 0 || bytes.Contains(src, []byte("\n...")) {
		d.err(place{1, 1}, "asset.flow")
		return src, nil, d.sorted()
	}
	out = bytes.TrimRight(bytes.Clone(src), "\n")
	if b.Len() == 0 {
		return append(out, '\n'), d.calls, nil
	}
	return append(append(out, "\nassets:\n"...), b.Bytes()...), d.calls, nil
}

// embedded reads the assets that a file carries itself.
func (d *decoder) embedded(root *yaml.Node) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "assets" {
			continue
		}
		d.entries(root.Content[i+1], "assets", isAsset, func(k, v *yaml.Node) {
			d.assets[k.Value] = d.str(v, k.Value)
		})
		return
	}
}

// quoteYAML writes a double-quoted scalar on one line; false when the text has what no
// scalar can hold (NUL, or bytes that are no UTF-8).
func quoteYAML(b *bytes.Buffer, s string) bool {
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == 0 || r == '\uFFFD' && !strings.HasPrefix(s[i:], "\uFFFD"):
			return false
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f || r == 0x85 || r == 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r > 0xffff:
			fmt.Fprintf(b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return true
}

func newDecoder(name string) *decoder {
	return &decoder{findings: findings{file: name}, assets: map[string]string{}, used: map[string]place{}, calls: map[string]place{}}
}

// Parse reads a procedure that carries its assets itself (Procedure.Source). What it could
// understand is returned together with all findings; with an error among them it is not to be
// run. It never panics, whatever the input.
func Parse(name string, src []byte) (*Procedure, Findings) {
	p := &Procedure{Path: name, Source: src}
	d := newDecoder(name)
	if root := d.node(src); root != nil {
		if root.Kind == yaml.MappingNode {
			d.embedded(root)
		}
		d.procedure(root, p)
		if root.Kind == yaml.MappingNode {
			d.carried(root, p)
		}
		for _, a := range sortedKeys(d.assets) {
			if _, used := d.used[a]; !used {
				d.warn(place{}, "asset.unused", "asset", a)
			}
		}
	}
	return p, d.sorted()
}
