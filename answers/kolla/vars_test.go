package kolla

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

// realLooking is a file as operators have them: comments, blank lines, quotes of all kinds,
// maps, lists, block text, commented examples.
const realLooking = `---
# Kolla options. Korean: 설정 파일
###############
#config_strategy: "COPY_ALWAYS"

kolla_base_distro: "ubuntu"    # the hosts have this
kolla_install_type: 'source'
openstack_release: wallaby
kolla_internal_vip_address: "192.0.2.30"
# Dashboard
kolla_external_vip_address : "198.51.100.30"

enable_cinder: "yes"
enable_heat: no
enable_swift: No   # never
octavia_auto_configure: yes
default_container_healthcheck_interval: 30
"quoted key": 'it''s "this"'
empty:
tilde: ~
text: |
  first
    # not a comment
  last

# a comment between
folded: >-
  a
  b
octavia_amp_flavor:   # a map
  name: "amphora"
  is_public: no

  # memory
  ram: 2048     # MiB
  disk: 5
#octavia_amp_network:
#  name: lb-mgmt-net
list:
- a
- b   # second
flow: {a: 1, b: [x, y]}
long: "one
  two"
plain: several words
  on two lines

# the end
`

// change says which lines differ between two texts.
func change(before, after []byte) (lines []int) {
	a, b := split(string(before)), split(string(after))
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func parsed(t testing.TB, text string) *Vars {
	t.Helper()
	v, err := ParseVars([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestUnchanged: what is read and written again is the same, byte for byte.
func TestUnchanged(t *testing.T) {
	for _, text := range []string{
		"", "\n", "# only comments\n#a: 1\n", "a: 1", "a: 1\n", "a: 1\r\nb: 2\r\n", "a: 1\r\nb: 2", bom + "a: 1\n", "---\na: 1\n...\n", "---\n", "{}\n", "{a: 1, b: 2}\n",
		realLooking, strings.ReplaceAll(realLooking, "\n", "\r\n"), strings.TrimSuffix(realLooking, "\n"),
	} {
		if got := string(parsed(t, text).Bytes()); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestRead(t *testing.T) {
	v := parsed(t, realLooking)
	for key, want := range map[string]Value{
		"kolla_base_distro": Str("ubuntu"), "kolla_install_type": Str("source"), "openstack_release": Str("wallaby"),
		"kolla_external_vip_address": Str("198.51.100.30"), "enable_cinder": Str("yes"), "enable_heat": Boolean(false), "enable_swift": Boolean(false),
		"octavia_auto_configure": Boolean(true), "default_container_healthcheck_interval": Number(30), "quoted key": Str(`it's "this"`),
		"empty": {Kind: Null}, "tilde": {Kind: Null}, "text": Str("first\n  # not a comment\nlast\n"), "folded": Str("a b"), "plain": Str("several words on two lines"),
		"list": {Kind: List, List: []Value{Str("a"), Str("b")}},
	} {
		if got, ok := v.Get(key); !ok || !got.Equal(want) {
			t.Errorf("%s: %+v, want %+v", key, got, want)
		}
	}
	if got, ok := v.Lookup("octavia_amp_flavor", "ram"); !ok || !got.Equal(Number(2048)) {
		t.Errorf("ram: %+v", got)
	}
	if v.Line("enable_heat") != 14 {
		t.Errorf("line %d", v.Line("enable_heat"))
	}
}

// TestYAML11: types as PyYAML sees them; the differential test has many more.
func TestYAML11(t *testing.T) {
	for text, want := range map[string]Value{
		"yes": Boolean(true), "Off": Boolean(false), "y": Str("y"), "TRUE": Boolean(true), "tRUE": Str("tRUE"),
		"010": Number(8), "0o10": Str("0o10"), "08": Str("08"), "0x1F": Number(31), "0b101": Number(5), "1_000": Number(1000),
		"1:30": Number(90), "22:22": Number(1342), "1:2:3": Number(3723), "1:60": Str("1:60"), "-0": Number(0),
		"1e3": Str("1e3"), "1.0e3": Str("1.0e3"), "1.0e+3": {Kind: Float, Text: "1.0e+3"}, ".5": {Kind: Float, Text: ".5"}, "1.": {Kind: Float, Text: "1."},
		"2026-11-21": {Kind: Date, Text: "2026-11-21"}, "~": {Kind: Null}, "null": {Kind: Null}, "192.0.2.1": Str("192.0.2.1"), "12:34:56:78:9a:bc": Str("12:34:56:78:9a:bc"),
	} {
		if got, ok := resolve(text); !ok || !got.Equal(want) {
			t.Errorf("%s: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"=", "<<", "2026-02-30", "2026-13-01"} {
		if v, ok := resolve(text); ok {
			t.Errorf("%s: %+v; PyYAML stops there", text, v)
		}
	}
}

func TestSet(t *testing.T) {
	for _, tc := range []struct {
		path  string
		value Value
		old   string
		want  string
	}{
		{"kolla_base_distro", Str("debian"), `kolla_base_distro: "ubuntu"    # the hosts have this`, `kolla_base_distro: "debian"    # the hosts have this`},
		{"kolla_install_type", Str("it's"), `'source'`, `'it''s'`},
		{"openstack_release", Str("xena"), `release: wallaby`, `release: xena`},
		{"openstack_release", Str("yes"), `release: wallaby`, `release: "yes"`},
		{"openstack_release", Str("{{ x }}"), `release: wallaby`, `release: "{{ x }}"`},
		{"kolla_external_vip_address", Str("198.51.100.31"), `100.30`, `100.31`},
		{"enable_swift", Boolean(true), `enable_swift: No   # never`, `enable_swift: Yes   # never`},
		{"octavia_auto_configure", YesNo(false), `configure: yes`, `configure: "no"`},
		{"empty", Str("x"), "empty:\n", "empty: \"x\"\n"},
		{"tilde", Number(7), "~", "7"},
		{"octavia_amp_flavor ram", Number(4096), `ram: 2048     # MiB`, `ram: 4096     # MiB`},
		{"octavia_amp_flavor is_public", Boolean(true), `is_public: no`, `is_public: yes`},
		{"octavia_amp_flavor vcpus", Number(2), "  disk: 5\n", "  disk: 5\n  vcpus: 2\n"},
		{"text", Str("short"), "text: |\n  first\n    # not a comment\n  last\n", "text: \"short\"\n"},
		{"folded", Str("c"), "folded: >-\n  a\n  b\n", "folded: \"c\"\n"},
		{"list", Value{Kind: List, List: []Value{Str("c")}}, "list:\n- a\n- b   # second\n", "list:\n  - \"c\"\n"},
		{"long", Str("one"), "long: \"one\n  two\"\n", "long: \"one\"\n"},
		{"plain", Str("one"), "plain: several words\n  on two lines\n", "plain: \"one\"\n"},
		{"flow a", Number(2), "{a: 1, b", "{a: 2, b"},
		{"config_strategy", Str("COPY_ONCE"), "#config_strategy: \"COPY_ALWAYS\"\n", "#config_strategy: \"COPY_ALWAYS\"\nconfig_strategy: \"COPY_ONCE\"\n"},
		{"octavia_amp_network", Value{Kind: Map, Map: []Pair{{"name", Str("n")}}}, "#  name: lb-mgmt-net\n", "#  name: lb-mgmt-net\noctavia_amp_network:\n  name: \"n\"\n"},
		{"nova_console", Str("spice"), "# the end\n", "# the end\nnova_console: \"spice\"\n"},
		{"octavia_amp_flavor", Str("x"), realLooking[strings.Index(realLooking, "octavia_amp_flavor:"):strings.Index(realLooking, "#octavia_amp_network")], "octavia_amp_flavor: \"x\"   # a map\n"},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			with := func(s string) string { return strings.ReplaceAll(s, "\n", eol) }
			v := parsed(t, with(realLooking))
			if strings.Count(realLooking, tc.old) != 1 {
				t.Fatalf("%s: %q is not once in the file", tc.path, tc.old)
			}
			if err := v.Set(tc.value, strings.Fields(tc.path)...); err != nil {
				t.Errorf("%s: %v", tc.path, err)
				continue
			}
			if got, want := string(v.Bytes()), with(strings.Replace(realLooking, tc.old, tc.want, 1)); got != want {
				t.Errorf("%s (%q): lines %v differ from what was meant:\n%s", tc.path, eol, change([]byte(want), []byte(got)), got)
			}
			again := parsed(t, string(v.Bytes()))
			if fmt.Sprint(again.Entries()) != fmt.Sprint(v.Entries()) {
				t.Errorf("%s: what is known differs from what is read again:\n%v\n%v", tc.path, v.Entries(), again.Entries())
			}
		}
	}
}

// TestSetRefused: what cannot be changed leaves the file as it was.
func TestSetRefused(t *testing.T) {
	for _, tc := range []struct{ text, path, code string }{
		{"a: &x 1\nb: *x\n", "a", "kolla.edit.anchor"},
		{"{a: 1}\n", "b", "kolla.edit.flow"},
		{"a: 1\n", "a b", "kolla.edit.path"},
		{"a: 1\n", "yes", "kolla.key.name"},
		{"a: 1\n", "a:b", "kolla.key.name"},
		{"? a\n: 1\n", "a", "kolla.edit.shape"},
	} {
		v := parsed(t, tc.text)
		err := v.Set(Str("new"), strings.Fields(tc.path)...)
		var f *Fault
		if !errors.As(err, &f) || f.Code != tc.code {
			t.Errorf("%q: %v, want %s", tc.text, err, tc.code)
		}
		if string(v.Bytes()) != tc.text {
			t.Errorf("%q became %q", tc.text, v.Bytes())
		}
	}
}

func TestRemove(t *testing.T) {
	v := parsed(t, realLooking)
	if err := v.Remove("text"); err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(realLooking, "text: |\n  first\n    # not a comment\n  last\n", "", 1); string(v.Bytes()) != want {
		t.Errorf("%s", v.Bytes())
	}
}

// generated makes a file of n keys with values of all kinds; the lines of the values that
// stand on one line are returned with them.
func generated(r *rand.Rand, n int) (text string, scalars map[string]int) {
	var b strings.Builder
	line := 0
	put := func(s string) {
		b.WriteString(s)
		line += strings.Count(s, "\n")
	}
	eol := []string{"\n", "\r\n"}[r.IntN(2)]
	comments := []string{"", "", "", "  # why", " # 이유\t.", " #"}
	scalars = map[string]int{}
	for i := range n {
		switch r.IntN(8) {
		case 0:
			put("# a comment: with colon" + eol)
		case 1:
			put(eol)
		case 2:
			put(fmt.Sprintf("#k%d: \"example\"", r.IntN(n)) + eol)
		}
		key := fmt.Sprintf("k%d", i)
		switch r.IntN(12) {
		case 0:
			put(key + ":" + comments[r.IntN(4)] + eol + "  x: 1" + eol + "  y: 'z'" + eol)
		case 1:
			put(key + ":" + eol + "- 1" + eol + "- two # c" + eol)
		case 2:
			put(key + ": |" + eol + "  text" + eol + "   # text" + eol)
		default:
			values := []string{`"yes"`, `no`, `30`, `'it''s'`, `"a\"b # c"`, `{a: 1}`, `[1, 2]`, `words with spaces`, `010`, `"{{ x | bool }}"`, `1:30`, ``, `~`, `"한글"`, `a#b`, "'a\tb'"}
			value := values[r.IntN(len(values))]
			space := []string{" ", "  ", "   "}[r.IntN(3)]
			put(key + ":" + space + value + comments[r.IntN(len(comments))] + eol)
			if value != `{a: 1}` && value != `[1, 2]` {
				scalars[key] = line
			}
		}
	}
	text = b.String()
	if r.IntN(3) == 0 {
		text = strings.TrimSuffix(text, eol)
	}
	return text, scalars
}

// TestOneChangeOneLine: over generated files, one value changed is one line changed, and
// every other value is what it was.
func TestOneChangeOneLine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	news := []Value{Str("yes"), Boolean(true), Boolean(false), Number(42), Str("010"), Str("it's \"new\" # not a comment"), Str("line\nline"), Str("1:30"), Str(""), Str("한글"), Str("\U0001F600\x01\\"), Str("{{ a }}"), {Kind: Null}, {Kind: Float, Text: "1.5"}}
	for range 300 {
		text, scalars := generated(r, 2+r.IntN(40))
		v := parsed(t, text)
		if string(v.Bytes()) != text {
			t.Fatalf("not the same:\n%q\n%q", text, v.Bytes())
		}
		for key, line := range scalars {
			v := parsed(t, text)
			value := news[r.IntN(len(news))]
			was, _ := v.Get(key)
			if err := v.Set(value, key); err != nil {
				t.Fatalf("%s in %q: %v", key, text, err)
			}
			changed := change([]byte(text), v.Bytes())
			if was.Equal(value) && len(changed) != 0 || !was.Equal(value) && (len(changed) != 1 || changed[0] != line) {
				t.Fatalf("%s = %+v: lines %v, want %d:\n%q\n%q", key, value, changed, line, text, v.Bytes())
			}
			again := parsed(t, string(v.Bytes()))
			for _, e := range parsed(t, text).Entries() {
				want := e.Value
				if e.Key == key {
					want = value
				}
				if got, ok := again.Get(e.Key); !ok || !got.Equal(want) {
					t.Fatalf("%s after %s = %+v: %+v, want %+v\n%q", e.Key, key, value, got, want, v.Bytes())
				}
			}
		}
	}
}

// TestDuplicate: of a key given twice the last one counts, and is the one that is changed.
func TestDuplicate(t *testing.T) {
	v := parsed(t, "a: 1\nb: 2\na: 3\n")
	if got, _ := v.Get("a"); !got.Equal(Number(3)) {
		t.Errorf("%+v", got)
	}
	if err := v.Set(Number(4), "a"); err != nil || string(v.Bytes()) != "a: 1\nb: 2\na: 4\n" {
		t.Errorf("%q, %v", v.Bytes(), err)
	}
}

func TestFaults(t *testing.T) {
	for _, tc := range []struct {
		text string
		line int
		key  string
		code string
	}{
		{"a: 1\nvip: {{ x }}\n", 2, "vip", "kolla.key.braces"},
		{"a: 1\nvip: a: b\n", 2, "vip", "kolla.yaml"},
		{"a: 1\n\tb: 2\n", 2, "a", "kolla.yaml"},
		{"a: \"open\nb: 2\n", 1, "a", "kolla.quote"},
		{"a: 1\n---\nb: 2\n", 2, "a", "kolla.documents"},
		{"a: 1\n...\nb: 2\n", 3, "b", "kolla.documents"},
		{"- a\n- b\n", 1, "", "kolla.mapping"},
		{"just words\n", 1, "", "kolla.mapping"},
		{"a: 1\nb:\t2\n", 2, "b", "kolla.tab"},
		{"a: 'x\ty'\nb: |\n  x\ty\n# c\td\nc: 1\t# d\n", 5, "c", "kolla.tab"},
		{"a: =\n", 1, "a", "kolla.scalar"},
		{"a: 2026-02-30\n", 1, "a", "kolla.scalar"},
		{"a: 1\nyes: 2\n", 2, "yes", "kolla.key.text"},
		{"a: !python/object:os.system x\n", 1, "a", "kolla.tag"},
		{"a: 1\nb: \xff\n", 2, "", "kolla.encoding"},
		{"a: 1\nb: \x00\n", 2, "", "kolla.character"},
		{"a: 1\rb: 2\n", 1, "", "kolla.linebreak"},
		{"a: 1\u2028b: 2\n", 1, "", "kolla.linebreak"},
		{"$ANSIBLE_VAULT;1.1;AES256\n3331\n", 1, "", "kolla.vault"},
		{"a: *nowhere\n", 1, "a", "kolla.yaml"},
		{"a: &a [*a]\n", 1, "a", "kolla.deep"},
		{"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n", 0, "", "kolla.deep"},
	} {
		_, err := ParseVars([]byte(tc.text))
		var f *Fault
		if !errors.As(err, &f) {
			t.Errorf("%q was read: %v", tc.text, err)
			continue
		}
		if f.Code != tc.code || tc.line != 0 && (f.Line != tc.line || f.Key != tc.key) {
			t.Errorf("%q: line %d key %q code %s; want %d %q %s (%v)", tc.text, f.Line, f.Key, f.Code, tc.line, tc.key, tc.code, f)
		}
	}
}

// bothWays: the quick reader and the YAML library give the same, or the same fault.
func bothWays(t *testing.T, data []byte) {
	t.Helper()
	v, err := ParseVars(data)
	if len(data) > most || unreadable(split(strings.TrimPrefix(string(data), bom))) != nil || bytes.HasPrefix(data, []byte("$ANSIBLE")) {
		return
	}
	w := &Vars{lines: split(strings.TrimPrefix(string(data), bom))}
	whole := w.read(true)
	if (err == nil) != (whole == nil) {
		t.Fatalf("%q: quick %v, whole %v", data, err, whole)
	}
	if err == nil && fmt.Sprint(v.Entries()) != fmt.Sprint(w.Entries()) {
		t.Fatalf("%q: quick %+v, whole %+v", data, v.Entries(), w.Entries())
	}
	if err == nil {
		for i := range v.entries {
			a, b := v.entries[i], w.entries[i]
			if a.first != b.first || a.last != b.last || a.node.Line != b.node.Line || a.node.Column != b.node.Column || a.node.Style != b.node.Style {
				t.Fatalf("%q: %s: quick %d-%d %d:%d %v, whole %d-%d %d:%d %v", data, a.key, a.first, a.last, a.node.Line, a.node.Column, a.node.Style, b.first, b.last, b.node.Line, b.node.Column, b.node.Style)
			}
		}
	}
}

// sameState: after a change, what is known of a file is what reading it anew gives.
func sameState(t *testing.T, v *Vars) {
	t.Helper()
	again, err := ParseVars(v.Bytes())
	if err != nil {
		t.Fatalf("%q: %v", v.Bytes(), err)
	}
	if v.end != again.end || !maps.Equal(v.index, again.index) || fmt.Sprint(v.Entries()) != fmt.Sprint(again.Entries()) {
		t.Fatalf("%q: %+v %d, anew %+v %d", v.Bytes(), v.Entries(), v.end, again.Entries(), again.end)
	}
	for i := range v.entries {
		a, b := v.entries[i], again.entries[i]
		if a.first != b.first || a.last != b.last || a.node.Line != b.node.Line || a.node.Column != b.node.Column {
			t.Fatalf("%q: %s at %d-%d, anew %d-%d", v.Bytes(), a.key, a.first, a.last, b.first, b.last)
		}
	}
}

// TestNewKeys: new keys, at the top and inside of maps, leave the rest as it was.
func TestNewKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 60 {
		text, _ := generated(r, 1+r.IntN(30))
		for _, name := range []string{"k1", "k5", "brand_new"} {
			v := parsed(t, strings.TrimRight(text, "\r\n")+"\n# "+name+": 1\nmap:\n  a: 1\n"+"# end\n"+strings.TrimRight(text, "\r\n")+"\n"[:r.IntN(2)])
			for range 3 {
				if err := v.Set(Str("x"), fmt.Sprintf("new_%d", r.IntN(3))); err != nil {
					t.Fatal(err)
				}
				sameState(t, v)
				if err := v.Set(Number(r.IntN(9)), "map", fmt.Sprintf("b%d", r.IntN(3))); err != nil {
					t.Fatal(err)
				}
				sameState(t, v)
			}
		}
	}
}

func TestBothWays(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 300 {
		text, _ := generated(r, 1+r.IntN(50))
		bothWays(t, []byte(text))
	}
	bothWays(t, []byte(realLooking))
}

// FuzzVars: reading never ends the program; what is read is written the same; a change
// changes that value and no other, or nothing at all.
func FuzzVars(f *testing.F) {
	f.Add([]byte(realLooking))
	f.Add([]byte("a: &x [1, *x]\n"))
	f.Add([]byte("? a\n: b\n"))
	f.Add([]byte("a: !!str 1\nb: !vault |\n  x\n"))
	f.Add([]byte("{a: 1, 'b': \"c\"}\n"))
	f.Add([]byte("a: 'x\n  y' # c\nb: - c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		bothWays(t, data)
		v, err := ParseVars(data)
		if err != nil {
			var fault *Fault
			if !errors.As(err, &fault) || fault.Code == "" {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		if !bytes.Equal(v.Bytes(), data) {
			t.Fatalf("%q became %q", data, v.Bytes())
		}
		before := v.Entries()
		was := parsed(t, string(data))
		if fresh := parsed(t, string(data)); fresh.Set(Str("x"), "brand_new_key") == nil {
			sameState(t, fresh)
			if fresh.Len() != len(before)+1 {
				t.Fatalf("%q: a new key makes %q", data, fresh.Bytes())
			}
		}
		for i, e := range before {
			if deep := parsed(t, string(data)); i < 5 && deep.Set(Str("x"), e.Key, "brand_new_key") == nil {
				sameState(t, deep)
			}
		}
		for n, e := range before {
			if n > 20 || n%7 != 0 || v.Line(e.Key) != e.Line {
				continue
			}
			value := Str("new: 'value' # here")
			if err := v.Set(value, e.Key); err != nil {
				if !bytes.Equal(v.Bytes(), data) {
					t.Fatalf("refused (%v), yet %q became %q", err, data, v.Bytes())
				}
				continue
			}
			again, err := ParseVars(v.Bytes())
			if err != nil {
				t.Fatalf("%q, %s changed: %q: %v", data, e.Key, v.Bytes(), err)
			}
			for _, o := range before {
				want, _ := was.Get(o.Key)
				if o.Key == e.Key {
					want = value
				}
				if got, ok := again.Get(o.Key); !ok || !got.Equal(want) {
					t.Fatalf("%q, %s changed: %s is %+v, want %+v: %q", data, e.Key, o.Key, got, want, v.Bytes())
				}
			}
			if v, err = ParseVars(data); err != nil {
				t.Fatal(err)
			}
		}
	})
}
