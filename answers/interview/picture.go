package interview

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
	"stackhand/internal/i18n"
)

// value is a value with where it is from.
type value struct {
	text   string
	origin Origin
}

// picture is what follows from a draft as it stands.
type picture struct {
	typed    map[string]string // the operator's own answers, secrets in clear
	defaults map[string]value  // what holds without the operator's own answers, for the keys that somebody says
	given    map[string]string // what goes into the files, secrets in clear
	values   map[string]string // effective, of every entry
	applies  map[string]bool
	findings answers.Findings
	files    []File // with secrets that are not the real ones; never to be shown unmasked
	err      error  // why there are no files
}

// look works the picture out, once a change.
func (d *Draft) look() *picture {
	if d.seen == nil {
		d.seen = d.paint()
	}
	return d.seen
}

func (d *Draft) paint() *picture {
	p := &picture{values: map[string]string{}, applies: map[string]bool{}}
	p.typed = d.typed()
	// The hosts' values depend on the agent, which is an answer itself.
	p.defaults = d.defaultLayers("openvswitch")
	if agent := d.typedOr(p.defaults, agentKey); agent != "" && agent != "openvswitch" {
		p.defaults = d.defaultLayers(agent)
	}
	p.given = map[string]string{}
	for k, v := range p.defaults {
		p.given[k] = v.text
	}
	for k, v := range p.typed {
		p.given[k] = v
	}
	// For looking only: what is made here is never written, and masked wherever it is shown.
	made := rand.NewChaCha8([32]byte{})
	p.files, p.err = d.make(p, made, false)
	switch {
	case d.s.Installer.Kolla():
		d.paintKolla(p)
	default:
		d.paintPackstack(p)
	}
	return p
}

const agentKey = "CONFIG_NEUTRON_L2_AGENT"

func (d *Draft) typedOr(defaults map[string]value, key string) string {
	if v, ok := d.typed()[key]; ok {
		return v
	}
	if v, ok := defaults[key]; ok {
		return v.text
	}
	if e := d.cat.Entry(key); e != nil {
		return e.Default
	}
	return ""
}

// typed are the operator's own answers for this installer, secrets in clear. Answers to keys
// that the release does not have stay in the draft for one that has them.
func (d *Draft) typed() map[string]string {
	all := map[string]string{}
	for key, a := range d.s.Values[d.scope()] {
		if e := d.cat.Entry(key); e != nil && !e.Secret {
			all[key] = a.Text
		}
	}
	for name, v := range d.secrets {
		if key, ok := strings.CutPrefix(name, "typed/"+d.scope()+"/"); ok && d.cat.Entry(key) != nil {
			all[key] = v
		}
	}
	return all
}

// defaultLayers are the values that hold without typed ones, the strongest source last: what
// the documents say, the file that was imported, the hosts. With a file the documents are
// silent: it has been somebody's answers.
func (d *Draft) defaultLayers(agent string) map[string]value {
	all := map[string]value{}
	put := func(values map[string]string, from Origin) {
		for k, v := range values {
			if e := d.cat.Entry(k); e != nil {
				all[k] = value{v, from}
			}
		}
	}
	file := d.fileValues()
	if file == nil && !d.s.Installer.Second() {
		if d.release != nil {
			put(kolla.Documented(), FromDocs)
		} else {
			put(packstack.Documented(d.s.Installer.Mode), FromDocs)
		}
	}
	put(file, FromFile)
	if d.s.Installer.Second() { // what is asked anew
		delete(all, "CONFIG_CONTROLLER_HOST")
		delete(all, "EXCLUDE_SERVERS")
	}
	if !d.s.Installer.Second() {
		hosts := d.hostValues(all, agent)
		for k := range hosts {
			switch _, said := file[k]; {
			case said && (d.s.HostsFrom == fromFile || !hostKey(k) && !d.planned(k)):
				delete(hosts, k) // the file says it, and nobody has said otherwise since
			case file != nil && d.s.HostsFrom == fromFile && !d.planned(k):
				delete(hosts, k) // its hosts are all that is known: nothing is to be put into it unasked
			}
		}
		put(hosts, FromHosts)
	}
	return all
}

// hostKey tells a key that names hosts.
func hostKey(key string) bool {
	return strings.HasPrefix(key, "CONFIG_") && (strings.HasSuffix(key, "_HOST") || strings.HasSuffix(key, "_HOSTS"))
}

// fileValues are the values of the imported file; nil without one.
func (d *Draft) fileValues() map[string]string {
	if d.release != nil {
		data, ok := d.file(kolla.Globals)
		if !ok {
			return nil
		}
		v, err := kolla.ParseVars(data)
		if err != nil {
			return map[string]string{}
		}
		return v.Given()
	}
	data, ok := d.file(answersFile)
	if !ok {
		return nil
	}
	return packstack.Parse(data, "").Values(d.python(), d.cat)
}

// python is the interpreter that the release's packages run on.
func (d *Draft) python() packstack.Python {
	if d.cat.Release == "stein" {
		return packstack.Python2
	}
	return packstack.Python3
}

