package ui

import (
	"charm.land/huh/v2"
	"charm.land/lipgloss/v2"
)

// formTheme is our theme for forms, computed once for each form. Airy ones have an empty line
// between two fields.
func (a *App) formTheme(airy bool) huh.Theme {
	th := a.th
	st := huh.ThemeBase(true)
	side := lipgloss.Border{Left: th.Bar}
	st.FieldSeparator = lipgloss.NewStyle().SetString("\n")
	if airy {
		st.FieldSeparator = lipgloss.NewStyle().SetString("\n\n")
	}
	f := &st.Focused
	f.Base = lipgloss.NewStyle().PaddingLeft(1).BorderStyle(side).BorderLeft(true).BorderForeground(th.AccentColor)
	f.Card = f.Base
	f.Title = th.Heading
	f.Description = th.Muted
	f.ErrorIndicator, f.ErrorMessage = th.Bad.SetString(" "+th.Failed), th.Bad
	f.SelectSelector = th.Selected.SetString(th.Cursor + " ")
	f.NextIndicator = th.Accent.MarginLeft(1).SetString(th.Arrow)
	f.PrevIndicator = th.Accent.MarginRight(1).SetString(th.Left)
	f.Option = th.Text
	f.TextInput.Cursor = th.Accent
	f.TextInput.Placeholder = th.Muted
	f.TextInput.Prompt = th.Accent
	b := &st.Blurred
	*b = *f
	b.Base = f.Base.BorderStyle(lipgloss.Border{Left: " "})
	b.Card = b.Base
	b.Title = th.Text
	b.NextIndicator, b.PrevIndicator = lipgloss.NewStyle(), lipgloss.NewStyle()
	b.TextInput.Prompt = th.Muted
	return huh.ThemeFunc(func(bool) *huh.Styles { return st })
}
