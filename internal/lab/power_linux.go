package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"stackhand/internal/problem"
)

// sshWithin is how long a host may take from power-on until it lets us in. A host needs
// one second; a machine with its hands full needs more.
const sshWithin = 90 * time.Second

// Up makes the lab if need be, gives power to the hosts named that have none, and waits
// until they let us in by SSH. Called again it changes nothing. Hosts that the lab does not
// have yet are added.
func (l *Lab) Up(ctx context.Context, o Options) error {
	if err := CanRun(); err != nil {
		return err
	}
	if o.RealPower {
		if err := CanRun("mkfs.ext4"); err != nil {
			return err
		}
	}
	hosts, err := l.prepare(ctx, o)
	if err != nil {
		return err
	}
	return l.PowerOn(ctx, hosts...)
}

// prepare writes all that is on disk before the first host starts.
func (l *Lab) prepare(ctx context.Context, o Options) ([]string, error) {
	lock, err := l.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	r, err := l.load()
	switch {
	case problem.Is(err, NoLab):
		r = &record{Name: l.name, Subnet: l.subnet, Image: o.Image, RealPower: o.RealPower, DiskMiB: o.DiskMiB,
			Set: o.Set, Virtual: o.Virtual}
		if o.Subnet != "" {
			r.Subnet = o.Subnet
		}
		if r.Image == "" {
			r.Image = Bare
		}
		if r.DiskMiB == 0 {
			r.DiskMiB = defaultDiskMiB
		}
		if len(o.Hosts) == 0 {
			o.Hosts = DefaultHosts(3)
		}
	case err != nil:
		return nil, err
	case o.Image != "" && o.Image != r.Image:
		return nil, problem.New(OtherImage, "", nil, "image", r.Image, "wanted", o.Image)
	case o.Set != r.Set && o.Set != "":
		return nil, problem.New(OtherSet, "", nil, "set", r.Set, "wanted", o.Set)
	case o.RealPower && !r.RealPower:
		return nil, problem.New(OtherPower, "", nil)
	}
	if len(o.Hosts) == 0 {
		o.Hosts = r.names()
	}
	o.Hosts = unique(o.Hosts)
	if err := r.add(o.Hosts, o.Roles); err != nil {
		return nil, err
	}
	if r.Version == "" || !fileExists(l.imageDir(r.Image, r.Version)) {
		img, err := l.image(ctx, r.Image)
		if err != nil {
			return nil, err
		}
		if r.Version != "" && r.Version != img.version && l.hasDisks(r) {
			return nil, problem.New(ImageGone, "", nil, "image", r.Image)
		}
		r.Version = img.version
	}
	if r.Mirrors, err = readMirrors(ctx); err != nil {
		return nil, err
	}
	if err := l.keys(r); err != nil {
		return nil, err
	}
	if err := l.save(r); err != nil {
		return nil, err
	}
	if err := l.writeSite(r); err != nil {
		return nil, err
	}
	return o.Hosts, l.tellNames(ctx, r)
}

// hasDisks tells whether a host of the lab was ever on: its disk fits its image only.
func (l *Lab) hasDisks(r *record) bool {
	return slices.ContainsFunc(r.Hosts, func(h hostRecord) bool { return fileExists(l.statePath(h.Name)) })
}

// tellNames writes the names of new hosts into /etc/hosts of those that are on; the others
// learn them at their next boot.
func (l *Lab) tellNames(ctx context.Context, r *record) error {
	for _, h := range r.Hosts {
		pid := l.initPid(h.Name)
		if pid == 0 {
			continue
		}
		path := fmt.Sprintf("/proc/%d/root/etc/hosts", pid)
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it is rebooting just now
		}
		missing := ""
		for _, line := range hostsLines(r) {
			if !namesAll(string(b), fieldsAfterFirst(line)) {
				missing += line + "\n"
			}
		}
		if missing == "" {
			continue
		}
		if _, err := l.Run(ctx, h.Name, "cat >>/etc/hosts <<'END'\n"+missing+"END\n"); err != nil {
			return fmt.Errorf("cannot tell %s the names of new hosts: %w", h.Name, err)
		}
	}
	return nil
}

// PowerOn gives power to hosts that have none and waits until all of them let us in, those
// aside whose network cable is pulled.
func (l *Lab) PowerOn(ctx context.Context, hosts ...string) error {
	if err := CanRun(); err != nil {
		return err
	}
	if err := l.start(ctx, hosts); err != nil {
		return err
	}
	return l.WaitSSH(ctx, slices.DeleteFunc(slices.Clone(hosts), func(h string) bool {
		cut := l.cableCut(h)
		if cut {
			l.notify(Note{Kind: NoteCable, Host: h})
		}
		return cut
	})...)
}

