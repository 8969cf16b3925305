package interview

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/internal/i18n"
	"stackhand/internal/site"
)

// Installer is what is answered for: a release's format, and a mode of its form.
type Installer struct {
	Format string // packstack-stein, packstack-train, kolla-wallaby
	Mode   string // all-in-one, multi-node, second-controller
}

// String is FORMAT/MODE, as the field @installer has it.
func (i Installer) String() string { return i.Format + "/" + i.Mode }

// Kolla tells whether it is a Kolla-Ansible.
func (i Installer) Kolla() bool { return strings.HasPrefix(i.Format, "kolla-") }

// Second tells whether it is the file for a second controller.
func (i Installer) Second() bool { return i.Mode == "second-controller" }

// scope is where its answers are kept: those of releases and modes that ask the same are the same.
func (i Installer) scope() string {
	switch {
	case i.Kolla():
		return "kolla"
	case i.Second():
		return "second"
	}
	return "packstack"
}

// ParseInstaller reads FORMAT/MODE.
func ParseInstaller(text string) (Installer, bool) {
	for _, i := range Installers() {
		if i.String() == strings.TrimSpace(text) {
			return i, true
		}
	}
	return Installer{}, false
}

// Installers are all that can be answered for: every mode of every catalogue's forms.
func Installers() []Installer {
	var all []Installer
	for _, name := range answers.Names() {
		c, err := answers.Load(name)
		if err != nil {
			continue
		}
		for _, f := range c.Forms {
			all = append(all, Installer{name, f.Mode})
		}
	}
	return all
}

// Answer is what somebody typed. That of a secret has no text here.
type Answer struct {
	Text string `json:"text,omitempty"`
	Kept bool   `json:"kept,omitempty"` // "keep it anyway" against an advice
}

// Position is where the session stands.
type Position struct {
	Page  string `json:"page,omitempty"`
	Field string `json:"field,omitempty"`
}

// Where the hosts of a draft are from.
const (
	fromSite  = "site"
	fromFile  = "file"
	fromTyped = "typed"
)

// state is what is saved. It holds no secret.
type state struct {
	Version    int                          `json:"version"`
	Rev        int                          `json:"rev"`
	Name       string                       `json:"name"`
	Installer  Installer                    `json:"installer"`
	Site       *site.Site                   `json:"site,omitempty"`
	HostsFrom  string                       `json:"hosts_from,omitempty"`
	Given      *site.Site                   `json:"given,omitempty"` // Site and HostsFrom before somebody changed them
	GivenFrom  string                       `json:"given_from,omitempty"`
	Plan       kolla.Plan                   `json:"plan,omitempty"`
	Interfaces map[string][]kolla.Interface `json:"interfaces,omitempty"`
	Values     map[string]map[string]Answer `json:"values,omitempty"` // scope -> key
	Files      map[string]string            `json:"files,omitempty"`  // kind (answers, globals, …) -> name it was imported from
	At         Position                     `json:"at"`
	Out        string                       `json:"out,omitempty"`
}

const version = 1

// Draft is one session. It is for one goroutine at a time.
type Draft struct {
	s       state
	secrets map[string]string // "typed/SCOPE/KEY", "made/FORMAT/KEY", "file/KIND"
	cat     *answers.Catalogue
	release *kolla.Release // nil for Packstack
	past    []moment
	all     []Installer
	loaded  map[string]loaded // by format

	// Bits of RSA keys; 0: 4096, as Kolla's own generator has it.
	Bits int

	seen *picture // what follows from the state; nil: to be worked out
}

// moment is what Undo goes back to.
type moment struct {
	state   []byte
	secrets map[string]string
	what    string
}

// mostPast changes can be taken back.
const mostPast = 100

// New begins a draft. The name is that of its file: letters, digits, dot, dash, underscore.
func New(name string, i Installer) (*Draft, error) {
	if !ValidName(name) {
		return nil, fmt.Errorf("cannot begin a draft named %q: the name must be letters, digits, dot, dash and underscore", name)
	}
	d := &Draft{s: state{Version: version, Name: name}, secrets: map[string]string{}}
	return d, d.install(i)
}

// ValidName tells whether a draft can have this name.
func ValidName(name string) bool {
	return name != "" && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r))
	}) && !strings.ContainsRune("._-", rune(name[0]))
}

