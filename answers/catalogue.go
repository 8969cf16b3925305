// Package answers is the parameter catalogues of installers as data, the values that an
// operator gives to them, what is found wrong with those, and how passwords are made.
//
// A catalogue is one file a release (assets/answers/INSTALLER-RELEASE.json) and one with the
// words that the releases of an installer share (INSTALLER.words.json): another release is
// another file. It drives forms, line prompts, flags, checks, documentation and export.
// How an installer reads and writes its files is in answers/packstack and answers/kolla.
//
// It may import assets, internal/i18n and the standard library; no Bubble Tea, no SSH.
package answers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"stackhand/assets"
	"stackhand/internal/i18n"
)

// Catalogue is all parameters of one release of an installer. It is not changed after loading.
type Catalogue struct {
	Installer string            // "packstack", "kolla"
	Release   string            // "stein", "train", "wallaby"
	Source    string            // where the entries were taken from: repository and tag
	Entries   []Entry           // in the installer's own order
	Groups    map[string]string // group -> its title in English; see GroupTitle
	Forms     []Form            // the questions that matter, by mode

	groups map[string]i18n.Text
	index  map[string]int
	upper  []string // the keys in upper case
}

// Type is what a value looks like, for forms. The validators have the last word.
type Type string

// The types. Lists are separated by commas in Packstack and are YAML lists in Kolla.
const (
	TypeText      Type = "text"
	TypeYesNo     Type = "yesno" // y or n
	TypeBool      Type = "bool"  // a YAML boolean
	TypeInt       Type = "int"
	TypeFloat     Type = "float"
	TypePort      Type = "port"
	TypeSize      Type = "size"    // 20G
	TypeChoice    Type = "choice"  // one of Choices
	TypeChoices   Type = "choices" // a list out of Choices
	TypeHost      Type = "host"    // address or name of a host
	TypeHosts     Type = "hosts"
	TypeAddress   Type = "address" // an IP address
	TypeSubnets   Type = "subnets" // a list of CIDRs
	TypeInterface Type = "interface"
	TypePairs     Type = "pairs" // a list of NAME:NAME
	TypeRanges    Type = "ranges"
	TypePath      Type = "path"
	TypeURL       Type = "url"
	TypePassword  Type = "password"
	TypeList      Type = "list" // a YAML list
	TypeMap       Type = "map"  // a YAML map
	TypeKeyPair   Type = "keypair"
)

// Entry is one parameter.
type Entry struct {
	Key   string `json:"key"`
	Group string `json:"group"`
	In    string `json:"in,omitempty"` // file of the format it stands in, where there are several: globals, passwords
	Type  Type   `json:"type"`

	Default    string     `json:"default,omitempty"`  // as it is written in the file
	Computed   string     `json:"computed,omitempty"` // the default depends on this instead: local_ip, hostname, an expression
	Generate   *Generator `json:"generate,omitempty"` // a missing value is made like this
	Choices    []string   `json:"choices,omitempty"`
	Validators []string   `json:"validators,omitempty"` // names that the format's check knows
	Processors []string   `json:"processors,omitempty"` // what the installer makes of the value
	Secret     bool       `json:"secret,omitempty"`     // masked everywhere
	When       *Condition `json:"when,omitempty"`       // read by the installer only where this holds
	Former     []string   `json:"former,omitempty"`     // older names that are still read
	Option     string     `json:"option,omitempty"`     // the installer's own command line option
	Deprecated bool       `json:"deprecated,omitempty"` // the release warns about it

	Label i18n.Text `json:"-"` // a few words, no full stop; empty where an operator need not set it
	Help  i18n.Text `json:"-"` // one sentence: what it changes
}

// Condition says when an entry applies. All and Any hold terms; both must be satisfied
// where both are there. A condition without terms always holds.
type Condition struct {
	All []Term `json:"all,omitempty"`
	Any []Term `json:"any,omitempty"`
}

// Term compares the value of a key.
type Term struct {
	Key   string   `json:"key"`
	Op    string   `json:"op"`               // eq, ne, in, substring (the value contains it), nonempty, true (yes in YAML's sense)
	Value string   `json:"value,omitempty"`  // of eq, ne, substring
	OneOf []string `json:"one_of,omitempty"` // of in
}

