package lab

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/google/renameio/v2"
	"golang.org/x/crypto/ssh"

	"stackhand/internal/site"
)

// keys makes the lab's key and those of its hosts, those that are missing.
func (l *Lab) keys(r *record) error {
	if err := newKey(l.KeyPath(), l.name); err != nil {
		return err
	}
	for _, h := range r.Hosts {
		if err := os.MkdirAll(l.hostDir(h.Name), 0o700); err != nil {
			return fmt.Errorf("cannot make the directory of %s: %w", h.Name, err)
		}
		if err := newKey(filepath.Join(l.hostDir(h.Name), "ssh_host_ed25519_key"), h.Name); err != nil {
			return err
		}
	}
	return nil
}

// newKey makes an ed25519 key pair, path and path.pub, unless it is there.
func newKey(path, comment string) error {
	if fileExists(path) && fileExists(path+".pub") {
		return nil
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("cannot make a key: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(private, comment)
	if err != nil {
		return fmt.Errorf("cannot make a key: %w", err)
	}
	pub, err := ssh.NewPublicKey(public)
	if err != nil {
		return fmt.Errorf("cannot make a key: %w", err)
	}
	if err := renameio.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		return fmt.Errorf("cannot write a key: %w", err)
	}
	line := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(pub))) + " " + comment + "\n"
	if err := renameio.WriteFile(path+".pub", []byte(line), 0o644); err != nil {
		return fmt.Errorf("cannot write a key: %w", err)
	}
	return nil
}

// writeSite writes site.yaml and known_hosts. A site.yaml that is there stays while it
// names the same hosts, for an operator may have put things into it.
func (l *Lab) writeSite(r *record) error {
	var known bytes.Buffer
	s := site.Site{
		Name:     "practice",
		Dial:     site.Dial{Netns: l.name},
		Login:    site.Login{User: "root", Key: l.KeyPath(), KnownHosts: l.KnownHostsPath()},
		Networks: map[string]string{"management": r.Subnet + ".0/24"},
	}
	for i, h := range r.Hosts {
		address := r.address(h.Name)
		pub, err := os.ReadFile(filepath.Join(l.hostDir(h.Name), "ssh_host_ed25519_key.pub"))
		if err != nil {
			return fmt.Errorf("cannot read the host key of %s: %w", h.Name, err)
		}
		f := strings.Fields(string(pub))
		if len(f) < 2 {
			return fmt.Errorf("cannot read the host key of %s: %q", h.Name, pub)
		}
		fmt.Fprintf(&known, "%s,%s %s %s\n", h.Name, address, f[0], f[1])
		s.Hosts = append(s.Hosts, site.Host{
			Name: h.Name, Addresses: map[string]string{"management": address}, Roles: roles(i, h),
		})
	}
	for _, v := range r.Virtual {
		s.Virtual = append(s.Virtual, site.VirtualAddress{Name: v.Name, Network: "management", Hosts: v.Hosts,
			Address: fmt.Sprintf("%s.%d", r.Subnet, v.Octet)})
	}
	if err := renameio.WriteFile(l.KnownHostsPath(), known.Bytes(), 0o600); err != nil {
		return fmt.Errorf("cannot write known_hosts: %w", err)
	}
	var now site.Site
	if b, err := os.ReadFile(l.SitePath()); err == nil && yaml.Unmarshal(b, &now) == nil &&
		slices.EqualFunc(now.Hosts, s.Hosts, func(a, b site.Host) bool {
			return a.Name == b.Name && a.Addresses["management"] == b.Addresses["management"]
		}) {
		return nil
	}
	text, err := yaml.MarshalWithOptions(s, yaml.IndentSequence(true))
	if err != nil {
		return fmt.Errorf("cannot write site.yaml: %w", err)
	}
	head := "# The practice hosts of the lab " + l.name + ", written by \"stackhand lab up\".\n"
	if err := renameio.WriteFile(l.SitePath(), append([]byte(head), text...), 0o600); err != nil {
		return fmt.Errorf("cannot write site.yaml: %w", err)
	}
	return nil
}

// roles says what a host is for. Unless it was said: cmpN computes and stores, the first one
// and ctlN control.
func roles(i int, h hostRecord) []string {
	if len(h.Roles) > 0 {
		return h.Roles
	}
	if i > 0 && !strings.HasPrefix(h.Name, "ctl") {
		return []string{"compute", "storage"}
	}
	return []string{"controller", "network", "database", "broker"}
}

// hostsLines are the lines that every host has in /etc/hosts.
func hostsLines(r *record) []string {
	var lines []string
	for _, h := range r.Hosts {
		lines = append(lines, r.address(h.Name)+" "+h.Name)
	}
	return append(lines, strings.TrimSpace(r.Subnet+".1 gateway "+strings.Join(mirrorHosts(r.Mirrors), " ")))
}

// namesAll tells whether a hosts file names all of names.
func namesAll(hosts string, names []string) bool {
	var there []string
	for line := range strings.Lines(hosts) {
		line, _, _ = strings.Cut(line, "#")
		if f := strings.Fields(line); len(f) > 1 {
			there = append(there, f[1:]...)
		}
	}
	return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(there, n) })
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
