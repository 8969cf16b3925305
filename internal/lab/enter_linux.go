package lab

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"stackhand/internal/problem"
)

// WaitSSH waits until hosts let the lab's key in, and look as known_hosts says. A host that
// goes off meanwhile is an error at once.
func (l *Lab) WaitSSH(ctx context.Context, hosts ...string) error {
	r, err := l.known(hosts...)
	if err != nil {
		return err
	}
	wait, stop := context.WithTimeout(ctx, sshWithin)
	defer stop()
	for _, h := range hosts {
		start := time.Now()
		var last error
		err := poll(wait, 50*time.Millisecond, func() (bool, error) {
			one, stop := context.WithTimeout(wait, 5*time.Second)
			defer stop()
			if last = l.login(one, r, h); last == nil {
				return true, nil
			}
			if !l.on(h) {
				log := filepath.Join(l.hostDir(h), "supervisor.log")
				return false, problem.New(BootFailed, h, last, "log", log).WithOutput(tail(log))
			}
			return false, nil
		})
		if err != nil {
			if ctx.Err() == nil && wait.Err() != nil {
				return problem.New(NoAnswer, h, last, "seconds", strconv.Itoa(int(sshWithin.Seconds())))
			}
			return err
		}
		l.notify(Note{Kind: NoteReady, Host: h, Took: time.Since(start)})
	}
	return nil
}

// login tries whether the host lets us in.
func (l *Lab) login(ctx context.Context, r *record, host string) error {
	key, err := os.ReadFile(l.KeyPath())
	if err != nil {
		return fmt.Errorf("cannot read the lab's key: %w", err)
	}
	signer, err := ssh.ParsePrivateKey(key)
	if err != nil {
		return fmt.Errorf("cannot read the lab's key: %w", err)
	}
	pub, err := os.ReadFile(filepath.Join(l.hostDir(host), "ssh_host_ed25519_key.pub"))
	if err != nil {
		return fmt.Errorf("cannot read the host key of %s: %w", host, err)
	}
	hostKey, _, _, _, err := ssh.ParseAuthorizedKey(pub)
	if err != nil {
		return fmt.Errorf("cannot read the host key of %s: %w", host, err)
	}
	address := r.address(host) + ":22"
	conn, err := l.Dial(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if limit, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(limit); err != nil {
			return err
		}
	}
	c, chans, reqs, err := ssh.NewClientConn(conn, address, &ssh.ClientConfig{
		User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.FixedHostKey(hostKey),
		HostKeyAlgorithms: []string{hostKey.Type()},
	})
	if err != nil {
		return err
	}
	return ssh.NewClient(c, chans, reqs).Close()
}

// entered is what runs in a host before the script: only where the root is the host's. A
// host that has just started still sees the machine's own root for an instant, which no
// script may touch.
const entered = `read -r name </etc/.stackhand-lab && [ "$name" = "$1" ] || exit 125
sh /proc/self/fd/3 </dev/null
exit $?`

// Run runs a shell script as root on a host, without SSH, so that it works when sshd or the
// network does not. The script has args as its parameters, $1 and so on; they are in no
// process list. Its children have an empty stdin. Run returns what was printed on stdout;
// what was printed on stderr is in the error.
func (l *Lab) Run(ctx context.Context, host, script string, args ...string) (string, error) {
	if _, err := l.known(host); err != nil {
		return "", err
	}
	pid := l.initPid(host)
	if pid == 0 {
		return "", problem.New(HostOff, host, nil)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return "", fmt.Errorf("cannot run on %s: %w", host, err)
	}
	defer read.Close()
	// Without nsenter's own fork, for it stops itself when its child is stopped, as a shutdown
	// does to all processes, and then never buries it, which the shutdown waits for. The first
	// sh stays outside the host's pid namespace, invisible there, and buries the second.
	// The script comes on descriptor 3, so that nothing that it starts can eat it.
	// It runs in the host's cgroup, so that a power cut takes it too, behind its fence, and
	// without the capabilities that Init dropped: else "date -s" would set the machine's clock.
	cgroups := []string{l.cgroup(host)}
	if root := deviceRoot(); root != "" {
		cgroups = append(cgroups, filepath.Join(root, l.name, host))
	}
	cmd := inCgroups(ctx, cgroups, "setpriv", "--bounding-set=-sys_time,-sys_module,-sys_rawio", "nsenter", "--target", strconv.Itoa(pid), "--mount", "--uts", "--ipc", "--net", "--pid",
		"--cgroup", "--time", "--no-fork", "sh", "-c", entered, "sh", host)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"}
	cmd.ExtraFiles = []*os.File{read}
	group(cmd)
	cmd.WaitDelay = time.Second // for a daemon of the script that keeps its output open
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Start(); err != nil {
		write.Close()
		return "", fmt.Errorf("cannot run on %s: %w", host, err)
	}
	fed := make(chan error, 1)
	go func() {
		_, err := io.WriteString(write, parameters(args)+script)
		fed <- errorsFirst(err, write.Close())
	}()
	err = cmd.Wait()
	read.Close() // a script that ended early must not leave the writer waiting
	<-fed
	if err != nil {
		if text := strings.TrimSpace(complaint.String()); text != "" {
			return out.String(), fmt.Errorf("cannot run on %s: %w: %s", host, err, text)
		}
		return out.String(), fmt.Errorf("cannot run on %s: %w", host, err)
	}
	return out.String(), nil
}

// parameters is the shell text that sets $1 and so on.
func parameters(args []string) string {
	if len(args) == 0 {
		return ""
	}
	text := "set --"
	for _, a := range args {
		text += " '" + strings.ReplaceAll(a, "'", `'\''`) + "'"
	}
	return text + "\n"
}

func errorsFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// SSH is the command line of an OpenSSH client on a host of the lab; with a command, it is
// run there.
func (l *Lab) SSH(host string, command ...string) ([]string, error) {
	r, err := l.known(host)
	if err != nil {
		return nil, err
	}
	if !l.on(host) {
		return nil, problem.New(HostOff, host, nil)
	}
	args, err := l.Inside("ssh", "-F", "none", "-i", l.KeyPath(), "-o", "IdentitiesOnly=yes",
		"-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile="+l.KnownHostsPath(), "-o", "GlobalKnownHostsFile=/dev/null",
		"-o", "ConnectTimeout=5", "-o", "ServerAliveInterval=5", "-o", "LogLevel=ERROR", "root@"+r.address(host))
	if err != nil {
		return nil, err
	}
	if len(command) > 0 {
		args = append(append(args, "--"), command...)
	}
	return args, nil
}

// Inside is the command line that runs a program of the machine in the lab's network.
func (l *Lab) Inside(program string, args ...string) ([]string, error) {
	if err := CanRun(); err != nil {
		return nil, err
	}
	if _, err := l.load(); err != nil {
		return nil, err
	}
	if !fileExists(l.netnsPath()) {
		return nil, problem.New(LabOff, "", nil, "name", l.name)
	}
	return append([]string{"nsenter", "--net=" + l.netnsPath(), program}, args...), nil
}

func inCgroup(proc []byte, name string) bool {
	for line := range bytes.Lines(proc) {
		if rest, ok := bytes.CutPrefix(line, []byte("0::")); ok {
			return strings.HasSuffix(strings.TrimSpace(string(rest)), "/"+name)
		}
	}
	return false
}

func fieldsAfterFirst(line string) []string {
	if f := strings.Fields(line); len(f) > 0 {
		return f[1:]
	}
	return nil
}
