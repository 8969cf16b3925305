package ui_test

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// driver runs an App without a terminal: commands in goroutines, messages one by one, time
// as the bubble has it.
type driver struct {
	t    *testing.T
	app  *ui.App
	msgs chan tea.Msg
	wg   sync.WaitGroup
	stop context.CancelFunc
	quit bool
}

// alive watches a run whose engine works, without its socket: blocking on one would hold the
// bubble's clock.
type alive struct{ *stage.Backend }

func (b alive) Open(ctx context.Context, dir string) (ui.Watcher, error) {
	w, err := b.Backend.Open(ctx, dir)
	return aliveWatcher{w}, err
}

type aliveWatcher struct{ ui.Watcher }

func (aliveWatcher) Alive(context.Context) bool { return true }

// drive runs a test with an App of a size.
func drive(t *testing.T, w, h int, o ui.Options, test func(d *driver)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		d := &driver{t: t, msgs: make(chan tea.Msg), stop: cancel, app: ui.NewApp(ctx, o, time.Now)}
		d.send(tea.WindowSizeMsg{Width: w, Height: h})
		d.exec(d.app.Init())
		d.wait(time.Second)
		test(d)
		cancel()
		done := make(chan struct{})
		go func() { d.wg.Wait(); d.app.Join(); close(done) }()
		for {
			select {
			case <-d.msgs:
			case <-done:
				return
			}
		}
	})
}

func (d *driver) exec(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.wg.Go(func() { d.msgs <- cmd() })
}

// send is one turn of the loop.
func (d *driver) send(msg tea.Msg) {
	if msg == nil {
		return
	}
	if _, ok := msg.(tea.QuitMsg); ok {
		d.quit = true
		return
	}
	if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for i := range v.Len() { // batches and sequences
			d.exec(v.Index(i).Interface().(tea.Cmd))
		}
		return
	}
	_, cmd := d.app.Update(msg)
	d.app.View() // as the program does after each
	d.exec(cmd)
}

// wait lets time pass.
func (d *driver) wait(dur time.Duration) {
	end := time.After(dur)
	for {
		select {
		case m := <-d.msgs:
			d.send(m)
		case <-end:
			return
		}
	}
}

// keys presses keys by name, with a little time after each.
func (d *driver) keys(names ...string) {
	for _, n := range names {
		d.send(press(n))
		d.wait(100 * time.Millisecond)
	}
}

func press(name string) tea.KeyPressMsg {
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace}
	if r, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: r}
	}
	if l, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: []rune(l)[0], Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screen is what is shown, without styles and trailing space.
func (d *driver) screen() string {
	lines := strings.Split(ansi.Strip(d.app.View().Content), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func (d *driver) wants(texts ...string) {
	d.t.Helper()
	s := d.screen()
	for _, x := range texts {
		if !strings.Contains(s, x) {
			d.t.Errorf("the screen does not show %q:\n%s", x, s)
		}
	}
}

func (d *driver) lacks(texts ...string) {
	d.t.Helper()
	s := d.screen()
	for _, x := range texts {
		if strings.Contains(s, x) {
			d.t.Errorf("the screen shows %q:\n%s", x, s)
		}
	}
}
