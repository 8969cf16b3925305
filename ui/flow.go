package ui

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// flows are the goroutines of the viewer: calls of the backend that tell more than one thing.
// Run joins them after the program has ended.
type flows struct {
	ctx context.Context
	wg  sync.WaitGroup
}

func newFlows(ctx context.Context) *flows { return &flows{ctx: ctx} }

// flow is one call under way. What it tells comes in bundles to its screen as flowMsg; the
// screen asks for the next one with more.
type flow struct {
	app    *App
	to     screen
	items  chan any
	cancel context.CancelFunc
	err    error // valid once items is closed
}

// flowMsg is what a flow told since the last time.
type flowMsg struct {
	from  *flow
	items []any
	done  bool
	err   error
}

// stream starts a call whose items come to the screen.
func (a *App) stream(s screen, call func(ctx context.Context, tell func(any)) error) (*flow, tea.Cmd) {
	ctx, cancel := context.WithCancel(a.flows.ctx)
	f := &flow{app: a, to: s, items: make(chan any, 64), cancel: cancel}
	a.flows.wg.Go(func() {
		defer close(f.items)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				f.err = fmt.Errorf("the program made a mistake: %v\n%s", p, debug.Stack())
			}
		}()
		f.err = call(ctx, func(item any) {
			select {
			case f.items <- item:
			case <-ctx.Done():
			}
		})
	})
	return f, f.more()
}

// more waits for the next bundle.
func (f *flow) more() tea.Cmd {
	return f.app.do(f.to, func(context.Context) tea.Msg {
		item, ok := <-f.items
		if !ok {
			return flowMsg{from: f, done: true, err: f.err}
		}
		m := flowMsg{from: f, items: []any{item}}
		for len(m.items) < 256 {
			select {
			case item, ok := <-f.items:
				if !ok {
					m.done, m.err = true, f.err
					return m
				}
				m.items = append(m.items, item)
			default:
				return m
			}
		}
		return m
	})
}