func (d *Draft) paintPackstack(p *picture) {
	eff := packstack.Evaluate(d.cat, p.given, packstack.Env{})
	data := []byte(nil)
	if len(p.files) > 0 {
		data = p.files[0].Data
		inFile := packstack.Parse(data, "").Values(d.python(), d.cat)
		eff = packstack.Evaluate(d.cat, inFile, packstack.Env{})
		maps.Copy(eff.Values, inFile) // what stands there, whether it is read now or not
	}
	p.values, p.applies = eff.Values, eff.Read
	for i := range d.cat.Entries {
		if e := &d.cat.Entries[i]; e.Generate != nil {
			if v, ok := p.given[e.Key]; !ok || v == "" || v == packstack.Placeholder {
				p.values[e.Key] = "" // still to be made
			}
		}
	}
	if data != nil {
		o := packstack.Options{Site: d.s.Site, Interfaces: map[string][]string{}}
		if d.s.HostsFrom == fromFile || d.s.Installer.Second() {
			o.Site = nil // it says nothing beyond the file
		}
		for host, ifaces := range d.s.Interfaces {
			if h := d.host(host); h != nil {
				for _, i := range ifaces {
					o.Interfaces[h.Addresses["management"]] = append(o.Interfaces[h.Addresses["management"]], i.Name)
				}
			}
		}
		doc := packstack.Parse(data, p.files[0].Name)
		p.findings = append(p.findings, packstack.Check(doc, d.cat, o)...)
		if d.s.Installer.Second() {
			p.findings = nil // those of the derivation are in make
		}
	}
	p.findings = append(p.findings, d.planFindings()...)
	if d.s.Installer.Second() {
		_, fs := d.second()
		p.findings = append(p.findings, fs...)
	}
}

func (d *Draft) paintKolla(p *picture) {
	var globals *kolla.Vars
	f := kolla.Files{Hosts: d.s.Interfaces}
	for i := range p.files {
		file := &kolla.File{Name: p.files[i].Name, Data: p.files[i].Data}
		switch p.files[i].Name {
		case globalsName:
			f.Globals = file
			globals, _ = kolla.ParseVars(file.Data)
		case inventoryName:
			if len(d.hosts()) > 0 {
				f.Inventory = file
			}
		case passwordsName:
			f.Passwords = file
		}
	}
	if d.s.HostsFrom == fromSite && d.s.Site != nil {
		f.Site = d.s.Site
	}
	e := kolla.NewEffective(d.release, globals)
	for i := range d.cat.Entries {
		entry := &d.cat.Entries[i]
		if v, ok := e.Get(entry.Key); ok && v.Kind != kolla.Null && entry.In == kolla.Globals {
			p.values[entry.Key] = v.String()
			if g, ok := p.given[entry.Key]; ok && (v.Kind == kolla.List || v.Kind == kolla.Map) {
				p.values[entry.Key] = g
			} else if v.Kind == kolla.List || v.Kind == kolla.Map {
				p.values[entry.Key] = entry.Default
			}
		} else if g, ok := p.given[entry.Key]; ok {
			p.values[entry.Key] = g
		}
		p.applies[entry.Key] = entry.When.Holds(e.Text)
	}
	if f.Globals != nil {
		p.findings = d.release.Check(f)
	}
	p.findings = append(p.findings, d.planFindings()...)
}

// Pages are the pages that apply now, in order. Nothing of a page that is away is lost.
func (d *Draft) Pages() []Page {
	words := i18n.InterviewPages()
	pages := []Page{
		{ID: PageInstaller, Title: words[PageInstaller], Fields: d.fields(PageInstaller, d.installerKeys())},
		{ID: PageHosts, Title: words[PageHosts], Fields: d.fields(PageHosts, d.roleKeys())},
		{ID: PagePlan, Title: words[PagePlan], Fields: d.fields(PagePlan, d.planKeys())},
	}
	for _, fp := range d.cat.Form(d.s.Installer.Mode).Pages {
		pages = append(pages, Page{ID: fp.ID, Title: fp.Title, Fields: d.fields(fp.ID, d.asked(fp.Keys))})
	}
	pages = slices.DeleteFunc(pages, func(p Page) bool { return len(p.Fields) == 0 })
	for i := range pages {
		p := &pages[i]
		for k := range p.Fields {
			if p.Fields[k].Missing() {
				p.Missing++
			}
			for _, f := range p.Fields[k].Findings {
				switch f.Severity {
				case answers.Error:
					p.Errors++
				case answers.Warning:
					p.Warnings++
				}
			}
		}
	}
	return append(pages, Page{ID: PageReview, Title: words[PageReview]})
}

// asked are the keys of a form's page that apply and are not asked on the pages before.
func (d *Draft) asked(keys []string) (out []string) {
	p := d.look()
	for _, k := range keys {
		if !p.applies[k] && !d.kollaPassword(k) || d.alias(k) != k || d.askedAsHosts(k) {
			continue
		}
		out = append(out, k)
	}
	return out
}

// askedAsHosts tells a key whose value is the hosts of a role.
func (d *Draft) askedAsHosts(key string) bool {
	return d.s.Installer.scope() == "packstack" && hostKeys()[key] != ""
}

