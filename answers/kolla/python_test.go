package kolla

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// python runs a program of the distribution's Python with a text on its standard input. The
// test is skipped where that Python lacks the module.
func python(t *testing.T, module, program, stdin string) []byte {
	t.Helper()
	const interpreter = "/usr/bin/python3" // where apt puts python3-yaml
	there := func() bool { return exec.CommandContext(t.Context(), interpreter, "-c", "import "+module).Run() == nil }
	if !there() {
		install(t, "python3-"+module)
		if !there() {
			t.Skipf("%s has no module %s, and apt-get could not install it", interpreter, module)
		}
	}
	cmd := exec.CommandContext(t.Context(), interpreter, "-c", program)
	cmd.Stdin = strings.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	return out
}

// install asks apt-get for a package, where root may; what comes of it the caller looks at.
func install(t *testing.T, pkg string) {
	t.Helper()
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Geteuid() != 0 {
		return
	}
	cmd := exec.CommandContext(t.Context(), apt, "install", "-y", "-q", "--no-install-recommends", pkg)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Logf("apt-get install %s: %v: %s", pkg, err, out)
	}
}

// pyYAML reads a JSON list of texts and prints, for each, what yaml.safe_load makes of it
// with all types named, or "refused".
const pyYAML = `
import datetime, json, math, sys, yaml
def show(v):
    if v is None: return ["null"]
    if isinstance(v, bool): return ["bool", v]
    if isinstance(v, int): return ["int", str(v)]
    if isinstance(v, float): return ["float", "nan" if math.isnan(v) else repr(v)]
    if isinstance(v, str): return ["string", v]
    if isinstance(v, (datetime.date, datetime.datetime)): return ["date"]
    if isinstance(v, list): return ["list"] + [show(x) for x in v]
    if isinstance(v, dict): return ["map"] + sorted([[str(k), show(x)] for k, x in v.items()])
    return ["other", str(type(v))]
out = []
for text in json.load(sys.stdin):
    try:
        out.append(show(yaml.safe_load(text)))
    except Exception:
        out.append(["refused"])
json.dump(out, sys.stdout)
`

