package lab

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"stackhand/internal/problem"
)

// The images. Bare is a plain Debian on which an installer really installs; Services has
// the services of a control plane already there, off.
const (
	Bare     = "bare"
	Services = "services"
)

// basePackages are on every host: what a Debian server has, and what one looks around with.
var basePackages = strings.Fields(`
	systemd systemd-sysv dbus libpam-systemd openssh-server sudo ca-certificates curl python3 tzdata
	iproute2 iputils-ping iputils-arping ifupdown nftables iptables netcat-openbsd tcpdump
	procps psmisc lsof less kmod jq vim-tiny logrotate cron rsync xxd file gpg`)

var servicePackages = strings.Fields(`
	chrony mariadb-server mariadb-client galera-4 rabbitmq-server memcached etcd-server etcd-client
	haproxy keepalived socat crudini python3-pymysql python3-memcache python3-openstackclient`)

// off are the services that are there but not enabled.
var off = strings.Fields(`mariadb rabbitmq-server epmd.socket epmd memcached etcd chrony haproxy
	keepalived nftables rsync cron`)

// masked are units that make no sense, or fail, without a console, udev or disks.
var masked = strings.Fields(`console-getty.service getty@.service getty@tty1.service apt-daily.timer
	apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer
	systemd-pstore.service networking.service systemd-hwdb-update.service`)

// files are put into every image.
var files = map[string]string{
	// The mirror may be older than the clock says, or the clock older than the mirror. No
	// translations: they are not asked for on a server, and cost a round trip each.
	"/etc/apt/apt.conf.d/99lab": `Acquire::Check-Valid-Until "false";
Acquire::Check-Date "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "20";
APT::Install-Recommends "false";
`,
	"/etc/dpkg/dpkg.cfg.d/lab": `path-exclude=/usr/share/man/*
path-exclude=/usr/share/doc/*
path-include=/usr/share/doc/*/copyright
path-exclude=/usr/share/locale/*
path-include=/usr/share/locale/locale.alias
`,
	// The clock is the machine's: hosts have no CAP_SYS_TIME, so that nothing in a lab can
	// set it. chronyd then starts only with -x and without the condition. Here, not in
	// /etc/default/chrony, because this outlives the package's installation.
	"/etc/systemd/system/chrony.service.d/lab.conf": `[Unit]
ConditionCapability=

[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd $DAEMON_OPTS -x
`,
	"/etc/hosts":       "127.0.0.1 localhost\n",
	"/etc/resolv.conf": "",
	"/etc/machine-id":  "",
}

// image is a root file system on disk.
type image struct {
	name, version string
	packages      []string
}

// Images are the names of the images there are.
func Images() []string { return []string{Bare, Services} }

// recipe returns the image of that name; its version is a sum over all that goes in, so
// that a changed recipe is another image.
func recipe(name string) (image, error) {
	i := image{name: name}
	switch name {
	case Bare:
		i.packages = basePackages
	case Services:
		i.packages = append(append([]string{}, basePackages...), servicePackages...)
	default:
		return i, problem.New(UnknownImage, "", nil, "image", name, "known", strings.Join(Images(), ", "))
	}
	sum := sha256.New()
	fmt.Fprintln(sum, 1, i.packages, masked, off)
	paths := make([]string, 0, len(files))
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	for _, p := range paths {
		fmt.Fprintln(sum, p, files[p])
	}
	i.version = fmt.Sprintf("%x", sum.Sum(nil)[:6])
	return i, nil
}

func (l *Lab) imagesDir() string { return filepath.Join(l.base, "images") }
func (l *Lab) imageDir(name, version string) string {
	return filepath.Join(l.imagesDir(), name+"-"+version)
}

// imageLockPath is held shared by every host that runs on the image, of whatever lab.
func (l *Lab) imageLockPath(name string) string { return filepath.Join(l.imagesDir(), name+".lock") }

// Image builds the image of that name unless it is there. It takes a minute once; whoever
// wants the same image meanwhile waits.
func (l *Lab) Image(ctx context.Context, name string) error {
	_, err := l.image(ctx, name)
	return err
}

