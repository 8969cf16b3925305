// Package assets is what ends up on hosts, embedded in the binary. It may import nothing but
// the standard library.
//
// job/ has the job wrapper and the fixed texts that internal/remote runs on a host around it:
// POSIX sh (dash, bash), coreutils 8.22 (CentOS 7) or newer, util-linux, optionally systemd.
package assets

import (
	"embed"
	"fmt"
)

//go:embed job/*.sh
var job embed.FS

// Job returns one of the texts in job/, by name without ".sh": "wrapper", or a call
// ("prepare", "start", "look" …), which is text to be put behind "host", the words that they share.
func Job(name string) (string, error) {
	text, err := job.ReadFile("job/" + name + ".sh")
	if err != nil {
		return "", fmt.Errorf("no text %q among the assets of a job: %w", name, err)
	}
	return string(text), nil
}