func (l *Lab) start(ctx context.Context, hosts []string) error {
	lock, err := l.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Close()
	r, err := l.known(hosts...)
	if err != nil {
		if problem.Is(err, NoLab) {
			_ = os.Remove(l.Dir()) // nothing is there but our lock
		}
		return err
	}
	if err := roomForWatches(); err != nil {
		return err
	}
	if err := l.networkUp(ctx, r); err != nil {
		return err
	}
	if err := l.relayUp(r); err != nil {
		return err
	}
	for _, h := range hosts {
		life, err := takeLife(l.lifePath(h))
		if err != nil {
			return err
		}
		if life == nil {
			continue // on
		}
		l.notify(Note{Kind: NotePowerOn, Host: h})
		if err := l.daemon(life, filepath.Join(l.hostDir(h), "supervisor.log"), "__supervise", h); err != nil {
			return err
		}
	}
	return nil
}

// roomForWatches raises the machine's limit of inotify instances, which all hosts share
// because root is one user in all of them: ten for each, and the kernel's default is 128.
// It is the one thing that a lab changes on the machine for good.
func roomForWatches() error {
	const path, need = "/proc/sys/fs/inotify/max_user_instances", 1024
	b, err := os.ReadFile(path)
	if err != nil {
		return nil // a kernel without it
	}
	if n, err := strconv.Atoi(strings.TrimSpace(string(b))); err != nil || n >= need {
		return nil
	}
	if err := os.WriteFile(path, []byte(strconv.Itoa(need)), 0); err != nil {
		return fmt.Errorf("cannot make room for the hosts' file watches: %w", err)
	}
	return nil
}

// PowerCut takes the power of hosts away, of all of them in the same instant: every process
// dies at once, nothing is told, nothing is stopped. It returns when they are off.
func (l *Lab) PowerCut(ctx context.Context, hosts ...string) error {
	if _, err := l.known(hosts...); err != nil {
		return err
	}
	for _, h := range hosts {
		if err := l.signal(h, syscall.SIGTERM); err != nil {
			return err
		}
	}
	return l.untilOff(ctx, 30*time.Second, hosts)
}

// PowerOff shuts hosts down as "poweroff" does, and waits until they are off.
func (l *Lab) PowerOff(ctx context.Context, hosts ...string) error {
	if _, err := l.known(hosts...); err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	for _, h := range hosts {
		g.Go(func() error {
			if !l.on(h) {
				return nil
			}
			_, err := l.Run(gctx, h, "systemctl --no-block poweroff")
			if err != nil && !l.on(h) { // it was quicker than its answer
				return nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return l.untilOff(ctx, 100*time.Second, hosts) // systemd gives a service 90 s to stop
}

func (l *Lab) untilOff(ctx context.Context, limit time.Duration, hosts []string) error {
	wait, stop := context.WithTimeout(ctx, limit)
	defer stop()
	for _, h := range hosts {
		err := poll(wait, 10*time.Millisecond, func() (bool, error) { return !l.on(h), nil })
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return problem.New(NotDown, h, nil, "seconds", strconv.Itoa(int(limit.Seconds())))
		}
		if err != nil {
			return fmt.Errorf("cannot wait until %s is off: %w", h, err)
		}
	}
	return nil
}

// signal sends a signal to the supervisor of a host, and to nobody else.
func (l *Lab) signal(host string, sig syscall.Signal) error {
	deadline := time.Now().Add(5 * time.Second)
	for l.on(host) {
		if sent, err := l.signalLife(l.lifePath(host), sig); err != nil || sent {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("cannot find the supervisor of %s", host)
		}
		time.Sleep(5 * time.Millisecond) // it has just started and not said who it is
	}
	return nil
}

// signalLife signals the process whose life it is, if it has said its number.
func (l *Lab) signalLife(life string, sig syscall.Signal) (bool, error) {
	b, err := os.ReadFile(life)
	if err != nil {
		return false, nil
	}
	pid, err := strconv.Atoi(string(b))
	if err != nil {
		return false, nil
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return false, nil
	}
	defer unix.Close(fd)
	// The number is right if its process is in our cgroup now that we hold on to it.
	cg, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil || !inCgroup(cg, l.name+"/"+own) {
		return false, nil
	}
	if err := unix.PidfdSendSignal(fd, sig, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return false, fmt.Errorf("cannot signal process %d: %w", pid, err)
	}
	return true, nil
}

// Status looks at all hosts.
func (l *Lab) Status(ctx context.Context) ([]HostStatus, error) {
	r, err := l.load()
	if err != nil {
		return nil, err
	}
	all := make([]HostStatus, len(r.Hosts))
	g, ctx := errgroup.WithContext(ctx)
	for i, h := range r.Hosts {
		g.Go(func() error {
			st := l.readState(h.Name)
			s := HostStatus{Host: Host{h.Name, r.address(h.Name)}, Power: Off, Net: !l.cableCut(h.Name),
				Boots: st.Boots, Since: st.Since, Last: st.Last}
			if l.on(h.Name) {
				s.Power = On
				look, stop := context.WithTimeout(ctx, 2*time.Second)
				defer stop()
				s.Answer = s.Net && l.login(look, r, h.Name) == nil
			}
			all[i] = s
			return nil
		})
	}
	return all, g.Wait()
}

// Prepare makes the lab on disk as Up does, and switches nothing on.
func (l *Lab) Prepare(ctx context.Context, o Options) error {
	if err := CanRun(); err != nil {
		return err
	}
	_, err := l.prepare(ctx, o)
	return err
}
