package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"stackhand/internal/problem"
)

// call is a shell text to be run on a host.
//
// The command line is fixed but for a nonce and two numbers: text, parameters and payload go
// over stdin, where no process list shows them. The nonce on a line of its own on stdout and
// stderr tells that the text has arrived whole and is about to begin; what came before (start-up
// files of the login shell, sudo) is noise. The text ends with the nonce too, so that one cut
// short by a lost connection is never run.
type call struct {
	text    string
	payload []byte        // on stdin behind the text; nil: the text reads nothing
	root    bool          // as root: through sudo, unless that is who logs in
	limit   time.Duration // then the host ends it, children and all; 0: 30 s
	most    int           // bytes kept of stderr, and of stdout when there is no out; 0: 1 MiB
	long    bool          // lasts: see link.session
	out     func(io.Reader) error
}

// reply is what a call gave.
type reply struct {
	stdout, stderr []byte
	exit           int
	cut            bool
	took           time.Duration // from the nonce to the end
}

// bootstrap reads the text and runs it in the same shell, so that it is in no argument list and
// no file. $1 is the nonce, $2 the length of the text.
const bootstrap = `PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; ` +
	`for l in C.UTF-8 C.utf8; do [ -d /usr/lib/locale/$l ] && LC_ALL=C.UTF-8; done; export PATH LC_ALL; cd /; ` +
	`printf "%s\n" "$1"; stackhand_text=$(head -c "$2"); ` +
	`case $stackhand_text in *"#$1") ;; *) exit 125 ;; esac; printf "%s\n" "$1" >&2; eval "$stackhand_text"`

const (
	callLimit = 30 * time.Second
	callMost  = 1 << 20
	noiseMost = 64 << 10 // before the nonce
	floodMost = 64 << 20 // beyond what is kept, before a call is given up
)

// run runs a call. An error means that it cannot be told what came of it, or that it never
// began; a status other than 0 is no error.
func (l *link) run(ctx context.Context, c call) (reply, error) {
	for tries := 1; ; tries++ {
		r, err := l.runOnce(ctx, c)
		var need *needSecret
		if !errors.As(err, &need) {
			return r, err
		}
		if tries > askMost {
			return r, l.problem("remote.sudo.password", nil)
		}
		if err := l.askSecret(ctx, need); err != nil {
			return r, err
		}
	}
}

func (l *link) runOnce(ctx context.Context, c call) (reply, error) {
	if c.limit == 0 {
		c.limit = callLimit
	}
	if c.most == 0 {
		c.most = callMost
	}
	var raw [16]byte
	rand.Read(raw[:])
	nonce := "stackhand-" + hex.EncodeToString(raw[:])
	text := c.text + "\n#" + nonce
	if c.payload == nil {
		text = "exec </dev/null\n" + text
	}
	command := fmt.Sprintf("timeout -k 5 %d /bin/sh -c '%s' stackhand %s %d",
		int(c.limit.Round(time.Second)/time.Second), bootstrap, nonce, len(text))
	mode := ""
	if c.root && l.target.user != "root" {
		mode = "-S"
		if l.target.sudo == "nopasswd" {
			mode = "-n"
		}
		command = fmt.Sprintf("env LC_ALL=C sudo %s -p %s-password -- %s", mode, nonce, command)
	}
	s, err := l.session(ctx, c.long)
	if err != nil {
		return reply{}, err
	}
	x := &execution{l: l, s: s, c: c, nonce: nonce, mode: mode, text: text}
	done := make(chan struct{})
	go func() { // ends with the session or, on a frozen peer, with its connection
		defer close(done)
		defer s.release()
		x.run("exec " + command)
	}()
	limit := time.NewTimer(c.limit + 20*time.Second)
	defer limit.Stop()
	select {
	case <-done:
	case <-ctx.Done():
		go x.kill()
		return reply{}, l.problem("remote.cancelled", context.Cause(ctx))
	case <-limit.C:
		go x.kill()
		return reply{}, l.problem("remote.limit", nil, "limit", c.limit.String())
	}
	return x.reply, x.err
}

