package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"stackhand/internal/problem"
)

const (
	keysMost     = 4 // sshd gives up after 6 attempts (MaxAuthTries), of which a password needs some
	askMost      = 3 // times that one secret is asked for
	answersMost  = 3 // rounds of keyboard-interactive in one hand-shake
	passwordKind = "password"
)

// login logs in to one target, over several hand-shakes when something had to be asked between.
//
// The order: keys (chosen one first, then the agent's, then files), then a password, then
// questions; after a partial success what sshd still wants. Secrets typed once are kept in
// memory for reconnecting, and dropped when they turn out wrong.
type login struct {
	l *link

	began   bool // the present hand-shake got as far as logging in
	offered []string
	allowed []string
	need    *needSecret
	used    map[string]bool // secrets given in the present hand-shake
	asked   map[string]int
	rounds  int
	tried   map[string]int // by method
	partial int
	missing []string // key files that are not there or cannot be read
	locked  string   // key file that nobody could unlock
	signers []ssh.Signer
	loaded  bool

	mu   sync.Mutex
	open int // questions open in the middle of a hand-shake
}

func newLogin(l *link) *login { return &login{l: l, asked: map[string]int{}} }

// needSecret ends a hand-shake: something must be asked first.
type needSecret struct{ kind, prompt, key string }

func (n *needSecret) Error() string { return "a " + n.kind + " is needed" }

func (g *login) restart() {
	g.began, g.need, g.rounds, g.partial = false, nil, 0, 0
	g.used, g.tried = map[string]bool{}, map[string]int{}
	g.offered = nil
}

// limit ends a hand-shake in which the host has gone silent, and says at which stage: a
// half-dead host accepts connections and never says who it is, or hangs when it should look up
// a key. The time in which a question to the operator is open does not count.
func (g *login) limit(shake context.Context, end func(), handshake, login time.Duration) problem.Code {
	wait := time.NewTimer(handshake)
	defer wait.Stop()
	for logging := false; ; {
		select {
		case <-shake.Done():
			return ""
		case <-wait.C:
		}
		g.mu.Lock()
		began, open := g.began, g.open > 0
		g.mu.Unlock()
		switch {
		case open, began && !logging:
			logging = true
			wait.Reset(login)
		case began:
			end()
			return "remote.login.timeout"
		default:
			end()
			return "remote.handshake.timeout"
		}
	}
}

func (g *login) secret(key string) (string, bool) {
	g.l.mu.Lock()
	defer g.l.mu.Unlock()
	s, ok := g.l.secrets[key]
	return s, ok
}

// keep remembers a secret; empty forgets it.
func (l *link) keep(key, secret string, forget bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if forget {
		delete(l.secrets, key)
		return
	}
	l.secrets[key] = secret
}

// ask asks for what the last hand-shake lacked.
func (g *login) ask(ctx context.Context, n *needSecret) error {
	g.asked[n.key]++
	if g.asked[n.key] > askMost {
		if n.kind == "passphrase" {
			return g.l.problem("remote.key.locked", nil, "file", g.locked)
		}
		return g.problem(errors.New("wrong " + n.kind))
	}
	return g.l.askSecret(ctx, n)
}

func (l *link) askSecret(ctx context.Context, n *needSecret) error {
	if l.pool.o.Ask == nil {
		return l.problem("remote.secret.needed", n, "kind", n.kind)
	}
	return l.pool.question(ctx, func() error {
		s, err := l.pool.o.Ask.Secret(ctx, l.target.name, n.kind, n.prompt, false)
		if err != nil {
			return l.problem("remote.secret.needed", err, "kind", n.kind)
		}
		l.keep(n.key, s, false)
		return nil
	})
}

