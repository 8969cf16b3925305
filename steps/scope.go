package steps

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/internal/site"
)

// Scope is what an expression, a script's variables or a {name} in a text can see, at one
// moment of a run. Everything may be left out; what is not there is an unknown name or an
// absent fact, never an empty value.
type Scope struct {
	Procedure *Procedure                    // for the types of the parameters
	Site      *site.Site                    // hosts.ROLE, host, site
	Params    map[string]string             // as Values returned them: no secrets
	Lets      map[string]any                // computed or answered earlier
	NoLets    map[string]string             // lets that are there and absent: why
	Waived    func(name, step string) bool  // what the operator waived; step "": in any
	Fact      func(host, name string) Value // facts read so far; nil: none was read
	Platforms map[string]string             // host -> platform, of the hosts looked at
	Reachable func(host string) bool        // nil: all are
	Host      string                        // the unit's host; "": on the console
	Item      any                           // of each
	Vars      map[string]string             // the step's vars, from Step.EvalVars
	Values    map[string]Value              // what a check has just read
	Before    map[string]Value              // the unit's facts as they were read earlier
	Run       string                        // run id
}

// AbsentError says that an expression touched a fact that is not known. It is a decision for
// the operator, never false.
type AbsentError struct{ Host, Fact, Why string }

func (e *AbsentError) Error() string {
	if e.Host == "" {
		return fmt.Sprintf("%s is not known: %s", e.Fact, e.Why)
	}
	return fmt.Sprintf("%s of %s is not known: %s", e.Fact, e.Host, e.Why)
}

// Why a fact is absent. Those from Read.Take come from output; the others from the scope.
const (
	WhyNotRead     = "not-read"    // no step has read it yet
	WhyUnreachable = "unreachable" // the host does not answer
	WhyDropped     = "dropped"     // the host was dropped from the run
	WhyEmpty       = "empty"       // nothing, or only white space
	WhyNoMatch     = "no-match"    // the pattern is not in the output
	WhyBadType     = "bad-type"    // there, but no number, truth value …
	WhySecret      = "secret"      // it held a secret, which no journal may hold
	WhyFailed      = "failed"      // the command failed and gave nothing usable
	WhyNoAddress   = "no-address"  // the site gives the host no address there
	WhyNotGiven    = "not-given"   // a judgement, or a called procedure, did not say
)

// fact returns a host's fact.
func (sc *Scope) fact(host, name string) Value {
	if sc.Fact != nil {
		v := sc.Fact(host, name)
		if v.Absent == "" && v.V == nil {
			v.Absent = WhyNotRead
		}
		if v.Absent != "" && v.Absent == WhyNotRead && !sc.reachable(host) {
			v.Absent = WhyUnreachable
		}
		return v
	}
	return Value{Absent: WhyNotRead}
}

func (sc *Scope) reachable(host string) bool { return sc.Reachable == nil || sc.Reachable(host) }

// absentLets are the names that expressions know and that have no value: declared, and not
// computed, asked or given yet; or given as absent.
func (sc *Scope) absentLets() map[string]string {
	out := map[string]string{}
	if sc.Procedure != nil {
		for name := range sc.Procedure.LetNames(nil) {
			out[name] = WhyNotRead
		}
	}
	for name, why := range sc.NoLets {
		out[name] = why
	}
	for name := range sc.Lets {
		delete(out, name)
	}
	return out
}

// host returns the unit's host in the site, or nil.
func (sc *Scope) host() *site.Host {
	if sc.Site == nil || sc.Host == "" {
		return nil
	}
	return sc.Site.Host(sc.Host)
}

// params returns the parameters in their types.
func (sc *Scope) params() map[string]any {
	out := map[string]any{}
	for name, v := range sc.Params {
		out[name] = v
	}
	if sc.Procedure == nil {
		return out
	}
	for _, p := range sc.Procedure.Params {
		v, ok := sc.Params[p.Name]
		if !ok || p.Type == Secret {
			delete(out, p.Name)
			continue
		}
		switch p.Type {
		case Int:
			if i, err := strconv.Atoi(v); err == nil {
				out[p.Name] = i
			}
		case Bool:
			out[p.Name] = v == "true"
		}
	}
	return out
}

// builtins are the names that every script and text has besides parameters and vars.
func (sc *Scope) builtins() map[string]string {
	b := map[string]string{"host_name": "", "host_address": "", "item": "", "run_id": sc.Run}
	if h := sc.host(); h != nil {
		b["host_name"], b["host_address"] = h.Name, h.Addresses["management"]
	}
	if sc.Item != nil {
		if s, err := text(sc.Item); err == nil {
			b["item"] = s
		}
	}
	return b
}

