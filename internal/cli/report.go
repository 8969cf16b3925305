package cli

import (
	"fmt"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
)

// reportText is the report of a run as Markdown.
func reportText(env *environment, dir *run.Dir, lang i18n.Lang) (string, error) {
	return "", fmt.Errorf("not yet")
}