func (d *Draft) kollaPassword(key string) bool {
	e := d.cat.Entry(key)
	return d.release != nil && e != nil && e.In == kolla.Passwords && e.When.Holds(func(k string) string { return d.look().values[k] })
}

// Page is a page by its ID, false where it does not apply now.
func (d *Draft) Page(id string) (Page, bool) {
	for _, p := range d.Pages() {
		if p.ID == id {
			return p, true
		}
	}
	return Page{}, false
}

func (d *Draft) fields(page string, keys []string) []Field {
	var all []Field
	for _, k := range keys {
		if f, ok := d.Field(k); ok {
			f.Page = page
			all = append(all, f)
		}
	}
	return all
}

// Field is a question by its key: any of the catalogue's, or one of the session's own. It is
// false for a key that neither has.
func (d *Draft) Field(key string) (Field, bool) {
	if own := d.alias(key); strings.HasPrefix(own, "@") {
		return d.ownField(own)
	}
	e := d.cat.Entry(key)
	if e == nil {
		return Field{}, false
	}
	p := d.look()
	f := Field{Key: key, Page: d.pageOf(key), Label: e.Label, Help: e.Help, Type: e.Type, Choices: slices.Clone(e.Choices), Secret: e.Secret,
		Applies: p.applies[key], Required: d.required(e), Value: p.values[key], Origin: FromRelease, Default: e.Default}
	if f.Label.En == "" {
		f.Label = i18n.Text{En: key, Ko: key}
	}
	if e.Default == packstack.Placeholder {
		f.Default = ""
	}
	if v, ok := p.defaults[key]; ok {
		f.Default, f.Origin = v.text, v.origin
	} else if v, ok := p.values[key]; ok && e.Computed != "" && d.release != nil && !e.Secret {
		f.Default = v
	}
	if e.Secret {
		f.Default, f.Value = masked(f.Default), masked(p.given[key])
	}
	if text, ok := p.typed[key]; ok {
		f.Typed, f.Origin, f.Kept = true, Typed, d.s.Values[d.scope()][key].Kept
		f.Value = text
		if e.Secret {
			f.Value = masked(text)
		}
	} else if v, ok := p.defaults[key]; ok && !e.Secret {
		f.Value = v.text
	} else if f.Value == "" && e.Generate != nil {
		f.Origin = Made
	} else if f.Value == "" {
		f.Origin = Nothing
	}
	f.Differs = d.differs(e, p)
	for _, x := range p.findings {
		if x.Key == key {
			f.Findings = append(f.Findings, x)
		}
	}
	return f, true
}

func masked(v string) string {
	if v == "" {
		return ""
	}
	return answers.Mask
}

// differs tells whether what will be in the files is not the installer's own default.
func (d *Draft) differs(e *answers.Entry, p *picture) bool {
	v, said := p.given[e.Key]
	if !said || e.Generate != nil && (v == "" || v == packstack.Placeholder) {
		return false
	}
	if d.release != nil && e.In == kolla.Globals {
		def, ok := kolla.Default(e)
		got, err := kolla.Typed(e, v)
		return !ok || err != nil || !def.Equal(got) && !strings.EqualFold(def.String(), got.String())
	}
	return v != e.Default
}

// pageOf is the page of the form that asks for a key, "" where none does.
func (d *Draft) pageOf(key string) string {
	for _, p := range d.cat.Form(d.s.Installer.Mode).Pages {
		if slices.Contains(p.Keys, key) {
			return p.ID
		}
	}
	return ""
}

// required tells a key without which an export is not worth having.
func (d *Draft) required(e *answers.Entry) bool {
	switch e.Key {
	case "CONFIG_CONTROLLER_HOST", "kolla_internal_vip_address":
		return true
	case "kolla_external_vip_address":
		return d.planFor("external") != d.planFor("api")
	}
	return false
}

// Search finds fields by words in their key, group, label or help; an empty text finds all of
// the catalogue, in its order.
func (d *Draft) Search(text string, l i18n.Lang) []Field {
	var all []Field
	for _, e := range d.cat.Search(text, l) {
		if f, ok := d.Field(e.Key); ok {
			all = append(all, f)
		}
	}
	return all
}

// Missing are the fields that must still be answered, in the order of the pages.
func (d *Draft) Missing() []Field {
	var all []Field
	for _, p := range d.Pages() {
		for _, f := range p.Fields {
			if f.Missing() {
				all = append(all, f)
			}
		}
	}
	return all
}

// Check is everything that is wrong with the draft as it stands, over all its files. Lines
// are those of Review's files.
func (d *Draft) Check() answers.Findings { return slices.Clone(d.look().findings) }

// Values are the effective values of all keys as the files will have them, secrets masked;
// those that are still to be made are empty.
func (d *Draft) Values() map[string]string {
	p := d.look()
	out := maps.Clone(p.values)
	for i := range d.cat.Entries {
		if e := &d.cat.Entries[i]; e.Secret {
			out[e.Key] = masked(p.given[e.Key])
		}
	}
	return out
}
