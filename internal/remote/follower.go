package remote

import (
	"bufio"
	"fmt"
	"io"
	"sync"

	"stackhand/internal/job"
)

// follower reads the frames of one session of Follow.
type follower struct {
	alive *watch

	mu     sync.Mutex
	w      io.Writer
	offset int64 // of the next byte for w
	look   job.Look
	looked bool
	closed bool  // nobody waits any more
	failed error // of w
}

// over tells whether the last look was an end and all output is there.
func (f *follower) over() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.looked {
		return false
	}
	switch job.Judge(f.look) {
	case job.Starting, job.Running:
		return false
	case job.Done:
		return f.offset >= f.look.Bytes
	}
	return f.offset >= f.look.Size
}

func (f *follower) read(r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for !f.over() {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		f.alive.seen()
		head, err := parseFrame(string(line))
		if err != nil {
			return err
		}
		if head.look != nil {
			f.mu.Lock()
			f.look, f.looked = *head.look, true
			f.mu.Unlock()
			continue
		}
		if err := f.copy(in, head.data); err != nil {
			return err
		}
		if b, err := in.ReadByte(); err != nil || b != '\n' {
			return fmt.Errorf("cannot read a frame: %d bytes without an end (%v)", head.data, err)
		}
	}
	return nil
}

// copy passes n bytes on. What cannot be written again is never read again: the offset moves
// with each write.
func (f *follower) copy(in io.Reader, n int64) error {
	buf := make([]byte, 64<<10)
	for n > 0 {
		k, err := in.Read(buf[:min(n, int64(len(buf)))])
		f.alive.seen()
		if k > 0 {
			n -= int64(k)
			if err := f.write(buf[:k]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *follower) write(b []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return io.ErrClosedPipe
	}
	f.alive.pause() // a slow reader on this side is no silence of the host
	defer f.alive.seen()
	// A job's out may grow behind the end (a daemon that a script left): its end is Bytes.
	if f.looked && f.look.Exit && f.offset+int64(len(b)) > f.look.Bytes {
		b = b[:max(0, f.look.Bytes-f.offset)]
	}
	k, err := f.w.Write(b)
	f.offset += int64(k)
	if err != nil {
		f.failed = err
	}
	return err
}
