package diagnose

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/runbooks/signatures"
)

// Host is what a scan asks of a host.
type Host interface {
	Name() string
	Connect(ctx context.Context) error
	Probe(ctx context.Context, p job.Probe) (job.Output, error)
}

// Options of Scan. Zero values are sensible.
type Options struct {
	Matcher *signatures.Matcher
	Looks   *signatures.Scan
	Hide    func(string) string // takes secrets out of what is shown
	Limit   time.Duration       // for each host, side by side; 0: 60 s
	Back    time.Duration       // how old a line may be; 0: 48 h
	File    int                 // bytes read of each file, from its end; 0: 512 KiB
	Total   int                 // bytes read of each host; 0: 16 MiB
	Tell    func(Progress)      // one call at a time; may be nil
}

// Progress is how far the scan is with a host.
type Progress struct {
	Host     string
	State    State
	Files    int
	Bytes    int64
	Findings int
	Problem  *problem.Problem
}

// State of a host in a scan: connecting -> reading -> done or failed.
type State string

// The states.
const (
	Connecting State = "connecting"
	Reading    State = "reading"
	Done       State = "done"
	Failed     State = "failed"
)

// mostPacked is what is taken of a host's logs while they are packed, and mostLook of a look.
const (
	mostPacked = 24 << 20
	mostLook   = 256 << 10
	lookLimit  = 15 * time.Second
	mostFiles  = 200
)

// Scan looks at all hosts side by side. It always returns a report: what could not be read is in
// it.
func Scan(ctx context.Context, hosts []Host, o Options) Report {
	o.Limit, o.Back = orElse(o.Limit, time.Minute), orElse(o.Back, 48*time.Hour)
	o.File, o.Total = orElse(o.File, 512<<10), orElse(o.Total, 16<<20)
	if o.Hide == nil {
		o.Hide = func(s string) string { return s }
	}
	var mu sync.Mutex
	tell := func(p Progress) {
		mu.Lock()
		defer mu.Unlock()
		if o.Tell != nil {
			o.Tell(p)
		}
	}
	seen := make([]*sight, len(hosts))
	var wg sync.WaitGroup
	for i, h := range hosts {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, o.Limit)
			defer cancel()
			s := &sight{o: o, host: h, source: Source{Host: h.Name()}}
			seen[i] = s
			tell(Progress{Host: h.Name(), State: Connecting})
			if err := h.Connect(ctx); err != nil {
				s.unreachable(err)
				tell(Progress{Host: h.Name(), State: Failed, Findings: len(s.hits), Problem: s.unread[0].Problem})
				return
			}
			tell(Progress{Host: h.Name(), State: Reading})
			s.look(ctx)
			s.logs(ctx)
			tell(Progress{Host: h.Name(), State: Done, Files: s.source.Files, Bytes: s.source.Bytes, Findings: len(s.hits)})
		})
	}
	wg.Wait()
	return gather(seen, o)
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// sight is what was seen of one host.
type sight struct {
	o      Options
	host   Host
	source Source
	hits   []hit
	unread []Unread
}

// hit is a finding with its place; unique is what must be on one host only.
type hit struct {
	f      Finding
	p      Place
	unique string
}

// gather folds what was seen of all hosts, in the order of hosts.
func gather(seen []*sight, o Options) Report {
	c := newCollector(o.Hide)
	r := Report{Unread: []Unread{}, Read: []Source{}}
	on := map[string][]string{} // what must be unique -> hosts
	for _, s := range seen {
		for _, h := range s.hits {
			if h.unique != "" && !slices.Contains(on[h.f.ID+h.unique], h.p.Host) {
				on[h.f.ID+h.unique] = append(on[h.f.ID+h.unique], h.p.Host)
			}
		}
	}
	for _, s := range seen {
		for _, h := range s.hits {
			if h.unique != "" {
				if len(on[h.f.ID+h.unique]) < 2 {
					continue
				}
				h.p.Source += " " + h.unique // each of them is a place of its own
			}
			c.add(h.f, h.p)
		}
		for _, u := range s.unread {
			u.Why = clip(o.Hide(u.Why))
			if u.Problem != nil {
				u.Problem = u.Problem.Redacted(o.Hide)
			}
			r.Unread = append(r.Unread, u)
		}
		if s.source.Bytes > 0 || s.source.Files > 0 {
			r.Read = append(r.Read, s.source)
		}
	}
	r.Findings = c.findings()
	return r
}

