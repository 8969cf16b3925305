package steps

import (
	"bytes"
	"crypto/rand"
	"errors"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"stackhand/internal/i18n"
)

const paramsFile = `id: a
kind: install
title: {en: A, ko: 가}
params:
  - {name: server, type: address, from: 'hosts.controller[0].address.management'}
  - {name: port, type: int, default: "0053", match: '[0-9]{1,5}'}
  - {name: tls, type: bool, default: yes}
  - {name: net, type: cidr, from: site.networks.management}
  - {name: mode, type: choice, choices: [fast, slow], default: fast}
  - {name: where, type: host, from: 'hosts.compute[0]'}
  - {name: peer, from: 'server + ":" + string(port)'}
  - {name: needed}
  - {name: pass, type: secret, generate: {length: 20}}
steps: [{id: s, on: all, probe: 'true'}]
`

func TestValues(t *testing.T) {
	p, found := Parse("f.yaml", []byte(paramsFile))
	if len(found) > 0 {
		t.Fatal(found)
	}
	got, wrong := p.Values(testSite(), map[string]string{"needed": "a'b\"c$(reboot)\nsecond"})
	want := map[string]string{
		"server": "192.0.2.11", "port": "53", "tls": "true", "net": "192.0.2.0/24", "mode": "fast", "where": "cmp1",
		"peer": "192.0.2.11:53", "needed": "a'b\"c$(reboot)\nsecond",
	}
	if len(wrong) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%v", got, wrong)
	}
	for name, tc := range map[string]struct {
		given map[string]string
		want  string
	}{
		"missing":        {nil, "param.missing"},
		"unknown":        {map[string]string{"needed": "x", "zzzzzzzzz": "x"}, "param.unknown"},
		"misspelt":       {map[string]string{"needed": "x", "sever": "192.0.2.1"}, "param.near"},
		"secret":         {map[string]string{"needed": "x", "pass": "x"}, "param.secret"},
		"address":        {map[string]string{"needed": "x", "server": "here"}, "param.address"},
		"zone":           {map[string]string{"needed": "x", "server": "fe80::1%eth0"}, "param.address"},
		"int":            {map[string]string{"needed": "x", "port": "5; reboot"}, "param.int"},
		"match":          {map[string]string{"needed": "x", "port": "123456"}, "param.match"},
		"bool":           {map[string]string{"needed": "x", "tls": "maybe"}, "param.bool"},
		"network":        {map[string]string{"needed": "x", "net": "192.0.2.7/24"}, "param.cidr"},
		"choice":         {map[string]string{"needed": "x", "mode": "Fast"}, "param.choice"},
		"host":           {map[string]string{"needed": "x", "where": "nobody"}, "param.host"},
		"NUL":            {map[string]string{"needed": "a\x00b"}, "param.bytes"},
		"no text at all": {map[string]string{"needed": "\xff"}, "param.bytes"},
	} {
		got, wrong := p.Values(testSite(), tc.given)
		if len(wrong) == 0 || wrong[0].Code != tc.want || !Findings(wrong).Failed() {
			t.Errorf("%s: %v, %v", name, got, wrong)
		}
	}
	// All at once.
	if _, wrong := p.Values(testSite(), map[string]string{"port": "x", "tls": "x", "mode": "x"}); len(wrong) != 5 {
		t.Errorf("%v", Findings(wrong).Error()) // peer cannot be computed without port
	}
	// A site that lacks what a default is computed from.
	s := testSite()
	s.Hosts = s.Hosts[1:3]
	if _, wrong := p.Values(s, map[string]string{"needed": "x"}); len(wrong) == 0 || wrong[0].Code != "param.from" {
		t.Errorf("%v", wrong)
	}
	if names := p.SecretNames(); !reflect.DeepEqual(names, []string{"pass"}) {
		t.Error(names)
	}
	// In several lines the pattern still is for the whole value.
	q := Param{Type: String, Match: "[a-z]+"}
	if _, why := q.Clean("abc\n$(reboot)", nil); why != "param.match" {
		t.Error("a second line got past the pattern")
	}
}

func TestGenerate(t *testing.T) {
	counts := map[byte]int{}
	const rounds, length = 400, 62
	for range rounds {
		s, err := Generate{Length: length}.Make(rand.Reader)
		if err != nil || !regexp.MustCompile(`^[A-Za-z0-9]{62}$`).MatchString(s) {
			t.Fatalf("%q, %v", s, err)
		}
		for i := range len(s) {
			counts[s[i]]++
		}
	}
	if len(counts) != 62 {
		t.Errorf("%d letters of 62", len(counts))
	}
	for c, n := range counts { // 400 of each are expected; six standard deviations
		if math.Abs(float64(n-rounds)) > 6*20 {
			t.Errorf("%c came %d times", c, n)
		}
	}
	if s, _ := (Generate{}).Make(rand.Reader); len(s) != 24 {
		t.Errorf("%q", s)
	}
	if _, err := (Generate{Length: 20}).Make(bytes.NewReader([]byte("short"))); err == nil {
		t.Error("a source that ends")
	}
	if s, _ := (Generate{Length: 4}).Make(bytes.NewReader(bytes.Repeat([]byte{255, 250, 0, 61}, 16))); s != "A9A9" {
		t.Errorf("bytes that favour some letters are used: %q", s)
	}
}