// Holds tells whether the condition holds for the effective values that get returns.
// A nil condition holds.
func (c *Condition) Holds(get func(key string) string) bool {
	if c == nil {
		return true
	}
	for _, t := range c.All {
		if !t.holds(get) {
			return false
		}
	}
	return len(c.Any) == 0 || slices.ContainsFunc(c.Any, func(t Term) bool { return t.holds(get) })
}

func (t Term) holds(get func(string) string) bool {
	v := get(t.Key)
	switch t.Op {
	case "eq":
		return v == t.Value
	case "ne":
		return v != t.Value
	case "in":
		return slices.Contains(t.OneOf, v)
	case "substring":
		return strings.Contains(v, t.Value)
	case "nonempty":
		return v != ""
	case "true":
		return slices.Contains([]string{"yes", "true", "on", "y"}, strings.ToLower(v))
	}
	return false // Parse refuses other words
}

// Keys are the keys that the condition looks at.
func (c *Condition) Keys() []string {
	var keys []string
	if c != nil {
		for _, t := range append(slices.Clone(c.All), c.Any...) {
			if !slices.Contains(keys, t.Key) {
				keys = append(keys, t.Key)
			}
		}
	}
	return keys
}

// Form is the questions that matter for one mode of an installation, in pages.
type Form struct {
	Mode  string    `json:"mode"` // all-in-one, multi-node, second-controller
	Title i18n.Text `json:"title"`
	Pages []Page    `json:"pages"`
}

// Page is a group of questions. Keys that the release does not have are left out, and a
// question whose entry does not apply (Entry.When) is not asked.
type Page struct {
	ID    string    `json:"id"`
	Title i18n.Text `json:"title"`
	Keys  []string  `json:"keys"`
}

// Names are the catalogues in the binary, INSTALLER-RELEASE, sorted.
func Names() []string { return assets.Catalogues() }

// Load returns a catalogue of the binary by its name, such as "packstack-stein".
func Load(name string) (*Catalogue, error) {
	installer, _, _ := strings.Cut(name, "-")
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("there is no catalogue %q; there are %s", name, strings.Join(Names(), ", "))
	}
	data, err := assets.Answers(name + ".json")
	if err != nil {
		return nil, err
	}
	words, err := assets.Answers(installer + ".words.json")
	if err != nil {
		return nil, err
	}
	c, err := Parse(data, words)
	if err != nil {
		return nil, fmt.Errorf("catalogue %s: %w", name, err)
	}
	return c, nil
}

type release struct {
	Installer string  `json:"installer"`
	Release   string  `json:"release"`
	Source    string  `json:"source"`
	Entries   []Entry `json:"entries"`
}

type words struct {
	Groups map[string]i18n.Text `json:"groups"`
	Forms  []Form               `json:"forms"`
	Keys   map[string]keyWords  `json:"keys"`
}

type keyWords struct {
	Label i18n.Text `json:"label"`
	Help  i18n.Text `json:"help"`
}

// Parse reads a release's entries and its installer's words. Keys in the words that the
// release does not have belong to another release and are left out.
func Parse(data, text []byte) (*Catalogue, error) {
	var r release
	var w words
	if err := strict(data, &r); err != nil {
		return nil, err
	}
	if err := strict(text, &w); err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	c := &Catalogue{Installer: r.Installer, Release: r.Release, Source: r.Source, Entries: r.Entries,
		Groups: map[string]string{}, groups: w.Groups, index: make(map[string]int, len(r.Entries))}
	for i := range c.Entries {
		e := &c.Entries[i]
		if e.Key == "" || e.Group == "" || e.Type == "" {
			return nil, fmt.Errorf("entry %d (%s) lacks its key, group or type", i+1, e.Key)
		}
		if _, twice := c.index[e.Key]; twice {
			return nil, fmt.Errorf("%s is there twice", e.Key)
		}
		c.index[e.Key] = i
		c.upper = append(c.upper, strings.ToUpper(e.Key))
		c.Groups[e.Group] = c.GroupTitle(e.Group, i18n.English)
		e.Label, e.Help = w.Keys[e.Key].Label, w.Keys[e.Key].Help
	}
	for _, e := range c.Entries {
		if e.When == nil {
			continue
		}
		for _, t := range append(slices.Clone(e.When.All), e.When.Any...) {
			if c.Entry(t.Key) == nil {
				return nil, fmt.Errorf("%s depends on %s, which is not in the catalogue", e.Key, t.Key)
			}
			if !slices.Contains([]string{"eq", "ne", "in", "substring", "nonempty", "true"}, t.Op) {
				return nil, fmt.Errorf("%s: a condition cannot be %q", e.Key, t.Op)
			}
		}
	}
	for _, f := range w.Forms {
		for p := range f.Pages {
			f.Pages[p].Keys = slices.DeleteFunc(f.Pages[p].Keys, func(k string) bool { return c.Entry(k) == nil })
		}
		c.Forms = append(c.Forms, f)
	}
	return c, nil
}

