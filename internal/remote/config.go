package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/kevinburke/ssh_config"

	"stackhand/internal/problem"
	"stackhand/internal/site"
)

// target is one sshd and how to log in there: a host of the site, or an alias of the
// operator's ssh_config that serves as a jump host.
type target struct {
	name           string // as the operator knows it
	user           string
	address        string // host:port to dial
	alias          string // host:port to look for in known_hosts
	keys           []string
	chosen         bool // the site names the key: offered first
	identitiesOnly bool
	agent          string // socket; "": none
	known          []string
	sudo           string // "", "nopasswd", "password"
	password       bool   // the site says: ask for a password
	via            string // name of the jump host; "": none
}

// sshConfig is the operator's ssh_config, read once. A missing file is an empty one.
type sshConfig struct {
	path, home string

	once sync.Once
	conf *ssh_config.Config
	err  error
}

func (c *sshConfig) load() {
	path := c.path
	if path == "" {
		if c.home == "" {
			return
		}
		path = filepath.Join(c.home, ".ssh", "config")
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		c.conf, err = ssh_config.DecodeBytes(data)
	}
	if err != nil {
		c.err = fmt.Errorf("cannot read %s: %w", path, err)
	}
}

// get returns the first value of a key for an alias, "" when it says nothing.
func (c *sshConfig) get(alias, key string) (string, error) {
	all, err := c.all(alias, key)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

func (c *sshConfig) all(alias, key string) ([]string, error) {
	c.once.Do(c.load)
	if c.err != nil || c.conf == nil {
		return nil, c.err
	}
	return c.conf.GetAll(alias, key)
}

// expand replaces ~ and the tokens of ssh_config(5) that make sense for files and names.
func (p *Pool) expand(s, alias, host, user string) string {
	if rest, ok := strings.CutPrefix(s, "~/"); ok {
		s = filepath.Join(p.o.Home, rest)
	}
	return strings.NewReplacer("%%", "%", "%h", host, "%n", alias, "%r", user, "%d", p.o.Home, "%u", p.o.Getenv("USER")).Replace(s)
}

// resolve says how to reach a name: a host of the site first, then the ssh_config.
// The site's own fields win over the site's login for all, then the ssh_config, then OpenSSH's defaults.
func (p *Pool) resolve(name string) (*target, error) {
	var login site.Login
	address, ofSite := "", false
	if h := p.o.Site.Host(name); h != nil {
		ofSite = true
		login = merged(h.Login, p.o.Site.Login)
		address = h.Addresses["management"]
		if h.Name == login.Bastion {
			login.Bastion = "" // the site's bastion for all is reached directly itself
		}
	} else {
		login.KnownHosts = p.o.Site.Login.KnownHosts
	}
	alias := name
	if i := strings.LastIndexByte(alias, '@'); i >= 0 { // ProxyJump user@host:port
		login.User, alias = alias[:i], alias[i+1:]
	}
	if h, port, err := net.SplitHostPort(alias); err == nil {
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, problem.New("remote.config", name, err)
		}
		login.Port, alias = n, h
	}

	var failed error
	get := func(key string) string {
		v, err := p.conf.get(alias, key)
		if err != nil && failed == nil {
			failed = err
		}
		return v
	}
	t := &target{name: name, sudo: login.Sudo, password: login.Password == "ask", via: login.Bastion}
	t.user = first(login.User, get("User"), p.o.Getenv("USER"), p.o.Getenv("LOGNAME"), "root")
	host := first(address, p.expand(get("HostName"), alias, alias, t.user), alias)
	port := first(get("Port"), "22")
	if login.Port != 0 {
		port = strconv.Itoa(login.Port)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return nil, problem.New("remote.config", name, fmt.Errorf("port %q", port))
	}
	t.address = net.JoinHostPort(host, port)
	t.alias = t.address
	if a := get("HostKeyAlias"); a != "" {
		t.alias = net.JoinHostPort(a, "22") // an alias stands in known_hosts without a port
	}
	if login.Key != "" {
		t.keys, t.chosen = []string{p.o.Site.Abs(login.Key, p.o.Home)}, true
	}
	files, err := p.conf.all(alias, "IdentityFile")
	if err != nil {
		failed = err
	}
	if len(files) == 0 && !t.chosen {
		files = []string{"~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"}
	}
	for _, f := range files {
		if f = p.expand(f, alias, host, t.user); f != "none" && !slices.Contains(t.keys, f) {
			t.keys = append(t.keys, f)
		}
	}
	t.identitiesOnly = strings.EqualFold(get("IdentitiesOnly"), "yes")
	t.agent = first(p.o.Agent, p.expand(get("IdentityAgent"), alias, host, t.user), "SSH_AUTH_SOCK")
	switch {
	case t.agent == "SSH_AUTH_SOCK":
		t.agent = p.o.Getenv("SSH_AUTH_SOCK")
	case strings.HasPrefix(t.agent, "$"):
		t.agent = p.o.Getenv(strings.Trim(t.agent, "${}"))
	case t.agent == "none":
		t.agent = ""
	}
	t.known = append(t.known, p.ownKnownHosts(login.KnownHosts))
	others := strings.Fields(first(get("UserKnownHostsFile"), "~/.ssh/known_hosts ~/.ssh/known_hosts2"))
	for _, f := range append(others, "/etc/ssh/ssh_known_hosts") {
		if f = p.expand(f, alias, host, t.user); f != "none" && !slices.Contains(t.known, f) {
			t.known = append(t.known, f)
		}
	}
	if t.via == "" && (!ofSite || p.o.Site.Dial.Netns == "") {
		if j := get("ProxyJump"); j != "" && !strings.EqualFold(j, "none") {
			t.via = j
		}
	}
	if failed != nil {
		return nil, problem.New("remote.config", name, failed)
	}
	return t, nil
}

// ownKnownHosts is the site's file, to which accepted keys are added; "": there is none.
func (p *Pool) ownKnownHosts(file string) string {
	switch {
	case file != "":
		return p.o.Site.Abs(file, p.o.Home)
	case p.o.Site.Path != "":
		return filepath.Join(filepath.Dir(p.o.Site.Path), "known_hosts")
	case p.o.Home != "":
		return filepath.Join(p.o.Home, ".ssh", "known_hosts")
	}
	return ""
}

// merged is a host's login over the site's.
func merged(host, all site.Login) site.Login {
	m := host
	m.User = first(host.User, all.User)
	m.Key = first(host.Key, all.Key)
	m.Password = first(host.Password, all.Password)
	m.Bastion = first(host.Bastion, all.Bastion)
	m.Sudo = first(host.Sudo, all.Sudo)
	m.KnownHosts = first(host.KnownHosts, all.KnownHosts)
	if m.Port == 0 {
		m.Port = all.Port
	}
	return m
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
