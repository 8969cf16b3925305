package interview

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"stackhand/answers"
	"stackhand/answers/kolla"
	"stackhand/answers/packstack"
)

// readers are what the installers' own readers make of a file, one JSON object a file.
const rawConfigParser = `
import sys, json, configparser
out = []
for text in json.load(sys.stdin):
    p = configparser.RawConfigParser()
    p.read_string(text)
    out.append({k.upper(): v for k, v in p.items("general")})
json.dump(out, sys.stdout)
`

const pyYAML = `
import sys, json, yaml
json.dump([yaml.safe_load(t) for t in json.load(sys.stdin)], sys.stdout, default=str)
`

func readByPython(t *testing.T, program string, files []string, into any) {
	t.Helper()
	in, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", program)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if strings.Contains(stderr.String(), "No module named") || strings.Contains(err.Error(), "no such file") {
			t.Skipf("there is no such reader here: %v %s", err, stderr.String())
		}
		t.Fatalf("%v: %s", err, stderr.String())
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatal(err)
	}
}

// randomText is a value that an operator may type for an entry, wrong ones among them.
func randomText(r *mathrand.Rand, e *answers.Entry) string {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	if len(e.Choices) > 0 && r.IntN(3) > 0 && e.Type != answers.TypeText {
		return pick(e.Choices...)
	}
	switch e.Type {
	case answers.TypeYesNo, answers.TypeBool:
		return pick("y", "n", "yes", "no", "Yes", "true", "off")
	case answers.TypeInt, answers.TypePort:
		return fmt.Sprint(r.IntN(70000))
	case answers.TypeFloat:
		return pick("1.5", "16.0", "0.5", "x")
	case answers.TypeSize:
		return pick("20G", "5G", "large")
	case answers.TypeHost, answers.TypeHosts, answers.TypeAddress:
		return pick("192.0.2.7", "host7", "192.0.2.7,192.0.2.8", "2001:db8::7")
	case answers.TypePairs:
		return pick("extnet:br-ex", "a:b,c:d", "a")
	case answers.TypeList:
		return pick("[a, b]", "[]", "[1, 'x: y']")
	case answers.TypeMap:
		return pick(`{a: 1, b: "yes"}`, "{}")
	}
	pieces := []string{"a", "Z", "7", "#", ";", "=", ":", "%", " ", "  ", "'", `"`, "$", "\\", "/", "[", "]", "{", "}", "!", "&", "*", "@", "`", "|", ">", "-", "?", ",", "~", "yes", "null", "0x1f", "1e3", "1:30", "한", "\t"}
	var b strings.Builder
	for range 1 + r.IntN(8) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// answerAtRandom answers some questions, as a fool would, and tells how many were taken.
func answerAtRandom(r *mathrand.Rand, d *Draft, n int) (taken int) {
	entries := d.Catalogue().Entries
	for range n {
		e := &entries[r.IntN(len(entries))]
		text := randomText(r, e)
		err := d.Set(e.Key, text)
		if err != nil && r.IntN(2) == 0 {
			err = d.Keep(e.Key, text)
		}
		if err == nil {
			taken++
		}
		switch r.IntN(20) {
		case 0:
			d.Reset(e.Key)
		case 1:
			d.Undo()
		}
	}
	return taken
}

// Python's RawConfigParser reads from an export exactly the values that the session says are
// in it (row 2).
func TestRawConfigParserReadsWhatWeSay(t *testing.T) {
	sets := 100
	if os.Getenv("STACKHAND_LONG") != "" {
		sets = 1000
	}
	r := mathrand.New(mathrand.NewPCG(7, 3))
	var files []string
	var said []map[string]string
	taken := 0
	for n := range sets {
		i := []Installer{trainMulti, steinSingle, {"packstack-train", "all-in-one"}, {"packstack-stein", "multi-node"}}[n%4]
		d := begin(t, i)
		if n%3 > 0 {
			d.UseSite(east())
		}
		if n%3 > 1 {
			d.UseInterfaces(eastCards())
		}
		taken += answerAtRandom(r, d, 1+r.IntN(3))
		files = append(files, exported(t, d, "answer.txt"))
		said = append(said, clear(d))
	}
	if taken < sets/2 {
		t.Errorf("only %d answers were taken in %d sets", taken, sets)
	}
	var read []map[string]string
	readByPython(t, rawConfigParser, files, &read)
	for n := range files {
		if len(read[n]) < 290 {
			t.Fatalf("set %d: %d keys", n, len(read[n]))
		}
		for k, want := range said[n] {
			got, there := read[n][k]
			if !there && want == "" {
				continue // found by Packstack on its own machine: a comment says so
			}
			if got != want {
				t.Fatalf("set %d: %s: Python reads %q, we say %q", n, k, got, want)
			}
		}
		for k := range read[n] {
			if _, ok := said[n][k]; !ok {
				t.Fatalf("set %d: %s is in the file and not in what we say", n, k)
			}
		}
	}
}

// clear are the values that the session says are in the files, secrets in clear, those that
// are made among them.
func clear(d *Draft) map[string]string {
	said := map[string]string{}
	p := d.look()
	for i := range d.cat.Entries {
		e := &d.cat.Entries[i]
		said[e.Key] = p.values[e.Key]
		if text, ok := d.typed()[e.Key]; ok && !p.applies[e.Key] {
			said[e.Key] = text // kept in the file, and not read by the installer now
		}
		if e.Generate != nil && said[e.Key] == "" {
			said[e.Key] = d.secrets[d.made(e.Key)]
		}
		if follows := p.given["CONFIG_DEFAULT_PASSWORD"]; e.Generate != nil && e.Default == packstack.Placeholder && follows != "" && (p.given[e.Key] == "" || p.given[e.Key] == packstack.Placeholder) {
			said[e.Key] = follows
		}
		if e.Secret && said[e.Key] == "" {
			said[e.Key] = p.given[e.Key]
		}
	}
	for i := range d.cat.Entries {
		e := &d.cat.Entries[i]
		if e.Generate != nil && said[e.Key] == "" && e.Generate.Kind == answers.KindSame {
			said[e.Key] = said[e.Generate.Of]
		}
	}
	return said
}

// YAML 1.1 readers read globals.yml with the types that Kolla's own files have.
func TestPyYAMLReadsWhatWeSay(t *testing.T) {
	r := mathrand.New(mathrand.NewPCG(5, 11))
	var files []string
	var drafts []*Draft
	for n := range 60 {
		d := begin(t, wallaby)
		if n%2 > 0 {
			d.UseSite(east())
			d.UseInterfaces(eastCards())
		}
		answerAtRandom(r, d, 1+r.IntN(6))
		for _, f := range d.look().files {
			if f.Name == "globals.yml" {
				files, drafts = append(files, string(f.Data)), append(drafts, d)
			}
		}
	}
	var read []map[string]any
	readByPython(t, pyYAML, files, &read)
	for n, d := range drafts {
		for key, text := range d.typed() {
			e := d.Catalogue().Entry(key)
			if e.In != kolla.Globals || d.alias(key) != key {
				continue
			}
			got, there := read[n][key]
			if text == "" {
				if def, err := kolla.Typed(e, e.Default); there && (err != nil || !sameAs(def, got)) {
					t.Errorf("set %d: %s is there and is not the default %q: %v", n, key, e.Default, got)
				}
				continue
			}
			want, err := kolla.Typed(e, text)
			if err != nil {
				t.Fatalf("%s: %q was taken: %v", key, text, err)
			}
			if !there || !sameAs(want, got) {
				t.Errorf("set %d: %s: PyYAML reads %#v, we say %s %q", n, key, got, want.Kind, want.Text)
			}
		}
	}
}

// sameAs compares a value with what JSON makes of Python's.
func sameAs(v kolla.Value, got any) bool {
	switch v.Kind {
	case kolla.Bool:
		return got == v.Bool
	case kolla.List:
		list, ok := got.([]any)
		return ok && len(list) == len(v.List) && !slices.ContainsFunc(v.List, func(x kolla.Value) bool { return !sameAs(x, list[slices.IndexFunc(v.List, x.Equal)]) })
	case kolla.Map:
		m, ok := got.(map[string]any)
		return ok && len(m) == len(v.Map)
	case kolla.Int, kolla.Float:
		n, ok := got.(float64)
		return ok && (fmt.Sprint(n) == v.Text || strings.Contains(v.Text, fmt.Sprint(n)) || v.Kind == kolla.Float || n > 1e6)
	case kolla.String:
		return got == v.Text
	}
	return got == nil || fmt.Sprint(got) == v.Text
}

// The whole export of Kolla is read too: every password a text, no key without a value that
// the release makes.
func TestPyYAMLReadsPasswords(t *testing.T) {
	d := beginEast(t, wallaby)
	set(t, d, "keystone_admin_password", "no")
	files, err := d.Files(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var read []map[string]any
	readByPython(t, pyYAML, []string{string(files[2].Data)}, &read)
	if read[0]["keystone_admin_password"] != "no" {
		t.Errorf("a password that looks like a switch is %v", read[0]["keystone_admin_password"])
	}
	for _, e := range d.Catalogue().Entries {
		if e.In == kolla.Passwords && e.Generate != nil && read[0][e.Key] == nil {
			t.Errorf("%s is empty", e.Key)
		}
	}
}
