package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"stackhand/internal/i18n"
	"stackhand/internal/remote"
	"stackhand/internal/site"
)

// hostsCommand is "stackhand hosts": check and shell.
func hostsCommand(env *environment) *cobra.Command {
	w := env.Words.Hosts
	hosts := group("hosts", w.Short)
	path := hosts.PersistentFlags().String("site", "", env.Words.CLI.FlagSite)
	completeYAML(hosts, "site")

	check := &cobra.Command{
		Use: "check", Short: w.ShortCheck, Args: usage(cobra.NoArgs),
	}
	asJSON := check.Flags().Bool("json", false, w.FlagJSON)
	check.RunE = func(cmd *cobra.Command, _ []string) error {
		found, err := loadSite(env, *path)
		if err != nil {
			return err
		}
		return hostsCheck(cmd.Context(), env.Streams, found, *asJSON)
	}
	shell := &cobra.Command{
		Use: "shell HOST", Short: w.ShortShell, Args: usage(cobra.ExactArgs(1)),
		ValidArgsFunction: onlyFirst(completeHosts(env, path)),
		RunE: func(cmd *cobra.Command, args []string) error {
			found, err := loadSite(env, *path)
			if err != nil {
				return err
			}
			return hostsShell(cmd.Context(), env.Streams, found, args[0])
		},
	}
	hosts.AddCommand(check, shell)
	return hosts
}

// loadSite reads the site that is meant and says all that is wrong with it.
func loadSite(env *environment, path string) (*site.Site, error) {
	path, err := sitePath(env, path)
	if err != nil {
		return nil, err
	}
	found, err := site.Load(path)
	if err == nil {
		return found, nil
	}
	for _, p := range site.Problems(err) {
		fmt.Fprintln(env.Err, explain(env.Words, p))
	}
	return nil, ended(2)
}

func hostsCheck(ctx context.Context, s Streams, found *site.Site, asJSON bool) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, unix.SIGTERM)
	defer stop()
	pool := remote.NewPool(remote.Options{Site: found, Ask: newAsker(s)})
	defer pool.Close()
	var names []string
	for _, h := range found.Hosts {
		names = append(names, h.Name)
	}
	var rows []remote.Row
	if asJSON {
		lines := json.NewEncoder(s.Out)
		var failed error
		rows = remote.Survey(ctx, pool, names, func(r remote.Row) {
			if r.Done && failed == nil {
				failed = lines.Encode(r)
			}
		})
		if failed != nil {
			return failed
		}
	} else {
		rows = remote.Survey(ctx, pool, names, nil)
		if err := writeMatrix(s, rows); err != nil {
			return err
		}
	}
	for _, r := range rows {
		if r.Trust == remote.Yes {
			return nil
		}
	}
	return ended(4)
}

// clockWarning is how far a clock may be away before it is told: Galera, Keystone's tokens and
// cron do well with less.
const clockWarning = 2 * time.Second

func writeMatrix(s Streams, rows []remote.Row) error {
	w := s.Words.Hosts
	answer := map[remote.Answer]string{remote.Yes: w.Yes, remote.No: w.No, remote.Untold: w.Unknown}
	table := [][]string{{w.Host, w.Reach, w.Trust, w.Login, w.Sudo, w.Platform, w.Clock}}
	for _, r := range rows {
		platform, clock := r.Platform, w.Unknown
		if platform == "" {
			platform = w.Unknown
		} else {
			clock = offset(w, r)
		}
		table = append(table, []string{r.Host, answer[r.Reach], answer[r.Trust], answer[r.Login], answer[r.Sudo], platform, clock})
	}
	if _, err := io.WriteString(s.Out, columns(table)); err != nil {
		return err
	}
	for _, r := range rows {
		if r.Self {
			fmt.Fprintln(s.Out, i18n.Fill(w.SelfWarning, "host", r.Host))
		}
		if r.Offset.Abs() > clockWarning+r.RTT {
			fmt.Fprintln(s.Out, i18n.Fill(w.ClockWarning, "host", r.Host, "by", r.Offset.Abs().Round(100*time.Millisecond).String()))
		}
		if r.Problem != nil {
			fmt.Fprintln(s.Out, explain(s.Words, r.Problem))
		}
	}
	return nil
}

