package interview

import (
	"bytes"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
	"stackhand/internal/site"
)

// The files of the formats.
const (
	answersName   = "answer.txt"
	globalsName   = "globals.yml"
	inventoryName = "multinode"
	passwordsName = "passwords.yml"
)

// FileNames are the files that an export writes.
func (d *Draft) FileNames() []string {
	if d.release != nil {
		return []string{globalsName, inventoryName, passwordsName}
	}
	return []string{answersName}
}

// Kind tells what a file is from what is in it: answers, globals, passwords, inventory; ""
// where it is none of them.
func Kind(data []byte) string {
	text := string(data)
	yaml, options := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "CONFIG_"), strings.EqualFold(line, "[general]"):
			return answersFile
		case regexp.MustCompile(`^\[(all|[a-z0-9-]+:(children|vars)|control|compute|network|baremetal|deployment)\]$`).MatchString(line):
			return inventoryFile
		case regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*:( |$)`).MatchString(line):
			yaml++
			key, _, _ := strings.Cut(line, ":")
			if strings.HasSuffix(key, "_password") || strings.HasSuffix(key, "_secret") || strings.HasSuffix(key, "_ssh_key") || strings.HasSuffix(key, "_rbd_secret_uuid") {
				options++
			}
		}
	}
	switch {
	case yaml == 0:
		return ""
	case options*2 > yaml:
		return kolla.Passwords
	}
	return kolla.Globals
}

// Files are the real bytes, secrets in clear. Secrets that are missing are made from random
// once, and kept with the draft: save it before the files are used. It is an error where the
// installer's files cannot carry a value.
func (d *Draft) Files(random io.Reader) ([]File, error) {
	p := d.look()
	files, err := d.make(p, random, true)
	if err != nil {
		return nil, err
	}
	return files, nil
}

// make makes the files. Real ones take the secrets that were made before, make what is still
// missing, and keep it.
func (d *Draft) make(p *picture, random io.Reader, real bool) ([]File, error) {
	switch {
	case d.release != nil:
		return d.makeKolla(p, random, real)
	case d.s.Installer.Second():
		doc, fs := d.second()
		if doc == nil {
			return nil, fs.Err()
		}
		return []File{{answersName, doc.Bytes()}}, nil
	}
	return d.makePackstack(p, random, real)
}

func (d *Draft) made(key string) string { return "made/" + d.s.Installer.Format + "/" + key }

func (d *Draft) makePackstack(p *picture, random io.Reader, real bool) ([]File, error) {
	given := maps.Clone(p.given)
	for i := range d.cat.Entries {
		e := &d.cat.Entries[i]
		if e.Generate == nil || e.Generate.Kind == answers.KindSame && d.typedOr(p.defaults, "CONFIG_TROVE_NOVA_USER") == "trove" {
			continue // Fill repeats the other one
		}
		v, ok := given[e.Key]
		follows := e.Default == packstack.Placeholder && given["CONFIG_DEFAULT_PASSWORD"] != ""
		if (!ok || v == "" || v == packstack.Placeholder) && !follows && d.secrets[d.made(e.Key)] != "" {
			given[e.Key] = d.secrets[d.made(e.Key)]
		}
	}
	new, err := packstack.Fill(d.cat, given, random)
	if err != nil {
		return nil, err
	}
	if real {
		d.keepMade(new, given)
	}
	for k, v := range new {
		given[k] = v
	}
	base, ok := d.file(answersFile)
	if !ok {
		data, _, err := packstack.Export(d.cat, given, packstack.Env{}, random)
		if err != nil {
			return nil, err
		}
		return []File{{answersName, data}}, nil
	}
	doc := packstack.Parse(base, answersName)
	was := doc.Values(d.python(), d.cat)
	for _, e := range d.cat.Entries {
		v, said := given[e.Key]
		if e.Generate != nil && was[e.Key] == "" && d.typedSecret(e.Key) == "" {
			if _, there := was[e.Key]; !there {
				continue // a whole file may leave it to the installer; a line that is there is filled
			}
		}
		if old, there := was[e.Key]; said && (!there || old != v) {
			if err := doc.Set(e.Key, v); err != nil {
				return nil, err
			}
		}
	}
	return []File{{answersName, doc.Bytes()}}, nil
}

func (d *Draft) typedSecret(key string) string { return d.secrets["typed/"+d.scope()+"/"+key] }

// keepMade keeps secrets that were drawn, not those that repeat another one.
func (d *Draft) keepMade(new, given map[string]string) {
	changed := false
	secrets := maps.Clone(d.secrets)
	for k, v := range new {
		e := d.cat.Entry(k)
		if e.Generate.Kind == answers.KindSame && d.typedOr(d.look().defaults, "CONFIG_TROVE_NOVA_USER") == "trove" || e.Default == packstack.Placeholder && given["CONFIG_DEFAULT_PASSWORD"] != "" {
			continue
		}
		secrets[d.made(k)], changed = v, true
	}
	if changed {
		d.secrets, d.seen = secrets, nil
		d.s.Rev++
	}
}

// second derives the file for a second controller and puts the operator's other answers in.
func (d *Draft) second() (*packstack.Document, answers.Findings) {
	data, ok := d.file(answersFile)
	if !ok {
		return nil, answers.Findings{refuse("@file", "", false, "interview.finished").Finding}
	}
	typed := d.typed()
	subnets := typed["CONFIG_NEUTRON_OVS_TUNNEL_SUBNETS"]
	if v := typed["CONFIG_NEUTRON_OVN_TUNNEL_SUBNETS"]; v != "" {
		subnets = v
	}
	doc, fs := packstack.Second(packstack.Parse(data, answersName), d.cat, packstack.SecondOptions{Controller: typed["CONFIG_CONTROLLER_HOST"], TunnelSubnets: subnets})
	if doc == nil {
		return nil, fs
	}
	for _, key := range slices.Sorted(maps.Keys(typed)) {
		if old, there := doc.Get(d.python(), key); there && old == typed[key] || !there && typed[key] == "" {
			continue
		}
		if err := doc.Set(key, typed[key]); err != nil {
			return nil, answers.Findings{refuse(key, "", false, "value.place").Finding}
		}
	}
	return doc, fs
}

func (d *Draft) makeKolla(p *picture, random io.Reader, real bool) ([]File, error) {
	values, typed := map[string]string{}, map[string]string{}
	for k, v := range p.given {
		e := d.cat.Entry(k)
		switch {
		case e == nil:
		case e.In == kolla.Passwords:
			typed[k] = v
		default:
			values[k] = v
		}
	}
	for _, by := range d.plan().Differ() {
		for k := range by {
			values[k] = "" // globals.yml would beat the inventory (correction 43)
		}
	}
	var globals []byte
	if base, ok := d.file(kolla.Globals); ok {
		v, err := kolla.ParseVars(base)
		if err != nil {
			return nil, err
		}
		was := v.Given()
		maps.DeleteFunc(values, func(k, text string) bool { return was[k] == text })
		if err := d.release.Change(v, values); err != nil {
			return nil, err
		}
		globals = v.Bytes()
	} else {
		maps.DeleteFunc(values, func(_, text string) bool { return text == "" })
		var err error
		if globals, err = d.release.Export(values); err != nil {
			return nil, err
		}
	}
	inventory, err := d.inventory()
	if err != nil {
		return nil, err
	}
	files := []File{{globalsName, globals}, {inventoryName, inventory}}
	if !real {
		return append(files, d.passwordsToShow(typed)...), nil
	}
	passwords, err := d.passwords(typed, random)
	if err != nil {
		return nil, err
	}
	return append(files, File{passwordsName, passwords}), nil
}

// inventory is the multinode file: the imported one with what the operator changed, else one
// of the draft's hosts.
func (d *Draft) inventory() ([]byte, error) {
	base, ok := d.file(inventoryFile)
	if !ok {
		if len(d.hosts()) == 0 {
			return nil, nil
		}
		return d.release.Multinode(d.s.Site, d.plan())
	}
	inv, err := kolla.ParseInventory(base)
	if err != nil {
		return nil, err
	}
	if d.s.HostsFrom != fromFile && d.s.Site != nil {
		if err := d.place(inv); err != nil {
			return nil, err
		}
	}
	for host, vars := range d.plan().Differ() {
		for _, key := range slices.Sorted(maps.Keys(vars)) {
			if a, ok := inv.Var(host, key); !ok || a.Value != vars[key] {
				if err := inv.SetHostVar(host, key, vars[key]); err != nil {
					return nil, err
				}
			}
		}
	}
	return inv.Bytes(), nil
}

// place puts the draft's hosts into the groups of their roles, and takes others out.
func (d *Draft) place(inv *kolla.Inventory) error {
	roles := groupRoles()
	for _, group := range slices.Sorted(maps.Keys(roles)) {
		g := inv.Group(group)
		hosts := d.s.Site.Role(roles[group])
		if g == nil || len(hosts) == 0 {
			continue // left as the file has it
		}
		had := slices.Clone(g.Hosts)
		for _, h := range hosts {
			if slices.Contains(had, h.Name) {
				continue
			}
			var vars []kolla.Assignment
			if a := h.Addresses["management"]; a != "" && inv.HostLine(h.Name) == 0 {
				vars = []kolla.Assignment{{Name: "ansible_host", Value: a}}
			}
			if err := inv.AddHost(group, h.Name, vars...); err != nil {
				return err
			}
		}
		for _, name := range had {
			if !slices.ContainsFunc(hosts, func(h *site.Host) bool { return h.Name == name }) {
				if err := inv.RemoveHost(group, name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// passwordsToShow is passwords.yml with what is there already, without making any.
func (d *Draft) passwordsToShow(typed map[string]string) []File {
	base, ok := d.file(kolla.Passwords)
	if !ok && d.secrets[d.made(passwordsName)] == "" {
		return nil
	}
	if !ok {
		base = []byte(d.secrets[d.made(passwordsName)])
	}
	v, err := kolla.ParseVars(base)
	if err != nil {
		return nil
	}
	for _, k := range slices.Sorted(maps.Keys(typed)) {
		if old, there := v.Get(k); !there || !old.Equal(kolla.Str(typed[k])) {
			if err := v.Set(kolla.Str(typed[k]), k); err != nil {
				return nil
			}
		}
	}
	return []File{{passwordsName, v.Bytes()}}
}

// passwords is passwords.yml: what the file before has stays, what was made before too.
func (d *Draft) passwords(typed map[string]string, random io.Reader) ([]byte, error) {
	base, ok := d.file(kolla.Passwords)
	name := d.made(passwordsName)
	if !ok {
		if base = []byte(d.secrets[name]); len(base) == 0 {
			base = d.release.PasswordFile()
		}
	}
	v, err := kolla.ParseVars(base)
	if err != nil {
		return nil, err
	}
	f := kolla.Filler{Release: d.release, Random: random, Bits: d.Bits}
	filled, err := f.Fill(v)
	if err != nil {
		return nil, err
	}
	if len(filled) > 0 {
		if ok {
			name = "file/" + kolla.Passwords
		}
		d.secrets = maps.Clone(d.secrets)
		d.secrets[name] = string(v.Bytes())
		d.s.Rev++
		d.seen = nil
	}
	changed := map[string]string{}
	for k, t := range typed {
		if old, there := v.Get(k); t != "" && (!there || !old.Equal(kolla.Str(t))) {
			changed[k] = t
		}
	}
	if len(changed) > 0 {
		f.Typed = changed
		if _, err := f.Fill(v); err != nil {
			return nil, err
		}
	}
	return v.Bytes(), nil
}

// Review is everything to look at before the files are written, secrets masked.
func (d *Draft) Review() Reviewed {
	p := d.look()
	r := Reviewed{Findings: d.Check(), Missing: d.Missing()}
	for i := range d.cat.Entries {
		e := &d.cat.Entries[i]
		if !d.differs(e, p) {
			continue
		}
		if f, ok := d.Field(e.Key); ok && f.Applies {
			r.Changed = append(r.Changed, f)
		}
	}
	for _, f := range p.files {
		r.Files = append(r.Files, File{f.Name, d.Mask(f.Name, f.Data)})
	}
	return r
}

// Err is why there can be no files now, nil where there can.
func (d *Draft) Err() error { return d.look().err }

// Diff is what an export would change in the files that are there (by name; nil: none), as a
// unified diff with secrets masked; a star is behind one that is another than before.
func (d *Draft) Diff(before map[string][]byte) string {
	var b strings.Builder
	for _, f := range d.look().files {
		old, there := before[f.Name]
		from := f.Name
		if !there {
			from = "/dev/null"
		}
		b.WriteString(udiff.Unified(from, f.Name, string(d.Mask(f.Name, old)), string(d.mask(f.Name, f.Data, d.changedSecrets(f.Name, old, f.Data)))))
	}
	return b.String()
}

// changedSecrets are the keys of secrets that two versions of a file both have, and differ.
func (d *Draft) changedSecrets(name string, before, after []byte) map[string]bool {
	changed := map[string]bool{}
	read := func(data []byte) map[string]string {
		if d.release == nil {
			return packstack.Parse(data, "").Values(d.python(), d.cat)
		}
		if v, err := kolla.ParseVars(data); err == nil && name != inventoryName {
			return v.Given()
		}
		return nil
	}
	was := read(before)
	for k, v := range read(after) {
		if old, there := was[k]; there && old != v {
			changed[k] = true
		}
	}
	return changed
}

var (
	yamlLine   = regexp.MustCompile(`^(\s*#?\s*)([A-Za-z_][A-Za-z0-9_]*)(\s*:\s*)(.*?)(\r?\n?)$`)
	optionLine = regexp.MustCompile(`^(\s*#?\s*)([A-Za-z_][A-Za-z0-9_]*)(\s*[=:]\s*)(.*?)(\r?\n?)$`)
	loginWord  = regexp.MustCompile(`((?:ansible_[a-z_]*pass(?:word)?|[A-Za-z_]*(?:password|secret))\s*=\s*)("[^"\n]*"|'[^'\n]*'|\S+)`)
)

