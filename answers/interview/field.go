package interview

import (
	"stackhand/answers"
	"stackhand/internal/i18n"
)

// Origin is where a value is from.
type Origin string

// The origins. What is not Typed is a default now, and follows when its source changes.
const (
	Typed       Origin = "typed"
	FromFile    Origin = "file"      // the file that was imported
	FromHosts   Origin = "hosts"     // the site, or what the hosts have
	FromDocs    Origin = "documents" // what the documents say for this mode
	FromRelease Origin = "release"   // the installer's own default
	Made        Origin = "made"      // a secret that is made when the files are
	Nothing     Origin = "nothing"   // there is none, and the installer may need one
)

// Field is one question with what is known about it.
type Field struct {
	Key      string
	Page     string    // the page that it is on; "" where only the search finds it
	Label    i18n.Text // a few words; the key itself where nobody gave it one
	Help     i18n.Text // one sentence: what it changes
	Type     answers.Type
	Choices  []string
	Secret   bool
	Default  string // what Reset would bring; Mask for a secret that is there
	Value    string // effective; Mask for a secret that is there, "" for one that is still to be made
	Origin   Origin
	Typed    bool // the operator answered it
	Kept     bool // against an advice
	Differs  bool // from the installer's own default
	Applies  bool // its condition holds, so that the installer reads it
	Required bool // there is no export worth having without it
	Findings answers.Findings
}

// Missing tells whether the field must still be answered.
func (f *Field) Missing() bool { return f.Required && f.Value == "" && f.Origin != Made }

// Page is a group of questions.
type Page struct {
	ID       string
	Title    i18n.Text
	Fields   []Field
	Missing  int // fields that must still be answered
	Errors   int // findings of that severity
	Warnings int
}

// The pages of every session. Those of the catalogue's form are between Plan and Review.
const (
	PageInstaller = "@installer" // which installer and mode; the file to begin with
	PageHosts     = "@hosts"     // hosts and roles
	PagePlan      = "@plan"      // networks and interfaces
	PageReview    = "@review"    // no fields: see Draft.Review
)

// Refusal is why a value was not taken. It is an error. Its finding has the key, and, by
// Texts, why and what would be right; what was typed for a secret is masked.
type Refusal struct {
	Finding answers.Finding
	CanKeep bool // the installer itself would accept it: Keep takes it
}

func (r *Refusal) Error() string {
	return r.Finding.Key + ": " + r.In(i18n.English)
}

// In is why and what would be right in one line, in a language.
func (r *Refusal) In(l i18n.Lang) string {
	why, wanted := r.Finding.Texts(l)
	return why + ". " + i18n.For(l).Answers.Instead + ": " + wanted + "."
}

func refuse(key, found string, canKeep bool, code string, args ...string) *Refusal {
	fs := &answers.Found{}
	fs.Add(answers.At{Key: key, Found: found}, answers.Error, 0, code, args...)
	return &Refusal{Finding: fs.All[0], CanKeep: canKeep}
}

// Reviewed is everything that the operator looks at before the files are written.
type Reviewed struct {
	Changed  []Field          // what differs from the installer's own defaults, secrets masked
	Missing  []Field          // what must still be answered
	Findings answers.Findings // of the check over all files; Key says where to jump
	Files    []File           // as they will be, with secrets masked
}

// File is one file of the installer.
type File struct {
	Name string // answer.txt; globals.yml, multinode, passwords.yml
	Data []byte
}
