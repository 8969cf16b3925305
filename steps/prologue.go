package steps

import (
	"fmt"
	"strings"

	"stackhand/internal/job"
)

// EvalVars computes the step's vars, in text as scripts and files get them.
func (s *Step) EvalVars(sc Scope) (map[string]string, error) {
	out := make(map[string]string, len(s.Vars))
	for _, name := range sortedKeys(s.Vars) {
		v, err := s.Vars[name].String(sc)
		if err != nil {
			return nil, fmt.Errorf("cannot compute %s: %w", name, err)
		}
		out[name] = v
	}
	return out, nil
}

// Prologue gives the lines that stand before a script of the step (its action, checks, undo):
//
//	unset NAME …
//	NAME='value as it is'
//
// with every parameter that is no secret, the step's vars, and host_name, host_address (on the
// management network), item and run_id. They are shell variables and not exported, so no
// child sees them in its environment. Nil params are the scope's, nil vars are computed.
// Values go in as they are, whatever they hold; only NUL, which no shell can hold, is refused.
func (s *Step) Prologue(sc Scope, params, vars map[string]string) (string, error) {
	if params == nil {
		params = sc.Params
	}
	if vars == nil {
		vars = sc.Vars
	}
	if vars == nil {
		var err error
		if vars, err = s.EvalVars(sc); err != nil {
			return "", err
		}
	}
	all := map[string]string{}
	for name, v := range params {
		all[name] = v
	}
	if sc.Procedure != nil {
		for _, name := range sc.Procedure.SecretNames() {
			delete(all, name)
		}
	}
	for name, v := range vars {
		all[name] = v
	}
	for name, v := range sc.builtins() {
		all[name] = v
	}
	return assignments(all)
}

func assignments(all map[string]string) (string, error) {
	names := sortedKeys(all)
	if len(names) == 0 {
		return "", nil
	}
	var b strings.Builder
	for _, name := range names {
		if !isName(name) {
			return "", fmt.Errorf("cannot hand %q to a script: it is no variable's name", name)
		}
	}
	// An inherited exported variable would stay exported when assigned.
	b.WriteString("unset " + strings.Join(names, " ") + "\n")
	for _, name := range names {
		word, err := job.Quote(all[name])
		if err != nil {
			return "", fmt.Errorf("cannot hand %s to a script: %w", name, err)
		}
		b.WriteString(name + "=" + word + "\n")
	}
	return b.String(), nil
}

// SecretPrologueProbe gives NAME='value' lines for a probe. A probe's text goes over stdin
// only, so the values are on no disk and in no argument list.
func SecretPrologueProbe(secrets map[string]string) string {
	text, err := assignments(secrets)
	if err != nil { // the site's store refuses such a secret already; never run without it
		return "echo 'a secret cannot be handed over' >&2; exit 120\n"
	}
	return text
}

// SecretPrologueJob gives the lines with which a job reads its secrets from the files that
// internal/remote puts beside it: under /run/stackhand/ID, which is on tmpfs and readable by
// the job's user only. ID is the name of the folder that the script itself lies in ($0), so
// that the text, and with it the script's sha256, is known before the job has its id.
// Newlines at a secret's end survive.
func SecretPrologueJob(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "_secrets=${0%/*}\ncase $_secrets in /run/*) ;; *) _secrets=/run/stackhand/${_secrets##*/} ;; esac\n" + secretReads(names)
}

// secretReads reads each secret from its file under $_secrets.
func secretReads(names []string) string {
	var b strings.Builder
	for _, name := range names {
		if !isName(name) {
			return "echo 'a secret cannot be handed over' >&2; exit 120\n"
		}
		fmt.Fprintf(&b, "unset %[1]s\n%[1]s=$(cat \"$_secrets/%[1]s\" && echo .) || exit 120\n%[1]s=${%[1]s%%.}\n", name)
	}
	return b.String()
}

// Compose puts prologues before a script, after its #! line when it has one.
func Compose(script string, prologues ...string) string {
	head := ""
	if strings.HasPrefix(script, "#!") {
		i := strings.IndexByte(script, '\n')
		if i < 0 {
			return script + "\n" + strings.Join(prologues, "")
		}
		head, script = script[:i+1], script[i+1:]
	}
	return head + strings.Join(prologues, "") + script
}
