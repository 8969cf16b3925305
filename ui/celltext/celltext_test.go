package celltext

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

func TestLine(t *testing.T) {
	for _, tc := range []struct {
		name, raw string
		from, w   int
		want      string
	}{
		{"plain", "hello", 0, 10, "hello"},
		{"cut", "hello", 1, 3, "ell"},
		{"progress bar overwrites", "10%\r50%\r100%", 0, 10, "100%"},
		{"CRLF", "one\r\n", 0, 10, "one"},
		{"tab", "a\tb", 0, 20, "a       b"},
		{"tab after a wide sign", "가\tb", 0, 20, "가      b"},
		{"tab is cut", "a\tb", 4, 6, "    b"},
		{"colour is kept and closed", "\x1b[31mred", 0, 10, "\x1b[31mred\x1b[m"},
		{"cursor moves, titles, clears are dropped", "\x1b[2J\x1b]0;title\x07\x1b[10;10Hx\x1b[?25l\x1b(B\x07", 0, 10, "x"},
		{"title that never ends", "a\x1b]0;title", 0, 10, "a"},
		{"bad UTF-8", "a\xffb", 0, 10, "a\uFFFDb"},
		{"wide sign at the left edge", "가나다", 1, 4, " 나"},
		{"wide sign at the right edge", "가나다", 0, 3, "가"},
		{"decomposed Hangul is composed", "\u1112\u1161\u11ab", 0, 10, "한"},
		{"joined emoji and selectors", "x\ufe0f\u200dy", 0, 10, "xy"},
		{"direction marks are dropped", "a\u202eb", 0, 10, "ab"},
	} {
		if got := Line(tc.raw, tc.from, tc.w); got != tc.want {
			t.Errorf("%s: Line(%q, %d, %d) = %q, want %q", tc.name, tc.raw, tc.from, tc.w, got, tc.want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	for _, w := range []int{1, 2, 5, 7, 20, 41} {
		for _, l := range Paragraphs("서비스가 멈추었습니다. the service has stopped\n\tand so on, averyveryverylongword", w) {
			if Width(l) > w {
				t.Errorf("%q is wider than %d", l, w)
			}
		}
	}
}

// TestParagraphsSetIn: a command that does not fit is seen to be one line.
func TestParagraphsSetIn(t *testing.T) {
	got := Paragraphs("  rabbitmqctl -q eval '{rabbit:is_booted(),rabbit_alarm:get_alarms()}.'\n  grep . one/cluster_nodes.config two/nodes_running_at_shutdown three/nodes_running_at_shutdown\nplain text of more than forty cells goes on at the margin", 40)
	want := []string{"  rabbitmqctl -q eval", "      '{rabbit:is_booted(),rabbit_alarm:", "      get_alarms()}.'", "  grep . one/cluster_nodes.config", "      two/nodes_running_at_shutdown",
		"      three/nodes_running_at_shutdown", "plain text of more than forty cells goes", "on at the margin"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestPadNeverLies: a padded text has exactly the width asked for.
func TestPadNeverLies(t *testing.T) {
	for _, s := range []string{"", "a", "가나다라", "a가b나c", "\x1b[31m가나\x1b[m"} {
		for w := 0; w < 12; w++ {
			if got := Width(Pad(s, w, "…")); got != w {
				t.Errorf("Pad(%q, %d) is %d wide", s, w, got)
			}
			if got := Width(Right(s, w)); got != w {
				t.Errorf("Right(%q, %d) is %d wide", s, w, got)
			}
		}
	}
}

// FuzzLine: whatever comes in, only text and SGR come out, closed, no wider than asked.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"hello", "\x1b[31mred", "가나\t다\r라", "\x1b]8;;http://x\x1b\\y", "\u1112\u1161\u11ab", "👨‍👩‍👧 ❤️ 1️⃣", "\x9b31m", "\x1b[\x1b[31m", "e\u0301\u0301", "\U0001f1f0\U0001f1f7", "\u0e01\u0e33"} {
		f.Add(s, 0, 10)
		f.Add(s, 3, 5)
	}
	sgr := regexp.MustCompile("\x1b\\[[0-9;:]*m")
	f.Fuzz(func(t *testing.T, s string, from, w int) {
		if from < 0 || from > 1<<16 || w < -5 || w > 1<<12 {
			t.Skip()
		}
		got := Line(s, from, w)
		if n := ansi.StringWidth(got); n > max(w, 0) {
			t.Errorf("%q is %d cells wide by clusters, wanted %d", got, n, w)
		}
		if n := ansi.StringWidthWc(got); n > max(w, 0) {
			t.Errorf("%q is %d cells wide by runes, wanted %d", got, n, w)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q is not valid UTF-8", got)
		}
		if strings.Contains(got, "\x1b") && !strings.HasSuffix(got, "\x1b[m") {
			t.Errorf("%q leaves a style open", got)
		}
		for _, r := range sgr.ReplaceAllString(got, "") {
			if r < 0x20 || r >= 0x7f && r < 0xa0 {
				t.Errorf("%q has the control %U", got, r)
			}
		}
	})
}