// Mask hides the secrets in a file of the installer, and the values of keys that the
// catalogue does not know, line by line.
func (d *Draft) Mask(name string, data []byte) []byte { return d.mask(name, data, nil) }

// changedMark stands behind the mask of a secret that is another one than before.
const changedMark = " *"

// mask is Mask; secrets of the keys in marks are marked.
func (d *Draft) mask(name string, data []byte, marks map[string]bool) []byte {
	if name == inventoryName {
		return loginWord.ReplaceAll(data, []byte("${1}"+answers.Mask))
	}
	form := optionLine
	if d.release != nil {
		form = yamlLine
	}
	var b bytes.Buffer
	hiding := false // lines that go on with a secret
	for line := range strings.Lines(string(data)) {
		trimmed := strings.TrimSpace(line)
		m := form.FindStringSubmatch(line)
		ahead := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch {
		case trimmed == "" || trimmed == "---" || strings.HasPrefix(trimmed, "[") && !ahead:
			hiding = false
			b.WriteString(line)
		case hiding && ahead:
			ending := line[len(strings.TrimRight(line, "\r\n")):]
			b.WriteString("  " + answers.Mask + ending)
		case m != nil && (!ahead || strings.HasPrefix(trimmed, "#")):
			e := d.cat.Entry(m[2])
			if e == nil && d.release == nil {
				e = d.cat.Entry(strings.ToUpper(m[2]))
			}
			secret := e == nil || e.Secret || name == passwordsName
			if strings.Contains(m[1], "#") && e == nil {
				secret = false // prose
				hiding = false
				b.WriteString(line)
				continue
			}
			if hiding = secret && !strings.Contains(m[1], "#"); secret && m[4] != "" {
				m[4] = answers.Mask
				if marks[m[2]] {
					m[4] += changedMark
				}
			}
			b.WriteString(m[1] + m[2] + m[3] + m[4] + m[5])
		case strings.HasPrefix(trimmed, "#"):
			b.WriteString(line)
		case ahead && d.release != nil && name != passwordsName, ahead && d.release == nil && !hiding:
			b.WriteString(line)
		default: // nobody knows what it is
			ending := line[len(strings.TrimRight(line, "\r\n")):]
			b.WriteString(answers.Mask + ending)
		}
	}
	return b.Bytes()
}
