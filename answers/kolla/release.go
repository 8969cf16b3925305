package kolla

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"stackhand/answers"
	"stackhand/assets"
)

// Release is one release of Kolla-Ansible: its catalogue, and the groups that its inventory
// must have.
type Release struct {
	Catalogue *answers.Catalogue
	Groups    []Section // in the order of the inventory that ships
}

// Section is one group of the inventory that ships. Operators fill those of kind "hosts"; the
// others, of kind "children", say on which of them each service runs.
type Section struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind"`
	Children []string `json:"children,omitempty"`
}

// Load returns a release of the binary by the name of its catalogue, such as "kolla-wallaby".
func Load(name string) (*Release, error) {
	c, err := answers.Load(name)
	if err != nil {
		return nil, err
	}
	data, err := assets.Answers(name + ".inventory.json")
	if err != nil {
		return nil, err
	}
	var file struct {
		Source string    `json:"source"`
		Groups []Section `json:"groups"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("inventory of %s: %w", name, err)
	}
	return &Release{Catalogue: c, Groups: file.Groups}, nil
}

// Globals are the files of the format, as the catalogue's entries name them.
const (
	Globals   = "globals"
	Passwords = "passwords"
)

// Default is the default of an entry as a value, false where it depends on others or is none.
func Default(e *answers.Entry) (Value, bool) {
	if e.Computed != "" || e.Default == "" && e.Type != answers.TypeText {
		return Value{Kind: Null}, false
	}
	v, err := Typed(e, e.Default)
	return v, err == nil
}

// Typed is what an operator typed for an entry as the value that is written, of the kind that
// Kolla's own files have there: switches as the strings "yes" and "no" unless the default is a
// YAML boolean, ports and names as strings, counts and seconds as numbers.
func Typed(e *answers.Entry, text string) (Value, error) {
	processed := func(name string) bool {
		for _, p := range e.Processors {
			if p == name {
				return true
			}
		}
		return false
	}
	switch e.Type {
	case answers.TypeBool:
		s := Str(text)
		if processed("boolean") && s.Switch() {
			return Boolean(s.Truth()), nil
		}
	case answers.TypeInt, answers.TypePort:
		if n, err := strconv.Atoi(text); err == nil && !processed("quoted") {
			return Number(n), nil
		}
	case answers.TypeList, answers.TypeMap:
		v, err := ParseVars([]byte("value: " + text + "\n"))
		if err != nil || v.Len() != 1 {
			return Value{}, fmt.Errorf("%s: not a YAML %s", e.Key, e.Type)
		}
		got, _ := v.Get("value")
		if want := map[answers.Type]Kind{answers.TypeList: List, answers.TypeMap: Map}[e.Type]; got.Kind != want {
			return Value{}, fmt.Errorf("%s: not a YAML %s", e.Key, e.Type)
		}
		return got, nil
	}
	return Str(text), nil
}
