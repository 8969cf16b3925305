package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"stackhand/steps"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func clock() time.Time { return start }

// quickDir is in memory where there is room for it: each event is synced.
func quickDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "stackhand-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// sample is a journal with an event of most types.
func sample() []Body {
	u, by := Unit{Step: "s", Host: "a"}, &By{UID: 1}
	return []Body{
		RunStarted{Run: "r", Hosts: []string{"a", "b"}, Plan: []PlannedStep{{ID: "s"}, {ID: "t"}}},
		EngineStarted{PID: 1}, HostState{Host: "a", State: HostReached, Boot: "x"},
		UnitReady{Step: "s", Units: []Unit{u, {Step: "s", Host: "b"}}},
		Fact{Unit: u, Name: "n", Value: steps.Value{V: 9007199254740993}},
		Let{Step: "s", Name: "l", Value: 9007199254740993}, Let{Step: "s", Name: "m", Value: []any{"x", 1}},
		Check{Unit: u, Attempt: 1, Phase: "check", ID: "c"},
		Question{Kind: AskConfirm, Unit: u, Attempt: 1, Options: []string{"yes", "no"}},
		Answer{Question: 9, Value: "yes", By: by},
		JobIntent{Job: "r-11", Unit: u, Attempt: 1}, JobClaimed{Job: "r-11"}, JobStop{Job: "r-11", By: by},
		JobEnded{Job: "r-11", State: "done", Code: 1},
		UnitEnded{Unit: u, Attempt: 1, Outcome: OutcomeFailed, Millis: 5},
		UnitHeld{Unit: Unit{Step: "s", Host: "b"}, For: u},
		Question{Kind: AskFailed, Unit: u, Attempt: 1, Options: []string{"retry", "skip"}},
		Answer{Question: 17, Value: "retry", By: by},
		FileChanged{Unit: u, Path: "/p"}, Edit{Step: "s", Hosts: []string{"a"}}, Leak{Log: "l"}, LogTruncated{Log: "l"},
		UnitEnded{Unit: u, Attempt: 2, Outcome: OutcomeDone}, HostState{Host: "b", State: HostDropped},
		UnitSkipped{Unit: Unit{Step: "t"}, Why: "when"}, Verdict{Step: "s", Outcome: "done"}, RunParked{Why: "operator"}, RunEnded{Outcome: "done"},
	}
}