func (l *Lab) image(ctx context.Context, name string) (image, error) {
	img, err := recipe(name)
	if err != nil {
		return img, err
	}
	dir := l.imageDir(img.name, img.version)
	if _, err := os.Stat(filepath.Join(dir, "sbin", "init")); err == nil {
		return img, nil
	}
	if err := CanRun("mmdebstrap"); err != nil {
		return img, err
	}
	if err := os.MkdirAll(l.imagesDir(), 0o755); err != nil {
		return img, fmt.Errorf("cannot make room for images: %w", err)
	}
	lock, err := l.buildLock(ctx, name)
	if err != nil {
		return img, err
	}
	defer lock.Close()
	if _, err := os.Stat(filepath.Join(dir, "sbin", "init")); err == nil {
		return img, nil
	}
	l.notify(Note{Kind: NoteImageBuild, Image: name})
	start := time.Now()
	if err := l.build(ctx, img, dir, lock); err != nil {
		return img, err
	}
	l.notify(Note{Kind: NoteImageReady, Image: name, Took: time.Since(start)})
	return img, nil
}

// build makes the tree beside its place and moves it there when it is whole. The lock goes
// to the programs that build: should we be killed, it is held until they are gone.
func (l *Lab) build(ctx context.Context, img image, dir string, lock *os.File) error {
	mirrors, err := readMirrors(ctx)
	if err != nil {
		return err
	}
	fresh := dir + ".new" // of a build that was killed: nothing is mounted there, see below
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("cannot clear an unfinished image: %w", err)
	}
	logPath := filepath.Join(l.imagesDir(), img.name+".log")
	log, err := os.Create(logPath)
	if err != nil {
		return fmt.Errorf("cannot write the log of image %s: %w", img.name, err)
	}
	defer log.Close()
	args := []string{"--mode=root", "--format=directory", "--variant=minbase",
		"--include=" + strings.Join(img.packages, ","),
		`--aptopt=Acquire::Check-Valid-Until "false"`, `--aptopt=Acquire::Check-Date "false"`,
		`--aptopt=Acquire::Languages "none"`, `--aptopt=APT::Install-Recommends "false"`}
	for line := range strings.Lines(files["/etc/dpkg/dpkg.cfg.d/lab"]) {
		args = append(args, "--dpkgopt="+strings.TrimSpace(line))
	}
	args = append(args, release, fresh)
	for line := range strings.Lines(sources(mirrors, func(m mirror) string { return m.URL })) {
		args = append(args, strings.TrimSpace(line))
	}
	failed := func(err error) error {
		return problem.New(ImageFailed, "", err, "image", img.name, "log", logPath).WithOutput(tail(logPath))
	}
	cmd := exec.CommandContext(ctx, "mmdebstrap", args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")
	cmd.ExtraFiles = []*os.File{lock}
	isolate(cmd) // its mounts die with it
	if err := cmd.Run(); err != nil {
		return failed(err)
	}
	if err := customize(ctx, fresh, img, log); err != nil {
		return failed(err)
	}
	if err := os.Rename(fresh, dir); err != nil {
		return fmt.Errorf("cannot put image %s in its place: %w", img.name, err)
	}
	return nil
}

// customize turns a plain Debian tree into an image.
func customize(ctx context.Context, root string, img image, log *os.File) error {
	for path, text := range files {
		p := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(root, "var/log/journal"), 0o755); err != nil {
		return err
	}
	keys, err := filepath.Glob(filepath.Join(root, "etc/ssh/ssh_host_*"))
	if err != nil {
		return err
	}
	for _, p := range append(keys, filepath.Join(root, "etc/hostname"), filepath.Join(root, "etc/apt/apt.conf.d/99mmdebstrap"),
		filepath.Join(root, "etc/dpkg/dpkg.cfg.d/99mmdebstrap")) {
		if err := os.Remove(p); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	var there []string // systemctl disable fails on a unit that is not there, and then does none
	for _, u := range off {
		name := u
		if !strings.Contains(u, ".") {
			name += ".service"
		}
		if _, err := os.Stat(filepath.Join(root, "lib/systemd/system", name)); err == nil {
			there = append(there, u)
		}
	}
	for _, args := range [][]string{append([]string{"disable"}, there...), append([]string{"mask"}, masked...)} {
		cmd := exec.CommandContext(ctx, "chroot", append([]string{root, "systemctl"}, args...)...)
		cmd.Stdout, cmd.Stderr = log, log
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("systemctl %s: %w", args[0], err)
		}
	}
	return nil
}

// tail is the end of a text file, for an error.
func tail(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	const most = 2 << 10
	if len(b) > most {
		b = b[len(b)-most:]
	}
	return strings.TrimSpace(string(b))
}
