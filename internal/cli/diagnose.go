package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"stackhand/internal/diagnose"
	"stackhand/internal/i18n"
	"stackhand/internal/remote"
	"stackhand/internal/run"
	"stackhand/internal/run/logtext"
	"stackhand/internal/run/redact"
	"stackhand/internal/secret"
	"stackhand/internal/site"
	"stackhand/runbooks"
	"stackhand/runbooks/signatures"
	"stackhand/steps"
	"stackhand/ui/celltext"
)

// mostGiven is how much of a text that is given is looked at: its end.
const mostGiven = 64 << 20

// diagnoseCommand is "stackhand diagnose": which runbook fits a text, or the site. It reads
// only and takes no claim. It ends with 0 when it looked, whatever it found, with 2 when a file
// cannot be read, and with 4 when no host could be looked at.
func diagnoseCommand(env *environment) *cobra.Command {
	w := env.Words.Diagnose
	var sitePath string
	var scan, asJSON bool
	var back, limit time.Duration
	c := &cobra.Command{
		Use: "diagnose [FILE ...]", Short: w.Short,
		RunE: func(cmd *cobra.Command, files []string) error {
			if scan {
				if len(files) > 0 {
					return usageError{errors.New(w.TextOrScan)}
				}
				ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, unix.SIGTERM)
				defer stop()
				return scanSite(ctx, env, sitePath, asJSON, back, limit)
			}
			return diagnoseTexts(env, sitePath, files, asJSON)
		},
	}
	c.Flags().BoolVar(&scan, "scan", false, w.FlagScan)
	c.Flags().BoolVar(&asJSON, "json", false, w.FlagJSON)
	c.Flags().StringVar(&sitePath, "site", "", env.Words.CLI.FlagSite)
	c.Flags().DurationVar(&back, "back", 48*time.Hour, w.FlagHistory)
	c.Flags().DurationVar(&limit, "limit", time.Minute, w.FlagLimit)
	completeYAML(c, "site")
	return c
}

// ownSignatures are those of the operator's configuration folder where there are some, else the
// program's.
func ownSignatures(env *environment) (*signatures.Matcher, *signatures.Scan, error) {
	text, name := ownOr(env, "signatures.yaml", runbooks.Signatures)
	decode := signatures.Decode
	if bytes.Equal(text, runbooks.Signatures) {
		decode = signatures.DecodeTried
	}
	set, found := decode(text, name)
	if set == nil {
		return nil, nil, asUsage(found)
	}
	looks, found := signatures.DecodeScan(ownOr(env, "scan.yaml", runbooks.Scan))
	if looks == nil {
		return nil, nil, asUsage(found)
	}
	return signatures.NewMatcher(set), looks, nil
}

// ownOr is a file of the operator's configuration folder, or what comes with the program, with
// its name in findings.
func ownOr(env *environment, name string, fallback []byte) ([]byte, string) {
	path := filepath.Join(configHome(env), name)
	if text, err := os.ReadFile(path); err == nil {
		return text, path
	}
	return fallback, "runbooks/" + name
}

// lintSignatures checks both files, as lint does with procedures.
func lintSignatures(env *environment) (found steps.Findings) {
	_, a := signatures.Decode(ownOr(env, "signatures.yaml", runbooks.Signatures))
	_, b := signatures.DecodeScan(ownOr(env, "scan.yaml", runbooks.Scan))
	return append(a, b...)
}

// hider takes the secrets of a site out of a text; without a site there are none to know.
func hider(env *environment, s *site.Site) (func(string) string, error) {
	if s == nil {
		return func(t string) string { return t }, nil
	}
	store, err := secret.Open(run.Home(env.getenv), s.Name)
	if err != nil {
		return nil, err
	}
	return redact.NewRedactor(store.All()).String, nil
}

