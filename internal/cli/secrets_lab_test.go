package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stackhand/internal/run"
	"stackhand/internal/run/redact"
	"stackhand/internal/secret"
)

// planted is put where no secret may be, in several forms, to see that it would be found there.
const planted = "Planted7Zq2Xw9Kd4Rt6Yb8"

// processWatch keeps what the kernel tells of every process on the machine, those of its
// practice hosts included: command lines and environments, sampled again and again.
type processWatch struct {
	looks atomic.Int64
	stop  func()
	seen  map[string]string // what /proc told -> whose it was; to be read after stop
}

func watchProcesses(t *testing.T) *processWatch {
	t.Helper()
	proc, err := os.Open("/proc")
	if err != nil {
		t.Fatal(err)
	}
	w := &processWatch{seen: map[string]string{}}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		defer proc.Close()
		pause := time.NewTicker(2 * time.Millisecond) // the machine has an install to do as well
		defer pause.Stop()
		buf := make([]byte, 256<<10)
		for {
			w.look(proc, buf)
			select {
			case <-pause.C:
			case <-ctx.Done():
				return
			}
		}
	})
	w.stop = func() { cancel(); wg.Wait() }
	t.Cleanup(w.stop)
	return w
}

// look reads of every process what it shows now. A process may end meanwhile.
func (w *processWatch) look(proc *os.File, buf []byte) {
	proc.Seek(0, io.SeekStart)
	names, _ := proc.Readdirnames(-1)
	for _, name := range names {
		if name[0] < '1' || name[0] > '9' {
			continue
		}
		for _, what := range []string{"cmdline", "environ"} {
			fd, err := syscall.Open("/proc/"+name+"/"+what, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
			if err != nil {
				continue
			}
			n := 0
			for n < len(buf) {
				m, err := syscall.Read(fd, buf[n:])
				if m <= 0 || err != nil {
					break
				}
				n += m
			}
			syscall.Close(fd)
			if _, known := w.seen[string(buf[:n])]; !known && n > 0 {
				w.seen[string(buf[:n])] = what + " of process " + name
			}
		}
	}
	w.looks.Add(1)
}

// plantProcesses has processes with the planted value in their command lines and environments
// on a host and on the console, until the watcher has looked.
func (h *libraryHosts) plantProcesses(t *testing.T) {
	t.Helper()
	ctl := h.lab.Hosts()[0].Name
	h.on(t, ctl, "systemd-run -q --unit=planted sh -c 'sleep infinity; :' host-argument-"+planted)
	h.on(t, ctl, "systemd-run -q --unit=planted-environment --setenv=HOST_ENVIRONMENT="+base64.StdEncoding.EncodeToString([]byte(planted))+" sleep infinity")
	console := exec.CommandContext(t.Context(), "sh", "-c", "read x", "console-argument", hex.EncodeToString([]byte(planted)))
	console.Env = []string{"CONSOLE_ENVIRONMENT=" + planted}
	hold, err := console.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := console.Start(); err != nil {
		t.Fatal(err)
	}
	seen := h.spied.looks.Load() + 2 // the look that is under way may have passed them
	for end := time.Now().Add(time.Minute); h.spied.looks.Load() < seen; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the watcher does not look")
		}
	}
	hold.Close()
	console.Wait() // its status is that of an empty read
	h.on(t, ctl, "systemctl stop planted planted-environment; systemctl reset-failed planted 2>/dev/null || :")
}

// search looks for secrets in everything that it is given, in all the forms that programs
// print.
type search struct {
	r    *redact.Redactor
	hits map[string][]string // secret -> where
	read int64
}

func (s *search) in(t *testing.T, place string, r io.Reader) {
	t.Helper()
	w := s.r.Scan(0, func(name string, _ int64) {
		if !slices.Contains(s.hits[name], place) {
			s.hits[name] = append(s.hits[name], place)
		}
	})
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		s.read += int64(n)
		piece := buf[:n]
		if n > 0 && len(bytes.TrimRight(piece, "\x00")) == 0 {
			piece = buf[:1] // what databases allocate ahead
		}
		w.Write(piece)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Errorf("cannot search %s: %v", place, err)
			break
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// tree searches all files under root, but what apt got from its mirror; places are named
// relative to it.
func (s *search) tree(t *testing.T, root string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (strings.HasSuffix(path, "/var/lib/apt/lists") || strings.HasSuffix(path, "/var/cache/apt")) {
			return fs.SkipDir
		}
		if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
			return nil // services go on and remove files of theirs
		}
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		defer f.Close()
		place, err := filepath.Rel(root, path)
		files++
		s.in(t, place, f)
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("cannot search %s, %d files: %v", root, files, err)
	}
}