// shown is a value as pyYAML prints it; floats are compared by Python's own reading of them.
func shown(v Value) any {
	switch v.Kind {
	case Bool:
		return []any{"bool", v.Bool}
	case Int, String:
		return []any{string(v.Kind), v.Text}
	case List:
		out := []any{"list"}
		for _, x := range v.List {
			out = append(out, shown(x))
		}
		return out
	case Map:
		last := map[string]Value{}
		for _, p := range v.Map {
			last[p.Key] = p.Value
		}
		keys := make([]string, 0, len(last))
		for k := range last {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		out := []any{"map"}
		for _, k := range keys {
			out = append(out, []any{k, shown(last[k])})
		}
		return out
	}
	return []any{string(v.Kind)}
}

// untyped drops the value of floats, whose text is not what Python prints.
func untyped(x any) any {
	list, ok := x.([]any)
	if !ok {
		return x
	}
	if len(list) > 0 && list[0] == "float" {
		return []any{"float"}
	}
	out := make([]any, len(list))
	for i, y := range list {
		out[i] = untyped(y)
	}
	return out
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// scalars are texts that readers of YAML disagree about, and random ones like them.
func scalarTexts(r *rand.Rand) []string {
	texts := strings.Fields(`yes no on off true false Yes NO tRue y n Y N null Null ~ NULL 0 00 007 08 0o7 0x1f 0X1F 0b11 0b2 1_000 _1 1__0 +12 -12 --1 1:30 01:30 1:99 12:30:45 1:2:3:4
		190:20:30.15 1.5 1. .5 . .. ... 1e3 1.0e3 1.0e+3 1.0E-3 1e+3 .inf -.inf +.INF .nan .NaN inf 2026-11-21 2026-1-2 2026-02-30 0000-01-01 2026-11-21T10:11:12 2026-11-21T10:11:12Z 2026-11-21t1:11:12.5
		2026-11-21T25:00:00 192.0.2.1 192.0.2.0/24 2001:db8::1 fe80::1 10:20 a:b = << <<x =x - -a --- ? ?a ! % @a & * a#b 1,000 1_ 0_ 0x_ 0b_ 0x 0b +0 -0 -0x1f +0b1 -010 0777 0888 1.2.3 1_0.5 1_0.5_0 -1:30 +1:30 1:30.5 00:10 0:10 9:0 5:60`)
	texts = append(texts, "2026-11-21 10:11:12", "2026-11-21 10:11:12 +09:00", "2026-11-21 10:11:12 +9", "2026-11-21 10:11:12 +25:00", "a b", "a: b", "yes # no", "1 # c", "'yes'", `"010"`, "!!str 1", "!!int '5'", "!!int x", "!!float 1.5", "!!float 1", "!!bool yes", "!!null ''", "!x y")
	const letters = "0123456789012345678901:.-+_xbeETZynof~="
	for range 400 {
		b := make([]byte, 1+r.IntN(6))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		texts = append(texts, string(b))
	}
	return texts
}

// TestAgainstPyYAML: our reading of values is PyYAML's, and what we write has, for PyYAML,
// the type that was meant.
func TestAgainstPyYAML(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var texts []string
	for _, s := range scalarTexts(r) {
		texts = append(texts, "k: "+s+"\n")
		if s != "-" && s != "!" && s[0] != '?' { // nobody writes [-], [!] or [?]; readers differ
			texts = append(texts, "k: ["+s+"]\n")
		}
	}
	texts = append(texts, realLooking, "a: 1\n---\nb: 2\n", "a: {{ x }}\n", "a: b: c\n", "a: |\n  x\n\n  y\n\n", "a: >\n x\n y\n\n z\n", "a: 'x\n\n  y'\n", "a: \"x\\\n  y\"\n", "# only\n", "a:\n - b\n -  c: d\n    e: f\n", "a: &x {b: 1}\nc: *x\n", "? a\n: b\n", "{a: 1}\n", "a: 1\n...\n", "%YAML 1.1\n---\na: 1\n", "a: [1,\n  2]\n", "a:\n- 1\n- - 2\n", "a: 1\na: 2\n")
	for range 60 {
		text, _ := generated(r, 1+r.IntN(30))
		texts = append(texts, text)
	}
	var got [][]any
	if err := json.Unmarshal(python(t, "yaml", pyYAML, asJSON(t, texts)), &got); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		v, err := ParseVars([]byte(text))
		ours := `["refused"]`
		if err == nil {
			whole := Value{Kind: Map}
			for _, e := range v.Entries() {
				whole.Map = append(whole.Map, Pair{e.Key, e.Value})
			}
			ours = asJSON(t, untyped(shown(whole)))
			if v.Len() == 0 && asJSON(t, got[i]) == `["null"]` {
				continue // nothing but comments: the check says that Ansible refuses it
			}
		}
		if theirs := asJSON(t, untyped(got[i])); ours != theirs {
			t.Errorf("%q: we read %s (%v), PyYAML %s", text, ours, err, theirs)
		}
	}
}

func TestWritesForPyYAML(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var texts []string
	var values []Value
	for _, s := range append(scalarTexts(r), "", " ", "a\nb", "tab\t", "\x00\x1b", "한글", "\U0001F600", "\u00a0\u2028\ufeff", `"\'`, "{{ x }}", "%d", "- a", "#", "a #b", "é\u0085") {
		for _, old := range []string{`"q"`, `'q'`, "plain", "yes", "5", ""} {
			v := parsed(t, "k: "+old+" # c\n")
			value := Str(s)
			if err := v.Set(value, "k"); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			texts, values = append(texts, string(v.Bytes())), append(values, value)
		}
	}
	nested := Value{Kind: Map, Map: []Pair{{"name", Str("a: b")}, {"yes", Number(1)}, {"list", Value{Kind: List, List: []Value{Boolean(true), Str("yes"), {Kind: Map, Map: []Pair{{"x", Str("")}}}, {Kind: List}}}}, {"m", Value{Kind: Map}}, {"n", Value{Kind: Null}}}}
	v := parsed(t, "k: 1\n")
	if err := v.Set(nested, "k"); err != nil {
		t.Fatal(err)
	}
	texts, values = append(texts, string(v.Bytes())), append(values, nested)
	var got [][]any
	if err := json.Unmarshal(python(t, "yaml", pyYAML, asJSON(t, texts)), &got); err != nil {
		t.Fatal(err)
	}
	for i := range texts {
		want := asJSON(t, shown(Value{Kind: Map, Map: []Pair{{"k", values[i]}}}))
		if theirs := asJSON(t, got[i]); theirs != want {
			t.Errorf("%q: PyYAML reads %s, meant was %s", texts[i], theirs, want)
		}
	}
}

// ansibleProgram is where one of Ansible's programs is; the test is skipped where it is missing.
func ansibleProgram(t *testing.T, name string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		install(t, "ansible-core")
		if program, err = exec.LookPath(name); err != nil {
			t.Skipf("there is no %s, and apt-get could not install ansible-core", name)
		}
	}
	return program
}