func diagnoseTexts(env *environment, sitePath string, files []string, asJSON bool) error {
	w := env.Words.Diagnose
	m, _, err := ownSignatures(env)
	if err != nil {
		return err
	}
	s, err := findSite(env, sitePath)
	if err != nil {
		if sitePath != "" {
			return asUsage(err)
		}
		s = nil // it is only for its secrets
	}
	hide, err := hider(env, s)
	if err != nil {
		return err
	}
	var reports []diagnose.Report
	given := ""
	look := func(name string, in io.Reader) error {
		text, cut, err := lastOf(in, mostGiven)
		if err != nil {
			return usageError{err}
		}
		if cut {
			fmt.Fprintln(env.Err, i18n.Fill(w.TooLarge, "name", name, "most", strconv.Itoa(mostGiven>>20)))
		}
		reports = append(reports, diagnose.Text(m, text, name, hide))
		given += string(text[:min(len(text), 4*signatures.MostTold+1)])
		return nil
	}
	if len(files) == 0 {
		if in, ok := env.In.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
			fmt.Fprintln(env.Err, w.PasteHere)
		}
		if err := look("-", env.In); err != nil {
			return err
		}
	}
	for _, name := range files {
		if name == "-" {
			if err := look("-", env.In); err != nil {
				return err
			}
			continue
		}
		f, err := os.Open(name)
		if err != nil {
			return usageError{err}
		}
		err = look(name, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	r := diagnose.Merge(reports...)
	if err := tellReport(env, r, asJSON); err != nil || asJSON || len(r.Findings) > 0 {
		return err
	}
	return tellLike(env, m.Set().Symptoms, given)
}

// tellLike names the runbooks in whose words a short text stands that is no known error, else those that
// its words come near.
func tellLike(env *environment, symptoms []signatures.Symptom, text string) error {
	w := env.Words.Diagnose
	head, told := w.Like, slices.DeleteFunc(slices.Clone(symptoms), func(s signatures.Symptom) bool { return !s.Like(text) })
	if len(told) == 0 {
		head, told = w.Near, signatures.Near(symptoms, text)
	}
	told = slices.DeleteFunc(told, func(s signatures.Symptom) bool { return !inLibraries(env, s.Runbook) })
	if len(told) == 0 {
		return nil
	}
	var b strings.Builder
	for _, s := range told {
		fmt.Fprintf(&b, "  %s\n    %s\n", s.Text.In(env.Words.Lang), i18n.Fill(w.Run, "id", s.Runbook))
	}
	_, err := fmt.Fprintf(env.Out, "\n%s:\n%s", head, b.String())
	return err
}

// lastOf reads all of in and keeps its last bytes.
func lastOf(in io.Reader, most int) (text []byte, cut bool, err error) {
	piece := make([]byte, 1<<20)
	for {
		n, err := in.Read(piece)
		text = append(text, piece[:n]...)
		if len(text) > 2*most {
			text, cut = append([]byte(nil), text[len(text)-most:]...), true
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, false, err
		}
	}
	if len(text) > most {
		text, cut = text[len(text)-most:], true
	}
	return text, cut, nil
}

// scan looks at all hosts of a site. tell is called by one goroutine at a time.
func (env *environment) scan(ctx context.Context, s *site.Site, ask remote.Asker, o diagnose.Options) (diagnose.Report, error) {
	var err error
	if o.Hide, err = hider(env, s); err != nil {
		return diagnose.Report{}, err
	}
	pool := remote.NewPool(remote.Options{Site: s, Ask: ask, Getenv: env.getenv, Dial: 5 * time.Second, Handshake: 12 * time.Second, Login: 20 * time.Second})
	defer pool.Close()
	var hosts []diagnose.Host
	for _, h := range s.Hosts {
		host, err := pool.Host(h.Name)
		if err != nil {
			return diagnose.Report{}, err
		}
		hosts = append(hosts, host)
	}
	return diagnose.Scan(ctx, hosts, o), ctx.Err()
}

func scanSite(ctx context.Context, env *environment, sitePath string, asJSON bool, back, limit time.Duration) error {
	s, err := loadSite(env, sitePath)
	if err != nil {
		return err
	}
	w := env.Words.Diagnose
	var mu sync.Mutex
	done := 0
	tell := func(p diagnose.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if p.State == diagnose.Done || p.State == diagnose.Failed {
			done++
			fmt.Fprintf(env.Err, "%s  %s: %s\n", i18n.Fill(w.Scanning, "done", strconv.Itoa(done), "all", strconv.Itoa(len(s.Hosts))), p.Host, i18n.Word(w.States, string(p.State)))
		}
	}
	m, looks, err := ownSignatures(env)
	if err != nil {
		return err
	}
	report, err := env.scan(ctx, s, newAsker(env.Streams), diagnose.Options{Matcher: m, Looks: looks, Back: back, Limit: limit, Tell: tell})
	if err != nil {
		return err
	}
	if err := tellReport(env, report, asJSON); err != nil {
		return err
	}
	if len(report.Read) == 0 {
		return ended(4)
	}
	return nil
}

// tellReport prints what was found.
func tellReport(env *environment, r diagnose.Report, asJSON bool) error {
	if asJSON {
		out := json.NewEncoder(env.Out)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	w, lang := env.Words.Diagnose, env.Words.Lang
	var b strings.Builder
	if len(r.Findings) == 0 {
		fmt.Fprintf(&b, "%s\n%s\n", w.Nothing, w.NothingMore)
	} else {
		fmt.Fprintf(&b, "%s\n", i18n.Fill(w.Found, "n", strconv.Itoa(len(r.Findings))))
	}
	for i, f := range r.Findings {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, f.Means.In(lang))
		note := []string{f.ID, i18n.Fill(w.Again, "n", strconv.Itoa(f.Count))}
		if f.Verdict == signatures.Harmless {
			note = append([]string{w.Harmless}, note...)
		}
		if f.Live {
			note = append(note, w.Live)
		}
		if f.Past {
			note = append(note, w.Past)
		}
		if hosts := f.Hosts(); len(hosts) > 0 {
			note = append(note, i18n.Fill(w.OnHosts, "hosts", strings.Join(hosts, ", ")))
		}
		fmt.Fprintf(&b, "   (%s)\n   %s\n", strings.Join(note, "; "), f.Do.In(lang))
		if f.Verdict == signatures.Outage && !f.Past {
			text := w.Run
			if !inLibraries(env, f.Runbook) {
				text = w.NoRunbook
			}
			fmt.Fprintf(&b, "   %s\n", i18n.Fill(text, "id", f.Runbook))
		}
		for j, p := range f.Places {
			if j == mostShown {
				fmt.Fprintf(&b, "   %s\n", i18n.Fill(w.MorePlaces, "n", strconv.Itoa(len(f.Places)-j)))
				break
			}
			fmt.Fprintf(&b, "     %s\n       %s\n", placeWords(w, p), celltext.Plain(p.Text))
		}
	}
	if len(r.Unread) > 0 {
		fmt.Fprintf(&b, "\n%s:\n", w.Unread)
		for _, u := range r.Unread {
			fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(unreadWords(env.Words, u), "\n", "\n    "))
		}
	}
	var files, lines int
	var size int64
	for _, s := range r.Read {
		files, lines, size = files+s.Files, lines+s.Lines, size+s.Bytes
	}
	if len(r.Read) > 0 && r.Read[0].Host != "" {
		fmt.Fprintf(&b, "\n%s\n", i18n.Fill(w.Read, "hosts", strconv.Itoa(len(r.Read)), "files", strconv.Itoa(files),
			"size", fmt.Sprintf("%.1f MiB", float64(size)/(1<<20)), "lines", strconv.Itoa(lines)))
	}
	_, err := io.WriteString(env.Out, logtext.Clean([]byte(b.String())))
	return err
}