func write(t *testing.T, bodies []Body) (path string, events []Event) {
	t.Helper()
	path = filepath.Join(quickDir(t), "journal.jsonl")
	j, _, err := OpenJournal(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	for _, b := range bodies {
		e, err := j.Append(b)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return path, events
}

func fileOf(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestSameAfterRestart: what an engine had in memory is what the next one reads.
func TestSameAfterRestart(t *testing.T) {
	path, live := write(t, sample())
	read, whole, err := ReadJournal(bytes.NewReader(fileOf(t, path)))
	if err != nil || whole != int64(len(fileOf(t, path))) {
		t.Fatal(whole, err)
	}
	if a, b := Fold(live), Fold(read); !reflect.DeepEqual(a, b) {
		t.Errorf("folded from memory:\n%+v\nfrom the file:\n%+v", a, b)
	}
}

// TestFoldInParts: folding a beginning and then the rest is folding all.
func TestFoldInParts(t *testing.T) {
	_, events := write(t, sample())
	whole := Fold(events)
	for i := range events {
		s := Fold(events[:i])
		for _, e := range events[i:] {
			s.Apply(e)
		}
		if !reflect.DeepEqual(s, whole) {
			t.Errorf("folded in two at %d it is another state", i)
		}
	}
}

// TestTornTail cuts a journal at every byte.
func TestTornTail(t *testing.T) {
	path, events := write(t, sample()[:6])
	data := fileOf(t, path)
	dir := quickDir(t)
	for n := range data {
		complete := bytes.Count(data[:n], []byte("\n"))
		for _, tail := range []string{"", "\x00\x00\x00\x00", "\x00\x00\n"} {
			if tail == "\x00\x00\n" && n > 0 && data[n-1] != '\n' && json.Valid(append(bytes.Clone(data[:n]), '\n')) {
				continue
			}
			torn := filepath.Join(dir, "j")
			if err := os.WriteFile(torn, append(bytes.Clone(data[:n]), tail...), 0o600); err != nil {
				t.Fatal(err)
			}
			if seen, err := (&Tail{path: torn}).Read(); err != nil || len(seen) != complete {
				t.Fatalf("cut at %d, then %q: a viewer reads %d of %d events: %v", n, tail, len(seen), complete, err)
			}
			j, got, err := OpenJournal(torn, clock)
			if err != nil || len(got) != complete {
				t.Fatalf("cut at %d, then %q: %d of %d events: %v", n, tail, len(got), complete, err)
			}
			e, err := j.Append(RunEnded{})
			j.Close()
			if err != nil || e.Seq != int64(complete)+1 {
				t.Fatalf("cut at %d: the next event is %d: %v", n, e.Seq, err)
			}
			if all, err := (&Tail{path: torn}).Read(); err != nil || len(all) != complete+1 {
				t.Fatalf("cut at %d: then %d events: %v", n, len(all), err)
			}
		}
	}
	if len(events) != 6 {
		t.Fatal(len(events))
	}
}

func TestDamagedJournal(t *testing.T) {
	path, _ := write(t, sample()[:4])
	lines := bytes.SplitAfter(fileOf(t, path), []byte("\n"))
	join := func(l ...[]byte) []byte { return bytes.Join(l, nil) }
	unknown := []byte(`{"v":1,"seq":5,"time":"2026-01-02T03:04:05Z","type":"later","data":{}}` + "\n")
	later := []byte(`{"v":2,"seq":5,"time":"2026-01-02T03:04:05Z","type":"run.ended","data":{}}` + "\n")
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"gap":              {join(lines[0], lines[2]), "where 2 was expected"},
		"twice":            {join(lines[0], lines[0]), "where 2 was expected"},
		"in the middle":    {join(lines[0], []byte("{]\n"), lines[1]), "line 2"},
		"unknown type":     {join(lines[0], lines[1], lines[2], lines[3], unknown), "later"},
		"later version":    {join(lines[0], lines[1], lines[2], lines[3], later), "version 2"},
		"line without end": {bytes.Repeat([]byte("x"), mostLine+100<<10), "more than"},
		"line too long":    {append(bytes.Repeat([]byte("x"), mostLine+1), '\n'), "more than"},
	} {
		_, _, err := ReadJournal(bytes.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		bad := filepath.Join(quickDir(t), "j")
		if err := os.WriteFile(bad, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := OpenJournal(bad, clock); err == nil {
			t.Errorf("%s: an engine would go on", name)
		}
		if !bytes.Equal(fileOf(t, bad), c.data) {
			t.Errorf("%s: the journal was changed", name)
		}
	}
}

// TestLongestEvent: what is written can be read again, and what could not be is not written.
func TestLongestEvent(t *testing.T) {
	path, _ := write(t, sample()[:1])
	j, _, err := OpenJournal(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	size := mostLine - 200
	for ; ; size++ {
		_, err := j.Append(Leak{Log: strings.Repeat("x", size)})
		if errors.Is(err, ErrTooLong) {
			break
		}
		if err != nil || size > mostLine {
			t.Fatal(size, err)
		}
		size += 20
	}
	if _, err := j.Append(RunEnded{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadJournal(bytes.NewReader(fileOf(t, path))); err != nil {
		t.Fatal(err)
	}
}

// TestFullDisk fills a real, tiny file system.
func TestFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("not root: a tiny file system cannot be mounted")
	}
	at := t.TempDir()
	if err := syscall.Mount("none", at, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("a tiny file system cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(at, 0); err != nil {
			t.Error(err)
		}
	})
	d, err := Create(filepath.Join(at, "runs"), "r", Files{})
	if err != nil {
		t.Fatal(err)
	}
	j, _, err := OpenJournal(d.JournalPath(), clock)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	var n int64
	for ; err == nil; n++ {
		_, err = j.Append(Leak{Log: strings.Repeat("x", 5000)})
	}
	if !errors.Is(err, syscall.ENOSPC) || n < 2 {
		t.Fatalf("after %d events: %v", n, err)
	}
	if events, err := d.Tail().Read(); err != nil || int64(len(events)) != n-1 {
		t.Fatalf("a viewer reads %d events of %d: %v", len(events), n-1, err)
	}
	if err := os.Remove(d.ReservePath()); err != nil {
		t.Fatal(err)
	}
	if e, err := j.Append(RunParked{Why: "disk"}); err != nil || e.Seq != n {
		t.Fatalf("the reserve makes no room: %d %v", e.Seq, err)
	}
	if err := d.Reserve(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(d.ReservePath()); err != nil || info.Size() != reserveSize {
		t.Fatal(info, err)
	}
}

func FuzzReadJournal(f *testing.F) {
	path := filepath.Join(quickDir(f), "j")
	j, _, err := OpenJournal(path, clock)
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range sample() {
		if _, err := j.Append(b); err != nil {
			f.Fatal(err)
		}
	}
	j.Close()
	data, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, whole, err := ReadJournal(bytes.NewReader(data))
		if whole > int64(len(data)) || whole < 0 {
			t.Fatal(whole)
		}
		if again, n, bad := ReadJournal(bytes.NewReader(data[:whole])); bad != nil || n != whole || len(again) != len(events) {
			t.Fatalf("the whole part is not whole: %d of %d events, %v (all: %v)", len(again), len(events), bad, err)
		}
		st := Fold(events)
		st.ExitStatus()
		parts := NewState()
		for i, e := range events {
			if e.Seq != int64(i)+1 {
				t.Fatal(i, e.Seq)
			}
			parts.Apply(e)
		}
		if !reflect.DeepEqual(parts, st) {
			t.Fatal("it depends on how it is folded")
		}
		for _, v := range st.Steps {
			for _, u := range v.Units {
				if st.Unit(u.Unit) != u {
					t.Fatal("a unit is there twice")
				}
				u.Shown()
			}
		}
	})
}
