package cli

import "context"

// screen is the wizard on the full screen, at the draft that the command opened.
func (a *answering) screen(ctx context.Context) error {
	if err := a.save(); err != nil {
		return err
	}
	return answersScreen(ctx, a.env, "", a.draft, a.drafts)
}

// plainly tells that nothing but the site was asked for: the screen begins with the drafts.
func (r *answersRequest) plainly() bool {
	return r.format == "" && r.mode == "" && r.name == "" && r.out == "" && len(r.from) == 0 && len(r.set) == 0 && !r.yes && !r.plain && !r.probe
}