// words are what a {name} in a text can be.
func (sc *Scope) words() map[string]string {
	w := map[string]string{}
	for name, v := range sc.Lets {
		if s, err := sentence(v); err == nil {
			w[name] = s
		}
	}
	for name, v := range sc.Params {
		w[name] = v
	}
	if sc.Procedure != nil {
		for _, name := range sc.Procedure.SecretNames() {
			delete(w, name)
		}
	}
	for name, v := range sc.Vars {
		w[name] = v
	}
	for name, v := range sc.builtins() {
		if v != "" {
			w[name] = v
		}
	}
	return w
}

// Fill puts parameters, vars, lets and built-ins in place of {name} in a text for people.
// What is not known stays as it is, so that it is seen. What was chosen is said by the option's title.
func (sc Scope) Fill(t i18n.Text) i18n.Text {
	w := sc.words()
	known := func(name string) (string, bool) {
		v, ok := w[name]
		return v, ok
	}
	fill := func(s string, in func(i18n.Text) string) string {
		return placeholders(s, func(name string) (string, bool) {
			if said, ok := Said(sc.Lets[name]); ok { // a judgement's finding, in both languages
				return in(said), true
			}
			if title := sc.chosen(name); !title.Empty() {
				return placeholders(in(title), known), true
			}
			return known(name)
		})
	}
	return i18n.Text{
		En: fill(t.En, func(t i18n.Text) string { return t.En }),
		Ko: fill(t.Ko, func(t i18n.Text) string { return t.Ko }),
	}
}

// chosen is the title of the option that a let is the answer of a choose; empty where it is none, or where
// the name means something else here.
func (sc *Scope) chosen(name string) i18n.Text {
	v, answered := sc.Lets[name].(string)
	_, param := sc.Params[name]
	_, given := sc.Vars[name]
	if !answered || param || given || sc.Procedure == nil {
		return i18n.Text{}
	}
	for _, s := range sc.Procedure.Steps {
		if s.Action != ActChoose || s.Ask.Name != name {
			continue
		}
		for _, o := range s.Ask.Options {
			if o.Value == v {
				return o.Title
			}
		}
	}
	return i18n.Text{}
}

// placeholders replaces each {name}; ${name} belongs to somebody else and is left alone.
func placeholders(s string, value func(name string) (string, bool)) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := strings.IndexByte(s[i:min(len(s), i+65)], '}') // a name has 63 letters at most
		if end > 0 && isName(s[i+1:i+end]) && (i == 0 || s[i-1] != '$') {
			if v, ok := value(s[i+1 : i+end]); ok {
				b.WriteString(s[:i])
				b.WriteString(v)
				s = s[i+end+1:]
				continue
			}
		}
		b.WriteString(s[:i+1])
		s = s[i+1:]
	}
}

// text is a value as a shell variable has it: hosts by name, lists joined with a space.
func text(v any) (string, error) {
	switch v := normal(v).(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case *hostObject:
		return v.name, nil
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			if _, nested := normal(e).([]any); nested {
				return "", fmt.Errorf("a list in a list cannot be written as one text")
			}
			s, err := text(e)
			if err != nil {
				return "", err
			}
			if s == "" || strings.ContainsAny(s, " \t\r\n") {
				return "", fmt.Errorf("the list has %q, and items with white space cannot be told apart afterwards; use join()", s)
			}
			parts[i] = s
		}
		return strings.Join(parts, " "), nil
	case nil:
		return "", fmt.Errorf("there is no value")
	default:
		return "", fmt.Errorf("a value of this kind (%T) cannot be written as text", v)
	}
}

// sentence is a value as people read it: lists joined with a comma.
func sentence(v any) (string, error) {
	list, ok := normal(v).([]any)
	if !ok {
		return text(v)
	}
	parts := make([]string, len(list))
	for i, e := range list {
		s, err := text(e)
		if err != nil {
			return "", err
		}
		parts[i] = s
	}
	return strings.Join(parts, ", "), nil
}

// normal brings a value to the kinds that expressions work with: string, bool, int, float64,
// []any, map[string]any. Values that went through the journal come back as these too.
func normal(v any) any {
	switch v := v.(type) {
	case int64:
		return int(v)
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int(v)
		}
		return v
	case []string:
		out := make([]any, len(v))
		for i, s := range v {
			out[i] = s
		}
		return out
	case []any:
		out := slices.Clone(v)
		for i := range out {
			out[i] = normal(out[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = normal(e)
		}
		return out
	case nil, string, bool, int, *hostObject:
		return v
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice { // ranges, split(): the library's own
		out := make([]any, r.Len())
		for i := range out {
			out[i] = normal(r.Index(i).Interface())
		}
		return out
	}
	return v
}

// UnmarshalJSON reads a value from the journal without losing the digits of large numbers: a
// transaction number has up to 64 bits.
func (v *Value) UnmarshalJSON(b []byte) error {
	var raw struct {
		V      any    `json:"v"`
		Absent string `json:"absent"`
	}
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.UseNumber()
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	v.V, v.Absent = normal(raw.V), raw.Absent
	return nil
}