// ansible runs ansible-inventory over a file and returns its groups with all their hosts,
// and the variables of hosts; the test is skipped where the program is missing.
func ansible(t *testing.T, data []byte) (groups map[string][]string, vars map[string]map[string]any, err error) {
	t.Helper()
	program := ansibleProgram(t, "ansible-inventory")
	dir := t.TempDir()
	path := filepath.Join(dir, "multinode")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "ansible.cfg")
	if err := os.WriteFile(config, []byte("[defaults]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-i", path, "--list")
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "LC_ALL=C.UTF-8", "ANSIBLE_INVENTORY_ENABLED=ini", "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=1", "ANSIBLE_LOCAL_TEMP=" + dir, "ANSIBLE_CONFIG=" + config}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s", err, stderr.String())
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	type one struct{ Hosts, Children []string }
	listed := map[string]one{}
	var meta struct {
		Hostvars map[string]map[string]any
	}
	for name, raw := range all {
		if name == "_meta" {
			if err := json.Unmarshal(raw, &meta); err != nil {
				t.Fatal(err)
			}
			continue
		}
		var g one
		if err := json.Unmarshal(raw, &g); err != nil {
			t.Fatal(err)
		}
		listed[name] = g
	}
	groups = map[string][]string{}
	var members func(name string, into map[string]bool)
	members = func(name string, into map[string]bool) {
		for _, h := range listed[name].Hosts {
			into[h] = true
		}
		for _, c := range listed[name].Children {
			members(c, into)
		}
	}
	for name := range listed {
		into := map[string]bool{}
		members(name, into)
		groups[name] = sorted(into)
	}
	return groups, meta.Hostvars, nil
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// sameGroups compares what we read with what Ansible reads.
func sameGroups(t *testing.T, data []byte) {
	t.Helper()
	inv, err := ParseInventory(data)
	if err != nil {
		t.Fatal(err)
	}
	groups, vars, err := ansible(t, data)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range inv.Groups() {
		ours := inv.Members(name)
		slices.Sort(ours)
		if theirs, there := groups[name]; there && !slices.Equal(ours, theirs) {
			t.Errorf("%s: we read %v, Ansible %v", name, ours, theirs)
		} else if !there && len(ours) > 0 && name != "ungrouped" {
			t.Errorf("%s: Ansible has no such group with hosts; we read %v", name, ours)
		}
	}
	for name := range groups {
		if inv.Group(name) == nil {
			t.Errorf("Ansible has a group %s", name)
		}
	}
	for host, want := range vars {
		for name, value := range want {
			if got, ok := inv.Var(host, name); !ok || got.Value != fmt.Sprint(value) {
				t.Errorf("%s of %s: we read %q, Ansible %v", name, host, got.Value, value)
			}
		}
	}
}

func TestAgainstAnsible(t *testing.T) {
	sameGroups(t, []byte(realInventory))
	sameGroups(t, []byte(madeInventory(rand.New(rand.NewPCG(9, 9)), 60)))
}

// TestAnsibleRefuses: what we refuse, Ansible refuses. (An upside-down range, ctl[3:1], it
// takes for no hosts at all without a word; we refuse that.)
func TestAnsibleRefuses(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Ansible several times")
	}
	for _, text := range []string{"[control]\nctl[1-3]\n", "[control]\nctl1 root\n", "[a:children]\nb\n", "[a:vars]\nx=1\n"} {
		_, ours := ParseInventory([]byte(text))
		_, _, theirs := ansible(t, []byte(text))
		if ours == nil || theirs == nil {
			t.Errorf("%q: ours %v; Ansible's %v", text, ours, theirs)
		}
	}
}
