//go:build linux

// Package sshdtest runs a real OpenSSH sshd on the loopback for tests. It may import nothing
// but the standard library and x/crypto/ssh.
package sshdtest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// Server is a running sshd.
type Server struct {
	Port    int
	Dir     string // with its keys and configuration
	HostKey ssh.PublicKey
	KeyFile string // a private key that it lets in
	User    string // who runs the tests

	t     testing.TB
	files map[string]string // path on the machine -> file that sshd sees there
	cmd   *exec.Cmd
	log   *buffer
	end   chan struct{}
}

// Start runs sshd with lines added in front of its configuration (of each keyword, sshd takes
// the first). It ends with the test. Where there is no sshd, or no right to run one, the test is
// skipped with the reason.
func Start(t testing.TB, lines ...string) *Server {
	t.Helper()
	return StartWith(t, nil, lines...)
}

// StartWith is Start where sshd, and all that it starts, see other contents in some files of
// the machine (see Account). Nothing changes for anybody else: it lives in a mount namespace.
func StartWith(t testing.TB, files map[string]File, lines ...string) *Server {
	t.Helper()
	const sshd = "/usr/sbin/sshd"
	if _, err := os.Stat(sshd); err != nil {
		t.Skip("no sshd here: " + err.Error())
	}
	if os.Geteuid() != 0 {
		t.Skip("sshd lets nobody in when it is not root's")
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Skip("cannot make sshd's folder: " + err.Error())
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "sshdtest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // sshd reads authorized_keys as the user
		t.Fatal(err)
	}
	s := &Server{t: t, Dir: dir, User: me.Username, log: &buffer{}, files: map[string]string{}}
	for path, f := range files {
		s.files[path] = s.path(strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(s.files[path], []byte(f.Text), f.Mode); err != nil {
			t.Fatal(err)
		}
	}
	s.HostKey = WriteKey(t, s.path("host_ed25519"))
	s.KeyFile = s.path("user_ed25519")
	allowed := WriteKey(t, s.KeyFile)
	write(t, s.path("authorized_keys"), string(ssh.MarshalAuthorizedKey(allowed)))
	if err := os.Chmod(s.path("authorized_keys"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Port = freePort(t)
	conf := append(lines,
		"Port "+strconv.Itoa(s.Port), "ListenAddress 127.0.0.1", "HostKey "+s.path("host_ed25519"),
		"PidFile none", "AuthorizedKeysFile "+s.path("authorized_keys"), "StrictModes no", "UsePAM no",
		"PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin yes",
		"LogLevel DEBUG1", "UseDNS no")
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "MaxStartups ") }) {
		conf = append(conf, "MaxStartups 100") // of this one, sshd takes the last
	}
	write(t, s.path("sshd_config"), strings.Join(conf, "\n")+"\n")
	s.Up()
	t.Cleanup(s.Down)
	return s
}

func (s *Server) path(name string) string { return filepath.Join(s.Dir, name) }

// Up starts sshd (again) and waits until it listens.
func (s *Server) Up() {
	s.t.Helper()
	script := ""
	for path, file := range s.files {
		script += fmt.Sprintf("mount --bind %s %s && ", file, path)
	}
	s.cmd = exec.Command("/bin/sh", "-c", script+"exec /usr/sbin/sshd -D -e -f "+s.path("sshd_config"))
	if len(s.files) > 0 {
		s.cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	}
	s.cmd.Stderr = s.log
	s.cmd.Stdin = nil
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("cannot start sshd: %v", err)
	}
	end := make(chan struct{})
	s.end = end
	go func() {
		s.cmd.Wait()
		close(end)
	}()
	deadline := time.Now().Add(10 * time.Second)
	for {
		c, err := net.Dial("tcp", s.Address())
		if err == nil {
			c.Close()
			return
		}
		select {
		case <-end:
			s.t.Fatalf("sshd ended at once:\n%s", s.log.String())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("sshd does not listen: %v\n%s", err, s.log.String())
		}
	}
}

// Down ends sshd, not the sessions that it has.
func (s *Server) Down() {
	select {
	case <-s.end:
		return
	default:
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	<-s.end
}

// Address is host:port.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

// Log is what sshd said so far.
func (s *Server) Log() string { return s.log.String() }

// KnownHosts is a line for known_hosts.
func (s *Server) KnownHosts() string { return s.KnownHostsAt(s.Port) }

// KnownHostsAt is a line for known_hosts where it is reached through another port.
func (s *Server) KnownHostsAt(port int) string {
	return fmt.Sprintf("[127.0.0.1]:%d %s", port, ssh.MarshalAuthorizedKey(s.HostKey))
}

// File is what sshd sees in place of a file of the machine.
type File struct {
	Text string
	Mode os.FileMode
}

// Account returns files in which the machine has one more account, with a password and,
// where sudoers is not empty, rules for sudo.
func Account(t testing.TB, name, password, sudoers string) map[string]File {
	t.Helper()
	cmd := exec.Command("openssl", "passwd", "-6", "-stdin")
	cmd.Stdin = strings.NewReader(password + "\n")
	hash, err := cmd.Output()
	if err != nil {
		t.Skip("cannot make a password for a test account: " + err.Error())
	}
	read := func(path string) string {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Skip("cannot make a test account: " + err.Error())
		}
		return string(b)
	}
	files := map[string]File{
		"/etc/passwd": {read("/etc/passwd") + name + ":x:4242:4242::/:/bin/sh\n", 0o644},
		"/etc/group":  {read("/etc/group") + name + ":x:4242:\n", 0o644},
		"/etc/shadow": {read("/etc/shadow") + name + ":" + strings.TrimSpace(string(hash)) + ":19000:0:99999:7:::\n", 0o640},
	}
	if sudoers != "" {
		if _, err := exec.LookPath("sudo"); err != nil {
			t.Skip("no sudo here: " + err.Error())
		}
		files["/etc/sudoers"] = File{sudoers + "\n", 0o440}
	}
	return files
}

// WriteKey makes an Ed25519 key at path (and path.pub) and returns the public half.
func WriteKey(t testing.TB, path string) ssh.PublicKey {
	t.Helper()
	return writeKey(t, path, func(key ed25519.PrivateKey) (*pem.Block, error) { return ssh.MarshalPrivateKey(key, "") })
}

// WriteLockedKey is WriteKey with a passphrase.
func WriteLockedKey(t testing.TB, path, passphrase string) ssh.PublicKey {
	t.Helper()
	return writeKey(t, path, func(key ed25519.PrivateKey) (*pem.Block, error) {
		return ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	})
}

func writeKey(t testing.TB, path string, marshal func(ed25519.PrivateKey) (*pem.Block, error)) ssh.PublicKey {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(pem.EncodeToMemory(block)))
	sshPub, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path+".pub", string(ssh.MarshalAuthorizedKey(sshPub)))
	return sshPub
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// buffer is a bytes.Buffer for a writer and a reader.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
