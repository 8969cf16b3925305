package assets

import (
	"embed"
	"fmt"
	"sort"
	"strings"
)

// answers/ has the parameter catalogues: INSTALLER-RELEASE.json with the entries of a release,
// INSTALLER.words.json with the words that all releases of an installer share.
//
//go:embed answers
var answers embed.FS

// Answers returns a file of answers/ by name, such as "packstack-stein.json".
func Answers(name string) ([]byte, error) {
	data, err := answers.ReadFile("answers/" + name)
	if err != nil {
		return nil, fmt.Errorf("no file %q among the catalogues: %w", name, err)
	}
	return data, nil
}

// Catalogues are the names INSTALLER-RELEASE of the catalogues in the binary, sorted.
func Catalogues() []string {
	entries, err := answers.ReadDir("answers")
	if err != nil {
		return nil // it is embedded: the compiler has seen the folder
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok && strings.Contains(name, "-") && !strings.Contains(name, ".") {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}
