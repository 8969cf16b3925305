package ui

import (
	"context"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"stackhand/ui/theme"
)

// NewApp is the root for tests, with their clock.
func NewApp(ctx context.Context, o Options, now func() time.Time) *App {
	a := newApp(ctx, o)
	a.now = now
	return a
}

// Join waits for the viewer's goroutines.
func (a *App) Join() { a.flows.wg.Wait() }

// WithProgram adds options to the program that Run makes, and takes hangups from a channel.
func (o Options) WithProgram(hangup chan os.Signal, p ...tea.ProgramOption) Options {
	o.hangup, o.program = hangup, p
	return o
}

// Settle is what Run makes of options for a terminal.
func (o Options) Settle() (Options, error) { return o.settle() }

// Latin maps a key as the root does.
func Latin(k tea.KeyPressMsg, typing bool) tea.KeyPressMsg { return latin(k, typing) }

// Acting tells whether keys may change hosts.
func (a *App) Acting() bool { return a.acting }

// InDialog tells whether a dialog is open.
func (a *App) InDialog() bool { return a.dialog() != nil }

func newTheme() *theme.Theme { return theme.New(true, false) }

// RaceOn tells that times mean nothing, and that everything takes ten times as long.
const RaceOn = raceOn