// install loads what an installer needs.
func (d *Draft) install(i Installer) error {
	if d.all == nil {
		d.all = Installers()
		d.loaded = map[string]loaded{}
	}
	if !slices.Contains(d.all, i) {
		return fmt.Errorf("cannot answer for %s: there is no such installer and mode", i)
	}
	l, err := d.load(i)
	if err != nil {
		return err
	}
	d.cat, d.release, d.s.Installer, d.seen = l.cat, l.release, i, nil
	return nil
}

// load reads what an installer needs, once a draft.
func (d *Draft) load(i Installer) (loaded, error) {
	l, ok := d.loaded[i.Format]
	if ok {
		return l, nil
	}
	var err error
	if i.Kolla() {
		if l.release, err = kolla.Load(i.Format); err == nil {
			l.cat = l.release.Catalogue
		}
	} else {
		l.cat, err = answers.Load(i.Format)
	}
	if err == nil {
		d.loaded[i.Format] = l
	}
	return l, err
}

// loaded is what an installer needs; reading it takes some milliseconds.
type loaded struct {
	cat     *answers.Catalogue
	release *kolla.Release
}

// Saved is a draft outside of memory. A Store never replaces one by a lower Rev.
type Saved struct {
	Rev     int
	State   []byte            // JSON without a secret
	Secrets map[string]string // by name; for a file of their own, 0600
}

// Store keeps drafts. Save has both parts on the disk when it returns: the secrets first.
type Store interface {
	Save(name string, s Saved) error
}

// Saved is the draft as it stands.
func (d *Draft) Saved() Saved {
	return Saved{Rev: d.s.Rev, State: d.encode(), Secrets: maps.Clone(d.secrets)}
}

func (d *Draft) encode() []byte {
	data, err := json.MarshalIndent(d.s, "", " ")
	if err != nil { // strings, numbers and addresses alone
		panic(err)
	}
	return append(data, '\n')
}

// mostState is how large a saved draft may be.
const mostState = 16 << 20

// Restore makes a draft of a saved one. What is not one is an error.
func Restore(s Saved) (*Draft, error) { return restore(s, &Draft{}) }

// restore is Restore with the catalogues that another draft has loaded.
func restore(s Saved, with *Draft) (*Draft, error) {
	d := &Draft{secrets: maps.Clone(s.Secrets), all: with.all, loaded: with.loaded}
	if d.secrets == nil {
		d.secrets = map[string]string{}
	}
	if err := d.decode(s.State); err != nil {
		return nil, fmt.Errorf("cannot read the draft: %w", err)
	}
	if err := d.clean(); err != nil {
		return nil, fmt.Errorf("cannot read the draft: %w", err)
	}
	return d, nil
}

