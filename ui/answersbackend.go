package ui

import (
	"context"
	"time"

	"stackhand/answers/interview"
	"stackhand/answers/kolla"
	"stackhand/internal/problem"
	"stackhand/internal/site"
)

// AnswersBackend is what the screens for answers need from outside; called as Backend is.
type AnswersBackend interface {
	// Drafts are those on this console, the one changed last first.
	Drafts(ctx context.Context) ([]DraftInfo, error)
	// HoldDraft keeps every other screen and console away from a draft, which need not exist yet,
	// until release is called or the program ends.
	HoldDraft(ctx context.Context, name string) (release func(), err error)
	// Draft reads one. The caller alone has it.
	Draft(ctx context.Context, name string) (*interview.Draft, error)
	// SaveDraft has it on the disk when it returns, unless a higher Rev is there already.
	SaveDraft(ctx context.Context, name string, saved interview.Saved) error
	// RemoveDraft takes one away, with its secrets.
	RemoveDraft(ctx context.Context, name string) error
	// ReadAnswers reads a file of an installer.
	ReadAnswers(ctx context.Context, path string) (AnswersFile, error)
	// AnswersBefore reads what an export to the path would replace, by the files' names; what is
	// not there is left out.
	AnswersBefore(ctx context.Context, path string, names []string) (map[string][]byte, error)
	// WriteAnswers writes files: one to the path, or into it where it is a directory; several
	// into the directory of that name. Each is written atomically, 0600, the one before is kept.
	WriteAnswers(ctx context.Context, path string, files []interview.File) ([]WrittenFile, error)
	// LookAtHosts asks the hosts of a site for their interfaces and tells each answer as it
	// comes; it only reads. A host that cannot be reached is told as such, and is no error.
	LookAtHosts(ctx context.Context, s *site.Site, talk LookTalk) error
}

// DraftInfo is one draft of the list.
type DraftInfo struct {
	Name      string
	Installer interview.Installer
	Changed   time.Time
	Problem   string // why it cannot be read; "" where it can
}

// AnswersFile is a file of an installer as it was read.
type AnswersFile struct {
	Path   string
	Data   []byte
	Format string // of the catalogue that knows it best; "" where that is not known
}

// Kolla tells whether it is one of Kolla-Ansible's.
func (f AnswersFile) Kolla() bool {
	k := interview.Kind(f.Data)
	return k != "" && k != "answers"
}

// WrittenFile is a file that was written, and where the one before is; "" where there was none.
type WrittenFile struct{ Path, Before string }

// LookTalk is how LookAtHosts speaks with the screen.
type LookTalk interface {
	// Found tells what a host has.
	Found(HostInterfaces)
	// Ask asks the operator something that only he can answer; false when he does not want to.
	Ask(ctx context.Context, q LoginQuestion) (answer string, ok bool)
}

// HostInterfaces is what a host really has, or why it could not be asked.
type HostInterfaces struct {
	Host       string
	Interfaces []kolla.Interface
	Problem    *problem.Problem
}
