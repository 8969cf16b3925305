package ui_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"stackhand/internal/i18n"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

// walks are ways through all screens; after every key the screen must hold the invariant.
var walks = map[string][]string{
	"home":      {"down", "down", "up", "?", "esc", "A", "down", "enter", "A"},
	"find":      {"/", "down", "p", "q", "u", "o", "t", "a", "space", "e", "x", "c", "e", "e", "d", "e", "d", "enter", "down", "enter", "c", "up", "enter", "down", "?", "esc", "end", "enter", "s", "c", "x", "esc", "esc", "tab", "tab", "/", "esc"},
	"practice":  {"end", "enter", "down", "esc"},
	"hosts":     {"down", "down", "enter", "down", "r", "?", "esc", "esc"},
	"procedure": {"enter", "down", "down", "s", "right", "down", "esc", "d", "down", "esc", "end", "?", "esc"},
	"answers": {"down", "enter", "down", "enter", "?", "esc", "r", "space", "right", "space", "?", "esc", "t", "x", "[", "ctrl+s", "esc", "esc", "enter", "x", "[", "enter", "?", "esc",
		"c", "down", "?", "esc", "n", "enter", "9", "enter", "esc", "d", "u", "/", "n", "t", "p", "down", "enter", "1", "enter", "ctrl+y", "m", "?", "esc", "esc", "/", "A", "D", "M", "I", "N", "_", "P", "W", "enter", "enter", "hunter2", "enter", "esc",
		"?", "esc", "n", "enter", "down", "enter", "esc", "v", "down", "end", "enter", "esc", "?", "esc", "f", "right", "end", "c", "esc", "e", "down", "enter", "x", "enter", "down", "enter", "esc", "esc", "p", "p"},
	"kolla": {"down", "enter", "end", "up", "enter", "n", "n", "c", "esc", "n", "n", "down", "enter", "x", "enter", "esc", "n", "n", "n", "n", "space", "pgdown", "v", "end", "f", "tab", "tab", "c", "esc", "c", "esc", "e", "esc",
		"esc", "esc", "esc", "esc", "esc", "esc", "esc", "esc", "esc", "esc", "x", "esc", "o", "x", "enter"},
	"second":  {"down", "enter", "down", "down", "enter", "enter", "n", "o", "enter", "n", "n", "v", "e", "f", "esc", "esc"},
	"install": {"enter", "enter", "enter", "tab", "x", "tab", "tab", "right", "ctrl+s", "down", "enter", "esc", "S", "l", "x", "enter", "backspace", "esc"},
}

var runWalk = []string{"esc", "enter", "down", "down", "2", "esc", "up", "right", "left", "tab", "up", "pgup", "right", "$", "0", "g", "G", "/", "p", "a", "enter", "n", "N", "tab", "c", "down", "esc", "m", "down", "enter", "esc", "?", "esc", "f", "q", "esc"}

// askWalk goes through what a runbook shows and asks; the rest of the screen is the same.
var askWalk = []string{"down", "down", "enter", "x", "enter", "esc", "esc", "esc", "c", "down", "esc", "right", "up"}

// bubble is when a synctest bubble begins.
var bubble = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// TestEveryScreenFits: at every size, in both languages, with both sets of signs, every
// screen has exactly the window's lines and none is wider than the window.
func TestEveryScreenFits(t *testing.T) {
	root := t.TempDir()
	dirs := map[string]string{}
	for _, scene := range stage.Scenes() {
		dir, err := stage.Scene(root, scene, bubble)
		if err != nil {
			t.Fatal(err)
		}
		dirs[scene] = dir
	}
	for _, size := range [][2]int{{80, 24}, {100, 30}, {40, 10}, {20, 5}, {1, 1}} {
		for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
			for _, ascii := range []bool{false, true} {
				name := fmt.Sprintf("%dx%d/%s/ascii=%v", size[0], size[1], lang, ascii)
				if size[0] == 1 && (ascii || lang == i18n.Korean) {
					continue
				}
				if ui.RaceOn && (ascii != (lang == i18n.Korean) || size[0] != 80 && size[0] != 20 || (size[0] == 80) == ascii) {
					continue // a few of them, under the race detector
				}
				t.Run(name, func(t *testing.T) {
					w, h := size[0], size[1]
					for walk, keys := range walks {
						b := &stage.Backend{Root: t.TempDir(), Bad: walk == "hosts", Pace: 10 * time.Millisecond}
						drive(t, w, h, ui.Options{Backend: b, Lang: lang, ASCII: ascii}, func(d *driver) { follow(d, w, h, ascii, walk, keys) })
					}
					drive(t, w, h, ui.Options{Backend: homeless{&stage.Backend{Root: t.TempDir()}}, Lang: lang, ASCII: ascii}, func(d *driver) {
						follow(d, w, h, ascii, "no site", []string{"enter", "enter", "esc", "down", "down", "enter"})
					})
					for _, scene := range stage.Scenes() {
						b := &stage.Backend{Root: root}
						o := ui.Options{Backend: alive{b}, Lang: lang, ASCII: ascii, Run: dirs[scene]}
						if scene == "parked" || scene == "empty" {
							o.Backend = b
						}
						keys := runWalk
						if slices.Contains(stage.RunbookScenes(), scene) {
							keys = askWalk
						}
						drive(t, w, h, o, func(d *driver) { follow(d, w, h, ascii, scene, keys) })
					}
				})
			}
		}
	}
}

// homeless is a console without a site.
type homeless struct{ *stage.Backend }

func (homeless) Site(context.Context) (*ui.SiteInfo, error) { return nil, nil }

func follow(d *driver, w, h int, ascii bool, name string, keys []string) {
	d.t.Helper()
	fits(d, w, h, ascii, name+" at first")
	d.wait(2 * time.Second)
	for i, k := range keys {
		d.keys(k)
		fits(d, w, h, ascii, fmt.Sprintf("%s after %v", name, keys[:i+1]))
	}
	d.send(tea.WindowSizeMsg{Width: w + 7, Height: h + 3})
	fits(d, w+7, h+3, ascii, name+" made larger")
	d.send(tea.WindowSizeMsg{Width: max(w/2, 1), Height: max(h/2, 1)})
	fits(d, max(w/2, 1), max(h/2, 1), ascii, name+" made smaller")
}

func fits(d *driver, w, h int, asciiOnly bool, when string) {
	d.t.Helper()
	content := d.app.View().Content
	lines := strings.Split(content, "\n")
	if len(lines) != h {
		d.t.Fatalf("%s: %d lines, the window has %d:\n%s", when, len(lines), h, content)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n > w {
			d.t.Fatalf("%s: line %d is %d cells wide, the window has %d: %q", when, i+1, n, w, l)
		}
		if n := ansi.StringWidthWc(l); n > w {
			d.t.Fatalf("%s: line %d is %d cells wide by runes, the window has %d: %q", when, i+1, n, w, l)
		}
		if strings.Contains(l, "hunter2") {
			d.t.Fatalf("%s: a secret is shown: %q", when, l)
		}
		if asciiOnly {
			for _, r := range ansi.Strip(l) {
				if r >= 0x80 && (r < 0x1100 || r >= 0x2000 && r < 0x3000) {
					d.t.Fatalf("%s: the sign %q is not for an ASCII console: %q", when, r, l)
				}
			}
		}
	}
}
