package remote

import (
	"context"
	"errors"
	"io"

	"golang.org/x/crypto/ssh"
)

// Size is a terminal's in character cells.
type Size struct{ Width, Height int }

// Terminal is what an interactive shell is shown on.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
	Term     string // TERM
	Size     Size
	Resize   <-chan Size // may be nil
}

// Shell opens the user's shell with a terminal of its own and returns its exit status. It
// returns also while In is still being read: the last read goes nowhere.
func (h *Host) Shell(ctx context.Context, t Terminal) (int, error) {
	l, err := h.to()
	if err != nil {
		return 0, err
	}
	s, err := l.session(ctx, true)
	if err != nil {
		return 0, err
	}
	defer s.release()
	if err := s.RequestPty(t.Term, t.Size.Height, t.Size.Width, ssh.TerminalModes{}); err != nil {
		return 0, s.conn.lost(err)
	}
	in, err := s.StdinPipe()
	if err != nil {
		return 0, s.conn.lost(err)
	}
	s.Stdout, s.Stderr = t.Out, t.Err
	if err := s.Shell(); err != nil {
		return 0, s.conn.lost(err)
	}
	go func() { // ends with In, or at the first key after the shell has ended
		io.Copy(in, t.In)
		in.Close()
	}()
	ended := make(chan error, 1)
	go func() { ended <- s.Wait() }()
	for {
		select {
		case size, ok := <-t.Resize:
			if !ok {
				t.Resize = nil
				continue
			}
			s.WindowChange(size.Height, size.Width) // a host that does not know it loses nothing
		case <-ctx.Done():
			return 0, l.problem("remote.cancelled", context.Cause(ctx))
		case err := <-ended:
			var exit *ssh.ExitError
			switch {
			case err == nil:
				return 0, nil
			case errors.As(err, &exit):
				return exit.ExitStatus(), nil
			}
			return 0, s.conn.lost(err)
		}
	}
}
