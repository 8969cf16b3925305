package remote

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"stackhand/internal/job"
	"stackhand/internal/remote/sshdtest"
)

func (b *bed) prepare(t *testing.T, s job.Spec) {
	t.Helper()
	if _, ok, err := b.host.Claim(within(t, time.Minute), Owner{Run: s.Run}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := b.host.Prepare(within(t, time.Minute), s); err != nil {
		t.Fatal(err)
	}
}

func (b *bed) state(t *testing.T, id string) job.State {
	t.Helper()
	k, err := b.host.Look(within(t, time.Minute), id)
	if err != nil {
		t.Fatal(err)
	}
	return job.Judge(k)
}

func (b *bed) path(id, name string) string { return filepath.Join(b.opts.Base, "jobs", id, name) }

func (b *bed) ledger(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(b.opts.Base, "ledger"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// Fifty starts at once from two pools: one runs.
func TestStartOnce(t *testing.T) {
	s := sshdtest.Start(t)
	b := newBed(t, s, nil)
	j := job.Spec{ID: "r1-1", Run: "r1", Script: "echo once\n"}
	b.prepare(t, j)
	other := NewPool(b.opts)
	defer other.Close()
	h2, err := other.Host("h1")
	if err != nil {
		t.Fatal(err)
	}
	var started atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			h := b.host
			if i%2 == 0 {
				h = h2
			}
			ok, err := h.Start(within(t, time.Minute), j)
			if err != nil {
				t.Error(err)
			}
			if ok {
				started.Add(1)
			}
		})
	}
	wg.Wait()
	var out bytes.Buffer
	if _, err := b.host.Follow(within(t, time.Minute), j.ID, 0, &out); err != nil {
		t.Fatal(err)
	}
	if started.Load() != 1 || out.String() != "once\n" || len(b.ledger(t)) != 1 {
		t.Errorf("%d starts, %q, ledger %v", started.Load(), out.String(), b.ledger(t))
	}
}