// offset is a clock's distance. Below the round trip it cannot be told from none.
func offset(w i18n.Hosts, r remote.Row) string {
	text, d := w.Ahead, r.Offset
	switch {
	case d.Abs() <= r.RTT:
		text, d = w.Same, r.RTT
	case d < 0:
		text = w.Behind
	}
	return i18n.Fill(text, "by", d.Abs().Round(time.Millisecond).String())
}

// columns lines a table up by what the terminal shows: a Hangul syllable takes two cells.
func columns(table [][]string) string {
	var widths []int
	for _, row := range table {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	var b strings.Builder
	for _, row := range table {
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-ansi.StringWidth(cell)+2))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func hostsShell(ctx context.Context, s Streams, found *site.Site, name string) error {
	in, ok := s.In.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return usageError{errors.New(s.Words.Hosts.NoTerminal)}
	}
	pool := remote.NewPool(remote.Options{Site: found, Ask: newAsker(s)})
	defer pool.Close()
	h, err := pool.Host(name)
	if err != nil {
		return err
	}
	if err := h.Connect(ctx); err != nil {
		return err
	}
	size := func() remote.Size {
		w, h, err := term.GetSize(int(in.Fd()))
		if err != nil {
			return remote.Size{Width: 80, Height: 24}
		}
		return remote.Size{Width: w, Height: h}
	}
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, unix.SIGWINCH)
	defer signal.Stop(changed)
	resize := make(chan remote.Size)
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	wg.Go(func() {
		for {
			select {
			case <-changed:
				select {
				case resize <- size():
				case <-ctx.Done():
					return
				}
			case <-ctx.Done():
				return
			}
		}
	})
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("cannot set the terminal: %w", err)
	}
	defer term.Restore(int(in.Fd()), old)
	status, err := h.Shell(ctx, remote.Terminal{
		In: in, Out: s.Out, Err: s.Err, Term: os.Getenv("TERM"), Size: size(), Resize: resize,
	})
	if err != nil {
		return err
	}
	if status != 0 {
		return ended(status)
	}
	return nil
}

// asker asks at the terminal: secrets without showing them.
type asker struct {
	s   Streams
	tty *os.File // nil: there is none
	in  *bufio.Reader
}

func newAsker(s Streams) *asker {
	a := &asker{s: s}
	if f, ok := s.In.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		a.tty = f
		a.in = bufio.NewReader(f)
	}
	return a
}

func (a *asker) line(ctx context.Context, prompt string, echo bool) (string, error) {
	if a.tty == nil {
		return "", errors.New(a.s.Words.Hosts.NobodyToAsk)
	}
	fmt.Fprint(a.s.Err, prompt)
	type read struct {
		text string
		err  error
	}
	done := make(chan read, 1)
	go func() { // a read of a terminal cannot be ended; the program ends then
		if echo {
			text, err := a.in.ReadString('\n')
			done <- read{strings.TrimRight(text, "\r\n"), err}
			return
		}
		secret, err := term.ReadPassword(int(a.tty.Fd()))
		fmt.Fprintln(a.s.Err)
		done <- read{string(secret), err}
	}()
	select {
	case r := <-done:
		if errors.Is(r.err, io.EOF) {
			return "", errors.New(a.s.Words.Hosts.NobodyToAsk)
		}
		return r.text, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// HostKey implements remote.Asker.
func (a *asker) HostKey(ctx context.Context, host, keyType, fingerprint string) (bool, error) {
	w := a.s.Words.Hosts
	text, err := a.line(ctx, i18n.Fill(w.AskKey, "host", host, "type", keyType, "fingerprint", fingerprint), true)
	return strings.EqualFold(strings.TrimSpace(text), w.AskYes), err
}

// Secret implements remote.Asker.
func (a *asker) Secret(ctx context.Context, host, kind, prompt string, echo bool) (string, error) {
	w := a.s.Words.Hosts
	text := map[string]string{"password": w.AskPassword, "passphrase": w.AskPassphrase, "sudo": w.AskSudo}[kind]
	if text == "" {
		text = "{host}: {prompt} " // as the host asks
	}
	return a.line(ctx, i18n.Fill(text, "host", host, "prompt", prompt), echo)
}
