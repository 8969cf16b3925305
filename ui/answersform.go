package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"stackhand/internal/i18n"
	"stackhand/ui/celltext"
)

// formRow is one question of a form as it is drawn. What is secret comes masked.
type formRow struct {
	key     string
	group   string // a heading above the first row of each; "" for none
	label   string
	value   string // as shown; "" where nothing is there
	raw     string // what editing begins with; "" for a secret
	note    string // behind the value: default, changed, …
	changed bool   // not the default
	wrong   bool   // a finding says so
	warned  bool
	about   []string // what it changes, its default, its key
	faults  []string // what is wrong with the value that it has
	choices []string // free text where empty
	names   []string // of the choices, where they are not their own
	free    bool     // something else than the choices may be typed
	flips   bool     // yes or no: one key turns it over
	secret  bool
	lists   bool // a list separated by commas: pasted lines are joined by them
}

// refusal is what is wrong with something that was typed.
type refusal struct {
	text    []string
	canKeep bool // the installer would accept it: the operator may, too
}

// form is questions one below the other, with a cursor; the one under it can be edited on its
// line. Below the list it is said what the question changes and what is wrong. The form keeps
// no value: rows gives them anew each time, and set takes an answer.
//
//	choosing ── enter ──► typing ── enter, tab, up, down: set, refused or taken ──► choosing
//	   ▲                    │
//	   └─────── esc ────────┘
type form struct {
	app     *App
	list    list
	page    int
	edit    *field
	of      formRow // that is being typed
	refused refusal
	rows    func() []formRow
	set     func(r formRow, value string, keep bool) (refusal, tea.Cmd)
	x, y    int // of the text cursor in the last view; -1
}

func (f *form) typing() bool { return f.edit != nil }

// current is the row under the cursor.
func (f *form) current() (formRow, bool) {
	rows := f.rows()
	if len(rows) == 0 {
		return formRow{}, false
	}
	f.list.clamp(len(rows))
	return rows[f.list.sel], true
}

// selectKey puts the cursor on a key; false when it is not there.
func (f *form) selectKey(key string) bool {
	for i, r := range f.rows() {
		if r.key == key {
			f.list.sel = i
			return true
		}
	}
	return false
}

// key takes what moves, edits and answers; false when the key is not for the form.
func (f *form) key(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if f.edit != nil {
		return f.typed(k), true
	}
	rows := f.rows()
	before := f.list.sel
	if f.list.key(k, len(rows), f.page) {
		if f.list.sel != before {
			f.refused = refusal{}
		}
		return nil, true
	}
	r, ok := f.current()
	if !ok {
		return nil, false
	}
	switch k.String() {
	case "tab":
		f.move(1)
	case "shift+tab":
		f.move(-1)
	case "enter", "right", "l":
		return f.begin(r), true
	case "space", "left", "h":
		if len(r.choices) == 0 {
			return nil, false
		}
		return f.turn(r, map[bool]int{true: 1, false: -1}[k.String() == "space"]), true
	default:
		return nil, false
	}
	return nil, true
}

func (f *form) move(by int) {
	f.refused = refusal{}
	f.list.sel += by
	f.list.clamp(len(f.rows()))
}

// turn sets the choice before or after the present one.
func (f *form) turn(r formRow, by int) tea.Cmd {
	at := 0
	for i, c := range r.choices {
		if c == r.raw {
			at = (i + by + len(r.choices)) % len(r.choices)
			break
		}
	}
	return f.take(r, r.choices[at], false)
}

func (f *form) take(r formRow, v string, keep bool) tea.Cmd {
	var cmd tea.Cmd
	f.refused, cmd = f.set(r, v, keep)
	return cmd
}

// begin opens a question: yes or no is turned over, choices are offered, anything else is typed.
func (f *form) begin(r formRow) tea.Cmd {
	f.refused = refusal{}
	switch {
	case r.flips:
		return f.turn(r, 1)
	case len(r.choices) > 0:
		f.offer(r)
		return nil
	}
	f.write(r)
	return nil
}

