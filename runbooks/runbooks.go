// Package runbooks holds the guided recoveries that come with the program: library/*.yaml in
// the procedure language (kind: runbook), with their scripts in library/assets. They are data;
// what they judge with is in runbooks/judgements.
//
// It may import the standard library and steps.
package runbooks

import (
	"embed"
	"io/fs"
)

//go:embed all:library
var library embed.FS

// Library is the runbooks that come with the program: *.yaml, and assets/ beside them.
func Library() fs.FS {
	sub, err := fs.Sub(library, "library")
	if err != nil {
		return library // cannot be: the folder is embedded above
	}
	return sub
}
