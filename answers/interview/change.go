package interview

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
)

// Set answers a question. A *Refusal says why not, and what would be right; nothing is changed
// then. Blanks at the ends are cut, but not those of a secret.
func (d *Draft) Set(key, text string) error { return d.set(key, text, false) }

// Keep answers a question against an advice: what the installer itself would accept is taken.
// What it would not is refused all the same.
func (d *Draft) Keep(key, text string) error { return d.set(key, text, true) }

func (d *Draft) set(key, text string, keep bool) error {
	if own := d.alias(key); strings.HasPrefix(own, "@") {
		return d.setOwn(own, strings.TrimSpace(text), keep)
	}
	e := d.cat.Entry(key)
	if e == nil {
		args := []string{"release", d.cat.Name()}
		if near := d.cat.Nearest(key); near != "" {
			return refuse(key, "", false, "key.near", append(args, "near", near)...)
		}
		return refuse(key, "", false, "key.unknown", args...)
	}
	if !e.Secret {
		text = strings.TrimSpace(text)
	}
	text = d.spelled(e, text)
	if r := d.hard(e, text); r != nil {
		return r
	}
	before := d.look()
	d.change(key, func() { d.put(e, text, keep) })
	if keep {
		return nil
	}
	after := d.look()
	for _, f := range after.findings {
		if f.Severity == answers.Error && f.Key == key && !already(before.findings, f) {
			d.back()
			return &Refusal{Finding: f, CanKeep: true}
		}
	}
	if after.err != nil && before.err == nil {
		err := after.err
		d.back()
		return fmt.Errorf("cannot take %s: %w", key, err)
	}
	return nil
}

// already tells a finding that was there before with the same value.
func already(fs answers.Findings, f answers.Finding) bool {
	return slices.ContainsFunc(fs, func(o answers.Finding) bool {
		return o.Key == f.Key && o.Code == f.Code && o.Found == f.Found && o.Why == f.Why
	})
}

// back takes a change back as if it had not been.
func (d *Draft) back() {
	rev := d.s.Rev - 1
	d.Undo()
	d.s.Rev = rev
}

func (d *Draft) put(e *answers.Entry, text string, kept bool) {
	name := "typed/" + d.scope() + "/" + e.Key
	if d.s.Values == nil {
		d.s.Values = map[string]map[string]Answer{}
	}
	if d.s.Values[d.scope()] == nil {
		d.s.Values[d.scope()] = map[string]Answer{}
	}
	if e.Secret {
		d.secrets[name] = text
		if kept {
			d.s.Values[d.scope()][e.Key] = Answer{Kept: true}
		} else {
			delete(d.s.Values[d.scope()], e.Key)
		}
		return
	}
	d.s.Values[d.scope()][e.Key] = Answer{Text: text, Kept: kept}
}

// spelled is an answer as the installer spells it: yes for y, a choice whatever its case.
func (d *Draft) spelled(e *answers.Entry, text string) string {
	low := strings.ToLower(text)
	switch e.Type {
	case answers.TypeYesNo:
		switch low {
		case "yes", "true", "on", "예", "네":
			return "y"
		case "no", "false", "off", "아니요", "아니오":
			return "n"
		case "y", "n":
			return low
		}
	case answers.TypeBool:
		switch low {
		case "y", "true", "on", "예", "네":
			return "yes"
		case "n", "false", "off", "아니요", "아니오":
			return "no"
		}
	case answers.TypeChoice:
		for _, c := range e.Choices {
			if strings.EqualFold(c, text) {
				return c
			}
		}
	}
	return text
}

// hard is why the installer itself would refuse a value, or its file not carry it.
func (d *Draft) hard(e *answers.Entry, text string) *Refusal {
	found := text
	if e.Secret {
		found = masked(text)
	}
	if d.release == nil {
		if code, args := packstack.Refuses(e, text); code != "" {
			if e.Secret {
				args = nil
			}
			return refuse(e.Key, found, false, code, args...)
		}
		return nil
	}
	if text == "" {
		return nil // its default counts again
	}
	if e.In == kolla.Passwords {
		if code := d.release.Unusable(e, text); code != "" {
			return refuse(e.Key, found, false, code)
		}
		return nil
	}
	if _, err := kolla.Typed(e, text); err != nil {
		var f *kolla.Fault
		if errors.As(err, &f) {
			var args []string
			for k, v := range f.Args {
				args = append(args, k, v)
			}
			return refuse(e.Key, found, false, f.Code, args...)
		}
		return refuse(e.Key, found, false, "kolla.value")
	}
	return nil
}

