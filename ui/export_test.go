package ui

import (
	"context"
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

// WithProgram adds options to the program that Run makes.
func (o Options) WithProgram(p ...tea.ProgramOption) Options { o.program = p; return o }

// Acting tells whether keys may change hosts.
func (a *App) Acting() bool { return a.acting }

// InDialog tells whether a dialog is open.
func (a *App) InDialog() bool { return a.dialog() != nil }

func newTheme() *theme.Theme { return theme.New(true, false) }