// execution is one call on one session.
type execution struct {
	l     *link
	s     *session
	c     call
	nonce string
	mode  string // of sudo: "", "-n", "-S"
	text  string

	reply reply
	err   error
}

func (x *execution) kill() {
	x.s.Signal(ssh.SIGTERM) // old sshds ignore it; the limit on the host ends it then
	x.s.Session.Close()
}

func (x *execution) run(command string) {
	stdin, err1 := x.s.StdinPipe()
	stdout, err2 := x.s.StdoutPipe()
	stderr, err3 := x.s.StderrPipe()
	if err := errors.Join(err1, err2, err3); err != nil {
		x.err = x.s.conn.lost(err)
		return
	}
	if err := x.s.Start(command); err != nil {
		x.err = x.s.conn.lost(err)
		return
	}
	errs := &errReader{nonce: x.nonce, most: x.c.most, prompts: make(chan int, 16)}
	errsDone := make(chan struct{})
	go func() {
		defer close(errsDone)
		errs.read(stderr)
	}()
	outs := &outReader{nonce: x.nonce, began: make(chan struct{}), most: x.c.most, out: x.c.out, kill: x.kill}
	outsDone := make(chan struct{})
	go func() {
		defer close(outsDone)
		outs.read(stdout)
	}()
	send := func() {
		// A write fails when the text ended without reading all of it: its status tells.
		io.WriteString(stdin, x.text)
		if x.c.payload != nil {
			stdin.Write(x.c.payload)
		}
		stdin.Close()
	}
	var need *needSecret
	sent := make(chan struct{})
	if x.mode != "-S" {
		go func() { defer close(sent); send() }()
	} else {
		need = x.password(stdin, outs, errs, outsDone)
		go func() {
			defer close(sent)
			select {
			case <-outs.began:
				send()
			default:
				stdin.Close()
			}
		}()
	}
	<-outsDone
	<-errsDone
	err := x.s.Wait()
	<-sent
	x.reply.stdout, x.reply.cut = outs.kept, outs.cut || errs.cut
	x.reply.stderr = errs.kept
	if !outs.start.IsZero() {
		x.reply.took = time.Since(outs.start)
	}
	var exit *ssh.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		x.reply.exit = exit.ExitStatus()
	case outs.flooded:
		x.err = x.l.problem("remote.flood", nil)
		return
	default: // ssh.ExitMissingError, io.EOF, or the transport's own
		x.err = x.s.conn.lost(err)
		return
	}
	select {
	case <-outs.began:
	default:
		x.err = x.refused(errs.noise.String())
		if need != nil && !problem.Is(x.err, "remote.sudo.denied") { // sudo says that after the password only
			x.err = need
		}
		return
	}
	if x.c.out != nil && outs.err != nil {
		x.err = outs.err
	}
}

// password answers sudo's prompt, once. It returns what is needed when there is no password,
// or the one there is was wrong.
func (x *execution) password(stdin io.Writer, outs *outReader, errs *errReader, ended <-chan struct{}) *needSecret {
	need := &needSecret{kind: "sudo", prompt: x.l.target.user + "@" + x.l.target.name, key: "sudo"}
	given := false
	for {
		select {
		case <-outs.began:
			return nil
		case <-ended:
			if given { // some sudoers end at the first wrong one
				x.l.keep(need.key, "", true)
				return need
			}
			return nil
		case <-errs.prompts:
			x.l.mu.Lock()
			secret, ok := x.l.secrets[need.key]
			x.l.mu.Unlock()
			if !ok {
				return need
			}
			if given {
				x.l.keep(need.key, "", true)
				return need
			}
			given = true
			io.WriteString(stdin, secret+"\n")
		}
	}
}