func strict(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("there is something behind the end")
	}
	return nil
}

// Name is INSTALLER-RELEASE.
func (c *Catalogue) Name() string { return c.Installer + "-" + c.Release }

// Entry returns the entry of a key, or nil. Case counts.
func (c *Catalogue) Entry(key string) *Entry {
	if i, ok := c.index[key]; ok {
		return &c.Entries[i]
	}
	return nil
}

// GroupTitle is the title of a group, its own name where nobody gave it one.
func (c *Catalogue) GroupTitle(group string, l i18n.Lang) string {
	if t, ok := c.groups[group]; ok && !t.Empty() {
		return t.In(l)
	}
	return group
}

// Form returns the questions of a mode, or nil.
func (c *Catalogue) Form(mode string) *Form {
	for i := range c.Forms {
		if c.Forms[i].Mode == mode {
			return &c.Forms[i]
		}
	}
	return nil
}

// Search returns the entries in whose key, group, label or help all words of the text occur,
// those with all words in the key first. Case does not count; an empty text finds all.
func (c *Catalogue) Search(text string, l i18n.Lang) []*Entry {
	terms := strings.Fields(strings.ToLower(text))
	var inKey, elsewhere []*Entry
	for i := range c.Entries {
		e := &c.Entries[i]
		key := strings.ToLower(e.Key)
		all := strings.ToLower(strings.Join([]string{e.Key, e.Group, c.GroupTitle(e.Group, l), e.Label.En, e.Label.Ko, e.Help.In(l)}, "\n"))
		has := func(s string) bool {
			return !slices.ContainsFunc(terms, func(t string) bool { return !strings.Contains(s, t) })
		}
		switch {
		case has(key):
			inKey = append(inKey, e)
		case has(all):
			elsewhere = append(elsewhere, e)
		}
	}
	return append(inKey, elsewhere...)
}

// Nearest returns the key of the catalogue that a misspelt one may have meant, or "". Case
// does not count.
func (c *Catalogue) Nearest(key string) string {
	best, at := "", 4 // more than three letters off is another word
	key = strings.ToUpper(key)
	for i := range c.Entries {
		if d := distance(key, c.upper[i], at); d < at {
			best, at = c.Entries[i].Key, d
		}
	}
	return best
}

// Near returns the name that a misspelt one may have meant, at most so many letters off, or "".
func Near(name string, names []string, off int) string {
	best, at := "", off+1
	for _, n := range names {
		if d := distance(name, n, at); d < at {
			best, at = n, d
		}
	}
	return best
}

// distance is the number of letters to change, add or drop between two words; most, which is
// small, where it is not less than that. Only the band of the table that can stay below most
// is looked at.
func distance(a, b string, most int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	var space [256]int
	if len(b) >= len(space) {
		return most // no key is that long
	}
	row := space[:len(b)+1]
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		from, to := max(i-most, 0), min(i+most+1, len(b))
		corner := row[from]
		if from == 0 {
			row[0] = i + 1
		} else {
			row[from] = most
		}
		least := most
		if from == 0 {
			least = row[0]
		}
		for j := from; j < to; j++ {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			above := corner
			if j+1 > i+most {
				above = most // outside of the band in the row before
			}
			row[j+1] = min(change, above+1, row[j]+1)
			least = min(least, row[j+1])
		}
		if least >= most {
			return most
		}
	}
	return min(row[len(b)], most)
}
