package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// errNoTerminal says that a secret was to be typed where there is no terminal.
var errNoTerminal = errors.New("the input is no terminal")

// mostAnswer bounds a line of input.
const mostAnswer = 64 << 10

// input reads answers line by line. There is one bufio.Reader for the whole run, so that
// piped answers that arrive together are not lost between two questions. A line is read only
// when one is asked for.
type input struct {
	file *os.File // nil: no file, so no terminal either
	tty  bool
	ask  chan struct{}
	got  chan typed
	wait bool // a read is under way that nobody waits for any more
	end  error
	stop atomic.Bool
	join sync.WaitGroup
}

type typed struct {
	text string
	err  error
}

func newInput(r io.Reader) *input {
	in := &input{ask: make(chan struct{}), got: make(chan typed, 1)}
	if f, ok := r.(*os.File); ok {
		in.file = f
		in.tty = term.IsTerminal(int(f.Fd()))
		r = &stoppable{f, &in.stop}
	}
	in.join.Go(func() {
		br := bufio.NewReaderSize(r, 4096)
		for range in.ask {
			var t typed
			t.text, t.err = readAnswer(br)
			in.got <- t
		}
	})
	return in
}

// close ends the reader. A read from something that is no file cannot be broken off; it ends
// when that is closed, and nothing waits for it.
func (in *input) close() {
	in.stop.Store(true)
	close(in.ask)
	if in.file != nil || !in.wait {
		in.join.Wait()
	}
}

// line returns the next line without its end; io.EOF when there is none. Only one goroutine
// may call it at a time.
func (in *input) line(ctx context.Context) (string, error) {
	if in.end != nil {
		return "", in.end
	}
	if !in.wait {
		in.ask <- struct{}{}
		in.wait = true
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case t := <-in.got:
		in.wait = false
		if t.err != nil {
			in.end = t.err
		}
		return t.text, t.err
	}
}

// forget throws away what was typed at a terminal before the question was there to be read:
// it was meant for something else. Piped answers stay.
func (in *input) forget() {
	if !in.tty {
		return
	}
	forgetTyped(int(in.file.Fd()))
	select {
	case t := <-in.got:
		in.wait = false
		if t.err != nil {
			in.end = t.err
		}
	default:
	}
}

// silent turns the terminal's echo off, for a secret, until restore is called.
func (in *input) silent() (restore func(), err error) {
	if !in.tty {
		return nil, errNoTerminal
	}
	fd := int(in.file.Fd())
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, errNoTerminal
	}
	// term.ReadPassword would do the same, but could not be left while it reads, and would
	// read past the buffer of this reader.
	silent := *before
	silent.Lflag &^= unix.ECHO
	silent.Lflag |= unix.ICANON | unix.ISIG
	if err := unix.IoctlSetTermios(fd, setTermiosFlush, &silent); err != nil {
		return nil, errNoTerminal
	}
	return func() { _ = unix.IoctlSetTermios(fd, setTermios, before) }, nil
}

// readAnswer reads one line. What has no line end before the input does is a line too.
func readAnswer(br *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		part, err := br.ReadSlice('\n')
		if b.Len()+len(part) <= mostAnswer {
			b.Write(part)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (b.Len() == 0 || !errors.Is(err, io.EOF)):
			return "", err
		}
		return strings.TrimRight(b.String(), "\r\n"), nil
	}
}

// stoppable is a file whose Read can be given up: it looks whether there is anything before
// it reads.
type stoppable struct {
	f    *os.File
	stop *atomic.Bool
}

func (s *stoppable) Read(p []byte) (int, error) {
	for !s.stop.Load() {
		fds := []unix.PollFd{{Fd: int32(s.f.Fd()), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, 100)
		if n > 0 || err != nil && !errors.Is(err, unix.EINTR) {
			return s.f.Read(p)
		}
	}
	return 0, io.EOF
}
