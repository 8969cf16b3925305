package fault

import (
	"context"
	"fmt"
	"net"
	"time"

	"stackhand/internal/lab/set"
)

// halfDeadFaults are the three forms in which a host is neither dead nor alive. Its kernel
// answers, so that peers wait for it and addresses stay where they are.
func halfDeadFaults() []Fault {
	dbs := set.Databases()
	at := []string{dbs[2], dbs[1], dbs[0]}
	return []Fault{
		{Name: "half-dead-host", Set: set.Galera, Hosts: at, breaks: halfDead, symptom: loginHangs, within: 20 * time.Second, mend: wake},
		{Name: "half-dead-read-only", Set: set.Galera, Hosts: at, breaks: readOnly, symptom: cannotWrite, within: 20 * time.Second, mend: writable},
		{Name: "half-dead-stuck", Set: set.Galera, Hosts: at, breaks: stuck, symptom: inKernel, within: 20 * time.Second, mend: unstick},
	}
}

// halfDead stops sshd, and what would start another, as a host does whose disk no longer
// answers: the kernel still accepts connections, and nobody comes to the door.
func halfDead(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, `pid=$(systemctl show -P MainPID ssh) && [ "$pid" -gt 1 ] && kill -STOP "$pid"`)
}

func loginHangs(ctx context.Context, s *scene) string {
	conn, err := s.l.Dial(ctx, net.JoinHostPort(s.Address(s.host), "22"))
	if err != nil {
		return fmt.Sprintf("%s does not accept connections: %v", s.host, err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(3 * time.Second)); err != nil {
		return err.Error()
	}
	if n, err := conn.Read(make([]byte, 64)); n > 0 || err == nil {
		return s.host + ": sshd answers"
	}
	return ""
}

func wake(ctx context.Context, s *scene) error {
	if s.l.ProcessID(s.host) == 0 {
		return nil // its power was taken meanwhile
	}
	return s.run(ctx, s.host, `pid=$(systemctl show -P MainPID ssh) && [ "$pid" -gt 1 ] && kill -CONT "$pid"`)
}

// readOnly makes the root read-only, as the kernel does when the disk under it fails. On iron that
// happens under the processes that write; here the kernel refuses as long as one holds a file
// open for writing, so those are killed first, as their next write would have done to most.
func readOnly(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, `
		writers() {
			for p in /proc/[0-9]*; do
				[ "${p#/proc/}" -gt 1 ] && [ "${p#/proc/}" != $$ ] || continue
				for f in "$p"/fd/*; do
					case $(readlink "$f") in /dev/* | /run/* | /proc/* | /sys/* | /*' (deleted)') continue ;; /*) ;; *) continue ;; esac
					mode=$(sed -n 's/^flags:.*\([0-7]\)$/\1/p' "$p/fdinfo/${f##*/}" 2>/dev/null)
					case $mode in 1 | 2 | 5 | 6) echo "${p#/proc/}"; break ;; esac
				done
			done
		}
		n=0
		until mount -o remount,ro / 2>/dev/null; do
			[ $((n += 1)) -le 50 ] || { echo "the root stays writable; open for writing:" $(writers) >&2; exit 1; }
			for p in $(writers); do kill -KILL "$p" 2>/dev/null; done
		done`)
}

func cannotWrite(ctx context.Context, s *scene) string {
	if s.Try(ctx, s.host, `touch /etc/.stackhand-try 2>&1 | grep -q 'Read-only file system' && echo ro`) != "ro" {
		return s.host + ": its root can be written"
	}
	return ""
}

func writable(ctx context.Context, s *scene) error {
	if s.l.ProcessID(s.host) == 0 {
		return nil // its power was taken meanwhile
	}
	return s.run(ctx, s.host, `mount -o remount,rw /`)
}

// stuck mounts a share whose server never answers, and has a service copy to it: the process
// waits in the kernel, in state D, and what it waits for does not come. Unlike with a frozen disk,
// the power can still be cut.
func stuck(ctx context.Context, s *scene) error {
	return s.run(ctx, s.host, `set -e
		mkdir -p /srv/share
		systemd-run --quiet --unit=share sh -c 'exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 share /srv/share; exec sleep infinity'
		for i in 1 2 3 4 5 6 7 8 9 10; do grep -q ' /srv/share fuse' /proc/mounts && break; sleep 0.2; done
		grep -q ' /srv/share fuse' /proc/mounts
		systemd-run --quiet --unit=share-copy cp /etc/hostname /srv/share/`)
}

// inKernel sees it waiting there, twice, without having run in between.
func inKernel(ctx context.Context, s *scene) string {
	const look = `pid=$(systemctl show -P MainPID share-copy) && [ "$pid" -gt 1 ] && grep -E '^(State:.D|.*ctxt_switches)' "/proc/$pid/status"`
	first := s.Try(ctx, s.host, look)
	if first == "" || s.Try(ctx, s.host, look) != first || first[:5] != "State" {
		return s.host + ": no process waits in the kernel"
	}
	return ""
}

func unstick(ctx context.Context, s *scene) error {
	if s.l.ProcessID(s.host) == 0 {
		return nil // its power was taken meanwhile
	}
	return s.run(ctx, s.host, `systemctl stop share # which closes it: who waits there gets an error
		systemctl stop share-copy 2>/dev/null
		umount -l /srv/share 2>/dev/null
		systemctl reset-failed share share-copy 2>/dev/null
		! grep -q ' /srv/share fuse' /proc/mounts`)
}