// Starting and revoking at the same moment: either it runs or it never does, and both sides agree.
func TestRevokeAgainstStart(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	ran, never := 0, 0
	for i := range 12 {
		j := job.Spec{ID: fmt.Sprintf("r1-%d", i), Run: "r1", Script: "echo once\n"}
		b.prepare(t, j)
		var wg sync.WaitGroup
		var revoked bool
		wg.Go(func() {
			if _, err := b.host.Start(within(t, time.Minute), j); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			var err error
			if revoked, err = b.host.Revoke(within(t, time.Minute), j.ID); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		k, err := b.host.Follow(within(t, time.Minute), j.ID, 0, &bytes.Buffer{})
		if err != nil {
			t.Fatal(err)
		}
		switch state := job.Judge(k); {
		case revoked && state == job.Revoked:
			never++
		case !revoked && state == job.Done:
			ran++
		default:
			t.Fatalf("revoked %v, and it is %s", revoked, state)
		}
	}
	if n := len(b.ledger(t)); n != ran {
		t.Errorf("%d ran, ledger %d", ran, n)
	}
	t.Logf("%d ran, %d never", ran, never)
}

// A wrapper that comes after the revocation finds its token taken.
func TestRevokedComesTooLate(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	j := job.Spec{ID: "r1-1", Run: "r1", Script: "echo late\n"}
	b.prepare(t, j)
	if ok, err := b.host.Revoke(within(t, time.Minute), j.ID); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if started, err := b.host.Start(within(t, time.Minute), j); err != nil || started {
		t.Fatal(started, err)
	}
	wrapper := exec.Command("/bin/sh", b.path(j.ID, "wrapper"), b.path(j.ID, ""), b.opts.RunBase+"/"+j.ID, b.opts.Base+"/ledger", "")
	wrapper.Args[2] = strings.TrimSuffix(wrapper.Args[2], "/")
	if out, err := wrapper.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if len(b.ledger(t)) != 0 || b.state(t, j.ID) != job.Revoked {
		t.Error("it ran", b.state(t, j.ID))
	}
	// One that was never prepared cannot come either.
	if ok, err := b.host.Revoke(within(t, time.Minute), "r1-2"); err != nil || !ok {
		t.Fatal(ok, err)
	}
	j.ID = "r1-2"
	wantCode(t, b.host.Prepare(within(t, time.Minute), j), "remote.job.other")
}

func (b *bed) pid(t *testing.T, id string) int {
	t.Helper()
	var pid int
	eventually(t, "the job runs", func() bool {
		text, err := os.ReadFile(b.path(id, "running"))
		if err != nil {
			return false
		}
		word, _, _ := strings.Cut(string(text), " ")
		pid, err = strconv.Atoi(strings.TrimPrefix(word, "pid="))
		return err == nil
	})
	return pid
}

func TestKilledIsLost(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	b.begin(t, "r1-1", "echo begun; sleep 60\n")
	pid := b.pid(t, "r1-1")
	if b.state(t, "r1-1") != job.Running {
		t.Fatal(b.state(t, "r1-1"))
	}
	// The wrapper alone dies: what it started still runs, and so does the job.
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if s := b.state(t, "r1-1"); s != job.Running {
		t.Errorf("a job whose script still runs is %s", s)
	}
	if err := syscall.Kill(-pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	k, err := b.host.Follow(within(t, time.Minute), "r1-1", 0, &out)
	if err != nil || job.Judge(k) != job.Lost || out.String() != "begun\n" {
		t.Fatalf("%+v %v %q", k, err, out.String())
	}
	if ok, err := b.host.Revoke(within(t, time.Minute), "r1-1"); err != nil || ok {
		t.Error("a lost job was revoked", err)
	}
}

func TestStop(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	for _, hard := range []bool{false, true} {
		id := map[bool]string{false: "r1-1", true: "r1-2"}[hard]
		script := "sleep 60 & sleep 61; echo never\n"
		if hard {
			script = "trap '' TERM; " + script
		}
		b.begin(t, id, script)
		pid := b.pid(t, id)
		if err := b.host.Stop(within(t, time.Minute), id, hard); err != nil {
			t.Fatal(err)
		}
		k, err := b.host.Follow(within(t, time.Minute), id, 0, &bytes.Buffer{})
		if err != nil || job.Judge(k) != job.Stopped {
			t.Fatalf("%+v %v", k, err)
		}
		eventually(t, "the whole group is gone", func() bool { return syscall.Kill(-pid, 0) == syscall.ESRCH || zombies(pid) })
	}
}

// zombies tells whether all that is left of a group waits for a parent to notice.
func zombies(group int) bool {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return false
	}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if len(fields) > 2 && fields[2] == strconv.Itoa(group) && fields[0] != "Z" {
			return false
		}
	}
	return true
}

func TestBootAndClaim(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	j := job.Spec{ID: "r1-1", Run: "r1", Script: "echo\n", Boot: "another-boot"}
	b.prepare(t, j)
	_, err := b.host.Start(within(t, time.Minute), j)
	wantCode(t, err, "remote.rebooted")
	j.Boot = Console().BootID
	j.Run = "r2"
	_, err = b.host.Start(within(t, time.Minute), j)
	p := wantCode(t, err, "remote.claim.lost")
	if p.Args["holder"] != "r1" {
		t.Error(p)
	}
	holder, ok, err := b.host.Claim(within(t, time.Minute), Owner{Run: "r2", Who: "second's \"console\"\nwith lines"})
	if err != nil || ok || holder.Run != "r1" {
		t.Fatal(holder, ok, err)
	}
	wantCode(t, b.host.TakeOver(within(t, time.Minute), Owner{Run: "r2"}, Owner{Run: "r0"}), "remote.claim.lost")
	if err := b.host.TakeOver(within(t, time.Minute), Owner{Run: "r2", Who: "second's \"console\"\nwith lines"}, holder); err != nil {
		t.Fatal(err)
	}
	if err := b.host.Release(within(t, time.Minute), "r1"); err != nil { // not held by r1 any more: nothing happens
		t.Fatal(err)
	}
	holder, ok, err = b.host.Claim(within(t, time.Minute), Owner{Run: "r1"})
	if err != nil || ok || holder.Run != "r2" || holder.Who != "second's \"console\"\nwith lines" {
		t.Fatal(holder, ok, err)
	}
	if started, err := b.host.Start(within(t, time.Minute), j); err != nil || !started {
		t.Fatal(started, err)
	}
	b.ends(t, j.ID)
}

// ends waits for a job's end, before its disk is taken away.
func (b *bed) ends(t *testing.T, id string) {
	t.Helper()
	if k, err := b.host.Follow(within(t, time.Minute), id, 0, &bytes.Buffer{}); err != nil || job.Judge(k) != job.Done {
		t.Fatal(k, err)
	}
}

// The disk of the host is full before a job, and fills up in the middle of one: that one still
// tells its end.
func TestDiskFull(t *testing.T) {
	for _, fs := range []string{"tmpfs", "ext4"} {
		t.Run(fs, func(t *testing.T) {
			mount := smallDisk(t, fs)
			b := newBed(t, sshdtest.Start(t), func(o *Options) { o.Base = mount })
			b.begin(t, "r1-1", "echo begun; cat /dev/zero >"+mount+"/hog; echo status $? >&2; echo after\n")
			var out bytes.Buffer
			k, err := b.host.Follow(within(t, time.Minute), "r1-1", 0, &out)
			if err != nil || job.Judge(k) != job.Done || k.Bytes != int64(out.Len()) || !strings.HasPrefix(out.String(), "begun\n") {
				t.Fatalf("%+v %v %q", k, err, out.String())
			}
			script := strings.Repeat("# a long script\n", 10000)
			wantCode(t, b.host.Prepare(within(t, time.Minute), job.Spec{ID: "r1-2", Run: "r1", Script: script}), "remote.disk.full")
			if b.state(t, "r1-2") != job.Absent {
				t.Error("half a job was left")
			}
			err = b.host.WriteFile(within(t, time.Minute), mount+"/file", bytes.Repeat([]byte("x"), 1<<20), FileOptions{})
			wantCode(t, err, "remote.disk.full")
			if left, _ := filepath.Glob(mount + "/file*"); len(left) > 0 {
				t.Error("left behind", left)
			}
			if err := os.Remove(mount + "/hog"); err != nil {
				t.Fatal(err)
			}
			b.begin(t, "r1-2", "echo again\n")
			b.ends(t, "r1-2")
		})
	}
}

func smallDisk(t *testing.T, fs string) string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"-t", "tmpfs", "-o", "size=2m", "tmpfs", dir}
	if fs != "tmpfs" {
		image := filepath.Join(t.TempDir(), "image")
		if err := os.WriteFile(image, make([]byte, 8<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		// -m 0: no reserve for root, which would hide that the disk is full.
		if out, err := exec.Command("mkfs."+fs, "-q", "-m", "0", image).CombinedOutput(); err != nil {
			t.Skipf("cannot make a file system: %v %s", err, out)
		}
		args = []string{"-o", "loop", image, dir}
	}
	if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
		t.Skipf("cannot mount a small disk: %v %s", err, out)
	}
	t.Cleanup(func() {
		eventually(t, "the small disk is let go", func() bool { return exec.Command("umount", dir).Run() == nil })
	})
	return dir
}

