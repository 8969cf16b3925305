package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"stackhand/internal/engine"
	"stackhand/internal/run"
	"stackhand/internal/secret"
	"stackhand/internal/site"
	"stackhand/runbooks/judgements"
	"stackhand/steps"
)

// settings is what a run directory keeps besides procedure and site.
type settings struct {
	engine.Settings
	SitePath string `json:"site_path"` // for paths relative to it
}

// handover is what a new engine gets over a pipe and nowhere else.
type handover struct {
	Secrets map[string]string `json:"secrets,omitempty"` // typed ones
	Decide  map[string]string `json:"decide,omitempty"`  // answers given ahead, by step
	At      int64             `json:"at,omitempty"`      // the newest event when they were given: engine.Options.DecidedAt
	OnAsk   string            `json:"on_ask,omitempty"`  // wait | park, as who attaches can answer; "": as the run began
}

// engineCommand is the engine as a process of its own. It reads its handover, JSON, from file
// descriptor 3 when that is a pipe.
func engineCommand(env *environment) *cobra.Command {
	return &cobra.Command{
		Use: "__engine DIR", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var h handover
			if f := os.NewFile(3, "secrets"); f != nil {
				if info, err := f.Stat(); err == nil && info.Mode()&os.ModeNamedPipe != 0 {
					json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&h)
				}
				f.Close()
			}
			// A closing terminal must not end a run: the engine has no terminal, and a hang-up
			// that is sent to it all the same is for somebody else.
			signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE)
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			err := runEngine(ctx, env, args[0], h)
			if errors.Is(err, run.ErrLocked) {
				return nil // somebody was quicker; the caller becomes a viewer
			}
			return err
		},
	}
}

// runEngine takes a run directory and runs it to its end.
func runEngine(ctx context.Context, env *environment, path string, h handover) error {
	dir, err := run.OpenDir(path)
	if err != nil {
		return err
	}
	unlock, err := lockRun(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	o, err := loadRun(env, dir, h)
	if err != nil {
		return err
	}
	journal, events, err := run.OpenJournal(dir.JournalPath(), time.Now)
	if err != nil {
		return err
	}
	defer journal.Close()
	o.Journal, o.Events = journal, events
	asker := &lateAsker{}
	hosts, closeHosts := newRunHosts(env, o.Site, dir.ID(), asker)
	defer closeHosts()
	o.Hosts = hosts
	if env.wrap != nil {
		o.Journal, o.Hosts = env.wrap(o.Journal, o.Hosts)
	}
	e := engine.New(*o)
	asker.set(e)
	return e.Run(ctx)
}

// lockRun waits a moment for the lock: an engine that is just ending still has it.
func lockRun(ctx context.Context, dir *run.Dir) (func() error, error) {
	for end := time.Now().Add(3 * time.Second); ; {
		unlock, err := dir.Lock()
		if !errors.Is(err, run.ErrLocked) || time.Now().After(end) || dir.EngineAlive() {
			return unlock, err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// loadRun reads what a run was made with.
func loadRun(env *environment, dir *run.Dir, h handover) (*engine.Options, error) {
	source, err := dir.Procedure()
	if err != nil {
		return nil, err
	}
	siteText, err := dir.Site()
	if err != nil {
		return nil, err
	}
	settingsText, err := dir.Settings()
	if err != nil {
		return nil, err
	}
	var set settings
	if err := json.Unmarshal(settingsText, &set); err != nil {
		return nil, fmt.Errorf("cannot read the settings of run %s: %w", dir.ID(), err)
	}
	p, found := steps.Parse(filepath.Join(dir.Path(), "procedure.yaml"), source)
	if err := found.Err(); err != nil {
		return nil, err
	}
	s, err := site.Parse(siteText, set.SitePath)
	if err != nil {
		return nil, err
	}
	store, err := secret.Open(run.Home(env.getenv), s.Name)
	if err != nil {
		return nil, err
	}
	for name, value := range h.Secrets {
		store.Put(name, value)
	}
	at := int64(0)
	if len(h.Decide) > 0 {
		set.Decide, at = h.Decide, h.At
	}
	if h.OnAsk != "" {
		set.OnAsk = h.OnAsk
	}
	return &engine.Options{
		Dir: dir, Procedure: p, Site: s, Secrets: store, Judgements: judgements.All(), Settings: set.Settings, DecidedAt: at,
		Console: console(), Boot: consoleBoot(), Who: who(), Version: version(),
	}, nil
}

// newRun makes the directory of a new run, with its first event.
func newRun(env *environment, o engine.Options, sitePath string) (*run.Dir, error) {
	siteText, err := yaml.Marshal(o.Site)
	if err != nil {
		return nil, err
	}
	set, err := json.MarshalIndent(settings{o.Settings, sitePath}, "", "  ")
	if err != nil {
		return nil, err
	}
	last, err := run.LastBaseline(run.Root(env.getenv), o.Site.Name)
	if err != nil {
		return nil, err
	}
	baseline, err := last.Encode()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	id := run.NewID(now)
	dir, err := run.Create(run.Root(env.getenv), id, run.Files{Procedure: o.Procedure.Source, Site: siteText, Settings: set, Baseline: baseline})
	if err != nil {
		return nil, err
	}
	journal, _, err := run.OpenJournal(dir.JournalPath(), time.Now)
	if err != nil {
		return nil, err
	}
	defer journal.Close()
	_, err = journal.Append(engine.Begin(o, id))
	return dir, err
}

// startEngine starts the engine of a run as a session of its own and waits until it answers,
// or has ended.
func startEngine(ctx context.Context, dir *run.Dir, h handover) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot start the engine: %w", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("cannot start the engine: %w", err)
	}
	defer r.Close()
	logFile, err := os.OpenFile(filepath.Join(dir.Path(), "engine.log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		w.Close()
		return fmt.Errorf("cannot start the engine: %w", err)
	}
	defer logFile.Close()
	begin, _ := logFile.Seek(0, io.SeekEnd)
	cmd := exec.Command(self, "__engine", dir.Path())
	cmd.ExtraFiles = []*os.File{r}
	cmd.Stdout, cmd.Stderr = logFile, logFile
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		w.Close()
		return fmt.Errorf("cannot start the engine: %w", err)
	}
	err = json.NewEncoder(w).Encode(h)
	w.Close()
	if err != nil {
		return fmt.Errorf("cannot hand the secrets to the engine: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // ends with the engine, which may outlive us
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if err != nil {
				said := make([]byte, 4<<10)
				n, _ := logFile.ReadAt(said, begin)
				if st, failed := dir.State(); failed == nil && st.Parked != nil && st.Parked.Why == "disk" {
					return nil // that is in the journal, for the viewer to show
				}
				return fmt.Errorf("the engine ended: %w: %s", err, strings.TrimSpace(string(said[:n])))
			}
			return nil
		case <-tick.C:
			if dir.EngineAlive() {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func console() string {
	name, err := os.Hostname()
	if err != nil {
		return "console"
	}
	return name
}

func consoleBoot() string {
	data, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

func who() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return fmt.Sprint(os.Getuid())
}
