package ui

import (
	tea "charm.land/bubbletea/v2"

	"stackhand/ui/celltext"
)

// list is a cursor over n rows of which h are to be seen.
type list struct{ sel, top int }

// key moves the cursor; false when the key is not one of its own.
func (l *list) key(k tea.KeyPressMsg, n, page int) bool {
	switch k.String() {
	case "up", "k":
		l.sel--
	case "down", "j":
		l.sel++
	case "pgup":
		l.sel -= max(page, 1)
	case "pgdown":
		l.sel += max(page, 1)
	case "home", "g":
		l.sel = 0
	case "end", "G":
		l.sel = n - 1
	default:
		return false
	}
	l.clamp(n)
	return true
}

func (l *list) clamp(n int) { l.sel = max(min(l.sel, n-1), 0) }

// window gives the rows to draw in h lines, with the cursor among them.
func (l *list) window(n, h int) (from, to int) {
	l.clamp(n)
	if h <= 0 {
		return 0, 0
	}
	if l.sel < l.top {
		l.top = l.sel
	}
	if l.sel >= l.top+h {
		l.top = l.sel - h + 1
	}
	l.top = max(min(l.top, n-h), 0)
	return l.top, min(l.top+h, n)
}

// row draws one line of a list: the cursor's sign, text at the left, a note at the right.
func (a *App) row(selected bool, left, right string, w int) string {
	mark := "  "
	if selected {
		mark = a.th.Selected.Render(a.th.Cursor) + " "
		left = a.th.Selected.Render(left)
	}
	rw := celltext.Width(right)
	if rw > w/2 {
		rw, right = 0, ""
	}
	lw := w - 2 - rw
	if rw > 0 {
		lw--
	}
	out := mark + celltext.Pad(left, max(lw, 0), a.th.More)
	if rw > 0 {
		out += " " + a.th.Muted.Render(right)
	}
	return out
}

// sides puts two columns beside each other with a thin line between, h lines high.
func (a *App) sides(left, right []string, lw, w, h int) []string {
	out := make([]string, h)
	bar := a.th.Frame.Render(a.th.Bar)
	for i := range out {
		var l, r string
		if i < len(left) {
			l = left[i]
		}
		if i < len(right) {
			r = right[i]
		}
		out[i] = celltext.Pad(l, lw, a.th.More) + " " + bar + " " + celltext.Cut(r, w-lw-3, "")
	}
	return out
}