func (d *Draft) decode(data []byte) error {
	if len(data) > mostState {
		return errors.New("it is too large")
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var s state
	if err := dec.Decode(&s); err != nil {
		return errors.New("it is not in the form that Stackhand writes") // the decoder's error may quote it
	}
	if s.Version != version {
		return fmt.Errorf("it is of version %d, and this Stackhand reads %d", s.Version, version)
	}
	if !ValidName(s.Name) || s.Rev < 0 {
		return errors.New("it has no valid name")
	}
	if s.Site != nil {
		for i := range s.Site.Hosts {
			if !hostName.MatchString(s.Site.Hosts[i].Name) {
				return errors.New("it has a host without a valid name")
			}
			if s.Site.Hosts[i].Addresses == nil {
				s.Site.Hosts[i].Addresses = map[string]string{}
			}
		}
	}
	before := d.s
	d.s = s
	if err := d.install(s.Installer); err != nil {
		d.s = before
		return err
	}
	return nil
}

// clean tells answers that no catalogue has, and secrets in clear.
func (d *Draft) clean() error {
	if len(d.s.Values) == 0 {
		return nil
	}
	scopes := map[string][]*answers.Catalogue{}
	for _, i := range d.all {
		l, err := d.load(i)
		if err != nil {
			return err
		}
		scopes[i.scope()] = append(scopes[i.scope()], l.cat)
	}
	for scope, all := range d.s.Values {
		for key, a := range all {
			var e *answers.Entry
			for _, c := range scopes[scope] {
				if found := c.Entry(key); found != nil {
					e = found
				}
			}
			switch {
			case e == nil:
				return errors.New("it has an answer to a question that no installer asks")
			case e.Secret && a.Text != "":
				return errors.New("it has a secret in clear")
			}
		}
	}
	return nil
}

func (d *Draft) scope() string { return d.s.Installer.scope() }

// Name of the draft.
func (d *Draft) Name() string { return d.s.Name }

// Rename gives it another name, one that ValidName takes.
func (d *Draft) Rename(name string) error {
	if !ValidName(name) {
		return fmt.Errorf("cannot name a draft %q: the name must be letters, digits, dot, dash and underscore", name)
	}
	d.change("", func() { d.s.Name = name })
	return nil
}

// Installer that is answered for.
func (d *Draft) Installer() Installer { return d.s.Installer }

// Catalogue of the installer.
func (d *Draft) Catalogue() *answers.Catalogue { return d.cat }

// Title is the installer and mode in words.
func (i Installer) Title() i18n.Text {
	c, err := answers.Load(i.Format)
	if err != nil || c.Form(i.Mode) == nil {
		return i18n.Text{En: i.String(), Ko: i.String()}
	}
	product := map[string]string{"packstack": "Packstack", "kolla": "Kolla-Ansible"}[c.Installer]
	release := strings.ToUpper(c.Release[:1]) + c.Release[1:]
	t := c.Form(i.Mode).Title
	in := func(l i18n.Lang) string { // the form's title begins with the product
		rest := strings.TrimPrefix(t.In(l), product)
		return product + " " + release + rest
	}
	return i18n.Text{En: in(i18n.English), Ko: in(i18n.Korean)}
}

// At is where the session stands, and Stand notes it.
func (d *Draft) At() Position { return d.s.At }

// Stand notes where the session stands.
func (d *Draft) Stand(p Position) {
	if d.s.At != p {
		d.s.At = p
		d.s.Rev++
	}
}

// Out is where the files were exported, "" before.
func (d *Draft) Out() string { return d.s.Out }

// Exported notes where the files were exported.
func (d *Draft) Exported(path string) { d.s.Out = path; d.s.Rev++ }

// Site is the hosts of the draft, nil where there are none. It is not to be changed.
func (d *Draft) Site() *site.Site { return d.s.Site }

// change does something that Undo can take back; what is the key that it is about, "" for what
// is not taken back.
func (d *Draft) change(what string, do func()) {
	if what != "" {
		d.past = append(d.past, moment{d.encode(), maps.Clone(d.secrets), what})
		if len(d.past) > mostPast {
			d.past = slices.Delete(d.past, 0, 1)
		}
	}
	d.secrets = maps.Clone(d.secrets)
	do()
	d.s.Rev++
	d.seen = nil
}

// Undo takes the last change back and returns the key that it was about. It is false where
// there is none: changes made before a restart cannot be taken back.
func (d *Draft) Undo() (key string, ok bool) {
	if len(d.past) == 0 {
		return "", false
	}
	m := d.past[len(d.past)-1]
	d.past = d.past[:len(d.past)-1]
	rev, at := d.s.Rev, d.s.At
	if err := d.decode(m.state); err != nil {
		return "", false
	}
	d.secrets, d.s.Rev, d.s.At, d.seen = m.secrets, rev+1, at, nil
	return m.what, true
}

// CanUndo tells whether there is something to take back.
func (d *Draft) CanUndo() bool { return len(d.past) > 0 }

// TakeMade takes the secrets that were made for another draft, so that answering anew does not
// make new ones.
func (d *Draft) TakeMade(from *Draft) {
	for k, v := range from.secrets {
		if strings.HasPrefix(k, "made/") {
			d.secrets[k] = v
		}
	}
	d.seen = nil
}

// Answered tells whether the operator has answered anything.
func (d *Draft) Answered() bool {
	for _, answers := range d.s.Values {
		if len(answers) > 0 {
			return true
		}
	}
	for k := range d.secrets {
		if strings.HasPrefix(k, "typed/") {
			return true
		}
	}
	return len(d.s.Plan) > 0 || len(d.s.Files) > 0 || d.s.HostsFrom == fromTyped
}