// mostShown is how many places of a finding are printed.
const mostShown = 4

func placeWords(w i18n.Diagnose, p diagnose.Place) string {
	var parts []string
	if p.Host != "" {
		parts = append(parts, p.Host)
	}
	switch {
	case p.Line > 0 && p.Source == "-":
		parts = append(parts, strings.TrimSpace(i18n.Fill(w.Line, "source", "", "line", strconv.Itoa(p.Line))))
	case p.Line > 0:
		parts = append(parts, i18n.Fill(w.Line, "source", p.Source, "line", strconv.Itoa(p.Line)))
	case strings.HasPrefix(p.Source, "/"):
		parts = append(parts, i18n.Fill(w.At, "source", p.Source, "offset", strconv.FormatInt(p.Offset, 10)))
	default:
		parts = append(parts, p.Source)
	}
	if p.Time != "" {
		parts = append(parts, p.Time)
	}
	if p.Count > 1 {
		parts = append(parts, i18n.Fill(w.Again, "n", strconv.Itoa(p.Count)))
	}
	return strings.Join(parts, "  ")
}

func unreadWords(words *i18n.Catalogue, u diagnose.Unread) string {
	w := words.Diagnose
	if u.Problem != nil {
		return explained(words, u.Problem)
	}
	return strings.TrimSpace(u.Host + "  " + i18n.Word(w.What, u.What) + ": " + cmp.Or(u.Left(words), i18n.Word(w.Why, u.Why)))
}
