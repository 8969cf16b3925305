package redact

import "io"

// writer passes a text on without its secrets, or only looks for them.
type writer struct {
	r     *Redactor
	w     io.Writer                       // nil: only look
	found func(name string, offset int64) // nil: nobody wants to know

	at     int64  // offset of the next byte
	state  int32  // of the finder
	hits   []hit  // found, but one to come may contain them: they begin in the last depth(state) bytes
	done   int64  // every byte before this offset is passed on or hidden
	kept   []byte // the bytes from done to at; at most Longest between writes
	buf    []byte // for one Write below
	err    error
	closed bool
}

// Write implements io.Writer. After an error of the writer below, it returns that error.
func (w *writer) Write(p []byte) (int, error) {
	switch {
	case w.err != nil:
		return 0, w.err
	case w.closed:
		return 0, io.ErrClosedPipe
	case w.r == nil || w.r.find == nil:
		if w.w == nil {
			return len(p), nil
		}
		return w.w.Write(p)
	}
	f := w.r.find
	state := w.state
	for i, c := range p {
		state = f.table[state+f.column[c]]
		if o := f.table[state+rowPattern]; o >= 0 {
			w.hits = push(w.hits, f.hit(o, w.at+int64(i+1)))
		}
		if len(w.hits) > 0 {
			w.take(p, w.at+int64(i+1)-int64(f.table[state+rowDepth]))
		}
	}
	w.state = state
	w.take(p, w.at+int64(len(p))-int64(f.table[state+rowDepth]))
	w.keep(p)
	w.at += int64(len(p))
	return len(p), w.flush()
}

// Close passes on what was kept. It does not close the writer below.
func (w *writer) Close() error {
	if w.closed {
		return w.err
	}
	w.closed = true
	if w.err != nil || w.r == nil || w.r.find == nil {
		return w.err
	}
	w.take(nil, w.at)
	w.kept = nil
	return w.flush()
}

// take settles what lies before an offset, where no hit to come can begin: its bytes go to
// buf, its hits as markers. The text is kept followed by p, which begins at w.at.
func (w *writer) take(p []byte, before int64) {
	n := 0
	for _, h := range w.hits {
		if h.start >= before {
			break
		}
		n++
		w.copy(p, h.start)
		if w.w != nil {
			w.buf = append(w.buf, w.r.markers[h.name]...)
		}
		if w.found != nil {
			w.found(w.r.names[h.name], h.start)
		}
		w.done = max(w.done, h.end)
	}
	w.hits = append(w.hits[:0], w.hits[n:]...)
	w.copy(p, before)
}

// copy moves the bytes from done up to an offset to buf.
func (w *writer) copy(p []byte, to int64) {
	if to <= w.done {
		return
	}
	if w.w != nil {
		if w.done < w.at {
			first := w.at - int64(len(w.kept)) // offset of kept[0]
			w.buf = append(w.buf, w.kept[w.done-first:min(to, w.at)-first]...)
		}
		if to > w.at {
			w.buf = append(w.buf, p[max(w.done-w.at, 0):to-w.at]...)
		}
	}
	w.done = to
}

// keep remembers what of kept and p is not settled yet.
func (w *writer) keep(p []byte) {
	if w.w == nil {
		return
	}
	rest := max(int(w.at-w.done)+len(p), 0)
	if rest <= len(p) {
		w.kept = append(w.kept[:0], p[len(p)-rest:]...)
		return
	}
	drop := len(w.kept) + len(p) - rest
	w.kept = append(append(w.kept[:0], w.kept[drop:]...), p...)
}

func (w *writer) flush() error {
	if len(w.buf) > 0 {
		_, w.err = w.w.Write(w.buf)
		w.buf = w.buf[:0]
	}
	return w.err
}
