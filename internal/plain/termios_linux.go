package plain

import "golang.org/x/sys/unix"

// The terminal's requests; see ioctl_tty(2).
const (
	getTermios      = unix.TCGETS
	setTermios      = unix.TCSETS
	setTermiosFlush = unix.TCSETSF
)

// forgetTyped throws away what was typed and not read yet. Worst case: it stays.
func forgetTyped(fd int) { _ = unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