// next is the ssh.ClientAuthCallback.
func (g *login) next(ctx *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	g.mu.Lock()
	g.began = true
	g.mu.Unlock()
	g.allowed = ctx.AllowedMethods
	if g.need != nil {
		return nil, g.need
	}
	if len(ctx.PartialSuccessMethods) > g.partial { // a new round: what is wanted next may be the same again
		g.partial = len(ctx.PartialSuccessMethods)
		g.tried = map[string]int{}
	}
	may := func(method string, most int) bool {
		if !slices.Contains(ctx.AllowedMethods, method) || g.tried[method] >= most {
			return false
		}
		g.tried[method]++
		return true
	}
	if may("publickey", 1) && !slices.Contains(ctx.PartialSuccessMethods, "publickey") {
		if keys := g.keys(); len(keys) > 0 {
			return ssh.PublicKeysCallback(func() ([]ssh.Signer, error) { return keys, nil }), nil
		}
	}
	// A password that was wrong in this hand-shake is forgotten, and asked for again between
	// this one and the next. Without keys, or where the site says so, passwords are asked for.
	key := passwordKind
	if g.used[key] && !slices.Contains(ctx.PartialSuccessMethods, passwordKind) &&
		!slices.Contains(ctx.PartialSuccessMethods, "keyboard-interactive") {
		g.l.keep(key, "", true)
		g.used[key] = false
		return nil, &needSecret{kind: passwordKind, prompt: g.l.target.user + "@" + g.l.target.name, key: key}
	}
	if may(passwordKind, 1) {
		s, ok := g.secret(key)
		if !ok {
			return nil, &needSecret{kind: passwordKind, prompt: g.l.target.user + "@" + g.l.target.name, key: key}
		}
		g.used[key] = true
		return ssh.Password(s), nil
	}
	if may("keyboard-interactive", answersMost) {
		return ssh.KeyboardInteractive(g.interactive), nil
	}
	return nil, nil
}

// interactive answers all questions of one round. A single hidden question for a password is
// sshd's way to ask for just that; anything else is shown as it came.
func (g *login) interactive(name, instruction string, questions []string, echos []bool) ([]string, error) {
	if len(questions) == 1 && !echos[0] && strings.Contains(strings.ToLower(questions[0]), "password") && !g.used[passwordKind] {
		s, ok := g.secret(passwordKind)
		if !ok {
			g.need = &needSecret{kind: passwordKind, prompt: g.l.target.user + "@" + g.l.target.name, key: passwordKind}
			return nil, g.need
		}
		g.used[passwordKind] = true
		return []string{s}, nil
	}
	if len(questions) == 0 {
		return nil, nil
	}
	if g.l.pool.o.Ask == nil {
		g.need = &needSecret{kind: "interactive"}
		return nil, g.need
	}
	g.mu.Lock()
	g.open++
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.open--
		g.mu.Unlock()
	}()
	var answers []string
	err := g.l.pool.question(g.l.pool.ctx, func() error {
		for i, q := range questions {
			prompt := printable(strings.TrimSpace(strings.Join([]string{name, instruction, q}, "\n")))
			a, err := g.l.pool.o.Ask.Secret(g.l.pool.ctx, g.l.target.name, "interactive", prompt, echos[i])
			if err != nil {
				return g.l.problem("remote.secret.needed", err, "kind", "interactive")
			}
			answers = append(answers, a)
		}
		return nil
	})
	return answers, err
}

// printable takes out what could steer a terminal: hosts say what they like.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// keys are the at most keysMost keys to offer: the chosen one, then what the agent has (only
// what the files name under IdentitiesOnly), then the files. Read once.
func (g *login) keys() []ssh.Signer {
	if g.loaded {
		return g.signers
	}
	g.loaded = true
	t := g.l.target
	var files []ssh.Signer
	for _, f := range t.keys {
		s, err := g.file(f)
		if err != nil {
			if !errors.Is(err, os.ErrNotExist) || t.chosen {
				g.missing = append(g.missing, fmt.Sprintf("%s: %v", f, err))
			}
			continue
		}
		files = append(files, s)
	}
	named := func(k ssh.PublicKey) int {
		return slices.IndexFunc(files, func(s ssh.Signer) bool {
			return string(s.PublicKey().Marshal()) == string(k.Marshal())
		})
	}
	var others []ssh.Signer
	for _, s := range g.agent() {
		if i := named(s.PublicKey()); i >= 0 {
			files[i] = s // the agent has it unlocked
		} else if !t.identitiesOnly {
			others = append(others, s)
		}
	}
	if t.chosen && len(files) > 0 {
		g.signers = append(files[:1:1], append(others, files[1:]...)...)
	} else {
		g.signers = append(others, files...)
		if len(files) > 0 && len(g.signers) > keysMost { // never crowd out the operator's own
			g.signers = append(others[:keysMost-1:keysMost-1], files[0])
		}
	}
	if len(g.signers) > keysMost {
		g.signers = g.signers[:keysMost]
	}
	for i, s := range g.signers {
		g.offered = append(g.offered, ssh.FingerprintSHA256(s.PublicKey()))
		g.signers[i] = s
	}
	return g.signers
}