// unreachable says of a host that it cannot be logged in to, which is a finding by itself.
// Where TCP answers and the login hangs, the host is half-dead.
func (s *sight) unreachable(err error) {
	p := problem.Of(err)
	if p == nil {
		p = problem.New("remote.host", s.host.Name(), err, "what", "diagnose")
	}
	s.unread = append(s.unread, Unread{Host: s.host.Name(), What: "host", Problem: p})
	en, ko := i18n.For(i18n.English).Diagnose, i18n.For(i18n.Korean).Diagnose
	f := Finding{
		ID: "host-silent", Runbook: "all-hosts-down", Verdict: signatures.Outage, Layer: 1, Live: true,
		Means: i18n.Text{En: en.HostSilent, Ko: ko.HostSilent}, Do: i18n.Text{En: en.HostSilentDo, Ko: ko.HostSilentDo},
	}
	switch code := string(p.Code); {
	case code == "remote.handshake.timeout", code == "remote.login.timeout", code == "remote.lost", code == "remote.login.dropped":
		f.ID, f.Means, f.Do = "host-half-dead", i18n.Text{En: en.HalfDead, Ko: ko.HalfDead}, i18n.Text{En: en.HalfDeadDo, Ko: ko.HalfDeadDo}
	case strings.HasPrefix(code, "remote.tcp"):
	default:
		return // a key, a password, a name: nothing is wrong with the host
	}
	s.hits = append(s.hits, hit{f: f, p: Place{Host: s.host.Name(), Source: "ssh", Text: p.Error()}})
}

// look asks for the live state.
func (s *sight) look(ctx context.Context) {
	for i := range s.o.Looks.Looks {
		l := &s.o.Looks.Looks[i]
		out, err := s.host.Probe(ctx, job.Probe{Script: l.Probe, Sudo: true, Most: mostLook, Limit: lookLimit})
		if err != nil {
			s.unread = append(s.unread, Unread{Host: s.host.Name(), What: l.ID, Why: signatures.Clean([]byte(err.Error())), Problem: problem.Of(err)})
			if ctx.Err() != nil {
				return
			}
			continue
		}
		if out.Exit != 0 {
			s.unread = append(s.unread, Unread{Host: s.host.Name(), What: l.ID, Why: signatures.Clean(append(out.Stderr, out.Stdout...))})
		}
		for _, raw := range bytes.Split(out.Stdout, []byte("\n")) {
			line := signatures.Clean(raw)
			place := Place{Host: s.host.Name(), Source: l.ID, Text: line}
			found := false
			for j := range l.Bad {
				b := &l.Bad[j]
				if fields, ok := b.Find(line); ok {
					place.Fields = fields
					f := Finding{ID: l.ID, Runbook: b.Runbook, Verdict: b.Verdict, Layer: b.Layer, Live: true, Means: b.Means, Do: b.Do}
					s.hits = append(s.hits, hit{f: f, p: place, unique: fields[b.Unique]})
					found = true
					break
				}
			}
			if found {
				continue
			}
			for _, h := range s.o.Matcher.Line(raw, l.ID) {
				f := of(h.Signature)
				f.Live = true
				place.Fields = h.Fields
				s.hits = append(s.hits, hit{f: f, p: place})
			}
		}
	}
}

// logs reads the ends of the log files, packed, in one go.
func (s *sight) logs(ctx context.Context) {
	token := rand.Text()
	limit := 50 * time.Second
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(end))
	}
	out, err := s.host.Probe(ctx, job.Probe{Script: s.script(token), Sudo: true, Most: mostPacked, Limit: limit})
	if err != nil && len(out.Stdout) == 0 {
		s.unread = append(s.unread, Unread{Host: s.host.Name(), What: "logs", Why: signatures.Clean([]byte(err.Error())), Problem: problem.Of(err)})
		return
	}
	if err := s.read(out.Stdout, token); err != nil {
		s.unread = append(s.unread, Unread{Host: s.host.Name(), What: "logs", Why: signatures.Clean([]byte(err.Error() + " " + string(out.Stderr)))})
	}
}

// script prints, packed: a line with the host's clock; then for each file, newest first, a line
// with token, name, offset and its end. What cannot be read is a line too.
func (s *sight) script(token string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "t=%s\nfile=%d\nleft=%d\nback=%d\nmost=%d\n", token, s.o.File, s.o.Total, int(s.o.Back.Seconds()), mostFiles)
	fmt.Fprintf(&b, "globs='%s'\nunits='%s'\n", strings.Join(s.o.Looks.Logs, " "), strings.Join(s.o.Looks.Journal, " "))
	b.WriteString(`{
printf '@%s N %s\n' "$t" "$(date '+%Y-%m-%d %H:%M:%S')"
now=$(date +%s)
if command -v journalctl >/dev/null 2>&1; then
  printf '\n@%s F 0 journal\n' "$t"
  { journalctl -q --no-pager -o short-iso --since "-${back}s" -n 3000
    set --
    for u in $units; do set -- "$@" -u "$u"; done
    [ $# = 0 ] || journalctl -q --no-pager -o short-iso --since "-${back}s" -n 3000 "$@"; } 2>/dev/null | tail -c "$file"
fi
n=0
ls -1td -- $globs 2>/dev/null | while IFS= read -r f; do
  [ -f "$f" ] || continue
  set -- $(stat -L -c '%Y %s' -- "$f" 2>/dev/null)
  [ $# = 2 ] || { printf '\n@%s X %s\n' "$t" "$f"; continue; }
  [ $((now - $1)) -le "$back" ] || break
  [ "$2" -gt 0 ] || continue
  [ -r "$f" ] || { printf '\n@%s X %s\n' "$t" "$f"; continue; }
  n=$((n + 1))
  k=$file
  [ "$k" -le "$2" ] || k=$2
  if [ "$k" -gt "$left" ] || [ "$n" -gt "$most" ]; then printf '\n@%s L %s\n' "$t" "$f"; continue; fi
  left=$((left - k))
  printf '\n@%s F %s %s\n' "$t" $(($2 - k)) "$f"
  tail -c "+$(($2 - k + 1))" -- "$f" | head -c "$k"
done
printf '\n@%s E\n' "$t"
} | gzip -1 -c
`)
	return b.String()
}