// offer opens a dialog with the choices.
func (f *form) offer(r formRow) {
	var opts []option
	sel := 0
	for i, c := range r.choices {
		if c == r.raw {
			sel = i
		}
		label := c
		if len(r.names) == len(r.choices) {
			label = r.names[i]
		}
		if label == "" {
			label = f.app.cat.AnswerScreens.Empty
		}
		opts = append(opts, option{c, celltext.Plain(label), func() tea.Cmd { return f.take(r, c, false) }})
	}
	if r.free {
		opts = append(opts, option{"", f.app.cat.AnswerScreens.TypeIt, func() tea.Cmd { f.write(r); return nil }})
	}
	d := f.app.choice(r.label, r.about, opts)
	d.sel = sel
	f.app.open(d)
}

// write begins to type.
func (f *form) write(r formRow) {
	f.of = r
	f.edit = &field{masked: r.secret}
	f.edit.set(r.raw)
}

// typed is a key while a question is being typed.
func (f *form) typed(k tea.KeyPressMsg) tea.Cmd {
	by := 0
	switch k.String() {
	case "esc":
		f.edit, f.refused = nil, refusal{}
		return nil
	case "enter", "tab", "down":
		by = 1
	case "up", "shift+tab":
		by = -1
	case "ctrl+y":
		if !f.refused.canKeep {
			return nil
		}
		return f.done(true, 1)
	default:
		f.refused = refusal{}
		f.edit.key(k)
		return nil
	}
	return f.done(false, by)
}

// done hands over what was typed and moves on when it was taken.
func (f *form) done(keep bool, by int) tea.Cmd {
	v := f.edit.value()
	if v == f.of.raw && (f.of.secret || len(f.refused.text) == 0) { // nothing was typed: what is there stays
		f.edit = nil
		f.move(by)
		return nil
	}
	cmd := f.take(f.of, v, keep)
	if len(f.refused.text) == 0 {
		f.edit = nil
		f.selectKey(f.of.key) // other questions may have come or gone
		f.move(by)
	}
	return cmd
}

// paste puts a pasted text where the cursor is; lines are parts of a list.
func (f *form) paste(s string) {
	if f.edit == nil {
		return
	}
	f.refused = refusal{}
	if f.of.lists {
		s = listed(s, !strings.HasPrefix(f.of.key, "@"))
	}
	f.edit.insert(s)
}

// listed makes one line of a list that was pasted: lines, and where blanks part too those, are
// separated by commas; comments are left out.
func listed(s string, blanks bool) string {
	var parts []string
	for _, l := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		l, _, _ = strings.Cut(l, "#")
		l = strings.Join(strings.Fields(l), " ")
		if blanks {
			l = strings.ReplaceAll(l, " ", ",")
		}
		if l = strings.Trim(l, ", "); l != "" {
			parts = append(parts, l)
		}
	}
	return strings.Join(parts, ",")
}

// view draws the list and what is known of the row under the cursor.
func (f *form) view(w, h int) []string {
	rows := f.rows()
	f.list.clamp(len(rows))
	f.x, f.y = -1, -1
	if len(rows) == 0 {
		return nil
	}
	detail := f.detail(rows[f.list.sel], max(w-4, 1))
	most := max(h*2/5, 3)
	if h < 6 {
		most = 0
		if f.edit != nil || len(f.refused.text) > 0 {
			most = min(h-1, 2)
		}
	}
	detail = detail[:min(len(detail), most)]
	room := max(h-len(detail)-min(len(detail), 1), 1)
	f.page = room

	lw := 0
	for _, r := range rows {
		lw = max(lw, celltext.Width(r.label))
	}
	lw = min(lw, max(w-28, w*45/100, 8)) // a value needs some room, too
	// The lines of the list: a row by its number, a heading by the number of the row below it, negated.
	var order []int
	heads := 0
	for i, r := range rows {
		if r.group != "" && (i == 0 || rows[i-1].group != r.group) {
			heads++
		}
	}
	at := 0
	for i, r := range rows {
		if heads > 1 && h >= 10 && r.group != "" && (i == 0 || rows[i-1].group != r.group) {
			order = append(order, -i-1)
		}
		if i == f.list.sel {
			at = len(order)
		}
		order = append(order, i)
	}
	top := scrolled(f.list.top, at, len(order), room)
	f.list.top = top
	more := 0
	for _, i := range order[min(top+room, len(order)):] {
		if i >= 0 {
			more++
		}
	}
	var lines []string
	for _, i := range order[top:min(top+room, len(order))] {
		if i < 0 {
			lines = append(lines, " "+f.app.th.Heading.Render(celltext.Cut(rows[-i-1].group, w-2, f.app.th.More)))
		} else {
			lines = append(lines, f.line(rows[i], i == f.list.sel, lw, w))
		}
	}
	if f.edit != nil {
		f.y = at - top
	}
	if more > 0 && len(detail) > 0 {
		lines = append(lines, "   "+f.app.th.Muted.Render(f.app.th.Down+" "+i18n.Fill(f.app.cat.AnswerScreens.MoreRows, "n", itoa(more))))
	} else if len(detail) > 0 {
		lines = append(lines, "")
	}
	for len(lines) < h-len(detail) && len(detail) > 0 {
		lines = append(lines, "")
	}
	for _, d := range detail {
		lines = append(lines, "   "+d)
	}
	return lines
}