// agent returns the agent's keys. They sign over a connection of their own each time.
func (g *login) agent() []ssh.Signer {
	if g.l.target.agent == "" {
		return nil
	}
	c, err := net.Dial("unix", g.l.target.agent)
	if err != nil {
		return nil // no agent runs there: as if there were none
	}
	defer c.Close()
	list, err := agent.NewClient(c).List()
	if err != nil {
		return nil
	}
	var signers []ssh.Signer
	for _, k := range list {
		if pub, err := ssh.ParsePublicKey(k.Blob); err == nil {
			signers = append(signers, &agentKey{socket: g.l.target.agent, pub: pub})
		}
	}
	return signers
}

// agentKey signs with a key that an agent has.
type agentKey struct {
	socket string
	pub    ssh.PublicKey
}

func (k *agentKey) PublicKey() ssh.PublicKey { return k.pub }

func (k *agentKey) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return k.SignWithAlgorithm(rand, data, "")
}

func (k *agentKey) SignWithAlgorithm(_ io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	c, err := net.Dial("unix", k.socket)
	if err != nil {
		return nil, fmt.Errorf("cannot reach the agent: %w", err)
	}
	defer c.Close()
	var flags agent.SignatureFlags
	switch algorithm {
	case ssh.KeyAlgoRSASHA256:
		flags = agent.SignatureFlagRsaSha256
	case ssh.KeyAlgoRSASHA512:
		flags = agent.SignatureFlagRsaSha512
	}
	return agent.NewClient(c).SignWithFlags(k.pub, data, flags)
}

// file returns the key of a file. A locked one whose public half can be read is unlocked only
// when sshd has said that it would take it.
func (g *login) file(path string) (ssh.Signer, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := ssh.ParsePrivateKey(data)
	var locked *ssh.PassphraseMissingError
	if !errors.As(err, &locked) {
		return s, err
	}
	pub := locked.PublicKey
	if pub == nil { // the old format hides it; ssh-keygen leaves it beside
		if text, err := os.ReadFile(path + ".pub"); err == nil {
			pub, _, _, _, _ = ssh.ParseAuthorizedKey(text)
		}
	}
	if pub == nil {
		return nil, fmt.Errorf("locked, and %s.pub is not there", path)
	}
	return &lockedKey{g: g, path: path, data: data, pub: pub}, nil
}

// lockedKey is a key file with a passphrase.
type lockedKey struct {
	g    *login
	path string
	data []byte
	pub  ssh.PublicKey
}

func (k *lockedKey) PublicKey() ssh.PublicKey { return k.pub }

func (k *lockedKey) Sign(rand io.Reader, data []byte) (*ssh.Signature, error) {
	return k.SignWithAlgorithm(rand, data, k.pub.Type())
}

func (k *lockedKey) SignWithAlgorithm(rand io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	key := "passphrase " + k.path
	k.g.locked = k.path
	k.g.need = &needSecret{kind: "passphrase", prompt: k.path, key: key}
	phrase, ok := k.g.secret(key)
	if !ok {
		return nil, k.g.need
	}
	s, err := ssh.ParsePrivateKeyWithPassphrase(k.data, []byte(phrase))
	if err != nil {
		k.g.l.keep(key, "", true)
		return nil, k.g.need
	}
	k.g.need = nil
	if a, ok := s.(ssh.AlgorithmSigner); ok {
		return a.SignWithAlgorithm(rand, data, algorithm)
	}
	return s.Sign(rand, data)
}

// problem is a login that was refused: as whom, with what, and what sshd would have taken.
func (g *login) problem(cause error) error {
	return g.l.problem("remote.login", cause,
		"allowed", strings.Join(g.allowed, ", "), "keys", strings.Join(g.offered, ", "), "unreadable", strings.Join(g.missing, "; "))
}