// mostUnpacked is what is taken of unpacked logs: what the script may give and some more.
func (s *sight) mostUnpacked() int64 { return int64(s.o.Total+s.o.File)*2 + 1<<20 }

// read unpacks what the script printed and matches it.
func (s *sight) read(packed []byte, token string) error {
	if len(packed) == 0 {
		return errors.New("nothing came")
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return fmt.Errorf("cannot unpack the logs: %w", err)
	}
	in := bufio.NewReaderSize(io.LimitReader(z, s.mostUnpacked()), 64<<10)
	mark := "@" + token + " "
	var now time.Time
	var file *logText
	left := 0
	flush := func() {
		if file != nil {
			s.match(file, now)
			file = nil
		}
	}
	for {
		line, err := in.ReadBytes('\n')
		if bytes.HasPrefix(line, []byte(mark)) {
			word, rest, _ := strings.Cut(strings.TrimRight(string(line[len(mark):]), "\n"), " ")
			flush()
			switch word {
			case "N":
				now, _ = time.Parse("2006-01-02 15:04:05", rest)
			case "F":
				off, name, _ := strings.Cut(rest, " ")
				n, _ := strconv.ParseInt(off, 10, 64)
				file = &logText{name: signatures.Clean([]byte(name)), offset: n}
			case "X":
				s.unread = append(s.unread, Unread{Host: s.host.Name(), What: signatures.Clean([]byte(rest)), Why: "permission"})
			case "L":
				left++
			case "E":
				if left > 0 {
					s.unread = append(s.unread, Unread{Host: s.host.Name(), What: "logs", Why: "limit", Count: left})
				}
				return nil
			}
			continue
		}
		if file != nil {
			file.text = append(file.text, line...)
		}
		if err != nil {
			flush()
			s.unread = append(s.unread, Unread{Host: s.host.Name(), What: "logs", Why: "incomplete"})
			return nil
		}
	}
}

// logText is the end of one file.
type logText struct {
	name   string
	offset int64 // where text begins in the file
	text   []byte
}

// match finds signatures in a file, line by line. A first line that was cut is left out.
func (s *sight) match(f *logText, now time.Time) {
	text := bytes.TrimSuffix(f.text, []byte("\n")) // the script's own
	s.source.Files++
	s.source.Bytes += int64(len(text))
	at := f.offset
	if f.offset > 0 {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return
		}
		text, at = text[i+1:], at+int64(i)+1
	}
	service := path.Base(path.Dir(f.name)) + "/" + path.Base(f.name)
	first := len(s.hits)
	told := map[*signatures.Signature]map[string]*same{} // hits of this log that are not over
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		s.source.Lines++
		s.pass(line, told)
		for _, h := range s.o.Matcher.Line(line, service) {
			if stale(h.Evidence, now, s.o.Back) {
				continue
			}
			p := Place{Host: s.host.Name(), Source: f.name, Offset: at, Time: signatures.Time(h.Evidence), Text: h.Evidence, Fields: h.Fields}
			if len(h.Signature.Past) > 0 {
				tell(told, h, len(s.hits))
			}
			s.hits = append(s.hits, hit{f: of(h.Signature), p: p})
		}
		at += int64(len(line)) + 1
	}
	// What is over comes first, so that the place shown is one that is not, where there is one.
	slices.SortStableFunc(s.hits[first:], func(a, b hit) int { return no(a.f.Past) - no(b.f.Past) })
}

// same are hits of a signature that captured the same, and so are over together: a storm of lines
// costs no more than one of them.
type same struct {
	fields map[string]string
	hits   []int
}

func tell(told map[*signatures.Signature]map[string]*same, h signatures.Hit, at int) {
	if told[h.Signature] == nil {
		told[h.Signature] = map[string]*same{}
	}
	key := fmt.Sprint(h.Fields)
	if told[h.Signature][key] == nil {
		told[h.Signature][key] = &same{fields: h.Fields}
	}
	told[h.Signature][key].hits = append(told[h.Signature][key].hits, at)
}

// pass marks what a line says is over.
func (s *sight) pass(line []byte, told map[*signatures.Signature]map[string]*same) {
	if len(told) == 0 {
		return
	}
	text := signatures.Clean(line)
	for g, all := range told {
		for _, end := range g.Ends(text) {
			for key, some := range all {
				if !end.Of(some.fields) {
					continue
				}
				for _, i := range some.hits {
					s.hits[i].f.Past = true
				}
				delete(all, key)
			}
		}
	}
}
