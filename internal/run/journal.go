package run

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// mostLine bounds one journal line; a longer one is not ours.
const mostLine = 16 << 20

// ReadJournal reads events from the beginning. It returns how many bytes hold whole events;
// what comes after them is a torn tail: the last line, cut off by a crash while it was
// written. Anything wrong before the last line is an error, and so is a gap in Seq.
func ReadJournal(r io.Reader) (events []Event, whole int64, err error) {
	br := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := readLine(br)
		if errors.Is(err, io.EOF) {
			return events, whole, nil // nothing more, or a line without its end: torn
		}
		if err != nil {
			return events, whole, fmt.Errorf("cannot read the journal after event %d: %w", len(events), err)
		}
		if !json.Valid(line) {
			if _, more := br.Peek(1); errors.Is(more, io.EOF) {
				return events, whole, nil // a full disk or a power cut can leave a last line of anything
			}
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil { // also a whole last line of a later version: it is not torn
			return events, whole, fmt.Errorf("cannot read the journal, line %d: %w", len(events)+1, err)
		}
		if want := int64(len(events) + 1); e.Seq != want {
			return events, whole, fmt.Errorf("cannot read the journal, line %d: event %d where %d was expected", want, e.Seq, want)
		}
		events = append(events, e)
		whole += int64(len(line))
	}
}

// readLine returns one line with its end; io.EOF when the input ends before the line does.
func readLine(br *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil && len(line) <= mostLine:
			return line, nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		case len(line) > mostLine:
			return nil, fmt.Errorf("a line of more than %d bytes", mostLine)
		}
	}
}

// Journal is the engine's end of the journal: append only, each event on disk before Append
// returns. Only the holder of the engine's lock may open one.
type Journal struct {
	mu   sync.Mutex
	file *os.File
	size int64
	seq  int64
	now  func() time.Time
	err  error // set when the file is in an unknown state; nothing is appended any more
}

// OpenJournal opens the journal for appending, cuts off a torn tail and returns the events
// that are there.
func OpenJournal(path string, now func() time.Time) (*Journal, []Event, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot open the journal: %w", err)
	}
	events, whole, err := ReadJournal(f)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("cannot open the journal %s: %w", path, err)
	}
	return &Journal{file: f, size: whole, seq: int64(len(events)), now: now}, events, nil
}

// ErrTooLong says that an event is longer than a reader of the journal takes; nothing was
// written, and the journal is as it was.
var ErrTooLong = errors.New("cannot write an event of this length")

// Append writes one event and returns when it is on disk. After a failed write (a full
// disk) the partial line is taken back, and Append may be tried again.
func (j *Journal) Append(body Body) (Event, error) {
	return j.AppendWith(func(int64) Body { return body })
}

// AppendWith is Append for a body that names the Seq of its own event.
func (j *Journal) AppendWith(body func(seq int64) Body) (Event, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return Event{}, j.err
	}
	e := Event{V: Version, Seq: j.seq + 1, Time: j.now(), Body: body(j.seq + 1)}
	data, err := json.Marshal(e)
	if err != nil {
		return Event{}, fmt.Errorf("cannot write the journal: %w", err)
	}
	data = append(bytes.ReplaceAll(data, []byte("\n"), nil), '\n')
	if len(data) > mostLine {
		return Event{}, fmt.Errorf("%w: %s, %d bytes", ErrTooLong, e.Body.EventType(), len(data))
	}
	_, err = j.file.Write(data)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		if back := j.takeBack(); back != nil {
			j.err = fmt.Errorf("cannot write the journal: %w (and cannot take the partial line back: %v)", err, back)
			return Event{}, j.err
		}
		return Event{}, fmt.Errorf("cannot write the journal: %w", err)
	}
	j.seq, j.size = e.Seq, j.size+int64(len(data))
	return e, nil
}

func (j *Journal) takeBack() error {
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	_, err := j.file.Seek(j.size, io.SeekStart)
	return err
}

// Close closes the file; every event is on disk already.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = os.ErrClosed
	}
	return j.file.Close()
}

// Tail reads a journal while an engine appends to it.
type Tail struct {
	path   string
	offset int64
	seq    int64
}

// Read returns what is new since the last call, nil when nothing is. It never blocks.
func (t *Tail) Read() ([]Event, error) {
	f, err := os.Open(t.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the journal: %w", err)
	}
	defer f.Close()
	if _, err := f.Seek(t.offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("cannot read the journal: %w", err)
	}
	var events []Event
	for br := bufio.NewReaderSize(f, 64<<10); ; {
		line, err := readLine(br)
		if errors.Is(err, io.EOF) {
			return events, nil // the rest of a line may still come
		}
		if err == nil && !json.Valid(line) {
			if _, more := br.Peek(1); errors.Is(more, io.EOF) {
				return events, nil // torn; the next engine cuts it off
			}
		}
		var e Event
		if err == nil {
			err = json.Unmarshal(line, &e)
		}
		if err == nil && e.Seq != t.seq+1 {
			err = fmt.Errorf("event %d where %d was expected", e.Seq, t.seq+1)
		}
		if err != nil {
			return events, fmt.Errorf("cannot read the journal after event %d: %w", t.seq, err)
		}
		events = append(events, e)
		t.offset += int64(len(line))
		t.seq = e.Seq
	}
}