func TestFiles(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	ctx := within(t, time.Minute)
	name := filepath.Join(t.TempDir(), "a file's \"name\" $(x)")
	first := []byte("first\x00\xff\n")
	if err := b.host.WriteFile(ctx, name, first, FileOptions{Mode: 0o640}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a repeat does not put the new file in the place of the old one
		if err := b.host.WriteFile(ctx, name, []byte("second"), FileOptions{Backup: ".r1"}); err != nil {
			t.Fatal(err)
		}
	}
	data, info, err := b.host.ReadFile(ctx, name, 3)
	if err != nil || string(data) != "sec" || info.Size != 6 || info.Mode != 0o640 || info.Owner != "root" {
		t.Errorf("%q %+v %v", data, info, err)
	}
	if data, _, err := b.host.ReadFile(ctx, name+".r1", 1<<20); err != nil || !bytes.Equal(data, first) {
		t.Errorf("%q %v", data, err)
	}
	if err := b.host.WriteFile(ctx, name, nil, FileOptions{}); err != nil {
		t.Fatal(err)
	}
	if data, _, err := b.host.ReadFile(ctx, name, 10); err != nil || len(data) != 0 {
		t.Errorf("%q %v", data, err)
	}
	_, _, err = b.host.ReadFile(ctx, name+".none", 10)
	wantCode(t, err, "remote.file.absent")
	_, _, err = b.host.ReadFile(ctx, "/", 10)
	wantCode(t, err, "remote.file.kind")
	// The end of a file, and names that hold anything.
	if err := b.host.WriteFile(ctx, name, []byte("first line\nlast line\n"), FileOptions{}); err != nil {
		t.Fatal(err)
	}
	end, size, err := b.host.ReadEnd(ctx, name, 10)
	if err != nil || string(end) != "last line\n" || size != 21 {
		t.Errorf("%q %d %v", end, size, err)
	}
	whole, size, err := b.host.ReadEnd(ctx, name, 21)
	if err != nil || string(whole) != "first line\nlast line\n" || size != 21 {
		t.Errorf("%q %d %v", whole, size, err)
	}
	_, _, err = b.host.ReadEnd(ctx, name+".none", 10)
	wantCode(t, err, "remote.file.absent")
	odd := t.TempDir()
	for _, n := range []string{"a\nb", "c d", "*", "$(touch x)"} {
		if err := os.WriteFile(filepath.Join(odd, n), []byte(n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(odd, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	list, err := b.host.ListFiles(ctx, []string{odd + "/*", odd + "/none*", odd + "/c d"}, 100)
	var got []string
	for _, l := range list {
		got = append(got, fmt.Sprintf("%c %d %s", l.Kind, l.Size, strings.TrimPrefix(l.Path, odd+"/")))
	}
	slices.Sort(got)
	want := []string{"a 0 none*", "f 1 *", "f 10 $(touch x)", "f 3 a\nb", "f 3 c d", "f 3 c d", "o 0 folder"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q %v, want %q", got, err, want)
	}
	if list, err := b.host.ListFiles(ctx, []string{odd + "/*"}, 2); err != nil || len(list) != 2 {
		t.Errorf("%v %v", list, err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(name), "*"))
	if err != nil || len(left) != 2 {
		t.Error(left, err)
	}
}

// A script with a #! line runs with that program, one without with sh; both on nothing but
// PATH, HOME and the like.
func TestScripts(t *testing.T) {
	b := newBed(t, sshdtest.Start(t), nil)
	for id, tc := range map[string][2]string{
		"r1-1": {"#!/bin/bash -e\n[[ -n $BASH_VERSION ]] && echo bash; pwd; read x || echo empty\n", "bash\n/\nempty\n"},
		"r1-2": {"env | cut -d= -f1 | grep -v -e '^_$' -e '^PWD$' -e '^SHLVL$' -e '^OLDPWD$' | sort | tr '\\n' ' '\n", "HOME LC_ALL LOGNAME PATH USER "},
		"r1-3": {"", ""},
	} {
		b.begin(t, id, tc[0])
		var out bytes.Buffer
		if k, err := b.host.Follow(within(t, time.Minute), id, 0, &out); err != nil || k.Code != 0 || out.String() != tc[1] {
			t.Errorf("%q: %+v %v %q", tc[0], k, err, out.String())
		}
	}
}
