// Package kolla reads, checks and writes the three files that Kolla-Ansible takes its answers
// from: globals.yml and passwords.yml (Vars) and the multinode inventory (Inventory).
//
// Reading is what Kolla-Ansible's own readers do: Ansible hands both YAML files to PyYAML,
// which speaks YAML 1.1 (yes is true, 010 is eight, 1:30 is ninety), and its INI plugin reads
// the inventory. A file that is read and written back is the same, byte for byte; a value that
// is changed changes its own lines and no others.
//
// The package is pure: bytes in, bytes and findings out; Generate alone asks for randomness,
// which its caller gives. It may import answers, assets, internal/i18n, internal/problem,
// internal/site and a YAML library; no screen, no SSH, no files.
package kolla

import (
	"fmt"
	"sort"
	"strings"
)

// most is the size of a file beyond which it is no answers file: the largest that ship have 60 KB.
const most = 4 << 20

// Fault is why a file, or a line of it, cannot be read as its reader would read it.
type Fault struct {
	Line int               // from 1; 0: the file as a whole
	Col  int               // from 1, in characters; 0: not known
	Key  string            // the key, group or host that it is about; empty: none
	Code string            // its text is in internal/i18n under this name
	Args map[string]string // what that text names; never a secret
}

// Error is the fault in one English line; screens use internal/i18n.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "line %d: %s", f.Line, f.Code)
	if f.Key != "" {
		b.WriteString(" " + f.Key)
	}
	names := make([]string, 0, len(f.Args))
	for n := range f.Args {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		b.WriteString(" " + n + "=" + f.Args[n])
	}
	return b.String()
}

// fault makes one; args come in pairs, name then value.
func fault(line, col int, key, code string, args ...string) *Fault {
	f := &Fault{Line: line, Col: col, Key: key, Code: code}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}
