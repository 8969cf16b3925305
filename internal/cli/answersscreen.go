package cli

import "context"

// screen is the wizard on the full screen.
func (a *answering) screen(ctx context.Context) error { return a.lines(ctx) }