// secretsStayInTheStore looks for the generated passwords in all that the runs left behind on
// the console and on the hosts, and in what the watcher saw during the first install.
func (h *libraryHosts) secretsStayInTheStore(t *testing.T) {
	o := h.prepare(t)
	store, err := secret.Open(run.Home(h.getenv), o.Site.Name)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(store.Path()); err != nil || info.Mode() != 0o600 {
		t.Errorf("the store is %v, %v", info.Mode(), err)
	}
	values := maps.Clone(store.All())
	for _, name := range o.Procedure.SecretNames() {
		if len(values[name]) != 24 {
			t.Errorf("%s was not generated", name)
		}
	}
	values["planted"] = planted
	s := &search{r: redact.NewRedactor(values), hits: map[string][]string{}}
	began := time.Now()

	// processes
	saw := ""
	for text, place := range h.spied.seen {
		if words := strings.Split(text, "\x00"); slices.Contains(words, "add_user") {
			saw = strings.Join(words, " ")
		}
		if strings.Contains(text, planted) || strings.Contains(text, "_ENVIRONMENT=") || strings.Contains(text, "console-argument") {
			place = "process " + strings.ReplaceAll(text, "\x00", " ")
		}
		s.in(t, place, strings.NewReader(text))
	}
	if saw == "" {
		t.Error("the watcher did not even see the process that makes the account")
	}

	// the console: what was printed, reports, run directories
	for _, args := range [][]string{{"report"}, {"report", "--lang", "ko"}, {"report", "--format", "json"}, {"attach", "--observe", "--json"}, {"runs"}} {
		if out, exit := h.stackhand(t, args...); exit != 0 || out == "" {
			t.Errorf("%v: exit status %d: %s", args, exit, out)
		}
	}
	s.in(t, "output", strings.NewReader(h.shown.String()))
	if err := os.WriteFile(filepath.Join(run.Root(h.getenv), "planted.log"), []byte("x"+planted), 0o600); err != nil {
		t.Fatal(err)
	}
	s.tree(t, h.home)
	runs, err := run.List(run.Root(h.getenv))
	if err != nil || len(runs) == 0 {
		t.Errorf("%d runs: %v", len(runs), err)
	}
	for _, r := range runs {
		dir, err := run.Find(run.Root(h.getenv), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if st, err := dir.State(); err != nil || len(st.Leaks) > 0 {
			t.Errorf("leaks in %s: %v, %v", r.ID, st.Leaks, err)
		}
	}

	// the hosts: the disks, what is in memory only, the journals as text (on disk their long
	// fields are compressed)
	ctl := h.lab.Hosts()[0].Name
	h.on(t, ctl, "printf %s "+base64.StdEncoding.EncodeToString([]byte("x"+planted))+" >/var/log/planted.log; printf %s "+
		hex.EncodeToString([]byte(planted))+" >/run/planted.log; sync")
	for _, host := range h.lab.Hosts() {
		s.in(t, "journal of "+host.Name, strings.NewReader(h.on(t, host.Name, "journalctl --no-pager --all --output=export")))
		s.in(t, "memory of "+host.Name, strings.NewReader(h.on(t, host.Name, "tar -cf - /run /dev/shm 2>/dev/null || :")))
		if out := h.on(t, host.Name, "ls -A /run/stackhand 2>/dev/null || :"); out != "" {
			t.Errorf("left in memory on %s: %s", host.Name, out)
		}
	}
	s.tree(t, filepath.Join(h.lab.Dir(), "hosts"))
	t.Logf("searched %d MiB and what %d processes showed in %.1f s", s.read>>20, len(h.spied.seen), time.Since(began).Seconds())

	for _, place := range []string{
		"/sh -c sleep infinity; : host-argument-", "HOST_ENVIRONMENT=", "process sh -c read x console-argument", "CONSOLE_ENVIRONMENT=",
		"state/stackhand/runs/planted.log", "journal of " + ctl, "memory of " + ctl, ctl + "/upper/var/log/planted.log",
	} {
		if !slices.ContainsFunc(s.hits["planted"], func(hit string) bool { return strings.Contains(hit, place) }) {
			t.Errorf("what was planted in %q was not found, only that in %q", place, s.hits["planted"])
		}
	}
	delete(s.hits, "planted")
	kept, err := filepath.Rel(h.home, store.Path())
	if err != nil {
		t.Fatal(err)
	}
	for name, places := range s.hits {
		for _, place := range places {
			if place != kept {
				t.Errorf("%s is in %s", name, place)
			}
		}
	}
	for _, name := range o.Procedure.SecretNames() {
		if !slices.Contains(s.hits[name], kept) {
			t.Errorf("%s was not found in the store itself", name)
		}
	}
}