func TestRender(t *testing.T) {
	sc := testScope()
	sc.Vars = map[string]string{"members": "a b", "newest": "from a var"}
	f := &File{Path: "/etc/{host_name}.conf", Content: "server {server} {port} {members}\n${server} {A} {} { {newest} {{item}} {run_id}\n"}
	got, err := f.Render(sc)
	if err != nil || string(got) != "server ntp.example 3306 a b\n${server} {A} {} { from a var {disk1} r1\n" {
		t.Errorf("%q, %v", got, err)
	}
	if path, err := f.Target(sc); err != nil || path != "/etc/ctl1.conf" {
		t.Errorf("%q, %v", path, err)
	}
	for _, content := range []string{"{nosuch}", "{pass}", "{order}"} {
		if got, err := (&File{Path: "/a", Content: content}).Render(sc); err == nil {
			t.Errorf("%s became %q", content, got)
		}
	}
	sc.Params["server"] = "../../etc/shadow"
	if path, err := (&File{Path: "/etc/{server}"}).Target(sc); err == nil {
		t.Errorf("out of its folder: %s", path)
	}
	// What is filled in is not filled in again.
	sc.Params["server"] = "{port}"
	if got, err := (&File{Path: "/a", Content: "{server}"}).Render(sc); err != nil || string(got) != "{port}" {
		t.Errorf("%q, %v", got, err)
	}
	text := sc.Fill(i18n.Text{En: "{newest} of {order}, {nosuch} {pass}", Ko: "대상: {item}"})
	if text.En != "from a var of ctl1, db2, {nosuch} {pass}" || text.Ko != "대상: disk1" {
		t.Errorf("%+v", text)
	}
}

// What was chosen is said in words, in the language of who reads it; a variable of that name is itself.
func TestFillSaysWhatWasChosen(t *testing.T) {
	sc := testScope()
	sc.Procedure = &Procedure{Steps: []Step{{ID: "how", Action: ActChoose, Ask: &Ask{Name: "mend", Options: []Option{
		{Value: "time", Title: i18n.Text{En: "More time ({port} s)", Ko: "시간 연장({port}초)"}}, {Value: "bare"},
	}}}}}
	sc.Params, sc.Vars = map[string]string{"port": "{item}"}, nil
	say := i18n.Text{En: "You chose: {mend}.", Ko: "선택: {mend}."}
	for _, c := range []struct {
		chosen any
		vars   map[string]string
		want   i18n.Text
	}{
		{"time", nil, i18n.Text{En: "You chose: More time ({item} s).", Ko: "선택: 시간 연장({item}초)."}},
		{"bare", nil, i18n.Text{En: "You chose: bare.", Ko: "선택: bare."}},
		{"time", map[string]string{"mend": "x"}, i18n.Text{En: "You chose: x.", Ko: "선택: x."}},
		{nil, nil, say},
	} {
		sc.Lets, sc.Vars = map[string]any{}, c.vars
		if c.chosen != nil {
			sc.Lets["mend"] = c.chosen
		}
		if got := sc.Fill(say); got != c.want {
			t.Errorf("%v, %v: %+v", c.chosen, c.vars, got)
		}
	}
}

func TestEvalVars(t *testing.T) {
	s := &Step{Vars: map[string]Expr{"a": {Text: "hosts.database[2].seqno"}}}
	var absent *AbsentError
	if _, err := s.EvalVars(testScope()); !errors.As(err, &absent) {
		t.Errorf("%v", err)
	}
	if _, err := s.Prologue(testScope(), nil, nil); !errors.As(err, &absent) {
		t.Errorf("%v", err)
	}
}

// The paper copy has everything that is to be typed, and no secret.
func TestBook(t *testing.T) {
	p, err := Load(sampleFS(), "sample")
	if err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[i18n.Lang][]string{
		i18n.English: {"# A sample", "U1, U2", "- compute: 1+", "ubuntu-22.04: not yet run", "| `password` |", "generated", "## 2. Work", "cannot be taken back", "3, 25", "Sure?",
			"echo debian", "\techo \\$HOME", "within 1m30s", "`/etc/x.conf` (0640, root:adm)", "server {server}", "Reboot the host", "Which?", "- `b` B", "Look for: Dark.", "any(hosts.all, .load > 3)",
			"Otherwise: Look.", "echo undo", "one host after the other", "IFS= read -r password", "count='5'", "Note down: `n`"},
		i18n.Korean: {"# 견본", "자동 생성", "## 2. 작업", "되돌릴 수 없는 작업", "진행합니까?", "echo debian", "살펴보십시오.", "## 4. boot", "확인할 모습: 꺼짐."},
	} {
		text := string(p.Book(lang))
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q", lang, w)
			}
		}
		if t.Failed() {
			t.Log(text)
		}
	}
	// A script with fences stays in its block.
	q := &Procedure{ID: "a", Steps: []Step{{ID: "s", Action: ActRun, Script: Script{All: "cat <<X\n```\nX\n"}}}}
	if text := string(q.Book(i18n.English)); !strings.Contains(text, "````sh\ncat <<X\n```\nX\n````") {
		t.Error(text)
	}
}
