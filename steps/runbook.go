package steps

import (
	"slices"
	"strings"

	"stackhand/internal/i18n"
)

// The actions that runbooks need.
const (
	ActJudge Action = "judge" // a named, pure function says what the facts mean
	ActProve Action = "prove" // conditions, all shown; one that does not hold ends the procedure as refused
	ActWaive Action = "waive" // the operator goes on without something, by typed name and reason
	ActFetch Action = "fetch" // from hosts into the run: the scene
	ActCopy  Action = "copy"  // from a host to others
	ActCall  Action = "call"  // another procedure
)

// Judgement is the declaration of a judgement, as lint wants it; what it does is in
// runbooks/judgements.
type Judgement struct {
	Name        string
	Reads       []string // facts
	Args        []string // what `with` may give
	HostOutputs []string // facts of each judged host; `reason` is always one
	Outputs     []string // lets
}

// ReasonFact is the fact that every judgement gives each host: why, as a text for people.
const ReasonFact = "reason"

// JudgeBy is a judge step's own part.
type JudgeBy struct {
	Name string
	With map[string]Expr
	Line int
	Col  int
}

// Proof is one condition of a prove step.
type Proof struct {
	That Expr
	Say  i18n.Text
	Line int
	Col  int
}

// Waive lets the operator go on without something. Type item: the item of `each` is typed;
// site: the site's name. A reason always goes with it.
type Waive struct {
	Type string
	Say  i18n.Text
}

// Limits of fetch: of one file or output, of their number for one host, and of all together.
const (
	MostFetched      = 8 << 20
	MostFetchedFiles = 200
	MostFetchedAll   = 64 << 20
)

// Fetch takes files and outputs of commands into the run.
type Fetch struct {
	Files  []string          // absolute paths; *, ? and [] are patterns
	Output map[string]Script // file in the scene -> a script that only reads
	Line   int
	Col    int
}

// Copy takes a file from one host to the step's hosts, through the console.
type Copy struct {
	From         Expr // a host
	Path, To     string
	Mode         uint32 // 0: as at the source
	Owner, Group string // "": as at the source
}

// Call runs another procedure as a part of this one.
type Call struct {
	Procedure string            // its id
	With      map[string]Expr   // its parameters
	Gives     map[string]string // a let of it, or outcome -> a let here
	Roles     map[string]string // a role of it -> the role here whose hosts are meant
	Line      int
	Col       int

	Sub *Procedure // as the file carries it; nil until it is loaded
}

// Outcome is what `gives` calls the way in which a called procedure ended: done or refused.
const Outcome = "outcome"

// Meaning says what a row of the evidence table means.
type Meaning struct {
	When  Expr
	Level string // ok | odd | bad
	Say   i18n.Text
	Line  int
	Col   int
}

// Guard says what stays up after a step, and blocks it where that does not hold.
type Guard struct {
	Reread string // step id whose probe is run again first; "": none
	That   Expr
	Say    i18n.Text
	Line   int
	Col    int
}

// Holds says that a step holds something only for a while, and which later step lets go of it. A run
// that ends without that step having been done does it before it ends; where it cannot, it says so.
type Holds struct {
	Until string // a run step after this one
	Say   i18n.Text
	Line  int
	Col   int
}

// Limits of a card: what somebody types at a console without mistakes.
const (
	MostCardLines = 6
	MostCardChars = 72
)

// Hand is how a step is done at the host's own console, where SSH does not reach it.
type Hand struct {
	Type []string  // the card: what to type
	Asks []HandAsk // what to read back
	When Expr      // of which silent hosts it is asked; not given: of each
	// Judges are the judge steps before it that are made again with what was read back; of a `waive` only.
	Judges []string
	Line   int
	Col    int
}

// HandAsk is a value that is read back; it becomes the fact of that name, marked.
type HandAsk struct {
	Name  string
	Say   i18n.Text
	Match string // regular expression for the whole value; of a list for each item
	As    string // as in Read
	Line  int
	Col   int
}

// Reads are what the card asks for, each as what the step itself would have read.
func (s *Step) Reads() []HandAsk {
	asks := slices.Clone(s.Hand.Asks)
	for i, a := range asks {
		if r, read := s.Read[a.Name]; read && a.As == "" {
			asks[i].As = r.As
		}
	}
	return asks
}

// none is what is typed for an empty list: an empty line may be a slip.
const none = "-"

// Take makes a fact of what the operator typed; false when it is not what Match wants. A list is
// typed with commas between its items.
func (h HandAsk) Take(typed string) (Value, bool) {
	if h.As == "lines" {
		return h.list(typed)
	}
	p := Param{Name: h.Name, Type: String, Match: h.Match}
	clean, why := p.Clean(typed, nil)
	if why != "" {
		return Value{}, false
	}
	v := convert(clean, h.As)
	return v, v.Absent == ""
}

func (h HandAsk) list(typed string) (Value, bool) {
	items := []any{}
	if strings.TrimSpace(typed) == none {
		return Value{V: items}, true
	}
	for item := range strings.SplitSeq(typed, ",") {
		v, ok := HandAsk{Name: h.Name, Match: h.Match}.Take(strings.Join(strings.Fields(item), " "))
		if !ok {
			return Value{}, false
		}
		items = append(items, v.V)
	}
	return Value{V: items}, true
}

// Said is a value that is a text for people in both languages, as the fact `reason` is.
func Said(v any) (i18n.Text, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return i18n.Text{}, false
	}
	en, ok1 := m["en"].(string)
	ko, ok2 := m["ko"].(string)
	return i18n.Text{En: en, Ko: ko}, ok1 && ok2 && len(m) == 2
}

// SaidValue is such a value.
func SaidValue(t i18n.Text) Value {
	if t.Empty() {
		return Value{Absent: WhyEmpty}
	}
	return Value{V: map[string]any{"en": t.En, "ko": t.Ko}}
}
