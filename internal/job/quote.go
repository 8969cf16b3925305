package job

import (
	"errors"
	"strings"
)

// ErrNUL is what Quote refuses: no shell variable can hold a NUL byte.
var ErrNUL = errors.New("cannot quote for the shell: a NUL byte inside")

// Quote returns s as one word of POSIX shell that stands for exactly these bytes (POSIX.1-2017,
// XCU 2.2.2: between single quotes nothing is special but the single quote).
func Quote(s string) (string, error) {
	if strings.IndexByte(s, 0) >= 0 {
		return "", ErrNUL
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'", nil
}
