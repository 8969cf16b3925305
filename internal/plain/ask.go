package plain

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"stackhand/internal/i18n"
	"stackhand/internal/run"
	"stackhand/steps"
)

// dialog asks one question until it has an answer that the question takes.
type dialog struct {
	p   *printer
	in  *input
	cat *i18n.Catalogue
	run string // its id, for the words that say how to attach

	// draft puts a unit's script into a file for the operator to change, unless it is there
	// already; nil: scripts cannot be changed here.
	draft func(run.Unit) (path string, err error)
}

// errNobody says that no answer can be had here.
var errNobody = errors.New("nobody here can answer")

// ask returns the command that answers the question; errNobody (also for the end of the
// input) or the context's error. The question itself is printed already.
func (d *dialog) ask(ctx context.Context, q *run.QuestionView) (run.Command, error) {
	d.in.forget()
	c := run.Command{Do: "answer", Question: q.Seq}
	for {
		value, err := d.value(ctx, q)
		if err != nil {
			return c, err
		}
		if value == nil {
			continue
		}
		if q.Q.Kind == run.AskSecret && !slices.Contains(q.Q.Options, *value) {
			c.Do, c.Secret = "secret", *value
			return c, nil
		}
		c.Value = *value
		ok, err := d.sure(ctx, q, c.Value)
		if err != nil {
			return c, err
		}
		if !ok {
			continue
		}
		if c.Value == "edit" {
			if c.Script, err = d.edited(ctx, q.Q.Unit); err != nil {
				return c, err
			}
			if c.Script == "" {
				continue
			}
		}
		if c.Value == "hand" && len(q.Q.Card) > 0 {
			if c.Values, err = d.readBack(ctx, q.Q); err != nil {
				return c, err
			}
		}
		if q.Q.NeedsReason(c.Value) {
			for c.Reason == "" {
				if c.Reason, err = d.read(ctx, d.cat.Plain.WhyReason); err != nil {
					return c, err
				}
			}
		}
		return c, nil
	}
}

// value asks for the answer itself; nil when what was typed is none.
func (d *dialog) value(ctx context.Context, q *run.QuestionView) (*string, error) {
	switch {
	case q.Q.Kind == run.AskSecret:
		return d.secret(ctx, q)
	case q.Q.Typed != "":
		return d.typed(ctx, q)
	case q.Q.Kind == run.AskManual && q.Q.Free():
		return d.seen(ctx, q)
	case len(choices(q.Q)) > 0:
		return d.choose(ctx, q)
	}
	prompt := d.cat.Plain.Choose
	if q.Q.Default != "" {
		prompt = i18n.Fill(d.cat.Plain.Default, "default", q.Q.Default)
	}
	s, err := d.read(ctx, prompt)
	if err != nil {
		return nil, err
	}
	if s == "" {
		s = q.Q.Default
	}
	if bad := d.badType(q.Q.Type, s); bad != "" {
		d.p.line(0, bad)
		return nil, nil
	}
	return &s, nil
}

// edited is the script that the operator changed, in an editor at another terminal; "" when
// there is none to run.
func (d *dialog) edited(ctx context.Context, u run.Unit) (string, error) {
	if d.draft == nil {
		d.p.line(0, d.cat.Plain.NoEdit)
		return "", nil
	}
	path, err := d.draft(u)
	if err != nil {
		d.p.line(0, i18n.Fill(d.cat.Plain.BadFile, "cause", err.Error()))
		return "", nil
	}
	d.p.line(0, i18n.Fill(d.cat.Plain.EditAt, "file", path))
	if _, err := d.read(ctx, d.cat.Plain.EditDone); err != nil {
		return "", err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		d.p.line(0, i18n.Fill(d.cat.Plain.BadFile, "cause", err.Error()))
		return "", nil
	}
	return string(text), nil
}

// choices are the answers that line mode offers by number. What is confirmed by a typed text
// is confirmed by that only.
func choices(q run.Question) []string {
	if q.Kind == run.AskChoose {
		return q.Options
	}
	return slices.DeleteFunc(slices.Clone(q.Options), func(o string) bool { return o == "yes" && q.Typed != "" })
}

func (d *dialog) choose(ctx context.Context, q *run.QuestionView) (*string, error) {
	options := choices(q.Q)
	s, err := d.read(ctx, d.cat.Plain.Choose)
	if err != nil {
		return nil, err
	}
	if n, err := strconv.Atoi(s); err == nil && !slices.Contains(options, s) {
		if n < 1 || n > len(options) {
			d.p.line(0, d.cat.Plain.Bad)
			return nil, nil
		}
		return &options[n-1], nil
	}
	for _, o := range options {
		if strings.EqualFold(s, o) || s != "" && s == d.cat.Answer(q.Q.Kind, o).Label {
			return &o, nil
		}
	}
	d.p.line(0, d.cat.Plain.Bad)
	d.hangul(s)
	return nil, nil
}

// typed asks for the exact text; the question's options are taken as words.
func (d *dialog) typed(ctx context.Context, q *run.QuestionView) (*string, error) {
	options := choices(q.Q)
	prompt := d.cat.Plain.Type
	switch {
	case q.Q.Kind == run.AskClaim:
		prompt = d.cat.Plain.TypeTake
	case len(options) > 0:
		prompt = d.cat.Plain.TypeElse
	}
	s, err := d.read(ctx, i18n.Fill(prompt, "typed", q.Q.Typed))
	if err != nil {
		return nil, err
	}
	if s == q.Q.Typed || slices.Contains(options, s) {
		return &s, nil
	}
	for i, o := range options {
		if s == strconv.Itoa(i+1) {
			return &o, nil
		}
	}
	d.p.line(0, i18n.Fill(d.cat.Plain.BadTyped, "typed", q.Q.Typed))
	d.hangul(s)
	return nil, nil
}

