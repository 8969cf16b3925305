package kolla

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"stackhand/answers"
)

// Typists are the passwords that people type now and then; an operator may give them instead
// of having them made.
func Typists() []string {
	return []string{"keystone_admin_password", "database_password", "grafana_admin_password"}
}

// PasswordFile is an empty passwords.yml of the release: all keys, none with a value.
func (r *Release) PasswordFile() []byte {
	var b strings.Builder
	b.WriteString("---\n")
	for _, e := range r.Catalogue.Entries {
		if e.In != Passwords {
			continue
		}
		b.WriteString(e.Key + ":\n")
		if e.Type == answers.TypeKeyPair {
			b.WriteString("  private_key:\n  public_key:\n")
		}
	}
	return []byte(b.String())
}

// Filler fills passwords.yml as kolla-genpwd would: only what has no value (an empty string is
// one), each by its kind; a key that the release does not know gets forty letters and digits.
// Unlike kolla-genpwd it adds keys that are missing, which kolla-mergepwd is for, and keeps
// comments and order.
type Filler struct {
	Release *Release
	Random  io.Reader         // crypto/rand.Reader outside of tests
	Typed   map[string]string // replaces what is there, and is not made
	Bits    int               // of RSA keys; 0: 4096, as kolla-genpwd makes them
}

// Fill changes the file and returns the keys that it gave a value, in the order in which it
// did. A typed value that Kolla-Ansible cannot carry is an error that names its key, never
// itself, and nothing is changed then.
func (f Filler) Fill(v *Vars) (filled []string, err error) {
	for key, value := range f.Typed {
		e := f.Release.Catalogue.Entry(key)
		if e == nil || e.In != Passwords || e.Type == answers.TypeKeyPair {
			return nil, fault(0, 0, key, "password.unknown")
		}
		if code := unusable(key, value); code != "" {
			return nil, fault(0, 0, key, code)
		}
	}
	var keys []string
	for _, e := range v.Entries() {
		keys = append(keys, e.Key)
	}
	for _, e := range f.Release.Catalogue.Entries {
		if e.In == Passwords && !slices.Contains(keys, e.Key) {
			keys = append(keys, e.Key)
		}
	}
	for i, key := range keys {
		if slices.Contains(keys[:i], key) {
			continue
		}
		did, err := f.fill(v, key)
		if err != nil {
			return filled, err
		}
		if did {
			filled = append(filled, key)
		}
	}
	return filled, nil
}

func (f Filler) fill(v *Vars, key string) (bool, error) {
	if typed, ok := f.Typed[key]; ok {
		old, _ := v.Get(key)
		return !old.Equal(Str(typed)), v.Set(Str(typed), key)
	}
	value, there := v.Get(key)
	e := f.Release.Catalogue.Entry(key)
	generator := answers.Generator{Kind: answers.KindRandom, Length: 40}
	if e != nil && e.In == Passwords {
		if e.Generate == nil { // stays empty, which the file has to say: prechecks refuse a bare "key:"
			if there && value.Kind != Null {
				return false, nil
			}
			return false, v.force(key)
		}
		generator = *e.Generate
	}
	if generator.Kind == answers.KindSSH {
		return f.pair(v, key, value)
	}
	if value.Kind != Null {
		return false, nil
	}
	made, err := generator.New(f.Random)
	if err != nil {
		return false, fmt.Errorf("cannot make %s: %w", key, err)
	}
	return true, v.Set(Str(made), key)
}

// pair fills a key pair where there is nothing, or neither half of it.
func (f Filler) pair(v *Vars, key string, value Value) (bool, error) {
	private, _ := value.At("private_key")
	public, _ := value.At("public_key")
	if value.Kind != Null && (value.Kind != Map || private.Kind != Null || public.Kind != Null) {
		return false, nil
	}
	bits := f.Bits
	if bits == 0 {
		bits = 4096
	}
	made, err := answers.NewKeyPair(bits)
	if err != nil {
		return false, fmt.Errorf("cannot make %s: %w", key, err)
	}
	if value.Kind == Map && len(value.Map) > 0 {
		if err := v.Set(Str(made.Private), key, "private_key"); err != nil {
			return false, err
		}
		return true, v.Set(Str(made.Public), key, "public_key")
	}
	return true, v.Set(Value{Kind: Map, Map: []Pair{{"private_key", Str(made.Private)}, {"public_key", Str(made.Public)}}}, key)
}

// force writes an empty value as null where nothing stands.
func (v *Vars) force(key string) error {
	i, ok := v.index[key]
	if !ok {
		return v.Set(Value{Kind: Null}, key)
	}
	if n := v.entries[i].node; n.Value != "" {
		return nil
	}
	return v.replace(i, Value{Kind: Null}, nil)
}

// unusable is why Kolla-Ansible cannot carry a password, as a code: templates are filled in,
// and it is put into URLs and configuration files as it is. Empty: it can.
func unusable(key, value string) string {
	switch {
	case value == "":
		return "password.empty"
	case strings.Contains(value, "{{") || strings.Contains(value, "{%") || strings.Contains(value, "{#"):
		return "password.template"
	case strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 || r > 0x7e }):
		return "password.ascii"
	case strings.TrimSpace(value) != value:
		return "password.blank"
	case inURL(key) && strings.ContainsAny(value, "@/:?#[]%& +"):
		return "password.url"
	case strings.ContainsAny(value, `$'"\`+"`"):
		return "password.quote"
	}
	return ""
}

// inURL tells whether a password becomes part of a connection URL (database, broker, Redis).
func inURL(key string) bool {
	return strings.HasSuffix(key, "database_password") || strings.Contains(key, "rabbitmq") && strings.HasSuffix(key, "password") || strings.HasPrefix(key, "redis_") || strings.HasPrefix(key, "qdrouterd_")
}

// Unusable is why Kolla-Ansible cannot carry a password that somebody typed, as the code of a
// finding, or "".
func (r *Release) Unusable(e *answers.Entry, value string) string {
	if e.In != Passwords || e.Type == answers.TypeKeyPair {
		return "password.unknown"
	}
	return unusable(e.Key, value)
}
