package lab

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Init is PID 1 of a host before systemd: it is called in the host's new namespaces, plugs
// the network in, lays out the root and becomes systemd.
func (l *Lab) Init(ctx context.Context, host string) error {
	runtime.LockOSThread() // capabilities belong to the thread that calls exec
	r, err := l.known(host)
	if err != nil {
		return err
	}
	// /proc is still the machine's: it tells our number there.
	pid, err := os.Readlink("/proc/self")
	if err != nil {
		return fmt.Errorf("cannot tell our own process: %w", err)
	}
	if err := os.WriteFile(l.initPath(host), []byte(pid), 0o600); err != nil {
		return fmt.Errorf("cannot note the process of %s: %w", host, err)
	}
	if err := l.hostNetwork(ctx, r, host); err != nil {
		return err
	}
	root := filepath.Join(l.hostDir(host), "root")
	if err := l.layOut(r, host, root); err != nil {
		return err
	}
	if err := l.settle(r, host, root); err != nil {
		return err
	}
	if err := unix.Sethostname([]byte(host)); err != nil {
		return fmt.Errorf("cannot set the host name: %w", err)
	}
	if err := enterRoot(root); err != nil {
		return err
	}
	// The machine's clock, kernel and hardware are not a practice host's to change; Run drops
	// the same.
	for _, c := range []uintptr{unix.CAP_SYS_TIME, unix.CAP_SYS_MODULE, unix.CAP_SYS_RAWIO} {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
			return fmt.Errorf("cannot drop capability %d: %w", c, err)
		}
	}
	err = syscall.Exec("/lib/systemd/systemd", []string{"/lib/systemd/systemd"}, []string{
		"container=stackhand", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"})
	return fmt.Errorf("cannot start systemd: %w", err)
}

// mounter does one mount after the other and stops at the first that fails.
type mounter struct{ err error }

func (m *mounter) mount(source, target, fstype string, flags uintptr, data string) {
	if m.err != nil {
		return
	}
	if err := unix.Mount(source, target, fstype, flags, data); err != nil {
		m.err = fmt.Errorf("cannot mount %s at %s: %w", source, target, err)
	}
}

func (m *mounter) do(what string, err error) {
	if m.err == nil && err != nil {
		m.err = fmt.Errorf("cannot make %s: %w", what, err)
	}
}

// layOut mounts the host's root: its disk over the image, and what a kernel and an initrd
// would have put there.
func (l *Lab) layOut(r *record, host, root string) error {
	const safe = unix.MS_NOSUID | unix.MS_NODEV
	disk, volatile := l.hostDir(host), ",volatile"
	if r.RealPower {
		disk, volatile = filepath.Join(disk, imgMount), ""
	}
	in := func(p string) string { return filepath.Join(root, p) }
	m := &mounter{}
	// A volatile overlay does not pass syncs on, which makes package installation faster; the
	// machine's page cache survives the hosts anyway. It marks its work directory, so that it
	// is not used again; we start with a new one.
	m.do("work directory", os.RemoveAll(filepath.Join(disk, "work")))
	for _, d := range []string{filepath.Join(disk, "upper"), filepath.Join(disk, "work"), root} {
		m.do(d, os.MkdirAll(d, 0o755))
	}
	m.mount("overlay", root, "overlay", 0, fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s%s",
		l.imageDir(r.Image, r.Version), filepath.Join(disk, "upper"), filepath.Join(disk, "work"), volatile))

	if extra := l.extraPath(host); extra != "" {
		m.mount(filepath.Join(l.extraDir(host), "mount"), in(extra), "", unix.MS_BIND, "")
	}

	// /proc: only the network's variables are the host's own; the others are the machine's.
	m.mount("proc", in("proc"), "proc", safe|unix.MS_NOEXEC, "")
	m.mount(in("proc/sys"), in("proc/sys"), "", unix.MS_BIND, "")
	m.mount(in("proc/sys/net"), in("proc/sys/net"), "", unix.MS_BIND, "")
	m.mount("", in("proc/sys"), "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|safe|unix.MS_NOEXEC, "")
	if sysrq := in("proc/sysrq-trigger"); m.err == nil && fileExists(sysrq) {
		m.mount(sysrq, sysrq, "", unix.MS_BIND, "")
		m.mount("", sysrq, "", unix.MS_REMOUNT|unix.MS_BIND|unix.MS_RDONLY|safe|unix.MS_NOEXEC, "")
	}
	m.mount("sysfs", in("sys"), "sysfs", unix.MS_RDONLY|safe|unix.MS_NOEXEC, "") // read-only: udev stays out
	m.mount("cgroup2", in("sys/fs/cgroup"), "cgroup2", safe|unix.MS_NOEXEC, "")  // our own subtree
	m.mount("tmpfs", in("dev"), "tmpfs", unix.MS_NOSUID, "mode=755")
	m.mount("tmpfs", in("run"), "tmpfs", safe, "mode=755")
	if m.err != nil {
		return m.err
	}
	for _, d := range []string{"dev/pts", "dev/shm", "dev/net", "dev/mqueue"} {
		m.do(d, os.Mkdir(in(d), 0o755))
	}
	// kmsg is a null device of its own: as a link to /dev/null, a unit with ProtectKernelLogs=
	// would lose /dev/null with it.
	for _, n := range []struct {
		path         string
		major, minor uint32
	}{{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0},
		{"net/tun", 10, 200}, {"fuse", 10, 229}, {"kmsg", 1, 3}} {
		p := in("dev/" + n.path)
		m.do(p, unix.Mknod(p, unix.S_IFCHR|0o666, int(unix.Mkdev(n.major, n.minor))))
		m.do(p, os.Chmod(p, 0o666))
	}
	m.mount("devpts", in("dev/pts"), "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620,gid=5")
	m.mount("tmpfs", in("dev/shm"), "tmpfs", safe, "mode=1777")
	for _, s := range [][2]string{{"pts/ptmx", "ptmx"}, {"/proc/self/fd", "fd"}, {"fd/0", "stdin"}, {"fd/1", "stdout"}, {"fd/2", "stderr"}} {
		m.do(s[1], os.Symlink(s[0], in("dev/"+s[1])))
	}
	// A boot_id of its own; else all hosts, and all boots, would have the machine's.
	id, err := bootID()
	m.do("boot_id", err)
	m.do("boot_id", os.WriteFile(in("run/.boot_id"), []byte(id+"\n"), 0o444))
	m.mount(in("run/.boot_id"), in("proc/sys/kernel/random/boot_id"), "", unix.MS_BIND, "")
	console := filepath.Join(l.hostDir(host), "console.log")
	m.do("console", startConsole(console))
	m.do("console", os.WriteFile(in("dev/console"), nil, 0o600))
	m.mount(console, in("dev/console"), "", unix.MS_BIND, "")
	return m.err
}

func bootID() (string, error) {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // RFC 9562, version 4
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// startConsole notes a boot in the console's log and keeps the log small.
func startConsole(path string) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if fi, err := os.Stat(path); err == nil && fi.Size() > 1<<20 {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = fmt.Fprintf(f, "=== boot %s\n", time.Now().UTC().Format(time.RFC3339))
	return err
}

// marker is a file in a host's root that has its name; the machine's root has none.
const marker = "etc/.stackhand-lab"

// settle gives the host what makes it itself: name, keys, the names of the others, where
// packages come from. What is there stays, for it is the operator's; a file that a power
// cut left empty is written again.
func (l *Lab) settle(r *record, host, root string) error {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return fmt.Errorf("cannot make a machine-id: %w", err)
	}
	text := func(path string) string { b, _ := os.ReadFile(path); return string(b) }
	own := func(name string) string { return text(filepath.Join(l.hostDir(host), name)) }
	var names bytes.Buffer
	names.WriteString(text(filepath.Join(root, "etc/hosts")))
	if names.Len() == 0 {
		names.WriteString("127.0.0.1 localhost\n")
	}
	for _, line := range hostsLines(r) {
		if !namesAll(names.String(), strings.Fields(line)[1:]) {
			names.WriteString(line + "\n")
		}
	}
	empty := func(path string) bool { return text(filepath.Join(root, path)) == "" }
	first := empty(marker)
	for _, f := range []struct {
		path, text string
		mode       os.FileMode
		when       bool
	}{
		{"etc/hostname", host + "\n", 0o644, empty("etc/hostname")},
		{"etc/machine-id", hex.EncodeToString(id) + "\n", 0o444, empty("etc/machine-id")},
		{"etc/ssh/ssh_host_ed25519_key", own("ssh_host_ed25519_key"), 0o600, empty("etc/ssh/ssh_host_ed25519_key")},
		{"etc/ssh/ssh_host_ed25519_key.pub", own("ssh_host_ed25519_key.pub"), 0o644, empty("etc/ssh/ssh_host_ed25519_key.pub")},
		{"etc/hosts", names.String(), 0o644, true},
		{"root/.ssh/authorized_keys", text(l.KeyPath() + ".pub"), 0o600, first},
		{"etc/apt/sources.list", sources(r.Mirrors, mirror.inside), 0o644, first},
		{marker, host + "\n", 0o644, true}, // last: all above is there
	} {
		if !f.when {
			continue
		}
		p := filepath.Join(root, f.path)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			return fmt.Errorf("cannot settle %s: %w", host, err)
		}
		if err := os.WriteFile(p, []byte(f.text), f.mode); err != nil {
			return fmt.Errorf("cannot settle %s: %w", host, err)
		}
		if err := os.Chmod(p, f.mode); err != nil {
			return fmt.Errorf("cannot settle %s: %w", host, err)
		}
	}
	if r.RealPower {
		fd, err := unix.Open(filepath.Join(l.hostDir(host), imgMount), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("cannot sync the disk of %s: %w", host, err)
		}
		defer unix.Close(fd)
		if err := unix.Syncfs(fd); err != nil {
			return fmt.Errorf("cannot sync the disk of %s: %w", host, err)
		}
	}
	return nil
}

// enterRoot makes root the root and lets the machine's go.
func enterRoot(root string) error {
	old := filepath.Join(root, ".old")
	if err := os.MkdirAll(old, 0o700); err != nil {
		return fmt.Errorf("cannot leave the machine's root: %w", err)
	}
	if err := unix.PivotRoot(root, old); err != nil {
		return fmt.Errorf("cannot leave the machine's root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return fmt.Errorf("cannot enter the root: %w", err)
	}
	if err := unix.Unmount("/.old", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("cannot let the machine's root go: %w", err)
	}
	return os.Remove("/.old")
}

// ProcessID is a host's PID 1 as the machine numbers it, for who wants to enter its
// namespaces; 0 when it is off.
func (l *Lab) ProcessID(host string) int { return l.initPid(host) }