// SetAll answers several questions, in whatever order they fit together, and returns what was
// refused; the rest is taken. keep is as in Keep.
func (d *Draft) SetAll(pairs [][2]string, keep bool) (refused []error) {
	for left := pairs; ; {
		var again [][2]string
		refused = nil
		for _, p := range left {
			if err := d.set(p[0], p[1], keep); err != nil {
				again, refused = append(again, p), append(refused, err)
			}
		}
		if len(again) == 0 || len(again) == len(left) {
			return refused
		}
		left = again
	}
}

// Reset takes an answer back: the default counts again. It is false where there was none.
func (d *Draft) Reset(key string) bool {
	if own := d.alias(key); strings.HasPrefix(own, "@") {
		return d.resetOwn(own)
	}
	e := d.cat.Entry(key)
	if e == nil {
		return false
	}
	if _, ok := d.typed()[key]; !ok {
		return false
	}
	d.change(key, func() {
		delete(d.s.Values[d.scope()], key)
		delete(d.secrets, "typed/"+d.scope()+"/"+key)
	})
	return true
}

// file is an imported file of a kind: answers, globals, passwords, inventory.
func (d *Draft) file(kind string) ([]byte, bool) {
	data, ok := d.secrets["file/"+kind]
	return []byte(data), ok
}

// Kinds of imported files beside kolla.Globals and kolla.Passwords.
const (
	answersFile   = "answers"
	inventoryFile = "inventory"
)

// Import begins with a file of the installer: every byte of it stays, but for what is
// changed. Its kind is seen from what is in it. Hosts come out of it where the draft has none.
// It is refused where the installer's own reader cannot read it.
func (d *Draft) Import(name string, data []byte) error {
	kind := Kind(data)
	if d.s.Installer.Kolla() == (kind == answersFile) || kind == "" {
		return refuse("@file", name, false, "interview.file", "file", name, "release", d.cat.Name())
	}
	switch kind {
	case answersFile:
		if !packstack.Parse(data, name).Readable(d.python()) {
			return refuse("@file", name, false, "interview.unreadable", "file", name)
		}
	case inventoryFile:
		if _, err := kolla.ParseInventory(data); err != nil {
			return refuse("@file", name, false, "interview.unreadable", "file", name)
		}
	default:
		if _, err := kolla.ParseVars(data); err != nil {
			return refuse("@file", name, false, "interview.unreadable", "file", name)
		}
	}
	d.change("@file", func() {
		d.secrets["file/"+kind] = string(data)
		files := maps.Clone(d.s.Files)
		if files == nil {
			files = map[string]string{}
		}
		files[kind] = name
		d.s.Files = files
		if d.s.HostsFrom == "" || d.s.HostsFrom == fromFile {
			d.s.Given, d.s.GivenFrom = nil, ""
			d.hostsOfFile(kind, data)
		}
	})
	return nil
}

// Imported are the imported files that this installer has, by kind (answers; globals,
// passwords, inventory), as they were named.
func (d *Draft) Imported() map[string]string {
	found := map[string]string{}
	for kind, name := range d.s.Files {
		if _, there := d.file(kind); there && (kind == answersFile) == (d.release == nil) {
			found[kind] = name
		}
	}
	return found
}

// hostsOfFile takes the hosts of a file.
func (d *Draft) hostsOfFile(kind string, data []byte) {
	switch kind {
	case answersFile:
		s, unresolved := packstack.Site(packstack.Parse(data, ""), d.cat, d.s.Name)
		for _, h := range unresolved { // the file's own name for it is all there is
			if o := s.Host(h); o != nil && !hostName.MatchString(h) {
				return
			}
		}
		d.s.Site, d.s.HostsFrom = s, fromFile
	case inventoryFile:
		if inv, err := kolla.ParseInventory(data); err == nil {
			s := inv.Site(d.s.Name)
			for _, h := range s.Hosts {
				if !hostName.MatchString(h.Name) {
					return
				}
			}
			d.s.Site, d.s.HostsFrom = s, fromFile
		}
	}
}