func (d *dialog) secret(ctx context.Context, q *run.QuestionView) (*string, error) {
	restore, err := d.in.silent()
	if err == nil && q.Q.Args["echo"] == "true" { // what a host asks may be shown while typed
		restore()
		restore = func() {}
	}
	if err != nil {
		d.p.line(0, i18n.Fill(d.cat.Plain.NoSecret, "run", d.run))
		return nil, fmt.Errorf("%w: %w", errNobody, err)
	}
	defer restore()
	prompt := d.cat.Plain.Secret
	if q.Q.Args["echo"] == "true" {
		prompt = d.cat.Plain.Choose
	}
	d.p.prompt(prompt)
	s, err := d.in.line(ctx)
	d.p.answered(err == nil && q.Q.Args["echo"] == "true")
	switch {
	case err != nil:
		return nil, d.nobody(ctx, err)
	case s == "":
		return nil, nil
	}
	return &s, nil
}

// sure asks again before what cannot be taken back in this run: a slip of one key between
// retry and drop must not cost a host.
func (d *dialog) sure(ctx context.Context, q *run.QuestionView, value string) (bool, error) {
	host := q.Q.Unit.Host
	if host == "" && len(q.Q.Hosts) > 0 {
		host = q.Q.Hosts[0]
	}
	var prompt, want string
	switch {
	case value == "drop" && host != "":
		prompt, want = i18n.Fill(d.cat.Plain.TypeHost, "host", host), host
	case value == "stop" && q.Q.Kind != run.AskStall && q.Q.Kind != run.AskChoose:
		prompt, want = d.cat.Plain.TypeYes, "yes"
	default:
		return true, nil
	}
	s, err := d.read(ctx, prompt)
	if err != nil {
		return false, err
	}
	if s != want && s != "" {
		d.p.line(0, i18n.Fill(d.cat.Plain.BadTyped, "typed", want))
		d.hangul(s)
	}
	return s == want, nil
}

func (d *dialog) badType(t steps.ParamType, s string) string {
	switch t {
	case steps.Int:
		if _, err := strconv.ParseInt(s, 10, 64); err != nil {
			return d.cat.Plain.BadInt
		}
	case steps.Bool:
		if s != "true" && s != "false" {
			return d.cat.Plain.BadBool
		}
	case steps.Address:
		if _, err := netip.ParseAddr(s); err != nil {
			return d.cat.Plain.BadAddr
		}
	case steps.CIDR:
		if _, err := netip.ParsePrefix(s); err != nil {
			return d.cat.Plain.BadCIDR
		}
	}
	return ""
}

// hangul says so when a Latin word was meant and Hangul came.
func (d *dialog) hangul(s string) {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
		d.p.line(0, d.cat.Plain.Hangul)
	}
}

// read prints a prompt and reads a line, without surrounding space and control characters.
func (d *dialog) read(ctx context.Context, prompt string) (string, error) {
	d.p.prompt(prompt)
	s, err := d.in.line(ctx)
	d.p.answered(d.in.tty && err == nil)
	if err != nil {
		return "", d.nobody(ctx, err)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)), nil
}

func (d *dialog) nobody(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: %w", errNobody, err)
}

// show prints a question: its number, what the procedure says, what is known, the answers.
func (f *follower) show(q *run.QuestionView, withProblem bool) {
	v := q.Q
	p, pl := f.p, f.cat.Plain
	p.blank()
	p.line(2, strings.TrimSpace(i18n.Fill(pl.Question, "n", strconv.FormatInt(q.Seq, 10))+"  "+f.place(v.Unit)))
	title := f.st.UnitName(v.Unit, f.cat.Lang)
	host := v.Unit.Host
	if host == "" && len(v.Hosts) > 0 {
		host = strings.Join(v.Hosts, ", ")
	}
	switch say := v.Say.In(f.cat.Lang); {
	case say == "":
	case v.Kind == run.AskGuard: // it says what must hold, and does not
		for _, one := range strings.Split(say, "\n") {
			p.under(2, f.cat.Words.NotOK+"  "+one)
		}
	default:
		p.under(2, say)
	}
	ask, more := f.cat.Question(v.Kind, title, host, v.Args)
	p.under(2, ask)
	for _, m := range more {
		p.under(4, m)
	}
	if withProblem && v.Problem != nil {
		f.problem(4, v.Problem)
		f.remedies(4, f.st.Unit(v.Unit), v.Attempt)
	}
	f.card(v)
	options := choices(v)
	for i, o := range options {
		a := f.cat.Answer(v.Kind, o)
		label, about := o, a.About
		if v.Kind == run.AskChoose && i < len(v.Titles) && !v.Titles[i].Empty() {
			about = v.Titles[i].In(f.cat.Lang)
		} else if a.Label != o {
			about = a.Label + ": " + about
		}
		s := fmt.Sprintf("%d) %s", i+1, label)
		if about != "" {
			s = pad(s, 12) + " " + about
		}
		p.under(4, s)
	}
}