// line is one row: sign, label, value and what is to be said about that.
func (f *form) line(r formRow, selected bool, lw, w int) string {
	th := f.app.th
	mark := " "
	switch {
	case r.wrong:
		mark = th.Bad.Render(th.Failed)
	case r.warned:
		mark = th.Warn.Render(th.Lost)
	case r.changed:
		mark = th.Accent.Render(th.Change)
	}
	cursor, label := " ", celltext.Pad(r.label, lw, th.More)
	if selected {
		cursor, label = th.Selected.Render(th.Cursor), th.Selected.Render(label)
	}
	head := " " + cursor + " " + mark + " " + label + "  "
	vw := max(w-celltext.Width(head)-1, 1)
	if selected && f.edit != nil {
		text, x := f.edit.view(vw)
		f.x = celltext.Width(head) + x
		return head + th.Strong.Render(celltext.Pad(text, vw, ""))
	}
	note := r.note
	nw := celltext.Width(note)
	if nw > vw/2 {
		note, nw = "", 0
	}
	value := th.Text
	switch {
	case r.wrong:
		value = th.Bad
	case !r.changed:
		value = th.Muted
	}
	shown := r.value
	if shown == "" {
		shown = f.app.cat.AnswerScreens.Empty
	}
	if nw == 0 {
		return head + value.Render(celltext.Cut(celltext.Plain(shown), vw, th.More))
	}
	return head + value.Render(celltext.Pad(celltext.Plain(shown), max(vw-nw-1, 0), th.More)) + " " + th.Muted.Render(note)
}

// detail says what is wrong first, then what the question changes.
func (f *form) detail(r formRow, w int) []string {
	th := f.app.th
	var out []string
	add := func(style func(...string) string, texts []string, mark string) {
		for _, t := range texts {
			for i, l := range celltext.Paragraphs(t, max(w-celltext.Width(mark), 1)) {
				m := mark
				if i > 0 {
					m = strings.Repeat(" ", celltext.Width(mark))
				}
				out = append(out, style(m+l))
			}
		}
	}
	switch {
	case len(f.refused.text) > 0:
		add(th.Bad.Render, f.refused.text[:1], th.Failed+" ")
		add(th.Text.Render, f.refused.text[1:], "  ")
		if f.refused.canKeep {
			add(th.Warn.Render, []string{f.app.cat.AnswerScreens.KeepHint}, "  ")
		}
	case r.wrong:
		add(th.Bad.Render, r.faults, th.Failed+" ")
	case r.warned:
		add(th.Warn.Render, r.faults, th.Lost+" ")
	}
	add(th.Muted.Render, r.about, "")
	return out
}

// cursorAt is where the text cursor stands, for a form drawn from a line on.
func (f *form) cursorAt(top int) *tea.Cursor {
	if f.edit == nil || f.x < 0 || f.y < 0 {
		return nil
	}
	return tea.NewCursor(f.x, f.y+top)
}

// hints are the keys of the form.
func (f *form) hints() []hint {
	t, s := f.app.t, f.app.cat.AnswerScreens
	if f.edit != nil {
		h := []hint{{"enter", s.KeyTake}, {"esc", s.KeyDrop}}
		if f.refused.canKeep {
			h = append([]hint{{"ctrl+y", s.KeyKeep}}, h...)
		}
		return h
	}
	r, ok := f.current()
	switch {
	case !ok:
		return nil
	case r.flips:
		return []hint{{"space", s.KeyTurn}}
	case len(r.choices) > 0:
		return []hint{{"enter", t.KeyChoose}}
	}
	return []hint{{"enter", s.KeyEdit}}
}