// refused tells why a text never began.
func (x *execution) refused(noise string) error {
	noise = strings.TrimSpace(strings.ReplaceAll(noise, x.nonce+"-password", ""))
	cause := fmt.Errorf("exit status %d: %s", x.reply.exit, noise)
	var p *problem.Problem
	switch {
	case strings.Contains(noise, "must have a tty"):
		p = x.l.problem("remote.sudo.tty", cause)
	case x.mode != "" && (strings.Contains(noise, "sudoers") || strings.Contains(noise, "not allowed to") || strings.Contains(noise, "may not run")):
		p = x.l.problem("remote.sudo.denied", cause)
	case strings.Contains(noise, "password is required"), strings.Contains(noise, "incorrect password"):
		p = x.l.problem("remote.sudo.password", cause)
	case strings.Contains(noise, "sudo: not found"), strings.Contains(noise, "sudo: command not found"), strings.Contains(noise, "sudo’: No such file"), strings.Contains(noise, "sudo': No such file"):
		p = x.l.problem("remote.sudo.missing", cause)
	default:
		p = x.l.problem("remote.shell", cause)
	}
	return p.WithOutput(printable(noise))
}

// outReader reads stdout: noise, the nonce, then what counts.
type outReader struct {
	nonce   string
	most    int
	out     func(io.Reader) error
	kill    func()
	began   chan struct{}
	start   time.Time
	kept    []byte
	cut     bool
	flooded bool
	err     error
}

func (o *outReader) read(r io.Reader) {
	buf := newSkipper(r)
	if !buf.skip(o.nonce) {
		io.Copy(io.Discard, r)
		return
	}
	o.start = time.Now()
	close(o.began)
	if o.out != nil {
		// Whoever reads has seen enough: the text usually ends by itself now. If not, it is made to.
		o.err = o.out(buf)
		grace := time.AfterFunc(time.Second, o.kill)
		defer grace.Stop()
		io.Copy(io.Discard, buf)
		return
	}
	kept, _ := io.ReadAll(io.LimitReader(buf, int64(o.most)))
	o.kept = kept
	n, _ := io.Copy(io.Discard, io.LimitReader(buf, floodMost))
	o.cut = n > 0
	if n == floodMost {
		o.flooded = true
		o.kill()
		io.Copy(io.Discard, buf)
	}
}

// errReader reads stderr: noise and sudo's prompts, the nonce, then what counts.
type errReader struct {
	nonce   string
	most    int
	prompts chan int
	noise   bytes.Buffer
	kept    []byte
	cut     bool
}

func (e *errReader) read(r io.Reader) {
	chunk := make([]byte, 32<<10)
	began, prompts := false, 0
	keep := func(b []byte) {
		if room := e.most - len(e.kept); len(b) > room {
			b, e.cut = b[:room], true
		}
		e.kept = append(e.kept, b...)
	}
	for {
		n, err := r.Read(chunk)
		if b := chunk[:n]; began {
			keep(b)
		} else if n > 0 {
			e.noise.Write(b)
			all := e.noise.Bytes()
			if i := bytes.Index(all, []byte(e.nonce+"\n")); i >= 0 {
				began = true
				keep(all[i+len(e.nonce)+1:])
				e.noise.Truncate(i)
			} else if now := bytes.Count(all, []byte(e.nonce+"-password")); now > prompts && now < 8 {
				prompts = now
				e.prompts <- now
			}
			if e.noise.Len() > noiseMost && !began {
				e.noise.Next(e.noise.Len() - noiseMost/2)
			}
		}
		if err != nil {
			return
		}
	}
}

// skipper finds the nonce in a stream, on memory that does not grow.
type skipper struct {
	r    io.Reader
	rest []byte
}

func newSkipper(r io.Reader) *skipper { return &skipper{r: r} }

func (s *skipper) skip(nonce string) bool {
	mark := []byte(nonce + "\n")
	chunk := make([]byte, 32<<10)
	var seen []byte
	for {
		n, err := s.r.Read(chunk)
		seen = append(seen, chunk[:n]...)
		if i := bytes.Index(seen, mark); i >= 0 {
			s.rest = seen[i+len(mark):]
			return true
		}
		if len(seen) > noiseMost {
			seen = append([]byte(nil), seen[len(seen)-len(mark):]...)
		}
		if err != nil {
			return false
		}
	}
}

func (s *skipper) Read(b []byte) (int, error) {
	if len(s.rest) > 0 {
		n := copy(b, s.rest)
		s.rest = s.rest[n:]
		return n, nil
	}
	return s.r.Read(b)
}
